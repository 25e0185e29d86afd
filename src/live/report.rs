//! What a reload changed, counted in facts.

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::knowledge::model::{Fact, Knowledge};
use crate::live::Snapshot;

/// What a reload changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The generation served from now on.
    pub generation: u64,
    /// Facts that were not there before.
    pub added: usize,
    /// Facts of the same id that say something else, or are asked for in other words.
    pub changed: usize,
    /// Facts that are gone.
    pub removed: usize,
    /// Golden questions that get their verdict.
    pub golden_right: usize,
    /// Golden questions asked.
    pub golden_total: usize,
    /// Warnings of the new files.
    pub warnings: usize,
    /// How long reading, validating, training and asking took.
    pub took: Duration,
}

impl Report {
    pub(super) fn new(last: &Snapshot, next: &Snapshot) -> Report {
        let (old, new) = (last.engine.knowledge(), next.engine.knowledge());
        let before: FxHashMap<&str, &Fact> = by_id(old);
        let mut added = 0;
        let mut changed = 0;
        for fact in &new.facts {
            match before.get(fact.id.as_str()) {
                None => added += 1,
                Some(was) if content(old, was) != content(new, fact) => changed += 1,
                Some(_) => {}
            }
        }
        let (golden_right, golden_total) = next.golden.unwrap_or_default();
        Report {
            generation: next.generation,
            added,
            changed,
            // What is not new was there before; ids are unique.
            removed: (old.facts.len() + added).saturating_sub(new.facts.len()),
            golden_right,
            golden_total,
            warnings: next.warnings.len(),
            took: next.took,
        }
    }
}

fn by_id(knowledge: &Knowledge) -> FxHashMap<&str, &Fact> {
    let facts = knowledge.facts.iter();
    facts.map(|fact| (fact.id.as_str(), fact)).collect()
}

/// All that a fact says, without the lines it stands on and the positions of what it refers to:
/// those change with their neighbours.
fn content<'k>(knowledge: &'k Knowledge, fact: &'k Fact) -> impl PartialEq + 'k {
    let Fact {
        id: _,
        subject,
        relation,
        answer,
        date,
        event,
        objects,
        complete,
        volatile,
        as_of,
        review,
        inference,
        gap,
        main,
        sources,
        checked,
        phrasings,
        place: _,
    } = fact;
    let subject = subject.map(|subject| knowledge[subject].id.as_str());
    let relation = relation.map(|relation| knowledge[relation].id.as_str());
    let objects = objects.iter().map(|object| knowledge[*object].id.as_str());
    let sources = sources.iter().map(|source| knowledge[*source].id.as_str());
    let phrasings = phrasings
        .iter()
        .flat_map(|(lang, all)| all.iter().map(move |one| (lang, one.text.as_str())));
    (
        (subject, relation, answer, event),
        (date, as_of, review, checked),
        (complete, volatile, inference, gap, main),
        (
            objects.collect::<Vec<_>>(),
            sources.collect::<Vec<_>>(),
            phrasings.collect::<Vec<_>>(),
        ),
    )
}
