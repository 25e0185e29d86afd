//! The rules for application commands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::refusal::Flaw;
use super::{Flaws, chars, list};

const SUBCOMMAND: u64 = 1;
const GROUP: u64 = 2;

/// Locales that Discord knows.
const LOCALES: [&str; 34] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko", "ar", "he",
];

/// What is wrong with a command to be registered globally or in a server.
pub(crate) fn command(body: &Value, in_guild: bool) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    match body["type"].as_u64().unwrap_or(1) {
        1 => {
            name(body, "", &mut flaws);
            description(body, "", &mut flaws);
            options(&body["options"], "options", 0, &mut flaws);
            if size(body) > 8000 {
                flaws.add(
                    "",
                    "APPLICATION_COMMAND_TOO_LARGE",
                    "Command exceeds maximum size (8000)",
                );
            }
        }
        2 | 3 => {
            flaws.required(body, "name", 1, 32);
            for (locale, name) in localized(body, "name_localizations", "", &mut flaws) {
                flaws.length(&format!("name_localizations.{locale}"), &name, 1, 32);
            }
            if body["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
            {
                flaws.add(
                    "description",
                    "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                    "Context menu commands cannot have description",
                );
            }
            if !list(&body["options"]).is_empty() {
                flaws.add(
                    "options",
                    "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS",
                    "Context menu commands cannot have options",
                );
            }
        }
        _ => flaws.add("type", "BASE_TYPE_CHOICES", "no such type of command"),
    }
    permissions(body, &mut flaws);
    if in_guild {
        for key in ["contexts", "integration_types"] {
            if !list(&body[key]).is_empty() {
                flaws.add(
                    key,
                    "APPLICATION_COMMAND_GUILD_CONTEXTS",
                    "Only global commands can have contexts and integration types",
                );
            }
        }
    } else {
        contexts(body, &mut flaws);
    }
    flaws.0
}

/// What is wrong with all commands of a place together.
pub(crate) fn all<'c>(bodies: impl Iterator<Item = &'c Value>) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    let mut names = BTreeSet::new();
    let mut counts = [0; 4];
    for body in bodies {
        let kind = body["type"].as_u64().unwrap_or(1);
        counts[usize::try_from(kind).unwrap_or(0).min(3)] += 1;
        if !names.insert((kind, body["name"].as_str().unwrap_or("").to_owned())) {
            flaws.add(
                "",
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            );
        }
    }
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if counts[kind] > most {
            flaws.add(
                "",
                "BASE_TYPE_MAX_LENGTH",
                "Maximum number of application commands reached",
            );
        }
    }
    flaws.0
}

