//! Who an organisation is: the operator decides on names, owners prove domains.

pub mod api;
mod operator;
mod owner;

use crate::http::Ui;
use crate::http::scope::{INSTANCE_OPERATE, ORGANIZATIONS_MANAGE};
use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_actions::confirmation::notice;
use cairn_domain::permission::Intent;
use cairn_domain::standing::Standing;

/// What a reader is to know of an organisation that stands so, in her language; empty when there is nothing.
pub fn caution(ui: &Ui, standing: Standing) -> String {
    notice(standing).map_or_else(String::new, |n| ui.word("caution", n.caution))
}

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let owner = Allow::Member(Intent::ManageOrganization);
    let operate = Allow::Scope(INSTANCE_OPERATE);
    let manage = Allow::Scope(ORGANIZATIONS_MANAGE);
    Routes::new(app)
        .get("/operator/organizations", Allow::Operator, operator::list)
        .get("/operator/organizations/{slug}", Allow::Operator, operator::show)
        .post("/operator/organizations/{slug}/decision", Allow::Operator, operator::decide)
        .get("/organizations/{org}/confirmation", owner, owner::show)
        .post("/organizations/{org}/confirmation", owner, owner::ask_again)
        .post("/organizations/{org}/domains", owner, owner::add)
        .post("/organizations/{org}/domains/check", owner, owner::check)
        .post("/organizations/{org}/domains/removal", owner, owner::remove)
        .get("/api/v1/operator/organizations", operate, api::list)
        .get("/api/v1/operator/organizations/{slug}", operate, api::show)
        .post("/api/v1/operator/organizations/{slug}/decision", operate, api::decide)
        .get("/api/v1/organizations/{org}/domains", manage, api::domains)
        .post("/api/v1/organizations/{org}/domains", manage, api::add_domain)
        .post("/api/v1/organizations/{org}/domains/{domain}/check", manage, api::check_domain)
        .post("/api/v1/organizations/{org}/domains/{domain}/removal", manage, api::remove_domain)
}
