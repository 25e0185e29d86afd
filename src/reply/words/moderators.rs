//! The sentences the bot says to moderators about the queue, edits and the journal, and to members
//! about what became of their questions.

use crate::journal::{By, Counts, How, Moment, QueuedQuestion, Reason, Revision, RevisionKind};
use crate::knowledge::edit::Field;
use crate::lang::Lang;
use crate::reply::Words;

impl Words {
    /// The queue, with how many questions are in it.
    #[must_use]
    pub fn queue(self, total: u64) -> String {
        match (self.0, total) {
            (_, 0) => self
                .pick("The queue is empty.", "La file est vide.")
                .to_owned(),
            (Lang::En, 1) => "1 question is waiting, most asked first.".to_owned(),
            (Lang::Fr, 1) => "1 question attend, la plus posée d'abord.".to_owned(),
            (Lang::En, n) => format!("{n} questions are waiting, most asked first."),
            (Lang::Fr, n) => format!("{n} questions attendent, les plus posées d'abord."),
        }
    }

    /// Menu of the queue.
    #[must_use]
    pub fn open_queued(self) -> &'static str {
        self.pick("Look at a question …", "Regarder une question…")
    }

    /// How often, why and when a question came.
    #[must_use]
    pub fn queued(self, question: &QueuedQuestion) -> String {
        let QueuedQuestion {
            count,
            unanswered,
            refused_offer,
            not_right,
            sent,
            first,
            last,
            wordings,
            ..
        } = question;
        let whys = [
            (Reason::Unanswered, unanswered),
            (Reason::RefusedOffer, refused_offer),
            (Reason::NotRight, not_right),
            (Reason::Sent, sent),
        ];
        let whys: Vec<String> = whys
            .into_iter()
            .filter(|(_, times)| **times > 0)
            .map(|(why, times)| format!("{times} {}", self.reason(why)))
            .collect();
        let whys = whys.join(", ");
        let (first, last) = (moment(*first), moment(*last));
        let times = match count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let s = if *wordings == 1 { "" } else { "s" };
        self.pick(
            format!("Came {times} ({whys}) in {wordings} wording{s}, first on {first}, last on {last}."),
            format!("Posée {count} fois ({whys}) sous {wordings} forme{s}, d'abord le {first}, la dernière fois le {last}."),
        )
    }

    fn reason(self, reason: Reason) -> &'static str {
        match reason {
            Reason::Unanswered => self.pick("not answered", "sans réponse"),
            Reason::RefusedOffer => self.pick(
                "nothing offered was meant",
                "aucune proposition ne convenait",
            ),
            Reason::NotRight => self.pick("said to be not right", "dite inexacte"),
            Reason::Sent => self.pick("sent", "envoyée"),
        }
    }

    /// Above the facts the bot said.
    #[must_use]
    pub fn bot_said(self, facts: &str) -> String {
        self.pick(
            format!("The bot had in mind: {facts}"),
            format!("Le bot avait en tête : {facts}"),
        )
    }

    /// Above other wordings of a question.
    #[must_use]
    pub fn also_asked_as(self) -> &'static str {
        self.pick("Also asked as:", "Posée aussi ainsi :")
    }

    /// Above what members say is wrong.
    #[must_use]
    pub fn proposals(self) -> &'static str {
        self.pick("What members say:", "Ce que disent les membres :")
    }

    /// A question that is not in the queue any more.
    #[must_use]
    pub fn question_gone(self) -> &'static str {
        self.pick(
            "This question is not in the queue any more.",
            "Cette question n'est plus dans la file.",
        )
    }

    /// Buttons of a question: teach, answer, refuse, drop, edit, decline, back, search.
    #[must_use]
    pub fn question_buttons(self) -> [&'static str; 8] {
        self.pick(
            [
                "Teach",
                "Answer",
                "Refuse on purpose",
                "Drop",
                "Edit the fact",
                "Decline",
                "Back to the queue",
                "Search",
            ],
            [
                "Enseigner",
                "Répondre",
                "Refuser exprès",
                "Écarter",
                "Modifier le fait",
                "Décliner",
                "Retour à la file",
                "Chercher",
            ],
        )
    }

    /// Above the candidates of *teach*.
    #[must_use]
    pub fn teach_which(self) -> &'static str {
        self.pick(
            "Which fact answers this question? It becomes a phrasing of that fact, and a golden question.",
            "Quel fait répond à cette question ? Elle devient une formulation de ce fait et une question témoin.",
        )
    }

    /// Menu of facts.
    #[must_use]
    pub fn choose_fact(self) -> &'static str {
        self.pick("Choose a fact …", "Choisir un fait…")
    }

    /// Nothing was found.
    #[must_use]
    pub fn nothing_found(self) -> &'static str {
        self.pick("Nothing was found.", "Rien n'a été trouvé.")
    }

    /// A question was dropped or declined.
    #[must_use]
    pub fn closed(self, how: How) -> &'static str {
        match how {
            How::Dropped => self.pick("Dropped.", "Écartée."),
            How::Declined => self.pick(
                "Declined; who asked to be told is told.",
                "Déclinée ; qui voulait le savoir est prévenu.",
            ),
            How::Taught | How::Answered | How::Refused => self.pick("Done.", "Fait."),
        }
    }

    /// Titles of forms: search, decline, edit, add, what is wrong.
    #[must_use]
    pub fn form_titles(self) -> [&'static str; 5] {
        self.pick(
            [
                "Search a fact",
                "Decline with a word",
                "Edit the fact",
                "New fact",
                "What is not right?",
            ],
            [
                "Chercher un fait",
                "Décliner en un mot",
                "Modifier le fait",
                "Nouveau fait",
                "Qu'est-ce qui est inexact ?",
            ],
        )
    }

    /// Labels of single fields: search words, word to the asker, what is wrong, where that stands.
    #[must_use]
    pub fn form_labels(self) -> [&'static str; 4] {
        self.pick(
            [
                "Words or id",
                "A word for those who asked",
                "What is not right?",
                "Where does it stand? (a source)",
            ],
            [
                "Mots ou identifiant",
                "Un mot pour qui a demandé",
                "Qu'est-ce qui est inexact ?",
                "Où cela se trouve-t-il ? (une source)",
            ],
        )
    }

    /// What to write into a field of a fact.
    #[must_use]
    pub fn field(self, field: Field) -> &'static str {
        match field {
            Field::Answer(Lang::En) => self.pick("Answer in English", "Réponse en anglais"),
            Field::Answer(Lang::Fr) => self.pick("Answer in French", "Réponse en français"),
            Field::Phrasings(Lang::En) => self.pick(
                "Questions in English, one a line",
                "Questions en anglais, une par ligne",
            ),
            Field::Phrasings(Lang::Fr) => self.pick(
                "Questions in French, one a line",
                "Questions en français, une par ligne",
            ),
            Field::Date => self.pick(
                "Date (2017-11-21, 2012, 2004~ …)",
                "Date (2017-11-21, 2012, 2004~…)",
            ),
            Field::Sources => self.pick(
                "Ids of its sources, with commas",
                "Identifiants des sources, avec virgules",
            ),
            other => other.key(),
        }
    }

    /// An edit that changes nothing.
    #[must_use]
    pub fn nothing_changed(self) -> &'static str {
        self.pick("Nothing was changed.", "Rien n'a été changé.")
    }

    /// Buttons of a preview: confirm, edit again, cancel; undo of what was done; accept that golden
    /// questions will fail.
    #[must_use]
    pub fn preview_buttons(self) -> [&'static str; 5] {
        self.pick(
            [
                "Confirm",
                "Edit again",
                "Cancel",
                "Undo",
                "Accept the failures",
            ],
            [
                "Confirmer",
                "Modifier encore",
                "Annuler",
                "Défaire",
                "Accepter les échecs",
            ],
        )
    }

    /// Button of a preview: confirm, and say why.
    #[must_use]
    pub fn reason_button(self) -> &'static str {
        self.pick("Confirm and say why", "Confirmer en disant pourquoi")
    }

    /// Title and label of the form that asks why.
    #[must_use]
    pub fn reason_form(self) -> [&'static str; 2] {
        self.pick(
            ["Confirm and say why", "Why? The history shows it."],
            [
                "Confirmer en disant pourquoi",
                "Pourquoi ? L'historique le montre.",
            ],
        )
    }

    /// A preview that was cancelled.
    #[must_use]
    pub fn cancelled(self) -> &'static str {
        self.pick(
            "Cancelled. Nothing was changed.",
            "Annulé. Rien n'a été changé.",
        )
    }

    /// A preview that is gone.
    #[must_use]
    pub fn preview_gone(self) -> &'static str {
        self.pick(
            "This preview is gone. Please make the edit again.",
            "Cet aperçu n'existe plus. Refaites la modification, s'il vous plaît.",
        )
    }

    /// Moderation without a journal.
    #[must_use]
    pub fn no_journal(self) -> &'static str {
        self.pick(
            "There is no journal here, so nothing can be changed.",
            "Il n'y a pas de journal ici, donc rien ne peut être changé.",
        )
    }

    /// The journal cannot be read.
    #[must_use]
    pub fn journal_away(self) -> &'static str {
        self.pick(
            "The journal cannot be reached at the moment. Nothing is lost; try again in a minute.",
            "Le journal est injoignable pour le moment. Rien n'est perdu ; réessayez dans une minute.",
        )
    }

    /// A fact that has no history.
    #[must_use]
    pub fn no_history(self, fact: &str) -> String {
        self.pick(
            format!("The journal knows of no change of `{fact}`."),
            format!("Le journal ne connaît aucun changement de `{fact}`."),
        )
    }

    /// A revision in a line; `who` is how its author is shown.
    #[must_use]
    pub fn revision(self, revision: &Revision, who: &str) -> String {
        let kind = self.revision_kind(revision.kind);
        let undone = match revision.undone_by {
            Some(by) => self.pick(format!(", undone by {by}"), format!(", défaite par {by}")),
            None => String::new(),
        };
        let why = self.why(revision);
        let (id, at) = (revision.id, moment(revision.at));
        self.pick(
            format!("Revision {id}, {at}, {who}: {kind}{undone} – {why}"),
            format!("Révision {id}, {at}, {who} : {kind}{undone} – {why}"),
        )
    }

    /// Why a revision was made: in its author's words, else as far as it is known.
    #[must_use]
    pub fn why(self, revision: &Revision) -> String {
        if !revision.why.is_empty() {
            return revision.why.clone();
        }
        if let Some(undone) = revision.undoes {
            return self.pick(
                format!("takes revision {undone} back"),
                format!("annule la révision {undone}"),
            );
        }
        let Some(question) = revision.question else {
            return self
                .pick("no reason was given", "sans motif indiqué")
                .to_owned();
        };
        match revision.kind {
            RevisionKind::Teach | RevisionKind::Alias => self.pick(
                format!("taught from question {question} of a member"),
                format!("appris de la question {question} d'un membre"),
            ),
            RevisionKind::Add => self.pick(
                format!("answers question {question} of a member"),
                format!("répond à la question {question} d'un membre"),
            ),
            RevisionKind::Refuse => self.pick(
                format!("question {question} of a member is not to be answered"),
                format!("la question {question} d'un membre ne doit pas avoir de réponse"),
            ),
            RevisionKind::Edit
            | RevisionKind::Retire
            | RevisionKind::Restore
            | RevisionKind::Undo => self.pick(
                format!("mends what a member reported (question {question})"),
                format!("corrige ce qu'un membre a signalé (question {question})"),
            ),
        }
    }

    /// Who did something, as Discord shows a member.
    #[must_use]
    pub fn member(self, by: By) -> String {
        match by {
            By::Moderator(user) => format!("<@{user}>"),
            By::Operator | By::Forgotten => self.author(by),
        }
    }

    /// Counts of some days.
    #[must_use]
    pub fn counts(self, when: &str, counts: &Counts) -> String {
        let Counts {
            asked,
            answered,
            offered,
            refused,
            voted_right: _,
            voted_wrong,
        } = counts;
        self.pick(
            format!("{when}: {asked} asked, {answered} facts answered, {offered} offered, {refused} not known, {voted_wrong} called not right"),
            format!("{when} : {asked} questions, {answered} faits donnés, {offered} proposés, {refused} sans réponse, {voted_wrong} dits inexacts"),
        )
    }

    /// Headings of the statistics: all days, most answered, never answered, due for review.
    #[must_use]
    pub fn stats_headings(self, days: i32) -> [String; 4] {
        self.pick(
            [
                format!("The last {days} days"),
                "Most answered".to_owned(),
                "Never answered".to_owned(),
                "Due for review".to_owned(),
            ],
            [
                format!("Les {days} derniers jours"),
                "Les plus donnés".to_owned(),
                "Jamais donnés".to_owned(),
                "À revoir".to_owned(),
            ],
        )
    }

    /// Button: tell me when it is answered.
    #[must_use]
    pub fn tell_me(self) -> &'static str {
        self.pick("Tell me when it is answered", "Prévenez-moi de la réponse")
    }

    /// Who will be told.
    #[must_use]
    pub fn will_be_told(self) -> &'static str {
        self.pick(
            "You will be told once, by direct message. /cara forget-me takes that back.",
            "Vous serez prévenu une fois, par message privé. /cara oubliez-moi l'annule.",
        )
    }

    /// After `/cara forget-me`.
    #[must_use]
    pub fn forgotten(self) -> &'static str {
        self.pick(
            "Nothing here is tied to you any more.",
            "Plus rien ici n'est lié à vous.",
        )
    }

    /// What became of a question, to who asked to be told.
    #[must_use]
    pub fn outcome(self, how: How, question: &str) -> String {
        match how {
            How::Taught | How::Answered => self.pick(
                format!("You asked “{question}”. Now I know:"),
                format!("Vous aviez demandé « {question} ». Maintenant je sais :"),
            ),
            How::Refused => self.pick(
                format!("You asked “{question}”. The moderators decided that I do not answer this."),
                format!("Vous aviez demandé « {question} ». Les modérateurs ont décidé que je n'y réponds pas."),
            ),
            How::Declined | How::Dropped => self.pick(
                format!("You asked “{question}”. The moderators looked at it and left things as they are."),
                format!("Vous aviez demandé « {question} ». Les modérateurs l'ont examinée et laissent les choses en l'état."),
            ),
        }
    }
}

/// The day of a moment: closer matters to nobody here.
fn moment(at: Moment) -> String {
    at.day().to_string()
}
