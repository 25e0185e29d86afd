//! Serving what is there now: reading the knowledge anew where it lives, and following a database
//! that others write to.

use std::sync::Arc;

use super::store::{Store, StoreError, blocking};
use crate::clock::today;
use crate::journal::Documents;
use crate::knowledge::{Folder, Origin, render};
use crate::live::{Live, ReloadError, Report};

/// A reload that did not happen; the old snapshot is served.
#[derive(Debug, thiserror::Error)]
#[error("{errors} error(s) in the knowledge\n{shown}")]
pub struct ReloadFailed {
    /// How many errors there are.
    pub errors: usize,
    /// All diagnostics with the lines they are about, without colour.
    pub shown: String,
}

impl From<StoreError> for ReloadFailed {
    fn from(error: StoreError) -> ReloadFailed {
        ReloadFailed {
            errors: 1,
            shown: format!("error: {error}\n"),
        }
    }
}

impl From<ReloadError> for ReloadFailed {
    fn from(error: ReloadError) -> ReloadFailed {
        match error {
            ReloadError::Refused { refused, shown } => ReloadFailed {
                errors: refused.errors(),
                shown,
            },
            ReloadError::Folder(error) => StoreError::from(error).into(),
        }
    }
}

/// Reads the knowledge where it lives and serves it, or leaves alone what is served.
///
/// # Errors
/// When it cannot be read, or must not be served.
pub async fn reload(live: &Arc<Live>, store: &Store) -> Result<Report, ReloadFailed> {
    let live = Arc::clone(live);
    let origin = match store {
        Store::BuiltIn => Origin::Embedded,
        Store::Disk(path) => Origin::Disk(path.clone()),
        Store::Shared(_) => {
            let folder = store.read().await?;
            return blocking(move || serve(&live, &folder)).await;
        }
    };
    Ok(blocking(move || live.reload_from(&origin, today())).await?)
}

/// Serves every generation of shared documents that somebody writes, until it is dropped. `seen` is
/// the one that is served; `reloaded` is told how each reload went.
pub async fn follow(
    live: Arc<Live>,
    documents: Documents,
    seen: u64,
    reloaded: impl Fn(Result<Report, ReloadFailed>),
) {
    let mut generations = documents.listen(seen);
    let store = Store::Shared(documents);
    loop {
        generations.next().await;
        let folder = match store.read().await {
            Ok(folder) => folder,
            Err(error) => {
                reloaded(Err(error.into()));
                continue;
            }
        };
        // Our own edits are served already.
        if folder.fingerprint() != live.current().fingerprint {
            let live = Arc::clone(&live);
            reloaded(blocking(move || serve(&live, &folder)).await);
        }
    }
}

fn serve(live: &Live, folder: &Folder) -> Result<Report, ReloadFailed> {
    live.reload(folder, today())
        .map_err(|refused| ReloadFailed {
            errors: refused.errors(),
            shown: render(&refused.0, folder, false),
        })
}
