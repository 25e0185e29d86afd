//! What keys and types a file may hold, and the walk that reports everything else.
//!
//! serde stops at the first thing that does not fit; an author wants all of them. So before serde sees
//! a table, [`Shape::mend`] walks it beside the JSON Schema that was generated from the very types serde
//! will read it into. What does not fit is reported and *mended*: unknown keys are dropped, mistyped
//! values too, and missing ones are filled in with something empty that has no place in the text. Then
//! serde always succeeds, and the checks of meaning see the rest of an entry even when one key is wrong.

use std::borrow::Cow;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Place};
use super::nearest::nearest;

/// What may be written in one place.
#[derive(Debug)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// One of these words.
    Choice(Vec<String>),
    /// A list.
    List(Box<Shape>),
    /// A list, or one element of it written without brackets.
    OneOrMore(Box<Shape>),
    /// A table.
    Table(Table),
}

/// What keys a table may hold.
#[derive(Debug)]
pub(super) struct Table {
    /// What people call it: `fact`.
    title: String,
    /// Its keys, sorted.
    fields: Vec<Field>,
}

/// A key of a table.
#[derive(Debug)]
struct Field {
    name: String,
    shape: Shape,
    required: bool,
}

impl Table {
    fn field(&self, name: &str) -> Option<&Field> {
        let at = self
            .fields
            .binary_search_by(|field| field.name.as_str().cmp(name))
            .ok()?;
        Some(&self.fields[at])
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }
}

impl Shape {
    /// Reads a schema made by `schema`: only the few keywords that its types can produce.
    pub(super) fn from_schema(root: &Value) -> Self {
        Self::compile(root, root)
    }

