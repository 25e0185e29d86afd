//! From a base to an engine: read every text, train, calibrate.

use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::Engine;
use crate::engine::analysis::Base;
use crate::engine::calibrate::Calibration;
use crate::engine::index::{FactTexts, Index};
use crate::engine::lessons::{Asked, Places, Trained, lessons};
use crate::engine::near_misses::{near_misses, redated, renamed};
use crate::engine::ranker::{Examples, Ranker, Settings};
use crate::engine::reader::{Reader, Text, WordCounts};
use crate::engine::score::Target;
use crate::knowledge::model::{Expected, Fact, FactIx, Golden, Knowledge, RelationIx};
use crate::lang::Lang;

/// Every n-th phrasing is held out to calibrate with.
const HOLD_OUT_EVERY: usize = 5;
/// Questions to calibrate with that are enough: as far as golden questions do not make them up,
/// phrasings are held out.
const ENOUGH_ASKED: usize = 1_600;
/// Bases with more facts are not calibrated: they keep the prior.
const MAX_CALIBRATED_FACTS: usize = 1_500;
/// Patterns of its relation that each fact is also trained on, per language: the relation ranker
/// knows them all, so these only help facts with few phrasings of their own.
const PATTERNS_PER_FACT: usize = 3;
/// Facts with more phrasings than this do not need their relation's patterns.
const ENOUGH_PHRASINGS: usize = 10;
/// Weight of a golden question in training, beside a sample or phrasing: its verdict must hold.
const MUST_HOLD: f32 = 2.0;
/// Weight of a question to refuse in training, beside a phrasing.
const REFUSAL_WEIGHT: f32 = 1.0;
/// The same among relations, which have fewer phrasings to learn from.
const REFUSAL_AMONG_RELATIONS: f32 = 0.15;
/// Weight of a pattern in training, beside a phrasing of the fact's own.
const PATTERN_WEIGHT: f32 = 0.5;

/// Most phrasings of facts that a relation learns from: they differ little once their entities are
/// masked, and training takes time in proportion. With all of them no more questions are understood.
const PHRASINGS_PER_RELATION: usize = 150;
/// Facts that are read together by one core, and how many such chunks it may be ahead.
const FACTS_PER_CHUNK: usize = 64;
const CHUNKS_AHEAD: usize = 4;

/// Trains and calibrates; with `unseen`, without that quarter of the golden questions.
pub(crate) fn build(knowledge: Arc<Knowledge>, unseen: Option<u64>) -> Engine {
    let mut reader = Reader::new(Arc::clone(&knowledge));
    let patterns: Vec<Vec<Text>> = knowledge
        .relations
        .iter()
        .map(|relation| {
            [&relation.patterns, &relation.reverse, &relation.yesno]
                .into_iter()
                .flat_map(|patterns| patterns.en.iter().chain(&patterns.fr))
                .map(|pattern| reader.read_pattern(pattern))
                .collect()
        })
        .collect();
    let mut gathered = Gathered::new(&knowledge);
    read_facts(&reader, &knowledge.facts, |texts| {
        gathered.add_fact(&knowledge, &reader, texts);
    });
    let Gathered {
        mut words,
        asked_words,
        mut index,
        mut examples,
        mut asked,
        ..
    } = gathered;
    index.finish(&knowledge, &patterns);
    for text in patterns.iter().flatten() {
        words.add_text(text);
    }
    reader.learn_vocabulary(words, asked_words);
    examples.add_patterns(&knowledge, &reader, &index, &patterns);
    let near_misses = examples.add_near_misses(&knowledge, &reader, &index);
    asked.extend(near_misses.into_iter().map(Asked::near_miss));
    asked.extend(examples.add_golden(&knowledge, &reader, &mut index, unseen));
    let of_strangers = renamed(&knowledge, asked.iter().filter_map(Asked::answerable));
    let of_other_times = redated(&knowledge, asked.iter().filter_map(Asked::answerable));
    asked.extend(of_strangers.into_iter().map(Asked::altered));
    asked.extend(of_other_times.into_iter().map(Asked::altered));
    let trained = examples.train(&knowledge, &asked);
    let base = Base {
        knowledge: &knowledge,
        reader: &reader,
        index: &index,
        facts: &trained.facts,
        relations: &trained.relations,
    };
    let calibration = match knowledge.facts.len() > MAX_CALIBRATED_FACTS {
        true => Calibration::default(),
        false => Calibration::learn(lessons(base, &asked, &trained)),
    };
    Engine {
        reader,
        index,
        facts: trained.facts,
        relations: trained.relations,
        calibration,
        knowledge,
    }
}

