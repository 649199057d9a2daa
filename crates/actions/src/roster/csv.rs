//! What a roster's file says: finds its columns, checks each row, and says what
//! is wrong with it. Pure: bytes in, rows out; today's date is an argument.

use crate::roster::record::{EarlyEnd, Records};
use cairn_domain::display_name::{self, NameKind};
use cairn_value::email::Email;
use cairn_value::steps;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufReader, Cursor, Read, Write};

/// Most rows of a roster, the header apart.
pub const MOST_ROWS: u32 = 100_000;
/// Most bytes of a roster's file.
pub const MOST_BYTES: u64 = 30 * 1024 * 1024;
const MOST_NAME: usize = 200;
/// Bytes in which the header is looked for.
const HEAD: u64 = 16 * 1024;

/// A column that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// E-mail address; must be there.
    Email,
    /// Whole name; or given and family name.
    Name,
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// When it was earned; may be missing.
    Date,
    /// What was wrong the last time; ours, and not read.
    Problem,
}

impl Column {
    /// Stable name, part of message keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Given => "given",
            Self::Family => "family",
            Self::Date => "date",
            Self::Problem => "problem",
        }
    }

    /// By the heading, in English or German, in any case and punctuation.
    fn parse(heading: &str) -> Option<Self> {
        let plain: String = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        Some(match plain.as_str() {
            "email" | "mail" | "emailaddress" | "mailaddress" | "emailadresse" | "mailadresse" => Self::Email,
            "name" | "fullname" | "vollername" | "vollständigername" | "vorundnachname" | "namevorname"
            | "recipient" | "recipientname" => Self::Name,
            "vorname" | "rufname" | "firstname" | "givenname" => Self::Given,
            "nachname" | "familienname" | "lastname" | "surname" | "familyname" => Self::Family,
            "date" | "datum" | "awarded" | "awardedon" | "awardedat" | "dateawarded" | "verliehenam"
            | "verliehen" | "awarddate" => Self::Date,
            "problem" => Self::Problem,
            _ => return None,
        })
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No address.
    EmailMissing,
    /// Not an address.
    EmailWrong,
    /// An earlier row has it; the value is that row's number.
    EmailDuplicate,
    /// It is the address of whoever brought the list.
    EmailOwn,
    /// A name with an address or invisible signs in it.
    NameBad,
    /// No name.
    NameMissing,
    /// More than 200 characters.
    NameLong,
    /// Not a date that we read.
    DateWrong,
    /// After today.
    DateFuture,
    /// More cells than the header has; probably a separator without quotes.
    RowLong,
}

impl Fault {
    /// Stable name, part of message keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmailMissing => "email-missing",
            Self::EmailWrong => "email-wrong",
            Self::EmailDuplicate => "email-duplicate",
            Self::EmailOwn => "email-own",
            Self::NameMissing => "name-missing",
            Self::NameLong => "name-long",
            Self::NameBad => "name-bad",
            Self::DateWrong => "date-wrong",
            Self::DateFuture => "date-future",
            Self::RowLong => "row-long",
        }
    }

    /// The column it is in; none for the whole row.
    pub fn column(self) -> Option<Column> {
        match self {
            Self::EmailMissing | Self::EmailWrong | Self::EmailDuplicate | Self::EmailOwn => {
                Some(Column::Email)
            }
            Self::NameMissing | Self::NameLong | Self::NameBad => Some(Column::Name),
            Self::DateWrong | Self::DateFuture => Some(Column::Date),
            Self::RowLong => None,
        }
    }
}

/// A fault, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which.
    pub fault: Fault,
    /// At most 80 characters of the cell; of a duplicate the first one's row.
    pub value: String,
}

/// One row below the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts: the header is 1.
    pub number: u32,
    /// Name as it will stand on the badge.
    pub name: String,
    /// Address; as written when it is not one.
    pub address: String,
    /// Address as it is compared; empty when it is not one.
    pub key: String,
    /// When it was earned.
    pub awarded_on: Option<Date>,
    /// Nothing for a good row.
    pub problems: Vec<Problem>,
}

/// Why a file is no roster.
#[derive(Debug)]
pub enum BadFile {
    /// Nothing in it.
    Empty,
    /// A workbook, a PDF, a picture.
    NotText,
    /// Text with two bytes a character.
    Utf16,
    /// A column is not there; these headings are.
    Missing(Column, String),
    /// A column is there twice.
    Twice(Column),
    /// A header and nothing below it.
    NoRows,
    /// More than 100,000 rows.
    TooManyRows,
    /// A row does not end.
    Endless(u32),
    /// Could not be read.
    Io(io::Error),
}

