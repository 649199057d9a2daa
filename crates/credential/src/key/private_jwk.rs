//! Private JSON Web Keys (RFC 7518, 6.2.2 and 6.3.2; RFC 8037, 2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use serde_json::{Map, Value};

use super::pair::Pair;
use super::rsa_pair::RsaKeyPair;
use super::{KeyError, KeyKind, KeyPair, PublicKey};

/// The members that say which public key this is.
const PUBLIC: [&str; 6] = ["kty", "crv", "x", "y", "n", "e"];

impl KeyPair {
    /// Reads a private JWK: OKP Ed25519, EC P-256, P-384 or P-521 with `d`; RSA with `d`, `p`, `q`, `dp`,
    /// `dq` and `qi` (RFC 7518 lets issuers leave the last five out, this crate does not). A public half
    /// that does not belong to the private one is refused.
    ///
    /// ```
    /// use cairn_credential::key::KeyPair;
    ///
    /// // the key of RFC 8037, A.1
    /// let key = KeyPair::from_jwk(&serde_json::json!({
    ///     "kty": "OKP", "crv": "Ed25519",
    ///     "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    ///     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    /// }))?;
    /// assert_eq!(key.public().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        let text = |name: &'static str| jwk.get(name).and_then(Value::as_str).ok_or(KeyError::Jwk(name));
        let bytes = |name: &'static str| URL_SAFE_NO_PAD.decode(text(name)?).map_err(|_| KeyError::Jwk(name));
        let pair = match (text("kty")?, jwk.get("crv").and_then(Value::as_str)) {
            ("OKP", Some("Ed25519")) => Self::from_seed(KeyKind::Ed25519, &bytes("d")?),
            ("EC", Some("P-256")) => Self::from_seed(KeyKind::P256, &bytes("d")?),
            ("EC", Some("P-384")) => Self::from_seed(KeyKind::P384, &bytes("d")?),
            ("EC", Some("P-521")) => Self::from_seed(KeyKind::P521, &bytes("d")?),
            ("RSA", _) => {
                let parts = KeyPairComponents {
                    public_key: PublicKeyComponents { n: bytes("n")?, e: bytes("e")? },
                    d: bytes("d")?,
                    p: bytes("p")?,
                    q: bytes("q")?,
                    dP: bytes("dp")?,
                    dQ: bytes("dq")?,
                    qInv: bytes("qi")?,
                };
                Ok(Self(Pair::Rsa(RsaKeyPair::from_parts(&parts)?)))
            }
            _ => Err(KeyError::UnsupportedKind),
        }
        .map_err(|error| if error == KeyError::NotAPoint { KeyError::Jwk("d") } else { error })?;
        if PublicKey::from_jwk(&public_half(jwk))? != pair.public() {
            return Err(KeyError::Jwk("x"));
        }
        Ok(pair)
    }
}

fn public_half(jwk: &Value) -> Value {
    let members = PUBLIC.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(name)?.clone())));
    Value::Object(members.collect::<Map<_, _>>())
}
