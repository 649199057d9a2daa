//! RSA keys that sign, against what OpenSSL makes of the same key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_credential::check::{self, Verdict};
use cairn_credential::did;
use cairn_credential::jose::{self, Jws, Profile};
use cairn_credential::key::{KeyError, KeyKind, KeyPair, PublicKey};
use serde_json::{Value, json};

use crate::sample::{self, DOCUMENT, ISSUER, facts, fetched};

/// Made with `openssl genpkey` for these tests alone.
const PEM: &str = "\
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCVjkAqhmBwc1uo
t5CdHTSs7BEHFoFB1Wit4gfEgbMBN0y5AjrTaDp2kh6nzJ7yVeY7o2Qf8Dq/w1/q
+iBU3w3RDlYjPD7+bLPZlYcvP3++7SCpsAIIoZziD9bylXt86GukwYo7DqnP+Zfy
dCh/HmN8syE+lwnLgebl+buGvwr7Px6oA6FfMRBCASw5oeeT+OOlMv3RvwTYSHuG
TxIwBaQoY+OpHzvhx3EyI8Jht8a5pG1S4Wfbm7SXVXUK/0p0BKXvbdTR0exYCU0m
GHcY2ej64yNgRr6QT/eYIaugAQUtPfPyeekNJ8JKK4qEVgi3F1t92rZwT5rT3gpc
9DVEw6ivAgMBAAECggEABiCO1m8s8k53meDzZsx0hQUi6XRtlUHmCQGyqcVajRkz
5nyF5nVlt8fiw6Mpe+ozBYx7JKfV8FdTza+ztWZyDXeV5dmpBwlzEN4EbNYgKLVU
Wj9gxfPBFq3pc4TWS1bGWjinriW6pU+nfwJtSk/3aXt5SDQt7Y2D5TYnDa00CPkL
+1MOzQ5gxSHWCLbDhWzW6gZ1FtS9jsxdu1HlKWQ5Bdmq2hVVAlG+28f+TyB+Q8D5
6RYR1oy1reQVPZN7cJ9tH3dh6y7Op5pduoTnrELuzl19W8Qq7trYlAE4XyIcnkPy
HDJQDBuxU5c9KMl1n5ZtiO9leOU1B1lka5KP9UMDsQKBgQDQB5ohwo3zFruyZDI9
+VDCGdrHBDfgzoHphWK++uQK5WGhxy0wPU9JSiq0HNARyDvDbps5vTqk79tVIiwW
i8vDwFc+oWu7oT1sQdozk7/zfRimj950TxVGjnPSFX9d1JlbUsE0X1GQbojx5n+a
OTYODypV7Pc6h2BpxZ+QynXqFwKBgQC4CtATxDAlIRtpw29zDI8eUMSDt+ajjsnb
Wny53cJPXOBwPmmA2qX/6BUUEt46+UyqE5EgzoYIcjO/dA3u9olg6DL2buA/KtQk
T6LVefvS2lefr48HUiBVzq4ZlC99jKW0Wwh8YrrigRlrU1CHX0UFaaRri5NOapRX
XrKaAbINKQKBgGeY8ZQQbFp7nruHFFIyn5oaAA6ONjmY/a9KgtNy5C/c7ZMAOqvE
TIDGE6AgnSnN2p1HrrvBVbwfys2JuAT+V1pDpe8Fuj31XT5VSRHYaYYbbTQ9f13S
qFi7xkf/9q7GmhyViKvJMDhKI5672B34kcfMm5uw56nZExV5mi4j9Ta/AoGASCJ8
0fKIiFUEoJyoVyiqA9DWZWY0MRErTx2VW2hu25pkobnkskuA2t/FOzv1/JlwEg1f
ScOIx1CztauwNmRNDj2UlAB7RmbsBVttUEzihg9sXrt5zP3EjL1YgdASGRyCakFv
/wjXhSXip61dF+IgdHGmrzxivU6K2//S8wgNGJkCgYEAq6p2o1K4Eosl6IXbJDsC
N4NScXFrVJAs0G3HU6LoGjhQhzPOfkf10/iEgwwwDztoFs93kjtvEUtzGIGhT3mQ
qT/rKGerenBY20AljNFZVPLQYA2axBquY8Kpic/k5hHlfTRR8ONhu1AoEkRVGlxb
mP+KEKVvzDqnyYv8I0XRLlY=
-----END PRIVATE KEY-----
";

