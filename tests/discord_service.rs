//! The Discord-like service itself, met by a bare client: what the tests of the bot rest on.

use std::io::Read as _;
use std::time::Duration;

use flate2::read::ZlibDecoder;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::discord::{
    Disturbance, Fate, Id, Limit, Spec, TOKEN, Town, World, intent, permission,
};

const AGENT: &str = "DiscordBot (https://example.org, 1)";
const INTENTS: u64 = intent::GUILDS | intent::GUILD_MESSAGES | intent::DIRECT_MESSAGES;

/// A bot as simple as can be: one request, one frame at a time.
struct Bare {
    runtime: Runtime,
    base: String,
    http: reqwest::Client,
    token: String,
    application: Id,
    home: Id,
}

/// One connection to the gateway.
struct Wire<'b> {
    bare: &'b Bare,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Bare {
    fn new(town: &Town) -> Bare {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Bare {
            runtime,
            base: town.base(),
            http: reqwest::Client::new(),
            token: TOKEN.to_owned(),
            application: town.look(World::bot),
            home: town.server("Velden"),
        }
    }

    /// Sends a request: status and body.
    fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self
            .http
            .request(method, format!("{}/api/v10{path}", self.base))
            .header("authorization", format!("Bot {}", self.token))
            .header("user-agent", AGENT);
        if !body.is_null() {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let text = response.text().await.unwrap();
            (status, serde_json::from_str(&text).unwrap_or(Value::Null))
        })
    }

    fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, &Value::Null)
    }

    fn connect(&self) -> Wire<'_> {
        let (_, gateway) = self.get("/gateway");
        let address = format!("{}/?v=10", gateway["url"].as_str().unwrap());
        let (socket, _) = self.runtime.block_on(connect_async(address)).unwrap();
        let mut wire = Wire { bare: self, socket };
        assert_eq!(wire.receive()["op"], 10);
        wire
    }

    /// Connects and identifies, past the servers it is told of.
    fn identified(&self) -> Wire<'_> {
        let mut wire = self.connect();
        wire.identify(INTENTS, None);
        assert_eq!(wire.receive()["t"], "READY");
        assert_eq!(wire.receive()["t"], "GUILD_CREATE");
        wire
    }

    /// Registers a command with one option.
    fn registers_ask(&self) {
        let path = format!("/applications/{}/commands", self.application);
        let body = json!({"name": "ask", "description": "Ask", "options": [
            {"type": 3, "name": "question", "description": "What", "autocomplete": true},
        ]});
        assert_eq!(self.send("POST", &path, &body).0, 201);
    }

    fn callback(&self, interaction: &Value, body: &Value) -> (u16, Value) {
        let path = format!(
            "/interactions/{}/{}/callback",
            text(&interaction["id"]),
            text(&interaction["token"])
        );
        self.send("POST", &path, body)
    }

    fn webhook(&self, interaction: &Value, rest: &str) -> String {
        let token = text(&interaction["token"]);
        format!("/webhooks/{}/{token}{rest}", self.application)
    }
}

impl Wire<'_> {
    fn send(&mut self, payload: &Value) {
        let message = Message::text(payload.to_string());
        let sent = self.socket.send(message);
        self.bare.runtime.block_on(sent).unwrap();
    }

    /// The next payload; a close code as `{"close": code}`, an end without one as null.
    fn receive(&mut self) -> Value {
        let next = self.bare.runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(10), self.socket.next()).await
        });
        match next.expect("something comes within ten seconds") {
            Some(Ok(Message::Text(text))) => serde_json::from_str(text.as_str()).unwrap(),
            Some(Ok(Message::Binary(bytes))) => {
                let mut text = String::new();
                ZlibDecoder::new(&bytes[..])
                    .read_to_string(&mut text)
                    .unwrap();
                let mut payload: Value = serde_json::from_str(&text).unwrap();
                payload["compressed"] = json!(true);
                payload
            }
            Some(Ok(Message::Close(frame))) => {
                json!({"close": frame.map(|frame| u16::from(frame.code))})
            }
            _ => Value::Null,
        }
    }

    /// The next event of a kind.
    fn event(&mut self, kind: &str) -> Value {
        loop {
            let mut payload = self.receive();
            assert!(!payload.is_null(), "the connection ended before {kind}");
            if payload["t"] == kind {
                return payload["d"].take();
            }
        }
    }

    fn identify(&mut self, intents: u64, more: Option<Value>) {
        let mut data = json!({
            "token": self.bare.token, "intents": intents,
            "properties": {"os": "linux", "browser": "bare", "device": "bare"},
        });
        if let (Value::Object(into), Some(Value::Object(from))) = (&mut data, more) {
            into.extend(from);
        }
        self.send(&json!({"op": 2, "d": data}));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn quiet(text: &str) -> Value {
    json!({"content": text, "allowed_mentions": {"parse": []}})
}

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

#[test]
fn interaction_is_answered_once_in_time_and_by_its_token() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let pending = ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    let answer = json!({"type": 4, "data": quiet("**then**")});
    let mut forged = event.clone();
    forged["token"] = json!("another");
    assert_eq!(bare.callback(&forged, &answer).1["code"], 10062);
    assert_eq!(bare.callback(&event, &answer).0, 204);
    assert_eq!(bare.callback(&event, &answer).1["code"], 40060);
    let said = pending.said();
    assert_eq!(said.text, "**then**");
    assert!(!said.ephemeral);
    // Edits and further messages go by the token, until it expires.
    let original = bare.webhook(&event, "/messages/@original");
    assert_eq!(bare.send("PATCH", &original, &quiet("now")).0, 200);
    assert_eq!(said.now().text, "now");
    let (status, more) = bare.send("POST", &bare.webhook(&event, ""), &quiet("more"));
    assert_eq!((status, &more["content"]), (200, &json!("more")));
    assert_eq!(bare.send("DELETE", &original, &Value::Null).0, 204);
    assert!(said.is_gone());
    town.lets_tokens_expire();
    let (status, error) = bare.send("POST", &bare.webhook(&event, ""), &quiet("late"));
    assert_eq!((status, &error["code"]), (401, &json!(50027)));
    assert!(!town.offences().is_empty());
}

