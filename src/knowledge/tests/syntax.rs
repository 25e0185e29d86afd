//! Text that is no TOML: quotes, brackets, commas, and keys and tables given twice.

use super::check;

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
