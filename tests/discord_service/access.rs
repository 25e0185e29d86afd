//! Who may do and see what: the bot, strangers, members, moderators.

use serde_json::{Value, json};

use super::{AGENT, Bare, quiet};
use crate::support::discord::{Person, TOKEN, Town, permission};

#[test]
fn bot_needs_permissions_where_it_writes() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let ada = town.member("ada").in_channel("quiet");
    let path = format!("/channels/{}/messages", ada.place());
    let question = ada.writes("hello");
    let mut reply = quiet("yes?");
    reply["message_reference"] = json!({"message_id": question.to_string()});
    town.forbids_bot("quiet", permission::READ_MESSAGE_HISTORY);
    assert_eq!(bare.send("POST", &path, &reply).1["code"], 160_002);
    town.forbids_bot("quiet", permission::SEND_MESSAGES);
    assert_eq!(bare.send("POST", &path, &quiet("text")).1["code"], 50013);
    town.forbids_bot("quiet", permission::VIEW_CHANNEL);
    assert_eq!(bare.send("POST", &path, &quiet("text")).1["code"], 50001);
    town.forbids_bot("quiet", 0);
    assert_eq!(bare.send("POST", &path, &reply).0, 200);
    ada.blocks_direct_messages();
    let alone = format!("/channels/{}/messages", ada.in_private().place());
    assert_eq!(bare.send("POST", &alone, &quiet("text")).1["code"], 50007);
    let theirs = format!("/channels/{}/messages/{question}", ada.place());
    assert_eq!(bare.send("DELETE", &theirs, &Value::Null).1["code"], 50013);
}

#[test]
fn strangers_and_unreadable_requests_are_turned_away() {
    let town = Town::new();
    let mut bare = Bare::new(&town);
    assert_eq!(bare.get("/users/@me").0, 200);
    assert_eq!(bare.get("/nowhere").0, 404);
    let unreadable = bare.runtime.block_on(async {
        let request = bare
            .http
            .post(format!("{}/api/v10/users/@me/channels", bare.base));
        let request = request
            .header("authorization", format!("Bot {TOKEN}"))
            .header("user-agent", AGENT)
            .header("content-type", "application/json")
            .body("{");
        request.send().await.unwrap().status().as_u16()
    });
    assert_eq!(unreadable, 400);
    bare.token = "somebody's".to_owned();
    assert_eq!(bare.get("/users/@me").0, 401);
    assert_eq!(
        bare.get("/gateway").0,
        401,
        "a wrong token is worse than none"
    );
    town.offences();
}

#[test]
fn commands_and_servers_are_seen_by_those_who_may() {
    let town = Town::new();
    let bare = Bare::new(&town);
    let global = format!("/applications/{}/commands", bare.application);
    let home = format!(
        "/applications/{}/guilds/{}/commands",
        bare.application, bare.home
    );
    let named = |name: &str, more: Value| {
        let mut body = json!({"name": name, "description": "d"});
        if let (Value::Object(into), Value::Object(from)) = (&mut body, more) {
            into.extend(from);
        }
        body
    };
    for (path, body) in [
        (
            &global,
            named(
                "everywhere",
                json!({"integration_types": [0, 1], "contexts": [0, 1, 2]}),
            ),
        ),
        (&global, named("servers", json!({"contexts": [0]}))),
        (
            &home,
            named("stewards", json!({"default_member_permissions": "32"})),
        ),
    ] {
        assert_eq!(bare.send("POST", path, &body).0, 201, "{body}");
    }
    let member = town.member("ada");
    let steward = town.moderator("grace");
    let elsewhere = town.manager_elsewhere("mallory", "Elsewhere");
    let abroad = town.visitor("vera", "Abroad");
    let sees =
        |person: &Person| ["everywhere", "servers", "stewards"].map(|name| person.can_see(name));
    assert_eq!(sees(&member), [true, true, false]);
    assert_eq!(sees(&steward), [true, true, true]);
    assert_eq!(sees(&elsewhere), [true, true, false]);
    assert_eq!(sees(&abroad), [true, true, false]);
    assert_eq!(sees(&member.in_private()), [true, false, false]);
    town.opens_to_everybody("stewards");
    assert_eq!(sees(&member), [true, true, true]);
}
