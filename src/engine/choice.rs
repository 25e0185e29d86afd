//! Taking up an offer: "yes", "the second one", « la première ».
//!
//! What is named beside an "I don't know" can be taken up in the same way.

use crate::knowledge::model::{FactIx, Knowledge};
use crate::text::{fold, tokenize};

/// Words that take what is offered, folded.
const YES: [&str; 8] = [
    "yes",
    "yeah",
    "yep",
    "yup",
    "oui",
    "ouais",
    "exactement",
    "exactly",
];
/// Words that say which one, folded, with its place.
const WHICH: [(&str, usize); 28] = [
    ("3rd", 2),
    ("2eme", 1),
    ("2de", 1),
    ("3eme", 2),
    ("1", 0),
    ("one", 0),
    ("first", 0),
    ("1st", 0),
    ("un", 0),
    ("une", 0),
    ("premier", 0),
    ("premiere", 0),
    ("1er", 0),
    ("1ere", 0),
    ("2", 1),
    ("two", 1),
    ("second", 1),
    ("2nd", 1),
    ("deux", 1),
    ("deuxieme", 1),
    ("seconde", 1),
    ("2e", 1),
    ("3", 2),
    ("three", 2),
    ("third", 2),
    ("trois", 2),
    ("troisieme", 2),
    ("3e", 2),
];
/// Words that say the last one, folded.
const LAST: [&str; 4] = ["last", "latter", "dernier", "derniere"];
/// Words around these, folded.
const AROUND: [&str; 24] = [
    "the", "please", "number", "option", "question", "pls", "that", "it", "is", "s", "do",
    "thanks", "thank", "you", "le", "la", "numero", "no", "svp", "stp", "c", "est", "ca", "merci",
];
/// Words that take the only one offered, folded: of several they choose none.
const AGREEING: [&str; 8] = [
    "ok", "okay", "sure", "right", "correct", "accord", "d", "voila",
];
/// What says yes by itself to the only one offered, folded.
const THAT: [&[&str]; 3] = [&["that", "s", "it"], &["c", "est", "ca"], &["that", "one"]];

/// What a message takes of what was offered before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// This one.
    One(FactIx),
    /// "Yes" to several of them.
    Any(Vec<FactIx>),
}

/// What a message takes of what was offered before it; nothing when it says anything else.
pub(super) fn taken(knowledge: &Knowledge, offered: &[String], message: &str) -> Option<Choice> {
    let last = offered.len().checked_sub(1)?;
    // "Is that one?" is a question.
    if message.trim_end().ends_with('?') {
        return None;
    }
    // A reload may have taken one of them away.
    let known = |at: usize| offered.get(at).and_then(|id| knowledge.find_fact(id));
    let tokens = tokenize(&fold(message));
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut place = None;
    let mut yes = last == 0 && THAT.contains(&words.as_slice());
    if yes {
        return known(0).map(Choice::One);
    }
    for word in words {
        let which = WHICH.iter().find(|(name, _)| *name == word);
        let named = match which {
            // "The second one" is the second.
            Some((name, _)) if *name == "one" && place.is_some() => continue,
            Some((_, at)) => Some(*at),
            None => LAST.contains(&word).then_some(last),
        };
        if let Some(named) = named {
            if place.is_some_and(|place| place != named) {
                return None; // "the first two" are not one
            }
            place = Some(named);
        } else if YES.contains(&word) || (last == 0 && AGREEING.contains(&word)) {
            yes = true;
        } else if !AROUND.contains(&word) {
            return None;
        }
    }
    match place {
        Some(place) => known(place).map(Choice::One),
        None if yes && last == 0 => known(0).map(Choice::One),
        None if yes => {
            let all: Vec<FactIx> = (0..=last).filter_map(known).collect();
            (!all.is_empty()).then_some(Choice::Any(all))
        }
        None => None,
    }
}
