//! What the rankers see of a text: its features, each with how much it counts.

use std::borrow::Cow;

use super::ordinary::{content, word_stem};
use super::{Reader, Role, Text, Word};
use crate::date::{Date, Precision};
use crate::engine::ranker::{Term, TermKind};
use crate::knowledge::model::EntityIx;

/// Weight of a word that only pads a question ("please", "for my thesis").
const FILLER_WEIGHT: f32 = 0.15;
/// Weight of the words an entity was named by, beside the entity itself: they still tell apart
/// a question about "the automotive sector" from one about the cluster that word can mean.
const NAME_WORD_WEIGHT: f32 = 0.25;
/// Weight of a linked entity in the question's features: as much as a rare word.
const ENTITY_WEIGHT: f32 = 1.4;
/// Weight of a synonym group: below a literal word, so that saying it the base's way wins ties.
const CONCEPT_WEIGHT: f32 = 0.7;

impl Reader {
    /// The features of a text for ranking facts: words, synonym groups, entities and years.
    /// `slot` is the entity that a pattern's slots stand for, or that a question means without
    /// naming it.
    pub(crate) fn terms<'t>(&'t self, text: &'t Text, slot: Option<EntityIx>) -> Vec<Term<'t>> {
        let mut terms = Vec::with_capacity(text.words.len() * 2 + 1);
        let mut dated = None;
        for word in &text.words {
            match word.role {
                Role::Entity(entity, sure) => {
                    terms.push(tag(
                        &*self.entity_tags[entity.index()],
                        ENTITY_WEIGHT * sure,
                    ));
                    for part in word.text.split(' ').filter(|part| content(part) > 0.3) {
                        terms.push(Term {
                            text: part.into(),
                            stem: word_stem(part).into(),
                            kind: TermKind::Word,
                            weight: NAME_WORD_WEIGHT,
                        });
                    }
                }
                // A date is several words but one feature.
                Role::Date(date) if dated == Some(date) => {}
                Role::Date(date) => {
                    dated = Some(date);
                    terms.push(tag("date", 0.5));
                    if let Some(month) = single_month(&text.dates[date].date) {
                        terms.push(tag(format!("m:{month}"), 0.8));
                    }
                    if let Some(year) = single_year(&text.dates[date].date) {
                        terms.push(tag(format!("y:{year}"), 0.8));
                    }
                }
                Role::Slot => {}
                Role::DateSlot => terms.push(tag("date", 0.5)),
                Role::Plain | Role::Number => self.push_plain(word, &mut terms),
            }
        }
        if let Some(entity) = slot {
            // What is not said weighs no more than what is: "ok ok" asks nothing of anything.
            let said: f32 = terms.iter().map(|term| term.weight).sum();
            let weight = ENTITY_WEIGHT.min(said);
            terms.push(tag(&*self.entity_tags[entity.index()], weight));
        }
        terms
    }

    /// The features for ranking relations: entities, dates and numbers only as slots.
    pub(crate) fn masked_terms<'t>(&'t self, text: &'t Text, no_entity: bool) -> Vec<Term<'t>> {
        let mut terms = Vec::with_capacity(text.words.len() * 2 + 1);
        let mut dated = None;
        for word in &text.words {
            match word.role {
                Role::Entity(..) | Role::Slot => terms.push(tag("slot", 0.5)),
                Role::Date(date) if dated == Some(date) => {}
                Role::Date(date) => {
                    dated = Some(date);
                    terms.push(tag("date", 0.5));
                }
                Role::DateSlot => terms.push(tag("date", 0.5)),
                Role::Number => terms.push(tag("number", 0.5)),
                Role::Plain => self.push_plain(word, &mut terms),
            }
        }
        if no_entity {
            terms.push(tag("slot", 0.5));
        }
        terms
    }

    fn push_plain<'t>(&'t self, word: &'t Word, terms: &mut Vec<Term<'t>>) {
        terms.push(Term {
            text: word.text.as_str().into(),
            stem: word.stem.as_str().into(),
            kind: TermKind::Word,
            weight: if word.filler { FILLER_WEIGHT } else { 1.0 },
        });
        for concept in &word.concepts {
            let weight = if word.filler {
                CONCEPT_WEIGHT * FILLER_WEIGHT
            } else {
                CONCEPT_WEIGHT
            };
            terms.push(tag(&*self.concept_tags[usize::from(*concept)], weight));
        }
    }
}

fn tag<'t>(text: impl Into<Cow<'t, str>>, weight: f32) -> Term<'t> {
    let text = text.into();
    Term {
        stem: text.clone(),
        text,
        kind: TermKind::Tag,
        weight,
    }
}

/// The year a date lies in, when it is one.
pub(crate) fn single_year(date: &Date) -> Option<u16> {
    let (first, last) = date.years();
    (first == last).then_some(first)
}

/// The month a date lies in, as `2021-12`, when it is one.
fn single_month(date: &Date) -> Option<String> {
    if date.precision() == Precision::Year {
        return None;
    }
    let (first, last) = (date.earliest()?, date.latest()?);
    let month = (first.year(), first.month());
    (month == (last.year(), last.month())).then(|| format!("{}-{:02}", month.0, month.1))
}
