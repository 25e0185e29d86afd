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
    std::fs::create_dir_all("/tmp/know_snap").unwrap();
    std::fs::write(
        format!(
            "/tmp/know_snap/{}",
            std::thread::current()
                .name()
                .unwrap()
                .rsplit("::")
                .next()
                .unwrap()
        ),
        &actual,
    )
    .unwrap();
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
        r#"@@file_outside_the_folders_is_reported@@"#,
    );
}

#[test]
fn binary_file_is_reported() {
    check(
        &[("facts/x.toml", "[[fact]]\n\0\u{1}\u{2}")],
        r#"@@binary_file_is_reported@@"#,
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
        r#"@@folder_without_facts_is_reported@@"#,
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
        r#"@@forgotten_quote_costs_one_entry@@"#,
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
        r#"@@list_that_is_not_closed_costs_one_entry@@"#,
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
        r#"@@several_syntax_errors_are_told@@"#,
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
        r#"@@header_with_one_bracket_too_few_is_reported@@"#,
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
        r#"@@header_of_a_table_instead_of_an_entry_is_reported@@"#,
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
        r#"@@key_given_twice_is_reported@@"#,
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
        r#"@@table_given_twice_is_reported@@"#,
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
        r#"@@colon_instead_of_equals_is_reported@@"#,
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
        r#"@@backslash_is_reported@@"#,
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
        r#"@@unknown_keys_are_all_reported@@"#,
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
        r#"@@misspelt_header_does_not_make_references_dangle@@"#,
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
        r#"@@keys_above_the_first_header_are_reported@@"#,
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
        r#"@@missing_keys_are_all_reported@@"#,
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
        r#"@@missing_translation_is_reported@@"#,
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
        r#"@@wrong_types_are_all_reported@@"#,
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
        r#"@@unknown_word_is_reported@@"#,
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
        r#"@@empty_texts_are_reported@@"#,
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
        r#"@@question_that_expects_nothing_is_reported@@"#,
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
        r#"@@too_long_answer_is_reported@@"#,
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
        r#"@@too_long_display_question_is_reported@@"#,
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
        r#"@@bad_ids_are_reported@@"#,
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
        r#"@@malformed_date_is_reported@@"#,
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
        r#"@@malformed_addresses_are_reported@@"#,
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
        r#"@@malformed_language_is_reported@@"#,
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
        r#"@@patterns_without_their_slot_are_reported@@"#,
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
        r#"@@unknown_slots_are_reported@@"#,
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
        r#"@@duration_without_start_is_reported@@"#,
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
        r#"@@start_without_duration_is_reported@@"#,
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
        r#"@@fact_without_source_is_reported@@"#,
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
        r#"@@fact_nobody_can_ask_for_is_reported@@"#,
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
        r#"@@relation_without_subject_is_reported@@"#,
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
        r#"@@changing_value_without_its_date_is_reported@@"#,
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
        r#"@@duplicate_id_shows_both_places@@"#,
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
        r#"@@dangling_references_name_the_nearest_id@@"#,
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
        r#"@@dangling_default_is_reported_once@@"#,
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
        r#"@@reference_to_an_entry_that_could_not_be_read_does_not_dangle@@"#,
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
        r#"@@name_of_two_entities_shows_both_places@@"#,
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
        r#"@@phrasing_of_two_facts_shows_both_places@@"#,
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
        r#"@@pattern_of_two_relations_shows_both_places@@"#,
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
        r#"@@second_main_entity_is_reported@@"#,
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
        r#"@@successors_in_a_circle_are_reported@@"#,
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
        r#"@@facts_without_a_plain_answer_are_reported@@"#,
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
        r#"@@facts_with_two_plain_answers_are_reported@@"#,
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
        r#"@@past_review_is_reported@@"#,
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
        r#"@@gap_with_a_value_is_reported@@"#,
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
        r#"@@complete_list_of_nothing_is_reported@@"#,
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
        r#"@@deduction_told_as_certain_is_reported@@"#,
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
        r#"@@first_phrasing_that_is_no_question_is_reported@@"#,
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
        r#"@@phrasings_in_one_language_are_reported@@"#,
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
        r#"@@unused_source_and_entity_are_reported@@"#,
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
    assert_eq!(knowledge[age.of.unwrap()].id, "created");
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
fn base_of_this_program_has_no_errors() {
    let folder = Folder::embedded();
    let loaded = load(&folder, today());
    assert!(
        !loaded.has_errors(),
        "{}",
        render(&loaded.diagnostics, &folder, false)
    );
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
                ("questions/x.toml", "question"), ("lexicon.toml", "concept"), ("lexicon.toml", "shorthand"), ("lexicon.toml", "filler"),
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
