//! Cleaning: from a Discord message to plain words.
//!
//! Markup, mentions, links and emoji carry no part of a question, and some would harm it (the
//! digits of a mention look like a number). They go; words, sentence punctuation and line breaks
//! stay, because the parts that find the question in a long message need them.
//!
//! This knows the *text* format of Discord messages, not Discord: who was mentioned is for the
//! surface to find out before.
//!
//! The one idea: a pass never makes the text longer, and passes repeat until nothing changes. So
//! markup inside markup needs no thought, and cleaning twice is cleaning once.

use crate::text::fold::is_invisible;

/// Takes everything but words, punctuation and line breaks out of a Discord message. Idempotent.
///
/// Time grows with the length times the depth of links inside links: microseconds for what people
/// write, a few milliseconds for the worst that fits into a message.
///
/// ```
/// use cara_bot::text::clean;
///
/// assert_eq!(clean("<@123> **When** was ||[CARA](https://cara.eu)|| created? 🚗"), "When was CARA created?");
/// ```
#[must_use]
pub fn clean(message: &str) -> String {
    let mut text = pass(message);
    if text == message {
        return text;
    }
    loop {
        let next = pass(&text);
        if next == text {
            return text;
        }
        text = next;
    }
}

/// One pass over all lines. Empty lines go, and so does space around lines.
fn pass(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let start = out.len();
        if start > 0 {
            out.push('\n');
        }
        let before = out.len();
        clean_line(without_line_mark(line), &mut out);
        out.truncate(out.trim_end_matches(' ').len());
        if out.len() <= before {
            out.truncate(start);
        }
    }
    out
}

/// The line without the marks of quotations, a heading or a subtext.
fn without_line_mark(line: &str) -> &str {
    const MARKS: [&str; 6] = [">>> ", "> ", "### ", "## ", "# ", "-# "];
    let mut line = line.trim_start();
    while let Some(rest) = MARKS.iter().find_map(|mark| line.strip_prefix(mark)) {
        line = rest.trim_start();
    }
    line
}

/// Copies a line without what [`removable`] finds.
fn clean_line(line: &str, out: &mut String) {
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        if let length @ 1.. = plain_length(&line[at..]) {
            out.push_str(&line[at..at + length]);
            at += length;
            continue;
        }
        match removable(line, at, c) {
            Some(Removal::Gap(length)) => {
                push_space(out);
                at += length;
            }
            Some(Removal::Mark(length)) => at += length,
            Some(Removal::Link { text, length }) => {
                out.push_str(text);
                at += length;
            }
            None => {
                if c.is_whitespace() {
                    push_space(out);
                } else {
                    out.push(c);
                }
                at += c.len_utf8();
            }
        }
    }
}

/// How many bytes at the start of a text stay as they are: plain letters, digits and punctuation, with single
/// spaces between them. Most of what people write is that, and needs no closer look.
fn plain_length(text: &str) -> usize {
    let mut before = b' ';
    let plain = |byte: &u8| {
        let plain = match byte {
            // An address may start a word.
            b'h' | b'H' | b'w' | b'W' => before.is_ascii_alphanumeric(),
            b' ' => before != b' ',
            _ => byte.is_ascii_alphanumeric() || b"',.?!-".contains(byte),
        };
        before = *byte;
        plain
    };
    text.bytes().take_while(plain).count()
}

/// A space, unless the line is still empty or already ends with one.
fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

/// Something that is not text; lengths are in bytes.
enum Removal<'a> {
    /// A thing that stood for itself (mention, link, emoji): words around it stay apart.
    Gap(usize),
    /// A mark of markup or an invisible character: letters around it join.
    Mark(usize),
    /// A masked link, which becomes its text.
    Link { text: &'a str, length: usize },
}

/// What is to be removed at byte `at` of the line, where character `c` stands.
fn removable(line: &str, at: usize, c: char) -> Option<Removal<'_>> {
    let rest = &line[at..];
    let before = line[..at].chars().next_back();
    match c {
        '<' => angle(rest).map(Removal::Gap),
        '@' => everyone(before, rest).map(Removal::Gap),
        '[' => masked_link(rest),
        'h' | 'H' | 'w' | 'W' => address(before, rest).map(Removal::Gap),
        '*' | '_' | '~' | '|' | '`' => mark(before, rest, c).map(Removal::Mark),
        '\\' => rest[1..]
            .starts_with(|c: char| c.is_ascii_punctuation())
            .then_some(Removal::Mark(1)),
        _ if is_emoji(c) => Some(Removal::Gap(c.len_utf8())),
        _ if is_invisible(c) => Some(Removal::Mark(c.len_utf8())),
        _ => None,
    }
}

/// Discord's own angle brackets: mentions of users, roles, channels and commands, custom emoji,
/// timestamps; and an address whose preview is switched off.
fn angle(rest: &str) -> Option<usize> {
    let inner = &rest[1..rest.find('>')?];
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let known = if let Some(id) = inner.strip_prefix('@') {
        number(id.trim_start_matches(['!', '&']))
    } else if let Some(id) = inner.strip_prefix('#') {
        number(id)
    } else if let Some(emoji) = inner.strip_prefix("a:").or_else(|| inner.strip_prefix(':')) {
        emoji.rsplit_once(':').is_some_and(|(_, id)| number(id))
    } else if let Some(time) = inner.strip_prefix("t:") {
        number(
            time.split(':')
                .next()
                .unwrap_or_default()
                .trim_start_matches('-'),
        )
    } else if let Some(command) = inner.strip_prefix('/') {
        command.rsplit_once(':').is_some_and(|(_, id)| number(id))
    } else {
        inner.starts_with("id:") || is_address(inner)
    };
    (known && !inner.contains('<')).then_some(inner.len() + 2)
}

