//! A drawing as SVG text: few shapes, numbers rounded, every word escaped.

use std::fmt::{self, Write as _};

use super::lettering::{FAMILY, Style};

/// An SVG document that grows shape by shape, later ones over earlier ones.
#[derive(Debug)]
pub(crate) struct Svg {
    width: f32,
    height: f32,
    defs: String,
    body: String,
    gradients: usize,
}

/// A rectangle: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Which end of a text stands at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    End,
}

/// A colour with its opacity (0–1) at an offset (0–1) of a gradient.
pub(crate) type Stop<'c> = (f32, &'c str, f32);

impl Svg {
    pub(crate) fn new(width: f32, height: f32) -> Svg {
        Svg {
            width,
            height,
            defs: String::new(),
            body: String::new(),
            gradients: 0,
        }
    }

    /// A text on one line with its baseline at `y`.
    pub(crate) fn text(&mut self, (x, y): (f32, f32), anchor: Anchor, style: Style, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::End => "end",
        };
        let Style {
            size,
            weight,
            colour,
        } = style;
        self.push(format_args!(
            r#"<text x="{x:.2}" y="{y:.2}" text-anchor="{anchor}" font-family="{FAMILY}" font-size="{size:.2}" font-weight="{}" fill="{colour}">{}</text>"#,
            weight.css(),
            Escaped(text),
        ));
    }

    /// A rectangle with rounded corners; `paint` is its attributes.
    pub(crate) fn rect(&mut self, rect: Rect, radius: f32, paint: fmt::Arguments<'_>) {
        let Rect {
            x,
            y,
            width,
            height,
        } = rect;
        self.push(format_args!(
            r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" rx="{radius:.2}" {paint}/>"#
        ));
    }

    pub(crate) fn circle(&mut self, (x, y): (f32, f32), radius: f32, paint: fmt::Arguments<'_>) {
        self.push(format_args!(
            r#"<circle cx="{x:.2}" cy="{y:.2}" r="{radius:.2}" {paint}/>"#
        ));
    }

    /// A path through points, as straight lines.
    pub(crate) fn lines(&mut self, points: &[(f32, f32)], paint: fmt::Arguments<'_>) {
        let mut path = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(path, "{}{x:.2} {y:.2}", if at == 0 { "M" } else { "L" });
        }
        self.push(format_args!(r#"<path d="{path}" {paint}/>"#));
    }

    /// A gradient from left to right (or top to bottom) of whatever is painted with it; gives the
    /// paint's name.
    pub(crate) fn gradient(&mut self, vertical: bool, stops: &[Stop<'_>]) -> String {
        let name = format!("g{}", self.gradients);
        self.gradients += 1;
        let (x, y) = if vertical { (0, 1) } else { (1, 0) };
        let _ = write!(
            self.defs,
            r#"<linearGradient id="{name}" x1="0" y1="0" x2="{x}" y2="{y}">"#
        );
        for (offset, colour, opacity) in stops {
            let _ = write!(
                self.defs,
                r#"<stop offset="{offset:.4}" stop-color="{colour}" stop-opacity="{opacity:.2}"/>"#
            );
        }
        self.defs.push_str("</linearGradient>\n");
        format!("url(#{name})")
    }

    fn push(&mut self, element: fmt::Arguments<'_>) {
        let _ = writeln!(self.body, "{element}");
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Svg {
            width,
            height,
            defs,
            body,
            ..
        } = self;
        write!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.2}\" height=\"{height:.2}\" viewBox=\"0 0 {width:.2} {height:.2}\">\n<defs>\n{defs}</defs>\n{body}</svg>\n"
        )
    }
}

/// Text with the characters that mean something in XML written as entities, and without those that
/// XML 1.0 forbids.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use resvg::usvg::roxmltree;

    use super::*;
    use crate::picture::lettering::Weight;

    fn drawn(text: &str) -> String {
        let style = Style {
            size: 10.0,
            weight: Weight::Regular,
            colour: "#fff",
        };
        let mut svg = Svg::new(100.0, 20.0);
        svg.text((0.0, 10.0), Anchor::Start, style, text);
        svg.to_string()
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        let svg = drawn(r#"</text><image href="file:///etc/passwd"/>&amp;'"#);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let text = document.descendants().find(|n| n.has_tag_name("text"));
        assert_eq!(
            text.and_then(|text| text.text()),
            Some(r#"</text><image href="file:///etc/passwd"/>&amp;'"#)
        );
        assert!(!document.descendants().any(|n| n.has_tag_name("image")));
    }

    proptest! {
        #[test]
        fn any_text_makes_valid_xml(text in any::<String>()) {
            let svg = drawn(&text);
            prop_assert!(roxmltree::Document::parse(&svg).is_ok());
        }
    }
}
