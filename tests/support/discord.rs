//! A service that behaves as Discord does, over real HTTP and WebSocket on loopback, and people who
//! talk with the bot through it.
//!
//! A test reads like a conversation:
//!
//! ```text
//! let town = Town::new();
//! let _bot = town.bot().starts();
//! let said = town.member("ada").types("/cara ask", &[("question", "When was Fugato founded?")]);
//! assert!(said.text.contains("March 1998"));
//! let sources = town.member("ada").clicks(&said, "Sources");
//! ```
//!
//! The service keeps the state of servers, channels, people, messages and interactions
//! ([`world`]), speaks the gateway ([`gateway`]) and REST v10 ([`rest`]), and refuses what Discord
//! refuses ([`limits`], [`spec`]). Whatever no bot should have sent is an *offence*, and a town
//! fails its test when it ends with one that nobody asked for ([`Town::offences`]).
//!
//! People act through the client, as people do ([`person`]): they see the commands that are
//! registered, and click the buttons that are there. The bot is the real program ([`bot`]).

mod bot;
mod gateway;
mod limiter;
mod limits;
pub(crate) mod person;
mod refusal;
mod rest;
mod said;
mod service;
mod spec;
mod tls;
mod trouble;
mod wire;
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub(crate) use bot::{Bot, Setup};
pub(crate) use limiter::Limit;
pub(crate) use person::Person;
pub(crate) use said::{How, Said};
pub(crate) use spec::Spec;
pub(crate) use tls::Listening;
pub(crate) use trouble::{Fate, Trouble};
pub(crate) use world::{Id, Registered, Request, World, intent, permission};

use service::Service;
use world::Frame;

/// How long anything may take before a test gives up, on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The server where people are unless they go elsewhere. Its moderators are the bot's.
pub(crate) const HOME: &str = "Velden";
/// The bot's token.
pub(crate) const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gtown0.a-token-that-must-never-leave-home";

/// A service with a server, its channels and its people.
pub(crate) struct Town {
    service: Arc<Service>,
    runtime: Option<Runtime>,
}

/// How a gateway connection is disturbed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Disturbance {
    /// Op 7: reconnect and resume.
    Reconnect,
    /// Op 9: the session is invalid, and perhaps resumable.
    Invalid(bool),
    /// Closed with a code.
    Close(u16),
    /// The connection is gone without a word.
    Cut,
}

impl Town {
    /// A town whose requests are checked against Discord's description, where it is at hand.
    pub(crate) fn new() -> Town {
        Town::with(Spec::shared())
    }

