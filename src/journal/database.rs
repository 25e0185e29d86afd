//! The two databases: one trait, two implementations, and the values that travel between.
//!
//! The trait is as narrow as it can be – SQL text and values in, rows out – so that every query is
//! written once and cannot differ between SQLite and PostgreSQL.

mod postgres;
mod sqlite;

use std::any::Any;

use futures::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

use super::{JournalError, Place};

pub(super) use postgres::PostgresDatabase;
pub(super) use sqlite::FILE;

/// A database that keeps journals.
pub(super) trait Database: Send + Sync {
    /// Runs one query outside of any transaction.
    fn read(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'_, Result<Vec<Row>, JournalError>>;

    /// Begins a transaction that excludes every other one begun here, in any process.
    fn write(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, JournalError>>;

    /// Waits until no process edits the knowledge; others wait until the guard is dropped, or the
    /// process that holds it ends, however it ends.
    fn lock_editing(&self) -> BoxFuture<'_, Result<Guard, JournalError>>;

    /// What only PostgreSQL can do.
    fn postgres(&self) -> Option<&PostgresDatabase> {
        None
    }

    /// Closes all connections.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Held while something is locked.
pub(super) type Guard = Box<dyn Any + Send + Sync>;

/// Statements that take effect together, or not at all when it is dropped before [`Transaction::commit`].
pub(super) trait Transaction: Send {
    /// Runs a statement and gives its rows.
    fn rows<'t>(
        &'t mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'t, Result<Vec<Row>, JournalError>>;

    /// Runs a statement and gives the number of rows it changed.
    fn run<'t>(
        &'t mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> BoxFuture<'t, Result<u64, JournalError>>;

    /// Makes it all take effect.
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), JournalError>>;
}

/// Opens the database at a place and brings its tables up to date.
pub(super) async fn open(place: &Place) -> Result<Box<dyn Database>, JournalError> {
    Ok(match place {
        Place::Sqlite(directory) => Box::new(sqlite::SqliteDatabase::open(directory).await?),
        Place::Postgres(address) => Box::new(PostgresDatabase::open(address).await?),
    })
}

/// A value of a statement. Typed even when it is null, which PostgreSQL wants to know.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident($value:ident) $made:expr;)+) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Value {
                Value::$variant($made)
            }
        }
    )+};
}

value_from! {
    i64 => Int(value) Some(value);
    Option<i64> => Int(value) value;
    &str => Text(value) Some(without_nul(value.to_owned()));
    String => Text(value) Some(without_nul(value));
    Option<String> => Text(value) value.map(without_nul);
    Option<&str> => Text(value) value.map(|value| without_nul(value.to_owned()));
}

/// PostgreSQL stores no NUL; no text loses anything without.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text
    }
}

/// The values of a statement: `values![id, "text"]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::journal::database::Value::from($value)),*] };
}
pub(super) use values;

/// Binds values to a query of either database.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::journal::database::Value::Int(value) => query.bind(value),
                $crate::journal::database::Value::Text(value) => query.bind(value),
            };
        }
        query
    }};
}
use bind;

/// A row of a result.
pub(super) enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

impl Row {
    /// The value of a column: `i64`, `String`, or an `Option` of them.
    pub(super) fn get<T>(&self, column: &'static str) -> Result<T, JournalError>
    where
        T: for<'r> Decode<'r, Sqlite>
            + Type<Sqlite>
            + for<'r> Decode<'r, Postgres>
            + Type<Postgres>,
    {
        match self {
            Row::Sqlite(row) => row.try_get(column),
            Row::Postgres(row) => row.try_get(column),
        }
        .map_err(|_| JournalError::Foreign { column })
    }

    /// A number that counts something.
    pub(super) fn count(&self, column: &'static str) -> Result<u64, JournalError> {
        u64::try_from(self.get::<i64>(column)?).map_err(|_| JournalError::Foreign { column })
    }

    /// A word out of a fixed list.
    pub(super) fn word<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<T, JournalError> {
        let word: String = self.get(column)?;
        word.parse().map_err(|_| JournalError::Foreign { column })
    }

    /// A word out of a fixed list, or none.
    pub(super) fn maybe_word<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, JournalError> {
        let word: Option<String> = self.get(column)?;
        word.map(|word| word.parse().map_err(|_| JournalError::Foreign { column }))
            .transpose()
    }
}

/// What became of bringing tables up to date.
fn migrated(
    place: &str,
    migrations: &Migrator,
    outcome: Result<(), MigrateError>,
) -> Result<(), JournalError> {
    let known = migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default();
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > known => JournalError::Newer {
            place: place.to_owned(),
            found,
            known,
        },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            JournalError::from_sqlx(place, error)
        }
        other => JournalError::Failed {
            place: place.to_owned(),
            source: Box::new(sqlx::Error::from(other)),
        },
    })
}
