//! What is taught: questions, refusals on purpose, new facts, other names.

use std::sync::Arc;

use cara_bot::lang::Lang;
use cara_bot::moderation::{Asked, Edit, Role, Turn};
use cara_bot::reply::Status;

use super::{Desk, UNHEARD, service, setting, teach, write};
use crate::support::today;

#[tokio::test(flavor = "multi_thread")]
async fn taught_question_is_answered_and_golden() {
    let desk = Desk::new().await;
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let preview = desk.preview(teach(UNHEARD, "rehearsals")).await.unwrap();
    let impact = preview.impact.as_ref().unwrap();
    assert_eq!(impact.golden_after.1, impact.golden_before.1 + 1);
    assert!(
        impact
            .shifts
            .iter()
            .any(|shift| shift.role == Role::Golden && shift.turn == Turn::Better)
    );
    let shown = &preview.replies[0];
    assert_eq!(shown.before.en.as_ref().unwrap().status, Status::Unknown);
    assert_eq!(shown.after.en.as_ref().unwrap().status, Status::Answer);
    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!(done.report.golden_right, done.report.golden_total);
    // Misspelt, by somebody else.
    assert!(
        desk.ask("which twilight do the stings gathr")
            .lead
            .starts_with("Rehearsals are")
    );
    assert!(desk.text("questions/taught.toml").contains(UNHEARD));
    // Refused on purpose, the last word counts.
    let preview = desk
        .preview(Edit::RefuseOnPurpose {
            question: Asked {
                text: UNHEARD.to_owned(),
                lang: Lang::En,
            },
        })
        .await
        .unwrap();
    let done = desk.confirm(&preview).await.unwrap();
    assert_eq!(done.report.golden_right, done.report.golden_total);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn taught_fact_keeps_a_question_fit_to_be_shown() {
    let desk = Desk::new().await;
    let text = desk.text("facts/fugato.toml");
    let bare = text
        .replace("phrasings.en = [\"Who founded Fugato?\"]\n", "")
        .replace("phrasings.fr = [\"Qui a fondé Fugato ?\"]\n", "");
    write(desk.dir.path(), "facts/fugato.toml", &bare);
    let moderation = service(desk.dir.path()).await;
    let edit = teach("<@123> fugato\r\n brainchild  of", "fugato-founders");
    let preview = moderation.preview(edit.into(), today()).await.unwrap();
    let after = preview.entries[0].after.as_deref().unwrap();
    assert!(
        after.ends_with(
            "phrasings.en = [\"Who founded Fugato?\", \"fugato brainchild of\"]\nphrasings.fr = [\"Qui a fondé Fugato ?\"]\n"
        ),
        "{after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn question_is_refused_on_purpose() {
    let desk = Desk::new().await;
    let question = "which brand of strings does Ostinato prefer";
    desk.make(Edit::RefuseOnPurpose {
        question: Asked {
            text: question.to_owned(),
            lang: Lang::En,
        },
    })
    .await;
    assert_ne!(desk.ask(question).status, Status::Answer);
    assert!(desk.text("questions/taught.toml").contains(question));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_fact_answers_the_question_it_was_made_for() {
    let desk = Desk::new().await;
    let question = "Who drew the emblem?";
    let done = desk
        .make(Edit::AddFact {
            fact: "emblem".to_owned(),
            path: None,
            settings: [
                (
                    "answer.en",
                    "**Anna Voss** drew it.\n\nAsk <@123> or @everyone.",
                ),
                ("answer.fr", "Anna Voss l'a dessiné."),
                ("sources", "s1"),
                ("phrasings.fr", "Qui a dessiné l'emblème ?"),
            ]
            .map(|(field, typed)| setting(field, typed))
            .to_vec(),
            question: Some(Asked {
                text: question.to_owned(),
                lang: Lang::En,
            }),
        })
        .await;
    assert_eq!(done.report.added, 1);
    let reply = desk.ask("who drew the emblem");
    assert!(
        reply.text().contains("**Anna Voss**") && reply.text().contains("<@123> or @everyone"),
        "{reply:?}"
    );
    let knowledge = Arc::clone(desk.moderation.live().current().engine.knowledge());
    let fact = &knowledge[knowledge.find_fact("emblem").unwrap()];
    assert_eq!(
        fact.answer.en,
        "**Anna Voss** drew it.\n\nAsk <@123> or @everyone."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn alias_finds_its_entity() {
    let desk = Desk::new().await;
    desk.make(Edit::Alias {
        entity: "fugato".to_owned(),
        lang: Lang::En,
        name: "the Harbour Nine".to_owned(),
    })
    .await;
    assert!(
        desk.ask("when was the Harbour Nine founded?")
            .lead
            .contains("March 1998")
    );
}
