//! The learned ranker: which entry do these terms ask for?
//!
//! It is purely lexical and knows nothing of languages, spelling, entities, dates or knowledge files: callers fold, repair
//! and mark all that in the [`Term`]s they pass in. It reads no clock, draws no random numbers, and the order of the
//! examples changes nothing.
//!
//! - `features`: words, word pairs, tags and pieces of words, as vectors whose unknown part counts;
//! - `model`: softmax over weighted features, trained on the base;
//! - `phrasings`: the phrasings' own vectors;
//! - `trained`: both together, for bases of up to 2,000 entries;
//! - `indexed`, `centroids` and `spelt`: larger bases, through an inverted index of words, without training;
//! - `confidence`: one scale of certainty for all bases.
//!
//! # What was tried
//!
//! Accuracy of the first candidate in percent on validation questions, and after the slash how well the logit tells
//! questions in scope from others (AUROC × 100), with 5, 10 and 100 phrasings per entry. *Mean* is over these and four other
//! samples of 5 and 10 phrasings of both sets, without CLINC150's 100; differences below 0.2 are noise. Each row changes the
//! row marked "start" or, below it, the row before.
//!
//! | | CLINC150, 5 | CLINC150, 10 | CLINC150, 100 | BANKING77, 10 | mean | |
//! |---|---|---|---|---|---|---|
//! | centroids, pieces of 3–5 | 72.6 / 91.0 | 77.2 / 92.2 | | 72.7 | | |
//! | nearest phrasing | 65.3 / 88.2 | 73.8 / 90.4 | | 69.3 | | |
//! | kernel ridge regression, linear (exponential) | 72.5 (73.0) / 89.9 (91.0) | 78.4 (79.9) / 91.4 (92.6) | | 71.4 (74.1) | | |
//! | linear SVM, one against the rest | 73.3 / 90.3 | 80.8 / 92.2 | | 75.8 | | |
//! | linear SVM, Crammer–Singer | 73.2 / 90.3 | 80.7 / 92.5 | | 76.0 | | |
//! | **softmax**, from zero, weak penalty (batch) | 75.1 / 92.0 | 81.8 / 94.1 | | 77.9 | | kept: best by far, in both columns |
//! | softmax with exponential kernels | 73.5–75.0 / 91.7 | 80.4–81.8 / 93.8 | | 75.7–77.1 | | no |
//! | **start**: six passes from centroids, pieces of 2–4, sentence ends | 74.8 / 92.0 | 82.0 / 93.9 | 92.3 / 97.2 | 77.9 | 76.55 / 92.52 | kept: six passes do |
//! | pieces of 3–4; 2–5; 3–5 | 74.7; 74.8; 74.3 | 81.6; 81.3; 81.2 | | 77.3; 77.1; 78.0 | 76.3; 76.1; 76.1 | no |
//! | no sentence ends | 74.4 / 92.1 | 81.4 / 94.0 | | 77.5 | 76.16 / 92.72 | no |
//! | words' share 0.4; 0.6 | 74.5; 75.2 | 81.5; 81.7 | | 77.7; 77.7 | 76.4; 76.3 | no |
//! | whole words too; triples; skip pairs | 74.4; 74.2; 74.7 | 81.5; 81.7; 81.9 | | 77.3; 77.6; 77.5 | 76.3; 76.3; 76.4 | no |
//! | rarity to the power 0.7; 1.3 | 74.6; 74.3 | 81.7; 81.4 | | 77.0; 77.1 | 76.2; 76.1 | no |
//! | presence, not sublinear counts | 75.0 / 92.0 | 81.7 / 93.9 | 92.3 / 97.2 | 78.2 | 76.65 / 92.51 | kept, simpler |
//! | … blending in the nearest phrasing, a little; more | 75.1; 74.3 | 81.9; 81.6 | 92.2; 92.5 | 77.9; 77.8 | 76.6; 76.3 | no |
//! | … blending in the centroid | 75.0 / 91.8 | 81.2 / 93.6 | 92.1 / 97.1 | 77.7 | 76.35 / 92.31 | no |
//! | … words and pieces as two models, added | 75.4 / 92.0 | 81.7 / 93.9 | | 77.6 | 76.60 | no |
//! | … dropping one word in five while training | 74.0 / 92.4 | 81.7 / 93.2 | | 77.7 | 76.20 / 92.50 | no |
//! | … margin of 1; 2 in training | 74.9; 74.8 | 81.8; 81.6 | | 78.1; 78.0 | 76.6; 76.5 | no |
//! | … padding words ("please", "the") at 0.7; 0.4 | 74.3; 73.8 | 81.4; 81.0 | 92.7; 92.1 | 78.4; 77.9 | 76.6; 76.2 | no, and AUROC −0.4; −0.8 |
//! | … a phrasing's own influence held out by 0.3 (0.6; 1) | 75.2 / 92.1 | 81.6 / 94.1 | 92.4 / 97.4 | 78.2 | 76.75 / 92.64 (76.3; 76.2) | kept |
//! | … rare features only where they occur (all features) | 75.0 / 92.2 | 81.3 / 94.2 | 92.6 / 97.5 | 77.7 | 76.61 / 92.66 (76.0 / 92.7) | kept: three times as fast |
//! | … 24 rivals, five passes: **what is built** | 74.9 / 91.8 | 81.6 / 94.1 | 93.1 / 97.5 | 78.0 | 76.60 / 92.58 | kept: twice as fast |
//!
//! Among the engine's own features it is another figure by up to 0.3. There, longer centroids to start from (12 instead of 8)
//! give 74.9 / 91.1, 81.6 / 93.5, 92.9 / 96.9 and 78.3, instead of 75.0 / 91.0, 81.9 / 93.4, 92.8 / 96.9 and 77.7: kept
//! for bases of few phrasings. Of 921 questions by other hands to the shipped base, which has many, 831 are right with them
//! and 838 without.
//!
//! Confidence raises these AUROCs by 0.1 to 0.2. Typing errors in one word of ten of four letters and more cost two points
//! when nobody repairs them.

