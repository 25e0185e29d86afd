//! Two bots that serve one base: its documents live in a database that both use.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::SMALL;
use crate::support::discord::{Bot, Person, Said, Town};
use crate::support::postgres::{self, Postgres};

use super::editing::{answers_otherwise, edits};
use super::teaching::confirms;
use super::{ANSWER, NOBODY_KNOWS, QUESTION, works};

/// How long the other bot may go on with what was served before.
const FOLLOWED: Duration = Duration::from_secs(2);
const EDITED: &str = "Fugato was founded in March 1998 in a kitchen.";

/// A bot and those who talk with it. Each has a service of its own: what they share is the database.
struct Replica {
    town: Town,
    bot: Bot,
}

impl Replica {
    fn starts(url: &str) -> Replica {
        let town = Town::new();
        let bot = town
            .bot()
            .with("DATABASE_URL", url)
            .with("CARA_KNOWLEDGE", "database")
            .starts();
        Replica { town, bot }
    }

    fn moderator(&self) -> Person {
        self.town.moderator("grace")
    }

    #[track_caller]
    fn answers(&self, who: &str, question: &str) -> Said {
        self.town
            .member(who)
            .types("/cara ask", &[("question", question)])
    }

    /// Waits until it answers so.
    #[track_caller]
    fn comes_to_say(&self, question: &str, answer: &str) {
        let mut number = 0;
        self.town.waits_for(answer, || {
            // Nobody may ask so often.
            number += 1;
            self.answers(&format!("ada{number}"), question)
                .text
                .contains(answer)
        });
    }
}

/// Two bots on one database, into which the small base was pushed.
fn replicas(server: &Postgres) -> (Replica, Replica) {
    let url = database(server);
    let pushing = Town::new();
    let pushed = pushing
        .bot()
        .with("DATABASE_URL", &url)
        .runs_command(&["documents", "push"]);
    assert_eq!(pushed.code, 0, "{}", pushed.stderr);
    (Replica::starts(&url), Replica::starts(&url))
}

fn database(server: &Postgres) -> String {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(server.database())
}

fn shared() -> Option<Arc<Postgres>> {
    postgres::shared()
}

#[test]
fn both_serve_and_the_edit_of_a_moderator_on_one_is_answered_by_the_other() {
    let Some(server) = shared() else { return };
    let (one, other) = replicas(&server);
    works(&one.town, "ada");
    works(&other.town, "ada");
    let preview = answers_otherwise(&one.moderator(), "fugato-created", EDITED);
    works(&other.town, "ben").says(&[ANSWER]);
    confirms(&one.moderator(), &preview).says(&["revision 1", "generation 2"]);
    let confirmed = Instant::now();
    other.comes_to_say(QUESTION, EDITED);
    let took = confirmed.elapsed();
    assert!(took < FOLLOWED, "{took:?}");
    one.answers("ben", QUESTION).says(&[EDITED]);
    // What one did can be seen and undone on the other.
    let grace = other.moderator();
    grace
        .types("/cara-admin history", &[("fact", "fugato-created")])
        .says(&["Revision 1", "in a kitchen"]);
    let undo = grace.types("/cara-admin undo", &[("revision", "1")]);
    confirms(&grace, &undo).says(&["revision 2"]);
    one.comes_to_say(QUESTION, ANSWER);
    // The files that it was pushed from are nobody's any more.
    for (path, text) in SMALL {
        assert_eq!(&one.bot.project.read(path), text, "{path}");
    }
}

#[test]
fn second_of_two_moderators_on_two_replicas_is_shown_the_change_of_the_first() {
    let Some(server) = shared() else { return };
    let (one, other) = replicas(&server);
    let (grace, linus) = (one.moderator(), other.town.moderator("linus"));
    // Both have the form open.
    let (first, second) = (
        edits(&grace, "fugato-created"),
        edits(&linus, "fugato-created"),
    );
    let preview = grace.submits(&first, &[("Answer in English", EDITED)]);
    confirms(&grace, &preview);
    other.comes_to_say(QUESTION, EDITED);
    let late = linus.submits(
        &second,
        &[("Answer in English", "Fugato was founded in a barn.")],
    );
    late.says(&["changed meanwhile", "revision 1", "in a kitchen"]);
    assert!(!late.labels().contains(&"Confirm"), "{late:?}");
    // Both have the preview.
    let (first, second) = (
        answers_otherwise(
            &grace,
            "fugato-founders",
            "Marta Lind founded Fugato alone.",
        ),
        answers_otherwise(
            &linus,
            "fugato-founders",
            "Fugato was founded by Marta Lind, alone.",
        ),
    );
    confirms(&linus, &second);
    grace
        .clicks(&first, "Confirm")
        .says(&["changed meanwhile", "by Marta Lind, alone"]);
    for replica in [&one, &other] {
        replica.comes_to_say("who founded Fugato?", "by Marta Lind, alone");
    }
}

