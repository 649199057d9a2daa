//! The names that verifiers read, and the IRIs that each of them must mean where it is read.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a node is for whoever reads the document, by the members that lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A credential or presentation.
    Document,
    Proof,
    /// An issuer or holder.
    Party,
    Subject,
    Status,
    StatusMessage,
    Schema,
    /// A refresh service, related resource or terms of use.
    Service,
    Evidence,
    Image,
    Achievement,
    Criteria,
    Alignment,
    ResultDescription,
    Level,
    Result,
    Identity,
    Association,
}

impl Role {
    /// The role as one of a set.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What is read under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One text, number or truth value.
    Value,
    /// One or several of them.
    Values,
    /// Likewise, each perhaps in a language.
    Words,
    /// One or several nodes, or references to nodes.
    Nodes(Role),
    /// Documents that carry proofs of their own: each is read when its own proof is checked.
    Documents,
    /// Nodes of another vocabulary, which must have nothing that would be read in this role.
    Others(Role),
}

/// A name that is read.
#[derive(Debug)]
pub(super) struct Name {
    pub name: &'static str,
    /// In which roles, as a set.
    pub roles: u32,
    pub kind: Kind,
    pub iris: &'static [&'static str],
}

/// A type, or another word, that is read.
#[derive(Debug)]
pub(super) struct Word {
    pub name: &'static str,
    pub roles: u32,
    pub iri: &'static str,
}

macro_rules! names {
    ($($name:literal in $($role:ident)|+ : $kind:expr => $($iri:literal)|+;)*) => {
        &[$(Name {
            name: $name,
            roles: $(Role::$role.bit())|+,
            kind: $kind,
            iris: &[$($iri),+],
        }),*]
    };
}

macro_rules! words {
    ($($name:literal in $($role:ident)|+ => $iri:literal;)*) => {
        &[$(Word { name: $name, roles: $(Role::$role.bit())|+, iri: $iri }),*]
    };
}

use Kind::{Documents, Nodes, Value, Values, Words};

