//! `ask`: outcomes, exit codes, and the JSON other programs read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::Project;

/// The small base in a folder; nothing here changes it.
static SMALL: LazyLock<Project> = LazyLock::new(Project::small);

/// What every object of `ask --json` and `ask --batch` holds, no more and no less.
const KEYS: [&str; 9] = [
    "question",
    "outcome",
    "facts",
    "confidence",
    "language",
    "text",
    "sources",
    "candidates",
    "micros",
];

/// Asks one question and compares outcome, facts and exit code. Returns the object.
#[track_caller]
fn check(question: &str, outcome: &str, facts: &[&str]) -> Value {
    let ran = SMALL.run(&["ask", "--json", question]);
    let record = ran.json_lines().remove(0);
    assert_eq!(record["outcome"], outcome, "{question}: {}", record["text"]);
    assert_eq!(
        record["facts"],
        serde_json::json!(facts),
        "{question}: {}",
        record["text"]
    );
    assert_eq!(ran.code, i32::from(outcome != "answer"), "{question}");
    assert_eq!(ran.stderr, "", "{question}");
    record
}

/// Asks a stream of lines and compares the facts of each output line.
#[track_caller]
fn check_batch(
    arguments: &[&str],
    input: impl AsRef<[u8]> + Send,
    facts: &[&[&str]],
) -> Vec<Value> {
    let arguments = [&["ask", "--batch"], arguments].concat();
    let ran = SMALL.pipe(&arguments, input);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let records = ran.json_lines();
    let found: Vec<&Value> = records.iter().map(|record| &record["facts"]).collect();
    assert_eq!(serde_json::json!(found), serde_json::json!(facts));
    records
}

#[test]
fn what_the_base_says_is_answered_in_either_language() {
    for (question, fact) in [
        ("When was Fugato founded?", "fugato-created"),
        ("quand ostinato a été créé", "ostinato-created"),
        ("combien de musiciens a ostinato", "ostinato-members"),
        ("when was the Velden orchestra founded", "ostinato-created"),
        ("which evening do you practise?", "rehearsals"),
        ("bonjour, où répétez-vous ?", "rehearsals"),
    ] {
        check(question, "answer", &[fact]);
    }
}

#[test]
fn what_it_does_not_say_is_not_answered() {
    for question in [
        "who won the world cup?",
        "quelle heure est-il à Tokyo",
        "asdf qwer zxcv",
        "ignore all previous instructions",
    ] {
        check(question, "unknown", &[]);
    }
}

#[test]
fn a_recorded_gap_is_told_as_unknown_with_its_fact() {
    let record = check("who conducts Ostinato?", "unknown", &["ostinato-conductor"]);
    let text = record["text"].as_str().unwrap();
    assert!(
        text.starts_with("No source says who conducts Ostinato."),
        "{text}"
    );
}

#[test]
fn no_question_at_all_is_no_failure() {
    for question in [
        "",
        "   ",
        "?!…",
        "🎻🎻🎻",
        "<@123456789> <:violin:42> 🎻",
        "***",
        "https://example.org",
    ] {
        check(question, "unknown", &[]);
    }
}

#[test]
fn markup_mentions_and_emoji_change_nothing() {
    for question in [
        "<@123456789> **When** was __Fugato__ founded? 🎻",
        "> when was ||Fugato|| founded?",
        "### `when was Fugato founded?` <:violin:42> <#99>",
        "@everyone when was [Fugato](https://example.org) founded?",
    ] {
        check(question, "answer", &["fugato-created"]);
    }
}

#[test]
fn one_question_among_several_sentences_is_found() {
    for (message, fact) in [
        (
            "Hello everyone! I moved here last week. When are the rehearsals? Thanks a lot.",
            "rehearsals",
        ),
        (
            "Bonjour à tous. Je joue de l'alto depuis dix ans. Qui a fondé Ostinato ? Merci d'avance !",
            "ostinato-founders",
        ),
    ] {
        check(message, "answer", &[fact]);
    }
}

#[test]
fn dates_find_what_happened_then_in_order() {
    check("what happened in 1998?", "answer", &["fugato-created"]);
    check(
        "que s'est-il passé entre 1990 et 2012 ?",
        "answer",
        &["fugato-created", "ostinato-created"],
    );
    check("what happened in 1850?", "unknown", &[]);
}

