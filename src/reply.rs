//! Everything the bot says, in English and French, as plain data.
//!
//! A verdict becomes a [`Reply`] here; surfaces (the terminal, Discord) lay it out. Nothing here
//! knows of markup, colours or message limits, and no other module holds words for people to read.

pub mod timeline;
pub mod words;

use crate::date::Date;
use crate::engine::{Answer, Form, Outcome, Reason, Unknown, Verdict};
use crate::knowledge::model::{EntityIx, Fact, FactIx, Kind, Knowledge, RelationIx, SourceIx};
use crate::lang::Lang;
use crate::text::clean;

pub use self::words::Words;

/// Timelines of at most this many milestones tell each in full.
const FULL_TIMELINE: usize = 2;

/// How much of a period that was not understood is repeated.
const MAX_PERIOD_CHARS: usize = 60;

/// Whether something was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The base says.
    Answer,
    /// Some facts may be meant.
    Offer,
    /// The base does not say.
    Unknown,
}

/// A reply, ready to be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Whether something was answered.
    pub status: Status,
    /// The language of every text below.
    pub language: Lang,
    /// The answer itself: one sentence.
    pub lead: String,
    /// What else belongs to it, in paragraphs.
    pub context: Vec<String>,
    /// Milestones, offered questions or things known nearby.
    pub items: Vec<Item>,
    /// What stands above the items, when they need it.
    pub items_title: Option<String>,
    /// Where it comes from, without repetition.
    pub sources: Vec<Citation>,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The line.
    pub text: String,
    /// Id of the fact it stands for.
    pub fact: String,
}

/// A source as it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Its id.
    pub id: String,
    /// Publisher and title.
    pub label: String,
    /// Its address, if it has one.
    pub url: Option<String>,
    /// "checked on …", if known.
    pub checked: Option<String>,
}

