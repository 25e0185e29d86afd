//! Revisions: who changed what, when and why, with the text before and after.
//!
//! A revision is written *ahead*: [`Journal::begin_revision`] is on the disk before a file is touched,
//! [`Journal::finish_revision`] or [`Journal::abandon_revision`] say how it went. What a crash leaves
//! [`Journal::pending`] is compared with the files by the hashes it holds, which tells whether the
//! files are as before (abandon it), as after (finish it), or half and half (restore the contents it
//! keeps while it is pending). One [`EditLock`] is held from beginning to end, so whoever holds it
//! knows that every pending revision is the trace of a crash.

use std::fmt;

use serde::Serialize;

use super::database::{Guard, Row, Transaction, values};
use super::queue::{self, Closing, How, QuestionId};
use super::word::{id, words};
use super::{By, ContentHash, Journal, JournalError, Moment};
use crate::knowledge::edit::{Hunk, hunks};

id!(/// Number of a revision.
    RevisionId);

words! {
    /// What a revision does.
    pub enum RevisionKind {
        /// Changes a fact.
        Edit = "edit",
        /// Adds a fact.
        Add = "add",
        /// Takes a fact out of use.
        Retire = "retire",
        /// Puts a retired fact back.
        Restore = "restore",
        /// Gives an entity another name.
        Alias = "alias",
        /// Makes a question a phrasing of a fact.
        Teach = "teach",
        /// Makes a question one that is refused on purpose.
        Refuse = "refuse",
        /// Takes another revision back.
        Undo = "undo",
    }
}

words! {
    /// How far a revision is.
    pub enum RevisionState {
        /// Written ahead; the files may be in any state between before and after.
        Pending = "pending",
        /// The files are as after.
        Done = "done",
        /// The files are as before.
        Abandoned = "abandoned",
    }
}

words! {
    /// A kind of entry.
    pub enum TargetKind {
        /// A fact.
        Fact = "fact",
        /// An entity.
        Entity = "entity",
        /// A golden question.
        Question = "question",
        /// A source.
        Source = "source",
    }
}

/// The entry that a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Target {
    /// What kind of entry.
    pub kind: TargetKind,
    /// Its id; the question itself for a golden question.
    pub id: String,
}

impl Target {
    /// A fact.
    #[must_use]
    pub fn fact(id: impl Into<String>) -> Target {
        Target {
            kind: TargetKind::Fact,
            id: id.into(),
        }
    }

    /// An entity.
    #[must_use]
    pub fn entity(id: impl Into<String>) -> Target {
        Target {
            kind: TargetKind::Entity,
            id: id.into(),
        }
    }

    /// A golden question.
    #[must_use]
    pub fn question(ask: impl Into<String>) -> Target {
        Target {
            kind: TargetKind::Question,
            id: ask.into(),
        }
    }
}

/// One entry, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which entry.
    pub target: Target,
    /// The file it stands in, relative to the knowledge folder.
    pub file: String,
    /// Its text before; none for a new entry.
    pub before: Option<String>,
    /// Its text after; none for one that is gone.
    pub after: Option<String>,
    /// The entry of its kind that it stood behind in the file, for one that is gone: where to put it
    /// back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// A whole file, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path, relative to the knowledge folder.
    pub path: String,
    /// Its content before; none when it was not there.
    pub before: Option<String>,
    /// Its content after; none when it is to go.
    pub after: Option<String>,
}

/// What remains of a file in a revision that is not pending any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRecord {
    /// Its path, relative to the knowledge folder.
    pub path: String,
    /// Hash of its content before; none when it was not there.
    pub before: Option<ContentHash>,
    /// Hash of its content after; none when it is gone.
    pub after: Option<ContentHash>,
    /// The parts that changed: what leads from one content to the other, both ways.
    pub hunks: Vec<Hunk>,
}

