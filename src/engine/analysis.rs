//! Proposals for one reading of a question: the rankers are asked, and each proposal is measured.

use std::cell::RefCell;

use crate::engine::index::Index;
use crate::engine::ranker::{Influence, Ranker, Scored, Scratch};
use crate::engine::reader::{Reader, Text};
use crate::engine::score::{self, Features, Ranks, Reading, Target};
use crate::engine::verdict::Answer;
use crate::knowledge::model::{EntityIx, FactIx, Knowledge, RelationIx};

/// Lead in logits of a candidate that has no rival.
const WIDE_LEAD: f32 = 5.0;
/// How many facts the fact ranker proposes.
const FACT_PROPOSALS: usize = 12;
/// How many of them are measured even if the relation ranker does not propose them too.
const FACTS_MEASURED: usize = 8;
/// How many relations are ranked; the others count as improbable.
const RELATIONS_RANKED: usize = 8;
/// How many relations stand for their facts about the entities named.
const RELATION_PROPOSALS: usize = 5;
/// How many of the likeliest relations may be computed ones.
const OPERATOR_PROPOSALS: usize = 2;
/// Most facts of one subject and relation that are measured (members by year, say).
const FACTS_PER_KEY: usize = 24;

/// Most facts with one entity as their value that are looked at.
const FACTS_PER_VALUE: usize = 60;

/// A base as far as proposals need it: the engine, or an engine in training.
#[derive(Clone, Copy)]
pub(crate) struct Base<'e> {
    pub(crate) knowledge: &'e Knowledge,
    pub(crate) reader: &'e Reader,
    pub(crate) index: &'e Index,
    pub(crate) facts: &'e Ranker,
    pub(crate) relations: &'e Ranker,
}

/// How far one logit is behind another, 0–1: a lead of [`WIDE_LEAD`] is as good as any wider one.
fn lag(ahead: f32, behind: f32) -> f32 {
    ((ahead - behind) / WIDE_LEAD).clamp(0.0, 1.0)
}

/// A measured proposal.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) target: Target,
    pub(crate) features: Features,
    /// What the conversation says for it, in log-odds.
    pub(crate) shift: f32,
}

/// Everything found for one reading.
#[derive(Debug)]
pub(crate) struct Proposals {
    pub(crate) reading: Reading,
    pub(crate) candidates: Vec<Candidate>,
    /// The likeliest relations with their probability, likeliest first.
    pub(crate) relations: Vec<(RelationIx, f32)>,
}

thread_local! {
    /// The working memory of each ranker, facts first; a question needs it for microseconds.
    static SCRATCH: RefCell<[Scratch; 2]> = RefCell::default();
}

/// The likeliest relation with its probability, when an entity is named and the base has no fact of
/// that relation about any entity named or about what one of them became or came from.
fn near_miss(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    relations: &[Scored],
) -> Option<(RelationIx, f32)> {
    let best = relations.first()?;
    let relation = RelationIx(best.entry);
    if knowledge.relations[relation.index()].operator.is_some() || reading.entities.is_empty() {
        return None;
    }
    let known = reading
        .entities
        .iter()
        .any(|(entity, _)| index.has_fact(knowledge, *entity, relation));
    (!known).then_some((relation, best.probability))
}

/// Takes the class of what is to be refused, which stands behind `entries` others, out of the ranking; returns its
/// probability.
fn taken_out(ranked: &mut Vec<Scored>, entries: usize) -> f32 {
    let place = ranked
        .iter()
        .position(|scored| scored.entry as usize == entries);
    place.map_or(0.0, |place| ranked.remove(place).probability)
}

/// What is known about a reading beside its words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asking<'e> {
    /// The entity a conversation is about.
    pub(crate) carried: Option<EntityIx>,
    /// How much a word says that looks like a name and stands in the rest of the sentence, 0–1.
    pub(crate) stranger: f32,
    /// The same of a word that is written like a name.
    pub(crate) proper: f32,
    /// Entities named in the rest of the sentence.
    pub(crate) around: &'e [(EntityIx, f32)],
    /// It asks of nothing but what happened once, at a date.
    pub(crate) happened: bool,
    /// While calibrating: the fact whose own phrasing this is.
    pub(crate) own: Option<FactIx>,
    /// While calibrating: what the question itself did to the rankers.
    pub(crate) without: Without<'e>,
}

/// The influence of a question on the rankers, taken out when it is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Without<'e> {
    pub(crate) of_facts: Option<&'e Influence>,
    pub(crate) of_relations: Option<&'e Influence>,
}

