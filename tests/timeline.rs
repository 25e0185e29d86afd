//! `timeline`: the drawn timeline as a file.

use std::sync::LazyLock;

use crate::support::{Project, Ran};

/// What every PNG file begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

static SMALL: LazyLock<Project> = LazyLock::new(Project::small);

/// Draws to a file of this name; gives how that ended and what the file begins with.
fn draw(name: &str, arguments: &[&str]) -> (Ran, Vec<u8>) {
    let mut all = vec!["timeline", "--output", name];
    all.extend(arguments);
    let ran = SMALL.run(&all);
    let mut file = std::fs::read(SMALL.path().join(name)).unwrap_or_default();
    file.truncate(PNG.len());
    (ran, file)
}

#[test]
fn timeline_is_drawn_and_told() {
    let (ran, file) = draw("all.png", &[]);
    assert_eq!((ran.code, file.as_slice()), (0, PNG), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "Drawn timeline. History of Ostinato:\nMarch 1998: Fugato is founded\n2 May 2011: Ostinato is founded\n"
    );
}

#[test]
fn timeline_of_a_period_holds_that_period_in_the_language_asked_for() {
    let (ran, file) = draw("2011.png", &["--lang", "fr", "2011"]);
    assert_eq!((ran.code, file.as_slice()), (0, PNG), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "Frise chronologique. Histoire d'Ostinato : 2011 :\n2 mai 2011 : Fondation d'Ostinato\n"
    );
}

#[test]
fn picture_needs_the_ending_of_its_kind() {
    let (ran, file) = draw("all.jpg", &[]);
    assert_eq!((ran.code, file.len()), (2, 0), "{}", ran.stdout);
    assert!(ran.stderr.contains("ends in .png"), "{}", ran.stderr);
}

#[test]
fn nothing_to_draw_writes_no_file() {
    for arguments in [["1850"].as_slice(), &["--page", "2"]] {
        let (ran, file) = draw("nothing.png", arguments);
        assert_eq!((ran.code, file.len()), (1, 0), "{arguments:?}");
        assert!(ran.stderr.starts_with("cara-bot: "), "{}", ran.stderr);
    }
}