/// A revision to begin.
#[derive(Debug, Clone)]
pub struct NewRevision {
    /// Who.
    pub by: By,
    /// Why, in their words; may be empty.
    pub why: String,
    /// What it does.
    pub kind: RevisionKind,
    /// The entries it changes.
    pub changes: Vec<Change>,
    /// The files it changes, whole.
    pub files: Vec<FileChange>,
    /// The revision it takes back.
    pub undoes: Option<RevisionId>,
    /// The question of the queue that it settles. Finishing the revision closes it: as taught, as
    /// refused on purpose, or as answered by the first fact that is changed.
    pub question: Option<QuestionId>,
}

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number.
    pub id: RevisionId,
    /// When it was begun.
    pub at: Moment,
    /// Who.
    pub by: By,
    /// Why; may be empty.
    pub why: String,
    /// What it does.
    pub kind: RevisionKind,
    /// How far it is.
    pub state: RevisionState,
    /// Why it was abandoned.
    pub trouble: Option<String>,
    /// The generation of the base that served it first.
    pub generation: Option<u64>,
    /// The revision it takes back.
    pub undoes: Option<RevisionId>,
    /// The latest revision, done, that takes this one back.
    pub undone_by: Option<RevisionId>,
    /// The question of the queue that it settles.
    pub question: Option<QuestionId>,
    /// The entries it changes.
    pub changes: Vec<Change>,
    /// The files it changes.
    pub files: Vec<FileRecord>,
}

/// A revision that a crash has left, with all it takes to complete it or to take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRevision {
    /// The revision.
    pub revision: Revision,
    /// Its files, whole.
    pub files: Vec<FileChange>,
}

/// Held by the one process that edits the knowledge. The lock ends when this is dropped, and when the
/// process ends, however it ends.
pub struct EditLock {
    _guard: Guard,
}

impl fmt::Debug for EditLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EditLock")
    }
}

impl Journal {
    /// Waits for the turn to edit, a few seconds at most.
    ///
    /// # Errors
    /// [`JournalError::Busy`] when another process edits for longer than that.
    pub async fn lock_editing(&self) -> Result<EditLock, JournalError> {
        let guard = self.database().await?.lock_editing().await?;
        Ok(EditLock { _guard: guard })
    }

