//! REST v10: every request is recorded, may meet an ordered trouble, is checked against Discord's
//! rules, and then changes the world or is refused in Discord's words.

mod commands;
mod interactions;
mod messages;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::limits::{REQUEST_BYTES, Upload};
use super::refusal::{Flaw, Refusal};
use super::service::Service;
use super::trouble::Fate;
use super::wire;
use super::world::{self, Id, World};

pub(super) use messages::named as named_in;

/// Where the interface lies.
const BASE: &str = "/api/v10";

/// A request that has been read.
pub(super) struct Call {
    method: String,
    /// Without [`BASE`].
    path: String,
    query: HashMap<String, String>,
    body: Value,
    files: Vec<Upload>,
    /// Where the gateway is.
    gateway: String,
}

/// What a request gets: a body, or the 204 that says "done".
pub(super) enum Answer {
    Body(u16, Value),
    Done,
}

/// Where a request goes: the template of its path, the parts that stand for ids, and whether it
/// needs the bot's token.
struct Route {
    template: &'static str,
    handler: Handler,
    /// Channel, server or webhook: the part that has its own rate limit.
    major: String,
    open: bool,
}

type Handler = Box<dyn FnOnce(&mut World, &Call) -> Result<Answer, Refusal> + Send>;

/// Answers any request that is not for the gateway.
pub(super) async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let authorized = is_authorized(request.headers(), &service);
    let described = describes_itself(request.headers());
    let method = request.method().as_str().to_owned();
    let uri = request.uri().clone();
    let path = uri.path().strip_prefix(BASE).unwrap_or("").to_owned();
    let path = path.replace("%40", "@");
    let query = uri.query().map(read_query).unwrap_or_default();
    let parsed = read(request).await;
    let (body, files) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => return refuse(&service, &method, &path, refusal),
    };
    let record = world::Request {
        method: method.clone(),
        path: path.clone(),
        status: 0,
        authorized: authorized == Some(true),
    };
    let (number, fate) = service.change(|world| {
        world.requests.push(record);
        let fate = world
            .troubles
            .iter_mut()
            .find(|trouble| trouble.strikes(&method, &path))
            .map(|trouble| {
                trouble.times -= 1;
                trouble.what.clone()
            });
        (world.requests.len() - 1, fate)
    });
    let call = Call {
        method,
        path,
        query,
        body,
        files,
        gateway: format!("ws://{}", service.address()),
    };
    let mut response = match fate {
        Some(Fate::Status(status)) => {
            Refusal::new(status, 0, &format!("{status}: ordered")).into_response()
        }
        Some(Fate::RateLimited(seconds)) => Refusal::rate_limited(seconds).into_response(),
        Some(Fate::Says(body)) => axum::Json(body).into_response(),
        Some(Fate::LostAnswer(status)) => {
            carry_out(&service, call, authorized, described);
            Refusal::new(status, 0, &format!("{status}: ordered")).into_response()
        }
        Some(Fate::Slow(time)) => {
            let response = carry_out(&service, call, authorized, described);
            tokio::time::sleep(time).await;
            response
        }
        None => carry_out(&service, call, authorized, described),
    };
    let status = response.status();
    service.change(|world| world.requests[number].status = status.as_u16());
    response
        .headers_mut()
        .insert("via", "1.1 loopback".parse().expect("plain ASCII"));
    response
}

/// Checks and carries out a request.
fn carry_out(service: &Service, call: Call, authorized: Option<bool>, described: bool) -> Response {
    let (method, path) = (call.method.clone(), call.path.clone());
    let Some(route) = find(&call) else {
        return refuse(service, &method, &path, Refusal::not_found());
    };
    let name = format!("{method} {}", route.template);
    let standing = service
        .limiter
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .count(&name, &route.major);
    let result = if authorized == Some(false) || authorized.is_none() && !route.open {
        Err(Refusal::unauthorized())
    } else if !standing.allowed {
        Err(Refusal::rate_limited(standing.retry_after()))
    } else if !described {
        Err(Refusal::form(vec![Flaw::new(
            "",
            "USER_AGENT",
            "the User-Agent is not that of a bot",
        )]))
    } else {
        let flaws: Vec<Flaw> = service
            .spec
            .filter(|_| !call.body.is_null())
            .map(|spec| spec.check(&method, route.template, &call.body))
            .unwrap_or_default()
            .into_iter()
            .map(|line| Flaw::new("", "OPENAPI", line))
            .collect();
        if flaws.is_empty() {
            service.change(|world| (route.handler)(world, &call))
        } else {
            Err(Refusal::form(flaws))
        }
    };
    let mut response = match result {
        Ok(Answer::Body(status, body)) => {
            let status = StatusCode::from_u16(status).expect("a status of HTTP");
            (status, axum::Json(body)).into_response()
        }
        Ok(Answer::Done) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refuse(service, &method, &path, refusal),
    };
    standing.write(response.headers_mut());
    response
}

