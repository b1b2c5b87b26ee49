//! Documents: an official paper as PDF and as Word, in the measures of GB/T 9704.
//!
//! Both come from the same [`baton_kernel::document::Document`]; every string arrives ready, and only
//! places and sizes are computed here. The same paper and the same fonts give the same bytes: there
//! is no clock and no randomness in either.

mod columns;
mod docx;
mod fonts;
mod measures;
mod pdf;

pub use docx::{docx, docx_with};
pub use fonts::{FontNames, FontUse, Fonts};
pub use pdf::{Rendered, pdf};
