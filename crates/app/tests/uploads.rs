//! Bytes on their way in: the right is checked before the first of them is read,
//! and what is too large is refused while it comes.

use crate::bytes::{PICTURE, ROSTERS, World, stored, world};
use crate::harness::{Browser, TestApp};
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

/// A body that counts what is read of it, and never ends before `size`.
fn counted(size: usize, head: &str) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let head = Bytes::from(head.to_owned());
    let rest = futures_util::stream::iter((0..size / 8192).map(|_| Bytes::from(vec![b'x'; 8192])));
    let stream = futures_util::stream::once(async { head }).chain(rest).map(move |bytes| {
        counter.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok::<_, std::io::Error>(bytes)
    });
    (Body::from_stream(stream), read)
}

const FORM: &str = "multipart/form-data; boundary=b";

/// Sends as this person, with a good form token; gives the status and how much was read.
async fn send(w: &World, who: &Browser, path: &str, kind: &str, head: &str) -> (StatusCode, usize) {
    let session = who.cookie("cairn_session").unwrap();
    let (body, read) = counted(64 * 1024 * 1024, head);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "cairn.test")
        .header(header::COOKIE, format!("cairn_session={session}"))
        .header("x-csrf-token", w.app.keys.form_token(&session))
        .header(header::CONTENT_TYPE, kind)
        .body(body)
        .unwrap();
    let response = cairn::router((*w.app).clone()).oneshot(request).await.unwrap();
    (response.status(), read.load(Ordering::Relaxed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_without_the_right_is_refused_before_a_byte_is_read() {
    let w = world().await;
    let eve = w.app.person("Eve").await;
    let file = |name: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.txt\"\r\n\r\n")
    };
    for (path, head, kind) in [
        (w.project.as_str(), file("files"), FORM),
        (PICTURE, file("picture"), FORM),
        (ROSTERS, file("file"), FORM),
        (
            "/organizations/north/achievements/first-aid/basics",
            String::new(),
            "application/x-www-form-urlencoded",
        ),
        ("/organizations/north/profile", String::new(), "application/x-www-form-urlencoded"),
    ] {
        assert_eq!(send(&w, &eve, path, kind, &head).await, (StatusCode::NOT_FOUND, 0), "{path}");
    }
    // a leaf that is not open, and one that is full
    let elsewhere = w.project.replace("requirements/p/", "requirements/q/");
    assert_eq!(send(&w, &w.amy, &elsewhere, FORM, &file("files")).await, (StatusCode::NOT_FOUND, 0));
    assert!(stored(&w.app).is_empty());
    // programs too
    for (token, status) in [(w.app.token(&eve, &["credentials:issue", "submissions:write"]).await, 404)] {
        for path in ["/api/v1/organizations/north/rosters", &format!("/api/v1{}", w.project)] {
            let (body, read) = counted(64 * 1024 * 1024, &file("file"));
            let request = Request::post(path)
                .header("host", "cairn.test")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header(header::CONTENT_TYPE, FORM)
                .body(body)
                .unwrap();
            let response = cairn::router((*w.app).clone()).oneshot(request).await.unwrap();
            assert_eq!((response.status().as_u16(), read.load(Ordering::Relaxed)), (status, 0), "{path}");
        }
    }
    assert!(stored(&w.app).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_while_it_comes() {
    let w = world().await;
    let part = |head: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n");
    let check = async |path: &str, kind: &str, head: String, most: usize| {
        let who = if path == w.project { &w.amy } else { &w.dora };
        let (status, read) = send(&w, who, path, kind, &head).await;
        assert!(status.is_client_error(), "{path} answered {status}");
        assert!(read <= most, "{path} read {read} bytes");
        assert!(stored(&w.app).is_empty(), "{path} left something behind");
    };
    // the file's own limit, here 1 MiB
    check(&w.project, FORM, part("name=\"files\"; filename=\"a.txt\""), 2 << 20).await;
    // a kind that is not accepted is told by the first bytes
    let program = part("name=\"files\"; filename=\"a.txt\"") + "\x7fELF\x02\x01\x01";
    check(&w.project, FORM, program, 600_000).await;
    // fields
    check(&w.project, FORM, part("name=\"title\""), 600_000).await;
    check(&w.project, FORM, part("name=\"body\""), 800_000).await;
    check(&w.project, FORM, part("name=\"something\""), 600_000).await;
    check(ROSTERS, FORM, part("name=\"achievement\""), 600_000).await;
    check(PICTURE, FORM, part("name=\"other\""), 600_000).await;
    // a part whose head never ends, and what is no form at all
    check(&w.project, FORM, "--b\r\nContent-Disposition: form-data; name=\"".into(), 1 << 20).await;
    check(&w.project, FORM, String::new(), 1 << 20).await;
    // forms and calls
    let urlencoded = "application/x-www-form-urlencoded";
    check("/organizations/north/profile", urlencoded, "name=".into(), 300_000).await;
    check("/organizations/north/achievements/first-aid/basics", urlencoded, "title=".into(), 3 << 20).await;
    check("/verify", FORM, part("name=\"link\""), 600_000).await;
    let token = w.app.token(&w.amy, &["submissions:write"]).await;
    let (body, read) = counted(64 << 20, "{\"kind\":\"text\",\"text\":\"");
    let request = Request::post(format!("/api/v1{}", w.project))
        .header("host", "cairn.test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .unwrap();
    let response = cairn::router((*w.app).clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 413);
    assert!(read.load(Ordering::Relaxed) < 3 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_field_is_named_and_a_body_that_says_its_size_is_not_read() {
    let w = world().await;
    let long = "x".repeat(201 * 1024);
    let path = "/organizations/north/achievements/first-aid/basics";
    w.dora.post(path, &[("title", &long)]).await.is(422);
    let session = w.dora.cookie("cairn_session").unwrap();
    let (body, read) = counted(64 << 20, "");
    let request = Request::post("/organizations/north/profile")
        .header("host", "cairn.test")
        .header(header::COOKIE, format!("cairn_session={session}"))
        .header("x-csrf-token", w.app.keys.form_token(&session))
        .header(header::CONTENT_LENGTH, "67108864")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body)
        .unwrap();
    let response = cairn::router((*w.app).clone()).oneshot(request).await.unwrap();
    assert_eq!((response.status().as_u16(), read.load(Ordering::Relaxed)), (413, 0));
}

/// Every change has a limit of its own, and only uploads are allowed more than a long form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_routes_that_take_much_are_as_agreed() {
    let app = TestApp::new().await;
    let mut large: Vec<String> = cairn::web::routes(&app)
        .split()
        .1
        .into_iter()
        .filter(|l| l.most > 2 * 1024 * 1024)
        .map(|l| format!("{} {}", l.path, l.most / (1024 * 1024)))
        .collect();
    large.sort();
    assert_eq!(
        large,
        [
            "/api/v1/enrollments/{id}/requirements/{leaf}/evidence 52",
            "/api/v1/organizations/{org}/awards 4",
            "/api/v1/organizations/{org}/rosters 31",
            "/api/v1/verifications 5",
            "/enrollments/{id}/requirements/{leaf}/evidence 502",
            "/organizations/{org}/achievements/{slug}/image 4",
            "/organizations/{org}/rosters 31",
            "/verify 5",
        ]
    );
}
