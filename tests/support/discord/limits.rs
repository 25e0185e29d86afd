//! Discord's limits on what is sent, as its documentation has them.
//!
//! Many are in the OpenAPI description too ([`super::spec`]), which is not always there and does
//! not know them all. Lengths are counted in characters.

pub(crate) mod command;

use std::collections::BTreeSet;

use serde_json::Value;

use super::refusal::Flaw;
use super::world::flag;

/// Largest file, bytes.
pub(crate) const FILE_BYTES: usize = super::wire::ATTACHMENT_SIZE_LIMIT;
/// Largest request, bytes.
pub(crate) const REQUEST_BYTES: usize = 25 * 1024 * 1024;

/// A file of a request.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The n of `files[n]`.
    pub(crate) index: u64,
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// How a message is sent, which decides the flags it may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the bot itself, into a channel.
    Channel,
    /// As answer to an interaction, or after it.
    Interaction,
    /// As a change of a message.
    Edit,
}

/// What is wrong with a message.
pub(crate) fn message(body: &Value, files: &[Upload], way: Way) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    flaws.text(body, "content", 0, 2000);
    embeds(body, &mut flaws);
    components(body, &mut flaws);
    mentions(body, &mut flaws);
    flags(body, way, &mut flaws);
    attachments(body, files, way, &mut flaws);
    flaws.text(body, "nonce", 0, 25);
    flaws.0
}

/// What is wrong with a modal.
pub(crate) fn modal(data: &Value) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    flaws.required(data, "title", 1, 45);
    flaws.required(data, "custom_id", 1, 100);
    let parts = list(&data["components"]);
    flaws.count("components", parts.len(), 1, 5);
    let mut ids = BTreeSet::new();
    for (index, part) in parts.iter().enumerate() {
        let at = format!("components.{index}");
        match part["type"].as_u64() {
            Some(1) => {
                let inputs = list(&part["components"]);
                flaws.count(&format!("{at}.components"), inputs.len(), 1, 1);
                for (index, input) in inputs.iter().enumerate() {
                    let at = format!("{at}.components.{index}");
                    flaws.at(&at).required(input, "label", 1, 45);
                    modal_part(input, &at, &mut ids, &mut flaws);
                }
            }
            Some(18) => {
                flaws.at(&at).required(part, "label", 1, 45);
                flaws.at(&at).text(part, "description", 1, 100);
                modal_part(
                    &part["component"],
                    &format!("{at}.component"),
                    &mut ids,
                    &mut flaws,
                );
            }
            Some(10) => flaws.at(&at).required(part, "content", 1, 4000),
            _ => flaws.add(
                &format!("{at}.type"),
                "UNION_TYPE_CHOICES",
                "no such part of a modal",
            ),
        }
    }
    flaws.0
}

fn modal_part(part: &Value, at: &str, ids: &mut BTreeSet<String>, flaws: &mut Flaws) {
    unique_id(part, at, ids, flaws);
    match part["type"].as_u64() {
        Some(4) => {
            let mut here = flaws.at(at);
            here.text(part, "placeholder", 0, 100);
            here.text(part, "value", 0, 4000);
            let least = part["min_length"].as_u64().unwrap_or(0);
            let most = part["max_length"].as_u64().unwrap_or(4000);
            if most == 0 || most > 4000 || least > most {
                here.add(
                    "max_length",
                    "NUMBER_TYPE_MAX",
                    "int value should be 1 to 4000",
                );
            }
            let length = part["value"].as_str().map_or(0, chars) as u64;
            if length > 0 && !(least..=most).contains(&length) {
                here.add(
                    "value",
                    "BASE_TYPE_BAD_LENGTH",
                    "the value does not fit the input",
                );
            }
            if !matches!(part["style"].as_u64(), Some(1 | 2)) {
                here.add(
                    "style",
                    "BASE_TYPE_CHOICES",
                    "a text input is short (1) or long (2)",
                );
            }
        }
        Some(3) => select(part, at, flaws),
        Some(5..=8 | 19 | 21..=23) => {}
        _ => flaws.add(
            &format!("{at}.type"),
            "UNION_TYPE_CHOICES",
            "no such part of a modal",
        ),
    }
}

