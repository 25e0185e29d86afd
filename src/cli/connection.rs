//! How to reach Discord: options of `run` and `doctor`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::place::PlaceOptions;
use crate::discord::Settings;
use crate::discord::settings::{Api, Secret};

/// The environment variable with the token. There is no option for it: arguments can be seen by
/// others.
const TOKEN: &str = "DISCORD_TOKEN";
/// The environment variable that names a file with the token.
const TOKEN_FILE: &str = "DISCORD_TOKEN_FILE";

/// Options of the commands that connect to Discord. The token is read from the environment
/// variable `DISCORD_TOKEN`, or from a file.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConnectionOptions {
    /// File with the bot's token [default: the token in DISCORD_TOKEN]
    #[arg(long, value_name = "FILE", env = TOKEN_FILE)]
    token_file: Option<PathBuf>,
    /// Another base for Discord's API: a proxy that knows its rate limits, or a test service
    #[arg(long, value_name = "URL", env = "DISCORD_API_BASE")]
    api_base: Option<String>,
    /// The only server with the commands of moderators [default: none has them]
    #[arg(long, value_name = "ID", env = "CARA_ADMIN_GUILD")]
    admin_guild: Option<String>,
    /// Roles whose members moderate, with commas [default: who may manage the server]
    #[arg(long, value_name = "ID,…", env = "CARA_MODERATOR_ROLES")]
    moderator_roles: Option<String>,
}

/// Whether the environment names a token.
pub(crate) fn token_is_set() -> bool {
    [TOKEN, TOKEN_FILE]
        .into_iter()
        .filter_map(std::env::var_os)
        .any(|value| !value.is_empty())
}

impl ConnectionOptions {
    /// What was chosen, with real types.
    pub(crate) fn settings(&self, place: &PlaceOptions) -> anyhow::Result<Settings> {
        let token = match &self.token_file {
            Some(path) if !path.as_os_str().is_empty() => Secret::token_file(path)?,
            _ => {
                let token = std::env::var(TOKEN).unwrap_or_default();
                Secret::token(&token, TOKEN)?
            }
        };
        let api = match given(self.api_base.as_deref()) {
            Some(base) => Api::Elsewhere(base.parse()?),
            None => Api::Discord,
        };
        let admin_guild = given(self.admin_guild.as_deref())
            .map(|id| snowflake(id, "CARA_ADMIN_GUILD"))
            .transpose()?;
        let moderator_roles = given(self.moderator_roles.as_deref())
            .into_iter()
            .flat_map(|roles| roles.split([',', ' ', ';']))
            .filter(|role| !role.is_empty())
            .map(|role| snowflake(role, "CARA_MODERATOR_ROLES"))
            .collect::<Result<_, _>>()?;
        Ok(Settings {
            token,
            api,
            admin_guild,
            moderator_roles,
            data: Some(place.directory()?),
            transport: None,
        })
    }
}

/// What was given, if anything: variables may be set and empty.
fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn snowflake(text: &str, name: &str) -> anyhow::Result<u64> {
    text.trim()
        .parse::<u64>()
        .ok()
        .filter(|id| *id > 0)
        .with_context(|| {
            format!("{name}: `{text}` is no id; turn on Discord's developer mode and copy it with a right-click")
        })
}
