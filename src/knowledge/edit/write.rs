//! Writing into the text of an entry: values, lists, new keys in their place.
//!
//! Each function takes the text and an entry read from it, and returns splices: what to put where. What
//! lies between two splices stays as it is.

use std::ops::Range;

use toml_edit::Value as Toml;

use super::EntryKind;
use super::entry::{Entry, Form, Leaf, line_end, line_start};
use super::field::Value;

/// A text put in the place of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(at: Range<usize>, text: impl Into<String>) -> Self {
        Splice {
            at,
            text: text.into(),
        }
    }
}

/// Carries splices out, last first, so that none moves another. They do not overlap.
pub(super) fn splice(text: &str, mut splices: Vec<Splice>) -> String {
    // Stable: of two at one place, the one given first comes first in the text.
    splices.sort_by_key(|splice| (splice.at.start, splice.at.end));
    let mut out = String::with_capacity(text.len() + 256);
    let mut from = 0;
    for Splice { at, text: new } in splices {
        out.push_str(&text[from..at.start.max(from)]);
        out.push_str(&new);
        from = at.end.max(from);
    }
    out.push_str(&text[from..]);
    out
}

/// The line end of a file: that of its first line.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// A value as TOML, in the style of the files: texts in straight quotes, lists on one line.
pub(super) fn render(value: &Value, newline: &str) -> String {
    match value {
        Value::Text(text) => string(text, newline),
        Value::Flag(flag) => flag.to_string(),
        Value::List(list) => {
            let list: Vec<String> = list.iter().map(|text| string(text, newline)).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Absent => String::new(),
    }
}

/// A text as TOML.
pub(super) fn string(text: &str, newline: &str) -> String {
    // A file with `\r\n` would put `\r` into a text that spans lines.
    if text.contains('\n') && newline != "\n" {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                c => out.push(c),
            }
        }
        out.push('"');
        return out;
    }
    Toml::from(text).to_string()
}

/// What sets a key of an entry; nothing when it holds that already. None when the key stands where it
/// cannot be taken out.
pub(super) fn set(
    text: &str,
    entry: &Entry<'_>,
    kind: EntryKind,
    key: &str,
    value: &Value,
) -> Option<Vec<Splice>> {
    let newline = newline(text);
    let leaf = entry.get(key);
    match (leaf, value) {
        (None, Value::Absent) => Some(Vec::new()),
        (Some(leaf), Value::Absent) if leaf.form == Form::Inline => None,
        (Some(leaf), Value::Absent) => Some(vec![Splice::new(leaf.lines.clone(), "")]),
        (Some(leaf), value) if read(leaf.value).as_ref() == Some(value) => Some(Vec::new()),
        (Some(leaf), Value::List(new)) => Some(set_list(text, leaf, new)),
        (Some(leaf), value) => Some(vec![Splice::new(leaf.at.clone(), render(value, newline))]),
        (None, value) => {
            let value = render(value, newline);
            Some(vec![insert(text, entry, kind, key, &value)])
        }
    }
}