/// What is wrong with the choices of an autocomplete answer for an option of type `kind`.
pub(crate) fn choices(choices: &Value, kind: u64) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    let all = list(choices);
    if !choices.is_array() {
        flaws.add("choices", "BASE_TYPE_REQUIRED", "This field is required");
    }
    flaws.count("choices", all.len(), 0, 25);
    for (index, choice) in all.iter().enumerate() {
        let at = format!("choices.{index}");
        flaws.at(&at).required(choice, "name", 1, 100);
        match (kind, &choice["value"]) {
            (3, Value::String(value)) => flaws.length(&format!("{at}.value"), value, 1, 100),
            (4, Value::Number(value)) if value.is_i64() => {}
            (10, Value::Number(_)) => {}
            _ => flaws.add(
                &format!("{at}.value"),
                "BASE_TYPE_BAD_TYPE",
                "the value is not of the option's type",
            ),
        }
    }
    flaws.0
}

fn embeds(body: &Value, flaws: &mut Flaws) {
    let embeds = list(&body["embeds"]);
    flaws.count("embeds", embeds.len(), 0, 10);
    let mut total = 0;
    for (index, embed) in embeds.iter().enumerate() {
        let at = format!("embeds.{index}");
        let mut here = flaws.at(&at);
        here.text(embed, "title", 0, 256);
        here.text(embed, "description", 0, 4096);
        here.at("footer").text(&embed["footer"], "text", 0, 2048);
        here.at("author").text(&embed["author"], "name", 0, 256);
        let fields = list(&embed["fields"]);
        here.count("fields", fields.len(), 0, 25);
        for (index, field) in fields.iter().enumerate() {
            let mut here = here.at(&format!("fields.{index}"));
            here.required(field, "name", 1, 256);
            here.required(field, "value", 1, 1024);
            total += ["name", "value"]
                .map(|key| length_of(&field[key]))
                .iter()
                .sum::<usize>();
        }
        total += length_of(&embed["title"])
            + length_of(&embed["description"])
            + length_of(&embed["footer"]["text"])
            + length_of(&embed["author"]["name"]);
        for (path, address) in [
            ("url", &embed["url"]),
            ("image.url", &embed["image"]["url"]),
            ("thumbnail.url", &embed["thumbnail"]["url"]),
            ("author.url", &embed["author"]["url"]),
        ] {
            here.address(path, address);
        }
    }
    if total > 6000 {
        flaws.add(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            "Embed size exceeds maximum size of 6000",
        );
    }
}

fn components(body: &Value, flaws: &mut Flaws) {
    let rows = list(&body["components"]);
    if body["flags"].as_u64().unwrap_or(0) & flag::IS_COMPONENTS_V2 != 0 {
        for key in ["content", "embeds"] {
            if !super::wire::says_nothing(&body[key]) && body[key] != "" {
                flaws.add(
                    key,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                );
            }
        }
        flaws.count("components", count_all(&body["components"]), 1, 40);
    } else {
        flaws.count("components", rows.len(), 0, 5);
    }
    let mut ids = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        component(row, &format!("components.{index}"), &mut ids, flaws);
    }
}

fn component(part: &Value, at: &str, ids: &mut BTreeSet<String>, flaws: &mut Flaws) {
    match part["type"].as_u64() {
        Some(1) => {
            let inner = list(&part["components"]);
            let selects = inner
                .iter()
                .filter(|part| matches!(part["type"].as_u64(), Some(3 | 5..=8)))
                .count();
            let most = if selects > 0 { 1 } else { 5 };
            flaws.count(&format!("{at}.components"), inner.len(), 1, most);
            for (index, part) in inner.iter().enumerate() {
                component(part, &format!("{at}.components.{index}"), ids, flaws);
            }
        }
        Some(2) => button(part, at, ids, flaws),
        Some(3) => {
            unique_id(part, at, ids, flaws);
            select(part, at, flaws);
        }
        Some(5..=8) => unique_id(part, at, ids, flaws),
        // The parts of the second version hold others.
        Some(9..=14 | 17) => {
            for (index, inner) in list(&part["components"]).iter().enumerate() {
                component(inner, &format!("{at}.components.{index}"), ids, flaws);
            }
            if part["accessory"].is_object() {
                component(&part["accessory"], &format!("{at}.accessory"), ids, flaws);
            }
        }
        _ => flaws.add(
            &format!("{at}.type"),
            "UNION_TYPE_CHOICES",
            "no such component",
        ),
    }
}

