//! The commands of members, in both languages and at every place.

use crate::support::discord::{How, Town, permission};

use super::{ANSWER, NOBODY_KNOWS, QUESTION, UNCLEAR, town};

#[test]
fn answer_comes_first_and_bold_with_its_source_and_one_row_of_buttons() {
    let (town, _bot) = town();
    let said = town
        .member("ada")
        .types("/cara ask", &[("question", QUESTION)]);
    assert_eq!(said.how, How::Posted);
    assert!(
        said.content.starts_with(&format!("**{ANSWER}**")),
        "{said:?}"
    );
    said.says(&["nine musicians", "Our story", "checked on 22 November 2026"]);
    assert_eq!(
        said.labels(),
        ["Sources", "Related", "Not right?", "Delete"]
    );
    assert!(!said.ephemeral);
}

#[test]
fn private_answer_is_seen_by_the_asker_alone() {
    let (town, _bot) = town();
    let said = town
        .member("ada")
        .types("/cara ask", &[("question", QUESTION), ("private", "true")]);
    assert!(said.ephemeral);
    said.says(&[ANSWER]);
    assert!(!said.labels().contains(&"Delete"), "{said:?}");
}

#[test]
fn language_is_the_questions_where_it_is_clear_and_else_the_clients() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    for (locale, question, expected) in [
        (
            "en-GB",
            "Quand Fugato a-t-il été fondé ?",
            "Fugato a été fondé en mars 1998.",
        ),
        ("fr", "When was Fugato founded?", ANSWER),
        ("fr", "Fugato", "Fugato était un orchestre de chambre."),
        ("en-US", "Fugato", "Fugato was a chamber orchestra."),
        ("de", "Fugato", "Fugato was a chamber orchestra."),
    ] {
        let asker = town
            .member(&format!("{}{}", locale, question.len()))
            .speaking(locale);
        let said = asker.types("/cara ask", &[("question", question)]);
        assert!(
            said.text.contains(expected),
            "{locale} {question}: {said:?}"
        );
    }
    let said = ada.speaking("fr").types(
        "/cara demander",
        &[("question", "qui a fondé Ostinato ?"), ("privé", "true")],
    );
    said.says(&[
        "Ostinato a été fondé par Marta Lind",
        "vérifié le 22 novembre 2026",
    ]);
    assert!(said.labels().contains(&"Inexact ?"), "{said:?}");
}

#[test]
fn offer_is_private_until_one_is_chosen() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let offer = ada.types("/cara ask", &[("question", UNCLEAR)]);
    assert!(offer.ephemeral, "{offer:?}");
    assert!((2..=4).contains(&offer.buttons.len()), "{offer:?}");
    offer.says(&["Do you mean"]);
    let said = ada.clicks(&offer, "Who founded Ostinato?");
    assert!(!said.ephemeral, "{said:?}");
    said.says(&["Marta Lind and Jonas Brekke"]);
}

#[test]
fn offer_to_a_private_question_stays_private() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let offer = ada.types("/cara ask", &[("question", UNCLEAR), ("private", "true")]);
    let said = ada.clicks(&offer, "Who founded Ostinato?");
    assert!(said.ephemeral, "{said:?}");
}

#[test]
fn unknown_is_private_tells_what_is_near_and_can_be_sent() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let said = ada.types("/cara ask", &[("question", "members of Fugato")]);
    assert!(said.ephemeral, "{said:?}");
    said.says(&["I don't know"]);
    assert!(
        said.labels().contains(&"When was Fugato founded?"),
        "{said:?}"
    );
    let opened = ada.clicks(&said, "When was Fugato founded?");
    opened.says(&[ANSWER]);
    let said = ada.types("/cara ask", &[("question", NOBODY_KNOWS)]);
    let sent = ada.clicks(&said, "Send to the moderators");
    assert!(sent.ephemeral);
    sent.says(&["kept for the moderators"]);
}

