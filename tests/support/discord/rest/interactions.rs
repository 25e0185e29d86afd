//! Answers to interactions: the callback, and what the token allows for fifteen minutes after it.

use std::time::Instant;

use serde_json::{Value, json};

use super::super::limits::{self, Way, list};
use super::super::refusal::{Flaw, Refusal};
use super::super::wire;
use super::super::world::{
    Callback, Id, Interaction, Kind, Mentions, Message, USER_INSTALL_FOLLOWUPS, World, flag,
};
use super::messages::{change, draft, house_rules, needs, refuse_flaws};
use super::{Answer, Call};

/// The first answer.
pub(super) fn callback(
    world: &mut World,
    call: &Call,
    id: Id,
    token: &str,
) -> Result<Answer, Refusal> {
    let body = &call.body;
    let found = world
        .interactions
        .get(&id)
        .filter(|known| known.token == token);
    let Some(interaction) = found else {
        return Err(Refusal::unknown_interaction());
    };
    if interaction.answer.is_some() {
        return Err(Refusal::already_acknowledged());
    }
    if !interaction.is_open() {
        return Err(Refusal::unknown_interaction());
    }
    let (kind, source) = (interaction.kind, interaction.source);
    let data = &body["data"];
    let callback_type = body["type"].as_u64().unwrap_or(0);
    let fits = match callback_type {
        4 | 5 => kind != Kind::Autocomplete,
        6 | 7 => source.is_some() && kind != Kind::Autocomplete,
        8 => kind == Kind::Autocomplete,
        9 => matches!(kind, Kind::Command | Kind::Component),
        _ => false,
    };
    if !fits {
        return Err(Refusal::form(vec![Flaw::new(
            "type",
            "INTERACTION_CALLBACK_TYPE",
            format!(
                "an interaction of this kind ({kind:?}) takes no callback of type {callback_type}"
            ),
        )]));
    }
    let answer = match callback_type {
        4 => {
            let message = response(world, call, data, id)?;
            say(world, id, message);
            Callback::Message
        }
        5 => {
            let flags = data["flags"].as_u64().unwrap_or(0);
            if flags & !flag::EPHEMERAL != 0 {
                return Err(Refusal::form(vec![Flaw::new(
                    "data.flags",
                    "FLAGS_NOT_SETTABLE",
                    "a deferred answer can be ephemeral, and nothing else",
                )]));
            }
            let message = loading(world, id, flags);
            say(world, id, message);
            Callback::Deferred
        }
        6 => {
            mark_original(world, id, source);
            Callback::DeferredUpdate
        }
        7 => {
            let target = source.expect("it was asked for above");
            if world.messages[&target].deleted {
                return Err(Refusal::unknown_message());
            }
            let call = Call {
                method: call.method.clone(),
                path: call.path.clone(),
                query: call.query.clone(),
                body: data.clone(),
                files: call.files.clone(),
                gateway: String::new(),
            };
            change(world, &call, target)?;
            mark_original(world, id, source);
            Callback::Update
        }
        8 => {
            refuse_flaws(limits::choices(&data["choices"], option_type(world, id)))?;
            Callback::Choices(data["choices"].clone())
        }
        _ => {
            refuse_flaws(limits::modal(data))?;
            Callback::Modal(data.clone())
        }
    };
    let interaction = of(world, id);
    interaction.answer = Some(answer);
    interaction.answered = Some(Instant::now());
    if call
        .query
        .get("with_response")
        .is_some_and(|value| value == "true")
    {
        return Ok(Answer::Body(200, resource(world, id, callback_type)));
    }
    Ok(Answer::Done)
}

/// What `with_response` asks for.
fn resource(world: &World, id: Id, callback_type: u64) -> Value {
    let interaction = &world.interactions[&id];
    let kind = match interaction.kind {
        Kind::Command => 2,
        Kind::Component => 3,
        Kind::Autocomplete => 4,
        Kind::Modal => 5,
    };
    let mut value = json!({"interaction": {"id": id.to_string(), "type": kind}});
    if let Some(message) = interaction.original.map(|id| &world.messages[&id])
        && matches!(callback_type, 4 | 5 | 7)
    {
        value["interaction"]["response_message_id"] = json!(message.id.to_string());
        value["interaction"]["response_message_loading"] = json!(callback_type == 5);
        value["interaction"]["response_message_ephemeral"] = json!(message.is_ephemeral());
        value["resource"] = json!({
            "type": callback_type, "message": wire::message(world, message),
        });
    }
    value
}

