//! The words of date expressions, English and French together, folded.
//!
//! Both languages share one table each: people mix them, and the few words they share mean the same.
//! To teach a new word, add it to its table and a line to the tests in [`super`].

/// Sets a mention's direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Since,
    Before,
    After,
    Until,
    /// "between": needs a second end.
    Between,
    /// "from", « de »: a range if a second end follows, nothing otherwise.
    From,
    /// "in", « en »: belongs to the mention and says nothing.
    In,
    /// "more than": what follows is a count.
    Count,
}

/// Phrases that lead a date, longest match wins.
pub(super) const LEADS: &[(&[&str], Lead)] = &[
    (&["since"], Lead::Since),
    (&["depuis"], Lead::Since),
    (&["as", "of"], Lead::Since),
    (&["as", "from"], Lead::Since),
    (&["starting", "in"], Lead::Since),
    (&["starting", "from"], Lead::Since),
    (&["a", "partir", "de"], Lead::Since),
    (&["a", "partir", "du"], Lead::Since),
    (&["a", "partir", "d"], Lead::Since),
    (&["a", "compter", "de"], Lead::Since),
    (&["a", "compter", "du"], Lead::Since),
    (&["not", "before"], Lead::Since),
    (&["pas", "avant"], Lead::Since),
    (&["before"], Lead::Before),
    (&["prior", "to"], Lead::Before),
    (&["earlier", "than"], Lead::Before),
    (&["pre"], Lead::Before),
    (&["avant"], Lead::Before),
    (&["after"], Lead::After),
    (&["later", "than"], Lead::After),
    (&["post"], Lead::After),
    (&["apres"], Lead::After),
    (&["until"], Lead::Until),
    (&["till"], Lead::Until),
    (&["til"], Lead::Until),
    (&["up", "to"], Lead::Until),
    (&["up", "until"], Lead::Until),
    (&["by"], Lead::Until),
    (&["no", "later", "than"], Lead::Until),
    (&["not", "later", "than"], Lead::Until),
    (&["not", "after"], Lead::Until),
    (&["pas", "apres"], Lead::Until),
    (&["jusqu"], Lead::Until),
    (&["jusque"], Lead::Until),
    (&["d", "ici"], Lead::Until),
    (&["au", "plus", "tard"], Lead::Until),
    (&["between"], Lead::Between),
    (&["entre"], Lead::Between),
    (&["from"], Lead::From),
    (&["de"], Lead::From),
    (&["du"], Lead::From),
    (&["d"], Lead::From),
    (&["des"], Lead::From),
    (&["in"], Lead::In),
    (&["on"], Lead::In),
    (&["at"], Lead::In),
    (&["during"], Lead::In),
    (&["throughout"], Lead::In),
    (&["within"], Lead::In),
    (&["en"], Lead::In),
    (&["au"], Lead::In),
    (&["a"], Lead::In),
    (&["dans"], Lead::In),
    (&["pendant"], Lead::In),
    (&["durant"], Lead::In),
    (&["courant"], Lead::In),
    (&["au", "cours", "de"], Lead::In),
    (&["au", "cours", "du"], Lead::In),
    (&["au", "cours", "d"], Lead::In),
    (&["le"], Lead::In),
    (&["la"], Lead::In),
    (&["les"], Lead::In),
    (&["l"], Lead::In),
    (&["the"], Lead::In),
    (&["more", "than"], Lead::Count),
    (&["less", "than"], Lead::Count),
    (&["fewer", "than"], Lead::Count),
    (&["at", "least"], Lead::Count),
    (&["plus", "de"], Lead::Count),
    (&["plus", "d"], Lead::Count),
    (&["moins", "de"], Lead::Count),
    (&["moins", "d"], Lead::Count),
    (&["au", "moins"], Lead::Count),
    (&["pres", "de"], Lead::Count),
];

/// Articles and prepositions that may stand between a lead and its date.
pub(super) const ARTICLES: &[&str] = &[
    "the", "le", "la", "les", "l", "en", "in", "on", "du", "de", "d", "au", "a", "of", "year",
    "annee", "an",
];

/// What joins the two ends of a range.
pub(super) const TO: &[&[&str]] = &[
    &["up", "to"],
    &["to"],
    &["until"],
    &["till"],
    &["til"],
    &["through"],
    &["thru"],
    &["a"],
    &["au"],
    &["aux"],
    &["jusqu"],
    &["jusque"],
    &["et", "jusqu"],
    &["and", "until"],
];

