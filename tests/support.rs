//! What several files of tests need: a small base, and the program run in a folder of its own.

mod base;
pub(crate) mod discord;
pub(crate) mod postgres;
mod project;

use cara_bot::date::Day;
use cara_bot::knowledge::Folder;

pub(crate) use base::SMALL;
pub(crate) use project::{Project, Ran};

/// A day for questions and review dates, so that no test depends on the clock.
pub(crate) fn today() -> Day {
    Day::new(2026, 11, 22).expect("a day of the calendar")
}

/// The small base as a folder in memory.
pub(crate) fn small() -> Folder {
    Folder::in_memory(SMALL.iter().copied())
}
