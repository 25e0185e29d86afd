//! What Discord tells us, read from its JSON: only the parts that matter here, and patiently.
//!
//! serenity gives up an event of which one field is missing or of another type than it knows. A
//! question must not be lost for a field that nobody reads, so interactions and messages are read
//! again here: those that serenity knew, and those it did not.

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lang::Lang;

/// May post links that are shown with a preview, and embeds.
pub(crate) const EMBED_LINKS: u64 = 1 << 14;
/// May post files.
pub(crate) const ATTACH_FILES: u64 = 1 << 15;
/// May do everything.
pub(crate) const ADMINISTRATOR: u64 = 1 << 3;
/// May manage the server.
pub(crate) const MANAGE_GUILD: u64 = 1 << 5;
/// May delete the messages of others.
pub(crate) const MANAGE_MESSAGES: u64 = 1 << 13;

/// A command, a press, a form sent, or a text being typed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Interaction {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) application_id: Option<u64>,
    #[serde(rename = "type")]
    pub(crate) kind: u8,
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) data: Data,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) guild_id: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    channel_id: Option<u64>,
    #[serde(default)]
    channel: Option<Identified>,
    #[serde(default)]
    pub(crate) member: Option<Member>,
    #[serde(default)]
    user: Option<Identified>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    guild_locale: Option<String>,
    #[serde(default, deserialize_with = "optional_number")]
    app_permissions: Option<u64>,
    #[serde(default)]
    pub(crate) message: Option<Message>,
}

/// What was done.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Data {
    /// Of a command.
    pub(crate) name: String,
    /// Of a command: 1 typed, 2 on a user, 3 on a message.
    #[serde(rename = "type")]
    pub(crate) kind: Option<u8>,
    options: Vec<GivenOption>,
    resolved: Resolved,
    #[serde(deserialize_with = "optional_number")]
    target_id: Option<u64>,
    /// Of a button, a menu or a form.
    pub(crate) custom_id: String,
    /// Of a menu.
    pub(crate) values: Vec<String>,
    components: Vec<Component>,
}

#[derive(Debug, Clone, Deserialize)]
struct GivenOption {
    name: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    options: Vec<GivenOption>,
    #[serde(default)]
    focused: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Resolved {
    messages: std::collections::HashMap<String, Message>,
}

/// Part of a form that was sent: a row, a label, or a field in one of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Component {
    custom_id: String,
    value: Option<String>,
    components: Vec<Component>,
    component: Option<Box<Component>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Member {
    #[serde(default)]
    pub(crate) user: Option<Identified>,
    #[serde(default, deserialize_with = "numbers")]
    pub(crate) roles: Vec<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) permissions: Option<u64>,
}

/// Anything with an id: a user, a channel, a role mentioned.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Identified {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) bot: bool,
}

/// A message, ours or somebody's.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Message {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) channel_id: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) guild_id: Option<u64>,
    #[serde(default)]
    pub(crate) author: Option<Identified>,
    #[serde(default)]
    pub(crate) content: String,
    #[serde(default)]
    pub(crate) mentions: Vec<Identified>,
    #[serde(default, deserialize_with = "numbers")]
    pub(crate) mention_roles: Vec<u64>,
    #[serde(default)]
    pub(crate) referenced_message: Option<Box<Message>>,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) webhook_id: Option<u64>,
    #[serde(default)]
    pub(crate) flags: u64,
}

/// A server, as far as it matters who owns it and which role is ours.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Guild {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(default, deserialize_with = "optional_number")]
    pub(crate) owner_id: Option<u64>,
    #[serde(default)]
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    pub(crate) preferred_locale: Option<String>,
}

/// A role of a server.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Role {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) tags: RoleTags,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RoleTags {
    /// The bot whose own role it is.
    #[serde(deserialize_with = "optional_number")]
    pub(crate) bot_id: Option<u64>,
}

/// Who we are, told when a session begins.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ready {
    pub(crate) user: Identified,
    #[serde(default)]
    pub(crate) application: Option<Identified>,
}

/// The least of an interaction: enough to apologise for not understanding the rest.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Unreadable {
    #[serde(deserialize_with = "number")]
    pub(crate) id: u64,
    #[serde(rename = "type", default)]
    pub(crate) kind: u8,
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) locale: Option<String>,
}

