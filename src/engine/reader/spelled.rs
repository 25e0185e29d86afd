//! The words of a text as they are meant: text-message spelling spelled out, slips repaired.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::Reader;
use crate::date::mention::Mention;
use crate::engine::phrases::keys;
use crate::text::tokenize::Token;
use crate::text::{fold, words};

/// Words rarer than this may be names or slips that a frequency list picked up, so a base word one
/// slip away is still offered.
const DOUBTFUL_RANK: u32 = 20_000;

/// French words that lose their vowel before another one, as they are left.
const ELIDED: [&str; 9] = ["d", "l", "qu", "j", "n", "s", "c", "m", "t"];

/// One word of a text.
pub(super) struct Spelled<'t> {
    pub(super) text: Cow<'t, str>,
    /// What it was before repair.
    pub(super) repaired_from: Option<&'t str>,
    /// The date it is part of: a position among those of the text.
    pub(super) date: Option<usize>,
    /// A comma follows, and no name goes on over it: "RAAC, LUTB or CARA".
    pub(super) ends: bool,
}

impl Reader {
    /// Spells the words of a folded text; they are repaired where its words with `capitals` are given.
    pub(super) fn spell<'t>(
        &'t self,
        folded: &str,
        tokens: &'t [Token],
        dates: &[Mention],
        capitals: Option<&FxHashSet<String>>,
    ) -> Vec<Spelled<'t>> {
        let keys = keys(tokens.iter().map(|token| token.text.as_str()));
        let mut spelled = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let date = dates
                .iter()
                .position(|date| date.span.start < token.end && token.start < date.span.end);
            // Not inside an elision: the "c" of "c'est" is no text-message spelling.
            let elided = folded[token.end..].starts_with('\'');
            let short = match date.is_none() && !elided {
                true => self.shorthands.longest_at(&keys, at),
                false => None,
            };
            if let Some((length, means)) = short {
                spelled.extend(means.iter().map(|word| Spelled {
                    text: Cow::Borrowed(word),
                    repaired_from: None,
                    date: None,
                    ends: false,
                }));
                at += length;
                if let Some(last) = spelled.last_mut() {
                    last.ends = comma_after(folded, tokens, at - 1);
                }
                continue;
            }
            let word = token.text.as_str();
            let repaired = capitals
                .filter(|_| date.is_none())
                .and_then(|capitals| self.repair(word, capitals.contains(word)));
            spelled.push(Spelled {
                repaired_from: repaired.is_some().then_some(word),
                date,
                text: repaired.map_or(Cow::Borrowed(word), Cow::Owned),
                ends: comma_after(folded, tokens, at),
            });
            at += 1;
        }
        spelled
    }

    /// The base's word for one that neither the base nor ordinary language knows. What is written like a name is
    /// one, and no slip that far from a word: « Transdev » is no *transfer*.
    fn repair(&self, word: &str, like_name: bool) -> Option<String> {
        if self.vocabulary.contains(word)
            || word.len() < 3
            || word.bytes().any(|b| b.is_ascii_digit())
        {
            return None;
        }
        if words::best_rank(word).is_some_and(|rank| rank < DOUBTFUL_RANK) {
            return None;
        }
        if let Some(suggestion) = self.speller.closest(word) {
            let far = suggestion.distance > 1 && !self.name_words.contains(suggestion.word);
            return (!far || !like_name).then(|| suggestion.word.to_owned());
        }
        // "dadherents", "lifsttar": an elision typed without its apostrophe.
        let rest = ELIDED
            .iter()
            .find_map(|article| word.strip_prefix(article))?;
        if rest.len() < 4 || !rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
            return None;
        }
        if self.vocabulary.contains(rest) {
            return Some(rest.to_owned());
        }
        self.speller
            .closest(rest)
            .map(|suggestion| suggestion.word.to_owned())
    }
}

/// Whether a comma or semicolon follows a token.
fn comma_after(folded: &str, tokens: &[Token], at: usize) -> bool {
    let next = tokens.get(at + 1).map_or(folded.len(), |next| next.start);
    folded[tokens[at].end.min(next)..next].contains([',', ';'])
}

/// The folded words that are written with a capital where a sentence does not ask for one, unless
/// everything is.
pub(super) fn capital_words(cleaned: &str) -> FxHashSet<String> {
    if !cleaned.chars().any(char::is_lowercase) {
        return FxHashSet::default();
    }
    let mut starts = true;
    let mut found = FxHashSet::default();
    for piece in cleaned.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let shouted = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        if capital && (!starts || shouted) {
            found.insert(fold(word));
        }
        if !word.is_empty() {
            starts = false;
        }
        starts |= piece.ends_with(['.', '?', '!', ':', '\n']);
    }
    found
}
