//! What moderators do, and that nobody else can.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::discord::{HOME, Person, Town};

use super::{ANSWER, QUESTION, town, works};

const EDITED: &str = "Fugato was founded in March 1998, on a Sunday.";

/// Changes the answer of the base to [`EDITED`].
fn edits(bot: &crate::support::discord::Bot) {
    bot.project.edit("facts/fugato.toml", ANSWER, EDITED);
}

#[test]
fn reload_serves_the_edited_files_and_says_what_changed() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    works(&town, "ada");
    edits(&bot);
    let said = grace.types("/cara-admin reload", &[]);
    assert!(said.ephemeral);
    said.says(&["generation 2", "+0 ~1 −0", "golden 15/15", " ms"]);
    let said = town
        .member("ada")
        .types("/cara ask", &[("question", QUESTION)]);
    said.says(&[EDITED]);
    let said = grace.speaking("fr").types("/cara-admin recharger", &[]);
    said.says(&["génération", "questions témoins"]);
}

#[test]
fn broken_file_is_refused_with_every_diagnostic_and_its_place() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    bot.project.edit(
        "facts/fugato.toml",
        "date = \"1998-03\"",
        "date = \"1998-13\"",
    );
    bot.project.edit(
        "facts/ostinato.toml",
        "sources = [\"s2\"]",
        "sources = [\"s3\"]",
    );
    for command in ["/cara-admin check", "/cara-admin reload"] {
        let said = grace.types(command, &[]);
        assert!(said.ephemeral);
        said.says(&[
            "facts/fugato.toml:",
            "facts/ostinato.toml:",
            "1998-13",
            "s3",
        ]);
    }
    let said = grace.types("/cara-admin reload", &[]);
    said.says(&["still serving generation 1"]);
    works(&town, "ada");
}

#[test]
fn long_diagnostics_come_as_a_file() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    let broken: String = (0..60)
        .map(|n| {
            format!(
                "[[fact]]\nid = \"broken-{n}\"\nsubject = \"nobody-{n}\"\nanswer.en = \"x\"\n\n"
            )
        })
        .collect();
    bot.project.write("facts/broken.toml", &broken);
    let said = grace.types("/cara-admin reload", &[]);
    said.says(&["errors", "still serving generation 1"]);
    let text = String::from_utf8(said.files[0].bytes.clone()).unwrap();
    assert!(
        text.contains("facts/broken.toml:") && text.contains("nobody-59"),
        "{text}"
    );
    assert!(said.files[0].name.ends_with(".txt"));
}

#[test]
fn check_changes_nothing() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    grace
        .types("/cara-admin check", &[])
        .says(&["9 facts", "Nothing was changed"]);
    let status = grace.types("/cara-admin status", &[]);
    status.says(&["generation 1", "9 facts", "15 golden questions"]);
}

#[test]
fn status_tells_latency_and_a_refusal() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    works(&town, "ada");
    let said = grace.types("/cara-admin status", &[]);
    said.says(&["generation 1", "Up for", "median", "99th percentile"]);
    bot.project.edit(
        "facts/fugato.toml",
        "date = \"1998-03\"",
        "date = \"1998-13\"",
    );
    grace.types("/cara-admin reload", &[]);
    grace.types("/cara-admin status", &[]).says(&["refused"]);
    grace
        .speaking("fr")
        .types("/cara-admin état", &[])
        .says(&["refusés"]);
}

#[test]
fn two_reloads_at_once_both_happen() {
    let (town, _bot) = town();
    let (grace, linus) = (town.moderator("grace"), town.moderator("linus"));
    let (one, two) = (
        grace.begins("/cara-admin reload", &[]),
        linus.begins("/cara-admin reload", &[]),
    );
    let (one, two) = (one.said(), two.said());
    for said in [&one, &two] {
        said.says(&["generation", "golden 15/15"]);
    }
    let generation = |text: &str| text.contains("generation 2");
    assert_ne!(
        generation(&one.text),
        generation(&two.text),
        "{one:?} {two:?}"
    );
}

#[test]
fn edited_files_are_served_by_themselves_and_broken_ones_refused() {
    let (town, bot) = town();
    let ada = town.member("ada");
    let grace = town.moderator("grace");
    works(&town, "ada");
    // What editors leave beside a file is none of it.
    bot.project.write("facts/.fugato.toml.swp", "not toml");
    bot.project.write("facts/fugato.toml~", "not toml");
    bot.project.write("facts/#fugato.toml#", "not toml");
    edits(&bot);
    town.waits_for("the edited answer", || {
        let said = ada.types("/cara ask", &[("question", QUESTION)]);
        said.text.contains("on a Sunday")
    });
    bot.project.edit(
        "facts/fugato.toml",
        "date = \"1998-03\"",
        "date = \"1998-13\"",
    );
    bot.logs("edited files refused");
    grace.types("/cara-admin status", &[]).says(&["refused"]);
    town.member("ben")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&["on a Sunday"]);
    bot.project.edit(
        "facts/fugato.toml",
        "date = \"1998-13\"",
        "date = \"1998-03\"",
    );
    town.waits_for("the mended file", || {
        !grace
            .types("/cara-admin status", &[])
            .text
            .contains("refused")
    });
}

