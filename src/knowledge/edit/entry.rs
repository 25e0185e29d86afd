//! Where an entry stands in the text of its file: its lines, its keys and their values.
//!
//! `toml_edit` reads the text and tells where everything stands; nothing is ever printed back from its
//! tree. So whatever an edit does not mean to change cannot change, down to the byte.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, Table, Value};

use super::{EditError, EntryKind, question_id};

/// A file that is TOML.
pub(super) struct Parsed<'t> {
    text: &'t str,
    document: Document<&'t str>,
}

/// An entry of a file: a `[[fact]]` with what belongs to it.
pub(super) struct Entry<'p> {
    /// Its lines: the comments that touch its header, the header, its keys, and comments that touch
    /// the last of them.
    pub(super) block: Range<usize>,
    /// Where the line after its header begins.
    pub(super) body: usize,
    /// Its values, in the order of the text.
    pub(super) leaves: Vec<Leaf<'p>>,
}

/// A value of an entry.
pub(super) struct Leaf<'p> {
    /// Its keys from the entry down: `["answer", "en"]`.
    pub(super) path: Vec<&'p str>,
    /// The value.
    pub(super) value: &'p Value,
    /// Its bytes.
    pub(super) at: Range<usize>,
    /// The lines it stands on, with the line end of the last.
    pub(super) lines: Range<usize>,
    /// How it is written.
    pub(super) form: Form,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `key = value` under the header of the entry.
    Plain,
    /// `key = value` under a header of its own, such as `[fact.answer]`.
    UnderHeader,
    /// Within `{ … }`.
    Inline,
}

impl<'t> Parsed<'t> {
    /// Reads the text of the file at `path`.
    pub(super) fn new(path: &str, text: &'t str) -> Result<Self, EditError> {
        match Document::parse(text) {
            Ok(document) => Ok(Parsed { text, document }),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start.min(text.len()));
                let before = text.as_bytes().get(..at).unwrap_or_default();
                Err(EditError::NotToml {
                    path: path.to_owned(),
                    line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
                    message: error.message().to_owned(),
                })
            }
        }
    }

    /// The tables of all entries of a kind, in order; none when they are written as a list of inline
    /// tables, which is not edited.
    fn tables(&self, kind: EntryKind) -> Option<Vec<&Table>> {
        match self.document.as_table().get(kind.header()) {
            None => Some(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => Some(tables.iter().collect()),
            Some(_) => None,
        }
    }

    /// The entry of a kind whose key `name` holds `id`.
    pub(super) fn find(
        &self,
        path: &str,
        kind: EntryKind,
        id: &str,
    ) -> Result<Option<Entry<'_>>, EditError> {
        let named = |table: &&Table| name(table, kind) == id;
        match self.tables(kind) {
            Some(tables) => Ok(tables
                .into_iter()
                .find(named)
                .map(|table| self.entry(table))),
            None => Err(EditError::Inline {
                path: path.to_owned(),
                kind,
            }),
        }
    }

    /// Names of all entries of a kind, in order; empty for one without a name.
    pub(super) fn names(&self, kind: EntryKind) -> Vec<Cow<'_, str>> {
        let tables = self.tables(kind).unwrap_or_default();
        tables.into_iter().map(|table| name(table, kind)).collect()
    }

    /// A key of the file that is not that of entries of a kind.
    pub(super) fn others(&self, kind: EntryKind) -> Option<&str> {
        let mut keys = self.document.as_table().iter().map(|(key, _)| key);
        keys.find(|key| *key != kind.header())
    }

    /// All entries of a kind with their names, in order.
    pub(super) fn entries(&self, kind: EntryKind) -> Vec<(Cow<'_, str>, Entry<'_>)> {
        let tables = self.tables(kind).unwrap_or_default();
        let named = tables
            .into_iter()
            .map(|table| (name(table, kind), self.entry(table)));
        named.collect()
    }

    /// The entry of a table.
    fn entry<'p>(&'p self, table: &'p Table) -> Entry<'p> {
        let text = self.text;
        // Tables and values that were parsed have spans.
        let header = table.span().unwrap_or_default();
        let mut leaves = Vec::new();
        self.collect(table, &mut Vec::new(), Form::Plain, &mut leaves);
        leaves.sort_by_key(|leaf| leaf.at.start);
        let mut end = line_end(text, header.end);
        let body = end;
        for leaf in &leaves {
            end = end.max(leaf.lines.end);
        }
        end = end.max(headers_end(text, table));
        Entry {
            block: attached_before(text, line_start(text, header.start))
                ..attached_behind(text, end),
            body,
            leaves,
        }
    }

    fn collect<'p>(
        &'p self,
        table: &'p Table,
        path: &mut Vec<&'p str>,
        form: Form,
        leaves: &mut Vec<Leaf<'p>>,
    ) {
        for (key, item) in table.iter() {
            path.push(key);
            match item {
                Item::Value(value) => {
                    let key = table.key(key).and_then(toml_edit::Key::span);
                    self.leaf(value, key.map_or(0, |key| key.start), path, form, leaves);
                }
                Item::Table(inner) if inner.is_dotted() => self.collect(inner, path, form, leaves),
                Item::Table(inner) => self.collect(inner, path, Form::UnderHeader, leaves),
                Item::ArrayOfTables(inner) => {
                    for table in inner.iter() {
                        self.collect(table, path, Form::UnderHeader, leaves);
                    }
                }
                Item::None => {}
            }
            path.pop();
        }
    }

    fn leaf<'p>(
        &'p self,
        value: &'p Value,
        key: usize,
        path: &mut Vec<&'p str>,
        form: Form,
        leaves: &mut Vec<Leaf<'p>>,
    ) {
        let at = value.span().unwrap_or_default();
        match value {
            Value::InlineTable(inner) if !inner.is_empty() => {
                for (key, value) in inner.iter() {
                    path.push(key);
                    self.leaf(value, at.start, path, Form::Inline, leaves);
                    path.pop();
                }
            }
            _ => leaves.push(Leaf {
                path: path.clone(),
                value,
                lines: line_start(self.text, key)..line_end(self.text, at.end),
                at,
                form,
            }),
        }
    }
}