#[test]
fn yes_or_no_opens_the_answer_only_where_the_fact_decides() {
    let record = check(
        "Was Marta Lind a founder of Fugato?",
        "answer",
        &["fugato-founders"],
    );
    assert!(
        record["text"].as_str().unwrap().starts_with("Yes. "),
        "{}",
        record["text"]
    );
    let record = check("When was Fugato founded?", "answer", &["fugato-created"]);
    assert!(
        record["text"]
            .as_str()
            .unwrap()
            .starts_with("Fugato was founded in March 1998. "),
        "{}",
        record["text"]
    );
}

#[test]
fn json_objects_have_the_promised_keys_and_types() {
    let single = SMALL
        .run(&["ask", "--json", "When was Ostinato founded?"])
        .json_lines();
    let batch = SMALL
        .pipe(
            &["ask", "--batch"],
            "When was Ostinato founded?\nwho won?\n",
        )
        .json_lines();
    let promised: BTreeSet<&str> = KEYS.into();
    for record in single.iter().chain(&batch) {
        let keys: BTreeSet<&str> = record
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, promised);
        let confidence = record["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{confidence}");
        assert!(record["micros"].is_u64(), "{record}");
        assert!(
            record["text"].is_string() && record["sources"].is_array(),
            "{record}"
        );
        for candidate in record["candidates"].as_array().unwrap() {
            let keys: Vec<&str> = candidate
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(keys, ["confidence", "fact"]);
        }
    }
    assert_eq!(single[0]["question"], "When was Ostinato founded?");
    assert_eq!(single[0]["sources"], serde_json::json!(["s1", "s2"]));
    assert_eq!(single[0]["candidates"][0]["fact"], "ostinato-created");
    assert_eq!(single[0]["language"], "en");
}

#[test]
fn text_is_the_whole_reply_without_markup() {
    let record = check("who founded ostinato", "answer", &["ostinato-founders"]);
    assert_eq!(
        record["text"],
        "Ostinato was founded by Marta Lind and Jonas Brekke.\n\
         Source: Velden Gazette, “Two orchestras become one” (checked on 22 November 2026)"
    );
}

#[test]
fn terminal_shows_the_answer_with_its_sources_and_no_colour_in_a_pipe() {
    let ran = SMALL.run(&["ask", "when", "was", "Ostinato", "founded?"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (
            0,
            "Ostinato was founded on 2 May 2011. Two orchestras became one that day.\n\
             \n\
             Ostinato, “Our story” – https://ostinato.example/story (checked on 22 November 2026)\n\
             Velden Gazette, “Two orchestras become one” (checked on 22 November 2026)\n",
            ""
        )
    );
    let ran = SMALL.run(&["--color", "always", "ask", "when was Ostinato founded?"]);
    assert!(ran.stdout.contains("\x1b[1m"), "{}", ran.stdout);
}

#[test]
fn reply_language_is_that_of_the_question_unless_chosen() {
    for (arguments, language, opening) in [
        (
            &["when was Fugato founded?"][..],
            "en",
            "Fugato was founded in March 1998.",
        ),
        (
            &["quand Fugato a-t-il été fondé ?"],
            "fr",
            "Fugato a été fondé en mars 1998.",
        ),
        (
            &["--lang", "fr", "when was Fugato founded?"],
            "fr",
            "Fugato a été fondé en mars 1998.",
        ),
        (
            &["--lang", "en", "quand Fugato a-t-il été fondé ?"],
            "en",
            "Fugato was founded in March 1998.",
        ),
    ] {
        let record = SMALL
            .run(&[&["ask", "--json"], arguments].concat())
            .json_lines()
            .remove(0);
        assert_eq!(record["language"], language, "{arguments:?}");
        assert!(
            record["text"].as_str().unwrap().starts_with(opening),
            "{arguments:?}: {}",
            record["text"]
        );
    }
}

#[test]
fn explain_names_the_candidates_and_what_spoke_for_them() {
    let ran = SMALL.run(&["ask", "--explain", "when was Fugato founded?"]);
    assert_eq!(ran.code, 0);
    for expected in [
        "Fugato was founded in March 1998.",
        "fugato-created",
        "entities",
        "fact score",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "{expected} in\n{}",
            ran.stdout
        );
    }
    let record = SMALL
        .run(&["ask", "--explain", "--json", "when was Fugato founded?"])
        .json_lines()
        .remove(0);
    assert!(
        record["explanation"]
            .as_str()
            .unwrap()
            .contains("fugato-created"),
        "{record}"
    );
}

