//! Edits taken back: to the byte while nothing else has changed, and among later edits.

use std::borrow::Cow;

use proptest::prelude::*;

use super::{FACTS, edit, folder, text};
use crate::knowledge::Folder;
use crate::knowledge::edit::{EditError, Editor, EntryKind, Field, Parsed, find};
use crate::lang::Lang;

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
