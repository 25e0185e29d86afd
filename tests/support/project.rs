//! A temporary folder and the real program run in it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::SMALL;

/// A temporary folder; `knowledge/` in it is what the program finds by itself.
pub(crate) struct Project {
    dir: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// An empty folder: the program uses the base it was built with.
    pub(crate) fn empty() -> Project {
        Project {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A folder with the small base.
    pub(crate) fn small() -> Project {
        SMALL
            .iter()
            .fold(Project::empty(), |project, (path, text)| {
                project.file(path, text)
            })
    }

    /// Adds or replaces a file of the knowledge folder.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Project {
        self.write(path, bytes);
        self
    }

    /// Adds or replaces a file of the knowledge folder while a program looks on.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.knowledge().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("the temporary folder is ours");
        std::fs::write(&path, bytes).expect("the temporary folder is ours");
    }

    /// The text of a file of the knowledge folder.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.knowledge().join(path)).expect("the file is there")
    }

    /// Edits a file of the knowledge folder: a text that must be there becomes another.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from} in {path}");
        self.write(path, text.replace(from, to));
    }

    /// The knowledge folder.
    pub(crate) fn knowledge(&self) -> PathBuf {
        self.dir.path().join("knowledge")
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs the program without input.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.pipe(arguments, "")
    }

    /// Runs the program with `input` on its standard input.
    #[track_caller]
    pub(crate) fn pipe<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: impl AsRef<[u8]> + Send,
    ) -> Ran {
        self.pipe_with(arguments, input, &[])
    }

    /// Runs the program with `input` on its standard input, in a changed environment.
    #[track_caller]
    pub(crate) fn pipe_with<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: impl AsRef<[u8]> + Send,
        environment: &[(&str, &str)],
    ) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cara-bot"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CARA_KNOWLEDGE")
            .env_remove("DATABASE_URL")
            .env_remove("VISUAL")
            .env("CARA_DATA", self.path().join("data"))
            .env("CARA_CACHE", self.path().join("cache"))
            .env_remove("RUST_LOG")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "en_GB.UTF-8")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        let output = std::thread::scope(|scope| {
            // A program that has read enough closes its end, which is its right.
            scope.spawn(move || stdin.write_all(input.as_ref()).ok());
            child.wait_with_output().expect("the program ends")
        });
        Ran {
            code: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
        }
    }
}

impl Ran {
    /// The JSON objects it printed, one a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }
}
