//! The formatter as a whole: what it does, what it leaves alone, and that it never changes a meaning.

use proptest::prelude::*;

use super::*;

/// `text` formatted. Checks the two invariants on the way, without the last look of [`document`].
fn formatted_with(text: &str, options: &FormatOptions) -> String {
    let file = Dockerfile::parse(text);
    let edits = all_edits(&file, options);
    let new = apply_edits(text, &edits).expect("edits do not overlap");
    let new_file = Dockerfile::parse(new.as_str());
    assert_eq!(meaning(&new_file), meaning(&file), "meaning changed:\n{text:?}\n{new:?}");
    let again = apply_edits(&new, &all_edits(&new_file, options)).expect("edits do not overlap");
    assert_eq!(again, new, "formatting twice differs from once:\n{text:?}");
    assert!(edits.iter().all(|edit| file.slice(edit.range) != edit.new_text), "an edit that changes nothing");
    new
}

fn formatted(text: &str) -> String {
    formatted_with(text, &FormatOptions::default())
}

#[track_caller]
fn check(before: &str, after: &str) {
    assert_eq!(formatted(before), after);
}

#[track_caller]
fn check_unchanged(text: &str) {
    check(text, text);
}

#[test]
fn instructions_start_at_column_zero_with_one_blank_behind_the_keyword() {
    check("  FROM   a\n\tRUN\tb  c\n", "FROM a\nRUN b  c\n");
    check("FROM a   AS\tb\nEXPOSE 80   443\n", "FROM a AS b\nEXPOSE 80 443\n");
    check(
        "RUN  --mount=type=cache,target=/x   --network=none  b\n",
        "RUN --mount=type=cache,target=/x --network=none b\n",
    );
    check("HEALTHCHECK  --retries=3   CMD   a  b\n", "HEALTHCHECK --retries=3 CMD a  b\n");
    check("ONBUILD   RUN   a\n", "ONBUILD RUN a\n");
}

#[test]
fn columns_that_people_align_stay() {
    check_unchanged(
        "COPY a     /a\nCOPY abc   /abc\nENV A=1   B=2\nENV HOME        /root\nARG A=1   B\nVOLUME /a   /b\n",
    );
}

