//! Which passwords are too easy to guess. Length counts, kinds of characters do not (NIST SP 800-63B,
//! 5.1.1.2); what everybody tries first does not add to the length.

/// Fewest characters.
pub const FEWEST: usize = 12;
/// Most characters; more would only make the hash slow.
pub const MOST: usize = 256;
/// Fewest characters that remain when everything that is easy to guess counts for two.
const FEWEST_HARD: usize = 8;
/// What a piece that is easy to guess counts for.
const EASY: usize = 2;

cairn_value::refusals! {
    /// Why a password is refused.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Weak {
        /// Fewer than twelve characters.
        Short = "password-short",
        /// More than 256.
        Long = "password-long",
        /// The person's own name or address stands in it.
        Own = "password-own",
        /// Made of what is tried first.
        Easy = "password-easy",
    }
}

/// Words that passwords are made of, in the languages of the people who use this program, without those
/// shorter than four letters. From the lists of leaked passwords that are printed every year.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "kennwort",
    "geheim",
    "secret",
    "letmein",
    "welcome",
    "willkommen",
    "iloveyou",
    "ichliebedich",
    "liebe",
    "love",
    "admin",
    "administrator",
    "root",
    "login",
    "master",
    "user",
    "guest",
    "test",
    "default",
    "changeme",
    "hallo",
    "hello",
    "monkey",
    "dragon",
    "shadow",
    "sunshine",
    "princess",
    "prinzessin",
    "football",
    "fussball",
    "soccer",
    "baseball",
    "basketball",
    "hockey",
    "superman",
    "batman",
    "pokemon",
    "starwars",
    "naruto",
    "minecraft",
    "schatz",
    "schatzi",
    "baby",
    "angel",
    "engel",
    "flower",
    "blume",
    "summer",
    "sommer",
    "winter",
    "spring",
    "autumn",
    "herbst",
    "monday",
    "montag",
    "january",
    "januar",
    "december",
    "dezember",
    "computer",
    "internet",
    "google",
    "facebook",
    "samsung",
    "apple",
    "microsoft",
    "windows",
    "freedom",
    "freiheit",
    "whatever",
    "trustno",
    "jesus",
    "jordan",
    "michael",
    "thomas",
    "daniel",
    "andrea",
    "jessica",
    "charlie",
    "ashley",
    "jennifer",
    "nicole",
    "martin",
    "stefan",
    "alexander",
    "berlin",
    "hamburg",
    "london",
    "schalke",
    "bayern",
    "liverpool",
    "chelsea",
    "arsenal",
    "barcelona",
    "qwer",
    "asdf",
    "zxcv",
    "yxcv",
    "abcd",
    "pass",
    "cairn",
    "badge",
    "university",
    "college",
    "school",
    "schule",
    "student",
    "teacher",
    "lehrer",
    "credential",
];

/// Rows of the keyboards that people run their fingers along, and the two that everybody learned.
const ROWS: &[&str] = &[
    "1234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
];

/// Refuses passwords that are too short, the person's own name or address, or made of what is tried first.
pub fn check(password: &str, name: &str, address: &str) -> Result<(), Weak> {
    let length = password.chars().count();
    if length < FEWEST {
        return Err(Weak::Short);
    }
    if length > MOST {
        return Err(Weak::Long);
    }
    let folded: String = password.to_lowercase();
    let own = own_words(name, address);
    if own.whole.iter().any(|word| folded.contains(word.as_str())) {
        return Err(Weak::Own);
    }
    let plain: Vec<char> = folded.chars().collect();
    let spelled: Vec<char> = plain.iter().map(|c| unspell(*c)).collect();
    if hardness(&plain, &spelled, &own.parts) < FEWEST_HARD { Err(Weak::Easy) } else { Ok(()) }
}

struct Own {
    /// Never in a password.
    whole: Vec<String>,
    /// Easy to guess in one.
    parts: Vec<String>,
}

fn own_words(name: &str, address: &str) -> Own {
    let (name, address) = (name.to_lowercase(), address.to_lowercase());
    let local = address.split('@').next().unwrap_or("").to_owned();
    let without = |text: &str, with: &str| text.split_whitespace().collect::<Vec<_>>().join(with);
    let whole = [name.clone(), without(&name, ""), without(&name, "."), address.clone(), local];
    let parts = name.split(|c: char| !c.is_alphanumeric()).chain(address.split(['@', '.', '-', '_', '+']));
    Own {
        whole: whole.into_iter().filter(|word| word.chars().count() > 3).collect(),
        parts: parts.filter(|word| word.chars().count() > 2).map(String::from).collect(),
    }
}

