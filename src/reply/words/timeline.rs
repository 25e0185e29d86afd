//! What is written on the drawn timeline, and what is said of it to those who do not see it.

use super::Words;
use crate::reply::timeline::{Part, Sign};

impl Words {
    /// The heading. `of` is the main entity; in French with its « de ».
    pub(in crate::reply) fn timeline_title(self, of: Option<&str>, period: Option<&str>) -> String {
        let title = match of {
            Some(of) => self.pick(format!("History of {of}"), format!("Histoire {of}")),
            None => self.pick("History", "Histoire").to_owned(),
        };
        match period {
            Some(period) => self.pick(format!("{title}: {period}"), format!("{title} : {period}")),
            None => title,
        }
    }

    pub(in crate::reply) fn part(self, part: Part) -> String {
        let Part { first, last, of } = part;
        let range = if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        };
        self.pick(format!("{range} of {of}"), format!("{range} sur {of}"))
    }

    pub(in crate::reply) fn undated(self) -> &'static str {
        self.pick("No date known", "Date inconnue")
    }

    /// First line of the description of the picture.
    pub(in crate::reply) fn timeline_alt(self, title: &str, part: Option<Part>) -> String {
        let part = part
            .map(|part| format!(" ({})", self.part(part)))
            .unwrap_or_default();
        self.pick(
            format!("Drawn timeline. {title}{part}:"),
            format!("Frise chronologique. {title}{part} :"),
        )
    }

    pub(in crate::reply) fn and_more(self, count: usize) -> String {
        match count {
            1 => self.pick("… and 1 more", "… et 1 autre").to_owned(),
            _ => self.pick(
                format!("… and {count} more"),
                format!("… et {count} autres"),
            ),
        }
    }

    /// A month of the axis.
    pub(in crate::reply) fn short_month(self, month: u8) -> &'static str {
        let names = self.pick(
            [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ],
            [
                "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                "nov.", "déc.",
            ],
        );
        names
            .get(usize::from(month).wrapping_sub(1))
            .copied()
            .unwrap_or_default()
    }

    /// The word beside a sign in the key.
    pub(in crate::reply) fn sign(self, sign: Sign) -> &'static str {
        match sign {
            Sign::Day => self.pick("day", "jour"),
            Sign::Month => self.pick("month", "mois"),
            Sign::Year => self.pick("year", "année"),
            Sign::About => self.pick("about", "environ"),
            Sign::Uncertain => self.pick("uncertain", "incertain"),
            Sign::Span => self.pick("from … to …", "de … à …"),
            Sign::Ongoing => self.pick("ongoing", "en cours"),
            Sign::Before => self.pick("or earlier", "ou avant"),
            Sign::Lost => self.pick("end not known", "limite inconnue"),
        }
    }
}
