//! A question as words, numbers and marks, folded, with byte spans.
//!
//! Only what dates need: white space and apostrophes separate and disappear (`jusqu'en` is two
//! words), a word ends where digits start (`21st`, `nov2017`), dashes of all lengths are one mark.

use std::ops::Range;

/// A piece of a question.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Half-open byte offsets into the text.
    pub(super) span: Range<usize>,
}

/// What kind of piece, and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, in lower case and without accents.
    Word(String),
    /// ASCII digits, as written.
    Number(String),
    /// Any other character.
    Mark(char),
}

/// The tokens of `text`, in order.
pub(super) fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (start, c) in text.char_indices() {
        let span = start..start + c.len_utf8();
        let glued = tokens.last_mut().filter(|token| token.span.end == start);
        match (glued, c) {
            (_, c) if c.is_whitespace() || is_apostrophe(c) => {}
            // A combining accent belongs to the letter before it and says nothing more.
            (
                Some(Token {
                    kind: Kind::Word(_),
                    span,
                }),
                '\u{300}'..='\u{36f}',
            ) => {
                span.end += c.len_utf8();
            }
            (
                Some(Token {
                    kind: Kind::Number(digits),
                    span,
                }),
                '0'..='9',
            ) => {
                digits.push(c);
                span.end += 1;
            }
            (_, '0'..='9') => tokens.push(Token {
                kind: Kind::Number(c.to_string()),
                span,
            }),
            (
                Some(Token {
                    kind: Kind::Word(word),
                    span,
                }),
                c,
            ) if c.is_alphabetic() => {
                fold(c, word);
                span.end += c.len_utf8();
            }
            (_, c) if c.is_alphabetic() => {
                let mut word = String::new();
                fold(c, &mut word);
                tokens.push(Token {
                    kind: Kind::Word(word),
                    span,
                });
            }
            (_, '‐'..='―' | '−') => tokens.push(Token {
                kind: Kind::Mark('-'),
                span,
            }),
            (_, c) => tokens.push(Token {
                kind: Kind::Mark(c),
                span,
            }),
        }
    }
    tokens
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// Lower case without the accents of French; other letters pass as they are.
fn fold(c: char, word: &mut String) {
    for c in c.to_lowercase() {
        word.push(match c {
            'à' | 'â' | 'ä' | 'á' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'ᵉ' => 'e',
            'î' | 'ï' | 'í' => 'i',
            'ô' | 'ö' | 'ó' => 'o',
            'û' | 'ù' | 'ü' | 'ú' => 'u',
            'ç' => 'c',
            'ʳ' => 'r',
            c => c,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_marks_part() {
        for (text, expected) in [
            ("Jusqu’en ÉTÉ", "jusqu en ete"),
            ("e\u{301}te\u{301} 2014", "ete 2014"),
            ("21st, 2017–18", "21 st , 2017 - 18"),
            ("1ᵉʳ août", "1 er aout"),
            ("2000's", "2000 s"),
        ] {
            let tokens = tokenize(text);
            let shown: Vec<String> = tokens
                .iter()
                .map(|token| match &token.kind {
                    Kind::Word(text) | Kind::Number(text) => text.clone(),
                    Kind::Mark(mark) => mark.to_string(),
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
    }
}
