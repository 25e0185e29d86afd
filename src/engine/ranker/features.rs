//! Terms to feature vectors.
//!
//! Two blocks: *words* (stems, pairs of neighbouring stems and sentence ends, tags) and *pieces* (two to four characters of
//! each word, its ends marked). A feature's value is its term's weight times its rarity over entries; how often it occurs
//! does not matter. Each block has length one before the blocks are weighed together, and features the base has never
//! seen keep their part of that length: a question that is half unknown can be at most half like anything.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::{Examples, Term, TermKind};

/// Lengths of pieces, in characters. From 3 to 5 costs 0.4 points of accuracy.
const PIECES: std::ops::RangeInclusive<u64> = 2..=4;

/// So many phrasings are numbered in halves: putting these together takes some time too.
const WORTH_HALVING: usize = 20_000;

/// The part of a vector a feature belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Block {
    Words,
    Pieces,
}

/// A known feature: its number and its value in some vector.
pub(super) type Feature = (u32, f32);

/// What a term contributes, in order.
pub(super) enum Part<'a> {
    /// A feature of the words block, by its hash.
    Word(u64, f32),
    /// A word whose pieces count.
    Pieces(&'a str, f32),
}

/// Hands every part of the terms to `take`.
pub(super) fn visit<'a>(
    terms: impl Iterator<Item = (&'a Term<'a>, f32)>,
    mut take: impl FnMut(Part<'a>),
) {
    let mut before: Option<(&str, f32)> = None;
    for (term, own) in terms {
        match term.kind {
            TermKind::Tag => take(Part::Word(hash(b't', &term.text, ""), own)),
            TermKind::Word => {
                let (left, weight) = before.unwrap_or(("", 1.0));
                take(Part::Word(hash(b'w', &term.stem, ""), own));
                take(Part::Word(
                    hash(b'p', left, &term.stem),
                    (weight * own).sqrt(),
                ));
                take(Part::Pieces(&term.text, own));
                before = Some((&term.stem, own));
            }
        }
    }
    if let Some((last, weight)) = before {
        take(Part::Word(hash(b'p', last, ""), weight.sqrt()));
    }
}

/// Hands the hash of every piece of a word to `take`.
pub(super) fn pieces(word: &str, mut take: impl FnMut(u64)) {
    let mut window = [0u64; *PIECES.end() as usize];
    let mut length = 0;
    for letter in std::iter::once('<')
        .chain(word.chars())
        .chain(std::iter::once('>'))
    {
        window.rotate_left(1);
        *window.last_mut().expect("the window is not empty") = u64::from(letter);
        length += 1;
        let mut code = 0u64;
        for (size, letter) in (1..).zip(window.iter().rev().take(length)) {
            code = (code ^ letter)
                .wrapping_mul(0x0000_0100_0000_01b3)
                .rotate_left(23);
            if PIECES.contains(&size) {
                take(mix(code ^ size));
            }
        }
    }
}

pub(super) fn hash(kind: u8, left: &str, right: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(left.as_bytes());
    hasher.write_u8(0xff);
    hasher.write(right.as_bytes());
    mix(hasher.finish())
}

/// Spreads a hash over all its bits.
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The features the base has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    /// The number of each feature, by its hash.
    numbers: FxHashMap<u64, u32>,
    /// Where the pieces of each word of the base stand in `spelt`, by the word's hash: a question's words are mostly
    /// words of the base, and looking a word up once is cheaper than each of its pieces.
    words: FxHashMap<u64, (u32, u32)>,
    /// Pieces with their rarity, word by word.
    spelt: Vec<Feature>,
    /// Block and rarity of each feature.
    features: Vec<(Block, f32)>,
    unseen_rarity: f32,
    word_share: f32,
}

/// Vectors one after the other: phrasings as feature numbers and weights, later values, or centroids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Bags {
    pub(super) starts: Vec<usize>,
    pub(super) features: Vec<Feature>,
}

impl Bags {
    pub(super) fn of(&self, phrasing: usize) -> &[Feature] {
        &self.features[self.starts[phrasing]..self.starts[phrasing + 1]]
    }
}

