//! The queue of the moderators: questions that nobody could answer, and what to do with each.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::today;
use crate::discord::bot::Bot;
use crate::discord::custom_id::{Action, CustomId, Desk, FactKey};
use crate::discord::incoming::Interaction;
use crate::discord::layout;
use crate::discord::markdown::{bold, escape, length, shorten};
use crate::discord::message::{
    Button, Field, Line, MAX_CONTENT_CHARS, MAX_LINE_CHARS, Menu, Message, Modal, Row, Style,
};
use crate::discord::previews;
use crate::discord::respond::Response;
use crate::engine::{Memory, Question};
use crate::journal::{By, Closing, How, Journal, JournalError, Page, QuestionDetails, QuestionId};
use crate::lang::Lang;
use crate::moderation::{Asked, Edit, Request};
use crate::reply::{Words, display_question};

/// Questions on a page of the queue.
const PAGE: u32 = 10;
/// How long a form waits for the question it is about; Discord waits three seconds for the form.
const WITHIN: Duration = Duration::from_secs(2);
/// Wordings and proposals shown of a question.
const SHOWN: usize = 5;

/// A button or menu of moderators.
pub(crate) fn desk(desk: Desk, lang: Lang) -> CustomId {
    CustomId::new(Action::Desk(desk), lang, 0)
}

impl Bot {
    /// A page of the queue.
    pub(crate) async fn queue_page(&self, page: u16, lang: Lang) -> Message {
        let words = Words(lang);
        let Some(journal) = self.journal() else {
            return layout::note(words.no_journal());
        };
        let wanted = Page {
            offset: u32::from(page) * PAGE,
            size: PAGE,
        };
        let queue = match journal.queue(wanted).await {
            Ok(queue) => queue,
            Err(error) => return away(words, &error),
        };
        let pages = usize::try_from(queue.total.div_ceil(u64::from(PAGE))).unwrap_or(usize::MAX);
        let mut text = vec![bold(&escape(&words.queue(queue.total)))];
        let mut lines = Vec::new();
        for question in &queue.questions {
            let shown = shorten(&question.text.replace('\n', " "), 120);
            text.push(format!("- {}× {}", question.count, escape(&shown)));
            lines.push(Line {
                label: shorten(&format!("{}× {shown}", question.count), MAX_LINE_CHARS),
                value: question.id.to_string(),
            });
        }
        let mut rows = Vec::new();
        if !lines.is_empty() {
            rows.push(Row::Menu(Menu {
                choose: desk(Desk::PickQuestion, lang),
                placeholder: words.open_queued().to_owned(),
                lines,
            }));
        }
        let to = |page: usize| {
            let page = u16::try_from(page).unwrap_or(u16::MAX);
            desk(Desk::Review { page }, lang)
        };
        rows.extend(layout::pager(words, usize::from(page), pages, to));
        Message::private(shorten(&text.join("\n"), MAX_CONTENT_CHARS)).with_rows(rows)
    }

