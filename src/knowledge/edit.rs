//! Edits of knowledge files in place: comments, order and everything else that is not meant stay as
//! they are, byte for byte.
//!
//! An [`Editor`] works on a copy of a [`Folder`] in memory. It finds entries by their ids, changes their
//! text, and in the end says what became of which file and which entry ([`Edited`]). Whether the result
//! makes a good base is not known here: that is for [`load`](super::load) to say, as after any edit by
//! hand. Nothing is read from disk or written to it.
//!
//! What was done is kept as a [`Record`], and [`Editor::reverse`] takes it back at any age: exactly,
//! where the files are still as the edit left them; else entry by entry and key by key, so that what
//! others have changed since stays.
//!
//! ```
//! use cara_bot::knowledge::Folder;
//! use cara_bot::knowledge::edit::{Editor, Field};
//!
//! let folder = Folder::in_memory([(
//!     "facts/a.toml",
//!     "# Ours.\n[[fact]]\nid = \"motto\"\nanswer.en = \"On!\" # sic\n",
//! )]);
//! let mut editor = Editor::new(&folder);
//! editor.set_fact("motto", &[Field::Date.typed("2017")?])?;
//! let edited = editor.finish()?;
//! assert_eq!(
//!     edited.files[0].after.as_deref(),
//!     Some("# Ours.\n[[fact]]\nid = \"motto\"\ndate = \"2017\"\nanswer.en = \"On!\" # sic\n")
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entry;
mod field;
pub mod input;
mod record;
mod reverse;
mod web;
mod write;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::entry::{Entry, Parsed};
use self::input::BadInput;
use self::write::{Splice, newline, splice};
use super::nearest::nearest;
use super::same::same;
use super::source::{FileKind, Folder};
use crate::lang::Lang;

pub use self::field::{Field, Setting, Shape, UnknownField, Value};
pub use self::record::{Digest, EntryRecord, FileChange, FileRecord, Hunk, Record, hunks};

/// Where facts go that belong to no other.
const ADDED_FACTS: &str = "facts/added.toml";
/// Where taught questions go.
const TAUGHT_QUESTIONS: &str = "questions/taught.toml";
/// What taught questions are called in reports.
const TAUGHT_STYLE: &str = "taught";

/// What can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A `[[fact]]`.
    Fact,
    /// An `[[entity]]`.
    Entity,
    /// A golden `[[question]]`.
    Question,
    /// A `[[source]]`.
    Source,
}

impl EntryKind {
    /// The word in its header.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            EntryKind::Fact => "fact",
            EntryKind::Entity => "entity",
            EntryKind::Question => "question",
            EntryKind::Source => "source",
        }
    }

    /// The key that names an entry, before all others.
    fn name_key(self) -> &'static str {
        match self {
            EntryKind::Fact | EntryKind::Entity | EntryKind::Source => "id",
            EntryKind::Question => "ask",
        }
    }

    /// The kind of file it stands in.
    fn file_kind(self) -> FileKind {
        match self {
            EntryKind::Fact => FileKind::Facts,
            EntryKind::Entity => FileKind::Entities,
            EntryKind::Question => FileKind::Questions,
            EntryKind::Source => FileKind::Sources,
        }
    }

    /// Its keys in the order in which they are written.
    fn keys(self) -> &'static [&'static str] {
        match self {
            EntryKind::Fact => &[
                "id",
                "subject",
                "relation",
                "date",
                "gap",
                "main",
                "inference",
                "volatile",
                "as_of",
                "review",
                "event.en",
                "event.fr",
                "answer.en",
                "answer.fr",
                "objects",
                "complete",
                "sources",
                "checked",
                "phrasings.en",
                "phrasings.fr",
            ],
            EntryKind::Entity => &[
                "id",
                "kind",
                "main",
                "outside",
                "name.en",
                "name.fr",
                "long.en",
                "long.fr",
                "of.fr",
                "successor",
                "aliases.en",
                "aliases.fr",
            ],
            EntryKind::Question => &["ask", "open", "expect", "style", "after"],
            EntryKind::Source => &["id", "publisher", "title", "url", "language", "date"],
        }
    }
}

/// What a golden question is called where entries have ids: its words, after those of the turns before.
#[must_use]
pub fn question_id<'q, S: AsRef<str>>(after: &[S], ask: &'q str) -> Cow<'q, str> {
    if after.is_empty() {
        return Cow::Borrowed(ask);
    }
    let turns = after.iter().map(AsRef::as_ref).chain([ask]);
    Cow::Owned(turns.collect::<Vec<_>>().join(" / "))
}

