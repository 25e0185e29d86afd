//! What moderators ask for, and what it makes of the files.

use crate::journal::{How, QuestionId, Revision, RevisionId, RevisionKind, TargetKind};
use crate::knowledge::Folder;
use crate::knowledge::edit::{
    Digest, EditError, Edited, Editor, EntryKind, EntryRecord, Field, FileRecord, Record, Setting,
    Value, input,
};
use crate::knowledge::model::Knowledge;
use crate::lang::Lang;
use crate::moderation::refusal::Refusal;
use crate::reply::display_question;
use crate::text::clean;

/// A change of the knowledge that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Sets fields of a fact; the others stay.
    SetFact {
        /// Its id.
        fact: String,
        /// The fields with what they are to hold.
        settings: Vec<Setting>,
    },
    /// Puts other lines in the place of those of a fact.
    RewriteFact {
        /// Its id.
        fact: String,
        /// Its lines, as TOML.
        text: String,
    },
    /// Adds a fact.
    AddFact {
        /// Its id.
        fact: String,
        /// The file it goes to; none for that of its kin.
        path: Option<String>,
        /// Its fields.
        settings: Vec<Setting>,
        /// The question that it answers, which becomes a phrasing and a golden question.
        question: Option<Asked>,
    },
    /// Adds a fact written as TOML.
    AddFactText {
        /// The file it goes to; none for that of its kin.
        path: Option<String>,
        /// Its lines.
        text: String,
    },
    /// Takes a fact out of use. It is kept in the journal.
    Retire {
        /// Its id.
        fact: String,
    },
    /// Puts a retired fact back, with the golden questions that went with it.
    Restore {
        /// Its id.
        fact: String,
    },
    /// Gives an entity another name.
    Alias {
        /// Its id.
        entity: String,
        /// The language of the name.
        lang: Lang,
        /// The name.
        name: String,
    },
    /// Makes a question a phrasing of a fact, and a golden question.
    Teach {
        /// The question.
        question: Asked,
        /// Id of the fact that answers it.
        fact: String,
    },
    /// Makes a question one that must be refused.
    RefuseOnPurpose {
        /// The question.
        question: Asked,
    },
    /// Takes a revision back.
    Undo {
        /// Its number.
        revision: RevisionId,
    },
}

/// A question as somebody asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its words.
    pub text: String,
    /// Its language.
    pub lang: Lang,
}

/// An edit with what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What to do.
    pub edit: Edit,
    /// The state of the fact from which it was made; none when nothing was shown before.
    pub base: Option<Digest>,
    /// The question of the queue that it settles.
    pub settles: Option<QuestionId>,
    /// Golden questions that would fail become known failures ([`Preview::broken`]), instead of
    /// speaking against the edit.
    ///
    /// [`Preview::broken`]: super::Preview::broken
    pub accept: bool,
}

impl From<Edit> for Request {
    /// An edit made without having seen anything, which settles nothing.
    fn from(edit: Edit) -> Request {
        Request {
            edit,
            base: None,
            settles: None,
            accept: false,
        }
    }
}

impl Edit {
    /// With its question as people read it: without markup and mentions, on one line.
    pub(super) fn cleaned(mut self) -> Edit {
        let question = match &mut self {
            Edit::Teach { question, .. } | Edit::RefuseOnPurpose { question } => Some(question),
            Edit::AddFact { question, .. } => question.as_mut(),
            _ => None,
        };
        if let Some(question) = question {
            let words = clean(&question.text);
            question.text = words.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        self
    }

    /// What it does, as the journal calls it.
    #[must_use]
    pub fn kind(&self) -> RevisionKind {
        match self {
            Edit::SetFact { .. } | Edit::RewriteFact { .. } => RevisionKind::Edit,
            Edit::AddFact { .. } | Edit::AddFactText { .. } => RevisionKind::Add,
            Edit::Retire { .. } => RevisionKind::Retire,
            Edit::Restore { .. } => RevisionKind::Restore,
            Edit::Alias { .. } => RevisionKind::Alias,
            Edit::Teach { .. } => RevisionKind::Teach,
            Edit::RefuseOnPurpose { .. } => RevisionKind::Refuse,
            Edit::Undo { .. } => RevisionKind::Undo,
        }
    }

    /// The question that it is about.
    #[must_use]
    pub fn question(&self) -> Option<&Asked> {
        match self {
            Edit::Teach { question, .. } | Edit::RefuseOnPurpose { question } => Some(question),
            Edit::AddFact { question, .. } => question.as_ref(),
            _ => None,
        }
    }

    /// Why it is refused when it changes nothing, if that says more than that.
    pub(super) fn already(&self) -> Option<Refusal> {
        match self {
            Edit::Teach { fact, .. } => Some(Refusal::Already {
                how: How::Taught,
                fact: Some(fact.clone()),
            }),
            Edit::RefuseOnPurpose { .. } => Some(Refusal::Already {
                how: How::Refused,
                fact: None,
            }),
            _ => None,
        }
    }

    /// The fact it was made for, if that is to be there already.
    #[must_use]
    pub fn fact(&self) -> Option<&str> {
        match self {
            Edit::SetFact { fact, .. }
            | Edit::RewriteFact { fact, .. }
            | Edit::Retire { fact }
            | Edit::Teach { fact, .. } => Some(fact),
            Edit::AddFact { .. }
            | Edit::AddFactText { .. }
            | Edit::Restore { .. }
            | Edit::Alias { .. }
            | Edit::RefuseOnPurpose { .. }
            | Edit::Undo { .. } => None,
        }
    }
}

/// How strictly a question is to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusing {
    /// It gets no answer and no candidates.
    Outright,
    /// It gets no answer; candidates are better than nothing.
    Softly,
}

