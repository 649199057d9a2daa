//! A program that speaks to the API.

use super::browser::{answer, request};
use super::{Browser, Page, TestApp};
use axum::body::Body;
use axum::http::{Method, header};
use cairn_platform::id;
use serde_json::Value;

/// Sends JSON with a token, and never a cookie.
pub struct Program {
    router: axum::Router,
    token: Option<String>,
}

impl TestApp {
    /// A program with this API token; with the empty one it shows none.
    pub fn api(&self, token: &str) -> Program {
        let token = (!token.is_empty()).then(|| token.to_owned());
        Program { router: self.router.clone(), token }
    }

    /// A token of this person's, straight into the table.
    pub async fn token(&self, browser: &Browser, scopes: &[&str]) -> String {
        let token = id::secret();
        let mut tx = self.db.begin().await.unwrap();
        sqlx::query(
            "INSERT INTO api_token (token_hash, id, person, name, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, 'test', $4, $5, $5 + 31536000000)",
        )
        .bind(id::digest(&token))
        .bind(id::fresh().to_string())
        .bind(browser.person().to_string())
        .bind(scopes.join(" "))
        .bind(self.clock.now().as_millisecond())
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        token
    }
}

impl Program {
    /// Reads.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Page {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// Removes.
    pub async fn delete(&self, path: &str) -> Page {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// Whatever else: `send(Method::POST, path, &[("idempotency-key", "1")], Some(&body))`.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Page {
        let what = format!("{method} {path}");
        let mut builder = request(method, path).header(header::ACCEPT, "application/json");
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let body = match body {
            Some(value) => {
                builder = builder.header(header::CONTENT_TYPE, "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        answer(&self.router, what, builder.body(body).expect("a request")).await
    }
}
