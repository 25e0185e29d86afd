//! The phrasings' own vectors, which rankers are made from.

use rustc_hash::FxHashMap;

use super::features::Bags;

/// All phrasings, grouped by entry.
#[derive(Debug, Default)]
pub(super) struct Phrasings {
    vectors: Bags,
    /// Per entry, one over the length of the sum of its vectors.
    scale: Vec<f32>,
}

impl Phrasings {
    /// Takes vectors grouped by entry; `owners` names the entry of each.
    pub(super) fn new(entries: usize, owners: &[u32], vectors: Bags) -> Phrasings {
        let mut scale = Vec::with_capacity(entries);
        let mut sum: FxHashMap<u32, f32> = FxHashMap::default();
        let mut next = 0;
        for entry in 0..entries as u32 {
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
        Phrasings { vectors, scale }
    }

    /// The vectors, in the order of their entries.
    pub(super) fn vectors(&self) -> &Bags {
        &self.vectors
    }

    /// One over the length of the sum of the entry's vectors.
    pub(super) fn scale(&self, entry: u32) -> f32 {
        self.scale[entry as usize]
    }
}
