//! What must outlive the process: how often it identified, and where it registered commands.
//!
//! Discord takes 1,000 identifies a day; beyond that it ends all sessions and resets the token. A
//! bot that crashes at every start, under a supervisor that starts it again at once, spends them in
//! an hour and a half, so they are counted over restarts, in a file, and backed off.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Name of the file in the data directory.
const FILE: &str = "discord.json";
/// Discord counts the identifies of a day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What we allow ourselves of Discord's 1,000, so that a person can still start by hand.
const PER_DAY: usize = 900;
/// Identifies within this time count as a row.
const RECENT: Duration = Duration::from_secs(10 * 60);
/// This many in a row are nobody's mistake: deployments, a bad network.
const FREE: usize = 6;
/// The first pause; it doubles with each further identify.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause but the daily one.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct State {
    path: Option<PathBuf>,
    kept: Kept,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Seconds since 1970, oldest first.
    identifies: Vec<u64>,
    /// Where `/cara-admin` was registered last.
    admin_guild: Option<u64>,
}

impl State {
    /// Reads what was kept in a directory. What cannot be read counts as nothing, and is told.
    pub(crate) fn open(directory: Option<&Path>) -> State {
        let Some(directory) = directory else {
            return State::default();
        };
        let path = directory.join(FILE);
        let kept = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, "discord.json is damaged and is begun anew");
                Kept::default()
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(error) => {
                tracing::warn!(%error, "discord.json cannot be read");
                Kept::default()
            }
        };
        State {
            path: Some(path),
            kept,
        }
    }

    /// How long to wait before `shards` connections identify, as they all do at a start. Times are
    /// since 1970.
    pub(crate) fn pause(&self, now: Duration, shards: u32) -> Duration {
        let times = || {
            let times = self.kept.identifies.iter();
            times.map(|seconds| Duration::from_secs(*seconds))
        };
        // A clock that was set back makes old times lie in the future: they count as now.
        let ago = |at: Duration| now.saturating_sub(at);
        let mut today: Vec<Duration> = times().filter(|at| ago(*at) < DAY).collect();
        if today.len() >= PER_DAY {
            today.sort_unstable();
            let makes_room = today[today.len() - PER_DAY];
            return DAY - ago(makes_room);
        }
        let shards = usize::try_from(shards).unwrap_or(usize::MAX).max(1);
        let row = times().filter(|at| ago(*at) < RECENT).count() / shards;
        let Some(beyond) = row.checked_sub(FREE) else {
            return Duration::ZERO;
        };
        let doubled = u32::try_from(beyond).unwrap_or(u32::MAX).min(10);
        (FIRST_PAUSE * 2u32.pow(doubled)).min(LONGEST_PAUSE)
    }

    /// Counts an identify.
    pub(crate) fn identified(&mut self, now: Duration) {
        self.kept
            .identifies
            .retain(|seconds| now.saturating_sub(Duration::from_secs(*seconds)) < DAY);
        self.kept.identifies.push(now.as_secs());
        self.save();
    }

    /// Where `/cara-admin` was registered last.
    pub(crate) fn admin_guild(&self) -> Option<u64> {
        self.kept.admin_guild
    }

    pub(crate) fn set_admin_guild(&mut self, guild: Option<u64>) {
        if self.kept.admin_guild != guild {
            self.kept.admin_guild = guild;
            self.save();
        }
    }

    fn save(&self) {
        let Some(path) = &self.path else { return };
        if let Err(error) = write(path, &self.kept) {
            tracing::warn!(%error, "discord.json cannot be written");
        }
    }
}

/// Writes beside and renames, so that no crash leaves half a file.
fn write(path: &Path, kept: &Kept) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let beside = path.with_extension("json.new");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(&serde_json::to_vec(kept)?)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn identifies_are_counted_over_restarts_and_backed_off() {
        let dir = tempfile::tempdir().unwrap();
        let open = || State::open(Some(dir.path()));
        for second in 0..FREE as u64 {
            assert_eq!(open().pause(at(second), 1), Duration::ZERO);
            open().identified(at(second));
        }
        assert_eq!(open().pause(at(10), 1), FIRST_PAUSE);
        open().identified(at(10));
        assert_eq!(open().pause(at(11), 1), FIRST_PAUSE * 2);
        assert_eq!(open().pause(at(11) + RECENT, 1), Duration::ZERO);
    }

    #[test]
    fn shards_of_one_start_are_one_in_the_row() {
        let mut state = State::default();
        for shard in 0..16 {
            state.identified(at(shard * 5));
        }
        assert_eq!(state.pause(at(100), 16), Duration::ZERO);
        assert!(state.pause(at(100), 1) > Duration::ZERO);
    }

    #[test]
    fn crash_loop_cannot_spend_the_day() {
        let mut state = State::default();
        let mut now = at(0);
        let end = now + DAY;
        let mut count = 0;
        loop {
            now += state.pause(now, 1) + Duration::from_secs(1);
            if now >= end {
                break;
            }
            state.identified(now);
            count += 1;
        }
        assert!(count <= PER_DAY, "{count}");
    }

    #[test]
    fn day_that_is_spent_is_waited_out() {
        let mut state = State::default();
        for spread in 0..PER_DAY as u64 {
            state.identified(at(spread * 60));
        }
        let now = at(PER_DAY as u64 * 60);
        assert_eq!(state.pause(now, 1), DAY - (now - at(0)));
    }

    #[test]
    fn damaged_file_counts_as_nothing() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "{").unwrap();
        let mut state = State::open(Some(dir.path()));
        assert_eq!(state.pause(at(0), 1), Duration::ZERO);
        state.set_admin_guild(Some(5));
        assert_eq!(State::open(Some(dir.path())).admin_guild(), Some(5));
    }
}
