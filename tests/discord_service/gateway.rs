//! The gateway: greeting, closing, resuming, and what comes with the events.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bare, INTENTS, text};
use crate::support::discord::{Disturbance, TOKEN, Town, intent};

#[test]
fn gateway_says_hello_ready_and_the_servers() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let mut wire = bare.connect();
    wire.identify(INTENTS, Some(json!({"shard": [0, 1]})));
    let ready = wire.receive();
    assert_eq!(ready["t"], "READY");
    assert_eq!(ready["s"], 1);
    assert_eq!(ready["d"]["guilds"][0]["unavailable"], true);
    let guild = wire.receive();
    assert_eq!(guild["t"], "GUILD_CREATE");
    assert_eq!(guild["d"]["name"], "Velden");
    wire.send(&json!({"op": 1, "d": 2}));
    assert_eq!(wire.receive()["op"], 11);
}

#[test]
fn payloads_are_compressed_when_identify_asks_for_it() {
    let town = Town::new();
    let bare = Bare::new(&town);
    for (compresses, expected) in [(true, json!(true)), (false, Value::Null)] {
        town.change(|world| world.gateway.compresses = compresses);
        let mut wire = bare.connect();
        wire.identify(INTENTS, Some(json!({"compress": true})));
        assert_eq!(wire.receive()["compressed"], expected);
    }
}

#[test]
fn gateway_closes_with_discords_codes() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let ill = |payload: &Value| {
        let mut wire = bare.connect();
        wire.send(payload);
        wire.receive()["close"].clone()
    };
    let identify = |change: Value| {
        let mut data = json!({
            "token": TOKEN, "intents": INTENTS,
            "properties": {"os": "linux", "browser": "bare", "device": "bare"},
        });
        if let (Value::Object(into), Value::Object(from)) = (&mut data, change) {
            into.extend(from);
        }
        json!({"op": 2, "d": data})
    };
    for (payload, code) in [
        (json!({"op": 77}), 4001),
        (json!({"op": 2, "d": {"token": TOKEN}}), 4002),
        (json!({"op": 3, "d": {}}), 4003),
        (identify(json!({"token": "Bot somebody's"})), 4004),
        (identify(json!({"shard": [2, 2]})), 4010),
        (identify(json!({"intents": 1_u64 << 40})), 4013),
        (identify(json!({"intents": intent::MESSAGE_CONTENT})), 4014),
        (json!({"op": 1, "d": 99}), 4007),
        (json!({"op": 3, "d": "x".repeat(4096)}), 4002),
    ] {
        assert_eq!(ill(&payload), code, "{payload}");
    }
    assert!(!town.offences().is_empty());
}

#[test]
fn resume_replays_what_was_missed_in_order() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.connect();
    wire.identify(INTENTS, None);
    let ready = wire.receive();
    wire.receive();
    town.disturbs(Disturbance::Cut);
    assert!(wire.receive().is_null());
    let ada = town.member("ada");
    ada.begins("/ask", &[("question", "first")]);
    ada.begins("/ask", &[("question", "second")]);
    let mut wire = bare.connect();
    let session = ready["d"]["session_id"].clone();
    wire.send(&json!({"op": 6, "d": {"token": TOKEN, "session_id": session, "seq": 2}}));
    for question in ["first", "second"] {
        let event = wire.receive();
        assert_eq!(event["t"], "INTERACTION_CREATE");
        assert_eq!(event["d"]["data"]["options"][0]["value"], question);
    }
    assert_eq!(wire.receive()["t"], "RESUMED");
}

#[test]
fn unknown_session_is_invalid_and_disturbances_reach_the_client() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let mut wire = bare.connect();
    wire.send(&json!({"op": 6, "d": {"token": TOKEN, "session_id": "none", "seq": 2}}));
    assert_eq!(
        wire.receive(),
        json!({"op": 9, "d": false, "s": null, "t": null})
    );
    let mut wire = bare.identified();
    town.disturbs(Disturbance::Reconnect);
    assert_eq!(wire.receive()["op"], 7);
    town.disturbs(Disturbance::Close(4000));
    assert_eq!(wire.receive()["close"], 4000);
}

#[test]
fn silence_of_the_client_ends_its_session() {
    let town = Town::new();
    let bare = Bare::new(&town);
    town.change(|world| world.gateway.heartbeat = Duration::from_millis(50));
    let mut wire = bare.identified();
    assert_eq!(wire.receive()["close"], 4009);
}

#[test]
fn content_comes_only_with_mentions_and_in_private() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let mut wire = bare.identified();
    let ada = town.member("ada");
    ada.writes("a secret among members");
    assert_eq!(wire.event("MESSAGE_CREATE")["content"], "");
    ada.writes(&format!("<@{}> hello", bare.application));
    let event = wire.event("MESSAGE_CREATE");
    assert!(text(&event["content"]).ends_with("hello"));
    assert_eq!(event["mentions"][0]["id"], bare.application.to_string());
    ada.in_private().writes("psst");
    let event = wire.event("MESSAGE_CREATE");
    assert_eq!(event["content"], "psst");
    assert_eq!(event["guild_id"], Value::Null);
}