impl Interaction {
    /// Reads one. serenity leaves out the type of those it has read, so its name for the variant
    /// says it.
    pub(crate) fn from_serenity(
        interaction: &serenity::model::application::Interaction,
    ) -> Result<Interaction, serde_json::Error> {
        let mut value = serde_json::to_value(interaction)?;
        if let Some(map) = value.as_object_mut() {
            map.insert("type".to_owned(), u8::from(interaction.kind()).into());
        }
        read(value)
    }

    /// Reads one that serenity could not read. What cannot be read here either gives as much as an
    /// apology needs, if there is that much.
    pub(crate) fn deserialize_or(value: Value) -> Result<Interaction, Option<Unreadable>> {
        let least = read(value.clone()).ok();
        read(value).map_err(|_| least)
    }

    pub(crate) fn user_id(&self) -> u64 {
        let member = self.member.as_ref().and_then(|member| member.user.as_ref());
        member.or(self.user.as_ref()).map_or(0, |user| user.id)
    }

    pub(crate) fn channel_id(&self) -> u64 {
        let channel = self.channel.as_ref().map(|channel| channel.id);
        self.channel_id.or(channel).unwrap_or_default()
    }

    /// The language of the person's Discord, else of the server, else English.
    pub(crate) fn lang(&self) -> Lang {
        lang_of(self.locale.as_deref().or(self.guild_locale.as_deref()))
    }

    /// Whether we may do all of this where it came from. Discord always says; who does not say
    /// does not forbid.
    pub(crate) fn we_may(&self, permissions: u64) -> bool {
        self.app_permissions
            .is_none_or(|ours| ours & ADMINISTRATOR != 0 || ours & permissions == permissions)
    }

    /// The subcommand, and the option with this name in it.
    pub(crate) fn subcommand(&self) -> &str {
        let nested = |option: &&GivenOption| option.value.is_null();
        match self.data.options.iter().find(nested) {
            Some(option) => &option.name,
            None => "",
        }
    }

    fn options(&self) -> &[GivenOption] {
        let mut options = self.data.options.as_slice();
        while let [only] = options
            && only.value.is_null()
        {
            options = &only.options;
        }
        options
    }

    fn option(&self, name: &str) -> Option<&Value> {
        let options = self.options();
        let found = options.iter().find(|option| option.name == name)?;
        Some(&found.value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.option(name)?.as_str()
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.option(name)?.as_i64()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        let value = self.option(name).and_then(Value::as_bool);
        value.unwrap_or_default()
    }

    /// The option being typed, and what stands there so far.
    pub(crate) fn focused(&self) -> Option<(&str, &str)> {
        let options = self.options();
        let focused = options.iter().find(|option| option.focused)?;
        Some((&focused.name, focused.value.as_str().unwrap_or_default()))
    }

    /// The message a message command was used on.
    pub(crate) fn target(&self) -> Option<&Message> {
        let messages = &self.data.resolved.messages;
        let named = self
            .data
            .target_id
            .and_then(|id| messages.get(&id.to_string()));
        named.or_else(|| messages.values().next())
    }

    /// What was written into a field of a form.
    pub(crate) fn field(&self, key: &str) -> Option<&str> {
        fn find<'c>(components: &'c [Component], key: &str) -> Option<&'c str> {
            components.iter().find_map(|component| {
                if component.custom_id == key {
                    return component.value.as_deref();
                }
                let labelled = component.component.as_deref().map(std::slice::from_ref);
                find(&component.components, key)
                    .or_else(|| labelled.and_then(|labelled| find(labelled, key)))
            })
        }
        find(&self.data.components, key)
    }
}

/// Reads anything of this module. What is null counts as left out: both mean that there is none.
pub(crate) fn read<T: serde::de::DeserializeOwned>(mut value: Value) -> serde_json::Result<T> {
    fn leave_out_nulls(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|_, member| !member.is_null());
                members.values_mut().for_each(leave_out_nulls);
            }
            Value::Array(items) => items.iter_mut().for_each(leave_out_nulls),
            _ => {}
        }
    }
    leave_out_nulls(&mut value);
    serde_json::from_value(value)
}

