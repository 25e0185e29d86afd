//! A base from plain questions and answers, without files.
//!
//! For question sets that are made elsewhere and for tests: ids, phrasings, and an answer if there is
//! one. No subject, no relation; one source stands for all. Nothing is checked, since such sets are
//! what they are: two entries that share a phrasing are the engine's to tell apart.

use super::diagnostic::Place;
use super::model::{Fact, Knowledge, Phrasing, Source, SourceIx};
use crate::lang::{Bilingual, Lang};

/// One entry: a fact that is nothing but its answer and the ways to ask for it.
#[derive(Debug, Clone, Default)]
pub struct PlainEntry {
    /// Key; entries with equal keys are not merged.
    pub id: String,
    /// Ways to ask.
    pub phrasings: Bilingual<Vec<String>>,
    /// The answer; its id when empty.
    pub answer: Bilingual<String>,
}

impl PlainEntry {
    /// An entry with phrasings in one language, answered by its id.
    pub fn new<S: Into<String>>(
        id: impl Into<String>,
        lang: Lang,
        phrasings: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut entry = PlainEntry {
            id: id.into(),
            ..PlainEntry::default()
        };
        *entry.phrasings.get_mut(lang) = phrasings.into_iter().map(Into::into).collect();
        entry
    }
}

impl Knowledge {
    /// A base of plain questions and answers.
    ///
    /// ```
    /// use cara_bot::knowledge::{Knowledge, PlainEntry};
    /// use cara_bot::lang::Lang;
    ///
    /// let entry = PlainEntry::new("balance", Lang::En, ["how much money do I have"]);
    /// let knowledge = Knowledge::from_plain([entry]);
    /// assert_eq!(knowledge.facts[0].id, "balance");
    /// ```
    #[must_use]
    pub fn from_plain(entries: impl IntoIterator<Item = PlainEntry>) -> Self {
        let mut knowledge = Knowledge {
            sources: vec![Source {
                id: "plain".to_owned(),
                publisher: "question set".to_owned(),
                title: "question set".to_owned(),
                url: None,
                language: "en".to_owned(),
                date: None,
                note: None,
            }],
            ..Knowledge::default()
        };
        for entry in entries {
            knowledge.push_plain(entry);
        }
        knowledge
    }

    /// Adds a plain entry.
    fn push_plain(&mut self, entry: PlainEntry) {
        let place = Place::whole("memory");
        let phrasings = |texts: Vec<String>| -> Vec<Phrasing> {
            texts
                .into_iter()
                .map(|text| Phrasing {
                    text,
                    place: place.clone(),
                })
                .collect()
        };
        let answer = |text: String| {
            if text.is_empty() {
                entry.id.clone()
            } else {
                text
            }
        };
        self.facts.push(Fact {
            subject: None,
            relation: None,
            answer: Bilingual {
                en: answer(entry.answer.en),
                fr: answer(entry.answer.fr),
            },
            id: entry.id,
            date: None,
            event: None,
            objects: Vec::new(),
            complete: false,
            volatile: false,
            as_of: None,
            review: None,
            inference: false,
            gap: false,
            main: false,
            sources: vec![SourceIx(0)],
            checked: None,
            phrasings: Bilingual {
                en: phrasings(entry.phrasings.en),
                fr: phrasings(entry.phrasings.fr),
            },
            place,
        });
    }
}
