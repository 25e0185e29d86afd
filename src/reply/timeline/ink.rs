//! A mark as shapes and colours.

use crate::picture::svg::{Rect, Svg};

use super::chart::GROUND;
use super::mark::{Edge, Kind, Mark};

/// The colour of what happened at one time.
pub(super) const POINT: &str = "#4fe0cc";
/// The colour of what went on for a while.
pub(super) const PERIOD: &str = "#ffbd4a";

/// Height of a bar.
const BAR: f32 = 10.0;
/// Height of a period's bar, and of the stops at its ends.
const SPAN_BAR: f32 = 5.0;
const STOP: f32 = 13.0;
/// Width of a stop.
const STOP_WIDTH: f32 = 2.5;
/// Radius of a day's dot.
pub(super) const DOT: f32 = 5.5;
/// The least width of a month, a year and a period, where the axis is too coarse for the true one.
pub(super) const MONTH_WIDTH: f32 = 16.0;
const YEAR_WIDTH: f32 = 26.0;
const SPAN_WIDTH: f32 = 20.0;
/// The least length over which "about" fades.
const FADE: f32 = 16.0;
/// How far a mark goes on when nobody knows how far.
const LOST: f32 = 36.0;
/// Length of an arrow's head.
const HEAD: f32 = 9.0;

/// Draws a mark with its middle at height `y`; `x` places days, `frame` is where drawing ends.
pub(super) fn draw(svg: &mut Svg, mark: &Mark, x: impl Fn(i32) -> f32, frame: (f32, f32), y: f32) {
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
