//! The rows of a text file of values, as a spreadsheet counts them: empty rows
//! count, a line break within quotes does not begin a new row. One row is in
//! memory at a time, however long the file is.

use cairn_value::steps;
use std::io::{self, BufRead};

/// Most bytes of one row: more means that a quote is never closed.
const MOST_IN_ROW: usize = 64 * 1024;
/// Bytes that a cell counts for besides its own: at most 2,048 cells in a row.
const CELL: usize = 32;

/// Why the rows end before the file does.
#[derive(Debug)]
pub enum EarlyEnd {
    /// This row goes on and on; a quote was probably not closed.
    Endless(u32),
    /// The file could not be read.
    Io(io::Error),
}

impl From<io::Error> for EarlyEnd {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads row by row.
pub struct Records<R> {
    input: R,
    delimiter: u8,
    number: u32,
    /// True when a cell was not UTF-8 and was read as Windows-1252.
    pub is_latin: bool,
}

/// What ended a cell.
enum End {
    Cell,
    Row,
    File,
}

impl<R: BufRead> Records<R> {
    /// Cells are separated by `delimiter`, an ASCII character.
    pub fn new(input: R, delimiter: u8) -> Self {
        Self { input, delimiter, number: 0, is_latin: false }
    }

    /// The next row's number, from 1, and its cells; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Vec<String>)>, EarlyEnd> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        self.number += 1;
        let (mut cells, mut size) = (vec![], 0);
        loop {
            // a cell costs more than its bytes, an empty one too
            let (bytes, end) = self.cell(MOST_IN_ROW.saturating_sub(size))?;
            size += bytes.len() + CELL;
            if size > MOST_IN_ROW {
                return Err(EarlyEnd::Endless(self.number));
            }
            steps::take(bytes.len() + CELL);
            cells.push(self.decode(bytes));
            match end {
                End::Cell => {}
                End::Row | End::File => return Ok(Some((self.number, cells))),
            }
        }
    }

    fn cell(&mut self, most: usize) -> Result<(Vec<u8>, End), EarlyEnd> {
        let mut bytes = vec![];
        let mut is_quoted = self.peek()? == Some(b'"');
        if is_quoted {
            self.take();
        }
        while let Some(byte) = self.peek()? {
            self.take();
            match byte {
                b'"' if is_quoted && self.peek()? == Some(b'"') => {
                    self.take();
                    bytes.push(b'"');
                }
                b'"' if is_quoted => is_quoted = false,
                _ if is_quoted => bytes.push(byte),
                b'\n' => return Ok((bytes, End::Row)),
                b'\r' => {
                    if self.peek()? == Some(b'\n') {
                        self.take();
                    }
                    return Ok((bytes, End::Row));
                }
                _ if byte == self.delimiter => return Ok((bytes, End::Cell)),
                _ => bytes.push(byte),
            }
            if bytes.len() > most {
                return Err(EarlyEnd::Endless(self.number));
            }
        }
        if is_quoted { Err(EarlyEnd::Endless(self.number)) } else { Ok((bytes, End::File)) }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn take(&mut self) {
        self.input.consume(1);
    }

    fn decode(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            self.is_latin = true;
            error.as_bytes().iter().map(|byte| windows_1252(*byte)).collect()
        })
    }
}

/// The character of a byte in the code page of Western European Windows, which
/// Excel writes when it is asked for "CSV" and not for "CSV UTF-8".
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8], delimiter: u8) -> Result<Vec<(u32, Vec<String>)>, EarlyEnd> {
        let mut records = Records::new(bytes, delimiter);
        let mut rows = vec![];
        while let Some(row) = records.next()? {
            rows.push(row);
        }
        Ok(rows)
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_does() {
        let check = |text: &str, want: &[(u32, &[&str])]| {
            let found = rows(text.as_bytes(), b',').unwrap();
            let found: Vec<(u32, Vec<&str>)> =
                found.iter().map(|(n, cells)| (*n, cells.iter().map(String::as_str).collect())).collect();
            let want: Vec<(u32, Vec<&str>)> = want.iter().map(|(n, cells)| (*n, cells.to_vec())).collect();
            assert_eq!(found, want, "{text:?}");
        };
        check("", &[]);
        check("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\r\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a\r1\r", &[(1, &["a"]), (2, &["1"])]);
        check("a\n\n2", &[(1, &["a"]), (2, &[""]), (3, &["2"])]);
        check("\"a\nb\",c\nd", &[(1, &["a\nb", "c"]), (2, &["d"])]);
        check("\"a \"\"b\"\"\",\"\"", &[(1, &["a \"b\"", ""])]);
        check("5\" pipe,x", &[(1, &["5\" pipe", "x"])]);
        check("\"a\" b,c", &[(1, &["a b", "c"])]);
        check("a,", &[(1, &["a", ""])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_row() {
        let text = format!("a,b\n1,2\n\"3,4\n{}", "x,y\n".repeat(50_000));
        assert!(matches!(rows(text.as_bytes(), b','), Err(EarlyEnd::Endless(3))));
        assert!(matches!(rows(b"a\n\"b", b','), Err(EarlyEnd::Endless(2))));
    }

    #[test]
    fn a_row_of_nothing_but_separators_ends() {
        assert!(matches!(rows(&b",".repeat(100_000), b','), Err(EarlyEnd::Endless(1))));
        assert_eq!(rows(&b",".repeat(1_000), b',').unwrap()[0].1.len(), 1_001);
    }

    #[test]
    fn windows_1252_is_read_and_noticed() {
        let mut records = Records::new(&b"J\xf6rg;\x80 5"[..], b';');
        let (_, cells) = records.next().unwrap().unwrap();
        assert_eq!(cells, ["Jörg", "€ 5"]);
        assert!(records.is_latin);
        let mut records = Records::new("Jörg".as_bytes(), b';');
        records.next().unwrap();
        assert!(!records.is_latin);
    }
}
