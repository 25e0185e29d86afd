//! What the service knows, in the words of Discord's API: users, members, channels, messages,
//! servers, and the interactions that people cause.

use serde_json::{Map, Value, json};

use super::world::{
    Attachment, Channel, Guild, Id, Interaction, Kind, Message, World, channel_kind, permission,
};

/// Largest file a server without boosts takes, bytes.
pub(crate) const ATTACHMENT_SIZE_LIMIT: usize = 10 * 1024 * 1024;
const JOINED: &str = "2024-02-29T12:00:00.000000+00:00";

pub(crate) fn user(world: &World, id: Id) -> Value {
    let user = &world.users[&id];
    // Long enough to be found in a log that should not have it.
    let name = if user.bot {
        user.name.clone()
    } else {
        user_name(&user.name)
    };
    let mut value = json!({
        "id": id.to_string(),
        "username": name,
        "discriminator": if user.bot { "4242" } else { "0" },
        "global_name": if user.bot { Value::Null } else { json!(name) },
        "avatar": null,
        "banner": null,
        "accent_color": null,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
        "public_flags": 0,
        "flags": 0,
    });
    if user.bot {
        value["bot"] = json!(true);
    }
    value
}

/// The name that others see of somebody.
pub(crate) fn user_name(name: &str) -> String {
    format!("{name}.of.velden")
}

/// A member without its user, as messages carry it.
fn partial_member(guild: &Guild, id: Id) -> Value {
    let roles: Vec<String> = guild
        .members
        .get(&id)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .map(ToString::to_string)
        .collect();
    json!({
        "avatar": null, "banner": null, "communication_disabled_until": null, "deaf": false,
        "flags": 0, "joined_at": JOINED, "mute": false, "nick": null, "pending": false,
        "premium_since": null, "roles": roles,
    })
}

pub(crate) fn member(world: &World, guild: Id, id: Id) -> Value {
    let mut value = partial_member(&world.guilds[&guild], id);
    value["user"] = user(world, id);
    value
}

pub(crate) fn role(guild: &Guild, id: Id, bot: Id) -> Value {
    let role = guild
        .roles
        .iter()
        .find(|role| role.id == id)
        .expect("a role of this server");
    let mut value = json!({
        "id": id.to_string(), "name": role.name, "description": null, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false, "icon": null, "unicode_emoji": null, "position": 0,
        "permissions": role.permissions.to_string(), "managed": role.managed,
        "mentionable": false, "flags": 0,
    });
    if role.managed {
        value["tags"] = json!({"bot_id": bot.to_string()});
    }
    value
}

pub(crate) fn channel(world: &World, id: Id) -> Value {
    let channel = &world.channels[&id];
    match channel.kind {
        channel_kind::DIRECT => json!({
            "id": id.to_string(), "type": channel.kind, "flags": 0, "last_message_id": null,
            "recipients": channel.recipient.iter().map(|id| user(world, *id)).collect::<Vec<_>>(),
        }),
        _ => {
            let mut value = json!({
                "id": id.to_string(), "type": channel.kind, "name": channel.name,
                "guild_id": channel.guild.map(|guild| guild.to_string()),
                "parent_id": channel.parent.map(|parent| parent.to_string()),
                "flags": 0, "last_message_id": null, "last_pin_timestamp": null,
                "rate_limit_per_user": 0,
            });
            if channel.kind == channel_kind::THREAD {
                value["owner_id"] = json!(world.bot().to_string());
                value["message_count"] = json!(0);
                value["member_count"] = json!(1);
                value["thread_metadata"] = json!({
                    "archived": false, "archive_timestamp": JOINED, "auto_archive_duration": 1440,
                    "locked": false, "create_timestamp": JOINED,
                });
            } else {
                value["topic"] = Value::Null;
                value["position"] = json!(0);
                value["nsfw"] = json!(false);
                value["permission_overwrites"] = overwrites(world, channel);
            }
            value
        }
    }
}

fn overwrites(world: &World, channel: &Channel) -> Value {
    if channel.denied == 0 {
        return json!([]);
    }
    json!([{
        "id": world.bot().to_string(), "type": 1, "allow": "0",
        "deny": channel.denied.to_string(),
    }])
}

