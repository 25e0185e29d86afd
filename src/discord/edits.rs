//! Changing facts: forms to fill in, and revisions to undo. What comes of them is shown first:
//! [`previews`](super::previews).

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::clock::today;
use crate::discord::bot::Bot;
use crate::discord::custom_id::{Desk, FactKey, VERSION_CHARS};
use crate::discord::incoming::Interaction;
use crate::discord::layout;
use crate::discord::markdown::{escape, shorten};
use crate::discord::message::{Button, Field as FormField, MAX_CONTENT_CHARS, Message, Modal, Row};
use crate::discord::previews::refused;
use crate::discord::respond::Response;
use crate::discord::review::{away, desk, with_text};
use crate::journal::{QuestionId, RevisionId};
use crate::knowledge::edit::{Digest, Field, Setting, Shape, Value, input::BadInput};
use crate::lang::Lang;
use crate::moderation::{Asked, Edit, PreviewId, Refusal, Request, difference};
use crate::reply::Words;
use crate::text::fold;

/// Longest text a field of a form takes.
const MAX_FIELD_CHARS: u16 = 4_000;
/// How long a form waits for what it is filled in with; Discord waits three seconds for the form.
const FORM_WITHIN: Duration = Duration::from_secs(2);
/// Longest id that is made of a question.
const MAX_NEW_ID_CHARS: usize = 50;
/// Revisions shown of a fact.
const REVISIONS: usize = 5;
/// Fields of the form for a new fact.
const NEW: [Field; 5] = [
    Field::Phrasings(Lang::En),
    Field::Phrasings(Lang::Fr),
    Field::Answer(Lang::En),
    Field::Answer(Lang::Fr),
    Field::Sources,
];

/// Fields of the form for a fact that is there: a form has five.
fn changeable(lang: Lang) -> [Field; 5] {
    [
        Field::Answer(Lang::En),
        Field::Answer(Lang::Fr),
        Field::Date,
        Field::Sources,
        Field::Phrasings(lang),
    ]
}

impl Bot {
    /// The form for a fact, filled in with what it says.
    pub(crate) async fn edit_form(&self, question: i64, fact: &str, lang: Lang) -> Response {
        let words = Words(lang);
        let Some(moderation) = &self.moderation else {
            return Response::Say(layout::note(words.no_journal()));
        };
        if let Err(refusal) = moderation.editable() {
            return Response::Say(refused(words, &refusal));
        }
        // A form must be the first answer, so it cannot be announced.
        let opened = tokio::time::timeout(FORM_WITHIN, moderation.open(fact)).await;
        let Ok(opened) = opened else {
            return Response::Say(layout::note(words.journal_away()));
        };
        match opened {
            Ok(opened) => {
                self.remember_version(&opened.version);
                let version = short(&opened.version);
                form(
                    changeable(lang),
                    &opened.fields,
                    words.form_titles()[2],
                    words,
                    Desk::Edited {
                        question,
                        version,
                        fact: FactKey::new(fact),
                    },
                )
            }
            Err(refusal) => Response::Say(refused(words, &refusal)),
        }
    }

    /// The form for a new fact; that of a question of the queue has the question in it.
    pub(crate) async fn new_form(&self, question: i64, lang: Lang) -> Response {
        let words = Words(lang);
        match self
            .moderation
            .as_ref()
            .map(|moderation| moderation.editable())
        {
            None => return Response::Say(layout::note(words.no_journal())),
            Some(Err(refusal)) => return Response::Say(refused(words, &refusal)),
            Some(Ok(())) => {}
        }
        let mut known = Vec::new();
        if question != 0 {
            match self.queued(question, words).await {
                Ok(details) => known.push(Setting {
                    field: Field::Phrasings(details.question.lang),
                    value: Value::List(vec![details.question.text.replace('\n', " ")]),
                }),
                Err(message) => return Response::Say(message),
            }
        }
        form(
            NEW,
            &known,
            words.form_titles()[3],
            words,
            Desk::Answered { question },
        )
    }

