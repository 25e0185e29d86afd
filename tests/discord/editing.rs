//! Facts changed in Discord: previews, conflicts, history, undo; and that moderators alone do it.

use serde_json::json;

use crate::support::discord::{Person, Said};

use super::teaching::confirms;
use super::{ANSWER, QUESTION, town, works};

const EDITED: &str = "Fugato was founded in March 1998 in a kitchen.";

/// Opens a fact for editing.
#[track_caller]
pub(super) fn edits(moderator: &Person, fact: &str) -> Said {
    let lines = moderator.types_in("/cara-admin edit", "fact", fact);
    assert!(lines.iter().any(|(_, value)| value == fact), "{lines:?}");
    moderator.types("/cara-admin edit", &[("fact", fact)])
}

/// Changes the English answer of a fact, up to the preview.
#[track_caller]
pub(super) fn answers_otherwise(moderator: &Person, fact: &str, answer: &str) -> Said {
    let form = edits(moderator, fact);
    moderator.submits(&form, &[("Answer in English", answer)])
}

#[test]
fn edit_is_previewed_in_both_languages_confirmed_and_kept_in_place() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    let marked = "# Nobody may lose this remark.\n[[fact]]\nid = \"fugato-created\"";
    bot.project.edit(
        "facts/fugato.toml",
        "[[fact]]\nid = \"fugato-created\"",
        marked,
    );
    let before = bot.project.read("facts/fugato.toml");
    let form = edits(&grace, "fugato-created");
    let modal = form.modal.as_ref().expect("a form");
    assert_eq!(
        modal.input("Answer in English").value,
        "Fugato was founded in March 1998. It had nine musicians then."
    );
    let preview = grace.submits(
        &form,
        &[
            (
                "Answer in English",
                &format!("{EDITED}\nIt had nine musicians then."),
            ),
            (
                "Answer in French",
                "Fugato a été fondé en mars 1998 dans une cuisine.",
            ),
        ],
    );
    assert!(preview.ephemeral);
    preview.says(&[
        "Nothing has changed yet",
        "in a kitchen",
        "dans une cuisine",
        "golden questions",
    ]);
    assert_eq!(
        bot.project.read("facts/fugato.toml"),
        before,
        "nothing changes before Confirm"
    );
    town.member("ada")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&[ANSWER]);
    confirms(&grace, &preview);
    let after = bot.project.read("facts/fugato.toml");
    assert!(after.contains("# Nobody may lose this remark."), "{after}");
    town.member("ben")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&[EDITED, "nine musicians"]);
    town.member("ben")
        .speaking("fr")
        .types(
            "/cara demander",
            &[("question", "quand Fugato a-t-il été fondé ?")],
        )
        .says(&["dans une cuisine"]);
}

#[test]
fn cancelled_edit_changes_nothing() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    let before = bot.project.read("facts/fugato.toml");
    let preview = answers_otherwise(&grace, "fugato-created", EDITED);
    grace
        .clicks(&preview, "Cancel")
        .says(&["Nothing was changed"]);
    assert_eq!(bot.project.read("facts/fugato.toml"), before);
    grace
        .types("/cara-admin status", &[])
        .says(&["generation 1"]);
}

#[test]
fn second_of_two_moderators_is_shown_the_change_of_the_first() {
    let (town, _bot) = town();
    let (grace, linus) = (town.moderator("grace"), town.moderator("linus"));
    // Both have the form open, and then both the preview.
    let (one, two) = (
        edits(&grace, "fugato-created"),
        edits(&linus, "fugato-created"),
    );
    let first = grace.submits(&one, &[("Answer in English", EDITED)]);
    confirms(&grace, &first);
    let late = linus.submits(
        &two,
        &[(
            "Answer in English",
            "Fugato was founded in a barn in March 1998.",
        )],
    );
    late.says(&["changed meanwhile", "in a kitchen"]);
    let (one, two) = (
        answers_otherwise(
            &grace,
            "fugato-founders",
            "Marta Lind founded Fugato alone.",
        ),
        answers_otherwise(
            &linus,
            "fugato-founders",
            "Fugato was founded by Marta Lind, alone.",
        ),
    );
    confirms(&linus, &two);
    grace
        .clicks(&one, "Confirm")
        .says(&["changed meanwhile", "by Marta Lind, alone"]);
    town.member("ada")
        .types("/cara ask", &[("question", "who founded Fugato?")])
        .says(&["by Marta Lind, alone"]);
}

