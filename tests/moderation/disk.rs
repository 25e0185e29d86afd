//! Files that survive anything: places nobody may write, and a process killed at any step.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cara_bot::journal::{Journal, Place, RevisionState};
use cara_bot::knowledge::Folder;
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::{Moderation, Refusal, Step, Store, StoreError};
use cara_bot::reply::Status;

use super::{BY, Desk, UNHEARD, ask, files, service, set, small_base, teach};
use crate::support::today;

#[tokio::test(flavor = "multi_thread")]
async fn built_in_base_says_that_it_cannot_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(Place::Sqlite(dir.path().to_owned()))
        .await
        .unwrap();
    let live = Arc::new(Live::new(
        Snapshot::load(&crate::support::small(), Scrutiny::Valid, today()).unwrap(),
    ));
    let moderation = Moderation::new(live, Store::BuiltIn, journal);
    let refusal = moderation
        .preview(set("rehearsals", "date", "2026").into(), today())
        .await
        .unwrap_err();
    assert!(refusal.to_string().contains("CARA_KNOWLEDGE"), "{refusal}");
}

/// Whether the rights of files bind this process: they do not bind root.
#[cfg(unix)]
fn rights_bind(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let probe = dir.join("probe");
    fs::create_dir(&probe).unwrap();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o500)).unwrap();
    let bound = fs::write(probe.join("a"), "").is_err();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o700)).unwrap();
    bound
}

#[tokio::test(flavor = "multi_thread")]
async fn unwritable_place_keeps_the_old_facts() {
    let desk = Desk::new().await;
    let preview = desk.preview(teach(UNHEARD, "rehearsals")).await.unwrap();
    let before = desk.files();
    // A directory lies where the new text of the second file would be prepared: no user may write there.
    fs::create_dir(desk.path("questions/.cara-bot-taught.toml")).unwrap();
    let refusal = desk.confirm(&preview).await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::Store(StoreError::Unwritable { .. })),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
    assert_eq!(desk.ask(UNHEARD).status, Status::Unknown);
    let hidden: Vec<_> = fs::read_dir(desk.path("facts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
    let revisions = desk
        .moderation
        .journal()
        .revisions(cara_bot::journal::RevisionId(0), 10)
        .await
        .unwrap();
    assert_eq!(revisions[0].state, RevisionState::Abandoned);
    fs::remove_dir(desk.path("questions/.cara-bot-taught.toml")).unwrap();
    desk.confirm(&preview).await.unwrap();
    assert_eq!(desk.ask(UNHEARD).status, Status::Answer);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn read_only_directory_is_named_with_what_helps() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new().await;
    if !rights_bind(desk.dir.path()) {
        eprintln!("skipped: the rights of files do not bind this user");
        return;
    }
    let preview = desk
        .preview(set("rehearsals", "review", "2027-01-01"))
        .await
        .unwrap();
    let before = desk.files();
    fs::set_permissions(desk.path("facts"), fs::Permissions::from_mode(0o500)).unwrap();
    let refusal = desk.confirm(&preview).await.unwrap_err();
    fs::set_permissions(desk.path("facts"), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(
        refusal
            .to_string()
            .contains("let the user that runs cara-bot write"),
        "{refusal}"
    );
    assert_eq!(desk.files(), before);
}

/// The other half of the next test: confirms an edit and dies after so many steps.
#[tokio::test(flavor = "multi_thread")]
async fn dies_on_the_way() {
    let (Ok(root), Ok(after)) = (
        std::env::var("CARA_TEST_ROOT"),
        std::env::var("CARA_TEST_STEPS"),
    ) else {
        return;
    };
    let left = std::sync::atomic::AtomicUsize::new(after.parse().unwrap());
    let moderation = service(Path::new(&root)).await.observed(move |_| {
        if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    });
    let preview = moderation
        .preview(teach(UNHEARD, "rehearsals").into(), today())
        .await
        .unwrap();
    moderation
        .confirm(preview.id, BY, "", today())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn process_killed_at_any_step_leaves_old_or_new_and_a_journal_that_agrees() {
    let old = files(&crate::support::small());
    let mut outcomes = Vec::new();
    for after in 1..=8 {
        let dir = small_base();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let status = child
            .args([
                "moderation::disk::dies_on_the_way",
                "--exact",
                "--nocapture",
            ])
            .env("CARA_TEST_ROOT", dir.path())
            .env("CARA_TEST_STEPS", after.to_string())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(!status.success(), "it was to die after {after} steps");
        let moderation = service(dir.path()).await;
        let folder = Folder::read(&dir.path().join("knowledge")).unwrap();
        let is_old = files(&folder) == old;
        let journal = moderation.journal();
        let revisions = journal
            .revisions(cara_bot::journal::RevisionId(0), 10)
            .await
            .unwrap();
        let [revision] = &revisions[..] else {
            panic!("{revisions:?}")
        };
        let expected = match is_old {
            true => RevisionState::Abandoned,
            false => RevisionState::Done,
        };
        assert_eq!(revision.state, expected, "after {after} steps");
        let answered = ask(&moderation.live().current(), UNHEARD).status == Status::Answer;
        assert_eq!(answered, !is_old, "after {after} steps");
        let leftovers = walk(&dir.path().join("knowledge"));
        let leftovers: Vec<_> = leftovers
            .into_iter()
            .filter(|name| name.contains(".cara-bot-"))
            .collect();
        assert!(leftovers.is_empty(), "after {after} steps: {leftovers:?}");
        outcomes.push(is_old);
    }
    // Begun, prepared twice, replaced once: old. Replaced twice, written, served, finished: new.
    assert_eq!(
        outcomes,
        [true, true, true, true, false, false, false, false]
    );
}

fn walk(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.display().to_string());
        if path.is_dir() {
            names.extend(walk(&path));
        }
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_come_in_order() {
    let desk = Desk::new().await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let moderation = {
        let seen = Arc::clone(&seen);
        service(desk.dir.path())
            .await
            .observed(move |step| seen.lock().unwrap().push(step))
    };
    let preview = moderation
        .preview(teach(UNHEARD, "rehearsals").into(), today())
        .await
        .unwrap();
    moderation
        .confirm(preview.id, BY, "", today())
        .await
        .unwrap();
    use Step::{Begun, Finished, Prepared, Replaced, Served, Written};
    let expected = [
        Begun, Prepared, Prepared, Replaced, Replaced, Written, Served, Finished,
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}