#[test]
fn edits_of_two_facts_at_once_are_both_made() {
    let Some(server) = shared() else { return };
    let (one, other) = replicas(&server);
    let (grace, linus) = (one.moderator(), other.town.moderator("linus"));
    // Both facts stand in one file.
    let first = answers_otherwise(&grace, "fugato-created", EDITED);
    let second = answers_otherwise(
        &linus,
        "fugato-founders",
        "Marta Lind founded Fugato alone.",
    );
    let (first, second) = (
        grace.begins_click(&first, "Confirm"),
        linus.begins_click(&second, "Confirm"),
    );
    first.said().says(&["Done: revision"]);
    second.said().says(&["Done: revision"]);
    for replica in [&one, &other] {
        replica.comes_to_say(QUESTION, EDITED);
        replica.comes_to_say("who founded Fugato?", "alone");
    }
}

#[test]
fn queue_of_both_is_one_and_what_is_taught_on_one_is_known_on_both() {
    let Some(server) = shared() else { return };
    let (one, other) = replicas(&server);
    const UNTAUGHT: &str = "which weekday is band practice";
    one.answers("ada", UNTAUGHT).says(&["I don't know"]);
    other.answers("ada", "which weekday is band practise");
    let linus = other.town.moderator("linus");
    other.town.waits_for("the queue", || {
        let queue = linus.types("/cara-admin review", &[]);
        queue
            .menus
            .first()
            .is_some_and(|menu| menu.options[0].0.starts_with("2×"))
    });
    let queue = linus.types("/cara-admin review", &[]);
    let opened = linus.chooses(&queue, UNTAUGHT);
    let candidates = linus.clicks(&opened, "Teach");
    let form = linus.clicks(&candidates, "Search");
    let found = linus.submits(&form, &[("Words or id", "rehearsals")]);
    let preview = linus.chooses(&found, "When are the rehearsals?");
    confirms(&linus, &preview);
    let grace = one.moderator();
    one.town.waits_for("the new generation", || {
        let status = grace.types("/cara-admin status", &[]).text;
        status.contains("generation 2")
    });
    one.answers("ben", UNTAUGHT).says(&["Tuesday evenings"]);
    grace
        .types("/cara-admin review", &[])
        .says(&["The queue is empty"]);
}

#[test]
fn database_that_is_away_keeps_nobody_from_answering_and_edits_wait_for_it() {
    let Some(server) = postgres::own() else {
        return;
    };
    let (one, other) = replicas(&server);
    let preview = answers_otherwise(&one.moderator(), "fugato-created", EDITED);
    server.stop();
    works(&one.town, "ada");
    works(&other.town, "ada");
    one.answers("ben", NOBODY_KNOWS).says(&["I don't know"]);
    let refused = one.moderator().clicks(&preview, "Confirm");
    refused.says(&["journal cannot be used"]);
    let refused = other
        .moderator()
        .types("/cara-admin edit", &[("fact", "fugato-created")]);
    assert!(refused.modal.is_none() && !refused.text.is_empty());
    works(&one.town, "cleo");
    server.start();
    // The preview waited as well.
    one.town.waits_for("the edit", || {
        let done = one.moderator().clicks(&preview, "Confirm");
        done.text.contains("Done: revision")
    });
    other.comes_to_say(QUESTION, EDITED);
    one.town.waits_for("the question", || {
        let queue = other.moderator().types("/cara-admin review", &[]);
        queue.text.contains("world cup")
    });
}

#[test]
fn without_documents_or_database_the_remedy_is_named() {
    let town = Town::new();
    let without = town.bot().with("CARA_KNOWLEDGE", "database");
    let ran = without.runs_command(&["run"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("set DATABASE_URL"), "{}", ran.stderr);
    let Some(server) = shared() else { return };
    let empty = without.with("DATABASE_URL", database(&server));
    let ran = empty.runs_command(&["run"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("`cara-bot documents push`"),
        "{}",
        ran.stderr
    );
}
