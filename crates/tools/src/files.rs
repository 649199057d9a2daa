//! Reading and writing for the commands that need neither a server nor a
//! database: files, standard input and output.

use crate::terminal;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Largest document, picture or body that is read.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;

/// Where a command's result goes.
#[derive(Debug, Clone, clap::Args)]
pub struct Output {
    /// Write the result to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say what was done as one line of JSON; errors too, as {"error": "…"}.
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Gives a document: to the file, or to standard output. With `--json`
    /// and no file the line holds it as `result`.
    pub fn give(&self, document: &Value, mut about: Value) -> Result<ExitCode> {
        if self.json && self.output.is_none() {
            about["result"] = document.clone();
            println!("{}", terminal::json(&about.to_string()));
            return Ok(ExitCode::SUCCESS);
        }
        let text = match document {
            // to the byte, except before a person's eyes
            Value::String(text) if self.output.is_none() && std::io::stdout().is_terminal() => {
                format!("{}\n", terminal::lines(text))
            }
            Value::String(text) => format!("{text}\n"),
            other => format!("{}\n", terminal::json(&serde_json::to_string_pretty(other)?)),
        };
        self.write(text.as_bytes(), about)
    }

    /// Gives bytes that need not be text.
    pub fn give_bytes(&self, bytes: &[u8], about: Value) -> Result<ExitCode> {
        if self.output.is_none() {
            ensure!(!self.json, "a picture does not go into a line of JSON; name a file with --output");
            ensure!(
                !std::io::stdout().is_terminal(),
                "a picture is not for the terminal; name a file with --output"
            );
        }
        self.write(bytes, about)
    }

    fn write(&self, bytes: &[u8], mut about: Value) -> Result<ExitCode> {
        let Some(path) = &self.output else {
            std::io::stdout().write_all(bytes).context("writing to standard output")?;
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
        if self.json {
            about["output"] = json!(path);
            println!("{}", terminal::json(&about.to_string()));
        } else {
            eprintln!("Wrote {}.", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }

    /// An error as `--json` wants it told; otherwise it goes on as it is.
    pub fn told(&self, outcome: Result<ExitCode>) -> Result<ExitCode> {
        match outcome {
            Err(error) if self.json => {
                println!("{}", terminal::json(&json!({ "error": sentence(&error) }).to_string()));
                Ok(ExitCode::FAILURE)
            }
            other => other,
        }
    }
}

/// Reads a file, or - for standard input; 5 MB at most.
pub fn read(input: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![];
    let most = MOST_BYTES as u64 + 1;
    if input == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).context("reading standard input")?;
    } else {
        let file = std::fs::File::open(input).with_context(|| format!("reading {input}"))?;
        file.take(most).read_to_end(&mut bytes).with_context(|| format!("reading {input}"))?;
    }
    ensure!(bytes.len() <= MOST_BYTES, "{} is larger than 5 MB; a badge is much smaller", called(input));
    Ok(bytes)
}

/// Reads a JSON object.
pub fn read_object(input: &str) -> Result<Value> {
    let bytes = read(input)?;
    match cairn_credential::document::parse(&bytes).with_context(|| format!("reading {}", called(input)))? {
        object @ Value::Object(_) => Ok(object),
        _ => bail!("{} is JSON, but not an object, which a credential is", called(input)),
    }
}

/// An error and its causes in one sentence; a cause whose words the error
/// repeats is not said again. What it quotes is made fit for a terminal.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let words = cause.to_string();
        if said.ends_with(&words) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&words);
    }
    terminal::line(&said)
}

/// How an input is called in sentences.
pub fn called(input: &str) -> &str {
    if input == "-" { "standard input" } else { input }
}
