//! Files as a whole: their place, their bytes, their length, and the folder they make.

use super::{check, folder, today};
use crate::knowledge::{Code, File, Folder, load};

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
        r#"
warning[stray-file]: this file is not read: its place in the folder says nothing of what it holds
 --> facts.toml
  = help: move it under `facts/`, `entities/` or `questions/`, or rename it
"#,
    );
}

#[test]
fn binary_file_is_reported() {
    check(
        &[("facts/x.toml", "[[fact]]\n\0\u{1}\u{2}")],
        r#"
error[binary-file]: this file is not text: it holds zero bytes
 --> facts/x.toml:2:1
  |
2 | ���
  | ^^^
  = help: save it as text in UTF-8, or take it out of the folder
"#,
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
        r#"
error[no-facts]: this folder holds no facts
 --> facts
  = help: facts belong in `.toml` files in the folder `facts`, one `[[fact]]` each
"#,
    );
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
fn base_of_this_program_is_the_folder_it_was_built_from() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let (built_in, on_disk) = (Folder::embedded(), Folder::read(&path).unwrap());
    let texts = |folder: &Folder| -> Vec<(String, Vec<u8>)> {
        let files = folder.files.iter();
        files
            .map(|file| (file.path.to_string(), file.bytes.clone()))
            .collect()
    };
    assert!(texts(&built_in) == texts(&on_disk), "run the build again");
}
