//! Requests to Discord's API: sent by serenity with its rate limiter, or, to another base, by
//! ourselves, because there serenity neither limits rates nor waits when it is told to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use serenity::builder::CreateAttachment;
use serenity::http::{
    Http, HttpBuilder, HttpError, LightMethod, Multipart, MultipartUpload, Request, Route,
};
use serenity::model::id::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId};

use crate::discord::settings::{Api, Secret};
use crate::discord::wire::Body;

/// Longest a single request may take. Pictures are uploaded in it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest we wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Discord drops an interaction that is not answered after three seconds; a little is left for the
/// way there.
const ANSWER_WITHIN: Duration = Duration::from_millis(2_800);
/// Longest we keep trying where nothing else says when it is too late.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long we wait before trying again after an error of the server; doubles.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// How often we try again after an error of the server.
const RETRIES: u32 = 3;

/// The API, spoken to as our bot.
#[derive(Debug)]
pub(crate) struct Rest {
    http: Arc<Http>,
    transport: reqwest::Client,
    refused: tokio::sync::watch::Sender<bool>,
}

/// A request that was not done.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// Discord says no.
    #[error("Discord answers {status} ({code}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's own error code, 0 when it gives none.
        code: i64,
        /// What it says.
        message: String,
    },
    /// Nobody answers.
    #[error("Discord cannot be reached: {0}")]
    Unreachable(String),
    /// An answer that is not what was asked for.
    #[error("Discord's answer cannot be read: {0}")]
    Unreadable(String),
    /// It would be too late now.
    #[error("there was no time left")]
    TooLate,
    /// An id that names nothing.
    #[error("there is no {0} to send to")]
    Nowhere(&'static str),
}

impl RestError {
    /// Whether it is about the token.
    #[must_use]
    pub fn is_unauthorised(&self) -> bool {
        matches!(self, RestError::Refused { status: 401, code, .. } if *code == 0)
    }

    /// The HTTP status, when there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            RestError::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// "Interaction has already been acknowledged": the first try arrived after all.
const ALREADY_ANSWERED: i64 = 40_060;

impl Rest {
    /// A client for an API. `transport` replaces the HTTP client of our own.
    ///
    /// # Errors
    /// When the system's TLS cannot be set up.
    pub(crate) fn new(
        token: &Secret,
        api: &Api,
        transport: Option<reqwest::Client>,
    ) -> Result<Rest, RestError> {
        let transport = match transport {
            Some(client) => client,
            None => reqwest::Client::builder()
                .timeout(REQUEST_TIMEOUT)
                .connect_timeout(CONNECT_TIMEOUT)
                .build()
                .map_err(|error| RestError::Unreachable(error.to_string()))?,
        };
        let builder = HttpBuilder::new(token.expose()).client(transport.clone());
        let builder = match api {
            Api::Discord => builder,
            // serenity ignores the base silently unless its rate limiter is off (its issue 1739).
            Api::Elsewhere(base) => builder.proxy(base.as_str()).ratelimiter_disabled(true),
        };
        Ok(Rest {
            http: Arc::new(builder.build()),
            transport,
            refused: tokio::sync::watch::Sender::new(false),
        })
    }

    /// serenity's own client of the same API, for its gateway.
    pub(crate) fn builder(&self, token: &Secret, api: &Api) -> HttpBuilder {
        let builder = HttpBuilder::new(token.expose()).client(self.transport.clone());
        match api {
            Api::Discord => builder,
            Api::Elsewhere(base) => builder.proxy(base.as_str()).ratelimiter_disabled(true),
        }
    }

    /// Waits until Discord has refused our token.
    pub(crate) async fn token_refused(&self) {
        let mut refused = self.refused.subscribe();
        // The sender lives as long as we do.
        let _ = refused.wait_for(|refused| *refused).await;
    }

    /// Answers an interaction that came in at `received`.
    pub(crate) async fn answer(
        &self,
        id: u64,
        token: &str,
        body: Body,
        received: Instant,
    ) -> Result<(), RestError> {
        let interaction_id = InteractionId::new(known(id, "interaction")?);
        let route = Route::InteractionResponse {
            interaction_id,
            token,
        };
        let left = ANSWER_WITHIN.saturating_sub(received.elapsed());
        match self.send(LightMethod::Post, route, Some(body), left).await {
            Err(RestError::Refused { code, .. }) if code == ALREADY_ANSWERED => Ok(()),
            result => result.map(drop),
        }
    }

