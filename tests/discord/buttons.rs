//! Buttons and menus: what they do, for whom, and that they outlive restarts and reloads.

use serde_json::json;

use crate::support::discord::{Bot, How, Town};

use super::{ANSWER, NOBODY_KNOWS, QUESTION, UNCLEAR, town, works};

#[test]
fn sources_and_related_are_shown_to_who_presses() {
    let (town, _bot) = town();
    let said = works(&town, "ada");
    let ben = town.member("ben");
    let sources = ben.clicks(&said, "Sources");
    assert!(sources.ephemeral);
    sources.says(&[
        "https://ostinato.example/story",
        "checked on 22 November 2026",
    ]);
    let related = ben.clicks(&said, "Related");
    assert!(related.ephemeral);
    assert!((1..=3).contains(&related.buttons.len()), "{related:?}");
    let label = related.labels()[0].to_owned();
    let opened = ben.clicks(&related, &label);
    assert!(opened.ephemeral, "{opened:?}");
    assert!(opened.labels().contains(&"Sources"), "{opened:?}");
    said.now().says(&[ANSWER]);
}

#[test]
fn answer_is_deleted_by_its_asker_or_a_moderator_and_nobody_else() {
    let (town, _bot) = town();
    for deleter in [town.member("ada"), town.moderator("grace")] {
        let said = works(&town, "ada");
        let refused = town.member("mallory").clicks(&said, "Delete");
        assert!(refused.ephemeral && !said.is_gone());
        refused.says(&["or a moderator"]);
        let done = deleter.clicks(&said, "Delete");
        assert_eq!(done.how, How::Deleted);
        assert!(said.is_gone());
    }
    let ada = town.member("ada");
    let reply = ada.mentions_bot(QUESTION);
    ada.clicks(&reply, "Delete");
    assert!(reply.is_gone());
    let letter = ada.direct_message(QUESTION);
    ada.in_private().clicks(&letter, "Delete");
    assert!(letter.is_gone());
}

#[test]
fn buttons_work_after_a_restart() {
    let (town, mut bot) = town();
    let ada = town.member("ada");
    let answer = works(&town, "ada");
    let ben = town.member("ben");
    let unclear = ben.types("/cara ask", &[("question", UNCLEAR)]);
    let unknown = ada.types("/cara ask", &[("question", NOBODY_KNOWS)]);
    let history = ada.types("/cara history", &[]);
    let help = ada.types("/cara help", &[]);
    bot.restarts();
    ada.clicks(&answer, "Sources").says(&["ostinato.example"]);
    ben.clicks(&unclear, "Who founded Ostinato?")
        .says(&["Jonas Brekke"]);
    ada.clicks(&unknown, "Send to the moderators")
        .says(&["kept for the moderators"]);
    ada.chooses(&history, "Ostinato is founded")
        .says(&["2 May 2011"]);
    let example = help.menus[0].options[0].0.clone();
    ada.chooses(&help, &example);
    ada.clicks(&answer, "Delete");
    assert!(answer.is_gone());
}

/// Replaces a file of the knowledge, and has a moderator reload.
#[track_caller]
fn reloads_with(town: &Town, bot: &Bot, path: &str, from: &str, to: &str) {
    bot.project.edit(path, from, to);
    let said = town.moderator("grace").types("/cara-admin reload", &[]);
    said.says(&["generation"]);
}

#[test]
fn button_of_a_fact_that_is_gone_answers_anew_with_a_note() {
    let (town, bot) = town();
    let ada = town.member("ada");
    let said = works(&town, "ada");
    // The fact goes by another name now; what it says is the same.
    bot.project.edit(
        "questions/all.toml",
        "\"fugato-created\"",
        "\"fugato-beginning\"",
    );
    reloads_with(
        &town,
        &bot,
        "facts/fugato.toml",
        "\"fugato-created\"",
        "\"fugato-beginning\"",
    );
    for label in ["Sources", "Related"] {
        let anew = ada.clicks(&said, label);
        assert!(anew.ephemeral);
        anew.says(&["has changed since", ANSWER]);
    }
    let kept = ada.clicks(&said, "Not right?");
    assert!(kept.ephemeral || kept.how == How::Asked, "{kept:?}");
}

#[test]
fn edited_fact_is_told_as_it_is_now() {
    let (town, bot) = town();
    let ada = town.member("ada");
    let history = ada.types("/cara history", &[]);
    reloads_with(
        &town,
        &bot,
        "facts/fugato.toml",
        "nine musicians",
        "ten musicians",
    );
    let said = ada.chooses(&history, "Fugato is founded");
    said.says(&["ten musicians"]);
}

#[test]
fn unknown_custom_ids_are_answered_kindly() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let row = json!([{"type": 1, "id": 1, "components": [
        {"type": 2, "id": 2, "style": 1, "custom_id": "of-another-age", "label": "Old"}]}]);
    let old = town.remembers("general", "what I said years ago", row);
    let long = "9".repeat(100);
    for forged in [
        "of-another-age",
        "",
        "1.src.en.0.0.",
        "1.src.en.0.0.no-such-fact",
        "1.src.xx.0.0.fugato-created",
        "1.hist.en.99999.0.",
        "1.hist.en.3.0.the-past",
        "1.srcs.en.9999.0.",
        "1.ask.en.0.ffffffffffffffffff.fugato-created",
        "1.del.fr.0.0.",
        "\u{0}\u{202e}😀.....",
        long.as_str(),
    ] {
        let said = ada.presses(old, forged).said();
        assert!(!said.text.is_empty(), "{forged:?}: {said:?}");
        assert!(
            said.ephemeral || said.how == How::Updated,
            "{forged:?}: {said:?}"
        );
    }
    for value in ["", "no-such-fact", long.as_str()] {
        let said = ada.picks(old, "1.pick.en.0.0.", value).said();
        assert!(
            said.ephemeral && !said.text.is_empty(),
            "{value:?}: {said:?}"
        );
    }
    for forged in ["", "of-another-age", "1.form.en.0.0.x", long.as_str()] {
        let said = ada
            .forges_form(forged, &[("text", "value")], Some(old))
            .said();
        assert!(
            said.ephemeral && !said.text.is_empty(),
            "{forged:?}: {said:?}"
        );
    }
    works(&town, "ben");
}

#[test]
fn others_press_without_changing_what_the_asker_sees() {
    let (town, _bot) = town();
    let (ada, ben) = (town.member("ada"), town.member("ben"));
    // Where Discord cannot hide it, an offer is seen by all, and chosen by its asker.
    let offer = ada.mentions_bot(UNCLEAR);
    assert!(!offer.ephemeral);
    let theirs = ben.clicks(&offer, "Who founded Ostinato?");
    assert!(theirs.ephemeral, "{theirs:?}");
    offer.now().says(&["Do you mean"]);
    let chosen = ada.clicks(&offer, "Who founded Ostinato?");
    assert_eq!((chosen.how, chosen.id()), (How::Updated, offer.id()));
    chosen.says(&["Marta Lind and Jonas Brekke"]);
}

#[test]
fn token_that_expired_ends_nothing() {
    let (town, bot) = town();
    let ada = town.member("ada");
    town.troubles(
        "POST",
        "/callback",
        1,
        crate::support::discord::Fate::Status(404),
    );
    ada.begins("/cara ask", &[("question", QUESTION)]).fails();
    works(&town, "ben");
    bot.logs("not answered");
}
