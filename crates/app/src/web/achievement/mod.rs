//! Where micro-credentials are defined: the editor section by section, versions and their differences, pictures.

mod difference;
mod form;
mod frame;
mod image;
mod leaf;
mod page;
mod picture;
mod publication;
mod quiz;
mod rubric;
mod section;
mod tree;
mod version;

pub use picture::{Picture, picture};

use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let define = Allow::Member(Intent::Define);
    Routes::new(app)
        .get("/images/{file}", Allow::Anyone, picture::serve)
        .get("/catalog/{key}/versions", Allow::Anyone, version::list)
        .get("/catalog/{key}/versions/{number}", Allow::Anyone, version::show)
        .get("/organizations/{org}/achievements", define, page::list)
        .post("/organizations/{org}/achievements", define, page::add)
        .get("/organizations/{org}/achievements/new", define, page::new)
        .get("/organizations/{org}/achievements/{slug}", define, page::overview)
        .get("/organizations/{org}/achievements/{slug}/preview", define, page::preview)
        .get("/organizations/{org}/achievements/{slug}/badge", define, page::badge)
        .get("/organizations/{org}/achievements/{slug}/publication", define, publication::show)
        .post("/organizations/{org}/achievements/{slug}/publication", define, publication::publish)
        .post("/organizations/{org}/achievements/{slug}/draft/removal", define, publication::drop_draft)
        .post("/organizations/{org}/achievements/{slug}/retirement", define, publication::end)
        .post("/organizations/{org}/achievements/{slug}/offer", define, publication::bring_back)
        .get("/organizations/{org}/achievements/{slug}/requirements", define, tree::show)
        .post_long("/organizations/{org}/achievements/{slug}/requirements", define, tree::change)
        .get("/organizations/{org}/achievements/{slug}/requirements/{node}", define, leaf::show)
        .post_long("/organizations/{org}/achievements/{slug}/requirements/{node}", define, leaf::save)
        .get("/organizations/{org}/achievements/{slug}/requirements/{node}/rubric", define, rubric::show)
        .post_long(
            "/organizations/{org}/achievements/{slug}/requirements/{node}/rubric",
            define,
            rubric::save,
        )
        .post_long("/organizations/{org}/achievements/{slug}/requirements/{node}/items", define, quiz::change)
        .get("/organizations/{org}/achievements/{slug}/requirements/{node}/items/{item}", define, quiz::show)
        .post_long(
            "/organizations/{org}/achievements/{slug}/requirements/{node}/items/{item}",
            define,
            quiz::save,
        )
        .get("/organizations/{org}/achievements/{slug}/image", define, image::show)
        .post_up_to(image::MOST_FORM, "/organizations/{org}/achievements/{slug}/image", define, image::upload)
        .post("/organizations/{org}/achievements/{slug}/image/removal", define, image::remove)
        .get("/organizations/{org}/achievements/{slug}/{section}", define, section::show)
        .post_long("/organizations/{org}/achievements/{slug}/{section}", define, section::save)
}
