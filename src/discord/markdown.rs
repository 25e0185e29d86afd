//! Text that Discord shows as it stands: markup and mentions neutralised, lengths kept.
//!
//! Only what Discord would read as markup is escaped, so that names such as "Rhône-Alpes" stay
//! searchable. Lengths are counted in UTF-16 units, the strictest of the ways Discord counts.

/// Makes text harmless: it shows exactly as written, mentions nobody and links nowhere by markup.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        escape_line(line, &mut out);
    }
    out
}

fn escape_line(line: &str, out: &mut String) {
    let body = line.trim_start();
    out.push_str(&line[..line.len() - body.len()]);
    let mut rest = body;
    if let Some(first) = body.chars().next() {
        // Quotations, headings, subtext and lists begin a line.
        if matches!(first, '>' | '#' | '-' | '+') {
            out.push('\\');
            out.push(first);
            rest = &body[1..];
        } else if first.is_ascii_digit() {
            let digits = body.bytes().take_while(u8::is_ascii_digit).count();
            if body[digits..].starts_with(". ") || body[digits..].starts_with(") ") {
                out.push_str(&body[..digits]);
                out.push('\\');
                rest = &body[digits..];
            }
        }
    }
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '*' | '_' | '`' => {
                out.push('\\');
                out.push(c);
            }
            // Only two of them are markup.
            '~' | '|' if chars.peek() == Some(&c) => {
                out.push('\\');
                out.push(c);
            }
            // A masked link.
            ']' if chars.peek() == Some(&'(') => out.push_str("\\]"),
            // Mentions, custom emoji, timestamps, links to commands.
            '<' => out.push_str("\\<"),
            '@' => {
                out.push(c);
                // A word joiner: @everyone and @here stay words.
                if chars.peek().is_some_and(|next| next.is_alphanumeric()) {
                    out.push(BREAK);
                }
            }
            // Addresses become links by themselves, and may be previewed.
            ':' if chars.peek() == Some(&'/') => {
                out.push(c);
                out.push(BREAK);
            }
            // Invitations to other servers are shown as cards, even without a scheme.
            '.' if leads_to_invitation(chars.clone()) => {
                out.push(c);
                out.push(BREAK);
            }
            c => out.push(c),
        }
    }
}

/// Whether what follows a dot makes an address of an invitation: `discord.gg/…`,
/// `discord.com/invite/…`.
fn leads_to_invitation(after: impl Iterator<Item = char>) -> bool {
    let after: String = after.take("com/invite".len()).collect();
    let after = after.to_ascii_lowercase();
    after.starts_with("gg/") || after == "com/invite"
}

/// Takes back what [`escape`] did.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            BREAK => {}
            c => out.push(c),
        }
    }
    out
}

/// Invisible and without width; keeps two characters from being read together.
const BREAK: char = '\u{2060}';

/// How long Discord may count a text.
pub(crate) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text, or its beginning with `…` at the end, at most `max` long. An escape is never cut in two.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut used = 0;
    let room = max.saturating_sub(1);
    let cut: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= room
        })
        .collect();
    let backslashes = cut.chars().rev().take_while(|c| *c == '\\').count();
    let cut = &cut[..cut.len() - backslashes % 2];
    format!("{}…", cut.trim_end())
}

/// Bold, unless there is nothing to embolden. The text is escaped already.
pub(crate) fn bold(escaped: &str) -> String {
    if escaped.trim().is_empty() {
        String::new()
    } else {
        format!("**{}**", escaped.trim())
    }
}

/// Text that leads to an address, without a preview of it.
pub(crate) fn link(text: &str, address: &str) -> String {
    let mut target = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' => target.push_str("%28"),
            ')' => target.push_str("%29"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            c if c.is_whitespace() || c.is_control() => target.push_str("%20"),
            c => target.push(c),
        }
    }
    let label = escape(text)
        .replace('[', "\\[")
        .replace("\\]", "]")
        .replace(']', "\\]");
    format!("[{label}](<{target}>)")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_and_mentions_show_as_written() {
        for (text, expected) in [
            ("plain – Rhône-Alpes (2012)", "plain – Rhône-Alpes (2012)"),
            ("**b** _i_ `c`", "\\*\\*b\\*\\* \\_i\\_ \\`c\\`"),
            ("||s|| ~~t~~ ~1 a|b", "\\||s\\|| \\~~t\\~~ ~1 a|b"),
            ("[PERIOD] [1]", "[PERIOD] [1]"),
            (
                "# head\n> quote\n- item\n-# sub",
                "\\# head\n\\> quote\n\\- item\n\\-# sub",
            ),
            ("12. twelve", "12\\. twelve"),
            (
                "discord.gg/x and Discord.com/invite/y, cara.eu/en",
                "discord.\u{2060}gg/x and Discord.\u{2060}com/invite/y, cara.eu/en",
            ),
            ("2012 was good", "2012 was good"),
            ("@everyone hi", "@\u{2060}everyone hi"),
            ("<@123> <#4> <:a:5>", "\\<@\u{2060}123> \\<#4> \\<:a:5>"),
            ("[x](https://e.example)", "[x\\](https:\u{2060}//e.example)"),
        ] {
            assert_eq!(escape(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_cannot_leave_their_link() {
        assert_eq!(
            link("a [b]", "https://e.example/x_(y)>z w"),
            "[a \\[b\\]](<https://e.example/x_%28y%29%3Ez%20w>)"
        );
    }

    #[test]
    fn shortened_text_ends_between_escapes() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        assert_eq!(shorten("abcd\\*efgh", 6), "abcd…");
        assert_eq!(shorten("🚗🚗🚗", 5), "🚗🚗…");
    }

    proptest! {
        #[test]
        fn unescaping_gives_back_the_text(text in "[^\u{2060}]{0,80}") {
            prop_assert_eq!(unescape(&escape(&text)), text);
        }

        #[test]
        fn shortened_text_fits(text in any::<String>(), max in 1usize..60) {
            prop_assert!(length(&shorten(&text, max)) <= max);
            prop_assert!(length(&shorten(&escape(&text), max)) <= max);
        }
    }
}
