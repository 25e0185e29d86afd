//! The command line: arguments as types, dispatch, exit codes.
//!
//! Exit codes are part of the contract: 0 done (for `ask`: answered), 1 findings (not answered,
//! errors in the files), 2 could not run.

mod ask;
mod chat;
mod check;
mod connection;
mod doctor;
mod documents;
mod eval;
mod export;
mod fact;
mod import;
mod journal;
mod layout;
mod moderate;
mod picture;
mod place;
mod review;
mod run;
mod schema;
mod teach;
mod timeline;
mod write;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::clock::today;
use crate::journal::Journal;
use crate::knowledge::{Folder, Origin, render};
use crate::lang::Lang;
use crate::live::{EngineCache, Refused, Scrutiny, Snapshot};
use crate::moderation::Store;
use crate::telemetry;

/// Where the knowledge files are looked for when nobody says.
const DEFAULT_FOLDER: &str = "knowledge";
/// What is said instead of a folder when the files live in the database that replicas share. A folder
/// of this name can be written `./database`.
const SHARED: &str = "database";
/// Nothing to report.
const DONE: u8 = 0;
/// Ran, and found something: not answered, errors in the files.
const FINDINGS: u8 = 1;
/// Could not run.
const FAILED: u8 = 2;

/// Answers questions about CARA, the European Cluster for Mobility Solutions, from sourced facts,
/// in English and French – or says that it does not know.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, after_help = "Without a command: `run` when a token is set, else a chat in the terminal.\n\nExit codes: 0 done or answered, 1 not answered or errors found, 2 could not run.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Action>,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Folder of knowledge files, or `database` for the documents in DATABASE_URL that replicas share
    /// [default: ./knowledge, else the base built into this program]
    #[arg(long, global = true, value_name = "DIR", env = "CARA_KNOWLEDGE")]
    knowledge: Option<OsString>,
    /// Directory for what was learned from the files, so that the next start need not learn it again;
    /// empty for none [default: cara-bot in the user's cache directory]
    #[arg(long, global = true, value_name = "DIR", env = "CARA_CACHE")]
    cache: Option<OsString>,
    /// Colour: on a terminal, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Answer a question
    Ask(ask::Options),
    /// Talk with the bot in the terminal
    Chat(chat::Options),
    /// Run the bot in Discord
    Run(run::Options),
    /// Say what is wrong with this installation and how to mend it
    Doctor(doctor::Options),
    /// Show everything wrong with the knowledge files
    Check(check::Options),
    /// Measure the answers on questions whose right answer is known
    Eval(eval::Options),
    /// Print what was changed, by whom and why
    Journal(journal::Options),
    /// Carry the knowledge files into the database that replicas share, or out of it
    Documents(documents::Options),
    /// Print the whole base as one JSON document
    Export(export::Options),
    /// Make knowledge files from such a document
    Import(import::Options),
    /// Go through the questions nobody could answer
    Review(review::Options),
    /// Make a question one that a fact answers
    Teach(teach::TeachOptions),
    /// Make a question one that is refused on purpose
    Refuse(teach::RefuseOptions),
    /// Give an entity another name that people use
    Alias(teach::AliasOptions),
    /// Show, add, edit, retire and restore facts; undo what was changed
    Fact(fact::Options),
    /// Draw the timeline and write it as a PNG file
    Timeline(timeline::Options),
    /// Draw questions and their answers as a chat shows them, and write that as a PNG file
    #[command(hide = true)]
    Picture(picture::Options),
    /// Write the JSON Schemas of the knowledge files, for editors
    Schema(schema::Options),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let mut cli = Cli::parse();
    if cli.command.is_none() && connection::token_is_set() {
        // Parsed anew, so that options with variables of the environment are filled in.
        let program = std::env::args_os().next().into_iter();
        let rest = std::env::args_os().skip(1);
        cli = Cli::parse_from(program.chain(std::iter::once("run".into())).chain(rest));
    }
    let action = cli
        .command
        .unwrap_or(Action::Chat(chat::Options::default()));
    match &action {
        Action::Run(options) => telemetry::start("info", options.log_format()),
        _ => telemetry::start("warn", telemetry::Format::Text),
    }
    let common = cli.common;
    let code = match action {
        Action::Run(options) => run::run(&options, &common),
        Action::Doctor(options) => doctor::run(&options, &common),
        Action::Ask(options) => ask::run(&options, &common),
        Action::Chat(options) => chat::run(&options, &common),
        Action::Check(options) => check::run(&options, &common),
        Action::Eval(options) => eval::run(&options, &common),
        Action::Journal(options) => journal::run(&options, &common),
        Action::Documents(options) => documents::run(&options, &common),
        Action::Export(options) => export::run(&options, &common),
        Action::Import(options) => import::run(&options, &common),
        Action::Review(options) => review::run(&options, &common),
        Action::Teach(options) => teach::teach(&options, &common),
        Action::Refuse(options) => teach::refuse(&options, &common),
        Action::Alias(options) => teach::alias(&options, &common),
        Action::Fact(options) => fact::run(&options, &common),
        Action::Timeline(options) => timeline::run(&options, &common),
        Action::Picture(options) => picture::run(&options, &common),
        Action::Schema(options) => schema::run(&options),
        Action::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Cli::command(),
                "cara-bot",
                &mut std::io::stdout(),
            );
            Ok(DONE)
        }
    };
    match code {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // A reader that went away (`cara-bot ask --batch | head`) is no failure worth words.
            let broken_pipe = error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
            if !broken_pipe {
                eprintln!("cara-bot: {error:#}");
            }
            ExitCode::from(FAILED)
        }
    }
}

