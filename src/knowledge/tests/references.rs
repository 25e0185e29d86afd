//! Ids: given twice, named and not there, there and never named.

use super::check;

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
