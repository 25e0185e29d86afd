//! Messages as a chat shows them, for documents: who wrote, the text with its markup, the buttons.
//!
//! Understands the markup that our own messages use (bold, small print, links, lists, escapes), not
//! all there is. The look is a dark chat's in general, no particular program's.

use crate::lang::Lang;

use super::lettering::{Style, Weight, printable};
use super::svg::{Anchor, Rect, Svg};

const WIDTH: f32 = 640.0;
/// Space between the border and what is inside.
const PADDING: f32 = 20.0;
/// Radius of the disc beside a message.
const DISC: f32 = 20.0;
/// Where text begins.
const LEFT: f32 = PADDING + 2.0 * DISC + 16.0;
/// Space between messages.
const POST_GAP: f32 = 22.0;
/// Space left of the words of a list.
const BULLET: f32 = 16.0;
/// Height of a button, and the space around it and beside its label.
const BUTTON: f32 = 34.0;
const BUTTON_GAP: f32 = 8.0;
const BUTTON_PADDING: f32 = 14.0;

const GROUND: &str = "#313338";
const TEXT: &str = "#dbdee1";
const QUIET: &str = "#a3a9b3";
const OURS: &str = "#0f766e";
const THEIRS: &str = "#8b5cf6";

const NAME: Style = Style {
    size: 16.0,
    weight: Weight::SemiBold,
    colour: "#f2f3f5",
};
const BADGE: Style = Style {
    size: 11.0,
    weight: Weight::SemiBold,
    colour: "#ffffff",
};
const BODY: Style = Style {
    size: 16.0,
    weight: Weight::Regular,
    colour: TEXT,
};
const SMALL: Style = Style {
    size: 13.0,
    weight: Weight::Regular,
    colour: QUIET,
};
const LINK: &str = "#4db8ff";
const MENTION: &str = "#b9c0ff";
const LABEL: Style = Style {
    size: 14.0,
    weight: Weight::SemiBold,
    colour: "#ffffff",
};

