//! People, and what they can do in the client: type commands, click, choose, fill in forms, write.
//!
//! A person sees what the client would show: commands that are registered and allowed, buttons that
//! are on the message. What the client would not let happen fails the test.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::limits::{list, number};
use super::rest::named_in;
use super::said::{Button, How, Input, Said};
use super::service::Service;
use super::wire::interaction_event;
use super::world::{
    Callback, FIRST_ANSWER, Id, Interaction, Kind, Mentions, Message, World, flag, permission,
};
use super::{HOME, PATIENCE};

/// Somebody at a place.
#[derive(Clone)]
pub(crate) struct Person {
    service: Arc<Service>,
    user: Id,
    guild: Option<Id>,
    channel: Id,
    locale: String,
}

/// An interaction that was begun.
pub(crate) struct Pending {
    service: Arc<Service>,
    id: Id,
    /// How often the message it belongs to had been edited.
    edits: u32,
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

    /// Types a slash command and waits for what the bot says.
    #[track_caller]
    pub(crate) fn types(&self, command: &str, options: &[(&str, &str)]) -> Said {
        self.begins(command, options).said()
    }

    /// Types a slash command.
    #[track_caller]
    pub(crate) fn begins(&self, command: &str, options: &[(&str, &str)]) -> Pending {
        let words: Vec<&str> = command.trim_start_matches('/').split(' ').collect();
        let (id, body) = self.finds(words[0], 1);
        let (path, leaf) = descend(&body, &words[1..], &self.locale);
        let known = list(&leaf["options"]);
        let mut given = Vec::new();
        for (name, value) in options {
            let option = known
                .iter()
                .find(|option| is_called(option, name, &self.locale))
                .unwrap_or_else(|| panic!("{command} has no option {name}: {leaf}"));
            given.push(json!({
                "name": option["name"], "type": option["type"],
                "value": typed(option, value),
            }));
        }
        for option in known.iter().filter(|option| option["required"] == true) {
            assert!(
                given.iter().any(|one| one["name"] == option["name"]),
                "{command} needs {}",
                option["name"]
            );
        }
        let data = json!({
            "id": id.to_string(), "name": body["name"], "type": 1,
            "options": wrap(&path, given),
        });
        let name = full_name(&body, &path);
        self.note(options.iter().map(|(_, value)| *value));
        self.interacts(Kind::Command, Some(name), None, data)
    }

    /// Types into an option and sees what is proposed: names and values.
    #[track_caller]
    pub(crate) fn types_in(
        &self,
        command: &str,
        option: &str,
        text: &str,
    ) -> Vec<(String, String)> {
        let words: Vec<&str> = command.trim_start_matches('/').split(' ').collect();
        let (id, body) = self.finds(words[0], 1);
        let (path, leaf) = descend(&body, &words[1..], &self.locale);
        let known = list(&leaf["options"])
            .iter()
            .find(|known| is_called(known, option, &self.locale))
            .unwrap_or_else(|| panic!("{command} has no option {option}"));
        assert!(known["autocomplete"] == true, "{option} is not completed");
        let focused = json!({
            "name": known["name"], "type": known["type"], "value": text, "focused": true,
        });
        let data = json!({
            "id": id.to_string(), "name": body["name"], "type": 1,
            "options": wrap(&path, vec![focused]),
        });
        let name = format!(
            "{} {}",
            full_name(&body, &path),
            known["name"].as_str().unwrap_or("")
        );
        self.note([text]);
        let pending = self.interacts(Kind::Autocomplete, Some(name), None, data);
        match pending.answer() {
            Callback::Choices(choices) => list(&choices)
                .iter()
                .map(|choice| {
                    let value = match &choice["value"] {
                        Value::String(value) => value.clone(),
                        other => other.to_string(),
                    };
                    (choice["name"].as_str().unwrap_or("").to_owned(), value)
                })
                .collect(),
            other => panic!("{other:?} is no choice"),
        }
    }

    /// Uses a command of the context menu of a message.
    #[track_caller]
    pub(crate) fn uses_on_message(&self, command: &str, message: Id) -> Said {
        let (id, body) = self.finds(command, 3);
        let target = self
            .service
            .look(|world| super::wire::message(world, &world.messages[&message]));
        let data = json!({
            "id": id.to_string(), "name": body["name"], "type": 3,
            "target_id": message.to_string(),
            "resolved": {"messages": {message.to_string(): target}},
        });
        let name = body["name"].as_str().unwrap_or("").to_owned();
        self.interacts(Kind::Command, Some(name), None, data).said()
    }