/// English unless a locale says French.
pub(crate) fn lang_of(locale: Option<&str>) -> Lang {
    locale
        .and_then(|locale| locale.parse().ok())
        .unwrap_or(Lang::En)
}

/// Snowflakes and permissions: numbers, written as text or not.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Number {
    Plain(u64),
    Text(String),
}

impl Number {
    fn value<E: serde::de::Error>(self) -> Result<u64, E> {
        match self {
            Number::Plain(number) => Ok(number),
            Number::Text(text) => text.parse().map_err(E::custom),
        }
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Number::deserialize(deserializer)?.value()
}

fn optional_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let number = Option::<Number>::deserialize(deserializer)?;
    number.map(Number::value).transpose()
}

fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let numbers = Vec::<Number>::deserialize(deserializer)?;
    numbers.into_iter().map(Number::value).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn interaction_with_hardly_anything_is_read() {
        let read: Interaction = serde_json::from_value(json!({
            "id": "7", "type": 2, "token": "t",
            "data": {"name": "cara", "options": [
                {"name": "ask", "type": 1, "options": [
                    {"name": "question", "type": 3, "value": "who?"},
                    {"name": "private", "type": 5, "value": true},
                ]},
            ]},
            "member": {"user": {"id": 9}, "permissions": "32"},
        }))
        .unwrap();
        assert_eq!(read.subcommand(), "ask");
        assert_eq!(read.text("question"), Some("who?"));
        assert!(read.flag("private"));
        assert_eq!(read.user_id(), 9);
        assert_eq!(read.member.as_ref().unwrap().permissions, Some(32));
        assert_eq!(read.lang(), Lang::En);
        assert!(read.we_may(ATTACH_FILES));
    }

    #[test]
    fn null_counts_as_left_out() {
        let read: Interaction = read(json!({
            "id": "7", "type": 3, "token": "t", "guild_id": null, "member": null,
            "data": {"custom_id": "x", "values": null, "options": null, "resolved": null},
            "message": {"id": "8", "mentions": null, "content": null, "flags": null},
        }))
        .unwrap();
        assert_eq!(read.data.custom_id, "x");
        assert_eq!(read.message.unwrap().content, "");
    }

    #[test]
    fn what_serenity_has_read_is_read_again() {
        let original = json!({
            "id": "1", "application_id": "2", "type": 4, "token": "t", "version": 1,
            "channel_id": "3", "guild_id": "4", "locale": "fr", "entitlements": [],
            "attachment_size_limit": 1000, "app_permissions": "2048",
            "member": {
                "user": {"id": "5", "username": "u", "discriminator": "0", "avatar": null},
                "roles": ["6"], "joined_at": "2020-01-01T00:00:00Z", "deaf": false, "mute": false,
                "flags": 0, "permissions": "32",
            },
            "data": {"id": "8", "name": "cara", "type": 1, "options": [
                {"name": "ask", "type": 1, "options": [
                    {"name": "question", "type": 3, "value": "qu", "focused": true},
                ]},
            ]},
        });
        let known: serenity::model::application::Interaction =
            serde_json::from_value(original).unwrap();
        let read = Interaction::from_serenity(&known).unwrap();
        assert_eq!(read.kind, 4);
        assert_eq!(read.focused(), Some(("question", "qu")));
        assert_eq!((read.user_id(), read.channel_id()), (5, 3));
        assert_eq!(read.lang(), Lang::Fr);
        assert!(!read.we_may(ATTACH_FILES));
        assert_eq!(read.member.unwrap().roles, [6]);
    }

    #[test]
    fn fields_of_a_form_are_found_in_rows_and_labels() {
        let read: Interaction = serde_json::from_value(json!({
            "id": 1, "type": 5, "token": "t", "data": {"custom_id": "x", "components": [
                {"type": 1, "components": [{"type": 4, "custom_id": "a", "value": "one"}]},
                {"type": 18, "component": {"type": 4, "custom_id": "b", "value": "two"}},
            ]},
        }))
        .unwrap();
        assert_eq!(read.field("a"), Some("one"));
        assert_eq!(read.field("b"), Some("two"));
        assert_eq!(read.field("c"), None);
    }
}
