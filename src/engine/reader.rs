//! From what a person typed to words with a meaning.
//!
//! Every text the engine compares – phrasings and patterns when it builds, questions when it is
//! asked – goes through the same [`Reader`], so that equal meaning becomes equal features: former
//! names and acronyms become one entity, "founded" and « créé » one concept, "c koi" is spelled
//! out, and a misspelt word is repaired to the nearest word of the base before anything else looks
//! at it. The reader decides nothing; it only says what the text mentions.

mod ordinary;
mod spelled;
mod terms;
mod text;

use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::date::mention;
use crate::engine::phrases::{Key, Phrases, key, keys};
use crate::knowledge::model::{Concept, EntityIx, Knowledge};
use crate::lang::{Bilingual, Lang};
use crate::text::spelling::Speller;
use crate::text::{clean, fold, language, tokenize};

use self::ordinary::{content_in, is_ordinary, is_padding, rarest};
use self::spelled::{Spelled, capital_words};

pub(crate) use self::ordinary::word_stem;
pub(crate) use self::terms::single_year;
pub(crate) use self::text::{Groups, Role, Text, Word};

/// How sure a link is that needed spelling repair.
const REPAIRED_LINK: f32 = 0.85;
/// How often phrasings must use a word that nothing else knows before it is no slip of the pen.
const NO_SLIP: u32 = 8;
/// What a pattern's slots are replaced by before it is read: words nobody types.
const SLOT_WORD: &str = "xslotx";
const DATE_SLOT_WORD: &str = "xdateslotx";

/// What an alias stands for.
#[derive(Debug, Clone, Copy)]
struct Name {
    entity: EntityIx,
    /// The word of the name that leaves it in doubt when it is typed small: the only one of "MAD",
    /// the last one of "Cara Up".
    ordinary: Option<u8>,
}

/// How often the base uses each plain word.
#[derive(Debug, Default)]
pub(crate) struct WordCounts(FxHashMap<Key, (Box<str>, u32)>);

impl WordCounts {
    /// Takes in the words that questions use. Phrasings are written the way people write, slips
    /// included, so a word that neither ordinary language nor the rest of the base knows must come
    /// several times.
    pub(crate) fn add_asked(&mut self, asked: WordCounts) {
        for (key, (word, seen)) in asked.0 {
            if let Some((_, known)) = self.0.get_mut(&key) {
                *known += seen;
            } else if seen >= NO_SLIP || rarest(&word, None).is_some() {
                self.0.insert(key, (word, seen));
            }
        }
    }

    /// Counts the plain words of a text.
    pub(crate) fn add_text(&mut self, text: &Text) {
        for word in text
            .words
            .iter()
            .filter(|word| matches!(word.role, Role::Plain))
        {
            self.add(&word.text);
        }
    }

    fn add(&mut self, word: &str) {
        let counted = self.0.entry(key(word));
        counted.or_insert_with(|| (Box::from(word), 0)).1 += 1;
    }
}

/// How a text is written, and how it is to be read.
struct Style {
    /// The words with a capital that no sentence asks for; none for texts of the base, which are read as they are.
    capitals: Option<FxHashSet<String>>,
    lang: Option<Lang>,
    /// Ordinary words that are also names count as names.
    doubtful: bool,
}

impl Style {
    fn is_capital(&self, word: &str) -> bool {
        let capitals = self.capitals.as_ref();
        capitals.is_some_and(|capitals| capitals.contains(word))
    }
}

/// The words of a text, and how tables know them and their stems.
struct Line<'t> {
    words: &'t [Spelled<'t>],
    keys: Vec<Key>,
    stem_keys: Vec<Key>,
}

impl Line<'_> {
    /// Where a name that starts at a word ends at the latest.
    fn name_end(&self, at: usize) -> usize {
        let last = self.words[at..].iter().position(|word| word.ends);
        last.map_or(self.words.len(), |last| at + last + 1)
    }
}

