//! The files as written: one type per table, each value with its place in the text.
//!
//! These types are the only description of the format. serde reads entries through them, the JSON
//! Schemas that editors use are generated from them ([`schemas`]), and the walk that reports every
//! unknown, missing or mistyped key is driven by those schemas (see `shape`), so the three cannot
//! drift apart. What a value means, and whether it makes sense, is not known here.
//!
//! Comments on fields are what an editor shows: they are written for people who add facts.

use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::Deserialize;
use serde_json::Value;

use super::model::{Asks, Kind, Operator};
use super::source::FileKind;

/// What an id looks like.
const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// A value and where it stands.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct At<T>(toml::Spanned<T>);

impl<T> At<T> {
    /// Half-open byte offsets into the text it was read from; empty for what was not written at all.
    pub(super) fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// Whether somebody wrote it. False for what stands in for a missing or mistyped value.
    pub(super) fn is_written(&self) -> bool {
        !self.span().is_empty()
    }

    /// The value.
    pub(super) fn get(&self) -> &T {
        self.0.get_ref()
    }

    /// The value.
    pub(super) fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

/// A place changes nothing about what may be written.
impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A text, or a list of texts.
// The walk turns the one into a list before serde sees it.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes a shape, holds nothing")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// A text in both languages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Both {
    /// In English.
    pub(super) en: At<String>,
    /// In French.
    pub(super) fr: At<String>,
}

/// Texts in both languages.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    /// In English.
    #[serde(default)]
    pub(super) en: Vec<At<String>>,
    /// In French.
    #[serde(default)]
    pub(super) fr: Vec<At<String>>,
}

/// Where facts come from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "sources.toml")]
pub(super) struct SourcesFile {
    /// One source each.
    #[serde(default)]
    pub(super) source: Vec<At<Source>>,
}

/// A publication facts come from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "source")]
pub(super) struct Source {
    /// Key, unique among sources: lower-case words joined by hyphens.
    #[schemars(regex(pattern = ID), example = &"s1")]
    pub(super) id: At<String>,
    /// Who published it.
    #[schemars(example = &"CARA")]
    pub(super) publisher: At<String>,
    /// Its title, in its own language, at most 256 characters.
    #[schemars(example = &"Background")]
    pub(super) title: At<String>,
    /// Its address; leave out for a source that is not on the web.
    #[schemars(example = &"https://www.cara.eu/en/about-us/")]
    pub(super) url: Option<At<String>>,
    /// Two-letter code of its language.
    #[schemars(example = &"fr")]
    pub(super) language: At<String>,
    /// When it was published, as EDTF, never more precise than known.
    #[schemars(example = &"2007-02-15", example = &"2023~")]
    pub(super) date: Option<At<String>>,
    /// What a reader should know of it: a copy, a mirror, undated.
    pub(super) note: Option<Both>,
}

/// What facts are about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "entities/*.toml")]
pub(super) struct EntitiesFile {
    /// One entity each.
    #[serde(default)]
    pub(super) entity: Vec<At<Entity>>,
}

/// Something facts are about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "entity")]
pub(super) struct Entity {
    /// Key, unique among entities: lower-case words joined by hyphens.
    #[schemars(regex(pattern = ID), example = &"lutb")]
    pub(super) id: At<String>,
    /// What it is.
    pub(super) kind: At<Kind>,
    /// The short name used in replies.
    pub(super) name: Both,
    /// The full name, where it differs.
    pub(super) long: Option<Both>,
    /// The name after "of".
    pub(super) of: Option<Of>,
    /// Other names people type, without `name` and `long`.
    #[serde(default)]
    pub(super) aliases: Lists,
    /// Id of the entity it became.
    #[schemars(example = &"cara")]
    pub(super) successor: Option<At<String>>,
    /// A body known by name only, which the base does not cover.
    #[serde(default)]
    pub(super) outside: bool,
    /// The entity meant when a question names none; at most one.
    pub(super) main: Option<At<bool>>,
}

/// A name after "of".
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    /// French "de" with the name, contracted. Made from the name when left out.
    #[schemars(example = &"du Grand Lyon")]
    pub(super) fr: At<String>,
}

/// What can be asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "relations.toml")]
pub(super) struct RelationsFile {
    /// One relation each.
    #[serde(default)]
    pub(super) relation: Vec<At<Relation>>,
}