/// Every name that is read. A test finds each IRI in the bundled contexts, and those that are missing here.
pub(super) static NAMES: &[Name] = names![
    "issuer" in Document: Nodes(Role::Party) => "https://www.w3.org/2018/credentials#issuer";
    "holder" in Document: Nodes(Role::Party) => "https://www.w3.org/2018/credentials#holder";
    "validFrom" in Document: Value => "https://www.w3.org/2018/credentials#validFrom";
    "validUntil" in Document: Value => "https://www.w3.org/2018/credentials#validUntil";
    "issuanceDate" in Document: Value => "https://www.w3.org/2018/credentials#issuanceDate";
    "expirationDate" in Document: Value => "https://www.w3.org/2018/credentials#expirationDate";
    "credentialSubject" in Document: Nodes(Role::Subject) =>
        "https://www.w3.org/2018/credentials#credentialSubject";
    "credentialStatus" in Document: Nodes(Role::Status) =>
        "https://www.w3.org/2018/credentials#credentialStatus";
    "credentialSchema" in Document: Nodes(Role::Schema) =>
        "https://www.w3.org/2018/credentials#credentialSchema";
    "evidence" in Document: Nodes(Role::Evidence) => "https://www.w3.org/2018/credentials#evidence";
    "refreshService" in Document: Nodes(Role::Service) => "https://www.w3.org/2018/credentials#refreshService";
    "termsOfUse" in Document: Nodes(Role::Service) => "https://www.w3.org/2018/credentials#termsOfUse";
    "relatedResource" in Document: Nodes(Role::Service) =>
        "https://www.w3.org/2018/credentials#relatedResource";
    "verifiableCredential" in Document | Subject: Nodes(Role::Document) =>
        "https://www.w3.org/2018/credentials#verifiableCredential"
        | "https://purl.imsglobal.org/spec/vc/clr/vocab.html#verifiableCredential";
    "awardedDate" in Document: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate";
    "partial" in Document: Value => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#partial";
    "endorsement" in Document | Party | Achievement: Documents =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement";
    "image" in Document | Achievement: Nodes(Role::Image) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image"
        | "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image";
    "name" in Document | Party | Evidence | Achievement | ResultDescription | Level: Words =>
        "https://schema.org/name" | "http://schema.org/name";
    "description" in Document | Evidence | Achievement | Level: Words =>
        "https://schema.org/description" | "http://schema.org/description";
    "narrative" in Subject | Evidence | Criteria: Words =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative";

    "achievement" in Subject: Nodes(Role::Achievement) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement"
        | "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement-0"
        | "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement"
        | "https://purl.imsglobal.org/spec/vc/clr/vocab.html#achievement";
    "identifier" in Subject: Nodes(Role::Identity) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier"
        | "https://purl.imsglobal.org/spec/vc/clr/vocab.html#identifier-1";
    "result" in Subject: Nodes(Role::Result) => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#result";
    "association" in Subject: Nodes(Role::Association) =>
        "https://purl.imsglobal.org/spec/vc/clr/vocab.html#association";
    "endorsementComment" in Subject: Value =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment";
    "encodedList" in Subject: Value =>
        "https://www.w3.org/ns/credentials/status#encodedList" | "https://w3id.org/vc/status-list#encodedList";
    "creditsEarned" in Subject: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned";
    "licenseNumber" in Subject: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber";
    "activityStartDate" in Subject: Value =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityStartDate";
    "activityEndDate" in Subject: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityEndDate";

    "statusPurpose" in Subject | Status: Values =>
        "https://www.w3.org/ns/credentials/status#statusPurpose" | "https://w3id.org/vc/status-list#statusPurpose";
    "statusListCredential" in Status: Value =>
        "https://www.w3.org/ns/credentials/status#statusListCredential"
        | "https://w3id.org/vc/status-list#statusListCredential";
    "statusListIndex" in Status: Value =>
        "https://www.w3.org/ns/credentials/status#statusListIndex"
        | "https://w3id.org/vc/status-list#statusListIndex";
    "statusSize" in Status: Value => "https://www.w3.org/ns/credentials/status#statusSize";
    "statusReference" in Status: Values => "https://www.w3.org/ns/credentials/status#statusReference";
    "statusMessage" in Status: Nodes(Role::StatusMessage) =>
        "https://www.w3.org/ns/credentials/status#statusMessage";
    "message" in StatusMessage: Value => "https://www.w3.org/ns/credentials/status#message";
    "status" in StatusMessage | Result: Value =>
        "https://www.w3.org/ns/credentials/status#status"
        | "https://purl.imsglobal.org/spec/vc/ob/vocab.html#status";

    "digestSRI" in Schema | Service: Value => "https://www.w3.org/2018/credentials#digestSRI";
    "digestMultibase" in Schema | Service: Value => "https://w3id.org/security#digestMultibase";

    "criteria" in Achievement: Nodes(Role::Criteria) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria";
    "achievementType" in Achievement: Value =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievementType";
    "alignment" in Achievement | Result: Nodes(Role::Alignment) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment";
    "resultDescription" in Achievement: Nodes(Role::ResultDescription) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription";
    "targetName" in Alignment: Words => "https://schema.org/targetName";
    "targetUrl" in Alignment: Value => "https://schema.org/targetUrl";
    "targetType" in Alignment: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetType";
    "targetCode" in Alignment: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetCode";
    "targetFramework" in Alignment: Words => "https://schema.org/targetFramework";
    "targetDescription" in Alignment: Words => "https://schema.org/targetDescription";
    "resultType" in ResultDescription: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultType";
    "valueMin" in ResultDescription: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMin";
    "valueMax" in ResultDescription: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMax";
    "requiredValue" in ResultDescription: Value =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredValue";
    "requiredLevel" in ResultDescription: Value =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredLevel";
    "rubricCriterionLevel" in ResultDescription: Nodes(Role::Level) =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#rubricCriterionLevel";
    "value" in Result: Value => "https://schema.org/value";
    "achievedLevel" in Result: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievedLevel";

    "hashed" in Identity: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed";
    "identityHash" in Identity: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash";
    "identityType" in Identity: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType";
    "salt" in Identity: Value => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt";

    "associationType" in Association: Value =>
        "https://purl.imsglobal.org/spec/vc/clr/vocab.html#AssociationType";
    "sourceId" in Association: Value => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#sourceId";
    "targetId" in Association: Value => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#targetId";

    "cryptosuite" in Proof: Value => "https://w3id.org/security#cryptosuite";
    "created" in Proof: Value => "http://purl.org/dc/terms/created";
    "expires" in Proof: Value => "https://w3id.org/security#expiration";
    "proofPurpose" in Proof: Value => "https://w3id.org/security#proofPurpose";
    "verificationMethod" in Proof: Value => "https://w3id.org/security#verificationMethod";
    "domain" in Proof: Values => "https://w3id.org/security#domain";
    "challenge" in Proof: Value => "https://w3id.org/security#challenge";
    "nonce" in Proof: Value => "https://w3id.org/security#nonce";
    "previousProof" in Proof: Values => "https://w3id.org/security#previousProof";
];

