//! The trained model: a weight per feature and entry, and softmax over the weighted sums.
//!
//! Features found in many entries ("broad") have one row of weights over all entries. The others, nine in ten, have weights
//! only for the entries they occur in: training changes no others, which costs no accuracy and keeps the broad rows in
//! the processor's cache.
//!
//! Training starts from the entries' centroids and goes over the phrasings in a fixed order, raising the weights of the true
//! entry and lowering those of its rivals, each by how wrong its probability is. A phrasing is judged with part of its
//! own influence taken away, as if it were new: otherwise everything a few phrasings teach would look known already.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Settings;
use super::features::{Bags, Feature};
use super::phrasings::Phrasings;
use super::trained::foremost;

/// Errors below this change nothing.
const NEGLIGIBLE: f32 = 0.01;

/// How many entries a phrasing is told apart from: its own, and those whose centroids are nearest when training starts.
/// All the others together make training three times as long, and with 100 phrasings per entry worse by 0.4 points.
const RIVALS: usize = 24;

/// Visits that are enough: the more phrasings there are, the fewer passes are made over them, down to
/// [`LEAST_PASSES`]. With 100 phrasings for each of 150 entries three passes do as well as five, and with
/// 70 for each of 500 two as well as three.
const ENOUGH_VISITS: usize = 45_000;
const LEAST_PASSES: usize = 2;

/// Up to so many visits nothing is settled or ruled out early: it saves little, and costs 0.1 to 0.3 points.
const THOROUGH_VISITS: usize = 100_000;

/// A phrasing whose own entry is this near to certain at some visit is not visited again.
const SETTLED: f32 = 0.2;

/// A rival whose probability falls below this at some visit is ruled out for good.
const RULED_OUT: f32 = 0.02;

/// Entries whose sums are formed together, in registers.
const TILE: usize = 16;

/// The weighted sums of one vector, and memory to form them.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// One sum per entry.
    pub(super) logits: Vec<f32>,
    /// One sum per entry asked for.
    few: Vec<f32>,
    /// First weight and value of the vector's broad features.
    broad: Vec<(usize, f32)>,
}

/// What is learned from.
pub(super) struct Course<'c> {
    pub(super) phrasings: &'c Phrasings,
    /// Each phrasing's entry and weight.
    pub(super) targets: &'c [(u32, f32)],
    /// The phrasings in the order they are visited.
    pub(super) order: &'c [u32],
    /// Phrasings whose part in the weights is noted.
    pub(super) traced: &'c [u32],
}

impl Course<'_> {
    /// Whether there are so few phrasings that nothing need be saved.
    fn is_short(&self, settings: &Settings) -> bool {
        self.order.len() * settings.passes <= THOROUGH_VISITS
    }

    /// Length of the centroids training starts from.
    fn start(&self, settings: &Settings) -> f32 {
        let (few, many) = settings.start;
        if self.is_short(settings) { few } else { many }
    }
}

/// A weight as it is stored.
pub(super) trait Weight: Copy {
    fn value(self) -> f32;
}

impl Weight for f32 {
    #[inline]
    fn value(self) -> f32 {
        self
    }
}

/// The upper half of a weight. Its three digits are enough once training is over, and a question, which is bound by
/// memory, reads half as much.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Half(u16);

impl From<f32> for Half {
    fn from(weight: f32) -> Half {
        let bits = weight.to_bits();
        let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1));
        Half((rounded >> 16) as u16)
    }
}

