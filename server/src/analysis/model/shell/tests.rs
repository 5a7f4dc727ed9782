//! Shell texts and the commands found in them.

use expect_test::{Expect, expect};

use proptest::prelude::*;

use super::*;
use crate::analysis::model::Model;
use crate::analysis::syntax::{Dockerfile, SourceText};

/// One line a command: `[connector] name <argument>… {assignments} (redirections) #where`.
fn render(text: &str, reach: Reach) -> String {
    let source = SourceText::verbatim(text, 0.into());
    let script = ShellScript::parse(&source);
    let mut out = String::from(if script.has_error { "error\n" } else { "" });
    for command in script.commands_within(reach) {
        out += &render_command(text, command);
        out.push('\n');
    }
    out
}

fn render_command(text: &str, command: &ShellCommand) -> String {
    let slice = |range: text_size::TextRange| {
        text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("?")
    };
    let mut out = String::new();
    if command.reach == Reach::Behind {
        out += "behind: ";
    }
    if let Some(before) = command.place.before {
        out += &format!("{} ", slice(before.range).replace('\n', "⏎"));
    }
    if let Some((pipeline, position)) = command.place.pipeline {
        out += &format!("p{pipeline}.{position} ");
    }
    for it in &command.assignments {
        let value = it.value.as_ref().map_or("", |value| value.as_str());
        out += &format!("{{{}={value}}} ", it.name);
    }
    out += command.name();
    for word in &command.arguments {
        out += &format!(" <{}>", word.text);
        if slice(word.range) != word.text {
            out += &format!("@{}", slice(word.range));
        }
    }
    for it in &command.redirections {
        out += &format!(" ({} {})", it.operator, it.target.as_ref().map_or("", |it| it.as_str()));
    }
    let place = command.place;
    let marks = [
        (place.is_in_subshell, "subshell"),
        (place.is_in_substitution, "substitution"),
        (place.is_in_function, "function"),
        (place.is_in_condition, "condition"),
        (place.is_in_branch, "branch"),
        (place.is_negated, "not"),
    ];
    for (_, mark) in marks.iter().filter(|(is_set, _)| *is_set) {
        out += &format!(" #{mark}");
    }
    out
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&render(text, Reach::Direct));
}

fn check_behind(text: &str, expect: Expect) {
    expect.assert_eq(&render(text, Reach::Behind));
}