mod centroids;
mod confidence;
mod examples;
mod features;
mod indexed;
mod model;
mod phrasings;
mod spelt;
mod trained;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use self::examples::Examples;
pub use self::trained::Influence;

use self::centroids::Question;
use self::features::Bag;
use self::indexed::Indexed;
use self::model::Sums;
use self::spelt::Letters;
use self::trained::Trained;

/// Bases of more entries than this are indexed instead of trained: training takes time in proportion to the product of
/// entries and phrasings, about a second at 2,000 entries of ten.
const MAX_TRAINED: usize = 2_000;

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
pub struct Term<'t> {
    /// The folded word, or the tag.
    pub text: Cow<'t, str>,
    /// The stem of the word; ignored for tags.
    pub stem: Cow<'t, str>,
    /// Word or tag.
    pub kind: TermKind,
    /// 1.0 normally, less for padding, more for emphasis; never negative.
    pub weight: f32,
}

impl<'t> Term<'t> {
    /// A word of normal weight.
    pub fn word(text: impl Into<Cow<'t, str>>, stem: impl Into<Cow<'t, str>>) -> Term<'t> {
        Term {
            text: text.into(),
            stem: stem.into(),
            kind: TermKind::Word,
            weight: 1.0,
        }
    }

    /// A tag of normal weight.
    pub fn tag(text: impl Into<Cow<'t, str>>) -> Term<'t> {
        Term {
            text: text.into(),
            stem: Cow::Borrowed(""),
            kind: TermKind::Tag,
            weight: 1.0,
        }
    }

    /// The same term with another weight.
    #[must_use]
    pub fn weighing(mut self, weight: f32) -> Term<'t> {
        self.weight = weight;
        self
    }
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
    /// Length of the centroids training starts from, in a base of few phrasings and in one of many.
    pub start: (f32, f32),
    /// Part of a phrasing's own influence that is taken away while it is judged, 0.0–1.0.
    pub held_out: f32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            word_share: 0.5,
            passes: 5,
            steps: (6.0, 0.6),
            start: (12.0, 8.0),
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
    /// Share of the question's features that any phrasing has.
    pub covered: f32,
}

/// Memory a question needs, kept between questions. Any scratch serves any ranker.
#[derive(Debug, Default)]
pub struct Scratch {
    bag: Bag,
    sums: Sums,
    order: Vec<u32>,
    leaders: Vec<f32>,
    question: Question,
    letters: Letters,
    touched: Vec<u32>,
}

/// The trained ranker. Immutable.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ranker(Kind);

#[derive(Debug, Serialize, Deserialize)]
enum Kind {
    Trained(Box<Trained>),
    Indexed(Box<Indexed>),
}

impl Ranker {
    /// Learns `entries` entries from examples. Those of entries that do not exist are left out.
    ///
    /// Also returns what each of the examples numbered in `traced` did to the ranker, in their order: with it the ranker
    /// can be [asked](Ranker::rank_without) as if it had not learned from that example. There is none of a base so
    /// large that it is indexed, and `traced` names no example that is left out.
    pub fn train(
        entries: usize,
        examples: &Examples,
        traced: &[u32],
        settings: &Settings,
    ) -> (Ranker, Vec<Influence>) {
        let order = examples.order(entries);
        if entries <= MAX_TRAINED {
            let (trained, influences) = Trained::new(entries, examples, &order, traced, settings);
            (Ranker(Kind::Trained(Box::new(trained))), influences)
        } else {
            let indexed = Indexed::new(entries, examples, &order, settings);
            (Ranker(Kind::Indexed(Box::new(indexed))), Vec::new())
        }
    }

