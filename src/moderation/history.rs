//! Differences as people read them: lines, and within a line that changed the words.

use similar::{ChangeTag, TextDiff};

/// Lines that stay which are shown around those that change.
const CONTEXT: usize = 2;
/// Longest part that stays which is shown whole, in characters: lists of phrasings are long lines, of
/// which an edit changes little.
const MAX_SAME_CHARS: usize = 90;
/// What is shown of a longer one at each end, in characters.
const END_CHARS: usize = 36;

/// The difference between two texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The lines that change, with some around them, in order.
    pub lines: Vec<Line>,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// It stays.
    Same(String),
    /// It goes.
    Removed(Vec<Piece>),
    /// It comes.
    Added(Vec<Piece>),
    /// Lines that stay and are not shown.
    Gap,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The part.
    pub text: String,
    /// Whether it is what differs from the line on the other side.
    pub changed: bool,
}

/// The difference between two texts, either of which may not be there.
#[must_use]
pub fn difference(before: Option<&str>, after: Option<&str>) -> Difference {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (number, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            lines.push(Line::Gap);
        }
        for op in group {
            for change in diff.iter_inline_changes(op) {
                let tag = change.tag();
                let pieces = change.iter_strings_lossy().map(|(changed, text)| {
                    let text = text.trim_end_matches(['\n', '\r']);
                    Piece {
                        text: match changed || tag != ChangeTag::Equal && change.values().len() == 1
                        {
                            true => text.to_owned(),
                            false => shortened(text),
                        },
                        changed,
                    }
                });
                let pieces: Vec<Piece> = pieces.filter(|piece| !piece.text.is_empty()).collect();
                lines.push(match change.tag() {
                    ChangeTag::Equal => {
                        Line::Same(pieces.into_iter().map(|piece| piece.text).collect())
                    }
                    ChangeTag::Delete => Line::Removed(pieces),
                    ChangeTag::Insert => Line::Added(pieces),
                });
            }
        }
    }
    Difference { lines }
}

/// A text that stays, without its middle where that is long.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_SAME_CHARS {
        return text.to_owned();
    }
    let start: String = text.chars().take(END_CHARS).collect();
    let end: String = text.chars().skip(count - END_CHARS).collect();
    format!("{start} … {end}")
}

impl Difference {
    /// As `diff` prints it: a sign before each line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let (sign, pieces) = match line {
                Line::Same(same) => {
                    text.push_str("  ");
                    text.push_str(same);
                    text.push('\n');
                    continue;
                }
                Line::Gap => {
                    text.push_str("  …\n");
                    continue;
                }
                Line::Removed(pieces) => ('-', pieces),
                Line::Added(pieces) => ('+', pieces),
            };
            text.push(sign);
            text.push(' ');
            for piece in pieces {
                text.push_str(&piece.text);
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_words_are_marked_within_their_lines() {
        let before =
            "id = \"a\"\ndate = \"1\"\nx = 1\ny = 2\nanswer.en = \"Built in 1802 by Ruiz.\"\n";
        let after = before.replace("1802", "1804");
        let found = difference(Some(before), Some(&after));
        assert_eq!(
            found.text(),
            "  x = 1\n  y = 2\n- answer.en = \"Built in 1802 by Ruiz.\"\n+ answer.en = \"Built in 1804 by Ruiz.\"\n"
        );
        let Some(Line::Added(pieces)) = found.lines.last() else {
            panic!("{found:?}")
        };
        let changed: Vec<&str> = pieces
            .iter()
            .filter(|piece| piece.changed)
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(changed, ["1804"]);
    }

    #[test]
    fn long_lines_show_what_changes_in_them() {
        let list = |last: &str| {
            format!(
                "phrasings.en = [{}{last}]\n",
                "\"when was it built\", ".repeat(40)
            )
        };
        let found = difference(Some(&list("\"a\"")), Some(&list("\"a\", \"who built it\""))).text();
        assert!(
            found.contains("\"who built it\"") && found.contains('…'),
            "{found}"
        );
        assert!(
            found.lines().all(|line| line.chars().count() < 200),
            "{found}"
        );
        let new = difference(None, Some(&list("\"a\""))).text();
        assert!(!new.contains('…'), "{new}");
    }

    #[test]
    fn what_comes_or_goes_whole_is_shown_whole() {
        assert_eq!(difference(None, Some("a\nb\n")).text(), "+ a\n+ b\n");
        assert_eq!(difference(Some("a\n"), None).text(), "- a\n");
        assert_eq!(difference(Some("a\n"), Some("a\n")), Difference::default());
    }
}
