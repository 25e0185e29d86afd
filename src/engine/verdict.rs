//! What the engine makes of a question, before it is put in words.

use std::cmp::Ordering;

use crate::date::{Date, Elapsed};
use crate::knowledge::model::{EntityIx, FactIx, RelationIx};
use crate::lang::Lang;

/// Answer, offer or "I don't know".
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The base says.
    Answer(Answer),
    /// Two or three facts that may be meant, likeliest first.
    Offer(Vec<FactIx>),
    /// The base does not say.
    Unknown(Unknown),
}

/// Facts that answer, and how they do.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The facts it rests on, in the order they are told; never empty.
    pub facts: Vec<FactIx>,
    /// How they answer.
    pub form: Form,
}

/// How facts answer a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// The first fact in its own words; of one nearly as likely about the same subject, its first
    /// sentence beside.
    Fact,
    /// One fact that decides a yes/no question.
    YesNo(bool),
    /// The milestones of a span of time, of an entity, or of both, in order.
    Timeline {
        /// The span asked about.
        span: Option<Date>,
        /// The entity asked about.
        entity: Option<EntityIx>,
    },
    /// In which order the subjects of the facts came: that of the facts, or the first two together.
    First(Ordering),
    /// Two events in the order of their dates, or at the same time.
    Order(Ordering),
    /// Time passed since the date of the fact, up to the day of the question.
    Duration(Elapsed),
    /// Time passed from the date of the first fact to that of the second, which ended what began with the
    /// first.
    Lasted(Elapsed),
    /// Time passed between the dates of the two facts.
    Between(Elapsed),
}

/// Why the base does not say, and what it does know nearby.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// Why.
    pub reason: Reason,
    /// Facts near the question, likeliest first; at most three.
    pub nearby: Vec<FactIx>,
}

/// Why a question is not answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A fact records that no source says.
    Gap(FactIx),
    /// The entity is known, but not what was asked of it.
    NoFact {
        /// What was asked about.
        entity: EntityIx,
        /// What was asked, when that is clear.
        relation: Option<RelationIx>,
    },
    /// Nothing in the base is dated so.
    NothingDated(Date),
    /// A body of a similar name that the base does not cover.
    Outside(EntityIx),
    /// Nothing of the question is known.
    OffTopic,
    /// There is no question.
    Empty,
}

/// A verdict with how sure it is and what it was chosen from.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// How likely the best candidate is right, 0–1, whatever the verdict.
    pub confidence: f32,
    /// The language to reply in.
    pub language: Lang,
    /// The best candidates with the likelihood of each, likeliest first; at most five.
    pub candidates: Vec<(FactIx, f32)>,
    /// What the next question of the conversation may refer to.
    pub memory: Memory,
}

/// What a conversation is about, by ids, so that it survives a reload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// The entity last talked about.
    pub entity: Option<String>,
    /// The relation last asked for.
    pub relation: Option<String>,
    /// The fact last answered with.
    pub fact: Option<String>,
    /// The last question that was understood, cleaned, with times told from that day in figures.
    pub question: Option<String>,
    /// The facts that were just offered, or named beside an "I don't know", in that order.
    pub offered: Vec<String>,
    /// The language last spoken.
    pub language: Option<Lang>,
}
