//! The colours of each field, and the land that its cairn stands in.

/// The colour of words and frame.
pub const PAPER: &str = "#fdf8ec";

/// What lies behind the cairn.
#[derive(Clone, Copy)]
pub enum Land {
    Hills,
    Peaks,
    Waves,
}

/// The colours of one field.
pub struct Palette {
    pub sky: [&'static str; 3],
    pub sun: &'static str,
    pub far: &'static str,
    pub mid: &'static str,
    /// Behind the words; every one carries `PAPER` at 4.5:1 and more.
    pub deep: &'static str,
    pub stones: [&'static str; 3],
    pub top: &'static str,
    pub land: Land,
    pub night: bool,
}

/// The colours of a field, by its name.
pub fn palette(field: &str) -> Palette {
    let day = |sky, far, mid, deep, stones, land| Palette {
        sky,
        sun: "#fffaf0",
        far,
        mid,
        deep,
        stones,
        top: "#e0a030",
        land,
        night: false,
    };
    match field {
        "education" => day(
            ["#f2c58f", "#f7d8ab", "#fbe8c9"],
            "#c08a6a",
            "#84605f",
            "#3b2f52",
            ["#57515f", "#77707d", "#988f97"],
            Land::Hills,
        ),
        "healthcare" => day(
            ["#a5d4c8", "#c3e4d9", "#def1e9"],
            "#74b3a5",
            "#3f847b",
            "#14463f",
            ["#4c5a58", "#6f7d79", "#95a19b"],
            Land::Waves,
        ),
        "business" => day(
            ["#b3c4d8", "#cdd9e6", "#e6ecf2"],
            "#8ba0b8",
            "#556d87",
            "#20344b",
            ["#4d5661", "#6e7783", "#939ba5"],
            Land::Peaks,
        ),
        "technology" => Palette {
            sun: "#f6ecca",
            night: true,
            ..day(
                ["#1f2c56", "#31427a", "#4a5f9c"],
                "#2c3b6d",
                "#202c58",
                "#131a38",
                ["#7d839b", "#9aa0b5", "#b9bed0"],
                Land::Peaks,
            )
        },
        "creative" => day(
            ["#ef9e84", "#f5bb9f", "#fad7c0"],
            "#c8646c",
            "#8f3f5b",
            "#4e1f41",
            ["#5c4a57", "#7f6a74", "#a38d93"],
            Land::Waves,
        ),
        "human-skills" => day(
            ["#dcd68f", "#eae5b0", "#f6f1d0"],
            "#a8b162",
            "#6c853f",
            "#32451f",
            ["#56564a", "#78776a", "#9c9a8b"],
            Land::Hills,
        ),
        _ => day(
            ["#cfcbc3", "#dedbd4", "#eceae5"],
            "#b3aea4",
            "#8a857c",
            "#35322d",
            ["#57534c", "#78736b", "#9a958c"],
            Land::Hills,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 7] =
        ["education", "healthcare", "business", "technology", "creative", "human-skills", "other"];

    #[test]
    fn the_words_stand_out_from_their_ground() {
        let light = |hex: &str| {
            let part = |i: usize| {
                let v = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
                if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        for field in FIELDS {
            let ratio = (light(PAPER) + 0.05) / (light(palette(field).deep) + 0.05);
            assert!(ratio >= 7.0, "{field}: {ratio:.2}");
        }
    }
}
