//! Moderators teach and mend: previews, conflicts, history, and files that survive anything.

mod conflicts;
mod disk;
mod preview;
mod teaching;
mod undo;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cara_bot::engine::{Memory, Question};
use cara_bot::journal::{By, Journal, Place};
use cara_bot::knowledge::Folder;
use cara_bot::knowledge::edit::{Field, Setting};
use cara_bot::lang::Lang;
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{Asked, Done, Edit, Moderation, Preview, Refusal, Store, reconcile};
use cara_bot::reply::Reply;
use tempfile::TempDir;

use crate::support::{SMALL, today};

const BY: By = By::Moderator(7);

/// A folder with the small base, a journal, and the service over both.
struct Desk {
    dir: TempDir,
    moderation: Moderation,
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join("knowledge").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn small_base() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in SMALL {
        write(dir.path(), path, text);
    }
    dir
}

async fn service(root: &Path) -> Moderation {
    let store = Store::Disk(root.join("knowledge"));
    let journal = Journal::open(Place::Sqlite(root.join("data")))
        .await
        .unwrap();
    reconcile(&store, &journal).await.unwrap();
    let folder = Folder::read(&root.join("knowledge")).unwrap();
    let snapshot = Snapshot::load(&folder, Scrutiny::Valid, today()).unwrap();
    Moderation::new(Arc::new(Live::new(snapshot)), store, journal)
}

impl Desk {
    async fn new() -> Desk {
        let dir = small_base();
        let moderation = service(dir.path()).await;
        Desk { dir, moderation }
    }

    fn folder(&self) -> Folder {
        Folder::read(&self.dir.path().join("knowledge")).unwrap()
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("knowledge").join(path)
    }

    async fn preview(&self, edit: Edit) -> Result<Arc<Preview>, Refusal> {
        self.moderation.preview(edit.into(), today()).await
    }

    async fn confirm(&self, preview: &Preview) -> Result<Done, Refusal> {
        self.moderation
            .confirm(preview.id, BY, "because", today())
            .await
    }

    /// Makes an edit that nothing speaks against.
    async fn make(&self, edit: Edit) -> Done {
        let preview = self.preview(edit).await.unwrap();
        assert!(preview.can_be_confirmed(), "{}", preview.rendered(false));
        self.confirm(&preview).await.unwrap()
    }

    /// What is said to a question now.
    fn ask(&self, text: &str) -> Reply {
        ask(&self.moderation.live().current(), text)
    }

    /// Everything the files hold.
    fn files(&self) -> Vec<(String, String)> {
        files(&self.folder())
    }
}

fn files(folder: &Folder) -> Vec<(String, String)> {
    let files = folder.files.iter();
    files
        .map(|file| {
            (
                file.path.to_string(),
                String::from_utf8(file.bytes.clone()).unwrap(),
            )
        })
        .collect()
}

fn ask(snapshot: &Snapshot, text: &str) -> Reply {
    let question = Question {
        text,
        lang: None,
        locale: Lang::En,
        today: today(),
    };
    let outcome = snapshot.engine.ask(&question, &Memory::default());
    Reply::to_outcome(snapshot.engine.knowledge(), &outcome)
}

fn set(fact: &str, field: &str, typed: &str) -> Edit {
    Edit::SetFact {
        fact: fact.to_owned(),
        settings: vec![setting(field, typed)],
    }
}

fn setting(field: &str, typed: &str) -> Setting {
    field.parse::<Field>().unwrap().typed(typed).unwrap()
}

fn teach(question: &str, fact: &str) -> Edit {
    Edit::Teach {
        question: Asked {
            text: question.to_owned(),
            lang: Lang::En,
        },
        fact: fact.to_owned(),
    }
}

const UNHEARD: &str = "which twilight do the strings gather";
