//! Documents that replicas share: written together or not at all, and followed within a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cara_bot::journal::{By, DocumentChange, Documents, DocumentsError, Place};
use cara_bot::knowledge::edit::Field;
use cara_bot::knowledge::{self, Folder};
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{Edit, Moderation, Store, follow};

use super::{open, runtime};
use crate::support::{postgres, small, today};

/// How soon a replica knows of a change.
const FOLLOWED: Duration = Duration::from_secs(1);

/// Runs a test with the documents of two replicas that share an empty database.
fn on_two_replicas(test: impl AsyncFnOnce(Documents, Documents)) {
    let Some(server) = postgres::shared() else {
        return;
    };
    runtime().block_on(async {
        let place = postgres::place(&server.database().await);
        let (one, two) = (open(&place).await, open(&place).await);
        test(one.documents().unwrap(), two.documents().unwrap()).await;
    });
}

fn change(path: &str, base: Option<u64>, content: Option<&str>) -> DocumentChange {
    DocumentChange {
        path: path.to_owned(),
        base,
        content: content.map(str::to_owned),
    }
}

#[test]
fn folder_that_is_pushed_is_the_base_that_is_read() {
    on_two_replicas(async |one, two| {
        assert_eq!(two.read().await.unwrap().generation, 0);
        assert_eq!(one.replace(&small()).await.unwrap(), 1);
        let read = two.read().await.unwrap();
        assert_eq!(read.generation, 1);
        let texts = |folder: &Folder| -> Vec<(String, Vec<u8>)> {
            folder
                .files
                .iter()
                .map(|file| (file.path.to_string(), file.bytes.clone()))
                .collect()
        };
        assert_eq!(texts(&read.folder()), texts(&small()));
        assert!(!knowledge::load(&read.folder(), today()).has_errors());
    });
}

#[test]
fn pushing_the_same_again_makes_no_generation() {
    on_two_replicas(async |one, two| {
        one.replace(&small()).await.unwrap();
        assert_eq!(two.replace(&small()).await.unwrap(), 1);
    });
}

#[test]
fn pushing_touches_what_differs_and_removes_what_is_gone() {
    on_two_replicas(async |one, _| {
        one.replace(&Folder::in_memory([
            ("facts/a.toml", "a"),
            ("facts/b.toml", "b"),
        ]))
        .await
        .unwrap();
        one.replace(&Folder::in_memory([
            ("facts/a.toml", "a"),
            ("facts/c.toml", "c"),
        ]))
        .await
        .unwrap();
        let read = one.read().await.unwrap();
        let versions: Vec<_> = read
            .documents
            .iter()
            .map(|one| (one.path.as_str(), one.version))
            .collect();
        assert_eq!(versions, [("facts/a.toml", 1), ("facts/c.toml", 2)]);
    });
}

#[test]
fn second_of_two_writers_is_refused_and_nothing_of_theirs_is_written() {
    on_two_replicas(async |one, two| {
        one.replace(&Folder::in_memory([
            ("facts/a.toml", "a"),
            ("facts/b.toml", "b"),
        ]))
        .await
        .unwrap();
        one.write(&[change("facts/a.toml", Some(1), Some("a by one"))])
            .await
            .unwrap();
        let theirs = [
            change("facts/b.toml", Some(1), Some("b by two")),
            change("facts/a.toml", Some(1), Some("a by two")),
            change("facts/new.toml", None, Some("new by two")),
        ];
        let error = two
            .write(&theirs)
            .await
            .expect_err("it is not as two has read it");
        assert_eq!(
            error.to_string(),
            "changed by somebody else meanwhile: facts/a.toml"
        );
        let DocumentsError::Conflict(conflicts) = error else {
            panic!("{error:?}")
        };
        assert_eq!((conflicts[0].read, conflicts[0].found), (Some(1), Some(2)));
        let read = one.read().await.unwrap();
        let texts: Vec<_> = read
            .documents
            .iter()
            .map(|one| one.content.as_str())
            .collect();
        assert_eq!((texts, read.generation), (vec!["a by one", "b"], 2));
    });
}

#[test]
fn document_that_is_there_or_gone_unexpectedly_is_a_conflict() {
    on_two_replicas(async |one, _| {
        one.replace(&Folder::in_memory([("facts/a.toml", "a")]))
            .await
            .unwrap();
        for unexpected in [
            change("facts/a.toml", None, Some("new")),
            change("facts/gone.toml", Some(1), Some("changed")),
            change("facts/gone.toml", Some(1), None),
        ] {
            let error = one
                .write(&[unexpected])
                .await
                .expect_err("it is not as it was read");
            assert!(matches!(error, DocumentsError::Conflict(_)), "{error:?}");
        }
        one.write(&[change("facts/a.toml", Some(1), None)])
            .await
            .expect("it is as it was read");
        assert_eq!(one.read().await.unwrap().documents, []);
    });
}

