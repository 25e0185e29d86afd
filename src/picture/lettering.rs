//! Letters: which ones the typeface has, how wide they are, and where a line breaks.
//!
//! Widths are advances without kerning, which makes measured text a hair wider than drawn text:
//! what fits here fits on the picture.

use std::collections::HashMap;
use std::sync::LazyLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;

use crate::lang::Lang;

/// The name the faces are found by.
pub(crate) const FAMILY: &str = "Inter";

/// Stands for letters the typeface lacks, one for each run of them.
const MISSING: char = '□';
/// Lines are made equally long to within so many ems.
const BALANCE: f32 = 0.5;
/// Ends a text that was cut.
const ELLIPSIS: char = '…';
/// A space at which no line breaks.
const NO_BREAK_SPACE: char = '\u{a0}';

/// A face of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// Height of an em.
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    /// As SVG writes it.
    pub(crate) colour: &'static str,
}

/// Widths of the characters of a face, in ems.
struct Widths(HashMap<char, f32>);

static REGULAR: LazyLock<Widths> = LazyLock::new(|| Widths::of(Weight::Regular));
static SEMI_BOLD: LazyLock<Widths> = LazyLock::new(|| Widths::of(Weight::SemiBold));

impl Weight {
    pub(crate) const ALL: [Weight; 2] = [Weight::Regular, Weight::SemiBold];

    /// The font file.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Weight::Regular => include_bytes!("../../assets/fonts/Inter-Regular.otf"),
            Weight::SemiBold => include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
        }
    }

    /// The number CSS gives it.
    pub(crate) fn css(self) -> u16 {
        match self {
            Weight::Regular => 400,
            Weight::SemiBold => 600,
        }
    }

    fn widths(self) -> &'static Widths {
        match self {
            Weight::Regular => &REGULAR,
            Weight::SemiBold => &SEMI_BOLD,
        }
    }
}

impl Widths {
    fn of(weight: Weight) -> Widths {
        let font = FontRef::new(weight.bytes()).expect("the fonts compiled in are valid");
        let em = f32::from(
            font.metrics(Size::unscaled(), LocationRef::default())
                .units_per_em,
        );
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let widths = font.charmap().mappings().filter_map(|(code, glyph)| {
            Some((char::from_u32(code)?, metrics.advance_width(glyph)? / em))
        });
        Widths(widths.collect())
    }
}

impl Style {
    /// The width of a text on one line, in the unit of `size`.
    pub(crate) fn width(&self, text: &str) -> f32 {
        let widths = &self.weight.widths().0;
        let missing = widths.get(&MISSING).copied().unwrap_or(1.0);
        let ems: f32 = text
            .chars()
            .map(|c| widths.get(&c).copied().unwrap_or(missing))
            .sum();
        ems * self.size
    }

    /// Breaks a text into lines no wider than `width`, at most `max_lines` of them (at least one)
    /// and about equally long; what does not fit is cut and says so with an ellipsis. A word wider
    /// than a line is broken where the line is full. No text, no line.
    pub(crate) fn wrap(&self, text: &str, width: f32, max_lines: usize) -> Vec<String> {
        let mut lines = self.fill(text, width, max_lines);
        if lines.len() > max_lines.max(1) {
            lines.truncate(max_lines.max(1));
            if let Some(last) = lines.last_mut() {
                *last = self.cut(last, width);
            }
            return lines;
        }
        // The narrowest width that needs no more lines: no word is left alone on the last.
        let (mut narrow, mut wide) = (0.0, width);
        while wide - narrow > BALANCE * self.size {
            let middle = (narrow + wide) / 2.0;
            let tried = self.fill(text, middle, lines.len());
            let whole = |lines: &[String]| lines.iter().flat_map(|line| line.split(' ')).count();
            if tried.len() == lines.len() && whole(&tried) == whole(&lines) {
                (lines, wide) = (tried, middle);
            } else {
                narrow = middle;
            }
        }
        lines
    }

