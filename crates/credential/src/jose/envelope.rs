//! Credentials and presentations in a `data:` URL (VC Data Model 2.0, 4.13.1 and 4.13.2).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose::STANDARD_NO_PAD};
use serde_json::{Value, json};

use super::{Content, JoseError};

/// Padding is neither needed nor refused.
pub(crate) const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A credential or presentation in one of the forms of VC-JOSE-COSE. Nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Envelope {
    /// A compact JWS: `application/vc+jwt`, `application/vp+jwt`.
    Jws(String),
    /// An SD-JWT, with its disclosures: `application/vc+sd-jwt`, `application/vp+sd-jwt`.
    SdJwt(String),
    /// The bytes of a COSE_Sign1: `application/vc+cose`, `application/vp+cose`.
    Cose(Vec<u8>),
}

impl Envelope {
    /// The object that stands for it in JSON: an `EnvelopedVerifiableCredential`, or
    /// `EnvelopedVerifiablePresentation`.
    ///
    /// ```
    /// use cairn_credential::jose::{Content, Envelope, opened};
    ///
    /// let object = Envelope::Jws("eyJ.e30.x".into()).envelop(Content::Credential);
    /// assert_eq!(object["id"], "data:application/vc+jwt,eyJ.e30.x");
    /// assert_eq!(opened(&object)?, (Content::Credential, Envelope::Jws("eyJ.e30.x".into())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn envelop(&self, content: Content) -> Value {
        let short = content.short();
        let id = match self {
            Self::Jws(compact) => format!("data:application/{short}+jwt,{compact}"),
            Self::SdJwt(text) => format!("data:application/{short}+sd-jwt,{text}"),
            Self::Cose(bytes) => {
                format!("data:application/{short}+cose;base64,{}", STANDARD_NO_PAD.encode(bytes))
            }
        };
        let kind = match content {
            Content::Credential => "EnvelopedVerifiableCredential",
            Content::Presentation => "EnvelopedVerifiablePresentation",
        };
        json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": kind, "id": id})
    }
}

/// What is inside an enveloped credential or presentation.
pub fn opened(object: &Value) -> Result<(Content, Envelope), JoseError> {
    let is = |wanted: &str| match object.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        Some(kind) => kind == wanted,
        None => false,
    };
    let content = match (is("EnvelopedVerifiableCredential"), is("EnvelopedVerifiablePresentation")) {
        (true, false) => Content::Credential,
        (false, true) => Content::Presentation,
        _ => return Err(JoseError::Envelope),
    };
    if object.get("@context").is_none() {
        return Err(JoseError::Envelope);
    }
    let id = object.get("id").and_then(Value::as_str).ok_or(JoseError::Envelope)?;
    Ok((content, from_url(id, content)?))
}

fn from_url(url: &str, content: Content) -> Result<Envelope, JoseError> {
    // URL parsers take no notice of white space around a URL, which some writers leave behind base64
    let (head, data) = url.trim().split_once(',').ok_or(JoseError::Envelope)?;
    let mut head = head.split(';');
    let scheme_and_type = head.next().unwrap_or_default().to_ascii_lowercase();
    let kind = scheme_and_type.strip_prefix("data:application/").ok_or(JoseError::Envelope)?;
    let base64 = head.next_back().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    let text = || {
        if base64 {
            String::from_utf8(decode(data)?).map_err(|_| JoseError::Envelope)
        } else {
            Ok(data.to_owned())
        }
    };
    let (short, form) = kind.split_once('+').ok_or(JoseError::Envelope)?;
    match (short, form) {
        // the form of SD-JWT VC carries credentials only
        ("dc", "sd-jwt") if content == Content::Credential => Ok(Envelope::SdJwt(text()?)),
        (short, _) if short != content.short() => Err(JoseError::Envelope),
        (_, "jwt") => Ok(Envelope::Jws(text()?)),
        (_, "sd-jwt") => Ok(Envelope::SdJwt(text()?)),
        (_, "cose") if base64 => Ok(Envelope::Cose(decode(data)?)),
        _ => Err(JoseError::Envelope),
    }
}

fn decode(data: &str) -> Result<Vec<u8>, JoseError> {
    STANDARD.decode(data).map_err(|_| JoseError::Envelope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_survive() {
        for content in [Content::Credential, Content::Presentation] {
            for secured in [
                Envelope::Jws("a.b.c".into()),
                Envelope::SdJwt("a.b.c~d~".into()),
                Envelope::Cose(vec![0xd2, 0]),
            ] {
                assert_eq!(opened(&secured.envelop(content)), Ok((content, secured)));
            }
        }
    }

    #[test]
    fn other_envelopes_are_refused() {
        let with = |kind: &str, id: &str| {
            opened(&json!({"@context": "https://www.w3.org/ns/credentials/v2", "type": kind, "id": id}))
        };
        let credential = "EnvelopedVerifiableCredential";
        let good = Ok((Content::Credential, Envelope::Jws("a.b.c".into())));
        assert_eq!(with(credential, "data:application/vc+jwt,a.b.c"), good);
        assert_eq!(with(credential, "data:application/vc+jwt;base64,YS5iLmM"), good);
        for (kind, id) in [
            (credential, "data:application/vp+jwt,a.b.c"),
            ("EnvelopedVerifiablePresentation", "data:application/vc+jwt,a.b.c"),
            ("EnvelopedVerifiablePresentation", "data:application/dc+sd-jwt,a.b.c~"),
            ("VerifiableCredential", "data:application/vc+jwt,a.b.c"),
            (credential, "data:application/vc+cose,0oQ"),
            (credential, "data:application/vc+cose;base64,!"),
            (credential, "data:application/json,{}"),
            (credential, "data:application/vc+jwt"),
            (credential, "https://example.org/vc"),
            (credential, "bad-credential"),
        ] {
            assert_eq!(with(kind, id), Err(JoseError::Envelope), "{kind} {id}");
        }
        assert_eq!(
            opened(&json!({"type": credential, "id": "data:application/vc+jwt,a"})),
            Err(JoseError::Envelope)
        );
        assert_eq!(opened(&json!("text")), Err(JoseError::Envelope));
    }
}
