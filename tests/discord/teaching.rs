//! The closed loop: what nobody could answer reaches the moderators, is taught, answered, refused,
//! dropped or declined, and whoever asked to be told is told once.

use crate::support::discord::{How, Person, Said, Town};

use super::{NOBODY_KNOWS, town, works};

/// Asked, and not known; `rehearsals` answers it.
const UNTAUGHT: &str = "which weekday is band practice";
/// The same, misspelt.
const MISSPELT: &str = "wich weekday is band practise";
const REHEARSALS: &str = "Rehearsals are on Tuesday evenings in the old fire station.";

/// Somebody asks what nobody knows, sends it, and wants to be told.
#[track_caller]
fn asks_and_wants_to_be_told(person: &Person, question: &str) {
    let unknown = person.types("/cara ask", &[("question", question)]);
    let sent = person.clicks(&unknown, "Send to the moderators");
    let noted = person.clicks(&sent, "Tell me when it is answered");
    assert!(noted.ephemeral, "{noted:?}");
    noted.says(&["told once"]);
}

/// A moderator opens the queue and a question in it.
#[track_caller]
fn opens(moderator: &Person, question: &str) -> Said {
    let queue = moderator.types("/cara-admin review", &[]);
    assert!(queue.ephemeral, "{queue:?}");
    let opened = moderator.chooses(&queue, question);
    assert_eq!(opened.how, How::Updated, "{opened:?}");
    opened
}

/// A moderator confirms a preview.
#[track_caller]
pub(super) fn confirms(moderator: &Person, preview: &Said) -> Said {
    let done = moderator.clicks(preview, "Confirm");
    done.says(&["Done: revision"]);
    done
}

#[test]
fn question_nobody_could_answer_is_taught_answered_and_its_asker_told() {
    let (town, mut bot) = town();
    let (ada, ben, grace) = (
        town.member("ada"),
        town.member("ben"),
        town.moderator("grace"),
    );
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    let opened = opens(&grace, UNTAUGHT);
    // To want to be told is not to ask once more.
    opened.says(&["2 times", "1 not answered", "1 sent"]);
    let candidates = grace.clicks(&opened, "Teach");
    let preview = match candidates.menus.first() {
        Some(menu)
            if menu
                .options
                .iter()
                .any(|(label, _)| label == "When are the rehearsals?") =>
        {
            grace.chooses(&candidates, "When are the rehearsals?")
        }
        _ => {
            let form = grace.clicks(&candidates, "Search");
            let found = grace.submits(&form, &[("Words or id", "rehearsals")]);
            grace.chooses(&found, "When are the rehearsals?")
        }
    };
    preview.says(&["Nothing has changed yet", UNTAUGHT, "Tuesday evenings"]);
    // Nothing changes before it is confirmed.
    let still = ben.types("/cara ask", &[("question", UNTAUGHT)]);
    still.says(&["I don't know"]);
    confirms(&grace, &preview).says(&["generation 2", "16 of 16"]);
    for question in [UNTAUGHT, MISSPELT] {
        let said = ben.types("/cara ask", &[("question", question)]);
        said.says(&[REHEARSALS]);
        assert!(!said.ephemeral);
    }
    let told = ada.is_told(0);
    told.says(&[UNTAUGHT, REHEARSALS]);
    grace
        .types("/cara-admin status", &[])
        .says(&["generation 2", "16 golden questions"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["The queue is empty"]);
    // All of it is there after a restart, and nobody is told again.
    bot.restarts();
    ben.types("/cara ask", &[("question", UNTAUGHT)])
        .says(&[REHEARSALS]);
    grace
        .types("/cara-admin status", &[])
        .says(&["16 golden questions"]);
    assert_eq!(ada.letters(), 1);
    let text = bot.project.read("facts/ostinato.toml");
    assert!(text.contains(UNTAUGHT), "{text}");
}

#[test]
fn question_is_answered_with_a_new_fact() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, "is there a dress code?");
    let opened = opens(&grace, "is there a dress code?");
    let form = grace.clicks(&opened, "Answer");
    let modal = form.modal.as_ref().expect("a form");
    assert_eq!(
        modal.input("Questions in English").value,
        "is there a dress code?"
    );
    let answer = "Everybody wears black.\nScarves may be red.";
    let preview = grace.submits(
        &form,
        &[
            ("Answer in English", answer),
            ("Answer in French", "Tout le monde s'habille en noir."),
            ("Questions in French", "Quelle est la tenue ?"),
            ("sources", "s1"),
        ],
    );
    preview.says(&["Everybody wears black", "Tout le monde"]);
    confirms(&grace, &preview);
    let ben = town.member("ben");
    ben.types("/cara ask", &[("question", "is there a dress code")])
        .says(&["Everybody wears black.", "Scarves may be red.", "Our story"]);
    ben.types("/cara ask", &[("question", "quelle est la tenue ?")])
        .says(&["Tout le monde s'habille en noir."]);
    ada.is_told(0).says(&["Everybody wears black."]);
}

