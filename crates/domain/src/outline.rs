//! Changing a requirement tree while it is written: add, move, remove, replace.
//! Every function leaves the tree as it was when the node is not there.

use crate::requirement::{MAX_DEPTH, MAX_NODES, Requirement};
use crate::rubric::Rubric;

/// Where a node goes among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One place towards the beginning.
    Up,
    /// One place towards the end.
    Down,
}

cairn_value::refusals! {
    /// Why a tree cannot be changed like this.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Refusal {
        /// The node is not in the tree, or is not a group where one is needed.
        NotThere = "requirement-gone",
        /// Deeper than [`MAX_DEPTH`] or more than [`MAX_NODES`].
        TooLarge = "tree-too-large",
        /// There is no such kind.
        NoSuchKind = "requirement-kind",
    }
}

/// The kinds of nodes, in the order they are offered; the first two are groups.
pub const KINDS: &[&str] = &[
    "all",
    "at-least",
    "module",
    "assessment",
    "project",
    "external-certificate",
    "prior-credential",
    "hours",
    "attestation",
];

/// An empty node of a kind.
pub fn blank(kind: &str, id: String, title: String) -> Result<Requirement, Refusal> {
    let (text, brief) = (String::new(), String::new());
    Ok(match kind {
        "all" => Requirement::All { id, title, parts: vec![] },
        "at-least" => Requirement::AtLeast { id, title, count: 1, parts: vec![] },
        "module" => Requirement::Module { id, title, text, minutes: 0 },
        "assessment" => Requirement::Assessment {
            id,
            title,
            introduction: text,
            items: vec![],
            pass_percent: 70,
            attempts: 0,
        },
        "project" => Requirement::Project { id, title, brief, rubric: Rubric::default(), minutes: 0 },
        "external-certificate" => Requirement::ExternalCertificate { id, title, brief },
        "prior-credential" => Requirement::PriorCredential { id, title, achievement: String::new() },
        "hours" => Requirement::Hours { id, title, hours: 1, brief },
        "attestation" => Requirement::Attestation { id, title, brief },
        _ => return Err(Refusal::NoSuchKind),
    })
}

