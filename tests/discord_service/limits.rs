//! Limits on what is sent and how often: messages, mentions, commands, requests.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bare, quiet, text};
use crate::support::discord::{Fate, Limit, Town};

#[test]
fn limits_on_messages_are_kept() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let ada = town.member("ada");
    let path = format!("/channels/{}/messages", ada.place());
    let with = |more: Value| {
        let mut body = quiet("text");
        if let (Value::Object(into), Value::Object(from)) = (&mut body, more) {
            into.extend(from);
        }
        body
    };
    let button =
        |id: &str, label: &str| json!({"type": 2, "style": 1, "custom_id": id, "label": label});
    let row = |parts: Vec<Value>| json!([{"type": 1, "components": parts}]);
    let menu = |options: Vec<Value>| {
        json!([{"type": 1, "components": [
        {"type": 3, "custom_id": "menu", "options": options}]}])
    };
    let option =
        |value: usize| json!({"label": format!("option {value}"), "value": value.to_string()});
    let good = [
        with(json!({"content": "é".repeat(2000)})),
        with(json!({"embeds": [{"description": "x".repeat(4096)}, {"title": "y".repeat(256)}]})),
        with(json!({"components": row((0..5).map(|n| button(&n.to_string(), "label")).collect())})),
        with(json!({"components": menu((0..25).map(option).collect())})),
    ];
    for body in good {
        let (status, answer) = bare.send("POST", &path, &body);
        assert_eq!(status, 200, "{answer}");
    }
    assert_eq!(town.offences(), Vec::<String>::new());
    let bad = [
        with(json!({"content": "é".repeat(2001)})),
        with(json!({"embeds": [{"title": "x".repeat(257)}]})),
        with(
            json!({"embeds": [{"description": "x".repeat(4000)}, {"description": "x".repeat(2001)}]}),
        ),
        with(json!({"embeds": [{"fields": [{"name": "x", "value": ""}]}]})),
        with(json!({"embeds": vec![json!({"title": "x"}); 11]})),
        with(json!({"components": row((0..6).map(|n| button(&n.to_string(), "label")).collect())})),
        with(json!({"components": row(vec![button("same", "a"), button("same", "b")])})),
        with(json!({"components": row(vec![button("a", &"x".repeat(81))])})),
        with(json!({"components": row(vec![button(&"x".repeat(101), "a")])})),
        with(json!({"components": row(vec![json!({"type": 2, "style": 1, "label": "a"})])})),
        with(json!({"components": menu((0..26).map(option).collect())})),
        with(json!({"components": menu(vec![option(1), option(1)])})),
        with(json!({"components": menu(vec![])})),
        with(json!({"components": row(vec![button("a", "b")]), "flags": 1 << 15})),
        with(json!({"flags": 64})),
        with(json!({"attachments": [{"id": 0, "filename": "a.png"}]})),
        with(json!({"allowed_mentions": {"parse": ["users"], "users": ["1"]}})),
        with(json!({"allowed_mentions": {"parse": ["all"]}})),
        with(json!({"nonce": "x".repeat(26)})),
    ];
    for body in bad {
        let (status, error) = bare.send("POST", &path, &body);
        assert_eq!((status, &error["code"]), (400, &json!(50035)), "{body}");
        assert!(error["errors"].is_object(), "{error}");
    }
    let (_, error) = bare.send("POST", &path, &with(json!({"content": " \n "})));
    assert_eq!(error["code"], 50006);
    assert_eq!(town.offences().len(), 20);
}

#[test]
fn mentions_left_on_are_an_offence_and_notify() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let ada = town.member("ada");
    let path = format!("/channels/{}/messages", ada.place());
    let body = json!({"content": format!("@everyone <@{}>", ada.id())});
    assert_eq!(bare.send("POST", &path, &body).0, 200);
    assert!(town.offences()[0].contains("mentions are not switched off"));
    town.look(|world| {
        let message = world.messages.values().last().unwrap();
        assert!(message.mentions.everyone);
        assert_eq!(message.mentions.users, [ada.id()]);
    });
    assert_eq!(bare.send("POST", &path, &quiet("@everyone")).0, 200);
    town.look(|world| assert!(!world.messages.values().last().unwrap().mentions.everyone));
}

