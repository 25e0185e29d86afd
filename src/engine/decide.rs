//! One question, all its readings, one verdict.

use std::borrow::Cow;

use crate::date::Day;
use crate::date::mention::{self, Mention};
use crate::engine::analysis::{Base, Candidate};
use crate::engine::calibrate::{Calibration, are_rivals, companions, lead};
use crate::engine::choice::Choice;
use crate::engine::conversation::Context;
use crate::engine::explain::{Considered, Explanation};
use crate::engine::index::latest;
use crate::engine::readings::{Read, Readings, readings};
use crate::engine::score::{Feature, Reading, Target};
use crate::engine::verdict::{Answer, Form, Memory, Outcome, Reason, Unknown, Verdict};
use crate::engine::{Engine, Question, beside, choice, operators, polar};
use crate::knowledge::model::{EntityIx, Fact, FactIx, Operator};
use crate::lang::Lang;
use crate::text::{clean, fold, language, sentences, tokenize};

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
/// How much likelier another relation may be than the fact's own for it to say yes or no.
const POLAR_RELATION_GAP: f32 = 0.05;

/// Share of the best candidate's likelihood that the next one about something else has at least to be told beside it
/// in a follow-up.
const OTHER_SUBJECT_SHARE: f32 = 0.6;

/// The confidence of what needs no weighing.
pub(super) const CERTAIN: f32 = 1.0;

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
    let typed = clean(question.text);
    let language = reply_language(engine, question, memory, &typed);
    if let Some(choice) = choice::taken(knowledge, &memory.offered, &typed) {
        return taken(engine, memory, choice, language);
    }
    if engine.reader.is_remark(&typed) {
        return remarked(memory, language);
    }
    let cleaned = in_figures(engine, &typed, question.today);
    let context = Context::of(memory, engine);
    let Readings {
        reads: readings,
        phrased,
    } = readings(engine, question, &cleaned, &context);
    let mut judged = rank(
        &engine.calibration,
        &readings,
        !knowledge.relations.is_empty(),
    );
    // What somebody wrote down as a question for a fact is one.
    let settled = phrased.and_then(|fact| {
        let target = Target::Fact(fact);
        judged.iter().position(|judged| judged.target == target)
    });
    if let Some(at) = settled {
        judged[..=at].rotate_right(1);
        judged[0].likelihood = CERTAIN;
    }
    let candidates: Vec<(FactIx, f32)> = judged
        .iter()
        .filter_map(|judged| match judged.target {
            Target::Fact(fact) => Some((fact, judged.likelihood)),
            Target::Operator(_) => None,
        })
        .take(5)
        .collect();
    let (confidence, wording) = match settled {
        Some(_) => (CERTAIN, 0.0),
        None => confidence(engine, &readings, &judged),
    };
    let as_read = Question {
        text: &cleaned,
        ..question.clone()
    };
    let (verdict, chosen) = choose(
        engine,
        &as_read,
        &readings,
        &judged,
        confidence,
        &candidates,
    );
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
        explanation.confidence = confidence;
        explanation.wording = wording;
    }
    Outcome {
        confidence,
        verdict,
        language,
        candidates,
        memory,
    }
}

/// The verdict when an offer is taken up: the fact offered, and the question is the one before.
fn taken(engine: &Engine, memory: &Memory, choice: Choice, language: Lang) -> Outcome {
    let (verdict, candidates) = match choice {
        Choice::Any(facts) => (Verdict::Offer(facts), Vec::new()),
        Choice::One(fact) => {
            let told = &engine.knowledge[fact];
            let verdict = match told.gap {
                true => Verdict::Unknown(Unknown {
                    reason: Reason::Gap(fact),
                    nearby: nearby(engine, &[], told.subject, Some(fact)),
                }),
                false => Verdict::Answer(Answer {
                    facts: vec![fact],
                    form: Form::Fact,
                }),
            };
            (verdict, vec![(fact, CERTAIN)])
        }
    };
    let memory = Memory {
        // "Yes" is no question to complete the next one with.
        question: memory.question.clone(),
        ..remember(engine, memory, &verdict, None, "", language)
    };
    Outcome {
        confidence: CERTAIN,
        verdict,
        language,
        candidates,
        memory,
    }
}

/// The verdict on what asks nothing: the conversation is still about what it was.
fn remarked(memory: &Memory, language: Lang) -> Outcome {
    Outcome {
        confidence: 0.0,
        verdict: Verdict::Unknown(Unknown {
            reason: Reason::Empty,
            nearby: Vec::new(),
        }),
        language,
        candidates: Vec::new(),
        memory: Memory {
            language: Some(language),
            ..memory.clone()
        },
    }
}

