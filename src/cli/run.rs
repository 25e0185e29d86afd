//! `run`: the bot in Discord, until it is told to stop.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::connection::ConnectionOptions;
use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, documents, run_async};
use crate::discord::{self, Base};
use crate::journal::Journal;
use crate::live::watch::Watch;
use crate::live::{Live, ReloadError, Report};
use crate::moderation::{Reconciled, ReloadFailed, Store, follow, reconcile};
use crate::telemetry;

/// Days for which questions are kept when nobody says.
const KEEP_DAYS: u32 = 90;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    connection: ConnectionOptions,
    #[command(flatten)]
    place: PlaceOptions,
    /// Days for which questions nobody could answer are kept for the moderators
    #[arg(long, value_name = "DAYS", env = "CARA_KEEP_DAYS", default_value_t = KEEP_DAYS)]
    keep_days: u32,
    /// How the log looks
    #[arg(long, value_name = "FORMAT", env = "CARA_LOG", default_value = "text")]
    log: Log,
}

/// How the log looks.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Log {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

impl Options {
    pub(crate) fn log_format(&self) -> telemetry::Format {
        match self.log {
            Log::Text => telemetry::Format::Text,
            Log::Json => telemetry::Format::Json,
        }
    }
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let settings = options.connection.settings(&options.place)?;
    let place = options.place.place()?;
    run_async(async {
        let (journal, trouble) = Journal::start(place).await;
        if let Some(error) = trouble {
            tracing::warn!(%error, "the journal is not there yet; what happens waits in memory");
        }
        let store = common.store(&journal)?;
        mend(&store, &journal).await;
        let folder = store.read().await?;
        anyhow::ensure!(
            !common.is_shared() || !folder.files.is_empty(),
            documents::EMPTY
        );
        let snapshot = common.load_from(&folder)?;
        tracing::info!(
            facts = snapshot.engine.knowledge().facts.len(),
            took = ?snapshot.took,
            "knowledge loaded"
        );
        let live = Arc::new(Live::new(snapshot).caching(common.cache()));
        let _watch = watch(&live, &store);
        let following = match &store {
            Store::Shared(documents) => {
                let following = follow(Arc::clone(&live), documents.clone(), log_reload);
                Some(tokio::spawn(following))
            }
            Store::BuiltIn | Store::Disk(_) => None,
        };
        let base = Base {
            live,
            store,
            journal: Some(journal),
            retention_days: options.keep_days,
        };
        let ran = discord::run(settings, base, told_to_stop()).await;
        if let Some(following) = following {
            following.abort();
        }
        ran?;
        tracing::info!("stopped");
        Ok(DONE)
    })
}

/// Makes files and journal agree after a crash.
async fn mend(store: &Store, journal: &Journal) {
    match reconcile(store, journal).await {
        Ok(mended) => {
            for Reconciled {
                revision,
                done,
                left_alone,
            } in mended
            {
                tracing::warn!(%revision, done, ?left_alone, "an interrupted edit was mended");
            }
        }
        Err(error) => tracing::warn!(%error, "interrupted edits cannot be looked for"),
    }
}

/// Picks up edited files; a folder that cannot be watched can still be reloaded by hand.
fn watch(live: &Arc<Live>, store: &Store) -> Option<Watch> {
    let Store::Disk(folder) = store else {
        return None;
    };
    let told = |result: Result<Report, ReloadError>| log_reload(result.map_err(Into::into));
    Watch::start(Arc::clone(live), folder, told)
        .inspect_err(|error| tracing::warn!(%error, "edited files are not picked up by themselves"))
        .ok()
}

fn log_reload(result: Result<Report, ReloadFailed>) {
    match result {
        Ok(report) => tracing::info!(
            generation = report.generation,
            added = report.added,
            changed = report.changed,
            removed = report.removed,
            took = ?report.took,
            "edited files served"
        ),
        Err(ReloadFailed { errors, shown }) => {
            tracing::warn!(errors, "edited files refused\n{shown}");
        }
    }
}

/// Waits for the signals by which terminals and supervisors end programs.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without any signal there is nothing to wait for: then only a kill ends us.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
