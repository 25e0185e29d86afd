//! Times told from today: "last year", « il y a dix ans », "over the past five years".
//!
//! They are put into figures before a question is read, so that everything after works with dates alone. "This
//! year" is left: who asks how many members there are this year asks how things stand.

use std::borrow::Cow;
use std::ops::Range;

use super::tokens::{Kind, Token, tokenize};
use crate::date::Day;

/// One piece of a phrase.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Word(&'static str),
    /// How many, in figures or as a word.
    Count,
}

/// What a phrase means, `n` being the count in it.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// The year before this one.
    LastYear,
    /// The `n` years up to this one.
    LastYears,
    /// The year `n` years back, or about then: who says "ten years ago" counts no days.
    YearsAgo,
}

use Meaning::{LastYear, LastYears, YearsAgo};
use Piece::{Count, Word as W};

/// Phrases; none of them begins like another.
const PHRASES: [(&[Piece], Meaning); 16] = [
    (&[Count, W("year"), W("ago")], YearsAgo),
    (&[W("il"), W("y"), W("a"), Count, W("an")], YearsAgo),
    (&[W("last"), W("year")], LastYear),
    (&[W("l"), W("an"), W("dernier")], LastYear),
    (&[W("l"), W("an"), W("passe")], LastYear),
    (&[W("l"), W("annee"), W("derniere")], LastYear),
    (&[W("l"), W("annee"), W("passee")], LastYear),
    (&[W("last"), Count, W("years")], LastYears),
    (&[W("past"), Count, W("years")], LastYears),
    (&[W("ces"), Count, W("dernieres"), W("annees")], LastYears),
    (&[W("les"), Count, W("dernieres"), W("annees")], LastYears),
    (&[W("des"), Count, W("dernieres"), W("annees")], LastYears),
    (&[Count, W("years"), W("ago")], YearsAgo),
    (&[Count, W("yrs"), W("ago")], YearsAgo),
    (&[W("il"), W("y"), W("a"), Count, W("ans")], YearsAgo),
    (&[W("ya"), Count, W("ans")], YearsAgo),
];

/// Words before "last year" with which it is the last one of something.
const OF_SOMETHING: [&str; 6] = ["the", "its", "their", "his", "her", "s"];

/// Words before "ten years ago" with which it is a bound rather than a time.
const BOUNDING: [&str; 12] = [
    "over", "than", "least", "most", "under", "within", "nearly", "almost", "plus", "moins",
    "presque", "pres",
];

/// Numbers as words.
const COUNTS: [(&str, u16); 30] = [
    ("a", 1),
    ("one", 1),
    ("un", 1),
    ("eleven", 11),
    ("twelve", 12),
    ("thirty", 30),
    ("onze", 11),
    ("douze", 12),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("fifteen", 15),
    ("twenty", 20),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("quinze", 15),
    ("vingt", 20),
    ("trente", 30),
];

/// The text with times told from `today` in figures; as it is where there are none. `loosely`, "ten years ago" is only
/// about then, so that a yes or no does not hang on it.
///
/// ```
/// use cara_bot::date::{Day, mention::in_figures};
///
/// let today = Day::new(2026, 11, 23).expect("a day");
/// assert_eq!(in_figures("What happened last year?", today, false), "What happened 2025?");
/// assert_eq!(in_figures("the last year of LUTB", today, false), "the last year of LUTB");
/// ```
#[must_use]
pub fn in_figures(text: &str, today: Day, loosely: bool) -> Cow<'_, str> {
    let tokens = tokenize(text);
    let mut figures: Vec<(Range<usize>, String)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match phrase_at(&tokens, at, today, loosely) {
            Some((length, meant)) => {
                let span = tokens[at].span.start..tokens[at + length - 1].span.end;
                figures.push((span, meant));
                at += length;
            }
            None => at += 1,
        }
    }
    if figures.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut told = text.to_owned();
    for (span, meant) in figures.into_iter().rev() {
        told.replace_range(span, &meant);
    }
    Cow::Owned(told)
}

