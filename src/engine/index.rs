//! What each fact says and is about, prepared for checking a candidate against a question.
//!
//! The rankers propose; this index lets [`score`](super::score) ask of a proposal: which words of
//! the question does it explain, does it know the entity named, does its date fit?

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::engine::phrases::{Key, key};
use crate::engine::reader::{Role, Text};
use crate::knowledge::model::{EntityIx, Fact, FactIx, Knowledge, RelationIx};

/// Stems as numbers, with how many texts use each.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stems {
    numbers: FxHashMap<Key, u32>,
    texts: Vec<u32>,
}

impl Stems {
    fn intern(&mut self, stem: &str) -> u32 {
        let next = self.texts.len() as u32;
        let number = *self.numbers.entry(key(stem)).or_insert(next);
        if number == next {
            self.texts.push(0);
        }
        number
    }

    /// The number of a stem the base uses.
    pub(crate) fn get(&self, stem: &str) -> Option<u32> {
        self.numbers.get(&key(stem)).copied()
    }

    /// The number of a stem that at least so many texts of the base use.
    pub(crate) fn used(&self, stem: &str, least: u32) -> Option<u32> {
        self.get(stem)
            .filter(|number| self.texts[*number as usize] >= least)
    }
}

/// Words and synonym groups of one or more texts, sorted, each with how many of the texts have it.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Bag {
    stems: Box<[(u32, u8)]>,
    concepts: Box<[(u16, u8)]>,
    aspects: Box<[(u16, u8)]>,
    asks: Box<[(u16, u8)]>,
}

impl Bag {
    fn new(texts: &[&Text], stems: &mut Stems) -> Bag {
        let mut found: Vec<u32> = Vec::new();
        let mut concepts: Vec<u16> = Vec::new();
        let mut aspects: Vec<u16> = Vec::new();
        let mut asks: Vec<u16> = Vec::new();
        for text in texts {
            let (words, groups) = words_of(text, stems);
            aspects.extend(aspects_of(text));
            asks.extend(text.asked_for());
            for number in &words {
                stems.texts[*number as usize] += 1;
            }
            found.extend(words);
            concepts.extend(groups);
        }
        Bag {
            stems: counted(found),
            concepts: counted(concepts),
            aspects: counted(aspects),
            asks: counted(asks),
        }
    }

    /// Takes in one more text.
    fn add(&mut self, text: &Text, stems: &mut Stems) {
        let (words, groups) = words_of(text, stems);
        for number in &words {
            stems.texts[*number as usize] += 1;
        }
        self.stems = merged(&self.stems, words);
        self.concepts = merged(&self.concepts, groups);
        self.aspects = merged(&self.aspects, aspects_of(text));
        self.asks = merged(&self.asks, text.asked_for());
    }

    /// Whether at least so many texts of the bag hold the stem or a word of one of the synonym groups.
    pub(crate) fn explains(&self, stem: Option<u32>, concepts: &[u16], least: u8) -> bool {
        stem.is_some_and(|stem| holds(&self.stems, stem, least))
            || concepts
                .iter()
                .any(|concept| holds(&self.concepts, *concept, least))
    }

    /// Whether at least so many texts of the bag ask for one of these kinds of things.
    pub(crate) fn asks_for(&self, kinds: &[u16], least: u8) -> bool {
        kinds.iter().any(|kind| holds(&self.asks, *kind, least))
    }

    /// Whether at least so many texts of the bag name one of the properties.
    pub(crate) fn names(&self, aspects: &[u16], least: u8) -> bool {
        aspects
            .iter()
            .any(|aspect| holds(&self.aspects, *aspect, least))
    }
}

/// When a fact held: its date, or the date of a volatile value.
fn held(fact: &Fact) -> Option<Date> {
    fact.date.or(fact.as_of)
}

fn holds<N: Ord + Copy>(counts: &[(N, u8)], number: N, least: u8) -> bool {
    counts
        .binary_search_by_key(&number, |(number, _)| *number)
        .is_ok_and(|at| counts[at].1 >= least)
}

/// The stems and synonym groups of a text, each once.
fn words_of(text: &Text, stems: &mut Stems) -> (Vec<u32>, Vec<u16>) {
    let mut found: Vec<u32> = Vec::new();
    let mut concepts: Vec<u16> = Vec::new();
    for word in &text.words {
        match word.role {
            Role::Entity(..) => {
                // The words of a name explain themselves where the name is not recognised.
                for part in word.text.split(' ') {
                    found.push(stems.intern(&super::reader::word_stem(part)));
                }
            }
            Role::Slot | Role::DateSlot => {}
            _ => {
                found.push(stems.intern(&word.stem));
                concepts.extend(&word.concepts);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    concepts.sort_unstable();
    concepts.dedup();
    (found, concepts)
}

/// The properties a text names, each once.
fn aspects_of(text: &Text) -> Vec<u16> {
    let mut aspects: Vec<u16> = text
        .words
        .iter()
        .flat_map(|word| word.aspects.iter().copied())
        .collect();
    aspects.sort_unstable();
    aspects.dedup();
    aspects
}

fn counted<N: Ord + Copy>(mut numbers: Vec<N>) -> Box<[(N, u8)]> {
    numbers.sort_unstable();
    numbers
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], u8::try_from(same.len()).unwrap_or(u8::MAX)))
        .collect()
}

