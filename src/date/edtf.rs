//! Reading and writing EDTF.
//!
//! The reader accepts one way to write each date, so what it accepts is what `Display` gives back,
//! and its errors tell an author what to write instead.

use std::{fmt, str::FromStr};

use super::{CalendarUnit, Date, Day, Form, Missing, Point, days_in_month};

/// What is wrong with a date, and what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing was written.
    #[error("empty date: write `2017`, `2017-02` or `2017-11-21`")]
    Empty,
    /// Not of the shape of a date.
    #[error("`{0}` is not a date: write `2017`, `2017-02` or `2017-11-21`")]
    Shape(String),
    /// A mark somewhere else than at the end, or several of them.
    #[error(
        "`{0}` has its mark in the wrong place: write one mark at the end, `2004~` for about, `2004?` for uncertain, `2004%` for both"
    )]
    Mark(String),
    /// More than one `/`.
    #[error(
        "`{0}` has more than one `/`: write a day as `2017-11-21` and an interval as `2004-11/2005-02`"
    )]
    Slashes(String),
    /// Neither a start nor an end.
    #[error(
        "`{0}` has neither start nor end: write at least one, such as `2015/..` or `../2016-04-18`"
    )]
    NoEnd(String),
    /// The year 0000.
    #[error("year 0000: years run from 0001 to 9999")]
    Year,
    /// A month outside 01–12.
    #[error("month {0:02}: months run from 01 to 12")]
    Month(u8),
    /// A day its month does not have.
    #[error(
        "day {day:02} in a {length}-day month: {year:04}-{month:02} has the days 01 to {length}"
    )]
    Day {
        /// The year written.
        year: u16,
        /// The month written.
        month: u8,
        /// The day written.
        day: u8,
        /// How many days that month has.
        length: u8,
    },
    /// The end lies before the start.
    #[error("interval ends before it starts: did you mean `{end}/{start}`?")]
    Backwards {
        /// The start written.
        start: String,
        /// The end written.
        end: String,
    },
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        if text.is_empty() {
            return Err(DateError::Empty);
        }
        let Some((start, end)) = text.split_once('/') else {
            return Ok(parse_point(text)?.into());
        };
        if end.contains('/') {
            return Err(DateError::Slashes(text.to_owned()));
        }
        match (missing(start), missing(end)) {
            (Some(_), Some(_)) => Err(DateError::NoEnd(text.to_owned())),
            (None, Some(end)) => Ok(Date(Form::From(parse_point(start)?, end))),
            (Some(start), None) => Ok(Date(Form::To(start, parse_point(end)?))),
            (None, None) => {
                let (from, to) = (parse_point(start)?, parse_point(end)?);
                if to.unit.last() < from.unit.first() {
                    let (start, end) = (start.to_owned(), end.to_owned());
                    return Err(DateError::Backwards { start, end });
                }
                Ok(Date(Form::Between(from, to)))
            }
        }
    }
}

fn missing(end: &str) -> Option<Missing> {
    match end {
        ".." => Some(Missing::Open),
        "" => Some(Missing::Unknown),
        _ => None,
    }
}

fn parse_point(text: &str) -> Result<Point, DateError> {
    const MARKS: [char; 3] = ['~', '?', '%'];
    let bare = text.strip_suffix(MARKS).unwrap_or(text);
    if bare.contains(MARKS) {
        return Err(DateError::Mark(text.to_owned()));
    }
    let mark = &text[bare.len()..];
    Ok(Point {
        unit: parse_unit(bare)
            .map_err(|error| error.unwrap_or_else(|| DateError::Shape(text.to_owned())))?,
        approximate: matches!(mark, "~" | "%"),
        uncertain: matches!(mark, "?" | "%"),
    })
}

/// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the error is none when it is none of these.
fn parse_unit(text: &str) -> Result<CalendarUnit, Option<DateError>> {
    let mut parts = text.split('-');
    let year: u16 = digits(parts.next(), 4).ok_or(None)?;
    let month = parts
        .next()
        .map(|part| digits(Some(part), 2).ok_or(None))
        .transpose()?;
    let day = parts
        .next()
        .map(|part| digits(Some(part), 2).ok_or(None))
        .transpose()?;
    if parts.next().is_some() {
        return Err(None);
    }
    if year == 0 {
        return Err(Some(DateError::Year));
    }
    let Some(month) = month.map(|month| month as u8) else {
        return Ok(CalendarUnit::Year(year));
    };
    if !(1..=12).contains(&month) {
        return Err(Some(DateError::Month(month)));
    }
    let Some(day) = day.map(|day| day as u8) else {
        return Ok(CalendarUnit::Month(year, month));
    };
    let length = days_in_month(year, month);
    Day::new(year, month, day)
        .map(CalendarUnit::Day)
        .ok_or(Some(DateError::Day {
            year,
            month,
            day,
            length,
        }))
}

