//! What happened: the questions nobody could answer, how often what was asked, who changed which fact.
//!
//! A [`Journal`] stands beside the knowledge base and is never needed to answer: what cannot be
//! written now waits in memory ([`buffer`]) and is written once the database is back. The journal
//! knows no Discord and no engine: it is told what happened in texts, ids and numbers.
//!
//! | part | what it is for |
//! |---|---|
//! | [`queue`] | questions for the moderators, deduplicated; what is kept how long |
//! | [`askers`] | who wants to be told, and who wants to be forgotten |
//! | [`statistics`] | counts by day, by fact and by language |
//! | [`revisions`] | changes of the knowledge: written ahead, finished or abandoned, undone |
//! | [`documents`] | the knowledge files themselves, when several replicas share them (PostgreSQL only) |
//! | `database` | the two databases: one trait, two implementations |
//!
//! All SQL is written once, for both databases: numbers are `BIGINT`, times are seconds since 1970,
//! lists are JSON texts, and every writing transaction excludes the others (on SQLite by its nature,
//! on PostgreSQL by an advisory lock), so that "look, then write" is safe across processes.
//!
//! What a person wrote is stored without mentions, and nothing says who asked unless they wanted to
//! be told; nothing a person wrote is ever logged.
//!
//! ```
//! use cara_bot::journal::{Journal, NewQuestion, Outcome, Page, Place, Reason};
//! use cara_bot::lang::Lang;
//!
//! # let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let folder = tempfile::tempdir()?;
//! let journal = Journal::open(Place::Sqlite(folder.path().to_owned())).await?;
//! let question = NewQuestion::new("Who drew the logo?", Lang::En, Outcome::Unknown, Reason::Unanswered);
//! journal.queue_question(question).await;
//! let queue = journal.queue(Page::first()).await?;
//! assert_eq!(queue.questions[0].text, "Who drew the logo?");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod askers;
pub mod buffer;
mod database;
pub mod documents;
pub mod queue;
pub mod revisions;
pub mod statistics;

mod author;
mod content;
mod error;
mod moment;
mod place;
mod resemblance;
mod word;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

pub use askers::{AskerId, AskerToTell, Forgotten};
pub use author::By;
pub use buffer::{Noted, Waiting};
pub use content::ContentHash;
pub use documents::{
    Conflict, Document, DocumentChange, Documented, Documents, DocumentsError, Generations,
};
pub use error::JournalError;
pub use moment::Moment;
pub use place::{BadAddress, Place, PostgresAddress};
pub use queue::{
    Closed, Closing, How, NewQuestion, Outcome, Page, Proposal, Purged, QuestionDetails,
    QuestionId, Queue, QueuedQuestion, Reason, Wording,
};
pub use revisions::{
    Change, EditLock, FileChange, FileRecord, NewRevision, PendingRevision, Revision, RevisionId,
    RevisionKind, RevisionState, Target, TargetKind,
};
pub use statistics::{Counts, DayCounts, Event, FactCounts, Happened, Statistics, Vote};

use buffer::Buffer;
use database::Database;

/// How long closing waits for what is still in memory.
const FAREWELL: Duration = Duration::from_secs(5);

/// The journal of one process. Cheap to clone; all clones share connections and the buffer.
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    place: Place,
    /// Opened at the first use that succeeds: a database that is away at the start may come later.
    database: OnceCell<Box<dyn Database>>,
    buffer: Buffer,
}

impl Journal {
    /// Opens the journal, making or updating its tables. Needs a Tokio runtime, now and as long as
    /// the journal lives: a task writes what waits in memory.
    ///
    /// # Errors
    /// When the database cannot be used: see [`JournalError`].
    pub async fn open(place: Place) -> Result<Journal, JournalError> {
        let journal = Journal::new(place);
        journal.database().await?;
        Ok(journal)
    }

    /// As [`Journal::open`], but a database that is away now is no obstacle: what happens meanwhile
    /// waits in memory. The error says why it is not open yet, for the log.
    pub async fn start(place: Place) -> (Journal, Option<JournalError>) {
        let journal = Journal::new(place);
        let trouble = journal.database().await.err();
        (journal, trouble)
    }

    fn new(place: Place) -> Journal {
        let inner = Arc::new(Inner {
            place,
            database: OnceCell::new(),
            buffer: Buffer::default(),
        });
        buffer::write_in_the_background(&inner);
        Journal { inner }
    }

    /// Where this journal is kept.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), JournalError> {
        self.database().await?.read("SELECT 1", Vec::new()).await?;
        Ok(())
    }

    /// Writes what waits in memory, as far as the database allows, and lets go of it. Call it before
    /// the process ends; tells what is lost if the database is still away.
    pub async fn close(&self) -> Waiting {
        let flushed = tokio::time::timeout(FAREWELL, self.flush()).await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::warn!("the journal could not be written to its end");
        }
        if let Some(database) = self.inner.database.get() {
            // A connection that hangs must not keep the process from ending.
            let _ = tokio::time::timeout(FAREWELL, database.close()).await;
        }
        self.waiting()
    }

    async fn database(&self) -> Result<&dyn Database, JournalError> {
        self.inner.database().await
    }
}

impl Inner {
    async fn database(&self) -> Result<&dyn Database, JournalError> {
        let open = || async { database::open(&self.place).await };
        self.database
            .get_or_try_init(open)
            .await
            .map(|database| &**database)
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("place", &self.inner.place)
            .finish_non_exhaustive()
    }
}
