//! What the service knows: servers, people, messages, commands, interactions, gateway sessions.
//!
//! Everything is in one [`World`] behind one lock ([`super::service::Service`]). Nothing here knows
//! HTTP or WebSocket; the rules of Discord that need the state are methods, the rules that only
//! need a request body are in [`super::limits`].

mod gateway;
mod interactions;
mod messages;
mod numbers;
mod places;
mod rights;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

pub(crate) use gateway::{Frame, Gateway, Identified, Session};
pub(crate) use interactions::{Callback, FIRST_ANSWER, Interaction, Kind, USER_INSTALL_FOLLOWUPS};
pub(crate) use messages::{Attachment, Mentions, Message};
pub(crate) use numbers::{channel_kind, flag, intent, permission};
pub(crate) use places::{Channel, Guild, User};

use super::trouble::Trouble;

/// A snowflake.
pub(crate) type Id = u64;

/// Milliseconds from the Unix epoch to Discord's.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// The state of the service.
pub(crate) struct World {
    pub(crate) token: String,
    pub(crate) application: Id,
    /// Privileged intents switched on in the developer portal.
    pub(crate) granted_intents: u64,
    pub(crate) users: BTreeMap<Id, User>,
    pub(crate) guilds: BTreeMap<Id, Guild>,
    pub(crate) channels: BTreeMap<Id, Channel>,
    pub(crate) messages: BTreeMap<Id, Message>,
    pub(crate) commands: Vec<Registered>,
    /// Commands that administrators opened to everybody in the server's settings.
    pub(crate) opened: BTreeSet<String>,
    pub(crate) interactions: BTreeMap<Id, Interaction>,
    pub(crate) gateway: Gateway,
    pub(crate) requests: Vec<Request>,
    /// What the bot did that Discord, or the house, does not allow.
    pub(crate) offences: Vec<String>,
    pub(crate) troubles: Vec<Trouble>,
    /// Everything people wrote, which no log may repeat.
    pub(crate) written: Vec<String>,
    last_id: Id,
}

impl World {
    /// A world with an application, its bot, and nobody else.
    pub(crate) fn new(token: &str) -> World {
        let mut world = World {
            token: token.to_owned(),
            application: 0,
            granted_intents: 0,
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            commands: Vec::new(),
            opened: BTreeSet::new(),
            interactions: BTreeMap::new(),
            gateway: Gateway {
                open: true,
                acknowledges: true,
                compresses: true,
                heartbeat: Duration::from_millis(41_250),
                shards: 1,
                shows_role_mentions: true,
                sessions: Vec::new(),
                identified: Vec::new(),
                resumed: 0,
                heartbeats: 0,
                connections: 0,
            },
            requests: Vec::new(),
            offences: Vec::new(),
            troubles: Vec::new(),
            written: Vec::new(),
            last_id: 0,
        };
        // An application's bot has the same snowflake.
        let id = world.next_id();
        world.application = id;
        world.users.insert(
            id,
            User {
                id,
                name: "cara".to_owned(),
                bot: true,
                blocks_direct_messages: false,
            },
        );
        world
    }

    /// A new snowflake: of now, and higher than all before.
    pub(crate) fn next_id(&mut self) -> Id {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
            });
        let fresh = now.saturating_sub(DISCORD_EPOCH_MS) << 22;
        self.last_id = fresh.max(self.last_id + 1);
        self.last_id
    }

    pub(crate) fn bot(&self) -> Id {
        self.application
    }

    /// Notes something the bot must not do.
    pub(crate) fn offend(&mut self, what: impl Into<String>) {
        self.offences.push(what.into());
    }
}

/// A command as the bot registered it.
pub(crate) struct Registered {
    pub(crate) id: Id,
    /// The server it exists in; none for global ones.
    pub(crate) guild: Option<Id>,
    pub(crate) body: Value,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) authorized: bool,
}
