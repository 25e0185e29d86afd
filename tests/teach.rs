//! The operator teaches and mends in the terminal, through the program.

use crate::support::{Project, Ran};

const UNHEARD: &str = "which twilight do the strings gather";

/// Runs a command that changes the knowledge, with a data directory of the project's own.
#[track_caller]
fn run(project: &Project, arguments: &[&str], input: &str) -> Ran {
    project.pipe(arguments, input)
}

#[track_caller]
fn knowledge(project: &Project, path: &str) -> String {
    std::fs::read_to_string(project.path().join("knowledge").join(path)).unwrap()
}

#[test]
fn teaching_shows_what_changes_and_asks_first() {
    let project = Project::small();
    let declined = run(&project, &["teach", UNHEARD, "rehearsals"], "n\n");
    assert_eq!(declined.code, 1, "{declined:?}");
    for shown in [
        "fact `rehearsals` in facts/ostinato.toml",
        "\"which twilight do the strings gather\"]",
        "golden question `which twilight do the strings gather` in questions/taught.toml",
        "en Then: Rehearsals are on Tuesday evenings",
        "Golden questions right: 16 of 16 (now 15 of 15).",
        "Nothing was changed.",
    ] {
        assert!(
            declined.stdout.contains(shown),
            "{shown}\n{}",
            declined.stdout
        );
    }
    assert!(
        !project
            .path()
            .join("knowledge/questions/taught.toml")
            .exists()
    );

    let taught = run(&project, &["teach", UNHEARD, "rehearsals"], "y\n");
    assert_eq!(taught.code, 0, "{taught:?}");
    assert!(
        taught.stdout.contains("Done: revision 1"),
        "{}",
        taught.stdout
    );
    let answered = project.run(&["ask", "which twilight do the stings gathr"]);
    assert_eq!(answered.code, 0, "{answered:?}");
}

#[test]
fn what_would_break_the_base_is_refused_with_its_place() {
    let project = Project::small();
    let before = knowledge(&project, "facts/ostinato.toml");
    let ran = run(
        &project,
        &["fact", "edit", "rehearsals", "--set", "sources=s9", "--yes"],
        "",
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stdout.contains("error[dangling-reference]"),
        "{}",
        ran.stdout
    );
    assert_eq!(knowledge(&project, "facts/ostinato.toml"), before);
    let missing = run(&project, &["fact", "retire", "rehearsal", "--yes"], "");
    assert_eq!(missing.code, 1, "{missing:?}");
    assert!(
        missing.stderr.contains("did you mean `rehearsals`?"),
        "{}",
        missing.stderr
    );
    let unknown = run(
        &project,
        &["fact", "edit", "rehearsals", "--set", "answer=x"],
        "",
    );
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.stderr.contains("answer.en"), "{}", unknown.stderr);
}