#[test]
fn json_arrays_have_one_blank_behind_each_comma() {
    check(r#"CMD ["a","b" ,  "c,d"]"#, "CMD [\"a\", \"b\", \"c,d\"]\n");
    check("CMD [  \"a\",\"b\"]\n", "CMD [ \"a\", \"b\" ]\n");
    check("CMD [ ]\nCOPY [\"a\"  ,\"b\"]\n", "CMD []\nCOPY [\"a\", \"b\"]\n");
    check("HEALTHCHECK CMD [\"a\",\"b\"]\n", "HEALTHCHECK CMD [\"a\", \"b\"]\n");
    // Not JSON, so it is shell text.
    check_unchanged("CMD ['a','b']\nRUN [ -f a,b ]\n");
}

#[test]
fn blocks_keep_their_relative_indentation() {
    check(
        "RUN set -e; \\\n  if a; then \\\n      b; \\\n  fi \\\n  && c\n",
        "RUN set -e; \\\n    if a; then \\\n        b; \\\n    fi \\\n    && c\n",
    );
    check("RUN a \\\n&& b \\\n  | c \\\n|| d\n", "RUN a \\\n    && b \\\n      | c \\\n    || d\n");
    check("RUN \\\n  a && \\\n  b\n", "RUN \\\n    a && \\\n    b\n");
}

#[test]
fn the_least_indented_line_sets_the_block() {
    check_unchanged("RUN apt-get install \\\n        git \\\n    && rm x\n");
    check(
        "RUN apt-get install \\\n    git \\\n&& rm x\n",
        "RUN apt-get install \\\n        git \\\n    && rm x\n",
    );
    check_unchanged("RUN a \\\n    && b \\\n  && c\n");
}

#[test]
fn closing_brackets_may_stand_below_the_instruction() {
    check_unchanged("ENTRYPOINT [ \\\n    \"a\", \\\n    \"b\" \\\n]\n");
    check("RUN if a; then \\\n  b; \\\nfi\n", "RUN if a; then \\\n    b; \\\nfi\n");
    check("RUN a \\\n}x \\\nb\n", "RUN a \\\n    }x \\\n    b\n");
}

#[test]
fn lines_with_nothing_but_an_escape_move_with_their_block() {
    check("RUN a; \\\n        b; \\\n        \\\n        c\n", "RUN a; \\\n    b; \\\n    \\\n    c\n");
    check("RUN a; \\\n\\\n    c\n", "RUN a; \\\n    \\\n    c\n");
}

#[test]
fn one_blank_stands_before_the_escape_and_none_behind_it() {
    check("RUN a\\  \n    b   \\\n    c\n", "RUN a \\\n    b \\\n    c\n");
}

#[test]
fn aligned_escapes_stay_aligned() {
    check_unchanged("RUN abc   \\\n    d     \\\n    e\n");
    check("LABEL a=1     \\\n      bcd=2   \\\n      c=3\n", "LABEL a=1     \\\n    bcd=2     \\\n    c=3\n");
    check("RUN a       \\\n bcdefgh  \\\n i     \\\n j\n", "RUN a \\\n    bcdefgh \\\n    i \\\n    j\n");
    check("RUN a       \\\n bcdefgh   \\\n i\n", "RUN a \\\n    bcdefgh \\\n    i\n");
    check("RUN ab  \\\nbcdefg  \\\n i\n", "RUN ab     \\\n    bcdefg \\\n     i\n");
}

#[test]
fn text_inside_quotes_is_not_moved() {
    check_unchanged("RUN echo \"a \\\n  b \\\n      c\" \\\n    && d\n");
    check_unchanged("RUN echo 'a\\n\\\n  b' > c\n");
    check_unchanged("LABEL a=\"b \\\n  c\"\n");
    check_unchanged("CMD [\"sh\", \"-c\", \"a \\\n  b\"]\n");
    check("RUN a=\"$(b \\\n  c)\" \\\n  d\n", "RUN a=\"$(b \\\n    c)\" \\\n    d\n");
}

#[test]
fn command_substitutions_in_quotes_are_code() {
    check(
        "RUN deps=\"$( \\\n  a --b 'c  d' \\\n    | sort -u \\\n)\"; \\\n  rm $deps\n",
        "RUN deps=\"$( \\\n    a --b 'c  d' \\\n      | sort -u \\\n)\"; \\\n    rm $deps\n",
    );
}

#[test]
fn words_that_go_on_over_a_line_break_stay_whole() {
    check_unchanged("RUN ab\\\ncd \\\n    ef\n");
    check("RUN a\\\\ \\\n  b\n", "RUN a\\\\ \\\n    b\n");
    check_unchanged("ENV HOME /a \\\n  b\nWORKDIR /a \\\n  b\n");
}

#[test]
fn an_escaped_blank_before_the_escape_is_part_of_its_word() {
    check_unchanged("# escape=`\nFROM a\nENV A=b`   `\n  C=d\n");
    check_unchanged("# escape=`\nRUN a\\   `\n  b\n");
}

#[test]
fn comments_among_continuation_lines_follow_them() {
    check(
        "RUN a \\\n# one\n  && b \\\n      # nested\n      c \\\n  # d  \n  && e\n",
        "RUN a \\\n    # one\n    && b \\\n        # nested\n        c \\\n    # d\n    && e\n",
    );
    check("RUN a \\\n    b \\\n    # below b\n  c\n", "RUN a \\\n    b \\\n    # below b\n  c\n");
}

#[test]
fn comments_between_instructions_go_to_column_zero() {
    check("FROM a\n  # b  c  \n\t#d\nRUN x\n", "FROM a\n# b  c\n#d\nRUN x\n");
}

#[test]
fn a_comment_never_becomes_a_directive_nor_the_other_way_round() {
    check("\n\n# escape=`\nFROM a\n", "\n# escape=`\nFROM a\n");
    check("\n\n# hello\nFROM a\n", "# hello\nFROM a\n");
    check("  # escape=`\nRUN a `\n b\n", "# escape=`\nRUN a `\n    b\n");
    check("# syntax=a\n\n\n\n# check=skip=all\nFROM a\n", "# syntax=a\n\n\n# check=skip=all\nFROM a\n");
}

#[test]
fn heredocs_stay_byte_by_byte() {
    check_unchanged("RUN <<EOF\n  a  \n\n\n\n\tb\nEOF\n");
    check_unchanged("RUN <<-EOF cat\n\ta  \n\t EOF\n\tEOF\nCOPY <<\"a  b\" <<C /d\nx\na  b\n y\nC\n");
    check("  RUN  cat <<EOF  >x  \n a\nEOF\n", "RUN cat <<EOF  >x\n a\nEOF\n");
    check("RUN --mount=a=b \\\n  cat <<EOF\n a\nEOF", "RUN --mount=a=b \\\n    cat <<EOF\n a\nEOF\n");
}

#[test]
fn nothing_behind_an_endless_heredoc_is_touched() {
    check("  FROM a\nRUN <<EOF\n  # a\n   RUN  b\n\n\n\n", "FROM a\nRUN <<EOF\n  # a\n   RUN  b\n\n\n\n");
}

#[test]
fn faulty_instructions_stay_as_they_are_and_the_others_do_not() {
    check("  FRM   a\n  RUN  b\n", "  FRM   a\nRUN b\n");
    check("RUN a &&\n    apt-get   x\n  CMD  b\n", "RUN a &&\n    apt-get   x\nCMD b\n");
    check("  ENV   A=\"b  \n RUN  c\n", "  ENV   A=\"b  \nRUN c\n");
    check_unchanged("  ONBUILD   FRM  a\n  COPY  [\"a\", 1]\n");
}

#[test]
fn an_instruction_swallowed_by_an_escape_stays_where_it_is() {
    check_unchanged("RUN a \\\n  b \\\n\nCMD x\n");
    check_unchanged("RUN a \\\nCOPY  b c\n");
}

#[test]
fn a_continuation_at_the_end_of_the_file_is_left_to_its_writer() {
    check_unchanged("RUN a \\\n    b \\\n  # c\n\n\n\n\n");
    check("RUN a \\", "RUN a \\\n");
}

#[test]
fn blank_lines_are_few() {
    check("\n\nFROM a\n\n\n\n \t\nRUN b\n\n\n", "FROM a\n\n\nRUN b\n");
    check("RUN a \\\n\n\n  \n\n    b\n", "RUN a \\\n\n\n    b\n");
    check("  \n\n", "");
    let one = FormatOptions { max_blank_lines: 0, ..FormatOptions::default() };
    assert_eq!(formatted_with("# a\n\n\n\nFROM b\n", &one), "# a\n\nFROM b\n");
}

#[test]
fn line_breaks_and_byte_order_mark_stay() {
    check(
        "\u{feff} FROM a  \r\n\r\nRUN a \\ \r\n  b\r\nCMD c",
        "\u{feff}FROM a\r\n\r\nRUN a \\\r\n    b\r\nCMD c\r\n",
    );
    check("FROM a\r\nRUN b", "FROM a\r\nRUN b\r\n");
    check("FROM a\nRUN b", "FROM a\nRUN b\n");
    check_unchanged("");
}

#[test]
fn marks_switch_the_formatter_off() {
    check("# dockerfmt-ignore\n\n  RUN  a  \n  RUN  b\n", "# dockerfmt-ignore\n\n  RUN  a  \nRUN b\n");
    check(
        " FROM  a\n  # dockwright: format off\n  RUN  a\n\n\n\n\n  # b\n# dockwright: format on\n RUN  c\n",
        "FROM a\n  # dockwright: format off\n  RUN  a\n\n\n\n\n  # b\n# dockwright: format on\nRUN c\n",
    );
    check("# dockwright: format off\n RUN  a\n\n\n\n\n  ", "# dockwright: format off\n RUN  a\n\n\n\n\n  ");
}

#[test]
fn keywords_get_the_case_one_asks_for() {
    let upper = FormatOptions { keyword_case: KeywordCase::Upper, ..FormatOptions::default() };
    let lower = FormatOptions { keyword_case: KeywordCase::Lower, ..FormatOptions::default() };
    let text = "from a As b\nonbuild Run c\nhealthcheck none\n";
    assert_eq!(formatted_with(text, &upper), "FROM a AS b\nONBUILD RUN c\nHEALTHCHECK NONE\n");
    assert_eq!(formatted_with("FROM A AS B\n", &lower), "from A as B\n");
    check_unchanged(text);
}

#[test]
fn indentation_is_made_of_what_the_file_uses() {
    check_unchanged("RUN a \\\n\tb \\\n\t\tc\n");
    check("RUN a \\\n\tb \\\n\tc \\\n    d\n", "RUN a \\\n\tb \\\n\tc \\\n\td\n");
    let with = |indent_style, indent| FormatOptions { indent_style, indent, ..FormatOptions::default() };
    let text = "RUN a \\\n\tb \\\n\t  c\n";
    assert_eq!(formatted_with(text, &with(IndentStyle::Spaces, 2)), "RUN a \\\n  b \\\n    c\n");
    assert_eq!(
        formatted_with("RUN a \\\n  b \\\n     c\n", &with(IndentStyle::Tabs, 2)),
        "RUN a \\\n\tb \\\n\t\t c\n"
    );
    assert_eq!(formatted_with("RUN a \\\nb\n", &with(IndentStyle::Spaces, 0)), "RUN a \\\n b\n");
}

#[test]
fn what_is_switched_off_is_not_done() {
    let options = FormatOptions {
        insert_final_newline: false,
        trim_final_newlines: false,
        trim_trailing_whitespace: false,
        ignore_multiline_instructions: true,
        ..FormatOptions::default()
    };
    assert_eq!(
        formatted_with(" RUN a  \n  RUN b \\\n c\n\n \n\nCMD d", &options),
        "RUN a  \n  RUN b \\\n c\n\n \nCMD d"
    );
    assert_eq!(formatted_with("RUN a\n\n\n\n", &options), "RUN a\n\n\n\n");
}

#[test]
fn windows_shells_keep_what_they_may_print() {
    check_unchanged("# escape=`\nFROM windows\nRUN echo a `\n  b\n");
    check("# escape=`\nFROM windows\nRUN dir a `\n  b\n", "# escape=`\nFROM windows\nRUN dir a `\n    b\n");
    check(
        "FROM a\nSHELL [\"pwsh\"]\nRUN echo a \\\n  b\n",
        "FROM a\nSHELL [\"pwsh\"]\nRUN echo a \\\n    b\n",
    );
    check_unchanged("FROM a\nSHELL [\"python\", \"-c\"]\nRUN print(1); \\\n  print(2)\n");
}

#[track_caller]
fn check_range(text: &str, part: &str, after: &str) {
    let start = text.find(part).expect("the part is in the text");
    let file = Dockerfile::parse(text);
    let edits = range(&file, &FormatOptions::default(), text_range(start..start + part.len()));
    assert_eq!(apply_edits(text, &edits).as_deref(), Some(after));
}

#[test]
fn a_range_formats_the_instructions_it_touches() {
    check_range(
        " FROM a\n RUN b \\\n  c \\\n  d\n CMD e",
        "  c",
        " FROM a\nRUN b \\\n    c \\\n    d\n CMD e",
    );
    check_range(" FROM a\n\n\n\n\n # b\n RUN  c", "# b", " FROM a\n\n\n\n\n# b\n RUN  c");
    check_range(" FROM a\n RUN  c", "RUN", " FROM a\nRUN c\n");
}

/// `<|>` is the cursor behind the line break just typed.
#[track_caller]
fn check_enter(text: &str, after: &str) {
    let (before_cursor, behind) = text.split_once("<|>").expect("there is a cursor");
    let text = [before_cursor, behind].concat();
    let offset = TextSize::of(before_cursor);
    let edits = on_type(&Dockerfile::parse(text.as_str()), &FormatOptions::default(), offset, '\n');
    assert_eq!(apply_edits(&text, &edits).as_deref(), Some(after));
}

#[test]
fn enter_behind_an_escape_indents_the_new_line() {
    check_enter("RUN a \\\n<|>", "RUN a \\\n    ");
    check_enter("RUN a \\\n<|>\nCMD x\n", "RUN a \\\n    \nCMD x\n");
    check_enter("RUN a \\\n  b \\\n<|>", "RUN a \\\n  b \\\n  ");
    check_enter("RUN a \\\n      b \\\n  <|>&& c\n", "RUN a \\\n      b \\\n      && c\n");
    check_enter("RUN a \\\r\n<|>\r\n", "RUN a \\\r\n    \r\n");
    check_enter("RUN a \\\n    <|>", "RUN a \\\n    ");
}

#[test]
fn enter_behind_the_end_of_an_instruction_starts_at_column_zero() {
    check_enter("RUN a \\\n    b\n    <|>", "RUN a \\\n    b\n");
    check_enter("RUN a \\\n    b &&\n    <|>", "RUN a \\\n    b &&\n    ");
    check_enter("RUN a\n  <|>CMD b\n", "RUN a\n  CMD b\n");
}

#[test]
fn enter_elsewhere_does_nothing() {
    check_enter("RUN <<EOF\n  <|>\nEOF\n", "RUN <<EOF\n  \nEOF\n");
    check_enter("RUN <<EOF\n a\n  <|>\nEOF\n", "RUN <<EOF\n a\n  \nEOF\n");
    check_enter("RUN a\\\n<|>b", "RUN a\\\nb");
    check_enter("RUN \"a \\\n <|>", "RUN \"a \\\n ");
    check_enter("# a\n  <|>", "# a\n  ");
    check_enter("RUN a \\\n  # b\n  <|>", "RUN a \\\n  # b\n  ");
    check_enter("<|>", "");
    let file = Dockerfile::parse("RUN a \\\n");
    assert_eq!(on_type(&file, &FormatOptions::default(), 8.into(), '\\'), []);
}

/// Pieces of files with all that makes formatting dangerous.
const PIECES: &[&str] = &[
    "FROM",
    "RUN",
    "ENV",
    "COPY",
    "CMD",
    "LABEL",
    "ONBUILD",
    "SHELL",
    "HEALTHCHECK",
    "run",
    "FRM",
    "EXPOSE",
    "ARG",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\\n",
    " \\\n",
    "  \\ \n",
    "\\\r\n",
    "`\n",
    " `\n",
    "\\",
    "`",
    "\n\n\n\n",
    "    ",
    "a",
    "b=c",
    "A=\"b  c",
    "\"",
    "'",
    "$(",
    ")",
    "${x:-",
    "}",
    "\"$(a  \"b  c\")\"",
    "&&",
    "||",
    "fi",
    "# c",
    "#",
    "  # c\n",
    "# escape=`\n",
    "# escape=\\\n",
    "# syntax=x\n",
    "# dockerfmt-ignore\n",
    "# dockwright: format off\n",
    "# dockwright: format on\n",
    "<<EOF",
    "<<-'E F'",
    "EOF\n",
    "E F\n",
    "\tE F\n",
    "[\"a\",\"b\"]",
    "[ \"a\"  ,",
    "]",
    "--mount=type=bind",
    "--x=\"a  b\"",
    "AS",
    "é",
    "\u{a0}",
    "\u{feff}",
    "\u{b}",
    "RUN a \\\n  b \\\n    c\n",
    "SHELL [\"powershell\"]\n",
    "FROM windows\n",
    "CMD x",
];

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn any_options() -> impl Strategy<Value = FormatOptions> {
    let case = prop::sample::select(vec![KeywordCase::Preserve, KeywordCase::Upper, KeywordCase::Lower]);
    let style = prop::sample::select(vec![IndentStyle::Keep, IndentStyle::Spaces, IndentStyle::Tabs]);
    (case, style, 0..9u8, 0..4u8, any::<[bool; 4]>()).prop_map(
        |(keyword_case, indent_style, indent, lines, flags)| FormatOptions {
            keyword_case,
            indent,
            indent_style,
            max_blank_lines: lines,
            insert_final_newline: flags[0],
            trim_final_newlines: flags[1],
            trim_trailing_whitespace: flags[2],
            ignore_multiline_instructions: flags[3],
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_keeps_its_meaning_and_is_formatted_at_once(text in any_text(), options in any_options()) {
        formatted_with(&text, &options);
    }

    #[test]
    fn any_words_and_comments_survive(text in any_text()) {
        let words = |text: &str| text.split_whitespace().collect::<String>();
        // Blanks before and behind a comma or bracket of JSON may go, so words are compared without blanks.
        prop_assert_eq!(words(&formatted(&text)), words(&text));
    }

    #[test]
    fn a_range_or_a_line_break_anywhere_keeps_the_meaning(text in any_text(), start in 0..200usize, len in 0..50usize) {
        let file = Dockerfile::parse(text.as_str());
        let options = FormatOptions::default();
        let edits = range(&file, &options, text_range(start..start + len));
        let new = apply_edits(&text, &edits).expect("edits do not overlap");
        prop_assert_eq!(meaning(&Dockerfile::parse(new)), meaning(&file));
        let offset = TextSize::from(start.min(text.len()) as u32);
        let edits = on_type(&file, &options, offset, '\n');
        let new = apply_edits(&text, &edits).expect("edits do not overlap");
        // The meaning of a faulty instruction is all of its text.
        if !file.instructions().any(|it| is_left_alone(&it)) {
            prop_assert_eq!(meaning(&Dockerfile::parse(new)), meaning(&file));
        }
    }
}
