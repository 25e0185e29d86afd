//! Stemming: a folded word without its ending, so that *membres* meets *membre*.
//!
//! Snowball does the work. Its French rules read accents that folding has removed, and its rules
//! for both languages leave some families apart that questions about organisations use all the
//! time (*créé, créée, création, créateurs*; *create, creation*). So a few rewrites come first,
//! each on the folded word and each named below. They make stems, not words: what counts is that
//! a family meets, and that two families rarely do.
//!
//! Irregular families (*devient, devenu*; *né, naissance*) are for the base's lexicon, not for
//! rules here.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};

use crate::lang::Lang;

/// Stems a folded word. Words of one or two letters and words with a digit stay as they are.
///
/// ```
/// use cara_bot::{lang::Lang, text::stem};
///
/// assert_eq!(stem("membres", Lang::Fr), stem("membre", Lang::Fr));
/// assert_eq!(stem("h2020", Lang::En), "h2020");
/// ```
#[must_use]
pub fn stem(word: &str, lang: Lang) -> Cow<'_, str> {
    if word.chars().count() <= 2 || !word.chars().all(char::is_alphabetic) {
        return Cow::Borrowed(word);
    }
    let (algorithm, prepared) = match lang {
        Lang::En => (Algorithm::English, prepare_english(word)),
        Lang::Fr => (Algorithm::French, prepare_french(word)),
    };
    let stemmer = Stemmer::create(algorithm);
    match prepared {
        Cow::Borrowed(word) => stemmer.stem(word),
        Cow::Owned(word) => Cow::Owned(stemmer.stem(&word).into_owned()),
    }
}

/// The fewest letters a rewrite may leave: keeps *nation*, *station*, *moteur* whole.
const SHORTEST_ROOT: usize = 3;

/// Rewrites a folded French word so that Snowball sees the ending that folding hid.
///
/// - `-ation(s)`, `-ateur(s)`, `-atrice(s)` become the verb's `-er`: *création*, *fondateurs* →
///   `creer`, `fonder`;
/// - `-teur(s)`, `-trice(s)` become `-t`: *directeur*, *directrice* → `direct`, as *direction*;
/// - `-é(e)(s)` becomes `-e`: *créé*, *créées* → `cre`, as *créer*.
fn prepare_french(word: &str) -> Cow<'_, str> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let root = |ending: &str, shortest: usize| {
        singular
            .strip_suffix(ending)
            .filter(|root| root.chars().count() >= shortest)
    };
    for ending in ["ation", "ateur", "atrice"] {
        if let Some(root) = root(ending, SHORTEST_ROOT) {
            return Cow::Owned(format!("{root}er"));
        }
    }
    for ending in ["teur", "trice"] {
        if let Some(root) = root(ending, SHORTEST_ROOT + 1) {
            return Cow::Borrowed(&singular[..root.len() + 1]);
        }
    }
    for ending in ["eee", "ee"] {
        if let Some(root) = root(ending, SHORTEST_ROOT - 1) {
            return Cow::Borrowed(&singular[..root.len() + 1]);
        }
    }
    Cow::Borrowed(word)
}

/// Rewrites a folded English word whose family Snowball leaves apart.
///
/// - `-iz-` becomes `-is-`, so that both spellings of *organisation* meet (and the American one is
///   no longer an *organ*);
/// - `-ation(s)`, `-ator(s)` become `-ate`: *creation*, *creators* → `create`;
/// - `-ship(s)` goes: *membership* → `member`;
/// - *founder*, *merger* lose their `-er`, which is no rule: *member*, *number* must keep theirs.
fn prepare_english(word: &str) -> Cow<'_, str> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    match singular {
        "founder" | "cofounder" | "merger" => {
            return Cow::Borrowed(&singular[..singular.len() - 2]);
        }
        _ => {}
    }
    let root = |ending: &str| {
        singular
            .strip_suffix(ending)
            .filter(|root| root.chars().count() >= SHORTEST_ROOT)
    };
    if let Some(root) = root("ship") {
        return Cow::Borrowed(root);
    }
    let mut text = Cow::Borrowed(word);
    if let Some(root) = root("ation").or_else(|| root("ator")) {
        text = Cow::Owned(format!("{root}ate"));
    }
    if let Some(at) = text.rfind("iz").filter(|&at| at >= SHORTEST_ROOT) {
        text.to_mut().replace_range(at..at + 2, "is");
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fold;

    /// All words of a family have one stem.
    #[track_caller]
    fn check_family(lang: Lang, family: &str) {
        let stems: Vec<String> = family
            .split(' ')
            .map(|word| stem(&fold(word), lang).into_owned())
            .collect();
        assert!(
            stems.iter().all(|stem| *stem == stems[0]),
            "{family}: {stems:?}"
        );
    }

    /// No two words share a stem.
    #[track_caller]
    fn check_apart(lang: Lang, words: &str) {
        let mut stems: Vec<String> = words
            .split(' ')
            .map(|word| stem(&fold(word), lang).into_owned())
            .collect();
        let all = stems.clone();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), all.len(), "{words}: {all:?}");
    }

    #[test]
    fn french_families_meet() {
        check_family(
            Lang::Fr,
            "créé créée créés créées crée créer création créations créateurs créatrice créa",
        );
        check_family(
            Lang::Fr,
            "fondé fondée fondés fonder fondateur fondateurs fondatrice fondation",
        );
        check_family(Lang::Fr, "membre membres");
        check_family(Lang::Fr, "fusion fusions fusionné fusionnée fusionner");
        check_family(Lang::Fr, "lancé lancée lancement lancer");
        check_family(Lang::Fr, "labellisé labellisée labelliser labellisation");
        check_family(Lang::Fr, "appelé appelle appellation appelait");
        check_family(Lang::Fr, "directeur directeurs directrice direction");
        check_family(Lang::Fr, "financé financée financement financer");
        check_family(Lang::Fr, "salarié salariée salariés");
        check_family(Lang::Fr, "régional régionale régionaux");
        check_family(Lang::Fr, "année années");
        check_family(Lang::Fr, "européen européenne européens");
    }

    #[test]
    fn english_families_meet() {
        check_family(
            Lang::En,
            "create created creates creating creation creator creators",
        );
        check_family(Lang::En, "found founded founder founders founding");
        check_family(Lang::En, "member members membership");
        check_family(Lang::En, "merge merged merger mergers merging");
        check_family(
            Lang::En,
            "organise organize organised organisation organization organizations",
        );
        check_family(Lang::En, "label labels labelled labeled labelling");
        check_family(Lang::En, "company companies");
        check_family(Lang::En, "fund funded funding funds");
    }

    #[test]
    fn families_stay_apart() {
        check_apart(
            Lang::Fr,
            "création membre fusion nation station moteur mot mission région lancement",
        );
        check_apart(
            Lang::En,
            "create member merge organ organise number nation fund found station",
        );
    }

    #[test]
    fn short_words_and_words_with_digits_are_unchanged() {
        for word in ["", "l", "ne", "2005", "h2020", "5g", "3.5"] {
            assert_eq!(stem(word, Lang::En), word);
            assert_eq!(stem(word, Lang::Fr), word);
        }
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem(word in any::<String>()) {
            for lang in Lang::ALL {
                prop_assert_eq!(stem(&word, lang).is_empty(), word.is_empty());
            }
        }

        #[test]
        fn any_folded_word_has_a_stem(word in "[a-z]{1,14}(e|s|ee|ation|teurs|iz|ship){0,3}") {
            for lang in Lang::ALL {
                prop_assert!(!stem(&word, lang).is_empty());
            }
        }
    }
}
