//! The commands as Discord registers them, and the few requests that keep them as they should be.
//!
//! What is registered is read first and compared; a bot that starts again sends nothing.

use serde_json::{Map, Value, json};

use crate::discord::rest::{Rest, RestError};
use crate::reply::words::discord::{Named, slash};

/// `/cara`, as interactions name it: Discord sends default names, whatever is shown.
pub(crate) const CARA: &str = slash::CARA.en.0;
/// `/cara-admin`.
pub(crate) const ADMIN: &str = slash::ADMIN.en.0;
/// The message command.
pub(crate) const ASK_CARA: &str = slash::ASK_CARA.en.0;
/// Longest question that may be typed into a command, as in a message.
const MAX_QUESTION_CHARS: u32 = 2_000;

/// Types of commands and options, as Discord numbers them.
mod kind {
    pub(super) const CHAT_INPUT: u8 = 1;
    pub(super) const ON_MESSAGE: u8 = 3;
    pub(super) const SUBCOMMAND: u8 = 1;
    pub(super) const STRING: u8 = 3;
    pub(super) const INTEGER: u8 = 4;
    pub(super) const BOOLEAN: u8 = 5;
}

/// Commands for everybody, in servers, direct messages and wherever a person has installed the app.
pub(crate) fn for_everybody() -> Vec<Value> {
    let mut question = option(slash::QUESTION, kind::STRING);
    question["required"] = true.into();
    question["autocomplete"] = true.into();
    question["max_length"] = MAX_QUESTION_CHARS.into();
    let mut topic = option(slash::TOPIC, kind::STRING);
    topic["required"] = true.into();
    topic["autocomplete"] = true.into();
    topic["max_length"] = 200.into();
    let mut period = option(slash::PERIOD, kind::STRING);
    period["max_length"] = 100.into();
    let private = option(slash::PRIVATE, kind::BOOLEAN);
    let mut cara = option(slash::CARA, kind::CHAT_INPUT);
    cara["options"] = json!([
        subcommand(slash::HISTORY, vec![period]),
        subcommand(slash::ASK, vec![question, private]),
        subcommand(slash::ABOUT, vec![topic]),
        subcommand(slash::SOURCES, Vec::new()),
        subcommand(slash::HELP, Vec::new()),
        subcommand(slash::PRIVACY, Vec::new()),
        subcommand(slash::FORGET_ME, Vec::new()),
    ]);
    let mut ask = named(slash::ASK_CARA);
    ask["type"] = kind::ON_MESSAGE.into();
    let mut all = vec![cara, ask];
    for command in &mut all {
        command["integration_types"] = json!([0, 1]);
        command["contexts"] = json!([0, 1, 2]);
    }
    all
}

/// Commands for moderators, in their server alone. Discord shows them to who may manage the server;
/// who may use them is asked again when they do.
pub(crate) fn for_moderators(anyone_may_see: bool) -> Vec<Value> {
    let required = |named, kind, suggested: bool| {
        let mut option = option(named, kind);
        option["required"] = true.into();
        if suggested {
            option["autocomplete"] = true.into();
        }
        option
    };
    let fact = || required(slash::FACT, kind::STRING, true);
    let mut language = option(slash::LANGUAGE, kind::STRING);
    language["choices"] = json!([
        { "name": "English", "value": "en" },
        { "name": "Français", "value": "fr" },
    ]);
    let alias = vec![
        required(slash::ENTITY, kind::STRING, true),
        required(slash::NAME, kind::STRING, false),
        language,
    ];
    let mut retired = required(slash::FACT, kind::STRING, false);
    retired["max_length"] = 80.into();
    let mut revision = required(slash::REVISION, kind::INTEGER, false);
    revision["min_value"] = 1.into();
    let mut admin = option(slash::ADMIN, kind::CHAT_INPUT);
    admin["options"] = json!([
        subcommand(slash::RELOAD, Vec::new()),
        subcommand(slash::CHECK, Vec::new()),
        subcommand(slash::STATUS, Vec::new()),
        subcommand(slash::REVIEW, Vec::new()),
        subcommand(slash::EDIT, vec![fact()]),
        subcommand(slash::ADD, Vec::new()),
        subcommand(slash::RETIRE, vec![fact()]),
        subcommand(slash::RESTORE, vec![retired]),
        subcommand(slash::ALIAS, alias),
        subcommand(slash::FACT_HISTORY, vec![fact()]),
        subcommand(slash::UNDO, vec![revision]),
        subcommand(slash::STATS, Vec::new()),
    ]);
    if !anyone_may_see {
        admin["default_member_permissions"] =
            crate::discord::incoming::MANAGE_GUILD.to_string().into();
    }
    vec![admin]
}

/// Makes what is registered, everywhere or in one server, be these commands and no others. Returns
/// whether anything had to be sent.
pub(crate) async fn register(
    rest: &Rest,
    application: u64,
    guild: Option<u64>,
    commands: Vec<Value>,
) -> Result<bool, RestError> {
    let registered = rest.commands(application, guild).await?;
    if same(&registered, &commands) {
        return Ok(false);
    }
    rest.set_commands(application, guild, commands).await?;
    Ok(true)
}

