//! Days to places on the axis, and the labels that stand there.

use crate::date::Day;
use crate::lang::Lang;
use crate::reply::Words;

use super::mark::Mark;

/// Room beside the axis for marks that go on beyond it.
const REACH: f32 = 40.0;
/// Labels stand at least so far apart.
const LABEL_GAP: f32 = 46.0;
/// Up to so many years the axis shows months.
const YEARS_WITH_MONTHS: i32 = 3;
/// Steps between labelled months, finest first.
const MONTH_STEPS: [u8; 3] = [3, 6, 12];
/// Steps between labelled years, finest first.
const YEAR_STEPS: [i32; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/// A time axis over whole years.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// First and last year, both whole.
    years: (u16, u16),
    /// First day, and the day after the last.
    days: (i32, i32),
    /// Where those two are.
    places: (f32, f32),
}

/// A labelled place on the axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) x: f32,
    pub(super) label: String,
    /// A year, rather than a month within one.
    pub(super) year: bool,
}

impl Scale {
    /// The whole years that `marks` lie in, from place `left` to place `right`; none without marks.
    pub(super) fn over(marks: &[Mark], left: f32, right: f32) -> Option<Scale> {
        let first = marks.iter().flat_map(|m| [m.from.day(), m.to.day() - 1]);
        let last = first.clone().max()?;
        let first = first.min()?;
        let years = (
            Day::from_ordinal(first).year(),
            Day::from_ordinal(last).year(),
        );
        let start = january(years.0);
        let end = Day::new(years.1, 12, 31).map_or(start + 365, |day| day.ordinal() + 1);
        let reach = |goes_on: bool| if goes_on { REACH } else { 0.0 };
        Some(Scale {
            years,
            days: (start, end),
            places: (
                left + reach(marks.iter().any(|mark| mark.from.goes_on())),
                right - reach(marks.iter().any(|mark| mark.to.goes_on())),
            ),
        })
    }

    /// Where a day begins.
    pub(super) fn x(&self, day: i32) -> f32 {
        let (first, last) = self.days;
        let (left, right) = self.places;
        let share = f64::from(day - first) / f64::from((last - first).max(1));
        left + (right - left) * share.clamp(0.0, 1.0) as f32
    }

    /// The labelled places, left to right.
    pub(super) fn ticks(&self, lang: Lang) -> Vec<Tick> {
        let (first, last) = (i32::from(self.years.0), i32::from(self.years.1));
        let years = last - first + 1;
        let per_year = (self.places.1 - self.places.0) / years as f32;
        if years <= YEARS_WITH_MONTHS {
            let fits = |step: &u8| per_year * f32::from(*step) / 12.0 >= LABEL_GAP;
            let step = MONTH_STEPS.into_iter().find(fits).unwrap_or(12);
            return (self.years.0..=self.years.1)
                .flat_map(|year| (1..=12).step_by(usize::from(step)).map(move |m| (year, m)))
                .filter_map(|(year, month)| {
                    Some(Tick {
                        x: self.x(Day::new(year, month, 1)?.ordinal()),
                        label: match month {
                            1 => year.to_string(),
                            _ => Words(lang).short_month(month).to_owned(),
                        },
                        year: month == 1,
                    })
                })
                .collect();
        }
        let fits = |step: &i32| per_year * *step as f32 >= LABEL_GAP;
        let step = YEAR_STEPS.into_iter().find(fits).unwrap_or(10_000);
        (self.years.0..=self.years.1)
            .filter(|year| i32::from(*year) % step == 0)
            .map(|year| Tick {
                x: self.x(january(year)),
                label: year.to_string(),
                year: true,
            })
            .collect()
    }
}

/// The first day of a year.
fn january(year: u16) -> i32 {
    Day::new(year, 1, 1).map_or(0, |day| day.ordinal())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reply::timeline::tests::any_date;

    fn scale(dates: &[&str]) -> Scale {
        let marks: Vec<Mark> = dates
            .iter()
            .map(|date| Mark::of(&date.parse().unwrap()))
            .collect();
        Scale::over(&marks, 0.0, 400.0).unwrap()
    }

    fn labels(dates: &[&str]) -> Vec<String> {
        let ticks = scale(dates).ticks(Lang::En);
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_year_shows_its_quarters_and_centuries_their_decades() {
        assert_eq!(labels(&["2017-02"]), ["2017", "Apr", "Jul", "Oct"]);
        assert_eq!(labels(&["2012", "2015"]), ["2012", "2013", "2014", "2015"]);
        assert_eq!(
            labels(&["1702", "2016"]),
            ["1750", "1800", "1850", "1900", "1950", "2000"]
        );
    }

    #[test]
    fn no_marks_no_axis() {
        assert!(Scale::over(&[], 0.0, 400.0).is_none());
    }

    proptest! {
        #[test]
        fn every_date_lies_on_the_axis_and_labels_stand_apart(
            dates in prop::collection::vec(any_date(), 1..6)
        ) {
            let marks: Vec<Mark> = dates.iter().map(Mark::of).collect();
            let scale = Scale::over(&marks, 10.0, 410.0).unwrap();
            for mark in &marks {
                let (from, to) = (scale.x(mark.from.day()), scale.x(mark.to.day()));
                prop_assert!((10.0..=410.0).contains(&from) && (10.0..=410.0).contains(&to));
            }
            let ticks = scale.ticks(Lang::Fr);
            // An axis too long for any step has no label within; one year always has its own.
            prop_assert!(ticks.windows(2).all(|t| t[1].x - t[0].x >= LABEL_GAP - 2.0));
        }
    }
}