impl Common {
    /// Where the knowledge files live: named, `./knowledge`, or built in.
    fn origin(&self) -> Origin {
        let here = Path::new(DEFAULT_FOLDER);
        match self.named() {
            Some(path) => Origin::Disk(path.to_owned()),
            None if is_base(here) => Origin::Disk(here.to_owned()),
            None => Origin::Embedded,
        }
    }

    /// The folder that was named; an empty name is none.
    fn named(&self) -> Option<&Path> {
        let named = self.knowledge.as_deref().filter(|name| !name.is_empty());
        named.map(Path::new)
    }

    /// Whether the knowledge lives in the database that replicas share.
    fn is_shared(&self) -> bool {
        self.named() == Some(Path::new(SHARED))
    }

    /// Where the knowledge lives, to be edited: a folder, or the documents beside the journal.
    fn store(&self, journal: &Journal) -> anyhow::Result<Store> {
        if self.is_shared() {
            Ok(Store::Shared(journal.documents()?))
        } else {
            Ok(Store::from(self.origin()))
        }
    }

    /// The knowledge files.
    fn folder(&self) -> anyhow::Result<Folder> {
        if self.is_shared() {
            documents::read_shared()
        } else {
            Ok(self.origin().read()?)
        }
    }

    /// Where trained engines are kept, if anywhere.
    fn cache(&self) -> Option<EngineCache> {
        let directory = match &self.cache {
            Some(named) => (!named.is_empty()).then(|| PathBuf::from(named)),
            None => place::cache_directory(),
        };
        directory.map(EngineCache::new)
    }

    fn colour(&self, stream: &impl std::io::IsTerminal) -> bool {
        match self.color {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => {
                stream.is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    /// The base, or an error that shows what is wrong with it.
    fn load(&self) -> anyhow::Result<Snapshot> {
        self.load_from(&self.folder()?)
    }

    /// The base of these files, or an error that shows what is wrong with it.
    fn load_from(&self, folder: &Folder) -> anyhow::Result<Snapshot> {
        let cache = self.cache();
        let loaded = Snapshot::load_with(folder, Scrutiny::Valid, today(), cache.as_ref());
        loaded.map_err(|Refused(diagnostics)| {
            let shown = render(&diagnostics, folder, self.colour(&std::io::stderr()));
            anyhow::anyhow!("the knowledge files cannot be used\n{shown}")
        })
    }
}

/// Whether this is a folder that is there for its knowledge: one of schemas for editors alone is not.
fn is_base(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return folder.is_dir();
    };
    let names: Vec<OsString> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.is_empty() || names.iter().any(|name| name != "schema")
}

/// Runs what waits for something: the journal, the network.
fn run_async<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?
        .block_on(work)
}

/// The language of the process's locale, English when it is another.
fn locale() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| value.parse().ok())
        .unwrap_or(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_of_schemas_alone_is_no_base() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_base(folder.path()), "an empty one is told to be empty");
        std::fs::create_dir(folder.path().join("schema")).unwrap();
        assert!(!is_base(folder.path()));
        std::fs::write(folder.path().join("sources.toml"), "").unwrap();
        assert!(is_base(folder.path()));
        assert!(!is_base(&folder.path().join("nothing")));
    }

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
