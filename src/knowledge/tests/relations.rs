//! Relations: the slots of their patterns, and the dates that computed answers count from.

use super::check;

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
