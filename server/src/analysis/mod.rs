//! The pure analysis. Arrows: `text <- syntax <- model <- {lint, ide}`; `image`, `ignore`, `knowledge`
//! and `facts` are leaves.

pub mod facts;
pub mod ide;
pub mod ignore;
pub mod image;
pub mod knowledge;
pub mod lint;
pub mod model;
pub mod syntax;
#[cfg(test)]
pub mod testing;
pub mod text;
