//! Folding: two texts that fold to the same string are the same text.
//!
//! Folding removes the differences nobody means when asking a question: case, accents, width,
//! ligatures, the many shapes of quotes and dashes, spacing, invisible characters. It keeps every
//! letter, digit and punctuation mark, so it loses nothing that [`tokenize`](fn@crate::text::tokenize)
//! or a reader needs.
//!
//! The one idea: every step maps a character to characters that no step maps any further, so
//! folding twice is folding once.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds `text`: compatibility forms, lower case, no accents, plain quotes and dashes, single
/// spaces. Idempotent.
///
/// ```
/// use cara_bot::text::fold;
///
/// assert_eq!(fold("  Qu’est-ce que le\u{a0}CŒUR\nde « Cara » ?"), "qu'est-ce que le coeur de \" cara \" ?");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    fold_common(text).unwrap_or_else(|| fold_any(text))
}

/// As [`fold_any`], many times faster, for texts of nothing but the characters that nearly all English
/// and French consists of; none for others.
fn fold_common(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let plain = match c {
            ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{202f}' => {
                gap = true;
                continue;
            }
            '`' | '‘' | '’' => "'",
            '«' | '»' | '“' | '”' => "\"",
            '–' | '—' => "-",
            '…' => "...",
            'œ' | 'Œ' => "oe",
            'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => "a",
            'ç' | 'Ç' => "c",
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
            'î' | 'ï' | 'Î' | 'Ï' => "i",
            'ô' | 'ö' | 'Ô' | 'Ö' => "o",
            'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => "u",
            '!'..='~' => "",
            _ => return None,
        };
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if plain.is_empty() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.push_str(plain);
        }
    }
    Some(out)
}

fn fold_any(text: &str) -> String {
    // Symbols are mapped before decomposition because Unicode decomposes some of them into a
    // space and an accent (`´`), and after it because others decompose into them (`ǆ`, `″`).
    // Lower case comes between two decompositions because it may add an accent (`İ`).
    let folded = text
        .chars()
        .flat_map(Plain::of)
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|&c| !is_combining_mark(c) && !is_invisible(c))
        .flat_map(Plain::of);
    single_spaces(folded.nfc())
}

/// Whether a character takes no room on screen: joiners, direction marks, soft hyphen, controls.
pub(crate) fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => false, // white space, not invisible
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            true
        }
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

/// A character as plain text: itself, or the one or two characters it stands for.
#[derive(Debug, Clone, Copy)]
struct Plain([Option<char>; 2]);

impl Plain {
    /// Quotes and dashes of all shapes to the ASCII one, Latin ligatures and barred letters,
    /// which have no Unicode decomposition, to their letters.
    fn of(c: char) -> Plain {
        let one = |c| Plain([Some(c), None]);
        let two = |a, b| Plain([Some(a), Some(b)]);
        match c {
            '‘' | '’' | '‚' | '‛' | '′' | '‵' | '´' | '`' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ˈ' | '＇' => {
                one('\'')
            }
            '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '″' | '‶' => one('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '⁃' | '﹘' | '﹣' | '－' => {
                one('-')
            }
            'œ' | 'Œ' => two('o', 'e'),
            'æ' | 'Æ' => two('a', 'e'),
            'ß' | 'ẞ' => two('s', 's'),
            'ø' | 'Ø' => one('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => one('d'),
            'ł' | 'Ł' => one('l'),
            'ı' => one('i'),
            _ => one(c),
        }
    }
}

impl IntoIterator for Plain {
    type Item = char;
    type IntoIter = std::iter::Flatten<std::array::IntoIter<Option<char>, 2>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}

/// Joins runs of white space into one space and trims both ends.
fn single_spaces(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(chars.size_hint().0);
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected, "folding {text:?}");
        assert_eq!(fold(expected), expected, "folding {text:?} twice");
    }

    #[test]
    fn differences_nobody_means_disappear() {
        check("LUTB", "lutb");
        check("Créée à Lyon", "creee a lyon");
        check("cre\u{301}e\u{301}", "cree");
        check("ÇA où Noël", "ca ou noel");
        check("cœur Œuvre æquo", "coeur oeuvre aequo");
        check(
            "L’IFSTTAR l´ifsttar l`ifsttar lʼifsttar",
            "l'ifsttar l'ifsttar l'ifsttar l'ifsttar",
        );
        check("« Cara » “Cara” „Cara‟", "\" cara \" \"cara\" \"cara\"");
        check(
            "LUTB–RAAC LUTB—RAAC LUTB‑RAAC",
            "lutb-raac lutb-raac lutb-raac",
        );
        check("  a\u{a0}b\u{202f}c\n\nd\te ", "a b c d e");
        check("ＣＡＲＡ ﬁn n° № 2²", "cara fin n° no 22");
        check("ca\u{200b}ra\u{ad}\u{feff}", "cara");
        check(
            "İstanbul straße Łódź smørrebrød",
            "istanbul strasse lodz smorrebrod",
        );
        check("et…", "et...");
        check("", "");
        check(" \n ", "");
    }

    proptest! {
        #[test]
        fn common_characters_fold_as_all_do(text in "[\\x20-\\x7e\\t\\r\\nà-ÿÀ-ß‘-”–—…«»œŒ\u{a0}\u{202f}\u{301}]{0,12}") {
            if let Some(folded) = fold_common(&text) {
                prop_assert_eq!(folded, fold_any(&text));
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_any_two_characters_is_stable(a in any::<char>(), b in any::<char>()) {
            let once = fold(&format!("{a}{b}"));
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn case_does_not_matter_in_french_and_english(text in "[a-zà-ÿœæ' -]{0,40}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        }
    }
}
