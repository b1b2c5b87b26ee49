//! The typesetter that the pages are given: fonts loaded once, documents set by the documents room.

use baton_documents::Fonts;
use baton_kernel::document::Document;
use std::sync::OnceLock;

/// Sets documents with the fonts of this machine.
#[derive(Default)]
pub struct SystemTypesetter {
    fonts: OnceLock<Fonts>,
}

impl SystemTypesetter {
    fn fonts(&self) -> &Fonts {
        self.fonts.get_or_init(Fonts::system)
    }
}

impl baton_web::Typesetter for SystemTypesetter {
    fn pdf(&self, document: &Document) -> anyhow::Result<Vec<u8>> {
        Ok(baton_documents::pdf(document, self.fonts())?.bytes)
    }
    fn docx(&self, document: &Document) -> anyhow::Result<Vec<u8>> {
        baton_documents::docx(document)
    }
}
