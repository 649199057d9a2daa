//! People and organisations as values.

use super::{Browser, Role, TestApp};
use cairn_platform::id;
use cairn_value::id::{OrganizationId, PersonId};

impl TestApp {
    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.app.clone(), self.router.clone())
    }

    /// A verified account, `amy@people.example` for Amy, signed in.
    pub async fn person(&self, name: &str) -> Browser {
        let (person, now) = (PersonId(id::fresh()), self.clock.now().as_millisecond());
        let address = format!("{}@people.example", name.to_lowercase().replace(' ', "."));
        let mut tx = self.db.begin().await.unwrap();
        sqlx::query(
            "INSERT INTO person (id, name, language, operator, salt, created_at) VALUES ($1, $2, 'en', 0, $3, $4)",
        )
        .bind(person.to_string())
        .bind(name)
        .bind(id::secret())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO email (key, person, address, is_primary, verified_at, created_at) \
             VALUES ($1, $2, $1, 1, $3, $3)",
        )
        .bind(&address)
        .bind(person.to_string())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        let token = cairn_actions::account::session::start(&self.app, &mut tx, person, "test").await.unwrap();
        tx.commit().await.unwrap();
        self.visitor().signed_in(person, name, address, &token)
    }

    /// A person who runs the instance.
    pub async fn operator(&self, name: &str) -> Browser {
        let browser = self.person(name).await;
        let mut tx = self.db.begin().await.unwrap();
        sqlx::query("UPDATE person SET operator = 1 WHERE id = $1")
            .bind(browser.person().to_string())
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        browser
    }

    /// An issuing organisation with its members.
    pub async fn organization(&self, slug: &str, members: &[(&Browser, Role)]) -> OrganizationId {
        let (organization, now) = (OrganizationId(id::fresh()), self.clock.now().as_millisecond());
        let mut tx = self.db.begin().await.unwrap();
        sqlx::query(
            "INSERT INTO organization (id, slug, name, kind, country, url, email, language, description, \
             translations, issues, created_at, standing, standing_before) \
             VALUES ($1, $2, $3, 'university', 'NO', $4, $5, 'en', '', '{}', 1, $6, 'confirmed', 'confirmed')",
        )
        .bind(organization.to_string())
        .bind(slug)
        .bind(format!("{slug} University"))
        .bind(format!("https://{slug}.example"))
        .bind(format!("credentials@{slug}.example"))
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for (browser, role) in members {
            self.join(organization, browser, *role).await;
        }
        organization
    }

    /// Gives a person one more role in an organisation.
    pub async fn join(&self, organization: OrganizationId, browser: &Browser, role: Role) {
        let mut tx = self.db.begin().await.unwrap();
        sqlx::query("INSERT INTO member (organization, person, role, created_at) VALUES ($1, $2, $3, $4)")
            .bind(organization.to_string())
            .bind(browser.person().to_string())
            .bind(role.name())
            .bind(self.clock.now().as_millisecond())
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}
