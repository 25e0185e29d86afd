//! What is checked of single values, wherever they stand: ids, texts, dates, addresses, slots.

use std::fmt::Arguments;
use std::str::FromStr;

use super::{Claim, Ref};
use crate::date::{Date, Day};
use crate::knowledge::diagnostic::{Code, Diagnostic, Place};
use crate::knowledge::model;
use crate::knowledge::parse::{Document, Piece};
use crate::knowledge::same::{key, same};
use crate::knowledge::schema::{At, Both, Lists};
use crate::knowledge::shape::quoted;
use crate::lang::{Bilingual, Lang};

/// Longest answer, in characters: a Discord message holds 2,000, and the sources have to fit below.
pub(super) const MAX_ANSWER_CHARS: usize = 1_800;
/// Longest title of a source, in characters: Discord's limit for the title of an embed.
pub(super) const MAX_TITLE_CHARS: usize = 256;
/// Longest name of an entity or relation, and longest headline, in characters: Discord's limit for a
/// choice in a list.
pub(super) const MAX_NAME_CHARS: usize = 100;
/// Longest full name or note, in characters: it stands within a sentence.
pub(super) const MAX_LONG_CHARS: usize = 300;
/// Longest id, in characters: Discord's identifier of a button has 100, and ids are prefixed there.
pub(super) const MAX_ID_CHARS: usize = 80;
/// Longest address, in characters: Discord's limit for the link of a button.
pub(super) const MAX_ADDRESS_CHARS: usize = 512;
/// Longest question, in characters: no message is longer.
pub(super) const MAX_QUESTION_CHARS: usize = 2_000;

/// Where one piece of a file is looked at.
pub(super) struct Desk<'a> {
    pub(super) document: &'a Document<'a>,
    pub(super) piece: Piece,
    pub(super) today: Day,
    pub(super) found: Vec<Diagnostic>,
}

/// How much had been found when an entry was begun, and whether its shape is sound.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    found: usize,
    shaped: bool,
}

