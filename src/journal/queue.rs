//! The queue: questions that moderators should look at, each once, most asked first.
//!
//! Two askers of one question are counted, not listed, and near-duplicates (`resemblance`) go under one
//! question that keeps every wording. A question leaves the queue when a moderator closes it, and the
//! database when it has not been asked for as long as the operator keeps questions. Nothing tells who
//! asked, but for those who want to be told of the answer; their row goes once they have been told.

use serde::Serialize;

use super::database::{Row, Transaction, values};
use super::resemblance::{SAME, resemblance};
use super::word::{id, words};
use super::{By, Journal, JournalError, Moment};
use crate::lang::Lang;
use crate::text::{clean, fold, tokenize};

/// How many open wordings a new one is compared with: those asked last. Comparing takes about a
/// millisecond for all of them.
const COMPARED: i64 = 500;
/// Longest text that is kept, in characters: what fits into a Discord message.
const MAX_CHARS: usize = 4000;
/// Most that is listed of the wordings or proposals of one question.
const LISTED: i64 = 50;

id!(/// Number of a question in the queue.
    QuestionId);

words! {
    /// Why a question is in the queue.
    pub enum Reason {
        /// The bot did not know.
        Unanswered = "unanswered",
        /// None of the offered facts was meant.
        RefusedOffer = "refused-offer",
        /// The answer was said to be wrong.
        NotRight = "not-right",
        /// The asker sent it to the moderators.
        Sent = "sent",
    }
}

words! {
    /// What the bot said to a question.
    pub enum Outcome {
        /// An answer.
        Answer = "answer",
        /// Candidates to choose from.
        Offer = "offer",
        /// That it does not know.
        Unknown = "unknown",
    }
}

words! {
    /// How a question was closed.
    pub enum How {
        /// It became a phrasing of a fact.
        Taught = "taught",
        /// A new fact answers it.
        Answered = "answered",
        /// It is not to be answered, on purpose.
        Refused = "refused",
        /// What was proposed was not taken up.
        Declined = "declined",
        /// It is no question for the bot; nobody is told.
        Dropped = "dropped",
    }
}

/// A question for the moderators.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    text: String,
    folded: String,
    lang: Lang,
    outcome: Outcome,
    reason: Reason,
    facts: Vec<String>,
    proposal: Option<(String, Option<String>)>,
    pub(super) asker: Option<u64>,
    /// Whether it adds to what was just asked, and is not asked once more.
    more: bool,
    /// When it was asked.
    pub at: Moment,
}

impl NewQuestion {
    /// A question asked now. Mentions and markup are taken out of the text, and what is beyond 4,000
    /// characters is cut off.
    #[must_use]
    pub fn new(text: &str, lang: Lang, outcome: Outcome, reason: Reason) -> NewQuestion {
        let text = bounded(&clean(text));
        NewQuestion {
            folded: words_of(&text),
            text,
            lang,
            outcome,
            reason,
            facts: Vec::new(),
            proposal: None,
            asker: None,
            more: false,
            at: Moment::now(),
        }
    }

    /// The ids of the facts that the bot answered with or offered.
    #[must_use]
    pub fn facts<S: Into<String>>(mut self, facts: impl IntoIterator<Item = S>) -> NewQuestion {
        self.facts = facts.into_iter().map(Into::into).collect();
        self
    }

    /// What the asker says is wrong, and where that stands.
    #[must_use]
    pub fn proposal(mut self, wrong: &str, source: Option<&str>) -> NewQuestion {
        // Addresses are what a source is made of, so markup stays in it.
        self.proposal = Some((bounded(&clean(wrong)), source.map(bounded)));
        self
    }

    /// The asker wants to be told when it is answered.
    #[must_use]
    pub fn tell(mut self, user: u64) -> NewQuestion {
        self.asker = Some(user);
        self
    }

    /// This says more of a question that was noted when it was asked: it is not counted again, unless
    /// it is no longer in the queue.
    #[must_use]
    pub fn more(mut self) -> NewQuestion {
        self.more = true;
        self
    }

    /// What makes it the same question: its folded words, or without any the facts it is about.
    fn key(&self) -> String {
        if self.folded.is_empty() {
            format!("[{}]", self.facts.join(" "))
        } else {
            self.folded.clone()
        }
    }
}

/// The folded words of a text, without what stands between them.
fn words_of(text: &str) -> String {
    let words: Vec<String> = tokenize(&fold(text))
        .into_iter()
        .map(|token| token.text.into_string())
        .collect();
    words.join(" ")
}

