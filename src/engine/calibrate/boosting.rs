//! Gradient boosting: small trees, each of which corrects what those before it got wrong.
//!
//! A logistic regression adds up what it measures; how much a measurement says often hangs on another
//! (an unknown word matters less where subject and relation are clear). Trees of two questions each can
//! say that. They correct the regression's log-odds and are learned by Newton's method on the logistic
//! loss, as in Friedman, "Greedy function approximation" (2001), with the damped leaves of XGBoost.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// Trees grown. Twice as many change nothing.
const TREES: usize = 150;
/// Part of a tree's correction that is taken.
const RATE: f32 = 0.12;
/// Groups of about equal size that the values of a measurement are divided in.
const BINS: usize = 32;
/// Pull of a leaf's correction towards zero.
const DAMPING: f32 = 5.0;
/// Least curvature of the loss in a leaf: about thirty undecided examples.
const LEAST_CURVATURE: f32 = 4.0;

/// Measurements of something that is right or not, with a first guess.
#[derive(Debug, Clone)]
pub(super) struct Example<const N: usize> {
    pub(super) x: [f32; N],
    /// The first guess, in log-odds.
    pub(super) guess: f32,
    pub(super) right: bool,
}

/// Corrections to a guess in log-odds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Boosted {
    trees: Vec<Tree>,
}

/// Two questions, and a correction for each way to answer them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Tree {
    first: Split,
    second: [Split; 2],
    leaves: [[f32; 2]; 2],
}

/// Is this measurement greater than that?
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Split {
    measurement: usize,
    than: f32,
}

impl Split {
    /// Everything stays together.
    const NONE: Split = Split {
        measurement: 0,
        than: f32::INFINITY,
    };

    fn side(self, x: &[f32]) -> usize {
        usize::from(x[self.measurement] > self.than)
    }
}

impl Tree {
    fn correction(&self, x: &[f32]) -> f32 {
        let side = self.first.side(x);
        self.leaves[side][self.second[side].side(x)]
    }
}

/// First and second derivative of the loss, summed over some examples.
#[derive(Debug, Clone, Copy, Default)]
struct Slope {
    gradient: f32,
    curvature: f32,
}

impl Slope {
    #[inline]
    fn add(&mut self, other: Slope) {
        self.gradient += other.gradient;
        self.curvature += other.curvature;
    }

    fn without(self, other: Slope) -> Slope {
        Slope {
            gradient: self.gradient - other.gradient,
            curvature: self.curvature - other.curvature,
        }
    }

    /// How much one correction for all of them lowers the loss.
    fn gain(self) -> f32 {
        self.gradient * self.gradient / (self.curvature + DAMPING)
    }

    fn correction(self) -> f32 {
        -RATE * self.gradient / (self.curvature + DAMPING)
    }
}

/// The slopes of some examples by measurement and bin.
type Histogram<const N: usize> = [[Slope; BINS]; N];

impl Boosted {
    /// Learns from examples; their order does not matter.
    pub(super) fn learn<const N: usize>(examples: &[Example<N>]) -> Boosted {
        let mut sorted: Vec<&Example<N>> = examples.iter().collect();
        sorted.sort_by(|a, b| by_content(a, b));
        Boosted::grow(&sorted)
    }

    /// The correction of each example by trees that have not seen it: those grown from every other
    /// example, in the order of their content.
    pub(super) fn cross_fitted<const N: usize>(examples: &[Example<N>]) -> Vec<f32> {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        order.sort_by(|a, b| by_content(&examples[*a], &examples[*b]));
        let half = |parity: usize| -> Vec<usize> {
            order.iter().copied().skip(parity).step_by(2).collect()
        };
        let halves = [half(0), half(1)];
        let grow = |half: &[usize]| {
            let seen: Vec<&Example<N>> = half.iter().map(|at| &examples[*at]).collect();
            Boosted::grow(&seen)
        };
        let grown = rayon::join(|| grow(&halves[0]), || grow(&halves[1]));
        let mut corrections = vec![0.0; examples.len()];
        for (boosted, unseen) in [(grown.0, &halves[1]), (grown.1, &halves[0])] {
            for at in unseen {
                corrections[*at] = boosted.correction(&examples[*at].x);
            }
        }
        corrections
    }

    /// What to add to the guess for these measurements.
    pub(super) fn correction(&self, x: &[f32]) -> f32 {
        self.trees.iter().map(|tree| tree.correction(x)).sum()
    }

    fn grow<const N: usize>(examples: &[&Example<N>]) -> Boosted {
        let cuts: Vec<Vec<f32>> = (0..N).map(|at| cuts(examples, at)).collect();
        let binned: Vec<[u8; N]> = examples
            .iter()
            .map(|example| {
                std::array::from_fn(|at| cuts[at].partition_point(|cut| *cut < example.x[at]) as u8)
            })
            .collect();
        let mut guesses: Vec<f32> = examples.iter().map(|example| example.guess).collect();
        let mut slopes = vec![Slope::default(); examples.len()];
        let mut boosted = Boosted::default();
        for _ in 0..TREES {
            for ((slope, guess), example) in slopes.iter_mut().zip(&guesses).zip(examples) {
                let likely = 1.0 / (1.0 + (-guess).exp());
                slope.gradient = likely - f32::from(u8::from(example.right));
                slope.curvature = likely * (1.0 - likely);
            }
            let [whole, _] = histograms(&binned, &slopes, |_| 0);
            let first = best_split(&whole, &cuts);
            let [left, right] = histograms(&binned, &slopes, |at| first.side(&examples[at].x));
            let second = [best_split(&left, &cuts), best_split(&right, &cuts)];
            let mut sums = [[Slope::default(); 2]; 2];
            for (example, slope) in examples.iter().zip(&slopes) {
                let side = first.side(&example.x);
                sums[side][second[side].side(&example.x)].add(*slope);
            }
            let tree = Tree {
                first,
                second,
                leaves: sums.map(|pair| pair.map(Slope::correction)),
            };
            for (guess, example) in guesses.iter_mut().zip(examples) {
                *guess += tree.correction(&example.x);
            }
            boosted.trees.push(tree);
        }
        boosted
    }
}