    /// A question with all that is known of it, and what can be done.
    pub(crate) async fn queued_question(&self, question: i64, lang: Lang) -> Message {
        let words = Words(lang);
        let details = match self.queued(question, words).await {
            Ok(details) => details,
            Err(message) => return message,
        };
        let QuestionDetails {
            question: queued,
            wordings,
            proposals,
        } = &details;
        let mut text = vec![
            bold(&escape(&shorten(&queued.text, 500))),
            escape(&words.queued(queued)),
        ];
        if !queued.facts.is_empty() {
            text.push(escape(&words.bot_said(&queued.facts.join(", "))));
        }
        let others: Vec<_> = wordings
            .iter()
            .filter(|one| one.text != queued.text)
            .collect();
        if !others.is_empty() {
            text.push(words.also_asked_as().to_owned());
            let shown = others.iter().take(SHOWN);
            text.extend(shown.map(|one| format!("- {}", escape(&shorten(&one.text, 120)))));
        }
        if !proposals.is_empty() {
            text.push(words.proposals().to_owned());
            text.extend(proposals.iter().take(SHOWN).map(|proposal| {
                let source = proposal.source.as_deref().unwrap_or_default();
                let source = if source.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", escape(&shorten(source, 150)))
                };
                format!("- {}{source}", escape(&shorten(&proposal.wrong, 300)))
            }));
        }
        let [teach, answer, refuse, drop, edit, decline, back, _] = words.question_buttons();
        let button = |label, action| Button::new(label, desk(action, lang));
        let mut second = Vec::new();
        if let Some(fact) = queued.facts.first() {
            let fact = FactKey::new(fact);
            second.push(button(edit, Desk::Edit { question, fact }));
        }
        second.push(button(decline, Desk::Decline { question }));
        second.push(button(back, Desk::Review { page: 0 }));
        Message::private(shorten(&text.join("\n"), MAX_CONTENT_CHARS)).with_rows(vec![
            Row::Buttons(vec![
                button(teach, Desk::Teach { question }).style(Style::Primary),
                button(answer, Desk::Answer { question }),
                button(refuse, Desk::Refuse { question }),
                button(drop, Desk::Drop { question }).style(Style::Danger),
            ]),
            Row::Buttons(second),
        ])
    }

    /// Facts that may answer a question: what the engine has in mind, or what was searched for.
    pub(crate) async fn teach_candidates(
        &self,
        question: i64,
        searched: Option<&str>,
        lang: Lang,
    ) -> Message {
        let words = Words(lang);
        let details = match self.queued(question, words).await {
            Ok(details) => details,
            Err(message) => return message,
        };
        let snapshot = self.live.current();
        let knowledge = snapshot.engine.knowledge();
        let lines: Vec<Line> = match searched {
            Some(typed) => self.suggestions(&snapshot).facts(typed, lang),
            None => {
                let asked = Question {
                    text: &details.question.text,
                    lang: None,
                    locale: details.question.lang,
                    today: today(),
                };
                let outcome = snapshot.engine.ask(&asked, &Memory::default());
                let candidates = outcome.candidates.iter().map(|(fact, _)| &knowledge[*fact]);
                candidates
                    .map(|fact| Line {
                        label: shorten(&display_question(knowledge, fact, lang), MAX_LINE_CHARS),
                        value: FactKey::new(&fact.id).write(),
                    })
                    .collect()
            }
        };
        let mut text = vec![
            bold(&escape(&shorten(&details.question.text, 500))),
            escape(words.teach_which()),
        ];
        let mut rows = Vec::new();
        if lines.is_empty() {
            text.push(words.nothing_found().to_owned());
        } else {
            rows.push(Row::Menu(Menu {
                choose: desk(Desk::PickFact { question }, lang),
                placeholder: words.choose_fact().to_owned(),
                lines,
            }));
        }
        let [.., back, search] = words.question_buttons();
        rows.push(Row::Buttons(vec![
            Button::new(search, desk(Desk::Search { question }, lang)),
            Button::new(back, desk(Desk::Question { question }, lang)),
        ]));
        Message::private(text.join("\n")).with_rows(rows)
    }

    /// Makes a question of the queue a phrasing of a fact, in a preview.
    pub(crate) async fn teach(
        self: &Arc<Bot>,
        interaction: &Interaction,
        question: i64,
        lang: Lang,
    ) -> Response {
        let words = Words(lang);
        let chosen = interaction.data.values.first();
        let snapshot = self.live.current();
        let fact = chosen
            .and_then(|value| FactKey::read(value))
            .and_then(|key| key.find(&snapshot.engine));
        let Some(fact) = fact else {
            return Response::Say(layout::note(words.fact_gone_alone()));
        };
        let fact = snapshot.engine.knowledge()[fact].id.clone();
        match self.queued(question, words).await {
            Ok(details) => {
                let edit = Edit::Teach {
                    question: asked(&details),
                    fact,
                };
                self.settle(edit, details.question.id, interaction, lang)
            }
            Err(message) => Response::Become(message),
        }
    }

    /// Makes a question of the queue one that is refused on purpose, in a preview.
    pub(crate) async fn refuse_on_purpose(
        self: &Arc<Bot>,
        interaction: &Interaction,
        question: i64,
        lang: Lang,
    ) -> Response {
        match self.queued(question, Words(lang)).await {
            Ok(details) => {
                let edit = Edit::RefuseOnPurpose {
                    question: asked(&details),
                };
                self.settle(edit, details.question.id, interaction, lang)
            }
            Err(message) => Response::Become(message),
        }
    }

    /// Tries out what settles a question. One that is settled already leaves the queue at once.
    fn settle(
        self: &Arc<Bot>,
        edit: Edit,
        question: QuestionId,
        interaction: &Interaction,
        lang: Lang,
    ) -> Response {
        let request = Request {
            edit,
            base: None,
            settles: Some(question),
            accept: false,
        };
        let (bot, by) = (Arc::clone(self), By::Moderator(interaction.user_id()));
        Response::BecomeLater(Box::pin(async move {
            let words = Words(lang);
            let Some(moderation) = &bot.moderation else {
                return layout::note(words.no_journal());
            };
            let refusal = match moderation.preview(request, today()).await {
                Ok(preview) => return previews::shown(&preview, lang),
                Err(refusal) => refusal,
            };
            match moderation.close_settled(Some(question), &refusal, by).await {
                Ok(true) => {
                    bot.tell_askers_soon();
                    let told = format!("{} {}", words.refusal(&refusal), words.closed_as_settled());
                    layout::note(&told).with_rows(vec![Row::Buttons(vec![back(words)])])
                }
                Ok(false) => previews::refused(words, &refusal),
                Err(error) => away(words, &error),
            }
        }))
    }

    /// Closes a question without any edit.
    pub(crate) async fn close_question(
        self: &Arc<Bot>,
        question: i64,
        how: How,
        word: Option<&str>,
        user: u64,
        lang: Lang,
    ) -> Message {
        let words = Words(lang);
        let Some(journal) = self.journal() else {
            return layout::note(words.no_journal());
        };
        let closing = Closing {
            how,
            by: By::Moderator(user),
            word: word
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned),
            fact: None,
        };
        match journal.close_question(QuestionId(question), &closing).await {
            Ok(()) => {
                self.tell_askers_soon();
                layout::note(words.closed(how)).with_rows(vec![Row::Buttons(vec![back(words)])])
            }
            Err(JournalError::NoQuestion(_) | JournalError::AlreadyClosed(_)) => {
                layout::note(words.question_gone())
            }
            Err(error) => away(words, &error),
        }
    }

    /// Asks for words to search facts by.
    pub(crate) fn search_form(question: i64, lang: Lang) -> Response {
        let words = Words(lang);
        let [title, ..] = words.form_titles();
        let [label, ..] = words.form_labels();
        Response::Form(Modal {
            title: title.to_owned(),
            submit: desk(Desk::Searched { question }, lang),
            fields: vec![one_line("words", label, 100)],
        })
    }

    /// Asks for a word to those who asked.
    pub(crate) fn decline_form(question: i64, lang: Lang) -> Response {
        let words = Words(lang);
        let [_, title, ..] = words.form_titles();
        let [_, label, ..] = words.form_labels();
        Response::Form(Modal {
            title: title.to_owned(),
            submit: desk(Desk::Declined { question }, lang),
            fields: vec![Field {
                long: true,
                required: false,
                ..one_line("word", label, 500)
            }],
        })
    }

    /// A question of the queue, or the message that says why there is none.
    pub(crate) async fn queued(
        &self,
        question: i64,
        words: Words,
    ) -> Result<QuestionDetails, Message> {
        let Some(journal) = self.journal() else {
            return Err(layout::note(words.no_journal()));
        };
        let found = tokio::time::timeout(WITHIN, journal.question(QuestionId(question))).await;
        let Ok(found) = found else {
            return Err(layout::note(words.journal_away()));
        };
        match found {
            Ok(Some(details)) if details.question.closed.is_none() => Ok(details),
            Ok(_) => Err(layout::note(words.question_gone())),
            Err(error) => Err(away(words, &error)),
        }
    }

    pub(crate) fn journal(&self) -> Option<&Journal> {
        self.moderation
            .as_ref()
            .map(|moderation| moderation.journal())
    }
}

