//! Which versions of a language a project asks for.
//!
//! npm, Composer, Python, Ruby and the rest write ranges almost alike; what differs is the tilde.

use super::Refusal;

/// What `~1.2` allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tilde {
    /// 1.2 and its patches (npm).
    Minor,
    /// All of 1 from 1.2 (Composer, Python's `~=`, Ruby's `~>`).
    Major,
}

/// What one file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub file: String,
    /// As written.
    pub text: String,
    /// One of these, each of which is all of its parts.
    alternatives: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    sign: Sign,
    version: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// This, as far as it is written: `3` allows 3.14.
    Is,
    IsNot,
    AtLeast,
    Above,
    AtMost,
    Below,
    /// No change of the first number.
    Caret,
    Tilde(Tilde),
}

impl Wish {
    /// `None` for what says nothing: `*`, `lts/iron`, an empty text.
    pub fn new(file: &str, text: &str, tilde: Tilde) -> Option<Wish> {
        let alternatives: Vec<Vec<Part>> =
            text.split('|').filter(|it| !it.is_empty()).map(|it| parts(it, tilde)).collect();
        let says_something = !alternatives.is_empty() && alternatives.iter().all(|it| !it.is_empty());
        says_something.then(|| Wish { file: file.to_owned(), text: text.trim().to_owned(), alternatives })
    }

    /// A version from which on everything will do, as in `go.mod`.
    pub fn at_least(file: &str, text: &str) -> Option<Wish> {
        let mut wish = Wish::new(file, &format!(">={}", text.trim()), Tilde::Minor)?;
        wish.text = text.trim().to_owned();
        Some(wish)
    }

    pub fn allows(&self, version: &[u64]) -> bool {
        self.alternatives.iter().any(|parts| parts.iter().all(|it| it.allows(version)))
    }

    /// The lowest version that it names.
    pub fn lowest(&self) -> &[u64] {
        let all = self.alternatives.iter().flatten();
        all.map(|it| it.version.as_slice()).min().unwrap_or_default()
    }

    /// The version, if it names exactly one.
    fn exact(&self) -> Option<&[u64]> {
        let [parts] = self.alternatives.as_slice() else { return None };
        let [part] = parts.as_slice() else { return None };
        (part.sign == Sign::Is).then_some(part.version.as_slice())
    }
}

impl Part {
    fn allows(&self, version: &[u64]) -> bool {
        let same = |count: usize| (0..count).all(|at| number(version, at) == number(&self.version, at));
        let order = (0..3).map(|at| number(version, at)).cmp((0..3).map(|at| number(&self.version, at)));
        match self.sign {
            Sign::Is => same(self.version.len()),
            Sign::IsNot => !same(self.version.len()),
            Sign::AtLeast => order.is_ge(),
            Sign::Above => order.is_gt() && !same(self.version.len()),
            Sign::AtMost => order.is_le() || same(self.version.len()),
            Sign::Below => order.is_lt(),
            Sign::Caret => order.is_ge() && same(1),
            Sign::Tilde(Tilde::Minor) => order.is_ge() && same(self.version.len().min(2)),
            Sign::Tilde(Tilde::Major) => order.is_ge() && same(self.version.len().saturating_sub(1).max(1)),
        }
    }
}

fn number(version: &[u64], at: usize) -> u64 {
    version.get(at).copied().unwrap_or_default()
}

fn parts(text: &str, tilde: Tilde) -> Vec<Part> {
    let mut found = Vec::new();
    let spaced = text.replace(" - ", " - <=").replace(',', " ");
    let mut sign = String::new();
    for word in spaced.split_whitespace().filter(|it| *it != "-") {
        let start = word.find(|it: char| it.is_ascii_digit()).unwrap_or(word.len());
        sign.push_str(word[..start].trim_end_matches('v'));
        if start < word.len() {
            found.extend(part(&sign, &word[start..], tilde));
            sign.clear();
        }
    }
    // `18 - 20`: the first is where it begins.
    if let [first, Part { sign: Sign::AtMost, .. }] = found.as_mut_slice()
        && text.contains(" - ")
    {
        first.sign = Sign::AtLeast;
    }
    found
}