/// Every type that is read, and what proofs are for.
pub(super) static WORDS: &[Word] = words![
    "VerifiableCredential" in Document => "https://www.w3.org/2018/credentials#VerifiableCredential";
    "VerifiablePresentation" in Document => "https://www.w3.org/2018/credentials#VerifiablePresentation";
    "EnvelopedVerifiableCredential" in Document =>
        "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential";
    "EnvelopedVerifiablePresentation" in Document =>
        "https://www.w3.org/2018/credentials#EnvelopedVerifiablePresentation";
    // Two names for one type, both read.
    "AchievementCredential" in Document => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential";
    "AchievementCredential" in Document =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementCredential";
    "OpenBadgeCredential" in Document => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential";
    "EndorsementCredential" in Document =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential";
    "ClrCredential" in Document => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrCredential";
    "BitstringStatusListCredential" in Document =>
        "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential";
    "StatusList2021Credential" in Document => "https://w3id.org/vc/status-list#StatusList2021Credential";
    "JsonSchemaCredential" in Document | Schema => "https://www.w3.org/2018/credentials#JsonSchemaCredential";
    "JsonSchema" in Schema => "https://www.w3.org/2018/credentials#JsonSchema";
    "1EdTechJsonSchemaValidator2019" in Schema =>
        "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019";
    "BitstringStatusListEntry" in Status =>
        "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry";
    "StatusList2021Entry" in Status => "https://w3id.org/vc/status-list#StatusList2021Entry";
    "1EdTechRevocationList" in Status =>
        "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList";
    "Profile" in Party => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile";
    "AchievementSubject" in Subject => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject";
    "EndorsementSubject" in Subject => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementSubject";
    "ClrSubject" in Subject => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrSubject";
    "Achievement" in Achievement => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement";
    "Evidence" in Evidence => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence";
    "Result" in Result => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Result";
    "IdentityObject" in Identity => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject";
    "Alignment" in Alignment => "https://schema.org/Alignment";
    "Alignment" in Alignment => "https://schema.org/AlignmentObject";
    "ResultDescription" in ResultDescription =>
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#ResultDescription";
    "RubricCriterionLevel" in Level => "https://purl.imsglobal.org/spec/vc/ob/vocab.html#RubricCriterionLevel";
    "Association" in Association => "https://purl.imsglobal.org/spec/vc/clr/vocab.html#Association";
    "DataIntegrityProof" in Proof => "https://w3id.org/security#DataIntegrityProof";
    "Ed25519Signature2020" in Proof => "https://w3id.org/security#Ed25519Signature2020";
    "assertionMethod" in Proof => "https://w3id.org/security#assertionMethod";
    "authentication" in Proof => "https://w3id.org/security#authenticationMethod";
    "capabilityInvocation" in Proof => "https://w3id.org/security#capabilityInvocationMethod";
    "capabilityDelegation" in Proof => "https://w3id.org/security#capabilityDelegationMethod";
    "keyAgreement" in Proof => "https://w3id.org/security#keyAgreementMethod";
];

/// An `identifier` that is not Open Badges': other vocabularies have one too, and what is read in that of Open
/// Badges is not in it.
pub(super) static OTHER_IDENTIFIER: Name =
    Name { name: "identifier", roles: Role::Subject.bit(), kind: Kind::Others(Role::Identity), iris: &[] };

/// Where a document is read first.
pub(super) static DOCUMENT: Name =
    Name { name: "the document", roles: 0, kind: Nodes(Role::Document), iris: &[] };
pub(super) static PROOF: Name = Name { name: "the proof", roles: 0, kind: Nodes(Role::Proof), iris: &[] };

type ByText<T> = HashMap<&'static str, T, foldhash::fast::RandomState>;