/// Ranks and measures what may answer one reading of a question; `compute` fills the slots of
/// computed answers.
pub(crate) fn propose(
    base: Base<'_>,
    text: Text,
    asking: Asking<'_>,
    compute: impl Fn(&Reading, RelationIx) -> Option<Answer>,
) -> Proposals {
    let Base {
        knowledge,
        reader,
        index,
        ..
    } = base;
    let Asking {
        carried,
        stranger,
        proper,
        around,
        happened,
        own,
        without,
    } = asking;
    let asks_for = |fact: FactIx| !happened || score::happened(knowledge, &knowledge[fact]);
    let mut reading = Reading::new(text, carried, own, index);
    let named = |entity: EntityIx| reading.entities.iter().any(|(named, _)| *named == entity);
    reading.around = around
        .iter()
        .copied()
        .filter(|(entity, _)| !named(*entity))
        .collect();
    reading.stranger = reading.stranger.max(stranger);
    reading.proper_beside = proper;
    let implied = if reading.entities.is_empty() {
        index.main
    } else {
        None
    };
    let slot = reading.carried.then_some(carried).flatten().or(implied);
    let (facts, relations, refusable, unasked) =
        SCRATCH.with_borrow_mut(|[of_facts, of_relations]| {
            let terms = reader.terms(&reading.text, slot);
            let mut facts =
                base.facts
                    .rank_without(&terms, without.of_facts, of_facts, FACT_PROPOSALS);
            let masked = reader.masked_terms(&reading.text, slot.is_some());
            let mut relations = base.relations.rank_without(
                &masked,
                without.of_relations,
                of_relations,
                RELATIONS_RANKED,
            );
            let unasked = taken_out(&mut relations, knowledge.relations.len());
            let refusable = taken_out(&mut facts, knowledge.facts.len());
            facts.retain(|scored| asks_for(FactIx(scored.entry)));
            (facts, relations, refusable, unasked)
        });
    reading.asked_for = relations
        .first()
        .map(|best| (RelationIx(best.entry), best.probability));
    reading.near_miss = near_miss(knowledge, index, &reading, &relations);
    let best_relation = relations.first().map_or(0.0, |best| best.logit);
    let likeliest = relations.first().map_or(0.0, |best| best.probability);
    let relation_ranks = |relation: Option<RelationIx>| -> (f32, f32) {
        match relation
            .and_then(|relation| relations.iter().find(|scored| scored.entry == relation.0))
        {
            Some(scored) => (scored.probability, likeliest - scored.probability),
            // A plain entry has no relation to compare: neither for nor against it.
            None => (
                0.0,
                if relation.is_some() {
                    likeliest
                } else {
                    0.3 * likeliest
                },
            ),
        }
    };
    let best_fact = facts.first().map_or(0.0, |best| best.logit);
    let next_fact = facts.get(1).map_or(0.0, |next| next.logit);
    let mut candidates: Vec<Candidate> = Vec::with_capacity(24);
    let mut measured: Vec<FactIx> = Vec::with_capacity(24);
    let mut add = |fact: FactIx| {
        if measured.contains(&fact) || !asks_for(fact) {
            return;
        }
        measured.push(fact);
        let scored = facts.iter().find(|scored| scored.entry == fact.0);
        let (relation_score, relation_gap) = relation_ranks(knowledge.facts[fact.index()].relation);
        let ranks = Ranks {
            score: scored.map_or(0.0, |s| s.score),
            margin: scored.map_or(-1.0, |s| {
                if s.entry == facts[0].entry {
                    lag(s.logit, next_fact)
                } else {
                    -lag(best_fact, s.logit)
                }
            }),
            probability: scored.map_or(0.0, |s| s.probability),
            relation_score,
            relation_gap,
            refusable,
            unasked,
        };
        candidates.push(Candidate {
            target: Target::Fact(fact),
            features: score::measure_fact(knowledge, index, &reading, fact, ranks),
            shift: 0.0,
        });
    };
    for scored in facts.iter().take(FACTS_MEASURED) {
        add(FactIx(scored.entry));
    }
    let subjects: Vec<EntityIx> = reading
        .entities
        .iter()
        .map(|(entity, _)| *entity)
        .chain(implied)
        .collect();
    // At the time asked for, what is named may have been something else.
    let mut family: Vec<EntityIx> = Vec::new();
    if !reading.text.dates.is_empty() {
        let of = |subject: &EntityIx| index.lineage.get(subject).into_iter().flatten();
        family.extend(subjects.iter().flat_map(of));
        family.sort_unstable();
    }
    let asked_then = |fact: &FactIx| {
        let date = index.facts[fact.index()].date.as_ref();
        let mut dates = reading.text.dates.iter();
        date.is_some_and(|date| dates.any(|mention| date.overlaps(&mention.date.span())))
    };
    let named = subjects.iter().map(|subject| (subject, false));
    for (subject, then) in named.chain(family.iter().map(|subject| (subject, true))) {
        for relation in relations.iter().take(RELATION_PROPOSALS) {
            let facts = index.by_key.get(&(*subject, RelationIx(relation.entry)));
            for fact in facts.into_iter().flatten().take(FACTS_PER_KEY) {
                if !then || asked_then(fact) {
                    add(*fact);
                }
            }
        }
    }
    // Asked from the value: "was Iveco one of the founders?" names no cluster.
    for (value, _) in &reading.entities {
        for fact in index
            .by_object
            .get(value)
            .into_iter()
            .flatten()
            .take(FACTS_PER_VALUE)
        {
            let relation = knowledge.facts[fact.index()].relation;
            if relations
                .iter()
                .take(RELATION_PROPOSALS)
                .any(|scored| relation == Some(RelationIx(scored.entry)))
            {
                add(*fact);
            }
        }
    }
    for (rank, scored) in relations.iter().enumerate().take(OPERATOR_PROPOSALS) {
        let relation = RelationIx(scored.entry);
        if happened || knowledge[relation].operator.is_none() {
            continue;
        }
        let next = relations.get(1).map_or(0.0, |next| next.logit);
        let ranks = Ranks {
            score: scored.score,
            margin: if rank == 0 {
                lag(scored.logit, next)
            } else {
                -lag(best_relation, scored.logit)
            },
            probability: scored.probability,
            relation_score: scored.probability,
            relation_gap: likeliest - scored.probability,
            refusable,
            unasked,
        };
        let fits = compute(&reading, relation).is_some();
        candidates.push(Candidate {
            target: Target::Operator(relation),
            features: score::measure_operator(index, &reading, relation, ranks, fits),
            shift: 0.0,
        });
    }
    let relations = relations
        .iter()
        .take(RELATION_PROPOSALS)
        .map(|scored| (RelationIx(scored.entry), scored.probability))
        .collect();
    Proposals {
        reading,
        candidates,
        relations,
    }
}