    /// Clicks the button with that label, and sees what happens.
    #[track_caller]
    pub(crate) fn clicks(&self, said: &Said, label: &str) -> Said {
        self.begins_click(said, label).said()
    }

    /// Clicks the button with that label.
    #[track_caller]
    pub(crate) fn begins_click(&self, said: &Said, label: &str) -> Pending {
        let now = said.now();
        assert!(!now.is_gone(), "the message is gone");
        let button: &Button = now.button(label);
        assert!(!button.disabled, "{label} is disabled");
        let id = button.id.as_deref().expect("it is no link");
        self.presses(said.id(), id)
    }

    /// Presses a button by its custom id, which need not be on the message any more.
    #[track_caller]
    pub(crate) fn presses(&self, message: Id, custom_id: &str) -> Pending {
        self.may_see(message);
        let data = json!({"custom_id": custom_id, "component_type": 2, "id": 1});
        self.interacts(Kind::Component, None, Some(message), data)
    }

    /// Chooses an option of a menu by its label, and sees what happens.
    #[track_caller]
    pub(crate) fn chooses(&self, said: &Said, label: &str) -> Said {
        let now = said.now();
        let found = now.menus.iter().find_map(|menu| {
            menu.options
                .iter()
                .find(|(shown, _)| shown == label || shown.contains(label))
                .map(|(_, value)| (menu.id.clone(), value.clone()))
        });
        let Some((id, value)) = found else {
            panic!("no {label:?} in {:?}", now.menus);
        };
        self.picks(said.id(), &id, &value).said()
    }

    /// Chooses from a menu by custom id and value, which need not be on the message any more.
    #[track_caller]
    pub(crate) fn picks(&self, message: Id, custom_id: &str, value: &str) -> Pending {
        self.may_see(message);
        let data = json!({
            "custom_id": custom_id, "component_type": 3, "id": 1, "values": [value],
        });
        self.interacts(Kind::Component, None, Some(message), data)
    }

    /// Fills in a form and sends it: labels and texts; what is not named stays as it was.
    #[track_caller]
    pub(crate) fn submits(&self, form: &Said, texts: &[(&str, &str)]) -> Said {
        self.begins_submit(form, texts).said()
    }

    /// Fills in a form and sends it.
    #[track_caller]
    pub(crate) fn begins_submit(&self, form: &Said, texts: &[(&str, &str)]) -> Pending {
        let modal = form.modal.as_ref().expect("the bot asked with a form");
        let mut values: BTreeMap<String, String> = modal
            .inputs
            .iter()
            .map(|input| (input.id.clone(), input.value.clone()))
            .collect();
        for (label, text) in texts {
            values.insert(modal.input(label).id.clone(), (*text).to_owned());
        }
        for input in &modal.inputs {
            check_input(input, &values[&input.id]);
        }
        let data = json!({
            "custom_id": modal.body["custom_id"],
            "components": filled(&modal.body["components"], &values),
        });
        // A form that a button opened belongs to the message of that button.
        let source = form
            .interaction()
            .and_then(|id| self.service.look(|world| world.interactions[&id].source));
        self.note(texts.iter().map(|(_, text)| *text));
        self.interacts(Kind::Modal, None, source, data)
    }

    /// Sends a form with this custom id and these values, whatever was shown.
    #[track_caller]
    pub(crate) fn forges_form(
        &self,
        custom_id: &str,
        values: &[(&str, &str)],
        message: Option<Id>,
    ) -> Pending {
        let rows: Vec<Value> = values
            .iter()
            .map(|(id, value)| {
                json!({"type": 1, "components": [{"type": 4, "custom_id": id, "value": value}]})
            })
            .collect();
        let data = json!({"custom_id": custom_id, "components": rows});
        self.interacts(Kind::Modal, None, message, data)
    }

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

    /// The command of that name, once it is registered.
    #[track_caller]
    fn finds(&self, name: &str, kind: u64) -> (Id, Value) {
        let found = self
            .service
            .wait(PATIENCE, |world| self.sees(world, name, kind));
        found.unwrap_or_else(|| {
            let all = self.service.look(|world| {
                world
                    .commands
                    .iter()
                    .map(|command| command.body["name"].to_string())
                    .collect::<Vec<_>>()
            });
            panic!("{name} is not to be seen here; registered are {all:?}")
        })
    }

