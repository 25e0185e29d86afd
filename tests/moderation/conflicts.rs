//! Two who edit at once, and edits by hand meanwhile: nobody overwrites what they have not seen.

use cara_bot::moderation::{Refusal, Request, difference};

use super::{BY, Desk, set, write};
use crate::support::today;

#[tokio::test(flavor = "multi_thread")]
async fn second_of_two_moderators_sees_the_change_of_the_first() {
    let desk = Desk::new().await;
    let opened = desk.moderation.open("ostinato-members").await.unwrap();
    let mine = desk
        .preview(set(
            "ostinato-members",
            "answer.en",
            "Ostinato had 70 members in January 2026.",
        ))
        .await
        .unwrap();
    let theirs = desk
        .make(set(
            "ostinato-members",
            "answer.en",
            "Ostinato had 66 members in January 2026.",
        ))
        .await;

    for refusal in [
        desk.confirm(&mine).await.unwrap_err(),
        desk.moderation
            .preview(
                Request {
                    base: Some(opened.version),
                    ..set("ostinato-members", "date", "2026").into()
                },
                today(),
            )
            .await
            .unwrap_err(),
    ] {
        let Refusal::Conflict(conflict) = refusal else {
            panic!("{refusal}")
        };
        assert_eq!(conflict.by, Some((theirs.revision, BY)));
        let change = difference(conflict.was.as_deref(), conflict.now.as_deref()).text();
        assert!(
            change.contains("- answer.en = \"Ostinato had 64")
                && change.contains("+ answer.en = \"Ostinato had 66"),
            "{change}"
        );
    }
    assert!(desk.text("facts/ostinato.toml").contains("had 66 members"));
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_other_facts_are_no_conflict() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("ostinato-members", "review", "2027-06-30"))
        .await
        .unwrap();
    desk.make(set("rehearsals", "review", "2027-06-30")).await;
    let text = desk
        .text("facts/ostinato.toml")
        .replace("64 musicians", "64 players");
    write(
        desk.dir.path(),
        "facts/ostinato.toml",
        &format!("# By hand.\n{text}"),
    );
    desk.confirm(&mine).await.unwrap();
    let text = desk.text("facts/ostinato.toml");
    assert!(
        text.starts_with("# By hand.\n") && text.matches("review = ").count() == 2,
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn edit_by_hand_is_noticed_and_not_overwritten() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("rehearsals", "answer.en", "On Mondays."))
        .await
        .unwrap();
    let text = desk
        .text("facts/ostinato.toml")
        .replace("on Tuesday evenings", "on Friday evenings");
    write(desk.dir.path(), "facts/ostinato.toml", &text);
    let Refusal::Conflict(conflict) = desk.confirm(&mine).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(conflict.by, None);
    assert!(conflict.now.unwrap().contains("on Friday evenings"));
    assert_eq!(desk.text("facts/ostinato.toml"), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn file_broken_by_hand_meanwhile_refuses_and_stays() {
    let desk = Desk::new().await;
    let mine = desk
        .preview(set("rehearsals", "answer.en", "On Mondays."))
        .await
        .unwrap();
    write(desk.dir.path(), "facts/fugato.toml", "[[fact]]\nid = ");
    let before = desk.files();
    let refusal = desk.confirm(&mine).await.unwrap_err();
    assert!(
        matches!(&refusal, Refusal::Broken { shown, .. } if shown.contains("facts/fugato.toml")),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
    assert_eq!(desk.moderation.live().current().generation, 1);
    assert!(
        desk.ask("When are the rehearsals?")
            .lead
            .contains("Tuesday")
    );
}
