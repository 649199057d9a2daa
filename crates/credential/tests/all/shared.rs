//! Finding the vectors, which are not part of the repository.

use std::path::PathBuf;

use serde_json::Value;

/// The folder of vectors, or `None` with a notice where it is absent.
pub fn vectors() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = option_env!("CAIRN_SHARED").map_or(beside, PathBuf::from);
    let vectors = shared.join("vectors");
    if vectors.is_dir() {
        return Some(vectors);
    }
    println!("skipped: ../shared/vectors is not here");
    None
}

pub fn text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn json(path: &std::path::Path) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
