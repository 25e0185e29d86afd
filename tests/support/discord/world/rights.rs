//! Who may do what, where.

use super::super::refusal::Refusal;
use super::{Id, World, channel_kind, permission};

impl World {
    /// What a user may do in a server.
    pub(crate) fn permissions_of(&self, guild: Id, user: Id) -> u64 {
        let guild = &self.guilds[&guild];
        if guild.owner == user {
            return permission::ALL;
        }
        let held = guild.members.get(&user).map_or(&[][..], Vec::as_slice);
        let sum = guild
            .roles
            .iter()
            .filter(|role| role.id == guild.id || held.contains(&role.id))
            .fold(0, |sum, role| sum | role.permissions);
        if sum & permission::ADMINISTRATOR == 0 {
            sum
        } else {
            permission::ALL
        }
    }

    /// What the bot may do in a channel; where it is not a member, what Discord lets an application
    /// of a user do.
    pub(crate) fn bot_permissions(&self, channel: Id) -> u64 {
        let channel = &self.channels[&channel];
        let above = channel
            .parent
            .map_or(0, |parent| self.channels[&parent].denied);
        match channel.guild {
            Some(guild) if self.guilds[&guild].has_bot => {
                self.permissions_of(guild, self.bot()) & !channel.denied & !above
            }
            _ => permission::EVERYBODY & !channel.denied & !above,
        }
    }

    /// Whether the bot may write into a channel by itself, with these things in the message.
    ///
    /// # Errors
    /// Discord's word for what is missing.
    pub(crate) fn may_write(&self, channel: Id, needs: u64, replies: bool) -> Result<(), Refusal> {
        let Some(place) = self.channels.get(&channel) else {
            return Err(Refusal::unknown_channel());
        };
        if let Some(recipient) = place.recipient {
            return if self.users[&recipient].blocks_direct_messages {
                Err(Refusal::cannot_message_user())
            } else {
                Ok(())
            };
        }
        if !place.guild.is_some_and(|guild| self.guilds[&guild].has_bot) {
            return Err(Refusal::missing_access());
        }
        let held = self.bot_permissions(channel);
        if held & permission::VIEW_CHANNEL == 0 {
            return Err(Refusal::missing_access());
        }
        let write = if place.kind == channel_kind::THREAD {
            permission::SEND_MESSAGES_IN_THREADS
        } else {
            permission::SEND_MESSAGES
        };
        if held & (write | needs) != write | needs {
            return Err(Refusal::missing_permissions());
        }
        if replies && held & permission::READ_MESSAGE_HISTORY == 0 {
            return Err(Refusal::cannot_reply_without_history());
        }
        Ok(())
    }
}