/// What joins the two ends after "between".
pub(super) const AND: &[&[&str]] = &[&["and"], &["et"], &["to"], &["a"]];

/// Words that make the date after them approximate. "About" is special: see [`ABOUT_TOPIC`].
pub(super) const APPROXIMATELY: &[&[&str]] = &[
    &["around"],
    &["about"],
    &["circa"],
    &["ca"],
    &["approximately"],
    &["roughly"],
    &["vers"],
    &["environ"],
    &["approximativement"],
    &["autour", "de"],
    &["autour", "d"],
    &["aux", "alentours", "de"],
    &["aux", "environs", "de"],
];

/// Words before "about" that make it introduce a topic: "tell me about 2012" means that year.
pub(super) const ABOUT_TOPIC: &[&str] = &[
    "me",
    "us",
    "know",
    "known",
    "info",
    "infos",
    "information",
    "details",
    "more",
    "something",
    "anything",
    "everything",
    "all",
    "what",
    "how",
    "say",
    "said",
    "ask",
    "asked",
    "asking",
    "talk",
    "talking",
    "question",
    "questions",
    "facts",
    "fact",
    "news",
    "read",
    "learn",
    "story",
];

/// Words that make the date before them approximate.
pub(super) const OR_SO: &[&[&str]] = &[&["or", "so"], &["ou", "environ"], &["environ"]];

/// Words after a date that make it the start.
pub(super) const AND_LATER: &[&[&str]] = &[
    &["onward"],
    &["onwards"],
    &["and", "later"],
    &["or", "later"],
    &["and", "after"],
    &["et", "apres"],
    &["et", "plus", "tard"],
    &["ou", "plus", "tard"],
];

/// Words after a date that make it the end.
pub(super) const AND_EARLIER: &[&[&str]] = &[
    &["and", "earlier"],
    &["or", "earlier"],
    &["and", "before"],
    &["or", "before"],
    &["et", "avant"],
    &["ou", "avant"],
];

/// A third of a year, month or decade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Third {
    First,
    Middle,
    Last,
}

/// Words for a third, whether "of" must follow, and whether it is the very end.
///
/// "Did it start 2014" is not about early 2014, hence the "of".
pub(super) const THIRDS: &[(&str, Third, bool)] = &[
    ("early", Third::First, false),
    ("debut", Third::First, false),
    ("start", Third::First, true),
    ("beginning", Third::First, true),
    ("commencement", Third::First, true),
    ("mid", Third::Middle, false),
    ("mi", Third::Middle, false),
    ("milieu", Third::Middle, false),
    ("middle", Third::Middle, true),
    ("late", Third::Last, false),
    ("fin", Third::Last, false),
    ("end", Third::Last, true),
];

/// The thirds that mean the very end when something happens before them.
pub(super) const VERY_END: &[&str] = &["end", "fin"];

/// Seasons: first month, and how many months they touch. Equinoxes fall within months, so
/// neighbours share one. Winter is the one that begins in the named year, as in ISO 8601-2.
pub(super) const SEASONS: &[(&str, u8, u8)] = &[
    ("spring", 3, 4),
    ("printemps", 3, 4),
    ("summer", 6, 4),
    ("ete", 6, 4),
    ("autumn", 9, 4),
    ("automne", 9, 4),
    ("fall", 9, 4),
    ("winter", 12, 4),
    ("hiver", 12, 4),
];

/// Parts of a year that are counted: name and length in months.
pub(super) const COUNTED_PARTS: &[(&str, u8)] = &[
    ("quarter", 3),
    ("trimestre", 3),
    ("half", 6),
    ("semester", 6),
    ("semestre", 6),
];

/// Letters for a counted part, `Q1` or `S2`: length in months.
pub(super) const PART_LETTERS: &[(&str, u8)] = &[("q", 3), ("t", 3), ("s", 6), ("h", 6)];

/// Ordinal words; none for the last, whichever that is.
pub(super) const ORDINALS: &[(&str, Option<u8>)] = &[
    ("first", Some(1)),
    ("premier", Some(1)),
    ("premiere", Some(1)),
    ("second", Some(2)),
    ("seconde", Some(2)),
    ("deuxieme", Some(2)),
    ("third", Some(3)),
    ("troisieme", Some(3)),
    ("fourth", Some(4)),
    ("quatrieme", Some(4)),
    ("last", None),
    ("dernier", None),
];

