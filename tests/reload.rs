//! Reloading: a new snapshot whole, or the old one untouched.

use std::sync::Arc;
use std::time::Duration;

use cara_bot::engine::{Memory, Question, Verdict};
use cara_bot::knowledge::{Code, Folder, Origin};
use cara_bot::lang::Lang;
use cara_bot::live::watch::Watch;
use cara_bot::live::{Live, Refused, Scrutiny, Snapshot};

use crate::support::{Project, SMALL, small, today};

const QUESTION: &str = "When was Fugato founded?";

/// The small base with one file replaced by a changed text.
fn changed(path: &str, from: &str, to: &str) -> Folder {
    Folder::in_memory(SMALL.iter().map(|(name, text)| {
        if *name == path {
            assert!(text.contains(from), "{from} in {path}");
            (*name, text.replace(from, to))
        } else {
            (*name, (*text).to_owned())
        }
    }))
}

/// A bot that serves the small base.
fn live() -> Live {
    Live::new(Snapshot::load(&small(), Scrutiny::Proven, today()).expect("the small base is right"))
}

/// The English words of the answer to the question.
#[track_caller]
fn answer(snapshot: &Snapshot) -> String {
    let question = Question {
        text: QUESTION,
        lang: None,
        locale: Lang::En,
        today: today(),
    };
    match snapshot.engine.ask(&question, &Memory::default()).verdict {
        Verdict::Answer(answer) => snapshot.engine.knowledge()[answer.facts[0]]
            .answer
            .en
            .clone(),
        other => panic!("{other:?}"),
    }
}

/// Reloads from a folder and compares what is served afterwards: its generation and its answer.
/// Returns the codes of what was refused.
#[track_caller]
fn check(live: &Live, folder: &Folder, generation: u64, opening: &str) -> Vec<Code> {
    let result = live.reload(folder, today());
    let current = live.current();
    assert_eq!(current.generation, generation);
    assert!(
        answer(&current).starts_with(opening),
        "{}",
        answer(&current)
    );
    match result {
        Ok(served) => {
            assert_eq!(served.generation, generation);
            Vec::new()
        }
        Err(Refused(found)) => found
            .into_iter()
            .filter(|one| one.is_error())
            .map(|one| one.code)
            .collect(),
    }
}

#[test]
fn good_reload_answers_from_the_new_files_under_the_next_generation() {
    let live = live();
    assert_eq!(live.current().generation, 1);
    let folder = changed(
        "facts/fugato.toml",
        "founded in March 1998",
        "founded in early spring",
    );
    assert_eq!(
        check(&live, &folder, 2, "Fugato was founded in early spring"),
        []
    );
    assert_eq!(
        check(&live, &small(), 3, "Fugato was founded in March 1998"),
        []
    );
}

#[test]
fn broken_reload_keeps_old_answers() {
    let live = live();
    let old = "Fugato was founded in March 1998";
    for (path, from, to, code) in [
        (
            "facts/fugato.toml",
            "id = \"fugato-created\"",
            "id = \"fugato-created",
            Code::Syntax,
        ),
        (
            "facts/fugato.toml",
            "date = \"1998-03\"",
            "date = \"1998-13\"",
            Code::MalformedDate,
        ),
        (
            "facts/ostinato.toml",
            "sources = [\"s2\"]",
            "sources = [\"s3\"]",
            Code::DanglingReference,
        ),
        (
            "sources.toml",
            "id = \"s2\"",
            "id = \"s1\"",
            Code::DuplicateId,
        ),
    ] {
        let refused = check(&live, &changed(path, from, to), 1, old);
        assert!(refused.contains(&code), "{code} in {refused:?}");
    }
    assert_eq!(check(&live, &Folder::default(), 1, old), [Code::NoFacts]);
}

#[test]
fn golden_question_that_fails_refuses_the_reload() {
    let live = live();
    let folder = changed(
        "questions/all.toml",
        "expect = \"fugato-founders\"\nstyle",
        "expect = \"rehearsals\"\nstyle",
    );
    assert_eq!(
        check(&live, &folder, 1, "Fugato was founded in March 1998"),
        [Code::GoldenFails]
    );
    // At the start the same files are served: a bot that answers nearly all is better than none.
    assert!(Snapshot::load(&folder, Scrutiny::Valid, today()).is_ok());
}

#[test]
fn who_took_the_old_snapshot_keeps_it() {
    let live = live();
    let taken = live.current();
    let folder = changed(
        "facts/fugato.toml",
        "founded in March 1998",
        "founded in early spring",
    );
    live.reload(&folder, today())
        .expect("nothing is wrong with it");
    assert_eq!(taken.generation, 1);
    assert!(answer(&taken).starts_with("Fugato was founded in March 1998"));
}