fn button(part: &Value, at: &str, ids: &mut BTreeSet<String>, flaws: &mut Flaws) {
    flaws.at(at).text(part, "label", 1, 80);
    if part["label"].as_str().is_none_or(str::is_empty) && !part["emoji"].is_object() {
        flaws.add(
            &format!("{at}.label"),
            "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI",
            "A button must have a label or an emoji",
        );
    }
    match part["style"].as_u64() {
        Some(1..=4) => {
            unique_id(part, at, ids, flaws);
            if part["url"].is_string() {
                flaws.add(
                    &format!("{at}.url"),
                    "BUTTON_COMPONENT_URL_AND_CUSTOM_ID_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(5) => {
            if !part["url"].is_string() || part["custom_id"].is_string() {
                flaws.add(
                    &format!("{at}.url"),
                    "BUTTON_COMPONENT_URL_REQUIRED",
                    "A url button must have a url and no custom id",
                );
            }
            flaws.at(at).text(part, "url", 1, 512);
            flaws.at(at).address("url", &part["url"]);
        }
        _ => flaws.add(&format!("{at}.style"), "BASE_TYPE_CHOICES", "no such style"),
    }
}

fn select(part: &Value, at: &str, flaws: &mut Flaws) {
    let mut here = flaws.at(at);
    here.text(part, "placeholder", 0, 150);
    let options = list(&part["options"]);
    here.count("options", options.len(), 1, 25);
    let most = part["max_values"].as_u64().unwrap_or(1);
    let least = part["min_values"].as_u64().unwrap_or(1);
    if most < least || most > options.len() as u64 {
        here.add(
            "max_values",
            "BASE_TYPE_BAD_LENGTH",
            "more values than options, or less than the minimum",
        );
    }
    let mut values = BTreeSet::new();
    let mut chosen = 0;
    for (index, option) in options.iter().enumerate() {
        let mut here = here.at(&format!("options.{index}"));
        here.required(option, "label", 1, 100);
        here.required(option, "value", 1, 100);
        here.text(option, "description", 0, 100);
        if !values.insert(option["value"].as_str()) {
            here.add(
                "value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
        chosen += u64::from(option["default"] == true);
    }
    if chosen > most {
        here.add(
            "options",
            "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
            "more defaults than may be chosen",
        );
    }
}

fn unique_id(part: &Value, at: &str, ids: &mut BTreeSet<String>, flaws: &mut Flaws) {
    flaws.at(at).required(part, "custom_id", 1, 100);
    if let Some(id) = part["custom_id"].as_str()
        && !ids.insert(id.to_owned())
    {
        flaws.add(
            &format!("{at}.custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        );
    }
}

/// How many components there are, those inside others counted.
fn count_all(components: &Value) -> usize {
    list(components)
        .iter()
        .map(|part| 1 + count_all(&part["components"]) + usize::from(part["accessory"].is_object()))
        .sum()
}

fn mentions(body: &Value, flaws: &mut Flaws) {
    let allowed = &body["allowed_mentions"];
    for kind in list(&allowed["parse"]) {
        if !matches!(kind.as_str(), Some("roles" | "users" | "everyone")) {
            flaws.add(
                "allowed_mentions.parse",
                "BASE_TYPE_CHOICES",
                "no such kind of mention",
            );
        }
    }
    for key in ["users", "roles"] {
        let listed = list(&allowed[key]);
        flaws.count(&format!("allowed_mentions.{key}"), listed.len(), 0, 100);
        let parsed = list(&allowed["parse"]).iter().any(|kind| kind == key);
        if parsed && !listed.is_empty() {
            flaws.add(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                "parse and ids are mutually exclusive",
            );
        }
    }
}

fn flags(body: &Value, way: Way, flaws: &mut Flaws) {
    let settable = match way {
        Way::Channel => {
            flag::SUPPRESS_EMBEDS | flag::SUPPRESS_NOTIFICATIONS | flag::IS_COMPONENTS_V2
        }
        Way::Interaction => {
            flag::SUPPRESS_EMBEDS
                | flag::SUPPRESS_NOTIFICATIONS
                | flag::EPHEMERAL
                | flag::IS_COMPONENTS_V2
        }
        // Whether a message is ephemeral is decided once; an edit that says so is overheard.
        Way::Edit => flag::SUPPRESS_EMBEDS | flag::IS_COMPONENTS_V2 | flag::EPHEMERAL,
    };
    if body["flags"].as_u64().unwrap_or(0) & !settable != 0 {
        flaws.add(
            "flags",
            "FLAGS_NOT_SETTABLE",
            "a flag that cannot be set here",
        );
    }
}

fn attachments(body: &Value, files: &[Upload], way: Way, flaws: &mut Flaws) {
    let described = list(&body["attachments"]);
    flaws.count("attachments", described.len().max(files.len()), 0, 10);
    for (index, one) in described.iter().enumerate() {
        flaws
            .at(&format!("attachments.{index}"))
            .text(one, "description", 0, 1024);
        let Some(id) = number(&one["id"]) else {
            flaws.add(
                &format!("attachments.{index}.id"),
                "BASE_TYPE_REQUIRED",
                "This field is required",
            );
            continue;
        };
        let uploaded = files.iter().any(|file| file.index == id);
        // In an edit, a real snowflake keeps what is there.
        if !uploaded && (way != Way::Edit || id < 1 << 22) {
            flaws.add(
                &format!("attachments.{index}.id"),
                "ATTACHMENT_NOT_FOUND",
                "no file of the request has this number",
            );
        }
    }
    for file in files {
        if file.bytes.len() > FILE_BYTES {
            flaws.add(
                &format!("files.{}", file.index),
                "BASE_TYPE_MAX_LENGTH",
                "the file is too large",
            );
        }
        if file.name.is_empty() {
            flaws.add(
                &format!("files.{}", file.index),
                "BASE_TYPE_REQUIRED",
                "no file name",
            );
        }
    }
}

/// Whether a message would show nothing at all.
pub(crate) fn is_empty(content: &str, embeds: &Value, components: &Value, files: usize) -> bool {
    content.trim().is_empty()
        && list(embeds).is_empty()
        && list(components).is_empty()
        && files == 0
}

/// An id, written as a number or as a string.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// The items of a list; none when it is absent.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

fn length_of(value: &Value) -> usize {
    value.as_str().map_or(0, |text| chars(text.trim()))
}

/// Flaws found so far.
#[derive(Default)]
struct Flaws(Vec<Flaw>);

/// Flaws found so far, seen from a place of the form.
struct At<'f> {
    flaws: &'f mut Flaws,
    place: String,
}

impl Flaws {
    fn add(&mut self, path: &str, code: &'static str, message: &str) {
        self.0.push(Flaw::new(path, code, message));
    }

    fn at(&mut self, place: &str) -> At<'_> {
        At {
            flaws: self,
            place: place.to_owned(),
        }
    }

    /// An optional text under a key.
    fn text(&mut self, form: &Value, key: &str, least: usize, most: usize) {
        if let Some(text) = form[key].as_str() {
            self.length(key, text, least, most);
        }
    }

    /// A text that must be there under a key.
    fn required(&mut self, form: &Value, key: &str, least: usize, most: usize) {
        match form[key].as_str() {
            Some(text) => self.length(key, text, least, most),
            None => self.add(key, "BASE_TYPE_REQUIRED", "This field is required"),
        }
    }

    fn length(&mut self, path: &str, text: &str, least: usize, most: usize) {
        let length = chars(text);
        if length > most {
            let message = format!("Must be {most} or fewer in length.");
            self.add(path, "BASE_TYPE_MAX_LENGTH", &message);
        } else if length < least || least > 0 && text.trim().is_empty() {
            let message = format!("Must be {least} or more in length.");
            self.add(path, "BASE_TYPE_BAD_LENGTH", &message);
        }
    }

    fn count(&mut self, path: &str, count: usize, least: usize, most: usize) {
        if !(least..=most).contains(&count) {
            let message = format!("Must be between {least} and {most} in length.");
            self.add(path, "BASE_TYPE_BAD_LENGTH", &message);
        }
    }
}

impl At<'_> {
    fn path(&self, path: &str) -> String {
        format!("{}.{path}", self.place)
    }

    fn at(&mut self, place: &str) -> At<'_> {
        let place = self.path(place);
        At {
            flaws: self.flaws,
            place,
        }
    }

    fn add(&mut self, path: &str, code: &'static str, message: &str) {
        let path = self.path(path);
        self.flaws.add(&path, code, message);
    }

    fn text(&mut self, form: &Value, key: &str, least: usize, most: usize) {
        if let Some(text) = form[key].as_str() {
            let path = self.path(key);
            self.flaws.length(&path, text, least, most);
        }
    }

    fn required(&mut self, form: &Value, key: &str, least: usize, most: usize) {
        match form[key].as_str() {
            Some(text) => {
                let path = self.path(key);
                self.flaws.length(&path, text, least, most);
            }
            None => self.add(key, "BASE_TYPE_REQUIRED", "This field is required"),
        }
    }

    fn count(&mut self, path: &str, count: usize, least: usize, most: usize) {
        let path = self.path(path);
        self.flaws.count(&path, count, least, most);
    }

    /// An address that Discord would fetch or link to.
    fn address(&mut self, path: &str, address: &Value) {
        if let Some(address) = address.as_str() {
            let known = ["http://", "https://", "discord://", "attachment://"];
            if !known.iter().any(|scheme| address.starts_with(scheme)) {
                self.add(
                    path,
                    "URL_TYPE_INVALID_SCHEME",
                    "Scheme must be one of ('http', 'https').",
                );
            }
        }
    }
}