/// An edit that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// No entry has this id.
    #[error("there is no {} `{id}`{}", kind.header(), meant(near.as_deref()))]
    Missing {
        /// What was looked for.
        kind: EntryKind,
        /// Its id.
        id: String,
        /// The id that may be meant.
        near: Option<String>,
    },
    /// There is an entry with this id.
    #[error("there is a {} `{id}` in {path} already", kind.header())]
    Exists {
        /// What it is.
        kind: EntryKind,
        /// Its id.
        id: String,
        /// The file it stands in.
        path: String,
    },
    /// A file is broken, so that nothing in it can be changed.
    #[error("{path}:{line} is not TOML: {message}; `cara-bot check` says how to mend it")]
    NotToml {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A file is not text.
    #[error("{path} is not text in UTF-8")]
    NotText {
        /// The file.
        path: String,
    },
    /// Entries stand in a list of inline tables.
    #[error(
        "the entries of {path} are not written under `[[{header}]]`, so only people can change them",
        header = kind.header()
    )]
    Inline {
        /// The file.
        path: String,
        /// What they are.
        kind: EntryKind,
    },
    /// A key stands within braces and cannot be taken out of them.
    #[error("`{key}` of `{id}` stands within braces: take it out by hand, in {path}")]
    InBraces {
        /// The file.
        path: String,
        /// The entry.
        id: String,
        /// The key.
        key: String,
    },
    /// An address that cannot be read.
    #[error(
        "`{address}` does not begin with an address; write https://… and behind it, if you like, the publisher, a colon and the title"
    )]
    BadAddress {
        /// What was typed.
        address: String,
    },
    /// A path at which no file of facts is read.
    #[error("`{path}` is no place for facts: they stand in `.toml` files under `facts/`")]
    BadPath {
        /// The path.
        path: String,
    },
    /// The text is not one entry.
    #[error("this is not one `[[{header}]]` entry: {reason}", header = kind.header())]
    NotOneEntry {
        /// What it should be.
        kind: EntryKind,
        /// Why it is not.
        reason: String,
    },
    /// The id of an entry was changed.
    #[error(
        "the id of `{from}` stays as it is, since others refer to it; add `{to}` and retire `{from}` instead"
    )]
    Renamed {
        /// The id it has.
        from: String,
        /// The id it was given.
        to: String,
    },
    /// What was typed is not fit for a file.
    #[error(transparent)]
    Input(#[from] BadInput),
    /// The edit would leave everything as it is.
    #[error("this changes nothing")]
    NoChange,
    /// What was done has been undone otherwise.
    #[error("`{id}` is no longer there; restore it first")]
    Gone {
        /// The entry.
        id: String,
    },
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// What an edit comes to.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The folder as it would be.
    pub folder: Folder,
    /// The files that change.
    pub files: Vec<FileChange>,
    /// The entries that change.
    pub entries: Vec<EntryRecord>,
}

impl Edited {
    /// What is kept of it.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            files: self.files.iter().map(FileChange::record).collect(),
            entries: self.entries.clone(),
        }
    }

    /// Ids of the facts that change.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        let facts = self
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Fact);
        facts.map(|entry| entry.id.as_str())
    }
}

/// An entry as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub path: String,
    /// Its lines.
    pub text: String,
    /// Tells this state of it from any other.
    pub version: Digest,
}

/// The entry with this id, and where it stands.
///
/// # Errors
/// When there is none, or the file it may stand in is broken.
pub fn find(folder: &Folder, kind: EntryKind, id: &str) -> Result<Found, EditError> {
    let editor = Editor::new(folder);
    let path = editor.path_of(kind, id)?;
    editor.found(&path, kind, id)
}

/// What the fields of a fact hold, for all that are written.
///
/// # Errors
/// When there is no such fact, or its file is broken.
pub fn fields(folder: &Folder, fact: &str) -> Result<Vec<Setting>, EditError> {
    let editor = Editor::new(folder);
    let path = editor.path_of(EntryKind::Fact, fact)?;
    editor.with(&path, EntryKind::Fact, fact, |_, entry| {
        let written = Field::ALL.into_iter().filter_map(|field| {
            let value = write::read(entry.get(field.key())?.value)?;
            Some(Setting { field, value })
        });
        Ok(written.collect())
    })
}

/// A golden question as it is written.
struct Asked {
    path: String,
    /// What it is called ([`question_id`]).
    name: String,
    /// Whether no turns come before it.
    alone: bool,
    expect: Vec<String>,
}

