//! What the words of a question say about whether its likeliest candidate answers it.
//!
//! The measurements weigh an unexplained word by how rare it is. But "how often" or "the names of"
//! leave more open than "my colleague says", and only questions with a known verdict can tell. So a
//! logistic regression learns a weight for every word, by whether the candidate is asked with it, only
//! tells it, or knows nothing of it, and for every two neighbours. Names, dates and numbers are only
//! known to be such: what is learned of one entity holds for all.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

/// A word of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Said {
    /// An entity.
    Name,
    Date,
    Number,
    /// Any other word, by the hash of its stem.
    Word(u64),
}

impl Said {
    pub(crate) fn word(stem: &str) -> Said {
        Said::Word(hash(stem))
    }
}

/// How a candidate knows a word of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Known {
    /// It is asked with it.
    Asked,
    /// Its answer has it.
    Told,
    /// Neither.
    Not,
}

/// A word of a question as a candidate knows it, or two neighbours, by their hash.
pub(super) type Mark = u64;

/// The marks of a question for one candidate, each once.
pub(super) fn marks(said: &[Said], known: &[Known]) -> Vec<Mark> {
    let words = said.iter().zip(known).map(hash);
    let ends = said.iter().skip(1).map(Some).chain([None]);
    let pairs = said.iter().zip(ends).map(hash);
    let mut marks: Vec<Mark> = words.chain(pairs).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A question with its likeliest candidate: the marks, each once, and whether it is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Example {
    pub(super) marks: Vec<Mark>,
    pub(super) right: bool,
}

/// How much the examples count beside the pull of all weights towards zero.
const SAY: f32 = 0.6;
/// Passes over the examples.
const PASSES: usize = 12;
/// Length of the first step.
const FIRST_STEP: f32 = 0.5;
/// Parts the examples are divided in, to judge each by the others.
const PARTS: usize = 4;

/// A weight per mark, in log-odds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Wording {
    weights: FxHashMap<Mark, f32>,
    constant: f32,
}

impl Wording {
    /// Learns from examples; their order does not matter.
    pub(super) fn learn(examples: &[Example]) -> Wording {
        let mut sorted: Vec<&Example> = examples.iter().collect();
        sorted.sort_by(|a, b| by_hash(a, b));
        Wording::descend(&sorted)
    }

    /// What is said of each example by the wording of the others.
    pub(super) fn cross_fitted(examples: &[Example]) -> Vec<f32> {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        order.sort_by(|a, b| by_hash(&examples[*a], &examples[*b]));
        let learned = (0..PARTS).into_par_iter().map(|unseen| {
            let seen = order.iter().enumerate();
            let seen = seen.filter(|(place, _)| place % PARTS != unseen);
            let seen: Vec<&Example> = seen.map(|(_, at)| &examples[*at]).collect();
            Wording::descend(&seen)
        });
        let learned: Vec<Wording> = learned.collect();
        let mut said = vec![0.0; examples.len()];
        for (place, at) in order.iter().enumerate() {
            said[*at] = learned[place % PARTS].says(&examples[*at].marks);
        }
        said
    }

    /// What these marks say, in log-odds: above zero for a right candidate.
    pub(super) fn says(&self, marks: &[Mark]) -> f32 {
        let weights = marks.iter().filter_map(|mark| self.weights.get(mark));
        self.constant + weights.sum::<f32>()
    }

    /// Stochastic gradient descent on the logistic loss with steps that shorten as in Bottou, "Stochastic
    /// gradient descent tricks" (2012).
    fn descend(examples: &[&Example]) -> Wording {
        let mut numbers: FxHashMap<Mark, u32> = FxHashMap::default();
        let mut starts = vec![0];
        let mut marks: Vec<u32> = Vec::new();
        for example in examples {
            for mark in &example.marks {
                let next = numbers.len() as u32;
                marks.push(*numbers.entry(*mark).or_insert(next));
            }
            starts.push(marks.len());
        }
        // All weights shrink at every step; a common factor does it for all of them at once.
        let mut weights = vec![0.0_f32; numbers.len()];
        let mut factor = 1.0_f32;
        let mut constant = 0.0_f32;
        let pull = 1.0 / (SAY * examples.len().max(1) as f32);
        let mut visit = 1.0 / (pull * FIRST_STEP);
        for _ in 0..PASSES {
            for (example, range) in examples.iter().zip(starts.windows(2)) {
                let marks = &marks[range[0]..range[1]];
                let sum: f32 = marks.iter().map(|mark| weights[*mark as usize]).sum();
                let likely = 1.0 / (1.0 + (-(constant + factor * sum)).exp());
                let error = f32::from(u8::from(example.right)) - likely;
                let step = 1.0 / (pull * visit);
                factor *= 1.0 - step * pull;
                for mark in marks {
                    weights[*mark as usize] += step * error / factor;
                }
                constant += 0.1 * step * error;
                visit += 1.0;
            }
        }
        let weights = numbers
            .into_iter()
            .map(|(mark, number)| (mark, factor * weights[number as usize]))
            .collect();
        Wording { weights, constant }
    }
}

/// An order that neither the examples' places nor their words decide: stochastic descent wants them mixed.
fn by_hash(a: &Example, b: &Example) -> std::cmp::Ordering {
    let key = |example: &Example| {
        let marks = example.marks.iter();
        marks.fold(0_u64, |sum, mark| {
            (sum ^ mark)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23)
        })
    };
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Right unless the third mark is 7, with two marks that say nothing.
    fn examples() -> Vec<Example> {
        (0..600_u64)
            .map(|at| Example {
                marks: vec![100 + at % 10, 200 + at % 13, at % 8],
                right: at % 8 != 7,
            })
            .collect()
    }

    #[test]
    fn a_word_that_tells_is_learned_and_others_are_not() {
        let wording = Wording::learn(&examples());
        assert!(wording.says(&[103, 204, 7]) < -1.0);
        assert!(wording.says(&[103, 204, 2]) > 1.0);
        let nothing = wording.says(&[]);
        assert!((wording.says(&[103]) - nothing).abs() < 0.7);
        assert!((wording.says(&[999]) - nothing).abs() < f32::EPSILON);
    }

    #[test]
    fn the_order_of_examples_changes_nothing() {
        let mut examples = examples();
        let wording = Wording::learn(&examples);
        examples.reverse();
        assert_eq!(wording, Wording::learn(&examples));
    }

    #[test]
    fn each_example_is_judged_by_the_others() {
        let alone: Vec<Example> = (0..400)
            .map(|at| Example {
                marks: vec![at],
                right: at * 7_919 % 101 < 50,
            })
            .collect();
        let said = Wording::cross_fitted(&alone);
        let known = alone
            .iter()
            .zip(&said)
            .filter(|(example, said)| example.right == (**said > 0.1));
        assert!(
            known.count() < 260,
            "a mark of its own teaches nothing of others"
        );
    }

    #[test]
    fn nothing_is_learned_from_nothing() {
        assert_eq!(Wording::learn(&[]), Wording::default());
    }
}
