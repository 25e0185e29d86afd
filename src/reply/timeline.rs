//! The drawn timeline: milestones as a picture, for people who look before they read.
//!
//! Every milestone is a row: its date in words, its headline, and a mark on an axis that all rows
//! share. The mark is as precise as the source: a day is a dot, a month a short bar, a year a long
//! one; "about" fades at its ends, a period spans with stops at both, what still holds ends in an
//! arrow. The picture brings its own background, so that it reads on a dark and on a light page,
//! and is nearly square with large type, for phones.
//!
//! Long lists come in pages of [`PAGE`], and the picture says which part it is. What it shows is
//! also said in words, in [`Picture::alt`].
//!
//! - `mark`: a date as a shape, in days
//! - `scale`: days to places, and the labels of the axis
//! - `chart`: the picture; `ink` draws the marks, `key` explains them

mod chart;
mod ink;
mod key;
mod mark;
mod scale;

use crate::date::Date;
use crate::knowledge::model::{FactIx, Knowledge};
use crate::lang::Lang;
use crate::picture::{self, PictureError};
use crate::reply::{Speaker, Words};

use self::chart::{Chart, Row};
pub(in crate::reply) use self::key::Sign;

/// Milestones on one picture: what stays readable where a chat shows it about 350 pixels high.
pub const PAGE: usize = 6;
/// Longest text for those who do not see the picture, in UTF-16 units: what Discord takes.
const MAX_ALT: usize = 1024;

/// A part of a timeline as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A PNG file, transparent outside its rounded corners.
    pub png: Vec<u8>,
    /// The same in words, at most 1024 characters.
    pub alt: String,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// There are no milestones.
    #[error("there is nothing to draw: no milestones were given")]
    Empty,
    /// The page lies behind the last one.
    #[error("there is no page {}, the last one is {pages}", page + 1)]
    NoSuchPage {
        /// The page asked for, from 0.
        page: usize,
        /// How many there are.
        pages: usize,
    },
    /// A fact is not in the base, as when its position was found in another generation of it.
    #[error("fact number {0} is not in this knowledge base")]
    NoSuchFact(u32),
    /// It could not be drawn.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// How many pages so many milestones take.
#[must_use]
pub fn pages(milestones: usize) -> usize {
    milestones.div_ceil(PAGE)
}

/// The heading of a timeline: of the main entity, and of a period when one was asked for.
#[must_use]
pub fn title(knowledge: &Knowledge, period: Option<&Date>, lang: Lang) -> String {
    let main = knowledge.entities.iter().find(|entity| entity.main);
    let of = main.map(|entity| match lang {
        Lang::En => entity.name.en.as_str(),
        Lang::Fr => entity.of_fr.as_str(),
    });
    Words(lang).timeline_title(of, period.map(|period| period.render(lang)).as_deref())
}

/// Draws one page (from 0) of a timeline, in the order of `facts`; those without a date get a row
/// without a mark. The same arguments give the same bytes.
///
/// Takes some milliseconds of computing: not for a thread that must answer.
///
/// # Errors
/// When there are no facts or no such page, when a fact is not in the base, or when drawing fails.
pub fn draw(
    knowledge: &Knowledge,
    facts: &[FactIx],
    page: usize,
    lang: Lang,
    title: &str,
) -> Result<Picture, TimelineError> {
    if facts.is_empty() {
        return Err(TimelineError::Empty);
    }
    let shown = facts
        .chunks(PAGE)
        .nth(page)
        .ok_or(TimelineError::NoSuchPage {
            page,
            pages: pages(facts.len()),
        })?;
    if let Some(stray) = shown
        .iter()
        .find(|fact| fact.index() >= knowledge.facts.len())
    {
        return Err(TimelineError::NoSuchFact(stray.0));
    }
    let say = Speaker {
        knowledge,
        words: Words(lang),
    };
    let rows: Vec<Row> = shown
        .iter()
        .map(|fact| Row {
            date: knowledge[*fact].date,
            headline: say.headline(*fact),
        })
        .collect();
    let part = (facts.len() > shown.len()).then(|| {
        let before = page * PAGE;
        Part {
            first: before + 1,
            last: before + shown.len(),
            of: facts.len(),
        }
    });
    let chart = Chart {
        title,
        part,
        rows: &rows,
        lang,
    };
    Ok(Picture {
        png: picture::to_png(&chart.draw())?,
        alt: alt(title, part, &rows, lang),
    })
}

/// Which milestones of a longer list a page shows, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reply) struct Part {
    pub(in crate::reply) first: usize,
    pub(in crate::reply) last: usize,
    pub(in crate::reply) of: usize,
}

/// The milestones in words, as many as the limit lets through whole.
fn alt(title: &str, part: Option<Part>, rows: &[Row], lang: Lang) -> String {
    let words = Words(lang);
    let mut text = words.timeline_alt(title, part);
    let mut told = 0;
    for row in rows {
        let line = match &row.date {
            Some(date) => words.milestone(&date.render(lang), &row.headline),
            None => words.milestone(words.undated(), &row.headline),
        };
        let left = rows.len() - told - 1;
        let rest = if left == 0 {
            String::new()
        } else {
            format!("\n{}", words.and_more(left))
        };
        if utf16(&text) + 1 + utf16(&line) + utf16(&rest) > MAX_ALT {
            break;
        }
        text.push('\n');
        text.push_str(&line);
        told += 1;
    }
    if told < rows.len() {
        text.push('\n');
        text.push_str(&words.and_more(rows.len() - told));
    }
    shortened(text)
}

/// The text within the limit whatever its heading was.
fn shortened(text: String) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= MAX_ALT
        })
        .collect()
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests;