    fn compile(schema: &Value, root: &Value) -> Self {
        if let Some(target) = schema["$ref"].as_str() {
            let target = root
                .pointer(target.trim_start_matches('#'))
                .unwrap_or(&Value::Null);
            return Self::compile(target, root);
        }
        if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            return Self::compile(only, root);
        }
        if let Some(choices) = schema["enum"].as_array() {
            return Shape::Choice(choices.iter().filter_map(word).collect());
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let words = choices.iter().flat_map(|choice| {
                let one = std::slice::from_ref(&choice["const"]);
                choice["enum"].as_array().map_or(one, Vec::as_slice)
            });
            return Shape::Choice(words.filter_map(word).collect());
        }
        if let Some([one, _]) = schema["anyOf"].as_array().map(Vec::as_slice) {
            return Shape::OneOrMore(Box::new(Self::compile(one, root)));
        }
        match schema["type"].as_str() {
            Some("boolean") => Shape::Flag,
            Some("array") => Shape::List(Box::new(Self::compile(&schema["items"], root))),
            Some("object") => Shape::Table(Self::compile_table(schema, root)),
            _ => Shape::Text,
        }
    }

    fn compile_table(schema: &Value, root: &Value) -> Table {
        let required = schema["required"].as_array();
        let required = |name: &str| {
            required.is_some_and(|names| names.iter().any(|given| given.as_str() == Some(name)))
        };
        let mut fields: Vec<_> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, schema)| Field {
                name: name.clone(),
                shape: Self::compile(schema, root),
                required: required(name),
            })
            .collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        Table {
            title: schema["title"].as_str().unwrap_or_default().to_owned(),
            fields,
        }
    }

    /// Reports all that does not fit this shape, and makes the value fit. Returns whether it can be
    /// kept: a mistyped value cannot, and its owner decides what stands in for it.
    fn mend<'a>(&'a self, value: &mut Spanned<DeValue<'_>>, walk: &mut Walk<'a>) -> bool {
        let span = value.span();
        match (self, value.get_mut()) {
            (Shape::Text, DeValue::String(_)) | (Shape::Flag, DeValue::Boolean(_)) => true,
            (Shape::Choice(words), DeValue::String(text)) => {
                let known = words.iter().any(|word| word == text);
                if !known {
                    walk.unknown_value(text, words, span.start);
                }
                known
            }
            (Shape::OneOrMore(item), DeValue::String(_)) => {
                if !item.mend(value, walk) {
                    return false;
                }
                let one = std::mem::replace(value, blank(DeValue::Array(DeArray::new())));
                if let DeValue::Array(list) = value.get_mut() {
                    list.push(one);
                }
                true
            }
            (Shape::List(item) | Shape::OneOrMore(item), DeValue::Array(list)) => {
                walk.path.push(Step::Element);
                let fits: Vec<_> = list
                    .iter_mut()
                    .map(|element| item.mend(element, walk))
                    .collect();
                walk.path.pop();
                if fits.contains(&false) {
                    let all = std::mem::replace(list, DeArray::new());
                    for (element, fits) in all.into_iter().zip(fits) {
                        if fits {
                            list.push(element);
                        }
                    }
                }
                true
            }
            (Shape::Table(shape), DeValue::Table(table)) => {
                walk.table(shape, table, span.start);
                true
            }
            (_, found) => {
                walk.wrong_type(self, found, span);
                false
            }
        }
    }

    /// Something empty of this shape, in place of what is missing.
    fn blank(&self) -> DeValue<'static> {
        match self {
            Shape::Text => DeValue::String(Cow::Borrowed("")),
            Shape::Flag => DeValue::Boolean(false),
            Shape::Choice(words) => {
                DeValue::String(words.first().cloned().unwrap_or_default().into())
            }
            Shape::List(_) | Shape::OneOrMore(_) => DeValue::Array(DeArray::new()),
            Shape::Table(shape) => {
                let mut table = DeTable::new();
                for field in shape.fields.iter().filter(|field| field.required) {
                    let key = Spanned::new(0..0, Cow::Owned(field.name.clone()));
                    table.insert(key, blank(field.shape.blank()));
                }
                DeValue::Table(table)
            }
        }
    }

    /// How to say what belongs here.
    fn wanted(&self) -> &'static str {
        match self {
            Shape::Text | Shape::Choice(_) => "a text in quotes",
            Shape::Flag => "true or false",
            Shape::List(item) if matches!(**item, Shape::Table(_)) => "a list of entries",
            Shape::List(_) => "a list of texts",
            Shape::OneOrMore(_) => "a text or a list of texts",
            Shape::Table(table) if table.field("en").is_some() => "in both languages",
            Shape::Table(_) => "a table",
        }
    }
}

/// A word of a choice.
fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A value that stands nowhere in the text.
fn blank(value: DeValue<'_>) -> Spanned<DeValue<'_>> {
    Spanned::new(0..0, value)
}

/// One step from a file to a value in it.
enum Step<'a> {
    Key(&'a str),
    Element,
}

/// The walk over one table of a file.
pub(super) struct Walk<'a> {
    /// The text, for quoting what was written.
    text: &'a str,
    /// Byte offset → place.
    place: &'a dyn Fn(usize) -> Place,
    /// How it came to where it is.
    path: Vec<Step<'a>>,
    /// The shape of the file.
    file: &'a Table,
    /// What it found.
    found: Vec<Diagnostic>,
    /// Where the entries start that had something wrong.
    flawed: Vec<usize>,
    /// Ids of entries that had to be dropped whole.
    lost: Vec<String>,
}

/// What [`walk`] found.
#[derive(Default)]
pub(super) struct Walked {
    /// Everything that does not fit.
    pub(super) found: Vec<Diagnostic>,
    /// Byte offsets at which flawed entries start, in order.
    pub(super) flawed: Vec<usize>,
    /// Ids of entries that had to be dropped whole, since `[[facts]]` is not `[[fact]]`.
    pub(super) lost: Vec<String>,
}