/// The letter that a digit or sign stands for.
fn unspell(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Characters that are left when every piece that is easy to guess counts for two. "p4ssw0rd" is a word and
/// "1234" is a row: of each character both readings are looked at.
fn hardness(text: &[char], spelled: &[char], own: &[String]) -> usize {
    let (mut at, mut hard) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let word = word_at(rest, own).max(word_at(&spelled[at..], own));
        let piece = word.max(row_at(rest)).max(again_at(text, at)).max(year_at(rest));
        if piece > EASY {
            hard += EASY;
            at += piece;
        } else {
            hard += 1;
            at += 1;
        }
    }
    hard
}

/// Length of the longest known word here.
fn word_at(rest: &[char], own: &[String]) -> usize {
    let own = own.iter().map(String::as_str);
    WORDS
        .iter()
        .copied()
        .chain(own)
        .filter(|word| starts_with(rest, word))
        .map(|word| word.chars().count())
        .max()
        .unwrap_or(0)
}

fn starts_with(rest: &[char], word: &str) -> bool {
    let mut rest = rest.iter();
    word.chars().all(|c| rest.next() == Some(&c))
}

/// Length of the run along a row of keys here, in either direction.
fn row_at(rest: &[char]) -> usize {
    let along = |row: &mut dyn Iterator<Item = char>| {
        let row: Vec<char> = row.collect();
        let Some(first) = rest.first() else { return 0 };
        let Some(start) = row.iter().position(|c| c == first) else { return 0 };
        row[start..].iter().zip(rest).take_while(|(a, b)| a == b).count()
    };
    ROWS.iter().map(|row| along(&mut row.chars()).max(along(&mut row.chars().rev()))).max().unwrap_or(0)
}

/// Length of what has stood before already.
fn again_at(text: &[char], at: usize) -> usize {
    (0..at)
        .map(|before| text[before..].iter().zip(&text[at..]).take_while(|(a, b)| a == b).count())
        .max()
        .unwrap_or(0)
}

/// Length of a year or a date in digits here.
fn year_at(rest: &[char]) -> usize {
    let digits = rest.iter().take(8).take_while(|c| c.is_ascii_digit()).count();
    let is_year = starts_with(rest, "19") || starts_with(rest, "20");
    if digits >= 4 && is_year { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "Amy Stone";
    const ADDRESS: &str = "amy.stone@people.example";

    #[test]
    fn a_few_words_are_enough() {
        for good in [
            "correct horse battery",
            "seven quiet stones",
            "kjw8-qpo2-mzx9",
            "regenschirm im koffer",
            "Tänzer mögen Äpfel",
            "päivää hyvää illaksi",
        ] {
            assert_eq!(check(good, NAME, ADDRESS), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for (weak, why) in [
            ("short", Weak::Short),
            ("passwordpassword", Weak::Easy),
            ("P4ssw0rd2026!!", Weak::Easy),
            ("xxxxxxxxxxxxxx", Weak::Easy),
            ("abcabcabcabcabc", Weak::Easy),
            ("123456789012345", Weak::Easy),
            ("qwertzuiop1234", Weak::Easy),
            ("0987654321abcd", Weak::Easy),
            ("willkommen2026", Weak::Easy),
            ("iloveyoufootball", Weak::Easy),
            ("Berlin2024Berlin", Weak::Easy),
            ("stone stone stone", Weak::Easy),
            ("amy.stone is great", Weak::Own),
            ("Amy Stone 2026!", Weak::Own),
            ("my AmyStone is it", Weak::Own),
        ] {
            assert_eq!(check(weak, NAME, ADDRESS), Err(why), "{weak}");
        }
        assert_eq!(check(&"a b c d ".repeat(40), NAME, ADDRESS), Err(Weak::Long));
    }

    #[test]
    fn a_name_of_three_letters_is_not_looked_for_everywhere() {
        assert_eq!(check("a balloon over quiet hills", "Al", "al@people.example"), Ok(()));
    }
}
