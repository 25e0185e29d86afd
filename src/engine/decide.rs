//! One question, all its readings, one verdict.

use crate::engine::analysis::{self, Base, Candidate, Proposals};
use crate::engine::calibrate::{Calibration, companion, lead, together};
use crate::engine::explain::{Considered, Explanation};
use crate::engine::score::{Feature, Target};
use crate::engine::verdict::{Answer, Form, Memory, Outcome, Reason, Unknown, Verdict};
use crate::engine::{Engine, Question, operators, polar};
use crate::knowledge::model::{EntityIx, FactIx, Kind, Knowledge};
use crate::lang::Lang;
use crate::text::{clean, fold, language, sentences, tokenize};

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
const PRONOUNS: [&str; 13] = [
    "it", "its", "they", "them", "their", "that", "ils", "elles", "son", "sa", "ses", "leur", "ca",
];
/// What a question that refers back loses when it is read as one by itself.
const REFERS_BACK: f32 = 0.6;
/// A message longer than this many characters is not a question; only its end is read.
const MAX_CHARS: usize = 2_000;
/// A follow-up with less content than this may repeat the relation asked before.
const BARE_CONTENT: f32 = 0.9;
/// A follow-up with a date and less other content than this asks the question before of that date.
const ONLY_A_DATE: f32 = 0.35;
/// A follow-up with less content than this may be completed by the question before.
const SHORT_CONTENT: f32 = 1.0;
/// What a part of a message loses in likelihood when another part looks more like the question.
const NOT_THE_QUESTION: f32 = 0.4;
/// A follow-up whose words unknown to the base say this much is about something else.
const UNHEARD_IN_FOLLOW_UP: f32 = 0.3;
/// What a follow-up completed by the question before keeps: the words of that question explain
/// themselves, so a likeness says less.
const COMPLETED: f32 = 0.8;
/// What a follow-up loses when it is read as a question by itself though it says little more than
/// a name.
const ELLIPTIC: f32 = 0.4;
/// Facts named beside a refusal.
const NEARBY: usize = 3;
/// Facts offered at most.
const OFFERED: usize = 3;
/// Share of the best candidate's likelihood below which another is not offered beside it.
const OFFER_SHARE: f32 = 0.25;
/// Relation score from which a refusal names the relation that was asked for.
const CLEAR_RELATION: f32 = 0.45;
/// Unexplained content below which a yes/no question counts as fully understood.
const POLAR_SLACK: f32 = 0.2;

/// A candidate of one of the readings, with its likelihood.
struct Judged {
    target: Target,
    likelihood: f32,
    reading: usize,
    features: crate::engine::score::Features,
}

pub(crate) fn decide(
    engine: &Engine,
    question: &Question<'_>,
    memory: &Memory,
    explanation: Option<&mut Explanation>,
) -> Outcome {
    let knowledge = &*engine.knowledge;
    let cleaned = clean(tail(question.text));
    let language = reply_language(question, memory, &cleaned);
    let context = Context::of(memory, knowledge);
    let readings = readings(engine, question, &cleaned, &context);
    let judged = rank(
        &engine.calibration,
        &readings,
        !knowledge.relations.is_empty(),
    );
    let candidates: Vec<(FactIx, f32)> = judged
        .iter()
        .filter_map(|judged| match judged.target {
            Target::Fact(fact) => Some((fact, judged.likelihood)),
            Target::Operator(_) => None,
        })
        .take(5)
        .collect();
    let confidence = judged.first().map_or(0.0, |best| best.likelihood);
    let (verdict, chosen) = choose(engine, question, &readings, &judged, &candidates);
    let memory = remember(
        engine,
        memory,
        &verdict,
        chosen.and_then(|chosen| readings.get(chosen)),
        &cleaned,
        language,
    );
    if let Some(explanation) = explanation {
        fill(explanation, engine, &readings, &judged);
    }
    Outcome {
        confidence,
        verdict,
        language,
        candidates,
        memory,
    }
}

