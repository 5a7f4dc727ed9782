//! Lines of 64 KiB.

use crate::analysis::lint::prelude::*;

rule! {
    /// A line is longer than Docker reads.
    ///
    /// The build stops: Docker reads lines of at most 65,535 bytes. Such lines mostly hold data; keep it in a file and
    /// copy it.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN echo {65536 times x}
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// COPY data.txt /data.txt
    /// ```
    error,
    name: "line-too-long",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/",
    check: Check::Model(check),
}

/// Without the line feed; a carriage return counts.
const MOST: usize = 65_535;

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let text = cx.model.file().text();
    let mut start = 0;
    // A long line is where no line feed is found within the limit; short lines need not be looked at one by one.
    while let Some(window) = text.as_bytes().get(start..=start + MOST) {
        match memchr::memrchr(b'\n', window) {
            Some(at) => start += at + 1,
            None => {
                let rest = text.as_bytes().get(start..).unwrap_or_default();
                let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                report
                    .at(cx.range(start, end), "this line is longer than the 65,535 bytes that Docker reads");
                start = end + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::findings;

    #[test]
    fn the_limit_is_that_of_the_build() {
        let line = |len: usize| format!("FROM a\n# {}\n", "x".repeat(len - 2));
        assert!(findings("line-too-long", &line(65_535)).is_empty());
        assert_eq!(findings("line-too-long", &line(65_536)).len(), 1);
    }
}
