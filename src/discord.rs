//! The bot in Discord: the only place that knows serenity, and thin over the replies.
//!
//! ```text
//! gateway → handler ┬→ members (commands, suggestions) ┐
//!                   ├→ buttons                         ├→ bot (ask) → layout → wire → rest → Discord
//!                   ├→ chat (mentions, direct messages)│
//!                   └→ admin, review, edits, stats     ┘
//! ```
//!
//! | module | what it is for |
//! |---|---|
//! | `settings` | what the operator decides; secrets; which gateway may be sent the token |
//! | `incoming` | Discord's JSON, read patiently |
//! | `handler` | events to what is done about them |
//! | `members`, `buttons`, `chat` | what members can do |
//! | `admin`, `review`, `edits`, `stats` | what moderators can do |
//! | `told` | telling those who asked to be told |
//! | `bot` | what is known while running; a question to a message |
//! | `autocomplete`, `conversations`, `cooldown`, `moderators`, `guilds`, `pictures`, `latency` | one idea each |
//! | `keeping` | the journal, as far as questions go |
//! | `message`, `layout`, `markdown`, `custom_id` | messages as plain data |
//! | `commands` | what is registered, by difference |
//! | `respond`, `wire`, `rest` | plain data to requests |
//! | `state` | identifies, counted over restarts |
//!
//! Answering takes microseconds, so it happens where the event arrives; what may take longer is
//! announced first (Discord waits three seconds). Nothing here holds a lock while it waits.

pub mod doctor;
pub mod settings;

mod admin;
mod autocomplete;
mod bot;
mod buttons;
mod chat;
mod commands;
mod conversations;
mod cooldown;
mod custom_id;
mod edits;
mod guilds;
mod handler;
mod incoming;
mod keeping;
mod latency;
pub(crate) mod layout;
mod markdown;
mod members;
pub(crate) mod message;
mod moderators;
mod pictures;
mod previews;
mod respond;
mod rest;
mod review;
mod state;
mod stats;
mod told;
mod wire;

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Duration;

use serenity::all::GatewayError;
use serenity::client::ClientBuilder;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::watch;

use crate::journal::Journal;
use crate::live::Live;
use crate::moderation::Store;

use self::bot::Bot;
use self::handler::{Handler, since_1970};
use self::keeping::Keeping;
use self::moderators::Moderators;
use self::rest::Rest;
pub use self::rest::RestError;
pub use self::settings::Settings;
use self::state::State;

/// Commands need no intent; mentions and direct messages come with their text, and servers with
/// their roles. Nothing here is privileged.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::DIRECT_MESSAGES);
/// How long the shutdown waits for what is in hand.
const FINISH_WITHIN: Duration = Duration::from_secs(10);
/// How often Discord is asked for its gateway before the start is given up.
const GATEWAY_TRIES: u32 = 5;
/// The wait after the first try; doubles.
const GATEWAY_WAIT: Duration = Duration::from_secs(1);

/// What the bot serves and where it keeps things.
#[derive(Debug)]
pub struct Base {
    /// What is served.
    pub live: Arc<Live>,
    /// Where the knowledge lives.
    pub store: Store,
    /// Where questions are kept; none keeps nothing.
    pub journal: Option<Journal>,
    /// How many days questions are kept.
    pub retention_days: u32,
}

/// Why the bot does not run, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Discord refuses the token.
    #[error(
        "Discord refuses the token: reset it on your application's page “Bot” in the developer portal, and give the new one"
    )]
    Token,
    /// The gateway is another host's, to whom the token must not go.
    #[error("the gateway's address is not one that the token may be sent to: {0}")]
    ForeignGateway(String),
    /// Discord refuses the connection for good.
    #[error("Discord's gateway refuses the bot: {0}")]
    Gateway(String),
    /// The API cannot be used.
    #[error(transparent)]
    Rest(#[from] RestError),
}

/// Runs the bot until `stop` is done, then finishes what is in hand and closes.
///
/// # Errors
/// When Discord refuses the bot for good, or cannot be reached at the start.
pub async fn run(
    settings: Settings,
    base: Base,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let Settings {
        token,
        api,
        admin_guild,
        moderator_roles,
        data,
        transport,
    } = settings;
    let rest = Rest::new(&token, &api, transport)?;
    let moderators = Moderators {
        guild: admin_guild,
        roles: moderator_roles,
    };
    let Base {
        live,
        store,
        journal,
        retention_days,
    } = base;
    let keeping = Keeping::new(journal.clone(), retention_days);
    let state = State::open(data.as_deref());
    let bot = Bot::new(live, store, journal, rest, keeping, moderators, state);
    let bot = Arc::new(bot);
    let telling = tokio::spawn(Arc::clone(&bot).keep_telling());
    let mut stop = pin!(stop);
    let result = loop {
        match session(&bot, &token, &api, &mut stop).await {
            Ok(End::Stopped) => break Ok(()),
            Ok(End::Restless) => tracing::warn!("too many new sessions; pausing"),
            Err(error) => break Err(error),
        }
    };
    telling.abort();
    bot.keeping.close().await;
    result
}

