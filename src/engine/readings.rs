//! The readings of one message: what in it may be the question, and what a conversation adds.
//!
//! People put a question between a greeting and a reason, name its subject a sentence before, or
//! leave out what the question before them said. So a message is read as a whole, by sentences and by
//! clauses, by itself and completed by the conversation; each reading says how much of its
//! candidates' likelihood it keeps.

use crate::date::Day;
use crate::engine::analysis::{self, Asking, Proposals};
use crate::engine::conversation::{Context, means_entity, only_main};
use crate::engine::function_words::{
    asks_something, has_pronoun, has_question_word, is_person_pronoun, refers_back,
};
use crate::engine::parts::parts;
use crate::engine::reader::{Role, Text, Word};
use crate::engine::score::{Reading, Target};
use crate::engine::{Engine, Question, operators, polar};
use crate::knowledge::model::{EntityIx, FactIx};

/// Content up to which a word only pads.
const PADDING: f32 = 0.3;
/// What a part of a message loses in likelihood when another part looks more like the question.
const NOT_THE_QUESTION: f32 = 0.4;
/// What a part that names nothing keeps when it is read as a question about the main entity though
/// the message names another.
const NOT_THE_MAIN: f32 = 0.3;
/// What is kept where a question to be answered by yes or no is read without the date it names.
const CLAIMED: f32 = 0.9;
/// What a question that refers back loses when it is read as one by itself.
const REFERS_BACK: f32 = 0.6;
/// What "when was it founded?" keeps where it is read as a question about the main entity though another was told of.
const NOT_IT: f32 = 0.3;
/// A follow-up with less content than this may repeat the relation asked before.
const BARE_CONTENT: f32 = 0.9;
/// A follow-up with a date and less other content than this asks the question before of that date.
const ONLY_A_DATE: f32 = 0.35;
/// A follow-up with less content than this may be completed by the question before.
const SHORT_CONTENT: f32 = 1.0;
/// A follow-up whose words unknown to the base say this much is about something else.
const UNHEARD_IN_FOLLOW_UP: f32 = 0.3;
/// What a follow-up completed by the question before keeps: the words of that question explain
/// themselves, so a likeness says less.
const COMPLETED: f32 = 0.8;
/// What a question about "him" keeps where it is read as one about something else than the person told of.
const NO_PERSON: f32 = 0.7;
/// What a follow-up about something else keeps where the date of the question before is left out of it.
const AT_ANY_TIME: f32 = 0.9;
/// What a fact keeps that has just been told.
const TOLD_ALREADY: f32 = 0.5;
/// What a follow-up keeps when it is read as one about something that was only touched before.
const BESIDE: f32 = 0.8;
/// What a follow-up loses when it is read as a question by itself though it says little more than
/// a name.
const ELLIPTIC: f32 = 0.4;

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
    // Where something of its own standing is named, a part that names nothing is not about the
    // main entity.
    let main_is_meant = named_in_all.iter().all(|entity| {
        let entity = &base.knowledge[*entity];
        entity.main || entity.kind.is_general()
    });
    let mut gathering = Gathering {
        engine,
        context,
        today: question.today,
        reads: Vec::new(),
    };
    for (number, (part, text)) in parts.iter().zip(&texts).enumerate() {
        let sentence = (part.sentence != number).then(|| &texts[part.sentence]);
        // "How much did it cost, in 2006 or so?": a time is no question by itself.
        if sentence.is_some() && is_only_a_time(text) {
            continue;
        }
        let whole = number == 0;
        gathering.read_part(&Piece {
            written: part.text,
            text,
            scale: match whole || !any_asks || asks[number] {
                true => part.scale,
                false => part.scale * NOT_THE_QUESTION,
            },
            sentence,
            whole,
            only: parts.len() == 1,
            named_in_message: named_in_all.first().copied(),
            main_is_meant: whole || main_is_meant,
        });
    }
    // What refers back is another question in each conversation.
    let alone = context.entity.is_none() || !has_pronoun(&texts[0]);
    Readings {
        reads: gathering.reads,
        phrased: base.index.phrased(&texts[0]).filter(|_| alone),
    }
}

