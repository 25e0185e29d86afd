//! "Did you mean …?" for keys, words and ids.

/// The candidate a misspelt word was probably meant to be; none when nothing is near.
///
/// Near is one slip per three letters (a swap of neighbours is one slip), or the word continued: what
/// is known as `lutb-created` is often written `lutb-create`. What differs in its digits only was
/// counted, not misspelt: nobody who writes `s9` means `s1`.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 100 {
        return None;
    }
    let allowed = (length / 3).max(1);
    candidates
        .filter(|candidate| {
            !candidate.is_empty() && candidate.len().abs_diff(word.len()) <= allowed + 3
        })
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(slips, candidate)| *slips <= allowed && letters(candidate).ne(letters(word)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A word without its digits.
fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let known = ["answer", "sources", "lutb-created", "of", "s1"];
        for (word, expected) in [
            ("anwser", Some("answer")),
            ("source", Some("sources")),
            ("lutb-create", Some("lutb-created")),
            ("lutb-founders", None),
            ("s9", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        }
    }
}