#[test]
fn nobody_but_moderators_of_the_admin_server_moderates() {
    let town = Town::new();
    let _elsewhere = town.manager_elsewhere("mallory", "Elsewhere");
    let _bot = town.bot().starts();
    let grace = town.moderator("grace");
    grace
        .types("/cara-admin status", &[])
        .says(&["generation 1"]);
    let mallory = town.manager_elsewhere("mallory", "Elsewhere");
    let ada = town.member("ada");
    for person in [&ada, &mallory, &grace.in_private()] {
        assert!(!person.can_see("cara-admin"));
    }
    // Administrators of a server can open a command to everybody; the bot asks again.
    town.opens_to_everybody("cara-admin");
    assert!(ada.can_see("cara-admin"));
    refused_everything(&ada);
    assert!(!mallory.can_see("cara-admin"));
}

/// Fails unless somebody is refused every moderators' command, in private.
#[track_caller]
fn refused_everything(person: &Person) {
    for command in [
        "/cara-admin reload",
        "/cara-admin check",
        "/cara-admin status",
    ] {
        let said = person.types(command, &[]);
        assert!(said.ephemeral, "{command}: {said:?}");
        said.says(&["Only the bot's moderators"]);
        said.keeps_quiet_about(&["generation", "facts"]);
    }
}

#[test]
fn with_roles_set_only_those_who_hold_one_moderate() {
    let town = Town::new();
    let role = town.role("Archivists");
    let _bot = town
        .bot()
        .with("CARA_MODERATOR_ROLES", format!("1234, {role}"))
        .starts();
    let linus = town.member_with_role("linus", "Archivists");
    linus
        .types("/cara-admin status", &[])
        .says(&["generation 1"]);
    town.opens_to_everybody("cara-admin");
    refused_everything(&town.moderator("grace"));
    refused_everything(&town.member("ada"));
}

#[test]
fn owner_of_the_admin_server_moderates() {
    let (town, _bot) = town();
    let owner = town.member(&format!("owner of {HOME}"));
    owner
        .types("/cara-admin status", &[])
        .says(&["generation 1"]);
}

#[test]
fn without_an_admin_server_there_are_no_such_commands_and_old_ones_go() {
    let town = Town::new();
    let mut bot = town.bot().starts();
    let grace = town.moderator("grace");
    grace.types("/cara-admin status", &[]);
    bot.stops();
    bot.unset("CARA_ADMIN_GUILD");
    bot.starts_again();
    town.waits_for("the commands to go", || !grace.can_see("cara-admin"));
    works(&town, "ada");
}

#[test]
fn reload_of_a_broken_file_disturbs_no_question() {
    let town = Town::new();
    let bot = town.bot().starts();
    let done = AtomicBool::new(false);
    let (town, bot, done) = (&town, &bot, &done);
    std::thread::scope(|scope| {
        let streams: Vec<_> = (0..3)
            .map(|stream| {
                scope.spawn(move || {
                    let mut answered = 0;
                    while !done.load(Ordering::Relaxed) {
                        // Each person may ask twenty times at once.
                        let asker = town.member(&format!("ada{stream}-{}", answered / 15));
                        let place = asker.in_channel(&format!("room{stream}-{}", answered / 40));
                        let said = place.types("/cara ask", &[("question", QUESTION)]);
                        assert!(
                            said.text.contains("Fugato was founded in March 1998"),
                            "{said:?}"
                        );
                        assert_eq!(said.labels().len(), 4, "{said:?}");
                        answered += 1;
                    }
                    answered
                })
            })
            .collect();
        let grace = town.moderator("grace");
        let (whole, broken) = ("id = \"fugato-created\"\n", "id = \"fugato-created\n");
        for _ in 0..3 {
            bot.project.edit("facts/fugato.toml", whole, broken);
            grace
                .types("/cara-admin reload", &[])
                .says(&["still serving generation"]);
            bot.project.edit("facts/fugato.toml", broken, whole);
            grace
                .types("/cara-admin reload", &[])
                .says(&["golden 15/15"]);
        }
        done.store(true, Ordering::Relaxed);
        let answered: usize = streams
            .into_iter()
            .map(|stream| stream.join().unwrap())
            .sum();
        assert!(answered > 3, "{answered}");
    });
}
