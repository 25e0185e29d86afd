//! Does a fact say something beside another? Two facts of one subject that are about as likely are told together, but
//! nobody wants to read the same twice.

use crate::engine::Engine;
use crate::engine::reader::{Role, Text, Word};
use crate::knowledge::model::FactIx;
use crate::text::first_sentence;

/// The share of what a sentence says that must be new.
const NEW_SHARE: f32 = 0.4;
/// Content up to which a word only pads.
const PADDING: f32 = 0.3;

/// Whether the first sentence of a fact's answer, which is what is told of it beside another, says something that the
/// other's answer does not. Their English texts stand for both languages: verdicts do not depend on the language.
pub(super) fn adds(engine: &Engine, fact: FactIx, told: FactIx) -> bool {
    let answer = |fact: FactIx| {
        let answer = &engine.knowledge[fact].answer;
        let english = Some(&answer.en).filter(|text| !text.is_empty());
        english.unwrap_or(&answer.fr)
    };
    let told = engine.reader.read_own(answer(told));
    let own = engine.reader.read_own(first_sentence(answer(fact)).0);
    new_share(&own, &told) >= NEW_SHARE
}

/// The share of the words that say something which no word of another text says.
fn new_share(own: &Text, told: &Text) -> f32 {
    let says = |word: &&Word| word.role != Role::Plain || word.content > PADDING;
    let is_told = |own: &Word| {
        told.words.iter().any(|told| match (own.role, told.role) {
            (Role::Entity(own, _), Role::Entity(told, _)) => own == told,
            (Role::Entity(..), _) | (_, Role::Entity(..)) => false,
            _ => own.stem == told.stem,
        })
    };
    let words = || own.words.iter().filter(says);
    let new = words().filter(|word| !is_told(word)).count();
    new as f32 / words().count().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::reader::Groups;

    fn text(words: &[(&str, Role)]) -> Text {
        let word = |&(text, role): &(&str, Role)| Word {
            text: text.into(),
            stem: text.into(),
            repaired_from: None,
            role,
            concepts: Groups::new(),
            aspects: Groups::new(),
            asks: Groups::new(),
            content: if text.len() > 3 { 1.0 } else { 0.0 },
            filler: false,
            name_like: false,
            proper: false,
        };
        Text {
            words: words.iter().map(word).collect(),
            ..Text::default()
        }
    }

    #[test]
    fn what_is_told_already_is_nothing_new() {
        use crate::knowledge::model::EntityIx;

        let plain = |text: &'static str| (text, Role::Plain);
        let lutb = |text: &'static str| (text, Role::Entity(EntityIx(1), 1.0));
        let told = text(&[
            lutb("lyon urban trucks"),
            plain("was"),
            plain("founded"),
            ("2005", Role::Number),
        ]);
        let by_another_name = text(&[lutb("lutb"), plain("was"), plain("founded")]);
        assert_eq!(new_share(&by_another_name, &told), 0.0);
        let half = text(&[
            lutb("lutb"),
            plain("founded"),
            plain("seven"),
            plain("members"),
        ]);
        assert_eq!(new_share(&half, &told), 0.5);
        // A number is no padding, and another number is news.
        assert_eq!(new_share(&text(&[("12", Role::Number)]), &told), 1.0);
        assert_eq!(new_share(&text(&[]), &told), 0.0);
    }
}
