//! The queue of questions: counted, told apart, paged, closed.

use cara_bot::journal::{
    By, Event, How, JournalError, Moment, NewQuestion, Outcome, Page, Place, QuestionId, Reason,
};
use cara_bot::lang::Lang;

use super::{closing, on_both, open, queue, unanswered, written};

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
    proposals_are_kept_with_their_question,
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
