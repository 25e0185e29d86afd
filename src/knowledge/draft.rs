//! One file by itself: everything that can be said of an entry without looking at the others.
//!
//! Files are drafted in parallel, so all that costs time per text happens here: lengths, dates, folding
//! phrasings to the keys by which two of them count as the same. What refers to other entries stays a
//! [`Ref`] until `validate` has seen them all.

mod desk;
mod entries;
mod fact;

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostic, Place};
use super::model;
use super::parse::{Document, parse};
use super::schema;
use super::shape::Shape;
use super::source::{File, FileKind};
use crate::date::Day;
use crate::lang::Bilingual;
use desk::Desk;

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
    pub(super) of: Vec<Ref>,
    pub(super) until: Vec<Ref>,
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
    pub(super) aspects: Vec<Draft<model::Concept, ()>>,
    pub(super) interrogatives: Vec<Draft<model::Concept, ()>>,
    pub(super) shorthands: Vec<model::Shorthand>,
    pub(super) fillers: Bilingual<Vec<String>>,
    pub(super) remarks: Bilingual<Vec<String>>,
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
        self.aspects.append(&mut other.aspects);
        self.interrogatives.append(&mut other.interrogatives);
        self.shorthands.append(&mut other.shorthands);
        self.fillers.en.append(&mut other.fillers.en);
        self.fillers.fr.append(&mut other.fillers.fr);
        self.remarks.en.append(&mut other.remarks.en);
        self.remarks.fr.append(&mut other.remarks.fr);
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
        FileKind::Sources => read(kind, &document, &mut drafts, today, entries::sources),
        FileKind::Relations => read(kind, &document, &mut drafts, today, entries::relations),
        FileKind::Lexicon => read(kind, &document, &mut drafts, today, entries::lexicon),
        FileKind::Entities => read(kind, &document, &mut drafts, today, entries::entities),
        FileKind::Facts => read(kind, &document, &mut drafts, today, fact::facts),
        FileKind::Questions => read(kind, &document, &mut drafts, today, entries::questions),
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