#[test]
fn conversation_survives_a_reload() {
    let live = live();
    let ask = |text: &str, memory: &Memory| {
        let question = Question {
            text,
            lang: None,
            locale: Lang::En,
            today: today(),
        };
        live.current().engine.ask(&question, memory)
    };
    let memory = ask(QUESTION, &Memory::default()).memory;
    // The order of entities changes, so that memory by position would point at another.
    let entity =
        "[[entity]]\nid = \"aria\"\nkind = \"concept\"\nname.en = \"Aria\"\nname.fr = \"Aria\"\n";
    let mut files: Vec<(&str, &str)> = SMALL.to_vec();
    files.push(("entities/a.toml", entity));
    live.reload(&Folder::in_memory(files), today())
        .expect("an entity nobody uses is only a warning");
    let outcome = ask("and who founded it?", &memory);
    let Verdict::Answer(answer) = &outcome.verdict else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        live.current().engine.knowledge()[answer.facts[0]].id,
        "fugato-founders"
    );
}

#[test]
fn report_counts_facts_by_what_they_say() {
    let live = live();
    let folder = changed(
        "facts/fugato.toml",
        "founded in March 1998. It",
        "founded in March 1998. The orchestra",
    );
    let report = live.reload(&folder, today()).expect("nothing is wrong");
    assert_eq!((report.added, report.changed, report.removed), (0, 1, 0));
    assert_eq!(report.golden_right, report.golden_total);
    assert!(report.golden_total > 10);
    let fact = "\n[[fact]]\nid = \"tuba\"\nanswer.en = \"The tuba is red.\"\nanswer.fr = \"Le tuba est rouge.\"\nsources = [\"s1\"]\nphrasings.en = [\"What colour is the tuba?\"]\nphrasings.fr = [\"De quelle couleur est le tuba ?\"]\n";
    let mut files: Vec<(&str, &str)> = SMALL.to_vec();
    files.push(("facts/a.toml", fact));
    // Every position in the base moves, which changes no fact.
    let more = Folder::in_memory(files);
    let report = live.reload(&more, today()).expect("nothing is wrong");
    assert_eq!((report.added, report.changed, report.removed), (1, 1, 0));
    let report = live.reload(&small(), today()).expect("nothing is wrong");
    assert_eq!((report.added, report.changed, report.removed), (0, 0, 1));
    assert_eq!(report.generation, 4);
}

#[test]
fn refusal_is_remembered_until_a_reload_succeeds() {
    let live = live();
    assert!(live.refusal().is_none());
    let broken = changed("facts/fugato.toml", "\"1998-03\"", "\"1998-13\"");
    live.reload(&broken, today()).expect_err("no such month");
    let refusal = live.refusal().expect("it was refused");
    assert_eq!(refusal.errors, 1);
    assert!(
        refusal.shown.contains("facts/fugato.toml:"),
        "{}",
        refusal.shown
    );
    live.reload(&small(), today()).expect("nothing is wrong");
    assert!(live.refusal().is_none());
}

#[test]
fn reloads_at_once_happen_one_after_the_other() {
    let live = live();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| live.reload(&small(), today()).expect("nothing is wrong"));
        }
    });
    assert_eq!(live.current().generation, 5);
}

#[test]
fn edited_files_are_picked_up_once_and_temporary_ones_are_not() {
    let project = Project::small();
    let folder = project.path().join("knowledge");
    let origin = Origin::Disk(folder.clone());
    let files = origin.read().expect("it was just written");
    let live = Arc::new(Live::new(
        Snapshot::load(&files, Scrutiny::Valid, today()).expect("the small base is right"),
    ));
    let (told, reloads) = std::sync::mpsc::channel();
    let _watch = Watch::start(Arc::clone(&live), &folder, move |result| {
        // A test that failed listens no more.
        let _ = told.send(result.map(|report| report.generation));
    })
    .expect("the folder can be watched");
    let next = || reloads.recv_timeout(Duration::from_secs(20));
    let write = |path: &str, text: &str| {
        std::fs::write(folder.join(path), text).expect("the folder is ours");
    };
    write("facts/.fugato.toml.swp", "not for us");
    write("facts/fugato.toml~", "not for us");
    write("facts/4913", "not for us");
    assert!(reloads.recv_timeout(Duration::from_secs(1)).is_err());

    let fact = SMALL
        .iter()
        .find(|(path, _)| *path == "facts/fugato.toml")
        .expect("it is there")
        .1;
    write("facts/fugato.toml", &fact.replace("nine", "ten"));
    assert_eq!(next().expect("a reload").expect("it is right"), 2);
    write("facts/fugato.toml", &fact.replace("1998-03", "1998-13"));
    next().expect("a reload").expect_err("no such month");
    // Written as editors do: beside, then renamed. The base is the broken one's predecessor again.
    write("facts/fugato.toml.new", &fact.replace("nine", "ten"));
    std::fs::rename(
        folder.join("facts/fugato.toml.new"),
        folder.join("facts/fugato.toml"),
    )
    .expect("the folder is ours");
    assert_eq!(next().expect("a reload").expect("it is right"), 3);
    write("facts/fugato.toml", &fact.replace("nine", "ten"));
    assert!(reloads.recv_timeout(Duration::from_secs(1)).is_err());
}
