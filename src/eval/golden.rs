//! The golden questions of a base: asked, judged, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::date::Day;
use crate::engine::{
    Answer, Engine, Memory, Outcome, Question, Reason, Unknown, Verdict, held_out,
};
use crate::knowledge::model::{Expected, Golden, Knowledge};
use crate::lang::Lang;

/// How a golden question went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// One of the expected verdicts.
    Right,
    /// Another fact than the expected ones was answered.
    Wrong,
    /// Candidates were offered where an answer was expected.
    Offered,
    /// Refused where an answer was expected.
    Missed,
    /// Answered where nothing should have been.
    FalseAnswer,
}

/// Counts of marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Questions asked.
    pub total: usize,
    /// [`Mark::Right`].
    pub right: usize,
    /// [`Mark::Wrong`].
    pub wrong: usize,
    /// [`Mark::Offered`].
    pub offered: usize,
    /// [`Mark::Missed`].
    pub missed: usize,
    /// [`Mark::FalseAnswer`].
    pub false_answers: usize,
    /// Questions whose likeliest fact is an expected one, answered or not.
    pub best_right: usize,
}

impl Counts {
    fn add(&mut self, mark: Mark, best_right: bool) {
        self.total += 1;
        self.best_right += usize::from(best_right);
        *match mark {
            Mark::Right => &mut self.right,
            Mark::Wrong => &mut self.wrong,
            Mark::Offered => &mut self.offered,
            Mark::Missed => &mut self.missed,
            Mark::FalseAnswer => &mut self.false_answers,
        } += 1;
    }

    /// Share of right ones, 0–1; 1 for none asked.
    #[must_use]
    pub fn share_right(&self) -> f64 {
        if self.total == 0 {
            1.0
        } else {
            self.right as f64 / self.total as f64
        }
    }
}

/// What golden questions showed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Answerable golden questions that the engine has learned from.
    pub answerable_seen: Counts,
    /// Answerable golden questions that it has not.
    pub answerable_held_out: Counts,
    /// Golden questions to refuse that it has learned from.
    pub refusals_seen: Counts,
    /// Golden questions to refuse that it has not.
    pub refusals_held_out: Counts,
    /// Answerable samples that it has not learned from; the others are not asked.
    pub samples_answerable: Counts,
    /// Samples to refuse that it has not learned from.
    pub samples_refusals: Counts,
    /// Counts by style.
    pub by_style: BTreeMap<String, Counts>,
    /// Position in the base and mark of each question that was not right.
    #[serde(skip)]
    pub failures: Vec<Failure>,
}

/// A golden question that did not get its verdict.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Position in [`Knowledge::questions`].
    pub golden: usize,
    /// How it went.
    pub mark: Mark,
    /// What it got.
    pub outcome: Outcome,
    /// Whether it belongs to the questions held out to measure with.
    pub held_out: bool,
}

/// Asks one golden question, earlier turns first.
#[must_use]
pub fn ask(engine: &Engine, golden: &Golden, today: Day) -> Outcome {
    let mut memory = Memory::default();
    let question = |text| Question {
        text,
        lang: None,
        locale: Lang::En,
        today,
    };
    for turn in &golden.after {
        memory = engine.ask(&question(turn), &memory).memory;
    }
    engine.ask(&question(&golden.ask), &memory)
}

/// Whether an outcome is what a golden question expects.
#[must_use]
pub fn judge(knowledge: &Knowledge, golden: &Golden, outcome: &Outcome) -> Mark {
    let expects_fact = golden.expect.iter().any(|expected| match expected {
        Expected::Fact(fact) => !knowledge.facts[fact.index()].gap,
        Expected::Offer | Expected::Unknown => false,
    });
    let met = golden
        .expect
        .iter()
        .any(|expected| match (expected, &outcome.verdict) {
            (Expected::Fact(fact), Verdict::Answer(Answer { facts, .. })) => facts.contains(fact),
            (
                Expected::Fact(fact),
                Verdict::Unknown(Unknown {
                    reason: Reason::Gap(gap),
                    ..
                }),
            ) => fact == gap,
            (Expected::Offer, Verdict::Offer(_)) | (Expected::Unknown, Verdict::Unknown(_)) => true,
            _ => false,
        });
    match (&outcome.verdict, met, expects_fact) {
        (_, true, _) => Mark::Right,
        (Verdict::Answer(_), _, true) => Mark::Wrong,
        (Verdict::Answer(_), _, false) => Mark::FalseAnswer,
        (Verdict::Offer(_), _, _) => Mark::Offered,
        (Verdict::Unknown(_), _, _) => Mark::Missed,
    }
}

/// Whether a golden question must not be answered by a fact.
#[must_use]
pub fn is_refusal(knowledge: &Knowledge, golden: &Golden) -> bool {
    !golden.expect.iter().any(|expected| match expected {
        Expected::Fact(fact) => !knowledge.facts[fact.index()].gap,
        Expected::Offer | Expected::Unknown => false,
    })
}

/// Asks all golden questions of the base, and the samples held out, of an engine that has not learned from those
/// held out.
#[must_use]
pub fn measure(knowledge: &Arc<Knowledge>, today: Day) -> Report {
    let engine = Engine::holding_out(Arc::clone(knowledge));
    let mut report = Report::default();
    // Conversations are never learned from.
    let unseen = |golden: &Golden| held_out(golden) || !golden.after.is_empty();
    report.add(&engine, today, |_| true, unseen);
    report
}

/// Asks every golden question and sample of an engine that has not learned from it: four engines, each with
/// another quarter of the questions unseen.
#[must_use]
pub fn cross_validate(knowledge: &Arc<Knowledge>, today: Day) -> Report {
    let mut report = Report::default();
    for (engine, unseen) in Engine::cross_validated(knowledge) {
        report.add(&engine, today, unseen, |_| true);
    }
    report
}

impl Report {
    fn add(
        &mut self,
        engine: &Engine,
        today: Day,
        asked: impl Fn(&Golden) -> bool,
        unseen: impl Fn(&Golden) -> bool,
    ) {
        let knowledge = engine.knowledge();
        for (number, golden) in knowledge.questions().enumerate() {
            let unseen = unseen(golden);
            if !asked(golden) || (golden.sample && !unseen) {
                continue;
            }
            let outcome = ask(engine, golden, today);
            let mark = judge(knowledge, golden, &outcome);
            let counts = match (golden.sample, is_refusal(knowledge, golden), unseen) {
                (true, false, _) => &mut self.samples_answerable,
                (true, true, _) => &mut self.samples_refusals,
                (false, false, false) => &mut self.answerable_seen,
                (false, false, true) => &mut self.answerable_held_out,
                (false, true, false) => &mut self.refusals_seen,
                (false, true, true) => &mut self.refusals_held_out,
            };
            let best_right = mark == Mark::Right
                || outcome
                    .candidates
                    .first()
                    .is_some_and(|(fact, _)| golden.expect.contains(&Expected::Fact(*fact)));
            counts.add(mark, best_right);
            self.by_style
                .entry(golden.style.clone())
                .or_default()
                .add(mark, best_right);
            if mark != Mark::Right {
                self.failures.push(Failure {
                    golden: number,
                    mark,
                    outcome,
                    held_out: held_out(golden),
                });
            }
        }
    }
}
