//! Moderators teach and mend: one service under Discord and the terminal.
//!
//! An edit goes two steps. [`Moderation::preview`] tries it out on a copy of the files: the replies
//! before and after, everything that would be wrong, and which golden questions and phrasings would get
//! something else. Nothing has changed then. [`Moderation::confirm`] writes it: the revision is written
//! ahead into the [`Journal`], the files are replaced all or none, the snapshot that was tried out is
//! served, and the revision is finished. What was previewed is what is served: its engine is not trained
//! a second time.
//!
//! # What may go wrong, and what becomes of it
//! - *Somebody else was faster.* A preview remembers the entries it was made from. If one of them is
//!   another by now, by a moderator's hand or in an editor, confirming shows that change instead of
//!   overwriting it ([`Conflict`]). Edits of other entries are no conflict: the edit is made anew on what
//!   is there, and proven again.
//! - *The files cannot be written* (disk full, read-only): the old ones stay, the old facts are served.
//! - *The process is killed.* [`reconcile`] at the next start finds the pending revision, and makes files
//!   and journal agree: all files new, it is finished; else the old ones come back.
//!
//! Nothing here knows Discord or the terminal, and no text of an edit is logged.

mod confirm;
mod edit;
mod follow;
mod history;
mod impact;
mod preview;
mod refusal;
mod store;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::date::Day;
use crate::journal::{By, Closing, Journal, JournalError, QuestionId, RevisionState};
use crate::knowledge::edit::{self as edits, Digest, EditError, EntryKind, Setting};
use crate::live::Live;

pub use self::confirm::{Done, Reconciled, reconcile};
pub use self::edit::{Asked, Edit, Request};
pub use self::follow::{ReloadFailed, follow, reload};
pub use self::history::{Difference, Line, Piece, difference};
pub use self::impact::{Got, Impact, Role, Shift, Turn};
pub use self::preview::{BadPreviewId, Preview, PreviewId, Shown, Subject};
pub use self::refusal::{Conflict, Refusal};
pub use self::store::{Step, Store, StoreError};

use self::edit::{Plan, Refusing, record, titles};
use self::preview::{Trial, Waiting};
use self::store::blocking;

/// Texts of entries that were shown, kept to show what somebody else made of them since.
const MAX_REMEMBERED: usize = 256;

/// The service. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Moderation {
    live: Arc<Live>,
    store: Store,
    journal: Journal,
    waiting: Arc<Mutex<Waiting>>,
    shown: Arc<Mutex<VecDeque<(Digest, String)>>>,
    /// One tries out at a time: it takes all cores.
    trying: Arc<tokio::sync::Mutex<()>>,
    /// One confirms at a time.
    confirming: Arc<tokio::sync::Mutex<()>>,
    step: Arc<dyn Fn(Step) + Send + Sync>,
}

impl std::fmt::Debug for Moderation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Moderation")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

/// A fact as a moderator gets it to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The file it stands in.
    pub path: String,
    /// Its lines.
    pub text: String,
    /// Its fields.
    pub fields: Vec<Setting>,
    /// This state of it, for [`Request::base`].
    pub version: Digest,
}

impl Moderation {
    /// Over what is served, where its files live, and the journal.
    #[must_use]
    pub fn new(live: Arc<Live>, store: Store, journal: Journal) -> Moderation {
        Moderation {
            live,
            store,
            journal,
            waiting: Arc::default(),
            shown: Arc::default(),
            trying: Arc::default(),
            confirming: Arc::default(),
            step: Arc::new(|_| ()),
        }
    }

    /// Tells somebody of every step of a confirmation, right after it. For tests that end the process
    /// there.
    #[must_use]
    pub fn observed(self, step: impl Fn(Step) + Send + Sync + 'static) -> Moderation {
        Moderation {
            step: Arc::new(step),
            ..self
        }
    }

    /// What is served.
    #[must_use]
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Where it is written down.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether the knowledge can be edited at all.
    ///
    /// # Errors
    /// [`Refusal::Store`] when it is the base built into this program.
    pub fn editable(&self) -> Result<(), Refusal> {
        Ok(self.store.writable()?)
    }

    /// A fact as it stands in its file, to be edited.
    ///
    /// # Errors
    /// When it is not there, or the files cannot be read.
    pub async fn open(&self, fact: &str) -> Result<Opened, Refusal> {
        let folder = self.store.read().await?;
        let found = edits::find(&folder, EntryKind::Fact, fact)?;
        self.remember(&found.version, &found.text);
        Ok(Opened {
            fields: edits::fields(&folder, fact)?,
            path: found.path,
            text: found.text,
            version: found.version,
        })
    }

