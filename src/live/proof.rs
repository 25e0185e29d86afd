//! What the questions that a base brings with it get: every phrasing, every golden question.
//!
//! A reload is refused by it, and the effect of an edit is the difference between two of them.

use rayon::prelude::*;

use crate::date::Day;
use crate::engine::{Engine, Memory, Question, Reason, Unknown, Verdict};
use crate::eval::golden::{self, Mark};
use crate::knowledge::diagnostic::{Code, Diagnostic};
use crate::knowledge::model::{Expected, FactIx, Knowledge, Phrasing};
use crate::lang::Lang;
use crate::live::got;

/// What the questions of a base get from its engine.
#[derive(Debug, Clone)]
pub struct Proof {
    /// What each golden question gets, in the order of the base.
    pub golden: Vec<(Verdict, Mark)>,
    /// The phrasings that do not simply find their own fact, in the order of the base.
    pub misled: Vec<Misled>,
}

/// A phrasing that does not find its own fact, or not alone.
#[derive(Debug, Clone)]
pub struct Misled {
    /// Its fact.
    pub own: FactIx,
    /// Its language.
    pub lang: Lang,
    /// Which of the phrasings of the fact in that language.
    pub number: usize,
    /// What it gets.
    pub verdict: Verdict,
}

impl Proof {
    /// Asks everything, on all cores: a base has far more phrasings than anything else that is asked
    /// before it is served.
    #[must_use]
    pub fn of(engine: &Engine, today: Day) -> Proof {
        let knowledge = engine.knowledge();
        let facts = (0..knowledge.facts.len() as u32)
            .into_par_iter()
            .map(FactIx);
        let misled = facts.flat_map_iter(|fact| misled_of(engine, fact, today));
        let golden = knowledge.golden.par_iter().map(|question| {
            let outcome = golden::ask(engine, question, today);
            let mark = golden::judge(knowledge, question, &outcome);
            (outcome.verdict, mark)
        });
        let (golden, misled) = (golden.collect(), misled.collect());
        Proof { golden, misled }
    }

    /// Golden questions that get their verdict.
    #[must_use]
    pub fn right(&self) -> usize {
        let right = self.golden.iter().filter(|(_, mark)| *mark == Mark::Right);
        right.count()
    }

    /// What is wrong with the base, as its questions show it.
    #[must_use]
    pub fn diagnostics(&self, knowledge: &Knowledge) -> Vec<Diagnostic> {
        let misled = self
            .misled
            .iter()
            .filter_map(|misled| misled.diagnostic(knowledge));
        let golden = self.golden.iter().enumerate();
        let golden = golden.filter(|(_, (_, mark))| *mark != Mark::Right);
        misled
            .chain(golden.map(|(at, (verdict, _))| broken(knowledge, at, verdict)))
            .collect()
    }
}

impl Misled {
    /// The phrasing. `knowledge` is the base it was asked of.
    #[must_use]
    pub fn phrasing<'k>(&self, knowledge: &'k Knowledge) -> &'k Phrasing {
        &knowledge[self.own].phrasings.get(self.lang)[self.number]
    }

    /// What is wrong with it; nothing when its own fact is offered among others: that is no wrong
    /// answer, the wording is just shared ground.
    fn diagnostic(&self, knowledge: &Knowledge) -> Option<Diagnostic> {
        let fact = &knowledge[self.own];
        let phrasing = self.phrasing(knowledge);
        let other = match &self.verdict {
            Verdict::Answer(answer) => answer.facts.first(),
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) => Some(gap),
            Verdict::Offer(facts) if facts.contains(&self.own) => return None,
            Verdict::Offer(_) | Verdict::Unknown(_) => None,
        };
        Some(match other {
            Some(other) => {
                let other = &knowledge[*other];
                Diagnostic::new(
                    Code::PhrasingFindsAnother,
                    phrasing.place.clone(),
                    format!(
                        "“{}” finds `{}` instead of `{}`",
                        phrasing.text, other.id, fact.id
                    ),
                )
                .help("make the phrasing more specific, or give it to the other fact")
                .also(other.place.clone(), "the fact it finds")
            }
            None => Diagnostic::new(
                Code::PhrasingLost,
                phrasing.place.clone(),
                format!("“{}” does not find `{}`", phrasing.text, fact.id),
            )
            .help("use words that the other phrasings of this fact use, or add similar phrasings"),
        })
    }
}

/// The phrasings of one fact that do not simply find it.
fn misled_of(engine: &Engine, own: FactIx, today: Day) -> Vec<Misled> {
    let fact = &engine.knowledge()[own];
    let phrasings = fact.phrasings.iter().flat_map(|(lang, all)| {
        let numbered = all.iter().enumerate();
        numbered.map(move |(number, phrasing)| (lang, number, phrasing))
    });
    let ask = |(lang, number, phrasing): (Lang, usize, &Phrasing)| {
        let question = Question {
            text: &phrasing.text,
            lang: Some(lang),
            locale: lang,
            today,
        };
        let verdict = engine.ask(&question, &Memory::default()).verdict;
        let found = match &verdict {
            Verdict::Answer(answer) => answer.facts.contains(&own),
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) => *gap == own,
            Verdict::Offer(_) | Verdict::Unknown(_) => false,
        };
        (!found).then_some(Misled {
            own,
            lang,
            number,
            verdict,
        })
    };
    phrasings.filter_map(ask).collect()
}

/// A golden question that does not get its verdict.
fn broken(knowledge: &Knowledge, at: usize, verdict: &Verdict) -> Diagnostic {
    let golden = &knowledge.golden[at];
    let expected: Vec<String> = golden
        .expect
        .iter()
        .map(|expected| expected_name(knowledge, expected))
        .collect();
    let code = match golden.open {
        true => Code::GoldenOpen,
        false => Code::GoldenFails,
    };
    Diagnostic::new(
        code,
        golden.place.clone(),
        format!(
            "“{}” gets {}, expected {}",
            golden.ask,
            got(knowledge, verdict),
            expected.join(" or ")
        ),
    )
    .help(
        "`cara-bot ask --explain` with the question shows why; mend the facts, or the expectation",
    )
}

fn expected_name(knowledge: &Knowledge, expected: &Expected) -> String {
    match expected {
        Expected::Fact(fact) => format!("`{}`", knowledge[*fact].id),
        Expected::Offer => "an offer".to_owned(),
        Expected::Unknown => "unknown".to_owned(),
    }
}
