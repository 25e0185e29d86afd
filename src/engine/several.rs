//! Several questions in one message: "When was LUTB founded? And by whom?"
//!
//! They are asked one after the other, as a conversation would have it. Only when each of them is answered by a fact
//! of its own are they told together; otherwise the message is read as one, because most of what is asked beside a
//! question ("does anybody know?", "right?") belongs to it.

use crate::engine::decide::decide;
use crate::engine::verdict::{Answer, Form, Memory, Outcome, Verdict};
use crate::engine::{Engine, Question};
use crate::knowledge::model::FactIx;
use crate::text::{clean, sentences};

/// Most questions of a message that are told together; of more the first ones are.
const MOST: usize = 4;

/// The verdict on all questions of a message together, if it has several and each is answered.
pub(super) fn together(
    engine: &Engine,
    question: &Question<'_>,
    memory: &Memory,
) -> Option<Outcome> {
    let cleaned = clean(question.text);
    if cleaned.matches('?').count() < 2 {
        return None;
    }
    let mut asked: Vec<&str> = Vec::new();
    let mut begins = None;
    for range in sentences(&cleaned) {
        let from = *begins.get_or_insert(range.start);
        if cleaned[range.clone()].trim_end().ends_with('?') {
            asked.push(&cleaned[from..range.end]);
            begins = None;
        }
    }
    if asked.len() < 2 {
        return None;
    }
    asked.truncate(MOST);
    let mut facts: Vec<FactIx> = Vec::new();
    let mut memory = memory.clone();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for text in asked {
        let outcome = decide(
            engine,
            &Question {
                text,
                ..question.clone()
            },
            &memory,
            None,
        );
        match &outcome.verdict {
            // Of several answers nobody could tell which one a Yes belongs to.
            Verdict::Answer(Answer {
                facts: told,
                form: Form::Fact | Form::YesNo(_),
            }) if told.first().is_some_and(|fact| !facts.contains(fact)) => {
                facts.push(*told.first()?);
            }
            Verdict::Answer(_) | Verdict::Offer(_) | Verdict::Unknown(_) => return None,
        }
        memory = outcome.memory.clone();
        outcomes.push(outcome);
    }
    let least = |least: f32, outcome: &Outcome| least.min(outcome.confidence);
    let confidence = outcomes.iter().fold(1.0, least);
    let first = outcomes.into_iter().next()?;
    Some(Outcome {
        verdict: Verdict::Answer(Answer {
            facts,
            form: Form::Fact,
        }),
        confidence,
        language: first.language,
        candidates: first.candidates,
        memory,
    })
}
