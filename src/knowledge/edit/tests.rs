//! Edits as moderators make them, and what they leave of the files around them.

use proptest::prelude::*;

use super::*;

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

/// Sets one field of a fact and compares the lines that changed, as a diff shows them.
#[track_caller]
fn check(fact: &str, field: &str, typed: &str, expected: &str) {
    let folder = folder();
    let field: Field = field.parse().unwrap();
    let edited = edit(&folder, |editor| {
        editor.set_fact(fact, &[field.typed(typed)?])
    });
    let [file] = &edited.files[..] else {
        panic!("{:?}", edited.files)
    };
    let after = file.after.as_deref().unwrap();
    assert_eq!(
        diff(FACTS, after),
        expected.trim_start_matches('\n'),
        "\n{after}"
    );
    let now = fields(&edited.folder, fact).unwrap();
    let now = now.iter().find(|setting| setting.field == field);
    assert_eq!(
        now.map_or(Value::Absent, |setting| setting.value.clone()),
        field.read(typed).unwrap()
    );
}

fn diff(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change.value()))
        .collect()
}

#[test]
fn setting_a_field_touches_its_value_alone() {
    check(
        "mill-built",
        "answer.en",
        "Built in 1804.",
        "
-answer.en = \"The mill was built in 1802.\"
+answer.en = \"Built in 1804.\"
",
    );
    check(
        "mill-built",
        "sources",
        "s1 s2",
        "
-sources = [ \"s1\" ]
+sources = [ \"s1\", \"s2\" ]
",
    );
    check(
        "mill-owner",
        "answer.en",
        "Nobody.\r\n\"Sold\".",
        "
-The Ruiz family.
-Since 1950.\"\"\"
+Nobody.
+\"Sold\".\"\"\"
",
    );
    check(
        "mill-owner",
        "phrasings.fr",
        "À qui est le moulin ?\nqui possède le moulin",
        "
-phrasings = { en = [\"Who owns the mill?\"], fr = [\"À qui est le moulin ?\"] }
+phrasings = { en = [\"Who owns the mill?\"], fr = [\"À qui est le moulin ?\", \"qui possède le moulin\"] }
",
    );
    check("mill-owner", "date", "", "-date = \"1950/..\"\n");
}

#[test]
fn a_new_field_comes_to_its_place() {
    check("mill-built", "date", "1802", "+date = \"1802\"\n");
    check(
        "bread",
        "answer.en",
        "At eight.",
        "-en = \"At seven.\"\n+en = \"At eight.\"\n",
    );
    check(
        "bread",
        "phrasings.fr",
        "Quand y a-t-il du pain ?",
        "+fr = [\"Quand y a-t-il du pain ?\"]\n",
    );
    check("bread", "date", "2020", "+date = \"2020\"\n");
    let folder = folder();
    let date =
        |editor: &mut Editor<'_>| editor.set_fact("mill-built", &[Field::Date.typed("1802")?]);
    let edited = edit(&folder, date);
    assert!(
        text(&edited.folder, "facts/mill.toml")
            .contains("subject = \"mill\"\ndate = \"1802\"\nanswer.en")
    );
    let edited = edit(&folder, |editor| {
        editor.set_fact("bread", &[Field::Date.typed("2020")?])
    });
    assert!(
        text(&edited.folder, "facts/mill.toml")
            .contains("id = \"bread\"\ndate = \"2020\"\n[fact.answer]")
    );
}

#[test]
fn lists_on_lines_grow_by_lines_and_keep_their_comments() {
    check(
        "mill-built",
        "phrasings.en",
        "When was the mill built?\nhow old is the mill\nage of the mill",
        "+    \"age of the mill\",\n",
    );
    check(
        "mill-built",
        "phrasings.en",
        "When was the mill built?",
        "-    \"how old is the mill\",\n",
    );
    check(
        "mill-built",
        "phrasings.en",
        "how old is the mill",
        "-    \"When was the mill built?\", # shown\n",
    );
    let bare = FACTS.replace(
        "\"how old is the mill\",\n",
        "\"how old is the mill\" # last\n",
    );
    let folder = Folder::in_memory([("facts/mill.toml", bare.as_str())]);
    let edited = edit(&folder, |editor| {
        editor.add_phrasing("mill-built", Lang::En, "its age")
    });
    assert_eq!(
        diff(&bare, text(&edited.folder, "facts/mill.toml")),
        "-    \"how old is the mill\" # last\n+    \"how old is the mill\", # last\n+    \"its age\"\n"
    );
}

#[test]
fn added_fact_stands_behind_its_kin_in_the_style_of_the_file() {
    let folder = folder();
    let settings = [
        ("phrasings.en", "Is there a \"wheel\"?"),
        ("answer.en", "Yes.\nOf oak."),
        ("answer.fr", "Oui."),
        ("subject", "mill"),
        ("gap", "no"),
        ("sources", "s1"),
    ];
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(field, typed)| field.parse::<Field>().unwrap().typed(typed).unwrap())
        .collect();
    let edited = edit(&folder, |editor| {
        editor.add_fact(None, "mill-wheel", &settings)
    });
    let expected = r#"phrasings = { en = ["Who owns the mill?"], fr = ["À qui est le moulin ?"] }

[[fact]]
id = "mill-wheel"
subject = "mill"
answer.en = """
Yes.
Of oak."""
answer.fr = "Oui."
sources = ["s1"]
phrasings.en = ['Is there a "wheel"?']

# ---------- The rest ----------
"#;
    let after = text(&edited.folder, "facts/mill.toml");
    assert!(after.contains(expected), "{after}");
    assert_eq!(edited.entries.len(), 1);
    assert_eq!(edited.entries[0].before, None);
    let error = Editor::new(&edited.folder)
        .add_fact(None, "mill-wheel", &[])
        .unwrap_err();
    assert!(matches!(error, EditError::Exists { .. }), "{error}");
}

#[test]
fn fact_without_kin_opens_a_file_of_its_own() {
    let folder = folder();
    let edited = edit(&folder, |editor| {
        editor.add_fact(None, "jam", &[Field::Answer(Lang::En).typed("Plum.")?])
    });
    assert_eq!(
        text(&edited.folder, "facts/added.toml"),
        "#:schema ../schema/facts.json\n\n[[fact]]\nid = \"jam\"\nanswer.en = \"Plum.\"\n"
    );
    for path in [
        "../etc/passwd.toml",
        "facts/../a.toml",
        "questions/a.toml",
        "facts/a.txt",
        "/facts/a.toml",
    ] {
        let error = Editor::new(&folder)
            .add_fact(Some(path), "jam", &[])
            .unwrap_err();
        assert!(
            matches!(error, EditError::BadPath { .. }),
            "{path}: {error}"
        );
    }
}

#[test]
fn source_named_by_its_address_is_described_once() {
    let typed = "s1\nhttps://www.gazette.example/mill Velden Gazette: The mill turns again\nhttps://le-moulin.fr";
    let settings = [Field::Sources.typed(typed).unwrap()];
    let edited = edit(&folder(), |editor| editor.set_fact("mill-built", &settings));
    assert_eq!(
        diff(SOURCES, text(&edited.folder, "sources.toml")),
        "+\n+[[source]]\n+id = \"gazette-example\"\n+publisher = \"Velden Gazette\"\n+title = \"The mill turns again\"\n+url = \"https://www.gazette.example/mill\"\n+language = \"en\"\n+\n+[[source]]\n+id = \"le-moulin-fr\"\n+publisher = \"le-moulin.fr\"\n+title = \"/\"\n+url = \"https://le-moulin.fr/\"\n+language = \"fr\"\n"
    );
    assert!(
        text(&edited.folder, "facts/mill.toml")
            .contains("sources = [ \"s1\", \"gazette-example\", \"le-moulin-fr\" ]")
    );
    let again = [Field::Sources
        .typed("https://www.gazette.example/mill/#today")
        .unwrap()];
    let edited = edit(&edited.folder, |editor| {
        editor.add_fact(None, "jam", &again)
    });
    assert_eq!(edited.files.len(), 1);
    assert!(text(&edited.folder, "facts/added.toml").contains("sources = [\"gazette-example\"]"));
    let bad = [Field::Sources.typed("https://").unwrap()];
    let error = Editor::new(&folder())
        .set_fact("mill-built", &bad)
        .unwrap_err();
    assert!(matches!(error, EditError::BadAddress { .. }), "{error}");
}

#[test]
fn retired_fact_goes_with_its_comments_and_from_what_questions_expect() {
    let edited = edit(&folder(), |editor| editor.retire_fact("mill-built"));
    let facts = text(&edited.folder, "facts/mill.toml");
    assert!(
        facts.contains("# ---------- The mill ----------\n\n[[fact]]\nid = \"mill-owner\""),
        "{facts}"
    );
    assert!(
        !facts.contains("Disputed") && !facts.contains("Checked twice"),
        "{facts}"
    );
    assert_eq!(
        text(&edited.folder, "questions/all.toml"),
        "[[question]]\nask = \"the mill\"\nexpect = [\"mill-owner\", \"offer\"]\nstyle = \"short\"\n"
    );
    let touched: Vec<_> = edited
        .entries
        .iter()
        .map(|entry| (entry.id.as_str(), entry.after.is_some()))
        .collect();
    assert_eq!(
        touched,
        [
            ("mill-built", false),
            ("age of the mill", false),
            ("the mill", true)
        ]
    );
}

#[test]
fn taught_question_is_golden_and_a_changed_mind_replaces_it() {
    let first = edit(&folder(), |editor| {
        editor.add_phrasing("bread", Lang::En, "is\nthere  bread")?;
        editor.add_question("is there bread", &["bread"])
    });
    assert_eq!(
        text(&first.folder, "questions/taught.toml"),
        "#:schema ../schema/questions.json\n\n[[question]]\nask = \"is there bread\"\nexpect = \"bread\"\nstyle = \"taught\"\n"
    );
    let again = edit(&first.folder, |editor| {
        editor.add_question("Is there BREAD?", &["unknown"])
    });
    assert!(
        text(&again.folder, "questions/taught.toml")
            .contains("ask = \"is there bread\"\nexpect = \"unknown\"\n")
    );
    let mut editor = Editor::new(&first.folder);
    editor.add_question("is there bread?", &["bread"]).unwrap();
    editor
        .add_phrasing("bread", Lang::Fr, "When is there bread")
        .unwrap();
    assert_eq!(editor.finish().unwrap_err(), EditError::NoChange);
}

#[test]
fn sample_that_is_taught_must_hold_from_then_on() {
    let questions = "[[question]]\nask = \"got bread?\"\nsample = true\nexpect = \"unknown\"\n";
    let folder = Folder::in_memory([("questions/all.toml", questions)]);
    let taught = |expect: &str| {
        let edited = edit(&folder, |editor| {
            editor.add_question("Got bread", &[expect])
        });
        text(&edited.folder, "questions/all.toml").to_owned()
    };
    let golden = questions.replace("sample = true", "sample = false");
    assert_eq!(taught("unknown"), golden);
    assert_eq!(taught("bread"), golden.replace("unknown", "bread"));
}

#[test]
fn questions_of_conversations_are_told_apart_by_the_turns_before() {
    let questions = "[[question]]\nask = \"and?\"\nafter = [\"a\", \"b\"]\nexpect = \"bread\"\n\n[[question]]\nask = \"and?\"\nafter = [\"c\"]\nexpect = \"bread\"\n";
    let folder = Folder::in_memory([("questions/all.toml", questions)]);
    let edited = edit(&folder, |editor| editor.open_question("c / and?"));
    assert_eq!(
        text(&edited.folder, "questions/all.toml"),
        questions.replace(
            "ask = \"and?\"\nafter = [\"c\"]",
            "ask = \"and?\"\nopen = true\nafter = [\"c\"]"
        )
    );
    // A question that stands alone is another, though its words are the same.
    let edited = edit(&folder, |editor| editor.add_question("and?", &["unknown"]));
    assert!(edited.folder.file("questions/taught.toml").is_some());
}

#[test]
fn alias_is_added_where_there_are_none_too() {
    let edited = edit(&folder(), |editor| {
        editor.add_alias("mill", Lang::En, "mill by the river")?;
        editor.add_alias("mill", Lang::Fr, "vieux moulin")
    });
    assert_eq!(
        diff(ENTITIES, text(&edited.folder, "entities/all.toml")),
        "-aliases.en = [\"the old mill\"]\n+aliases.en = [\"the old mill\", \"mill by the river\"]\n+aliases.fr = [\"vieux moulin\"]\n"
    );
}

#[test]
fn rewritten_entry_keeps_its_id_and_its_neighbours() {
    let folder = folder();
    let old = find(&folder, EntryKind::Fact, "mill-owner").unwrap();
    let new = old.text.replace("Ruiz", "Roux").replace('\n', "\r\n");
    let edited = edit(&folder, |editor| editor.rewrite_fact("mill-owner", &new));
    assert_eq!(
        text(&edited.folder, "facts/mill.toml"),
        FACTS.replace("Ruiz", "Roux")
    );
    for (text, said) in [
        ("[[fact]]\nid = \"other\"", "stays as it is"),
        (
            "[[fact]]\nid = \"mill-owner\"\n[[fact]]\nid = \"b\"",
            "more than one",
        ),
        (
            "[[fact]]\nid = \"mill-owner\"\n[[entity]]\nid = \"b\"",
            "`entity`",
        ),
        ("id = \"mill-owner\"", "`id`"),
        ("[[fact]]\nsubject = \"a\"", "no `id`"),
        ("[[fact]]\nid = ", "line 2"),
        ("", "[[fact]]"),
        ("[[fact]]\nid = \"mill-owner\"\u{7}", "U+0007"),
    ] {
        let error = Editor::new(&folder)
            .rewrite_fact("mill-owner", text)
            .unwrap_err();
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let folder = folder();
    let error = find(&folder, EntryKind::Fact, "mil-built").unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no fact `mil-built`; did you mean `mill-built`?"
    );
    let broken = Folder::in_memory([("facts/a.toml", "[[fact]]\nid = \"a\"\nanswer = \"\n")]);
    let error = find(&broken, EntryKind::Fact, "a").unwrap_err();
    assert!(
        error.to_string().starts_with("facts/a.toml:3 is not TOML"),
        "{error}"
    );
    let inline = Folder::in_memory([("facts/a.toml", "fact = [{ id = \"a\" }]\n")]);
    let error = find(&inline, EntryKind::Fact, "a").unwrap_err();
    assert!(matches!(error, EditError::Inline { .. }), "{error}");
    let latin = Folder::in_memory([("facts/a.toml", b"[[fact]]\nid = \"a\xe9\"\n".to_vec())]);
    assert!(matches!(
        find(&latin, EntryKind::Fact, "a"),
        Err(EditError::NotText { .. })
    ));
}

#[test]
fn files_with_carriage_returns_keep_them() {
    let windows = FACTS.replace('\n', "\r\n");
    let folder = Folder::in_memory([("facts/mill.toml", windows.as_str())]);
    let edited = edit(&folder, |editor| {
        editor.set_fact(
            "mill-built",
            &[Field::Answer(Lang::En).typed("One.\nTwo.")?],
        )?;
        editor.set_fact("mill-built", &[Field::Date.typed("1802")?])?;
        editor.add_phrasing("mill-built", Lang::En, "its age")?;
        editor.add_fact(None, "mill-wheel", &[Field::Subject.typed("mill")?])
    });
    let after = text(&edited.folder, "facts/mill.toml");
    assert_eq!(
        after.matches('\n').count(),
        after.matches("\r\n").count(),
        "{after:?}"
    );
    assert!(after.contains("answer.en = \"One.\\nTwo.\"\r\n"), "{after}");
}

#[test]
fn edit_is_taken_back_exactly_while_the_files_are_as_it_left_them() {
    let folder = folder();
    for change in [
        |editor: &mut Editor<'_>| editor.retire_fact("mill-built"),
        |editor: &mut Editor<'_>| editor.add_question("mill?", &["mill-built"]),
        |editor: &mut Editor<'_>| editor.set_fact("bread", &[Field::Date.typed("2020")?]),
    ] {
        let edited = edit(&folder, change);
        let back = edit(&edited.folder, |editor| editor.reverse(&edited.record()));
        let files = |folder: &Folder| -> Vec<_> {
            let files = folder.files.iter();
            files
                .map(|file| (file.path.clone(), file.bytes.clone()))
                .collect()
        };
        assert_eq!(files(&back.folder), files(&folder));
        let forth = edit(&back.folder, |editor| editor.reverse(&back.record()));
        assert_eq!(files(&forth.folder), files(&edited.folder));
    }
}

#[test]
fn edit_is_taken_back_among_later_ones() {
    let taught = edit(&folder(), |editor| {
        editor.add_phrasing("mill-owner", Lang::En, "whose mill is it")?;
        editor.set_fact("mill-owner", &[Field::Date.typed("1951/..")?])
    });
    let later = edit(&taught.folder, |editor| {
        editor.add_phrasing("mill-owner", Lang::En, "mill owner")?;
        editor.set_fact("mill-owner", &[Field::Answer(Lang::Fr).typed("Les Ruiz.")?])
    });
    let back = edit(&later.folder, |editor| editor.reverse(&taught.record()));
    let after = find(&back.folder, EntryKind::Fact, "mill-owner")
        .unwrap()
        .text;
    assert!(
        after.contains("en = [\"Who owns the mill?\", \"mill owner\"]"),
        "{after}"
    );
    assert!(
        after.contains("date = \"1950/..\"") && after.contains("Les Ruiz."),
        "{after}"
    );

    let retired = edit(&folder(), |editor| editor.retire_fact("mill-owner"));
    let later = edit(&retired.folder, |editor| {
        editor.set_fact("mill-built", &[Field::Date.typed("1802")?])?;
        editor.add_question("bread?", &["bread"])
    });
    let back = edit(&later.folder, |editor| editor.reverse(&retired.record()));
    assert_eq!(
        text(&back.folder, "facts/mill.toml"),
        FACTS.replace(
            "subject = \"mill\"\nanswer.en = \"The",
            "subject = \"mill\"\ndate = \"1802\"\nanswer.en = \"The"
        )
    );
    let again = Editor::new(&folder())
        .reverse(&retired.record())
        .unwrap_err();
    assert!(matches!(again, EditError::Exists { .. }), "{again}");
    let gone = Editor::new(&retired.folder)
        .reverse(&taught.record())
        .unwrap_err();
    assert!(matches!(gone, EditError::Gone { .. }), "{gone}");
}

/// Lines of files of facts: whole entries, comments, empty lines, with either line end.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => Just("".to_owned()),
        2 => "# [a-z\"\\[=]{0,6}",
        2 => Just("date = \"2000\"".to_owned()),
        1 => Just("answer.en = '''x\ny'''".to_owned()),
        1 => Just("phrasings.en = [\n  \"a\", # b\n  'c'\n]".to_owned()),
        1 => Just("sources = [ ]".to_owned()),
    ];
    let entry = (proptest::collection::vec(line, 0..6), 0..3_usize);
    (
        proptest::collection::vec(entry, 1..5),
        prop::bool::ANY,
        prop::bool::ANY,
    )
        .prop_map(|(entries, windows, ended)| {
            let mut text = String::new();
            for (number, (lines, blanks)) in entries.into_iter().enumerate() {
                text.push_str(&"\n".repeat(blanks));
                text.push_str(&format!("[[fact]]\nid = \"f{number}\"\n"));
                let mut seen = Vec::new();
                for line in lines {
                    let key = line.split(' ').next().unwrap_or_default().to_owned();
                    if key.starts_with('#') || key.is_empty() || !seen.contains(&key) {
                        text.push_str(&line);
                        text.push('\n');
                        seen.push(key);
                    }
                }
            }
            if !ended {
                text.pop();
            }
            if windows {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
}

/// An edit of the first fact.
fn change() -> impl Strategy<Value = (usize, String)> {
    (0..6_usize, "[a-z\"'\\\\\n]{1,6}")
}

proptest! {
    #[test]
    fn any_edit_leaves_the_other_entries_alone_and_is_taken_back(text in file(), (kind, typed) in change()) {
        let folder = Folder::in_memory([("facts/a.toml", text.as_str())]);
        let names = |folder: &Folder| {
            let text = std::str::from_utf8(&folder.file("facts/a.toml").unwrap().bytes).unwrap().to_owned();
            let parsed = Parsed::new("", &text).unwrap();
            parsed.names(EntryKind::Fact).into_iter().map(Cow::into_owned).collect::<Vec<_>>()
        };
        let entries = |folder: &Folder| {
            names(folder).into_iter()
                .filter(|name| name != "f0" && name != "new")
                .map(|name| {
                    // Comments above the first entry of a file are taken to be about the file.
                    let text = find(folder, EntryKind::Fact, &name).unwrap().text;
                    text[text.find("[[fact]]").unwrap()..].trim_end().to_owned()
                })
                .collect::<Vec<_>>()
        };
        let mut editor = Editor::new(&folder);
        let done = match kind {
            0 => editor.set_fact("f0", &[Field::Answer(Lang::En).typed(&typed).unwrap()]),
            1 => editor.set_fact("f0", &[Field::Date.typed("").unwrap()]),
            2 => editor.add_phrasing("f0", Lang::En, &typed),
            3 => editor.retire_fact("f0"),
            4 => editor.add_fact(Some("facts/a.toml"), "new", &[Field::Answer(Lang::Fr).typed(&typed).unwrap()]),
            _ => editor.set_fact("f0", &[Field::Subject.typed("s").unwrap(), Field::Sources.typed("a b").unwrap()]),
        };
        prop_assume!(done.is_ok());
        let Ok(edited) = editor.finish() else { return Ok(()) };
        prop_assert_eq!(entries(&edited.folder), entries(&folder));
        let mut editor = Editor::new(&edited.folder);
        editor.reverse(&edited.record()).unwrap();
        let back = editor.finish().unwrap();
        prop_assert_eq!(std::str::from_utf8(&back.folder.file("facts/a.toml").unwrap().bytes).unwrap(), &text);
    }
}
