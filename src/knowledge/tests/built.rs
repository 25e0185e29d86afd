//! What is built of the files: all of good ones, and of flawed ones what can be relied on.

use super::{check, folder, today};
use crate::knowledge::{Knowledge, PlainEntry, load, model};

#[test]
fn good_base_is_built_without_a_word() {
    check(&[], "");
    let (knowledge, warnings) = load(&folder(&[]), today()).into_result().unwrap();
    assert_eq!(warnings, []);
    let fact = &knowledge.facts[knowledge.find_fact("lutb-created").unwrap().index()];
    assert_eq!(fact.place.to_string(), "facts/all.toml:5:1");
    let subject = &knowledge[fact.subject.unwrap()];
    assert_eq!(subject.of_fr, "de LUTB");
    assert_eq!(knowledge[subject.successor.unwrap()].id, "cara");
    assert_eq!(knowledge[fact.relation.unwrap()].id, "created");
    assert_eq!(knowledge[fact.sources[0]].id, "s1");
    assert_eq!(fact.checked.as_ref().unwrap().to_string(), "2026-11-22");
    let name = &knowledge[knowledge.find_fact("cara-name").unwrap()];
    let [phrasing] = &name.phrasings.fr[..] else {
        panic!("{name:?}")
    };
    assert_eq!(
        (phrasing.text.as_str(), phrasing.place.to_string().as_str()),
        ("CARA est-il un nom ?", "facts/all.toml:21:17")
    );
}

#[test]
fn every_key_of_every_kind_of_file_is_read() {
    let files = [
        (
            "sources.toml",
            r#"
[[source]]
id = "s1"
publisher = "CARA"
title = "Background"
url = "https://www.cara.eu/"
language = "en"
date = "2017-11-21/.."
note.en = "A copy."
note.fr = "Une copie."
"#,
        ),
        (
            "entities/x.toml",
            r#"
[[entity]]
id = "x"
kind = "organisation"
name.en = "X"
name.fr = "X"
long.en = "The X"
long.fr = "Le X"
of.fr = "du X"
aliases.en = ["ex"]
aliases.fr = ["l'X"]
successor = "cara"
outside = true
main = false
"#,
        ),
        (
            "relations.toml",
            r#"
[[relation]]
id = "created"
name = { en = "founding date", fr = "la date de création" }
asks = "date"
patterns.en = ["when was {subject} created"]
patterns.fr = ["quand {subject} a-t-il été créé"]
reverse.en = ["what was created in {object}"]
reverse.fr = ["qui date de {object}"]
yesno.en = ["was {subject} created in {object}"]
yesno.fr = ["{subject} date-t-il de {object}"]

[[relation]]
id = "age"
name.en = "age"
name.fr = "l'âge"
asks = "number"
operator = "duration"
of = "created"
patterns.en = ["how old is {subject}"]
patterns.fr = ["quel âge a {subject}"]
"#,
        ),
        (
            "facts/x.toml",
            r#"
[defaults]
checked = "2026-11-01"
sources = ["s1"]

[[fact]]
id = "x-members"
subject = "x"
relation = "created"
date = "2012"
event.en = "X"
event.fr = "X"
answer.en = "X probably has two members."
answer.fr = "X a sans doute deux membres."
objects = ["cara", "lutb"]
complete = true
volatile = true
as_of = "2024-12"
review = "2027-06-30"
inference = true
gap = false
main = true
checked = "2026-11-22"
phrasings.en = ["Who is in X?"]
phrasings.fr = ["Qui est dans X ?"]
"#,
        ),
        (
            "questions/x.toml",
            r#"
[[question]]
ask = "and its members?"
after = ["what is X?"]
expect = ["x-members", "offer"]
style = "follow-up"
open = true

[[question]]
ask = "who won?"
expect = "unknown"
"#,
        ),
        (
            "lexicon.toml",
            r#"
[[concept]]
id = "money"
en = ["euro", "€"]
fr = ["euro"]

[[aspect]]
id = "colour"
en = ["colour"]
fr = ["couleur"]

[[shorthand]]
write = ["ckoi", "c koi"]
means = "c'est quoi"

[[shorthand]]
write = "ki"
means = "qui"

[[filler]]
en = ["please"]
fr = ["svp"]

[[remark]]
fr = ["bien vu"]
"#,
        ),
    ];
    check(&files, "");
    let knowledge = load(&folder(&files), today()).knowledge;
    let ix = knowledge.find_fact("x-members").unwrap();
    let fact = &knowledge[ix];
    assert!(fact.complete && fact.volatile && fact.inference && fact.main && !fact.gap);
    assert_eq!(fact.objects.len(), 2);
    assert_eq!(knowledge[fact.sources[0]].id, "s1", "default");
    assert_eq!(fact.checked.as_ref().unwrap().to_string(), "2026-11-22");
    let age = knowledge
        .relations
        .iter()
        .find(|relation| relation.id == "age")
        .unwrap();
    assert_eq!(knowledge[age.of[0]].id, "created");
    let [follow_up, refusal] = &knowledge.golden[..] else {
        panic!("{:?}", knowledge.golden)
    };
    assert_eq!(
        follow_up.expect,
        [model::Expected::Fact(ix), model::Expected::Offer]
    );
    assert_eq!(
        (refusal.style.as_str(), &refusal.expect[..]),
        ("direct", &[model::Expected::Unknown][..])
    );
    assert_eq!(knowledge.lexicon.shorthands[1].write, ["ki"]);
    assert_eq!(knowledge.lexicon.fillers.fr, ["svp"]);
    assert_eq!(knowledge.lexicon.remarks.fr, ["bien vu"]);
}

#[test]
fn flawed_entries_and_what_depends_on_them_are_left_out() {
    let entities = r#"
[[entity]]
id = "cara"
kind = "clusters"
name.en = "CARA"
name.fr = "CARA"

[[entity]]
id = "lutb"
kind = "cluster"
name.en = "LUTB"
name.fr = "LUTB"
successor = "cara"
"#;
    let loaded = load(&folder(&[("entities/all.toml", entities)]), today());
    assert!(loaded.has_errors());
    let ids = |facts: &[model::Fact]| -> Vec<String> {
        facts.iter().map(|fact| fact.id.clone()).collect()
    };
    assert_eq!(ids(&loaded.knowledge.facts), ["lutb-created"]);
    let [lutb] = &loaded.knowledge.entities[..] else {
        panic!("{:?}", loaded.knowledge.entities)
    };
    assert_eq!((lutb.id.as_str(), lutb.successor), ("lutb", None));
    assert_eq!(loaded.into_result().unwrap_err().len(), 1);
}

#[test]
fn plain_questions_make_a_base() {
    use crate::lang::Lang;
    let entries = [
        PlainEntry::new("balance", Lang::En, ["how much do I have"]),
        PlainEntry::new("solde", Lang::Fr, ["combien ai-je"]),
    ];
    let knowledge = Knowledge::from_plain(entries);
    assert_eq!(knowledge.facts.len(), 2);
    assert_eq!(knowledge.facts[1].phrasings.fr[0].text, "combien ai-je");
    assert_eq!(knowledge.facts[1].answer.en, "solde");
    assert_eq!(knowledge[knowledge.facts[0].sources[0]].id, "plain");
}
