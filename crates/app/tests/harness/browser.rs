//! A browser: keeps cookies, takes the form token from the page it saw last.

use super::{Page, html};
use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, header};
use cairn_actions::App;
use cairn_actions::person::Actor;
use cairn_value::id::PersonId;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tower::ServiceExt as _;

const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "cairn-test-boundary";

/// One person's browser, or a visitor's.
pub struct Browser {
    app: App,
    router: Router,
    who: Option<Who>,
    kept: Mutex<Kept>,
}

struct Who {
    person: PersonId,
    name: String,
    email: String,
}

#[derive(Default)]
struct Kept {
    cookies: BTreeMap<String, String>,
    csrf: Option<String>,
    language: Option<String>,
}

impl Browser {
    /// Nobody's yet.
    pub fn new(app: App, router: Router) -> Self {
        Self { app, router, who: None, kept: Mutex::default() }
    }

    /// The same browser with a session.
    pub fn signed_in(mut self, person: PersonId, name: &str, email: String, token: &str) -> Self {
        self.who = Some(Who { person, name: name.to_owned(), email });
        self.set_cookie("cairn_session", token);
        self
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.kept.lock().unwrap().cookies.insert(name.to_owned(), value.to_owned());
    }

    /// A cookie from the jar.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.kept.lock().unwrap().cookies.get(name).cloned()
    }

    /// From now on asks for pages in this language: `de`.
    pub fn speak(&self, language: &str) {
        self.kept.lock().unwrap().language = Some(language.to_owned());
    }

    fn who(&self) -> &Who {
        self.who.as_ref().expect("app.visitor() has no account; use app.person(\"Amy\")")
    }

    /// The account's id.
    pub fn person(&self) -> PersonId {
        self.who().person
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.who().name
    }

    /// Her address.
    pub fn email(&self) -> &str {
        &self.who().email
    }

    /// What actions are called with, with the roles of this moment.
    pub async fn actor(&self) -> Actor {
        let mut conn = self.app.db.read().await.unwrap();
        cairn_actions::person::load(&mut conn, self.person()).await.unwrap().expect("the account is there")
    }

    /// Opens a page. A redirect is an answer like any other.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, None).await
    }

    /// Opens the page that a redirect leads to, and so on.
    pub async fn follow(&self, page: &Page) -> Page {
        let mut next = self.get(&page.location()).await;
        for _ in 0..5 {
            if !next.status.is_redirection() {
                return next;
            }
            next = self.get(&next.location()).await;
        }
        panic!("{} leads in a circle", page.what);
    }

    /// Sends a form with the token of the page seen last.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf().await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_without_token(path, &all).await
    }

    /// The same, then opens the page that the answer leads to.
    pub async fn post_and_follow(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields).await;
        self.follow(&answer).await
    }

    /// Sends a form with these fields only.
    pub async fn post_without_token(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some((FORM, body.into_bytes()))).await
    }

    /// Sends a form with files: (field, file name, content).
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}csrf={}", self.csrf().await);
        self.upload_without_token(&path, fields, files).await
    }

    /// The same without the token.
    pub async fn upload_without_token(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(Method::POST, path, Some((&kind, multipart(fields, files)))).await
    }

    /// Expects that none of these is there for this person: what belongs to
    /// another organisation or another learner.
    pub async fn finds_nothing(&self, paths: &[(Method, String)]) {
        for (method, path) in paths {
            match *method {
                Method::GET => self.get(path).await.is(404),
                Method::POST => self.post(path, &[]).await.is(404),
                _ => panic!("{method} {path}: a browser sends GET and POST"),
            };
        }
    }

    /// Whatever else: any method, any body with its media type.
    pub async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Page {
        let what = format!("{method} {path}");
        let mut builder = request(method, path)
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin");
        {
            let kept = self.kept.lock().unwrap();
            let cookies: Vec<_> = kept.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            if !cookies.is_empty() {
                builder = builder.header(header::COOKIE, cookies.join("; "));
            }
            if let Some(language) = &kept.language {
                builder = builder.header(header::ACCEPT_LANGUAGE, language);
            }
        }
        let body = match body {
            Some((kind, bytes)) => {
                builder = builder.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let page = answer(&self.router, what, builder.body(body).expect("a request")).await;
        self.remember(&page);
        page
    }

    fn remember(&self, page: &Page) {
        let mut kept = self.kept.lock().unwrap();
        for (name, value) in set_cookies(&page.headers) {
            // another session has other form tokens
            if matches!(name.as_str(), "cairn_session" | "cairn_visitor") {
                kept.csrf = None;
            }
            if value.is_empty() {
                kept.cookies.remove(&name);
            } else {
                kept.cookies.insert(name, value);
            }
        }
        if page.is_html()
            && let Some(token) = html::hidden(&page.text(), "csrf")
        {
            kept.csrf = Some(token);
        }
    }

    /// The token of the last page that had one; every page has.
    async fn csrf(&self) -> String {
        let known = self.kept.lock().unwrap().csrf.clone();
        if let Some(token) = known {
            return token;
        }
        let page = self.get("/sign-in").await;
        if page.status.is_redirection() {
            self.follow(&page).await;
        }
        self.kept.lock().unwrap().csrf.clone().unwrap_or_else(|| panic!("no form token on {}", page.what))
    }
}

/// A request to the instance.
pub fn request(method: Method, path: &str) -> Builder {
    assert!(path.starts_with('/'), "a path begins with a slash: {path}");
    Request::builder().method(method).uri(path).header(header::HOST, "cairn.test")
}

/// What the app answers.
pub async fn answer(router: &Router, what: String, request: Request<Body>) -> Page {
    let Ok(response) = router.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("the answer ends").to_vec();
    Page { what, status: parts.status, headers: parts.headers, body }
}

fn set_cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let pair = |text: &str| {
        let (name, value) = text.split(';').next()?.split_once('=')?;
        Some((name.trim().to_owned(), value.to_owned()))
    };
    headers.get_all(header::SET_COOKIE).iter().filter_map(|v| pair(v.to_str().ok()?)).collect()
}

fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = vec![];
    let mut part = |head: String, content: &[u8]| {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields {
        part(format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, file, content) in files {
        part(
            format!("name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream"),
            content,
        );
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}
