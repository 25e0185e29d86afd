//! Each way a file can be wrong, and how its author is told: read these as a moderator would.

use super::*;

/// A base with nothing wrong in it; cases add to it, or replace a file of it.
const GOOD: &[(&str, &str)] = &[
    (
        "sources.toml",
        r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "Background"
url = "https://www.cara.eu/EN/background/"
language = "en"
"#,
    ),
    (
        "entities/all.toml",
        r#"
[[entity]]
id = "cara"
kind = "cluster"
main = true
name.en = "CARA"
name.fr = "CARA"
aliases.en = ["the mobility cluster"]

[[entity]]
id = "lutb"
kind = "cluster"
name.en = "LUTB"
name.fr = "LUTB"
successor = "cara"
"#,
    ),
    (
        "relations.toml",
        r#"
[[relation]]
id = "created"
name.en = "founding date"
name.fr = "la date de création"
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]
"#,
    ),
    (
        "facts/all.toml",
        r#"
[defaults]
checked = "2026-11-22"

[[fact]]
id = "lutb-created"
subject = "lutb"
relation = "created"
date = "2005"
answer.en = "LUTB was created in 2005."
answer.fr = "LUTB a été créé en 2005."
sources = ["s1"]

[[fact]]
id = "cara-name"
subject = "cara"
answer.en = "CARA is a name."
answer.fr = "CARA est un nom."
sources = ["s1"]
phrasings.en = ["Is CARA a name?"]
phrasings.fr = ["CARA est-il un nom ?"]
"#,
    ),
];

const TODAY: &str = "2026-11-22";

fn today() -> Day {
    let date: crate::date::Date = TODAY.parse().unwrap();
    date.latest().unwrap()
}

/// The good base with some files added or replaced.
fn folder(files: &[(&str, &str)]) -> Folder {
    let kept = GOOD
        .iter()
        .filter(|(path, _)| files.iter().all(|(other, _)| other != path));
    Folder::in_memory(kept.chain(files).copied())
}

/// Checks all that is said about the good base with some files added or replaced.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    let folder = folder(files);
    let loaded = load(&folder, today());
    let actual = render(&loaded.diagnostics, &folder, false);
    assert_eq!(actual.trim_end(), expected.trim(), "\n{actual}");
}

#[test]
fn file_outside_the_folders_is_reported() {
    check(
        &[(
            "facts.toml",
            r#"
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
warning[stray-file]: this file is not read: its place in the folder says nothing of what it holds
 --> facts.toml
  = help: move it under `facts/`, `entities/` or `questions/`, or rename it
"#,
    );
}

#[test]
fn binary_file_is_reported() {
    check(
        &[("facts/x.toml", "[[fact]]\n\0\u{1}\u{2}")],
        r#"
error[binary-file]: this file is not text: it holds zero bytes
 --> facts/x.toml:2:1
  |
2 | ���
  | ^^^
  = help: save it as text in UTF-8, or take it out of the folder
"#,
    );
}

#[test]
fn folder_without_facts_is_reported() {
    check(
        &[
            (
                "facts/all.toml",
                r#"
# nothing yet
"#,
            ),
            ("sources.toml", r#""#),
            ("entities/all.toml", r#""#),
        ],
        r#"
error[no-facts]: this folder holds no facts
 --> facts
  = help: facts belong in `.toml` files in the folder `facts`, one `[[fact]]` each
"#,
    );
}

#[test]
fn forgotten_quote_costs_one_entry() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]

[[fact]]
id = "y"
anwser.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[syntax]: this text is not closed
 --> facts/x.toml:3:7
  |
3 | id = "x
  |       ^
  = help: add `"` at its end; within it, write a quote as `\"`

error[unknown-key]: a fact has no key `anwser`
  --> facts/x.toml:12:1
   |
12 | anwser.en = "X."
   | ^^^^^^^^^
   = help: did you mean `answer`?

error[missing-translation]: `answer.en` is missing: this is given in French only
  --> facts/x.toml:13:1
   |
13 | answer.fr = "X."
   | ^^^^^^^^^
   = help: write `answer.en = "…"` in English
"#,
    );
}

#[test]
fn list_that_is_not_closed_costs_one_entry() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]

[[fact]]
id = "y"
answer.en = "X."
answer.fr = "X."
phrasings.en = ["What is Y?"]
phrasings.fr = ["Qu'est-ce que Y ?"]
"#,
        )],
        r#"
error[syntax]: the list before this is not closed
 --> facts/x.toml:7:1
  |
7 | phrasings.en = ["What is X?"]
  | ^^^^^^^^^^^^
  = help: add `]` at its end

error[fact-without-source]: this fact has no source
  --> facts/x.toml:11:6
   |
11 | id = "y"
   |      ^^^
   = help: add `sources = ["…"]` with ids of `sources.toml`; what nobody published does not belong here
"#,
    );
}

#[test]
fn several_syntax_errors_are_told() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = x
answer.en = “X”
subject lutb
objects = []
answer.fr = "say "hi" now"
sources = ["s1" "s2"]
"#,
        )],
        r#"