/// Reads all phrasings and answers, on all cores, and hands them to `take` in the order of the facts. Only some
/// facts are read ahead: the texts of a large base would fill the memory.
fn read_facts(reader: &Reader, facts: &[Fact], mut take: impl FnMut(&FactTexts)) {
    let read = |fact: &Fact| FactTexts {
        phrasings: phrasings(fact)
            .map(|(_, text)| reader.read_own(text))
            .collect(),
        answers: [&fact.answer.en, &fact.answer.fr]
            .into_iter()
            .chain(fact.event.iter().flat_map(|event| [&event.en, &event.fr]))
            .filter(|text| !text.is_empty())
            .map(|text| reader.read_own(text))
            .collect(),
    };
    let read = &read;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..cores)
            .map(|core| {
                let (sender, receiver) = std::sync::mpsc::sync_channel(CHUNKS_AHEAD);
                scope.spawn(move || {
                    for chunk in facts.chunks(FACTS_PER_CHUNK).skip(core).step_by(cores) {
                        let texts: Vec<FactTexts> = chunk.iter().map(read).collect();
                        if sender.send(texts).is_err() {
                            break;
                        }
                    }
                });
                receiver
            })
            .collect();
        let chunks = facts.len().div_ceil(FACTS_PER_CHUNK);
        for part in (0..chunks).map(|chunk| &parts[chunk % cores]) {
            let texts = part.recv().expect("reading a text does not panic");
            texts.iter().for_each(&mut take);
        }
    });
}

/// All phrasings of a fact with their language.
pub(crate) fn phrasings(fact: &Fact) -> impl Iterator<Item = (Lang, &str)> {
    fact.phrasings
        .iter()
        .flat_map(|(lang, texts)| texts.iter().map(move |text| (lang, text.text.as_str())))
}

/// What is kept of the texts of a base once they are read.
struct Gathered {
    words: WordCounts,
    /// The words of the phrasings.
    asked_words: WordCounts,
    index: Index,
    examples: Learned,
    /// The questions to calibrate with.
    asked: Vec<Asked>,
    /// One phrasing in so many is among them; none when zero.
    every: usize,
    /// Per relation, one phrasing in so many is learned from.
    relation_every: Vec<usize>,
}

impl Gathered {
    fn new(knowledge: &Knowledge) -> Gathered {
        let small = knowledge.facts.len() <= MAX_CALIBRATED_FACTS;
        let mut total = 0;
        let mut of_relations = vec![0_usize; knowledge.relations.len()];
        for fact in &knowledge.facts {
            let count = phrasings(fact).count();
            total += count;
            if let Some(relation) = fact.relation {
                of_relations[relation.index()] += count;
            }
        }
        let thinned = |count: usize| count.div_ceil(PHRASINGS_PER_RELATION).max(1);
        Gathered {
            words: WordCounts::default(),
            asked_words: WordCounts::default(),
            index: Index::default(),
            examples: Learned::default(),
            asked: Vec::new(),
            every: match ENOUGH_ASKED.saturating_sub(knowledge.questions().count()) {
                missing if small && missing > 0 => HOLD_OUT_EVERY.max(total / missing),
                _ => 0,
            },
            relation_every: of_relations.into_iter().map(thinned).collect(),
        }
    }

    /// Takes in the texts of the next fact.
    fn add_fact(&mut self, knowledge: &Knowledge, reader: &Reader, texts: &FactTexts) {
        let fact_ix = FactIx(self.index.facts.len() as u32);
        let fact = &knowledge.facts[fact_ix.index()];
        self.index.add(fact, texts);
        for text in &texts.phrasings {
            self.asked_words.add_text(text);
        }
        for text in &texts.answers {
            self.words.add_text(text);
        }
        for (phrasing, text) in texts.phrasings.iter().enumerate() {
            // Phrasings are spread by a fixed stride over their running number within the fact, so
            // that which ones are asked does not depend on the order of the files.
            let of_fact = fact.id.bytes().fold(phrasing, |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(usize::from(byte))
            });
            let relation = fact
                .relation
                .filter(|relation| of_fact % self.relation_every[relation.index()] == 0);
            let examples = self.examples.add(reader, text, fact_ix, relation, 1.0);
            if self.every > 0 && texts.phrasings.len() > 1 && of_fact % self.every == 0 {
                let asked = Asked::phrasing(text.clone(), fact_ix, examples);
                self.asked.push(asked);
            }
        }
    }
}