impl<'p> Entry<'p> {
    /// The value at a key such as `answer.en`.
    pub(super) fn get(&self, key: &str) -> Option<&Leaf<'p>> {
        let mut leaves = self.leaves.iter();
        leaves.find(|leaf| leaf.path.iter().copied().eq(key.split('.')))
    }

    /// The text at a key.
    pub(super) fn str(&self, key: &str) -> Option<&'p str> {
        self.get(key)?.value.as_str()
    }

    /// Whether the value at a key is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(|leaf| leaf.value.as_bool()) == Some(true)
    }

    /// The texts at a key, which may be one text without a list around it.
    pub(super) fn list(&self, key: &str) -> Vec<&'p str> {
        match self.get(key).map(|leaf| leaf.value) {
            Some(Value::Array(array)) => array.iter().filter_map(Value::as_str).collect(),
            Some(value) => value.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// What an entry is called: its id, or the words of a question; empty for one without.
fn name(table: &Table, kind: EntryKind) -> Cow<'_, str> {
    let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default();
    match kind {
        EntryKind::Fact | EntryKind::Entity | EntryKind::Source => Cow::Borrowed(text("id")),
        EntryKind::Question => match table.get("after").and_then(Item::as_array) {
            Some(after) => {
                let after: Vec<&str> = after.iter().filter_map(Value::as_str).collect();
                question_id(&after, text("ask"))
            }
            None => Cow::Borrowed(text("ask")),
        },
    }
}

/// The end of the last line that is a header within an entry.
fn headers_end(text: &str, table: &Table) -> usize {
    let inner = table.iter().map(|(_, item)| match item {
        Item::Table(inner) if inner.is_dotted() => 0,
        Item::Table(inner) => inner
            .span()
            .map_or(0, |span| line_end(text, span.end))
            .max(headers_end(text, inner)),
        _ => 0,
    });
    inner.max().unwrap_or(0)
}

/// Where the line of `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line after that of `at` begins.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// Where the comments begin that touch what starts at `start`. Those on top of the file are about the
/// file.
fn attached_before(text: &str, start: usize) -> usize {
    let mut at = start;
    while at > 0 {
        let line = line_start(text, at - 1);
        if !text[line..at].trim_start().starts_with('#') {
            return at;
        }
        at = line;
    }
    // Up to the first byte, all is comment.
    start
}

/// Where the comments end that touch what ends at `end`, unless they lead over to something else.
fn attached_behind(text: &str, end: usize) -> usize {
    let mut at = end;
    while at < text.len() && text[at..].trim_start_matches([' ', '\t']).starts_with('#') {
        at = line_end(text, at);
    }
    let next = text[at..].lines().next().unwrap_or_default();
    if next.trim().is_empty() { at } else { end }
}
