//! Single values, wherever they stand: ids, texts, dates, addresses, languages.

use super::check;

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