    /// Writes down what is about to be done. When this returns, it is on the disk.
    ///
    /// # Errors
    /// When the database cannot be used; then nothing must be touched.
    pub async fn begin_revision(
        &self,
        _: &EditLock,
        new: &NewRevision,
    ) -> Result<RevisionId, JournalError> {
        let mut transaction = self.database().await?.write().await?;
        let rows = transaction
            .rows(
                "INSERT INTO revisions (at, author, why, kind, state, undoes, question)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                values![
                    Moment::now().unix(),
                    new.by.to_string(),
                    new.why.as_str(),
                    new.kind.word(),
                    RevisionState::Pending.word(),
                    new.undoes.map(|id| id.0),
                    new.question.map(|id| id.0),
                ],
            )
            .await?;
        let row = rows.first().ok_or(JournalError::Foreign { column: "id" })?;
        let id: i64 = row.get("id")?;
        for (n, change) in (0_i64..).zip(&new.changes) {
            transaction
                .run(
                    "INSERT INTO revision_changes (revision, n, kind, target, file, before, after, behind)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    values![
                        id,
                        n,
                        change.target.kind.word(),
                        change.target.id.as_str(),
                        change.file.as_str(),
                        change.before.clone(),
                        change.after.clone(),
                        change.behind.clone(),
                    ],
                )
                .await?;
        }
        let hash = |content: &Option<String>| {
            content
                .as_ref()
                .map(|content| ContentHash::of(content).to_string())
        };
        for file in &new.files {
            let text = |content: &'_ Option<String>| content.clone().unwrap_or_default();
            let hunks = hunks(&text(&file.before), &text(&file.after));
            // Numbers and texts always make JSON.
            let hunks = serde_json::to_string(&hunks).unwrap_or_default();
            transaction
                .run(
                    "INSERT INTO revision_files (revision, path, before_hash, after_hash, before_content, after_content, hunks)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    values![
                        id,
                        file.path.as_str(),
                        hash(&file.before),
                        hash(&file.after),
                        file.before.clone(),
                        file.after.clone(),
                        hunks,
                    ],
                )
                .await?;
        }
        transaction.commit().await?;
        Ok(RevisionId(id))
    }

    /// Notes that the files are as after, and which generation serves them. Closes the question that
    /// the revision settles, unless somebody has closed it meanwhile.
    ///
    /// # Errors
    /// When the revision is not pending, and when the database cannot be used: then it stays pending,
    /// and reconciling finishes it.
    pub async fn finish_revision(
        &self,
        id: RevisionId,
        generation: Option<u64>,
    ) -> Result<(), JournalError> {
        let mut transaction = self.database().await?.write().await?;
        settle(&mut *transaction, id, RevisionState::Done, None, generation).await?;
        let rows = transaction
            .rows(
                "SELECT author, kind, question FROM revisions WHERE id = $1",
                values![id.0],
            )
            .await?;
        let row = rows.first().ok_or(JournalError::NoRevision(id))?;
        if let Some(question) = row.get::<Option<i64>>("question")? {
            let facts = transaction
                .rows(
                    "SELECT target FROM revision_changes WHERE revision = $1 AND kind = 'fact' ORDER BY n LIMIT 1",
                    values![id.0],
                )
                .await?;
            let closing = Closing {
                how: match row.word("kind")? {
                    RevisionKind::Teach | RevisionKind::Alias => How::Taught,
                    RevisionKind::Refuse => How::Refused,
                    RevisionKind::Edit
                    | RevisionKind::Add
                    | RevisionKind::Retire
                    | RevisionKind::Restore
                    | RevisionKind::Undo => How::Answered,
                },
                by: row.word("author")?,
                word: None,
                fact: facts.first().map(|row| row.get("target")).transpose()?,
            };
            match queue::close(&mut *transaction, QuestionId(question), &closing).await {
                // The question may be old enough to be gone, or somebody was faster.
                Ok(()) | Err(JournalError::NoQuestion(_) | JournalError::AlreadyClosed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        transaction.commit().await
    }

    /// Notes that the files are as before, and why.
    ///
    /// # Errors
    /// When the revision is not pending, and when the database cannot be used.
    pub async fn abandon_revision(&self, id: RevisionId, why: &str) -> Result<(), JournalError> {
        let mut transaction = self.database().await?.write().await?;
        settle(
            &mut *transaction,
            id,
            RevisionState::Abandoned,
            Some(why),
            None,
        )
        .await?;
        transaction.commit().await
    }

    /// What crashes have left, oldest first: whoever holds the lock knows that nobody is at it.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn pending(&self, _: &EditLock) -> Result<Vec<PendingRevision>, JournalError> {
        let database = self.database().await?;
        let rows = database
            .read("SELECT r.*, CAST(NULL AS BIGINT) AS undone_by FROM revisions r WHERE state = 'pending' ORDER BY id", values![])
            .await?;
        let mut pending = Vec::with_capacity(rows.len());
        for row in &rows {
            let revision = self.filled(row).await?;
            let files = database
                .read(
                    "SELECT path, before_content, after_content FROM revision_files WHERE revision = $1 ORDER BY path",
                    values![revision.id.0],
                )
                .await?;
            let file = |row: &Row| {
                Ok(FileChange {
                    path: row.get("path")?,
                    before: row.get("before_content")?,
                    after: row.get("after_content")?,
                })
            };
            let files = files
                .iter()
                .map(file)
                .collect::<Result<_, JournalError>>()?;
            pending.push(PendingRevision { revision, files });
        }
        Ok(pending)
    }

    /// A revision, whatever its state.
    ///
    /// # Errors
    /// [`JournalError::NoRevision`], and when the database cannot be used.
    pub async fn revision(&self, id: RevisionId) -> Result<Revision, JournalError> {
        let rows = self
            .database()
            .await?
            .read(
                "SELECT r.*, (SELECT MAX(u.id) FROM revisions u WHERE u.undoes = r.id AND u.state = 'done') AS undone_by
                 FROM revisions r WHERE r.id = $1",
                values![id.0],
            )
            .await?;
        match rows.first() {
            Some(row) => self.filled(row).await,
            None => Err(JournalError::NoRevision(id)),
        }
    }

    /// The revisions, done, that changed a fact, latest first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn history(&self, fact: &str) -> Result<Vec<Revision>, JournalError> {
        let rows = self
            .database()
            .await?
            .read(
                "SELECT r.*, (SELECT MAX(u.id) FROM revisions u WHERE u.undoes = r.id AND u.state = 'done') AS undone_by
                 FROM revisions r
                 WHERE r.state = 'done' AND EXISTS (
                     SELECT 1 FROM revision_changes c WHERE c.revision = r.id AND c.kind = 'fact' AND c.target = $1)
                 ORDER BY r.id DESC",
                values![fact],
            )
            .await?;
        self.all_filled(&rows).await
    }

    /// Revisions in any state with a number greater than `after`, oldest first, `at_most` of them.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn revisions(
        &self,
        after: RevisionId,
        at_most: u32,
    ) -> Result<Vec<Revision>, JournalError> {
        let rows = self
            .database()
            .await?
            .read(
                "SELECT r.*, (SELECT MAX(u.id) FROM revisions u WHERE u.undoes = r.id AND u.state = 'done') AS undone_by
                 FROM revisions r WHERE r.id > $1 ORDER BY r.id LIMIT $2",
                values![after.0, i64::from(at_most)],
            )
            .await?;
        self.all_filled(&rows).await
    }

    async fn all_filled(&self, rows: &[Row]) -> Result<Vec<Revision>, JournalError> {
        let mut revisions = Vec::with_capacity(rows.len());
        for row in rows {
            revisions.push(self.filled(row).await?);
        }
        Ok(revisions)
    }

    /// A row of revisions with its changes and files.
    async fn filled(&self, row: &Row) -> Result<Revision, JournalError> {
        let id = RevisionId(row.get("id")?);
        let database = self.database().await?;
        let changes = database
            .read(
                "SELECT kind, target, file, before, after, behind FROM revision_changes WHERE revision = $1 ORDER BY n",
                values![id.0],
            )
            .await?;
        let files = database
            .read(
                "SELECT path, before_hash, after_hash, hunks FROM revision_files WHERE revision = $1 ORDER BY path",
                values![id.0],
            )
            .await?;
        let change = |row: &Row| {
            Ok(Change {
                target: Target {
                    kind: row.word("kind")?,
                    id: row.get("target")?,
                },
                file: row.get("file")?,
                before: row.get("before")?,
                after: row.get("after")?,
                behind: row.get("behind")?,
            })
        };
        let file = |row: &Row| {
            Ok(FileRecord {
                path: row.get("path")?,
                before: row.maybe_word("before_hash")?,
                after: row.maybe_word("after_hash")?,
                hunks: serde_json::from_str(&row.get::<String>("hunks")?)
                    .map_err(|_| JournalError::Foreign { column: "hunks" })?,
            })
        };
        let generation: Option<i64> = row.get("generation")?;
        Ok(Revision {
            id,
            at: Moment::from_unix(row.get("at")?),
            by: row.word("author")?,
            why: row.get("why")?,
            kind: row.word("kind")?,
            state: row.word("state")?,
            trouble: row.get("trouble")?,
            generation: generation.and_then(|generation| u64::try_from(generation).ok()),
            undoes: row.get::<Option<i64>>("undoes")?.map(RevisionId),
            undone_by: row.get::<Option<i64>>("undone_by")?.map(RevisionId),
            question: row.get::<Option<i64>>("question")?.map(QuestionId),
            changes: changes
                .iter()
                .map(change)
                .collect::<Result<_, JournalError>>()?,
            files: files
                .iter()
                .map(file)
                .collect::<Result<_, JournalError>>()?,
        })
    }
}

