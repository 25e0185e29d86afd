//! Yes/no questions: is this one, and does a fact decide it?
//!
//! "Yes" or "No" is only said when the fact itself settles it: its relation asks for such values and the
//! named one is (or, for a complete list, is not) among them, or it asks for a date and the named one does
//! (or cannot) hold it. What a fact only mentions, be it a body or a date, settles nothing – a year that it tells
//! beside its own is no plain No either – and deductions are never turned into a yes.

use crate::date::{Date, mention};
use crate::engine::index::Index;
use crate::engine::reader::{Role, Text, Word};
use crate::engine::score::Reading;
use crate::knowledge::model::{Asks, EntityIx, Fact, FactIx, Kind, Knowledge, Relation};
use crate::text::{fold, tokenize};

/// Words that ask for something else than yes or no, folded.
const OPEN: [&str; 34] = [
    "who",
    "whom",
    "whose",
    "what",
    "which",
    "when",
    "where",
    "why",
    "how",
    "wich",
    "wat",
    "qui",
    "que",
    "quoi",
    "quel",
    "quelle",
    "quels",
    "quelles",
    "quand",
    "pourquoi",
    "comment",
    "combien",
    "lequel",
    "laquelle",
    "lesquels",
    "lesquelles",
    "koi",
    "list",
    "name",
    "tell",
    "liste",
    "cite",
    "donne",
    "explique",
];

/// Words a yes/no question of either language begins with, folded.
const OPENERS: [&str; 30] = [
    "is", "are", "was", "were", "did", "does", "do", "has", "have", "had", "can", "could", "will",
    "would", "isn", "wasn", "didn", "est", "sont", "etait", "etaient", "a", "ont", "avait", "fait",
    "faisait", "peut", "fut", "so", "alors",
];

/// Words that set one thing, time or number against another, folded: a value that fits then settles nothing.
const COMPARING: [&str; 16] = [
    "before",
    "after",
    "than",
    "earlier",
    "later",
    "older",
    "younger",
    "first",
    "avant",
    "apres",
    "plus",
    "moins",
    "anterieur",
    "posterieur",
    "premier",
    "premiere",
];

/// What relations ask for whose facts have the bodies concerned as their objects.
const VALUED: [Asks; 6] = [
    Asks::Date,
    Asks::Person,
    Asks::Organisation,
    Asks::Place,
    Asks::Name,
    Asks::List,
];

/// Words that ask how things stand now, folded: what a fact says of the past then settles nothing.
const STILL: [&str; 14] = [
    "still",
    "anymore",
    "nowadays",
    "currently",
    "now",
    "today",
    "toujours",
    "encore",
    "actuellement",
    "maintenant",
    "aujourdhui",
    "desormais",
    "presently",
    "longer",
];

/// Words that turn a question round, folded: what a fact says then is no yes.
const DENYING: [&str; 18] = [
    "not", "never", "no", "without", "lose", "lost", "loses", "losing", "refuse", "refused", "pas",
    "jamais", "sans", "aucun", "aucune", "perdu", "perd", "perdre",
];

/// Whether a question asks for yes or no.
pub(crate) fn is_polar(text: &Text) -> bool {
    let words: Vec<&str> = text.words.iter().map(|word| word.text.as_str()).collect();
    let est_ce_que = words
        .windows(3)
        .any(|three| matches!(three, ["est", "ce", "que" | "qu"]))
        && !words
            .iter()
            .any(|word| OPEN.contains(word) && *word != "que");
    if est_ce_que {
        return true;
    }
    if words.iter().any(|word| OPEN.contains(word)) {
        return false;
    }
    let first = text.words.iter().find(|word| !word.filler);
    let opens = first.is_some_and(|word| OPENERS.contains(&word.text.as_str()));
    let inverted = words.windows(2).any(|two| {
        matches!(
            two,
            ["t", "il" | "elle" | "ils" | "elles" | "on"]
                | [
                    "est" | "etait" | "ont" | "sont",
                    "il" | "elle" | "ils" | "elles" | "ce"
                ]
        )
    });
    // "Iveco was a founder?" is one too; a bare keyword with a question mark is not.
    opens || inverted || (text.asks && words.len() >= 4)
}

/// Whether one of these stands among its plain words: "did Automac join *before* MAD?".
fn says(text: &Text, these: &[&str]) -> bool {
    let plain = |word: &&Word| matches!(word.role, Role::Plain);
    let mut words = text.words.iter().filter(plain);
    words.any(|word| these.contains(&word.text.as_str()))
}

/// Whether it names what to choose from: "230 or 270 members?", but not "in 2017 or not?".
fn is_choice(text: &Text) -> bool {
    text.words.windows(2).any(|two| {
        let named = matches!(two[1].role, Role::Entity(..) | Role::Date(_) | Role::Number);
        matches!(two[0].text.as_str(), "or" | "ou") && named
    })
}

