//! When two names, phrasings or patterns count as the same: same words after folding.
//!
//! Folding keeps punctuation; "Who founded LUTB?" and "who founded lutb" are the same way to ask.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::text::fold;

/// The folded words of a text, one space between them.
///
/// Folds only the runs that are not ASCII: of half a million phrasings few words have an accent, and
/// taking all of them apart would take longer than reading the files.
pub(super) fn same(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for run in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !is_dropped(c)) {
        if run.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            push_word(&mut out, run);
            let start = out.len() - run.len();
            out[start..].make_ascii_lowercase();
        } else {
            let folded = fold(run);
            for word in folded.split(|c: char| !c.is_alphanumeric()) {
                push_word(&mut out, word);
            }
        }
    }
    out
}

/// A number two texts share if they count as the same, and almost surely only then.
pub(super) fn key(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    same(text).hash(&mut hasher);
    hasher.finish()
}

/// Whether folding takes an ASCII character out, so that what stands around it is one word.
fn is_dropped(c: char) -> bool {
    c.is_ascii_control() && !c.is_whitespace()
}

fn push_word(out: &mut String, word: &str) {
    if !word.is_empty() && !out.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn same_words_are_the_same() {
        for (text, expected) in [
            ("Who founded LUTB?", "who founded lutb"),
            ("L’IFSTTAR, c'est quoi ?", "l ifsttar c est quoi"),
            ("when was {subject} created", "when was subject created"),
            ("¿?!", ""),
        ] {
            assert_eq!(same(text), expected);
        }
    }

    proptest! {
        #[test]
        fn short_cut_comes_to_the_same(text in "([ -~\t\n\u{1}\u{7f}éÉœ’\u{301}\u{200b}½]|.){0,40}") {
            let folded = fold(&text);
            let words: Vec<_> = folded
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            prop_assert_eq!(same(&text), words.join(" "));
        }
    }
}
