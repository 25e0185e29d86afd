//! Answers computed from dates: which came first, and how long.

use std::sync::LazyLock;

use serde_json::Value;

use crate::support::Project;

/// The small base with bodies that came and went.
static TOWN: LazyLock<Project> = LazyLock::new(|| {
    let project = Project::small();
    let relations = project.read("relations.toml") + RELATIONS;
    project
        .file("relations.toml", relations)
        .file("entities/more.toml", ENTITIES)
        .file("facts/more.toml", FACTS)
});

const RELATIONS: &str = r#"
[[relation]]
id = "opened"
name.en = "opening date"
name.fr = "la date d'ouverture"
asks = "date"
patterns.en = ["when was {subject} opened", "when did {subject} open its doors"]
patterns.fr = ["quand {subject} a-t-il ouvert", "date d'ouverture de {subject}"]

[[relation]]
id = "dissolved"
name.en = "end"
name.fr = "la fin"
asks = "date"
patterns.en = ["when was {subject} dissolved", "when did {subject} come to its end"]
patterns.fr = ["quand {subject} a-t-il été dissous", "fin de {subject}"]

[[relation]]
id = "order"
name.en = "which came first"
name.fr = "l'ordre"
asks = "organisation"
operator = "first"
of = ["created", "opened"]
patterns.en = ["which came first, {subject} or {subject}", "is {subject} older than {subject}", "which is the oldest of {subject}, {subject} and {subject}"]
patterns.fr = ["lequel est le plus ancien, {subject} ou {subject}", "{subject} est-il plus vieux que {subject}", "le plus ancien de {subject}, {subject} et {subject}"]

[[relation]]
id = "age"
name.en = "length of existence"
name.fr = "la durée d'existence"
asks = "number"
operator = "duration"
of = "created"
until = "dissolved"
patterns.en = ["how long did {subject} exist", "for how many years has {subject} existed"]
patterns.fr = ["combien de temps {subject} a-t-il existé", "depuis combien d'années {subject} existe"]
"#;

const ENTITIES: &str = r#"
[[entity]]
id = "vivace"
kind = "organisation"
name.en = "Vivace"
name.fr = "Vivace"

[[entity]]
id = "concert-hall"
kind = "project"
name.en = "the Velden concert hall"
name.fr = "la salle de concert de Velden"
aliases.en = ["the concert hall"]
aliases.fr = ["la salle de concert"]

[[entity]]
id = "legato"
kind = "organisation"
name.en = "Legato"
name.fr = "Legato"
successor = "vivace"
"#;

const FACTS: &str = r#"
[defaults]
checked = "2026-11-22"
sources = ["s1"]

[[fact]]
id = "vivace-created"
subject = "vivace"
relation = "created"
date = "2001"
answer.en = "Vivace was founded in 2001."
answer.fr = "Vivace a été fondé en 2001."

[[fact]]
id = "vivace-dissolved"
subject = "vivace"
relation = "dissolved"
date = "2009-06"
answer.en = "Vivace was dissolved in June 2009."
answer.fr = "Vivace a été dissous en juin 2009."

[[fact]]
id = "legato-created"
subject = "legato"
relation = "created"
date = "2003"
answer.en = "Legato was founded in 2003."
answer.fr = "Legato a été fondé en 2003."

[[fact]]
id = "hall-opened"
subject = "concert-hall"
relation = "opened"
date = "2004-09-11"
answer.en = "The Velden concert hall was opened on 11 September 2004."
answer.fr = "La salle de concert de Velden a ouvert le 11 septembre 2004."

[[fact]]
id = "hall-leased"
subject = "concert-hall"
objects = ["vivace"]
date = "2012/2019"
event.en = "The town leases the concert hall"
event.fr = "La ville loue la salle de concert"
answer.en = "The town leased the concert hall from 2012 to 2019."
answer.fr = "La ville a loué la salle de concert de 2012 à 2019."
phrasings.en = ["Who leased the concert hall?"]
phrasings.fr = ["Qui louait la salle de concert ?"]

[[fact]]
id = "legato-prize"
subject = "legato"
date = "2015"
event.en = "Legato wins a prize"
event.fr = "Legato remporte un prix"
answer.en = "Legato won the prize of the valley in 2015."
answer.fr = "Legato a remporté le prix de la vallée en 2015."
phrasings.en = ["Which prize did Legato win?"]
phrasings.fr = ["Quel prix Legato a-t-il remporté ?"]

