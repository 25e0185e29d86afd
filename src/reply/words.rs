//! The fixed sentences of the bot in both languages, and nothing else.

mod chat;
pub mod discord;
mod moderation;
mod moderators;
mod timeline;

use std::cmp::Ordering;

use crate::date::Date;
use crate::lang::Lang;
use crate::reply::Citation;

/// The bot's sentences in one language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Lang);

/// The text with a capital at its start, for a name or a date it starts with: "About 2004".
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

impl Words {
    fn pick<T>(self, en: T, fr: T) -> T {
        match self.0 {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }

    pub(super) fn yes_no(self, yes: bool) -> &'static str {
        if yes {
            self.pick("Yes.", "Oui.")
        } else {
            self.pick("No.", "Non.")
        }
    }

    pub(super) fn history(self, of: Option<&str>) -> String {
        match of {
            Some(name) => self.pick(
                format!("The milestones of {name} and of the bodies it came from, in order."),
                format!("Les étapes de {name} et des organismes dont il est issu, dans l'ordre."),
            ),
            None => self
                .pick("The milestones, in order.", "Les étapes, dans l'ordre.")
                .to_owned(),
        }
    }

    pub(super) fn timeline(self, span: Option<&Date>, of: Option<&str>) -> String {
        let when = span.map(|span| span.render_in(self.0));
        match (when, of) {
            (Some(when), Some(name)) => self.pick(
                format!("What I know of {name} {when}:"),
                format!("Ce que je sais de {name} {when} :"),
            ),
            (Some(when), None) => self.pick(
                format!("What I know to have happened {when}:"),
                format!("Ce que je sais s'être passé {when} :"),
            ),
            (None, Some(name)) => self.pick(
                format!("Key dates of {name}:"),
                format!("Dates clés de {name} :"),
            ),
            (None, None) => self.pick("Key dates:", "Dates clés :").to_owned(),
        }
    }

    pub(super) fn milestone(self, date: &str, headline: &str) -> String {
        self.pick(
            format!("{date}: {headline}"),
            format!("{date} : {headline}"),
        )
    }

    /// Two or more in the order in which they came, each with when. `sure`: no date is a deduction.
    pub(super) fn first(self, order: Ordering, dated: &[(&str, String)], sure: bool) -> String {
        let [(a, when_a), later @ ..] = dated else {
            return String::new();
        };
        if let (Ordering::Equal, [(b, _), ..]) = (order, later) {
            return self.pick(
                format!("{a} and {b} date from the same time: {when_a}."),
                format!("{a} et {b} datent du même moment : {when_a}."),
            );
        }
        let later: Vec<String> = later
            .iter()
            .map(|(name, when)| format!("{name} ({when})"))
            .collect();
        let later = later.join(self.pick(", then ", ", puis "));
        match sure {
            true => self.pick(
                format!("{a} came first ({when_a}), before {later}."),
                format!("{a} vient en premier ({when_a}), avant {later}."),
            ),
            false => self.pick(
                format!("{a} probably came first ({when_a}), before {later}."),
                format!("{a} vient probablement en premier ({when_a}), avant {later}."),
            ),
        }
    }

    /// `sure`: no date is a deduction.
    pub(super) fn lasted(self, passed: &str, (from, to): (&Date, &Date), sure: bool) -> String {
        let (from, to) = (self.happened(from), self.happened(to));
        match sure {
            true => self.pick(
                format!("It lasted {passed}: it began {from} and ended {to}."),
                format!("Cela a duré {passed} : cela a commencé {from} et s'est terminé {to}."),
            ),
            false => self.pick(
                format!("It probably lasted {passed}: it began {from} and ended {to}."),
                format!("Cela a sans doute duré {passed} : cela a commencé {from} et s'est terminé {to}."),
            ),
        }
    }

    /// When something happened once, of which an interval only says within which time.
    fn happened(self, date: &Date) -> String {
        let ends = date.start().zip(date.end());
        let Some((first, last)) = ends.filter(|_| date.is_interval()) else {
            return date.render_in(self.0);
        };
        let (first, last) = (first.render(self.0), last.render(self.0));
        self.pick(
            format!("between {first} and {last}"),
            format!("entre {first} et {last}"),
        )
    }

    pub(super) fn duration(self, passed: &str, since: Option<&str>) -> String {
        match since {
            Some(since) => self.pick(
                format!("It began {since}, {passed} ago."),
                format!("Cela a commencé {since}, il y a {passed}."),
            ),
            None => self.pick(format!("For {passed}."), format!("Depuis {passed}.")),
        }
    }

    /// The dates of two events, the earlier one first.
    pub(super) fn order(self, order: Ordering, dates: &[String], sure: bool) -> String {
        let [first, next, ..] = dates else {
            return String::new();
        };
        let told = match (order, sure) {
            (Ordering::Equal, _) => self.pick(
                format!("both date from the same time: {first}."),
                format!("les deux datent du même moment : {first}."),
            ),
            (_, true) => self.pick(
                format!("in this order: {first}, then {next}."),
                format!("dans cet ordre : {first}, puis {next}."),
            ),
            (_, false) => self.pick(
                format!("probably in this order: {first}, then {next}."),
                format!("probablement dans cet ordre : {first}, puis {next}."),
            ),
        };
        capitalised(&told)
    }

    pub(super) fn between(
        self,
        passed: &str,
        (a, when_a): (&str, &str),
        (b, when_b): (&str, &str),
    ) -> String {
        let mut passed = passed.to_owned();
        if let Some(first) = passed.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.pick(
            format!("{passed} lie between {a} ({when_a}) and {b} ({when_b})."),
            format!("{passed} séparent {a} ({when_a}) de {b} ({when_b})."),
        )
    }

