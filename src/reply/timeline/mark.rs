//! A date as a shape: how wide, and how each side ends. In days, not yet in places.

use crate::date::{Date, Precision};

/// What a date looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) from: Edge,
    pub(super) to: Edge,
    /// The source is in doubt.
    pub(super) uncertain: bool,
}

/// What is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// One day.
    Day,
    /// Some time in a month.
    Month,
    /// Some time in a year.
    Year,
    /// All the time from one end to the other.
    Span,
}

/// How a mark ends on one side. Days are ordinals; a right edge is the day after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Here.
    Sharp(i32),
    /// About here: fully there up to `solid`, no longer at `gone`.
    Faded { solid: i32, gone: i32 },
    /// It goes on beyond this day, and beyond the chart.
    Open(i32),
    /// It goes on beyond this day, nobody knows how far.
    Lost(i32),
}

impl Mark {
    pub(super) fn of(date: &Date) -> Mark {
        let (start, end) = (date.start(), date.end());
        let kind = match (start, end) {
            (Some(start), Some(end)) if start == end => match date.precision() {
                Precision::Day => Kind::Day,
                Precision::Month => Kind::Month,
                Precision::Year => Kind::Year,
            },
            _ => Kind::Span,
        };
        // The start and the end of a date are points, and points have both days.
        let first = |point: Date| point.earliest().map_or(0, |day| day.ordinal());
        let after = |point: Date| point.latest().map_or(0, |day| day.ordinal() + 1);
        // A point marked "about" covers three units, of which the middle one is what is written.
        let third = |point: Date| (after(point) - first(point)) / 3;
        let from = |point: Date| match point.is_approximate() {
            false => Edge::Sharp(first(point)),
            true => Edge::Faded {
                solid: first(point) + third(point),
                gone: first(point),
            },
        };
        let to = |point: Date| match point.is_approximate() {
            false => Edge::Sharp(after(point)),
            true => Edge::Faded {
                solid: after(point) - third(point),
                gone: after(point),
            },
        };
        let (from, to) = match (start, end) {
            (Some(start), Some(end)) => (from(start), to(end)),
            (Some(start), None) if date.is_ongoing() => (from(start), Edge::Open(after(start))),
            (Some(start), None) => (from(start), Edge::Lost(after(start))),
            // EDTF tells "any time before" from "nobody knows since when".
            (None, Some(end)) if date.to_string().starts_with("..") => {
                (Edge::Open(first(end)), to(end))
            }
            (None, Some(end)) => (Edge::Lost(first(end)), to(end)),
            // No date lacks both ends.
            (None, None) => (Edge::Lost(0), Edge::Lost(0)),
        };
        Mark {
            kind,
            from,
            to,
            uncertain: date.is_uncertain(),
        }
    }

    /// Whether it fades because the date is approximate.
    pub(super) fn is_faded(&self) -> bool {
        [self.from, self.to]
            .iter()
            .any(|edge| matches!(edge, Edge::Faded { .. }))
    }
}

impl Edge {
    /// The outermost day that is known.
    pub(super) fn day(self) -> i32 {
        match self {
            Edge::Sharp(day) | Edge::Open(day) | Edge::Lost(day) => day,
            Edge::Faded { gone, .. } => gone,
        }
    }

    /// Whether it needs room beyond its day.
    pub(super) fn goes_on(self) -> bool {
        matches!(self, Edge::Open(_) | Edge::Lost(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Day;

    fn mark(date: &str) -> Mark {
        Mark::of(&date.parse().unwrap())
    }

    fn day(year: u16, month: u8, day: u8) -> i32 {
        Day::new(year, month, day).unwrap().ordinal()
    }

    #[test]
    fn a_mark_is_as_wide_as_its_date_is_precise() {
        for (date, kind, from, to) in [
            (
                "2017-11-21",
                Kind::Day,
                day(2017, 11, 21),
                day(2017, 11, 22),
            ),
            ("2017-02", Kind::Month, day(2017, 2, 1), day(2017, 3, 1)),
            ("2012", Kind::Year, day(2012, 1, 1), day(2013, 1, 1)),
            ("2013/2018", Kind::Span, day(2013, 1, 1), day(2019, 1, 1)),
        ] {
            let mark = mark(date);
            assert_eq!(mark.kind, kind, "{date}");
            assert_eq!(
                (mark.from, mark.to),
                (Edge::Sharp(from), Edge::Sharp(to)),
                "{date}"
            );
        }
    }

    #[test]
    fn about_a_year_is_solid_in_that_year_and_gone_a_year_away() {
        let mark = mark("2005~");
        let (Edge::Faded { solid, gone }, Edge::Faded { .. }) = (mark.from, mark.to) else {
            panic!("{mark:?}");
        };
        assert_eq!(gone, day(2004, 1, 1));
        assert!((solid - day(2005, 1, 1)).abs() <= 1);
    }

    #[test]
    fn open_and_unknown_ends_differ() {
        assert_eq!(mark("2015/..").to, Edge::Open(day(2016, 1, 1)));
        assert_eq!(mark("2015/").to, Edge::Lost(day(2016, 1, 1)));
        assert_eq!(mark("../2016").from, Edge::Open(day(2016, 1, 1)));
        assert_eq!(mark("/2016").from, Edge::Lost(day(2016, 1, 1)));
    }
}
