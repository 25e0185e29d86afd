//! The picture of one page: a heading, an axis, a row for each milestone, and a key to the marks.
//!
//! Lengths are CSS pixels of the picture at its natural size, [`WIDTH`] of them across.

use crate::date::Date;
use crate::lang::Lang;
use crate::picture::lettering::{Style, Weight, printable};
use crate::picture::svg::{Anchor, Rect, Svg};
use crate::reply::Words;

use super::Part;
use super::mark::{Edge, Kind, Mark};
use super::scale::{Scale, Tick};

/// Width of the picture. Chats show pictures 300 to 550 pixels wide.
pub(super) const WIDTH: f32 = 460.0;
/// Space between the border and what is inside.
pub(super) const PADDING: f32 = 18.0;
/// Roundness of the corners.
const CORNER: f32 = 16.0;

/// Headlines longer than this many lines are cut; the text beside the picture has them whole.
const HEADLINE_LINES: usize = 2;
/// Height of a line of a headline.
const HEADLINE_HEIGHT: f32 = 21.0;
/// Height of the date above a headline.
const DATE_HEIGHT: f32 = 19.0;
/// Height of the strip that holds a mark.
const STRIP_HEIGHT: f32 = 19.0;
/// Space between rows.
const ROW_GAP: f32 = 13.0;

/// Height of the track under a mark.
const TRACK: f32 = 6.0;
/// Height of a bar.
const BAR: f32 = 10.0;
/// Height of a period's bar, and of the stops at its ends.
const SPAN_BAR: f32 = 5.0;
const STOP: f32 = 13.0;
/// Width of a stop.
const STOP_WIDTH: f32 = 2.5;
/// Radius of a day's dot.
const DOT: f32 = 5.5;
/// The least width of a month, a year and a period, where the axis is too coarse for the true one.
const MONTH_WIDTH: f32 = 16.0;
const YEAR_WIDTH: f32 = 26.0;
const SPAN_WIDTH: f32 = 20.0;
/// The least length over which "about" fades.
const FADE: f32 = 16.0;
/// How far a mark goes on when nobody knows how far.
const LOST: f32 = 36.0;
/// Length of an arrow's head.
const HEAD: f32 = 9.0;

/// Colours: dark enough for white pages, apart from dark ones by their border. Text on the ground
/// has a contrast of at least 7 : 1.
const GROUND: [&str; 2] = ["#17293b", "#101c29"];
const BORDER: &str = "#3d566e";
const GRID: &str = "#2b4259";
const GRID_LINE: &str = "#3f5b76";
const INK: &str = "#f4f8fb";
const QUIET: &str = "#a9bccd";
pub(super) const POINT: &str = "#4fe0cc";
pub(super) const PERIOD: &str = "#ffbd4a";

const TITLE: Style = Style {
    size: 21.0,
    weight: Weight::SemiBold,
    colour: INK,
};
const COUNT: Style = Style {
    size: 14.0,
    weight: Weight::Regular,
    colour: QUIET,
};
const AXIS: Style = Style {
    size: 13.0,
    weight: Weight::Regular,
    colour: QUIET,
};
const AXIS_YEAR: Style = Style {
    weight: Weight::SemiBold,
    ..AXIS
};
const DATE: Style = Style {
    size: 14.5,
    weight: Weight::SemiBold,
    colour: POINT,
};
const DATE_OF_PERIOD: Style = Style {
    colour: PERIOD,
    ..DATE
};
const HEADLINE: Style = Style {
    size: 17.0,
    weight: Weight::SemiBold,
    colour: INK,
};
const KEY: Style = Style {
    size: 13.0,
    weight: Weight::Regular,
    colour: QUIET,
};

/// A milestone.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) date: Option<Date>,
    pub(super) headline: String,
}

/// What is on the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chart<'r> {
    pub(super) title: &'r str,
    pub(super) part: Option<Part>,
    pub(super) rows: &'r [Row],
    pub(super) lang: Lang,
}

/// A row as it will be set.
struct Set {
    mark: Option<Mark>,
    date: String,
    headline: Vec<String>,
}

