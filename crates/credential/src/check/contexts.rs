//! The contexts a document needs besides the bundled ones. They are asked for like any other document, and
//! only when a proof cannot be checked without them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Purpose;
use super::desk::{Answer, Desk, fetchable};
use crate::rdf::Contexts;

/// Contexts that came with the facts.
#[derive(Debug)]
pub(super) struct Shelf {
    contexts: Contexts,
    /// Those that are not to be had, or are something else, and why.
    unusable: BTreeMap<String, String>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { contexts: Contexts::bundled().clone(), unusable: BTreeMap::new() }
    }
}

/// A set with the contexts the document names, as far as they can be had, and the names of those that are
/// not bundled. A message for people if some have not been fetched yet.
pub(super) fn gather(
    desk: &mut Desk<'_>,
    document: &Map<String, Value>,
) -> Result<(Contexts, Vec<String>), String> {
    let document = Value::Object(document.clone());
    loop {
        let missing = desk.shelf.contexts.missing(&document);
        let missing: Vec<String> =
            missing.into_iter().filter(|url| !desk.shelf.unusable.contains_key(url)).collect();
        if missing.is_empty() {
            let contexts = desk.shelf.contexts.clone();
            let used = contexts.used(&document);
            return Ok((contexts, used));
        }
        let mut waiting = None;
        for url in missing {
            if let ShelfState::Waiting = put_on_shelf(desk, &url) {
                waiting = Some(url);
            }
        }
        if let Some(url) = waiting {
            return Err(format!(
                "The context {url} has not been fetched yet, so the signature cannot be checked."
            ));
        }
    }
}

/// Why the context of this URL is not known, for people.
pub(super) fn unknown(desk: &Desk<'_>, url: &str) -> String {
    match desk.shelf.unusable.get(url) {
        Some(reason) => {
            format!("The context {url} cannot be used, so the signature cannot be checked: {reason}.")
        }
        None => format!("The context {url} is not known here, so the signature cannot be checked."),
    }
}

enum ShelfState {
    Settled,
    Waiting,
}

fn put_on_shelf(desk: &mut Desk<'_>, url: &str) -> ShelfState {
    let usable = if fetchable(url, desk.facts.scheme) {
        match desk.document(url, Purpose::Context) {
            Answer::NotYet => return ShelfState::Waiting,
            Answer::Refused(reason) => Err(reason.to_owned()),
            Answer::Here(bytes) => desk.shelf.contexts.and([(url, bytes)]).map_err(|error| error.to_string()),
        }
    } else {
        Err("it is not at an address that can be asked".to_owned())
    };
    match usable {
        Ok(contexts) => desk.shelf.contexts = contexts,
        Err(reason) => drop(desk.shelf.unusable.insert(url.to_owned(), reason)),
    }
    ShelfState::Settled
}