    /// The form for a fact came back: what differs from the fact is tried out.
    pub(crate) fn edited(
        self: &Arc<Bot>,
        interaction: &Interaction,
        question: i64,
        version: &str,
        fact: &FactKey,
        lang: Lang,
    ) -> Response {
        let words = Words(lang);
        let typed = typed(interaction, changeable(lang));
        let snapshot = self.live.current();
        let Some(fact) = fact.find(&snapshot.engine) else {
            return Response::Say(layout::note(words.fact_gone_alone()));
        };
        let fact = snapshot.engine.knowledge()[fact].id.clone();
        let (bot, version) = (Arc::clone(self), version.to_owned());
        say_later(async move {
            let Some(moderation) = bot.moderation.clone() else {
                return layout::note(words.no_journal());
            };
            let opened = match moderation.open(&fact).await {
                Ok(opened) => opened,
                Err(refusal) => return refused(words, &refusal),
            };
            let base = bot
                .known_version(&version)
                .unwrap_or_else(|| Digest::from_hex(version));
            let settings = match differing(&typed, &opened.fields) {
                Ok(settings) => settings,
                Err(error) => return layout::note(&words.bad_input(&error)),
            };
            if settings.is_empty() && base == opened.version {
                return layout::note(words.nothing_changed());
            }
            let request = Request {
                edit: Edit::SetFact { fact, settings },
                base: Some(base),
                settles: (question != 0).then_some(QuestionId(question)),
                accept: false,
            };
            bot.preview(request, lang).await
        })
    }

    /// The form for a new fact came back.
    pub(crate) fn answered(
        self: &Arc<Bot>,
        interaction: &Interaction,
        question: i64,
        lang: Lang,
    ) -> Response {
        let words = Words(lang);
        let typed = typed(interaction, NEW);
        let bot = Arc::clone(self);
        say_later(async move {
            let settings: Result<Vec<Setting>, BadInput> = typed
                .iter()
                .map(|(field, text)| field.typed(text))
                .chain(std::iter::once(Field::Checked.typed(&today().to_string())))
                .collect();
            let mut settings = match settings {
                Ok(settings) => settings,
                Err(error) => return layout::note(&words.bad_input(&error)),
            };
            settings.retain(|setting| setting.value != Value::Absent);
            let asked = if question == 0 {
                None
            } else {
                match bot.queued(question, words).await {
                    Ok(details) => Some(Asked {
                        text: details.question.text,
                        lang: details.question.lang,
                    }),
                    Err(message) => return message,
                }
            };
            let request = Request {
                edit: Edit::AddFact {
                    fact: bot.new_id(&typed),
                    path: None,
                    settings,
                    question: asked,
                },
                base: None,
                settles: (question != 0).then_some(QuestionId(question)),
                accept: false,
            };
            bot.preview(request, lang).await
        })
    }

    /// The form that led to a preview, filled in as it was.
    pub(crate) async fn again(&self, preview: PreviewId, lang: Lang) -> Response {
        let words = Words(lang);
        let waiting = self
            .moderation
            .as_ref()
            .and_then(|moderation| moderation.waiting_preview(preview));
        let Some(waiting) = waiting else {
            return Response::Say(layout::note(words.preview_gone()));
        };
        let question = waiting.settles.map_or(0, |question| question.0);
        match &waiting.edit {
            Edit::SetFact { fact, settings } => match self.opened(fact).await {
                Ok((mut fields, version)) => {
                    for setting in settings {
                        fields.retain(|known| known.field != setting.field);
                        fields.push(setting.clone());
                    }
                    let fact = FactKey::new(fact);
                    form(
                        changeable(lang),
                        &fields,
                        words.form_titles()[2],
                        words,
                        Desk::Edited {
                            question,
                            version,
                            fact,
                        },
                    )
                }
                Err(refusal) => Response::Say(refused(words, &refusal)),
            },
            Edit::AddFact { settings, .. } => form(
                NEW,
                settings,
                words.form_titles()[3],
                words,
                Desk::Answered { question },
            ),
            _ => Response::Say(layout::note(words.old_button())),
        }
    }

    async fn opened(&self, fact: &str) -> Result<(Vec<Setting>, String), Refusal> {
        let moderation = self.moderation.as_ref().ok_or(Refusal::NoPreview)?;
        let opened = tokio::time::timeout(FORM_WITHIN, moderation.open(fact))
            .await
            .unwrap_or(Err(Refusal::NoPreview))?;
        self.remember_version(&opened.version);
        Ok((opened.fields, short(&opened.version)))
    }

