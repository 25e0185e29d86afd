//! What people type, made fit for a file: line ends made one, control characters refused.
//!
//! Modals, terminals and editors send what they like: `\r\n`, tabs, spaces at the ends of lines, characters
//! that turn the reading direction around. What is left after this prints as it is stored.

use super::web::names_a_page;

/// Something typed that no file should hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadInput {
    /// A character that cannot be seen and changes what is.
    #[error(
        "`{field}` holds the control character U+{:04X} in line {line}; take it out",
        u32::from(*character)
    )]
    Control {
        /// The field it was typed into.
        field: String,
        /// The character.
        character: char,
        /// Its line, from 1.
        line: usize,
    },
    /// Neither yes nor no.
    #[error("`{field}` is yes or no, not “{typed}”")]
    NotAFlag {
        /// The field it was typed into.
        field: String,
        /// What was typed.
        typed: String,
    },
    /// Nothing, where something is needed.
    #[error("`{field}` is empty")]
    Empty {
        /// The field.
        field: String,
    },
}

/// A text of several lines: line ends are `\n`, nothing stands at the ends of lines, at most one line is
/// left empty between two, none before and after.
///
/// # Errors
/// When it holds a control character.
pub fn text(field: &str, typed: &str) -> Result<String, BadInput> {
    let unix = typed
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut lines: Vec<String> = Vec::new();
    for (number, line) in unix.split('\n').enumerate() {
        let line = line.replace('\t', " ");
        if let Some(character) = line.chars().find(|c| is_control(*c)) {
            return Err(BadInput::Control {
                field: field.to_owned(),
                character,
                line: number + 1,
            });
        }
        let line = line.trim_end();
        let after_gap = lines.last().is_none_or(String::is_empty);
        if !(line.is_empty() && after_gap) {
            lines.push(line.to_owned());
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Ok(lines.join("\n").trim_start().to_owned())
}

/// A text of one line: line ends and runs of spaces are one space.
///
/// # Errors
/// When it holds a control character.
pub fn line(field: &str, typed: &str) -> Result<String, BadInput> {
    let text = text(field, typed)?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// One text a line; empty lines are none.
///
/// # Errors
/// When one holds a control character.
pub fn lines(field: &str, typed: &str) -> Result<Vec<String>, BadInput> {
    let text = text(field, typed)?;
    let lines = text.split('\n').map(|each| line(field, each));
    let mut lines = lines.collect::<Result<Vec<_>, _>>()?;
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

/// Ids, with commas, spaces or line ends between them. A line that begins with an address stays whole.
///
/// # Errors
/// When there is a control character among them.
pub fn ids(field: &str, typed: &str) -> Result<Vec<String>, BadInput> {
    let mut ids = Vec::new();
    for line in lines(field, typed)? {
        if names_a_page(&line) {
            ids.push(line);
            continue;
        }
        let parts = line.split([',', ';', ' ']).filter(|id| !id.is_empty());
        ids.extend(parts.map(str::to_owned));
    }
    Ok(ids)
}

/// Yes or no, in English or French.
///
/// # Errors
/// When it is neither.
pub fn flag(field: &str, typed: &str) -> Result<bool, BadInput> {
    match line(field, typed)?.to_lowercase().as_str() {
        "yes" | "true" | "y" | "oui" | "o" | "vrai" => Ok(true),
        "no" | "false" | "n" | "non" | "faux" => Ok(false),
        other => Err(BadInput::NotAFlag {
            field: field.to_owned(),
            typed: other.to_owned(),
        }),
    }
}

/// Control characters, and those that reorder text so that it reads otherwise than it is.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newlines_survive_and_are_of_one_kind() {
        for (typed, expected) in [
            ("one\r\ntwo\rthree", "one\ntwo\nthree"),
            ("  one  \n\n\n\ntwo\t \n\n", "one\n\ntwo"),
            ("a\u{2028}b", "a\nb"),
            ("", ""),
            (" \r\n ", ""),
            ("**bold** <@123> @everyone", "**bold** <@123> @everyone"),
        ] {
            assert_eq!(
                text("answer.en", typed).as_deref(),
                Ok(expected),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn control_characters_are_refused_with_their_line() {
        for (typed, character, at) in [
            ("a\u{0}b", '\u{0}', 1),
            ("a\nb\u{1b}[31m", '\u{1b}', 2),
            ("a\u{202e}b", '\u{202e}', 1),
        ] {
            let error = text("answer.en", typed).unwrap_err();
            let expected = BadInput::Control {
                field: "answer.en".to_owned(),
                character,
                line: at,
            };
            assert_eq!(error, expected, "{typed:?}");
        }
        assert!(
            text("a", "\u{1b}")
                .unwrap_err()
                .to_string()
                .contains("U+001B")
        );
    }

    #[test]
    fn lists_are_told_apart_by_what_they_hold() {
        assert_eq!(
            lines("phrasings.en", "who, if anyone?\r\n\r\n  what \n").unwrap(),
            ["who, if anyone?", "what"]
        );
        assert_eq!(
            ids("sources", "s1, s2;s3\ns4").unwrap(),
            ["s1", "s2", "s3", "s4"]
        );
        assert_eq!(
            ids(
                "sources",
                "s1 s2\nhttps://a.example/b The Gazette: Two, become one"
            )
            .unwrap(),
            [
                "s1",
                "s2",
                "https://a.example/b The Gazette: Two, become one"
            ]
        );
        assert_eq!(flag("gap", " Oui\n"), Ok(true));
        assert!(flag("gap", "maybe").is_err());
    }
}
