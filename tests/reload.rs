//! Reloading: a new snapshot whole, or the old one untouched.

use cara_bot::engine::{Memory, Question, Verdict};
use cara_bot::knowledge::{Code, Folder};
use cara_bot::lang::Lang;
use cara_bot::live::{Live, Refused, Scrutiny, Snapshot};

use crate::support::{SMALL, small, today};

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
