//! A reply as lines of a terminal: the only place that knows colours.

use std::fmt::Write as _;

use crate::reply::Reply;

/// Colours on or off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) colour: bool,
}

impl Layout {
    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// The whole reply with its sources, one per line.
    pub(crate) fn reply(self, reply: &Reply) -> String {
        let mut out = self.paint("1", &reply.lead);
        if !reply.context.is_empty() {
            out.push_str(reply.joint());
            out.push_str(&reply.context.join(" "));
        }
        out.push('\n');
        if let Some(title) = &reply.items_title {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "\n{title}");
        }
        for item in &reply.items {
            let _ = writeln!(out, "  • {}", item.text);
        }
        if !reply.sources.is_empty() {
            out.push('\n');
        }
        for source in &reply.sources {
            let mut line = source.label.clone();
            if let Some(url) = &source.url {
                let _ = write!(line, " – {url}");
            }
            if let Some(checked) = &source.checked {
                let _ = write!(line, " ({checked})");
            }
            let _ = writeln!(out, "{}", self.paint("2", &line));
        }
        out
    }
}
