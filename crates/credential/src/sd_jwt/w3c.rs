//! SD-JWT with W3C credentials and presentations (VC-JOSE-COSE, 3.2).

use serde_json::{Map, Value};

use super::{Format, SdJwt, SdJwtError};
use crate::jose::{self, Content};
use crate::key::PublicKey;

/// Verifies a W3C credential in an SD-JWT by the rules of VC-JOSE-COSE: `typ` is "vc+sd-jwt", the
/// disclosures fit, and what they come to follows [`jose::check_data_model`]. Gives the disclosed credential.
/// `key` is known to be the issuer's; time, status and key binding are for others to check.
///
/// ```
/// use cairn_credential::key::{KeyKind, KeyPair};
/// use cairn_credential::sd_jwt::{self, Format, Options};
///
/// let key = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32])?;
/// let credential = serde_json::json!({
///     "@context": ["https://www.w3.org/ns/credentials/v2"],
///     "type": ["VerifiableCredential"],
///     "issuer": "did:web:example.org",
///     "credentialSubject": {"id": "did:web:example.com", "type": "https://example.org/Person"},
/// });
/// let hidden = ["credentialSubject.type".parse()?];
/// // in earnest each salt is 16 random bytes
/// let issued = sd_jwt::issue(&credential, &key, &Options::new(Format::Credential, &hidden), &mut || [1; 16])?;
/// let all = sd_jwt::verify_credential(&issued.to_string(), &key.public())?;
/// assert_eq!(all["credentialSubject"], credential["credentialSubject"]);
/// let less = issued.present(&[])?.to_string();
/// let less = sd_jwt::verify_credential(&less, &key.public())?;
/// assert!(less["credentialSubject"].get("type").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_credential(text: &str, key: &PublicKey) -> Result<Map<String, Value>, SdJwtError> {
    verify(text, key, Format::Credential, Content::Credential)
}

/// Like [`verify_credential`] for a presentation: `typ` is "vp+sd-jwt". The credentials inside are only
/// looked at from outside: open and verify each of them on its own (see [`jose::opened`]).
pub fn verify_presentation(text: &str, key: &PublicKey) -> Result<Map<String, Value>, SdJwtError> {
    verify(text, key, Format::Presentation, Content::Presentation)
}

fn verify(
    text: &str,
    key: &PublicKey,
    format: Format,
    content: Content,
) -> Result<Map<String, Value>, SdJwtError> {
    let claims = SdJwt::parse(text.trim())?.verify(key, format)?;
    jose::check_data_model(&claims, content)?;
    jose::check_names(&claims, &claims)?;
    Ok(claims)
}
