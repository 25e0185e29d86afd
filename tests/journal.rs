//! The journal: what both databases must do is tested on both ([`on_both`]), what one does alone beside it.

mod askers;
mod documents;
mod opening;
mod program;
mod questions;
mod revisions;
mod sqlite;
mod statistics;
mod trouble;

use cara_bot::journal::{
    By, Change, Closing, FileChange, How, Journal, NewQuestion, NewRevision, Noted, Outcome, Page,
    Place, QuestionId, Reason, RevisionKind, Target,
};
use cara_bot::lang::Lang;

use crate::support::postgres;

/// Runs a test with a journal's place in a database of its own.
fn on_sqlite(test: impl AsyncFnOnce(Place)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime().block_on(test(Place::Sqlite(folder.path().join("data"))));
}

/// The same, where PostgreSQL is installed.
fn on_postgres(test: impl AsyncFnOnce(Place)) {
    let Some(server) = postgres::shared() else {
        return;
    };
    runtime().block_on(async {
        let url = server.database().await;
        test(postgres::place(&url)).await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// One test a database of each fact.
macro_rules! on_both {
    ($($fact:ident,)+) => {
        mod on_sqlite {
            $(#[test]
            fn $fact() {
                crate::journal::on_sqlite(super::$fact);
            })+
        }

        mod on_postgres {
            $(#[test]
            fn $fact() {
                crate::journal::on_postgres(super::$fact);
            })+
        }
    };
}

use on_both;

async fn open(place: &Place) -> Journal {
    Journal::open(place.clone())
        .await
        .expect("the journal opens")
}

/// A question the bot could not answer.
fn unanswered(text: &str) -> NewQuestion {
    NewQuestion::new(text, Lang::En, Outcome::Unknown, Reason::Unanswered)
}

/// Puts a question into the queue.
#[track_caller]
fn written(noted: Noted) -> QuestionId {
    match noted {
        Noted::Written(id) => id,
        other => panic!("{other:?}"),
    }
}

/// What is in the queue: text and count.
async fn queue(journal: &Journal) -> Vec<(String, u64)> {
    let queue = journal
        .queue(Page {
            offset: 0,
            size: 100,
        })
        .await
        .expect("the queue can be read");
    assert_eq!(queue.total, queue.questions.len() as u64);
    queue
        .questions
        .into_iter()
        .map(|question| (question.text, question.count))
        .collect()
}

fn closing(how: How) -> Closing {
    Closing {
        how,
        by: By::Moderator(7),
        word: None,
        fact: Some("fugato-created".to_owned()),
    }
}

/// A revision that changes a fact.
fn edit(kind: RevisionKind) -> NewRevision {
    NewRevision {
        by: By::Moderator(7),
        why: "the programme says so".to_owned(),
        kind,
        changes: vec![Change {
            target: Target::fact("fugato-created"),
            file: "facts/fugato.toml".to_owned(),
            before: Some("date = \"1997\"\n".to_owned()),
            after: Some("date = \"1998\"\n".to_owned()),
            behind: None,
        }],
        files: vec![
            FileChange {
                path: "facts/fugato.toml".to_owned(),
                before: Some("# old\n".to_owned()),
                after: Some("# new\n".to_owned()),
            },
            FileChange {
                path: "questions/taught.toml".to_owned(),
                before: None,
                after: Some("# taught\n".to_owned()),
            },
        ],
        undoes: None,
        question: None,
    }
}
