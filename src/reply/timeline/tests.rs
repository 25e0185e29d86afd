//! The timeline seen from outside: what the pixels and the words say of a date.

use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;

use super::*;
use crate::knowledge::diagnostic::Place;
use crate::knowledge::model::Fact;
use crate::lang::Bilingual;
use crate::reply::timeline::chart::{PADDING, WIDTH};
use crate::reply::timeline::ink::{PERIOD, POINT};

/// A chat takes no more by far, and a phone should not wait.
const MAX_PNG_BYTES: usize = 1_000_000;
/// Pixels per unit of length.
const SCALE: u32 = 2;

/// Any date a knowledge file can hold.
pub(super) fn any_date() -> impl Strategy<Value = Date> {
    let point = "[0-9]{4}(-(0[1-9]|1[0-2])(-[0-2][0-9])?)?[~?%]?";
    let written = prop_oneof![
        point.prop_map(|point| point),
        point.prop_map(|point| format!("{point}/..")),
        point.prop_map(|point| format!("../{point}")),
        point.prop_map(|point| format!("{point}/")),
        point.prop_map(|point| format!("/{point}")),
        (point, point).prop_map(|(from, to)| format!("{from}/{to}")),
    ];
    written.prop_filter_map("not a date", |text| text.parse().ok())
}

fn milestone(date: Option<Date>, headline: &str) -> Fact {
    let both = |text: &str| Bilingual {
        en: text.to_owned(),
        fr: text.to_owned(),
    };
    Fact {
        id: "fact".to_owned(),
        subject: None,
        relation: None,
        answer: both("An answer."),
        date,
        event: Some(both(headline)),
        objects: Vec::new(),
        complete: false,
        volatile: false,
        as_of: None,
        review: None,
        inference: false,
        gap: false,
        main: false,
        sources: Vec::new(),
        checked: None,
        phrasings: Bilingual::default(),
        place: Place::whole("facts.toml"),
    }
}

/// A base of nothing but milestones, and all of them.
fn base(facts: Vec<Fact>) -> (Knowledge, Vec<FactIx>) {
    let all = (0..facts.len() as u32).map(FactIx).collect();
    let knowledge = Knowledge {
        facts,
        ..Knowledge::default()
    };
    (knowledge, all)
}

/// The picture of one milestone of this date.
fn pixels(date: &str) -> Pixmap {
    let (knowledge, facts) = base(vec![milestone(Some(date.parse().unwrap()), "")]);
    let picture = draw(&knowledge, &facts, 0, Lang::En, "").unwrap();
    Pixmap::decode_png(&picture.png).unwrap()
}

/// The places of a colour in the rows of the picture: first and last column of its longest run.
fn longest_run(pixels: &Pixmap, colour: &str) -> (u32, u32) {
    let hex = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
    let wanted = (hex(1), hex(3), hex(5));
    let is = |x: u32, y: u32| {
        pixels
            .pixel(x, y)
            .is_some_and(|p| (p.red(), p.green(), p.blue()) == wanted)
    };
    let mut longest = (0, 0);
    for y in 0..pixels.height() {
        let mut start = 0;
        for x in 0..pixels.width() {
            if !is(x, y) {
                start = x + 1;
            } else if x - start > longest.1 - longest.0 {
                longest = (start, x);
            }
        }
    }
    longest
}

fn length((from, to): (u32, u32)) -> u32 {
    to - from + 1
}

#[test]
fn a_year_is_longer_than_a_month_and_a_month_than_a_day() {
    // The same axis for all: the year 2012.
    let [year, month, day] =
        ["2012", "2012-02", "2012-02-20"].map(|date| length(longest_run(&pixels(date), POINT)));
    assert!(year > 10 * month, "{year} {month}");
    assert!(month > 2 * day, "{month} {day}");
    assert!(day > 10, "{day}");
}

#[test]
fn about_a_year_is_solid_in_the_middle_and_fades_on_both_sides() {
    let about = pixels("2012~");
    let (from, to) = longest_run(&about, POINT);
    let third = about.width() / 3;
    assert!(
        from.abs_diff(third) < 30 && to.abs_diff(2 * third) < 30,
        "{from} {to}"
    );
}

#[test]
fn a_period_has_its_own_colour_and_goes_to_the_edge_while_it_lasts() {
    let edge = (WIDTH - PADDING) as u32 * SCALE;
    let closed = longest_run(&pixels("2012/2014"), PERIOD);
    let ongoing = longest_run(&pixels("2012/.."), PERIOD);
    let lost = longest_run(&pixels("2012/"), PERIOD);
    assert!(closed.1.abs_diff(edge) < 4, "{closed:?}");
    assert!(ongoing.1.abs_diff(edge) < 8, "{ongoing:?}");
    assert!(lost.1 < edge - 60, "{lost:?}");
    assert!(length(longest_run(&pixels("2012"), PERIOD)) < 2);
}

