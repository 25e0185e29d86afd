//! The learned ranker: which entry do these terms ask for?
//!
//! It is purely lexical. Words and character pieces of the phrasings are the features (`features`), one linear model over
//! them is trained when the base loads (`train`), and questions are compared with the phrasings of the best few entries
//! (`nearest`). Bases too large for a dense model are searched through an inverted index instead (`postings`).
//!
//! It knows nothing of languages, spelling, entities, dates or knowledge files: callers fold, repair and mark all that in
//! the terms they pass in.

mod features;
mod model;
mod phrasings;
mod trained;

pub use self::trained::Scratch;
use self::trained::Trained;

/// What a term is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// A word somebody wrote: gives word, word-pair and character features.
    Word,
    /// A symbol the engine put in, such as a linked entity: gives one feature, taken as it is.
    Tag,
}

/// One term of a phrasing or question, in the order it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The folded word, or the tag.
    pub text: String,
    /// The stem of the word; ignored for tags.
    pub stem: String,
    /// Word or tag.
    pub kind: TermKind,
    /// 1.0 normally, less for padding, more for emphasis; never negative.
    pub weight: f32,
}

impl Term {
    /// A word of normal weight.
    pub fn word(text: impl Into<String>, stem: impl Into<String>) -> Term {
        Term {
            text: text.into(),
            stem: stem.into(),
            kind: TermKind::Word,
            weight: 1.0,
        }
    }

    /// A tag of normal weight.
    pub fn tag(text: impl Into<String>) -> Term {
        Term {
            text: text.into(),
            stem: String::new(),
            kind: TermKind::Tag,
            weight: 1.0,
        }
    }

    /// The same term with another weight.
    #[must_use]
    pub fn weighing(mut self, weight: f32) -> Term {
        self.weight = weight;
        self
    }
}

/// A phrasing and the entry it asks for.
#[derive(Debug, Clone)]
pub struct Example {
    /// The entry, below the `entries` given to [`Ranker::train`].
    pub entry: u32,
    /// Its terms.
    pub terms: Vec<Term>,
    /// How much it counts in training; 1.0 normally.
    pub weight: f32,
}

/// What may be tuned. The defaults are the measured ones.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The words' share of a vector; characters have the rest.
    pub word_share: f32,
    /// Passes of training over the phrasings.
    pub passes: usize,
    /// First and last step length of training.
    pub steps: (f32, f32),
    /// Length of the centroids training starts from.
    pub start: f32,
    /// Part of a phrasing's own influence that is taken away while it is judged, 0.0–1.0.
    pub held_out: f32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            word_share: 0.5,
            passes: 5,
            steps: (6.0, 0.6),
            start: 8.0,
            held_out: 0.3,
        }
    }
}

/// A candidate entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The entry.
    pub entry: u32,
    /// Confidence, 0.0–1.0, comparable over questions; words the base has never seen lower it.
    pub score: f32,
    /// The trained model's own figure (a logit), which orders the candidates.
    pub logit: f32,
    /// The model's probability among all entries.
    pub probability: f32,
    /// Cosine of question and centroid of the entry's phrasings.
    pub cosine: f32,
    /// Cosine of question and nearest phrasing of the entry.
    pub nearest: f32,
    /// Share of the question's features that any phrasing has.
    pub covered: f32,
}

/// The trained ranker. Immutable.
#[derive(Debug)]
pub struct Ranker {
    trained: Trained,
}

impl Ranker {
    /// Learns `entries` entries from their phrasings. Examples of entries that do not exist are left out.
    pub fn train(entries: usize, examples: &[Example], settings: &Settings) -> Ranker {
        Ranker {
            trained: Trained::new(entries, examples, settings),
        }
    }

    /// The best `top` entries for the question, best first.
    pub fn rank(&self, terms: &[Term], scratch: &mut Scratch, top: usize) -> Vec<Scored> {
        self.trained.rank(terms, scratch, top)
    }

    /// Whether any phrasing has a word of this stem.
    pub fn knows(&self, stem: &str) -> bool {
        self.trained.knows(stem)
    }
}
