//! Answers that are computed from several facts: timelines, which came first, how long.
//!
//! Each computation only fills its slots from the reading and looks facts up; when a slot cannot be
//! filled it says so by returning nothing, and the question falls back to plain facts or a refusal.

use std::cmp::Ordering;

use crate::date::{Date, Day, elapsed};
use crate::engine::index::Index;
use crate::engine::score::Reading;
use crate::engine::verdict::{Answer, Form};
use crate::knowledge::model::{EntityIx, Fact, FactIx, Knowledge, Operator, Relation, RelationIx};

/// Most milestones a timeline tells at once.
const MAX_MILESTONES: usize = 25;
/// Most facts told of a time without milestones.
const MAX_DATED: usize = 3;
/// Milestones known less finely than the time asked for that are named beside a refusal.
const COARSE_NEARBY: usize = 2;
/// A milestone lasting longer than this many years belongs to its first and last year only.
const LONG_YEARS: u16 = 2;

/// Computes the answer of an operator relation, if its slots can be filled.
pub(crate) fn compute(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    relation: RelationIx,
    today: Day,
) -> Option<Answer> {
    let dates = Dates { knowledge, index };
    let relation = &knowledge[relation];
    match relation.operator? {
        Operator::Timeline => timeline(knowledge, index, reading),
        Operator::First => match dates.in_order(reading, &relation.of) {
            Some((facts, order)) => Some(Answer {
                facts,
                form: Form::First(order),
            }),
            // Where the dates do not settle it, a fact that does is the better answer.
            None => dates
                .side_by_side(reading, &relation.of)
                .map(|facts| Answer {
                    facts,
                    form: Form::Fact,
                }),
        },
        // "How long between 2005 and 2017?" is about nothing's age.
        Operator::Duration if !reading.text.dates.is_empty() => None,
        Operator::Duration => {
            let subject = subject(index, reading)?;
            let begun = dates.first_of(subject, &relation.of)?;
            match dates.end(subject, begun, relation) {
                End::Open => Some(Answer {
                    facts: vec![begun],
                    form: Form::Duration(elapsed(dates.of(begun)?, &Date::from(today))?),
                }),
                End::At(ended) => Some(Answer {
                    facts: vec![begun, ended],
                    form: Form::Lasted(elapsed(dates.of(begun)?, dates.of(ended)?)?),
                }),
                End::Unknown => None,
            }
        }
        Operator::Between => {
            let (facts, _) = dates.in_order(reading, &relation.of)?;
            let [first, second] = facts[..] else {
                return None;
            };
            let passed = elapsed(dates.of(first)?, dates.of(second)?)?;
            Some(Answer {
                facts,
                form: Form::Between(passed),
            })
        }
    }
}

/// Two facts by their dates, and how those stand, if they tell of what happened then; nothing when one only says
/// when a body became what it is.
pub(crate) fn ordered(
    knowledge: &Knowledge,
    index: &Index,
    facts: [FactIx; 2],
) -> Option<(Vec<FactIx>, Ordering)> {
    let dates = Dates { knowledge, index };
    // What was so when it was seen, as a number of members, did not happen then.
    if facts.iter().any(|fact| knowledge[*fact].as_of.is_some()) {
        return None;
    }
    let began = |fact: &FactIx| {
        let relation = knowledge[*fact].relation;
        let first = |computed: &&Relation| computed.operator == Some(Operator::First);
        let mut first = knowledge.relations.iter().filter(first);
        first.any(|first| relation.is_some() && relation == first.of.first().copied())
    };
    let (facts, order) = dates.sorted(facts.to_vec())?;
    let later = facts.last()?;
    let doubtful = facts[0] == *later || (began(later) && dates.was_there_before(*later));
    (!doubtful).then_some((facts, order))
}

/// When something stopped.
enum End {
    /// None is known of.
    Open,
    /// By the date of this fact.
    At(FactIx),
    /// It did, and no fact says when.
    Unknown,
}

/// The dates of facts by what they are about.
#[derive(Clone, Copy)]
struct Dates<'k> {
    knowledge: &'k Knowledge,
    index: &'k Index,
}

