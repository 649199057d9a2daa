//! On which page the form of an address stands that is only posted to: where the language is switched after a refused
//! form, and where whoever opens such an address is sent.

use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::request::Parts;

/// Addresses that forms are sent to, and the pages with these forms, by the same parameters. What is sent to the
/// address of its own page is not listed.
pub const FORMS: &[(&str, &str)] = &[
    ("/account/addresses", "/account"),
    ("/account/addresses/primary", "/account"),
    ("/account/addresses/removal", "/account"),
    ("/account/confirmation", "/account"),
    ("/account/confirmation/link", "/account"),
    ("/account/password", "/account"),
    ("/account/profile", "/account"),
    ("/account/sessions/end", "/account"),
    ("/account/sessions/end-others", "/account"),
    ("/account/sessions/removal", "/account"),
    ("/account/tokens", "/account"),
    ("/account/tokens/revocation", "/account"),
    ("/announcements/letters", "/announcements"),
    ("/announcements/read", "/announcements"),
    ("/c/{id}/award", "/c/{id}"),
    ("/c/{id}/sharing", "/c/{id}"),
    ("/c/{id}/status", "/c/{id}"),
    ("/catalog/{key}/enrollments", "/catalog/{key}"),
    ("/enrollments/{id}/requirements/{leaf}/attempts", "/enrollments/{id}/requirements/{leaf}"),
    ("/enrollments/{id}/requirements/{leaf}/badge", "/enrollments/{id}/requirements/{leaf}"),
    ("/enrollments/{id}/requirements/{leaf}/evidence", "/enrollments/{id}/requirements/{leaf}"),
    ("/enrollments/{id}/requirements/{leaf}/reading", "/enrollments/{id}/requirements/{leaf}"),
    ("/enrollments/{id}/withdrawal", "/enrollments/{id}"),
    ("/language", "/"),
    ("/operator/organizations/{slug}/decision", "/operator/organizations/{slug}"),
    ("/organizations", "/organizations/new"),
    ("/organizations/{org}/achievements", "/organizations/{org}/achievements/new"),
    (
        "/organizations/{org}/achievements/{slug}/draft/removal",
        "/organizations/{org}/achievements/{slug}/publication",
    ),
    (
        "/organizations/{org}/achievements/{slug}/image/removal",
        "/organizations/{org}/achievements/{slug}/image",
    ),
    ("/organizations/{org}/achievements/{slug}/offer", "/organizations/{org}/achievements/{slug}"),
    (
        "/organizations/{org}/achievements/{slug}/requirements/{node}/items",
        "/organizations/{org}/achievements/{slug}/requirements/{node}",
    ),
    ("/organizations/{org}/achievements/{slug}/retirement", "/organizations/{org}/achievements/{slug}"),
    ("/organizations/{org}/announcements/{id}/withdrawal", "/organizations/{org}/announcements"),
    ("/organizations/{org}/conflicts", "/organizations/{org}/members"),
    ("/organizations/{org}/conflicts/removal", "/organizations/{org}/members"),
    ("/organizations/{org}/domains", "/organizations/{org}/confirmation"),
    ("/organizations/{org}/domains/check", "/organizations/{org}/confirmation"),
    ("/organizations/{org}/domains/removal", "/organizations/{org}/confirmation"),
    ("/organizations/{org}/invitations", "/organizations/{org}/members"),
    ("/organizations/{org}/invitations/withdrawal", "/organizations/{org}/members"),
    ("/organizations/{org}/keys/{key}/end", "/organizations/{org}/keys/{key}"),
    ("/organizations/{org}/members/removal", "/organizations/{org}/members"),
    ("/organizations/{org}/rosters/{id}/copy", "/organizations/{org}/rosters/{id}"),
    ("/organizations/{org}/rosters/{id}/removal", "/organizations/{org}/rosters"),
    ("/organizations/{org}/rosters/{id}/start", "/organizations/{org}/rosters/{id}"),
    ("/reviews/{id}/decision", "/reviews/{id}"),
    ("/reviews/{id}/draft", "/reviews/{id}"),
    ("/reviews/{id}/opening", "/reviews/{id}"),
    ("/sign-in/link", "/sign-in"),
    ("/sign-out", "/"),
    // of which enrolment the page is, the address does not say
    ("/submissions/{id}/appeal", "/desk"),
    ("/submissions/{id}/evidence/{evidence}/removal", "/desk"),
    ("/submissions/{id}/handing-in", "/desk"),
];

/// The page of the form that is sent to this route, with the parameters of this request; none when the route is not
/// listed.
pub async fn page_of(route: &str, parts: &mut Parts) -> Option<String> {
    let (_, page) = FORMS.iter().find(|(path, _)| *path == route)?;
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let fill = |part: &str| match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        None => Some(part.to_owned()),
        Some(name) => {
            let (_, value) = params.iter().find(|(known, _)| *known == name)?;
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            Some(encoded.replace('+', "%20"))
        }
    };
    let parts: Option<Vec<String>> = page.split('/').map(fill).collect();
    Some(parts?.join("/"))
}
