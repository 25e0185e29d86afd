//! `timeline`: the drawn timeline as a file.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Common, DONE, FINDINGS, locale};
use crate::commands::{UnknownPeriod, milestones};
use crate::lang::Lang;
use crate::reply::Reply;
use crate::reply::timeline::{self, TimelineError};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only what happened then: 2012, 2015-2018
    #[arg(value_name = "PERIOD")]
    period: Vec<String>,
    /// Language of the picture [default: that of the system]
    #[arg(long, value_name = "en|fr")]
    lang: Option<Lang>,
    /// Which page of a long timeline, from 1
    #[arg(long, value_name = "N", default_value = "1")]
    page: std::num::NonZeroUsize,
    /// The PNG file to write
    #[arg(long, short, value_name = "FILE.png")]
    output: PathBuf,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let ending = options.output.extension();
    if !ending.is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
        anyhow::bail!(
            "the picture is a PNG: give it a name that ends in .png, not {}",
            options.output.display()
        );
    }
    let snapshot = common.load()?;
    let engine = &snapshot.engine;
    let lang = options.lang.unwrap_or_else(locale);
    let period = options.period.join(" ");
    let found = match milestones(engine, Some(&period)) {
        Ok(found) => found,
        Err(UnknownPeriod(typed)) => {
            let reply = Reply::unknown_period(engine.knowledge(), &typed, lang);
            eprintln!("cara-bot: {}", reply.text());
            return Ok(FINDINGS);
        }
    };
    let knowledge = engine.knowledge();
    let title = timeline::title(knowledge, found.period.as_ref(), lang);
    let page = options.page.get() - 1;
    let picture = match timeline::draw(knowledge, &found.facts, page, lang, &title) {
        Ok(picture) => picture,
        Err(error @ (TimelineError::Empty | TimelineError::NoSuchPage { .. })) => {
            eprintln!("cara-bot: {error}");
            return Ok(FINDINGS);
        }
        Err(error) => return Err(error.into()),
    };
    std::fs::write(&options.output, &picture.png)
        .with_context(|| format!("writing {}", options.output.display()))?;
    println!("{}", picture.alt);
    Ok(DONE)
}
