//! Drafts whose references are known → the base, without whatever is flawed.
//!
//! An entry is left out when something is wrong with it, and a fact also when its subject, its relation
//! or all of its sources are left out. So an incomplete base still holds only what it should.

use super::draft::{Draft, Drafts};
use super::model::{Concept, EntityIx, Expected, FactIx, Knowledge, Lexicon, RelationIx, SourceIx};
use super::validate::{Goal, Link, Links};

/// Builds the base.
pub(super) fn build(drafts: Drafts, links: &Links) -> Knowledge {
    let sources = positions(&drafts.sources, |_| true);
    let entities = positions(&drafts.entities, |_| true);
    let relations = positions(&drafts.relations, |_| true);
    let at = |positions: &[Option<u32>], link: Link| positions[link? as usize];
    // Left out when it refers to something that is not there.
    let one = |positions: &[Option<u32>], link: Option<Link>| match link {
        None => Some(None),
        Some(link) => at(positions, link).map(Some),
    };
    let all = |positions: &[Option<u32>], links: &[Link]| -> Vec<u32> {
        links
            .iter()
            .filter_map(|link| at(positions, *link))
            .collect()
    };
    let facts = positions(&drafts.facts, |fact| {
        let links = &links.facts[fact];
        one(&entities, links.subject).is_some()
            && one(&relations, links.relation).is_some()
            && !all(&sources, &links.sources).is_empty()
    });

    let mut knowledge = Knowledge {
        sources: kept(drafts.sources, &sources, |_, record, ()| record),
        ..Knowledge::default()
    };
    knowledge.entities = kept(drafts.entities, &entities, |draft, mut record, refs| {
        // A reference the checks have taken back is not followed.
        let link = refs.successor.and(links.successors[draft]).flatten();
        record.successor = at(&entities, link).map(EntityIx);
        record
    });
    knowledge.relations = kept(drafts.relations, &relations, |draft, mut record, _| {
        let links = &links.relations[draft];
        let ixs = |ids: &[Link]| all(&relations, ids).into_iter().map(RelationIx).collect();
        (record.of, record.until) = (ixs(&links.of), ixs(&links.until));
        record
    });
    knowledge.facts = kept(drafts.facts, &facts, |draft, mut record, _| {
        let links = &links.facts[draft];
        record.subject = at(&entities, links.subject.flatten()).map(EntityIx);
        record.relation = at(&relations, links.relation.flatten()).map(RelationIx);
        record.objects = all(&entities, &links.objects)
            .into_iter()
            .map(EntityIx)
            .collect();
        record.sources = all(&sources, &links.sources)
            .into_iter()
            .map(SourceIx)
            .collect();
        record
    });
    for (draft, goals) in drafts.golden.into_iter().zip(&links.golden) {
        let mut record = draft.record;
        record.expect = goals
            .iter()
            .flatten()
            .filter_map(|goal| match goal {
                Goal::Fact(fact) => {
                    at(&facts, Some(*fact)).map(|fact| Expected::Fact(FactIx(fact)))
                }
                Goal::Offer => Some(Expected::Offer),
                Goal::Unknown => Some(Expected::Unknown),
            })
            .collect();
        if draft.sound && !record.expect.is_empty() {
            match record.sample {
                true => knowledge.samples.push(record),
                false => knowledge.golden.push(record),
            }
        }
    }
    let sound = |drafts: Vec<Draft<Concept, ()>>| {
        let sound = drafts.into_iter().filter(|draft| draft.sound);
        sound.map(|draft| draft.record).collect()
    };
    knowledge.lexicon = Lexicon {
        concepts: sound(drafts.concepts),
        aspects: sound(drafts.aspects),
        interrogatives: sound(drafts.interrogatives),
        shorthands: drafts.shorthands,
        fillers: drafts.fillers,
        remarks: drafts.remarks,
    };
    knowledge
}

/// Position in the base of every draft, none for those left out.
fn positions<T, R>(drafts: &[Draft<T, R>], usable: impl Fn(usize) -> bool) -> Vec<Option<u32>> {
    let mut next = 0;
    drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| {
            (draft.sound && usable(at)).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// The records of the drafts that are kept, finished by `finish` (position among the drafts, record,
/// references).
fn kept<T, R>(
    drafts: Vec<Draft<T, R>>,
    positions: &[Option<u32>],
    finish: impl Fn(usize, T, R) -> T,
) -> Vec<T> {
    drafts
        .into_iter()
        .zip(positions)
        .enumerate()
        .filter(|(_, (_, position))| position.is_some())
        .map(|(at, (draft, _))| finish(at, draft.record, draft.refs))
        .collect()
}