/// A value that was read from TOML.
pub(super) fn read(value: &Toml) -> Option<Value> {
    match value {
        Toml::String(text) => Some(Value::Text(text.value().clone())),
        Toml::Boolean(flag) => Some(Value::Flag(*flag.value())),
        Toml::Array(array) => array
            .iter()
            .map(|text| text.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(Value::List),
        _ => None,
    }
}

/// A line for a key the entry has not, behind those that come before it by custom.
fn insert(text: &str, entry: &Entry<'_>, kind: EntryKind, key: &str, value: &str) -> Splice {
    let (parent, child) = key.split_once('.').unwrap_or(("", key));
    // With its sibling, where that stands in a table of its own.
    let sibling = entry
        .leaves
        .iter()
        .rev()
        .find(|leaf| leaf.form != Form::Plain && leaf.path.first() == Some(&parent));
    match sibling {
        Some(sibling) if sibling.form == Form::Inline => {
            let end = sibling.at.end;
            return Splice::new(end..end, format!(", {child} = {value}"));
        }
        Some(sibling) => return line(text, sibling.lines.end, &format!("{child} = {value}")),
        None => {}
    }
    let order = kind.keys();
    let rank = |key: &str| order.iter().position(|known| *known == key);
    let own = rank(key);
    let mut plain = entry.leaves.iter().filter(|leaf| leaf.form == Form::Plain);
    let before = |leaf: &&Leaf<'_>| rank(&leaf.path.join(".")) < own;
    let at = plain
        .rfind(before)
        .map_or(entry.body, |leaf| leaf.lines.end);
    line(text, at, &format!("{key} = {value}"))
}

/// A line put at the start of the line at `at`.
fn line(text: &str, at: usize, line: &str) -> Splice {
    let newline = newline(text);
    if at == text.len() && !text.ends_with('\n') {
        Splice::new(at..at, format!("{newline}{line}"))
    } else {
        Splice::new(at..at, format!("{line}{newline}"))
    }
}

/// Makes a list hold `new`, with what stays in it untouched.
pub(super) fn set_list(text: &str, leaf: &Leaf<'_>, new: &[String]) -> Vec<Splice> {
    let newline = newline(text);
    let whole = || {
        let value = Value::List(new.to_vec());
        vec![Splice::new(leaf.at.clone(), render(&value, newline))]
    };
    let Toml::Array(array) = leaf.value else {
        return whole();
    };
    let old: Vec<Option<&str>> = array.iter().map(Toml::as_str).collect();
    let spans: Vec<Range<usize>> = array.iter().filter_map(Toml::span).collect();
    let kept: Vec<usize> = (0..old.len())
        .filter(|at| old[*at].is_some_and(|text| new.iter().any(|new| new == text)))
        .collect();
    let added = &new[kept.len().min(new.len())..];
    let in_order = kept
        .iter()
        .zip(new)
        .all(|(at, new)| old[*at] == Some(new.as_str()));
    // What was there, in its order, with some taken out and some put behind: a change to the list.
    // Anything else is another list.
    if !in_order || kept.is_empty() || spans.len() != old.len() {
        return whole();
    }
    let removed = old.len() - kept.len();
    if kept.last() != Some(&(old.len() - 1)) && (removed > 1 || !added.is_empty()) {
        // The last element goes and more happens: both would touch its end.
        return whole();
    }
    let mut splices = Vec::new();
    for at in 0..old.len() {
        if !kept.contains(&at) {
            splices.push(removal(text, leaf, &spans, at));
        }
    }
    if let Some(last) = spans.last() {
        splices.extend(additions(text, leaf, last, added));
    }
    splices
}

/// Takes an element out of a list, with its comma and the space or line it stood on.
fn removal(text: &str, leaf: &Leaf<'_>, spans: &[Range<usize>], at: usize) -> Splice {
    let this = &spans[at];
    match spans.get(at + 1) {
        // Up to the next, which takes its place.
        Some(next) => Splice::new(this.start..next.start, ""),
        None => {
            let line = line_start(text, this.start);
            let rest = &text[this.end..line_end(text, this.end)];
            let rest = rest.trim_start().trim_start_matches(',').trim();
            if line > leaf.at.start
                && text[line..this.start].trim().is_empty()
                && (rest.is_empty() || rest.starts_with('#'))
            {
                // The line it had to itself; the comma of the one before may stay.
                return Splice::new(line..line_end(text, this.end), "");
            }
            let from = match at.checked_sub(1) {
                Some(before) => spans[before].end,
                None => this.start,
            };
            // A comma behind the last stays, behind the one that is last now.
            Splice::new(from..this.end, "")
        }
    }
}

/// Puts elements behind the last of a list, on lines of their own where the others stand so.
fn additions(text: &str, leaf: &Leaf<'_>, last: &Range<usize>, added: &[String]) -> Vec<Splice> {
    if added.is_empty() {
        return Vec::new();
    }
    let newline = newline(text);
    let own_line = line_start(text, last.start);
    let indent = &text[own_line..last.start];
    let rest = &text[last.end..leaf.at.end];
    let is_own_line = own_line > leaf.at.start && indent.trim().is_empty() && rest.contains('\n');
    let elements = added.iter().map(|text| string(text, newline));
    if !is_own_line {
        let elements: String = elements.map(|element| format!(", {element}")).collect();
        return vec![Splice::new(last.end..last.end, elements)];
    }
    let trailing = rest.trim_start().starts_with(',');
    // Behind the line of the last, whose comment stays with it.
    let line = line_end(text, last.end);
    let elements: Vec<String> = elements
        .map(|element| format!("{indent}{element}"))
        .collect();
    let mut lines = elements.join(&format!(",{newline}"));
    lines.push_str(if trailing { "," } else { "" });
    lines.push_str(newline);
    let comma = (!trailing).then(|| Splice::new(last.end..last.end, ","));
    comma
        .into_iter()
        .chain([Splice::new(line..line, lines)])
        .collect()
}
