//! Integration tests, one file per behaviour, one crate for all of them.
//!
//! What people and programs rely on is tested through the binary ([`support::Project`]); what needs
//! many questions is tested through the library, on engines that are built once.

mod ask;
mod cache;
mod chat;
mod check;
mod computed;
mod crash;
mod discord;
mod discord_service;
mod eval;
mod journal;
mod moderation;
mod properties;
mod reload;
mod shipped;
mod support;
mod teach;
mod timeline;
