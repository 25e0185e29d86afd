//! The journal, on both databases: every fact below is tested on SQLite and on PostgreSQL.

mod documents;
mod program;
mod sqlite;
mod trouble;

use std::collections::BTreeSet;
use std::time::Duration;

use cara_bot::date::Day;
use cara_bot::journal::{
    By, Change, Closing, ContentHash, Event, FileChange, How, Journal, JournalError, Moment,
    NewQuestion, NewRevision, Noted, Outcome, Page, Place, QuestionId, Reason, RevisionId,
    RevisionKind, RevisionState, Target, Vote,
};
use cara_bot::lang::Lang;

use crate::support::{postgres, small, today};

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
                super::on_sqlite(super::$fact);
            })+
        }

        mod on_postgres {
            $(#[test]
            fn $fact() {
                super::on_postgres(super::$fact);
            })+
        }
    };
}

on_both! {
    question_asked_again_is_counted_and_not_listed,
    what_is_added_to_a_question_is_not_asked_once_more,
    misspelt_question_is_kept_as_a_wording_of_the_first,
    question_in_another_language_is_another_question,
    queue_is_paged_with_the_most_asked_first,
    queue_keeps_no_mentions_and_no_more_than_fits,
    question_without_words_is_told_by_its_facts,
    any_text_can_be_kept,
    askers_of_one_question_at_once_are_all_counted,
    closed_question_leaves_the_queue_and_is_new_when_asked_again,
    question_can_be_closed_once,
    askers_are_told_once_by_one_of_two_processes,
    asker_who_could_not_be_told_is_told_later,
    nobody_is_told_of_a_dropped_question,
    proposals_are_kept_with_their_question,
    forgetting_a_user_leaves_no_trace_of_them,
    purging_removes_what_is_old_and_nothing_else,
    events_of_two_processes_are_counted_together,
    facts_never_answered_are_known,
    revision_is_pending_until_it_is_finished,
    abandoned_revision_is_in_no_history,
    revision_knows_what_it_undoes_and_what_undoes_it,
    finishing_a_revision_closes_the_question_it_settles,
    only_one_process_edits_at_a_time,
    journal_is_there_after_a_restart,
    processes_that_start_at_once_share_one_journal,
    tables_of_a_newer_version_are_refused,
}

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

async fn question_asked_again_is_counted_and_not_listed(place: Place) {
    let journal = open(&place).await;
    let mut first = unanswered("Who drew the logo of Fugato?");
    first.at = Moment::from_unix(1000);
    let mut again = NewQuestion::new(
        "who drew the LOGO of fugato",
        Lang::En,
        Outcome::Offer,
        Reason::Sent,
    )
    .facts(["fugato-created", "rehearsals"]);
    again.at = Moment::from_unix(2000);
    let id = written(journal.queue_question(first).await);
    assert_eq!(written(journal.queue_question(again).await), id);
    let queue = journal.queue(Page::first()).await.unwrap();
    let [question] = &queue.questions[..] else {
        panic!("{queue:?}")
    };
    assert_eq!(question.text, "Who drew the logo of Fugato?");
    assert_eq!(
        (question.count, question.unanswered, question.sent),
        (2, 1, 1)
    );
    assert_eq!((question.first.unix(), question.last.unix()), (1000, 2000));
    assert_eq!(question.outcome, Outcome::Offer);
    assert_eq!(question.facts, ["fugato-created", "rehearsals"]);
    assert_eq!(question.wordings, 1);
}

async fn what_is_added_to_a_question_is_not_asked_once_more(place: Place) {
    let journal = open(&place).await;
    let text = "Who drew the logo of Fugato?";
    let first = unanswered(text).facts(["fugato-created"]);
    let id = written(journal.queue_question(first).await);
    let wish = NewQuestion::new(text, Lang::En, Outcome::Answer, Reason::Sent).tell(7);
    assert_eq!(written(journal.queue_question(wish.more()).await), id);
    let said = NewQuestion::new(text, Lang::En, Outcome::Answer, Reason::NotRight);
    let said = said.proposal("it was a contest", None).more();
    assert_eq!(written(journal.queue_question(said).await), id);
    let details = journal.question(id).await.unwrap().expect("it is there");
    let question = details.question;
    assert_eq!((question.count, question.unanswered), (1, 1));
    assert_eq!((question.sent, question.not_right), (0, 0));
    assert_eq!(question.outcome, Outcome::Unknown);
    assert_eq!(question.facts, ["fugato-created"]);
    assert_eq!(details.proposals.len(), 1);
    // What is no longer in the queue is put there.
    let alone = NewQuestion::new("And its colours?", Lang::En, Outcome::Unknown, Reason::Sent);
    written(journal.queue_question(alone.tell(7).more()).await);
    assert_eq!(queue(&journal).await.len(), 2);
}

