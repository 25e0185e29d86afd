//! Messages: written to the bot or past it, and what the bot answers or writes by itself.

use serde_json::json;

use super::super::rest::named_in;
use super::super::said::{How, Said};
use super::super::world::{Id, Mentions, Message, World};
use super::super::{HOME, PATIENCE};
use super::Person;

impl Person {
    /// Writes a message and doesn't wait.
    pub(crate) fn writes(&self, text: &str) -> Id {
        self.writes_referring(text, None, false)
    }

    /// Writes a message that mentions the bot, and waits for the answer.
    #[track_caller]
    pub(crate) fn mentions_bot(&self, text: &str) -> Said {
        let bot = self.service.look(World::bot);
        let id = self.writes(&format!("<@{bot}> {text}"));
        self.hears_answer(id)
    }

    /// Writes a message that mentions the role which Discord made for the bot, and waits.
    #[track_caller]
    pub(crate) fn mentions_role(&self, text: &str) -> Said {
        let role = self.service.look(|world| {
            let guild = self.guild.expect("roles are in servers");
            world.guilds[&guild]
                .roles
                .iter()
                .find(|role| role.managed)
                .map(|role| role.id)
        });
        let role = role.expect("the bot is in this server");
        let id = self.writes(&format!("<@&{role}> {text}"));
        self.hears_answer(id)
    }

    /// Replies to what the bot said, with the mention that the client adds, and waits.
    #[track_caller]
    pub(crate) fn replies_to(&self, said: &Said, text: &str) -> Said {
        let id = self.writes_referring(text, Some(said.id()), true);
        self.hears_answer(id)
    }

    /// Writes to the bot in private, and waits for the answer.
    #[track_caller]
    pub(crate) fn direct_message(&self, text: &str) -> Said {
        let alone = self.in_private();
        let id = alone.writes(text);
        alone.hears_answer(id)
    }

    /// Waits for the bot's answer to a message.
    #[track_caller]
    pub(crate) fn hears_answer(&self, to: Id) -> Said {
        let found = self.service.wait(PATIENCE, |world| {
            answer_to(world, to).map(|answer| answer.id)
        });
        match found {
            Some(id) => Said::message(&self.service, How::Posted, id),
            None => panic!("the bot did not answer"),
        }
    }

    /// Waits for the next message that the bot writes to them in private by itself.
    #[track_caller]
    pub(crate) fn is_told(&self, after: Id) -> Said {
        let alone = self.in_private();
        let found = self.service.wait(PATIENCE, |world| {
            let bot = world.bot();
            world
                .messages
                .range(after + 1..)
                .map(|(_, message)| message)
                .find(|message| message.channel == alone.channel && message.author == bot)
                .map(|message| message.id)
        });
        match found {
            Some(id) => Said::message(&self.service, How::Posted, id),
            None => panic!("the bot did not write"),
        }
    }

    /// How many messages of the bot they have had in private.
    pub(crate) fn letters(&self) -> usize {
        let alone = self.in_private();
        self.service.look(|world| {
            let bot = world.bot();
            world
                .messages
                .values()
                .filter(|message| message.channel == alone.channel && message.author == bot)
                .count()
        })
    }

    /// Fails if the bot answers a message. What the bot was told before it answers somebody else,
    /// it has seen; so somebody else asks.
    #[track_caller]
    pub(crate) fn gets_no_answer(&self, to: Id) {
        let other = Person::join(&self.service, "bystander", HOME, None);
        other.direct_message("When was Fugato founded?");
        let answer = self
            .service
            .look(|world| answer_to(world, to).map(|message| message.content.clone()));
        assert_eq!(answer, None);
    }

    fn writes_referring(&self, text: &str, reference: Option<Id>, pings: bool) -> Id {
        self.note([text]);
        self.service.change(|world| {
            let (mut users, roles) = named_in(text);
            if let Some(author) = reference
                .filter(|_| pings)
                .map(|id| world.messages[&id].author)
                && !users.contains(&author)
            {
                users.push(author);
            }
            let guild = self.guild;
            let message = Message {
                id: world.next_id(),
                channel: self.channel,
                author: self.user,
                content: text.to_owned(),
                embeds: json!([]),
                components: json!([]),
                attachments: Vec::new(),
                flags: 0,
                reference,
                interaction: None,
                only_for: None,
                mentions: Mentions {
                    users: users
                        .into_iter()
                        .filter(|id| world.users.contains_key(id))
                        .collect(),
                    roles: roles.into_iter().filter(|_| guild.is_some()).collect(),
                    // Members have no right to that.
                    everyone: false,
                },
                edits: 0,
                deleted: false,
                nonce: None,
            };
            let id = message.id;
            world.post(message);
            id
        })
    }
}

/// The bot's answer to a message: the one that refers to it, or in private the next.
fn answer_to(world: &World, to: Id) -> Option<&Message> {
    let asked = &world.messages[&to];
    let alone = world.channels[&asked.channel].guild.is_none();
    world
        .messages
        .range(to + 1..)
        .map(|(_, message)| message)
        .filter(|message| message.channel == asked.channel && message.author == world.bot())
        .filter(|message| message.interaction.is_none())
        .find(|message| match message.reference {
            Some(reference) => reference == to,
            None => alone,
        })
}
