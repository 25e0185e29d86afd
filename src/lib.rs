//! Answers questions about CARA.

pub mod cli;
pub mod commands;
pub mod date;
pub mod engine;
pub mod eval;
pub mod knowledge;
pub mod lang;
pub mod live;
pub mod reply;
pub mod telemetry;
pub mod text;
