//! Trained engines kept as files: what was learned from a base once is not learned again at the next start.
//!
//! An engine is found by what it was made from, the files of its base and the build of this program, so
//! nothing on the shelf can be out of date. It is never needed: what is missing, damaged or cannot be
//! written costs the time of training and nothing else.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::engine::Engine;
use crate::knowledge::Folder;
use crate::knowledge::model::Knowledge;

/// A hash of what this program is built from; see `build.rs`.
const BUILD: &str = env!("CARA_BUILD");
/// How many engines are kept. One is in use; the others are for those who go back and forth.
const KEPT: usize = 3;
/// How the files are called that hold one.
const SUFFIX: &str = "engine";
/// Bytes of the checksum that a file begins with.
const CHECKSUM: usize = size_of::<u32>();

/// A directory of trained engines.
#[derive(Debug, Clone)]
pub struct Shelf {
    directory: PathBuf,
}

impl Shelf {
    /// The shelf in a directory, which need not exist.
    #[must_use]
    pub fn new(directory: PathBuf) -> Shelf {
        Shelf { directory }
    }

    /// The engine that was trained on these files, if it is there. `knowledge` is what the files say.
    #[must_use]
    pub fn find(&self, folder: &Folder, knowledge: &Arc<Knowledge>) -> Option<Engine> {
        let path = self.place(folder);
        let bytes = std::fs::read(&path).ok()?;
        let engine = checked(&bytes)
            .and_then(|kept| Engine::restore(Arc::clone(knowledge), kept).ok())
            .or_else(|| {
                tracing::warn!(path = %path.display(), "a kept engine is damaged and trained anew");
                None
            })?;
        tracing::debug!(path = %path.display(), "what was learned is taken from a kept engine");
        // The ones used last are kept longest.
        if let Ok(file) = std::fs::File::options().append(true).open(&path) {
            file.set_modified(SystemTime::now()).ok();
        }
        Some(engine)
    }

    /// Keeps an engine that was trained on these files, and takes away those that have not been used for
    /// longest.
    pub fn put(&self, folder: &Folder, engine: &Engine) {
        let place = self.place(folder);
        if let Err(error) = self.write(&place, &engine.keep()) {
            let directory = self.directory.display();
            tracing::debug!(%directory, %error, "the trained engine is not kept");
        }
    }

    /// Where the engine of these files stands.
    fn place(&self, folder: &Folder) -> PathBuf {
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
        let mut name = String::new();
        for byte in hash.finalize() {
            write!(name, "{byte:02x}").expect("a string can be written to");
        }
        self.directory.join(name).with_extension(SUFFIX)
    }

    /// Writes a file whole or not at all: whoever starts meanwhile must not read half of it.
    fn write(&self, place: &Path, kept: &[u8]) -> io::Result<()> {
        std::fs::create_dir_all(&self.directory)?;
        let half = place.with_extension(format!("{}.half", std::process::id()));
        let mut bytes = crc32fast::hash(kept).to_le_bytes().to_vec();
        bytes.extend_from_slice(kept);
        let written = std::fs::write(&half, bytes).and_then(|()| std::fs::rename(&half, place));
        if written.is_err() {
            std::fs::remove_file(&half).ok();
        }
        written?;
        self.thin()
    }

    fn thin(&self) -> io::Result<()> {
        let mut kept = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|suffix| suffix == SUFFIX) {
                kept.push((entry.metadata()?.modified()?, path));
            }
        }
        kept.sort();
        let too_many = kept.len().saturating_sub(KEPT);
        for (_, path) in &kept[..too_many] {
            std::fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// The bytes behind a checksum that fits them.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (checksum, kept) = bytes.split_first_chunk::<CHECKSUM>()?;
    (crc32fast::hash(kept) == u32::from_le_bytes(*checksum)).then_some(kept)
}