    /// Edits the first answer to an interaction.
    pub(crate) async fn edit_answer(
        &self,
        application: u64,
        token: &str,
        body: Body,
    ) -> Result<(), RestError> {
        let route = Route::WebhookOriginalInteractionResponse {
            application_id: ApplicationId::new(known(application, "application")?),
            token,
        };
        self.send(LightMethod::Patch, route, Some(body), PATIENCE)
            .await
            .map(drop)
    }

    /// Takes back the first answer to an interaction, or the message that was pressed on.
    pub(crate) async fn delete_answer(
        &self,
        application: u64,
        token: &str,
    ) -> Result<(), RestError> {
        let route = Route::WebhookOriginalInteractionResponse {
            application_id: ApplicationId::new(known(application, "application")?),
            token,
        };
        self.send(LightMethod::Delete, route, None, PATIENCE)
            .await
            .map(drop)
    }

    /// Posts a message in a channel.
    pub(crate) async fn post(&self, channel: u64, body: Body) -> Result<(), RestError> {
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(known(channel, "channel")?),
        };
        self.send(LightMethod::Post, route, Some(body), PATIENCE)
            .await
            .map(drop)
    }

    /// The channel of direct messages with somebody.
    pub(crate) async fn direct_channel(&self, user: u64) -> Result<u64, RestError> {
        let body = Body::from(serde_json::json!({ "recipient_id": user.to_string() }));
        let answer = self
            .send(
                LightMethod::Post,
                Route::UserMeDmChannels,
                Some(body),
                PATIENCE,
            )
            .await?;
        let channel: crate::discord::incoming::Identified = read(answer).await?;
        Ok(channel.id)
    }

    /// Deletes a message of ours.
    pub(crate) async fn delete(&self, channel: u64, message: u64) -> Result<(), RestError> {
        let route = Route::ChannelMessage {
            channel_id: ChannelId::new(known(channel, "channel")?),
            message_id: MessageId::new(known(message, "message")?),
        };
        self.send(LightMethod::Delete, route, None, PATIENCE)
            .await
            .map(drop)
    }

    /// The commands registered everywhere, or in one server.
    pub(crate) async fn commands(
        &self,
        application: u64,
        guild: Option<u64>,
    ) -> Result<Vec<Value>, RestError> {
        let route = commands_route(application, guild)?;
        let request = Request::new(route, LightMethod::Get)
            .params(Some(vec![("with_localizations", "true".to_owned())]));
        let answer = self.try_for(request, None, PATIENCE).await?;
        read(answer).await
    }

    /// Registers these commands instead of all others, everywhere or in one server.
    pub(crate) async fn set_commands(
        &self,
        application: u64,
        guild: Option<u64>,
        commands: Vec<Value>,
    ) -> Result<(), RestError> {
        let route = commands_route(application, guild)?;
        let body = Body::from(Value::from(commands));
        self.send(LightMethod::Put, route, Some(body), PATIENCE)
            .await
            .map(drop)
    }

    /// What Discord recommends for connecting to its gateway.
    pub(crate) async fn gateway(&self) -> Result<Value, RestError> {
        self.get(Route::GatewayBot).await
    }

    /// Who the token belongs to.
    pub(crate) async fn ourselves(&self) -> Result<Value, RestError> {
        self.get(Route::UserMe).await
    }

    /// Our application.
    pub(crate) async fn application(&self) -> Result<Value, RestError> {
        self.get(Route::Oauth2ApplicationCurrent).await
    }

    /// A server we are in.
    pub(crate) async fn guild(&self, guild: u64) -> Result<Value, RestError> {
        let guild_id = GuildId::new(known(guild, "server")?);
        self.get(Route::Guild { guild_id }).await
    }

    async fn get(&self, route: Route<'_>) -> Result<Value, RestError> {
        let answer = self.send(LightMethod::Get, route, None, PATIENCE).await?;
        read(answer).await
    }

    async fn send(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<Body>,
        within: Duration,
    ) -> Result<reqwest::Response, RestError> {
        self.try_for(Request::new(route, method), body, within)
            .await
    }

