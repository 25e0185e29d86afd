//! All files together: what entries say of each other, and the base that results.
//!
//! References become indices, and everything that takes two entries to be wrong is reported: ids given
//! twice, names and phrasings claimed twice, references to nothing. What is wrong with one entry leaves
//! it out of the base, and with it what depends on it; the rest is built.
//!
//! Two rules keep one mistake from being reported many times. A reference to an entry that exists but is
//! flawed is not dangling. Neither is one to an id that stands in a file which could not be read in full.
//!
//! Every check is linear in the base: entries meet through hash tables, never pairwise.

use std::collections::hash_map::Entry as Slot;

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::build;
use super::diagnostic::{Code, Diagnostic, Place};
use super::draft::{Claim, Draft, Drafts, Ref};
use super::model::{Knowledge, Operator};
use super::nearest::nearest;
use super::same::same;
use super::source::FileKind;

/// Ids that are compared in search of one that was meant, over a whole run. With a hundred thousand
/// facts and nothing but dangling references, looking for each would take for ever.
const MAX_COMPARISONS: usize = 3_000_000;

/// Builds the base from the drafts of all files. Returns it with everything that was found, unsorted.
pub(super) fn validate(mut drafts: Drafts) -> (Knowledge, Vec<Diagnostic>) {
    let mut found = std::mem::take(&mut drafts.found);
    let ids = Ids::collect(&mut drafts, &mut found);
    // What entries refer to and what they claim are looked at in two threads: the two take as long.
    let (links, claimed) = std::thread::scope(|scope| {
        let claimed = scope.spawn(|| {
            let mut found = Vec::new();
            names(&drafts, &mut found);
            patterns(&drafts, &mut found);
            phrasings(&drafts, &mut found);
            found
        });
        let links = Links::resolve(&drafts, &ids, &mut found);
        (
            links,
            claimed.join().expect("looking at claims does not panic"),
        )
    });
    found.extend(claimed);
    main_entity(&drafts, &mut found);
    counted_dates(&drafts, &mut found);
    successors(&mut drafts, &links, &mut found);
    plain_answers(&drafts, &links, &mut found);
    if drafts.unread.is_empty() && drafts.lost.is_empty() {
        unused(&drafts, &links, &mut found);
    }
    (build(drafts, &links), found)
}

/// The entries of one kind by their ids.
struct Index {
    /// What an entry of this kind is called.
    noun: &'static str,
    /// Id → position among the drafts.
    known: FxHashMap<String, u32>,
    /// Ids of entries that could not be read.
    lost: FxHashSet<String>,
    /// A file of this kind could not be read at all, so nothing can be said to be missing.
    unread: bool,
}

impl Index {
    fn new(
        noun: &'static str,
        kind: FileKind,
        lost: &[(FileKind, String)],
        unread: &[FileKind],
    ) -> Self {
        let lost = lost.iter().filter(|(of, _)| *of == kind);
        Index {
            noun,
            known: FxHashMap::default(),
            lost: lost.map(|(_, id)| id.clone()).collect(),
            unread: unread.contains(&kind),
        }
    }

    /// Enters all drafts of the kind, and reports ids given twice; the second is left out of the base.
    fn fill<T, R>(
        &mut self,
        drafts: &mut [Draft<T, R>],
        id: impl Fn(&T) -> &str,
        found: &mut Vec<Diagnostic>,
    ) {
        self.known.reserve(drafts.len());
        for at in 0..drafts.len() {
            let name = id(&drafts[at].record);
            // An id that is missing has been reported.
            if name.is_empty() {
                continue;
            }
            match self.known.entry(name.to_owned()) {
                Slot::Vacant(slot) => {
                    slot.insert(at as u32);
                }
                Slot::Occupied(slot) => {
                    let first = drafts[*slot.get() as usize].id.clone();
                    let message = format!("two {} have the id `{name}`", self.noun);
                    found.push(
                        Diagnostic::new(Code::DuplicateId, drafts[at].id.clone(), message)
                            .help("rename one of them, or merge the two")
                            .also(first, "the first is here"),
                    );
                    drafts[at].sound = false;
                }
            }
        }
    }
}

/// All entries by their ids.
struct Ids {
    sources: Index,
    entities: Index,
    relations: Index,
    facts: Index,
}

