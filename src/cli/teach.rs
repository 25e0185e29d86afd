//! `teach`, `refuse` and `alias`: what the bot is to understand, and what it is not to answer.

use clap::Args;

use crate::cli::moderate::{Decision, Desk, at_desk};
use crate::cli::{Common, locale};
use crate::clock::today;
use crate::engine::{Memory, Question};
use crate::journal::QuestionId;
use crate::lang::Lang;
use crate::moderation::{Asked, Edit, Request};

#[derive(Debug, Args)]
pub(crate) struct TeachOptions {
    /// The question, in quotes
    question: String,
    /// Id of the fact that answers it
    fact: String,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
pub(crate) struct RefuseOptions {
    /// The question, in quotes
    question: String,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
pub(crate) struct AliasOptions {
    /// Id of the entity
    entity: String,
    /// What people call it, in quotes
    name: String,
    /// Language of the name
    #[arg(long, value_name = "en|fr")]
    lang: Lang,
    #[command(flatten)]
    decision: Decision,
}

#[derive(Debug, Args)]
struct How {
    /// Language of the question [default: as it reads]
    #[arg(long, value_name = "en|fr")]
    lang: Option<Lang>,
    /// Number of the question in the queue (`cara-bot review`) that this settles
    #[arg(long, value_name = "NUMBER")]
    settles: Option<QuestionId>,
    #[command(flatten)]
    decision: Decision,
}

pub(crate) fn teach(options: &TeachOptions, common: &Common) -> anyhow::Result<u8> {
    at_desk(common, &options.how.decision, async |desk| {
        let edit = Edit::Teach {
            question: asked(desk, &options.question, options.how.lang),
            fact: options.fact.clone(),
        };
        desk.decide(options.how.request(edit)).await
    })
}

pub(crate) fn refuse(options: &RefuseOptions, common: &Common) -> anyhow::Result<u8> {
    at_desk(common, &options.how.decision, async |desk| {
        let edit = Edit::RefuseOnPurpose {
            question: asked(desk, &options.question, options.how.lang),
        };
        desk.decide(options.how.request(edit)).await
    })
}

pub(crate) fn alias(options: &AliasOptions, common: &Common) -> anyhow::Result<u8> {
    at_desk(common, &options.decision, async |desk| {
        let edit = Edit::Alias {
            entity: options.entity.clone(),
            lang: options.lang,
            name: options.name.clone(),
        };
        desk.decide(edit.into()).await
    })
}

impl How {
    fn request(&self, edit: Edit) -> Request {
        Request {
            edit,
            base: None,
            settles: self.settles,
            accept: false,
        }
    }
}

/// A question in its language: the one named, else as it reads.
pub(crate) fn asked(desk: &Desk, text: &str, lang: Option<Lang>) -> Asked {
    let read = || {
        let question = Question {
            text,
            lang: None,
            locale: locale(),
            today: today(),
        };
        let snapshot = desk.moderation.live().current();
        snapshot.engine.ask(&question, &Memory::default()).language
    };
    Asked {
        text: text.to_owned(),
        lang: lang.unwrap_or_else(read),
    }
}
