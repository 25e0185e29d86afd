//! The snapshot that is being served, and how a new one comes to be: whole or not at all.
//!
//! Reading, validating, training and asking the golden questions all happen before anything is
//! swapped; whoever took the old snapshot keeps it to the end of their question.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use crate::date::Day;
use crate::engine::{Engine, Memory, Question, Reason, Unknown, Verdict};
use crate::eval::golden;
use crate::knowledge::diagnostic::{self, Code, Diagnostic};
use crate::knowledge::model::{Expected, FactIx, Knowledge};
use crate::knowledge::{self, Folder};

/// One complete, validated base with its engine.
#[derive(Debug)]
pub struct Snapshot {
    /// Ready to be asked.
    pub engine: Engine,
    /// Number of this snapshot within the process, from 1.
    pub generation: u64,
    /// Warnings that did not keep it from being served.
    pub warnings: Vec<Diagnostic>,
    /// How long reading, validating, training and checking took.
    pub took: Duration,
}

/// Why there is no new snapshot: everything that is wrong, errors and warnings.
#[derive(Debug, thiserror::Error)]
#[error("{} error(s) in the knowledge files", .0.iter().filter(|diagnostic| diagnostic.is_error()).count())]
pub struct Refused(pub Vec<Diagnostic>);

/// How much is asked of a base before it is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrutiny {
    /// The files must be valid. For starting up, where golden questions were asked before.
    Valid,
    /// Also every phrasing must find its own fact and every golden question its verdict.
    Proven,
}

impl Snapshot {
    /// Reads, validates and trains; with [`Scrutiny::Proven`] also asks what the base promises.
    ///
    /// # Errors
    /// All diagnostics, when one of them is an error.
    pub fn load(folder: &Folder, scrutiny: Scrutiny, today: Day) -> Result<Snapshot, Refused> {
        let started = Instant::now();
        let (knowledge, mut diagnostics) = knowledge::load(folder, today)
            .into_result()
            .map_err(Refused)?;
        let engine = Engine::build(Arc::new(knowledge));
        if scrutiny == Scrutiny::Proven {
            diagnostics.extend(misled_phrasings(&engine, today));
            diagnostics.extend(broken_golden(&engine, today));
            diagnostic::sort(&mut diagnostics);
            if diagnostics.iter().any(Diagnostic::is_error) {
                return Err(Refused(diagnostics));
            }
        }
        Ok(Snapshot {
            engine,
            generation: 1,
            warnings: diagnostics,
            took: started.elapsed(),
        })
    }
}

/// Phrasings that, asked word for word, do not find their own fact. They are asked on all cores: a
/// base has far more of them than of anything else that is asked before it is served.
fn misled_phrasings(engine: &Engine, today: Day) -> Vec<Diagnostic> {
    let facts: Vec<FactIx> = (0..engine.knowledge().facts.len() as u32)
        .map(FactIx)
        .collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = facts.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = facts
            .chunks(share)
            .map(|facts| {
                scope.spawn(move || {
                    let of_fact = |fact: &FactIx| misled_phrasings_of(engine, *fact, today);
                    facts.iter().flat_map(of_fact).collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("asking does not panic"))
            .collect()
    })
}

/// The phrasings of one fact that find another fact or none.
fn misled_phrasings_of(engine: &Engine, own: FactIx, today: Day) -> Vec<Diagnostic> {
    let knowledge = engine.knowledge();
    let fact = &knowledge.facts[own.index()];
    let phrasings = fact
        .phrasings
        .iter()
        .flat_map(|(lang, all)| all.iter().map(move |one| (lang, one)));
    let mut found = Vec::new();
    for (lang, phrasing) in phrasings {
        let question = Question {
            text: &phrasing.text,
            lang: Some(lang),
            locale: lang,
            today,
        };
        let outcome = engine.ask(&question, &Memory::default());
        let other = match &outcome.verdict {
            Verdict::Answer(answer) if answer.facts.contains(&own) => continue,
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) if *gap == own => continue,
            Verdict::Answer(answer) => answer.facts.first().copied(),
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) => Some(*gap),
            // Offering it among others is no wrong answer; the wording is just shared ground.
            Verdict::Offer(facts) if facts.contains(&own) => continue,
            Verdict::Offer(_) | Verdict::Unknown(_) => None,
        };
        found.push(match other {
            Some(other) => {
                let other = &knowledge.facts[other.index()];
                Diagnostic::new(
                    Code::PhrasingFindsAnother,
                    phrasing.place.clone(),
                    format!(
                        "“{}” finds `{}` instead of `{}`",
                        phrasing.text, other.id, fact.id
                    ),
                )
                .help("make the phrasing more specific, or give it to the other fact")
                .also(other.place.clone(), "the fact it finds")
            }
            None => Diagnostic::new(
                Code::PhrasingLost,
                phrasing.place.clone(),
                format!("“{}” does not find `{}`", phrasing.text, fact.id),
            )
            .help("use words that the other phrasings of this fact use, or add similar phrasings"),
        });
    }
    found
}