#[test]
fn interaction_that_waits_too_long_is_unknown() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let pending = town.member("ada").begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    pending.fails();
    let (status, error) = bare.callback(&event, &json!({"type": 4, "data": quiet("late")}));
    assert_eq!((status, &error["code"]), (404, &json!(10062)));
}

#[test]
fn deferred_answer_is_filled_in_by_an_edit_or_the_first_message_after_it() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    for (method, rest) in [("PATCH", "/messages/@original"), ("POST", "")] {
        let pending = ada.begins("/ask", &[("question", "when?")]);
        let event = wire.event("INTERACTION_CREATE");
        let deferred = json!({"type": 5, "data": {"flags": 64}});
        assert_eq!(bare.callback(&event, &deferred).0, 204);
        assert_eq!(
            bare.send(method, &bare.webhook(&event, rest), &quiet("at last"))
                .0,
            200
        );
        let said = pending.said();
        assert_eq!(said.text, "at last");
        assert!(said.ephemeral, "what was deferred in private stays private");
    }
}

#[test]
fn callback_types_fit_the_interaction() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let pending = ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    for body in [
        json!({"type": 6}),
        json!({"type": 7, "data": quiet("no message to update")}),
        json!({"type": 8, "data": {"choices": []}}),
        json!({"type": 5, "data": {"flags": 4}}),
        json!({"type": 1}),
    ] {
        let (status, error) = bare.callback(&event, &body);
        assert_eq!((status, &error["code"]), (400, &json!(50035)), "{body}");
    }
    let modal = json!({"type": 9, "data": {"title": "Form", "custom_id": "form", "components": [
        {"type": 1, "components": [
            {"type": 4, "custom_id": "a", "label": "Why", "style": 2, "required": true},
        ]},
    ]}});
    assert_eq!(bare.callback(&event, &modal).0, 204);
    let form = pending.said();
    let pending = ada.begins_submit(&form, &[("Why", "because\nof that")]);
    let event = wire.event("INTERACTION_CREATE");
    let input = &event["data"]["components"][0]["components"][0];
    assert_eq!(input["value"], "because\nof that");
    assert_eq!(bare.callback(&event, &modal).1["code"], 50035);
    assert_eq!(
        bare.callback(&event, &json!({"type": 4, "data": quiet("thanks")}))
            .0,
        204
    );
    assert_eq!(pending.said().text, "thanks");
    town.offences();
}

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
fn choices_are_at_most_twenty_five_of_the_right_type() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let town = &town;
    std::thread::scope(|scope| {
        let typing = scope.spawn(|| town.member("ada").types_in("/ask", "question", "wh"));
        let event = wire.event("INTERACTION_CREATE");
        assert_eq!(event["data"]["options"][0]["focused"], true);
        let choice = |value: Value| json!({"name": "n", "value": value});
        for choices in [
            vec![choice(json!("v")); 26],
            vec![choice(json!(1))],
            vec![choice(json!("x".repeat(101)))],
        ] {
            let body = json!({"type": 8, "data": {"choices": choices}});
            assert_eq!(bare.callback(&event, &body).1["code"], 50035);
        }
        let body = json!({"type": 8, "data": {"choices": [choice(json!("v"))]}});
        assert_eq!(bare.callback(&event, &body).0, 204);
        assert_eq!(typing.join().unwrap(), [("n".to_owned(), "v".to_owned())]);
    });
    town.offences();
}

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
    let sees = |person: &crate::support::discord::Person| {
        ["everywhere", "servers", "stewards"].map(|name| person.can_see(name))
    };
    assert_eq!(sees(&member), [true, true, false]);
    assert_eq!(sees(&steward), [true, true, true]);
    assert_eq!(sees(&elsewhere), [true, true, false]);
    assert_eq!(sees(&abroad), [true, true, false]);
    assert_eq!(sees(&member.in_private()), [true, false, false]);
    town.opens_to_everybody("stewards");
    assert_eq!(sees(&member), [true, true, true]);
}

