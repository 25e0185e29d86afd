//! What moderators do. Who asks is checked here, whatever Discord shows to whom.

use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::today;
use crate::discord::bot::Bot;
use crate::discord::incoming::Interaction;
use crate::discord::layout;
use crate::discord::markdown::length;
use crate::discord::message::{File, MAX_CONTENT_CHARS, Message};
use crate::discord::respond::Response;
use crate::knowledge::{Diagnostic, render};
use crate::live::{Refused, ReloadError, Scrutiny, Snapshot};
use crate::reply::Words;
use crate::reply::words::discord::{Status, slash};

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
        if let Some(identity) = self.identity() {
            self.guilds.learn(&guild, identity.user);
        }
        guild.owner_id
    }

    /// A command of `/cara-admin`.
    pub(crate) async fn admin(self: &Arc<Bot>, interaction: &Interaction) -> Response {
        let words = Words(interaction.lang());
        if !self.moderates(interaction).await {
            return Response::Say(layout::note(words.moderators_only()));
        }
        let bot = Arc::clone(self);
        match interaction.subcommand() {
            name if name == slash::RELOAD.en.0 => later(move || bot.reload(words)),
            name if name == slash::CHECK.en.0 => later(move || bot.check(words)),
            name if name == slash::STATUS.en.0 => {
                Response::Say(layout::paragraphs(&words.status(&self.status().await)))
            }
            _ => Response::Say(layout::note(words.unknown_command())),
        }
    }

    fn reload(&self, words: Words) -> Message {
        match self.live.reload_from(&self.origin, today()) {
            Ok(report) => {
                tracing::info!(generation = report.generation, took = ?report.took, "reloaded by a moderator");
                layout::note(&words.reloaded(&report))
            }
            Err(error) => {
                tracing::warn!(%error, "reload refused");
                let generation = self.live.current().generation;
                match error {
                    ReloadError::Refused { refused, shown } => {
                        diagnosed(words, &words.refused(refused.errors(), generation), &shown)
                    }
                    ReloadError::Folder(error) => diagnosed(
                        words,
                        &words.refused(1, generation),
                        &format!("error: {error}"),
                    ),
                }
            }
        }
    }

    fn check(&self, words: Words) -> Message {
        let folder = match self.origin.read() {
            Ok(folder) => folder,
            Err(error) => {
                return diagnosed(words, &words.checked_badly(1), &format!("error: {error}"));
            }
        };
        let shown = |diagnostics: &[Diagnostic]| render(diagnostics, &folder, false);
        match Snapshot::load(&folder, Scrutiny::Proven, today()) {
            Ok(snapshot) => {
                let facts = snapshot.engine.knowledge().facts.len();
                let lead = words.checked_well(facts, snapshot.warnings.len());
                diagnosed(words, &lead, &shown(&snapshot.warnings))
            }
            Err(Refused(found)) => {
                let errors = found.iter().filter(|one| one.is_error()).count();
                diagnosed(words, &words.checked_badly(errors), &shown(&found))
            }
        }
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

/// Work that takes longer than Discord waits, and a thread meanwhile.
fn later(work: impl FnOnce() -> Message + Send + 'static) -> Response {
    Response::SayLater {
        ephemeral: true,
        work: Box::pin(async move {
            tokio::task::spawn_blocking(work)
                .await
                .expect("neither reading nor proving files panics")
        }),
    }
}

/// A summary with the diagnostics below it, or beside it in a file when they are long.
fn diagnosed(words: Words, summary: &str, shown: &str) -> Message {
    let mut message = layout::note(summary);
    if shown.trim().is_empty() {
        return message;
    }
    // Nothing a file says may end the block it is shown in.
    let block = format!(
        "\n```\n{}\n```",
        shown.trim_end().replace("```", "`\u{2060}``")
    );
    if length(&message.content) + length(&block) <= MAX_CONTENT_CHARS {
        message.content.push_str(&block);
    } else {
        message.file = Some(File {
            name: "diagnostics.txt",
            alt: words.attached_diagnostics().to_owned(),
            bytes: shown.as_bytes().into(),
        });
    }
    message
}
