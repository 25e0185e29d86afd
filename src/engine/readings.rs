//! The readings of one message: what in it may be the question, and what a conversation adds.
//!
//! People put a question between a greeting and a reason, name its subject a sentence before, or
//! leave out what the question before them said. So a message is read as a whole, by sentences and by
//! clauses, by itself and completed by the conversation; each reading says how much of its
//! candidates' likelihood it keeps.

use crate::engine::analysis::{self, Asking, Proposals};
use crate::engine::reader::{Role, Text, Word};
use crate::engine::score::Target;
use crate::engine::topic::Topic;
use crate::engine::verdict::Memory;
use crate::engine::{Engine, Question, operators, polar};
use crate::knowledge::model::{EntityIx, FactIx, Kind, Knowledge};
use crate::text::{fold, sentences};

/// Most sentences of a message that are tried one by one.
const MAX_SENTENCES: usize = 6;
/// A sentence of this many words is also read in parts.
const LONG_SENTENCE: usize = 9;
/// Most clauses of a sentence that are read by themselves.
const MAX_CLAUSES: usize = 4;
/// Most parts of a message that are read.
const MAX_PARTS: usize = 10;
/// What a sentence read from a question word on keeps of its likelihood: its preamble may matter.
const PART_OF_SENTENCE: f32 = 0.85;
/// What a clause read by itself keeps of its likelihood: its neighbours matter more often.
const CLAUSE: f32 = 0.6;
/// A question word among the first words of a sentence begins no clause of its own.
const PREAMBLE: usize = 3;
/// Words that begin what is asked, folded. Relative pronouns among them do no harm: a part that is
/// no question finds nothing.
const QUESTION_WORDS: [&str; 22] = [
    "who", "what", "when", "where", "which", "why", "how", "whether", "if", "qui", "quand", "quoi",
    "quel", "quelle", "quels", "quelles", "pourquoi", "comment", "combien", "lequel", "laquelle",
    "ou",
];
/// Words that stand for a person, folded.
const PERSON_PRONOUNS: [&str; 8] = ["he", "him", "his", "she", "her", "il", "elle", "lui"];
/// Words that stand for what a conversation is about, folded.
const PRONOUNS: [&str; 15] = [
    "it", "its", "they", "them", "their", "that", "this", "ils", "elles", "eux", "son", "sa",
    "ses", "leur", "ca",
];
/// What follows the elided « l' » of "who labelled it", « qui l'a labellisé », folded: before anything
/// else it is an article.
const AFTER_PRONOUN: [&str; 6] = ["a", "ont", "avait", "avaient", "est", "aura"];
/// Words that tie what they begin to what was said before, folded.
const CONJUNCTIONS: [&str; 6] = ["and", "but", "so", "et", "mais", "donc"];
/// What a question that refers back loses when it is read as one by itself.
const REFERS_BACK: f32 = 0.6;
/// A follow-up with less content than this may repeat the relation asked before.
const BARE_CONTENT: f32 = 0.9;
/// A follow-up with a date and less other content than this asks the question before of that date.
const ONLY_A_DATE: f32 = 0.35;
/// A follow-up with less content than this may be completed by the question before.
const SHORT_CONTENT: f32 = 1.0;
/// What a part that names nothing keeps when it is read as a question about the main entity though
/// the message names another.
const NOT_THE_MAIN: f32 = 0.3;
/// Content up to which a word only pads.
const PADDING: f32 = 0.3;
/// What a part of a message loses in likelihood when another part looks more like the question.
const NOT_THE_QUESTION: f32 = 0.4;
/// A follow-up whose words unknown to the base say this much is about something else.
const UNHEARD_IN_FOLLOW_UP: f32 = 0.3;
/// What a follow-up completed by the question before keeps: the words of that question explain
/// themselves, so a likeness says less.
const COMPLETED: f32 = 0.8;
/// What a question about "him" keeps where it is read as one about something else than the person told of.
const NO_PERSON: f32 = 0.7;
/// What is kept where a question to be answered by yes or no is read without the date it names.
const CLAIMED: f32 = 0.9;
/// What a follow-up about something else keeps where the date of the question before is left out of it.
const AT_ANY_TIME: f32 = 0.9;
/// What a fact keeps that has just been told.
const TOLD_ALREADY: f32 = 0.5;
/// What a follow-up keeps when it is read as one about something that was only touched before.
const BESIDE: f32 = 0.8;
/// What a follow-up loses when it is read as a question by itself though it says little more than
/// a name.
const ELLIPTIC: f32 = 0.4;