fn bounded(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// A part of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many questions to leave out.
    pub offset: u32,
    /// How many to give, at most.
    pub size: u32,
}

impl Page {
    /// The first ten.
    #[must_use]
    pub fn first() -> Page {
        Page {
            offset: 0,
            size: 10,
        }
    }
}

/// A page of the queue.
#[derive(Debug, Clone, Serialize)]
pub struct Queue {
    /// Most asked first.
    pub questions: Vec<QueuedQuestion>,
    /// How many are open in all.
    pub total: u64,
}

/// A question in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueuedQuestion {
    /// Its number.
    pub id: QuestionId,
    /// Its language.
    pub lang: Lang,
    /// As first asked, without mentions and markup.
    pub text: String,
    /// What the bot said last.
    pub outcome: Outcome,
    /// Ids of the facts it said or offered last.
    pub facts: Vec<String>,
    /// How often it came: the sum of the four numbers below. Who sends a question that was not
    /// answered counts twice, having cared twice.
    pub count: u64,
    /// How often the bot did not know.
    pub unanswered: u64,
    /// How often none of what it offered was meant.
    pub refused_offer: u64,
    /// How often the answer was said to be wrong.
    pub not_right: u64,
    /// How often it was sent to the moderators.
    pub sent: u64,
    /// When it came first.
    pub first: Moment,
    /// When it came last.
    pub last: Moment,
    /// In how many wordings.
    pub wordings: u64,
    /// How many proposals there are on it.
    pub proposals: u64,
    /// How many want to be told.
    pub askers: u64,
    /// How it was closed; none while it is open.
    pub closed: Option<Closed>,
}

/// How and when a question was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// How.
    pub how: How,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: By,
    /// A word for those who asked.
    pub word: Option<String>,
    /// Id of the fact that answers it now.
    pub fact: Option<String>,
}

/// A question with all that came in about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionDetails {
    /// The question.
    pub question: QueuedQuestion,
    /// How it was asked, most frequent first, fifty at most.
    pub wordings: Vec<Wording>,
    /// What askers say is wrong, latest first, fifty at most.
    pub proposals: Vec<Proposal>,
}

/// One way a question was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// As asked first in this wording.
    pub text: String,
    /// How often.
    pub count: u64,
}

/// What an asker says is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// What is wrong.
    pub wrong: String,
    /// Where that stands.
    pub source: Option<String>,
    /// When it was written.
    pub at: Moment,
}

/// How a moderator closes a question.
#[derive(Debug, Clone)]
pub struct Closing {
    /// How.
    pub how: How,
    /// By whom.
    pub by: By,
    /// A word for those who asked.
    pub word: Option<String>,
    /// Id of the fact that answers it now.
    pub fact: Option<String>,
}

/// What was removed because it is old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Questions, with their wordings, proposals and askers.
    pub questions: u64,
}

