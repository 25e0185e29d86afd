//! The fields of a fact, as people name them and type them.

use std::fmt;
use std::str::FromStr;

use super::input::{self, BadInput};
use crate::lang::Lang;

/// A field of a fact, in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "named as in the files, where each is explained"
)]
pub enum Field {
    Subject,
    Relation,
    Date,
    Gap,
    Main,
    Inference,
    Volatile,
    AsOf,
    Review,
    Event(Lang),
    Answer(Lang),
    Objects,
    Complete,
    Sources,
    Checked,
    Phrasings(Lang),
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Line,
    /// Lines.
    Text,
    /// Yes or no.
    Flag,
    /// Ids.
    Ids,
    /// Texts, one a line.
    Lines,
}

/// What is written into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Texts.
    List(Vec<String>),
    /// Nothing: the field is taken out.
    Absent,
}

/// A field and what it is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The field.
    pub field: Field,
    /// What it is to hold.
    pub value: Value,
}

impl Field {
    /// All of them, in the order in which they are written.
    pub const ALL: [Field; 19] = [
        Field::Subject,
        Field::Relation,
        Field::Date,
        Field::Gap,
        Field::Main,
        Field::Inference,
        Field::Volatile,
        Field::AsOf,
        Field::Review,
        Field::Event(Lang::En),
        Field::Event(Lang::Fr),
        Field::Answer(Lang::En),
        Field::Answer(Lang::Fr),
        Field::Objects,
        Field::Complete,
        Field::Sources,
        Field::Checked,
        Field::Phrasings(Lang::En),
        Field::Phrasings(Lang::Fr),
    ];

    /// Its key in the files: `answer.en`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Field::Subject => "subject",
            Field::Relation => "relation",
            Field::Date => "date",
            Field::Gap => "gap",
            Field::Main => "main",
            Field::Inference => "inference",
            Field::Volatile => "volatile",
            Field::AsOf => "as_of",
            Field::Review => "review",
            Field::Event(Lang::En) => "event.en",
            Field::Event(Lang::Fr) => "event.fr",
            Field::Answer(Lang::En) => "answer.en",
            Field::Answer(Lang::Fr) => "answer.fr",
            Field::Objects => "objects",
            Field::Complete => "complete",
            Field::Sources => "sources",
            Field::Checked => "checked",
            Field::Phrasings(Lang::En) => "phrasings.en",
            Field::Phrasings(Lang::Fr) => "phrasings.fr",
        }
    }

    /// What it holds.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Field::Subject
            | Field::Relation
            | Field::Date
            | Field::AsOf
            | Field::Review
            | Field::Event(_)
            | Field::Checked => Shape::Line,
            Field::Answer(_) => Shape::Text,
            Field::Gap | Field::Main | Field::Inference | Field::Volatile | Field::Complete => {
                Shape::Flag
            }
            Field::Objects | Field::Sources => Shape::Ids,
            Field::Phrasings(_) => Shape::Lines,
        }
    }

    /// What somebody typed for it; an empty text takes the field out.
    ///
    /// # Errors
    /// When it holds a control character, or a flag is neither yes nor no.
    pub fn read(self, typed: &str) -> Result<Value, BadInput> {
        let key = self.key();
        let text = |text: String| match text.is_empty() {
            true => Value::Absent,
            false => Value::Text(text),
        };
        let list = |list: Vec<String>| match list.is_empty() {
            true => Value::Absent,
            false => Value::List(list),
        };
        Ok(match self.shape() {
            Shape::Line => text(input::line(key, typed)?),
            Shape::Text => text(input::text(key, typed)?),
            Shape::Flag if typed.trim().is_empty() => Value::Absent,
            // A flag that is not set is not written.
            Shape::Flag => match input::flag(key, typed)? {
                true => Value::Flag(true),
                false => Value::Absent,
            },
            Shape::Ids => list(input::ids(key, typed)?),
            Shape::Lines => list(input::lines(key, typed)?),
        })
    }

    /// A setting from what somebody typed.
    ///
    /// # Errors
    /// As [`Field::read`].
    pub fn typed(self, typed: &str) -> Result<Setting, BadInput> {
        let value = self.read(typed)?;
        Ok(Setting { field: self, value })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A name that is no field of a fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fact has no `{0}`; it has {all}", all = all_keys())]
pub struct UnknownField(pub String);

fn all_keys() -> String {
    Field::ALL.map(Field::key).join(", ")
}

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let name = name.trim();
        Field::ALL
            .into_iter()
            .find(|field| field.key() == name)
            .ok_or_else(|| UnknownField(name.to_owned()))
    }
}

impl Value {
    /// As it is typed: lists one element a line, or ids with commas between them.
    #[must_use]
    pub fn as_typed(&self, shape: Shape) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
            Value::List(list) if shape == Shape::Ids => list.join(", "),
            Value::List(list) => list.join("\n"),
            Value::Absent => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_key_and_they_stand_in_order() {
        for field in Field::ALL {
            assert_eq!(field.key().parse(), Ok(field));
        }
        assert!(Field::ALL.is_sorted());
        let error = "anwser.en".parse::<Field>().unwrap_err();
        assert!(error.to_string().contains("answer.en"), "{error}");
    }

    #[test]
    fn what_is_typed_back_is_the_same() {
        for (field, typed) in [
            (Field::Date, "2017-02"),
            (Field::Answer(Lang::En), "One.\nTwo: \"three\"."),
            (Field::Sources, "s1, s2"),
            (Field::Phrasings(Lang::Fr), "quand ?\noù, déjà ?"),
            (Field::Gap, "yes"),
            (Field::Gap, ""),
            (Field::Event(Lang::En), ""),
        ] {
            let value = field.read(typed).unwrap();
            assert_eq!(value.as_typed(field.shape()), typed, "{field}");
        }
        assert_eq!(Field::Gap.read("no"), Ok(Value::Absent));
    }
}
