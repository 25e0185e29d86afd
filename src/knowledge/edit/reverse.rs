//! Taking back what an edit did, however long ago.
//!
//! Where every file is still as the edit left it, the bytes before come back. Else each entry is taken
//! by itself: what the edit added goes, what it took out comes back to its place, and of what it changed
//! each key gets the value it had, with lists losing only what the edit put in and getting back only what
//! it took out. So the work of others since then stays.

use std::collections::BTreeMap;

use toml_edit::Value as Toml;

use super::entry::{Entry, Parsed};
use super::field::Value;
use super::record::{EntryRecord, Record};
use super::write::read;
use super::{EditError, Editor};

pub(super) fn reverse(editor: &mut Editor<'_>, record: &Record) -> Result<(), EditError> {
    match exactly(editor, record)? {
        Some(files) => {
            editor.changed.extend(files);
            for entry in &record.entries {
                editor.touched.push((entry.kind, entry.id.clone()));
            }
            Ok(())
        }
        None => record
            .entries
            .iter()
            .try_for_each(|entry| reverse_entry(editor, entry)),
    }
}

/// Paths, and texts where there is a file.
type Files = BTreeMap<String, Option<String>>;

/// The files as they were before, if all are as the edit left them.
fn exactly(editor: &Editor<'_>, record: &Record) -> Result<Option<Files>, EditError> {
    let mut files = Files::new();
    for file in &record.files {
        let now = editor.text(&file.path)?;
        let digest = now.as_ref().map(|now| super::Digest::of(now.as_bytes()));
        if digest != file.after {
            return Ok(None);
        }
        let Some(before) = file.undo(now.as_deref().unwrap_or_default()) else {
            return Ok(None);
        };
        files.insert(file.path.clone(), file.before.is_some().then_some(before));
    }
    Ok((!files.is_empty()).then_some(files))
}

fn reverse_entry(editor: &mut Editor<'_>, record: &EntryRecord) -> Result<(), EditError> {
    let EntryRecord {
        kind,
        id,
        path,
        before,
        after,
        behind,
    } = record;
    let now = editor.search(*kind, id)?;
    match (before, after, now) {
        (Some(before), None, None) => {
            let lines = before.replace("\r\n", "\n");
            editor.put(path, *kind, id, behind.as_deref(), &with_end(lines))
        }
        (Some(_), None, Some(path)) => Err(EditError::Exists {
            kind: *kind,
            id: id.clone(),
            path,
        }),
        // Gone already: nothing to take back.
        (None, _, None) => Ok(()),
        (None, _, Some(path)) => editor.remove(&path, *kind, id),
        (Some(_), Some(_), None) => Err(EditError::Gone { id: id.clone() }),
        (Some(before), Some(after), Some(path)) => {
            let found = editor.found(&path, *kind, id)?;
            if found.text == *after {
                let lines = with_end(before.replace("\r\n", "\n"));
                return editor.replace(&path, *kind, id, &lines);
            }
            let (before, after) = (Parsed::new(&path, before)?, Parsed::new(&path, after)?);
            let (before, after) = (
                before.find(&path, *kind, id)?,
                after.find(&path, *kind, id)?,
            );
            let (Some(before), Some(after)) = (before, after) else {
                return Err(EditError::Gone { id: id.clone() });
            };
            for key in keys(&before, &after) {
                let (old, new) = (value(&before, &key), value(&after, &key));
                if old == new {
                    continue;
                }
                let now = editor.with(&path, *kind, id, |_, entry| Ok(value(entry, &key)))?;
                editor.set(&path, *kind, id, &key, &merged(&old, &new, &now))?;
            }
            Ok(())
        }
    }
}

/// The lines with a line end behind the last: an entry that ended its file may have had none.
fn with_end(mut lines: String) -> String {
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}

/// The value a key gets when a change from `old` to `new` is taken back in an entry that has `now`.
fn merged(old: &Value, new: &Value, now: &Value) -> Value {
    let (Value::List(_) | Value::Absent, Value::List(_) | Value::Absent, Value::List(now)) =
        (old, new, now)
    else {
        return old.clone();
    };
    let list = |value: &Value| match value {
        Value::List(list) => list.clone(),
        _ => Vec::new(),
    };
    let (old, new) = (list(old), list(new));
    let mut merged: Vec<String> = now
        .iter()
        .filter(|text| old.contains(text) || !new.contains(text))
        .cloned()
        .collect();
    let lost = old
        .iter()
        .filter(|text| !new.contains(text) && !now.contains(text));
    merged.extend(lost.cloned());
    match merged.is_empty() {
        true => Value::Absent,
        false => Value::List(merged),
    }
}

/// All keys of two states of an entry, each once.
fn keys(before: &Entry<'_>, after: &Entry<'_>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for leaf in before.leaves.iter().chain(&after.leaves) {
        let key = leaf.path.join(".");
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// What a key holds; one text where a list may stand is a text.
fn value(entry: &Entry<'_>, key: &str) -> Value {
    let leaf: Option<&Toml> = entry.get(key).map(|leaf| leaf.value);
    leaf.and_then(read).unwrap_or(Value::Absent)
}
