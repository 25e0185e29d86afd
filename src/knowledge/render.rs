//! Diagnostics as the compiler shows them: what, where, the line itself, and what to do.
//!
//! ```text
//! error[dangling-reference]: there is no source `s999`
//!  --> facts/lutb.toml:12:12
//!    |
//! 12 | sources = ["s999"]
//!    |            ^^^^^^
//!    = help: did you mean `s99`?
//! ```
//!
//! A diagnostic knows where it starts, not where it ends: what is underlined is the value, key or word
//! that stands there, found in the text when it is shown.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::diagnostic::{Diagnostic, Place, Severity};
use super::lines::LineIndex;
use super::source::Folder;

/// Widest line of a file that is shown whole, in characters. Answers are long lines; beyond this only
/// the surroundings of the place are shown.
const MAX_LINE_CHARS: usize = 100;

/// How much of a long line is shown before the place, in characters.
const LEAD_CHARS: usize = 30;

/// All diagnostics as text, each with the line it is about, a blank line between them. `colour` adds
/// ANSI escapes.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], folder: &Folder, colour: bool) -> String {
    let mut texts = Texts {
        folder,
        known: HashMap::new(),
    };
    let mut out = String::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        write_one(&mut out, diagnostic, &mut texts, colour);
    }
    out
}

/// Writes one diagnostic.
fn write_one(out: &mut String, diagnostic: &Diagnostic, texts: &mut Texts<'_>, colour: bool) {
    let paint = |style: &'static str| if colour { style } else { "" };
    let (bold, blue, reset) = (paint("\x1b[1m"), paint("\x1b[1;34m"), paint("\x1b[0m"));
    let tone = paint(match diagnostic.severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
    });
    let Diagnostic {
        code,
        severity,
        message,
        help,
        place,
        also,
    } = diagnostic;
    let _ = writeln!(
        out,
        "{tone}{severity}[{code}]{reset}{bold}: {}{reset}",
        clean(message)
    );
    let width = also
        .iter()
        .map(|(place, _)| place.line)
        .chain([place.line])
        .max()
        .unwrap_or(0)
        .to_string()
        .len();
    let mut show =
        |out: &mut String, arrow: &str, place: &Place, tone: &str, mark: &str, label: &str| {
            let _ = writeln!(out, "{:width$}{blue}{arrow}{reset} {place}", "");
            if let Some(shown) = texts.excerpt(place) {
                let _ = writeln!(out, "{:width$} {blue}|{reset}", "");
                let _ = writeln!(out, "{blue}{:>width$} |{reset} {}", place.line, shown.line);
                let _ = writeln!(
                    out,
                    "{:width$} {blue}|{reset} {:indent$}{tone}{}{label}{reset}",
                    "",
                    "",
                    mark.repeat(shown.length),
                    indent = shown.indent
                );
            } else if !label.is_empty() {
                let _ = writeln!(out, "{:width$} {blue}={reset}{label}", "");
            }
        };
    show(out, "-->", place, tone, "^", "");
    for (place, what) in also {
        show(out, ":::", place, blue, "-", &format!(" {}", clean(what)));
    }
    if let Some(help) = help {
        let _ = writeln!(
            out,
            "{:width$} {blue}={reset} {bold}help{reset}: {}",
            "",
            clean(help)
        );
    }
}

/// Text on one line, without control characters: files may hold anything, terminals obey some of it.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The line of a place, ready to show.
struct Excerpt {
    line: String,
    /// Characters before the underline.
    indent: usize,
    /// Characters underlined, at least one.
    length: usize,
}

/// The texts of the files that were asked for.
struct Texts<'a> {
    folder: &'a Folder,
    known: HashMap<String, Option<(String, LineIndex)>>,
}

impl Texts<'_> {
    /// The line at `place`; none for a file as a whole, or a place that is not there (any more).
    fn excerpt(&mut self, place: &Place) -> Option<Excerpt> {
        let folder = self.folder;
        let (text, lines) = self
            .known
            .entry(place.file.to_string())
            .or_insert_with(|| {
                let file = folder.file(&place.file)?;
                let text = String::from_utf8_lossy(&file.bytes).into_owned();
                let lines = LineIndex::new(&text);
                Some((text, lines))
            })
            .as_ref()?;
        let line = text[lines.start(place.line)?..]
            .lines()
            .next()
            .unwrap_or_default();
        let at = place.column.saturating_sub(1) as usize;
        let skip = if line.chars().take(MAX_LINE_CHARS + 1).count() > MAX_LINE_CHARS {
            at.saturating_sub(LEAD_CHARS)
        } else {
            0
        };
        let (lead, trail) = (if skip > 0 { "…" } else { "" }, "…");
        let rest = &line[line
            .char_indices()
            .nth(skip)
            .map_or(line.len(), |(at, _)| at)..];
        let cut = rest.char_indices().nth(MAX_LINE_CHARS).map(|(at, _)| at);
        let window = &rest[..cut.unwrap_or(rest.len())];
        let from = window
            .char_indices()
            .nth(at - skip)
            .map_or(window.len(), |(at, _)| at);
        let length = token(&window[from..]).chars().count().max(1);
        let trail = if cut.is_some() { trail } else { "" };
        let indent = lead.chars().count() + window[..from].chars().count();
        Some(Excerpt {
            line: clean(&format!("{lead}{window}{trail}")),
            indent,
            length,
        })
    }
}

