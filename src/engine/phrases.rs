//! A table of multi-word phrases and the longest match at a place.
//!
//! Aliases, synonyms, text-message spellings and padding are all "a run of words means this"; they
//! share this table. Words are known to it by a hash that all tables share, so no text is put together or compared:
//! most words of a question start no phrase and cost one look-up, the others one for each length of the phrases that
//! start with them.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// A word as tables know it: comparing the word itself would fetch it from memory, which is most of the time a
/// look-up takes in a large base. Two of a million words hardly ever share one.
pub(crate) type Key = u64;

/// The key of a word.
pub(crate) fn key(word: &str) -> Key {
    FxBuildHasher.hash_one(word)
}

/// The keys of some words.
pub(crate) fn keys<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Key> {
    words.map(key).collect()
}

/// The longest phrase there can be, in words.
const LONGEST: usize = u32::BITS as usize;

/// Phrases, runs of words, and what they mean.
#[derive(Debug, Clone)]
pub(crate) struct Phrases<T> {
    /// By the keys of their words, [put together](and_then).
    meanings: FxHashMap<Key, T>,
    /// First word → the lengths of the phrases that start with it: bit *n* stands for *n* + 1 words.
    lengths: FxHashMap<Key, u32>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            meanings: FxHashMap::default(),
            lengths: FxHashMap::default(),
        }
    }
}

/// The key of a phrase, from the one of all words but the last and that of the last.
fn and_then(phrase: Key, word: Key) -> Key {
    FxBuildHasher.hash_one((phrase, word))
}

impl<T> Phrases<T> {
    /// The meaning of a phrase, entered as `or` when new; nothing for a phrase without words, or of more words than
    /// anybody types.
    pub(crate) fn entry<'w>(
        &mut self,
        words: impl Iterator<Item = &'w str>,
        or: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        let words: Vec<Key> = words.map(key).collect();
        let first = *words.first()?;
        let length = words.len();
        if length > LONGEST {
            return None;
        }
        *self.lengths.entry(first).or_default() |= 1 << (length - 1);
        let phrase = words.into_iter().reduce(and_then)?;
        Some(self.meanings.entry(phrase).or_insert_with(or))
    }

    /// The longest phrase that starts at the word at `start`: how many words it has, and its meaning. `keys` are those
    /// of the words.
    pub(crate) fn longest_at(&self, keys: &[Key], start: usize) -> Option<(usize, &T)> {
        let (first, rest) = keys.get(start..)?.split_first()?;
        let mut lengths = *self.lengths.get(first)?;
        let mut phrase = *first;
        let mut best = None;
        for (length, word) in (1..).zip(std::iter::once(None).chain(rest.iter().map(Some))) {
            if let Some(word) = word {
                phrase = and_then(phrase, *word);
            }
            if lengths & 1 == 1
                && let Some(meaning) = self.meanings.get(&phrase)
            {
                best = Some((length, meaning));
            }
            lengths >>= 1;
            if lengths == 0 {
                break;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let mut phrases = Phrases::default();
        phrases.entry(["grand"].into_iter(), || 1);
        phrases.entry(["grand", "lyon"].into_iter(), || 2);
        let words = ["le", "grand", "lyon"];
        let keys = keys(words.into_iter());
        let longest_at = |start| phrases.longest_at(&keys, start);
        assert_eq!(longest_at(0), None);
        assert_eq!(longest_at(1), Some((2, &2)));
        assert_eq!(longest_at(9), None);
    }

    #[test]
    fn a_phrase_ends_where_the_words_do() {
        let mut phrases = Phrases::default();
        phrases.entry(["grand", "lyon"].into_iter(), || 2);
        assert_eq!(phrases.longest_at(&keys(["grand"].into_iter()), 0), None);
        assert_eq!(phrases.longest_at(&[], 0), None);
    }

    #[test]
    fn an_empty_phrase_is_not_entered() {
        let mut phrases: Phrases<u8> = Phrases::default();
        assert!(phrases.entry(std::iter::empty(), || 1).is_none());
    }
}