/// The message with times told from its day in figures, where it asks: what is told beside a question ("I joined
/// last year") is of no time that is asked for.
fn in_figures(engine: &Engine, typed: &str, today: Day) -> String {
    let ranges = sentences(typed);
    let only = ranges.len() == 1;
    let mut text = String::with_capacity(typed.len());
    let mut at = 0;
    for range in ranges {
        let sentence = &typed[range.clone()];
        text.push_str(&typed[at..range.start]);
        match only || sentence.trim_end().ends_with('?') {
            true => {
                let exactly = mention::in_figures(sentence, today, false);
                let told = matches!(exactly, Cow::Owned(_));
                let polar = told && polar::is_polar(&engine.reader.read_question(&exactly, true));
                match polar {
                    true => text.push_str(&mention::in_figures(sentence, today, true)),
                    false => text.push_str(&exactly),
                }
            }
            false => text.push_str(sentence),
        }
        at = range.end;
    }
    text.push_str(&typed[at..]);
    text
}

/// Whether no more than one of its sentences asks: to which of several would a Yes belong?
fn asks_once(message: &str) -> bool {
    let asks = |range: &std::ops::Range<usize>| message[range.clone()].trim_end().ends_with('?');
    sentences(message)
        .iter()
        .filter(|range| asks(range))
        .count()
        <= 1
}

fn reply_language(
    engine: &Engine,
    question: &Question<'_>,
    memory: &Memory,
    cleaned: &str,
) -> Lang {
    if let Some(lang) = question.lang {
        return lang;
    }
    let mut tokens = tokenize(&fold(cleaned));
    tokens.retain(|token| !engine.reader.is_name(&token.text));
    match language::detect_in(cleaned, &tokens) {
        Some((lang, _)) => lang,
        None => memory.language.unwrap_or(question.locale),
    }
}

