//! Logistic regression that leaves a prior only as far as the data insist.

use rayon::prelude::*;

/// How strongly the data must insist to move a weight: the precision of the prior.
const PRIOR_PRECISION: f64 = 4.0;
/// Examples of a fit that one core adds up at a time.
const FITTED_TOGETHER: usize = 4_096;
/// Newton steps; the fit has converged long before.
const STEPS: usize = 12;

/// Logistic regression by Newton's method, pulled towards `prior`. An example is what was measured,
/// whether it is right, and how much it counts.
pub(super) fn fit<const N: usize>(
    prior: &[f32; N],
    examples: &[([f32; N], bool, f32)],
) -> [f32; N] {
    let mut weights: [f64; N] = std::array::from_fn(|i| f64::from(prior[i]));
    for _ in 0..STEPS {
        let mut gradient = [0.0_f64; N];
        let mut hessian = [[0.0_f64; N]; N];
        for i in 0..N {
            gradient[i] = -PRIOR_PRECISION * (weights[i] - f64::from(prior[i]));
            hessian[i][i] = PRIOR_PRECISION;
        }
        // The parts are the same on any number of cores, and so are the sums.
        let parts = examples.par_chunks(FITTED_TOGETHER);
        let slopes = parts.map(|part| slope(&weights, part));
        for (part_gradient, part_hessian) in slopes.collect::<Vec<_>>() {
            for i in 0..N {
                gradient[i] += part_gradient[i];
                for j in 0..=i {
                    hessian[i][j] += part_hessian[i][j];
                }
            }
        }
        let lower = hessian;
        for (i, row) in hessian.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate().skip(i + 1) {
                *cell = lower[j][i];
            }
        }
        let step = solve(hessian, gradient);
        let mut largest = 0.0_f64;
        for i in 0..N {
            // A step is bounded so that separable data cannot throw the weights away.
            let bounded = step[i].clamp(-2.0, 2.0);
            weights[i] += bounded;
            largest = largest.max(bounded.abs());
        }
        if largest < 1e-4 {
            break;
        }
    }
    std::array::from_fn(|i| weights[i] as f32)
}

/// Gradient of the log-likelihood, and the lower half of minus its second derivative.
fn slope<const N: usize>(
    weights: &[f64; N],
    examples: &[([f32; N], bool, f32)],
) -> ([f64; N], [[f64; N]; N]) {
    let mut gradient = [0.0_f64; N];
    let mut hessian = [[0.0_f64; N]; N];
    for (features, right, weight) in examples {
        let x: [f64; N] = std::array::from_fn(|i| f64::from(features[i]));
        let sum: f64 = weights.iter().zip(&x).map(|(w, x)| w * x).sum();
        let p = 1.0 / (1.0 + (-sum).exp());
        let weight = f64::from(*weight);
        let error = weight * (f64::from(u8::from(*right)) - p);
        let curvature = weight * (p * (1.0 - p)).max(1e-4);
        for i in 0..N {
            if x[i] == 0.0 {
                continue;
            }
            gradient[i] += error * x[i];
            for j in 0..=i {
                hessian[i][j] += curvature * x[i] * x[j];
            }
        }
    }
    (gradient, hessian)
}

/// Solves a positive definite system by Gaussian elimination.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let above = a[column];
        let pivot = above[column].max(1e-9);
        for row in column + 1..N {
            let factor = a[row][column] / pivot;
            for (cell, over) in a[row].iter_mut().zip(above).skip(column) {
                *cell -= factor * over;
            }
            b[row] -= factor * b[column];
        }
    }
    let mut x = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|k| a[row][k] * x[k]).sum();
        x[row] = (b[row] - known) / a[row][row].max(1e-9);
    }
    x
}