/// How many tokens the phrase here has, and what it means in figures.
fn phrase_at(tokens: &[Token], at: usize, today: Day, loosely: bool) -> Option<(usize, String)> {
    let said = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let fits = |(at, piece): (usize, &Piece)| match piece {
        W(word) => said(at) == Some(word),
        Count => count(tokens.get(at)).is_some(),
    };
    let (pieces, meaning) = PHRASES
        .iter()
        .find(|(pieces, _)| (at..).zip(*pieces).all(fits))?;
    let before = at.checked_sub(1).and_then(said);
    let after = said(at + pieces.len());
    let of_something = before.is_some_and(|word| OF_SOMETHING.contains(&word));
    if matches!(meaning, LastYear) && of_something
        || matches!(meaning, LastYear | LastYears)
            && matches!(after, Some("of" | "de" | "du" | "d"))
    {
        return None;
    }
    // "Over two years ago" is no year, and « il y a dix ans que » no time at all.
    let bound = before.is_some_and(|word| BOUNDING.contains(&word));
    if matches!(meaning, YearsAgo) && (bound || matches!(after, Some("que" | "qu"))) {
        return None;
    }
    // "Twenty five", "5-10", "1.5": the count began before.
    let counts_on = at.checked_sub(1).map(|before| &tokens[before]);
    let joined = |token: &Token| {
        count(Some(token)).is_some()
            || matches!(token.kind, Kind::Number(_) | Kind::Mark('-' | '.' | ','))
    };
    if matches!(pieces[0], Count) && counts_on.is_some_and(joined) {
        return None;
    }
    let counted = pieces.iter().position(|piece| matches!(piece, Count));
    let number = counted.and_then(|offset| count(tokens.get(at + offset)));
    let year = today.year();
    let back = |years: u16| year.checked_sub(years).filter(|year| *year > 0);
    let meant = match meaning {
        LastYear => back(1)?.to_string(),
        LastYears => format!("{}-{year}", back(number?)?),
        YearsAgo if loosely => format!("about {}", back(number?)?),
        YearsAgo => back(number?)?.to_string(),
    };
    Some((pieces.len(), meant))
}

/// The number that a token is, up to 99.
fn count(token: Option<&Token>) -> Option<u16> {
    match &token?.kind {
        Kind::Number(digits) if digits.len() <= 2 => digits.parse().ok(),
        Kind::Word(word) => {
            let known = COUNTS.iter().find(|(name, _)| name == word);
            known.map(|(_, number)| *number)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let today = Day::new(2026, 1, 23).expect("a day");
        assert_eq!(in_figures(text, today, false), expected);
    }

    #[test]
    fn times_told_from_today_get_figures() {
        check("what happened last year?", "what happened 2025?");
        check(
            "Que s'est-il passé l'an dernier ?",
            "Que s'est-il passé 2025 ?",
        );
        check("l’année passée, quoi de neuf", "2025, quoi de neuf");
        check("over the past five years", "over the 2021-2026");
        check("ces 5 dernières années", "2021-2026");
        check("il y a dix ans", "2016");
        check("who led it 10 years ago", "who led it 2016");
        check("a year ago", "2025");
        check("il y a un an", "2025");
    }

    #[test]
    fn years_ago_are_about_then_where_nothing_hangs_on_one() {
        let today = Day::new(2026, 1, 23).expect("a day");
        let told = in_figures("a-t-il fermé il y a dix ans ?", today, true);
        assert_eq!(told, "a-t-il fermé about 2016 ?");
    }

    #[test]
    fn the_last_year_of_something_stays() {
        for text in [
            "the last year of LUTB",
            "in its last year",
            "LUTB's last year",
            "last year of RAAC",
            "how many members this year",
            "the last presidents",
            "100 years ago",
            "twenty five years ago",
            "5-10 years ago",
            "1.5 years ago",
            "the last two years of LUTB",
            "over two years ago",
            "at least 5 years ago",
            "il y a dix ans que CARA existe",
        ] {
            check(text, text);
        }
    }
}