impl From<io::Error> for BadFile {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<EarlyEnd> for BadFile {
    fn from(broken: EarlyEnd) -> Self {
        match broken {
            EarlyEnd::Endless(row) => Self::Endless(row),
            EarlyEnd::Io(error) => Self::Io(error),
        }
    }
}

type Input<R> = BufReader<io::Chain<Cursor<Vec<u8>>, R>>;

/// Reads a roster row by row.
pub struct Roster<R> {
    records: Records<Input<R>>,
    /// Headings as they stand in the file.
    header: Vec<String>,
    columns: HashMap<Column, usize>,
    delimiter: u8,
    today: Date,
    seen: HashMap<String, u32>,
    count: u32,
}

impl<R: Read> Roster<R> {
    /// Finds separator and columns.
    pub fn open(mut input: R, today: Date) -> Result<Self, BadFile> {
        let mut head = vec![];
        input.by_ref().take(HEAD).read_to_end(&mut head)?;
        let head = told_apart(head)?;
        let (skip, delimiter) = separator(&head);
        let rest = BufReader::new(Cursor::new(head[skip..].to_vec()).chain(input));
        let mut records = Records::new(rest, delimiter);
        let header = loop {
            let (_, cells) = records.next()?.ok_or(BadFile::Empty)?;
            if cells.iter().any(|c| !clean(c).is_empty()) {
                break cells;
            }
        };
        let columns = find_columns(&header)?;
        Ok(Self { records, header, columns, delimiter, today, seen: HashMap::new(), count: 0 })
    }

    /// The next row that is not empty; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row>, BadFile> {
        while let Some((number, cells)) = self.records.next()? {
            if cells.iter().all(|c| clean(c).is_empty()) {
                continue;
            }
            self.count += 1;
            if self.count > MOST_ROWS {
                return Err(BadFile::TooManyRows);
            }
            return Ok(Some(self.row(number, &cells)));
        }
        if self.count == 0 { Err(BadFile::NoRows) } else { Ok(None) }
    }

    /// True when a cell so far was read as Windows-1252.
    pub fn is_latin(&self) -> bool {
        self.records.is_latin
    }

    fn row(&mut self, number: u32, cells: &[String]) -> Row {
        steps::take(cells.len());
        let cell = |column| {
            self.columns.get(&column).and_then(|at| cells.get(*at)).map_or_else(String::new, |c| clean(c))
        };
        let name = match (cell(Column::Given), cell(Column::Family), cell(Column::Name)) {
            (given, family, whole) if given.is_empty() && family.is_empty() => whole,
            // "Vorname" and "Name": the second is the family name
            (given, family, whole) => {
                format!("{given} {}", if family.is_empty() { whole } else { family }).trim().to_owned()
            }
        };
        let mut problems = vec![];
        let mut wrong =
            |fault, value: &str| problems.push(Problem { fault, value: value.chars().take(80).collect() });
        let written = cell(Column::Email);
        let email = Email::parse(&written);
        match &email {
            Err(_) if written.is_empty() => wrong(Fault::EmailMissing, ""),
            Err(_) => wrong(Fault::EmailWrong, &written),
            Ok(_) => {}
        }
        if name.is_empty() {
            wrong(Fault::NameMissing, "");
        } else if name.chars().count() > MOST_NAME {
            wrong(Fault::NameLong, &name);
        } else if display_name::check(NameKind::Recipient, &name).is_err() {
            wrong(Fault::NameBad, &name);
        }
        let date = cell(Column::Date);
        let awarded_on = match read_date(&date, self.today) {
            Ok(date) => date,
            Err(fault) => {
                wrong(fault, &date);
                None
            }
        };
        if let Some(more) = cells.iter().skip(self.header.len()).find(|c| !clean(c).is_empty()) {
            wrong(Fault::RowLong, more);
        }
        let key = email.as_ref().map_or_else(|_| String::new(), Email::key);
        if problems.is_empty() {
            if let Some(first) = self.seen.get(&key) {
                problems.push(Problem { fault: Fault::EmailDuplicate, value: first.to_string() });
            } else {
                self.seen.insert(key.clone(), number);
            }
        }
        let address = email.map_or(written, |e| e.as_str().to_owned());
        let short =
            |text: String, most| if text.len() > most { text.chars().take(most).collect() } else { text };
        Row { number, name: short(name, MOST_NAME), address: short(address, 254), key, awarded_on, problems }
    }
}

