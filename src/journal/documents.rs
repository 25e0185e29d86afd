//! The knowledge files themselves, kept in PostgreSQL when several replicas serve one base.
//!
//! Every write makes a new *generation* and tells it to whoever listens ([`Generations`]). A document
//! carries the generation that wrote it last as its version; who writes says which versions they have
//! read, and is refused when one of them is not the latest: no two replicas overwrite each other.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};

use super::database::{PostgresDatabase, Transaction, values};
use super::revisions::{self, RevisionId};
use super::{Journal, JournalError};
use crate::knowledge::{FileKind, Folder};

/// What generations are told on.
const CHANNEL: &str = "cara_bot_documents";
/// How often a listener looks by itself: a connection may be lost without a word.
const LOOK: Duration = Duration::from_secs(15);
/// The pause before connecting again, doubled up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(100);
/// The longest pause before connecting again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A knowledge file in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its path, relative to the knowledge folder, with forward slashes.
    pub path: String,
    /// What it holds.
    pub content: String,
    /// The generation that wrote it last.
    pub version: u64,
}

/// All documents as they were at one generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documented {
    /// Their generation; 0 when nothing was ever written.
    pub generation: u64,
    /// Sorted by path.
    pub documents: Vec<Document>,
}

impl Documented {
    /// As a knowledge folder.
    #[must_use]
    pub fn folder(&self) -> Folder {
        let files = self.documents.iter();
        Folder::in_memory(
            files.map(|document| (document.path.as_str(), document.content.as_bytes())),
        )
    }

    /// The document at a path.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.path == path)
    }
}

/// One document to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentChange {
    /// Its path.
    pub path: String,
    /// The version that was read; none for a document that must not be there yet.
    pub base: Option<u64>,
    /// What it is to hold; none to remove it.
    pub content: Option<String>,
}

/// A document that is not as the writer has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its path.
    pub path: String,
    /// The version that was read; none when it was not there.
    pub read: Option<u64>,
    /// The version that is there; none when it is gone.
    pub found: Option<u64>,
}

/// Why documents could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// There is no shared database.
    #[error("documents can only be shared in PostgreSQL; set DATABASE_URL")]
    NotShared,
    /// Somebody else has written these documents meanwhile; nothing was written.
    #[error("changed by somebody else meanwhile: {}", paths(.0))]
    Conflict(Vec<Conflict>),
    /// Not UTF-8, so that no database text can hold it.
    #[error("{0} is not a text in UTF-8")]
    NotText(String),
    /// No path of a knowledge file.
    #[error("{0} is not the path of a knowledge file")]
    NotKnowledge(String),
    /// The database cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

fn paths(conflicts: &[Conflict]) -> String {
    let paths: Vec<&str> = conflicts
        .iter()
        .map(|conflict| conflict.path.as_str())
        .collect();
    paths.join(", ")
}

/// The documents of a database.
#[derive(Debug, Clone)]
pub struct Documents {
    journal: Journal,
}

impl Journal {
    /// The documents that are kept beside this journal.
    ///
    /// # Errors
    /// [`DocumentsError::NotShared`] when the journal is an SQLite file.
    pub fn documents(&self) -> Result<Documents, DocumentsError> {
        match self.place() {
            super::Place::Sqlite(_) => Err(DocumentsError::NotShared),
            super::Place::Postgres(_) => Ok(Documents {
                journal: self.clone(),
            }),
        }
    }
}

