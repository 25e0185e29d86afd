//! What the program does with the journal and with the base as a whole: `journal`, `export`, `import`,
//! `documents`.

use std::process::Command;

use cara_bot::journal::{Journal, Place, RevisionKind};
use serde_json::{Value, json};

use super::{edit, open, runtime};
use crate::support::{Project, SMALL, postgres};

/// A project whose journal holds one revision that is done and one that was abandoned.
fn with_history() -> (Project, String) {
    let project = Project::small();
    let data = project.path().join("data");
    runtime().block_on(async {
        let journal: Journal = open(&Place::Sqlite(data.clone())).await;
        let lock = journal.lock_editing().await.unwrap();
        let id = journal
            .begin_revision(&lock, &edit(RevisionKind::Edit))
            .await
            .unwrap();
        journal.finish_revision(id, Some(2)).await.unwrap();
        let id = journal
            .begin_revision(&lock, &edit(RevisionKind::Retire))
            .await
            .unwrap();
        journal
            .abandon_revision(id, "a golden question fails")
            .await
            .unwrap();
        journal.close().await;
    });
    let data = data
        .to_str()
        .expect("a temporary path is a text")
        .to_owned();
    (project, data)
}

#[test]
fn journal_shows_who_changed_what_and_why() {
    let (project, data) = with_history();
    let ran = project.run(&["journal", "--data", &data]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let (done, abandoned) = ran.stdout.split_once("\n\n").expect("two revisions");
    let (heading, rest) = done.split_once('\n').expect("a heading");
    assert!(
        heading.starts_with("1 · ") && heading.ends_with(" · edit · by 7"),
        "{heading}"
    );
    assert_eq!(
        rest,
        "  the programme says so\n  fact `fugato-created` in facts/fugato.toml\n  - date = \"1997\"\n  + date = \"1998\""
    );
    assert!(
        abandoned.contains("· abandoned\n") && abandoned.contains("a golden question fails"),
        "{abandoned}"
    );
}

#[test]
fn journal_is_exported_one_json_object_a_line() {
    let (project, data) = with_history();
    let lines = project
        .run(&["journal", "--json", "--data", &data])
        .json_lines();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["id"].clone(),
                line["kind"].clone(),
                line["state"].clone(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (json!(1), json!("edit"), json!("done")),
            (json!(2), json!("retire"), json!("abandoned"))
        ]
    );
    assert_eq!(lines[0]["by"], "7");
    assert_eq!(
        lines[0]["changes"][0]["target"],
        json!({"kind": "fact", "id": "fugato-created"})
    );
    let of_fact = project
        .run(&[
            "journal",
            "--json",
            "--fact",
            "fugato-created",
            "--data",
            &data,
        ])
        .json_lines();
    assert_eq!(of_fact, lines[..1]);
    assert_eq!(
        project
            .run(&["journal", "--fact", "rehearsals", "--data", &data])
            .stdout,
        ""
    );
}

