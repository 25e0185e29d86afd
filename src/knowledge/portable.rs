//! A whole base as one JSON document, and back.
//!
//! Entries are as their files write them, in the same order, with two differences: each says in `file`
//! which file it stands in, and a fact has the `checked` and `sources` that its file gives to all its
//! facts, so that it can be read by itself. Comments are not kept; the files remain the truth.
//!
//! What comes back is a [`Folder`], which is checked as any other: nothing is taken on trust here but
//! the outermost shape.

mod node;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::source::{FileKind, Folder};
use node::Node;

/// What the documents of this version say they are.
const FORMAT: u32 = 1;
/// The key that tells the file of an entry.
const FILE: &str = "file";
/// What the facts of a file have in common.
const DEFAULTS: &str = "defaults";

/// A whole base.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portable {
    /// The version of this format.
    format: u32,
    #[serde(default)]
    sources: Vec<Node>,
    #[serde(default)]
    entities: Vec<Node>,
    #[serde(default)]
    relations: Vec<Node>,
    #[serde(default)]
    facts: Vec<Node>,
    #[serde(default)]
    questions: Vec<Node>,
    #[serde(default)]
    concepts: Vec<Node>,
    #[serde(default)]
    aspects: Vec<Node>,
    #[serde(default)]
    interrogatives: Vec<Node>,
    #[serde(default)]
    shorthands: Vec<Node>,
    #[serde(default)]
    fillers: Vec<Node>,
    #[serde(default)]
    remarks: Vec<Node>,
}

/// A list of the document: its name there, and what its entries are in files.
struct List {
    name: &'static str,
    kind: FileKind,
    /// The name of its tables in a file.
    table: &'static str,
    /// Where entries go that do not say.
    file: &'static str,
}

const LISTS: [List; 11] = [
    List {
        name: "sources",
        kind: FileKind::Sources,
        table: "source",
        file: "sources.toml",
    },
    List {
        name: "entities",
        kind: FileKind::Entities,
        table: "entity",
        file: "entities/imported.toml",
    },
    List {
        name: "relations",
        kind: FileKind::Relations,
        table: "relation",
        file: "relations.toml",
    },
    List {
        name: "facts",
        kind: FileKind::Facts,
        table: "fact",
        file: "facts/imported.toml",
    },
    List {
        name: "questions",
        kind: FileKind::Questions,
        table: "question",
        file: "questions/imported.toml",
    },
    List {
        name: "concepts",
        kind: FileKind::Lexicon,
        table: "concept",
        file: "lexicon.toml",
    },
    List {
        name: "aspects",
        kind: FileKind::Lexicon,
        table: "aspect",
        file: "lexicon.toml",
    },
    List {
        name: "interrogatives",
        kind: FileKind::Lexicon,
        table: "interrogative",
        file: "lexicon.toml",
    },
    List {
        name: "shorthands",
        kind: FileKind::Lexicon,
        table: "shorthand",
        file: "lexicon.toml",
    },
    List {
        name: "fillers",
        kind: FileKind::Lexicon,
        table: "filler",
        file: "lexicon.toml",
    },
    List {
        name: "remarks",
        kind: FileKind::Lexicon,
        table: "remark",
        file: "lexicon.toml",
    },
];

/// Why a folder or a document cannot be carried over.
#[derive(Debug, thiserror::Error)]
pub enum NotPortable {
    /// A file that cannot be parsed; `check` says what is wrong with it.
    #[error("{0} cannot be parsed; `cara-bot check` says why")]
    File(String),
    /// Not JSON, or not of this shape.
    #[error("this is no base that `cara-bot export` wrote: {0}")]
    Json(#[from] serde_json::Error),
    /// Written by another version.
    #[error("this document has format {0}, and this version of cara-bot reads {FORMAT}")]
    Format(u32),
    /// An entry that is no object.
    #[error("entry {number} of `{list}` is not an object")]
    NotAnObject {
        /// The list.
        list: &'static str,
        /// Which entry, from 1.
        number: usize,
    },
    /// An entry whose file cannot be its file.
    #[error(
        "entry {number} of `{list}` cannot stand in the file `{file}`; write for example `{example}`, or leave `file` out"
    )]
    BadFile {
        /// The list.
        list: &'static str,
        /// Which entry, from 1.
        number: usize,
        /// What it says.
        file: String,
        /// What it could say.
        example: &'static str,
    },
}

