//! Dates in words, to stand inside a sentence.
//!
//! [`Date::render`] gives the date as a noun ("founded: 21 November 2017"), [`Date::render_in`] as
//! an adverb ("it was created on 21 November 2017"). Intervals read the same in both.

use super::{CalendarUnit, Date, Form, Missing, Point};
use crate::lang::Lang;

/// Month names, January first.
pub(super) const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Month names in French, January first.
pub(super) const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl Date {
    /// The date as a noun: "21 November 2017", « 1er janvier 2022 », "about 2004", "since 2015".
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        match self.0 {
            Form::At(point) => point.noun(lang),
            Form::Between(start, end) if start == end => start.noun(lang),
            Form::Between(start, end) => from_to(start, end, lang),
            Form::From(start, end) => from(start, end, lang),
            Form::To(start, end) => to(start, end, lang),
        }
    }

    /// The date with its preposition: "on 21 November 2017", « en février 2017 », "in about 2004".
    #[must_use]
    pub fn render_in(&self, lang: Lang) -> String {
        match self.0 {
            Form::At(point) => point.adverb(lang),
            Form::Between(start, end) if start == end => start.adverb(lang),
            _ => self.render(lang),
        }
    }
}

fn from_to(start: Point, end: Point, lang: Lang) -> String {
    let first = shortened(start, end, lang).unwrap_or_else(|| start.inner(lang));
    let last = end.inner(lang);
    match lang {
        Lang::En => format!("from {first} to {last}"),
        Lang::Fr => {
            let de = match start.unit {
                CalendarUnit::Day(_) => "du ",
                CalendarUnit::Month(..) if first.starts_with(['a', 'o']) => "d'",
                _ => "de ",
            };
            let a = if matches!(end.unit, CalendarUnit::Day(_)) {
                "au"
            } else {
                "à"
            };
            format!("{de}{first} {a} {last}")
        }
    }
}

fn from(start: Point, end: Missing, lang: Lang) -> String {
    let article = if matches!(start.unit, CalendarUnit::Day(_)) {
        "le "
    } else {
        ""
    };
    let day = start.inner(lang);
    match (lang, end) {
        (Lang::En, Missing::Open) => format!("since {day}"),
        (Lang::En, Missing::Unknown) => format!("from {day}, end unknown"),
        (Lang::Fr, Missing::Open) => format!("depuis {article}{day}"),
        (Lang::Fr, Missing::Unknown) => match start.unit {
            CalendarUnit::Day(_) => format!("à partir du {day}, fin inconnue"),
            CalendarUnit::Month(..) if day.starts_with(['a', 'o']) => {
                format!("à partir d'{day}, fin inconnue")
            }
            _ => format!("à partir de {day}, fin inconnue"),
        },
    }
}

fn to(start: Missing, end: Point, lang: Lang) -> String {
    match (lang, start) {
        (Lang::En, Missing::Open) => format!("no later than {}", end.inner(lang)),
        (Lang::En, Missing::Unknown) => format!("until {}, start unknown", end.inner(lang)),
        (Lang::Fr, Missing::Open) => format!("au plus tard {}", end.adverb(lang)),
        (Lang::Fr, Missing::Unknown) => match end.unit {
            CalendarUnit::Day(_) => format!("jusqu'au {}, début inconnu", end.inner(lang)),
            _ => format!("jusqu'en {}, début inconnu", end.inner(lang)),
        },
    }
}

/// The start of an interval without what its end repeats: "from 3 to 5 May 2017".
fn shortened(start: Point, end: Point, lang: Lang) -> Option<String> {
    if start.year() != end.year() || [start, end].iter().any(|p| p.approximate || p.uncertain) {
        return None;
    }
    match (start.unit, end.unit) {
        (CalendarUnit::Day(from), CalendarUnit::Day(to)) if from.month() == to.month() => {
            Some(day_number(from.day(), lang))
        }
        (CalendarUnit::Day(from), CalendarUnit::Day(_)) => Some(format!(
            "{} {}",
            day_number(from.day(), lang),
            month_name(from.month(), lang)
        )),
        (CalendarUnit::Month(_, from), CalendarUnit::Month(..)) => {
            Some(month_name(from, lang).to_owned())
        }
        _ => None,
    }
}

impl Point {
    /// Standing alone: "about 2004", « vers le 21 novembre 2017 ».
    fn noun(self, lang: Lang) -> String {
        let vers = match self.unit {
            CalendarUnit::Day(_) => "vers le",
            _ => "vers",
        };
        let text = self.unit.words(lang);
        let text = match lang {
            _ if !self.approximate => text,
            Lang::En => format!("about {text}"),
            Lang::Fr => format!("{vers} {text}"),
        };
        text + self.doubt(lang)
    }

    /// After a preposition. French has none that stands before « vers », so « environ » follows.
    fn inner(self, lang: Lang) -> String {
        if lang == Lang::Fr && self.approximate {
            return format!("{} environ{}", self.unit.words(lang), self.doubt(lang));
        }
        self.noun(lang)
    }

    /// With its preposition.
    fn adverb(self, lang: Lang) -> String {
        match (lang, self.unit) {
            (Lang::Fr, _) if self.approximate => self.noun(lang),
            (Lang::Fr, CalendarUnit::Day(_)) => format!("le {}", self.noun(lang)),
            (Lang::Fr, _) => format!("en {}", self.noun(lang)),
            (Lang::En, CalendarUnit::Day(_)) if self.approximate => {
                format!("around {}{}", self.unit.words(lang), self.doubt(lang))
            }
            (Lang::En, CalendarUnit::Day(_)) => format!("on {}", self.noun(lang)),
            (Lang::En, _) => format!("in {}", self.noun(lang)),
        }
    }

