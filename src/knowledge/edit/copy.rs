//! The copy of a folder that an [`Editor`] works on: finding entries in it, and changing their text.
//! What a change means for other entries is not known here.

use std::borrow::Cow;

use super::entry::{self, Entry, Parsed};
use super::write::{self, Splice, newline, splice};
use super::{Digest, EditError, Editor, EntryKind, Found, Value};
use crate::knowledge::nearest::nearest;
use crate::knowledge::source::{FileKind, Folder};

/// A golden question as it is written.
pub(super) struct Asked {
    pub(super) path: String,
    /// What it is called ([`question_id`](super::question_id)).
    pub(super) name: String,
    /// Whether no turns come before it.
    pub(super) alone: bool,
    /// Whether it promises no verdict.
    pub(super) sample: bool,
    pub(super) expect: Vec<String>,
}

impl Editor<'_> {
    /// The text of a file as it is now.
    pub(super) fn text(&self, path: &str) -> Result<Option<Cow<'_, str>>, EditError> {
        match self.changed.get(path) {
            Some(text) => Ok(text.as_deref().map(Cow::Borrowed)),
            None => Ok(text_of(self.folder, path)?.map(Cow::Borrowed)),
        }
    }

    /// Paths of all files in which entries of a kind stand, in order.
    pub(super) fn paths(&self, kind: EntryKind) -> Vec<String> {
        let read = self.folder.files.iter().map(|file| &*file.path);
        let new = self.changed.keys().map(String::as_str);
        let mut paths: Vec<String> = read
            .chain(new)
            .filter(|path| FileKind::of(path) == Some(kind.file_kind()))
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// The file in which an entry stands.
    pub(super) fn search(&self, kind: EntryKind, id: &str) -> Result<Option<String>, EditError> {
        for path in self.paths(kind) {
            let Some(text) = self.text(&path)? else {
                continue;
            };
            // Reading a file costs more than looking whether the id is in it at all.
            let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if plain && !text.contains(id) {
                continue;
            }
            if Parsed::new(&path, &text)?.find(&path, kind, id)?.is_some() {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// The file in which an entry stands, which must be there.
    pub(super) fn path_of(&self, kind: EntryKind, id: &str) -> Result<String, EditError> {
        if let Some(path) = self.search(kind, id)? {
            return Ok(path);
        }
        let mut names = Vec::new();
        for path in self.paths(kind) {
            let text = self.text(&path)?.unwrap_or_default();
            let parsed = Parsed::new(&path, &text)?;
            names.extend(parsed.names(kind).into_iter().map(Cow::into_owned));
        }
        Err(EditError::Missing {
            kind,
            id: id.to_owned(),
            near: nearest(id, names.iter().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Does something with an entry.
    pub(super) fn with<T>(
        &self,
        path: &str,
        kind: EntryKind,
        id: &str,
        with: impl FnOnce(&str, &Entry<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let missing = || EditError::Missing {
            kind,
            id: id.to_owned(),
            near: None,
        };
        let text = self.text(path)?.ok_or_else(missing)?;
        let parsed = Parsed::new(path, &text)?;
        let entry = parsed.find(path, kind, id)?.ok_or_else(missing)?;
        with(&text, &entry)
    }

    pub(super) fn found(&self, path: &str, kind: EntryKind, id: &str) -> Result<Found, EditError> {
        self.with(path, kind, id, |text, entry| {
            let text = text[entry.block.clone()].to_owned();
            Ok(Found {
                path: path.to_owned(),
                version: Digest::of(text.as_bytes()),
                text,
            })
        })
    }

    /// The entry that stands before another in its file.
    pub(super) fn before(
        &self,
        path: &str,
        kind: EntryKind,
        id: &str,
    ) -> Result<Option<String>, EditError> {
        let text = self.text(path)?.unwrap_or_default();
        let parsed = Parsed::new(path, &text)?;
        let names = parsed.names(kind);
        let at = names.iter().position(|name| *name == id);
        let before = at.and_then(|at| names.get(at.checked_sub(1)?));
        Ok(before.map(|before| before.clone().into_owned()))
    }

    /// All golden questions.
    pub(super) fn questions(&self) -> Result<Vec<Asked>, EditError> {
        let mut questions = Vec::new();
        for path in self.paths(EntryKind::Question) {
            let text = self.text(&path)?.unwrap_or_default();
            let parsed = Parsed::new(&path, &text)?;
            for (name, entry) in parsed.entries(EntryKind::Question) {
                let expect = entry.list("expect").into_iter();
                questions.push(Asked {
                    path: path.clone(),
                    name: name.into_owned(),
                    alone: entry.list("after").is_empty(),
                    sample: entry.flag("sample"),
                    expect: expect.map(str::to_owned).collect(),
                });
            }
        }
        Ok(questions)
    }

    /// The last fact about a subject, in the file where most are (or in the one at `path`).
    pub(super) fn last_about(
        &self,
        subject: &str,
        path: Option<&str>,
    ) -> Result<Option<(String, String)>, EditError> {
        let mut best: Option<(usize, String, String)> = None;
        for candidate in self.paths(EntryKind::Fact) {
            if path.is_some_and(|path| path != candidate) {
                continue;
            }
            let text = self.text(&candidate)?.unwrap_or_default();
            let parsed = Parsed::new(&candidate, &text)?;
            let entries = parsed.entries(EntryKind::Fact);
            let mut about = entries
                .iter()
                .filter(|(_, entry)| entry.str("subject") == Some(subject));
            let count = about.clone().count();
            if let Some((last, _)) = about.next_back()
                && best.as_ref().is_none_or(|(most, ..)| count > *most)
            {
                best = Some((count, candidate.clone(), last.clone().into_owned()));
            }
        }
        Ok(best.map(|(_, path, last)| (path, last)))
    }

    /// Notes that an entry has another text now.
    pub(super) fn touch(&mut self, path: &str, kind: EntryKind, id: &str, text: Option<String>) {
        self.changed.insert(path.to_owned(), text);
        let entry = (kind, id.to_owned());
        if !self.touched.contains(&entry) {
            self.touched.push(entry);
        }
    }

    /// Sets a key of an entry.
    pub(super) fn set(
        &mut self,
        path: &str,
        kind: EntryKind,
        id: &str,
        key: &str,
        value: &Value,
    ) -> Result<(), EditError> {
        let changed = self.with(path, kind, id, |text, entry| {
            let splices = write::set(text, entry, kind, key, value).ok_or(EditError::InBraces {
                path: path.to_owned(),
                id: id.to_owned(),
                key: key.to_owned(),
            })?;
            Ok((!splices.is_empty()).then(|| splice(text, splices)))
        })?;
        if let Some(text) = changed {
            self.touch(path, kind, id, Some(text));
        }
        Ok(())
    }

    /// Puts a text behind the others of a list.
    pub(super) fn append(
        &mut self,
        path: &str,
        kind: EntryKind,
        id: &str,
        key: &str,
        text: String,
    ) -> Result<(), EditError> {
        let mut list = self.with(path, kind, id, |_, entry| {
            Ok(entry
                .list(key)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>())
        })?;
        if list.contains(&text) {
            return Ok(());
        }
        list.push(text);
        self.set(path, kind, id, key, &Value::List(list))
    }

    /// Puts other lines in the place of those of an entry.
    pub(super) fn replace(
        &mut self,
        path: &str,
        kind: EntryKind,
        id: &str,
        lines: &str,
    ) -> Result<(), EditError> {
        let text = self.with(path, kind, id, |text, entry| {
            let lines = lines.replace('\n', newline(text));
            Ok(splice(text, vec![Splice::new(entry.block.clone(), lines)]))
        })?;
        self.touch(path, kind, id, Some(text));
        Ok(())
    }

    /// Takes an entry out, with the empty lines that set it off.
    pub(super) fn remove(
        &mut self,
        path: &str,
        kind: EntryKind,
        id: &str,
    ) -> Result<(), EditError> {
        let text = self.with(path, kind, id, |text, entry| {
            let mut block = entry.block.clone();
            let empty = |line: &str| line.trim().is_empty();
            while block.start > 0 {
                let line = entry::line_start(text, block.start - 1);
                if !empty(&text[line..block.start]) {
                    break;
                }
                block.start = line;
            }
            while block.start == 0 && block.end < text.len() {
                let line = entry::line_end(text, block.end);
                if !empty(&text[block.end..line]) {
                    break;
                }
                block.end = line;
            }
            Ok(splice(text, vec![Splice::new(block, "")]))
        })?;
        self.touch(path, kind, id, Some(text));
        Ok(())
    }

    /// Puts a new entry into a file, behind another where that is there, else at the end.
    pub(super) fn put(
        &mut self,
        path: &str,
        kind: EntryKind,
        id: &str,
        behind: Option<&str>,
        lines: &str,
    ) -> Result<(), EditError> {
        let Some(text) = self.text(path)?.map(Cow::into_owned) else {
            let depth = path.matches('/').count();
            let schema = kind.file_kind().name();
            let text = format!(
                "#:schema {}schema/{schema}.json\n\n{lines}",
                "../".repeat(depth)
            );
            self.touch(path, kind, id, Some(text));
            return Ok(());
        };
        let newline = newline(&text);
        let end = match behind {
            Some(behind) => Parsed::new(path, &text)?
                .find(path, kind, behind)?
                .map(|entry| entry.block.end),
            None => None,
        };
        let at = end.unwrap_or(text.len());
        let (before, after) = text.split_at(at);
        let first_line = |text: &str| text.lines().next().unwrap_or_default().trim().to_owned();
        let mut new = String::new();
        if !before.is_empty() && !before.ends_with('\n') {
            new.push_str(newline);
        }
        let last_line = before.trim_end_matches([' ', '\t']);
        if !before.trim().is_empty()
            && !last_line.ends_with("\n\n")
            && !last_line.ends_with("\n\r\n")
        {
            new.push_str(newline);
        }
        new.push_str(&lines.replace('\n', newline));
        if !first_line(after).is_empty() {
            new.push_str(newline);
        }
        let text = splice(&text, vec![Splice::new(at..at, new)]);
        self.touch(path, kind, id, Some(text));
        Ok(())
    }
}

/// The text of a file of a folder.
pub(super) fn text_of<'f>(folder: &'f Folder, path: &str) -> Result<Option<&'f str>, EditError> {
    let Some(file) = folder.file(path) else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&file.bytes).map_err(|_| EditError::NotText {
        path: path.to_owned(),
    })?;
    Ok(Some(text))
}
