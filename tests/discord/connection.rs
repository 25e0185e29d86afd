//! The gateway: whatever happens to the connection, nothing is lost that Discord keeps, and nobody
//! else gets the token.

use std::time::Duration;

use serde_json::json;

use crate::support::discord::{Disturbance, Fate, Town};

use super::{QUESTION, town, works};

#[test]
fn after_each_disturbance_the_session_is_resumed_and_nothing_missed() {
    let (town, bot) = town();
    works(&town, "ada");
    for (number, disturbance) in [
        Disturbance::Reconnect,
        Disturbance::Cut,
        Disturbance::Close(4000),
        Disturbance::Close(1001),
    ]
    .into_iter()
    .enumerate()
    {
        let asker = town.member(&format!("ada{number}"));
        town.disturbs(disturbance);
        // Asked while nobody listens.
        let pending = asker.begins("/cara ask", &[("question", QUESTION)]);
        pending.said().says(&["March 1998"]);
        assert_eq!(
            town.look(|world| world.gateway.resumed),
            number as u32 + 1,
            "{disturbance:?}"
        );
    }
    assert_eq!(town.look(|world| world.gateway.identified.len()), 1);
    bot.logs("resumed");
}

#[test]
fn session_that_cannot_be_resumed_is_begun_anew() {
    let (town, _bot) = town();
    works(&town, "ada");
    town.disturbs(Disturbance::Invalid(false));
    town.waits_until("the bot identified again", |world| {
        (world.gateway.identified.len() == 2).then_some(())
    });
    works(&town, "ben");
    assert_eq!(
        town.requests("PUT", "/commands").len(),
        2,
        "commands are not sent again"
    );
}

#[test]
fn missing_acknowledgement_is_noticed_and_a_new_connection_made() {
    let town = Town::new();
    town.change(|world| world.gateway.heartbeat = Duration::from_millis(400));
    let _bot = town.bot().starts();
    works(&town, "ada");
    town.change(|world| world.gateway.acknowledges = false);
    town.waits_until("the bot came back", |world| {
        (world.gateway.resumed > 0 || world.gateway.identified.len() > 1).then_some(())
    });
    town.change(|world| world.gateway.acknowledges = true);
    works(&town, "ben");
}

#[test]
fn gateway_that_is_away_is_waited_for() {
    let (town, mut bot) = town();
    works(&town, "ada");
    let before = town.look(|world| world.gateway.connections);
    town.change(|world| world.gateway.open = false);
    town.disturbs(Disturbance::Cut);
    town.waits_until("it tried", |world| {
        (world.gateway.connections > before).then_some(())
    });
    assert!(bot.runs());
    town.change(|world| world.gateway.open = true);
    town.waits_until("it is back", |world| {
        world
            .gateway
            .sessions
            .iter()
            .any(|session| session.is_connected())
            .then_some(())
    });
    works(&town, "ben");
}

#[test]
fn plain_text_is_understood_as_well_as_compressed() {
    let town = Town::new();
    town.change(|world| world.gateway.compresses = false);
    let _bot = town.bot().starts();
    works(&town, "ada");
}

#[test]
fn as_many_shards_are_started_as_discord_recommends() {
    let town = Town::new();
    town.change(|world| world.gateway.shards = 2);
    // Servers enough that both shards have some.
    for name in ["Elsewhere", "Abroad", "Beyond"] {
        town.server(name);
    }
    let _bot = town.bot().starts();
    let mut shards: Vec<_> = town.look(|world| {
        world
            .gateway
            .identified
            .iter()
            .map(|one| one.shard)
            .collect()
    });
    shards.sort_unstable();
    assert_eq!(shards, [(0, 2), (1, 2)]);
    works(&town, "ada");
    town.member("ada")
        .direct_message(QUESTION)
        .says(&["March 1998"]);
    for name in ["Elsewhere", "Abroad", "Beyond"] {
        let said = town
            .manager_elsewhere("max", name)
            .types("/cara ask", &[("question", QUESTION)]);
        said.says(&["March 1998"]);
    }
}

#[test]
fn token_that_discord_refuses_ends_the_bot_with_its_remedy() {
    let town = Town::new();
    let mut bot = town.bot().with("DISCORD_TOKEN", "a.wrong.token").launches();
    let status = bot.ends();
    assert_eq!(status.code(), Some(2), "{}", bot.log());
    assert!(bot.log().contains("developer portal"), "{}", bot.log());
    assert!(!bot.log().contains("a.wrong.token"), "{}", bot.log());
    town.offences();
}

#[test]
fn gateway_that_closes_for_good_ends_the_bot() {
    let town = Town::new();
    let mut bot = town.bot().starts();
    town.disturbs(Disturbance::Close(4004));
    let status = bot.ends();
    assert_eq!(status.code(), Some(2), "{}", bot.log());
}

#[test]
fn token_goes_nowhere_when_the_gateway_is_foreign_or_unknown() {
    for trouble in [
        Fate::Says(json!({"url": "wss://gateway.evil.example"})),
        Fate::Says(json!({"url": "ws://203.0.113.7:4000"})),
        Fate::Says(json!({"url": "http://127.0.0.1:1"})),
        Fate::Says(json!({"url": ""})),
        Fate::Says(json!({})),
        // Then serenity would go to gateway.discord.gg.
        Fate::Status(500),
        Fate::Status(404),
    ] {
        let town = Town::new();
        town.troubles("GET", "/gateway", 100, trouble.clone());
        let mut bot = town.bot().launches();
        let status = bot.ends();
        assert_eq!(status.code(), Some(2), "{trouble:?}: {}", bot.log());
        assert_eq!(
            town.look(|world| world.gateway.connections),
            0,
            "{trouble:?}"
        );
        assert!(bot.log().contains("gateway"), "{trouble:?}: {}", bot.log());
        town.offences();
    }
}

#[test]
fn another_base_without_encryption_is_only_taken_on_this_machine() {
    let town = Town::new();
    for base in [
        "http://203.0.113.7:4000",
        "ftp://127.0.0.1",
        "nonsense",
        "http://127.0.0.1:1/path",
    ] {
        let mut bot = town.bot().with("DISCORD_API_BASE", base).launches();
        assert_eq!(bot.ends().code(), Some(2), "{base}");
        bot.logs("DISCORD_API_BASE");
    }
    assert!(town.requests("GET", "").is_empty());
}

#[test]
fn identifies_are_counted_over_restarts() {
    let town = Town::new();
    let mut bot = town.bot().starts();
    works(&town, "ada");
    bot.logs("commands registered");
    // A crash loop under a hasty supervisor.
    for crash in 1..=6 {
        bot.is_killed();
        bot.launches_again();
        town.waits_until("it identified", |world| {
            (world.gateway.identified.len() > crash).then_some(())
        });
        town.waits_for("the commands", || {
            bot.log().matches("commands registered").count() > crash
        });
    }
    bot.is_killed();
    bot.launches_again();
    bot.logs("waiting before the next");
    assert_eq!(town.look(|world| world.gateway.identified.len()), 7);
}
