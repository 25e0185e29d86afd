//! What holds of any file, however broken: nothing panics, and every flaw is told with help.

use proptest::prelude::*;

use super::{folder, today};
use crate::knowledge::{Code, Folder, load, render};

/// Lines that mean something somewhere, whole and broken.
const LINES: &[&str] = &[
    "[[fact]]",
    "[[entity]]",
    "[[source]]",
    "[[relation]]",
    "[[question]]",
    "[[concept]]",
    "[[aspect]]",
    "[defaults]",
    "[fact]",
    "[[fact]",
    "id = \"x\"",
    "id = \"lutb\"",
    "id = 3",
    "name.en = \"é\"",
    "name = []",
    "answer.en = \"\"",
    "answer = 1",
    "sources = [\"s1\", \"s9\"]",
    "sources = [",
    "]",
    "date = \"2004~\"",
    "date = 2004-01-01",
    "phrasings.en = [\"?\", \"a\"]",
    "patterns.en = [\"{\", \"{subject}\", \"{x}\"]",
    "expect = \"offer\"",
    "expect = {}",
    "kind = \"person\"",
    "kind = true",
    "successor = \"x\"",
    "aliases.fr = [[]]",
    "note = \"\"\"",
    "# é",
    "\"",
    "x",
    "= 1",
    "\\",
    "{",
    "review = \"2020\"",
    "\u{feff}",
];

const PATHS: &[&str] = &[
    "sources.toml",
    "relations.toml",
    "lexicon.toml",
    "entities/x.toml",
    "facts/x.toml",
    "questions/x.toml",
    "x.toml",
];

/// Every key of every file, each with values of all types.
fn entry() -> impl Strategy<Value = String> {
    let keys: Vec<String> = "id publisher title url language date note kind name long of aliases successor outside main \
        asks operator patterns reverse yesno subject relation event answer objects complete volatile as_of \
        review inference gap sources checked phrasings ask after expect style en fr write means colour"
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let values = [
        "\"x\"",
        "\"\"",
        "3",
        "1.5",
        "true",
        "2017-11-21",
        "[]",
        "[\"x\"]",
        "[3]",
        "[[]]",
        "[{}]",
        "{}",
        "\"person\"",
        "\"date\"",
        "\"duration\"",
        "{ en = \"x\", fr = \"y\" }",
        "{ en = [\"x\"], fr = [\"y\"] }",
        "{ en = 1, de = 2 }",
        "{ fr = \"z\" }",
    ];
    prop::collection::btree_map(
        prop::sample::select(keys),
        prop::sample::select(values.to_vec()),
        0..20,
    )
    .prop_map(|map| {
        map.iter()
            .map(|(key, value)| format!("{key} = {value}\n"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_panic(path in prop::sample::select(PATHS.to_vec()), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = Folder::in_memory([(path, bytes)]);
        let loaded = load(&folder, today());
        let _ = render(&loaded.diagnostics, &folder, true);
    }

    #[test]
    fn no_lines_panic(
        path in prop::sample::select(PATHS.to_vec()),
        lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..40),
    ) {
        let text = lines.join("\n");
        let folder = folder(&[(path, text.as_str())]);
        let loaded = load(&folder, today());
        let _ = render(&loaded.diagnostics, &folder, true);
    }

    /// What the walk has mended, serde reads: the fallback that has no help is never needed.
    #[test]
    fn every_flaw_of_shape_is_told_with_help(
        file in prop::sample::select(vec![
            ("facts/x.toml", "fact"), ("entities/x.toml", "entity"), ("sources.toml", "source"), ("relations.toml", "relation"),
            ("questions/x.toml", "question"), ("lexicon.toml", "concept"), ("lexicon.toml", "aspect"), ("lexicon.toml", "shorthand"), ("lexicon.toml", "filler"),
            ("lexicon.toml", "remark"),
        ]),
        entries in prop::collection::vec(entry(), 1..4),
    ) {
        let (path, header) = file;
        let text: String = entries.iter().map(|entry| format!("[[{header}]]\n{entry}")).collect();
        let folder = folder(&[(path, text.as_str())]);
        for found in load(&folder, today()).diagnostics {
            prop_assert!(found.code != Code::Syntax, "{text}{found:?}");
            prop_assert!(found.help.is_some(), "{text}{found:?}");
        }
    }
}