/// Walks the table of a file (or of a piece of one) and makes it fit `shape`.
pub(super) fn walk<'a>(
    shape: &'a Shape,
    table: &mut DeTable<'_>,
    text: &'a str,
    place: &'a dyn Fn(usize) -> Place,
) -> Walked {
    let Shape::Table(file) = shape else {
        return Walked::default();
    };
    let mut walk = Walk {
        text,
        place,
        path: Vec::new(),
        file,
        found: Vec::new(),
        flawed: Vec::new(),
        lost: Vec::new(),
    };
    walk.table(file, table, 0);
    walk.flawed.sort_unstable();
    Walked {
        found: walk.found,
        flawed: walk.flawed,
        lost: walk.lost,
    }
}

impl<'a> Walk<'a> {
    /// Makes a table fit its shape. `start` is where it starts in the text.
    fn table(&mut self, shape: &'a Table, table: &mut DeTable<'_>, start: usize) {
        let before = self.found.len();
        let mut drop = Vec::new();
        for (key, value) in table.iter_mut() {
            let name: &str = key.get_ref();
            let Some(field) = shape.field(name) else {
                self.unknown_key(shape, name, key.span().start, value.get_ref());
                drop.push(name.to_owned());
                continue;
            };
            self.path.push(Step::Key(&field.name));
            if !field.shape.mend(value, self) {
                if field.required {
                    *value = blank(field.shape.blank());
                } else {
                    drop.push(name.to_owned());
                }
            }
            self.path.pop();
        }
        for name in drop {
            table.remove(name.as_str());
        }
        for field in shape.fields.iter().filter(|field| field.required) {
            if !table.contains_key(field.name.as_str()) {
                self.missing(shape, &field.name, start);
                let key = Spanned::new(0..0, Cow::Owned(field.name.clone()));
                table.insert(key, blank(field.shape.blank()));
            }
        }
        if self.is_entry() && self.found.len() > before {
            self.flawed.push(start);
        }
    }

    /// Whether the table at hand is an entry: `[[fact]]`.
    fn is_entry(&self) -> bool {
        matches!(self.path[..], [Step::Key(_), Step::Element])
    }

    fn unknown_key(&mut self, shape: &Table, name: &str, at: usize, value: &DeValue<'_>) {
        let key = self.key(name);
        let message = if self.path.is_empty() {
            if let DeValue::Array(entries) = value {
                let ids = entries
                    .iter()
                    .filter_map(|entry| entry.get_ref().get("id")?.get_ref().as_str());
                self.lost.extend(ids.map(str::to_owned));
            }
            format!("`{key}` means nothing at the top of this file")
        } else if self.is_entry() {
            format!("a {} has no key `{key}`", shape.title)
        } else {
            format!("there is no key `{key}`")
        };
        let help = if let Some(near) = nearest(name, shape.names()) {
            format!("did you mean `{}`?", self.key(near))
        } else if let Some(entry) = self.entry_with(name) {
            format!("keys belong to an entry: write `[[{entry}]]` on a line above it")
        } else {
            let names: Vec<_> = shape.names().map(|name| format!("`{name}`")).collect();
            format!("the keys are {}", names.join(", "))
        };
        self.report(Code::UnknownKey, at, message, help);
    }

    /// The kind of entry that has the key `name`, for keys that stand above all entries.
    fn entry_with(&self, name: &str) -> Option<&str> {
        let file = self.path.is_empty().then_some(self.file)?;
        let entry = file.fields.iter().find(|field| match &field.shape {
            Shape::List(item) => {
                matches!(&**item, Shape::Table(entry) if entry.field(name).is_some())
            }
            _ => false,
        })?;
        Some(&entry.name)
    }

