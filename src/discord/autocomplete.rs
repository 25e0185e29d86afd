//! Suggestions while somebody types: exact before alias before word before misspelt.
//!
//! Pure, over lists made once per snapshot; asked on every keystroke, so it only compares folded
//! words.

use std::sync::Arc;

use crate::discord::custom_id::FactKey;
use crate::discord::markdown::{length, shorten};
use crate::discord::message::{Line, MAX_LINE_CHARS, MAX_LINES};
use crate::engine::Engine;
use crate::knowledge::model::{EntityIx, FactIx};
use crate::lang::Lang;
use crate::live::Snapshot;
use crate::reply::display_question;
use crate::text::fold;

/// Begins a value that is the id of a fact, because its question is too long for a value.
const FACT: &str = "fact:";
/// Words of which at least this share is alike count as misspelt, 0–1.
const ALIKE: f64 = 0.84;

/// What can be suggested from one snapshot.
#[derive(Debug)]
pub(crate) struct Suggestions {
    generation: u64,
    questions: [Vec<Entry>; 2],
    topics: [Vec<Entry>; 2],
    starters: [Vec<usize>; 2],
}

/// Something to suggest.
#[derive(Debug)]
struct Entry {
    line: Line,
    /// What names it in an edit: the id of a fact or entity.
    id: String,
    /// The ways to type it, folded.
    texts: Vec<String>,
    /// Names of what it is about, folded.
    names: Arc<[String]>,
}

/// How well something fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Alias,
    Words,
    Misspelt,
}

impl Suggestions {
    pub(crate) fn new(snapshot: &Snapshot) -> Suggestions {
        let engine = &snapshot.engine;
        let knowledge = engine.knowledge();
        let names: Vec<Arc<[String]>> = (0..knowledge.entities.len())
            .map(|at| names(engine, at).into())
            .collect();
        let nobody: Arc<[String]> = Arc::from(Vec::new());
        let questions = Lang::ALL.map(|lang| {
            let entry = |fact: &crate::knowledge::model::Fact| {
                let question = display_question(knowledge, fact, lang);
                let mut texts = vec![fold(&question)];
                texts.extend(fact.phrasings.get(lang).iter().map(|one| fold(&one.text)));
                texts.dedup();
                let subject = fact.subject.and_then(|subject| names.get(subject.index()));
                Entry {
                    line: Line {
                        label: shorten(&question, MAX_LINE_CHARS),
                        value: if length(&question) <= MAX_LINE_CHARS {
                            question
                        } else {
                            format!("{FACT}{}", FactKey::new(&fact.id).write())
                        },
                    },
                    id: fact.id.clone(),
                    texts,
                    names: Arc::clone(subject.unwrap_or(&nobody)),
                }
            };
            knowledge.facts.iter().map(entry).collect()
        });
        let topics = Lang::ALL.map(|lang| {
            let entities = knowledge.entities.iter().zip(&names);
            let known = entities.filter(|(entity, _)| !entity.outside);
            known
                .map(|(entity, names)| {
                    let name = entity.name.get(lang);
                    let long = entity.long.as_ref().map(|long| long.get(lang));
                    let label = match long {
                        Some(long) => format!("{name} – {long}"),
                        None => name.clone(),
                    };
                    Entry {
                        line: Line {
                            label: shorten(&label, MAX_LINE_CHARS),
                            value: shorten(name, MAX_LINE_CHARS),
                        },
                        id: entity.id.clone(),
                        texts: vec![fold(name)],
                        names: Arc::clone(names),
                    }
                })
                .collect()
        });
        let starters = starters(engine);
        Suggestions {
            generation: snapshot.generation,
            questions,
            topics,
            starters: [starters.clone(), starters],
        }
    }

