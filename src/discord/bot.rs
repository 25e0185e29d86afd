//! What the bot knows while it runs, and what it does with a question wherever it was asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use serenity::gateway::ShardManager;
use tokio::sync::{RwLock, RwLockReadGuard, SetOnce};
use tokio::time::timeout;

use crate::clock::today;
use crate::commands::{self, Command, Replied};
use crate::discord::autocomplete::Suggestions;
use crate::discord::conversations::Conversations;
use crate::discord::cooldown::Cooldown;
use crate::discord::guilds::{Guilds, LATE};
use crate::discord::keeping::Keeping;
use crate::discord::latency::Latency;
use crate::discord::layout::{self, Asked};
use crate::discord::message::Message;
use crate::discord::moderators::Moderators;
use crate::discord::pictures::Pictures;
use crate::discord::rest::Rest;
use crate::discord::state::State;
use crate::engine::{Memory, Outcome, Reason, Unknown, Verdict};
use crate::journal::Journal;
use crate::knowledge::edit::Digest;
use crate::knowledge::model::{FactIx, Knowledge};
use crate::lang::Lang;
use crate::live::{Live, Snapshot};
use crate::moderation::{Moderation, Store};
use crate::reply::Status;

/// States of facts given out to be edited that are kept.
const MAX_VERSIONS: usize = 256;

/// Everything a handler needs.
pub(crate) struct Bot {
    pub(crate) live: Arc<Live>,
    /// Where the knowledge lives, for reloads.
    pub(crate) store: Store,
    /// What changes it; none without a journal.
    pub(crate) moderation: Option<Arc<Moderation>>,
    /// States of facts that were given out to be edited, by the digests that forms bring back.
    versions: Mutex<VecDeque<Digest>>,
    pub(crate) rest: Rest,
    pub(crate) keeping: Keeping,
    pub(crate) moderators: Moderators,
    pub(crate) guilds: Guilds,
    pub(crate) talks: Conversations,
    pub(crate) cooldown: Cooldown,
    pub(crate) latency: Latency,
    pub(crate) pictures: Pictures,
    pub(crate) started: Instant,
    /// Events that serenity could not read.
    unread: AtomicU64,
    /// Whether no work is to be begun any more. Read by whoever has work in hand, written by the
    /// shutdown, which so waits for them.
    stopping: RwLock<bool>,
    pub(crate) state: Mutex<State>,
    /// The connections to the gateway, while there are any.
    pub(crate) shards: ArcSwapOption<ShardManager>,
    suggestions: ArcSwapOption<Suggestions>,
    identity: SetOnce<Identity>,
}

/// Who we are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) user: u64,
    pub(crate) application: u64,
}

/// A question, wherever it was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'q> {
    pub(crate) question: &'q str,
    pub(crate) locale: Lang,
    pub(crate) channel: u64,
    pub(crate) user: u64,
    pub(crate) private: bool,
}

impl Bot {
    pub(crate) fn new(
        live: Arc<Live>,
        store: Store,
        journal: Option<Journal>,
        rest: Rest,
        keeping: Keeping,
        moderators: Moderators,
        state: State,
    ) -> Bot {
        let moderation = journal
            .map(|journal| Arc::new(Moderation::new(Arc::clone(&live), store.clone(), journal)));
        Bot {
            live,
            store,
            moderation,
            versions: Mutex::default(),
            rest,
            keeping,
            moderators,
            guilds: Guilds::default(),
            talks: Conversations::default(),
            cooldown: Cooldown::default(),
            latency: Latency::default(),
            pictures: Pictures::default(),
            started: Instant::now(),
            unread: AtomicU64::new(0),
            stopping: RwLock::new(false),
            state: Mutex::new(state),
            shards: ArcSwapOption::empty(),
            suggestions: ArcSwapOption::empty(),
            identity: SetOnce::new(),
        }
    }

    /// Learns who we are. It is the same for every session of a token.
    pub(crate) fn introduce(&self, identity: Identity) {
        let _ = self.identity.set(identity);
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity.get().copied()
    }

    /// Who we are, once Discord has told, or [`LATE`]. It is the first thing it tells, but events are
    /// handled in no order.
    pub(crate) async fn introduced(&self) -> Option<Identity> {
        timeout(LATE, self.identity.wait()).await.ok().copied()
    }

    pub(crate) fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps the state of a fact that is given out to be edited.
    pub(crate) fn remember_version(&self, version: &Digest) {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if !versions.contains(version) {
            versions.push_front(version.clone());
            versions.truncate(MAX_VERSIONS);
        }
    }

    /// The state that a form names by the beginning of its digest.
    pub(crate) fn known_version(&self, beginning: &str) -> Option<Digest> {
        let versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        let mut named = versions.iter();
        let found = named.find(|version| version.to_string().starts_with(beginning))?;
        Some(found.clone())
    }

