//! Questions that must be refused, made from the base itself, so that a base learns what refusing looks
//! like before anybody has written it a golden question: what nobody knows of an entity, names nobody
//! bears, and properties that the base never tells.

use compact_str::ToCompactString as _;

use crate::date::Date;
use crate::engine::index::Index;
use crate::engine::polar;
use crate::engine::reader::{Groups, Reader, Role, Text, Word, single_year, word_stem};
use crate::knowledge::model::{Concept, EntityIx, Knowledge, RelationIx};
use crate::lang::{Bilingual, Lang};
use crate::text::words;

/// How many words of each aspect and language are asked about.
const WORDS_PER_ASPECT: usize = 2;
/// How many near misses are made from the base.
const NEAR_MISSES: usize = 240;
/// How many questions about made-up names.
const MADE_UP_NAMES: usize = 60;

/// How many answerable questions are asked of names that the base does not know.
const RENAMED: usize = 300;
/// How many are asked of another time.
const REDATED: usize = 200;
/// Years of which a base seldom has anything to tell; those of which it has are left out.
const OTHER_YEARS: [u16; 6] = [1951, 2041, 1984, 2033, 1973, 2052];
/// Such a name may be an ordinary word, as "Orange" is: how rare, by its rank in a list of words.
const NAME_RANKS: std::ops::Range<usize> = 4_000..20_000;

/// Ways to ask for a property of something.
const ASPECT_FRAMES: Bilingual<[&str; 6]> = Bilingual {
    en: [
        "what {aspect} does {subject} have?",
        "what is the {aspect} of {subject}?",
        "{subject} {aspect}",
        "how many {aspect} at {subject}?",
        "who did the {aspect} for {subject}?",
        "tell me about the {aspect} of {subject}",
    ],
    fr: [
        "quel {aspect} pour {subject} ?",
        "c'est quoi le {aspect} de {subject} ?",
        "{subject} {aspect}",
        "combien de {aspect} chez {subject} ?",
        "qui a fait le {aspect} de {subject} ?",
        "est-ce que {subject} a un {aspect} ?",
    ],
};

/// Questions that must be refused, made from the base itself: a relation's pattern about an entity
/// that has no such fact, and about names that nobody bears.
///
/// `part` 0 and 1 give different questions: one to train on, one to calibrate with.
pub(super) fn near_misses(
    knowledge: &Knowledge,
    reader: &Reader,
    index: &Index,
    part: usize,
) -> Vec<Text> {
    let mut asked: Vec<(RelationIx, &str, Lang)> = knowledge
        .relations
        .iter()
        .enumerate()
        .filter(|(_, relation)| relation.operator.is_none())
        .flat_map(|(number, relation)| {
            relation
                .patterns
                .iter()
                .flat_map(|(lang, patterns)| patterns.iter().map(move |pattern| (lang, pattern)))
                .map(move |(lang, pattern)| (RelationIx(number as u32), pattern.as_str(), lang))
        })
        .collect();
    // The order of the files must not matter.
    asked.sort_unstable_by_key(|(_, pattern, lang)| (*pattern, *lang as u8));
    let mut known = told_of(knowledge, index);
    known.retain(|entity| !knowledge.entities[entity.index()].main);
    if asked.is_empty() || known.is_empty() {
        return Vec::new();
    }
    let ask = |text: &str| reader.read_question(text, true);
    let mut texts = Vec::new();
    // A stride that is coprime to most lengths spreads the pairs over both lists.
    for step in (part..NEAR_MISSES * 8).step_by(2) {
        if texts.len() == NEAR_MISSES {
            break;
        }
        let (relation, pattern, lang) = asked[(step * 7_919) % asked.len()];
        let entity = known[(step * 104_729) % known.len()];
        if !index.has_fact(knowledge, entity, relation) {
            texts.push(ask(&pattern.replace(
                "{subject}",
                knowledge.entities[entity.index()].name.get(lang),
            )));
        }
    }
    for step in (part..MADE_UP_NAMES * 2).step_by(2) {
        let (_, pattern, _) = asked[(step * 7_919) % asked.len()];
        texts.push(ask(&pattern.replace("{subject}", &made_up_name(step))));
    }
    texts.extend(other_aspects(knowledge, reader, index, part));
    texts
}

/// Questions about one body each, asked of another that the base does not know: who founded Bosch is nothing
/// that a fact on who founded LUTB tells.
pub(super) fn renamed<'t>(
    knowledge: &Knowledge,
    answerable: impl Iterator<Item = &'t Text>,
) -> Vec<Text> {
    let one_body = |text: &&Text| match text.entities()[..] {
        [(entity, _)] => !knowledge[entity].kind.is_general(),
        _ => false,
    };
    let mut texts: Vec<&Text> = answerable.filter(one_body).collect();
    // The order of the files must not matter.
    texts.sort_by_cached_key(|text| text.spelled());
    let rare: Vec<&str> = [Lang::En, Lang::Fr]
        .into_iter()
        .flat_map(|lang| {
            words::listed(lang)
                .take(NAME_RANKS.end)
                .skip(NAME_RANKS.start)
        })
        .filter(|word| word.len() >= 4)
        .collect();
    let every = texts.len().div_ceil(RENAMED).max(1);
    let texts = texts.into_iter().step_by(every).enumerate();
    texts
        .map(|(number, text)| {
            let name = match number % 3 {
                0 => made_up_name(number).to_lowercase(),
                _ => rare[number * 7_919 % rare.len()].to_owned(),
            };
            named_instead(text, &name)
        })
        .collect()
}

