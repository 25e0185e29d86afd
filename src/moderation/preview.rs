//! An edit tried out on a copy: what would be said, what would be wrong, what else would change.

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::commands::{self, Command};
use crate::date::Day;
use crate::engine::{Answer, Engine, Form, Memory, Outcome, Question, Reason, Unknown, Verdict};
use crate::eval::golden::Mark;
use crate::journal::QuestionId;
use crate::knowledge::edit::{EditError, Edited, EntryRecord, FileChange, question_id};
use crate::knowledge::{Code, Diagnostic, Folder, render};
use crate::lang::{Bilingual, Lang};
use crate::live::{Proof, Refused, Scrutiny, Snapshot};
use crate::moderation::edit::{Edit, Plan, Refusing};
use crate::moderation::impact::Impact;
use crate::reply::Reply;
use crate::text::fold;

/// Most previews that wait for a decision; the oldest goes first.
const MAX_WAITING: usize = 64;
/// Most of them that keep their trained base. It takes memory as the one that is served does; the
/// others are trained again when they are confirmed.
const MAX_TRAINED: usize = 2;
/// Most facts whose replies a preview shows.
const MAX_SHOWN: usize = 5;

/// What tells a preview from all others, also those of other processes: a button of a bot that was
/// restarted meanwhile leads to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PreviewId(u64);

/// A text that is no id of a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no preview")]
pub struct BadPreviewId;

impl fmt::Display for PreviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for PreviewId {
    type Err = BadPreviewId;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(digits, 16)
            .map(PreviewId)
            .map_err(|_| BadPreviewId)
    }
}

/// An edit tried out. Nothing has changed yet.
#[derive(Debug)]
pub struct Preview {
    /// What to confirm it by.
    pub id: PreviewId,
    /// What was asked for.
    pub edit: Edit,
    /// The entries that change, before and after.
    pub entries: Vec<EntryRecord>,
    /// What is said before and after.
    pub replies: Vec<Shown>,
    /// What is wrong after that was not wrong before; errors keep it from being confirmed.
    pub diagnostics: Vec<Diagnostic>,
    /// What else changes; none when the files are too broken to ask anything.
    pub impact: Option<Impact>,
    /// Golden questions that would fail and need not: to be mended, or accepted as known failures
    /// ([`Request::accept`](super::Request::accept)).
    pub broken: Vec<String>,
    /// The question of the queue that it settles.
    pub settles: Option<QuestionId>,
    /// The generation it is compared with.
    pub generation: u64,
    pub(super) plan: Plan,
    pub(super) files: Vec<FileChange>,
    /// What the files were ([`Folder::fingerprint`]).
    pub(super) base: u64,
    /// What they would be.
    pub(super) expected: u64,
    /// The files that the diagnostics are about.
    pub(super) excerpts: Folder,
    /// The base that would be served, trained and proven.
    trained: Mutex<Option<Box<Snapshot>>>,
}

/// A reply before and after, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is the reply to.
    pub to: Subject,
    /// What is said now; none for what is not there.
    pub before: Bilingual<Option<Reply>>,
    /// What would be said.
    pub after: Bilingual<Option<Reply>>,
}

/// What a reply is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The fact of this id.
    Fact(String),
    /// A question, in its words.
    Question(String),
    /// An entity, by this name.
    Name(String),
}

