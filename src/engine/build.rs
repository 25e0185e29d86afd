//! From a base to an engine: read every text, train, calibrate.

use std::sync::Arc;

use crate::engine::analysis::{self, Base};
use crate::engine::calibrate::{Calibration, Judged, Lesson, Origin};
use crate::engine::index::{FactTexts, Index};
use crate::engine::ranker::{Example, Ranker, Settings};
use crate::engine::reader::{Reader, Text};
use crate::engine::score::{Feature, Target};
use crate::engine::{Engine, operators};
use crate::knowledge::model::{EntityIx, Expected, Fact, FactIx, Golden, Knowledge, RelationIx};
use crate::lang::Lang;

/// Every n-th phrasing is held out to calibrate with.
const HOLD_OUT_EVERY: usize = 5;
/// Most held-out phrasings that are asked; more would only cost time.
const MAX_HELD_OUT: usize = 400;
/// Bases with more facts calibrate on a sample of their facts.
const MAX_CALIBRATED_FACTS: usize = 1_500;
/// How much a golden question counts beside a held-out phrasing: it is what people really ask.
const GOLDEN_WEIGHT: f32 = 3.0;
/// How much a question whose fact was taken away counts.
const TAKEN_AWAY_WEIGHT: f32 = 0.5;
/// How many near misses are made from the base.
const NEAR_MISSES: usize = 240;
/// How many questions about made-up names.
const MADE_UP_NAMES: usize = 60;
/// How much a near miss counts.
const NEAR_MISS_WEIGHT: f32 = 0.7;
/// Candidates of a question that are learned from: the best few, and the right one.
const CANDIDATES_LEARNED: usize = 5;
/// Patterns of its relation that each fact is also trained on, per language: the relation ranker
/// knows them all, so these only help facts with few phrasings of their own.
const PATTERNS_PER_FACT: usize = 3;
/// Facts with more phrasings than this do not need their relation's patterns.
const ENOUGH_PHRASINGS: usize = 10;
/// Weight of a question to refuse in training, beside a phrasing.
const REFUSAL_WEIGHT: f32 = 1.0;
/// Weight of a pattern in training, beside a phrasing of the fact's own.
const PATTERN_WEIGHT: f32 = 0.5;

pub(crate) fn build(knowledge: Arc<Knowledge>) -> Engine {
    let mut reader = Reader::new(Arc::clone(&knowledge));
    let texts = read_facts(&reader, &knowledge.facts);
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
    reader.learn_vocabulary(
        texts
            .iter()
            .flat_map(|fact| fact.phrasings.iter().chain(&fact.answers))
            .chain(patterns.iter().flatten()),
    );
    let index = Index::build(&knowledge, &texts, &patterns);
    let golden: Vec<(FactIx, Text)> = knowledge
        .golden
        .iter()
        .filter(|golden| golden.after.is_empty() && !held_out(golden))
        .filter_map(|golden| match golden.expect.first() {
            Some(Expected::Fact(fact)) => Some((*fact, reader.read_question(&golden.ask, true))),
            _ => None,
        })
        .collect();
    let refused: Vec<Text> = knowledge
        .golden
        .iter()
        .filter(|golden| golden.after.is_empty() && !held_out(golden))
        .filter(|golden| {
            !golden
                .expect
                .iter()
                .any(|expected| matches!(expected, Expected::Fact(_)))
        })
        .map(|golden| reader.read_question(&golden.ask, true))
        .collect();
    let to_refuse = if knowledge.facts.len() <= MAX_CALIBRATED_FACTS {
        near_misses(&knowledge, &reader, &index, 1)
    } else {
        Vec::new()
    };
    let trainer = Trainer {
        knowledge: &knowledge,
        reader: &reader,
        index: &index,
        texts: &texts,
        patterns: &patterns,
        golden: &golden,
        refused: &refused,
        to_refuse: &to_refuse,
    };
    let ((facts, relations), lessons) = std::thread::scope(|scope| {
        let lessons = scope.spawn(|| trainer.lessons());
        let trained = trainer.train(|_, _| true, true);
        (trained, lessons.join().expect("calibrating does not panic"))
    });
    let calibration = Calibration::learn(lessons);
    drop(texts);
    Engine {
        reader,
        index,
        facts,
        relations,
        calibration,
        knowledge,
    }
}

/// Reads all phrasings and answers, on all cores.
fn read_facts(reader: &Reader, facts: &[Fact]) -> Vec<FactTexts> {
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
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = facts.len().div_ceil(cores).max(1);
    let read = &read;
    std::thread::scope(|scope| {
        let parts: Vec<_> = facts
            .chunks(share)
            .map(|facts| scope.spawn(move || facts.iter().map(read).collect::<Vec<_>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("reading a text does not panic"))
            .collect()
    })
}

/// All phrasings of a fact with their language.
pub(crate) fn phrasings(fact: &Fact) -> impl Iterator<Item = (Lang, &str)> {
    fact.phrasings
        .iter()
        .flat_map(|(lang, texts)| texts.iter().map(move |text| (lang, text.text.as_str())))
}

/// What training needs of a base.
struct Trainer<'b> {
    knowledge: &'b Knowledge,
    reader: &'b Reader,
    index: &'b Index,
    texts: &'b [FactTexts],
    patterns: &'b [Vec<Text>],
    /// Golden questions that may be learned from, with the fact that answers each.
    golden: &'b [(FactIx, Text)],
    /// Golden questions to refuse that may be learned from.
    refused: &'b [Text],
    /// Near misses made from the base.
    to_refuse: &'b [Text],
}

