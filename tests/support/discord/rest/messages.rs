//! Messages that the bot sends by itself: into channels, threads and direct messages.

use serde_json::{Value, json};

use super::super::limits::{self, Upload, Way, list, number};
use super::super::refusal::{Flaw, Refusal};
use super::super::wire;
use super::super::world::{
    Attachment, Id, Mentions, Message, World, channel_kind, flag, permission,
};
use super::{Answer, Call};

/// Opens the direct messages with a user.
pub(super) fn open_direct(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let user = number(&call.body["recipient_id"]).unwrap_or(0);
    if !world.users.contains_key(&user) {
        return Err(Refusal::unknown_user());
    }
    let channel = world.direct_channel(user);
    Ok(Answer::Body(200, wire::channel(world, channel)))
}

pub(super) fn typing(world: &mut World, channel: Id) -> Result<Answer, Refusal> {
    world.may_write(channel, 0, false)?;
    let place = world.channels.get_mut(&channel);
    place.expect("it may be written to").typing += 1;
    Ok(Answer::Done)
}

pub(super) fn create(world: &mut World, call: &Call, channel: Id) -> Result<Answer, Refusal> {
    let body = &call.body;
    refuse_flaws(limits::message(body, &call.files, Way::Channel))?;
    let reference = reference(world, body, channel)?;
    world.may_write(
        channel,
        needs(body, &call.files) & !permission::EMBED_LINKS,
        reference.is_some(),
    )?;
    if let Some(sent) = sent_before(world, body, channel) {
        return Ok(Answer::Body(
            200,
            wire::message(world, &world.messages[&sent]),
        ));
    }
    house_rules(world, body, &call.path);
    let mut message = draft(world, body, &call.files, channel)?;
    message.reference = reference;
    if world.bot_permissions(channel) & permission::EMBED_LINKS == 0
        && world.channels[&channel].kind != channel_kind::DIRECT
    {
        // Discord drops them without a word.
        message.embeds = json!([]);
        if limits::is_empty(
            &message.content,
            &message.embeds,
            &message.components,
            message.attachments.len(),
        ) {
            return Err(Refusal::missing_permissions());
        }
    }
    let id = message.id;
    world.post(message);
    Ok(Answer::Body(
        200,
        wire::message(world, &world.messages[&id]),
    ))
}

pub(super) fn read(world: &mut World, channel: Id, id: Id) -> Result<Answer, Refusal> {
    let message = find(world, channel, id)?;
    Ok(Answer::Body(200, wire::message(world, message)))
}

pub(super) fn edit(world: &mut World, call: &Call, channel: Id, id: Id) -> Result<Answer, Refusal> {
    if find(world, channel, id)?.author != world.bot() {
        return Err(Refusal::not_yours_to_edit());
    }
    change(world, call, id)
}

pub(super) fn delete(world: &mut World, channel: Id, id: Id) -> Result<Answer, Refusal> {
    let message = find(world, channel, id)?;
    let allowed = message.author == world.bot()
        || world.bot_permissions(channel) & permission::MANAGE_MESSAGES != 0;
    if !allowed {
        return Err(Refusal::missing_permissions());
    }
    world.delete(id);
    Ok(Answer::Done)
}

/// A message that can be seen in a channel: not deleted, and not for one person only.
fn find(world: &World, channel: Id, id: Id) -> Result<&Message, Refusal> {
    if !world.channels.contains_key(&channel) {
        return Err(Refusal::unknown_channel());
    }
    world
        .messages
        .get(&id)
        .filter(|message| message.channel == channel && !message.deleted)
        .filter(|message| message.only_for.is_none())
        .ok_or_else(Refusal::unknown_message)
}