/// The button that leads back to the queue.
fn back(words: Words) -> Button {
    let [.., label, _] = words.question_buttons();
    Button::new(label, desk(Desk::Review { page: 0 }, words.0))
}

/// The journal cannot be used; the log says why.
pub(crate) fn away(words: Words, error: &JournalError) -> Message {
    tracing::warn!(%error, "the journal cannot be used");
    layout::note(&words.journal_error(error))
}

/// A field of a form with one line that must be filled in.
pub(crate) fn one_line(key: &'static str, label: &str, max_chars: u16) -> Field {
    Field {
        key,
        label: label.to_owned(),
        value: String::new(),
        placeholder: String::new(),
        long: false,
        required: true,
        max_chars,
    }
}

fn asked(details: &QuestionDetails) -> Asked {
    Asked {
        text: details.question.text.clone(),
        lang: details.question.lang,
    }
}

/// Text below a summary: in a block if it fits, else in a file beside.
pub(crate) fn with_text(
    mut message: Message,
    text: &str,
    block: &str,
    file: &'static str,
) -> Message {
    if text.trim().is_empty() {
        return message;
    }
    // Nothing in it may end the block it is shown in.
    let inner = text.trim_end().replace("```", "`\u{2060}``");
    let block = format!("\n```{block}\n{inner}\n```");
    if length(&message.content) + length(&block) <= MAX_CONTENT_CHARS {
        message.content.push_str(&block);
    } else {
        message.file = Some(crate::discord::message::File {
            name: file,
            alt: shorten(text, 200),
            bytes: text.as_bytes().into(),
        });
    }
    message
}
