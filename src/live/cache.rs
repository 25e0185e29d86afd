//! Trained engines kept as files: what was learned from a base once is not learned again at the next start.
//!
//! An engine is found by a hash of what it was made from, the files of its base and the build of this
//! program, so that none can be out of date. None is needed either: what is missing, damaged, not ours or
//! cannot be written costs the time of training and nothing else.

use std::fmt;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use crate::engine::Engine;
use crate::knowledge::Folder;
use crate::knowledge::model::Knowledge;

/// A hash of what this program is built from; see `build.rs`.
const BUILD: &str = env!("CARA_BUILD");
/// How many engines are kept. One is in use; the others are for those who go back and forth.
const CAPACITY: usize = 3;
/// A larger engine is not kept: that of 100,000 facts takes 190 MB.
const MOST_BYTES: usize = 256 << 20;
/// How the files are called that hold one, and those that are being written.
const EXTENSION: &str = "engine";
const UNFINISHED: &str = "unfinished";
/// How the names of the latter begin.
const OURS: &str = "cara-bot-";
/// A file that has been unfinished for so long was left by a process that was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(3_600);
/// Bytes of the key, and of the checksum behind it.
const KEY: usize = 32;
const CHECKSUM: usize = size_of::<u32>();

/// What an engine was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; KEY]);

impl Key {
    /// The key of an engine that this program trains on these files.
    #[must_use]
    pub fn of(folder: &Folder) -> Key {
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        part(BUILD.as_bytes());
        for file in &folder.files {
            part(file.path.as_bytes());
            part(&file.bytes);
        }
        Key(hash.finalize().into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A directory of trained engines.
#[derive(Debug, Clone)]
pub struct EngineCache {
    directory: PathBuf,
}

impl EngineCache {
    /// The cache in a directory, which need not exist.
    #[must_use]
    pub fn new(directory: PathBuf) -> EngineCache {
        EngineCache { directory }
    }

    /// The engine of this key, if it is there. `knowledge` is what the files say that the key is of.
    #[must_use]
    pub fn load(&self, key: Key, knowledge: &Arc<Knowledge>) -> Option<Engine> {
        let path = self.path(key);
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            return None;
        }
        if !is_private(&self.directory) {
            let directory = self.directory.display();
            tracing::warn!(%directory, "others can write to the cache directory, so it is not used");
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let path = path.display();
        let engine = checked(&bytes, key)
            .and_then(|trained| Engine::from_bytes(Arc::clone(knowledge), trained).ok());
        match &engine {
            Some(_) => tracing::debug!(%path, "the trained engine is taken from the cache"),
            None => tracing::warn!(%path, "a cached engine is damaged and trained anew"),
        }
        self.touch(key);
        engine
    }

    /// Keeps an engine under its key, and removes those that have not been used for longest.
    pub fn store(&self, key: Key, engine: &Engine) {
        let directory = self.directory.display();
        match self.write(key, &engine.to_bytes()) {
            Ok(()) => self.evict(key),
            Err(error) => tracing::info!(%directory, %error, "the trained engine is not kept"),
        }
    }

    fn path(&self, key: Key) -> PathBuf {
        self.directory
            .join(key.to_string())
            .with_extension(EXTENSION)
    }

    /// Writes a file whole or not at all: whoever starts meanwhile must not read half of it.
    fn write(&self, key: Key, trained: &[u8]) -> io::Result<()> {
        if trained.len() > MOST_BYTES {
            return Err(io::Error::other("it is too large"));
        }
        create_private(&self.directory)?;
        if !is_private(&self.directory) {
            return Err(io::Error::other("others can write to the directory"));
        }
        let mut file = tempfile::Builder::new()
            .prefix(OURS)
            .suffix(&format!(".{UNFINISHED}"))
            .tempfile_in(&self.directory)?;
        file.write_all(&key.0)?;
        file.write_all(&crc32fast::hash(trained).to_le_bytes())?;
        file.write_all(trained)?;
        file.persist(self.path(key))?;
        Ok(())
    }

    /// The ones used last are kept longest.
    fn touch(&self, key: Key) {
        let file = File::options().append(true).open(self.path(key));
        file.and_then(|file| file.set_modified(SystemTime::now()))
            .ok();
    }

    /// Removes what has not been used for longest, but for `kept`, and what was left unfinished. Others may
    /// do the same at the same time, so what is gone already is no error. Files that no cache has made are left
    /// alone: the directory is one that somebody named.
    fn evict(&self, kept: Key) {
        let entries = fs::read_dir(&self.directory).into_iter().flatten();
        let kept = self.path(kept);
        let mut others = Vec::new();
        for path in entries.flatten().map(|entry| entry.path()) {
            let used = fs::metadata(&path).and_then(|found| found.modified());
            let name = path.file_name().and_then(|name| name.to_str());
            let (Ok(used), Some((stem, extension))) = (used, name.and_then(|n| n.rsplit_once('.')))
            else {
                continue;
            };
            let is_key = stem.len() == 2 * KEY && stem.bytes().all(|b| b.is_ascii_hexdigit());
            if extension == EXTENSION && is_key && path != kept {
                others.push((used, path));
            } else if extension == UNFINISHED
                && stem.starts_with(OURS)
                && used.elapsed().is_ok_and(|age| age > LEFT_BEHIND)
            {
                fs::remove_file(&path).ok();
            }
        }
        others.sort();
        let too_many = (others.len() + 1).saturating_sub(CAPACITY);
        for (_, path) in &others[..too_many] {
            fs::remove_file(path).ok();
        }
    }
}

/// The bytes behind a key and a checksum that fit them.
fn checked(bytes: &[u8], key: Key) -> Option<&[u8]> {
    let (of, rest) = bytes.split_first_chunk::<KEY>()?;
    let (checksum, trained) = rest.split_first_chunk::<CHECKSUM>()?;
    let is_whole = crc32fast::hash(trained) == u32::from_le_bytes(*checksum);
    (*of == key.0 && is_whole).then_some(trained)
}

/// Makes a directory that only this user can look into, where there is none.
fn create_private(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Whether nobody but its owner can put files into a directory: an engine of others would answer in the
/// name of this base.
fn is_private(directory: &Path) -> bool {
    #[cfg(unix)]
    {
        let mode =
            |found: fs::Metadata| std::os::unix::fs::PermissionsExt::mode(&found.permissions());
        fs::metadata(directory).is_ok_and(|found| mode(found) & 0o022 == 0)
    }
    #[cfg(not(unix))]
    directory.is_dir()
}
