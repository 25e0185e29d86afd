//! Messages to the bot: mentions (of it, or of the role Discord made for it), direct messages, and
//! replies to it. Nothing else is read, and none of it needs the Message Content intent.

use std::time::Instant;

use crate::commands::Command;
use crate::discord::bot::{Asking, Bot};
use crate::discord::incoming::Message;
use crate::discord::{layout, wire};
use crate::lang::Lang;

impl Bot {
    /// A message somewhere we can see.
    pub(crate) async fn message(&self, message: &Message) {
        let received = Instant::now();
        let Some(question) = self.asked_by(message).await else {
            return;
        };
        let user = message.author.as_ref().map_or(0, |author| author.id);
        let channel = message.channel_id.unwrap_or_default();
        if self.cooldown.admit(user, channel).is_err() {
            // Answering would only make it more.
            tracing::debug!("asked too fast");
            return;
        }
        let lang = self.lang_of(message, user, channel, received);
        let asking = Asking {
            question: &question,
            locale: lang.unwrap_or(Lang::En),
            channel,
            user,
            private: false,
        };
        let answer = if crate::text::clean(&question).trim().is_empty() {
            let help = |lang| self.plain_command(&Command::Help, lang);
            match lang {
                Some(lang) => layout::help(&help(lang), user),
                None => layout::help_in_both(&Lang::ALL.map(help)),
            }
        } else {
            self.ask(&asking)
        };
        let body = wire::reply(layout::plain(answer), message.id);
        let posted = self.rest.post(channel, body).await;
        self.latency.add(received.elapsed());
        if let Err(error) = posted {
            // Where we may not write there is nothing to mend for us, and nobody to tell.
            tracing::info!(%error, "reply not posted");
        }
    }

    /// The language of somebody who has said nothing in any: that of what they asked before, else the one
    /// their server has chosen. Discord tells no more with a message.
    fn lang_of(&self, message: &Message, user: u64, channel: u64, now: Instant) -> Option<Lang> {
        let before = self.talks.recall(channel, user, now).language;
        before.or_else(|| self.guilds.lang(message.guild_id?))
    }

    /// The question, if a message is meant for us.
    async fn asked_by(&self, message: &Message) -> Option<String> {
        let us = self.introduced().await?.user;
        let author = message.author.as_ref()?;
        if author.bot || author.id == us || message.webhook_id.is_some() {
            return None;
        }
        let replied = message.referenced_message.as_ref().is_some_and(|original| {
            let author = original.author.as_ref();
            author.is_some_and(|author| author.id == us)
        });
        let direct = message.guild_id.is_none();
        let meant = direct
            || message.mentions.iter().any(|user| user.id == us)
            || (replied && !message.content.trim().is_empty())
            || self.mentions_our_role(message, us).await;
        meant.then(|| message.content.clone())
    }

    async fn mentions_our_role(&self, message: &Message, us: u64) -> bool {
        let Some(guild) = message.guild_id else {
            return false;
        };
        if message.mention_roles.is_empty() {
            return false;
        }
        let role = self.guilds.role_of(us, guild).await;
        role.is_some_and(|role| message.mention_roles.contains(&role))
    }
}
