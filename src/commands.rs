//! What members can ask of the bot, the same on every surface.
//!
//! `/cara history`, `/cara ask`, `/cara about`, `/cara sources`, `/cara help`; anything else that
//! is typed is a question. A surface reads its input into a [`Command`] and lays out the [`Reply`].

use crate::date::{Date, Day, mention};
use crate::engine::{Answer, Engine, Form, Memory, Outcome, Question, Reason, Unknown, Verdict};
use crate::knowledge::model::{EntityIx, FactIx};
use crate::lang::Lang;
use crate::reply::Reply;
use crate::text::fold;

/// How many facts of an entity its card lists.
const CARD_FACTS: usize = 12;
/// How many examples `help` gives.
const EXAMPLES: usize = 5;

/// Something a member asks of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The timeline, whole or of a period such as "2012" or "2015-2018".
    History {
        /// The period as typed.
        period: Option<String>,
    },
    /// A question.
    Ask {
        /// As typed.
        question: String,
    },
    /// The card of an entity.
    About {
        /// The entity as typed.
        topic: String,
    },
    /// All sources.
    Sources,
    /// What can be asked and how.
    Help,
}

/// A `/cara …` line that is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCommand {
    /// The word after `/cara` is no command.
    #[error("`/cara {0}` is no command: there are ask, history, about, sources and help")]
    Unknown(String),
    /// A question must follow.
    #[error("`/cara ask` needs a question after it")]
    NoQuestion,
    /// A topic must follow.
    #[error("`/cara about` needs a topic after it")]
    NoTopic,
}

impl Command {
    /// Reads a line: a command when it begins with a slash, a question otherwise.
    ///
    /// # Errors
    /// When the line begins like a command and is none.
    pub fn parse(line: &str) -> Result<Command, BadCommand> {
        let line = line.trim();
        let Some(rest) = line.strip_prefix('/') else {
            return Ok(Command::Ask {
                question: line.to_owned(),
            });
        };
        let rest = rest
            .split_at_checked("cara".len())
            .and_then(|(name, rest)| name.eq_ignore_ascii_case("cara").then_some(rest))
            .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            .unwrap_or(rest)
            .trim_start();
        let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let argument = argument.trim().to_owned();
        match name.to_lowercase().as_str() {
            "history" | "histoire" => Ok(Command::History {
                period: (!argument.is_empty()).then_some(argument),
            }),
            "ask" | "demander" if argument.is_empty() => Err(BadCommand::NoQuestion),
            "ask" | "demander" => Ok(Command::Ask { question: argument }),
            "about" | "sujet" if argument.is_empty() => Err(BadCommand::NoTopic),
            "about" | "sujet" => Ok(Command::About { topic: argument }),
            "sources" => Ok(Command::Sources),
            "help" | "aide" | "" => Ok(Command::Help),
            _ => Err(BadCommand::Unknown(name.to_owned())),
        }
    }
}

/// A reply with the outcome it tells, when the engine was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Replied {
    /// What to show.
    pub reply: Reply,
    /// What the engine decided; none for commands that ask nothing of it.
    pub outcome: Option<Outcome>,
}

/// Carries out a command. `memory` is what the conversation was about; the caller keeps the one of
/// the outcome for the next turn.
#[must_use]
pub fn run(
    engine: &Engine,
    command: &Command,
    lang: Option<Lang>,
    locale: Lang,
    memory: &Memory,
    today: Day,
) -> Replied {
    let knowledge = engine.knowledge();
    let language = lang.unwrap_or(locale);
    match command {
        Command::Ask { question } => {
            let question = Question {
                text: question,
                lang,
                locale,
                today,
            };
            let outcome = engine.ask(&question, memory);
            Replied {
                reply: Reply::to_outcome(knowledge, &outcome),
                outcome: Some(outcome),
            }
        }
        Command::History { period } => Replied {
            reply: {
                let period = period.as_deref();
                let period = period.map(|period| mention::in_figures(period, today, false));
                history(engine, period.as_deref(), language, memory)
            },
            outcome: None,
        },
        Command::About { topic } => match find_entity(engine, topic) {
            Some(entity) => {
                let facts: Vec<FactIx> = engine
                    .facts_about(entity)
                    .iter()
                    .copied()
                    .take(CARD_FACTS)
                    .collect();
                Replied {
                    reply: Reply::about(knowledge, entity, &facts, language),
                    outcome: None,
                }
            }
            None => {
                let question = Question {
                    text: topic,
                    lang,
                    locale,
                    today,
                };
                let outcome = engine.ask(&question, memory);
                Replied {
                    reply: Reply::to_outcome(knowledge, &outcome),
                    outcome: Some(outcome),
                }
            }
        },
        Command::Sources => Replied {
            reply: Reply::all_sources(knowledge, language),
            outcome: None,
        },
        Command::Help => {
            let examples: Vec<FactIx> =
                engine.milestones().iter().copied().take(EXAMPLES).collect();
            Replied {
                reply: Reply::help(knowledge, &examples, language),
                outcome: None,
            }
        }
    }
}

