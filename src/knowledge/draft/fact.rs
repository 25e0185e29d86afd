//! Facts, each by itself.

use super::desk::{Desk, MAX_ANSWER_CHARS, MAX_NAME_CHARS};
use super::{Draft, Drafts, FactRefs, Ref};
use crate::date::Date;
use crate::knowledge::diagnostic::{Code, Place};
use crate::knowledge::model;
use crate::knowledge::same::same;
use crate::knowledge::schema::{self, At};
use crate::lang::{Bilingual, Lang};

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

pub(super) fn facts(mut pieces: Vec<(schema::FactsFile, Desk<'_>)>, drafts: &mut Drafts) {
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
            let folded = format!("{} ", same(text.get()));
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
