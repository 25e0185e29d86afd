//! PostgreSQL: one database that replicas on several machines share.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, Postgres};

use super::{Database, Guard, Row, Transaction, Value, bind};
use crate::journal::{JournalError, PostgresAddress};

/// How long connecting may take. An interaction on Discord has three seconds in all.
const PATIENCE: Duration = Duration::from_millis(2500);
/// The last connections are for readers; writers take turns anyway.
const CONNECTIONS: u32 = 6;
/// Limits on the server's side, so that no lost client holds up the others: a statement, waiting for
/// a turn, and doing nothing in the middle of a transaction.
const LIMITS: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '20s'";

static MIGRATIONS: Migrator = sqlx::migrate!("src/journal/migrations/postgres");

/// A PostgreSQL database.
pub(in crate::journal) struct PostgresDatabase {
    pool: PgPool,
    options: PgConnectOptions,
    place: String,
}

impl PostgresDatabase {
    pub(in crate::journal) async fn open(
        address: &PostgresAddress,
    ) -> Result<PostgresDatabase, JournalError> {
        let place = address.to_string();
        let options = address.options().clone();
        // By itself, since a pool that cannot connect keeps the reason to itself.
        let mut first = connect(&options, &place).await?;
        super::migrated(
            &place,
            &MIGRATIONS,
            MIGRATIONS.run_direct(None, &mut first, false).await,
        )?;
        first
            .close()
            .await
            .map_err(|error| JournalError::from_sqlx(&place, error))?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| {
                async move { connection.execute(LIMITS).await.map(drop) }.boxed()
            })
            .connect_lazy_with(options.clone());
        Ok(PostgresDatabase {
            pool,
            options,
            place,
        })
    }

    /// Where it is, for errors.
    pub(in crate::journal) fn place(&self) -> &str {
        &self.place
    }

    /// A connection of one's own, outside of the pool.
    pub(in crate::journal) async fn connect(&self) -> Result<PgConnection, JournalError> {
        connect(&self.options, &self.place).await
    }

    /// How to connect.
    pub(in crate::journal) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

async fn connect(options: &PgConnectOptions, place: &str) -> Result<PgConnection, JournalError> {
    match tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await {
        Ok(connected) => connected.map_err(|error| JournalError::from_sqlx(place, error)),
        Err(_) => Err(JournalError::from_sqlx(place, sqlx::Error::PoolTimedOut)),
    }
}

impl Database for PostgresDatabase {
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
            let failed = |error| JournalError::from_sqlx(&self.place, error);
            let mut inner = self.pool.begin().await.map_err(failed)?;
            // "cara-bot" of its own kind: the journal's writers.
            inner
                .execute("SELECT pg_advisory_xact_lock(1667330657, 1)")
                .await
                .map_err(failed)?;
            let transaction = PostgresTransaction {
                inner,
                place: self.place.clone(),
            };
            Ok(Box::new(transaction) as Box<dyn Transaction>)
        }
        .boxed()
    }

    fn lock_editing(&self) -> BoxFuture<'_, Result<Guard, JournalError>> {
        async move {
            // The lock belongs to the connection: the server frees it when that is gone.
            let mut connection = self.connect().await?;
            let failed = |error| JournalError::from_sqlx(&self.place, error);
            connection.execute(LIMITS).await.map_err(failed)?;
            connection
                .execute("SELECT pg_advisory_lock(1667330657, 2)")
                .await
                .map_err(failed)?;
            Ok(Box::new(std::sync::Mutex::new(connection)) as Guard)
        }
        .boxed()
    }

    fn postgres(&self) -> Option<&PostgresDatabase> {
        Some(self)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.pool.close().boxed()
    }
}

struct PostgresTransaction {
    inner: sqlx::Transaction<'static, Postgres>,
    place: String,
}

impl Transaction for PostgresTransaction {
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
            let PostgresTransaction { inner, place } = *self;
            inner
                .commit()
                .await
                .map_err(|error| JournalError::from_sqlx(&place, error))
        }
        .boxed()
    }
}

fn wrapped(rows: Vec<sqlx::postgres::PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Postgres).collect()
}
