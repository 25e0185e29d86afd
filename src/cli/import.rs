//! `import`: knowledge files from the JSON document that `export` writes, checked before they are
//! written.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use crate::cli::write::write_new;
use crate::cli::{Common, DONE, FINDINGS};
use crate::clock::today;
use crate::knowledge::{Diagnostic, Portable, render};
use crate::live::{Refused, Scrutiny, Snapshot};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The document; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder to write, new or empty
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Write the files even if there are errors in them, to mend them there
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let shown = options.file.display();
    let json = read(&options.file).with_context(|| format!("reading {shown}"))?;
    let portable = Portable::from_json(&json).with_context(|| format!("reading {shown}"))?;
    let folder = portable
        .into_folder()
        .with_context(|| format!("reading {shown}"))?;
    let diagnostics = match Snapshot::load(&folder, Scrutiny::Proven, today()) {
        Ok(snapshot) => snapshot.warnings,
        Err(Refused(diagnostics)) => diagnostics,
    };
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let colour = common.colour(&std::io::stderr());
    eprint!("{}", render(&diagnostics, &folder, colour));
    if broken && !options.force {
        eprintln!("\nnothing was written; places are those in the files that --force writes");
        return Ok(FINDINGS);
    }
    let mut files = Vec::with_capacity(folder.files.len());
    for file in &folder.files {
        let text = std::str::from_utf8(&file.bytes).context("a file made from JSON is UTF-8")?;
        files.push((&*file.path, text));
    }
    write_new(&options.output, files).context("importing")?;
    println!(
        "{} files in {}",
        folder.files.len(),
        options.output.display()
    );
    Ok(if broken { FINDINGS } else { DONE })
}

fn read(path: &Path) -> std::io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text)?;
        Ok(text)
    } else {
        std::fs::read_to_string(path)
    }
}
