//! The shipped base: reading, training, asking, telling. `cargo bench --bench base`.

use std::sync::{Arc, LazyLock};

use cara_bot::date::Day;
use cara_bot::engine::{Engine, Memory, Outcome, Question};
use cara_bot::knowledge::{Folder, Knowledge, load};
use cara_bot::lang::Lang;
use cara_bot::reply::Reply;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Kind of question, and questions of that kind.
const QUESTIONS: [(&str, &[&str]); 5] = [
    (
        "english",
        &[
            "When was LUTB created?",
            "who founded CARA",
            "How many members does CARA have?",
            "what does RAAC stand for",
            "Why did LUTB and RAAC merge?",
            "what happened in 2012",
            "Was Renault Trucks a founder of LUTB?",
        ],
    ),
    (
        "french",
        &[
            "Quand LUTB a-t-il été créé ?",
            "qui a fondé CARA",
            "Combien de membres compte CARA ?",
            "que veut dire RAAC",
            "Pourquoi LUTB et le RAAC ont-ils fusionné ?",
            "que s'est-il passé entre 2015 et 2018",
            "où se trouve le siège de CARA",
        ],
    ),
    (
        "misspelt",
        &[
            "wen was lutb creatd",
            "c koi lutb",
            "combein de membrs a cara",
            "who foundd the clsuter",
            "qd a été crée le racc",
            "renualt truks founder of LUBT ?",
        ],
    ),
    (
        "refused",
        &[
            "When was Minalogic created?",
            "what is the weather in Lyon tomorrow",
            "Qui est le président de la République ?",
            "best pizza near me",
            "how do I reset my password",
            "quel est le prix du gazole",
        ],
    ),
    (
        "chatty",
        &[
            "Hi all! I'm doing a school project on French industry and I have to put a birth year next to Lyon Urban Trucks & Bus on my poster. Which year should I write down?",
            "Bonjour à tous, je prépare un exposé sur les pôles de compétitivité. J'ai lu que CARA s'appelait autrement avant. Quel était son ancien nom ? Merci d'avance !",
            "Sorry if this has been asked before. My boss says LUTB and RAAC are the same thing. Are they?",
            "Salut, petite question : dans la région, qui finance CARA ? Je n'ai rien trouvé sur le site.",
        ],
    ),
];

static KNOWLEDGE: LazyLock<Arc<Knowledge>> =
    LazyLock::new(|| Arc::new(load(&Folder::embedded(), today()).knowledge));
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::build(Arc::clone(&KNOWLEDGE)));

fn main() {
    divan::main();
}

fn today() -> Day {
    Day::new(2026, 11, 22).expect("a day of the calendar")
}

fn ask(text: &str) -> Outcome {
    ENGINE.ask(
        &Question {
            text,
            lang: None,
            locale: Lang::En,
            today: today(),
        },
        &Memory::default(),
    )
}

#[divan::bench(sample_count = 20)]
fn read(bencher: Bencher<'_, '_>) {
    let folder = Folder::embedded();
    bencher.bench(|| load(black_box(&folder), today()));
}

#[divan::bench(sample_count = 20)]
fn train(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Engine::build(Arc::clone(&KNOWLEDGE)));
}

#[divan::bench(sample_count = 20)]
fn read_and_train(bencher: Bencher<'_, '_>) {
    let folder = Folder::embedded();
    bencher.bench(|| Engine::build(Arc::new(load(black_box(&folder), today()).knowledge)));
}

/// What a second start does instead of training, but for reading the file.
#[divan::bench(sample_count = 20)]
fn read_and_take_from_bytes(bencher: Bencher<'_, '_>) {
    let folder = Folder::embedded();
    let bytes = ENGINE.to_bytes();
    bencher.bench(|| {
        let knowledge = Arc::new(load(black_box(&folder), today()).knowledge);
        Engine::from_bytes(knowledge, &bytes).expect("they are of this base")
    });
}

#[divan::bench(args = QUESTIONS.map(|(kind, _)| kind))]
fn questions(bencher: Bencher<'_, '_>, kind: &str) {
    let (_, texts) = QUESTIONS
        .iter()
        .find(|(name, _)| *name == kind)
        .expect("arguments are kinds");
    let _ = ask(texts[0]);
    bencher.counter(ItemsCount::new(texts.len())).bench(|| {
        for text in *texts {
            black_box(ask(black_box(text)));
        }
    });
}

#[divan::bench]
fn replies(bencher: Bencher<'_, '_>) {
    let outcomes: Vec<Outcome> = QUESTIONS
        .iter()
        .flat_map(|(_, texts)| *texts)
        .map(|text| ask(text))
        .collect();
    bencher.counter(ItemsCount::new(outcomes.len())).bench(|| {
        for outcome in &outcomes {
            black_box(Reply::to_outcome(&KNOWLEDGE, black_box(outcome)).text());
        }
    });
}
