//! Rate limits: the headers on every answer, and 429 where a test wants them kept.
//!
//! By default nothing is refused, as behind the rate-limiting proxies that `DISCORD_API_BASE` is
//! made for. A test that proves the client's own limiter sets a limit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};

/// What every bucket has when nothing else was set: far from where anybody gets.
const GENEROUS: Limit = Limit {
    requests: 10_000,
    per: Duration::from_secs(1),
};

/// So many requests in such a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) requests: u32,
    pub(crate) per: Duration,
}

/// All buckets.
#[derive(Default)]
pub(crate) struct Limiter {
    set: Vec<(String, Limit)>,
    buckets: HashMap<String, Bucket>,
    /// Requests answered with 429.
    pub(crate) refused: u32,
}

struct Bucket {
    limit: Limit,
    used: u32,
    resets: Instant,
}

/// How a request stands with its bucket.
pub(crate) struct Standing {
    name: String,
    limit: u32,
    remaining: u32,
    reset_after: Duration,
    pub(crate) allowed: bool,
}

impl Limiter {
    /// Limits the routes whose template contains `route` ("POST /channels/{channel_id}/messages").
    pub(crate) fn set(&mut self, route: &str, limit: Limit) {
        self.set.push((route.to_owned(), limit));
        self.buckets.clear();
    }

    /// Counts a request. `route` is its method and template, `major` the channel, server or
    /// webhook it is about.
    pub(crate) fn count(&mut self, route: &str, major: &str) -> Standing {
        let now = Instant::now();
        let limit = self
            .set
            .iter()
            .find(|(part, _)| route.contains(part.as_str()))
            .map_or(GENEROUS, |(_, limit)| *limit);
        let bucket = self
            .buckets
            .entry(format!("{route} {major}"))
            .or_insert(Bucket {
                limit,
                used: 0,
                resets: now + limit.per,
            });
        if bucket.resets <= now {
            bucket.used = 0;
            bucket.resets = now + bucket.limit.per;
        }
        let allowed = bucket.used < bucket.limit.requests;
        if allowed {
            bucket.used += 1;
        } else {
            self.refused += 1;
        }
        Standing {
            name: name(route),
            limit: bucket.limit.requests,
            remaining: bucket.limit.requests - bucket.used,
            reset_after: bucket.resets - now,
            allowed,
        }
    }
}

/// What Discord would call the bucket: an opaque word, the same for the same route.
fn name(route: &str) -> String {
    let hash = route.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

impl Standing {
    /// Seconds until the bucket is full again.
    pub(crate) fn retry_after(&self) -> f64 {
        self.reset_after.as_secs_f64()
    }

    /// Writes the headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let mut put = |name: &'static str, value: String| {
            let value = HeaderValue::from_str(&value).expect("a number or a name");
            headers.insert(name, value);
        };
        put("x-ratelimit-limit", self.limit.to_string());
        put("x-ratelimit-remaining", self.remaining.to_string());
        put(
            "x-ratelimit-reset",
            format!("{:.3}", (since + self.reset_after).as_secs_f64()),
        );
        put(
            "x-ratelimit-reset-after",
            format!("{:.3}", self.retry_after()),
        );
        put("x-ratelimit-bucket", self.name.clone());
        if !self.allowed {
            put("x-ratelimit-scope", "user".to_owned());
            put("retry-after", format!("{}", self.retry_after().ceil()));
        }
    }
}