/// How the sessions of one client end, when nothing is wrong.
enum End {
    /// We were asked to stop, and have.
    Stopped,
    /// Sessions began anew too often: a pause is due.
    Restless,
}

/// Connects, and stays connected as long as possible.
async fn session(
    bot: &Arc<Bot>,
    token: &settings::Secret,
    api: &settings::Api,
    stop: &mut Pin<&mut impl Future<Output = ()>>,
) -> Result<End, RunError> {
    let shards = tokio::select! {
        shards = shards(&bot.rest) => shards?,
        () = stop.as_mut() => return Ok(End::Stopped),
    };
    let pause = bot.with_state(|state| state.pause(since_1970(), shards));
    if !pause.is_zero() {
        tracing::warn!(?pause, "many sessions lately; waiting before the next");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.as_mut() => return Ok(End::Stopped),
        }
    }
    let restless = watch::Sender::new(false);
    let mut tripped = restless.subscribe();
    let handler = Handler {
        bot: Arc::clone(bot),
        registered: Arc::new(AtomicBool::new(false)),
        restless,
        shards,
        counted: Arc::new(AtomicU32::new(shards)),
    };
    let http = bot.rest.builder(token, api).build();
    let mut client = ClientBuilder::new_with_http(http, INTENTS)
        .raw_event_handler(handler.clone())
        .event_handler(handler)
        .await
        .map_err(|error| RunError::Gateway(error.to_string()))?;
    let address = client.ws_url.lock().await.clone();
    if !api.trusts_gateway(&address) {
        return Err(RunError::ForeignGateway(address));
    }
    // Counted before they happen: what ends the process before Discord answers counts all the same.
    let counting = Arc::clone(bot);
    let counted = tokio::task::spawn_blocking(move || {
        counting.with_state(|state| (0..shards).for_each(|_| state.identified(since_1970())));
    });
    if let Err(error) = counted.await {
        tracing::warn!(%error, "identifies not counted");
    }
    let manager = Arc::clone(&client.shard_manager);
    bot.shards.store(Some(Arc::clone(&manager)));
    let end = tokio::select! {
        ended = client.start_shards(shards) => match ended {
            Ok(()) => Ok(End::Restless),
            Err(error) => Err(refusal(error)),
        },
        () = stop.as_mut() => {
            bot.finish(FINISH_WITHIN).await;
            Ok(End::Stopped)
        }
        () = bot.rest.token_refused() => Err(RunError::Token),
        // The handler keeps the sender as long as the client lives.
        _ = tripped.wait_for(|tripped| *tripped) => Ok(End::Restless),
    };
    bot.shards.store(None);
    manager.shutdown_all().await;
    end
}

/// How many shards Discord recommends, once it lets us begin sessions.
async fn shards(rest: &Rest) -> Result<u32, RunError> {
    let mut wait = GATEWAY_WAIT;
    for attempt in 1.. {
        let answer = match rest.gateway().await {
            Ok(answer) => answer,
            Err(error) if error.is_unauthorised() => return Err(RunError::Token),
            // A server that behaves as Discord does may know one shard only.
            Err(error) if error.status() == Some(404) => return Ok(1),
            Err(error) if attempt == GATEWAY_TRIES => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, ?wait, "the gateway is not to be had; trying again");
                tokio::time::sleep(wait).await;
                wait *= 2;
                continue;
            }
        };
        let limit = &answer["session_start_limit"];
        if limit["remaining"] == 0 {
            let reset = limit["reset_after"].as_u64().unwrap_or_default();
            let wait = Duration::from_millis(reset).max(GATEWAY_WAIT);
            tracing::warn!(?wait, "Discord lets no session begin before");
            tokio::time::sleep(wait).await;
        }
        let shards = answer["shards"]
            .as_u64()
            .and_then(|n| u32::try_from(n).ok());
        return Ok(shards.unwrap_or(1).max(1));
    }
    Ok(1)
}

/// Why Discord ended the connection for good.
fn refusal(error: serenity::Error) -> RunError {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => RunError::Token,
        serenity::Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => RunError::Gateway(
            "it does not allow the intents, although none is privileged".to_owned(),
        ),
        serenity::Error::Gateway(GatewayError::OverloadedShard) => RunError::Gateway(
            "the bot is in more servers than its shards may serve; start it again".to_owned(),
        ),
        other => RunError::Gateway(other.to_string()),
    }
}
