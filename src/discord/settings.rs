//! What the operator decides, with real types: where the API is, who moderates, where things are kept.

use std::path::{Path, PathBuf};

use url::{Host, Url};

/// A value that must not be seen: it prints as dots, and is read only where it is sent.
#[derive(Clone)]
pub struct Secret(String);

/// Where the bot connects and who may moderate it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The bot's token, without `Bot `.
    pub token: Secret,
    /// Where Discord's API is.
    pub api: Api,
    /// The only server with `/cara-admin`; none for no such commands.
    pub admin_guild: Option<u64>,
    /// Roles whose members moderate; when empty, who may manage the server does.
    pub moderator_roles: Vec<u64>,
    /// Directory for what must outlive the process; none keeps nothing.
    pub data: Option<PathBuf>,
    /// The HTTP client to use instead of one of our own: for proxies and unusual certificates.
    pub transport: Option<reqwest::Client>,
}

/// Where Discord's API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// At discord.com, with rate limits heeded before they are hit.
    Discord,
    /// Elsewhere: a proxy that knows the rate limits, or a server that behaves as Discord does.
    Elsewhere(Base),
}

/// The base address of another API, without a path: `http://127.0.0.1:3000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(Url);

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSetting {
    /// The token is empty or holds what no token holds.
    #[error(
        "{from} holds no token: copy it from your application's page “Bot” in Discord's developer portal"
    )]
    Token {
        /// Where it was read.
        from: String,
    },
    /// The token's file cannot be read.
    #[error("cannot read the token from {}", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The base address is not one.
    #[error("DISCORD_API_BASE is no address: {0}")]
    Base(#[from] url::ParseError),
    /// The base address would send the token unencrypted to another machine.
    #[error("DISCORD_API_BASE must be https, or http on this machine")]
    InsecureBase,
    /// The base address holds more than scheme, host and port.
    #[error("DISCORD_API_BASE must be scheme, host and port alone, such as http://127.0.0.1:3000")]
    BaseWithPath,
}

impl Secret {
    /// Keeps a token; `from` says where it was read, for the error.
    ///
    /// # Errors
    /// When it is empty or holds anything but printable ASCII without spaces.
    pub fn token(text: &str, from: &str) -> Result<Secret, BadSetting> {
        let token = text.trim();
        let token = match token.strip_prefix("Bot") {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest.trim(),
            _ => token,
        };
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadSetting::Token { from: from.into() });
        }
        Ok(Secret(token.to_owned()))
    }

    /// Reads a token from a file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no token.
    pub fn token_file(path: &Path) -> Result<Secret, BadSetting> {
        let text = std::fs::read_to_string(path).map_err(|source| BadSetting::TokenFile {
            path: path.to_owned(),
            source,
        })?;
        Secret::token(&text, &path.display().to_string())
    }

    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl std::str::FromStr for Base {
    type Err = BadSetting;

    /// Reads a base address. Only this machine may be spoken to without encryption.
    fn from_str(text: &str) -> Result<Base, BadSetting> {
        let url = Url::parse(text.trim())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(BadSetting::BaseWithPath);
        }
        match url.scheme() {
            "https" => Ok(Base(url)),
            "http" if is_this_machine(&url) => Ok(Base(url)),
            _ => Err(BadSetting::InsecureBase),
        }
    }
}

impl Base {
    /// The address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

impl Api {
    /// Whether the token may be sent to this gateway: never to another host than the one asked for
    /// its address, whatever a broken or foreign answer says.
    #[must_use]
    pub fn trusts_gateway(&self, address: &str) -> bool {
        let Ok(gateway) = Url::parse(address) else {
            return false;
        };
        let encrypted = gateway.scheme() == "wss";
        let local = is_this_machine(&gateway) && matches!(gateway.scheme(), "ws" | "wss");
        match self {
            Api::Discord => {
                let host = gateway.host_str().unwrap_or_default();
                local || (encrypted && (host == "discord.gg" || host.ends_with(".discord.gg")))
            }
            Api::Elsewhere(Base(base)) if is_this_machine(base) => local,
            Api::Elsewhere(Base(base)) => encrypted && gateway.host() == base.host(),
        }
    }
}

/// Whether an address leads to the machine we run on.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_never_printed() {
        let token = Secret::token(" Bot abc.def\n", "here").unwrap();
        assert_eq!(token.expose(), "abc.def");
        assert_eq!(format!("{token:?}"), "…");
        for none in ["", "  ", "Bot ", "two words", "tab\there", "accentué"] {
            let error = Secret::token(none, "DISCORD_TOKEN")
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("DISCORD_TOKEN holds no token"), "{error}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_without_encryption() {
        for good in [
            "http://127.0.0.1:3000",
            "http://localhost:80/",
            "http://[::1]:8080",
            "https://discord-proxy.example",
        ] {
            assert!(good.parse::<Base>().is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.1:3000",
            "http://example.com",
            "ftp://127.0.0.1",
            "https://example.com/api",
            "https://user:pw@example.com",
            "127.0.0.1:3000",
            "",
        ] {
            assert!(bad.parse::<Base>().is_err(), "{bad}");
        }
    }

    #[test]
    fn gateway_of_another_host_is_not_trusted() {
        let elsewhere = |base: &str| Api::Elsewhere(base.parse().unwrap());
        for (api, gateway, trusted) in [
            (Api::Discord, "wss://gateway.discord.gg", true),
            (
                Api::Discord,
                "wss://gateway-us-east1-b.discord.gg/?v=10",
                true,
            ),
            (Api::Discord, "ws://gateway.discord.gg", false),
            (Api::Discord, "wss://discord.gg.example", false),
            (Api::Discord, "wss://notdiscord.gg", false),
            (elsewhere("http://127.0.0.1:3000"), "ws://127.0.0.1:9", true),
            (elsewhere("http://127.0.0.1:3000"), "ws://localhost:9", true),
            (
                elsewhere("http://127.0.0.1:3000"),
                "wss://gateway.discord.gg",
                false,
            ),
            (
                elsewhere("http://127.0.0.1:3000"),
                "http://127.0.0.1:9",
                false,
            ),
            (elsewhere("https://a.example"), "wss://a.example/gw", true),
            (elsewhere("https://a.example"), "ws://a.example/gw", false),
            (elsewhere("https://a.example"), "wss://b.example", false),
            (elsewhere("https://a.example"), "not an address", false),
        ] {
            assert_eq!(api.trusts_gateway(gateway), trusted, "{api:?} {gateway}");
        }
    }
}
