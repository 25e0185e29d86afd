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
    let mut reading = read(base.index, text, &asking);
    let ranking = Ranking::of(base, &reading, &asking);
    let likeliest = |scored: &Scored| (RelationIx(scored.entry), scored.probability);
    reading.asked_for = ranking.relations.first().map(likeliest);
    reading.near_miss = near_miss(base.knowledge, base.index, &reading, &ranking.relations);
    let asked_for =
        |fact: &FactIx| !asking.happened || score::happened(base.knowledge, &base.knowledge[*fact]);
    let mut candidates: Vec<Candidate> = ranking
        .proposed_facts(base, &reading)
        .into_iter()
        .filter(asked_for)
        .map(|fact| {
            let ranks = ranking.of_fact(fact, base.knowledge[fact].relation);
            Candidate {
                target: Target::Fact(fact),
                features: score::measure_fact(base.knowledge, base.index, &reading, fact, ranks),
                shift: 0.0,
            }
        })
        .collect();
    // What is computed did not happen once.
    let computed = if asking.happened {
        0
    } else {
        OPERATOR_PROPOSALS
    };
    for place in 0..computed.min(ranking.relations.len()) {
        let relation = RelationIx(ranking.relations[place].entry);
        if base.knowledge[relation].operator.is_some() {
            let fits = compute(&reading, relation).is_some();
            let ranks = ranking.of_relation(place);
            candidates.push(Candidate {
                target: Target::Operator(relation),
                features: score::measure_operator(base.index, &reading, relation, ranks, fits),
                shift: 0.0,
            });
        }
    }
    let relations = ranking.relations.iter().take(RELATION_PROPOSALS);
    Proposals {
        candidates,
        relations: relations.map(likeliest).collect(),
        reading,
    }
}

/// The reading of a text, with what is known beside its words.
fn read(index: &Index, text: Text, asking: &Asking<'_>) -> Reading {
    let mut reading = Reading::new(text, asking.carried, asking.own, index);
    let named = |entity: EntityIx| reading.entities.iter().any(|(named, _)| *named == entity);
    let around = asking.around.iter().copied();
    reading.around = around.filter(|(entity, _)| !named(*entity)).collect();
    reading.stranger = reading.stranger.max(asking.stranger);
    reading.proper_beside = asking.proper;
    reading
}

/// The entity meant by a reading that names none.
fn implied(index: &Index, reading: &Reading) -> Option<EntityIx> {
    index.main.filter(|_| reading.entities.is_empty())
}

/// What the rankers say of a reading.
struct Ranking {
    /// The likeliest facts, likeliest first.
    facts: Vec<Scored>,
    /// The likeliest relations, likeliest first.
    relations: Vec<Scored>,
    /// Probability that the question is to be refused, by its words.
    refusable: f32,
    /// Probability that it asks for nothing that relations stand for.
    unasked: f32,
}

impl Ranking {
    fn of(base: Base<'_>, reading: &Reading, asking: &Asking<'_>) -> Ranking {
        let knowledge = base.knowledge;
        let carried = asking.carried.filter(|_| reading.carried);
        let slot = carried.or(implied(base.index, reading));
        SCRATCH.with_borrow_mut(|[of_facts, of_relations]| {
            let without = &asking.without;
            let terms = base.reader.terms(&reading.text, slot);
            let mut facts =
                base.facts
                    .rank_without(&terms, without.of_facts, of_facts, FACT_PROPOSALS);
            let masked = base.reader.masked_terms(&reading.text, slot.is_some());
            let mut relations = base.relations.rank_without(
                &masked,
                without.of_relations,
                of_relations,
                RELATIONS_RANKED,
            );
            let unasked = taken_out(&mut relations, knowledge.relations.len());
            let refusable = taken_out(&mut facts, knowledge.facts.len());
            if asking.happened {
                facts.retain(|scored| score::happened(knowledge, &knowledge[FactIx(scored.entry)]));
            }
            Ranking {
                facts,
                relations,
                refusable,
                unasked,
            }
        })
    }

