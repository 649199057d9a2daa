//! Where a claim is: `credentialSubject.phoneNumbers[0]`.

use std::fmt;

use serde_json::Value;

use super::SdJwtError;

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A member of an object.
    Name(String),
    /// An element of a list, counted from 0.
    Index(usize),
    /// Every element of a list.
    Every,
}

/// A way from the outermost object to a claim.
///
/// ```
/// use cairn_credential::sd_jwt::Path;
/// use serde_json::json;
///
/// let path: Path = "credentialSubject.phoneNumbers[0]".parse()?;
/// assert_eq!("/credentialSubject/phoneNumbers/0".parse(), Ok(path.clone()));
/// assert_eq!(Path::from_json(&json!(["credentialSubject", "phoneNumbers", 0])), Ok(path));
/// assert_eq!("a[].b".parse::<Path>()?.to_string(), "a[].b", "b of every element of a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub(super) Vec<Segment>);

impl Path {
    /// Reads a path of SD-JWT VC and DCQL: names, numbers, and `null` for every element of a list.
    pub fn from_json(path: &Value) -> Result<Self, SdJwtError> {
        let wrong = || SdJwtError::Path(path.to_string());
        let segments = path.as_array().filter(|segments| !segments.is_empty()).ok_or_else(wrong)?;
        let segment = |segment: &Value| match segment {
            Value::String(name) => Ok(Segment::Name(name.clone())),
            Value::Number(index) => {
                let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
                Ok(Segment::Index(index.ok_or_else(wrong)?))
            }
            Value::Null => Ok(Segment::Every),
            _ => Err(wrong()),
        };
        Ok(Self(segments.iter().map(segment).collect::<Result<_, _>>()?))
    }

    /// The path's steps.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// True if the other path names the same place, one above, or one inside; `Every` stands for any index.
    pub(super) fn on_the_way_of(&self, concrete: &[Segment]) -> bool {
        self.0
            .iter()
            .zip(concrete)
            .all(|(own, other)| own == other || matches!((own, other), (Segment::Every, Segment::Index(_))))
    }

    /// Every place in a value the path leads to, without `Every`.
    pub(super) fn places(&self, value: &Value) -> Vec<Vec<Segment>> {
        let mut found: Vec<(Vec<Segment>, &Value)> = vec![(Vec::new(), value)];
        for segment in &self.0 {
            let mut next = Vec::new();
            for (path, value) in found {
                let mut step = |segment: Segment, value| {
                    let mut path = path.clone();
                    path.push(segment);
                    next.push((path, value));
                };
                match (segment, value) {
                    (Segment::Name(name), Value::Object(map)) => {
                        if let Some(value) = map.get(name) {
                            step(segment.clone(), value);
                        }
                    }
                    (Segment::Index(index), Value::Array(items)) => {
                        if let Some(value) = items.get(*index) {
                            step(segment.clone(), value);
                        }
                    }
                    (Segment::Every, Value::Array(items)) => {
                        for (index, value) in items.iter().enumerate() {
                            step(Segment::Index(index), value);
                        }
                    }
                    (Segment::Name(_) | Segment::Index(_) | Segment::Every, _) => {}
                }
            }
            found = next;
        }
        found.into_iter().map(|(path, _)| path).collect()
    }
}

/// Reads `a.b[0]` (with `[]` for every element), or a JSON Pointer (RFC 6901), whose numbers are places in
/// lists.
impl std::str::FromStr for Path {
    type Err = SdJwtError;

    fn from_str(text: &str) -> Result<Self, SdJwtError> {
        let wrong = || SdJwtError::Path(text.to_owned());
        let mut segments = Vec::new();
        if let Some(pointer) = text.strip_prefix('/') {
            for part in pointer.split('/') {
                let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                segments.push(if is_index {
                    Segment::Index(part.parse().map_err(|_| wrong())?)
                } else {
                    Segment::Name(part.replace("~1", "/").replace("~0", "~"))
                });
            }
            return Ok(Self(segments));
        }
        for part in text.split('.') {
            let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.is_empty() {
                return Err(wrong());
            }
            segments.push(Segment::Name(name.to_owned()));
            while !rest.is_empty() {
                let (index, after) =
                    rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
                segments.push(match index {
                    "" => Segment::Every,
                    index => Segment::Index(index.parse().map_err(|_| wrong())?),
                });
                rest = after;
            }
        }
        Ok(Self(segments))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Name(name) if number == 0 => f.write_str(name)?,
                Segment::Name(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Every => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_places() {
        let value = json!({"a": [{"b": 1}, {"b": 2}, 3], "/~": 1});
        let check = |path: &str, want: &[&str]| {
            let path: Path = path.parse().unwrap();
            let found: Vec<String> =
                path.places(&value).into_iter().map(|place| Path(place).to_string()).collect();
            assert_eq!(found, want, "{path}");
        };
        check("a[].b", &["a[0].b", "a[1].b"]);
        check("a[1]", &["a[1]"]);
        check("a[3]", &[]);
        check("a.b", &[]);
        check("/~1~0", &["/~"]);
        for wrong in ["", ".", "a..b", "a[", "a[0", "a[x]", "a[0]b", "[0]", "/99999999999999999999999"] {
            assert!(wrong.parse::<Path>().is_err(), "{wrong}");
        }
        for wrong in [json!([]), json!("a"), json!([1.5]), json!([-1]), json!([true])] {
            assert!(Path::from_json(&wrong).is_err(), "{wrong}");
        }
    }
}