/// Refuses when a revision is not pending any more.
pub(super) async fn still_pending(
    transaction: &mut dyn Transaction,
    id: RevisionId,
) -> Result<(), JournalError> {
    let rows = transaction
        .rows("SELECT state FROM revisions WHERE id = $1", values![id.0])
        .await?;
    let row = rows.first().ok_or(JournalError::NoRevision(id))?;
    match row.word("state")? {
        RevisionState::Pending => Ok(()),
        RevisionState::Done | RevisionState::Abandoned => Err(JournalError::NotPending(id)),
    }
}

/// Ends the pending state of a revision; the contents of its files are not needed from then on.
async fn settle(
    transaction: &mut dyn Transaction,
    id: RevisionId,
    state: RevisionState,
    trouble: Option<&str>,
    generation: Option<u64>,
) -> Result<(), JournalError> {
    let changed = transaction
        .run(
            "UPDATE revisions SET state = $2, trouble = $3, generation = $4 WHERE id = $1 AND state = 'pending'",
            values![
                id.0,
                state.word(),
                trouble,
                generation.and_then(|generation| i64::try_from(generation).ok()),
            ],
        )
        .await?;
    if changed == 0 {
        let there = transaction
            .rows("SELECT id FROM revisions WHERE id = $1", values![id.0])
            .await?;
        return Err(if there.is_empty() {
            JournalError::NoRevision(id)
        } else {
            JournalError::NotPending(id)
        });
    }
    transaction
        .run(
            "UPDATE revision_files SET before_content = NULL, after_content = NULL WHERE revision = $1",
            values![id.0],
        )
        .await?;
    Ok(())
}