    /// Events that serenity could not read, so far.
    pub(crate) fn unread(&self) -> u64 {
        self.unread.load(Ordering::Relaxed)
    }

    /// The slowest last round trip to the gateway, over all shards.
    pub(crate) async fn gateway_latency(&self) -> Option<Duration> {
        let shards = self.shards.load_full()?;
        let runners = shards.runners.lock().await;
        runners.values().filter_map(|runner| runner.latency).max()
    }

    pub(crate) fn count_unread(&self) -> u64 {
        self.unread.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Work begins; none when it is too late for that. The shutdown waits for what this returns.
    pub(crate) async fn begin(&self) -> Option<RwLockReadGuard<'_, bool>> {
        let stopping = self.stopping.read().await;
        (!*stopping).then_some(stopping)
    }

    /// Waits for the work in hand, and lets none begin any more.
    pub(crate) async fn finish(&self, within: Duration) {
        tracing::info!("stopping");
        match tokio::time::timeout(within, self.stopping.write()).await {
            Ok(mut stopping) => *stopping = true,
            Err(_) => tracing::warn!("stopping with work still in hand"),
        }
    }

    /// What can be suggested from a snapshot; made anew when it is another than last time.
    pub(crate) fn suggestions(&self, snapshot: &Snapshot) -> Arc<Suggestions> {
        match self.suggestions.load_full() {
            Some(known) if known.generation() == snapshot.generation => known,
            _ => {
                let made = Arc::new(Suggestions::new(snapshot));
                self.suggestions.store(Some(Arc::clone(&made)));
                made
            }
        }
    }

    /// Answers a question in the conversation it belongs to. Offers and "I don't know" are for the
    /// asker alone where Discord can do that.
    pub(crate) fn ask(&self, asking: &Asking<'_>) -> Message {
        let snapshot = self.live.current();
        let now = Instant::now();
        let memory = self.talks.recall(asking.channel, asking.user, now);
        let locale = memory.language.unwrap_or(asking.locale);
        let command = Command::Ask {
            question: asking.question.to_owned(),
        };
        let Replied { reply, outcome } =
            commands::run(&snapshot.engine, &command, None, locale, &memory, today());
        let knowledge = snapshot.engine.knowledge();
        let mut fact = None;
        if let Some(outcome) = outcome {
            fact = told(&outcome).map(|fact| knowledge[fact].id.clone());
            self.keeping.asked(asking.question, &outcome, knowledge);
            self.talks
                .remember(asking.channel, asking.user, outcome.memory, now);
        }
        tracing::debug!(status = ?reply.status, ?fact, generation = snapshot.generation, "answered");
        let asked = Asked {
            question: Some(asking.question),
            asker: asking.user,
            private: asking.private || reply.status != Status::Answer,
        };
        // What is chosen from a private offer is as private as the question was.
        let chosen = Asked {
            private: asking.private,
            ..asked
        };
        let mut message = match reply.status {
            Status::Answer => layout::answer(&reply, fact.as_deref(), &asked),
            Status::Offer | Status::Unknown => layout::answer(&reply, fact.as_deref(), &chosen),
        };
        message.ephemeral = asked.private;
        message
    }

    /// Answers with one fact, chosen from an offer, a menu or related ones.
    pub(crate) fn open(
        &self,
        snapshot: &Snapshot,
        fact: FactIx,
        lang: Lang,
        asked: &Asked<'_>,
    ) -> Message {
        let knowledge = snapshot.engine.knowledge();
        let reply = crate::reply::Reply::fact(knowledge, fact, lang);
        self.keeping.opened(&knowledge[fact].id, lang);
        layout::answer(&reply, Some(&knowledge[fact].id), asked)
    }

    /// The next question of this person here may be about a fact they were shown.
    pub(crate) fn remember_fact(
        &self,
        channel: u64,
        user: u64,
        knowledge: &Knowledge,
        fact: FactIx,
        lang: Lang,
    ) {
        let known = &knowledge[fact];
        let memory = Memory {
            entity: known.subject.map(|subject| knowledge[subject].id.clone()),
            relation: known
                .relation
                .map(|relation| knowledge[relation].id.clone()),
            fact: Some(known.id.clone()),
            question: Some(crate::reply::display_question(knowledge, known, lang)),
            offered: Vec::new(),
            language: Some(lang),
        };
        self.talks.remember(channel, user, memory, Instant::now());
    }
}

/// The fact that an outcome tells first.
fn told(outcome: &Outcome) -> Option<FactIx> {
    match &outcome.verdict {
        Verdict::Answer(answer) => answer.facts.first().copied(),
        Verdict::Unknown(Unknown {
            reason: Reason::Gap(gap),
            ..
        }) => Some(*gap),
        Verdict::Offer(_) | Verdict::Unknown(_) => None,
    }
}
