//! Troubles a test can order: an answer that fails, comes late, or never comes.

use std::time::Duration;

/// What happens to the next requests of a kind.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub(crate) method: &'static str,
    /// What the path ends with.
    pub(crate) path: String,
    pub(crate) times: u32,
    pub(crate) what: Fate,
}

/// The fate of a request.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// An answer with this status and Discord's body for it; the request is not carried out.
    Status(u16),
    /// 429, with the seconds to wait.
    RateLimited(f64),
    /// Carried out, but answered after a while.
    Slow(Duration),
    /// Carried out, but the answer is lost: this status comes instead.
    LostAnswer(u16),
    /// This body with 200, instead of what would be said.
    Says(serde_json::Value),
}

impl Trouble {
    pub(crate) fn strikes(&self, method: &str, path: &str) -> bool {
        self.times > 0 && self.method == method && path.ends_with(&self.path)
    }
}