impl Journal {
    /// A page of the open questions, most asked first, of equally asked ones the latest first.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn queue(&self, page: Page) -> Result<Queue, JournalError> {
        self.flush().await?;
        let database = self.database().await?;
        let total = database
            .read(
                "SELECT COUNT(*) AS total FROM questions WHERE how IS NULL",
                values![],
            )
            .await?;
        let rows = database
            .read(
                "SELECT q.*,
                        (SELECT COUNT(*) FROM wordings w WHERE w.question = q.id) AS wordings,
                        (SELECT COUNT(*) FROM proposals p WHERE p.question = q.id) AS proposals,
                        (SELECT COUNT(*) FROM askers a WHERE a.question = q.id) AS askers
                 FROM questions q WHERE q.how IS NULL
                 ORDER BY q.count DESC, q.last_at DESC, q.id DESC LIMIT $1 OFFSET $2",
                values![i64::from(page.size), i64::from(page.offset)],
            )
            .await?;
        Ok(Queue {
            questions: rows.iter().map(question).collect::<Result<_, _>>()?,
            total: total.first().map_or(Ok(0), |row| row.count("total"))?,
        })
    }

    /// A question with its wordings and proposals, open or closed; none when there is no such one.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn question(&self, id: QuestionId) -> Result<Option<QuestionDetails>, JournalError> {
        let database = self.database().await?;
        let rows = database
            .read(
                "SELECT q.*,
                        (SELECT COUNT(*) FROM wordings w WHERE w.question = q.id) AS wordings,
                        (SELECT COUNT(*) FROM proposals p WHERE p.question = q.id) AS proposals,
                        (SELECT COUNT(*) FROM askers a WHERE a.question = q.id) AS askers
                 FROM questions q WHERE q.id = $1",
                values![id.0],
            )
            .await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let wordings = database
            .read(
                "SELECT text, count FROM wordings WHERE question = $1
                 ORDER BY count DESC, last_at DESC LIMIT $2",
                values![id.0, LISTED],
            )
            .await?;
        let proposals = database
            .read(
                "SELECT wrong, source, at FROM proposals WHERE question = $1
                 ORDER BY id DESC LIMIT $2",
                values![id.0, LISTED],
            )
            .await?;
        let wording = |row: &Row| {
            Ok(Wording {
                text: row.get("text")?,
                count: row.count("count")?,
            })
        };
        let proposal = |row: &Row| {
            Ok(Proposal {
                wrong: row.get("wrong")?,
                source: row.get("source")?,
                at: Moment::from_unix(row.get("at")?),
            })
        };
        Ok(Some(QuestionDetails {
            question: question(row)?,
            wordings: wordings
                .iter()
                .map(wording)
                .collect::<Result<_, JournalError>>()?,
            proposals: proposals
                .iter()
                .map(proposal)
                .collect::<Result<_, JournalError>>()?,
        }))
    }

    /// Closes an open question. Asked again, it is a new one.
    ///
    /// # Errors
    /// When there is no such question, when it is closed already, and when the database cannot be used.
    pub async fn close_question(
        &self,
        id: QuestionId,
        closing: &Closing,
    ) -> Result<(), JournalError> {
        let mut transaction = self.database().await?.write().await?;
        close(&mut *transaction, id, closing).await?;
        transaction.commit().await
    }

    /// Removes questions that were last asked, and closed if they are, before `older_than`.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn purge(&self, older_than: Moment) -> Result<Purged, JournalError> {
        let mut transaction = self.database().await?.write().await?;
        let questions = transaction
            .run(
                "DELETE FROM questions WHERE last_at < $1 AND COALESCE(closed_at, last_at) < $1",
                values![older_than.unix()],
            )
            .await?;
        transaction.commit().await?;
        Ok(Purged { questions })
    }
}

/// Writes a question, or counts it where it is in the queue already.
pub(super) async fn enter(
    transaction: &mut dyn Transaction,
    new: &NewQuestion,
) -> Result<QuestionId, JournalError> {
    let key = new.key();
    let facts = serde_json::Value::from(new.facts.clone()).to_string();
    let times = i64::from(!new.more);
    let id = match find(transaction, new.lang, &key).await? {
        Some(id) => {
            transaction
                .run(
                    "UPDATE questions SET outcome = CASE WHEN $9 = 0 THEN outcome ELSE $2 END,
                            facts = CASE WHEN $3 = '[]' THEN facts ELSE $3 END, count = count + $9,
                            unanswered = unanswered + $4, refused_offer = refused_offer + $5,
                            not_right = not_right + $6, sent = sent + $7,
                            first_at = CASE WHEN first_at > $8 THEN $8 ELSE first_at END,
                            last_at = CASE WHEN last_at < $8 THEN $8 ELSE last_at END
                     WHERE id = $1",
                    values![
                        id.0,
                        new.outcome.word(),
                        facts,
                        times * i64::from(new.reason == Reason::Unanswered),
                        times * i64::from(new.reason == Reason::RefusedOffer),
                        times * i64::from(new.reason == Reason::NotRight),
                        times * i64::from(new.reason == Reason::Sent),
                        new.at.unix(),
                        times,
                    ],
                )
                .await?;
            id
        }
        None => {
            let rows = transaction
                .rows(
                    "INSERT INTO questions (lang, text, outcome, facts, count, unanswered, refused_offer,
                                            not_right, sent, first_at, last_at)
                     VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $9) RETURNING id",
                    values![
                        new.lang.code(),
                        new.text.as_str(),
                        new.outcome.word(),
                        facts,
                        i64::from(new.reason == Reason::Unanswered),
                        i64::from(new.reason == Reason::RefusedOffer),
                        i64::from(new.reason == Reason::NotRight),
                        i64::from(new.reason == Reason::Sent),
                        new.at.unix(),
                    ],
                )
                .await?;
            let row = rows.first().ok_or(JournalError::Foreign { column: "id" })?;
            QuestionId(row.get("id")?)
        }
    };
    transaction
        .run(
            "INSERT INTO wordings (question, lang, folded, text, count, last_at) VALUES ($1, $2, $3, $4, 1, $5)
             ON CONFLICT (question, folded) DO UPDATE SET count = wordings.count + $6, last_at = excluded.last_at",
            values![id.0, new.lang.code(), key, new.text.as_str(), new.at.unix(), times],
        )
        .await?;
    if let Some((wrong, source)) = &new.proposal {
        transaction
            .run(
                "INSERT INTO proposals (question, wrong, source, at) VALUES ($1, $2, $3, $4)",
                values![id.0, wrong.as_str(), source.clone(), new.at.unix()],
            )
            .await?;
    }
    if let Some(user) = new.asker {
        transaction
            .run(
                "INSERT INTO askers (question, user_id, asked_at) VALUES ($1, $2, $3)
                 ON CONFLICT (question, user_id) DO NOTHING",
                values![id.0, user.cast_signed(), new.at.unix()],
            )
            .await?;
    }
    Ok(id)
}

