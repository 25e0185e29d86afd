//! Where the knowledge lives, and how it is written so that a crash at any instant leaves every file
//! either old or new.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::journal::{DocumentChange, Documents, DocumentsError, FileChange, RevisionId};
use crate::knowledge::{Folder, FolderError, Origin};

/// What names of temporary files begin with. Nothing reads files whose names begin with a dot.
const TEMPORARY: &str = ".cara-bot-";

/// How long to wait for another process that is writing; writing takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often to try meanwhile.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// Where the knowledge lives.
#[derive(Debug, Clone)]
pub enum Store {
    /// In this program: it can be read only.
    BuiltIn,
    /// In a folder.
    Disk(PathBuf),
    /// In a database that several replicas share.
    Shared(Documents),
}

impl From<Origin> for Store {
    fn from(origin: Origin) -> Store {
        match origin {
            Origin::Embedded => Store::BuiltIn,
            Origin::Disk(path) => Store::Disk(path),
        }
    }
}

/// Why the knowledge could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The base in this program cannot be changed.
    #[error(
        "the knowledge built into this program cannot be changed; put the files into a folder and name it with --knowledge or CARA_KNOWLEDGE"
    )]
    BuiltIn,
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file cannot be written.
    #[error("{} cannot be written: {}", path.display(), remedy(source))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file has not what it should have any more.
    #[error("{path} was changed by somebody else meanwhile")]
    Overtaken {
        /// Its path in the knowledge folder.
        path: String,
    },
    /// Some files are new and some old, and the old ones could not be put back.
    #[error("the files are between old and new, and the next edit or start puts the old ones back")]
    Torn {
        /// What kept them from being put back.
        source: Box<StoreError>,
    },
    /// The shared documents cannot be read or written.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
}

impl StoreError {
    /// Putting files back has failed.
    pub(super) fn torn(self) -> StoreError {
        StoreError::Torn {
            source: Box::new(self),
        }
    }
}

/// What the system says, with what helps.
fn remedy(error: &io::Error) -> String {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        io::ErrorKind::ReadOnlyFilesystem => {
            "mount it writable, or name a folder that is with CARA_KNOWLEDGE"
        }
        io::ErrorKind::PermissionDenied => {
            "let the user that runs cara-bot write to the folder and the files in it"
        }
        _ => return error.to_string(),
    };
    format!("{error}; {help}")
}

/// A moment between two steps of writing, at which a crash must do no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The revision is written ahead.
    Begun,
    /// The new text of a file lies beside it.
    Prepared,
    /// A file has its new text.
    Replaced,
    /// All files have, and the disk knows.
    Written,
    /// The new snapshot is served.
    Served,
    /// The journal knows that it is done.
    Finished,
}

impl Store {
    /// Whether anything can be written there at all.
    pub(super) fn writable(&self) -> Result<(), StoreError> {
        match self {
            Store::BuiltIn => Err(StoreError::BuiltIn),
            Store::Disk(_) | Store::Shared(_) => Ok(()),
        }
    }

    /// All files.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn read(&self) -> Result<Folder, StoreError> {
        match self {
            Store::BuiltIn => Ok(Folder::embedded()),
            Store::Disk(path) => {
                let path = path.clone();
                let folder = blocking(move || Folder::read(&path)).await;
                Ok(folder?)
            }
            Store::Shared(documents) => Ok(documents.read().await?.folder()),
        }
    }

    /// Writes the files of a revision, all or none of them, provided they are as they were.
    pub(super) async fn write(
        &self,
        revision: RevisionId,
        changes: &[FileChange],
        step: impl Fn(Step) + Send + 'static,
    ) -> Result<(), StoreError> {
        match self {
            Store::BuiltIn => Err(StoreError::BuiltIn),
            Store::Disk(root) => {
                let (root, changes) = (root.clone(), changes.to_vec());
                blocking(move || write_files(&root, &changes, &step)).await
            }
            Store::Shared(documents) => {
                let read = documents.read().await?;
                let mut writes = Vec::with_capacity(changes.len());
                for change in changes {
                    let there = read.document(&change.path);
                    if there.map(|document| &document.content) != change.before.as_ref() {
                        return Err(StoreError::Overtaken {
                            path: change.path.clone(),
                        });
                    }
                    writes.push(DocumentChange {
                        path: change.path.clone(),
                        base: there.map(|document| document.version),
                        content: change.after.clone(),
                    });
                }
                documents.write_during(revision, &writes).await?;
                step(Step::Written);
                Ok(())
            }
        }
    }
}

