//! From what a person typed to words with a meaning.
//!
//! Every text the engine compares – phrasings and patterns when it builds, questions when it is
//! asked – goes through the same [`Reader`], so that equal meaning becomes equal features: former
//! names and acronyms become one entity, "founded" and « créé » one concept, "c koi" is spelled
//! out, and a misspelt word is repaired to the nearest word of the base before anything else looks
//! at it. The reader decides nothing; it only says what the text mentions.

mod ordinary;
mod terms;
mod text;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::date::mention;
use crate::engine::phrases::{Key, Phrases, key, keys};
use crate::knowledge::model::{Concept, EntityIx, Knowledge};
use crate::lang::Bilingual;
use crate::text::spelling::Speller;
use crate::text::{clean, fold, language, tokenize, words};

use self::ordinary::{content_in, is_ordinary, is_padding, rarest};

pub(crate) use self::ordinary::word_stem;
pub(crate) use self::terms::single_year;
pub(crate) use self::text::{Role, Text, Word};

/// How sure a link is that needed spelling repair.
const REPAIRED_LINK: f32 = 0.85;
/// How often phrasings must use a word that nothing else knows before it is no slip of the pen.
const NO_SLIP: u32 = 8;
/// Words rarer than this may be names or slips that a frequency list picked up, so a base word one
/// slip away is still offered.
const DOUBTFUL_RANK: u32 = 20_000;

/// French words that lose their vowel before another one, as they are left.
const ELIDED: [&str; 9] = ["d", "l", "qu", "j", "n", "s", "c", "m", "t"];

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

