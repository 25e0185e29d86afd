//! A text as the engine sees it: words with a meaning, entities and dates among them.

use std::hash::{Hash as _, Hasher as _};

use compact_str::CompactString;
use rustc_hash::FxHasher;
use smallvec::SmallVec;

use crate::date::mention::Mention;
use crate::knowledge::model::EntityIx;

/// Numbers of a word's synonym groups, or of its properties; mostly none.
pub(crate) type Groups = SmallVec<[u16; 4]>;

/// One word, or one name of several words, of a text.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Folded and, where needed, repaired; a name of several words is joined by spaces.
    pub(crate) text: CompactString,
    /// Its stem in the language it is likelier to be of.
    pub(crate) stem: CompactString,
    /// What it was before repair.
    pub(crate) repaired_from: Option<Box<str>>,
    /// What it stands for.
    pub(crate) role: Role,
    /// Synonym groups it belongs to.
    pub(crate) concepts: Groups,
    /// Properties it names that anything may have.
    pub(crate) aspects: Groups,
    /// What it asks for: a time, a place, a person.
    pub(crate) asks: Groups,
    /// How much it says, 0–1: near 0 for function words and padding, 1 for rare words.
    pub(crate) content: f32,
    /// Part of a padding phrase.
    pub(crate) filler: bool,
    /// Looks like a name: ordinary language does not know it, or it is written with a capital.
    pub(crate) name_like: bool,
    /// Written with a capital where a sentence does not ask for one.
    pub(crate) proper: bool,
}

impl Word {
    /// A name, written as `text`; `sure` is how sure the link is, 0–1.
    pub(super) fn naming(entity: EntityIx, sure: f32, text: impl Into<CompactString>) -> Word {
        Word {
            text: text.into(),
            stem: CompactString::default(),
            repaired_from: None,
            role: Role::Entity(entity, sure),
            concepts: Groups::new(),
            aspects: Groups::new(),
            asks: Groups::new(),
            content: 0.0,
            filler: false,
            name_like: false,
            proper: false,
        }
    }
}

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Role {
    /// Itself.
    Plain,
    /// A number in digits.
    Number,
    /// Part of the date at this position of [`Text::dates`].
    Date(usize),
    /// An entity, with how sure the link is (0–1).
    Entity(EntityIx, f32),
    /// In patterns: the place of an entity.
    Slot,
    /// In patterns: the place of a date.
    DateSlot,
}

/// A text as the engine sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) words: Vec<Word>,
    pub(crate) dates: Vec<Mention>,
    /// It ends with a question mark.
    pub(crate) asks: bool,
    /// Some link is of an ordinary word and may be none: a second reading without it is due.
    pub(crate) doubtful_links: bool,
}

impl Text {
    /// Entities named, each once, with the surest link.
    pub(crate) fn entities(&self) -> Vec<(EntityIx, f32)> {
        let mut found: Vec<(EntityIx, f32)> = Vec::new();
        for word in &self.words {
            if let Role::Entity(entity, sure) = word.role {
                match found.iter_mut().find(|(known, _)| *known == entity) {
                    Some((_, best)) => *best = best.max(sure),
                    None => found.push((entity, sure)),
                }
            }
        }
        found
    }

    /// The kinds of things it asks for, each once, sorted.
    pub(crate) fn asked_for(&self) -> Vec<u16> {
        let mut kinds: Vec<u16> = self
            .words
            .iter()
            .flat_map(|word| word.asks.iter().copied())
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Drops dates that no word says: the year in "France 2030" belongs to the name.
    pub(super) fn drop_unsaid_dates(&mut self) {
        let mut kept = 0;
        for at in 0..self.dates.len() {
            let says = |word: &&mut Word| word.role == Role::Date(at);
            let mut said = false;
            for word in self.words.iter_mut().filter(says) {
                word.role = Role::Date(kept);
                said = true;
            }
            if said {
                self.dates.swap(kept, at);
                kept += 1;
            }
        }
        self.dates.truncate(kept);
    }

    /// Its words, a space between them.
    pub(crate) fn spelled(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    /// The same for the same words, and for hardly any others.
    pub(crate) fn key(&self) -> u64 {
        let words = self.words.iter().map(|word| word.text.as_str());
        let mut hasher = FxHasher::default();
        words.for_each(|word| word.hash(&mut hasher));
        hasher.finish()
    }

    /// Share of words that say something: the sum of their content.
    pub(crate) fn content(&self) -> f32 {
        self.words.iter().map(|word| word.content).sum()
    }
}
