//! Assets: our own style sheet, script modules and icon, embedded, under a path that holds their hash.

use crate::answers::Answer;
use crate::faults::Fault;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// Name, media type and content of each asset.
pub(crate) const ASSETS: &[(&str, &str, &str)] = &[
    ("app.css", "text/css; charset=utf-8", include_str!("../assets/app.css")),
    ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("../assets/page.js")),
    ("staying.js", "text/javascript; charset=utf-8", include_str!("../assets/staying.js")),
    ("grid.js", "text/javascript; charset=utf-8", include_str!("../assets/grid.js")),
    ("paste.js", "text/javascript; charset=utf-8", include_str!("../assets/paste.js")),
    ("session.js", "text/javascript; charset=utf-8", include_str!("../assets/session.js")),
    ("states.js", "text/javascript; charset=utf-8", include_str!("../assets/states.js")),
    ("live.js", "text/javascript; charset=utf-8", include_str!("../assets/live.js")),
    ("search.js", "text/javascript; charset=utf-8", include_str!("../assets/search.js")),
    ("draft.js", "text/javascript; charset=utf-8", include_str!("../assets/draft.js")),
];

/// Hash over all assets: part of their path, so that they may be kept for ever.
pub(crate) fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let mut hasher = Sha256::new();
        for (name, _, text) in ASSETS {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            hasher.update(text.as_bytes());
        }
        hasher.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
    })
}

/// The asset under a hash and name. Another hash is absent: an old page asks for what is no more.
pub(crate) fn asset(of: &str, name: &str) -> Answer {
    let found = ASSETS.iter().find(|(n, ..)| *n == name).filter(|_| of == hash()).ok_or_else(Fault::absent)?;
    let mut response = Response::new(Body::from(found.2));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.1));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::ASSETS;

    #[test]
    fn scripts_and_styles_stay_small() {
        // As browsers get them: compressed.
        let sent = |text: &str| {
            use std::io::Write as _;
            let mut squeezed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            squeezed.write_all(text.as_bytes()).and_then(|()| squeezed.finish()).map_or(usize::MAX, |b| b.len())
        };
        let bytes = |end: &str| ASSETS.iter().filter(|a| a.0.ends_with(end)).map(|a| sent(a.2)).sum::<usize>();
        assert!(bytes(".js") <= 60 * 1024, "{}", bytes(".js"));
        // Sent compressed, to less than a third.
        assert!(bytes(".css") <= 120 * 1024, "{}", bytes(".css"));
        for (name, _, text) in ASSETS.iter().filter(|a| a.0.ends_with(".js")) {
            assert!(text.lines().count() <= 100, "{name}: {}", text.lines().count());
        }
    }
}
