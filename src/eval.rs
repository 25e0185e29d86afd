//! Measuring the engine on questions whose right answer is known. Pure: no files, no printing.
//!
//! Two kinds of question sets are measured: the golden questions of a base, with verdicts
//! ([`golden`]), and public intent sets, with the id of an entry or none ([`intents`]).

pub mod golden;
pub mod intents;

/// Area under the curve of `positive` against `negative` scores: how often a positive one is
/// higher, ties counting half. `None` when either is empty.
#[must_use]
pub fn auroc(positive: &[f32], negative: &[f32]) -> Option<f64> {
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    let mut all: Vec<(f32, bool)> = positive
        .iter()
        .map(|score| (*score, true))
        .chain(negative.iter().map(|score| (*score, false)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The sum of ranks of the positive ones, equal scores sharing their mean rank.
    let mut rank_sum = 0.0;
    let mut start = 0;
    while start < all.len() {
        let end = all[start..].partition_point(|(score, _)| *score <= all[start].0) + start;
        let mean_rank = (start + 1 + end) as f64 / 2.0;
        rank_sum += mean_rank
            * all[start..end]
                .iter()
                .filter(|(_, positive)| *positive)
                .count() as f64;
        start = end;
    }
    let (p, n) = (positive.len() as f64, negative.len() as f64);
    Some((rank_sum - p * (p + 1.0) / 2.0) / (p * n))
}

/// The value below which a share of the values lies (nearest rank); 0 for none.
#[must_use]
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auroc_counts_pairs_in_order_and_ties_half() {
        assert_eq!(auroc(&[0.9, 0.8], &[0.1]), Some(1.0));
        assert_eq!(auroc(&[0.1], &[0.9]), Some(0.0));
        assert_eq!(auroc(&[0.5], &[0.5]), Some(0.5));
        assert_eq!(auroc(&[0.2, 0.8], &[0.5]), Some(0.5));
        assert_eq!(auroc(&[], &[0.5]), None);
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let values = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!(percentile(&values, 0.5), 3.0);
        assert_eq!(percentile(&values, 0.99), 5.0);
        assert_eq!(percentile(&[], 0.5), 0.0);
    }
}
