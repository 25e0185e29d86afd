//! Spelling repair: the words of the base nearest to a misspelt one.
//!
//! Only the words the index was given are ever suggested, and whether a word *needs* repair is the
//! caller's question: ask [`words::is_known`](crate::text::words::is_known) first, for *wedding* is
//! one edit from *welding* and yet no mistake.
//!
//! The one idea (known from SymSpell): two words within `d` edits of each other become equal when
//! at most `d` letters are deleted from each. So the index holds every word under the hash of each
//! of its deletions, a lookup deletes letters from the asked word only, and what meets is verified
//! with the real distance. Deletions stop after the first seven letters, which bounds them to
//! 29 a word; the argument holds for prefixes too.
//!
//! How far a repair may go, in optimal string alignment edits (insert, delete, replace, swap of
//! neighbours):
//!
//! | letters of the asked word | edits | of the candidate |
//! |---|---|---|
//! | 1–2 | none | |
//! | 3 | one swap | 3 |
//! | 4–6 | 1 | 4 and more |
//! | 7 and more | 2 | 4 and more for one edit, 6 and more for two |
//!
//! Words with a digit are neither indexed nor repaired: 2005 is not a misspelt 2006.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Letters of a word from which deletions are made, SymSpell's default. Fewer would make the index
/// smaller and every lookup verify more words; more, the reverse.
const PREFIX: usize = 7;

/// The fewest letters of an asked word that may differ by two edits.
const TWO_EDITS_FROM: usize = 7;

/// The fewest letters of a candidate that may differ by two edits.
const CANDIDATE_TWO_EDITS_FROM: usize = 6;

/// The fewest letters of both words that may differ by any edit; below, only a swap.
const ONE_EDIT_FROM: usize = 4;

/// How much heavier the best of two equally near words must be to count as the one meant.
const CLEARLY_HEAVIER: u32 = 3;

/// An index of words to repair towards.
///
/// Memory: the words themselves, 16 bytes a word, and 6 to 8 bytes for each of a word's deletions
/// (at most 29). Measured on words of both languages: 0.9 MB for 5,000, 10 MB for 50,000 and 41 MB
/// for 200,000; [`memory`](Speller::memory) tells.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Speller {
    /// All words, one after the other.
    text: String,
    /// Sorted by word.
    entries: Vec<Entry>,
    /// Where each bucket starts in `ids`; one more than there are buckets (a power of two).
    starts: Vec<u32>,
    /// Positions in `entries`, by bucket of the hash of a deletion.
    ids: Vec<u32>,
}

/// A word of the index.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Entry {
    /// Where its text ends; it starts where the one before ends.
    end: u32,
    weight: u32,
    /// See [`letter_set`].
    letters: u32,
    /// Its length in characters, at most 255.
    length: u8,
}

/// A word near to the asked one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion<'a> {
    /// The word, as the index was given it.
    pub word: &'a str,
    /// Edits between it and the asked word: 1 or 2.
    pub distance: u8,
    /// The weight the index was given with it; higher is more usual.
    pub weight: u32,
}

