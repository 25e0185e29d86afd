//! The sentences the bot says in Discord only: buttons, notes, privacy, reports to moderators.

pub mod slash;

use std::time::Duration;

use crate::lang::Lang;
use crate::live::Report;
use crate::reply::Words;

pub use self::slash::Named;

/// Figures for `/cara-admin status`.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Generation served.
    pub generation: u64,
    /// Facts, entities, sources, golden questions.
    pub counts: [usize; 4],
    /// Since the process started.
    pub uptime: Duration,
    /// Servers the bot is in.
    pub servers: usize,
    /// Median and 99th percentile from event to answer sent, and how many were measured.
    pub latency: Option<(Duration, Duration, usize)>,
    /// Round trip to the gateway.
    pub gateway: Option<Duration>,
    /// Events that could not be read.
    pub unread: u64,
    /// Errors of the last reload, if it was refused, and how long ago that was.
    pub refused: Option<(usize, Duration)>,
    /// Warnings of the files served.
    pub warnings: usize,
}

impl Words {
    /// Button: the sources in full.
    #[must_use]
    pub fn sources_button(self) -> &'static str {
        "Sources"
    }

    /// Button: what else is known of this.
    #[must_use]
    pub fn related_button(self) -> &'static str {
        self.pick("Related", "Voir aussi")
    }

    /// Button: tell the moderators that the answer is not right.
    #[must_use]
    pub fn not_right_button(self) -> &'static str {
        self.pick("Not right?", "Inexact ?")
    }

    /// Button: take the message back.
    #[must_use]
    pub fn delete_button(self) -> &'static str {
        self.pick("Delete", "Supprimer")
    }

    /// Button: keep an unanswered question for the moderators.
    #[must_use]
    pub fn send_button(self) -> &'static str {
        self.pick("Send to the moderators", "Envoyer aux modérateurs")
    }

    /// Button: none of the offered questions was meant.
    #[must_use]
    pub fn none_button(self) -> &'static str {
        self.pick("None of these", "Aucune de celles-ci")
    }

    /// Button: the page before.
    #[must_use]
    pub fn previous_button(self) -> &'static str {
        self.pick("◀ Previous", "◀ Précédent")
    }

    /// Button: the page after.
    #[must_use]
    pub fn next_button(self) -> &'static str {
        self.pick("Next ▶", "Suivant ▶")
    }

    /// Menu of the milestones on a page.
    #[must_use]
    pub fn open_event(self) -> &'static str {
        self.pick("Open an event…", "Ouvrir un événement…")
    }

    /// Menu of what can be asked about a topic.
    #[must_use]
    pub fn open_question(self) -> &'static str {
        self.pick("Ask one of these…", "Poser une de ces questions…")
    }

    /// Which page of how many.
    #[must_use]
    pub fn page(self, page: usize, pages: usize) -> String {
        self.pick(
            format!("Page {page} of {pages}"),
            format!("Page {page} sur {pages}"),
        )
    }

    /// Above related questions.
    #[must_use]
    pub fn related(self) -> &'static str {
        self.pick(
            "You may also want to know:",
            "Vous voudrez peut-être aussi savoir :",
        )
    }

    /// When nothing is related.
    #[must_use]
    pub fn nothing_related(self) -> &'static str {
        self.pick(
            "I know nothing else about this.",
            "Je ne sais rien d'autre à ce sujet.",
        )
    }

    /// After "Not right?".
    #[must_use]
    pub fn kept_as_not_right(self) -> &'static str {
        self.pick(
            "Thank you. The question and this answer are kept for the moderators.",
            "Merci. La question et cette réponse sont gardées pour les modérateurs.",
        )
    }

    /// After "Send to the moderators".
    #[must_use]
    pub fn sent(self) -> &'static str {
        self.pick(
            "Thank you. Your question is kept for the moderators, without your name.",
            "Merci. Votre question est gardée pour les modérateurs, sans votre nom.",
        )
    }

    /// After "None of these".
    #[must_use]
    pub fn none_meant(self) -> &'static str {
        self.pick(
            "Then I don't know. Your question is kept for the moderators, without your name; asking in other words may help.",
            "Alors je ne sais pas. Votre question est gardée pour les modérateurs, sans votre nom ; la poser autrement peut aider.",
        )
    }

    /// When the question of a message is not known any more.
    #[must_use]
    pub fn question_lost(self) -> &'static str {
        self.pick(
            "I no longer know which question this was. Please ask it again.",
            "Je ne sais plus de quelle question il s'agissait. Posez-la de nouveau, s'il vous plaît.",
        )
    }

    /// When what is to be kept cannot be.
    #[must_use]
    pub fn not_kept(self) -> &'static str {
        self.pick(
            "This could not be kept. Please tell a moderator directly.",
            "Cela n'a pas pu être gardé. Dites-le directement à un modérateur, s'il vous plaît.",
        )
    }

    /// Who presses Delete and may not.
    #[must_use]
    pub fn not_yours_to_delete(self) -> &'static str {
        self.pick(
            "Only the person who asked, or a moderator, can delete this.",
            "Seule la personne qui a posé la question, ou un modérateur, peut supprimer ceci.",
        )
    }

    /// A button of a fact that is gone.
    #[must_use]
    pub fn fact_gone(self) -> &'static str {
        self.pick(
            "This entry has changed since. This is what I know today:",
            "Cette fiche a changé depuis. Voici ce que je sais aujourd'hui :",
        )
    }

    /// A button of a fact that is gone, when the question is not known either.
    #[must_use]
    pub fn fact_gone_alone(self) -> &'static str {
        self.pick(
            "This entry is no longer there. Please ask again.",
            "Cette fiche n'existe plus. Posez la question de nouveau, s'il vous plaît.",
        )
    }

    /// A button that we do not know.
    #[must_use]
    pub fn old_button(self) -> &'static str {
        self.pick(
            "This button is from an older version of me. Please ask again.",
            "Ce bouton vient d'une version plus ancienne. Posez la question de nouveau, s'il vous plaît.",
        )
    }

    /// Something went wrong on our side.
    #[must_use]
    pub fn sorry(self) -> &'static str {
        self.pick(
            "Sorry, something went wrong here. Please try again.",
            "Désolé, quelque chose a mal tourné ici. Réessayez, s'il vous plaît.",
        )
    }

    /// Asked too fast.
    #[must_use]
    pub fn slow_down(self, wait: Duration) -> String {
        let seconds = wait.as_secs().max(1);
        self.pick(
            format!("That was a lot at once. Please wait {seconds} s."),
            format!("Cela fait beaucoup à la fois. Attendez {seconds} s, s'il vous plaît."),
        )
    }

    /// A command that does not exist any more.
    #[must_use]
    pub fn unknown_command(self) -> &'static str {
        self.pick(
            "I don't know this command. /cara help shows what I can do.",
            "Je ne connais pas cette commande. /cara aide montre ce que je sais faire.",
        )
    }

    /// The message a command was used on has no text that we may read.
    #[must_use]
    pub fn nothing_to_read(self) -> &'static str {
        self.pick(
            "There is no text in this message that I can read.",
            "Il n'y a pas de texte que je puisse lire dans ce message.",
        )
    }

    /// Who is not a moderator and tries.
    #[must_use]
    pub fn moderators_only(self) -> &'static str {
        self.pick(
            "Only the bot's moderators, in their own server, can do that.",
            "Seuls les modérateurs du bot, sur leur propre serveur, peuvent faire cela.",
        )
    }

    /// How to correct a fact, for `/cara help`.
    #[must_use]
    pub fn help_in_discord(self) -> &'static str {
        self.pick(
            "You can also mention me, write to me directly, or use “Ask CARA” in the menu of a message. Is an answer not right? Press “Not right?” below it. What is kept of your questions: /cara privacy.",
            "Vous pouvez aussi me mentionner, m'écrire en privé, ou utiliser « Demander à CARA » dans le menu d'un message. Une réponse est inexacte ? Appuyez sur « Inexact ? » en dessous. Ce qui est gardé de vos questions : /cara confidentialité.",
        )
    }

    /// `/cara privacy`. `days` is how long unanswered questions are kept.
    #[must_use]
    pub fn privacy(self, days: Option<u32>) -> Vec<String> {
        let kept = match (self.0, days) {
            (Lang::En, Some(days)) => format!(
                "Questions I cannot answer, answers you call not right, and what you send to the moderators are kept without your name, for {days} days."
            ),
            (Lang::Fr, Some(days)) => format!(
                "Les questions auxquelles je ne sais pas répondre, les réponses que vous signalez comme inexactes et ce que vous envoyez aux modérateurs sont gardés sans votre nom, pendant {days} jours."
            ),
            (Lang::En, None) => "Nothing of what you ask is stored here.".to_owned(),
            (Lang::Fr, None) => "Rien de ce que vous demandez n'est enregistré ici.".to_owned(),
        };
        let rest: [&str; 3] = self.pick(
            [
                "What we talk about is remembered for ten minutes, in memory only, so that “and who founded it?” works.",
                "How many questions were asked and answered is counted by day and by fact; these counts hold no text and no names.",
                "I read only what is said to me: commands, mentions, replies to me and direct messages.",
            ],
            [
                "Ce dont nous parlons est retenu dix minutes, en mémoire seulement, pour que « et qui l'a fondé ? » fonctionne.",
                "Les questions posées et celles qui ont reçu une réponse sont comptées par jour et par fait ; ces comptes ne contiennent ni texte ni nom.",
                "Je ne lis que ce qui m'est adressé : commandes, mentions, réponses à mes messages et messages privés.",
            ],
        );
        std::iter::once(kept)
            .chain(rest.map(str::to_owned))
            .collect()
    }

    /// What a picture of a timeline shows, when the picture itself does not say.
    #[must_use]
    pub fn attached_diagnostics(self) -> &'static str {
        self.pick("Everything that was found", "Tout ce qui a été trouvé")
    }

    /// "generation 41: +2 ~1 −0, golden 412/412, 38 ms".
    #[must_use]
    pub fn reloaded(self, report: &Report) -> String {
        let Report {
            generation,
            added,
            changed,
            removed,
            golden_right,
            golden_total,
            warnings,
            took,
        } = report;
        let took = took.as_millis();
        let warnings = match (self.0, warnings) {
            (_, 0) => String::new(),
            (Lang::En, 1) => ", 1 warning".to_owned(),
            (Lang::Fr, 1) => ", 1 avertissement".to_owned(),
            (Lang::En, n) => format!(", {n} warnings"),
            (Lang::Fr, n) => format!(", {n} avertissements"),
        };
        self.pick(
            format!("generation {generation}: +{added} ~{changed} −{removed}, golden {golden_right}/{golden_total}, {took} ms{warnings}"),
            format!("génération {generation} : +{added} ~{changed} −{removed}, questions témoins {golden_right}/{golden_total}, {took} ms{warnings}"),
        )
    }

    /// A reload that was refused; `generation` is the one still served.
    #[must_use]
    pub fn refused(self, errors: usize, generation: u64) -> String {
        match (self.0, errors) {
            (Lang::En, 1) => format!("1 error; still serving generation {generation}"),
            (Lang::En, n) => format!("{n} errors; still serving generation {generation}"),
            (Lang::Fr, 1) => format!("1 erreur ; la génération {generation} reste servie"),
            (Lang::Fr, n) => format!("{n} erreurs ; la génération {generation} reste servie"),
        }
    }

    /// A check that found no error.
    #[must_use]
    pub fn checked_well(self, facts: usize, warnings: usize) -> String {
        self.pick(
            format!(
                "No errors: {facts} facts, {}. Nothing was changed.",
                counted(warnings, "warning", "warnings", self.0)
            ),
            format!(
                "Aucune erreur : {facts} faits, {}. Rien n'a été changé.",
                counted(warnings, "avertissement", "avertissements", self.0)
            ),
        )
    }

    /// A check that found errors.
    #[must_use]
    pub fn checked_badly(self, errors: usize) -> String {
        self.pick(
            format!("Errors: {errors}. Nothing was changed."),
            format!("Erreurs : {errors}. Rien n'a été changé."),
        )
    }

    /// `/cara-admin status`, a line each.
    #[must_use]
    pub fn status(self, status: &Status) -> Vec<String> {
        let Status {
            generation,
            counts: [facts, entities, sources, golden],
            uptime,
            servers,
            latency,
            gateway,
            unread,
            refused,
            warnings,
        } = status;
        let uptime = clock(*uptime, self.0);
        let ms = |time: &Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let mut lines = vec![
            self.pick(
                format!("Serving generation {generation}: {facts} facts, {entities} entities, {sources} sources, {golden} golden questions, {}", counted(*warnings, "warning", "warnings", self.0)),
                format!("Génération {generation} servie : {facts} faits, {entities} entités, {sources} sources, {golden} questions témoins, {}", counted(*warnings, "avertissement", "avertissements", self.0)),
            ),
            self.pick(
                format!("Up for {uptime}, in {}", counted(*servers, "server", "servers", self.0)),
                format!("En marche depuis {uptime}, sur {}", counted(*servers, "serveur", "serveurs", self.0)),
            ),
        ];
        if let Some((median, slowest, count)) = latency {
            let (median, slowest) = (ms(median), ms(slowest));
            lines.push(self.pick(
                format!("From event to answer: median {median}, 99th percentile {slowest}, over the last {count}"),
                format!("De l'événement à la réponse : médiane {median}, 99e centile {slowest}, sur les {count} dernières"),
            ));
        }
        if let Some(gateway) = gateway {
            let gateway = ms(gateway);
            lines.push(self.pick(
                format!("Round trip to the gateway: {gateway}"),
                format!("Aller-retour jusqu'à la passerelle : {gateway}"),
            ));
        }
        if *unread > 0 {
            lines.push(self.pick(
                format!("Events that could not be read: {unread}"),
                format!("Événements qui n'ont pas pu être lus : {unread}"),
            ));
        }
        if let Some((errors, ago)) = refused {
            let ago = clock(*ago, self.0);
            lines.push(self.pick(
                format!("The files were refused {ago} ago ({}); `/cara-admin check` says why", counted(*errors, "error", "errors", self.0)),
                format!("Les fichiers ont été refusés il y a {ago} ({}) ; `/cara-admin vérifier` dit pourquoi", counted(*errors, "erreur", "erreurs", self.0)),
            ));
        }
        lines
    }
}

/// "1 warning", "2 warnings". French takes the singular for 0 as well.
fn counted(count: usize, one: &str, several: &str, lang: Lang) -> String {
    let single = count == 1 || (count == 0 && lang == Lang::Fr);
    let noun = if single { one } else { several };
    format!("{count} {noun}")
}

/// "3 d 4 h", "5 min": the two largest units of a time.
fn clock(time: Duration, lang: Lang) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => match lang {
            Lang::En => format!("{days} d {hours} h"),
            Lang::Fr => format!("{days} j {hours} h"),
        },
    }
}
