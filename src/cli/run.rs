//! `run`: the bot in Discord, until it is told to stop.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::connection::ConnectionOptions;
use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, run_async};
use crate::discord::{self, Base};
use crate::journal::Journal;
use crate::knowledge::Origin;
use crate::live::watch::Watch;
use crate::live::{Live, ReloadError, Report};
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
    let snapshot = common.load()?;
    tracing::info!(
        facts = snapshot.engine.knowledge().facts.len(),
        took = ?snapshot.took,
        "knowledge loaded"
    );
    let live = Arc::new(Live::new(snapshot));
    let origin = common.origin();
    let _watch = watch(&live, &origin);
    run_async(async {
        let (journal, trouble) = Journal::start(place).await;
        if let Some(error) = trouble {
            tracing::warn!(%error, "the journal is not there yet; what happens waits in memory");
        }
        let base = Base {
            live,
            origin,
            journal: Some(journal),
            retention_days: options.keep_days,
        };
        discord::run(settings, base, told_to_stop()).await?;
        tracing::info!("stopped");
        Ok(DONE)
    })
}

/// Picks up edited files; a folder that cannot be watched can still be reloaded by hand.
fn watch(live: &Arc<Live>, origin: &Origin) -> Option<Watch> {
    let Origin::Disk(folder) = origin else {
        return None;
    };
    Watch::start(Arc::clone(live), folder, log_reload)
        .inspect_err(|error| tracing::warn!(%error, "edited files are not picked up by themselves"))
        .ok()
}

fn log_reload(result: Result<Report, ReloadError>) {
    match result {
        Ok(report) => tracing::info!(
            generation = report.generation,
            added = report.added,
            changed = report.changed,
            removed = report.removed,
            took = ?report.took,
            "edited files served"
        ),
        Err(ReloadError::Refused { refused, shown }) => {
            tracing::warn!(errors = refused.errors(), "edited files refused\n{shown}");
        }
        Err(error @ ReloadError::Folder(_)) => tracing::warn!(%error, "edited files refused"),
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
