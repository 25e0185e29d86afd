//! How well a candidate fits a question, as a few numbers that mean the same in every base.
//!
//! The rankers say what a question resembles. That alone would answer "when was Minalogic created"
//! with another cluster's date, so each candidate is also checked against the question: entities,
//! dates, numbers, and the words that it leaves unexplained. [`Calibration`](super::calibrate)
//! turns these numbers into one likelihood.

use crate::date::mention::{Mention, MentionKind};
use crate::engine::calibrate::{Known, Said};
use crate::engine::index::{Bag, Entry, Index};
use crate::engine::polar;
use crate::engine::reader::{Role, Text, Word, single_year};
use crate::knowledge::model::{Asks, EntityIx, Fact, FactIx, Kind, Knowledge, RelationIx};

/// Number of features, the constant one included.
pub(crate) const FEATURES: usize = Feature::ALL.len();

/// One thing that is measured of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Feature {
    /// Always 1.
    Constant,
    /// The fact ranker's score.
    FactScore,
    /// The fact ranker's probability among all facts.
    FactProbability,
    /// How far ahead of (or behind) the best other fact, −1 to 1.
    FactMargin,
    /// The relation ranker's probability of the fact's relation.
    RelationScore,
    /// How far the fact's relation is behind the likeliest relation.
    RelationGap,
    /// The subject is named (or the main one assumed) and its relation is the one asked for: the
    /// product of both, less when other facts tell the same relation more plainly.
    Structure,
    /// Whether the subject is named.
    Subject,
    /// Whether an entity is named that the fact mentions.
    Mentioned,
    /// Entities named that the fact does not know.
    Foreign,
    /// No entity is named and the fact is about the main one.
    MainAssumed,
    /// No entity is named and the fact is about another than the main one.
    NoSubject,
    /// Share of the question's content that the fact does not explain.
    Unexplained,
    /// Share of the question's content that nothing in the base explains.
    Unheard,
    /// How many properties are named that the fact's own questions never name, up to one.
    Aspect,
    /// It asks for a kind of thing that the fact is asked for.
    AskedSo,
    /// It asks for a kind of thing that the fact is never asked for: a time, a place, a person.
    NeverAskedSo,
    /// The most that a word says which looks like a name and that nothing in the base knows.
    Stranger,
    /// The most that a word says which is written like a name and that the fact does not know.
    ProperName,
    /// What is asked of the entity named is clear, and the base has no such fact about it.
    NearMiss,
    /// How likely it is one of the questions to refuse, as far as its words go.
    Refusable,
    /// The same as far as its words beside names, dates and numbers go.
    Unasked,
    /// Computed from facts rather than looked up.
    Computed,
    /// A date is asked for and fits.
    DateFits,
    /// A date is asked for and does not fit.
    DateClash,
    /// A number is named that the fact does not hold.
    NumberClash,
    /// The plain one among several of its kind.
    Plain,
    /// The entity was taken from the conversation, not named.
    Carried,
    /// How little there is to go by: 1 over (1 + content).
    Brevity,
}

impl Feature {
    pub(crate) const ALL: [Feature; 29] = [
        Feature::Constant,
        Feature::FactScore,
        Feature::FactProbability,
        Feature::FactMargin,
        Feature::RelationScore,
        Feature::RelationGap,
        Feature::Structure,
        Feature::Subject,
        Feature::Mentioned,
        Feature::Foreign,
        Feature::MainAssumed,
        Feature::NoSubject,
        Feature::Unexplained,
        Feature::Unheard,
        Feature::Aspect,
        Feature::AskedSo,
        Feature::NeverAskedSo,
        Feature::Stranger,
        Feature::ProperName,
        Feature::NearMiss,
        Feature::Refusable,
        Feature::Unasked,
        Feature::Computed,
        Feature::DateFits,
        Feature::DateClash,
        Feature::NumberClash,
        Feature::Plain,
        Feature::Carried,
        Feature::Brevity,
    ];