    /// A town that doesn't: for measuring speed.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn unchecked() -> Town {
        Town::with(None)
    }

    fn with(spec: Option<&'static Spec>) -> Town {
        let mut world = World::new(TOKEN);
        let home = world.guild_named(HOME, true);
        world.role_named(home, "Stewards", permission::MANAGE_GUILD);
        world.role_named(home, "Archivists", 0);
        let (service, runtime) = Service::start(world, spec);
        Town {
            service,
            runtime: Some(runtime),
        }
    }

    /// The bot, ready to be started here.
    pub(crate) fn bot(&self) -> Setup {
        Setup::new(Arc::clone(&self.service))
    }

    /// The address for `DISCORD_API_BASE`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.service.address())
    }

    /// Listens over TLS as well, as `discord.com`.
    pub(crate) fn listens_as_discord_com(&self) -> Listening {
        let runtime = self.runtime.as_ref().expect("it runs until it is dropped");
        self.service.listen_tls(runtime)
    }

    /// An ordinary member of the home server.
    pub(crate) fn member(&self, name: &str) -> Person {
        Person::join(&self.service, name, HOME, None)
    }

    /// One of many members of the home server, known by a number that is not given twice.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn newcomer(&self, number: usize) -> Person {
        Person::newcomer(&self.service, &format!("newcomer-{number}"))
    }

    /// A member of the home server who may manage it.
    pub(crate) fn moderator(&self, name: &str) -> Person {
        Person::join(&self.service, name, HOME, Some("Stewards"))
    }

    /// A member of the home server with a role.
    pub(crate) fn member_with_role(&self, name: &str, role: &str) -> Person {
        Person::join(&self.service, name, HOME, Some(role))
    }

    /// Somebody who runs another server, which has added the bot.
    pub(crate) fn manager_elsewhere(&self, name: &str, server: &str) -> Person {
        self.change(|world| {
            let guild = world.guild_named(server, true);
            world.role_named(guild, "Stewards", permission::MANAGE_GUILD);
        });
        Person::join(&self.service, name, server, Some("Stewards"))
    }

    /// Somebody who uses the bot, added to their account, in a server that has not added it.
    pub(crate) fn visitor(&self, name: &str, server: &str) -> Person {
        self.change(|world| world.guild_named(server, false));
        Person::join(&self.service, name, server, None)
    }

    /// The id of a server.
    pub(crate) fn server(&self, name: &str) -> Id {
        self.change(|world| world.guild_named(name, true))
    }

    /// The id of a role of the home server.
    pub(crate) fn role(&self, name: &str) -> Id {
        self.change(|world| {
            let home = world.guild_named(HOME, true);
            world.role_named(home, name, 0)
        })
    }

    /// Takes permissions from the bot in a channel of the home server.
    pub(crate) fn forbids_bot(&self, channel: &str, permissions: u64) {
        self.change(|world| {
            let home = world.guild_named(HOME, true);
            let id = world.channel_named(home, channel);
            world
                .channels
                .get_mut(&id)
                .expect("it was just named")
                .denied = permissions;
            let event = wire::channel(world, id);
            world.dispatch("CHANNEL_UPDATE", &event, Some(home), intent::GUILDS);
        });
    }

    /// Opens a command to everybody, as administrators can in the settings of their server.
    pub(crate) fn opens_to_everybody(&self, command: &str) {
        self.change(|world| world.opened.insert(command.to_owned()));
    }

    /// Orders a trouble for the next `times` requests of a kind.
    pub(crate) fn troubles(&self, method: &'static str, path: &str, times: u32, what: Fate) {
        self.change(|world| {
            world.troubles.push(Trouble {
                method,
                path: path.to_owned(),
                times,
                what,
            });
        });
    }

    /// Sets a rate limit, which is then kept.
    pub(crate) fn limits(&self, route: &str, limit: Limit) {
        let mut limiter = self.service.limiter.lock().expect("nobody panics with it");
        limiter.set(route, limit);
    }

    /// How many requests were answered with 429.
    pub(crate) fn rate_limited(&self) -> u32 {
        let limiter = self.service.limiter.lock().expect("nobody panics with it");
        limiter.refused
    }

    /// Disturbs every gateway connection.
    pub(crate) fn disturbs(&self, how: Disturbance) {
        self.change(|world| {
            for session in &mut world.gateway.sessions {
                let payload = match how {
                    Disturbance::Reconnect => Some(json!({"op": 7, "d": null})),
                    Disturbance::Invalid(resumable) => Some(json!({"op": 9, "d": resumable})),
                    Disturbance::Close(_) | Disturbance::Cut => None,
                };
                session.push(match (how, payload) {
                    (_, Some(payload)) => Frame::Payload(payload.to_string()),
                    (Disturbance::Close(code), None) => Frame::Close(code),
                    _ => Frame::Cut,
                });
                if !matches!(how, Disturbance::Reconnect | Disturbance::Invalid(_)) {
                    session.outbox = None;
                }
            }
            if matches!(how, Disturbance::Invalid(false)) {
                // Nothing of them can be resumed. Their connections live until the bot leaves.
                world.gateway.sessions.clear();
            }
        });
    }

    /// Ends the token of every interaction so far, as fifteen minutes would.
    pub(crate) fn lets_tokens_expire(&self) {
        self.change(|world| {
            for interaction in world.interactions.values_mut() {
                interaction.expired = true;
            }
        });
    }

    /// A message of the bot from earlier times, with components that this release never made.
    pub(crate) fn remembers(&self, channel: &str, content: &str, components: Value) -> Id {
        self.change(|world| {
            let home = world.guild_named(HOME, true);
            let channel = world.channel_named(home, channel);
            let message = world::Message {
                id: world.next_id(),
                channel,
                author: world.bot(),
                content: content.to_owned(),
                embeds: json!([]),
                components,
                attachments: Vec::new(),
                flags: 0,
                reference: None,
                interaction: None,
                only_for: None,
                mentions: world::Mentions::default(),
                edits: 0,
                deleted: false,
                nonce: None,
            };
            let id = message.id;
            world.messages.insert(id, message);
            id
        })
    }

    /// The requests of a kind, oldest first.
    pub(crate) fn requests(&self, method: &str, path: &str) -> Vec<Request> {
        self.look(|world| {
            world
                .requests
                .iter()
                .filter(|request| request.method == method && request.path.contains(path))
                .cloned()
                .collect()
        })
    }

    /// Takes what the bot did that it must not do. A town that still has offences when it ends
    /// fails its test.
    pub(crate) fn offences(&self) -> Vec<String> {
        self.change(|world| std::mem::take(&mut world.offences))
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn waits_until<R>(
        &self,
        what: &str,
        found: impl FnMut(&mut World) -> Option<R>,
    ) -> R {
        match self.service.wait(PATIENCE, found) {
            Some(found) => found,
            None => panic!("it was never so that {what}"),
        }
    }

    /// Waits until something that has to be asked for is so.
    #[track_caller]
    pub(crate) fn waits_for(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < end, "waited in vain for {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Changes anything.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        self.service.change(change)
    }

    /// Looks at anything.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        self.service.look(look)
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        let offences = self.offences();
        if std::thread::panicking() {
            for offence in &offences {
                eprintln!("the service refused: {offence}");
            }
        } else {
            assert!(offences.is_empty(), "offences:\n{}", offences.join("\n"));
        }
    }
}
