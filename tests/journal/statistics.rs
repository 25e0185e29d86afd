//! What is counted: by day, by language, by fact.

use cara_bot::date::Day;
use cara_bot::journal::{Event, Place, Vote};
use cara_bot::lang::Lang;

use super::{on_both, open};
use crate::support::{small, today};

on_both! {
    events_of_two_processes_are_counted_together,
    facts_never_answered_are_known,
}

async fn events_of_two_processes_are_counted_together(place: Place) {
    let (one, two) = (open(&place).await, open(&place).await);
    let day = |event: Event, day| Event {
        day: Day::new(2026, 11, day).unwrap(),
        ..event
    };
    for journal in [&one, &two] {
        for _ in 0..3 {
            journal.count(day(Event::asked(Lang::En), 21));
            journal.count(day(Event::answered("rehearsals", Lang::En), 21));
        }
        journal.count(day(Event::asked(Lang::Fr), 22));
        journal.count(day(Event::refused(Lang::Fr), 22));
        journal.count(day(Event::offered("fugato-created", Lang::Fr), 22));
        journal.count(day(
            Event::voted(Vote::Wrong, Some("rehearsals"), Lang::Fr),
            22,
        ));
        journal.flush().await.unwrap();
    }
    let (from, to) = (
        Day::new(2026, 11, 1).unwrap(),
        Day::new(2026, 11, 30).unwrap(),
    );
    let statistics = one.statistics(from, to).await.unwrap();
    let days: Vec<_> = statistics
        .days
        .iter()
        .map(|day| {
            (
                day.day.day(),
                day.lang,
                day.counts.asked,
                day.counts.refused,
            )
        })
        .collect();
    assert_eq!(days, [(21, Lang::En, 6, 0), (22, Lang::Fr, 2, 2)]);
    let total = statistics.total();
    assert_eq!(
        (total.asked, total.answered, total.offered, total.refused),
        (8, 6, 2, 2)
    );
    assert_eq!((total.voted_right, total.voted_wrong), (0, 2));
    let first = &statistics.facts[0];
    assert_eq!(
        (first.fact.as_str(), first.lang, first.counts.answered),
        ("rehearsals", Lang::En, 6)
    );
    let later = one
        .statistics(Day::new(2026, 11, 22).unwrap(), to)
        .await
        .unwrap();
    assert_eq!(later.total().asked, 2);
}

async fn facts_never_answered_are_known(place: Place) {
    let journal = open(&place).await;
    journal.count(Event::answered("rehearsals", Lang::En));
    let (knowledge, _) = cara_bot::knowledge::load(&small(), today())
        .into_result()
        .unwrap();
    let statistics = journal.statistics(Day::MIN, Day::MAX).await.unwrap();
    let never = statistics.never_answered(&knowledge);
    assert_eq!(never.len(), knowledge.facts.len() - 1);
    assert!(!never.contains(&"rehearsals"), "{never:?}");
}
