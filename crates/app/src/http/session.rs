//! Who is there: sessions in HttpOnly cookies, API tokens, and form tokens.

use crate::http::fields::MOST_FIELDS;
use crate::http::form::too_long;
use crate::http::problem::{self, Details, Problem, Result};
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
pub use cairn_actions::account::session::{self, SESSION_DAYS, Scopes};
use cairn_actions::person::Actor;
use cairn_platform::id;
use cairn_platform::text::Language;
use cairn_value::refusal::Refusal;

/// Longest text in one field of a form that is not an upload.
const MOST_FIELD: usize = 200 * 1024;
const VISITOR: &str = "cairn_visitor";
const FLASH: &str = "cairn_flash";
const LANGUAGE: &str = "cairn_language";
const ONCE: &str = "cairn_once";

/// Who is signed in, or whose token a program shows; for handlers.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(Self(parts.extensions.get::<Actor>().cloned().ok_or(Error::SignIn)?))
    }
}

/// What is known of a browser, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The session's or the visitor's secret; form tokens are made from it.
    pub token: String,
    /// Chosen, the account's, the browser's, or the instance's language.
    pub language: Language,
    /// Said once, after a redirect.
    pub flash: Option<Flash>,
    /// The path of this page, with its query.
    pub path: String,
    /// Proves that a form was made for this browser.
    pub csrf: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::SignIn.into())
    }
}

/// What is said once, after a redirect.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Colour and icon: `valid` for what was done, `attention` for what was not.
    pub kind: &'static str,
    /// A sentence.
    pub text: String,
}

/// A request that must not reach its handler; the layer of error pages, which
/// comes next, answers it.
#[derive(Debug, Clone)]
pub struct Blocked(pub Details);

/// The layer around all pages: finds out who is there, refuses changes without
/// a form token, sets the cookies that are missing.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/")
        || path.starts_with("/images/")
        || path.starts_with("/api/")
        || path.starts_with("/status/")
        || path == "/healthz"
    {
        return next.run(request).await;
    }
    match enter(&app, request).await {
        Ok((request, visitor, fresh)) => {
            let flash_shown = visitor.flash.is_some();
            let mut response = next.run(request).await;
            if fresh && is_html(&response) {
                set_cookie(&app, response.headers_mut(), VISITOR, &visitor.token, SESSION_DAYS * 86_400);
            }
            if flash_shown && is_html(&response) {
                set_cookie(&app, response.headers_mut(), FLASH, "", 0);
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

/// True for a page.
pub fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    kind.is_some_and(|k| k.starts_with("text/html"))
}

async fn enter(app: &App, request: Request) -> Result<(Request, Visitor, bool)> {
    let (mut parts, mut body) = request.into_parts();
    let session = cookie(&parts.headers, session_cookie(app));
    let actor = match &session {
        Some(token) => session::find(app, token).await?,
        None => None,
    };
    let old = cookie(&parts.headers, VISITOR).filter(|t| t.len() == 43);
    let fresh = actor.is_none() && old.is_none();
    let token = match (&actor, session, old) {
        (Some(_), Some(session), _) => session,
        (_, _, Some(old)) => old,
        _ => id::secret(),
    };
    let language = cookie(&parts.headers, LANGUAGE)
        .and_then(|c| Language::parse(&c))
        .or_else(|| actor.as_ref().map(|a| a.language))
        .or_else(|| parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_header))
        .or_else(|| Language::parse(&app.config.language))
        .unwrap_or_default();
    let csrf = app.keys.form_token(&token);
    if !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        match check_form(&parts, &csrf) {
            Ok(true) => {}
            Ok(false) => drop(parts.extensions.insert(Unproven(csrf.clone()))),
            Err(error) => {
                body = Body::empty();
                parts.extensions.insert(Blocked(problem::details(&error.0)));
            }
        }
    }
    let flash = cookie(&parts.headers, FLASH).filter(|f| !f.is_empty()).and_then(|f| decode(&f));
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let visitor = Visitor { token, language, flash, path, csrf };
    parts.extensions.insert(visitor.clone());
    if let Some(mut actor) = actor {
        actor.language = language;
        parts.extensions.insert(actor);
    }
    Ok((Request::from_parts(parts, body), visitor, fresh))
}

/// A change whose token must be in its body, which is read when the right to
/// come in has been checked.
#[derive(Clone)]
struct Unproven(String);

const FORM: &str = "application/x-www-form-urlencoded";

fn expired() -> Problem {
    Error::Forbidden("form-expired".into()).into()
}

/// Refuses a change that does not come from one of our own forms: by the
/// browser's own word (`Sec-Fetch-Site`), and by the form's token, in the header
/// `X-CSRF-Token`, the field `csrf`, or, for uploads, the query's `csrf`. False
/// when the body must tell.
fn check_form(parts: &Parts, csrf: &str) -> Result<bool> {
    let site = parts.headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if matches!(site, Some("cross-site" | "same-site")) {
        return Err(expired());
    }
    if let Some(token) = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok()) {
        return if id::same(token, csrf) { Ok(true) } else { Err(expired()) };
    }
    if kind(parts).starts_with("multipart/form-data") {
        let query = parts.uri.query().unwrap_or("");
        let found =
            url::form_urlencoded::parse(query.as_bytes()).any(|(k, v)| k == "csrf" && id::same(&v, csrf));
        return if found { Ok(true) } else { Err(expired()) };
    }
    // nothing else can show a token
    if kind(parts).starts_with(FORM) { Ok(false) } else { Err(expired()) }
}

fn kind(parts: &Parts) -> &str {
    parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("")
}

