//! Who an organisation is: the operator decides on names, owners prove domains.

mod operator;
mod owner;

use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let owner = Allow::Member(Intent::ManageOrganization);
    Routes::new(app)
        .get("/operator/organizations", Allow::Operator, operator::list)
        .get("/operator/organizations/{slug}", Allow::Operator, operator::show)
        .post("/operator/organizations/{slug}/decision", Allow::Operator, operator::decide)
        .get("/organizations/{org}/confirmation", owner, owner::show)
        .post("/organizations/{org}/confirmation", owner, owner::ask_again)
        .post("/organizations/{org}/domains", owner, owner::add)
        .post("/organizations/{org}/domains/check", owner, owner::check)
        .post("/organizations/{org}/domains/removal", owner, owner::remove)
}
