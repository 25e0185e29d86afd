//! `schema`: the JSON Schemas of the knowledge files, so that editors complete and check them.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::DONE;
use crate::knowledge::schemas;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder to write to
    #[arg(value_name = "DIR", default_value = "knowledge/schema")]
    directory: PathBuf,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<u8> {
    std::fs::create_dir_all(&options.directory)
        .with_context(|| format!("creating {}", options.directory.display()))?;
    for (name, schema) in schemas() {
        let path = options.directory.join(name);
        let text = serde_json::to_string_pretty(&schema)? + "\n";
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(DONE)
}
