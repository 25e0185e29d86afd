//! What waits in memory until the database has it.
//!
//! Counts always wait, for a second, and are written together. Questions and notes of who was told
//! wait only while the database is away. Memory is bounded: what does not fit is lost, and how much
//! that was is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::askers::AskerId;
use super::database::values;
use super::queue::{self, NewQuestion, QuestionId};
use super::statistics::{self, Event};
use super::{Inner, Journal, JournalError};

/// Most questions that wait: days of a busy server, some megabytes.
const MAX_QUESTIONS: usize = 5000;
/// Most different counts that wait: every fact of a large base in both languages.
const MAX_COUNTS: usize = 50_000;
/// Most notes of who was told.
const MAX_TOLD: usize = 5000;
/// How often what waits is written.
const PERIOD: Duration = Duration::from_secs(1);
/// How long the pauses between attempts become while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long an interaction waits for the database before its question waits in memory instead.
const PATIENCE: Duration = Duration::from_secs(2);
/// A write that takes longer has lost its connection without a word.
const HOPELESS: Duration = Duration::from_secs(20);

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is in the queue.
    Written(QuestionId),
    /// The database is away; it waits in memory.
    Waiting,
    /// The database is away and memory is full: it is lost.
    Lost,
}

/// What is not in the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Questions that wait.
    pub questions: usize,
    /// Events that wait to be counted.
    pub events: u64,
    /// Questions and events lost for want of memory, since the start.
    pub lost: u64,
}

/// What waits.
#[derive(Default)]
pub(super) struct Buffer {
    held: Mutex<Held>,
    /// Whoever writes, so that two do not write the same.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Held {
    questions: VecDeque<NewQuestion>,
    counts: BTreeMap<Event, u64>,
    told: Vec<AskerId>,
    lost: u64,
}

impl Buffer {
    fn held(&self) -> MutexGuard<'_, Held> {
        // What is held is whole between any two statements.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what waits from being written until the guard is dropped.
    pub(super) async fn writing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.writing.lock().await
    }

    /// Adds an event.
    pub(super) fn count(&self, event: Event) {
        self.held().add(event, 1);
    }

    /// Adds a note.
    pub(super) fn push_told(&self, asker: AskerId) {
        let mut held = self.held();
        if held.told.len() < MAX_TOLD {
            held.told.push(asker);
        }
    }

    /// Removes a user from what waits; how many wishes to be told that were.
    pub(super) fn forget(&self, user: u64) -> u64 {
        let mut held = self.held();
        let theirs = held
            .questions
            .iter_mut()
            .filter(|question| question.asker == Some(user));
        theirs.map(|question| question.asker = None).count() as u64
    }
}

impl Held {
    fn add(&mut self, event: Event, n: u64) {
        if self.counts.len() < MAX_COUNTS || self.counts.contains_key(&event) {
            *self.counts.entry(event).or_default() += n;
        } else {
            self.lost += n;
        }
    }

    fn is_empty(&self) -> bool {
        self.questions.is_empty() && self.counts.is_empty() && self.told.is_empty()
    }
}

impl Journal {
    /// Puts a question into the queue. Never fails and never takes long: while the database is away
    /// the question waits in memory. (One that took too long and waits may have been written after
    /// all; then it counts twice.)
    pub async fn queue_question(&self, question: NewQuestion) -> Noted {
        let buffer = &self.inner.buffer;
        // Who comes after questions that wait need not find out for themselves that the database is away.
        if buffer.held().questions.is_empty() {
            match tokio::time::timeout(PATIENCE, self.inner.enter(&question)).await {
                Ok(Ok(id)) => return Noted::Written(id),
                Ok(Err(error)) => {
                    tracing::debug!(error = &error as &dyn std::error::Error, "question waits")
                }
                Err(_) => tracing::debug!("question waits: the journal takes too long"),
            }
        }
        let mut held = buffer.held();
        if held.questions.len() < MAX_QUESTIONS {
            held.questions.push_back(question);
            Noted::Waiting
        } else {
            held.lost += 1;
            Noted::Lost
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// When the database cannot be used; what is not written goes on waiting.
    pub async fn flush(&self) -> Result<(), JournalError> {
        self.inner.flush().await
    }

    /// What is not in the database yet, or never will be.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let held = self.inner.buffer.held();
        Waiting {
            questions: held.questions.len(),
            events: held.counts.values().sum(),
            lost: held.lost,
        }
    }
}

impl Inner {
    async fn enter(&self, question: &NewQuestion) -> Result<QuestionId, JournalError> {
        let mut transaction = self.database().await?.write().await?;
        let id = queue::enter(&mut *transaction, question).await?;
        transaction.commit().await?;
        Ok(id)
    }

