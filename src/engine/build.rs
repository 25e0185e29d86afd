//! From a base to an engine: read every text, train, calibrate.

use std::borrow::Cow;
use std::sync::Arc;

use crate::engine::analysis::{self, Asking, Base};
use crate::engine::calibrate::{Calibration, Judged, Lesson, Origin};
use crate::engine::index::{FactTexts, Index};
use crate::engine::near_misses::near_misses;
use crate::engine::ranker::{Examples, Ranker, Settings};
use crate::engine::reader::{Reader, Text, WordCounts};
use crate::engine::score::{Feature, Target};
use crate::engine::{Engine, operators};
use crate::knowledge::model::{Expected, Fact, FactIx, Golden, Knowledge, RelationIx};
use crate::lang::Lang;

/// Every n-th phrasing is held out to calibrate with.
const HOLD_OUT_EVERY: usize = 5;
/// Most held-out phrasings that are asked; more would only cost time.
const MAX_HELD_OUT: usize = 1_600;
/// Bases with more facts calibrate on a sample of their facts.
const MAX_CALIBRATED_FACTS: usize = 1_500;
/// How much a golden question counts beside a held-out phrasing: it is what people really ask.
const GOLDEN_WEIGHT: f32 = 3.0;
/// How much a held-out phrasing counts.
const HELD_OUT_WEIGHT: f32 = 0.7;
/// How much a question whose fact was taken away counts.
const TAKEN_AWAY_WEIGHT: f32 = 0.5;
/// How much a near miss counts.
const NEAR_MISS_WEIGHT: f32 = 0.7;
/// Candidates of a question that are learned from: the best few, and the right one.
const CANDIDATES_LEARNED: usize = 12;
/// Patterns of its relation that each fact is also trained on, per language: the relation ranker
/// knows them all, so these only help facts with few phrasings of their own.
const PATTERNS_PER_FACT: usize = 3;
/// Facts with more phrasings than this do not need their relation's patterns.
const ENOUGH_PHRASINGS: usize = 10;
/// Weight of a question to refuse in training, beside a phrasing.
const REFUSAL_WEIGHT: f32 = 1.0;
/// Weight of a pattern in training, beside a phrasing of the fact's own.
const PATTERN_WEIGHT: f32 = 0.5;

/// Most phrasings of facts that a relation learns from: they differ little once their entities are
/// masked, and training takes time in proportion. With all of them no more questions are understood.
const PHRASINGS_PER_RELATION: usize = 150;
/// Facts that are read together by one core, and how many such chunks it may be ahead.
const FACTS_PER_CHUNK: usize = 64;
const CHUNKS_AHEAD: usize = 4;

pub(crate) fn build(knowledge: Arc<Knowledge>, unseen: u64) -> Engine {
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
        held_out: held,
        ..
    } = gathered;
    index.finish(&knowledge, &patterns);
    for text in patterns.iter().flatten() {
        words.add_text(text);
    }
    reader.learn_vocabulary(words, asked_words);
    examples.add_golden(&knowledge, &reader, &mut index, unseen);
    examples.add_patterns(&knowledge, &reader, &index, &patterns);
    examples.add_refusals(&knowledge, &reader, &index, unseen);
    let ((facts, relations), lessons) = std::thread::scope(|scope| {
        let lessons =
            scope.spawn(|| lessons(&knowledge, &reader, &index, &examples, &held, unseen));
        let trained = examples.train(&knowledge, true);
        (trained, lessons.join().expect("calibrating does not panic"))
    });
    let calibration = Calibration::learn(lessons);
    Engine {
        reader,
        index,
        facts,
        relations,
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
    /// The phrasings to calibrate with.
    held_out: Vec<(FactIx, Text)>,
    /// One phrasing in so many is held out; none when zero.
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
            held_out: Vec::new(),
            every: match small {
                true => HOLD_OUT_EVERY.max(total / MAX_HELD_OUT),
                false => 0,
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
            // that which ones are held out does not depend on the order of the files.
            let of_fact = fact.id.bytes().fold(phrasing, |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(usize::from(byte))
            });
            let seen = self.every == 0 || texts.phrasings.len() == 1 || of_fact % self.every != 0;
            if !seen {
                self.held_out.push((fact_ix, text.clone()));
            }
            let relation = fact
                .relation
                .filter(|relation| of_fact % self.relation_every[relation.index()] == 0);
            self.examples.add(reader, text, fact_ix, relation, seen);
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
    /// Numbers of the examples that the rankers which calibrate must not see, ascending.
    unseen_facts: Vec<usize>,
    unseen_relations: Vec<usize>,
}

