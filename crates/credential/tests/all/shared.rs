//! Finding the vectors, which are not part of the repository.

use std::fs::OpenOptions;
use std::io::Write as _;
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
    skipped("../shared/vectors is not here");
    None
}

/// Says that a test is skipped, past the harness that keeps what passing tests print; and writes it down
/// for `cargo xtask`, which counts and names what was skipped, in the file that `CAIRN_SKIPPED` names.
fn skipped(reason: &str) {
    let thread = std::thread::current();
    let line = format!("{}: {reason}\n", thread.name().unwrap_or("a test"));
    std::io::stderr().write_all(format!("skipped {line}").as_bytes()).unwrap();
    if let Some(list) = std::env::var_os("CAIRN_SKIPPED") {
        let file = OpenOptions::new().create(true).append(true).open(list);
        file.unwrap().write_all(line.as_bytes()).unwrap();
    }
}

pub fn text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn json(path: &std::path::Path) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
