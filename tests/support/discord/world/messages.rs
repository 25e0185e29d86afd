//! Messages: posted, told to the sessions that may know of them, taken away.

use serde_json::{Value, json};

use super::super::wire;
use super::{Id, World, flag, intent};

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

impl World {
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
}

impl Message {
    pub(crate) fn is_ephemeral(&self) -> bool {
        self.flags & flag::EPHEMERAL != 0
    }
}