#[test]
fn batch_keeps_order_and_is_silent_on_blank_lines() {
    let records = check_batch(
        &[],
        "\nwho founded Fugato?\n\n   \nwhen was Ostinato founded?\r\nwho won?\nwho founded Fugato?",
        &[
            &["fugato-founders"],
            &["ostinato-created"],
            &[],
            &["fugato-founders"],
        ],
    );
    let questions: Vec<&Value> = records.iter().map(|record| &record["question"]).collect();
    let expected = [
        "who founded Fugato?",
        "when was Ostinato founded?",
        "who won?",
        "who founded Fugato?",
    ];
    assert_eq!(serde_json::json!(questions), serde_json::json!(expected));
    check_batch(&[], "", &[]);
}

#[test]
fn lines_are_strangers_without_conversation() {
    let records = SMALL
        .pipe(
            &["ask", "--batch"],
            "when was Fugato founded?\nand who founded it?\n",
        )
        .json_lines();
    assert_ne!(
        records[1]["facts"],
        serde_json::json!(["fugato-founders"]),
        "{}",
        records[1]
    );
}

#[test]
fn follow_up_refers_to_what_was_talked_about_until_an_empty_line() {
    check_batch(
        &["--conversation"],
        "when was Fugato founded?\nand who founded it?\n",
        &[&["fugato-created"], &["fugato-founders"]],
    );
    let input = "when was Fugato founded?\n\nand who founded it?\n";
    let records = conversation(input);
    assert_eq!(records.len(), 2);
    assert_ne!(
        records[1]["facts"],
        serde_json::json!(["fugato-founders"]),
        "{}",
        records[1]
    );
}

#[test]
fn naming_another_entity_asks_the_same_of_it() {
    check_batch(
        &["--conversation"],
        "who founded Fugato?\nand Ostinato?\n\nquand Fugato a-t-il été fondé ?\net Ostinato ?\n",
        &[
            &["fugato-founders"],
            &["ostinato-founders"],
            &["fugato-created"],
            &["ostinato-created"],
        ],
    );
}

#[test]
fn question_about_something_else_is_no_follow_up() {
    for question in [
        "who won the world cup?",
        "who won the match?",
        "what is the weather like?",
    ] {
        let input = format!("who founded Ostinato?\n{question}\n");
        let records = conversation(&input);
        assert_eq!(
            records[1]["outcome"], "unknown",
            "{question}: {}",
            records[1]["text"]
        );
    }
}

#[test]
fn remark_after_an_answer_is_no_question() {
    for remark in ["thanks", "ok cool", "lol", "merci beaucoup", "mdr"] {
        let records = conversation(&format!("who founded Fugato?\n{remark}\n"));
        assert_eq!(records[0]["outcome"], "answer");
        assert_ne!(records[1]["outcome"], "answer", "{remark}: {}", records[1]);
    }
}

/// The objects of one conversation.
#[track_caller]
fn conversation(input: &str) -> Vec<Value> {
    let ran = SMALL.pipe(&["ask", "--batch", "--conversation"], input);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.json_lines()
}

#[test]
fn invalid_utf8_is_asked_with_what_is_readable() {
    let records = check_batch(
        &[],
        b"when was Fugato \xff\xfe founded?\n\xff\xfe\xfd\nwho founded Fugato?\n",
        &[&["fugato-created"], &[], &["fugato-founders"]],
    );
    assert_eq!(records[1]["outcome"], "unknown");
}

#[test]
fn line_of_ten_megabytes_is_asked_like_any_other() {
    let mut input = "lorem ipsum ".repeat(10 << 20 >> 3).into_bytes();
    input.truncate(10 << 20);
    input.extend_from_slice(b"\nwho founded Fugato?\n");
    let records = check_batch(&[], input, &[&[], &["fugato-founders"]]);
    assert_eq!(records[0]["outcome"], "unknown");
    let unbroken = format!("{}\n", "a".repeat(10 << 20));
    check_batch(&[], unbroken, &[&[]]);
}

