//! The base that is shipped: it loads, it fits, and it answers as well as we say.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use cara_bot::engine::{Answer, Engine, Form, Memory, Outcome, Question, Verdict};
use cara_bot::eval::golden;
use cara_bot::knowledge::model::Expected;
use cara_bot::knowledge::{self, Diagnostic, Folder, render, schemas};
use cara_bot::lang::Lang;
use cara_bot::live::{Refused, Scrutiny, Snapshot};
use cara_bot::reply::{Reply, display_question};
use cara_bot::text::first_sentence;

use crate::support::today;

/// Fewest facts that cover the seed and its research.
const FACTS: usize = 200;
/// Fewest golden questions.
const GOLDEN: usize = 400;
/// Least share of golden questions that must not be answered by a fact.
const REFUSALS: f64 = 1.0 / 3.0;
/// Least share right of the golden questions that the engine has not learned from and that the base
/// answers. The aim is 0.97; this floor stands a little below what is reached, so that no change
/// makes it worse unnoticed. Raise it with every gain.
const HELD_OUT_RIGHT: f64 = 0.90;
/// Largest share of false answers to those it must refuse. The aim is 0.02.
const HELD_OUT_FALSE: f64 = 0.08;
/// The same of samples, which are harder, and of follow-ups among them.
const SAMPLES_RIGHT: f64 = 0.80;
const SAMPLES_FALSE: f64 = 0.115;

/// Discord's limit for the text of an embed is 4,096 characters, for its parts together 6,000, and
/// for a message without embeds 2,000: an answer with its sources must fit the last.
const REPLY_CHARS: usize = 2_000;
/// Discord's limit for the name of a field and of a choice, which headlines become.
const EVENT_CHARS: usize = 100;

static FOLDER: LazyLock<Folder> = LazyLock::new(|| {
    Folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"))
        .expect("the base is shipped")
});

/// The base, proven where it can be, and what was found wrong with it. Loading takes seconds without
/// optimisation, so all tests share it.
static LOADED: LazyLock<(Snapshot, Vec<Diagnostic>)> = LazyLock::new(|| {
    let shown = |found: &[Diagnostic]| render(found, &FOLDER, false);
    match Snapshot::load(&FOLDER, Scrutiny::Proven, today()) {
        Ok(snapshot) => (snapshot, Vec::new()),
        Err(Refused(found)) => match Snapshot::load(&FOLDER, Scrutiny::Valid, today()) {
            Ok(snapshot) => (snapshot, found),
            Err(Refused(found)) => panic!("{}", shown(&found)),
        },
    }
});

static SNAPSHOT: LazyLock<&Snapshot> = LazyLock::new(|| &LOADED.0);