#[test]
fn new_fact_without_a_source_is_sent_back_to_its_form() {
    let (town, bot) = town();
    let grace = town.moderator("grace");
    let form = grace.types("/cara-admin add", &[]);
    let texts = [
        ("Questions in English", "Who cleans the hall?"),
        ("Questions in French", "Qui nettoie la salle ?"),
        ("Answer in English", "The caretaker does."),
        ("Answer in French", "Le gardien."),
    ];
    let preview = grace.submits(&form, &texts);
    preview.says(&["cannot be made", "source"]);
    assert!(!preview.labels().contains(&"Confirm"), "{preview:?}");
    let again = grace.clicks(&preview, "Edit again");
    let modal = again.modal.as_ref().expect("the form as it was");
    assert_eq!(
        modal.input("Answer in English").value,
        "The caretaker does."
    );
    let preview = grace.submits(&again, &[("sources", "s2")]);
    confirms(&grace, &preview);
    town.member("ada")
        .types("/cara ask", &[("question", "who cleans the hall?")])
        .says(&["The caretaker does.", "Velden Gazette"]);
    drop(bot);
}

#[test]
fn question_refused_on_purpose_stays_unknown_and_becomes_golden() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, "who sells tickets for the moon?");
    let opened = opens(&grace, "the moon");
    let preview = grace.clicks(&opened, "Refuse on purpose");
    confirms(&grace, &preview).says(&["generation 2"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["The queue is empty"]);
    ada.is_told(0).says(&["the moon", "do not answer this"]);
}

#[test]
fn dropped_question_is_gone_and_nobody_is_told() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    let opened = opens(&grace, UNTAUGHT);
    let dropped = grace.clicks(&opened, "Drop");
    dropped.says(&["Dropped"]);
    grace
        .clicks(&dropped, "Back to the queue")
        .says(&["The queue is empty"]);
    // Pressed once more, from a message that is still open elsewhere.
    works(&town, "ben");
    assert_eq!(ada.letters(), 0);
}

#[test]
fn declined_question_is_told_with_a_word() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    let opened = opens(&grace, UNTAUGHT);
    let form = grace.clicks(&opened, "Decline");
    let word = "We will know in spring.\n@everyone <@1> **soon**";
    let done = grace.submits(&form, &[("A word", word)]);
    done.says(&["Declined"]);
    let told = ada.is_told(0);
    told.says(&[UNTAUGHT, "We will know in spring."]);
    assert_eq!(told.pings, Default::default());
    assert!(!told.content.contains("**soon**"), "{told:?}");
}