/// Refuses, and notes what no bot should have done.
fn refuse(service: &Service, method: &str, path: &str, refusal: Refusal) -> Response {
    if refusal.is_offence() {
        let line = format!("{method} {path}: {}", refusal.line());
        service.change(|world| world.offend(line));
    }
    refusal.into_response()
}

/// The route of a request.
fn find(call: &Call) -> Option<Route> {
    let parts: Vec<&str> = call.path.split('/').skip(1).collect();
    let id = |text: &str| text.parse::<Id>().unwrap_or(0);
    let route = |template, handler: Handler| Route {
        template,
        handler,
        major: parts
            .get(1)
            .map_or_else(String::new, |part| (*part).to_owned()),
        open: false,
    };
    let found = match (call.method.as_str(), parts.as_slice()) {
        ("GET", ["gateway"]) => Route {
            open: true,
            ..route("/gateway", Box::new(|_, call| Ok(gateway(call, None))))
        },
        ("GET", ["gateway", "bot"]) => route(
            "/gateway/bot",
            Box::new(|world, call| Ok(gateway(call, Some(world)))),
        ),
        ("GET", ["applications", "@me"]) => route(
            "/applications/@me",
            Box::new(|world, _| Ok(Answer::Body(200, wire::application(world)))),
        ),
        ("GET", ["oauth2", "applications", "@me"]) => route(
            "/oauth2/applications/@me",
            Box::new(|world, _| Ok(Answer::Body(200, wire::application(world)))),
        ),
        ("GET", ["users", "@me"]) => route(
            "/users/@me",
            Box::new(|world, _| Ok(Answer::Body(200, myself(world)))),
        ),
        ("GET", ["users", "@me", "guilds"]) => route(
            "/users/@me/guilds",
            Box::new(|world, _| Ok(Answer::Body(200, my_guilds(world)))),
        ),
        ("POST", ["users", "@me", "channels"]) => {
            route("/users/@me/channels", Box::new(messages::open_direct))
        }
        ("GET", ["users", user]) => {
            let user = id(user);
            route(
                "/users/{user_id}",
                Box::new(move |world, _| match world.users.get(&user) {
                    Some(_) => Ok(Answer::Body(200, wire::user(world, user))),
                    None => Err(Refusal::unknown_user()),
                }),
            )
        }
        ("GET", ["guilds", guild]) => {
            let guild = id(guild);
            route(
                "/guilds/{guild_id}",
                in_guild(guild, move |world| Ok(wire::guild(world, guild))),
            )
        }
        ("GET", ["guilds", guild, "roles"]) => {
            let guild = id(guild);
            route(
                "/guilds/{guild_id}/roles",
                in_guild(guild, move |world| {
                    Ok(wire::guild(world, guild)["roles"].take())
                }),
            )
        }
        ("GET", ["guilds", guild, "channels"]) => {
            let guild = id(guild);
            route(
                "/guilds/{guild_id}/channels",
                in_guild(guild, move |world| {
                    Ok(wire::guild_create(world, guild)["channels"].take())
                }),
            )
        }
        ("GET", ["guilds", guild, "members", user]) => {
            let (guild, user) = (id(guild), id(user));
            route(
                "/guilds/{guild_id}/members/{user_id}",
                in_guild(guild, move |world| {
                    if world.guilds[&guild].members.contains_key(&user) {
                        Ok(wire::member(world, guild, user))
                    } else {
                        Err(Refusal::unknown_member())
                    }
                }),
            )
        }
        ("GET", ["channels", channel]) => {
            let channel = id(channel);
            route(
                "/channels/{channel_id}",
                Box::new(move |world, _| match world.channels.get(&channel) {
                    Some(_) => Ok(Answer::Body(200, wire::channel(world, channel))),
                    None => Err(Refusal::unknown_channel()),
                }),
            )
        }
        ("POST", ["channels", channel, "typing"]) => {
            let channel = id(channel);
            route(
                "/channels/{channel_id}/typing",
                Box::new(move |world, _| messages::typing(world, channel)),
            )
        }
        ("POST", ["channels", channel, "messages"]) => {
            let channel = id(channel);
            route(
                "/channels/{channel_id}/messages",
                Box::new(move |world, call| messages::create(world, call, channel)),
            )
        }
        (_, ["channels", channel, "messages", message]) => {
            let (channel, message) = (id(channel), id(message));
            route(
                "/channels/{channel_id}/messages/{message_id}",
                match call.method.as_str() {
                    "GET" => Box::new(move |world, _| messages::read(world, channel, message)),
                    "PATCH" => {
                        Box::new(move |world, call| messages::edit(world, call, channel, message))
                    }
                    "DELETE" => Box::new(move |world, _| messages::delete(world, channel, message)),
                    _ => return None,
                },
            )
        }
        ("POST", ["interactions", interaction, token, "callback"]) => {
            let (interaction, token) = (id(interaction), (*token).to_owned());
            Route {
                open: true,
                ..route(
                    "/interactions/{interaction_id}/{interaction_token}/callback",
                    Box::new(move |world, call| {
                        interactions::callback(world, call, interaction, &token)
                    }),
                )
            }
        }
        ("POST", ["webhooks", application, token]) => {
            let (application, token) = ((*application).to_owned(), (*token).to_owned());
            Route {
                open: true,
                major: token.clone(),
                ..route(
                    "/webhooks/{webhook_id}/{webhook_token}",
                    Box::new(move |world, call| {
                        interactions::follow_up(world, call, &application, &token)
                    }),
                )
            }
        }
        (_, ["webhooks", application, token, "messages", message]) => {
            let template = if *message == "@original" {
                "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
            } else {
                "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
            };
            let (application, token, message) = (
                (*application).to_owned(),
                (*token).to_owned(),
                message.parse::<Id>().ok(),
            );
            let major = token.clone();
            let handler: Handler = match call.method.as_str() {
                "GET" => Box::new(move |world, _| {
                    interactions::read(world, &application, &token, message)
                }),
                "PATCH" => Box::new(move |world, call| {
                    interactions::edit(world, call, &application, &token, message)
                }),
                "DELETE" => Box::new(move |world, _| {
                    interactions::delete(world, &application, &token, message)
                }),
                _ => return None,
            };
            Route {
                open: true,
                major,
                ..route(template, handler)
            }
        }
        (_, ["applications", application, "commands"]) => {
            let place = commands::Place::global(id(application));
            route(
                "/applications/{application_id}/commands",
                commands::collection(&call.method, place)?,
            )
        }
        (_, ["applications", application, "commands", command]) => {
            let place = commands::Place::global(id(application));
            route(
                "/applications/{application_id}/commands/{command_id}",
                commands::single(&call.method, place, id(command))?,
            )
        }
        (_, ["applications", application, "guilds", guild, "commands"]) => {
            let place = commands::Place::guild(id(application), id(guild));
            route(
                "/applications/{application_id}/guilds/{guild_id}/commands",
                commands::collection(&call.method, place)?,
            )
        }
        (
            _,
            [
                "applications",
                application,
                "guilds",
                guild,
                "commands",
                command,
            ],
        ) => {
            let place = commands::Place::guild(id(application), id(guild));
            route(
                "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
                commands::single(&call.method, place, id(command))?,
            )
        }
        _ => return None,
    };
    Some(found)
}