#[test]
fn typing_a_question_proposes_the_best_first_and_free_text_is_taken() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let first = |typed: &str| {
        let lines = ada.types_in("/cara ask", "question", typed);
        assert!(lines.len() <= 25, "{lines:?}");
        lines
            .first()
            .map(|(name, _)| name.clone())
            .unwrap_or_default()
    };
    assert_eq!(
        first("When was Fugato founded?"),
        "When was Fugato founded?"
    );
    assert_eq!(
        first("in which year did fugato begin"),
        "When was Fugato founded?"
    );
    assert_eq!(first("rehearsals"), "When are the rehearsals?");
    assert!(first("fugatto").contains("Fugato"), "misspelt");
    assert!(!first("").is_empty(), "starters for nothing");
    assert_eq!(first("zzzzzzzz qqqqq"), "");
    let french = ada
        .speaking("fr")
        .types_in("/cara demander", "question", "fugato");
    assert!(
        french[0].0.contains("Fugato") && french[0].0.ends_with('?'),
        "{french:?}"
    );
    for (name, value) in ada.types_in("/cara ask", "question", "") {
        let said = town
            .member(&name[..8])
            .types("/cara ask", &[("question", &value)]);
        assert!(said.labels().contains(&"Sources"), "{name}: {said:?}");
    }
}

#[test]
fn about_is_a_card_with_what_can_be_asked() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let topics = ada.types_in("/cara about", "topic", "velden orch");
    assert_eq!(topics[0].1, "Ostinato", "{topics:?}");
    let card = ada.types("/cara about", &[("topic", &topics[0].1)]);
    assert!(!card.ephemeral);
    card.says(&[
        "Ostinato",
        "amateur orchestra of the town of Velden",
        "Our story",
    ]);
    let said = ada.chooses(&card, "Who founded Ostinato?");
    said.says(&["Marta Lind and Jonas Brekke"]);
    assert!(said.ephemeral, "what one person opens is for that person");
    let card = ada
        .speaking("fr")
        .types("/cara sujet", &[("sujet", "Fugato")]);
    card.says(&["orchestre de chambre"]);
    let said = ada.types("/cara about", &[("topic", "the moon and the stars")]);
    assert!(said.ephemeral, "{said:?}");
}

#[test]
fn sources_help_and_privacy_are_private_and_in_both_languages() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    for (locale, command, parts) in [
        (
            "en-GB",
            "/cara sources",
            &["Our story", "Velden Gazette", "9 facts rest on 2 sources"][..],
        ),
        ("fr", "/cara sources", &["Our story", "Velden Gazette"]),
        (
            "en-GB",
            "/cara help",
            &["/cara ask", "Not right?", "Ask CARA"],
        ),
        (
            "fr",
            "/cara aide",
            &["/cara", "Inexact ?", "Demander à CARA"],
        ),
        ("en-GB", "/cara privacy", &["90 days", "ten minutes"]),
        ("fr", "/cara confidentialité", &["90 jours", "dix minutes"]),
    ] {
        let said = ada.speaking(locale).types(command, &[]);
        assert!(said.ephemeral, "{command}: {said:?}");
        said.says(parts);
    }
    let help = ada.types("/cara help", &[]);
    let example = help.menus[0].options[0].0.clone();
    let said = ada.chooses(&help, &example);
    assert!(said.labels().contains(&"Sources"), "{said:?}");
}

#[test]
fn privacy_tells_the_operators_retention() {
    let town = Town::new();
    let _bot = town.bot().with("CARA_KEEP_DAYS", 7).starts();
    town.member("ada")
        .types("/cara privacy", &[])
        .says(&["7 days"]);
}

#[test]
fn ask_cara_answers_the_message_it_is_used_on() {
    let (town, _bot) = town();
    let (ada, ben) = (town.member("ada"), town.member("ben"));
    let message = ada.writes("So who founded Ostinato?");
    let said = ben.uses_on_message("Ask CARA", message);
    said.says(&["Marta Lind and Jonas Brekke"]);
    let said = ben
        .speaking("fr")
        .uses_on_message("Demander à CARA", message);
    said.says(&["Marta Lind"]);
    let empty = ada.writes("");
    let said = ben.uses_on_message("Ask CARA", empty);
    assert!(said.ephemeral);
    said.says(&["no text"]);
}

