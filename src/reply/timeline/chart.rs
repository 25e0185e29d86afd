//! The picture of one page: a heading, an axis, a row for each milestone, and a key to the marks.
//!
//! Lengths are CSS pixels of the picture at its natural size, [`WIDTH`] of them across.

use crate::date::Date;
use crate::lang::Lang;
use crate::picture::lettering::{Style, Weight, printable};
use crate::picture::svg::{Anchor, Rect, Svg};
use crate::reply::Words;

use super::Part;
use super::ink::{self, PERIOD, POINT};
use super::key::Key;
use super::mark::{Kind, Mark};
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

/// Colours: dark enough for white pages, apart from dark ones by their border. Text on the ground
/// has a contrast of at least 7 : 1.
pub(super) const GROUND: [&str; 2] = ["#17293b", "#101c29"];
const BORDER: &str = "#3d566e";
pub(super) const GRID: &str = "#2b4259";
const GRID_LINE: &str = "#3f5b76";
const INK: &str = "#f4f8fb";
pub(super) const QUIET: &str = "#a9bccd";

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
        let key = Key::to(&marks, self.lang);

        let axis = PADDING + 30.0;
        let first_row = axis + if scale.is_some() { 30.0 } else { 8.0 };
        let last_row = first_row + rows.iter().map(Set::height).sum::<f32>();
        let height = last_row + key.height() + PADDING - 6.0;

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
        key.draw(&mut svg, last_row);
        svg
    }

    fn set(&self, row: &Row) -> Set {
        let words = Words(self.lang);
        let room = WIDTH - 2.0 * PADDING;
        let date = row.date.map_or_else(
            || words.undated().to_owned(),
            |date| crate::reply::words::capitalised(&date.render(self.lang)),
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
            ink::draw(svg, &mark, |day| scale.x(day), frame, middle);
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
