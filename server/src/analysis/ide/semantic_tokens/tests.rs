//! Tokens of small files, and what holds for the tokens of any file.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::analysis::text::PositionEncoding;

/// One line of text for each line of the file: `text:kind.modifier` for each token.
fn dump(text: &str) -> String {
    let file = Dockerfile::parse(text);
    let mut out = String::new();
    let mut last = 0;
    for token in semantic_tokens(&file) {
        let start = usize::from(token.range.start());
        out += if text[last..start].contains('\n') { "\n" } else { " " };
        out += &format!("{}:{}", file.slice(token.range), token.kind.as_str());
        token.modifiers.names().for_each(|name| out += &format!(".{name}"));
        last = start;
    }
    out.trim_start().to_owned()
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&dump(text));
}

#[test]
fn every_part_of_an_instruction_is_something() {
    check(
        "# syntax=docker/dockerfile:1\n# a comment\nARG V=1 W\nFROM --platform=$BUILDPLATFORM reg.io:5000/a:$V@sha256:0a AS build\nFROM build\n\
         COPY --link --from=build --from=0 --from=x:1 a b /c\nEXPOSE 80/tcp\nLABEL a.b=\"c\"\nENV A=${B:-x$C} D='e'\nUSER a:b\n\
         STOPSIGNAL SIGTERM\nMAINTAINER me\nCMD [\"a\", \"b\"]\nHEALTHCHECK --interval=1s NONE\nFOO bar\nFROM scratch\n",
        expect![[r##"
            # :comment syntax:macro =:operator docker/dockerfile:1:string
            # a comment:comment
            ARG:keyword V:variable.declaration =:operator 1:string W:variable.declaration
            FROM:keyword --platform:parameter =:operator $BUILDPLATFORM:variable.defaultLibrary reg.io:5000/a:namespace ::operator $V:variable @:operator sha256:0a:enumMember AS:keyword build:type.declaration
            FROM:keyword build:type
            COPY:keyword --link:parameter --from:parameter =:operator build:type --from:parameter =:operator 0:number --from:parameter =:operator x:1:namespace a:string b:string /c:string
            EXPOSE:keyword 80/tcp:number
            LABEL:keyword a.b:property =:operator "c":string
            ENV:keyword A:variable.declaration =:operator ${B:variable :-:operator x:string $C:variable }:variable D:variable.declaration =:operator 'e':string
            USER:keyword a:string ::operator b:string
            STOPSIGNAL:keyword SIGTERM:enumMember
            MAINTAINER:keyword.deprecated me:string
            CMD:keyword "a":string "b":string
            HEALTHCHECK:keyword --interval:parameter =:operator 1s:string NONE:keyword
            FROM:keyword scratch:namespace.defaultLibrary"##]],
    );
}

#[test]
fn shell_text_is_read_as_shell() {
    check(
        "RUN --mount=type=cache,target=/x set -e && A=1 apt-get install -y \"$B c\" \\\n  # why\n  'd' > ${E:-f} || for x in $y; do [ -f z ]; done\nCMD echo $(ls -l)\n",
        expect![[r#"
            RUN:keyword --mount:parameter =:operator type:property =:operator cache:string ,:operator target:property =:operator /x:string set:function.defaultLibrary -e:parameter &&:operator A:variable.declaration =:operator 1:number apt-get:function -y:parameter ":string $B:variable  c":string
            # why:comment
            'd':string >:operator ${E:variable :-:operator f:string }:variable ||:operator for:keyword x:variable.declaration in:keyword $y:variable ;:operator do:keyword -f:operator ;:operator done:keyword
            CMD:keyword echo:function.defaultLibrary $(:operator ls:function -l:parameter"#]],
    );
}

#[test]
fn a_heredoc_is_read_by_who_runs_it() {
    check(
        "RUN <<EOF\n#!/bin/bash\nls $x\nEOF\nRUN <<EOF\n#!/usr/bin/env python3\nprint('$x')\nEOF\nRUN cat <<-\"EOF\" > y\n\ta b\n\tEOF\nCOPY <<EOF /x\na $y\nEOF\n",
        expect![[r#"
            RUN:keyword <<:operator EOF:label
            #!/bin/bash:macro
            ls:function $x:variable
            EOF:label
            RUN:keyword <<:operator EOF:label
            #!/usr/bin/env python3:macro
            print('$x'):string
            EOF:label
            RUN:keyword cat:function <<-:operator "EOF":label >:operator
            	a b:string
            EOF:label
            COPY:keyword <<:operator EOF:label /x:string
            a :string $y:variable
            EOF:label"#]],
    );
}

#[test]
fn an_instruction_without_a_node_has_tokens_all_the_same() {
    check(
        "ENV A\nCOPY $x\nONBUILD ENV B\nONBUILD\nUNKNOWN a\n",
        expect![[r#"
        ENV:keyword A:variable.declaration
        COPY:keyword $x:variable
        ONBUILD:keyword ENV:keyword B:variable.declaration
        ONBUILD:keyword"#]],
    );
}

#[test]
fn windows_text_is_not_read_as_shell() {
    check(
        "# escape=`\nFROM a\nRUN dir `\n  c:\\\n",
        expect![[r#"
        # :comment escape:macro =:operator `:string
        FROM:keyword a:namespace
        RUN:keyword"#]],
    );
    check(
        "FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN Get-Item x\nFROM b\nRUN ls\nFROM mcr.microsoft.com/windows/nanoserver AS w\nRUN dir\nFROM w\nRUN dir\n",
        expect![[r#"
            FROM:keyword a:namespace
            SHELL:keyword "pwsh":string "-c":string
            RUN:keyword
            FROM:keyword b:namespace
            RUN:keyword ls:function
            FROM:keyword mcr.microsoft.com/windows/nanoserver:namespace AS:keyword w:type.declaration
            RUN:keyword
            FROM:keyword w:type
            RUN:keyword"#]],
    );
}

#[test]
fn a_change_above_changes_what_depends_on_it() {
    let file = Dockerfile::parse("FROM a AS b\nRUN ls\nCOPY --from=b x y\n");
    let mut cache = TokenCache::default();
    cache.tokens(&file);
    let edited = file.edit(TextRange::new(10.into(), 11.into()), "c\nSHELL [\"cmd\"]");
    assert_eq!(cache.tokens(&edited), semantic_tokens(&edited));
}

#[test]
fn a_range_holds_the_tokens_that_touch_it() {
    let file = Dockerfile::parse("FROM a\n# x\nRUN ls\n");
    let tokens = TokenCache::default().tokens_in(&file, TextRange::new(7.into(), 10.into()));
    assert_eq!(tokens.len(), 1);
}

#[test]
fn positions_count_in_the_units_of_the_editor() {
    let text = "# é😀\nFROM é AS b\n";
    let tokens = semantic_tokens(&Dockerfile::parse(text));
    let comment = |encoding| encode(&tokens, text, encoding)[2];
    assert_eq!(comment(PositionEncoding::Utf8), 8);
    assert_eq!(comment(PositionEncoding::Utf16), 5);
    assert_eq!(comment(PositionEncoding::Utf32), 4);
    let data = encode(&tokens, text, PositionEncoding::Utf16);
    assert_eq!(data[5..15], [1, 0, 4, TokenKind::Keyword as u32, 0, 0, 5, 1, TokenKind::Namespace as u32, 0]);
}

#[test]
fn a_difference_names_whole_tokens() {
    let (old, new) = ([[1; 5], [2; 5], [3; 5]].concat(), [[1; 5], [4; 5], [4; 5], [3; 5]].concat());
    let edit = difference(&old, &new).unwrap();
    assert_eq!((edit.start, edit.delete_count, edit.data.len()), (5, 5, 10));
    assert_eq!(difference(&old, &old), None);
}

fn fragment() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "FROM a:1 AS b\n",
        "RUN b",
        " \\\n",
        "\\\r\n",
        "\n",
        "\r\n",
        "# c\n",
        "# escape=`\n",
        "`\n",
        "<<EOF",
        "<<-E",
        "EOF\n",
        "E\n",
        "\tE\n",
        "ENV A=1 ",
        "ARG ",
        "\"",
        "'",
        "$x",
        "${y:-z}",
        "é",
        "😀",
        "COPY a b\n",
        "ONBUILD ",
        "[\"a\"]",
        "--from=b ",
        "--mount=a,b=c ",
        "SHELL [\"cmd\"]\n",
        "&& ",
        "$(",
        ")",
        "#!/bin/sh\n",
        "\u{feff}",
        "\0",
        "=",
        ":",
        "USER ",
        "x ",
        "if ",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn tokens_are_sorted_apart_and_on_one_line_and_a_cache_changes_nothing(
        parts in prop::collection::vec(fragment(), 0..30),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), fragment()), 0..4),
    ) {
        let mut file = Dockerfile::parse(parts.concat());
        let mut cache = TokenCache::default();
        let mut old = Vec::new();
        for (from, to, insert) in edits {
            let tokens = cache.tokens(&file);
            prop_assert_eq!(&tokens, &semantic_tokens(&file));
            for token in &tokens {
                let text = file.text().get(std::ops::Range::<usize>::from(token.range));
                prop_assert!(text.is_some_and(|it| !it.is_empty() && !it.contains('\n')), "{:?}", token);
                prop_assert!((token.kind as usize) < TokenKind::LEGEND.len());
                prop_assert!(token.modifiers.bits() < 1 << Modifiers::LEGEND.len());
            }
            prop_assert!(tokens.windows(2).all(|pair| pair[0].range.end() <= pair[1].range.start()));
            let new = encode(&tokens, file.text(), PositionEncoding::Utf16);
            if let Some(edit) = difference(&old, &new) {
                let start = edit.start as usize;
                old.splice(start..start + edit.delete_count as usize, edit.data);
            }
            prop_assert_eq!(&old, &new);
            let len = file.text().len() + 1;
            let (a, b) = (from.index(len), to.index(len));
            let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 8));
            file = file.edit(TextRange::new((start as u32).into(), (end as u32).into()), &insert);
        }
    }
}
