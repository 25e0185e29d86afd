//! Plain messages to the JSON that Discord's API takes: the one place that knows its field names.
//!
//! Written out rather than made by serenity's builders, because those send what Discord ignores
//! (empty lists, which its description of the API does not allow everywhere), and leave mentions on in
//! edits of deferred answers. Here every body has its mentions disabled, because there is only one place
//! that makes bodies.

use serde_json::{Map, Value, json};

use crate::discord::markdown::shorten;
use crate::discord::message::{
    Button, Embed, File, Line, MAX_CONTENT_CHARS, MAX_EMBED_CHARS, MAX_LINE_CHARS, MAX_LINES, Menu,
    Message, Modal, Row, Style,
};

/// A request's body: JSON, with at most one file beside it.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) json: Value,
    pub(crate) file: Option<File>,
}

/// The kinds of answers to an interaction, as Discord numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Answer {
    Message = 4,
    DeferredMessage = 5,
    DeferredUpdate = 6,
    Update = 7,
    Suggestions = 8,
    Modal = 9,
}

/// Seen by nobody but who asked.
const EPHEMERAL: u64 = 1 << 6;
/// Longest text below the title of an embed.
const MAX_FOOTER_CHARS: usize = 2_048;
/// Longest title of an embed.
const MAX_TITLE_CHARS: usize = 256;
/// Longest description of a file.
const MAX_ALT_CHARS: usize = 1_024;

/// A new message as the answer.
pub(crate) fn answer(message: Message) -> Body {
    let flags = if message.ephemeral { EPHEMERAL } else { 0 };
    let mut body = create(message);
    if flags != 0 {
        body.json["flags"] = flags.into();
    }
    callback(Answer::Message, body)
}

/// "I am on it"; an edit follows.
pub(crate) fn defer(ephemeral: bool) -> Body {
    let mut body = callback(Answer::DeferredMessage, Body::from(Value::Null));
    if ephemeral {
        body.json["data"] = json!({ "flags": EPHEMERAL });
    }
    body
}

/// "I have seen it", without any change to the message pressed on.
pub(crate) fn acknowledge() -> Body {
    callback(Answer::DeferredUpdate, Body::from(Value::Null))
}

/// The message pressed on becomes this one.
pub(crate) fn update(message: Message) -> Body {
    callback(Answer::Update, edit(message))
}

/// Suggestions for what is being typed.
pub(crate) fn suggestions(lines: Vec<Line>) -> Body {
    let choices: Vec<Value> = lines
        .into_iter()
        .take(MAX_LINES)
        .map(|line| json!({ "name": fit(&line.label, MAX_LINE_CHARS), "value": line.value }))
        .collect();
    callback(
        Answer::Suggestions,
        Body::from(json!({ "choices": choices })),
    )
}

/// A form.
pub(crate) fn modal(modal: Modal) -> Body {
    let rows: Vec<Value> = modal
        .fields
        .into_iter()
        .map(|field| {
            let mut input = json!({
                "type": 4,
                "custom_id": field.key,
                "style": if field.long { 2 } else { 1 },
                "label": fit(&field.label, 45),
                "required": field.required,
                "max_length": field.max_chars,
            });
            if !field.value.is_empty() {
                input["value"] = shorten(&field.value, usize::from(field.max_chars)).into();
            }
            if !field.placeholder.is_empty() {
                input["placeholder"] = shorten(&field.placeholder, 100).into();
            }
            json!({ "type": 1, "components": [input] })
        })
        .collect();
    let data = json!({
        "custom_id": modal.submit.write(),
        "title": fit(&modal.title, 45),
        "components": rows,
    });
    callback(Answer::Modal, Body::from(data))
}

/// A new message, in a channel or after an answer.
pub(crate) fn create(message: Message) -> Body {
    let mut body = Map::new();
    if !message.content.is_empty() {
        body.insert("content".to_owned(), content(&message.content));
    }
    if let Some(shown) = &message.embed {
        body.insert("embeds".to_owned(), json!([embed(shown)]));
    }
    if !message.rows.is_empty() {
        body.insert("components".to_owned(), rows(&message.rows));
    }
    finish(body, message.file)
}

/// A new message in reply to another. `nonce` makes sending it twice post it once.
pub(crate) fn reply(message: Message, to: u64) -> Body {
    let mut body = create(message);
    body.json["message_reference"] =
        json!({ "message_id": to.to_string(), "fail_if_not_exists": false });
    body.json["nonce"] = to.to_string().into();
    body.json["enforce_nonce"] = true.into();
    body.json["allowed_mentions"]["replied_user"] = false.into();
    body
}

