//! What a made world begins with: people and organisations, with who is what there, in one transaction.

use crate::account;
use crate::app::App;
use crate::error::Result;
use crate::organization::{self, Founding};
use cairn_domain::permission::Role;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use std::collections::{BTreeMap, HashMap};

/// Somebody of a made world.
pub struct Somebody {
    /// By which the others name her.
    pub key: String,
    /// Name.
    pub name: String,
    /// Address.
    pub email: Email,
    /// Her language.
    pub language: Language,
    /// Runs the instance.
    pub is_operator: bool,
    /// Slugs of organisations, and what she is there.
    pub roles: Vec<(String, Role)>,
}

/// Makes them; people's ids by their keys. A role in an organisation that is not made is left out.
pub async fn begin(
    app: &App,
    people: &[Somebody],
    organizations: Vec<Founding>,
) -> Result<BTreeMap<String, PersonId>> {
    let (mut made, mut founded) = (BTreeMap::new(), HashMap::new());
    let mut tx = app.db.begin().await?;
    for one in people {
        let id = account::create(&mut tx, app, &one.name, &one.email, None, one.language).await?;
        if one.is_operator {
            account::make_operator(&mut tx, id).await?;
        }
        made.insert(one.key.clone(), id);
    }
    for founding in organizations {
        let slug = founding.slug.clone();
        founded.insert(slug, organization::found(&mut tx, app, founding, None, "system").await?);
    }
    for one in people {
        for (slug, role) in &one.roles {
            if let (Some(organization), Some(person)) = (founded.get(slug), made.get(&one.key)) {
                organization::add_member(&mut tx, app, *organization, *person, *role, "system").await?;
            }
        }
    }
    tx.commit().await?;
    Ok(made)
}
