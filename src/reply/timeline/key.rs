//! The key: what the marks on a page mean, and no others.

use crate::lang::Lang;
use crate::picture::lettering::{Style, Weight};
use crate::picture::svg::{Anchor, Svg};
use crate::reply::Words;

use super::chart::{GRID, PADDING, QUIET, WIDTH};
use super::ink::{self, DOT, MONTH_WIDTH};
use super::mark::{Edge, Kind, Mark};

/// Days a sample is long; only proportions matter.
const SAMPLE: i32 = 300;
/// Space between a sample and its word.
const WORD_GAP: f32 = 6.0;
/// Space between entries.
const ENTRY_GAP: f32 = 16.0;
/// Height of a line of entries.
const LINE_HEIGHT: f32 = 22.0;
/// Space between the rule above the key and its first line.
const TOP: f32 = 8.0;

const WORD: Style = Style {
    size: 13.0,
    weight: Weight::Regular,
    colour: QUIET,
};

/// Something a mark can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reply) enum Sign {
    /// One day.
    Day,
    /// Some time in a month.
    Month,
    /// Some time in a year.
    Year,
    /// An approximate date.
    About,
    /// A date the source is in doubt of.
    Uncertain,
    /// A period with two ends.
    Span,
    /// A period that has not ended.
    Ongoing,
    /// Then or at any time before.
    Before,
    /// A period with an end nobody knows.
    Lost,
}

/// The signs of a page, in order, each with its word, left edge and line.
pub(super) struct Key(Vec<(Sign, &'static str, f32, usize)>);

impl Sign {
    const ALL: [Sign; 9] = [
        Sign::Day,
        Sign::Month,
        Sign::Year,
        Sign::About,
        Sign::Uncertain,
        Sign::Span,
        Sign::Ongoing,
        Sign::Before,
        Sign::Lost,
    ];

    /// Whether a mark says it.
    fn is_in(self, mark: &Mark) -> bool {
        let Mark {
            kind,
            from,
            to,
            uncertain,
        } = *mark;
        let plain = !mark.is_faded() && !uncertain;
        match self {
            Sign::Day => kind == Kind::Day,
            Sign::Month => kind == Kind::Month && plain,
            Sign::Year => kind == Kind::Year && plain,
            Sign::About => mark.is_faded(),
            Sign::Uncertain => uncertain,
            Sign::Span => kind == Kind::Span && !from.goes_on() && !to.goes_on(),
            Sign::Ongoing => matches!(to, Edge::Open(_)),
            Sign::Before => matches!(from, Edge::Open(_)),
            Sign::Lost => [from, to].iter().any(|edge| matches!(edge, Edge::Lost(_))),
        }
    }

    /// A mark that says nothing else.
    fn sample(self) -> Mark {
        let whole = |kind| Mark {
            kind,
            from: Edge::Sharp(0),
            to: Edge::Sharp(SAMPLE),
            uncertain: self == Sign::Uncertain,
        };
        let third = SAMPLE / 3;
        match self {
            Sign::Day => whole(Kind::Day),
            Sign::Month => whole(Kind::Month),
            Sign::Year | Sign::Uncertain => whole(Kind::Year),
            Sign::Span => whole(Kind::Span),
            Sign::About => Mark {
                from: Edge::Faded {
                    solid: third,
                    gone: 0,
                },
                to: Edge::Faded {
                    solid: 2 * third,
                    gone: SAMPLE,
                },
                ..whole(Kind::Year)
            },
            Sign::Ongoing => Mark {
                to: Edge::Open(SAMPLE),
                ..whole(Kind::Span)
            },
            Sign::Before => Mark {
                from: Edge::Open(0),
                ..whole(Kind::Span)
            },
            Sign::Lost => Mark {
                to: Edge::Lost(third),
                ..whole(Kind::Span)
            },
        }
    }

    /// Width of its sample.
    fn width(self) -> f32 {
        match self {
            Sign::Day => 2.0 * DOT,
            Sign::Month => MONTH_WIDTH,
            Sign::Year | Sign::Uncertain => 28.0,
            Sign::About => 44.0,
            Sign::Span | Sign::Ongoing | Sign::Before | Sign::Lost => 34.0,
        }
    }
}

impl Key {
    /// The key to these marks.
    pub(super) fn to(marks: &[Mark], lang: Lang) -> Key {
        let (mut x, mut line) = (PADDING, 0);
        let signs = Sign::ALL.into_iter();
        let entries = signs.filter(|sign| marks.iter().any(|mark| sign.is_in(mark)));
        let placed = entries.map(|sign| {
            let word = Words(lang).sign(sign);
            let width = sign.width() + WORD_GAP + WORD.width(word);
            if x > PADDING && x + width > WIDTH - PADDING {
                (x, line) = (PADDING, line + 1);
            }
            let entry = (sign, word, x, line);
            x += width + ENTRY_GAP;
            entry
        });
        Key(placed.collect())
    }

    pub(super) fn height(&self) -> f32 {
        self.0
            .last()
            .map_or(0.0, |(.., line)| TOP + LINE_HEIGHT * (line + 1) as f32)
    }

    pub(super) fn draw(&self, svg: &mut Svg, top: f32) {
        if !self.0.is_empty() {
            svg.lines(
                &[(PADDING, top), (WIDTH - PADDING, top)],
                format_args!(r#"stroke="{GRID}" stroke-width="1""#),
            );
        }
        for (sign, word, left, line) in &self.0 {
            let middle = top + TOP + LINE_HEIGHT * (*line as f32 + 0.5);
            let width = sign.width();
            let x = |day: i32| left + width * day as f32 / SAMPLE as f32;
            ink::draw(svg, &sign.sample(), x, (*left, left + width), middle);
            let place = (left + width + WORD_GAP, middle + 4.5);
            svg.text(place, Anchor::Start, WORD, word);
        }
    }
}
