//! `ask`: one question, or a stream of them.

use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use crate::cli::layout::Layout;
use crate::cli::{Common, DONE, FINDINGS, locale};
use crate::clock::today;
use crate::engine::{Engine, Explanation, Memory, Outcome, Question, Reason, Unknown, Verdict};
use crate::knowledge::model::{FactIx, Knowledge};
use crate::lang::Lang;
use crate::reply::{Reply, Status};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The question; several words need no quotes
    #[arg(required_unless_present = "batch", value_name = "QUESTION")]
    question: Vec<String>,
    /// Language of the reply [default: that of the question]
    #[arg(long, value_name = "en|fr")]
    lang: Option<Lang>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Say why: what was understood, and what spoke for and against each candidate
    #[arg(long)]
    explain: bool,
    /// Read one question a line from standard input, print one JSON object a line
    #[arg(long, conflicts_with = "question")]
    batch: bool,
    /// With --batch: lines are turns of one conversation, an empty line starts a new one
    #[arg(long, requires = "batch", conflicts_with = "question")]
    conversation: bool,
}

/// One reply as other tools read it.
#[derive(Debug, Serialize)]
struct Record<'r> {
    question: &'r str,
    outcome: Status,
    facts: Vec<&'r str>,
    confidence: f32,
    language: Lang,
    text: String,
    sources: Vec<&'r str>,
    candidates: Vec<RankedFact<'r>>,
    micros: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
}

#[derive(Debug, Serialize)]
struct RankedFact<'r> {
    fact: &'r str,
    confidence: f32,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    let snapshot = common.load()?;
    let engine = &snapshot.engine;
    if options.batch {
        batch(engine, options)?;
        return Ok(DONE);
    }
    let question = options.question.join(" ");
    let asked = asked(engine, &question, options, &Memory::default());
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(
            out,
            "{}",
            serde_json::to_string(&asked.record(engine.knowledge(), &question))?
        )?;
    } else {
        let layout = Layout {
            colour: common.colour(&std::io::stdout()),
        };
        write!(out, "{}", layout.reply(&asked.reply))?;
        if let Some(explanation) = &asked.explanation {
            write!(out, "\n{}", explanation.render(engine.knowledge()))?;
        }
    }
    Ok(match asked.reply.status {
        Status::Answer => DONE,
        Status::Offer | Status::Unknown => FINDINGS,
    })
}

fn batch(engine: &Engine, options: &Options) -> anyhow::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut memory = Memory::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        // Questions may come from anywhere: what is not UTF-8 is replaced, not refused.
        let question = String::from_utf8_lossy(&line);
        let question = question.trim_end_matches(['\n', '\r']);
        if question.trim().is_empty() {
            memory = Memory::default();
            continue;
        }
        let asked = asked(engine, question, options, &memory);
        serde_json::to_writer(&mut out, &asked.record(engine.knowledge(), question))?;
        out.write_all(b"\n")?;
        out.flush()?;
        if options.conversation {
            memory = asked.outcome.memory;
        }
    }
    Ok(())
}

struct Asked {
    outcome: Outcome,
    reply: Reply,
    explanation: Option<Explanation>,
    micros: u64,
}

fn asked(engine: &Engine, text: &str, options: &Options, memory: &Memory) -> Asked {
    let question = Question {
        text,
        lang: options.lang,
        locale: locale(),
        today: today(),
    };
    let started = Instant::now();
    let (outcome, explanation) = if options.explain {
        let (outcome, explanation) = engine.explain(&question, memory);
        (outcome, Some(explanation))
    } else {
        (engine.ask(&question, memory), None)
    };
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let reply = Reply::to_outcome(engine.knowledge(), &outcome);
    Asked {
        outcome,
        reply,
        explanation,
        micros,
    }
}

impl Asked {
    fn record<'r>(&'r self, knowledge: &'r Knowledge, question: &'r str) -> Record<'r> {
        let id = |fact: &FactIx| knowledge.facts[fact.index()].id.as_str();
        let facts = match &self.outcome.verdict {
            Verdict::Answer(answer) => answer.facts.iter().map(id).collect(),
            Verdict::Offer(facts) => facts.iter().map(id).collect(),
            Verdict::Unknown(Unknown {
                reason: Reason::Gap(gap),
                ..
            }) => vec![id(gap)],
            Verdict::Unknown(_) => Vec::new(),
        };
        Record {
            question,
            outcome: self.reply.status,
            facts,
            confidence: self.outcome.confidence,
            language: self.outcome.language,
            text: self.reply.text(),
            sources: self
                .reply
                .sources
                .iter()
                .map(|source| source.id.as_str())
                .collect(),
            candidates: self
                .outcome
                .candidates
                .iter()
                .map(|(fact, confidence)| RankedFact {
                    fact: id(fact),
                    confidence: *confidence,
                })
                .collect(),
            micros: self.micros,
            explanation: self
                .explanation
                .as_ref()
                .map(|explanation| explanation.render(knowledge)),
        }
    }
}