    fn doubt(self, lang: Lang) -> &'static str {
        match lang {
            _ if !self.uncertain => "",
            Lang::En => " (uncertain)",
            Lang::Fr => " (date incertaine)",
        }
    }
}

impl CalendarUnit {
    fn words(self, lang: Lang) -> String {
        match self {
            CalendarUnit::Year(year) => year.to_string(),
            CalendarUnit::Month(year, month) => format!("{} {year}", month_name(month, lang)),
            CalendarUnit::Day(day) => {
                let number = day_number(day.day(), lang);
                format!("{number} {} {}", month_name(day.month(), lang), day.year())
            }
        }
    }
}

fn month_name(month: u8, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::En => MONTHS_EN,
        Lang::Fr => MONTHS_FR,
    };
    names[usize::from(month) - 1]
}

fn day_number(day: u8, lang: Lang) -> String {
    match (lang, day) {
        (Lang::Fr, 1) => "1er".to_owned(),
        _ => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::edtf::tests::any_date;

    #[test]
    fn dates_read_like_prose() {
        for (text, en, fr) in [
            ("2017-11-21", "21 November 2017", "21 novembre 2017"),
            ("2022-01-01", "1 January 2022", "1er janvier 2022"),
            ("2017-02", "February 2017", "février 2017"),
            ("2012", "2012", "2012"),
            ("2004~", "about 2004", "vers 2004"),
            ("2010-06~", "about June 2010", "vers juin 2010"),
            (
                "2017-11-21~",
                "about 21 November 2017",
                "vers le 21 novembre 2017",
            ),
            ("2016?", "2016 (uncertain)", "2016 (date incertaine)"),
            (
                "2016%",
                "about 2016 (uncertain)",
                "vers 2016 (date incertaine)",
            ),
            (
                "2004-11/2005-02",
                "from November 2004 to February 2005",
                "de novembre 2004 à février 2005",
            ),
            (
                "2004-10/2005-02",
                "from October 2004 to February 2005",
                "d'octobre 2004 à février 2005",
            ),
            (
                "2012-04/2012-06",
                "from April to June 2012",
                "d'avril à juin 2012",
            ),
            (
                "2017-05-03/2017-05-05",
                "from 3 to 5 May 2017",
                "du 3 au 5 mai 2017",
            ),
            (
                "2017-05-31/2017-06-01",
                "from 31 May to 1 June 2017",
                "du 31 mai au 1er juin 2017",
            ),
            (
                "2017-05-31/2018",
                "from 31 May 2017 to 2018",
                "du 31 mai 2017 à 2018",
            ),
            (
                "2004~/2006",
                "from about 2004 to 2006",
                "de 2004 environ à 2006",
            ),
            (
                "2004/2006?",
                "from 2004 to 2006 (uncertain)",
                "de 2004 à 2006 (date incertaine)",
            ),
            ("2012/2012", "2012", "2012"),
            ("2015/..", "since 2015", "depuis 2015"),
            ("2015~/..", "since about 2015", "depuis 2015 environ"),
            (
                "2017-11-21/..",
                "since 21 November 2017",
                "depuis le 21 novembre 2017",
            ),
            (
                "../2016-04-18",
                "no later than 18 April 2016",
                "au plus tard le 18 avril 2016",
            ),
            (
                "../2016-04",
                "no later than April 2016",
                "au plus tard en avril 2016",
            ),
            (
                "../2016~",
                "no later than about 2016",
                "au plus tard vers 2016",
            ),
            (
                "2015/",
                "from 2015, end unknown",
                "à partir de 2015, fin inconnue",
            ),
            (
                "2015-08/",
                "from August 2015, end unknown",
                "à partir d'août 2015, fin inconnue",
            ),
            (
                "/2016",
                "until 2016, start unknown",
                "jusqu'en 2016, début inconnu",
            ),
            (
                "/2016-04-18",
                "until 18 April 2016, start unknown",
                "jusqu'au 18 avril 2016, début inconnu",
            ),
            ("0987", "987", "987"),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.render(Lang::En), en, "{text}");
            assert_eq!(date.render(Lang::Fr), fr, "{text}");
        }
    }

    #[test]
    fn dates_take_the_preposition_of_their_precision() {
        for (text, en, fr) in [
            ("2017-11-21", "on 21 November 2017", "le 21 novembre 2017"),
            ("2022-01-01", "on 1 January 2022", "le 1er janvier 2022"),
            ("2017-02", "in February 2017", "en février 2017"),
            ("2012", "in 2012", "en 2012"),
            ("2004~", "in about 2004", "vers 2004"),
            (
                "2017-11-21~",
                "around 21 November 2017",
                "vers le 21 novembre 2017",
            ),
            ("2016?", "in 2016 (uncertain)", "en 2016 (date incertaine)"),
            ("2015/..", "since 2015", "depuis 2015"),
            ("2012/2012", "in 2012", "en 2012"),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.render_in(Lang::En), en, "{text}");
            assert_eq!(date.render_in(Lang::Fr), fr, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_date_has_words(date in any_date()) {
            for lang in Lang::ALL {
                prop_assert!(!date.render(lang).is_empty() && !date.render_in(lang).is_empty());
            }
        }
    }
}