/// A copy of a folder that is being edited.
#[derive(Debug, Clone)]
pub struct Editor<'f> {
    folder: &'f Folder,
    /// Files that were changed; none for those that were taken away.
    changed: BTreeMap<String, Option<String>>,
    /// Entries that were changed, in that order.
    touched: Vec<(EntryKind, String)>,
}

impl<'f> Editor<'f> {
    /// Begins to edit a folder.
    #[must_use]
    pub fn new(folder: &'f Folder) -> Self {
        Editor {
            folder,
            changed: BTreeMap::new(),
            touched: Vec::new(),
        }
    }

    /// Sets fields of a fact. A source may be named by its address, with publisher and title behind it:
    /// `https://… Publisher: Title`. It is described in `sources.toml`, unless it is already.
    ///
    /// # Errors
    /// When there is no such fact, or it stands where it cannot be edited.
    pub fn set_fact(&mut self, id: &str, settings: &[Setting]) -> Result<(), EditError> {
        let path = self.path_of(EntryKind::Fact, id)?;
        for Setting { field, value } in settings {
            let value = match field {
                Field::Sources => web::with_ids(self, value)?,
                _ => value.clone(),
            };
            self.set(&path, EntryKind::Fact, id, field.key(), &value)?;
        }
        Ok(())
    }

    /// Puts other lines in the place of those of a fact, as they come from an editor.
    ///
    /// # Errors
    /// When the text is not one fact of the same id, or as [`Editor::set_fact`].
    pub fn rewrite_fact(&mut self, id: &str, text: &str) -> Result<(), EditError> {
        let path = self.path_of(EntryKind::Fact, id)?;
        let (named, text) = one_entry(EntryKind::Fact, text)?;
        if named != id {
            return Err(EditError::Renamed {
                from: id.to_owned(),
                to: named,
            });
        }
        self.replace(&path, EntryKind::Fact, id, &text)
    }

    /// Adds a fact: to the file at `path`, or else behind the last fact of its subject.
    ///
    /// # Errors
    /// When there is a fact of that id, or the path is none for facts.
    pub fn add_fact(
        &mut self,
        path: Option<&str>,
        id: &str,
        settings: &[Setting],
    ) -> Result<(), EditError> {
        let id = input::line("id", id)?;
        let mut text = format!("[[fact]]\nid = {}\n", write::string(&id, "\n"));
        let mut settings: Vec<&Setting> = settings.iter().collect();
        settings.sort_by_key(|setting| setting.field);
        for Setting { field, value } in settings {
            let value = match field {
                Field::Sources => web::with_ids(self, value)?,
                _ => value.clone(),
            };
            if value != Value::Absent {
                text.push_str(&format!("{field} = {}\n", write::render(&value, "\n")));
            }
        }
        self.add_fact_text(path, &text)
    }

    /// Adds a fact as it comes from an editor.
    ///
    /// # Errors
    /// When the text is not one fact, or as [`Editor::add_fact`].
    pub fn add_fact_text(&mut self, path: Option<&str>, text: &str) -> Result<(), EditError> {
        let (id, text) = one_entry(EntryKind::Fact, text)?;
        if let Some(path) = self.search(EntryKind::Fact, &id)? {
            return Err(EditError::Exists {
                kind: EntryKind::Fact,
                id,
                path,
            });
        }
        let subject = {
            let parsed = Parsed::new("", &text)?;
            let entry = parsed.find("", EntryKind::Fact, &id)?;
            entry.and_then(|entry| entry.str("subject").map(str::to_owned))
        };
        let kin = match subject {
            Some(subject) => self.last_about(&subject, path)?,
            None => None,
        };
        let (path, behind) = match (path, kin) {
            (_, Some((path, behind))) => (path, Some(behind)),
            (Some(path), None) => (path.to_owned(), None),
            (None, None) => (ADDED_FACTS.to_owned(), None),
        };
        if FileKind::of(&path) != Some(FileKind::Facts) {
            return Err(EditError::BadPath { path });
        }
        self.put(&path, EntryKind::Fact, &id, behind.as_deref(), &text)
    }

