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
use crate::moderation::PreviewId;

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
    /// The form about an answer that is not right was sent.
    Propose { fact: FactKey },
    /// Tell the asker once the question of this message is answered.
    Tell,
    /// Something that moderators do.
    Desk(Desk),
}

/// What moderators do with questions, facts and previews. Whether they moderate is asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Desk {
    /// Show a page of the queue.
    Review { page: u16 },
    /// Show the question chosen in a menu.
    PickQuestion,
    /// Show a question.
    Question { question: i64 },
    /// Offer facts that may answer a question.
    Teach { question: i64 },
    /// Teach a question to the fact chosen in a menu.
    PickFact { question: i64 },
    /// Ask for words to search facts by.
    Search { question: i64 },
    /// The words came.
    Searched { question: i64 },
    /// Ask for a new fact; 0 for one that answers no question of the queue.
    Answer { question: i64 },
    /// The new fact came.
    Answered { question: i64 },
    /// Make a question one that is refused.
    Refuse { question: i64 },
    /// It is no question for the bot.
    Drop { question: i64 },
    /// Ask for a word to those who asked.
    Decline { question: i64 },
    /// The word came.
    Declined { question: i64 },
    /// Ask for changes of a fact, which settle a question; 0 for none.
    Edit { question: i64, fact: FactKey },
    /// The changes came. `version` is the beginning of the digest of what they were made from.
    Edited {
        question: i64,
        version: String,
        fact: FactKey,
    },
    /// Carry out a preview.
    Confirm { preview: PreviewId },
    /// Ask why, and then carry out a preview.
    Reason { preview: PreviewId },
    /// The reason came.
    Reasoned { preview: PreviewId },
    /// Try a preview again, with the golden questions that it breaks as known failures.
    Accept { preview: PreviewId },
    /// Forget a preview.
    Cancel { preview: PreviewId },
    /// Ask for what led to a preview again.
    Again { preview: PreviewId },
    /// Take a revision back.
    Undo { revision: i64 },
}

/// How much of a digest a custom id holds: enough to tell the states of one fact apart.
pub(crate) const VERSION_CHARS: usize = 8;

impl Desk {
    /// Its name and argument.
    fn write(&self) -> (&'static str, u16, String) {
        let of = |question: &i64| format!("{question:x}");
        match self {
            Desk::Review { page } => ("mrev", *page, String::new()),
            Desk::PickQuestion => ("mpickq", 0, String::new()),
            Desk::Question { question } => ("mq", 0, of(question)),
            Desk::Teach { question } => ("mteach", 0, of(question)),
            Desk::PickFact { question } => ("mpickf", 0, of(question)),
            Desk::Search { question } => ("msearch", 0, of(question)),
            Desk::Searched { question } => ("msearch2", 0, of(question)),
            Desk::Answer { question } => ("mans", 0, of(question)),
            Desk::Answered { question } => ("mans2", 0, of(question)),
            Desk::Refuse { question } => ("mref", 0, of(question)),
            Desk::Drop { question } => ("mdrop", 0, of(question)),
            Desk::Decline { question } => ("mdecl", 0, of(question)),
            Desk::Declined { question } => ("mdecl2", 0, of(question)),
            Desk::Edit { question, fact } => {
                ("medit", 0, format!("{}.{}", of(question), fact.write()))
            }
            Desk::Edited {
                question,
                version,
                fact,
            } => {
                let rest = format!("{}.{version}.{}", of(question), fact.write());
                ("medit2", 0, rest)
            }
            Desk::Confirm { preview } => ("mok", 0, preview.to_string()),
            Desk::Reason { preview } => ("mwhy", 0, preview.to_string()),
            Desk::Reasoned { preview } => ("mwhy2", 0, preview.to_string()),
            Desk::Accept { preview } => ("macc", 0, preview.to_string()),
            Desk::Cancel { preview } => ("mno", 0, preview.to_string()),
            Desk::Again { preview } => ("magain", 0, preview.to_string()),
            Desk::Undo { revision } => ("mundo", 0, of(revision)),
        }
    }