impl Speller {
    /// Builds the index from folded words and their weights. The weights of a repeated word add
    /// up; words under three letters, over 255 letters or with anything but letters are left out.
    pub fn new<'w>(words: impl Iterator<Item = (&'w str, u32)>) -> Speller {
        let mut weights: FxHashMap<&str, u32> = FxHashMap::default();
        for (word, weight) in words {
            if is_repairable(word) {
                let sum = weights.entry(word).or_default();
                *sum = sum.saturating_add(weight);
            }
        }
        let mut sorted: Vec<(&str, u32)> = weights.into_iter().collect();
        sorted.sort_unstable();

        let mut speller = Speller::default();
        for (word, weight) in sorted {
            speller.text.push_str(word);
            let Ok(end) = u32::try_from(speller.text.len()) else {
                break;
            };
            let length = u8::try_from(word.chars().count()).unwrap_or(u8::MAX);
            speller.entries.push(Entry {
                end,
                weight,
                letters: letter_set(word),
                length,
            });
        }
        speller.index();
        speller
    }

    /// Fills `starts` and `ids`. Deletions are made twice, to count and to place them, which costs
    /// less than keeping them all.
    fn index(&mut self) {
        let mut hashes = Vec::new();
        let total: usize = (0..self.entries.len())
            .map(|at| {
                self.deletions(at, &mut hashes);
                hashes.len()
            })
            .sum();
        let buckets = (total / 2).next_power_of_two();
        let mut starts = vec![0_u32; buckets + 1];
        for at in 0..self.entries.len() {
            self.deletions(at, &mut hashes);
            for &hash in &hashes {
                starts[bucket(hash, buckets) + 1] += 1;
            }
        }
        for at in 0..buckets {
            starts[at + 1] += starts[at];
        }
        let mut ids = vec![0_u32; total];
        let mut next = starts.clone();
        for at in 0..self.entries.len() {
            self.deletions(at, &mut hashes);
            for &hash in &hashes {
                let place = &mut next[bucket(hash, buckets)];
                ids[*place as usize] =
                    u32::try_from(at).expect("entries end within u32 bytes of text");
                *place += 1;
            }
        }
        (self.starts, self.ids) = (starts, ids);
    }

    /// The hashes of the deletions of entry `at`.
    fn deletions(&self, at: usize, hashes: &mut Vec<u64>) {
        let edits = if usize::from(self.entries[at].length) >= CANDIDATE_TWO_EDITS_FROM {
            2
        } else {
            1
        };
        deletions(self.word(at), edits, hashes);
    }

    /// The text of entry `at`.
    fn word(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.entries[at - 1].end };
        &self.text[start as usize..self.entries[at].end as usize]
    }

    /// How many words the index holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the index holds no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The heap memory of the index, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.text.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + (self.starts.capacity() + self.ids.capacity()) * size_of::<u32>()
    }

    /// The words near a folded word, nearest first; among equally near ones those with the same
    /// first letter, then the heavier. The word itself is never among them.
    ///
    /// ```
    /// use cara_bot::text::spelling::Speller;
    ///
    /// let speller = Speller::new([("cluster", 5), ("lutb", 9)].into_iter());
    /// assert_eq!(speller.suggest("clutser")[0].word, "cluster");
    /// assert_eq!(speller.closest("lubt").unwrap().word, "lutb");
    /// ```
    #[must_use]
    pub fn suggest(&self, word: &str) -> Vec<Suggestion<'_>> {
        if self.is_empty() || !is_repairable(word) {
            return Vec::new();
        }
        let length = word.chars().count();
        let limit = if length >= TWO_EDITS_FROM { 2 } else { 1 };
        let mut hashes = Vec::with_capacity(32);
        deletions(word, limit, &mut hashes);

        let letters = letter_set(word);
        let mut found: Vec<u32> = Vec::new();
        for &hash in &hashes {
            let bucket = bucket(hash, self.starts.len() - 1);
            let ids = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
            found.extend(self.ids[ids].iter().filter(|&&id| {
                // An edit changes the length by one at most and the set of letters by two.
                let entry = &self.entries[id as usize];
                usize::from(entry.length).abs_diff(length) <= limit
                    && (entry.letters ^ letters).count_ones() as usize <= 2 * limit
            }));
        }
        found.sort_unstable();
        found.dedup();

        let mut suggestions: Vec<Suggestion<'_>> = found
            .into_iter()
            .filter_map(|id| {
                let candidate = self.word(id as usize);
                let distance = strsim::osa_distance(word, candidate);
                allowed(
                    word,
                    length,
                    candidate,
                    usize::from(self.entries[id as usize].length),
                    distance,
                )
                .then(|| Suggestion {
                    word: candidate,
                    distance: u8::try_from(distance).expect("at most two edits are allowed"),
                    weight: self.entries[id as usize].weight,
                })
            })
            .collect();
        let first = word.chars().next();
        suggestions.sort_by_key(|s| {
            (
                s.distance,
                s.word.chars().next() != first,
                std::cmp::Reverse(s.weight),
                s.word,
            )
        });
        suggestions
    }

    /// The one word that was meant, or none when two differ too little to choose: equally near,
    /// equal in sharing the first letter, similar in weight, and not forms of one word (one
    /// beginning with the other, as *membre* and *membres*).
    #[must_use]
    pub fn closest(&self, word: &str) -> Option<Suggestion<'_>> {
        let suggestions = self.suggest(word);
        let best = *suggestions.first()?;
        let first = word.chars().next();
        let same_first = |s: &Suggestion<'_>| s.word.chars().next() == first;
        let mut rivals = suggestions[1..].iter().filter(|other| {
            other.distance == best.distance && same_first(other) == same_first(&best)
        });
        let clear = |other: &Suggestion<'_>| {
            best.weight >= other.weight.saturating_mul(CLEARLY_HEAVIER)
                || other.word.starts_with(best.word)
                || best.word.starts_with(other.word)
        };
        rivals.all(clear).then_some(best)
    }
}

