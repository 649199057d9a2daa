//! Who may do what in an organisation.

use cairn_value::words;

words! {
    /// A member's role.
    Role {
        /// Everything, and who is a member.
        Owner = "owner",
        /// Writes and publishes micro-credentials.
        Designer = "designer",
        /// Judges evidence.
        Reviewer = "reviewer",
        /// Awards rosters.
        Awarder = "awarder",
        /// Looks after people: teams, plans.
        Manager = "manager",
        /// Reads reports.
        Analyst = "analyst",
    }
}

/// Something that only some members may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Invite, change roles, remove.
    ManageMembers,
    /// Write drafts, publish, retire.
    Define,
    /// See the queue, score, decide.
    Review,
    /// Award a roster.
    Award,
    /// Tell learners something.
    Announce,
    /// See all credentials of the organisation.
    SeeCredentials,
    /// Revoke, suspend, reinstate.
    ChangeStatus,
    /// Read the audit log.
    ReadAudit,
    /// Make and end signing keys; change the profile.
    ManageOrganization,
}

/// True when one of the roles carries the intent.
pub fn may(roles: &[Role], intent: Intent) -> bool {
    roles.iter().any(|role| carries(*role, intent))
}

fn carries(role: Role, intent: Intent) -> bool {
    match role {
        Role::Owner => true,
        Role::Designer => matches!(intent, Intent::Define | Intent::Announce),
        Role::Reviewer => matches!(intent, Intent::Review),
        Role::Awarder => matches!(intent, Intent::Award | Intent::SeeCredentials | Intent::ChangeStatus),
        Role::Manager => matches!(intent, Intent::SeeCredentials | Intent::Announce),
        Role::Analyst => matches!(intent, Intent::SeeCredentials),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_carry_what_they_need() {
        let check =
            |roles: &[Role], intent, want| assert_eq!(may(roles, intent), want, "{roles:?} {intent:?}");
        check(&[Role::Owner], Intent::ReadAudit, true);
        check(&[Role::Designer], Intent::Define, true);
        check(&[Role::Designer], Intent::Review, false);
        check(&[Role::Reviewer], Intent::ChangeStatus, false);
        check(&[Role::Awarder], Intent::ChangeStatus, true);
        check(&[Role::Analyst], Intent::ManageMembers, false);
        check(&[], Intent::Review, false);
    }
}
