//! Bases too large to train: an inverted index finds candidates, their centroids and pieces of words decide.
//!
//! Only features of the words block are indexed. A question's rarest features are looked up first and the ones found in
//! more than one entry in twenty not at all, unless there are no others; the best 50 by these are compared with
//! everything, the best of them by their characters too.

use serde::{Deserialize, Serialize};

use super::centroids::{Centroids, Question};
use super::confidence::confidence;
use super::features::{Bags, Vocabulary};
use super::model::softmax;
use super::phrasings::Phrasings;
use super::spelt::Spelt;
use super::trained::best;
use super::{Examples, Scored, Scratch, Settings, Term};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Indexed {
    vocabulary: Vocabulary,
    centroids: Centroids,
    spelt: Spelt,
    /// Per feature, its first posting; one more at the end.
    starts: Vec<u32>,
    /// Entries and their centroids' values.
    postings: Vec<(u32, f32)>,
    /// The similarity a right answer typically has.
    typical: f32,
}

/// A feature found in more than one entry in this many finds no candidates.
const COMMON: usize = 20;
/// Postings one question may read, unless its rarest feature alone has more.
const POSTINGS: usize = 5_000;
/// Candidates compared with all words, and the best of these compared by character. Each is read from somewhere else in
/// memory, which is most of the time a question takes: with 200 of them and 20,000 postings as many of the questions of
/// `benches/scale.rs` are understood, in twice the time.
const CANDIDATES: usize = 50;
const FINALISTS: usize = 30;
/// Phrasings looked at to learn what is typical.
const SAMPLE: usize = 2_000;
/// Turns similarities into logits, for probabilities: as steep as the centroids that training starts from.
const STEEPNESS: f32 = 12.0;

impl Indexed {
    pub(super) fn new(
        entries: usize,
        examples: &Examples,
        order: &[u32],
        settings: &Settings,
    ) -> Indexed {
        let owners: Vec<u32> = order.iter().map(|&at| examples.entry(at)).collect();
        let (vocabulary, mut bags, _) = Vocabulary::build(
            examples,
            order,
            entries,
            usize::MAX,
            settings.word_share,
            false,
        );
        let (spelt, (phrasings, starts, postings)) = rayon::join(
            || Spelt::build(entries, examples, order),
            || {
                vocabulary.scale_all(&mut bags);
                let phrasings = Phrasings::new(entries, &owners, bags);
                let (starts, postings) = invert(vocabulary.len(), &owners, &phrasings);
                (phrasings, starts, postings)
            },
        );
        let centroids = Centroids::new(entries, &starts, &postings);
        let mut indexed = Indexed {
            vocabulary,
            centroids,
            spelt,
            starts,
            postings,
            typical: 1.0,
        };
        indexed.typical = indexed.typical(&owners, &phrasings);
        indexed
    }

    pub(super) fn knows(&self, stem: &str) -> bool {
        self.vocabulary.knows(stem)
    }

    fn of(&self, feature: u32) -> &[(u32, f32)] {
        &self.postings
            [self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize]
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
            question,
            letters,
            touched,
        } = scratch;
        let covered = self.vocabulary.read(terms, false, &[], bag);
        let logits = &mut sums.logits;
        logits.clear();
        logits.resize(self.centroids.entries(), 0.0);

        // Rarest first.
        order.clear();
        order.extend(0..bag.features.len() as u32);
        order.sort_unstable_by_key(|&at| self.of(bag.features[at as usize].0).len());
        let mut read = 0;
        touched.clear();
        for &at in order.iter() {
            let (feature, value) = bag.features[at as usize];
            let postings = self.of(feature);
            let too_many = read + postings.len() > POSTINGS
                || postings.len() > self.centroids.entries() / COMMON;
            if read > 0 && too_many {
                break;
            }
            read += postings.len();
            for &(entry, weight) in postings {
                let sum = &mut logits[entry as usize];
                if *sum == 0.0 {
                    touched.push(entry);
                }
                *sum += value * weight;
            }
        }
        best(touched, logits, CANDIDATES);

        question.set(&bag.features, self.vocabulary.len());
        for &entry in touched.iter() {
            logits[entry as usize] = self.centroids.cosine(entry, question);
        }
        best(touched, logits, FINALISTS.max(top));
        self.spelt.read(terms, letters);
        for &entry in touched.iter() {
            let words = logits[entry as usize];
            logits[entry as usize] = (words + self.spelt.cosine(entry, letters)) / 2.0;
        }
        best(touched, logits, FINALISTS.max(top));

        leaders.clear();
        leaders.extend(
            touched
                .iter()
                .map(|&entry| logits[entry as usize] * STEEPNESS),
        );
        softmax(leaders);
        touched
            .iter()
            .zip(leaders)
            .take(top)
            .map(|(&entry, &mut probability)| {
                let similarity = logits[entry as usize];
                Scored {
                    entry,
                    score: confidence(similarity / self.typical, probability, covered),
                    logit: similarity * STEEPNESS,
                    probability,
                    covered,
                }
            })
            .collect()
    }

    /// The median similarity of phrasings with the rest of their entry, from a sample.
    fn typical(&self, owners: &[u32], phrasings: &Phrasings) -> f32 {
        let mut question = Question::default();
        let mut similarities: Vec<f32> = (0..owners.len())
            .step_by(owners.len().div_ceil(SAMPLE).max(1))
            .map(|phrasing| {
                let vector = phrasings.vectors().of(phrasing);
                question.set(vector, self.vocabulary.len());
                let entry = owners[phrasing];
                let cosine = self.centroids.cosine(entry, &question);
                (cosine - phrasings.scale(entry)).max(cosine / 2.0)
            })
            .collect();
        let middle = similarities.len() / 2;
        match similarities.is_empty() {
            true => 1.0,
            false => similarities
                .select_nth_unstable_by(middle, f32::total_cmp)
                .1
                .max(0.05),
        }
    }
}

/// Per feature, the entries that have it with their centroids' values.
fn invert(features: usize, owners: &[u32], phrasings: &Phrasings) -> (Vec<u32>, Vec<(u32, f32)>) {
    let vectors: &Bags = phrasings.vectors();
    // First the number of postings of each feature, then where they start, then the postings themselves.
    let mut last = vec![u32::MAX; features];
    let mut starts = vec![0u32; features + 1];
    for (phrasing, &entry) in owners.iter().enumerate() {
        for &(number, _) in vectors.of(phrasing) {
            if last[number as usize] != entry {
                last[number as usize] = entry;
                starts[number as usize + 1] += 1;
            }
        }
    }
    for feature in 0..features {
        starts[feature + 1] += starts[feature];
    }
    let mut ends: Vec<u32> = starts[..features].to_vec();
    let mut postings = vec![(u32::MAX, 0.0); starts[features] as usize];
    for (phrasing, &entry) in owners.iter().enumerate() {
        let scale = phrasings.scale(entry);
        for &(number, value) in vectors.of(phrasing) {
            let (start, end) = (starts[number as usize], &mut ends[number as usize]);
            let fresh = *end == start || postings[*end as usize - 1].0 != entry;
            if fresh {
                postings[*end as usize] = (entry, 0.0);
                *end += 1;
            }
            postings[*end as usize - 1].1 += value * scale;
        }
    }
    (starts, postings)
}
