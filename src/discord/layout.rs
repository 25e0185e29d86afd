//! A reply as a Discord message: the answer first and bold, its sources, one row of buttons, all of it
//! within Discord's limits and with nothing in it that Discord would read as markup.

use crate::discord::custom_id::{Action, CustomId, FactKey};
use crate::discord::markdown::{bold, escape, length, link, shorten, unescape};
use crate::discord::message::{
    Button, Embed, Line, MAX_CONTENT_CHARS, MAX_EMBED_CHARS, MAX_LINE_CHARS, MAX_LINES, Menu,
    Message, Row, Style,
};
use crate::lang::Lang;
use crate::reply::{Citation, Item, Reply, Status, Words, timeline};

/// Sources named below an answer; the button shows the others.
const SOURCES_SHOWN: usize = 3;
/// How much of the question is repeated below an answer.
const MAX_ECHO_CHARS: usize = 200;
/// Begins the line that repeats the question. Escaped text never begins a line like this.
const ECHO: &str = "-# ↳ ";
/// Begins a line in small print.
const SMALL: &str = "-# ";
/// Sources on a page.
const SOURCES_PAGE: usize = 8;

/// For whom a message is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// As typed; repeated below the answer, where commands would hide it.
    pub(crate) question: Option<&'a str>,
    /// Who asked.
    pub(crate) asker: u64,
    /// Whether only they see what comes of it.
    pub(crate) private: bool,
}

/// An answer to a question. `fact` is the one it rests on first.
pub(crate) fn answer(reply: &Reply, fact: Option<&str>, asked: &Asked<'_>) -> Message {
    let words = Words(reply.language);
    let id = |action| CustomId::new(action, reply.language, asked.asker);
    let mut rows = Vec::new();
    match reply.status {
        Status::Answer => {
            let mut buttons = Vec::new();
            if let Some(fact) = fact.map(FactKey::new) {
                buttons.push(Button::new(
                    words.sources_button(),
                    id(Action::Sources { fact: fact.clone() }),
                ));
                buttons.push(Button::new(
                    words.related_button(),
                    id(Action::Related { fact: fact.clone() }),
                ));
                buttons.push(Button::new(
                    words.not_right_button(),
                    id(Action::NotRight { fact }),
                ));
            }
            if !asked.private {
                buttons.push(delete(words, id(Action::Delete)));
            }
            if !buttons.is_empty() {
                rows.push(Row::Buttons(buttons));
            }
        }
        Status::Offer => {
            rows.extend(questions(reply, asked));
            rows.push(Row::Buttons(vec![Button::new(
                words.none_button(),
                id(Action::NoneOfThese),
            )]));
        }
        Status::Unknown => {
            rows.extend(questions(reply, asked));
            rows.push(Row::Buttons(vec![
                Button::new(words.send_button(), id(Action::Send)).style(Style::Primary),
            ]));
        }
    }
    // What is offered stands on the buttons.
    let listed = match reply.status {
        Status::Answer => &reply.items[..],
        Status::Offer | Status::Unknown => &[],
    };
    Message {
        content: content(reply, listed, asked.question),
        rows,
        ephemeral: asked.private,
        ..Message::default()
    }
}

/// Up to three questions to press, a line each: labels are long.
fn questions(reply: &Reply, asked: &Asked<'_>) -> Vec<Row> {
    let button = |item: &Item| {
        let action = Action::Open {
            fact: FactKey::new(&item.fact),
            private: asked.private,
        };
        let press = CustomId::new(action, reply.language, asked.asker);
        Row::Buttons(vec![Button::new(&item.text, press)])
    };
    reply.items.iter().take(3).map(button).collect()
}

fn delete(words: Words, press: CustomId) -> Button {
    Button::new(words.delete_button(), press)
}

/// The text of a reply. When it is too long, its context gives way, then its lists; the answer and
/// the sources stay.
fn content(reply: &Reply, listed: &[Item], question: Option<&str>) -> String {
    let mut tail = String::new();
    if let Some(sources) = sources_line(reply) {
        tail.push('\n');
        tail.push_str(&sources);
    }
    if let Some(echo) = question.and_then(echo) {
        tail.push('\n');
        tail.push_str(&echo);
    }
    // What is not listed here stands on the buttons, and its title right above them.
    if let Some(title) = reply
        .items_title
        .as_ref()
        .filter(|_| listed.is_empty() && !reply.items.is_empty())
    {
        tail.push('\n');
        tail.push_str(&escape(title));
    }
    let room = MAX_CONTENT_CHARS.saturating_sub(length(&tail));
    let lead = shorten(&escape(&reply.lead), room.saturating_sub(4));
    let mut body = bold(&lead);
    let context = escape(&reply.context.join(" "));
    if !context.is_empty() {
        let left = room.saturating_sub(length(&body) + 1);
        if left > 40 {
            body.push('\n');
            body.push_str(&shorten(&context, left));
        }
    }
    for item in listed {
        let line = format!("\n- {}", escape(&item.text));
        if length(&body) + length(&line) > room {
            break;
        }
        body.push_str(&line);
    }
    body.push_str(&tail);
    body
}

