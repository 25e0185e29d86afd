//! What the service knows: servers, people, messages, commands, interactions, gateway sessions.
//!
//! Everything is in one [`World`] behind one lock ([`super::service::Service`]). Nothing here knows
//! HTTP or WebSocket; the rules of Discord that need the state are methods, the rules that only
//! need a request body are in [`super::limits`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::refusal::Refusal;
use super::trouble::Trouble;
use super::wire;

/// A snowflake.
pub(crate) type Id = u64;

/// Milliseconds from the Unix epoch to Discord's.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;
/// How long an interaction may go without a first answer.
pub(crate) const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// How long the token of an interaction lives.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);
/// Follow-ups for a user install where the application is not in the server.
pub(crate) const USER_INSTALL_FOLLOWUPS: usize = 5;

/// Permission bits, as Discord numbers them.
pub(crate) mod permission {
    pub(crate) const ADMINISTRATOR: u64 = 1 << 3;
    pub(crate) const MANAGE_GUILD: u64 = 1 << 5;
    pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;
    pub(crate) const SEND_MESSAGES: u64 = 1 << 11;
    pub(crate) const MANAGE_MESSAGES: u64 = 1 << 13;
    pub(crate) const EMBED_LINKS: u64 = 1 << 14;
    pub(crate) const ATTACH_FILES: u64 = 1 << 15;
    pub(crate) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    pub(crate) const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    pub(crate) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
    /// What everybody may do, and the bot with them.
    pub(crate) const EVERYBODY: u64 = VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | ATTACH_FILES
        | READ_MESSAGE_HISTORY
        | USE_APPLICATION_COMMANDS
        | SEND_MESSAGES_IN_THREADS;
    /// All of them.
    pub(crate) const ALL: u64 = (1 << 53) - 1;
}

/// Message flags.
pub(crate) mod flag {
    pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub(crate) const EPHEMERAL: u64 = 1 << 6;
    pub(crate) const LOADING: u64 = 1 << 7;
    pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub(crate) const IS_COMPONENTS_V2: u64 = 1 << 15;
}

/// Gateway intents.
pub(crate) mod intent {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// All that exist.
    pub(crate) const ALL: u64 = ((1 << 17) - 1) | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);
}

/// Kinds of channels that occur.
pub(crate) mod channel_kind {
    pub(crate) const TEXT: u8 = 0;
    pub(crate) const DIRECT: u8 = 1;
    pub(crate) const THREAD: u8 = 11;
}

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

pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) bot: bool,
    pub(crate) blocks_direct_messages: bool,
}

pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) owner: Id,
    pub(crate) locale: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) members: BTreeMap<Id, Vec<Id>>,
    /// Whether the bot was added; where it was not, it can still come along with a user.
    pub(crate) has_bot: bool,
}

pub(crate) struct Role {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    /// The role that Discord made for the bot.
    pub(crate) managed: bool,
}

pub(crate) struct Channel {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) kind: u8,
    pub(crate) guild: Option<Id>,
    pub(crate) parent: Option<Id>,
    pub(crate) recipient: Option<Id>,
    /// What the bot may not do here.
    pub(crate) denied: u64,
    /// When the bot was last seen typing.
    pub(crate) typing: u32,
}

#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: Id,
    pub(crate) content: String,
    pub(crate) embeds: Value,
    pub(crate) components: Value,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) flags: u64,
    pub(crate) reference: Option<Id>,
    pub(crate) interaction: Option<Id>,
    /// Who alone sees it, when it is ephemeral.
    pub(crate) only_for: Option<Id>,
    pub(crate) mentions: Mentions,
    pub(crate) edits: u32,
    pub(crate) deleted: bool,
    pub(crate) nonce: Option<String>,
}

/// Whom a message notified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<Id>,
    pub(crate) roles: Vec<Id>,
    pub(crate) everyone: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// A command as the bot registered it.
pub(crate) struct Registered {
    pub(crate) id: Id,
    /// The server it exists in; none for global ones.
    pub(crate) guild: Option<Id>,
    pub(crate) body: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) kind: Kind,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    pub(crate) guild: Option<Id>,
    pub(crate) command: Option<String>,
    /// The message whose button, menu or modal this is.
    pub(crate) source: Option<Id>,
    pub(crate) asked: Instant,
    pub(crate) answered: Option<Instant>,
    pub(crate) answer: Option<Callback>,
    /// The message that `@original` names.
    pub(crate) original: Option<Id>,
    pub(crate) followups: Vec<Id>,
    pub(crate) expired: bool,
}