impl Portable {
    /// The base in a folder. What is wrong in it goes along, as long as its files can be parsed.
    ///
    /// # Errors
    /// When a file cannot be parsed.
    pub fn from_folder(folder: &Folder) -> Result<Portable, NotPortable> {
        let mut portable = Portable {
            format: FORMAT,
            sources: Vec::new(),
            entities: Vec::new(),
            relations: Vec::new(),
            facts: Vec::new(),
            questions: Vec::new(),
            concepts: Vec::new(),
            aspects: Vec::new(),
            interrogatives: Vec::new(),
            shorthands: Vec::new(),
            fillers: Vec::new(),
            remarks: Vec::new(),
        };
        for file in &folder.files {
            let unparsable = || NotPortable::File(file.path.to_string());
            let text = std::str::from_utf8(&file.bytes).map_err(|_| unparsable())?;
            let document: DocumentMut = text.parse().map_err(|_| unparsable())?;
            let defaults = document
                .get(DEFAULTS)
                .map(Node::from_item)
                .and_then(Node::into_map)
                .unwrap_or_default();
            for list in LISTS
                .iter()
                .filter(|list| FileKind::of(&file.path) == Some(list.kind))
            {
                let entries = document
                    .get(list.table)
                    .map(Node::from_item)
                    .and_then(Node::into_list);
                for entry in entries.unwrap_or_default() {
                    let mut keys = entry.into_map().unwrap_or_default();
                    for (key, value) in &defaults {
                        if keys.iter().all(|(own, _)| own != key) {
                            keys.push((key.clone(), value.clone()));
                        }
                    }
                    keys.insert(0, (FILE.to_owned(), Node::Text(file.path.to_string())));
                    portable.list_mut(list.name).push(Node::Map(keys));
                }
            }
        }
        Ok(portable)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// When it is not JSON of this shape, with the place where it is not.
    pub fn from_json(json: &str) -> Result<Portable, NotPortable> {
        let portable: Portable = serde_json::from_str(json.trim_start_matches('\u{feff}'))?;
        if portable.format == FORMAT {
            Ok(portable)
        } else {
            Err(NotPortable::Format(portable.format))
        }
    }

    /// The document, indented.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and lists always make JSON") + "\n"
    }

    /// The folder that holds this base.
    ///
    /// # Errors
    /// When an entry is no object, or names a file that is not one for its kind.
    pub fn into_folder(mut self) -> Result<Folder, NotPortable> {
        let mut files: BTreeMap<String, DocumentMut> = BTreeMap::new();
        for list in &LISTS {
            for (entry, number) in std::mem::take(self.list_mut(list.name))
                .into_iter()
                .zip(1..)
            {
                let missing = NotPortable::NotAnObject {
                    list: list.name,
                    number,
                };
                let mut keys = entry.into_map().ok_or(missing)?;
                let file = match keys.iter().position(|(key, _)| key == FILE) {
                    Some(at) => match keys.remove(at).1 {
                        Node::Text(file) => file,
                        other => other.to_string(),
                    },
                    None => list.file.to_owned(),
                };
                if FileKind::of(&file) != Some(list.kind)
                    || file.contains(['\\', '\0'])
                    || file.contains("//")
                {
                    return Err(NotPortable::BadFile {
                        list: list.name,
                        number,
                        file,
                        example: list.file,
                    });
                }
                let mut table = Table::new();
                for (key, value) in keys {
                    if let Some(item) = value.into_item() {
                        table.insert(&key, item);
                    }
                }
                let document = files.entry(file).or_default();
                // Tables are written by their position, and each is to have an empty line before it.
                if !document.is_empty() {
                    table.decor_mut().set_prefix("\n");
                }
                let tables = document
                    .entry(list.table)
                    .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
                if let Some(tables) = tables.as_array_of_tables_mut() {
                    tables.push(table);
                }
            }
        }
        let texts = files
            .into_iter()
            .map(|(path, document)| (path, document.to_string()));
        Ok(Folder::in_memory(texts))
    }

