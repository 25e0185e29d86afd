//! Bytes → tables as written, and everything that keeps a file from being read.
//!
//! A file that is TOML is one piece. One that is not is cut where a line starts with a bracket, and its
//! entries are read one by one: so a forgotten quote costs the entry it stands in, and the mistakes of
//! all the others are reported in the same run. An entry that is not TOML is not looked at further, as
//! what is left of it would only repeat the mistake in other words; its id is remembered, lest every
//! reference to it be called dangling.

use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::diagnostic::{Code, Diagnostic, Place};
use super::lines::LineIndex;
use super::schema::At;
use super::shape::{Shape, walk};
use super::source::File;

/// Longest piece in which the parser is asked for all its complaints rather than the first, in bytes.
/// No entry people write is longer, and on garbage the complaints outgrow the text.
const MAX_RECOVERABLE_BYTES: usize = 64 << 10;

/// A file that is text.
pub(super) struct Document<'a> {
    path: Arc<str>,
    text: &'a str,
    lines: LineIndex,
}

impl<'a> Document<'a> {
    /// The file as text.
    ///
    /// # Errors
    /// When its bytes are not text; with the place of the first that is not.
    pub(super) fn new(file: &'a File) -> Result<Self, Diagnostic> {
        let (text, bad) = match std::str::from_utf8(&file.bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let good = &file.bytes[..error.valid_up_to()];
                let text = std::str::from_utf8(good).expect("valid up to there");
                (text, Some(error.valid_up_to()))
            }
        };
        let document = Document {
            path: Arc::clone(&file.path),
            text,
            lines: LineIndex::new(text),
        };
        // Text never holds a zero byte; images, archives and UTF-16 soon do.
        if let Some(at) = file.bytes.iter().position(|byte| *byte == 0) {
            let place = document.place(at.min(text.len()));
            return Err(Diagnostic::new(
                Code::BinaryFile,
                place,
                "this file is not text: it holds zero bytes",
            )
            .help("save it as text in UTF-8, or take it out of the folder"));
        }
        match bad {
            None => Ok(document),
            Some(at) => {
                let message = format!("byte 0x{:02x} is not UTF-8", file.bytes[at]);
                Err(
                    Diagnostic::new(Code::InvalidUtf8, document.place(at), message).help(
                        "save the file in UTF-8; accents in another encoding are the usual cause",
                    ),
                )
            }
        }
    }

    /// The place of a byte offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let (line, column) = self.lines.position(self.text, offset);
        Place {
            file: Arc::clone(&self.path),
            line,
            column,
        }
    }
}

/// A run of text that is TOML by itself: a whole file, or one entry of a file that is not.
pub(super) struct Piece {
    /// Byte offset of its start in the file; spans of its values count from there.
    base: usize,
    /// Byte offsets, from `base`, at which entries start that have something wrong.
    flawed: Vec<usize>,
}

impl Piece {
    /// The place of an offset within this piece.
    pub(super) fn place(&self, document: &Document<'_>, offset: usize) -> Place {
        document.place(self.base + offset)
    }

    /// Whether the walk found nothing wrong with the entry.
    pub(super) fn is_sound<T>(&self, entry: &At<T>) -> bool {
        self.flawed.binary_search(&entry.span().start).is_err()
    }
}

/// What could be read of a file.
pub(super) struct Parsed<T> {
    /// Its pieces with what they hold, in order.
    pub(super) pieces: Vec<(Piece, T)>,
    /// Ids of entries that could not be read.
    pub(super) lost: Vec<String>,
    /// What is wrong with its shape.
    pub(super) found: Vec<Diagnostic>,
}

/// Reads a file through the types of `schema`.
pub(super) fn parse<T: DeserializeOwned>(document: &Document<'_>, shape: &Shape) -> Parsed<T> {
    let mut parsed = Parsed {
        pieces: Vec::new(),
        lost: Vec::new(),
        found: Vec::new(),
    };
    let text = document.text;
    let Err(error) = DeTable::parse(text).map(|table| parsed.take(document, shape, 0, text, table))
    else {
        return parsed;
    };
    for range in pieces(text) {
        let piece = &text[range.clone()];
        let complaints = match DeTable::parse(piece) {
            Ok(table) => {
                parsed.take(document, shape, range.start, piece, table);
                continue;
            }
            Err(_) if piece.len() <= MAX_RECOVERABLE_BYTES => DeTable::parse_recoverable(piece).1,
            Err(first) => vec![first],
        };
        parsed.lost.extend(ids(piece));
        for (at, complaint) in sift(piece, &complaints) {
            parsed
                .found
                .push(syntax(document, range.start + at, &complaint));
        }
    }
    if parsed.found.is_empty() {
        // Every piece is fine by itself: the mistake lies between them, such as a second `[defaults]`.
        let at = error.span().map_or(0, |span| span.start);
        parsed.found.push(syntax(document, at, error.message()));
    }
    parsed
}

impl<T: DeserializeOwned> Parsed<T> {
    /// Takes in a piece that is TOML.
    fn take<'a>(
        &mut self,
        document: &Document<'_>,
        shape: &'a Shape,
        base: usize,
        text: &'a str,
        table: Spanned<DeTable<'_>>,
    ) {
        let mut table = table.into_inner();
        let place = |offset| document.place(base + offset);
        let walked = walk(shape, &mut table, text, &place);
        self.found.extend(walked.found);
        self.lost.extend(walked.lost);
        let table = Spanned::new(0..text.len(), DeValue::Table(table));
        match T::deserialize(ValueDeserializer::from(table)) {
            Ok(file) => {
                let flawed = walked.flawed;
                self.pieces.push((Piece { base, flawed }, file));
            }
            // The walk has made the table fit, so this takes a shape the walk does not know.
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                self.lost.extend(ids(text));
                self.found.push(Diagnostic::new(
                    Code::WrongType,
                    document.place(base + at),
                    error.message(),
                ));
            }
        }
    }
}