/// The examples of both rankers.
#[derive(Default)]
struct Learned {
    of_facts: Examples,
    of_relations: Examples,
    /// The facts, and a class for what is to be refused where there is one.
    entries: usize,
}

impl Learned {
    /// Adds a phrasing of a fact and of its relation.
    fn add(
        &mut self,
        reader: &Reader,
        text: &Text,
        fact: FactIx,
        relation: Option<RelationIx>,
        weight: f32,
    ) -> Places {
        // What is asked by its date ("what happened on 21 November 2017") says nothing of the
        // relation; such questions belong to timelines.
        let relation = relation.filter(|_| text.dates.is_empty());
        Places {
            of_facts: Some(
                self.of_facts
                    .push(fact.0, &reader.terms(text, None), weight),
            ),
            of_relations: relation.map(|relation| {
                let terms = reader.masked_terms(text, false);
                self.of_relations.push(relation.0, &terms, 0.5 * weight)
            }),
        }
    }

    /// Adds the golden questions that may be learned from: they are phrasings in the words of people
    /// who ask. Those to refuse go to the class of what is to be refused, where there is one.
    fn add_golden(
        &mut self,
        knowledge: &Knowledge,
        reader: &Reader,
        index: &mut Index,
        unseen: Option<u64>,
    ) -> Vec<Asked> {
        let refusals = self.refusals(knowledge);
        let golden: Vec<&Golden> = questions_to_learn(knowledge, unseen).collect();
        let texts = golden.par_iter();
        let texts = texts.map(|golden| reader.read_question(&golden.ask, true));
        let texts: Vec<Text> = texts.collect();
        golden
            .into_iter()
            .zip(texts)
            .map(|(golden, text)| {
                let right: Vec<Target> = golden
                    .expect
                    .iter()
                    .filter_map(|expected| match expected {
                        Expected::Fact(fact) => Some(Target::Fact(*fact)),
                        Expected::Offer | Expected::Unknown => None,
                    })
                    .collect();
                index.settle(&text, |fact| right.contains(&Target::Fact(fact)));
                let own = match golden.expect.first() {
                    Some(Expected::Fact(fact)) => Some(*fact),
                    _ => None,
                };
                let weight = if golden.sample { 1.0 } else { MUST_HOLD };
                let examples = if let Some(fact) = own {
                    let relation = knowledge.facts[fact.index()].relation;
                    index.add_asked(fact, &text);
                    self.add(reader, &text, fact, relation, weight)
                } else {
                    let refused = refusals.filter(|_| right.is_empty());
                    Places {
                        of_facts: refused.map(|class| {
                            let terms = reader.terms(&text, None);
                            self.of_facts.push(class, &terms, REFUSAL_WEIGHT * weight)
                        }),
                        of_relations: refused.and_then(|_| {
                            let relations = knowledge.relations.len();
                            let terms = reader.masked_terms(&text, false);
                            (relations > 0).then(|| {
                                self.of_relations.push(
                                    relations as u32,
                                    &terms,
                                    REFUSAL_AMONG_RELATIONS * weight,
                                )
                            })
                        }),
                    }
                };
                Asked::golden(text, right, own, examples)
            })
            .collect()
    }

    /// The class of what is to be refused, which stands behind the facts.
    fn refusals(&self, knowledge: &Knowledge) -> Option<u32> {
        (self.entries > knowledge.facts.len()).then_some(knowledge.facts.len() as u32)
    }