/// "Sources: A; B (checked on …)", with links, in small print.
fn sources_line(reply: &Reply) -> Option<String> {
    let words = Words(reply.language);
    let cited: Vec<&Citation> = reply.sources.iter().take(SOURCES_SHOWN).collect();
    let last = cited.last()?;
    let named: Vec<String> = cited.iter().map(|source| cite(source, 120)).collect();
    let mut line = format!("{SMALL}{}: {}", words.sources_button(), named.join(" · "));
    if reply.language == Lang::Fr {
        line = line.replacen(": ", " : ", 1);
    }
    let more = reply.sources.len() - cited.len();
    if more > 0 {
        line.push_str(&format!(" · +{more}"));
    }
    if let Some(checked) = &last.checked {
        line.push_str(&format!(" ({})", escape(checked)));
    }
    Some(line)
}

fn cite(source: &Citation, max: usize) -> String {
    let label = shorten(&source.label, max);
    match &source.url {
        Some(url) if length(url) <= 300 => link(&label, url),
        _ => escape(&label),
    }
}

/// The question on one line, in small print; none when nothing is left of it without markup.
fn echo(question: &str) -> Option<String> {
    let plain = crate::text::clean(question).replace('\n', " ");
    let plain = shorten(plain.trim(), MAX_ECHO_CHARS);
    (!plain.is_empty()).then(|| format!("{ECHO}{}", escape(&plain)))
}

/// The question that a message of ours repeats.
pub(crate) fn echoed(content: &str) -> Option<String> {
    let line = content
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix(ECHO))?;
    Some(unescape(line))
}

/// A note for one person that repeats the question it is about, for its buttons.
pub(crate) fn note_about(text: &str, question: &str) -> Message {
    let mut message = note(text);
    if let Some(echo) = echo(question) {
        message.content.push('\n');
        message.content.push_str(&echo);
    }
    message
}

/// A note for one person.
pub(crate) fn note(text: &str) -> Message {
    Message::private(escape(text))
}

/// A note above an answer.
pub(crate) fn noted(note: &str, mut message: Message) -> Message {
    let room = MAX_CONTENT_CHARS.saturating_sub(length(note) + 1);
    message.content = format!("{}\n{}", escape(note), shorten(&message.content, room));
    message
}

/// The sources of a reply in full.
pub(crate) fn sources(reply: &Reply) -> Message {
    Message {
        embed: Some(Embed {
            title: Words(reply.language).sources_button().to_owned(),
            description: list(reply.sources.iter().map(full)),
            footer: None,
        }),
        ephemeral: true,
        ..Message::default()
    }
}

/// A page of all sources.
pub(crate) fn all_sources(reply: &Reply, page: usize, asker: u64) -> Message {
    let words = Words(reply.language);
    let pages = reply.sources.len().div_ceil(SOURCES_PAGE).max(1);
    let page = page.min(pages - 1);
    let shown = reply
        .sources
        .iter()
        .skip(page * SOURCES_PAGE)
        .take(SOURCES_PAGE);
    let to = |page: usize| {
        let page = u16::try_from(page).unwrap_or(u16::MAX);
        CustomId::new(Action::AllSources { page }, reply.language, asker)
    };
    Message {
        embed: Some(Embed {
            title: shorten(&reply.lead, 256),
            description: list(shown.map(full)),
            footer: (pages > 1).then(|| words.page(page + 1, pages)),
        }),
        rows: pager(words, page, pages, to),
        ephemeral: true,
        ..Message::default()
    }
}

/// A source with all that is known of it.
fn full(source: &Citation) -> String {
    let mut line = cite(source, 300);
    if let Some(checked) = &source.checked {
        line.push_str(&format!(" ({})", escape(checked)));
    }
    line
}

/// Lines with dots, as many as fit into an embed.
fn list(lines: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for line in lines {
        let line = format!("- {line}\n");
        if length(&out) + length(&line) > MAX_EMBED_CHARS - 300 {
            out.push('…');
            break;
        }
        out.push_str(&line);
    }
    out.trim_end().to_owned()
}

