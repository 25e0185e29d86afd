//! What people see of what the bot said.

use std::sync::Arc;

use serde_json::Value;

use super::limits::list;
use super::service::Service;
use super::world::{Callback, Id, Mentions, Message};

/// How the bot answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// A new message.
    Posted,
    /// The message that was there is another now.
    Updated,
    /// The message that was there is gone.
    Deleted,
    /// A form to fill in.
    Asked,
    /// The interaction was taken note of, and nothing was to be seen.
    Silent,
}

/// What the bot said, as it was when it had finished saying it.
pub(crate) struct Said {
    service: Arc<Service>,
    pub(crate) how: How,
    message: Option<Id>,
    interaction: Option<Id>,
    /// The whole text as people see it: content, then embeds, top to bottom.
    pub(crate) text: String,
    /// The content alone, with its markup.
    pub(crate) content: String,
    pub(crate) ephemeral: bool,
    pub(crate) embeds: Vec<Value>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) menus: Vec<Menu>,
    pub(crate) files: Vec<File>,
    /// Whom it notified.
    pub(crate) pings: Mentions,
    pub(crate) modal: Option<Modal>,
}

#[derive(Debug, Clone)]
pub(crate) struct Button {
    pub(crate) label: String,
    pub(crate) id: Option<String>,
    pub(crate) disabled: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Menu {
    pub(crate) id: String,
    pub(crate) placeholder: String,
    /// Labels and values.
    pub(crate) options: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) alt: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// A form.
#[derive(Debug, Clone)]
pub(crate) struct Modal {
    pub(crate) title: String,
    pub(crate) body: Value,
    pub(crate) inputs: Vec<Input>,
}

/// A place of a form where something is written or chosen.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) id: String,
    pub(crate) label: String,
    /// What stands there already.
    pub(crate) value: String,
    pub(crate) required: bool,
    pub(crate) least: u64,
    pub(crate) most: u64,
}

impl Said {
    /// What a message says.
    pub(super) fn message(service: &Arc<Service>, how: How, id: Id) -> Said {
        let message = service.look(|world| world.messages[&id].clone());
        let how = if message.deleted { How::Deleted } else { how };
        let mut text = vec![message.content.clone()];
        for embed in list(&message.embeds) {
            text.extend(embed_text(embed));
        }
        let (mut buttons, mut menus) = (Vec::new(), Vec::new());
        components(&message.components, &mut buttons, &mut menus, &mut text);
        text.retain(|part| !part.is_empty());
        let text = text.join("\n");
        Said {
            service: Arc::clone(service),
            how,
            message: Some(id),
            interaction: message.interaction,
            text: as_shown(&text),
            content: message.content.clone(),
            ephemeral: message.is_ephemeral(),
            embeds: list(&message.embeds).to_vec(),
            buttons,
            menus,
            files: files(&message),
            pings: message.mentions,
            modal: None,
        }
    }

    /// A form, or nothing to be seen.
    pub(super) fn without_message(
        service: &Arc<Service>,
        interaction: Id,
        answer: &Callback,
    ) -> Said {
        let modal = match answer {
            Callback::Modal(body) => Some(Modal::read(body)),
            _ => None,
        };
        Said {
            service: Arc::clone(service),
            how: if modal.is_some() {
                How::Asked
            } else {
                How::Silent
            },
            message: None,
            interaction: Some(interaction),
            text: String::new(),
            content: String::new(),
            ephemeral: true,
            embeds: Vec::new(),
            buttons: Vec::new(),
            menus: Vec::new(),
            files: Vec::new(),
            pings: Mentions::default(),
            modal,
        }
    }

    /// The id of its message.
    #[track_caller]
    pub(crate) fn id(&self) -> Id {
        self.message.expect("the bot said something")
    }

    /// The interaction it answers, when it answers one.
    pub(super) fn interaction(&self) -> Option<Id> {
        self.interaction
    }

    /// The same message as it is now.
    pub(crate) fn now(&self) -> Said {
        Said::message(&self.service, self.how, self.id())
    }

    /// Whether its message has been deleted.
    pub(crate) fn is_gone(&self) -> bool {
        let id = self.id();
        self.service.look(|world| world.messages[&id].deleted)
    }

    /// The labels of its buttons, in order.
    pub(crate) fn labels(&self) -> Vec<&str> {
        self.buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect()
    }

    /// The button with that label, or with a label that contains it.
    #[track_caller]
    pub(crate) fn button(&self, label: &str) -> &Button {
        let exact = self.buttons.iter().find(|button| button.label == label);
        let near = || {
            let mut near = self
                .buttons
                .iter()
                .filter(|button| button.label.contains(label));
            near.next().filter(|_| near.next().is_none())
        };
        exact.or_else(near).unwrap_or_else(|| {
            panic!(
                "no button {label:?} among {:?} under\n{}",
                self.labels(),
                self.text
            )
        })
    }