#[test]
fn corners_are_transparent_and_the_rest_is_not() {
    let pixels = pixels("2012");
    assert_eq!(pixels.width(), WIDTH as u32 * SCALE);
    let alpha = |x, y| pixels.pixel(x, y).unwrap().alpha();
    assert_eq!(alpha(0, 0), 0);
    assert_eq!(alpha(pixels.width() / 2, pixels.height() / 2), u8::MAX);
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let (knowledge, facts) = base(vec![milestone("2004~".parse().ok(), "It begins")]);
    let [one, other] = [0, 1].map(|_| draw(&knowledge, &facts, 0, Lang::Fr, "Histoire").unwrap());
    assert_eq!(one, other);
}

#[test]
fn long_lists_come_in_pages_that_say_so() {
    let thirteen = vec![milestone("2012".parse().ok(), "It happens"); 13];
    let (knowledge, facts) = base(thirteen);
    let alt = |page, lang| draw(&knowledge, &facts, page, lang, "History").unwrap().alt;
    assert_eq!(pages(facts.len()), 3);
    assert!(
        alt(1, Lang::En).starts_with("Drawn timeline. History (7–12 of 13):\n2012: It happens")
    );
    assert!(alt(2, Lang::Fr).starts_with("Frise chronologique. History (13 sur 13) :\n2012 : It"));
    assert!(matches!(
        draw(&knowledge, &facts, 3, Lang::En, ""),
        Err(TimelineError::NoSuchPage { page: 3, pages: 3 })
    ));
}

#[test]
fn nothing_to_draw_is_an_error_and_so_is_a_fact_of_another_base() {
    let (knowledge, _) = base(vec![milestone(None, "It happens")]);
    let drawn = |facts: &[FactIx]| draw(&knowledge, facts, 0, Lang::En, "").map(|_| ());
    assert!(matches!(drawn(&[]), Err(TimelineError::Empty)));
    assert!(matches!(
        drawn(&[FactIx(7)]),
        Err(TimelineError::NoSuchFact(7))
    ));
    assert!(drawn(&[FactIx(0)]).is_ok());
}

#[test]
fn the_words_for_a_picture_tell_whole_milestones_or_none() {
    let long = format!("It {}", "really ".repeat(60));
    let (knowledge, facts) = base(vec![milestone("2012".parse().ok(), &long); 5]);
    let alt = draw(&knowledge, &facts, 0, Lang::En, "History")
        .unwrap()
        .alt;
    assert!(alt.ends_with("\n… and 3 more"), "{alt}");
}

#[test]
fn dates_are_never_told_more_precisely_than_they_are_known() {
    let (knowledge, facts) = base(vec![
        milestone("2004~".parse().ok(), "A"),
        milestone("2017-02".parse().ok(), "B"),
        milestone(None, "C"),
    ]);
    let alt = |lang| draw(&knowledge, &facts, 0, lang, "X").unwrap().alt;
    assert_eq!(
        alt(Lang::En),
        "Drawn timeline. X:\nabout 2004: A\nFebruary 2017: B\nNo date known: C"
    );
    assert_eq!(
        alt(Lang::Fr),
        "Frise chronologique. X :\nvers 2004 : A\nfévrier 2017 : B\nDate inconnue : C"
    );
}

proptest! {
    // A picture takes a while without optimisation, and the laws are about all of it.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_milestones_make_a_picture(
        milestones in prop::collection::vec((prop::option::of(any_date()), any::<String>()), 1..8),
        title in any::<String>(),
        french in any::<bool>(),
    ) {
        let facts = milestones.iter().map(|(date, headline)| milestone(*date, headline));
        let (knowledge, facts) = base(facts.collect());
        let lang = if french { Lang::Fr } else { Lang::En };
        let picture = draw(&knowledge, &facts, 0, lang, &title);
        let picture = picture.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(picture.png.len() < MAX_PNG_BYTES);
        prop_assert!(utf16(&picture.alt) <= MAX_ALT);
        let pixels = Pixmap::decode_png(&picture.png);
        prop_assert!(pixels.is_ok_and(|pixels| pixels.width() == WIDTH as u32 * SCALE));
    }
}

#[test]
fn a_headline_of_a_megabyte_is_cut_in_no_time() {
    let (knowledge, facts) = base(vec![milestone(None, &"word ".repeat(200_000))]);
    let picture = draw(&knowledge, &facts, 0, Lang::En, "").unwrap();
    assert!(picture.png.len() < MAX_PNG_BYTES && utf16(&picture.alt) <= MAX_ALT);
}
