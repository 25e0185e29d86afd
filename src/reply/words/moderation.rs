//! What is said to moderators, in Discord and in the terminal: previews, refusals, history.

use std::io::ErrorKind;

use super::Words;
use crate::journal::{By, How, JournalError, RevisionKind};
use crate::knowledge::edit::input::BadInput;
use crate::knowledge::edit::{EditError, EntryKind};
use crate::moderation::{
    Conflict, Done, Got, Impact, Preview, Refusal, Role, Shift, StoreError, Subject, Turn,
};
use crate::reply::Status;

impl Words {
    /// What an edit does: "Edit", "New fact".
    #[must_use]
    pub fn revision_kind(self, kind: RevisionKind) -> &'static str {
        match kind {
            RevisionKind::Edit => self.pick("edited", "modifié"),
            RevisionKind::Add => self.pick("added", "ajouté"),
            RevisionKind::Retire => self.pick("retired", "retiré"),
            RevisionKind::Restore => self.pick("restored", "rétabli"),
            RevisionKind::Alias => self.pick("another name", "autre nom"),
            RevisionKind::Teach => self.pick("question taught", "question apprise"),
            RevisionKind::Refuse => self.pick("refused on purpose", "refusée exprès"),
            RevisionKind::Undo => self.pick("taken back", "annulé"),
        }
    }

    /// Whose hand a revision was.
    #[must_use]
    pub fn author(self, by: By) -> String {
        match by {
            By::Moderator(user) => user.to_string(),
            By::Operator => self.pick("the operator", "l'exploitant").to_owned(),
            By::Forgotten => self
                .pick("somebody who was forgotten", "quelqu'un qu'on a oublié")
                .to_owned(),
        }
    }

    /// "fact `lutb-created` in facts/lutb.toml".
    #[must_use]
    pub fn entry(self, kind: EntryKind, id: &str, path: &str) -> String {
        let kind = self.entry_kind(kind);
        self.pick(
            format!("{kind} `{id}` in {path}"),
            format!("{kind} `{id}` dans {path}"),
        )
    }

    /// "fact".
    #[must_use]
    pub fn entry_kind(self, kind: EntryKind) -> &'static str {
        match kind {
            EntryKind::Fact => self.pick("fact", "fait"),
            EntryKind::Entity => self.pick("entity", "entité"),
            EntryKind::Question => self.pick("golden question", "question de contrôle"),
            EntryKind::Source => self.pick("source", "source"),
        }
    }

    /// What a shown reply is about.
    #[must_use]
    pub fn subject(self, subject: &Subject) -> String {
        match subject {
            Subject::Fact(id) => self.pick(format!("Fact `{id}`"), format!("Fait `{id}`")),
            Subject::Question(words) => self.quoted(words),
            Subject::Name(name) => {
                self.pick(format!("About {name}"), format!("À propos de {name}"))
            }
        }
    }

    /// Above what is said now.
    #[must_use]
    pub fn before(self) -> &'static str {
        self.pick("Now", "Maintenant")
    }

    /// Above what would be said.
    #[must_use]
    pub fn after(self) -> &'static str {
        self.pick("Then", "Ensuite")
    }

    /// In the place of a reply that is not there.
    #[must_use]
    pub fn nothing_said(self) -> &'static str {
        self.pick("(not there)", "(absent)")
    }

    /// Whether anything speaks against an edit.
    #[must_use]
    pub fn verdict(self, preview: &Preview) -> &'static str {
        match (preview.can_be_confirmed(), preview.diagnostics.is_empty()) {
            (true, true) => self.pick(
                "Nothing has changed yet, and nothing speaks against it.",
                "Rien n'a encore changé, et rien ne s'y oppose.",
            ),
            (true, false) => self.pick(
                "Nothing has changed yet. It can be made, but look at the warnings.",
                "Rien n'a encore changé. C'est possible, mais voyez les avertissements.",
            ),
            (false, _) if preview.can_be_accepted() => self.pick(
                "Golden questions would fail. Mend the edit, or make it and accept them as known failures.",
                "Des questions de contrôle échoueraient. Corrigez, ou acceptez-les comme échecs connus.",
            ),
            (false, _) => self.pick(
                "This cannot be made as it is; mend what is wrong and try again.",
                "C'est impossible en l'état ; corrigez ce qui ne va pas et réessayez.",
            ),
        }
    }

    /// What an edit changes about other questions, in a sentence or two.
    #[must_use]
    pub fn impact(self, impact: &Impact) -> String {
        let Impact {
            shifts,
            golden_before: (right_before, all_before),
            golden_after: (right, all),
            phrasings,
        } = impact;
        let golden = self.pick(
            format!("Golden questions right: {right} of {all} (now {right_before} of {all_before})."),
            format!(
                "Questions de contrôle justes : {right} sur {all} (maintenant {right_before} sur {all_before})."
            ),
        );
        if shifts.is_empty() {
            return self.pick(
                format!("None of the {phrasings} phrasings and {all} golden questions gets anything else. {golden}"),
                format!("Aucune des {phrasings} formulations et {all} questions de contrôle ne change de verdict. {golden}"),
            );
        }
        let (better, worse) = (impact.count(Turn::Better), impact.count(Turn::Worse));
        let other = impact.count(Turn::Other);
        self.pick(
            format!("Questions that get something else: {worse} worse, {better} better, {other} other. {golden}"),
            format!("Questions dont le verdict change : {worse} en mal, {better} en bien, {other} autres. {golden}"),
        )
    }

    /// A question that gets something else.
    #[must_use]
    pub fn shift(self, shift: &Shift) -> String {
        let role = match &shift.role {
            Role::Golden => self.entry_kind(EntryKind::Question).to_owned(),
            Role::Phrasing(fact) => self.pick(
                format!("phrasing of `{fact}`"),
                format!("formulation de `{fact}`"),
            ),
        };
        let mark = match shift.turn {
            Turn::Worse => "✗",
            Turn::Other => "·",
            Turn::Better => "✓",
        };
        let after = self.got(&shift.after);
        let change = match &shift.before {
            Some(before) => format!("{} → {after}", self.got(before)),
            None => self.pick(format!("new, {after}"), format!("nouvelle, {after}")),
        };
        format!(
            "{mark} {} ({role}){} {change}",
            self.quoted(&shift.question),
            self.colon()
        )
    }

    /// A verdict by ids: "answered by `a`".
    #[must_use]
    pub fn got(self, got: &Got) -> String {
        let facts: Vec<String> = got.facts.iter().map(|fact| format!("`{fact}`")).collect();
        let facts = facts.join(", ");
        match (got.status, got.facts.is_empty()) {
            (Status::Answer, _) => self.pick(
                format!("answered by {facts}"),
                format!("réponse par {facts}"),
            ),
            (Status::Offer, _) => self.pick(format!("offers {facts}"), format!("propose {facts}")),
            (Status::Unknown, true) => self.pick("unknown", "inconnu").to_owned(),
            (Status::Unknown, false) => self.pick(
                format!("unknown, as told by {facts}"),
                format!("inconnu, comme le dit {facts}"),
            ),
        }
    }

    /// That an edit was made, and how to take it back.
    #[must_use]
    pub fn done(self, done: &Done) -> String {
        let (revision, generation) = (done.revision, done.report.generation);
        let (right, all) = (done.report.golden_right, done.report.golden_total);
        self.pick(
            format!("Done: revision {revision}, served as generation {generation}; {right} of {all} golden questions right."),
            format!("C'est fait : révision {revision}, servie comme génération {generation} ; {right} questions de contrôle justes sur {all}."),
        )
    }

    /// After why an edit is not made: the queue knows now that there was nothing to make.
    #[must_use]
    pub fn closed_as_settled(self) -> &'static str {
        self.pick(
            "It is out of the queue now; who asked to be told is told.",
            "Elle est maintenant hors de la file ; qui voulait le savoir est prévenu.",
        )
    }

    /// Why an edit is not made, and what helps.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Edit(error) => self.edit_error(error),
            Refusal::Conflict(conflict) => self.conflict(conflict),
            Refusal::Broken { refused, .. } => {
                let errors = refused.errors();
                self.pick(
                    format!("Not made: the base would have {errors} error(s). The old facts are served."),
                    format!("Refusé : la base aurait {errors} erreur(s). Les anciens faits restent servis."),
                )
            }
            Refusal::NoPreview => self
                .pick(
                    "This preview is gone: it was confirmed or cancelled, or is too old. Make the edit again.",
                    "Cet aperçu n'existe plus : il a été confirmé ou annulé, ou il est trop ancien. Refaites la modification.",
                )
                .to_owned(),
            Refusal::Already { how: How::Refused, .. } => self
                .pick(
                    "This question is refused on purpose already.",
                    "Cette question est déjà refusée exprès.",
                )
                .to_owned(),
            Refusal::Already { fact, .. } => {
                let fact = fact.as_deref().unwrap_or_default();
                self.pick(
                    format!("This question is a phrasing of `{fact}` already."),
                    format!("Cette question est déjà une formulation de `{fact}`."),
                )
            }
            Refusal::NotDone(revision) => self.pick(
                format!("Revision {revision} was not carried out, so there is nothing to undo."),
                format!("La révision {revision} n'a pas eu lieu : il n'y a rien à annuler."),
            ),
            Refusal::NeverRetired(fact) => self.pick(
                format!("The journal knows of no retired fact `{fact}`."),
                format!("Le journal ne connaît aucun fait retiré `{fact}`."),
            ),
            Refusal::Store(error) => self.store_error(error),
            Refusal::Journal(error) => self.journal_error(error),
        }
    }

    fn conflict(self, conflict: &Conflict) -> String {
        let Conflict {
            kind, id, by, now, ..
        } = conflict;
        let kind = self.entry_kind(*kind);
        let who = match by {
            Some((revision, by)) => {
                let by = self.author(*by);
                self.pick(
                    format!("by {by} (revision {revision})"),
                    format!("par {by} (révision {revision})"),
                )
            }
            None => self
                .pick("by hand, in its file", "à la main, dans son fichier")
                .to_owned(),
        };
        match now {
            Some(_) => self.pick(
                format!("Not made: the {kind} `{id}` was changed meanwhile {who}. Look at the change, then edit again."),
                format!("Refusé : {kind} `{id}`, modification entre-temps {who}. Regardez ce changement, puis recommencez."),
            ),
            None => self.pick(
                format!("Not made: the {kind} `{id}` is gone meanwhile {who}."),
                format!("Refusé : {kind} `{id}`, suppression entre-temps {who}."),
            ),
        }
    }

    fn edit_error(self, error: &EditError) -> String {
        let french = match error {
            EditError::Missing { kind, id, near } => {
                let kind = Words::entry_kind(self, *kind);
                let near = near
                    .as_ref()
                    .map_or_else(String::new, |near| format!(" Vouliez-vous dire `{near}` ?"));
                format!("Aucune entrée `{id}` ({kind}).{near}")
            }
            EditError::Exists { id, path, .. } => format!("`{id}` existe déjà, dans {path}."),
            EditError::NotToml { path, line, .. } => format!(
                "{path}, ligne {line} : ce n'est pas du TOML ; `cara-bot check` dit comment corriger."
            ),
            EditError::NotText { path } => format!("{path} n'est pas un texte en UTF-8."),
            EditError::Inline { path, kind } => format!(
                "Les entrées de {path} ne sont pas écrites sous `[[{}]]` ; modifiez-les à la main.",
                kind.header()
            ),
            EditError::InBraces { path, id, key } => format!(
                "`{key}` de `{id}` est entre accolades : enlevez-le à la main, dans {path}."
            ),
            EditError::BadAddress { address } => format!(
                "`{address}` ne commence pas par une adresse ; écrivez https://… puis, si vous voulez, l'éditeur, deux-points et le titre."
            ),
            EditError::BadPath { path } => format!(
                "`{path}` ne convient pas : les faits sont dans des fichiers `.toml` sous `facts/`."
            ),
            EditError::NotOneEntry { kind, reason } => {
                format!(
                    "Ce n'est pas une entrée `[[{}]]` : {reason}.",
                    kind.header()
                )
            }
            EditError::Renamed { from, to } => format!(
                "L'identifiant `{from}` ne change pas, car d'autres y renvoient ; ajoutez `{to}` et retirez `{from}`."
            ),
            EditError::Input(input) => return self.bad_input(input),
            EditError::NoChange => "Cela ne change rien.".to_owned(),
            EditError::Gone { id } => format!("`{id}` n'existe plus ; rétablissez-le d'abord."),
        };
        self.pick(sentence(&error.to_string()), french)
    }

    /// Why what was typed is not taken.
    #[must_use]
    pub fn bad_input(self, error: &BadInput) -> String {
        let french = match error {
            BadInput::Control {
                field,
                character,
                line,
            } => format!(
                "`{field}` contient le caractère de contrôle U+{:04X}, ligne {line} ; enlevez-le.",
                u32::from(*character)
            ),
            BadInput::NotAFlag { field, typed } => {
                format!("`{field}` vaut oui ou non, pas « {typed} ».")
            }
            BadInput::Empty { field } => format!("`{field}` est vide."),
        };
        self.pick(sentence(&error.to_string()), french)
    }

    fn store_error(self, error: &StoreError) -> String {
        let french = match error {
            StoreError::BuiltIn => {
                "La base intégrée au programme ne se modifie pas ; mettez les fichiers dans un dossier et indiquez-le avec --knowledge ou CARA_KNOWLEDGE.".to_owned()
            }
            StoreError::Overtaken { path } => {
                format!("{path} a été modifié entre-temps par quelqu'un d'autre ; recommencez.")
            }
            StoreError::Unwritable { path, source } => {
                let remedy = match source.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                        " Faites de la place sur le disque."
                    }
                    ErrorKind::ReadOnlyFilesystem => {
                        " Montez-le en écriture, ou indiquez un autre dossier avec CARA_KNOWLEDGE."
                    }
                    ErrorKind::PermissionDenied => {
                        " Permettez à l'utilisateur de cara-bot d'écrire dans ce dossier et ses fichiers."
                    }
                    _ => "",
                };
                format!(
                    "Impossible d'écrire {} : {source}.{remedy} Les anciens faits restent servis.",
                    path.display()
                )
            }
            StoreError::Torn { .. } => {
                "Les fichiers sont entre l'ancien et le nouvel état ; la prochaine modification ou le prochain démarrage remet les anciens.".to_owned()
            }
            StoreError::Folder(error) => format!("Impossible de lire les fichiers : {error}."),
            StoreError::Documents(error) => {
                format!("Les documents partagés sont inaccessibles : {error}.")
            }
        };
        self.pick(sentence(&error.to_string()), french)
    }

    /// Why the journal could not be used.
    #[must_use]
    pub fn journal_error(self, error: &JournalError) -> String {
        if let JournalError::NoRevision(revision) = error {
            return self.pick(
                format!("There is no revision {revision}."),
                format!("Il n'y a pas de révision {revision}."),
            );
        }
        let (error, end) = (error.to_string(), full_stop(&error.to_string()));
        self.pick(
            format!("The journal cannot be used, so nothing is changed: {error}{end}"),
            format!("Le journal est inutilisable, donc rien n'est modifié : {error}{end}"),
        )
    }

    fn quoted(self, words: &str) -> String {
        self.pick(format!("“{words}”"), format!("« {words} »"))
    }

    fn colon(self) -> &'static str {
        self.pick(":", " :")
    }
}

/// An error as a sentence.
fn sentence(error: &str) -> String {
    let mut chars = error.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}{}", chars.as_str(), full_stop(error))
}

/// What ends a sentence that ends with these words.
fn full_stop(words: &str) -> &'static str {
    if words.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    }
}
