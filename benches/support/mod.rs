//! A seeded generator of bases that look like real ones, and of questions to ask them.
//!
//! Words come from the frequency lists of both languages and are drawn by Zipf's law; names are made
//! of syllables. Relations, their patterns and the lexicon are those of the shipped base, so that a
//! generated base has as many ways to ask as a real one. Seven facts in ten are about an entity, the
//! rest are plain questions and answers; each has five phrasings. Questions are reworded: another
//! pattern, another name, a word left out, padding around it, and a slip of the pen in one of two.
//!
//! The same seed gives the same base: the random numbers are our own.

use std::collections::HashSet;
use std::fmt::Write;

const ENGLISH: &str = include_str!("../../assets/words/en.txt");
const FRENCH: &str = include_str!("../../assets/words/fr.txt");
const RELATIONS: &str = include_str!("../../knowledge/relations.toml");
const LEXICON: &str = include_str!("../../knowledge/lexicon.toml");

/// Facts of one file.
const FACTS_PER_FILE: usize = 5_000;
/// Facts of one entity, on average.
const FACTS_PER_ENTITY: usize = 6;
const SOURCES: usize = 200;
const TEMPLATES: [[&str; 6]; 2] = [
    [
        "how do I {}",
        "what about {}",
        "tell me how {} works",
        "is there a {}",
        "where can I find {}",
        "why {}",
    ],
    [
        "comment {}",
        "qu'en est-il de {}",
        "explique-moi {}",
        "y a-t-il {}",
        "où trouver {}",
        "pourquoi {}",
    ],
];
const PADDING: [[&str; 4]; 2] = [
    ["hi, ", "please, ", "I was wondering: ", "quick question, "],
    [
        "bonjour, ",
        "svp, ",
        "je me demandais : ",
        "petite question, ",
    ],
];

/// A base as files, and questions to ask it.
pub(crate) struct Base {
    /// Path and text.
    pub files: Vec<(String, String)>,
    pub questions: Vec<Asked>,
}

/// A question with the fact it is about; none when nothing in the base answers it.
pub(crate) struct Asked {
    pub text: String,
    pub fact: Option<String>,
}

/// Xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 32) as usize * end) >> 32
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something that happens to so many in a hundred happens now.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// A word by Zipf's law: the n-th is n times rarer than the first.
    fn zipf<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let rank = (words.len() as f64).powf(self.share());
        words[(rank as usize - 1).min(words.len() - 1)]
    }
}

struct Entity {
    id: String,
    /// The names people use, the full name last.
    names: Vec<String>,
}

struct Relation {
    id: String,
    /// English and French patterns with one `{subject}`.
    patterns: [Vec<String>; 2],
}

