//! `doctor`: what is wrong with this installation, and how to mend it.

use std::io::Write as _;

use clap::Args;

use crate::cli::connection::{ConnectionOptions, token_is_set};
use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, FINDINGS, run_async};
use crate::clock::today;
use crate::discord::doctor::{Finding, examine};
use crate::discord::settings::BadSetting;
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
            Err(error) => vec![settings(&error)],
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

/// Where a token comes from, and how it is given.
const TOKEN_STEPS: &str = "\
1. open https://discord.com/developers/applications and press “New Application”, or choose the one you have
2. on its page “Bot” press “Reset Token” and copy the token: Discord shows it once
3. give it to cara-bot, never as an argument: in the environment as DISCORD_TOKEN, or alone in a file
   that only you can read (chmod 600), named by DISCORD_TOKEN_FILE or --token-file
4. run `cara-bot doctor` again: it shows the link that adds the bot to your server";

/// Settings that cannot be used; most often there is no token yet.
fn settings(error: &anyhow::Error) -> Finding {
    match error.downcast_ref::<BadSetting>() {
        Some(BadSetting::Token { .. }) if !token_is_set() => {
            Finding::bad("token", "there is none yet", TOKEN_STEPS)
        }
        Some(BadSetting::Token { from }) => {
            Finding::bad("token", format!("{from} holds none"), TOKEN_STEPS)
        }
        Some(BadSetting::TokenFile { .. }) => Finding::bad(
            "token",
            format!("{error:#}"),
            "check the name in DISCORD_TOKEN_FILE or --token-file, and that this user may read the file",
        ),
        _ => Finding::bad("settings", format!("{error:#}"), "mend it and ask again"),
    }
}

fn knowledge(common: &Common) -> Finding {
    let cache = common.cache();
    let loaded = common
        .folder()
        .map(|folder| Snapshot::load_with(&folder, Scrutiny::Proven, today(), cache.as_ref()));
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
        let mut lead = "→";
        for step in remedy.lines() {
            line.push_str(&format!("\n      {:<12} {lead} {step}", ""));
            lead = " ";
        }
    }
    line
}
