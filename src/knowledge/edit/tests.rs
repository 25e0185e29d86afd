//! Edits as moderators make them, and what they leave of the files around them.
//!
//! One file for each kind of edit; this one holds the files that they all edit.

mod entries;
mod fields;
mod questions;
mod reverse;

use super::{EditError, Edited, Editor};
use crate::knowledge::Folder;

const SOURCES: &str = "[[source]]\nid = \"s1\"\n";

/// A file with everything in it that an edit must not disturb.
const FACTS: &str = r#"#:schema ../schema/facts.json
# About the mill.

[defaults]
checked = "2026-11-22"   # by hand

# ---------- The mill ----------

# Disputed, see the minutes.
[[fact]]
id = "mill-built" # do not rename
subject = "mill"
answer.en = "The mill was built in 1802."
answer.fr = 'Le moulin date de 1802, dit « l"Écho ».'
sources = [ "s1" ]
phrasings.en = [
    "When was the mill built?", # shown
    "how old is the mill",
]
phrasings.fr = ["Quand le moulin a-t-il été bâti ?"]
# Checked twice.

[[fact]]
id = "mill-owner"
subject = "mill"
date = "1950/.."

# Two lines.
answer.en = """
The Ruiz family.
Since 1950."""
answer.fr = "La famille Ruiz."
phrasings = { en = ["Who owns the mill?"], fr = ["À qui est le moulin ?"] }

# ---------- The rest ----------

[[fact]]
id = "bread"
[fact.answer]
en = "At seven."
fr = "À sept heures."
[fact.phrasings]
en = ["When is there bread?"]
"#;

const QUESTIONS: &str = r#"
[[question]]
ask = "age of the mill"
expect = "mill-built"

[[question]]
ask = "the mill"
expect = ["mill-built", "mill-owner", "offer"]
style = "short"
"#;

const ENTITIES: &str = "[[entity]]\nid = \"mill\"\nname.en = \"Mill\"\nname.fr = \"Moulin\"\naliases.en = [\"the old mill\"]\n";

fn folder() -> Folder {
    Folder::in_memory([
        ("sources.toml", SOURCES),
        ("facts/mill.toml", FACTS),
        ("entities/all.toml", ENTITIES),
        ("questions/all.toml", QUESTIONS),
    ])
}

/// Edits a folder and returns what came of it.
#[track_caller]
fn edit(folder: &Folder, edit: impl FnOnce(&mut Editor<'_>) -> Result<(), EditError>) -> Edited {
    let mut editor = Editor::new(folder);
    edit(&mut editor).unwrap();
    editor.finish().unwrap()
}

#[track_caller]
fn text<'f>(folder: &'f Folder, path: &str) -> &'f str {
    std::str::from_utf8(&folder.file(path).unwrap().bytes).unwrap()
}

fn diff(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change.value()))
        .collect()
}
