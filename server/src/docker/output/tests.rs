//! Recordings of real builds (`recordings/<engine>/<case>.txt`, made by `tests/engine/record`), and what is read in them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use proptest::prelude::*;

use super::*;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("server/src/docker/output/recordings")
}

struct Recording {
    dockerfile: String,
    exit_code: i32,
    output: String,
    error: String,
}

fn recording(engine: &str, case: &str) -> Recording {
    let text = std::fs::read_to_string(recordings().join(engine).join(format!("{case}.txt"))).unwrap();
    let dockerfile = recordings().join(format!("files/{case}.Dockerfile"));
    let (code, rest) = text.split_once("\n---- standard output\n").unwrap();
    let (output, error) = rest.split_once("---- standard error\n").unwrap();
    Recording {
        dockerfile: std::fs::read_to_string(dockerfile).unwrap(),
        exit_code: code.trim_start_matches("exit code: ").parse().unwrap(),
        output: output.to_owned(),
        error: error.to_owned(),
    }
}

fn cases(engine: &str) -> Vec<String> {
    let entries = std::fs::read_dir(recordings().join(engine)).unwrap();
    let mut names: Vec<String> =
        entries.map(|it| it.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Fed in pieces of `size` bytes.
fn read(format: Format, recording: &Recording, size: usize) -> (Vec<Event>, Outcome) {
    let mut reader = Reader::new(format).with_plan(Plan::of_text(&recording.dockerfile));
    let mut events = Vec::new();
    for piece in recording.output.as_bytes().chunks(size) {
        events.extend(reader.feed_from(Stream::Output, piece));
    }
    for piece in recording.error.as_bytes().chunks(size) {
        events.extend(reader.feed_from(Stream::Error, piece));
    }
    (events, reader.finish(Some(recording.exit_code)))
}

fn range(lines: &Option<std::ops::RangeInclusive<u32>>) -> String {
    match lines {
        None => "no line".to_owned(),
        Some(it) if it.start() == it.end() => format!("line {}", it.start()),
        Some(it) => format!("lines {}-{}", it.start(), it.end()),
    }
}

fn rendered(dockerfile: &str, outcome: &Outcome) -> String {
    let mut out = String::new();
    for step in outcome.steps.iter().filter(|it| it.number > 0) {
        let stage = step.stage.as_ref().map(|it| format!("{it} ")).unwrap_or_default();
        let cached = if step.cached { ", cached" } else { "" };
        let (number, total, lines) = (step.number, step.total, range(&step.lines));
        writeln!(out, "  [{stage}{number}/{total}] {} ({lines}{cached})", step.name).unwrap();
    }
    if let Some(image) = &outcome.image_id {
        writeln!(out, "  image {image}").unwrap();
    }
    let model = Model::new(&Dockerfile::parse(dockerfile));
    for failure in &outcome.failures {
        let code = failure.exit_code.map(|it| format!(", exit code {it}")).unwrap_or_default();
        writeln!(out, "  FAILED at {}{code}: {}", range(&failure.lines), failure.message).unwrap();
        if failure.said != failure.message {
            writeln!(out, "    said: {}", failure.said).unwrap();
        }
        if let Some(place) = plan::place(&model, failure) {
            writeln!(out, "    at `{}`", model.file().slice(place).replace('\n', "⏎")).unwrap();
        }
        for line in &failure.last_lines {
            writeln!(out, "    > {line}").unwrap();
        }
        if let Some(cause) = &failure.cause {
            writeln!(out, "    {}: {}\n    → {}", cause.kind.as_str(), cause.why, cause.way_out).unwrap();
        }
    }
    out
}

fn check(engine: &str, format: Format) {
    let mut out = String::new();
    for case in cases(engine) {
        let recording = recording(engine, &case);
        let (events, outcome) = read(format, &recording, 4096);
        assert_eq!(outcome.ok, outcome.failures.is_empty(), "{case}");
        let told = events.iter().filter(|it| matches!(it, Event::Error(_))).count();
        assert!(outcome.ok || told <= outcome.failures.len(), "{case}");
        let (_, bytewise) = read(format, &recording, 1);
        assert_eq!(bytewise, outcome, "{case}");
        writeln!(out, "{case}: exit code {}", recording.exit_code).unwrap();
        out += &rendered(&recording.dockerfile, &outcome);
    }
    expect_file![recordings().join(format!("{engine}.expected"))].assert_eq(&out);
}

#[test]
fn buildx_0_13_rawjson_is_read() {
    check("buildx-0.13-rawjson", Format::RawJson);
}

#[test]
fn buildx_0_13_plain_is_read() {
    check("buildx-0.13-plain", Format::Plain);
}

#[test]
fn buildkit_of_docker_20_10_is_read() {
    check("docker-20.10-plain", Format::Plain);
}

#[test]
fn the_old_builder_is_read() {
    check("docker-20.10-legacy", Format::Legacy);
}

#[test]
fn podman_is_read() {
    check("podman-4.3", Format::Podman);
}

#[test]
fn buildah_is_read() {
    check("buildah-1.28", Format::Podman);
}

const FORMATS: [Format; 4] = [Format::RawJson, Format::Plain, Format::Legacy, Format::Podman];

#[test]
fn one_object_a_line_reads_as_many_lines_do() {
    for case in cases("buildx-0.13-rawjson") {
        let pretty = recording("buildx-0.13-rawjson", &case);
        let (_, expected) = read(Format::RawJson, &pretty, 4096);
        let objects = pretty.error.split_inclusive("\n}\n").map(|it| match it.ends_with("\n}\n") {
            true => it.lines().map(str::trim_start).collect::<String>() + "\n",
            false => it.to_owned(),
        });
        let narrow = Recording { error: objects.collect(), ..pretty };
        assert_eq!(read(Format::RawJson, &narrow, 999).1, expected, "{case}");
    }
}

#[test]
fn output_without_end_costs_little() {
    for format in FORMATS {
        let mut reader = Reader::new(format);
        let endless = vec![b'x'; 1 << 20];
        for _ in 0..20 {
            assert_eq!(reader.feed(&endless), Vec::new());
        }
        let outcome = reader.finish(Some(1));
        assert!(outcome.failures[0].message.len() < 10_000, "{format:?}");
    }
}

#[test]
fn many_steps_and_many_lines_cost_little() {
    let mut reader = Reader::new(Format::Plain);
    for step in 1..20_000 {
        reader.feed(format!("#{step} [1/2] RUN a\n#{step} 0.1 {}\n", "x".repeat(2000)).as_bytes());
    }
    assert_eq!(reader.finish(Some(0)).steps.len(), MOST_STEPS);
}

#[test]
fn an_error_nobody_knows_is_told_as_it_is() {
    let mut reader = Reader::new(Format::Plain);
    reader.feed(b"something odd\nunknown flag: --progress\nSee 'docker build --help'.\n");
    let outcome = reader.finish(Some(125));
    assert_eq!((outcome.ok, outcome.failures[0].message.as_str()), (false, "unknown flag: --progress"));
    let mut killed = Reader::new(Format::Plain).with_plan(Plan::of_text("FROM a\nRUN b\n"));
    killed.feed(b"#5 [2/2] RUN b\n#5 0.1 working\n");
    let outcome = killed.finish(None);
    assert_eq!((&outcome.failures[0].lines, outcome.failures[0].last_lines.len()), (&Some(2..=2), 1));
    let silent = Reader::new(Format::Legacy).finish(None);
    assert_eq!((silent.ok, silent.failures[0].message.is_empty()), (false, false));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1usize..50) {
        for format in FORMATS {
            let mut reader = Reader::new(format).with_plan(Plan::of_text("FROM a AS b\nRUN c\n"));
            for piece in bytes.chunks(size) {
                reader.feed(piece);
            }
            reader.finish(Some(1));
        }
    }

    #[test]
    fn no_mixture_of_real_lines_makes_a_reader_panic(
        picks in prop::collection::vec((0usize..6, 0usize..24, 0usize..400, 0usize..80), 0..60),
    ) {
        let engines = ["buildx-0.13-rawjson", "buildx-0.13-plain", "docker-20.10-legacy", "podman-4.3",
            "docker-20.10-plain", "buildah-1.28"];
        let mut text = Vec::new();
        for (engine, case, line, cut) in picks {
            let names = ["fail4b", "multi", "missing", "heredoc", "syntax", "multiok"];
            let recording = recording(engines[engine], names[case % names.len()]);
            let all = recording.output + &recording.error;
            let line = all.lines().nth(line).unwrap_or_default().as_bytes();
            text.extend_from_slice(if cut < 40 { &line[..line.len().min(cut)] } else { line });
            text.push(b'\n');
        }
        for format in FORMATS {
            let mut reader = Reader::new(format).with_plan(Plan::of_text("FROM a AS b\nRUN c\n"));
            reader.feed(&text);
            reader.finish(Some(1));
        }
    }
}