/// Whether the question asks of subject and value as the yes/no patterns of the relation do: "was Iveco a founder
/// of LUTB?", and not "did LUTB found Iveco?".
fn same_direction(relation: &Relation, fact: &Fact, text: &Text) -> bool {
    let place = |is: &dyn Fn(EntityIx) -> bool| {
        let mut words = text.words.iter();
        words.position(|word| matches!(word.role, Role::Entity(entity, _) if is(entity)))
    };
    let subject = place(&|entity| Some(entity) == fact.subject);
    let value = place(&|entity| Some(entity) != fact.subject);
    let (Some(subject), Some(value)) = (subject, value) else {
        return true; // the one of them that is left out stands nowhere
    };
    let words: Vec<&str> = text.words.iter().map(|word| word.text.as_str()).collect();
    // How much of the pattern most alike stands in the question, by whether the value comes first in it.
    let mut alike = [0.0_f32; 2];
    for pattern in relation.yesno.en.iter().chain(&relation.yesno.fr) {
        let value_first = pattern.find("{object}") < pattern.find("{subject}");
        let bare = pattern.replace("{object}", " ").replace("{subject}", " ");
        let own = tokenize(&fold(&bare));
        let shared = own
            .iter()
            .filter(|word| words.contains(&word.text.as_str()));
        let share = shared.count() as f32 / own.len().max(1) as f32;
        let of_order = &mut alike[usize::from(value_first)];
        *of_order = of_order.max(share);
    }
    let value_first = usize::from(value < subject);
    alike[value_first] > 0.0 && alike[value_first] >= alike[1 - value_first]
}

/// Whether a fact tells of a time beside its own: a test town "inaugurated in 2019, in service since 2018" was
/// opened in 2018 too, in a way.
fn tells(fact: &Fact, time: &Date) -> bool {
    let told = mention::find(&fact.answer.en);
    told.iter().any(|told| told.date.overlaps(&time.span()))
}

/// Whether the fact says yes or no to the question; `None` when it does not settle it.
pub(crate) fn settle(
    knowledge: &Knowledge,
    index: &Index,
    reading: &Reading,
    fact_ix: FactIx,
) -> Option<bool> {
    let fact = &knowledge[fact_ix];
    let text = &reading.text;
    let undecided = [&COMPARING[..], &STILL, &DENYING]
        .iter()
        .any(|these| says(text, these))
        || is_choice(text);
    // What was so when it was last seen may be so no more.
    let seen_once = fact.as_of.is_some() && text.dates.is_empty();
    if fact.inference || fact.gap || seen_once || reading.carried || undecided {
        return None;
    }
    let same = |a: EntityIx, b: EntityIx| a == b || index.related(a, b);
    let named: Vec<EntityIx> = reading
        .entities
        .iter()
        .map(|(entity, _)| *entity)
        .filter(|entity| fact.subject.is_none_or(|subject| !same(subject, *entity)))
        .filter(|entity| {
            !matches!(
                knowledge.entities[entity.index()].kind,
                Kind::Concept | Kind::Policy
            )
        })
        .collect();
    // A name the base does not know, or knows from elsewhere, is not on a complete list.
    let elsewhere = || reading.names_beside(&index.facts[fact_ix.index()].told, index);
    if named.is_empty()
        && fact.complete
        && !fact.objects.is_empty()
        && (reading.stranger > 0.0 || elsewhere())
    {
        return Some(false);
    }
    let asks = fact.relation.map(|relation| knowledge[relation].asks);
    let has_values = asks.is_some_and(|asks| VALUED.contains(&asks)) && !fact.objects.is_empty();
    let directed = || {
        let relation = fact.relation.map(|relation| &knowledge[relation]);
        relation.is_some_and(|relation| same_direction(relation, fact, text))
    };
    let by_object = (!named.is_empty() && has_values && directed()).then(|| {
        let is_object = |entity: &EntityIx| fact.objects.contains(entity);
        // What came from a value or became it is not it, and not simply another either.
        let is_near = |entity: &EntityIx| fact.objects.iter().any(|object| same(*object, *entity));
        if named.iter().all(is_object) {
            Some(true)
        } else if fact.complete && !named.iter().any(is_near) {
            Some(false)
        } else {
            None
        }
    });
    // What another body did at a time, be it a forebear, says neither yes nor no of the one named.
    let meant = fact
        .subject
        .is_none_or(|of| match reading.entities.as_slice() {
            [] => knowledge[of].main,
            named => named.iter().any(|(entity, _)| *entity == of),
        });
    let person = fact
        .subject
        .is_some_and(|of| knowledge[of].kind == Kind::Person);
    // Somebody seen in an office in one year may have held it in another.
    let happened = |date: &Date| {
        asks == Some(Asks::Date) && !date.is_ongoing() && fact.as_of.is_none() && !person
    };
    let dated = fact.date.as_ref();
    let by_date = match (reading.text.dates.as_slice(), dated) {
        ([_], Some(_)) if !meant => Some(None),
        ([mention], Some(date)) => Some(if mention.date.contains(&date.span()) {
            Some(true)
        } else if !mention.date.overlaps(&date.span())
            && happened(date)
            && !tells(fact, &mention.date)
        {
            Some(false)
        } else {
            None
        }),
        ([], _) => None,
        _ => Some(None),
    };
    match (by_object, by_date) {
        (None, None) => None,
        (Some(settled), None) => settled,
        (None, Some(settled)) => settled.filter(|_| asks == Some(Asks::Date)),
        (Some(Some(a)), Some(Some(b))) => Some(a && b),
        (Some(Some(false)), _) | (_, Some(Some(false))) => Some(false),
        _ => None,
    }
}