impl Ids {
    fn collect(drafts: &mut Drafts, found: &mut Vec<Diagnostic>) -> Self {
        let new = |noun, kind| Index::new(noun, kind, &drafts.lost, &drafts.unread);
        let mut ids = Ids {
            sources: new("sources", FileKind::Sources),
            entities: new("entities", FileKind::Entities),
            relations: new("relations", FileKind::Relations),
            facts: new("facts", FileKind::Facts),
        };
        let mut concepts = new("concepts", FileKind::Lexicon);
        ids.sources
            .fill(&mut drafts.sources, |source| &source.id, found);
        ids.entities
            .fill(&mut drafts.entities, |entity| &entity.id, found);
        ids.relations
            .fill(&mut drafts.relations, |relation| &relation.id, found);
        ids.facts.fill(&mut drafts.facts, |fact| &fact.id, found);
        concepts.fill(&mut drafts.concepts, |concept| &concept.id, found);
        let mut aspects = new("aspects", FileKind::Lexicon);
        aspects.fill(&mut drafts.aspects, |aspect| &aspect.id, found);
        let mut interrogatives = new("interrogatives", FileKind::Lexicon);
        interrogatives.fill(&mut drafts.interrogatives, |kind| &kind.id, found);
        ids
    }
}

/// What a golden question expects, by position among the drafts.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// This fact.
    Fact(u32),
    /// Candidates.
    Offer,
    /// A refusal.
    Unknown,
}

/// A reference, looked up: the position among the drafts, or none if it leads nowhere.
pub(super) type Link = Option<u32>;

/// All references, looked up, in the order of the drafts.
pub(super) struct Links {
    pub(super) successors: Vec<Option<Link>>,
    pub(super) relations: Vec<RelationLinks>,
    pub(super) facts: Vec<FactLinks>,
    pub(super) golden: Vec<Vec<Option<Goal>>>,
}

/// The references of a relation.
pub(super) struct RelationLinks {
    pub(super) of: Vec<Link>,
    pub(super) until: Vec<Link>,
}

/// The references of a fact.
pub(super) struct FactLinks {
    pub(super) subject: Option<Link>,
    pub(super) relation: Option<Link>,
    pub(super) objects: Vec<Link>,
    pub(super) sources: Vec<Link>,
}

impl Links {
    fn resolve(drafts: &Drafts, ids: &Ids, found: &mut Vec<Diagnostic>) -> Self {
        let mut resolver = Resolver {
            comparisons: MAX_COMPARISONS,
            told: FxHashSet::default(),
            found,
        };
        let one = |resolver: &mut Resolver<'_>, index: &Index, id: &Option<Ref>| {
            id.as_ref().map(|id| resolver.find(index, id))
        };
        Links {
            successors: drafts
                .entities
                .iter()
                .map(|draft| one(&mut resolver, &ids.entities, &draft.refs.successor))
                .collect(),
            relations: drafts
                .relations
                .iter()
                .map(|draft| RelationLinks {
                    of: resolver.find_all(&ids.relations, &draft.refs.of),
                    until: resolver.find_all(&ids.relations, &draft.refs.until),
                })
                .collect(),
            facts: drafts
                .facts
                .iter()
                .map(|draft| FactLinks {
                    subject: one(&mut resolver, &ids.entities, &draft.refs.subject),
                    relation: one(&mut resolver, &ids.relations, &draft.refs.relation),
                    objects: resolver.find_all(&ids.entities, &draft.refs.objects),
                    sources: resolver.find_all(&ids.sources, &draft.refs.sources),
                })
                .collect(),
            golden: drafts
                .golden
                .iter()
                .map(|draft| {
                    let goal = |id: &Ref| match id.id.as_str() {
                        "offer" => Some(Goal::Offer),
                        "unknown" => Some(Goal::Unknown),
                        _ => resolver.find(&ids.facts, id).map(Goal::Fact),
                    };
                    draft.refs.iter().map(goal).collect()
                })
                .collect(),
        }
    }
}

/// Looks references up and reports those that lead nowhere.
struct Resolver<'a> {
    comparisons: usize,
    /// Places reported: the sources in `[defaults]` are referred to by every fact of the file.
    told: FxHashSet<Place>,
    found: &'a mut Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn find_all(&mut self, index: &Index, ids: &[Ref]) -> Vec<Link> {
        ids.iter().map(|id| self.find(index, id)).collect()
    }

    fn find(&mut self, index: &Index, reference: &Ref) -> Link {
        let Ref { id, place } = reference;
        let link = index.known.get(id).copied();
        let excused = index.unread || index.lost.contains(id);
        if link.is_none() && !excused && self.told.insert(place.clone()) {
            let message = format!(
                "there is no `{}` among the {}",
                super::shape::quoted(id),
                index.noun
            );
            let help = match self.nearest(index, id) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "write the id of one of the {}, or add one with this id",
                    index.noun
                ),
            };
            self.found
                .push(Diagnostic::new(Code::DanglingReference, place.clone(), message).help(help));
        }
        link
    }

    fn nearest<'i>(&mut self, index: &'i Index, id: &str) -> Option<&'i str> {
        self.comparisons = self.comparisons.checked_sub(index.known.len())?;
        nearest(id, index.known.keys().map(String::as_str))
    }
}