/// The number written with exactly `width` digits.
fn digits(part: Option<&str>, width: usize) -> Option<u16> {
    part.filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?
        .parse()
        .ok()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Form::At(point) => write!(f, "{point}"),
            Form::Between(start, end) => write!(f, "{start}/{end}"),
            Form::From(start, end) => write!(f, "{start}/{end}"),
            Form::To(start, end) => write!(f, "{start}/{end}"),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Missing::Open => "..",
            Missing::Unknown => "",
        })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            CalendarUnit::Year(year) => write!(f, "{year:04}")?,
            CalendarUnit::Month(year, month) => write!(f, "{year:04}-{month:02}")?,
            CalendarUnit::Day(day) => write!(f, "{day}")?,
        }
        f.write_str(match (self.approximate, self.uncertain) {
            (false, false) => "",
            (true, false) => "~",
            (false, true) => "?",
            (true, true) => "%",
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any date we can write, as EDTF.
    pub(in crate::date) fn edtf() -> impl Strategy<Value = String> {
        let unit =
            (1..=9999u16, 1..=12u8, 1..=31u8, 0..3u8).prop_map(|(year, month, day, kind)| {
                let day = day.min(days_in_month(year, month));
                match kind {
                    0 => format!("{year:04}"),
                    1 => format!("{year:04}-{month:02}"),
                    _ => format!("{year:04}-{month:02}-{day:02}"),
                }
            });
        let point = (unit, prop::sample::select(vec!["", "~", "?", "%"]))
            .prop_map(|(unit, mark)| unit + mark);
        prop_oneof![
            3 => point.clone(),
            1 => point.clone().prop_map(|start| start + "/.."),
            1 => point.clone().prop_map(|start| start + "/"),
            1 => point.clone().prop_map(|end| format!("../{end}")),
            1 => point.clone().prop_map(|end| format!("/{end}")),
            2 => (point.clone(), point).prop_map(|(a, b)| {
                if a <= b { format!("{a}/{b}") } else { format!("{b}/{a}") }
            }),
        ]
        .prop_filter("an interval that runs forwards", |text| {
            text.parse::<Date>().is_ok()
        })
    }

    /// Any date.
    pub(in crate::date) fn any_date() -> impl Strategy<Value = Date> {
        edtf().prop_map(|text| text.parse().unwrap())
    }

    proptest! {
        #[test]
        fn display_gives_back_what_was_read(text in edtf()) {
            prop_assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<Date>();
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "[0-9~?%/.-]{0,22}") {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_what_to_write() {
        for (text, message) in [
            ("", "empty date: write `2017`, `2017-02` or `2017-11-21`"),
            (
                "soon",
                "`soon` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                "2017-2",
                "`2017-2` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                "2017-02-03-04",
                "`2017-02-03-04` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                " 2017",
                "` 2017` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                "+017",
                "`+017` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                "..",
                "`..` is not a date: write `2017`, `2017-02` or `2017-11-21`",
            ),
            (
                "~2004",
                "`~2004` has its mark in the wrong place: write one mark at the end, `2004~` for about, `2004?` for uncertain, `2004%` for both",
            ),
            (
                "2004?~",
                "`2004?~` has its mark in the wrong place: write one mark at the end, `2004~` for about, `2004?` for uncertain, `2004%` for both",
            ),
            (
                "21/11/2017",
                "`21/11/2017` has more than one `/`: write a day as `2017-11-21` and an interval as `2004-11/2005-02`",
            ),
            (
                "../..",
                "`../..` has neither start nor end: write at least one, such as `2015/..` or `../2016-04-18`",
            ),
            ("0000", "year 0000: years run from 0001 to 9999"),
            ("2017-13", "month 13: months run from 01 to 12"),
            (
                "2017-04-31",
                "day 31 in a 30-day month: 2017-04 has the days 01 to 30",
            ),
            (
                "2017-02-29",
                "day 29 in a 28-day month: 2017-02 has the days 01 to 28",
            ),
            (
                "2005/2004-11",
                "interval ends before it starts: did you mean `2004-11/2005`?",
            ),
        ] {
            let error = text.parse::<Date>().unwrap_err();
            assert_eq!(error.to_string(), message, "{text:?}");
        }
    }

    #[test]
    fn an_interval_may_end_within_its_first_year() {
        assert!("2004-11/2004".parse::<Date>().is_ok());
        assert!("2012/2012".parse::<Date>().is_ok());
    }
}
