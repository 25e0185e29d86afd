//! The snapshot that is being served, and how a new one comes to be: whole or not at all.
//!
//! Reading, validating, training and asking the golden questions all happen before anything is
//! swapped; whoever took the old snapshot keeps it to the end of their question. Those who want to
//! replace it queue for a [`Turn`].

mod report;
pub mod watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::date::Day;
use crate::engine::{Engine, Memory, Question, Reason, Unknown, Verdict};
use crate::eval::golden;
use crate::knowledge::diagnostic::{self, Code, Diagnostic};
use crate::knowledge::model::{Expected, FactIx, Knowledge};
use crate::knowledge::{self, Folder, FolderError, Origin, render};

pub use self::report::Report;

/// One complete, validated base with its engine.
#[derive(Debug)]
pub struct Snapshot {
    /// Ready to be asked.
    pub engine: Engine,
    /// Number of this snapshot within the process, from 1.
    pub generation: u64,
    /// Warnings that did not keep it from being served.
    pub warnings: Vec<Diagnostic>,
    /// Golden questions that got their verdict, and how many there are; none when they were not
    /// asked ([`Scrutiny::Valid`]).
    pub golden: Option<(usize, usize)>,
    /// How long reading, validating, training and checking took.
    pub took: Duration,
    /// What the folder held ([`Folder::fingerprint`]).
    pub fingerprint: u64,
}

/// Why there is no new snapshot: everything that is wrong, errors and warnings.
#[derive(Debug, thiserror::Error)]
#[error("{} error(s) in the knowledge files", self.errors())]
pub struct Refused(pub Vec<Diagnostic>);

impl Refused {
    /// How many of the diagnostics are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.0
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .count()
    }
}

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
        let mut golden = None;
        if scrutiny == Scrutiny::Proven {
            let broken = broken_golden(&engine, today);
            let asked = engine.knowledge().golden.len();
            golden = Some((asked - broken.len(), asked));
            diagnostics.extend(misled_phrasings(&engine, today));
            diagnostics.extend(broken);
            diagnostic::sort(&mut diagnostics);
            if diagnostics.iter().any(Diagnostic::is_error) {
                return Err(Refused(diagnostics));
            }
        }
        Ok(Snapshot {
            engine,
            generation: 1,
            warnings: diagnostics,
            golden,
            took: started.elapsed(),
            fingerprint: folder.fingerprint(),
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

/// The snapshot being served, and the queue of those who want to replace it.
#[derive(Debug)]
pub struct Live {
    current: ArcSwap<Snapshot>,
    queue: Mutex<()>,
    refusal: ArcSwapOption<Refusal>,
}

/// A reload that was refused, kept for whoever asks how things stand.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// When it was refused.
    pub at: SystemTime,
    /// How many errors there were.
    pub errors: usize,
    /// Every diagnostic with the line it is about, as [`render`] shows it without colour.
    pub shown: String,
    /// What the folder held, to tell whether it has changed since; none when it could not be read.
    fingerprint: Option<u64>,
}

/// Why a reload from where the files live did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The files cannot be used.
    #[error("{refused}")]
    Refused {
        /// All diagnostics.
        refused: Refused,
        /// The same with the lines they are about, as [`render`] shows them without colour.
        shown: String,
    },
}

impl Live {
    /// Serves a snapshot.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Live {
        Live {
            current: ArcSwap::from_pointee(snapshot),
            queue: Mutex::new(()),
            refusal: ArcSwapOption::empty(),
        }
    }

    /// The snapshot of this moment; keep it to the end of the question.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// The last reload, if it was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Arc<Refusal>> {
        self.refusal.load_full()
    }

    /// Waits for its turn to replace the snapshot. Whoever changes files and then reloads keeps the
    /// turn meanwhile, so that nobody loads what is half written. Blocks while another has the turn.
    pub fn turn(&self) -> Turn<'_> {
        // Nothing is left half done by a panic: the snapshot is swapped in one step.
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        Turn {
            live: self,
            _queue: queue,
        }
    }

    /// Replaces the snapshot by one read anew, or leaves it alone. Several at once happen one after
    /// the other.
    ///
    /// # Errors
    /// All diagnostics of the new files; the old snapshot keeps serving.
    pub fn reload(&self, folder: &Folder, today: Day) -> Result<Report, Refused> {
        self.turn().reload(folder, today)
    }

    /// Reads the files where they live and reloads. They are read when its turn has come.
    ///
    /// # Errors
    /// When they cannot be read or used; the old snapshot keeps serving.
    pub fn reload_from(&self, origin: &Origin, today: Day) -> Result<Report, ReloadError> {
        let turn = self.turn();
        let folder = turn.read(origin)?;
        turn.try_reload(&folder, today)
    }

    /// Like [`Live::reload_from`], but only if the files are others than the ones last tried.
    ///
    /// # Errors
    /// When they cannot be read or used; the old snapshot keeps serving.
    pub fn reload_if_changed(
        &self,
        origin: &Origin,
        today: Day,
    ) -> Result<Option<Report>, ReloadError> {
        let turn = self.turn();
        let folder = turn.read(origin)?;
        let found = Some(folder.fingerprint());
        let tried = match &*self.refusal.load() {
            Some(refusal) => refusal.fingerprint,
            None => Some(self.current.load().fingerprint),
        };
        if tried == found {
            return Ok(None);
        }
        turn.try_reload(&folder, today).map(Some)
    }
}

/// The right to replace the snapshot, which one has at a time.
#[derive(Debug)]
pub struct Turn<'l> {
    live: &'l Live,
    _queue: MutexGuard<'l, ()>,
}

impl Turn<'_> {
    /// Loads a folder with [`Scrutiny::Proven`] and serves it, or leaves the old snapshot alone.
    ///
    /// # Errors
    /// All diagnostics of the new files.
    pub fn reload(&self, folder: &Folder, today: Day) -> Result<Report, Refused> {
        match Snapshot::load(folder, Scrutiny::Proven, today) {
            Ok(next) => Ok(self.serve(next)),
            Err(refused) => {
                let shown = render(&refused.0, folder, false);
                self.refuse(refused.errors(), shown, Some(folder.fingerprint()));
                Err(refused)
            }
        }
    }

    /// Serves a snapshot that was loaded before, under the next generation.
    #[must_use]
    pub fn serve(&self, mut next: Snapshot) -> Report {
        let last = self.live.current();
        next.generation = last.generation + 1;
        let report = Report::new(&last, &next);
        self.live.current.store(Arc::new(next));
        self.live.refusal.store(None);
        report
    }

    fn read(&self, origin: &Origin) -> Result<Folder, FolderError> {
        origin.read().inspect_err(|error| {
            self.refuse(1, format!("error: {error}\n"), None);
        })
    }

    fn try_reload(&self, folder: &Folder, today: Day) -> Result<Report, ReloadError> {
        self.reload(folder, today)
            .map_err(|refused| ReloadError::Refused {
                shown: render(&refused.0, folder, false),
                refused,
            })
    }

    fn refuse(&self, errors: usize, shown: String, fingerprint: Option<u64>) {
        self.live.refusal.store(Some(Arc::new(Refusal {
            at: SystemTime::now(),
            errors,
            shown,
            fingerprint,
        })));
    }
}
