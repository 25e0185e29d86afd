//! Serving what is there now: reading the knowledge anew where it lives, and following a database
//! that others write to.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::store::{Store, StoreError, blocking};
use crate::clock::today;
use crate::journal::Documents;
use crate::knowledge::{Folder, Origin, render};
use crate::live::{Live, ReloadError, Report, Turn};

/// How long to wait before reading again what could not be read.
const TRY_AGAIN: Duration = Duration::from_secs(1);

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
        Store::Shared(documents) => {
            let documents = documents.clone();
            return in_turn(live, documents, |turn, folder| {
                turn.reload(folder, today())
                    .map_err(|refused| ReloadFailed {
                        errors: refused.errors(),
                        shown: render(&refused.0, folder, false),
                    })
            })
            .await;
        }
    };
    Ok(blocking(move || live.reload_from(&origin, today())).await?)
}

/// Serves every generation of shared documents that somebody writes, until it is dropped. `reloaded`
/// is told how each reload went; what is served already, because it was written here, is not loaded
/// again.
pub async fn follow(
    live: Arc<Live>,
    documents: Documents,
    reloaded: impl Fn(Result<Report, ReloadFailed>),
) {
    // From the beginning: the base may have changed between loading and listening.
    let mut generations = documents.listen(0);
    loop {
        generations.next().await;
        loop {
            let (live, documents) = (Arc::clone(&live), documents.clone());
            let result = in_turn(live, documents, |turn, folder| {
                Ok(turn.reload_if_changed(folder, today()))
            })
            .await;
            match result {
                Ok(result) => {
                    if let Some(result) = result.transpose() {
                        reloaded(result.map_err(Into::into));
                    }
                    break;
                }
                Err(unread) => reloaded(Err(unread)),
            }
            // Nobody tells this generation a second time.
            tokio::time::sleep(TRY_AGAIN).await;
        }
    }
}

/// Reads the documents when nobody else replaces what is served, so that nothing older than that is
/// served after it.
async fn in_turn<T: Send + 'static>(
    live: Arc<Live>,
    documents: Documents,
    then: impl FnOnce(&Turn<'_>, &Folder) -> Result<T, ReloadFailed> + Send + 'static,
) -> Result<T, ReloadFailed> {
    let runtime = Handle::current();
    blocking(move || {
        let turn = live.turn();
        let read = runtime.block_on(documents.read());
        let folder = read.map_err(StoreError::from)?.folder();
        then(&turn, &folder)
    })
    .await
}
