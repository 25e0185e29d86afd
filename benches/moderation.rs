//! From a moderator's click to the new answer: `cargo bench --bench moderation`.
//!
//! `preview` is what the moderator waits for before deciding: reading, training, asking every golden
//! question and phrasing of the edited base. `confirm_to_served` is what follows the click: the journal
//! written ahead, the files replaced and synced, and the base that was tried out served.

#[expect(dead_code, reason = "questions are for the benches that ask")]
mod support;

use std::path::Path;
use std::sync::Arc;

use cara_bot::date::Day;
use cara_bot::journal::{By, Journal, Place};
use cara_bot::knowledge::Folder;
use cara_bot::knowledge::edit::Field;
use cara_bot::lang::Lang;
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{Edit, Moderation, PreviewId, Store};
use divan::Bencher;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn today() -> Day {
    Day::new(2026, 11, 22).expect("a day of the calendar")
}

/// A base on disk with the service over it.
struct Desk {
    runtime: Runtime,
    moderation: Moderation,
    fact: String,
    edits: u32,
    _dir: TempDir,
}

impl Desk {
    fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Desk {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let knowledge = dir.path().join("knowledge");
        for (path, bytes) in files {
            write(&knowledge.join(path), &bytes);
        }
        let runtime = Runtime::new().expect("a runtime");
        let folder = Folder::read(&knowledge).expect("just written");
        let snapshot = Snapshot::load(&folder, Scrutiny::Valid, today()).expect("a good base");
        let fact = snapshot.engine.knowledge().facts[0].id.clone();
        let place = Place::Sqlite(dir.path().join("data"));
        let journal = runtime.block_on(Journal::open(place)).expect("a journal");
        let moderation = Moderation::new(
            Arc::new(Live::new(snapshot)),
            Store::Disk(knowledge),
            journal,
        );
        Desk {
            runtime,
            moderation,
            fact,
            edits: 0,
            _dir: dir,
        }
    }

    /// The base this program ships with.
    fn shipped() -> Desk {
        let folder = Folder::embedded();
        Desk::new(
            folder
                .files
                .into_iter()
                .map(|file| (file.path.to_string(), file.bytes)),
        )
    }

    fn generated(facts: usize) -> Desk {
        let base = support::base(facts, 0, 1);
        Desk::new(
            base.files
                .into_iter()
                .map(|(path, text)| (path, text.into_bytes())),
        )
    }

    /// Tries out an edit that is another one each time.
    fn preview(&mut self) -> PreviewId {
        self.edits += 1;
        let answer = format!("Answer number {}.", self.edits);
        let setting = Field::Answer(Lang::En).typed(&answer).expect("plain text");
        let edit = Edit::SetFact {
            fact: self.fact.clone(),
            settings: vec![setting],
        };
        let preview = self
            .runtime
            .block_on(self.moderation.preview(edit.into(), today()));
        preview.expect("it can be edited").id
    }

    fn confirm(&self, id: PreviewId) {
        let done = self.moderation.confirm(id, By::Operator, "", today());
        self.runtime
            .block_on(done)
            .expect("nothing speaks against it");
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("in a folder")).expect("the folder is ours");
    std::fs::write(path, bytes).expect("the folder is ours");
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn preview(bencher: Bencher<'_, '_>) {
    let mut desk = Desk::shipped();
    bencher.bench_local(|| desk.preview());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn confirm_to_served(bencher: Bencher<'_, '_>) {
    let desk = std::cell::RefCell::new(Desk::shipped());
    bencher
        .with_inputs(|| desk.borrow_mut().preview())
        .bench_local_values(|id| desk.borrow().confirm(id));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn preview_of_10_000_facts(bencher: Bencher<'_, '_>) {
    let mut desk = Desk::generated(10_000);
    bencher.bench_local(|| desk.preview());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn confirm_to_served_of_10_000_facts(bencher: Bencher<'_, '_>) {
    let desk = std::cell::RefCell::new(Desk::generated(10_000));
    bencher
        .with_inputs(|| desk.borrow_mut().preview())
        .bench_local_values(|id| desk.borrow().confirm(id));
}