/// The open question that this is: asked so before, or else nearly so.
async fn find(
    transaction: &mut dyn Transaction,
    lang: Lang,
    key: &str,
) -> Result<Option<QuestionId>, JournalError> {
    let same = transaction
        .rows(
            "SELECT question FROM wordings WHERE open = 1 AND lang = $1 AND folded = $2",
            values![lang.code(), key],
        )
        .await?;
    if let Some(row) = same.first() {
        return Ok(Some(QuestionId(row.get("question")?)));
    }
    let recent = transaction
        .rows(
            "SELECT question, folded FROM wordings WHERE open = 1 AND lang = $1
             ORDER BY last_at DESC LIMIT $2",
            values![lang.code(), COMPARED],
        )
        .await?;
    let mut best: Option<(f64, QuestionId)> = None;
    for row in &recent {
        let likeness = resemblance(key, &row.get::<String>("folded")?);
        if likeness >= SAME && best.is_none_or(|(so_far, _)| likeness > so_far) {
            best = Some((likeness, QuestionId(row.get("question")?)));
        }
    }
    Ok(best.map(|(_, id)| id))
}

/// Closes a question within a transaction.
pub(super) async fn close(
    transaction: &mut dyn Transaction,
    id: QuestionId,
    closing: &Closing,
) -> Result<(), JournalError> {
    let changed = transaction
        .run(
            "UPDATE questions SET how = $2, closed_at = $3, closed_by = $4, word = $5, fact = $6
             WHERE id = $1 AND how IS NULL",
            values![
                id.0,
                closing.how.word(),
                Moment::now().unix(),
                closing.by.to_string(),
                closing.word.as_deref().map(bounded),
                closing.fact.clone(),
            ],
        )
        .await?;
    if changed == 0 {
        let there = transaction
            .rows("SELECT id FROM questions WHERE id = $1", values![id.0])
            .await?;
        return Err(if there.is_empty() {
            JournalError::NoQuestion(id)
        } else {
            JournalError::AlreadyClosed(id)
        });
    }
    transaction
        .run(
            "UPDATE wordings SET open = 0 WHERE question = $1",
            values![id.0],
        )
        .await?;
    if closing.how == How::Dropped {
        transaction
            .run("DELETE FROM askers WHERE question = $1", values![id.0])
            .await?;
    }
    Ok(())
}

/// Reads a row of questions.
pub(super) fn question(row: &Row) -> Result<QueuedQuestion, JournalError> {
    let facts: String = row.get("facts")?;
    let closed = match row.maybe_word("how")? {
        None => None,
        Some(how) => Some(Closed {
            how,
            at: Moment::from_unix(row.get::<Option<i64>>("closed_at")?.unwrap_or_default()),
            by: row.word("closed_by")?,
            word: row.get("word")?,
            fact: row.get("fact")?,
        }),
    };
    Ok(QueuedQuestion {
        id: QuestionId(row.get("id")?),
        lang: row.word("lang")?,
        text: row.get("text")?,
        outcome: row.word("outcome")?,
        facts: serde_json::from_str(&facts)
            .map_err(|_| JournalError::Foreign { column: "facts" })?,
        count: row.count("count")?,
        unanswered: row.count("unanswered")?,
        refused_offer: row.count("refused_offer")?,
        not_right: row.count("not_right")?,
        sent: row.count("sent")?,
        first: Moment::from_unix(row.get("first_at")?),
        last: Moment::from_unix(row.get("last_at")?),
        wordings: row.count("wordings")?,
        proposals: row.count("proposals")?,
        askers: row.count("askers")?,
        closed,
    })
}