/// Where entries start and end: each line that begins with a bracket in its first column and looks like
/// a header opens one. Values that span lines are indented by everybody, or close with a lone bracket.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let name = line.trim_start_matches('[').trim_start();
        if line.starts_with('[') && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            starts.push(offset);
        }
        offset += line.len();
    }
    starts.push(text.len());
    starts
        .windows(2)
        .map(|pair| pair[0]..pair[1])
        .filter(|range| !range.is_empty())
        .collect()
}

/// The ids written in a text that is not TOML: values of lines that look like `id = "…"`.
fn ids(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let value = line.trim_start().strip_prefix("id")?.trim_start();
        let value = value.strip_prefix(['=', ':'])?.trim_start();
        let value = value.trim_start_matches(['"', '\'']);
        let end = value
            .find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
            .unwrap_or(value.len());
        (end > 0).then(|| value[..end].to_owned())
    })
}

/// The complaints worth telling, by offset: one per line, and none after a list that is not closed, as
/// everything behind it is read as its elements.
fn sift(piece: &str, complaints: &[toml::de::Error]) -> Vec<(usize, String)> {
    let mut all: Vec<_> = complaints
        .iter()
        .map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (at.min(piece.len()), error.message().to_owned())
        })
        .collect();
    all.sort();
    let unclosed = all
        .iter()
        .any(|(_, message)| message.starts_with("unclosed array,"));
    let mut last_line = None;
    let mut kept = Vec::new();
    for (at, message) in all {
        let line_start = piece[..floor(piece, at)].rfind('\n').map_or(0, |at| at + 1);
        if last_line.replace(line_start) == Some(line_start) {
            continue;
        }
        if unclosed && (message.starts_with("missing comma") || message.starts_with("unclosed")) {
            kept.push((at, "the list before this is not closed".to_owned()));
            break;
        }
        kept.push((at, message));
    }
    kept
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// A syntax error in words an author understands; `at` is an offset into the file.
fn syntax(document: &Document<'_>, at: usize, complaint: &str) -> Diagnostic {
    let text = document.text;
    let at = floor(text, at.min(text.len()));
    let before = &text[..at];
    let line_before = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let after = &text[at..];
    let rest = after.lines().next().unwrap_or_default();
    let line = format!("{line_before}{rest}");
    let (message, help) = match complaint {
        _ if after.starts_with(['“', '”', '„', '«', '‘', '’']) => (
            "typographic quotes cannot hold a text".to_owned(),
            Some("use straight quotes: `\"…\"`"),
        ),
        c if c.starts_with("the list before") => (c.to_owned(), Some("add `]` at its end")),
        c if c.starts_with("invalid basic string") && rest.is_empty() => (
            "this text is not closed".to_owned(),
            Some("add `\"` at its end; within it, write a quote as `\\\"`"),
        ),
        c if c.starts_with("invalid literal string") && rest.is_empty() => (
            "this text is not closed".to_owned(),
            Some("add `'` at its end"),
        ),
        c if c.starts_with("invalid multi-line") => (
            "this text is not closed".to_owned(),
            Some("add three quotes at its end, as at its start"),
        ),
        c if c.starts_with("unexpected key or value") && line_before.contains('"') => (
            "there is something after the end of this value".to_owned(),
            Some("within a text, write a quote as `\\\"`; put each key on its own line"),
        ),
        c if c.starts_with("string values must be quoted") => (
            format!(
                "the text `{}` has no quotes",
                super::shape::quoted(rest.trim_end())
            ),
            Some("put it in straight quotes: `\"…\"`"),
        ),
        c if c.starts_with("missing escaped value") => (
            "a backslash has a meaning of its own in a text".to_owned(),
            Some("write it twice: `\\\\`"),
        ),
        c if c.starts_with("missing comma between array") => (
            "a comma is missing before this".to_owned(),
            Some("separate the texts of a list by commas"),
        ),
        c if c.starts_with("invalid unquoted key") && after.starts_with(':') => (
            "there is a `:` where `=` belongs".to_owned(),
            Some("write `key = \"value\"`"),
        ),
        c if c.starts_with("key with no value") && !rest.is_empty() => (
            "there is no `=` before this".to_owned(),
            Some("write `key = \"value\"`; a comment starts with `#`"),
        ),
        c if c.starts_with("key with no value") => (
            "this key has no value".to_owned(),
            Some("write `key = \"value\"`; a comment starts with `#`"),
        ),
        c if c.starts_with("unclosed array table") || c.starts_with("unclosed table") => (
            "the brackets of this header do not match".to_owned(),
            Some("write it with two on each side, such as `[[fact]]`"),
        ),
        c if c.starts_with("duplicate key") => (
            format!("`{}` is given twice", token(after)),
            Some("keep one of them"),
        ),
        c if c.starts_with("invalid date") => (
            "this is not a date TOML knows".to_owned(),
            Some("put dates in quotes: `\"2017-02\"`"),
        ),
        c if c.starts_with("unexpected key or value") && line.trim_start().starts_with('[') => (
            "the brackets of this header do not match".to_owned(),
            Some("write it with two on each side, such as `[[fact]]`"),
        ),
        c => (c.to_owned(), None),
    };
    // A complaint about the end of a line is shown at its last character, where there is one.
    let shown = if rest.is_empty() && !line_before.is_empty() {
        floor(text, at - 1)
    } else {
        at
    };
    let diagnostic = Diagnostic::new(Code::Syntax, document.place(shown), message);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The bare key at the start of a text.
fn token(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}
