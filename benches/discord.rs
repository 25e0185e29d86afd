//! The bot in Discord under load: the real program against the stand-in of the tests, over loopback.
//! `cargo bench --bench discord`.
//!
//! Two figures: how long it takes from an event to its callback when 200 interactions come in a
//! second, and how many a second one process sustains. The stand-in and the people who ask run on
//! the same machine and take their share of it: they are part of both figures.

use std::time::{Duration, Instant};

use support::Project;
use support::discord::Town;
use support::discord::person::{Pending, Person};

/// The small base and the stand-in, as the tests have them.
#[allow(
    dead_code,
    unused_imports,
    reason = "the tests need more of it than this does"
)]
#[path = "../tests/support"]
mod support {
    pub(crate) mod base;
    pub(crate) mod discord;
    pub(crate) mod project;

    pub(crate) use base::SMALL;
    pub(crate) use project::{Project, Ran};
}

/// How long each part takes.
const LASTING: Duration = Duration::from_secs(10);
/// Interactions a second in the first part.
const RATE: u32 = 200;
/// Interactions at a time in the second part.
const AT_A_TIME: usize = 32;
/// How often one person asks before the next one does: more at once would be refused as too many.
const PER_PERSON: usize = 15;
/// How often one channel is asked in, for the same reason.
const PER_CHANNEL: usize = 45;
/// Most interactions of all parts together.
const MOST: usize = 120_000;

/// What people ask: answered, in two languages, misspelt, not known.
const QUESTIONS: [&str; 10] = [
    "When was LUTB created?",
    "qui a fondé CARA",
    "How many members does CARA have?",
    "c koi lutb",
    "what happened in 2012",
    "Was Renault Trucks a founder of LUTB?",
    "qd a été crée le raac",
    "who won the world cup in 2018?",
    "best pizza near me",
    "Pourquoi LUTB et le RAAC ont-ils fusionné ?",
];

/// People in channels, each with some questions left.
struct Crowd {
    people: Vec<Person>,
    asked: usize,
}

impl Crowd {
    fn new(town: &Town) -> Crowd {
        let channels = MOST.div_ceil(PER_CHANNEL).min(500);
        let rooms: Vec<Person> = (0..channels)
            .map(|room| town.member("host").in_channel(&format!("room-{room}")))
            .collect();
        let people = (0..MOST.div_ceil(PER_PERSON))
            .map(|number| {
                let place = rooms[number * PER_PERSON / PER_CHANNEL % channels].place();
                town.newcomer(number).at(place)
            })
            .collect();
        Crowd { people, asked: 0 }
    }

    /// The next question of the next person.
    fn asks(&mut self) -> Pending {
        let person = &self.people[self.asked / PER_PERSON % self.people.len()];
        let question = QUESTIONS[self.asked % QUESTIONS.len()];
        self.asked += 1;
        person.begins("/cara ask", &[("question", question)])
    }
}

fn main() {
    let town = Town::unchecked();
    let mut crowd = Crowd::new(&town);
    let bot = town
        .bot()
        .with_project(Project::empty())
        .with(
            "CARA_KNOWLEDGE",
            concat!(env!("CARGO_MANIFEST_DIR"), "/knowledge"),
        )
        .with("RUST_LOG", "warn")
        .starts();
    // The first answer makes what is made once.
    crowd.asks().acknowledged();
    steady(&mut crowd);
    sustained(&mut crowd);
    if let Some(bytes) = bot.memory() {
        println!("memory held afterwards: {} MiB", bytes / 1024 / 1024);
    }
    // What is refused here is not what is measured.
    for offence in town.offences().iter().take(3) {
        println!("refused: {offence}");
    }
}

/// A steady stream: times from event to callback.
fn steady(crowd: &mut Crowd) {
    let begun = Instant::now();
    let pause = Duration::from_secs(1) / RATE;
    let mut pending = Vec::new();
    while begun.elapsed() < LASTING {
        pending.push(crowd.asks());
        let next = begun + pause * u32::try_from(pending.len()).unwrap_or(u32::MAX);
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let asked = pending.len();
    let mut times: Vec<Duration> = pending.iter().filter_map(Pending::took).collect();
    times.sort_unstable();
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        let time = times.get(index.min(times.len().saturating_sub(1)));
        time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        "{RATE} a second for {LASTING:?}: {} of {asked} answered; event to callback: median {:.2} ms, 99th percentile {:.2} ms, slowest {:.2} ms",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// As fast as it goes, so many at a time: answers a second.
fn sustained(crowd: &mut Crowd) {
    let begun = Instant::now();
    let mut waiting = std::collections::VecDeque::new();
    let (mut answered, mut lost) = (0_u32, 0_u32);
    while begun.elapsed() < LASTING && crowd.asked < MOST {
        while waiting.len() < AT_A_TIME {
            waiting.push_back(crowd.asks());
        }
        let oldest = waiting.pop_front().expect("it was just filled");
        match oldest.took() {
            Some(_) => answered += 1,
            None => lost += 1,
        }
    }
    println!(
        "{AT_A_TIME} at a time for {:.1} s: {:.0} interactions a second, {lost} unanswered",
        begun.elapsed().as_secs_f64(),
        f64::from(answered) / begun.elapsed().as_secs_f64()
    );
}
