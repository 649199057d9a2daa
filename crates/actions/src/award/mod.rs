//! Awarding directly: somebody says who has earned what, and the badges are issued in one transaction.

use crate::app::App;
use crate::credential::{self, Again, Issuance, NewAward, Origin};
use crate::error::{Error, FieldError, Result};
use crate::person::{self, Actor};
use crate::published::{self, PublishedVersion};
use cairn_domain::display_name::{self, NameKind};
use cairn_domain::permission::Intent;
use cairn_platform::db::Conn;
use cairn_value::email::Email;
use cairn_value::id::OrganizationId;
use cairn_value::refusal::Refusal;
use cairn_value::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// Most people in one call.
const MOST: usize = 1000;
/// Most wrong members that are told at once.
const MOST_TOLD: usize = 100;

/// Who gets a badge.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Name as it will stand on the badge.
    pub name: String,
    /// Address; an account with this verified address gets the badge at once,
    /// everybody else can claim it.
    pub email: String,
    /// Day on which it was earned; today when it is not given.
    pub awarded_on: Option<Date>,
    /// Whether a badge that was revoked stands in the way.
    pub again: Again,
}

/// Awards an organisation's micro-credential to people, matched to accounts by
/// verified address; in one transaction all or none.
pub async fn award_all(
    app: &App,
    actor: &Actor,
    slug: &str,
    key: &str,
    recipients: &[Receiver],
) -> Result<Vec<Issuance>> {
    let member = actor.member(slug).ok().filter(|m| m.may(Intent::Award)).ok_or(Error::NotFound)?;
    let addresses = check(recipients, app.clock.now())?;
    match write(app, actor, member.organization, key, recipients, &addresses).await {
        // somebody else was awarding the same at this moment; now it is there to be found
        Err(error) if error.is_duplicate() => {
            write(app, actor, member.organization, key, recipients, &addresses).await
        }
        other => other,
    }
}

async fn write(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    key: &str,
    recipients: &[Receiver],
    addresses: &[Email],
) -> Result<Vec<Issuance>> {
    let mut tx = app.db.begin().await?;
    let published = match published::find_published(&mut tx, key).await {
        Ok(found) if found.organization == organization => found,
        Ok(_) | Err(Error::NotFound) => {
            return Err(Error::invalid("achievement", "award-no-achievement"));
        }
        Err(other) => return Err(other),
    };
    refuse_own(&mut tx, actor, addresses).await?;
    let now = app.clock.now();
    let awards = recipients.iter().zip(addresses).map(|(r, address)| NewAward {
        reason: reason(&published, address),
        person: None,
        name: r.name.trim().to_owned(),
        address: address.as_str().to_owned(),
        enrollment: None,
        at: r.awarded_on.and_then(midnight).unwrap_or(now),
        outcomes: vec![],
        evidence: vec![],
        again: r.again,
    });
    let issued = credential::issue(&mut tx, app, &published, &actor.log_name(), awards.collect()).await?;
    refuse_revoked(&issued)?;
    credential::reach::count(&mut tx, app, organization, &issued).await?;
    credential::tell(&mut tx, app, &published, &issued).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(issued)
}

/// Nobody says of herself what she has earned: another one who may award has to.
async fn refuse_own(conn: &mut Conn, actor: &Actor, addresses: &[Email]) -> Result<()> {
    let own = person::addresses(conn, actor.person).await?;
    let is_own = |address: &Email| own.iter().any(|own| own.key == address.key());
    let told = addresses.iter().enumerate().filter(|(_, address)| is_own(address));
    let told = told.map(|(n, _)| FieldError::new(&format!("recipients[{n}].email"), "award-own"));
    let told: Vec<FieldError> = told.take(MOST_TOLD).collect();
    if told.is_empty() { Ok(()) } else { Err(Error::Invalid(told)) }
}

/// A revocation stands until somebody says otherwise on purpose: nothing is awarded then.
fn refuse_revoked(issued: &[Issuance]) -> Result<()> {
    let revoked = issued.iter().enumerate().filter(|(_, one)| one.came == Origin::Revoked);
    let told = revoked.take(MOST_TOLD).map(|(n, one)| {
        let why = Refusal::new("badge-revoked-again").with("badge", one.credential.to_string());
        FieldError::new(&format!("recipients[{n}].email"), why)
    });
    let told: Vec<FieldError> = told.collect();
    if told.is_empty() { Ok(()) } else { Err(Error::Invalid(told)) }
}

/// The same person and version are awarded once.
fn reason(published: &PublishedVersion, address: &Email) -> String {
    format!("api:{}:{}", published.version, address.key())
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
}

/// The addresses, when everything about the recipients is right.
fn check(recipients: &[Receiver], now: Timestamp) -> Result<Vec<Email>> {
    if recipients.is_empty() || recipients.len() > MOST {
        return Err(Error::invalid("recipients", "award-recipients"));
    }
    let (mut wrong, mut addresses, mut seen) = (vec![], vec![], HashMap::new());
    for (n, one) in recipients.iter().enumerate() {
        let mut say = |member: &str, why: Refusal| {
            wrong.push(FieldError::new(&format!("recipients[{n}].{member}"), why));
        };
        if one.name.trim().is_empty()
            || one.name.chars().count() > 200
            || one.name.chars().any(char::is_control)
            || display_name::check(NameKind::Recipient, &one.name).is_err()
        {
            say("name", "recipient-name".into());
        }
        if let Some(day) = one.awarded_on
            && midnight(day).is_none_or(|at| at > now || day.year() < 1900)
        {
            say("awarded_on", "award-day".into());
        }
        match Email::parse(&one.email) {
            Ok(address) => {
                if let Some(before) = seen.insert(address.key(), n) {
                    say("email", Refusal::new("recipient-twice").with("before", before));
                }
                addresses.push(address);
            }
            Err(e) => say("email", e.into()),
        }
    }
    wrong.truncate(MOST_TOLD);
    if wrong.is_empty() { Ok(addresses) } else { Err(Error::Invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_checked_one_by_one() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let one = |name: &str, email: &str, day: Option<&str>| Receiver {
            name: name.into(),
            email: email.into(),
            awarded_on: day.map(|d| d.parse().unwrap()),
            again: Again::No,
        };
        let check = |people: &[Receiver], want: &[&str]| {
            let fields = match check(people, now) {
                Ok(_) => vec![],
                Err(Error::Invalid(fields)) => fields,
                Err(other) => panic!("{other:?}"),
            };
            let fields: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
            assert_eq!(fields, want, "{people:?}");
        };
        let amy = one("Amy", "amy@people.example", Some("2026-11-22"));
        check(std::slice::from_ref(&amy), &[]);
        check(&[], &["recipients"]);
        check(&vec![amy.clone(); 1001], &["recipients"]);
        check(
            &[amy, one(" ", "AMY@people.example", Some("2026-11-23"))],
            &["recipients[1].name", "recipients[1].awarded_on", "recipients[1].email"],
        );
        check(&[one("Ann\n", "ann", None)], &["recipients[0].name", "recipients[0].email"]);
    }
}