    /// The best `top` entries for the question, best first. Entries of a large base that share nothing with the question
    /// are left out.
    pub fn rank(&self, terms: &[Term<'_>], scratch: &mut Scratch, top: usize) -> Vec<Scored> {
        self.rank_without(terms, None, scratch, top)
    }

    /// The same, as if the example with this influence had not been learned from: its part is taken out of the weights,
    /// and features it alone has are unknown. A large base takes nothing out.
    pub fn rank_without(
        &self,
        terms: &[Term<'_>],
        example: Option<&Influence>,
        scratch: &mut Scratch,
        top: usize,
    ) -> Vec<Scored> {
        match &self.0 {
            Kind::Trained(trained) => trained.order(terms, example, scratch, top),
            Kind::Indexed(indexed) => indexed.order(terms, scratch, top),
        }
    }

    /// Whether any phrasing has a word of this stem.
    pub fn knows(&self, stem: &str) -> bool {
        match &self.0 {
            Kind::Trained(trained) => trained.knows(stem),
            Kind::Indexed(indexed) => indexed.knows(stem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words separated by spaces; `#tag` is a tag. The stem is the word without a final s.
    fn terms(text: &str) -> Vec<Term<'_>> {
        text.split_whitespace()
            .map(|word| match word.strip_prefix('#') {
                Some(tag) => Term::tag(tag),
                None => Term::word(word, word.trim_end_matches('s')),
            })
            .collect()
    }

    const PHRASINGS: [(u32, &str); 9] = [
        (0, "when was it created"),
        (0, "date of creation"),
        (0, "how old is it"),
        (1, "who created it"),
        (1, "names of the founders"),
        (2, "where is it based"),
        (2, "address of the office"),
        (3, "how many members are there"),
        (3, "#count members"),
    ];

    fn train(entries: usize, phrasings: &[(u32, &str)]) -> Ranker {
        let mut examples = Examples::default();
        for &(entry, text) in phrasings {
            examples.push(entry, &terms(text), 1.0);
        }
        Ranker::train(entries, &examples, &[], &Settings::default()).0
    }

    fn rank(ranker: &Ranker, question: &str) -> Vec<Scored> {
        ranker.rank(&terms(question), &mut Scratch::default(), 4)
    }

    /// The same phrasings as the first of so many entries that they are indexed.
    fn large() -> Ranker {
        let fillers: Vec<String> = (4..=MAX_TRAINED)
            .map(|entry| format!("filler number{entry} z{}", entry * 7919))
            .collect();
        let mut phrasings = PHRASINGS.to_vec();
        phrasings.extend(
            (4..)
                .zip(&fillers)
                .map(|(entry, text)| (entry, text.as_str())),
        );
        train(MAX_TRAINED + 1, &phrasings)
    }

    #[test]
    fn every_phrasing_finds_its_entry() {
        for ranker in [train(4, &PHRASINGS), large()] {
            for (entry, text) in PHRASINGS {
                let best = rank(&ranker, text)[0];
                assert_eq!(best.entry, entry, "{text}");
                assert!(best.score > 0.5, "{text}: {best:?}");
            }
        }
    }

    #[test]
    fn other_forms_and_slips_of_the_pen_still_find_it() {
        for ranker in [train(4, &PHRASINGS), large()] {
            for (question, entry) in [
                ("when was this created", 0),
                ("founder names", 1),
                ("what is the adress", 2),
                ("how many membres", 3),
                ("#count", 3),
            ] {
                assert_eq!(rank(&ranker, question)[0].entry, entry, "{question}");
            }
        }
    }

    #[test]
    fn unknown_words_lower_the_score() {
        for ranker in [train(4, &PHRASINGS), large()] {
            let scores = [
                "where is it based",
                "where is it based zanzibar",
                "where is zanzibar wholesale plumbing",
            ]
            .map(|question| rank(&ranker, question)[0]);
            assert!(scores.is_sorted_by(|a, b| a.score > b.score), "{scores:?}");
            assert!(
                scores.is_sorted_by(|a, b| a.covered > b.covered),
                "{scores:?}"
            );
        }
    }

    #[test]
    fn candidates_come_best_first_with_values_in_range() {
        for ranker in [train(4, &PHRASINGS), large()] {
            for question in [
                "who created it",
                "how old",
                "#count of it",
                "is it it it is",
                "number5 who",
            ] {
                let found = rank(&ranker, question);
                assert!(
                    found.is_sorted_by(|a, b| a.logit >= b.logit && a.score >= b.score),
                    "{found:?}"
                );
                for scored in found {
                    for value in [scored.score, scored.probability, scored.covered] {
                        assert!((0.0..=1.0).contains(&value), "{question}: {scored:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn without_its_own_influence_a_phrasing_is_known_by_its_neighbours_alone() {
        let mut examples = Examples::default();
        let numbers: Vec<u32> = PHRASINGS
            .iter()
            .map(|&(entry, text)| examples.push(entry, &terms(text), 1.0))
            .collect();
        let (ranker, influences) = Ranker::train(4, &examples, &numbers, &Settings::default());
        let mut scratch = Scratch::default();
        for ((entry, text), influence) in PHRASINGS.iter().zip(&influences) {
            let mut score = |without| {
                let found = ranker.rank_without(&terms(text), without, &mut scratch, 4);
                let own = found.iter().find(|scored| scored.entry == *entry);
                own.map(|scored| (scored.score, scored.covered))
            };
            let (with, without) = (score(None), score(Some(influence)));
            assert!(without < with, "{text}: {without:?} {with:?}");
        }
        // Nothing else is created, and "who … it" alone would not tell.
        let created = ranker.rank_without(
            &terms("who created it"),
            Some(&influences[3]),
            &mut scratch,
            1,
        );
        assert_eq!(created[0].entry, 0, "the other entry that knows the word");
    }

    #[test]
    fn the_order_of_phrasings_changes_nothing() {
        let mut reversed = PHRASINGS;
        reversed.reverse();
        let (ranker, other) = (train(4, &PHRASINGS), train(4, &reversed));
        for (_, text) in PHRASINGS {
            assert_eq!(rank(&ranker, text), rank(&other, text), "{text}");
        }
    }

    #[test]
    fn the_numbers_of_entries_change_no_scores() {
        let renumbered = PHRASINGS.map(|(entry, text)| (3 - entry, text));
        let (ranker, other) = (train(4, &PHRASINGS), train(4, &renumbered));
        for (_, text) in PHRASINGS {
            let (here, there) = (rank(&ranker, text)[0], rank(&other, text)[0]);
            assert_eq!(here.entry, 3 - there.entry, "{text}");
            assert!(
                (here.score - there.score).abs() < 1e-4,
                "{text}: {here:?} {there:?}"
            );
        }
    }

    #[test]
    fn a_scratch_used_before_changes_nothing() {
        let (small, large) = (train(4, &PHRASINGS), large());
        let mut scratch = Scratch::default();
        for (_, text) in PHRASINGS {
            for ranker in [&small, &large] {
                assert_eq!(
                    ranker.rank(&terms(text), &mut scratch, 4),
                    rank(ranker, text),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn heavier_terms_decide() {
        let ranker = train(4, &PHRASINGS);
        let weighing = |who: f32, when: f32| {
            let words = [
                Term::word("founders", "founder").weighing(who),
                Term::word("date", "date").weighing(when),
            ];
            ranker.rank(&words, &mut Scratch::default(), 1)[0].entry
        };
        assert_eq!(weighing(1.0, 0.1), 1);
        assert_eq!(weighing(0.1, 1.0), 0);
    }

    #[test]
    fn nothing_to_go_by_gives_no_confidence() {
        for ranker in [train(4, &PHRASINGS), large()] {
            for question in ["", "zanzibar", "#unknown", "ωω"] {
                assert!(
                    rank(&ranker, question)
                        .iter()
                        .all(|found| found.score < 0.1),
                    "{question}"
                );
            }
        }
    }

    #[test]
    fn empty_bases_and_stray_examples_are_harmless() {
        assert_eq!(rank(&train(0, &[]), "who created it"), []);
        assert_eq!(rank(&train(2, &[]), "who created it").len(), 2);
        assert_eq!(rank(&train(1, &PHRASINGS), "who created it")[0].entry, 0);
        assert_eq!(rank(&train(MAX_TRAINED + 1, &[]), "who created it"), []);
    }

    #[test]
    fn stems_of_phrasings_are_known() {
        for ranker in [train(4, &PHRASINGS), large()] {
            assert!(ranker.knows("founder"));
            assert!(
                !ranker.knows("founders") && !ranker.knows("count") && !ranker.knows("zanzibar")
            );
        }
    }
}