struct Generator {
    random: Random,
    /// English and French.
    words: [Vec<&'static str>; 2],
    relations: Vec<Relation>,
    /// Phrasings written so far: two facts may not share one.
    taken: HashSet<String>,
    questions: Vec<Asked>,
}

/// Makes a base of `facts` facts and about `questions` questions, one in six of which it cannot answer.
pub(crate) fn base(facts: usize, questions: usize, seed: u64) -> Base {
    let content = |list: &'static str| -> Vec<&'static str> {
        list.lines()
            .skip(250)
            .filter(|word| word.len() >= 4)
            .take(7_000)
            .collect()
    };
    let mut generator = Generator {
        random: Random(seed | 1),
        words: [content(ENGLISH), content(FRENCH)],
        relations: relations(),
        taken: HashSet::new(),
        questions: Vec::new(),
    };
    let entities = generator.entities(facts.div_ceil(FACTS_PER_ENTITY));
    let mut files = vec![
        ("relations.toml".to_owned(), RELATIONS.to_owned()),
        ("lexicon.toml".to_owned(), LEXICON.to_owned()),
        ("sources.toml".to_owned(), sources()),
        (
            "entities/all.toml".to_owned(),
            generator.entity_file(&entities),
        ),
    ];
    let every = (facts * 6 / 5).div_ceil(questions.max(1)).max(1);
    let mut next = 0;
    while next < facts {
        let mut text = String::new();
        for number in next..facts.min(next + FACTS_PER_FILE) {
            generator.fact(number, facts, &entities, number % every == 0, &mut text);
        }
        files.push((format!("facts/{next:06}.toml"), text));
        next += FACTS_PER_FILE;
    }
    for _ in 0..questions / 6 {
        let text = generator.unanswerable();
        generator.questions.push(Asked { text, fact: None });
    }
    Base {
        files,
        questions: generator.questions,
    }
}

/// The relations of the shipped base that are looked up.
fn relations() -> Vec<Relation> {
    let file: toml::Table = toml::from_str(RELATIONS).expect("the shipped relations are TOML");
    let list = |value: &toml::Value, lang: &str| -> Vec<String> {
        let patterns = value
            .get("patterns")
            .and_then(|patterns| patterns.get(lang))
            .and_then(toml::Value::as_array);
        patterns
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .filter(|pattern| pattern.matches('{').count() == 1 && pattern.contains("{subject}"))
            .map(str::to_owned)
            .collect()
    };
    let all = file["relation"].as_array().expect("relations are a list");
    all.iter()
        .filter(|relation| relation.get("operator").is_none())
        .map(|relation| Relation {
            id: relation["id"].as_str().expect("ids are texts").to_owned(),
            patterns: [list(relation, "en"), list(relation, "fr")],
        })
        .filter(|relation| relation.patterns.iter().all(|patterns| patterns.len() > 3))
        .collect()
}

fn sources() -> String {
    let mut text = String::new();
    for number in 0..SOURCES {
        let _ = write!(
            text,
            "[[source]]\nid = \"s{number}\"\npublisher = \"Publisher {}\"\ntitle = \"Page {number}\"\n\
             url = \"https://example.org/{number}\"\nlanguage = \"en\"\n\n",
            number % 17
        );
    }
    text
}

impl Generator {
    fn entities(&mut self, count: usize) -> Vec<Entity> {
        let mut known = HashSet::new();
        let mut entities = Vec::with_capacity(count);
        while entities.len() < count {
            let short = self.name(2 + entities.len() % 2);
            let extra = capital(self.random.zipf(&self.words[0]));
            let place = self.name(2);
            let full = format!("{short} {extra} {place}");
            let initials: String = full
                .split(' ')
                .map(|word| &word[..2])
                .collect::<String>()
                .to_uppercase();
            let names = vec![short, initials, full];
            if names
                .iter()
                .any(|name| known.contains(&name.to_lowercase()))
            {
                continue;
            }
            known.extend(names.iter().map(|name| name.to_lowercase()));
            entities.push(Entity {
                id: format!("e{}", entities.len()),
                names,
            });
        }
        entities
    }

    fn name(&mut self, syllables: usize) -> String {
        const STARTS: [&str; 20] = [
            "b", "br", "c", "d", "dr", "f", "g", "gl", "k", "l", "m", "n", "p", "pl", "r", "s",
            "st", "t", "tr", "v",
        ];
        const MIDDLES: [&str; 10] = ["a", "e", "i", "o", "u", "ai", "en", "or", "an", "el"];
        let mut name = String::new();
        for _ in 0..syllables {
            name.push_str(self.random.pick(&STARTS));
            name.push_str(self.random.pick(&MIDDLES));
        }
        name.push_str(self.random.pick(&["", "s", "x", "n", "c"]));
        capital(&name)
    }

    fn entity_file(&mut self, entities: &[Entity]) -> String {
        let mut text = String::new();
        for entity in entities {
            let [short, initials, full] = &entity.names[..] else {
                continue;
            };
            let _ = write!(
                text,
                "[[entity]]\nid = \"{}\"\nkind = \"organisation\"\nname.en = \"{short}\"\nname.fr = \"{short}\"\n\
                 long.en = \"{full}\"\nlong.fr = \"{full}\"\naliases.en = [\"{initials}\"]\naliases.fr = [\"{initials}\"]\n\n",
                entity.id
            );
        }
        text
    }

