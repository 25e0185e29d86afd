//! Why an edit cannot be made.

use super::EntryKind;
use super::input::BadInput;

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
