//! The days a date may cover, and what follows from them: order and overlap.
//!
//! "Which came first?" has an answer only when the days of one all precede those of the other;
//! [`Date::compare`] says so instead of guessing. A timeline has to print in some order all the
//! same, and for that there is [`Date::sort_key`].
//!
//! An approximate date covers one unit more on either side: `2004~` the years 2003 to 2005,
//! `2010-06~` May to July 2010, an approximate day a week each way.
//! An uncertain one (`?`) covers what it says; the doubt is about the source, not about the width.

use std::cmp::Ordering;

use super::{CalendarUnit, Date, Day, Form, Point};

/// How far an approximate day may be off, in days. "About 21 November" is understood as that week;
/// sources date to the day, so this has not mattered yet.
pub(super) const APPROXIMATE_DAYS: i32 = 7;

/// A stretch of days, both ends included; none for an end that is open or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First day.
    pub earliest: Option<Day>,
    /// Last day.
    pub latest: Option<Day>,
}

impl Span {
    /// Whether the two have a day in common.
    #[must_use]
    pub fn overlaps(&self, other: &Span) -> bool {
        !self.precedes(other) && !other.precedes(self)
    }

    /// Whether every day of `other` is a day of this one.
    #[must_use]
    pub fn contains(&self, other: &Span) -> bool {
        let from = match (self.earliest, other.earliest) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(its)) => mine <= its,
        };
        let to = match (self.latest, other.latest) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(its)) => its <= mine,
        };
        from && to
    }

    /// Whether this ends before `other` starts.
    fn precedes(&self, other: &Span) -> bool {
        matches!((self.latest, other.earliest), (Some(end), Some(start)) if end < start)
    }

    /// The day, when it is only one.
    fn single(&self) -> Option<Day> {
        self.earliest.filter(|_| self.earliest == self.latest)
    }
}

/// Orders dates for a timeline: by the start as written, then the wider first, so that a year stands
/// above what happened in it. "No later than" stands at its end.
///
/// Agrees with [`Date::compare`] wherever that gives an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SortKey(i32, std::cmp::Reverse<i32>);

impl Date {
    /// The days it may cover, approximate ends widened (see the [module](self)).
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            earliest: self.earliest(),
            latest: self.latest(),
        }
    }

    /// The days it names: marks are left aside, so that "about 2005" names 2005.
    #[must_use]
    pub fn named(&self) -> Span {
        let (earliest, latest) = match self.0 {
            Form::At(point) => (Some(point.unit.first()), Some(point.unit.last())),
            Form::Between(start, end) => (Some(start.unit.first()), Some(end.unit.last())),
            Form::From(start, _) => (Some(start.unit.first()), None),
            Form::To(_, end) => (None, Some(end.unit.last())),
        };
        Span { earliest, latest }
    }

    /// The first day it may cover; none when the start is open or unknown.
    #[must_use]
    pub fn earliest(&self) -> Option<Day> {
        match self.0 {
            Form::At(point) | Form::From(point, _) | Form::Between(point, _) => {
                Some(point.earliest())
            }
            Form::To(..) => None,
        }
    }

    /// The last day it may cover; none when the end is open or unknown.
    #[must_use]
    pub fn latest(&self) -> Option<Day> {
        match self.0 {
            Form::At(point) | Form::To(_, point) | Form::Between(_, point) => Some(point.latest()),
            Form::From(..) => None,
        }
    }

    /// Which of two came first; none when that cannot be said because they overlap. Equal only for
    /// the same single day.
    ///
    /// To ask which *started* first, compare their [`start`](Date::start)s.
    #[must_use]
    pub fn compare(&self, other: &Date) -> Option<Ordering> {
        let (mine, its) = (self.span(), other.span());
        if mine.precedes(&its) {
            Some(Ordering::Less)
        } else if its.precedes(&mine) {
            Some(Ordering::Greater)
        } else {
            (mine.single().is_some() && mine.single() == its.single()).then_some(Ordering::Equal)
        }
    }

    /// Whether any of its days lies in `span`.
    #[must_use]
    pub fn overlaps(&self, span: &Span) -> bool {
        self.span().overlaps(span)
    }

    /// Whether all days of `span` are among its days.
    #[must_use]
    pub fn contains(&self, span: &Span) -> bool {
        self.span().contains(span)
    }

    /// A total order for timelines.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let (start, end) = match self.0 {
            Form::At(point) => (point.unit.first(), point.unit.last()),
            Form::Between(start, end) => (start.unit.first(), end.unit.last()),
            Form::From(start, _) => (start.unit.first(), Day::MAX),
            Form::To(_, end) => (end.unit.last(), end.unit.last()),
        };
        SortKey(start.ordinal(), std::cmp::Reverse(end.ordinal()))
    }
}

impl Point {
    /// The first day it may cover.
    pub(super) fn earliest(self) -> Day {
        self.unit.shifted(-self.slack()).first()
    }