/// The last part of an overlong message, cut at a character.
fn tail(text: &str) -> &str {
    match text.char_indices().rev().nth(MAX_CHARS - 1) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

fn reply_language(question: &Question<'_>, memory: &Memory, cleaned: &str) -> Lang {
    if let Some(lang) = question.lang {
        return lang;
    }
    let tokens = tokenize(&fold(cleaned));
    match language::detect_in(cleaned, &tokens) {
        Some((lang, _)) => lang,
        None => memory.language.unwrap_or(question.locale),
    }
}

/// What a conversation is about, looked up in the current base.
#[derive(Default)]
struct Context<'m> {
    entity: Option<EntityIx>,
    /// The person whom the last answer named, for "he" and "elle".
    person: Option<EntityIx>,
    question: Option<&'m str>,
}

impl<'m> Context<'m> {
    fn of(memory: &'m Memory, knowledge: &Knowledge) -> Context<'m> {
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
        Context {
            entity,
            person,
            question: memory.question.as_deref(),
        }
    }
}

/// A reading with its proposals and how its likelihoods are scaled.
struct Read {
    proposals: Proposals,
    scale: f32,
    /// The question before was filled in.
    elliptic: bool,
}

fn readings(
    engine: &Engine,
    question: &Question<'_>,
    cleaned: &str,
    context: &Context<'_>,
) -> Vec<Read> {
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
    let parts = parts(cleaned);
    let asks: Vec<bool> = parts
        .iter()
        .map(|(part, _)| part.trim_end().ends_with('?'))
        .collect();
    let any_asks = asks.iter().skip(1).any(|asks| *asks);
    // "CARA came up at work. What is it?": the message itself is the conversation.
    let named_before: Option<EntityIx> = (parts.len() > 1)
        .then(|| {
            engine
                .reader
                .read_question(cleaned, true)
                .entities()
                .first()
                .map(|(entity, _)| *entity)
        })
        .flatten();
    let mut reads = Vec::new();
    for (number, ((part, scale), asked)) in parts.iter().zip(&asks).enumerate() {
        let scale: f32 = if number > 0 && any_asks && !asked {
            scale * NOT_THE_QUESTION
        } else {
            *scale
        };
        let mut push = |text: crate::engine::reader::Text, carried, elliptic, scale| {
            if text.words.is_empty() {
                return;
            }
            reads.push(Read {
                proposals: analysis::propose(base, text, carried, None, compute),
                scale,
                elliptic,
            });
        };
        let text = engine.reader.read_question(part, true);
        if text.doubtful_links {
            push(engine.reader.read_question(part, false), None, false, scale);
        }
        let named = !text.entities().is_empty();
        if let Some(person) = context.person.filter(|_| !named && parts.len() == 1)
            && text
                .words
                .iter()
                .any(|word| PERSON_PRONOUNS.contains(&word.text.as_str()))
        {
            push(text.clone(), Some(person), false, scale);
        }
        let content = text.content();
        if let Some(entity) = named_before.filter(|_| !named && number > 0) {
            push(text.clone(), Some(entity), false, scale);
        }
        let only_a_date =
            !text.dates.is_empty() && !named && content < ONLY_A_DATE && context.question.is_some();
        if let Some(entity) = context
            .entity
            .filter(|entity| !named && named_before != Some(*entity))
        {
            let kept = if only_a_date { ELLIPTIC } else { 1.0 };
            push(text.clone(), Some(entity), false, scale * kept);
            if content < SHORT_CONTENT
                && !only_a_date
                && unheard(engine, &text) < UNHEARD_IN_FOLLOW_UP
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
                push(joined, None, true, scale * COMPLETED);
            }
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
        let says = |words: &[&str]| {
            text.words
                .iter()
                .any(|word| words.contains(&word.text.as_str()))
        };
        if context.entity.is_some() && !named && (says(&PRONOUNS) || says(&PERSON_PRONOUNS)) {
            by_itself *= REFERS_BACK;
        }
        // "And in 2017?" asks the question before of another date.
        if let Some(before) = context.question.filter(|_| only_a_date) {
            let asked = engine.reader.read_question(before, true);
            push(engine.reader.dated_instead(asked, &text), None, true, scale);
            by_itself *= ELLIPTIC;
        }
        if let Some(before) = again
            && let [(entity, _)] = text.entities()[..]
        {
            let asked = engine.reader.read_question(before, true);
            push(
                engine.reader.about_instead(asked, entity),
                None,
                true,
                scale,
            );
            by_itself *= ELLIPTIC;
        }
        push(text, None, false, by_itself);
    }
    reads
}

/// How much the words say that nothing in the base explains.
fn unheard(engine: &Engine, text: &crate::engine::reader::Text) -> f32 {
    let unknown = |stem: &str| engine.index.stems.get(stem).is_none();
    text.words
        .iter()
        .filter(|word| unknown(&word.stem) && word.concepts.is_empty())
        .map(|word| word.content)
        .sum()
}

/// The parts of a message that are read: all of it, its sentences, and of long sentences what
/// begins at a question word and what stands between commas.
fn parts(cleaned: &str) -> Vec<(&str, f32)> {
    let mut parts: Vec<(&str, f32)> = vec![(cleaned, 1.0)];
    let ranges = sentences(cleaned);
    let several = ranges.len() > 1;
    let skip = ranges.len().saturating_sub(MAX_SENTENCES);
    for range in ranges.into_iter().skip(skip) {
        let sentence = &cleaned[range];
        if several {
            parts.push((sentence, 1.0));
        }
        if sentence.split_whitespace().count() < LONG_SENTENCE {
            continue;
        }
        parts.extend(from_question_word(sentence).map(|part| (part, PART_OF_SENTENCE)));
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
                    .map(|clause| (clause, CLAUSE)),
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
        if number >= PREAMBLE && QUESTION_WORDS.contains(&plain.as_str()) {
            return Some(&sentence[at..]);
        }
        at += word.len();
    }
    None
}

/// The best candidates over all readings, each target once.
fn rank(calibration: &Calibration, readings: &[Read], structured: bool) -> Vec<Judged> {
    let mut judged: Vec<Judged> = Vec::new();
    for (number, read) in readings.iter().enumerate() {
        for Candidate { target, features } in &read.proposals.candidates {
            let likelihood = read.scale * calibration.likelihood(features);
            match judged.iter_mut().find(|known| known.target == *target) {
                Some(known) if known.likelihood >= likelihood => {}
                Some(known) => {
                    *known = Judged {
                        target: *target,
                        likelihood,
                        reading: number,
                        features: *features,
                    };
                }
                None => judged.push(Judged {
                    target: *target,
                    likelihood,
                    reading: number,
                    features: *features,
                }),
            }
        }
    }
    // Of a single reading without structure the ranker's own order is the better one; the
    // measurements then only say how sure it is.
    let ranked = if structured || readings.len() > 1 {
        |_: &Judged| 0.0
    } else {
        |judged: &Judged| judged.features[Feature::FactMargin as usize]
    };
    judged.sort_by(|a, b| {
        ranked(b)
            .total_cmp(&ranked(a))
            .then(b.likelihood.total_cmp(&a.likelihood))
            .then(a.target.cmp(&b.target))
    });
    judged
}

fn choose(
    engine: &Engine,
    question: &Question<'_>,
    readings: &[Read],
    judged: &[Judged],
    candidates: &[(FactIx, f32)],
) -> (Verdict, Option<usize>) {
    let (knowledge, index) = (&*engine.knowledge, &engine.index);
    let calibration = &engine.calibration;
    let Some(best) = judged.first() else {
        return (
            Verdict::Unknown(Unknown {
                reason: Reason::Empty,
                nearby: Vec::new(),
            }),
            None,
        );
    };
    let read = &readings[best.reading];
    // A computed answer and a fact that tells the same are no rivals.
    let facts_only = matches!(best.target, Target::Fact(_));
    let lead = lead(judged.iter().filter_map(|judged| match judged.target {
        Target::Fact(fact) => Some((judged.likelihood, knowledge.facts[fact.index()].subject)),
        Target::Operator(_) if facts_only => None,
        Target::Operator(_) => Some((judged.likelihood, None)),
    }));
    let ranked: Vec<(f32, Option<EntityIx>)> = judged
        .iter()
        .map(|judged| (judged.likelihood, subject_of(knowledge, judged.target)))
        .collect();
    let beside = companion(&ranked).and_then(|at| match judged[at].target {
        Target::Fact(fact) if !knowledge.facts[fact.index()].gap => Some((at, fact)),
        Target::Fact(_) | Target::Operator(_) => None,
    });
    let likelihood = together(&ranked, beside.map(|(at, _)| at));
    if likelihood >= calibration.floor && lead >= calibration.margin {
        let verdict = match best.target {
            Target::Fact(fact) if knowledge.facts[fact.index()].gap => {
                Some(Verdict::Unknown(Unknown {
                    reason: Reason::Gap(fact),
                    nearby: nearby(
                        engine,
                        candidates,
                        knowledge.facts[fact.index()].subject,
                        Some(fact),
                    ),
                }))
            }
            Target::Fact(fact) => {
                let reading = &read.proposals.reading;
                let understood = best.features[Feature::Unexplained as usize] <= POLAR_SLACK;
                let settled = (understood && reading.polar)
                    .then(|| {
                        polar::settle(knowledge, index, reading, &knowledge.facts[fact.index()])
                    })
                    .flatten();
                let form = settled.map_or(Form::Fact, Form::YesNo);
                let facts = std::iter::once(fact)
                    .chain(beside.map(|(_, beside)| beside))
                    .collect();
                Some(Verdict::Answer(Answer { facts, form }))
            }
            Target::Operator(relation) => operators::compute(
                knowledge,
                index,
                &read.proposals.reading,
                relation,
                question.today,
            )
            .map(Verdict::Answer),
        };
        if let Some(verdict) = verdict {
            return (verdict, Some(best.reading));
        }
    }
    if best.likelihood >= calibration.offer_floor {
        let offered: Vec<FactIx> = candidates
            .iter()
            .filter(|(fact, likelihood)| {
                !knowledge.facts[fact.index()].gap && *likelihood >= OFFER_SHARE * best.likelihood
            })
            .map(|(fact, _)| *fact)
            .take(OFFERED)
            .collect();
        if !offered.is_empty() {
            return (Verdict::Offer(offered), Some(best.reading));
        }
    }
    (
        Verdict::Unknown(refuse(engine, read, candidates)),
        Some(best.reading),
    )
}

/// What a candidate is about.
fn subject_of(knowledge: &Knowledge, target: Target) -> Option<EntityIx> {
    match target {
        Target::Fact(fact) => knowledge.facts[fact.index()].subject,
        Target::Operator(_) => None,
    }
}

/// Why nothing is answered, and what is known nearby.
fn refuse(engine: &Engine, read: &Read, candidates: &[(FactIx, f32)]) -> Unknown {
    let knowledge = &*engine.knowledge;
    let reading = &read.proposals.reading;
    let named = reading
        .entities
        .iter()
        .map(|(entity, _)| *entity)
        .find(|entity| engine.index.by_subject.contains_key(entity));
    if let Some(outside) = reading
        .entities
        .iter()
        .map(|(entity, _)| *entity)
        .find(|entity| knowledge.entities[entity.index()].outside)
    {
        return Unknown {
            reason: Reason::Outside(outside),
            nearby: nearby(engine, candidates, Some(outside), None),
        };
    }
    let Some(entity) = named else {
        return Unknown {
            reason: Reason::OffTopic,
            nearby: Vec::new(),
        };
    };
    let relation = read
        .proposals
        .relations
        .first()
        .filter(|(relation, score)| {
            *score >= CLEAR_RELATION
                && knowledge.relations[relation.index()].operator.is_none()
                && !engine.index.by_key.contains_key(&(entity, *relation))
        })
        .map(|(relation, _)| *relation);
    Unknown {
        reason: Reason::NoFact { entity, relation },
        nearby: nearby(engine, candidates, Some(entity), None),
    }
}

/// Up to three facts of an entity near the question: likely candidates first, then its plain ones.
fn nearby(
    engine: &Engine,
    candidates: &[(FactIx, f32)],
    entity: Option<EntityIx>,
    but: Option<FactIx>,
) -> Vec<FactIx> {
    let knowledge = &*engine.knowledge;
    let Some(entity) = entity else {
        return Vec::new();
    };
    let of_entity = |fact: &FactIx| knowledge.facts[fact.index()].subject == Some(entity);
    let mut found: Vec<FactIx> = Vec::new();
    let likely = candidates
        .iter()
        .map(|(fact, _)| *fact)
        .filter(|fact| of_entity(fact));
    let known = engine.index.facts_of(entity).iter().copied();
    for fact in likely.chain(known) {
        if found.len() == NEARBY {
            break;
        }
        if !found.contains(&fact) && but != Some(fact) && !knowledge.facts[fact.index()].gap {
            found.push(fact);
        }
    }
    found
}

/// What the next question may refer to: the entity talked about, even when it could not be answered.
fn remember(
    engine: &Engine,
    before: &Memory,
    verdict: &Verdict,
    read: Option<&Read>,
    cleaned: &str,
    language: Lang,
) -> Memory {
    let knowledge = &*engine.knowledge;
    let mut memory = Memory {
        language: Some(language),
        ..before.clone()
    };
    let fact = match verdict {
        Verdict::Answer(answer) => answer.facts.first().copied(),
        Verdict::Unknown(Unknown {
            reason: Reason::Gap(fact),
            ..
        }) => Some(*fact),
        Verdict::Offer(_) | Verdict::Unknown(_) => None,
    };
    let named = read
        .and_then(|read| read.proposals.reading.entities.first())
        .map(|(entity, _)| *entity);
    if let Some(fact) = fact {
        let fact = &knowledge.facts[fact.index()];
        memory.fact = Some(fact.id.clone());
        // Ask "was Iveco a founder of LUTB?" and "it" is LUTB: the subject rather than what is named first.
        let of = fact.subject.or(named);
        memory.entity = of.map(|entity| knowledge.entities[entity.index()].id.clone());
        memory.relation = fact
            .relation
            .map(|relation| knowledge.relations[relation.index()].id.clone());
        // What was left out of a follow-up stands in the question it followed.
        if !read.is_some_and(|read| read.elliptic) {
            memory.question = Some(cleaned.to_owned());
        }
    } else if let Some(entity) = named {
        memory.entity = Some(knowledge.entities[entity.index()].id.clone());
        memory.question = Some(cleaned.to_owned());
    }
    memory
}

fn fill(explanation: &mut Explanation, engine: &Engine, readings: &[Read], judged: &[Judged]) {
    let (knowledge, calibration) = (&*engine.knowledge, &engine.calibration);
    explanation.readings = readings.len();
    explanation.floor = calibration.floor;
    explanation.offer_floor = calibration.offer_floor;
    explanation.margin = calibration.margin;
    let Some(best) = judged.first() else { return };
    let proposals = &readings[best.reading].proposals;
    let reading = &proposals.reading;
    explanation.reading = reading
        .text
        .words
        .iter()
        .map(|word| word.text.clone())
        .collect();
    explanation.repaired = reading
        .text
        .words
        .iter()
        .filter_map(|word| Some((word.repaired_from.clone()?, word.text.clone())))
        .collect();
    explanation.entities = reading.entities.clone();
    explanation.dates = reading
        .text
        .dates
        .iter()
        .map(|mention| mention.date.to_string())
        .collect();
    explanation.relations = proposals
        .relations
        .iter()
        .map(|(relation, score)| (knowledge.relations[relation.index()].id.clone(), *score))
        .collect();
    let (entry, relation) = match best.target {
        Target::Fact(fact) => (
            Some((fact, &engine.index.facts[fact.index()])),
            knowledge.facts[fact.index()].relation,
        ),
        Target::Operator(relation) => (None, Some(relation)),
    };
    explanation.unexplained = reading
        .unexplained(
            entry,
            relation.map(|relation| &engine.index.relations[relation.index()]),
        )
        .map(|(word, left)| (word.to_owned(), left))
        .collect();
    explanation.candidates = judged
        .iter()
        .take(5)
        .map(|judged| Considered {
            id: match judged.target {
                Target::Fact(fact) => knowledge.facts[fact.index()].id.clone(),
                Target::Operator(relation) => knowledge.relations[relation.index()].id.clone(),
            },
            likelihood: judged.likelihood,
            contributions: calibration
                .contributions(&judged.features)
                .into_iter()
                .filter(|(_, value)| *value != 0.0)
                .map(|(feature, value)| (feature.name(), value))
                .collect(),
        })
        .collect();
}

impl Engine {
    /// The engine as far as proposals need it.
    pub(crate) fn base(&self) -> Base<'_> {
        Base {
            knowledge: &self.knowledge,
            reader: &self.reader,
            index: &self.index,
            facts: &self.facts,
            relations: &self.relations,
        }
    }
}
