//! What the questions of a base teach the calibration: each is asked as if the rankers had not learned
//! from it, and its candidates are measured and judged.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::engine::analysis::{self, Asking, Base, Without};
use crate::engine::calibrate::{Calibration, Judged, Lesson, Origin};
use crate::engine::index::latest;
use crate::engine::operators;
use crate::engine::ranker::{Influence, Ranker};
use crate::engine::reader::Text;
use crate::engine::score::{Feature, Reading, Target};
use crate::knowledge::model::{FactIx, RelationIx};

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

/// A question to calibrate with.
pub(super) struct Asked {
    text: Text,
    /// Any of these is right; none when it is to be refused.
    right: Vec<Target>,
    /// The fact that has the question among its phrasings.
    own: Option<FactIx>,
    origin: Origin,
    weight: f32,
    /// The examples that the question is, which are taken out of the rankers when it is asked.
    pub(super) examples: Places,
}

impl Asked {
    /// A golden question or sample; `own` is the fact that learns from it.
    pub(super) fn golden(
        text: Text,
        right: Vec<Target>,
        own: Option<FactIx>,
        examples: Places,
    ) -> Asked {
        Asked {
            text,
            right,
            own,
            origin: Origin::Golden,
            weight: GOLDEN_WEIGHT,
            examples,
        }
    }

    /// A phrasing of a fact.
    pub(super) fn phrasing(text: Text, fact: FactIx, examples: Places) -> Asked {
        Asked {
            text,
            right: vec![Target::Fact(fact)],
            own: Some(fact),
            origin: Origin::HeldOut,
            weight: HELD_OUT_WEIGHT,
            examples,
        }
    }

    /// A question made from the base that nothing there answers.
    pub(super) fn near_miss(text: Text) -> Asked {
        Asked::to_refuse(text, Origin::NearMiss, NEAR_MISS_WEIGHT)
    }

    /// A golden question or sample asked of a name or a year that the base does not know.
    pub(super) fn altered(text: Text) -> Asked {
        Asked::to_refuse(text, Origin::Altered, GOLDEN_WEIGHT)
    }

    fn to_refuse(text: Text, origin: Origin, weight: f32) -> Asked {
        Asked {
            text,
            right: Vec::new(),
            own: None,
            origin,
            weight,
            examples: Places::default(),
        }
    }

    /// The text, when one fact answers it.
    pub(super) fn answerable(&self) -> Option<&Text> {
        (self.origin == Origin::Golden && self.own.is_some()).then_some(&self.text)
    }
}

/// Where a question stands among the examples of the rankers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places {
    pub(super) of_facts: Option<u32>,
    pub(super) of_relations: Option<u32>,
}

/// The rankers, and what the examples that calibrate did to them, by the example's number.
pub(super) struct Trained {
    pub(super) facts: Ranker,
    pub(super) relations: Ranker,
    pub(super) on_facts: FxHashMap<u32, Influence>,
    pub(super) on_relations: FxHashMap<u32, Influence>,
}

/// What the questions teach, each asked as if the rankers had not learned from it.
pub(super) fn lessons(base: Base<'_>, asked: &[Asked], trained: &Trained) -> Vec<Lesson> {
    let lessons = asked.par_iter();
    let lessons = lessons.flat_map_iter(|asked| learn(base, asked, trained));
    lessons.collect()
}

/// What a question teaches; a held-out phrasing teaches twice, once with its fact and once without.
fn learn(base: Base<'_>, asked: &Asked, trained: &Trained) -> Vec<Lesson> {
    let lesson = lesson(base, asked, trained);
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

fn lesson(base: Base<'_>, asked: &Asked, trained: &Trained) -> Lesson {
    let right = &asked.right;
    let compute = |reading: &Reading, relation: RelationIx| {
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
        asked.text.clone(),
        Asking {
            own: asked.own,
            without: Without {
                of_facts: asked
                    .examples
                    .of_facts
                    .and_then(|at| trained.on_facts.get(&at)),
                of_relations: asked
                    .examples
                    .of_relations
                    .and_then(|at| trained.on_relations.get(&at)),
            },
            ..Asking::default()
        },
        compute,
    );
    let prior = Calibration::default();
    let mut candidates: Vec<(f32, Target, Judged)> = proposals
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
                Target::Fact(fact) => base.knowledge[fact]
                    .subject
                    .map(|of| latest(base.knowledge, of)),
                Target::Operator(_) => None,
            };
            let judged = Judged {
                features: candidate.features,
                subject,
                known: Vec::new(),
                right,
            };
            let likelihood = prior.likelihood(&judged.features, 0.0);
            (likelihood, candidate.target, judged)
        })
        .collect();
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept = 0;
    candidates.retain(|(_, _, judged)| {
        kept += 1;
        kept <= CANDIDATES_LEARNED || judged.right
    });
    let reading = &proposals.reading;
    let candidates = candidates.into_iter().map(|(_, target, judged)| Judged {
        known: reading.known_by(base.knowledge, base.index, target),
        ..judged
    });
    Lesson {
        candidates: candidates.collect(),
        said: reading.said(),
        refuse: right.is_empty(),
        origin: asked.origin,
        weight: asked.weight,
    }
}
