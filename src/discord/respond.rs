//! Carrying out an answer to an interaction: at once, or announced now and given later.

use std::time::Instant;

use futures::future::BoxFuture;

use crate::discord::bot::Bot;
use crate::discord::incoming::{ATTACH_FILES, EMBED_LINKS, Interaction};
use crate::discord::layout;
use crate::discord::message::{Line, Message, Modal};
use crate::discord::rest::RestError;
use crate::discord::wire;
use crate::reply::Words;

/// What to do about an interaction.
pub(crate) enum Response {
    /// A new message.
    Say(Message),
    /// The message pressed on becomes this one.
    Become(Message),
    /// A new message that takes longer than Discord waits.
    SayLater {
        ephemeral: bool,
        work: BoxFuture<'static, Message>,
    },
    /// The message pressed on becomes one that takes longer than Discord waits.
    BecomeLater(BoxFuture<'static, Message>),
    /// Suggestions for what is typed.
    Suggest(Vec<Line>),
    /// A form to fill in.
    Form(Modal),
    /// The message pressed on goes.
    Delete,
}

impl Bot {
    /// Carries out a response. What fails is logged; the person gets an apology where that is still
    /// possible.
    pub(crate) async fn respond(
        &self,
        interaction: &Interaction,
        response: Response,
        received: Instant,
    ) {
        let result = self.try_respond(interaction, response, received).await;
        self.latency.add(received.elapsed());
        if let Err(error) = result {
            tracing::warn!(%error, "interaction not answered");
        }
    }

    async fn try_respond(
        &self,
        interaction: &Interaction,
        response: Response,
        received: Instant,
    ) -> Result<(), RestError> {
        let Interaction { id, token, .. } = interaction;
        let answer = |body| self.rest.answer(*id, token, body, received);
        match response {
            Response::Say(message) => {
                let message = permitted(interaction, message);
                let plainer = plainer(&message);
                match (answer(wire::answer(message)).await, plainer) {
                    (Err(error), Some(plainer)) if is_about_the_message(&error) => {
                        tracing::warn!(%error, "answered with text alone");
                        answer(wire::answer(plainer)).await
                    }
                    (result, _) => result,
                }
            }
            Response::Become(message) => {
                answer(wire::update(permitted(interaction, message))).await
            }
            Response::SayLater { ephemeral, work } => {
                answer(wire::defer(ephemeral)).await?;
                self.complete(interaction, work).await
            }
            Response::BecomeLater(work) => {
                answer(wire::acknowledge()).await?;
                self.complete(interaction, work).await
            }
            Response::Suggest(lines) => answer(wire::suggestions(lines)).await,
            Response::Form(modal) => answer(wire::modal(modal)).await,
            Response::Delete => {
                answer(wire::acknowledge()).await?;
                self.delete(interaction).await
            }
        }
    }

    async fn complete(
        &self,
        interaction: &Interaction,
        work: BoxFuture<'static, Message>,
    ) -> Result<(), RestError> {
        // On a task of its own, so that a panic in it leaves an apology instead of a message that
        // is announced for ever.
        let message = tokio::spawn(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "deferred work failed");
            layout::note(Words(interaction.lang()).sorry())
        });
        let message = permitted(interaction, message);
        let plainer = plainer(&message);
        let application = self.application(interaction);
        let edit = |message| {
            let body = wire::edit(message);
            self.rest.edit_answer(application, &interaction.token, body)
        };
        match (edit(message).await, plainer) {
            (Err(error), Some(plainer)) if is_about_the_message(&error) => {
                tracing::warn!(%error, "answered with text alone");
                edit(plainer).await
            }
            (result, _) => result,
        }
    }

    /// Takes back the message pressed on: as the answer it was, else as a message in its channel.
    async fn delete(&self, interaction: &Interaction) -> Result<(), RestError> {
        let application = self.application(interaction);
        let taken = self
            .rest
            .delete_answer(application, &interaction.token)
            .await;
        match (taken, &interaction.message) {
            (Err(_), Some(message)) => {
                let channel = message.channel_id.unwrap_or(interaction.channel_id());
                self.rest.delete(channel, message.id).await
            }
            (result, _) => result,
        }
    }

    fn application(&self, interaction: &Interaction) -> u64 {
        let ours = self.identity().map(|identity| identity.application);
        interaction.application_id.or(ours).unwrap_or_default()
    }
}

/// The message without what we may not post there.
fn permitted(interaction: &Interaction, mut message: Message) -> Message {
    if message.embed.is_some() && !interaction.we_may(EMBED_LINKS) {
        message = layout::plain(message);
    }
    if message.file.is_some() && !interaction.we_may(ATTACH_FILES) {
        message.file = None;
    }
    message
}

/// The same with text alone, when there is more to it than text.
fn plainer(message: &Message) -> Option<Message> {
    (message.embed.is_some() || message.file.is_some()).then(|| Message {
        file: None,
        ..layout::plain(message.clone())
    })
}

/// Whether Discord refused what was said, rather than that something is said.
fn is_about_the_message(error: &RestError) -> bool {
    matches!(error.status(), Some(400 | 403 | 413))
}