    fn list_mut(&mut self, name: &'static str) -> &mut Vec<Node> {
        match name {
            "sources" => &mut self.sources,
            "entities" => &mut self.entities,
            "relations" => &mut self.relations,
            "facts" => &mut self.facts,
            "questions" => &mut self.questions,
            "concepts" => &mut self.concepts,
            "aspects" => &mut self.aspects,
            "interrogatives" => &mut self.interrogatives,
            "shorthands" => &mut self.shorthands,
            "fillers" => &mut self.fillers,
            _ => &mut self.remarks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Day;
    use crate::knowledge::load;

    #[test]
    fn shipped_base_comes_back_as_it_went() {
        let folder = Folder::embedded();
        let json = Portable::from_folder(&folder).unwrap().to_json();
        let back = Portable::from_json(&json).unwrap().into_folder().unwrap();
        let again = Portable::from_folder(&back).unwrap().to_json();
        assert!(json == again, "the document of the document differs");

        let today = Day::new(2026, 11, 22).unwrap();
        let (went, came) = (load(&folder, today), load(&back, today));
        assert!(!came.has_errors(), "{:?}", came.diagnostics);
        let answers = |knowledge: &crate::knowledge::Knowledge| {
            let facts = knowledge.facts.iter();
            facts
                .map(|fact| {
                    (
                        fact.id.clone(),
                        fact.answer.clone(),
                        fact.sources.clone(),
                        fact.checked,
                    )
                })
                .collect::<Vec<_>>()
        };
        assert!(answers(&went.knowledge) == answers(&came.knowledge));
        let counts = |knowledge: &crate::knowledge::Knowledge| {
            let lexicon = &knowledge.lexicon;
            [
                knowledge.golden.len(),
                knowledge.samples.len(),
                knowledge.sources.len(),
                knowledge.entities.len(),
                knowledge.relations.len(),
                lexicon.concepts.len(),
                lexicon.aspects.len(),
                lexicon.interrogatives.len(),
                lexicon.shorthands.len(),
                lexicon.fillers.en.len() + lexicon.fillers.fr.len(),
                lexicon.remarks.en.len() + lexicon.remarks.fr.len(),
            ]
        };
        assert_eq!(counts(&went.knowledge), counts(&came.knowledge));
        assert!(counts(&came.knowledge).iter().all(|count| *count > 0));
    }

    #[test]
    fn fact_takes_along_what_its_file_gives_to_all() {
        let folder = Folder::in_memory([(
            "facts/a.toml",
            "[defaults]\nchecked = \"2026\"\nsources = [\"s\"]\n[[fact]]\nid = \"a\"\nanswer.en = \"A.\"\nsources = [\"t\"]\n",
        )]);
        let json = Portable::from_folder(&folder).unwrap().to_json();
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let expected = serde_json::json!([{
            "file": "facts/a.toml", "id": "a", "answer": {"en": "A."}, "sources": ["t"], "checked": "2026"
        }]);
        assert_eq!(value["facts"], expected);
    }

    #[test]
    fn entries_are_written_as_people_write_them() {
        let json = r#"{"format": 1, "facts": [
            {"id": "a", "answer": {"en": "A \"b\".", "fr": "Là"}, "main": true, "review": null, "phrasings": {"en": ["One?", "Two?"]}},
            {"file": "facts/other.toml", "id": "b"},
            {"id": "c"}]}"#;
        let folder = Portable::from_json(json).unwrap().into_folder().unwrap();
        let text =
            |path: &str| String::from_utf8(folder.file(path).unwrap().bytes.clone()).unwrap();
        assert_eq!(
            text("facts/imported.toml"),
            "[[fact]]\nid = \"a\"\nanswer.en = 'A \"b\".'\nanswer.fr = \"Là\"\nmain = true\nphrasings.en = [\"One?\", \"Two?\"]\n\n[[fact]]\nid = \"c\"\n"
        );
        assert_eq!(text("facts/other.toml"), "[[fact]]\nid = \"b\"\n");
    }

    #[test]
    fn document_that_is_none_is_told_with_its_place() {
        for (json, expected) in [
            ("", "EOF"),
            ("7", "invalid"),
            (r#"{"format": 2}"#, "format 2"),
            (r#"{"format": 1, "factz": []}"#, "factz"),
            (r#"{"format": 1, "facts": [1]}"#, "entry 1 of `facts`"),
            (
                r#"{"format": 1, "facts": [{}, {"file": "../../etc/passwd"}]}"#,
                "entry 2 of `facts`",
            ),
            (
                r#"{"format": 1, "facts": [{"file": "entities/a.toml"}]}"#,
                "facts/imported.toml",
            ),
            (r#"{"format": 1, "facts": [{"file": 7}]}"#, "`7`"),
        ] {
            let error = Portable::from_json(json)
                .and_then(Portable::into_folder)
                .unwrap_err();
            assert!(error.to_string().contains(expected), "{json}: {error}");
        }
    }
}