    /// The last day it may cover.
    pub(super) fn latest(self) -> Day {
        self.unit.shifted(self.slack()).last()
    }

    /// How far it may be off, in its own unit.
    pub(super) fn slack(self) -> i32 {
        match self.unit {
            _ if !self.approximate => 0,
            CalendarUnit::Year(_) | CalendarUnit::Month(..) => 1,
            CalendarUnit::Day(_) => APPROXIMATE_DAYS,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::edtf::tests::any_date;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn bounds_cover_what_the_source_leaves_open() {
        for (text, bounds) in [
            ("2017-11-21", "2017-11-21 2017-11-21"),
            ("2016-02", "2016-02-01 2016-02-29"),
            ("2012", "2012-01-01 2012-12-31"),
            ("2004~", "2003-01-01 2005-12-31"),
            ("2010-12~", "2010-11-01 2011-01-31"),
            ("2010-12-28~", "2010-12-21 2011-01-04"),
            ("2016?", "2016-01-01 2016-12-31"),
            ("2016%", "2015-01-01 2017-12-31"),
            ("2004-11/2005-02", "2004-11-01 2005-02-28"),
            ("2004~/2005-02", "2003-01-01 2005-02-28"),
            ("2015/..", "2015-01-01 -"),
            ("2015/", "2015-01-01 -"),
            ("../2016-04-18", "- 2016-04-18"),
            ("0001~", "0001-01-01 0002-12-31"),
            ("9999-12~", "9999-11-01 9999-12-31"),
        ] {
            let show = |day: Option<Day>| day.map_or("-".to_owned(), |day| day.to_string());
            let span = date(text).span();
            assert_eq!(
                format!("{} {}", show(span.earliest), show(span.latest)),
                bounds,
                "{text}"
            );
        }
    }

    #[test]
    fn dates_that_overlap_have_no_order() {
        use Ordering::{Equal, Greater, Less};
        for (a, b, order) in [
            ("2012", "2013", Some(Less)),
            ("2017-11-21", "2017-02", Some(Greater)),
            ("2017-11-21", "2017-11-21", Some(Equal)),
            ("2017-11-21", "2017-11-21?", Some(Equal)),
            ("2012", "2012", None),
            ("2012", "2012-03-01", None),
            ("2004~", "2005", None),
            ("2004~", "2006-01", Some(Less)),
            ("2004-11/2005-02", "2005-03", Some(Less)),
            ("2015/..", "2014-12-31", Some(Greater)),
            ("2015/..", "2020", None),
            ("../2016-04-18", "2016-04-19", Some(Less)),
            ("../2016-04-18", "2010", None),
            ("2010/..", "2015/..", None),
        ] {
            assert_eq!(date(a).compare(&date(b)), order, "{a} against {b}");
        }
    }

    #[test]
    fn spans_overlap_when_they_share_a_day() {
        for (a, b, overlaps, contains) in [
            ("2012", "2012-03", true, true),
            ("2012-03", "2012", true, false),
            ("2015/2018", "2014", false, false),
            ("2015/2018", "2018-12-31", true, true),
            ("2015/2018", "2018/2019", true, false),
            ("2015/..", "2016/..", true, true),
            ("2015/..", "../2016", true, false),
            ("2015/..", "../2014", false, false),
            ("../2016", "../2015", true, true),
        ] {
            assert_eq!(
                date(a).overlaps(&date(b).span()),
                overlaps,
                "{a} overlaps {b}"
            );
            assert_eq!(
                date(a).contains(&date(b).span()),
                contains,
                "{a} contains {b}"
            );
        }
    }

    #[test]
    fn timelines_put_a_year_above_what_happened_in_it() {
        let mut dates = [
            "2015/..",
            "2012-01-01",
            "2012",
            "2012-01",
            "../2011",
            "2004~",
            "2004-11/2005-02",
            "2005",
        ];
        dates.sort_by_key(|text| date(text).sort_key());
        assert_eq!(
            dates,
            [
                "2004~",
                "2004-11/2005-02",
                "2005",
                "../2011",
                "2012",
                "2012-01",
                "2012-01-01",
                "2015/.."
            ]
        );
    }

    proptest! {
        #[test]
        fn compare_is_antisymmetric(a in any_date(), b in any_date()) {
            prop_assert_eq!(a.compare(&b), b.compare(&a).map(Ordering::reverse));
            prop_assert_eq!(a.overlaps(&b.span()), b.overlaps(&a.span()));
        }

        #[test]
        fn timelines_agree_with_compare(a in any_date(), b in any_date()) {
            match a.compare(&b) {
                Some(Ordering::Equal) | None => {}
                order => prop_assert_eq!(Some(a.sort_key().cmp(&b.sort_key())), order),
            }
        }

        #[test]
        fn a_date_contains_and_overlaps_itself(a in any_date()) {
            prop_assert!(a.contains(&a.span()) && a.overlaps(&a.span()));
        }
    }
}
