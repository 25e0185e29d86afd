//! Finds dates in what people type: "in 2012", « entre 2015 et 2018 », "Nov 21st, 2017".
//!
//! Reads English and French alike, without asking which one a question is in. Each mention is turned
//! into the days asked for: "before 2016" is `../2015`, "early 2005" is `2005-01/2005-04`,
//! "around 2010" is `2010~`, so that asking what happened then is [`Date::overlaps`].
//!
//! Every date has a year: "in November" is not one, nor is "1,187", "71" or "2000 members". Whether
//! "LUTB 2015" names a year or a programme is for the caller to know. Left alone are years in words
//! and two-figure years ("'17"); times told from today ("last year") are first put [in figures](in_figures).
//!
//! - `tokens`: words, numbers and marks with their places
//! - `vocabulary`: the words of dates
//! - `expression`: one day, month, year, season, decade
//! - `range`: two of them joined
//! - `relative`: times told from today

mod expression;
mod range;
mod relative;
mod tokens;
mod vocabulary;

use std::ops::Range;

use super::{CalendarUnit, Date, Form, Missing, Point};
use expression::{Expression, Reader};
use range::Joint;
pub use relative::in_figures;
use tokens::tokenize;
use vocabulary::{AND_EARLIER, AND_LATER, ARTICLES, LEADS, Lead};

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Half-open byte offsets into the text, the leading "in", "since", « le » included.
    pub span: Range<usize>,
    /// The days asked for.
    pub date: Date,
    /// How it was said.
    pub relation: MentionKind,
}

/// How a date was said. [`Mention::date`] takes it into account already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MentionKind {
    /// "in 2012", "on 21 November 2017", "early 2005", "the 2000s".
    At,
    /// "between 2015 and 2018", "2004-2006".
    Between,
    /// "since 2015", "from 2015 onwards": that date included.
    Since,
    /// "before 2016": that date excluded.
    Before,
    /// "after 2017": that date excluded.
    After,
    /// "until 2014", "by 2014": that date included.
    Until,
}

/// All dates in `text`, in order, not overlapping.
///
/// ```
/// use cara_bot::date::mention::{MentionKind, find};
///
/// let text = "Que s'est-il passé avant novembre 2016 ?";
/// let found = &find(text)[0];
/// assert_eq!(&text[found.span.clone()], "avant novembre 2016");
/// assert_eq!((found.relation, found.date.to_string()), (MentionKind::Before, "../2016-10".into()));
/// ```
#[must_use]
pub fn find(text: &str) -> Vec<Mention> {
    // Every date has figures, most questions have none.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let tokens = tokenize(text);
    let reader = Reader { tokens: &tokens };
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some(next) = reader.count(at) {
            at = next;
        } else if let Some((relation, said)) = reader.mention(at) {
            let span = tokens[at].span.start..tokens[said.next - 1].span.end;
            let date = meant(relation, &said);
            mentions.push(Mention {
                span,
                date,
                relation,
            });
            at = said.next;
        } else {
            at += 1;
        }
    }
    mentions
}

impl Reader<'_> {
    /// The mention that starts exactly at `at`, with its leading words.
    fn mention(self, at: usize) -> Option<(MentionKind, Expression)> {
        let Some((lead, next)) = self.lead(at) else {
            return self.unled(at);
        };
        // As in "pre-2016".
        let next = if self.joins(next, '-') {
            next + 1
        } else {
            next
        };
        let start = self.skip_words(next, ARTICLES, 4);
        let said = |relation| move |said| (relation, said);
        let range = |joint| self.range(start, joint).map(said(MentionKind::Between));
        let single = |relation| self.expression(start).map(said(relation));
        match lead {
            Lead::In => self.unled(start),
            Lead::Between => range(Joint::And),
            Lead::From => range(Joint::To).or_else(|| self.open_from(at, start)),
            Lead::Since => range(Joint::To).or_else(|| single(MentionKind::Since)),
            Lead::Before => single(MentionKind::Before),
            Lead::After => single(MentionKind::After),
            Lead::Until => single(MentionKind::Until),
            Lead::Count => None,
        }
    }

    /// A range, or a single date that "onwards" or "or earlier" may follow.
    fn unled(self, at: usize) -> Option<(MentionKind, Expression)> {
        if let Some(range) = self.range(at, Joint::To) {
            return Some((MentionKind::Between, range));
        }
        let said = self.expression(at)?;
        for (phrases, relation) in [
            (AND_LATER, MentionKind::Since),
            (AND_EARLIER, MentionKind::Until),
        ] {
            // In "2012 and after 2017" the "after" leads the next date.
            let next = self.one_of(said.next, phrases).filter(|&next| {
                self.expression(self.skip_words(next, ARTICLES, 4))
                    .is_none()
            });
            if let Some(next) = next {
                return Some((relation, Expression { next, ..said }));
            }
        }
        Some((MentionKind::At, said))
    }

    /// "From 2004 on", "from 2004 onwards", « dès 2004 ».
    fn open_from(self, at: usize, start: usize) -> Option<(MentionKind, Expression)> {
        let said = self.expression(start)?;
        let on = self.one_of(said.next, &[&["onwards"], &["onward"], &["on"]]);
        match on {
            Some(next) if self.word(at) == Some("from") => {
                Some((MentionKind::Since, Expression { next, ..said }))
            }
            // « Dès » folds to « des », but « des années 2000 » is no beginning.
            _ if self.word(at) == Some("des") && start == at + 1 && said.first == said.last => {
                Some((MentionKind::Since, said))
            }
            _ => None,
        }
    }

    /// The leading phrase at `at`, and where it ends.
    fn lead(self, at: usize) -> Option<(Lead, usize)> {
        LEADS
            .iter()
            .filter_map(|(phrase, lead)| Some((*lead, self.phrase(at, phrase)?)))
            .max_by_key(|(_, next)| *next)
    }

    /// Past "more than 2000", which is a count and no year.
    fn count(self, at: usize) -> Option<usize> {
        let (lead, next) = self.lead(at)?;
        (lead == Lead::Count && self.number(next).is_some()).then_some(next + 1)
    }
}

