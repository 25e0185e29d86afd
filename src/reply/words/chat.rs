//! The sentences of a chat in the terminal.

use super::Words;
use crate::commands::BadCommand;

impl Words {
    /// After the greeting: how to go on, and how to leave.
    #[must_use]
    pub fn way_out(self) -> &'static str {
        self.pick(
            "/cara help shows what I can do, /quit leaves.",
            "/cara aide montre ce que je sais faire, /quit termine.",
        )
    }

    /// What can be typed in the terminal beside the commands of every surface.
    #[must_use]
    pub fn in_the_terminal(self) -> &'static str {
        self.pick(
            "Here in the terminal: /lang en or /lang fr chooses the language of my replies, /quit leaves.",
            "Ici, dans le terminal : /lang fr ou /lang en choisit la langue de mes réponses, /quit termine.",
        )
    }

    /// What `/lang` needs.
    #[must_use]
    pub fn languages(self) -> &'static str {
        self.pick(
            "Which language? /lang en or /lang fr",
            "Quelle langue ? /lang fr ou /lang en",
        )
    }

    /// What stands before the line being typed.
    #[must_use]
    pub fn prompt(self) -> &'static str {
        self.pick("you › ", "vous › ")
    }

    /// A line that begins like a command and is none.
    #[must_use]
    pub fn bad_command(self, error: &BadCommand) -> String {
        let french = match error {
            BadCommand::Unknown(name) => format!(
                "`/cara {name}` n'est pas une commande : il y a demander, histoire, sujet, sources et aide"
            ),
            BadCommand::NoQuestion => "`/cara demander` attend une question".to_owned(),
            BadCommand::NoTopic => "`/cara sujet` attend un sujet".to_owned(),
        };
        self.pick(error.to_string(), french)
    }

    /// A language that the bot does not speak.
    #[must_use]
    pub fn unknown_language(self, typed: &str) -> String {
        self.pick(
            format!("I don't speak `{typed}`: use /lang en or /lang fr"),
            format!("Je ne parle pas « {typed} » : utilisez /lang fr ou /lang en"),
        )
    }
}
