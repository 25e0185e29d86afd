//! One calendar expression: "21 November 2017", "early 2005", « été 2014 », "the 2000s".
//!
//! Each method of [`Reader`] reads one form at a token and says where it ends; [`Reader::expression`]
//! tries them, the most specific first. A form without a year is not a date.

use super::{
    tokens::{Kind, Token},
    vocabulary::{
        ABOUT_TOPIC, APPROXIMATELY, ARTICLES, COUNTED, COUNTED_PARTS, LEADS, OR_SO,
        ORDINAL_ENDINGS, ORDINALS, PART_LETTERS, QUANTITY_MARKS, SEASONS, THIRDS, Third, UNITS,
        VERY_END, WEEKDAYS, misspelt_month, month,
    },
};
use crate::date::{CalendarUnit, Day};

/// The years a bare number may mean. What people ask about lies well within; outside, a four-digit
/// number is more often a count.
const YEARS: std::ops::RangeInclusive<u16> = 1800..=2099;

/// From the start of `first` to the end of `last`, which are equal for a plain day, month or year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expression {
    pub(super) first: CalendarUnit,
    pub(super) last: CalendarUnit,
    pub(super) approximate: bool,
    /// Said as "the end of": before it is before that end, not before its beginning.
    pub(super) very_end: bool,
    /// Index of the token after it.
    pub(super) next: usize,
}

impl Expression {
    fn new(first: CalendarUnit, last: CalendarUnit, next: usize) -> Self {
        Expression {
            first,
            last,
            approximate: false,
            very_end: false,
            next,
        }
    }

    fn unit(unit: CalendarUnit, next: usize) -> Self {
        Expression::new(unit, unit, next)
    }
}