/// Golden questions that do not get their verdict.
fn broken_golden(engine: &Engine, today: Day) -> Vec<Diagnostic> {
    let knowledge = engine.knowledge();
    golden::measure(engine, today)
        .failures
        .iter()
        .map(|failure| {
            let golden = &knowledge.golden[failure.golden];
            let got = got(knowledge, &failure.outcome.verdict);
            let expected: Vec<String> = golden.expect.iter().map(|expected| expected_name(knowledge, expected)).collect();
            let code = if golden.open { Code::GoldenOpen } else { Code::GoldenFails };
            Diagnostic::new(
                code,
                golden.place.clone(),
                format!("“{}” gets {got}, expected {}", golden.ask, expected.join(" or ")),
            )
            .help("`cara-bot ask --explain` with the question shows why; mend the facts, or the expectation")
        })
        .collect()
}

fn expected_name(knowledge: &Knowledge, expected: &Expected) -> String {
    match expected {
        Expected::Fact(fact) => format!("`{}`", knowledge.facts[fact.index()].id),
        Expected::Offer => "an offer".to_owned(),
        Expected::Unknown => "unknown".to_owned(),
    }
}

/// A verdict in a few words, for diagnostics.
#[must_use]
pub fn got(knowledge: &Knowledge, verdict: &Verdict) -> String {
    let ids = |facts: &[FactIx]| {
        facts
            .iter()
            .map(|fact| format!("`{}`", knowledge.facts[fact.index()].id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match verdict {
        Verdict::Answer(answer) => ids(&answer.facts),
        Verdict::Offer(facts) => format!("an offer of {}", ids(facts)),
        Verdict::Unknown(Unknown {
            reason: Reason::Gap(gap),
            ..
        }) => format!("unknown, as told by {}", ids(&[*gap])),
        Verdict::Unknown(_) => "unknown".to_owned(),
    }
}

/// The snapshot being served.
#[derive(Debug)]
pub struct Live {
    current: ArcSwap<Snapshot>,
}

impl Live {
    /// Serves a snapshot.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Live {
        Live {
            current: ArcSwap::from_pointee(snapshot),
        }
    }

    /// The snapshot of this moment; keep it to the end of the question.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Replaces the snapshot by one read anew, or leaves it alone.
    ///
    /// # Errors
    /// All diagnostics of the new files; the old snapshot keeps serving.
    pub fn reload(&self, folder: &Folder, today: Day) -> Result<Arc<Snapshot>, Refused> {
        let mut next = Snapshot::load(folder, Scrutiny::Proven, today)?;
        next.generation = self.current().generation + 1;
        let next = Arc::new(next);
        self.current.store(Arc::clone(&next));
        Ok(next)
    }
}
