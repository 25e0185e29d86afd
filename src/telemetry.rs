//! The tracing subscriber: one per process, to standard error.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; `RUST_LOG` chooses the level, warnings by default.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second subscriber in one process (tests) is refused, which is as good as the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
