//! What the analysis costs: a whole file, and one keystroke in it. `cargo bench --bench analysis`.

#[path = "document.rs"]
mod documents;

use divan::{Bencher, black_box};
use dockwright::analysis::ide;
use dockwright::analysis::image::index;
use dockwright::analysis::lint::{Facts, LintCache, Linter, Options};
use dockwright::analysis::model::Model;
use dockwright::analysis::syntax::{Dockerfile, TextRange, TextSize};
use documents::document;

const LINES: [usize; 3] = [60, 1_000, 10_000];

fn main() {
    divan::main();
}

/// The text, and a place in the middle of a word of a `RUN`.
fn with_cursor(lines: usize) -> (Dockerfile, TextSize) {
    let file = Dockerfile::parse(document(lines));
    let middle = file.text().len() / 2;
    let at = file.text()[middle..].find("requirements").map_or(0, |it| middle + it + 3);
    (file, TextSize::from(at as u32))
}

#[divan::bench(args = LINES)]
fn parse(bencher: Bencher, lines: usize) {
    let text = document(lines);
    bencher.bench(|| Dockerfile::parse(black_box(text.as_str())));
}

#[divan::bench(args = LINES)]
fn edit(bencher: Bencher, lines: usize) {
    let (file, at) = with_cursor(lines);
    bencher.bench(|| file.edit(TextRange::empty(at), black_box("x")));
}

#[divan::bench(args = LINES)]
fn model(bencher: Bencher, lines: usize) {
    let (file, _) = with_cursor(lines);
    bencher.bench(|| Model::new(black_box(&file)));
}

/// Everything between a keystroke and its findings, without the protocol.
#[divan::bench(args = LINES)]
fn keystroke_to_findings(bencher: Bencher, lines: usize) {
    let (file, at) = with_cursor(lines);
    let (linter, _) = Linter::new(&Options::default());
    let mut cache = LintCache::default();
    let model = Model::new(&file);
    linter.check(&model, &Facts::default(), &mut cache);
    bencher.bench_local(|| {
        let edited = file.edit(TextRange::empty(at), black_box("x"));
        let model = model.carried_to(&edited).unwrap_or_else(|| Model::new(&edited));
        linter.check(&model, &Facts::default(), &mut cache)
    });
}

#[divan::bench(args = LINES)]
fn findings_of_a_new_file(bencher: Bencher, lines: usize) {
    let text = document(lines);
    let (linter, _) = Linter::new(&Options::default());
    bencher.bench(|| {
        let file = Dockerfile::parse(black_box(text.as_str()));
        linter.check(&Model::new(&file), &Facts::default(), &mut LintCache::default())
    });
}

#[divan::bench(args = LINES)]
fn hover(bencher: Bencher, lines: usize) {
    let (file, at) = with_cursor(lines);
    let model = Model::new(&file);
    bencher.bench(|| ide::hover::hover(black_box(&model), at));
}

#[divan::bench(args = LINES)]
fn outline(bencher: Bencher, lines: usize) {
    let (file, _) = with_cursor(lines);
    let model = Model::new(&file);
    bencher.bench(|| ide::symbols::document_symbols(black_box(&model)));
}

/// A tag in the list of official images: one that is current, one that was retired, one that never was.
#[divan::bench(args = ["3.14-slim", "3.6-stretch", "nonsense"])]
fn look_up_a_tag(bencher: Bencher, tag: &str) {
    bencher.bench(|| index::image(black_box("python")).map(|it| it.tag(black_box(tag))));
}

#[divan::bench(args = ["adminer", "zookeeper", "nonsense"])]
fn look_up_an_image(bencher: Bencher, name: &str) {
    bencher.bench(|| index::image(black_box(name)));
}
