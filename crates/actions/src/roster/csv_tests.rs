//! Tables: what is in a file, and what is read from it.

use super::*;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 22);

fn read(bytes: &[u8]) -> Result<(Vec<Row>, bool), BadFile> {
    let mut roster = Roster::open(bytes, TODAY)?;
    let mut rows = vec![];
    while let Some(row) = roster.next()? {
        rows.push(row);
    }
    Ok((rows, roster.is_latin()))
}

/// `number name <address> date !faults`
fn shown(row: &Row) -> String {
    let date = row.awarded_on.map_or(String::new(), |date| format!(" {date}"));
    let problems = row.problems.iter().map(|p| format!(" !{}({})", p.fault.name(), p.value));
    format!("{} {} <{}>{date}{}", row.number, row.name, row.address, problems.collect::<String>())
}

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, want: &[&str]) {
    let (rows, _) = read(bytes.as_ref()).unwrap();
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), want);
}

#[test]
fn columns_are_found_by_their_headings() {
    let amy = &["2 Amy Lee <amy@x.org> 2026-05-01"];
    check("name,email,date\nAmy Lee,amy@x.org,2026-05-01\n", amy);
    check("E-Mail,Datum,Name\namy@x.org,01.05.2026,Amy Lee\n", amy);
    check("\u{feff}Mail;Full Name;Awarded_on\r\namy@x.org;Amy Lee;2026-05-01\r\n", amy);
    check("EMAIL\tNAME\tDATE\namy@x.org\tAmy Lee\t1.5.2026", amy);
    check("Vorname;Nachname;E-Mail-Adresse;Datum\nAmy;Lee;amy@x.org;2026-05-01T10:00:00Z", amy);
    check("Name;Vorname;E-Mail;Datum\nLee;Amy;amy@x.org;2026-05-01 00:00:00", amy);
    check("sep=;\r\nname;email;date\r\nAmy Lee;amy@x.org;2026-05-01\r\n", amy);
    check("Nr.,Course,first_name,last-name,\"e mail\",verliehen am\n1,x,Amy,Lee,amy@x.org,2026-05-01\n", amy);
}

#[test]
fn cells_are_tidied_and_rows_counted_as_in_a_spreadsheet() {
    check("name,email\n\" Amy\u{a0}\n Lee \",\u{200b} amy@X.org\n", &["2 Amy Lee <amy@x.org>"]);
    check("\n\nname,email\n\n,\nAmy,amy@x.org\n\n", &["6 Amy <amy@x.org>"]);
    check("name;email\n\"Lee; Amy\";amy@x.org\n", &["2 Lee; Amy <amy@x.org>"]);
    check("name,email\n\"Amy\nB.\",amy@x.org\nBo,bo@x.org", &["2 Amy B. <amy@x.org>", "3 Bo <bo@x.org>"]);
    check("name,email,date\nAmy,amy@x.org\n", &["2 Amy <amy@x.org>"]);
}

#[test]
fn each_problem_names_its_cell() {
    let row = |cells: &str, want: &str| check(format!("name,email,date\n{cells}\n"), &[want]);
    row("Amy,,", "2 Amy <> !email-missing()");
    row("Amy,amy@x,", "2 Amy <amy@x> !email-wrong(amy@x)");
    row(",amy@x.org,", "2  <amy@x.org> !name-missing()");
    row("Amy,amy@x.org,31.02.2026", "2 Amy <amy@x.org> !date-wrong(31.02.2026)");
    row("Amy,amy@x.org,01/05/2026", "2 Amy <amy@x.org> !date-wrong(01/05/2026)");
    row("Amy,amy@x.org,1.5.26", "2 Amy <amy@x.org> !date-wrong(1.5.26)");
    row("Amy,amy@x.org,0026-05-01", "2 Amy <amy@x.org> !date-wrong(0026-05-01)");
    row("Amy,amy@x.org,2026-11-23", "2 Amy <amy@x.org> 2026-11-23");
    row("Amy,amy@x.org,2026-11-24", "2 Amy <amy@x.org> !date-future(2026-11-24)");
    row("Lee, Amy,amy@x.org,", "2 Lee <Amy> !email-wrong(Amy) !date-wrong(amy@x.org)");
    row("Amy,amy@x.org,,more", "2 Amy <amy@x.org> !row-long(more)");
    row("Amy,amy@x.org,,,", "2 Amy <amy@x.org>");
    let long = "x".repeat(201);
    check(
        format!("name,email\n{long},a@x.org"),
        &[&format!("2 {} <a@x.org> !name-long({})", &long[1..], &long[121..])],
    );
}

