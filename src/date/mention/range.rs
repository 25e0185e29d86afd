//! Two ends joined: "2004-2006", "November 2004 to February 2005", "3 to 5 May 2017".
//!
//! The first end may leave out what the second says ("from March to May 2015").

use super::{
    expression::{Expression, Reader, day, parse},
    vocabulary::{AND, ARTICLES, TO, month},
};
use crate::date::CalendarUnit;

/// What may join the two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// "to", « à », a dash.
    To,
    /// After "between": "and", « et » too.
    And,
}

/// A first end without its year.
enum Partial {
    Day(u16),
    Month(u8),
    DayMonth(u16, u8),
}

impl Reader<'_> {
    /// The range that starts exactly at `at`.
    pub(super) fn range(self, at: usize, joint: Joint) -> Option<Expression> {
        self.full_range(at, joint)
            .or_else(|| self.partial_range(at, joint))
    }

    fn full_range(self, at: usize, joint: Joint) -> Option<Expression> {
        let first = match self.expression(at) {
            Some(first) => first,
            None => return self.short_range(at),
        };
        let years = matches!(first.first, CalendarUnit::Year(_));
        let next = match self.joint(first.next, joint) {
            Some(next) => next,
            None if years && self.joins(first.next, '/') => first.next + 1,
            None => return None,
        };
        let second = self.expression(self.skip_words(next, ARTICLES, 3))?;
        Some(join(first, second))
    }

    /// "2015-18", "2010/11": the second year by its last two figures.
    fn short_range(self, at: usize) -> Option<Expression> {
        let joined = self.joins(at + 1, '-') || self.joins(at + 1, '/');
        let first = self
            .number(at)
            .filter(|digits| joined && digits.len() == 4)
            .and_then(parse)?;
        let end = self
            .number(at + 2)
            .filter(|digits| digits.len() == 2)
            .and_then(parse)?;
        let further = self.joins(at + 3, '-') || self.joins(at + 3, '/');
        let plausible = (1800..2099).contains(&first) && end > first % 100 && !further;
        plausible.then(|| Expression {
            first: CalendarUnit::Year(first),
            last: CalendarUnit::Year(first / 100 * 100 + end),
            approximate: false,
            very_end: false,
            next: at + 3,
        })
    }

    fn partial_range(self, at: usize, joint: Joint) -> Option<Expression> {
        let (partial, next) = self.partial(at)?;
        let second = self.expression(self.skip_words(self.joint(next, joint)?, ARTICLES, 3))?;
        let first = match (partial, second.first) {
            (Partial::Day(first), CalendarUnit::Day(end)) => {
                day(end.year(), end.month().into(), first)?
            }
            (Partial::Month(month), CalendarUnit::Month(year, end)) => {
                CalendarUnit::Month(if month > end { year - 1 } else { year }, month)
            }
            (Partial::Month(month), CalendarUnit::Day(end)) => {
                let year = if month > end.month() {
                    end.year() - 1
                } else {
                    end.year()
                };
                CalendarUnit::Month(year, month)
            }
            (Partial::DayMonth(first, month), CalendarUnit::Day(end)) => {
                let year = if month > end.month() {
                    end.year() - 1
                } else {
                    end.year()
                };
                day(year, month.into(), first)?
            }
            _ => return None,
        };
        (first.first() <= second.first.first()).then_some(Expression { first, ..second })
    }

    fn partial(self, at: usize) -> Option<(Partial, usize)> {
        let at = self.skip_weekday(at);
        let month_at = |i| self.word(i).and_then(month);
        if let Some((day, next)) = self.day_number(at) {
            let after = self.skip_words(next, &["of", "de", "d"], 1);
            return Some(match month_at(after) {
                Some(month) => (Partial::DayMonth(day, month), after + 1),
                None => (Partial::Day(day), next),
            });
        }
        let month = month_at(at)?;
        Some(match self.day_number(at + 1) {
            Some((day, next)) => (Partial::DayMonth(day, month), next),
            None => (Partial::Month(month), at + 1),
        })
    }

    fn joint(self, at: usize, joint: Joint) -> Option<usize> {
        match self.mark(at) {
            Some('-') => return Some(at + 1),
            Some('&') if joint == Joint::And => return Some(at + 1),
            _ => {}
        }
        match joint {
            Joint::To => self.one_of(at, TO),
            Joint::And => self.one_of(at, AND),
        }
    }
}

/// From the start of one to the end of the other, whichever way round they were said.
fn join(first: Expression, second: Expression) -> Expression {
    let next = second.next;
    let (first, second) = if second.last.last() < first.first.first() {
        (second, first)
    } else {
        (first, second)
    };
    Expression {
        first: first.first,
        last: second.last,
        next,
        ..first
    }
}
