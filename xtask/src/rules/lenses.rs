//! Rule 4: handlers and renderers see `Seen` and views, never `Zone`.

use crate::{Breach, House};

/// Rooms that show things.
pub const ROOMS: &[&str] = &["baton-web", "baton-documents", "baton-drawings", "baton-sheets"];

/// Breaches: the name of the Zone or of its module in a room that shows things.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in house.rooms(ROOMS) {
        for at in source.places("Zone").chain(source.places("baton_kernel::zone")) {
            found.push(Breach::new(
                &source.path,
                source.tokens[at].line,
                "页面、文件、图和表只能看 Seen 与视图，不得直接用 Zone",
                "pages, papers, drawings and sheets look through Seen and views, never at Zone",
            ));
        }
    }
    found
}
