//! To be filled.

use crate::App;
use crate::platform::web::Routes;

/// Signed documents and opened keys that are used again and again.
#[derive(Debug, Default)]
pub struct Cache;

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
}