#[test]
fn answers_have_the_shape_that_discord_describes() {
    let Some(spec) = Spec::shared() else { return };
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let channel = format!("/channels/{}", ada.place());
    let mut body = quiet("**text**");
    body["embeds"] = json!([{"title": "t", "fields": [{"name": "n", "value": "v"}]}]);
    body["components"] = json!([{"type": 1, "components": [
        {"type": 2, "style": 2, "custom_id": "a", "label": "A"},
        {"type": 2, "style": 5, "url": "https://example.org", "label": "B"}]}]);
    ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    let asked = format!(
        "/interactions/{}/{}/callback?with_response=true",
        text(&event["id"]),
        text(&event["token"])
    );
    let (guild, application) = (bare.home, bare.application);
    let user = ada.id();
    let nothing = Value::Null;
    for (method, path, template, body) in [
        ("GET", "/gateway".to_owned(), "/gateway", &nothing),
        ("GET", "/gateway/bot".to_owned(), "/gateway/bot", &nothing),
        (
            "GET",
            "/applications/@me".to_owned(),
            "/applications/@me",
            &nothing,
        ),
        ("GET", "/users/@me".to_owned(), "/users/@me", &nothing),
        (
            "GET",
            format!("/users/{user}"),
            "/users/{user_id}",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}"),
            "/guilds/{guild_id}",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}/roles"),
            "/guilds/{guild_id}/roles",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}/members/{user}"),
            "/guilds/{guild_id}/members/{user_id}",
            &nothing,
        ),
        ("GET", channel.clone(), "/channels/{channel_id}", &nothing),
        (
            "POST",
            format!("{channel}/messages"),
            "/channels/{channel_id}/messages",
            &body,
        ),
        (
            "GET",
            format!("/applications/{application}/commands"),
            "/applications/{application_id}/commands",
            &nothing,
        ),
        (
            "POST",
            asked,
            "/interactions/{interaction_id}/{interaction_token}/callback",
            &json!({"type": 4, "data": body}),
        ),
        (
            "PATCH",
            bare.webhook(&event, "/messages/@original"),
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
            &body,
        ),
    ] {
        let (status, answer) = bare.send(method, &path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        let flaws = spec.check_answer(method, template, status, &answer);
        assert!(flaws.is_empty(), "{method} {path}: {flaws:#?}\n{answer:#}");
    }
}

#[test]
fn request_bodies_are_measured_by_discords_description() {
    // Without the description, `Spec::shared` has said that this is skipped.
    let Some(spec) = Spec::shared() else { return };
    let callback = "/interactions/{interaction_id}/{interaction_token}/callback";
    let flaws = |template: &str, body: Value| spec.check("POST", template, &body);
    let good = json!({"type": 4, "data": {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}],
        "allowed_mentions": {"parse": []}, "flags": 64}});
    assert_eq!(flaws(callback, good), Vec::<String>::new());
    for bad in [
        json!({"type": 4, "data": {"contents": "misspelt"}}),
        json!({"type": 4, "data": {"content": "x".repeat(2001)}}),
        json!({"type": 9, "data": {"title": "x".repeat(46), "custom_id": "a", "components": []}}),
        json!({"type": 99}),
    ] {
        assert!(!flaws(callback, bad.clone()).is_empty(), "{bad}");
    }
    let commands = "/applications/{application_id}/commands";
    let command = json!({"name": "cara", "description": "d", "nsfw": false, "default_member_permissions": "32",
        "options": [{"type": 5, "name": "private", "description": "d", "choices": [], "min_value": null,
        "channel_types": [], "autocomplete": false}]});
    assert_eq!(flaws(commands, command), Vec::<String>::new());
    assert!(!flaws(commands, json!({"name": "cara", "descripton": "d"})).is_empty());
}