#[test]
fn same_question_in_other_words_is_one_entry_most_asked_first() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    for (who, question) in [
        ("ada", UNTAUGHT),
        ("ben", "which weekday is band practise"),
        ("cleo", "Which weekday is BAND practice???"),
        ("dan", "what instruments are missing?"),
    ] {
        town.member(who)
            .types("/cara ask", &[("question", question)]);
    }
    // What nobody could answer is noted after the answer.
    let all_are_there = |queue: &Said| {
        let lines = queue.menus.first().map_or(&[][..], |menu| &menu.options);
        lines.len() == 2 && lines[0].0.starts_with("3×")
    };
    town.waits_for("the queue", || {
        all_are_there(&grace.types("/cara-admin review", &[]))
    });
    let queue = grace.types("/cara-admin review", &[]);
    queue.says(&["2 questions are waiting"]);
    let lines: Vec<&str> = queue.menus[0]
        .options
        .iter()
        .map(|(label, _)| label.as_str())
        .collect();
    assert!(
        lines[0].starts_with("3×") && lines[1].starts_with("1×"),
        "{lines:?}"
    );
    let opened = grace.chooses(&queue, "3×");
    opened.says(&["3 times", "Also asked as"]);
}

#[test]
fn refused_offer_and_not_right_reach_the_queue_with_what_was_said() {
    let (town, _bot) = town();
    let (ada, ben, grace) = (
        town.member("ada"),
        town.member("ben"),
        town.moderator("grace"),
    );
    let offer = ada.types("/cara ask", &[("question", super::UNCLEAR)]);
    ada.clicks(&offer, "None of these")
        .says(&["kept for the moderators"]);
    let answer = works(&town, "ben");
    let form = ben.clicks(&answer, "Not right?");
    let kept = ben.submits(
        &form,
        &[
            ("What is not right?", "It was in April, @everyone"),
            ("a source", "https://example.org/april"),
        ],
    );
    kept.says(&["kept for the moderators"]);
    ben.clicks(&kept, "Tell me when it is answered");
    let queue = grace.types("/cara-admin review", &[]);
    queue.says(&["2 questions are waiting"]);
    let opened = grace.chooses(&queue, "Fugato");
    opened.says(&[
        "once (1 said to be not right)",
        "fugato-created",
        "It was in April",
        "example.org/april",
    ]);
    assert!(!opened.pings.everyone);
    // Accepted into an edit, which settles it.
    let form = grace.clicks(&opened, "Edit the fact");
    let modal = form.modal.as_ref().expect("a form");
    assert!(
        modal
            .input("Answer in English")
            .value
            .starts_with("Fugato was founded in March 1998.")
    );
    let preview = grace.submits(
        &form,
        &[
            (
                "Answer in English",
                "Fugato was founded in April 1998. It had nine musicians then.",
            ),
            (
                "Answer in French",
                "Fugato a été fondé en avril 1998. Il comptait alors neuf musiciens.",
            ),
            ("Date", "1998-04"),
        ],
    );
    preview.says(&["March 1998", "April 1998"]);
    confirms(&grace, &preview);
    ben.is_told(0).says(&["April 1998"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["1 question is waiting"]);
}

#[test]
fn who_is_forgotten_is_not_told() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    let forgotten = ada.types("/cara forget-me", &[]);
    assert!(forgotten.ephemeral);
    forgotten.says(&["Nothing here is tied to you"]);
    let opened = opens(&grace, UNTAUGHT);
    let form = grace.clicks(&opened, "Decline");
    grace.submits(&form, &[("A word", "no")]);
    works(&town, "ben");
    assert_eq!(ada.letters(), 0);
}