[[fact]]
id = "vivace-record"
subject = "vivace"
date = "2016"
event.en = "Vivace makes a record"
event.fr = "Vivace enregistre un disque"
answer.en = "Vivace made its first record in 2016."
answer.fr = "Vivace a enregistré son premier disque en 2016."
phrasings.en = ["Which record did Vivace make?"]
phrasings.fr = ["Quel disque Vivace a-t-il enregistré ?"]

[[fact]]
id = "fugato-members-2005"
subject = "fugato"
relation = "members"
date = "2005"
volatile = true
as_of = "2005"
answer.en = "Fugato had 31 members in 2005."
answer.fr = "Fugato comptait 31 membres en 2005."
"#;

/// What a question gets that no fact answers, in words.
fn asked(question: &str) -> String {
    let ran = TOWN.run(&["ask", question]);
    assert_eq!(ran.code, 1, "{question}: {}", ran.stdout);
    ran.stdout
}

/// Asks what no fact answers and no date tells: it says so of the body asked about, and what it does know.
#[track_caller]
fn refused(question: &str, about: &str, near: &[&str]) {
    let told = asked(question);
    let dont_know = "I don't know: nothing I have a source for answers this about";
    assert!(
        told.starts_with(&format!("{dont_know} {about}.")),
        "{question}: {told}"
    );
    for near in near {
        assert!(told.contains(near), "{question}: {told}");
    }
}

#[track_caller]
fn answered(question: &str, facts: &[&str], begins: &str) -> Value {
    let record = TOWN
        .run(&["ask", "--json", question])
        .json_lines()
        .remove(0);
    assert_eq!(
        record["facts"],
        serde_json::json!(facts),
        "{question}: {record}"
    );
    let text = record["text"].as_str().expect("a text");
    assert!(text.starts_with(begins), "{question}: {text}");
    record
}

