//! Revisions: written ahead, finished or abandoned, undone, by one process at a time.

use std::time::Duration;

use cara_bot::journal::{
    By, ContentHash, How, JournalError, NewRevision, Place, QuestionId, RevisionId, RevisionKind,
    RevisionState,
};

use super::{edit, on_both, open, queue, unanswered, written};

on_both! {
    revision_is_pending_until_it_is_finished,
    abandoned_revision_is_in_no_history,
    revision_knows_what_it_undoes_and_what_undoes_it,
    finishing_a_revision_closes_the_question_it_settles,
    only_one_process_edits_at_a_time,
}

async fn revision_is_pending_until_it_is_finished(place: Place) {
    let journal = open(&place).await;
    let new = edit(RevisionKind::Edit);
    let id = {
        let lock = journal.lock_editing().await.unwrap();
        journal.begin_revision(&lock, &new).await.unwrap()
    };
    // As if the process had ended here.
    let journal = open(&place).await;
    let lock = journal.lock_editing().await.unwrap();
    let pending = journal.pending(&lock).await.unwrap();
    let [found] = &pending[..] else {
        panic!("{pending:?}")
    };
    assert_eq!(
        (found.revision.id, found.revision.state),
        (id, RevisionState::Pending)
    );
    assert_eq!(
        found.files, new.files,
        "all it takes to complete it or to take it back"
    );
    assert_eq!(journal.history("fugato-created").await.unwrap(), []);

    journal.finish_revision(id, Some(41)).await.unwrap();
    assert_eq!(journal.pending(&lock).await.unwrap(), []);
    let history = journal.history("fugato-created").await.unwrap();
    let [revision] = &history[..] else {
        panic!("{history:?}")
    };
    assert_eq!(revision.changes, new.changes);
    assert_eq!(
        (revision.by, revision.why.as_str()),
        (By::Moderator(7), "the programme says so")
    );
    assert_eq!(
        (revision.state, revision.generation),
        (RevisionState::Done, Some(41))
    );
    let files: Vec<_> = revision
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.before, file.after))
        .collect();
    let hash = |text: &str| Some(ContentHash::of(text));
    assert_eq!(
        files,
        [
            ("facts/fugato.toml", hash("# old\n"), hash("# new\n")),
            ("questions/taught.toml", None, hash("# taught\n")),
        ]
    );
    for again in [
        journal.finish_revision(id, None).await,
        journal.abandon_revision(id, "").await,
    ] {
        assert!(
            matches!(again, Err(JournalError::NotPending(_))),
            "{again:?}"
        );
    }
    let missing = journal.finish_revision(RevisionId(999), None).await;
    assert!(
        matches!(missing, Err(JournalError::NoRevision(_))),
        "{missing:?}"
    );
}

async fn abandoned_revision_is_in_no_history(place: Place) {
    let journal = open(&place).await;
    let lock = journal.lock_editing().await.unwrap();
    let id = journal
        .begin_revision(&lock, &edit(RevisionKind::Edit))
        .await
        .unwrap();
    journal
        .abandon_revision(id, "a golden question fails")
        .await
        .unwrap();
    assert_eq!(journal.history("fugato-created").await.unwrap(), []);
    assert_eq!(journal.pending(&lock).await.unwrap(), []);
    let revision = journal.revision(id).await.unwrap();
    assert_eq!(revision.trouble.as_deref(), Some("a golden question fails"));
    let all = journal.revisions(RevisionId(0), 10).await.unwrap();
    assert_eq!(all, [revision], "but the journal remembers it");
}

async fn revision_knows_what_it_undoes_and_what_undoes_it(place: Place) {
    let journal = open(&place).await;
    let lock = journal.lock_editing().await.unwrap();
    let mut ids = Vec::new();
    for undoes in [None, Some(0), Some(1)] {
        let new = NewRevision {
            undoes: undoes.map(|at: usize| ids[at]),
            ..edit(if undoes.is_some() {
                RevisionKind::Undo
            } else {
                RevisionKind::Edit
            })
        };
        let id = journal.begin_revision(&lock, &new).await.unwrap();
        journal.finish_revision(id, None).await.unwrap();
        ids.push(id);
    }
    let history = journal.history("fugato-created").await.unwrap();
    let chain: Vec<_> = history
        .iter()
        .map(|revision| (revision.id, revision.undoes, revision.undone_by))
        .collect();
    assert_eq!(
        chain,
        [
            (ids[2], Some(ids[1]), None),
            (ids[1], Some(ids[0]), Some(ids[2])),
            (ids[0], None, Some(ids[1])),
        ]
    );
}

async fn finishing_a_revision_closes_the_question_it_settles(place: Place) {
    let journal = open(&place).await;
    let lock = journal.lock_editing().await.unwrap();
    for (kind, how) in [
        (RevisionKind::Teach, How::Taught),
        (RevisionKind::Add, How::Answered),
        (RevisionKind::Refuse, How::Refused),
    ] {
        let id = written(
            journal
                .queue_question(unanswered("Who drew the logo?").tell(1))
                .await,
        );
        let new = NewRevision {
            question: Some(id),
            ..edit(kind)
        };
        let revision = journal.begin_revision(&lock, &new).await.unwrap();
        assert_eq!(queue(&journal).await.len(), 1, "not before it is finished");
        journal.finish_revision(revision, None).await.unwrap();
        assert_eq!(queue(&journal).await, []);
        let told = journal.claim_askers(10).await.unwrap();
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].closed.how, told[0].closed.by),
            (how, By::Moderator(7))
        );
        assert_eq!(told[0].closed.fact.as_deref(), Some("fugato-created"));
    }
    let gone = NewRevision {
        question: Some(QuestionId(999)),
        ..edit(RevisionKind::Teach)
    };
    let revision = journal.begin_revision(&lock, &gone).await.unwrap();
    journal
        .finish_revision(revision, None)
        .await
        .expect("a question that was purged meanwhile is no obstacle");
}

async fn only_one_process_edits_at_a_time(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let lock = one.lock_editing().await.unwrap();
    let waiting = tokio::spawn({
        let two = two.clone();
        async move { two.lock_editing().await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the lock is held");
    drop(lock);
    let lock = waiting.await.unwrap().expect("the lock is free");
    let error = one.lock_editing().await.expect_err("nobody waits for ever");
    assert!(matches!(error, JournalError::Busy { .. }), "{error}");
    drop(lock);
    one.lock_editing().await.expect("the lock is free");
}
