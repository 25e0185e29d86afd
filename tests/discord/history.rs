//! `/cara history`: text that is complete without the picture, the picture, and paging.

use crate::support::discord::{How, Town};

use super::{town, with_concerts};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

#[test]
fn timeline_is_text_with_a_picture_that_has_alt_text() {
    let (town, _bot) = town();
    let ada = town.member("ada");
    for (locale, command, parts) in [
        (
            "en-GB",
            "/cara history",
            &[
                "March 1998",
                "Fugato is founded",
                "2 May 2011",
                "Ostinato is founded",
                "Our story",
            ],
        ),
        (
            "fr",
            "/cara histoire",
            &[
                "mars 1998",
                "Fondation de Fugato",
                "2 mai 2011",
                "Fondation d'Ostinato",
                "Our story",
            ],
        ),
    ] {
        let said = ada.speaking(locale).types(command, &[]);
        assert!(!said.ephemeral, "{said:?}");
        said.says(parts);
        let [file] = said.files.as_slice() else {
            panic!("one picture, not {:?}", said.files.len());
        };
        assert!(file.bytes.starts_with(PNG), "{}", file.name);
        let alt = file.alt.as_deref().expect("alt text");
        assert!(alt.contains("1998") && alt.contains("2011"), "{alt}");
    }
}

#[test]
fn event_is_opened_from_the_menu_for_who_opens_it() {
    let (town, _bot) = town();
    let said = town.member("ada").types("/cara history", &[]);
    let opened = town.member("ben").chooses(&said, "Fugato is founded");
    assert!(opened.ephemeral, "{opened:?}");
    opened.says(&["Fugato was founded in March 1998."]);
    assert_eq!(opened.how, How::Posted);
}

#[test]
fn long_history_is_paged_forth_and_back_with_a_picture_each() {
    let town = Town::new();
    let _bot = town.bot().with_project(with_concerts()).starts();
    let ada = town.member("ada");
    let first = ada.types("/cara history", &[]);
    first.says(&["March 1998", "Page 1 of"]);
    assert!(first.button("Previous").disabled, "{first:?}");
    let second = ada.clicks(&first, "Next");
    assert_eq!((second.how, second.id()), (How::Updated, first.id()));
    second.says(&["Page 2 of"]);
    second.keeps_quiet_about(&["March 1998"]);
    assert_eq!(
        second.files.len(),
        1,
        "the old picture goes, the new one comes"
    );
    assert_ne!(first.files[0].bytes, second.files[0].bytes);
    let again = ada.clicks(&second, "Previous");
    again.says(&["March 1998", "Page 1 of"]);
    assert_eq!(again.files[0].bytes, first.files[0].bytes);
    let mut last = ada.clicks(&again, "Next");
    while !last.button("Next").disabled {
        last = ada.clicks(&last, "Next");
    }
    last.says(&["June 2025"]);
    assert!(
        last.menus[0]
            .options
            .iter()
            .any(|(label, _)| label.contains("number 14")),
        "{last:?}"
    );
}

#[test]
fn period_narrows_the_timeline_and_nothing_in_it_is_told_in_private() {
    let town = Town::new();
    let _bot = town.bot().with_project(with_concerts()).starts();
    let ada = town.member("ada");
    let said = ada.types("/cara history", &[("period", "2015-2018")]);
    said.says(&["June 2015", "June 2018"]);
    said.keeps_quiet_about(&["2014", "2019"]);
    let said = ada.types("/cara history", &[("period", "1998")]);
    said.says(&["March 1998"]);
    let said = ada.types("/cara history", &[("period", "1850")]);
    assert!(said.ephemeral && said.files.is_empty(), "{said:?}");
    said.says(&["1850"]);
    let said = ada
        .speaking("fr")
        .types("/cara histoire", &[("période", "mai 2011")]);
    said.says(&["2 mai 2011"]);
    // What is no period at all is no reason for silence.
    let said = ada.types(
        "/cara history",
        &[("period", "the good old days @everyone")],
    );
    assert!(said.ephemeral && said.files.is_empty(), "{said:?}");
    said.says(&[
        "I don't understand “the good old days",
        "2015-2018",
        "before 2010",
    ]);
    assert!(!said.pings.everyone);
    let said = ada
        .speaking("fr")
        .types("/cara histoire", &[("période", "le bon vieux temps")]);
    said.says(&["Je ne comprends pas « le bon vieux temps »", "avant 2010"]);
}
