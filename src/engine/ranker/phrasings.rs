//! The phrasings' own vectors: how near is a question to one entry?

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::features::{Bags, Feature};

/// All phrasings, grouped by entry.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Phrasings {
    vectors: Bags,
    /// Per entry, its first phrasing; one more at the end.
    entries: Vec<u32>,
    /// Per entry, one over the length of the sum of its vectors.
    scale: Vec<f32>,
}

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

impl Phrasings {
    /// Takes vectors grouped by entry; `owners` names the entry of each.
    pub(super) fn new(entries: usize, owners: &[u32], vectors: Bags) -> Phrasings {
        let mut starts = Vec::with_capacity(entries + 1);
        let mut scale = Vec::with_capacity(entries);
        let mut sum: FxHashMap<u32, f32> = FxHashMap::default();
        let mut next = 0;
        for entry in 0..entries as u32 {
            starts.push(next as u32);
            sum.clear();
            while owners.get(next) == Some(&entry) {
                for &(number, value) in vectors.of(next) {
                    *sum.entry(number).or_default() += value;
                }
                next += 1;
            }
            let square: f32 = sum.values().map(|value| value * value).sum();
            scale.push(if square > 0.0 {
                square.sqrt().recip()
            } else {
                0.0
            });
        }
        starts.push(next as u32);
        Phrasings {
            vectors,
            entries: starts,
            scale,
        }
    }

    /// How many entries there are.
    pub(super) fn entries(&self) -> usize {
        self.scale.len()
    }

    /// The vectors, in the order of their entries.
    pub(super) fn vectors(&self) -> &Bags {
        &self.vectors
    }

    /// One over the length of the sum of the entry's vectors.
    pub(super) fn scale(&self, entry: u32) -> f32 {
        self.scale[entry as usize]
    }

    /// Cosine of a question with the centroid of an entry's phrasings.
    pub(super) fn cosine(&self, entry: u32, question: &Question) -> f32 {
        let dot = |vector: &[Feature]| {
            vector
                .iter()
                .map(|&(number, value)| value * question.value(number))
                .sum::<f32>()
        };
        let sum: f32 = (self.entries[entry as usize]..self.entries[entry as usize + 1])
            .map(|phrasing| dot(self.vectors.of(phrasing as usize)))
            .sum();
        (sum * self.scale(entry)).min(1.0)
    }
}