/// A vector under construction, reused.
#[derive(Debug, Default)]
pub(super) struct Bag {
    /// The finished vector.
    pub(super) features: Vec<Feature>,
    /// The features of each block while it is under construction.
    blocks: [Vec<Feature>; 2],
    /// The squared length, per block, of features that have no number.
    unseen: [f32; 2],
    /// Per feature number, one more than its position in its block, or zero.
    position: Vec<u32>,
}

impl Bag {
    fn clear(&mut self, numbers: usize) {
        for &(number, _) in self.blocks.iter().flatten() {
            self.position[number as usize] = 0;
        }
        self.blocks.iter_mut().for_each(Vec::clear);
        self.unseen = [0.0; 2];
        if self.position.len() < numbers {
            self.position.resize(numbers, 0);
        }
    }

    /// Adds a feature; of several values the greatest counts.
    fn add(&mut self, block: Block, number: u32, value: f32) {
        if self.position.len() <= number as usize {
            self.position.resize(number as usize * 2 + 64, 0);
        }
        let of_block = &mut self.blocks[block as usize];
        match self.position[number as usize] {
            0 => {
                of_block.push((number, value));
                self.position[number as usize] = of_block.len() as u32;
            }
            place => {
                let kept = &mut of_block[place as usize - 1].1;
                *kept = kept.max(value);
            }
        }
    }

    /// Finishes the vector: gives each block its share of the length, as far as the block is known. Returns the share of
    /// the squared length that known features hold.
    fn finish(&mut self, word_share: f32) -> f32 {
        self.features.clear();
        let squares = [0, 1].map(|block| {
            let known = self.blocks[block].iter().map(|(_, value)| value * value);
            self.unseen[block] + known.sum::<f32>()
        });
        let Some(factors) = factors(squares, word_share) else {
            return 0.0;
        };
        for (block, factor) in self.blocks.iter().zip(factors) {
            let root = factor.sqrt();
            let scaled = block.iter().map(|(number, value)| (*number, value * root));
            self.features.extend(scaled);
        }
        (1.0 - self.unseen[0] * factors[0] - self.unseen[1] * factors[1]).clamp(0.0, 1.0)
    }

    /// Dot product of the finished vector with another.
    pub(super) fn dot(&self, other: &[Feature]) -> f32 {
        // The second block stands behind the first.
        let behind = self.blocks[0].len();
        other
            .iter()
            .map(|&(number, value)| {
                let place = self.position.get(number as usize).copied().unwrap_or(0) as usize;
                let [first, second] = [
                    place.wrapping_sub(1),
                    place.wrapping_sub(1).wrapping_add(behind),
                ]
                .map(|at| self.features.get(at).filter(|own| own.0 == number));
                value * first.or(second).map_or(0.0, |own| own.1)
            })
            .sum()
    }
}

/// What to multiply the squared values of each block with, so that the blocks that have any get their shares of a vector of
/// length one; nothing when none has.
fn factors(squares: [f32; 2], word_share: f32) -> Option<[f32; 2]> {
    let shares = [word_share, 1.0 - word_share];
    let present: f32 = (0..2)
        .filter(|&block| squares[block] > 0.0)
        .map(|block| shares[block])
        .sum();
    (present > 0.0).then(|| {
        [0, 1].map(|block| {
            if squares[block] > 0.0 {
                shares[block] / present / squares[block]
            } else {
                0.0
            }
        })
    })
}

/// The features of some phrasings, numbered in the order they are met.
#[derive(Default)]
struct Numbering {
    /// The number of each feature, by its hash.
    numbers: FxHashMap<u64, u32>,
    /// Hash and block of each feature.
    features: Vec<(u64, Block)>,
    /// Where the pieces of each word stand in `spelt`, by the word's hash.
    words: FxHashMap<u64, (u32, u32)>,
    /// Pieces, still without their rarity.
    spelt: Vec<Feature>,
    /// The phrasings' features with their weights.
    bags: Bags,
}

