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

mod copy;
mod entry;
mod error;
mod field;
pub mod input;
mod kind;
mod record;
mod reverse;
mod web;
mod write;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use self::copy::{Asked, text_of};
use self::entry::Parsed;
use self::input::BadInput;
use super::same::same;
use super::source::{FileKind, Folder};
use crate::lang::Lang;

pub use self::error::EditError;
pub use self::field::{Field, Setting, Shape, UnknownField, Value};
pub use self::kind::EntryKind;
pub use self::record::{Digest, EntryRecord, FileChange, FileRecord, Hunk, Record, hunks};

/// Where facts go that belong to no other.
const ADDED_FACTS: &str = "facts/added.toml";
/// Where taught questions go.
const TAUGHT_QUESTIONS: &str = "questions/taught.toml";
/// What taught questions are called in reports.
const TAUGHT_STYLE: &str = "taught";

/// What a golden question is called where entries have ids: its words, after those of the turns before.
#[must_use]
pub fn question_id<'q, S: AsRef<str>>(after: &[S], ask: &'q str) -> Cow<'q, str> {
    if after.is_empty() {
        return Cow::Borrowed(ask);
    }
    let turns = after.iter().map(AsRef::as_ref).chain([ask]);
    Cow::Owned(turns.collect::<Vec<_>>().join(" / "))
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
            // What somebody teaches must hold from now on.
            if known.sample {
                let kind = EntryKind::Question;
                self.set(
                    &known.path,
                    kind,
                    &known.name,
                    "sample",
                    &Value::Flag(false),
                )?;
            }
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
