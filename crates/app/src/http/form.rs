//! Multipart forms, read part by part: each part has its limit and is counted
//! while it streams, and nothing is held in memory that nobody asked for.

use crate::http::problem::Result;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use cairn_actions::Error;
use cairn_value::refusal::Refusal;
use futures_util::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

/// Parts that a form may have: fifty files and the fields around them.
const MOST_PARTS: usize = 80;
/// Bytes that the parser may hold before a part of the form comes out of it.
const MOST_HELD: usize = 256 * 1024;
/// Times that it is asked to go on without more before it is given up.
const PATIENCE: u8 = 8;
/// Longest text of a short field, such as a title or an address.
pub const MOST_LINE: usize = 8 * 1024;

/// A form with files.
pub struct UploadForm {
    form: Multipart,
    held: Arc<AtomicUsize>,
    parts: usize,
}

/// One field or file of it.
pub struct Part<'f> {
    field: Field<'f>,
    held: Arc<AtomicUsize>,
}

impl UploadForm {
    /// Begins to read. What the form holds is asked for part by part.
    pub async fn of(request: Request) -> Result<Self> {
        let held = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&held);
        let request = request.map(|body| {
            Body::from_stream(MeteredBody {
                body: Box::pin(body.into_data_stream()),
                held: counted,
                asked: 0,
            })
        });
        let form = Multipart::from_request(request, &()).await;
        let form = form
            .map_err(|e| Error::Malformed(Refusal::new("form-not-multipart").with("why", e.body_text())))?;
        Ok(Self { form, held, parts: 0 })
    }

    /// The next part; the one before must have been read to its end.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(Error::TooLarge("form-parts".into()).into());
        }
        let field = self.form.next_field().await.map_err(broken)?;
        self.held.store(0, Ordering::Relaxed);
        Ok(field.map(|field| Part { field, held: Arc::clone(&self.held) }))
    }
}

impl Part<'_> {
    /// Name of the field.
    pub fn name(&self) -> &str {
        self.field.name().unwrap_or("")
    }

    /// Name of the file; none for a field that is no file.
    pub fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// The next bytes; none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.field.chunk().await.map_err(broken)?;
        if let Some(chunk) = &chunk {
            let less = |held: usize| Some(held.saturating_sub(chunk.len()));
            let _ = self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
        Ok(chunk)
    }

    /// All of it; none when it is larger.
    pub async fn bytes(mut self, most: usize) -> Result<Option<Vec<u8>>> {
        let mut bytes = vec![];
        while let Some(chunk) = self.chunk().await? {
            if bytes.len() + chunk.len() > most {
                return Ok(None);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    /// A text of at most this many bytes.
    pub async fn text(self, most: usize) -> Result<String> {
        let name = self.name().to_owned();
        let bytes = self.bytes(most).await?.ok_or_else(|| too_long(&name))?;
        Ok(String::from_utf8(bytes).map_err(|_| Error::invalid(&name, "text-not-utf8"))?)
    }

    /// An empty part, such as a file that was not chosen.
    pub async fn nothing(self) -> Result<()> {
        let name = self.name().to_owned();
        match self.bytes(0).await? {
            Some(_) => Ok(()),
            None => Err(Error::invalid(&name, "field-unexpected").into()),
        }
    }

    /// Its bytes, one after the other.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send {
        futures_util::stream::unfold(self, |mut part| async {
            part.chunk().await.transpose().map(|chunk| (chunk, part))
        })
    }
}

/// A text that is longer than its field allows.
pub fn too_long(field: &str) -> Error {
    Error::invalid(field, "text-long")
}

/// What the browser sent is not a form, or broke off.
fn broken(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge("upload-too-large".into());
    }
    Error::refused("upload-broken")
}

/// The body on its way to the parser. A parser that asks for more and more and
/// gives nothing back, such as for a part whose head never ends, is given up.
struct MeteredBody {
    body: Pin<Box<dyn Stream<Item = Result<Bytes, axum::Error>> + Send>>,
    held: Arc<AtomicUsize>,
    asked: u8,
}

impl Stream for MeteredBody {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.held.load(Ordering::Relaxed) > MOST_HELD {
            if self.asked == PATIENCE {
                return Poll::Ready(Some(Err(axum::Error::new("the head of a part does not end"))));
            }
            self.asked += 1;
            // what is there is looked at first
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.asked = 0;
        let next = self.body.as_mut().poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.held.fetch_add(bytes.len(), Ordering::Relaxed);
        }
        next
    }
}