#[test]
fn edit_by_hand_meanwhile_is_not_overwritten() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    let preview = answers_otherwise(&grace, "fugato-created", EDITED);
    bot.project.edit(
        "facts/fugato.toml",
        ANSWER,
        "Fugato was founded by hand in March 1998.",
    );
    grace
        .clicks(&preview, "Confirm")
        .says(&["changed meanwhile"]);
    assert!(
        bot.project
            .read("facts/fugato.toml")
            .contains("founded by hand")
    );
}

#[test]
fn edit_is_undone_and_the_undoing_too() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let done = confirms(&grace, &answers_otherwise(&grace, "fugato-created", EDITED));
    let undo = grace.clicks(&done, "Undo");
    undo.says(&["in a kitchen", ANSWER]);
    let undone = confirms(&grace, &undo);
    town.member("ada")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&[ANSWER]);
    let redo = grace.clicks(&undone, "Undo");
    confirms(&grace, &redo).says(&["revision 3"]);
    town.member("ben")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&[EDITED]);
    let again = grace.types("/cara-admin undo", &[("revision", "1")]);
    assert!(again.ephemeral, "{again:?}");
    let history = grace.types("/cara-admin history", &[("fact", "fugato-created")]);
    assert!(history.ephemeral);
    history.says(&["Revision 1", "Revision 2", "Revision 3", "in a kitchen"]);
    assert_eq!(
        history.pings,
        Default::default(),
        "moderators are named, and not called"
    );
}

#[test]
fn retired_fact_is_restored() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let preview = grace.types("/cara-admin retire", &[("fact", "rehearsals")]);
    confirms(&grace, &preview);
    let said = town
        .member("ada")
        .types("/cara ask", &[("question", "When are the rehearsals?")]);
    said.keeps_quiet_about(&["Tuesday evenings"]);
    let preview = grace.types("/cara-admin restore", &[("fact", "rehearsals")]);
    confirms(&grace, &preview);
    town.member("ben")
        .types("/cara ask", &[("question", "When are the rehearsals?")])
        .says(&["Tuesday evenings"]);
}

#[test]
fn alias_is_understood_from_then_on() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let preview = grace.types(
        "/cara-admin alias",
        &[("entity", "fugato"), ("name", "the Quicksilver Players")],
    );
    confirms(&grace, &preview);
    town.member("ada")
        .types(
            "/cara ask",
            &[("question", "when were the Quicksilver Players founded?")],
        )
        .says(&[ANSWER]);
}

#[test]
fn markup_and_mentions_in_a_fact_are_only_text() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let answer = "Fugato was founded in March 1998 by @everyone, <@1> and **bold** people. See ||here|| and `there` [x](https://evil.example).";
    let preview = answers_otherwise(&grace, "fugato-created", answer);
    assert!(!preview.pings.everyone);
    confirms(&grace, &preview);
    let said = town
        .member("ada")
        .types("/cara ask", &[("question", QUESTION)]);
    assert_eq!(said.pings, Default::default());
    for raw in ["<@1>", "||here||", "`there`", "](https://evil"] {
        assert!(!said.content.contains(raw), "{raw} in {said:?}");
    }
    said.says(&["people"]);
}

#[test]
fn answer_of_four_thousand_characters_is_told_within_limits_or_refused_with_its_place() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let long: String = "Fugato was founded in March 1998. And so on, and so forth. "
        .repeat(80)
        .chars()
        .take(4000)
        .collect();
    let preview = answers_otherwise(&grace, "fugato-created", &long);
    if preview.labels().contains(&"Confirm") {
        confirms(&grace, &preview);
        let said = town
            .member("ada")
            .types("/cara ask", &[("question", QUESTION)]);
        assert!(said.content.chars().count() <= 2000);
        said.says(&["Fugato was founded in March 1998."]);
    } else {
        preview.says(&["facts/fugato.toml:"]);
        works(&town, "ada");
    }
}

