//! Bases of up to a few thousand entries: the trained model ranks.

use super::confidence::confidence;
use super::features::Vocabulary;
use super::model::{Model, softmax};
use super::phrasings::Phrasings;
use super::{Examples, Scored, Scratch, Settings, Term};

#[derive(Debug)]
pub(super) struct Trained {
    vocabulary: Vocabulary,
    model: Model,
}

/// A feature is broad when it occurs in more than one entry in this many. Up to 3 entries the saving is free; one in 20
/// costs 0.1 points of accuracy and makes training three times as fast as no saving at all.
const BROAD: usize = 20;

impl Trained {
    pub(super) fn new(
        entries: usize,
        examples: &Examples,
        order: &[u32],
        settings: &Settings,
    ) -> Trained {
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
        let model = Model::train(
            entries,
            vocabulary.len(),
            broad,
            &phrasings,
            &targets,
            &visits,
            settings,
        );
        Trained { vocabulary, model }
    }

    pub(super) fn knows(&self, stem: &str) -> bool {
        self.vocabulary.knows(stem)
    }

    pub(super) fn order(
        &self,
        terms: &[Term<'_>],
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
        let covered = self.vocabulary.read(terms, true, bag);
        self.model.logits(&bag.features, sums);
        order.clear();
        order.extend(0..sums.logits.len() as u32);
        best(order, &sums.logits, top);
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
