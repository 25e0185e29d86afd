//! Days of the Gregorian calendar, years 0001–9999, and counting with them.
//!
//! The calendar is extended backwards over the years before it was in use. Counting past either end
//! stops at that end: no date of ours comes near, and nothing has to be unwrapped.

use std::fmt;

/// The last year EDTF writes with four digits.
const MAX_YEAR: u16 = 9999;

/// An existing day. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// 1 January 0001.
    pub const MIN: Day = Day {
        year: 1,
        month: 1,
        day: 1,
    };
    /// 31 December 9999.
    pub const MAX: Day = Day {
        year: MAX_YEAR,
        month: 12,
        day: 31,
    };

    /// The day, if the calendar has it.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Day> {
        let exists = (1..=MAX_YEAR).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        exists.then_some(Day { year, month, day })
    }

    /// A day whose parts have been checked.
    pub(super) fn of(year: u16, month: u8, day: u8) -> Day {
        debug_assert!(Day::new(year, month, day).is_some(), "{year}-{month}-{day}");
        Day { year, month, day }
    }

    /// Year, 1–9999.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month, 1–12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Day of the month, 1–31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Its number, counting 1 January 0001 as day 1.
    #[must_use]
    pub fn ordinal(self) -> i32 {
        // Years run from March here, so that a leap day is the last day of its year.
        let year = i32::from(self.year) - i32::from(self.month <= 2);
        let month = (i32::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i32::from(self.day) - 1;
        365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 305
    }

    /// The day with this number; the nearest end of the calendar for a number outside it.
    #[must_use]
    pub fn from_ordinal(ordinal: i32) -> Day {
        let ordinal = ordinal.clamp(Day::MIN.ordinal(), Day::MAX.ordinal());
        let days = ordinal + 305;
        let era = days / 146_097;
        let in_era = days % 146_097;
        let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let day_of_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Day {
            year: clamp_year(year),
            month: month as u8,
            day: day as u8,
        }
    }

    /// The day `days` later, earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Day {
        Day::from_ordinal(self.ordinal().saturating_add(days))
    }

    /// The same day of the month `months` later; the last of that month when it is shorter.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        let total = (i32::from(self.year) * 12 + i32::from(self.month) - 1).saturating_add(months);
        if total < 12 {
            return Day::MIN;
        }
        if total >= (i32::from(MAX_YEAR) + 1) * 12 {
            return Day::MAX;
        }
        let (year, month) = (clamp_year(total / 12), (total % 12 + 1) as u8);
        Day {
            year,
            month,
            day: self.day.min(days_in_month(year, month)),
        }
    }
}

/// As EDTF: `2017-11-21`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The year itself, or the nearest one we can write.
pub(super) fn clamp_year(year: i32) -> u16 {
    year.clamp(1, i32::from(MAX_YEAR)) as u16
}

/// The length of a month; 31 for a month that does not exist.
pub(super) fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_the_next_number() {
        let mut day = Day::MIN;
        for ordinal in 1..=Day::MAX.ordinal() {
            assert_eq!(day.ordinal(), ordinal, "{day}");
            assert_eq!(Day::from_ordinal(ordinal), day);
            day = next(day);
        }
    }

    /// The following day by the rules of the calendar alone.
    fn next(day: Day) -> Day {
        Day::new(day.year, day.month, day.day + 1)
            .or_else(|| Day::new(day.year, day.month + 1, 1))
            .or_else(|| Day::new(day.year + 1, 1, 1))
            .unwrap_or(Day::MAX)
    }

    #[test]
    fn ordinals_agree_with_a_known_day() {
        assert_eq!(Day::of(1970, 1, 1).ordinal(), 719_163);
    }

    #[test]
    fn counting_stops_at_the_ends_of_the_calendar() {
        assert_eq!(Day::MIN.plus_days(-1), Day::MIN);
        assert_eq!(Day::MAX.plus_days(i32::MAX), Day::MAX);
        assert_eq!(Day::MIN.plus_months(-1), Day::MIN);
        assert_eq!(Day::MAX.plus_months(1), Day::MAX);
    }

    #[test]
    fn months_keep_the_day_where_they_can() {
        assert_eq!(Day::of(2016, 1, 31).plus_months(1), Day::of(2016, 2, 29));
        assert_eq!(
            Day::of(2017, 11, 21).plus_months(-11),
            Day::of(2016, 12, 21)
        );
    }
}
