//! What somebody waits for who has begun something: the first answer, and all that follows it.

use std::sync::Arc;
use std::time::Duration;

use super::super::PATIENCE;
use super::super::said::{How, Said};
use super::super::service::Service;
use super::super::world::{Callback, FIRST_ANSWER, Id, flag};

/// An interaction that was begun.
pub(crate) struct Pending {
    pub(super) service: Arc<Service>,
    pub(super) id: Id,
    /// How often the message it belongs to had been edited.
    pub(super) edits: u32,
}

impl Pending {
    /// Waits for the first answer.
    #[track_caller]
    pub(super) fn answer(&self) -> Callback {
        match self.first_answer() {
            Some(answer) => answer,
            None => panic!("the interaction failed: no answer within {FIRST_ANSWER:?}"),
        }
    }

    fn first_answer(&self) -> Option<Callback> {
        let grace = Duration::from_millis(200);
        self.service.wait(FIRST_ANSWER + grace, |world| {
            world.interactions[&self.id].answer.clone()
        })
    }

    /// Waits for the first answer: how long it took from the event to its callback; none when there
    /// was none in time.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn took(&self) -> Option<Duration> {
        self.first_answer()?;
        self.service.look(|world| {
            let interaction = &world.interactions[&self.id];
            Some(interaction.answered?.duration_since(interaction.asked))
        })
    }

    /// Waits until "This interaction failed" is to be seen.
    #[track_caller]
    pub(crate) fn fails(self) {
        let answer = self.first_answer();
        assert!(answer.is_none(), "it was answered: {answer:?}");
    }

    /// Waits until the bot has taken note, however long the rest takes.
    #[track_caller]
    pub(crate) fn acknowledged(&self) {
        self.answer();
    }

    /// Waits until the bot has said what it has to say.
    #[track_caller]
    pub(crate) fn said(&self) -> Said {
        let answer = self.answer();
        match &answer {
            Callback::Message | Callback::Deferred => {
                let found = self.service.wait(PATIENCE, |world| {
                    let interaction = &world.interactions[&self.id];
                    let original = interaction.original?;
                    let message = &world.messages[&original];
                    if message.deleted {
                        return interaction.followups.first().copied();
                    }
                    (message.flags & flag::LOADING == 0).then_some(original)
                });
                match found {
                    Some(id) => Said::message(&self.service, How::Posted, id),
                    None => panic!("the bot is thinking for ever"),
                }
            }
            Callback::Update => {
                let original = self
                    .service
                    .look(|world| world.interactions[&self.id].original);
                let id = original.expect("an update is of a message");
                Said::message(&self.service, How::Updated, id)
            }
            Callback::DeferredUpdate => {
                let found = self.service.wait(PATIENCE, |world| {
                    let interaction = &world.interactions[&self.id];
                    if let Some(followup) = interaction.followups.first() {
                        return Some((How::Posted, *followup));
                    }
                    let source = interaction.source?;
                    let message = &world.messages[&source];
                    (message.deleted || message.edits > self.edits)
                        .then_some((How::Updated, source))
                });
                match found {
                    Some((how, id)) => Said::message(&self.service, how, id),
                    None => Said::without_message(&self.service, self.id, &answer),
                }
            }
            Callback::Modal(_) | Callback::Choices(_) => {
                Said::without_message(&self.service, self.id, &answer)
            }
        }
    }
}
