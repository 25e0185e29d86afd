//! What can go wrong with a journal, told apart as far as the remedies differ.

use std::io;
use std::path::PathBuf;

use super::{QuestionId, RevisionId};

/// Why the journal could not do what was asked. Never holds an address with its password, nor a text
/// that a person wrote.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The data directory cannot be made, or nothing can be written in it.
    #[error("the data directory {} cannot be written; make it writable, or name another with CARA_DATA", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{place} is not a journal, or is damaged; move it away and a new one is made")]
    NotADatabase {
        /// The file.
        place: String,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// A newer program has changed the tables.
    #[error(
        "{place} was written by a newer version of cara-bot (tables {found}, this one knows {known}); run that version"
    )]
    Newer {
        /// The file or address, without password.
        place: String,
        /// Version of its tables.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// No space is left.
    #[error("{place} cannot be written: the disk is full")]
    Full {
        /// The file or address, without password.
        place: String,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// It can only be read.
    #[error("{place} cannot be written: it is read-only")]
    ReadOnly {
        /// The file or address, without password.
        place: String,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// Somebody else has been writing for too long.
    #[error("{place} is in use by another process; try again")]
    Busy {
        /// The file or address, without password.
        place: String,
    },
    /// The database cannot be reached now.
    #[error("{place} cannot be reached; is the database running?")]
    Away {
        /// The address, without password.
        place: String,
        /// What the connection says.
        source: Box<sqlx::Error>,
    },
    /// The database is there and lets nobody in: user, password, rights, encryption, or its name.
    #[error("{place} refuses; check user, password, database and sslmode in DATABASE_URL")]
    Refused {
        /// The address, without password.
        place: String,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// Anything else the database says.
    #[error("{place} failed")]
    Failed {
        /// The file or address, without password.
        place: String,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// Something is stored that this program does not write.
    #[error("{column} holds what this version of cara-bot does not write")]
    Foreign {
        /// The column.
        column: &'static str,
    },
    /// There is no such question in the queue (any more).
    #[error("there is no question {0} in the queue")]
    NoQuestion(QuestionId),
    /// Somebody has closed this question before.
    #[error("question {0} has been closed already")]
    AlreadyClosed(QuestionId),
    /// There is no such revision.
    #[error("there is no revision {0}")]
    NoRevision(RevisionId),
    /// The revision has been finished or abandoned before.
    #[error("revision {0} is not pending")]
    NotPending(RevisionId),
}

impl JournalError {
    /// Whether the same may succeed later without anybody changing what is asked for.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            JournalError::Directory { .. }
            | JournalError::NotADatabase { .. }
            | JournalError::Newer { .. }
            | JournalError::Full { .. }
            | JournalError::ReadOnly { .. }
            | JournalError::Busy { .. }
            | JournalError::Away { .. }
            | JournalError::Refused { .. } => true,
            JournalError::Failed { .. }
            | JournalError::Foreign { .. }
            | JournalError::NoQuestion(_)
            | JournalError::AlreadyClosed(_)
            | JournalError::NoRevision(_)
            | JournalError::NotPending(_) => false,
        }
    }

    /// Sorts what sqlx says by remedy.
    pub(super) fn from_sqlx(place: &str, error: sqlx::Error) -> JournalError {
        let place = place.to_owned();
        let code = error
            .as_database_error()
            .and_then(|error| error.code())
            .map(std::borrow::Cow::into_owned);
        let source = Box::new(error);
        match (&*source, code.as_deref()) {
            (sqlx::Error::Database(_), Some(code)) => Self::from_code(place, code, source),
            (sqlx::Error::Tls(_) | sqlx::Error::Configuration(_), _) => {
                JournalError::Refused { place, source }
            }
            (
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::BeginFailed
                | sqlx::Error::Protocol(_),
                _,
            ) => JournalError::Away { place, source },
            _ => JournalError::Failed { place, source },
        }
    }

    /// PostgreSQL's codes have five characters, SQLite's are numbers whose low byte is the cause.
    fn from_code(place: String, code: &str, source: Box<sqlx::Error>) -> JournalError {
        if code.len() == 5 {
            return match code {
                "53100" => JournalError::Full { place, source },
                "25006" => JournalError::ReadOnly { place, source },
                "55P03" => JournalError::Busy { place },
                "28000" | "28P01" | "3D000" | "42501" => JournalError::Refused { place, source },
                // 08: connection lost; 53: out of connections or memory; 57: shutting down, starting up.
                _ if ["08", "53", "57"]
                    .iter()
                    .any(|class| code.starts_with(class)) =>
                {
                    JournalError::Away { place, source }
                }
                _ => JournalError::Failed { place, source },
            };
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => JournalError::Busy { place },
            Ok(8) => JournalError::ReadOnly { place, source },
            Ok(13) => JournalError::Full { place, source },
            Ok(11 | 26) => JournalError::NotADatabase { place, source },
            // 10: the disk fails; 14: the file cannot be opened.
            Ok(10 | 14) => JournalError::Away { place, source },
            _ => JournalError::Failed { place, source },
        }
    }
}
