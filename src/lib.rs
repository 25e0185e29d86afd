//! Answers questions about CARA from sourced facts, in English and French, or says that it does
//! not know.
//!
//! The bulk of this crate is one pure function: a base of knowledge and a question go in, a verdict
//! comes out ([`engine::Engine::ask`]). Around it stands a thin shell that reads files and talks.
//!
//! # Code map
//!
//! ```text
//! main → cli ┬→ discord ┬→ moderation ─┐
//!            │          └→ commands ───┼→ reply → picture
//!            ├→ live ───────────────────┼→ engine → knowledge → text, date → lang
//!            ├→ eval ───────────────────┘
//!            └→ journal (beside them all)
//! ```
//!
//! Dependencies run to the right only; what stands above another does not use it unless an arrow
//! says so (but `live` asks `eval` for the golden questions of a base before it serves it, and the words
//! of `reply` name what `moderation` found).
//!
//! | module | what it is for |
//! |---|---|
//! | [`lang`] | the two languages, and values that exist in both |
//! | [`text`] | what "the same text" means: markup off, folded, cut into words, stemmed, spelling repaired |
//! | [`date`] | dates as precise as their source: read, order, put in words, find in a question |
//! | [`knowledge`] | files ↔ facts: read the folder, gather everything that is wrong, build the [`Knowledge`](knowledge::Knowledge) |
//! | [`engine`] | a question to a verdict: read it, propose facts, measure, decide, explain |
//! | [`eval`] | figures on questions whose right answer is known |
//! | [`live`] | the snapshot being served, and how a new one replaces it: whole or not at all |
//! | [`journal`] | what happened: questions for the moderators, statistics, revisions; shared documents |
//! | [`picture`] | drawing: letters, SVG, PNG |
//! | [`reply`] | everything the bot says, as plain data, and the drawn timeline |
//! | [`commands`] | what people can ask of the bot, the same on every surface |
//! | [`moderation`] | changes of the knowledge: shown first, then made, and undone |
//! | [`discord`] | the bot in Discord |
//! | [`cli`] | arguments, the terminal, exit codes |
//! | [`telemetry`] | the log, to standard error |
//! | [`clock`] | the day of the process's clock |
//!
//! The way of a question: `cli` (or another surface) → [`commands`] → [`engine`] → [`reply`] → back
//! to the surface, which lays it out. The way of a file: `knowledge` → `engine` → [`live`]. The way of an
//! edit: a surface → [`moderation`] → [`knowledge::edit`] (a copy) → [`live`] (proven) → preview → the
//! person → [`journal`] (written ahead) → files → [`live`] (served) → [`journal`] (finished).
//!
//! # What is not there
//!
//! Absences cannot be seen in code, so here they are:
//!
//! - The engine and everything it stands on do no input or output, read no clock and draw no random
//!   numbers: a question brings its day, and the same base answers the same question the same way.
//!   Knowledge files are read in `knowledge::source` and written in `moderation::store`; trained engines are
//!   kept as files by `live::cache`. The day is read in
//!   [`clock`]; [`live`] and [`eval`] time what they do.
//! - `clap` and `rustyline` appear in [`cli`] only, and so do colours and exit codes.
//! - Words for people to read stand in [`reply`], or in the knowledge files. What [`knowledge`] says
//!   of a broken file is for its author, and in English.
//! - `serenity` is named in [`discord`] alone, `sqlx` in [`journal`], `resvg` in [`picture`].
//! - No module but `knowledge` knows TOML; what is in a [`Knowledge`](knowledge::Knowledge) has been
//!   validated, so nobody checks again.
//! - Nothing about CARA is in the code but the names of the commands. It is all in `knowledge/`, and
//!   the tests use another base.
//! - Only [`discord`] and [`journal`] use the network. No model to download, no `unsafe`; the engine
//!   is trained when a base is loaded that the cache does not hold.

pub mod cli;
pub mod clock;
pub mod commands;
pub mod date;
pub mod discord;
pub mod engine;
pub mod eval;
pub mod journal;
pub mod knowledge;
pub mod lang;
pub mod live;
pub mod moderation;
pub mod picture;
pub mod reply;
pub mod telemetry;
pub mod text;
