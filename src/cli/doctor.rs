//! `doctor`: what is wrong with this installation, and how to mend it.

use std::io::Write as _;

use clap::Args;

use crate::cli::connection::ConnectionOptions;
use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, FINDINGS, run_async};
use crate::clock::today;
use crate::discord::doctor::{Finding, examine};
use crate::journal::Journal;
use crate::live::{Refused, Scrutiny, Snapshot};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    connection: ConnectionOptions,
    #[command(flatten)]
    place: PlaceOptions,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let findings = run_async(async {
        let mut findings = match options.connection.settings(&options.place) {
            Ok(settings) => examine(&settings).await,
            Err(error) => vec![Finding::bad(
                "settings",
                format!("{error:#}"),
                "mend it and ask again",
            )],
        };
        findings.push(knowledge(common));
        findings.extend(data(&options.place).await);
        Ok(findings)
    })?;
    let mut out = std::io::stdout().lock();
    let colour = common.colour(&std::io::stdout());
    for finding in &findings {
        writeln!(out, "{}", line(finding, colour))?;
    }
    let healthy = findings.iter().all(|finding| finding.remedy.is_none());
    Ok(if healthy { DONE } else { FINDINGS })
}

fn knowledge(common: &Common) -> Finding {
    let loaded = common
        .folder()
        .map(|folder| Snapshot::load(&folder, Scrutiny::Proven, today()));
    match loaded {
        Ok(Ok(snapshot)) => {
            let facts = snapshot.engine.knowledge().facts.len();
            let (right, asked) = snapshot.golden.unwrap_or_default();
            Finding::good(
                "knowledge",
                format!("{facts} facts, golden questions {right}/{asked}"),
            )
        }
        Ok(Err(Refused(found))) => {
            let errors = found.iter().filter(|one| one.is_error()).count();
            Finding::bad(
                "knowledge",
                format!("{errors} errors"),
                "`cara-bot check` shows them with their lines",
            )
        }
        Err(error) => Finding::bad(
            "knowledge",
            error.to_string(),
            "name the folder with --knowledge or CARA_KNOWLEDGE",
        ),
    }
}

async fn data(place: &PlaceOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    match place.directory() {
        Ok(directory) => {
            let probe = directory.join(".doctor");
            let written = std::fs::create_dir_all(&directory)
                .and_then(|()| std::fs::write(&probe, b""))
                .and_then(|()| std::fs::remove_file(&probe));
            findings.push(match written {
                Ok(()) => Finding::good("data", format!("{} can be written", directory.display())),
                Err(error) => Finding::bad(
                    "data",
                    format!("{}: {error}", directory.display()),
                    "make it writable for this user, or name another with CARA_DATA",
                ),
            });
        }
        Err(error) => {
            findings.push(Finding::bad(
                "data",
                error.to_string(),
                "name one with CARA_DATA",
            ));
        }
    }
    findings.push(match place.place() {
        Ok(kept) => match Journal::open(kept.clone()).await {
            Ok(journal) => {
                journal.close().await;
                Finding::good("journal", format!("{kept} can be used"))
            }
            Err(error) => Finding::bad(
                "journal",
                format!("{kept}: {:#}", anyhow::Error::from(error)),
                "check that the database runs and may be written, or the address in DATABASE_URL",
            ),
        },
        Err(error) => Finding::bad(
            "journal",
            error.to_string(),
            "check DATABASE_URL and CARA_DATA",
        ),
    });
    findings
}

fn line(finding: &Finding, colour: bool) -> String {
    let (mark, code) = if finding.remedy.is_none() {
        ("good", "32")
    } else {
        ("BAD ", "31")
    };
    let mark = if colour {
        format!("\x1b[1;{code}m{mark}\x1b[0m")
    } else {
        mark.to_owned()
    };
    let mut line = format!("{mark}  {:<12} {}", finding.what, finding.found);
    if let Some(remedy) = &finding.remedy {
        line.push_str(&format!("\n      {:<12} → {remedy}", ""));
    }
    line
}