    /// The facts to be measured, each once: those the fact ranker finds, those of the likeliest relations about what
    /// is named or was then, and those that have it as their value.
    fn proposed_facts(&self, base: Base<'_>, reading: &Reading) -> Vec<FactIx> {
        let index = base.index;
        let mut proposed: Vec<FactIx> = Vec::with_capacity(24);
        let mut add = |fact: FactIx| {
            if !proposed.contains(&fact) {
                proposed.push(fact);
            }
        };
        for scored in self.facts.iter().take(FACTS_MEASURED) {
            add(FactIx(scored.entry));
        }
        let entities = reading.entities.iter().map(|(entity, _)| *entity);
        let subjects: Vec<EntityIx> = entities.clone().chain(implied(index, reading)).collect();
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
        let relations = self.relations.iter().take(RELATION_PROPOSALS);
        let relations = relations.map(|scored| RelationIx(scored.entry));
        let named = subjects.iter().map(|subject| (subject, false));
        for (subject, then) in named.chain(family.iter().map(|subject| (subject, true))) {
            for relation in relations.clone() {
                let facts = index.by_key.get(&(*subject, relation));
                let facts = facts.into_iter().flatten().take(FACTS_PER_KEY);
                facts
                    .filter(|fact| !then || asked_then(fact))
                    .for_each(|fact| add(*fact));
            }
        }
        // Asked from the value: "was Iveco one of the founders?" names no cluster.
        for value in entities {
            let facts = index.by_object.get(&value);
            let facts = facts.into_iter().flatten().take(FACTS_PER_VALUE);
            let proposed = |fact: &&FactIx| {
                let own = base.knowledge[**fact].relation;
                relations.clone().any(|relation| own == Some(relation))
            };
            facts.filter(proposed).for_each(|fact| add(*fact));
        }
        proposed
    }

    /// How a fact of this relation is ranked.
    fn of_fact(&self, fact: FactIx, relation: Option<RelationIx>) -> Ranks {
        let logit = |place: usize| self.facts.get(place).map_or(0.0, |scored| scored.logit);
        let place = self.facts.iter().position(|scored| scored.entry == fact.0);
        let scored = place.map(|place| &self.facts[place]);
        let (relation_score, relation_gap) = self.of_its_relation(relation);
        Ranks {
            score: scored.map_or(0.0, |scored| scored.score),
            margin: match place {
                None => -1.0,
                Some(0) => lag(logit(0), logit(1)),
                Some(place) => -lag(logit(0), logit(place)),
            },
            probability: scored.map_or(0.0, |scored| scored.probability),
            relation_score,
            relation_gap,
            refusable: self.refusable,
            unasked: self.unasked,
        }
    }

    /// The probability of a fact's relation, and how far it is behind the likeliest one.
    fn of_its_relation(&self, relation: Option<RelationIx>) -> (f32, f32) {
        let likeliest = self.likeliest();
        let Some(relation) = relation else {
            // A plain entry has no relation to compare: neither for nor against it.
            return (0.0, 0.3 * likeliest);
        };
        let scored = self
            .relations
            .iter()
            .find(|scored| scored.entry == relation.0);
        let probability = scored.map_or(0.0, |scored| scored.probability);
        (probability, likeliest - probability)
    }

    /// How the relation at a place of the ranking is ranked.
    fn of_relation(&self, place: usize) -> Ranks {
        let logit = |place: usize| self.relations.get(place).map_or(0.0, |scored| scored.logit);
        let scored = &self.relations[place];
        Ranks {
            score: scored.score,
            margin: match place {
                0 => lag(logit(0), logit(1)),
                _ => -lag(logit(0), logit(place)),
            },
            probability: scored.probability,
            relation_score: scored.probability,
            relation_gap: self.likeliest() - scored.probability,
            refusable: self.refusable,
            unasked: self.unasked,
        }
    }

    /// The probability of the likeliest relation.
    fn likeliest(&self) -> f32 {
        self.relations.first().map_or(0.0, |best| best.probability)
    }
}
