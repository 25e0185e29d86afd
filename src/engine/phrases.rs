//! A table of multi-word phrases and the longest match at a place.
//!
//! Aliases, synonyms, text-message spellings and padding are all "a run of words means this"; they
//! share this table. Most words of a question start no phrase, and cost one look-up by a hash that all tables
//! share.

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
pub(crate) fn keys<S: AsRef<str>>(words: &[S]) -> Vec<Key> {
    words.iter().map(|word| key(word.as_ref())).collect()
}

/// Phrases (words joined by one space) and what they mean.
#[derive(Debug, Clone)]
pub(crate) struct Phrases<T> {
    meanings: FxHashMap<Box<str>, T>,
    /// First word → words in the longest phrase that starts with it.
    longest: FxHashMap<Key, u8>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            meanings: FxHashMap::default(),
            longest: FxHashMap::default(),
        }
    }
}

impl<T> Phrases<T> {
    /// The meaning of a phrase, entered as `or` when new; nothing for a phrase without words.
    pub(crate) fn entry<'w>(
        &mut self,
        words: impl Iterator<Item = &'w str>,
        or: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        let words: Vec<&str> = words.collect();
        let first = words.first()?;
        let length = u8::try_from(words.len()).ok()?;
        let longest = self.longest.entry(key(first)).or_default();
        *longest = length.max(*longest);
        Some(
            self.meanings
                .entry(words.join(" ").into_boxed_str())
                .or_insert_with(or),
        )
    }

    /// The longest phrase that starts at `words[start]`: how many words it has, and its meaning. `keys` are those of
    /// the words.
    pub(crate) fn longest_at<S: AsRef<str>>(
        &self,
        words: &[S],
        keys: &[Key],
        start: usize,
        buffer: &mut String,
    ) -> Option<(usize, &T)> {
        let longest = usize::from(*self.longest.get(keys.get(start)?)?);
        let longest = longest.min(words.len().saturating_sub(start));
        buffer.clear();
        let mut best = None;
        for (offset, word) in words[start..start + longest].iter().enumerate() {
            if offset > 0 {
                buffer.push(' ');
            }
            buffer.push_str(word.as_ref());
            if let Some(meaning) = self.meanings.get(buffer.as_str()) {
                best = Some((offset + 1, meaning));
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
        let keys = keys(&words);
        let mut buffer = String::new();
        let mut longest_at = |start| phrases.longest_at(&words, &keys, start, &mut buffer);
        assert_eq!(longest_at(0), None);
        assert_eq!(longest_at(1), Some((2, &2)));
        assert_eq!(longest_at(9), None);
    }

    #[test]
    fn an_empty_phrase_is_not_entered() {
        let mut phrases: Phrases<u8> = Phrases::default();
        assert!(phrases.entry(std::iter::empty(), || 1).is_none());
    }
}