impl Numbering {
    /// Numbers the features of all phrasings of `order`; many of them in two halves at once, with the same result.
    fn of(examples: &Examples, order: &[u32], with_pieces: bool) -> Numbering {
        if order.len() < WORTH_HALVING {
            return Numbering::of_some(examples, order, order, with_pieces);
        }
        let (first, second) = order.split_at(order.len() / 2);
        // The second half moves in with the first.
        let (mut all, second) = rayon::join(
            || Numbering::of_some(examples, first, order, with_pieces),
            || Numbering::of_some(examples, second, second, with_pieces),
        );
        all.append(second);
        all
    }

    /// Numbers the features of the phrasings of `order`; `expected` are those there must be room for.
    fn of_some(
        examples: &Examples,
        order: &[u32],
        expected: &[u32],
        with_pieces: bool,
    ) -> Numbering {
        let mut all = Numbering::default();
        all.numbers.reserve(expected.len());
        // Room for all there may be, since memory that is never written costs nothing: growing by doubling would move
        // hundreds of megabytes.
        let most = |(term, _): (&Term<'_>, f32)| match with_pieces {
            true => 2 + PIECES.count() * (term.text.len() + 1),
            false => 2,
        };
        let most = expected.iter().flat_map(|&at| examples.terms(at).map(most));
        all.bags.features.reserve(most.sum::<usize>());
        all.bags.starts.reserve(expected.len() + 1);
        all.bags.starts.push(0);
        let mut bag = Bag::default();
        for &at in order {
            bag.clear(0);
            visit(examples.terms(at), |part| match part {
                Part::Word(key, weight) => {
                    bag.add(Block::Words, all.number(key, Block::Words), weight);
                }
                Part::Pieces(..) if !with_pieces => {}
                Part::Pieces(word, weight) => {
                    let (from, to) = all.pieces_of(word);
                    for &(piece, _) in &all.spelt[from as usize..to as usize] {
                        bag.add(Block::Pieces, piece, weight);
                    }
                }
            });
            all.bags.features.extend(bag.blocks.iter().flatten());
            all.bags.starts.push(all.bags.features.len());
        }
        all
    }

    fn number(&mut self, key: u64, block: Block) -> u32 {
        let next = self.features.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.features.push((key, block));
        }
        number
    }

    /// Where the pieces of a word stand.
    fn pieces_of(&mut self, word: &str) -> (u32, u32) {
        let key = hash(b'f', word, "");
        if let Some(known) = self.words.get(&key) {
            return *known;
        }
        let from = self.spelt.len() as u32;
        pieces(word, |piece| {
            let number = self.number(piece, Block::Pieces);
            self.spelt.push((number, 0.0));
        });
        let place = (from, self.spelt.len() as u32);
        self.words.insert(key, place);
        place
    }

    /// Takes in what was met after it.
    fn append(&mut self, more: Numbering) {
        let features = more.features.into_iter();
        let renumber: Vec<u32> = features
            .map(|(key, block)| self.number(key, block))
            .collect();
        let renumbered = |&(number, value): &Feature| (renumber[number as usize], value);
        for (word, (from, to)) in more.words {
            self.words.entry(word).or_insert_with(|| {
                let start = self.spelt.len() as u32;
                let own = &more.spelt[from as usize..to as usize];
                self.spelt.extend(own.iter().map(renumbered));
                (start, self.spelt.len() as u32)
            });
        }
        let behind = self.bags.features.len();
        let starts = more.bags.starts.into_iter().skip(1);
        self.bags.starts.extend(starts.map(|start| behind + start));
        let features = more.bags.features.iter().map(renumbered);
        self.bags.features.extend(features);
    }
}