/// Reports words claimed by two entries of a kind, once for each such pair and wording. `describe`
/// names an entry.
fn claimed_twice<'a>(
    code: Code,
    claims: impl Iterator<Item = (usize, u64, &'a str, &'a Place)>,
    message: impl Fn(&str, usize, usize) -> String,
    help: &str,
    found: &mut Vec<Diagnostic>,
) {
    let mut first: FxHashMap<u64, (usize, &str, &Place)> =
        FxHashMap::with_capacity_and_hasher(claims.size_hint().0, Default::default());
    let mut told = FxHashSet::default();
    for (owner, key, text, place) in claims {
        match first.entry(key) {
            Slot::Vacant(slot) => {
                slot.insert((owner, text, place));
            }
            Slot::Occupied(slot) => {
                let (other, words, there) = *slot.get();
                // Equal hashes are all but equal words; what is told to people is looked at again.
                if other != owner && same(words) == same(text) && told.insert((key, owner)) {
                    found.push(
                        Diagnostic::new(code, place.clone(), message(text, owner, other))
                            .help(help)
                            .also(there.clone(), "the other is here"),
                    );
                }
            }
        }
    }
}

/// The claims of all entries, each with the position of its owner.
fn claims<'a, T: 'a, R: 'a>(
    drafts: &'a [Draft<T, R>],
    of: impl Fn(&'a R) -> &'a [Claim],
) -> impl Iterator<Item = (usize, u64, &'a str, &'a Place)> {
    drafts.iter().enumerate().flat_map(move |(owner, draft)| {
        of(&draft.refs)
            .iter()
            .map(move |claim| (owner, claim.key, claim.text.as_str(), &claim.place))
    })
}

/// No two entities go by the same name.
fn names(drafts: &Drafts, found: &mut Vec<Diagnostic>) {
    let id = |at: usize| &drafts.entities[at].record.id;
    claimed_twice(
        Code::AliasShared,
        claims(&drafts.entities, |refs| &refs.names),
        |text, owner, other| {
            let (owner, other) = (id(owner), id(other));
            format!(
                "`{text}` names two entities, `{other}` and `{owner}`: nobody can tell which is meant"
            )
        },
        "leave the name to the one people mean by it",
        found,
    );
}

/// No two relations claim the same pattern.
fn patterns(drafts: &Drafts, found: &mut Vec<Diagnostic>) {
    let id = |at: usize| &drafts.relations[at].record.id;
    claimed_twice(
        Code::PatternShared,
        claims(&drafts.relations, |refs| &refs.patterns),
        |text, owner, other| {
            let (owner, other) = (id(owner), id(other));
            format!("`{text}` is a pattern of two relations, `{other}` and `{owner}`")
        },
        "leave it to the one that answers it",
        found,
    );
}

/// No two facts claim the same phrasing.
fn phrasings(drafts: &Drafts, found: &mut Vec<Diagnostic>) {
    let id = |at: usize| &drafts.facts[at].record.id;
    let all = drafts.facts.iter().enumerate().flat_map(|(owner, draft)| {
        let phrasings = &draft.record.phrasings;
        phrasings
            .en
            .iter()
            .chain(&phrasings.fr)
            .zip(&draft.refs.keys)
            .map(move |(phrasing, key)| (owner, *key, phrasing.text.as_str(), &phrasing.place))
    });
    claimed_twice(
        Code::PhrasingShared,
        all,
        |text, owner, other| {
            let (owner, other) = (id(owner), id(other));
            format!("`{text}` asks for two facts, `{other}` and `{owner}`")
        },
        "leave it to the fact that answers it, or word the two apart",
        found,
    );
}

/// At most one entity is meant when a question names none.
fn main_entity(drafts: &Drafts, found: &mut Vec<Diagnostic>) {
    let mut mains = drafts.entities.iter().filter_map(|draft| {
        let place = draft.refs.main.as_ref()?;
        Some((&draft.record.id, place))
    });
    let Some((first, there)) = mains.next() else {
        return;
    };
    for (id, place) in mains {
        let message =
            format!("`{first}` and `{id}` are both the entity meant when a question names none");
        found.push(
            Diagnostic::new(Code::SeveralMainEntities, place.clone(), message)
                .help("keep `main = true` for one")
                .also(there.clone(), "the first is here"),
        );
    }
}

/// Only what is computed from dates has dates that count, and only a duration ends.
fn counted_dates(drafts: &Drafts, found: &mut Vec<Diagnostic>) {
    for draft in drafts.relations.iter().filter(|draft| draft.sound) {
        let operator = draft.record.operator;
        let compares = matches!(
            operator,
            Some(Operator::Duration | Operator::First | Operator::Between)
        );
        if let Some(of) = draft.refs.of.first()
            && !compares
        {
            let message = "`of` says which dates are compared, and this relation compares none";
            found.push(
                Diagnostic::new(Code::UnknownKey, of.place.clone(), message).help(
                    "add `operator = \"duration\"`, `\"first\"` or `\"between\"`, or take out `of`",
                ),
            );
        }
        if let Some(until) = draft.refs.until.first()
            && operator != Some(Operator::Duration)
        {
            let message = "`until` says what ends a duration, and this relation measures none";
            found.push(
                Diagnostic::new(Code::UnknownKey, until.place.clone(), message)
                    .help("add `operator = \"duration\"`, or take out `until`"),
            );
        }
    }
}