/// An edit with what it takes to apply it to any folder.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) edit: Edit,
    /// For what takes something back: what was done, by which revision.
    pub(super) reverses: Option<(RevisionId, Record)>,
    pub(super) refusing: Refusing,
    /// Golden questions that become known failures.
    pub(super) opened: Vec<String>,
    /// The questions a taught fact is shown by, where no phrasing of its own says so yet: the first
    /// phrasing is shown to people, and a taught question is seldom fit for that.
    pub(super) titles: Vec<Asked>,
}

impl Plan {
    /// What the edit makes of a folder.
    pub(super) fn apply(&self, folder: &Folder) -> Result<Edited, EditError> {
        let mut editor = Editor::new(folder);
        match &self.reverses {
            Some((_, record)) => editor.reverse(record)?,
            None => self.make(&mut editor)?,
        }
        for question in &self.opened {
            editor.open_question(question)?;
        }
        editor.finish()
    }

    fn make(&self, editor: &mut Editor<'_>) -> Result<(), EditError> {
        match &self.edit {
            Edit::SetFact { fact, settings } => editor.set_fact(fact, settings)?,
            Edit::RewriteFact { fact, text } => editor.rewrite_fact(fact, text)?,
            Edit::AddFact {
                fact,
                path,
                settings,
                question,
            } => {
                let mut settings = settings.clone();
                if let Some(question) = question {
                    ask_for(&mut settings, question)?;
                }
                editor.add_fact(path.as_deref(), fact, &settings)?;
                if let Some(question) = question {
                    editor.add_question(&question.text, &[fact])?;
                }
            }
            Edit::AddFactText { path, text } => editor.add_fact_text(path.as_deref(), text)?,
            Edit::Retire { fact } => editor.retire_fact(fact)?,
            Edit::Alias { entity, lang, name } => editor.add_alias(entity, *lang, name)?,
            Edit::Teach { question, fact } => {
                for title in &self.titles {
                    editor.add_phrasing(fact, title.lang, &title.text)?;
                }
                editor.add_phrasing(fact, question.lang, &question.text)?;
                editor.add_question(&question.text, &[fact])?;
            }
            Edit::RefuseOnPurpose { question } => {
                let expect: &[&str] = match self.refusing {
                    Refusing::Outright => &["unknown"],
                    Refusing::Softly => &["unknown", "offer"],
                };
                editor.add_question(&question.text, expect)?;
            }
            // Without what was done there is nothing to take back.
            Edit::Restore { .. } | Edit::Undo { .. } => {}
        }
        Ok(())
    }
}

/// The questions a fact is shown by, in the languages in which it has no phrasing.
pub(super) fn titles(knowledge: &Knowledge, fact: &str) -> Vec<Asked> {
    let Some(fact) = knowledge.find_fact(fact).map(|fact| &knowledge[fact]) else {
        return Vec::new();
    };
    // Without a relation there is nothing to make one of.
    let missing = Lang::ALL
        .into_iter()
        .filter(|lang| fact.relation.is_some() && fact.phrasings.get(*lang).is_empty());
    let title = |lang| {
        let shown = display_question(knowledge, fact, lang);
        let mut chars = shown.chars();
        let first: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        let end = match lang {
            Lang::En => "?",
            Lang::Fr => " ?",
        };
        Asked {
            text: format!("{first}{}{end}", chars.as_str()),
            lang,
        }
    };
    missing.map(title).collect()
}

/// Puts a question among the phrasings of a fact to be added.
fn ask_for(settings: &mut Vec<Setting>, question: &Asked) -> Result<(), EditError> {
    let field = Field::Phrasings(question.lang);
    let words = input::line(field.key(), &question.text)?;
    let known = settings.iter_mut().find(|setting| setting.field == field);
    match known {
        Some(Setting {
            value: Value::List(list),
            ..
        }) => {
            if !list.contains(&words) {
                list.push(words);
            }
        }
        Some(other) => other.value = Value::List(vec![words]),
        None => settings.push(Setting {
            field,
            value: Value::List(vec![words]),
        }),
    }
    Ok(())
}

/// What a revision did, as an editor takes it back.
pub(super) fn record(revision: &Revision) -> Record {
    let entry = |change: &crate::journal::Change| EntryRecord {
        kind: match change.target.kind {
            TargetKind::Fact => EntryKind::Fact,
            TargetKind::Entity => EntryKind::Entity,
            TargetKind::Question => EntryKind::Question,
            TargetKind::Source => EntryKind::Source,
        },
        id: change.target.id.clone(),
        path: change.file.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        behind: change.behind.clone(),
    };
    let digest = |hash: Option<crate::journal::ContentHash>| {
        hash.map(|hash| Digest::from_hex(hash.to_string()))
    };
    Record {
        files: revision
            .files
            .iter()
            .map(|file| FileRecord {
                path: file.path.clone(),
                before: digest(file.before),
                after: digest(file.after),
                hunks: file.hunks.clone(),
            })
            .collect(),
        entries: revision.changes.iter().map(entry).collect(),
    }
}

/// The changes of entries as the journal keeps them.
pub(super) fn changes(entries: &[EntryRecord]) -> Vec<crate::journal::Change> {
    let change = |entry: &EntryRecord| crate::journal::Change {
        target: crate::journal::Target {
            kind: match entry.kind {
                EntryKind::Fact => TargetKind::Fact,
                EntryKind::Entity => TargetKind::Entity,
                EntryKind::Question => TargetKind::Question,
                EntryKind::Source => TargetKind::Source,
            },
            id: entry.id.clone(),
        },
        file: entry.path.clone(),
        before: entry.before.clone(),
        after: entry.after.clone(),
        behind: entry.behind.clone(),
    };
    entries.iter().map(change).collect()
}