/// The request with the limit of its route, once its form has shown its token.
/// A body that says that it is larger is refused unread.
pub(super) async fn proven(request: Request, most: usize) -> Result<Request> {
    let (mut parts, mut body) = request.into_parts();
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let is_change = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_change && length.is_some_and(|length| length > most as u64) {
        return Err(too_large(most).into());
    }
    let unproven = parts.extensions.remove::<Unproven>();
    if is_change && kind(&parts).starts_with(FORM) {
        let bytes = to_bytes(body, most).await.map_err(|_| too_large(most))?;
        // a form's fields are pairs that are joined by this sign
        if bytes.split(|byte| *byte == b'&').count() > MOST_FIELDS {
            return Err(Error::TooLarge(Refusal::new("form-fields").with("most", MOST_FIELDS)).into());
        }
        let mut shown = false;
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            if value.len() > MOST_FIELD {
                return Err(too_long(&name).into());
            }
            shown |= name == "csrf" && unproven.as_ref().is_some_and(|u| id::same(&value, &u.0));
        }
        if unproven.is_some() && !shown {
            return Err(expired());
        }
        body = Body::from(bytes);
    } else if unproven.is_some() {
        return Err(expired());
    }
    let mut request = Request::from_parts(parts, body);
    DefaultBodyLimit::max(most).apply(&mut request);
    Ok(request)
}

fn too_large(most: usize) -> Error {
    if most < 1024 * 1024 {
        return Error::TooLarge(Refusal::new("sent-large-kilobytes").with("most", most / 1024));
    }
    Error::TooLarge(Refusal::new("sent-large-megabytes").with("most", most / (1024 * 1024)))
}

fn session_cookie(app: &App) -> &'static str {
    if app.config.is_secure() { "__Host-cairn" } else { "cairn_session" }
}

/// Value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|c| {
            let (n, v) = c.trim().split_once('=')?;
            (n == name).then(|| v.to_owned())
        })
}

fn set_cookie(app: &App, headers: &mut HeaderMap, name: &str, value: &str, seconds: i64) {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// What a warning's cookie begins with: a sign that no encoded text has.
const WARNING: &str = "!";

/// Says on the next page what was done.
pub fn say(headers: &mut HeaderMap, message: &str) {
    put_flash(headers, "", message);
}

/// Says on the next page what did not come about.
pub fn warn(headers: &mut HeaderMap, message: &str) {
    put_flash(headers, WARNING, message);
}

fn put_flash(headers: &mut HeaderMap, mark: &str, message: &str) {
    let value: String = url::form_urlencoded::byte_serialize(message.as_bytes()).collect();
    if let Ok(value) =
        HeaderValue::from_str(&format!("{FLASH}={mark}{value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"))
    {
        headers.append(header::SET_COOKIE, value);
    }
}

fn decode(text: &str) -> Option<Flash> {
    let (kind, text) = match text.strip_prefix(WARNING) {
        Some(text) => ("attention", text),
        None => ("valid", text),
    };
    let pair = format!("m={text}");
    let (_, value) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    Some(Flash { kind, text: value.chars().take(500).collect() })
}

/// What is shown once on the page that a redirect leads to, such as a new key: it is sealed for this session, so that
/// a reload of that page neither shows nor makes anything again.
pub fn show_once(app: &App, response: &mut Response, visitor: &Visitor, secret: &str) -> Result<()> {
    let sealed = app.keys.seal(&once_label(visitor), secret.as_bytes())?;
    set_cookie(app, response.headers_mut(), ONCE, &sealed, 60);
    Ok(())
}

/// What is to be shown once, for this session.
pub fn shown_once(app: &App, headers: &HeaderMap, visitor: &Visitor) -> Option<String> {
    let sealed = cookie(headers, ONCE)?;
    let secret = app.keys.unseal(&once_label(visitor), &sealed).ok()?;
    String::from_utf8(secret.to_vec()).ok()
}

/// It has been shown.
pub fn forget_shown(app: &App, response: &mut Response) {
    set_cookie(app, response.headers_mut(), ONCE, "", 0);
}

fn once_label(visitor: &Visitor) -> String {
    format!("shown once {}", id::digest(&visitor.token))
}

/// Remembers the chosen language for a year.
pub fn choose_language(app: &App, headers: &mut HeaderMap, language: Language) {
    set_cookie(app, headers, LANGUAGE, language.code(), 365 * 86_400);
}

/// Puts a new session's cookie on a response.
pub fn put_cookie(app: &App, response: &mut Response, token: &str) {
    set_cookie(app, response.headers_mut(), session_cookie(app), token, SESSION_DAYS * 86_400);
}

/// Ends this browser's session, and takes its cookie away.
pub async fn end(app: &App, headers: &HeaderMap, response: &mut Response) -> Result<()> {
    if let Some(token) = cookie(headers, session_cookie(app)) {
        session::end(app, &token).await?;
    }
    set_cookie(app, response.headers_mut(), session_cookie(app), "", 0);
    Ok(())
}

/// What is stored of the token that a program shows.
pub fn token_hash(headers: &HeaderMap) -> Result<String> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).ok_or(Error::SignIn)?;
    let (scheme, token) = value.split_once(' ').ok_or(Error::SignIn)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(id::digest(token.trim()))
    } else {
        Err(Error::SignIn.into())
    }
}

/// The person whose API token a program shows, if it carries the scope.
pub async fn bearer(app: &App, headers: &HeaderMap, scope: &str) -> Result<Actor> {
    let (actor, scopes) = program(app, headers).await?;
    if !scopes.0.iter().any(|s| s == scope) {
        return Err(Error::Forbidden("token-scope".into()).into());
    }
    Ok(actor)
}

/// The person whose API token a program shows, and what it may be used for.
/// Each use is counted.
pub async fn program(app: &App, headers: &HeaderMap) -> Result<(Actor, Scopes)> {
    Ok(session::of_token(app, &token_hash(headers)?).await?)
}
