//! The bot in Discord: the real program against [`crate::support::discord`], as people meet it.
//!
//! Every test has a town and a bot of its own. A town fails its test when the bot sent anything that
//! Discord refuses, left mentions on, or logged what people wrote.

mod buttons;
mod commands;
mod connection;
mod desk;
mod editing;
mod history;
mod limits;
mod messages;
mod moderators;
mod replicas;
mod requests;
mod running;
mod teaching;

use crate::support::Project;
use crate::support::discord::{Bot, Said, Town};

/// A question that the small base answers.
const QUESTION: &str = "When was Fugato founded?";
/// Its answer.
const ANSWER: &str = "Fugato was founded in March 1998.";
/// A question that the small base cannot answer.
const NOBODY_KNOWS: &str = "who won the world cup in 2018?";
/// A question of which the small base is not sure.
const UNCLEAR: &str = "who founded these two orchestras then";

/// A town, and the bot connected to it.
#[track_caller]
fn town() -> (Town, Bot) {
    let town = Town::new();
    let bot = town.bot().starts();
    (town, bot)
}

/// The small base with more in it: concerts enough for several pages of history, and two that are
/// easily taken for each other.
fn with_concerts() -> Project {
    let mut facts = String::from("[defaults]\nchecked = \"2026-11-22\"\nsources = [\"s1\"]\n");
    for year in 2012..2026 {
        facts.push_str(&format!(
            r#"
[[fact]]
id = "concert-{year}"
subject = "ostinato"
date = "{year}-06"
event.en = "Open-air concert number {number}"
event.fr = "Concert en plein air numéro {number}"
answer.en = "Open-air concert number {number} was in June {year}."
answer.fr = "Le concert en plein air numéro {number} a eu lieu en juin {year}."
phrasings.en = ["What was open-air concert number {number}?"]
phrasings.fr = ["Quel était le concert en plein air numéro {number} ?"]
"#,
            number = year - 2011,
        ));
    }
    Project::small().file("facts/concerts.toml", facts)
}

/// Fails unless somebody is answered rightly: the bot works.
#[track_caller]
fn works(town: &Town, who: &str) -> Said {
    let said = town
        .member(who)
        .types("/cara ask", &[("question", QUESTION)]);
    assert!(said.text.contains(ANSWER), "{said:?}");
    said
}
