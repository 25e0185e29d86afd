//! What can be edited, and how files name it.

use serde::{Deserialize, Serialize};

use crate::knowledge::source::FileKind;

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
    pub(super) fn name_key(self) -> &'static str {
        match self {
            EntryKind::Fact | EntryKind::Entity | EntryKind::Source => "id",
            EntryKind::Question => "ask",
        }
    }

    /// The kind of file it stands in.
    pub(super) fn file_kind(self) -> FileKind {
        match self {
            EntryKind::Fact => FileKind::Facts,
            EntryKind::Entity => FileKind::Entities,
            EntryKind::Question => FileKind::Questions,
            EntryKind::Source => FileKind::Sources,
        }
    }

    /// Its keys in the order in which they are written.
    pub(super) fn keys(self) -> &'static [&'static str] {
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
            EntryKind::Question => &["ask", "open", "sample", "expect", "style", "after"],
            EntryKind::Source => &["id", "publisher", "title", "url", "language", "date"],
        }
    }
}