impl Chart<'_> {
    pub(super) fn draw(&self) -> Svg {
        let left = PADDING;
        let right = WIDTH - PADDING;
        let rows: Vec<Set> = self.rows.iter().map(|row| self.set(row)).collect();
        let marks: Vec<Mark> = rows.iter().filter_map(|row| row.mark).collect();
        let scale = Scale::over(&marks, left, right);
        let key = self.key(&marks);

        let axis = PADDING + 30.0;
        let first_row = axis + if scale.is_some() { 30.0 } else { 8.0 };
        let last_row = first_row + rows.iter().map(Set::height).sum::<f32>();
        let height = last_row + key_height(&key) + PADDING - ROW_GAP;

        let mut svg = Svg::new(WIDTH, height);
        ground(&mut svg, height);
        self.heading(&mut svg);
        let ticks = scale.map_or_else(Vec::new, |scale| scale.ticks(self.lang));
        label(&mut svg, &ticks, axis);
        let mut top = first_row;
        for row in &rows {
            row.draw(&mut svg, scale.as_ref(), &ticks, top);
            top += row.height();
        }
        draw_key(&mut svg, &key, last_row);
        svg
    }

    fn set(&self, row: &Row) -> Set {
        let words = Words(self.lang);
        let room = WIDTH - 2.0 * PADDING;
        let date = row.date.map_or_else(
            || words.undated().to_owned(),
            |date| capitalised(&date.render(self.lang)),
        );
        let headline = printable(&row.headline, self.lang);
        Set {
            mark: row.date.as_ref().map(Mark::of),
            date: DATE.fit(&printable(&date, self.lang), room),
            headline: HEADLINE.wrap(&headline, room, HEADLINE_LINES),
        }
    }

    fn heading(&self, svg: &mut Svg) {
        let baseline = PADDING + 18.0;
        let mut room = WIDTH - 2.0 * PADDING;
        if let Some(part) = self.part {
            let part = Words(self.lang).part(part);
            svg.text((WIDTH - PADDING, baseline), Anchor::End, COUNT, &part);
            room -= COUNT.width(&part) + 14.0;
        }
        let title = TITLE.fit(&printable(self.title, self.lang), room);
        svg.text((PADDING, baseline), Anchor::Start, TITLE, &title);
    }

    /// A sample of each kind of mark on this page, with its word.
    fn key(&self, marks: &[Mark]) -> Vec<(Mark, &'static str)> {
        let words = Words(self.lang);
        let (sharp, faded) = (
            Edge::Sharp,
            Edge::Faded {
                solid: SAMPLE / 3,
                gone: 0,
            },
        );
        let faded_end = Edge::Faded {
            solid: SAMPLE - SAMPLE / 3,
            gone: SAMPLE,
        };
        let sample = |kind, from, to| Mark {
            kind,
            from,
            to,
            uncertain: false,
        };
        let whole = |kind| sample(kind, sharp(0), sharp(SAMPLE));
        let on_page = |kind| move |mark: &Mark| mark.kind == kind && !mark.is_faded();
        let closed = |mark: &Mark| !mark.from.goes_on() && !mark.to.goes_on();
        let open = |edge| matches!(edge, Edge::Open(_));
        let lost = |edge| matches!(edge, Edge::Lost(_));
        let entries = [
            (
                marks.iter().any(|mark| mark.kind == Kind::Day),
                whole(Kind::Day),
                words.legend_day(),
            ),
            (
                marks.iter().any(on_page(Kind::Month)),
                whole(Kind::Month),
                words.legend_month(),
            ),
            (
                marks.iter().any(on_page(Kind::Year)),
                whole(Kind::Year),
                words.legend_year(),
            ),
            (
                marks.iter().any(Mark::is_faded),
                sample(Kind::Year, faded, faded_end),
                words.legend_about(),
            ),
            (
                marks.iter().any(|mark| mark.uncertain),
                Mark {
                    uncertain: true,
                    ..whole(Kind::Year)
                },
                words.legend_uncertain(),
            ),
            (
                marks
                    .iter()
                    .any(|mark| mark.kind == Kind::Span && closed(mark)),
                whole(Kind::Span),
                words.legend_span(),
            ),
            (
                marks.iter().any(|mark| open(mark.to)),
                sample(Kind::Span, sharp(0), Edge::Open(0)),
                words.legend_ongoing(),
            ),
            (
                marks.iter().any(|mark| open(mark.from)),
                sample(Kind::Span, Edge::Open(SAMPLE), sharp(SAMPLE)),
                words.legend_before(),
            ),
            (
                marks.iter().any(|mark| lost(mark.from) || lost(mark.to)),
                sample(Kind::Span, sharp(0), Edge::Lost(SAMPLE / 3)),
                words.legend_lost(),
            ),
        ];
        entries
            .into_iter()
            .filter(|(there, ..)| *there)
            .map(|(_, mark, word)| (mark, word))
            .collect()
    }
}

impl Set {
    /// From the top of this row to the top of the next.
    fn height(&self) -> f32 {
        let strip = if self.mark.is_some() {
            STRIP_HEIGHT
        } else {
            0.0
        };
        DATE_HEIGHT + HEADLINE_HEIGHT * self.headline.len() as f32 + strip + ROW_GAP
    }

