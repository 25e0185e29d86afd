//! A value that TOML and JSON both have, with the keys of objects in the order they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use toml_edit::{Array, InlineTable, Item, Table, Value};

/// Lists whose texts are longer than this together, in bytes, are written one value a line.
const MAX_LINE: usize = 90;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Nothing, which TOML does not write.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn into_map(self) -> Option<Vec<(String, Node)>> {
        match self {
            Node::Map(keys) => Some(keys),
            _ => None,
        }
    }

    pub(super) fn into_list(self) -> Option<Vec<Node>> {
        match self {
            Node::List(values) => Some(values),
            _ => None,
        }
    }

    /// What a file holds.
    pub(super) fn from_item(item: &Item) -> Node {
        match item {
            Item::None => Node::Null,
            Item::Value(value) => Node::from_value(value),
            Item::Table(table) => Node::from_pairs(table.iter()),
            Item::ArrayOfTables(tables) => Node::List(
                tables
                    .iter()
                    .map(|table| Node::from_pairs(table.iter()))
                    .collect(),
            ),
        }
    }

    fn from_pairs<'t>(pairs: impl Iterator<Item = (&'t str, &'t Item)>) -> Node {
        Node::Map(
            pairs
                .map(|(key, item)| (key.to_owned(), Node::from_item(item)))
                .collect(),
        )
    }

    fn from_value(value: &Value) -> Node {
        match value {
            Value::String(text) => Node::Text(text.value().clone()),
            Value::Integer(number) => Node::Int(*number.value()),
            Value::Float(number) => Node::Float(*number.value()),
            Value::Boolean(flag) => Node::Bool(*flag.value()),
            // Dates are texts in knowledge files; one without quotes is told by `check`.
            Value::Datetime(date) => Node::Text(date.value().to_string()),
            Value::Array(values) => Node::List(values.iter().map(Node::from_value).collect()),
            Value::InlineTable(table) => {
                let pairs = table.iter();
                Node::Map(
                    pairs
                        .map(|(key, value)| (key.to_owned(), Node::from_value(value)))
                        .collect(),
                )
            }
        }
    }

    /// What is written into a file; objects as dotted keys. None for nothing.
    pub(super) fn into_item(self) -> Option<Item> {
        match self {
            Node::Map(keys) => {
                let mut table = Table::new();
                table.set_dotted(true);
                for (key, value) in keys {
                    if let Some(item) = value.into_item() {
                        table.insert(&key, item);
                    }
                }
                Some(Item::Table(table))
            }
            other => other.into_value().map(Item::Value),
        }
    }

    fn into_value(self) -> Option<Value> {
        Some(match self {
            Node::Null => return None,
            Node::Bool(flag) => flag.into(),
            Node::Int(number) => number.into(),
            Node::Float(number) => number.into(),
            Node::Text(text) => text.into(),
            Node::List(values) => {
                let mut array: Array = values.into_iter().filter_map(Node::into_value).collect();
                if array.len() > 1 && array.to_string().len() > MAX_LINE {
                    for value in array.iter_mut() {
                        value.decor_mut().set_prefix("\n  ");
                    }
                    array.set_trailing("\n");
                    array.set_trailing_comma(true);
                }
                Value::Array(array)
            }
            Node::Map(keys) => {
                let pairs = keys.into_iter();
                let table: InlineTable = pairs
                    .filter_map(|(key, value)| Some((key, value.into_value()?)))
                    .collect();
                Value::InlineTable(table)
            }
        })
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(self) {
            Ok(json) => f.write_str(&json),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(flag) => serializer.serialize_bool(*flag),
            Node::Int(number) => serializer.serialize_i64(*number),
            Node::Float(number) => serializer.serialize_f64(*number),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(values) => serializer.collect_seq(values),
            Node::Map(keys) => {
                let mut map = serializer.serialize_map(Some(keys.len()))?;
                for (key, value) in keys {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(i64::try_from(number).map_or(Node::Float(number as f64), Node::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Node::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut keys = Vec::new();
        while let Some(pair) = map.next_entry()? {
            keys.push(pair);
        }
        Ok(Node::Map(keys))
    }
}