/// Following successors comes to an end. A circle is reported and cut, so that the engine may follow.
fn successors(drafts: &mut Drafts, links: &Links, found: &mut Vec<Diagnostic>) {
    // The walk each entity was first met on; meeting it again on the same walk closes a circle.
    let mut met: Vec<Option<usize>> = vec![None; drafts.entities.len()];
    for start in 0..drafts.entities.len() {
        let mut at = start;
        while met[at].is_none() {
            met[at] = Some(start);
            let Some(Some(next)) = links.successors[at] else {
                break;
            };
            let next = next as usize;
            if met[next] == Some(start) {
                let (from, to) = (&drafts.entities[at], &drafts.entities[next].record.id);
                if let Some(successor) = &from.refs.successor {
                    let id = &from.record.id;
                    let message = if id == to {
                        format!("`{id}` cannot be its own successor")
                    } else {
                        format!("`{id}` became `{to}`, which is one of its own predecessors")
                    };
                    found.push(
                        Diagnostic::new(Code::SuccessorCycle, successor.place.clone(), message)
                            .help("take out the `successor` that is wrong"),
                    );
                }
                drafts.entities[at].refs.successor = None;
            }
            at = next;
        }
    }
}

/// Of several facts with one subject and relation, exactly one is the plain answer.
fn plain_answers(drafts: &Drafts, links: &Links, found: &mut Vec<Diagnostic>) {
    let mut groups: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
    for (at, fact) in links.facts.iter().enumerate() {
        if let (Some(Some(subject)), Some(Some(relation))) = (fact.subject, fact.relation) {
            groups.entry((subject, relation)).or_default().push(at);
        }
    }
    for ((subject, relation), group) in groups {
        if group.len() < 2 {
            continue;
        }
        let mains: Vec<_> = group
            .iter()
            .filter_map(|at| Some((*at, drafts.facts[*at].refs.main.as_ref()?)))
            .collect();
        let subject = &drafts.entities[subject as usize].record.id;
        let relation = &drafts.relations[relation as usize].record.id;
        let asked = format!("{} facts answer `{relation}` of `{subject}`", group.len());
        let diagnostic = match mains[..] {
            [_] => continue,
            [] => {
                let place = drafts.facts[group[0]].id.clone();
                let message = format!("{asked}, and none is the plain answer");
                let others = group[1..].iter().take(3).fold(
                    Diagnostic::new(Code::UnclearMain, place, message),
                    |diagnostic, at| {
                        diagnostic.also(drafts.facts[*at].id.clone(), "another is here")
                    },
                );
                others.help("add `main = true` to the one wanted when no date is asked for")
            }
            [(_, first), (_, second), ..] => {
                let message = format!("{asked}, and {} of them are the plain answer", mains.len());
                Diagnostic::new(Code::UnclearMain, second.clone(), message)
                    .also(first.clone(), "the first is here")
                    .help("keep `main = true` for the one wanted when no date is asked for")
            }
        };
        found.push(diagnostic);
    }
}

/// Sources and entities that nothing uses.
fn unused(drafts: &Drafts, links: &Links, found: &mut Vec<Diagnostic>) {
    let mut sources = vec![false; drafts.sources.len()];
    let mut entities = vec![false; drafts.entities.len()];
    for fact in &links.facts {
        for source in fact.sources.iter().flatten() {
            sources[*source as usize] = true;
        }
        let subject = fact.subject.flatten();
        for entity in fact.objects.iter().flatten().chain(&subject) {
            entities[*entity as usize] = true;
        }
    }
    for successor in links.successors.iter().flatten().flatten() {
        entities[*successor as usize] = true;
    }
    for (draft, used) in drafts.sources.iter().zip(sources) {
        if !used && draft.sound {
            let message = format!("no fact uses the source `{}`", draft.record.id);
            found.push(
                Diagnostic::new(Code::UnusedSource, draft.id.clone(), message)
                    .help("name it in the `sources` of a fact, or take it out"),
            );
        }
    }
    for (draft, used) in drafts.entities.iter().zip(entities) {
        if !used && draft.sound && !draft.record.outside {
            let message = format!("no fact is about `{}`", draft.record.id);
            found.push(
                Diagnostic::new(Code::UnusedEntity, draft.id.clone(), message)
                    .help("add a fact, or `outside = true` if the base does not cover it"),
            );
        }
    }
}
