//! A table of routes: each says who may come in, and the door checks it.

use crate::http::limit::{self, Class, Count, Who, class_of};
use crate::http::problem::{Problem, Result};
use crate::http::session::{Visitor, bearer, is_html, program, proven};
use crate::http::{client, form_page, keep_private};
use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_domain::permission::{self, Intent};

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allow {
    /// Everybody.
    Anyone,
    /// Everybody, in the demo only; elsewhere the page does not exist.
    Demo,
    /// Whoever is signed in.
    SignedIn,
    /// Operators of the instance.
    Operator,
    /// Members of the organisation `{org}` (a slug) whose roles carry the intent.
    Member(Intent),
    /// Members of the organisation `{org}` whose roles carry the intent, and operators of the instance.
    MemberOrOperator(Intent),
    /// Any member of the organisation `{org}`.
    AnyMember,
    /// Programs, with or without a token; no cookie is looked at.
    Program,
    /// Programs with a valid token, whatever its scopes.
    Token,
    /// Programs with a token that carries this scope.
    Scope(&'static str),
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Line {
    /// GET or POST.
    pub method: Method,
    /// With parameters in braces.
    pub path: &'static str,
    /// Who may come in.
    pub allow: Allow,
    /// Bytes that the body may have.
    pub most: usize,
}

/// The whole table, for whoever describes it.
pub type Table = std::sync::Arc<[Line]>;

/// Largest body of an ordinary form or call.
pub const MOST_FORM: usize = 256 * 1024;
/// Largest body where much is written at once: definitions, reviews, awards in bulk.
pub const MOST_LONG_FORM: usize = 2 * 1024 * 1024;

/// Routes of a feature, and the table of who may come in.
pub struct Routes {
    app: App,
    router: Router<App>,
    /// The table.
    pub lines: Vec<Line>,
}

impl Routes {
    /// No routes yet.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), router: Router::new(), lines: vec![] }
    }

    /// A page or a document to read.
    pub fn get<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::GET, MethodFilter::GET), path, allow, 0, handler)
    }

    /// Something that changes the world.
    pub fn post<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.post_up_to(MOST_FORM, path, allow, handler)
    }

    /// The same where much is written at once.
    pub fn post_long<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.post_up_to(MOST_LONG_FORM, path, allow, handler)
    }

    /// The same with a body of at most `most` bytes. No byte of it is read
    /// before the right to come in has been checked.
    pub fn post_up_to<H, T>(self, most: usize, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::POST, MethodFilter::POST), path, allow, most, handler)
    }

    /// A removal, for programs.
    pub fn delete<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::DELETE, MethodFilter::DELETE), path, allow, MOST_FORM, handler)
    }

    fn add<H, T>(
        mut self,
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        allow: Allow,
        most: usize,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let door = Door {
            app: self.app.clone(),
            path,
            allow,
            most,
            class: class_of(&method, path),
            is_private: is_private(allow, path),
        };
        let guarded: MethodRouter<App> = on(filter, handler).layer(from_fn_with_state(door, guard));
        self.router = self.router.route(path, guarded);
        self.lines.push(Line { method, path, allow, most });
        self
    }

    /// Adds another feature's routes.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.lines.extend(other.lines);
        self
    }

    /// The router and the table.
    pub fn split(self) -> (Router<App>, Vec<Line>) {
        (self.router, self.lines)
    }
}

/// What stands before a handler.
#[derive(Clone)]
struct Door {
    app: App,
    path: &'static str,
    allow: Allow,
    most: usize,
    class: Option<Class>,
    is_private: bool,
}

/// Checks the table's word before the handler runs: first the right to come in, then how often, then the
/// size of what is brought, then, reading it, the form's token.
async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    let brings_body = request.body().size_hint().exact() != Some(0);
    let (request, counted) = match pass(&door, request).await {
        Ok(passed) => passed,
        Err(error) => return refused(error, brings_body),
    };
    let request = on_its_page(door.path, request).await;
    let is_signed_in = request.extensions().get::<Actor>().is_some();
    let mut response = match proven(request, door.most).await {
        Ok(request) => next.run(request).await,
        Err(error) => {
            // whoever shows a wrong token was read to the end
            let is_unread = brings_body && matches!(error.0, Error::TooLarge(_));
            refused(error, is_unread)
        }
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        counted.give_back(&door.app).await;
    }
    if door.is_private || (is_signed_in && is_html(&response)) || says_private(&response) {
        keep_private(&mut response);
    }
    response
}