impl<'k> Dates<'k> {
    fn of(self, fact: FactIx) -> Option<&'k Date> {
        date(self.knowledge, fact)
    }

    /// When it happened; of what has lasted since, when that began.
    fn onset(self, fact: FactIx) -> Option<Date> {
        let date = self.of(fact)?;
        match date.is_ongoing() {
            true => date.start(),
            false => Some(*date),
        }
    }

    /// The dated plain fact of a relation about an entity.
    fn dated(self, entity: EntityIx, relation: RelationIx) -> Option<FactIx> {
        self.index
            .plain_fact(self.knowledge, entity, relation)
            // Seen at a time is not begun then.
            .filter(|fact| self.of(*fact).is_some() && self.knowledge[*fact].as_of.is_none())
    }

    /// The dated fact about an entity of the first of the relations that has one.
    fn first_of(self, entity: EntityIx, relations: &[RelationIx]) -> Option<FactIx> {
        relations
            .iter()
            .find_map(|relation| self.dated(entity, *relation))
    }

    /// One fact about each entity named, by the same relation where there is one they share, in the order
    /// of their dates, and how the first two stand; nothing when the dates don't tell, or tell otherwise by
    /// another relation, or when what they were at a date is compared.
    fn in_order(
        self,
        reading: &Reading,
        relations: &[RelationIx],
    ) -> Option<(Vec<FactIx>, Ordering)> {
        if !reading.text.dates.is_empty() {
            return None;
        }
        let named = self.compared(reading);
        let of_all = |relation: &RelationIx| -> Option<Vec<FactIx>> {
            let facts = named.iter().map(|entity| self.dated(*entity, *relation));
            let facts: Vec<FactIx> = facts.flatten().collect();
            (facts.len() == named.len()).then_some(facts)
        };
        let shared = relations.iter().find_map(of_all);
        let facts = shared.unwrap_or_else(|| {
            let each = named.iter();
            each.filter_map(|entity| self.first_of(*entity, relations))
                .collect()
        });
        if facts.len() < named.len() {
            return None; // the one without a date may have been first
        }
        let (facts, order) = self.sorted(facts)?;
        if facts[1..].iter().any(|fact| self.was_there_before(*fact)) {
            return None; // what seems later may have been first
        }
        // "The company is from 2011, its site was opened in 2019": older or younger than 2016?
        let earliest: Vec<FactIx> = facts
            .iter()
            .filter_map(|fact| self.first_of(self.knowledge[*fact].subject?, relations))
            .collect();
        let (otherwise, order_otherwise) = self.sorted(earliest)?;
        let subjects = |facts: &[FactIx]| -> Vec<Option<EntityIx>> {
            let subject = |fact: &FactIx| self.knowledge[*fact].subject;
            facts.iter().map(subject).collect()
        };
        let same = subjects(&facts) == subjects(&otherwise) && order == order_otherwise;
        same.then_some((facts, order))
    }

    /// What is set against one another: "in Lyon" and "of a cluster" are no rivals.
    fn compared(self, reading: &Reading) -> Vec<EntityIx> {
        let mut named: Vec<EntityIx> = reading.entities.iter().map(|named| named.0).collect();
        let proper = |entity: &&EntityIx| !self.knowledge[**entity].kind.is_general();
        if named.iter().filter(proper).count() > 1 {
            named.retain(|entity| proper(&entity));
        }
        named
    }

    /// When each of two bodies began, as far as the dates tell, for the reader to judge: a company is older than
    /// its site, and a body may have been another kind of body before.
    fn side_by_side(self, reading: &Reading, relations: &[RelationIx]) -> Option<Vec<FactIx>> {
        let [one, other] = self.compared(reading)[..] else {
            return None;
        };
        let one = self.first_of(one, relations)?;
        let other = self.first_of(other, relations)?;
        let (mut facts, _) = self.sorted(vec![one, other])?;
        // The first is told with all its reservations.
        facts.sort_by_key(|fact| !self.was_there_before(*fact));
        reading.text.dates.is_empty().then_some(facts)
    }

    /// Whether something else tells of its subject, or of what that founded, at an earlier time: a body that became
    /// another kind of body kept its name, and the fact tells the change.
    fn was_there_before(self, fact: FactIx) -> bool {
        let Some((subject, begun)) = self.knowledge[fact].subject.zip(self.of(fact)) else {
            return false;
        };
        let earlier = |other: &FactIx| {
            let told = &self.knowledge[*other];
            let names = told.subject == Some(subject) || told.objects.contains(&subject);
            names
                && !told.gap
                && self.onset(*other).and_then(|date| date.compare(begun)) == Some(Ordering::Less)
        };
        let of_subject = self.index.facts_of(subject).iter();
        let as_value = self.index.by_object.get(&subject).into_iter().flatten();
        of_subject.chain(as_value).any(earlier)
    }

    /// Two facts or more by their dates, and how the first two stand; nothing when any two cannot be ordered, or
    /// when some of several are of the same time.
    fn sorted(self, mut facts: Vec<FactIx>) -> Option<(Vec<FactIx>, Ordering)> {
        let compare = |a: FactIx, b: FactIx| self.onset(a)?.compare(&self.onset(b)?);
        let pairs = (1..facts.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        for (a, b) in pairs {
            let order = compare(facts[a], facts[b])?;
            if order.is_eq() && facts.len() > 2 {
                return None;
            }
        }
        facts.sort_by(|a, b| compare(*a, *b).unwrap_or(Ordering::Equal));
        let [first, second, ..] = facts[..] else {
            return None;
        };
        let order = compare(first, second)?;
        Some((facts, order))
    }

    /// When what began with a fact about the entity came to its end.
    fn end(self, entity: EntityIx, begun: FactIx, relation: &Relation) -> End {
        let later = |fact: &FactIx| {
            let dates = self.of(begun).zip(self.of(*fact));
            dates.is_some_and(|(start, end)| start.compare(end) == Some(Ordering::Less))
        };
        let ending = |of: &RelationIx| self.dated(entity, *of).filter(later);
        if let Some(ended) = relation.until.iter().find_map(ending) {
            return End::At(ended);
        }
        match self.knowledge[entity].successor {
            None => End::Open,
            // A name ends with a successor too, but not by a date that says when that got another.
            Some(_) if relation.until.is_empty() => End::Unknown,
            Some(next) => self
                .first_of(next, &relation.of)
                .filter(later)
                .map_or(End::Unknown, End::At),
        }
    }
}