/// Reads expressions at a position among the tokens. Positions past the end hold nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    /// The expression that starts exactly at `at`.
    pub(super) fn expression(self, at: usize) -> Option<Expression> {
        let (approximate, start) = match self.approximately(at) {
            Some(next) => (true, self.skip_words(next, ARTICLES, 3)),
            None => (false, at),
        };
        let mut found = self.exact_expression(start)?;
        found.approximate = approximate;
        if let Some(next) = self.one_of(found.next, OR_SO) {
            // « 2010 environ 300 membres » goes on with a count.
            if self.number(next).is_none() {
                found.approximate = true;
                found.next = next;
            }
        }
        Some(found)
    }

    fn approximately(self, at: usize) -> Option<usize> {
        if self.mark(at) == Some('~') {
            return Some(at + 1);
        }
        let next = self.one_of(at, APPROXIMATELY)?;
        let before = at.checked_sub(1).and_then(|before| self.word(before));
        let topic = self.word(at) == Some("about")
            && before.is_some_and(|word| ABOUT_TOPIC.contains(&word));
        (!topic).then_some(next)
    }

    fn exact_expression(self, at: usize) -> Option<Expression> {
        self.numeric(at)
            .or_else(|| self.day_month_year(at))
            .or_else(|| self.month_day_year(at))
            .or_else(|| self.third(at))
            .or_else(|| self.season(at))
            .or_else(|| self.counted_part(at))
            .or_else(|| self.plain(at))
    }

    /// What may stand after "early" or "the end of".
    fn plain(self, at: usize) -> Option<Expression> {
        self.month_year(at)
            .or_else(|| self.decade(at))
            .or_else(|| self.year(at))
    }

    /// Figures alone: `2017-11-21`, `21/11/2017`, `2017-11`, `11/2017`. The day comes first unless
    /// only the other reading exists.
    fn numeric(self, at: usize) -> Option<Expression> {
        self.number(at)?;
        let separator = self
            .mark(at + 1)
            .filter(|mark| ['-', '/', '.'].contains(mark))?;
        // In "32/12/2017" the rest is no date either.
        if at >= 2 && self.joins(at - 1, separator) && self.number(at - 2).is_some() {
            return None;
        }
        let parts: Vec<&str> = (at..self.tokens.len())
            .step_by(2)
            .take_while(|&i| i == at || self.joins(i - 1, separator))
            .map_while(|i| self.number(i))
            .take(4)
            .collect();
        let next = at + 2 * parts.len() - 1;
        let value = |i: usize| parse(parts[i]);
        let unit = match *parts.iter().map(|part| part.len()).collect::<Vec<_>>() {
            [4, 1..=2, 1..=2] => day(value(0)?, value(1)?, value(2)?)?,
            [1..=2, 1..=2, 4] => day_or_month_first(value(2)?, value(1)?, value(0)?)?,
            // Two figures for the year need the slashes to be told from a version or a section.
            [1..=2, 1..=2, 2] if separator == '/' => {
                day_or_month_first(2000 + value(2)?, value(1)?, value(0)?)?
            }
            // "2010/11" is a season of two years, "2010-11" is November.
            [4, 2]
                if separator == '-' || (separator == '/' && value(1)? != (value(0)? + 1) % 100) =>
            {
                month_of(value(0)?, value(1)?)?
            }
            [1..=2, 4] if separator != '.' => month_of(value(1)?, value(0)?)?,
            _ => return None,
        };
        Some(Expression::unit(unit, next))
    }

    /// "21 November 2017", "the 21st of Nov., 2017", « mardi 1er janvier 2022 ».
    fn day_month_year(self, at: usize) -> Option<Expression> {
        let (number, next) = self.day_number(self.skip_weekday(at))?;
        let at = self.skip_marks(next, &['-', '.', '/'], 1);
        let at = self.skip_words(at, &["of", "de", "d", "du", "the"], 2);
        let (year, next) = self.year_after_month(at + 1)?;
        let month = misspelt_month(self.word(at)?)?;
        Some(Expression::unit(day(year, month.into(), number)?, next))
    }

    /// "Nov 21, 2017", "November the 21st 2017".
    fn month_day_year(self, at: usize) -> Option<Expression> {
        let at = self.skip_weekday(at);
        let start = self.skip_marks(at + 1, &['.'], 1);
        let (number, next) = self.day_number(self.skip_words(start, &["the"], 1))?;
        let next = self.skip_words(self.skip_marks(next, &[','], 1), &["of", "in"], 1);
        let year = self.year_number(next)?;
        let month = misspelt_month(self.word(at)?)?;
        Some(Expression::unit(day(year, month.into(), number)?, next + 1))
    }

    /// "November 2017", « nov. 2017 », "November of 2017".
    fn month_year(self, at: usize) -> Option<Expression> {
        let (year, next) = self.year_after_month(at + 1)?;
        let month = misspelt_month(self.word(at)?)?;
        Some(Expression::unit(month_of(year, month.into())?, next))
    }

    /// "early 2005", « fin 2004 », « mi-novembre 2017 », "the late 1990s".
    fn third(self, at: usize) -> Option<Expression> {
        let word = self.word(at)?;
        let &(_, third, needs_of) = THIRDS.iter().find(|(known, ..)| *known == word)?;
        if needs_of && !matches!(self.word(at + 1)?, "of" | "de" | "du" | "d") {
            return None;
        }
        let mut next = self.skip_marks(at + 1, &['-'], 1);
        if matches!(word, "early" | "late") {
            next = self.skip_words(next, &["in"], 1);
        }
        const OF: &[&str] = &[
            "of", "the", "de", "d", "du", "des", "l", "la", "le", "les", "year", "annee", "an",
        ];
        let whole = self.plain(self.skip_words(next, OF, 4))?;
        let (first, last) = third_of(whole.first, whole.last, third);
        Some(Expression {
            very_end: VERY_END.contains(&word),
            ..Expression::new(first, last, whole.next)
        })
    }

    /// "summer 2014", « été 2014 », "winter 2014/15".
    fn season(self, at: usize) -> Option<Expression> {
        let word = self.word(at)?;
        let &(_, month, length) = SEASONS.iter().find(|(name, ..)| *name == word)?;
        let (year, mut next) = self.year_of(at + 1)?;
        if month + length > 13 && (self.joins(next, '-') || self.joins(next, '/')) {
            let second = self.number(next + 1).and_then(parse);
            if second.is_some_and(|second| second == year + 1 || second == (year + 1) % 100) {
                next += 2;
            }
        }
        let first = CalendarUnit::Month(year, month);
        Some(Expression::new(
            first,
            first.shifted(i32::from(length) - 1),
            next,
        ))
    }

    /// "first quarter of 2015", « 2e semestre 2015 », `Q3 2015`.
    fn counted_part(self, at: usize) -> Option<Expression> {
        let word_of = |i, table: &[(&str, u8)]| {
            let word = self.word(i)?;
            table
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, value)| *value)
        };
        let (which, length, next) = if let Some(length) = word_of(at, PART_LETTERS) {
            let which = self
                .number(at + 1)
                .filter(|number| self.glued(at) && number.len() == 1)?;
            (parse(which)? as u8, length, at + 2)
        } else if let Some(which) = self.ordinal(at) {
            let length = word_of(at + 1, COUNTED_PARTS)?;
            (which.unwrap_or(12 / length), length, at + 2)
        } else {
            let which = self.number(at).filter(|number| number.len() == 1)?;
            self.word(at + 1)
                .filter(|ending| self.glued(at) && ORDINAL_ENDINGS.contains(ending))?;
            (parse(which)? as u8, word_of(at + 2, COUNTED_PARTS)?, at + 3)
        };
        if !(1..=12 / length).contains(&which) {
            return None;
        }
        let (year, next) = self.year_of(next)?;
        let first = CalendarUnit::Month(year, (which - 1) * length + 1);
        Some(Expression::new(
            first,
            first.shifted(i32::from(length) - 1),
            next,
        ))
    }

    /// "first" is 1, and "last" is none.
    fn ordinal(self, at: usize) -> Option<Option<u8>> {
        let word = self.word(at)?;
        let found = ORDINALS.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| *value)
    }

    /// "2000s", "1990's", « années 2000 », « années 90 », "the 90s".
    fn decade(self, at: usize) -> Option<Expression> {
        let named = matches!(self.word(at), Some("annees" | "decennie"));
        let at = if named { at + 1 } else { at };
        let digits = self.number(at)?;
        let value = parse(digits).filter(|value| value % 10 == 0)?;
        let plural = self.word(at + 1) == Some("s") && self.near(at);
        let led = at.checked_sub(1).and_then(|before| self.word(before));
        let year = match digits.len() {
            4 if (named || plural) && YEARS.contains(&value) => value,
            2 if named || (plural && matches!(led, Some("the" | "early" | "mid" | "late"))) => {
                // "The 20s" are this century's, "the 30s" the last one's.
                if value <= 20 {
                    2000 + value
                } else {
                    1900 + value
                }
            }
            _ => return None,
        };
        let next = if plural { at + 2 } else { at + 1 };
        Some(Expression::new(
            CalendarUnit::Year(year),
            CalendarUnit::Year(year + 9),
            next,
        ))
    }

    /// A bare year that is not part of a word, a longer number or a quantity.
    fn year(self, at: usize) -> Option<Expression> {
        let year = self.year_number(at)?;
        let number_beyond = |mark: usize, number: usize, glued: [usize; 2]| {
            glued.iter().all(|&i| self.glued(i))
                && self
                    .mark(mark)
                    .is_some_and(|mark| ['.', ',', ':', '-', '/'].contains(&mark))
                && self.number(number).is_some()
                && self.year_number(number).is_none()
        };
        if at >= 1 {
            let before = at - 1;
            let part_of_word = self.glued(before)
                && self
                    .word(before)
                    .is_some_and(|word| month(word).is_none() && !is_lead(word));
            let quantity = self
                .mark(before)
                .is_some_and(|mark| QUANTITY_MARKS.contains(&mark));
            if part_of_word || quantity {
                return None;
            }
        }
        if at >= 2 && number_beyond(at - 1, at - 2, [at - 2, at - 1]) {
            return None;
        }
        if number_beyond(at + 1, at + 2, [at, at + 1]) {
            return None;
        }
        let after = self.word(at + 1);
        let part_of_word = self.glued(at) && after.is_some();
        let quantity = self
            .mark(at + 1)
            .is_some_and(|mark| QUANTITY_MARKS.contains(&mark))
            || after.is_some_and(|word| {
                UNITS.contains(&word) || (year.is_multiple_of(50) && COUNTED.contains(&word))
            });
        (!part_of_word && !quantity).then(|| Expression::unit(CalendarUnit::Year(year), at + 1))
    }

    /// The day of a month with its ending: `21`, `21st`, `1er`.
    pub(super) fn day_number(self, at: usize) -> Option<(u16, usize)> {
        let digits = self.number(at).filter(|digits| digits.len() <= 2)?;
        let day = parse(digits).filter(|day| (1..=31).contains(day))?;
        let ending = self
            .word(at + 1)
            .filter(|word| self.glued(at) && ORDINAL_ENDINGS.contains(word));
        Some((day, if ending.is_some() { at + 2 } else { at + 1 }))
    }

    /// The year that follows a month, past ". , of, de, l'année".
    fn year_after_month(self, at: usize) -> Option<(u16, usize)> {
        self.year_of(self.skip_marks(at, &['.', ',', '-', '/'], 2))
    }

    /// The year that follows "of", « de l'année ».
    fn year_of(self, at: usize) -> Option<(u16, usize)> {
        const OF: &[&str] = &[
            "of", "in", "the", "year", "de", "d", "en", "l", "annee", "an",
        ];
        let at = self.skip_words(at, OF, 4);
        Some((self.year_number(at)?, at + 1))
    }

    fn year_number(self, at: usize) -> Option<u16> {
        let digits = self.number(at).filter(|digits| digits.len() == 4)?;
        parse(digits).filter(|year| YEARS.contains(year))
    }

    pub(super) fn skip_weekday(self, at: usize) -> usize {
        if self.word(at).is_some_and(|word| WEEKDAYS.contains(&word)) {
            let at = self.skip_marks(at + 1, &['.', ','], 2);
            return self.skip_words(at, &["the", "le"], 1);
        }
        at
    }

    /// Past up to `limit` of these words.
    pub(super) fn skip_words(self, at: usize, words: &[&str], limit: usize) -> usize {
        let is_one = |&i: &usize| self.word(i).is_some_and(|word| words.contains(&word));
        at + (at..at + limit).take_while(is_one).count()
    }

    fn skip_marks(self, at: usize, marks: &[char], limit: usize) -> usize {
        let is_one = |&i: &usize| self.mark(i).is_some_and(|mark| marks.contains(&mark));
        at + (at..at + limit).take_while(is_one).count()
    }

    /// The end of the longest of these phrases that starts at `at`.
    pub(super) fn one_of(self, at: usize, phrases: &[&[&str]]) -> Option<usize> {
        phrases
            .iter()
            .filter_map(|phrase| self.phrase(at, phrase))
            .max()
    }

    /// The end of this phrase, if it starts at `at`.
    pub(super) fn phrase(self, at: usize, phrase: &[&str]) -> Option<usize> {
        let matches = phrase
            .iter()
            .enumerate()
            .all(|(i, word)| self.word(at + i) == Some(word));
        matches.then_some(at + phrase.len())
    }

    pub(super) fn word(self, at: usize) -> Option<&'a str> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn number(self, at: usize) -> Option<&'a str> {
        match &self.tokens.get(at)?.kind {
            Kind::Number(digits) => Some(digits),
            _ => None,
        }
    }

    pub(super) fn mark(self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    /// Whether nothing stands between this token and the next.
    fn glued(self, at: usize) -> bool {
        self.gap(at) == Some(0)
    }

    /// Whether there is no more than an apostrophe between this token and the next.
    fn near(self, at: usize) -> bool {
        self.gap(at).is_some_and(|gap| gap <= '’'.len_utf8())
    }

    fn gap(self, at: usize) -> Option<usize> {
        Some(self.tokens.get(at + 1)?.span.start - self.tokens.get(at)?.span.end)
    }

    /// Whether `mark` stands here, touching both neighbours.
    pub(super) fn joins(self, at: usize, mark: char) -> bool {
        self.mark(at) == Some(mark) && at > 0 && self.glued(at - 1) && self.glued(at)
    }
}

