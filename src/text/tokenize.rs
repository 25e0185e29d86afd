//! Folded text into words.
//!
//! A word is a run of letters and digits; everything else separates. So hyphens, dots and
//! apostrophes split: `lutb-raac` is two words, `est-ce` is two, `cara.eu` is two, and the elision
//! of `l'ifsttar` is its own word `l`, which the engine can skip like any other small word.
//!
//! The exceptions are the cases where splitting would lose what was meant:
//!
//! | written | tokens | why |
//! |---|---|---|
//! | `didn't`, `can't`, `won't` | `did` `not`, `can` `not`, `will` `not` | a negation must not vanish |
//! | `what's` | `what` `s` | `is` or `has`: not decided here |
//! | `aujourd'hui` | `aujourdhui` | one word in French, also typed without apostrophe |
//! | `1,187` | `1187` | the comma groups thousands; `1 187` stays two tokens |
//! | `3.5`, `3,5` | `3.5` | a decimal, at most three digits before and two after the mark |
//! | `c.a.r.a.` | `cara` | dotted initials are an acronym |
//! | `trucks & bus` | `trucks` `and` `bus` | the same name as with the word |

use std::ops::Range;

use compact_str::CompactString;

/// A word of a folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word. It equals `folded[start..end]` except where the module's table rewrites.
    pub text: CompactString,
    /// Where it starts: a byte offset into the folded text, on a character boundary.
    pub start: usize,
    /// Where it ends, exclusive; greater than `start`.
    pub end: usize,
}

impl Token {
    fn new(text: impl Into<CompactString>, span: Range<usize>) -> Token {
        Token {
            text: text.into(),
            start: span.start,
            end: span.end,
        }
    }
}

/// Cuts a folded text into words, in order, with spans that never overlap.
///
/// ```
/// use cara_bot::text::{fold, tokenize};
///
/// let words: Vec<_> = tokenize(&fold("L’IFSTTAR & LUTB-RAAC")).into_iter().map(|t| t.text).collect();
/// assert_eq!(words, ["l", "ifsttar", "and", "lutb", "raac"]);
/// ```
#[must_use]
pub fn tokenize(folded: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = folded[at..].chars().next() {
        at = if c == '&' {
            tokens.push(Token::new("and", at..at + 1));
            at + 1
        } else if c.is_alphanumeric() {
            word(folded, at, &mut tokens)
        } else {
            at + c.len_utf8()
        };
    }
    tokens
}

/// Reads the word that starts at `at`, with the exceptions first; returns where reading goes on.
fn word(folded: &str, at: usize, tokens: &mut Vec<Token>) -> usize {
    let end = run_end(folded, at, char::is_alphanumeric);
    let special = number(folded, at, end)
        .or_else(|| initials(folded, at, end))
        .or_else(|| today(folded, at, end));
    if let Some(token) = special {
        let end = token.end;
        tokens.push(token);
        return end;
    }
    if let Some((verb, not)) = negation(folded, at, end) {
        let end = not.end;
        tokens.extend([verb, not]);
        return end;
    }
    tokens.push(Token::new(&folded[at..end], at..end));
    end
}

/// The end of the run of characters from `at` on that are `of_kind`.
fn run_end(text: &str, at: usize, of_kind: impl Fn(char) -> bool) -> usize {
    text[at..]
        .find(|c| !of_kind(c))
        .map_or(text.len(), |length| at + length)
}

/// `1,187` and `3.5`: digits whose inner marks belong to the number.
fn number(folded: &str, at: usize, end: usize) -> Option<Token> {
    let digits = |range: Range<usize>| folded[range].bytes().all(|b| b.is_ascii_digit());
    let group_after = |at: usize, mark: &[u8]| {
        if !mark.contains(folded.as_bytes().get(at)?) {
            return None;
        }
        let end = run_end(folded, at + 1, char::is_alphanumeric);
        (end > at + 1 && digits(at + 1..end)).then_some(at + 1..end)
    };
    if end - at > 3 || !digits(at..end) || continues_number(folded, at) {
        return None;
    }
    let mut text = folded[at..end].to_owned();
    let mut last = end;
    while let Some(group) = group_after(last, b",").filter(|group| group.len() == 3) {
        text.push_str(&folded[group.clone()]);
        last = group.end;
    }
    if let Some(fraction) = group_after(last, b".,") {
        // `21.11.2017` is a date and `1,2,3` a list: a decimal has nothing after it.
        if fraction.len() > 2 || group_after(fraction.end, b".,").is_some() {
            return None;
        }
        text.push('.');
        text.push_str(&folded[fraction.clone()]);
        last = fraction.end;
    }
    (last > end).then(|| Token::new(text, at..last))
}

/// Whether a digit and a mark stand before `at`: a later part of a date or list.
fn continues_number(folded: &str, at: usize) -> bool {
    matches!(&folded.as_bytes()[..at], [.., b'0'..=b'9', b'.' | b','])
}

