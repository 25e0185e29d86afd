//! One file by itself: everything that can be said of an entry without looking at the others.
//!
//! Files are drafted in parallel, so all that costs time per text happens here: lengths, dates, folding
//! phrasings to the keys by which two of them count as the same. What refers to other entries stays a
//! [`Ref`] until `validate` has seen them all.

use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::LazyLock;

use rustc_hash::FxHasher;
use serde::de::DeserializeOwned;

use super::diagnostic::{Code, Diagnostic, Place};
use super::model;
use super::parse::{Document, Piece, parse};
use super::schema::{self, At, Both, Lists};
use super::shape::{Shape, quoted};
use super::source::{File, FileKind};
use crate::date::{Date, Day};
use crate::lang::{Bilingual, Lang};
use crate::text::fold;

/// Longest answer, in characters: a Discord message holds 2,000, and the sources have to fit below.
pub(super) const MAX_ANSWER_CHARS: usize = 1_800;
/// Longest title of a source, in characters: Discord's limit for the title of an embed.
const MAX_TITLE_CHARS: usize = 256;
/// Longest name of an entity or relation, and longest headline, in characters: Discord's limit for a
/// choice in a list.
const MAX_NAME_CHARS: usize = 100;
/// Longest full name or note, in characters: it stands within a sentence.
const MAX_LONG_CHARS: usize = 300;
/// Longest id, in characters: Discord's identifier of a button has 100, and ids are prefixed there.
const MAX_ID_CHARS: usize = 80;
/// Longest address, in characters: Discord's limit for the link of a button.
const MAX_ADDRESS_CHARS: usize = 512;
/// Longest question, in characters: no message is longer.
const MAX_QUESTION_CHARS: usize = 2_000;

/// Words that admit a deduction, folded; one of them must stand in the answer of an inference.
const HEDGES: Bilingual<&[&str]> = Bilingual {
    en: &[
        "probabl",
        "likely",
        "presum",
        "deduc",
        "infer",
        "suggest",
        "appear",
        "seem",
        "about",
        "may ",
        "might",
        "must have",
        "no source",
        "not stated",
        "conclu",
        "suppos",
        "as far as",
    ],
    fr: &[
        "probabl",
        "vraisembl",
        "deduc",
        "dedui",
        "deduit",
        "suppos",
        "sans doute",
        "sembl",
        "laisse penser",
        "suggere",
        "vers ",
        "environ",
        "aucune source",
        "conclu",
        "doit avoir",
        "peut",
        "a priori",
    ],
};

/// An id somebody wrote to point at another entry.
pub(super) struct Ref {
    pub(super) id: String,
    pub(super) place: Place,
}

/// An entry by itself: its record without the references, and whether nothing is wrong with it so far.
pub(super) struct Draft<T, R> {
    /// The record; references in it are still empty.
    pub(super) record: T,
    /// Where its id stands.
    pub(super) id: Place,
    /// What it refers to, and what only checks need.
    pub(super) refs: R,
    /// Nothing is wrong with it by itself.
    pub(super) sound: bool,
}

/// Words that no two entries may share: the hash of their folded form, and where to find them.
pub(super) struct Claim {
    pub(super) key: u64,
    pub(super) text: String,
    pub(super) place: Place,
}

/// What an entity refers to.
pub(super) struct EntityRefs {
    pub(super) successor: Option<Ref>,
    pub(super) main: Option<Place>,
    pub(super) names: Vec<Claim>,
}

/// What a relation refers to.
pub(super) struct RelationRefs {
    pub(super) of: Option<Ref>,
    pub(super) patterns: Vec<Claim>,
}

/// What a fact refers to.
pub(super) struct FactRefs {
    pub(super) subject: Option<Ref>,
    pub(super) relation: Option<Ref>,
    pub(super) objects: Vec<Ref>,
    pub(super) sources: Vec<Ref>,
    pub(super) main: Option<Place>,
    /// Hashes of the folded phrasings, English then French; the words are in the record.
    pub(super) keys: Vec<u64>,
}