/// What stands at the start of a text: a quoted value, a header, or a word.
fn token(text: &str) -> &str {
    let end = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let mut escaped = false;
            text[1..]
                .find(|c: char| {
                    let ends = c == quote && !escaped;
                    escaped = c == '\\' && !escaped && quote == '"';
                    ends
                })
                .map(|at| at + 2)
        }
        Some('[') if text.starts_with("[[") => text.find("]]").map(|at| at + 2),
        Some('[') => text.find(']').map(|at| at + 1),
        _ => text.find(|c: char| c.is_whitespace() || "=,]}\"".contains(c)),
    };
    &text[..end.unwrap_or(text.trim_end().len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::diagnostic::Code;

    fn place(line: u32, column: u32) -> Place {
        Place {
            file: "facts/a.toml".into(),
            line,
            column,
        }
    }

    #[track_caller]
    fn check(text: &str, diagnostic: Diagnostic, expected: &str) {
        let folder = Folder::in_memory([("facts/a.toml", text)]);
        assert_eq!(render(&[diagnostic], &folder, false), expected);
    }

    #[test]
    fn line_help_and_other_places_are_shown() {
        check(
            "id = \"a\"\n\n\n\n\n\n\n\n\n\tid = \"é\" # again\n",
            Diagnostic::new(Code::DuplicateId, place(10, 7), "twice")
                .help("rename")
                .also(place(1, 6), "first here")
                .also(Place::whole("facts/b.toml"), "and here"),
            "error[duplicate-id]: twice
  --> facts/a.toml:10:7
   |
10 |  id = \"é\" # again
   |       ^^^
  ::: facts/a.toml:1:6
   |
 1 | id = \"a\"
   |      --- first here
  ::: facts/b.toml
   = and here
   = help: rename
",
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!(
            "a = \"{}\", \"here\", \"{}\"",
            "é".repeat(200),
            "x".repeat(200)
        );
        check(
            &text,
            Diagnostic::new(Code::EmptyText, place(1, 209), "empty"),
            &format!(
                "error[empty-text]: empty\n --> facts/a.toml:1:209\n  |\n1 | …{}\", \"here\", \"{}…\n  | {}^^^^^^\n",
                "é".repeat(27),
                "x".repeat(61),
                " ".repeat(31),
            ),
        );
    }

    #[test]
    fn places_that_are_not_there_show_no_line() {
        for place in [place(9, 1), place(0, 0), Place::whole("gone.toml")] {
            let expected = format!("warning[review-past]: x\n --> {place}\n");
            check(
                "a = 1",
                Diagnostic::new(Code::ReviewPast, place, "x"),
                &expected,
            );
        }
    }

    #[test]
    fn columns_past_the_end_and_control_characters_do_no_harm() {
        check(
            "\u{1b}[31mred",
            Diagnostic::new(Code::Syntax, place(1, u32::MAX), "\u{7}bell"),
            &format!(
                "error[syntax]: \u{fffd}bell\n --> facts/a.toml:1:{}\n  |\n1 | \u{fffd}[31mred\n  | {}^\n",
                u32::MAX,
                " ".repeat(8)
            ),
        );
    }

    #[test]
    fn colour_is_only_colour() {
        let folder = Folder::in_memory([("facts/a.toml", "id = \"a\"")]);
        let diagnostics = [Diagnostic::new(Code::BadId, place(1, 6), "bad").help("good")];
        let mut text = render(&diagnostics, &folder, true);
        assert!(text.contains("\x1b[1;31m"));
        for style in ["\x1b[1m", "\x1b[1;34m", "\x1b[1;31m", "\x1b[0m"] {
            text = text.replace(style, "");
        }
        assert_eq!(text, render(&diagnostics, &folder, false));
    }
}