    /// Whether a command can be seen where they are.
    pub(crate) fn can_see(&self, name: &str) -> bool {
        self.service.look(|world| {
            [1, 3]
                .iter()
                .any(|kind| self.sees(world, name, *kind).is_some())
        })
    }

    fn sees(&self, world: &World, name: &str, kind: u64) -> Option<(Id, Value)> {
        world
            .commands
            .iter()
            .filter(|command| command.body["type"].as_u64().unwrap_or(1) == kind)
            .filter(|command| is_called(&command.body, name, &self.locale))
            .filter(|command| match command.guild {
                Some(guild) => self.guild == Some(guild),
                None => self.is_offered(world, &command.body),
            })
            .find(|command| self.is_allowed(world, &command.body))
            .map(|command| (command.id, command.body.clone()))
    }

    /// Whether a global command exists at this kind of place.
    fn is_offered(&self, world: &World, body: &Value) -> bool {
        let contexts = list(&body["contexts"]);
        let installs = list(&body["integration_types"]);
        let has = |all: &[Value], one: u64| all.is_empty() || all.iter().any(|value| *value == one);
        match self.guild {
            Some(guild) => {
                let install = u64::from(!world.guilds[&guild].has_bot);
                has(contexts, 0) && has(installs, install)
            }
            None => has(contexts, 1),
        }
    }

    fn is_allowed(&self, world: &World, body: &Value) -> bool {
        let Some(guild) = self.guild else {
            return true;
        };
        let Some(needed) = number(&body["default_member_permissions"]) else {
            return true;
        };
        let name = body["name"].as_str().unwrap_or("");
        let held = world.permissions_of(guild, self.user);
        let needed = if needed == 0 {
            permission::ADMINISTRATOR
        } else {
            needed
        };
        world.opened.contains(name) || held & needed == needed
    }