error[syntax]: the text `x` has no quotes
 --> facts/x.toml:3:6
  |
3 | id = x
  |      ^
  = help: put it in straight quotes: `"…"`

error[syntax]: typographic quotes cannot hold a text
 --> facts/x.toml:4:13
  |
4 | answer.en = “X”
  |             ^^^
  = help: use straight quotes: `"…"`

error[syntax]: there is no `=` before this
 --> facts/x.toml:5:9
  |
5 | subject lutb
  |         ^^^^
  = help: write `key = "value"`; a comment starts with `#`

error[syntax]: there is something after the end of this value
 --> facts/x.toml:7:19
  |
7 | answer.fr = "say "hi" now"
  |                   ^^
  = help: within a text, write a quote as `\"`; put each key on its own line

error[syntax]: a comma is missing before this
 --> facts/x.toml:8:17
  |
8 | sources = ["s1" "s2"]
  |                 ^^^^
  = help: separate the texts of a list by commas
"#,
    );
}

#[test]
fn header_with_one_bracket_too_few_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[syntax]: the brackets of this header do not match
 --> facts/x.toml:2:7
  |
2 | [[fact]
  |       ^
  = help: write it with two on each side, such as `[[fact]]`
"#,
    );
}

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
fn key_given_twice_is_reported() {
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
id = "y"
"#,
        )],
        r#"
error[syntax]: `id` is given twice
 --> facts/x.toml:9:1
  |
9 | id = "y"
  | ^^
  = help: keep one of them
"#,
    );
}

#[test]
fn table_given_twice_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[defaults]
checked = "2026"

[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]

[defaults]
checked = "2026"
"#,
        )],
        r#"
error[syntax]: `defaults` is given twice
  --> facts/x.toml:13:2
   |
13 | [defaults]
   |  ^^^^^^^^
   = help: keep one of them
"#,
    );
}

#[test]
fn colon_instead_of_equals_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id: "x"
"#,
        )],
        r#"
error[syntax]: there is a `:` where `=` belongs
 --> facts/x.toml:3:3
  |
3 | id: "x"
  |   ^
  = help: write `key = "value"`
"#,
    );
}

#[test]
fn backslash_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "C:\temp\q"
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[syntax]: a backslash has a meaning of its own in a text
 --> facts/x.toml:4:22
  |
4 | answer.en = "C:\temp\q"
  |                      ^
  = help: write it twice: `\\`
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
fn empty_texts_are_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = " "
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?", "?!"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[empty-text]: `answer.en` is empty
 --> facts/x.toml:4:13
  |
4 | answer.en = " "
  |             ^^^
  = help: write something, or take the line out

error[empty-text]: an element of `phrasings.en` has no letter in it
 --> facts/x.toml:7:31
  |
7 | phrasings.en = ["What is X?", "?!"]
  |                               ^^^^
  = help: write something, or take it out of the list
"#,
    );
}

#[test]
fn question_that_expects_nothing_is_reported() {
    check(
        &[(
            "questions/q.toml",
            r#"
[[question]]
ask = "when was LUTB created?"
expect = []
"#,
        )],
        r#"
error[empty-text]: this question expects nothing
 --> questions/q.toml:2:1
  |
2 | [[question]]
  | ^^^^^^^^^^^^
  = help: add the id of the fact that must answer, `offer` or `unknown` to `expect`
"#,
    );
}

#[test]
fn too_long_answer_is_reported() {
    let answer = "é".repeat(1_801);
    let fact = format!(
        r#"
[[fact]]
id = "x"
answer.en = "{answer}"
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#
    );
    check(
        &[("facts/x.toml", &fact)],
        r#"
error[too-long]: `answer.en` has 1801 characters, and Discord shows at most 1800 here
 --> facts/x.toml:4:13
  |
4 | answer.en = "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: shorten it by 1
"#,
    );
}

#[test]
fn too_long_display_question_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[too-long]: the first phrasing is shown in lists, where at most 100 characters fit; this one has 109
 --> facts/x.toml:7:17
  |
7 | phrasings.en = ["What is xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
  |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: put a shorter one first
"#,
    );
}

#[test]
fn bad_ids_are_reported() {
    check(
        &[
            (
                "facts/x.toml",
                r#"
[[fact]]
id = "Été 2005!"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
            ),
            (
                "facts/y.toml",
                r#"
[[fact]]
id = "offer"
answer.en = "Y."
answer.fr = "Y."
sources = ["s1"]
phrasings.en = ["What is Y?"]
phrasings.fr = ["Qu'est-ce que Y ?"]
"#,
            ),
        ],
        r#"
error[bad-id]: `Été 2005!` is not a good id
 --> facts/x.toml:3:6
  |
3 | id = "Été 2005!"
  |      ^^^^^^^^^^^
  = help: use lower-case words joined by hyphens: `ete-2005`

error[bad-id]: `offer` cannot be an id: golden questions use the word for a verdict
 --> facts/y.toml:3:6
  |
3 | id = "offer"
  |      ^^^^^^^
  = help: choose another, such as `offer-of-what`
"#,
    );
}