    pub(super) fn offer(self, count: usize) -> &'static str {
        if count == 1 {
            self.pick(
                "I am not sure I understand. Do you mean:",
                "Je ne suis pas sûr de comprendre. Voulez-vous dire :",
            )
        } else {
            self.pick(
                "I am not sure which of these you mean:",
                "Je ne suis pas sûr de comprendre. Laquelle de ces questions posez-vous :",
            )
        }
    }

    pub(super) fn no_fact(self, relation: Option<&str>, of: &str, person: bool) -> String {
        match (relation, person) {
            (Some(relation), _) => self.pick(
                format!("I don't know: I have no sourced fact on this for {of} ({relation})."),
                format!("Je ne sais pas : je n'ai rien de sourcé sur {relation} {of}."),
            ),
            (None, _) => self.pick(
                format!("I don't know: nothing I have a source for answers this about {of}."),
                format!("Je ne sais pas : aucune de mes sources n'y répond à propos {of}."),
            ),
        }
    }

    pub(super) fn unknown_period(self, typed: &str) -> String {
        self.pick(
            format!("I don't understand “{typed}” as a period."),
            format!("Je ne comprends pas « {typed} » comme une période."),
        )
    }

    pub(super) fn periods(self) -> &'static str {
        self.pick(
            "A year, a month or a span will do: 2012, May 2015, 2015-2018, since 2015, before 2010.",
            "Une année, un mois ou un intervalle conviennent : 2012, mai 2015, 2015-2018, depuis 2015, avant 2010.",
        )
    }

    pub(super) fn nothing_dated(self, date: &Date) -> String {
        let when = date.render_in(self.0);
        self.pick(
            format!("My timeline has no event {when}."),
            format!("Ma chronologie n'a pas d'événement {when}."),
        )
    }

    pub(super) fn outside(self, name: &str, main: Option<&str>) -> String {
        let main = main.unwrap_or("cara-bot");
        self.pick(
            format!("I don't know: the facts I keep are about {main}, not about {name}."),
            format!("Je ne sais pas : mes fiches portent sur {main}, pas sur {name}."),
        )
    }

    pub(super) fn off_topic(self, main: Option<&str>) -> String {
        match main {
            Some(main) => self.pick(
                format!("I don't know. I only answer from sourced facts about {main}, its history and the bodies around it."),
                format!("Je ne sais pas. Je ne réponds qu'à partir de faits sourcés sur {main}, son histoire et les organismes qui l'entourent."),
            ),
            None => self
                .pick("I don't know. I only answer from my knowledge base.", "Je ne sais pas. Je ne réponds qu'à partir de ma base de connaissances.")
                .to_owned(),
        }
    }

    pub(super) fn empty(self, main: Option<&str>) -> String {
        match main {
            Some(main) => self.pick(
                format!("Ask me something about {main}."),
                format!("Posez-moi une question sur {main}."),
            ),
            None => self
                .pick("Ask me a question.", "Posez-moi une question.")
                .to_owned(),
        }
    }

    pub(super) fn nearby(self) -> &'static str {
        self.pick("What I can tell you:", "Ce que je peux vous dire :")
    }

    pub(super) fn can_ask(self) -> &'static str {
        self.pick(
            "You can ask, for instance:",
            "Vous pouvez demander, par exemple :",
        )
    }

    pub(super) fn sources_count(self, sources: usize, facts: usize) -> String {
        self.pick(
            format!("{facts} facts rest on {sources} sources."),
            format!("{facts} faits reposent sur {sources} sources."),
        )
    }

    pub(super) fn help_lead(self, main: Option<&str>) -> String {
        let main = main.unwrap_or("…");
        self.pick(
            format!("Ask me about {main} in your own words, in English or French; I answer with my sources, or say that I don't know."),
            format!("Posez-moi vos questions sur {main} avec vos mots, en français ou en anglais ; je réponds avec mes sources, ou je dis que je ne sais pas."),
        )
    }

    pub(super) fn help_body(self) -> &'static [&'static str] {
        self.pick(
            &[
                "Commands: /cara ask QUESTION · /cara history [PERIOD] · /cara about TOPIC · /cara sources · /cara help.",
                "A fact is wrong or missing? Tell a moderator: facts are plain files under knowledge/ and each cites its source.",
            ],
            &[
                "Commandes : /cara demander QUESTION · /cara histoire [PÉRIODE] · /cara sujet SUJET · /cara sources · /cara aide.",
                "Un fait est faux ou manque ? Dites-le à un modérateur : les faits sont de simples fichiers sous knowledge/, et chacun cite sa source.",
            ],
        )
    }

    pub(super) fn source_label(self, publisher: &str, title: &str) -> String {
        self.pick(
            format!("{publisher}, “{title}”"),
            format!("{publisher}, « {title} »"),
        )
    }

    pub(super) fn checked(self, on: &str) -> String {
        self.pick(format!("checked {on}"), format!("vérifié {on}"))
    }

    /// "Sources: A; B (checked on …)".
    pub(super) fn sources(self, sources: &[Citation]) -> Option<String> {
        let last = sources.last()?;
        let labels: Vec<&str> = sources.iter().map(|source| source.label.as_str()).collect();
        let title = if sources.len() == 1 {
            self.pick("Source: ", "Source : ")
        } else {
            self.pick("Sources: ", "Sources : ")
        };
        let checked = last
            .checked
            .as_ref()
            .map(|checked| format!(" ({checked})"))
            .unwrap_or_default();
        Some(format!(
            "{title}{}{checked}",
            labels.join(self.pick("; ", " ; "))
        ))
    }
}
