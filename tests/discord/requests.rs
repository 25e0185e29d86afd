//! REST: what fails is tried again while there is time, limits are heeded, and nothing is said twice.

use std::time::Duration;

use crate::support::discord::Fate;

use super::{ANSWER, QUESTION, town, works};

#[test]
fn answer_survives_errors_and_limits_that_pass_in_time() {
    let (town, _bot) = town();
    for (who, fate) in [
        ("ada", Fate::Status(500)),
        ("ben", Fate::Status(502)),
        ("cleo", Fate::RateLimited(0.3)),
    ] {
        town.troubles("POST", "/callback", 1, fate);
        works(&town, who);
    }
}

#[test]
fn limit_that_lasts_too_long_costs_one_answer_and_nothing_else() {
    let (town, bot) = town();
    town.troubles("POST", "/callback", 1, Fate::RateLimited(3000.0));
    town.member("ada")
        .begins("/cara ask", &[("question", QUESTION)])
        .fails();
    works(&town, "ben");
    bot.logs("not answered");
}

#[test]
fn message_is_posted_once_through_errors_and_limits() {
    let (town, _bot) = town();
    for (who, fate) in [("ada", Fate::Status(500)), ("ben", Fate::RateLimited(0.3))] {
        town.troubles("POST", "/messages", 1, fate);
        let asker = town.member(who);
        asker.mentions_bot(QUESTION).says(&[ANSWER]);
    }
    // The answer got lost on its way back: the message was posted all the same.
    town.troubles("POST", "/messages", 1, Fate::LostAnswer(502));
    let cleo = town.member("cleo");
    cleo.mentions_bot(QUESTION).says(&[ANSWER]);
    works(&town, "dan");
    let answers = town.look(|world| {
        let bot = world.bot();
        let replies = world
            .messages
            .values()
            .filter(|message| message.reference.is_some());
        replies.filter(|message| message.author == bot).count()
    });
    assert_eq!(answers, 3, "one for each");
}

#[test]
fn callback_whose_answer_was_lost_is_not_an_error() {
    let (town, _bot) = town();
    town.troubles("POST", "/callback", 1, Fate::LostAnswer(502));
    works(&town, "ada");
    works(&town, "ben");
    // The second try is refused with 40060, which is how the bot learns that the first arrived.
    assert!(
        town.offences()
            .iter()
            .all(|offence| offence.contains("40060"))
    );
}

#[test]
fn slow_discord_makes_nobody_else_wait() {
    let (town, _bot) = town();
    town.troubles("POST", "/callback", 1, Fate::Slow(Duration::from_secs(2)));
    let slow = town
        .member("ada")
        .begins("/cara ask", &[("question", QUESTION)]);
    works(&town, "ben");
    slow.said().says(&[ANSWER]);
}

#[test]
fn commands_are_registered_through_errors_and_limits() {
    let town = crate::support::discord::Town::new();
    town.troubles("GET", "/commands", 1, Fate::Status(500));
    town.troubles("PUT", "/commands", 1, Fate::RateLimited(0.2));
    let _bot = town.bot().starts();
    works(&town, "ada");
}
