//! Ordinary words of English and French, most frequent first.
//!
//! Two parts need to know what is an ordinary word: spelling repair, which must leave real words
//! alone even when no fact uses them (*wedding* is not a misspelt *welding*), and the guess of a
//! text's language. The lists cover general language only; names and technical words of a base
//! come from the base. Some names are ordinary words all the same (`star`, `cara`, `renault`):
//! being on a list says that people write it, not what they mean.
//!
//! The data, its origin and its licence are described in `assets/words/README.md`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lang::Lang;

const ENGLISH: &str = include_str!("../../assets/words/en.txt");
const FRENCH: &str = include_str!("../../assets/words/fr.txt");

/// Rank in each language, 0 where the word is not listed.
#[derive(Debug, Clone, Copy, Default)]
struct Ranks {
    en: u32,
    fr: u32,
}

/// About 47,000 distinct words and 2 MB; built on first use in a few milliseconds.
static RANKS: LazyLock<FxHashMap<&'static str, Ranks>> = LazyLock::new(|| {
    // An average word takes five bytes with its line end: room for both lists, no regrowth.
    let mut ranks = FxHashMap::with_capacity_and_hasher(
        (ENGLISH.len() + FRENCH.len()) / 9,
        rustc_hash::FxBuildHasher,
    );
    for (rank, word) in (1..).zip(ENGLISH.lines()) {
        ranks.entry(word).or_insert_with(Ranks::default).en = rank;
    }
    for (rank, word) in (1..).zip(FRENCH.lines()) {
        ranks.entry(word).or_insert_with(Ranks::default).fr = rank;
    }
    ranks
});

/// The frequency rank of a folded word: 1 is the most frequent; none when not listed.
///
/// ```
/// use cara_bot::{lang::Lang, text::words};
///
/// assert!(words::rank("quand", Lang::Fr).unwrap() < 200);
/// assert_eq!(words::rank("minalogic", Lang::Fr), None);
/// ```
#[must_use]
pub fn rank(word: &str, lang: Lang) -> Option<u32> {
    let ranks = RANKS.get(word)?;
    let rank = match lang {
        Lang::En => ranks.en,
        Lang::Fr => ranks.fr,
    };
    (rank > 0).then_some(rank)
}

/// The better rank of a folded word in the two languages; none when neither lists it.
#[must_use]
pub fn best_rank(word: &str) -> Option<u32> {
    let ranks = RANKS.get(word)?;
    [ranks.en, ranks.fr]
        .into_iter()
        .filter(|rank| *rank > 0)
        .min()
}

/// The words of a language, most frequent first.
pub fn listed(lang: Lang) -> impl Iterator<Item = &'static str> {
    match lang {
        Lang::En => ENGLISH.lines(),
        Lang::Fr => FRENCH.lines(),
    }
}

/// Whether a folded word is an ordinary word of either language.
#[must_use]
pub fn is_known(word: &str) -> bool {
    RANKS.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn lists_are_folded_words_without_repetition() {
        for (list, lang) in [(ENGLISH, Lang::En), (FRENCH, Lang::Fr)] {
            assert!(list.lines().count() >= 25_000, "{lang}");
            for (at, word) in (1..).zip(list.lines()) {
                assert!(
                    word.bytes().all(|b| b.is_ascii_lowercase()) && !word.is_empty(),
                    "{word:?}"
                );
                assert_eq!(rank(word, lang), Some(at), "{word} twice in {lang}");
            }
        }
    }

    #[test]
    fn question_words_are_frequent() {
        for (lang, words) in [
            (
                Lang::En,
                "who what when where why how which the of was founded created members",
            ),
            (
                Lang::Fr,
                "qui quoi quand où pourquoi comment combien qu l d jusqu créé membres aujourdhui",
            ),
        ] {
            for word in words.split(' ') {
                let word = fold(word);
                assert!(
                    rank(&word, lang).is_some_and(|rank| rank < 3_000),
                    "{word}: {:?}",
                    rank(&word, lang)
                );
            }
        }
    }

    #[test]
    fn misspellings_and_names_of_the_domain_are_unknown() {
        for word in [
            "",
            "lutb",
            "raac",
            "minalogic",
            "tenerrdis",
            "foundd",
            "membr",
            "clsuter",
            "creat",
        ] {
            assert!(!is_known(word), "{word}");
        }
        for word in ["toyota", "wedding", "mariage"] {
            assert!(is_known(word), "{word}");
        }
    }
}