fn merged<N: Ord + Copy>(counts: &[(N, u8)], more: Vec<N>) -> Box<[(N, u8)]> {
    let mut merged = counts.to_vec();
    for number in more {
        match merged.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => merged[at].1 = merged[at].1.saturating_add(1),
            Err(at) => merged.insert(at, (number, 1)),
        }
    }
    merged.into()
}

/// One fact, prepared.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Words of its own phrasings.
    pub(crate) asked: Bag,
    /// Words of its answer and headline.
    pub(crate) told: Bag,
    /// Entities it names, its subject included, sorted.
    pub(crate) entities: Box<[EntityIx]>,
    /// Numbers in digits that it names, years included, sorted.
    pub(crate) numbers: Box<[u32]>,
    /// When it held: its date, or the date of a volatile value.
    #[serde(skip)] // put back from the fact
    pub(crate) date: Option<Date>,
}

/// All facts, prepared.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) stems: Stems,
    pub(crate) facts: Vec<Entry>,
    /// Words of each relation's patterns.
    pub(crate) relations: Vec<Bag>,
    /// The facts of a subject and relation, in file order.
    pub(crate) by_key: FxHashMap<(EntityIx, RelationIx), Vec<FactIx>>,
    /// How many subjects each relation has facts of.
    pub(crate) subjects: FxHashMap<RelationIx, u32>,
    /// The facts of a subject, in file order.
    pub(crate) by_subject: FxHashMap<EntityIx, Vec<FactIx>>,
    /// The facts that have an entity as their value, in file order.
    pub(crate) by_object: FxHashMap<EntityIx, Vec<FactIx>>,
    /// Phrasings by their [keys](Text::key); nothing where two facts have the same one.
    pub(crate) phrasings: FxHashMap<u64, Option<FactIx>>,
    /// Milestones, in order of date.
    pub(crate) milestones: Vec<FactIx>,
    /// The entity meant when a question names none.
    pub(crate) main: Option<EntityIx>,
    /// What each entity became, step by step, and what it came from.
    pub(crate) lineage: FxHashMap<EntityIx, FxHashSet<EntityIx>>,
}

/// The texts of a fact, read.
#[derive(Debug, Default, Clone)]
pub(crate) struct FactTexts {
    pub(crate) phrasings: Vec<Text>,
    pub(crate) answers: Vec<Text>,
}

