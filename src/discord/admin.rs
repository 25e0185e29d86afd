//! What moderators do. Who asks is checked here, whatever Discord shows to whom.

use std::sync::Arc;
use std::time::SystemTime;

use futures::future::BoxFuture;

use crate::clock::today;
use crate::discord::bot::Bot;
use crate::discord::custom_id::{Desk, FactKey};
use crate::discord::incoming::Interaction;
use crate::discord::layout;
use crate::discord::message::Message;
use crate::discord::respond::Response;
use crate::discord::review::with_text;
use crate::journal::How;
use crate::knowledge::{Diagnostic, render};
use crate::lang::Lang;
use crate::live::{Scrutiny, Snapshot};
use crate::moderation::{Edit, ReloadFailed, reload};
use crate::reply::Words;
use crate::reply::words::discord::{Named, Status, slash};

impl Bot {
    /// Whether who did this moderates here.
    pub(crate) async fn moderates(&self, interaction: &Interaction) -> bool {
        let owner = match interaction.guild_id {
            Some(guild) if Some(guild) == self.moderators.guild => {
                match self.guilds.owner(guild) {
                    Some(owner) => Some(owner),
                    // Only when nothing else lets them in is the owner worth a request.
                    None if self.moderators.include(interaction, None) => None,
                    None => self.ask_for_owner(guild).await,
                }
            }
            _ => None,
        };
        self.moderators.include(interaction, owner)
    }

    async fn ask_for_owner(&self, guild: u64) -> Option<u64> {
        let described = self.rest.guild(guild).await.ok()?;
        let guild: crate::discord::incoming::Guild =
            crate::discord::incoming::read(described).ok()?;
        self.guilds.learn(&guild);
        guild.owner_id
    }

    /// A command of `/cara-admin`.
    pub(crate) async fn admin(self: &Arc<Bot>, interaction: &Interaction) -> Response {
        let lang = interaction.lang();
        let words = Words(lang);
        if !self.moderates(interaction).await {
            return Response::Say(layout::note(words.moderators_only()));
        }
        let bot = Arc::clone(self);
        match interaction.subcommand() {
            name if name == slash::RELOAD.en.0 => later(async move { bot.reload(words).await }),
            name if name == slash::CHECK.en.0 => later(async move { bot.check(words).await }),
            name if name == slash::STATUS.en.0 => {
                Response::Say(layout::paragraphs(&words.status(&self.status().await)))
            }
            name if name == slash::REVIEW.en.0 => {
                later(async move { bot.queue_page(0, lang).await })
            }
            name if name == slash::EDIT.en.0 => match self.named_fact(interaction) {
                Some(fact) => self.edit_form(0, &fact, lang).await,
                None => Response::Say(layout::note(words.nothing_found())),
            },
            name if name == slash::ADD.en.0 => self.new_form(0, lang).await,
            name if name == slash::RETIRE.en.0 => match self.named_fact(interaction) {
                Some(fact) => self.preview_later(Edit::Retire { fact }.into(), lang, privately),
                None => Response::Say(layout::note(words.nothing_found())),
            },
            name if name == slash::RESTORE.en.0 => {
                let fact = interaction.text(slash::FACT.en.0).unwrap_or_default();
                let fact = fact.trim().to_owned();
                self.preview_later(Edit::Restore { fact }.into(), lang, privately)
            }
            name if name == slash::ALIAS.en.0 => {
                let text = |named: Named| interaction.text(named.en.0).unwrap_or_default();
                let edit = Edit::Alias {
                    entity: text(slash::ENTITY).trim().to_owned(),
                    lang: text(slash::LANGUAGE).parse().unwrap_or(lang),
                    name: text(slash::NAME).trim().to_owned(),
                };
                self.preview_later(edit.into(), lang, privately)
            }
            name if name == slash::FACT_HISTORY.en.0 => {
                let typed = interaction.text(slash::FACT.en.0).unwrap_or_default();
                // A retired fact has a history too.
                let fact = self
                    .named_fact(interaction)
                    .unwrap_or_else(|| typed.trim().to_owned());
                later(async move { bot.fact_history(&fact, lang).await })
            }
            name if name == slash::UNDO.en.0 => {
                let revision = interaction.number(slash::REVISION.en.0).unwrap_or_default();
                self.undo(revision, lang, privately)
            }
            name if name == slash::STATS.en.0 => later(async move { bot.stats(lang).await }),
            _ => Response::Say(layout::note(words.unknown_command())),
        }
    }

    /// The fact that was chosen from the suggestions, or typed by its id.
    fn named_fact(&self, interaction: &Interaction) -> Option<String> {
        let typed = interaction.text(slash::FACT.en.0)?.trim();
        let snapshot = self.live.current();
        let fact = FactKey::read(typed)?.find(&snapshot.engine)?;
        Some(snapshot.engine.knowledge()[fact].id.clone())
    }

