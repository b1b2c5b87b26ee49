//! Specimen: writes sample papers of the fictional 云岭新区 (figures invented) as PDF and DOCX.
//!
//! `cargo run -p baton-documents --example specimen -- OUT_DIR`

#[path = "../tests/it/specimen.rs"]
mod specimen;

use std::path::PathBuf;

use baton_documents::{Fonts, docx_with, pdf};

fn main() -> anyhow::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "specimen".into()));
    std::fs::create_dir_all(&out)?;
    let fonts = Fonts::system();
    let mut draft = specimen::circular();
    draft.draft = true;
    for (name, document) in [
        ("circular", specimen::circular()),
        ("draft", draft),
        ("minutes", specimen::minutes()),
        ("task-table", specimen::task_table()),
    ] {
        let rendered = pdf(&document, &fonts)?;
        std::fs::write(out.join(format!("{name}.pdf")), &rendered.bytes)?;
        std::fs::write(out.join(format!("{name}.docx")), docx_with(&document, &fonts)?)?;
        println!("{name}: {} pages, {} bytes PDF", rendered.pages, rendered.bytes.len());
    }
    for font in fonts.report()? {
        println!("{} → {}", font.wanted, font.used);
    }
    Ok(())
}