/// A message with lines above it; the lines are harmless already.
pub(crate) fn below(above: &str, message: Message) -> Message {
    let message = plain(message);
    let room = MAX_CONTENT_CHARS.saturating_sub(length(above) + 1);
    Message {
        content: format!("{above}\n{}", shorten(&message.content, room)),
        ..message
    }
}

/// Buttons to the page before and after; none for a single page.
pub(crate) fn pager(
    words: Words,
    page: usize,
    pages: usize,
    to: impl Fn(usize) -> CustomId,
) -> Vec<Row> {
    if pages < 2 {
        return Vec::new();
    }
    vec![Row::Buttons(vec![
        // Both must differ within the message, at its ends too.
        Button::new(
            words.previous_button(),
            to(page.checked_sub(1).unwrap_or(pages + 1)),
        )
        .disabled(page == 0),
        Button::new(words.next_button(), to(page + 1)).disabled(page + 1 >= pages),
    ])]
}

/// The card of an entity: its definition, and a menu of what can be asked.
pub(crate) fn card(reply: &Reply, asked: &Asked<'_>) -> Message {
    let words = Words(reply.language);
    let mut description = escape(&reply.context.join("\n"));
    if let Some(sources) = sources_line(reply) {
        description.push('\n');
        description.push_str(&sources);
    }
    let mut rows: Vec<Row> = menu(&reply.items, words.open_question(), reply.language, asked)
        .into_iter()
        .collect();
    if !asked.private {
        let press = CustomId::new(Action::Delete, reply.language, asked.asker);
        rows.push(Row::Buttons(vec![delete(words, press)]));
    }
    Message {
        embed: Some(Embed {
            title: shorten(&reply.lead, 256),
            description,
            footer: None,
        }),
        rows,
        ephemeral: asked.private,
        ..Message::default()
    }
}

/// A page of milestones. `reply` is the timeline in words, `events` all its milestones.
pub(crate) fn history(
    reply: &Reply,
    events: &[Item],
    period: &str,
    page: usize,
    asked: &Asked<'_>,
) -> Message {
    let words = Words(reply.language);
    let id = |action| CustomId::new(action, reply.language, asked.asker);
    let pages = timeline::pages(events.len()).max(1);
    let page = page.min(pages - 1);
    let shown: &[Item] = events.chunks(timeline::PAGE).nth(page).unwrap_or_default();
    let few = Reply {
        // A period of one or two milestones is told in full instead.
        items: if reply.items.is_empty() {
            Vec::new()
        } else {
            shown.to_vec()
        },
        ..reply.clone()
    };
    let mut content = content(&few, &few.items, None);
    if pages > 1 {
        content = format!(
            "{}\n{SMALL}{}",
            shorten(&content, MAX_CONTENT_CHARS - 60),
            words.page(page + 1, pages)
        );
    }
    let mut rows: Vec<Row> = menu(shown, words.open_event(), reply.language, asked)
        .into_iter()
        .collect();
    let to = |page: usize| {
        id(Action::History {
            period: period.to_owned(),
            page: u16::try_from(page).unwrap_or(u16::MAX),
        })
    };
    let mut buttons = match pager(words, page, pages, to).pop() {
        Some(Row::Buttons(buttons)) => buttons,
        _ => Vec::new(),
    };
    buttons.push(delete(words, id(Action::Delete)));
    rows.push(Row::Buttons(buttons));
    Message {
        content,
        rows,
        ..Message::default()
    }
}

/// A menu of facts to open; none when there is nothing to open.
fn menu(items: &[Item], placeholder: &str, lang: Lang, asked: &Asked<'_>) -> Option<Row> {
    let lines: Vec<Line> = items
        .iter()
        .take(MAX_LINES)
        .map(|item| Line {
            label: shorten(&item.text, MAX_LINE_CHARS),
            value: FactKey::new(&item.fact).write(),
        })
        .collect();
    let choose = CustomId::new(Action::Choose, lang, asked.asker);
    (!lines.is_empty()).then(|| {
        Row::Menu(Menu {
            choose,
            placeholder: placeholder.to_owned(),
            lines,
        })
    })
}

/// Related questions, or that there are none.
pub(crate) fn related(reply_to: Lang, items: &[Item], asker: u64) -> Message {
    let words = Words(reply_to);
    if items.is_empty() {
        return note(words.nothing_related());
    }
    let rows = items.iter().take(3).map(|item| {
        let action = Action::Open {
            fact: FactKey::new(&item.fact),
            private: true,
        };
        let press = CustomId::new(action, reply_to, asker);
        Row::Buttons(vec![Button::new(&item.text, press)])
    });
    note(words.related()).with_rows(rows.collect())
}

