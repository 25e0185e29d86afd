//! The closed loop: a question that nobody could answer becomes an answered one, in Discord.

use crate::support::discord::{How, Said, Town};

use super::{ANSWER, QUESTION, town, works};

/// A question that the small base cannot answer.
const ASKED: &str = "what colour is the tuba of the orchestra?";

/// The queue of the moderators, opened at the one question in it.
#[track_caller]
fn queued(town: &Town, moderator: &str) -> Said {
    let grace = town.moderator(moderator);
    let queue = grace.types("/cara-admin review", &[]);
    assert!(queue.ephemeral);
    let [menu] = queue.menus.as_slice() else {
        panic!("{queue:?}")
    };
    let label = menu.options[0].0.clone();
    grace.chooses(&queue, &label)
}

#[test]
fn question_nobody_could_answer_is_answered_and_its_asker_told_once() {
    let (town, bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    let unknown = ada.types("/cara ask", &[("question", ASKED)]);
    let sent = ada.clicks(&unknown, "Send to the moderators");
    let noted = ada.clicks(&sent, "Tell me when it is answered");
    noted.says(&["told once"]);

    let question = queued(&town, "grace");
    question.says(&["what colour is the tuba"]);
    let form = grace.clicks(&question, "Answer");
    assert_eq!(form.how, How::Asked);
    let preview = grace.submits(
        &form,
        &[
            ("phrasings.fr", "De quelle couleur est le tuba ?"),
            ("answer.en", "The tuba is red. **Very** red, says <@1>."),
            ("answer.fr", "Le tuba est rouge."),
            ("sources", "s1"),
        ],
    );
    preview.says(&["The tuba is red", "Le tuba est rouge", "15"]);
    let before = ada.types("/cara ask", &[("question", ASKED)]);
    assert!(!before.text.contains("red"), "{before:?}");
    let done = grace.clicks(&preview, "Confirm");
    done.says(&["revision 1", "generation 2", "16 of 16"]);

    ada.is_told(done.id()).says(&["tuba is red"]);
    let misspelt = town
        .member("bob")
        .types("/cara ask", &[("question", "wich colour is teh tuba")]);
    misspelt.says(&["The tuba is red"]);
    assert!(misspelt.pings.users.is_empty(), "{misspelt:?}");
    assert_eq!(ada.letters(), 1);
    grace.types("/cara-admin review", &[]).says(&["empty"]);
    drop(bot);
}

#[test]
fn taught_question_finds_its_fact_and_undo_of_the_undo_teaches_it_again() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let ask = || {
        town.member("ada")
            .types("/cara ask", &[("question", "home of the trombones?")])
    };
    assert!(!ask().text.contains("fire station"));
    let question = queued(&town, "grace");
    let candidates = grace.clicks(&question, "Teach");
    let form = grace.clicks(&candidates, "Search");
    let found = grace.submits(&form, &[("words", "rehearsals")]);
    let label = found.menus[0].options[0].0.clone();
    let preview = grace.chooses(&found, &label);
    let mut done = grace.clicks(&preview, "Confirm");
    for answered in [true, false, true] {
        assert_eq!(ask().text.contains("fire station"), answered);
        if !answered || done.text.contains("revision 1") {
            let preview = grace.clicks(&done, "Undo");
            done = grace.clicks(&preview, "Confirm");
        }
    }
}

#[test]
fn edit_is_confirmed_before_anything_changes_and_the_second_editor_sees_the_first() {
    let (town, bot) = town();
    let (grace, mary) = (town.moderator("grace"), town.moderator("mary"));
    let edit = |who: &crate::support::discord::Person| {
        who.types("/cara-admin edit", &[("fact", "fugato-created")])
    };
    let (first, second) = (edit(&grace), edit(&mary));
    let change = |text: &str| text.replace("nine", "ten");
    let text = first
        .modal
        .as_ref()
        .expect("a form")
        .input("Answer in English")
        .value
        .clone();
    assert!(text.starts_with(ANSWER), "{text}");
    let preview = grace.submits(&first, &[("answer.en", &change(&text))]);
    works(&town, "ada").says(&["nine"]);
    grace.clicks(&preview, "Confirm").says(&["revision 1"]);
    works(&town, "ada").says(&["ten"]);
    let refused = mary.submits(
        &second,
        &[("answer.en", "Fugato was founded by moonlight.")],
    );
    refused.says(&["fugato-created", "ten"]);
    assert!(
        refused
            .buttons
            .iter()
            .all(|button| button.label != "Confirm")
    );
    let history = grace.types("/cara-admin history", &[("fact", "fugato-created")]);
    history.says(&["- answer.en", "nine", "+ answer.en", "ten"]);
    drop(bot);
}

#[test]
fn proposal_reaches_the_moderators_who_decline_with_a_word() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    let said = works(&town, "ada");
    let form = ada.clicks(&said, "Not right?");
    let thanks = ada.submits(&form, &[("wrong", "It was April."), ("source", "my diary")]);
    ada.clicks(&thanks, "Tell me when it is answered");
    let question = queued(&town, "grace");
    question.says(&[QUESTION, "It was April.", "my diary"]);
    let form = grace.clicks(&question, "Decline");
    let declined = grace.submits(&form, &[("word", "The archive says March.")]);
    ada.is_told(declined.id())
        .says(&["The archive says March."]);
}

#[test]
fn member_cannot_press_or_send_what_moderators_do() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let said = works(&town, "ada");
    for forged in [
        "1.mrev.en.0.0.",
        "1.mq.en.0.0.1",
        "1.mans.en.0.0.0",
        "1.mdrop.en.0.0.1",
        "1.medit.en.0.0.0.fugato-created",
        "1.mok.en.0.0.0000000000000001",
        "1.mundo.en.0.0.1",
    ] {
        let refused = ada.presses(said.id(), forged).said();
        assert!(refused.ephemeral);
        refused.says(&["moderators"]);
    }
    for forged in [
        "1.mans2.en.0.0.0",
        "1.medit2.en.0.0.0.00000000.fugato-created",
    ] {
        let values = [("answer.en", "Fugato was founded by pirates.")];
        let refused = ada.forges_form(forged, &values, None).said();
        refused.says(&["moderators"]);
    }
    works(&town, "ada");
}

#[test]
fn who_asks_to_be_forgotten_is_told_nothing() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    let unknown = ada.types("/cara ask", &[("question", ASKED)]);
    let sent = ada.clicks(&unknown, "Send to the moderators");
    ada.clicks(&sent, "Tell me when it is answered");
    ada.types("/cara forget-me", &[]).says(&["Nothing"]);
    let question = queued(&town, "grace");
    let form = grace.clicks(&question, "Decline");
    grace.submits(&form, &[("word", "No.")]);
    works(&town, "ada");
    assert_eq!(ada.letters(), 0);
}