/// Runs something that may block, on a thread where it may.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    joined(tokio::task::spawn_blocking(work)).await
}

/// Runs something that goes on to its end, whether or not somebody waits for it.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    joined(tokio::spawn(work)).await
}

async fn joined<T>(task: tokio::task::JoinHandle<T>) -> T {
    match task.await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down: nobody waits for this any more.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Writes files of a folder, all or none of them. A crash between two of them is for the journal to
/// mend.
pub(super) fn write_files(
    root: &Path,
    changes: &[FileChange],
    step: &dyn Fn(Step),
) -> Result<(), StoreError> {
    let _lock = lock_folder(root)?;
    let mut prepared = Vec::with_capacity(changes.len());
    for change in changes {
        prepared.push(Prepared::new(root, change)?);
        step(Step::Prepared);
    }
    for (done, file) in prepared.iter().enumerate() {
        if let Err(error) = file.replace() {
            let mut replaced = prepared[..done].iter();
            replaced
                .try_for_each(Prepared::put_back)
                .map_err(StoreError::torn)?;
            return Err(error);
        }
        step(Step::Replaced);
    }
    for file in &prepared {
        file.sync_directories(root);
    }
    step(Step::Written);
    Ok(())
}

/// Locks a folder against every other process that writes it so, also one that keeps another journal:
/// two of them would write over each other's temporary files. The system unlocks it when the process
/// ends. Not every system locks folders; then there is nothing to hold.
fn lock_folder(root: &Path) -> Result<Option<File>, StoreError> {
    let Ok(folder) = File::open(root) else {
        return Ok(None);
    };
    let since = Instant::now();
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                std::thread::sleep(TRY_AGAIN);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Unwritable {
                    path: root.to_owned(),
                    source: io::ErrorKind::ResourceBusy.into(),
                });
            }
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

/// A file about to be replaced, with its new text beside it.
struct Prepared<'c> {
    change: &'c FileChange,
    /// The file itself, behind all links.
    target: PathBuf,
    /// Its new text; none when the file is to go. Removed when this is dropped, if it is still there.
    temporary: Option<PathBuf>,
}

impl<'c> Prepared<'c> {
    fn new(root: &Path, change: &'c FileChange) -> Result<Self, StoreError> {
        let path = root.join(&change.path);
        // A file that is a link stays one: what it leads to is written.
        let target = fs::canonicalize(&path).unwrap_or(path);
        let mut file = Prepared {
            change,
            target,
            temporary: None,
        };
        if let Some(text) = &change.after {
            file.temporary = Some(file.beside(text)?);
        }
        Ok(file)
    }

    fn unwritable(&self, source: io::Error) -> StoreError {
        StoreError::Unwritable {
            path: self.target.clone(),
            source,
        }
    }

