//! Telling those who asked to be told what became of their question: once, by direct message.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::today;
use crate::commands::{self, Command};
use crate::discord::bot::Bot;
use crate::discord::layout::{self, Asked};
use crate::discord::markdown::escape;
use crate::discord::message::Message;
use crate::discord::rest::RestError;
use crate::discord::wire;
use crate::engine::Memory;
use crate::journal::{AskerToTell, How};
use crate::reply::Words;

/// How often we look for somebody to tell: another replica may have closed the question, or the last
/// try may have failed.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How many are told at once.
const AT_ONCE: u32 = 20;

impl Bot {
    /// Tells whoever there is to tell, again and again.
    pub(crate) async fn keep_telling(self: Arc<Bot>) {
        let mut often = tokio::time::interval(LOOK_EVERY);
        loop {
            often.tick().await;
            self.tell_askers().await;
        }
    }

    /// A question was closed: somebody may be waiting for it.
    pub(crate) fn tell_askers_soon(self: &Arc<Bot>) {
        let bot = Arc::clone(self);
        tokio::spawn(async move { bot.tell_askers().await });
    }

    async fn tell_askers(&self) {
        let Some(journal) = self.journal() else {
            return;
        };
        let askers = match journal.claim_askers(AT_ONCE).await {
            Ok(askers) => askers,
            Err(error) => {
                tracing::debug!(%error, "nobody told: the journal is away");
                return;
            }
        };
        for asker in askers {
            if asker.closed.how == How::Dropped {
                journal.told(asker.id).await;
                continue;
            }
            match self.tell(&asker).await {
                Ok(()) => journal.told(asker.id).await,
                // They take no messages from us: they can never be told.
                Err(error) if matches!(error.status(), Some(400 | 403 | 404)) => {
                    journal.told(asker.id).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "asker not told; trying again later");
                    if let Err(error) = journal.not_told(asker.id).await {
                        tracing::debug!(%error, "the claim ends by itself");
                    }
                }
            }
        }
    }

    async fn tell(&self, asker: &AskerToTell) -> Result<(), RestError> {
        let channel = self.rest.direct_channel(asker.user).await?;
        let words = Words(asker.lang);
        let mut content = escape(&words.outcome(asker.closed.how, &asker.text));
        if let Some(word) = &asker.closed.word {
            content.push_str("\n> ");
            content.push_str(&escape(word).replace('\n', "\n> "));
        }
        let mut message = Message::text(content);
        if matches!(asker.closed.how, How::Taught | How::Answered) {
            message = layout::below(&message.content, self.answer_again(asker));
        }
        self.rest.post(channel, wire::create(message)).await
    }

    /// The answer of today.
    fn answer_again(&self, asker: &AskerToTell) -> Message {
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let asked = Asked {
            question: None,
            asker: asker.user,
            private: false,
        };
        let named = asker.closed.fact.as_deref();
        if let Some(fact) = named.and_then(|id| knowledge.find_fact(id)) {
            return self.open(&snapshot, fact, asker.lang, &asked);
        }
        let command = Command::Ask {
            question: asker.text.clone(),
        };
        let memory = Memory::default();
        let (lang, today) = (asker.lang, today());
        let reply = commands::run(&snapshot.engine, &command, None, lang, &memory, today).reply;
        layout::plain(layout::answer(&reply, None, &asked))
    }
}
