//! `journal`: the revisions of the knowledge, for people and for programs.

use std::io::Write as _;

use clap::Args;
use similar::{ChangeTag, TextDiff};

use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, run_async};
use crate::journal::{Journal, Revision, RevisionId, RevisionState};
use crate::lang::Lang;
use crate::reply::Words;

/// Revisions are read in parts, so that a long history does not have to fit into memory.
const PART: u32 = 200;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object a line, oldest first, also of what was abandoned
    #[arg(long)]
    json: bool,
    /// Only the revisions of this fact
    #[arg(long, value_name = "ID")]
    fact: Option<String>,
    #[command(flatten)]
    place: PlaceOptions,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    run_async(async {
        let journal = options.place.journal().await?;
        let printed = print(&journal, options, common.colour(&std::io::stdout())).await;
        journal.close().await;
        printed.map(|()| DONE)
    })
}

async fn print(journal: &Journal, options: &Options, colour: bool) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut write = |revision: &Revision| -> anyhow::Result<()> {
        if options.json {
            serde_json::to_writer(&mut out, revision)?;
            out.write_all(b"\n")?;
        } else {
            write!(out, "{}", shown(revision, colour))?;
        }
        Ok(())
    };
    if let Some(fact) = &options.fact {
        for revision in journal.history(fact).await?.iter().rev() {
            write(revision)?;
        }
    } else {
        let mut last = RevisionId(0);
        loop {
            let part = journal.revisions(last, PART).await?;
            let Some(end) = part.last() else { break };
            last = end.id;
            for revision in &part {
                write(revision)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// A revision as a person reads it: a heading, and each entry's lines that differ.
fn shown(revision: &Revision, colour: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let mut heading = format!(
        "{} · {} · {} · by {}",
        revision.id, revision.at, revision.kind, revision.by
    );
    if let Some(undone) = revision.undoes {
        heading += &format!(" · undoes {undone}");
    }
    if let Some(by) = revision.undone_by {
        heading += &format!(" · undone by {by}");
    }
    if revision.state != RevisionState::Done {
        heading += &format!(" · {}", revision.state);
    }
    let mut text = paint("1", &heading) + "\n";
    text += &format!("  {}\n", Words(Lang::En).why(revision));
    if let Some(trouble) = &revision.trouble {
        text += &format!("  {trouble}\n");
    }
    for change in &revision.changes {
        let target = &change.target;
        text += &format!("  {} `{}` in {}\n", target.kind, target.id, change.file);
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let difference =
            TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        for line in difference.iter_all_changes() {
            let (sign, code) = match line.tag() {
                ChangeTag::Equal => continue,
                ChangeTag::Delete => ("-", "31"),
                ChangeTag::Insert => ("+", "32"),
            };
            text += &paint(
                code,
                &format!("  {sign} {}", line.value().trim_end_matches('\n')),
            );
            text.push('\n');
        }
    }
    text.push('\n');
    text
}