#[test]
fn malformed_date_is_reported() {
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
date = "21/11/2017"
"#,
        )],
        r#"
error[malformed-date]: `21/11/2017` is not a date
 --> facts/x.toml:9:8
  |
9 | date = "21/11/2017"
  |        ^^^^^^^^^^^^
  = help: `21/11/2017` has more than one `/`: write a day as `2017-11-21` and an interval as `2004-11/2005-02`
"#,
    );
}

#[test]
fn malformed_addresses_are_reported() {
    check(
        &[
            (
                "sources.toml",
                r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "T"
language = "en"
url = "www.cara.eu"

[[source]]
id = "s2"
publisher = "CARA"
title = "T"
language = "en"
url = "ftp://cara.eu/"

[[source]]
id = "s3"
publisher = "CARA"
title = "T"
language = "en"
url = "https://cara.eu/a b"
"#,
            ),
            (
                "facts/x.toml",
                r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1", "s2", "s3"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
            ),
        ],
        r#"
error[malformed-address]: `www.cara.eu` is not an address: relative URL without a base
 --> sources.toml:7:7
  |
7 | url = "www.cara.eu"
  |       ^^^^^^^^^^^^^
  = help: write the whole address, such as `https://www.cara.eu/`; leave `url` out for what is not on the web

error[malformed-address]: `ftp://cara.eu/` is not an address: it starts with `ftp:`
  --> sources.toml:14:7
   |
14 | url = "ftp://cara.eu/"
   |       ^^^^^^^^^^^^^^^^
   = help: only addresses that start with `https://` or `http://` can be opened from Discord

error[malformed-address]: `https://cara.eu/a b` is not an address: it has a space in it
  --> sources.toml:21:7
   |
21 | url = "https://cara.eu/a b"
   |       ^^^^^^^^^^^^^^^^^^^^^
   = help: write a space within an address as `%20`
"#,
    );
}

#[test]
fn malformed_language_is_reported() {
    check(
        &[(
            "sources.toml",
            r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "T"
language = "english"
"#,
        )],
        r#"
error[malformed-language]: `english` is not the code of a language
 --> sources.toml:6:12
  |
6 | language = "english"
  |            ^^^^^^^^^
  = help: write two small letters (ISO 639-1): `en`, `fr`, `de`
"#,
    );
}

#[test]
fn patterns_without_their_slot_are_reported() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was it created"]
patterns.fr = ["quand {subject} a-t-il été créé"]
reverse.en = ["what was created then"]
reverse.fr = ["qui date de {object}"]
yesno.en = ["was {subject} created then"]
yesno.fr = ["{subject} date de {object}"]
"#,
        )],
        r#"
error[missing-slot]: this pattern has no `{subject}`
 --> relations.toml:7:16
  |
7 | patterns.en = ["when was it created"]
  |                ^^^^^^^^^^^^^^^^^^^^^
  = help: put `{subject}` where the name goes

error[missing-slot]: this pattern has no `{object}`
 --> relations.toml:9:15
  |
9 | reverse.en = ["what was created then"]
  |               ^^^^^^^^^^^^^^^^^^^^^^^
  = help: put `{object}` where the name goes

error[missing-slot]: this pattern has no `{object}`
  --> relations.toml:11:13
   |
11 | yesno.en = ["was {subject} created then"]
   |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: put `{object}` where the name goes
"#,
    );
}

#[test]
fn unknown_slots_are_reported() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was {subjet} created", "when did {subject create", "{subject} in {date}"]
patterns.fr = ["quand {subject} a-t-il été créé"]
"#,
        )],
        r#"
error[unknown-slot]: nothing fills the slot `{subjet}` here
 --> relations.toml:7:16
  |
7 | patterns.en = ["when was {subjet} created", "when did {subject create", "{subject} in {date}"]
  |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: the slots are `{subject}`

error[unknown-slot]: a brace stands alone in this pattern
 --> relations.toml:7:45
  |
7 | patterns.en = ["when was {subjet} created", "when did {subject create", "{subject} in {date}"]
  |                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: write slots as `{subject}`, with a brace on each side

error[unknown-slot]: nothing fills the slot `{date}` here
 --> relations.toml:7:73
  |
7 | patterns.en = ["when was {subjet} created", "when did {subject create", "{subject} in {date}"]
  |                                                                         ^^^^^^^^^^^^^^^^^^^^^
  = help: the slots are `{subject}`
"#,
    );
}

#[test]
fn duration_without_start_is_reported() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]

[[relation]]
id = "age"
name.en = "age"
name.fr = "l'âge"
asks = "number"
operator = "duration"
"#,
        )],
        r#"
error[missing-start]: this relation measures a duration, but not from when
  --> relations.toml:11:6
   |
11 | id = "age"
   |      ^^^^^
   = help: add `of = "created"`: the relation whose date starts the clock
