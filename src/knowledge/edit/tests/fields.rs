//! Fields of a fact: set, added at their place, taken out, in lists of any layout.

use super::{FACTS, diff, edit, folder, text};
use crate::knowledge::Folder;
use crate::knowledge::edit::{Editor, Field, Value, fields};
use crate::lang::Lang;

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