#[test]
fn refused_input_says_why() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    for (label, text, part) in [
        ("Date", "1998-13", "1998-13"),
        ("sources", "nowhere", "nowhere"),
        (
            "Answer in English",
            "a bell \u{7} rings",
            "control character",
        ),
    ] {
        let form = edits(&grace, "fugato-created");
        let said = grace.submits(&form, &[(label, text)]);
        said.says(&[part]);
        assert!(!said.labels().contains(&"Confirm"), "{said:?}");
    }
    for (command, options) in [
        ("/cara-admin restore", &[("fact", "never-there")][..]),
        ("/cara-admin undo", &[("revision", "99")]),
        ("/cara-admin edit", &[("fact", "never-there")]),
        ("/cara-admin retire", &[("fact", "never-there")]),
        (
            "/cara-admin alias",
            &[("entity", "never-there"), ("name", "x")],
        ),
        ("/cara-admin history", &[("fact", "never-there")]),
    ] {
        let said = grace.types(command, options);
        assert!(
            said.ephemeral && !said.text.is_empty(),
            "{command}: {said:?}"
        );
        assert!(!said.labels().contains(&"Confirm"), "{command}: {said:?}");
    }
    drop(bot);
}

#[test]
fn every_button_menu_and_form_of_moderators_asks_again_who_presses() {
    let (town, bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    let question = &[("question", "which weekday is band practice")];
    let unknown = ada.types("/cara ask", question);
    // Then it is surely in the queue.
    ada.clicks(&unknown, "Send to the moderators");
    let queue = grace.types("/cara-admin review", &[]);
    let mut buttons: Vec<String> = Vec::new();
    let mut menus: Vec<(String, String)> = Vec::new();
    let mut forms: Vec<String> = Vec::new();
    let mut keep = |said: &Said| {
        buttons.extend(said.buttons.iter().filter_map(|button| button.id.clone()));
        menus.extend(said.menus.iter().flat_map(|menu| {
            menu.options
                .iter()
                .map(|(_, value)| (menu.id.clone(), value.clone()))
        }));
        forms.extend(said.modal.iter().map(|modal| {
            modal.body["custom_id"]
                .as_str()
                .expect("forms have ids")
                .to_owned()
        }));
    };
    keep(&queue);
    let opened = grace.chooses(&queue, "band practice");
    keep(&opened);
    keep(&grace.clicks(&opened, "Answer"));
    keep(&grace.clicks(&opened, "Decline"));
    let candidates = grace.clicks(&opened, "Teach");
    keep(&candidates);
    keep(&grace.clicks(&candidates, "Search"));
    let form = edits(&grace, "fugato-created");
    keep(&form);
    let preview = grace.submits(&form, &[("Answer in English", EDITED)]);
    keep(&preview);
    let second = answers_otherwise(
        &grace,
        "fugato-founders",
        "Marta Lind founded Fugato alone.",
    );
    keep(&confirms(&grace, &second));
    let before = bot.project.read("facts/fugato.toml");
    assert!(
        buttons.len() > 10 && !menus.is_empty() && forms.len() > 3,
        "{buttons:?} {forms:?}"
    );
    let row = json!([{"type": 1, "id": 1, "components": [
        {"type": 2, "id": 2, "style": 1, "custom_id": "x", "label": "x"}]}]);
    let message = town.remembers("general", "anything", row);
    let mallory = town.manager_elsewhere("mallory", "Elsewhere");
    let elsewhere = mallory.writes("anything");
    let mut number = 0;
    let mut refused = |press: &dyn Fn(&Person, u64) -> Said, what: &str| {
        number += 1;
        // Each press by somebody else, for nobody may press so often.
        let member = town.member(&format!("ada{number}"));
        for (person, message) in [(&member, message), (&mallory, elsewhere)] {
            let said = press(person, message);
            assert!(said.ephemeral, "{what}: {said:?}");
            said.says(&["Only the bot's moderators"]);
        }
        std::thread::sleep(std::time::Duration::from_millis(if number > 15 {
            1000
        } else {
            0
        }));
    };
    for id in &buttons {
        refused(&|person, message| person.presses(message, id).said(), id);
    }
    for (id, value) in &menus {
        refused(
            &|person, message| person.picks(message, id, value).said(),
            id,
        );
    }
    for id in &forms {
        let fields = [("answer.en", "forged"), ("words", "x"), ("word", "x")];
        refused(
            &|person, message| person.forges_form(id, &fields, Some(message)).said(),
            id,
        );
    }
    assert_eq!(bot.project.read("facts/fugato.toml"), before);
    grace.clicks(&preview, "Cancel");
}

#[test]
fn killed_while_confirming_the_bot_comes_back_with_the_old_or_the_new() {
    let (town, mut bot) = town();
    let grace = town.moderator("grace");
    for (round, wait) in [0, 3, 10, 30, 100].into_iter().enumerate() {
        let answer = format!("Fugato was founded in March 1998, told {round} times.");
        let preview = answers_otherwise(&grace, "fugato-created", &answer);
        let pending = grace.begins_click(&preview, "Confirm");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        bot.is_killed();
        drop(pending);
        bot.starts_again();
        let said = town
            .member(&format!("ada{round}"))
            .types("/cara ask", &[("question", QUESTION)]);
        said.says(&["Fugato was founded in March 1998"]);
        let text = bot.project.read("facts/fugato.toml");
        let history = grace.types("/cara-admin history", &[("fact", "fugato-created")]);
        let told = format!("told {round} times");
        assert_eq!(
            text.contains(&told),
            history.text.contains(&told),
            "{history:?}\n{text}"
        );
        assert_eq!(text.contains(&told), said.text.contains(&told), "{said:?}");
    }
}

#[test]
fn history_always_says_why() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let preview = answers_otherwise(&grace, "fugato-created", EDITED);
    let form = grace.clicks(&preview, "Confirm and say why");
    assert!(!form.modal.as_ref().expect("a form").inputs[0].required);
    let done = grace.submits(&form, &[("Why?", "the *archive* says so, @everyone")]);
    done.says(&["Done: revision 1"]);
    let undo = grace.clicks(&done, "Undo");
    confirms(&grace, &undo);
    let preview = answers_otherwise(&grace, "fugato-created", EDITED);
    // Asked, and not answered.
    let form = grace.clicks(&preview, "Confirm and say why");
    grace.submits(&form, &[]).says(&["Done: revision 3"]);
    let history = grace.types("/cara-admin history", &[("fact", "fugato-created")]);
    history.says(&[
        "the *archive* says so, @everyone",
        "takes revision 1 back",
        "no reason was given",
    ]);
    assert!(!history.pings.everyone);
    grace
        .speaking("fr")
        .types("/cara-admin historique", &[("fait", "fugato-created")])
        .says(&["annule la révision 1", "sans motif indiqué"]);
}

