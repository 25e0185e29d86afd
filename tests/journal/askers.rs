//! Those who asked: told once, and forgotten when they wish it or when it is time.

use std::collections::BTreeSet;
use std::time::Duration;

use cara_bot::journal::{By, How, Moment, Place, RevisionKind};

use super::{closing, edit, on_both, open, queue, unanswered, written};

on_both! {
    askers_are_told_once_by_one_of_two_processes,
    asker_who_could_not_be_told_is_told_later,
    nobody_is_told_of_a_dropped_question,
    forgetting_a_user_leaves_no_trace_of_them,
    purging_removes_what_is_old_and_nothing_else,
}

async fn askers_are_told_once_by_one_of_two_processes(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let id = written(
        one.queue_question(unanswered("Who drew the logo?").tell(1))
            .await,
    );
    for user in [1, 2, u64::MAX] {
        one.queue_question(unanswered("Who drew the logo?").tell(user))
            .await;
    }
    one.queue_question(unanswered("Is this one still open?").tell(9))
        .await;
    assert_eq!(
        one.claim_askers(10).await.unwrap(),
        [],
        "nothing is answered yet"
    );
    one.close_question(id, &closing(How::Taught)).await.unwrap();

    let (by_one, by_two) = tokio::join!(one.claim_askers(2), two.claim_askers(10));
    let claimed = [by_one.unwrap(), by_two.unwrap()].concat();
    let users: BTreeSet<u64> = claimed.iter().map(|asker| asker.user).collect();
    assert_eq!(users, BTreeSet::from([1, 2, u64::MAX]));
    assert_eq!(claimed.len(), 3, "each once");
    assert_eq!(claimed[0].text, "Who drew the logo?");
    assert_eq!(claimed[0].closed.fact.as_deref(), Some("fugato-created"));
    for asker in &claimed {
        two.told(asker.id).await;
    }
    assert_eq!(one.claim_askers(10).await.unwrap(), []);
    assert_eq!(
        one.question(id).await.unwrap().unwrap().question.askers,
        0,
        "and forgotten"
    );
}

async fn asker_who_could_not_be_told_is_told_later(place: Place) {
    let journal = open(&place).await;
    let id = written(
        journal
            .queue_question(unanswered("Who drew the logo?").tell(1))
            .await,
    );
    journal
        .close_question(id, &closing(How::Answered))
        .await
        .unwrap();
    let claimed = journal.claim_askers(10).await.unwrap();
    assert_eq!(journal.claim_askers(10).await.unwrap(), []);
    journal.not_told(claimed[0].id).await.unwrap();
    assert_eq!(journal.claim_askers(10).await.unwrap(), claimed);
}

async fn nobody_is_told_of_a_dropped_question(place: Place) {
    let journal = open(&place).await;
    let id = written(journal.queue_question(unanswered("asdf jkl").tell(1)).await);
    journal
        .close_question(id, &closing(How::Dropped))
        .await
        .unwrap();
    assert_eq!(journal.claim_askers(10).await.unwrap(), []);
}

async fn forgetting_a_user_leaves_no_trace_of_them(place: Place) {
    let journal = open(&place).await;
    let id = written(
        journal
            .queue_question(unanswered("Who drew the logo?").tell(7))
            .await,
    );
    journal
        .queue_question(unanswered("Who drew the logo?").tell(8))
        .await;
    let lock = journal.lock_editing().await.unwrap();
    let revision = journal
        .begin_revision(&lock, &edit(RevisionKind::Edit))
        .await
        .unwrap();
    journal.finish_revision(revision, Some(2)).await.unwrap();
    journal
        .close_question(id, &closing(How::Taught))
        .await
        .unwrap();

    let forgotten = journal.forget(7).await.unwrap();
    assert_eq!((forgotten.askers, forgotten.signatures), (1, 2));
    assert_eq!(journal.revision(revision).await.unwrap().by, By::Forgotten);
    let closed = journal
        .question(id)
        .await
        .unwrap()
        .unwrap()
        .question
        .closed
        .unwrap();
    assert_eq!(closed.by, By::Forgotten);
    let told: Vec<u64> = journal
        .claim_askers(10)
        .await
        .unwrap()
        .iter()
        .map(|asker| asker.user)
        .collect();
    assert_eq!(told, [8]);
    assert_eq!(journal.forget(7).await.unwrap(), Default::default());
}

async fn purging_removes_what_is_old_and_nothing_else(place: Place) {
    let journal = open(&place).await;
    let day = Duration::from_secs(86_400);
    let mut old = unanswered("Who drew the logo?")
        .tell(1)
        .proposal("wrong", None);
    old.at = Moment::now().before(100 * day);
    let mut asked_again = unanswered("Who pays the hall?");
    asked_again.at = old.at;
    let old = written(journal.queue_question(old).await);
    journal.queue_question(asked_again).await;
    journal
        .queue_question(unanswered("Who pays the hall?"))
        .await;

    let purged = journal.purge(Moment::now().before(90 * day)).await.unwrap();
    assert_eq!(purged.questions, 1);
    assert_eq!(journal.question(old).await.unwrap(), None);
    assert_eq!(
        queue(&journal).await,
        [("Who pays the hall?".to_owned(), 2)]
    );
    assert_eq!(
        journal.forget(1).await.unwrap().askers,
        0,
        "askers go with their question"
    );
}