    /// Takes a fact out of its file, and out of what golden questions expect. A question that expects
    /// nothing else is taken out with it.
    ///
    /// # Errors
    /// As [`Editor::set_fact`].
    pub fn retire_fact(&mut self, id: &str) -> Result<(), EditError> {
        let path = self.path_of(EntryKind::Fact, id)?;
        self.remove(&path, EntryKind::Fact, id)?;
        for Asked {
            path, name, expect, ..
        } in self.questions()?
        {
            if !expect.iter().any(|expected| expected == id) {
                continue;
            }
            let rest: Vec<String> = expect.into_iter().filter(|other| other != id).collect();
            if rest.is_empty() {
                self.remove(&path, EntryKind::Question, &name)?;
            } else {
                let rest = Value::List(rest);
                self.set(&path, EntryKind::Question, &name, "expect", &rest)?;
            }
        }
        Ok(())
    }

    /// Marks a golden question as one that is known to fail: it is measured, and hinders nobody.
    ///
    /// # Errors
    /// When there is no such question ([`question_id`]).
    pub fn open_question(&mut self, question: &str) -> Result<(), EditError> {
        let path = self.path_of(EntryKind::Question, question)?;
        let open = Value::Flag(true);
        self.set(&path, EntryKind::Question, question, "open", &open)
    }

    /// Adds a name by which people call an entity.
    ///
    /// # Errors
    /// When there is no such entity, or it has that name.
    pub fn add_alias(&mut self, entity: &str, lang: Lang, name: &str) -> Result<(), EditError> {
        let key = format!("aliases.{lang}");
        let name = input::line(&key, name)?;
        if name.is_empty() {
            return Err(BadInput::Empty { field: key }.into());
        }
        let path = self.path_of(EntryKind::Entity, entity)?;
        self.append(&path, EntryKind::Entity, entity, &key, name)
    }

    /// Adds a way to ask for a fact; nothing when it is one already.
    ///
    /// # Errors
    /// When there is no such fact.
    pub fn add_phrasing(&mut self, fact: &str, lang: Lang, words: &str) -> Result<(), EditError> {
        let key = Field::Phrasings(lang).key();
        let words = input::line(key, words)?;
        if words.is_empty() {
            return Err(BadInput::Empty {
                field: key.to_owned(),
            }
            .into());
        }
        let path = self.path_of(EntryKind::Fact, fact)?;
        let known = self.with(&path, EntryKind::Fact, fact, |_, entry| {
            let all = Lang::ALL.map(|lang| entry.list(Field::Phrasings(lang).key()));
            Ok(all
                .iter()
                .flatten()
                .any(|known| same(known) == same(&words)))
        })?;
        if known {
            return Ok(());
        }
        self.append(&path, EntryKind::Fact, fact, key, words)
    }

    /// Adds a golden question. One of the same words gets this expectation instead of its own; nothing
    /// changes when it had it among others.
    ///
    /// # Errors
    /// When the question holds control characters, or a file of questions is broken.
    pub fn add_question(&mut self, ask: &str, expect: &[&str]) -> Result<(), EditError> {
        let ask = input::line("ask", ask)?;
        if ask.is_empty() {
            return Err(BadInput::Empty {
                field: "ask".to_owned(),
            }
            .into());
        }
        let value = match expect {
            [one] => Value::Text((*one).to_owned()),
            more => Value::List(more.iter().map(|one| (*one).to_owned()).collect()),
        };
        let mut questions = self.questions()?.into_iter();
        let known = questions.find(|known| known.alone && same(&known.name) == same(&ask));
        if let Some(known) = known {
            let mut expected = known.expect.iter();
            if expected.any(|expected| expect.contains(&expected.as_str())) {
                return Ok(());
            }
            return self.set(
                &known.path,
                EntryKind::Question,
                &known.name,
                "expect",
                &value,
            );
        }
        let text = format!(
            "[[question]]\nask = {}\nexpect = {}\nstyle = \"{TAUGHT_STYLE}\"\n",
            write::string(&ask, "\n"),
            write::render(&value, "\n"),
        );
        self.put(TAUGHT_QUESTIONS, EntryKind::Question, &ask, None, &text)
    }

    /// Takes back what an edit did.
    ///
    /// # Errors
    /// When something it changed is no longer there, or something it took out is there again.
    pub fn reverse(&mut self, record: &Record) -> Result<(), EditError> {
        reverse::reverse(self, record)
    }

