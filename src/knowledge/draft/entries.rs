//! Sources, entities, relations, golden questions and the lexicon, each by itself.

use super::desk::{Desk, MAX_LONG_CHARS, MAX_NAME_CHARS, MAX_QUESTION_CHARS, MAX_TITLE_CHARS};
use super::{Draft, Drafts, EntityRefs, RelationRefs};
use crate::knowledge::diagnostic::Code;
use crate::knowledge::model;
use crate::knowledge::same::same;
use crate::knowledge::schema::{self, At};
use crate::lang::Bilingual;

pub(super) fn sources(pieces: Vec<(schema::SourcesFile, Desk<'_>)>, drafts: &mut Drafts) {
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
                publisher: desk.text(publisher, format_args!("`publisher`"), MAX_TITLE_CHARS),
                title: desk.text(title, format_args!("`title`"), MAX_TITLE_CHARS),
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

pub(super) fn entities(pieces: Vec<(schema::EntitiesFile, Desk<'_>)>, drafts: &mut Drafts) {
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
                    Some(of) => desk.text(of.fr, format_args!("`of.fr`"), MAX_LONG_CHARS),
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

pub(super) fn relations(pieces: Vec<(schema::RelationsFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        for entry in file.relation {
            let mark = desk.mark(&entry);
            let schema::Relation {
                id,
                name,
                asks,
                operator,
                of,
                until,
                patterns,
                reverse,
                yesno,
            } = entry.into_inner();
            let place = desk.place(&id);
            let operator = operator.map(At::into_inner);
            if operator == Some(model::Operator::Duration) && of.is_empty() {
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
                of: Vec::new(),
                until: Vec::new(),
                patterns: desk.lists(patterns, "patterns", MAX_QUESTION_CHARS),
                reverse: desk.lists(reverse, "reverse", MAX_QUESTION_CHARS),
                yesno: desk.lists(yesno, "yesno", MAX_QUESTION_CHARS),
            };
            let refs = RelationRefs {
                of: of.into_iter().map(|id| desk.reference(id)).collect(),
                until: until.into_iter().map(|id| desk.reference(id)).collect(),
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

pub(super) fn questions(pieces: Vec<(schema::QuestionsFile, Desk<'_>)>, drafts: &mut Drafts) {
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
                sample,
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
                ask: desk.text(ask, format_args!("`ask`"), MAX_QUESTION_CHARS),
                after: desk.list(after, "after", MAX_QUESTION_CHARS),
                expect: Vec::new(),
                open,
                sample,
                style: match style {
                    Some(style) => desk.text(style, format_args!("`style`"), MAX_NAME_CHARS),
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

pub(super) fn lexicon(pieces: Vec<(schema::LexiconFile, Desk<'_>)>, drafts: &mut Drafts) {
    for (file, mut desk) in pieces {
        drafts.concepts.extend(
            file.concept
                .into_iter()
                .map(|entry| concept(entry, &mut desk)),
        );
        drafts.aspects.extend(
            file.aspect
                .into_iter()
                .map(|entry| concept(entry, &mut desk)),
        );
        drafts.interrogatives.extend(
            file.interrogative
                .into_iter()
                .map(|entry| concept(entry, &mut desk)),
        );
        for entry in file.shorthand {
            let schema::Shorthand { write, means } = entry.into_inner();
            drafts.shorthands.push(model::Shorthand {
                write: desk.words(write, "write"),
                means: desk.text(means, format_args!("`means`"), MAX_NAME_CHARS),
            });
        }
        for lists in file.filler {
            drafts.fillers.en.extend(desk.words(lists.en, "en"));
            drafts.fillers.fr.extend(desk.words(lists.fr, "fr"));
        }
        for lists in file.remark {
            drafts.remarks.en.extend(desk.words(lists.en, "en"));
            drafts.remarks.fr.extend(desk.words(lists.fr, "fr"));
        }
        drafts.found.append(&mut desk.found);
    }
}

fn concept(entry: At<schema::Concept>, desk: &mut Desk<'_>) -> Draft<model::Concept, ()> {
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
    Draft {
        record,
        id: place,
        refs: (),
        sound: desk.is_sound_since(mark),
    }
}

/// French "de" with a name: "du Grand Lyon" is for people to write, as whether a name has an article
/// cannot be seen; this only elides before a vowel.
fn of_french(name: &str) -> String {
    let folded = same(name);
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
