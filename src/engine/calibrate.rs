//! From measurements to a likelihood, and from likelihoods to a decision: both learned from the base.
//!
//! When a base loads, its golden questions and samples – among them its refusals – are asked, each as
//! if the rankers had not learned from it. Where there are few of them, phrasings are asked too: once
//! as they are (the right fact must win) and once with the right fact taken away (nothing must win).
//! That gives labelled measurements. A logistic regression turns them into a likelihood, starting from
//! `PRIOR` and leaving it only as far as the data insist, so that a base of ten facts behaves sensibly
//! too. A second one, corrected by small trees (`boosting`) where there is enough to learn them from,
//! says how far the likeliest candidate can be relied on: what makes one candidate better than another
//! is not what makes the best one good enough. Among what the trees look at is what the words of the
//! question say (`wording`). The floor and margin are then chosen to give the most
//! useful decisions over the same questions (see `Utility`).

mod boosting;
mod regression;
mod wording;

use serde::{Deserialize, Serialize};

use self::boosting::{Boosted, Example};
use self::regression::fit;
pub(crate) use self::wording::{Known, Said};
use self::wording::{Wording, marks};
use crate::engine::score::{FEATURES, Feature, Features};
use crate::knowledge::model::EntityIx;

/// Weights before any data: what each measurement should mean, in log-odds. Bases with few phrasings
/// stay near them; the shipped base moves most of them, as `cara-bot eval` shows.
const PRIOR: [(Feature, f32); FEATURES] = [
    (Feature::Constant, -2.5),
    (Feature::FactScore, 6.0),
    (Feature::FactProbability, 1.0),
    (Feature::FactMargin, 2.0),
    (Feature::RelationScore, 2.0),
    (Feature::RelationGap, -2.0),
    (Feature::Structure, 2.0),
    (Feature::Subject, 1.0),
    (Feature::Mentioned, 0.5),
    (Feature::Foreign, -2.5),
    (Feature::MainAssumed, 0.0),
    (Feature::NoSubject, -0.4),
    (Feature::Unexplained, -3.0),
    (Feature::Unheard, -2.0),
    (Feature::Aspect, -1.5),
    (Feature::Stranger, -1.0),
    (Feature::ProperName, -1.0),
    (Feature::NearMiss, -2.0),
    (Feature::Refusable, 0.0),
    (Feature::Unasked, 0.0),
    (Feature::Computed, 1.0),
    (Feature::DateFits, 0.8),
    (Feature::AskedSo, 0.2),
    (Feature::NeverAskedSo, -0.8),
    (Feature::DateClash, -2.5),
    (Feature::NumberClash, -0.8),
    (Feature::Plain, 0.3),
    (Feature::Carried, -0.2),
    (Feature::Brevity, 0.0),
];

/// Golden questions to refuse from which on they set the thresholds alone.
const ENOUGH_REFUSALS: usize = 40;
/// Golden questions to answer from which on they set the thresholds alone.
const ENOUGH_ANSWERABLE: usize = 100;
/// Golden questions and samples from which on trees correct the regression: of a few hundred they
/// learn the noise.
const ENOUGH_TO_BOOST: usize = 1_000;
/// A companion is looked for among this many of the likeliest candidates.
const COMPANIONS_WITHIN: usize = 4;
/// A candidate this likely needs no companion.
const SURE: f32 = 0.95;
/// Share of the best candidate's likelihood that its companion has at least.
const COMPANION_SHARE: f32 = 0.3;
/// What calibrates is asked without its own influence, so what it gets is a little low.
const HEAD_START: f32 = 0.8;
/// The same, on top, where samples set the thresholds: those to refuse are written to be mistaken for
/// others, and are harder than what most people ask.
/// Of 921 questions by other hands 836 are right at 0.75 and 841 at 0.70; of 367 to refuse 10 and 12 are
/// answered. Earlier, of 446 questions 378 were right at 1.0, 396 at 0.88, 404 at 0.75 and 409 at 0.62; of 182
/// to refuse 5, 8, 9 and 13 were answered.
const AMONG_SAMPLES: f32 = 0.75;
/// The share of what people ask that no base can answer, as far as the thresholds are concerned.
const REFUSED_SHARE: f32 = 0.35;