/// Questions about one time each, asked of another at which the base knows nothing to have happened: who evaluated
/// the clusters in 1987 is nothing that a fact on 2012 tells.
pub(super) fn redated<'t>(
    knowledge: &Knowledge,
    answerable: impl Iterator<Item = &'t Text>,
) -> Vec<Text> {
    let told = |year: &u16| {
        let dates = knowledge.facts.iter().filter_map(|fact| fact.date.as_ref());
        let mut years = dates.map(Date::years);
        years.any(|(first, last)| (first..=last).contains(year))
    };
    let mut years = OTHER_YEARS.to_vec();
    years.retain(|year| !told(year));
    if years.is_empty() {
        return Vec::new();
    }
    let one_time =
        |text: &&Text| matches!(text.dates[..], [ref only] if single_year(&only.date).is_some());
    // "Was LUTB created in 1998?" has an answer all the same.
    let open = |text: &&Text| !polar::is_polar(text);
    let mut texts: Vec<&Text> = answerable.filter(one_time).filter(open).collect();
    // The order of the files must not matter.
    texts.sort_by_cached_key(|text| text.spelled());
    let every = texts.len().div_ceil(REDATED).max(1);
    let texts = texts.into_iter().step_by(every).enumerate();
    texts
        .filter_map(|(number, text)| {
            let year = years[number % years.len()];
            let mut text = text.clone();
            text.dates[0].date = year.to_string().parse().ok()?;
            for word in &mut text.words {
                if matches!(word.role, Role::Date(_))
                    && word.text.len() == 4
                    && word.text.parse::<u16>().is_ok()
                {
                    word.text = year.to_compact_string();
                }
            }
            Some(text)
        })
        .collect()
}

/// The same text with a name that nobody knows in place of all it names.
fn named_instead(text: &Text, name: &str) -> Text {
    let unknown = Word {
        text: name.into(),
        stem: word_stem(name),
        repaired_from: None,
        role: Role::Plain,
        concepts: Groups::new(),
        aspects: Groups::new(),
        asks: Groups::new(),
        content: 1.0,
        filler: false,
        name_like: true,
        proper: true,
    };
    let mut text = text.clone();
    for word in &mut text.words {
        if matches!(word.role, Role::Entity(..)) {
            *word = unknown.clone();
        }
    }
    text
}

/// The entities that there are facts of, by their ids.
fn told_of(knowledge: &Knowledge, index: &Index) -> Vec<EntityIx> {
    let mut known: Vec<EntityIx> = (0..knowledge.entities.len() as u32)
        .map(EntityIx)
        .filter(|entity| !index.facts_of(*entity).is_empty())
        .collect();
    known.sort_unstable_by_key(|entity| &knowledge.entities[entity.index()].id);
    known
}

/// Questions about properties that the base never tells of an entity.
fn other_aspects(knowledge: &Knowledge, reader: &Reader, index: &Index, part: usize) -> Vec<Text> {
    let mut aspects: Vec<&Concept> = knowledge.lexicon.aspects.iter().collect();
    aspects.sort_unstable_by_key(|aspect| &aspect.id);
    let known = told_of(knowledge, index);
    if known.is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    for (number, aspect) in aspects.iter().enumerate() {
        for (lang, words) in aspect.words.iter() {
            // Some of its words do; which ones differs from aspect to aspect.
            let first = (number / 2) % words.len().max(1);
            let asked = words.iter().enumerate().skip(first).step_by(2);
            for (at, word) in asked.take(WORDS_PER_ASPECT) {
                let step = number * 7 + at * 3 + lang as usize;
                if step % 2 != part {
                    continue;
                }
                let entity = known[(step * 104_729) % known.len()];
                let name = knowledge.entities[entity.index()].name.get(lang);
                let frames = ASPECT_FRAMES.get(lang);
                let frame = frames[(step / 2) % frames.len()];
                let text = reader.read_question(
                    &frame.replace("{aspect}", word).replace("{subject}", name),
                    true,
                );
                let own: Vec<u16> = text
                    .words
                    .iter()
                    .flat_map(|word| word.aspects.iter().copied())
                    .collect();
                let told = index
                    .facts_of(entity)
                    .iter()
                    .any(|fact| index.facts[fact.index()].asked.names(&own, 1));
                if !told {
                    texts.push(text);
                }
            }
        }
    }
    texts
}

/// A name nobody bears: three syllables, capitalised.
fn made_up_name(seed: usize) -> String {
    const SYLLABLES: [&str; 11] = [
        "vor", "zel", "ka", "dru", "mip", "tox", "bel", "qui", "fan", "gro", "wy",
    ];
    let pick = |at: usize| SYLLABLES[(seed * 31 + at * 17 + seed / 11 * at) % SYLLABLES.len()];
    let mut name = format!("{}{}{}", pick(1), pick(2), pick(4));
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}