    /// Breaks a text into lines as full as can be. Stops soon after `enough` lines.
    fn fill(&self, text: &str, width: f32, enough: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            if lines.len() > enough {
                break;
            }
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&longer) <= width {
                line = longer;
                continue;
            }
            lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()));
            let mut used = 0.0;
            for c in word.chars() {
                let advance = self.width(c.encode_utf8(&mut [0; 4]));
                if used + advance > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(c);
                used += advance;
            }
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        lines
    }

    /// The text on one line no wider than `width`, cut with an ellipsis when it must be.
    pub(crate) fn fit(&self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            text.to_owned()
        } else {
            self.cut(text, width)
        }
    }

    /// As much of a text as leaves room for an ellipsis, and the ellipsis.
    fn cut(&self, text: &str, width: f32) -> String {
        let mut room = width - self.width(ELLIPSIS.encode_utf8(&mut [0; 4]));
        let kept = text.chars().take_while(|c| {
            room -= self.width(c.encode_utf8(&mut [0; 4]));
            room >= 0.0
        });
        let mut kept: String = kept.collect();
        kept.truncate(kept.trim_end().len());
        kept.push(ELLIPSIS);
        kept
    }
}

/// A text as the typeface can set it: composed, on one line, without emoji and invisible
/// characters, [`MISSING`] for letters there are none of, and spaces that French punctuation keeps.
pub(crate) fn printable(text: &str, lang: Lang) -> String {
    let widths = &Weight::SemiBold.widths().0;
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            c if widths.contains_key(&c) && !is_invisible(c) => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            c if is_invisible(c) || is_emoji(c) || is_combining(c) => {}
            _ if out.ends_with(MISSING) => {}
            _ => out.push(MISSING),
        }
    }
    let out = out.split(' ').filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in out {
        if !line.is_empty() {
            let kept = lang == Lang::Fr
                && (word.starts_with([':', ';', '!', '?', '»']) || line.ends_with('«'));
            line.push(if kept { NO_BREAK_SPACE } else { ' ' });
        }
        line.push_str(word);
    }
    line
}

/// Control characters, joiners, direction marks, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Symbols and pictures: decoration that a headline can do without.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{20e3}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// An accent that has not found its letter.
fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STYLE: Style = Style {
        size: 10.0,
        weight: Weight::SemiBold,
        colour: "#fff",
    };

    #[test]
    fn both_faces_have_the_letters_of_both_languages() {
        for weight in Weight::ALL {
            for c in "abcXYZ0189 éèêëàâçîïôöùûüÿœæÉÀÇŒ’'“”«»…–—·:;!?&→□\u{a0}\u{202f}".chars()
            {
                assert!(weight.widths().0.contains_key(&c), "{weight:?} {c:?}");
            }
        }
    }

    #[test]
    fn wider_letters_measure_wider() {
        assert!(STYLE.width("WWW") > STYLE.width("iii"));
        assert!((STYLE.width("ab") - STYLE.width("a") - STYLE.width("b")).abs() < 0.001);
    }

    #[test]
    fn what_the_typeface_lacks_is_shown_or_left_out() {
        for (text, shown) in [
            ("STAR 🚌\u{fe0f} starts", "STAR starts"),
            ("東京 and Lyon", "□ and Lyon"),
            ("e\u{301}te\u{301}", "été"),
            ("a\nb\tc", "a b c"),
            ("\u{202e}abc\u{0}", "abc"),
            ("👩‍🚀", ""),
        ] {
            assert_eq!(printable(text, Lang::En), shown, "{text:?}");
        }
    }

    #[test]
    fn french_punctuation_keeps_its_space() {
        assert_eq!(
            printable("« Mov'eo » : qui ?", Lang::Fr),
            "«\u{a0}Mov'eo\u{a0}»\u{a0}: qui\u{a0}?"
        );
    }

    #[test]
    fn a_cut_text_says_so() {
        let lines = STYLE.wrap("one two three four five six", 40.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
    }

    proptest! {
        #[test]
        fn lines_are_never_too_wide(text in any::<String>(), width in 12.0_f32..200.0) {
            let text = printable(&text, Lang::Fr);
            for line in STYLE.wrap(&text, width, 3) {
                // One letter is the least a line can hold.
                prop_assert!(STYLE.width(&line) <= width + 0.01 || line.chars().count() <= 2, "{line:?}");
            }
        }

        #[test]
        fn nothing_is_lost_when_there_is_room(words in prop::collection::vec("[a-z]{1,12}", 0..20)) {
            let text = words.join(" ");
            prop_assert_eq!(STYLE.wrap(&text, 90.0, usize::MAX).concat().replace(' ', ""), words.concat());
        }
    }
}
