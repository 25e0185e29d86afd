//! Where this process keeps what it must not lose: `CARA_DATA`, or `DATABASE_URL`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::journal::{Journal, Place};

/// Options of the commands that use the journal.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PlaceOptions {
    /// Data directory [default: cara-bot in the user's state directory]. With DATABASE_URL in the
    /// environment (postgres://…, never an argument: arguments can be seen by others) the journal is
    /// kept there instead
    #[arg(long = "data", value_name = "DIR", env = "CARA_DATA")]
    directory: Option<PathBuf>,
}

impl PlaceOptions {
    /// The data directory, named or by default.
    pub(crate) fn directory(&self) -> anyhow::Result<PathBuf> {
        self.directory
            .clone()
            .filter(|directory| !directory.as_os_str().is_empty())
            .or_else(state_directory)
            .context("there is no home directory to keep data in; name a directory with CARA_DATA")
    }

    /// Where the journal is kept.
    pub(crate) fn place(&self) -> anyhow::Result<Place> {
        match std::env::var("DATABASE_URL") {
            Ok(address) if !address.trim().is_empty() => Ok(Place::Postgres(address.parse()?)),
            Err(std::env::VarError::NotUnicode(_)) => {
                anyhow::bail!("DATABASE_URL is not a text in UTF-8")
            }
            _ => Ok(Place::Sqlite(self.directory()?)),
        }
    }

    /// Opens the journal, which must be usable.
    pub(crate) async fn journal(&self) -> anyhow::Result<Journal> {
        Journal::open(self.place()?)
            .await
            .context("the journal cannot be opened")
    }
}

/// `cara-bot` in the directory for what programs of this user keep between runs.
pub(crate) fn state_directory() -> Option<PathBuf> {
    own_directory("XDG_STATE_HOME", ".local/state")
}

/// `cara-bot` in the directory for what programs of this user can make again.
pub(crate) fn cache_directory() -> Option<PathBuf> {
    own_directory("XDG_CACHE_HOME", ".cache")
}

/// `cara-bot` in the directory that a variable names, or else in one in the user's home.
fn own_directory(variable: &str, in_home: &str) -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set(variable)
        .or_else(|| set("HOME").map(|home| home.join(in_home)))
        .map(|directory| directory.join("cara-bot"))
}