/// Margins to choose from.
const MARGINS: [f32; 3] = [0.0, 0.02, 0.05];

/// What decides whether the best candidate is answered: its own measurements, and how it stands
/// among the others.
const DECISIVE: usize = FEATURES + STANDING.len();
/// How the best candidate stands, by name: its likelihood in log-odds, its lead over the next one
/// in log-odds, its share of the odds of all, and what the words of the question say, in log-odds.
const STANDING: [&str; 4] = ["likelihood", "lead", "share of odds", "wording"];
/// Where among these stands what the words say.
const WORDING: usize = DECISIVE - 1;
/// A wider lead, in log-odds, says no more.
const WIDE_LEAD: f32 = 6.0;
/// Candidates among which the best one's share is formed.
const STANDING_AMONG: usize = 12;

/// The learned numbers of a base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Which candidate is likeliest.
    #[serde(with = "array")]
    weights: Features,
    /// How far the likeliest candidate can be relied on.
    #[serde(with = "array")]
    reliance: [f32; DECISIVE],
    /// What words say about that; nothing where there are few questions.
    wording: Wording,
    /// What a sum of measurements cannot say about that; nothing where there are few questions.
    corrections: Boosted,
    /// Least likelihood at which a candidate is answered.
    pub floor: f32,
    /// Least likelihood at which a candidate is offered.
    pub offer_floor: f32,
    /// How far the best candidate must be ahead of the next one, in likelihood.
    pub margin: f32,
    /// Number of questions the numbers rest on.
    pub questions: usize,
}

/// Arrays of any length, which serde has only up to 32.
mod array {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer, const N: usize>(
        array: &[f32; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        array.as_slice().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[f32; N], D::Error> {
        let values = Vec::<f32>::deserialize(deserializer)?;
        let length = values.len();
        let array = values.try_into();
        array.map_err(|_| D::Error::invalid_length(length, &"as many as there are measurements"))
    }
}

impl Default for Calibration {
    fn default() -> Self {
        let mut weights = [0.0; FEATURES];
        for (feature, weight) in PRIOR {
            weights[feature as usize] = weight;
        }
        // Without data a candidate is relied on as much as it is likely.
        let mut reliance = [0.0; DECISIVE];
        reliance[FEATURES] = 1.0;
        Calibration {
            weights,
            reliance,
            wording: Wording::default(),
            corrections: Boosted::default(),
            floor: 0.5,
            offer_floor: 0.25,
            margin: 0.05,
            questions: 0,
        }
    }
}

/// A candidate of a question whose right verdict is known.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) features: Features,
    /// What the candidate is about, by its latest name: candidates about the same are no rivals, since one's answer
    /// is then seldom wrong for the other's question.
    pub(crate) subject: Option<EntityIx>,
    /// How it knows the words of the question.
    pub(crate) known: Vec<Known>,
    pub(crate) right: bool,
}

/// A question whose right verdict is known, with its best candidates.
#[derive(Debug, Clone)]
pub(crate) struct Lesson {
    pub(crate) candidates: Vec<Judged>,
    /// Its words.
    pub(crate) said: Vec<Said>,
    /// Where it is from.
    pub(crate) origin: Origin,
    /// Nothing in the base answers it.
    pub(crate) refuse: bool,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// Where a question with a known verdict is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A phrasing the rankers have not seen.
    HeldOut,
    /// The same, with the right fact taken away.
    TakenAway,
    /// A pattern about an entity the base has no such fact of, or about a made-up name.
    NearMiss,
    /// A golden question or sample.
    Golden,
    /// One of these to answer, asked of a name or a year that the base does not know.
    Altered,
}

/// What a decision is worth: a wrong answer is worse than an offer, an offer worse than a right
/// answer, and refusing what could be answered is worth nothing.
struct Utility;

impl Utility {
    const RIGHT: f32 = 1.0;
    const WRONG: f32 = -0.8;
    const FALSE_ANSWER: f32 = -1.5;
    const OFFERED_RIGHT: f32 = 0.4;
    const OFFERED_WRONG: f32 = -0.1;
    const REFUSED: f32 = 0.0;
    const REFUSED_RIGHTLY: f32 = 1.0;
    const OFFERED_TO_REFUSE: f32 = 0.7;
}

impl Calibration {
    /// The likelihood that a candidate with these measurements is right, 0–1; `shift` is what else speaks for
    /// it, in log-odds.
    pub(crate) fn likelihood(&self, features: &Features, shift: f32) -> f32 {
        let sum: f32 = self.weights.iter().zip(features).map(|(w, x)| w * x).sum();
        sigmoid(sum + shift)
    }

