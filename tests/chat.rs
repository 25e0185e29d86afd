//! `chat` with piped lines: the commands of Discord, in the terminal.

use std::sync::LazyLock;

use crate::support::Project;

static SMALL: LazyLock<Project> = LazyLock::new(Project::small);

/// Types lines into a chat and compares what each contains, in order. The chat must end by itself.
#[track_caller]
fn check(turns: &[(&str, &[&str])]) {
    let input: String = turns.iter().map(|(line, _)| format!("{line}\n")).collect();
    let ran = SMALL.pipe(&["chat"], input);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let mut rest = ran.stdout.as_str();
    for expected in turns.iter().flat_map(|(_, expected)| *expected) {
        let Some(at) = rest.find(expected) else {
            panic!("{expected:?} does not follow in\n{}", ran.stdout);
        };
        rest = &rest[at + expected.len()..];
    }
}

#[test]
fn history_tells_the_milestones_in_order() {
    check(&[(
        "/cara history",
        &[
            "The milestones of Ostinato",
            "• March 1998: Fugato is founded",
            "• 2 May 2011: Ostinato is founded",
            "Our story",
        ],
    )]);
}

#[test]
fn history_of_a_period_tells_that_period_only() {
    let ran = SMALL.pipe(&["chat"], "/cara history 1998\n");
    assert!(
        ran.stdout.contains("Fugato was founded in March 1998"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("2011"), "{}", ran.stdout);
    check(&[
        ("/cara history 2009-2012", &["2 May 2011"]),
        ("/cara history 1850", &["My timeline has no event in 1850."]),
    ]);
}

#[test]
fn questions_need_no_command() {
    check(&[
        (
            "when was Fugato founded?",
            &["Fugato was founded in March 1998."],
        ),
        (
            "/cara ask who founded Ostinato",
            &["Ostinato was founded by Marta Lind and Jonas Brekke."],
        ),
    ]);
}

#[test]
fn about_shows_what_an_entity_is_and_what_can_be_asked() {
    check(&[
        (
            "/cara about Fugato",
            &[
                "Fugato was a chamber orchestra.",
                "You can ask",
                "When was Fugato founded?",
                "Who founded Fugato?",
            ],
        ),
        (
            "/cara about the Velden orchestra",
            &[
                "Ostinato is the amateur orchestra",
                "How many members does Ostinato have?",
            ],
        ),
    ]);
}

#[test]
fn sources_and_help_are_complete() {
    check(&[
        (
            "/cara sources",
            &[
                "9 facts rest on 2 sources.",
                "https://ostinato.example/story",
                "Velden Gazette",
            ],
        ),
        (
            "/cara help",
            &[
                "/cara ask",
                "/cara history",
                "/cara about",
                "/cara sources",
                "You can ask",
            ],
        ),
        ("/cara", &["/cara ask"]),
    ]);
}

#[test]
fn unknown_command_is_told_with_those_that_exist() {
    check(&[
        ("/cara dance", &["`/cara dance` is no command", "history"]),
        ("/cara ask", &["needs a question"]),
        ("/cara about", &["needs a topic"]),
    ]);
}

#[test]
fn language_once_chosen_holds() {
    check(&[
        ("/lang fr", &["fr"]),
        (
            "when was Fugato founded?",
            &["Fugato a été fondé en mars 1998."],
        ),
        ("/cara history", &["mars 1998 : Fondation de Fugato"]),
        ("/lang en", &["en"]),
        (
            "quand Fugato a-t-il été fondé ?",
            &["Fugato was founded in March 1998."],
        ),
        (
            "/lang de",
            &["I don't speak `de`: use /lang en or /lang fr"],
        ),
    ]);
    let ran = SMALL.pipe(&["chat", "--lang", "fr"], "/cara help\n");
    assert!(ran.stdout.contains("Commandes : "), "{}", ran.stdout);
}

#[test]
fn follow_up_refers_to_what_was_talked_about() {
    check(&[
        ("when was Fugato founded?", &["March 1998"]),
        ("and who founded it?", &["by the cellist Marta Lind alone"]),
    ]);
}

#[test]
fn offer_is_taken_up_by_yes_or_by_its_place() {
    check(&[
        ("rehearsals founded when", &["• When was Ostinato founded?"]),
        (
            "the second one please",
            &["Rehearsals are on Tuesday evenings"],
        ),
    ]);
    check(&[
        ("rehearsals founded when", &["• When are the rehearsals?"]),
        ("yes", &["• When are the rehearsals?"]),
        ("1", &["Ostinato was founded on 2 May 2011."]),
        ("and who founded it?", &["Marta Lind and Jonas Brekke"]),
    ]);
    // What is named beside an "I don't know" can be taken as well.
    check(&[
        (
            "Who conducts Ostinato?",
            &["No source says", "• Who founded Ostinato?"],
        ),
        ("the first one", &["Marta Lind and Jonas Brekke"]),
    ]);
    // Nothing is offered, so nothing is taken.
    let ran = SMALL.pipe(&["chat"], "when was Fugato founded?\nthe first one\n");
    assert!(!ran.stdout.contains("chamber"), "{}", ran.stdout);
}

#[test]
fn questions_of_one_message_are_answered_together_if_each_is() {
    check(&[(
        "When was Fugato founded? And who founded it?",
        &["in March 1998", "by the cellist Marta Lind alone"],
    )]);
    // Does nobody know? That is no question of its own.
    check(&[(
        "When was Fugato founded? Does nobody here know?",
        &["Fugato was founded in March 1998."],
    )]);
    // A Yes would seem to belong to both.
    let asked = "When was Ostinato created? Was Marta Lind a founder of Fugato?\n";
    let ran = SMALL.pipe(&["chat"], asked);
    assert!(ran.stdout.contains("Marta Lind"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("Yes."), "{}", ran.stdout);
}

#[test]
fn commands_may_be_typed_in_capitals_and_help_names_those_of_the_terminal() {
    check(&[
        ("/CARA help", &["/cara ask", "/lang en", "/quit leaves"]),
        ("/lang", &["Which language? /lang en or /lang fr"]),
        ("/LANG fr", &["→ fr"]),
        ("/Cara aide", &["/cara demander", "/quit termine"]),
    ]);
}

#[test]
fn chat_is_what_runs_without_a_command_and_ends_with_its_input() {
    let ran = SMALL.pipe::<&str>(&[], "when was Fugato founded?");
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("March 1998"), "{}", ran.stdout);
    let ran = SMALL.pipe(&["chat"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn quit_leaves_the_rest_unread() {
    let ran = SMALL.pipe(&["chat"], "/quit\nwhen was Fugato founded?\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn unreadable_lines_end_no_chat() {
    let ran = SMALL.pipe(
        &["chat"],
        b"\xff\xfe\n\n/cara \xff\nwhen was Fugato founded?\n",
    );
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("March 1998"), "{}", ran.stdout);
}

/// Runs a chat in a language of the system.
fn in_locale(variables: &[(&str, &str)], arguments: &[&str], input: &str) -> String {
    let ran = SMALL.pipe_with(arguments, input, variables);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout
}

#[test]
fn what_is_no_command_is_told_in_the_language_of_the_person() {
    let french = [("LC_ALL", "fr_FR.UTF-8")];
    let said = in_locale(
        &french,
        &["chat"],
        "/cara danser\n/cara demander\n/lang de\n",
    );
    for part in [
        "`/cara danser` n'est pas une commande",
        "`/cara demander` attend une question",
        "Je ne parle pas « de »",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    let said = in_locale(&french, &["chat", "--lang", "en"], "/cara dance\n");
    assert!(said.contains("`/cara dance` is no command"), "{said}");
    let english = [("LC_ALL", "en_GB.UTF-8")];
    let said = in_locale(&english, &["chat", "--lang", "fr"], "/cara sujet\n");
    assert!(said.contains("`/cara sujet` attend un sujet"), "{said}");
}

#[test]
fn period_that_is_not_understood_is_said_so() {
    check(&[(
        "/cara history the good old days",
        &[
            "I don't understand “the good old days” as a period.",
            "2015-2018",
        ],
    )]);
    let said = in_locale(&[("LC_ALL", "fr_FR")], &["chat"], "/cara histoire jadis\n");
    assert!(said.contains("Je ne comprends pas « jadis »"), "{said}");
    let ran = SMALL.run(&["timeline", "once upon a time", "-o", "never.png"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stderr.contains("once upon a time"), "{}", ran.stderr);
}

#[test]
fn name_and_definition_of_a_card_are_kept_apart() {
    check(&[(
        "/cara about Fugato",
        &["Fugato – Fugato was a chamber orchestra."],
    )]);
}