/// Whether a word has a length and an alphabet that repair is for.
fn is_repairable(word: &str) -> bool {
    let length = word.chars().count();
    (3..=255).contains(&length) && word.chars().all(char::is_alphabetic)
}

/// The module's table of how far a repair may go.
fn allowed(
    word: &str,
    length: usize,
    candidate: &str,
    candidate_length: usize,
    distance: usize,
) -> bool {
    let shorter = length.min(candidate_length);
    match distance {
        1 if shorter >= ONE_EDIT_FROM => true,
        1 => is_swap(word, candidate),
        2 => length >= TWO_EDITS_FROM && candidate_length >= CANDIDATE_TWO_EDITS_FROM,
        _ => false,
    }
}

/// Whether two words consist of the same letters.
fn is_swap(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// Which letters occur, one bit each; others than a–z share six bits.
fn letter_set(word: &str) -> u32 {
    word.chars().fold(0, |set, c| {
        let bit = match c {
            'a'..='z' => c as u32 - 'a' as u32,
            _ => 26 + c as u32 % 6,
        };
        set | 1 << bit
    })
}

/// Replaces `hashes` by those of the word's prefix with up to `edits` (1 or 2) letters deleted.
fn deletions(word: &str, edits: usize, hashes: &mut Vec<u64>) {
    let mut prefix = ['\0'; PREFIX];
    let mut length = 0;
    for (place, c) in prefix.iter_mut().zip(word.chars()) {
        *place = c;
        length += 1;
    }
    let prefix = &prefix[..length];
    hashes.clear();
    hashes.push(hash_without(prefix, length, length));
    for first in 0..length {
        hashes.push(hash_without(prefix, first, length));
        if edits > 1 {
            hashes.extend((first + 1..length).map(|second| hash_without(prefix, first, second)));
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
}

/// A hash of the letters except those at two positions (positions past the end leave none out).
fn hash_without(letters: &[char], first: usize, second: usize) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 / golden ratio: spreads high bits well
    let kept = letters
        .iter()
        .enumerate()
        .filter(|&(at, _)| at != first && at != second);
    kept.fold(MULTIPLIER, |hash, (_, &c)| {
        (hash.rotate_left(7) ^ u64::from(c as u32)).wrapping_mul(MULTIPLIER)
    })
}

/// The bucket of a hash, by its high bits; `buckets` is a power of two.
fn bucket(hash: u64, buckets: usize) -> usize {
    match buckets.trailing_zeros() {
        0 => 0,
        bits => (hash >> (64 - bits)) as usize,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: &[(&str, u32)] = &[
        ("lutb", 20),
        ("raac", 10),
        ("cara", 50),
        ("mad", 3),
        ("cluster", 8),
        ("clusters", 2),
        ("membre", 5),
        ("membres", 9),
        ("founded", 9),
        ("founder", 4),
        ("founders", 4),
        ("created", 9),
        ("minalogic", 1),
        ("tenerrdis", 1),
        ("transpolis", 2),
        ("mobilite", 6),
        ("ifsttar", 3),
        ("creation", 9),
        ("relation", 1),
        ("quand", 9),
        ("2005", 9),
        ("paca", 1),
        ("name", 2),
        ("fame", 2),
    ];

    fn speller() -> Speller {
        Speller::new(WORDS.iter().copied())
    }

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let speller = speller();
        assert_eq!(
            speller.closest(word).map(|s| s.word),
            expected,
            "{word}: {:?}",
            speller.suggest(word)
        );
    }

    #[test]
    fn typing_errors_are_repaired() {
        check("lubt", Some("lutb"));
        check("ltub", Some("lutb"));
        check("lutbb", Some("lutb"));
        check("dam", None);
        check("amd", Some("mad"));
        check("clsuter", Some("cluster"));
        check("clutsre", Some("cluster"));
        check("cluste", Some("cluster"));
        check("membrs", Some("membres"));
        check("foundd", Some("founded"));
        check("craeted", Some("created"));
        check("minalogique", None);
        check("minalogik", Some("minalogic"));
        check("tenerdis", Some("tenerrdis"));
        check("transpoliss", Some("transpolis"));
        check("mobiltie", Some("mobilite"));
        check("ifstar", Some("ifsttar"));
        check("creatoin", Some("creation"));
        check("qand", Some("quand"));
    }

    #[test]
    fn what_is_too_far_or_too_short_is_left_alone() {
        check("lu", None);
        check("lut", None);
        check("mat", None);
        check("madd", None);
        check("lxyb", None);
        check("2006", None);
        check("h2020", None);
        check("", None);
        check("créé", None);
        assert!(
            Speller::new(std::iter::empty())
                .suggest("cluster")
                .is_empty()
        );
    }

    #[test]
    fn a_word_is_no_suggestion_for_itself() {
        assert_eq!(
            speller()
                .suggest("cluster")
                .iter()
                .map(|s| s.word)
                .collect::<Vec<_>>(),
            ["clusters"]
        );
    }

    #[test]
    fn nearness_then_first_letter_then_weight_decide() {
        let speller = speller();
        let words: Vec<&str> = speller.suggest("founderd").iter().map(|s| s.word).collect();
        assert_eq!(words, ["founded", "founder", "founders"]);
        let near = Speller::new([("bane", 9), ("cane", 1), ("cant", 2)].into_iter());
        let words: Vec<&str> = near.suggest("cann").iter().map(|s| s.word).collect();
        assert_eq!(words, ["cant", "cane"]);
    }

    #[test]
    fn equally_good_words_are_no_single_repair() {
        check("mame", None); // name, fame
        check("racc", Some("raac")); // but a caller knows that paca is two edits away
        check("membr", Some("membre"));
    }

    #[test]
    fn repeated_words_add_their_weights() {
        let speller = Speller::new([("cara", 2), ("cara", 3), ("cara", u32::MAX)].into_iter());
        assert_eq!(speller.len(), 1);
        assert_eq!(speller.suggest("carra")[0].weight, u32::MAX);
    }

    proptest! {
        #[test]
        fn no_word_does_harm(words in prop::collection::vec((any::<String>(), any::<u32>()), 0..8), asked in any::<String>()) {
            let speller = Speller::new(words.iter().map(|(word, weight)| (word.as_str(), *weight)));
            let _ = speller.closest(&asked);
        }

        /// The index finds exactly what a scan of all words finds.
        #[test]
        fn index_and_scan_agree(words in prop::collection::vec("[abc]{3,9}", 1..40), asked in "[abc]{3,9}") {
            let speller = Speller::new(words.iter().map(|word| (word.as_str(), 1)));
            let mut indexed: Vec<&str> = speller.suggest(&asked).into_iter().map(|s| s.word).collect();
            indexed.sort_unstable();
            let mut scanned: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .filter(|word| allowed(&asked, asked.len(), word, word.len(), strsim::osa_distance(&asked, word)))
                .collect();
            scanned.sort_unstable();
            scanned.dedup();
            prop_assert_eq!(indexed, scanned);
        }
    }
}