impl Documents {
    /// The journal beside them.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The generation of what is there; 0 when nothing was ever written.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn generation(&self) -> Result<u64, DocumentsError> {
        let database = self.journal.database().await?;
        let rows = database
            .read("SELECT generation FROM documents_generation", values![])
            .await?;
        Ok(rows.first().map_or(Ok(0), |row| row.count("generation"))?)
    }

    /// All documents, as they were at one moment.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn read(&self) -> Result<Documented, DocumentsError> {
        let database = self.journal.database().await?;
        // One statement sees one moment; the generation is there without documents too.
        let rows = database
            .read(
                "SELECT g.generation, d.path, d.content, d.version
                 FROM documents_generation g LEFT JOIN documents d ON TRUE ORDER BY d.path",
                values![],
            )
            .await?;
        let mut read = Documented::default();
        for row in &rows {
            read.generation = row.count("generation")?;
            if let Some(path) = row.get::<Option<String>>("path")? {
                let content = row.get("content")?;
                let version = row.count("version")?;
                read.documents.push(Document {
                    path,
                    content,
                    version,
                });
            }
        }
        Ok(read)
    }

    /// Writes several documents together, if all of them are still as they were read. Gives the new
    /// generation, which everybody who listens is told.
    ///
    /// # Errors
    /// [`DocumentsError::Conflict`] with every document that is not as it was read: nothing is written
    /// then. When a path is not one of a knowledge file, and when the database cannot be used.
    pub async fn write(&self, changes: &[DocumentChange]) -> Result<u64, DocumentsError> {
        self.write_if(None, changes).await
    }

    /// As [`Documents::write`], and only while a revision is pending: a process that lost its lock with
    /// its connection may have been given up by another, which wrote down that nothing was done.
    ///
    /// # Errors
    /// As [`Documents::write`], and [`JournalError::NotPending`].
    pub async fn write_during(
        &self,
        revision: RevisionId,
        changes: &[DocumentChange],
    ) -> Result<u64, DocumentsError> {
        self.write_if(Some(revision), changes).await
    }

    async fn write_if(
        &self,
        revision: Option<RevisionId>,
        changes: &[DocumentChange],
    ) -> Result<u64, DocumentsError> {
        let stray = changes
            .iter()
            .find(|change| FileKind::of(&change.path).is_none());
        if let Some(stray) = stray {
            return Err(DocumentsError::NotKnowledge(stray.path.clone()));
        }
        let mut transaction = self.journal.database().await?.write().await?;
        if let Some(revision) = revision {
            revisions::still_pending(&mut *transaction, revision).await?;
        }
        let mut conflicts = Vec::new();
        for change in changes {
            let rows = transaction
                .rows(
                    "SELECT version FROM documents WHERE path = $1",
                    values![change.path.as_str()],
                )
                .await?;
            let found = rows.first().map(|row| row.count("version")).transpose()?;
            if found != change.base {
                conflicts.push(Conflict {
                    path: change.path.clone(),
                    read: change.base,
                    found,
                });
            }
        }
        if !conflicts.is_empty() {
            return Err(DocumentsError::Conflict(conflicts));
        }
        let generation = next_generation(&mut *transaction).await?;
        for change in changes {
            put(
                &mut *transaction,
                &change.path,
                change.content.as_deref(),
                generation,
            )
            .await?;
        }
        transaction.commit().await?;
        Ok(generation.cast_unsigned())
    }

    /// Makes the documents exactly those of a folder, whatever was there; documents that are the same
    /// keep their version. Gives the generation, a new one if anything changed.
    ///
    /// # Errors
    /// When a file is not UTF-8, and when the database cannot be used.
    pub async fn replace(&self, folder: &Folder) -> Result<u64, DocumentsError> {
        let mut texts = Vec::with_capacity(folder.files.len());
        for file in &folder.files {
            let text = std::str::from_utf8(&file.bytes)
                .map_err(|_| DocumentsError::NotText(file.path.to_string()))?;
            texts.push((&*file.path, text));
        }
        let mut transaction = self.journal.database().await?.write().await?;
        let rows = transaction
            .rows("SELECT path, content FROM documents", values![])
            .await?;
        let mut there: std::collections::BTreeMap<String, String> =
            std::collections::BTreeMap::new();
        for row in &rows {
            there.insert(row.get("path")?, row.get("content")?);
        }
        let mut changed = Vec::new();
        for (path, text) in &texts {
            if there.remove(*path).as_deref() != Some(*text) {
                changed.push(((*path).to_owned(), Some(*text)));
            }
        }
        changed.extend(there.into_keys().map(|gone| (gone, None)));
        if changed.is_empty() {
            drop(transaction);
            return self.generation().await;
        }
        let generation = next_generation(&mut *transaction).await?;
        for (path, content) in changed {
            put(&mut *transaction, &path, content, generation).await?;
        }
        transaction.commit().await?;
        Ok(generation.cast_unsigned())
    }

    /// Listens for generations after `seen`.
    #[must_use]
    pub fn listen(&self, seen: u64) -> Generations {
        Generations {
            documents: self.clone(),
            seen,
            listener: None,
        }
    }
}