    /// What has become of the folder.
    ///
    /// # Errors
    /// [`EditError::NoChange`] when it is as it was.
    pub fn finish(self) -> Result<Edited, EditError> {
        let mut folder = self.folder.clone();
        let mut files = Vec::new();
        for (path, after) in &self.changed {
            let before = text_of(self.folder, path)?.map(str::to_owned);
            if before == *after {
                continue;
            }
            folder.put(path, after.as_ref().map(String::as_bytes));
            files.push(FileChange {
                path: path.clone(),
                before,
                after: after.clone(),
            });
        }
        if files.is_empty() {
            return Err(EditError::NoChange);
        }
        let original = Editor::new(self.folder);
        let mut entries = Vec::new();
        for (kind, id) in &self.touched {
            let before = original.search(*kind, id)?;
            let after = self.search(*kind, id)?;
            let Some(path) = after.as_ref().or(before.as_ref()) else {
                continue;
            };
            let text = |editor: &Editor<'_>, path: &Option<String>| match path {
                Some(path) => editor.found(path, *kind, id).map(|found| Some(found.text)),
                None => Ok(None),
            };
            let record = EntryRecord {
                kind: *kind,
                id: id.clone(),
                path: path.clone(),
                before: text(&original, &before)?,
                after: text(&self, &after)?,
                behind: match (&before, &after) {
                    (Some(path), None) => original.before(path, *kind, id)?,
                    _ => None,
                },
            };
            if record.before != record.after {
                entries.push(record);
            }
        }
        Ok(Edited {
            folder,
            files,
            entries,
        })
    }

    /// The text of a file as it is now.
    fn text(&self, path: &str) -> Result<Option<Cow<'_, str>>, EditError> {
        match self.changed.get(path) {
            Some(text) => Ok(text.as_deref().map(Cow::Borrowed)),
            None => Ok(text_of(self.folder, path)?.map(Cow::Borrowed)),
        }
    }

    /// Paths of all files in which entries of a kind stand, in order.
    fn paths(&self, kind: EntryKind) -> Vec<String> {
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
    fn search(&self, kind: EntryKind, id: &str) -> Result<Option<String>, EditError> {
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
    fn path_of(&self, kind: EntryKind, id: &str) -> Result<String, EditError> {
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
    fn with<T>(
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

    fn found(&self, path: &str, kind: EntryKind, id: &str) -> Result<Found, EditError> {
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
    fn before(&self, path: &str, kind: EntryKind, id: &str) -> Result<Option<String>, EditError> {
        let text = self.text(path)?.unwrap_or_default();
        let parsed = Parsed::new(path, &text)?;
        let names = parsed.names(kind);
        let at = names.iter().position(|name| *name == id);
        let before = at.and_then(|at| names.get(at.checked_sub(1)?));
        Ok(before.map(|before| before.clone().into_owned()))
    }

    /// All golden questions.
    fn questions(&self) -> Result<Vec<Asked>, EditError> {
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
                    expect: expect.map(str::to_owned).collect(),
                });
            }
        }
        Ok(questions)
    }

    /// The last fact about a subject, in the file where most are (or in the one at `path`).
    fn last_about(
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
    fn touch(&mut self, path: &str, kind: EntryKind, id: &str, text: Option<String>) {
        self.changed.insert(path.to_owned(), text);
        let entry = (kind, id.to_owned());
        if !self.touched.contains(&entry) {
            self.touched.push(entry);
        }
    }

    /// Sets a key of an entry.
    fn set(
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
    fn append(
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
    fn replace(
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
    fn remove(&mut self, path: &str, kind: EntryKind, id: &str) -> Result<(), EditError> {
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
    fn put(
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
fn text_of<'f>(folder: &'f Folder, path: &str) -> Result<Option<&'f str>, EditError> {
    let Some(file) = folder.file(path) else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&file.bytes).map_err(|_| EditError::NotText {
        path: path.to_owned(),
    })?;
    Ok(Some(text))
}

/// Checks that a text is one entry, and makes it fit for a file: its name, and its lines.
fn one_entry(kind: EntryKind, text: &str) -> Result<(String, String), EditError> {
    let not_one = |reason: String| EditError::NotOneEntry { kind, reason };
    let text = input::text(kind.header(), text)?;
    let text = format!("{}\n", text.trim());
    let parsed = Parsed::new("the text", &text).map_err(|error| match error {
        EditError::NotToml { line, message, .. } => not_one(format!("line {line}: {message}")),
        other => other,
    })?;
    let header = kind.header();
    if let Some(other) = parsed.others(kind) {
        return Err(not_one(format!("`{other}` does not belong to it")));
    }
    match &parsed.names(kind)[..] {
        [name] if name.is_empty() => Err(not_one(format!("it has no `{}`", kind.name_key()))),
        [name] => Ok((name.clone().into_owned(), text.clone())),
        [] => Err(not_one(format!("it does not begin with `[[{header}]]`"))),
        _ => Err(not_one(format!("there is more than one `[[{header}]]`"))),
    }
}
