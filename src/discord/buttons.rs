//! What happens when a button is pressed or a line of a menu is chosen. All that is known of it
//! stands in its custom id and in the message it belongs to.

use std::sync::Arc;

use crate::discord::bot::{Asking, Bot};
use crate::discord::custom_id::{Action, CustomId, FactKey};
use crate::discord::incoming::{ADMINISTRATOR, Interaction, MANAGE_GUILD, MANAGE_MESSAGES};
use crate::discord::layout::{self, Asked};
use crate::discord::message::{Button, Field, Message, Modal, Row};
use crate::discord::respond::Response;
use crate::discord::review::one_line;
use crate::knowledge::model::FactIx;
use crate::lang::Lang;
use crate::live::Snapshot;
use crate::reply::{Reply, Words, display_question};

/// Seen by nobody but who asked.
const EPHEMERAL: u64 = 1 << 6;

impl Bot {
    /// A button or menu below one of our messages.
    pub(crate) async fn press(self: &Arc<Bot>, interaction: &Interaction) -> Response {
        let Some(id) = CustomId::read(&interaction.data.custom_id) else {
            return Response::Say(layout::note(Words(interaction.lang()).old_button()));
        };
        let lang = id.lang;
        let words = Words(lang);
        let snapshot = self.live.current();
        match &id.action {
            Action::Open { fact, private } => self.choose(interaction, &id, fact, *private),
            Action::Choose => {
                let chosen = interaction.data.values.first();
                match chosen.and_then(|value| FactKey::read(value)) {
                    Some(fact) => self.choose(interaction, &id, &fact, true),
                    None => Response::Say(layout::note(words.old_button())),
                }
            }
            Action::Sources { fact } => match fact.find(&snapshot.engine) {
                Some(fact) => {
                    let reply = Reply::fact(snapshot.engine.knowledge(), fact, lang);
                    Response::Say(layout::sources(&reply))
                }
                None => self.gone(interaction, lang),
            },
            Action::Related { fact } => match fact.find(&snapshot.engine) {
                Some(fact) => Response::Say(related(&snapshot, fact, lang, interaction)),
                None => self.gone(interaction, lang),
            },
            Action::NotRight { fact } => self.not_right(interaction, fact, lang),
            Action::Propose { .. } => Response::Say(layout::note(words.old_button())),
            Action::Tell => match asked_in(interaction) {
                Some(question) => {
                    let kept = self
                        .keeping
                        .tell(&question, interaction.user_id(), lang)
                        .await;
                    let told = if kept {
                        words.will_be_told()
                    } else {
                        words.not_kept()
                    };
                    Response::Become(layout::note(told))
                }
                None => Response::Say(layout::note(words.question_lost())),
            },
            Action::Desk(desk) => self.at_desk(interaction, desk, lang).await,
            Action::Send => match asked_in(interaction) {
                Some(question) => {
                    let kept = self.keeping.sent(&question, lang).await;
                    Response::Say(kept_note(kept, words.sent(), &question, lang))
                }
                None => Response::Say(layout::note(words.question_lost())),
            },
            Action::NoneOfThese => {
                let question = asked_in(interaction);
                let told = match question {
                    Some(question) => {
                        let kept = self.keeping.refused(&question, lang).await;
                        kept_note(kept, words.none_meant(), &question, lang)
                    }
                    None => layout::note(words.none_meant()),
                };
                if mine(interaction, &id) {
                    Response::Become(told)
                } else {
                    Response::Say(told)
                }
            }
            Action::Delete => {
                if self.may_delete(interaction, &id) {
                    Response::Delete
                } else {
                    Response::Say(layout::note(words.not_yours_to_delete()))
                }
            }
            Action::History { period, page } => {
                let period = (!period.is_empty()).then_some(period.as_str());
                let page = usize::from(*page);
                self.history(
                    period,
                    page,
                    lang,
                    id.asker,
                    Response::Become,
                    Response::BecomeLater,
                )
                .await
            }
            Action::AllSources { page } => {
                let reply = self.plain_command(&crate::commands::Command::Sources, lang);
                Response::Become(layout::all_sources(&reply, usize::from(*page), id.asker))
            }
        }
    }

    /// Keeps that an answer is said to be wrong, and asks what is.
    fn not_right(
        self: &Arc<Bot>,
        interaction: &Interaction,
        fact: &FactKey,
        lang: Lang,
    ) -> Response {
        let words = Words(lang);
        let Some((question, id)) = self.said(interaction, fact, lang) else {
            return Response::Say(layout::note(words.question_lost()));
        };
        let bot = Arc::clone(self);
        // The form must be the first answer, and need not wait.
        tokio::spawn(async move { bot.keeping.not_right(&question, id.as_deref(), lang).await });
        let [.., title] = words.form_titles();
        let [.., wrong, source] = words.form_labels();
        let field = |key, label, long, max_chars| Field {
            long,
            required: false,
            ..one_line(key, label, max_chars)
        };
        Response::Form(Modal {
            title: title.to_owned(),
            submit: CustomId::new(Action::Propose { fact: fact.clone() }, lang, 0),
            fields: vec![
                field("wrong", wrong, true, 1_000),
                field("source", source, false, 500),
            ],
        })
    }

