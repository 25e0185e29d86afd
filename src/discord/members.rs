//! What members do: commands, the menu of a message, and suggestions while they type.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::today;
use crate::commands::{self, Command, Milestones, UnknownPeriod};
use crate::date::Date;
use crate::discord::autocomplete;
use crate::discord::bot::{Asking, Bot};
use crate::discord::commands::{ASK_CARA, CARA};
use crate::discord::incoming::Interaction;
use crate::discord::layout::{self, Asked};
use crate::discord::message::Message;
use crate::discord::pictures::Order;
use crate::discord::respond::Response;
use crate::engine::Memory;
use crate::lang::Lang;
use crate::reply::words::discord::slash;
use crate::reply::{Reply, Status, Words, timeline};

/// How long an answer waits for its picture before it is announced first. Discord waits for three
/// seconds, and people do not notice one.
const PICTURE_WITHIN: Duration = Duration::from_millis(900);
/// Longest period that fits into a custom id.
const MAX_PERIOD_CHARS: usize = 50;

impl Bot {
    /// A command of `/cara`, or of the menu of a message.
    pub(crate) async fn command(self: &Arc<Bot>, interaction: &Interaction) -> Response {
        let lang = interaction.lang();
        let words = Words(lang);
        match (interaction.data.name.as_str(), interaction.subcommand()) {
            (CARA, name) if name == slash::ASK.en.0 => self.ask_command(interaction),
            (CARA, name) if name == slash::HISTORY.en.0 => {
                let period = interaction.text(slash::PERIOD.en.0);
                let later = |message| Response::SayLater {
                    ephemeral: false,
                    work: message,
                };
                let asker = interaction.user_id();
                self.history(period, 0, lang, asker, Response::Say, later)
                    .await
            }
            (CARA, name) if name == slash::ABOUT.en.0 => self.about(interaction),
            (CARA, name) if name == slash::SOURCES.en.0 => {
                let reply = self.plain_command(&Command::Sources, lang);
                Response::Say(layout::all_sources(&reply, 0, interaction.user_id()))
            }
            (CARA, name) if name == slash::HELP.en.0 => {
                let reply = self.plain_command(&Command::Help, lang);
                Response::Say(layout::help(&reply, interaction.user_id()))
            }
            (CARA, name) if name == slash::PRIVACY.en.0 => {
                let days = self.keeping.retention_days();
                Response::Say(layout::paragraphs(&words.privacy(days)))
            }
            (CARA, name) if name == slash::FORGET_ME.en.0 => {
                let user = interaction.user_id();
                self.talks.forget(user);
                let told = if self.keeping.forget(user).await {
                    words.forgotten()
                } else {
                    words.journal_away()
                };
                Response::Say(layout::note(told))
            }
            (ASK_CARA, _) => match interaction.target().map(|message| message.content.trim()) {
                Some(text) if !text.is_empty() => {
                    Response::Say(self.ask(&asking(interaction, text, false)))
                }
                _ => Response::Say(layout::note(words.nothing_to_read())),
            },
            _ => Response::Say(layout::note(words.unknown_command())),
        }
    }

    fn ask_command(&self, interaction: &Interaction) -> Response {
        let question = interaction.text(slash::QUESTION.en.0).unwrap_or_default();
        let private = interaction.flag(slash::PRIVATE.en.0);
        let snapshot = self.live.current();
        let suggested = autocomplete::fact_of(question).and_then(|key| key.find(&snapshot.engine));
        let message = match suggested {
            Some(fact) => {
                let lang = interaction.lang();
                let (channel, user) = (interaction.channel_id(), interaction.user_id());
                let knowledge = snapshot.engine.knowledge();
                self.remember_fact(channel, user, knowledge, fact, lang);
                let question = crate::reply::display_question(knowledge, &knowledge[fact], lang);
                let asked = Asked {
                    question: Some(&question),
                    asker: user,
                    private,
                };
                self.open(&snapshot, fact, lang, &asked)
            }
            None => self.ask(&asking(interaction, question, private)),
        };
        Response::Say(message)
    }

