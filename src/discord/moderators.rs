//! Who moderates. Asked in the handler, on every command, press and form: what Discord shows to
//! whom can be changed by server admins, and custom ids can be forged.

use crate::discord::incoming::{ADMINISTRATOR, Interaction, MANAGE_GUILD};

/// Who may moderate, and where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moderators {
    /// The only server in which anybody moderates.
    pub(crate) guild: Option<u64>,
    /// Any of these roles suffices; when empty, managing the server does.
    pub(crate) roles: Vec<u64>,
}

impl Moderators {
    /// Whether who did this moderates here. `owner` is the owner of the server, if known.
    pub(crate) fn include(&self, interaction: &Interaction, owner: Option<u64>) -> bool {
        let Some(member) = &interaction.member else {
            return false;
        };
        if self.guild.is_none() || interaction.guild_id != self.guild {
            return false;
        }
        if self.roles.is_empty() {
            let permissions = member.permissions.unwrap_or_default();
            permissions & (ADMINISTRATOR | MANAGE_GUILD) != 0
                || owner.is_some_and(|owner| owner == interaction.user_id())
        } else {
            member.roles.iter().any(|role| self.roles.contains(role))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_those_of_the_admin_guild_with_the_role_or_right_moderate() {
        let interaction = |guild: u64, roles: &[u64], permissions: u64| -> Interaction {
            let roles: Vec<String> = roles.iter().map(u64::to_string).collect();
            serde_json::from_value(json!({
                "id": "1", "type": 2, "token": "t", "guild_id": guild.to_string(),
                "member": {"user": {"id": "5"}, "roles": roles, "permissions": permissions.to_string()},
            }))
            .unwrap()
        };
        let with_role = Moderators {
            guild: Some(10),
            roles: vec![7, 8],
        };
        let without = Moderators {
            guild: Some(10),
            roles: vec![],
        };
        let nowhere = Moderators::default();
        for (moderators, guild, roles, permissions, owner, expected) in [
            (&with_role, 10, &[8][..], 0, None, true),
            (&with_role, 10, &[9], ADMINISTRATOR, Some(5), false),
            (&with_role, 11, &[8], ADMINISTRATOR, None, false),
            (&without, 10, &[], MANAGE_GUILD, None, true),
            (&without, 10, &[], ADMINISTRATOR, None, true),
            (&without, 10, &[], 0, Some(5), true),
            (&without, 10, &[], 0, Some(6), false),
            (&without, 10, &[], 1 << 13, None, false),
            (&without, 11, &[], ADMINISTRATOR, Some(5), false),
            (&nowhere, 10, &[], ADMINISTRATOR, Some(5), false),
        ] {
            let got = moderators.include(&interaction(guild, roles, permissions), owner);
            assert_eq!(
                got, expected,
                "{moderators:?} {guild} {roles:?} {permissions}"
            );
        }
        let direct: Interaction = serde_json::from_value(
            json!({"id": "1", "type": 2, "token": "t", "user": {"id": "5"}}),
        )
        .unwrap();
        assert!(!without.include(&direct, Some(5)));
    }
}
