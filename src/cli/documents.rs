//! `documents`: knowledge files into the shared database, and out of it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::cli::place::PlaceOptions;
use crate::cli::write::write_new;
use crate::cli::{Common, DONE, FINDINGS, run_async};
use crate::clock::today;
use crate::journal::{Documents, DocumentsError, Journal, Place};
use crate::knowledge::{Folder, render};
use crate::live::{Refused, Scrutiny, Snapshot};

/// What is said when nothing was pushed yet.
pub(crate) const EMPTY: &str =
    "there are no documents in the database; `cara-bot documents push` puts them there";

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    place: PlaceOptions,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make the documents in the database those of the knowledge folder, and tell every replica
    Push,
    /// Write the documents of the database into a folder
    Pull {
        /// The folder; it must be new or empty
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    run_async(async {
        let journal: Journal = options.place.journal().await?;
        let documents = journal.documents()?;
        let done = match &options.action {
            Action::Push => push(&documents, common).await,
            Action::Pull { directory } => pull(&documents, directory).await,
        };
        journal.close().await;
        done
    })
}

/// Pushes a base that can be served; any other would be refused by every replica.
async fn push(documents: &Documents, common: &Common) -> anyhow::Result<u8> {
    anyhow::ensure!(
        !common.is_shared(),
        "what is in the database is there already; name the folder to push with --knowledge"
    );
    let folder = common.folder()?;
    if let Err(Refused(diagnostics)) = Snapshot::load(&folder, Scrutiny::Proven, today()) {
        let colour = common.colour(&std::io::stderr());
        eprint!("{}", render(&diagnostics, &folder, colour));
        eprintln!("\nnothing was pushed");
        return Ok(FINDINGS);
    }
    let before = documents.generation().await?;
    let generation = documents.replace(&folder).await?;
    if generation == before {
        println!("generation {generation}: nothing has changed");
    } else {
        println!("generation {generation}: {} documents", folder.files.len());
    }
    Ok(DONE)
}

/// The documents of the database that the environment names.
pub(crate) fn read_shared() -> anyhow::Result<Folder> {
    let read = || {
        run_async(async {
            let place = PlaceOptions::default().place()?;
            // Not opened, which would make a file that nobody asked for.
            anyhow::ensure!(
                matches!(place, Place::Postgres(_)),
                DocumentsError::NotShared
            );
            let journal = Journal::open(place).await?;
            let documents = journal.documents()?;
            let read = documents.read().await?;
            journal.close().await;
            anyhow::ensure!(!read.documents.is_empty(), EMPTY);
            Ok(read.folder())
        })
    };
    // On a thread of its own: whoever wants a folder may be waiting for something else already.
    std::thread::scope(|scope| scope.spawn(read).join())
        .unwrap_or_else(|_| anyhow::bail!("reading the documents was broken off"))
}

async fn pull(documents: &Documents, directory: &Path) -> anyhow::Result<u8> {
    let read = documents.read().await?;
    anyhow::ensure!(!read.documents.is_empty(), EMPTY);
    let texts = read
        .documents
        .iter()
        .map(|document| (document.path.as_str(), document.content.as_str()));
    write_new(directory, texts).context("pulling the documents")?;
    println!(
        "generation {}: {} documents",
        read.generation,
        read.documents.len()
    );
    Ok(DONE)
}