    /// How likely it is that the best candidate or its companion answers the question, 0–1.
    /// `likelihoods` are those of it and its [rivals](are_rivals), likeliest first; `wording` is what
    /// the words of the question [say](Calibration::wording) about it.
    pub(crate) fn confidence(&self, best: &Features, likelihoods: &[f32], wording: f32) -> f32 {
        let x = decisive(best, likelihoods, wording);
        sigmoid(self.relied(&x) + self.corrections.correction(&x))
    }

    /// What the words of a question say about a candidate that knows them so, in log-odds.
    pub(crate) fn wording(&self, said: &[Said], known: &[Known]) -> f32 {
        self.wording.says(&marks(said, known))
    }

    /// How far the best candidate can be relied on by the sum of its measurements, in log-odds.
    fn relied(&self, x: &[f32; DECISIVE]) -> f32 {
        self.reliance.iter().zip(x).map(|(w, x)| w * x).sum()
    }

    /// What each measurement contributes to the likelihood, in log-odds.
    pub(crate) fn contributions(&self, features: &Features) -> Vec<(Feature, f32)> {
        Feature::ALL
            .into_iter()
            .map(|feature| {
                (
                    feature,
                    self.weights[feature as usize] * features[feature as usize],
                )
            })
            .collect()
    }

    /// The weight of each measurement, for reports.
    pub fn weights(&self) -> impl Iterator<Item = (&'static str, f32)> + '_ {
        Feature::ALL
            .into_iter()
            .map(|feature| (feature.name(), self.weights[feature as usize]))
    }

    /// Learns from questions whose right verdict is known.
    ///
    /// Golden questions are what people really ask. Where there are enough of both kinds, they alone
    /// set the thresholds and teach what can be relied on, and facts taken away no longer stand in for
    /// refusals: the facts of a full base overlap, so what is left is often a fair answer and no sign of
    /// a question to refuse. For the same reason a base that has nothing else relies on the likelihood
    /// as it is: learned from facts taken away, reliance tells what people ask from what nothing answers
    /// worse than the likelihood does (AUROC 0.95 instead of 0.97 on CLINC150).
    pub(crate) fn learn(mut lessons: Vec<Lesson>) -> Calibration {
        let mut calibration = Calibration::default();
        let golden = |refuse: bool| {
            lessons
                .iter()
                .filter(|lesson| lesson.origin == Origin::Golden && lesson.refuse == refuse)
                .count()
        };
        let enough = golden(true) >= ENOUGH_REFUSALS && golden(false) >= ENOUGH_ANSWERABLE;
        if enough {
            lessons.retain(|lesson| lesson.origin != Origin::TakenAway);
        }
        if lessons.is_empty() {
            return calibration;
        }
        let examples = lessons.iter().flat_map(|lesson| {
            let weight = lesson.weight;
            let candidates = lesson.candidates.iter();
            candidates.map(move |judged| (judged.features, judged.right, weight))
        });
        calibration.weights = fit(&calibration.weights, &examples.collect::<Vec<_>>());
        calibration.questions = lessons.len();
        if enough {
            let told = |lesson: &Lesson| {
                let standing = Standing::of(&calibration, lesson)?;
                let x = decisive(&standing.best.features, &standing.likelihoods, 0.0);
                Some((x, standing.right, lesson.weight))
            };
            let told: Vec<_> = lessons.iter().filter_map(told).collect();
            calibration.reliance = fit(&calibration.reliance, &told);
            lessons.retain(|lesson| matches!(lesson.origin, Origin::Golden | Origin::Altered));
            balance(&mut lessons);
        }
        let mut shapes: Vec<Shape> = lessons
            .iter()
            .filter_map(|lesson| Shape::of(&calibration, lesson))
            .collect();
        let plenty = enough && shapes.len() >= ENOUGH_TO_BOOST;
        if plenty {
            let worded: Vec<wording::Example> = shapes.iter().map(Shape::worded).collect();
            let (said, wording) = rayon::join(
                || Wording::cross_fitted(&worded),
                || Wording::learn(&worded),
            );
            calibration.wording = wording;
            for (shape, said) in shapes.iter_mut().zip(said) {
                shape.x[WORDING] = said;
            }
            let examples: Vec<Example<DECISIVE>> = shapes
                .iter()
                .map(|shape| Example {
                    x: shape.x,
                    guess: shape.relied,
                    right: shape.right,
                })
                .collect();
            // The thresholds are for questions that nothing was learned from.
            let (unseen, corrections) = rayon::join(
                || Boosted::cross_fitted(&examples),
                || Boosted::learn(&examples),
            );
            calibration.corrections = corrections;
            for (shape, correction) in shapes.iter_mut().zip(unseen) {
                shape.confidence = sigmoid(shape.relied + correction);
            }
        }
        // What is made from other questions is easy to refuse, and must not lower the floor.
        shapes.retain(|shape| shape.origin != Origin::Altered);
        // What trees have judged by its lead too needs no margin: which one was chosen changed with every few facts,
        // and of 921 questions 831 instead of 845 were right with one of 0.05.
        let margins: &[f32] = match plenty {
            true => &[0.0],
            false => &MARGINS,
        };
        calibration.choose_thresholds(&shapes, margins);
        let lowered = match plenty {
            true => HEAD_START * AMONG_SAMPLES,
            false => HEAD_START,
        };
        calibration.floor *= lowered;
        calibration.offer_floor *= lowered;
        calibration
    }

    fn choose_thresholds(&mut self, shapes: &[Shape], margins: &[f32]) {
        let worth = |floor: f32, offer_floor: f32, margin: f32| -> f32 {
            shapes
                .iter()
                .map(|shape| {
                    let value = if shape.confidence >= floor && shape.lead >= margin {
                        match (shape.right, shape.refuse) {
                            (true, _) => Utility::RIGHT,
                            (false, false) => Utility::WRONG,
                            (false, true) => Utility::FALSE_ANSWER,
                        }
                    } else if shape.confidence >= offer_floor {
                        match (shape.refuse, shape.among_three) {
                            (true, _) => Utility::OFFERED_TO_REFUSE,
                            (false, true) => Utility::OFFERED_RIGHT,
                            (false, false) => Utility::OFFERED_WRONG,
                        }
                    } else if shape.refuse {
                        Utility::REFUSED_RIGHTLY
                    } else {
                        Utility::REFUSED
                    };
                    value * shape.weight
                })
                .sum()
        };
        let mut best = f32::MIN;
        for floor in (14..=90).step_by(2).map(|percent| percent as f32 / 100.0) {
            for share in [0.3, 0.45, 0.6, 0.75] {
                for &margin in margins {
                    // The mean over neighbouring floors: a lucky gap between two questions is no
                    // reason for a floor.
                    let worth: f32 = [-0.06, -0.03, 0.0, 0.03, 0.06]
                        .iter()
                        .map(|shift| worth(floor + shift, floor * share, margin))
                        .sum();
                    if worth > best {
                        best = worth;
                        (self.floor, self.offer_floor, self.margin) =
                            (floor, floor * share, margin);
                    }
                }
            }
        }
    }
}

/// Makes the questions to refuse count for [`REFUSED_SHARE`] of all: a base may hold many more of
/// them than people ask.
fn balance(lessons: &mut [Lesson]) {
    let weight = |refuse: bool| -> f32 {
        let of_kind = lessons.iter().filter(|lesson| lesson.refuse == refuse);
        of_kind.map(|lesson| lesson.weight).sum()
    };
    let factor = REFUSED_SHARE / (1.0 - REFUSED_SHARE) * weight(false) / weight(true).max(1e-6);
    for lesson in lessons.iter_mut().filter(|lesson| lesson.refuse) {
        lesson.weight *= factor;
    }
}

/// A question boiled down to what decides about it.
struct Shape {
    /// See [`decisive`].
    x: [f32; DECISIVE],
    /// See [`marks`].
    marks: Vec<u64>,
    /// How far the best candidate can be relied on, in log-odds and as a likelihood.
    relied: f32,
    confidence: f32,
    lead: f32,
    /// The best or its companion is right.
    right: bool,
    /// One of the best three is right.
    among_three: bool,
    refuse: bool,
    origin: Origin,
    weight: f32,
}

impl Shape {
    fn of(calibration: &Calibration, lesson: &Lesson) -> Option<Shape> {
        let standing = Standing::of(calibration, lesson)?;
        let x = decisive(&standing.best.features, &standing.likelihoods, 0.0);
        let relied = calibration.relied(&x);
        Some(Shape {
            marks: marks(&lesson.said, &standing.best.known),
            relied,
            confidence: sigmoid(relied),
            x,
            lead: standing.lead,
            right: standing.right,
            among_three: standing.among_three,
            refuse: lesson.refuse,
            origin: lesson.origin,
            weight: lesson.weight,
        })
    }

