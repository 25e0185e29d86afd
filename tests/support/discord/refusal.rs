//! Discord's words for what it does not do: status, code, and what is wrong with a form.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A request that is not carried out.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// Discord's own number, 0 where it has none.
    pub(crate) code: u32,
    pub(crate) message: String,
    pub(crate) flaws: Vec<Flaw>,
    /// Seconds to wait, of a 429.
    pub(crate) retry_after: Option<f64>,
}

/// One thing wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Where: keys and positions with dots between, `embeds.0.title`.
    pub(crate) path: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Flaw {
    pub(crate) fn new(
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Flaw {
        Flaw {
            path: path.into(),
            code,
            message: message.into(),
        }
    }
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u32, message: &str) -> Refusal {
        Refusal {
            status,
            code,
            message: message.to_owned(),
            flaws: Vec::new(),
            retry_after: None,
        }
    }

    pub(crate) fn form(flaws: Vec<Flaw>) -> Refusal {
        Refusal {
            flaws,
            ..Refusal::new(400, 50035, "Invalid Form Body")
        }
    }

    pub(crate) fn not_found() -> Refusal {
        Refusal::new(404, 0, "404: Not Found")
    }

    pub(crate) fn unauthorized() -> Refusal {
        Refusal::new(401, 0, "401: Unauthorized")
    }

    pub(crate) fn unknown_channel() -> Refusal {
        Refusal::new(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_guild() -> Refusal {
        Refusal::new(404, 10004, "Unknown Guild")
    }

    pub(crate) fn unknown_member() -> Refusal {
        Refusal::new(404, 10007, "Unknown Member")
    }

    pub(crate) fn unknown_message() -> Refusal {
        Refusal::new(404, 10008, "Unknown Message")
    }

    pub(crate) fn unknown_user() -> Refusal {
        Refusal::new(404, 10013, "Unknown User")
    }

    pub(crate) fn unknown_webhook() -> Refusal {
        Refusal::new(404, 10015, "Unknown Webhook")
    }

    pub(crate) fn unknown_interaction() -> Refusal {
        Refusal::new(404, 10062, "Unknown interaction")
    }

    pub(crate) fn unknown_command() -> Refusal {
        Refusal::new(404, 10063, "Unknown application command")
    }

    pub(crate) fn already_acknowledged() -> Refusal {
        Refusal::new(400, 40060, "Interaction has already been acknowledged.")
    }

    pub(crate) fn too_large() -> Refusal {
        Refusal::new(413, 40005, "Request entity too large")
    }

    pub(crate) fn too_many_followups() -> Refusal {
        Refusal::new(
            400,
            40094,
            "This interaction has hit the maximum number of follow up messages",
        )
    }

    pub(crate) fn missing_access() -> Refusal {
        Refusal::new(403, 50001, "Missing Access")
    }

    pub(crate) fn empty_message() -> Refusal {
        Refusal::new(400, 50006, "Cannot send an empty message")
    }

    pub(crate) fn cannot_message_user() -> Refusal {
        Refusal::new(403, 50007, "Cannot send messages to this user")
    }

    pub(crate) fn not_yours_to_edit() -> Refusal {
        Refusal::new(403, 50005, "Cannot edit a message authored by another user")
    }

    pub(crate) fn missing_permissions() -> Refusal {
        Refusal::new(403, 50013, "Missing Permissions")
    }

    pub(crate) fn invalid_webhook_token() -> Refusal {
        Refusal::new(401, 50027, "Invalid Webhook Token")
    }

    pub(crate) fn unreadable_body() -> Refusal {
        Refusal::new(400, 50109, "The request body contains invalid JSON.")
    }

    pub(crate) fn cannot_reply_without_history() -> Refusal {
        Refusal::new(
            400,
            160_002,
            "Cannot reply without permission to read message history",
        )
    }

    /// 429 with the seconds to wait.
    pub(crate) fn rate_limited(retry_after: f64) -> Refusal {
        Refusal {
            retry_after: Some(retry_after),
            ..Refusal::new(429, 0, "You are being rate limited.")
        }
    }

    /// Whether a correct bot would never have caused it. The others (a message that somebody
    /// deleted, a token that expired, a permission that is missing) happen to the best.
    pub(crate) fn is_offence(&self) -> bool {
        matches!(
            self.code,
            50035 | 50006 | 50109 | 40060 | 40005 | 40094 | 50005
        ) || self.code == 0 && matches!(self.status, 400 | 404 | 405)
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} {} {}", self.status, self.code, self.message);
        for flaw in &self.flaws {
            line.push_str(&format!(
                "\n    {}: {} {}",
                flaw.path, flaw.code, flaw.message
            ));
        }
        line
    }

    fn body(&self) -> Value {
        if let Some(seconds) = self.retry_after {
            return json!({"message": self.message, "retry_after": seconds, "global": false});
        }
        let mut body = json!({"message": self.message, "code": self.code});
        if !self.flaws.is_empty() {
            let mut errors = Map::new();
            for flaw in &self.flaws {
                let error = json!({"code": flaw.code, "message": flaw.message});
                let mut place = &mut errors;
                for part in flaw.path.split('.').filter(|part| !part.is_empty()) {
                    place = place
                        .entry(part)
                        .or_insert_with(|| json!({}))
                        .as_object_mut()
                        .expect("only objects are put in");
                }
                place
                    .entry("_errors")
                    .or_insert_with(|| json!([]))
                    .as_array_mut()
                    .expect("`_errors` is no key of a form")
                    .push(error);
            }
            body["errors"] = Value::Object(errors);
        }
        body
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("a status of HTTP");
        let mut response = (status, axum::Json(self.body())).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            let whole = HeaderValue::from(seconds.ceil() as u64);
            headers.insert(HeaderName::from_static("retry-after"), whole);
        }
        response
    }
}