impl Preview {
    /// Whether nothing speaks against it.
    #[must_use]
    pub fn can_be_confirmed(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether nothing would speak against it if the golden questions that it breaks were accepted as
    /// known failures.
    #[must_use]
    pub fn can_be_accepted(&self) -> bool {
        let mut errors = self.diagnostics.iter().filter(|found| found.is_error());
        let count = errors.clone().count();
        count > 0
            && count == self.broken.len()
            && errors.all(|found| found.code == Code::GoldenFails)
    }

    /// The diagnostics with the lines they are about. `colour` adds ANSI escapes.
    #[must_use]
    pub fn rendered(&self, colour: bool) -> String {
        render(&self.diagnostics, &self.excerpts, colour)
    }

    /// Takes the trained base out, if it is still there.
    pub(super) fn take_trained(&self) -> Option<Box<Snapshot>> {
        let mut trained = self.trained.lock().unwrap_or_else(PoisonError::into_inner);
        trained.take()
    }

    fn is_trained(&self) -> bool {
        let trained = self.trained.lock().unwrap_or_else(PoisonError::into_inner);
        trained.is_some()
    }
}

/// An edit to be tried out.
pub(super) struct Trial {
    pub(super) plan: Plan,
    pub(super) accept: bool,
    pub(super) settles: Option<QuestionId>,
    pub(super) id: PreviewId,
    pub(super) today: Day,
}

impl Trial {
    /// Tries it out on a folder, beside what is served.
    pub(super) fn run(mut self, folder: &Folder, served: &Snapshot) -> Result<Preview, EditError> {
        let today = self.today;
        let (mut edited, mut loaded) = self.load(folder)?;
        // A question that cannot be refused outright may get candidates: no answer is what counts.
        if let Edit::RefuseOnPurpose { question } = &self.plan.edit
            && let Ok(snapshot) = &loaded
            && let Verdict::Offer(_) = ask(&snapshot.engine, &question.text, None, today).verdict
        {
            self.plan.refusing = Refusing::Softly;
            (edited, loaded) = self.load(folder)?;
        }
        let mut trained = loaded.map(|snapshot| snapshot.proven(today));
        let mut broken = trained
            .as_ref()
            .map_or_else(|_| Vec::new(), |new| self.broken(new));
        if self.accept && !broken.is_empty() {
            self.plan.opened = std::mem::take(&mut broken);
            (edited, loaded) = self.load(folder)?;
            trained = loaded.map(|snapshot| snapshot.proven(today));
            broken = trained
                .as_ref()
                .map_or_else(|_| Vec::new(), |new| self.broken(new));
        }
        let proof = served.proof(today);
        let old = served.engine.knowledge();
        let (trained, found) = match trained {
            Ok(snapshot) => {
                let found = snapshot.warnings.clone();
                (Some(snapshot), found)
            }
            Err(Refused(found)) => (None, found),
        };
        let impact = trained.as_ref().map(|snapshot| {
            let new: (_, &Proof) = (&**snapshot.engine.knowledge(), snapshot.proof(today));
            Impact::between((old, proof), new)
        });
        let engine = trained.as_ref().map(|snapshot| &snapshot.engine);
        let diagnostics = fresh(found, &served.warnings);
        let expected = edited.folder.fingerprint();
        // Many previews may wait, and a base is large.
        let mut excerpts = edited.folder.clone();
        excerpts.files.retain(|file| {
            let also = diagnostics.iter().flat_map(|found| &found.also);
            let places = also.map(|(place, _)| place);
            let mut places = places.chain(diagnostics.iter().map(|found| &found.place));
            places.any(|place| place.file == file.path)
        });
        Ok(Preview {
            id: self.id,
            replies: replies(&self.plan, &edited, &served.engine, engine, today),
            edit: self.plan.edit.clone(),
            entries: edited.entries,
            files: edited.files,
            expected,
            excerpts,
            diagnostics,
            impact,
            broken,
            settles: self.settles,
            generation: served.generation,
            plan: self.plan,
            base: folder.fingerprint(),
            trained: Mutex::new(trained.map(Box::new)),
        })
    }

    fn load(&self, folder: &Folder) -> Result<(Edited, Result<Snapshot, Refused>), EditError> {
        let edited = self.plan.apply(folder)?;
        let loaded = Snapshot::load(&edited.folder, Scrutiny::Valid, self.today);
        Ok((edited, loaded))
    }

