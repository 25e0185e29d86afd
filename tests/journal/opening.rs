//! Opening a journal: once more, by several at once, and one made by a newer program.

use cara_bot::date::Day;
use cara_bot::journal::{Event, Journal, JournalError, Place};
use cara_bot::lang::Lang;

use super::{on_both, open, queue, unanswered};
use crate::support::postgres;

on_both! {
    journal_is_there_after_a_restart,
    processes_that_start_at_once_share_one_journal,
    tables_of_a_newer_version_are_refused,
}

async fn journal_is_there_after_a_restart(place: Place) {
    let journal = open(&place).await;
    journal
        .queue_question(unanswered("Who drew the logo?"))
        .await;
    journal.count(Event::asked(Lang::En));
    let left = journal.close().await;
    assert_eq!((left.questions, left.events), (0, 0));
    drop(journal);
    let journal = open(&place).await;
    assert_eq!(
        queue(&journal).await,
        [("Who drew the logo?".to_owned(), 1)]
    );
    assert_eq!(
        journal
            .statistics(Day::MIN, Day::MAX)
            .await
            .unwrap()
            .total()
            .asked,
        1
    );
}

async fn processes_that_start_at_once_share_one_journal(place: Place) {
    let starting: Vec<_> = (0..8)
        .map(|_| tokio::spawn(Journal::open(place.clone())))
        .collect();
    for (n, opened) in starting.into_iter().enumerate() {
        let journal = opened.await.unwrap().expect("the tables are made once");
        journal
            .queue_question(unanswered(&format!("Question number {n}?")))
            .await;
    }
    assert_eq!(queue(&open(&place).await).await.len(), 8);
}

async fn tables_of_a_newer_version_are_refused(place: Place) {
    drop(open(&place).await);
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (999, 'newer', TRUE, 'x', 0)";
    run_sql(&place, newer).await;
    let error = Journal::open(place).await.expect_err("it is newer");
    assert!(
        matches!(error, JournalError::Newer { found: 999, .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("newer version of cara-bot"),
        "{error}"
    );
}

/// Does something to the database that no journal does.
async fn run_sql(place: &Place, sql: &'static str) {
    use sqlx::{Connection as _, Executor as _};
    match place {
        Place::Sqlite(directory) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(directory.join("journal.sqlite"));
            let mut connection = sqlx::SqliteConnection::connect_with(&options)
                .await
                .unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
        Place::Postgres(address) => {
            let mut connection = sqlx::PgConnection::connect_with(&postgres::options(address))
                .await
                .unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