/// A handler for something in a server that the bot is in.
fn in_guild(
    guild: Id,
    handler: impl FnOnce(&mut World) -> Result<Value, Refusal> + Send + 'static,
) -> Handler {
    Box::new(move |world, _| {
        if !world.guilds.get(&guild).is_some_and(|guild| guild.has_bot) {
            return Err(Refusal::unknown_guild());
        }
        Ok(Answer::Body(200, handler(world)?))
    })
}

fn gateway(call: &Call, world: Option<&World>) -> Answer {
    let mut body = json!({"url": call.gateway});
    if let Some(world) = world {
        body["shards"] = json!(world.gateway.shards);
        body["session_start_limit"] = json!({
            "total": super::gateway::IDENTIFIES,
            "remaining": super::gateway::IDENTIFIES.saturating_sub(world.gateway.identified.len()),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        });
    }
    Answer::Body(200, body)
}

fn myself(world: &World) -> Value {
    let mut user = wire::user(world, world.bot());
    wire::merge(
        &mut user,
        json!({"verified": true, "mfa_enabled": false, "email": null, "locale": "en-US"}),
    );
    user
}

fn my_guilds(world: &World) -> Value {
    world
        .guilds
        .values()
        .filter(|guild| guild.has_bot)
        .map(|guild| {
            json!({
                "id": guild.id.to_string(), "name": guild.name, "icon": null, "banner": null,
                "owner": false, "features": [],
                "permissions": world.permissions_of(guild.id, world.bot()).to_string(),
            })
        })
        .collect()
}