/// Holds every item to a rule and names all that break it.
#[track_caller]
fn check<T>(
    items: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> String,
    rule: impl Fn(&T) -> bool,
) {
    let broken: Vec<String> = items
        .into_iter()
        .filter(|item| !rule(item))
        .map(|item| name(&item))
        .collect();
    assert!(
        broken.is_empty(),
        "{} break the rule:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[test]
fn it_is_proven_without_an_error() {
    let errors: Vec<_> = LOADED
        .1
        .iter()
        .filter(|one| one.is_error())
        .cloned()
        .collect();
    assert!(
        errors.is_empty(),
        "{} errors\n{}",
        errors.len(),
        render(&errors, &FOLDER, false)
    );
}

#[test]
fn it_covers_its_subject() {
    let knowledge = SNAPSHOT.engine.knowledge();
    assert!(
        knowledge.facts.len() >= FACTS,
        "{} facts",
        knowledge.facts.len()
    );
    assert!(
        knowledge.golden.len() >= GOLDEN,
        "{} golden questions",
        knowledge.golden.len()
    );
    assert!(
        SNAPSHOT.engine.milestones().len() >= 30,
        "{} milestones",
        SNAPSHOT.engine.milestones().len()
    );
}

#[test]
fn engine_from_bytes_answers_as_the_trained_one() {
    let trained = &SNAPSHOT.engine;
    let bytes = trained.to_bytes();
    let restored =
        Engine::from_bytes(Arc::clone(trained.knowledge()), &bytes).expect("they are its own");
    assert_eq!(restored.calibration(), trained.calibration());
    check(
        &trained.knowledge().golden,
        |question| question.ask.clone(),
        |question| {
            golden::ask(&restored, question, today()) == golden::ask(trained, question, today())
        },
    );
}

#[test]
fn a_third_of_the_golden_questions_is_to_refuse() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let refusals = knowledge
        .golden
        .iter()
        .filter(|golden| golden::is_refusal(knowledge, golden))
        .count();
    let share = refusals as f64 / knowledge.golden.len() as f64;
    assert!(
        share >= REFUSALS,
        "{refusals} of {}",
        knowledge.golden.len()
    );
}

#[test]
fn golden_questions_are_in_both_languages_and_in_many_styles() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let french = knowledge
        .golden
        .iter()
        .filter(|golden| golden.place.file.contains("-fr"))
        .count();
    assert!(
        french * 3 >= knowledge.golden.len(),
        "{french} of {}",
        knowledge.golden.len()
    );
    let styles: std::collections::BTreeSet<&str> = knowledge
        .golden
        .iter()
        .map(|golden| golden.style.as_str())
        .collect();
    assert!(styles.len() >= 8, "{styles:?}");
    let open = knowledge.golden.iter().filter(|golden| golden.open).count();
    assert!(
        open * 10 <= knowledge.golden.len(),
        "{open} golden questions are known to fail"
    );
}

#[test]
fn held_out_golden_questions_get_their_verdict() {
    let report = golden::measure(SNAPSHOT.engine.knowledge(), today());
    let answerable = report.answerable_held_out;
    assert!(answerable.total >= 60, "{answerable:?}");
    assert!(answerable.share_right() >= HELD_OUT_RIGHT, "{answerable:?}");
    let refusals = report.refusals_held_out;
    assert!(refusals.total >= 30, "{refusals:?}");
    let allowed = (HELD_OUT_FALSE * refusals.total as f64).floor() as usize;
    assert!(refusals.false_answers <= allowed, "{refusals:?}");
    let samples = report.samples_answerable;
    assert!(samples.share_right() >= SAMPLES_RIGHT, "{samples:?}");
    let samples = report.samples_refusals;
    let allowed = (SAMPLES_FALSE * samples.total as f64).floor() as usize;
    assert!(samples.false_answers <= allowed, "{samples:?}");
}

/// How the answer to a question begins in words.
fn told(question: &str) -> String {
    Reply::to_outcome(SNAPSHOT.engine.knowledge(), &asked(question)).text()
}

fn asked(question: &str) -> Outcome {
    let question = Question {
        text: question,
        lang: None,
        locale: Lang::En,
        today: today(),
    };
    SNAPSHOT.engine.ask(&question, &Memory::default())
}

#[test]
fn second_fact_says_what_the_first_does_not() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let questions = knowledge.golden.iter();
    let alone = questions.filter(|golden| golden.after.is_empty());
    let pairs: Vec<_> = alone
        .filter_map(|golden| match asked(&golden.ask).verdict {
            Verdict::Answer(Answer {
                facts,
                form: Form::Fact,
            }) => Some((&golden.ask, <[_; 2]>::try_from(facts).ok()?)),
            _ => None,
        })
        .collect();
    assert!(!pairs.is_empty(), "some golden question gets two facts");
    check(
        pairs,
        |(ask, facts)| format!("{ask}: {:?}", facts.map(|fact| &knowledge[fact].id)),
        |(_, [first, second])| {
            let second = first_sentence(&knowledge[*second].answer.en).0;
            let first = words(&knowledge[*first].answer.en);
            words(second).difference(&first).count() >= 2
        },
    );
}