/// Writes the rows with these numbers again, all their columns and one more
/// that says what to do, so that they can be corrected and uploaded.
pub fn write_problems<R: Read>(
    input: R,
    heading: &str,
    wanted: &BTreeMap<u32, String>,
    out: impl Write,
) -> Result<(), BadFile> {
    let mut roster = Roster::open(input, Date::MIN)?;
    let old = roster.columns.get(&Column::Problem).copied();
    let width = roster.header.len();
    let mut out = out;
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().delimiter(roster.delimiter).flexible(true).from_writer(out);
    let mut write = |cells: &[String], last: &str| {
        let cells = cells.iter().enumerate().filter(|(at, _)| Some(*at) != old).map(|(_, c)| guarded(c));
        writer.write_record(cells.chain([last.to_owned()])).map_err(io::Error::other)
    };
    write(&roster.header, heading)?;
    while let Some((number, mut cells)) = roster.records.next()? {
        if let Some(problem) = wanted.get(&number) {
            cells.resize(cells.len().max(width), String::new());
            write(&cells, problem)?;
        }
    }
    writer.flush()?;
    Ok(())
}

/// The file's beginning without a byte order mark; refuses what is not text in bytes.
fn told_apart(mut head: Vec<u8>) -> Result<Vec<u8>, BadFile> {
    if head.is_empty() {
        return Err(BadFile::Empty);
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(BadFile::Utf16);
    }
    let is_other = infer::get(&head).is_some_and(|kind| !kind.mime_type().starts_with("text/"));
    if is_other || head.contains(&0) {
        return Err(BadFile::NotText);
    }
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        head.drain(..3);
    }
    Ok(head)
}

/// Bytes to skip, and what separates the cells: the character with which the
/// header has the most columns that we know. Excel's first line `sep=;` says it.
fn separator(head: &[u8]) -> (usize, u8) {
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] = head {
        let skip = if head[5..].starts_with(b"\r\n") { 7 } else { 6 };
        return (skip, *delimiter);
    }
    let known = |delimiter: u8| {
        let mut records = Records::new(head, delimiter);
        while let Ok(Some((_, cells))) = records.next() {
            if cells.iter().any(|c| !clean(c).is_empty()) {
                return (cells.iter().filter(|c| Column::parse(c).is_some()).count(), cells.len());
            }
        }
        (0, 0)
    };
    // the first of the best: a comma when all are alike
    let best = [b'\t', b';', b','].into_iter().max_by_key(|d| known(*d)).unwrap_or(b',');
    (0, best)
}

fn find_columns(header: &[String]) -> Result<HashMap<Column, usize>, BadFile> {
    let mut columns = HashMap::new();
    for (at, heading) in header.iter().enumerate() {
        let Some(column) = Column::parse(heading) else { continue };
        if columns.insert(column, at).is_some() {
            return Err(BadFile::Twice(column));
        }
    }
    let found = || {
        let headings: Vec<String> = header.iter().map(|h| clean(h)).filter(|h| !h.is_empty()).collect();
        headings.join(", ").chars().take(200).collect::<String>()
    };
    let has = |column| columns.contains_key(&column);
    if !has(Column::Email) {
        return Err(BadFile::Missing(Column::Email, found()));
    }
    if !has(Column::Name) && !has(Column::Family) {
        return Err(BadFile::Missing(Column::Name, found()));
    }
    Ok(columns)
}

/// One line without control characters and what only looks like nothing.
fn clean(cell: &str) -> String {
    let is_invisible = |c: &char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}');
    let is_kept = |c: &char| !is_invisible(c) && (c.is_whitespace() || !c.is_control());
    let visible: String = cell.chars().filter(is_kept).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => line,
    }
}

/// A spreadsheet must not run what somebody wrote into a cell.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// `2026-11-22`, with or without a time, or `22.11.2026`; nothing is no date.
fn read_date(text: &str, today: Date) -> Result<Option<Date>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let number = |part: &str, most: usize| {
        let is_number = !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<i16>().ok()).flatten()
    };
    let parts = |mark: char| day.split(mark).collect::<Vec<_>>();
    let parsed = match (parts('-').as_slice(), parts('.').as_slice()) {
        ([y, m, d], _) if y.len() == 4 => (number(y, 4), number(m, 2), number(d, 2)),
        (_, [d, m, y]) if y.len() == 4 => (number(y, 4), number(m, 2), number(d, 2)),
        _ => return Err(Fault::DateWrong),
    };
    let (Some(y), Some(m), Some(d)) = parsed else { return Err(Fault::DateWrong) };
    let date = Date::new(y, m as i8, d as i8).map_err(|_| Fault::DateWrong)?;
    if y < 1900 {
        return Err(Fault::DateWrong);
    }
    // somewhere it is tomorrow already
    let last = today.tomorrow().unwrap_or(today);
    if date > last { Err(Fault::DateFuture) } else { Ok(Some(date)) }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
pub mod tests;