/// Whether the token is the bot's; none when there is no token.
fn is_authorized(headers: &HeaderMap, service: &Service) -> Option<bool> {
    let given = headers.get(AUTHORIZATION)?.to_str().unwrap_or("");
    Some(service.look(|world| given.strip_prefix("Bot ") == Some(world.token.as_str())))
}

/// Whether the User-Agent has the form Discord asks for.
fn describes_itself(headers: &HeaderMap) -> bool {
    headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .is_some_and(|agent| agent.starts_with("DiscordBot ("))
}

fn read_query(query: &str) -> HashMap<String, String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Reads a body: JSON, or a form with `payload_json` and `files[n]`.
async fn read(request: Request) -> Result<(Value, Vec<Upload>), Refusal> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("")
        .to_owned();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, &()).await;
        return read_form(form.map_err(|_| Refusal::unreadable_body())?).await;
    }
    let bytes = axum::body::to_bytes(request.into_body(), REQUEST_BYTES)
        .await
        .map_err(|_| Refusal::too_large())?;
    if bytes.is_empty() {
        return Ok((Value::Null, Vec::new()));
    }
    if !kind.starts_with("application/json") {
        return Err(Refusal::form(vec![Flaw::new(
            "",
            "CONTENT_TYPE_INVALID",
            "Expected \"Content-Type\" header to be one of {'application/json'}.",
        )]));
    }
    let body = serde_json::from_slice(&bytes).map_err(|_| Refusal::unreadable_body())?;
    Ok((body, Vec::new()))
}

async fn read_form(mut form: Multipart) -> Result<(Value, Vec<Upload>), Refusal> {
    let mut body = Value::Null;
    let mut files = Vec::new();
    let mut size = 0;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| Refusal::unreadable_body())?
    {
        let name = field.name().unwrap_or("").to_owned();
        let file_name = field.file_name().unwrap_or("").to_owned();
        let content_type = field.content_type().unwrap_or("").to_owned();
        let bytes = field.bytes().await.map_err(|_| Refusal::too_large())?;
        size += bytes.len();
        if size > REQUEST_BYTES {
            return Err(Refusal::too_large());
        }
        if name == "payload_json" {
            body = serde_json::from_slice(&bytes).map_err(|_| Refusal::unreadable_body())?;
        } else if let Some(index) = name
            .strip_prefix("files[")
            .and_then(|rest| rest.strip_suffix(']'))
            .and_then(|index| index.parse().ok())
        {
            files.push(Upload {
                index,
                name: file_name,
                content_type,
                bytes: bytes.to_vec(),
            });
        } else {
            return Err(Refusal::form(vec![Flaw::new(
                name,
                "FORM_FIELD",
                "neither payload_json nor files[n]",
            )]));
        }
    }
    Ok((body, files))
}
