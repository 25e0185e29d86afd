//! What was asked, answered and not known, for moderators.

use std::fmt::Write as _;

use crate::clock::today;
use crate::date::Day;
use crate::discord::bot::Bot;
use crate::discord::layout;
use crate::discord::message::Message;
use crate::discord::review::{away, with_text};
use crate::journal::Counts;
use crate::lang::Lang;
use crate::reply::Words;

/// How many days are looked back on.
const DAYS: i32 = 30;
/// How many of them are told one by one.
const LATEST: usize = 7;
/// How many facts a list names.
const NAMED: usize = 15;

impl Bot {
    /// The figures of the last days.
    pub(crate) async fn stats(&self, lang: Lang) -> Message {
        let words = Words(lang);
        let Some(journal) = self.journal() else {
            return layout::note(words.no_journal());
        };
        let to = today();
        let from = to.plus_days(1 - DAYS);
        // The journal counts by the day of UTC, which may be tomorrow.
        let statistics = match journal.statistics(from, to.plus_days(1)).await {
            Ok(statistics) => statistics,
            Err(error) => return away(words, &error),
        };
        let [all, most, never, due] = words.stats_headings(DAYS);
        let mut text = String::new();
        let mut days: Vec<(Day, Counts)> = Vec::new();
        for day in &statistics.days {
            match days.last_mut() {
                Some((last, counts)) if *last == day.day => add(counts, &day.counts),
                _ => days.push((day.day, day.counts)),
            }
        }
        for (day, counts) in days.iter().rev().take(LATEST) {
            let _ = writeln!(text, "{}", words.counts(&day.to_string(), counts));
        }
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let mut facts: Vec<(&str, u64)> = Vec::new();
        for fact in &statistics.facts {
            match facts.iter_mut().find(|(id, _)| *id == fact.fact) {
                Some((_, times)) => *times += fact.counts.answered,
                None => facts.push((&fact.fact, fact.counts.answered)),
            }
        }
        facts.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let _ = writeln!(text, "\n{most}");
        for (fact, times) in facts.iter().filter(|(_, times)| *times > 0).take(NAMED) {
            let _ = writeln!(text, "  {times} {fact}");
        }
        let unasked = statistics.never_answered(knowledge);
        let _ = writeln!(text, "\n{never}: {}", unasked.len());
        let _ = writeln!(text, "  {}", listed(&unasked));
        let past: Vec<&str> = knowledge
            .facts
            .iter()
            .filter(|fact| {
                let review = fact.review.as_ref().and_then(|review| review.latest());
                review.is_some_and(|last| last < to)
            })
            .map(|fact| fact.id.as_str())
            .collect();
        let _ = writeln!(text, "\n{due}: {}", past.len());
        let _ = writeln!(text, "  {}", listed(&past));
        let lead = words.counts(&all, &statistics.total());
        with_text(layout::note(&lead), &text, "", "stats.txt")
    }
}

fn listed(ids: &[&str]) -> String {
    let mut text = ids
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if ids.len() > NAMED {
        text.push_str(", …");
    }
    text
}

fn add(sum: &mut Counts, more: &Counts) {
    let Counts {
        asked,
        answered,
        offered,
        refused,
        voted_right,
        voted_wrong,
    } = more;
    sum.asked += asked;
    sum.answered += answered;
    sum.offered += offered;
    sum.refused += refused;
    sum.voted_right += voted_right;
    sum.voted_wrong += voted_wrong;
}
