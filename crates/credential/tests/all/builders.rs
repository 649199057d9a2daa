//! Whatever the builders give has the right shape, can be signed and verifies, and comes back the same.

use cairn_credential::check::{Outcome, Verdict};
use cairn_credential::open_badge::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::sample::{self, ISSUER, METHOD, facts, time, verify};

/// Texts with whatever people type, and worse.
fn words() -> BoxedStrategy<String> {
    prop_oneof![
        "[A-Za-zäöüß0-9]{1,12}( [a-z&<>\"'\\\\]{1,8}){0,3}",
        Just("@id".to_owned()),
        Just("# Heading\n\n* *one*\t\u{1F600}\u{0}\u{2028}".to_owned()),
        "\\PC{1,20}".prop_filter("says something", |text| !text.trim().is_empty()),
    ]
    .boxed()
}

fn urls() -> BoxedStrategy<String> {
    prop_oneof![
        "https://[a-z]{1,8}\\.example/[a-z0-9/_.~-]{0,12}(\\?a=[0-9]{1,3})?(#[a-z]{1,4})?",
        "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
        "did:web:[a-z]{1,8}\\.example(:[a-z]{1,5})?",
    ]
    .boxed()
}

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    prop_oneof![proptest::sample::select(words).prop_map(str::to_owned), "ext:[A-Za-z][A-Za-z0-9._-]{0,8}",]
        .boxed()
}

fn images() -> BoxedStrategy<Image> {
    (urls(), of(words()))
        .prop_map(|(url, caption)| Image { caption, ..Image::try_new(&url).unwrap() })
        .boxed()
}

fn alignments() -> BoxedStrategy<Alignment> {
    (one_of(TargetType::WORDS), words(), urls(), of(words()), of(words()), of(words()))
        .prop_map(|(kind, name, url, code, description, framework)| {
            let mut alignment = Alignment::try_new(kind.parse().unwrap(), &name, &url).unwrap();
            alignment.target_code = code;
            alignment.target_description = description;
            alignment.target_framework = framework;
            alignment
        })
        .boxed()
}

fn levels() -> BoxedStrategy<RubricCriterionLevel> {
    (urls(), words(), of(words()), of(words()), of("[0-9]{1,3}"))
        .prop_map(|(id, name, description, level, points)| RubricCriterionLevel {
            description,
            level,
            points,
            ..RubricCriterionLevel::try_new(&id, &name).unwrap()
        })
        .boxed()
}

fn result_descriptions() -> BoxedStrategy<ResultDescription> {
    let more = (vec(words(), 0..3), vec(levels(), 0..3), of("[0-9]{1,3}"), vec(alignments(), 0..2));
    (urls(), words(), one_of(ResultType::WORDS), more)
        .prop_map(|(id, name, kind, more)| {
            let mut description = ResultDescription::try_new(&id, &name, kind.parse().unwrap()).unwrap();
            (
                description.allowed_value,
                description.rubric_criterion_level,
                description.value_max,
                description.alignment,
            ) = more;
            description.required_level =
                description.rubric_criterion_level.first().map(|level| level.id.clone());
            description
        })
        .boxed()
}

fn identifiers() -> BoxedStrategy<IdentifierEntry> {
    (one_of(IdentifierType::WORDS), words())
        .prop_map(|(kind, number)| IdentifierEntry::of(kind.parse().unwrap(), &number).unwrap())
        .boxed()
}

fn addresses() -> BoxedStrategy<Address> {
    (of(words()), of("[A-Z]{2}"), of((-90.0..=90.0, -180.0..=180.0)))
        .prop_map(|(street, country, place)| Address {
            street_address: street,
            address_country_code: country,
            geo: place.map(|(latitude, longitude)| GeoCoordinates::try_new(latitude, longitude).unwrap()),
            ..Address::default()
        })
        .boxed()
}

fn profiles() -> BoxedStrategy<Profile> {
    let more =
        (of(urls()), of(words()), of(images()), of(addresses()), vec(identifiers(), 0..2), of(words()));
    (urls(), words(), more, of("[12][0-9]{3}-0[13-9]-[12][0-9]"))
        .prop_map(|(id, name, more, born)| {
            let mut profile = Profile::try_new(&id, &name).unwrap();
            (
                profile.url,
                profile.description,
                profile.image,
                profile.address,
                profile.other_identifier,
                profile.family_name,
            ) = more;
            profile.date_of_birth = born;
            profile
        })
        .boxed()
}

