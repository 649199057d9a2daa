//! The description of the API (OpenAPI 3.1), made from the code: shapes and
//! paths from the handlers, who may come in from the table of routes.

use crate::http::Allow;
use crate::http::idempotency;
use crate::http::route::Line;
use crate::http::shape::Problem;
use axum::http::Method;
use serde_json::{Value, json};
use utoipa::OpenApi;

/// The description's own path; the folders bring theirs.
#[derive(OpenApi)]
#[openapi(
    info(title = "Cairn", description = "Define, earn, review, issue, show and check micro-credentials."),
    components(schemas(Problem)),
    paths(super::openapi)
)]
struct Paths;

/// What is the same for all calls, so that no handler repeats it.
const ABOUT: &str = "Everything is JSON, instants are RFC 3339 in UTC. Errors are problem details (RFC 9457). \
    Lists are pages: `next` is the address of the page that follows. A token may be used 600 times a minute.";

/// The whole description.
pub fn document(lines: &[Line], parts: Vec<utoipa::openapi::OpenApi>) -> Result<Value, serde_json::Error> {
    let whole = parts.into_iter().fold(Paths::openapi(), utoipa::openapi::OpenApi::merge_from);
    let mut out = serde_json::to_value(whole)?;
    let text = out["info"]["description"].as_str().unwrap_or("").to_owned();
    out["info"]["description"] = json!(format!("{text} {ABOUT}"));
    out["servers"] = json!([{ "url": "/" }]);
    let components = &mut out["components"];
    components["securitySchemes"]["token"] = json!({
        "type": "http", "scheme": "bearer",
        "description": "An API token from your account's page. Operations name the scope that it must carry.",
    });
    components["responses"]["Problem"] = json!({
        "description": "It could not be done: RFC 9457 problem details",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    components["parameters"]["IdempotencyKey"] = once(false);
    for line in lines.iter().filter(|l| l.path.starts_with("/api/v1/")) {
        let method = line.method.as_str().to_ascii_lowercase();
        let Some(operation) = out["paths"].get_mut(line.path).and_then(|p| p.get_mut(method)) else {
            continue;
        };
        describe(operation, line);
    }
    Ok(out)
}

/// What the table of routes knows of an operation.
fn describe(operation: &mut Value, line: &Line) {
    let security = match line.allow {
        Allow::Scope(scope) => json!([{ "token": [scope] }]),
        Allow::Token => json!([{ "token": [] }]),
        Allow::Program if line.path == "/api/v1/credentials/{id}" => {
            json!([{}, { "token": [crate::http::scope::CREDENTIALS_READ] }])
        }
        Allow::Program
        | Allow::Anyone
        | Allow::Demo
        | Allow::SignedIn
        | Allow::Operator
        | Allow::Member(_)
        | Allow::MemberOrOperator(_)
        | Allow::AnyMember => json!([]),
    };
    // names of handlers are words of their file; the address is unique
    operation["operationId"] = json!(name(line));
    operation["security"] = security;
    say_what_it_does(operation);
    operation["responses"]["default"] = json!({ "$ref": "#/components/responses/Problem" });
    // starting a roster again changes nothing anyway
    let is_roster = line.path.contains("/rosters");
    if line.method == Method::POST && matches!(line.allow, Allow::Scope(_)) && !is_roster {
        let is_needed = line.path.ends_with("/awards");
        let parameter =
            if is_needed { once(true) } else { json!({ "$ref": "#/components/parameters/IdempotencyKey" }) };
        match operation["parameters"].as_array_mut() {
            Some(all) => all.push(parameter),
            None => operation["parameters"] = json!([parameter]),
        }
    }
}

/// What OpenAPI 3.1 wants to be said, where the handler leaves it open.
fn say_what_it_does(operation: &mut Value) {
    let text = operation["summary"].as_str().unwrap_or("").replace('\n', " ");
    if let Some((first, rest)) = text.split_once(". ") {
        operation["description"] = json!(rest);
        operation["summary"] = json!(format!("{first}."));
    } else {
        operation["summary"] = json!(text);
    }
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if response.get("description").is_none() {
            response["description"] = json!(if status == "201" { "It is there now" } else { "Done" });
        }
    }
    // a call without members may leave its body out
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    if schema
        .as_str()
        .is_some_and(|s| s.ends_with("/Nothing") || s.ends_with("/Opening") || s.ends_with("/NewHandIn"))
    {
        operation["requestBody"]["required"] = json!(false);
    }
}

/// "get_enrollments_id"
fn name(line: &Line) -> String {
    let path = line.path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace(['/', '-', '.'], "_");
    format!("{}_{path}", line.method.as_str().to_ascii_lowercase())
}

fn once(required: bool) -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": required,
        "description": "A value of your own, such as a UUID. The same call with the same key counts once: the first \
            answer comes again, with `Idempotency-Replayed: true`. Another call with the same key is refused with \
            422, one that is still running with 409. Keys are kept for seven days.",
        "schema": { "type": "string", "minLength": 1, "maxLength": idempotency::MOST_KEY, "pattern": "^[!-~]+$" },
    })
}
