//! Forms: filled in as their inputs allow, and sent.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::limits::list;
use super::super::said::{Input, Said};
use super::super::world::{Id, Kind};
use super::{Pending, Person};

impl Person {
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