    /// Fails unless the text contains all of these.
    #[track_caller]
    pub(crate) fn says(&self, parts: &[&str]) -> &Said {
        for part in parts {
            assert!(self.text.contains(part), "no {part:?} in\n{}", self.text);
        }
        self
    }

    /// Fails if the text contains any of these.
    #[track_caller]
    pub(crate) fn keeps_quiet_about(&self, parts: &[&str]) -> &Said {
        for part in parts {
            assert!(!self.text.contains(part), "{part:?} in\n{}", self.text);
        }
        self
    }
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whom = if self.ephemeral {
            "privately"
        } else {
            "publicly"
        };
        writeln!(f, "{:?} {whom}: {}", self.how, self.text)?;
        writeln!(f, "buttons {:?}", self.labels())?;
        for menu in &self.menus {
            writeln!(f, "menu {:?}: {:?}", menu.placeholder, menu.options)?;
        }
        for file in &self.files {
            writeln!(
                f,
                "file {} ({} bytes): {:?}",
                file.name,
                file.bytes.len(),
                file.alt
            )?;
        }
        if let Some(modal) = &self.modal {
            writeln!(f, "form {:?}: {:?}", modal.title, modal.inputs)?;
        }
        Ok(())
    }
}

impl Modal {
    fn read(body: &Value) -> Modal {
        let mut inputs = Vec::new();
        for part in list(&body["components"]) {
            for inner in list(&part["components"]) {
                inputs.push(Input::read(inner, &inner["label"]));
            }
            if part["component"].is_object() {
                inputs.push(Input::read(&part["component"], &part["label"]));
            }
        }
        Modal {
            title: text(&body["title"]),
            body: body.clone(),
            inputs,
        }
    }

    /// The place with that label, or with a label that contains it.
    #[track_caller]
    pub(crate) fn input(&self, label: &str) -> &Input {
        self.inputs
            .iter()
            .find(|input| input.label == label || input.id == label)
            .or_else(|| self.inputs.iter().find(|input| input.label.contains(label)))
            .unwrap_or_else(|| panic!("no {label:?} among {:?}", self.inputs))
    }
}

impl Input {
    fn read(part: &Value, label: &Value) -> Input {
        let chosen = list(&part["options"])
            .iter()
            .find(|option| option["default"] == true)
            .map_or_else(String::new, |option| text(&option["value"]));
        Input {
            id: text(&part["custom_id"]),
            label: text(label),
            value: part["value"].as_str().map_or(chosen, str::to_owned),
            required: part["required"].as_bool().unwrap_or(true),
            least: part["min_length"].as_u64().unwrap_or(0),
            most: part["max_length"].as_u64().unwrap_or(4000),
        }
    }
}

fn components(
    parts: &Value,
    buttons: &mut Vec<Button>,
    menus: &mut Vec<Menu>,
    said: &mut Vec<String>,
) {
    for part in list(parts) {
        match part["type"].as_u64() {
            Some(2) => buttons.push(Button {
                label: text(&part["label"]),
                id: part["custom_id"].as_str().map(str::to_owned),
                disabled: part["disabled"] == true,
            }),
            Some(3) => menus.push(Menu {
                id: text(&part["custom_id"]),
                placeholder: text(&part["placeholder"]),
                options: list(&part["options"])
                    .iter()
                    .map(|option| (text(&option["label"]), text(&option["value"])))
                    .collect(),
            }),
            Some(10) => said.push(text(&part["content"])),
            _ => components(&part["components"], buttons, menus, said),
        }
    }
}

fn files(message: &Message) -> Vec<File> {
    message
        .attachments
        .iter()
        .map(|attachment| File {
            name: attachment.name.clone(),
            alt: attachment.description.clone(),
            bytes: attachment.bytes.clone(),
        })
        .collect()
}

fn embed_text(embed: &Value) -> Vec<String> {
    let mut parts = vec![
        text(&embed["author"]["name"]),
        text(&embed["title"]),
        text(&embed["description"]),
    ];
    for field in list(&embed["fields"]) {
        parts.push(text(&field["name"]));
        parts.push(text(&field["value"]));
    }
    parts.push(text(&embed["footer"]["text"]));
    parts
}

/// A text as it is shown: a backslash before punctuation is not.
fn as_shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        let escapes = one == '\\' && rest.peek().is_some_and(char::is_ascii_punctuation);
        shown.push(if escapes {
            rest.next().unwrap_or(one)
        } else {
            one
        });
    }
    shown
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}