"#,
    );
}

#[test]
fn start_without_duration_is_reported() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]

[[relation]]
id = "age"
name.en = "age"
name.fr = "l'âge"
asks = "number"
of = "created"
"#,
        )],
        r#"
error[unknown-key]: `of` says which dates are compared, and this relation compares none
  --> relations.toml:15:6
   |
15 | of = "created"
   |      ^^^^^^^^^
   = help: add `operator = "duration"`, `"first"` or `"between"`, or take out `of`
"#,
    );
}

#[test]
fn end_without_duration_is_reported() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]

[[relation]]
id = "order"
name.en = "order"
name.fr = "l'ordre"
asks = "date"
operator = "first"
of = ["created", "opend"]
until = "created"
"#,
        )],
        r#"
error[dangling-reference]: there is no `opend` among the relations
  --> relations.toml:16:18
   |
16 | of = ["created", "opend"]
   |                  ^^^^^^^
   = help: write the id of one of the relations, or add one with this id

error[unknown-key]: `until` says what ends a duration, and this relation measures none
  --> relations.toml:17:9
   |
17 | until = "created"
   |         ^^^^^^^^^
   = help: add `operator = "duration"`, or take out `until`
"#,
    );
}

#[test]
fn fact_without_source_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]

[[fact]]
id = "y"
answer.en = "Y."
answer.fr = "Y."
sources = []
phrasings.en = ["What is Y?"]
phrasings.fr = ["Qu'est-ce que Y ?"]
"#,
        )],
        r#"
error[fact-without-source]: this fact has no source
 --> facts/x.toml:3:6
  |
3 | id = "x"
  |      ^^^
  = help: add `sources = ["…"]` with ids of `sources.toml`; what nobody published does not belong here

error[fact-without-source]: this fact has no source
  --> facts/x.toml:13:11
   |
13 | sources = []
   |           ^^
   = help: add `sources = ["…"]` with ids of `sources.toml`; what nobody published does not belong here
"#,
    );
}

#[test]
fn fact_nobody_can_ask_for_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
"#,
        )],
        r#"
error[unfindable-fact]: nobody can ask for this fact: it has neither a relation nor phrasings
 --> facts/x.toml:3:6
  |
3 | id = "x"
  |      ^^^
  = help: add `relation = "…"` (with `subject`), or `phrasings.en` and `phrasings.fr`
"#,
    );
}

#[test]
fn relation_without_subject_is_reported() {
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
relation = "created"
"#,
        )],
        r#"
error[missing-key]: a relation without a subject says nothing
 --> facts/x.toml:9:12
  |
9 | relation = "created"
  |            ^^^^^^^^^
  = help: add `subject = "…"`, the id of the entity the fact is about
"#,
    );
}

#[test]
fn changing_value_without_its_date_is_reported() {
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
volatile = true
"#,
        )],
        r#"
error[missing-as-of]: this value changes with time, but the fact does not say when it was true
 --> facts/x.toml:9:12
  |
9 | volatile = true
  |            ^^^^
  = help: add `as_of = "2024-12"`, the date of the figure, and name it in the answer
"#,
    );
}

#[test]
fn duplicate_id_shows_both_places() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "cara-name"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[duplicate-id]: two facts have the id `cara-name`
  --> facts/x.toml:3:6
   |
 3 | id = "cara-name"
   |      ^^^^^^^^^^^
  ::: facts/all.toml:15:6
   |
15 | id = "cara-name"
   |      ----------- the first is here
   = help: rename one of them, or merge the two
"#,
    );
}

#[test]
fn dangling_references_name_the_nearest_id() {
    check(
        &[
            (
                "facts/x.toml",
                r#"
[[fact]]
id = "x"
subject = "carra"
relation = "create"
answer.en = "X."
answer.fr = "X."
sources = ["s1", "s2"]
objects = ["nobody"]
"#,
            ),
            (
                "questions/q.toml",
                r#"
[[question]]
ask = "when was LUTB created?"
expect = ["lutb-create", "offer"]
"#,
            ),
            (
                "entities/x.toml",
                r#"
[[entity]]
id = "x"
kind = "person"
outside = true
name.en = "X"
name.fr = "X"
successor = "lutbs"
"#,
            ),
        ],
        r#"
error[dangling-reference]: there is no `lutbs` among the entities
 --> entities/x.toml:8:13
  |
8 | successor = "lutbs"
  |             ^^^^^^^
  = help: did you mean `lutb`?

error[dangling-reference]: there is no `carra` among the entities
 --> facts/x.toml:4:11
  |
4 | subject = "carra"
  |           ^^^^^^^
  = help: did you mean `cara`?

error[dangling-reference]: there is no `create` among the relations
 --> facts/x.toml:5:12
  |
5 | relation = "create"
  |            ^^^^^^^^
  = help: did you mean `created`?

error[dangling-reference]: there is no `s2` among the sources
 --> facts/x.toml:8:18
  |
8 | sources = ["s1", "s2"]
  |                  ^^^^
  = help: write the id of one of the sources, or add one with this id

error[dangling-reference]: there is no `nobody` among the entities
 --> facts/x.toml:9:12
  |
9 | objects = ["nobody"]
  |            ^^^^^^^^
  = help: write the id of one of the entities, or add one with this id

error[dangling-reference]: there is no `lutb-create` among the facts
 --> questions/q.toml:4:11
  |
4 | expect = ["lutb-create", "offer"]
  |           ^^^^^^^^^^^^^
  = help: did you mean `lutb-created`?
"#,
    );
}

