//! Whatever ends a process, at whatever instant, and whoever else is editing: files are old or new, the
//! base in them can be served, and the journal tells what is in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cara_bot::journal::{By, ContentHash, Journal, Place, RevisionId, RevisionState};
use cara_bot::knowledge::Folder;
use cara_bot::knowledge::edit::Field;
use cara_bot::lang::Lang;
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{Asked, Done, Edit, Moderation, Refusal, Store, reconcile};
use tempfile::TempDir;

use crate::support::{SMALL, postgres, small, today};

/// What tells a child process to edit until it is killed: a folder, or a database.
const EDIT_ENDLESSLY: &str = "CARA_TEST_EDIT_ENDLESSLY";
/// After how many steps it kills itself; not at all when it is not there.
const STEPS: &str = "CARA_TEST_STEPS";
/// A child that does not begin to edit by then never will.
const DEADLINE: Duration = Duration::from_secs(120);

/// Where a base and its journal are kept.
#[derive(Clone)]
enum Home {
    /// Files and journal in a folder.
    Folder(std::path::PathBuf),
    /// Both in a database.
    Database(String),
}

impl Home {
    fn place(&self) -> Place {
        match self {
            Home::Folder(root) => Place::Sqlite(root.join("data")),
            Home::Database(url) => postgres::place(url),
        }
    }

    async fn journal(&self) -> Journal {
        Journal::open(self.place())
            .await
            .expect("the journal opens")
    }

    fn store(&self, journal: &Journal) -> Store {
        match self {
            Home::Folder(root) => Store::Disk(root.join("knowledge")),
            Home::Database(_) => Store::Shared(journal.documents().expect("it is shared")),
        }
    }

    async fn read(&self, journal: &Journal) -> Folder {
        match self {
            Home::Folder(root) => {
                Folder::read(&root.join("knowledge")).expect("the folder is there")
            }
            Home::Database(_) => {
                let documents = journal.documents().expect("it is shared");
                documents.read().await.expect("the server runs").folder()
            }
        }
    }

    /// As a process that starts: what a crash has left is put in order before anything is loaded.
    async fn start(&self) -> Moderation {
        let journal = self.journal().await;
        let store = self.store(&journal);
        reconcile(&store, &journal)
            .await
            .expect("all is put in order");
        let folder = self.read(&journal).await;
        let snapshot =
            Snapshot::load(&folder, Scrutiny::Proven, today()).expect("the base can be served");
        Moderation::new(Arc::new(Live::new(snapshot)), store, journal)
    }

    /// Kills and starts again: what is there then, which the journal must tell too.
    async fn check_after_a_crash(&self, how: &str) {
        let moderation = self.start().await;
        check_agreement(&moderation, &self.read(moderation.journal()).await, how).await;
        if let Home::Folder(root) = self {
            check_no_leftovers(&root.join("knowledge"), how);
        }
    }
}

/// Every file is as the last revision that is done has left it, and no revision is pending.
async fn check_agreement(moderation: &Moderation, folder: &Folder, how: &str) {
    let mut expected: BTreeMap<String, Option<ContentHash>> = BTreeMap::new();
    for (path, text) in SMALL {
        expected.insert((*path).to_owned(), Some(ContentHash::of(text)));
    }
    let revisions = moderation
        .journal()
        .revisions(RevisionId(0), 10_000)
        .await
        .unwrap();
    for revision in revisions {
        match revision.state {
            RevisionState::Done => {
                for file in revision.files {
                    expected.insert(file.path, file.after);
                }
            }
            RevisionState::Abandoned => {}
            RevisionState::Pending => panic!("{how}: revision {} is pending", revision.id),
        }
    }
    for (path, hash) in expected {
        let found = folder.file(&path).map(|file| ContentHash::of(&file.bytes));
        assert_eq!(found, hash, "{how}: {path}");
    }
}

fn check_no_leftovers(directory: &Path, how: &str) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with('.'), "{how}: {}", entry.path().display());
        if entry.path().is_dir() {
            check_no_leftovers(&entry.path(), how);
        }
    }
}

