//! What only a file can do: rights, other files in its place, directories nobody may write.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use cara_bot::journal::{Event, Journal, JournalError, Noted, Place};
use cara_bot::lang::Lang;

use super::{open, queue, runtime, unanswered};

/// Opens a journal in a directory that somebody has prepared.
fn opened(prepare: impl FnOnce(&Path)) -> (tempfile::TempDir, Result<Journal, JournalError>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    prepare(&data);
    let runtime = runtime();
    let journal = runtime.block_on(Journal::open(Place::Sqlite(data)));
    (folder, journal)
}

#[test]
fn journal_can_be_read_by_its_owner_alone() {
    let (folder, journal) = opened(|_| {});
    journal.expect("the directory is made");
    let mode = |name: &str| {
        let path = folder.path().join("data").join(name);
        std::fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("journal.sqlite"), 0o600);
}

#[test]
fn files_beside_the_journal_have_its_rights() {
    let folder = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let journal = open(&Place::Sqlite(folder.path().to_owned())).await;
        journal
            .queue_question(unanswered("Who drew the logo?"))
            .await;
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", file.file_name());
        }
    });
}

#[test]
fn file_that_is_no_database_is_named_and_left_alone() {
    let text = "these are notes of somebody, and no database at all\n".repeat(100);
    let (folder, journal) = opened(|data| {
        std::fs::create_dir(data).unwrap();
        std::fs::write(data.join("journal.sqlite"), &text).unwrap();
    });
    let error = journal.expect_err("it is no database");
    assert!(
        matches!(error, JournalError::NotADatabase { .. }),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("journal.sqlite is not a journal"),
        "{error}"
    );
    assert_eq!(
        std::fs::read_to_string(folder.path().join("data/journal.sqlite")).unwrap(),
        text
    );
}

#[test]
fn directory_that_cannot_be_made_is_named_with_its_remedy() {
    let (_folder, journal) = opened(|data| std::fs::write(data, "a file").unwrap());
    let error = journal.expect_err("a file is in its place");
    assert!(matches!(error, JournalError::Directory { .. }), "{error:?}");
    assert!(error.to_string().contains("CARA_DATA"), "{error}");
}

#[test]
fn directory_that_cannot_be_written_is_named_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(data.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let error = runtime()
        .block_on(Journal::open(Place::Sqlite(data)))
        .expect_err("it is read-only");
    assert!(matches!(error, JournalError::Directory { .. }), "{error:?}");
}

#[test]
fn what_happens_before_the_directory_is_mended_is_written_then() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::write(&data, "a file in its place").unwrap();
    runtime().block_on(async {
        let (journal, trouble) = Journal::start(Place::Sqlite(data.clone())).await;
        assert!(
            matches!(trouble, Some(JournalError::Directory { .. })),
            "{trouble:?}"
        );
        assert_eq!(
            journal
                .queue_question(unanswered("Who drew the logo?"))
                .await,
            Noted::Waiting
        );
        journal.count(Event::asked(Lang::En));
        let waiting = journal.waiting();
        assert_eq!((waiting.questions, waiting.events, waiting.lost), (1, 1, 0));
        std::fs::remove_file(&data).unwrap();
        journal
            .flush()
            .await
            .expect("the directory can be made now");
        assert_eq!(
            queue(&journal).await,
            [("Who drew the logo?".to_owned(), 1)]
        );
    });
}

#[test]
fn memory_is_bounded_while_the_database_is_away_and_what_is_lost_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::write(&data, "a file in its place").unwrap();
    runtime().block_on(async {
        let (journal, _) = Journal::start(Place::Sqlite(data.clone())).await;
        let mut lost = 0;
        for n in 0..5003 {
            lost += u64::from(
                journal
                    .queue_question(unanswered(&format!("word{n}")))
                    .await
                    == Noted::Lost,
            );
        }
        let waiting = journal.waiting();
        assert_eq!((waiting.questions, waiting.lost, lost), (5000, 3, 3));
    });
}
