//! The Discord-like service itself, met by a bare client: what the tests of the bot rest on.

mod access;
mod gateway;
mod interactions;
mod limits;
mod shape;

use std::io::Read as _;
use std::time::Duration;

use flate2::read::ZlibDecoder;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::discord::{Id, TOKEN, Town, World, intent};

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