#[test]
fn dangling_default_is_reported_once() {
    check(
        &[(
            "facts/x.toml",
            r#"
[defaults]
sources = ["s9"]

[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]

[[fact]]
id = "y"
answer.en = "Y."
answer.fr = "Y."
phrasings.en = ["What is Y?"]
phrasings.fr = ["Qu'est-ce que Y ?"]
"#,
        )],
        r#"
error[dangling-reference]: there is no `s9` among the sources
 --> facts/x.toml:3:12
  |
3 | sources = ["s9"]
  |            ^^^^
  = help: write the id of one of the sources, or add one with this id
"#,
    );
}

#[test]
fn reference_to_an_entry_that_could_not_be_read_does_not_dangle() {
    check(
        &[
            (
                "entities/x.toml",
                r#"
[[entity]]
id = "x"
kind = "person
outside = true
name.en = "X"
name.fr = "X"
"#,
            ),
            (
                "facts/x.toml",
                r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
objects = ["x"]
"#,
            ),
        ],
        r#"
error[syntax]: this text is not closed
 --> entities/x.toml:4:14
  |
4 | kind = "person
  |              ^
  = help: add `"` at its end; within it, write a quote as `\"`
"#,
    );
}

#[test]
fn name_of_two_entities_shows_both_places() {
    check(
        &[(
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "person"
outside = true
name.en = "X"
name.fr = "X"
aliases.en = ["The Mobility Cluster"]
aliases.fr = ["the mobility cluster"]
"#,
        )],
        r#"
error[alias-shared]: `The Mobility Cluster` names two entities, `cara` and `x`: nobody can tell which is meant
 --> entities/x.toml:8:15
  |
8 | aliases.en = ["The Mobility Cluster"]
  |               ^^^^^^^^^^^^^^^^^^^^^^
 ::: entities/all.toml:8:15
  |
8 | aliases.en = ["the mobility cluster"]
  |               ---------------------- the other is here
  = help: leave the name to the one people mean by it
"#,
    );
}

#[test]
fn phrasing_of_two_facts_shows_both_places() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["What is X?", "is Cara a name"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
error[phrasing-shared]: `is Cara a name` asks for two facts, `cara-name` and `x`
  --> facts/x.toml:7:31
   |
 7 | phrasings.en = ["What is X?", "is Cara a name"]
   |                               ^^^^^^^^^^^^^^^^
  ::: facts/all.toml:20:17
   |
20 | phrasings.en = ["Is CARA a name?"]
   |                 ----------------- the other is here
   = help: leave it to the fact that answers it, or word the two apart
"#,
    );
}

#[test]
fn pattern_of_two_relations_shows_both_places() {
    check(
        &[(
            "relations.toml",
            r#"
[[relation]]
id = "created"
name.en = "date"
name.fr = "la date"
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]

[[relation]]
id = "age"
name.en = "age"
name.fr = "l'âge"
asks = "number"
patterns.en = ["When was {subject} created?"]
patterns.fr = ["{subject} a quel âge"]
"#,
        )],
        r#"
error[pattern-shared]: `When was {subject} created?` is a pattern of two relations, `created` and `age`
  --> relations.toml:15:16
   |
15 | patterns.en = ["When was {subject} created?"]
   |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  ::: relations.toml:7:16
   |
 7 | patterns.en = ["when was {subject} created"]
   |                ---------------------------- the other is here
   = help: leave it to the one that answers it
"#,
    );
}

#[test]
fn second_main_entity_is_reported() {
    check(
        &[(
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "person"
outside = true
name.en = "X"
name.fr = "X"
main = true
"#,
        )],
        r#"
error[several-main-entities]: `cara` and `x` are both the entity meant when a question names none
 --> entities/x.toml:8:8
  |
8 | main = true
  |        ^^^^
 ::: entities/all.toml:5:8
  |
5 | main = true
  |        ---- the first is here
  = help: keep `main = true` for one
"#,
    );
}

#[test]
fn successors_in_a_circle_are_reported() {
    check(
        &[(
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "person"
outside = true
name.en = "X"
name.fr = "X"
successor = "y"

[[entity]]
id = "y"
kind = "person"
outside = true
name.en = "Y"
name.fr = "Y"
successor = "x"

[[entity]]
id = "z"
kind = "person"
outside = true
name.en = "Z"
name.fr = "Z"
successor = "z"
"#,
        )],
        r#"
error[successor-cycle]: `y` became `x`, which is one of its own predecessors
  --> entities/x.toml:16:13
   |
16 | successor = "x"
   |             ^^^
   = help: take out the `successor` that is wrong

error[successor-cycle]: `z` cannot be its own successor
  --> entities/x.toml:24:13
   |
24 | successor = "z"
   |             ^^^
   = help: take out the `successor` that is wrong
"#,
    );
}

