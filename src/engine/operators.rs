//! Answers that are computed from several facts: timelines, which came first, how long.
//!
//! Each computation only fills its slots from the reading and looks facts up; when a slot cannot be
//! filled it says so by returning nothing, and the question falls back to plain facts or a refusal.

use crate::date::{Date, Day, elapsed};
use crate::engine::index::Index;
use crate::engine::score::Reading;
use crate::engine::verdict::{Answer, Form};
use crate::knowledge::model::{EntityIx, FactIx, Knowledge, Operator, RelationIx};

/// Most milestones a timeline tells at once.
const MAX_MILESTONES: usize = 25;
/// A milestone lasting longer than this many years belongs to its first and last year only.
const LONG_YEARS: u16 = 2;

/// Computes the answer of an operator relation, if its slots can be filled.
pub(crate) fn compute(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    relation: RelationIx,
    today: Day,
) -> Option<Answer> {
    let operator = knowledge.relations[relation.index()].operator?;
    let of = knowledge.relations[relation.index()].of;
    match operator {
        Operator::Timeline => timeline(knowledge, index, reading),
        Operator::First => {
            let (first, second) = two_beginnings(knowledge, index, reading, of)?;
            // Where the dates do not settle it, a fact that does is the better answer.
            let order = date(knowledge, first)?.compare(date(knowledge, second)?)?;
            let facts = if order.is_gt() {
                vec![second, first]
            } else {
                vec![first, second]
            };
            let order = if order.is_gt() {
                order.reverse()
            } else {
                order
            };
            Some(Answer {
                facts,
                form: Form::First(order),
            })
        }
        Operator::Duration => {
            let subject = subject(knowledge, reading)?;
            let fact = beginning(knowledge, index, subject, of)?;
            let start = date(knowledge, fact)?;
            let passed = elapsed(start, &Date::from(today))?;
            Some(Answer {
                facts: vec![fact],
                form: Form::Duration(passed),
            })
        }
        Operator::Between => {
            let (first, second) = two_beginnings(knowledge, index, reading, of)?;
            let (a, b) = (date(knowledge, first)?, date(knowledge, second)?);
            let (first, second) = if a.compare(b)?.is_gt() {
                (second, first)
            } else {
                (first, second)
            };
            let passed = elapsed(date(knowledge, first)?, date(knowledge, second)?)?;
            Some(Answer {
                facts: vec![first, second],
                form: Form::Between(passed),
            })
        }
    }
}

fn timeline(knowledge: &Knowledge, index: &Index, reading: &Reading) -> Option<Answer> {
    let span = reading.text.dates.first().map(|mention| mention.date);
    let entity = reading
        .entities
        .iter()
        .find(|(entity, _)| index.by_subject.contains_key(entity))
        .map(|(entity, _)| *entity)
        .filter(|entity| span.is_none() || !knowledge.entities[entity.index()].main);
    if span.is_none() && entity.is_none() {
        return None;
    }
    let mut facts: Vec<FactIx> = index
        .milestones
        .iter()
        .copied()
        .filter(|fact| {
            let when = date(knowledge, *fact);
            span.as_ref()
                .is_none_or(|span| when.is_some_and(|when| within(when, span)))
        })
        .filter(|fact| entity.is_none_or(|entity| concerns(knowledge, index, *fact, entity)))
        .collect();
    if facts.is_empty() {
        return None;
    }
    if let Some(span) = &span {
        // Asked for a day, what is known to the day is the answer; "about 2004" is not, unless
        // there is nothing better.
        let wanted = span.precision();
        let exact =
            |fact: &FactIx| date(knowledge, *fact).is_some_and(|when| when.precision() >= wanted);
        if facts.iter().any(exact) {
            facts.retain(exact);
        }
    }
    facts.truncate(MAX_MILESTONES);
    Some(Answer {
        facts,
        form: Form::Timeline { span, entity },
    })
}

/// The milestones that fall into a span of time, in order of date.
pub(crate) fn milestones_in(knowledge: &Knowledge, index: &Index, span: &Date) -> Vec<FactIx> {
    let falls = |fact: &FactIx| date(knowledge, *fact).is_some_and(|when| within(when, span));
    index.milestones.iter().copied().filter(falls).collect()
}

/// Whether a milestone belongs to a span: it overlaps, and if it lasted long, begins or ends there.
fn within(when: &Date, span: &Date) -> bool {
    let asked = span.span();
    if !when.overlaps(&asked) {
        return false;
    }
    let (from, to) = when.years();
    if to.saturating_sub(from) <= LONG_YEARS {
        return true;
    }
    [when.start(), when.end()]
        .into_iter()
        .flatten()
        .any(|end| end.overlaps(&asked))
}

/// Whether a fact is about the entity or names it as its value; of the main entity, also whether it
/// is about what that came from.
fn concerns(knowledge: &Knowledge, index: &Index, fact: FactIx, entity: EntityIx) -> bool {
    let fact = &knowledge.facts[fact.index()];
    let main = knowledge.entities[entity.index()].main;
    fact.objects.contains(&entity)
        || fact
            .subject
            .is_some_and(|of| of == entity || (main && index.related(of, entity)))
}

fn date(knowledge: &Knowledge, fact: FactIx) -> Option<&Date> {
    knowledge.facts[fact.index()].date.as_ref()
}

/// The entity a question is about: the one it names, else the main one.
fn subject(knowledge: &Knowledge, reading: &Reading) -> Option<EntityIx> {
    reading
        .entities
        .first()
        .map(|(entity, _)| *entity)
        .or_else(|| main_entity(knowledge))
}

/// The entity meant when a question names none.
pub(crate) fn main_entity(knowledge: &Knowledge) -> Option<EntityIx> {
    knowledge
        .entities
        .iter()
        .position(|entity| entity.main)
        .map(|position| EntityIx(position as u32))
}

/// The dated fact of `relation` about an entity.
fn beginning(
    knowledge: &Knowledge,
    index: &Index,
    entity: EntityIx,
    relation: Option<RelationIx>,
) -> Option<FactIx> {
    index
        .plain_fact(knowledge, entity, relation?)
        .filter(|fact| date(knowledge, *fact).is_some())
}

fn two_beginnings(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    relation: Option<RelationIx>,
) -> Option<(FactIx, FactIx)> {
    let mut found = reading
        .entities
        .iter()
        .filter_map(|(entity, _)| beginning(knowledge, index, *entity, relation));
    Some((found.next()?, found.next()?))
}
