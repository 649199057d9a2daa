//! What VC Data Model 2.0 asks of the payload, whatever secures it.

use serde_json::{Map, Value};

use super::{Content, JoseError, opened};
use crate::rdf;

const V2: &str = "https://www.w3.org/ns/credentials/v2";

/// Claims of JWT and of SD-JWT that may stand among the members: RFC 7519 (4.1), RFC 7800, OpenID Connect,
/// SD-JWT VC. They are about the signature, and have no meaning in JSON-LD.
const REGISTERED: [&str; 12] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce", "vct", "vct#integrity", "status"];

/// Checks a payload by the rules that VC-JOSE-COSE and VC Data Model 2.0 (4.3, 4.4, 4.13) share for all
/// forms: no claim `vc` or `vp`; the context of version 2 comes first; the type is there; every member has a
/// meaning by the contexts (a catch-all `@vocab` gives none to members of the outermost object); what a
/// presentation holds are credentials. Registered claims of JWT are left aside.
pub fn check_data_model(payload: &Map<String, Value>, content: Content) -> Result<(), JoseError> {
    for name in ["vc", "vp"] {
        if payload.contains_key(name) {
            return Err(JoseError::OldClaim(name));
        }
    }
    let contexts = several(payload.get("@context"));
    if contexts.first().and_then(Value::as_str) != Some(V2) {
        return Err(JoseError::DataModel(
            "\"@context\" does not begin with https://www.w3.org/ns/credentials/v2",
        ));
    }
    let has_type = |wanted: &str| several(payload.get("type")).iter().any(|kind| kind == wanted);
    match content {
        Content::Credential if !has_type("VerifiableCredential") => {
            return Err(JoseError::DataModel("the type is not VerifiableCredential"));
        }
        Content::Presentation if !has_type("VerifiablePresentation") => {
            return Err(JoseError::DataModel("the type is not VerifiablePresentation"));
        }
        Content::Credential | Content::Presentation => {}
    }
    for credential in several(payload.get("verifiableCredential")) {
        check_presented(credential)?;
    }
    let mut said = payload.clone();
    said.retain(|name, _| !REGISTERED.contains(&name.as_str()));
    if let Some(credentials) = said.get_mut("verifiableCredential") {
        trim_envelopes(credentials);
    }
    rdf::check_meaning(&said)?;
    Ok(())
}

/// A credential in a presentation: enveloped, or with a proof of its own.
fn check_presented(credential: &Value) -> Result<(), JoseError> {
    let kinds = several(credential.get("type"));
    if kinds.iter().any(|kind| kind == "EnvelopedVerifiableCredential") {
        return opened(credential).map(drop);
    }
    if kinds.iter().any(|kind| kind == "VerifiableCredential") {
        return Ok(());
    }
    Err(JoseError::DataModel("verifiableCredential holds something that is not a credential"))
}

/// White space around the URL of an envelope has been accepted, and says nothing.
fn trim_envelopes(credentials: &mut Value) {
    match credentials {
        Value::Array(items) => items.iter_mut().for_each(trim_envelopes),
        Value::Object(map) => {
            if let Some(Value::String(id)) = map.get_mut("id").filter(|id| is_data_url(id)) {
                *id = id.trim().to_owned();
            }
        }
        _ => {}
    }
}

fn is_data_url(id: &Value) -> bool {
    id.as_str().is_some_and(|id| id.trim_start().starts_with("data:"))
}

fn several(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}