impl Learned {
    /// Adds a phrasing of a fact and of its relation. Whoever calibrates sees it only when it is `seen`.
    fn add(
        &mut self,
        reader: &Reader,
        text: &Text,
        fact: FactIx,
        relation: Option<RelationIx>,
        seen: bool,
    ) {
        if !seen {
            self.unseen_facts.push(self.of_facts.len());
        }
        self.of_facts.push(fact.0, &reader.terms(text, None), 1.0);
        // What is asked by its date ("what happened on 21 November 2017") says nothing of the
        // relation; such questions belong to timelines.
        if let Some(relation) = relation.filter(|_| text.dates.is_empty()) {
            if !seen {
                self.unseen_relations.push(self.of_relations.len());
            }
            let terms = reader.masked_terms(text, false);
            self.of_relations.push(relation.0, &terms, 0.5);
        }
    }

    /// Adds the golden questions that may be learned from: they are phrasings in the words of people
    /// who ask.
    fn add_golden(
        &mut self,
        knowledge: &Knowledge,
        reader: &Reader,
        index: &mut Index,
        unseen: u64,
    ) {
        for golden in golden_to_learn(knowledge, unseen) {
            if let Some(Expected::Fact(fact)) = golden.expect.first() {
                let text = reader.read_question(&golden.ask, true);
                let relation = knowledge.facts[fact.index()].relation;
                index.add_asked(*fact, &text);
                self.add(reader, &text, *fact, relation, false);
            }
        }
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
    /// against all of them: near misses made from the base, and golden questions.
    fn add_refusals(&mut self, knowledge: &Knowledge, reader: &Reader, index: &Index, unseen: u64) {
        self.entries = knowledge.facts.len();
        if self.entries > MAX_CALIBRATED_FACTS {
            return;
        }
        let near_misses = near_misses(knowledge, reader, index, 1);
        if near_misses.is_empty() {
            return;
        }
        let refusal = self.entries as u32;
        self.entries += 1;
        for text in &near_misses {
            let terms = reader.terms(text, None);
            self.of_facts.push(refusal, &terms, REFUSAL_WEIGHT);
        }
        for golden in golden_to_learn(knowledge, unseen) {
            let is_fact = |expected: &Expected| matches!(expected, Expected::Fact(_));
            if !golden.expect.iter().any(is_fact) {
                let text = reader.read_question(&golden.ask, true);
                self.unseen_facts.push(self.of_facts.len());
                let terms = reader.terms(&text, None);
                self.of_facts.push(refusal, &terms, REFUSAL_WEIGHT);
            }
        }
    }

    /// Trains the rankers of facts and of relations, on all examples or on those that whoever calibrates
    /// may see.
    fn train(&self, knowledge: &Knowledge, all: bool) -> (Ranker, Ranker) {
        let settings = Settings::default();
        let train = |entries, examples, unseen: &[usize]| {
            let keep = |at| all || unseen.binary_search(&at).is_err();
            Ranker::train(entries, examples, keep, &settings)
        };
        std::thread::scope(|scope| {
            let relations = scope.spawn(|| {
                train(
                    knowledge.relations.len(),
                    &self.of_relations,
                    &self.unseen_relations,
                )
            });
            let facts = train(self.entries, &self.of_facts, &self.unseen_facts);
            (facts, relations.join().expect("training does not panic"))
        })
    }
}

/// Questions that the rankers asked did not see: phrasings held out, near misses made from the
/// base, and golden questions.
fn lessons(
    knowledge: &Knowledge,
    reader: &Reader,
    index: &Index,
    examples: &Learned,
    held_out: &[(FactIx, Text)],
    unseen: u64,
) -> Vec<Lesson> {
    if knowledge.facts.len() > MAX_CALIBRATED_FACTS {
        return Vec::new();
    }
    let (facts, relations) = examples.train(knowledge, false);
    let base = Base {
        knowledge,
        reader,
        index,
        facts: &facts,
        relations: &relations,
    };
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for (fact, text) in held_out {
        asked.push(Asked {
            text: Cow::Borrowed(text),
            right: vec![Target::Fact(*fact)],
            own: Some(*fact),
            origin: Origin::HeldOut,
            weight: HELD_OUT_WEIGHT,
        });
    }
    for text in near_misses(knowledge, reader, index, 0) {
        asked.push(Asked {
            text: Cow::Owned(text),
            right: Vec::new(),
            own: None,
            origin: Origin::NearMiss,
            weight: NEAR_MISS_WEIGHT,
        });
    }
    for golden in golden_to_learn(knowledge, unseen) {
        let facts = golden.expect.iter().filter_map(|expected| match expected {
            Expected::Fact(fact) => Some(Target::Fact(*fact)),
            Expected::Offer | Expected::Unknown => None,
        });
        asked.push(Asked {
            text: Cow::Owned(reader.read_question(&golden.ask, true)),
            right: facts.collect(),
            own: match golden.expect.first() {
                Some(Expected::Fact(fact)) => Some(*fact),
                _ => None,
            },
            origin: Origin::Golden,
            weight: GOLDEN_WEIGHT,
        });
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let parts: Vec<_> = asked
            .chunks(asked.len().div_ceil(cores).max(1))
            .map(|part| {
                let learn = |asked: &Asked<'_>| learn(base, asked);
                scope.spawn(move || part.iter().flat_map(learn).collect::<Vec<_>>())
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("calibrating does not panic"))
            .collect()
    })
}

/// A question to calibrate with.
struct Asked<'t> {
    text: Cow<'t, Text>,
    /// Any of these is right; none when it is to be refused.
    right: Vec<Target>,
    /// The fact that has the question among its phrasings.
    own: Option<FactIx>,
    origin: Origin,
    weight: f32,
}