fn small_base() -> (TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in SMALL {
        let path = dir.path().join("knowledge").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let home = Home::Folder(dir.path().to_owned());
    (dir, home)
}

async fn small_base_in(server: &postgres::Postgres) -> Home {
    let home = Home::Database(server.database().await);
    let journal = home.journal().await;
    journal
        .documents()
        .unwrap()
        .replace(&small())
        .await
        .unwrap();
    home
}

async fn make(moderation: &Moderation, edit: Edit) -> Result<Done, Refusal> {
    let preview = moderation.preview(edit.into(), today()).await?;
    moderation
        .confirm(preview.id, By::Moderator(7), "", today())
        .await
}

/// Touches a file of facts and one of questions.
fn teach() -> Edit {
    let question = Asked {
        text: "which twilight do the strings gather".to_owned(),
        lang: Lang::En,
    };
    Edit::Teach {
        question,
        fact: "rehearsals".to_owned(),
    }
}

fn set(fact: &str, field: &str, typed: &str) -> Edit {
    let setting = field.parse::<Field>().unwrap().typed(typed).unwrap();
    Edit::SetFact {
        fact: fact.to_owned(),
        settings: vec![setting],
    }
}

/// The child process: teaches, takes it back, retires and restores, again and again.
#[tokio::test(flavor = "multi_thread")]
async fn edits_until_it_is_killed() {
    let Ok(home) = std::env::var(EDIT_ENDLESSLY) else {
        return;
    };
    let home = if home.starts_with("postgres") {
        Home::Database(home)
    } else {
        Home::Folder(home.into())
    };
    let steps = std::env::var(STEPS)
        .ok()
        .map(|steps| steps.parse().expect("a number"));
    let left = AtomicUsize::new(steps.unwrap_or(usize::MAX));
    let moderation = home.start().await.observed(move |_| {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    });
    println!("editing");
    loop {
        let taught = make(&moderation, teach())
            .await
            .expect("it can be taught")
            .revision;
        let undo = Edit::Undo { revision: taught };
        make(&moderation, undo).await.expect("it can be taken back");
        let (retire, restore) = (
            Edit::Retire {
                fact: "rehearsals".to_owned(),
            },
            Edit::Restore {
                fact: "rehearsals".to_owned(),
            },
        );
        make(&moderation, retire).await.expect("it can be retired");
        make(&moderation, restore)
            .await
            .expect("it can be restored");
    }
}

/// Starts a child process that edits; it has begun when this returns, or killed itself.
fn editing(home: &Home, steps: Option<usize>) -> Child {
    use std::io::{BufRead as _, BufReader};
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["crash::edits_until_it_is_killed", "--exact", "--nocapture"])
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    match home {
        Home::Folder(root) => command.env(EDIT_ENDLESSLY, root),
        Home::Database(url) => command.env(EDIT_ENDLESSLY, url),
    };
    match steps {
        Some(steps) => command.env(STEPS, steps.to_string()),
        None => command.env_remove(STEPS),
    };
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let began = output
        .lines()
        .map_while(Result::ok)
        .any(|line| line.ends_with("editing"));
    assert!(began, "the child ended before it began: {:?}", child.wait());
    child
}