    async fn try_for(
        &self,
        request: Request<'_>,
        body: Option<Body>,
        within: Duration,
    ) -> Result<reqwest::Response, RestError> {
        let request = match body {
            Some(body) => with_body(request, body)?,
            None => request,
        };
        let result = tokio::time::timeout(within, self.persist(request))
            .await
            .unwrap_or(Err(RestError::TooLate));
        if result.as_ref().is_err_and(RestError::is_unauthorised) {
            self.refused.send_replace(true);
        }
        result
    }

    /// Sends, and sends again when the server stumbles. Everything we send may arrive twice without
    /// harm: answers are refused the second time, and messages carry a nonce.
    async fn persist(&self, request: Request<'_>) -> Result<reqwest::Response, RestError> {
        let mut wait = FIRST_WAIT;
        let mut tries = 0;
        loop {
            let error = match self.once(request.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let stumbled = match &error {
                RestError::Refused { status, .. } => *status >= 500,
                RestError::Unreachable(_) => true,
                _ => false,
            };
            tries += 1;
            if !stumbled || tries > RETRIES {
                return Err(error);
            }
            tracing::debug!(%error, "trying again");
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
    }

    async fn once(&self, request: Request<'_>) -> Result<reqwest::Response, RestError> {
        if self.http.ratelimiter.is_some() {
            return self.http.request(request).await.map_err(told);
        }
        loop {
            let built = request
                .clone()
                .build(
                    &self.transport,
                    self.http.token(),
                    self.http.proxy.as_deref(),
                )
                .map_err(told)?;
            let answer = built.send().await.map_err(unreachable)?;
            if answer.status() != reqwest::StatusCode::TOO_MANY_REQUESTS {
                return judge(answer).await;
            }
            let wait = retry_after(&answer);
            tracing::debug!(?wait, "told to wait");
            tokio::time::sleep(wait).await;
        }
    }
}

fn known(id: u64, what: &'static str) -> Result<u64, RestError> {
    if id == 0 {
        Err(RestError::Nowhere(what))
    } else {
        Ok(id)
    }
}

fn commands_route(application: u64, guild: Option<u64>) -> Result<Route<'static>, RestError> {
    let application_id = ApplicationId::new(known(application, "application")?);
    Ok(match guild {
        Some(guild) => Route::GuildCommands {
            application_id,
            guild_id: GuildId::new(known(guild, "server")?),
        },
        None => Route::Commands { application_id },
    })
}

fn with_body(request: Request<'_>, body: Body) -> Result<Request<'_>, RestError> {
    let json = body.json.to_string();
    Ok(match body.file {
        Some(file) => request.multipart(Some(Multipart {
            upload: MultipartUpload::Attachments(vec![CreateAttachment::bytes(
                file.bytes.to_vec(),
                file.name,
            )]),
            payload_json: Some(json),
            fields: Vec::new(),
        })),
        None => request.body(Some(json.into_bytes())),
    })
}

/// How long Discord wants us to wait; a second when it does not say.
fn retry_after(answer: &reqwest::Response) -> Duration {
    let header = answer.headers().get("retry-after");
    let seconds = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<f64>().ok());
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or(Duration::from_secs(1))
}

async fn judge(answer: reqwest::Response) -> Result<reqwest::Response, RestError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let said: Value = read(answer).await.unwrap_or_default();
    Err(RestError::Refused {
        status: status.as_u16(),
        code: said["code"].as_i64().unwrap_or_default(),
        message: said["message"].as_str().unwrap_or_default().to_owned(),
    })
}

async fn read<T: serde::de::DeserializeOwned>(answer: reqwest::Response) -> Result<T, RestError> {
    let bytes = answer.bytes().await.map_err(unreachable)?;
    serde_json::from_slice(&bytes).map_err(|error| RestError::Unreadable(error.to_string()))
}

/// serenity's errors without the addresses in them, which hold interaction tokens.
fn told(error: serenity::Error) -> RestError {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => RestError::Refused {
            status: answer.status_code.as_u16(),
            // serenity says −1 for an answer it could not read.
            code: i64::try_from(answer.error.code).unwrap_or_default().max(0),
            message: answer.error.message,
        },
        serenity::Error::Http(HttpError::Request(error)) => unreachable(error),
        other => RestError::Unreachable(other.to_string()),
    }
}

fn unreachable(error: reqwest::Error) -> RestError {
    use std::error::Error as _;
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    RestError::Unreachable(text)
}
