//! What "the same text" means: the bottom layer, used by knowledge and engine alike.
//!
//! A message passes through here in one direction:
//!
//! ```text
//! Discord message ─clean→ plain words ─fold→ folded text ─tokenize→ tokens ─stem→ stems
//! ```
//!
//! The base's phrasings take the same way, so two texts are the same text when they come out the
//! same. Nothing here knows an entity, a fact or a synonym: those belong to the base. Nothing
//! here reads a clock, a file or the network, and nothing panics, whatever the text.
//!
//! - [`clean`](fn@clean) takes Discord's markup, mentions, links and emoji out of a message.
//! - [`fold`](fn@fold) removes the differences nobody means: case, accents, curly quotes, spacing.
//! - [`tokenize`](fn@tokenize) cuts folded text into words that know where they stood, and
//!   [`sentences`](fn@sentences) cuts a message into sentences.
//! - [`stem`](fn@stem) strips the endings of a folded word.
//! - [`words`] lists the ordinary words of both languages, [`spelling`] repairs the others.
//! - [`language`] says which language a text is in.

pub mod clean;
pub mod fold;
pub mod language;
pub mod sentences;
pub mod spelling;
pub mod stem;
pub mod tokenize;
pub mod words;

pub use clean::clean;
pub use fold::fold;
pub use sentences::{first_sentence, sentences};
pub use stem::stem;
pub use tokenize::{Token, tokenize};