fn achievements() -> BoxedStrategy<Achievement> {
    let core = (urls(), words(), words(), of(words()), of(urls()));
    let lists = (
        vec(alignments(), 0..3),
        vec(result_descriptions(), 0..3),
        vec(identifiers(), 0..2),
        vec(words(), 0..3),
        vec(urls(), 0..2),
    );
    let more = (
        of(one_of(AchievementType::WORDS)),
        of(images()),
        of(profiles()),
        of("(en|de)(-(AT|GB))?"),
        of(prop_oneof![(0u32..500).prop_map(f64::from), 0.0..1000.0]),
    );
    (core, lists, more)
        .prop_map(|((id, name, description, narrative, page), lists, more)| {
            let criteria = Criteria { id: page, narrative };
            let mut achievement = Achievement::try_new(&id, &name, &description, criteria).unwrap();
            (
                achievement.alignment,
                achievement.result_description,
                achievement.other_identifier,
                achievement.tag,
                _,
            ) = lists.clone();
            achievement.related = lists.4.iter().map(|id| Related::try_new(id).unwrap()).collect();
            (
                achievement.achievement_type,
                achievement.image,
                achievement.creator,
                achievement.in_language,
                achievement.credits_available,
            ) = more;
            achievement
        })
        .boxed()
}

fn identities() -> BoxedStrategy<IdentityObject> {
    prop_oneof![
        ("[a-z]{1,8}@[a-z]{1,8}\\.example", "[a-zA-Z0-9]{0,12}")
            .prop_map(|(email, salt)| IdentityObject::hashed_email(&email, &salt)),
        (one_of(IdentifierType::WORDS), words()).prop_map(|(kind, name)| IdentityObject::plain(
            kind.parse().unwrap(),
            &name
        )
        .unwrap()),
    ]
    .boxed()
}

fn evidence() -> BoxedStrategy<Evidence> {
    (of(urls()), of(words()), of(words()), of(words()), of(words()))
        .prop_map(|(id, name, narrative, genre, audience)| Evidence {
            id,
            name,
            narrative,
            genre,
            audience,
            ..Evidence::default()
        })
        .boxed()
}

pub fn credentials() -> BoxedStrategy<OpenBadgeCredential> {
    let subject = (
        achievements(),
        of(urls()),
        vec(identities(), 1..3),
        of(words()),
        of(profiles()),
        of(proptest::sample::select(ResultStatus::WORDS)),
    );
    (subject, urls(), words(), vec(evidence(), 0..3), of(images()))
        .prop_map(|((achievement, id, identifier, role, source, status), own_id, name, evidence, image)| {
            let mut subject = AchievementSubject::new(achievement);
            (subject.id, subject.identifier, subject.role, subject.source) = (id, identifier, role, source);
            let descriptions = &subject.achievement.result_description;
            subject.result = descriptions
                .iter()
                .map(|description| AchievementResult {
                    result_description: Some(description.id.clone()),
                    achieved_level: description.required_level.clone(),
                    value: Some("1".into()),
                    status: status.map(str::to_owned),
                    ..Default::default()
                })
                .collect();
            let issuer = Profile::try_new(ISSUER, &name).unwrap();
            let from = time("2026-01-15T09:00:00Z");
            let mut credential = OpenBadgeCredential::new(&own_id, &name, issuer, from, subject);
            (credential.evidence, credential.image) = (evidence, image);
            credential
        })
        .boxed()
}

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_value(value).unwrap();
    let read: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(&read, value);
    assert_eq!(serde_json::to_value(read).unwrap(), json);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_built_is_valid_signable_and_verifies(credential in credentials()) {
        let document = credential.document().unwrap();
        comes_back(&credential);
        let report = verify(&sample::sign(document, METHOD), &facts());
        prop_assert_eq!(report.verdict, Verdict::Verified, "{:#?}", report);
    }

    #[test]
    fn endorsements_that_are_built_verify(endorsed in urls(), name in words(), comment in words()) {
        let issuer = Profile::try_new(ISSUER, &name).unwrap();
        let id = "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53";
        let from = time("2026-01-15T09:00:00Z");
        let endorsement = EndorsementCredential::new(id, &name, issuer, from, &endorsed, &comment);
        comes_back(&endorsement);
        let report = verify(&sample::sign(endorsement.document().unwrap(), METHOD), &facts());
        prop_assert_eq!(report.verdict, Verdict::Verified, "{:#?}", report);
    }
}

#[test]
fn the_sample_comes_back() {
    comes_back(&sample::credential(ISSUER));
    assert_eq!(sample::credential(ISSUER).document().unwrap(), sample::credential(ISSUER).to_value());
}