/// A refused form is shown on the page that it stands on, whatever it was sent to: a link to "this page" leads there.
async fn on_its_page(route: &'static str, request: Request) -> Request {
    if request.method() == Method::GET {
        return request;
    }
    let (mut parts, body) = request.into_parts();
    if let Some(page) = form_page::page_of(route, &mut parts).await
        && let Some(visitor) = parts.extensions.get_mut::<Visitor>()
    {
        visitor.path = page;
    }
    Request::from_parts(parts, body)
}

/// A refusal at the door. When what the request brings stays unread, nothing else can come on this
/// connection: the client is told, and does not send its next request into a closing one.
fn refused(error: Problem, is_unread: bool) -> Response {
    let mut response = error.into_response();
    if is_unread {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// True for what a handler keeps from caches: it is not for everybody, and no search engine should have it.
fn says_private(response: &Response) -> bool {
    let cache = response.headers().get(header::CACHE_CONTROL).and_then(|v| v.to_str().ok());
    cache.is_some_and(|c| c.contains("no-store"))
}

/// True for what is for one person or some, also where the address itself is the secret.
fn is_private(allow: Allow, path: &str) -> bool {
    match allow {
        Allow::Demo
        | Allow::SignedIn
        | Allow::Operator
        | Allow::Member(_)
        | Allow::MemberOrOperator(_)
        | Allow::AnyMember
        | Allow::Token
        | Allow::Scope(_) => true,
        Allow::Anyone | Allow::Program => path.contains("{token}"),
    }
}

async fn pass(door: &Door, request: Request) -> Result<(Request, Count)> {
    let mut request = check(&door.app, door.allow, request).await?;
    let mut counted = Count::default();
    if let Some(class) = door.class {
        let actor = request.extensions().get::<Actor>().cloned();
        let (mut parts, body) = request.into_parts();
        let organization = match door.allow {
            // an operator who is no member is counted by her account
            Allow::MemberOrOperator(_) => {
                let slug = slug(&mut parts, &door.app).await?;
                actor.as_ref().and_then(|a| a.member(&slug).ok()).map(|member| member.organization)
            }
            Allow::Member(_) | Allow::AnyMember => {
                let actor = actor.as_ref().ok_or(Error::SignIn)?;
                Some(actor.member(&slug(&mut parts, &door.app).await?)?.organization)
            }
            Allow::Anyone
            | Allow::Demo
            | Allow::SignedIn
            | Allow::Operator
            | Allow::Program
            | Allow::Token
            | Allow::Scope(_) => None,
        };
        let who = Who {
            client: client::of_request(&door.app, &parts),
            account: actor.map(|a| a.person),
            organization,
        };
        counted = limit::enter(&door.app, class, who).await?;
        request = Request::from_parts(parts, body);
    }
    Ok((request, counted))
}

/// The organisation in the address.
async fn slug(parts: &mut Parts, app: &App) -> Result<String> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    params.iter().find(|(name, _)| *name == "org").map(|(_, v)| v.to_owned()).ok_or(Error::NotFound.into())
}

async fn check(app: &App, allow: Allow, request: Request) -> Result<Request> {
    let (mut parts, body) = request.into_parts();
    let actor = parts.extensions.get::<Actor>().cloned();
    match allow {
        Allow::Anyone => {}
        Allow::Demo if app.config.demo => {}
        Allow::Demo => return Err(Error::NotFound.into()),
        Allow::SignedIn => {
            actor.ok_or(Error::SignIn)?;
        }
        Allow::Operator => {
            if !actor.ok_or(Error::SignIn)?.operator {
                return Err(Error::NotFound.into());
            }
        }
        Allow::MemberOrOperator(_) if actor.as_ref().is_some_and(|a| a.operator) => {}
        Allow::Member(_) | Allow::MemberOrOperator(_) | Allow::AnyMember => {
            let actor = actor.ok_or(Error::SignIn)?;
            let member = actor.member(&slug(&mut parts, app).await?)?;
            if let Allow::Member(intent) | Allow::MemberOrOperator(intent) = allow
                && !permission::may(&member.roles, intent)
            {
                return Err(Error::NotFound.into());
            }
        }
        Allow::Program => {
            parts.extensions.remove::<Actor>();
        }
        Allow::Token => {
            parts.extensions.remove::<Actor>();
            let (actor, scopes) = program(app, &parts.headers).await?;
            parts.extensions.insert(actor);
            parts.extensions.insert(scopes);
        }
        Allow::Scope(scope) => {
            parts.extensions.remove::<Actor>();
            let actor = bearer(app, &parts.headers, scope).await?;
            parts.extensions.insert(actor);
        }
    }
    Ok(Request::from_parts(parts, body))
}