/// Reads texts with the names, synonyms and spellings of one base.
#[derive(Debug)]
pub(crate) struct Reader {
    knowledge: Arc<Knowledge>,
    names: Phrases<Name>,
    /// Names of several words by their stems: "the Lyon trucks cluster".
    stemmed_names: Phrases<Name>,
    concepts: Phrases<Vec<u16>>,
    aspects: Phrases<Vec<u16>>,
    interrogatives: Phrases<Vec<u16>>,
    shorthands: Phrases<Vec<String>>,
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
                names.entry(words.iter().map(String::as_str), || name);
                if words.len() > 1 {
                    let stems: Vec<String> = words.iter().map(|word| word_stem(word)).collect();
                    stemmed_names.entry(stems.iter().map(String::as_str), || name);
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
                shorthands.entry(written.iter().map(String::as_str), || means.clone());
            }
        }
        let table = |phrases: &Bilingual<Vec<String>>| {
            let mut table = Phrases::default();
            for phrase in phrases.en.iter().chain(&phrases.fr) {
                table.entry(plain_words(phrase).iter().map(String::as_str), || ());
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
        let dates = mention::find(&folded);
        let capitals = if repair {
            capital_words(&cleaned)
        } else {
            FxHashSet::default()
        };
        let mut buffer = String::new();

        // Text-message spelling, then repair, word by word.
        let tokens = tokenize(&folded);
        let raw: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        let raw_keys = keys(&raw);
        let mut spelled: Vec<(String, Option<String>, Option<usize>)> =
            Vec::with_capacity(tokens.len());
        // Per word, whether a comma follows it.
        let mut ends: Vec<bool> = Vec::with_capacity(tokens.len());
        let comma = |at: usize| {
            let next = tokens.get(at + 1).map_or(folded.len(), |next| next.start);
            folded[tokens[at].end.min(next)..next].contains([',', ';'])
        };
        let mut at = 0;
        while at < tokens.len() {
            let date = dates.iter().position(|date| {
                date.span.start < tokens[at].end && tokens[at].start < date.span.end
            });
            // Not inside an elision: the "c" of "c'est" is no text-message spelling.
            let elided = folded[tokens[at].end..].starts_with('\'');
            if date.is_none()
                && !elided
                && let Some((length, means)) =
                    self.shorthands.longest_at(&raw, &raw_keys, at, &mut buffer)
            {
                spelled.extend(means.iter().map(|word| (word.clone(), None, None)));
                ends.resize(spelled.len(), false);
                at += length;
                if let Some(last) = ends.last_mut() {
                    *last = comma(at - 1);
                }
                continue;
            }
            let word = raw[at];
            let repaired = if repair && date.is_none() {
                self.repair(word, capitals.contains(word))
            } else {
                None
            };
            spelled.push(match repaired {
                Some(right) => (right, Some(word.to_owned()), None),
                None => (word.to_owned(), None, date),
            });
            ends.push(comma(at));
            at += 1;
        }

        let lang = if repair {
            language::detect_in(&cleaned, &tokens).map(|(lang, _)| lang)
        } else {
            None
        };
        // Names do not go on over a comma: "RAAC, LUTB or CARA".
        let name_end = |at: usize| {
            let last = ends.iter().skip(at).position(|ends| *ends);
            last.map_or(spelled.len(), |last| at + last + 1)
        };
        let plain: Vec<&str> = spelled.iter().map(|(word, _, _)| word.as_str()).collect();
        let plain_keys = keys(&plain);
        let stems: Vec<String> = plain.iter().map(|word| word_stem(word)).collect();
        let stem_keys = keys(&stems);
        let asks = cleaned.trim_end().ends_with('?');
        let mut text = Text {
            dates,
            asks,
            ..Text::default()
        };
        let mut filler_until = 0;
        let mut at = 0;
        while at < plain.len() {
            if let Some((length, ())) =
                self.fillers
                    .longest_at(&plain, &plain_keys, at, &mut buffer)
            {
                filler_until = filler_until.max(at + length);
            }
            let concepts = self
                .concepts
                .longest_at(&stems, &stem_keys, at, &mut buffer)
                .map_or_else(Vec::new, |(_, groups)| groups.clone());
            let aspects = self
                .aspects
                .longest_at(&stems, &stem_keys, at, &mut buffer)
                .map_or_else(Vec::new, |(_, groups)| groups.clone());
            let kinds = self
                .interrogatives
                .longest_at(&stems, &stem_keys, at, &mut buffer)
                .map_or_else(Vec::new, |(_, groups)| groups.clone());
            let longest_name = |until: usize, buffer: &mut String| {
                let exact = self
                    .names
                    .longest_at(&plain[..until], &plain_keys, at, buffer);
                let stemmed =
                    self.stemmed_names
                        .longest_at(&stems[..until], &stem_keys, at, buffer);
                exact
                    .into_iter()
                    .chain(stemmed)
                    .map(|(length, name)| (length, *name))
                    .reduce(|exact, stemmed| if stemmed.0 > exact.0 { stemmed } else { exact })
            };
            let mut name = longest_name(name_end(at), &mut buffer);
            if let Some((length, found)) = name
                && let Some(ordinary) = found.ordinary.filter(|_| repair)
                && !capitals.contains(plain[at + usize::from(ordinary)])
            {
                text.doubtful_links = true;
                if !doubtful {
                    // "What CARA gets up to": the name may still be the shorter one.
                    name = longest_name(at + length - 1, &mut buffer)
                        .filter(|(_, shorter)| shorter.ordinary.is_none());
                }
            }
            if let Some((length, name)) = name {
                let repaired = spelled[at..at + length]
                    .iter()
                    .any(|(_, from, _)| from.is_some());
                text.words.push(Word {
                    text: plain[at..at + length].join(" "),
                    stem: String::new(),
                    repaired_from: repaired.then(|| {
                        spelled[at..at + length]
                            .iter()
                            .map(|(word, from, _)| from.as_deref().unwrap_or(word))
                            .collect::<Vec<_>>()
                            .join(" ")
                    }),
                    role: Role::Entity(name.entity, if repaired { REPAIRED_LINK } else { 1.0 }),
                    concepts: Vec::new(),
                    aspects: Vec::new(),
                    asks: Vec::new(),
                    content: 0.0,
                    filler: false,
                    name_like: false,
                    proper: false,
                });
                at += length;
                continue;
            }
            let (word, from, date) = &spelled[at];
            let filler = at < filler_until;
            let role = match date {
                Some(date) => Role::Date(*date),
                None if word == SLOT_WORD => Role::Slot,
                None if word == DATE_SLOT_WORD => Role::DateSlot,
                None if word.bytes().all(|b| b.is_ascii_digit() || b == b'.') => Role::Number,
                None => Role::Plain,
            };
            text.words.push(Word {
                stem: stems[at].clone(),
                repaired_from: from.clone(),
                content: match role {
                    Role::Date(_) | Role::Entity(..) | Role::Slot | Role::DateSlot => 0.0,
                    _ if filler => 0.02,
                    _ => content_in(word, lang),
                },
                name_like: repair
                    && role == Role::Plain
                    && (rarest(word, lang).is_none() || capitals.contains(word)),
                proper: role == Role::Plain && capitals.contains(word),
                text: word.clone(),
                role,
                concepts,
                aspects,
                asks: kinds,
                filler,
            });
            at += 1;
        }
        text.drop_unsaid_dates();
        text
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
        Word {
            text: fold(&self.knowledge.entities[entity.index()].name.en),
            stem: String::new(),
            repaired_from: None,
            role: Role::Entity(entity, 1.0),
            concepts: Vec::new(),
            aspects: Vec::new(),
            asks: Vec::new(),
            content: 0.0,
            filler: false,
            name_like: false,
            proper: false,
        }
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
        let keys = keys(&words);
        let mut buffer = String::new();
        let mut remarked = false;
        let mut at = 0;
        while at < words.len() {
            let remark = self.remarks.longest_at(&words, &keys, at, &mut buffer);
            let filler = self.fillers.longest_at(&words, &keys, at, &mut buffer);
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
        let found = self
            .names
            .longest_at(&[word], &[key(word)], 0, &mut String::new());
        found.is_some()
    }

    /// The base's word for one that neither the base nor ordinary language knows. What is written like a name is
    /// one, and no slip that far from a word: « Transdev » is no *transfer*.
    fn repair(&self, word: &str, like_name: bool) -> Option<String> {
        if self.vocabulary.contains(word)
            || word.len() < 3
            || word.bytes().any(|b| b.is_ascii_digit())
        {
            return None;
        }
        if words::best_rank(word).is_some_and(|rank| rank < DOUBTFUL_RANK) {
            return None;
        }
        if let Some(suggestion) = self.speller.closest(word) {
            let far = suggestion.distance > 1 && !self.name_words.contains(suggestion.word);
            return (!far || !like_name).then(|| suggestion.word.to_owned());
        }
        // "dadherents", "lifsttar": an elision typed without its apostrophe.
        let rest = ELIDED
            .iter()
            .find_map(|article| word.strip_prefix(article))?;
        if rest.len() < 4 || !rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
            return None;
        }
        if self.vocabulary.contains(rest) {
            return Some(rest.to_owned());
        }
        self.speller
            .closest(rest)
            .map(|suggestion| suggestion.word.to_owned())
    }
}