#[test]
fn yes_and_no_are_said_where_the_facts_decide_and_nowhere_else() {
    for (question, begins) in [
        ("Was Iveco a founder of LUTB?", "Yes. "),
        ("Was Michelin among LUTB's founders?", "No. "),
        ("CARA a-t-il pris son nom en novembre 2017 ?", "Oui. "),
        ("Was Automac dissolved in 2012?", "No. "),
        ("Was MAD dissolved in June 2020?", "No. "),
        ("LUTB-RAAC a-t-il changé de nom en 2015 ?", "Non. "),
        ("Automac a-t-il été dissous il y a dix ans ?", "Oui. "),
    ] {
        let text = told(question);
        assert!(text.starts_with(begins), "{question} {text}");
    }
    for question in [
        "did Automac join before MAD?",
        "Was MAD dissolved over 2 years ago?",
        "Was Automac dissolved at least 5 years ago?",
        "was Bernard Modat president in 2018?",
        "did Philippe Grand work for Renault?",
        "Am I right that LUTB was founded by six partners?",
        "Was CARA dissolved in February 2017?",
        "Was CARA created in June 2020?",
        "Was Bernard Modat president in December 2016?",
        "Was Gilles Le Carre president of CARA in 2021?",
        "Did CARA lose its label in March 2023?",
        // Inaugurated in 2019, in service since 2018: either was an opening.
        "Was Transpolis opened in 2018?",
        "Did CARA have 300 members in December 2021?",
        "Is Thomas Prieur the president of CARA?",
        "Is Éric Poyeton president of CARA?",
        "Did LUTB found Renault Trucks?",
        "Does Transpolis own Renault Trucks?",
        "Did MAD merge with LUTB?",
        "Is it true that Renault Trucks did not found LUTB?",
        "Luc Chatel est-il toujours président de la PFA ?",
    ] {
        let text = told(question);
        assert!(
            !text.starts_with("Yes") && !text.starts_with("No. "),
            "{question} {text}"
        );
    }
}

#[test]
fn what_is_asked_of_a_wrong_year_is_told_of_the_right_one() {
    for (question, year) in [
        ("Did Navly open in 2018?", "2016"),
        ("did CARA get the gold label in 2019?", "2014"),
        ("MAD a rejoint CARA en 2019, c'est ça ?", "2022"),
        ("LUTB-RAAC became CARA in 2018, right?", "2017"),
        ("Transpolis a-t-il ouvert en 2012 ?", "2019"),
        ("Was LUTB founded in 1999?", "2005"),
    ] {
        let text = told(question);
        assert!(text.contains(year), "{question} {text}");
        let agrees = text.starts_with("Yes") || text.starts_with("Oui");
        assert!(!agrees, "{question} {text}");
    }
}

#[test]
fn what_is_asked_of_a_name_nobody_knows_is_not_answered_of_another() {
    for question in [
        "When was Bosch created?",
        "Who founded Pfizer?",
        "When was Tesla dissolved?",
        "Où est basé Decathlon ?",
        "What is the website of Siemens?",
        "Qui préside Danone ?",
    ] {
        let text = told(question);
        let refused = [
            "I don't know",
            "Je ne sais pas",
            "I am not sure",
            "Je ne suis pas sûr",
        ];
        assert!(
            refused.iter().any(|begins| text.starts_with(begins)),
            "{question} {text}"
        );
    }
}

#[test]
fn greeting_is_no_question() {
    assert!(told("hello!").starts_with("Ask me something about CARA."));
    assert!(told("bonjour").starts_with("Posez-moi une question"));
}

#[test]
fn names_do_not_go_on_over_a_comma() {
    let text = told("Which came first, RAAC, LUTB or CARA?");
    assert!(text.starts_with("RAAC came first"), "{text}");
}

#[test]
fn what_was_seen_at_a_time_did_not_happen_then() {
    for question in [
        "Did CARA have 300 members before or after it took the name CARA?",
        "Did CARA reach 400 members before or after phase V was announced?",
    ] {
        let text = told(question);
        assert!(!text.contains("n this order"), "{question} {text}");
    }
    let text = told("Did Transpolis open before or after Navly opened?");
    assert!(
        text.starts_with("In this order: 2 September 2016, then 2 July 2019."),
        "{text}"
    );
}