    async fn flush(&self) -> Result<(), JournalError> {
        if self.buffer.held().is_empty() {
            return Ok(());
        }
        let _writing = self.buffer.writing().await;
        self.flush_told().await?;
        self.flush_counts().await?;
        self.flush_questions().await
    }

    async fn flush_questions(&self) -> Result<(), JournalError> {
        loop {
            // A statement of its own, since a lock that is held across a write would stop answers.
            let next = self.buffer.held().questions.front().cloned();
            let Some(question) = next else {
                return Ok(());
            };
            let written = self.enter(&question).await;
            match &written {
                Err(error) if error.is_passing() => return written.map(drop),
                // One that can never be written must not hold up those behind it.
                Err(error) => {
                    tracing::error!(error = error as &dyn std::error::Error, "question not kept");
                    self.buffer.held().lost += 1;
                }
                Ok(_) => {}
            }
            // The first one still: only this function takes any away, and one at a time.
            self.buffer.held().questions.pop_front();
        }
    }

    async fn flush_counts(&self) -> Result<(), JournalError> {
        let counts = std::mem::take(&mut self.buffer.held().counts);
        if counts.is_empty() {
            return Ok(());
        }
        let mut taken = Taken {
            buffer: &self.buffer,
            counts,
        };
        let mut transaction = self.database().await?.write().await?;
        for (event, n) in &taken.counts {
            statistics::add(&mut *transaction, event, *n).await?;
        }
        transaction.commit().await?;
        taken.counts.clear();
        Ok(())
    }

    async fn flush_told(&self) -> Result<(), JournalError> {
        let told = self.buffer.held().told.clone();
        if told.is_empty() {
            return Ok(());
        }
        let mut transaction = self.database().await?.write().await?;
        for asker in &told {
            transaction
                .run("DELETE FROM askers WHERE id = $1", values![asker.0])
                .await?;
        }
        transaction.commit().await?;
        self.buffer.held().told.drain(..told.len());
        Ok(())
    }
}

/// Counts taken out of the buffer, which go back when they are not written – also when writing is
/// broken off.
struct Taken<'b> {
    buffer: &'b Buffer,
    counts: BTreeMap<Event, u64>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.counts.is_empty() {
            let mut held = self.buffer.held();
            for (event, n) in std::mem::take(&mut self.counts) {
                held.add(event, n);
            }
        }
    }
}

/// Writes what waits, again and again, for as long as somebody holds the journal.
pub(super) fn write_in_the_background(inner: &Arc<Inner>) {
    let journal = Arc::downgrade(inner);
    tokio::spawn(async move {
        let mut pause = PERIOD;
        while let Some(away) = write_after(pause, &journal).await {
            pause = if away {
                (pause * 2).min(LONGEST_PAUSE)
            } else {
                PERIOD
            };
        }
    });
}

/// Waits, then writes. Whether the database is away; none once nobody holds the journal.
async fn write_after(pause: Duration, journal: &Weak<Inner>) -> Option<bool> {
    tokio::time::sleep(pause).await;
    let inner = journal.upgrade()?;
    let error = match tokio::time::timeout(HOPELESS, inner.flush()).await {
        Ok(Ok(())) => {
            if pause > PERIOD {
                tracing::info!(lost = inner.buffer.held().lost, "journal written again");
            }
            return Some(false);
        }
        Ok(Err(error)) => Some(error),
        Err(_) => None,
    };
    if pause == PERIOD {
        let error = error.as_ref().map(|error| error as &dyn std::error::Error);
        tracing::warn!(error, "journal not written; what happens waits in memory");
    }
    Some(true)
}
