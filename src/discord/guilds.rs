//! What we know of the servers we are in: who owns them, and which role there is ours.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::discord::incoming::Guild;
use crate::lang::Lang;

/// What Discord says of servers where nobody has chosen a language.
const UNCHOSEN: &str = "en-US";

/// Servers, from the events that describe them.
#[derive(Debug, Default)]
pub(crate) struct Guilds {
    known: Mutex<HashMap<u64, Known>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Known {
    owner: Option<u64>,
    /// The role Discord made for the bot. People mention it by accident: it has the bot's name.
    our_role: Option<u64>,
    lang: Option<Lang>,
}

impl Guilds {
    /// Learns of a server. `bot` is our user id.
    pub(crate) fn learn(&self, guild: &Guild, bot: u64) {
        let ours = |role: &&crate::discord::incoming::Role| role.tags.bot_id == Some(bot);
        let known = Known {
            owner: guild.owner_id,
            our_role: guild.roles.iter().find(ours).map(|role| role.id),
            lang: guild.preferred_locale.as_deref().and_then(chosen),
        };
        self.lock().insert(guild.id, known);
    }

    pub(crate) fn learn_role(&self, guild: u64, role: u64) {
        self.lock().entry(guild).or_default().our_role = Some(role);
    }

    pub(crate) fn forget(&self, guild: u64) {
        self.lock().remove(&guild);
    }

    pub(crate) fn owner(&self, guild: u64) -> Option<u64> {
        self.lock().get(&guild)?.owner
    }

    pub(crate) fn our_role(&self, guild: u64) -> Option<u64> {
        self.lock().get(&guild)?.our_role
    }

    /// The language that a server has chosen, if it is one of ours.
    pub(crate) fn lang(&self, guild: u64) -> Option<Lang> {
        self.lock().get(&guild)?.lang
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chosen(locale: &str) -> Option<Lang> {
    locale.parse().ok().filter(|_| locale != UNCHOSEN)
}