/// Endings of ordinal figures, `1st`, `1er`, `2e`.
pub(super) const ORDINAL_ENDINGS: &[&str] =
    &["st", "nd", "rd", "th", "er", "ere", "e", "eme", "de"];

/// Days of the week, which say nothing a date does not.
pub(super) const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
];

/// Units that turn a four-digit number before them into a quantity.
pub(super) const UNITS: &[&str] = &[
    "m",
    "km",
    "cm",
    "mm",
    "kg",
    "g",
    "t",
    "h",
    "w",
    "kw",
    "mw",
    "k",
    "eur",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "usd",
    "chf",
    "keur",
    "meur",
    "million",
    "millions",
    "billion",
    "billions",
    "milliard",
    "milliards",
    "thousand",
    "percent",
    "pourcent",
    "metres",
    "meters",
    "kilometres",
    "kilometers",
    "tonnes",
    "tons",
    "hours",
    "heures",
    "days",
    "jours",
    "times",
    "fois",
];

/// Things that are counted: "2000 members" is a count although "the 2012 members" is not, so this
/// holds for round numbers only.
pub(super) const COUNTED: &[&str] = &[
    "members",
    "membres",
    "adherents",
    "people",
    "personnes",
    "employees",
    "salaries",
    "companies",
    "entreprises",
    "firms",
    "projects",
    "projets",
    "jobs",
    "emplois",
    "participants",
    "visitors",
    "visiteurs",
    "attendees",
    "organisations",
    "organizations",
    "researchers",
    "chercheurs",
    "sites",
    "startups",
    "users",
    "vehicles",
    "vehicules",
    "buses",
    "trucks",
];

/// Marks that turn a number next to them into a quantity.
pub(super) const QUANTITY_MARKS: &[char] = &['%', '€', '$', '£', '‰', '°', '+'];

const MONTHS: &[(&str, u8)] = &[
    ("january", 1),
    ("janvier", 1),
    ("february", 2),
    ("fevrier", 2),
    ("march", 3),
    ("mars", 3),
    ("april", 4),
    ("avril", 4),
    ("may", 5),
    ("mai", 5),
    ("june", 6),
    ("juin", 6),
    ("july", 7),
    ("juillet", 7),
    ("august", 8),
    ("aout", 8),
    ("september", 9),
    ("septembre", 9),
    ("october", 10),
    ("octobre", 10),
    ("november", 11),
    ("novembre", 11),
    ("december", 12),
    ("decembre", 12),
];

const SHORT_MONTHS: &[(&str, u8)] = &[
    ("jan", 1),
    ("janv", 1),
    ("feb", 2),
    ("fev", 2),
    ("fevr", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("jun", 6),
    ("jul", 7),
    ("juil", 7),
    ("aug", 8),
    ("aou", 8),
    ("sep", 9),
    ("sept", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

/// Shorter words are too often another word with one letter changed.
const MIN_MISSPELT_LETTERS: usize = 5;

/// The month a word names, 1–12, spelt right.
pub(super) fn month(word: &str) -> Option<u8> {
    let mut names = MONTHS.iter().chain(SHORT_MONTHS);
    names
        .find(|(name, _)| *name == word)
        .map(|(_, month)| *month)
}

/// The month a word names, 1–12; names in full may have one typing error (a letter too many, too
/// few, wrong, or two swapped).
///
/// For words next to a number only. "March" must be right even so: « marché 2015 », "match 2015".
pub(super) fn misspelt_month(word: &str) -> Option<u8> {
    month(word).or_else(|| {
        // Long words take time to compare and are no month.
        if !(MIN_MISSPELT_LETTERS..=10).contains(&word.len()) {
            return None;
        }
        let mut names = MONTHS
            .iter()
            .filter(|(name, _)| name.len() >= MIN_MISSPELT_LETTERS && *name != "march");
        names
            .find(|(name, _)| strsim::osa_distance(name, word) == 1)
            .map(|(_, month)| *month)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_short_and_misspelt() {
        for (word, expected) in [
            ("november", Some(11)),
            ("novembre", Some(11)),
            ("nov", Some(11)),
            ("novembr", Some(11)),
            ("novemeber", Some(11)),
            ("novmeber", Some(11)),
            ("fevrir", Some(2)),
            ("decmber", Some(12)),
            ("june", Some(6)),
            ("jun", Some(6)),
            ("marche", None),
            ("match", None),
            ("member", None),
            ("juna", None),
            ("noxxmber", None),
        ] {
            assert_eq!(misspelt_month(word), expected, "{word}");
        }
    }
}