impl Requirement {
    /// The stable name of this kind of node.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::All { .. } => "all",
            Self::AtLeast { .. } => "at-least",
            Self::Module { .. } => "module",
            Self::Assessment { .. } => "assessment",
            Self::Project { .. } => "project",
            Self::ExternalCertificate { .. } => "external-certificate",
            Self::PriorCredential { .. } => "prior-credential",
            Self::Hours { .. } => "hours",
            Self::Attestation { .. } => "attestation",
        }
    }

    /// Minutes of work that the node states; 0 when it states none.
    pub fn minutes(&self) -> u32 {
        match self {
            Self::Module { minutes, .. } | Self::Project { minutes, .. } => *minutes,
            Self::Hours { hours, .. } => hours.saturating_mul(60),
            Self::All { .. }
            | Self::AtLeast { .. }
            | Self::Assessment { .. }
            | Self::ExternalCertificate { .. }
            | Self::PriorCredential { .. }
            | Self::Attestation { .. } => 0,
        }
    }

    /// The node with this id, to change it.
    pub fn node_mut(&mut self, id: &str) -> Option<&mut Requirement> {
        if self.id() == id {
            return Some(self);
        }
        self.parts_mut()?.iter_mut().find_map(|p| p.node_mut(id))
    }

    /// The node with this id, group or leaf.
    pub fn node(&self, id: &str) -> Option<&Requirement> {
        if self.id() == id {
            return Some(self);
        }
        self.parts().iter().find_map(|p| p.node(id))
    }

    fn parts_mut(&mut self) -> Option<&mut Vec<Requirement>> {
        match self {
            Self::All { parts, .. } | Self::AtLeast { parts, .. } => Some(parts),
            Self::Module { .. }
            | Self::Assessment { .. }
            | Self::Project { .. }
            | Self::ExternalCertificate { .. }
            | Self::PriorCredential { .. }
            | Self::Hours { .. }
            | Self::Attestation { .. } => None,
        }
    }

    /// How many nodes there are, this one counted.
    pub fn size(&self) -> usize {
        1 + self.parts().iter().map(Requirement::size).sum::<usize>()
    }

    fn depth_of(&self, id: &str) -> Option<usize> {
        if self.id() == id {
            return Some(1);
        }
        self.parts().iter().find_map(|p| p.depth_of(id)).map(|d| d + 1)
    }

    /// An id that no node of the tree has: `m1`, `m2` … for modules.
    pub fn fresh_id(&self, kind: &str) -> String {
        let first = match kind {
            "assessment" => "quiz",
            "external-certificate" => "certificate",
            "prior-credential" => "badge",
            "module" => "m",
            "all" | "at-least" => "group",
            other => other,
        };
        let taken = |id: &str| self.node(id).is_some();
        (1..=MAX_NODES + 1).map(|n| format!("{first}{n}")).find(|id| !taken(id)).unwrap_or_default()
    }

    /// Puts a node at the end of a group.
    pub fn add(&mut self, group: &str, node: Requirement) -> Result<(), Refusal> {
        let depth = self.depth_of(group).ok_or(Refusal::NotThere)?;
        if depth >= MAX_DEPTH || self.size() + node.size() > MAX_NODES {
            return Err(Refusal::TooLarge);
        }
        let parts = self.node_mut(group).and_then(Requirement::parts_mut).ok_or(Refusal::NotThere)?;
        parts.push(node);
        Ok(())
    }

    /// Takes a node and what is under it out of the tree; the root stays.
    pub fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        let (parts, at) = self.place(id)?;
        parts.remove(at);
        Ok(())
    }

    /// Moves a node among its neighbours. At an end it stays where it is.
    pub fn shift(&mut self, id: &str, way: Way) -> Result<(), Refusal> {
        let (parts, at) = self.place(id)?;
        match way {
            Way::Up if at > 0 => parts.swap(at, at - 1),
            Way::Down if at + 1 < parts.len() => parts.swap(at, at + 1),
            Way::Up | Way::Down => {}
        }
        Ok(())
    }

    /// The list that holds the node, and its place there.
    fn place(&mut self, id: &str) -> Result<(&mut Vec<Requirement>, usize), Refusal> {
        let parts = self.parts_mut().ok_or(Refusal::NotThere)?;
        if let Some(at) = parts.iter().position(|p| p.id() == id) {
            return Ok((parts, at));
        }
        let under = parts.iter_mut().find(|p| p.node(id).is_some()).ok_or(Refusal::NotThere)?;
        under.place(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(id: &str) -> Requirement {
        blank("module", id.into(), id.to_uppercase()).unwrap()
    }

    fn tree() -> Requirement {
        let mut root = blank("all", "root".into(), String::new()).unwrap();
        root.add("root", leaf("a")).unwrap();
        root.add("root", blank("at-least", "g".into(), "Choose".into()).unwrap()).unwrap();
        root.add("g", leaf("b")).unwrap();
        root.add("g", leaf("c")).unwrap();
        root
    }

    fn order(tree: &Requirement) -> String {
        tree.leaves().iter().map(|l| l.id()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_tree_is_changed_node_by_node() {
        let check = |change: &dyn Fn(&mut Requirement) -> Result<(), Refusal>,
                     want: Result<&str, Refusal>| {
            let mut tree = tree();
            let done = change(&mut tree).map(|()| order(&tree));
            assert_eq!(done, want.map(String::from));
        };
        check(&|t| t.shift("c", Way::Up), Ok("a c b"));
        check(&|t| t.shift("b", Way::Up), Ok("a b c"));
        check(&|t| t.shift("a", Way::Down), Ok("b c a"));
        check(&|t| t.remove("g"), Ok("a"));
        check(&|t| t.remove("root"), Err(Refusal::NotThere));
        check(&|t| t.remove("nobody"), Err(Refusal::NotThere));
        check(&|t| t.add("a", leaf("d")), Err(Refusal::NotThere));
        check(&|t| t.add("g", leaf("d")), Ok("a b c d"));
        assert_eq!(tree().fresh_id("module"), "m1");
        assert_eq!(tree().size(), 5);
        assert_eq!(blank("nothing", String::new(), String::new()), Err(Refusal::NoSuchKind));
    }

    #[test]
    fn every_kind_can_be_made_and_says_what_it_is() {
        for kind in KINDS {
            assert_eq!(blank(kind, "x".into(), "X".into()).unwrap().kind(), *kind);
        }
    }

    #[test]
    fn a_tree_does_not_grow_without_end() {
        let mut tree = blank("all", "g1".into(), String::new()).unwrap();
        for depth in 2..=MAX_DEPTH {
            let group = blank("all", format!("g{depth}"), String::new()).unwrap();
            tree.add(&format!("g{}", depth - 1), group).unwrap();
        }
        assert_eq!(tree.add(&format!("g{MAX_DEPTH}"), leaf("x")), Err(Refusal::TooLarge));
    }
}
