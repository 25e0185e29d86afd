//! Phrasings of facts: how long the first may be, in which languages, and asked of one fact alone.

use super::check;

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