async fn misspelt_question_is_kept_as_a_wording_of_the_first(place: Place) {
    let journal = open(&place).await;
    let id = written(
        journal
            .queue_question(unanswered("Who drew the logo of Fugato?"))
            .await,
    );
    for text in [
        "who drew the logo of Fugatto",
        "who drew teh logo of fugatto?",
    ] {
        assert_eq!(
            written(journal.queue_question(unanswered(text)).await),
            id,
            "{text}"
        );
    }
    let other = written(
        journal
            .queue_question(unanswered("Who pays the logo of Fugato?"))
            .await,
    );
    assert_ne!(other, id);
    let details = journal.question(id).await.unwrap().expect("it is there");
    assert_eq!(details.question.count, 3);
    let wordings: Vec<&str> = details
        .wordings
        .iter()
        .map(|wording| wording.text.as_str())
        .collect();
    assert_eq!(wordings.len(), 3, "{wordings:?}");
    assert!(
        wordings.contains(&"who drew the logo of Fugatto"),
        "{wordings:?}"
    );
}

async fn question_in_another_language_is_another_question(place: Place) {
    let journal = open(&place).await;
    let text = "logo Fugato";
    let english = written(journal.queue_question(unanswered(text)).await);
    let french = NewQuestion::new(text, Lang::Fr, Outcome::Unknown, Reason::Unanswered);
    assert_ne!(written(journal.queue_question(french).await), english);
}

async fn queue_is_paged_with_the_most_asked_first(place: Place) {
    let journal = open(&place).await;
    let texts = [
        "alpha",
        "bravo bravo",
        "charlie x charlie",
        "delta y delta delta",
    ];
    for (n, text) in texts.iter().enumerate() {
        for _ in 0..=n {
            journal.queue_question(unanswered(text)).await;
        }
    }
    let page = async |offset| {
        let queue = journal.queue(Page { offset, size: 3 }).await.unwrap();
        assert_eq!(queue.total, 4);
        queue
            .questions
            .into_iter()
            .map(|question| question.count)
            .collect::<Vec<_>>()
    };
    assert_eq!(page(0).await, [4, 3, 2]);
    assert_eq!(page(3).await, [1]);
    assert!(page(6).await.is_empty());
}

async fn queue_keeps_no_mentions_and_no_more_than_fits(place: Place) {
    let journal = open(&place).await;
    journal
        .queue_question(unanswered("<@123456789012345678> **who** drew the logo?"))
        .await;
    assert_eq!(queue(&journal).await[0].0, "who drew the logo?");
    let id = written(
        journal
            .queue_question(unanswered(&"é".repeat(50_000)))
            .await,
    );
    let details = journal.question(id).await.unwrap().expect("it is there");
    assert_eq!(details.question.text.chars().count(), 4000);
}

async fn question_without_words_is_told_by_its_facts(place: Place) {
    let journal = open(&place).await;
    let vote = |fact: &str| {
        NewQuestion::new("", Lang::En, Outcome::Answer, Reason::NotRight).facts([fact])
    };
    let id = written(journal.queue_question(vote("rehearsals")).await);
    assert_eq!(
        written(journal.queue_question(vote("rehearsals")).await),
        id
    );
    assert_ne!(
        written(journal.queue_question(vote("fugato-created")).await),
        id
    );
}

async fn any_text_can_be_kept(place: Place) {
    let journal = open(&place).await;
    let texts = [
        "nul \0 inside",
        "'; DROP TABLE questions; --",
        "\u{202e}backwards\u{feff}",
        "🚗🇫🇷 é \u{300}\u{300}\u{300}",
        "$1 %s {} \\x00 \"quoted\"",
        "???",
        "\n\n\r\n",
    ];
    for text in texts {
        let question = unanswered(text)
            .facts([text])
            .proposal(text, Some(text))
            .tell(u64::MAX);
        written(journal.queue_question(question).await);
        let event = Event {
            fact: Some(text.to_owned()),
            ..Event::asked(Lang::Fr)
        };
        journal.count(event);
    }
    journal.flush().await.unwrap();
    assert!(!queue(&journal).await.is_empty());
    assert_eq!(journal.waiting().lost, 0);
}

async fn askers_of_one_question_at_once_are_all_counted(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let asked = (0..40).map(|n| {
        let journal = if n % 2 == 0 { one.clone() } else { two.clone() };
        let text = if n % 3 == 0 {
            "Who drew the logo of Fugato?"
        } else {
            "who drew the logo of fugatto"
        };
        tokio::spawn(async move { journal.queue_question(unanswered(text).tell(n)).await })
    });
    for noted in asked.collect::<Vec<_>>() {
        noted.await.unwrap();
    }
    one.flush().await.unwrap();
    two.flush().await.unwrap();
    let queue = one.queue(Page::first()).await.unwrap();
    let [question] = &queue.questions[..] else {
        panic!("{queue:?}")
    };
    assert_eq!(
        (question.count, question.askers, question.wordings),
        (40, 40, 2)
    );
}

