//! How time and memory grow with the base: `cargo bench --bench scale [-- FACTS…]`.
//!
//! One row for the shipped base asked its golden questions, and one for each generated base of 1,000,
//! 10,000 and 100,000 facts of five phrasings, asked reworded and misspelt questions (see `support`).
//! Each row is measured in a process of its own, so that its peak memory is its own. *Read* is from
//! TOML in memory to a checked base, *train* from there to an engine, in milliseconds and, in brackets,
//! in milliseconds of processor time over all threads. The percentiles are over questions, one thread,
//! each question's time being the best of [`ROUNDS`], which keeps other programs out of the figures.

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use cara_bot::date::Day;
use cara_bot::engine::{Engine, Memory, Question, Verdict};
use cara_bot::knowledge::model::FactIx;
use cara_bot::knowledge::{Folder, load};
use cara_bot::lang::Lang;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const QUESTIONS: usize = 3_000;
const ROUNDS: usize = 4;
const SEED: u64 = 20_171_121;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [mode, folder, questions] = &arguments[..]
        && mode == "measure"
    {
        return measure(Path::new(folder), Path::new(questions));
    }
    let sizes: Vec<usize> = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    println!(
        "{:>7} {:>9} {:>8} {:>14} {:>14} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8}",
        "facts",
        "phrasings",
        "TOML MB",
        "read ms",
        "train ms",
        "p50 µs",
        "p90 µs",
        "p99 µs",
        "right",
        "refused",
        "peak MiB"
    );
    let scratch = tempfile::tempdir().expect("a temporary folder can be made");
    if sizes.is_empty() {
        row(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"),
            Path::new("-"),
        );
    }
    for facts in if sizes.is_empty() {
        SIZES.to_vec()
    } else {
        sizes
    } {
        let base = support::base(facts, QUESTIONS, SEED);
        let folder = scratch.path().join(facts.to_string());
        for (path, text) in &base.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("files lie in the folder"))
                .expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        }
        let questions = scratch.path().join(format!("{facts}.txt"));
        let lines: Vec<String> = base
            .questions
            .iter()
            .map(|asked| {
                format!(
                    "{}\t{}\n",
                    asked.fact.as_deref().unwrap_or_default(),
                    asked.text
                )
            })
            .collect();
        std::fs::write(&questions, lines.concat()).expect("a file can be written");
        drop(base);
        row(&folder, &questions);
    }
}

fn row(folder: &Path, questions: &Path) {
    let program = std::env::current_exe().expect("a bench knows its own path");
    let done = Command::new(program)
        .arg("measure")
        .args([folder, questions])
        .status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "measuring {} failed",
        folder.display()
    );
}

/// Measures one base and prints its row. `questions` holds a line each: the fact, a tab, the question;
/// `-` means the golden questions.
fn measure(folder: &Path, questions: &Path) {
    let today = Day::new(2026, 11, 22).expect("a day of the calendar");
    let folder = Folder::read(folder).expect("the folder was just written");
    let megabytes = folder
        .files
        .iter()
        .map(|file| file.bytes.len())
        .sum::<usize>() as f64
        / 1e6;
    let clock = Clock::start();
    let loaded = load(&folder, today);
    let read = clock.stop();
    for diagnostic in loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .take(5)
    {
        eprintln!("{diagnostic:?}");
    }
    let knowledge = Arc::new(loaded.knowledge);
    drop(loaded.diagnostics);
    let clock = Clock::start();
    let engine = Engine::build(Arc::clone(&knowledge));
    let trained = clock.stop();

    let asked: Vec<(Option<FactIx>, String)> = if questions == Path::new("-") {
        let golden = knowledge
            .golden
            .iter()
            .filter(|golden| golden.after.is_empty());
        golden
            .map(|golden| {
                let fact = golden.expect.iter().find_map(|expected| match expected {
                    cara_bot::knowledge::model::Expected::Fact(fact) => Some(*fact),
                    _ => None,
                });
                (fact, golden.ask.clone())
            })
            .collect()
    } else {
        let text = std::fs::read_to_string(questions).expect("the questions were just written");
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        lines
            .map(|(id, ask)| {
                (
                    (!id.is_empty()).then(|| FactIx(id[1..].parse().expect("facts are numbered"))),
                    ask.to_owned(),
                )
            })
            .collect()
    };
    let mut micros = vec![f64::INFINITY; asked.len()];
    let (mut right, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        for ((fact, text), micros) in asked.iter().zip(&mut micros) {
            let question = Question {
                text,
                lang: None,
                locale: Lang::En,
                today,
            };
            let started = Instant::now();
            let outcome = engine.ask(&question, &Memory::default());
            *micros = micros.min(started.elapsed().as_secs_f64() * 1e6);
            if round > 0 {
                continue;
            }
            match (fact, &outcome.verdict) {
                (Some(fact), Verdict::Answer(answer)) => {
                    right += usize::from(answer.facts.contains(fact))
                }
                (Some(fact), Verdict::Offer(facts)) => right += usize::from(facts.contains(fact)),
                (Some(_), Verdict::Unknown(_)) => {}
                (None, verdict) => refused += usize::from(!matches!(verdict, Verdict::Answer(_))),
            }
        }
    }
    micros.sort_by(f64::total_cmp);
    let percentile = |percent: usize| micros[(micros.len() - 1) * percent / 100];
    let share = |part: usize, answerable: bool| {
        part as f64 * 100.0
            / asked
                .iter()
                .filter(|(fact, _)| fact.is_some() == answerable)
                .count()
                .max(1) as f64
    };
    let phrasings: usize = knowledge
        .facts
        .iter()
        .map(|fact| fact.phrasings.en.len() + fact.phrasings.fr.len())
        .sum();
    println!(
        "{:>7} {:>9} {:>8.1} {:>14} {:>14} {:>7.0} {:>7.0} {:>7.0} {:>6.1}% {:>6.1}% {:>8}",
        knowledge.facts.len(),
        phrasings,
        megabytes,
        read,
        trained,
        percentile(50),
        percentile(90),
        percentile(99),
        share(right, true),
        share(refused, false),
        peak_mebibytes().map_or("?".to_owned(), |peak| peak.to_string()),
    );
}

/// Time on the wall and time of the processor.
struct Clock(Instant, u64);

impl Clock {
    fn start() -> Clock {
        Clock(Instant::now(), processor_millis())
    }

    fn stop(self) -> String {
        format!(
            "{} ({})",
            self.0.elapsed().as_millis(),
            processor_millis() - self.1
        )
    }
}

/// Processor time of this process, in ticks of ten milliseconds; Linux only.
fn processor_millis() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split(' ')
        .skip(12)
        .take(2);
    fields
        .filter_map(|field| field.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

/// The most memory this process has held; Linux only.
fn peak_mebibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024)
}