    /// Its name in explanations.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Feature::Constant => "constant",
            Feature::FactScore => "fact score",
            Feature::FactProbability => "fact probability",
            Feature::FactMargin => "fact margin",
            Feature::RelationScore => "relation score",
            Feature::RelationGap => "relation gap",
            Feature::Structure => "subject and relation",
            Feature::Subject => "subject named",
            Feature::Mentioned => "entity mentioned",
            Feature::Foreign => "entity foreign",
            Feature::MainAssumed => "main assumed",
            Feature::NoSubject => "no subject",
            Feature::Unexplained => "unexplained words",
            Feature::Unheard => "unheard words",
            Feature::Aspect => "other property",
            Feature::AskedSo => "asked so",
            Feature::NeverAskedSo => "never asked so",
            Feature::Stranger => "unknown name",
            Feature::ProperName => "other name",
            Feature::NearMiss => "no such fact",
            Feature::Refusable => "like refusals",
            Feature::Unasked => "like nothing asked",
            Feature::Computed => "computed",
            Feature::DateFits => "date fits",
            Feature::DateClash => "date clashes",
            Feature::NumberClash => "number clashes",
            Feature::Plain => "plain fact",
            Feature::Carried => "carried over",
            Feature::Brevity => "brevity",
        }
    }
}

/// The measurements of one candidate.
pub(crate) type Features = [f32; FEATURES];

/// What is proposed as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A fact.
    Fact(FactIx),
    /// A computed answer.
    Operator(RelationIx),
}

/// A question read one way, with what the rankers say of it.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) text: Text,
    /// Entities named, or carried over from the conversation.
    pub(crate) entities: Vec<(EntityIx, f32)>,
    /// Entities named in the rest of the sentence.
    pub(crate) around: Vec<(EntityIx, f32)>,
    /// The entities are from the conversation.
    pub(crate) carried: bool,
    /// Stem numbers of the words, aligned with `text.words`.
    stems: Vec<Option<u32>>,
    content: f32,
    unheard: f32,
    /// The most that a word says which looks like a name and that nothing in the base knows.
    pub(crate) stranger: f32,
    /// The most that a word of the rest of the sentence says which is written like a name.
    pub(crate) proper_beside: f32,
    /// All that such words say together.
    strangers: f32,
    /// It asks for yes or no.
    pub(crate) polar: bool,
    /// The kinds of things it asks for.
    kinds: Vec<u16>,
    /// The likeliest relation with its probability.
    pub(crate) asked_for: Option<(RelationIx, f32)>,
    /// The relation asked for, with its probability, when the base has no such fact about the
    /// entities named.
    pub(crate) near_miss: Option<(RelationIx, f32)>,
    /// While calibrating: the fact whose own phrasing this is, which must then be explained by its
    /// other phrasings.
    own: Option<FactIx>,
}

impl Reading {
    pub(crate) fn new(
        text: Text,
        carried: Option<EntityIx>,
        own: Option<FactIx>,
        index: &Index,
    ) -> Reading {
        let elsewhere = 1 + u32::from(own.is_some());
        let mut entities = text.entities();
        let carried = carried.filter(|entity| !entities.iter().any(|(named, _)| named == entity));
        if let Some(entity) = carried {
            entities.push((entity, 0.8));
        }
        let stems: Vec<Option<u32>> = text
            .words
            .iter()
            .map(|word| index.stems.used(&word.stem, elsewhere))
            .collect();
        let content = text.content();
        let unheard = text
            .words
            .iter()
            .zip(&stems)
            .filter(|(word, stem)| stem.is_none() && word.concepts.is_empty())
            .map(|(word, _)| word.content)
            .sum();
        let strange: Vec<f32> = text
            .words
            .iter()
            .zip(&stems)
            .filter(|(word, stem)| stem.is_none() && word.concepts.is_empty() && word.name_like)
            .map(|(word, _)| word.content)
            .collect();
        Reading {
            own,
            around: Vec::new(),
            near_miss: None,
            asked_for: None,
            stranger: strange.iter().copied().fold(0.0, f32::max),
            strangers: strange.iter().sum(),
            proper_beside: 0.0,
            polar: polar::is_polar(&text),
            kinds: text.asked_for(),
            carried: carried.is_some(),
            entities,
            stems,
            content,
            unheard,
            text,
        }
    }

