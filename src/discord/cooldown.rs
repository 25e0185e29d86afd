//! How fast one person, and one channel, may ask.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// A person may ask this often at once, then once a second.
const PERSON_BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// A channel may ask this often at once, then ten times a second.
const CHANNEL_BURST: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// See [`CHANNEL_BURST`].
const CHANNEL_PER_SECOND: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// How many keys are remembered before those at rest are forgotten.
const MANY: usize = 10_000;

/// Counts questions.
#[derive(Debug)]
pub(crate) struct Cooldown {
    people: DefaultKeyedRateLimiter<u64>,
    channels: DefaultKeyedRateLimiter<u64>,
    clock: DefaultClock,
}

impl Default for Cooldown {
    fn default() -> Cooldown {
        let person = Quota::per_second(NonZeroU32::MIN).allow_burst(PERSON_BURST);
        let channel = Quota::per_second(CHANNEL_PER_SECOND).allow_burst(CHANNEL_BURST);
        Cooldown {
            people: RateLimiter::dashmap(person),
            channels: RateLimiter::dashmap(channel),
            clock: DefaultClock::default(),
        }
    }
}

impl Cooldown {
    /// Counts a question.
    ///
    /// # Errors
    /// With the time to wait when there were too many.
    pub(crate) fn admit(&self, user: u64, channel: u64) -> Result<(), Duration> {
        for limiter in [&self.people, &self.channels] {
            if limiter.len() > MANY {
                limiter.retain_recent();
            }
        }
        let now = self.clock.now();
        let wait = |not_until: governor::NotUntil<_>| not_until.wait_time_from(now);
        self.people.check_key(&user).map_err(wait)?;
        self.channels.check_key(&channel).map_err(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_fast_waits_and_others_do_not() {
        let cooldown = Cooldown::default();
        for at in 0..PERSON_BURST.get() {
            assert!(cooldown.admit(1, 1).is_ok(), "{at}");
        }
        let wait = cooldown.admit(1, 2).unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert!(cooldown.admit(2, 1).is_ok());
    }

    #[test]
    fn channel_is_shared() {
        let cooldown = Cooldown::default();
        let refused = (0..100).filter(|user| cooldown.admit(*user, 1).is_err());
        assert!(refused.count() > 0);
        assert!(cooldown.admit(1_000, 2).is_ok());
    }
}
