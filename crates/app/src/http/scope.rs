//! What keys to the API may be allowed; the whole list is `cairn_actions::account::SCOPES`.

/// Read one's own enrolments and badges, and those of one's organisations.
pub const CREDENTIALS_READ: &str = "credentials:read";
/// Award badges.
pub const CREDENTIALS_ISSUE: &str = "credentials:issue";
/// Suspend, reinstate, revoke; make one's own public or private.
pub const CREDENTIALS_MANAGE: &str = "credentials:manage";
/// Enrol, read, answer, hand in.
pub const SUBMISSIONS_WRITE: &str = "submissions:write";
/// See the queue, judge.
pub const REVIEWS_WRITE: &str = "reviews:write";
/// Read one's organisations and their audit log.
pub const ORGANIZATIONS_READ: &str = "organizations:read";
/// Decide on organisations, as the instance's operator.
pub const INSTANCE_OPERATE: &str = "instance:operate";
/// Change one's organisations: their domains, and who is invited.
pub const ORGANIZATIONS_MANAGE: &str = "organizations:manage";
