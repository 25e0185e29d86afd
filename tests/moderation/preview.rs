//! What is shown before an edit is made: replies, diagnostics, and the questions that change sides.

use cara_bot::knowledge::Code;
use cara_bot::moderation::{Edit, Refusal, Request, Turn, difference};
use cara_bot::reply::Reply;

use super::{BY, Desk, set, setting};
use crate::support::today;

#[tokio::test(flavor = "multi_thread")]
async fn preview_changes_nothing_and_confirming_serves_what_it_showed() {
    let desk = Desk::new().await;
    let before = desk.files();
    let edit = set(
        "fugato-created",
        "answer.en",
        "Fugato was founded in April 1998.",
    );
    let preview = desk.preview(edit).await.unwrap();
    assert!(preview.can_be_confirmed(), "{}", preview.rendered(false));
    assert_eq!(desk.files(), before);
    assert_eq!(desk.moderation.live().current().generation, 1);
    let [shown] = &preview.replies[..] else {
        panic!("{:?}", preview.replies)
    };
    let lead = |reply: &Option<Reply>| reply.as_ref().unwrap().lead.clone();
    assert_eq!(lead(&shown.before.en), "Fugato was founded in March 1998.");
    assert_eq!(lead(&shown.after.en), "Fugato was founded in April 1998.");
    assert_eq!(shown.before.fr, shown.after.fr);

    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!((done.report.generation, done.report.changed), (2, 1));
    assert_eq!(
        desk.ask("When was Fugato founded?").lead,
        "Fugato was founded in April 1998."
    );
    let text = desk.text("facts/fugato.toml");
    let old = &before
        .iter()
        .find(|(path, _)| path == "facts/fugato.toml")
        .unwrap()
        .1;
    assert_eq!(
        text,
        old.replace(
            "in March 1998. It had nine musicians then.",
            "in April 1998."
        )
    );
    let history = desk
        .moderation
        .journal()
        .history("fugato-created")
        .await
        .unwrap();
    assert_eq!(
        (history.len(), history[0].by, history[0].why.as_str()),
        (1, BY, "because")
    );
    assert_eq!(history[0].generation, Some(2));
    let change = &history[0].changes[0];
    let shown = difference(change.before.as_deref(), change.after.as_deref()).text();
    assert!(
        shown.contains("+ answer.en = \"Fugato was founded in April 1998.\""),
        "{shown}"
    );
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::NoPreview)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answer_is_refused_with_its_place() {
    let desk = Desk::new().await;
    let preview = desk
        .preview(set("rehearsals", "answer.en", &"long ".repeat(800)))
        .await
        .unwrap();
    let codes: Vec<Code> = preview.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::TooLong]);
    assert!(preview.impact.is_none() && preview.replies[0].after.en.is_none());
    assert!(
        preview.rendered(false).contains("facts/ostinato.toml:"),
        "{}",
        preview.rendered(false)
    );
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::Broken { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn impact_names_the_questions_that_change_sides() {
    let desk = Desk::new().await;
    let edit = Edit::SetFact {
        fact: "fugato-founders".to_owned(),
        settings: vec![
            setting("relation", "members"),
            setting("phrasings.en", "Fugato headcount?"),
            setting("phrasings.fr", "Effectif de Fugato ?"),
        ],
    };
    let preview = desk.preview(edit).await.unwrap();
    let impact = preview.impact.as_ref().unwrap();
    let worse: Vec<&str> = impact
        .shifts
        .iter()
        .filter(|shift| shift.turn == Turn::Worse)
        .map(|shift| shift.question.as_str())
        .collect();
    assert!(worse.contains(&"and who founded it?"), "{impact:?}");
    assert!(impact.shifts.is_sorted_by_key(|shift| shift.turn));
    assert!(!preview.can_be_confirmed() && preview.can_be_accepted());
    assert!(
        preview
            .broken
            .contains(&"when was Fugato founded? / and who founded it?".to_owned()),
        "{:?}",
        preview.broken
    );

    // Who accepts it has it written down.
    let request = Request {
        accept: true,
        ..preview.edit.clone().into()
    };
    let accepted = desk.moderation.preview(request, today()).await.unwrap();
    assert!(accepted.can_be_confirmed(), "{}", accepted.rendered(false));
    let done = desk.confirm(&accepted).await.unwrap();
    let questions = desk.text("questions/all.toml");
    assert!(
        questions.contains("ask = \"and who founded it?\"\nopen = true\n"),
        "{questions}"
    );
    desk.make(Edit::Undo {
        revision: done.revision,
    })
    .await;
    assert!(!desk.text("questions/all.toml").contains("open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_are_forgotten_one_by_one() {
    let desk = Desk::new().await;
    let preview = desk
        .preview(set("rehearsals", "review", "2027-01-01"))
        .await
        .unwrap();
    assert!(desk.moderation.waiting_preview(preview.id).is_some());
    assert_eq!(preview.id.to_string().parse(), Ok(preview.id));
    assert!(desk.moderation.cancel(preview.id));
    assert!(!desk.moderation.cancel(preview.id));
    assert!(matches!(
        desk.confirm(&preview).await,
        Err(Refusal::NoPreview)
    ));
}
