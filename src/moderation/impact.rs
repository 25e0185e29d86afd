//! What an edit changes about questions that nobody edited: the difference between what the golden
//! questions and phrasings of two bases get.

use rustc_hash::FxHashMap;

use crate::engine::{Reason, Unknown, Verdict};
use crate::eval::golden::Mark;
use crate::knowledge::model::{FactIx, Golden, Knowledge};
use crate::lang::Lang;
use crate::live::Proof;
use crate::live::proof::Misled;
use crate::reply::Status;

/// What an edit changes about the questions a base brings with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// The questions that get something else, those that lose by it first.
    pub shifts: Vec<Shift>,
    /// Golden questions that get their verdict before, and how many there are.
    pub golden_before: (usize, usize),
    /// The same after.
    pub golden_after: (usize, usize),
    /// Phrasings of the base after.
    pub phrasings: usize,
}

/// A question that gets something else than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its words.
    pub question: String,
    /// What it is to the base.
    pub role: Role,
    /// What it got; none for a question that is new.
    pub before: Option<Got>,
    /// What it gets.
    pub after: Got,
    /// Whether that is good.
    pub turn: Turn,
}

/// What a question is to a base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It must get a certain verdict.
    Golden,
    /// It is a way to ask for this fact.
    Phrasing(String),
}

/// A verdict, by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    /// Whether something was answered.
    pub status: Status,
    /// Ids of the facts that answer or are offered; of the gap that is told.
    pub facts: Vec<String>,
}

/// Whether a change is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was right and is not any more.
    Worse,
    /// It was wrong and is, or right and is, in another way.
    Other,
    /// It was wrong, or not there, and is right.
    Better,
}

impl Got {
    /// A verdict in terms that outlive its base.
    #[must_use]
    pub fn new(knowledge: &Knowledge, verdict: &Verdict) -> Got {
        let (status, facts): (_, &[FactIx]) = match verdict {
            Verdict::Answer(answer) => (Status::Answer, &answer.facts),
            Verdict::Offer(facts) => (Status::Offer, facts),
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) => (Status::Unknown, std::slice::from_ref(gap)),
            Verdict::Unknown(_) => (Status::Unknown, &[]),
        };
        Got {
            status,
            facts: facts
                .iter()
                .map(|fact| knowledge[*fact].id.clone())
                .collect(),
        }
    }
}

impl Impact {
    /// The difference between two bases with what their questions get.
    #[must_use]
    pub fn between(old: (&Knowledge, &Proof), new: (&Knowledge, &Proof)) -> Impact {
        let mut shifts = golden(old, new);
        shifts.extend(phrasings(old, new));
        shifts.sort_by_key(|shift| shift.turn);
        let phrasings = new.0.facts.iter().flat_map(|fact| {
            let lists = Lang::ALL.map(|lang| fact.phrasings.get(lang).len());
            lists.into_iter()
        });
        Impact {
            shifts,
            golden_before: (old.1.right(), old.1.golden.len()),
            golden_after: (new.1.right(), new.1.golden.len()),
            phrasings: phrasings.sum(),
        }
    }

    /// How many questions took this turn.
    #[must_use]
    pub fn count(&self, turn: Turn) -> usize {
        self.shifts
            .iter()
            .filter(|shift| shift.turn == turn)
            .count()
    }
}

fn golden(old: (&Knowledge, &Proof), new: (&Knowledge, &Proof)) -> Vec<Shift> {
    type Key<'k> = (&'k str, &'k [String]);
    fn key(golden: &Golden) -> Key<'_> {
        (&golden.ask, &golden.after)
    }
    let before: FxHashMap<Key<'_>, (&Verdict, Mark)> = std::iter::zip(&old.0.golden, &old.1.golden)
        .map(|(golden, (verdict, mark))| (key(golden), (verdict, *mark)))
        .collect();
    let mut shifts = Vec::new();
    for (golden, (verdict, mark)) in std::iter::zip(&new.0.golden, &new.1.golden) {
        let was = before.get(&key(golden));
        let after = Got::new(new.0, verdict);
        let before = was.map(|(verdict, _)| Got::new(old.0, verdict));
        let (was_right, is_right) = (
            was.map(|(_, mark)| *mark == Mark::Right),
            *mark == Mark::Right,
        );
        if before.as_ref() == Some(&after) && was_right == Some(is_right) {
            continue;
        }
        shifts.push(Shift {
            question: golden.ask.clone(),
            role: Role::Golden,
            before,
            after,
            turn: match (was_right.unwrap_or(false), is_right) {
                (false, true) => Turn::Better,
                (true, false) => Turn::Worse,
                // A new question that is not right has nothing to lose, but it must not go unseen.
                (false, false) if was.is_none() => Turn::Worse,
                _ => Turn::Other,
            },
        });
    }
    shifts
}

fn phrasings(old: (&Knowledge, &Proof), new: (&Knowledge, &Proof)) -> Vec<Shift> {
    type Key<'k> = (&'k str, &'k str);
    fn misled<'k>(
        (knowledge, proof): (&'k Knowledge, &'k Proof),
    ) -> FxHashMap<Key<'k>, &'k Misled> {
        let key = |misled: &Misled| {
            let words = misled.phrasing(knowledge).text.as_str();
            (knowledge[misled.own].id.as_str(), words)
        };
        proof
            .misled
            .iter()
            .map(|misled| (key(misled), misled))
            .collect()
    }
    let (was, is) = (misled(old), misled(new));
    let own = |fact: &str| Got {
        status: Status::Answer,
        facts: vec![fact.to_owned()],
    };
    let has = |knowledge: &Knowledge, (fact, words): &Key<'_>| {
        knowledge.find_fact(fact).is_some_and(|fact| {
            let lists = Lang::ALL.map(|lang| knowledge[fact].phrasings.get(lang));
            lists
                .into_iter()
                .flatten()
                .any(|phrasing| phrasing.text == *words)
        })
    };
    let mut shifts = Vec::new();
    let shift = |(fact, words): Key<'_>, before, after, turn| Shift {
        question: words.to_owned(),
        role: Role::Phrasing(fact.to_owned()),
        before,
        after,
        turn,
    };
    for misled in &new.1.misled {
        let words = misled.phrasing(new.0).text.as_str();
        let key = (new.0[misled.own].id.as_str(), words);
        let after = Got::new(new.0, &misled.verdict);
        match was.get(&key) {
            Some(misled) => {
                let before = Got::new(old.0, &misled.verdict);
                if before != after {
                    shifts.push(shift(key, Some(before), after, Turn::Other));
                }
            }
            None => {
                let before = has(old.0, &key).then(|| own(key.0));
                shifts.push(shift(key, before, after, Turn::Worse));
            }
        }
    }
    for misled in &old.1.misled {
        let words = misled.phrasing(old.0).text.as_str();
        let key = (old.0[misled.own].id.as_str(), words);
        if !is.contains_key(&key) && has(new.0, &key) {
            let before = Got::new(old.0, &misled.verdict);
            shifts.push(shift(key, Some(before), own(key.0), Turn::Better));
        }
    }
    shifts
}
