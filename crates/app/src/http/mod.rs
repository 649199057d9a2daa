//! HTTP: routes that say who may come in, sessions, pages, files.

pub mod asset;
pub mod call;
pub mod client;
pub mod fields;
pub mod form;
pub mod form_page;
pub mod host;
pub mod idempotency;
pub mod limit;
pub mod patient;
pub mod problem;
pub mod reader;
pub mod route;
pub mod scope;
pub mod server;
pub mod session;
pub mod shape;
pub mod ui;
pub mod upload;

pub use fields::Fields;
pub use problem::{Problem, Result};
pub use reader::{Errors, Reader};
pub use route::{Allow, Routes};
pub use session::{SignedIn, Visitor};
pub use ui::Ui;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use cairn_actions::person::Actor;

/// Renders a page.
pub fn page(template: &impl Template) -> Result<Response> {
    page_with(StatusCode::OK, template)
}

/// Renders a page with a status, such as 422 for a form with errors.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response> {
    let mut response = (status, Html(template.render().map_err(problem::unrendered)?)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// What is for one person is kept by no cache and found by no search engine.
pub fn keep_private(response: &mut Response) {
    let is_html = session::is_html(response);
    let all = response.headers_mut();
    if is_html || !all.contains_key(header::CACHE_CONTROL) {
        all.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    all.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
}

const ROBOTS: header::HeaderName = header::HeaderName::from_static("x-robots-tag");

/// Sends the browser to another page with GET.
pub fn see(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

/// Sends the browser to another page, which shows a message once.
pub fn see_saying(path: &str, message: &str) -> Response {
    let mut response = see(path);
    session::say(response.headers_mut(), message);
    response
}

/// The same for what did not come about.
pub fn see_warning(path: &str, message: &str) -> Response {
    let mut response = see(path);
    session::warn(response.headers_mut(), message);
    response
}

use crate::http::problem::Details;
use crate::http::route::{Line, Table};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::{Extension, Router};
use cairn_actions::App;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// Puts the layers around all routes: from the outside in, headers, compression,
/// panics, sessions, error pages.
pub fn layers(router: Router<App>, app: App, table: Vec<Line>) -> Router {
    let worth = SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/zip"));
    router
        .fallback(|| async { Problem(cairn_actions::Error::NotFound) })
        .method_not_allowed_fallback(wrong_method)
        .layer(Extension(Table::from(table)))
        .layer(from_fn_with_state(app.clone(), error_pages))
        .layer(from_fn_with_state(app.clone(), session::layer))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().br(false).compress_when(worth))
        .layer(from_fn_with_state(app.clone(), host::layer))
        .layer(from_fn_with_state(app.clone(), headers))
        .with_state(app)
}

/// The address is there, the method is not; axum adds `Allow`. Whoever opens an address that a form is sent to, as one
/// does by reloading or switching the language, is sent to the page with that form.
async fn wrong_method(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    if let (Some(route), true) = (route, matches!(parts.method, Method::GET | Method::HEAD))
        && let Some(page) = form_page::page_of(&route, &mut parts).await
    {
        return see(&page);
    }
    let details = Details::new(StatusCode::METHOD_NOT_ALLOWED, "method");
    let mut response = details.problem("");
    response.extensions_mut().insert(details);
    response
}

/// Headers that every answer carries unless it says otherwise.
async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all = response.headers_mut();
    let mut put = |name: header::HeaderName, value: &'static str| {
        all.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; media-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    put(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=()",
    );
    if app.config.is_secure() {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        secure_cookies(all);
    }
    response
}

/// Behind HTTPS every cookie stays there, whoever has set it.
fn secure_cookies(all: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = all.get_all(header::SET_COOKIE).iter().cloned().collect();
    all.remove(header::SET_COOKIE);
    for cookie in cookies {
        let text = String::from_utf8_lossy(cookie.as_bytes());
        let is_secure = text.split(';').any(|part| part.trim().eq_ignore_ascii_case("secure"));
        let secured = HeaderValue::from_str(&format!("{text}; Secure")).ok();
        all.append(header::SET_COOKIE, secured.filter(|_| !is_secure).unwrap_or(cookie));
    }
}

#[derive(Template)]
#[template(path = "system/error.html")]
struct ErrorPage {
    ui: Ui,
    status: u16,
    code: &'static str,
    detail: String,
}

/// Makes a page of an error when a person asked.
async fn error_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let visitor = request.extensions().get::<Visitor>().cloned();
    let actor = request.extensions().get::<Actor>().cloned();
    let is_get = request.method() == Method::GET;
    let blocked = request.extensions().get::<session::Blocked>().cloned();
    let response = match blocked {
        Some(session::Blocked(details)) => {
            let mut response = details.problem("");
            response.extensions_mut().insert(details);
            response
        }
        None => next.run(request).await,
    };
    let Some(details) = response.extensions().get::<Details>().cloned() else { return response };
    let is_for_program = path.starts_with("/api/") || !accept.contains("text/html");
    let Some(visitor) = visitor.filter(|_| !is_for_program) else {
        let mut problem = details.problem(&app.config.base_url);
        let made = std::mem::take(problem.headers_mut());
        *problem.headers_mut() = response.headers().clone();
        problem.headers_mut().remove(header::CONTENT_LENGTH);
        problem.headers_mut().extend(made);
        return problem;
    };
    if details.status == StatusCode::UNAUTHORIZED {
        let next: String =
            url::form_urlencoded::byte_serialize(if is_get { visitor.path.as_bytes() } else { b"/" })
                .collect();
        let mut shown = see(&format!("/sign-in?next={next}"));
        carry_over(&response, &mut shown);
        return shown;
    }
    let ui = Ui::new(&app, visitor, actor.as_ref());
    let detail = details.sentence(ui.words);
    let is_signed_in = actor.is_some();
    let error = ErrorPage { status: details.status.as_u16(), code: details.code, detail, ui };
    let mut shown = page_with(details.status, &error).unwrap_or_else(|_| {
        let mut response = Response::new(Body::from("Something went wrong on our side."));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    });
    if is_signed_in {
        keep_private(&mut shown);
    }
    carry_over(&response, &mut shown);
    shown
}

/// What a page of an error takes over from the answer that it stands for.
fn carry_over(from: &Response, to: &mut Response) {
    for name in [header::RETRY_AFTER, header::CONNECTION, header::ALLOW] {
        if let Some(value) = from.headers().get(&name) {
            to.headers_mut().insert(name, value.clone());
        }
    }
}
