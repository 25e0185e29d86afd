//! The gateway: one WebSocket connection after another, each with Discord's op codes and its close
//! codes.
//!
//! A session outlives its connection: what happens meanwhile is kept, and replayed to a RESUME.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::service::Service;
use super::wire;
use super::world::{Frame, Identified, Session, World, intent};

/// Events a connection may send in [`EVENT_WINDOW`].
const EVENTS: usize = 120;
const EVENT_WINDOW: Duration = Duration::from_secs(60);
/// Largest payload a client may send, bytes.
const PAYLOAD_BYTES: usize = 4096;
/// How long one bucket of identifies is closed after one.
const IDENTIFY_PAUSE: Duration = Duration::from_secs(5);
/// Identifies a day.
pub(crate) const IDENTIFIES: usize = 1000;

const DECODE_ERROR: u16 = 4002;
const UNKNOWN_OPCODE: u16 = 4001;
const NOT_AUTHENTICATED: u16 = 4003;
const AUTHENTICATION_FAILED: u16 = 4004;
const ALREADY_AUTHENTICATED: u16 = 4005;
const INVALID_SEQ: u16 = 4007;
const RATE_LIMITED: u16 = 4008;
const SESSION_TIMED_OUT: u16 = 4009;
const INVALID_SHARD: u16 = 4010;
const INVALID_VERSION: u16 = 4012;
const INVALID_INTENTS: u16 = 4013;
const DISALLOWED_INTENTS: u16 = 4014;

#[derive(serde::Deserialize)]
pub(crate) struct Parameters {
    v: Option<u8>,
    encoding: Option<String>,
}

