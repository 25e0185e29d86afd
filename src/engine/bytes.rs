//! A trained engine as bytes, and back: what has been learned from a base need not be learned again.
//!
//! The bytes hold what training yields: the vocabulary, the index, both rankers, the calibration. What
//! follows at once from the knowledge, such as the tables of names and synonyms, is made anew.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::engine::calibrate::Calibration;
use crate::engine::index::Index;
use crate::engine::ranker::Ranker;
use crate::engine::reader::Reader;
use crate::knowledge::model::Knowledge;
use crate::text::spelling::Speller;

/// Bytes that are no engine of this base.
#[derive(Debug, thiserror::Error)]
pub enum BadBytes {
    /// They are no engine of this build.
    #[error("these bytes are no engine of this program")]
    Malformed(#[from] postcard::Error),
    /// They are one of another base.
    #[error("these bytes are the engine of another base")]
    OtherBase,
}

#[derive(Serialize)]
struct Trained<'e> {
    vocabulary: &'e FxHashSet<Box<str>>,
    speller: &'e Speller,
    index: &'e Index,
    facts: &'e Ranker,
    relations: &'e Ranker,
    calibration: &'e Calibration,
}

/// As [`Trained`], field by field.
#[derive(Deserialize)]
struct Owned {
    vocabulary: FxHashSet<Box<str>>,
    speller: Speller,
    index: Index,
    facts: Ranker,
    relations: Ranker,
    calibration: Calibration,
}

impl Engine {
    /// What it learned, as bytes for [`Engine::from_bytes`]: 25 MB for 600 facts with 50 phrasings each and
    /// 14,000 samples.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (vocabulary, speller) = self.reader.learned();
        let trained = Trained {
            vocabulary,
            speller,
            index: &self.index,
            facts: &self.facts,
            relations: &self.relations,
            calibration: &self.calibration,
        };
        postcard::to_stdvec(&trained).expect("an engine holds nothing that bytes cannot say")
    }

    /// The engine whose learning these [bytes](Engine::to_bytes) hold, without training it again. `knowledge` is
    /// the base it was trained on, by the same build of this program: that this is so is for the caller to know.
    ///
    /// # Errors
    /// When the bytes are no engine, or one of a base of another size.
    pub fn from_bytes(knowledge: Arc<Knowledge>, bytes: &[u8]) -> Result<Engine, BadBytes> {
        let trained: Owned = postcard::from_bytes(bytes)?;
        let mut index = trained.index;
        let size = (knowledge.facts.len(), knowledge.relations.len());
        if (index.facts.len(), index.relations.len()) != size {
            return Err(BadBytes::OtherBase);
        }
        index.complete(&knowledge);
        Ok(Engine {
            reader: Reader::new(Arc::clone(&knowledge))
                .having_learned(trained.vocabulary, trained.speller),
            index,
            facts: trained.facts,
            relations: trained.relations,
            calibration: trained.calibration,
            knowledge,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Day;
    use crate::engine::{Memory, Question};
    use crate::knowledge::PlainEntry;
    use crate::lang::Lang;

    /// So many questions with two phrasings each.
    fn base(size: usize) -> Arc<Knowledge> {
        let entries = (0..size).map(|at| {
            let hall = at * 7;
            let phrasings = [
                format!("how do I mend the pump of model {at} in hall b{hall}"),
                format!("pump b{hall} leaks, what now"),
            ];
            PlainEntry::new(format!("entry-{at}"), Lang::En, phrasings)
        });
        Arc::new(Knowledge::from_plain(entries))
    }

    #[test]
    fn trained_and_indexed_engines_answer_the_same_from_bytes() {
        for size in [40, 2_100] {
            let knowledge = base(size);
            let engine = Engine::build(Arc::clone(&knowledge));
            let again = Engine::from_bytes(Arc::clone(&knowledge), &engine.to_bytes()).unwrap();
            for text in [
                "pump b63 leaks",
                "mend modle 17 in hall b119",
                "what is the time?",
            ] {
                let question = Question {
                    text,
                    lang: None,
                    locale: Lang::En,
                    today: Day::new(2026, 11, 22).unwrap(),
                };
                let memory = Memory::default();
                assert_eq!(
                    engine.ask(&question, &memory),
                    again.ask(&question, &memory)
                );
            }
        }
    }

    #[test]
    fn bytes_of_something_else_are_no_engine() {
        let bytes = Engine::build(base(40)).to_bytes();
        let other = Engine::from_bytes(base(41), &bytes);
        assert!(matches!(other, Err(BadBytes::OtherBase)), "{other:?}");
        let half = Engine::from_bytes(base(40), &bytes[..bytes.len() / 2]);
        assert!(matches!(half, Err(BadBytes::Malformed(_))), "{half:?}");
    }
}
