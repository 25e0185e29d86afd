//! Who wants to be told what became of their question. Each is told once, by one process, and what is
//! tied to them goes with that, or when they wish it.

use std::time::Duration;

use super::database::values;
use super::queue::{Closed, question};
use super::word::id;
use super::{By, Journal, JournalError, Moment};
use crate::lang::Lang;

/// How long a process that claimed an asker has for telling them, before another may.
const CLAIM: Duration = Duration::from_secs(10 * 60);

id!(/// Number of somebody who wants to be told.
    AskerId);

/// Somebody to tell of what became of their question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskerToTell {
    /// Number of the claim, for [`Journal::told`].
    pub id: AskerId,
    /// The user.
    pub user: u64,
    /// What was asked, as the queue shows it.
    pub text: String,
    /// The language it was asked in.
    pub lang: Lang,
    /// What became of it.
    pub closed: Closed,
}

/// What was removed at a user's wish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Wishes to be told.
    pub askers: u64,
    /// Revisions and closed questions that say nothing of this user any more.
    pub signatures: u64,
}

impl Journal {
    /// Claims askers whose question was closed, so that no other process tells them too. Say
    /// [`Journal::told`] once each has been told; whoever has not been told within ten minutes, because
    /// the process ended meanwhile, can be claimed again.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn claim_askers(&self, at_most: u32) -> Result<Vec<AskerToTell>, JournalError> {
        // Who was told while the database was away must not be told again.
        self.flush().await?;
        let now = Moment::now();
        let mut transaction = self.database().await?.write().await?;
        let claimed = transaction
            .rows(
                "UPDATE askers SET claimed_at = $1 WHERE id IN (
                     SELECT a.id FROM askers a JOIN questions q ON q.id = a.question
                     WHERE q.how IS NOT NULL AND (a.claimed_at IS NULL OR a.claimed_at <= $2)
                     ORDER BY a.id LIMIT $3)
                 RETURNING id, question, user_id",
                values![now.unix(), now.before(CLAIM).unix(), i64::from(at_most)],
            )
            .await?;
        let mut askers = Vec::with_capacity(claimed.len());
        for row in &claimed {
            let of = transaction
                .rows(
                    "SELECT q.*, CAST(0 AS BIGINT) AS wordings, CAST(0 AS BIGINT) AS proposals,
                            CAST(0 AS BIGINT) AS askers
                     FROM questions q WHERE q.id = $1",
                    values![row.get::<i64>("question")?],
                )
                .await?;
            let Some(question) = of.first().map(question).transpose()? else {
                continue;
            };
            let Some(closed) = question.closed else {
                continue;
            };
            askers.push(AskerToTell {
                id: AskerId(row.get("id")?),
                user: row.get::<i64>("user_id")?.cast_unsigned(),
                text: question.text,
                lang: question.lang,
                closed,
            });
        }
        transaction.commit().await?;
        askers.sort_by_key(|asker| asker.id);
        Ok(askers)
    }

    /// Notes that a claimed asker was told (or can never be told), and forgets them. Never fails: while
    /// the database is away the note waits in memory.
    pub async fn told(&self, asker: AskerId) {
        self.inner.buffer.push_told(asker);
        // What could not be written waits.
        let _ = self.flush().await;
    }

    /// Gives a claimed asker back: telling failed, and somebody should try again.
    ///
    /// # Errors
    /// When the database cannot be used; then the claim ends by itself.
    pub async fn not_told(&self, asker: AskerId) -> Result<(), JournalError> {
        let mut transaction = self.database().await?.write().await?;
        transaction
            .run(
                "UPDATE askers SET claimed_at = NULL WHERE id = $1",
                values![asker.0],
            )
            .await?;
        transaction.commit().await
    }

    /// Removes everything that is tied to a user: wishes to be told go, and what the user did as a
    /// moderator stays without saying who did it.
    ///
    /// # Errors
    /// When the database cannot be used; then something may still be tied to the user.
    pub async fn forget(&self, user: u64) -> Result<Forgotten, JournalError> {
        // Nothing of theirs may be on its way meanwhile.
        let _writing = self.inner.buffer.writing().await;
        let waiting = self.inner.buffer.forget(user);
        let mut transaction = self.database().await?.write().await?;
        let askers = transaction
            .run(
                "DELETE FROM askers WHERE user_id = $1",
                values![user.cast_signed()],
            )
            .await?;
        let (member, nobody) = (By::Moderator(user).to_string(), By::Forgotten.to_string());
        let revisions = transaction
            .run(
                "UPDATE revisions SET author = $1 WHERE author = $2",
                values![nobody.clone(), member.clone()],
            )
            .await?;
        let closed = transaction
            .run(
                "UPDATE questions SET closed_by = $1 WHERE closed_by = $2",
                values![nobody, member],
            )
            .await?;
        transaction.commit().await?;
        Ok(Forgotten {
            askers: askers + waiting,
            signatures: revisions + closed,
        })
    }
}