/// All entries of a file (or, put together, of a folder) by themselves.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) sources: Vec<Draft<model::Source, ()>>,
    pub(super) entities: Vec<Draft<model::Entity, EntityRefs>>,
    pub(super) relations: Vec<Draft<model::Relation, RelationRefs>>,
    pub(super) facts: Vec<Draft<model::Fact, FactRefs>>,
    pub(super) golden: Vec<Draft<model::Golden, Vec<Ref>>>,
    pub(super) concepts: Vec<Draft<model::Concept, ()>>,
    pub(super) shorthands: Vec<model::Shorthand>,
    pub(super) fillers: Bilingual<Vec<String>>,
    /// Ids of entries that could not be read, by the kind of file they stand in.
    pub(super) lost: Vec<(FileKind, String)>,
    /// Kinds of files of which one could not be read at all.
    pub(super) unread: Vec<FileKind>,
    /// Everything wrong so far.
    pub(super) found: Vec<Diagnostic>,
}

impl Drafts {
    /// Puts the drafts of another file behind these.
    pub(super) fn append(&mut self, mut other: Drafts) {
        self.sources.append(&mut other.sources);
        self.entities.append(&mut other.entities);
        self.relations.append(&mut other.relations);
        self.facts.append(&mut other.facts);
        self.golden.append(&mut other.golden);
        self.concepts.append(&mut other.concepts);
        self.shorthands.append(&mut other.shorthands);
        self.fillers.en.append(&mut other.fillers.en);
        self.fillers.fr.append(&mut other.fillers.fr);
        self.lost.append(&mut other.lost);
        self.unread.append(&mut other.unread);
        self.found.append(&mut other.found);
    }
}

/// The shapes of the files, made from the schemas once.
static SHAPES: LazyLock<Vec<(FileKind, Shape)>> = LazyLock::new(|| {
    FileKind::ALL
        .into_iter()
        .map(|kind| (kind, Shape::from_schema(&schema::schema(kind))))
        .collect()
});

/// Reads and checks one file. `today` is the day review dates are compared with.
pub(super) fn draft(file: &File, today: Day) -> Drafts {
    let mut drafts = Drafts::default();
    let Some(kind) = FileKind::of(&file.path) else {
        return drafts;
    };
    let document = match Document::new(file) {
        Ok(document) => document,
        Err(problem) => {
            drafts.found.push(problem);
            drafts.unread.push(kind);
            return drafts;
        }
    };
    match kind {
        FileKind::Sources => read(kind, &document, &mut drafts, today, sources),
        FileKind::Relations => read(kind, &document, &mut drafts, today, relations),
        FileKind::Lexicon => read(kind, &document, &mut drafts, today, lexicon),
        FileKind::Entities => read(kind, &document, &mut drafts, today, entities),
        FileKind::Facts => read(kind, &document, &mut drafts, today, facts),
        FileKind::Questions => read(kind, &document, &mut drafts, today, questions),
    }
    drafts
}

