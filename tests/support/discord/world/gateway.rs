//! The gateway: its settings, its sessions, and the events they are sent.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::{Id, World};

/// The gateway: its settings and its sessions.
pub(crate) struct Gateway {
    pub(crate) open: bool,
    pub(crate) acknowledges: bool,
    pub(crate) compresses: bool,
    pub(crate) heartbeat: Duration,
    pub(crate) shards: u32,
    /// Whether the text of a message comes with a mention of the bot's role: Discord does not say.
    pub(crate) shows_role_mentions: bool,
    pub(crate) sessions: Vec<Session>,
    pub(crate) identified: Vec<Identified>,
    pub(crate) resumed: u32,
    pub(crate) heartbeats: u32,
    pub(crate) connections: u32,
}

/// An IDENTIFY that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Identified {
    pub(crate) shard: (u32, u32),
    pub(crate) intents: u64,
    pub(crate) at: Instant,
}

pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: (u32, u32),
    pub(crate) intents: u64,
    pub(crate) seq: u64,
    /// What was sent, for a resume.
    pub(crate) sent: Vec<(u64, String)>,
    pub(crate) outbox: Option<UnboundedSender<Frame>>,
}

/// What a connection is told to send or do.
#[derive(Debug)]
pub(crate) enum Frame {
    Payload(String),
    Close(u16),
    Cut,
}

impl World {
    /// Sends an event to every session it concerns.
    pub(crate) fn dispatch(
        &mut self,
        kind: &str,
        data: &Value,
        guild: Option<Id>,
        needed_intent: u64,
    ) {
        for session in &mut self.gateway.sessions {
            let (shard, count) = session.shard;
            let home = guild.map_or(0, |guild| (guild >> 22) % u64::from(count.max(1)));
            if home == u64::from(shard) && session.intents & needed_intent == needed_intent {
                session.send(kind, data);
            }
        }
    }
}

impl Session {
    /// Sends an event, or keeps it for a resume when the connection is gone.
    pub(crate) fn send(&mut self, kind: &str, data: &Value) {
        self.seq += 1;
        let payload = json!({"op": 0, "s": self.seq, "t": kind, "d": data}).to_string();
        self.sent.push((self.seq, payload.clone()));
        self.push(Frame::Payload(payload));
    }

    /// Whether somebody listens.
    pub(crate) fn is_connected(&self) -> bool {
        self.outbox
            .as_ref()
            .is_some_and(|outbox| !outbox.is_closed())
    }

    /// Hands a frame to the connection, if there is one.
    pub(crate) fn push(&mut self, frame: Frame) {
        if let Some(outbox) = &self.outbox
            && outbox.send(frame).is_err()
        {
            self.outbox = None;
        }
    }
}
