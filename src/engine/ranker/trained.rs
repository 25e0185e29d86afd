//! Bases of up to a few thousand entries: the trained model ranks, the phrasings tell how near the best ones are.

use super::features::{Bag, Vocabulary, hash, mix};
use super::model::{Model, Sums, softmax};
use super::phrasings::{Nearness, Phrasings};
use super::{Example, Scored, Settings, Term};

/// Memory a question needs, kept between questions.
#[derive(Debug, Default)]
pub struct Scratch {
    bag: Bag,
    sums: Sums,
    order: Vec<u32>,
    leaders: Vec<f32>,
    question: Vec<f32>,
}

#[derive(Debug)]
pub(super) struct Trained {
    vocabulary: Vocabulary,
    model: Model,
    phrasings: Phrasings,
}

/// A feature is broad when it occurs in more than one entry in this many. Up to 3 entries the saving is free; one in 20
/// costs 0.1 points of accuracy and makes training three times as fast as no saving at all.
const BROAD: usize = 20;

impl Trained {
    pub(super) fn new(entries: usize, examples: &[Example], settings: &Settings) -> Trained {
        // Sorted by entry, then by content, so that the order of the caller's files does not matter.
        let mut sorted: Vec<(u32, u64, &Example)> = examples
            .iter()
            .filter(|example| (example.entry as usize) < entries)
            .map(|example| (example.entry, fingerprint(&example.terms), example))
            .collect();
        sorted.sort_by_key(|&(entry, content, _)| (entry, content));
        let terms: Vec<(u32, &[Term])> = sorted
            .iter()
            .map(|&(entry, _, example)| (entry, example.terms.as_slice()))
            .collect();
        let broad = (entries / BROAD).max(3);
        let (vocabulary, mut bags, broad) =
            Vocabulary::build(&terms, entries, broad, settings.word_share, true);
        for phrasing in 0..sorted.len() {
            vocabulary.scale(
                &mut bags.features[bags.starts[phrasing]..bags.starts[phrasing + 1]],
                [0.0; 2],
            );
        }
        let owners: Vec<u32> = sorted.iter().map(|&(entry, ..)| entry).collect();
        let phrasings = Phrasings::new(entries, &owners, bags);
        let targets: Vec<(u32, f32)> = sorted
            .iter()
            .map(|&(entry, _, example)| (entry, example.weight))
            .collect();
        let mut order: Vec<u32> = (0..sorted.len() as u32).collect();
        order.sort_by_key(|&phrasing| sorted[phrasing as usize].1);
        let model = Model::train(
            entries,
            vocabulary.len(),
            broad,
            &phrasings,
            &targets,
            &order,
            settings,
        );
        Trained {
            vocabulary,
            model,
            phrasings,
        }
    }

    pub(super) fn knows(&self, stem: &str) -> bool {
        self.vocabulary.knows(stem)
    }

    pub(super) fn rank(&self, terms: &[Term], scratch: &mut Scratch, top: usize) -> Vec<Scored> {
        let Scratch {
            bag,
            sums,
            order,
            leaders,
            question,
        } = scratch;
        let covered = self.vocabulary.read(terms, true, bag);
        self.model.logits(&bag.features, sums);
        best(&sums.logits, top, order);
        leaders.clear();
        leaders.extend(order.iter().map(|&entry| sums.logits[entry as usize]));
        softmax(&mut sums.logits);
        question.resize(question.len().max(self.vocabulary.len()), 0.0);
        for &(number, value) in &bag.features {
            question[number as usize] = value;
        }
        let scored = order
            .iter()
            .zip(leaders)
            .map(|(&entry, &mut logit)| {
                let Nearness { cosine, nearest } = self.phrasings.compare(entry, question);
                Scored {
                    entry,
                    score: 1.0 / (1.0 + (-logit * 0.3).exp()),
                    logit,
                    probability: sums.logits[entry as usize],
                    cosine,
                    nearest,
                    covered,
                }
            })
            .collect();
        for &(number, _) in &bag.features {
            question[number as usize] = 0.0;
        }
        scored
    }
}

/// The entries of the `top` highest logits, highest first, into `order`.
fn best(logits: &[f32], top: usize, order: &mut Vec<u32>) {
    order.clear();
    if top == 0 {
        return;
    }
    order.extend(0..logits.len() as u32);
    let by_logit = |a: &u32, b: &u32| {
        logits[*b as usize]
            .total_cmp(&logits[*a as usize])
            .then(a.cmp(b))
    };
    if top < order.len() {
        order.select_nth_unstable_by(top, by_logit);
        order.truncate(top);
    }
    order.sort_unstable_by(by_logit);
}

fn fingerprint(terms: &[Term]) -> u64 {
    terms.iter().fold(0, |seen, term| {
        mix(seen ^ hash(b'f', &term.text, &term.stem))
    })
}
