//! Application commands: global ones, and those of a server.

use serde_json::{Value, json};

use super::super::limits::command;
use super::super::refusal::{Flaw, Refusal};
use super::super::wire;
use super::super::world::{Id, Registered, World};
use super::{Answer, Call, Handler};

/// Where commands are registered.
#[derive(Clone, Copy)]
pub(super) struct Place {
    application: Id,
    guild: Option<Id>,
}

impl Place {
    pub(super) fn global(application: Id) -> Place {
        Place {
            application,
            guild: None,
        }
    }

    pub(super) fn guild(application: Id, guild: Id) -> Place {
        Place {
            application,
            guild: Some(guild),
        }
    }

    fn check(self, world: &World) -> Result<(), Refusal> {
        if self.application != world.application {
            return Err(Refusal::new(
                403,
                20012,
                "You are not authorized to perform this action on this application",
            ));
        }
        match self.guild.map(|guild| world.guilds.get(&guild)) {
            None => Ok(()),
            Some(Some(guild)) if guild.has_bot => Ok(()),
            Some(_) => Err(Refusal::missing_access()),
        }
    }
}

/// What is done with all commands of a place.
pub(super) fn collection(method: &str, place: Place) -> Option<Handler> {
    Some(match method {
        "GET" => Box::new(move |world, call| list(world, call, place)),
        "PUT" => Box::new(move |world, call| overwrite(world, call, place)),
        "POST" => Box::new(move |world, call| create(world, call, place)),
        _ => return None,
    })
}

/// What is done with one command.
pub(super) fn single(method: &str, place: Place, id: Id) -> Option<Handler> {
    Some(match method {
        "GET" => Box::new(move |world, _| {
            place.check(world)?;
            let index = find(world, place, id)?;
            Ok(Answer::Body(200, shown(world, index, true)))
        }),
        "PATCH" => Box::new(move |world, call| edit(world, call, place, id)),
        "DELETE" => Box::new(move |world, _| {
            place.check(world)?;
            let index = find(world, place, id)?;
            world.commands.remove(index);
            Ok(Answer::Done)
        }),
        _ => return None,
    })
}

fn list(world: &mut World, call: &Call, place: Place) -> Result<Answer, Refusal> {
    place.check(world)?;
    let whole = call
        .query
        .get("with_localizations")
        .is_some_and(|value| value == "true");
    Ok(Answer::Body(200, all(world, place, whole)))
}

fn overwrite(world: &mut World, call: &Call, place: Place) -> Result<Answer, Refusal> {
    place.check(world)?;
    let Some(bodies) = call.body.as_array() else {
        return Err(Refusal::unreadable_body());
    };
    let mut flaws = command::all(bodies.iter());
    for (index, body) in bodies.iter().enumerate() {
        flaws.extend(
            command::command(body, place.guild.is_some())
                .into_iter()
                .map(|flaw| Flaw {
                    path: format!("{index}.{}", flaw.path),
                    ..flaw
                }),
        );
    }
    if !flaws.is_empty() {
        return Err(Refusal::form(flaws));
    }
    let mut kept = Vec::new();
    for body in bodies {
        // A command that goes by the same name keeps its id.
        let old = world
            .commands
            .iter()
            .find(|old| old.guild == place.guild && same_name(&old.body, body))
            .map(|old| old.id);
        let id = old.unwrap_or_else(|| world.next_id());
        kept.push(Registered {
            id,
            guild: place.guild,
            body: body.clone(),
        });
    }
    world.commands.retain(|old| old.guild != place.guild);
    world.commands.extend(kept);
    Ok(Answer::Body(200, all(world, place, true)))
}

fn create(world: &mut World, call: &Call, place: Place) -> Result<Answer, Refusal> {
    place.check(world)?;
    let body = &call.body;
    let flaws = command::command(body, place.guild.is_some());
    if !flaws.is_empty() {
        return Err(Refusal::form(flaws));
    }
    let old = world
        .commands
        .iter()
        .position(|old| old.guild == place.guild && same_name(&old.body, body));
    // To create what exists is to overwrite it.
    let (status, index) = match old {
        Some(index) => {
            world.commands[index].body = body.clone();
            (200, index)
        }
        None => {
            let id = world.next_id();
            world.commands.push(Registered {
                id,
                guild: place.guild,
                body: body.clone(),
            });
            (201, world.commands.len() - 1)
        }
    };
    check_all(world, place)?;
    Ok(Answer::Body(status, shown(world, index, true)))
}

fn edit(world: &mut World, call: &Call, place: Place, id: Id) -> Result<Answer, Refusal> {
    place.check(world)?;
    let index = find(world, place, id)?;
    let mut body = world.commands[index].body.clone();
    wire::merge(&mut body, call.body.clone());
    let flaws = command::command(&body, place.guild.is_some());
    if !flaws.is_empty() {
        return Err(Refusal::form(flaws));
    }
    world.commands[index].body = body;
    check_all(world, place)?;
    Ok(Answer::Body(200, shown(world, index, true)))
}

fn check_all(world: &World, place: Place) -> Result<(), Refusal> {
    let bodies = world
        .commands
        .iter()
        .filter(|command| command.guild == place.guild)
        .map(|command| &command.body);
    let flaws = command::all(bodies);
    if flaws.is_empty() {
        Ok(())
    } else {
        Err(Refusal::form(flaws))
    }
}

fn find(world: &World, place: Place, id: Id) -> Result<usize, Refusal> {
    world
        .commands
        .iter()
        .position(|command| command.id == id && command.guild == place.guild)
        .ok_or_else(Refusal::unknown_command)
}

fn all(world: &World, place: Place, whole: bool) -> Value {
    (0..world.commands.len())
        .filter(|index| world.commands[*index].guild == place.guild)
        .map(|index| shown(world, index, whole))
        .collect()
}

fn shown(world: &World, index: usize, whole: bool) -> Value {
    let command = &world.commands[index];
    wire::command(world, command.id, command.guild, &command.body, whole)
}

fn same_name(a: &Value, b: &Value) -> bool {
    let kind = |body: &Value| body["type"].as_u64().unwrap_or(1);
    a["name"] == b["name"] && kind(a) == kind(b) && a["name"] != json!(null)
}
