//! `check`: everything wrong with the knowledge files, in one run.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::cli::{Common, DONE, FINDINGS};
use crate::clock::today;
use crate::knowledge::{Folder, render};
use crate::live::{Refused, Scrutiny, Snapshot};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder to check [default: as --knowledge]
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Print one JSON array of diagnostics
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let folder = match &options.directory {
        Some(directory) => Folder::read(directory)?,
        None => common.folder()?,
    };
    let cache = common.cache();
    let loaded = Snapshot::load_with(&folder, Scrutiny::Proven, today(), cache.as_ref());
    let (diagnostics, summary) = match loaded {
        Ok(snapshot) => {
            let knowledge = snapshot.engine.knowledge();
            let samples = match knowledge.samples.len() {
                0 => String::new(),
                some => format!(", {}", counted(some, "sample")),
            };
            let summary = format!(
                "{}, {}, {}, {}, {}{samples}: no errors, {}, {} ms",
                counted(knowledge.facts.len(), "fact"),
                plural(knowledge.entities.len(), "entity", "entities"),
                counted(knowledge.relations.len(), "relation"),
                counted(knowledge.sources.len(), "source"),
                counted(knowledge.golden.len(), "golden question"),
                counted(snapshot.warnings.len(), "warning"),
                snapshot.took.as_millis(),
            );
            (snapshot.warnings, Some(summary))
        }
        Err(Refused(diagnostics)) => (diagnostics, None),
    };
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .count();
    let warnings = diagnostics.len() - errors;
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&diagnostics)?)?;
    } else {
        write!(
            out,
            "{}",
            render(&diagnostics, &folder, common.colour(&std::io::stdout()))
        )?;
        if !diagnostics.is_empty() {
            writeln!(out)?;
        }
        let found = || {
            format!(
                "{}, {}",
                counted(errors, "error"),
                counted(warnings, "warning")
            )
        };
        writeln!(out, "{}", summary.unwrap_or_else(found))?;
    }
    Ok(if errors == 0 { DONE } else { FINDINGS })
}

/// "1 error", "2 errors".
fn counted(count: usize, what: &str) -> String {
    plural(count, what, &format!("{what}s"))
}

fn plural(count: usize, one: &str, several: &str) -> String {
    let what = if count == 1 { one } else { several };
    format!("{count} {what}")
}
