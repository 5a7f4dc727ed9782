//! The tree on small files, and the promise that an edited tree is the tree made anew.

use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &str) {
    let file = Dockerfile::parse(text);
    let tree = ShadowTree::new(&file);
    assert_eq!(tree.damage(&file), [], "{text}");
    assert_eq!(tree.to_sexp(), expected);
}

fn masked(text: &str) -> Vec<u32> {
    let file = Dockerfile::parse(text);
    let tree = ShadowTree::new(&file);
    assert!(!tree.has_error(), "{text}");
    tree.damage(&file).into_iter().map(|(id, _)| id.0).collect()
}

const NONE: [u32; 0] = [];

fn captured(query: &str, text: &str) -> Vec<String> {
    let file = Dockerfile::parse(text);
    let query = Query::new(query).unwrap();
    let captures = ShadowTree::new(&file).captures(&query, &file, TextRange::up_to(TextSize::of(text)));
    captures.into_iter().map(|it| file.slice(it.range).to_owned()).collect()
}

#[test]
fn a_file_is_one_tree() {
    check(
        "FROM a:1 AS b\nRUN x \\\n  # note\n\n  y\nCOPY --link --from=b a /\n",
        "(source_file (from_instruction (image_spec name: (image_name) tag: (image_tag)) as: (image_alias)) (run_instruction (shell_command (shell_fragment))) (copy_instruction (param) (param) (path) (path)))",
    );
}

#[test]
fn the_port_of_a_registry_is_no_tag() {
    assert_eq!(captured("(image_name) @a", "FROM reg.io:5000/a/b:1\n"), ["reg.io:5000/a/b"]);
    assert_eq!(captured("(image_tag) @a", "FROM reg.io:5000/a/b:1@sha256:0a\n"), [":1"]);
    assert_eq!(captured("(image_tag) @a", "FROM reg.io:5000/a/b\n"), Vec::<String>::new());
}

#[test]
fn predicates_see_the_source_and_ranges_are_of_the_source() {
    let text = "\u{feff}# é\nRUN echo \"é #\" \\\n  <x\nCOPY [\"a é\", \"c\"]\n";
    assert_eq!(captured("((path) @a (#match? @a \"é\"))", text), ["a é"]);
    assert_eq!(captured("(shell_fragment) @a", text), ["echo \"é #\" \\\n  <x"]);
}

#[test]
fn what_the_grammar_does_not_know_hides_only_itself() {
    assert_eq!(masked("FROM a\nFOO x\nRUN y"), [1]);
    assert_eq!(masked("COPY\nRUN x\nENV a\nLABEL\nONBUILD\nRUN y <<EOF\nUSER z"), [0, 2, 3, 4]);
}

#[test]
fn plain_heredocs_are_in_the_tree() {
    check(
        "RUN <<A cat <<-'B' \na\n\nA\n\tb\n\tB\nCOPY <<f <<g /\nf\nx\ng\nRUN y\n",
        "(source_file (run_instruction (shell_command (shell_fragment (heredoc_marker) (heredoc_marker))) (heredoc_block (heredoc_line) (heredoc_line) (heredoc_end)) (heredoc_block (heredoc_line) (heredoc_end))) (copy_instruction (path (heredoc_marker)) (path (heredoc_marker)) (path) (heredoc_block (heredoc_end)) (heredoc_block (heredoc_line) (heredoc_end))) (run_instruction (shell_command (shell_fragment))))",
    );
}

