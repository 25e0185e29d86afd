//! Whether two questions are the same one, written a little differently.
//!
//! The words of both are paired, those that are spelt nearly alike too, and weighed by their length:
//! 1.0 when every letter belongs to a pair, 0.0 when none does. Order does not count. What differs
//! only in a number, or in a short word that could be another name, never resembles: "in 2012" and
//! "in 2013" are two questions, and so are those about RACC and about PACA.

use std::collections::BTreeMap;

use crate::text::tokenize;

/// From here on two questions count as one. It balances a queue that shows one question many times
/// against one that hides a question behind another. At 0.9 a misspelling, another ending or a
/// missing "the" makes no difference; one exchanged word of content does, up to questions of some
/// fifteen words. What is merged wrongly is not lost: every wording is kept under its question.
pub(super) const SAME: f64 = 0.9;

/// Words of at most this many letters must be equal, but for two letters that changed places: among
/// acronyms one letter makes another name.
const SHORT: usize = 4;
/// From this length on a word may have two mistakes.
const LONG: usize = 9;

/// How much two folded questions resemble each other, 0.0–1.0.
pub(super) fn resemblance(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let (a, b) = (words(a), words(b));
    if numbers(&a) != numbers(&b) {
        return 0.0;
    }
    let weigh = |words: &[String]| -> usize { words.iter().map(|word| word.chars().count()).sum() };
    let total = weigh(&a) + weigh(&b);
    if total == 0 {
        return 0.0;
    }
    let mut rest: Vec<&String> = b.iter().collect();
    let mut paired = 0;
    // Equal words first, so that a word spelt nearly alike does not take another's partner.
    let mut alone = Vec::new();
    for word in &a {
        match rest.iter().position(|other| *other == word) {
            Some(at) => paired += 2 * rest.swap_remove(at).chars().count(),
            None => alone.push(word),
        }
    }
    for word in alone {
        if let Some(at) = rest.iter().position(|other| spelt_alike(word, other)) {
            paired += word.chars().count() + rest.swap_remove(at).chars().count();
        }
    }
    paired as f64 / total as f64
}

fn words(folded: &str) -> Vec<String> {
    tokenize(folded)
        .into_iter()
        .map(|token| token.text.into_string())
        .collect()
}

/// The words with digits, and how often each occurs.
fn numbers(words: &[String]) -> BTreeMap<&str, usize> {
    let mut numbers = BTreeMap::new();
    for word in words
        .iter()
        .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
    {
        *numbers.entry(word.as_str()).or_default() += 1;
    }
    numbers
}

fn spelt_alike(a: &str, b: &str) -> bool {
    let (length_a, length_b) = (a.chars().count(), b.chars().count());
    let shorter = length_a.min(length_b);
    let mistakes = match shorter {
        0..=SHORT if length_a != length_b => return false,
        0..=SHORT => {
            let sorted = |word: &str| {
                let mut letters: Vec<char> = word.chars().collect();
                letters.sort_unstable();
                letters
            };
            if sorted(a) != sorted(b) {
                return false;
            }
            1
        }
        LONG.. => 2,
        _ => 1,
    };
    length_a.abs_diff(length_b) <= mistakes && strsim::osa_distance(a, b) <= mistakes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[track_caller]
    fn check(a: &str, b: &str, same: bool) {
        let figure = resemblance(&fold(a), &fold(b));
        assert_eq!(
            figure,
            resemblance(&fold(b), &fold(a)),
            "{a} | {b}: not symmetric"
        );
        assert!((0.0..=1.0).contains(&figure), "{a} | {b}: {figure}");
        assert_eq!(figure >= SAME, same, "{a} | {b}: {figure}");
    }

    #[test]
    fn mistakes_and_small_words_make_no_other_question() {
        for (a, b) in [
            ("When was LUTB created?", "when was lubt created"),
            (
                "who is the president of minalogic",
                "who is the presidant of minalogic?",
            ),
            ("when was LUTB created", "when was the LUTB created"),
            ("Quand a été créé Minalogic ?", "quand a ete cree minalogik"),
            (
                "Où se trouve le siège de Tenerrdis ?",
                "ou se trouve le siege de tennerrdis",
            ),
            (
                "how many members does it have",
                "how many member does it have",
            ),
        ] {
            check(a, b, true);
        }
    }

    #[test]
    fn another_number_name_or_word_makes_another_question() {
        for (a, b) in [
            ("what happened in 2012", "what happened in 2013"),
            ("when was RACC created", "when was PACA created"),
            ("when was LUTB created", "when was LUTC created"),
            ("who founded LUTB", "who leads LUTB"),
            ("when was LUTB created", "where was LUTB created"),
            (
                "who was the first president of LUTB",
                "who was the second president of LUTB",
            ),
            ("", "who founded LUTB"),
            ("?", "!!"),
        ] {
            check(a, b, a == b);
        }
    }
}
