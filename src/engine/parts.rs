//! The parts of a message that may be the question: all of it, its sentences, and of long sentences what begins at a
//! question word and what stands between commas.

use super::function_words::is_question_word;
use crate::text::{fold, sentences};

/// Most sentences of a message that are tried one by one.
const MAX_SENTENCES: usize = 6;
/// A sentence of this many words is also read in parts.
const LONG_SENTENCE: usize = 9;
/// Most clauses of a sentence that are read by themselves.
const MAX_CLAUSES: usize = 4;
/// Most parts of a message that are read.
const MAX_PARTS: usize = 10;
/// What a sentence read from a question word on keeps of its likelihood: its preamble may matter.
const PART_OF_SENTENCE: f32 = 0.85;
/// What a clause read by itself keeps of its likelihood: its neighbours matter more often.
const CLAUSE: f32 = 0.6;
/// A question word among the first words of a sentence begins no clause of its own.
const PREAMBLE: usize = 3;

/// A part of a message.
pub(super) struct Part<'q> {
    pub(super) text: &'q str,
    /// What it keeps of its likelihood.
    pub(super) scale: f32,
    /// The part that is its sentence.
    pub(super) sentence: usize,
}

/// The parts of a message, the whole of it first.
pub(super) fn parts(cleaned: &str) -> Vec<Part<'_>> {
    let whole = Part {
        text: cleaned,
        scale: 1.0,
        sentence: 0,
    };
    let mut parts = vec![whole];
    let ranges = sentences(cleaned);
    let several = ranges.len() > 1;
    let skip = ranges.len().saturating_sub(MAX_SENTENCES);
    for range in ranges.into_iter().skip(skip) {
        let sentence = &cleaned[range];
        if several {
            parts.push(Part {
                text: sentence,
                scale: 1.0,
                sentence: parts.len(),
            });
        }
        let within = parts.len() - 1;
        let of_sentence = |text, scale| Part {
            text,
            scale,
            sentence: if several { within } else { 0 },
        };
        if sentence.split_whitespace().count() < LONG_SENTENCE {
            continue;
        }
        parts.extend(from_question_word(sentence).map(|part| of_sentence(part, PART_OF_SENTENCE)));
        let clauses: Vec<&str> = sentence
            .split([',', ':', '('])
            .map(str::trim)
            .filter(|clause| clause.split_whitespace().count() >= 3)
            .collect();
        if clauses.len() > 1 {
            parts.extend(
                clauses
                    .into_iter()
                    .take(MAX_CLAUSES)
                    .map(|clause| of_sentence(clause, CLAUSE)),
            );
        }
    }
    parts.truncate(MAX_PARTS);
    parts
}

/// What a sentence asks after its preamble: "a reader wants to know | which companies …".
fn from_question_word(sentence: &str) -> Option<&str> {
    let mut at = 0;
    for (number, word) in sentence.split_inclusive(char::is_whitespace).enumerate() {
        let plain = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        if is_question_word(&plain) {
            if number < PREAMBLE {
                // "How many members did it have when it closed?" asks with its first words.
                return None;
            }
            return Some(&sentence[at..]);
        }
        at += word.len();
    }
    None
}
