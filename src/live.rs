//! The snapshot that is being served, and how a new one comes to be: whole or not at all.
//!
//! Reading, validating, training and asking the golden questions all happen before anything is
//! swapped; whoever took the old snapshot keeps it to the end of their question. Those who want to
//! replace it queue for a [`Turn`].

pub mod cache;
pub mod proof;
mod report;
pub mod watch;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::date::Day;
use crate::engine::{Engine, Reason, Unknown, Verdict};
use crate::knowledge::diagnostic::{self, Diagnostic};
use crate::knowledge::model::{FactIx, Knowledge};
use crate::knowledge::{self, Folder, FolderError, Origin, render};

pub use self::cache::EngineCache;
pub use self::proof::Proof;
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
    key: cache::Key,
    proof: OnceLock<Proof>,
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
        Snapshot::load_with(folder, scrutiny, today, None)
    }

    /// Like [`Snapshot::load`], but takes the trained engine from the cache if it is there, and stores it
    /// there if not.
    ///
    /// # Errors
    /// All diagnostics, when one of them is an error.
    pub fn load_with(
        folder: &Folder,
        scrutiny: Scrutiny,
        today: Day,
        cache: Option<&EngineCache>,
    ) -> Result<Snapshot, Refused> {
        let started = Instant::now();
        let (knowledge, diagnostics) = knowledge::load(folder, today)
            .into_result()
            .map_err(Refused)?;
        let knowledge = Arc::new(knowledge);
        let key = cache::Key::of(folder);
        let engine = match cache.and_then(|cache| cache.load(key, &knowledge)) {
            Some(engine) => engine,
            None => {
                let engine = Engine::build(knowledge);
                cache.inspect(|cache| cache.store(key, &engine));
                engine
            }
        };
        let snapshot = Snapshot {
            engine,
            generation: 1,
            warnings: diagnostics,
            golden: None,
            took: Duration::ZERO,
            fingerprint: folder.fingerprint(),
            key,
            proof: OnceLock::new(),
        };
        let mut snapshot = match scrutiny {
            Scrutiny::Valid => snapshot,
            Scrutiny::Proven => snapshot.proven(today),
        };
        snapshot.took = started.elapsed();
        if snapshot.warnings.iter().any(Diagnostic::is_error) {
            return Err(Refused(snapshot.warnings));
        }
        Ok(snapshot)
    }

    /// With all that its own questions show to be wrong, errors among it where golden questions fail.
    #[must_use]
    pub(crate) fn proven(mut self, today: Day) -> Snapshot {
        let proof = self.proof(today);
        let found = proof.diagnostics(self.engine.knowledge());
        self.golden = Some((proof.right(), proof.golden.len()));
        self.warnings.extend(found);
        diagnostic::sort(&mut self.warnings);
        self
    }

    /// What its own questions get. They are asked once.
    pub fn proof(&self, today: Day) -> &Proof {
        self.proof.get_or_init(|| Proof::of(&self.engine, today))
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
    cache: Option<EngineCache>,
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
            cache: None,
        }
    }

    /// The same, and what is served from now on is kept for the next start.
    #[must_use]
    pub fn caching(mut self, cache: Option<EngineCache>) -> Live {
        self.cache = cache;
        self
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
        turn.reload_if_changed(&folder, today)
    }
}

/// The right to replace the snapshot, which one has at a time.
#[derive(Debug)]
pub struct Turn<'l> {
    live: &'l Live,
    _queue: MutexGuard<'l, ()>,
}

impl Turn<'_> {
    /// Loads a folder unless it is the one last tried, and serves it, or leaves the old snapshot alone.
    ///
    /// # Errors
    /// All diagnostics of the new files.
    pub fn reload_if_changed(
        &self,
        folder: &Folder,
        today: Day,
    ) -> Result<Option<Report>, ReloadError> {
        let tried = match &*self.live.refusal.load() {
            Some(refusal) => refusal.fingerprint,
            None => Some(self.live.current.load().fingerprint),
        };
        if tried == Some(folder.fingerprint()) {
            return Ok(None);
        }
        self.try_reload(folder, today).map(Some)
    }

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
        let next = Arc::new(next);
        self.live.current.store(Arc::clone(&next));
        self.live.refusal.store(None);
        if let Some(cache) = &self.live.cache {
            cache.store(next.key, &next.engine);
        }
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
