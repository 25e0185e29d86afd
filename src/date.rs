//! Dates as precise as their source, and no more.
//!
//! Sources say "21 November 2017", "February 2017" or "about 2004". A [`Date`] keeps exactly that,
//! written as EDTF (ISO 8601-2), and everything else follows from the days it may cover: order,
//! overlap, words, durations. A month never turns into its first day, and two dates whose days
//! overlap are not put in order.
//!
//! | written | meaning | in English |
//! |---|---|---|
//! | `2017-11-21`, `2017-02`, `2012` | a day, a month, a year | 21 November 2017 |
//! | `2004~` | approximate | about 2004 |
//! | `2016?` | the source is in doubt | 2016 (uncertain) |
//! | `2016%` | both | about 2016 (uncertain) |
//! | `2004-11/2005-02` | from one to the other; each end may carry a mark | from November 2004 to February 2005 |
//! | `2015/..` | still so | since 2015 |
//! | `../2016-04-18` | no later than | no later than 18 April 2016 |
//! | `2015/`, `/2016` | the other end is not known | from 2015, end unknown |
//!
//! Not here: the clock (callers bring today's [`Day`]), times of day, years outside 0001–9999, and
//! the rest of EDTF (seasons, sets, unspecified digits).
//!
//! - [`day`]: days and the calendar
//! - [`edtf`]: reading and writing EDTF
//! - [`span`]: the days a date may cover; order and overlap
//! - [`render`]: dates in words
//! - [`mod@elapsed`]: the time between two dates, in words
//! - [`mention`]: dates in what people type

pub mod day;
pub mod edtf;
pub mod elapsed;
pub mod mention;
pub mod render;
pub mod span;

pub use day::Day;
pub use edtf::DateError;
pub use elapsed::{Elapsed, elapsed};
pub use mention::{Mention, MentionKind};
pub use span::{SortKey, Span};

use day::days_in_month;

/// When something happened or held, as precise as its source.
///
/// ```
/// use cara_bot::{date::Date, lang::Lang};
///
/// let date: Date = "2004-11/2005-02".parse()?;
/// assert_eq!(date.to_string(), "2004-11/2005-02");
/// assert_eq!(date.render(Lang::Fr), "de novembre 2004 à février 2005");
/// # Ok::<(), cara_bot::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date(Form);

/// The shapes a date can have. At least one end is always known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    At(Point),
    /// The second point does not end before the first starts.
    Between(Point, Point),
    From(Point, Missing),
    To(Missing, Point),
}

/// Why an interval lacks an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Missing {
    /// `..`: there is none.
    Open,
    /// Nothing written: there is one, nobody knows when.
    Unknown,
}

/// A day, month or year with its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Point {
    unit: CalendarUnit,
    approximate: bool,
    uncertain: bool,
}

/// A day, month or year of the calendar; always an existing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum CalendarUnit {
    Year(u16),
    Month(u16, u8),
    Day(Day),
}

/// How finely a date is known, coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
}

impl Date {
    /// How finely the date is known; of an interval, its coarser end.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match self.0 {
            Form::At(point) | Form::From(point, _) | Form::To(_, point) => point.precision(),
            Form::Between(start, end) => start.precision().min(end.precision()),
        }
    }

    /// Whether any end is marked approximate (`~` or `%`).
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.points().any(|point| point.approximate)
    }

    /// Whether any end is marked uncertain (`?` or `%`).
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.points().any(|point| point.uncertain)
    }

    /// Whether the date is an interval, open or closed.
    #[must_use]
    pub fn is_interval(&self) -> bool {
        !matches!(self.0, Form::At(_))
    }

    /// Whether the date is a state that still holds: `2015/..`.
    #[must_use]
    pub fn is_ongoing(&self) -> bool {
        matches!(self.0, Form::From(_, Missing::Open))
    }

    /// The start of an interval, or the date itself; none when the start is open or unknown.
    #[must_use]
    pub fn start(&self) -> Option<Date> {
        match self.0 {
            Form::At(point) | Form::From(point, _) | Form::Between(point, _) => Some(point.into()),
            Form::To(..) => None,
        }
    }

    /// The end of an interval, or the date itself; none when the end is open or unknown.
    #[must_use]
    pub fn end(&self) -> Option<Date> {
        match self.0 {
            Form::At(point) | Form::To(_, point) | Form::Between(_, point) => Some(point.into()),
            Form::From(..) => None,
        }
    }

    /// The years the date names, first and last; equal but for an interval with two ends.
    #[must_use]
    pub fn years(&self) -> (u16, u16) {
        match self.0 {
            Form::At(point) | Form::From(point, _) | Form::To(_, point) => {
                (point.year(), point.year())
            }
            Form::Between(start, end) => (start.year(), end.year()),
        }
    }

    /// From the start of one date to the end of another; none when either is not known, or the second ends before
    /// the first starts.
    #[must_use]
    pub fn between(first: &Date, last: &Date) -> Option<Date> {
        let start = first.start()?.points().next()?;
        let end = last.end()?.points().next()?;
        (start.unit.first() <= end.unit.last()).then_some(Date(Form::Between(start, end)))
    }

    fn points(&self) -> impl Iterator<Item = Point> + use<> {
        let (first, second) = match self.0 {
            Form::At(point) | Form::From(point, _) | Form::To(_, point) => (point, None),
            Form::Between(start, end) => (start, Some(end)),
        };
        std::iter::once(first).chain(second)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        Point::from(CalendarUnit::Day(day)).into()
    }
}

impl From<Point> for Date {
    fn from(point: Point) -> Self {
        Date(Form::At(point))
    }
}

impl From<CalendarUnit> for Point {
    fn from(unit: CalendarUnit) -> Self {
        Point {
            unit,
            approximate: false,
            uncertain: false,
        }
    }
}

impl Point {
    fn year(self) -> u16 {
        match self.unit {
            CalendarUnit::Year(year) | CalendarUnit::Month(year, _) => year,
            CalendarUnit::Day(day) => day.year(),
        }
    }

    fn precision(self) -> Precision {
        match self.unit {
            CalendarUnit::Year(_) => Precision::Year,
            CalendarUnit::Month(..) => Precision::Month,
            CalendarUnit::Day(_) => Precision::Day,
        }
    }
}

impl CalendarUnit {
    /// Its first day.
    fn first(self) -> Day {
        match self {
            CalendarUnit::Year(year) => Day::of(year, 1, 1),
            CalendarUnit::Month(year, month) => Day::of(year, month, 1),
            CalendarUnit::Day(day) => day,
        }
    }

    /// Its last day.
    fn last(self) -> Day {
        match self {
            CalendarUnit::Year(year) => Day::of(year, 12, 31),
            CalendarUnit::Month(year, month) => Day::of(year, month, days_in_month(year, month)),
            CalendarUnit::Day(day) => day,
        }
    }

    /// The same kind of unit, `steps` later (earlier when negative); stays within 0001–9999.
    fn shifted(self, steps: i32) -> CalendarUnit {
        match self {
            CalendarUnit::Year(year) => {
                CalendarUnit::Year(day::clamp_year(i32::from(year) + steps))
            }
            CalendarUnit::Month(year, month) => {
                let day = Day::of(year, month, 1).plus_months(steps);
                CalendarUnit::Month(day.year(), day.month())
            }
            CalendarUnit::Day(day) => CalendarUnit::Day(day.plus_days(steps)),
        }
    }
}