    /// The words, each with how the candidate knows it.
    fn known<'r>(
        &'r self,
        fact: Option<(FactIx, &'r Entry)>,
        relation: Option<&'r Bag>,
    ) -> impl Iterator<Item = (&'r Word, Known)> + 'r {
        let entry = fact.map(|(_, entry)| entry);
        let least = 1 + u8::from(fact.is_some_and(|(fact, _)| self.own == Some(fact)));
        let words = self.text.words.iter().zip(&self.stems);
        words.map(move |(word, stem)| {
            let in_bag = |bag: &Bag, least| bag.explains(*stem, &word.concepts, least);
            let known = if entry.is_some_and(|entry| in_bag(&entry.asked, least))
                || relation.is_some_and(|bag| in_bag(bag, 1))
            {
                Known::Asked
            } else if entry.is_some_and(|entry| in_bag(&entry.told, 1)) {
                Known::Told
            } else {
                Known::Not
            };
            (word, known)
        })
    }

    /// Words that say something and that neither bag explains, with their content.
    pub(crate) fn unexplained<'r>(
        &'r self,
        fact: Option<(FactIx, &'r Entry)>,
        relation: Option<&'r Bag>,
    ) -> impl Iterator<Item = (&'r str, f32)> + 'r {
        self.known(fact, relation).filter_map(|(word, known)| {
            let left = match known {
                Known::Asked => 0.0,
                // Told but never asked for: a hint that the fact is near, not that it answers.
                Known::Told => 0.4 * word.content,
                Known::Not => word.content,
            };
            (left > 0.05).then_some((word.text.as_str(), left))
        })
    }

    /// Whether it has a rare word that looks like a name, that the base knows, and that such texts never use.
    pub(crate) fn names_beside(&self, told: &Bag, index: &Index) -> bool {
        let name =
            |word: &&Word| word.name_like && word.content >= RARE && word.concepts.is_empty();
        self.text.words.iter().filter(name).any(|word| {
            let stem = index.stems.get(&word.stem);
            stem.is_some() && !told.explains(stem, &[], 1)
        })
    }

    /// The most that a word says which is written like a name and that the candidate does not know, be it known
    /// of others or not; what it tells of counts less.
    fn strange_to(&self, fact: Option<(FactIx, &Entry)>, relation: Option<&Bag>) -> f32 {
        let strange = self.known(fact, relation).map(|(word, known)| match known {
            _ if !word.proper || !word.concepts.is_empty() || word.filler => 0.0,
            Known::Asked => 0.0,
            Known::Told => TOLD_NAME * word.content,
            Known::Not => word.content,
        });
        strange.fold(self.proper_beside, f32::max)
    }

    /// The words as [`marks`](crate::engine::calibrate::marks) tell them apart.
    pub(crate) fn said(&self) -> Vec<Said> {
        self.text.words.iter().map(said).collect()
    }

    /// How the candidate knows the words.
    pub(crate) fn known_by(
        &self,
        knowledge: &Knowledge,
        index: &Index,
        target: Target,
    ) -> Vec<Known> {
        let (fact, relation) = match target {
            Target::Fact(fact) => (
                Some((fact, &index.facts[fact.index()])),
                knowledge.facts[fact.index()].relation,
            ),
            Target::Operator(relation) => (None, Some(relation)),
        };
        let relation = relation.map(|relation| &index.relations[relation.index()]);
        self.known(fact, relation).map(|(_, known)| known).collect()
    }
}

impl Reading {
    /// How many properties the question names that neither bag knows, told ones counted by half.
    fn other_aspects(&self, fact: Option<(FactIx, &Entry)>, relation: Option<&Bag>) -> f32 {
        let least = 1 + u8::from(fact.is_some_and(|(fact, _)| self.own == Some(fact)));
        let known = |bag: &Bag, word: &Word, stem: Option<u32>, least: u8| {
            bag.names(&word.aspects, least) || bag.explains(stem, &word.concepts, least)
        };
        self.text
            .words
            .iter()
            .zip(&self.stems)
            .filter(|(word, _)| !word.aspects.is_empty() && !word.filler)
            .map(|(word, stem)| {
                let asked = fact.is_some_and(|(_, entry)| known(&entry.asked, word, *stem, least))
                    || relation.is_some_and(|bag| known(bag, word, *stem, 1));
                let told = fact.is_some_and(|(_, entry)| known(&entry.told, word, *stem, 1));
                match (asked, told) {
                    (true, _) => 0.0,
                    (false, true) => 0.5,
                    (false, false) => 1.0,
                }
            })
            .sum::<f32>()
            .min(1.0)
    }
}

impl Reading {
    /// Whether either bag is asked for the kind of thing that the question asks for.
    fn measure_kind(
        &self,
        fact: Option<(FactIx, &Entry)>,
        relation: Option<&Bag>,
        x: &mut Features,
    ) {
        if self.kinds.is_empty() {
            return;
        }
        let least = 1 + u8::from(fact.is_some_and(|(fact, _)| self.own == Some(fact)));
        let asked = fact.is_some_and(|(_, entry)| entry.asked.asks_for(&self.kinds, least))
            || relation.is_some_and(|bag| bag.asks_for(&self.kinds, 1));
        x[Feature::AskedSo as usize] = f32::from(asked);
        x[Feature::NeverAskedSo as usize] = f32::from(!asked);
    }
}

/// A word told apart from others: names, dates and numbers only as such.
fn said(word: &Word) -> Said {
    match word.role {
        Role::Entity(..) | Role::Slot => Said::Name,
        Role::Date(_) | Role::DateSlot => Said::Date,
        Role::Number => Said::Number,
        Role::Plain => Said::word(&word.stem),
    }
}

/// What the rankers say of one candidate.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ranks {
    pub(crate) score: f32,
    pub(crate) margin: f32,
    pub(crate) probability: f32,
    pub(crate) relation_score: f32,
    pub(crate) relation_gap: f32,
    /// The fact ranker's probability of what is to be refused.
    pub(crate) refusable: f32,
    /// The relation ranker's probability of it.
    pub(crate) unasked: f32,
}

/// Measures a fact against a question.
pub(crate) fn measure_fact(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    fact_ix: FactIx,
    ranks: Ranks,
) -> Features {
    let fact = &knowledge.facts[fact_ix.index()];
    let entry = &index.facts[fact_ix.index()];
    let relation = fact
        .relation
        .map(|relation| &index.relations[relation.index()]);
    let mut x = common(reading, ranks);
    let unexplained: f32 = reading
        .unexplained(Some((fact_ix, entry)), relation)
        .map(|(_, left)| left)
        .sum();
    // "Was Peugeot a founder?": a complete list decides about a name nobody knows, so the name does
    // not speak against it.
    let decides = reading.polar
        && fact.complete
        && reading
            .asked_for
            .is_some_and(|(relation, likely)| likely > 0.5 && fact.relation == Some(relation));
    x[Feature::ProperName as usize] = reading.strange_to(Some((fact_ix, entry)), relation);
    if decides && reading.strangers > 0.0 {
        x[Feature::Stranger as usize] = 0.0;
        x[Feature::ProperName as usize] = 0.0;
        x[Feature::Unheard as usize] = share(reading.unheard - reading.strangers, reading.content);
        x[Feature::Unexplained as usize] = share(unexplained - reading.strangers, reading.content);
    } else {
        x[Feature::Unexplained as usize] = share(unexplained, reading.content);
    }
    x[Feature::Aspect as usize] = reading.other_aspects(Some((fact_ix, entry)), relation);
    reading.measure_kind(Some((fact_ix, entry)), relation, &mut x);
    // "Who presided over CARA in 2014?" asks about what CARA was by then.
    let dates = &reading.text.dates;
    let asked_then = !dates.is_empty()
        && entry.date.as_ref().is_some_and(|date| {
            let meets = |mention: &Mention| date.overlaps(&mention.date.span());
            dates.iter().any(meets)
        });
    let was_then =
        |entity: EntityIx| asked_then && fact.subject.is_some_and(|of| index.related(of, entity));
    let mut subject: f32 = 0.0;
    let mut mentioned: f32 = 0.0;
    let mut foreign = 0.0;
    for (entity, sure) in &reading.entities {
        if fact.subject == Some(*entity) {
            subject = subject.max(*sure);
        } else if was_then(*entity) {
            subject = subject.max(BY_THEN * sure);
        } else if entry.entities.binary_search(entity).is_ok() {
            mentioned = mentioned.max(*sure);
        } else if fact.subject.is_some_and(|of| index.related(of, *entity)) {
            mentioned = mentioned.max(0.5 * sure);
            foreign += 0.4 * sure;
        } else {
            foreign += sure * foreignness(knowledge.entities[entity.index()].kind);
        }
    }
    for (entity, sure) in &reading.around {
        let known = fact.subject == Some(*entity)
            || entry.entities.binary_search(entity).is_ok()
            || fact.subject.is_some_and(|of| index.related(of, *entity));
        if !known {
            foreign += sure * foreignness(knowledge.entities[entity.index()].kind);
        }
    }
    x[Feature::Subject as usize] = subject;
    x[Feature::Mentioned as usize] = mentioned;
    x[Feature::Foreign as usize] = foreign;
    if reading.entities.is_empty() && fact.subject.is_some() {
        let main = fact
            .subject
            .is_some_and(|of| knowledge.entities[of.index()].main);
        let assumed = match main {
            true => 1.0,
            false if index.main.is_some_and(was_then) => BY_THEN,
            false => 0.0,
        };
        // "Who founded Bosch?" names something, though nothing that the base knows.
        let unnamed = 1.0 - x[Feature::ProperName as usize];
        x[Feature::MainAssumed as usize] = assumed * unnamed;
        x[Feature::NoSubject as usize] = f32::from(assumed == 0.0);
    }
    if let (Some(of), Some(relation)) = (fact.subject, fact.relation) {
        let valued = reading
            .entities
            .iter()
            .filter(|(entity, _)| fact.objects.contains(entity))
            .map(|(_, sure)| AS_VALUE * sure)
            .fold(0.0, f32::max);
        // Where nothing of its own standing is named, the relation itself may tell the subject: only
        // one policy has bids.
        let only_in_passing = reading
            .entities
            .iter()
            .all(|(entity, _)| knowledge.entities[entity.index()].kind.is_general());
        let told_by_relation = match only_in_passing {
            true => {
                let subjects = index.subjects.get(&relation).map_or(1.0, |n| *n as f32);
                ASSUMED / subjects * (1.0 - x[Feature::ProperName as usize])
            }
            false => 0.0,
        };
        let about = subject
            .max(valued)
            .max(told_by_relation)
            .max(ASSUMED * x[Feature::MainAssumed as usize]);
        let plain = index.plain_fact(knowledge, of, relation) == Some(fact_ix);
        x[Feature::Structure as usize] =
            about * ranks.relation_score * if plain { 1.0 } else { NOT_PLAIN };
    }
    let (mut fits, mut clash) = (0.0_f32, 0.0_f32);
    for mention in &reading.text.dates {
        let year = single_year(&mention.date).map(u32::from);
        let named = year.is_some_and(|year| entry.numbers.binary_search(&year).is_ok());
        // "Before 2017" is said of what ended then, of what began then, and just to be safe.
        let loosely = match mention.relation {
            MentionKind::At | MentionKind::Between => 1.0,
            _ => LOOSELY,
        };
        match &entry.date {
            Some(date) if date.overlaps(&mention.date.span()) => fits = 1.0,
            _ if named => fits = fits.max(0.7),
            Some(_) => clash = clash.max(loosely),
            None => clash = clash.max(0.7 * loosely),
        }
    }
    // "Was LUTB created in 1998?": the date of what happened decides that, so another one does not speak against it.
    if reading.polar && subject > 0.0 {
        clash *= if happened(knowledge, fact) {
            0.0
        } else {
            LOOSELY
        };
    }
    x[Feature::DateFits as usize] = fits;
    x[Feature::DateClash as usize] = clash;
    let (mut numbers, mut odd) = (0.0_f32, 0.0_f32);
    for word in reading
        .text
        .words
        .iter()
        .filter(|word| word.role == Role::Number)
    {
        numbers += 1.0;
        let known = word
            .text
            .parse()
            .is_ok_and(|number: u32| entry.numbers.binary_search(&number).is_ok());
        odd += f32::from(!known);
    }
    x[Feature::NumberClash as usize] = share(odd, numbers);
    x[Feature::Plain as usize] = f32::from(fact.main);
    if let Some((relation, probability)) = reading.near_miss
        && fact.relation.is_some_and(|own| own != relation)
    {
        x[Feature::NearMiss as usize] = probability;
    }
    x
}

/// Whether a fact tells what happened once, at its date; who took part in it is told by another.
pub(crate) fn happened(knowledge: &Knowledge, fact: &Fact) -> bool {
    let asks = fact.relation.map(|relation| knowledge[relation].asks);
    let dated = fact.date.as_ref().is_some_and(|date| !date.is_ongoing());
    let is_event = fact.event.is_some() && dated && fact.as_of.is_none();
    let of_whom = matches!(asks, Some(Asks::Person | Asks::Organisation | Asks::List));
    asks == Some(Asks::Date) || (is_event && !of_whom)
}

/// Measures a computed answer against a question; `fits` says whether its slots can be filled.
pub(crate) fn measure_operator(
    index: &Index,
    reading: &Reading,
    relation: RelationIx,
    ranks: Ranks,
    fits: bool,
) -> Features {
    let mut x = common(reading, ranks);
    x[Feature::Unexplained as usize] = share(
        reading
            .unexplained(None, Some(&index.relations[relation.index()]))
            .map(|(_, left)| left)
            .sum(),
        reading.content,
    );
    x[Feature::ProperName as usize] =
        reading.strange_to(None, Some(&index.relations[relation.index()]));
    x[Feature::Aspect as usize] =
        reading.other_aspects(None, Some(&index.relations[relation.index()]));
    reading.measure_kind(None, Some(&index.relations[relation.index()]), &mut x);
    x[Feature::Subject as usize] = f32::from(fits && !reading.entities.is_empty());
    x[Feature::Foreign as usize] = f32::from(!fits);
    x[Feature::DateFits as usize] = f32::from(!reading.text.dates.is_empty());
    x[Feature::Computed as usize] = 1.0;
    x[Feature::Structure as usize] = if fits { ranks.relation_score } else { 0.0 };
    x
}

fn common(reading: &Reading, ranks: Ranks) -> Features {
    let mut x = [0.0; FEATURES];
    x[Feature::Constant as usize] = 1.0;
    x[Feature::FactScore as usize] = ranks.score;
    x[Feature::FactMargin as usize] = ranks.margin;
    x[Feature::FactProbability as usize] = ranks.probability;
    x[Feature::RelationScore as usize] = ranks.relation_score;
    x[Feature::RelationGap as usize] = ranks.relation_gap;
    x[Feature::Refusable as usize] = ranks.refusable;
    x[Feature::Unasked as usize] = ranks.unasked;
    x[Feature::Unheard as usize] = share(reading.unheard, reading.content);
    x[Feature::Stranger as usize] = reading.stranger;
    x[Feature::Carried as usize] = f32::from(reading.carried);
    x[Feature::Brevity as usize] =
        1.0 / (1.0 + reading.content + 0.5 * reading.entities.len() as f32);
    x
}

/// What a name counts against a candidate that tells of it, but is never asked for it.
const TOLD_NAME: f32 = 0.2;
/// What a date that does not fit counts where it need not.
const LOOSELY: f32 = 0.5;
/// How sure what an entity was at the time asked for is meant when the entity is named.
const BY_THEN: f32 = 0.8;
/// Content from which a word is rare enough for a name: a rank of a thousand or more.
const RARE: f32 = 0.7;
/// How sure the main entity is meant when none is named.
const ASSUMED: f32 = 0.6;
/// What it counts that an entity named is the value of the fact, beside its subject.
const AS_VALUE: f32 = 0.8;
/// What a fact keeps when another one is the plain answer for its subject and relation.
const NOT_PLAIN: f32 = 0.5;

/// How much it counts against a fact that it does not know an entity of the question. Places and
/// notions are often named in passing ("the Lyon cluster", "a regional cluster").
fn foreignness(kind: Kind) -> f32 {
    if kind.is_general() { 0.4 } else { 1.0 }
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 {
        (part / whole).clamp(0.0, 1.0)
    } else {
        0.0
    }
}