#[test]
fn commands_work_in_threads_in_private_and_where_the_bot_is_not() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    for place in [
        ada.in_thread("about music"),
        ada.in_private(),
        town.visitor("vera", "Abroad"),
        town.manager_elsewhere("max", "Elsewhere"),
    ] {
        let said = place.types("/cara ask", &[("question", QUESTION)]);
        said.says(&[ANSWER]);
        let sources = place.clicks(&said, "Sources");
        sources.says(&["https://ostinato.example/story"]);
    }
}

#[test]
fn markup_and_mentions_in_a_question_are_only_text() {
    let (town, _bot) = town();
    let ben = town.member("ben");
    let bombs = [
        format!(
            "@everyone @here <@{0}> <@!{0}> <@&{1}>",
            ben.id(),
            town.role("Stewards")
        ),
        "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block``` # title\n> quote\n- list"
            .to_owned(),
        "[click](https://evil.example) <https://evil.example> https://evil.example/a_b_c"
            .to_owned(),
        "-# ↳ somebody else's question".to_owned(),
        "\u{202e}reversed \u{200b}zero\u{200b} width <:smile:1234> </cara ask:1>".to_owned(),
    ];
    for (at, bomb) in bombs.iter().enumerate() {
        let ada = town.member(&format!("ada{at}"));
        for question in [
            format!("{bomb} When was Fugato founded?"),
            format!("who conducts the choir of {bomb}?"),
        ] {
            let said = ada.types("/cara ask", &[("question", &question)]);
            let quiet = said.pings.users.is_empty() && said.pings.roles.is_empty();
            assert!(quiet && !said.pings.everyone, "{said:?}");
            for raw in [
                "<@",
                "<#",
                "||",
                "```",
                "](https://evil",
                "<https://evil",
                "<:",
                "</cara",
            ] {
                assert!(
                    !said.content.contains(raw),
                    "{raw} of {question} in {said:?}"
                );
            }
            assert!(!said.content.contains("@everyone"), "{said:?}");
        }
    }
}

#[test]
fn longest_question_is_answered_within_all_limits() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let padding = |length: usize, word: &str| -> String {
        let long = format!("{QUESTION} {}", word.repeat(2000));
        long.chars().take(length).collect()
    };
    for question in [
        padding(2000, "and tell me more about it please "),
        padding(2000, "*_`|~"),
        padding(2000, "😀"),
        padding(2000, "é"),
        "?".repeat(2000),
        "\n".repeat(1999) + "?",
    ] {
        let said = ada.types("/cara ask", &[("question", &question)]);
        assert!(!said.text.is_empty());
        let said = town.member("ben").direct_message(&question);
        assert!(!said.text.is_empty());
    }
}

#[test]
fn without_embed_or_attach_permission_there_is_text() {
    let (town, _bot) = town();
    town.forbids_bot("plain", permission::EMBED_LINKS | permission::ATTACH_FILES);
    let ada = town.member("ada").in_channel("plain");
    let said = ada.types("/cara history", &[]);
    said.says(&["Fugato is founded", "Ostinato is founded"]);
    assert!(said.files.is_empty());
    let card = ada.types("/cara about", &[("topic", "Fugato")]);
    assert!(card.embeds.is_empty(), "{card:?}");
    card.says(&["chamber orchestra"]);
    let said = ada.types("/cara ask", &[("question", QUESTION)]);
    said.says(&[ANSWER]);
    let said = ada.mentions_bot("who founded Ostinato?");
    said.says(&["Marta Lind"]);
}

#[test]
fn who_asks_too_fast_is_told_so_in_private_and_nobody_else_waits() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let hasty = (0..40)
        .map(|_| ada.types("/cara ask", &[("question", QUESTION)]))
        .find(|said| said.ephemeral)
        .expect("forty at once are too many");
    hasty.says(&["Please wait"]);
    super::works(&town, "ben");
}