#[test]
fn journal_that_cannot_be_opened_is_no_success() {
    let project = Project::small();
    let data = project.path().join("knowledge/sources.toml");
    let ran = project.run(&["journal", "--data", data.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("the journal cannot be opened"),
        "{}",
        ran.stderr
    );
}

#[test]
fn exported_base_is_the_imported_one() {
    let project = Project::small();
    let exported = project.run(&["export"]);
    assert_eq!((exported.code, exported.stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&exported.stdout).expect("one JSON document");
    assert_eq!(document["facts"].as_array().map(Vec::len), Some(9));

    let imported = project.pipe(&["import", "-", "--output", "again"], &exported.stdout);
    assert_eq!((imported.code, imported.stderr.as_str()), (0, ""));
    let again = project.run(&["export", "--knowledge", "again"]);
    assert!(again.stdout == exported.stdout, "{}", again.stdout);
    let checked = project.run(&["check", "again"]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
}

#[test]
fn import_of_a_broken_base_shows_what_is_wrong_and_writes_nothing() {
    let project = Project::small();
    let mut document: Value = serde_json::from_str(&project.run(&["export"]).stdout).unwrap();
    document["facts"][0]["sources"] = json!(["nowhere"]);
    let import = |arguments: &[&str]| project.pipe(arguments, document.to_string());

    let refused = import(&["import", "-", "--output", "again"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(
        refused
            .stderr
            .contains("error[dangling-reference]: there is no `nowhere` among the sources"),
        "{}",
        refused.stderr
    );
    assert!(!project.path().join("again").exists());

    let forced = import(&["import", "-", "--output", "again", "--force"]);
    assert_eq!(forced.code, 1, "{}", forced.stderr);
    assert!(project.path().join("again/sources.toml").exists());
}

#[test]
fn import_overwrites_nothing() {
    let project = Project::small();
    let exported = project.run(&["export"]).stdout;
    let before = std::fs::read(project.path().join("knowledge/sources.toml")).unwrap();
    let ran = project.pipe(&["import", "-", "--output", "knowledge"], &exported);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("knowledge is not empty"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        std::fs::read(project.path().join("knowledge/sources.toml")).unwrap(),
        before
    );
}

#[test]
fn import_of_something_else_tells_where_it_is_wrong() {
    let project = Project::small();
    let ran = project.pipe(
        &["import", "-", "--output", "again"],
        "{\"format\": 1,\n \"facts\": [}",
    );
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 2 column 12"), "{}", ran.stderr);
}

/// Runs the program with a shared database; code, standard output, standard error.
fn with_database(project: &Project, url: &str, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cara-bot"))
        .args(arguments)
        .current_dir(project.path())
        .env_remove("CARA_KNOWLEDGE")
        .env_remove("RUST_LOG")
        .env("CARA_CACHE", project.path().join("cache"))
        .env("DATABASE_URL", url)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    (
        output.status.code().expect("no signal ended it"),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn pushed_documents_are_pulled_as_they_were() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = runtime().block_on(server.database());
    let project = Project::small();
    let run = |arguments: &[&str]| with_database(&project, &url, arguments);
    let documents = SMALL.len();
    let said = |text: &str| (0, text.to_owned(), String::new());

    let (code, _, complaint) = run(&["documents", "pull", "pulled"]);
    assert_eq!(code, 2);
    assert!(
        complaint.contains("`cara-bot documents push` puts them there"),
        "{complaint}"
    );
    assert_eq!(
        run(&["documents", "push"]),
        said(&format!("generation 1: {documents} documents\n"))
    );
    assert_eq!(
        run(&["documents", "push"]),
        said("generation 1: nothing has changed\n")
    );
    assert_eq!(
        run(&["documents", "pull", "pulled"]),
        said(&format!("generation 1: {documents} documents\n"))
    );
    for (path, text) in SMALL {
        let pulled = std::fs::read_to_string(project.path().join("pulled").join(path)).expect(path);
        assert_eq!(&pulled, text, "{path}");
    }
}

#[test]
fn base_in_the_database_is_asked_and_edited_there() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = runtime().block_on(server.database());
    let project = Project::small();
    let run = |arguments: &[&str]| with_database(&project, &url, arguments);
    assert_eq!(run(&["documents", "push"]).0, 0);
    let shared = |arguments: &[&str]| run(&[&["--knowledge", "database"], arguments].concat());

    let alias = ["alias", "fugato", "The Gathering", "--lang", "en", "--yes"];
    let (code, said, complaint) = shared(&alias);
    assert_eq!(code, 0, "{said}{complaint}");
    let (code, said, complaint) = shared(&["ask", "--lang", "en", "who founded The Gathering?"]);
    assert_eq!((code, complaint.as_str()), (0, ""), "{said}");
    let (_, revisions, _) = run(&["journal"]);
    assert!(revisions.contains("alias · by operator"), "{revisions}");
    let on_disk = project.run(&["export"]).stdout;
    assert!(
        !on_disk.contains("The Gathering"),
        "the folder is left alone"
    );

    let (code, _, complaint) = shared(&["documents", "push"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("name the folder to push"), "{complaint}");
    let alone = project.run(&["--knowledge", "database", "check"]);
    assert_eq!(alone.code, 2);
    assert!(
        alone.stderr.contains("set DATABASE_URL"),
        "{}",
        alone.stderr
    );
}

#[test]
fn base_with_errors_is_not_pushed() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let url = runtime().block_on(server.database());
    let project = Project::small().file("facts/more.toml", "[[fact]]\nid = \"half\n");
    let (code, said, complaint) = with_database(&project, &url, &["documents", "push"]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(
        complaint.contains("facts/more.toml:2:") && complaint.contains("nothing was pushed"),
        "{complaint}"
    );
    let (code, ..) = with_database(&project, &url, &["documents", "pull", "pulled"]);
    assert_eq!(code, 2, "there is nothing to pull");
}

#[test]
fn documents_need_a_shared_database() {
    let (project, data) = with_history();
    let ran = project.run(&["documents", "--data", &data, "push"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("set DATABASE_URL"), "{}", ran.stderr);
}

#[test]
fn password_of_the_database_is_not_shown_when_it_cannot_be_reached() {
    let project = Project::small();
    let url = "postgres://bot:hunter2@127.0.0.1:1/cara?sslmode=disable";
    let (code, said, complaint) = with_database(&project, url, &["journal"]);
    assert_eq!(code, 2);
    assert!(
        complaint.contains("postgres://127.0.0.1:1/cara cannot be reached"),
        "{complaint}"
    );
    assert!(
        !format!("{said}{complaint}").contains("hunter2"),
        "{complaint}"
    );
}