#[test]
fn of_many_writers_at_once_one_wins_each_round() {
    on_two_replicas(async |one, two| {
        one.replace(&Folder::in_memory([("facts/a.toml", "")]))
            .await
            .unwrap();
        let add = async |documents: &Documents, line: &str| {
            loop {
                let read = documents.read().await.unwrap();
                let document = read.document("facts/a.toml").expect("it is there");
                let text = format!("{}{line}\n", document.content);
                match documents
                    .write(&[change("facts/a.toml", Some(document.version), Some(&text))])
                    .await
                {
                    Ok(_) => return,
                    Err(DocumentsError::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let lines: Vec<String> = (0..10).map(|n| format!("# {n}")).collect();
        futures::future::join_all(
            lines
                .iter()
                .enumerate()
                .map(|(n, line)| add(if n % 2 == 0 { &one } else { &two }, line)),
        )
        .await;
        let read = one.read().await.unwrap();
        let mut written: Vec<&str> = read.documents[0].content.lines().collect();
        written.sort_unstable();
        assert_eq!(written, lines, "no line overwrote another");
    });
}

#[test]
fn stray_path_is_refused() {
    on_two_replicas(async |one, _| {
        for path in [
            "../facts/a.toml",
            "notes.toml",
            "facts/.hidden.toml",
            "facts/a.txt",
        ] {
            let error = one
                .write(&[change(path, None, Some(""))])
                .await
                .expect_err(path);
            assert!(
                matches!(error, DocumentsError::NotKnowledge(_)),
                "{path}: {error:?}"
            );
        }
    });
}

#[test]
fn replica_follows_a_change_within_a_second() {
    on_two_replicas(async |one, two| {
        let mut followed = two.listen(0);
        one.replace(&small()).await.unwrap();
        assert_eq!(
            followed.next().await,
            1,
            "what was written before it listened"
        );
        for generation in 2..5 {
            let next = tokio::spawn(async move {
                let next = followed.next().await;
                (next, Instant::now(), followed)
            });
            tokio::time::sleep(Duration::from_millis(30)).await;
            let read = one.read().await.unwrap();
            let document = &read.documents[0];
            let text = format!("{}\n", document.content);
            one.write(&[change(&document.path, Some(document.version), Some(&text))])
                .await
                .unwrap();
            let written = Instant::now();
            let (next, seen, listener) = next.await.unwrap();
            assert_eq!(next, generation);
            assert!(seen.saturating_duration_since(written) < FOLLOWED);
            followed = listener;
        }
    });
}

#[test]
fn replica_catches_up_after_its_connection_was_lost() {
    let Some(server) = postgres::own() else {
        return;
    };
    runtime().block_on(async {
        let place = postgres::place(&server.database().await);
        let (one, two) = (
            open(&place).await.documents().unwrap(),
            open(&place).await.documents().unwrap(),
        );
        one.replace(&small()).await.unwrap();
        let mut followed = two.listen(1);
        let next = tokio::spawn(async move { followed.next().await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        tokio::task::block_in_place(|| {
            server.stop();
            server.start();
        });
        // Written perhaps before the listener is back: nobody tells it.
        one.replace(&Folder::in_memory([("facts/a.toml", "a")]))
            .await
            .unwrap();
        let next = tokio::time::timeout(Duration::from_secs(10), next)
            .await
            .expect("it catches up");
        assert_eq!(next.unwrap(), 2);
    });
}

#[test]
fn file_on_disk_shares_nothing() {
    runtime().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(&Place::Sqlite(folder.path().to_owned())).await;
        assert!(matches!(
            journal.documents(),
            Err(DocumentsError::NotShared)
        ));
    });
}

#[test]
fn edit_on_one_replica_is_served_by_the_other_within_a_second() {
    on_two_replicas(async |one, two| {
        one.replace(&small()).await.unwrap();
        let live = || {
            let snapshot = Snapshot::load(&small(), Scrutiny::Valid, today())
                .expect("the small base is right");
            Arc::new(Live::new(snapshot))
        };
        let (here, there) = (live(), live());
        let (served, mut reloaded) = tokio::sync::mpsc::unbounded_channel();
        let following = tokio::spawn(follow(Arc::clone(&there), two, move |result| {
            served
                .send((result.is_ok(), Instant::now()))
                .expect("somebody listens");
        }));
        let moderation = Moderation::new(here, Store::Shared(one.clone()), one.journal().clone());
        let review = "review"
            .parse::<Field>()
            .unwrap()
            .typed("2031-01-01")
            .unwrap();
        let edit = Edit::SetFact {
            fact: "rehearsals".to_owned(),
            settings: vec![review],
        };
        let preview = moderation.preview(edit.into(), today()).await.unwrap();
        moderation
            .confirm(preview.id, By::Operator, "", today())
            .await
            .unwrap();
        let confirmed = Instant::now();

        let (accepted, seen) = reloaded.recv().await.expect("it follows");
        assert!(accepted);
        assert!(seen.saturating_duration_since(confirmed) < FOLLOWED);
        let current = there.current();
        let knowledge = current.engine.knowledge();
        let fact = &knowledge[knowledge.find_fact("rehearsals").unwrap()];
        assert_eq!(
            fact.review.map(|date| date.to_string()).as_deref(),
            Some("2031-01-01")
        );
        following.abort();
    });
}
