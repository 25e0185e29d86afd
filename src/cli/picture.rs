//! `picture`: questions and their answers as members see them in a chat, as a file for documents.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Common, DONE, locale};
use crate::clock::today;
use crate::commands::{self, Command};
use crate::discord::layout::{self, Asked};
use crate::discord::message::{Message, Row, Style};
use crate::engine::{Engine, Memory, Verdict};
use crate::lang::Lang;
use crate::picture;
use crate::picture::chat::Post;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What a member writes, one argument for each message
    #[arg(required = true, value_name = "QUESTION")]
    questions: Vec<String>,
    /// Language of the replies [default: that of each question]
    #[arg(long, value_name = "en|fr")]
    lang: Option<Lang>,
    /// The member's name
    #[arg(long, value_name = "NAME", default_value = "Camille")]
    member: String,
    /// The PNG file to write
    #[arg(long, short, value_name = "FILE.png")]
    output: PathBuf,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let snapshot = common.load()?;
    let engine = &snapshot.engine;
    let locale = options.lang.unwrap_or_else(locale);
    let mut memory = Memory::default();
    let mut posts = Vec::new();
    for question in &options.questions {
        let (message, next) = answer(engine, question, options.lang, locale, &memory);
        memory = next;
        posts.push(Post {
            who: options.member.clone(),
            ours: false,
            text: format!("@{} {question}", name(engine, locale)),
            buttons: Vec::new(),
        });
        posts.push(Post {
            who: name(engine, locale),
            ours: true,
            buttons: message.rows.iter().filter_map(buttons).collect(),
            text: message.content,
        });
    }
    let png = picture::to_png(&picture::chat::draw(&posts, locale))?;
    std::fs::write(&options.output, png)
        .with_context(|| format!("writing {}", options.output.display()))?;
    Ok(DONE)
}

/// What the bot posts in answer to a mention, and what the conversation is then about.
fn answer(
    engine: &Engine,
    question: &str,
    lang: Option<Lang>,
    locale: Lang,
    memory: &Memory,
) -> (Message, Memory) {
    let command = Command::Ask {
        question: question.to_owned(),
    };
    let replied = commands::run(engine, &command, lang, locale, memory, today());
    let fact = replied
        .outcome
        .as_ref()
        .and_then(|outcome| match &outcome.verdict {
            Verdict::Answer(answer) => answer.facts.first(),
            Verdict::Offer(_) | Verdict::Unknown(_) => None,
        })
        .map(|fact| engine.knowledge()[*fact].id.as_str());
    let asked = Asked {
        question: None,
        asker: 0,
        private: false,
    };
    let message = layout::answer(&replied.reply, fact, &asked);
    let memory = replied.outcome.map(|outcome| outcome.memory);
    (message, memory.unwrap_or_default())
}

/// What the bot is called: as what it knows most of.
fn name(engine: &Engine, lang: Lang) -> String {
    let main = engine
        .knowledge()
        .entities
        .iter()
        .find(|entity| entity.main);
    main.map_or_else(
        || "cara-bot".to_owned(),
        |entity| entity.name.get(lang).clone(),
    )
}

/// The labels of a row of buttons, each with its ground.
fn buttons(row: &Row) -> Option<Vec<(String, &'static str)>> {
    let Row::Buttons(buttons) = row else {
        return None;
    };
    let ground = |style| match style {
        Style::Primary => "#4752c4",
        Style::Secondary => "#4e5058",
        Style::Success => "#1f7a45",
        Style::Danger => "#b3292e",
    };
    Some(
        buttons
            .iter()
            .map(|button| (button.label.clone(), ground(button.style)))
            .collect(),
    )
}
