//! Signing keys at rest: sealed with XChaCha20-Poly1305 under the master key.

use crate::config::Config;
use crate::id;
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::path::Path;
use zeroize::Zeroizing;

/// Seals and opens secrets. Each is bound to a label (its key's id), so that a
/// sealed text moved to another row does not open.
#[derive(Clone)]
pub struct KeyStore {
    cipher: XChaCha20Poly1305,
    mac: Zeroizing<[u8; 32]>,
    root: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyStore")
    }
}

impl KeyStore {
    /// Takes the master key from the settings, or from the file `master.key` in
    /// the data folder, which is made (mode 0600) when it is missing.
    pub fn open(config: &Config) -> Result<Self> {
        if !config.master_key.is_empty() {
            return Self::from_hex(&config.master_key).context("reading master_key");
        }
        let file = config.data.join("master.key");
        if !file.exists() {
            write_private(&file, &id::hex(&id::random::<32>()))
                .with_context(|| format!("writing {}", file.display()))?;
        }
        check_mode(&file)?;
        let text = Zeroizing::new(
            std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?,
        );
        Self::from_hex(text.trim()).with_context(|| format!("reading {}", file.display()))
    }

    fn from_hex(text: &str) -> Result<Self> {
        ensure!(text.len() == 64, "the master key must be 64 hexadecimal digits");
        let mut key = Zeroizing::new([0u8; 32]);
        for (i, byte) in key.iter_mut().enumerate() {
            let pair = text.get(i * 2..i * 2 + 2).context("the master key must be hexadecimal")?;
            *byte = u8::from_str_radix(pair, 16).context("the master key must be hexadecimal")?;
        }
        let mut mac = Zeroizing::new([0u8; 32]);
        let derived = {
            use sha2::{Digest, Sha256};
            Sha256::new().chain_update(b"cairn form tokens").chain_update(&key[..]).finalize()
        };
        mac.copy_from_slice(&derived);
        let cipher =
            XChaCha20Poly1305::new_from_slice(&key[..]).context("the master key has a wrong length")?;
        Ok(Self { cipher, mac, root: key })
    }

    /// The store of an instance that is there; makes no key.
    pub fn existing(config: &Config) -> Result<Self> {
        let file = config.data.join("master.key");
        ensure!(
            !config.master_key.is_empty() || file.exists(),
            "there is no master key at {}; bring it, or set CAIRN_MASTER_KEY",
            file.display()
        );
        Self::open(config)
    }

    /// A key for one purpose, from which neither the master key nor the key of
    /// another purpose can be found.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        use hmac::{Hmac, Mac as _};
        let mut mac = <Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(&self.root[..])
            .expect("HMAC takes keys of any length");
        mac.update(b"cairn derived key\0");
        mac.update(purpose.as_bytes());
        let mut key = Zeroizing::new([0u8; 32]);
        key.copy_from_slice(&mac.finalize().into_bytes());
        key
    }

    /// Base64 of nonce and sealed text.
    pub fn seal(&self, label: &str, secret: &[u8]) -> Result<String> {
        let nonce = id::random::<24>();
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: label.as_bytes() })
            .map_err(|_| anyhow::anyhow!("sealing a key failed"))?;
        Ok(BASE64_STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// The secret again. Fails when the master key, the label or the text is another.
    pub fn unseal(&self, label: &str, text: &str) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = BASE64_STANDARD.decode(text).context("a sealed key is damaged")?;
        let (nonce, sealed) = bytes.split_at_checked(24).context("a sealed key is damaged")?;
        let nonce: [u8; 24] = nonce.try_into().context("a sealed key is damaged")?;
        let secret = self
            .cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: label.as_bytes() })
            .map_err(|_| {
                anyhow::anyhow!("a signing key does not open; is this the master key it was made under?")
            })?;
        Ok(Zeroizing::new(secret))
    }

    /// A token that proves that a form was made for this session.
    pub fn form_token(&self, session: &str) -> String {
        use sha2::{Digest, Sha256};
        // the key is fixed-length and comes first and last: no length extension
        let digest = Sha256::new()
            .chain_update(&self.mac[..])
            .chain_update(session.as_bytes())
            .chain_update(&self.mac[..])
            .finalize();
        id::hex(&digest)
    }
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    Ok(())
}

#[cfg(not(unix))]
fn write_private(file: &Path, text: &str) -> Result<()> {
    Ok(std::fs::write(file, text)?)
}

#[cfg(unix)]
fn check_mode(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode() & 0o777;
    ensure!(mode & 0o077 == 0, "{} can be read by others; run: chmod 600 {}", file.display(), file.display());
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_under_its_key_and_label() {
        let store = KeyStore::from_hex(&"1f".repeat(32)).unwrap();
        let other = KeyStore::from_hex(&"2f".repeat(32)).unwrap();
        let sealed = store.seal("key-1", b"seed").unwrap();
        assert_eq!(&store.unseal("key-1", &sealed).unwrap()[..], b"seed");
        assert!(store.unseal("key-2", &sealed).is_err());
        assert!(other.unseal("key-1", &sealed).is_err());
        assert!(store.unseal("key-1", "AAAA").is_err());
    }
}