impl Index {
    /// Prepares the next fact; facts come in file order.
    pub(crate) fn add(&mut self, fact: &Fact, texts: &FactTexts) {
        let fact_ix = FactIx(self.facts.len() as u32);
        let phrasings: Vec<&Text> = texts.phrasings.iter().collect();
        let answers: Vec<&Text> = texts.answers.iter().collect();
        let mut entities: Vec<EntityIx> = phrasings
            .iter()
            .chain(&answers)
            .flat_map(|text| text.entities())
            .map(|(entity, _)| entity)
            .chain(fact.subject)
            .chain(fact.objects.iter().copied())
            .collect();
        entities.sort_unstable();
        entities.dedup();
        let mut numbers: Vec<u32> = phrasings
            .iter()
            .chain(&answers)
            .flat_map(|text| &text.words)
            .filter(|word| matches!(word.role, Role::Number | Role::Date(_)))
            .filter_map(|word| word.text.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.facts.push(Entry {
            asked: Bag::new(&phrasings, &mut self.stems),
            told: Bag::new(&answers, &mut self.stems),
            entities: entities.into(),
            numbers: numbers.into(),
            date: held(fact),
        });
        if let Some(subject) = fact.subject {
            self.by_subject.entry(subject).or_default().push(fact_ix);
            if let Some(relation) = fact.relation {
                let of_key = self.by_key.entry((subject, relation)).or_default();
                if of_key.is_empty() {
                    *self.subjects.entry(relation).or_default() += 1;
                }
                of_key.push(fact_ix);
            }
        }
        for text in &phrasings {
            let owner = self.phrasings.entry(text.key()).or_insert(Some(fact_ix));
            *owner = owner.filter(|owner| *owner == fact_ix);
        }
        for object in &fact.objects {
            self.by_object.entry(*object).or_default().push(fact_ix);
        }
        if fact.event.is_some() && fact.date.is_some() {
            self.milestones.push(fact_ix);
        }
    }

    /// Takes in that only these facts are right for a text: as a phrasing of another it stands for none.
    pub(crate) fn settle(&mut self, text: &Text, is_right: impl Fn(FactIx) -> bool) {
        if let Some(owner) = self.phrasings.get_mut(&text.key()) {
            *owner = owner.filter(|owner| is_right(*owner));
        }
    }

    /// The fact that has this text among its phrasings, word for word.
    pub(crate) fn phrased(&self, text: &Text) -> Option<FactIx> {
        self.phrasings.get(&text.key()).copied().flatten()
    }

    /// Takes in a question whose answer is known to be this fact.
    pub(crate) fn add_asked(&mut self, fact: FactIx, text: &Text) {
        self.facts[fact.index()].asked.add(text, &mut self.stems);
    }

    /// Finishes when all facts are prepared. `patterns` holds the read patterns of each relation.
    pub(crate) fn finish(&mut self, knowledge: &Knowledge, patterns: &[Vec<Text>]) {
        self.milestones.sort_by_cached_key(|fact| {
            let date = knowledge.facts[fact.index()].date.as_ref();
            (date.map(Date::sort_key), *fact)
        });
        self.relations = patterns
            .iter()
            .map(|texts| Bag::new(&texts.iter().collect::<Vec<_>>(), &mut self.stems))
            .collect();
        self.main = main_entity(knowledge);
        self.lineage = lineage(knowledge);
    }

    /// Puts back what is not kept with the index because the facts themselves say it.
    pub(crate) fn complete(&mut self, knowledge: &Knowledge) {
        for (entry, fact) in self.facts.iter_mut().zip(&knowledge.facts) {
            entry.date = held(fact);
        }
    }

    /// The facts about an entity, in file order.
    pub(crate) fn facts_of(&self, entity: EntityIx) -> &[FactIx] {
        self.by_subject.get(&entity).map_or(&[], Vec::as_slice)
    }

    /// Whether the base has a fact of this relation about the entity, about what it became or came
    /// from, or with the entity as its value.
    pub(crate) fn has_fact(
        &self,
        knowledge: &Knowledge,
        entity: EntityIx,
        relation: RelationIx,
    ) -> bool {
        let family = self
            .lineage
            .get(&entity)
            .into_iter()
            .flatten()
            .copied()
            .chain([entity]);
        let mut of_value = self.by_object.get(&entity).into_iter().flatten();
        family
            .into_iter()
            .any(|member| self.by_key.contains_key(&(member, relation)))
            || of_value.any(|fact| knowledge.facts[fact.index()].relation == Some(relation))
    }

    /// Whether one entity became the other, directly or over others.
    pub(crate) fn related(&self, a: EntityIx, b: EntityIx) -> bool {
        self.lineage.get(&a).is_some_and(|all| all.contains(&b))
    }

    /// The plain fact for a subject and relation: the one marked so, else the only or last one.
    pub(crate) fn plain_fact(
        &self,
        knowledge: &Knowledge,
        subject: EntityIx,
        relation: RelationIx,
    ) -> Option<FactIx> {
        let facts = self.by_key.get(&(subject, relation))?;
        facts
            .iter()
            .find(|fact| knowledge.facts[fact.index()].main)
            .or_else(|| {
                facts
                    .iter()
                    .rfind(|fact| !knowledge.facts[fact.index()].gap)
            })
            .copied()
    }
}

/// What an entity has become in the end: itself when nothing.
pub(crate) fn latest(knowledge: &Knowledge, entity: EntityIx) -> EntityIx {
    let line = std::iter::successors(Some(entity), |of| knowledge[*of].successor);
    // A loop of successors ends after as many steps as there are entities.
    line.take(knowledge.entities.len()).last().unwrap_or(entity)
}

/// The entity meant when a question names none.
fn main_entity(knowledge: &Knowledge) -> Option<EntityIx> {
    knowledge
        .entities
        .iter()
        .position(|entity| entity.main)
        .map(|position| EntityIx(position as u32))
}

/// For each entity, everything on its line of successors and predecessors.
fn lineage(knowledge: &Knowledge) -> FxHashMap<EntityIx, FxHashSet<EntityIx>> {
    let mut lines: FxHashMap<EntityIx, FxHashSet<EntityIx>> = FxHashMap::default();
    for (position, entity) in knowledge.entities.iter().enumerate() {
        let start = EntityIx(position as u32);
        let mut next = entity.successor;
        // A loop of successors ends after as many steps as there are entities.
        for _ in 0..knowledge.entities.len() {
            let Some(later) = next.filter(|later| *later != start) else {
                break;
            };
            lines.entry(start).or_default().insert(later);
            lines.entry(later).or_default().insert(start);
            next = knowledge.entities[later.index()].successor;
        }
    }
    lines
}
