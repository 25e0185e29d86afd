//! What was being talked about: per person and channel, for ten minutes, in memory only.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::engine::Memory;

/// How long "and who founded it?" is understood.
const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// Conversations kept at most; beyond this the oldest are forgotten. A few megabytes.
const MOST: usize = 10_000;

/// Conversations under way.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    known: Mutex<HashMap<(u64, u64), (Instant, Memory)>>,
}

impl Conversations {
    /// What this person talked about in this channel.
    pub(crate) fn recall(&self, channel: u64, user: u64, now: Instant) -> Memory {
        let known = self.lock();
        match known.get(&(channel, user)) {
            Some((at, memory)) if now.saturating_duration_since(*at) < LIFETIME => memory.clone(),
            _ => Memory::default(),
        }
    }

    pub(crate) fn remember(&self, channel: u64, user: u64, memory: Memory, now: Instant) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.retain(|_, (at, _)| now.saturating_duration_since(*at) < LIFETIME);
        }
        if known.len() >= MOST {
            let mut times: Vec<Instant> = known.values().map(|(at, _)| *at).collect();
            let (_, middle, _) = times.select_nth_unstable(MOST / 2);
            let middle = *middle;
            known.retain(|_, (at, _)| *at > middle);
        }
        known.insert((channel, user), (now, memory));
    }

    /// Forgets what a person talked about, everywhere.
    pub(crate) fn forget(&self, user: u64) {
        self.lock().retain(|(_, who), _| *who != user);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(u64, u64), (Instant, Memory)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(entity: &str) -> Memory {
        Memory {
            entity: Some(entity.to_owned()),
            ..Memory::default()
        }
    }

    #[test]
    fn conversation_is_of_one_person_in_one_channel_for_ten_minutes() {
        let talks = Conversations::default();
        let start = Instant::now();
        talks.remember(1, 2, about("lutb"), start);
        let later = start + Duration::from_secs(599);
        assert_eq!(talks.recall(1, 2, later), about("lutb"));
        assert_eq!(talks.recall(1, 3, later), Memory::default());
        assert_eq!(talks.recall(2, 2, later), Memory::default());
        let too_late = start + Duration::from_secs(600);
        assert_eq!(talks.recall(1, 2, too_late), Memory::default());
        talks.forget(2);
        assert_eq!(talks.recall(1, 2, start), Memory::default());
    }

    #[test]
    fn conversations_do_not_grow_without_end() {
        let talks = Conversations::default();
        let start = Instant::now();
        for user in 0..(MOST as u64 + 10) {
            talks.remember(1, user, about("x"), start + Duration::from_micros(user));
        }
        assert!(talks.lock().len() <= MOST);
        let last = MOST as u64 + 9;
        assert_eq!(talks.recall(1, last, start), about("x"));
    }
}