fn options(options: &Value, at: &str, depth: u8, flaws: &mut Flaws) {
    let all = list(options);
    flaws.count(at, all.len(), 0, 25);
    let mut names = BTreeSet::new();
    let mut translated = BTreeSet::new();
    let mut optional_seen = false;
    let nested = all
        .iter()
        .filter(|option| matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP)))
        .count();
    if nested != 0 && nested != all.len() {
        flaws.add(
            at,
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        );
    }
    for (index, option) in all.iter().enumerate() {
        let at = format!("{at}.{index}");
        name(option, &at, flaws);
        description(option, &at, flaws);
        if !names.insert(option["name"].as_str()) {
            flaws.add(
                &format!("{at}.name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            );
        }
        for (locale, name) in map(&option["name_localizations"]) {
            if !translated.insert((locale.clone(), name.clone())) {
                flaws.add(
                    &format!("{at}.name_localizations.{locale}"),
                    "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                    "Option name already exists",
                );
            }
        }
        let kind = option["type"].as_u64().unwrap_or(0);
        match kind {
            SUBCOMMAND | GROUP => {
                let allowed = match kind {
                    GROUP => depth == 0,
                    _ => depth <= 1,
                };
                if !allowed {
                    flaws.add(
                        &format!("{at}.type"),
                        "BASE_TYPE_CHOICES",
                        "nested too deep",
                    );
                }
                let deeper = if kind == SUBCOMMAND { 2 } else { depth + 1 };
                self::options(&option["options"], &format!("{at}.options"), deeper, flaws);
            }
            3..=11 => {
                let required = option["required"] == true;
                if required && optional_seen {
                    flaws.add(
                        &at,
                        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                        "Required options must be placed before non-required options",
                    );
                }
                optional_seen |= !required;
                value_rules(option, &at, kind, flaws);
            }
            _ => flaws.add(
                &format!("{at}.type"),
                "BASE_TYPE_CHOICES",
                "no such type of option",
            ),
        }
    }
}

fn value_rules(option: &Value, at: &str, kind: u64, flaws: &mut Flaws) {
    let choices = list(&option["choices"]);
    flaws.count(&format!("{at}.choices"), choices.len(), 0, 25);
    if option["autocomplete"] == true {
        if !matches!(kind, 3 | 4 | 10) {
            flaws.add(
                &format!("{at}.autocomplete"),
                "BASE_TYPE_CHOICES",
                "not for this type",
            );
        }
        if !choices.is_empty() {
            flaws.add(
                &format!("{at}.choices"),
                "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
                "Autocomplete cannot be used with choices",
            );
        }
    }
    for (index, choice) in choices.iter().enumerate() {
        let mut here = flaws.at(&format!("{at}.choices.{index}"));
        here.required(choice, "name", 1, 100);
        if kind == 3 {
            here.required(choice, "value", 1, 100);
        }
    }
}

fn name(form: &Value, at: &str, flaws: &mut Flaws) {
    let place = |key: &str| join(at, key);
    let named = form["name"].as_str().unwrap_or("");
    if !is_name(named) {
        flaws.add(
            &place("name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        );
    }
    for (locale, name) in localized(form, "name_localizations", at, flaws) {
        if !is_name(&name) {
            flaws.add(
                &place(&format!("name_localizations.{locale}")),
                "APPLICATION_COMMAND_INVALID_NAME",
                "Command name is invalid",
            );
        }
    }
}

fn description(form: &Value, at: &str, flaws: &mut Flaws) {
    match form["description"].as_str() {
        Some(text) => flaws.length(&join(at, "description"), text, 1, 100),
        None => flaws.add(
            &join(at, "description"),
            "BASE_TYPE_REQUIRED",
            "This field is required",
        ),
    }
    for (locale, text) in localized(form, "description_localizations", at, flaws) {
        let path = join(at, &format!("description_localizations.{locale}"));
        flaws.length(&path, &text, 1, 100);
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one.
fn is_name(name: &str) -> bool {
    let fits = |one: char| {
        matches!(one, '-' | '_' | '\'')
            || one.is_alphanumeric()
            || matches!(one, '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
    };
    (1..=32).contains(&chars(name)) && name.chars().all(fits) && name.to_lowercase() == name
}

/// The translations under a key; locales that do not exist are flaws.
fn localized(form: &Value, key: &str, at: &str, flaws: &mut Flaws) -> Vec<(String, String)> {
    let translations = map(&form[key]);
    for (locale, _) in &translations {
        if !LOCALES.contains(&locale.as_str()) {
            flaws.add(
                &join(at, &format!("{key}.{locale}")),
                "BASE_TYPE_CHOICES",
                "no such locale",
            );
        }
    }
    translations
}

fn map(value: &Value) -> Vec<(String, String)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, text)| (key.clone(), text.as_str().unwrap_or("").to_owned()))
        .collect()
}

fn permissions(body: &Value, flaws: &mut Flaws) {
    let given = &body["default_member_permissions"];
    let fits = given.is_null() || super::number(given).is_some_and(|bits| bits < 1 << 54);
    if !fits {
        flaws.add(
            "default_member_permissions",
            "NUMBER_TYPE_COERCE",
            "a set of permissions as a string",
        );
    }
}

fn contexts(body: &Value, flaws: &mut Flaws) {
    let contexts = list(&body["contexts"]);
    let installs = list(&body["integration_types"]);
    for (key, values, most) in [
        ("contexts", contexts, 2),
        ("integration_types", installs, 1),
    ] {
        let distinct: BTreeSet<_> = values.iter().map(Value::as_u64).collect();
        let known = distinct
            .iter()
            .all(|one| one.is_some_and(|one| one <= most));
        if !known || distinct.len() != values.len() {
            flaws.add(key, "BASE_TYPE_CHOICES", "unknown or twice");
        }
    }
    let private = contexts.iter().any(|one| one == 2);
    if private && !installs.is_empty() && !installs.iter().any(|one| one == 1) {
        flaws.add(
            "contexts",
            "APPLICATION_COMMAND_CONTEXT_REQUIRES_USER_INSTALL",
            "private channels need user installs",
        );
    }
}

/// Characters of names, descriptions and values, the longest translation counted.
fn size(form: &Value) -> usize {
    let longest = |key: &str| {
        let translated = map(&form[&format!("{key}_localizations")])
            .iter()
            .map(|(_, text)| chars(text))
            .max();
        form[key]
            .as_str()
            .map_or(0, chars)
            .max(translated.unwrap_or(0))
    };
    let choices: usize = list(&form["choices"])
        .iter()
        .map(|choice| {
            choice["name"].as_str().map_or(0, chars) + choice["value"].as_str().map_or(0, chars)
        })
        .sum();
    let inner: usize = list(&form["options"]).iter().map(size).sum();
    longest("name") + longest("description") + choices + inner
}

fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}