    /// The question of the message pressed on, and the fact that it was answered with.
    fn said(
        &self,
        interaction: &Interaction,
        fact: &FactKey,
        lang: Lang,
    ) -> Option<(String, Option<String>)> {
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let known = fact.find(&snapshot.engine);
        let question = asked_in(interaction)
            .or_else(|| known.map(|fact| display_question(knowledge, &knowledge[fact], lang)))?;
        Some((question, known.map(|fact| knowledge[fact].id.clone())))
    }

    /// A form that was sent.
    pub(crate) async fn submitted(self: &Arc<Bot>, interaction: &Interaction) -> Response {
        let Some(id) = CustomId::read(&interaction.data.custom_id) else {
            return Response::Say(layout::note(Words(interaction.lang()).old_button()));
        };
        let words = Words(id.lang);
        match &id.action {
            Action::Propose { fact } => {
                let Some((question, fact)) = self.said(interaction, fact, id.lang) else {
                    return Response::Say(layout::note(words.question_lost()));
                };
                let wrong = interaction.field("wrong").unwrap_or_default().trim();
                let source = interaction.field("source").map(str::trim);
                let source = source.filter(|source| !source.is_empty());
                let kept = if wrong.is_empty() && source.is_none() {
                    // That it is not right is kept already.
                    true
                } else {
                    let fact = fact.as_deref();
                    let proposal = (wrong, source);
                    self.keeping
                        .proposed(&question, fact, id.lang, proposal)
                        .await
                };
                let told = words.kept_as_not_right();
                Response::Say(kept_note(kept, told, &question, id.lang))
            }
            Action::Desk(desk) => self.at_desk(interaction, desk, id.lang).await,
            _ => Response::Say(layout::note(words.old_button())),
        }
    }

    /// Answers with a fact that was chosen. An offer that all see becomes the answer when its asker
    /// chooses; anybody else gets their own.
    fn choose(
        &self,
        interaction: &Interaction,
        id: &CustomId,
        fact: &FactKey,
        private: bool,
    ) -> Response {
        let snapshot = self.live.current();
        let Some(fact) = fact.find(&snapshot.engine) else {
            return self.gone(interaction, id.lang);
        };
        let user = interaction.user_id();
        let knowledge = snapshot.engine.knowledge();
        self.remember_fact(interaction.channel_id(), user, knowledge, fact, id.lang);
        let question = asked_in(interaction)
            .unwrap_or_else(|| display_question(knowledge, &knowledge[fact], id.lang));
        let in_place = !private && !is_private(interaction) && mine(interaction, id);
        let asked = Asked {
            question: Some(&question),
            asker: user,
            private: private || !(in_place || is_private(interaction)),
        };
        let message = self.open(&snapshot, fact, id.lang, &asked);
        if in_place {
            Response::Become(message)
        } else {
            Response::Say(message)
        }
    }

    /// A button of a fact that is no longer there: its question is answered anew.
    fn gone(&self, interaction: &Interaction, lang: Lang) -> Response {
        let words = Words(lang);
        Response::Say(match asked_in(interaction) {
            Some(question) => {
                let asking = Asking {
                    question: &question,
                    locale: lang,
                    channel: interaction.channel_id(),
                    user: interaction.user_id(),
                    private: true,
                };
                layout::noted(words.fact_gone(), self.ask(&asking))
            }
            None => layout::note(words.fact_gone_alone()),
        })
    }

    /// The asker, who moderates the bot, and who may delete anything there anyway.
    fn may_delete(&self, interaction: &Interaction, id: &CustomId) -> bool {
        let owner = interaction
            .guild_id
            .and_then(|guild| self.guilds.owner(guild));
        let member = interaction.member.as_ref();
        let rights = member.and_then(|member| member.permissions).unwrap_or(0);
        interaction.user_id() == id.asker
            || rights & (ADMINISTRATOR | MANAGE_GUILD | MANAGE_MESSAGES) != 0
            || self.moderators.include(interaction, owner)
    }
}

/// That a question is kept, with a way to be told of its answer; or that it is not.
fn kept_note(kept: bool, told: &str, question: &str, lang: Lang) -> Message {
    let words = Words(lang);
    if !kept {
        return layout::note(words.not_kept());
    }
    let tell = Button::new(words.tell_me(), CustomId::new(Action::Tell, lang, 0));
    layout::note_about(told, question).with_rows(vec![Row::Buttons(vec![tell])])
}

fn related(snapshot: &Snapshot, fact: FactIx, lang: Lang, interaction: &Interaction) -> Message {
    let engine = &snapshot.engine;
    let knowledge = engine.knowledge();
    let items: Vec<crate::reply::Item> = crate::commands::related(engine, fact, 3)
        .into_iter()
        .map(|fact| crate::reply::Item {
            text: display_question(knowledge, &knowledge[fact], lang),
            fact: knowledge[fact].id.clone(),
        })
        .collect();
    layout::related(lang, &items, interaction.user_id())
}

/// The question of the message pressed on, which repeats it.
fn asked_in(interaction: &Interaction) -> Option<String> {
    layout::echoed(&interaction.message.as_ref()?.content)
}

/// Whether the message pressed on is seen by its asker alone.
fn is_private(interaction: &Interaction) -> bool {
    let message = interaction.message.as_ref();
    message.is_some_and(|message| message.flags & EPHEMERAL != 0)
}

/// Whether who presses is who asked.
fn mine(interaction: &Interaction, id: &CustomId) -> bool {
    interaction.user_id() == id.asker
}
