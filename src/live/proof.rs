//! What the questions that a base brings with it get: every phrasing, every golden question.
//!
//! A reload is refused by it, and the effect of an edit is the difference between two of them.

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
        let facts: Vec<FactIx> = (0..knowledge.facts.len() as u32).map(FactIx).collect();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Several parts a core, as some facts have many more phrasings than others.
        let share = facts.len().div_ceil(cores * 4).max(1);
        let questions: Vec<usize> = (0..knowledge.golden.len()).collect();
        let some = questions.len().div_ceil(cores * 4).max(1);
        let golden = in_parallel(
            cores,
            questions.chunks(some).collect(),
            |part: &[usize]| {
                let ask = |at: &usize| {
                    let question = &knowledge.golden[*at];
                    let outcome = golden::ask(engine, question, today);
                    let mark = golden::judge(knowledge, question, &outcome);
                    (outcome.verdict, mark)
                };
                part.iter().map(ask).collect()
            },
        );
        let misled = in_parallel(cores, facts.chunks(share).collect(), |part: &[FactIx]| {
            let of_fact = |fact: &FactIx| misled_of(engine, *fact, today);
            part.iter().flat_map(of_fact).collect()
        });
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

/// Works through parts on some cores, and puts together what comes of them in their order.
fn in_parallel<P: Send, T: Send>(
    cores: usize,
    parts: Vec<P>,
    work: impl Fn(P) -> Vec<T> + Sync,
) -> Vec<T> {
    let next = std::sync::Mutex::new(parts.into_iter().enumerate());
    let one_core = || {
        let mut done = Vec::new();
        loop {
            // The guard goes before the work begins.
            let part = next.lock().ok().and_then(|mut next| next.next());
            match part {
                Some((number, part)) => done.push((number, work(part))),
                None => return done,
            }
        }
    };
    let mut done = std::thread::scope(|scope| {
        let cores: Vec<_> = (0..cores).map(|_| scope.spawn(one_core)).collect();
        let done = cores
            .into_iter()
            .map(|core| core.join().expect("asking does not panic"));
        done.flatten().collect::<Vec<_>>()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, part)| part).collect()
}