fn part(sign: &str, text: &str, tilde: Tilde) -> Option<Part> {
    let numbers = text.split(['.', '-', '+', '_']).map_while(|it| it.parse().ok());
    let version: Vec<u64> = numbers.take(3).collect();
    let sign = match sign {
        "" | "=" | "==" | "===" => Sign::Is,
        "!=" => Sign::IsNot,
        ">=" => Sign::AtLeast,
        ">" => Sign::Above,
        "<=" => Sign::AtMost,
        "<" => Sign::Below,
        "^" => Sign::Caret,
        "~" | "~=" | "~>" => Sign::Tilde(tilde),
        _ => return None,
    };
    (!version.is_empty()).then_some(Part { sign, version })
}

/// The wish to follow: the one for exactly one version, or the first. `Err` if they contradict each other.
pub fn agreed(wishes: Vec<Wish>) -> Result<Option<Wish>, Refusal> {
    for exact in wishes.iter().filter(|it| it.exact().is_some()) {
        if let Some(other) = wishes.iter().find(|other| contradicts(exact, other)) {
            return Err(Refusal(format!(
                "`{}` asks for version {} and `{}` for {}: make them agree first",
                exact.file, exact.text, other.file, other.text
            )));
        }
    }
    let exact = wishes.iter().position(|it| it.exact().is_some()).unwrap_or_default();
    Ok(wishes.into_iter().nth(exact))
}

/// Whether nothing that is the exact version can be what `other` asks for.
fn contradicts(exact: &Wish, other: &Wish) -> bool {
    let Some(version) = exact.exact() else { return false };
    let filled = |with: u64| (0..3).map(|at| version.get(at).copied().unwrap_or(with)).collect::<Vec<u64>>();
    let named = other.alternatives.iter().flatten().map(|it| it.version.as_slice());
    let is_prefix_of_named = named.clone().any(|it| it.starts_with(version) && other.allows(it));
    !other.allows(&filled(0)) && !other.allows(&filled(999)) && !is_prefix_of_named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> Wish {
        Wish::new("f", text, Tilde::Minor).expect(text)
    }

    #[test]
    fn ranges_mean_what_their_tools_say() {
        let allows = |text: &str, versions: &[[u64; 3]]| {
            versions.iter().map(|it| wish(text).allows(it)).collect::<Vec<_>>()
        };
        assert_eq!(allows("v20.11", &[[20, 11, 1], [20, 12, 0]]), [true, false]);
        assert_eq!(allows(">=18 <21", &[[18, 0, 0], [20, 9, 9], [21, 0, 0]]), [true, true, false]);
        assert_eq!(allows(">= 18", &[[17, 9, 9], [24, 0, 0]]), [false, true]);
        assert_eq!(allows("^18 || ^20.9.0", &[[18, 1, 0], [19, 0, 0], [20, 8, 0]]), [true, false, false]);
        assert_eq!(
            allows(">=3.9,<3.13,!=3.10.*", &[[3, 9, 1], [3, 10, 4], [3, 13, 0]]),
            [true, false, false]
        );
        assert_eq!(allows("18.x", &[[18, 4, 0], [20, 0, 0]]), [true, false]);
        assert_eq!(allows("18 - 20", &[[17, 0, 0], [19, 0, 0], [20, 5, 0]]), [false, true, true]);
        assert_eq!(allows("~1.2", &[[1, 2, 9], [1, 3, 0]]), [true, false]);
        let loose = Wish::new("f", "~> 3.3", Tilde::Major).unwrap();
        assert!(loose.allows(&[3, 4, 0]) && !loose.allows(&[4, 0, 0]));
        assert_eq!(Wish::new("f", "lts/*", Tilde::Minor), None);
        assert_eq!(Wish::new("f", "*", Tilde::Minor), None);
    }

    #[test]
    fn two_files_may_contradict_each_other() {
        let wishes = |texts: &[&str]| texts.iter().map(|it| wish(it)).collect::<Vec<_>>();
        assert_eq!(agreed(wishes(&[">=18", "20"])).unwrap().unwrap().text, "20");
        assert!(agreed(wishes(&["18", ">=20"])).unwrap_err().0.contains("make them agree"));
        assert!(agreed(wishes(&["20", ">=20.10"])).is_ok());
        assert!(agreed(wishes(&["20", ">=18 <20.5"])).is_ok());
        assert_eq!(agreed(Vec::new()), Ok(None));
    }
}
