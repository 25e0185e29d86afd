//! Sentences of a cleaned message: how the question is found in a long one.
//!
//! Splits at `.` `?` `!` `;` `…` and line breaks, except at the dots of `cara.eu`, `3.5`, initials
//! and abbreviations. It is for chat, where capitals are no help: a sentence cut too often costs
//! little, since each part is looked at.

use std::ops::Range;

/// Words whose dot does not end a sentence, lower case, without their dot.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "mm", "mme", "mlle", "dr", "pr", "prof", "st", "ste", "vs", "cf", "env",
    "approx", "no", "nb", "art", "av", "bd", "inc", "ltd", "co", "corp", "e.g", "i.e", "p.ex",
    "ex", "janv", "fev", "fév", "févr", "jan", "feb", "sept", "oct", "nov", "dec", "déc", "resp",
    "tel", "tél", "vol", "fig",
];

/// The sentences of `cleaned` as byte ranges, in order, each with its closing punctuation and
/// without space around it. Parts without a letter or digit are left out.
///
/// ```
/// use cara_bot::text::sentences;
///
/// let text = "Salut ! C'est quoi cara.eu ?";
/// let parts: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(parts, ["Salut !", "C'est quoi cara.eu ?"]);
/// ```
#[must_use]
pub fn sentences(cleaned: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = cleaned[at..].chars().next() {
        at += c.len_utf8();
        let ends = match c {
            '\n' => true,
            '?' | '!' | ';' | '…' => {
                at = closing_end(cleaned, at);
                true
            }
            '.' if dot_ends(cleaned, start, at) => {
                at = closing_end(cleaned, at);
                true
            }
            _ => false,
        };
        if ends {
            ranges.extend(trimmed(cleaned, start..at));
            start = at;
        }
    }
    ranges.extend(trimmed(cleaned, start..cleaned.len()));
    ranges
}

/// Where the run of closing punctuation that goes on at `at` ends. French puts a space before
/// `?` and `!`; that space belongs to the run.
fn closing_end(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        let rest = &text[end..];
        let closing = rest.trim_start_matches(['.', '?', '!', ';', '…', ')', '"', '”', '»']);
        let mut next = text.len() - closing.len();
        let spaced = closing.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        if spaced.len() < closing.len() && spaced.starts_with(['?', '!', '»']) {
            next = text.len() - spaced.len();
        }
        if next == end {
            return end;
        }
        end = next;
    }
}

/// Whether the dot that ends at byte `at` closes the sentence that began at `start`.
fn dot_ends(text: &str, start: usize, at: usize) -> bool {
    let after = text[at..].trim_start_matches(['.', '?', '!', ')', '"', '”', '»']);
    if !after.is_empty()
        && !after.starts_with(char::is_whitespace)
        && after.len() == text.len() - at
    {
        return false; // cara.eu, 3.5
    }
    let sentence = text[start..at - 1].trim_start();
    let word = sentence
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '.'))
        .next()
        .unwrap_or_default();
    let numbered = word.len() <= 2 && word == sentence && word.bytes().all(|b| b.is_ascii_digit());
    // "J. Doe", "Renault V.I. LUTB"
    let initial = word.split('.').all(|part| {
        let mut letters = part.chars();
        matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase())
    });
    let goes_on = !after.trim_start().is_empty();
    let abbreviated = ABBREVIATIONS.contains(&word.to_lowercase().as_str());
    !(goes_on && (numbered || initial || abbreviated))
}

/// The range without space at its ends, if it holds a letter or digit.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    if !part.contains(char::is_alphanumeric) {
        return None;
    }
    let start = range.end - part.trim_start().len();
    let end = range.start + part.trim_end().len();
    Some(start..end)
}

/// Cuts a text after its first sentence, which a semicolon does not end: that sentence, and the trimmed rest.
#[must_use]
pub fn first_sentence(text: &str) -> (&str, &str) {
    let text = text.trim();
    let cuts = sentences(text).into_iter().skip(1);
    let mut cuts = cuts.map(|next| (text[..next.start].trim_end(), text[next.start..].trim()));
    cuts.find(|(first, _)| !first.ends_with(';'))
        .unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let parts: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(parts, expected, "sentences of {text:?}");
    }

    #[test]
    fn initials_and_semicolons_do_not_end_a_first_sentence() {
        let text = "When Renault V.I. was there, it began; then it went on. Later it ended.";
        let (first, rest) = first_sentence(text);
        assert_eq!(
            first,
            "When Renault V.I. was there, it began; then it went on."
        );
        assert_eq!(rest, "Later it ended.");
    }

    #[test]
    fn closing_punctuation_and_lines_split() {
        check(
            "One. Two? Three! Four; five",
            &["One.", "Two?", "Three!", "Four;", "five"],
        );
        check(
            "Salut tout le monde !\nQuand ?!  Merci...",
            &["Salut tout le monde !", "Quand ?!", "Merci..."],
        );
        check("Quoi ? ? Ah bon ! !", &["Quoi ? ?", "Ah bon ! !"]);
        check("euh… c'est quand ?", &["euh…", "c'est quand ?"]);
        check(
            "(Really?) He asked \"why?\" then",
            &["(Really?)", "He asked \"why?\"", "then"],
        );
        check("quoi?c'est ça", &["quoi?", "c'est ça"]);
        check("no end", &["no end"]);
        check(
            "Founded in 2012. By whom?",
            &["Founded in 2012.", "By whom?"],
        );
    }

    #[test]
    fn dots_inside_things_do_not_split() {
        check("What is cara.eu? 3.5 km.", &["What is cara.eu?", "3.5 km."]);
        check(
            "Mr. Smith and M. Dupont, J. Martin etc.",
            &["Mr. Smith and M. Dupont, J. Martin etc."],
        );
        check("one, e.g. LUTB, vs. RAAC", &["one, e.g. LUTB, vs. RAAC"]);
        check("1. who? 2. when?", &["1. who?", "2. when?"]);
        check("le C.A.R.A. est né", &["le C.A.R.A. est né"]);
    }

    #[test]
    fn nothing_to_say_is_no_sentence() {
        check("", &[]);
        check(" ... \n !? \n", &[]);
    }

    proptest! {
        #[test]
        fn sentences_cover_all_words_in_order(text in "([a-zA-Zé0-9]{1,3}|[.?!;…\n )\"»]){0,40}|\\PC{0,60}") {
            let ranges = sentences(&text);
            let mut last = 0;
            let mut kept = String::new();
            for range in ranges {
                prop_assert!(last <= range.start && range.start < range.end);
                last = range.end;
                kept.extend(text[range].chars().filter(|c| c.is_alphanumeric()));
            }
            let all: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            prop_assert_eq!(kept, all);
        }
    }
}