#[test]
fn the_same_address_twice_counts_once() {
    check(
        "name,email,date\nAmy,amy@x.org,\nAnn,AMY@x.org,\nBo,bo@x.org,never\nBo,bo@x.org,\n",
        &[
            "2 Amy <amy@x.org>",
            "3 Ann <AMY@x.org> !email-duplicate(2)",
            "4 Bo <bo@x.org> !date-wrong(never)",
            "5 Bo <bo@x.org>",
        ],
    );
}

#[test]
fn windows_1252_is_read_and_told() {
    let (rows, is_latin) = read(b"name;email\nJ\xf6rg M\xfcller;joerg@x.org\n").unwrap();
    assert_eq!((rows[0].name.as_str(), is_latin), ("Jörg Müller", true));
    let (rows, is_latin) = read("name;email\nJörg Müller;jörg@müller.example\n".as_bytes()).unwrap();
    assert_eq!((shown(&rows[0]).as_str(), is_latin), ("2 Jörg Müller <jörg@xn--mller-kva.example>", false));
}

#[test]
fn what_is_no_roster_is_told_apart() {
    let check = |bytes: &[u8], want: &str| {
        let error = read(bytes).unwrap_err();
        assert_eq!(format!("{error:?}"), want);
    };
    check(b"", "Empty");
    check(b"\n \n\t\n", "Empty");
    check(b"PK\x03\x04\x14\0\x06\0", "NotText");
    check(b"%PDF-1.7\nname,email\n", "NotText");
    check(b"name,email\n\0\0", "NotText");
    check(b"\xff\xfen\0a\0", "Utf16");
    check(b"name,phone\nAmy,1\n", "Missing(Email, \"name, phone\")");
    check(b"amy@x.org,Amy\n", "Missing(Email, \"amy@x.org, Amy\")");
    check(b"email;vorname\na@x.org;Amy\n", "Missing(Name, \"email, vorname\")");
    check(b"email,name,E-Mail\n", "Twice(Email)");
    check(b"email,name\n\n", "NoRows");
    check(b"email,name\na@x.org,\"Amy\nb@x.org,Bo\n", "Endless(2)");
}

#[test]
fn a_hundred_thousand_rows_are_read_and_no_more() {
    let rows = |count: u32| {
        let rows = (0..count).map(|n| format!("p{n}@x.org,\"P\n{n}\"\n"));
        format!("email,name\n{}", rows.collect::<String>())
    };
    let (found, _) = read(rows(MOST_ROWS).as_bytes()).unwrap();
    assert_eq!((found.len(), found.last().unwrap().number), (100_000, 100_001));
    assert!(matches!(read(rows(MOST_ROWS + 1).as_bytes()), Err(BadFile::TooManyRows)));
}

#[test]
fn bad_rows_come_back_with_all_their_columns() {
    let file = "Course;E-Mail;Name\n1;amy@x.org;Amy\n=1+1;bo@x;\"Bo\nB.\"\n\n3;;Cy;more\n";
    let wanted =
        BTreeMap::from([(3, "write it like a@b.org".to_owned()), (5, "no address; write it".to_owned())]);
    let mut out = vec![];
    write_problems(file.as_bytes(), "Problem", &wanted, &mut out).unwrap();
    let text = String::from_utf8(out.clone()).unwrap();
    assert_eq!(
        text,
        "\u{feff}Course;E-Mail;Name;Problem\n'=1+1;bo@x;\"Bo\nB.\";write it like a@b.org\n3;;Cy;more;\"no address; write it\"\n"
    );
    // corrected and uploaded again: the column Problem is not in the way, and not written twice
    let corrected = text.replace("bo@x;", "bo@x.org;").replace("3;;Cy;more;", "3;cy@x.org;Cy;");
    check(&corrected, &["2 Bo B. <bo@x.org>", "3 Cy <cy@x.org>"]);
    let mut again = vec![];
    write_problems(&out[..], "Problem", &BTreeMap::from([(2, "still".to_owned())]), &mut again).unwrap();
    assert_eq!(
        String::from_utf8(again).unwrap(),
        "\u{feff}Course;E-Mail;Name;Problem\n'=1+1;bo@x;\"Bo\nB.\";still\n"
    );
}

#[test]
fn a_roster_is_read_in_one_go() {
    let header = "Name,E-Mail,Date\n";
    for row in ["Amy,amy@a.example,\n", "Amy,nonsense,tomorrow\n", ",,\n", "\"a\"\"b\",c,d,e,f\n", "\n"] {
        let make = |n: usize| format!("{header}{}", row.repeat(n));
        cairn_value::steps::is_linear(500, make, |text| {
            let mut roster = Roster::open(text.as_bytes(), Date::MIN).unwrap();
            while let Ok(Some(_)) = roster.next() {}
        });
    }
    let make = |n: usize| format!("{header}{}\n", ",".repeat(n));
    cairn_value::steps::is_linear(500, make, |text| {
        let mut roster = Roster::open(text.as_bytes(), Date::MIN).unwrap();
        roster.next().map(drop)
    });
}