static BY_NAME: LazyLock<ByText<&'static Name>> =
    LazyLock::new(|| NAMES.iter().map(|name| (name.name, name)).collect());
static BY_IRI: LazyLock<ByText<&'static Name>> =
    LazyLock::new(|| NAMES.iter().flat_map(|name| name.iris.iter().map(move |iri| (*iri, name))).collect());
static WORDS_BY_NAME: LazyLock<ByText<Vec<&'static Word>>> = LazyLock::new(|| group(|word| word.name));
static WORDS_BY_IRI: LazyLock<ByText<Vec<&'static Word>>> = LazyLock::new(|| group(|word| word.iri));

fn group(key: fn(&Word) -> &'static str) -> ByText<Vec<&'static Word>> {
    let mut groups: ByText<Vec<&'static Word>> = HashMap::default();
    for word in WORDS {
        groups.entry(key(word)).or_default().push(word);
    }
    groups
}

pub(super) fn by_name(name: &str) -> Option<&'static Name> {
    BY_NAME.get(name).copied()
}

pub(super) fn by_iri(iri: &str) -> Option<&'static Name> {
    BY_IRI.get(iri).copied()
}

/// In which roles a type of this IRI is read.
pub(super) fn word_roles(iri: &str) -> u32 {
    WORDS_BY_IRI.get(iri).map_or(0, |words| words.iter().fold(0, |all, word| all | word.roles))
}

/// True for the name of a type, or of what a proof is for, that is read.
pub(crate) fn is_word(name: &str) -> bool {
    WORDS_BY_NAME.contains_key(name)
}

/// True unless the word is read and means something else, or is not the name of what is read.
pub(super) fn is_word_plain(name: &str, iri: &str) -> bool {
    match (WORDS_BY_NAME.get(name), WORDS_BY_IRI.get(iri)) {
        (None, None) => true,
        (Some(words), _) => words.iter().any(|word| word.iri == iri),
        (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{HashMap, NAMES, by_iri, by_name};

    /// What every term of the bundled contexts means, as their texts say.
    fn bundled(found: &mut impl FnMut(&str, &str)) {
        for bundled in crate::rdf::bundled() {
            let document: Value = serde_json::from_str(bundled.text).unwrap();
            let mut prefixes = HashMap::new();
            walk(&document["@context"], &mut |term, iri| {
                if iri.contains("://") && iri.ends_with(['#', '/']) {
                    prefixes.insert(term.to_owned(), iri.to_owned());
                }
            });
            walk(&document["@context"], &mut |term, iri| match iri.split_once(':') {
                Some((prefix, rest)) if prefixes.contains_key(prefix) => {
                    found(term, &format!("{}{rest}", prefixes[prefix]));
                }
                _ => found(term, iri),
            });
        }
    }

    fn walk(context: &Value, found: &mut dyn FnMut(&str, &str)) {
        let members = context.as_object().into_iter().flatten().filter(|(term, _)| !term.starts_with('@'));
        for (term, definition) in members {
            if let Some(iri) = definition.as_str().or(definition["@id"].as_str()) {
                found(term, iri);
            }
            walk(&definition["@context"], found);
        }
        context.as_array().into_iter().flatten().for_each(|one| walk(one, found));
    }

    #[test]
    fn the_bundled_contexts_mean_by_the_names_what_is_pinned() {
        let (mut wrong, mut met) = (Vec::new(), std::collections::HashSet::new());
        bundled(&mut |term, iri| {
            met.insert((term.to_owned(), iri.to_owned()));
            let named = by_name(term).is_none_or(|name| name.iris.contains(&iri));
            let meant =
                by_iri(iri).is_none_or(|name| name.name == term || term.starts_with(char::is_uppercase));
            if !named || !meant {
                wrong.push(format!("{term}: {iri}"));
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
        for name in NAMES {
            for iri in name.iris {
                assert!(met.contains(&(name.name.to_owned(), (*iri).to_owned())), "{}: {iri}", name.name);
            }
        }
    }

    #[test]
    fn no_iri_has_two_names() {
        for name in NAMES {
            for iri in name.iris {
                let same = by_iri(iri).is_some_and(|other| other.name == name.name);
                assert!(same, "{iri} is {}, and something else", name.name);
            }
            assert!(by_name(name.name).is_some_and(|other| std::ptr::eq(other, name)), "{} twice", name.name);
        }
    }
}