#[test]
fn asker_who_takes_no_messages_ends_nothing() {
    let (town, _bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    ada.blocks_direct_messages();
    let opened = opens(&grace, UNTAUGHT);
    let form = grace.clicks(&opened, "Decline");
    grace.submits(&form, &[]).says(&["Declined"]);
    town.waits_for("the try", || {
        !town.requests("POST", "/users/@me/channels").is_empty()
    });
    works(&town, "ben");
}

#[test]
fn queue_of_a_journal_that_is_away_is_written_once_it_is_back() {
    let town = Town::new();
    let setup = town.bot();
    // A directory where the journal's file should be.
    let data = setup.makes_directory("data/journal.sqlite");
    let bot = setup.starts();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    works(&town, "ben");
    ada.types("/cara ask", &[("question", UNTAUGHT)])
        .says(&["I don't know"]);
    let said = grace.types("/cara-admin review", &[]);
    assert!(said.ephemeral && said.text.contains("journal"), "{said:?}");
    std::fs::remove_dir(&data).expect("it is empty");
    town.waits_for("the queue", || {
        let queue = grace.types("/cara-admin review", &[]);
        queue.text.contains(UNTAUGHT)
    });
    drop(bot);
}

#[test]
fn statistics_tell_what_was_asked_answered_and_never_asked() {
    let (town, _bot) = town();
    let grace = town.moderator("grace");
    works(&town, "ada");
    works(&town, "ben");
    town.member("cleo")
        .types("/cara ask", &[("question", NOBODY_KNOWS)]);
    let answer = works(&town, "dan");
    let form = town.member("dan").clicks(&answer, "Not right?");
    town.member("dan").submits(&form, &[]);
    town.waits_for("the counts", || {
        let stats = grace.types("/cara-admin stats", &[]).text;
        stats.contains("4 asked")
            && stats.contains("1 not known")
            && stats.contains("1 called not right")
    });
    let stats = grace.types("/cara-admin stats", &[]);
    stats.says(&["3 fugato-created", "Never answered: 8", "Due for review"]);
    grace
        .speaking("fr")
        .types("/cara-admin stats", &[])
        .says(&["questions"]);
}

#[test]
fn question_that_is_taught_already_leaves_the_queue_without_an_edit() {
    let (town, bot) = town();
    let (ada, grace) = (town.member("ada"), town.moderator("grace"));
    asks_and_wants_to_be_told(&ada, UNTAUGHT);
    asks_and_wants_to_be_told(&ada, "who sells tickets for the moon?");
    // The operator teaches and refuses the same, without a look at the queue.
    for arguments in [
        &["teach", UNTAUGHT, "rehearsals", "--yes"][..],
        &["refuse", "who sells tickets for the moon?", "--yes"],
    ] {
        let ran = bot.runs_command(arguments);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    }
    town.waits_for("the reload", || {
        let status = grace.types("/cara-admin status", &[]).text;
        status.contains("17 golden questions")
    });
    let opened = opens(&grace, UNTAUGHT);
    let candidates = grace.clicks(&opened, "Teach");
    let form = grace.clicks(&candidates, "Search");
    let found = grace.submits(&form, &[("Words or id", "rehearsals")]);
    let closed = grace.chooses(&found, "When are the rehearsals?");
    closed.says(&["a phrasing of", "out of the queue"]);
    assert!(!closed.labels().contains(&"Confirm"), "{closed:?}");
    let told = ada.is_told(0);
    told.says(&[UNTAUGHT, REHEARSALS]);
    let opened = opens(&grace, "the moon");
    grace
        .clicks(&opened, "Refuse on purpose")
        .says(&["refused on purpose already", "out of the queue"]);
    ada.is_told(told.id()).says(&["do not answer this"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["The queue is empty"]);
}

#[test]
fn facts_whose_review_date_is_past_are_named() {
    let town = Town::new();
    let due = |fact: &str, review: &str| {
        format!(
            "[[fact]]\nid = \"{fact}\"\nsubject = \"ostinato\"\nchecked = \"2020-01-01\"\nreview = \"{review}\"\nsources = [\"s1\"]\nanswer.en = \"The {fact} is blue.\"\nanswer.fr = \"Le {fact} est bleu.\"\nphrasings.en = [\"What colour is the {fact}?\"]\nphrasings.fr = [\"De quelle couleur est le {fact} ?\"]\n"
        )
    };
    let facts = [
        due("banner", "2021-03"),
        due("piano", "2999"),
        due("curtain", "2024-05-06"),
    ]
    .concat();
    let _bot = town
        .bot()
        .with_project(crate::support::Project::small().file("facts/colours.toml", facts))
        .starts();
    let stats = town.moderator("grace").types("/cara-admin stats", &[]);
    stats.says(&["Due for review: 2\n  banner, curtain"]);
    town.moderator("grace")
        .speaking("fr")
        .types("/cara-admin chiffres", &[])
        .says(&["À revoir: 2\n  banner, curtain"]);
}
