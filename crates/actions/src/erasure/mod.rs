//! The end of an account: nothing personal is left but what was issued and signed.

mod store;

use crate::account;
use crate::app::App;
use crate::error::{Error, Result};
use crate::organization;
use crate::person::Actor;
use cairn_platform::blob_use;
use cairn_value::refusal::Refusal;

/// Ends the account. Its last organisations' only owner makes somebody else one first.
pub async fn erase(app: &App, actor: &Actor) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let alone = organization::owned_alone(&mut tx, actor.person).await?;
    if !alone.is_empty() {
        return Err(Error::refused(Refusal::new("owner-alone").with("organizations", alone.join("”, “"))));
    }
    let released = store::erase(&mut tx, app, actor.person).await?;
    account::record(&mut tx, app, actor.person, "account.deleted", actor.person.to_string()).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}