/// The first answer to an interaction.
#[derive(Debug, Clone)]
pub(crate) enum Callback {
    Message,
    Deferred,
    DeferredUpdate,
    Update,
    Choices(Value),
    Modal(Value),
}

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

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) authorized: bool,
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

    /// The server of that name; made when there is none.
    pub(crate) fn guild_named(&mut self, name: &str, has_bot: bool) -> Id {
        if let Some(guild) = self.guilds.values().find(|guild| guild.name == name) {
            return guild.id;
        }
        // Ids of servers decide their shard: spread them as years of history would.
        let id = self.next_id() + ((self.guilds.len() as u64) << 22);
        self.last_id = self.last_id.max(id);
        let owner = self.user_named(&format!("owner of {name}"));
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            permissions: permission::EVERYBODY,
            managed: false,
        };
        let mut guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            locale: "en-US".to_owned(),
            roles: vec![everyone],
            members: BTreeMap::from([(owner, Vec::new())]),
            has_bot,
        };
        if has_bot {
            let role = self.next_id();
            guild.roles.push(Role {
                id: role,
                name: "cara".to_owned(),
                permissions: permission::EVERYBODY,
                managed: true,
            });
            guild.members.insert(self.bot(), vec![role]);
        }
        self.guilds.insert(id, guild);
        self.channel_named(id, "general");
        id
    }

    /// The role of that name in a server; made, with these permissions, when there is none.
    pub(crate) fn role_named(&mut self, guild: Id, name: &str, permissions: u64) -> Id {
        let found = self.guilds[&guild]
            .roles
            .iter()
            .find(|role| role.name == name)
            .map(|role| role.id);
        found.unwrap_or_else(|| {
            let id = self.next_id();
            let roles = &mut self.guilds.get_mut(&guild).expect("it was looked up").roles;
            roles.push(Role {
                id,
                name: name.to_owned(),
                permissions,
                managed: false,
            });
            id
        })
    }

    /// The text channel of that name in a server; made when there is none.
    pub(crate) fn channel_named(&mut self, guild: Id, name: &str) -> Id {
        let found = self
            .channels
            .values()
            .find(|channel| channel.guild == Some(guild) && channel.name == name)
            .map(|channel| channel.id);
        found.unwrap_or_else(|| {
            let id = self.new_channel(name, channel_kind::TEXT, Some(guild), None, None);
            let event = wire::channel(self, id);
            self.dispatch("CHANNEL_CREATE", &event, Some(guild), intent::GUILDS);
            id
        })
    }

    /// The thread of that name under a channel; made when there is none.
    pub(crate) fn thread_named(&mut self, parent: Id, name: &str) -> Id {
        let found = self
            .channels
            .values()
            .find(|channel| channel.parent == Some(parent) && channel.name == name)
            .map(|channel| channel.id);
        found.unwrap_or_else(|| {
            let guild = self.channels[&parent].guild;
            let id = self.new_channel(name, channel_kind::THREAD, guild, Some(parent), None);
            let event = wire::channel(self, id);
            self.dispatch("THREAD_CREATE", &event, guild, intent::GUILDS);
            id
        })
    }

    /// The direct messages between the bot and a user.
    pub(crate) fn direct_channel(&mut self, user: Id) -> Id {
        let found = self
            .channels
            .values()
            .find(|channel| channel.recipient == Some(user))
            .map(|channel| channel.id);
        found.unwrap_or_else(|| self.new_channel("", channel_kind::DIRECT, None, None, Some(user)))
    }

    fn new_channel(
        &mut self,
        name: &str,
        kind: u8,
        guild: Option<Id>,
        parent: Option<Id>,
        recipient: Option<Id>,
    ) -> Id {
        let id = self.next_id();
        self.channels.insert(
            id,
            Channel {
                id,
                name: name.to_owned(),
                kind,
                guild,
                parent,
                recipient,
                denied: 0,
                typing: 0,
            },
        );
        id
    }

    /// The user of that name; made when there is none.
    pub(crate) fn user_named(&mut self, name: &str) -> Id {
        let found = self.users.values().find(|user| user.name == name);
        match found {
            Some(user) => user.id,
            None => self.new_user(name),
        }
    }

    /// A new user of that name.
    pub(crate) fn new_user(&mut self, name: &str) -> Id {
        let id = self.next_id();
        self.users.insert(
            id,
            User {
                id,
                name: name.to_owned(),
                bot: false,
                blocks_direct_messages: false,
            },
        );
        id
    }

    /// What a user may do in a server.
    pub(crate) fn permissions_of(&self, guild: Id, user: Id) -> u64 {
        let guild = &self.guilds[&guild];
        if guild.owner == user {
            return permission::ALL;
        }
        let held = guild.members.get(&user).map_or(&[][..], Vec::as_slice);
        let sum = guild
            .roles
            .iter()
            .filter(|role| role.id == guild.id || held.contains(&role.id))
            .fold(0, |sum, role| sum | role.permissions);
        if sum & permission::ADMINISTRATOR == 0 {
            sum
        } else {
            permission::ALL
        }
    }

    /// What the bot may do in a channel; where it is not a member, what Discord lets an application
    /// of a user do.
    pub(crate) fn bot_permissions(&self, channel: Id) -> u64 {
        let channel = &self.channels[&channel];
        let above = channel
            .parent
            .map_or(0, |parent| self.channels[&parent].denied);
        match channel.guild {
            Some(guild) if self.guilds[&guild].has_bot => {
                self.permissions_of(guild, self.bot()) & !channel.denied & !above
            }
            _ => permission::EVERYBODY & !channel.denied & !above,
        }
    }

    /// Whether the bot may write into a channel by itself, with these things in the message.
    ///
    /// # Errors
    /// Discord's word for what is missing.
    pub(crate) fn may_write(&self, channel: Id, needs: u64, replies: bool) -> Result<(), Refusal> {
        let Some(place) = self.channels.get(&channel) else {
            return Err(Refusal::unknown_channel());
        };
        if let Some(recipient) = place.recipient {
            return if self.users[&recipient].blocks_direct_messages {
                Err(Refusal::cannot_message_user())
            } else {
                Ok(())
            };
        }
        if !place.guild.is_some_and(|guild| self.guilds[&guild].has_bot) {
            return Err(Refusal::missing_access());
        }
        let held = self.bot_permissions(channel);
        if held & permission::VIEW_CHANNEL == 0 {
            return Err(Refusal::missing_access());
        }
        let write = if place.kind == channel_kind::THREAD {
            permission::SEND_MESSAGES_IN_THREADS
        } else {
            permission::SEND_MESSAGES
        };
        if held & (write | needs) != write | needs {
            return Err(Refusal::missing_permissions());
        }
        if replies && held & permission::READ_MESSAGE_HISTORY == 0 {
            return Err(Refusal::cannot_reply_without_history());
        }
        Ok(())
    }

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

    /// Adds a message and tells the sessions that may know of it.
    pub(crate) fn post(&mut self, message: Message) {
        let id = message.id;
        let ephemeral = message.only_for.is_some();
        self.messages.insert(id, message);
        if !ephemeral {
            self.tell_message("MESSAGE_CREATE", id);
        }
    }

    /// Tells the sessions that may know of it about a message.
    pub(crate) fn tell_message(&mut self, kind: &str, id: Id) {
        let message = &self.messages[&id];
        let channel = &self.channels[&message.channel];
        let guild = channel.guild;
        if guild.is_some_and(|guild| !self.guilds[&guild].has_bot) {
            return;
        }
        let needed = match guild {
            Some(_) => intent::GUILD_MESSAGES,
            None => intent::DIRECT_MESSAGES,
        };
        let full = wire::message_event(self, message, true);
        let bare = wire::message_event(self, message, false);
        // Without the intent, content comes with one's own messages, direct messages and mentions.
        let shown = guild.is_none()
            || message.author == self.bot()
            || message.mentions.users.contains(&self.bot())
            || self.gateway.shows_role_mentions && self.is_our_role(guild, message);
        for session in &mut self.gateway.sessions {
            let (shard, count) = session.shard;
            let home = guild.map_or(0, |guild| (guild >> 22) % u64::from(count.max(1)));
            if home != u64::from(shard) || session.intents & needed != needed {
                continue;
            }
            let sees = shown || session.intents & intent::MESSAGE_CONTENT != 0;
            session.send(kind, if sees { &full } else { &bare });
        }
    }

    /// Whether a message mentions the role that Discord made for the bot.
    fn is_our_role(&self, guild: Option<Id>, message: &Message) -> bool {
        let roles = guild.map_or(&[][..], |guild| &self.guilds[&guild].roles);
        let mut ours = roles.iter().filter(|role| role.managed);
        ours.any(|role| message.mentions.roles.contains(&role.id))
    }

    /// Takes a message away.
    pub(crate) fn delete(&mut self, id: Id) {
        let Some(message) = self.messages.get_mut(&id) else {
            return;
        };
        message.deleted = true;
        let (channel, ephemeral) = (message.channel, message.only_for.is_some());
        if ephemeral {
            return;
        }
        let guild = self.channels[&channel].guild;
        let mut event = json!({"id": id.to_string(), "channel_id": channel.to_string()});
        if let Some(guild) = guild {
            event["guild_id"] = json!(guild.to_string());
        }
        let needed = match guild {
            Some(_) => intent::GUILD_MESSAGES,
            None => intent::DIRECT_MESSAGES,
        };
        self.dispatch("MESSAGE_DELETE", &event, guild, needed);
    }

    /// The interaction whose token a webhook address names.
    ///
    /// # Errors
    /// When there is none, or its token is no longer good.
    pub(crate) fn interaction_of_token(
        &mut self,
        application: &str,
        token: &str,
    ) -> Result<&mut Interaction, Refusal> {
        if application != self.application.to_string() {
            return Err(Refusal::unknown_webhook());
        }
        let found = self
            .interactions
            .values_mut()
            .find(|interaction| interaction.token == token)
            .ok_or_else(Refusal::unknown_webhook)?;
        if found.expired || found.asked.elapsed() > TOKEN_LIFE {
            return Err(Refusal::invalid_webhook_token());
        }
        Ok(found)
    }

    /// Notes something the bot must not do.
    pub(crate) fn offend(&mut self, what: impl Into<String>) {
        self.offences.push(what.into());
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

impl Interaction {
    /// Whether somebody who looks at the client still waits for the first answer.
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_none() && !self.expired && self.asked.elapsed() <= FIRST_ANSWER
    }
}

impl Message {
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags & flag::EPHEMERAL != 0
    }
}
