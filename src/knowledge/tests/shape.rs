//! Keys that are unknown or missing, values of the wrong type, and the schemas that describe them.

use super::check;
use crate::knowledge::schemas;

#[test]
fn header_of_a_table_instead_of_an_entry_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[fact]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[wrong-type]: `fact` must be a list of entries, not a table
 --> facts/x.toml:2:1
  |
2 | [fact]
  | ^^^^^^
  = help: write `[[fact]]`, with two brackets on each side
"#,
    );
}

#[test]
fn unknown_keys_are_all_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
colour = "red"
sorces = ["s1"]
event.en = "X"
event.fr = "X"
event.de = "X"
"#,
        )],
        r#"
error[unknown-key]: a fact has no key `colour`
 --> facts/x.toml:9:1
  |
9 | colour = "red"
  | ^^^^^^
  = help: the keys are `answer`, `as_of`, `checked`, `complete`, `date`, `event`, `gap`, `id`, `inference`, `main`, `objects`, `phrasings`, `relation`, `review`, `sources`, `subject`, `volatile`

error[unknown-key]: a fact has no key `sorces`
  --> facts/x.toml:10:1
   |
10 | sorces = ["s1"]
   | ^^^^^^
   = help: did you mean `sources`?

error[unknown-key]: there is no key `event.de`
  --> facts/x.toml:13:7
   |
13 | event.de = "X"
   |       ^^
   = help: the keys are `en`, `fr`
"#,
    );
}

#[test]
fn misspelt_header_does_not_make_references_dangle() {
    check(
        &[
            (
                "facts/x.toml",
                r#"
[[facts]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
            ),
            (
                "questions/q.toml",
                r#"
[[question]]
ask = "when was LUTB created?"
expect = "x"
"#,
            ),
        ],
        r#"
error[unknown-key]: `facts` means nothing at the top of this file
 --> facts/x.toml:2:3
  |
2 | [[facts]]
  |   ^^^^^
  = help: did you mean `fact`?
"#,
    );
}

#[test]
fn keys_above_the_first_header_are_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
subject = "cara"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[unknown-key]: `subject` means nothing at the top of this file
 --> facts/x.toml:2:1
  |
2 | subject = "cara"
  | ^^^^^^^
  = help: keys belong to an entry: write `[[fact]]` on a line above it
"#,
    );
}

#[test]
fn missing_keys_are_all_reported() {
    check(
        &[(
            "sources.toml",
            r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "T"
language = "en"

[[source]]
id = "s2"
"#,
        )],
        r#"
error[missing-key]: this source has no `language`
 --> sources.toml:8:1
  |
8 | [[source]]
  | ^^^^^^^^^^
  = help: add `language = "…"`

error[missing-key]: this source has no `publisher`
 --> sources.toml:8:1
  |
8 | [[source]]
  | ^^^^^^^^^^
  = help: add `publisher = "…"`

error[missing-key]: this source has no `title`
 --> sources.toml:8:1
  |
8 | [[source]]
  | ^^^^^^^^^^
  = help: add `title = "…"`
"#,
    );
}

#[test]
fn missing_translation_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[missing-translation]: `answer.fr` is missing: this is given in English only
 --> facts/x.toml:4:1
  |
4 | answer.en = "X."
  | ^^^^^^^^^
  = help: write `answer.fr = "…"` in French
"#,
    );
}

#[test]
fn wrong_types_are_all_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = 7
answer.en = "X."
answer.fr = "X."
sources = "s1"
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
date = 2005-11-21
gap = "yes"
event = "X"
objects = ["cara", 3]
complete = {}
"#,
        )],
        r#"
error[wrong-type]: `id` must be a text in quotes, not a number
 --> facts/x.toml:3:6
  |
3 | id = 7
  |      ^
  = help: put it in quotes: `"7"`

error[wrong-type]: `sources` must be a list of texts, not a text
 --> facts/x.toml:6:11
  |
6 | sources = "s1"
  |           ^^^^
  = help: put it in brackets: `["s1"]`

error[wrong-type]: `date` must be a text in quotes, not a date without quotes
 --> facts/x.toml:9:8
  |
9 | date = 2005-11-21
  |        ^^^^^^^^^^
  = help: put it in quotes: `"2005-11-21"`

error[wrong-type]: `gap` must be true or false, not a text
  --> facts/x.toml:10:7
   |
10 | gap = "yes"
   |       ^^^^^
   = help: write `gap = true`, without quotes

error[wrong-type]: `event` must be in both languages, not a text
  --> facts/x.toml:11:9
   |
11 | event = "X"
   |         ^^^
   = help: give it in both languages: `event.en = …` and `event.fr = …`

error[wrong-type]: an element of `objects` must be a text in quotes, not a number
  --> facts/x.toml:12:20
   |
12 | objects = ["cara", 3]
   |                    ^
   = help: put it in quotes: `"3"`

error[wrong-type]: `complete` must be true or false, not a table
  --> facts/x.toml:13:12
   |
13 | complete = {}
   |            ^
   = help: write `complete = true`, without quotes
"#,
    );
}

#[test]
fn unknown_word_is_reported() {
    check(
        &[(
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "persons"
outside = true
name.en = "X"
name.fr = "X"
"#,
        )],
        r#"
error[unknown-value]: `kind` cannot be `persons`
 --> entities/x.toml:4:8
  |
4 | kind = "persons"
  |        ^^^^^^^^^
  = help: did you mean `person`? The words are `cluster`, `organisation`, `authority`, `federation`, `institute`, `place`, `person`, `project`, `event`, `concept`, `policy`, `label`
"#,
    );
}

#[test]
fn schemas_describe_every_key() {
    fn described(schema: &serde_json::Value, path: &str) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(property["description"].is_string(), "{path}.{key}");
        }
        for (name, definition) in schema["definitions"].as_object().into_iter().flatten() {
            described(definition, &format!("{path}/{name}"));
            assert_eq!(
                definition["additionalProperties"].as_bool(),
                definition["properties"].is_object().then_some(false),
                "{name}"
            );
        }
    }
    let schemas = schemas();
    let names: Vec<_> = schemas.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "sources.json",
            "relations.json",
            "lexicon.json",
            "entities.json",
            "facts.json",
            "questions.json"
        ]
    );
    for (name, schema) in &schemas {
        described(schema, name);
        assert!(!schema.to_string().contains("null"), "{schema}");
    }
}