fn by_content<const N: usize>(a: &Example<N>, b: &Example<N>) -> Ordering {
    let values = a.x.iter().zip(&b.x).map(|(a, b)| a.total_cmp(b));
    values
        .fold(Ordering::Equal, Ordering::then)
        .then(a.right.cmp(&b.right))
}

/// Values of a measurement that divide the examples into groups of about equal size, ascending.
fn cuts<const N: usize>(examples: &[&Example<N>], measurement: usize) -> Vec<f32> {
    let mut values: Vec<f32> = examples
        .iter()
        .map(|example| example.x[measurement])
        .collect();
    values.sort_by(f32::total_cmp);
    let mut cuts: Vec<f32> = (1..BINS)
        .filter_map(|bin| values.get(bin * values.len() / BINS).copied())
        .collect();
    cuts.dedup();
    cuts
}

/// The histograms of the examples on either side.
fn histograms<const N: usize>(
    binned: &[[u8; N]],
    slopes: &[Slope],
    side: impl Fn(usize) -> usize,
) -> [Box<Histogram<N>>; 2] {
    let mut found = [0, 1].map(|_| Box::new([[Slope::default(); BINS]; N]));
    for (at, (bins, slope)) in binned.iter().zip(slopes).enumerate() {
        let histogram = &mut found[side(at)];
        for (row, bin) in histogram.iter_mut().zip(bins) {
            row[usize::from(*bin) % BINS].add(*slope);
        }
    }
    found
}

/// The question that lowers the loss most; none when no question does.
fn best_split<const N: usize>(histogram: &Histogram<N>, cuts: &[Vec<f32>]) -> Split {
    let mut best = (1e-3, Split::NONE);
    for (measurement, (row, cuts)) in histogram.iter().zip(cuts).enumerate() {
        let mut all = Slope::default();
        row.iter().for_each(|slope| all.add(*slope));
        let mut below = Slope::default();
        for (slope, than) in row.iter().zip(cuts) {
            below.add(*slope);
            let above = all.without(below);
            if below.curvature < LEAST_CURVATURE || above.curvature < LEAST_CURVATURE {
                continue;
            }
            let gain = below.gain() + above.gain() - all.gain();
            if gain > best.0 {
                let than = *than;
                best = (gain, Split { measurement, than });
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Right when exactly one of two measurements is high, which no sum of them tells.
    fn either_or() -> Vec<Example<3>> {
        (0..2_000)
            .map(|at: usize| {
                let (a, b) = (at * 7_919 % 2_000, at * 104_729 % 1_999);
                let (a, b) = (a as f32 / 2_000.0, b as f32 / 1_999.0);
                Example {
                    x: [1.0, a, b],
                    guess: 0.0,
                    right: (a > 0.5) != (b > 0.6),
                }
            })
            .collect()
    }

    #[test]
    fn it_learns_what_hangs_on_two_measurements_together() {
        let boosted = Boosted::learn(&either_or());
        for (x, right) in [
            ([1.0, 0.9, 0.1], true),
            ([1.0, 0.1, 0.9], true),
            ([1.0, 0.9, 0.9], false),
            ([1.0, 0.1, 0.1], false),
        ] {
            let correction = boosted.correction(&x);
            assert_eq!(correction > 0.0, right, "{x:?}: {correction}");
            assert!(correction.abs() > 1.0, "{x:?}: {correction}");
        }
    }

    #[test]
    fn the_order_of_examples_changes_nothing() {
        let mut examples = either_or();
        let boosted = Boosted::learn(&examples);
        examples.reverse();
        assert_eq!(boosted, Boosted::learn(&examples));
    }

    #[test]
    fn unseen_examples_are_judged_by_the_others() {
        let mut examples = either_or();
        // A measurement that names each example teaches nothing about the others.
        for (at, example) in examples.iter_mut().enumerate() {
            example.x = [1.0, at as f32, 0.0];
            example.right = at * 7_919 % 101 < 50;
        }
        let corrections = Boosted::cross_fitted(&examples);
        let right = examples
            .iter()
            .zip(&corrections)
            .filter(|(example, correction)| example.right == (**correction > 0.0))
            .count();
        assert!(right < 1_200, "{right} of 2,000 guessed");
    }

    #[test]
    fn few_examples_teach_nothing() {
        let few = &either_or()[..10];
        let boosted = Boosted::learn(few);
        assert!(few.iter().all(|few| boosted.correction(&few.x).abs() < 0.7));
        assert_eq!(Boosted::learn::<3>(&[]).correction(&[1.0, 0.0, 0.0]), 0.0);
    }
}