#[test]
fn lists_and_pipes_keep_their_order_and_operators() {
    check(
        "a && b || c; d | e |& f & g",
        expect![[r#"
        a
        && b
        || c
        ; p0.0 d
        | p0.1 e
        |& p0.2 f
        & g
    "#]],
    );
}

#[test]
fn quotes_and_escapes_are_removed_from_words() {
    check(
        r#""apt-get" install 'a b' "c d"e\ f \$x $'t\'a' "a \" $x  b" --x="y""#,
        expect![[r#"
        apt-get <install> <a b>@'a b' <c de f>@"c d"e\ f <$x>@\$x <t'a>@$'t\'a' <a " $x  b>@"a \" $x  b" <--x=y>@--x="y"
    "#]],
    );
}

#[test]
fn a_variable_before_a_pattern_does_not_part_the_word() {
    check(
        "chmod 755 /a/$v/b/$x_y/tools/*/any/pwsh z && rm $a/*/b *$c /x/$v.$w",
        expect![[r#"
        chmod <755> </a/$v/b/$x_y/tools/*/any/pwsh> <z>
        && rm <$a/*/b> <*$c> </x/$v.$w>
    "#]],
    );
}

#[test]
fn redirections_do_not_swallow_arguments() {
    check(
        "a > f b 2>&1 c < in && d >> log 2> /dev/null -o x",
        expect![[r#"
        a <b> <c> (> f) (2>& 1) (< in)
        && d <-o> <x> (>> log) (2> /dev/null)
    "#]],
    );
    check(
        "a && b > f -x | c >&2",
        expect![[r#"
        a
        && p0.0 b <-x> (> f)
        | p0.1 c (>& 2)
    "#]],
    );
    check(
        "> f; >g a b",
        expect![[r#"
         (> f)
        ; a <b> (> g)
    "#]],
    );
    check(
        "(a; b) > f && { c; } 2>/dev/null",
        expect![[r#"
        a #subshell
        ; b #subshell
        c
    "#]],
    );
}

#[test]
fn groups_and_control_flow_are_told() {
    check(
        "(a; b) && { c; d; }",
        expect![[r#"
        a #subshell
        ; b #subshell
        c
        ; d
    "#]],
    );
    check(
        "if a && b; then c; elif d; then e; else f; fi",
        expect![[r#"
        a #condition
        && b #condition
        ; c #branch
        d #condition #branch
        ; e #branch
        f #branch
    "#]],
    );
    check(
        "for x in $(a) `b`; do c $x; done; while d; do e; done < <(f)",
        expect![[r#"
        a #substitution
        b #substitution
        c <$x> #branch
        d #condition
        e #branch
        f #substitution
    "#]],
    );
    check(
        "case $(a) in x|y) b ;; *) c; d;; esac",
        expect![[r#"
        a #substitution
        b #branch
        c #branch
        ; d #branch
    "#]],
    );
    check(
        "f() { a; }; function g { b; }; ! c",
        expect![[r#"
        a #function
        b #function
        ; c #not
    "#]],
    );
    check(
        "[ -f $(a) ] && [[ x == y ]] || b",
        expect![[r#"
        a #substitution
        || b
    "#]],
    );
}

#[test]
fn commands_inside_words_are_found() {
    check(
        r#"a "$(b | c "$(d)")" `e` <(f) x$(g)y "${h:-$(i)}" $(( $(j) + 1 ))"#,
        expect![[r#"
        a <$(b | c "$(d)")>@"$(b | c "$(d)")" <`e`> <<(f)> <x$(g)y> <${h:-$(i)}>@"${h:-$(i)}" <$(( $(j) + 1 ))>
        p0.0 b #substitution
        | p0.1 c <$(d)>@"$(d)" #substitution
        d #substitution
        e #substitution
        f #substitution
        g #substitution
        i #substitution
        j #substitution
    "#]],
    );
    check(
        "A=$(b) c; D=$(e); export F=$(g)",
        expect![[r#"
        {A=$(b)} c
        b #substitution
        ; {D=$(e)} 
        e #substitution
        ; export <F=$(g)>
        g #substitution
    "#]],
    );
}

#[test]
fn assignments_stand_before_the_name() {
    check(
        "A=1 B='x y' c d=e; F=; export G=\"h i\" J; unset K; L+=m",
        expect![[r#"
        {A=1} {B=x y} c <d=e>
        ; {F=} 
        ; export <G=h i>@G="h i" <J>
        ; unset <K>
        ; {L=m} 
    "#]],
    );
}

#[test]
fn what_introduces_a_command_is_passed_over() {
    check(
        "exec -a x apt-get update; command -p ls; builtin cd /; time -p make; command -v git; busybox wget x; exec > log",
        expect![[r#"
        apt-get <update>
        ; ls
        ; cd </>
        ; make
        ; command <-v> <git>
        ; wget <x>
        ; exec (> log)
    "#]],
    );
}

#[test]
fn behind_wrappers_commands_are_found() {
    check_behind(
        "sudo -u root A=b apt-get -y install x",
        expect![[r#"
        sudo <-u> <root> <A=b> <apt-get> <-y> <install> <x>
        behind: apt-get <-y> <install> <x>
    "#]],
    );
    check_behind(
        "env -u X A=b apt-get update | xargs -n 1 -I {} rm {}",
        expect![[r#"
        p0.0 env <-u> <X> <A=b> <apt-get> <update>
        behind: p0.0 apt-get <update>
        | p0.1 xargs <-n> <1> <-I> <{}> <rm> <{}>
        behind: | p0.1 rm <{}>
    "#]],
    );
    check_behind(
        "/usr/bin/apt-get update; sudo /bin/bash -c 'apt-get update && apk add x'",
        expect![[r#"
        /usr/bin/apt-get <update>
        behind: apt-get <update>
        ; sudo </bin/bash> <-c> <apt-get update && apk add x>@'apt-get update && apk add x'
        behind: ; /bin/bash <-c> <apt-get update && apk add x>@'apt-get update && apk add x'
        behind: apt-get <update>
        behind: && apk <add> <x>
    "#]],
    );
    check_behind(
        r#"bash -euxo pipefail -c "echo \"$x\" | tar x; sh -c 'a b'""#,
        expect![[r#"
        bash <-euxo> <pipefail> <-c> <echo "$x" | tar x; sh -c 'a b'>@"echo \"$x\" | tar x; sh -c 'a b'"
        behind: echo <$x>@"$x\"
        behind: | tar <x>
        behind: ; sh <-c> <a b>@'a b'"
        behind: a <b>
    "#]],
    );
    check_behind(
        "timeout -k 5 10 curl x; gosu app node; nice -n 5 make; sh script.sh -c; sh -c",
        expect![[r#"
        timeout <-k> <5> <10> <curl> <x>
        behind: curl <x>
        ; gosu <app> <node>
        behind: ; node
        ; nice <-n> <5> <make>
        behind: ; make
        ; sh <script.sh> <-c>
        ; sh <-c>
    "#]],
    );
}

#[test]
fn a_syntax_error_hides_all_commands() {
    check(
        "a && ",
        expect![[r#"
        error
    "#]],
    );
    check(
        "if a; then b",
        expect![[r#"
        error
    "#]],
    );
    check("", expect![[r#""#]]);
}

#[test]
fn what_the_grammar_cannot_read_is_helped() {
    check(
        r"sed s/a$//g x; sed s/^a\(.*\)$/-e\ b/ >c; grep a$; echo '$/' $; (( a > 1 )) && d",
        expect![[r#"
        sed <s/a$//g> <x>
        ; sed <s/^a(.*)$/-e b/>@s/^a\(.*\)$/-e\ b/ (> c)
        ; grep <a$>
        ; echo <$/>@'$/' <$>
        && d
    "#]],
    );
}

#[test]
fn what_the_grammar_reads_though_no_shell_does_is_an_error() {
    for text in ["a (b)", "fi", "a; done", "a; }"] {
        check(
            text,
            expect![[r#"
            error
        "#]],
        );
    }
    check(
        "'fi' a",
        expect![[r#"
        fi <a>
    "#]],
    );
}

#[test]
fn heredocs_inside_scripts_are_no_commands() {
    check(
        "cat <<A > f && b\nx $(c)\nA\nd <<'B'\n$(no)\nB\ne <<C - | sudo f >g || h; i\nC\n",
        expect![[r#"
            cat (> f) (<< )
            && b
            d (<< )
            p0.0 e <-> (<< )
            | p0.1 sudo <f> (> g)
            || h
            ; i
        "#]],
    );
}

#[test]
fn long_lists_are_no_deep_nesting() {
    let text = vec!["a > f x"; 500].join(" && ");
    let source = SourceText::verbatim(&text, 0.into());
    assert_eq!(ShellScript::parse(&source).commands().count(), 500);
}

/// One line a variable: the range's text, then what is known; `text` is a script for sh.
fn check_variables(text: &str, expect: Expect) {
    check_variables_of(text, &ShellKind::Sh, Syntax::Script, expect);
}

fn check_variables_of(text: &str, kind: &ShellKind, syntax: Syntax, expect: Expect) {
    let source = SourceText::verbatim(text, 0.into());
    let mut out = String::new();
    for variable in variables(&source, kind, syntax) {
        let slice = |range: text_size::TextRange| {
            text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("?").to_owned()
        };
        assert_eq!(slice(variable.name_range), variable.name);
        out += &slice(variable.range);
        let marks = [
            (variable.is_assignment, " set"),
            (variable.is_quoted, " quoted"),
            (variable.is_braced, " braced"),
            (variable.has_default, " default"),
        ];
        out.extend(marks.iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| *mark));
        out.push('\n');
    }
    expect.assert_eq(&out);
}

#[test]
fn variables_are_found_in_and_outside_of_quotes() {
    check_variables(
        r##"a $b "$c ${d} e" '$no' \$no "\$no" $$ $1 $? ${#f} ${!g} $'a\'$no' "$'h$i'" $j$k-${l}m"##,
        expect![[r#"
            $b
            $c quoted
            ${d} quoted braced
            ${#f} braced
            ${!g} braced
            $i quoted
            $j
            $k
            ${l} braced
        "#]],
    );
}

#[test]
fn defaults_hold_variables_too() {
    check_variables(
        r#"${a:-$b} "${c:+"$d"}" ${e:?'$no'} ${f%$g} "${h-'$i'}" ${j"#,
        expect![[r#"
        ${a:-$b} braced default
        $b
        ${c quoted braced default
        $d quoted
        ${e:?'$no'} braced default
        ${f%$g} braced
        $g
        ${h-'$i'} quoted braced default
        $i quoted
        ${j braced
    "#]],
    );
}

#[test]
fn assignments_stand_only_where_a_command_begins() {
    check_variables(
        "A=1 B=$C cmd D=2 && E+=x; if F=y; then G[1]=z; fi; export H=1 I; for J in $K; do L=$J; done",
        expect![[r#"
            A= set
            B= set
            $C
            E+= set
            F= set
            G[1]= set
            H= set
            I
            J set
            $K
            L= set
            $J
        "#]],
    );
    check_variables(
        "read -r A B; unset C; (D=1); E=$(F=2 g H=3); \"$X\"Y=1; env I=4 j",
        expect![[r#"
        A set
        B set
        C set
        D= set
        E= set
        F= set
        $X quoted
        I= set
    "#]],
    );
}

#[test]
fn substitutions_and_arithmetic_are_entered() {
    check_variables(
        r#"a "$(b "$c" '$no' $d)" `e "$f"` $((g + $h * 0x1f + (i = 2))) <(j $k)"#,
        expect![[r#"
            $c quoted
            $d
            $f quoted
            g
            $h
            i set
            $k
        "#]],
    );
}

#[test]
fn comments_hide_variables() {
    check_variables(
        "a $b # it's $no\nc $d x#$e \"$f\"#$g",
        expect![[r#"
        $b
        $d
        $e
        $f quoted
        $g
    "#]],
    );
}

#[test]
fn heredocs_are_texts_with_variables_unless_quoted() {
    check_variables(
        "cat <<A <<'B' <<-C\nit's $a \\$no \"$b\"\nA\n$no\nB\n\t$c\n\tC\nd $e <<<$f",
        expect![[r#"
            $a
            $b
            $c
            $e
            $f
        "#]],
    );
    check_variables_of(
        "it's $a '$b' # $c",
        &ShellKind::Sh,
        Syntax::Document,
        expect![[r#"
        $a
        $b
        $c
    "#]],
    );
}

#[test]
fn variables_survive_syntax_errors() {
    check_variables(
        "if $a && ( ${b \"$c",
        expect![[r#"
        $a
        ${b braced
        $c quoted
    "#]],
    );
}

#[test]
fn windows_shells_have_their_own_marks() {
    let ps = "echo $env:A ${Env:B} $c";
    check_variables_of(
        ps,
        &ShellKind::PowerShell,
        Syntax::Script,
        expect![[r#"
        $env:A
        ${Env:B} braced
    "#]],
    );
    check_variables_of(
        "echo %A% 5% %B%%C% %%",
        &ShellKind::Cmd,
        Syntax::Script,
        expect![[r#"
        %A%
        %B%
        %C%
    "#]],
    );
    check_variables_of("echo $a", &ShellKind::Other("python3".into()), Syntax::Script, expect![[r#""#]]);
}

/// Every shell text of the file: its kind and form, then its commands and variables in source ranges.
fn check_texts(text: &str, expect: Expect) {
    let file = Dockerfile::parse(text);
    let shells = Shells::new(&Model::new(&file));
    let mut out = String::new();
    for instruction in file.instructions() {
        for shell_text in shells.texts(&file, instruction) {
            let slice = |range| file.slice(instruction.absolute(range)).replace('\n', "⏎");
            let onbuild = if shell_text.is_onbuild { "ONBUILD " } else { "" };
            let (kind, form) = (shell_text.kind.as_str(), shell_text.form);
            out += &format!("{onbuild}{} {kind} {form:?}\n", shell_text.keyword);
            for command in &shell_text.script().all_commands {
                out += &format!("  {:?}:", command.reach);
                let words = command.name.iter().chain(&command.arguments);
                out.extend(words.map(|word| format!(" <{}>", slice(word.range))));
                out.push('\n');
            }
            let variables = shell_text.variables();
            out.extend(variables.iter().map(|it| format!("  {}\n", slice(it.range))));
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn every_instruction_with_a_shell_form_has_texts() {
    check_texts(
        r#"FROM a
RUN --mount=type=cache,target=/x apt-get \
    # a comment $no
    install \

    cu\
rl $A
ONBUILD RUN a
CMD b $B
ENTRYPOINT exec c
HEALTHCHECK --interval=1s CMD curl x || exit 1
SHELL ["/bin/bash", "-c"]
HEALTHCHECK NONE
RUN d
"#,
        expect![[r#"
            RUN sh Line
              Direct: <apt-get> <install> <cu\⏎rl> <$A>
              $A
            ONBUILD RUN sh Line
              Direct: <a>
            CMD sh Line
              Direct: <b> <$B>
              $B
            ENTRYPOINT sh Line
              Direct: <c>
            HEALTHCHECK sh Line
              Direct: <curl> <x>
              Direct: <exit> <1>
            RUN bash Line
              Direct: <d>
        "#]],
    );
}

#[test]
fn exec_form_is_one_command_and_perhaps_a_shell() {
    check_texts(
        r#"FROM a
RUN ["apt-get", "in\u0073tall", "$no", ""]
CMD ["/bin/sh", "-c", "echo \"$A\" && b"]
"#,
        expect![[r#"
            RUN sh Exec
              Direct: <apt-get> <in\u0073tall> <$no> <"">
            CMD sh Exec
              Direct: </bin/sh> <-c> <echo \"$A\" && b>
              Behind: <echo> <\"$A\>
              Behind: <b>
              $A
        "#]],
    );
}

#[test]
fn exec_form_can_be_read_as_hadolint_does() {
    let file = Dockerfile::parse("RUN [\"a\", \"&&\", \"b c\"]");
    let texts: Vec<_> = file
        .instructions()
        .flat_map(|instruction| shell_texts(instruction.node, file.text(), &ShellKind::Sh))
        .flat_map(|text| text.script_as_joined().all_commands)
        .map(|command| file.slice(command.range).to_owned())
        .collect();
    assert_eq!(texts, ["a", "b c"]);
}

#[test]
fn a_lone_heredoc_is_a_script() {
    check_texts(
        "FROM a\nRUN <<EOF\napt-get update\n  b $c \\\n d\nEOF\nRUN <<-'E' \n\t$d\n\tE\n",
        expect![[r#"
            RUN sh Script { heredoc: 0 }
              Direct: <apt-get> <update>
              Direct: <b> <$c> <d>
              $c
            RUN sh Script { heredoc: 0 }
              Direct: <$d>
              $d
        "#]],
    );
    check_texts(
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint($no)\nEOF\n",
        expect![[r#"
        RUN python3 Script { heredoc: 0 }
    "#]],
    );
    check_texts(
        "FROM a\nRUN <<EOF\n#!/bin/bash\na $b\nEOF\n",
        expect![[r#"
        RUN bash Script { heredoc: 0 }
          Direct: <a> <$b>
          $b
    "#]],
    );
}

#[test]
fn what_a_heredoc_means_is_up_to_its_reader() {
    check_texts(
        "FROM a\nRUN bash -e <<EOF\na $b\nEOF\n",
        expect![[r#"
        RUN sh Line
          Direct: <bash> <-e>
        RUN bash Script { heredoc: 0 }
          Direct: <a> <$b>
          $b
    "#]],
    );
    check_texts(
        "FROM a\nRUN cat <<EOF > /f && b $c\nit's $d; e\nEOF\n",
        expect![[r#"
        RUN sh Line
          Direct: <cat>
          Direct: <b> <$c>
          $c
        RUN sh Document { heredoc: 0 }
          $d
    "#]],
    );
    check_texts(
        "FROM a\nRUN python3 <<'EOF'\nprint($no)\nEOF\n",
        expect![[r#"
        RUN sh Line
          Direct: <python3>
    "#]],
    );
    check_texts(
        "FROM a\nRUN <<A cat && sudo sh <<'B'\n$a\nA\nb $c\nB\n",
        expect![[r#"
        RUN sh Line
          Direct: <cat>
          Direct: <sudo> <sh>
          Behind: <sh>
        RUN sh Document { heredoc: 0 }
          $a
        RUN sh Script { heredoc: 1 }
          Direct: <b> <$c>
          $c
    "#]],
    );
    check_texts(
        "FROM a\nRUN cat <<EOF\nnever ends $a\n",
        expect![[r#"
        RUN sh Line
          Direct: <cat>
    "#]],
    );
}

#[test]
fn other_shells_are_left_alone() {
    check_texts(
        "# escape=`\nFROM a\nRUN dir `\n  %A% & b\nSHELL [\"pwsh\", \"-c\"]\nRUN c $env:B\n",
        expect![[r#"
            RUN cmd Line
              %A%
            RUN PowerShell Line
              $env:B
        "#]],
    );
}

fn command(text: &str) -> ShellCommand {
    let script = ShellScript::parse(&SourceText::verbatim(text, 0.into()));
    script.commands().next().cloned().expect("the test has a command")
}

#[test]
fn flags_are_single_letters_or_long_names() {
    let apt =
        command("apt-get -yq --no-install-recommends -t=x -o a=b --target release install '-f' - -- -z $x");
    let names: Vec<_> = apt.flags().iter().map(|flag| flag.name.to_string()).collect();
    assert_eq!(names, ["y", "q", "no-install-recommends", "t", "=", "x", "o", "target", "f"]);
    assert!(apt.has_flag("q") && apt.has_flag("f") && !apt.has_flag("z") && !apt.has_flag("yq"));
    assert_eq!(apt.flag_value("t").as_deref(), Some("x"));
    assert_eq!(apt.flag_value("target").as_deref(), Some("release"));
    assert_eq!(apt.flag_value("o").as_deref(), Some("a=b"));
    assert_eq!(apt.subcommand().map(|word| word.as_str()), Some("a=b"));
}

#[test]
fn values_of_flags_are_left_out_on_request() {
    let apt = command("apt-get install -t a -qqt b --target c --target=d e f");
    let words = apt.arguments_without_flags_and_values(&["t", "target"]);
    assert_eq!(words.iter().map(|word| word.as_str()).collect::<Vec<_>>(), ["install", "e", "f"]);
    assert_eq!(apt.count_flag("q"), 2);
}

#[test]
fn what_the_shell_replaces_can_be_hidden() {
    let apt = command(r#"apt-get install a"${B:+=$B}"c d=$(e)"#);
    let words: Vec<_> = apt.arguments.iter().map(|word| word.with_expansions_as("*")).collect();
    assert_eq!(words, ["install", "a*c", "d=*"]);
    assert!(apt.arguments.iter().map(|word| word.is_literal()).eq([true, false, false]));
}

#[test]
fn deep_nesting_ends_in_an_error_and_not_in_the_stack() {
    for (open, close) in
        [("$(a ", ")"), ("( ", ")"), ("{ ", "; }"), ("if a; then b; ", "; fi"), ("\"$(a ", ")\"")]
    {
        for depth in [5, 90, 2000] {
            let text = format!("{}b{}", open.repeat(depth), close.repeat(depth));
            let script = ShellScript::parse(&SourceText::verbatim(&text, 0.into()));
            assert_eq!(script.has_error, depth > 5 && script.all_commands.is_empty(), "{open} {depth}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_sorted_ranges_inside_of_it(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..40),
        onbuild in any::<bool>(),
    ) {
        let mut text = String::from(if onbuild { "FROM a\nONBUILD RUN " } else { "FROM a\nRUN " });
        text.extend(pieces.iter().filter_map(|&index| PIECES.get(index)).copied());
        let file = Dockerfile::parse(text);
        let model = Model::new(&file);
        for instruction in file.instructions() {
            for text in Shells::new(&model).texts(&file, instruction) {
                let whole = instruction.node.range;
                let script = text.script();
                let direct: Vec<_> = script.commands().collect();
                prop_assert!(direct.windows(2).all(|it| it[0].range.start() <= it[1].range.start()));
                for command in &script.all_commands {
                    prop_assert!(whole.contains_range(command.range));
                    for word in command.name.iter().chain(&command.arguments) {
                        prop_assert!(command.range.contains_range(word.range), "{:?} {:?}", command, word);
                    }
                    if !script.has_error && command.reach == Reach::Direct {
                        let words: Vec<_> = command.arguments.iter().map(|word| word.range.start()).collect();
                        prop_assert!(words.is_sorted());
                    }
                }
                for variable in text.variables() {
                    prop_assert!(whole.contains_range(variable.range), "{:?}", variable);
                    prop_assert!(variable.range.contains_range(variable.name_range));
                    let name = file.slice(instruction.absolute(variable.name_range));
                    prop_assert!(name == variable.name || name.contains(['\n', '\r']));
                }
            }
        }
    }
}

const PIECES: &[&str] = &[
    " ",
    " ",
    "\n",
    "\\\n",
    "\\\n# c\n",
    "\\\n\n",
    "a",
    "bé",
    "A=",
    "$x",
    "${y}",
    "${z:-",
    "}",
    "\"",
    "'",
    "`",
    "$(",
    ")",
    "(",
    "&&",
    "||",
    "|",
    ";",
    "&",
    ">",
    "<",
    "<<E",
    "\nE\n",
    "<<<",
    "if ",
    "then ",
    "fi",
    "for i in ",
    "do ",
    "done",
    "{ ",
    "; }",
    "case x in ",
    "esac",
    "[ ",
    " ]",
    "[[ ",
    " ]]",
    "$((",
    "))",
    "!",
    "#",
    "\\",
    "\r\n",
    "\t",
    "sudo ",
    "sh -c ",
    "export ",
    "f() ",
    "2>&1",
    "\0",
    "$'",
    "<(",
    "[\"",
    "\", \"",
    "\"]",
    "env ",
    "-x",
    "--y=z",
    "/bin/a",
];