/// Waits for a child that kills itself.
fn ended(mut child: Child) {
    let since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if since.elapsed() > DEADLINE {
            let _ = child.kill();
            panic!("the child does not come to its last step");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Steps of the four edits in files: teaching and taking it back change two files, eight steps each.
const STEPS_IN_FILES: usize = 16;
/// Steps of an edit in the database: begun, written, served, finished.
const STEPS_IN_DATABASE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn process_killed_at_any_step_of_an_edit_or_its_undo_can_be_started_again() {
    for steps in 1..=STEPS_IN_FILES {
        let (_dir, home) = small_base();
        tokio::task::block_in_place(|| ended(editing(&home, Some(steps))));
        home.check_after_a_crash(&format!("after {steps} steps"))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replica_killed_at_any_step_leaves_documents_that_the_others_agree_on() {
    let Some(server) = postgres::shared() else {
        return;
    };
    for steps in 1..=2 * STEPS_IN_DATABASE {
        let home = small_base_in(&server).await;
        tokio::task::block_in_place(|| ended(editing(&home, Some(steps))));
        home.check_after_a_crash(&format!("after {steps} steps"))
            .await;
    }
}

/// Kills a process that edits, at an instant that nobody has chosen, again and again on one base.
async fn check_killed_at_random(home: &Home, times: u32) {
    for n in 0..times {
        let how = format!("killed the {n}th time");
        tokio::task::block_in_place(|| {
            let mut child = editing(home, None);
            // Spread over the time that a few edits take.
            std::thread::sleep(Duration::from_micros(u64::from(n * 7919 % 400_000)));
            std::thread::sleep(Duration::from_millis(u64::from(n * 61 % 400)));
            child.kill().unwrap();
            child.wait().unwrap();
        });
        home.check_after_a_crash(&how).await;
        // Whatever the child was at, the next one starts from the same base.
        let moderation = home.start().await;
        let journal = moderation.journal();
        if !Snapshot::load(&home.read(journal).await, Scrutiny::Valid, today())
            .expect("the base can be served")
            .engine
            .knowledge()
            .facts
            .iter()
            .any(|fact| fact.id == "rehearsals")
        {
            let restore = Edit::Restore {
                fact: "rehearsals".to_owned(),
            };
            make(&moderation, restore)
                .await
                .expect("it can be restored");
        }
        let last = journal
            .history("rehearsals")
            .await
            .unwrap()
            .into_iter()
            .next();
        if let Some(last) = last.filter(|last| last.kind == cara_bot::journal::RevisionKind::Teach)
        {
            make(&moderation, Edit::Undo { revision: last.id })
                .await
                .expect("it can be taken back");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_killed_at_any_instant_can_be_started_again() {
    let (_dir, home) = small_base();
    check_killed_at_random(&home, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replica_killed_at_any_instant_can_be_started_again() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let home = small_base_in(&server).await;
    check_killed_at_random(&home, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmation_that_nobody_waits_for_any_more_leaves_no_half_edit() {
    let (_dir, home) = small_base();
    let mut broken_off = 0;
    for wait in (0..30).map(|n| Duration::from_micros(n * 700)) {
        let moderation = home.start().await;
        let taught = moderation
            .preview(teach().into(), today())
            .await
            .expect("it can be tried out");
        let confirming = moderation.confirm(taught.id, By::Operator, "", today());
        broken_off += usize::from(tokio::time::timeout(wait, confirming).await.is_err());
        // At once: what was begun goes on, and keeps others out until it is done.
        home.check_after_a_crash(&format!("broken off after {wait:?}"))
            .await;
        let journal = moderation.journal();
        let history = journal.history("rehearsals").await.unwrap();
        let last = history
            .first()
            .filter(|last| last.kind == cara_bot::journal::RevisionKind::Teach);
        if let Some(last) = last {
            make(&home.start().await, Edit::Undo { revision: last.id })
                .await
                .expect("it can be taken back");
        }
    }
    assert!(broken_off > 0, "no confirmation took long enough");
}

/// Makes edits of different facts from two processes at once; all of them must be there at the end.
async fn check_two_editors(homes: [&Home; 2]) -> [Moderation; 2] {
    let [one, two] = [homes[0].start().await, homes[1].start().await];
    let edit = async |moderation: &Moderation, fact: &str| {
        for year in 2030..2034 {
            let wanted = set(fact, "review", &format!("{year}-01-01"));
            let since = Instant::now();
            // Who comes second in the same moment is refused, and tries again.
            while let Err(refusal) = make(moderation, wanted.clone()).await {
                assert!(since.elapsed() < DEADLINE, "{fact} {year}: {refusal}");
            }
        }
    };
    tokio::join!(edit(&one, "fugato-created"), edit(&two, "ostinato-created"));
    [one, two]
}

fn reviews(folder: &Folder) -> Vec<String> {
    let (knowledge, _) = cara_bot::knowledge::load(folder, today())
        .into_result()
        .expect("it can be served");
    ["fugato-created", "ostinato-created"]
        .iter()
        .map(|id| {
            knowledge[knowledge.find_fact(id).unwrap()]
                .review
                .expect("it has one")
                .to_string()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_folder_and_journal_lose_no_edit() {
    let (_dir, home) = small_base();
    let [one, _two] = check_two_editors([&home, &home]).await;
    let folder = home.read(one.journal()).await;
    assert_eq!(reviews(&folder), ["2033-01-01", "2033-01-01"]);
    check_agreement(&one, &folder, "two processes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_on_one_database_lose_no_edit() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let home = small_base_in(&server).await;
    let [one, _two] = check_two_editors([&home, &home]).await;
    let folder = home.read(one.journal()).await;
    assert_eq!(reviews(&folder), ["2033-01-01", "2033-01-01"]);
    check_agreement(&one, &folder, "two replicas").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn process_that_keeps_another_journal_tears_no_file() {
    let (dir, home) = small_base();
    // The same files, but a data directory of its own: an operator who forgot to name it.
    let other = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(dir.path().join("knowledge"), other.path().join("knowledge"))
        .unwrap();
    let other_home = Home::Folder(other.path().to_owned());
    let [one, _two] = check_two_editors([&home, &other_home]).await;
    let folder = home.read(one.journal()).await;
    assert_eq!(reviews(&folder), ["2033-01-01", "2033-01-01"]);
    check_no_leftovers(&dir.path().join("knowledge"), "two journals");
}

#[tokio::test(flavor = "multi_thread")]
async fn second_of_two_replicas_is_shown_the_change_of_the_first() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let home = small_base_in(&server).await;
    let (one, two) = (home.start().await, home.start().await);
    let theirs = set("rehearsals", "review", "2031-01-01");
    let preview = two.preview(theirs.into(), today()).await.unwrap();
    make(&one, set("rehearsals", "review", "2030-01-01"))
        .await
        .expect("nobody was faster");
    let refusal = two
        .confirm(preview.id, By::Operator, "", today())
        .await
        .expect_err("one was faster");
    let Refusal::Conflict(conflict) = refusal else {
        panic!("{refusal}")
    };
    assert_eq!(conflict.by.map(|(_, by)| by), Some(By::Moderator(7)));
    assert!(conflict.now.is_some_and(|now| now.contains("2030-01-01")));
}