    fn missing(&mut self, shape: &Table, name: &str, at: usize) {
        let key = self.key(name);
        let other = match name {
            "en" => Some(("French", "English")),
            "fr" => Some(("English", "French")),
            _ => None,
        };
        let both = shape.field("en").is_some() && shape.field("fr").is_some();
        match other.filter(|_| both) {
            Some((given, wanted)) => self.report(
                Code::MissingTranslation,
                at,
                format!("`{key}` is missing: this is given in {given} only"),
                format!("write `{key} = \"…\"` in {wanted}"),
            ),
            None => {
                let field = shape.field(name).map(|field| &field.shape);
                let example = match field {
                    Some(Shape::Table(_)) => format!("`{key}.en = \"…\"` and `{key}.fr = \"…\"`"),
                    Some(Shape::List(_)) => format!("`{key} = [\"…\"]`"),
                    _ => format!("`{key} = \"…\"`"),
                };
                let what = if self.is_entry() {
                    format!("this {} has no `{key}`", shape.title)
                } else {
                    format!("`{key}` is missing")
                };
                self.report(Code::MissingKey, at, what, format!("add {example}"));
            }
        }
    }

    fn unknown_value(&mut self, text: &str, words: &[String], at: usize) {
        let key = self.key("");
        let list: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        let help = match nearest(text, words.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? The words are {}", list.join(", ")),
            None => format!("the words are {}", list.join(", ")),
        };
        let message = format!("`{key}` cannot be `{}`", quoted(text));
        self.report(Code::UnknownValue, at, message, help);
    }

    fn wrong_type(&mut self, wanted: &Shape, found: &DeValue<'_>, span: std::ops::Range<usize>) {
        let key = self.key("");
        let written = quoted(self.text.get(span.clone()).unwrap_or_default());
        let help = match (wanted, found) {
            (Shape::List(item), DeValue::Table(_)) if matches!(**item, Shape::Table(_)) => {
                format!("write `[[{key}]]`, with two brackets on each side")
            }
            (Shape::Text | Shape::Choice(_), DeValue::Array(_) | DeValue::Table(_)) => {
                format!("write `{key} = \"…\"`")
            }
            (Shape::Text | Shape::Choice(_), _) => format!("put it in quotes: `\"{written}\"`"),
            (Shape::Flag, _) => format!("write `{key} = true`, without quotes"),
            (Shape::List(_), DeValue::String(_)) => format!("put it in brackets: `[{written}]`"),
            (Shape::List(_) | Shape::OneOrMore(_), _) => format!("write `{key} = [\"…\", \"…\"]`"),
            (Shape::Table(table), _) if table.field("en").is_some() => {
                format!("give it in both languages: `{key}.en = …` and `{key}.fr = …`")
            }
            (Shape::Table(table), _) => {
                let names: Vec<_> = table
                    .names()
                    .map(|name| format!("`{key}.{name} = …`"))
                    .collect();
                format!("write {}", names.join(", "))
            }
        };
        let what = if matches!(self.path.last(), Some(Step::Element)) {
            format!("an element of `{key}`")
        } else {
            format!("`{key}`")
        };
        let message = format!(
            "{what} must be {}, not {}",
            wanted.wanted(),
            describe(found)
        );
        self.report(Code::WrongType, span.start, message, help);
    }

    fn report(&mut self, code: Code, at: usize, message: String, help: String) {
        self.found
            .push(Diagnostic::new(code, (self.place)(at), message).help(help));
    }

    /// The dotted key of `name` in the table at hand (or of the value at hand, without a name), as an
    /// author writes it within an entry.
    fn key(&self, name: &str) -> String {
        let within = match &self.path[..] {
            [Step::Key(_), Step::Element, rest @ ..] => rest,
            all => all,
        };
        let mut key = String::new();
        for step in within {
            if let Step::Key(part) = step {
                key.push_str(part);
                key.push('.');
            }
        }
        key.push_str(&quoted(name));
        key.truncate(key.trim_end_matches('.').len());
        if key.is_empty() {
            // The entries of a file: the element of a list the file itself holds.
            if let Some(Step::Key(part)) = self.path.first() {
                key.push_str(part);
            }
        }
        key
    }
}

/// What was written, cut to what fits in a message.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    const MAX_CHARS: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &line[..end])),
        None if line.len() < text.len() => Cow::Owned(format!("{line}…")),
        None => Cow::Borrowed(line),
    }
}

/// How to say what was found.
fn describe(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(true) => "true",
        DeValue::Boolean(false) => "false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
