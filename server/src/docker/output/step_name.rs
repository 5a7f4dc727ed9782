//! BuildKit's names of steps: `[builder 2/3] RUN make`, `[internal] load metadata for docker.io/library/alpine`.

use crate::analysis::image::Platform;

/// A name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepName<'a> {
    /// As BuildKit names it: `builder`, `stage-1`; `None` when the file has but one stage.
    pub stage: Option<&'a str>,
    /// 0 for what is no step of a stage.
    pub number: u32,
    pub total: u32,
    /// The instruction, or the whole name.
    pub text: &'a str,
}

/// Reads what stands in the brackets: a platform (or `from->to`), a stage, `number/total`; the first two can be absent.
pub fn read(name: &str) -> StepName<'_> {
    let whole = StepName { text: name, ..StepName::default() };
    let Some((inside, text)) = name.strip_prefix('[').and_then(|it| it.split_once("] ")) else {
        return whole;
    };
    let mut words = inside.split_whitespace().rev();
    let Some((number, total)) = words.next().and_then(fraction) else { return whole };
    let stage = words.next().filter(|it| !is_platform(it));
    StepName { stage, number, total, text }
}

fn fraction(word: &str) -> Option<(u32, u32)> {
    let (number, total) = word.split_once('/')?;
    Some((number.parse().ok()?, total.parse().ok()?))
}

/// A stage's name has no slash.
fn is_platform(word: &str) -> bool {
    word.contains('/') && word.split("->").all(|it| Platform::parse(it).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> (Option<&str>, u32, u32, &str) {
        let StepName { stage, number, total, text } = read(name);
        (stage, number, total, text)
    }

    #[test]
    fn stage_number_and_instruction_are_told_apart() {
        assert_eq!(parts("[2/3] RUN a"), (None, 2, 3, "RUN a"));
        assert_eq!(parts("[builder  2/13] RUN [ -e x ] y"), (Some("builder"), 2, 13, "RUN [ -e x ] y"));
        assert_eq!(parts("[linux/arm64 builder 2/3] RUN a"), (Some("builder"), 2, 3, "RUN a"));
        assert_eq!(parts("[linux/amd64->arm64 build 1/1] FROM a"), (Some("build"), 1, 1, "FROM a"));
        assert_eq!(parts("[linux/arm64 2/3] RUN a"), (None, 2, 3, "RUN a"));
    }

    #[test]
    fn other_steps_have_no_number() {
        for name in ["[internal] load build context", "exporting to image", "[", "[auth] a/b:pull token"] {
            assert_eq!(parts(name), (None, 0, 0, name));
        }
    }
}
