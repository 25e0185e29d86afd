//! People, and what they can do in the client: type commands, click, choose, fill in forms, write.
//!
//! A person sees what the client would show: commands that are registered and allowed, buttons that
//! are on the message. What the client would not let happen fails the test.

mod commands;
mod components;
mod forms;
mod messages;
mod pending;

use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

pub(crate) use pending::Pending;

use super::HOME;
use super::service::Service;
use super::wire::interaction_event;
use super::world::{Id, Interaction, Kind};

/// Somebody at a place.
#[derive(Clone)]
pub(crate) struct Person {
    service: Arc<Service>,
    user: Id,
    guild: Option<Id>,
    channel: Id,
    locale: String,
}

impl Person {
    /// Somebody of that name in a server, in its general channel.
    pub(super) fn join(
        service: &Arc<Service>,
        name: &str,
        server: &str,
        role: Option<&str>,
    ) -> Person {
        service.change(|world| {
            let user = world.user_named(name);
            let guild = world.guild_named(server, true);
            let role = role.map(|role| world.role_named(guild, role, 0));
            let known = world.guilds.get_mut(&guild).expect("it was just named");
            let held = known.members.entry(user).or_default();
            if let Some(role) = role
                && !held.contains(&role)
            {
                held.push(role);
            }
            Person {
                service: Arc::clone(service),
                user,
                guild: Some(guild),
                channel: world.channel_named(guild, "general"),
                locale: "en-GB".to_owned(),
            }
        })
    }

    /// Somebody new in the home server. Nobody is looked for by name, which takes long in a crowd.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(super) fn newcomer(service: &Arc<Service>, name: &str) -> Person {
        service.change(|world| {
            let guild = world.guild_named(HOME, true);
            let user = world.new_user(name);
            let known = world.guilds.get_mut(&guild).expect("it was just named");
            known.members.insert(user, Vec::new());
            Person {
                service: Arc::clone(service),
                user,
                guild: Some(guild),
                channel: guild,
                locale: "en-GB".to_owned(),
            }
        })
    }

    /// Their id.
    pub(crate) fn id(&self) -> Id {
        self.user
    }

    /// The channel they are in.
    pub(crate) fn place(&self) -> Id {
        self.channel
    }

    /// The same person in a channel whose id is known.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn at(&self, channel: Id) -> Person {
        Person {
            channel,
            ..self.clone()
        }
    }

    /// The same person in another channel of the server.
    pub(crate) fn in_channel(&self, name: &str) -> Person {
        let guild = self.guild.expect("channels are in servers");
        let channel = self
            .service
            .change(|world| world.channel_named(guild, name));
        Person {
            channel,
            ..self.clone()
        }
    }

    /// The same person in a thread of this channel.
    pub(crate) fn in_thread(&self, name: &str) -> Person {
        let channel = self
            .service
            .change(|world| world.thread_named(self.channel, name));
        Person {
            channel,
            ..self.clone()
        }
    }

    /// The same person alone with the bot.
    pub(crate) fn in_private(&self) -> Person {
        let channel = self.service.change(|world| world.direct_channel(self.user));
        Person {
            guild: None,
            channel,
            ..self.clone()
        }
    }

    /// The same person with a client in another language.
    pub(crate) fn speaking(&self, locale: &str) -> Person {
        Person {
            locale: locale.to_owned(),
            ..self.clone()
        }
    }

    /// Lets nobody but friends write to them.
    pub(crate) fn blocks_direct_messages(&self) {
        self.service.change(|world| {
            let user = world.users.get_mut(&self.user);
            user.expect("people are users").blocks_direct_messages = true;
        });
    }

    fn interacts(
        &self,
        kind: Kind,
        command: Option<String>,
        source: Option<Id>,
        data: Value,
    ) -> Pending {
        let (id, edits) = self.service.change(|world| {
            let id = world.next_id();
            let interaction = Interaction {
                id,
                token: format!("aW50ZXJhY3Rpb246{id:x}"),
                kind,
                user: self.user,
                channel: source.map_or(self.channel, |source| world.messages[&source].channel),
                guild: self.guild,
                command,
                source,
                asked: Instant::now(),
                answered: None,
                answer: None,
                original: None,
                followups: Vec::new(),
                expired: false,
            };
            let event = interaction_event(world, &interaction, &self.locale, data);
            world.interactions.insert(id, interaction);
            world.dispatch("INTERACTION_CREATE", &event, self.guild, 0);
            (id, source.map_or(0, |source| world.messages[&source].edits))
        });
        Pending {
            service: Arc::clone(&self.service),
            id,
            edits,
        }
    }

    fn note<'t>(&self, texts: impl IntoIterator<Item = &'t str>) {
        let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        self.service.change(|world| world.written.extend(texts));
    }
}
