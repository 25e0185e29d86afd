//! Golden questions: taught, taught otherwise, and told apart by the turns before.

use super::{edit, folder, text};
use crate::knowledge::Folder;
use crate::knowledge::edit::{EditError, Editor};
use crate::lang::Lang;

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