/// A further message.
pub(super) fn follow_up(
    world: &mut World,
    call: &Call,
    application: &str,
    token: &str,
) -> Result<Answer, Refusal> {
    let interaction = world.interaction_of_token(application, token)?;
    if interaction.answer.is_none() {
        return Err(Refusal::unknown_webhook());
    }
    let (id, guild, deferred, original) = (
        interaction.id,
        interaction.guild,
        matches!(interaction.answer, Some(Callback::Deferred)),
        interaction.original,
    );
    let sent = interaction.followups.len();
    let alone = guild.is_some_and(|guild| !world.guilds[&guild].has_bot);
    if alone && sent >= USER_INSTALL_FOLLOWUPS {
        return Err(Refusal::too_many_followups());
    }
    // The first one after a deferred answer is that answer.
    if deferred
        && let Some(original) = original
        && world.messages[&original].flags & flag::LOADING != 0
    {
        return change(world, call, original);
    }
    let message = response(world, call, &call.body, id)?;
    let posted = message.id;
    of(world, id).followups.push(posted);
    world.post(message);
    Ok(Answer::Body(
        200,
        wire::message(world, &world.messages[&posted]),
    ))
}

pub(super) fn read(
    world: &mut World,
    application: &str,
    token: &str,
    message: Option<Id>,
) -> Result<Answer, Refusal> {
    let id = target(world, application, token, message)?;
    Ok(Answer::Body(
        200,
        wire::message(world, &world.messages[&id]),
    ))
}

pub(super) fn edit(
    world: &mut World,
    call: &Call,
    application: &str,
    token: &str,
    message: Option<Id>,
) -> Result<Answer, Refusal> {
    let id = target(world, application, token, message)?;
    let message = &world.messages[&id];
    if message.only_for.is_none() {
        lacks(world, message.channel, &call.body, call)?;
    }
    change(world, call, id)
}

pub(super) fn delete(
    world: &mut World,
    application: &str,
    token: &str,
    message: Option<Id>,
) -> Result<Answer, Refusal> {
    let id = target(world, application, token, message)?;
    world.delete(id);
    Ok(Answer::Done)
}

/// The message that `@original` or an id names, under this token.
fn target(
    world: &mut World,
    application: &str,
    token: &str,
    message: Option<Id>,
) -> Result<Id, Refusal> {
    let interaction = world.interaction_of_token(application, token)?;
    if interaction.answer.is_none() {
        return Err(Refusal::unknown_webhook());
    }
    let id = match message {
        None => interaction.original,
        Some(id) => Some(id)
            .filter(|id| interaction.followups.contains(id) || interaction.original == Some(*id)),
    };
    id.filter(|id| !world.messages[id].deleted)
        .ok_or_else(Refusal::unknown_message)
}

/// A message that answers an interaction, not yet posted.
fn response(world: &mut World, call: &Call, body: &Value, id: Id) -> Result<Message, Refusal> {
    refuse_flaws(limits::message(body, &call.files, Way::Interaction))?;
    let channel = world.interactions[&id].channel;
    if body["flags"].as_u64().unwrap_or(0) & flag::EPHEMERAL == 0 {
        lacks(world, channel, body, call)?;
    }
    house_rules(world, body, &call.path);
    let mut message = draft(world, body, &call.files, channel)?;
    message.interaction = Some(id);
    if message.is_ephemeral() {
        message.only_for = Some(world.interactions[&id].user);
    }
    Ok(message)
}

/// Refuses embeds and files where the bot may not send them.
fn lacks(world: &World, channel: Id, body: &Value, call: &Call) -> Result<(), Refusal> {
    let needed = needs(body, &call.files);
    if world.bot_permissions(channel) & needed == needed {
        Ok(())
    } else {
        Err(Refusal::missing_permissions())
    }
}

/// "cara is thinking…"
fn loading(world: &mut World, id: Id, flags: u64) -> Message {
    let interaction = &world.interactions[&id];
    let (channel, user) = (interaction.channel, interaction.user);
    Message {
        id: world.next_id(),
        channel,
        author: world.bot(),
        content: String::new(),
        embeds: json!([]),
        components: json!([]),
        attachments: Vec::new(),
        flags: flags | flag::LOADING,
        reference: None,
        interaction: Some(id),
        only_for: (flags & flag::EPHEMERAL != 0).then_some(user),
        mentions: Mentions::default(),
        edits: 0,
        deleted: false,
        nonce: None,
    }
}

/// Posts the answer of an interaction.
fn say(world: &mut World, id: Id, message: Message) {
    mark_original(world, id, Some(message.id));
    world.post(message);
}

fn mark_original(world: &mut World, id: Id, original: Option<Id>) {
    of(world, id).original = original;
}

fn of(world: &mut World, id: Id) -> &mut Interaction {
    world
        .interactions
        .get_mut(&id)
        .expect("interactions are never forgotten")
}

/// The type of the option that is being completed.
fn option_type(world: &World, id: Id) -> u64 {
    let interaction = &world.interactions[&id];
    let named = interaction.command.as_deref().unwrap_or("");
    let mut words = named.split(' ');
    let first = words.next().unwrap_or("");
    let command = world
        .commands
        .iter()
        .find(|command| command.body["name"] == first);
    let mut place = command.map_or(&Value::Null, |command| &command.body);
    for word in words {
        let options = list(&place["options"]);
        let found = options.iter().find(|option| option["name"] == word);
        place = found.unwrap_or(&Value::Null);
    }
    place["type"].as_u64().unwrap_or(3)
}
