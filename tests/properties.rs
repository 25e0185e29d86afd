//! What holds for every text, shown on texts that nobody chose.
//!
//! Engines are built once; cases are few, so that the suite takes seconds. `PROPTEST_CASES=20000`
//! looks longer.

use std::sync::{Arc, LazyLock};

use cara_bot::date::mention;
use cara_bot::engine::{Engine, Memory, Outcome, Question, Reason, Unknown, Verdict};
use cara_bot::knowledge::{self, Folder};
use cara_bot::lang::Lang;
use cara_bot::reply::Reply;
use cara_bot::text::{clean, fold, sentences, tokenize};
use proptest::prelude::*;

use crate::support::{SMALL, small, today};

/// Cases of each property, unless the environment says otherwise.
const CASES: u32 = 192;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| build(&small()));

fn build(folder: &Folder) -> Engine {
    let (knowledge, _) = knowledge::load(folder, today())
        .into_result()
        .expect("the small base is right");
    Engine::build(Arc::new(knowledge))
}

fn ask(engine: &Engine, text: &str, memory: &Memory) -> Outcome {
    engine.ask(
        &Question {
            text,
            lang: None,
            locale: Lang::En,
            today: today(),
        },
        memory,
    )
}

/// Ids of the facts of a verdict, or of its candidates, so that bases in another order compare.
fn told(engine: &Engine, outcome: &Outcome) -> (String, Vec<String>) {
    let reply = Reply::to_outcome(engine.knowledge(), outcome);
    let facts = match &outcome.verdict {
        Verdict::Answer(answer) => answer.facts.clone(),
        Verdict::Offer(facts) => facts.clone(),
        Verdict::Unknown(Unknown {
            reason: Reason::Gap(gap),
            ..
        }) => vec![*gap],
        Verdict::Unknown(_) => Vec::new(),
    };
    (
        reply.lead,
        facts
            .iter()
            .map(|fact| engine.knowledge()[*fact].id.clone())
            .collect(),
    )
}

/// Asks, and holds the outcome to what every outcome must be.
#[track_caller]
fn check(text: &str) -> Outcome {
    let engine = &*ENGINE;
    let outcome = ask(engine, text, &Memory::default());
    assert!(
        (0.0..=1.0).contains(&outcome.confidence),
        "{text:?}: {outcome:?}"
    );
    assert!(outcome.candidates.len() <= 5, "{text:?}: {outcome:?}");
    for pair in outcome.candidates.windows(2) {
        assert!(pair[0].1 >= pair[1].1, "{text:?}: {outcome:?}");
    }
    assert!(
        outcome
            .candidates
            .iter()
            .all(|(_, share)| (0.0..=1.0).contains(share)),
        "{text:?}: {outcome:?}"
    );
    match &outcome.verdict {
        Verdict::Answer(answer) => assert!(!answer.facts.is_empty(), "{text:?}"),
        Verdict::Offer(facts) => assert!((1..=3).contains(&facts.len()), "{text:?}"),
        Verdict::Unknown(unknown) => assert!(unknown.nearby.len() <= 3, "{text:?}"),
    }
    assert!(
        !Reply::to_outcome(engine.knowledge(), &outcome)
            .text()
            .is_empty(),
        "{text:?}"
    );
    outcome
}

