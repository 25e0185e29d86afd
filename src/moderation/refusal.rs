//! Why an edit is not made, told apart as far as what helps differs.

use crate::journal::{By, How, JournalError, RevisionId};
use crate::knowledge::edit::{EditError, EntryKind};
use crate::knowledge::{Folder, render};
use crate::live::Refused;
use crate::moderation::store::StoreError;

/// Why an edit is not made. The files are as they were, and the old facts are served.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It cannot be made of what is there.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The entry is not as it was when the edit was begun.
    #[error("`{}` was changed meanwhile; look at the change, then edit again", .0.id)]
    Conflict(Box<Conflict>),
    /// The base that would result cannot be used.
    #[error("{refused}")]
    Broken {
        /// Everything that is wrong.
        refused: Refused,
        /// The same with the lines it is about, without colour.
        shown: String,
    },
    /// No such preview waits: it was confirmed, cancelled, or is too old.
    #[error("this preview is gone; make the edit again")]
    NoPreview,
    /// The question is taught or refused as it is to be: only the queue does not know that yet. See
    /// [`Moderation::close_settled`](super::Moderation::close_settled).
    #[error("the question is {how} already")]
    Already {
        /// What it is.
        how: How,
        /// The fact that answers it.
        fact: Option<String>,
    },
    /// The revision was never done, so it cannot be undone.
    #[error("revision {0} was not carried out, so there is nothing to undo")]
    NotDone(RevisionId),
    /// The journal knows of no fact of this id that was retired.
    #[error("the journal knows of no retired fact `{0}`")]
    NeverRetired(String),
    /// Files cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal cannot be used, so nothing may be changed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// An entry that somebody else has changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What it is.
    pub kind: EntryKind,
    /// Its id; of a golden question, its words.
    pub id: String,
    /// Its lines when the edit was begun; none when it was not there, or nobody remembers.
    pub was: Option<String>,
    /// Its lines now; none when it is gone.
    pub now: Option<String>,
    /// The revision that changed it and its author; none when it was changed by hand.
    pub by: Option<(RevisionId, By)>,
}

impl Refusal {
    /// A base that cannot be used, with the files it was made of.
    pub(super) fn broken(refused: Refused, folder: &Folder) -> Refusal {
        Refusal::Broken {
            shown: render(&refused.0, folder, false),
            refused,
        }
    }
}
