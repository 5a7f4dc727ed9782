//! `dockwright debug-tree-report DIR`: how well the shadow tree holds on a folder of real Dockerfiles.
//!
//! Hidden: it is for those who change `syntax/shadow`. Every file of the folder is taken for a Dockerfile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use text_size::{TextRange, TextSize};

use crate::analysis::syntax::Dockerfile;
use crate::analysis::syntax::tree::{Damage, ShadowTree};

#[derive(Debug, Args, Clone)]
pub struct TreeReport {
    /// Folder with Dockerfiles.
    folder: PathBuf,
    /// How many lines to cut short, spread over all files.
    #[arg(long, default_value_t = 3000)]
    truncations: usize,
    /// Print each instruction that is masked.
    #[arg(long)]
    list: bool,
}

/// The figures; printed as they are.
#[derive(Debug, Default)]
struct Figures {
    files: usize,
    bytes: usize,
    files_with_errors: usize,
    instructions: usize,
    masked: BTreeMap<String, usize>,
    misread: usize,
    truncations: usize,
    truncations_with_damage: usize,
    truncations_with_errors: usize,
    edited_differs_from_new: usize,
}

/// Prints the figures; 0 when they are as good as promised, else 1.
pub fn run(arguments: &TreeReport) -> anyhow::Result<u8> {
    let texts = read_folder(&arguments.folder);
    anyhow::ensure!(!texts.is_empty(), "no readable file in `{}`", arguments.folder.display());
    let mut figures = Figures::default();
    for (path, text) in &texts {
        figures.add_file(path, text, arguments.list);
    }
    for number in 0..arguments.truncations {
        // Any fixed step without a common divisor spreads well; every run takes the same lines.
        let (path, text) = &texts[(number * 7919) % texts.len()];
        figures.add_truncation(path, text, number);
    }
    figures.print();
    Ok(if figures.are_as_promised() { 0 } else { 1 })
}

fn read_folder(folder: &Path) -> Vec<(PathBuf, String)> {
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let files = walk.flatten().filter(|entry| entry.file_type().is_some_and(|it| it.is_file()));
    files
        .filter_map(|entry| {
            let bytes = std::fs::read(entry.path()).ok()?;
            Some((entry.into_path(), String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect()
}

impl Figures {
    fn add_file(&mut self, path: &Path, text: &str, list: bool) {
        let file = Dockerfile::parse(text);
        let tree = ShadowTree::new(&file);
        self.files += 1;
        self.bytes += text.len();
        self.instructions += file.len();
        if tree.has_error() {
            self.files_with_errors += 1;
            println!("error in {}", path.display());
        }
        for (id, damage) in tree.damage(&file) {
            let Some(it) = file.instruction(id) else { continue };
            match damage {
                Damage::Masked => *self.masked.entry(name_of(it.node)).or_default() += 1,
                Damage::Misread => self.misread += 1,
            }
            if list || damage == Damage::Misread {
                println!("{damage:?} {}: {}", path.display(), file.slice(it.absolute_range()));
            }
        }
    }

    fn add_truncation(&mut self, path: &Path, text: &str, number: usize) {
        let Some(cut) = cut_of(text, number) else { return };
        let before = Dockerfile::parse(text);
        let mut tree = ShadowTree::new(&before);
        let was_damaged: Vec<_> = tree.damage(&before).into_iter().map(|(id, _)| id).collect();
        let clean: std::collections::HashSet<&str> = before
            .instructions()
            .filter(|it| !was_damaged.contains(&it.id))
            .map(|it| before.slice(it.absolute_range()))
            .collect();
        let after = before.edit(cut, "");
        tree.update(&after);
        self.truncations += 1;
        self.truncations_with_errors += usize::from(tree.has_error());
        self.edited_differs_from_new += usize::from(tree.to_sexp() != ShadowTree::new(&after).to_sexp());
        let damaged = tree.damage(&after).into_iter().any(|(id, damage)| {
            let source = after.instruction(id).map(|it| after.slice(it.absolute_range())).unwrap_or_default();
            damage == Damage::Misread || clean.contains(source)
        });
        if damaged {
            self.truncations_with_damage += 1;
            println!("truncation does damage: {} {cut:?}", path.display());
        }
    }

    fn clean_share(&self) -> f64 {
        let damaged = self.masked.values().sum::<usize>() + self.misread;
        100.0 * (self.instructions - damaged) as f64 / self.instructions.max(1) as f64
    }

    fn are_as_promised(&self) -> bool {
        let faults = self.files_with_errors
            + self.misread
            + self.truncations_with_damage
            + self.truncations_with_errors
            + self.edited_differs_from_new;
        faults == 0 && self.clean_share() >= 99.9
    }

    fn print(&self) {
        println!("files                            {} ({} bytes)", self.files, self.bytes);
        println!("files with ERROR or MISSING      {}", self.files_with_errors);
        println!("instructions                     {}", self.instructions);
        println!("instructions with a clean node   {:.3} %", self.clean_share());
        println!("masked                           {:?}", self.masked);
        println!("drawn but misread                {}", self.misread);
        println!("lines cut short                  {}", self.truncations);
        println!("  that damage another instruction {}", self.truncations_with_damage);
        println!("  with ERROR or MISSING          {}", self.truncations_with_errors);
        println!("  edited tree is not the new one {}", self.edited_differs_from_new);
    }
}

fn name_of(instruction: &crate::analysis::syntax::Instruction) -> String {
    instruction.keyword.map_or_else(|| "(unknown)".to_owned(), |keyword| keyword.as_str().to_owned())
}

/// The end of some line that has more than one character, from some character on.
fn cut_of(text: &str, number: usize) -> Option<TextRange> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line.trim_end())
    });
    let lines: Vec<_> = lines.filter(|(_, line)| line.chars().count() > 1).collect();
    let (start, line) = lines.get((number * 104_729) % lines.len().max(1))?;
    let kept = 1 + (number * 31) % (line.chars().count() - 1);
    let (byte, _) = line.char_indices().nth(kept)?;
    let offset = |at: usize| TextSize::from((start + at) as u32);
    Some(TextRange::new(offset(byte), offset(line.len())))
}