/// The best candidates over all readings, each target once.
fn rank(calibration: &Calibration, readings: &[Read], structured: bool) -> Vec<Judged> {
    let mut judged: Vec<Judged> = Vec::new();
    for (number, read) in readings.iter().enumerate() {
        for candidate in &read.proposals.candidates {
            let Candidate {
                target, features, ..
            } = candidate;
            let likelihood = calibration.likelihood(features, candidate.shift);
            let likelihood = read.scale_of(*target) * likelihood;
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

/// How likely it is that the best candidate or its companion answers the question, and what the words of
/// the question say about that, in log-odds.
fn confidence(engine: &Engine, readings: &[Read], judged: &[Judged]) -> (f32, f32) {
    let Some(best) = judged.first() else {
        return (0.0, 0.0);
    };
    let read = &readings[best.reading];
    let scale = read.scale_of(best.target);
    let reading = &read.proposals.reading;
    let likelihoods: Vec<f32> = judged
        .iter()
        .filter(|judged| are_rivals(&best.features, &judged.features))
        .map(|judged| judged.likelihood / scale)
        .collect();
    let known = reading.known_by(&engine.knowledge, &engine.index, best.target);
    let wording = engine.calibration.wording(&reading.said(), &known);
    let confidence = engine
        .calibration
        .confidence(&best.features, &likelihoods, wording);
    (scale * confidence, wording)
}

/// The verdict, and the reading it rests on.
fn choose(
    engine: &Engine,
    question: &Question<'_>,
    readings: &[Read],
    judged: &[Judged],
    confidence: f32,
    candidates: &[(FactIx, f32)],
) -> (Verdict, Option<usize>) {
    let Some(best) = judged.first() else {
        let nothing = Unknown {
            reason: Reason::Empty,
            nearby: Vec::new(),
        };
        return (Verdict::Unknown(nothing), None);
    };
    let read = &readings[best.reading];
    let verdict = match relied_on(engine, judged, confidence) {
        true => answered(engine, question, read, judged, candidates),
        false => None,
    };
    let verdict = verdict
        .or_else(|| nothing_dated(engine, read).map(Verdict::Unknown))
        .or_else(|| offered(engine, best, confidence, candidates).map(Verdict::Offer))
        .unwrap_or_else(|| Verdict::Unknown(refuse(engine, read, candidates)));
    (verdict, Some(best.reading))
}

/// Whether the best candidate is sure enough, and far enough ahead of the next, to be answered.
fn relied_on(engine: &Engine, judged: &[Judged], confidence: f32) -> bool {
    let calibration = &engine.calibration;
    let rivals = judged
        .iter()
        .filter(|other| are_rivals(&judged[0].features, &other.features));
    let lead = lead(rivals.map(|rival| (rival.likelihood, subject_of(engine, rival.target))));
    confidence >= calibration.floor && (lead >= calibration.margin || confidence >= CERTAIN)
}

/// The answer by the best candidate, with its companion; nothing when it says nothing of the time asked for or cannot
/// be computed.
fn answered(
    engine: &Engine,
    question: &Question<'_>,
    read: &Read,
    judged: &[Judged],
    candidates: &[(FactIx, f32)],
) -> Option<Verdict> {
    let (knowledge, index) = (&*engine.knowledge, &engine.index);
    let reading = &read.proposals.reading;
    let best = &judged[0];
    match best.target {
        Target::Operator(relation) => {
            operators::compute(knowledge, index, reading, relation, question.today)
                .map(Verdict::Answer)
        }
        Target::Fact(fact) if knowledge[fact].gap => Some(Verdict::Unknown(Unknown {
            reason: Reason::Gap(fact),
            nearby: nearby(engine, candidates, knowledge[fact].subject, Some(fact)),
        })),
        Target::Fact(fact) if foretold(&knowledge[fact], read, question.today) => None,
        Target::Fact(fact) => {
            let measured = |feature: Feature| best.features[feature as usize];
            let understood = measured(Feature::Unexplained) <= POLAR_SLACK
                && measured(Feature::RelationGap) <= POLAR_RELATION_GAP;
            let settled = (understood && reading.polar && asks_once(question.text))
                .then(|| polar::settle(knowledge, index, reading, fact))
                .flatten();
            Some(Verdict::Answer(Answer {
                facts: std::iter::once(fact)
                    .chain(companion_of(engine, fact, judged, reading))
                    .collect(),
                form: settled.map_or(Form::Fact, Form::YesNo),
            }))
        }
    }
}

/// The fact that is told beside the best one: the first companion that says something else.
fn companion_of(
    engine: &Engine,
    best: FactIx,
    judged: &[Judged],
    reading: &Reading,
) -> Option<FactIx> {
    let ranked = judged.iter();
    let ranked = ranked.map(|judged| (judged.likelihood, subject_of(engine, judged.target)));
    let ranked: Vec<(f32, Option<EntityIx>)> = ranked.collect();
    // Where the subject is left out, it may be that of the next one.
    let next = judged.get(1).filter(|next| {
        reading.carried && next.likelihood >= OTHER_SUBJECT_SHARE * judged[0].likelihood
    });
    let companions = companions(&ranked).map(|at| judged[at].target);
    let mut companions = companions.chain(next.map(|next| next.target));
    companions.find_map(|target| match target {
        Target::Fact(fact) => Some(fact)
            .filter(|fact| !engine.knowledge[*fact].gap && beside::adds(engine, *fact, best)),
        Target::Operator(_) => None,
    })
}

/// What is offered when the best candidate is likely, but not likely enough.
fn offered(
    engine: &Engine,
    best: &Judged,
    confidence: f32,
    candidates: &[(FactIx, f32)],
) -> Option<Vec<FactIx>> {
    if confidence < engine.calibration.offer_floor {
        return None;
    }
    let likely = candidates.iter().filter(|(fact, likelihood)| {
        !engine.knowledge[*fact].gap && *likelihood >= OFFER_SHARE * best.likelihood
    });
    let offered: Vec<FactIx> = likely.map(|(fact, _)| *fact).take(OFFERED).collect();
    (!offered.is_empty()).then_some(offered)
}

/// The refusal of a question that clearly asks what happened at a time when nothing did.
fn nothing_dated(engine: &Engine, read: &Read) -> Option<Unknown> {
    let (knowledge, index) = (&*engine.knowledge, &engine.index);
    let (relation, score) = *read.proposals.relations.first()?;
    let asks_events = knowledge[relation].operator == Some(Operator::Timeline);
    if !asks_events || score < CLEAR_RELATION {
        return None;
    }
    let (span, nearby) = operators::eventless(knowledge, index, &read.proposals.reading)?;
    Some(Unknown {
        reason: Reason::NothingDated(span),
        nearby,
    })
}

/// Whether a changing value is asked for as of a year that is still to come.
fn foretold(fact: &Fact, read: &Read, today: Day) -> bool {
    let dates = &read.proposals.reading.text.dates;
    let to_come = |mention: &Mention| mention.date.years().0 > today.year();
    fact.volatile && !dates.is_empty() && dates.iter().all(to_come)
}

/// What a candidate is about, by its latest name.
fn subject_of(engine: &Engine, target: Target) -> Option<EntityIx> {
    match target {
        Target::Fact(fact) => engine.knowledge[fact]
            .subject
            .map(|of| latest(&engine.knowledge, of)),
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
    // "Hello!" and "thanks" are no questions at all.
    if reading.text.words.iter().all(|word| word.filler) {
        return Unknown {
            reason: Reason::Empty,
            nearby: Vec::new(),
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
    let offered = match verdict {
        Verdict::Offer(facts) => facts.as_slice(),
        Verdict::Unknown(unknown) => &unknown.nearby,
        Verdict::Answer(_) => &[],
    };
    let offered = offered.iter().map(|fact| knowledge[*fact].id.clone());
    let offered = offered.collect();
    let mut memory = Memory {
        language: Some(language),
        offered,
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
    } else if let Some(entity) = named
        // "That's a lot" is no question, though it is about what was.
        && read.is_some_and(|read| !read.elliptic && !read.proposals.reading.carried)
    {
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
        .map(|word| word.text.to_string())
        .collect();
    explanation.repaired = reading
        .text
        .words
        .iter()
        .filter_map(|word| {
            Some((
                word.repaired_from.as_deref()?.to_owned(),
                word.text.to_string(),
            ))
        })
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
