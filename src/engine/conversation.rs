//! What a conversation is about, for the question that follows.

use super::Engine;
use super::function_words::has_pronoun;
use super::reader::Text;
use super::topic::Topic;
use super::verdict::Memory;
use crate::knowledge::model::{EntityIx, FactIx, Kind, Knowledge};

/// What a conversation is about, looked up in the current base.
#[derive(Default)]
pub(super) struct Context<'m> {
    /// What the last answer was about.
    pub(super) entity: Option<EntityIx>,
    /// The fact told last.
    pub(super) told: Option<FactIx>,
    /// What else it touched: named by the question before or by its answer.
    pub(super) beside: Vec<EntityIx>,
    /// The person whom the last answer named or was about, for "he" and "elle".
    pub(super) person: Option<EntityIx>,
    /// The question before.
    pub(super) question: Option<&'m str>,
    pub(super) topic: Topic,
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
            let fact = &knowledge[fact];
            let mut named = fact.objects.iter().chain(&fact.subject).copied();
            named.find(|named| knowledge[*named].kind == Kind::Person)
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

/// Whether a text that follows others may mean the entity they were about: it names none, or another
/// beside a pronoun ("what has CARA to do with them?").
pub(super) fn means_entity(text: &Text, before: EntityIx) -> bool {
    let named = text.entities();
    named.is_empty() || (has_pronoun(text) && named.iter().all(|(entity, _)| *entity != before))
}

/// Whether a text that follows others names nothing but the main entity, and they were about another: "and
/// CARA in all that?" may ask what the other has to do with it.
pub(super) fn only_main(knowledge: &Knowledge, text: &Text, before: EntityIx) -> bool {
    let named = text.entities();
    !knowledge[before].main
        && !named.is_empty()
        && named.iter().all(|(entity, _)| knowledge[*entity].main)
}
