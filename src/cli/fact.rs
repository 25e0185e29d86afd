//! `fact`: show, add, edit, retire, restore, history, undo.

use std::io::Write as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::cli::moderate::{Decision, Desk, Outcome, at_desk};
use crate::cli::{Common, DONE, FINDINGS};
use crate::journal::RevisionId;
use crate::knowledge::edit::{Field, Setting};
use crate::moderation::{Edit, Request};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a fact as it stands in its file
    Show {
        /// Its id
        fact: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Add a fact: by --set, or in $EDITOR
    Add {
        /// Its id
        fact: String,
        /// The file it goes to, such as facts/history.toml [default: that of facts about the same]
        #[arg(long, value_name = "PATH")]
        file: Option<String>,
        #[command(flatten)]
        set: Set,
        #[command(flatten)]
        decision: Decision,
    },
    /// Change a fact: by --set, or in $EDITOR
    Edit {
        /// Its id
        fact: String,
        #[command(flatten)]
        set: Set,
        #[command(flatten)]
        decision: Decision,
    },
    /// Take a fact out of use; it is kept in the journal
    Retire {
        /// Its id
        fact: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Put a retired fact back
    Restore {
        /// Its id
        fact: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Show what was changed about a fact, by whom and why
    History {
        /// Its id
        fact: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Take a revision back, of any age
    Undo {
        /// Its number
        revision: RevisionId,
        #[command(flatten)]
        decision: Decision,
    },
}

#[derive(Debug, Args)]
struct Set {
    /// A field and what it is to hold, such as answer.en="…"; nothing after = takes it out. Several
    /// phrasings have a line each, several ids a comma between them
    #[arg(long, value_name = "FIELD=TEXT", value_parser = setting)]
    set: Vec<Setting>,
}

fn setting(argument: &str) -> Result<Setting, String> {
    let (field, typed) = argument
        .split_once('=')
        .ok_or_else(|| "write FIELD=TEXT".to_owned())?;
    let field: Field = field.parse().map_err(|error| format!("{error}"))?;
    field.typed(typed).map_err(|error| error.to_string())
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    match &options.action {
        Action::Show { fact, decision } => at_desk(common, decision, async |desk| {
            match desk.moderation.open(fact).await {
                Ok(opened) => {
                    desk.print(&format!("# {}\n{}", opened.path, opened.text))?;
                    Ok(DONE)
                }
                Err(refusal) => {
                    eprintln!("cara-bot: {}", desk.words.refusal(&refusal));
                    Ok(FINDINGS)
                }
            }
        }),
        Action::Add {
            fact,
            file,
            set,
            decision,
        } => at_desk(common, decision, async |desk| {
            if set.set.is_empty() {
                return add_in_editor(desk, fact, file.as_deref()).await;
            }
            let edit = Edit::AddFact {
                fact: fact.clone(),
                path: file.clone(),
                settings: set.set.clone(),
                question: None,
            };
            desk.decide(edit.into()).await
        }),
        Action::Edit {
            fact,
            set,
            decision,
        } => at_desk(common, decision, async |desk| {
            if set.set.is_empty() {
                return edit_in_editor(desk, fact).await;
            }
            let edit = Edit::SetFact {
                fact: fact.clone(),
                settings: set.set.clone(),
            };
            desk.decide(edit.into()).await
        }),
        Action::Retire { fact, decision } => at_desk(common, decision, async |desk| {
            desk.decide(Edit::Retire { fact: fact.clone() }.into())
                .await
        }),
        Action::Restore { fact, decision } => at_desk(common, decision, async |desk| {
            desk.decide(Edit::Restore { fact: fact.clone() }.into())
                .await
        }),
        Action::History { fact, decision } => {
            at_desk(common, decision, async |desk| history(desk, fact).await)
        }
        Action::Undo { revision, decision } => at_desk(common, decision, async |desk| {
            let revision = *revision;
            desk.decide(Edit::Undo { revision }.into()).await
        }),
    }
}

async fn history(desk: &Desk, fact: &str) -> anyhow::Result<u8> {
    let revisions = desk.moderation.journal().history(fact).await?;
    if revisions.is_empty() {
        if let Err(refusal) = desk.moderation.open(fact).await {
            eprintln!("cara-bot: {}", desk.words.refusal(&refusal));
            return Ok(FINDINGS);
        }
        desk.print(&desk.pick(
            format!("Nothing about `{fact}` was changed by the bot.\n"),
            format!("Le bot n'a rien changé à `{fact}`.\n"),
        ))?;
        return Ok(DONE);
    }
    for revision in &revisions {
        let heading = format!(
            "{} · {} · {} · {}",
            revision.id,
            revision.at,
            desk.words.revision_kind(revision.kind),
            desk.words.author(revision.by),
        );
        let mut text = desk.layout.paint("1", &heading);
        text.push('\n');
        text.push_str(&format!("  {}\n", desk.words.why(revision)));
        for change in &revision.changes {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            text.push_str(&format!("{} `{}`\n", change.target.kind, change.target.id));
            text.push_str(&desk.difference(before, after));
        }
        text.push('\n');
        desk.print(&text)?;
    }
    Ok(DONE)
}

/// Opens a fact in the editor, as often as it takes.
async fn edit_in_editor(desk: &Desk, fact: &str) -> anyhow::Result<u8> {
    let opened = match desk.moderation.open(fact).await {
        Ok(opened) => opened,
        Err(refusal) => {
            eprintln!("cara-bot: {}", desk.words.refusal(&refusal));
            return Ok(FINDINGS);
        }
    };
    let mut text = opened.text.clone();
    loop {
        text = in_editor(fact, &text)?;
        let request = Request {
            edit: Edit::RewriteFact {
                fact: fact.to_owned(),
                text: text.clone(),
            },
            base: Some(opened.version.clone()),
            settles: None,
            accept: false,
        };
        match desk.decide_or_again(request, true).await {
            Ok(Outcome::Again) => {}
            Ok(Outcome::Over(DONE)) => return Ok(DONE),
            other => return kept(desk, fact, (&opened.text, &text), other),
        }
    }
}

/// Opens the beginnings of a fact in the editor, as often as it takes.
async fn add_in_editor(desk: &Desk, fact: &str, file: Option<&str>) -> anyhow::Result<u8> {
    let blank = format!(
        "[[fact]]\nid = \"{fact}\"\nsubject = \"\"\nanswer.en = \"\"\nanswer.fr = \"\"\nsources = [\"\"]\nphrasings.en = [\"\"]\nphrasings.fr = [\"\"]\n"
    );
    let mut text = blank.clone();
    loop {
        text = in_editor(fact, &text)?;
        let edit = Edit::AddFactText {
            path: file.map(str::to_owned),
            text: text.clone(),
        };
        match desk.decide_or_again(edit.into(), true).await {
            Ok(Outcome::Again) => {}
            Ok(Outcome::Over(DONE)) => return Ok(DONE),
            other => return kept(desk, fact, (&blank, &text), other),
        }
    }
}

/// What somebody made of a text in the editor outlives the program where it is not made.
fn kept(
    desk: &Desk,
    fact: &str,
    (before, after): (&str, &str),
    outcome: anyhow::Result<Outcome>,
) -> anyhow::Result<u8> {
    if before != after {
        let mut file = tempfile::Builder::new()
            .prefix(&format!("cara-bot-{}-", safe(fact)))
            .suffix(".toml")
            .tempfile()?;
        file.write_all(after.as_bytes())?;
        let (_, path) = file.keep()?;
        let said = desk.pick("What you wrote is kept in", "Votre texte est gardé dans");
        eprintln!("{said} {}", path.display());
    }
    match outcome? {
        Outcome::Over(code) => Ok(code),
        Outcome::Again => Ok(FINDINGS),
    }
}

/// Lets somebody edit a text in their editor.
fn in_editor(name: &str, text: &str) -> anyhow::Result<String> {
    let named = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let editor = named("VISUAL").or_else(|| named("EDITOR")).context(
        "no editor is named: set EDITOR, such as EDITOR=nano, or give the fields by --set",
    )?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(format!("{}.toml", safe(name)));
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    // Editors are named with their options: `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().context("EDITOR is empty")?;
    let status = std::process::Command::new(program)
        .args(words)
        .arg(&path)
        .status()
        .with_context(|| format!("starting the editor `{program}`"))?;
    anyhow::ensure!(
        status.success(),
        "the editor `{program}` failed; nothing was changed"
    );
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    String::from_utf8(bytes).context("what the editor saved is not UTF-8")
}

/// What of a name may stand in a path.
fn safe(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(80)
        .collect()
}
