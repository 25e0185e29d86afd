//! Previews of edits: shown, confirmed with or without a reason, accepted, cancelled.

use std::fmt::Write as _;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::clock::today;
use crate::discord::bot::Bot;
use crate::discord::custom_id::Desk;
use crate::discord::incoming::Interaction;
use crate::discord::layout;
use crate::discord::message::{Button, Field as FormField, Message, Modal, Row, Style};
use crate::discord::respond::Response;
use crate::discord::review::{desk, one_line, with_text};
use crate::journal::By;
use crate::lang::Lang;
use crate::moderation::{
    Edit, Moderation, Preview, PreviewId, Refusal, Request, Shown, difference,
};
use crate::reply::{Reply, Words};

/// Names the field of a form in which somebody says why.
const REASON: &str = "why";
/// Longest reason: a line of the history.
const MAX_REASON_CHARS: u16 = 300;
/// Shifts listed in a preview.
const SHIFTS: usize = 15;

impl Bot {
    /// Tries an edit out, which may take longer than Discord waits.
    pub(crate) fn preview_later(
        &self,
        request: Request,
        lang: Lang,
        later: impl FnOnce(BoxFuture<'static, Message>) -> Response,
    ) -> Response {
        let Some(moderation) = self.moderation.clone() else {
            return Response::Say(layout::note(Words(lang).no_journal()));
        };
        later(Box::pin(async move {
            try_out(&moderation, request, lang).await
        }))
    }

    pub(crate) async fn preview(&self, request: Request, lang: Lang) -> Message {
        match &self.moderation {
            Some(moderation) => try_out(moderation, request, lang).await,
            None => layout::note(Words(lang).no_journal()),
        }
    }

    /// Asks why, for the history, and then carries out a preview.
    pub(crate) fn reason_form(&self, preview: PreviewId, lang: Lang) -> Response {
        let words = Words(lang);
        let waiting = self
            .moderation
            .as_ref()
            .is_some_and(|moderation| moderation.waiting_preview(preview).is_some());
        if !waiting {
            return Response::Say(layout::note(words.preview_gone()));
        }
        let [title, label] = words.reason_form();
        Response::Form(Modal {
            title: title.to_owned(),
            submit: desk(Desk::Reasoned { preview }, lang),
            fields: vec![FormField {
                required: false,
                ..one_line(REASON, label, MAX_REASON_CHARS)
            }],
        })
    }

    /// Carries out a preview. Where nobody said why, the history tells what it knows of that.
    pub(crate) fn confirm(
        self: &Arc<Bot>,
        preview: PreviewId,
        interaction: &Interaction,
        lang: Lang,
    ) -> Response {
        let bot = Arc::clone(self);
        let by = By::Moderator(interaction.user_id());
        let why = interaction.field(REASON).unwrap_or_default().to_owned();
        Response::BecomeLater(Box::pin(async move {
            let words = Words(lang);
            let Some(moderation) = &bot.moderation else {
                return layout::note(words.no_journal());
            };
            match moderation.confirm(preview, by, &why, today()).await {
                Ok(done) => {
                    tracing::info!(revision = %done.revision, generation = done.report.generation, "edit made");
                    bot.tell_askers_soon();
                    let [_, _, _, label, _] = words.preview_buttons();
                    let undo = Desk::Undo {
                        revision: done.revision.0,
                    };
                    let told = words.done(&done);
                    let undo = Button::new(label, desk(undo, lang));
                    layout::note(&told).with_rows(vec![Row::Buttons(vec![undo])])
                }
                Err(refusal @ (Refusal::Store(_) | Refusal::Journal(_))) => {
                    // Nothing is wrong with the edit: it can be confirmed once that is mended.
                    let waiting = moderation.waiting_preview(preview);
                    let buttons = waiting.map(|preview| buttons(&preview, lang));
                    refused(words, &refusal).with_rows(buttons.into_iter().collect())
                }
                Err(refusal) => refused(words, &refusal),
            }
        }))
    }

    /// Tries an edit out anew, with the golden questions that it breaks made known failures.
    pub(crate) fn accept(&self, preview: PreviewId, lang: Lang) -> Response {
        let waiting = self
            .moderation
            .as_ref()
            .and_then(|moderation| moderation.waiting_preview(preview));
        match waiting {
            Some(waiting) => {
                let request = Request {
                    edit: waiting.edit.clone(),
                    base: None,
                    settles: waiting.settles,
                    accept: true,
                };
                self.preview_later(request, lang, Response::BecomeLater)
            }
            None => Response::Say(layout::note(Words(lang).preview_gone())),
        }
    }

    /// Forgets a preview.
    pub(crate) fn cancel(&self, preview: PreviewId, lang: Lang) -> Response {
        if let Some(moderation) = &self.moderation {
            moderation.cancel(preview);
        }
        Response::Become(layout::note(Words(lang).cancelled()))
    }
}

async fn try_out(moderation: &Moderation, request: Request, lang: Lang) -> Message {
    match moderation.preview(request, today()).await {
        Ok(preview) => shown(&preview, lang),
        Err(refusal) => refused(Words(lang), &refusal),
    }
}

/// A preview: what would be said, what would be wrong, what else would change.
pub(crate) fn shown(preview: &Preview, lang: Lang) -> Message {
    let words = Words(lang);
    let mut text = String::new();
    for reply in &preview.replies {
        write_reply(&mut text, reply, words);
    }
    if !preview.diagnostics.is_empty() {
        let _ = writeln!(text, "{}", preview.rendered(false));
    }
    let mut lead = words.verdict(preview).to_owned();
    if let Some(impact) = &preview.impact {
        lead.push('\n');
        lead.push_str(&words.impact(impact));
        for shift in impact.shifts.iter().take(SHIFTS) {
            let _ = writeln!(text, "{}", words.shift(shift));
        }
        if impact.shifts.len() > SHIFTS {
            let _ = writeln!(text, "… +{}", impact.shifts.len() - SHIFTS);
        }
    }
    with_text(layout::note(&lead), &text, "", "preview.txt").with_rows(vec![buttons(preview, lang)])
}

/// What can be done with a preview.
fn buttons(preview: &Preview, lang: Lang) -> Row {
    let words = Words(lang);
    let [confirm, again, cancel, _, accept] = words.preview_buttons();
    let id = preview.id;
    let mut buttons = Vec::new();
    if preview.can_be_confirmed() {
        let press = desk(Desk::Confirm { preview: id }, lang);
        buttons.push(Button::new(confirm, press).style(Style::Success));
        let press = desk(Desk::Reason { preview: id }, lang);
        buttons.push(Button::new(words.reason_button(), press));
    } else if preview.can_be_accepted() {
        let press = desk(Desk::Accept { preview: id }, lang);
        buttons.push(Button::new(accept, press).style(Style::Danger));
    }
    if matches!(preview.edit, Edit::SetFact { .. } | Edit::AddFact { .. }) {
        buttons.push(Button::new(again, desk(Desk::Again { preview: id }, lang)));
    }
    buttons.push(Button::new(
        cancel,
        desk(Desk::Cancel { preview: id }, lang),
    ));
    Row::Buttons(buttons)
}

fn write_reply(text: &mut String, shown: &Shown, words: Words) {
    let _ = writeln!(text, "{}", words.subject(&shown.to));
    for lang in Lang::ALL {
        let (before, after) = (shown.before.get(lang), shown.after.get(lang));
        let code = lang.code().to_uppercase();
        let mut line = |when: &str, reply: &Option<Reply>| {
            let told = reply.as_ref().map(Reply::text);
            let told = told.unwrap_or_else(|| words.nothing_said().to_owned());
            let _ = writeln!(text, "  {code} {when}: {}", told.replace('\n', "\n     "));
        };
        if before != after {
            line(words.before(), before);
        }
        line(words.after(), after);
    }
}

/// Why an edit is not made.
pub(crate) fn refused(words: Words, refusal: &Refusal) -> Message {
    let lead = layout::note(&words.refusal(refusal));
    match refusal {
        Refusal::Conflict(conflict) => {
            let text = difference(conflict.was.as_deref(), conflict.now.as_deref()).text();
            with_text(lead, &text, "diff", "change.diff")
        }
        Refusal::Broken { shown, .. } => with_text(lead, shown, "", "diagnostics.txt"),
        _ => {
            tracing::warn!(error = %refusal, "edit refused");
            lead
        }
    }
}