#[test]
fn a_node_has_its_place_whatever_the_instruction_looks_like() {
    for text in [
        "CMD [\"# a\", \"\\n #b\"]",
        "CMD [a",
        "ENTRYPOINT ['a']",
        "ENV k v \"w\" # no comment",
        "ENV a=1 \\\n\n  # c\n  b=\"2\"'3' c= d='\\' e=\"\\\"\"",
        "ENV A=\\\nb B\\\n=c",
        "LABEL old way of it",
        "LABEL \"a b\"=\"c\"",
        "ARG a=",
        "ARG a b=1",
        "COPY --link --chown=a:b a#b \\\n c ",
        "COPY a\\\nb c\t",
        "ADD -x <y $z ${a:-${b}} $ $1 /",
        "COPY <<EOF; /a\nx\nEOF;",
        "COPY << EOF /a\nx\nEOF",
        "RUN <<EOF\nEOF2\nEOF",
        "RUN <<$X\n$X",
        "RUN --mount=type=bind,rw --mount=rw,type=x --mount=x --network=none --x a",
        "RUN -- x",
        "RUN [ -f x ] && y \\",
        "RUN $((1 << 2))",
        "FROM --platform=$P ${A}/b:${C:-d} as x.y z",
        "FROM --x --platform=y -a@ as",
        "FROM a:@sha256:x",
        "EXPOSE 80/TCP 1-2 $x/tcp x 8${y} 1/sctp",
        "VOLUME a b ",
        "VOLUME [\"a\", b]",
        "USER :b",
        "USER 1-a:$b:c",
        "USER $a-b",
        "WORKDIR C:\\a b",
        "STOPSIGNAL sig-$x",
        "MAINTAINER # me",
        "HEALTHCHECK --interval=1s cmd a",
        "HEALTHCHECK --interval=1s none",
        "ONBUILD RUN <<EOF\nx\nEOF",
        "  ru\\\nn x",
        "\\\nRUN x",
        "RUN é\u{a0}😀",
        "SHELL [\"a\"]",
    ] {
        for (text, before) in
            [(text.to_owned(), "FROM é\r\n"), (text.replace('\n', "\r\n"), "# escape=\\\r\n")]
        {
            assert_eq!(masked(&text), NONE, "{text}");
            assert_eq!(masked(&format!("{before}{text}\r\n# c\r\nUSER x")), NONE, "{text}");
        }
    }
}

#[test]
fn backticks_escape_where_they_are_told_to() {
    assert_eq!(
        masked("# escape=`\nFROM a\nENV a=\"b`\"c\" d=`\n  e\nWORKDIR C:\\\nRUN x `\n  y\\\nCMD z"),
        NONE
    );
}

#[test]
fn the_shipped_queries_fit_the_grammar() {
    for source in [HIGHLIGHTS, INJECTIONS, FOLDS, LOCALS, INDENTS, TEXTOBJECTS] {
        let query = Query::new(source);
        assert!(query.is_ok_and(|query| !query.capture_names().is_empty()), "{source}");
    }
}

#[test]
fn a_query_that_does_not_fit_says_where() {
    let fault = Query::new("(comment) @a\n(nonsense) @b").unwrap_err();
    assert_eq!(fault.offset, 14);
}

#[test]
fn injections_find_the_language_of_a_script() {
    let text = "RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\nRUN <<EOF\necho\nls\nEOF\nRUN cat <<EOF > x\ny\nEOF\n";
    let query = Query::new(INJECTIONS).unwrap();
    let file = Dockerfile::parse(text);
    let captures = ShadowTree::new(&file).captures(&query, &file, TextRange::up_to(TextSize::of(text)));
    let of = |name: &str| {
        let ranges = captures.iter().filter(|it| it.name == name).map(|it| it.range);
        ranges.map(|range| file.slice(range)).collect::<Vec<_>>().join("|")
    };
    assert_eq!(of("injection.content"), "<<EOF|print()|<<EOF|ls|cat <<EOF > x");
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
        "LABEL ",
        "EXPOSE 8 ",
        "ARG ",
        "VOLUME ",
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
        "--mount=a,b=c ",
        " ",
        "\t",
        "\u{feff}",
        "\0",
        "#",
        "[",
        "<",
        "=",
        "-",
        ":",
        "USER ",
        "HEALTHCHECK CMD ",
        "x",
    ])
    .prop_map(str::to_owned)
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(fragment(), 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn an_edited_tree_is_the_tree_made_anew_and_has_no_error(
        text in document(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), fragment()), 1..6),
    ) {
        let mut file = Dockerfile::parse(text);
        let mut tree = ShadowTree::new(&file);
        for (from, to, insert) in edits {
            let len = file.text().len() + 1;
            let (a, b) = (from.index(len), to.index(len));
            let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 8));
            file = file.edit(TextRange::new((start as u32).into(), (end as u32).into()), &insert);
            tree.update(&file);
            let anew = ShadowTree::new(&file);
            prop_assert_eq!(tree.to_sexp(), anew.to_sexp());
            prop_assert!(!tree.has_error());
            let length = file.text().len();
            prop_assert!(tree.shadow.len() == length || tree.shadow.len() == length + 1);
            prop_assert!(tree.damage(&file).iter().all(|(_, damage)| *damage == Damage::Masked));
        }
    }
}