/// Whether a text means something said before: "it", « l'a ».
fn has_pronoun(text: &Text) -> bool {
    let said = |word: &Word| PRONOUNS.contains(&word.text.as_str());
    let elided =
        |pair: &[Word]| pair[0].text == "l" && AFTER_PRONOUN.contains(&pair[1].text.as_str());
    text.words.iter().any(said) || text.words.windows(2).any(elided)
}

/// Whether a word stands for a person: "he", « lui ».
fn is_person_pronoun(word: &Word) -> bool {
    PERSON_PRONOUNS.contains(&word.text.as_str())
}

/// Whether it asks or goes on, rather than remarks: "since when", "and in 2016", "why?", but not "thanks".
fn asks_something(text: &Text) -> bool {
    let says = |words: &[&str]| {
        let mut said = text.words.iter();
        said.any(|word| words.contains(&word.text.as_str()) || !word.asks.is_empty())
    };
    text.asks || !text.dates.is_empty() || says(&QUESTION_WORDS) || goes_on(text)
}

/// Whether it begins with a word that ties it to what was said before.
fn goes_on(text: &Text) -> bool {
    let first = text.words.first();
    first.is_some_and(|word| CONJUNCTIONS.contains(&word.text.as_str()))
}

/// Whether a text that follows others may mean the entity they were about: it names none, or another
/// beside a pronoun ("what has CARA to do with them?").
fn means_entity(text: &Text, before: EntityIx) -> bool {
    let named = text.entities();
    named.is_empty() || (has_pronoun(text) && named.iter().all(|(entity, _)| *entity != before))
}

/// Whether a text that follows others names nothing but the main entity, and they were about another: "and
/// CARA in all that?" may ask what the other has to do with it.
fn only_main(knowledge: &Knowledge, text: &Text, before: EntityIx) -> bool {
    let named = text.entities();
    !knowledge[before].main
        && !named.is_empty()
        && named.iter().all(|(entity, _)| knowledge[*entity].main)
}

/// What a conversation is about, looked up in the current base.
#[derive(Default)]
pub(super) struct Context<'m> {
    entity: Option<EntityIx>,
    /// The fact told last.
    told: Option<FactIx>,
    /// What else it touched: named by the question before or by its answer.
    beside: Vec<EntityIx>,
    /// The person whom the last answer named, for "he" and "elle".
    person: Option<EntityIx>,
    question: Option<&'m str>,
    topic: Topic,
}

impl<'m> Context<'m> {
    pub(super) fn of(memory: &'m Memory, engine: &Engine) -> Context<'m> {
        let knowledge = &*engine.knowledge;
        let entity = memory.entity.as_deref().and_then(|id| {
            let position = knowledge
                .entities
                .iter()
                .position(|entity| entity.id == id)?;
            Some(EntityIx(position as u32))
        });
        let told = memory
            .fact
            .as_deref()
            .and_then(|id| knowledge.find_fact(id));
        let person = told.and_then(|fact| {
            let mut objects = knowledge[fact].objects.iter().copied();
            objects.find(|object| knowledge[*object].kind == Kind::Person)
        });
        let mut beside: Vec<EntityIx> = Vec::new();
        let mut topic = Topic::default();
        if let Some(before) = memory.question.as_deref() {
            let text = engine.reader.read_question(before, true);
            beside.extend(text.entities().iter().map(|named| named.0));
            topic = Topic::of(&text);
        }
        if let Some(fact) = told
            && let [only] = knowledge[fact].objects[..]
        {
            beside.push(only);
        }
        beside.retain(|other| Some(*other) != entity && !knowledge[*other].main);
        beside.dedup();
        beside.truncate(2);
        Context {
            beside,
            entity,
            told,
            person,
            question: memory.question.as_deref(),
            topic,
        }
    }
}

/// In what way a text is read.
#[derive(Clone, Copy, Default)]
struct Way {
    /// What the conversation was about fills in for the entity left out.
    carried: Option<EntityIx>,
    /// The question before is filled in.
    elliptic: bool,
    /// Only for what happened once, at a date.
    happened: bool,
    /// What candidates keep of their likelihood.
    scale: f32,
}

impl Way {
    /// By itself, keeping so much of the likelihood.
    fn keeping(scale: f32) -> Way {
        Way {
            scale,
            ..Way::default()
        }
    }

