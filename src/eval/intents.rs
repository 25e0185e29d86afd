//! Public question sets: `{"id","phrasings":[…]}` to learn, `{"q","id"|null}` to be asked.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::date::Day;
use crate::engine::{Engine, Memory, Question, Verdict};
use crate::eval::{auroc, percentile};
use crate::knowledge::{Knowledge, PlainEntry};
use crate::lang::Lang;

/// One line of a training set.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// The entry's id.
    pub id: String,
    /// Ways to ask for it.
    pub phrasings: Vec<String>,
}

/// One line of a test set.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    /// The question.
    pub q: String,
    /// The right entry; none when nothing answers it.
    pub id: Option<String>,
}

/// A line that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {source}")]
pub struct BadLine {
    /// Line number, from 1.
    pub line: usize,
    /// Why.
    #[source]
    pub source: serde_json::Error,
}

/// Reads JSON lines; blank ones are skipped.
///
/// # Errors
/// The first line that is not an object of the right shape.
pub fn read_lines<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, BadLine> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|source| BadLine {
                line: number + 1,
                source,
            })
        })
        .collect()
}

/// What a question set showed. Shares are 0–1.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Share of in-scope questions whose best candidate is right, answered or not.
    pub top1: f64,
    /// Share of in-scope questions with the right entry among the best three.
    pub top3: f64,
    /// Questions answered with the right entry.
    pub answered_right: usize,
    /// Questions answered with another entry, or that had none.
    pub answered_wrong: usize,
    /// In-scope questions that were not answered.
    pub refused_in_scope: usize,
    /// Out-of-scope questions that were not answered.
    pub refused_out_of_scope: usize,
    /// How well confidence tells in-scope from out-of-scope questions; none without the latter.
    pub auroc: Option<f64>,
    /// Median time for a question, in microseconds.
    pub micros_p50: f64,
    /// 99th percentile of the time for a question, in microseconds.
    pub micros_p99: f64,
    /// Time to load and train, in seconds.
    pub build_seconds: f64,
}

/// Builds a base from `train` and asks it `test`.
#[must_use]
pub fn measure(train: &[Entry], test: &[Asked], today: Day) -> Figures {
    let started = Instant::now();
    let entries = train
        .iter()
        .map(|entry| PlainEntry::new(&entry.id, Lang::En, &entry.phrasings));
    let engine = Engine::build(Arc::new(Knowledge::from_plain(entries)));
    ask(&engine, test, today, started.elapsed().as_secs_f64())
}

/// Asks an engine, which took so many seconds to load and train, all of `test`; ids are those of facts.
#[must_use]
pub fn ask(engine: &Engine, test: &[Asked], today: Day, build_seconds: f64) -> Figures {
    let knowledge = engine.knowledge();
    let id = |fact: &crate::knowledge::model::FactIx| knowledge.facts[fact.index()].id.as_str();

    let mut figures = Figures {
        top1: 0.0,
        top3: 0.0,
        answered_right: 0,
        answered_wrong: 0,
        refused_in_scope: 0,
        refused_out_of_scope: 0,
        auroc: None,
        micros_p50: 0.0,
        micros_p99: 0.0,
        build_seconds,
    };
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    let (mut first, mut third) = (0_usize, 0_usize);
    let mut micros = Vec::with_capacity(test.len());
    for asked in test {
        let question = Question {
            text: &asked.q,
            lang: None,
            locale: Lang::En,
            today,
        };
        let started = Instant::now();
        let outcome = engine.ask(&question, &Memory::default());
        micros.push(started.elapsed().as_secs_f64() * 1e6);
        let answered = match &outcome.verdict {
            Verdict::Answer(answer) => answer.facts.first().map(id),
            Verdict::Offer(_) | Verdict::Unknown(_) => None,
        };
        match &asked.id {
            Some(right) => {
                inside.push(outcome.confidence);
                let rank = outcome
                    .candidates
                    .iter()
                    .position(|(fact, _)| id(fact) == right);
                first += usize::from(rank == Some(0));
                third += usize::from(rank.is_some_and(|rank| rank < 3));
                match answered {
                    Some(given) if given == right => figures.answered_right += 1,
                    Some(_) => figures.answered_wrong += 1,
                    None => figures.refused_in_scope += 1,
                }
            }
            None => {
                outside.push(outcome.confidence);
                match answered {
                    Some(_) => figures.answered_wrong += 1,
                    None => figures.refused_out_of_scope += 1,
                }
            }
        }
    }
    let share = |count: usize| {
        if inside.is_empty() {
            0.0
        } else {
            count as f64 / inside.len() as f64
        }
    };
    figures.top1 = share(first);
    figures.top3 = share(third);
    figures.auroc = auroc(&inside, &outside);
    figures.micros_p50 = percentile(&micros, 0.5);
    figures.micros_p99 = percentile(&micros, 0.99);
    figures
}
