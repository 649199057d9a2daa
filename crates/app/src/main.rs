//! The program `cairn`.

use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("CAIRN_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    // standard output is for answers
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cairn::command::run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cairn: {}", cairn::command::sentence(&error));
            ExitCode::FAILURE
        }
    }
}
