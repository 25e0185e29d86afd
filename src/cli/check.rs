//! `check`: everything wrong with the knowledge files, in one run.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::cli::{Common, DONE, FINDINGS, today};
use crate::knowledge::diagnostic::Diagnostic;
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
    let folder = options.directory.as_ref().map_or_else(|| common.folder(), |directory| Folder::read(directory))?;
    let (diagnostics, summary) = match Snapshot::load(&folder, Scrutiny::Proven, today()) {
        Ok(snapshot) => {
            let knowledge = snapshot.engine.knowledge();
            let summary = format!(
                "{} facts, {} entities, {} relations, {} sources, {} golden questions: no errors, {} warnings, {} ms",
                knowledge.facts.len(),
                knowledge.entities.len(),
                knowledge.relations.len(),
                knowledge.sources.len(),
                knowledge.golden.len(),
                snapshot.warnings.len(),
                snapshot.took.as_millis(),
            );
            (snapshot.warnings, Some(summary))
        }
        Err(Refused(diagnostics)) => (diagnostics, None),
    };
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&diagnostics)?)?;
    } else {
        write!(out, "{}", render(&diagnostics, &folder, common.colour(&std::io::stdout())))?;
        writeln!(out, "{}", summary.unwrap_or_else(|| format!("{errors} errors, {warnings} warnings")))?;
    }
    Ok(if errors == 0 { DONE } else { FINDINGS })
}
