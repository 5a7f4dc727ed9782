//! Where things are in a text: byte offsets to lines and columns and back, and edits.
//!
//! Everything inside the analysis counts in bytes ([`text_size::TextSize`]); lines and columns exist for
//! editors and for printing. Nothing here knows what a Dockerfile is.

mod edit;
mod line_index;

pub use edit::{TextEdit, apply_edits};
pub use line_index::{LineColumn, LineIndex, PositionEncoding};
