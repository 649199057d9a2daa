//! Statements whose length depends on their values: lists, rows, filters.
//! sqlx's own builder writes `?` through the `Any` driver, which PostgreSQL does
//! not understand; this one is used the same way and writes `$1`.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, Arguments as _, AssertSqlSafe, Encode, Type};
use std::fmt::{Display, Write as _};

/// A statement in the making. What is pushed is text of the program, never of a
/// person; values are bound.
#[derive(Default)]
pub struct QueryBuilder {
    text: String,
    values: AnyArguments,
}

impl QueryBuilder {
    /// Begins with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: AnyArguments::default() }
    }

    /// Adds text.
    pub fn push(&mut self, text: impl Display) -> &mut Self {
        let _ = write!(self.text, "{text}");
        self
    }

    /// Adds a value and its place.
    ///
    /// # Panics
    /// When the value cannot be encoded; texts, numbers and bytes always can.
    pub fn push_bind<T>(&mut self, value: T) -> &mut Self
    where
        T: for<'t> Encode<'t, Any> + Type<Any>,
    {
        self.values.add(value).expect("texts, numbers and bytes are taken as they are");
        let place = self.values.len();
        self.push(format_args!("${place}"))
    }

    /// For a list: writes the separator between what is pushed.
    pub fn separated(&mut self, separator: &'static str) -> SeparatedList<'_> {
        SeparatedList { query: self, separator, begun: false }
    }

    /// Writes `VALUES (…), (…)`, a row for each item.
    pub fn push_values<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut row: impl FnMut(SeparatedList<'_>, I),
    ) -> &mut Self {
        for (n, item) in items.into_iter().enumerate() {
            self.push(if n == 0 { "VALUES (" } else { ", (" });
            row(self.separated(", "), item);
            self.push(")");
        }
        self
    }

    /// The statement; the builder is empty then.
    pub fn build(&mut self) -> Query<'static, Any, AnyArguments> {
        let Self { text, values } = std::mem::take(self);
        sqlx::query_with(AssertSqlSafe(text), values)
    }
}

/// The parts of a list or a row.
pub struct SeparatedList<'q> {
    query: &'q mut QueryBuilder,
    separator: &'static str,
    begun: bool,
}

impl SeparatedList<'_> {
    fn separate(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            self.query.push(self.separator);
        }
    }

    /// Adds text.
    pub fn push(&mut self, text: impl Display) -> &mut Self {
        self.separate();
        self.query.push(text);
        self
    }

    /// Adds a value and its place.
    ///
    /// # Panics
    /// As [`QueryBuilder::push_bind`].
    pub fn push_bind<T>(&mut self, value: T) -> &mut Self
    where
        T: for<'t> Encode<'t, Any> + Type<Any>,
    {
        self.separate();
        self.query.push_bind(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered() {
        let mut query = QueryBuilder::new("INSERT INTO t (a, b) ");
        query.push_values([("x", 1_i64), ("y", 2)], |mut row, (text, number)| {
            row.push_bind(text.to_owned()).push("''").push_bind(number);
        });
        assert_eq!(query.text, "INSERT INTO t (a, b) VALUES ($1, '', $2), ($3, '', $4)");
        let mut query = QueryBuilder::new("SELECT 1 WHERE a IN (");
        let mut list = query.separated(", ");
        list.push_bind(1_i64).push_bind(2_i64);
        query.push(") AND b = ").push_bind(None::<String>);
        assert_eq!(query.text, "SELECT 1 WHERE a IN ($1, $2) AND b = $3");
    }
}