/// What a question teaches; a held-out phrasing teaches twice, once with its fact and once without.
fn learn(base: Base<'_>, asked: &Asked<'_>) -> Vec<Lesson> {
    let lesson = lesson(base, asked);
    if asked.origin != Origin::HeldOut {
        return vec![lesson];
    }
    let mut taken = lesson.clone();
    taken.candidates.retain(|judged| !judged.right);
    taken.origin = Origin::TakenAway;
    taken.refuse = true;
    taken.weight = TAKEN_AWAY_WEIGHT;
    for judged in &mut taken.candidates {
        // With the right fact gone the best of the others has nothing ahead of it.
        let margin = &mut judged.features[Feature::FactMargin as usize];
        *margin = margin.max(-0.1);
    }
    vec![lesson, taken]
}

/// Golden questions that may be learned from; those of the unseen quarter and conversations are not.
fn golden_to_learn(knowledge: &Knowledge, unseen: u64) -> impl Iterator<Item = &Golden> {
    let golden = knowledge.golden.iter();
    golden.filter(move |golden| golden.after.is_empty() && quarter(golden) != unseen)
}

/// The quarter of the golden questions that is kept for measuring only.
pub(crate) const HELD_OUT: u64 = 0;
/// How many parts golden questions are divided in.
pub(crate) const QUARTERS: u64 = 4;

/// Whether a golden question is kept for measuring only.
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

fn lesson(base: Base<'_>, asked: &Asked<'_>) -> Lesson {
    let right = &asked.right;
    let compute = |reading: &crate::engine::score::Reading, relation: RelationIx| {
        // Any day will do: only whether the slots can be filled matters here.
        operators::compute(
            base.knowledge,
            base.index,
            reading,
            relation,
            crate::date::Day::from_ordinal(740_000),
        )
    };
    let proposals = analysis::propose(
        base,
        asked.text.clone().into_owned(),
        Asking {
            own: asked.own,
            ..Asking::default()
        },
        compute,
    );
    let prior = Calibration::default();
    let mut candidates: Vec<(f32, Judged)> = proposals
        .candidates
        .into_iter()
        .map(|candidate| {
            let right = match candidate.target {
                target @ Target::Fact(_) => right.contains(&target),
                // A computed answer is right when it rests on a right fact.
                Target::Operator(relation) => {
                    compute(&proposals.reading, relation).is_some_and(|answer| {
                        answer
                            .facts
                            .iter()
                            .any(|fact| right.contains(&Target::Fact(*fact)))
                    })
                }
            };
            let subject = match candidate.target {
                Target::Fact(fact) => base.knowledge.facts[fact.index()].subject,
                Target::Operator(_) => None,
            };
            let judged = Judged {
                features: candidate.features,
                subject,
                right,
            };
            (prior.likelihood(&judged.features), judged)
        })
        .collect();
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept = 0;
    candidates.retain(|(_, judged)| {
        kept += 1;
        kept <= CANDIDATES_LEARNED || judged.right
    });
    Lesson {
        candidates: candidates.into_iter().map(|(_, judged)| judged).collect(),
        refuse: right.is_empty(),
        origin: asked.origin,
        weight: asked.weight,
    }
}
