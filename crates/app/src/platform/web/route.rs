//! A table of routes: each says who may come in, and the door checks it.

use crate::App;
use crate::platform::error::Error;
use crate::platform::web::session::{Actor, bearer, program};
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
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
}

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
        self.add(Method::GET, MethodFilter::GET, path, allow, handler)
    }

    /// Something that changes the world.
    pub fn post<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, allow, handler)
    }

    /// A removal, for programs.
    pub fn delete<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::DELETE, MethodFilter::DELETE, path, allow, handler)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        allow: Allow,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let guarded: MethodRouter<App> =
            on(filter, handler).layer(from_fn_with_state((self.app.clone(), allow), guard));
        self.router = self.router.route(path, guarded);
        self.lines.push(Line { method, path, allow });
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

/// Checks the table's word before the handler runs.
async fn guard(State((app, allow)): State<(App, Allow)>, request: Request, next: Next) -> Response {
    match check(&app, allow, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn check(app: &App, allow: Allow, request: Request) -> Result<Request, Error> {
    let (mut parts, body) = request.into_parts();
    let actor = parts.extensions.get::<Actor>().cloned();
    match allow {
        Allow::Anyone => {}
        Allow::Demo if app.config.demo => {}
        Allow::Demo => return Err(Error::NotFound),
        Allow::SignedIn => {
            actor.ok_or(Error::SignIn)?;
        }
        Allow::Operator => {
            if !actor.ok_or(Error::SignIn)?.operator {
                return Err(Error::NotFound);
            }
        }
        Allow::MemberOrOperator(_) if actor.as_ref().is_some_and(|a| a.operator) => {}
        Allow::Member(_) | Allow::MemberOrOperator(_) | Allow::AnyMember => {
            let actor = actor.ok_or(Error::SignIn)?;
            let params =
                RawPathParams::from_request_parts(&mut parts, app).await.map_err(|_| Error::NotFound)?;
            let slug =
                params.iter().find(|(name, _)| *name == "org").map(|(_, v)| v).ok_or(Error::NotFound)?;
            let member = actor.member(slug)?;
            if let Allow::Member(intent) | Allow::MemberOrOperator(intent) = allow
                && !permission::may(&member.roles, intent)
            {
                return Err(Error::NotFound);
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