    /// The snapshot it is made from.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Questions that begin, name or contain what is typed; good first questions for nothing.
    pub(crate) fn questions(&self, typed: &str, lang: Lang) -> Vec<Line> {
        let entries = &self.questions[lang as usize];
        if typed.trim().is_empty() {
            let starters = self.starters[lang as usize].iter();
            return starters
                .filter_map(|at| entries.get(*at))
                .map(|entry| entry.line.clone())
                .take(MAX_LINES)
                .collect();
        }
        rank(entries, typed)
    }

    /// Facts to be edited, with their ids, which may be typed too.
    pub(crate) fn facts(&self, typed: &str, lang: Lang) -> Vec<Line> {
        ids(&self.questions[lang as usize], typed, |id| {
            FactKey::new(id).write()
        })
    }

    /// Entities to be edited, with their ids, which may be typed too.
    pub(crate) fn entities(&self, typed: &str, lang: Lang) -> Vec<Line> {
        ids(&self.topics[lang as usize], typed, str::to_owned)
    }

    /// Entities of which a name begins with, or contains, what is typed; the first for nothing.
    pub(crate) fn topics(&self, typed: &str, lang: Lang) -> Vec<Line> {
        let entries = &self.topics[lang as usize];
        if typed.trim().is_empty() {
            let lines = entries.iter().map(|entry| entry.line.clone());
            return lines.take(MAX_LINES).collect();
        }
        rank(entries, typed)
    }
}

/// The fact that a suggested value stands for, when it is not the question itself.
pub(crate) fn fact_of(value: &str) -> Option<FactKey> {
    FactKey::read(value.strip_prefix(FACT)?)
}

/// Facts about the main entity, each relation once; the first facts of a base without one.
fn starters(engine: &Engine) -> Vec<usize> {
    let knowledge = engine.knowledge();
    let main = knowledge.entities.iter().position(|entity| entity.main);
    let about = main
        .and_then(|at| u32::try_from(at).ok())
        .map(|at| engine.facts_about(EntityIx(at)))
        .unwrap_or_default();
    let mut seen = Vec::new();
    let mut chosen: Vec<FactIx> = Vec::new();
    for fact in about.iter().chain(engine.milestones()) {
        let known = &knowledge[*fact];
        let kind = (known.subject, known.relation);
        if !known.gap && !chosen.contains(fact) && !seen.contains(&kind) {
            seen.push(kind);
            chosen.push(*fact);
        }
    }
    let mut starters: Vec<usize> = chosen.iter().map(|fact| fact.index()).collect();
    if starters.is_empty() {
        starters = (0..knowledge.facts.len().min(MAX_LINES)).collect();
    }
    starters.truncate(MAX_LINES);
    starters
}

fn names(engine: &Engine, at: usize) -> Vec<String> {
    let entity = &engine.knowledge().entities[at];
    let long = entity.long.iter().flat_map(|long| long.iter());
    let aliases = entity.aliases.iter().flat_map(|(_, aliases)| aliases);
    let mut names: Vec<String> = entity
        .name
        .iter()
        .chain(long)
        .map(|(_, name)| name)
        .chain(aliases)
        .map(|name| fold(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Entries by id: those whose id holds what is typed, then those that fit otherwise.
fn ids(entries: &[Entry], typed: &str, value: impl Fn(&str) -> String) -> Vec<Line> {
    let wanted = typed.trim().to_lowercase();
    let by_id = entries
        .iter()
        .filter(|entry| entry.id.contains(&wanted))
        .map(|entry| &entry.id);
    let ranked = ranked(entries, typed);
    let by_words = ranked.iter().map(|entry| &entry.id);
    let mut chosen: Vec<&String> = Vec::new();
    for id in by_id.chain(by_words) {
        if !chosen.contains(&id) {
            chosen.push(id);
        }
        if chosen.len() == MAX_LINES {
            break;
        }
    }
    let line = |id: &String| {
        let entry = entries.iter().find(|entry| entry.id == *id)?;
        Some(Line {
            label: shorten(&format!("{id}: {}", entry.line.label), MAX_LINE_CHARS),
            value: value(id),
        })
    };
    chosen.into_iter().filter_map(line).collect()
}

/// The lines of what fits best, no two alike.
fn rank(entries: &[Entry], typed: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for entry in ranked(entries, typed) {
        if !lines.iter().any(|other| other.label == entry.line.label) {
            lines.push(entry.line.clone());
        }
        if lines.len() == MAX_LINES {
            break;
        }
    }
    lines
}

/// What fits, best first.
fn ranked<'e>(entries: &'e [Entry], typed: &str) -> Vec<&'e Entry> {
    let typed = fold(typed);
    let words: Vec<&str> = words(&typed).collect();
    let mut fitting: Vec<(Fit, f64, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| {
            let (fit, distance) = fit(entry, &typed, &words)?;
            Some((fit, distance, at))
        })
        .collect();
    fitting.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap_or(a.2.cmp(&b.2)));
    fitting.into_iter().map(|(_, _, at)| &entries[at]).collect()
}

