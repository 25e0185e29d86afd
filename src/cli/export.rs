//! `export`: the whole base as one JSON document.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Common, DONE};
use crate::knowledge::Portable;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let json = Portable::from_folder(&common.folder()?)?.to_json();
    match &options.output {
        Some(path) => {
            std::fs::write(path, json).with_context(|| format!("writing {}", path.display()))?;
        }
        None => std::io::stdout().lock().write_all(json.as_bytes())?,
    }
    Ok(DONE)
}
