//! Edits taken back, alone and among later ones, and facts that come back.

use std::sync::Arc;

use cara_bot::date::Day;
use cara_bot::knowledge::Folder;
use cara_bot::knowledge::edit::{EditError, EntryKind, find};
use cara_bot::lang::Lang;
use cara_bot::moderation::{Edit, Refusal, difference};
use cara_bot::reply::Status;

use super::{Desk, UNHEARD, files, set, setting, teach};
use crate::support::today;

#[tokio::test(flavor = "multi_thread")]
async fn undo_of_an_undo_is_the_edit_again() {
    let desk = Desk::new().await;
    let original = desk.files();
    let first = desk.make(teach(UNHEARD, "rehearsals")).await;
    let edited = desk.files();
    let second = desk
        .make(Edit::Undo {
            revision: first.revision,
        })
        .await;
    assert_eq!(desk.files(), original);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let third = desk
        .make(Edit::Undo {
            revision: second.revision,
        })
        .await;
    assert_eq!(desk.files(), edited);
    assert_eq!(desk.ask(UNHEARD).status, Status::Answer);
    // Undoing an old one again, when its work is in place, is possible; undoing what is undone is not.
    desk.make(Edit::Undo {
        revision: third.revision,
    })
    .await;
    let nothing = desk
        .preview(Edit::Undo {
            revision: first.revision,
        })
        .await
        .unwrap_err();
    assert!(
        matches!(nothing, Refusal::Edit(EditError::NoChange)),
        "{nothing}"
    );
    let history = desk
        .moderation
        .journal()
        .history("rehearsals")
        .await
        .unwrap();
    let undone: Vec<_> = history.iter().map(|revision| revision.undoes).collect();
    assert_eq!(
        undone,
        [
            Some(third.revision),
            Some(second.revision),
            Some(first.revision),
            None
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_edit_is_undone_among_later_ones() {
    let desk = Desk::new().await;
    let old = desk
        .make(set(
            "fugato-created",
            "answer.en",
            "Fugato was founded in early 1998.",
        ))
        .await;
    desk.make(set(
        "fugato-created",
        "answer.fr",
        "Fugato a été fondé début 1998.",
    ))
    .await;
    desk.make(teach("fugato start date", "fugato-created"))
        .await;
    desk.make(Edit::Undo {
        revision: old.revision,
    })
    .await;
    let text = find(&desk.folder(), EntryKind::Fact, "fugato-created")
        .unwrap()
        .text;
    assert!(
        text.contains("in March 1998. It had nine") && text.contains("début 1998"),
        "{text}"
    );
    assert!(text.contains("fugato start date"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn retired_fact_is_gone_and_comes_back_with_its_golden_questions() {
    let desk = Desk::new().await;
    let original = desk.files();
    let preview = desk
        .preview(Edit::Retire {
            fact: "ostinato-members".to_owned(),
        })
        .await
        .unwrap();
    let golden: Vec<&str> = preview
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Question)
        .map(|entry| entry.id.as_str())
        .collect();
    assert_eq!(golden, ["combien sont-ils dans l'orchestre de Velden ?"]);
    desk.confirm(&preview).await.unwrap();
    assert_ne!(
        desk.ask("How many members does Ostinato have?").status,
        Status::Answer
    );
    let missing = desk
        .preview(set("ostinato-members", "date", "2026"))
        .await
        .unwrap_err();
    assert!(
        matches!(missing, Refusal::Edit(EditError::Missing { .. })),
        "{missing}"
    );
    desk.make(Edit::Restore {
        fact: "ostinato-members".to_owned(),
    })
    .await;
    assert_eq!(desk.files(), original);
    let again = desk
        .preview(Edit::Restore {
            fact: "ostinato-members".to_owned(),
        })
        .await
        .unwrap_err();
    assert!(
        matches!(
            again,
            Refusal::Edit(EditError::Exists { .. } | EditError::NoChange)
        ),
        "{again}"
    );
    let never = desk
        .preview(Edit::Restore {
            fact: "rehearsals".to_owned(),
        })
        .await
        .unwrap_err();
    assert!(matches!(never, Refusal::NeverRetired(_)), "{never}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_the_shipped_base_can_be_edited_and_put_back() {
    let shipped = Folder::embedded();
    let day: Day = today();
    let knowledge = cara_bot::knowledge::load(&shipped, day).knowledge;
    let mut files_seen = std::collections::HashSet::new();
    for fact in &knowledge.facts {
        // One of every file: each takes the longer the more there are.
        if !files_seen.insert(Arc::clone(&fact.place.file)) {
            continue;
        }
        let mut editor = cara_bot::knowledge::edit::Editor::new(&shipped);
        editor
            .set_fact(
                &fact.id,
                &[
                    setting("answer.en", "Other."),
                    setting("review", "2030-01-01"),
                ],
            )
            .unwrap();
        editor
            .add_phrasing(&fact.id, Lang::Fr, "une tout autre question")
            .unwrap();
        let edited = editor.finish().unwrap();
        let [file] = &edited.files[..] else {
            panic!("{}", fact.id)
        };
        let (before, after) = (
            file.before.as_deref().unwrap(),
            file.after.as_deref().unwrap(),
        );
        let changed = difference(Some(before), Some(after)).text();
        let lines = changed
            .lines()
            .filter(|line| line.starts_with(['+', '-']))
            .count();
        assert!((4..=6).contains(&lines), "{}\n{changed}", fact.id);
        let mut editor = cara_bot::knowledge::edit::Editor::new(&edited.folder);
        editor.reverse(&edited.record()).unwrap();
        assert_eq!(
            files(&editor.finish().unwrap().folder),
            files(&shipped),
            "{}",
            fact.id
        );
    }
}