#[test]
fn base_with_computed_answers_is_sound() {
    let ran = TOWN.run(&["check"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn which_came_first_is_told_of_two_or_more_by_whatever_began_them() {
    answered(
        "which came first, Ostinato or Fugato?",
        &["fugato-created", "ostinato-created"],
        "Fugato came first (March 1998), before Ostinato (2 May 2011).",
    );
    answered(
        "lequel est le plus ancien, la salle de concert ou Ostinato ?",
        &["hall-opened", "ostinato-created"],
        "La salle de concert de Velden vient en premier (11 septembre 2004)",
    );
    answered(
        "which is the oldest of Ostinato, Vivace and Fugato?",
        &["fugato-created", "vivace-created", "ostinato-created"],
        "Fugato came first (March 1998), before Vivace (2001), then Ostinato (2 May 2011).",
    );
}

#[test]
fn two_events_are_told_in_their_order_when_both_are_known() {
    answered(
        "Was Vivace dissolved before or after Ostinato was founded?",
        &["vivace-dissolved", "ostinato-created"],
        "In this order: June 2009, then 2 May 2011. Vivace was dissolved in June 2009.",
    );
    answered(
        "la salle de concert a ouvert avant ou après la fondation de Fugato ?",
        &["fugato-created", "hall-opened"],
        "Dans cet ordre : mars 1998, puis 11 septembre 2004. Fugato a été fondé en mars 1998.",
    );
    answered(
        "what came first, the opening of the concert hall or the end of Vivace?",
        &["hall-opened", "vivace-dissolved"],
        "In this order: 11 September 2004, then June 2009. ",
    );
    let unknown = TOWN.run(&[
        "ask",
        "Was Vivace dissolved before or after Legato was dissolved?",
    ]);
    let told = unknown.stdout;
    assert!(
        told.starts_with("Vivace was dissolved in June 2009."),
        "{told}"
    );
}

#[test]
fn what_has_ended_lasted_until_its_end_and_not_until_today() {
    answered(
        "how long did Vivace exist?",
        &["vivace-created", "vivace-dissolved"],
        "It lasted about eight years: it began in 2001 and ended in June 2009.",
    );
    // What followed it ended it.
    answered(
        "combien de temps Fugato a-t-il existé ?",
        &["fugato-created", "ostinato-created"],
        "Cela a duré un peu plus de treize ans : cela a commencé en mars 1998 et s'est terminé le 2 mai 2011.",
    );
    let today = answered(
        "how long did Ostinato exist?",
        &["ostinato-created"],
        "It began on 2 May 2011, ",
    );
    assert!(
        today["text"]
            .as_str()
            .is_some_and(|text| text.ends_with(" ago.") || text.contains(" ago. "))
    );
}

#[test]
fn length_of_what_ended_at_an_unknown_time_is_not_computed() {
    // Vivace followed Legato, and is older.
    refused(
        "for how many years has Legato existed?",
        "Legato",
        &["when was Legato created"],
    );
}

#[test]
fn question_that_compares_gets_neither_yes_nor_no_from_a_list() {
    let fact = &["ostinato-founders"];
    for question in [
        "did Marta Lind found Ostinato before Jonas Brekke did?",
        "did Marta Lind still found Ostinato?",
        "did Marta Lind or Jonas Brekke found Ostinato?",
    ] {
        answered(
            question,
            fact,
            "Ostinato was founded by Marta Lind and Jonas Brekke.",
        );
    }
    for question in [
        "Marta Lind est-elle aujourd'hui fondateur d'Ostinato ?",
        "Marta Lind a-t-elle toujours fondé Ostinato ?",
    ] {
        answered(
            question,
            fact,
            "Ostinato a été fondé par Marta Lind et Jonas Brekke.",
        );
    }
    answered(
        "did Marta Lind found Ostinato?",
        fact,
        "Yes. Ostinato was founded by",
    );
}

#[test]
fn value_seen_in_one_year_does_not_deny_another() {
    refused(
        "had Fugato 31 members in 2007?",
        "Fugato",
        &["how many members does Fugato have"],
    );
    answered(
        "had Fugato 31 members in 2005?",
        &["fugato-members-2005"],
        "Fugato had 31 members in 2005.",
    );
}

#[test]
fn asked_of_a_time_without_events_it_says_so_and_names_the_nearest() {
    let told = asked("what happened in 2006?");
    assert!(
        told.starts_with("My timeline has no event in 2006."),
        "{told}"
    );
    for near in ["When was Fugato founded?", "When was Ostinato founded?"] {
        assert!(told.contains(near), "{told}");
    }
    // That a lease runs out is told beside what began, and not for news by itself.
    let told = asked("what happened in 2019?");
    assert!(
        told.starts_with("My timeline has no event in 2019."),
        "{told}"
    );
    answered(
        "what happened in 2012?",
        &["hall-leased"],
        "The town leased the concert hall",
    );
}

#[test]
fn what_is_known_less_finely_is_named_and_not_told() {
    let told = asked("what happened on 5 March 1998?");
    assert!(
        told.starts_with("My timeline has no event on 5 March 1998."),
        "{told}"
    );
    assert!(told.contains("When was Fugato founded?"), "{told}");
}

#[test]
fn time_told_from_today_is_a_time() {
    let told = asked("what happened last year?");
    assert!(told.starts_with("My timeline has no event in 20"), "{told}");
}

#[test]
fn one_event_of_another_body_is_no_history() {
    refused(
        "what happened to Vivace between 2012 and 2014?",
        "Vivace",
        &["when was Vivace created"],
    );
}

#[test]
fn history_of_some_years_goes_on_with_what_a_body_became() {
    answered(
        "what happened to Legato between 2015 and 2017?",
        &["legato-prize", "vivace-record"],
        "Legato won the prize of the valley in 2015. Vivace made its first record in 2016.",
    );
    refused("what happened to Vivace in 2015?", "Vivace", &[]);
}

#[test]
fn of_some_years_all_is_told_where_the_main_body_is_named_beside_another() {
    answered(
        "what happened to Legato and Ostinato between 2012 and 2016?",
        &["hall-leased", "legato-prize", "vivace-record"],
        "What I know to have happened from 2012 to 2016:",
    );
}

#[test]
fn order_is_not_told_where_a_date_is_missing_or_years_are_compared() {
    for question in [
        // Nothing says when Marta Lind began.
        "which is the oldest of Ostinato, Marta Lind and Fugato?",
        "which came first, Ostinato in 2020 or Fugato in 2005?",
    ] {
        refused(question, "Ostinato", &["When was Ostinato founded?"]);
    }
}
