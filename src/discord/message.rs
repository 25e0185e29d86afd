//! What the bot posts, as plain data: the layer between our replies and serenity's builders.

use crate::discord::custom_id::CustomId;

/// A message to be posted, or an edit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Message {
    /// At most 2,000 characters of Discord's markdown, already neutralised.
    pub(crate) content: String,
    /// At most one is used.
    pub(crate) embed: Option<Embed>,
    /// At most five.
    pub(crate) rows: Vec<Row>,
    /// At most one is used.
    pub(crate) file: Option<File>,
    /// Seen by nobody but who asked; counts for answers to interactions only.
    pub(crate) ephemeral: bool,
}

/// A framed text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Embed {
    /// At most 256 characters.
    pub(crate) title: String,
    /// At most 4,096 characters, markdown.
    pub(crate) description: String,
    /// At most 2,048 characters, plain.
    pub(crate) footer: Option<String>,
}

/// A line of things to press.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Row {
    /// One to five buttons.
    Buttons(Vec<Button>),
    /// A menu of 1 to 25 lines of which one is chosen.
    Menu(Menu),
}

/// Something to press.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Button {
    /// At most 80 characters.
    pub(crate) label: String,
    pub(crate) press: CustomId,
    pub(crate) style: Style,
    pub(crate) disabled: bool,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Primary,
    Secondary,
    Success,
    Danger,
}

/// A menu.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Menu {
    pub(crate) choose: CustomId,
    /// At most 150 characters.
    pub(crate) placeholder: String,
    pub(crate) lines: Vec<Line>,
}

/// A line of a menu, or a suggestion while typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// At most 100 characters.
    pub(crate) label: String,
    /// At most 100 characters.
    pub(crate) value: String,
}

/// A file that comes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    /// What it shows, for those who do not see it; at most 1,024 characters.
    pub(crate) alt: String,
    pub(crate) bytes: std::sync::Arc<[u8]>,
}

/// A form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Modal {
    /// At most 45 characters.
    pub(crate) title: String,
    pub(crate) submit: CustomId,
    /// One to five.
    pub(crate) fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Names it in what comes back.
    pub(crate) key: &'static str,
    /// At most 45 characters.
    pub(crate) label: String,
    /// At most 4,000 characters.
    pub(crate) value: String,
    /// At most 100 characters.
    pub(crate) placeholder: String,
    pub(crate) long: bool,
    pub(crate) required: bool,
    /// 1–4,000.
    pub(crate) max_chars: u16,
}

impl Message {
    pub(crate) fn text(content: impl Into<String>) -> Message {
        Message {
            content: content.into(),
            ..Message::default()
        }
    }

    /// For the eyes of who asked.
    pub(crate) fn private(content: impl Into<String>) -> Message {
        Message {
            ephemeral: true,
            ..Message::text(content)
        }
    }

    pub(crate) fn with_rows(mut self, rows: Vec<Row>) -> Message {
        self.rows = rows;
        self
    }
}

impl Button {
    pub(crate) fn new(label: impl AsRef<str>, press: CustomId) -> Button {
        Button {
            label: crate::discord::markdown::shorten(label.as_ref(), MAX_LABEL_CHARS),
            press,
            style: Style::Secondary,
            disabled: false,
        }
    }

    pub(crate) fn style(mut self, style: Style) -> Button {
        self.style = style;
        self
    }

    pub(crate) fn disabled(mut self, disabled: bool) -> Button {
        self.disabled = disabled;
        self
    }
}

/// Longest label of a button.
pub(crate) const MAX_LABEL_CHARS: usize = 80;
/// Longest message.
pub(crate) const MAX_CONTENT_CHARS: usize = 2_000;
/// Longest text of an embed.
pub(crate) const MAX_EMBED_CHARS: usize = 4_096;
/// Most lines of a menu or of suggestions.
pub(crate) const MAX_LINES: usize = 25;
/// Longest label or value of a line.
pub(crate) const MAX_LINE_CHARS: usize = 100;