    /// Adds the patterns to their relations, and some to facts with few phrasings of their own.
    fn add_patterns(
        &mut self,
        knowledge: &Knowledge,
        reader: &Reader,
        index: &Index,
        patterns: &[Vec<Text>],
    ) {
        for (number, fact) in knowledge.facts.iter().enumerate() {
            let (Some(subject), Some(relation)) = (fact.subject, fact.relation) else {
                continue;
            };
            let fact_ix = FactIx(number as u32);
            if phrasings(fact).count() >= ENOUGH_PHRASINGS
                || index.plain_fact(knowledge, subject, relation) != Some(fact_ix)
            {
                continue;
            }
            let written = &knowledge.relations[relation.index()].patterns;
            let read = &patterns[relation.index()];
            let french = written.en.len();
            for text in read.iter().take(PATTERNS_PER_FACT.min(french)).chain(
                read.iter()
                    .skip(french)
                    .take(PATTERNS_PER_FACT.min(written.fr.len())),
            ) {
                let terms = reader.terms(text, Some(subject));
                self.of_facts.push(fact_ix.0, &terms, PATTERN_WEIGHT);
            }
        }
        for (number, texts) in patterns.iter().enumerate() {
            for text in texts {
                let terms = reader.masked_terms(text, false);
                self.of_relations.push(number as u32, &terms, 1.0);
            }
        }
    }

    /// Adds what is to be refused as a class of its own beside the facts, so that its words speak
    /// against all of them: near misses made from the base. Returns others of the same kind, to
    /// calibrate with.
    fn add_near_misses(
        &mut self,
        knowledge: &Knowledge,
        reader: &Reader,
        index: &Index,
    ) -> Vec<Text> {
        self.entries = knowledge.facts.len();
        if self.entries > MAX_CALIBRATED_FACTS {
            return Vec::new();
        }
        let learned = near_misses(knowledge, reader, index, 1);
        if !learned.is_empty() {
            let class = self.entries as u32;
            self.entries += 1;
            for text in &learned {
                let terms = reader.terms(text, None);
                self.of_facts.push(class, &terms, REFUSAL_WEIGHT);
            }
        }
        near_misses(knowledge, reader, index, 0)
    }

    /// Trains the rankers of facts and of relations, and keeps what the questions asked did to them.
    fn train(&self, knowledge: &Knowledge, asked: &[Asked]) -> Trained {
        let settings = Settings::default();
        let traced = |place: fn(&Places) -> Option<u32>| -> Vec<u32> {
            let places = asked.iter().map(|asked| &asked.examples);
            places.filter_map(place).collect()
        };
        let (of_facts, of_relations) = (
            traced(|places| places.of_facts),
            traced(|places| places.of_relations),
        );
        let ((relations, on_relations), (facts, on_facts)) = rayon::join(
            || {
                let relations = knowledge.relations.len();
                let relations = relations + usize::from(relations > 0);
                Ranker::train(relations, &self.of_relations, &of_relations, &settings)
            },
            || Ranker::train(self.entries, &self.of_facts, &of_facts, &settings),
        );
        Trained {
            facts,
            relations,
            on_facts: of_facts.iter().copied().zip(on_facts).collect(),
            on_relations: of_relations.iter().copied().zip(on_relations).collect(),
        }
    }
}

/// Golden questions and samples that may be learned from; those of the unseen quarter and conversations
/// are not. To learn from conversations, the entity they are about carried over, was tried with 880 of
/// them: no more follow-ups of others were understood, and a few questions by themselves fewer.
fn questions_to_learn(knowledge: &Knowledge, unseen: Option<u64>) -> impl Iterator<Item = &Golden> {
    let golden = knowledge.questions();
    golden.filter(move |golden| golden.after.is_empty() && Some(quarter(golden)) != unseen)
}

/// The quarter of the golden questions that is measured with.
pub(crate) const HELD_OUT: u64 = 0;
/// How many parts golden questions are divided in.
pub(crate) const QUARTERS: u64 = 4;

/// Whether a golden question is measured with: [`Engine::holding_out`] does not learn from it.
#[must_use]
pub fn held_out(golden: &Golden) -> bool {
    quarter(golden) == HELD_OUT
}

/// The part of the golden questions that one belongs to, by a stable hash of its words, so that
/// editing one question moves no other.
pub(crate) fn quarter(golden: &Golden) -> u64 {
    let hash = golden
        .after
        .iter()
        .chain(std::iter::once(&golden.ask))
        .flat_map(|text| crate::text::fold(text).into_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (hash >> 17) % QUARTERS
}