    fn about(self, entity: EntityIx) -> Way {
        Way {
            carried: Some(entity),
            ..self
        }
    }

    fn elliptic(self) -> Way {
        Way {
            elliptic: true,
            ..self
        }
    }

    fn of_what_happened(self) -> Way {
        Way {
            happened: true,
            ..self
        }
    }
}

/// A reading with its proposals and how its likelihoods are scaled.
pub(super) struct Read {
    pub(super) proposals: Proposals,
    pub(super) scale: f32,
    /// The question before was filled in.
    pub(super) elliptic: bool,
    /// What has been told already: nobody asks for it again by hinting at it.
    told: Option<FactIx>,
}

impl Read {
    /// What a candidate keeps of its likelihood.
    pub(super) fn scale_of(&self, target: Target) -> f32 {
        match self.told.map(Target::Fact) == Some(target) {
            true => self.scale * TOLD_ALREADY,
            false => self.scale,
        }
    }
}

/// All readings of a message.
pub(super) struct Readings {
    pub(super) reads: Vec<Read>,
    /// The fact that has the message among its phrasings, word for word.
    pub(super) phrased: Option<FactIx>,
}

pub(super) fn readings(
    engine: &Engine,
    question: &Question<'_>,
    cleaned: &str,
    context: &Context<'_>,
) -> Readings {
    let base = engine.base();
    let compute = |reading: &crate::engine::score::Reading, relation| {
        operators::compute(
            base.knowledge,
            base.index,
            reading,
            relation,
            question.today,
        )
    };
    let mut parts = parts(cleaned);
    if base.knowledge.relations.is_empty() {
        // Nothing but likeness tells which part is the question, and the whole message has most of it:
        // on BANKING77, whose messages are long, parts cost 1.2 points.
        parts.truncate(1);
    }
    let texts: Vec<Text> = parts
        .iter()
        .map(|part| engine.reader.read_question(part.text, true))
        .collect();
    // "Could you tell me?" asks nothing.
    let asks: Vec<bool> = parts
        .iter()
        .zip(&texts)
        .map(|(part, text)| part.text.trim_end().ends_with('?') && says_something(text))
        .collect();
    let any_asks = asks.iter().skip(1).any(|asks| *asks);
    // "CARA came up at work. What is it?": the message itself is the conversation.
    let named_in_all: Vec<EntityIx> = match parts.len() {
        1 => Vec::new(),
        _ => texts[0].entities().iter().map(|named| named.0).collect(),
    };
    let named_before = named_in_all.first().copied();
    // Where something of its own standing is named, a part that names nothing is not about the
    // main entity.
    let main_is_meant = named_in_all.iter().all(|entity| {
        let entity = &base.knowledge.entities[entity.index()];
        entity.main || entity.kind.is_general()
    });
    let mut reads = Vec::new();
    for (number, ((part, text), asked)) in parts.iter().zip(&texts).zip(&asks).enumerate() {
        let scale: f32 = if number > 0 && any_asks && !asked {
            part.scale * NOT_THE_QUESTION
        } else {
            part.scale
        };
        let named = !text.entities().is_empty();
        // "How much did it cost, in 2006 or so?": a time is no question by itself.
        if part.sentence != number && is_only_a_time(text) {
            continue;
        }
        // "Saviem, when was it founded?": a clause that names nothing is about the name before it.
        let beside = |is_name: fn(&Word) -> bool| match named {
            true => 0.0,
            false => most_beside(&texts[part.sentence], text, is_name),
        };
        let stranger = beside(|word| word.name_like);
        let proper = beside(|word| word.proper && word.concepts.is_empty());
        let around = match part.sentence == number {
            true => Vec::new(),
            false => texts[part.sentence].entities(),
        };
        let part = part.text;
        let mut push = |text: Text, way: Way| {
            if text.words.is_empty() {
                return;
            }
            let asked = Asking {
                carried: way.carried,
                stranger,
                proper,
                around: &around,
                happened: way.happened,
                ..Asking::default()
            };
            let mut proposals = analysis::propose(base, text, asked, compute);
            if way.carried.is_some() {
                for candidate in &mut proposals.candidates {
                    candidate.shift = context.topic.says_for(base, candidate.target);
                }
            }
            reads.push(Read {
                proposals,
                scale: way.scale,
                elliptic: way.elliptic,
                told: context.told.filter(|_| way.elliptic),
            });
        };
        if text.doubtful_links {
            push(
                engine.reader.read_question(part, false),
                Way::keeping(scale),
            );
        }
        let person = context
            .person
            .filter(|_| !named && parts.len() == 1 && text.words.iter().any(is_person_pronoun));
        if let Some(person) = person {
            let text = engine
                .reader
                .naming(text.clone(), person, is_person_pronoun);
            push(text, Way::keeping(scale).about(person));
        }
        let content = text.content();
        if let Some(entity) = named_before.filter(|_| !named && number > 0) {
            push(text.clone(), Way::keeping(scale).about(entity));
        }
        let only_a_date =
            !text.dates.is_empty() && !named && content < ONLY_A_DATE && context.question.is_some();
        let beside: Vec<EntityIx> = context
            .beside
            .iter()
            .copied()
            .filter(|_| !named && !only_a_date && parts.len() == 1)
            // "And Michelin?" is not about what was touched.
            .filter(|_| !text.words.iter().any(|word| word.name_like))
            .collect();
        for entity in beside {
            push(text.clone(), Way::keeping(scale * BESIDE).about(entity));
        }
        // "And CARA, what do the letters mean?" is no more about what was before.
        let left_behind = named_before.is_some() && !has_pronoun(text);
        if let Some(entity) = context.entity.filter(|entity| {
            (number == 0 || !left_behind)
                && named_before != Some(*entity)
                && (means_entity(text, *entity) || only_main(base.knowledge, text, *entity))
        }) {
            let kept = match person {
                Some(_) => NO_PERSON,
                None if only_a_date => ELLIPTIC,
                None => 1.0,
            };
            push(text.clone(), Way::keeping(scale * kept).about(entity));
            if content < SHORT_CONTENT
                && !named
                && asks_something(text)
                && !only_a_date
                && unheard(engine, text) < UNHEARD_IN_FOLLOW_UP
                && let Some(before) = context.question
            {
                // "Why?" and "in which year?" finish the question before them.
                let joined = engine
                    .reader
                    .read_question(&format!("{before} {part}"), true);
                let names_it = joined.entities().iter().any(|(named, _)| *named == entity);
                let joined = if names_it {
                    joined
                } else {
                    engine.reader.about_instead(joined, entity)
                };
                push(joined, Way::keeping(scale * COMPLETED).elliptic());
            }
        }
        // "Did CARA win gold in 2019?": it may be about what happened in another year.
        if let [_] = text.dates[..]
            && polar::is_polar(text)
        {
            let way = Way::keeping(scale * CLAIMED).of_what_happened();
            push(engine.reader.undated(text.clone()), way);
        }
        // "And RAAC?" asks the question before of another entity; it is hardly one by itself.
        let asks_itself = text
            .words
            .iter()
            .any(|word| QUESTION_WORDS.contains(&word.text.as_str()));
        let again = context
            .question
            .filter(|_| content < BARE_CONTENT && !asks_itself && !text.doubtful_links);
        let mut by_itself = scale;
        if person.is_some() {
            by_itself *= NO_PERSON;
        }
        if number > 0 && !named && !main_is_meant {
            by_itself *= NOT_THE_MAIN;
        }
        let says = |words: &[&str]| {
            text.words
                .iter()
                .any(|word| words.contains(&word.text.as_str()))
        };
        let refers_back = goes_on(text) || has_pronoun(text) || says(&PERSON_PRONOUNS);
        if context
            .entity
            .is_some_and(|entity| means_entity(text, entity))
            && refers_back
        {
            by_itself *= REFERS_BACK;
        }
        // "And in 2017?" asks the question before of another date.
        if let Some(before) = context.question.filter(|_| only_a_date) {
            let asked = engine.reader.read_question(before, true);
            // The question before may itself have left out what it was about.
            let carried = context.entity.filter(|_| asked.entities().is_empty());
            let dated = engine.reader.dated_instead(asked, text);
            if let Some(carried) = carried {
                push(dated.clone(), Way::keeping(scale).about(carried).elliptic());
            }
            push(dated, Way::keeping(scale).elliptic());
            by_itself *= ELLIPTIC;
        }
        if let Some(before) = again
            && let [(entity, _)] = text.entities()[..]
        {
            let asked = engine.reader.read_question(before, true);
            let mut asked = engine.reader.about_instead(asked, entity);
            if !text.dates.is_empty() {
                asked = engine.reader.dated_instead(asked, text);
            } else if !asked.dates.is_empty() {
                // The date may have been that of the other.
                let mut at_any_time = engine.reader.undated(asked.clone());
                at_any_time.dates.clear();
                push(at_any_time, Way::keeping(scale * AT_ANY_TIME).elliptic());
            }
            push(asked, Way::keeping(scale).elliptic());
            by_itself *= ELLIPTIC;
        }
        push(text.clone(), Way::keeping(by_itself));
    }
    // What refers back is another question in each conversation.
    let alone = context.entity.is_none() || !has_pronoun(&texts[0]);
    Readings {
        reads,
        phrased: base.index.phrased(&texts[0]).filter(|_| alone),
    }
}

/// The most that a word of a sentence says which is a name, as far as one can see, and stands outside a part of it,
/// 0–1.
fn most_beside(sentence: &Text, part: &Text, is_name: fn(&Word) -> bool) -> f32 {
    let outside = |text: &str| part.words.iter().all(|word| word.text != text);
    sentence
        .words
        .iter()
        .filter(|word| is_name(word) && outside(&word.text))
        .map(|word| word.content)
        .fold(0.0, f32::max)
}

/// Whether there is more to it than padding.
fn says_something(text: &Text) -> bool {
    text.words
        .iter()
        .any(|word| matches!(word.role, Role::Entity(..) | Role::Date(_)) || word.content > PADDING)
}

/// Whether it is nothing but a time, beside padding.
fn is_only_a_time(text: &Text) -> bool {
    let says_else = |word: &Word| matches!(word.role, Role::Entity(..)) || word.content > PADDING;
    !text.dates.is_empty() && !text.words.iter().any(says_else)
}

/// How much the words say that nothing in the base explains.
fn unheard(engine: &Engine, text: &Text) -> f32 {
    let unknown = |stem: &str| engine.index.stems.get(stem).is_none();
    text.words
        .iter()
        .filter(|word| unknown(&word.stem) && word.concepts.is_empty())
        .map(|word| word.content)
        .sum()
}

/// A part of a message.
struct Part<'q> {
    text: &'q str,
    /// What it keeps of its likelihood.
    scale: f32,
    /// The part that is its sentence.
    sentence: usize,
}