    fn read(name: &str, number: u16, rest: &str) -> Option<Desk> {
        let question = || i64::from_str_radix(rest, 16).ok();
        let preview = || rest.parse().ok();
        Some(match name {
            "mrev" => Desk::Review { page: number },
            "mpickq" => Desk::PickQuestion,
            "mq" => Desk::Question {
                question: question()?,
            },
            "mteach" => Desk::Teach {
                question: question()?,
            },
            "mpickf" => Desk::PickFact {
                question: question()?,
            },
            "msearch" => Desk::Search {
                question: question()?,
            },
            "msearch2" => Desk::Searched {
                question: question()?,
            },
            "mans" => Desk::Answer {
                question: question()?,
            },
            "mans2" => Desk::Answered {
                question: question()?,
            },
            "mref" => Desk::Refuse {
                question: question()?,
            },
            "mdrop" => Desk::Drop {
                question: question()?,
            },
            "mdecl" => Desk::Decline {
                question: question()?,
            },
            "mdecl2" => Desk::Declined {
                question: question()?,
            },
            "medit" => {
                let (question, fact) = rest.split_once('.')?;
                Desk::Edit {
                    question: i64::from_str_radix(question, 16).ok()?,
                    fact: FactKey::read(fact)?,
                }
            }
            "medit2" => {
                let mut parts = rest.splitn(3, '.');
                Desk::Edited {
                    question: i64::from_str_radix(parts.next()?, 16).ok()?,
                    version: parts.next()?.to_owned(),
                    fact: FactKey::read(parts.next()?)?,
                }
            }
            "mok" => Desk::Confirm {
                preview: preview()?,
            },
            "mwhy" => Desk::Reason {
                preview: preview()?,
            },
            "mwhy2" => Desk::Reasoned {
                preview: preview()?,
            },
            "macc" => Desk::Accept {
                preview: preview()?,
            },
            "mno" => Desk::Cancel {
                preview: preview()?,
            },
            "magain" => Desk::Again {
                preview: preview()?,
            },
            "mundo" => Desk::Undo {
                revision: question()?,
            },
            _ => return None,
        })
    }
}

/// A fact as a custom id names it: by its id, or by a number when the id is too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKey {
    Id(String),
    Hash(u64),
}

/// Longest fact id that is written out; every other part of the longest custom id takes less than
/// what is left of [`MAX_CHARS`].
const MAX_ID_CHARS: usize = 56;

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

    /// At most [`MAX_ID_CHARS`] characters.
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
            Action::Propose { fact } => ("prop", 0, fact.write()),
            Action::Tell => ("tell", 0, String::new()),
            Action::Desk(desk) => desk.write(),
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
            "prop" => Action::Propose { fact: fact()? },
            "tell" => Action::Tell,
            _ => Action::Desk(Desk::read(name, number, rest)?),
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
            fact.clone().prop_map(|fact| Action::NotRight { fact }),
            (period, any::<u16>()).prop_map(|(period, page)| Action::History { period, page }),
            any::<u16>().prop_map(|page| Action::AllSources { page }),
            fact.clone().prop_map(|fact| Action::Propose { fact }),
            any_desk(fact.clone()).prop_map(Action::Desk),
            Just(Action::Tell),
            Just(Action::NoneOfThese),
            Just(Action::Send),
            Just(Action::Delete),
            Just(Action::Choose),
        ]
    }

    /// Questions and revisions are numbered from 1.
    fn any_desk(fact: BoxedStrategy<FactKey>) -> impl Strategy<Value = Desk> {
        let number = || 0..i64::MAX;
        let preview = any::<u64>().prop_map(|digits| format!("{digits:016x}").parse().unwrap());
        prop_oneof![
            any::<u16>().prop_map(|page| Desk::Review { page }),
            Just(Desk::PickQuestion),
            number().prop_map(|question| Desk::Question { question }),
            number().prop_map(|question| Desk::Teach { question }),
            number().prop_map(|question| Desk::PickFact { question }),
            number().prop_map(|question| Desk::Search { question }),
            number().prop_map(|question| Desk::Searched { question }),
            number().prop_map(|question| Desk::Answer { question }),
            number().prop_map(|question| Desk::Answered { question }),
            number().prop_map(|question| Desk::Refuse { question }),
            number().prop_map(|question| Desk::Drop { question }),
            number().prop_map(|question| Desk::Decline { question }),
            number().prop_map(|question| Desk::Declined { question }),
            (number(), fact.clone()).prop_map(|(question, fact)| Desk::Edit { question, fact }),
            (number(), "[0-9a-f]{8}", fact).prop_map(|(question, version, fact)| Desk::Edited {
                question,
                version,
                fact
            }),
            preview
                .clone()
                .prop_map(|preview| Desk::Confirm { preview }),
            preview.clone().prop_map(|preview| Desk::Reason { preview }),
            preview
                .clone()
                .prop_map(|preview| Desk::Reasoned { preview }),
            preview.clone().prop_map(|preview| Desk::Accept { preview }),
            preview.clone().prop_map(|preview| Desk::Cancel { preview }),
            preview.prop_map(|preview| Desk::Again { preview }),
            number().prop_map(|revision| Desk::Undo { revision }),
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
            // Who moderates is not kept in a custom id.
            let asker = if matches!(action, Action::Desk(_)) { 0 } else { asker };
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