/// `GET /`: the upgrade to a WebSocket.
pub(crate) async fn connect(
    State(service): State<Arc<Service>>,
    Query(parameters): Query<Parameters>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let open = service.change(|world| {
        world.gateway.connections += 1;
        world.gateway.open
    });
    if !open {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    upgrade.on_upgrade(move |socket| async move {
        let (outbox, frames) = mpsc::unbounded_channel();
        let connection = Connection {
            service,
            socket,
            outbox,
            frames,
            session: None,
            compress: false,
            heard: Instant::now(),
            received: VecDeque::new(),
        };
        connection.serve(&parameters).await;
    })
}

struct Connection {
    service: Arc<Service>,
    socket: WebSocket,
    outbox: mpsc::UnboundedSender<Frame>,
    frames: mpsc::UnboundedReceiver<Frame>,
    /// The session it identified as or resumed.
    session: Option<String>,
    compress: bool,
    /// The last heartbeat, or else the beginning.
    heard: Instant,
    received: VecDeque<Instant>,
}

/// What follows from a payload of the client.
enum Step {
    Nothing,
    Say(Value),
    /// Invalid session: d is whether it can be resumed.
    Invalid(bool),
    End(u16),
}

impl Connection {
    async fn serve(mut self, parameters: &Parameters) {
        if parameters.v.is_some_and(|version| version != 10) {
            return self.close(INVALID_VERSION).await;
        }
        if parameters
            .encoding
            .as_deref()
            .is_some_and(|encoding| encoding != "json")
        {
            return self.close(DECODE_ERROR).await;
        }
        let heartbeat = self.service.look(|world| world.gateway.heartbeat);
        let hello = json!({"op": 10, "s": null, "t": null, "d": {
            "heartbeat_interval": u64::try_from(heartbeat.as_millis()).unwrap_or(u64::MAX),
            "_trace": ["[\"gateway-on-loopback\"]"],
        }});
        if self.send(hello.to_string()).await.is_err() {
            return;
        }
        let patience = heartbeat * 2;
        loop {
            let patience_ends = self.heard + patience;
            tokio::select! {
                frame = self.frames.recv() => match frame {
                    Some(Frame::Payload(payload)) => {
                        if self.send(payload).await.is_err() {
                            return;
                        }
                    }
                    Some(Frame::Close(code)) => return self.close(code).await,
                    // Without a closing handshake, as when a cable is pulled.
                    Some(Frame::Cut) | None => return,
                },
                message = self.socket.recv() => match message {
                    Some(Ok(Message::Text(text))) => {
                        if !self.step(text.as_str()).await {
                            return;
                        }
                    }
                    Some(Ok(Message::Binary(_))) => return self.close(DECODE_ERROR).await,
                    Some(Ok(Message::Close(frame))) => return self.left(frame.as_ref()),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Err(_)) | None => return,
                },
                () = tokio::time::sleep_until(patience_ends.into()) => {
                    return self.close(SESSION_TIMED_OUT).await;
                }
            }
        }
    }

    /// The client closed: with 1000 or 1001 its session ends, with anything else it can be resumed.
    fn left(&self, frame: Option<&CloseFrame>) {
        let code = frame.map_or(1000, |frame| frame.code);
        if matches!(code, 1000 | 1001)
            && let Some(id) = &self.session
        {
            self.service
                .change(|world| world.gateway.sessions.retain(|session| session.id != *id));
        }
    }

    /// Carries out one payload. False when the connection is over.
    async fn step(&mut self, text: &str) -> bool {
        let now = Instant::now();
        self.received.push_back(now);
        while self
            .received
            .front()
            .is_some_and(|at| now - *at > EVENT_WINDOW)
        {
            self.received.pop_front();
        }
        let step = if self.received.len() > EVENTS {
            Step::End(RATE_LIMITED)
        } else if text.len() > PAYLOAD_BYTES {
            Step::End(DECODE_ERROR)
        } else {
            match serde_json::from_str::<Value>(text) {
                Ok(payload) => self.understand(&payload),
                Err(_) => Step::End(DECODE_ERROR),
            }
        };
        match step {
            Step::Nothing => true,
            Step::Say(payload) => self.send(payload.to_string()).await.is_ok(),
            Step::Invalid(resumable) => {
                let payload = json!({"op": 9, "d": resumable, "s": null, "t": null});
                self.send(payload.to_string()).await.is_ok()
            }
            Step::End(code) => {
                self.service.change(|world| {
                    world.offend(format!("gateway: closed with {code} after {text}"))
                });
                self.close(code).await;
                false
            }
        }
    }

    fn understand(&mut self, payload: &Value) -> Step {
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => self.heartbeat(data),
            Some(2) => self.identify(data),
            Some(6) => self.resume(data),
            // Presence, voice, members: nothing that is asked of us here.
            Some(3 | 4 | 8) if self.session.is_some() => Step::Nothing,
            Some(3 | 4 | 8) => Step::End(NOT_AUTHENTICATED),
            _ => Step::End(UNKNOWN_OPCODE),
        }
    }

    fn heartbeat(&mut self, data: &Value) -> Step {
        self.heard = Instant::now();
        let session = self.session.clone();
        self.service.change(|world| {
            world.gateway.heartbeats += 1;
            let known = session
                .and_then(|id| {
                    world
                        .gateway
                        .sessions
                        .iter()
                        .find(|session| session.id == id)
                })
                .map_or(0, |session| session.seq);
            match data.as_u64() {
                Some(seq) if seq > known => Step::End(INVALID_SEQ),
                None if !data.is_null() => Step::End(DECODE_ERROR),
                _ if world.gateway.acknowledges => {
                    Step::Say(json!({"op": 11, "d": null, "s": null, "t": null}))
                }
                _ => Step::Nothing,
            }
        })
    }

    fn identify(&mut self, data: &Value) -> Step {
        if self.session.is_some() {
            return Step::End(ALREADY_AUTHENTICATED);
        }
        let shard = match &data["shard"] {
            Value::Null => (0, 1),
            given => match (given[0].as_u64(), given[1].as_u64()) {
                (Some(id), Some(count)) if id < count => (id as u32, count as u32),
                _ => return Step::End(INVALID_SHARD),
            },
        };
        let properties = &data["properties"];
        let described = ["os", "browser", "device"]
            .iter()
            .all(|key| properties[key].is_string() || properties[format!("${key}")].is_string());
        if !described {
            return Step::End(DECODE_ERROR);
        }
        let outbox = self.outbox.clone();
        let compress = data["compress"] == true;
        let result = self.service.change(|world| {
            if !world.is_token(&data["token"]) {
                return Err(Step::End(AUTHENTICATION_FAILED));
            }
            let Some(intents) = data["intents"].as_u64() else {
                return Err(Step::End(INVALID_INTENTS));
            };
            if intents & !intent::ALL != 0 {
                return Err(Step::End(INVALID_INTENTS));
            }
            if intents & intent::PRIVILEGED & !world.granted_intents != 0 {
                return Err(Step::End(DISALLOWED_INTENTS));
            }
            // One identify in five seconds. A bot that was started anew on the same shard is let
            // in, for nobody wants to wait that long in a test.
            let hasty =
                world.gateway.identified.last().is_some_and(|last| {
                    last.at.elapsed() < IDENTIFY_PAUSE && last.shard.0 != shard.0
                });
            if hasty {
                return Err(Step::Invalid(false));
            }
            world.gateway.identified.push(Identified {
                shard,
                intents,
                at: Instant::now(),
            });
            let compress = compress && world.gateway.compresses;
            Ok((world.begin_session(shard, intents, outbox), compress))
        });
        match result {
            Ok((session, compress)) => {
                self.session = Some(session);
                self.compress = compress;
                Step::Nothing
            }
            Err(step) => step,
        }
    }

    fn resume(&mut self, data: &Value) -> Step {
        if self.session.is_some() {
            return Step::End(ALREADY_AUTHENTICATED);
        }
        let outbox = self.outbox.clone();
        let id = data["session_id"].as_str().unwrap_or("").to_owned();
        let step = self.service.change(|world| {
            if !world.is_token(&data["token"]) {
                return Step::End(AUTHENTICATION_FAILED);
            }
            let seq = data["seq"].as_u64().unwrap_or(0);
            let Some(session) = world
                .gateway
                .sessions
                .iter_mut()
                .find(|session| session.id == id)
            else {
                return Step::Invalid(false);
            };
            if seq > session.seq {
                return Step::End(INVALID_SEQ);
            }
            session.outbox = Some(outbox);
            for (_, payload) in session.sent.clone().iter().filter(|(sent, _)| *sent > seq) {
                session.push(Frame::Payload(payload.clone()));
            }
            session.send("RESUMED", &json!({"_trace": []}));
            world.gateway.resumed += 1;
            Step::Nothing
        });
        if matches!(step, Step::Nothing) {
            self.session = Some(id);
            // Compression is said in IDENTIFY, and holds for the session.
            self.compress = self.service.look(|world| world.gateway.compresses);
        }
        step
    }

    async fn send(&mut self, payload: String) -> Result<(), axum::Error> {
        let message = if self.compress {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            let written = encoder.write_all(payload.as_bytes());
            written.expect("memory takes what is written");
            let bytes = encoder.finish().expect("memory takes what is written");
            Message::Binary(bytes.into())
        } else {
            Message::Text(payload.into())
        };
        self.socket.send(message).await
    }

    async fn close(&mut self, code: u16) {
        let frame = CloseFrame {
            code,
            reason: "".into(),
        };
        self.socket.send(Message::Close(Some(frame))).await.ok();
        // What nobody can come back to.
        if matches!(code, 1000 | SESSION_TIMED_OUT | INVALID_SEQ)
            && let Some(id) = &self.session
        {
            self.service
                .change(|world| world.gateway.sessions.retain(|session| session.id != *id));
        }
    }
}