/// Changes a message of the bot: what the request names is replaced, the rest stays.
pub(super) fn change(world: &mut World, call: &Call, id: Id) -> Result<Answer, Refusal> {
    let body = &call.body;
    refuse_flaws(limits::message(body, &call.files, Way::Edit))?;
    house_rules(world, body, &call.path);
    let fresh = new_attachments(world, body, &call.files);
    let mut message = world.messages[&id].clone();
    if !body["content"].is_null() || body.get("content").is_some() {
        message.content = content_of(body);
    }
    if body.get("embeds").is_some() {
        message.embeds = embeds_of(body);
    }
    if body.get("components").is_some() {
        message.components = numbered(&body["components"]);
    }
    if body.get("attachments").is_some() {
        let kept: Vec<Id> = list(&body["attachments"])
            .iter()
            .filter_map(|one| number(&one["id"]))
            .collect();
        message.attachments.retain(|one| kept.contains(&one.id));
    }
    message.attachments.extend(fresh);
    message.flags &= !flag::LOADING;
    message.flags |= body["flags"].as_u64().unwrap_or(0) & !flag::EPHEMERAL;
    message.edits += 1;
    message.mentions = mentions(
        world,
        &message.content,
        &body["allowed_mentions"],
        message.channel,
    );
    if limits::is_empty(
        &message.content,
        &message.embeds,
        &message.components,
        message.attachments.len(),
    ) {
        return Err(Refusal::empty_message());
    }
    let ephemeral = message.only_for.is_some();
    world.messages.insert(id, message);
    if !ephemeral {
        world.tell_message("MESSAGE_UPDATE", id);
    }
    Ok(Answer::Body(
        200,
        wire::message(world, &world.messages[&id]),
    ))
}

/// A message of the bot, not yet posted.
pub(super) fn draft(
    world: &mut World,
    body: &Value,
    files: &[Upload],
    channel: Id,
) -> Result<Message, Refusal> {
    let content = content_of(body);
    let embeds = embeds_of(body);
    let components = numbered(&body["components"]);
    if limits::is_empty(&content, &embeds, &components, files.len()) {
        return Err(Refusal::empty_message());
    }
    let mentions = mentions(world, &content, &body["allowed_mentions"], channel);
    let attachments = new_attachments(world, body, files);
    Ok(Message {
        id: world.next_id(),
        channel,
        author: world.bot(),
        content,
        embeds,
        components,
        attachments,
        flags: body["flags"].as_u64().unwrap_or(0),
        reference: None,
        interaction: None,
        only_for: None,
        mentions,
        edits: 0,
        deleted: false,
        nonce: body["nonce"].as_str().map(str::to_owned),
    })
}

/// The permissions that the parts of a message need.
pub(super) fn needs(body: &Value, files: &[Upload]) -> u64 {
    let embeds = !list(&body["embeds"]).is_empty();
    (if embeds { permission::EMBED_LINKS } else { 0 })
        | (if files.is_empty() {
            0
        } else {
            permission::ATTACH_FILES
        })
}

pub(super) fn refuse_flaws(flaws: Vec<Flaw>) -> Result<(), Refusal> {
    if flaws.is_empty() {
        Ok(())
    } else {
        Err(Refusal::form(flaws))
    }
}

/// What this bot never does, though Discord would let it: leave mentions on.
pub(super) fn house_rules(world: &mut World, body: &Value, path: &str) {
    let allowed = &body["allowed_mentions"];
    let off = allowed["parse"].as_array().is_some_and(Vec::is_empty)
        && ["users", "roles"]
            .iter()
            .all(|key| list(&allowed[key]).is_empty())
        && allowed["replied_user"] != true;
    if !off {
        world.offend(format!(
            "{path}: mentions are not switched off: allowed_mentions is {allowed}"
        ));
    }
}

/// The message that was sent with the same nonce, when the bot wants no second one.
fn sent_before(world: &World, body: &Value, channel: Id) -> Option<Id> {
    let nonce = body["nonce"].as_str()?;
    if body["enforce_nonce"] != true {
        return None;
    }
    world
        .messages
        .values()
        .find(|message| {
            message.channel == channel
                && message.author == world.bot()
                && message.nonce.as_deref() == Some(nonce)
        })
        .map(|message| message.id)
}

