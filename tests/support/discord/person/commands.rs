//! Commands: seen where they are registered and allowed, typed with their options, completed.

use serde_json::{Value, json};

use super::super::PATIENCE;
use super::super::limits::{list, number};
use super::super::said::Said;
use super::super::wire;
use super::super::world::{Callback, Id, Kind, World, permission};
use super::{Pending, Person};

impl Person {
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
            .look(|world| wire::message(world, &world.messages[&message]));
        let data = json!({
            "id": id.to_string(), "name": body["name"], "type": 3,
            "target_id": message.to_string(),
            "resolved": {"messages": {message.to_string(): target}},
        });
        let name = body["name"].as_str().unwrap_or("").to_owned();
        self.interacts(Kind::Command, Some(name), None, data).said()
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