impl World {
    fn is_token(&self, given: &Value) -> bool {
        let given = given.as_str().unwrap_or("");
        given.strip_prefix("Bot ").unwrap_or(given) == self.token
    }

    /// Starts a session: READY, and every server it is for.
    fn begin_session(
        &mut self,
        shard: (u32, u32),
        intents: u64,
        outbox: mpsc::UnboundedSender<Frame>,
    ) -> String {
        let id = format!("session{:x}", self.next_id());
        let guilds: Vec<_> = self
            .guilds
            .values()
            .filter(|guild| guild.has_bot)
            .filter(|guild| (guild.id >> 22) % u64::from(shard.1) == u64::from(shard.0))
            .map(|guild| guild.id)
            .collect();
        let unavailable: Vec<Value> = guilds
            .iter()
            .map(|guild| json!({"id": guild.to_string(), "unavailable": true}))
            .collect();
        let mut user = wire::user(self, self.bot());
        wire::merge(
            &mut user,
            json!({"verified": true, "mfa_enabled": false, "email": null}),
        );
        let ready = json!({
            "v": 10, "user": user, "guilds": unavailable, "session_id": id,
            // Loopback too, but nobody listens: who resumes there comes back by the first address.
            "resume_gateway_url": "ws://127.0.0.1:9",
            "shard": [shard.0, shard.1],
            "application": {"id": self.application.to_string(), "flags": 0},
            "_trace": [], "user_settings": {}, "session_type": "normal", "private_channels": [],
            "presences": [], "relationships": [], "guild_join_requests": [], "auth": {},
        });
        let mut session = Session {
            id: id.clone(),
            shard,
            intents,
            seq: 0,
            sent: Vec::new(),
            outbox: Some(outbox),
        };
        session.send("READY", &ready);
        if intents & intent::GUILDS != 0 {
            for guild in guilds {
                session.send("GUILD_CREATE", &wire::guild_create(self, guild));
            }
        }
        // A new session of a shard takes the place of what was left of the old one.
        self.gateway
            .sessions
            .retain(|old| old.shard != shard || old.is_connected());
        self.gateway.sessions.push(session);
        id
    }
}