impl Weight for Half {
    #[inline]
    fn value(self) -> f32 {
        f32::from_bits(u32::from(self.0) << 16)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Model<W = Half> {
    entries: usize,
    /// The logit a right answer typically has.
    pub(super) typical: f32,
    /// Length of a broad row: the entries, rounded up.
    width: usize,
    /// Features below this number are broad.
    broad: usize,
    rows: Vec<W>,
    /// Per other feature, its first weight; one more at the end.
    starts: Vec<u32>,
    /// Entries with their weights.
    weights: Vec<(u32, f32)>,
}

/// What single phrasings did to the weights of others than their own entry.
struct Traces {
    /// Per phrasing, one more than its position in `moved`, or zero.
    places: Vec<u32>,
    /// Per traced phrasing, rivals and how far it moved them; a rival moved at several visits stands there several times.
    moved: Vec<Vec<(u32, f32)>>,
}

impl Traces {
    fn new(phrasings: usize, traced: &[u32]) -> Traces {
        let mut places = vec![0; phrasings];
        for (place, phrasing) in (1..).zip(traced) {
            places[*phrasing as usize] = place;
        }
        Traces {
            places,
            moved: vec![Vec::new(); traced.len()],
        }
    }

    fn note(&mut self, phrasing: u32, own: u32, changed: &[u32], changes: &[f32]) {
        let Some(place) = self.places[phrasing as usize].checked_sub(1) else {
            return;
        };
        let rivals = changed.iter().filter(|entry| **entry != own);
        self.moved[place as usize].extend(rivals.map(|rival| (*rival, changes[*rival as usize])));
    }
}

impl Model {
    /// Trains. Also returns what each traced phrasing added to the weights of which entries, in units of its own vector.
    pub(super) fn train(
        entries: usize,
        features: usize,
        broad: usize,
        course: &Course<'_>,
        settings: &Settings,
    ) -> (Model, Vec<Vec<(u32, f32)>>) {
        let mut model = Model::<f32>::start(entries, features, broad, course, settings);
        let mut traces = Traces::new(course.targets.len(), course.traced);
        let own = model.descend(course, &mut traces, settings);
        let typical = model.typical(course, &own);
        for (phrasing, moved) in course.traced.iter().zip(&mut traces.moved) {
            let phrasing = *phrasing as usize;
            moved.push((course.targets[phrasing].0, own[phrasing]));
        }
        let rows = model.rows.into_iter().map(Half::from).collect();
        let model = Model {
            entries,
            typical,
            width: model.width,
            broad,
            rows,
            starts: model.starts,
            weights: model.weights,
        };
        (model, traces.moved)
    }
}

impl Model<f32> {
    /// A model whose weights are the entries' centroids.
    fn start(
        entries: usize,
        features: usize,
        broad: usize,
        course: &Course<'_>,
        settings: &Settings,
    ) -> Model<f32> {
        let phrasings = course.phrasings;
        let width = entries.next_multiple_of(TILE);
        let (starts, weights) = pattern(features, broad, phrasings.vectors(), course.targets);
        let mut model = Model {
            entries,
            typical: 1.0,
            width,
            broad,
            rows: vec![0.0; width * broad],
            starts,
            weights,
        };
        let mut changes = vec![0.0; entries];
        let length = course.start(settings);
        for (phrasing, &(entry, _)) in course.targets.iter().enumerate() {
            changes[entry as usize] = phrasings.scale(entry) * length;
            model.change(phrasings.vectors().of(phrasing), &[entry], &changes);
            changes[entry as usize] = 0.0;
        }
        model
    }

    /// Goes over the phrasings; returns what each added to its own entry.
    fn descend(
        &mut self,
        course: &Course<'_>,
        traces: &mut Traces,
        settings: &Settings,
    ) -> Vec<f32> {
        let Course {
            phrasings,
            targets,
            order,
            ..
        } = *course;
        let mut sums = Sums::default();
        let mut rivals = self.rivals(phrasings, targets);
        let mut changed = Vec::new();
        let mut changes = vec![0.0; self.entries];
        let mut own: Vec<f32> = targets
            .iter()
            .map(|&(entry, _)| phrasings.scale(entry) * course.start(settings))
            .collect();
        let thorough = course.is_short(settings);
        let passes = ENOUGH_VISITS / order.len().max(1);
        let passes = passes.max(LEAST_PASSES).min(settings.passes);
        let mut settled = vec![false; targets.len()];
        let visits = (passes * order.len()).max(1) as f32;
        let decay = (settings.steps.1 / settings.steps.0).ln();
        for (visit, &phrasing) in (0..passes).flat_map(|_| order).enumerate() {
            let (entry, weight) = targets[phrasing as usize];
            let step = settings.steps.0 * (decay * visit as f32 / visits).exp() * weight;
            let vector = phrasings.vectors().of(phrasing as usize);
            let rivals = &mut rivals[phrasing as usize];
            let own = &mut own[phrasing as usize];
            if settled[phrasing as usize] || rivals.as_slice() == [entry] {
                continue; // nothing left to learn, or nobody left to tell it from
            }

            self.logits_among(rivals, vector, &mut sums);
            let probabilities = &mut sums.few;
            for (logit, _) in probabilities
                .iter_mut()
                .zip(&*rivals)
                .filter(|(_, rival)| **rival == entry)
            {
                *logit -= settings.held_out * *own;
            }
            softmax(probabilities);
            let mut kept = 0;
            for at in 0..rivals.len() {
                if thorough || probabilities[at] > RULED_OUT || rivals[at] == entry {
                    (rivals[kept], probabilities[kept]) = (rivals[at], probabilities[at]);
                    kept += 1;
                }
            }
            rivals.truncate(kept);

            changed.clear();
            for (&rival, probability) in rivals.iter().zip(&*probabilities) {
                let error = probability - f32::from(u8::from(rival == entry));
                if rival == entry && -error < SETTLED && !thorough {
                    settled[phrasing as usize] = true;
                }
                if error.abs() > NEGLIGIBLE {
                    changes[rival as usize] = -step * error;
                    changed.push(rival);
                }
            }
            if changed.is_empty() {
                continue;
            }
            *own += changes[entry as usize];
            traces.note(phrasing, entry, &changed, &changes);
            self.change(vector, &changed, &changes);
            for &rival in &changed {
                changes[rival as usize] = 0.0;
            }
        }
        own
    }

    /// For each phrasing its own entry and the ones whose centroids are nearest.
    fn rivals(&self, phrasings: &Phrasings, targets: &[(u32, f32)]) -> Vec<Vec<u32>> {
        let find = |(sums, order): &mut (Sums, Vec<u32>), phrasing: usize| {
            let entry = targets[phrasing].0;
            self.logits(phrasings.vectors().of(phrasing), sums);
            sums.logits[entry as usize] = f32::INFINITY;
            foremost(&sums.logits, RIVALS, order);
            order.sort_unstable();
            order.clone()
        };
        (0..targets.len())
            .into_par_iter()
            .map_init(Default::default, find)
            .collect()
    }

    /// What a right answer typically weighs: the median over the phrasings of their own entry's logit without the
    /// phrasing's own influence, but at least half of what it is with it (entries of one phrasing have no other).
    fn typical(&self, course: &Course<'_>, own: &[f32]) -> f32 {
        let Course {
            phrasings, targets, ..
        } = *course;
        let weigh = |sums: &mut Sums, phrasing: usize| {
            let entry = targets[phrasing].0;
            self.logits_among(&[entry], phrasings.vectors().of(phrasing), sums);
            let logit = sums.few[0];
            (logit - own[phrasing]).max(logit / 2.0)
        };
        let weights = (0..targets.len()).into_par_iter();
        let mut weights: Vec<f32> = weights.map_init(Sums::default, weigh).collect();
        let middle = weights.len() / 2;
        match weights.is_empty() {
            true => 1.0,
            false => weights
                .select_nth_unstable_by(middle, f32::total_cmp)
                .1
                .max(1.0),
        }
    }

    /// Adds the vector, times each entry's change, to its weights; `changed` lists the entries whose change is not zero.
    fn change(&mut self, vector: &[Feature], changed: &[u32], changes: &[f32]) {
        for &(number, value) in vector {
            let number = number as usize;
            if number < self.broad {
                let row = &mut self.rows[number * self.width..][..self.width];
                for &entry in changed {
                    row[entry as usize] += value * changes[entry as usize];
                }
            } else {
                let range = self.range(number);
                for (owner, weight) in &mut self.weights[range] {
                    *weight += value * changes[*owner as usize];
                }
            }
        }
    }

    /// The weighted sums for a few entries only, into `sums.few`.
    fn logits_among(&self, entries: &[u32], vector: &[Feature], sums: &mut Sums) {
        let Sums { logits, few, .. } = sums;
        logits.clear();
        logits.resize(self.entries, 0.0);
        few.clear();
        few.resize(entries.len(), 0.0);
        for &(number, value) in vector {
            let number = number as usize;
            if number < self.broad {
                let row = &self.rows[number * self.width..][..self.width];
                for (sum, &entry) in few.iter_mut().zip(entries) {
                    *sum += value * row[entry as usize];
                }
            } else {
                let range = self.range(number);
                for (owner, weight) in &self.weights[range] {
                    logits[*owner as usize] += value * weight;
                }
            }
        }
        for (sum, &entry) in few.iter_mut().zip(entries) {
            *sum += logits[entry as usize];
        }
    }
}

impl<W: Weight> Model<W> {
    fn range(&self, number: usize) -> std::ops::Range<usize> {
        self.starts[number - self.broad] as usize..self.starts[number - self.broad + 1] as usize
    }

    /// The weighted sum for every entry, into `sums.logits`.
    pub(super) fn logits(&self, vector: &[Feature], sums: &mut Sums) {
        let Sums { logits, broad, .. } = sums;
        logits.clear();
        logits.resize(self.width, 0.0);
        broad.clear();
        for &(number, value) in vector {
            let number = number as usize;
            if number < self.broad {
                broad.push((number * self.width, value));
            } else {
                let range = self.range(number);
                for (owner, weight) in &self.weights[range] {
                    logits[*owner as usize] += value * weight;
                }
            }
        }
        let row = |(start, value): (usize, f32)| (&self.rows[start..][..self.width], value);
        let mut groups = broad.chunks_exact(4);
        for group in &mut groups {
            let [(a, va), (b, vb), (c, vc), (d, vd)] =
                [row(group[0]), row(group[1]), row(group[2]), row(group[3])];
            for ((((sum, a), b), c), d) in logits.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *sum += (va * a.value() + vb * b.value()) + (vc * c.value() + vd * d.value());
            }
        }
        for (weights, value) in groups.remainder().iter().copied().map(row) {
            for (sum, weight) in logits.iter_mut().zip(weights) {
                *sum += value * weight.value();
            }
        }
        logits.truncate(self.entries);
    }
}

/// For each feature that is not broad, where its weights start, and the entries it occurs in with a weight of zero.
fn pattern(
    features: usize,
    broad: usize,
    vectors: &Bags,
    targets: &[(u32, f32)],
) -> (Vec<u32>, Vec<(u32, f32)>) {
    let mut found: Vec<Vec<u32>> = vec![Vec::new(); features - broad];
    for (phrasing, &(entry, _)) in targets.iter().enumerate() {
        for &(number, _) in vectors.of(phrasing) {
            if let Some(owners) = (number as usize)
                .checked_sub(broad)
                .map(|other| &mut found[other])
                && owners.last() != Some(&entry)
            {
                owners.push(entry);
            }
        }
    }
    let mut starts = vec![0];
    let mut weights = Vec::new();
    for found in found {
        weights.extend(found.into_iter().map(|owner| (owner, 0.0)));
        starts.push(weights.len() as u32);
    }
    (starts, weights)
}

/// Turns logits into probabilities.
pub(super) fn softmax(logits: &mut [f32]) {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = exp_below_zero(*logit - best);
        sum += *logit;
    }
    let scale = 1.0 / sum;
    for logit in logits.iter_mut() {
        *logit *= scale;
    }
}

/// eˣ for x ≤ 0 as (1 + x/4096)⁴⁰⁹⁶: within a percent of the truth above −9, the same on every machine, and vectorised.
fn exp_below_zero(x: f32) -> f32 {
    let mut power = (1.0 + x * (1.0 / 4096.0)).max(0.0);
    for _ in 0..12 {
        power *= power;
    }
    power
}
