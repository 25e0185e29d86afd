//! Servers, roles, channels and users: found by their names, and made when there are none.

use std::collections::BTreeMap;

use super::super::wire;
use super::{Id, World, channel_kind, intent, permission};

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

impl World {
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
}