/// The phrases of some groups by their stems, with the numbers of the groups.
fn by_stems(groups: &[Concept]) -> Phrases<Vec<u16>> {
    let mut phrases: Phrases<Vec<u16>> = Phrases::default();
    for (number, group) in groups.iter().enumerate() {
        for phrase in group.words.en.iter().chain(&group.words.fr) {
            let stems: Vec<String> = plain_words(phrase)
                .iter()
                .map(|word| word_stem(word))
                .collect();
            if let Some(numbers) = phrases.entry(stems.iter().map(String::as_str), Vec::new) {
                let number = number as u16;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
    }
    phrases
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
fn plain_words(text: &str) -> Vec<String> {
    tokenize(&fold(text))
        .into_iter()
        .map(|token| token.text)
        .collect()
}

/// Folded words of a name, without a leading article: "the bus cluster" is found in "a bus cluster".
fn name_words(name: &str) -> Vec<String> {
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

/// The folded words that are written with a capital where a sentence does not ask for one, unless
/// everything is.
fn capital_words(cleaned: &str) -> FxHashSet<String> {
    if !cleaned.chars().any(char::is_lowercase) {
        return FxHashSet::default();
    }
    let mut starts = true;
    let mut found = FxHashSet::default();
    for piece in cleaned.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let shouted = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        if capital && (!starts || shouted) {
            found.insert(fold(word));
        }
        if !word.is_empty() {
            starts = false;
        }
        starts |= piece.ends_with(['.', '?', '!', ':', '\n']);
    }
    found
}