fn timeline(knowledge: &Knowledge, index: &Index, reading: &Reading) -> Option<Answer> {
    let span = reading.text.dates.first().map(|mention| mention.date);
    let mut named = reading
        .entities
        .iter()
        .map(|(entity, _)| *entity)
        .filter(|entity| index.by_subject.contains_key(entity));
    // Of a time all is told where the main entity is named, be it beside another.
    let all = span.is_some() && named.clone().any(|entity| knowledge[entity].main);
    let entity = named.next().filter(|_| !all);
    if span.is_none() && entity.is_none() {
        return None;
    }
    let mut facts: Vec<FactIx> = index
        .milestones
        .iter()
        .copied()
        .filter(|fact| {
            let when = date(knowledge, *fact);
            span.as_ref()
                .is_none_or(|span| when.is_some_and(|when| within(when, span)))
        })
        .filter(|fact| {
            entity.is_none_or(|entity| {
                concerns(knowledge, index, *fact, entity)
                    || span.is_some() && concerns_what_became_of(knowledge, *fact, entity)
            })
        })
        .filter(|fact| !runs_out(knowledge, *fact, span.as_ref()))
        .collect();
    if facts.is_empty()
        && entity.is_none()
        && let Some(span) = &span
    {
        return dated_facts(knowledge, span);
    }
    // What happened to other bodies alone is no history of this one.
    let of_others = |entity| {
        facts
            .iter()
            .all(|fact| knowledge[*fact].subject != Some(entity))
    };
    if facts.is_empty() || entity.is_some_and(of_others) {
        return None;
    }
    facts.truncate(MAX_MILESTONES);
    Some(Answer {
        facts,
        form: Form::Timeline { span, entity },
    })
}

/// The facts of a time at which the timeline has no event: few, or too much happened to be told so.
fn dated_facts(knowledge: &Knowledge, span: &Date) -> Option<Answer> {
    let then = |fact: &Fact| {
        let date = fact.date.as_ref();
        !fact.gap
            && !fact.inference
            && fact.as_of.is_none()
            && date.is_some_and(|date| within(date, span) && !lasts(date))
    };
    let facts = knowledge.facts.iter().enumerate();
    let facts = facts.filter(|(_, fact)| then(fact));
    let mut facts: Vec<FactIx> = facts.map(|(at, _)| FactIx(at as u32)).collect();
    // The order of the files must not matter.
    facts.sort_by_key(|fact| {
        let told = &knowledge[*fact];
        (told.date.as_ref().map(Date::sort_key), told.id.as_str())
    });
    (1..=MAX_DATED).contains(&facts.len()).then_some(Answer {
        facts,
        form: Form::Fact,
    })
}

/// The milestones that fall into a span of time, in order of date, but for what only ran out then.
pub(crate) fn milestones_in(knowledge: &Knowledge, index: &Index, span: &Date) -> Vec<FactIx> {
    let falls = |fact: &FactIx| date(knowledge, *fact).is_some_and(|when| within(when, span));
    let found = index.milestones.iter().copied().filter(falls);
    found
        .filter(|fact| !runs_out(knowledge, *fact, Some(span)))
        .collect()
}

