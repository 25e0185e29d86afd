//! What an edit did, as it is kept: enough to show it, to take it back at any age, and to tell after a
//! crash whether it reached the files.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use similar::{DiffOp, TextDiff};

use super::EntryKind;

/// Tells two texts apart: SHA-256, as 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        let digits = Sha256::digest(bytes);
        Digest(digits.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// One that was printed before. Whether anything has it shows when it is compared.
    #[must_use]
    pub fn from_hex(digits: impl Into<String>) -> Digest {
        Digest(digits.into())
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// All that an edit did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// To the files.
    pub files: Vec<FileRecord>,
    /// To the entries in them.
    pub entries: Vec<EntryRecord>,
}

/// What an edit did to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its path in the knowledge folder.
    pub path: String,
    /// What it was; none for a file that was not there.
    pub before: Option<Digest>,
    /// What it became; none for a file that was taken away.
    pub after: Option<Digest>,
    /// The parts that changed, in order.
    pub hunks: Vec<Hunk>,
}

/// A part of a text that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Byte offset in the text before.
    pub at: usize,
    /// What stood there.
    pub removed: String,
    /// What came in its place.
    pub added: String,
}

/// What an edit did to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecord {
    /// What it is.
    pub kind: EntryKind,
    /// Its id; of a golden question, its words.
    pub id: String,
    /// The file it stands in.
    pub path: String,
    /// Its lines before; none for a new one.
    pub before: Option<String>,
    /// Its lines after; none for one that was taken out.
    pub after: Option<String>,
    /// The entry of its kind that it stood behind, for one that was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// A file before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path in the knowledge folder.
    pub path: String,
    /// Its text before; none for a new file.
    pub before: Option<String>,
    /// Its text after; none for one that is taken away.
    pub after: Option<String>,
}

impl FileChange {
    /// What is kept of it.
    #[must_use]
    pub fn record(&self) -> FileRecord {
        let digest = |text: &Option<String>| text.as_ref().map(|text| Digest::of(text.as_bytes()));
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        FileRecord {
            path: self.path.clone(),
            before: digest(&self.before),
            after: digest(&self.after),
            hunks: hunks(&text(&self.before), &text(&self.after)),
        }
    }
}

impl FileRecord {
    /// The text after, from the text before; none when that is another text.
    #[must_use]
    pub fn redo(&self, before: &str) -> Option<String> {
        self.replace(
            before,
            |hunk| (&hunk.removed, &hunk.added),
            |at, _| Some(at),
        )
    }

    /// The text before, from the text after; none when that is another text.
    #[must_use]
    pub fn undo(&self, after: &str) -> Option<String> {
        self.replace(
            after,
            |hunk| (&hunk.added, &hunk.removed),
            |at, grown| usize::try_from(i64::try_from(at).ok()? + grown).ok(),
        )
    }

    /// Puts the second of each pair in the place of the first; `place` says where that is, given how
    /// much the hunks before have made the text grow.
    fn replace<'h>(
        &'h self,
        text: &str,
        pair: impl Fn(&'h Hunk) -> (&'h String, &'h String),
        place: impl Fn(usize, i64) -> Option<usize>,
    ) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        let mut grown = 0;
        for hunk in &self.hunks {
            let (old, new) = pair(hunk);
            let at = place(hunk.at, grown)?;
            out.push_str(text.get(from..at)?);
            out.push_str(new);
            from = at.checked_add(old.len())?;
            (text.get(at..from)? == old).then_some(())?;
            grown += i64::try_from(hunk.added.len()).ok()?;
            grown -= i64::try_from(hunk.removed.len()).ok()?;
        }
        out.push_str(text.get(from..)?);
        Some(out)
    }
}

/// The lines in which two texts differ.
#[must_use]
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let diff = TextDiff::from_lines(before, after);
    let old = offsets(&diff.iter_old_slices().collect::<Vec<_>>());
    let new = offsets(&diff.iter_new_slices().collect::<Vec<_>>());
    let changed = diff
        .ops()
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed
        .map(|op| {
            let (removed, added) = (op.old_range(), op.new_range());
            Hunk {
                at: old[removed.start],
                removed: before[old[removed.start]..old[removed.end]].to_owned(),
                added: after[new[added.start]..new[added.end]].to_owned(),
            }
        })
        .collect()
}

/// Where each line starts, and where the last ends.
fn offsets(lines: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut offsets = vec![0];
    for line in lines {
        at += line.len();
        offsets.push(at);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hunks_lead_from_before_to_after_and_back(
            before in "([a-c]{0,2}(\n|\r\n)|é){0,12}",
            after in "([a-c]{0,2}(\n|\r\n)|é){0,12}",
        ) {
            let change = FileChange {
                path: "facts/a.toml".to_owned(),
                before: Some(before.clone()),
                after: Some(after.clone()),
            };
            let record = change.record();
            prop_assert_eq!(record.redo(&before), Some(after.clone()));
            prop_assert_eq!(record.undo(&after), Some(before));
        }
    }
}
