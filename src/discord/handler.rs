//! Events of the gateway to what is done about them. All of them come through here, read or unread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serenity::async_trait;
use serenity::client::{Context, EventHandler, RawEventHandler};
use serenity::gateway::{ConnectionStage, ShardStageUpdateEvent};
use serenity::model::event::Event;
use tokio::sync::watch;
use tracing::Instrument as _;

use crate::discord::bot::{Bot, Identity};
use crate::discord::commands::{self, ADMIN};
use crate::discord::incoming::{
    Guild, Interaction, Message, Ready, Role, RoleTags, Unreadable, lang_of,
};
use crate::discord::respond::Response;
use crate::discord::{incoming, layout, wire};
use crate::reply::Words;

/// An identify that would have to be waited for this long means that something is wrong with ours.
const TOO_LONG: Duration = Duration::from_secs(30);

/// Types of interactions, as Discord numbers them.
mod kind {
    pub(super) const COMMAND: u8 = 2;
    pub(super) const COMPONENT: u8 = 3;
    pub(super) const AUTOCOMPLETE: u8 = 4;
    pub(super) const MODAL: u8 = 5;
}

/// Hears everything.
#[derive(Clone)]
pub(crate) struct Handler {
    pub(crate) bot: Arc<Bot>,
    /// Set once the commands are as they should be.
    pub(crate) registered: Arc<AtomicBool>,
    /// Told when sessions begin anew too often.
    pub(crate) restless: watch::Sender<bool>,
    /// How many connections there are.
    pub(crate) shards: u32,
    /// First identifies of this client, which were counted before it began.
    pub(crate) counted: Arc<AtomicU32>,
}

#[async_trait]
impl RawEventHandler for Handler {
    async fn raw_event(&self, _: Context, event: Event) {
        let received = Instant::now();
        match event {
            Event::InteractionCreate(event) => {
                match Interaction::from_serenity(&event.interaction) {
                    Ok(interaction) => self.interaction(interaction, received).await,
                    Err(error) => tracing::error!(%error, "interaction not read"),
                }
            }
            Event::MessageCreate(event) => {
                let read = serde_json::to_value(&event.message).and_then(incoming::read);
                match read {
                    Ok(message) => self.message(message).await,
                    Err(error) => tracing::error!(%error, "message not read"),
                }
            }
            Event::Ready(event) => {
                let ready = &event.ready;
                self.ready(Identity {
                    user: ready.user.id.get(),
                    application: ready.application.id.get(),
                })
                .await;
            }
            Event::GuildCreate(event) => {
                let guild = &event.guild;
                self.bot.guilds.learn(&Guild {
                    id: guild.id.get(),
                    owner_id: Some(guild.owner_id.get()),
                    preferred_locale: Some(guild.preferred_locale.clone()),
                    roles: guild.roles.values().map(role).collect(),
                });
            }
            Event::GuildUpdate(event) => {
                let guild = &event.guild;
                self.bot.guilds.learn(&Guild {
                    id: guild.id.get(),
                    owner_id: Some(guild.owner_id.get()),
                    preferred_locale: Some(guild.preferred_locale.clone()),
                    roles: guild.roles.values().map(role).collect(),
                });
            }
            Event::GuildRoleCreate(event) => {
                if let Some(bot) = event.role.tags.bot_id {
                    let (guild, role) = (event.role.guild_id.get(), event.role.id.get());
                    self.bot.guilds.learn_role(guild, bot.get(), role);
                }
            }
            Event::GuildDelete(event) if !event.guild.unavailable => {
                self.bot.guilds.forget(event.guild.id.get());
            }
            Event::Resumed(_) => tracing::info!("session resumed"),
            Event::Unknown(event) => self.unread(&event.kind, event.value, received).await,
            _ => {}
        }
    }
}

#[async_trait]
impl EventHandler for Handler {
    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        tracing::debug!(shard = event.shard_id.0, stage = %event.new, "gateway");
        // serenity tells of stages that an event brought: that it identifies is seen when it ends.
        if event.old != ConnectionStage::Identifying {
            return;
        }
        let known = |left: u32| left.checked_sub(1);
        if self
            .counted
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, known)
            .is_ok()
        {
            return;
        }
        let bot = Arc::clone(&self.bot);
        let shards = self.shards;
        // It writes a file.
        let counted = tokio::task::spawn_blocking(move || {
            bot.with_state(|state| {
                let now = since_1970();
                state.identified(now);
                state.pause(now, shards)
            })
        });
        if counted.await.is_ok_and(|pause| pause > TOO_LONG) {
            self.restless.send_replace(true);
        }
    }
}

impl Handler {
    async fn interaction(&self, interaction: Interaction, received: Instant) {
        let Some(_work) = self.bot.begin().await else {
            return;
        };
        let span = tracing::info_span!(
            "interaction",
            id = interaction.id,
            guild = interaction.guild_id,
            command = %interaction.data.name,
            subcommand = interaction.subcommand(),
        );
        async {
            let response = self.decide(&interaction).await;
            self.bot.respond(&interaction, response, received).await;
        }
        .instrument(span)
        .await;
    }

