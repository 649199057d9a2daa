//! Page marks: where a list goes on, so that page 1,000 costs what page 1 costs.

/// The sort key and id of the last row of a page, as they stand in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Sort key.
    pub key: String,
    /// Id, for rows with the same key.
    pub id: String,
}

impl Mark {
    /// Reads `id~key`; none when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, key) = text.split_once('~')?;
        Some(Self { key: key.to_owned(), id: id.to_owned() })
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}~{}", self.id, self.key)
    }
}