    fn about(&self, interaction: &Interaction) -> Response {
        let topic = interaction.text(slash::TOPIC.en.0).unwrap_or_default();
        let snapshot = self.live.current();
        let command = Command::About {
            topic: topic.to_owned(),
        };
        let lang = interaction.lang();
        let replied = commands::run(
            &snapshot.engine,
            &command,
            Some(lang),
            lang,
            &Memory::default(),
            today(),
        );
        if replied.outcome.is_some() {
            // It names nothing we know: then it is a question.
            return Response::Say(self.ask(&asking(interaction, topic, false)));
        }
        let asked = Asked {
            question: None,
            asker: interaction.user_id(),
            private: false,
        };
        Response::Say(layout::card(&replied.reply, &asked))
    }

    /// A page of the timeline with its picture: at once if that is drawn in time, else announced.
    pub(crate) async fn history(
        self: &Arc<Bot>,
        typed: Option<&str>,
        page: usize,
        lang: Lang,
        asker: u64,
        now: impl FnOnce(Message) -> Response,
        later: impl FnOnce(futures::future::BoxFuture<'static, Message>) -> Response,
    ) -> Response {
        let snapshot = self.live.current();
        let engine = &snapshot.engine;
        let knowledge = engine.knowledge();
        let found = commands::milestones(engine, typed);
        let command = Command::History {
            period: match &found {
                Ok(found) => found.period.map(|period: Date| period.to_string()),
                Err(UnknownPeriod(typed)) => Some(typed.clone()),
            },
        };
        let reply = commands::run(
            engine,
            &command,
            Some(lang),
            lang,
            &Memory::default(),
            today(),
        )
        .reply;
        let asked = Asked {
            question: None,
            asker,
            private: false,
        };
        let (Ok(Milestones { facts, period }), Status::Answer) = (found, reply.status) else {
            let mut message = layout::answer(&reply, None, &asked);
            message.ephemeral = true;
            // There is no question to send to anybody.
            message.rows.clear();
            return now(message);
        };
        let events = Reply::history(knowledge, &facts, lang).items;
        let pages = timeline::pages(events.len()).max(1);
        let page = page.min(pages - 1);
        let written = period.map(|period| period.to_string()).unwrap_or_default();
        let written = if written.len() <= MAX_PERIOD_CHARS {
            written
        } else {
            String::new()
        };
        // The sources of what is shown, not of the whole timeline.
        let shown = facts.chunks(timeline::PAGE).nth(page).unwrap_or_default();
        let reply = Reply {
            sources: Reply::history(knowledge, shown, lang).sources,
            ..reply
        };
        let message = layout::history(&reply, &events, &written, page, &asked);
        let order = Order {
            snapshot: Arc::clone(&snapshot),
            facts,
            period,
            page,
            lang,
        };
        let bot = Arc::clone(self);
        let mut drawing = tokio::spawn(async move { bot.pictures.draw(order).await });
        match tokio::time::timeout(PICTURE_WITHIN, &mut drawing).await {
            Ok(drawn) => now(Message {
                file: drawn.ok().flatten(),
                ..message
            }),
            Err(_) => later(Box::pin(async move {
                Message {
                    file: drawing.await.ok().flatten(),
                    ..message
                }
            })),
        }
    }

    /// A command that asks nothing of the engine.
    pub(crate) fn plain_command(&self, command: &Command, lang: Lang) -> Reply {
        let snapshot = self.live.current();
        let memory = Memory::default();
        commands::run(
            &snapshot.engine,
            command,
            Some(lang),
            lang,
            &memory,
            today(),
        )
        .reply
    }

    /// Suggestions for the option being typed.
    pub(crate) fn suggest(&self, interaction: &Interaction) -> Response {
        let snapshot = self.live.current();
        let suggestions = self.suggestions(&snapshot);
        let lang = interaction.lang();
        Response::Suggest(match interaction.focused() {
            Some((name, typed)) if name == slash::QUESTION.en.0 => {
                suggestions.questions(typed, lang)
            }
            Some((name, typed)) if name == slash::TOPIC.en.0 => suggestions.topics(typed, lang),
            Some((name, typed)) if name == slash::FACT.en.0 => suggestions.facts(typed, lang),
            Some((name, typed)) if name == slash::ENTITY.en.0 => suggestions.entities(typed, lang),
            _ => Vec::new(),
        })
    }
}

/// A question asked by an interaction.
fn asking<'q>(interaction: &Interaction, question: &'q str, private: bool) -> Asking<'q> {
    Asking {
        question,
        locale: interaction.lang(),
        channel: interaction.channel_id(),
        user: interaction.user_id(),
        private,
    }
}
