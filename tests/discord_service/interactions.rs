//! Interactions: answered once, in time, by a callback that fits, and by their token.

use serde_json::{Value, json};

use super::{Bare, quiet};
use crate::support::discord::Town;

#[test]
fn interaction_is_answered_once_in_time_and_by_its_token() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let pending = ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    let answer = json!({"type": 4, "data": quiet("**then**")});
    let mut forged = event.clone();
    forged["token"] = json!("another");
    assert_eq!(bare.callback(&forged, &answer).1["code"], 10062);
    assert_eq!(bare.callback(&event, &answer).0, 204);
    assert_eq!(bare.callback(&event, &answer).1["code"], 40060);
    let said = pending.said();
    assert_eq!(said.text, "**then**");
    assert!(!said.ephemeral);
    // Edits and further messages go by the token, until it expires.
    let original = bare.webhook(&event, "/messages/@original");
    assert_eq!(bare.send("PATCH", &original, &quiet("now")).0, 200);
    assert_eq!(said.now().text, "now");
    let (status, more) = bare.send("POST", &bare.webhook(&event, ""), &quiet("more"));
    assert_eq!((status, &more["content"]), (200, &json!("more")));
    assert_eq!(bare.send("DELETE", &original, &Value::Null).0, 204);
    assert!(said.is_gone());
    town.lets_tokens_expire();
    let (status, error) = bare.send("POST", &bare.webhook(&event, ""), &quiet("late"));
    assert_eq!((status, &error["code"]), (401, &json!(50027)));
    assert!(!town.offences().is_empty());
}

#[test]
fn interaction_that_waits_too_long_is_unknown() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let pending = town.member("ada").begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    pending.fails();
    let (status, error) = bare.callback(&event, &json!({"type": 4, "data": quiet("late")}));
    assert_eq!((status, &error["code"]), (404, &json!(10062)));
}

#[test]
fn deferred_answer_is_filled_in_by_an_edit_or_the_first_message_after_it() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    for (method, rest) in [("PATCH", "/messages/@original"), ("POST", "")] {
        let pending = ada.begins("/ask", &[("question", "when?")]);
        let event = wire.event("INTERACTION_CREATE");
        let deferred = json!({"type": 5, "data": {"flags": 64}});
        assert_eq!(bare.callback(&event, &deferred).0, 204);
        assert_eq!(
            bare.send(method, &bare.webhook(&event, rest), &quiet("at last"))
                .0,
            200
        );
        let said = pending.said();
        assert_eq!(said.text, "at last");
        assert!(said.ephemeral, "what was deferred in private stays private");
    }
}

#[test]
fn callback_types_fit_the_interaction() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let pending = ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    for body in [
        json!({"type": 6}),
        json!({"type": 7, "data": quiet("no message to update")}),
        json!({"type": 8, "data": {"choices": []}}),
        json!({"type": 5, "data": {"flags": 4}}),
        json!({"type": 1}),
    ] {
        let (status, error) = bare.callback(&event, &body);
        assert_eq!((status, &error["code"]), (400, &json!(50035)), "{body}");
    }
    let modal = json!({"type": 9, "data": {"title": "Form", "custom_id": "form", "components": [
        {"type": 1, "components": [
            {"type": 4, "custom_id": "a", "label": "Why", "style": 2, "required": true},
        ]},
    ]}});
    assert_eq!(bare.callback(&event, &modal).0, 204);
    let form = pending.said();
    let pending = ada.begins_submit(&form, &[("Why", "because\nof that")]);
    let event = wire.event("INTERACTION_CREATE");
    let input = &event["data"]["components"][0]["components"][0];
    assert_eq!(input["value"], "because\nof that");
    assert_eq!(bare.callback(&event, &modal).1["code"], 50035);
    assert_eq!(
        bare.callback(&event, &json!({"type": 4, "data": quiet("thanks")}))
            .0,
        204
    );
    assert_eq!(pending.said().text, "thanks");
    town.offences();
}

#[test]
fn choices_are_at_most_twenty_five_of_the_right_type() {
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let town = &town;
    std::thread::scope(|scope| {
        let typing = scope.spawn(|| town.member("ada").types_in("/ask", "question", "wh"));
        let event = wire.event("INTERACTION_CREATE");
        assert_eq!(event["data"]["options"][0]["focused"], true);
        let choice = |value: Value| json!({"name": "n", "value": value});
        for choices in [
            vec![choice(json!("v")); 26],
            vec![choice(json!(1))],
            vec![choice(json!("x".repeat(101)))],
        ] {
            let body = json!({"type": 8, "data": {"choices": choices}});
            assert_eq!(bare.callback(&event, &body).1["code"], 50035);
        }
        let body = json!({"type": 8, "data": {"choices": [choice(json!("v"))]}});
        assert_eq!(bare.callback(&event, &body).0, 204);
        assert_eq!(typing.join().unwrap(), [("n".to_owned(), "v".to_owned())]);
    });
    town.offences();
}