#[test]
fn rules_for_commands_are_kept() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let path = format!("/applications/{}/commands", bare.application);
    let command = |more: Value| {
        let mut body = json!({"name": "cara", "description": "Ask"});
        if let (Value::Object(into), Value::Object(from)) = (&mut body, more) {
            into.extend(from);
        }
        body
    };
    let option = |name: &str, required: bool| json!({"type": 3, "name": name, "description": "d", "required": required});
    let bad = [
        command(json!({"name": "Cara"})),
        command(json!({"name": "ca ra"})),
        command(json!({"name": "x".repeat(33)})),
        command(json!({"description": ""})),
        command(json!({"description": "x".repeat(101)})),
        json!({"name": "cara"}),
        json!({"name": "Ask CARA", "type": 3, "description": "none allowed"}),
        command(json!({"name_localizations": {"fr-FR": "cara"}})),
        command(json!({"name_localizations": {"fr": "Cara"}})),
        command(json!({"options": [option("a", false), option("b", true)]})),
        command(json!({"options": [option("a", false), option("a", false)]})),
        command(
            json!({"options": [option("a", true), {"type": 1, "name": "b", "description": "d"}]}),
        ),
        command(
            json!({"options": [{"type": 3, "name": "a", "description": "d", "autocomplete": true,
            "choices": [{"name": "a", "value": "a"}]}]}),
        ),
        command(json!({"default_member_permissions": "many"})),
        command(json!({"contexts": [3]})),
        command(
            json!({"options": (0..25).map(|n| json!({"type": 3, "name": format!("o{n}"),
            "description": "d".repeat(100), "choices": (0..3).map(|n| json!({"name": "n".repeat(99),
            "value": n.to_string()})).collect::<Vec<_>>()})).collect::<Vec<_>>()}),
        ),
    ];
    for body in bad {
        let (status, error) = bare.send("POST", &path, &body);
        assert_eq!((status, &error["code"]), (400, &json!(50035)), "{body}");
    }
    let twice = json!([command(json!({})), command(json!({}))]);
    assert_eq!(bare.send("PUT", &path, &twice).0, 400);
    assert_eq!(town.offences().len(), 17);
    let in_guild = format!(
        "/applications/{}/guilds/{}/commands",
        bare.application, bare.home
    );
    let good = command(json!({
        "name_localizations": {"fr": "cara"}, "default_member_permissions": "32", "nsfw": false,
        "options": [{"type": 1, "name": "ask", "description": "d", "options": [option("question", true)]}],
    }));
    assert_eq!(bare.send("POST", &in_guild, &good).0, 201);
    assert_eq!(
        bare.send("POST", &in_guild, &good).0,
        200,
        "the same name overwrites"
    );
    let (_, all) = bare.get(&in_guild);
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["name_localizations"], Value::Null);
    let (_, all) = bare.get(&format!("{in_guild}?with_localizations=true"));
    assert_eq!(all[0]["name_localizations"]["fr"], "cara");
    let one = format!("{in_guild}/{}", text(&all[0]["id"]));
    assert_eq!(bare.send("DELETE", &one, &Value::Null).0, 204);
    assert_eq!(bare.get(&one).1["code"], 10063);
}

#[test]
fn rate_limits_are_told_and_kept_where_they_are_set() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let path = format!("/channels/{}/messages", town.member("ada").place());
    town.limits(
        "POST /channels/{channel_id}/messages",
        Limit {
            requests: 1,
            per: Duration::from_millis(300),
        },
    );
    assert_eq!(bare.send("POST", &path, &quiet("one")).0, 200);
    let (status, error) = bare.send("POST", &path, &quiet("two"));
    assert_eq!(status, 429);
    let wait = error["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 0.3, "{wait}");
    std::thread::sleep(Duration::from_secs_f64(wait + 0.01));
    assert_eq!(bare.send("POST", &path, &quiet("two")).0, 200);
    assert_eq!(town.rate_limited(), 1);
    town.troubles("GET", "/users/@me", 1, Fate::Status(500));
    assert_eq!(bare.get("/users/@me").0, 500);
    assert_eq!(bare.get("/users/@me").0, 200);
}