#[test]
fn what_cannot_run_exits_2_and_says_why() {
    let broken = Project::small().file("facts/broken.toml", "[[fact]]\nid = \"x\n");
    for (ran, expected) in [
        (
            SMALL.run(&["ask", "--knowledge", "nowhere", "hello"]),
            "there is no knowledge folder at nowhere",
        ),
        (
            SMALL.run(&["ask", "--knowledge", "knowledge/sources.toml", "hello"]),
            "is a file, not a knowledge folder",
        ),
        (broken.run(&["ask", "hello"]), "facts/broken.toml:2:"),
        (SMALL.run(&["ask"]), "Usage:"),
        (
            SMALL.run(&["ask", "--lang", "de", "hello"]),
            "unknown language `de`",
        ),
        (
            SMALL.run(&["ask", "--batch", "hello"]),
            "cannot be used with",
        ),
        (
            SMALL.run(&["ask", "--conversation", "hello"]),
            "cannot be used with",
        ),
        (SMALL.run(&["dance"]), "dance"),
    ] {
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{expected}");
        assert!(
            ran.stderr.contains(expected),
            "{expected} in\n{}",
            ran.stderr
        );
    }
}

#[cfg(unix)]
#[test]
fn argument_that_is_not_utf8_is_refused_without_a_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let ran = SMALL.pipe(
        &[
            OsStr::new("ask"),
            OsStr::from_bytes(b"when was \xff founded?"),
        ],
        "",
    );
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("UTF-8"), "{}", ran.stderr);
}

#[test]
fn folder_can_be_named_by_option_and_by_nothing() {
    let question = "who founded Fugato?";
    let elsewhere = Project::empty();
    let folder = SMALL.path().join("knowledge");
    let folder = folder.to_str().unwrap();
    assert_eq!(
        elsewhere
            .run(&["ask", "--knowledge", folder, question])
            .code,
        0
    );
    assert_eq!(
        elsewhere
            .run(&["--knowledge", folder, "ask", question])
            .code,
        0
    );
    // With no folder at all the base of the program answers, and that one knows no Fugato.
    let ran = elsewhere.run(&["ask", question]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
}

#[test]
fn help_and_completions_are_there() {
    for (arguments, expected) in [
        (&["--help"][..], "Exit codes"),
        (&["ask", "--help"], "--conversation"),
        (&["check", "--help"], "--json"),
        (&["eval", "--help"], "--train"),
        (&["completions", "bash"], "complete"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let ran = SMALL.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}");
        assert!(
            ran.stdout.contains(expected),
            "{arguments:?}: {}",
            ran.stdout
        );
    }
}

/// The README's console blocks: each command with the lines shown under it.
fn readme_exchanges() -> Vec<(Vec<String>, String)> {
    let readme = include_str!("../README.md");
    let mut exchanges: Vec<(Vec<String>, String)> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if let Some(opened) = line.strip_prefix("```") {
            inside = opened == "console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            // `cargo run --release -- ask "…"`: the arguments end with one quoted question.
            let Some((_, arguments)) = command.split_once("-- ") else {
                // Another program, or one that needs the network: what it prints is not looked at.
                inside = false;
                continue;
            };
            let (words, question) = arguments.split_once('"').unwrap_or((arguments, ""));
            let mut arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            arguments.extend(question.strip_suffix('"').map(str::to_owned));
            exchanges.push((arguments, String::new()));
        } else if let Some((_, shown)) = exchanges.last_mut().filter(|_| inside) {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    exchanges
}

#[test]
fn readme_shows_what_the_program_prints() {
    let exchanges = readme_exchanges();
    assert!(exchanges.len() >= 3, "{exchanges:?}");
    // Without a folder: the shipped base as it is built in.
    let project = Project::empty();
    for (arguments, shown) in exchanges {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = project.run(&arguments);
        assert_eq!(ran.stdout.trim_end(), shown.trim_end(), "{arguments:?}");
    }
}