/// Reads texts with the names, synonyms and spellings of one base.
#[derive(Debug)]
pub(crate) struct Reader {
    knowledge: Arc<Knowledge>,
    names: Phrases<Name>,
    /// Names of several words by their stems: "the Lyon trucks cluster".
    stemmed_names: Phrases<Name>,
    concepts: Phrases<Groups>,
    aspects: Phrases<Groups>,
    interrogatives: Phrases<Groups>,
    shorthands: Phrases<Vec<CompactString>>,
    fillers: Phrases<()>,
    remarks: Phrases<()>,
    /// The words of the names.
    name_words: FxHashSet<Box<str>>,
    vocabulary: FxHashSet<Box<str>>,
    speller: Speller,
    entity_tags: Vec<Box<str>>,
    concept_tags: Vec<Box<str>>,
}

impl Reader {
    /// Learns the names, synonyms and padding of a base. Its vocabulary for spelling repair is
    /// still empty: [`Reader::learn_vocabulary`] follows when the base's texts have been read.
    pub(crate) fn new(knowledge: Arc<Knowledge>) -> Reader {
        let mut names = Phrases::default();
        let mut stemmed_names = Phrases::default();
        let mut words_of_names = FxHashSet::default();
        for (position, entity) in knowledge.entities.iter().enumerate() {
            let entity_ix = EntityIx(position as u32);
            for alias in entity_names(entity) {
                let words = name_words(alias);
                words_of_names.extend(words.iter().map(|word| word.as_str().into()));
                let ordinary = match words.as_slice() {
                    [only] => is_ordinary(only).then_some(0),
                    [.., last] => is_padding(last).then_some((words.len() - 1) as u8),
                    [] => None,
                };
                let name = Name {
                    entity: entity_ix,
                    ordinary,
                };
                names.entry(words.iter().map(CompactString::as_str), || name);
                if words.len() > 1 {
                    let stems: Vec<CompactString> =
                        words.iter().map(|word| word_stem(word)).collect();
                    stemmed_names.entry(stems.iter().map(CompactString::as_str), || name);
                }
                // "lutbraac", "automac" for "auto-mac": short names are often typed as one word.
                if words.len() == 2 {
                    let joined = words.concat();
                    if !is_ordinary(&joined) {
                        names.entry(std::iter::once(joined.as_str()), || name);
                    }
                }
            }
        }
        let lexicon = &knowledge.lexicon;
        let concepts = by_stems(&lexicon.concepts);
        let aspects = by_stems(&lexicon.aspects);
        let interrogatives = by_stems(&lexicon.interrogatives);
        let mut shorthands = Phrases::default();
        for shorthand in &lexicon.shorthands {
            let means = plain_words(&shorthand.means);
            for written in &shorthand.write {
                let written = plain_words(written);
                shorthands.entry(written.iter().map(CompactString::as_str), || means.clone());
            }
        }
        let table = |phrases: &Bilingual<Vec<String>>| {
            let mut table = Phrases::default();
            for phrase in phrases.en.iter().chain(&phrases.fr) {
                table.entry(plain_words(phrase).iter().map(CompactString::as_str), || ());
            }
            table
        };
        let (fillers, remarks) = (table(&lexicon.fillers), table(&lexicon.remarks));
        let entity_tags = knowledge
            .entities
            .iter()
            .map(|entity| format!("e:{}", entity.id).into_boxed_str())
            .collect();
        let concept_tags = lexicon
            .concepts
            .iter()
            .map(|concept| format!("c:{}", concept.id).into_boxed_str())
            .collect();
        Reader {
            names,
            stemmed_names,
            concepts,
            aspects,
            interrogatives,
            shorthands,
            fillers,
            remarks,
            name_words: words_of_names,
            vocabulary: FxHashSet::default(),
            speller: Speller::new(std::iter::empty()),
            entity_tags,
            concept_tags,
            knowledge,
        }
    }

