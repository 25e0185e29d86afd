//! Edited files are picked up by themselves.
//!
//! What changed on disk is only a hint to look: the folder is read again, and reloaded if it holds
//! other files than those last tried. So editors' temporary files, which nothing reads, change
//! nothing, and neither does a file that was only touched.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use crate::clock::today;
use crate::knowledge::Origin;
use crate::live::{Live, ReloadError, Report};

/// How long a folder must be quiet before it is read. Editors write several files, and one file in
/// several steps, within a few milliseconds; people do not notice half a second.
const QUIET: Duration = Duration::from_millis(300);

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, NoCache>,
}

impl Watch {
    /// Watches a folder and reloads what is served when files in it change. `reloaded` is told how
    /// each reload went, on the thread of the watcher.
    ///
    /// # Errors
    /// When the system cannot watch the folder.
    pub fn start(
        live: Arc<Live>,
        folder: &Path,
        reloaded: impl Fn(Result<Report, ReloadError>) + Send + 'static,
    ) -> Result<Watch, notify::Error> {
        let origin = Origin::Disk(folder.to_owned());
        let look = move |events: DebounceEventResult| {
            // Reading the folder is itself an access, which must not lead to reading it again.
            let worth = events.as_ref().map_or(true, |events| {
                events.iter().any(|event| !event.kind.is_access())
            });
            if worth && let Some(result) = live.reload_if_changed(&origin, today()).transpose() {
                reloaded(result);
            }
        };
        let mut debouncer =
            new_debouncer_opt(QUIET, None, look, NoCache::new(), notify::Config::default())?;
        debouncer.watch(folder, RecursiveMode::Recursive)?;
        Ok(Watch {
            _debouncer: debouncer,
        })
    }
}
