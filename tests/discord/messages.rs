//! Messages to the bot: mentions, direct messages, replies; and follow-ups in a conversation.

use crate::support::discord::{intent, permission};

use super::{ANSWER, NOBODY_KNOWS, QUESTION, UNCLEAR, town};

#[test]
fn mention_is_answered_as_a_reply_and_so_is_that_of_its_role() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let said = ada.mentions_bot(QUESTION);
    assert!(
        said.content.starts_with(&format!("**{ANSWER}**")),
        "{said:?}"
    );
    assert_eq!(
        said.labels(),
        ["Sources", "Related", "Not right?", "Delete"]
    );
    assert_eq!(said.pings, Default::default(), "nobody is notified");
    let said = town.member("ben").mentions_role(QUESTION);
    said.says(&[ANSWER]);
    let said = town
        .member("cleo")
        .in_thread("about music")
        .mentions_bot(QUESTION);
    said.says(&[ANSWER]);
}

#[test]
fn mention_of_its_role_without_text_gets_help() {
    let (town, _bot) = town();
    town.change(|world| world.gateway.shows_role_mentions = false);
    town.member("ada")
        .mentions_role(QUESTION)
        .says(&["/cara ask"]);
}

#[test]
fn direct_message_needs_no_mention() {
    let (town, _bot) = town();
    let said = town
        .member("ada")
        .direct_message("quand Fugato a-t-il été fondé ?");
    said.says(&["Fugato a été fondé en mars 1998."]);
    let unknown = town.member("ben").direct_message(NOBODY_KNOWS);
    let sent = town
        .member("ben")
        .in_private()
        .clicks(&unknown, "Send to the moderators");
    sent.says(&["kept for the moderators"]);
}

#[test]
fn reply_to_the_bot_is_meant_for_it() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let said = ada.mentions_bot(QUESTION);
    ada.replies_to(&said, "and who founded it?")
        .says(&["the cellist Marta Lind alone"]);
}

#[test]
fn follow_ups_belong_to_the_person_and_the_place() {
    let (town, _bot) = town();
    let (ada, ben) = (town.member("ada"), town.member("ben"));
    ada.mentions_bot("When was Fugato founded?").says(&[ANSWER]);
    ben.mentions_bot("when was Ostinato founded?")
        .says(&["2 May 2011"]);
    ada.types("/cara ask", &[("question", "and who founded it?")])
        .says(&["the cellist Marta Lind alone"]);
    ben.mentions_bot("and who founded it?")
        .says(&["Marta Lind and Jonas Brekke"]);
    let elsewhere = ada.in_channel("music").mentions_bot("and who founded it?");
    elsewhere.keeps_quiet_about(&["the cellist Marta Lind alone"]);
    let french = ben.in_private();
    french
        .direct_message("Quand Fugato a-t-il été fondé ?")
        .says(&["mars 1998"]);
    french
        .direct_message("et qui l'a fondé ?")
        .says(&["violoncelliste Marta Lind"]);
}

#[test]
fn chosen_fact_is_what_is_talked_about() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    let offer = ada.types("/cara ask", &[("question", UNCLEAR)]);
    ada.clicks(&offer, "Who founded Ostinato?");
    ada.types("/cara ask", &[("question", "and when was it founded?")])
        .says(&["2 May 2011"]);
}

#[test]
fn what_is_not_meant_for_the_bot_is_left_alone() {
    let (town, _bot) = town();
    let (ada, ben) = (town.member("ada"), town.member("ben"));
    for text in [
        "When was Fugato founded?".to_owned(),
        format!("<@{}> When was Fugato founded?", ben.id()),
        format!("<@&{}> When was Fugato founded?", town.role("Stewards")),
        "@cara When was Fugato founded?".to_owned(),
    ] {
        let message = ada.writes(&text);
        ada.gets_no_answer(message);
    }
}

#[test]
fn mention_alone_gets_help() {
    let (town, _bot) = town();
    town.member("ada").mentions_bot("").says(&["/cara ask"]);
    town.member("ben").mentions_bot("   ").says(&["/cara ask"]);
}

#[test]
fn who_only_calls_the_bot_is_helped_in_their_language_or_in_both() {
    let (town, bot) = town();
    let (ada, ben) = (town.member("ada"), town.member("ben"));
    // Nobody has chosen a language here, and Discord tells none of a message.
    let said = ada.mentions_bot("");
    said.says(&["/cara ask", "/cara demander"]);
    assert!(said.text.chars().count() < 700, "{said:?}");
    ada.direct_message("  ")
        .says(&["/cara ask", "/cara demander"]);
    // Ben has spoken French.
    ben.mentions_bot("quand Fugato a-t-il été fondé ?");
    let said = ben.mentions_bot("");
    said.says(&["/cara demander"])
        .keeps_quiet_about(&["/cara ask"]);
    drop(bot);
    town.change(|world| {
        for guild in world.guilds.values_mut() {
            guild.locale = "fr".to_owned();
        }
    });
    let _bot = town.bot().starts();
    let said = town.member("cleo").mentions_bot("");
    said.says(&["/cara demander"])
        .keeps_quiet_about(&["/cara ask"]);
}

#[test]
fn nothing_privileged_is_asked_of_the_gateway() {
    let (town, _bot) = town();
    let intents = town.look(|world| world.gateway.identified[0].intents);
    assert_eq!(intents & intent::PRIVILEGED, 0);
    assert_eq!(
        intents,
        intent::GUILDS | intent::GUILD_MESSAGES | intent::DIRECT_MESSAGES
    );
}

#[test]
fn where_the_bot_may_not_write_it_stays_quiet_and_goes_on() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    for (channel, denied) in [
        ("mute", permission::SEND_MESSAGES),
        ("hidden", permission::VIEW_CHANNEL),
        ("no-past", permission::READ_MESSAGE_HISTORY),
    ] {
        town.forbids_bot(channel, denied);
        let bot = town.look(|world| world.bot());
        ada.in_channel(channel)
            .writes(&format!("<@{bot}> {QUESTION}"));
    }
    let ben = town.member("ben");
    ben.blocks_direct_messages();
    ben.in_private().writes(QUESTION);
    super::works(&town, "cleo");
    town.member("dan").mentions_bot(QUESTION).says(&[ANSWER]);
}