    /// Fails if they cannot see a message.
    #[track_caller]
    fn may_see(&self, message: Id) {
        let only_for = self.service.look(|world| world.messages[&message].only_for);
        assert!(
            only_for.is_none_or(|user| user == self.user),
            "the message is for somebody else"
        );
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

impl Pending {
    /// Waits for the first answer.
    #[track_caller]
    fn answer(&self) -> Callback {
        match self.first_answer() {
            Some(answer) => answer,
            None => panic!("the interaction failed: no answer within {FIRST_ANSWER:?}"),
        }
    }

    fn first_answer(&self) -> Option<Callback> {
        let grace = Duration::from_millis(200);
        self.service.wait(FIRST_ANSWER + grace, |world| {
            world.interactions[&self.id].answer.clone()
        })
    }

    /// Waits for the first answer: how long it took from the event to its callback; none when there
    /// was none in time.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn took(&self) -> Option<Duration> {
        self.first_answer()?;
        self.service.look(|world| {
            let interaction = &world.interactions[&self.id];
            Some(interaction.answered?.duration_since(interaction.asked))
        })
    }

    /// Waits until "This interaction failed" is to be seen.
    #[track_caller]
    pub(crate) fn fails(self) {
        let answer = self.first_answer();
        assert!(answer.is_none(), "it was answered: {answer:?}");
    }

    /// Waits until the bot has taken note, however long the rest takes.
    #[track_caller]
    pub(crate) fn acknowledged(&self) {
        self.answer();
    }

    /// Waits until the bot has said what it has to say.
    #[track_caller]
    pub(crate) fn said(&self) -> Said {
        let answer = self.answer();
        match &answer {
            Callback::Message | Callback::Deferred => {
                let found = self.service.wait(PATIENCE, |world| {
                    let interaction = &world.interactions[&self.id];
                    let original = interaction.original?;
                    let message = &world.messages[&original];
                    if message.deleted {
                        return interaction.followups.first().copied();
                    }
                    (message.flags & flag::LOADING == 0).then_some(original)
                });
                match found {
                    Some(id) => Said::message(&self.service, How::Posted, id),
                    None => panic!("the bot is thinking for ever"),
                }
            }
            Callback::Update => {
                let original = self
                    .service
                    .look(|world| world.interactions[&self.id].original);
                let id = original.expect("an update is of a message");
                Said::message(&self.service, How::Updated, id)
            }
            Callback::DeferredUpdate => {
                let found = self.service.wait(PATIENCE, |world| {
                    let interaction = &world.interactions[&self.id];
                    if let Some(followup) = interaction.followups.first() {
                        return Some((How::Posted, *followup));
                    }
                    let source = interaction.source?;
                    let message = &world.messages[&source];
                    (message.deleted || message.edits > self.edits)
                        .then_some((How::Updated, source))
                });
                match found {
                    Some((how, id)) => Said::message(&self.service, how, id),
                    None => Said::without_message(&self.service, self.id, &answer),
                }
            }
            Callback::Modal(_) | Callback::Choices(_) => {
                Said::without_message(&self.service, self.id, &answer)
            }
        }
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

/// Goes down the words of a command to the subcommand they name: the names on the way, and what
/// lies there.
#[track_caller]
fn descend(body: &Value, words: &[&str], locale: &str) -> (Vec<(String, u64)>, Value) {
    let mut path = Vec::new();
    let mut here = body.clone();
    for word in words {
        let next = list(&here["options"])
            .iter()
            .find(|option| is_called(option, word, locale))
            .unwrap_or_else(|| panic!("no {word} in {}", here["name"]))
            .clone();
        let kind = next["type"].as_u64().unwrap_or(0);
        path.push((next["name"].as_str().unwrap_or("").to_owned(), kind));
        here = next;
    }
    let nested = list(&here["options"])
        .iter()
        .any(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
    assert!(!nested, "{} needs one of its subcommands", here["name"]);
    (path, here)
}

/// Puts options into the subcommands they belong to.
fn wrap(path: &[(String, u64)], options: Vec<Value>) -> Value {
    path.iter().rev().fold(
        Value::Array(options),
        |inner, (name, kind)| json!([{"name": name, "type": kind, "options": inner}]),
    )
}

fn full_name(body: &Value, path: &[(String, u64)]) -> String {
    let mut name = body["name"].as_str().unwrap_or("").to_owned();
    for (word, _) in path {
        name.push(' ');
        name.push_str(word);
    }
    name
}

/// Whether a command or option goes by a name, in its own words or in those of the locale.
fn is_called(form: &Value, name: &str, locale: &str) -> bool {
    form["name"] == name || form["name_localizations"][locale] == name
}

/// What is typed, as a value of the option's type.
#[track_caller]
fn typed(option: &Value, text: &str) -> Value {
    let choices = list(&option["choices"]);
    if !choices.is_empty() {
        let choice = choices
            .iter()
            .find(|choice| choice["name"] == text || choice["value"] == text)
            .unwrap_or_else(|| panic!("{text} is none of {choices:?}"));
        return choice["value"].clone();
    }
    match option["type"].as_u64() {
        Some(4) => json!(text.parse::<i64>().expect("a whole number")),
        Some(5) => json!(text.parse::<bool>().expect("true or false")),
        Some(10) => json!(text.parse::<f64>().expect("a number")),
        _ => {
            let length = text.chars().count() as u64;
            let least = option["min_length"].as_u64().unwrap_or(1);
            let most = option["max_length"].as_u64().unwrap_or(6000);
            assert!(
                (least..=most).contains(&length),
                "the client takes {least} to {most} characters, not {length}"
            );
            json!(text)
        }
    }
}

#[track_caller]
fn check_input(input: &Input, text: &str) {
    let length = text.chars().count() as u64;
    if length == 0 {
        assert!(!input.required, "{} must be filled in", input.label);
    } else {
        assert!(
            (input.least..=input.most).contains(&length),
            "{}: the client takes {} to {} characters, not {length}",
            input.label,
            input.least,
            input.most
        );
    }
}

/// The parts of a form with what was filled in, as the client sends them.
fn filled(parts: &Value, values: &BTreeMap<String, String>) -> Value {
    list(parts)
        .iter()
        .filter_map(|part| match part["type"].as_u64() {
            Some(1) => {
                let inner = filled(&part["components"], values);
                Some(json!({"type": 1, "components": inner}))
            }
            Some(18) => {
                let inner = filled(&json!([part["component"]]), values)[0].take();
                Some(json!({"type": 18, "component": inner}))
            }
            Some(kind @ (3 | 21)) => {
                let id = part["custom_id"].as_str().unwrap_or("");
                let value = &values[id];
                let chosen: Vec<&String> = Some(value)
                    .filter(|value| !value.is_empty())
                    .into_iter()
                    .collect();
                Some(json!({"type": kind, "custom_id": id, "values": chosen}))
            }
            Some(4) => {
                let id = part["custom_id"].as_str().unwrap_or("");
                Some(json!({"type": 4, "custom_id": id, "value": values[id]}))
            }
            _ => None,
        })
        .collect()
}
