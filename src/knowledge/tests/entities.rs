//! Entities: names that two of them bear, who is meant when none is named, and who followed whom.

use super::check;

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
