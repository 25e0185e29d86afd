//! Each way a file can be wrong, and how its author is told: read these as a moderator would.
//!
//! One file for each of the things that can be wrong; this one holds the good base they all start from.

mod built;
mod entities;
mod facts;
mod files;
mod phrasings;
mod properties;
mod references;
mod relations;
mod shape;
mod syntax;
mod values;

use super::{Folder, load, render};
use crate::date::Day;

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