#[test]
fn what_changes_is_not_told_of_a_year_to_come() {
    for question in [
        "how many members will CARA have in 2035?",
        "combien de membres CARA aura en 2040 ?",
    ] {
        let text = told(question);
        assert!(!text.contains("430"), "{question} {text}");
    }
}

#[test]
fn remark_is_no_question() {
    for remark in [
        "thanks a lot!",
        "no",
        "top, merci beaucoup",
        "ok, good to know",
    ] {
        let text = told(remark);
        assert!(
            !text.contains('•') && text.contains("CARA."),
            "{remark} {text}"
        );
    }
}

#[test]
fn what_dates_do_not_order_is_told_side_by_side() {
    let text = told("Which came first, Transpolis or Navly?");
    assert!(text.contains("2011") && text.contains("2016"), "{text}");
    assert!(!text.contains("came first"), "{text}");
    let text = told("Which is older, Grand Lyon or LUTB?");
    assert!(text.contains("2005") && text.contains("2015"), "{text}");
    assert!(text.contains("is not stated in the sources"), "{text}");
}

#[test]
fn what_is_no_more_is_not_said_to_last() {
    for question in [
        "how long did LUTB keep its name?",
        "how long has LUTB-RAAC existed?",
        "combien de temps l'IFSTTAR a-t-il existé ?",
        "combien d'années le MAD a-t-il duré ?",
    ] {
        let text = told(question);
        assert!(!text.contains(" ago."), "{question} {text}");
        assert!(!text.contains(", il y a "), "{question} {text}");
        let known = !text.starts_with("I don't know") && !text.starts_with("Je ne sais");
        assert!(known, "{question} {text}");
    }
}

#[test]
fn golden_questions_are_no_copies_of_phrasings() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let phrasings: std::collections::HashSet<String> = knowledge
        .facts
        .iter()
        .flat_map(|fact| fact.phrasings.iter().flat_map(|(_, all)| all))
        .map(|phrasing| cara_bot::text::fold(&phrasing.text))
        .collect();
    let copies = knowledge.golden.iter().filter(|golden| {
        golden.after.is_empty() && phrasings.contains(&cara_bot::text::fold(&golden.ask))
    });
    let copies: Vec<&str> = copies.map(|golden| golden.ask.as_str()).collect();
    assert!(
        copies.len() * 50 <= knowledge.golden.len(),
        "{} copies: {copies:#?}",
        copies.len()
    );
}

#[test]
fn every_answer_and_headline_fits() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let texts = knowledge.facts.iter().flat_map(|fact| {
        fact.answer
            .iter()
            .map(move |(lang, text)| (fact, lang, text))
    });
    check(
        texts,
        |(fact, lang, text)| format!("{} {lang}: {text:?}", fact.id),
        |(_, _, text)| {
            !text.trim().is_empty()
                && text.trim() == text.as_str()
                && text.chars().count() <= REPLY_CHARS
        },
    );
    let events = knowledge
        .facts
        .iter()
        .flat_map(|fact| fact.event.iter().flat_map(|event| event.iter()));
    check(
        events,
        |(lang, event)| format!("{lang}: {event}"),
        |(_, event)| !event.trim().is_empty() && event.chars().count() <= EVENT_CHARS,
    );
}

#[test]
fn every_answer_fits_a_message_together_with_its_sources() {
    use cara_bot::knowledge::model::FactIx;

    let knowledge = SNAPSHOT.engine.knowledge();
    let replies = (0..knowledge.facts.len() as u32)
        .map(FactIx)
        .flat_map(|fact| {
            Lang::ALL.map(|language| {
                let verdict = Verdict::Answer(Answer {
                    facts: vec![fact],
                    form: Form::Fact,
                });
                let outcome = Outcome {
                    verdict,
                    confidence: 1.0,
                    language,
                    candidates: Vec::new(),
                    memory: Memory::default(),
                };
                (fact, Reply::to_outcome(knowledge, &outcome).text())
            })
        });
    check(
        replies,
        |(fact, text)| {
            format!(
                "{}: {} characters",
                knowledge[*fact].id,
                text.chars().count()
            )
        },
        |(_, text)| text.chars().count() <= REPLY_CHARS,
    );
}

