//! Signing in and up, one's account: profile, addresses, password, sessions, keys to the API, export, deletion.

mod access;
pub mod api;
mod browser;
mod export;
mod page;
mod proof;
mod settings;

use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/sign-in", Allow::Anyone, page::sign_in_form)
        .post("/sign-in", Allow::Anyone, page::sign_in)
        .post("/sign-in/link", Allow::Anyone, page::send_link)
        .get("/sign-up", Allow::Anyone, page::sign_up_form)
        .post("/sign-up", Allow::Anyone, page::sign_up)
        .get("/links/{token}", Allow::Anyone, page::show_link)
        .post("/links/{token}", Allow::Anyone, page::use_link)
        .post("/sign-out", Allow::Anyone, page::sign_out)
        .get("/account", Allow::SignedIn, settings::show)
        .post("/account/profile", Allow::SignedIn, settings::profile)
        .post("/account/confirmation", Allow::SignedIn, proof::give)
        .post("/account/confirmation/link", Allow::SignedIn, proof::send)
        .post("/account/password", Allow::SignedIn, proof::change_password)
        .post("/account/addresses", Allow::SignedIn, settings::add_address)
        .post("/account/addresses/primary", Allow::SignedIn, settings::make_primary)
        .post("/account/addresses/removal", Allow::SignedIn, settings::remove_address)
        .post("/account/sessions/end", Allow::SignedIn, access::sign_out_everywhere)
        .post("/account/sessions/end-others", Allow::SignedIn, access::end_others)
        .post("/account/sessions/removal", Allow::SignedIn, access::end_session)
        .post("/account/tokens", Allow::SignedIn, access::make_token)
        .post("/account/tokens/revocation", Allow::SignedIn, access::revoke_token)
        .get("/account/export", Allow::SignedIn, export::download)
        .get("/account/deletion", Allow::SignedIn, settings::deletion_form)
        .post("/account/deletion", Allow::SignedIn, settings::delete)
        .get("/api/v1/me", Allow::Token, api::me)
        .post("/api/v1/me/token/end", Allow::Token, api::end_token)
}