impl Reply {
    /// Puts an outcome in words.
    #[must_use]
    pub fn to_outcome(knowledge: &Knowledge, outcome: &Outcome) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(outcome.language),
        };
        match &outcome.verdict {
            Verdict::Answer(answer) => say.answer(answer),
            Verdict::Offer(facts) => say.offer(facts),
            Verdict::Unknown(unknown) => say.unknown(unknown),
        }
    }

    /// The milestones of the base in order, or of the entity: `/cara history`.
    #[must_use]
    pub fn history(knowledge: &Knowledge, facts: &[FactIx], language: Lang) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        let mut reply = say.bare(Status::Answer, say.words.history(say.main_name()));
        reply.items = facts.iter().map(|fact| say.milestone(*fact)).collect();
        reply.sources = say.cite(facts);
        reply
    }

    /// That a period was not understood, with some that are.
    #[must_use]
    pub fn unknown_period(knowledge: &Knowledge, typed: &str, language: Lang) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        let typed = clean(typed).replace('\n', " ");
        let shown: String = typed.chars().take(MAX_PERIOD_CHARS).collect();
        let ellipsis = if shown.len() < typed.len() { "…" } else { "" };
        let lead = say.words.unknown_period(&format!("{shown}{ellipsis}"));
        let mut reply = say.bare(Status::Unknown, lead);
        reply.context = vec![say.words.periods().to_owned()];
        reply
    }

    /// All an entity's facts as questions that can be asked: `/cara about`.
    #[must_use]
    pub fn about(
        knowledge: &Knowledge,
        entity: EntityIx,
        facts: &[FactIx],
        language: Lang,
    ) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        let definition = facts.iter().copied().find(|fact| {
            say.fact(*fact)
                .relation
                .is_some_and(|relation| knowledge.relations[relation.index()].id == "definition")
        });
        let known = &knowledge.entities[entity.index()];
        let name = known
            .long
            .as_ref()
            .unwrap_or(&known.name)
            .get(language)
            .clone();
        let mut reply = say.bare(Status::Answer, name);
        if let Some(definition) = definition {
            reply
                .context
                .push(say.fact(definition).answer.get(language).clone());
            reply.sources = say.cite(&[definition]);
        }
        reply.items_title = Some(say.words.can_ask().to_owned());
        reply.items = facts
            .iter()
            .filter(|fact| Some(**fact) != definition)
            .map(|fact| say.question(*fact))
            .collect();
        reply
    }

    /// All sources of the base: `/cara sources`.
    #[must_use]
    pub fn all_sources(knowledge: &Knowledge, language: Lang) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        let mut reply = say.bare(
            Status::Answer,
            say.words
                .sources_count(knowledge.sources.len(), knowledge.facts.len()),
        );
        reply.sources = (0..knowledge.sources.len())
            .map(|position| say.citation(SourceIx(position as u32), None))
            .collect();
        reply
    }

    /// What can be asked, and how a wrong answer is mended: `/cara help`.
    #[must_use]
    pub fn help(knowledge: &Knowledge, examples: &[FactIx], language: Lang) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        let mut reply = say.bare(Status::Answer, say.words.help_lead(say.main_name()));
        reply.context = say
            .words
            .help_body()
            .iter()
            .map(|line| (*line).to_owned())
            .collect();
        reply.items_title = Some(say.words.can_ask().to_owned());
        reply.items = examples.iter().map(|fact| say.question(*fact)).collect();
        reply
    }

    /// One fact in its own words, chosen rather than asked for.
    #[must_use]
    pub fn fact(knowledge: &Knowledge, fact: FactIx, language: Lang) -> Reply {
        let say = Speaker {
            knowledge,
            words: Words(language),
        };
        if knowledge[fact].gap {
            say.unknown(&Unknown {
                reason: Reason::Gap(fact),
                nearby: Vec::new(),
            })
        } else {
            say.answer(&Answer {
                facts: vec![fact],
                form: Form::Fact,
            })
        }
    }

    /// The whole reply as a person reads it, without markup.
    #[must_use]
    pub fn text(&self) -> String {
        let mut first = self.lead.clone();
        if !self.context.is_empty() {
            first.push_str(self.joint());
            first.push_str(&self.context.join(" "));
        }
        let mut lines = vec![first];
        lines.extend(self.items_title.clone());
        lines.extend(self.items.iter().map(|item| format!("• {}", item.text)));
        if let Some(sources) = Words(self.language).sources(&self.sources) {
            lines.push(sources);
        }
        lines.join("\n")
    }

    /// What stands between the answer and its context on one line: a name is no sentence.
    #[must_use]
    pub fn joint(&self) -> &'static str {
        if self.lead.ends_with(char::is_alphanumeric) {
            " – "
        } else {
            " "
        }
    }
}

/// The question a fact is shown by: its first phrasing, or its relation's first pattern.
#[must_use]
pub fn display_question(knowledge: &Knowledge, fact: &Fact, language: Lang) -> String {
    if let Some(phrasing) = fact.phrasings.get(language).first() {
        return phrasing.text.clone();
    }
    let pattern = fact.relation.and_then(|relation| {
        knowledge.relations[relation.index()]
            .patterns
            .get(language)
            .first()
    });
    let subject = fact
        .subject
        .map(|subject| knowledge.entities[subject.index()].name.get(language));
    match (pattern, subject) {
        (Some(pattern), Some(subject)) => pattern.replace("{subject}", subject),
        _ => Lang::ALL
            .into_iter()
            .find_map(|lang| fact.phrasings.get(lang).first())
            .map_or_else(|| fact.id.clone(), |phrasing| phrasing.text.clone()),
    }
}

struct Speaker<'k> {
    knowledge: &'k Knowledge,
    words: Words,
}

