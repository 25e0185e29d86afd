//! How alike are a question and an entry in their characters, when there are too many entries to index pieces?
//!
//! Each distinct word of the base keeps its pieces; an entry keeps its words. A candidate's character vector is added up
//! when it is needed.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::features::{hash, pieces};
use super::{Examples, Term, TermKind};

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Spelt {
    /// Per entry, its first word; one more at the end.
    entries: Vec<u32>,
    /// Distinct words of the entries, and how often they occur.
    words: Vec<(u32, f32)>,
    /// Per entry, the length of its character vector.
    lengths: Vec<f32>,
    /// Per distinct word, its first piece; one more at the end.
    starts: Vec<u32>,
    pieces: Vec<u32>,
    numbers: FxHashMap<u64, u32>,
    /// Per piece, its rarity over distinct words.
    rarity: Vec<f32>,
    unseen_rarity: f32,
}

/// The pieces of one question, and memory to compare entries with it.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// Per piece number, the question's value, already times the piece's rarity.
    values: Vec<f32>,
    set: Vec<u32>,
    length: f32,
}

impl Spelt {
    /// Takes the examples of `order`, which are grouped by entry.
    pub(super) fn build(entries: usize, examples: &Examples, order: &[u32]) -> Spelt {
        let mut built = Spelt {
            starts: vec![0],
            ..Spelt::default()
        };
        let mut known: FxHashMap<u64, u32> = FxHashMap::default();
        let mut counts: Vec<u32> = Vec::new();
        let mut own: Vec<u32> = Vec::new();
        let mut next = 0;
        for entry in 0..entries as u32 {
            built.entries.push(built.words.len() as u32);
            own.clear();
            while let Some(&at) = order.get(next).filter(|at| examples.entry(**at) == entry) {
                next += 1;
                for (term, _) in examples
                    .terms(at)
                    .filter(|(term, _)| term.kind == TermKind::Word)
                {
                    let Spelt {
                        starts,
                        pieces: all,
                        numbers,
                        ..
                    } = &mut built;
                    let fresh = starts.len() as u32 - 1;
                    let word = *known.entry(hash(b'f', &term.text, "")).or_insert(fresh);
                    own.push(word);
                    if word == fresh {
                        pieces(&term.text, |key| {
                            let fresh = counts.len() as u32;
                            let piece = *numbers.entry(key).or_insert(fresh);
                            if piece == fresh {
                                counts.push(0);
                            }
                            counts[piece as usize] += 1;
                            all.push(piece);
                        });
                        starts.push(all.len() as u32);
                    }
                }
            }
            own.sort_unstable();
            for same in own.chunk_by(|a, b| a == b) {
                built.words.push((same[0], same.len() as f32));
            }
        }
        built.entries.push(built.words.len() as u32);
        let distinct = built.starts.len() as f32;
        built.rarity = counts
            .iter()
            .map(|&count| (distinct / count as f32).ln().max(0.0) + 1.0)
            .collect();
        built.unseen_rarity = distinct.ln() + 1.0;
        let mut sums = vec![0.0; counts.len()];
        built.lengths = (0..entries as u32)
            .map(|entry| built.length(built.words_of(entry), &mut sums))
            .collect();
        built
    }

    /// Sets `letters` to the question.
    pub(super) fn read(&self, terms: &[Term<'_>], letters: &mut Letters) {
        let Letters {
            values,
            set,
            length,
        } = letters;
        for piece in set.drain(..) {
            values[piece as usize] = 0.0;
        }
        let size = values.len().max(self.rarity.len());
        values.resize(size, 0.0);
        let mut square = 0.0;
        for term in terms.iter().filter(|term| term.kind == TermKind::Word) {
            pieces(&term.text, |key| match self.numbers.get(&key) {
                Some(&piece) => {
                    let rarity = self.rarity[piece as usize];
                    let value = &mut values[piece as usize];
                    if *value == 0.0 && term.weight > 0.0 {
                        set.push(piece);
                        *value = term.weight * rarity * rarity;
                        square += (term.weight * rarity).powi(2);
                    }
                }
                None => square += (term.weight * self.unseen_rarity).powi(2),
            });
        }
        *length = square.sqrt();
    }

    /// The length of the sum of the words' vectors. `sums` has a zero per piece, and again when this returns.
    fn length(&self, words: &[(u32, f32)], sums: &mut [f32]) -> f32 {
        let mut square = 0.0;
        for &(word, count) in words {
            for &piece in self.pieces_of(word) {
                // (s + c)² - s² = c (2 s + c)
                let sum = &mut sums[piece as usize];
                square += count * (2.0 * *sum + count) * self.rarity[piece as usize].powi(2);
                *sum += count;
            }
        }
        for &piece in words.iter().flat_map(|&(word, _)| self.pieces_of(word)) {
            sums[piece as usize] = 0.0;
        }
        f32::sqrt(square)
    }

    fn words_of(&self, entry: u32) -> &[(u32, f32)] {
        &self.words
            [self.entries[entry as usize] as usize..self.entries[entry as usize + 1] as usize]
    }

    fn pieces_of(&self, word: u32) -> &[u32] {
        &self.pieces[self.starts[word as usize] as usize..self.starts[word as usize + 1] as usize]
    }

    /// Cosine of the question's pieces with those of all the entry's phrasings.
    pub(super) fn cosine(&self, entry: u32, letters: &Letters) -> f32 {
        let dot: f32 = self
            .words_of(entry)
            .iter()
            .map(|&(word, count)| {
                count
                    * self
                        .pieces_of(word)
                        .iter()
                        .map(|&piece| letters.values[piece as usize])
                        .sum::<f32>()
            })
            .sum();
        if dot > 0.0 {
            dot / (letters.length * self.lengths[entry as usize])
        } else {
            0.0
        }
    }
}