/// A server as GUILD_CREATE brings it.
pub(crate) fn guild_create(world: &World, id: Id) -> Value {
    let mut value = guild(world, id);
    let guild = &world.guilds[&id];
    let of_kind = |thread: bool| -> Vec<Value> {
        world
            .channels
            .values()
            .filter(|channel| channel.guild == Some(id))
            .filter(|channel| (channel.kind == channel_kind::THREAD) == thread)
            .map(|found| channel(world, found.id))
            .collect()
    };
    let more = json!({
        "joined_at": JOINED, "large": false, "unavailable": false,
        "member_count": guild.members.len(), "voice_states": [],
        // Without the privileged intent only the bot itself is listed.
        "members": [member(world, id, world.bot())],
        "channels": of_kind(false), "threads": of_kind(true),
        "presences": [], "stage_instances": [], "guild_scheduled_events": [],
        "soundboard_sounds": [],
    });
    merge(&mut value, more);
    value
}

/// A server as REST gives it.
pub(crate) fn guild(world: &World, id: Id) -> Value {
    let guild = &world.guilds[&id];
    let roles: Vec<Value> = guild
        .roles
        .iter()
        .map(|held| role(guild, held.id, world.bot()))
        .collect();
    let mut value = json!({
        "id": id.to_string(), "name": guild.name, "icon": null, "icon_hash": null,
        "splash": null, "discovery_splash": null, "home_header": null,
        "owner_id": guild.owner.to_string(), "region": "deprecated", "afk_channel_id": null,
        "afk_timeout": 300, "widget_enabled": false, "widget_channel_id": null,
        "verification_level": 1, "default_message_notifications": 0, "explicit_content_filter": 0,
        "roles": roles, "emojis": [], "stickers": [], "features": [], "mfa_level": 0,
    });
    let more = json!({
        "application_id": null, "system_channel_id": null, "system_channel_flags": 0,
        "rules_channel_id": null, "max_presences": null, "max_members": 500_000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
        "vanity_url_code": null, "description": null, "banner": null, "premium_tier": 0,
        "premium_subscription_count": 0, "preferred_locale": guild.locale,
        "public_updates_channel_id": null, "nsfw": false, "nsfw_level": 0,
        "premium_progress_bar_enabled": false, "premium_progress_bar_enabled_user_updated_at": null,
        "safety_alerts_channel_id": null, "incidents_data": null,
    });
    merge(&mut value, more);
    value
}

pub(crate) fn attachment(message: &Message, attachment: &Attachment) -> Value {
    let url = format!(
        "https://cdn.discordapp.com/attachments/{}/{}/{}",
        message.channel, attachment.id, attachment.name
    );
    let mut value = json!({
        "id": attachment.id.to_string(), "filename": attachment.name,
        "size": attachment.bytes.len(), "url": url, "proxy_url": url,
        "content_type": attachment.content_type, "content_scan_version": 0,
    });
    if let Some(description) = &attachment.description {
        value["description"] = json!(description);
    }
    if message.is_ephemeral() {
        value["ephemeral"] = json!(true);
    }
    value
}

pub(crate) fn message(world: &World, message: &Message) -> Value {
    let mut value = json!({
        "id": message.id.to_string(),
        "channel_id": message.channel.to_string(),
        "type": kind_of(world, message),
        "author": user(world, message.author),
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments.iter().map(|one| attachment(message, one)).collect::<Vec<_>>(),
        "mentions": message.mentions.users.iter().map(|id| user(world, *id)).collect::<Vec<_>>(),
        "mention_roles": message.mentions.roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mention_everyone": message.mentions.everyone,
        "timestamp": time_of(message.id),
        "edited_timestamp": (message.edits > 0).then(|| time_of(message.id)),
        "flags": message.flags,
        "pinned": false,
        "tts": false,
    });
    if let Some(nonce) = &message.nonce {
        value["nonce"] = json!(nonce);
    }
    if let Some(reference) = message.reference {
        let mut place = json!({
            "type": 0, "message_id": reference.to_string(),
            "channel_id": message.channel.to_string(),
        });
        if let Some(guild) = world.channels[&message.channel].guild {
            place["guild_id"] = json!(guild.to_string());
        }
        value["message_reference"] = place;
    }
    if let Some(interaction) = message
        .interaction
        .and_then(|id| world.interactions.get(&id))
    {
        value["application_id"] = json!(world.application.to_string());
        value["webhook_id"] = json!(world.application.to_string());
        value["interaction_metadata"] = interaction_metadata(world, interaction);
    }
    value
}

