//! What is kept of a question: counts, and for the moderators what could not be answered. Nothing of
//! it makes anybody wait, but who presses a button to have something kept is told whether it was.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::engine::{Outcome, Reason as Unknowing, Unknown, Verdict};
use crate::journal::{Event, Journal, Moment, NewQuestion, Noted, Outcome as Said, Reason, Vote};
use crate::knowledge::Knowledge;
use crate::lang::Lang;

/// Questions that may wait to be written; the journal itself lets more wait while its database is
/// away.
const MAX_WAITING: usize = 1_000;
/// How often what is old is removed.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// How long the shutdown waits for what is to be written.
const FAREWELL: Duration = Duration::from_secs(5);

/// The journal, as far as questions go.
#[derive(Debug)]
pub(crate) struct Keeping {
    journal: Option<Journal>,
    retention_days: u32,
    line: Mutex<Option<(mpsc::Sender<NewQuestion>, JoinHandle<()>)>>,
    forgetting: Option<JoinHandle<()>>,
}

impl Keeping {
    /// Keeps questions in a journal, for so many days; none keeps nothing.
    pub(crate) fn new(journal: Option<Journal>, retention_days: u32) -> Keeping {
        let line = journal.clone().map(|journal| {
            let (sender, mut waiting) = mpsc::channel(MAX_WAITING);
            let writing = tokio::spawn(async move {
                while let Some(question) = waiting.recv().await {
                    warn_if_lost(journal.queue_question(question).await);
                }
            });
            (sender, writing)
        });
        let kept = Duration::from_secs(u64::from(retention_days) * 24 * 60 * 60);
        let forgetting = journal
            .clone()
            .map(|journal| tokio::spawn(forget_in_time(journal, kept)));
        Keeping {
            journal,
            retention_days,
            line: Mutex::new(line),
            forgetting,
        }
    }

    /// How long questions are kept; none when they are not.
    pub(crate) fn retention_days(&self) -> Option<u32> {
        self.journal.is_some().then_some(self.retention_days)
    }

    /// Counts a question and what came of it, and keeps one that nobody could answer. A question
    /// that is about something else altogether is kept too: the queue sorts by how often it came.
    pub(crate) fn asked(&self, question: &str, outcome: &Outcome, knowledge: &Knowledge) {
        let Some(journal) = &self.journal else { return };
        let lang = outcome.language;
        let id = |fact: &crate::knowledge::model::FactIx| knowledge[*fact].id.as_str();
        journal.count(Event::asked(lang));
        match &outcome.verdict {
            Verdict::Answer(answer) => {
                for fact in &answer.facts {
                    journal.count(Event::answered(id(fact), lang));
                }
            }
            Verdict::Offer(facts) => {
                for fact in facts {
                    journal.count(Event::offered(id(fact), lang));
                }
            }
            Verdict::Unknown(Unknown { reason, nearby }) => {
                journal.count(Event::refused(lang));
                if *reason != Unknowing::Empty {
                    let question =
                        NewQuestion::new(question, lang, Said::Unknown, Reason::Unanswered)
                            .facts(nearby.iter().map(id));
                    self.later(question);
                }
            }
        }
    }

    /// Counts a fact that was chosen rather than asked for.
    pub(crate) fn opened(&self, fact: &str, lang: Lang) {
        if let Some(journal) = &self.journal {
            journal.count(Event::answered(fact, lang));
        }
    }

    /// Keeps a question of which the answer is said to be wrong. Whether it is kept.
    pub(crate) async fn not_right(&self, question: &str, fact: Option<&str>, lang: Lang) -> bool {
        if let Some(journal) = &self.journal {
            journal.count(Event::voted(Vote::Wrong, fact, lang));
        }
        let question = NewQuestion::new(question, lang, Said::Answer, Reason::NotRight).facts(fact);
        self.now(question).await
    }

    /// Keeps what somebody says is wrong about an answer. Whether it is kept.
    pub(crate) async fn proposed(
        &self,
        question: &str,
        fact: Option<&str>,
        lang: Lang,
        (wrong, source): (&str, Option<&str>),
    ) -> bool {
        let question = NewQuestion::new(question, lang, Said::Answer, Reason::NotRight)
            .facts(fact)
            .proposal(wrong, source)
            .more();
        self.now(question).await
    }

    /// Keeps that somebody wants to be told when a question is answered. Whether it is kept.
    pub(crate) async fn tell(&self, question: &str, user: u64, lang: Lang) -> bool {
        let question = NewQuestion::new(question, lang, Said::Unknown, Reason::Sent)
            .tell(user)
            .more();
        self.now(question).await
    }

    /// Removes what is tied to a user. Whether that was possible.
    pub(crate) async fn forget(&self, user: u64) -> bool {
        let Some(journal) = &self.journal else {
            return true;
        };
        journal
            .forget(user)
            .await
            .inspect_err(|error| tracing::warn!(%error, "somebody could not be forgotten"))
            .is_ok()
    }

    /// Keeps a question that its asker sends to the moderators. Whether it is kept.
    pub(crate) async fn sent(&self, question: &str, lang: Lang) -> bool {
        let question = NewQuestion::new(question, lang, Said::Unknown, Reason::Sent);
        self.now(question).await
    }

    /// Keeps a question of which none of the offered facts was meant. Whether it is kept.
    pub(crate) async fn refused(&self, question: &str, lang: Lang) -> bool {
        let question = NewQuestion::new(question, lang, Said::Offer, Reason::RefusedOffer);
        self.now(question).await
    }

    /// Writes what waits, and closes the journal.
    pub(crate) async fn close(&self) {
        let line = {
            let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
            line.take()
        };
        if let Some((sender, writing)) = line {
            drop(sender);
            if tokio::time::timeout(FAREWELL, writing).await.is_err() {
                tracing::warn!("questions for the moderators could not all be written");
            }
        }
        if let Some(forgetting) = &self.forgetting {
            forgetting.abort();
        }
        if let Some(journal) = &self.journal {
            journal.close().await;
        }
    }

    async fn now(&self, question: NewQuestion) -> bool {
        let Some(journal) = &self.journal else {
            return false;
        };
        let noted = journal.queue_question(question).await;
        let kept = !matches!(noted, Noted::Lost);
        warn_if_lost(noted);
        kept
    }

    fn later(&self, question: NewQuestion) {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((sender, _)) = &*line else { return };
        if sender.try_send(question).is_err() {
            tracing::warn!("a question for the moderators was lost: too many are waiting");
        }
    }
}

/// Removes what is older than it may be, again and again.
async fn forget_in_time(journal: Journal, kept: Duration) {
    let mut often = tokio::time::interval(FORGET_EVERY);
    loop {
        often.tick().await;
        match journal.purge(Moment::now().before(kept)).await {
            Ok(purged) if purged.questions > 0 => {
                tracing::info!(questions = purged.questions, "old questions removed");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "old questions not removed"),
        }
    }
}

fn warn_if_lost(noted: Noted) {
    if let Noted::Lost = noted {
        tracing::warn!("a question for the moderators was lost: the journal is away");
    }
}
