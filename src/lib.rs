//! Answers questions about CARA.

pub mod date;
pub mod knowledge;
pub mod lang;
pub mod text;
