//! The dense model: one weight per feature and entry, trained to tell entries apart.

use super::features::{Raw, Sparse, Vocabulary, extract, mix};
use super::{Example, Scored, Settings, Term};

/// Memory a question needs, kept between questions.
#[derive(Debug, Default)]
pub struct Scratch {
    raw: Vec<Raw>,
    vector: Vec<(u32, f32)>,
    logits: Vec<f32>,
    order: Vec<u32>,
    question: Vec<f32>,
}

#[derive(Debug)]
pub(super) struct Dense {
    pub(super) vocabulary: Vocabulary,
    entries: usize,
    /// `weights[feature * width + entry]`.
    weights: Vec<f32>,
    width: usize,
    phrasings: Phrasings,
}

/// The phrasings' own vectors, grouped by entry.
#[derive(Debug, Default)]
struct Phrasings {
    /// Per entry, first phrasing; one more at the end.
    entries: Vec<u32>,
    /// Per phrasing, first feature; one more at the end.
    starts: Vec<u32>,
    features: Vec<(u32, f32)>,
    /// Per entry, one over the length of the sum of its vectors.
    scale: Vec<f32>,
}

impl Dense {
    pub(super) fn train(entries: usize, examples: &[Example], settings: &Settings) -> Dense {
        let mut raws: Vec<(u64, &Example, Vec<Raw>)> = examples
            .iter()
            .map(|example| {
                let mut raw = Vec::new();
                extract(&example.terms, &mut raw);
                let hash = raw
                    .iter()
                    .fold(0u64, |hash, feature| mix(hash ^ feature.key));
                (hash, example, raw)
            })
            .collect();
        raws.sort_by_key(|(hash, example, _)| (*hash, example.entry));
        let mut by_entry: Vec<u32> = (0..raws.len() as u32).collect();
        by_entry.sort_by_key(|&i| raws[i as usize].1.entry);
        let vocabulary = Vocabulary::build(
            entries,
            by_entry
                .iter()
                .map(|&i| (raws[i as usize].1.entry, raws[i as usize].2.as_slice())),
            examples.iter().flat_map(|example| &example.terms),
            settings.word_share,
        );
        let vectors: Vec<Vec<(u32, f32)>> = raws
            .iter()
            .map(|(_, _, raw)| {
                let mut vector = Vec::with_capacity(raw.len());
                vocabulary.vector(raw, &mut vector);
                vector
            })
            .collect();
        let targets: Vec<(u32, f32)> = raws
            .iter()
            .map(|(_, example, _)| (example.entry, example.weight))
            .collect();
        let phrasings = Phrasings::build(entries, &by_entry, &vectors, &targets);
        let width = entries.next_multiple_of(8);
        let mut dense = Dense {
            weights: vec![0.0; width * vocabulary.len()],
            vocabulary,
            entries,
            width,
            phrasings,
        };
        dense.start(&vectors, &targets, settings);
        dense.descend(&vectors, &targets, settings);
        dense
    }

    fn start(&mut self, vectors: &[Vec<(u32, f32)>], targets: &[(u32, f32)], settings: &Settings) {
        for (vector, &(entry, _)) in vectors.iter().zip(targets) {
            let scale = self.phrasings.scale[entry as usize] * settings.start;
            for &(feature, value) in vector {
                self.weights[feature as usize * self.width + entry as usize] += value * scale;
            }
        }
    }

    fn descend(
        &mut self,
        vectors: &[Vec<(u32, f32)>],
        targets: &[(u32, f32)],
        settings: &Settings,
    ) {
        let mut logits = vec![0.0f32; self.width];
        let total = (settings.passes * vectors.len()).max(1) as f32;
        let mut done = 0.0f32;
        let ratio = settings.steps.1 / settings.steps.0;
        for _ in 0..settings.passes {
            for (vector, &(entry, weight)) in vectors.iter().zip(targets) {
                let step = settings.steps.0 * ratio.powf(done / total) * weight;
                done += 1.0;
                self.logits(vector, &mut logits);
                softmax(&mut logits[..self.entries]);
                logits[self.entries..].fill(0.0);
                logits[entry as usize] -= 1.0;
                if logits[entry as usize] > -0.01 {
                    continue;
                }
                for &(feature, value) in vector {
                    let row = &mut self.weights[feature as usize * self.width..][..self.width];
                    let by = step * value;
                    for (weight, error) in row.iter_mut().zip(&logits) {
                        *weight -= by * error;
                    }
                }
            }
        }
    }

