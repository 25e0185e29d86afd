//! Looks at an installation from outside: what Discord says of the token, the application and the
//! server of the moderators. Changes nothing.

use serde_json::Value;

use crate::discord::commands;
use crate::discord::incoming::{self, Guild};
use crate::discord::rest::{Rest, RestError};
use crate::discord::settings::Settings;

/// Something looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// How to mend it; none when it is good.
    pub remedy: Option<String>,
}

impl Finding {
    /// Nothing to mend.
    pub fn good(what: &'static str, found: impl Into<String>) -> Finding {
        Finding {
            what,
            found: found.into(),
            remedy: None,
        }
    }

    /// Something to mend.
    pub fn bad(what: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding {
            what,
            found: found.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// What the bot needs in a channel and nothing more: see it, write in it and in its threads, show
/// cards, attach pictures, and reply to messages (which takes reading their history).
const PERMISSIONS: u64 = 1 << 10 | 1 << 11 | 1 << 38 | 1 << 14 | 1 << 15 | 1 << 16;

/// Looks at everything that concerns Discord.
pub async fn examine(settings: &Settings) -> Vec<Finding> {
    let rest = match Rest::new(&settings.token, &settings.api, settings.transport.clone()) {
        Ok(rest) => rest,
        Err(error) => {
            return vec![Finding::bad(
                "network",
                error.to_string(),
                "check this machine's certificates",
            )];
        }
    };
    let mut findings = Vec::new();
    match rest.ourselves().await {
        Ok(us) => findings.push(token(&us)),
        Err(error) => {
            // Without a token or a network there is nothing else to find out.
            findings.push(no_token(&error));
            return findings;
        }
    }
    match rest.application().await {
        Ok(application) => {
            let id = number(&application["id"]);
            findings.push(about(&application));
            findings.push(Finding::good(
                "intents",
                "none that Discord calls privileged are needed",
            ));
            findings.push(Finding::good("install link", install_link(id)));
            findings.push(registered(&rest, id).await);
            findings.extend(moderators(&rest, settings, id).await);
        }
        Err(error) => findings.push(Finding::bad(
            "application",
            error.to_string(),
            "try again; if it stays, look at Discord's status page",
        )),
    }
    findings.push(gateway(&rest, settings).await);
    findings
}

/// The address by which a server's owner adds the bot, with the least permissions it works with.
#[must_use]
pub fn install_link(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )
}

fn token(us: &Value) -> Finding {
    let name = us["username"].as_str().unwrap_or("?");
    if us["bot"] == false {
        return Finding::bad(
            "token",
            format!("belongs to the person {name}"),
            "use the token of a bot: Discord forbids programs that act as persons",
        );
    }
    Finding::good("token", format!("belongs to the bot {name}"))
}

fn no_token(error: &RestError) -> Finding {
    let remedy = if error.is_unauthorised() {
        "reset it on your application's page “Bot” in Discord's developer portal, and give the new one"
    } else {
        "check the network, and DISCORD_API_BASE if it is set"
    };
    Finding::bad("token", error.to_string(), remedy)
}

fn about(application: &Value) -> Finding {
    let name = application["name"].as_str().unwrap_or("?");
    let id = number(&application["id"]);
    match application["interactions_endpoint_url"].as_str() {
        Some(url) if !url.is_empty() => Finding::bad(
            "application",
            format!("{name} ({id}) sends interactions to {url}"),
            "clear “Interactions Endpoint URL” on the page “General Information” of the developer portal: commands do not reach the bot otherwise",
        ),
        _ => Finding::good("application", format!("{name} ({id})")),
    }
}

async fn registered(rest: &Rest, application: u64) -> Finding {
    match rest.commands(application, None).await {
        Ok(found) if commands::same(&found, &commands::for_everybody()) => {
            Finding::good("commands", "registered as they should be")
        }
        Ok(found) if found.is_empty() => Finding::good(
            "commands",
            "none yet; the next `cara-bot run` registers them",
        ),
        Ok(_) => Finding::good(
            "commands",
            "of another version; the next `cara-bot run` replaces them",
        ),
        Err(error) => Finding::bad(
            "commands",
            error.to_string(),
            "add the bot to a server with the install link above",
        ),
    }
}

async fn moderators(rest: &Rest, settings: &Settings, application: u64) -> Vec<Finding> {
    let Some(id) = settings.admin_guild else {
        return vec![Finding::good(
            "moderators",
            "none: CARA_ADMIN_GUILD names no server, so there is no /cara-admin",
        )];
    };
    let described = match rest.guild(id).await {
        Ok(described) => described,
        Err(error) => {
            return vec![Finding::bad(
                "moderators",
                format!("server {id}: {error}"),
                format!(
                    "check CARA_ADMIN_GUILD, and add the bot to that server: {}",
                    install_link(application)
                ),
            )];
        }
    };
    let name = described["name"].as_str().unwrap_or("?").to_owned();
    let mut findings = vec![Finding::good(
        "moderators",
        format!("of the server {name} ({id})"),
    )];
    let Ok(guild) = incoming::read::<Guild>(described) else {
        return findings;
    };
    if settings.moderator_roles.is_empty() {
        findings.push(Finding::good(
            "roles",
            "none named: who may manage the server moderates",
        ));
    }
    for role in &settings.moderator_roles {
        let known = guild.roles.iter().find(|known| known.id == *role);
        findings.push(match known {
            Some(known) => Finding::good("roles", format!("{} ({role}) moderates", known.name)),
            None => Finding::bad(
                "roles",
                format!("there is no role {role} in {name}"),
                "check CARA_MODERATOR_ROLES: copy role ids in the server's settings with developer mode on",
            ),
        });
    }
    findings
}

async fn gateway(rest: &Rest, settings: &Settings) -> Finding {
    let answer = match rest.gateway().await {
        Ok(answer) => answer,
        Err(error) => {
            return Finding::bad("gateway", error.to_string(), "try again in a few minutes");
        }
    };
    let address = answer["url"].as_str().unwrap_or_default();
    if !settings.api.trusts_gateway(address) {
        return Finding::bad(
            "gateway",
            format!("{address} is not a host that the token may be sent to"),
            "check DISCORD_API_BASE",
        );
    }
    let left = answer["session_start_limit"]["remaining"].as_u64();
    match left {
        Some(left) if left < 50 => Finding::bad(
            "gateway",
            format!("only {left} more sessions may begin today"),
            "find out why the bot starts so often; Discord resets the token when none is left",
        ),
        Some(left) => Finding::good("gateway", format!("{address}, {left} sessions left today")),
        None => Finding::good("gateway", address),
    }
}

fn number(value: &Value) -> u64 {
    let text = value.as_str().and_then(|text| text.parse().ok());
    text.or_else(|| value.as_u64()).unwrap_or_default()
}
