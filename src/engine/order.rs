//! Which of two events came first: "did Automac join before or after the Regions merged?", "what came first, the name
//! or the merger?".
//!
//! `operators` orders bodies by when they began. What happened is named in as many ways as there are, so each side
//! is asked for as a question of its own, "when" before it; where both find a dated fact and the dates tell, those
//! facts are told in their order.

use crate::engine::decide::{CERTAIN, decide};
use crate::engine::operators;
use crate::engine::verdict::{Answer, Form, Memory, Outcome, Verdict};
use crate::engine::{Engine, Question};
use crate::knowledge::model::FactIx;
use crate::lang::Lang;
use crate::text::{clean, fold};

/// What stands between two events whose order is asked for, folded.
const EITHER_WAY: [[&str; 3]; 4] = [
    ["before", "or", "after"],
    ["after", "or", "before"],
    ["avant", "ou", "apres"],
    ["apres", "ou", "avant"],
];
/// What stands between two things of which one is asked for; « où », which folds to the same, does not.
const OR: [&str; 2] = ["or", "ou"];
/// Words that ask which of two came first, folded.
const FIRST: [&str; 16] = [
    "first", "earlier", "earliest", "older", "oldest", "sooner", "newer", "later", "premier",
    "premiere", "d'abord", "ancien", "ancienne", "vieux", "recent", "recente",
];
/// Words that such a question begins with, folded, before it names the two.
const WHICH: [&str; 10] = [
    "which",
    "what",
    "who",
    "qui",
    "lequel",
    "laquelle",
    "quoi",
    "quel",
    "quelle",
    "qu'est-ce",
];
/// Content up to which a part of a message is but a name with its article.
const NAME: f32 = 0.3;
/// What ends the part of a sentence that names an event, or stands before it.
const STOPS: [char; 7] = [',', ':', '?', '!', ';', '(', ')'];

/// Tells two events in their order, where a message asks for it and both are known.
pub(super) fn told(
    engine: &Engine,
    question: &Question<'_>,
    memory: &Memory,
    outcome: &Outcome,
) -> Option<Outcome> {
    if outcome.confidence >= CERTAIN {
        return None; // somebody wrote it down as a question for a fact
    }
    let message = clean(question.text);
    let (one, other) = events(&message)?;
    // Two bare names are bodies, not what happened.
    let is_event = |part: &str| engine.reader.read_question(part, true).content() > NAME;
    if !is_event(one) && !is_event(other) {
        return None;
    }
    let when = match outcome.language {
        Lang::En => "when",
        Lang::Fr => "quand",
    };
    let dated = |event: &str| -> Option<(FactIx, Outcome)> {
        let text = format!("{when} {event}?");
        let question = Question {
            text: &text,
            ..question.clone()
        };
        let outcome = decide(engine, &question, memory, None);
        match &outcome.verdict {
            Verdict::Answer(Answer {
                facts,
                form: Form::Fact,
            }) => Some((*facts.first()?, outcome)),
            Verdict::Answer(_) | Verdict::Offer(_) | Verdict::Unknown(_) => None,
        }
    };
    let (one, of_one) = dated(one)?;
    let (other, of_other) = dated(other)?;
    let (facts, order) = operators::ordered(&engine.knowledge, &engine.index, [one, other])?;
    Some(Outcome {
        verdict: Verdict::Answer(Answer {
            facts,
            form: Form::Order(order),
        }),
        confidence: of_one.confidence.min(of_other.confidence),
        language: outcome.language,
        candidates: of_one.candidates,
        memory: Memory {
            question: outcome.memory.question.clone(),
            language: outcome.memory.language,
            ..of_other.memory
        },
    })
}

/// The two events that a message asks the order of, as they are named there.
fn events(message: &str) -> Option<(&str, &str)> {
    let start = |word: &str| word.as_ptr() as usize - message.as_ptr() as usize;
    let words: Vec<(&str, String)> = message
        .split_whitespace()
        .map(|word| (word, fold(word.trim_matches(|c| STOPS.contains(&c)))))
        .collect();
    let is = |at: usize, wanted: &str| words.get(at).is_some_and(|(_, word)| word == wanted);
    let either_way = (0..words.len()).find(|at| {
        let says = |phrase: &[&str; 3]| (0..3).all(|next| is(at + next, phrase[next]));
        EITHER_WAY.iter().any(says)
    });
    let (from, to) = match either_way {
        Some(at) => (at, at + 3),
        None => {
            let is_or = |(word, _): &(&str, String)| OR.contains(&word.to_lowercase().as_str());
            let at = words.iter().rposition(is_or)?;
            (at, at + 1)
        }
    };
    let before = &message[..start(words.get(from)?.0)];
    let after = &message[start(words.get(to)?.0)..];
    let before = before.rsplit(STOPS).next()?.trim();
    let after = after.split(STOPS).next()?.trim();
    if either_way.is_none() && !asks_first(message, before, after) {
        return None;
    }
    (!before.is_empty() && !after.is_empty()).then_some((before, after))
}

/// Whether a message asks which of two came first beside naming them: "which was earlier: X or Y?", but not "did
/// the first X start here or there?".
fn asks_first(message: &str, before: &str, after: &str) -> bool {
    let words_of = |text: &str| -> Vec<String> {
        let words = text.split_whitespace();
        words
            .map(|word| fold(word.trim_matches(|c| STOPS.contains(&c))))
            .collect()
    };
    let first = |text: &str| -> usize {
        let words = words_of(text);
        words
            .iter()
            .filter(|word| FIRST.contains(&word.as_str()))
            .count()
    };
    let asks_which = words_of(message)
        .iter()
        .any(|word| WHICH.contains(&word.as_str()));
    asks_which && first(message) > first(before) + first(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_what_stands_on_both_sides() {
        for (message, expected) in [
            (
                "Did Automac join before or after the Regions merged?",
                Some(("Did Automac join", "the Regions merged")),
            ),
            (
                "Chronologie svp : le prix est venu avant ou après le classement ?",
                Some(("le prix est venu", "le classement")),
            ),
            (
                "what came first, the name or the merger?",
                Some(("the name", "the merger")),
            ),
            ("was it founded in 2005 or 2006?", None),
            (
                "Le prix ou le classement, lequel est arrivé en premier ?",
                Some(("Le prix", "le classement")),
            ),
            (
                "Quelle fut la première navette lancée et où le nom a été présenté ?",
                None,
            ),
            ("Où a-t-elle roulé en premier et où est-elle passée ?", None),
            ("Did the first shuttle start here or was it there?", None),
            ("before or after?", None),
            ("la première ou", None),
        ] {
            assert_eq!(events(message), expected, "{message}");
        }
    }
}
