//! PNG chunks (PNG 3rd edition, 5 and 11.3).

use std::io::Read;

use super::{BakeError, BakedBadge, MOST_TEXT_BYTES, Other, Version};

/// More badges of one picture are not unpacked in the search for one that differs.
const MOST_UNPACKED: usize = 8;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk of a PNG file; `all` is length, type, data and checksum as they stand in the file.
struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    all: &'a [u8],
}

/// Splits a PNG into its chunks up to `IEND`. What follows is not part of the picture.
fn chunks(png: &[u8]) -> Result<Vec<Chunk<'_>>, BakeError> {
    let mut rest = png.strip_prefix(SIGNATURE).ok_or(BakeError::Png("it does not begin as one"))?;
    let mut chunks = Vec::new();
    loop {
        let Some((head, body)) = rest.split_first_chunk::<8>() else {
            return Err(BakeError::Png("it is cut off"));
        };
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let kind = [head[4], head[5], head[6], head[7]];
        let end = length.checked_add(4).filter(|end| *end <= body.len());
        let end = end.ok_or(BakeError::Png("a chunk is longer than the file"))?;
        let (data, checksum) = body[..end].split_at(length);
        if checksum != checksum_of(kind, data).to_be_bytes() {
            return Err(BakeError::Png("a checksum is wrong"));
        }
        if chunks.is_empty() && kind != *b"IHDR" {
            return Err(BakeError::Png("it does not begin with IHDR"));
        }
        chunks.push(Chunk { kind, data, all: &rest[..8 + end] });
        if kind == *b"IEND" {
            return Ok(chunks);
        }
        rest = &body[end..];
    }
}

fn checksum_of(kind: [u8; 4], data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(data);
    crc.sum()
}

fn keyword(version: Version) -> &'static [u8] {
    match version {
        Version::OpenBadges3 => b"openbadgecredential",
        Version::OpenBadges2 => b"openbadges",
    }
}

fn version_of(chunk: &Chunk<'_>) -> Option<Version> {
    if !matches!(&chunk.kind, b"iTXt" | b"tEXt" | b"zTXt") {
        return None;
    }
    let name = chunk.data.split(|byte| *byte == 0).next()?;
    [Version::OpenBadges3, Version::OpenBadges2].into_iter().find(|version| keyword(*version) == name)
}

pub(super) fn bake(png: &[u8], text: &str, version: Version) -> Result<Vec<u8>, BakeError> {
    let chunks = chunks(png)?;
    let mut data = keyword(version).to_vec();
    // No compression, no language, no translated keyword.
    data.extend_from_slice(&[0, 0, 0, 0, 0]);
    data.extend_from_slice(text.as_bytes());
    let mut out = Vec::with_capacity(png.len() + data.len() + 12);
    out.extend_from_slice(SIGNATURE);
    for (at, chunk) in chunks.iter().enumerate() {
        if version_of(chunk) != Some(version) {
            out.extend_from_slice(chunk.all);
        }
        if at == 0 {
            out.extend_from_slice(&(data.len() as u32).to_be_bytes());
            out.extend_from_slice(b"iTXt");
            out.extend_from_slice(&data);
            out.extend_from_slice(&checksum_of(*b"iTXt", &data).to_be_bytes());
        }
    }
    Ok(out)
}

pub(super) fn unbake(png: &[u8]) -> Result<BakedBadge, BakeError> {
    let chunks = chunks(png)?;
    for version in [Version::OpenBadges3, Version::OpenBadges2] {
        if let Some(chunk) = chunks.iter().find(|chunk| version_of(chunk) == Some(version)) {
            return Ok(BakedBadge { text: text(chunk)?, version });
        }
    }
    Err(BakeError::NothingBaked)
}

pub(super) fn other(png: &[u8]) -> Option<Other> {
    let chunks = chunks(png).ok()?;
    let mut found: Vec<(&Chunk<'_>, Version)> =
        chunks.iter().filter_map(|chunk| Some((chunk, version_of(chunk)?))).collect();
    // in the order in which they are taken out
    found.sort_by_key(|(_, version)| *version == Version::OpenBadges2);
    let ((first, _), rest) = found.split_first()?;
    let first = text(first);
    let baked = rest.iter().take(MOST_UNPACKED).find_map(|(chunk, version)| match (text(chunk), &first) {
        (Ok(text), Ok(first)) if text == *first => None,
        (text, _) => Some(text.map(|text| BakedBadge { text, version: *version })),
    })?;
    Some(Other { baked, badges: found.len() })
}

/// The text of an `iTXt`, `tEXt` or `zTXt` chunk.
fn text(chunk: &Chunk<'_>) -> Result<String, BakeError> {
    let damaged = || BakeError::Png("its text chunk is malformed");
    let after = |data: &'_ [u8]| data.iter().position(|byte| *byte == 0).map(|at| at + 1);
    let value = &chunk.data[after(chunk.data).ok_or_else(damaged)?..];
    let bytes = match &chunk.kind {
        b"tEXt" => value.to_vec(),
        b"zTXt" => inflate(value.strip_prefix(&[0]).ok_or_else(damaged)?)?,
        _ => {
            let (flags, rest) = value.split_at_checked(2).ok_or_else(damaged)?;
            let rest = &rest[after(rest).ok_or_else(damaged)?..];
            let rest = &rest[after(rest).ok_or_else(damaged)?..];
            match flags {
                [0, _] => rest.to_vec(),
                [1, 0] => inflate(rest)?,
                _ => return Err(damaged()),
            }
        }
    };
    if bytes.len() > MOST_TEXT_BYTES {
        return Err(BakeError::TooLarge(MOST_TEXT_BYTES));
    }
    // Latin-1 by the letter of the format for the older chunks, UTF-8 in practice.
    String::from_utf8(bytes).map_err(|_| BakeError::Png("its text is not UTF-8"))
}

fn inflate(data: &[u8]) -> Result<Vec<u8>, BakeError> {
    let mut bytes = Vec::new();
    let mut unpacked = flate2::read::ZlibDecoder::new(data).take(MOST_TEXT_BYTES as u64 + 1);
    unpacked.read_to_end(&mut bytes).map_err(|_| BakeError::Png("its text cannot be unpacked"))?;
    Ok(bytes)
}
