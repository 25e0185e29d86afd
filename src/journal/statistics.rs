//! Statistics: how often something happened, by day, by fact and by language. Nothing in them tells
//! who asked, and no question is in them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::database::{Transaction, values};
use super::word::words;
use super::{Journal, JournalError, Moment};
use crate::date::Day;
use crate::knowledge::Knowledge;
use crate::lang::Lang;

words! {
    /// What can happen.
    pub enum Happened {
        /// Somebody asked.
        Asked = "asked",
        /// A fact was the answer, or part of it.
        Answered = "answered",
        /// A fact was offered as a candidate.
        Offered = "offered",
        /// The bot said that it does not know.
        Refused = "refused",
        /// An answer was said to be right.
        VotedRight = "voted-right",
        /// An answer was said to be wrong.
        VotedWrong = "voted-wrong",
    }
}

/// A vote on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    /// It is right.
    Right,
    /// It is not right.
    Wrong,
}

/// Something to count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Event {
    /// What happened.
    pub what: Happened,
    /// The fact involved, if one was. Several facts in one answer are several events, and the question
    /// is one more: `Asked`, without a fact.
    pub fact: Option<String>,
    /// In which language.
    pub lang: Lang,
    /// On which day, UTC.
    pub day: Day,
}

impl Event {
    /// Somebody asked.
    #[must_use]
    pub fn asked(lang: Lang) -> Event {
        Event::of(Happened::Asked, None, lang)
    }

    /// A fact was the answer, or part of it.
    #[must_use]
    pub fn answered(fact: &str, lang: Lang) -> Event {
        Event::of(Happened::Answered, Some(fact), lang)
    }

    /// A fact was offered.
    #[must_use]
    pub fn offered(fact: &str, lang: Lang) -> Event {
        Event::of(Happened::Offered, Some(fact), lang)
    }

    /// The bot said that it does not know.
    #[must_use]
    pub fn refused(lang: Lang) -> Event {
        Event::of(Happened::Refused, None, lang)
    }

    /// Somebody judged an answer.
    #[must_use]
    pub fn voted(vote: Vote, fact: Option<&str>, lang: Lang) -> Event {
        let what = match vote {
            Vote::Right => Happened::VotedRight,
            Vote::Wrong => Happened::VotedWrong,
        };
        Event::of(what, fact, lang)
    }

    /// Something that happened today.
    fn of(what: Happened, fact: Option<&str>, lang: Lang) -> Event {
        Event {
            what,
            fact: fact.map(str::to_owned),
            lang,
            day: Moment::now().day(),
        }
    }
}

/// How often what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as in `Happened`")]
pub struct Counts {
    pub asked: u64,
    pub answered: u64,
    pub offered: u64,
    pub refused: u64,
    pub voted_right: u64,
    pub voted_wrong: u64,
}

impl Counts {
    fn of(&mut self, what: Happened) -> &mut u64 {
        match what {
            Happened::Asked => &mut self.asked,
            Happened::Answered => &mut self.answered,
            Happened::Offered => &mut self.offered,
            Happened::Refused => &mut self.refused,
            Happened::VotedRight => &mut self.voted_right,
            Happened::VotedWrong => &mut self.voted_wrong,
        }
    }
}

/// The counts of a day in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayCounts {
    /// The day, UTC.
    #[serde(serialize_with = "as_text")]
    pub day: Day,
    /// The language.
    pub lang: Lang,
    /// `answered` and `offered` count facts: an answer of three facts counts three times.
    pub counts: Counts,
}

/// The counts of a fact in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactCounts {
    /// Its id; the base may not hold it any more.
    pub fact: String,
    /// The language.
    pub lang: Lang,
    /// The counts.
    pub counts: Counts,
}

fn as_text<S: serde::Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

/// What happened in a span of days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// By day and language, earliest first.
    pub days: Vec<DayCounts>,
    /// By fact and language, most answered first.
    pub facts: Vec<FactCounts>,
}

impl Statistics {
    /// All days together.
    #[must_use]
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for day in &self.days {
            let counts = day.counts;
            total.asked += counts.asked;
            total.answered += counts.answered;
            total.offered += counts.offered;
            total.refused += counts.refused;
            total.voted_right += counts.voted_right;
            total.voted_wrong += counts.voted_wrong;
        }
        total
    }

    /// The facts of a base that were never the answer, in its order.
    #[must_use]
    pub fn never_answered<'k>(&self, knowledge: &'k Knowledge) -> Vec<&'k str> {
        let answered: BTreeSet<&str> = self
            .facts
            .iter()
            .filter(|fact| fact.counts.answered > 0)
            .map(|fact| fact.fact.as_str())
            .collect();
        let ids = knowledge.facts.iter().map(|fact| fact.id.as_str());
        ids.filter(|id| !answered.contains(id)).collect()
    }
}

impl Journal {
    /// Counts something. Returns at once: counts are gathered in memory and written every second.
    pub fn count(&self, event: Event) {
        self.inner.buffer.count(event);
    }

    /// What happened from one day to another, both included, UTC.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn statistics(&self, from: Day, to: Day) -> Result<Statistics, JournalError> {
        self.flush().await?;
        let database = self.database().await?;
        let by_day = database
            .read(
                "SELECT day, lang, what, CAST(SUM(n) AS BIGINT) AS n FROM counts
                 WHERE day >= $1 AND day <= $2 GROUP BY day, lang, what",
                values![from.to_string(), to.to_string()],
            )
            .await?;
        let by_fact = database
            .read(
                "SELECT fact, lang, what, CAST(SUM(n) AS BIGINT) AS n FROM counts
                 WHERE day >= $1 AND day <= $2 AND fact <> '' GROUP BY fact, lang, what",
                values![from.to_string(), to.to_string()],
            )
            .await?;
        let mut days: BTreeMap<(String, Lang), Counts> = BTreeMap::new();
        for row in &by_day {
            let counts = days
                .entry((row.get("day")?, row.word("lang")?))
                .or_default();
            *counts.of(row.word("what")?) += row.count("n")?;
        }
        let mut facts: BTreeMap<(String, Lang), Counts> = BTreeMap::new();
        for row in &by_fact {
            let counts = facts
                .entry((row.get("fact")?, row.word("lang")?))
                .or_default();
            *counts.of(row.word("what")?) += row.count("n")?;
        }
        let day = |((day, lang), counts): ((String, Lang), Counts)| {
            let day = read_day(&day).ok_or(JournalError::Foreign { column: "day" })?;
            Ok(DayCounts { day, lang, counts })
        };
        let mut facts: Vec<FactCounts> = facts
            .into_iter()
            .map(|((fact, lang), counts)| FactCounts { fact, lang, counts })
            .collect();
        facts.sort_by_key(|fact| std::cmp::Reverse(fact.counts.answered));
        Ok(Statistics {
            days: days
                .into_iter()
                .map(day)
                .collect::<Result<_, JournalError>>()?,
            facts,
        })
    }
}

/// Adds to a count.
pub(super) async fn add(
    transaction: &mut dyn Transaction,
    event: &Event,
    n: u64,
) -> Result<(), JournalError> {
    transaction
        .run(
            "INSERT INTO counts (day, what, fact, lang, n) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (day, what, fact, lang) DO UPDATE SET n = counts.n + excluded.n",
            values![
                event.day.to_string(),
                event.what.word(),
                event.fact.as_deref().unwrap_or_default(),
                event.lang.code(),
                i64::try_from(n).unwrap_or(i64::MAX),
            ],
        )
        .await?;
    Ok(())
}

/// Reads `2026-11-22`.
fn read_day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
