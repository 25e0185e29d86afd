//! Starting, stopping, registering commands; and what `doctor` says.

use std::time::Duration;

use crate::support::discord::{Fate, TOKEN, Town};

use super::{ANSWER, QUESTION, town, works};

#[test]
fn commands_are_registered_by_difference_and_stale_ones_removed() {
    let town = Town::new();
    town.change(|world| {
        let id = world.next_id();
        world.commands.push(crate::support::discord::Registered {
            id,
            guild: None,
            body: serde_json::json!({"name": "stale", "description": "of an older bot"}),
        });
    });
    let mut bot = town.bot().starts();
    works(&town, "ada");
    town.moderator("grace").types("/cara-admin status", &[]);
    assert!(!town.member("ada").can_see("stale"));
    let sent = |town: &Town| {
        ["PUT", "POST", "PATCH", "DELETE"]
            .iter()
            .map(|method| town.requests(method, "/applications/").len())
            .sum::<usize>()
    };
    let before = sent(&town);
    bot.restarts();
    works(&town, "ben");
    bot.logs("sent=false");
    assert_eq!(sent(&town), before, "nothing changed, nothing is sent");
}

#[test]
fn stopping_finishes_what_is_in_hand_and_leaves_the_gateway() {
    let (town, mut bot) = town();
    works(&town, "ada");
    town.troubles(
        "POST",
        "/callback",
        1,
        Fate::Slow(Duration::from_millis(800)),
    );
    let pending = town
        .member("ben")
        .begins("/cara ask", &[("question", QUESTION)]);
    town.waits_until("the answer is on its way", |world| {
        let answers = world
            .requests
            .iter()
            .filter(|one| one.path.ends_with("/callback"));
        (answers.count() == 2).then_some(())
    });
    let status = bot.stops();
    assert!(status.success(), "{}", bot.log());
    pending.said().says(&[ANSWER]);
    assert!(
        town.look(|world| world.gateway.sessions.is_empty()),
        "it closed with 1000"
    );
    assert!(bot.log().contains("stopped"), "{}", bot.log());
}

#[test]
fn reload_in_hand_is_finished_before_the_end() {
    let (town, mut bot) = town();
    let grace = town.moderator("grace");
    works(&town, "ada");
    let pending = grace.begins("/cara-admin reload", &[]);
    pending.acknowledged();
    assert!(bot.stops().success());
    pending.said().says(&["golden 15/15"]);
}

#[test]
fn token_comes_from_a_file_too_and_is_in_no_argument() {
    let town = Town::new();
    let setup = town.bot();
    let file = setup.writes("token.txt", &format!("{TOKEN}\n"));
    let bot = setup
        .without("DISCORD_TOKEN")
        .with("DISCORD_TOKEN_FILE", file.display())
        .starts();
    works(&town, "ada");
    if let Some(arguments) = bot.arguments() {
        assert!(!arguments.contains(TOKEN), "{arguments}");
    }
}

#[test]
fn log_is_json_where_that_is_wanted() {
    let town = Town::new();
    let bot = town.bot().with("CARA_LOG", "json").starts();
    works(&town, "ada");
    for line in bot.log().lines() {
        let value: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(value["level"].is_string(), "{line}");
    }
}

#[test]
fn doctor_finds_nothing_wrong_with_a_good_installation() {
    let (town, mut bot) = town();
    works(&town, "ada");
    bot.stops();
    let ran = bot.runs_command(&["doctor"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let application = town.look(|world| world.bot().to_string());
    for part in ["client_id=", &application, "Velden"] {
        assert!(ran.stdout.contains(part), "{part} in\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains(TOKEN));
    // The install link asks for what is needed, and never for everything.
    let permissions: u64 = ran
        .stdout
        .split("permissions=")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_else(|| panic!("{}", ran.stdout));
    assert_eq!(
        permissions & crate::support::discord::permission::ADMINISTRATOR,
        0
    );
    assert_ne!(
        permissions & crate::support::discord::permission::SEND_MESSAGES,
        0
    );
}

#[test]
fn doctor_names_each_fault_with_its_remedy() {
    let town = Town::new();
    for (key, value, part) in [
        ("DISCORD_TOKEN", "a.wrong.token", "token"),
        ("CARA_ADMIN_GUILD", "123456", "CARA_ADMIN_GUILD"),
        ("CARA_MODERATOR_ROLES", "123456", "CARA_MODERATOR_ROLES"),
        ("CARA_KNOWLEDGE", "/nowhere/at/all", "knowledge"),
    ] {
        let ran = town.bot().with(key, value).runs_command(&["doctor"]);
        assert_eq!(ran.code, 1, "{key}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stdout.to_lowercase().contains(&part.to_lowercase()),
            "{key}: {}",
            ran.stdout
        );
    }
    town.offences();
}

#[test]
fn doctor_without_a_token_tells_step_by_step_where_to_get_one_and_how_to_give_it() {
    let town = Town::new();
    let without = town.bot().without("DISCORD_TOKEN");
    for setup in [without, town.bot().with("DISCORD_TOKEN", " ")] {
        let ran = setup.runs_command(&["doctor"]);
        assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
        let mut rest = ran.stdout.as_str();
        for part in [
            "BAD   token",
            "1. open https://discord.com/developers/applications",
            "2. on its page “Bot”",
            "DISCORD_TOKEN",
            "DISCORD_TOKEN_FILE",
            "4. run `cara-bot doctor` again",
            "good  knowledge",
        ] {
            let at = rest.find(part);
            let at = at.unwrap_or_else(|| panic!("no {part:?} in\n{}", ran.stdout));
            rest = &rest[at..];
        }
    }
    let ran = town
        .bot()
        .with("DISCORD_TOKEN_FILE", "/nowhere/token")
        .runs_command(&["doctor"]);
    assert!(ran.stdout.contains("/nowhere/token"), "{}", ran.stdout);
}