/// The same key, written out by Python's cryptography.
fn jwk() -> Value {
    json!({
        "kty": "RSA",
        "n": "lY5AKoZgcHNbqLeQnR00rOwRBxaBQdVoreIHxIGzATdMuQI602g6dpIep8ye8lXmO6NkH_A6v8Nf6vogVN8N0Q5WIzw-_myz\
         2ZWHLz9_vu0gqbACCKGc4g_W8pV7fOhrpMGKOw6pz_mX8nQofx5jfLMhPpcJy4Hm5fm7hr8K-\
         z8eqAOhXzEQQgEsOaHnk_jjpTL90b8E2Eh7hk8SMAWkKGPjqR874cdxMiPCYbfGuaRtUuFn25u0l1V1Cv9KdASl723U0dHsW\
         AlNJhh3GNno-uMjYEa-kE_3mCGroAEFLT3z8nnpDSfCSiuKhFYItxdbfdq2cE-a094KXPQ1RMOorw",
        "e": "AQAB",
        "d": "BiCO1m8s8k53meDzZsx0hQUi6XRtlUHmCQGyqcVajRkz5nyF5nVlt8fiw6Mpe-ozBYx7JKfV8FdTza-\
         ztWZyDXeV5dmpBwlzEN4EbNYgKLVUWj9gxfPBFq3pc4TWS1bGWjinriW6pU-nfwJtSk_3aXt5SDQt7Y2D5TYnDa00CPkL-\
         1MOzQ5gxSHWCLbDhWzW6gZ1FtS9jsxdu1HlKWQ5Bdmq2hVVAlG-28f-TyB-\
         Q8D56RYR1oy1reQVPZN7cJ9tH3dh6y7Op5pduoTnrELuzl19W8Qq7trYlAE4XyIcnkPyHDJQDBuxU5c9KMl1n5ZtiO9leOU1\
         B1lka5KP9UMDsQ",
        "p": "0AeaIcKN8xa7smQyPflQwhnaxwQ34M6B6YVivvrkCuVhocctMD1PSUoqtBzQEcg7w26bOb06pO_bVSIsFovLw8BXPqFru6E9\
         bEHaM5O_830Ypo_edE8VRo5z0hV_XdSZW1LBNF9RkG6I8eZ_mjk2Dg8qVez3OodgacWfkMp16hc",
        "q": "uArQE8QwJSEbacNvcwyPHlDEg7fmo47J21p8ud3CT1zgcD5pgNql_-gVFBLeOvlMqhORIM6GCHIzv3QN7vaJYOgy9m7gPyrU\
         JE-i1Xn70tpXn6-PB1IgVc6uGZQvfYyltFsIfGK64oEZa1NQh19FBWmka4uTTmqUV16ymgGyDSk",
        "dp": "Z5jxlBBsWnueu4cUUjKfmhoADo42OZj9r0qC03LkL9ztkwA6q8RMgMYToCCdKc3anUeuu8FVvB_KzYm4BP5XWkOl7wW6PfVd\
         PlVJEdhphhttND1_XdKoWLvGR__2rsaaHJWIq8kwOEojnrvYHfiRx8ybm7DnqdkTFXmaLiP1Nr8",
        "dq": "SCJ80fKIiFUEoJyoVyiqA9DWZWY0MRErTx2VW2hu25pkobnkskuA2t_FOzv1_JlwEg1fScOIx1CztauwNmRNDj2UlAB7Rmbs\
         BVttUEzihg9sXrt5zP3EjL1YgdASGRyCakFv_wjXhSXip61dF-IgdHGmrzxivU6K2__S8wgNGJk",
        "qi": "q6p2o1K4Eosl6IXbJDsCN4NScXFrVJAs0G3HU6LoGjhQhzPOfkf10_iEgwwwDztoFs93kjtvEUtzGIGhT3mQqT_rKGerenBY\
         20AljNFZVPLQYA2axBquY8Kpic_k5hHlfTRR8ONhu1AoEkRVGlxbmP-KEKVvzDqnyYv8I0XRLlY",
    })
}