    fn logits(&self, vector: &Sparse, logits: &mut [f32]) {
        logits.fill(0.0);
        for &(feature, value) in vector {
            let row = &self.weights[feature as usize * self.width..][..self.width];
            for (logit, weight) in logits.iter_mut().zip(row) {
                *logit += value * weight;
            }
        }
    }

    pub(super) fn rank(&self, terms: &[Term], scratch: &mut Scratch, top: usize) -> Vec<Scored> {
        let Scratch {
            raw,
            vector,
            logits,
            order,
            question,
        } = scratch;
        extract(terms, raw);
        let covered = self.vocabulary.vector(raw, vector);
        logits.resize(self.width, 0.0);
        self.logits(vector, logits);
        let top = top.min(self.entries);
        if top == 0 {
            return Vec::new();
        }
        order.clear();
        order.extend(0..self.entries as u32);
        let by_logit = |a: &u32, b: &u32| {
            logits[*b as usize]
                .total_cmp(&logits[*a as usize])
                .then(a.cmp(b))
        };
        if top < order.len() {
            order.select_nth_unstable_by(top - 1, by_logit);
            order.truncate(top);
        }
        order.sort_unstable_by(by_logit);
        let best = logits[order[0] as usize];
        let sum: f32 = logits[..self.entries]
            .iter()
            .map(|logit| (logit - best).exp())
            .sum();
        question.resize(self.vocabulary.len(), 0.0);
        for &(feature, value) in vector.iter() {
            question[feature as usize] = value;
        }
        let found = order
            .iter()
            .map(|&entry| {
                let (cosine, nearest) = self.phrasings.compare(entry, question);
                let logit = logits[entry as usize];
                Scored {
                    entry,
                    score: 1.0 / (1.0 + (-logit * 0.3).exp()),
                    logit,
                    probability: (logit - best).exp() / sum,
                    cosine,
                    nearest,
                    covered,
                }
            })
            .collect();
        for &(feature, _) in vector.iter() {
            question[feature as usize] = 0.0;
        }
        found
    }
}

impl Phrasings {
    fn build(
        entries: usize,
        by_entry: &[u32],
        vectors: &[Vec<(u32, f32)>],
        targets: &[(u32, f32)],
    ) -> Phrasings {
        let mut built = Phrasings {
            starts: vec![0],
            entries: vec![0],
            ..Phrasings::default()
        };
        let mut next = by_entry.iter().peekable();
        let mut sum: rustc_hash::FxHashMap<u32, f32> = rustc_hash::FxHashMap::default();
        for entry in 0..entries as u32 {
            sum.clear();
            while let Some(&i) = next.next_if(|&&i| targets[i as usize].0 == entry) {
                for &(feature, value) in &vectors[i as usize] {
                    built.features.push((feature, value));
                    *sum.entry(feature).or_default() += value;
                }
                built.starts.push(built.features.len() as u32);
            }
            built.entries.push(built.starts.len() as u32 - 1);
            let length: f32 = sum.values().map(|value| value * value).sum();
            built.scale.push(if length > 0.0 {
                1.0 / length.sqrt()
            } else {
                0.0
            });
        }
        built
    }

    /// Cosines of the question with the entry's centroid and with its nearest phrasing.
    fn compare(&self, entry: u32, question: &[f32]) -> (f32, f32) {
        let (mut sum, mut nearest) = (0.0f32, 0.0f32);
        for phrasing in self.entries[entry as usize]..self.entries[entry as usize + 1] {
            let range = self.starts[phrasing as usize] as usize
                ..self.starts[phrasing as usize + 1] as usize;
            let dot: f32 = self.features[range]
                .iter()
                .map(|&(feature, value)| value * question[feature as usize])
                .sum();
            sum += dot;
            nearest = nearest.max(dot);
        }
        (sum * self.scale[entry as usize], nearest)
    }
}

fn softmax(logits: &mut [f32]) {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - best).exp();
        sum += *logit;
    }
    for logit in logits.iter_mut() {
        *logit /= sum;
    }
}
