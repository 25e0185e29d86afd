//! Sources named by their address: how somebody who answers a question says where the answer stands.
//!
//! `https://www.example.org/news Velden Gazette: Two orchestras become one` is an address, who published
//! it and its title. What is left out is made from the address, for somebody to mend later.

use super::entry::Parsed;
use super::field::Value;
use super::write::string;
use super::{EditError, Editor, EntryKind};

/// Where sources are described.
const SOURCES: &str = "sources.toml";
/// Longest id that is made, in characters.
const MAX_ID_CHARS: usize = 40;

/// A page as somebody names it.
#[derive(Debug, PartialEq, Eq)]
struct Page<'t> {
    url: url::Url,
    publisher: Option<&'t str>,
    title: Option<&'t str>,
}

/// Whether a text names a page, rather than being the id of a source.
pub(super) fn names_a_page(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Puts ids in the place of addresses, describing those sources that are not yet.
pub(super) fn with_ids(editor: &mut Editor<'_>, sources: &Value) -> Result<Value, EditError> {
    let Value::List(list) = sources else {
        return Ok(sources.clone());
    };
    let mut ids: Vec<String> = Vec::with_capacity(list.len());
    for named in list {
        let id = match names_a_page(named) {
            true => id_of(editor, named)?,
            false => named.clone(),
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(Value::List(ids))
}

/// The id of the source at an address, which is described now if it was not.
fn id_of(editor: &mut Editor<'_>, named: &str) -> Result<String, EditError> {
    let page = read(named).ok_or_else(|| EditError::BadAddress {
        address: named.to_owned(),
    })?;
    let text = editor.text(SOURCES)?.unwrap_or_default().into_owned();
    let parsed = Parsed::new(SOURCES, &text)?;
    for (id, entry) in parsed.entries(EntryKind::Source) {
        let known = entry
            .str("url")
            .and_then(|known| url::Url::parse(known).ok());
        if known.is_some_and(|known| same_page(&known, &page.url)) {
            return Ok(id.into_owned());
        }
    }
    let host = page.url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let taken = parsed.names(EntryKind::Source);
    let id = free(&slug(host), |id| taken.iter().any(|taken| taken == id));
    let language = match host.rsplit('.').next() {
        Some("fr") => "fr",
        _ => "en",
    };
    let lines = format!(
        "[[source]]\nid = {}\npublisher = {}\ntitle = {}\nurl = {}\nlanguage = \"{language}\"\n",
        string(&id, "\n"),
        string(page.publisher.unwrap_or(host), "\n"),
        string(page.title.unwrap_or_else(|| page.url.path()), "\n"),
        string(page.url.as_str(), "\n"),
    );
    editor.put(SOURCES, EntryKind::Source, &id, None, &lines)?;
    Ok(id)
}

fn read(named: &str) -> Option<Page<'_>> {
    let (address, rest) = named.split_once(char::is_whitespace).unwrap_or((named, ""));
    let url = url::Url::parse(address)
        .ok()
        .filter(|url| url.host_str().is_some())?;
    let filled = |text: &'_ str| !text.trim().is_empty();
    let (publisher, title) = match rest.split_once(": ") {
        Some((publisher, title)) => (Some(publisher.trim()), Some(title.trim())),
        None => (None, Some(rest.trim())),
    };
    Some(Page {
        url,
        publisher: publisher.filter(|text| filled(text)),
        title: title.filter(|text| filled(text)),
    })
}

/// Two addresses that lead to one page: a slash at the end and the part of the page do not matter.
fn same_page(a: &url::Url, b: &url::Url) -> bool {
    let path = |url: &url::Url| url.path().trim_end_matches('/').to_owned();
    (a.host_str(), a.port(), path(a), a.query()) == (b.host_str(), b.port(), path(b), b.query())
}

/// Lower-case words joined by hyphens.
fn slug(host: &str) -> String {
    let words = host.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug = words.join("-").to_lowercase();
    let slug: String = slug.chars().take(MAX_ID_CHARS).collect();
    match slug.trim_matches('-') {
        "" => "web".to_owned(),
        slug => slug.to_owned(),
    }
}

/// The id itself, or the first with a number behind it that nobody has.
fn free(id: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(id) {
        return id.to_owned();
    }
    let mut numbered = (2_u32..).map(|number| format!("{id}-{number}"));
    numbered.find(|id| !taken(id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_by_address_publisher_and_title() {
        for (named, publisher, title) in [
            ("https://a.example/b", None, None),
            (
                "https://a.example/b The Gazette: Two: become one",
                Some("The Gazette"),
                Some("Two: become one"),
            ),
            (
                "https://a.example/b Two become one",
                None,
                Some("Two become one"),
            ),
        ] {
            let page = read(named).unwrap();
            assert_eq!((page.publisher, page.title), (publisher, title), "{named}");
        }
        assert_eq!(read("https://"), None);
    }

    #[test]
    fn ids_are_made_of_hosts() {
        assert_eq!(slug("news.example.org"), "news-example-org");
        assert_eq!(slug("…"), "web");
        assert_eq!(free("a", |id| id == "a" || id == "a-2"), "a-3");
    }
}
