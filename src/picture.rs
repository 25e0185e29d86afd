//! Pictures: an SVG put together here, drawn with the typeface compiled in, out as PNG.
//!
//! Nothing here knows what is drawn; [`reply::timeline`](crate::reply::timeline) does. Only the
//! fonts under `assets/fonts` are used, never those of the machine, so that the same picture comes
//! out everywhere, byte for byte.
//!
//! - `chat`: messages with their markup and buttons
//! - `lettering`: which letters there are, how wide they are, where a line breaks
//! - `svg`: the drawing as text, escaped

pub(crate) mod chat;
pub(crate) mod lettering;
pub(crate) mod svg;

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use self::svg::Svg;

/// Pixels per unit of length: sharp on screens of high density.
const SCALE: f32 = 2.0;

/// The compiled-in faces, the only ones a picture can use.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for weight in lettering::Weight::ALL {
        fonts.load_font_data(weight.bytes().to_vec());
    }
    Arc::new(fonts)
});

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The drawing is not valid SVG.
    #[error("the drawing is not valid SVG")]
    Svg(#[from] usvg::Error),
    /// The picture would be empty or too large to hold.
    #[error("a picture of {width} × {height} pixels cannot be made")]
    Size {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The pixels could not be written as PNG.
    #[error("the picture could not be written as PNG")]
    Png(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Draws `svg` at [`SCALE`] pixels per unit, transparent where nothing is drawn.
pub(crate) fn to_png(svg: &Svg) -> Result<Vec<u8>, PictureError> {
    let options = usvg::Options {
        font_family: lettering::FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(&svg.to_string(), &options)?;
    let size = tree.size();
    // Saturating casts: what does not fit is refused by the pixmap.
    let width = (size.width() * SCALE).ceil() as u32;
    let height = (size.height() * SCALE).ceil() as u32;
    let mut pixels = Pixmap::new(width, height).ok_or(PictureError::Size { width, height })?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| PictureError::Png(error.into()))
}