    /// A button, menu or form of moderators.
    pub(crate) async fn at_desk(
        self: &Arc<Bot>,
        interaction: &Interaction,
        at: &Desk,
        lang: Lang,
    ) -> Response {
        let words = Words(lang);
        if !self.moderates(interaction).await {
            return Response::Say(layout::note(words.moderators_only()));
        }
        let bot = Arc::clone(self);
        match at {
            Desk::Review { page } => {
                let page = *page;
                become_later(async move { bot.queue_page(page, lang).await })
            }
            Desk::PickQuestion => {
                let chosen = interaction.data.values.first();
                match chosen.and_then(|value| value.parse().ok()) {
                    Some(question) => {
                        become_later(async move { bot.queued_question(question, lang).await })
                    }
                    None => Response::Say(layout::note(words.old_button())),
                }
            }
            Desk::Question { question } => {
                let question = *question;
                become_later(async move { bot.queued_question(question, lang).await })
            }
            Desk::Teach { question } => {
                let question = *question;
                become_later(async move { bot.teach_candidates(question, None, lang).await })
            }
            Desk::PickFact { question } => self.teach(interaction, *question, lang).await,
            Desk::Search { question } => Bot::search_form(*question, lang),
            Desk::Searched { question } => {
                let question = *question;
                let typed = interaction.field("words").unwrap_or_default().to_owned();
                later(async move { bot.teach_candidates(question, Some(&typed), lang).await })
            }
            Desk::Answer { question } => self.new_form(*question, lang).await,
            Desk::Answered { question } => self.answered(interaction, *question, lang),
            Desk::Refuse { question } => self.refuse_on_purpose(interaction, *question, lang).await,
            Desk::Drop { question } => {
                let (question, user) = (*question, interaction.user_id());
                become_later(async move {
                    bot.close_question(question, How::Dropped, None, user, lang)
                        .await
                })
            }
            Desk::Decline { question } => Bot::decline_form(*question, lang),
            Desk::Declined { question } => {
                let (question, user) = (*question, interaction.user_id());
                let word = interaction.field("word").map(str::to_owned);
                later(async move {
                    let word = word.as_deref();
                    bot.close_question(question, How::Declined, word, user, lang)
                        .await
                })
            }
            Desk::Edit { question, fact } => {
                let snapshot = self.live.current();
                match fact.find(&snapshot.engine) {
                    Some(fact) => {
                        let fact = &snapshot.engine.knowledge()[fact].id;
                        self.edit_form(*question, fact, lang).await
                    }
                    None => Response::Say(layout::note(words.fact_gone_alone())),
                }
            }
            Desk::Edited {
                question,
                version,
                fact,
            } => self.edited(interaction, *question, version, fact, lang),
            Desk::Confirm { preview } | Desk::Reasoned { preview } => {
                self.confirm(*preview, interaction, lang)
            }
            Desk::Reason { preview } => self.reason_form(*preview, lang),
            Desk::Accept { preview } => self.accept(*preview, lang),
            Desk::Cancel { preview } => self.cancel(*preview, lang),
            Desk::Again { preview } => self.again(*preview, lang).await,
            Desk::Undo { revision } => self.undo(*revision, lang, privately),
        }
    }

    async fn reload(&self, words: Words) -> Message {
        match reload(&self.live, &self.store).await {
            Ok(report) => {
                tracing::info!(generation = report.generation, took = ?report.took, "reloaded by a moderator");
                layout::note(&words.reloaded(&report))
            }
            Err(ReloadFailed { errors, shown }) => {
                tracing::warn!(errors, "reload refused");
                let generation = self.live.current().generation;
                let lead = layout::note(&words.refused(errors, generation));
                with_text(lead, &shown, "", DIAGNOSTICS)
            }
        }
    }

    async fn check(&self, words: Words) -> Message {
        let folder = match self.store.read().await {
            Ok(folder) => folder,
            Err(error) => {
                let shown = format!("error: {error}");
                return with_text(
                    layout::note(&words.checked_badly(1)),
                    &shown,
                    "",
                    DIAGNOSTICS,
                );
            }
        };
        let checked = tokio::task::spawn_blocking(move || {
            let shown = |diagnostics: &[Diagnostic]| render(diagnostics, &folder, false);
            match Snapshot::load(&folder, Scrutiny::Proven, today()) {
                Ok(snapshot) => {
                    let facts = snapshot.engine.knowledge().facts.len();
                    let warnings = &snapshot.warnings;
                    (words.checked_well(facts, warnings.len()), shown(warnings))
                }
                Err(refused) => (words.checked_badly(refused.errors()), shown(&refused.0)),
            }
        });
        let (lead, shown) = checked.await.expect("reading and proving do not panic");
        with_text(layout::note(&lead), &shown, "", DIAGNOSTICS)
    }

    async fn status(&self) -> Status {
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let refused = self.live.refusal().map(|refusal| {
            let ago = SystemTime::now().duration_since(refusal.at);
            (refusal.errors, ago.unwrap_or_default())
        });
        Status {
            generation: snapshot.generation,
            counts: [
                knowledge.facts.len(),
                knowledge.entities.len(),
                knowledge.sources.len(),
                knowledge.golden.len(),
            ],
            uptime: self.started.elapsed(),
            servers: self.guilds.count(),
            latency: self.latency.figures(),
            gateway: self.gateway_latency().await,
            unread: self.unread(),
            refused,
            warnings: snapshot.warnings.len(),
        }
    }
}

/// Name of the file with long diagnostics.
const DIAGNOSTICS: &str = "diagnostics.txt";

/// Work that takes longer than Discord waits.
fn later(work: impl Future<Output = Message> + Send + 'static) -> Response {
    privately(Box::pin(work))
}

/// What the message pressed on becomes, which may take longer than Discord waits.
fn become_later(work: impl Future<Output = Message> + Send + 'static) -> Response {
    Response::BecomeLater(Box::pin(work))
}

/// A message for the moderator alone that takes longer than Discord waits.
fn privately(work: BoxFuture<'static, Message>) -> Response {
    Response::SayLater {
        ephemeral: true,
        work,
    }
}