#[test]
fn facts_without_a_plain_answer_are_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
subject = "lutb"
relation = "created"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
"#,
        )],
        r#"
warning[unclear-main]: 2 facts answer `created` of `lutb`, and none is the plain answer
 --> facts/all.toml:6:6
  |
6 | id = "lutb-created"
  |      ^^^^^^^^^^^^^^
 ::: facts/x.toml:3:6
  |
3 | id = "x"
  |      --- another is here
  = help: add `main = true` to the one wanted when no date is asked for
"#,
    );
}

#[test]
fn facts_with_two_plain_answers_are_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
subject = "cara"
relation = "created"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
main = true

[[fact]]
id = "y"
subject = "cara"
relation = "created"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
main = true
"#,
        )],
        r#"
warning[unclear-main]: 2 facts answer `created` of `cara`, and 2 of them are the plain answer
  --> facts/x.toml:18:8
   |
18 | main = true
   |        ^^^^
  ::: facts/x.toml:9:8
   |
 9 | main = true
   |        ---- the first is here
   = help: keep `main = true` for the one wanted when no date is asked for
"#,
    );
}

#[test]
fn past_review_is_reported() {
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
review = "2026-11-21"

[[fact]]
id = "y"
answer.en = "Y."
answer.fr = "Y."
sources = ["s1"]
phrasings.en = ["What is Y?"]
phrasings.fr = ["Qu'est-ce que Y ?"]
review = "2026-11-22"
"#,
        )],
        r#"
warning[review-past]: this fact was to be looked at again after 2026-11-21
 --> facts/x.toml:9:10
  |
9 | review = "2026-11-21"
  |          ^^^^^^^^^^^^
  = help: compare it with its sources, then set `checked` and a new `review`
"#,
    );
}

#[test]
fn gap_with_a_value_is_reported() {
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
gap = true
objects = ["cara"]
"#,
        )],
        r#"
warning[gap-with-objects]: a gap says that no source knows, yet this one names a value
  --> facts/x.toml:10:12
   |
10 | objects = ["cara"]
   |            ^^^^^^
   = help: take out `objects`, or `gap`
"#,
    );
}

#[test]
fn complete_list_of_nothing_is_reported() {
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
complete = true
"#,
        )],
        r#"
warning[complete-without-objects]: `complete` without `objects` answers every "was X one of them?" with no
 --> facts/x.toml:9:12
  |
9 | complete = true
  |            ^^^^
  = help: list the `objects`, or take out `complete`
"#,
    );
}

#[test]
fn deduction_told_as_certain_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "Probablement X."
sources = ["s1"]
phrasings.en = ["What is X?"]
phrasings.fr = ["Qu'est-ce que X ?"]
inference = true
"#,
        )],
        r#"
warning[unsaid-inference]: this is a deduction (line 9), but the answer does not say so
 --> facts/x.toml:4:13
  |
4 | answer.en = "X."
  |             ^^^^
  = help: write "probably", "deduced from …" (« probablement », « on le déduit de … »)
"#,
    );
}

#[test]
fn first_phrasing_that_is_no_question_is_reported() {
    check(
        &[(
            "facts/x.toml",
            r#"
[[fact]]
id = "x"
answer.en = "X."
answer.fr = "X."
sources = ["s1"]
phrasings.en = ["what X is"]
phrasings.fr = ["Qu'est-ce que X ?"]
"#,
        )],
        r#"
warning[not-a-question]: the first phrasing is shown to people as the name of this fact, and it is not a question
 --> facts/x.toml:7:17
  |
7 | phrasings.en = ["what X is"]
  |                 ^^^^^^^^^^^
  = help: put a short question first, such as "Who founded LUTB?"
"#,
    );
}

#[test]
fn phrasings_in_one_language_are_reported() {
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
"#,
        )],
        r#"
warning[one-language]: `phrasings` are in English only
 --> facts/x.toml:7:17
  |
7 | phrasings.en = ["What is X?"]
  |                 ^^^^^^^^^^^^
  = help: add `phrasings.fr = ["…"]`
"#,
    );
}

#[test]
fn unused_source_and_entity_are_reported() {
    check(
        &[
            (
                "sources.toml",
                r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "T"
language = "en"

[[source]]
id = "s2"
publisher = "CARA"
title = "T"
language = "en"
"#,
            ),
            (
                "entities/x.toml",
                r#"
[[entity]]
id = "x"
kind = "person"
name.en = "X"
name.fr = "X"
"#,
            ),
        ],
        r#"
warning[unused-entity]: no fact is about `x`
 --> entities/x.toml:3:6
  |
3 | id = "x"
  |      ^^^
  = help: add a fact, or `outside = true` if the base does not cover it

warning[unused-source]: no fact uses the source `s2`
 --> sources.toml:9:6
  |
9 | id = "s2"
  |      ^^^^
  = help: name it in the `sources` of a fact, or take it out
"#,
    );
}