/// Whether it lasted for years and began before the span: that a phase runs out is no event.
fn runs_out(knowledge: &Knowledge, fact: FactIx, span: Option<&Date>) -> bool {
    let when = date(knowledge, fact).filter(|when| lasts(when));
    let start = when.and_then(Date::start);
    let order = start
        .zip(span)
        .and_then(|(start, span)| start.compare(span));
    order == Some(Ordering::Less)
}

/// Whether it lasted so long that it belongs to its first and last year only. A shorter time may as well be
/// that within which something happened.
fn lasts(when: &Date) -> bool {
    let (from, to) = when.years();
    to.saturating_sub(from) > LONG_YEARS
}

/// The span a question asks the events of, where no fact is dated within it, with the milestones before and
/// after it; nothing when it asks for those of another body than the main one.
pub(crate) fn eventless(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
) -> Option<(Date, Vec<FactIx>)> {
    let [mention] = &reading.text.dates[..] else {
        return None;
    };
    let main = |(entity, _): &(EntityIx, f32)| knowledge[*entity].main;
    let then = |fact: &Fact| {
        let date = fact.date.as_ref();
        // Seen at a time is nothing that happened then.
        let happened = !fact.gap && fact.as_of.is_none();
        happened && date.is_some_and(|date| mention.date.contains(&date.span()))
    };
    if !reading.entities.iter().all(main)
        || !milestones_in(knowledge, index, &mention.date).is_empty()
        || knowledge.facts.iter().any(then)
    {
        return None;
    }
    let order = |fact: &FactIx| date(knowledge, *fact)?.compare(&mention.date);
    let milestones = || index.milestones.iter().copied();
    // Known to the year only, it may have been in the month asked for.
    let coarse = |fact: &FactIx| {
        let when = date(knowledge, *fact);
        when.is_some_and(|when| when.contains(&mention.date.span()) && !lasts(when))
    };
    let coarse = milestones().filter(coarse).take(COARSE_NEARBY);
    let before = milestones().rfind(|fact| order(fact) == Some(Ordering::Less));
    let after = milestones().find(|fact| order(fact) == Some(Ordering::Greater));
    let mut nearby: Vec<FactIx> = Vec::new();
    for fact in coarse.chain(before).chain(after) {
        if !nearby.contains(&fact) {
            nearby.push(fact);
        }
    }
    Some((mention.date, nearby))
}

/// Whether a milestone belongs to a span: it is known as finely as the span asks or lies in it whole, what it
/// names overlaps with it, and if it lasted long or an end of it is open, it surely begins or ends there. Of "2014" nobody knows whether it was December,
/// and "about 2005" is not before 2005.
fn within(when: &Date, span: &Date) -> bool {
    let asked = span.span();
    let named = when.named();
    let surely = when.precision() >= span.precision() || asked.contains(&named);
    if !surely || !named.overlaps(&asked) {
        return false;
    }
    let open = when.is_interval() && (when.start().is_none() || when.end().is_none());
    if !lasts(when) && !open {
        return true;
    }
    [when.start(), when.end()]
        .into_iter()
        .flatten()
        .any(|end| span.contains(&end.span()))
}

/// Whether a fact is about the entity or names it as its value; of the main entity, also whether it
/// is about what that came from.
fn concerns(knowledge: &Knowledge, index: &Index, fact: FactIx, entity: EntityIx) -> bool {
    let fact = &knowledge.facts[fact.index()];
    let main = knowledge.entities[entity.index()].main;
    fact.objects.contains(&entity)
        || fact
            .subject
            .is_some_and(|of| of == entity || (main && index.related(of, entity)))
}

/// Whether a fact is about what the entity became: who asks for the years in which LUTB became LUTB-RAAC and CARA
/// wants to be told so.
fn concerns_what_became_of(knowledge: &Knowledge, fact: FactIx, entity: EntityIx) -> bool {
    let line = std::iter::successors(Some(entity), |of| knowledge[*of].successor);
    // A loop of successors ends after as many steps as there are entities.
    let mut later = line.skip(1).take(knowledge.entities.len());
    later.any(|later| Some(later) == knowledge[fact].subject)
}

fn date(knowledge: &Knowledge, fact: FactIx) -> Option<&Date> {
    knowledge.facts[fact.index()].date.as_ref()
}

/// The entity a question is about: the one it names, else the main one.
fn subject(index: &Index, reading: &Reading) -> Option<EntityIx> {
    reading
        .entities
        .first()
        .map(|(entity, _)| *entity)
        .or(index.main)
}
