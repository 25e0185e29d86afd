//! Whole entries: added, described by an address, rewritten, retired, and looked for in vain.

use super::{ENTITIES, FACTS, SOURCES, diff, edit, folder, text};
use crate::knowledge::Folder;
use crate::knowledge::edit::{EditError, Editor, EntryKind, Field, Setting, find};
use crate::lang::Lang;

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
