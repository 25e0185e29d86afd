//! SQLite: one file in the data directory, shared by the processes of one machine.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Sqlite, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Database, Guard, Row, Transaction, Value, bind};
use crate::journal::JournalError;

/// The journal within the data directory.
pub(in crate::journal) const FILE: &str = "journal.sqlite";
/// Locked while a process makes or updates the tables.
const OPENING: &str = "journal.lock";
/// Locked while a process edits the knowledge.
const EDITING: &str = "editing.lock";
/// How long a statement waits for another process that is writing, and for a lock file.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a lock file is tried: unnoticed by people, nothing for a processor.
const TRY_AGAIN: Duration = Duration::from_millis(10);
/// Readers do not hinder one another, and a bot has few at a time.
const CONNECTIONS: u32 = 4;

static MIGRATIONS: Migrator = sqlx::migrate!("src/journal/migrations/sqlite");

pub(super) struct SqliteDatabase {
    pool: SqlitePool,
    directory: PathBuf,
    /// Where it is, for errors.
    place: String,
    /// Writers of this process take turns here, first come first served, instead of polling the file.
    turn: Arc<Mutex<()>>,
}

impl SqliteDatabase {
    pub(super) async fn open(directory: &Path) -> Result<SqliteDatabase, JournalError> {
        let file = directory.join(FILE);
        let place = file.display().to_string();
        let prepared = (directory.to_owned(), file.clone());
        let lock = in_the_background(move || {
            let (directory, file) = prepared;
            prepare(&directory, &file).and_then(|()| open_private(&directory.join(OPENING)))
        })
        .await
        .map_err(|source| JournalError::Directory {
            path: directory.to_owned(),
            source,
        })?;
        let _opening = lock_file(lock, directory, &place).await?;

        let failed = |error| JournalError::from_sqlx(&place, error);
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Wal)
            // A revision must be on the disk before the files it tells of are touched.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true);
        let mut first = SqliteConnection::connect_with(&options)
            .await
            .map_err(failed)?;
        migrate(&mut first, &place).await?;
        first.close().await.map_err(failed)?;
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options);
        Ok(SqliteDatabase {
            pool,
            directory: directory.to_owned(),
            place,
            turn: Arc::new(Mutex::new(())),
        })
    }
}

/// Makes the directory and the file, readable by nobody else.
fn prepare(directory: &Path, file: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    // SQLite gives the files beside it (`-wal`, `-shm`) the rights of this one.
    open_private(file).map(drop)
}

/// Opens a file for writing, made readable by nobody else if it is new.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn migrate(connection: &mut SqliteConnection, place: &str) -> Result<(), JournalError> {
    super::migrated(
        place,
        &MIGRATIONS,
        MIGRATIONS.run_direct(None, connection, false).await,
    )
}

/// Locks a file, trying until patience ends. The system unlocks it when the file is closed, also by
/// a crash.
async fn lock_file(file: File, directory: &Path, place: &str) -> Result<File, JournalError> {
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Busy {
                    place: place.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(JournalError::Directory {
                    path: directory.to_owned(),
                    source,
                });
            }
        }
    }
}

/// Runs what may block on the disk where it blocks nobody.
async fn in_the_background<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}

impl Database for SqliteDatabase {
    fn read(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'_, Result<Vec<Row>, JournalError>> {
        async move {
            let rows = bind!(sqlx::query(sql), values).fetch_all(&self.pool).await;
            rows.map(wrapped)
                .map_err(|error| JournalError::from_sqlx(&self.place, error))
        }
        .boxed()
    }

    fn write(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, JournalError>> {
        async move {
            let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).lock_owned())
                .await
                .map_err(|_| JournalError::Busy {
                    place: self.place.clone(),
                })?;
            // Immediate: a transaction that reads first and writes then could not wait for another.
            let inner = self
                .pool
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(|error| JournalError::from_sqlx(&self.place, error))?;
            let transaction = SqliteTransaction {
                inner,
                place: self.place.clone(),
                _turn: turn,
            };
            Ok(Box::new(transaction) as Box<dyn Transaction>)
        }
        .boxed()
    }

    fn lock_editing(&self) -> BoxFuture<'_, Result<Guard, JournalError>> {
        async move {
            let path = self.directory.join(EDITING);
            let file = in_the_background(move || open_private(&path))
                .await
                .map_err(|source| JournalError::Directory {
                    path: self.directory.clone(),
                    source,
                })?;
            let locked = lock_file(file, &self.directory, &self.place).await?;
            Ok(Box::new(locked) as Guard)
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.pool.close().boxed()
    }
}

struct SqliteTransaction {
    inner: sqlx::Transaction<'static, Sqlite>,
    place: String,
    _turn: OwnedMutexGuard<()>,
}

impl Transaction for SqliteTransaction {
    fn rows<'t>(
        &'t mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'t, Result<Vec<Row>, JournalError>> {
        async move {
            let rows = bind!(sqlx::query(sql), values)
                .fetch_all(&mut *self.inner)
                .await;
            rows.map(wrapped)
                .map_err(|error| JournalError::from_sqlx(&self.place, error))
        }
        .boxed()
    }

    fn run<'t>(
        &'t mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'t, Result<u64, JournalError>> {
        async move {
            let done = bind!(sqlx::query(sql), values)
                .execute(&mut *self.inner)
                .await;
            done.map(|done| done.rows_affected())
                .map_err(|error| JournalError::from_sqlx(&self.place, error))
        }
        .boxed()
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), JournalError>> {
        async move {
            let SqliteTransaction {
                inner,
                place,
                _turn,
            } = *self;
            inner
                .commit()
                .await
                .map_err(|error| JournalError::from_sqlx(&place, error))
        }
        .boxed()
    }
}

fn wrapped(rows: Vec<sqlx::sqlite::SqliteRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Sqlite).collect()
}