impl Vocabulary {
    /// Numbers the features of all phrasings; `order` lists them grouped by entry. Features found in more than
    /// `broad` entries get the lowest numbers; returns how many these are. Without `with_pieces` there is no such block.
    pub(super) fn build(
        examples: &Examples,
        order: &[u32],
        entries: usize,
        broad: usize,
        word_share: f32,
        with_pieces: bool,
    ) -> (Vocabulary, Bags, usize) {
        let Numbering {
            mut numbers,
            features,
            words,
            mut spelt,
            mut bags,
        } = Numbering::of(examples, order, with_pieces);

        let mut counts = vec![(u32::MAX, 0u32); features.len()];
        for (phrasing, &at) in order.iter().enumerate() {
            let entry = examples.entry(at);
            for &(number, _) in bags.of(phrasing) {
                let (last, count) = &mut counts[number as usize];
                if *last != entry {
                    (*last, *count) = (entry, *count + 1);
                }
            }
        }
        let broad_features = counts
            .iter()
            .filter(|(_, count)| *count as usize > broad)
            .count();
        let (mut low, mut high) = (0, broad_features as u32);
        let renumber: Vec<u32> = counts
            .iter()
            .map(|&(_, count)| {
                let next = if count as usize > broad {
                    &mut low
                } else {
                    &mut high
                };
                *next += 1;
                *next - 1
            })
            .collect();
        let all = entries as f32 + 1.0;
        let mut sorted = vec![(Block::Words, 0.0); features.len()];
        for (old, &(_, block)) in features.iter().enumerate() {
            sorted[renumber[old] as usize] =
                (block, (all / (counts[old].1 as f32 + 1.0)).ln() + 1.0);
        }
        numbers
            .values_mut()
            .for_each(|number| *number = renumber[*number as usize]);
        bags.features
            .iter_mut()
            .for_each(|(number, _)| *number = renumber[*number as usize]);
        for (number, rarity) in &mut spelt {
            *number = renumber[*number as usize];
            *rarity = sorted[*number as usize].1;
        }
        let vocabulary = Vocabulary {
            numbers,
            words,
            spelt,
            features: sorted,
            unseen_rarity: all.ln() + 1.0,
            word_share,
        };
        (vocabulary, bags, broad_features)
    }

    pub(super) fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether any phrasing has a word of this stem.
    pub(super) fn knows(&self, stem: &str) -> bool {
        self.numbers.contains_key(&hash(b'w', stem, ""))
    }

    /// Fills `bag` with the vector of a question; returns the share of its squared length that known features hold. The
    /// features `hidden`, in ascending order, count as unknown.
    pub(super) fn read(
        &self,
        terms: &[Term<'_>],
        with_pieces: bool,
        hidden: &[u32],
        bag: &mut Bag,
    ) -> f32 {
        bag.clear(self.len());
        let mut add = |block: Block, feature: Option<Feature>, weight: f32| match feature {
            Some((number, rarity))
                if hidden.is_empty() || hidden.binary_search(&number).is_err() =>
            {
                bag.add(block, number, weight * rarity);
            }
            _ => bag.unseen[block as usize] += (weight * self.unseen_rarity).powi(2),
        };
        let known = |key: &u64| -> Option<Feature> {
            let number = *self.numbers.get(key)?;
            Some((number, self.features[number as usize].1))
        };
        visit(
            terms.iter().map(|term| (term, term.weight)),
            |part| match part {
                Part::Word(key, weight) => add(Block::Words, known(&key), weight),
                Part::Pieces(word, weight) if with_pieces => {
                    match self.words.get(&hash(b'f', word, "")) {
                        Some(&(from, to)) => {
                            for &piece in &self.spelt[from as usize..to as usize] {
                                add(Block::Pieces, Some(piece), weight);
                            }
                        }
                        None => pieces(word, |key| add(Block::Pieces, known(&key), weight)),
                    }
                }
                Part::Pieces(..) => {}
            },
        );
        bag.finish(self.word_share)
    }

    /// Turns the weights of all phrasings into values.
    pub(super) fn scale_all(&self, bags: &mut Bags) {
        for phrasing in 1..bags.starts.len() {
            let features = &mut bags.features[bags.starts[phrasing - 1]..bags.starts[phrasing]];
            let mut squares = [0.0; 2];
            for (number, value) in features.iter_mut() {
                let (block, rarity) = self.features[*number as usize];
                *value *= rarity;
                squares[block as usize] += *value * *value;
            }
            let Some(factors) = factors(squares, self.word_share) else {
                continue;
            };
            let roots = factors.map(f32::sqrt);
            for (number, value) in features {
                *value *= roots[self.features[*number as usize].0 as usize];
            }
        }
    }
}
