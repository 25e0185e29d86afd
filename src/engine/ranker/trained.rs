//! Bases of up to a few thousand entries: the trained model ranks.

use serde::{Deserialize, Serialize};

use super::confidence::confidence;
use super::features::{Bag, Bags, Feature, Vocabulary};
use super::model::{Course, Model, softmax};
use super::phrasings::Phrasings;
use super::{Examples, Scored, Scratch, Settings, Term};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trained {
    vocabulary: Vocabulary,
    model: Model,
}

/// A feature is broad when it occurs in more than one entry in this many. Up to 3 entries the saving is free; one in 20
/// costs 0.1 points of accuracy and makes training three times as fast as no saving at all.
const BROAD: usize = 20;

/// What one example did to a trained ranker: enough to ask it as if it had never been learned from.
#[derive(Debug, Clone, Default)]
pub struct Influence {
    vector: Vec<Feature>,
    /// Features that no other example has, ascending.
    alone: Vec<u32>,
    /// Entries, and how many times the vector was added to their weights.
    moved: Vec<(u32, f32)>,
}

/// The part of an example's influence that is taken out. Had it never been there, the examples like it would have
/// moved the weights further: with all of it taken out a question looks less known than it would be.
const TAKEN_OUT: f32 = 0.6;

impl Influence {
    /// Takes the example's part out of the logits of a question.
    fn take_out(&self, question: &Bag, logits: &mut [f32]) {
        let alike = question.dot(&self.vector);
        for &(entry, times) in &self.moved {
            logits[entry as usize] -= TAKEN_OUT * times * alike;
        }
    }
}

/// The features that only one of the vectors has, as a flag per feature.
fn held_once(features: usize, bags: &Bags) -> Vec<bool> {
    let mut counts = vec![0_u8; features];
    for &(number, _) in &bags.features {
        let count = &mut counts[number as usize];
        *count = count.saturating_add(1);
    }
    counts.into_iter().map(|count| count == 1).collect()
}

impl Trained {
    /// Also returns the influences of the examples `traced`, in their order.
    pub(super) fn new(
        entries: usize,
        examples: &Examples,
        order: &[u32],
        traced: &[u32],
        settings: &Settings,
    ) -> (Trained, Vec<Influence>) {
        let broad = (entries / BROAD).max(3);
        let (vocabulary, mut bags, broad) =
            Vocabulary::build(examples, order, entries, broad, settings.word_share, true);
        vocabulary.scale_all(&mut bags);
        let owners: Vec<u32> = order.iter().map(|&at| examples.entry(at)).collect();
        let phrasings = Phrasings::new(entries, &owners, bags);
        let targets: Vec<(u32, f32)> = order
            .iter()
            .map(|&at| (examples.entry(at), examples.weight(at)))
            .collect();
        let mut visits: Vec<u32> = (0..order.len() as u32).collect();
        visits.sort_by_key(|&phrasing| examples.content(order[phrasing as usize]));
        let mut place = vec![None; examples.len()];
        for (phrasing, &at) in (0_u32..).zip(order) {
            place[at as usize] = Some(phrasing);
        }
        let traced: Vec<u32> = traced.iter().filter_map(|&at| place[at as usize]).collect();
        let course = Course {
            phrasings: &phrasings,
            targets: &targets,
            order: &visits,
            traced: &traced,
        };
        let (model, moved) = Model::train(entries, vocabulary.len(), broad, &course, settings);
        let once = held_once(vocabulary.len(), phrasings.vectors());
        let influences = traced
            .iter()
            .zip(moved)
            .map(|(&phrasing, moved)| {
                let vector = phrasings.vectors().of(phrasing as usize).to_vec();
                let numbers = vector.iter().map(|(number, _)| *number);
                let mut alone: Vec<u32> = numbers.filter(|at| once[*at as usize]).collect();
                alone.sort_unstable();
                Influence {
                    vector,
                    alone,
                    moved,
                }
            })
            .collect();
        (Trained { vocabulary, model }, influences)
    }

    pub(super) fn knows(&self, stem: &str) -> bool {
        self.vocabulary.knows(stem)
    }

    pub(super) fn order(
        &self,
        terms: &[Term<'_>],
        without: Option<&Influence>,
        scratch: &mut Scratch,
        top: usize,
    ) -> Vec<Scored> {
        let Scratch {
            bag,
            sums,
            order,
            leaders,
            ..
        } = scratch;
        let hidden = without.map_or(&[][..], |influence| &influence.alone);
        let covered = self.vocabulary.read(terms, true, hidden, bag);
        self.model.logits(&bag.features, sums);
        if let Some(influence) = without {
            influence.take_out(bag, &mut sums.logits);
        }
        foremost(&sums.logits, top, order);
        leaders.clear();
        leaders.extend(order.iter().map(|&entry| sums.logits[entry as usize]));
        softmax(&mut sums.logits);
        order
            .iter()
            .zip(leaders)
            .map(|(&entry, &mut logit)| Scored {
                entry,
                score: confidence(
                    logit / self.model.typical,
                    sums.logits[entry as usize],
                    covered,
                ),
                logit,
                probability: sums.logits[entry as usize],
                covered,
            })
            .collect()
    }
}

/// Fills `found` with the `top` entries of the highest scores, highest first.
pub(super) fn foremost(scores: &[f32], top: usize, found: &mut Vec<u32>) {
    found.clear();
    let mut least = f32::NEG_INFINITY;
    for (entry, &score) in (0_u32..).zip(scores) {
        if found.len() == top {
            if score <= least {
                continue;
            }
            found.pop();
        }
        let place = found.partition_point(|other| scores[*other as usize] >= score);
        found.insert(place, entry);
        if let (true, Some(last)) = (found.len() == top, found.last()) {
            least = scores[*last as usize];
        }
    }
}

/// Keeps the `top` entries of the highest scores, highest first.
pub(super) fn best(entries: &mut Vec<u32>, scores: &[f32], top: usize) {
    let higher = |a: &u32, b: &u32| {
        scores[*b as usize]
            .total_cmp(&scores[*a as usize])
            .then(a.cmp(b))
    };
    if top < entries.len() {
        entries.select_nth_unstable_by(top, higher);
        entries.truncate(top);
    }
    entries.sort_unstable_by(higher);
}