/// A message.
#[derive(Debug)]
pub(crate) struct Post {
    /// Who wrote it.
    pub(crate) who: String,
    /// Whether that is the bot.
    pub(crate) ours: bool,
    /// Its text, with markup when it is ours.
    pub(crate) text: String,
    /// Rows of buttons below it: label and ground.
    pub(crate) buttons: Vec<Vec<(String, &'static str)>>,
}

/// Letters of one look.
#[derive(Debug, Clone)]
struct Run {
    text: String,
    style: Style,
}

/// What stands between two spaces.
type Word = Vec<Run>;

/// A line of the text as written; it may take several on the picture.
struct Paragraph {
    words: Vec<Word>,
    style: Style,
    bullet: bool,
}

/// A line on the picture.
struct Line {
    words: Vec<Word>,
    style: Style,
    indent: f32,
    bullet: bool,
}

/// Draws messages one below the other.
pub(crate) fn draw(posts: &[Post], lang: Lang) -> Svg {
    let texts: Vec<Vec<Line>> = posts.iter().map(|post| post.lines(lang)).collect();
    let heights = posts
        .iter()
        .zip(&texts)
        .map(|(post, text)| post.height(text));
    let height = 2.0 * PADDING - POST_GAP + heights.map(|height| height + POST_GAP).sum::<f32>();
    let mut svg = Svg::new(WIDTH, height.max(1.0));
    let ground = Rect {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
        height,
    };
    svg.rect(ground, 12.0, format_args!(r#"fill="{GROUND}""#));
    let mut top = PADDING;
    for (post, text) in posts.iter().zip(&texts) {
        post.draw(&mut svg, text, top, lang);
        top += post.height(text) + POST_GAP;
    }
    svg
}

impl Post {
    fn lines(&self, lang: Lang) -> Vec<Line> {
        self.text
            .lines()
            .map(|line| paragraph(line, self.ours, lang))
            .flat_map(Paragraph::broken)
            .collect()
    }

    fn height(&self, text: &[Line]) -> f32 {
        let text: f32 = text.iter().map(Line::height).sum();
        24.0 + text + self.buttons.len() as f32 * (BUTTON + BUTTON_GAP)
    }

    fn draw(&self, svg: &mut Svg, text: &[Line], top: f32, lang: Lang) {
        let who = printable(&self.who, lang);
        let disc = if self.ours { OURS } else { THEIRS };
        let centre = (PADDING + DISC, top + DISC);
        svg.circle(centre, DISC, format_args!(r#"fill="{disc}""#));
        let initial: String = who.chars().take(1).collect();
        let place = (centre.0 - NAME.width(&initial) / 2.0, centre.1 + 5.8);
        svg.text(place, Anchor::Start, NAME, &initial);
        svg.text((LEFT, top + 15.0), Anchor::Start, NAME, &who);
        if self.ours {
            let badge = Rect {
                x: LEFT + NAME.width(&who) + 7.0,
                y: top + 2.0,
                width: BADGE.width("APP") + 10.0,
                height: 16.0,
            };
            svg.rect(badge, 4.0, format_args!(r##"fill="#5865f2""##));
            svg.text((badge.x + 5.0, badge.y + 12.0), Anchor::Start, BADGE, "APP");
        }
        let mut y = top + 24.0;
        for line in text {
            line.draw(svg, y);
            y += line.height();
        }
        for row in &self.buttons {
            y += BUTTON_GAP;
            let mut x = LEFT;
            for (label, ground) in row {
                let room = WIDTH - PADDING - x - 2.0 * BUTTON_PADDING;
                let label = LABEL.fit(&printable(label, lang), room);
                let button = Rect {
                    x,
                    y,
                    width: LABEL.width(&label) + 2.0 * BUTTON_PADDING,
                    height: BUTTON,
                };
                svg.rect(button, 8.0, format_args!(r#"fill="{ground}""#));
                let place = (x + BUTTON_PADDING, y + BUTTON / 2.0 + 5.0);
                svg.text(place, Anchor::Start, LABEL, &label);
                x += button.width + BUTTON_GAP;
            }
            y += BUTTON;
        }
    }
}

impl Paragraph {
    /// The lines it takes.
    fn broken(self) -> Vec<Line> {
        let indent = if self.bullet { BULLET } else { 0.0 };
        let room = WIDTH - PADDING - LEFT - indent;
        let space = self.style.width(" ");
        let mut lines = vec![Line {
            words: Vec::new(),
            style: self.style,
            indent,
            bullet: self.bullet,
        }];
        let mut used = 0.0;
        for word in self.words {
            let width: f32 = word.iter().map(|run| run.style.width(&run.text)).sum();
            match lines.last_mut() {
                Some(line) if line.words.is_empty() || used + space + width <= room => {
                    used += width + if line.words.is_empty() { 0.0 } else { space };
                    line.words.push(word);
                }
                _ => {
                    used = width;
                    lines.push(Line {
                        words: vec![word],
                        style: self.style,
                        indent,
                        bullet: false,
                    });
                }
            }
        }
        lines
    }
}

impl Line {
    fn height(&self) -> f32 {
        (self.style.size * 1.4).round()
    }

    fn draw(&self, svg: &mut Svg, top: f32) {
        let baseline = top + self.style.size * 1.05;
        if self.bullet {
            let place = (LEFT + 5.0, baseline - self.style.size * 0.32);
            svg.circle(place, 2.5, format_args!(r#"fill="{TEXT}""#));
        }
        let mut x = LEFT + self.indent;
        for Run { text, style } in self.runs() {
            svg.text((x, baseline), Anchor::Start, style, &text);
            x += style.width(&text);
        }
    }

    /// The words with the spaces between them, in as few runs as there are looks: letters are set
    /// closer together within a run.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            for (within, run) in word.iter().enumerate() {
                let space = if at > 0 && within == 0 { " " } else { "" };
                match runs.last_mut() {
                    Some(last) if last.style == run.style => {
                        last.text.push_str(space);
                        last.text.push_str(&run.text);
                    }
                    last => {
                        if let Some(last) = last {
                            // A space at the end of a text would be dropped.
                            last.text
                                .push_str(if space.is_empty() { "" } else { "\u{a0}" });
                        }
                        runs.push(run.clone());
                    }
                }
            }
        }
        runs
    }
}

/// Reads a line with its markup.
fn paragraph(line: &str, markup: bool, lang: Lang) -> Paragraph {
    let (style, rest) = match line.strip_prefix("-# ") {
        Some(rest) if markup => (SMALL, rest),
        _ => (BODY, line),
    };
    let (bullet, rest) = match rest.strip_prefix("- ") {
        Some(rest) if markup => (true, rest),
        _ => (false, rest),
    };
    let runs = if markup {
        runs(rest, style)
    } else {
        let mention = |word: &str| Run {
            text: word.to_owned(),
            style: Style {
                colour: if word.starts_with('@') { MENTION } else { TEXT },
                ..style
            },
        };
        rest.split_inclusive(' ').map(mention).collect()
    };
    Paragraph {
        words: words(&runs, lang),
        style,
        bullet,
    }
}

/// Cuts a line where its look changes, and takes the markup away.
fn runs(line: &str, style: Style) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut now = style;
    let mut rest = line;
    let mut end = |run: &mut String, style| {
        if !run.is_empty() {
            runs.push(Run {
                text: std::mem::take(run),
                style,
            });
        }
    };
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**") {
            end(&mut run, now);
            now.weight = match now.weight {
                Weight::Regular => Weight::SemiBold,
                Weight::SemiBold => Weight::Regular,
            };
            rest = after;
        } else if c == '[' {
            end(&mut run, now);
            now.colour = LINK;
            rest = &rest[1..];
        } else if let Some((_, after)) = rest
            .strip_prefix("](<")
            .and_then(|address| address.split_once(">)"))
        {
            end(&mut run, now);
            now.colour = style.colour;
            rest = after;
        } else {
            let escaped = rest
                .strip_prefix('\\')
                .and_then(|after| after.chars().next());
            run.push(escaped.unwrap_or(c));
            rest = &rest[escaped.map_or(0, |_| 1) + escaped.unwrap_or(c).len_utf8()..];
        }
    }
    end(&mut run, now);
    runs
}

/// Puts together what stands between spaces.
fn words(runs: &[Run], lang: Lang) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut glue = false;
    for run in runs {
        let text = printable(&run.text, lang);
        if run.text.starts_with(char::is_whitespace) {
            glue = false;
        }
        for part in text.split(' ').filter(|part| !part.is_empty()) {
            let piece = Run {
                text: part.to_owned(),
                style: run.style,
            };
            match words.last_mut() {
                Some(word) if glue => word.push(piece),
                _ => words.push(vec![piece]),
            }
            glue = false;
        }
        glue = !run.text.ends_with(char::is_whitespace);
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::picture::to_png;

    fn post(text: &str) -> Post {
        Post {
            who: "Bot".to_owned(),
            ours: true,
            text: text.to_owned(),
            buttons: vec![vec![("Sources".to_owned(), "#4e5058")]],
        }
    }

    #[test]
    fn markup_becomes_looks_and_escapes_become_letters() {
        let line = paragraph(
            r"-# see [A \[b\]](<https://example.org/>), **now** 2\*2",
            true,
            Lang::En,
        );
        let looks: Vec<Vec<(&str, &str)>> = line
            .words
            .iter()
            .map(|word| {
                word.iter()
                    .map(|run| (run.text.as_str(), run.style.colour))
                    .collect()
            })
            .collect();
        assert_eq!(
            looks,
            [
                vec![("see", QUIET)],
                vec![("A", LINK)],
                vec![("[b]", LINK), (",", QUIET)],
                vec![("now", QUIET)],
                vec![("2*2", QUIET)],
            ]
        );
        assert_eq!(line.words[3][0].style.weight, Weight::SemiBold);
        assert!((line.style.size - SMALL.size).abs() < f32::EPSILON);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn any_text_can_be_drawn(text in any::<String>()) {
            prop_assert!(to_png(&draw(&[post(&text)], Lang::Fr)).is_ok());
        }
    }
}