/// The days meant by an expression said in this way.
fn meant(relation: MentionKind, said: &Expression) -> Date {
    let point = |unit: CalendarUnit| Point {
        approximate: said.approximate,
        ..unit.into()
    };
    let (first, last) = (said.first, said.last);
    Date(match relation {
        MentionKind::At if first == last => Form::At(point(first)),
        MentionKind::At | MentionKind::Between => Form::Between(first.into(), last.into()),
        MentionKind::Since => Form::From(point(first), Missing::Open),
        MentionKind::After => Form::From(point(last.shifted(1)), Missing::Open),
        MentionKind::Before if said.very_end => Form::To(Missing::Open, point(last)),
        MentionKind::Before => Form::To(Missing::Open, point(first.shifted(-1))),
        MentionKind::Until => Form::To(Missing::Open, point(last)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Mentions as `text=kind:date`, separated by `; `.
    fn shown(text: &str) -> String {
        let found = find(text);
        let shown: Vec<String> = found
            .iter()
            .map(
                |Mention {
                     span,
                     date,
                     relation,
                 }| { format!("{}={relation:?}:{date}", &text[span.clone()]) },
            )
            .collect();
        shown.join("; ")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected, "{text:?}");
    }

    #[test]
    fn years_are_found() {
        check("What happened in 2012?", "in 2012=At:2012");
        check("Que s'est-il passé en 2012 ?", "en 2012=At:2012");
        check("LUTB 2015", "2015=At:2015");
        check("la création de 2004", "2004=At:2004");
        check("in the year 2012", "in the year 2012=At:2012");
        check("pendant l'année 2012", "pendant l'année 2012=At:2012");
        check("2012 ou 2013 ?", "2012=At:2012; 2013=At:2013");
        check("in 2012.", "in 2012=At:2012");
        check("en2012", "en2012=At:2012");
        check("2012,2013", "2012=At:2012; 2013=At:2013");
        check("the 2012 members", "the 2012=At:2012");
        check("(2017)", "2017=At:2017");
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "1,187 members",
            "71",
            "12 m",
            "2012 m",
            "1,2015",
            "2,000",
            "2015,5",
            "2000 members",
            "plus de 2000 adhérents",
            "more than 2012",
            "2000 €",
            "€2000",
            "2015k",
            "ISO2015",
            "12015",
            "1799",
            "2100",
            "69007 Lyon",
            "04 72 20 15",
            "20:15",
            "21/13/2017",
            "32/12/2017",
            "2017-13-45",
            "the 90 members",
            "version 3.2.1",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn a_month_needs_its_year() {
        for text in [
            "in November",
            "en novembre",
            "21 November",
            "le 1er mai",
            "what may it do",
            "Mars",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn directions_are_understood() {
        for (text, expected) in [
            ("since 2015", "Since:2015/.."),
            ("depuis 2015", "Since:2015/.."),
            ("depuis le 21 novembre 2017", "Since:2017-11-21/.."),
            ("à partir de 2015", "Since:2015/.."),
            ("from 2015 onwards", "Since:2015/.."),
            ("from 2015 on", "Since:2015/.."),
            ("2015 and later", "Since:2015/.."),
            ("dès 2015", "Since:2015/.."),
            ("not before 2015", "Since:2015/.."),
            ("since about 2015", "Since:2015~/.."),
            ("since the 2000s", "Since:2000/.."),
            ("before 2016", "Before:../2015"),
            ("avant 2016", "Before:../2015"),
            ("avant le 1er janvier 2016", "Before:../2015-12-31"),
            ("prior to January 2016", "Before:../2015-12"),
            ("pre-2016", "Before:../2015"),
            ("avant fin 2014", "Before:../2014-12"),
            ("after 2017", "After:2018/.."),
            ("après 2017", "After:2018/.."),
            ("apres decembre 2017", "After:2018-01/.."),
            ("after 31 December 2017", "After:2018-01-01/.."),
            ("post-2017", "After:2018/.."),
            ("until 2014", "Until:../2014"),
            ("jusqu'en 2014", "Until:../2014"),
            ("jusqu’à fin 2014", "Until:../2014-12"),
            ("jusqu'au 3 mai 2014", "Until:../2014-05-03"),
            ("up to 2014", "Until:../2014"),
            ("by 2014", "Until:../2014"),
            ("no later than 2014", "Until:../2014"),
            ("au plus tard en 2014", "Until:../2014"),
            ("d'ici à 2030", "Until:../2030"),
            ("2014 or earlier", "Until:../2014"),
        ] {
            check(text, &format!("{text}={expected}"));
        }
    }

    #[test]
    fn ranges_are_found() {
        for (text, expected) in [
            ("between 2015 and 2018", "2015/2018"),
            ("entre 2015 et 2018", "2015/2018"),
            ("between 2018 and 2015", "2015/2018"),
            ("from 2004 to 2006", "2004/2006"),
            ("de 2004 à 2006", "2004/2006"),
            ("de 2004 a 2006", "2004/2006"),
            ("depuis 2004 jusqu'en 2006", "2004/2006"),
            ("2004-2006", "2004/2006"),
            ("2004–2006", "2004/2006"),
            ("2004 - 2006", "2004/2006"),
            ("2004/2006", "2004/2006"),
            ("in 2004-2006", "2004/2006"),
            ("2015-18", "2015/2018"),
            ("2010/11", "2010/2011"),
            ("d'avril 2010 à mai 2011", "2010-04/2011-05"),
            ("d'avril à juin 2012", "2012-04/2012-06"),
            ("from November to February 2005", "2004-11/2005-02"),
            ("between March and May 2015", "2015-03/2015-05"),
            ("3-5 May 2017", "2017-05-03/2017-05-05"),
            ("du 3 au 5 mai 2017", "2017-05-03/2017-05-05"),
            ("from 31 May to 1 June 2017", "2017-05-31/2017-06-01"),
            ("from May 31 to June 1, 2017", "2017-05-31/2017-06-01"),
            ("du 21/11/2017 au 3 mars 2018", "2017-11-21/2018-03-03"),
            ("between early 2005 and mid-2006", "2005-01/2006-08"),
            ("between the 1990s and 2005", "1990/2005"),
        ] {
            check(text, &format!("{text}=Between:{expected}"));
        }
    }

    #[test]
    fn days_and_months_are_found() {
        for (text, expected) in [
            ("21 November 2017", "2017-11-21"),
            ("Nov 21, 2017", "2017-11-21"),
            ("Nov. 21, 2017", "2017-11-21"),
            ("November 21st 2017", "2017-11-21"),
            ("November the 21st, 2017", "2017-11-21"),
            ("21st of November, 2017", "2017-11-21"),
            ("on the 21st of November 2017", "2017-11-21"),
            ("le 21 nov. 2017", "2017-11-21"),
            ("le mardi 21 novembre 2017", "2017-11-21"),
            ("Tuesday, 21 November 2017", "2017-11-21"),
            ("1er janvier 2022", "2022-01-01"),
            ("1ᵉʳ janvier 2022", "2022-01-01"),
            ("21/11/2017", "2017-11-21"),
            ("21.11.2017", "2017-11-21"),
            ("11/21/2017", "2017-11-21"),
            ("3/4/2017", "2017-04-03"),
            ("21/11/17", "2017-11-21"),
            ("2017-11-21", "2017-11-21"),
            ("21-Nov-2017", "2017-11-21"),
            ("le 21 novembr 2017", "2017-11-21"),
            ("novemeber 21 2017", "2017-11-21"),
            ("November 2017", "2017-11"),
            ("novembre 2017", "2017-11"),
            ("en FÉVRIER 2017", "2017-02"),
            ("in fevrier 2017", "2017-02"),
            ("in Nov. 2017", "2017-11"),
            ("november, 2017", "2017-11"),
            ("nov2017", "2017-11"),
            ("en décembre de l'année 2012", "2012-12"),
            ("septembe 2012", "2012-09"),
            ("2017-11", "2017-11"),
            ("11/2017", "2017-11"),
        ] {
            check(text, &format!("{text}=At:{expected}"));
        }
        check("31 April 2017", "April 2017=At:2017-04");
        check("le marché 2015", "2015=At:2015");
    }

    #[test]
    fn parts_of_years_and_decades_are_found() {
        for (text, expected) in [
            ("early 2005", "2005-01/2005-04"),
            ("early in 2005", "2005-01/2005-04"),
            ("début 2005", "2005-01/2005-04"),
            ("au début de l'année 2005", "2005-01/2005-04"),
            ("mid-2005", "2005-05/2005-08"),
            ("à la mi-2005", "2005-05/2005-08"),
            ("fin 2004", "2004-09/2004-12"),
            ("at the end of 2004", "2004-09/2004-12"),
            ("à la fin de 2004", "2004-09/2004-12"),
            ("late November 2017", "2017-11-21/2017-11-30"),
            ("mi-novembre 2017", "2017-11-11/2017-11-20"),
            ("summer 2014", "2014-06/2014-09"),
            ("in the summer of 2014", "2014-06/2014-09"),
            ("été 2014", "2014-06/2014-09"),
            ("à l'été 2014", "2014-06/2014-09"),
            ("winter 2014/15", "2014-12/2015-03"),
            ("hiver 2014-2015", "2014-12/2015-03"),
            ("Q3 2015", "2015-07/2015-09"),
            ("first half of 2015", "2015-01/2015-06"),
            ("au 2e semestre 2015", "2015-07/2015-12"),
            ("the last quarter of 2015", "2015-10/2015-12"),
            ("the 2000s", "2000/2009"),
            ("the 2000's", "2000/2009"),
            ("les années 2000", "2000/2009"),
            ("les années 90", "1990/1999"),
            ("the 90s", "1990/1999"),
            ("in the late 1990s", "1996/1999"),
            ("à la fin des années 1990", "1996/1999"),
            ("around 2010", "2010~"),
            ("vers 2010", "2010~"),
            ("in about 2010", "2010~"),
            ("aux alentours de 2010", "2010~"),
            ("2010 or so", "2010~"),
            ("2010 environ", "2010~"),
            ("vers juin 2010", "2010-06~"),
        ] {
            check(text, &format!("{text}=At:{expected}"));
        }
        check("What do you know about 2012?", "2012=At:2012");
        check("did it start 2014", "2014=At:2014");
    }

    #[test]
    fn several_dates_are_kept_apart() {
        check(
            "after 2015 and before November 2018",
            "after 2015=After:2016/..; before November 2018=Before:../2018-10",
        );
        check(
            "Entre 2015 et 2018, et le 21 nov. 2017 ?",
            "Entre 2015 et 2018=Between:2015/2018; le 21 nov. 2017=At:2017-11-21",
        );
        check(
            "2012 and after 2017",
            "2012=At:2012; after 2017=After:2018/..",
        );
        check(
            "2015/2016/2017",
            "2015/2016=Between:2015/2016; 2017=At:2017",
        );
    }

    /// Questions made of the pieces dates are made of.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "2012",
            "2017",
            "21",
            "1er",
            "3rd",
            "18",
            "0",
            "31",
            "2000s",
            "90s",
            "november",
            "mai",
            "févr.",
            "décembr",
            "été",
            "hiver",
            "fin",
            "early",
            "début",
            "mi",
            "end of",
            "between",
            "and",
            "entre",
            "et",
            "from",
            "to",
            "de",
            "à",
            "d'",
            "jusqu’en",
            "since",
            "avant",
            "after",
            "about",
            "vers",
            "environ",
            "onwards",
            "or later",
            "q1",
            "T4",
            "first half of",
            "dernier",
            "0e",
            "semestre",
            "années",
            "-",
            "–",
            "/",
            ".",
            ",",
            "%",
            "€",
            "m",
            "the",
            "l’",
        ]);
        let gap = prop::sample::select(vec![" ", "", "  "]);
        prop::collection::vec((piece, gap), 0..12).prop_map(|parts| {
            parts
                .into_iter()
                .flat_map(|(piece, gap)| [piece, gap])
                .collect()
        })
    }

    fn check_mentions(text: &str) -> Result<(), TestCaseError> {
        let mut end = 0;
        for mention in find(text) {
            prop_assert!(mention.span.start >= end && mention.span.start < mention.span.end);
            prop_assert!(text.get(mention.span.clone()).is_some());
            end = mention.span.end;
            let written = mention.date.to_string();
            prop_assert_eq!(written.parse::<Date>(), Ok(mention.date), "{}", written);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn any_text_gives_sound_mentions(text in any::<String>()) {
            check_mentions(&text)?;
        }

        #[test]
        fn any_pieces_give_sound_mentions(text in pieces()) {
            check_mentions(&text)?;
        }

        #[test]
        fn what_we_write_is_found(date in crate::date::edtf::tests::any_date()) {
            for lang in crate::lang::Lang::ALL {
                check_mentions(&date.render_in(lang))?;
            }
        }
    }
}
