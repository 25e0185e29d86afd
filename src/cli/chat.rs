//! `chat`: the bot in the terminal, with the commands it has in Discord.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Completer, Editor, Helper, Highlighter, Hinter, Validator};

use crate::cli::layout::Layout;
use crate::cli::place::state_directory;
use crate::cli::{Common, DONE, locale};
use crate::clock::today;
use crate::commands::{self, Command};
use crate::engine::{Engine, Memory};
use crate::lang::{Lang, UnknownLang};
use crate::reply::{Reply, Words};

/// Lines of the history that are kept.
const HISTORY_LINES: usize = 500;
/// What Tab completes.
const COMMANDS: [&str; 7] = [
    "/cara ask ",
    "/cara history",
    "/cara about ",
    "/cara sources",
    "/cara help",
    "/lang ",
    "/quit",
];

#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Language of the replies [default: that of each question]
    #[arg(long, value_name = "en|fr")]
    lang: Option<Lang>,
}

/// Completes commands.
#[derive(Helper, Hinter, Highlighter, Validator, Completer)]
struct Completion {
    #[rustyline(Completer)]
    commands: Commands,
}

struct Commands;

impl rustyline::completion::Completer for Commands {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or(line);
        let fitting = COMMANDS
            .iter()
            .filter(|command| typed.starts_with('/') && command.starts_with(typed));
        Ok((0, fitting.map(|command| (*command).to_owned()).collect()))
    }
}

/// One conversation.
struct Chat<'e> {
    engine: &'e Engine,
    layout: Layout,
    lang: Option<Lang>,
    memory: Memory,
}

/// Whether a line begins with this word, in capitals or not.
fn is_word(line: &str, word: &str) -> bool {
    let first = line.split_whitespace().next();
    first.is_some_and(|first| first.eq_ignore_ascii_case(word))
}

/// What a line leads to.
enum Turn {
    Say(String),
    Quit,
}

impl Chat<'_> {
    fn turn(&mut self, line: &str) -> Turn {
        match line.trim() {
            way_out
                if ["/quit", "/exit", "/q"]
                    .iter()
                    .any(|word| is_word(way_out, word)) =>
            {
                return Turn::Quit;
            }
            language if is_word(language, "/lang") => {
                let typed = language["/lang".len()..].trim();
                if typed.is_empty() {
                    return Turn::Say(format!("{}\n", self.words().languages()));
                }
                return Turn::Say(match typed.parse() {
                    Ok(lang) => {
                        self.lang = Some(lang);
                        format!("→ {lang}\n")
                    }
                    Err(UnknownLang(_)) => format!("{}\n", self.words().unknown_language(typed)),
                });
            }
            _ => {}
        }
        match Command::parse(line) {
            Ok(command) => {
                let locale = self.memory.language.unwrap_or_else(locale);
                let replied = commands::run(
                    self.engine,
                    &command,
                    self.lang,
                    locale,
                    &self.memory,
                    today(),
                );
                if let Some(outcome) = replied.outcome {
                    self.memory = outcome.memory;
                }
                let mut said = self.layout.reply(&replied.reply);
                if command == Command::Help {
                    said.push_str(&format!("\n{}\n", self.words().in_the_terminal()));
                }
                Turn::Say(said)
            }
            Err(error) => Turn::Say(format!("{}\n", self.words().bad_command(&error))),
        }
    }

    fn greeting(&self) -> String {
        let words = self.words();
        let help = Reply::help(self.engine.knowledge(), &[], words.0);
        format!("{} {}", help.lead, words.way_out())
    }

    /// In the language that was chosen, else that of the last question, else that of the system.
    fn words(&self) -> Words {
        let chosen = self.lang.or(self.memory.language);
        Words(chosen.unwrap_or_else(locale))
    }
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let snapshot = common.load()?;
    let mut chat = Chat {
        engine: &snapshot.engine,
        layout: Layout {
            colour: common.colour(&std::io::stdout()),
        },
        lang: options.lang,
        memory: Memory::default(),
    };
    if std::io::stdin().is_terminal() {
        interactive(&mut chat)?;
    } else {
        piped(&mut chat)?;
    }
    Ok(DONE)
}

fn interactive(chat: &mut Chat<'_>) -> anyhow::Result<()> {
    let config = rustyline::Config::builder()
        .max_history_size(HISTORY_LINES)?
        .auto_add_history(true)
        .build();
    let mut editor: Editor<Completion, FileHistory> = Editor::with_config(config)?;
    editor.set_helper(Some(Completion { commands: Commands }));
    let history = history_file();
    if let Some(path) = &history {
        // No history yet is the usual first start.
        let _ = editor.load_history(path);
    }
    println!("{}\n", chat.greeting());
    loop {
        match editor.readline(chat.words().prompt()) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => match chat.turn(&line) {
                Turn::Say(text) => println!("\n{text}"),
                Turn::Quit => break,
            },
            // Ctrl-C drops the line, Ctrl-D leaves.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(path) = &history {
        let saved = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .map_err(ReadlineError::from);
        if let Err(error) = saved.and_then(|()| editor.save_history(path)) {
            tracing::warn!(%error, "chat history not saved");
        }
    }
    Ok(())
}

fn piped(chat: &mut Chat<'_>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() {
            continue;
        }
        match chat.turn(&line) {
            Turn::Say(text) => writeln!(out, "{text}")?,
            Turn::Quit => break,
        }
    }
    Ok(())
}

/// Where typed lines are kept between chats: `CARA_DATA`, else the user's state directory.
fn history_file() -> Option<PathBuf> {
    std::env::var_os("CARA_DATA")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(state_directory)
        .map(|directory| directory.join("chat-history"))
}