/// `c.a.r.a.`: two or more single letters with dots between them.
fn initials(folded: &str, at: usize, end: usize) -> Option<Token> {
    let mut text = String::new();
    let (mut from, mut to) = (at, end);
    loop {
        let letter = &folded[from..to];
        if letter.chars().count() != 1 || !letter.chars().all(char::is_alphabetic) {
            return None;
        }
        text.push_str(letter);
        from = to + 1;
        let more = folded[to..]
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        if !more {
            break;
        }
        to = run_end(folded, from, char::is_alphanumeric);
    }
    (to > end).then(|| Token::new(text, at..to))
}

/// `aujourd'hui` as one word.
fn today(folded: &str, at: usize, end: usize) -> Option<Token> {
    let hui = end + 1;
    let whole = &folded[at..end] == "aujourd"
        && folded[end..].starts_with("'hui")
        && run_end(folded, hui, char::is_alphanumeric) == hui + 3;
    whole.then(|| Token::new("aujourdhui", at..hui + 3))
}

/// `didn't` as `did` and `not`.
fn negation(folded: &str, at: usize, end: usize) -> Option<(Token, Token)> {
    let t = end + 1;
    if !folded[end..].starts_with("'t") || run_end(folded, t, char::is_alphanumeric) != t + 1 {
        return None;
    }
    let stem = folded[at..end]
        .strip_suffix('n')
        .filter(|stem| !stem.is_empty())?;
    let cut = at + stem.len();
    let verb = match stem {
        "ca" => return Some((Token::new("can", at..end), Token::new("not", end..t + 1))),
        "wo" => "will",
        "sha" => "shall",
        _ => stem,
    };
    Some((Token::new(verb, at..cut), Token::new("not", cut..t + 1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fold;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tokens = tokenize(&fold(text));
        let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(words.join(" "), expected, "tokens of {text:?}");
    }

    #[test]
    fn words_split_at_everything_but_letters_and_digits() {
        check("What is CARA?", "what is cara");
        check("LUTB-RAAC, est-ce bien ça ?", "lutb raac est ce bien ca");
        check("www.cara.eu/fr_fr", "www cara eu fr fr");
        check("H2020 5G A7", "h2020 5g a7");
        check("y a-t-il ?", "y a t il");
        check("", "");
        check(" ?!… ", "");
    }

    #[test]
    fn elisions_and_clitics_are_words_of_their_own() {
        check("l'IFSTTAR", "l ifsttar");
        check("qu’est-ce qu'on d'abord", "qu est ce qu on d abord");
        check("lorsqu'il jusqu'à", "lorsqu il jusqu a");
        check("what's who's", "what s who s");
        check(
            "didn't can't won't shan't isn't",
            "did not can not will not shall not is not",
        );
        check("n't 't don'tcha", "n t t don tcha");
        check("aujourd'hui aujourdhui", "aujourdhui aujourdhui");
        check("UP' magazine, up'", "up magazine up");
    }

    #[test]
    fn numbers_keep_their_marks() {
        check("1,187 members", "1187 members");
        check("1 187 membres", "1 187 membres");
        check("1,234,567.5", "1234567.5");
        check("3.5 3,5", "3.5 3.5");
        check("2005,2006", "2005 2006");
        check("21.11.2017", "21 11 2017");
        check("1,2,3", "1 2 3");
        check("in 2012, 2013.", "in 2012 2013");
        check("1,1870", "1 1870");
        check("12,", "12");
        check("3.5km", "3 5km");
    }

    #[test]
    fn acronyms_and_ampersands_are_read_as_meant() {
        check("C.A.R.A. is", "cara is");
        check("c.a.r.a", "cara");
        check("the U.S. plan b.", "the us plan b");
        check("a.bc", "a bc");
        check("Trucks & Bus", "trucks and bus");
        check("R&D", "r and d");
    }

    proptest! {
        #[test]
        fn spans_slice_the_text_in_order(text in any::<String>()) {
            let folded = fold(&text);
            let mut last = 0;
            for token in tokenize(&folded) {
                prop_assert!(last <= token.start && token.start < token.end);
                prop_assert!(folded.get(token.start..token.end).is_some());
                prop_assert!(!token.text.is_empty());
                last = token.end;
            }
        }

        #[test]
        fn plain_words_are_their_slices(text in "[a-z0-9 ?!\"-]{0,40}") {
            for token in tokenize(&text) {
                prop_assert_eq!(&text[token.start..token.end], token.text);
            }
        }

        #[test]
        fn unfolded_or_odd_text_does_no_harm(text in "([a-zé0-9]|[.,'&]|n't|\u{301}|ǆ){0,30}") {
            for token in tokenize(&text) {
                prop_assert!(text.get(token.start..token.end).is_some());
            }
        }
    }
}