#[test]
fn what_would_be_invalid_is_refused() {
    let refused = |change: fn(&mut OpenBadgeCredential)| {
        let mut credential = sample::credential(ISSUER);
        change(&mut credential);
        credential.document().unwrap_err().to_string()
    };
    for (message, want) in [
        (refused(|c| c.id = "1".into()), "id: \"1\" is not a whole URL"),
        (refused(|c| c.name = " ".into()), "name: says nothing"),
        (refused(|c| c.issuer.id = "me".into()), "profile.id"),
        (refused(|c| c.issuer.url = Some("college".into())), "profile.url"),
        (refused(|c| c.issuer.email = Some("college".into())), "profile.email"),
        (refused(|c| c.issuer.date_of_birth = Some("1.1.2001".into())), "profile.dateOfBirth"),
        (refused(|c| c.issuer.address.as_mut().unwrap().address_country_code = Some("Nl".into())), "Country"),
        (refused(|c| c.image = Some(Image::new("a.png"))), "image.id"),
        (refused(|c| c.evidence[0].id = Some("x".into())), "evidence.id"),
        (refused(|c| c.credential_subject.identifier.clear()), "names nobody"),
        (refused(|c| c.credential_subject.identifier[0].identity_hash = "sha256$1".into()), "identityHash"),
        (refused(|c| c.credential_subject.identifier[0].identity_type = "email".into()), "identifierType"),
        (refused(|c| c.credential_subject.result[0].status = Some("Done".into())), "result.status"),
        (
            refused(|c| c.credential_subject.result[0].result_description = Some("urn:x:y".into())),
            "does not have",
        ),
        (refused(|c| c.credential_subject.credits_earned = Some(f64::NAN)), "creditsEarned"),
        (
            refused(|c| c.credential_subject.activity_start_date = Some(time("2040-01-01T00:00:00Z"))),
            "before",
        ),
        (
            refused(|c| c.credential_subject.achievement.achievement_type = Some("Medal".into())),
            "achievementType",
        ),
        (refused(|c| c.credential_subject.achievement.in_language = Some("English".into())), "language tag"),
        (refused(|c| c.credential_subject.achievement.alignment[0].target_url = "4".into()), "targetUrl"),
        (
            refused(|c| c.credential_subject.achievement.alignment[0].target_type = Some("x".into())),
            "targetType",
        ),
        (refused(|c| c.credential_subject.achievement.related[0].id = "x".into()), "related.id"),
        (
            refused(|c| c.credential_subject.achievement.result_description[0].result_type = "x".into()),
            "resultType",
        ),
        (refused(|c| c.valid_until = Some(time("2001-01-01T00:00:00Z"))), "validUntil is before validFrom"),
        (refused(|c| drop(c.extra.insert("undefined".into(), json!(1)))), "no context defines"),
        (refused(|c| c.types = vec!["OpenBadgeCredential".into()]), "VerifiableCredential"),
        (refused(|c| c.context.clear()), "@context"),
    ] {
        assert!(message.contains(want), "{message}: {want}");
    }
    assert!(GeoCoordinates::try_new(91.0, 0.0).is_err());
    assert!(GeoCoordinates::try_new(0.0, f64::INFINITY).is_err());
    assert!(Profile::try_new("me", "Me").is_err());
    assert!(IdentifierEntry::of(IdentifierType::Isbn, "").is_err());
}

#[test]
fn words_that_are_not_the_specifications_are_found_by_the_check() {
    let code = |change: fn(&mut Value)| {
        let mut document = sample::credential(ISSUER).to_value();
        change(&mut document);
        let report = verify(&document, &facts());
        let schema = report.checks.iter().find(|check| check.check == "schema").unwrap();
        (schema.outcome, schema.code.clone())
    };
    let invalid = (Outcome::Failed, "schema_invalid".to_owned());
    assert_eq!(code(|_| {}).0, Outcome::Passed);
    assert_eq!(code(|d| d["credentialSubject"]["result"][0]["status"] = json!("Done")), invalid);
    assert_eq!(code(|d| d["credentialSubject"]["identifier"][0]["identityType"] = json!("email")), invalid);
    assert_eq!(code(|d| d["credentialSubject"]["achievement"]["achievementType"] = json!("Medal")), invalid);
}

#[test]
fn learners_are_known_by_their_address() {
    let hashed = IdentityObject::hashed_email("Amy@example.org", "salt");
    let plain = IdentityObject::plain(IdentifierType::EmailAddress, "amy@example.org").unwrap();
    let other = IdentityObject::plain(IdentifierType::UserName, "amy@example.org").unwrap();
    for (identity, want) in [(&hashed, true), (&plain, true), (&other, false)] {
        assert_eq!(identity.is_email("amy@Example.org "), want);
        assert!(!identity.is_email("eve@example.org"));
    }
}