/// The parts of a message that are read: all of it, its sentences, and of long sentences what
/// begins at a question word and what stands between commas.
fn parts(cleaned: &str) -> Vec<Part<'_>> {
    let whole = Part {
        text: cleaned,
        scale: 1.0,
        sentence: 0,
    };
    let mut parts = vec![whole];
    let ranges = sentences(cleaned);
    let several = ranges.len() > 1;
    let skip = ranges.len().saturating_sub(MAX_SENTENCES);
    for range in ranges.into_iter().skip(skip) {
        let sentence = &cleaned[range];
        if several {
            parts.push(Part {
                text: sentence,
                scale: 1.0,
                sentence: parts.len(),
            });
        }
        let within = parts.len() - 1;
        let of_sentence = |text, scale| Part {
            text,
            scale,
            sentence: if several { within } else { 0 },
        };
        if sentence.split_whitespace().count() < LONG_SENTENCE {
            continue;
        }
        parts.extend(from_question_word(sentence).map(|part| of_sentence(part, PART_OF_SENTENCE)));
        let clauses: Vec<&str> = sentence
            .split([',', ':', '('])
            .map(str::trim)
            .filter(|clause| clause.split_whitespace().count() >= 3)
            .collect();
        if clauses.len() > 1 {
            parts.extend(
                clauses
                    .into_iter()
                    .take(MAX_CLAUSES)
                    .map(|clause| of_sentence(clause, CLAUSE)),
            );
        }
    }
    parts.truncate(MAX_PARTS);
    parts
}

/// What a sentence asks after its preamble: "a reader wants to know | which companies …".
fn from_question_word(sentence: &str) -> Option<&str> {
    let mut at = 0;
    for (number, word) in sentence.split_inclusive(char::is_whitespace).enumerate() {
        let plain = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        if QUESTION_WORDS.contains(&plain.as_str()) {
            if number < PREAMBLE {
                // "How many members did it have when it closed?" asks with its first words.
                return None;
            }
            return Some(&sentence[at..]);
        }
        at += word.len();
    }
    None
}
