//! A PostgreSQL server that goes away, comes back, refuses, or wants encryption.

use std::time::{Duration, Instant};

use cara_bot::date::Day;
use cara_bot::journal::{Event, How, Journal, JournalError, Noted, Page};
use cara_bot::lang::Lang;

use super::{closing, open, queue, runtime, unanswered, written};
use crate::support::postgres;

/// An interaction on Discord has three seconds in all.
const SOON: Duration = Duration::from_millis(2900);

#[test]
fn nothing_is_lost_while_the_database_is_away() {
    let Some(server) = postgres::own() else {
        return;
    };
    runtime().block_on(async {
        let journal = open(&postgres::place(&server.database().await)).await;
        let answered = written(
            journal
                .queue_question(unanswered("Who pays the hall?").tell(1))
                .await,
        );
        journal
            .close_question(answered, &closing(How::Taught))
            .await
            .unwrap();
        let claimed = journal.claim_askers(10).await.unwrap();

        server.stop();
        for n in 0..20 {
            let since = Instant::now();
            let noted = journal
                .queue_question(unanswered("Who drew the logo?").tell(n))
                .await;
            assert_eq!(noted, Noted::Waiting);
            assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
            journal.count(Event::asked(Lang::En));
        }
        journal.told(claimed[0].id).await;
        let error = journal
            .queue(Page::first())
            .await
            .expect_err("the server is gone");
        assert!(matches!(error, JournalError::Away { .. }), "{error:?}");
        assert_eq!(journal.waiting().questions, 20);

        tokio::task::block_in_place(|| server.start());
        let since = Instant::now();
        while journal.waiting() != Default::default() {
            assert!(
                since.elapsed() < Duration::from_secs(40),
                "{:?}",
                journal.waiting()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(
            queue(&journal).await,
            [("Who drew the logo?".to_owned(), 20)]
        );
        assert_eq!(
            journal
                .statistics(Day::MIN, Day::MAX)
                .await
                .unwrap()
                .total()
                .asked,
            20
        );
        assert_eq!(
            journal.claim_askers(10).await.unwrap(),
            [],
            "who was told is not told again"
        );
        assert_eq!(
            journal
                .question(answered)
                .await
                .unwrap()
                .unwrap()
                .question
                .askers,
            0
        );
    });
}

#[test]
fn database_may_come_after_the_bot() {
    let Some(server) = postgres::own() else {
        return;
    };
    runtime().block_on(async {
        let url = server.database().await;
        server.stop();
        let (journal, trouble) = Journal::start(postgres::place(&url)).await;
        let trouble = trouble.expect("the server is not there");
        assert!(matches!(trouble, JournalError::Away { .. }), "{trouble:?}");
        assert!(!format!("{trouble:?} {trouble}").contains(postgres::PASSWORD));
        assert_eq!(
            journal
                .queue_question(unanswered("Who drew the logo?"))
                .await,
            Noted::Waiting
        );
        tokio::task::block_in_place(|| server.start());
        journal.flush().await.expect("the server is there");
        assert_eq!(
            queue(&journal).await,
            [("Who drew the logo?".to_owned(), 1)]
        );
    });
}

/// Opens a journal at an address that does not work; the error, which never shows a password.
fn refused(change: impl Fn(&str) -> String) -> Option<JournalError> {
    let server = postgres::shared()?;
    let error = runtime()
        .block_on(Journal::open(postgres::place(&change(
            &server.url("postgres"),
        ))))
        .expect_err("it does not work");
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(postgres::PASSWORD) && !shown.contains("hunter2"),
        "{shown}"
    );
    Some(error)
}

#[test]
fn wrong_password_is_told_apart_without_being_shown() {
    let error = refused(|url| url.replace(postgres::PASSWORD, "hunter2"));
    assert!(error.is_none_or(|error| matches!(error, JournalError::Refused { .. })));
}

#[test]
fn database_that_is_not_there_is_told_apart() {
    let error = refused(|url| url.replace("/postgres?", "/nowhere?"));
    assert!(error.is_none_or(|error| matches!(error, JournalError::Refused { .. })));
}

#[test]
fn address_that_asks_for_encryption_is_not_served_without() {
    let error = refused(|url| url.replace("sslmode=disable", "sslmode=require"));
    assert!(error.is_none_or(|error| matches!(error, JournalError::Refused { .. })));
}
