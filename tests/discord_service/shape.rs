//! Answers and requests, held against Discord's own description.

use serde_json::{Value, json};

use super::{Bare, quiet, text};
use crate::support::discord::{Spec, Town};

#[test]
fn answers_have_the_shape_that_discord_describes() {
    let Some(spec) = Spec::shared() else { return };
    let town = Town::new();
    let bare = Bare::new(&town);
    bare.registers_ask();
    let mut wire = bare.identified();
    let ada = town.member("ada");
    let channel = format!("/channels/{}", ada.place());
    let mut body = quiet("**text**");
    body["embeds"] = json!([{"title": "t", "fields": [{"name": "n", "value": "v"}]}]);
    body["components"] = json!([{"type": 1, "components": [
        {"type": 2, "style": 2, "custom_id": "a", "label": "A"},
        {"type": 2, "style": 5, "url": "https://example.org", "label": "B"}]}]);
    ada.begins("/ask", &[("question", "when?")]);
    let event = wire.event("INTERACTION_CREATE");
    let asked = format!(
        "/interactions/{}/{}/callback?with_response=true",
        text(&event["id"]),
        text(&event["token"])
    );
    let (guild, application) = (bare.home, bare.application);
    let user = ada.id();
    let nothing = Value::Null;
    for (method, path, template, body) in [
        ("GET", "/gateway".to_owned(), "/gateway", &nothing),
        ("GET", "/gateway/bot".to_owned(), "/gateway/bot", &nothing),
        (
            "GET",
            "/applications/@me".to_owned(),
            "/applications/@me",
            &nothing,
        ),
        ("GET", "/users/@me".to_owned(), "/users/@me", &nothing),
        (
            "GET",
            format!("/users/{user}"),
            "/users/{user_id}",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}"),
            "/guilds/{guild_id}",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}/roles"),
            "/guilds/{guild_id}/roles",
            &nothing,
        ),
        (
            "GET",
            format!("/guilds/{guild}/members/{user}"),
            "/guilds/{guild_id}/members/{user_id}",
            &nothing,
        ),
        ("GET", channel.clone(), "/channels/{channel_id}", &nothing),
        (
            "POST",
            format!("{channel}/messages"),
            "/channels/{channel_id}/messages",
            &body,
        ),
        (
            "GET",
            format!("/applications/{application}/commands"),
            "/applications/{application_id}/commands",
            &nothing,
        ),
        (
            "POST",
            asked,
            "/interactions/{interaction_id}/{interaction_token}/callback",
            &json!({"type": 4, "data": body}),
        ),
        (
            "PATCH",
            bare.webhook(&event, "/messages/@original"),
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
            &body,
        ),
    ] {
        let (status, answer) = bare.send(method, &path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        let flaws = spec.check_answer(method, template, status, &answer);
        assert!(flaws.is_empty(), "{method} {path}: {flaws:#?}\n{answer:#}");
    }
}

#[test]
fn request_bodies_are_measured_by_discords_description() {
    // Without the description, `Spec::shared` has said that this is skipped.
    let Some(spec) = Spec::shared() else { return };
    let callback = "/interactions/{interaction_id}/{interaction_token}/callback";
    let flaws = |template: &str, body: Value| spec.check("POST", template, &body);
    let good = json!({"type": 4, "data": {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}],
        "allowed_mentions": {"parse": []}, "flags": 64}});
    assert_eq!(flaws(callback, good), Vec::<String>::new());
    for bad in [
        json!({"type": 4, "data": {"contents": "misspelt"}}),
        json!({"type": 4, "data": {"content": "x".repeat(2001)}}),
        json!({"type": 9, "data": {"title": "x".repeat(46), "custom_id": "a", "components": []}}),
        json!({"type": 99}),
    ] {
        assert!(!flaws(callback, bad.clone()).is_empty(), "{bad}");
    }
    let commands = "/applications/{application_id}/commands";
    let command = json!({"name": "cara", "description": "d", "nsfw": false, "default_member_permissions": "32",
        "options": [{"type": 5, "name": "private", "description": "d", "choices": [], "min_value": null,
        "channel_types": [], "autocomplete": false}]});
    assert_eq!(flaws(commands, command), Vec::<String>::new());
    assert!(!flaws(commands, json!({"name": "cara", "descripton": "d"})).is_empty());
}