/// Whether what is registered is what should be, in any order.
pub(crate) fn same(registered: &[Value], wanted: &[Value]) -> bool {
    let sorted = |commands: &[Value]| {
        let mut texts: Vec<String> = commands
            .iter()
            .map(|command| essence(command, true).to_string())
            .collect();
        texts.sort_unstable();
        texts
    };
    sorted(registered) == sorted(wanted)
}

/// What of a command or option we decide, in one way of writing: Discord fills in ids, versions and
/// defaults, and leaves out what is empty.
fn essence(value: &Value, top: bool) -> Value {
    const KEPT: [&str; 16] = [
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "type",
        "options",
        "required",
        "autocomplete",
        "choices",
        "min_length",
        "max_length",
        "min_value",
        "max_value",
        "default_member_permissions",
        "contexts",
        "integration_types",
    ];
    let mut kept = Map::new();
    for key in KEPT {
        let value = match (key, &value[key]) {
            ("type", Value::Null) if top => kind::CHAT_INPUT.into(),
            ("options", Value::Array(options)) => options
                .iter()
                .map(|option| essence(option, false))
                .collect(),
            ("contexts" | "integration_types", Value::Array(numbers)) => {
                let mut numbers: Vec<u64> = numbers.iter().filter_map(Value::as_u64).collect();
                numbers.sort_unstable();
                // In a server there is nothing to choose, and Discord fills this in.
                if numbers == [0] {
                    Value::Null
                } else {
                    numbers.into()
                }
            }
            ("choices", Value::Array(choices)) => choices
                .iter()
                .map(|choice| json!({ "name": choice["name"], "value": choice["value"] }))
                .collect(),
            ("default_member_permissions", Value::Number(number)) => number.to_string().into(),
            (_, value) => value.clone(),
        };
        let empty = match &value {
            Value::Null | Value::Bool(false) => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if !empty {
            kept.insert(key.to_owned(), value);
        }
    }
    kept.into()
}

fn subcommand(named: Named, options: Vec<Value>) -> Value {
    let mut subcommand = option(named, kind::SUBCOMMAND);
    if !options.is_empty() {
        subcommand["options"] = options.into();
    }
    subcommand
}

fn option(words: Named, kind: u8) -> Value {
    let mut option = named(words);
    option["type"] = kind.into();
    option["description"] = words.en.1.into();
    option["description_localizations"] = localised(words.en.1, words.fr.1);
    option
}

fn named(words: Named) -> Value {
    json!({ "name": words.en.0, "name_localizations": localised(words.en.0, words.fr.0) })
}

/// The default is given under its own locales too: Discord falls back from one English to the
/// other before it falls back to the default.
fn localised(en: &str, fr: &str) -> Value {
    json!({ "en-US": en, "en-GB": en, "fr": fr })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(value: &Value, visit: &mut impl FnMut(&Value)) {
        visit(value);
        for option in value["options"].as_array().into_iter().flatten() {
            each(option, visit);
        }
    }

    #[test]
    fn names_and_descriptions_keep_discords_rules_in_both_languages() {
        let all = [for_everybody(), for_moderators(false)].concat();
        for command in &all {
            let mut size = 0;
            each(command, &mut |value| {
                let typed = value["type"] != kind::ON_MESSAGE || value.get("options").is_some();
                let context_menu =
                    std::ptr::eq(value, command) && value["type"] == kind::ON_MESSAGE;
                for name in value["name_localizations"].as_object().unwrap().values() {
                    let name = name.as_str().unwrap();
                    assert!((1..=32).contains(&name.chars().count()), "{name}");
                    if typed && !context_menu {
                        assert_eq!(name, name.to_lowercase());
                        assert!(
                            name.chars()
                                .all(|c| c.is_alphanumeric() || "-_'".contains(c)),
                            "{name}"
                        );
                    }
                }
                if context_menu {
                    assert!(value.get("description").is_none());
                    return;
                }
                for text in value["description_localizations"]
                    .as_object()
                    .unwrap()
                    .values()
                {
                    let chars = text.as_str().unwrap().chars().count();
                    assert!((1..=100).contains(&chars), "{text}");
                    size += chars;
                }
                let mut optional = false;
                for option in value["options"].as_array().into_iter().flatten() {
                    let required = option["required"] == true;
                    assert!(!(optional && required), "required after optional: {value}");
                    optional = !required;
                }
            });
            assert!(size < 8_000);
        }
    }

    #[test]
    fn what_discord_fills_in_is_no_difference() {
        let wanted = for_everybody();
        let mut registered = wanted.clone();
        registered.reverse();
        for command in &mut registered {
            command["id"] = "5".into();
            command["version"] = "6".into();
            command["application_id"] = "7".into();
            command["default_member_permissions"] = Value::Null;
            command["nsfw"] = false.into();
            command["integration_types"] = json!([1, 0]);
        }
        assert!(same(&registered, &wanted));
        registered[1]["options"][0]["description"] = "another".into();
        assert!(!same(&registered, &wanted));
        assert!(!same(&registered[..1], &wanted));
        let mut admin = for_moderators(false);
        admin[0]["integration_types"] = json!([0]);
        admin[0]["contexts"] = Value::Null;
        admin[0]["default_member_permissions"] = 32.into();
        assert!(same(&admin, &for_moderators(false)));
    }
}
