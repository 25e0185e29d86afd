//! A trained engine as bytes, and back: what has been learned from a base need not be learned again.
//!
//! Kept is what training yields – the vocabulary, the index, both rankers, the calibration. What follows
//! at once from the knowledge, such as the tables of names and synonyms, is made anew.

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

/// Bytes that are no engine of this program.
#[derive(Debug, thiserror::Error)]
#[error("these bytes are no engine that this program kept")]
pub struct NotKept(#[from] postcard::Error);

#[derive(Serialize)]
struct Keep<'e> {
    vocabulary: &'e FxHashSet<Box<str>>,
    speller: &'e Speller,
    index: &'e Index,
    facts: &'e Ranker,
    relations: &'e Ranker,
    calibration: &'e Calibration,
}

/// As [`Keep`], field by field.
#[derive(Deserialize)]
struct Kept {
    vocabulary: FxHashSet<Box<str>>,
    speller: Speller,
    index: Index,
    facts: Ranker,
    relations: Ranker,
    calibration: Calibration,
}

impl Engine {
    /// What it learned, as bytes for [`Engine::restore`]: about 60 MB for 500 facts with 50 phrasings each.
    #[must_use]
    pub fn keep(&self) -> Vec<u8> {
        let (vocabulary, speller) = self.reader.learned();
        let keep = Keep {
            vocabulary,
            speller,
            index: &self.index,
            facts: &self.facts,
            relations: &self.relations,
            calibration: &self.calibration,
        };
        postcard::to_stdvec(&keep).expect("an engine holds nothing that bytes cannot say")
    }

    /// The engine whose learning was [kept](Engine::keep), without training it again. `knowledge` is the base it
    /// was trained on, by the same build of this program; that they belong together is for the caller to know.
    ///
    /// # Errors
    /// When the bytes are no such engine.
    pub fn restore(knowledge: Arc<Knowledge>, bytes: &[u8]) -> Result<Engine, NotKept> {
        let kept: Kept = postcard::from_bytes(bytes)?;
        let mut index = kept.index;
        index.complete(&knowledge);
        Ok(Engine {
            reader: Reader::new(Arc::clone(&knowledge))
                .having_learned(kept.vocabulary, kept.speller),
            index,
            facts: kept.facts,
            relations: kept.relations,
            calibration: kept.calibration,
            knowledge,
        })
    }
}