/// `printf message | openssl dgst -sha256 -sign`.
const SIGNATURE: &str = "DKj3v7-19Y6sZpRA0UhTxgRGjHODkGzSxd5R0siXRA4_6rWv_yrs9EU2JRmrU-\
         iWTxnT59nxYJnhInwavdaRHJdra_z09r_Vgg6dfx6cJdPMnMjV4nKddxXwAc--\
         ktubY4VfqEPJfHOif4oL6I7fVIDMwUZhp4nktobuvWR8e1U4WhqzxLP0RKZCh-pO8rvZuEdglMiIP3-\
         cDYBy2QSyrNb7xdb4jI1NaKaUArXJjrdXxOTO_3wSlc8Yx5k2Bo_q22sszrzvwy5duDm6ViYkDqPn4GwrrTxwf-\
         i9BuKETxWxsScR6Fy5cvoSFs5LszZPZx71Kjdxtrhdp9KSaP6OBw";

#[test]
fn signatures_are_those_of_openssl() {
    for key in [KeyPair::from_pkcs8_pem(PEM).unwrap(), KeyPair::from_jwk(&jwk()).unwrap()] {
        assert_eq!(key.kind(), KeyKind::Rsa);
        assert_eq!(URL_SAFE_NO_PAD.encode(key.sign(b"message")), SIGNATURE);
        assert!(key.public().verify(b"message", &key.sign(b"message")));
        assert!(!key.public().verify(b"massage", &key.sign(b"message")));
        assert_eq!(PublicKey::from_jwk(&key.public().jwk()), Ok(key.public()));
        assert_eq!(key.public().thumbprint(), "NcWMGN7-Hcpvt3kk-Gfx1IRbN_Sk8RGOKGBsTDkn2R0");
    }
}

#[test]
fn other_texts_are_not_keys() {
    let truncated: String = PEM.lines().filter(|line| !line.starts_with("MIIE")).collect();
    for wrong in ["", "-----BEGIN PRIVATE KEY-----", &truncated, &PEM.replace(" PRIVATE", " RSA PRIVATE")] {
        assert!(KeyPair::from_pkcs8_pem(wrong).is_err(), "{wrong}");
    }
    assert!(KeyPair::from_pkcs8_der(&[0x30, 0]).is_err());
}

#[test]
fn jwks_whose_members_do_not_belong_together_are_refused() {
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        let mut changed = jwk();
        let text = changed[name].as_str().unwrap();
        let middle = text.len() / 2;
        let other = if &text[middle..=middle] == "A" { "B" } else { "A" };
        changed[name] = format!("{}{other}{}", &text[..middle], &text[middle + 1..]).into();
        // "d" is not needed beside the other numbers, and its value not looked at
        assert!(name == "d" || KeyPair::from_jwk(&changed).is_err(), "{name}");
        changed.as_object_mut().unwrap().remove(name);
        assert_eq!(KeyPair::from_jwk(&changed).unwrap_err(), KeyError::Jwk(name));
    }
    let ec = KeyPair::from_seed(KeyKind::P256, &[7; 32]).unwrap();
    let mut jwk = ec.public().jwk();
    assert_eq!(KeyPair::from_jwk(&jwk).unwrap_err(), KeyError::Jwk("d"));
    jwk["d"] = URL_SAFE_NO_PAD.encode([7; 32]).into();
    assert_eq!(KeyPair::from_jwk(&jwk).unwrap().public(), ec.public());
    jwk["d"] = URL_SAFE_NO_PAD.encode([8; 32]).into();
    assert_eq!(KeyPair::from_jwk(&jwk).unwrap_err(), KeyError::Jwk("x"));
    jwk["d"] = URL_SAFE_NO_PAD.encode([0; 32]).into();
    assert_eq!(KeyPair::from_jwk(&jwk).unwrap_err(), KeyError::Jwk("d"));
    assert_eq!(KeyPair::from_jwk(&json!({"kty": "oct", "k": "AA"})).unwrap_err(), KeyError::UnsupportedKind);
}

#[test]
fn a_badge_signed_with_rs256_verifies() {
    let key = KeyPair::from_pkcs8_pem(PEM).unwrap();
    let mut credential = sample::credential(ISSUER);
    credential.credential_subject.id = Some("did:example:learner".into());
    let method = format!("{ISSUER}#key-2");
    let compact = jose::issue(&credential.to_value(), &key, &method, Profile::OpenBadges).unwrap();
    assert_eq!(Jws::parse(&compact).unwrap().algorithm(), "RS256");
    let mut facts = facts();
    let keys = [("key-1", &sample::key().public(), true), ("key-2", &key.public(), true)];
    facts.documents.insert(DOCUMENT.into(), fetched(&did::web_document(ISSUER, &keys)));
    let report = check::check(compact.as_bytes(), &facts).report;
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
}