#[test]
fn facts_are_added_shown_retired_restored_and_undone() {
    let project = Project::small();
    let added = run(
        &project,
        &[
            "fact",
            "add",
            "emblem",
            "--yes",
            "--why",
            "asked twice",
            "--set",
            "answer.en=Anna Voss drew it.",
            "--set",
            "answer.fr=Anna Voss l'a dessiné.",
            "--set",
            "sources=s1",
            "--set",
            "phrasings.en=Who drew the emblem?",
            "--set",
            "phrasings.fr=Qui a dessiné l'emblème ?",
        ],
        "",
    );
    assert_eq!(added.code, 0, "{added:?}");
    assert_eq!(project.run(&["ask", "who drew the emblem"]).code, 0);
    let shown = run(&project, &["fact", "show", "emblem"], "");
    assert_eq!(
        shown.stdout,
        "# facts/added.toml\n[[fact]]\nid = \"emblem\"\nanswer.en = \"Anna Voss drew it.\"\nanswer.fr = \"Anna Voss l'a dessiné.\"\nsources = [\"s1\"]\nphrasings.en = [\"Who drew the emblem?\"]\nphrasings.fr = [\"Qui a dessiné l'emblème ?\"]\n"
    );
    assert_eq!(
        run(&project, &["fact", "retire", "emblem", "--yes"], "").code,
        0
    );
    assert_ne!(project.run(&["ask", "who drew the emblem"]).code, 0);
    assert_eq!(
        run(&project, &["fact", "restore", "emblem", "--yes"], "").code,
        0
    );
    assert_eq!(project.run(&["ask", "who drew the emblem"]).code, 0);
    assert_eq!(run(&project, &["fact", "undo", "3", "--yes"], "").code, 0);
    assert_ne!(project.run(&["ask", "who drew the emblem"]).code, 0);
    let history = run(&project, &["fact", "history", "emblem"], "");
    assert_eq!(history.code, 0, "{history:?}");
    for shown in [
        "asked twice",
        "+ answer.en = \"Anna Voss drew it.\"",
        "- answer.en = \"Anna Voss drew it.\"",
        "the operator",
    ] {
        assert!(
            history.stdout.contains(shown),
            "{shown}\n{}",
            history.stdout
        );
    }
    // Never changed is an answer; what was never there is none.
    let history = run(&project, &["fact", "history", "rehearsals"], "");
    assert_eq!(history.code, 0, "{history:?}");
    for unknown in [
        ["fact", "history"],
        ["fact", "show"],
        ["fact", "edit"],
        ["fact", "retire"],
    ] {
        let ran = run(&project, &[unknown[0], unknown[1], "nobody"], "");
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stderr.contains("There is no fact `nobody`."), "{ran:?}");
    }
    let ran = run(&project, &["fact", "undo", "99", "--yes"], "");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("There is no revision 99."), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn editor_changes_the_entry_and_its_options_are_passed_on() {
    let project = Project::small();
    let edited = project.pipe_with(
        &["fact", "edit", "rehearsals", "--yes"],
        "",
        &[("EDITOR", "sed -i s/Tuesday/Thursday/")],
    );
    assert_eq!(edited.code, 0, "{edited:?}");
    assert!(knowledge(&project, "facts/ostinato.toml").contains("on Thursday evenings"));
    let nothing = project.pipe_with(
        &["fact", "edit", "rehearsals", "--yes"],
        "",
        &[
            ("EDITOR", "true"),
            (
                "TMPDIR",
                project.path().to_str().expect("a temporary folder"),
            ),
        ],
    );
    assert_eq!(nothing.code, 1, "{nothing:?}");
    assert!(
        nothing.stderr.contains("This changes nothing."),
        "{}",
        nothing.stderr
    );
    let failed = project.pipe_with(
        &["fact", "edit", "rehearsals", "--yes"],
        "",
        &[("EDITOR", "false")],
    );
    assert_eq!(failed.code, 2, "{failed:?}");
    let left = std::fs::read_dir(project.path()).expect("it can be listed");
    let is_text = |path: &std::path::Path| path.extension().is_some_and(|end| end == "toml");
    let left = left.map(|entry| entry.expect("it can be listed").path());
    assert_eq!(left.filter(|path| is_text(path)).count(), 0);
}

#[test]
fn text_that_cannot_be_made_is_kept_and_its_place_is_told() {
    let project = Project::small();
    let folder = project.path().to_str().expect("a temporary folder");
    let edited = project.pipe_with(
        &["fact", "edit", "rehearsals", "--yes"],
        "",
        // A quotation mark goes: no longer TOML.
        &[
            ("EDITOR", "sed -i s/evenings.*/broken/"),
            ("TMPDIR", folder),
        ],
    );
    assert_ne!(edited.code, 0, "{edited:?}");
    let place = edited
        .stderr
        .split("is kept in ")
        .nth(1)
        .expect("it is told");
    let place = place.lines().next().expect("a path");
    let kept = std::fs::read_to_string(place).expect("it is there");
    assert!(kept.contains("on Tuesday broken"), "{kept}");
}

#[test]
fn built_in_base_is_not_changed() {
    let project = Project::empty();
    let ran = run(&project, &["fact", "retire", "cara-created", "--yes"], "");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("CARA_KNOWLEDGE"), "{}", ran.stderr);
}

#[test]
fn names_are_given_and_questions_refused_on_purpose() {
    let project = Project::small();
    let named = run(
        &project,
        &[
            "alias",
            "fugato",
            "the Harbour Nine",
            "--lang",
            "en",
            "--yes",
        ],
        "",
    );
    assert_eq!(named.code, 0, "{named:?}");
    assert_eq!(
        project
            .run(&["ask", "when was the Harbour Nine founded?"])
            .code,
        0
    );
    let refused = run(
        &project,
        &["refuse", "which strings does Ostinato buy", "--yes"],
        "",
    );
    assert_eq!(refused.code, 0, "{refused:?}");
    assert!(knowledge(&project, "questions/taught.toml").contains("expect = "));
}

#[test]
fn empty_queue_says_so() {
    let ran = run(&Project::small(), &["review"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "No questions wait.\n"));
}