/// The message that this one answers.
fn reference(world: &World, body: &Value, channel: Id) -> Result<Option<Id>, Refusal> {
    let reference = &body["message_reference"];
    let Some(id) = number(&reference["message_id"]) else {
        return Ok(None);
    };
    match find(world, channel, id) {
        Ok(found) => Ok(Some(found.id)),
        Err(_) if reference["fail_if_not_exists"] == false => Ok(None),
        Err(_) => Err(Refusal::form(vec![Flaw::new(
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
            "Unknown message",
        )])),
    }
}

fn content_of(body: &Value) -> String {
    body["content"].as_str().unwrap_or("").trim().to_owned()
}

fn embeds_of(body: &Value) -> Value {
    list(&body["embeds"])
        .iter()
        .map(|embed| {
            let mut embed = embed.clone();
            embed["type"] = json!("rich");
            let fields = embed.get_mut("fields").and_then(Value::as_array_mut);
            for field in fields.into_iter().flatten() {
                field["inline"] = json!(field["inline"] == true);
            }
            embed
        })
        .collect()
}

/// Components with the numbers that Discord gives them.
fn numbered(components: &Value) -> Value {
    fn walk(part: &mut Value, next: &mut u64) {
        if part["id"].as_u64().unwrap_or(0) == 0 {
            part["id"] = json!(*next);
        }
        *next += 1;
        if let Some(inner) = part.get_mut("components").and_then(Value::as_array_mut) {
            inner.iter_mut().for_each(|part| walk(part, next));
        }
    }
    let mut parts = list(components).to_vec();
    let mut next = 1;
    for part in &mut parts {
        walk(part, &mut next);
    }
    Value::Array(parts)
}

fn new_attachments(world: &mut World, body: &Value, files: &[Upload]) -> Vec<Attachment> {
    files
        .iter()
        .map(|file| {
            let described = list(&body["attachments"])
                .iter()
                .find(|one| number(&one["id"]) == Some(file.index));
            let text = |key: &str| {
                described
                    .and_then(|one| one[key].as_str())
                    .map(str::to_owned)
            };
            Attachment {
                id: world.next_id(),
                name: text("filename").unwrap_or_else(|| file.name.clone()),
                description: text("description"),
                content_type: if file.content_type.is_empty() {
                    kind_of(&file.name).to_owned()
                } else {
                    file.content_type.clone()
                },
                bytes: file.bytes.clone(),
            }
        })
        .collect()
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whom a text notifies, given what the sender allows. Messages parse everything by default.
fn mentions(world: &World, content: &str, allowed: &Value, channel: Id) -> Mentions {
    let parses = |kind: &str| {
        allowed.is_null() || list(&allowed["parse"]).iter().any(|parsed| parsed == kind)
    };
    let listed = |key: &str, id: Id| {
        list(&allowed[key])
            .iter()
            .any(|one| number(one) == Some(id))
    };
    let (users, roles) = named(content);
    let guild = world.channels[&channel].guild;
    Mentions {
        users: users
            .into_iter()
            .filter(|id| world.users.contains_key(id))
            .filter(|id| parses("users") || listed("users", *id))
            .collect(),
        roles: roles
            .into_iter()
            .filter(|_| guild.is_some())
            .filter(|id| parses("roles") || listed("roles", *id))
            .collect(),
        everyone: parses("everyone")
            && (content.contains("@everyone") || content.contains("@here")),
    }
}

/// The users and roles that a text names by id.
pub(in crate::support::discord) fn named(content: &str) -> (Vec<Id>, Vec<Id>) {
    let (mut users, mut roles) = (Vec::new(), Vec::new());
    for piece in content.split("<@").skip(1) {
        let Some((inside, _)) = piece.split_once('>') else {
            continue;
        };
        if let Some(role) = inside.strip_prefix('&') {
            roles.extend(role.parse::<Id>());
        } else {
            users.extend(inside.trim_start_matches('!').parse::<Id>());
        }
    }
    (users, roles)
}
