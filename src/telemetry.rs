//! The tracing subscriber: one per process, to standard error, as text or JSON lines.
//!
//! What people wrote and who they are appears at `debug` and `trace` only, and secrets nowhere. The
//! libraries below Discord log requests with their bodies and headers, so they are held at warnings
//! unless `RUST_LOG` names them.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Libraries that would log what people wrote, or a token.
const HELD_AT_WARN: [&str; 9] = [
    "serenity",
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "hyper_util",
    "h2",
    "reqwest",
    "rustls",
    "sqlx",
];

/// Starts logging to standard error; `RUST_LOG` chooses the level, `default` when it is not set.
pub fn start(default: &str, format: Format) {
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = filter(&wanted, default);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal() && !no_colour())
        .with_writer(std::io::stderr);
    // A second subscriber in one process (tests) is refused, which is as good as the first.
    let _ = match format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Whether nobody wants colours: <https://no-color.org>.
fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// What is logged: as wanted, else the default; libraries held back unless they are named.
fn filter(wanted: &str, default: &str) -> EnvFilter {
    let wanted = match EnvFilter::try_new(wanted) {
        Ok(_) if !wanted.trim().is_empty() => wanted,
        _ => default,
    };
    let mut directives = wanted.to_owned();
    for library in HELD_AT_WARN {
        let named = wanted.split(',').any(|directive| {
            let target = directive.split(['=', '[']).next().unwrap_or(directive);
            target.split("::").next() == Some(library)
        });
        if !named {
            directives = format!("{library}=warn,{directives}");
        }
    }
    EnvFilter::new(directives)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_that_log_requests_are_held_back_unless_named() {
        for (wanted, holds, free) in [
            ("", "serenity=warn", None),
            ("debug", "serenity=warn", None),
            ("serenity=info", "hyper=warn", Some("serenity=warn")),
            (
                "serenity::gateway=debug",
                "hyper=warn",
                Some("serenity=warn"),
            ),
            ("not a filter ==", "serenity=warn", None),
        ] {
            let filter = filter(wanted, "info").to_string();
            assert!(filter.contains(holds), "{wanted}: {filter}");
            if let Some(free) = free {
                assert!(!filter.contains(free), "{wanted}: {filter}");
            }
        }
    }
}
