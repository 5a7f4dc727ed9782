//! Any text and any edits: an edited file is the file parsed anew, and nothing that reads it panics.
#![no_main]

use dockwright::analysis::ide;
use dockwright::analysis::lint::{Facts, LintCache, Linter, Options};
use dockwright::analysis::model::Model;
use dockwright::analysis::syntax::{Dockerfile, TextRange, TextSize};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (String, Vec<(u16, u8, String)>)| {
    let (text, edits) = input;
    let mut file = Dockerfile::parse(text);
    let mut model = Model::new(&file);
    let (linter, _) = Linter::new(&Options::default());
    let mut cache = LintCache::default();
    for (start, len, insert) in edits.into_iter().take(20) {
        let start = TextSize::from(u32::from(start));
        file = file.edit(TextRange::at(start, u32::from(len).into()), &insert);
        let anew = Dockerfile::parse(file.text());
        let nodes = |file: &Dockerfile| file.instructions().map(|it| (it.start, it.node.clone())).collect::<Vec<_>>();
        assert_eq!(nodes(&file), nodes(&anew));
        model = model.carried_to(&file).unwrap_or_else(|| Model::new(&file));
        let kept = linter.check(&model, &Facts::default(), &mut cache);
        let fresh = linter.check(&Model::new(&anew), &Facts::default(), &mut LintCache::default());
        assert_eq!(format!("{kept:?}"), format!("{fresh:?}"));
        let _ = ide::hover::hover(&model, start);
        let _ = ide::rename::rename(&model, start, "new_name");
        let _ = ide::symbols::document_symbols(&model);
    }
});
