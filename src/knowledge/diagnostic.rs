//! Something wrong in a knowledge file, as data with a place.
//!
//! Knowledge is made by people, so a mistake in it is an ordinary value: one [`Diagnostic`] each, all
//! of them in one run, sorted by file and place. How they look is the business of [`render`]; this
//! module only says what they are. [`Code`] is the one list of what can be wrong.
//!
//! A new check takes a variant in the list of [`Code`] (name, severity, one line that explains it),
//! the place that reports it, and a line in the table of tests of `validate`. Checks that need more
//! than the files (does a phrasing find its own fact?) build their diagnostics the same way, from the
//! places the model keeps.
//!
//! [`render`]: super::render

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// Where something stands in a knowledge file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Path relative to the knowledge folder, with forward slashes.
    pub file: Arc<str>,
    /// Line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// Column, from 1, in characters; 0 for the file as a whole.
    pub column: u32,
}

impl Place {
    /// The file as a whole, for what has no line: a file that cannot be read.
    #[must_use]
    pub fn whole(file: impl Into<Arc<str>>) -> Self {
        Place {
            file: file.into(),
            line: 0,
            column: 0,
        }
    }
}

/// `facts/lutb.toml:12:11`, or the file alone.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// Whether a base with this in it may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The base must not be used.
    Error,
    /// Worth mending; the base works.
    Warning,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// Defines [`Code`] from one list, so that names, severities and explanations cannot drift apart.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident,)+) => {
        /// What kind of thing is wrong. Stable: scripts and people refer to the names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All of them, in the order of this list.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// Its name, as in `error[dangling-reference]`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// Whether a base with this in it may be used.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    // Files.
    /// A file or folder cannot be read from disk.
    UnreadableFile "unreadable-file" Error,
    /// A file holds bytes that are not text.
    BinaryFile "binary-file" Error,
    /// A file is not encoded in UTF-8.
    InvalidUtf8 "invalid-utf8" Error,
    /// A TOML file lies where nothing reads it.
    StrayFile "stray-file" Warning,
    /// The folder holds no facts at all.
    NoFacts "no-facts" Error,

    // Shape.
    /// A file is not TOML: a missing quote, bracket or comma.
    Syntax "syntax" Error,
    /// A key that means nothing here.
    UnknownKey "unknown-key" Error,
    /// A key that every entry of this kind needs.
    MissingKey "missing-key" Error,
    /// Something is given in one language only.
    MissingTranslation "missing-translation" Error,
    /// A value of the wrong type, such as a number where a text belongs.
    WrongType "wrong-type" Error,
    /// A value that is not one of the words allowed here.
    UnknownValue "unknown-value" Error,

    // Values.
    /// A text without anything in it.
    EmptyText "empty-text" Error,
    /// A text longer than Discord shows.
    TooLong "too-long" Error,
    /// An id that is not lower-case words joined by hyphens, or is reserved.
    BadId "bad-id" Error,
    /// A date that is not EDTF.
    MalformedDate "malformed-date" Error,
    /// An address that is not an http or https URL.
    MalformedAddress "malformed-address" Error,
    /// A language that is not a two-letter code.
    MalformedLanguage "malformed-language" Error,
    /// A pattern without the slot its kind needs.
    MissingSlot "missing-slot" Error,
    /// A slot that nothing fills here.
    UnknownSlot "unknown-slot" Error,
    /// A relation that measures a duration without saying from when.
    MissingStart "missing-start" Error,

    // Facts.
    /// A fact without a source.
    FactWithoutSource "fact-without-source" Error,
    /// A fact nobody can ask for: neither relation nor phrasings.
    UnfindableFact "unfindable-fact" Error,
    /// A changing value without the date it was true.
    MissingAsOf "missing-as-of" Error,

    // Between entries.
    /// Two entries of the same kind with one id.
    DuplicateId "duplicate-id" Error,
    /// An id that no entry has.
    DanglingReference "dangling-reference" Error,
    /// Two entities go by the same name.
    AliasShared "alias-shared" Error,
    /// Two facts claim the same phrasing.
    PhrasingShared "phrasing-shared" Error,
    /// Two relations claim the same pattern.
    PatternShared "pattern-shared" Error,
    /// Two entities are both the one meant when none is named.
    SeveralMainEntities "several-main-entities" Error,
    /// Entities that became each other.
    SuccessorCycle "successor-cycle" Error,
    /// Several facts for one subject and relation, without exactly one that is the plain answer.
    UnclearMain "unclear-main" Warning,

    // Worth a look.
    /// The day to look at a fact again has passed.
    ReviewPast "review-past" Warning,
    /// A gap that names a value after all.
    GapWithObjects "gap-with-objects" Warning,
    /// A complete list of nothing, which makes every "was X one of them?" a no.
    CompleteWithoutObjects "complete-without-objects" Warning,
    /// A deduction whose answer does not say that it is one.
    UnsaidInference "unsaid-inference" Warning,
    /// A first phrasing that does not read as a question, though it is shown as one.
    NotAQuestion "not-a-question" Warning,
    /// Phrasings or patterns in one language only.
    OneLanguage "one-language" Warning,
    /// A source no fact uses.
    UnusedSource "unused-source" Warning,
    /// An entity no fact is about.
    UnusedEntity "unused-entity" Warning,

    // Reported by those who have an engine.
    /// A phrasing that, asked word for word, finds another fact.
    PhrasingFindsAnother "phrasing-finds-another" Warning,
    /// A phrasing that, asked word for word, does not find its own fact, nor another.
    PhrasingLost "phrasing-lost" Warning,
    /// A golden question marked as open, which still does not get the verdict it should get.
    GoldenOpen "golden-open" Warning,
    /// A golden question that does not get the verdict it must get.
    GoldenFails "golden-fails" Error,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something wrong in a knowledge file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of thing it is.
    pub code: Code,
    /// Whether the base may be used all the same.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where.
    pub place: Place,
    /// Other places that matter, with what is there: the first of two entries with one id.
    pub also: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A diagnostic with the severity of its code, and no help yet.
    #[must_use]
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place,
            also: Vec::new(),
        }
    }

    /// With a line that says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With another place that matters.
    #[must_use]
    pub fn also(mut self, place: Place, what: impl Into<String>) -> Self {
        self.also.push((place, what.into()));
        self
    }

    /// Whether the base must not be used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by file and place, the order people read them in; the rest only makes it a total order.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.place, a.severity, a.code, &a.message).cmp(&(&b.place, b.severity, b.code, &b.message))
    });
}

