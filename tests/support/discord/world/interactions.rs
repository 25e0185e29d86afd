//! Interactions: what was asked for, the first answer to it, and how long both are good.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::refusal::Refusal;
use super::{Id, World};

/// How long an interaction may go without a first answer.
pub(crate) const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// How long the token of an interaction lives.
const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);
/// Follow-ups for a user install where the application is not in the server.
pub(crate) const USER_INSTALL_FOLLOWUPS: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) kind: Kind,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    pub(crate) guild: Option<Id>,
    pub(crate) command: Option<String>,
    /// The message whose button, menu or modal this is.
    pub(crate) source: Option<Id>,
    pub(crate) asked: Instant,
    pub(crate) answered: Option<Instant>,
    pub(crate) answer: Option<Callback>,
    /// The message that `@original` names.
    pub(crate) original: Option<Id>,
    pub(crate) followups: Vec<Id>,
    pub(crate) expired: bool,
}

/// The first answer to an interaction.
#[derive(Debug, Clone)]
pub(crate) enum Callback {
    Message,
    Deferred,
    DeferredUpdate,
    Update,
    Choices(Value),
    Modal(Value),
}

impl World {
    /// The interaction whose token a webhook address names.
    ///
    /// # Errors
    /// When there is none, or its token is no longer good.
    pub(crate) fn interaction_of_token(
        &mut self,
        application: &str,
        token: &str,
    ) -> Result<&mut Interaction, Refusal> {
        if application != self.application.to_string() {
            return Err(Refusal::unknown_webhook());
        }
        let found = self
            .interactions
            .values_mut()
            .find(|interaction| interaction.token == token)
            .ok_or_else(Refusal::unknown_webhook)?;
        if found.expired || found.asked.elapsed() > TOKEN_LIFE {
            return Err(Refusal::invalid_webhook_token());
        }
        Ok(found)
    }
}

impl Interaction {
    /// Whether somebody who looks at the client still waits for the first answer.
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_none() && !self.expired && self.asked.elapsed() <= FIRST_ANSWER
    }
}