#[test]
fn good_base_is_built_without_a_word() {
    check(&[], "");
    let (knowledge, warnings) = load(&folder(&[]), today()).into_result().unwrap();
    assert_eq!(warnings, []);
    let fact = &knowledge.facts[knowledge.find_fact("lutb-created").unwrap().index()];
    assert_eq!(fact.place.to_string(), "facts/all.toml:5:1");
    let subject = &knowledge[fact.subject.unwrap()];
    assert_eq!(subject.of_fr, "de LUTB");
    assert_eq!(knowledge[subject.successor.unwrap()].id, "cara");
    assert_eq!(knowledge[fact.relation.unwrap()].id, "created");
    assert_eq!(knowledge[fact.sources[0]].id, "s1");
    assert_eq!(fact.checked.as_ref().unwrap().to_string(), "2026-11-22");
    let name = &knowledge[knowledge.find_fact("cara-name").unwrap()];
    let [phrasing] = &name.phrasings.fr[..] else {
        panic!("{name:?}")
    };
    assert_eq!(
        (phrasing.text.as_str(), phrasing.place.to_string().as_str()),
        ("CARA est-il un nom ?", "facts/all.toml:21:17")
    );
}

#[test]
fn every_key_of_every_kind_of_file_is_read() {
    let files = [
        (
            "sources.toml",
            r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "Background"
url = "https://www.cara.eu/"
language = "en"
date = "2017-11-21/.."
note.en = "A copy."
note.fr = "Une copie."
"#,
        ),
        (
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "organisation"
name.en = "X"
name.fr = "X"
long.en = "The X"
long.fr = "Le X"
of.fr = "du X"
aliases.en = ["ex"]
aliases.fr = ["l'X"]
successor = "cara"
outside = true
main = false
"#,
        ),
        (
            "relations.toml",
            r#"
[[relation]]
id = "created"
name = { en = "founding date", fr = "la date de création" }
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]
reverse.en = ["what was created in {object}"]
reverse.fr = ["qui date de {object}"]
yesno.en = ["was {subject} created in {object}"]
yesno.fr = ["{subject} date-t-il de {object}"]

[[relation]]
id = "age"
name.en = "age"
name.fr = "l'âge"
asks = "number"
operator = "duration"
of = "created"
patterns.en = ["how old is {subject}"]
patterns.fr = ["quel âge a {subject}"]
"#,
        ),
        (
            "facts/x.toml",
            r#"
[defaults]
checked = "2026-11-01"
sources = ["s1"]

[[fact]]
id = "x-members"
subject = "x"
relation = "created"
date = "2012"
event.en = "X"
event.fr = "X"
answer.en = "X probably has two members."
answer.fr = "X a sans doute deux membres."
objects = ["cara", "lutb"]
complete = true
volatile = true
as_of = "2024-12"
review = "2027-06-30"
inference = true
gap = false
main = true
checked = "2026-11-22"
phrasings.en = ["Who is in X?"]
phrasings.fr = ["Qui est dans X ?"]
"#,
        ),
        (
            "questions/x.toml",
            r#"
[[question]]
ask = "and its members?"
after = ["what is X?"]
expect = ["x-members", "offer"]
style = "follow-up"
open = true

[[question]]
ask = "who won?"
expect = "unknown"
"#,
        ),
        (
            "lexicon.toml",
            r#"
[[concept]]
id = "money"
en = ["euro", "€"]
fr = ["euro"]

[[aspect]]
id = "colour"
en = ["colour"]
fr = ["couleur"]

[[shorthand]]
write = ["ckoi", "c koi"]
means = "c'est quoi"

[[shorthand]]
write = "ki"
means = "qui"

[[filler]]
en = ["please"]
fr = ["svp"]
"#,
        ),
    ];
    check(&files, "");
    let knowledge = load(&folder(&files), today()).knowledge;
    let ix = knowledge.find_fact("x-members").unwrap();
    let fact = &knowledge[ix];
    assert!(fact.complete && fact.volatile && fact.inference && fact.main && !fact.gap);
    assert_eq!(fact.objects.len(), 2);
    assert_eq!(knowledge[fact.sources[0]].id, "s1", "default");
    assert_eq!(fact.checked.as_ref().unwrap().to_string(), "2026-11-22");
    let age = knowledge
        .relations
        .iter()
        .find(|relation| relation.id == "age")
        .unwrap();
    assert_eq!(knowledge[age.of[0]].id, "created");
    let [follow_up, refusal] = &knowledge.golden[..] else {
        panic!("{:?}", knowledge.golden)
    };
    assert_eq!(
        follow_up.expect,
        [model::Expected::Fact(ix), model::Expected::Offer]
    );
    assert_eq!(
        (refusal.style.as_str(), &refusal.expect[..]),
        ("direct", &[model::Expected::Unknown][..])
    );
    assert_eq!(knowledge.lexicon.shorthands[1].write, ["ki"]);
    assert_eq!(knowledge.lexicon.fillers.fr, ["svp"]);
}

