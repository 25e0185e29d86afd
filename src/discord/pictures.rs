//! Drawn timelines, kept until the next generation: drawing takes long, asking again does not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::date::Date;
use crate::discord::message::File;
use crate::knowledge::model::FactIx;
use crate::lang::Lang;
use crate::live::Snapshot;
use crate::reply::timeline;

/// Pictures kept at most; each takes some tens of kilobytes.
const MOST: usize = 64;

/// What a picture shows: generation, period (EDTF), page and language.
type Key = (u64, String, usize, Lang);

/// Pictures drawn already.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    drawn: Arc<Mutex<HashMap<Key, File>>>,
}

/// What to draw.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) facts: Vec<FactIx>,
    pub(crate) period: Option<Date>,
    pub(crate) page: usize,
    pub(crate) lang: Lang,
}

impl Pictures {
    /// The picture, drawn now if it was not before; none when it cannot be drawn, which the log
    /// tells. Drawing goes on when nobody waits any more, so that the next one asking finds it.
    pub(crate) async fn draw(&self, order: Order) -> Option<File> {
        let Order {
            snapshot,
            facts,
            period,
            page,
            lang,
        } = order;
        let period_text = period.map(|period| period.to_string()).unwrap_or_default();
        let key = (snapshot.generation, period_text, page, lang);
        if let Some(file) = lock(&self.drawn).get(&key) {
            return Some(file.clone());
        }
        let drawn = Arc::clone(&self.drawn);
        let drawing = tokio::task::spawn_blocking(move || {
            let knowledge = snapshot.engine.knowledge();
            let title = timeline::title(knowledge, period.as_ref(), lang);
            let picture = timeline::draw(knowledge, &facts, page, lang, &title)?;
            let file = File {
                name: "timeline.png",
                alt: picture.alt,
                bytes: picture.png.into(),
            };
            let mut drawn = lock(&drawn);
            if drawn.len() >= MOST {
                drawn.clear();
            }
            drawn.insert(key, file.clone());
            Ok::<File, timeline::TimelineError>(file)
        });
        match drawing.await {
            Ok(Ok(file)) => Some(file),
            Ok(Err(timeline::TimelineError::Empty)) => None,
            Ok(Err(error)) => {
                tracing::warn!(%error, "timeline not drawn");
                None
            }
            Err(error) => {
                tracing::error!(%error, "drawing failed");
                None
            }
        }
    }
}

fn lock(drawn: &Mutex<HashMap<Key, File>>) -> MutexGuard<'_, HashMap<Key, File>> {
    drawn.lock().unwrap_or_else(PoisonError::into_inner)
}