    /// Writes a text to a temporary file in the same directory, and to the disk.
    fn beside(&self, text: &str) -> Result<PathBuf, StoreError> {
        let name = self.target.file_name().unwrap_or_default();
        let mut hidden = std::ffi::OsString::from(TEMPORARY);
        hidden.push(name);
        let temporary = self.target.with_file_name(hidden);
        let write = || {
            if let Some(directory) = self.target.parent() {
                fs::create_dir_all(directory)?;
            }
            let mut file = File::create(&temporary)?;
            if let Ok(metadata) = fs::metadata(&self.target) {
                keep_owner(&file, &metadata);
                file.set_permissions(metadata.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|source| {
            // Half a file is of no use to anybody.
            let _ = fs::remove_file(&temporary);
            self.unwritable(source)
        })?;
        Ok(temporary)
    }

    /// Gives the file its new text, unless somebody else has just given it another.
    fn replace(&self) -> Result<(), StoreError> {
        let now = match fs::read(&self.target) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(self.unwritable(error)),
        };
        if now.as_deref() != self.change.before.as_ref().map(String::as_bytes) {
            return Err(StoreError::Overtaken {
                path: self.change.path.clone(),
            });
        }
        let done = match &self.temporary {
            Some(temporary) => fs::rename(temporary, &self.target),
            None => fs::remove_file(&self.target),
        };
        done.map_err(|source| self.unwritable(source))
    }

    /// Gives the file its old text back.
    fn put_back(&self) -> Result<(), StoreError> {
        let done = match &self.change.before {
            Some(text) => {
                let temporary = self.beside(text)?;
                fs::rename(temporary, &self.target)
            }
            None => fs::remove_file(&self.target),
        };
        done.map_err(|source| self.unwritable(source))
    }

    /// Makes the disk know the new name, and the directories that were made for it. Not every system
    /// can, and none needs it for a file to be whole.
    fn sync_directories(&self, root: &Path) {
        let mut directory = self.target.parent();
        while let Some(path) = directory {
            if let Ok(opened) = File::open(path) {
                let _ = opened.sync_all();
            }
            let made = self.change.before.is_none() && path != root && path.starts_with(root);
            directory = path.parent().filter(|_| made);
        }
    }
}

/// Gives a new file the owner of the one it replaces, where that is allowed: root may edit the files
/// of the user that runs the bot, and must leave them readable to it.
fn keep_owner(file: &File, old: &fs::Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
    #[cfg(not(unix))]
    let _ = (file, old);
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Once renamed it is not there.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Removes what a crash has left beside the files.
pub(super) fn sweep(root: &Path, changes: &[FileChange]) {
    for change in changes {
        let path = root.join(&change.path);
        let target = fs::canonicalize(&path).unwrap_or(path);
        let name = target.file_name().unwrap_or_default();
        let mut hidden = std::ffi::OsString::from(TEMPORARY);
        hidden.push(name);
        let _ = fs::remove_file(target.with_file_name(hidden));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<&str>, after: Option<&str>) -> FileChange {
        FileChange {
            path: path.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        }
    }

    fn files(root: &Path) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(root.join("facts")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(path).unwrap()));
        }
        files.sort();
        files
    }

    #[test]
    fn files_are_replaced_made_and_removed_together() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("facts")).unwrap();
        fs::write(dir.path().join("facts/a.toml"), "old a").unwrap();
        fs::write(dir.path().join("facts/b.toml"), "old b").unwrap();
        let changes = [
            change("facts/a.toml", Some("old a"), Some("new a")),
            change("facts/b.toml", Some("old b"), None),
            change("facts/c.toml", None, Some("new c")),
            change("questions/d.toml", None, Some("new d")),
        ];
        write_files(dir.path(), &changes, &|_| ()).unwrap();
        let expected = [("a.toml", "new a"), ("c.toml", "new c")];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(files(dir.path()), expected);
        assert_eq!(
            fs::read_to_string(dir.path().join("questions/d.toml")).unwrap(),
            "new d"
        );
    }

    #[test]
    fn file_changed_meanwhile_leaves_all_as_they_were() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("facts")).unwrap();
        fs::write(dir.path().join("facts/a.toml"), "old a").unwrap();
        fs::write(dir.path().join("facts/b.toml"), "by hand").unwrap();
        let before = files(dir.path());
        let changes = [
            change("facts/a.toml", Some("old a"), Some("new a")),
            change("facts/b.toml", Some("old b"), Some("new b")),
        ];
        let error = write_files(dir.path(), &changes, &|_| ()).unwrap_err();
        assert!(
            matches!(&error, StoreError::Overtaken { path } if path == "facts/b.toml"),
            "{error}"
        );
        assert_eq!(files(dir.path()), before);
    }

    #[cfg(unix)]
    #[test]
    fn link_stays_a_link_and_rights_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("facts")).unwrap();
        let real = dir.path().join("real.toml");
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, dir.path().join("facts/a.toml")).unwrap();
        let changes = [change("facts/a.toml", Some("old"), Some("new"))];
        write_files(dir.path(), &changes, &|_| ()).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert!(dir.path().join("facts/a.toml").is_symlink());
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn full_disk_is_named_with_what_helps() {
        let error = io::Error::from_raw_os_error(28);
        let error = StoreError::Unwritable {
            path: "facts/a.toml".into(),
            source: error,
        };
        assert!(
            error.to_string().contains("make room on the disk"),
            "{error}"
        );
    }
}
