//! A small base about an orchestra that does not exist: nothing in the code knows it.

/// Its files: paths in the knowledge folder, and texts.
pub(crate) const SMALL: &[(&str, &str)] = &[
    (
        "sources.toml",
        r#"
[[source]]
id = "s1"
publisher = "Ostinato"
title = "Our story"
url = "https://ostinato.example/story"
language = "en"

[[source]]
id = "s2"
publisher = "Velden Gazette"
title = "Two orchestras become one"
language = "en"
date = "2011-05-04"
"#,
    ),
    (
        "relations.toml",
        r#"
[[relation]]
id = "definition"
name.en = "description"
name.fr = "la définition"
asks = "definition"
patterns.en = ["what is {subject}", "tell me about {subject}", "describe {subject}"]
patterns.fr = ["c'est quoi {subject}", "qu'est-ce que {subject}", "parle-moi de {subject}"]

[[relation]]
id = "created"
name.en = "founding date"
name.fr = "la date de création"
asks = "date"
patterns.en = ["when was {subject} created", "when was {subject} founded", "in which year did {subject} start"]
patterns.fr = ["quand {subject} a-t-il été créé", "date de création de {subject}", "en quelle année {subject} est-il né"]

[[relation]]
id = "founders"
name.en = "founders"
name.fr = "les fondateurs"
asks = "person"
patterns.en = ["who founded {subject}", "who created {subject}", "who are the founders of {subject}"]
patterns.fr = ["qui a fondé {subject}", "qui a créé {subject}", "quels sont les fondateurs de {subject}"]
yesno.en = ["was {object} a founder of {subject}", "did {object} found {subject}"]
yesno.fr = ["{object} a-t-il fondé {subject}", "{object} est-il fondateur de {subject}"]

[[relation]]
id = "members"
name.en = "number of members"
name.fr = "le nombre de membres"
asks = "number"
patterns.en = ["how many members does {subject} have", "how many musicians play in {subject}"]
patterns.fr = ["combien de membres compte {subject}", "combien de musiciens jouent dans {subject}"]

[[relation]]
id = "history"
name.en = "key dates"
name.fr = "les dates clés"
asks = "list"
operator = "timeline"
patterns.en = ["what happened in {date}", "what happened between {date} and {date}", "timeline of {subject}"]
patterns.fr = ["que s'est-il passé en {date}", "que s'est-il passé entre {date} et {date}", "chronologie de {subject}"]
"#,
    ),
    (
        "lexicon.toml",
        r#"
[[concept]]
id = "found"
en = ["found", "founded", "create", "created", "set up", "establish", "birth date"]
fr = ["fonder", "fondé", "créer", "créé", "création"]

[[concept]]
id = "who"
en = ["who", "which people"]
fr = ["qui"]

[[shorthand]]
write = ["ckoi", "c koi", "c quoi"]
means = "c'est quoi"

[[filler]]
en = ["hello", "please", "pls", "thanks"]
fr = ["bonjour", "s'il vous plaît", "merci"]
"#,
    ),
    (
        "entities/all.toml",
        r#"
[[entity]]
id = "ostinato"
kind = "organisation"
main = true
name.en = "Ostinato"
name.fr = "Ostinato"
of.fr = "d'Ostinato"
aliases.en = ["the Velden orchestra"]
aliases.fr = ["l'orchestre de Velden"]

[[entity]]
id = "fugato"
kind = "organisation"
name.en = "Fugato"
name.fr = "Fugato"
successor = "ostinato"

[[entity]]
id = "marta-lind"
kind = "person"
name.en = "Marta Lind"
name.fr = "Marta Lind"

[[entity]]
id = "jonas-brekke"
kind = "person"
name.en = "Jonas Brekke"
name.fr = "Jonas Brekke"
"#,
    ),
    (
        "facts/fugato.toml",
        r#"
[defaults]
checked = "2026-11-22"
sources = ["s1"]

[[fact]]
id = "fugato-definition"
subject = "fugato"
relation = "definition"
answer.en = "Fugato was a chamber orchestra. It became part of Ostinato."
answer.fr = "Fugato était un orchestre de chambre. Il fait aujourd'hui partie d'Ostinato."
phrasings.en = ["What was Fugato?"]
phrasings.fr = ["Qu'était Fugato ?"]

[[fact]]
id = "fugato-created"
subject = "fugato"
relation = "created"
date = "1998-03"
event.en = "Fugato is founded"
event.fr = "Fondation de Fugato"
answer.en = "Fugato was founded in March 1998. It had nine musicians then."
answer.fr = "Fugato a été fondé en mars 1998. Il comptait alors neuf musiciens."
phrasings.en = ["When was Fugato founded?", "in which year did Fugato begin"]
phrasings.fr = ["Quand Fugato a-t-il été fondé ?", "en quelle année Fugato a-t-il commencé"]

[[fact]]
id = "fugato-founders"
subject = "fugato"
relation = "founders"
objects = ["marta-lind"]
complete = true
answer.en = "Fugato was founded by the cellist Marta Lind alone."
answer.fr = "Fugato a été fondé par la seule violoncelliste Marta Lind."
phrasings.en = ["Who founded Fugato?"]
phrasings.fr = ["Qui a fondé Fugato ?"]
"#,
    ),
    (
        "facts/ostinato.toml",
        r#"
[defaults]
checked = "2026-11-22"

[[fact]]
id = "ostinato-definition"
subject = "ostinato"
relation = "definition"
answer.en = "Ostinato is the amateur orchestra of the town of Velden."
answer.fr = "Ostinato est l'orchestre amateur de la ville de Velden."
sources = ["s1"]
phrasings.en = ["What is Ostinato?"]
phrasings.fr = ["Qu'est-ce qu'Ostinato ?"]

[[fact]]
id = "ostinato-created"
subject = "ostinato"
relation = "created"
date = "2011-05-02"
event.en = "Ostinato is founded"
event.fr = "Fondation d'Ostinato"
answer.en = "Ostinato was founded on 2 May 2011. Two orchestras became one that day."
answer.fr = "Ostinato a été fondé le 2 mai 2011. Ce jour-là, deux orchestres n'en ont plus fait qu'un."
sources = ["s1", "s2"]
phrasings.en = ["When was Ostinato founded?", "on which day did Ostinato begin"]
phrasings.fr = ["Quand Ostinato a-t-il été fondé ?", "quel jour Ostinato a-t-il commencé"]

[[fact]]
id = "ostinato-founders"
subject = "ostinato"
relation = "founders"
objects = ["marta-lind", "jonas-brekke"]
complete = true
answer.en = "Ostinato was founded by Marta Lind and Jonas Brekke."
answer.fr = "Ostinato a été fondé par Marta Lind et Jonas Brekke."
sources = ["s2"]
phrasings.en = ["Who founded Ostinato?"]
phrasings.fr = ["Qui a fondé Ostinato ?"]

[[fact]]
id = "ostinato-members"
subject = "ostinato"
relation = "members"
volatile = true
as_of = "2026-01"
answer.en = "Ostinato had 64 members in January 2026."
answer.fr = "Ostinato comptait 64 membres en janvier 2026."
sources = ["s1"]
phrasings.en = ["How many members does Ostinato have?", "size of Ostinato"]
phrasings.fr = ["Combien de membres compte Ostinato ?", "effectif d'Ostinato"]

[[fact]]
id = "ostinato-conductor"
subject = "ostinato"
gap = true
answer.en = "No source says who conducts Ostinato."
answer.fr = "Aucune source ne dit qui dirige Ostinato."
sources = ["s1"]
phrasings.en = ["Who conducts Ostinato?", "name of the conductor of Ostinato"]
phrasings.fr = ["Qui dirige Ostinato ?", "nom du chef d'orchestre d'Ostinato"]

[[fact]]
id = "rehearsals"
answer.en = "Rehearsals are on Tuesday evenings in the old fire station."
answer.fr = "Les répétitions ont lieu le mardi soir dans l'ancienne caserne."
sources = ["s1"]
phrasings.en = ["When are the rehearsals?", "where do you rehearse", "which evening do you practise"]
phrasings.fr = ["Quand ont lieu les répétitions ?", "où répétez-vous", "quel soir répétez-vous"]
"#,
    ),
    (
        "questions/all.toml",
        r#"
[[question]]
ask = "what year was fugato founded?"
expect = "fugato-created"
style = "direct"

[[question]]
ask = "birth date of fugato pls"
expect = "fugato-created"
style = "chatty"

[[question]]
ask = "c'est qui les fondateurs d'Ostinato ?"
expect = "ostinato-founders"
style = "chatty"

[[question]]
ask = "who set up Ostinato?"
expect = "ostinato-founders"
style = "paraphrase"

[[question]]
ask = "combien sont-ils dans l'orchestre de Velden ?"
expect = "ostinato-members"
style = "paraphrase"

[[question]]
ask = "ostinato c quoi"
expect = "ostinato-definition"
style = "texting"

[[question]]
ask = "Bonjour ! Quel soir répétez-vous, s'il vous plaît ?"
expect = "rehearsals"
style = "chatty"

[[question]]
ask = "and who founded it?"
after = ["when was Fugato founded?"]
expect = "fugato-founders"
style = "follow-up"

[[question]]
ask = "who is conducting ostinato now"
expect = "ostinato-conductor"
style = "gap"

[[question]]
ask = "who won the world cup in 2018?"
expect = "unknown"
style = "offtopic"

[[question]]
ask = "how do I cook rice?"
expect = "unknown"
style = "offtopic"

[[question]]
ask = "quelle est la capitale du Pérou ?"
expect = "unknown"
style = "offtopic"

[[question]]
ask = "quand est né Mozart ?"
expect = "unknown"
style = "offtopic"

[[question]]
ask = "when was Staccato founded?"
expect = ["unknown", "offer"]
style = "near-miss"

[[question]]
ask = "where does Marta Lind live?"
expect = ["unknown", "offer"]
style = "near-miss"
"#,
    ),
];
