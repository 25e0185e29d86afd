//! What all commands share that change the knowledge: the service, the preview, the question whether to
//! go on, and what came of it.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use crate::cli::layout::Layout;
use crate::cli::place::PlaceOptions;
use crate::cli::{Common, DONE, FINDINGS, locale, run_async};
use crate::clock::today;
use crate::journal::By;
use crate::lang::Lang;
use crate::live::Live;
use crate::moderation::{
    Line, Moderation, Preview, Refusal, Request, Shown, difference, reconcile,
};
use crate::reply::{Reply, Words};

/// Most questions that get something else which are listed.
const MAX_SHIFTS: usize = 20;

/// Options of all commands that change the knowledge.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Decision {
    /// Make the change without asking, unless something speaks against it
    #[arg(long, short)]
    yes: bool,
    /// Make golden questions that would fail known failures (`open = true`), instead of refusing
    #[arg(long)]
    accept: bool,
    /// Why, for the journal
    #[arg(long, value_name = "TEXT", default_value = "")]
    why: String,
    #[command(flatten)]
    place: PlaceOptions,
}

/// The service in the terminal.
pub(crate) struct Desk {
    pub(crate) moderation: Moderation,
    pub(crate) layout: Layout,
    pub(crate) words: Words,
    decision: Decision,
}

/// What came of a preview.
pub(crate) enum Outcome {
    /// It was made, or it was refused, or nobody wanted it: the exit code.
    Over(u8),
    /// It is to be edited again.
    Again,
}

/// Runs a command over the service.
pub(crate) fn at_desk(
    common: &Common,
    decision: &Decision,
    work: impl AsyncFnOnce(&Desk) -> anyhow::Result<u8>,
) -> anyhow::Result<u8> {
    run_async(async {
        let desk = Desk::open(common, decision).await?;
        let done = work(&desk).await;
        desk.moderation.journal().close().await;
        done
    })
}

impl Desk {
    async fn open(common: &Common, decision: &Decision) -> anyhow::Result<Desk> {
        let journal = decision.place.journal().await?;
        let store = common.store(&journal)?;
        reconcile(&store, &journal)
            .await
            .context("an interrupted change could not be mended")?;
        let live = Arc::new(Live::new(common.load()?).caching(common.cache()));
        Ok(Desk {
            moderation: Moderation::new(live, store, journal),
            layout: Layout {
                colour: common.colour(&std::io::stdout()),
            },
            words: Words(locale()),
            decision: decision.clone(),
        })
    }

    /// Tries an edit out, shows it, and makes it if that is wanted.
    pub(crate) async fn decide(&self, request: Request) -> anyhow::Result<u8> {
        match self.decide_or_again(request, false).await? {
            Outcome::Over(code) => Ok(code),
            Outcome::Again => Ok(FINDINGS),
        }
    }

    /// As [`Desk::decide`]; with `editable` the preview may lead back to the editor.
    pub(crate) async fn decide_or_again(
        &self,
        request: Request,
        editable: bool,
    ) -> anyhow::Result<Outcome> {
        let mut request = request;
        request.accept |= self.decision.accept;
        let preview = match self.moderation.preview(request.clone(), today()).await {
            Ok(preview) => preview,
            Err(refusal) => {
                self.tell(&refusal)?;
                let settled = self
                    .moderation
                    .close_settled(request.settles, &refusal, By::Operator)
                    .await?;
                if settled {
                    self.print(&format!("{}\n", self.words.closed_as_settled()))?;
                    return Ok(Outcome::Over(DONE));
                }
                let again = editable && self.may_ask() && !matches!(refusal, Refusal::Conflict(_));
                return self.again_if(again);
            }
        };
        self.print(&self.shown(&preview))?;
        if !preview.can_be_confirmed() {
            self.moderation.cancel(preview.id);
            if preview.can_be_accepted() && !self.decision.yes && !request.accept {
                let count = preview.broken.len();
                let question = self.pick(
                    format!("Accept that {count} golden question(s) will fail? [a]ccept, [n]o: "),
                    format!("Accepter que {count} question(s) de contrôle échouent ? [a]ccepter, [n]on : "),
                );
                if let Some("a" | "accept" | "accepter") = answer(&question)?.as_deref() {
                    request.accept = true;
                    return Box::pin(self.decide_or_again(request, editable)).await;
                }
            }
            return self.again_if(editable && self.may_ask());
        }
        if !self.decision.yes {
            let choices = match editable {
                true => self.pick(
                    "Make this change? [y]es, [n]o, [e]dit again: ",
                    "Faire cette modification ? [o]ui, [n]on, [e]ncore modifier : ",
                ),
                false => self.pick(
                    "Make this change? [y]es, [n]o: ",
                    "Faire cette modification ? [o]ui, [n]on : ",
                ),
            };
            match answer(choices)?.as_deref() {
                Some("y" | "yes" | "o" | "oui") => {}
                Some("e" | "edit") if editable => return Ok(Outcome::Again),
                _ => {
                    self.moderation.cancel(preview.id);
                    self.print(self.pick("Nothing was changed.\n", "Rien n'a été modifié.\n"))?;
                    return Ok(Outcome::Over(FINDINGS));
                }
            }
        }
        let why = &self.decision.why;
        match self
            .moderation
            .confirm(preview.id, By::Operator, why, today())
            .await
        {
            Ok(done) => {
                self.print(&format!("{}\n", self.words.done(&done)))?;
                Ok(Outcome::Over(DONE))
            }
            Err(refusal) => {
                self.tell(&refusal)?;
                Ok(Outcome::Over(FINDINGS))
            }
        }
    }

