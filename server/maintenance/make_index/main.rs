//! Makes `server/src/analysis/image/official.bin`, the index of official images that the binary carries.
//!
//! From a checkout of <https://github.com/docker-library/official-images> with its whole history (no `--depth`), and
//! optionally one of <https://github.com/docker-library/docs>, where an image's `deprecated.md` says that it is
//! deprecated:
//! ```text
//! git clone https://github.com/docker-library/official-images
//! git clone --depth 1 https://github.com/docker-library/docs
//! cargo run --example make_index -- checkout official-images docs
//! ```
//! Without the second folder the deprecated images stay those of the present index.
//!
//! Or from two JSON files with the same facts (the second may be packed with `xz`):
//! ```text
//! cargo run --example make_index -- json official-images.json official-tags-retired.json.xz
//! ```
//! Either way the file is replaced, read back and compared. Then run the tests, and commit it with the date it prints.

mod checkout;
mod encode;
mod facts;
mod json;

use std::path::Path;

use anyhow::{Context, bail};
use facts::Facts;

const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/server/src/analysis/image/official.bin");

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let facts = match arguments.as_slice() {
        ["json", images, retired] => json::read(Path::new(images), Path::new(retired))?,
        ["checkout", images] => checkout::read(Path::new(images), None)?,
        ["checkout", images, docs] => checkout::read(Path::new(images), Some(Path::new(docs)))?,
        _ => bail!("use: make_index json IMAGES RETIRED, or: make_index checkout OFFICIAL_IMAGES [DOCS]"),
    };
    let bytes = encode::encode(&facts)?;
    encode::check(&bytes, &facts)?;
    std::fs::write(TARGET, &bytes).with_context(|| format!("cannot write {TARGET}"))?;
    report(&facts, bytes.len());
    Ok(())
}

fn report(facts: &Facts, bytes: usize) {
    let current: usize = facts.images.values().map(|it| it.current.len()).sum();
    let retired: usize = facts.images.values().map(|it| it.retired.len()).sum();
    println!(
        "{}: {} images, {current} current tags, {retired} retired tags, {bytes} bytes",
        facts.date,
        facts.images.len()
    );
}