/// Something that can be asked of an entity.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "relation")]
pub(super) struct Relation {
    /// Key, unique among relations: lower-case words joined by hyphens.
    #[schemars(regex(pattern = ID), example = &"created")]
    pub(super) id: At<String>,
    /// A noun phrase for it, as in "the … of LUTB".
    pub(super) name: Both,
    /// The kind of answer.
    pub(super) asks: At<Asks>,
    /// Set for questions that are computed from several facts.
    pub(super) operator: Option<At<Operator>>,
    /// For `operator = "duration"`, `"first"` and `"between"`: ids of the relations whose dates count,
    /// the one that says most first.
    #[serde(default)]
    #[schemars(with = "OneOrMore", example = &"created")]
    pub(super) of: Vec<At<String>>,
    /// For `operator = "duration"`: ids of the relations whose dates end it; what has a successor ends with
    /// that too.
    #[serde(default)]
    #[schemars(with = "OneOrMore", example = &"dissolved")]
    pub(super) until: Vec<At<String>>,
    /// Ways to ask, with the slot `{subject}`; computed questions may hold `{date}` too.
    #[serde(default)]
    pub(super) patterns: Lists,
    /// Ways to ask from the value back to the subject, with the slot `{object}`.
    #[serde(default)]
    pub(super) reverse: Lists,
    /// Ways to ask whether a value holds, with the slots `{subject}` and `{object}`.
    #[serde(default)]
    pub(super) yesno: Lists,
}

/// Statements.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "facts/*.toml")]
pub(super) struct FactsFile {
    /// Values for all facts of this file that do not give their own.
    #[serde(default)]
    pub(super) defaults: Defaults,
    /// One statement each.
    #[serde(default)]
    pub(super) fact: Vec<At<Fact>>,
}

/// Values for all facts of a file that do not give their own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    /// Day the statements were last compared with their sources.
    #[schemars(example = &"2026-11-22")]
    pub(super) checked: Option<At<String>>,
    /// Ids of their sources.
    #[serde(default)]
    pub(super) sources: Vec<At<String>>,
}

/// A statement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "fact")]
pub(super) struct Fact {
    /// Key, unique among facts: lower-case words joined by hyphens.
    #[schemars(regex(pattern = ID), example = &"lutb-founders")]
    pub(super) id: At<String>,
    /// Id of the entity it is about; leave out for a plain question and answer.
    #[schemars(example = &"lutb")]
    pub(super) subject: Option<At<String>>,
    /// Id of the relation it answers; leave out when none fits (then `phrasings` are needed).
    #[schemars(example = &"founders")]
    pub(super) relation: Option<At<String>>,
    /// When it happened or held, as EDTF: day `2017-11-21`, month `2017-02`, year `2012`, about `2004~`,
    /// uncertain `2016?`, interval `2004-11/2005-02`, since `2015/..`, no later than `../2016-04-18`.
    #[schemars(example = &"2005")]
    pub(super) date: Option<At<String>>,
    /// Headline for timelines, at most 100 characters; on milestones only.
    pub(super) event: Option<Both>,
    /// The words of the answer, at most 1,800 characters: the first sentence is the answer in full, then
    /// context.
    pub(super) answer: Both,
    /// Ids of the entities that are the value of the fact: founders, members, partners.
    #[serde(default)]
    pub(super) objects: Vec<At<String>>,
    /// `objects` is the whole list, so an entity that is not in it means no.
    pub(super) complete: Option<At<bool>>,
    /// The value changes with time; then `as_of` is needed.
    pub(super) volatile: Option<At<bool>>,
    /// The date of a changing value, as EDTF.
    #[schemars(example = &"2024-12")]
    pub(super) as_of: Option<At<String>>,
    /// Day after which somebody should look again.
    #[schemars(example = &"2027-06-30")]
    pub(super) review: Option<At<String>>,
    /// Deduced from sources, stated by none; the answer must say so.
    pub(super) inference: Option<At<bool>>,
    /// The honest "no source says": the answer says what is not known.
    #[serde(default)]
    pub(super) gap: bool,
    /// The plain answer among several facts of the same subject and relation.
    pub(super) main: Option<At<bool>>,
    /// Ids of its sources: at least one, here or in `[defaults]`.
    pub(super) sources: Option<At<Vec<At<String>>>>,
    /// Day it was last compared with its sources, when not that of `[defaults]`.
    #[schemars(example = &"2026-11-22")]
    pub(super) checked: Option<At<String>>,
    /// Ways to ask for this fact alone. The first is shown to people: a short question.
    #[serde(default)]
    pub(super) phrasings: Lists,
}

/// Questions with the verdict they must get.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "questions/*.toml")]
pub(super) struct QuestionsFile {
    /// One question each.
    #[serde(default)]
    pub(super) question: Vec<At<Question>>,
}