/// Help: how it works, and examples to press.
pub(crate) fn help(reply: &Reply, asker: u64) -> Message {
    let words = Words(reply.language);
    let mut reply = reply.clone();
    reply.context.push(words.help_in_discord().to_owned());
    let asked = Asked {
        question: None,
        asker,
        private: true,
    };
    let rows = menu(&reply.items, words.open_question(), reply.language, &asked);
    Message {
        content: {
            let mut text = vec![bold(&escape(&reply.lead))];
            text.extend(reply.context.iter().map(|line| escape(line)));
            if let Some(title) = &reply.items_title {
                text.push(escape(title));
            }
            text.extend(
                reply
                    .items
                    .iter()
                    .map(|item| format!("- {}", escape(&item.text))),
            );
            shorten(&text.join("\n"), MAX_CONTENT_CHARS)
        },
        rows: rows.into_iter().collect(),
        ephemeral: true,
        ..Message::default()
    }
}

/// The same in a few words, in every language: for who has not shown theirs.
pub(crate) fn help_in_both(replies: &[Reply]) -> Message {
    let lines = replies.iter().flat_map(|reply| {
        let commands = reply.context.first().map(|line| escape(line));
        std::iter::once(bold(&escape(&reply.lead))).chain(commands)
    });
    Message::text(shorten(
        &lines.collect::<Vec<_>>().join("\n"),
        MAX_CONTENT_CHARS,
    ))
}

/// Paragraphs for one person.
pub(crate) fn paragraphs(lines: &[String]) -> Message {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("- {}", escape(line)))
        .collect();
    Message::private(shorten(&lines.join("\n"), MAX_CONTENT_CHARS))
}

/// The same without an embed, for channels where we may not post any.
pub(crate) fn plain(mut message: Message) -> Message {
    if let Some(embed) = message.embed.take() {
        let mut text = vec![
            message.content,
            bold(&escape(&embed.title)),
            embed.description,
        ];
        text.extend(
            embed
                .footer
                .map(|footer| format!("{SMALL}{}", escape(&footer))),
        );
        text.retain(|part| !part.is_empty());
        message.content = shorten(&text.join("\n"), MAX_CONTENT_CHARS);
    }
    message
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reply(lead: &str, context: &str) -> Reply {
        Reply {
            status: Status::Answer,
            language: Lang::En,
            lead: lead.to_owned(),
            context: vec![context.to_owned()],
            items: Vec::new(),
            items_title: None,
            sources: vec![Citation {
                id: "s1".to_owned(),
                label: "Gazette, “Two become one”".to_owned(),
                url: Some("https://example.org/a_(b)".to_owned()),
                checked: Some("checked 22 November 2026".to_owned()),
            }],
        }
    }

    const ASKED: Asked<'_> = Asked {
        question: Some("when <@5> was **it**?"),
        asker: 7,
        private: false,
    };

    #[test]
    fn answer_comes_first_then_sources_and_the_question() {
        let message = answer(
            &reply("In 2012.", "It was a Monday."),
            Some("it-created"),
            &ASKED,
        );
        assert_eq!(
            message.content,
            "**In 2012.**\nIt was a Monday.\n-# Sources: [Gazette, “Two become one”](<https://example.org/a_%28b%29>) (checked 22 November 2026)\n-# ↳ when was it?"
        );
        let [Row::Buttons(buttons)] = message.rows.as_slice() else {
            panic!("{:?}", message.rows)
        };
        let labels: Vec<&str> = buttons.iter().map(|button| &*button.label).collect();
        assert_eq!(labels, ["Sources", "Related", "Not right?", "Delete"]);
        assert_eq!(echoed(&message.content).as_deref(), Some("when was it?"));
    }

    proptest! {
        #[test]
        fn whatever_is_told_fits_and_keeps_the_question(
            lead in "\\PC{0,2500}",
            context in "\\PC{0,3000}",
            question in "[a-z *_@<>#é]{0,300}",
        ) {
            let asked = Asked { question: Some(&question), ..ASKED };
            let message = answer(&reply(&lead, &context), Some("x"), &asked);
            prop_assert!(length(&message.content) <= MAX_CONTENT_CHARS);
            let plain = crate::text::clean(&question).replace('\n', " ");
            let expected = (!plain.trim().is_empty()).then(|| shorten(plain.trim(), MAX_ECHO_CHARS));
            prop_assert_eq!(echoed(&message.content), expected);
        }
    }
}