/// A part of a message, as it is read.
struct Piece<'p> {
    written: &'p str,
    text: &'p Text,
    /// What it keeps of its likelihood.
    scale: f32,
    /// The sentence it is cut from.
    sentence: Option<&'p Text>,
    /// It is the whole message.
    whole: bool,
    /// The message has no other part.
    only: bool,
    /// What a message of several parts names first.
    named_in_message: Option<EntityIx>,
    /// Where it names nothing, the main entity may be meant.
    main_is_meant: bool,
}

impl Piece<'_> {
    /// Whether it names an entity.
    fn names(&self) -> bool {
        !self.text.entities().is_empty()
    }

    /// "Saviem, when was it founded?": a clause that names nothing is about the name before it. The most that such
    /// a word of its sentence says, 0–1.
    fn most_beside(&self, is_name: fn(&Word) -> bool) -> f32 {
        let outside = |text: &str| self.text.words.iter().all(|word| word.text != text);
        let sentence = self.sentence.filter(|_| !self.names());
        sentence
            .into_iter()
            .flat_map(|sentence| &sentence.words)
            .filter(|word| is_name(word) && outside(&word.text))
            .map(|word| word.content)
            .fold(0.0, f32::max)
    }
}

/// The readings found so far, and what they are found with.
struct Gathering<'g> {
    engine: &'g Engine,
    context: &'g Context<'g>,
    today: Day,
    reads: Vec<Read>,
}