/// A question with the verdict it must get.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "question")]
pub(super) struct Question {
    /// What is asked.
    #[schemars(example = &"when was LUTB created?")]
    pub(super) ask: At<String>,
    /// Earlier questions of the conversation, oldest first.
    #[serde(default)]
    pub(super) after: Vec<At<String>>,
    /// Id of the fact that must answer, `offer` (a list of candidates) or `unknown` (a refusal); of
    /// several in a list, any is right.
    #[schemars(with = "OneOrMore", example = &"lutb-created")]
    pub(super) expect: Vec<At<String>>,
    /// What kind of question it is, for reports; `direct` when left out.
    #[schemars(example = &"typo")]
    pub(super) style: Option<At<String>>,
    /// Known to get another verdict today: still measured, but it keeps nobody from reloading.
    #[serde(default)]
    pub(super) open: bool,
    /// One of many questions as people type them: learned from and measured with, but no verdict is
    /// promised, so it is not asked before a reload.
    #[serde(default)]
    pub(super) sample: bool,
}

/// General-language knowledge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "lexicon.toml")]
pub(super) struct LexiconFile {
    /// One meaning each.
    #[serde(default)]
    pub(super) concept: Vec<At<Concept>>,
    /// What can be asked of anything, one property each: a question that names one which a fact's
    /// own questions never name is not answered by that fact.
    #[serde(default)]
    pub(super) aspect: Vec<At<Concept>>,
    /// What questions ask for, one kind each ("time", "place"), with the words that ask for it: a
    /// question of a kind in which a fact is never asked for is hardly answered by that fact.
    #[serde(default)]
    pub(super) interrogative: Vec<At<Concept>>,
    /// One meaning of text-message spellings each.
    #[serde(default)]
    pub(super) shorthand: Vec<At<Shorthand>>,
    /// Words and phrases without content in a question.
    #[serde(default)]
    pub(super) filler: Vec<Lists>,
    /// Phrases that make a message no question when they are all it says: thanks, praise.
    #[serde(default)]
    pub(super) remark: Vec<Lists>,
}

/// Words with one meaning, over both languages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "concept")]
pub(super) struct Concept {
    /// Key, unique among concepts: lower-case words joined by hyphens.
    #[schemars(regex(pattern = ID), example = &"when")]
    pub(super) id: At<String>,
    /// Its words and short phrases in English.
    #[serde(default)]
    pub(super) en: Vec<At<String>>,
    /// Its words and short phrases in French.
    #[serde(default)]
    pub(super) fr: Vec<At<String>>,
}

/// Text-message spellings and what they stand for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "shorthand")]
pub(super) struct Shorthand {
    /// What people write.
    #[schemars(with = "OneOrMore", example = &"ckoi")]
    pub(super) write: Vec<At<String>>,
    /// The plain words it stands for.
    #[schemars(example = &"c'est quoi")]
    pub(super) means: At<String>,
}

/// The JSON Schema of every kind of file, by the name editors find it under: `facts.json`.
#[must_use]
pub fn schemas() -> Vec<(String, Value)> {
    FileKind::ALL
        .into_iter()
        .map(|kind| (format!("{}.json", kind.name()), schema(kind)))
        .collect()
}

/// The JSON Schema of one kind of file.
pub(super) fn schema(kind: FileKind) -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let schema = match kind {
        FileKind::Sources => generator.into_root_schema_for::<SourcesFile>(),
        FileKind::Relations => generator.into_root_schema_for::<RelationsFile>(),
        FileKind::Lexicon => generator.into_root_schema_for::<LexiconFile>(),
        FileKind::Entities => generator.into_root_schema_for::<EntitiesFile>(),
        FileKind::Facts => generator.into_root_schema_for::<FactsFile>(),
        FileKind::Questions => generator.into_root_schema_for::<QuestionsFile>(),
    };
    let mut schema = schema.to_value();
    drop_null(&mut schema);
    schema
}

/// TOML has no null: a key that may be left out is one that is not required, nothing more.
fn drop_null(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| key != "default" || !value.is_null());
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|kind| kind != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
                if let [only] = &mut choices[..] {
                    let only = std::mem::take(only);
                    map.remove("anyOf");
                    // Draft 7 ignores what stands beside a `$ref`, hence `allOf`.
                    map.insert("allOf".to_owned(), Value::Array(vec![only]));
                }
            }
            map.values_mut().for_each(drop_null);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null),
        _ => {}
    }
}