/// Makes a new generation and tells it to everybody once the transaction is committed.
async fn next_generation(transaction: &mut dyn Transaction) -> Result<i64, JournalError> {
    let rows = transaction
        .rows(
            "UPDATE documents_generation SET generation = generation + 1 RETURNING generation",
            values![],
        )
        .await?;
    let row = rows.first().ok_or(JournalError::Foreign {
        column: "generation",
    })?;
    let generation: i64 = row.get("generation")?;
    transaction
        .run(
            "SELECT pg_notify($1, $2)",
            values![CHANNEL, generation.to_string()],
        )
        .await?;
    Ok(generation)
}

/// Writes or removes a document.
async fn put(
    transaction: &mut dyn Transaction,
    path: &str,
    content: Option<&str>,
    generation: i64,
) -> Result<(), JournalError> {
    match content {
        Some(content) => {
            transaction
                .run(
                    "INSERT INTO documents (path, content, version) VALUES ($1, $2, $3)
                     ON CONFLICT (path) DO UPDATE SET content = excluded.content, version = excluded.version",
                    values![path, content, generation],
                )
                .await?
        }
        None => transaction.run("DELETE FROM documents WHERE path = $1", values![path]).await?,
    };
    Ok(())
}

/// New generations as they come, whoever makes them. A lost connection is made anew for as long as it
/// takes, and what was missed meanwhile is noticed then: only the latest generation counts.
pub struct Generations {
    documents: Documents,
    seen: u64,
    listener: Option<PgListener>,
}

impl Generations {
    /// Waits for a generation later than the last one seen. May be broken off and called again.
    pub async fn next(&mut self) -> u64 {
        let mut pause = PAUSE;
        loop {
            match self.look().await {
                Ok(Some(generation)) => {
                    self.seen = generation;
                    return generation;
                }
                Ok(None) => pause = PAUSE,
                Err(error) => {
                    if pause == PAUSE {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(error, "listening for documents was broken off");
                    }
                    self.listener = None;
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Listens until something may have happened, and looks whether it has. The first look comes after
    /// listening began, so that nothing falls between.
    async fn look(&mut self) -> Result<Option<u64>, DocumentsError> {
        match &mut self.listener {
            Some(listener) => {
                match tokio::time::timeout(LOOK, listener.try_recv()).await {
                    Ok(Ok(Some(_))) | Err(_) => {}
                    // Lost. Looking now could miss what happens before listening begins again.
                    Ok(Ok(None)) => {
                        self.listener = None;
                        return Ok(None);
                    }
                    Ok(Err(error)) => {
                        let place = self.documents.journal.place().to_string();
                        return Err(JournalError::from_sqlx(&place, error).into());
                    }
                }
            }
            None => {
                let database = self.documents.journal.database().await?;
                let database = database.postgres().ok_or(DocumentsError::NotShared)?;
                self.listener = Some(listen(database).await?);
            }
        }
        let generation = self.documents.generation().await?;
        Ok((generation > self.seen).then_some(generation))
    }
}

async fn listen(database: &PostgresDatabase) -> Result<PgListener, JournalError> {
    let connect = async |options: &PgConnectOptions| {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(LONGEST_PAUSE)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        // Lost connections are made anew here, where what was missed is looked up.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(listener)
    };
    connect(database.options())
        .await
        .map_err(|error| JournalError::from_sqlx(database.place(), error))
}
