//! How ordinary a word is, how much it says, and its stem: the same in every text.

use std::cell::RefCell;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::lang::Lang;
use crate::text::{stem, words};

/// Words more frequent than this are ordinary ones; a name that is such a word ("mad", "star",
/// "care") is only surely the name when it is typed in capitals.
const ORDINARY_RANK: u32 = 12_000;
/// Words more frequent than this bind others rather than name anything.
const PADDING_RANK: u32 = 150;

/// The stem of a word in the language it is likelier to be of; the same word always gets the same
/// stem, whatever text it stands in.
pub(crate) fn word_stem(word: &str) -> CompactString {
    STEMS.with_borrow_mut(|stems| {
        if let Some(stem) = stems.get(word) {
            return stem.clone();
        }
        let stem = compute_stem(word);
        if stems.len() < REMEMBERED_STEMS {
            stems.insert(Box::from(word), stem.clone());
        }
        stem
    })
}

/// Most stems that a thread remembers: the words of a large base, not everything ever typed.
const REMEMBERED_STEMS: usize = 30_000;

thread_local! {
    /// Stems found before. Computing one takes a microsecond, and texts repeat their words.
    static STEMS: RefCell<FxHashMap<Box<str>, CompactString>> = RefCell::default();
}

fn compute_stem(word: &str) -> CompactString {
    let english = words::rank(word, Lang::En).unwrap_or(u32::MAX);
    let french = words::rank(word, Lang::Fr).unwrap_or(u32::MAX);
    let lang = if french < english { Lang::Fr } else { Lang::En };
    CompactString::from(stem(word, lang))
}

pub(super) fn is_ordinary(word: &str) -> bool {
    words::best_rank(word).is_some_and(|rank| rank < ORDINARY_RANK)
}

/// Whether a word mostly binds others: "up", "and", « et ».
pub(super) fn is_padding(word: &str) -> bool {
    words::best_rank(word).is_some_and(|rank| rank < PADDING_RANK)
}

/// The rank of a word in a language, or the better one of both when the language is not clear.
pub(super) fn rarest(word: &str, lang: Option<Lang>) -> Option<u32> {
    match lang {
        Some(lang) => words::rank(word, lang),
        None => words::best_rank(word),
    }
}

/// How much a word says, whatever the language.
pub(super) fn content(word: &str) -> f32 {
    content_in(word, None)
}

/// How much a word says, from how rare it is in ordinary language: 0 for the thirty most frequent
/// words, 1 from rank 5,000 on and for words no list knows.
pub(super) fn content_in(word: &str, lang: Option<Lang>) -> f32 {
    match rarest(word, lang) {
        None => 1.0,
        Some(rank) => {
            let (low, high) = (30.0_f32.ln(), 5_000.0_f32.ln());
            (((rank as f32).ln() - low) / (high - low)).clamp(0.0, 1.0)
        }
    }
}