/// An edit: everything is replaced. A file that belonged to what was said before goes with it.
pub(crate) fn edit(message: Message) -> Body {
    let embeds: Vec<Value> = message.embed.iter().map(embed).collect();
    let mut body = Map::new();
    body.insert("content".to_owned(), content(&message.content));
    body.insert("embeds".to_owned(), embeds.into());
    body.insert("components".to_owned(), rows(&message.rows));
    body.insert("attachments".to_owned(), json!([]));
    finish(body, message.file)
}

impl From<Value> for Body {
    fn from(json: Value) -> Body {
        Body { json, file: None }
    }
}

fn callback(kind: Answer, data: Body) -> Body {
    let mut json = json!({ "type": kind as u8 });
    if !data.json.is_null() {
        json["data"] = data.json;
    }
    Body {
        json,
        file: data.file,
    }
}

/// Adds what every message has: no mentions, and its file.
fn finish(mut body: Map<String, Value>, file: Option<File>) -> Body {
    body.insert("allowed_mentions".to_owned(), json!({ "parse": [] }));
    if let Some(file) = &file {
        let alt = shorten(&file.alt, MAX_ALT_CHARS);
        body.insert(
            "attachments".to_owned(),
            json!([{ "id": "0", "filename": file.name, "description": alt }]),
        );
    }
    Body {
        json: body.into(),
        file,
    }
}

fn content(text: &str) -> Value {
    shorten(text, MAX_CONTENT_CHARS).into()
}

fn embed(embed: &Embed) -> Value {
    let mut json = Map::new();
    if !embed.title.is_empty() {
        json.insert(
            "title".to_owned(),
            shorten(&embed.title, MAX_TITLE_CHARS).into(),
        );
    }
    let text = shorten(&embed.description, MAX_EMBED_CHARS - MAX_TITLE_CHARS);
    json.insert("description".to_owned(), fit(&text, MAX_EMBED_CHARS).into());
    if let Some(footer) = &embed.footer {
        let text = shorten(footer, MAX_FOOTER_CHARS / 2);
        json.insert("footer".to_owned(), json!({ "text": text }));
    }
    json.into()
}

fn rows(rows: &[Row]) -> Value {
    let rows = rows.iter().take(5).map(|row| {
        let components: Vec<Value> = match row {
            Row::Buttons(buttons) => buttons.iter().take(5).map(button).collect(),
            Row::Menu(menu) => vec![select(menu)],
        };
        json!({ "type": 1, "components": components })
    });
    rows.collect()
}

fn button(button: &Button) -> Value {
    let style = match button.style {
        Style::Primary => 1,
        Style::Secondary => 2,
        Style::Success => 3,
        Style::Danger => 4,
    };
    let mut json = json!({
        "type": 2,
        "style": style,
        "label": fit(&button.label, 80),
        "custom_id": button.press.write(),
    });
    if button.disabled {
        json["disabled"] = true.into();
    }
    json
}

fn select(menu: &Menu) -> Value {
    let options: Vec<Value> = menu
        .lines
        .iter()
        .take(MAX_LINES)
        .map(|line| json!({ "label": fit(&line.label, MAX_LINE_CHARS), "value": line.value }))
        .collect();
    json!({
        "type": 3,
        "custom_id": menu.choose.write(),
        "placeholder": fit(&menu.placeholder, 150),
        "options": options,
    })
}

/// Within a limit, and never empty: Discord takes no empty labels.
fn fit(text: &str, max: usize) -> String {
    let text = text.trim();
    if text.is_empty() {
        "…".to_owned()
    } else {
        shorten(text, max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_with_a_message_disables_mentions() {
        let message = || Message::private("@everyone");
        for json in [
            answer(message()).json["data"].clone(),
            update(message()).json["data"].clone(),
            create(message()).json,
            reply(message(), 5).json,
            edit(message()).json,
        ] {
            assert_eq!(json["allowed_mentions"]["parse"], json!([]), "{json}");
        }
    }

    #[test]
    fn deferred_answer_has_no_flag_but_ephemeral() {
        assert_eq!(
            defer(true).json,
            json!({ "type": 5, "data": { "flags": 64 } })
        );
        assert_eq!(defer(false).json, json!({ "type": 5 }));
        assert_eq!(acknowledge().json, json!({ "type": 6 }));
    }

    #[test]
    fn edit_takes_the_files_along() {
        assert_eq!(edit(Message::text("x")).json["attachments"], json!([]));
        assert!(create(Message::text("x")).json.get("attachments").is_none());
    }
}