/// Parses a file and drafts its pieces with `draft`.
fn read<T: DeserializeOwned>(
    kind: FileKind,
    document: &Document<'_>,
    drafts: &mut Drafts,
    today: Day,
    draft: impl FnOnce(Vec<(T, Desk<'_>)>, &mut Drafts),
) {
    let (_, shape) = SHAPES
        .iter()
        .find(|(known, _)| *known == kind)
        .expect("every kind has its shape");
    let parsed = parse::<T>(document, shape);
    drafts.found.extend(parsed.found);
    drafts
        .lost
        .extend(parsed.lost.into_iter().map(|id| (kind, id)));
    let desks = parsed
        .pieces
        .into_iter()
        .map(|(piece, file)| {
            let desk = Desk {
                document,
                piece,
                today,
                found: Vec::new(),
            };
            (file, desk)
        })
        .collect();
    draft(desks, drafts);
}

fn sources(pieces: Vec<(schema::SourcesFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.source {
            let mark = desk.mark(&entry);
            let schema::Source {
                id,
                publisher,
                title,
                url,
                language,
                date,
                note,
            } = entry.into_inner();
            let place = desk.place(&id);
            let record = model::Source {
                id: desk.id(id, &[]),
                publisher: desk.text(publisher, "`publisher`", MAX_TITLE_CHARS),
                title: desk.text(title, "`title`", MAX_TITLE_CHARS),
                url: url.and_then(|url| desk.address(url)),
                language: desk.language(language),
                date: desk.date(date),
                note: note.map(|note| desk.both(note, "note", MAX_LONG_CHARS)),
            };
            drafts.sources.push(Draft {
                record,
                id: place,
                refs: (),
                sound: desk.is_sound_since(mark),
            });
        }
        drafts.found.append(&mut desk.found);
    }
}

fn entities(pieces: Vec<(schema::EntitiesFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.entity {
            let mark = desk.mark(&entry);
            let place = desk.place(&entry);
            let schema::Entity {
                id,
                kind,
                name,
                long,
                of,
                aliases,
                successor,
                outside,
                main,
            } = entry.into_inner();
            let mut names = Vec::new();
            desk.claim(&mut names, [&name.en, &name.fr]);
            if let Some(long) = &long {
                desk.claim(&mut names, [&long.en, &long.fr]);
            }
            desk.claim(&mut names, aliases.en.iter().chain(&aliases.fr));
            let id_place = desk.place(&id);
            let name = desk.both(name, "name", MAX_NAME_CHARS);
            let record = model::Entity {
                id: desk.id(id, &[]),
                kind: kind.into_inner(),
                long: long.map(|long| desk.both(long, "long", MAX_LONG_CHARS)),
                of_fr: match of {
                    Some(of) => desk.text(of.fr, "`of.fr`", MAX_LONG_CHARS),
                    None => of_french(&name.fr),
                },
                name,
                aliases: desk.lists(aliases, "aliases", MAX_LONG_CHARS),
                successor: None,
                outside,
                main: main.as_ref().is_some_and(|main| *main.get()),
                place,
            };
            let refs = EntityRefs {
                successor: successor.map(|id| desk.reference(id)),
                main: main
                    .filter(|main| *main.get())
                    .map(|main| desk.place(&main)),
                names,
            };
            drafts.entities.push(Draft {
                record,
                id: id_place,
                refs,
                sound: desk.is_sound_since(mark),
            });
        }
        drafts.found.append(&mut desk.found);
    }
}

fn relations(pieces: Vec<(schema::RelationsFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.relation {
            let mark = desk.mark(&entry);
            let schema::Relation {
                id,
                name,
                asks,
                operator,
                of,
                patterns,
                reverse,
                yesno,
            } = entry.into_inner();
            let place = desk.place(&id);
            let operator = operator.map(At::into_inner);
            if operator == Some(model::Operator::Duration) && of.is_none() {
                desk.report(
                    Code::MissingStart,
                    place.clone(),
                    "this relation measures a duration, but not from when",
                    "add `of = \"created\"`: the relation whose date starts the clock",
                );
            }
            let (needed, allowed): (&[&str], &[&str]) = match operator {
                None => (&["subject"], &["subject"]),
                Some(_) => (&[], &["subject", "date"]),
            };
            desk.slots(&patterns, needed, allowed);
            desk.slots(&reverse, &["object"], &["subject", "object", "date"]);
            desk.slots(
                &yesno,
                &["subject", "object"],
                &["subject", "object", "date"],
            );
            desk.in_both(&patterns, "patterns");
            desk.in_both(&reverse, "reverse");
            desk.in_both(&yesno, "yesno");
            let mut claims = Vec::new();
            for lists in [&patterns, &reverse, &yesno] {
                desk.claim(&mut claims, lists.en.iter().chain(&lists.fr));
            }
            let record = model::Relation {
                id: desk.id(id, &[]),
                name: desk.both(name, "name", MAX_NAME_CHARS),
                asks: asks.into_inner(),
                operator,
                of: None,
                patterns: desk.lists(patterns, "patterns", MAX_QUESTION_CHARS),
                reverse: desk.lists(reverse, "reverse", MAX_QUESTION_CHARS),
                yesno: desk.lists(yesno, "yesno", MAX_QUESTION_CHARS),
            };
            let refs = RelationRefs {
                of: of.map(|id| desk.reference(id)),
                patterns: claims,
            };
            drafts.relations.push(Draft {
                record,
                id: place,
                refs,
                sound: desk.is_sound_since(mark),
            });
        }
        drafts.found.append(&mut desk.found);
    }
}

fn facts(mut pieces: Vec<(schema::FactsFile, Desk<'_>)>, drafts: &mut Drafts) {
    // A file in pieces has its defaults in one of them.
    let mut checked = None;
    let mut sources: Vec<(String, Place)> = Vec::new();
    for (file, desk) in &mut pieces {
        let defaults = std::mem::take(&mut file.defaults);
        checked = desk.date(defaults.checked).or(checked);
        for id in defaults.sources {
            let Ref { id, place } = desk.reference(id);
            sources.push((id, place));
        }
    }
    for (file, mut desk) in pieces {
        for entry in file.fact {
            let draft = fact(entry, &mut desk, checked.as_ref(), &sources);
            drafts.facts.push(draft);
        }
        drafts.found.append(&mut desk.found);
    }
}

/// One fact; `checked` and `sources` are the defaults of its file.
fn fact(
    entry: At<schema::Fact>,
    desk: &mut Desk<'_>,
    checked: Option<&Date>,
    sources: &[(String, Place)],
) -> Draft<model::Fact, FactRefs> {
    let mark = desk.mark(&entry);
    let shaped = desk.piece.is_sound(&entry);
    let place = desk.place(&entry);
    let entry = entry.into_inner();
    let id_place = desk.place(&entry.id);
    let set = |flag: &Option<At<bool>>| {
        flag.as_ref()
            .filter(|flag| *flag.get())
            .map(|flag| flag.span().start)
    };
    let (volatile, inference) = (set(&entry.volatile), set(&entry.inference));
    let (complete, main) = (set(&entry.complete), set(&entry.main));

    if shaped
        && entry.relation.is_none()
        && entry.phrasings.en.is_empty()
        && entry.phrasings.fr.is_empty()
    {
        desk.report(
            Code::UnfindableFact,
            id_place.clone(),
            "nobody can ask for this fact: it has neither a relation nor phrasings",
            "add `relation = \"…\"` (with `subject`), or `phrasings.en` and `phrasings.fr`",
        );
    }
    if let Some(relation) = entry
        .relation
        .as_ref()
        .filter(|_| shaped && entry.subject.is_none())
    {
        desk.report(
            Code::MissingKey,
            desk.place(relation),
            "a relation without a subject says nothing",
            "add `subject = \"…\"`, the id of the entity the fact is about",
        );
    }
    let written = entry.sources.as_ref().map_or(&[][..], |list| list.get());
    if written.is_empty() && sources.is_empty() && shaped {
        let at = match &entry.sources {
            Some(empty) => desk.place(empty),
            None => id_place.clone(),
        };
        desk.report(
            Code::FactWithoutSource,
            at,
            "this fact has no source",
            "add `sources = [\"…\"]` with ids of `sources.toml`; what nobody published does not belong here",
        );
    }
    if let Some(start) = volatile.filter(|_| entry.as_of.is_none() && shaped) {
        desk.report(
            Code::MissingAsOf,
            desk.at(start),
            "this value changes with time, but the fact does not say when it was true",
            "add `as_of = \"2024-12\"`, the date of the figure, and name it in the answer",
        );
    }
    if entry.gap && !entry.objects.is_empty() {
        desk.report(
            Code::GapWithObjects,
            desk.place(&entry.objects[0]),
            "a gap says that no source knows, yet this one names a value",
            "take out `objects`, or `gap`",
        );
    }
    if let Some(start) = complete.filter(|_| entry.objects.is_empty()) {
        desk.report(
            Code::CompleteWithoutObjects,
            desk.at(start),
            "`complete` without `objects` answers every \"was X one of them?\" with no",
            "list the `objects`, or take out `complete`",
        );
    }
    if let Some(start) = inference {
        for (lang, text) in [(Lang::En, &entry.answer.en), (Lang::Fr, &entry.answer.fr)] {
            let folded = format!("{} ", fold(text.get()));
            if text.is_written() && !HEDGES.get(lang).iter().any(|hedge| folded.contains(hedge)) {
                desk.report(
                    Code::UnsaidInference,
                    desk.place(text),
                    format!("this is a deduction (line {}), but the answer does not say so", desk.at(start).line),
                    "write \"probably\", \"deduced from …\" (« probablement », « on le déduit de … »)",
                );
            }
        }
    }
    desk.in_both(&entry.phrasings, "phrasings");
    for first in [&entry.phrasings.en, &entry.phrasings.fr]
        .map(|list| list.first())
        .into_iter()
        .flatten()
    {
        let text = first.get().trim_end();
        if !text.is_empty() && !text.ends_with('?') {
            desk.report(
                Code::NotAQuestion,
                desk.place(first),
                "the first phrasing is shown to people as the name of this fact, and it is not a question",
                "put a short question first, such as \"Who founded LUTB?\"",
            );
        }
        if text.chars().count() > MAX_NAME_CHARS {
            desk.report(
                Code::TooLong,
                desk.place(first),
                format!("the first phrasing is shown in lists, where at most {MAX_NAME_CHARS} characters fit; this one has {}", text.chars().count()),
                "put a shorter one first",
            );
        }
    }

    let review_place = entry.review.as_ref().map(|review| desk.place(review));
    let review = desk.date(entry.review);
    if let (Some(review), Some(at)) = (&review, review_place)
        && review.latest().is_some_and(|last| last < desk.today)
    {
        desk.report(
            Code::ReviewPast,
            at,
            format!("this fact was to be looked at again after {review}"),
            "compare it with its sources, then set `checked` and a new `review`",
        );
    }

    let (phrasings, keys) = desk.phrasings(entry.phrasings);
    let sources = match entry.sources {
        Some(own) if !own.get().is_empty() => own
            .into_inner()
            .into_iter()
            .map(|id| desk.reference(id))
            .collect(),
        _ => sources
            .iter()
            .map(|(id, place)| Ref {
                id: id.clone(),
                place: place.clone(),
            })
            .collect(),
    };
    let record = model::Fact {
        id: desk.id(entry.id, &["offer", "unknown"]),
        subject: None,
        relation: None,
        answer: desk.both(entry.answer, "answer", MAX_ANSWER_CHARS),
        date: desk.date(entry.date),
        event: entry
            .event
            .map(|event| desk.both(event, "event", MAX_NAME_CHARS)),
        objects: Vec::new(),
        complete: complete.is_some(),
        volatile: volatile.is_some(),
        as_of: desk.date(entry.as_of),
        review,
        inference: inference.is_some(),
        gap: entry.gap,
        main: main.is_some(),
        sources: Vec::new(),
        checked: match entry.checked {
            Some(own) => desk.date(Some(own)),
            None => checked.cloned(),
        },
        phrasings,
        place,
    };
    let refs = FactRefs {
        subject: entry.subject.map(|id| desk.reference(id)),
        relation: entry.relation.map(|id| desk.reference(id)),
        objects: entry
            .objects
            .into_iter()
            .map(|id| desk.reference(id))
            .collect(),
        sources,
        main: main.map(|start| desk.at(start)),
        keys,
    };
    Draft {
        record,
        id: id_place,
        refs,
        sound: desk.is_sound_since(mark),
    }
}

fn questions(pieces: Vec<(schema::QuestionsFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.question {
            let mark = desk.mark(&entry);
            let at = desk.place(&entry);
            let shaped = desk.piece.is_sound(&entry);
            let schema::Question {
                ask,
                after,
                expect,
                style,
                open,
            } = entry.into_inner();
            if expect.is_empty() && shaped {
                desk.report(
                    Code::EmptyText,
                    at,
                    "this question expects nothing",
                    "add the id of the fact that must answer, `offer` or `unknown` to `expect`",
                );
            }
            let place = desk.place(&ask);
            let record = model::Golden {
                ask: desk.text(ask, "`ask`", MAX_QUESTION_CHARS),
                after: desk.list(after, "after", MAX_QUESTION_CHARS),
                expect: Vec::new(),
                open,
                style: match style {
                    Some(style) => desk.text(style, "`style`", MAX_NAME_CHARS),
                    None => "direct".to_owned(),
                },
                place: place.clone(),
            };
            let refs = expect.into_iter().map(|id| desk.reference(id)).collect();
            drafts.golden.push(Draft {
                record,
                id: place,
                refs,
                sound: desk.is_sound_since(mark),
            });
        }
        drafts.found.append(&mut desk.found);
    }
}

fn lexicon(pieces: Vec<(schema::LexiconFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.concept {
            let mark = desk.mark(&entry);
            let schema::Concept { id, en, fr } = entry.into_inner();
            let place = desk.place(&id);
            let record = model::Concept {
                id: desk.id(id, &[]),
                words: Bilingual {
                    en: desk.words(en, "en"),
                    fr: desk.words(fr, "fr"),
                },
            };
            drafts.concepts.push(Draft {
                record,
                id: place,
                refs: (),
                sound: desk.is_sound_since(mark),
            });
        }
        for entry in file.shorthand {
            let schema::Shorthand { write, means } = entry.into_inner();
            drafts.shorthands.push(model::Shorthand {
                write: desk.words(write, "write"),
                means: desk.text(means, "`means`", MAX_NAME_CHARS),
            });
        }
        for lists in file.filler {
            drafts.fillers.en.extend(desk.words(lists.en, "en"));
            drafts.fillers.fr.extend(desk.words(lists.fr, "fr"));
        }
        drafts.found.append(&mut desk.found);
    }
}

/// Where one piece of a file is looked at.
struct Desk<'a> {
    document: &'a Document<'a>,
    piece: Piece,
    today: Day,
    found: Vec<Diagnostic>,
}

/// How much had been found when an entry was begun, and whether its shape is sound.
#[derive(Clone, Copy)]
struct Mark {
    found: usize,
    shaped: bool,
}

impl Desk<'_> {
    fn at(&self, offset: usize) -> Place {
        self.piece.place(self.document, offset)
    }

    fn place<T>(&self, value: &At<T>) -> Place {
        self.at(value.span().start)
    }

    fn mark<T>(&self, entry: &At<T>) -> Mark {
        Mark {
            found: self.found.len(),
            shaped: self.piece.is_sound(entry),
        }
    }

    /// Whether no error has been found in an entry. What lists that were not closed hold is anybody's
    /// guess, so shape counts.
    fn is_sound_since(&self, mark: Mark) -> bool {
        mark.shaped && !self.found[mark.found..].iter().any(Diagnostic::is_error)
    }

    fn report(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found
            .push(Diagnostic::new(code, place, message).help(help));
    }

    fn reference(&self, id: At<String>) -> Ref {
        Ref {
            place: self.place(&id),
            id: id.into_inner(),
        }
    }

    fn id(&mut self, id: At<String>, reserved: &[&str]) -> String {
        let text = id.get();
        let words = |text: &str| {
            text.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
        };
        if id.is_written() {
            if reserved.contains(&text.as_str()) {
                self.report(
                    Code::BadId,
                    self.place(&id),
                    format!(
                        "`{text}` cannot be an id: golden questions use the word for a verdict"
                    ),
                    format!("choose another, such as `{text}-of-what`"),
                );
            } else if !words(text) {
                let better = kebab(text);
                let help = if better.is_empty() {
                    "use lower-case words joined by hyphens, such as `lutb-founders`".to_owned()
                } else {
                    format!("use lower-case words joined by hyphens: `{better}`")
                };
                self.report(
                    Code::BadId,
                    self.place(&id),
                    format!("`{}` is not a good id", quoted(text)),
                    help,
                );
            } else {
                self.length(&id, "`id`", MAX_ID_CHARS);
            }
        }
        id.into_inner()
    }

    /// A text that must hold something, within `max` characters.
    fn text(&mut self, text: At<String>, key: &str, max: usize) -> String {
        if text.is_written() {
            if text.get().trim().is_empty() {
                self.report(
                    Code::EmptyText,
                    self.place(&text),
                    format!("{key} is empty"),
                    "write something, or take the line out",
                );
            }
            self.length(&text, key, max);
        }
        text.into_inner()
    }

    fn length(&mut self, text: &At<String>, key: &str, max: usize) {
        let (shown, length) = (text.get(), text.get().chars().count());
        // Most texts are shorter even in bytes.
        if shown.len() > max && length > max {
            self.report(
                Code::TooLong,
                self.place(text),
                format!("{key} has {length} characters, and Discord shows at most {max} here"),
                format!("shorten it by {}", length - max),
            );
        }
    }

    fn both(&mut self, both: Both, key: &str, max: usize) -> Bilingual<String> {
        Bilingual {
            en: self.text(both.en, &format!("`{key}.en`"), max),
            fr: self.text(both.fr, &format!("`{key}.fr`"), max),
        }
    }

    fn list(&mut self, list: Vec<At<String>>, key: &str, max: usize) -> Vec<String> {
        let key = format!("an element of `{key}`");
        list.into_iter()
            .map(|text| self.element(text, &key, max))
            .collect()
    }

    /// Words of the lexicon, which may be symbols such as `€`.
    fn words(&mut self, list: Vec<At<String>>, key: &str) -> Vec<String> {
        let key = format!("an element of `{key}`");
        list.into_iter()
            .map(|text| self.text(text, &key, MAX_NAME_CHARS))
            .collect()
    }

    /// A text of a list, which must keep something when it is folded.
    fn element(&mut self, text: At<String>, what: &str, max: usize) -> String {
        if !text.get().chars().any(char::is_alphanumeric) && !text.get().contains('{') {
            self.report(
                Code::EmptyText,
                self.place(&text),
                format!("{what} has no letter in it"),
                "write something, or take it out of the list",
            );
        }
        self.length(&text, what, max);
        text.into_inner()
    }

    fn lists(&mut self, lists: Lists, key: &str, max: usize) -> Bilingual<Vec<String>> {
        Bilingual {
            en: self.list(lists.en, &format!("{key}.en"), max),
            fr: self.list(lists.fr, &format!("{key}.fr"), max),
        }
    }

    fn phrasings(&mut self, lists: Lists) -> (Bilingual<Vec<model::Phrasing>>, Vec<u64>) {
        let mut keys = Vec::with_capacity(lists.en.len() + lists.fr.len());
        let mut list = |texts: Vec<At<String>>, what: &str| -> Vec<_> {
            texts
                .into_iter()
                .map(|text| {
                    let place = self.place(&text);
                    let text = self.element(text, what, MAX_QUESTION_CHARS);
                    keys.push(key(&text));
                    model::Phrasing { text, place }
                })
                .collect()
        };
        let phrasings = Bilingual {
            en: list(lists.en, "an element of `phrasings.en`"),
            fr: list(lists.fr, "an element of `phrasings.fr`"),
        };
        (phrasings, keys)
    }

    /// Warns when there are texts in one language only.
    fn in_both(&mut self, lists: &Lists, key: &str) {
        let (given, missing, first) = match (lists.en.first(), lists.fr.first()) {
            (Some(first), None) => ("English", "fr", first),
            (None, Some(first)) => ("French", "en", first),
            _ => return,
        };
        self.report(
            Code::OneLanguage,
            self.place(first),
            format!("`{key}` are in {given} only"),
            format!("add `{key}.{missing} = [\"…\"]`"),
        );
    }

    /// Checks the slots of patterns: all of `needed`, none but `allowed`, and at least one.
    fn slots(&mut self, patterns: &Lists, needed: &[&str], allowed: &[&str]) {
        for pattern in patterns.en.iter().chain(&patterns.fr) {
            let text = pattern.get();
            let mut seen = Vec::new();
            let mut rest = text.as_str();
            while let Some(open) = rest.find(['{', '}']) {
                let tail = &rest[open..];
                let slot = tail
                    .strip_prefix('{')
                    .and_then(|tail| tail.split_once('}'))
                    .map(|(name, _)| name)
                    .filter(|name| !name.contains('{'));
                match slot {
                    Some(name) if allowed.contains(&name) => {
                        seen.push(name);
                        rest = &tail[name.len() + 2..];
                        continue;
                    }
                    Some(name) => {
                        let names: Vec<_> =
                            allowed.iter().map(|name| format!("`{{{name}}}`")).collect();
                        self.report(
                            Code::UnknownSlot,
                            self.place(pattern),
                            format!("nothing fills the slot `{{{}}}` here", quoted(name)),
                            format!("the slots are {}", names.join(", ")),
                        );
                    }
                    None => self.report(
                        Code::UnknownSlot,
                        self.place(pattern),
                        "a brace stands alone in this pattern",
                        "write slots as `{subject}`, with a brace on each side",
                    ),
                }
                break;
            }
            let complete = rest.find(['{', '}']).is_none();
            if let Some(name) = needed.iter().find(|name| complete && !seen.contains(name)) {
                self.report(
                    Code::MissingSlot,
                    self.place(pattern),
                    format!("this pattern has no `{{{name}}}`"),
                    format!("put `{{{name}}}` where the name goes"),
                );
            }
        }
    }

    fn date(&mut self, text: Option<At<String>>) -> Option<Date> {
        let text = text?;
        match Date::from_str(text.get()) {
            Ok(date) => Some(date),
            Err(error) => {
                self.report(
                    Code::MalformedDate,
                    self.place(&text),
                    format!("`{}` is not a date", quoted(text.get())),
                    error.to_string(),
                );
                None
            }
        }
    }

    fn address(&mut self, text: At<String>) -> Option<String> {
        let written = text.get();
        let (reason, help) = match url::Url::parse(written) {
            _ if written.contains(char::is_whitespace) => (
                "it has a space in it".to_owned(),
                "write a space within an address as `%20`",
            ),
            Ok(url) if !matches!(url.scheme(), "http" | "https") => (
                format!("it starts with `{}:`", quoted(url.scheme())),
                "only addresses that start with `https://` or `http://` can be opened from Discord",
            ),
            Ok(_) => {
                self.length(&text, "`url`", MAX_ADDRESS_CHARS);
                return Some(text.into_inner());
            }
            Err(error) => (
                error.to_string(),
                "write the whole address, such as `https://www.cara.eu/`; leave `url` out for what is not on the web",
            ),
        };
        self.report(
            Code::MalformedAddress,
            self.place(&text),
            format!("`{}` is not an address: {reason}", quoted(written)),
            help,
        );
        None
    }

    fn language(&mut self, text: At<String>) -> String {
        let code = text.get();
        if text.is_written() && !(code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())) {
            self.report(
                Code::MalformedLanguage,
                self.place(&text),
                format!("`{}` is not the code of a language", quoted(code)),
                "write two small letters (ISO 639-1): `en`, `fr`, `de`",
            );
        }
        text.into_inner()
    }

    /// Notes words that no other entry may claim.
    fn claim<'b>(&self, claims: &mut Vec<Claim>, texts: impl IntoIterator<Item = &'b At<String>>) {
        claims.extend(
            texts
                .into_iter()
                .filter(|text| text.is_written())
                .map(|text| Claim {
                    key: key(text.get()),
                    text: text.get().clone(),
                    place: self.place(text),
                }),
        );
    }
}

/// What two texts that count as the same have in common.
pub(super) fn key(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    fold(text).hash(&mut hasher);
    hasher.finish()
}

/// The id somebody probably meant.
fn kebab(text: &str) -> String {
    let mut id: String = fold(text)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    while id.contains("--") {
        id = id.replace("--", "-");
    }
    id.trim_matches('-').chars().take(MAX_ID_CHARS).collect()
}

/// French "de" with a name: "du Grand Lyon" is for people to write, as whether a name has an article
/// cannot be seen; this only elides before a vowel.
fn of_french(name: &str) -> String {
    let folded = fold(name);
    if let Some(rest) = name
        .strip_prefix("Le ")
        .or_else(|| name.strip_prefix("le "))
    {
        format!("du {rest}")
    } else if let Some(rest) = name
        .strip_prefix("Les ")
        .or_else(|| name.strip_prefix("les "))
    {
        format!("des {rest}")
    } else if folded.starts_with(['a', 'e', 'i', 'o', 'u']) {
        format!("d'{name}")
    } else {
        format!("de {name}")
    }
}