    /// Learns which words the base uses, so that slips can be repaired.
    pub(crate) fn learn_vocabulary(&mut self, mut counts: WordCounts, asked: WordCounts) {
        for entity in &self.knowledge.entities {
            for alias in entity_names(entity) {
                for word in plain_words(alias) {
                    counts.add(&word);
                }
            }
        }
        let lexicon = &self.knowledge.lexicon;
        let groups = [&lexicon.concepts, &lexicon.aspects, &lexicon.interrogatives];
        for concept in groups.into_iter().flatten() {
            for phrase in concept.words.en.iter().chain(&concept.words.fr) {
                for word in plain_words(phrase) {
                    counts.add(&word);
                }
            }
        }
        counts.add_asked(asked);
        self.speller = Speller::new(
            counts
                .0
                .values()
                .filter(|(word, _)| !word.bytes().any(|b| b.is_ascii_digit()))
                .map(|(word, seen)| (&**word, *seen)),
        );
        self.vocabulary = counts.0.into_values().map(|(word, _)| word).collect();
    }

    /// The vocabulary and the index to repair spelling with, which the base's texts taught it.
    pub(crate) fn learned(&self) -> (&FxHashSet<Box<str>>, &Speller) {
        (&self.vocabulary, &self.speller)
    }

    /// The same reader with what another [learned](Reader::learned) from the same base.
    pub(crate) fn having_learned(
        mut self,
        vocabulary: FxHashSet<Box<str>>,
        speller: Speller,
    ) -> Reader {
        self.vocabulary = vocabulary;
        self.speller = speller;
        self
    }

    /// Reads a text of the base: no spelling repair, every name counts.
    pub(crate) fn read_own(&self, text: &str) -> Text {
        self.read(text, false, true)
    }

    /// Reads a pattern of a relation, with its slots.
    pub(crate) fn read_pattern(&self, pattern: &str) -> Text {
        let text = pattern
            .replace("{subject}", SLOT_WORD)
            .replace("{object}", SLOT_WORD)
            .replace("{date}", DATE_SLOT_WORD);
        self.read_own(&text)
    }

    /// Reads a question. With `doubtful`, ordinary words that are also names count as names.
    pub(crate) fn read_question(&self, text: &str, doubtful: bool) -> Text {
        self.read(text, true, doubtful)
    }

    fn read(&self, text: &str, repair: bool, doubtful: bool) -> Text {
        let cleaned = clean(text);
        let folded = fold(&cleaned);
        let tokens = tokenize(&folded);
        let dates = mention::find(&folded);
        let capitals = repair.then(|| capital_words(&cleaned));
        let spelled = self.spell(&folded, &tokens, &dates, capitals.as_ref());
        let style = Style {
            lang: match repair {
                true => language::detect_in(&cleaned, &tokens).map(|(lang, _)| lang),
                false => None,
            },
            capitals,
            doubtful,
        };
        let mut text = Text {
            dates,
            asks: cleaned.trim_end().ends_with('?'),
            ..Text::default()
        };
        self.find_meanings(&spelled, &style, &mut text);
        text.drop_unsaid_dates();
        text
    }

