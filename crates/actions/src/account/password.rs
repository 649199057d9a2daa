//! Passwords: argon2id, a few at a time, never on the threads that answer.

use crate::app::App;
use crate::error::Result;
use anyhow::Context as _;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use cairn_domain::password::MOST;
use cairn_platform::heavy::detached;
use std::sync::OnceLock;

/// 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes on a thread of its own.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let _turn = app.hashing.acquire().await.context("hashing")?;
    let password = zeroize::Zeroizing::new(password.to_owned());
    let work = move || hashed(&password);
    detached(work).await?
}

/// The hash of a password that nobody knows, made by the very function that makes all others.
fn nobodys() -> Result<&'static str> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if let Some(made) = NOBODY.get() {
        return Ok(made);
    }
    let made = hashed(&cairn_platform::id::secret())?;
    Ok(NOBODY.get_or_init(|| made))
}

fn hashed(password: &str) -> Result<String> {
    let hash = argon()?.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(hash.to_string())
}

/// Compares on a thread of its own. Without a hash it takes as long and says
/// no, so that time does not tell who has an account.
pub async fn matches(app: &App, password: &str, hash: Option<String>) -> Result<bool> {
    let _turn = app.hashing.acquire().await.context("hashing")?;
    let known = hash.is_some();
    let password = zeroize::Zeroizing::new(password.chars().take(MOST).collect::<String>());
    let work = move || -> Result<bool> {
        let hash = match &hash {
            Some(hash) => hash,
            None => nobodys()?,
        };
        let parsed = PasswordHash::new(hash).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(argon()?.verify_password(password.as_bytes(), &parsed).is_ok())
    };
    Ok(detached(work).await?? && known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_password_takes_the_work_of_anybodys() {
        let (nobody, amy) = (nobodys().unwrap(), hashed("correct horse battery").unwrap());
        let work = |text: &str| {
            let parsed = PasswordHash::new(text).unwrap();
            (parsed.algorithm.to_string(), parsed.version, parsed.params.to_string(), text.len())
        };
        assert_eq!(work(nobody), work(&amy));
        assert_eq!(nobodys().unwrap(), nobody);
    }
}
