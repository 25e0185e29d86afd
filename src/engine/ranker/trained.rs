//! Bases of up to a few thousand entries: the trained model ranks, the phrasings tell how near the best ones are.

use super::confidence::confidence;
use super::features::{Vocabulary, hash, mix};
use super::model::{Model, softmax};
use super::phrasings::{Nearness, Phrasings, Question};
use super::{Example, Scored, Scratch, Settings, Term};

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
        let sorted = order_of(entries, examples);
        let terms: Vec<(u32, &[Term])> = sorted
            .iter()
            .map(|&(entry, _, example)| (entry, example.terms.as_slice()))
            .collect();
        let broad = (entries / BROAD).max(3);
        let (vocabulary, mut bags, broad) =
            Vocabulary::build(&terms, entries, broad, settings.word_share, true);
        vocabulary.scale_all(&mut bags);
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

    pub(super) fn order(&self, terms: &[Term], scratch: &mut Scratch, top: usize) -> Vec<Scored> {
        let Scratch {
            bag,
            sums,
            order,
            leaders,
            question,
            ..
        } = scratch;
        let covered = self.vocabulary.read(terms, true, bag);
        self.model.logits(&bag.features, sums);
        order.clear();
        order.extend(0..sums.logits.len() as u32);
        best(order, &sums.logits, top);
        leaders.clear();
        leaders.extend(order.iter().map(|&entry| sums.logits[entry as usize]));
        softmax(&mut sums.logits);
        question.set(&bag.features, self.vocabulary.len());
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
                cosine: 0.0,
                nearest: 0.0,
                covered,
            })
            .collect()
    }

    pub(super) fn compare(&self, entry: u32, question: &Question) -> Nearness {
        self.phrasings.compare(entry, question)
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

/// The usable examples by entry, then by content, so that the order of the caller's files does not matter.
pub(super) fn order_of(entries: usize, examples: &[Example]) -> Vec<(u32, u64, &Example)> {
    let mut sorted: Vec<(u32, u64, &Example)> = examples
        .iter()
        .filter(|example| (example.entry as usize) < entries)
        .map(|example| (example.entry, fingerprint(&example.terms), example))
        .collect();
    sorted.sort_by_key(|&(entry, content, _)| (entry, content));
    sorted
}

fn fingerprint(terms: &[Term]) -> u64 {
    terms.iter().fold(0, |seen, term| {
        mix(seen ^ hash(b'f', &term.text, &term.stem))
    })
}
