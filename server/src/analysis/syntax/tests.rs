//! The parser on small files, and the promise that an edit gives what a full parse gives.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::ast::*;
use super::*;

/// One line an instruction: keyword, flags, arguments, heredocs, problems, in source ranges.
fn dump(text: &str) -> String {
    let file = Dockerfile::parse(text);
    let mut out = String::new();
    for instruction in file.instructions() {
        out.push_str(&dump_instruction(&file, instruction, &instruction));
        out.push('\n');
    }
    out
}

fn dump_instruction(file: &Dockerfile, at: InstructionRef, node: &Instruction) -> String {
    let source = |range: TextRange| file.slice(at.absolute(range)).replace('\n', "⏎");
    let mut out = node.keyword.map_or(format!("?{}", node.name.as_str()), |it| it.as_str().to_owned());
    for flag in &node.flags {
        out += &format!(" <{}>", source(flag.range));
    }
    let word = |word: &expansion::Word| format!(" {}", source(word.range()));
    match &node.arguments {
        Arguments::From(from) => {
            out.extend(from.image.iter().map(word));
            out.extend(from.name.iter().map(|name| format!(" as {}", name.as_str())));
            out.extend(from.rest.iter().map(|rest| format!(" rest {}", rest.as_str())));
        }
        Arguments::Command(Some(Command::Shell(text))) => out += &format!(" sh({})", text.as_str()),
        Arguments::Command(Some(Command::Exec(exec))) => {
            out.extend(exec.arguments.iter().map(|it| format!(" [{}]", it.text.as_str())));
        }
        Arguments::Copy(copy) => {
            out.extend(copy.sources.iter().map(word));
            out.extend(copy.destination.iter().map(|it| format!(" ->{}", word(it))));
        }
        Arguments::Pairs(pairs) => {
            for pair in &pairs.pairs {
                out += &format!(" {}={}", pair.key.raw(), pair.value.as_ref().map_or("none", |it| it.raw()));
            }
            out += if pairs.is_legacy { " (legacy)" } else { "" };
        }
        Arguments::Arg(list) => {
            for it in list {
                out += &format!(" {}={}", it.name.raw(), it.value.as_ref().map_or("none", |it| it.raw()));
            }
        }
        Arguments::List(list) => out.extend(list.items.iter().map(word)),
        Arguments::Single(it) => out.extend(it.iter().map(word)),
        Arguments::Healthcheck(Some(it)) => {
            out += &format!(
                " {} {}",
                it.kind.as_str(),
                it.command.as_ref().map_or(String::new(), |it| source(it.range()))
            );
        }
        Arguments::Onbuild(Some(inner)) => out += &format!(" ({})", dump_instruction(file, at, inner)),
        Arguments::Command(None)
        | Arguments::Healthcheck(None)
        | Arguments::Onbuild(None)
        | Arguments::Unknown => {}
    }
    for it in &node.heredocs {
        out += &format!(" {}{{{}}}", source(it.marker), source(it.body));
    }
    for problem in &node.problems {
        out += &format!(" !{:?}@{}", problem.kind, source(problem.range));
    }
    out
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&dump(text));
}