/// How an entry fits, and how far it is within its kind: less is better.
fn fit(entry: &Entry, typed: &str, words: &[&str]) -> Option<(Fit, f64)> {
    let shortest = entry.texts.iter().map(String::len).min().unwrap_or(0);
    if entry.texts.iter().any(|text| text == typed) {
        return Some((Fit::Exact, -1.0));
    }
    if entry.texts.iter().any(|text| text.starts_with(typed)) {
        return Some((Fit::Exact, shortest as f64));
    }
    if entry.names.iter().any(|name| name == typed) {
        return Some((Fit::Alias, 0.0));
    }
    if entry.names.iter().any(|name| name.starts_with(typed)) {
        return Some((Fit::Alias, shortest as f64));
    }
    if words.is_empty() {
        return None;
    }
    // Every word begins a word of the question or of a name of its subject.
    let begins = |word: &&str| {
        let texts = entry.texts.iter().chain(entry.names.iter());
        texts
            .flat_map(|text| self::words(text))
            .any(|known| known.starts_with(word))
    };
    let found = words.iter().filter(|word| begins(word)).count();
    if found == words.len() {
        return Some((Fit::Words, shortest as f64));
    }
    let alike = |word: &&str| {
        word.len() > 3
            && entry
                .texts
                .iter()
                .chain(entry.names.iter())
                .flat_map(|text| self::words(text))
                .any(|known| known.len() > 3 && strsim::jaro_winkler(known, word) >= ALIKE)
    };
    let misspelt = words
        .iter()
        .filter(|word| !begins(word) && alike(word))
        .count();
    (found + misspelt == words.len()).then_some((Fit::Misspelt, misspelt as f64))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(question: &str, names: &[&str]) -> Entry {
        Entry {
            line: Line {
                label: question.to_owned(),
                value: question.to_owned(),
            },
            id: fold(question),
            texts: vec![fold(question)],
            names: names.iter().map(|name| fold(name)).collect(),
        }
    }

    #[test]
    fn exact_comes_before_alias_before_word_before_misspelt() {
        let entries = [
            entry("Who leads the ensemble Fugatto today?", &["other"]),
            entry("Where does Fugato rehearse?", &["x"]),
            entry("When was it founded?", &["fugato"]),
            entry("Fugato: what is it?", &["x"]),
            entry("How do I cook rice?", &["rice"]),
        ];
        let labels: Vec<String> = rank(&entries, "fugato")
            .into_iter()
            .map(|line| line.label)
            .collect();
        assert_eq!(
            labels,
            [
                "Fugato: what is it?",
                "When was it founded?",
                "Where does Fugato rehearse?",
                "Who leads the ensemble Fugatto today?",
            ]
        );
        assert!(rank(&entries, "tuba").is_empty());
    }

    #[test]
    fn no_more_suggestions_than_discord_takes() {
        let entries: Vec<Entry> = (0..60)
            .map(|number| entry(&format!("When was body {number} founded?"), &[]))
            .collect();
        assert_eq!(rank(&entries, "when was").len(), MAX_LINES);
    }
}