impl Speaker<'_> {
    fn lang(&self) -> Lang {
        self.words.0
    }

    fn fact(&self, fact: FactIx) -> &Fact {
        &self.knowledge.facts[fact.index()]
    }

    fn name(&self, entity: EntityIx) -> &str {
        self.knowledge.entities[entity.index()]
            .name
            .get(self.lang())
    }

    fn main_name(&self) -> Option<&str> {
        let main = self.knowledge.entities.iter().find(|entity| entity.main)?;
        Some(main.name.get(self.lang()))
    }

    fn bare(&self, status: Status, lead: String) -> Reply {
        Reply {
            status,
            language: self.lang(),
            lead,
            context: Vec::new(),
            items: Vec::new(),
            items_title: None,
            sources: Vec::new(),
        }
    }

    /// A fact's answer, cut after its first sentence: the answer, and its context.
    fn told(&self, fact: FactIx) -> (String, Option<String>) {
        let answer = self.fact(fact).answer.get(self.lang());
        let answer = if answer.is_empty() {
            // A base in one language answers in that language.
            Lang::ALL
                .iter()
                .map(|lang| self.fact(fact).answer.get(*lang))
                .find(|text| !text.is_empty())
                .unwrap_or(answer)
        } else {
            answer
        };
        match crate::text::first_sentence(answer) {
            (first, "") => (first.to_owned(), None),
            (first, rest) => (first.to_owned(), Some(rest.to_owned())),
        }
    }

    fn answer(&self, answer: &Answer) -> Reply {
        let first = answer.facts.first().copied();
        let (lead, context) = first.map_or((String::new(), None), |fact| self.told(fact));
        let mut reply = self.bare(Status::Answer, lead);
        reply.sources = self.cite(&answer.facts);
        let told = || answer.facts.iter().map(|fact| self.told(*fact).0);
        let dated = || -> Vec<(&str, String)> {
            let facts = answer.facts.iter();
            facts.map(|fact| self.beginning(*fact)).collect()
        };
        let sure = || self.stated(&answer.facts);
        match &answer.form {
            Form::Fact => {
                reply.context.extend(context);
                reply.context.extend(told().skip(1));
            }
            Form::YesNo(yes) => {
                reply.lead = format!("{} {}", self.words.yes_no(*yes), reply.lead);
                reply.context.extend(context);
            }
            Form::Timeline { .. } if answer.facts.len() <= FULL_TIMELINE => {
                reply.context.extend(context);
                for fact in answer.facts.iter().skip(1) {
                    let (lead, context) = self.told(*fact);
                    reply.context.push(lead);
                    reply.context.extend(context);
                }
            }
            Form::Timeline { span, entity } => {
                let of = entity.map(|entity| self.name(entity));
                let milestones = answer.facts.iter().map(|fact| self.milestone(*fact));
                reply.lead = self.words.timeline(span.as_ref(), of);
                reply.items = milestones.collect();
            }
            Form::First(order) => {
                reply.lead = words::capitalised(&self.words.first(*order, &dated(), sure()));
                reply.context.extend(told());
            }
            Form::Order(order) => {
                let dates: Vec<String> = dated().into_iter().map(|(_, date)| date).collect();
                reply.lead = self.words.order(*order, &dates, sure());
                reply.context.extend(told());
            }
            Form::Duration(passed) => {
                let when = first
                    .and_then(|fact| self.fact(fact).date.as_ref())
                    .map(|date| date.render_in(self.lang()));
                let passed = passed.render(self.lang());
                let duration = self.words.duration(&passed, when.as_deref());
                let answered = std::mem::replace(&mut reply.lead, duration);
                reply.context.push(answered);
                reply.context.extend(context);
            }
            Form::Lasted(passed) => {
                let dates = answer.facts.iter();
                let dates = dates.filter_map(|fact| self.fact(*fact).date.as_ref());
                if let [begun, ended] = dates.collect::<Vec<&Date>>()[..] {
                    let passed = passed.render(self.lang());
                    reply.lead = self.words.lasted(&passed, (begun, ended), sure());
                }
                reply.context.extend(told());
            }
            Form::Between(passed) => {
                if let [(a, when_a), (b, when_b)] = &dated()[..] {
                    let passed = passed.render(self.lang());
                    reply.lead = self.words.between(&passed, (a, when_a), (b, when_b));
                }
                reply.context.extend(told());
            }
        }
        reply
    }

    /// The subject of a fact and its date in words; of what still holds, when that began.
    fn beginning(&self, fact: FactIx) -> (&str, String) {
        let fact = self.fact(fact);
        let date = fact.date.and_then(|date| match date.is_ongoing() {
            true => date.start(),
            false => Some(date),
        });
        (
            fact.subject.map_or("", |subject| self.name(subject)),
            date.map_or_else(String::new, |date| date.render(self.lang())),
        )
    }

    /// Whether sources state all of the facts, and none is a deduction.
    fn stated(&self, facts: &[FactIx]) -> bool {
        facts.iter().all(|fact| !self.fact(*fact).inference)
    }

    fn offer(&self, facts: &[FactIx]) -> Reply {
        let mut reply = self.bare(Status::Offer, self.words.offer(facts.len()).to_owned());
        reply.items = facts.iter().map(|fact| self.question(*fact)).collect();
        reply
    }

    fn unknown(&self, unknown: &Unknown) -> Reply {
        let lead = match &unknown.reason {
            Reason::Gap(fact) => {
                let (lead, context) = self.told(*fact);
                let mut reply = self.bare(Status::Unknown, lead);
                reply.context.extend(context);
                reply.sources = self.cite(&[*fact]);
                return self.with_nearby(reply, unknown);
            }
            Reason::NoFact { entity, relation } => self.no_fact(*entity, *relation),
            Reason::NothingDated(date) => self.words.nothing_dated(date),
            Reason::Outside(entity) => self.words.outside(self.name(*entity), self.main_name()),
            Reason::OffTopic => self.words.off_topic(self.main_name()),
            Reason::Empty => self.words.empty(self.main_name()),
        };
        self.with_nearby(self.bare(Status::Unknown, lead), unknown)
    }

    fn no_fact(&self, entity: EntityIx, relation: Option<RelationIx>) -> String {
        let known = &self.knowledge.entities[entity.index()];
        let relation = relation.map(|relation| {
            self.knowledge.relations[relation.index()]
                .name
                .get(self.lang())
                .as_str()
        });
        match self.lang() {
            Lang::En => self
                .words
                .no_fact(relation, &known.name.en, known.kind == Kind::Person),
            Lang::Fr => self
                .words
                .no_fact(relation, &known.of_fr, known.kind == Kind::Person),
        }
    }

    fn with_nearby(&self, mut reply: Reply, unknown: &Unknown) -> Reply {
        if !unknown.nearby.is_empty() {
            reply.items_title = Some(self.words.nearby().to_owned());
            reply.items = unknown
                .nearby
                .iter()
                .map(|fact| self.question(*fact))
                .collect();
        }
        reply
    }

    fn question(&self, fact: FactIx) -> Item {
        Item {
            text: display_question(self.knowledge, self.fact(fact), self.lang()),
            fact: self.fact(fact).id.clone(),
        }
    }

    /// What a milestone is called: its headline, or its answer when it has none.
    fn headline(&self, ix: FactIx) -> String {
        let event = self.fact(ix).event.as_ref();
        let event = event.map(|event| event.get(self.lang()).clone());
        event
            .filter(|event| !event.is_empty())
            .unwrap_or_else(|| self.told(ix).0)
    }

    fn milestone(&self, ix: FactIx) -> Item {
        let fact = self.fact(ix);
        let headline = self.headline(ix);
        let text = match &fact.date {
            Some(date) => self.words.milestone(&date.render(self.lang()), &headline),
            None => headline,
        };
        Item {
            text,
            fact: fact.id.clone(),
        }
    }

    /// The sources of some facts, each once.
    fn cite(&self, facts: &[FactIx]) -> Vec<Citation> {
        let mut cited: Vec<SourceIx> = Vec::new();
        let mut citations = Vec::new();
        for fact in facts.iter().map(|fact| self.fact(*fact)) {
            for source in &fact.sources {
                if !cited.contains(source) {
                    cited.push(*source);
                    citations.push(self.citation(*source, fact.checked.as_ref()));
                }
            }
        }
        citations
    }

    fn citation(&self, source: SourceIx, checked: Option<&crate::date::Date>) -> Citation {
        let source = &self.knowledge.sources[source.index()];
        Citation {
            id: source.id.clone(),
            label: self.words.source_label(&source.publisher, &source.title),
            url: source.url.clone(),
            checked: checked.map(|date| self.words.checked(&date.render_in(self.lang()))),
        }
    }
}
