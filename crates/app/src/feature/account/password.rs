//! Passwords: argon2id, a few at a time, never on the threads that answer.

use crate::App;
use crate::platform::error::Result;
use anyhow::Context as _;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use cairn_domain::password::MOST;

/// 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes on a thread of its own.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let _turn = app.hashing.acquire().await.context("hashing")?;
    let password = zeroize::Zeroizing::new(password.to_owned());
    let work = move || -> Result<String> {
        let hash = argon()?.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(hash.to_string())
    };
    tokio::task::spawn_blocking(work).await.context("hashing")?
}

/// Compares on a thread of its own. Without a hash it takes as long and says
/// no, so that time does not tell who has an account.
pub async fn matches(app: &App, password: &str, hash: Option<String>) -> Result<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$Y2Fpcm4gbm9ib2R5IGhlcmU$6CcXJYy4Y0d1mC3jQ5a7bXn1Jr7y6d1cT0o3c3QxZ1k";
    let _turn = app.hashing.acquire().await.context("hashing")?;
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let password = zeroize::Zeroizing::new(password.chars().take(MOST).collect::<String>());
    let work = move || -> Result<bool> {
        let parsed = PasswordHash::new(&hash).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(argon()?.verify_password(password.as_bytes(), &parsed).is_ok())
    };
    Ok(tokio::task::spawn_blocking(work).await.context("hashing")?? && known)
}