fn kind_of(world: &World, message: &Message) -> u8 {
    let by_command = message
        .interaction
        .and_then(|id| world.interactions.get(&id))
        .is_some_and(|interaction| interaction.kind == Kind::Command);
    match (message.reference, by_command) {
        (Some(_), _) => 19,
        (None, true) => 20,
        (None, false) => 0,
    }
}

fn interaction_metadata(world: &World, interaction: &Interaction) -> Value {
    let kind = match interaction.kind {
        Kind::Command | Kind::Autocomplete => 2,
        Kind::Component => 3,
        Kind::Modal => 5,
    };
    let mut value = json!({
        "id": interaction.id.to_string(), "type": kind, "user": user(world, interaction.user),
        "authorizing_integration_owners": owners(world, interaction.guild, interaction.user),
    });
    match (interaction.kind, interaction.source) {
        (Kind::Component, Some(source)) => {
            value["interacted_message_id"] = json!(source.to_string());
        }
        (Kind::Modal, _) => {
            value["triggering_interaction_metadata"] = json!({
                "id": interaction.id.to_string(), "type": 2, "user": user(world, interaction.user),
                "authorizing_integration_owners": owners(world, interaction.guild, interaction.user),
            });
        }
        _ => {}
    }
    value
}

/// Who added the application: the server, or else the user.
fn owners(world: &World, guild: Option<Id>, user: Id) -> Value {
    match guild {
        Some(guild) if world.guilds[&guild].has_bot => json!({"0": guild.to_string()}),
        Some(_) => json!({"1": user.to_string()}),
        None => json!({"0": "0", "1": user.to_string()}),
    }
}

/// A message as an event brings it. `whole` is false for a bot that may not read it.
pub(crate) fn message_event(world: &World, shown: &Message, whole: bool) -> Value {
    let mut value = message(world, shown);
    if let Some(guild) = world.channels[&shown.channel].guild {
        value["guild_id"] = json!(guild.to_string());
        value["member"] = partial_member(&world.guilds[&guild], shown.author);
    }
    if let Some(referenced) = shown.reference.and_then(|id| world.messages.get(&id)) {
        value["referenced_message"] = message(world, referenced);
    }
    if !whole {
        value["content"] = json!("");
        value["embeds"] = json!([]);
        value["attachments"] = json!([]);
        value["components"] = json!([]);
    }
    value
}

/// The event that tells the bot of an interaction.
pub(crate) fn interaction_event(
    world: &World,
    interaction: &Interaction,
    locale: &str,
    data: Value,
) -> Value {
    let kind = match interaction.kind {
        Kind::Command => 2,
        Kind::Component => 3,
        Kind::Autocomplete => 4,
        Kind::Modal => 5,
    };
    let place = &world.channels[&interaction.channel];
    let mut shown = channel(world, place.id);
    if let Some(guild) = interaction.guild {
        shown["permissions"] = json!(world.permissions_of(guild, interaction.user).to_string());
    }
    let mut value = json!({
        "version": 1,
        "id": interaction.id.to_string(),
        "application_id": world.application.to_string(),
        "token": interaction.token,
        "type": kind,
        "locale": locale,
        "data": data,
        "channel_id": place.id.to_string(),
        "channel": shown,
        "app_permissions": world.bot_permissions(place.id).to_string(),
        "authorizing_integration_owners": owners(world, interaction.guild, interaction.user),
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "context": if interaction.guild.is_some() { 0 } else { 1 },
    });
    match interaction.guild {
        Some(guild) => {
            let mut member = member(world, guild, interaction.user);
            member["permissions"] =
                json!(world.permissions_of(guild, interaction.user).to_string());
            let known = &world.guilds[&guild];
            value["member"] = member;
            value["guild_id"] = json!(guild.to_string());
            value["guild_locale"] = json!(known.locale);
            value["guild"] =
                json!({"id": guild.to_string(), "locale": known.locale, "features": []});
        }
        None => value["user"] = user(world, interaction.user),
    }
    if let Some(source) = interaction.source.and_then(|id| world.messages.get(&id)) {
        value["message"] = message(world, source);
    }
    value
}