#[test]
fn every_fact_can_be_shown_as_a_question_and_has_a_source() {
    let knowledge = SNAPSHOT.engine.knowledge();
    let shown = knowledge
        .facts
        .iter()
        .flat_map(|fact| Lang::ALL.map(|lang| (fact, display_question(knowledge, fact, lang))));
    check(
        shown,
        |(fact, question)| format!("{}: {question}", fact.id),
        |(fact, question)| {
            !question.contains(['{', '}'])
                && question.chars().count() <= EVENT_CHARS
                && !fact.sources.is_empty()
        },
    );
}

#[test]
fn every_source_address_is_well_formed() {
    let addresses = SNAPSHOT
        .engine
        .knowledge()
        .sources
        .iter()
        .filter_map(|source| source.url.as_deref());
    check(
        addresses,
        |url| (*url).to_owned(),
        |url| {
            url::Url::parse(url).is_ok_and(|parsed| {
                ["http", "https"].contains(&parsed.scheme())
                    && parsed.host_str().is_some_and(|host| host.contains('.'))
                    && parsed.username().is_empty()
                    && !url.contains(char::is_whitespace)
            })
        },
    );
}

#[test]
fn changing_values_carry_their_date() {
    let volatile = SNAPSHOT
        .engine
        .knowledge()
        .facts
        .iter()
        .filter(|fact| fact.volatile);
    check(
        volatile,
        |fact| fact.id.clone(),
        |fact| fact.as_of.is_some(),
    );
}

#[test]
fn every_golden_question_expects_something_that_can_be_had() {
    let knowledge = SNAPSHOT.engine.knowledge();
    check(
        knowledge.golden.iter(),
        |golden| format!("{}: {:?}", golden.ask, golden.expect),
        |golden| {
            !golden.expect.is_empty()
                && golden.expect.iter().all(|expected| match expected {
                    Expected::Fact(fact) => fact.index() < knowledge.facts.len(),
                    Expected::Offer | Expected::Unknown => true,
                })
        },
    );
}

#[test]
fn readme_examples_are_files_that_load() {
    let readme = include_str!("../README.md");
    let blocks: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("it is closed").0)
        .collect();
    assert_eq!(blocks.len(), 2, "an entity and a fact");
    let files = FOLDER
        .files
        .iter()
        .map(|file| (file.path.to_string(), file.bytes.clone()));
    let examples = [
        ("entities/readme.toml", blocks[0]),
        ("facts/readme.toml", blocks[1]),
    ];
    let examples = examples.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let folder = Folder::in_memory(files.chain(examples));
    let loaded = knowledge::load(&folder, today());
    check(
        loaded
            .diagnostics
            .iter()
            .filter(|one| one.place.file.ends_with("readme.toml")),
        |one| format!("{} {}: {}", one.code, one.place, one.message),
        |_| false,
    );
    assert!(loaded.knowledge.find_fact("example-lab-created").is_some());
}

#[test]
fn schemas_for_editors_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge/schema");
    check(
        schemas(),
        |(name, _)| format!("{name} is stale: run `cargo run -- schema`"),
        |(name, schema)| {
            std::fs::read_to_string(folder.join(name)).is_ok_and(|text| {
                serde_json::from_str::<serde_json::Value>(&text)
                    .is_ok_and(|written| written == *schema)
            })
        },
    );
}

#[test]
fn program_carries_the_same_files() {
    let built_in = Folder::embedded();
    let names = |folder: &Folder| {
        folder
            .files
            .iter()
            .map(|file| (file.path.clone(), file.bytes.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&built_in), names(&FOLDER));
}
