//! Files ↔ facts: read, validate, diagnose.
//!
//! The truth is a folder of TOML files that people edit. [`Folder`] is that folder as bytes, wherever
//! they come from; [`load`] turns it into a [`Knowledge`] base and a list of [`Diagnostic`]s, all of
//! them in one run. Nothing here knows how a question is matched, looks at the clock, or prints.
//!
//! The way of a file: `source` (bytes) → `parse` (tables as written, `schema`, `shape`) → `draft` (one
//! file by itself, in parallel) → `validate` (all together) → `build` ([`model`]).
//!
//! ```
//! use cara_bot::date::Day;
//! use cara_bot::knowledge::{Folder, load, render};
//!
//! let folder = Folder::in_memory([("facts/a.toml", "[[fact]]\nid = \"Hello\"\n")]);
//! let today = Day::new(2026, 11, 22).expect("a day of the calendar");
//! let loaded = load(&folder, today);
//! assert!(loaded.has_errors());
//! print!("{}", render(&loaded.diagnostics, &folder, false));
//! ```

pub mod diagnostic;
pub mod edit;
pub mod model;

mod build;
mod draft;
mod lines;
mod nearest;
mod parse;
mod plain;
mod portable;
mod render;
mod same;
mod schema;
mod shape;
mod source;
mod validate;

use rayon::prelude::*;

pub use diagnostic::{Code, Diagnostic, Place, Severity};
pub use model::Knowledge;
pub use plain::PlainEntry;
pub use portable::{NotPortable, Portable};
pub use render::render;
pub use schema::schemas;
pub use source::{File, FileKind, Folder, FolderError, MAX_FILE_BYTES, Origin};

use crate::date::Day;
use draft::{Drafts, draft};

/// What a folder holds.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What could be built of it. Every reference in it holds, but with errors entries are missing.
    pub knowledge: Knowledge,
    /// Everything that is wrong, sorted by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether there are errors, so that the base must not be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The base with its warnings.
    ///
    /// # Errors
    /// With all diagnostics when one of them is an error.
    pub fn into_result(self) -> Result<(Knowledge, Vec<Diagnostic>), Vec<Diagnostic>> {
        if self.has_errors() {
            Err(self.diagnostics)
        } else {
            Ok((self.knowledge, self.diagnostics))
        }
    }
}

/// Reads and checks all files of a folder. `today` is what review dates are compared with. The order
/// of the files changes nothing.
#[must_use]
pub fn load(folder: &Folder, today: Day) -> Loaded {
    let mut drafts = draft_all(&folder.files, today);
    drafts.found.extend(folder.problems.iter().cloned());
    let problems = folder.problems.iter();
    let unread = problems.filter(|problem| problem.code == Code::UnreadableFile);
    drafts
        .unread
        .extend(unread.filter_map(|problem| FileKind::of(&problem.place.file)));
    // Facts that are there and cannot be read have been reported.
    let lost = drafts.lost.iter().map(|(kind, _)| kind);
    let mut unread = drafts.unread.iter().chain(lost);
    if drafts.facts.is_empty() && !unread.any(|kind| *kind == FileKind::Facts) {
        drafts.found.push(
            Diagnostic::new(
                Code::NoFacts,
                Place::whole("facts"),
                "this folder holds no facts",
            )
            .help("facts belong in `.toml` files in the folder `facts`, one `[[fact]]` each"),
        );
    }
    let (knowledge, mut diagnostics) = validate::validate(drafts);
    diagnostic::sort(&mut diagnostics);
    Loaded {
        knowledge,
        diagnostics,
    }
}

/// Drafts all files, on all cores, in the order of their paths.
fn draft_all(files: &[File], today: Day) -> Drafts {
    let mut order: Vec<&File> = files.iter().collect();
    order.sort_by(|a, b| a.path.cmp(&b.path));
    // One by one: some files are much longer than others.
    let drafted = order
        .par_iter()
        .with_max_len(1)
        .map(|file| draft(file, today));
    let drafted: Vec<_> = drafted.collect();
    let mut drafts = Drafts::default();
    for file in drafted {
        drafts.append(file);
    }
    drafts
}

#[cfg(test)]
mod tests;