    /// What was changed of a fact, latest first.
    pub(crate) async fn fact_history(&self, fact: &str, lang: Lang) -> Message {
        let words = Words(lang);
        let Some(journal) = self.journal() else {
            return layout::note(words.no_journal());
        };
        let revisions = match journal.history(fact).await {
            Ok(revisions) => revisions,
            Err(error) => return away(words, &error),
        };
        if revisions.is_empty() {
            return layout::note(&words.no_history(fact));
        }
        let mut summary = Vec::new();
        let mut text = String::new();
        let mut buttons = Vec::new();
        for revision in revisions.iter().take(REVISIONS) {
            // The author is shown as Discord shows a member; nobody is notified of it.
            let who = words.member(revision.by);
            let line = words.revision(revision, "{who}");
            summary.push(format!("- {}", escape(&line).replace("{who}", &who)));
            let author = words.author(revision.by);
            let _ = writeln!(text, "# {}", words.revision(revision, &author));
            for change in &revision.changes {
                let shown = difference(change.before.as_deref(), change.after.as_deref());
                let _ = writeln!(text, "{}", shown.text().trim_end());
            }
            let undo = Desk::Undo {
                revision: revision.id.0,
            };
            let label = format!("{} {}", words.preview_buttons()[3], revision.id);
            buttons.push(Button::new(label, desk(undo, lang)));
        }
        let message = Message::private(shorten(&summary.join("\n"), MAX_CONTENT_CHARS - 200));
        with_text(message, &text, "diff", "history.diff").with_rows(vec![Row::Buttons(buttons)])
    }

    /// Tries out taking a revision back.
    pub(crate) fn undo(
        &self,
        revision: i64,
        lang: Lang,
        later: impl FnOnce(BoxFuture<'static, Message>) -> Response,
    ) -> Response {
        let edit = Edit::Undo {
            revision: RevisionId(revision),
        };
        self.preview_later(edit.into(), lang, later)
    }

    /// An id for a new fact, made of its first question, that no fact has.
    fn new_id(&self, typed: &[(Field, String)]) -> String {
        let question = typed
            .iter()
            .find_map(|(_, text)| text.lines().find(|line| !line.trim().is_empty()));
        let folded = fold(question.unwrap_or_default());
        let mut id = String::new();
        for word in folded.split(|c: char| !c.is_ascii_alphanumeric()) {
            if word.is_empty() {
                continue;
            }
            if id.len() + word.len() >= MAX_NEW_ID_CHARS {
                break;
            }
            if !id.is_empty() {
                id.push('-');
            }
            id.push_str(word);
        }
        if id.is_empty() {
            id.push_str("fact");
        }
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let taken = |id: &str| knowledge.find_fact(id).is_some();
        if !taken(&id) {
            return id;
        }
        (2..)
            .map(|number| format!("{id}-{number}"))
            .find(|id| !taken(id))
            .unwrap_or(id)
    }
}

fn form(
    fields: [Field; 5],
    known: &[Setting],
    title: &str,
    words: Words,
    submit: Desk,
) -> Response {
    let fields = fields.into_iter().map(|field| {
        let value = known.iter().find(|setting| setting.field == field);
        let value = value.map(|setting| setting.value.as_typed(field.shape()));
        FormField {
            key: field.key(),
            label: words.field(field).to_owned(),
            value: value.unwrap_or_default(),
            placeholder: String::new(),
            long: matches!(field.shape(), Shape::Text | Shape::Lines),
            required: false,
            max_chars: MAX_FIELD_CHARS,
        }
    });
    Response::Form(Modal {
        title: title.to_owned(),
        submit: desk(submit, words.0),
        fields: fields.collect(),
    })
}

/// What was typed into the fields of a form. A field that did not come back was not touched.
fn typed(interaction: &Interaction, fields: [Field; 5]) -> Vec<(Field, String)> {
    fields
        .into_iter()
        .filter_map(|field| Some((field, interaction.field(field.key())?.to_owned())))
        .collect()
}

/// The fields that were typed otherwise than they are.
fn differing(typed: &[(Field, String)], known: &[Setting]) -> Result<Vec<Setting>, BadInput> {
    let mut differing = Vec::new();
    for (field, text) in typed {
        let setting = field.typed(text)?;
        let before = known.iter().find(|setting| setting.field == *field);
        let before = before.map_or(&Value::Absent, |setting| &setting.value);
        if setting.value != *before {
            differing.push(setting);
        }
    }
    Ok(differing)
}

fn short(version: &Digest) -> String {
    version.to_string().chars().take(VERSION_CHARS).collect()
}

fn say_later(work: impl Future<Output = Message> + Send + 'static) -> Response {
    Response::SayLater {
        ephemeral: true,
        work: Box::pin(work),
    }
}
