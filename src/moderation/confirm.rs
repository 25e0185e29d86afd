//! From a preview to what is served, and what becomes of it when the process is killed on the way.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use super::Moderation;
use super::edit::changes;
use super::preview::{Preview, PreviewId};
use super::refusal::Refusal;
use super::store::{Step, Store, StoreError, blocking, sweep, to_the_end, write_files};
use crate::date::Day;
use crate::journal::{By, EditLock, FileChange, Journal, NewRevision, PendingRevision, RevisionId};
use crate::knowledge::Folder;
use crate::knowledge::edit::{self, EntryRecord};
use crate::live::{Refused, Report, Scrutiny, Snapshot, Turn};

/// An edit that was made.
#[derive(Debug, Clone)]
pub struct Done {
    /// Its number in the journal: what to undo it by.
    pub revision: RevisionId,
    /// What the reload changed.
    pub report: Report,
    /// What was confirmed.
    pub preview: Arc<Preview>,
}

/// What was done about a revision that a crash had left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// The revision.
    pub revision: RevisionId,
    /// Whether it is done now; else the files are as they were before it.
    pub done: bool,
    /// Files that are neither as before nor as after, and were left alone.
    pub left_alone: Vec<String>,
}

/// An edit about to be made.
struct Ready {
    files: Vec<edit::FileChange>,
    entries: Vec<EntryRecord>,
    /// What the files will be ([`Folder::fingerprint`]).
    expected: u64,
    /// The base they make, proven.
    snapshot: Box<Snapshot>,
}

/// What keeps others from editing until it is dropped.
struct Held {
    /// Other processes.
    lock: EditLock,
    /// Others in this one.
    _turn: OwnedMutexGuard<()>,
}

impl Moderation {
    /// Makes an edit that was tried out. `why` is for the journal, and may be empty. What was begun goes
    /// on to its end, also when nobody waits for it any more.
    ///
    /// # Errors
    /// When somebody was faster, when the base that results cannot be used, and when files or journal
    /// cannot be written. The old facts are served then.
    pub async fn confirm(
        &self,
        id: PreviewId,
        by: By,
        why: &str,
        today: Day,
    ) -> Result<Done, Refusal> {
        let (this, why) = (self.clone(), why.trim().to_owned());
        to_the_end(async move { this.confirm_to_the_end(id, by, why, today).await }).await
    }