/// Other facts about what a fact is about, the nearest in the files first; milestones for a fact
/// without a subject.
#[must_use]
pub fn related(engine: &Engine, fact: FactIx, most: usize) -> Vec<FactIx> {
    let knowledge = engine.knowledge();
    let siblings = match knowledge[fact].subject {
        Some(subject) => engine.facts_about(subject),
        None => engine.milestones(),
    };
    let at = siblings.iter().position(|sibling| *sibling == fact);
    let (before, after) = siblings.split_at(at.unwrap_or(0));
    after
        .iter()
        .chain(before)
        .copied()
        .filter(|sibling| *sibling != fact && !knowledge[*sibling].gap)
        .take(most)
        .collect()
}

/// The milestones of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestones {
    /// In order.
    pub facts: Vec<FactIx>,
    /// The period; none when all were asked for.
    pub period: Option<Date>,
}

/// A period in which no date was found, as typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not understood as a period")]
pub struct UnknownPeriod(pub String);

/// The milestones of a period as typed, in words or in EDTF; all of them without one.
///
/// # Errors
/// When something was typed and no date is found in it.
pub fn milestones(engine: &Engine, typed: Option<&str>) -> Result<Milestones, UnknownPeriod> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let period = typed
        .map(|typed| read_period(typed).ok_or_else(|| UnknownPeriod(typed.to_owned())))
        .transpose()?;
    Ok(Milestones {
        facts: match &period {
            Some(period) => engine.milestones_in(period),
            None => engine.milestones().to_vec(),
        },
        period,
    })
}

/// A period in EDTF, as it stands on buttons, or in words; of several dates, as in "2012 2014", from the first to the
/// last.
fn read_period(typed: &str) -> Option<Date> {
    typed.trim().parse().ok().or_else(|| {
        let found = mention::find(&fold(typed));
        let dates = found.iter().map(|mention| mention.date);
        dates.reduce(|first, next| {
            let either_way = Date::between(&first, &next).or_else(|| Date::between(&next, &first));
            either_way.unwrap_or(first)
        })
    })
}

fn history(engine: &Engine, period: Option<&str>, language: Lang, memory: &Memory) -> Reply {
    let knowledge = engine.knowledge();
    let Milestones { facts, period } = match milestones(engine, period) {
        Ok(milestones) => milestones,
        Err(UnknownPeriod(typed)) => return Reply::unknown_period(knowledge, &typed, language),
    };
    let verdict = match (period, facts.is_empty()) {
        (None, _) => return Reply::history(knowledge, &facts, language),
        (Some(span), false) => Verdict::Answer(Answer {
            facts,
            form: Form::Timeline {
                span: Some(span),
                entity: None,
            },
        }),
        (Some(span), true) => Verdict::Unknown(Unknown {
            reason: Reason::NothingDated(span),
            nearby: Vec::new(),
        }),
    };
    let outcome = Outcome {
        verdict,
        confidence: 1.0,
        language,
        candidates: Vec::new(),
        memory: memory.clone(),
    };
    Reply::to_outcome(knowledge, &outcome)
}

/// The entity a topic names, by id or any of its names.
fn find_entity(engine: &Engine, topic: &str) -> Option<EntityIx> {
    let by_id = engine
        .knowledge()
        .entities
        .iter()
        .position(|entity| entity.id == topic);
    by_id
        .map(|position| EntityIx(position as u32))
        .or_else(|| engine.entity_named(topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn period_is_read_again_as_it_was_understood() {
        for typed in [
            "2012",
            "2015-2018",
            "entre 2015 et 2018",
            "mai 2015",
            "21 Nov 2017",
            "since 2015",
            "before 2010",
            "about 2004",
            "since 2015",
            "depuis 2015",
            "avant 2010",
        ] {
            let understood = read_period(typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!(
                read_period(&understood.to_string()),
                Some(understood),
                "{typed}"
            );
        }
        assert_eq!(read_period("no date at all"), None);
    }

    #[test]
    fn lines_are_read_as_commands_or_questions() {
        let ask = |question: &str| Command::Ask {
            question: question.to_owned(),
        };
        for (line, expected) in [
            ("when was LUTB created?", Ok(ask("when was LUTB created?"))),
            ("/cara ask who founded it", Ok(ask("who founded it"))),
            ("/cara history", Ok(Command::History { period: None })),
            (
                "/cara history 2012",
                Ok(Command::History {
                    period: Some("2012".to_owned()),
                }),
            ),
            ("  /history  ", Ok(Command::History { period: None })),
            (
                "/cara about LUTB",
                Ok(Command::About {
                    topic: "LUTB".to_owned(),
                }),
            ),
            ("/cara", Ok(Command::Help)),
            ("/cara sources", Ok(Command::Sources)),
            ("/cara ask", Err(BadCommand::NoQuestion)),
            ("/cara sujet", Err(BadCommand::NoTopic)),
            ("/cara dance", Err(BadCommand::Unknown("dance".to_owned()))),
        ] {
            assert_eq!(Command::parse(line), expected, "{line}");
        }
    }
}