    /// Back to the editor, if somebody is there who wants that.
    fn again_if(&self, possible: bool) -> anyhow::Result<Outcome> {
        let question = self.pick(
            "Edit again? [y]es, [n]o: ",
            "Encore modifier ? [o]ui, [n]on : ",
        );
        if possible
            && matches!(
                answer(question)?.as_deref(),
                Some("y" | "yes" | "o" | "oui" | "e")
            )
        {
            return Ok(Outcome::Again);
        }
        Ok(Outcome::Over(FINDINGS))
    }

    /// Whether there is somebody to ask.
    fn may_ask(&self) -> bool {
        !self.decision.yes && std::io::stdin().is_terminal()
    }

    pub(crate) fn pick<T>(&self, en: T, fr: T) -> T {
        match self.words.0 {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }

    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Says why something was refused; of a conflict also what the other change is.
    fn tell(&self, refusal: &Refusal) -> anyhow::Result<()> {
        eprintln!("cara-bot: {}", self.words.refusal(refusal));
        match refusal {
            Refusal::Conflict(conflict) => {
                let (was, now) = (conflict.was.as_deref(), conflict.now.as_deref());
                self.print(&self.difference(was, now))
            }
            Refusal::Broken { shown, .. } => {
                eprint!("\n{shown}");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A difference with its lines in colour, and the words that differ marked in them.
    pub(crate) fn difference(&self, before: Option<&str>, after: Option<&str>) -> String {
        let difference = difference(before, after);
        if !self.layout.colour {
            return difference.text();
        }
        let mut text = String::new();
        for line in &difference.lines {
            let (sign, colour, pieces) = match line {
                Line::Same(same) => {
                    let _ = writeln!(text, "  {same}");
                    continue;
                }
                Line::Gap => {
                    text.push_str("  …\n");
                    continue;
                }
                Line::Removed(pieces) => ('-', "31", pieces),
                Line::Added(pieces) => ('+', "32", pieces),
            };
            text.push_str(&self.layout.paint(colour, &format!("{sign} ")));
            // Where all of a line is new, marking all of it says nothing.
            let marks = pieces.iter().any(|piece| !piece.changed);
            for piece in pieces {
                let code = match piece.changed && marks {
                    true => format!("1;7;{colour}"),
                    false => colour.to_owned(),
                };
                text.push_str(&self.layout.paint(&code, &piece.text));
            }
            text.push('\n');
        }
        text
    }

    /// A whole preview.
    fn shown(&self, preview: &Preview) -> String {
        let mut text = String::new();
        for entry in &preview.entries {
            let heading = self.words.entry(entry.kind, &entry.id, &entry.path);
            text.push_str(&self.layout.paint("1", &heading));
            text.push('\n');
            text.push_str(&self.difference(entry.before.as_deref(), entry.after.as_deref()));
            text.push('\n');
        }
        for shown in &preview.replies {
            text.push_str(&self.replies(shown));
        }
        if !preview.diagnostics.is_empty() {
            text.push_str(&preview.rendered(self.layout.colour));
            text.push('\n');
        }
        if let Some(impact) = &preview.impact {
            let _ = writeln!(text, "{}", self.words.impact(impact));
            for shift in impact.shifts.iter().take(MAX_SHIFTS) {
                let _ = writeln!(text, "  {}", self.words.shift(shift));
            }
            if impact.shifts.len() > MAX_SHIFTS {
                let _ = writeln!(text, "  … +{}", impact.shifts.len() - MAX_SHIFTS);
            }
        }
        let _ = writeln!(text, "{}", self.words.verdict(preview));
        text
    }

    /// A reply before and after, in both languages.
    fn replies(&self, shown: &Shown) -> String {
        let mut text = self.layout.paint("1", &self.words.subject(&shown.to));
        text.push('\n');
        let said = |reply: &Option<Reply>| match reply {
            Some(reply) => reply.text().replace('\n', "\n    "),
            None => self.words.nothing_said().to_owned(),
        };
        for lang in Lang::ALL {
            let (before, after) = (shown.before.get(lang), shown.after.get(lang));
            if before == after {
                let _ = writeln!(text, "  {lang} = {}", said(after));
                continue;
            }
            let _ = writeln!(text, "  {lang} {}: {}", self.words.before(), said(before));
            let _ = writeln!(text, "  {lang} {}: {}", self.words.after(), said(after));
        }
        text.push('\n');
        text
    }
}

/// Asks somebody; none when the input has ended.
pub(crate) fn answer(question: &str) -> anyhow::Result<Option<String>> {
    let mut out = std::io::stdout().lock();
    out.write_all(question.as_bytes())?;
    out.flush()?;
    let mut line = Vec::new();
    if std::io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
        out.write_all(b"\n")?;
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
}