#[test]
fn every_instruction_has_its_arguments() {
    check(
        r#"FROM --platform=linux/amd64 a:1 AS b
RUN --mount=type=cache,target=/x echo "hi" && ls
CMD ["a", "b c"]
ENTRYPOINT ['a']
LABEL a=b "c d"="e f"
LABEL old way of it
MAINTAINER me <me@example.com>
EXPOSE 80 443/tcp
ENV A=1 B="2 3"
ENV OLD new value
ADD a b /c
COPY --from=b ["x y", "/z/"]
VOLUME /a /b
VOLUME ["/c"]
USER me:you
WORKDIR /a b
ARG X Y=1
ONBUILD COPY --link a b
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s CMD curl -f localhost
HEALTHCHECK NONE
SHELL ["/bin/sh", "-c"]
FOO bar
"#,
        expect![[r#"
            FROM <--platform=linux/amd64> a:1 as b
            RUN <--mount=type=cache,target=/x> sh(echo "hi" && ls)
            CMD [a] [b c]
            ENTRYPOINT sh(['a'])
            LABEL a=b "c d"="e f"
            LABEL old=way of it (legacy)
            MAINTAINER me <me@example.com>
            EXPOSE 80 443/tcp
            ENV A=1 B="2 3"
            ENV OLD=new value (legacy)
            ADD a b -> /c
            COPY <--from=b> x y -> /z/
            VOLUME /a /b
            VOLUME /c
            USER me:you
            WORKDIR /a b
            ARG X=none Y=1
            ONBUILD (COPY <--link> a -> b)
            STOPSIGNAL SIGTERM
            HEALTHCHECK <--interval=5s> CMD curl -f localhost
            HEALTHCHECK NONE 
            SHELL [/bin/sh] [-c]
            ?FOO
        "#]],
    );
}

#[test]
fn heredocs_belong_to_their_instruction() {
    check(
        "RUN <<A cat <<-'B'\na\nA\n\tb\n\tB\nONBUILD RUN <<X\nx\nX\nCOPY [\"<<EOF\", \"/\"]\nUSER <<U\nRUN <<END\nRUN x\n",
        expect![[r#"
            RUN sh(<<A cat <<-'B') <<A{a⏎} <<-'B'{	b⏎}
            ONBUILD (RUN sh(<<X)) <<X{x⏎}
            COPY <<EOF -> /
            USER <<U
            RUN sh(<<END) <<END{} !UnterminatedHeredoc("END")@<<END
            RUN sh(x)
        "#]],
    );
}

#[test]
fn continuations_belong_to_their_instruction() {
    check(
        "ENV A=1 \\\n  # why\n\n  B=2\nRUN a \\\r\n  b\r\nrun c",
        expect![[r#"
            ENV A=1 B=2
            RUN sh(a   b)
            RUN sh(c)
        "#]],
    );
}

#[test]
fn faults_are_kept_and_reading_goes_on() {
    check(
        "ENV A\nENV A=1 b\nCMD [\"a\", 1]\nCOPY \"a /b\nWORKDIR ${x\nRUN ok\n",
        expect![[r#"
            ENV A=none (legacy) !MissingValue@A
            ENV A=1 b=none !MissingEquals("b")@b
            CMD sh(["a", 1]) !JsonNotStrings@1
            COPY "a -> /b !Expansion(UnclosedDoubleQuote)@"a
            WORKDIR ${x !Expansion(UnclosedBrace)@${x
            RUN sh(ok)
        "#]],
    );
}

#[test]
fn a_word_over_a_continuation_points_at_all_its_lines() {
    let file = Dockerfile::parse("WORKDIR /a\\\nb\n");
    let instruction = file.instructions().next().unwrap();
    let Arguments::Single(Some(word)) = &instruction.arguments else { panic!() };
    assert_eq!(word.raw(), "/ab");
    assert_eq!(file.slice(instruction.absolute(word.range())), "/a\\\nb");
}

#[test]
fn the_escape_directive_changes_continuations_and_words() {
    check(
        "# escape=`\nFROM a\nCOPY a `\n  C:\\dir\\\nENV A=b` c\n",
        expect![[r#"
            FROM a
            COPY a -> C:\dir\
            ENV A=b` c
        "#]],
    );
}

#[test]
fn deep_onbuild_does_no_harm() {
    let file = Dockerfile::parse("ONBUILD ".repeat(100_000));
    assert_eq!(file.len(), 1);
}

#[test]
fn many_endless_heredocs_are_told_from_those_that_end() {
    let endless: String = (0..20_000).map(|n| format!("RUN <<E{n}\n")).collect();
    let file = Dockerfile::parse(format!("{endless}RUN <<-Z\nx\n\tZ\nRUN y\n"));
    assert_eq!(file.len(), 20_002);
    assert_eq!(file.heredocs().filter(|(_, it)| it.terminator.is_some()).count(), 1);
}

#[test]
fn too_much_is_cut_and_said() {
    let text = "RUN a\n".repeat(MAX_INSTRUCTIONS + 10);
    let file = Dockerfile::parse(text.as_str());
    assert_eq!(file.len(), MAX_INSTRUCTIONS);
    assert_eq!(file.cut(), Some(TextSize::from(MAX_INSTRUCTIONS as u32 * 6)));
    let shorter = file.edit(TextRange::new(0.into(), 600.into()), "");
    assert_eq!((shorter.len(), shorter.cut()), (MAX_INSTRUCTIONS - 90, None));
    let longer = shorter.edit(TextRange::empty(0.into()), &"RUN b\n".repeat(200));
    assert_eq!(longer.len(), MAX_INSTRUCTIONS);
}

#[test]
fn an_edit_shares_what_it_does_not_touch() {
    let file = Dockerfile::parse("FROM a\nRUN b\nRUN c\n");
    let edited = file.edit(TextRange::empty(12.into()), "x");
    let nodes = |file: &Dockerfile| file.instructions().map(|it| it.node.clone()).collect::<Vec<_>>();
    let (old, new) = (nodes(&file), nodes(&edited));
    assert!(std::sync::Arc::ptr_eq(&old[0], &new[0]) && std::sync::Arc::ptr_eq(&old[2], &new[2]));
    assert_eq!(edited.text(), "FROM a\nRUN bx\nRUN c\n");
}

/// What two parses of the same text must agree on.
fn state(file: &Dockerfile) -> impl PartialEq + std::fmt::Debug + use<> {
    let instructions: Vec<_> = file.instructions().map(|it| (it.start, it.node.clone())).collect();
    (file.text().to_owned(), file.directives().clone(), file.comments().to_vec(), instructions)
}

fn fragment() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "FROM a\n",
        "RUN b",
        " \\\n",
        "\\\r\n",
        "\n",
        "\r\n",
        "\r",
        "# c\n",
        "# escape=`\n",
        "`\n",
        "<<EOF",
        "<<-E",
        "EOF\n",
        "E\n",
        "\tE\n",
        "ENV A=1 ",
        "\"",
        "'",
        "$x",
        "${y:-z}",
        "é",
        "😀",
        "COPY a b\n",
        "ONBUILD ",
        "[\"a\"]",
        "--from=x ",
        " ",
        "\t",
        "\u{feff}",
        "\0",
    ])
    .prop_map(str::to_owned)
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_edited_file_is_the_file_parsed_anew(
        text in document(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), fragment()), 1..6),
    ) {
        let mut file = Dockerfile::parse(text);
        for (from, to, insert) in edits {
            let len = file.text().len() + 1;
            let (a, b) = (from.index(len), to.index(len));
            // Mostly small edits: a wide one would leave nothing to share.
            let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 8));
            file = file.edit(TextRange::new((start as u32).into(), (end as u32).into()), &insert);
            prop_assert_eq!(state(&file), state(&Dockerfile::parse(file.text())));
        }
    }

    #[test]
    fn any_text_is_read_and_all_ranges_are_inside(text in ".{0,200}") {
        let file = Dockerfile::parse(text);
        for instruction in file.instructions() {
            prop_assert!(usize::from(instruction.absolute_range().end()) <= file.text().len());
            for word in instruction.words() {
                let range = instruction.absolute(word.range());
                prop_assert!(file.text().get(usize::from(range.start())..usize::from(range.end())).is_some());
            }
        }
    }
}
