//! The contexts this crate knows, pinned by the SHA-256 of their bytes. A caller may
//! add others ([`super::Contexts`]), but not replace these.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

/// One bundled context document.
#[derive(Debug)]
pub struct BundledContext {
    /// Where the world knows it.
    pub url: &'static str,
    /// The document's text.
    pub text: &'static str,
    /// Lower-case hexadecimal SHA-256 of `text`.
    pub sha256: &'static str,
}

macro_rules! contexts {
    ($($url:literal, $file:literal, $sha256:literal;)*) => {
        &[$(BundledContext { url: $url, text: include_str!(concat!("../../contexts/", $file)), sha256: $sha256 },)*]
    };
}

static BUNDLED: &[BundledContext] = contexts![
    "https://www.w3.org/2018/credentials/v1", "credentials-v1.json",
        "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8";
    "https://www.w3.org/ns/credentials/v2", "credentials-v2.json",
        "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f";
    "https://www.w3.org/2018/credentials/examples/v1", "credentials-examples-v1.json",
        "73bebae22e70ebb4466ac2e1f3e3b35c43436217623b51ff3e1b567e1aff4ba2";
    "https://www.w3.org/ns/credentials/examples/v2", "credentials-examples-v2.json",
        "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c";
    "https://www.w3.org/ns/credentials/undefined-terms/v2", "undefined-terms-v2.json",
        "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581";
    "https://w3id.org/security/data-integrity/v1", "data-integrity-v1.json",
        "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554";
    "https://w3id.org/security/data-integrity/v2", "data-integrity-v2.json",
        "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363";
    "https://w3id.org/security/multikey/v1", "multikey-v1.json",
        "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6";
    "https://w3id.org/security/suites/ed25519-2020/v1", "ed25519-2020-v1.json",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588";
    "https://www.w3.org/ns/did/v1", "did-v1.json",
        "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f";
    "https://w3id.org/vc/status-list/2021/v1", "status-list-2021-v1.json",
        "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160";
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "ob-3.0-context.json",
        "ebd3afac1005853fd946efd488c32ea1031d31dedda5467cda7b6d9ccaaa6a70";
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-3.0-context-3.0.1.json",
        "f7f05d4aeefdc734aad147814e765c450b055e67fdbb7ccd1f561fd7034b3334";
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-3.0-context-3.0.2.json",
        "dcd7b4b2eddcb9fd1f24676d79aaaaff74373da9b22b36005ec4367e041f27b4";
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-3.0-context-3.0.3.json",
        "854179307f98b20112f1316c960416e550a8d7926f28d5ce022d1adc2432e341";
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-3.0-extensions.json",
        "c9accbcc3d83a6dbee05fcd321cc74ace9166136c9c7533d553713d5a10b59b0";
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json", "clr-2.0-context.json",
        "e198d7b517d74c5036434ce495086f67b10244709e9a3df9dcb7f8b1579b6167";
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "clr-2.0.1-context.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6";
];

/// Every context the crate carries, for those who want to serve or list them.
pub fn bundled() -> &'static [BundledContext] {
    BUNDLED
}

static PARSED: LazyLock<HashMap<&'static str, Value>> = LazyLock::new(|| {
    BUNDLED
        .iter()
        .map(|bundled| {
            let document: Value =
                serde_json::from_str(bundled.text).expect("bundled contexts are JSON: tested");
            (bundled.url, document)
        })
        .collect()
});

/// The value of `@context` in the context document at this URL.
pub(super) fn find(url: &str) -> Option<&'static Value> {
    PARSED.get(url)?.get("@context")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn bundled_contexts_are_the_pinned_bytes() {
        for bundled in bundled() {
            assert_eq!(crate::key::hex(&Sha256::digest(bundled.text)), bundled.sha256, "{}", bundled.url);
            assert!(find(bundled.url).is_some(), "{}", bundled.url);
        }
    }
}
