//! Points in time, as the journal stores them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

use crate::date::Day;

/// Number of 1 January 1970 among days.
const EPOCH_ORDINAL: i64 = 719_163;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// A point in time, to the second. Shown and serialised as RFC 3339 in UTC: `2026-11-22T09:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// This moment by the clock of the system.
    #[must_use]
    pub fn now() -> Moment {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// The moment this many seconds after 1 January 1970, 0:00 UTC.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Moment {
        Moment(seconds)
    }

    /// Seconds since 1 January 1970, 0:00 UTC.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// Its day in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        let ordinal = self.0.div_euclid(DAY_SECONDS).saturating_add(EPOCH_ORDINAL);
        let nearest = if ordinal < 0 { i32::MIN } else { i32::MAX };
        Day::from_ordinal(i32::try_from(ordinal).unwrap_or(nearest))
    }

    /// The moment this much earlier.
    #[must_use]
    pub fn before(self, by: Duration) -> Moment {
        Moment(
            self.0
                .saturating_sub(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)),
        )
    }

    /// The moment this much later.
    #[must_use]
    pub fn after(self, by: Duration) -> Moment {
        Moment(
            self.0
                .saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)),
        )
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(DAY_SECONDS);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.day())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (1_795_339_800, "2026-11-22T09:30:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
        ] {
            assert_eq!(Moment::from_unix(seconds).to_string(), expected);
        }
    }

    #[test]
    fn ends_of_time_do_not_panic() {
        for end in [i64::MIN, i64::MAX] {
            let _ = Moment::from_unix(end).to_string();
        }
        assert_eq!(
            Moment::from_unix(i64::MIN).before(Duration::MAX).unix(),
            i64::MIN
        );
    }
}
