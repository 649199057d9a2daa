//! Files that are handed in: which kinds are accepted, told by content.

use crate::error::Error;
use cairn_platform::blob::ReceivedBlob;
use cairn_value::refusal::Refusal;

/// A file that has arrived.
#[derive(Debug)]
pub struct Upload {
    /// Its bytes, kept when something uses them.
    pub received: ReceivedBlob,
    /// As the browser named it, without path and control characters.
    pub file_name: String,
    /// Told by content.
    pub media_type: &'static str,
}

/// Why it is not accepted.
pub fn not_accepted(file_name: &str) -> Error {
    Error::refused(Refusal::new("evidence-kind").with("file", file_name))
}

/// The media type by content; none when it is not accepted. HTML and SVG are
/// not among them: they can carry scripts.
pub fn kind(head: &[u8]) -> Option<&'static str> {
    if let Some(found) = infer::get(head) {
        return ACCEPTED.iter().copied().find(|a| *a == found.mime_type());
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // the last character may be cut in two
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&head[..e.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let is_text = !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    is_text.then_some("text/plain")
}

const ACCEPTED: &[&str] = &[
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-flac",
    "audio/x-wav",
    "audio/m4a",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
];

/// True for kinds that a browser may show in place.
pub fn shows_inline(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/pdf"
            | "image/png"
            | "image/jpeg"
            | "image/webp"
            | "image/gif"
            | "video/mp4"
            | "video/webm"
            | "audio/mpeg"
            | "audio/ogg"
            | "text/plain"
    )
}

/// As a name on pages: without path and control characters.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String =
        last.chars().filter(|c| !c.is_control() && !"\"<>|:*?".contains(*c)).take(120).collect();
    if clean.trim().is_empty() { "file".into() } else { clean.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_content() {
        assert_eq!(kind(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(kind("Grüße\n".as_bytes()), Some("text/plain"));
        assert_eq!(kind(&"ü".as_bytes()[..1]), Some("text/plain"));
        assert_eq!(kind(b"\x7fELF\x02\x01\x01\0"), None);
        assert_eq!(kind(b"MZ\x90\0\x03\0\0\0"), None);
        assert_eq!(kind(b"<html><script>alert(1)</script>"), None);
        assert_eq!(clean_name("..\\..\\a/b\"c.pdf"), "bc.pdf");
        assert_eq!(clean_name("/"), "file");
    }
}