impl Desk<'_> {
    pub(super) fn at(&self, offset: usize) -> Place {
        self.piece.place(self.document, offset)
    }

    pub(super) fn place<T>(&self, value: &At<T>) -> Place {
        self.at(value.span().start)
    }

    pub(super) fn mark<T>(&self, entry: &At<T>) -> Mark {
        Mark {
            found: self.found.len(),
            shaped: self.piece.is_sound(entry),
        }
    }

    /// Whether no error has been found in an entry. What lists that were not closed hold is anybody's
    /// guess, so shape counts.
    pub(super) fn is_sound_since(&self, mark: Mark) -> bool {
        mark.shaped && !self.found[mark.found..].iter().any(Diagnostic::is_error)
    }

    pub(super) fn report(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found
            .push(Diagnostic::new(code, place, message).help(help));
    }

    pub(super) fn reference(&self, id: At<String>) -> Ref {
        Ref {
            place: self.place(&id),
            id: id.into_inner(),
        }
    }

    pub(super) fn id(&mut self, id: At<String>, reserved: &[&str]) -> String {
        let text = id.get();
        let words = |text: &str| {
            text.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
        };
        if id.is_written() {
            if reserved.contains(&text.as_str()) {
                self.report(
                    Code::BadId,
                    self.place(&id),
                    format!(
                        "`{text}` cannot be an id: golden questions use the word for a verdict"
                    ),
                    format!("choose another, such as `{text}-of-what`"),
                );
            } else if !words(text) {
                let better = kebab(text);
                let help = if better.is_empty() {
                    "use lower-case words joined by hyphens, such as `lutb-founders`".to_owned()
                } else {
                    format!("use lower-case words joined by hyphens: `{better}`")
                };
                self.report(
                    Code::BadId,
                    self.place(&id),
                    format!("`{}` is not a good id", quoted(text)),
                    help,
                );
            } else {
                self.length(&id, format_args!("`id`"), MAX_ID_CHARS);
            }
        }
        id.into_inner()
    }

    /// A text that must hold something, within `max` characters.
    pub(super) fn text(&mut self, text: At<String>, key: Arguments<'_>, max: usize) -> String {
        if text.is_written() {
            if text.get().trim().is_empty() {
                self.report(
                    Code::EmptyText,
                    self.place(&text),
                    format!("{key} is empty"),
                    "write something, or take the line out",
                );
            }
            self.length(&text, key, max);
        }
        text.into_inner()
    }

    pub(super) fn length(&mut self, text: &At<String>, key: Arguments<'_>, max: usize) {
        let (shown, length) = (text.get(), text.get().chars().count());
        // Most texts are shorter even in bytes.
        if shown.len() > max && length > max {
            self.report(
                Code::TooLong,
                self.place(text),
                format!("{key} has {length} characters, and Discord shows at most {max} here"),
                format!("shorten it by {}", length - max),
            );
        }
    }

    pub(super) fn both(&mut self, both: Both, key: &str, max: usize) -> Bilingual<String> {
        Bilingual {
            en: self.text(both.en, format_args!("`{key}.en`"), max),
            fr: self.text(both.fr, format_args!("`{key}.fr`"), max),
        }
    }

    pub(super) fn list(&mut self, list: Vec<At<String>>, key: &str, max: usize) -> Vec<String> {
        list.into_iter()
            .map(|text| self.element(text, format_args!("an element of `{key}`"), max))
            .collect()
    }

    /// Words of the lexicon, which may be symbols such as `€`.
    pub(super) fn words(&mut self, list: Vec<At<String>>, key: &str) -> Vec<String> {
        list.into_iter()
            .map(|text| self.text(text, format_args!("an element of `{key}`"), MAX_NAME_CHARS))
            .collect()
    }

    /// A text of a list, which must keep something when it is folded.
    pub(super) fn element(&mut self, text: At<String>, what: Arguments<'_>, max: usize) -> String {
        if !text.get().chars().any(char::is_alphanumeric) && !text.get().contains('{') {
            self.report(
                Code::EmptyText,
                self.place(&text),
                format!("{what} has no letter in it"),
                "write something, or take it out of the list",
            );
        }
        self.length(&text, what, max);
        text.into_inner()
    }

    pub(super) fn lists(&mut self, lists: Lists, key: &str, max: usize) -> Bilingual<Vec<String>> {
        Bilingual {
            en: self.list(lists.en, &format!("{key}.en"), max),
            fr: self.list(lists.fr, &format!("{key}.fr"), max),
        }
    }

    pub(super) fn phrasings(
        &mut self,
        lists: Lists,
    ) -> (Bilingual<Vec<model::Phrasing>>, Vec<u64>) {
        let mut keys = Vec::with_capacity(lists.en.len() + lists.fr.len());
        let mut list = |texts: Vec<At<String>>, lang: Lang| -> Vec<_> {
            texts
                .into_iter()
                .map(|text| {
                    let place = self.place(&text);
                    let text = self.element(
                        text,
                        format_args!("an element of `phrasings.{lang}`"),
                        MAX_QUESTION_CHARS,
                    );
                    keys.push(key(&text));
                    model::Phrasing { text, place }
                })
                .collect()
        };
        let phrasings = Bilingual {
            en: list(lists.en, Lang::En),
            fr: list(lists.fr, Lang::Fr),
        };
        (phrasings, keys)
    }

    /// Warns when there are texts in one language only.
    pub(super) fn in_both(&mut self, lists: &Lists, key: &str) {
        let (given, missing, first) = match (lists.en.first(), lists.fr.first()) {
            (Some(first), None) => ("English", "fr", first),
            (None, Some(first)) => ("French", "en", first),
            _ => return,
        };
        self.report(
            Code::OneLanguage,
            self.place(first),
            format!("`{key}` are in {given} only"),
            format!("add `{key}.{missing} = [\"…\"]`"),
        );
    }

    /// Checks the slots of patterns: all of `needed`, none but `allowed`, and at least one.
    pub(super) fn slots(&mut self, patterns: &Lists, needed: &[&str], allowed: &[&str]) {
        for pattern in patterns.en.iter().chain(&patterns.fr) {
            let text = pattern.get();
            let mut seen = Vec::new();
            let mut rest = text.as_str();
            while let Some(open) = rest.find(['{', '}']) {
                let tail = &rest[open..];
                let slot = tail
                    .strip_prefix('{')
                    .and_then(|tail| tail.split_once('}'))
                    .map(|(name, _)| name)
                    .filter(|name| !name.contains('{'));
                match slot {
                    Some(name) if allowed.contains(&name) => {
                        seen.push(name);
                        rest = &tail[name.len() + 2..];
                        continue;
                    }
                    Some(name) => {
                        let names: Vec<_> =
                            allowed.iter().map(|name| format!("`{{{name}}}`")).collect();
                        self.report(
                            Code::UnknownSlot,
                            self.place(pattern),
                            format!("nothing fills the slot `{{{}}}` here", quoted(name)),
                            format!("the slots are {}", names.join(", ")),
                        );
                    }
                    None => self.report(
                        Code::UnknownSlot,
                        self.place(pattern),
                        "a brace stands alone in this pattern",
                        "write slots as `{subject}`, with a brace on each side",
                    ),
                }
                break;
            }
            let complete = rest.find(['{', '}']).is_none();
            if let Some(name) = needed.iter().find(|name| complete && !seen.contains(name)) {
                self.report(
                    Code::MissingSlot,
                    self.place(pattern),
                    format!("this pattern has no `{{{name}}}`"),
                    format!("put `{{{name}}}` where the name goes"),
                );
            }
        }
    }

    pub(super) fn date(&mut self, text: Option<At<String>>) -> Option<Date> {
        let text = text?;
        match Date::from_str(text.get()) {
            Ok(date) => Some(date),
            Err(error) => {
                self.report(
                    Code::MalformedDate,
                    self.place(&text),
                    format!("`{}` is not a date", quoted(text.get())),
                    error.to_string(),
                );
                None
            }
        }
    }

    pub(super) fn address(&mut self, text: At<String>) -> Option<String> {
        let written = text.get();
        let (reason, help) = match url::Url::parse(written) {
            _ if written.contains(char::is_whitespace) => (
                "it has a space in it".to_owned(),
                "write a space within an address as `%20`",
            ),
            Ok(url) if !matches!(url.scheme(), "http" | "https") => (
                format!("it starts with `{}:`", quoted(url.scheme())),
                "only addresses that start with `https://` or `http://` can be opened from Discord",
            ),
            Ok(_) => {
                self.length(&text, format_args!("`url`"), MAX_ADDRESS_CHARS);
                return Some(text.into_inner());
            }
            Err(error) => (
                error.to_string(),
                "write the whole address, such as `https://www.cara.eu/`; leave `url` out for what is not on the web",
            ),
        };
        self.report(
            Code::MalformedAddress,
            self.place(&text),
            format!("`{}` is not an address: {reason}", quoted(written)),
            help,
        );
        None
    }

    pub(super) fn language(&mut self, text: At<String>) -> String {
        let code = text.get();
        if text.is_written() && !(code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())) {
            self.report(
                Code::MalformedLanguage,
                self.place(&text),
                format!("`{}` is not the code of a language", quoted(code)),
                "write two small letters (ISO 639-1): `en`, `fr`, `de`",
            );
        }
        text.into_inner()
    }

    /// Notes words that no other entry may claim.
    pub(super) fn claim<'b>(
        &self,
        claims: &mut Vec<Claim>,
        texts: impl IntoIterator<Item = &'b At<String>>,
    ) {
        claims.extend(
            texts
                .into_iter()
                .filter(|text| text.is_written())
                .map(|text| Claim {
                    key: key(text.get()),
                    text: text.get().clone(),
                    place: self.place(text),
                }),
        );
    }
}

/// The id somebody probably meant.
fn kebab(text: &str) -> String {
    let mut id: String = same(text)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    while id.contains("--") {
        id = id.replace("--", "-");
    }
    id.trim_matches('-').chars().take(MAX_ID_CHARS).collect()
}