#[test]
fn preview_too_long_for_a_message_comes_as_a_file_that_goes_with_it() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    let long = |sentence: &str| sentence.repeat(900 / sentence.len());
    let (en, fr) = (
        long("Fugato was founded in March 1998, in a kitchen. "),
        long("Fugato a été fondé en mars 1998, dans une cuisine. "),
    );
    let form = edits(&grace, "fugato-created");
    let preview = grace.submits(
        &form,
        &[("Answer in English", &en), ("Answer in French", &fr)],
    );
    assert!(preview.content.chars().count() <= 2000);
    preview.says(&["Nothing has changed yet", "golden questions"]);
    let [file] = preview.files.as_slice() else {
        panic!("{preview:?}")
    };
    assert_eq!(file.name, "preview.txt");
    assert!(file.alt.is_some());
    let text = String::from_utf8(file.bytes.clone()).expect("it is text");
    for part in [ANSWER, en.trim_end(), fr.trim_end()] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&text).contains(&words(part)), "{part} in\n{text}");
    }
    let again = grace.clicks(&preview, "Edit again");
    assert_eq!(
        again
            .modal
            .as_ref()
            .expect("a form")
            .input("Answer in English")
            .value
            .trim_end(),
        en.trim_end()
    );
    let cancelled = grace.clicks(&preview, "Cancel");
    cancelled.says(&["Nothing was changed"]);
    assert!(cancelled.files.is_empty(), "{cancelled:?}");
}