impl Trainer<'_> {
    /// Trains both rankers on the phrasings that `keep(fact, phrasing)` lets through, and on golden
    /// questions if wanted: they are phrasings in the words of people who ask.
    fn train(&self, keep: impl Fn(usize, usize) -> bool, with_golden: bool) -> (Ranker, Ranker) {
        let mut of_facts = Vec::new();
        let mut of_relations = Vec::new();
        for (fact, text) in self.golden.iter().filter(|_| with_golden) {
            of_facts.push(Example {
                entry: fact.0,
                terms: self.reader.terms(text, None),
                weight: 1.0,
            });
            let relation = self.knowledge.facts[fact.index()].relation;
            if let Some(relation) = relation.filter(|_| text.dates.is_empty()) {
                let terms = self.reader.masked_terms(text, false);
                of_relations.push(Example {
                    entry: relation.0,
                    terms,
                    weight: 0.5,
                });
            }
        }
        for (number, (fact, texts)) in self.knowledge.facts.iter().zip(self.texts).enumerate() {
            for (_, text) in texts
                .phrasings
                .iter()
                .enumerate()
                .filter(|(p, _)| keep(number, *p))
            {
                of_facts.push(Example {
                    entry: number as u32,
                    terms: self.reader.terms(text, None),
                    weight: 1.0,
                });
                // What is asked by its date ("what happened on 21 November 2017") says nothing of the
                // relation; such questions belong to timelines.
                if let Some(relation) = fact.relation.filter(|_| text.dates.is_empty()) {
                    let terms = self.reader.masked_terms(text, false);
                    of_relations.push(Example {
                        entry: relation.0,
                        terms,
                        weight: 0.5,
                    });
                }
            }
            let plain = fact
                .subject
                .zip(fact.relation)
                .filter(|(subject, relation)| {
                    texts.phrasings.len() < ENOUGH_PHRASINGS
                        && self.index.plain_fact(self.knowledge, *subject, *relation)
                            == Some(FactIx(number as u32))
                });
            if let Some((subject, relation)) = plain {
                let patterns = &self.knowledge.relations[relation.index()].patterns;
                let read = &self.patterns[relation.index()];
                let french = patterns.en.len();
                for text in read.iter().take(PATTERNS_PER_FACT.min(french)).chain(
                    read.iter()
                        .skip(french)
                        .take(PATTERNS_PER_FACT.min(patterns.fr.len())),
                ) {
                    of_facts.push(Example {
                        entry: number as u32,
                        terms: self.reader.terms(text, Some(subject)),
                        weight: PATTERN_WEIGHT,
                    });
                }
            }
        }
        for (number, texts) in self.patterns.iter().enumerate() {
            for text in texts {
                let terms = self.reader.masked_terms(text, false);
                of_relations.push(Example {
                    entry: number as u32,
                    terms,
                    weight: 1.0,
                });
            }
        }
        // What is to be refused is a class of its own beside the facts, so that its words speak
        // against all of them.
        let mut entries = self.knowledge.facts.len();
        if !self.to_refuse.is_empty() {
            let golden = self.refused.iter().filter(|_| with_golden);
            of_facts.extend(self.to_refuse.iter().chain(golden).map(|text| Example {
                entry: entries as u32,
                terms: self.reader.terms(text, None),
                weight: REFUSAL_WEIGHT,
            }));
            entries += 1;
        }
        let settings = Settings::default();
        (
            Ranker::train(entries, &of_facts, &settings),
            Ranker::train(self.knowledge.relations.len(), &of_relations, &settings),
        )
    }

    /// Questions that the rankers asked did not see: phrasings held out, near misses made from the
    /// base, and golden questions.
    fn lessons(&self) -> Vec<Lesson> {
        if self.knowledge.facts.len() > MAX_CALIBRATED_FACTS {
            return Vec::new();
        }
        let total: usize = self.texts.iter().map(|fact| fact.phrasings.len()).sum();
        let every = HOLD_OUT_EVERY.max(total / MAX_HELD_OUT);
        // Phrasings are spread by a fixed stride over their running number within the fact, so
        // that which ones are held out does not depend on the order of the files.
        let held = |fact: usize, phrasing: usize| {
            let id = &self.knowledge.facts[fact].id;
            let of_fact = id.bytes().fold(phrasing, |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(usize::from(byte))
            });
            self.texts[fact].phrasings.len() > 1 && of_fact % every == 0
        };
        let (facts, relations) = self.train(|fact, phrasing| !held(fact, phrasing), false);
        let base = Base {
            knowledge: self.knowledge,
            reader: self.reader,
            index: self.index,
            facts: &facts,
            relations: &relations,
        };
        let mut lessons = Vec::new();
        for (number, texts) in self.texts.iter().enumerate() {
            for (_, text) in texts
                .phrasings
                .iter()
                .enumerate()
                .filter(|(p, _)| held(number, *p))
            {
                let right = [Target::Fact(FactIx(number as u32))];
                let asked = lesson(base, text, &right, Origin::HeldOut, 1.0);
                // The same question had the base not known the answer.
                let mut taken = asked.clone();
                taken.candidates.retain(|judged| !judged.right);
                taken.origin = Origin::TakenAway;
                taken.refuse = true;
                taken.weight = TAKEN_AWAY_WEIGHT;
                for judged in &mut taken.candidates {
                    // With the right fact gone the best of the others has nothing ahead of it.
                    let margin = &mut judged.features[Feature::FactMargin as usize];
                    *margin = margin.max(-0.1);
                }
                lessons.push(asked);
                lessons.push(taken);
            }
        }
        lessons.extend(
            near_misses(self.knowledge, self.reader, self.index, 0)
                .iter()
                .map(|text| lesson(base, text, &[], Origin::NearMiss, NEAR_MISS_WEIGHT)),
        );
        lessons.extend(golden_lessons(base));
        lessons
    }
}

