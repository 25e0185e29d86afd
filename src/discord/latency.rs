//! How long answers take, from the event's arrival until Discord has taken the answer.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many are looked back on.
const KEPT: usize = 1_000;

/// The last answers.
#[derive(Debug, Default)]
pub(crate) struct Latency {
    times: Mutex<VecDeque<Duration>>,
}

impl Latency {
    pub(crate) fn add(&self, time: Duration) {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        if times.len() == KEPT {
            times.pop_front();
        }
        times.push_back(time);
    }

    /// Median, 99th percentile, and how many were measured.
    pub(crate) fn figures(&self) -> Option<(Duration, Duration, usize)> {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
        let share = |share| Duration::from_secs_f64(crate::eval::percentile(&seconds, share));
        (!seconds.is_empty()).then(|| (share(0.5), share(0.99), seconds.len()))
    }
}