/// The application, as its own bot may see it.
pub(crate) fn application(world: &World) -> Value {
    let owner = world
        .users
        .values()
        .find(|user| !user.bot)
        .map_or(world.bot(), |user| user.id);
    json!({
        "id": world.application.to_string(), "name": "CARA", "icon": null,
        "description": "", "type": null, "bot": user(world, world.bot()),
        "bot_public": true, "bot_require_code_grant": false, "verify_key": "00".repeat(32),
        "flags": application_flags(world), "flags_new": application_flags(world).to_string(),
        "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "owner": user(world, owner),
        "approximate_guild_count": world.guilds.values().filter(|guild| guild.has_bot).count(),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "team": null, "eligible_oauth2_scopes": [],
        "integration_types_config": {
            "0": {"oauth2_install_params": {"scopes": ["applications.commands", "bot"],
                  "permissions": permission::EVERYBODY.to_string()}},
            "1": {"oauth2_install_params": {"scopes": ["applications.commands"], "permissions": "0"}},
        },
    })
}

/// The flags that say which privileged intents are on, for a bot of few servers.
fn application_flags(world: &World) -> u64 {
    use super::world::intent;
    [
        (intent::GUILD_PRESENCES, 1 << 13),
        (intent::GUILD_MEMBERS, 1 << 15),
        (intent::MESSAGE_CONTENT, 1 << 19),
    ]
    .into_iter()
    .filter(|(intent, _)| world.granted_intents & intent != 0)
    .fold(0, |flags, (_, flag)| flags | flag)
}

/// The moment of a snowflake.
fn time_of(id: Id) -> String {
    let ms = i64::try_from(id >> 22).unwrap_or(0) + 1_420_070_400_000;
    jiff::Timestamp::from_millisecond(ms)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S.%3f000+00:00").to_string())
        .unwrap_or_else(|_| JOINED.to_owned())
}

/// A command as Discord gives it back: what says nothing is left out, and translations come only
/// when asked for.
pub(crate) fn command(
    world: &World,
    id: Id,
    guild: Option<Id>,
    body: &Value,
    with_localizations: bool,
) -> Value {
    let mut value = Value::Object(Map::new());
    merge(&mut value, strip(body, with_localizations));
    let kind = body["type"].as_u64().unwrap_or(1);
    let more = json!({
        "id": id.to_string(),
        "application_id": world.application.to_string(),
        "version": (id + 1).to_string(),
        "type": kind,
        "description": body["description"].as_str().unwrap_or(""),
        "default_member_permissions": match &body["default_member_permissions"] {
            Value::Number(number) => json!(number.to_string()),
            other => other.clone(),
        },
        "nsfw": body["nsfw"].as_bool().unwrap_or(false),
    });
    merge(&mut value, more);
    if with_localizations {
        for key in ["name_localizations", "description_localizations"] {
            value[key] = match &body[key] {
                Value::Object(map) if !map.is_empty() => body[key].clone(),
                _ => Value::Null,
            };
        }
    }
    match guild {
        Some(guild) => value["guild_id"] = json!(guild.to_string()),
        None => {
            value["dm_permission"] = json!(true);
            value["contexts"] = body["contexts"].clone();
            value["integration_types"] = match &body["integration_types"] {
                Value::Null => json!([0, 1]),
                given => given.clone(),
            };
        }
    }
    value
}

/// Without members that say nothing, and without translations unless they are wanted.
fn strip(value: &Value, localizations: bool) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| localizations || !key.ends_with("_localizations"))
            .filter(|(_, value)| !says_nothing(value))
            .map(|(key, value)| (key.clone(), strip(value, localizations)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items
            .iter()
            .map(|item| strip(item, localizations))
            .collect::<Vec<_>>()
            .into(),
        other => other.clone(),
    }
}

/// Null, false, or an empty list or map: a member that could as well be absent.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Puts the members of one object into another.
pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
