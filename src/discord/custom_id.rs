//! What a button says when it is pressed: everything, so that it works after a restart or a reload.
//!
//! `1.ask.f.0.2gxoq1.lutb-created`: version, what to do, language, page and flags, who asked, and
//! the fact or period. Discord hands it back as it was; people can forge it, so what it asks for is
//! checked like any other input.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::engine::Engine;
use crate::knowledge::model::FactIx;
use crate::lang::Lang;

#[cfg(test)]
/// Longest custom id, from Discord's documentation of components.
pub(crate) const MAX_CHARS: usize = 100;
/// Changes when old ids can no longer be read.
const VERSION: &str = "1";

/// What a button, a line of a menu or a form does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomId {
    pub(crate) action: Action,
    /// The language of what comes next.
    pub(crate) lang: Lang,
    /// Who may delete the message, and whose question it is; 0 for nobody in particular.
    pub(crate) asker: u64,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Answer with a fact: offered, known nearby, or related.
    Open { fact: FactKey, private: bool },
    /// None of the offered facts was meant.
    NoneOfThese,
    /// Show the sources of a fact in full.
    Sources { fact: FactKey },
    /// Show what else is known about its subject.
    Related { fact: FactKey },
    /// Keep the question for the moderators: the answer is not right.
    NotRight { fact: FactKey },
    /// Keep the question for the moderators: nothing was answered.
    Send,
    /// Take the message back.
    Delete,
    /// Show a page of the milestones of a period (EDTF; empty for all).
    History { period: String, page: u16 },
    /// Open the fact chosen in a menu.
    Choose,
    /// Show a page of the sources.
    AllSources { page: u16 },
}

/// A fact as a custom id names it: by its id, or by a number when the id is too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKey {
    Id(String),
    Hash(u64),
}

/// Longest fact id that is written out; every other part of the longest custom id takes less than
/// what is left of [`MAX_CHARS`].
const MAX_ID_CHARS: usize = 60;

impl FactKey {
    pub(crate) fn new(id: &str) -> FactKey {
        if id.len() <= MAX_ID_CHARS {
            FactKey::Id(id.to_owned())
        } else {
            FactKey::Hash(hash(id))
        }
    }

    /// The fact in the base of this moment, if it is still there.
    pub(crate) fn find(&self, engine: &Engine) -> Option<FactIx> {
        let knowledge = engine.knowledge();
        match self {
            FactKey::Id(id) => knowledge.find_fact(id),
            FactKey::Hash(number) => {
                let facts = &knowledge.facts;
                let at = facts.iter().position(|fact| hash(&fact.id) == *number)?;
                Some(FactIx(u32::try_from(at).ok()?))
            }
        }
    }

    /// At most 61 characters.
    pub(crate) fn write(&self) -> String {
        match self {
            FactKey::Id(id) => id.clone(),
            FactKey::Hash(number) => format!("~{number:x}"),
        }
    }

    pub(crate) fn read(text: &str) -> Option<FactKey> {
        match text.strip_prefix('~') {
            Some(number) => u64::from_str_radix(number, 16).ok().map(FactKey::Hash),
            None if text.is_empty() => None,
            None => Some(FactKey::Id(text.to_owned())),
        }
    }
}

/// Stable over versions of this program as far as ids in old messages matter.
fn hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish()
}

impl CustomId {
    pub(crate) fn new(action: Action, lang: Lang, asker: u64) -> CustomId {
        CustomId {
            action,
            lang,
            asker,
        }
    }

    /// At most [`MAX_CHARS`] characters.
    pub(crate) fn write(&self) -> String {
        let (name, number, rest) = match &self.action {
            Action::Open { fact, private } => ("ask", u16::from(*private), fact.write()),
            Action::NoneOfThese => ("none", 0, String::new()),
            Action::Sources { fact } => ("src", 0, fact.write()),
            Action::Related { fact } => ("rel", 0, fact.write()),
            Action::NotRight { fact } => ("not", 0, fact.write()),
            Action::Send => ("send", 0, String::new()),
            Action::Delete => ("del", 0, String::new()),
            Action::History { period, page } => ("hist", *page, period.clone()),
            Action::Choose => ("pick", 0, String::new()),
            Action::AllSources { page } => ("srcs", *page, String::new()),
        };
        format!(
            "{VERSION}.{name}.{}.{number}.{:x}.{rest}",
            self.lang, self.asker
        )
    }

    /// What a custom id asks for; none for one that we did not write, or not in this version.
    pub(crate) fn read(text: &str) -> Option<CustomId> {
        let mut parts = text.splitn(6, '.');
        let mut next = || parts.next();
        if next()? != VERSION {
            return None;
        }
        let name = next()?;
        let lang = match next()? {
            "en" => Lang::En,
            "fr" => Lang::Fr,
            _ => return None,
        };
        let number: u16 = next()?.parse().ok()?;
        let asker = u64::from_str_radix(next()?, 16).ok()?;
        let rest = next()?;
        let fact = || FactKey::read(rest);
        let action = match name {
            "ask" => Action::Open {
                fact: fact()?,
                private: number == 1,
            },
            "none" => Action::NoneOfThese,
            "src" => Action::Sources { fact: fact()? },
            "rel" => Action::Related { fact: fact()? },
            "not" => Action::NotRight { fact: fact()? },
            "send" => Action::Send,
            "del" => Action::Delete,
            "hist" => Action::History {
                period: rest.to_owned(),
                page: number,
            },
            "pick" => Action::Choose,
            "srcs" => Action::AllSources { page: number },
            _ => return None,
        };
        Some(CustomId::new(action, lang, asker))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_action() -> impl Strategy<Value = Action> {
        let fact = "[a-z0-9-]{1,80}".prop_map(|id| FactKey::new(&id)).boxed();
        let period = prop_oneof![
            Just(String::new()),
            Just("2012".to_owned()),
            Just("2004-11-21~/2005-02-28?".to_owned()),
        ];
        prop_oneof![
            (fact.clone(), any::<bool>())
                .prop_map(|(fact, private)| Action::Open { fact, private }),
            fact.clone().prop_map(|fact| Action::Sources { fact }),
            fact.clone().prop_map(|fact| Action::Related { fact }),
            fact.prop_map(|fact| Action::NotRight { fact }),
            (period, any::<u16>()).prop_map(|(period, page)| Action::History { period, page }),
            any::<u16>().prop_map(|page| Action::AllSources { page }),
            Just(Action::NoneOfThese),
            Just(Action::Send),
            Just(Action::Delete),
            Just(Action::Choose),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_fits(
            action in any_action(),
            french in any::<bool>(),
            asker in any::<u64>(),
        ) {
            let lang = if french { Lang::Fr } else { Lang::En };
            let id = CustomId::new(action, lang, asker);
            let written = id.write();
            prop_assert!(written.chars().count() <= MAX_CHARS, "{}", written);
            prop_assert_eq!(CustomId::read(&written), Some(id));
        }

        #[test]
        fn nothing_that_people_forge_panics(text in any::<String>()) {
            let _ = CustomId::read(&text);
        }
    }
}