    async fn confirm_to_the_end(
        &self,
        id: PreviewId,
        by: By,
        why: String,
        today: Day,
    ) -> Result<Done, Refusal> {
        let turn = Arc::clone(&self.confirming).lock_owned().await;
        let preview = self.waiting().get(id).ok_or(Refusal::NoPreview)?;
        if !preview.can_be_confirmed() {
            let refused = Refused(preview.diagnostics.clone());
            return Err(Refusal::broken(refused, &preview.excerpts));
        }
        let held = Arc::new(Held {
            lock: self.journal.lock_editing().await?,
            _turn: turn,
        });
        reconcile_locked(&self.store, &self.journal, &held.lock).await?;
        let folder = self.store.read().await?;
        let ready = self.up_to_date(&preview, folder, today).await?;
        let files: Vec<FileChange> = ready
            .files
            .iter()
            .map(|file| FileChange {
                path: file.path.clone(),
                before: file.before.clone(),
                after: file.after.clone(),
            })
            .collect();
        let new = NewRevision {
            by,
            why,
            kind: preview.edit.kind(),
            changes: changes(&ready.entries),
            files: files.clone(),
            undoes: preview
                .plan
                .reverses
                .as_ref()
                .map(|(revision, _)| *revision),
            question: preview.settles,
        };
        let revision = self.journal.begin_revision(&held.lock, &new).await?;
        (self.step)(Step::Begun);
        let served = self.write_and_serve(&held, revision, ready, &files, today);
        match served.await {
            Ok(report) => {
                (self.step)(Step::Served);
                let finished = self
                    .journal
                    .finish_revision(revision, Some(report.generation))
                    .await;
                if let Err(error) = finished {
                    // It is written ahead: the next edit or the next start finishes it.
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, %revision, "the journal does not know yet that a revision is done");
                }
                (self.step)(Step::Finished);
                self.waiting().remove(id);
                Ok(Done {
                    revision,
                    report,
                    preview,
                })
            }
            // It stays pending: the journal still has the old files.
            Err(refusal @ Refusal::Store(StoreError::Torn { .. })) => Err(refusal),
            Err(refusal) => {
                let abandoned = self
                    .journal
                    .abandon_revision(revision, &refusal.to_string())
                    .await;
                if let Err(error) = abandoned {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, %revision, "the journal does not know yet that a revision was abandoned");
                }
                Err(refusal)
            }
        }
    }

    /// The edit as it is to be made now. On files that are as they were that is what was tried out; on
    /// others the edit is made again, provided the entries it is about are as they were.
    async fn up_to_date(
        &self,
        preview: &Arc<Preview>,
        folder: Folder,
        today: Day,
    ) -> Result<Ready, Refusal> {
        let fresh = folder.fingerprint() == preview.base;
        if fresh && let Some(snapshot) = preview.take_trained() {
            return Ok(Ready {
                files: preview.files.clone(),
                entries: preview.entries.clone(),
                expected: preview.expected,
                snapshot,
            });
        }
        if !fresh {
            self.unchanged(preview, &folder).await?;
        }
        let edited = preview.plan.apply(&folder)?;
        // Proven before a file is touched: most refusals leave no trace.
        let tried = edited.folder.clone();
        let loaded = blocking(move || Snapshot::load(&tried, Scrutiny::Proven, today)).await;
        match loaded {
            Ok(snapshot) => Ok(Ready {
                files: edited.files,
                entries: edited.entries,
                expected: edited.folder.fingerprint(),
                snapshot: Box::new(snapshot),
            }),
            Err(refused) => Err(Refusal::broken(refused, &edited.folder)),
        }
    }

    /// Refuses when an entry that the edit is about has another text than when it was tried out.
    async fn unchanged(&self, preview: &Preview, folder: &Folder) -> Result<(), Refusal> {
        use crate::knowledge::edit::{EditError, find};
        for entry in &preview.entries {
            let now = match find(folder, entry.kind, &entry.id) {
                Ok(found) => Some(found.text),
                Err(EditError::Missing { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            if now != entry.before {
                let was = entry.before.clone();
                return Err(self.conflict(entry.kind, &entry.id, was, now).await);
            }
        }
        Ok(())
    }

    /// Writes the files and serves what is in them then. Nobody else loads them meanwhile, and nobody
    /// else edits them: also when whoever waits for this goes away, which does not stop the writing.
    async fn write_and_serve(
        &self,
        held: &Arc<Held>,
        revision: RevisionId,
        ready: Ready,
        files: &[FileChange],
        today: Day,
    ) -> Result<Report, Refusal> {
        let Ready {
            expected, snapshot, ..
        } = ready;
        let live = Arc::clone(&self.live);
        let step = Arc::clone(&self.step);
        match &self.store {
            Store::BuiltIn => Err(StoreError::BuiltIn.into()),
            Store::Disk(root) => {
                let (root, files, held) = (root.clone(), files.to_vec(), Arc::clone(held));
                blocking(move || {
                    let _held = held;
                    let turn = live.turn();
                    write_files(&root, &files, &*step)?;
                    let served = Folder::read(&root)
                        .map_err(|error| StoreError::from(error).into())
                        .and_then(|folder| serve(&turn, &folder, expected, snapshot, today));
                    if served.is_err() {
                        write_files(&root, &back(&files), &|_| ()).map_err(StoreError::torn)?;
                    }
                    served
                })
                .await
            }
            Store::Shared(_) => {
                let (store, files, held) = (self.store.clone(), files.to_vec(), Arc::clone(held));
                let runtime = Handle::current();
                blocking(move || {
                    let _held = held;
                    let turn = live.turn();
                    let write = |files: &[FileChange], step: Arc<dyn Fn(Step) + Send + Sync>| {
                        runtime.block_on(store.write(revision, files, move |at| step(at)))
                    };
                    write(&files, step)?;
                    let served = runtime
                        .block_on(store.read())
                        .map_err(Refusal::from)
                        .and_then(|folder| serve(&turn, &folder, expected, snapshot, today));
                    if served.is_err() {
                        write(&back(&files), Arc::new(|_| ())).map_err(StoreError::torn)?;
                    }
                    served
                })
                .await
            }
        }
    }
}

/// Serves the prepared base if the files hold just that, else what they hold: somebody may have edited
/// another file in the same moment. If that makes the whole unusable, ours is the edit that can be
/// taken back.
fn serve(
    turn: &Turn<'_>,
    folder: &Folder,
    expected: u64,
    prepared: Box<Snapshot>,
    today: Day,
) -> Result<Report, Refusal> {
    if folder.fingerprint() == expected {
        Ok(turn.serve(*prepared))
    } else {
        turn.reload(folder, today)
            .map_err(|refused| Refusal::broken(refused, folder))
    }
}

/// The changes that take some back.
fn back(files: &[FileChange]) -> Vec<FileChange> {
    let back = |file: &FileChange| FileChange {
        path: file.path.clone(),
        before: file.after.clone(),
        after: file.before.clone(),
    };
    files.iter().map(back).collect()
}

/// Makes the journal and the files agree after a crash. Call it before the files are loaded.
///
/// # Errors
/// When the journal cannot be used, or files cannot be read or put back.
pub async fn reconcile(store: &Store, journal: &Journal) -> Result<Vec<Reconciled>, Refusal> {
    if store.writable().is_err() {
        return Ok(Vec::new());
    }
    let lock = journal.lock_editing().await?;
    reconcile_locked(store, journal, &lock).await
}

async fn reconcile_locked(
    store: &Store,
    journal: &Journal,
    lock: &EditLock,
) -> Result<Vec<Reconciled>, Refusal> {
    let pending = journal.pending(lock).await?;
    let mut reconciled = Vec::with_capacity(pending.len());
    // Latest first, so that each is found as it left the files.
    for PendingRevision { revision, files } in pending.into_iter().rev() {
        let folder = store.read().await?;
        if let Store::Disk(root) = store {
            sweep(root, &files);
        }
        let is = |path: &str, text: &Option<String>| {
            let now = folder.file(path).map(|file| file.bytes.as_slice());
            now == text.as_ref().map(String::as_bytes)
        };
        let done = files.iter().all(|file| is(&file.path, &file.after));
        let mut left_alone = Vec::new();
        if done {
            journal.finish_revision(revision.id, None).await?;
        } else {
            let mut changed = Vec::new();
            for file in files {
                if is(&file.path, &file.after) {
                    changed.push(file);
                } else if !is(&file.path, &file.before) {
                    left_alone.push(file.path);
                }
            }
            store.write(revision.id, &back(&changed), |_| ()).await?;
            let why = "the process ended before it was done";
            journal.abandon_revision(revision.id, why).await?;
        }
        tracing::warn!(revision = %revision.id, done, left_alone = left_alone.len(), "a revision was interrupted");
        reconciled.push(Reconciled {
            revision: revision.id,
            done,
            left_alone,
        });
    }
    Ok(reconciled)
}