/// Questions that must be refused, made from the base itself: a relation's pattern about an entity
/// that has no such fact, and about names that nobody bears.
///
/// `part` 0 and 1 give different questions: one to train on, one to calibrate with.
fn near_misses(knowledge: &Knowledge, reader: &Reader, index: &Index, part: usize) -> Vec<Text> {
    let asked: Vec<(RelationIx, &str, Lang)> = knowledge
        .relations
        .iter()
        .enumerate()
        .filter(|(_, relation)| relation.operator.is_none())
        .flat_map(|(number, relation)| {
            relation
                .patterns
                .iter()
                .flat_map(|(lang, patterns)| patterns.iter().map(move |pattern| (lang, pattern)))
                .map(move |(lang, pattern)| (RelationIx(number as u32), pattern.as_str(), lang))
        })
        .collect();
    let known: Vec<EntityIx> = (0..knowledge.entities.len() as u32)
        .map(EntityIx)
        .filter(|entity| {
            !index.facts_of(*entity).is_empty() && !knowledge.entities[entity.index()].main
        })
        .collect();
    if asked.is_empty() || known.is_empty() {
        return Vec::new();
    }
    let ask = |text: &str| reader.read_question(text, true);
    let mut texts = Vec::new();
    // A stride that is coprime to most lengths spreads the pairs over both lists.
    for step in (part..NEAR_MISSES * 8).step_by(2) {
        if texts.len() == NEAR_MISSES {
            break;
        }
        let (relation, pattern, lang) = asked[(step * 7_919) % asked.len()];
        let entity = known[(step * 104_729) % known.len()];
        if !index.has_fact(knowledge, entity, relation) {
            texts.push(ask(&pattern.replace(
                "{subject}",
                knowledge.entities[entity.index()].name.get(lang),
            )));
        }
    }
    for step in (part..MADE_UP_NAMES * 2).step_by(2) {
        let (_, pattern, _) = asked[(step * 7_919) % asked.len()];
        texts.push(ask(&pattern.replace("{subject}", &made_up_name(step))));
    }
    texts
}

/// A name nobody bears: three syllables, capitalised.
fn made_up_name(seed: usize) -> String {
    const SYLLABLES: [&str; 11] = [
        "vor", "zel", "ka", "dru", "mip", "tox", "bel", "qui", "fan", "gro", "wy",
    ];
    let pick = |at: usize| SYLLABLES[(seed * 31 + at * 17 + seed / 11 * at) % SYLLABLES.len()];
    let mut name = format!("{}{}{}", pick(1), pick(2), pick(4));
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// Golden questions that may be learned from; held-out ones and conversations stay unseen.
fn golden_lessons(base: Base<'_>) -> Vec<Lesson> {
    base.knowledge
        .golden
        .iter()
        .filter(|golden| golden.after.is_empty() && !held_out(golden))
        .map(|golden| {
            let right: Vec<Target> = golden
                .expect
                .iter()
                .filter_map(|expected| match expected {
                    Expected::Fact(fact) => Some(Target::Fact(*fact)),
                    Expected::Offer | Expected::Unknown => None,
                })
                .collect();
            let text = base.reader.read_question(&golden.ask, true);
            lesson(base, &text, &right, Origin::Golden, GOLDEN_WEIGHT)
        })
        .collect()
}

/// Whether a golden question is kept for measuring only: a quarter of them, by a stable hash of
/// the words, so that editing one question moves no other.
#[must_use]
pub fn held_out(golden: &Golden) -> bool {
    let hash = golden
        .after
        .iter()
        .chain(std::iter::once(&golden.ask))
        .flat_map(|text| crate::text::fold(text).into_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (hash >> 17) % 4 == 0
}

fn lesson(base: Base<'_>, text: &Text, right: &[Target], origin: Origin, weight: f32) -> Lesson {
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
    let proposals = analysis::propose(base, text.clone(), None, compute);
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
        origin,
        weight,
    }
}
