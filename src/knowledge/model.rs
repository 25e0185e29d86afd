//! The validated base: what the engine and the replies read.
//!
//! Everything here is immutable once built, and references between records are indices that
//! validation has resolved, so that no reader has to look up or check again.

use serde::{Deserialize, Serialize};

use crate::date::{Date, Day};
use crate::knowledge::diagnostic::Place;
use crate::lang::Bilingual;

/// Defines an index newtype into one of the vectors of [`Knowledge`].
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its vector.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(/// Position of a source in [`Knowledge::sources`].
    SourceIx);
index!(/// Position of an entity in [`Knowledge::entities`].
    EntityIx);
index!(/// Position of a relation in [`Knowledge::relations`].
    RelationIx);
index!(/// Position of a fact in [`Knowledge::facts`].
    FactIx);

/// A complete, validated knowledge base.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// Where facts come from.
    pub sources: Vec<Source>,
    /// What facts are about.
    pub entities: Vec<Entity>,
    /// What can be asked.
    pub relations: Vec<Relation>,
    /// The statements.
    pub facts: Vec<Fact>,
    /// Questions with the verdict they must get.
    pub golden: Vec<Golden>,
    /// Questions as people type them, learned from and measured with; no verdict is promised.
    pub samples: Vec<Golden>,
    /// General-language knowledge: synonyms, text-message spelling, padding.
    pub lexicon: Lexicon,
}

/// Looks records up by position: `knowledge[fact.subject?]`.
macro_rules! lookup {
    ($($ix:ident $field:ident $record:ident,)+) => {$(
        impl std::ops::Index<$ix> for Knowledge {
            type Output = $record;

            fn index(&self, ix: $ix) -> &$record {
                &self.$field[ix.index()]
            }
        }
    )+};
}

lookup! {
    SourceIx sources Source,
    EntityIx entities Entity,
    RelationIx relations Relation,
    FactIx facts Fact,
}

impl Knowledge {
    /// The golden questions, then the samples.
    pub fn questions(&self) -> impl Iterator<Item = &Golden> {
        self.golden.iter().chain(&self.samples)
    }

    /// The facts that somebody should have looked at again by now, the most overdue first.
    #[must_use]
    pub fn past_review(&self, today: Day) -> Vec<FactIx> {
        let mut past: Vec<(Day, FactIx)> = (0..)
            .map(FactIx)
            .zip(&self.facts)
            .filter_map(|(ix, fact)| Some((fact.review?.latest()?, ix)))
            .filter(|(review, _)| *review < today)
            .collect();
        past.sort();
        past.into_iter().map(|(_, ix)| ix).collect()
    }

    /// The fact with this id. Looks at one after the other: for commands, not for loops.
    #[must_use]
    pub fn find_fact(&self, id: &str) -> Option<FactIx> {
        let at = self.facts.iter().position(|fact| fact.id == id)?;
        Some(FactIx(at as u32))
    }
}

/// Where a fact comes from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Key, unique among sources.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// Its title, in its own language.
    pub title: String,
    /// Its address; none for a source that is not on the web.
    pub url: Option<String>,
    /// ISO 639-1 code of its language.
    pub language: String,
    /// When it was published, as far as known.
    pub date: Option<Date>,
    /// What a reader should know of it (copy, mirror, undated …).
    pub note: Option<Bilingual<String>>,
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Cluster,
    Organisation,
    Authority,
    Federation,
    Institute,
    Place,
    Person,
    Project,
    Event,
    Concept,
    Policy,
    Label,
}

impl Kind {
    /// Whether things of this kind are often named in passing: "the Lyon cluster", "a regional
    /// cluster".
    #[must_use]
    pub fn is_general(self) -> bool {
        matches!(
            self,
            Kind::Concept | Kind::Place | Kind::Label | Kind::Policy
        )
    }
}

/// What facts are about.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Key, unique among entities.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The short name used in replies.
    pub name: Bilingual<String>,
    /// The full name, where it differs.
    pub long: Option<Bilingual<String>>,
    /// French "de" + name with its contraction: `du Grand Lyon`.
    pub of_fr: String,
    /// Other names people type, both languages, without `name` and `long`.
    pub aliases: Bilingual<Vec<String>>,
    /// What it became.
    pub successor: Option<EntityIx>,
    /// A body known by name only, which the base does not cover.
    pub outside: bool,
    /// The entity meant when a question names none (at most one in a base).
    pub main: bool,
    /// Where it is defined.
    pub place: Place,
}

/// What kind of answer a relation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Asks {
    Date,
    Person,
    Organisation,
    Place,
    Number,
    Money,
    List,
    Definition,
    Reason,
    Name,
    Text,
}