    /// Adds the words to a text, names of several words as one.
    fn find_meanings(&self, spelled: &[Spelled<'_>], style: &Style, text: &mut Text) {
        let stems: Vec<CompactString> = spelled.iter().map(|word| word_stem(&word.text)).collect();
        let line = Line {
            keys: keys(spelled.iter().map(|word| &*word.text)),
            stem_keys: keys(stems.iter().map(CompactString::as_str)),
            words: spelled,
        };
        text.words.reserve_exact(spelled.len());
        let mut filler_until = 0;
        let mut at = 0;
        while let Some(word) = spelled.get(at) {
            if let Some((length, ())) = self.fillers.longest_at(&line.keys, at) {
                filler_until = filler_until.max(at + length);
            }
            let (name, in_doubt) = self.name_at(&line, at, style);
            text.doubtful_links |= in_doubt;
            if let Some((length, entity)) = name {
                text.words.push(named(&spelled[at..at + length], entity));
                at += length;
                continue;
            }
            let groups = |table: &Phrases<Groups>| {
                let found = table.longest_at(&line.stem_keys, at);
                found.map_or_else(Groups::new, |(_, groups)| groups.clone())
            };
            let role = role_of(word);
            let filler = at < filler_until;
            let proper = style.is_capital(&word.text);
            text.words.push(Word {
                text: CompactString::from(&*word.text),
                stem: stems[at].clone(),
                repaired_from: word.repaired_from.map(Box::from),
                concepts: groups(&self.concepts),
                aspects: groups(&self.aspects),
                asks: groups(&self.interrogatives),
                content: match role {
                    Role::Date(_) | Role::Entity(..) | Role::Slot | Role::DateSlot => 0.0,
                    _ if filler => 0.02,
                    _ => content_in(&word.text, style.lang),
                },
                name_like: style.capitals.is_some()
                    && role == Role::Plain
                    && (proper || rarest(&word.text, style.lang).is_none()),
                proper: role == Role::Plain && proper,
                filler,
                role,
            });
            at += 1;
        }
    }

    /// The name that starts at a word: how many words it has, and whose it is; and whether it is in doubt that
    /// those words name anything.
    fn name_at(
        &self,
        line: &Line<'_>,
        at: usize,
        style: &Style,
    ) -> (Option<(usize, EntityIx)>, bool) {
        let longest = |until: usize| {
            let exact = self.names.longest_at(&line.keys[..until], at);
            let stemmed = self.stemmed_names.longest_at(&line.stem_keys[..until], at);
            let found = exact.into_iter().chain(stemmed);
            found.reduce(|exact, stemmed| if stemmed.0 > exact.0 { stemmed } else { exact })
        };
        let Some((length, name)) = longest(line.name_end(at)) else {
            return (None, false);
        };
        let in_doubt = style.capitals.is_some()
            && name.ordinary.is_some_and(|ordinary| {
                !style.is_capital(&line.words[at + usize::from(ordinary)].text)
            });
        if in_doubt && !style.doubtful {
            // "What CARA gets up to": the name may still be the shorter one.
            let shorter = longest(at + length - 1).filter(|(_, name)| name.ordinary.is_none());
            return (shorter.map(|(length, name)| (length, name.entity)), true);
        }
        (Some((length, name.entity)), in_doubt)
    }

    /// The same text about another entity: it takes the place of the first one named and of all
    /// others, or stands at the end where none is named.
    pub(crate) fn about_instead(&self, mut text: Text, entity: EntityIx) -> Text {
        let name = self.name_of(entity);
        let is_name = |word: &Word| matches!(word.role, Role::Entity(..));
        let place = text.words.iter().position(is_name);
        text.words.retain(|word| !is_name(word));
        let place = place.unwrap_or(text.words.len()).min(text.words.len());
        text.words.insert(place, name);
        text
    }

    /// The same text with an entity named where a word, a pronoun, stands for it.
    pub(crate) fn naming(
        &self,
        mut text: Text,
        entity: EntityIx,
        stands_for_it: impl Fn(&Word) -> bool,
    ) -> Text {
        if let Some(word) = text.words.iter_mut().find(|word| stands_for_it(word)) {
            *word = self.name_of(entity);
        }
        text
    }

    /// An entity's name as a word of a text.
    fn name_of(&self, entity: EntityIx) -> Word {
        let name = fold(&self.knowledge.entities[entity.index()].name.en);
        Word::naming(entity, 1.0, name)
    }

    /// The same text about another date: its own dates go, and those of `other` stand at the end.
    pub(crate) fn dated_instead(&self, mut text: Text, other: &Text) -> Text {
        let is_date = |word: &Word| matches!(word.role, Role::Date(_));
        text.words.retain(|word| !is_date(word));
        text.words
            .extend(other.words.iter().filter(|word| is_date(word)).cloned());
        text.dates.clone_from(&other.dates);
        text
    }

    /// The same text without the words of its date, which it keeps: what is asked to be right or wrong about it.
    pub(crate) fn undated(&self, mut text: Text) -> Text {
        text.words
            .retain(|word| !matches!(word.role, Role::Date(_)));
        text
    }

    /// Whether a message only thanks, praises or agrees: "thanks a lot!", "ok, good to know".
    pub(crate) fn is_remark(&self, message: &str) -> bool {
        let words = plain_words(message);
        let keys = keys(words.iter().map(CompactString::as_str));
        let mut remarked = false;
        let mut at = 0;
        while at < words.len() {
            let remark = self.remarks.longest_at(&keys, at);
            let filler = self.fillers.longest_at(&keys, at);
            remarked |= remark.is_some();
            match remark.max(filler) {
                Some((length, ())) => at += length,
                None => return false,
            }
        }
        remarked
    }

    /// Whether this folded word by itself is a name: it says nothing of the language it stands in.
    pub(crate) fn is_name(&self, word: &str) -> bool {
        self.names.longest_at(&[key(word)], 0).is_some()
    }
}

/// The phrases of some groups by their stems, with the numbers of the groups.
fn by_stems(groups: &[Concept]) -> Phrases<Groups> {
    let mut phrases: Phrases<Groups> = Phrases::default();
    for (number, group) in groups.iter().enumerate() {
        for phrase in group.words.en.iter().chain(&group.words.fr) {
            let stems: Vec<CompactString> = plain_words(phrase)
                .iter()
                .map(|word| word_stem(word))
                .collect();
            if let Some(numbers) =
                phrases.entry(stems.iter().map(CompactString::as_str), Groups::new)
            {
                let number = number as u16;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
    }
    phrases
}

/// A name in a text.
fn named(words: &[Spelled<'_>], entity: EntityIx) -> Word {
    let repaired = words.iter().any(|word| word.repaired_from.is_some());
    let sure = if repaired { REPAIRED_LINK } else { 1.0 };
    let mut named = Word::naming(entity, sure, joined(words.iter().map(|word| &*word.text)));
    named.repaired_from = repaired.then(|| {
        let typed = words
            .iter()
            .map(|word| word.repaired_from.unwrap_or(&word.text));
        joined(typed).into_string().into_boxed_str()
    });
    named
}

/// Words with a space between them.
fn joined<'w>(words: impl Iterator<Item = &'w str>) -> CompactString {
    let mut joined = CompactString::default();
    for word in words {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// What a word that belongs to no name stands for.
fn role_of(word: &Spelled<'_>) -> Role {
    match (word.date, &*word.text) {
        (Some(date), _) => Role::Date(date),
        (None, SLOT_WORD) => Role::Slot,
        (None, DATE_SLOT_WORD) => Role::DateSlot,
        (None, text) if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => Role::Number,
        (None, _) => Role::Plain,
    }
}

/// All the names of an entity, most proper first.
pub(crate) fn entity_names(entity: &crate::knowledge::model::Entity) -> impl Iterator<Item = &str> {
    [&entity.name.en, &entity.name.fr]
        .into_iter()
        .chain(entity.long.iter().flat_map(|long| [&long.en, &long.fr]))
        .chain(&entity.aliases.en)
        .chain(&entity.aliases.fr)
        .map(String::as_str)
}

/// Folded words of a plain text.
fn plain_words(text: &str) -> Vec<CompactString> {
    tokenize(&fold(text))
        .into_iter()
        .map(|token| token.text)
        .collect()
}

/// Folded words of a name, without a leading article: "the bus cluster" is found in "a bus cluster".
fn name_words(name: &str) -> Vec<CompactString> {
    let words = plain_words(name);
    let articles = words
        .iter()
        .take(words.len().saturating_sub(1))
        .take_while(|word| {
            matches!(
                word.as_str(),
                "the" | "a" | "an" | "le" | "la" | "les" | "l" | "un" | "une"
            )
        })
        .count();
    words[articles..].to_vec()
}
