//! The entries' centroids: how near is a question to one entry?

use serde::{Deserialize, Serialize};

use super::features::{Bags, Feature};

/// Per entry, the sum of its phrasings' vectors, of length one.
///
/// A candidate is compared with it instead of with all its phrasings: they share most features, so that reads half as
/// much memory, which is what takes time in a large base.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Centroids(Bags);

/// The vector of a question, laid out for looking features up.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Per feature number, the question's value.
    values: Vec<f32>,
    /// The features that have a value.
    set: Vec<u32>,
    /// A bit per feature number, modulo its size: no bit, no value. Spares nine look-ups in ten into a table that is far
    /// larger than the processor's caches when the base is large.
    filter: Filter,
}

/// 4,096 bits.
#[derive(Debug, Clone, Copy)]
struct Filter([u64; 64]);

impl Default for Filter {
    fn default() -> Filter {
        Filter([0; 64])
    }
}

impl Question {
    /// Replaces the question; `features` is how many features there are.
    pub(super) fn set(&mut self, vector: &[Feature], features: usize) {
        for number in self.set.drain(..) {
            self.values[number as usize] = 0.0;
        }
        self.filter = Filter::default();
        self.values.resize(self.values.len().max(features), 0.0);
        for &(number, value) in vector {
            self.values[number as usize] = value;
            self.set.push(number);
            self.filter.0[number as usize >> 6 & 63] |= 1 << (number & 63);
        }
    }

    fn value(&self, number: u32) -> f32 {
        if self.filter.0[number as usize >> 6 & 63] >> (number & 63) & 1 == 0 {
            return 0.0;
        }
        self.values[number as usize]
    }
}

impl Centroids {
    /// Made from the values of each feature: `postings[starts[f]..starts[f + 1]]` are the entries that have feature `f`.
    pub(super) fn new(entries: usize, starts: &[u32], postings: &[(u32, f32)]) -> Centroids {
        let mut bounds = vec![0_usize; entries + 1];
        for &(entry, _) in postings {
            bounds[entry as usize + 1] += 1;
        }
        for entry in 0..entries {
            bounds[entry + 1] += bounds[entry];
        }
        let mut next = bounds.clone();
        let mut features = vec![(0, 0.0); postings.len()];
        for (number, range) in (0_u32..).zip(starts.windows(2)) {
            for &(entry, value) in &postings[range[0] as usize..range[1] as usize] {
                let place = &mut next[entry as usize];
                features[*place] = (number, value);
                *place += 1;
            }
        }
        Centroids(Bags {
            starts: bounds,
            features,
        })
    }

    /// How many entries there are.
    pub(super) fn entries(&self) -> usize {
        self.0.starts.len() - 1
    }

    /// Cosine of a question with an entry's centroid.
    pub(super) fn cosine(&self, entry: u32, question: &Question) -> f32 {
        let vector = self.0.of(entry as usize);
        let values = vector.iter();
        let dot: f32 = values
            .map(|&(number, value)| value * question.value(number))
            .sum();
        dot.min(1.0)
    }
}
