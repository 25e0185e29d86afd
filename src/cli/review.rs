//! `review`: the questions nobody could answer, and what to do with each.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use clap::Args;

use crate::cli::moderate::{Decision, Desk, answer, at_desk};
use crate::cli::{Common, DONE};
use crate::clock::today;
use crate::engine::{Memory, Question};
use crate::journal::{By, Closing, How, Page, QueuedQuestion};
use crate::knowledge::model::FactIx;
use crate::moderation::{Asked, Edit, Request};
use crate::reply::display_question;

/// Candidates that are shown of a question.
const CANDIDATES: usize = 5;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many questions, most asked first
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: u32,
    /// Go through them one by one and decide, also when no person is at the terminal
    #[arg(long)]
    each: bool,
    /// Only list them
    #[arg(long, conflicts_with = "each")]
    list: bool,
    /// Print one JSON object
    #[arg(long, conflicts_with = "each")]
    json: bool,
    #[command(flatten)]
    decision: Decision,
}

pub(crate) fn run(options: &Options, common: &Common) -> anyhow::Result<u8> {
    at_desk(common, &options.decision, async |desk| {
        let page = Page {
            offset: 0,
            size: options.limit,
        };
        let queue = desk.moderation.journal().queue(page).await?;
        if options.json {
            desk.print(&format!("{}\n", serde_json::to_string_pretty(&queue)?))?;
            return Ok(DONE);
        }
        if queue.questions.is_empty() {
            let nothing = desk.pick("No questions wait.\n", "Aucune question n'attend.\n");
            desk.print(nothing)?;
            return Ok(DONE);
        }
        let each = options.each || (!options.list && std::io::stdin().is_terminal());
        for question in &queue.questions {
            let candidates = candidates(desk, question);
            desk.print(&shown(desk, question, &candidates))?;
            if each && !settle(desk, question, &candidates).await? {
                break;
            }
        }
        Ok(DONE)
    })
}

/// The facts that the engine holds likeliest: id and question.
fn candidates(desk: &Desk, question: &QueuedQuestion) -> Vec<(String, String)> {
    let snapshot = desk.moderation.live().current();
    let asked = Question {
        text: &question.text,
        lang: Some(question.lang),
        locale: question.lang,
        today: today(),
    };
    let outcome = snapshot.engine.ask(&asked, &Memory::default());
    let knowledge = snapshot.engine.knowledge();
    let told = |fact: FactIx| {
        let fact = &knowledge[fact];
        (
            fact.id.clone(),
            display_question(knowledge, fact, question.lang),
        )
    };
    let candidates = outcome.candidates.iter().take(CANDIDATES);
    candidates.map(|(fact, _)| told(*fact)).collect()
}

fn shown(desk: &Desk, question: &QueuedQuestion, candidates: &[(String, String)]) -> String {
    let heading = format!("{} · {} × · {}", question.id, question.count, question.text);
    let mut text = desk.layout.paint("1", &heading);
    text.push('\n');
    for (number, (fact, words)) in candidates.iter().enumerate() {
        let _ = writeln!(text, "  {}. {words} (`{fact}`)", number + 1);
    }
    text
}

/// Asks what to do with a question, and does it. False to stop.
async fn settle(
    desk: &Desk,
    question: &QueuedQuestion,
    candidates: &[(String, String)],
) -> anyhow::Result<bool> {
    let choices = desk.pick(
        "  number or id of the fact that answers it, [r]efuse on purpose, [d]rop, [Enter] later, [q]uit: ",
        "  numéro ou identifiant du fait qui y répond, [r]efuser exprès, [d] écarter, [Entrée] plus tard, [q]uitter : ",
    );
    let asked = Asked {
        text: question.text.clone(),
        lang: question.lang,
    };
    let edit = match answer(choices)?.as_deref() {
        None | Some("q") => return Ok(false),
        Some("") => return Ok(true),
        Some("r") => Edit::RefuseOnPurpose { question: asked },
        Some("d") => {
            let closing = Closing {
                how: How::Dropped,
                by: By::Operator,
                word: None,
                fact: None,
            };
            desk.moderation
                .journal()
                .close_question(question.id, &closing)
                .await?;
            return Ok(true);
        }
        Some(choice) => {
            let numbered = choice.parse::<usize>().ok().and_then(|number| {
                let (fact, _) = candidates.get(number.checked_sub(1)?)?;
                Some(fact.clone())
            });
            Edit::Teach {
                question: asked,
                fact: numbered.unwrap_or_else(|| choice.to_owned()),
            }
        }
    };
    let request = Request {
        edit,
        base: None,
        settles: Some(question.id),
        accept: false,
    };
    desk.decide(request).await?;
    Ok(true)
}
