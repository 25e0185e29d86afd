//! Finding and reading the files; the only input and output of this layer.
//!
//! What is read: `sources.toml`, `relations.toml`, `lexicon.toml`, and every `.toml` file anywhere
//! under `entities/`, `facts/` and `questions/`. A `.toml` file elsewhere is reported, since its author
//! believes that it counts; other files are none of our business, and neither are names that start
//! with a dot (editors and mounted volumes leave such things behind).
//!
//! A file that cannot be read is a diagnostic beside the files that can, not the end of the run. Only a
//! folder that is not there at all is an error.

use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use rustc_hash::FxHasher;

use super::diagnostic::{Code, Diagnostic, Place};

/// Largest file that is read, in bytes. A hundred thousand facts fit; what is longer is a
/// mistake, and offsets within a file have 32 bits.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// How deep folders are followed: more than people nest, and an end to links that go in circles.
const MAX_DEPTH: usize = 8;

/// The base this program was built with.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/knowledge");

/// A file as it was found.
#[derive(Debug, Clone)]
pub struct File {
    /// Path relative to the knowledge folder, with forward slashes.
    pub path: Arc<str>,
    /// What it holds, unchecked.
    pub bytes: Vec<u8>,
}

/// What a file is for, told by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `sources.toml`.
    Sources,
    /// `relations.toml`.
    Relations,
    /// `lexicon.toml`.
    Lexicon,
    /// Under `entities/`.
    Entities,
    /// Under `facts/`.
    Facts,
    /// Under `questions/`.
    Questions,
}

impl FileKind {
    /// All of them.
    pub const ALL: [FileKind; 6] = [
        FileKind::Sources,
        FileKind::Relations,
        FileKind::Lexicon,
        FileKind::Entities,
        FileKind::Facts,
        FileKind::Questions,
    ];

    /// `facts`: the stem of its path and of its schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Sources => "sources",
            FileKind::Relations => "relations",
            FileKind::Lexicon => "lexicon",
            FileKind::Entities => "entities",
            FileKind::Facts => "facts",
            FileKind::Questions => "questions",
        }
    }

    /// The kind of the file at `path` (relative, forward slashes); none for paths that are not read.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(".toml")?;
        if path.split('/').any(|part| part.starts_with('.')) {
            return None;
        }
        FileKind::ALL.into_iter().find(|kind| match kind {
            FileKind::Sources | FileKind::Relations | FileKind::Lexicon => stem == kind.name(),
            FileKind::Entities | FileKind::Facts | FileKind::Questions => stem
                .strip_prefix(kind.name())
                .is_some_and(|rest| rest.starts_with('/')),
        })
    }
}

/// A knowledge folder, read.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Its files, sorted by path.
    pub files: Vec<File>,
    /// What went wrong while reading it.
    pub problems: Vec<Diagnostic>,
}

/// The folder itself cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is nothing at this path.
    #[error("there is no knowledge folder at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The path leads to a file.
    #[error("{} is a file, not a knowledge folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("cannot read the knowledge folder {}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Where knowledge files live, to read them more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Compiled into this program.
    Embedded,
    /// A folder on disk.
    Disk(PathBuf),
}

impl Origin {
    /// Reads the files.
    ///
    /// # Errors
    /// As [`Folder::read`].
    pub fn read(&self) -> Result<Folder, FolderError> {
        match self {
            Origin::Embedded => Ok(Folder::embedded()),
            Origin::Disk(path) => Folder::read(path),
        }
    }
}