/// `@everyone` and `@here` as words.
fn everyone(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let name = ["@everyone", "@here"]
        .into_iter()
        .find(|name| rest.starts_with(name))?;
    let ends = !rest[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    ends.then_some(name.len())
}

/// `[text](https://…)`, only with a web address: anything else in brackets may be prose.
fn masked_link(rest: &str) -> Option<Removal<'_>> {
    let close = rest.find("](")?;
    let target = &rest[close + 2..];
    let end = target.find(')')?;
    if rest[1..close].contains('[') {
        return None; // `[note] and [text](https://…)`: the second bracket is the link
    }
    is_address(target[..end].trim_start_matches('<')).then(|| Removal::Link {
        text: &rest[1..close],
        length: close + 2 + end + 1,
    })
}

/// Whether `text` starts like a web address. `cara.eu` does not: people write it as a name.
fn is_address(text: &str) -> bool {
    ["https://", "http://", "www."].into_iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
            && text[start.len()..].starts_with(char::is_alphanumeric)
    })
}

/// The length of the web address at the start of a word; sentence punctuation after it stays.
fn address(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(char::is_alphanumeric) || !is_address(rest) {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '"' | '«' | '»'))
        .unwrap_or(rest.len());
    Some(
        rest[..end]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*', '_', '~'])
            .len(),
    )
}

/// The length of a run of markdown marks that is markup rather than text.
fn mark(before: Option<char>, rest: &str, c: char) -> Option<usize> {
    let length = rest.len() - rest.trim_start_matches(c).len();
    let after = rest[length..].chars().next();
    let inside_word =
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    let alone = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
    let markup = match c {
        '*' => length > 1 || !alone,             // `2 * 3` keeps its star
        '_' | '`' => length > 1 || !inside_word, // `snake_case`, and l`IFSTTAR for l'IFSTTAR
        _ => length > 1,                         // `~2004` and `a | b` are text
    };
    markup.then_some(length)
}

/// Whether a character is a pictogram. By blocks: the few letters-in-circles among them are used
/// as pictures too.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{20e3}' | '\u{231a}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1f0ff}' | '\u{1f170}'..='\u{1f2ff}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(clean(message), expected, "cleaning {message:?}");
        assert_eq!(clean(expected), expected, "cleaning {message:?} twice");
    }

    #[test]
    fn mentions_and_other_tokens_go() {
        check("<@123> who founded LUTB?", "who founded LUTB?");
        check(
            "<@!123><@&45> in <#9> <t:1700000000:R> </cara ask:77> hi",
            "in hi",
        );
        check("hello<:wave:12>there <a:dance:13>", "hello there");
        check(
            "@everyone and @here, mail a@here.org @heretic",
            "and , mail a@here.org @heretic",
        );
        check("<@abc> a < b > c <3", "<@abc> a < b > c <3");
        check("<<@1>@2>", "< @2>");
    }

    #[test]
    fn addresses_go_and_names_of_sites_stay() {
        check("see https://cara.eu/fr?x=1. Why?", "see . Why?");
        check("(www.cara.eu) <https://cara.eu> HTTP://X.org/a", "( )");
        check("what is cara.eu?", "what is cara.eu?");
        check(
            "[the site](https://cara.eu) and [note](see below)",
            "the site and [note](see below)",
        );
        check("[a] or [b](http://b.org)", "[a] or b");
        check("[**bold** link](<https://cara.eu>)!", "bold link!");
    }

    #[test]
    fn markdown_goes() {
        check(
            "**bold** *it* __under__ _it_ ~~no~~ ||who|| `code`",
            "bold it under it no who code",
        );
        check(
            "**C**luster snake_case l`IFSTTAR",
            "Cluster snake_case l`IFSTTAR",
        );
        check("```\nblock\n```", "block");
        check(
            "> quoted\n>>> more\n## Title\n-# small",
            "quoted\nmore\nTitle\nsmall",
        );
        check("2 * 3 ~2004 a | b #1 >x", "2 * 3 ~2004 a | b #1 >x");
        check(r"\*not bold\* \o/", "not bold \\o/");
        check("***~~_all_~~***", "all");
    }

    #[test]
    fn emoji_and_invisible_characters_go() {
        check("hi 👋🏽 there ❤️ 👨‍👩‍👧 🇫🇷 1️⃣", "hi there 1");
        check("CA\u{200b}RA\u{feff} \u{7}", "CARA");
        check("ça coûte 5 € © œuvre → là", "ça coûte 5 € © œuvre → là");
    }

    #[test]
    fn lines_and_punctuation_stay() {
        check("Salut !\r\n\n  Quand ?\tOù ?  \n", "Salut !\nQuand ? Où ?");
        check("", "");
        check("<@1>\n🙂\n", "");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn nested_markup_is_cleaned_at_once(
            text in "(<@|<#|<:|<t:|>|\\[|\\]\\(|\\)|https://|www\\.|x|1|[*_~|`#\\\\ \n]|@here|🙂|\u{200b}|é){0,30}"
        ) {
            let once = clean(&text);
            prop_assert!(once.len() <= text.len());
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn plain_sentences_are_unchanged(text in "[A-Za-zéèç]{1,8}( [A-Za-zéèç',.?-]{1,8}){0,6}") {
            prop_assume!(!text.contains("www."));
            prop_assert_eq!(clean(&text), text);
        }
    }
}
