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
use crate::journal::QuestionId;
use crate::knowledge::edit::{EditError, Edited, EntryRecord};
use crate::knowledge::{Diagnostic, Folder, render};
use crate::lang::{Bilingual, Lang};
use crate::live::{Proof, Refused, Scrutiny, Snapshot};
use crate::moderation::edit::{Edit, Plan, Refusing};
use crate::moderation::impact::Impact;
use crate::reply::Reply;

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
    /// The question of the queue that it settles.
    pub settles: Option<QuestionId>,
    /// The generation it is compared with.
    pub generation: u64,
    pub(super) plan: Plan,
    pub(super) edited: Edited,
    /// What the files were ([`Folder::fingerprint`]).
    pub(super) base: u64,
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

    /// The diagnostics with the lines they are about. `colour` adds ANSI escapes.
    #[must_use]
    pub fn rendered(&self, colour: bool) -> String {
        render(&self.diagnostics, &self.edited.folder, colour)
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

/// Tries an edit out on a folder, beside what is served.
pub(super) fn try_out(
    mut plan: Plan,
    folder: &Folder,
    served: &Snapshot,
    settles: Option<QuestionId>,
    id: PreviewId,
    today: Day,
) -> Result<Preview, EditError> {
    let mut edited = plan.apply(folder)?;
    let mut loaded = Snapshot::load(&edited.folder, Scrutiny::Valid, today);
    // A question that cannot be refused outright may get candidates: no answer is what counts.
    if plan.refusing == Refusing::Outright
        && let Edit::RefuseOnPurpose { question } = &plan.edit
        && let Ok(snapshot) = &loaded
        && matches!(
            ask(&snapshot.engine, &question.text, None, today).verdict,
            Verdict::Offer(_)
        )
    {
        plan.refusing = Refusing::Softly;
        edited = plan.apply(folder)?;
        loaded = Snapshot::load(&edited.folder, Scrutiny::Valid, today);
    }
    let proof = served.proof(today);
    let old = served.engine.knowledge();
    let mut known = served.warnings.clone();
    known.extend(proof.diagnostics(old));
    let is_new = |found: &Diagnostic| {
        let same = |known: &Diagnostic| known.code == found.code && known.message == found.message;
        found.is_error() || !known.iter().any(same)
    };
    let (trained, mut diagnostics) = match loaded {
        Ok(snapshot) => {
            let snapshot = snapshot.proven(today);
            let found = snapshot.warnings.clone();
            (Some(snapshot), found)
        }
        Err(Refused(found)) => (None, found),
    };
    diagnostics.retain(is_new);
    let impact = trained.as_ref().map(|snapshot| {
        let new: (_, &Proof) = (&**snapshot.engine.knowledge(), snapshot.proof(today));
        Impact::between((old, proof), new)
    });
    let engine = trained.as_ref().map(|snapshot| &snapshot.engine);
    Ok(Preview {
        id,
        replies: replies(&plan, &edited, &served.engine, engine, today),
        edit: plan.edit.clone(),
        entries: edited.entries.clone(),
        diagnostics,
        impact,
        settles,
        generation: served.generation,
        plan,
        base: folder.fingerprint(),
        edited,
        trained: Mutex::new(trained.map(Box::new)),
    })
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
    let question = match &plan.edit {
        Edit::Teach { question, .. } | Edit::RefuseOnPurpose { question } => Some(question),
        Edit::AddFact { question, .. } => question.as_ref(),
        _ => None,
    };
    if let Some(question) = question {
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