    /// Golden questions that would fail, but for the one that the edit is about: that one must not.
    fn broken(&self, new: &Snapshot) -> Vec<String> {
        let knowledge = new.engine.knowledge();
        let own = self.plan.edit.question().map(|own| fold(&own.text));
        let golden = std::iter::zip(&knowledge.golden, &new.proof(self.today).golden);
        golden
            .filter(|(golden, (_, mark))| *mark != Mark::Right && !golden.open)
            .filter(|(golden, _)| own.as_ref().is_none_or(|own| *own != fold(&golden.ask)))
            .map(|(golden, _)| question_id(&golden.after, &golden.ask).into_owned())
            .collect()
    }
}

/// What is wrong now and was not wrong before. What single questions get is not among it, unless it
/// keeps the base from being used: the impact says it better.
fn fresh(mut found: Vec<Diagnostic>, known: &[Diagnostic]) -> Vec<Diagnostic> {
    found.retain(|found| {
        let of_a_question = matches!(
            found.code,
            Code::PhrasingFindsAnother | Code::PhrasingLost | Code::GoldenOpen
        );
        let same = |known: &Diagnostic| known.code == found.code && known.message == found.message;
        found.is_error() || !(of_a_question || known.iter().any(same))
    });
    found
}

/// What is said before and after of whatever the edit is about.
fn replies(
    plan: &Plan,
    edited: &Edited,
    old: &Engine,
    new: Option<&Engine>,
    today: Day,
) -> Vec<Shown> {
    let mut shown = Vec::new();
    if let Some(question) = plan.edit.question() {
        let reply = |engine: &Engine, lang| {
            let outcome = ask(engine, &question.text, Some(lang), today);
            Some(Reply::to_outcome(engine.knowledge(), &outcome))
        };
        shown.push(Shown::of(
            Subject::Question(question.text.clone()),
            old,
            new,
            reply,
        ));
    }
    if let Edit::Alias { name, .. } = &plan.edit {
        let about = Command::About {
            topic: name.clone(),
        };
        let reply = |engine: &Engine, lang| {
            let memory = Memory::default();
            Some(commands::run(engine, &about, Some(lang), lang, &memory, today).reply)
        };
        shown.push(Shown::of(Subject::Name(name.clone()), old, new, reply));
    }
    for fact in edited.facts().take(MAX_SHOWN) {
        let one = Shown::of(Subject::Fact(fact.to_owned()), old, new, |engine, lang| {
            fact_reply(engine, fact, lang)
        });
        // A new phrasing does not change what the fact says.
        if one.before != one.after || shown.is_empty() {
            shown.push(one);
        }
    }
    shown
}

impl Shown {
    fn of(
        to: Subject,
        old: &Engine,
        new: Option<&Engine>,
        reply: impl Fn(&Engine, Lang) -> Option<Reply>,
    ) -> Shown {
        let both = |engine: Option<&Engine>| Bilingual {
            en: engine.and_then(|engine| reply(engine, Lang::En)),
            fr: engine.and_then(|engine| reply(engine, Lang::Fr)),
        };
        Shown {
            to,
            before: both(Some(old)),
            after: both(new),
        }
    }
}

fn ask(engine: &Engine, text: &str, lang: Option<Lang>, today: Day) -> Outcome {
    let question = Question {
        text,
        lang,
        locale: lang.unwrap_or(Lang::En),
        today,
    };
    engine.ask(&question, &Memory::default())
}

/// A fact in its own words, as it is told when it is asked for plainly.
fn fact_reply(engine: &Engine, id: &str, language: Lang) -> Option<Reply> {
    let knowledge = engine.knowledge();
    let fact = knowledge.find_fact(id)?;
    let verdict = match knowledge[fact].gap {
        true => Verdict::Unknown(Unknown {
            reason: Reason::Gap(fact),
            nearby: Vec::new(),
        }),
        false => Verdict::Answer(Answer {
            facts: vec![fact],
            form: Form::Fact,
        }),
    };
    let outcome = Outcome {
        verdict,
        confidence: 1.0,
        language,
        candidates: Vec::new(),
        memory: Memory::default(),
    };
    Some(Reply::to_outcome(knowledge, &outcome))
}

/// The previews that wait for a decision.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    previews: VecDeque<Arc<Preview>>,
    random: RandomState,
    last: u64,
}

impl Waiting {
    /// An id that nothing else has.
    pub(super) fn next_id(&mut self) -> PreviewId {
        self.last += 1;
        PreviewId(self.random.hash_one(self.last))
    }

    pub(super) fn add(&mut self, preview: Preview) -> Arc<Preview> {
        let preview = Arc::new(preview);
        self.previews.push_front(Arc::clone(&preview));
        self.previews.truncate(MAX_WAITING);
        let trained = self.previews.iter().filter(|preview| preview.is_trained());
        for old in trained.skip(MAX_TRAINED) {
            drop(old.take_trained());
        }
        preview
    }

    pub(super) fn get(&self, id: PreviewId) -> Option<Arc<Preview>> {
        self.previews
            .iter()
            .find(|preview| preview.id == id)
            .cloned()
    }

    pub(super) fn remove(&mut self, id: PreviewId) -> bool {
        let before = self.previews.len();
        self.previews.retain(|preview| preview.id != id);
        self.previews.len() < before
    }
}