impl Folder {
    /// Reads a folder on disk.
    ///
    /// # Errors
    /// When the folder itself is missing, is a file, or cannot be listed. Trouble with single files in
    /// it goes to [`Folder::problems`].
    pub fn read(path: &Path) -> Result<Self, FolderError> {
        let metadata = std::fs::metadata(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FolderError::Missing { path: path.into() },
            _ => FolderError::Unreadable {
                path: path.into(),
                source,
            },
        })?;
        if !metadata.is_dir() {
            return Err(FolderError::NotAFolder { path: path.into() });
        }
        let mut folder = Folder::default();
        folder
            .walk(path, "", 0)
            .map_err(|source| FolderError::Unreadable {
                path: path.into(),
                source,
            })?;
        folder.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(folder)
    }

    /// The base compiled into this program.
    #[must_use]
    pub fn embedded() -> Self {
        fn collect(dir: &Dir<'_>, folder: &mut Folder) {
            for file in dir.files() {
                let path = file.path().to_string_lossy().replace('\\', "/");
                folder.admit(&path, || Ok(file.contents().to_vec()));
            }
            for inner in dir.dirs() {
                collect(inner, folder);
            }
        }
        let mut folder = Folder::default();
        collect(&EMBEDDED, &mut folder);
        folder.files.sort_by(|a, b| a.path.cmp(&b.path));
        folder
    }

    /// A folder that exists in memory only: paths and texts.
    #[must_use]
    pub fn in_memory<P, B>(files: impl IntoIterator<Item = (P, B)>) -> Self
    where
        P: AsRef<str>,
        B: Into<Vec<u8>>,
    {
        let mut folder = Folder::default();
        for (path, bytes) in files {
            folder.admit(path.as_ref(), || Ok(bytes.into()));
        }
        folder.files.sort_by(|a, b| a.path.cmp(&b.path));
        folder
    }

    /// The file at `path`, relative to the folder.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| &*file.path == path)
    }

    /// A number that two folders share if they hold the same files, and almost surely only then.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for file in &self.files {
            (&file.path, &file.bytes).hash(&mut hasher);
        }
        for problem in &self.problems {
            problem.place.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Puts bytes in the place of the file at `path`, or takes it away.
    pub(crate) fn put(&mut self, path: &str, bytes: Option<&[u8]>) {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path));
        let file = bytes.map(|bytes| File {
            path: path.into(),
            bytes: bytes.to_vec(),
        });
        match (at, file) {
            (Ok(at), Some(file)) => self.files[at] = file,
            (Ok(at), None) => {
                self.files.remove(at);
            }
            (Err(at), Some(file)) => self.files.insert(at, file),
            (Err(_), None) => {}
        }
    }

    /// Reads what lies in `dir`, whose path within the folder is `prefix`.
    fn walk(&mut self, dir: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            // Follows links: mounted configuration is made of them.
            let Ok(metadata) = std::fs::metadata(entry.path()) else {
                self.admit(&path, || Err("it is a link to nothing".to_owned()));
                continue;
            };
            if metadata.is_dir() && depth < MAX_DEPTH {
                if let Err(error) = self.walk(&entry.path(), &format!("{path}/"), depth + 1) {
                    self.report(&path, &error.to_string());
                }
            } else if !metadata.is_dir() {
                self.admit(&path, || read_file(&entry.path(), &metadata));
            }
        }
        Ok(())
    }

    /// Takes a file in if it is one that counts.
    fn admit(&mut self, path: &str, read: impl FnOnce() -> Result<Vec<u8>, String>) {
        if FileKind::of(path).is_some() {
            match read() {
                Ok(bytes) => self.files.push(File {
                    path: path.into(),
                    bytes,
                }),
                Err(reason) => self.report(path, &reason),
            }
        } else if path.ends_with(".toml") && !path.split('/').any(|part| part.starts_with('.')) {
            self.problems.push(
                Diagnostic::new(
                    Code::StrayFile,
                    Place::whole(path),
                    "this file is not read: its place in the folder says nothing of what it holds",
                )
                .help("move it under `facts/`, `entities/` or `questions/`, or rename it"),
            );
        }
    }

    /// Notes that a file could not be read.
    fn report(&mut self, path: &str, reason: &str) {
        self.problems.push(Diagnostic::new(
            Code::UnreadableFile,
            Place::whole(path),
            format!("this file cannot be read: {reason}"),
        ));
    }
}

/// Reads a regular file that is not absurdly large; anything else could block for ever.
fn read_file(path: &Path, metadata: &std::fs::Metadata) -> Result<Vec<u8>, String> {
    if !metadata.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(format!(
            "it has {} MB, and the most that is read is {} MB",
            metadata.len() >> 20,
            MAX_FILE_BYTES >> 20
        ));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_a_file_is_for() {
        for (path, expected) in [
            ("sources.toml", Some(FileKind::Sources)),
            ("facts/lutb.toml", Some(FileKind::Facts)),
            ("facts/old/lutb.toml", Some(FileKind::Facts)),
            ("questions/hard.toml", Some(FileKind::Questions)),
            ("facts.toml", None),
            ("factsheet/a.toml", None),
            ("facts/.a.toml", None),
            ("facts/a.toml.bak", None),
            ("other/sources.toml", None),
        ] {
            assert_eq!(FileKind::of(path), expected, "{path}");
        }
    }

    #[test]
    fn folder_is_read_in_the_order_of_paths() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("sources.toml", "a");
        write("facts/deep/b.toml", "b");
        write("facts/a.toml", "c");
        write("facts/.hidden.toml", "d");
        write("facts/notes.md", "e");
        write("lost.toml", "f");
        let folder = Folder::read(dir.path()).unwrap();
        let paths: Vec<_> = folder.files.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["facts/a.toml", "facts/deep/b.toml", "sources.toml"]);
        assert_eq!(folder.problems.len(), 1, "{:?}", folder.problems);
        assert_eq!(folder.problems[0].place.to_string(), "lost.toml");
    }

    #[test]
    fn missing_folder_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let error = Folder::read(&dir.path().join("nowhere")).unwrap_err();
        assert!(error.to_string().contains("nowhere"), "{error}");
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(
            Folder::read(&file),
            Err(FolderError::NotAFolder { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn link_to_nothing_is_reported_beside_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("sources.toml"), "").unwrap();
        std::os::unix::fs::symlink("nowhere", dir.path().join("relations.toml")).unwrap();
        let folder = Folder::read(dir.path()).unwrap();
        assert_eq!(folder.files.len(), 1);
        assert_eq!(folder.problems[0].code, Code::UnreadableFile);
    }
}
