//! What we know of the servers we are in: who owns them, and which role there is ours.
//!
//! serenity handles every event in a task of its own, so a message may be looked at before the
//! description of its server, which Discord sends first: whoever needs it waits for it here.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use crate::discord::incoming::Guild;
use crate::lang::Lang;

/// What Discord says of servers where nobody has chosen a language.
const UNCHOSEN: &str = "en-US";

/// How long what should be known already is waited for.
pub(crate) const LATE: Duration = Duration::from_secs(2);

/// Servers, from the events that describe them.
#[derive(Debug, Default)]
pub(crate) struct Guilds {
    known: Mutex<HashMap<u64, Known>>,
    learnt: Notify,
}

#[derive(Debug, Default)]
struct Known {
    /// Discord has described it, rather than only one of its roles.
    described: bool,
    owner: Option<u64>,
    /// The roles Discord made for bots, by the bot's user id. People mention ours by accident: it
    /// has our name.
    roles_of_bots: HashMap<u64, u64>,
    lang: Option<Lang>,
}

impl Guilds {
    /// Learns of a server.
    pub(crate) fn learn(&self, guild: &Guild) {
        let roles = guild.roles.iter();
        let roles = roles.filter_map(|role| Some((role.tags.bot_id?, role.id)));
        let mut all = self.lock();
        let known = all.entry(guild.id).or_default();
        known.described = true;
        known.owner = guild.owner_id;
        known.lang = guild.preferred_locale.as_deref().and_then(chosen);
        known.roles_of_bots.extend(roles);
        drop(all);
        self.learnt.notify_waiters();
    }

    /// Learns of the role Discord made for a bot.
    pub(crate) fn learn_role(&self, guild: u64, bot: u64, role: u64) {
        let mut known = self.lock();
        let known = known.entry(guild).or_default();
        known.roles_of_bots.insert(bot, role);
    }

    pub(crate) fn forget(&self, guild: u64) {
        self.lock().remove(&guild);
    }

    pub(crate) fn owner(&self, guild: u64) -> Option<u64> {
        self.lock().get(&guild)?.owner
    }

    /// The role Discord made for a bot, once the server has been described, or [`LATE`].
    pub(crate) async fn role_of(&self, bot: u64, guild: u64) -> Option<u64> {
        let described = async {
            loop {
                let learnt = self.learnt.notified();
                if self.lock().get(&guild).is_some_and(|known| known.described) {
                    return;
                }
                learnt.await;
            }
        };
        timeout(LATE, described).await.ok()?;
        self.lock().get(&guild)?.roles_of_bots.get(&bot).copied()
    }

    /// The language that a server has chosen, if it is one of ours.
    pub(crate) fn lang(&self, guild: u64) -> Option<Lang> {
        self.lock().get(&guild)?.lang
    }

    pub(crate) fn count(&self) -> usize {
        let described = |known: &&Known| known.described;
        self.lock().values().filter(described).count()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chosen(locale: &str) -> Option<Lang> {
    locale.parse().ok().filter(|_| locale != UNCHOSEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::incoming::{Role, RoleTags};

    const BOT: u64 = 1;
    const GUILD: u64 = 2;

    fn guild() -> Guild {
        let role = |id, bot_id| Role {
            id,
            name: String::new(),
            tags: RoleTags { bot_id },
        };
        Guild {
            id: GUILD,
            owner_id: None,
            preferred_locale: None,
            roles: vec![role(5, None), role(6, Some(BOT)), role(7, Some(8))],
        }
    }

    #[tokio::test]
    async fn server_described_after_its_message_is_waited_for() {
        let guilds = Guilds::default();
        let describes = async {
            tokio::task::yield_now().await;
            guilds.learn(&guild());
        };
        let (role, ()) = tokio::join!(guilds.role_of(BOT, GUILD), describes);
        assert_eq!(role, Some(6));
    }

    #[tokio::test]
    async fn role_told_before_its_server_describes_no_server() {
        let guilds = Guilds::default();
        guilds.learn_role(GUILD, 8, 9);
        assert_eq!(guilds.count(), 0);
        let describes = async {
            tokio::task::yield_now().await;
            guilds.learn(&guild());
        };
        let (role, ()) = tokio::join!(guilds.role_of(BOT, GUILD), describes);
        assert_eq!(role, Some(6));
        assert_eq!(guilds.count(), 1);
    }
}