async fn closed_question_leaves_the_queue_and_is_new_when_asked_again(place: Place) {
    let journal = open(&place).await;
    let id = written(
        journal
            .queue_question(unanswered("Who drew the logo?"))
            .await,
    );
    journal
        .close_question(id, &closing(How::Refused))
        .await
        .unwrap();
    assert_eq!(queue(&journal).await, []);
    let closed = journal
        .question(id)
        .await
        .unwrap()
        .unwrap()
        .question
        .closed
        .expect("it is closed");
    assert_eq!((closed.how, closed.by), (How::Refused, By::Moderator(7)));
    let again = written(
        journal
            .queue_question(unanswered("who drew the logo"))
            .await,
    );
    assert_ne!(again, id);
    assert_eq!(queue(&journal).await, [("who drew the logo".to_owned(), 1)]);
}

async fn question_can_be_closed_once(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let id = written(one.queue_question(unanswered("Who drew the logo?")).await);
    one.close_question(id, &closing(How::Taught)).await.unwrap();
    let error = two
        .close_question(id, &closing(How::Dropped))
        .await
        .unwrap_err();
    assert!(
        matches!(error, JournalError::AlreadyClosed(other) if other == id),
        "{error}"
    );
    let error = two
        .close_question(QuestionId(999), &closing(How::Dropped))
        .await
        .unwrap_err();
    assert!(matches!(error, JournalError::NoQuestion(_)), "{error}");
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

async fn proposals_are_kept_with_their_question(place: Place) {
    let journal = open(&place).await;
    let wrong = |text: &str, source| {
        NewQuestion::new(
            "When was Fugato founded?",
            Lang::En,
            Outcome::Answer,
            Reason::NotRight,
        )
        .facts(["fugato-created"])
        .proposal(text, source)
    };
    let id = written(
        journal
            .queue_question(wrong(
                "It was 1997.",
                Some("https://fugato.example/history"),
            ))
            .await,
    );
    journal.queue_question(wrong("No, 1998!", None)).await;
    let details = journal.question(id).await.unwrap().expect("it is there");
    assert_eq!(
        (details.question.proposals, details.question.not_right),
        (2, 2)
    );
    let proposals: Vec<_> = details
        .proposals
        .iter()
        .map(|one| (one.wrong.as_str(), one.source.as_deref()))
        .collect();
    assert_eq!(
        proposals,
        [
            ("No, 1998!", None),
            ("It was 1997.", Some("https://fugato.example/history"))
        ]
    );
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

async fn events_of_two_processes_are_counted_together(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let day = |event: Event, day| Event {
        day: Day::new(2026, 11, day).unwrap(),
        ..event
    };
    for journal in [&one, &two] {
        for _ in 0..3 {
            journal.count(day(Event::asked(Lang::En), 21));
            journal.count(day(Event::answered("rehearsals", Lang::En), 21));
        }
        journal.count(day(Event::asked(Lang::Fr), 22));
        journal.count(day(Event::refused(Lang::Fr), 22));
        journal.count(day(Event::offered("fugato-created", Lang::Fr), 22));
        journal.count(day(
            Event::voted(Vote::Wrong, Some("rehearsals"), Lang::Fr),
            22,
        ));
        journal.flush().await.unwrap();
    }
    let (from, to) = (
        Day::new(2026, 11, 1).unwrap(),
        Day::new(2026, 11, 30).unwrap(),
    );
    let statistics = one.statistics(from, to).await.unwrap();
    let days: Vec<_> = statistics
        .days
        .iter()
        .map(|day| {
            (
                day.day.day(),
                day.lang,
                day.counts.asked,
                day.counts.refused,
            )
        })
        .collect();
    assert_eq!(days, [(21, Lang::En, 6, 0), (22, Lang::Fr, 2, 2)]);
    let total = statistics.total();
    assert_eq!(
        (total.asked, total.answered, total.offered, total.refused),
        (8, 6, 2, 2)
    );
    assert_eq!((total.voted_right, total.voted_wrong), (0, 2));
    let first = &statistics.facts[0];
    assert_eq!(
        (first.fact.as_str(), first.lang, first.counts.answered),
        ("rehearsals", Lang::En, 6)
    );
    let later = one
        .statistics(Day::new(2026, 11, 22).unwrap(), to)
        .await
        .unwrap();
    assert_eq!(later.total().asked, 2);
}

async fn facts_never_answered_are_known(place: Place) {
    let journal = open(&place).await;
    journal.count(Event::answered("rehearsals", Lang::En));
    let (knowledge, _) = cara_bot::knowledge::load(&small(), today())
        .into_result()
        .unwrap();
    let statistics = journal.statistics(Day::MIN, Day::MAX).await.unwrap();
    let never = statistics.never_answered(&knowledge);
    assert_eq!(never.len(), knowledge.facts.len() - 1);
    assert!(!never.contains(&"rehearsals"), "{never:?}");
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