/// The flat form scripts read: `code`, `severity`, `message`, `help`, `file`, `line`, `column`, `also`.
impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Also<'a> {
            file: &'a str,
            line: u32,
            column: u32,
            message: &'a str,
        }
        let also: Vec<_> = self
            .also
            .iter()
            .map(|(place, message)| Also {
                file: &place.file,
                line: place.line,
                column: place.column,
                message,
            })
            .collect();
        let mut form = serializer.serialize_struct("Diagnostic", 8)?;
        form.serialize_field("code", &self.code)?;
        form.serialize_field("severity", &self.severity)?;
        form.serialize_field("message", &self.message)?;
        form.serialize_field("help", &self.help)?;
        form.serialize_field("file", &*self.place.file)?;
        form.serialize_field("line", &self.place.line)?;
        form.serialize_field("column", &self.place.column)?;
        form.serialize_field("also", &also)?;
        form.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_codes_are_unique_kebab_case_and_explained() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            let name = code.as_str();
            assert!(seen.insert(name), "{name} twice");
            assert!(
                name.chars()
                    .all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit()),
                "{name}"
            );
            assert!(code.explanation().ends_with('.'), "{name}");
        }
    }

    #[test]
    fn json_form_is_flat() {
        let place = |line| Place {
            file: "facts/a.toml".into(),
            line,
            column: 6,
        };
        let diagnostic = Diagnostic::new(Code::DuplicateId, place(9), "two facts have the id `a`")
            .help("rename one")
            .also(place(2), "the first");
        assert_eq!(
            serde_json::to_value(&diagnostic).unwrap(),
            serde_json::json!({
                "code": "duplicate-id",
                "severity": "error",
                "message": "two facts have the id `a`",
                "help": "rename one",
                "file": "facts/a.toml",
                "line": 9,
                "column": 6,
                "also": [{"file": "facts/a.toml", "line": 2, "column": 6, "message": "the first"}],
            })
        );
    }
}
