//! Everything that is registered with Discord, by what it is for.

/// A command, option or subcommand: its name and what it does, in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// English name and description.
    pub en: (&'static str, &'static str),
    /// French name and description.
    pub fr: (&'static str, &'static str),
}

const fn named(en: (&'static str, &'static str), fr: (&'static str, &'static str)) -> Named {
    Named { en, fr }
}

/// `/cara`.
pub const CARA: Named = named(
    ("cara", "Ask about CARA, with sources"),
    ("cara", "Poser une question sur CARA, avec les sources"),
);
/// `/cara history`.
pub const HISTORY: Named = named(
    ("history", "The timeline, whole or of a period"),
    ("histoire", "La chronologie, entière ou d'une période"),
);
/// The period of `/cara history`.
pub const PERIOD: Named = named(
    (
        "period",
        "A year, a month or a span: 2012, May 2015, 2015-2018",
    ),
    (
        "période",
        "Une année, un mois ou un intervalle : 2012, mai 2015, 2015-2018",
    ),
);
/// `/cara ask`.
pub const ASK: Named = named(
    ("ask", "Ask a question in your own words"),
    ("demander", "Poser une question avec vos mots"),
);
/// The question of `/cara ask`.
pub const QUESTION: Named = named(
    ("question", "Your question, in English or French"),
    ("question", "Votre question, en français ou en anglais"),
);
/// Whether only the asker sees the answer.
pub const PRIVATE: Named = named(
    ("private", "Show the answer to you alone"),
    ("privé", "Ne montrer la réponse qu'à vous"),
);
/// `/cara about`.
pub const ABOUT: Named = named(
    (
        "about",
        "What is known of an organisation, a person, a project …",
    ),
    (
        "sujet",
        "Ce qu'on sait d'un organisme, d'une personne, d'un projet…",
    ),
);
/// The topic of `/cara about`.
pub const TOPIC: Named = named(
    ("topic", "Whom or what it is about"),
    ("sujet", "De qui ou de quoi il s'agit"),
);
/// `/cara sources`.
pub const SOURCES: Named = named(
    ("sources", "Every source the answers rest on"),
    ("sources", "Toutes les sources des réponses"),
);
/// `/cara help`.
pub const HELP: Named = named(
    ("help", "Examples that work, and how to correct a fact"),
    (
        "aide",
        "Des exemples qui fonctionnent, et comment corriger un fait",
    ),
);
/// `/cara privacy`.
pub const PRIVACY: Named = named(
    ("privacy", "What is kept of your questions, and how long"),
    (
        "confidentialité",
        "Ce qui est gardé de vos questions, et combien de temps",
    ),
);
/// `/cara forget-me`.
pub const FORGET_ME: Named = named(
    ("forget-me", "Remove whatever is tied to you"),
    ("oubliez-moi", "Supprimer tout ce qui est lié à vous"),
);
/// The command in the menu of a message; it has no description.
pub const ASK_CARA: Named = named(("Ask CARA", ""), ("Demander à CARA", ""));
/// `/cara-admin`.
pub const ADMIN: Named = named(
    ("cara-admin", "Keep the facts true"),
    ("cara-admin", "Tenir les faits à jour"),
);
/// `/cara-admin reload`.
pub const RELOAD: Named = named(
    (
        "reload",
        "Read the knowledge files anew and serve them if they are right",
    ),
    (
        "recharger",
        "Relire les fichiers et les servir s'ils sont valides",
    ),
);
/// `/cara-admin check`.
pub const CHECK: Named = named(
    (
        "check",
        "Read the knowledge files anew and say what is wrong, changing nothing",
    ),
    (
        "vérifier",
        "Relire les fichiers et dire ce qui ne va pas, sans rien changer",
    ),
);
/// `/cara-admin status`.
pub const STATUS: Named = named(
    ("status", "What is being served, and how it runs"),
    ("état", "Ce qui est servi, et comment cela fonctionne"),
);
/// `/cara-admin review`.
pub const REVIEW: Named = named(
    ("review", "Questions that wait for you, most asked first"),
    (
        "file",
        "Les questions qui vous attendent, les plus posées d'abord",
    ),
);
/// `/cara-admin edit`.
pub const EDIT: Named = named(("edit", "Change a fact"), ("modifier", "Modifier un fait"));
/// `/cara-admin add`.
pub const ADD: Named = named(("add", "Add a fact"), ("ajouter", "Ajouter un fait"));
/// `/cara-admin retire`.
pub const RETIRE: Named = named(
    ("retire", "Take a fact out of use; it can be restored"),
    (
        "retirer",
        "Mettre un fait hors service ; on peut le rétablir",
    ),
);
/// `/cara-admin restore`.
pub const RESTORE: Named = named(
    ("restore", "Put a retired fact back"),
    ("rétablir", "Remettre un fait retiré"),
);
/// `/cara-admin alias`.
pub const ALIAS: Named = named(
    ("alias", "Give an entity another name"),
    ("alias", "Donner un autre nom à une entité"),
);
/// `/cara-admin history`.
pub const FACT_HISTORY: Named = named(
    ("history", "What was changed of a fact, by whom and why"),
    (
        "historique",
        "Ce qui a été changé d'un fait, par qui et pourquoi",
    ),
);
/// `/cara-admin undo`.
pub const UNDO: Named = named(
    ("undo", "Take a revision back"),
    ("défaire", "Défaire une révision"),
);
/// `/cara-admin stats`.
pub const STATS: Named = named(
    ("stats", "What was asked, answered and not known"),
    ("chiffres", "Ce qui a été demandé, répondu et ignoré"),
);
/// A fact.
pub const FACT: Named = named(
    ("fact", "Words of its question, or its id"),
    ("fait", "Des mots de sa question, ou son identifiant"),
);
/// An entity.
pub const ENTITY: Named = named(
    ("entity", "Whom or what the name is for"),
    ("entité", "Pour qui ou pour quoi est ce nom"),
);
/// A name.
pub const NAME: Named = named(("name", "The other name"), ("nom", "L'autre nom"));
/// A language.
pub const LANGUAGE: Named = named(
    ("language", "The language of the name; yours by default"),
    ("langue", "La langue du nom ; la vôtre par défaut"),
);
/// A revision.
pub const REVISION: Named = named(
    ("revision", "Its number, as in history"),
    ("révision", "Son numéro, comme dans l'historique"),
);
