//! Phrasings waiting to be learned from, compactly: half a million of them hold a few ten thousand distinct terms.

use rustc_hash::FxHashMap;

use super::features::{hash, mix};
use super::{Term, TermKind};

/// Phrasings and the entries they ask for.
#[derive(Debug, Default)]
pub struct Examples {
    heads: Vec<Head>,
    /// Distinct terms, with any weight.
    distinct: Vec<Term<'static>>,
    /// Position in `distinct` by content.
    numbers: FxHashMap<u64, u32>,
    /// The terms of all examples one after the other: position in `distinct`, weight.
    terms: Vec<(u32, f32)>,
}

#[derive(Debug)]
struct Head {
    entry: u32,
    weight: f32,
    /// A hash of the terms.
    content: u64,
    /// Where its terms end; they start where the ones before end.
    end: usize,
}

impl Examples {
    /// Adds a phrasing: its entry, its terms, and how much it counts in training, 1.0 normally. Returns its number;
    /// examples are numbered from 0 in the order they are added.
    pub fn push(&mut self, entry: u32, terms: &[Term<'_>], weight: f32) -> u32 {
        let mut content = 0;
        for term in terms {
            let own = hash(b'f', &term.text, &term.stem);
            content = mix(content ^ own);
            let key = match term.kind {
                TermKind::Word => own,
                TermKind::Tag => hash(b't', &term.text, &term.stem),
            };
            let fresh = self.distinct.len() as u32;
            let number = *self.numbers.entry(key).or_insert(fresh);
            if number == fresh {
                self.distinct.push(Term {
                    text: term.text.clone().into_owned().into(),
                    stem: term.stem.clone().into_owned().into(),
                    ..*term
                });
            }
            self.terms.push((number, term.weight));
        }
        self.heads.push(Head {
            entry,
            weight,
            content,
            end: self.terms.len(),
        });
        self.heads.len() as u32 - 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The usable ones by entry, then by content, so that the order of the caller's files does not matter.
    pub(super) fn order(&self, entries: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.heads.len())
            .filter(|&at| (self.heads[at].entry as usize) < entries)
            .map(|at| at as u32)
            .collect();
        order.sort_by_key(|&at| (self.entry(at), self.content(at)));
        order
    }

    pub(super) fn entry(&self, at: u32) -> u32 {
        self.heads[at as usize].entry
    }

    pub(super) fn weight(&self, at: u32) -> f32 {
        self.heads[at as usize].weight
    }

    pub(super) fn content(&self, at: u32) -> u64 {
        self.heads[at as usize].content
    }

    /// The terms of an example with their weights.
    pub(super) fn terms<'e>(
        &'e self,
        at: u32,
    ) -> impl ExactSizeIterator<Item = (&'e Term<'e>, f32)> {
        let at = at as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.heads[before].end);
        self.terms[start..self.heads[at].end]
            .iter()
            .map(|&(number, weight)| (&self.distinct[number as usize], weight))
    }
}