fn is_lead(word: &str) -> bool {
    LEADS.iter().any(|(phrase, _)| *phrase == [word])
}

/// The value of up to four digits.
pub(super) fn parse(digits: &str) -> Option<u16> {
    digits.parse().ok()
}

/// A day in [`YEARS`].
pub(super) fn day(year: u16, month: u16, day: u16) -> Option<CalendarUnit> {
    let day = Day::new(year, month.try_into().ok()?, day.try_into().ok()?)?;
    YEARS.contains(&year).then_some(CalendarUnit::Day(day))
}

/// Day first as most of the world writes it, month first where only that exists.
fn day_or_month_first(year: u16, second: u16, first: u16) -> Option<CalendarUnit> {
    day(year, second, first).or_else(|| day(year, first, second))
}

fn month_of(year: u16, month: u16) -> Option<CalendarUnit> {
    let month = u8::try_from(month)
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    YEARS
        .contains(&year)
        .then_some(CalendarUnit::Month(year, month))
}

/// A third of a month (in days), a year (in months) or a decade (in years, the thirds sharing one).
fn third_of(first: CalendarUnit, last: CalendarUnit, third: Third) -> (CalendarUnit, CalendarUnit) {
    let index = match third {
        Third::First => 0,
        Third::Middle => 1,
        Third::Last => 2,
    };
    match (first, last) {
        (CalendarUnit::Year(year), CalendarUnit::Year(end)) if year == end => {
            let month = index * 4 + 1;
            (
                CalendarUnit::Month(year, month),
                CalendarUnit::Month(year, month + 3),
            )
        }
        (CalendarUnit::Year(_), _) => {
            let start = first.shifted(3 * i32::from(index));
            (start, start.shifted(3))
        }
        (CalendarUnit::Month(year, month), _) => {
            let start = Day::of(year, month, index * 10 + 1);
            let end = if index == 2 {
                last.last()
            } else {
                start.plus_days(9)
            };
            (CalendarUnit::Day(start), CalendarUnit::Day(end))
        }
        (CalendarUnit::Day(_), _) => (first, last),
    }
}