/// A question that is computed from several facts instead of being looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    /// What happened in a span of time, or to an entity.
    Timeline,
    /// Which of several came first.
    First,
    /// How long something has lasted.
    Duration,
    /// How much time lies between two.
    Between,
}

/// What can be asked of an entity.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Key, unique among relations.
    pub id: String,
    /// A noun phrase for it: "founding date", « la date de création ».
    pub name: Bilingual<String>,
    /// The kind of answer.
    pub asks: Asks,
    /// Set for questions that are computed.
    pub operator: Option<Operator>,
    /// For operators on dates: the relations whose dates count, the one that says most first. A duration
    /// always has one.
    pub of: Vec<RelationIx>,
    /// For durations: the relations whose dates end them.
    pub until: Vec<RelationIx>,
    /// Ways to ask, with a `{subject}` slot (operators may also hold `{date}`).
    pub patterns: Bilingual<Vec<String>>,
    /// Ways to ask from the value back to the subject, with an `{object}` slot.
    pub reverse: Bilingual<Vec<String>>,
    /// Ways to ask whether a value holds, with `{subject}` and `{object}` slots.
    pub yesno: Bilingual<Vec<String>>,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Key, unique among facts.
    pub id: String,
    /// What it is about; none for plain question-and-answer entries.
    pub subject: Option<EntityIx>,
    /// What it says of its subject; none for plain question-and-answer entries.
    pub relation: Option<RelationIx>,
    /// The words of the answer: first sentence the answer, then context.
    pub answer: Bilingual<String>,
    /// When it happened or held.
    pub date: Option<Date>,
    /// Headline for timelines; present on milestones only.
    pub event: Option<Bilingual<String>>,
    /// The entities that are the value of the fact.
    pub objects: Vec<EntityIx>,
    /// Whether `objects` is the whole list, so that absence means no.
    pub complete: bool,
    /// Whether the value changes with time.
    pub volatile: bool,
    /// The date of a volatile value.
    pub as_of: Option<Date>,
    /// Day after which somebody should look again.
    pub review: Option<Date>,
    /// Deduced from sources, stated by none.
    pub inference: bool,
    /// The honest "no source says": makes the verdict *unknown*, in these words.
    pub gap: bool,
    /// The plain answer among several facts of the same subject and relation.
    pub main: bool,
    /// Where it comes from; never empty.
    pub sources: Vec<SourceIx>,
    /// When it was last compared with its sources.
    pub checked: Option<Date>,
    /// Ways to ask for this fact alone. The first is its display question.
    pub phrasings: Bilingual<Vec<Phrasing>>,
    /// Where it is defined.
    pub place: Place,
}

/// A way to ask for a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrasing {
    /// As written.
    pub text: String,
    /// Where it stands, so that one which finds another fact can be pointed at.
    pub place: Place,
}

impl AsRef<str> for Phrasing {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Phrasing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a golden question must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// An answer that contains this fact (or a gap told in this fact's words).
    Fact(FactIx),
    /// A list of candidates.
    Offer,
    /// A refusal.
    Unknown,
}

/// A question with the verdict it must get.
#[derive(Debug, Clone)]
pub struct Golden {
    /// What is asked.
    pub ask: String,
    /// Earlier questions of the conversation, oldest first.
    pub after: Vec<String>,
    /// Any of these is right; never empty.
    pub expect: Vec<Expected>,
    /// What kind of question it is (`direct`, `typo`, `refusal` …), for reports.
    pub style: String,
    /// Known to get another verdict today: measured, but it keeps nobody from reloading.
    pub open: bool,
    /// One of [`Knowledge::samples`].
    pub sample: bool,
    /// Where its words stand.
    pub place: Place,
}

/// General-language knowledge.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Words with one meaning, over both languages.
    pub concepts: Vec<Concept>,
    /// What can be asked of anything, one property each ("colour", "salary"): a question that names
    /// one which a fact's own questions never name is not answered by that fact.
    pub aspects: Vec<Concept>,
    /// What questions ask for, one kind each ("time", "place"), with the words that ask for it.
    pub interrogatives: Vec<Concept>,
    /// Text-message spellings and the words they stand for.
    pub shorthands: Vec<Shorthand>,
    /// Words and phrases without content in a question.
    pub fillers: Bilingual<Vec<String>>,
    /// Phrases that make a message no question when they are all it says: thanks, praise.
    pub remarks: Bilingual<Vec<String>>,
}

/// Words with one meaning, over both languages.
#[derive(Debug, Clone)]
pub struct Concept {
    /// Key, unique among concepts, among aspects or among interrogatives.
    pub id: String,
    /// Its words and short phrases.
    pub words: Bilingual<Vec<String>>,
}

/// A text-message spelling and the words it stands for.
#[derive(Debug, Clone)]
pub struct Shorthand {
    /// What people write.
    pub write: Vec<String>,
    /// What it means.
    pub means: String,
}