/// A question waits, and a moderator has the preview that teaches it.
#[cfg(target_os = "linux")]
#[track_caller]
fn about_to_teach(town: &crate::support::discord::Town) -> (Person, Said) {
    const UNTAUGHT: &str = "which weekday is band practice";
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    let unknown = ada.types("/cara ask", &[("question", UNTAUGHT)]);
    ada.clicks(&unknown, "Send to the moderators");
    let queue = grace.types("/cara-admin review", &[]);
    let opened = grace.chooses(&queue, UNTAUGHT);
    let candidates = grace.clicks(&opened, "Teach");
    let form = grace.clicks(&candidates, "Search");
    let found = grace.submits(&form, &[("Words or id", "rehearsals")]);
    let preview = grace.chooses(&found, "When are the rehearsals?");
    (grace, preview)
}

/// Nothing can be written: that is said, the old facts are served and the question waits. Once that is
/// mended, the same preview is confirmed.
#[cfg(target_os = "linux")]
#[track_caller]
fn fails_until_mended(
    town: &crate::support::discord::Town,
    remedy: &str,
    french: &str,
    mend: impl FnOnce(),
) {
    let (grace, preview) = about_to_teach(town);
    let refused = grace.clicks(&preview, "Confirm");
    refused.says(&["cannot be written", remedy]);
    works(town, "ben");
    let question = [("question", "which weekday is band practice")];
    let unknown = town.member("cleo").types("/cara ask", &question);
    unknown.says(&["I don't know"]);
    grace
        .types("/cara-admin status", &[])
        .says(&["generation 1"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["1 question is waiting"]);
    let said = grace
        .speaking("fr")
        .types("/cara-admin retirer", &[("fait", "fugato-founders")]);
    grace.clicks(&said, "Confirmer").says(&[french]);
    mend();
    confirms(&grace, &refused).says(&["generation 2"]);
    town.member("dan")
        .types("/cara ask", &question)
        .says(&["Tuesday evenings"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["The queue is empty"]);
}

#[cfg(target_os = "linux")]
#[test]
fn read_only_directory_is_told_and_the_preview_waits_until_it_is_mended() {
    use std::os::unix::fs::PermissionsExt as _;
    let town = crate::support::discord::Town::new();
    // The rights of files bind root as well, without this.
    let bound = ["setpriv", "--bounding-set=-dac_override"];
    let is_root = std::fs::metadata("/proc/self")
        .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let under: &[&str] = if is_root { &bound } else { &[] };
    let bot = town.bot().under(under).starts();
    let facts = bot.project.knowledge().join("facts");
    let allow = |mode: u32| {
        std::fs::set_permissions(&facts, std::fs::Permissions::from_mode(mode))
            .expect("the temporary folder is ours");
    };
    allow(0o500);
    fails_until_mended(
        &town,
        "let the user that runs cara-bot write",
        "Permettez à l'utilisateur",
        || allow(0o700),
    );
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_told_and_the_preview_waits_until_there_is_room() {
    const FILLED: &str = r#"
        cp -r "$CARA_KNOWLEDGE/facts" "$HOME/facts" &&
        mount -t tmpfs -o size=256k full "$CARA_KNOWLEDGE/facts" &&
        cp -r "$HOME/facts/." "$CARA_KNOWLEDGE/facts" &&
        { dd if=/dev/zero of="$CARA_KNOWLEDGE/facts/.full" bs=1k 2>&-; exec "$0" "$@"; }"#;
    let may_mount = std::process::Command::new("unshare")
        .args(["--mount", "mount", "-t", "tmpfs", "full", "/mnt"])
        .output()
        .is_ok_and(|ran| ran.status.success());
    if !may_mount {
        eprintln!("skipped: this user may not mount a small disk");
        return;
    }
    let town = crate::support::discord::Town::new();
    let bot = town
        .bot()
        .under(&["unshare", "--mount", "sh", "-c", FILLED])
        .starts();
    fails_until_mended(&town, "make room on the disk", "Faites de la place", || {
        std::fs::remove_file(bot.sees("facts/.full")).expect("it is there")
    });
}