impl Gathering<'_> {
    /// Reads a part of a message in every way it may be meant.
    fn read_part(&mut self, piece: &Piece<'_>) {
        let text = piece.text;
        if text.doubtful_links {
            let text = self.engine.reader.read_question(piece.written, false);
            self.read(piece, text, Way::keeping(piece.scale));
        }
        let person = self.of_person(piece);
        if let Some(entity) = piece
            .named_in_message
            .filter(|_| !piece.names() && !piece.whole)
        {
            self.read(piece, text.clone(), Way::keeping(piece.scale).about(entity));
        }
        // "And in 2017?"
        let only_a_date = !text.dates.is_empty()
            && !piece.names()
            && text.content() < ONLY_A_DATE
            && self.context.question.is_some();
        self.about_what_was(piece, only_a_date, person);
        // "Did CARA win gold in 2019?": it may be about what happened in another year.
        if let [_] = text.dates[..]
            && polar::is_polar(text)
        {
            let way = Way::keeping(piece.scale * CLAIMED).of_what_happened();
            self.read(piece, self.engine.reader.undated(text.clone()), way);
        }
        let asked_again = self.ask_again(piece, only_a_date);
        let mut kept = piece.scale;
        if person {
            kept *= NO_PERSON;
        }
        if !piece.names() && !piece.main_is_meant {
            kept *= NOT_THE_MAIN;
        }
        let before = self.context.entity;
        if let Some(entity) = before.filter(|entity| means_entity(text, *entity)) {
            if has_pronoun(text) && !self.engine.knowledge[entity].main {
                kept *= NOT_IT;
            } else if refers_back(text) {
                kept *= REFERS_BACK;
            }
        }
        if asked_again {
            kept *= ELLIPTIC;
        }
        self.read(piece, text.clone(), Way::keeping(kept));
    }

    /// Reads it as about the person told of, where a word stands for one; whether it does.
    fn of_person(&mut self, piece: &Piece<'_>) -> bool {
        let text = piece.text;
        let stands = piece.only && !piece.names() && text.words.iter().any(is_person_pronoun);
        let Some(person) = self.context.person.filter(|_| stands) else {
            return false;
        };
        let reader = &self.engine.reader;
        let named = reader.naming(text.clone(), person, is_person_pronoun);
        self.read(piece, named, Way::keeping(piece.scale).about(person));
        true
    }

    /// Reads it as about what the conversation was about or touched.
    fn about_what_was(&mut self, piece: &Piece<'_>, only_a_date: bool, person: bool) {
        let text = piece.text;
        // "And Michelin?" is not about what was touched.
        let strange = text.words.iter().any(|word| word.name_like);
        if piece.only && !piece.names() && !only_a_date && !strange {
            for entity in &self.context.beside {
                let way = Way::keeping(piece.scale * BESIDE).about(*entity);
                self.read(piece, text.clone(), way);
            }
        }
        // "And CARA, what do the letters mean?" is no more about what was before.
        let left_behind = !piece.whole && piece.named_in_message.is_some() && !has_pronoun(text);
        let knowledge = &self.engine.knowledge;
        let Some(entity) = self.context.entity.filter(|entity| {
            !left_behind
                && piece.named_in_message != Some(*entity)
                && (means_entity(text, *entity) || only_main(knowledge, text, *entity))
        }) else {
            return;
        };
        let kept = match person {
            true => NO_PERSON,
            false if only_a_date => ELLIPTIC,
            false => 1.0,
        };
        let way = Way::keeping(piece.scale * kept).about(entity);
        self.read(piece, text.clone(), way);
        if text.content() < SHORT_CONTENT
            && !piece.names()
            && asks_something(text)
            && !only_a_date
            && unheard(self.engine, text) < UNHEARD_IN_FOLLOW_UP
        {
            self.finish(piece, entity);
        }
    }

    /// "Why?" and "in which year?" finish the question before them.
    fn finish(&mut self, piece: &Piece<'_>, entity: EntityIx) {
        let Some(before) = self.context.question else {
            return;
        };
        let reader = &self.engine.reader;
        let joined = reader.read_question(&format!("{before} {}", piece.written), true);
        let names_it = joined.entities().iter().any(|(named, _)| *named == entity);
        let joined = match names_it {
            true => joined,
            false => reader.about_instead(joined, entity),
        };
        let way = Way::keeping(piece.scale * COMPLETED).elliptic();
        self.read(piece, joined, way);
    }

    /// Reads it as the question before asked of another date or entity; whether it may be that.
    fn ask_again(&mut self, piece: &Piece<'_>, only_a_date: bool) -> bool {
        let Some(before) = self.context.question else {
            return false;
        };
        let text = piece.text;
        let way = Way::keeping(piece.scale).elliptic();
        let reader = &self.engine.reader;
        if only_a_date {
            let asked = reader.read_question(before, true);
            // The question before may itself have left out what it was about.
            let carried = self.context.entity.filter(|_| asked.entities().is_empty());
            let dated = reader.dated_instead(asked, text);
            if let Some(carried) = carried {
                self.read(piece, dated.clone(), way.about(carried));
            }
            self.read(piece, dated, way);
        }
        // "And RAAC?" is hardly a question by itself.
        let bare = text.content() < BARE_CONTENT && !has_question_word(text);
        if let [(entity, _)] = text.entities()[..]
            && bare
            && !text.doubtful_links
        {
            let asked = reader.read_question(before, true);
            let mut asked = reader.about_instead(asked, entity);
            if !text.dates.is_empty() {
                asked = reader.dated_instead(asked, text);
            } else if !asked.dates.is_empty() {
                // The date may have been that of the other.
                let mut at_any_time = reader.undated(asked.clone());
                at_any_time.dates.clear();
                let way = Way::keeping(piece.scale * AT_ANY_TIME).elliptic();
                self.read(piece, at_any_time, way);
            }
            self.read(piece, asked, way);
            return true;
        }
        only_a_date
    }

    /// Adds what may answer a text read in this way.
    fn read(&mut self, piece: &Piece<'_>, text: Text, way: Way) {
        if text.words.is_empty() {
            return;
        }
        let base = self.engine.base();
        let around = piece.sentence.map_or_else(Vec::new, Text::entities);
        let asked = Asking {
            carried: way.carried,
            stranger: piece.most_beside(|word| word.name_like),
            proper: piece.most_beside(|word| word.proper && word.concepts.is_empty()),
            around: &around,
            happened: way.happened,
            ..Asking::default()
        };
        let compute = |reading: &Reading, relation| {
            operators::compute(base.knowledge, base.index, reading, relation, self.today)
        };
        let mut proposals = analysis::propose(base, text, asked, compute);
        if way.carried.is_some() {
            for candidate in &mut proposals.candidates {
                candidate.shift = self.context.topic.says_for(base, candidate.target);
            }
        }
        self.reads.push(Read {
            proposals,
            scale: way.scale,
            elliptic: way.elliptic,
            told: self.context.told.filter(|_| way.elliptic),
        });
    }
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
