//! Request bodies against Discord's own OpenAPI description, where that file is at hand.
//!
//! `CARA_OPENAPI` names the file; otherwise it is looked for beside this project. Without it this
//! one check is skipped, and says so. The description is loosened where Discord takes more than it
//! says (ids as numbers, permissions as strings) and closed where it takes less: an unknown member
//! is a misspelt one.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::wire::says_nothing;

/// Largest set of permissions the description knows: the sign of a permission set in it.
const PERMISSIONS_MAX: u64 = 18_014_398_509_481_983;

/// The description, and the validators that were needed so far.
pub(crate) struct Spec {
    description: Value,
    components: Value,
    /// The same, with no members but those described.
    closed: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

static SPEC: LazyLock<Option<Spec>> = LazyLock::new(Spec::read);

impl Spec {
    /// The description; read once for all tests of a process, as it never changes.
    pub(crate) fn shared() -> Option<&'static Spec> {
        SPEC.as_ref()
    }

    fn read() -> Option<Spec> {
        let path = std::env::var_os("CARA_OPENAPI").map_or_else(
            || {
                PathBuf::from(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/../shared/discord/openapi.json"
                ))
            },
            PathBuf::from,
        );
        let Ok(text) = std::fs::read_to_string(&path) else {
            // Past the test harness, which would keep the line to itself.
            let line = format!(
                "skipped: request bodies against {}, which is not there (CARA_OPENAPI names another place)\n",
                path.display()
            );
            std::io::stderr().write_all(line.as_bytes()).ok();
            return None;
        };
        let description: Value = serde_json::from_str(&text).expect("the description is JSON");
        let mut components = description["components"].clone();
        let schemas = &mut components["schemas"];
        schemas["SnowflakeType"] = json!({"type": ["string", "integer"]});
        for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
            if name.starts_with("ApplicationCommand") && schema["properties"]["name"].is_object() {
                schema["properties"]["nsfw"] = json!({"type": ["boolean", "null"]});
            }
        }
        loosen(&mut components);
        let mut closed = components.clone();
        close(&mut closed);
        Some(Spec {
            description,
            components,
            closed,
            validators: Mutex::default(),
        })
    }

    /// What is wrong with the body of a request; nothing where the description has no such body.
    pub(crate) fn check(&self, method: &str, template: &str, body: &Value) -> Vec<String> {
        let content =
            &self.description["paths"][template][method.to_lowercase()]["requestBody"]["content"];
        let schema = &content["application/json"]["schema"];
        if schema.is_null() {
            return Vec::new();
        }
        let (name, schema, body) = if template.ends_with("/callback") {
            let Some(variant) = callback(&body["type"]) else {
                return vec![format!("no callback has type {}", body["type"])];
            };
            let schema = json!({"$ref": format!("#/components/schemas/{variant}")});
            (variant.to_owned(), schema, body.clone())
        } else if template.contains("/commands") {
            (format!("{method} {template}"), schema.clone(), spare(body))
        } else {
            (format!("{method} {template}"), schema.clone(), body.clone())
        };
        self.validator(name, schema, &self.closed)
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// What is wrong with an answer of this service, measured by the description of answers.
    pub(crate) fn check_answer(
        &self,
        method: &str,
        template: &str,
        status: u16,
        body: &Value,
    ) -> Vec<String> {
        let responses = &self.description["paths"][template][method.to_lowercase()]["responses"];
        let schema = &responses[status.to_string()]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return vec![format!(
                "{method} {template} has no described answer {status}"
            )];
        }
        let name = format!("{method} {template} {status}");
        self.validator(name, schema.clone(), &self.components)
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    fn validator(&self, name: String, schema: Value, components: &Value) -> Arc<Validator> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let made = validators.entry(name).or_insert_with_key(|name| {
            let mut schema = schema;
            loosen(&mut schema);
            schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            schema["components"] = components.clone();
            let built = jsonschema::draft202012::options().build(&schema);
            Arc::new(built.unwrap_or_else(|error| panic!("{name}: {error}")))
        });
        Arc::clone(made)
    }
}

/// The description of a callback of this type.
fn callback(kind: &Value) -> Option<&'static str> {
    Some(match kind.as_u64()? {
        1 => "PongInteractionCallbackRequest",
        4 | 5 => "CreateMessageInteractionCallbackRequest",
        6 | 7 => "UpdateMessageInteractionCallbackRequest",
        8 => "ApplicationCommandAutocompleteCallbackRequest",
        9 => "ModalInteractionCallbackRequest",
        _ => return None,
    })
}

/// Lets permission sets be strings.
fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("maximum").and_then(Value::as_u64) == Some(PERMISSIONS_MAX) {
                map.insert("type".to_owned(), json!(["integer", "string", "null"]));
            }
            map.values_mut().for_each(loosen);
        }
        Value::Array(items) => items.iter_mut().for_each(loosen),
        _ => {}
    }
}

/// Forbids members that are not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// A command without the members that say nothing: clients write all members of an option, whatever
/// its type.
fn spare(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !says_nothing(value))
            .map(|(key, value)| (key.clone(), spare(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(spare).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}
