//! Uploaded files: streamed to the blob store, their kind told by content.

use crate::http::form::Part;
use crate::http::problem::Result;
use cairn_actions::Error;
pub use cairn_actions::submission::file::{Upload, clean_name, kind, not_accepted};
use cairn_platform::blob::{Blobs, Place};
use cairn_value::refusal::Refusal;

/// Streams one file of a form to its place. Refuses what is too large, empty,
/// or of a kind that is not accepted as evidence.
pub async fn receive(blobs: &Blobs, place: &Place, mut part: Part<'_>) -> Result<Upload> {
    let file_name = clean_name(part.file_name().unwrap_or(""));
    let mut incoming = blobs.receive(place).await?;
    while let Some(bytes) = part.chunk().await? {
        if !incoming.has_room_for(bytes.len()) {
            let megabytes = place.most() / 1_048_576;
            return Err(Error::TooLarge(
                Refusal::new("file-large").with("file", file_name).with("most", megabytes),
            )
            .into());
        }
        let is_told = incoming.whole_head().is_some();
        incoming.write(&bytes).await?;
        // the rest of what is not accepted is not waited for
        if let Some(head) = incoming.whole_head().filter(|_| !is_told) {
            kind(head).ok_or_else(|| not_accepted(&file_name))?;
        }
    }
    let received = incoming.finish().await?;
    if received.size() == 0 {
        return Err(Error::refused(Refusal::new("file-empty").with("file", file_name)).into());
    }
    let media_type = kind(received.head()).ok_or_else(|| not_accepted(&file_name))?;
    Ok(Upload { received, file_name, media_type })
}