    /// Tries an edit out. `today` is what review dates are compared with.
    ///
    /// # Errors
    /// When the edit cannot be made, when somebody has changed the fact since [`Request::base`], and
    /// when files or journal cannot be read. What would be wrong with the base is no error here: see
    /// [`Preview::diagnostics`].
    pub async fn preview(&self, request: Request, today: Day) -> Result<Arc<Preview>, Refusal> {
        self.store.writable()?;
        let Request {
            edit,
            base,
            settles,
            accept,
        } = request;
        let folder = self.store.read().await?;
        if let (Some(base), Some(fact)) = (base, edit.fact()) {
            self.still(&folder, fact, &base).await?;
        }
        let already = edit.already();
        let plan = self.plan(edit).await?;
        let id = self.waiting().next_id();
        let served = self.live.current();
        let trial = Trial {
            plan,
            accept,
            settles,
            id,
            today,
        };
        let preview = {
            let _turn = self.trying.lock().await;
            blocking(move || trial.run(&folder, &served)).await
        };
        let preview = match (preview, already) {
            (Err(EditError::NoChange), Some(already)) => return Err(already),
            (preview, _) => preview?,
        };
        for entry in &preview.entries {
            if let Some(text) = &entry.before {
                self.remember(&Digest::of(text.as_bytes()), text);
            }
        }
        Ok(self.waiting().add(preview))
    }

    /// Closes the question that a request was to settle, if it was refused because that is done
    /// already. Tells whether it was.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub async fn close_settled(
        &self,
        settles: Option<QuestionId>,
        refusal: &Refusal,
        by: By,
    ) -> Result<bool, JournalError> {
        let (Some(question), Refusal::Already { how, fact }) = (settles, refusal) else {
            return Ok(false);
        };
        let closing = Closing {
            how: *how,
            by,
            word: None,
            fact: fact.clone(),
        };
        match self.journal.close_question(question, &closing).await {
            // Whoever was faster has closed it.
            Ok(()) | Err(JournalError::NoQuestion(_) | JournalError::AlreadyClosed(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// A preview that waits for a decision.
    #[must_use]
    pub fn waiting_preview(&self, id: PreviewId) -> Option<Arc<Preview>> {
        self.waiting().get(id)
    }

    /// Forgets a preview. Tells whether it was there.
    pub fn cancel(&self, id: PreviewId) -> bool {
        self.waiting().remove(id)
    }

    /// Looks up what it takes to make an edit, such as what it takes back.
    async fn plan(&self, edit: Edit) -> Result<Plan, Refusal> {
        let edit = edit.cleaned();
        let titles = match &edit {
            Edit::Teach { fact, .. } => titles(self.live.current().engine.knowledge(), fact),
            _ => Vec::new(),
        };
        let reverses = match &edit {
            Edit::Undo { revision } => {
                let revision = self.journal.revision(*revision).await?;
                if revision.state != RevisionState::Done {
                    return Err(Refusal::NotDone(revision.id));
                }
                Some((revision.id, record(&revision)))
            }
            Edit::Restore { fact } => {
                let history = self.journal.history(fact).await?;
                let retired = history.iter().find(|revision| {
                    let mut changes = revision.changes.iter();
                    changes.any(|change| {
                        change.target == crate::journal::Target::fact(fact)
                            && change.before.is_some()
                            && change.after.is_none()
                    })
                });
                let Some(retired) = retired else {
                    return Err(Refusal::NeverRetired(fact.clone()));
                };
                Some((retired.id, record(retired)))
            }
            _ => None,
        };
        Ok(Plan {
            edit,
            reverses,
            refusing: Refusing::Outright,
            opened: Vec::new(),
            titles,
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, version: &Digest, text: &str) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if !shown.iter().any(|(known, _)| known == version) {
            shown.push_front((version.clone(), text.to_owned()));
            shown.truncate(MAX_REMEMBERED);
        }
    }

    fn remembered(&self, version: &Digest) -> Option<String> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shown.iter().find(|(known, _)| known == version);
        known.map(|(_, text)| text.clone())
    }

    /// Refuses when a fact is not as it was.
    async fn still(
        &self,
        folder: &crate::knowledge::Folder,
        fact: &str,
        base: &Digest,
    ) -> Result<(), Refusal> {
        let now = match edits::find(folder, EntryKind::Fact, fact) {
            Ok(found) if found.version == *base => return Ok(()),
            Ok(found) => Some(found.text),
            Err(edits::EditError::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let was = self.remembered(base);
        Err(self.conflict(EntryKind::Fact, fact, was, now).await)
    }

    /// What somebody else has made of an entry, and who, as far as the journal knows.
    async fn conflict(
        &self,
        kind: EntryKind,
        id: &str,
        was: Option<String>,
        now: Option<String>,
    ) -> Refusal {
        let mut revision = None;
        if kind == EntryKind::Fact
            && let Ok(history) = self.journal.history(id).await
        {
            revision = history.into_iter().next().filter(|latest| {
                let mut changes = latest.changes.iter();
                changes.any(|change| change.target.id == id && change.after == now)
            });
        }
        Refusal::Conflict(Box::new(Conflict {
            kind,
            id: id.to_owned(),
            was,
            now,
            by: revision.map(|revision| (revision.id, revision.by)),
        }))
    }
}