/// Texts made of what the base knows, of markup, of numbers and of nonsense: nearer to the paths of
/// the engine than arbitrary text is.
fn mixed() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec![
            "when", "was", "Fugato", "Ostinato", "founded", "who", "founders", "Marta", "Lind", "members", "quand",
            "fondé", "qui", "combien", "Velden", "orchestra", "l'orchestre", "d'Ostinato", "what happened in",
            "entre", "et", "between", "and", "it", "?", ".", "!", "rehearsals", "répétez-vous",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "<@123>", "<@!1>", "<:violin:42>", "**", "||", "```", "[a](", "https://a.b/c", "> ", "# ", "🎻", "👩‍🎤",
            "’", "«", "\u{200b}", "\n", "\u{2028}", "...", "$$", "\\",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "2011", "1998-03", "2 May 2011", "31/02/2000", "0000", "99999999999999999999", "1998-2011", "mars 1998",
            "20e", "XIXe siècle", "-1", "2 2 2", "2011-05-02/..",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => "[a-zA-Zéèàçœß]{1,20}",
    ];
    (
        prop::collection::vec(word, 0..14),
        prop::sample::select(vec![" ", "", "  ", "\n"]),
    )
        .prop_map(|(words, between)| words.join(between))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn no_arbitrary_text_panics(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn no_text_of_known_words_and_markup_panics(text in mixed()) {
        check(&text);
    }

    #[test]
    fn no_conversation_panics(turns in prop::collection::vec(mixed(), 1..5)) {
        let mut memory = Memory::default();
        for turn in &turns {
            memory = ask(&ENGINE, turn, &memory).memory;
        }
    }

    #[test]
    fn no_memory_of_another_base_panics(
        text in mixed(),
        entity in prop::option::of("[a-z-]{0,8}"),
        relation in prop::option::of("[a-z-]{0,8}"),
        question in prop::option::of(mixed()),
    ) {
        let memory = Memory { entity, relation, fact: None, question, offered: Vec::new(), language: Some(Lang::Fr) };
        ask(&ENGINE, &text, &memory);
    }

    #[test]
    fn asking_twice_gives_the_same(text in mixed()) {
        prop_assert_eq!(check(&text), check(&text));
    }

    #[test]
    fn explaining_changes_no_outcome(text in mixed()) {
        let question = Question { text: &text, lang: None, locale: Lang::En, today: today() };
        let (outcome, explanation) = ENGINE.explain(&question, &Memory::default());
        prop_assert_eq!(outcome, check(&text));
        let _ = explanation.render(ENGINE.knowledge());
    }

    #[test]
    fn normalising_twice_is_normalising_once(text in prop_oneof![any::<String>(), mixed()]) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded.clone());
        let cleaned = clean(&text);
        prop_assert_eq!(clean(&cleaned), cleaned);
    }

    #[test]
    fn spans_slice_their_text(text in prop_oneof![any::<String>(), mixed()]) {
        let cleaned = clean(&text);
        for range in sentences(&cleaned) {
            prop_assert!(cleaned.get(range.clone()).is_some(), "{range:?} of {cleaned:?}");
        }
        let folded = fold(&text);
        for token in tokenize(&folded) {
            prop_assert!(folded.get(token.start..token.end).is_some(), "{token:?} of {folded:?}");
        }
        for found in mention::find(&folded) {
            prop_assert!(folded.get(found.span.clone()).is_some(), "{found:?} of {folded:?}");
        }
    }

    #[test]
    fn no_bytes_in_a_knowledge_file_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), file in 0..SMALL.len()) {
        let files = SMALL.iter().enumerate().map(|(number, (path, text))| {
            (*path, if number == file { bytes.clone() } else { text.as_bytes().to_vec() })
        });
        let _ = knowledge::load(&Folder::in_memory(files), today());
    }

    #[test]
    fn no_damaged_knowledge_file_panics(file in 0..SMALL.len(), at in any::<prop::sample::Index>(), text in "\\PC{0,6}") {
        let files = SMALL.iter().enumerate().map(|(number, (path, original))| {
            let mut damaged = (*original).to_owned();
            if number == file {
                let mut at = at.index(damaged.len());
                while !damaged.is_char_boundary(at) {
                    at -= 1;
                }
                damaged.insert_str(at, &text);
            }
            (*path, damaged)
        });
        let folder = Folder::in_memory(files);
        let loaded = knowledge::load(&folder, today());
        let _ = knowledge::render(&loaded.diagnostics, &folder, false);
    }
}

/// Cases of each property: [`CASES`], or what `PROPTEST_CASES` says.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(CASES)
}