    fn worded(&self) -> wording::Example {
        wording::Example {
            marks: self.marks.clone(),
            right: self.right,
        }
    }
}

fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// How the candidates of a question stand.
struct Standing<'l> {
    best: &'l Judged,
    /// Of the best and its rivals, likeliest first.
    likelihoods: Vec<f32>,
    lead: f32,
    /// The best or its companion is right.
    right: bool,
    /// One of the best three is right.
    among_three: bool,
}

impl<'l> Standing<'l> {
    fn of(calibration: &Calibration, lesson: &'l Lesson) -> Option<Standing<'l>> {
        let mut ranked: Vec<(f32, &Judged)> = lesson
            .candidates
            .iter()
            .map(|judged| (calibration.likelihood(&judged.features, 0.0), judged))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = ranked.first()?.1;
        let subjects: Vec<(f32, Option<EntityIx>)> = ranked
            .iter()
            .map(|(likelihood, judged)| (*likelihood, judged.subject))
            .collect();
        let beside = companions(&subjects).next().map(|at| ranked[at].1);
        let rivals = || {
            let all = ranked.iter();
            all.filter(|(_, judged)| are_rivals(&best.features, &judged.features))
        };
        Some(Standing {
            best,
            lead: lead(rivals().map(|(likelihood, judged)| (*likelihood, judged.subject))),
            right: best.right || beside.is_some_and(|judged| judged.right),
            among_three: ranked.iter().take(3).any(|(_, judged)| judged.right),
            likelihoods: rivals().map(|(likelihood, _)| *likelihood).collect(),
        })
    }
}

/// Whether one candidate speaks against the other: a computed answer and a fact that tells the same do
/// not.
pub(crate) fn are_rivals(best: &Features, other: &Features) -> bool {
    best[Feature::Computed as usize] == other[Feature::Computed as usize]
}

/// The measurements of the best candidate and of its standing among its rivals.
fn decisive(best: &Features, likelihoods: &[f32], wording: f32) -> [f32; DECISIVE] {
    let log_odds = |likelihood: f32| {
        let likelihood = likelihood.clamp(1e-4, 1.0 - 1e-4);
        (likelihood / (1.0 - likelihood)).ln()
    };
    let first = likelihoods
        .first()
        .map_or(f32::NEG_INFINITY, |l| log_odds(*l));
    let next = likelihoods
        .get(1)
        .map_or(f32::NEG_INFINITY, |l| log_odds(*l));
    let all: f32 = likelihoods
        .iter()
        .take(STANDING_AMONG)
        .map(|likelihood| log_odds(*likelihood).exp())
        .sum();
    let mut x = [0.0; DECISIVE];
    x[..FEATURES].copy_from_slice(best);
    x[FEATURES] = first.max(-WIDE_LEAD);
    x[FEATURES + 1] = (first - next).min(WIDE_LEAD);
    x[FEATURES + 2] = first.exp() / all;
    x[WORDING] = wording;
    x
}

/// The candidates about the same body, by whatever name, that may be told beside the likeliest one, because they are
/// nearly as likely: positions in `ranked`, which is sorted, likeliest first.
pub(crate) fn companions(ranked: &[(f32, Option<EntityIx>)]) -> impl Iterator<Item = usize> {
    let likeliest = ranked.first().filter(|(likelihood, _)| *likelihood < SURE);
    let near = likeliest.and_then(|(best, of)| Some((COMPANION_SHARE * best, (*of)?)));
    let candidates = ranked.iter().enumerate().take(COMPANIONS_WITHIN).skip(1);
    candidates
        .filter(move |(_, (likelihood, of))| {
            near.is_some_and(|(least, subject)| *likelihood >= least && *of == Some(subject))
        })
        .map(|(at, _)| at)
}

/// How far the likeliest candidate is ahead of the next one about something else. `ranked` is sorted,
/// likeliest first.
pub(crate) fn lead(mut ranked: impl Iterator<Item = (f32, Option<EntityIx>)>) -> f32 {
    let Some((best, subject)) = ranked.next() else {
        return 0.0;
    };
    let rival = ranked.find(|(_, other)| subject.is_none() || *other != subject);
    best - rival.map_or(0.0, |rival| rival.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(score: f32, right: bool) -> Lesson {
        let mut features = [0.0; FEATURES];
        features[Feature::Constant as usize] = 1.0;
        features[Feature::FactScore as usize] = score;
        Lesson {
            candidates: vec![Judged {
                features,
                subject: None,
                known: Vec::new(),
                right,
            }],
            said: Vec::new(),
            origin: Origin::HeldOut,
            refuse: !right,
            weight: 1.0,
        }
    }

    #[test]
    fn the_floor_falls_between_right_and_wrong_scores() {
        let lessons: Vec<Lesson> = (0..100).map(|i| lesson(i as f32 / 100.0, i > 40)).collect();
        let calibration = Calibration::learn(lessons);
        let at =
            |score: f32| calibration.likelihood(&lesson(score, true).candidates[0].features, 0.0);
        assert!(at(0.2) < calibration.floor, "{calibration:?}");
        assert!(at(0.7) >= calibration.floor, "{calibration:?}");
        assert!(at(0.3) < at(0.5), "a better score is likelier right");
    }

    #[test]
    fn companions_are_nearly_as_likely_and_of_the_same_body() {
        let [lutb, mad] = [Some(EntityIx(1)), Some(EntityIx(2))];
        let found = |ranked: &[(f32, Option<EntityIx>)]| companions(ranked).collect::<Vec<_>>();
        assert_eq!(
            found(&[(0.6, lutb), (0.5, mad), (0.3, lutb), (0.1, lutb)]),
            [2]
        );
        assert_eq!(found(&[(0.99, lutb), (0.9, lutb)]), [0_usize; 0]);
        assert_eq!(found(&[(0.6, None), (0.5, None)]), [0_usize; 0]);
        assert_eq!(found(&[]), [0_usize; 0]);
    }

    #[test]
    fn without_questions_the_prior_holds() {
        assert_eq!(Calibration::learn(Vec::new()), Calibration::default());
    }
}
