//! `eval`: figures on questions whose right answer is known.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde::de::DeserializeOwned;

use crate::cli::{Common, DONE};
use crate::clock::today;
use crate::eval::golden::{self, Counts, Report};
use crate::eval::intents;
use crate::live::got;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Questions to ask of the base, as JSON lines {"q","id"|null} with ids of facts [default: its golden
    /// questions]
    #[arg(value_name = "FILE", conflicts_with_all = ["train", "show", "cross"])]
    files: Vec<PathBuf>,
    /// Questions to learn, as JSON lines {"id","phrasings":[…]}; needs --test
    #[arg(long, value_name = "FILE", requires = "test")]
    train: Option<PathBuf>,
    /// Questions to ask, as JSON lines {"q","id"|null}; needs --train
    #[arg(long, value_name = "FILE", requires = "train")]
    test: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print each golden question that did not get its verdict
    #[arg(long, conflicts_with = "train")]
    show: bool,
    /// Print only those held out to measure with
    #[arg(long, requires = "show")]
    held_out: bool,
    /// Ask every golden question of an engine that has not learned from it: four are built, each
    /// with another quarter of them unseen (a few seconds)
    #[arg(long, conflicts_with = "train")]
    cross: bool,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    match (&options.train, &options.test) {
        (Some(train), Some(test)) => {
            let (train, test): (Vec<intents::Entry>, _) = (lines(train)?, lines(test)?);
            figures(options, &intents::measure(&train, &test, today()))?;
        }
        _ if !options.files.is_empty() => {
            let mut test = Vec::new();
            for file in &options.files {
                test.extend(lines(file)?);
            }
            let snapshot = common.load()?;
            let seconds = snapshot.took.as_secs_f64();
            let found = intents::ask(&snapshot.engine, &test, today(), seconds);
            figures(options, &found)?;
        }
        _ => {
            golden_questions(options, common)?;
        }
    }
    Ok(DONE)
}

fn figures(options: &Options, figures: &intents::Figures) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string(figures)?)?;
    } else {
        write!(out, "{}", intents_table(figures))?;
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    intents::read_lines(&text).with_context(|| format!("reading {}", path.display()))
}

fn golden_questions(options: &Options, common: &Common) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let snapshot = common.load()?;
    let engine = &snapshot.engine;
    let report = match options.cross {
        true => golden::cross_validate(engine.knowledge(), today()),
        false => golden::measure(engine.knowledge(), today()),
    };
    if options.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
        return Ok(());
    }
    write!(out, "{}", golden_table(&report))?;
    let calibration = engine.calibration();
    writeln!(
        out,
        "\ncalibrated on {} questions: answer from {:.2}, offer from {:.2}, lead {:.2}",
        calibration.questions, calibration.floor, calibration.offer_floor, calibration.margin
    )?;
    for (name, weight) in calibration.weights() {
        writeln!(out, "  {name:<18} {weight:+.2}")?;
    }
    if options.show {
        let knowledge = engine.knowledge();
        writeln!(out)?;
        for failure in report
            .failures
            .iter()
            .filter(|failure| match options.cross {
                true => failure.held_out == options.held_out,
                false => failure.held_out || !options.held_out,
            })
        {
            let Some(golden) = knowledge.questions().nth(failure.golden) else {
                continue;
            };
            writeln!(
                out,
                "{}:{} {:?}{} “{}” gets {} at {:.2}, expected {:?}",
                golden.place.file,
                golden.place.line,
                failure.mark,
                if failure.held_out { " (held out)" } else { "" },
                golden.ask,
                got(knowledge, &failure.outcome.verdict),
                failure.outcome.confidence,
                golden
                    .expect
                    .iter()
                    .map(|expected| match expected {
                        crate::knowledge::model::Expected::Fact(fact) =>
                            knowledge.facts[fact.index()].id.as_str(),
                        crate::knowledge::model::Expected::Offer => "offer",
                        crate::knowledge::model::Expected::Unknown => "unknown",
                    })
                    .collect::<Vec<_>>(),
            )?;
        }
    }
    Ok(())
}

fn golden_table(report: &Report) -> String {
    let mut out = format!(
        "{:<28}{:>6}{:>8}{:>7}{:>9}{:>8}{:>14}{:>14}\n",
        "golden questions",
        "asked",
        "right",
        "wrong",
        "offered",
        "missed",
        "false answers",
        "best is right"
    );
    let mut row = |name: &str, counts: &Counts| {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{name:<28}{:>6}{:>7.1}%{:>7}{:>9}{:>8}{:>14}{:>14}",
            counts.total,
            100.0 * counts.share_right(),
            counts.wrong,
            counts.offered,
            counts.missed,
            counts.false_answers,
            counts.best_right
        );
    };
    row("to answer, seen", &report.answerable_seen);
    row("to answer, held out", &report.answerable_held_out);
    row("to refuse, seen", &report.refusals_seen);
    row("to refuse, held out", &report.refusals_held_out);
    row("samples to answer", &report.samples_answerable);
    row("samples to refuse", &report.samples_refusals);
    for (style, counts) in &report.by_style {
        row(&format!("  {style}"), counts);
    }
    out
}

fn intents_table(figures: &intents::Figures) -> String {
    let auroc = figures
        .auroc
        .map_or_else(|| "–".to_owned(), |auroc| format!("{:.3}", auroc));
    format!(
        "best candidate right   {:.1} %\namong the best three   {:.1} %\nanswered right         {}\nanswered wrong         {}\nrefused, in scope      {}\nrefused, out of scope  {}\nAUROC of confidence    {auroc}\nmicroseconds           {:.0} median, {:.0} 99th percentile\nbuilt in               {:.2} s\n",
        100.0 * figures.top1,
        100.0 * figures.top3,
        figures.answered_right,
        figures.answered_wrong,
        figures.refused_in_scope,
        figures.refused_out_of_scope,
        figures.micros_p50,
        figures.micros_p99,
        figures.build_seconds,
    )
}