    async fn decide(&self, interaction: &Interaction) -> Response {
        let bot = &self.bot;
        let words = Words(interaction.lang());
        let moderating = interaction.data.name == ADMIN;
        if interaction.kind != kind::AUTOCOMPLETE && !moderating {
            let (user, channel) = (interaction.user_id(), interaction.channel_id());
            if let Err(wait) = bot.cooldown.admit(user, channel) {
                return Response::Say(layout::note(&words.slow_down(wait)));
            }
        }
        match interaction.kind {
            kind::COMMAND if moderating => bot.admin(interaction).await,
            kind::COMMAND => bot.command(interaction).await,
            kind::COMPONENT => bot.press(interaction).await,
            kind::AUTOCOMPLETE => bot.suggest(interaction),
            kind::MODAL => bot.submitted(interaction).await,
            _ => Response::Say(layout::note(words.sorry())),
        }
    }

    async fn message(&self, message: Message) {
        let Some(_work) = self.bot.begin().await else {
            return;
        };
        let span = tracing::info_span!("message", id = message.id, guild = message.guild_id);
        self.bot.message(&message).instrument(span).await;
    }

    async fn ready(&self, identity: Identity) {
        tracing::info!(application = identity.application, "connected");
        self.bot.introduce(identity);
        if self.registered.load(Ordering::Acquire) {
            return;
        }
        match self.register(identity.application).await {
            Ok(sent) => {
                self.registered.store(true, Ordering::Release);
                tracing::info!(sent, "commands registered");
            }
            Err(error) => tracing::error!(%error, "commands not registered"),
        }
    }

    /// Makes the registered commands be ours: everywhere, and those of moderators in their server.
    async fn register(&self, application: u64) -> Result<bool, crate::discord::rest::RestError> {
        let bot = &self.bot;
        let everybody = commands::for_everybody();
        let mut sent = commands::register(&bot.rest, application, None, everybody).await?;
        let wanted = bot.moderators.guild;
        let before = bot.with_state(|state| state.admin_guild());
        if let Some(left) = before.filter(|before| Some(*before) != wanted) {
            // We may no longer be there, and then there is nothing to remove.
            match commands::register(&bot.rest, application, Some(left), Vec::new()).await {
                Ok(removed) => sent |= removed,
                Err(error) => tracing::warn!(%error, "old moderator commands not removed"),
            }
        }
        if let Some(guild) = wanted {
            let moderators = commands::for_moderators(!bot.moderators.roles.is_empty());
            match commands::register(&bot.rest, application, Some(guild), moderators).await {
                Ok(more) => sent |= more,
                // Members can ask all the same.
                Err(error) => tracing::error!(%error, guild, "moderator commands not registered"),
            }
        }
        bot.with_state(|state| state.set_admin_guild(wanted));
        Ok(sent)
    }

    /// An event that serenity could not read. We need less of it than serenity does.
    async fn unread(&self, kind: &str, value: serde_json::Value, received: Instant) {
        match kind {
            "INTERACTION_CREATE" | "MESSAGE_CREATE" | "READY" | "GUILD_CREATE" => {
                let count = self.bot.count_unread();
                tracing::warn!(kind, count, "event that serenity cannot read");
            }
            // Discord adds kinds of events that concern us no more than they concern serenity.
            _ => {
                tracing::debug!(kind, "event of no concern");
                return;
            }
        }
        match kind {
            "INTERACTION_CREATE" => match Interaction::deserialize_or(value) {
                Ok(interaction) => self.interaction(interaction, received).await,
                Err(Some(unreadable)) => self.apologise(&unreadable, received).await,
                Err(None) => {}
            },
            "MESSAGE_CREATE" => {
                if let Ok(message) = incoming::read(value) {
                    self.message(message).await;
                }
            }
            "READY" => {
                if let Ok(Ready { user, application }) = incoming::read(value) {
                    let application = application.map_or(user.id, |application| application.id);
                    let user = user.id;
                    self.ready(Identity { user, application }).await;
                }
            }
            _ => {
                if let Ok(guild) = incoming::read(value) {
                    self.bot.guilds.learn(&guild);
                }
            }
        }
    }

    async fn apologise(&self, unreadable: &Unreadable, received: Instant) {
        let Unreadable {
            id,
            kind,
            token,
            locale,
        } = unreadable;
        let body = if *kind == kind::AUTOCOMPLETE {
            wire::suggestions(Vec::new())
        } else {
            wire::answer(layout::note(Words(lang_of(locale.as_deref())).sorry()))
        };
        if let Err(error) = self.bot.rest.answer(*id, token, body, received).await {
            tracing::warn!(%error, "apology not sent");
        }
    }
}

fn role(role: &serenity::model::guild::Role) -> Role {
    Role {
        id: role.id.get(),
        name: role.name.clone(),
        tags: RoleTags {
            bot_id: role.tags.bot_id.map(|bot| bot.get()),
        },
    }
}

/// The time of the process's clock.
pub(crate) fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