#[test]
fn flawed_entries_and_what_depends_on_them_are_left_out() {
    let entities = r#"
[[entity]]
id = "cara"
kind = "clusters"
name.en = "CARA"
name.fr = "CARA"

[[entity]]
id = "lutb"
kind = "cluster"
name.en = "LUTB"
name.fr = "LUTB"
successor = "cara"
"#;
    let loaded = load(&folder(&[("entities/all.toml", entities)]), today());
    assert!(loaded.has_errors());
    let ids = |facts: &[model::Fact]| -> Vec<String> {
        facts.iter().map(|fact| fact.id.clone()).collect()
    };
    assert_eq!(ids(&loaded.knowledge.facts), ["lutb-created"]);
    let [lutb] = &loaded.knowledge.entities[..] else {
        panic!("{:?}", loaded.knowledge.entities)
    };
    assert_eq!((lutb.id.as_str(), lutb.successor), ("lutb", None));
    assert_eq!(loaded.into_result().unwrap_err().len(), 1);
}

#[test]
fn wrong_encoding_is_reported_at_the_first_bad_byte() {
    let latin1 = b"# caf\xc3\xa9\n[[fact]]\nid = \"caf\xe9\"\n".to_vec();
    let mut folder = folder(&[]);
    folder.files.push(File {
        path: "facts/x.toml".into(),
        bytes: latin1,
    });
    let loaded = load(&folder, today());
    let [problem] = &loaded.diagnostics[..] else {
        panic!("{:?}", loaded.diagnostics)
    };
    assert_eq!(problem.code, Code::InvalidUtf8);
    assert_eq!(problem.place.to_string(), "facts/x.toml:3:10");
}

#[test]
fn enormous_lines_are_read_in_time() {
    let phrasing = |n: usize| format!("\"What is number {n}?\"");
    let list: Vec<_> = (0..200_000).map(phrasing).collect();
    let fact = format!(
        "fact = [{{ id = \"x\", sources = [\"s1\"], answer = {{ en = \"é\", fr = \"é\" }}, phrasings = {{ fr = [\"X ?\"], en = [{}] }} }}]",
        list.join(", ")
    );
    let garbage = "[".repeat(1 << 20) + &"\"é".repeat(3 << 20);
    let start = std::time::Instant::now();
    let loaded = load(
        &folder(&[("facts/x.toml", &fact), ("facts/y.toml", &garbage)]),
        today(),
    );
    assert!(
        start.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    assert!(
        loaded
            .diagnostics
            .iter()
            .all(|found| &*found.place.file == "facts/y.toml"),
        "{:?}",
        loaded.diagnostics
    );
    let last = &loaded.knowledge[loaded.knowledge.find_fact("x").unwrap()]
        .phrasings
        .en[199_999];
    assert_eq!(last.place.line, 1);
    assert_eq!(
        last.place.column as usize,
        fact[..fact.find(&last.text).unwrap()].chars().count()
    );
}

#[test]
fn order_of_files_changes_nothing() {
    let mut folder = folder(&[
        ("facts/x.toml", "[[fact]]\nid = \"cara-name\"\n"),
        ("facts/y.toml", "[[fact]]\nid = \"cara-name\"\n"),
    ]);
    let forwards = load(&folder, today());
    folder.files.reverse();
    let backwards = load(&folder, today());
    assert_eq!(forwards.diagnostics, backwards.diagnostics);
    assert_eq!(
        format!("{:?}", forwards.knowledge),
        format!("{:?}", backwards.knowledge)
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

#[test]
fn base_of_this_program_is_the_folder_it_was_built_from() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let (built_in, on_disk) = (Folder::embedded(), Folder::read(&path).unwrap());
    let texts = |folder: &Folder| -> Vec<(String, Vec<u8>)> {
        let files = folder.files.iter();
        files
            .map(|file| (file.path.to_string(), file.bytes.clone()))
            .collect()
    };
    assert!(texts(&built_in) == texts(&on_disk), "run the build again");
}

#[test]
fn plain_questions_make_a_base() {
    use crate::lang::Lang;
    let entries = [
        PlainEntry::new("balance", Lang::En, ["how much do I have"]),
        PlainEntry::new("solde", Lang::Fr, ["combien ai-je"]),
    ];
    let knowledge = Knowledge::from_plain(entries);
    assert_eq!(knowledge.facts.len(), 2);
    assert_eq!(knowledge.facts[1].phrasings.fr[0].text, "combien ai-je");
    assert_eq!(knowledge.facts[1].answer.en, "solde");
    assert_eq!(knowledge[knowledge.facts[0].sources[0]].id, "plain");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

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
}
