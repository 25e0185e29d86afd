//! `eval`: figures on question sets in files, and on the golden questions of a base.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::{Project, Ran};

static SMALL: LazyLock<Project> = LazyLock::new(Project::small);

/// What `eval --train … --test … --json` prints, no more and no less, in the order of JSON maps.
const KEYS: [&str; 10] = [
    "answered_right",
    "answered_wrong",
    "auroc",
    "build_seconds",
    "micros_p50",
    "micros_p99",
    "refused_in_scope",
    "refused_out_of_scope",
    "top1",
    "top3",
];

/// A file of `tests/data`.
fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// Runs `eval` on two files of the temporary folder.
fn run(train: &str, test: &str) -> Ran {
    let project = Project::empty()
        .file("train.jsonl", train)
        .file("test.jsonl", test);
    project.run(&[
        "eval",
        "--json",
        "--train",
        "knowledge/train.jsonl",
        "--test",
        "knowledge/test.jsonl",
    ])
}

/// Measures a question set of `tests/data` and holds it to floors that leave room for chance, not
/// for a broken matcher. Both sets ask 36 questions about 12 entries of 6 phrasings, and 12 others.
#[track_caller]
fn check(set: &str) {
    let (train, test) = (
        data(&format!("{set}-train.jsonl")),
        data(&format!("{set}-test.jsonl")),
    );
    let ran = SMALL.run(&["eval", "--train", &train, "--test", &test, "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let figures = ran.json_lines().remove(0);
    let keys: Vec<&str> = figures
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, KEYS);
    let share = |key: &str| {
        figures[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key} in {figures}"))
    };
    let count = |key: &str| {
        figures[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {figures}"))
    };
    assert!(share("top1") >= 0.9, "{figures}");
    assert!(share("top3") >= 0.95, "{figures}");
    assert!(share("auroc") >= 0.95, "{figures}");
    assert!(count("answered_right") >= 29, "{figures}");
    assert!(count("answered_wrong") <= 2, "{figures}");
    assert!(count("refused_out_of_scope") >= 11, "{figures}");
    let counted = [
        "answered_right",
        "answered_wrong",
        "refused_in_scope",
        "refused_out_of_scope",
    ];
    assert_eq!(counted.into_iter().map(count).sum::<u64>(), 48, "{figures}");
    for key in ["micros_p50", "micros_p99", "build_seconds"] {
        assert!(share(key) > 0.0, "{figures}");
    }
}

#[test]
fn english_question_set_is_answered() {
    check("bike-shop");
}

#[test]
fn french_question_set_is_answered() {
    check("bibliotheque");
}

#[test]
fn auroc_is_null_without_questions_out_of_scope() {
    let ran = run(
        "{\"id\":\"a\",\"phrasings\":[\"where is the key\"]}\n\n{\"id\":\"b\",\"phrasings\":[\"when is lunch\"]}\n",
        "{\"q\":\"where is the key\",\"id\":\"a\"}\n",
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let figures = ran.json_lines().remove(0);
    assert_eq!(figures["auroc"], Value::Null);
    assert_eq!(figures["top1"], 1.0);
}

#[test]
fn empty_sets_give_figures_not_a_panic() {
    let ran = run("", "");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = run("", "{\"q\":\"hello\",\"id\":null}\n");
    assert_eq!(ran.json_lines()[0]["refused_out_of_scope"], 1);
}

#[test]
fn table_says_the_same_in_words() {
    let (train, test) = (data("bike-shop-train.jsonl"), data("bike-shop-test.jsonl"));
    let ran = SMALL.run(&["eval", "--train", &train, "--test", &test]);
    for expected in [
        "best candidate right",
        "answered wrong",
        "AUROC",
        "99th percentile",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "{expected} in\n{}",
            ran.stdout
        );
    }
}

#[test]
fn malformed_line_is_named_with_its_number() {
    let good = "{\"id\":\"a\",\"phrasings\":[\"hello\"]}\n";
    for (train, test, file, line) in [
        ("{\"id\":\"a\"}\n", "", "train.jsonl", "line 1"),
        (&format!("{good}\n{{\"id\":\n"), "", "train.jsonl", "line 3"),
        (
            good,
            "{\"q\":\"hello\",\"id\":\"a\"}\nnot json\n",
            "test.jsonl",
            "line 2",
        ),
        (good, "{\"id\":\"a\"}\n", "test.jsonl", "line 1"),
    ] {
        let ran = run(train, test);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{file} {line}");
        assert!(
            ran.stderr.contains(file) && ran.stderr.contains(line),
            "{file} {line} in {}",
            ran.stderr
        );
    }
}

#[test]
fn files_that_cannot_be_read_could_not_run() {
    let test = data("bike-shop-test.jsonl");
    for (arguments, expected) in [
        (
            &["eval", "--train", "nowhere", "--test", &test][..],
            "reading nowhere",
        ),
        (&["eval", "--train", &test], "--test"),
        (
            &["eval", "--knowledge", "nowhere"],
            "there is no knowledge folder at nowhere",
        ),
    ] {
        let ran = SMALL.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(
            ran.stderr.contains(expected),
            "{expected} in {}",
            ran.stderr
        );
    }
}

#[test]
fn golden_questions_of_the_base_are_counted_with_the_calibration() {
    let ran = SMALL.run(&["eval"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for expected in [
        "to answer, held out",
        "to refuse, seen",
        "follow-up",
        "calibrated on",
        "answer from",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "{expected} in\n{}",
            ran.stdout
        );
    }
    let report = SMALL.run(&["eval", "--json"]).json_lines().remove(0);
    let total = |key: &str| {
        report[key]["total"]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {report}"))
    };
    let all = [
        "answerable_seen",
        "answerable_held_out",
        "refusals_seen",
        "refusals_held_out",
    ];
    assert_eq!(all.into_iter().map(total).sum::<u64>(), 15);
}

#[test]
fn questions_in_a_file_are_asked_of_the_base() {
    let project = Project::small().file(
        "../asked.jsonl",
        "{\"q\":\"when was Fugato founded?\",\"id\":\"fugato-created\"}\n{\"q\":\"who founded Fugato?\",\"id\":\"fugato-created\"}\n{\"q\":\"how do I cook rice?\",\"id\":null}\n",
    );
    let ran = project.run(&["eval", "asked.jsonl", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let figures = ran.json_lines().remove(0);
    let keys: Vec<&String> = figures.as_object().expect("an object").keys().collect();
    assert_eq!(keys, KEYS);
    for (key, value) in [
        ("answered_right", 1),
        ("answered_wrong", 1),
        ("refused_out_of_scope", 1),
    ] {
        assert_eq!(figures[key], value, "{figures}");
    }
    assert_eq!(figures["top1"], 0.5);
    let ran = project.run(&["eval", "nothing.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("nothing.jsonl"), "{}", ran.stderr);
}
