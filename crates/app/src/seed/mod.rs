//! The demo's world: read from the folder `demo/`, made by the same actions
//! that people use, with a clock that is set to the day on which each happened.

mod announcement;
mod read;
mod story;

use crate::web::demo::{Face, World, remember};
use anyhow::{Context, Result, ensure};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::organization::Founding;
use cairn_actions::person;
pub use cairn_actions::person::Actor;
use cairn_actions::seed::{Somebody, begin};
use cairn_actions::{achievement, confirmation};
use cairn_domain::permission::Role;
use cairn_domain::standing::Decision;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use cairn_value::time::add_days;
use std::collections::{BTreeMap, BTreeSet};

/// Days before today on which the organisations were founded.
const FOUNDED: i64 = 1000;

/// People and organisations by their keys in the folder.
pub(crate) struct Cast {
    people: BTreeMap<String, PersonId>,
}

impl Cast {
    /// The person as someone who acts, with the roles she has now.
    async fn actor(&self, app: &App, key: &str) -> Result<Actor> {
        let person =
            self.people.get(key).with_context(|| format!("there is nobody called {key} in people.toml"))?;
        let mut conn = app.db.read().await?;
        let actor = person::load(&mut conn, *person).await.map_err(told)?;
        actor.with_context(|| format!("{key} has no account"))
    }
}

/// An action's error as one that ends the seeding.
pub(crate) fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Unexpected(inner) => inner,
        other => anyhow::anyhow!("{other}"),
    }
}

/// Makes the world.
pub async fn run(config: &Config) -> Result<()> {
    let today = Clock::System.now();
    let clock = Clock::at(add_days(today, -FOUNDED));
    // letters of the past go to the mailbox page and nowhere else
    let app = crate::open(Config { smtp: String::new(), ..config.clone() }, clock).await?;
    let folder = read::folder()?;
    let cast = people_and_organizations(&app, &folder).await?;
    definitions(&app, &folder, &cast).await?;
    story::play(&app, &folder, &cast, today).await?;
    app.clock.set(today);
    announcement::play(&app, &cast).await?;
    cairn_platform::job::run_due(&app).await?;
    let world = World { base_url: config.base_url.clone(), faces: faces(&folder, &cast)? };
    remember(&app, &world).await?;
    app.db.close().await;
    Ok(())
}

fn faces(folder: &read::Folder, cast: &Cast) -> Result<Vec<Face>> {
    let shown = folder.people.iter().filter(|p| !p.shown_as.is_empty());
    shown
        .map(|p| {
            Ok(Face {
                role: p.shown_as.clone(),
                person: *cast.people.get(&p.key).context("a person is missing")?,
                name: p.name.clone(),
                email: p.email.clone(),
                about: p.about.clone(),
                about_de: p.about_in.get("de").cloned().unwrap_or_else(|| p.about.clone()),
            })
        })
        .collect()
}

async fn people_and_organizations(app: &App, folder: &read::Folder) -> Result<Cast> {
    let slugs: BTreeSet<&str> = folder.organizations.iter().map(|o| o.slug.as_str()).collect();
    let mut people = vec![];
    for person in &folder.people {
        let mut roles = vec![];
        for role in &person.roles {
            ensure!(
                slugs.contains(role.organization.as_str()),
                "{} has a role in {}, which there is not",
                person.key,
                role.organization
            );
            let which = Role::parse(&role.role).with_context(|| format!("{} is not a role", role.role))?;
            roles.push((role.organization.clone(), which));
        }
        people.push(Somebody {
            key: person.key.clone(),
            name: person.name.clone(),
            email: Email::parse(&person.email)?,
            language: Language::parse(&person.language).unwrap_or_default(),
            is_operator: person.shown_as == "operator",
            roles,
        });
    }
    let founding = |o: &read::Organization| -> Result<Founding> {
        Ok(Founding {
            name: o.name.clone(),
            slug: o.slug.clone(),
            kind: o.kind.clone(),
            country: o.country.clone(),
            url: o.url.clone(),
            email: o.email.clone(),
            language: o.language.clone(),
            description: o.description.clone(),
            translations: serde_json::to_value(&o.translations)?,
            issues: o.issues,
        })
    };
    let organizations = folder.organizations.iter().map(founding).collect::<Result<Vec<_>>>()?;
    let cast = Cast { people: begin(app, &people, organizations).await.map_err(told)? };
    confirm(app, folder, &cast).await?;
    Ok(cast)
}

/// The demo's operator confirms everybody but the one that waits for the visitor.
async fn confirm(app: &App, folder: &read::Folder, cast: &Cast) -> Result<()> {
    let operator = folder.people.iter().find(|p| p.shown_as == "operator").context("there is no operator")?;
    let operator = cast.actor(app, &operator.key).await?;
    for o in folder.organizations.iter().filter(|o| !o.waits) {
        confirmation::decide(app, &operator, &o.slug, Decision::Confirm, "", &o.name).await.map_err(told)?;
    }
    Ok(())
}

async fn definitions(app: &App, folder: &read::Folder, cast: &Cast) -> Result<()> {
    for (organization, slug, definition) in &folder.definitions {
        let with_role = |role: &'static str| {
            folder
                .people
                .iter()
                .find(|p| p.roles.iter().any(|r| r.organization == *organization && r.role == role))
        };
        let designer = with_role("designer")
            .or_else(|| with_role("owner"))
            .with_context(|| format!("{organization} has neither designer nor owner"))?;
        let actor = cast.actor(app, &designer.key).await?;
        achievement::create(app, &actor, organization, Some(slug), definition.clone())
            .await
            .map_err(told)
            .with_context(|| format!("making {organization}/{slug}"))?;
        achievement::publish(app, &actor, organization, slug)
            .await
            .map_err(told)
            .with_context(|| format!("publishing {organization}/{slug}"))?;
    }
    Ok(())
}