#[test]
fn order_in_which_files_are_given_changes_nothing() {
    let other = build(&Folder::in_memory(SMALL.iter().rev().copied()));
    assert_eq!(other.calibration(), ENGINE.calibration());
    for text in QUESTIONS {
        assert_eq!(
            ask(&other, text, &Memory::default()),
            ask(&ENGINE, text, &Memory::default()),
            "{text}"
        );
    }
}

#[test]
fn names_of_files_and_order_of_entries_change_no_answer() {
    // Files under other names come in another order; entries within a file are turned round.
    let turned = Folder::in_memory(SMALL.iter().map(|(path, text)| {
        let path = match path.split_once('/') {
            Some((kind, "all.toml")) => format!("{kind}/b.toml"),
            Some((kind, "fugato.toml")) => format!("{kind}/z.toml"),
            Some((kind, _)) => format!("{kind}/a.toml"),
            None => (*path).to_owned(),
        };
        let mut parts: Vec<&str> = text.split("\n[[").collect();
        let head = parts.remove(0);
        parts.reverse();
        (
            path,
            parts
                .iter()
                .fold(head.to_owned(), |text, part| format!("{text}\n[[{part}\n")),
        )
    }));
    let other = build(&turned);
    let ids = |engine: &Engine| {
        engine
            .knowledge()
            .facts
            .iter()
            .map(|fact| fact.id.clone())
            .collect::<Vec<_>>()
    };
    assert_ne!(ids(&ENGINE), ids(&other), "the order is another");
    for text in QUESTIONS {
        let (a, b) = (
            ask(&ENGINE, text, &Memory::default()),
            ask(&other, text, &Memory::default()),
        );
        assert_eq!(told(&ENGINE, &a), told(&other, &b), "{text}");
    }
}

/// Questions of all outcomes.
const QUESTIONS: &[&str] = &[
    "when was fugato founded",
    "quand ostinato est né",
    "who founded it",
    "did Jonas Brekke found Fugato?",
    "what happened between 1990 and 2020?",
    "orchestra",
    "founded",
    "ostinto membres",
    "who conducts ostinato",
    "where do they rehearse",
    "tell me about Marta Lind",
    "who won the world cup",
    "fugato ostinato",
    "🎻",
];

#[test]
fn every_phrasing_finds_its_own_fact() {
    let knowledge = ENGINE.knowledge();
    for (fact, lang, phrasing) in knowledge.facts.iter().flat_map(|fact| {
        fact.phrasings
            .iter()
            .flat_map(move |(lang, all)| all.iter().map(move |one| (fact, lang, one)))
    }) {
        let (_, found) = told(&ENGINE, &ask(&ENGINE, &phrasing.text, &Memory::default()));
        assert_eq!(
            found,
            std::slice::from_ref(&fact.id),
            "{lang} {}",
            phrasing.text
        );
    }
}

#[test]
fn every_pattern_filled_with_a_name_finds_its_fact() {
    let knowledge = ENGINE.knowledge();
    for fact in knowledge.facts.iter() {
        let (Some(subject), Some(relation)) = (fact.subject, fact.relation) else {
            continue;
        };
        for lang in Lang::ALL {
            for pattern in knowledge[relation].patterns.get(lang) {
                let text = pattern.replace("{subject}", knowledge[subject].name.get(lang));
                let (_, found) = told(&ENGINE, &ask(&ENGINE, &text, &Memory::default()));
                assert_eq!(found, std::slice::from_ref(&fact.id), "{lang} {text}");
            }
        }
    }
}

#[test]
fn building_twice_gives_the_same_engine() {
    let again = build(&small());
    assert_eq!(again.calibration(), ENGINE.calibration());
    for text in QUESTIONS {
        assert_eq!(
            ask(&again, text, &Memory::default()),
            ask(&ENGINE, text, &Memory::default()),
            "{text}"
        );
    }
}