    fn draw(&self, svg: &mut Svg, scale: Option<&Scale>, ticks: &[Tick], top: f32) {
        let style = match self.mark {
            Some(mark) if mark.kind == Kind::Span => DATE_OF_PERIOD,
            Some(_) => DATE,
            None => Style {
                colour: QUIET,
                ..DATE
            },
        };
        let mut baseline = top + 14.0;
        svg.text((PADDING, baseline), Anchor::Start, style, &self.date);
        for line in &self.headline {
            baseline += HEADLINE_HEIGHT;
            svg.text((PADDING, baseline), Anchor::Start, HEADLINE, line);
        }
        if let (Some(mark), Some(scale)) = (self.mark, scale) {
            let middle = baseline + 7.0 + STRIP_HEIGHT / 2.0;
            track(svg, ticks, middle);
            let frame = (PADDING, WIDTH - PADDING);
            draw_mark(svg, &mark, |day| scale.x(day), frame, middle);
        }
    }
}

/// The labels of the axis, with a stroke from each to the track of the first row.
fn label(svg: &mut Svg, ticks: &[Tick], top: f32) {
    for tick in ticks {
        let style = if tick.year { AXIS_YEAR } else { AXIS };
        if tick.x + 5.0 + style.width(&tick.label) <= WIDTH - PADDING {
            svg.lines(
                &[(tick.x, top + 3.0), (tick.x, top + 18.0)],
                format_args!(r#"stroke="{GRID_LINE}" stroke-width="1""#),
            );
            let place = (tick.x + 5.0, top + 15.0);
            svg.text(place, Anchor::Start, style, &tick.label);
        }
    }
}

/// The track a mark lies on: time from edge to edge, with the strokes of the axis.
fn track(svg: &mut Svg, ticks: &[Tick], y: f32) {
    let ground = Rect {
        x: PADDING,
        y: y - TRACK / 2.0,
        width: WIDTH - 2.0 * PADDING,
        height: TRACK,
    };
    svg.rect(
        ground,
        TRACK / 2.0,
        format_args!(r#"fill="{GRID}" fill-opacity="0.6""#),
    );
    for tick in ticks {
        svg.lines(
            &[
                (tick.x, y - TRACK / 2.0 - 2.0),
                (tick.x, y + TRACK / 2.0 + 2.0),
            ],
            format_args!(r#"stroke="{GRID_LINE}" stroke-width="1""#),
        );
    }
}

/// The card everything stands on.
fn ground(svg: &mut Svg, height: f32) {
    let fill = svg.gradient(true, &[(0.0, GROUND[0], 1.0), (1.0, GROUND[1], 1.0)]);
    let card = Rect {
        x: 0.75,
        y: 0.75,
        width: WIDTH - 1.5,
        height: height - 1.5,
    };
    svg.rect(
        card,
        CORNER,
        format_args!(r#"fill="{fill}" stroke="{BORDER}" stroke-width="1.5""#),
    );
}

/// Draws a mark with its middle at height `y`; `x` places days, `frame` is where drawing ends.
fn draw_mark(svg: &mut Svg, mark: &Mark, x: impl Fn(i32) -> f32, frame: (f32, f32), y: f32) {
    // Where the mark is fully there, and where it is gone.
    let (mut from, mut gone_from) = match mark.from {
        Edge::Sharp(day) => (x(day), x(day)),
        Edge::Faded { solid, gone } => (x(solid), x(gone).min(x(solid) - FADE)),
        Edge::Open(_) => (frame.0 + HEAD, frame.0 + HEAD),
        Edge::Lost(day) => (x(day), x(day) - LOST),
    };
    let (mut to, mut gone_to) = match mark.to {
        Edge::Sharp(day) => (x(day), x(day)),
        Edge::Faded { solid, gone } => (x(solid), x(gone).max(x(solid) + FADE)),
        Edge::Open(_) => (frame.1 - HEAD, frame.1 - HEAD),
        Edge::Lost(day) => (x(day), x(day) + LOST),
    };
    let least = match mark.kind {
        Kind::Day => 2.0 * DOT,
        Kind::Month => MONTH_WIDTH,
        Kind::Year => YEAR_WIDTH,
        Kind::Span => SPAN_WIDTH,
    };
    let widen = (least - (to - from)).max(0.0) / 2.0;
    (from, gone_from) = (from - widen, gone_from - widen);
    (to, gone_to) = (to + widen, gone_to + widen);
    // A mark at the edge is moved inside, and fades within what is left.
    let shift = (frame.0 - from).max(0.0) - (to - frame.1).max(0.0);
    let (from, to) = (from + shift, to + shift);
    let gone_from = (gone_from + shift).max(frame.0);
    let gone_to = (gone_to + shift).min(frame.1);

    let colour = match mark.kind {
        Kind::Span => PERIOD,
        _ => POINT,
    };
    let fades = gone_from < from || gone_to > to;
    if mark.kind != Kind::Day || fades {
        let height = if mark.kind == Kind::Span {
            SPAN_BAR
        } else {
            BAR
        };
        let bar = Rect {
            x: gone_from,
            y: y - height / 2.0,
            width: gone_to - gone_from,
            height,
        };
        if fades {
            let at = |place: f32| (place - gone_from) / (gone_to - gone_from).max(1.0);
            let full = if mark.uncertain { 0.5 } else { 1.0 };
            let fading = |yes: bool| if yes { 0.0 } else { full };
            let fill = svg.gradient(
                false,
                &[
                    (0.0, colour, fading(gone_from < from)),
                    (at(from), colour, full),
                    (at(to), colour, full),
                    (1.0, colour, fading(gone_to > to)),
                ],
            );
            svg.rect(bar, 0.0, format_args!(r#"fill="{fill}""#));
        } else if mark.uncertain {
            svg.rect(
                bar,
                height / 2.0,
                format_args!(
                    r#"fill="{colour}" fill-opacity="0.25" stroke="{colour}" stroke-width="1.5" stroke-dasharray="4 3""#
                ),
            );
        } else {
            let radius = if mark.kind == Kind::Span {
                1.0
            } else {
                height / 2.0
            };
            svg.rect(bar, radius, format_args!(r#"fill="{colour}""#));
        }
    }
    if mark.kind == Kind::Day {
        let paint = if mark.uncertain {
            format!(r#"fill="{}" stroke="{colour}" stroke-width="2""#, GROUND[1])
        } else {
            format!(r#"fill="{colour}""#)
        };
        svg.circle(((from + to) / 2.0, y), DOT, format_args!("{paint}"));
    }
    if mark.kind == Kind::Span {
        end(svg, mark.from, from, -1.0, y);
        end(svg, mark.to, to, 1.0, y);
    }
}

/// The end of a period: a stop, an arrow pointing in `direction`, or nothing where it fades.
fn end(svg: &mut Svg, edge: Edge, x: f32, direction: f32, y: f32) {
    let paint = format_args!(r#"fill="{PERIOD}""#);
    match edge {
        Edge::Sharp(_) => {
            let stop = Rect {
                x: x - STOP_WIDTH / 2.0 - direction * STOP_WIDTH / 2.0,
                y: y - STOP / 2.0,
                width: STOP_WIDTH,
                height: STOP,
            };
            svg.rect(stop, 1.0, paint);
        }
        Edge::Open(_) => {
            let half = STOP / 2.0;
            svg.lines(
                &[(x, y - half), (x + direction * HEAD, y), (x, y + half)],
                paint,
            );
        }
        Edge::Faded { .. } | Edge::Lost(_) => {}
    }
}

/// Days a sample in the key stands for; only their proportion matters.
const SAMPLE: i32 = 300;
/// Space between the entries of the key, and height of its lines.
const KEY_GAP: f32 = 16.0;
const KEY_HEIGHT: f32 = 22.0;

/// Width of the sample of a mark.
fn sample_width(mark: &Mark) -> f32 {
    match mark.kind {
        Kind::Day => 2.0 * DOT,
        Kind::Month => MONTH_WIDTH,
        Kind::Year if mark.is_faded() => 44.0,
        Kind::Year => 28.0,
        Kind::Span => 34.0,
    }
}

/// Where each entry of the key stands: left edge and line.
fn key_places(key: &[(Mark, &str)]) -> Vec<(f32, usize)> {
    let (mut x, mut line) = (PADDING, 0);
    key.iter()
        .map(|(mark, word)| {
            let width = sample_width(mark) + 6.0 + KEY.width(word);
            if x > PADDING && x + width > WIDTH - PADDING {
                (x, line) = (PADDING, line + 1);
            }
            let place = (x, line);
            x += width + KEY_GAP;
            place
        })
        .collect()
}

fn key_height(key: &[(Mark, &str)]) -> f32 {
    key_places(key)
        .last()
        .map_or(0.0, |(_, line)| (line + 1) as f32 * KEY_HEIGHT + 12.0)
}

fn draw_key(svg: &mut Svg, key: &[(Mark, &str)], top: f32) {
    if !key.is_empty() {
        svg.lines(
            &[(PADDING, top), (WIDTH - PADDING, top)],
            format_args!(r#"stroke="{GRID}" stroke-width="1""#),
        );
    }
    for ((mark, word), (left, line)) in key.iter().zip(key_places(key)) {
        let middle = top + 12.0 + KEY_HEIGHT / 2.0 + line as f32 * KEY_HEIGHT - 4.0;
        let width = sample_width(mark);
        let x = |day: i32| left + width * day as f32 / SAMPLE as f32;
        draw_mark(svg, mark, x, (left, left + width), middle);
        let place = (left + width + 6.0, middle + 4.5);
        svg.text(place, Anchor::Start, KEY, word);
    }
}

/// The text with a capital at its start, for a date that stands alone: "About 2004".
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
