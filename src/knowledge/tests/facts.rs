//! Facts: what they need to be found and believed, and what in them contradicts itself.

use super::check;

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
