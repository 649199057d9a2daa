//! To be filled.

use crate::App;
use crate::platform::web::Routes;

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
}
