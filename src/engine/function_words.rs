//! The function words of English and French that tell how a message is meant: closed classes, which no base adds to.
//! What a base may add to (synonyms, padding, properties, kinds of questions) is in its lexicon.
//!
//! All are [folded](crate::text::fold).

use super::reader::{Text, Word};

/// Words that begin what is asked. Relative pronouns among them do no harm: a part that is no question finds
/// nothing.
const QUESTION_WORDS: [&str; 22] = [
    "who", "what", "when", "where", "which", "why", "how", "whether", "if", "qui", "quand", "quoi",
    "quel", "quelle", "quels", "quelles", "pourquoi", "comment", "combien", "lequel", "laquelle",
    "ou",
];
/// Words that stand for a person.
const PERSON_PRONOUNS: [&str; 8] = ["he", "him", "his", "she", "her", "il", "elle", "lui"];
/// Words that stand for what a conversation is about.
const PRONOUNS: [&str; 15] = [
    "it", "its", "they", "them", "their", "that", "this", "ils", "elles", "eux", "son", "sa",
    "ses", "leur", "ca",
];
/// What follows the elided « l' » of "who labelled it", « qui l'a labellisé »: before anything else it is an article.
const AFTER_PRONOUN: [&str; 6] = ["a", "ont", "avait", "avaient", "est", "aura"];
/// What stands for the object after « qui »: before anything else it is an article.
const OBJECT_PRONOUNS: [&str; 3] = ["le", "la", "les"];
/// Words that tie what they begin to what was said before.
const CONJUNCTIONS: [&str; 6] = ["and", "but", "so", "et", "mais", "donc"];

/// Whether a word begins what is asked.
pub(super) fn is_question_word(word: &str) -> bool {
    QUESTION_WORDS.contains(&word)
}

/// Whether a question word stands in a text.
pub(super) fn has_question_word(text: &Text) -> bool {
    text.words.iter().any(|word| is_question_word(&word.text))
}

/// Whether a text means something said before: "it", « l'a ».
pub(super) fn has_pronoun(text: &Text) -> bool {
    let said = |word: &Word| PRONOUNS.contains(&word.text.as_str());
    let elided =
        |pair: &[Word]| pair[0].text == "l" && AFTER_PRONOUN.contains(&pair[1].text.as_str());
    // « qui le dirige », "who" before what is done to it: « le dirigeant » follows no « qui ».
    let object =
        |pair: &[Word]| pair[0].text == "qui" && OBJECT_PRONOUNS.contains(&pair[1].text.as_str());
    let pairs = || text.words.windows(2);
    text.words.iter().any(said) || pairs().any(elided) || pairs().any(object)
}

/// Whether a word stands for a person: "he", « lui ».
pub(super) fn is_person_pronoun(word: &Word) -> bool {
    PERSON_PRONOUNS.contains(&word.text.as_str())
}

/// Whether a text begins with a word that ties it to what was said before.
pub(super) fn goes_on(text: &Text) -> bool {
    let first = text.words.first();
    first.is_some_and(|word| CONJUNCTIONS.contains(&word.text.as_str()))
}

/// Whether it means something said before, be it a thing or a person, or goes on from it.
pub(super) fn refers_back(text: &Text) -> bool {
    goes_on(text) || has_pronoun(text) || text.words.iter().any(is_person_pronoun)
}

/// Whether it asks or goes on, rather than remarks: "since when", "and in 2016", "why?", but not "thanks".
pub(super) fn asks_something(text: &Text) -> bool {
    let of_a_kind = |word: &Word| !word.asks.is_empty();
    text.asks
        || !text.dates.is_empty()
        || has_question_word(text)
        || text.words.iter().any(of_a_kind)
        || goes_on(text)
}