    fn fact(
        &mut self,
        number: usize,
        facts: usize,
        entities: &[Entity],
        ask: bool,
        out: &mut String,
    ) {
        let lang = usize::from(self.random.percent(50));
        let about_entity = number % 10 < 7;
        let mut phrasings: [Vec<String>; 2] = [Vec::new(), Vec::new()];
        let question;
        let mut head = String::new();
        if about_entity {
            // Neighbouring facts share an entity; each has relations of its own.
            let entity = &entities[number * entities.len() / facts];
            let at = (number * 7 + number / 97) % self.relations.len();
            let topic = [
                self.random.zipf(&self.words[0]),
                self.random.zipf(&self.words[1]),
            ];
            for of in [lang, lang, lang, 1 - lang, 1 - lang] {
                let text = self.unique(|generator| {
                    let asked = generator.ask_relation(at, of, entity);
                    if generator.random.percent(40) {
                        format!("{asked} {}", topic[of])
                    } else {
                        asked
                    }
                });
                phrasings[of].push(text);
            }
            question = self.ask_relation(at, lang, entity);
            let _ = writeln!(
                head,
                "subject = \"{}\"\nrelation = \"{}\"",
                entity.id, self.relations[at].id
            );
            if self.random.percent(40) {
                let _ = writeln!(
                    head,
                    "date = \"{}-{:02}\"",
                    1990 + self.random.below(36),
                    1 + self.random.below(12)
                );
            }
        } else {
            let topics = [0, 1].map(|of| self.topic(of));
            for of in [lang, lang, lang, 1 - lang, 1 - lang] {
                let text = self.unique(|generator| generator.ask_topic(&topics[of], of, 3));
                phrasings[of].push(text);
            }
            question = self.ask_topic(&topics[lang], lang, 4);
        }
        let _ = write!(out, "[[fact]]\nid = \"f{number}\"\n{head}");
        for (of, key) in [(0, "en"), (1, "fr")] {
            let mut answer = String::new();
            for _ in 0..20 + self.random.below(20) {
                answer.push_str(self.random.zipf(&self.words[of]));
                answer.push(' ');
            }
            let _ = writeln!(out, "answer.{key} = \"{}.\"", capital(answer.trim_end()));
            let _ = writeln!(
                out,
                "phrasings.{key} = [\"{}\"]",
                phrasings[of].join("\", \"")
            );
        }
        let _ = writeln!(out, "sources = [\"s{}\"]\n", number % SOURCES);
        if ask {
            let text = self.disturb(question, lang);
            self.questions.push(Asked {
                text,
                fact: Some(format!("f{number}")),
            });
        }
    }

    /// Five words; the last two are what tells this topic from others.
    fn topic(&mut self, lang: usize) -> Vec<&'static str> {
        let mut words: Vec<&str> = Vec::with_capacity(5);
        while words.len() < 5 {
            let word = if words.len() < 3 {
                self.random.zipf(&self.words[lang])
            } else {
                self.words[lang][self.random.below(self.words[lang].len())]
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    /// A template with the words of a topic in some order, so many of them.
    fn ask_topic(&mut self, topic: &[&str], lang: usize, count: usize) -> String {
        let mut words = topic.to_vec();
        while words.len() > count {
            let common = self.random.below(words.len() - 2);
            words.remove(common);
        }
        for at in (1..words.len()).rev() {
            words.swap(at, self.random.below(at + 1));
        }
        self.random
            .pick(&TEMPLATES[lang])
            .replace("{}", &words.join(" "))
    }

    fn ask_relation(&mut self, relation: usize, lang: usize, entity: &Entity) -> String {
        let name = &entity.names[self.random.below(entity.names.len())];
        let patterns = &self.relations[relation].patterns[lang];
        patterns[self.random.below(patterns.len())].replace("{subject}", name)
    }

    /// A phrasing that no fact has; a number at its end where that is hard to come by.
    fn unique(&mut self, make: impl Fn(&mut Self) -> String) -> String {
        for _ in 0..20 {
            let text = make(self);
            if self.taken.insert(text.to_lowercase()) {
                return text;
            }
        }
        let text = format!("{} no {}", make(self), self.taken.len());
        self.taken.insert(text.to_lowercase());
        text
    }

    /// Padding, a word left out, a slip of the pen.
    fn disturb(&mut self, question: String, lang: usize) -> String {
        let mut words: Vec<String> = question.split(' ').map(str::to_owned).collect();
        if words.len() > 5 && self.random.percent(30) {
            // The small words stand in front.
            words.remove(self.random.below(2));
        }
        if self.random.percent(50) {
            let long: Vec<usize> = (0..words.len())
                .filter(|&at| words[at].len() > 4 && words[at].is_ascii())
                .collect();
            if let Some(&at) = long.get(self.random.below(long.len().max(1))) {
                slip(&mut words[at], &mut self.random);
            }
        }
        let mut text = words.join(" ");
        if self.random.percent(30) {
            text.insert_str(0, self.random.pick(&PADDING[lang]));
        }
        if self.random.percent(50) {
            text.push_str(" ?");
        }
        text
    }

    /// A pattern about an entity that the base does not have, or a topic that none of its facts has.
    fn unanswerable(&mut self) -> String {
        let lang = usize::from(self.random.percent(50));
        let text = if self.random.percent(50) {
            let name = format!("{} {}", self.name(3), self.name(3));
            let entity = Entity {
                id: String::new(),
                names: vec![name],
            };
            let relation = self.random.below(self.relations.len());
            self.ask_relation(relation, lang, &entity)
        } else {
            let topic = self.topic(lang);
            self.ask_topic(&topic, lang, 4)
        };
        self.disturb(text, lang)
    }
}

/// Two letters swapped, one left out or one doubled, never the first.
fn slip(word: &mut String, random: &mut Random) {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len() - 2);
    match random.below(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    *word = letters.into_iter().collect();
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
