//! Status lists of the issuer `status`: every credential has a place on a list
//! per purpose, and `POST /credentials/status` changes it.

use super::problem::{self, Problem};
use super::{Api, At, issuer::Form};
use crate::sign;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_credential::proof::ProofOptions;
use cairn_credential::status_list::{LEAST_ENTRIES, StatusList, credential};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Purposes that have a list.
const PURPOSES: [&str; 2] = ["revocation", "suspension"];

/// One list.
#[derive(Debug)]
pub struct List {
    bits: StatusList,
    taken: HashSet<usize>,
}

/// The lists, empty, in the order of [`PURPOSES`].
pub fn empty() -> Vec<List> {
    PURPOSES.iter().map(|_| List { bits: StatusList::new(LEAST_ENTRIES), taken: HashSet::new() }).collect()
}

fn number(purpose: &str) -> Option<usize> {
    PURPOSES.iter().position(|known| *known == purpose)
}

fn address(api: &Api, purpose: &str) -> String {
    format!("{}/status-lists/{purpose}", api.base)
}

/// Adds an entry for the purpose (revocation unless the options say otherwise)
/// at a place nobody has.
pub fn add_entry(api: &Api, document: &mut Value, purpose: &str) -> Result<(), Problem> {
    let wrong = || Problem::bad(format!("there is no status list for \"{purpose}\""));
    let number = number(purpose).ok_or_else(wrong)?;
    let mut store = api.store();
    let list = store.lists.get_mut(number).ok_or_else(wrong)?;
    if list.taken.len() >= LEAST_ENTRIES / 2 {
        return Err(Problem::bad("the status list is half full; start the server again"));
    }
    let index = loop {
        let index = u32::from_le_bytes(api.machine.random()) as usize % LEAST_ENTRIES;
        if list.taken.insert(index) {
            break index;
        }
    };
    let list = address(api, purpose);
    document["credentialStatus"] = json!({
        "id": format!("{list}#{index}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index.to_string(),
        "statusListCredential": list,
    });
    Ok(())
}

/// A list as a signed credential.
pub fn signed(api: &Api, purpose: &str) -> Result<Option<Value>, Problem> {
    let Some(number) = number(purpose) else { return Ok(None) };
    let Some(encoded) = api.store().lists.get(number).map(|list| list.bits.encode()) else { return Ok(None) };
    let Some(issuer) = api.issuers.iter().find(|issuer| matches!(issuer.form, Form::WithStatus(_))) else {
        return Ok(None);
    };
    let now = api.machine.now();
    let (url, since) = (address(api, purpose), api.started);
    let mut list = credential(&url, issuer.did(), &[purpose], &encoded, since, Some(60_000));
    let options = ProofOptions::new(&issuer.key.method, now);
    sign::sign(&mut list, issuer.suite(), &issuer.key, &options, &[], api.machine)
        .map_err(|e| Problem::ours(&e))?;
    Ok(Some(list))
}

/// Every list under its address, for the checker.
pub fn all_signed(api: &Api) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut all = vec![];
    for purpose in PURPOSES {
        if let Some(list) = signed(api, purpose)? {
            all.push((address(api, purpose), list.to_string().into_bytes()));
        }
    }
    Ok(all)
}

/// `GET /status-lists/{purpose}`: as the media type that is asked for, of those it has.
pub async fn list(
    State((api, _)): State<At>,
    Path(purpose): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let list = signed(&api, &purpose)?.ok_or_else(|| Problem::missing("there is no such status list"))?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let headers = [
        (header::CONTENT_TYPE, media_type(accept)),
        (header::CACHE_CONTROL, "max-age=60"),
        (header::VARY, "accept"),
    ];
    Ok((headers, list.to_string()).into_response())
}

/// What a list may be called: a credential, JSON-LD, JSON.
const MEDIA_TYPES: [&str; 3] = ["application/vc", "application/ld+json", "application/json"];

/// The first of these that is asked for with the most weight (RFC 9110, 12.5.1); a credential when anything,
/// or nothing of these, is asked for.
fn media_type(accept: Option<&str>) -> &'static str {
    let mut best = (MEDIA_TYPES[0], 0.0);
    for range in accept.unwrap_or("*/*").split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        let known =
            MEDIA_TYPES.iter().find(|known| **known == name || name == "*/*" || name == "application/*");
        if let Some(known) = known
            && weight > best.1
        {
            best = (known, weight);
        }
    }
    best.0
}

/// `POST /credentials/status`: `{credentialId, credentialStatus: {type,
/// statusPurpose, status?}, status?}`. Without `status` the bit is set.
pub async fn change(State((api, _)): State<At>, body: Bytes) -> Result<Response, Problem> {
    let body = problem::read(&body)?;
    let id = body.get("credentialId").and_then(Value::as_str);
    let id = id.ok_or_else(|| Problem::bad("the body has no \"credentialId\""))?;
    let status = body.get("credentialStatus");
    // older suites send a list of one
    let status = status.map(|status| status.get(0).unwrap_or(status));
    let status = status.filter(|status| status.is_object());
    let status = status.ok_or_else(|| Problem::bad("the body has no object \"credentialStatus\""))?;
    if status.get("type").is_some_and(|kind| kind != "BitstringStatusListEntry") {
        return Err(Problem::bad("credentialStatus.type is not BitstringStatusListEntry"));
    }
    let on = match body.get("status").or_else(|| status.get("status")) {
        None => true,
        Some(Value::Bool(on)) => *on,
        Some(Value::String(text)) if text == "1" || text == "0" => text == "1",
        Some(_) => return Err(Problem::bad("\"status\" is true or false")),
    };
    let mut store = api.store();
    let found = store.credentials.get(id).and_then(|known| known.get("credentialStatus"));
    let entry =
        found.ok_or_else(|| Problem::missing("no credential with this id was issued with a status"))?;
    let purpose = entry["statusPurpose"].as_str().unwrap_or_default().to_owned();
    if status.get("statusPurpose").is_some_and(|wanted| *wanted != purpose) {
        return Err(Problem::bad(format!(
            "the credential's status is for {purpose}, not for another purpose"
        )));
    }
    let index = entry["statusListIndex"].as_str().and_then(|text| text.parse().ok());
    let (Some(number), Some(index)) = (number(&purpose), index) else {
        return Err(Problem::missing("the credential's status is not on a list of this server"));
    };
    if let Some(list) = store.lists.get_mut(number) {
        if purpose == "revocation" && !on && list.bits.get(index) == Some(true) {
            return Err(Problem::bad("what has been revoked stays revoked"));
        }
        list.bits.set(index, on).map_err(|e| Problem::bad(e.to_string()))?;
    }
    drop(store);
    Ok((StatusCode::OK, Json(json!({ "credentialId": id, "status": on }))).into_response())
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_list_is_called_what_was_asked_for() {
        let check = |accept, want| assert_eq!(media_type(accept), want, "{accept:?}");
        check(None, "application/vc");
        check(Some("*/*"), "application/vc");
        check(Some("application/json"), "application/json");
        check(Some("application/ld+json, application/json;q=0.9"), "application/ld+json");
        check(Some("application/json;q=0.5, application/vc"), "application/vc");
        check(Some("text/html, */*;q=0.1"), "application/vc");
        check(Some("text/html"), "application/vc");
        check(Some("Application/JSON; q=nonsense"), "application/vc");
    }
}
