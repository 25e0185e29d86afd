//! Temporary.
pub mod diagnostic;
pub mod model;
pub mod source {
    #[derive(Debug, Clone)]
    pub struct Folder(pub std::path::PathBuf);
    impl Folder {
        pub fn disk(p: impl AsRef<std::path::Path>) -> Self { Folder(p.as_ref().to_owned()) }
        pub fn embedded() -> Self { Folder("knowledge".into()) }
        pub fn is_readable(&self) -> bool { true }
    }
}
pub mod schema { pub fn schemas() -> Vec<(String, serde_json::Value)> { vec![] } }
use crate::date::Date;
use crate::lang::Bilingual;
use diagnostic::*;
use model::*;
use toml::Value;
pub struct Loaded { pub knowledge: Knowledge, pub diagnostics: Vec<Diagnostic> }
fn s(v: &Value, k: &str) -> Option<String> { v.get(k).and_then(|x| x.as_str()).map(str::to_owned) }
fn b(v: &Value, k: &str) -> bool { v.get(k).and_then(Value::as_bool).unwrap_or(false) }
fn d(v: &Value, k: &str) -> Option<Date> { s(v, k).and_then(|x| x.parse().map_err(|e| eprintln!("{x}: {e}")).ok()) }
fn bi(v: &Value, k: &str) -> Option<Bilingual<String>> { let t = v.get(k)?; Some(Bilingual { en: s(t, "en")?, fr: s(t, "fr")? }) }
fn list(v: &Value, k: &str) -> Vec<String> { match v.get(k) { Some(Value::Array(a)) => a.iter().filter_map(|x| x.as_str()).map(str::to_owned).collect(), Some(Value::String(x)) => vec![x.clone()], _ => vec![] } }
fn bil(v: &Value, k: &str) -> Bilingual<Vec<String>> { v.get(k).map(|t| Bilingual { en: list(t, "en"), fr: list(t, "fr") }).unwrap_or_default() }
fn p() -> Place { Place::whole("x") }
fn e<T: serde::de::DeserializeOwned>(v: &Value, k: &str) -> Option<T> { v.get(k).cloned().and_then(|x| x.try_into().ok()) }
pub fn load(folder: &source::Folder, _: &Date) -> Loaded {
    let mut k = Knowledge::default();
    let mut files = vec![];
    for sub in ["", "entities", "facts", "questions"] {
        let mut names: Vec<_> = std::fs::read_dir(folder.0.join(sub)).map(|r| r.flatten().map(|x| x.path()).collect()).unwrap_or_default();
        names.sort();
        for n in names { if n.extension().is_some_and(|x| x == "toml") {
            files.push((n.display().to_string(), toml::from_str::<Value>(&std::fs::read_to_string(&n).unwrap()).unwrap())); } }
    }
    let get = |key: &str| -> Vec<(Value, String)> { files.iter().flat_map(|(n, f)| f.get(key).and_then(Value::as_array).cloned().unwrap_or_default().into_iter().map(move |v| (v, n.clone()))).collect() };
    for (v, _) in get("source") { k.sources.push(Source { id: s(&v, "id").unwrap(), publisher: s(&v, "publisher").unwrap(), title: s(&v, "title").unwrap(), url: s(&v, "url"), language: s(&v, "language").unwrap(), date: d(&v, "date"), note: bi(&v, "note") }); }
    let ents = get("entity"); let rels = get("relation"); let facts = get("fact");
    let eid = |x: &str| ents.iter().position(|(v, _)| s(v, "id").as_deref() == Some(x)).map(|i| EntityIx(i as u32)).or_else(|| { eprintln!("no entity {x}"); None });
    let rid = |x: &str| rels.iter().position(|(v, _)| s(v, "id").as_deref() == Some(x)).map(|i| RelationIx(i as u32)).or_else(|| { eprintln!("no relation {x}"); None });
    for (v, _) in &ents { k.entities.push(Entity { id: s(v, "id").unwrap(), kind: e(v, "kind").unwrap(), name: bi(v, "name").unwrap(), long: bi(v, "long"), of_fr: v.get("of").and_then(|t| s(t, "fr")).unwrap_or_default(), aliases: bil(v, "aliases"), successor: s(v, "successor").and_then(|x| eid(&x)), outside: b(v, "outside"), main: b(v, "main"), place: p() }); }
    for (v, _) in &rels { k.relations.push(Relation { id: s(v, "id").unwrap(), name: bi(v, "name").unwrap_or_default(), asks: e(v, "asks").unwrap_or(Asks::Text), operator: e(v, "operator"), of: s(v, "of").and_then(|x| rid(&x)), patterns: bil(v, "patterns"), reverse: bil(v, "reverse"), yesno: bil(v, "yesno") }); }
    for (v, n) in &facts {
        let all = bil(v, "phrasings");
        let mk = |x: &Vec<String>| x.iter().map(|text| Phrasing { text: text.clone(), place: Place::whole(n.as_str()) }).collect::<Vec<_>>();
        k.facts.push(Fact { id: s(v, "id").unwrap(), subject: s(v, "subject").and_then(|x| eid(&x)), relation: s(v, "relation").and_then(|x| rid(&x)), answer: bi(v, "answer").unwrap(), date: d(v, "date"), event: bi(v, "event"), objects: list(v, "objects").iter().filter_map(|x| eid(x)).collect(), complete: b(v, "complete"), volatile: b(v, "volatile"), as_of: d(v, "as_of"), review: d(v, "review"), inference: b(v, "inference"), gap: b(v, "gap"), main: b(v, "main"), sources: list(v, "sources").iter().filter_map(|x| k.sources.iter().position(|y| y.id == *x)).map(|i| SourceIx(i as u32)).collect(), checked: "2026-11-22".parse().ok(), phrasings: Bilingual { en: mk(&all.en), fr: mk(&all.fr) }, place: Place::whole(n.as_str()) });
    }
    for (v, n) in get("question") { k.golden.push(Golden { ask: s(&v, "ask").unwrap(), after: list(&v, "after"), expect: list(&v, "expect").iter().filter_map(|x| match x.as_str() { "offer" => Some(Expected::Offer), "unknown" => Some(Expected::Unknown), x => k.find_fact(x).map(Expected::Fact).or_else(|| { eprintln!("golden: no fact {x}"); None }) }).collect(), style: s(&v, "style").unwrap_or_default(), open: b(&v, "open"), place: Place::whole(n.as_str()) }); }
    for (v, _) in get("concept") { k.lexicon.concepts.push(Concept { id: s(&v, "id").unwrap(), words: Bilingual { en: list(&v, "en"), fr: list(&v, "fr") } }); }
    for (v, _) in get("shorthand") { k.lexicon.shorthands.push(Shorthand { write: list(&v, "write"), means: s(&v, "means").unwrap() }); }
    for (v, _) in get("filler") { k.lexicon.fillers.en.extend(list(&v, "en")); k.lexicon.fillers.fr.extend(list(&v, "fr")); }
    Loaded { knowledge: k, diagnostics: vec![] }
}
impl Knowledge { pub fn from_questions<'a>(x: impl Iterator<Item = (&'a str, &'a [String])>) -> Knowledge { let mut k = Knowledge::default(); for (id, ph) in x { k.facts.push(Fact { id: id.to_owned(), subject: None, relation: None, answer: Bilingual::default(), date: None, event: None, objects: vec![], complete: false, volatile: false, as_of: None, review: None, inference: false, gap: false, main: false, sources: vec![], checked: None, phrasings: Bilingual { en: ph.iter().map(|t| Phrasing { text: t.clone(), place: p() }).collect(), fr: vec![] }, place: p() }); } k } }
