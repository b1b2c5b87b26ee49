//! Ink: how a mark looks, by class on pages and by its own attributes on paper.

/// Where a drawing is going to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style<'a> {
    /// Inline in a page: marks carry classes, the page's style sheet colours them.
    Page,
    /// In a document or a picture: marks carry their own attributes, nothing outside is needed.
    Print {
        /// Font family of all text, e.g. `Noto Sans CJK SC`.
        family: &'a str,
    },
}

/// Rules for the classes that a page's style sheet needs beyond those of the chart grammar
/// (`actual`, `plan`, `target`, `gap-lag`, …): hollow spans, light marks, cell tints.
pub const EXTRA_CSS: &str = "\
svg .hollow { fill: #fff; stroke: #5d6876; }
svg .check { fill: #fff; stroke: #13747d; stroke-width: 2; }
svg .none { fill: #fff; stroke: #7d8794; }
svg .void { fill: none; stroke: #c0c7d0; stroke-dasharray: 3 3; }
svg .now-stage { fill: #fff; stroke: #2f4a8c; stroke-width: 4; }
svg .passed { stroke: #434e5c; stroke-width: 2; }
svg .ahead { stroke: #c0c7d0; stroke-width: 2; }
svg .tint-lag { fill: #fbecee; } svg .tint-warn { fill: #fff4d6; } svg .tint-void { fill: #f5f6f7; }
";

/// Attributes of a class when no style sheet is at hand. Classes of text give only what differs
/// from body text; unknown classes give nothing.
pub(crate) fn attributes(class: &str) -> &'static str {
    match class {
        "track" => r##" fill="#eceef1""##,
        "cut" => r##" stroke="#fff" stroke-width="1""##,
        "actual" => r##" fill="#434e5c""##,
        "plan" => r##" fill="#1a222d" stroke="#fff" stroke-width="1""##,
        "target" => r##" stroke="#1a222d" stroke-width="1.5""##,
        "gap-lag" => r##" fill="#a8071a""##,
        "gap-warn" => r##" fill="#ffc53d" stroke="#6b4700" stroke-width="0.75""##,
        "grid" => r##" stroke="#e1e4e8""##,
        "axis" => r##" stroke="#c0c7d0""##,
        "plan-line" => r##" fill="none" stroke="#5d6876" stroke-width="1.25" stroke-dasharray="4 3""##,
        "actual-line" => r##" fill="none" stroke="#1a222d" stroke-width="2.5" stroke-linejoin="round""##,
        "now" => r##" stroke="#5d6876" stroke-dasharray="2 2""##,
        "dot" => r##" fill="#1a222d""##,
        "lag" => r##" fill="#a8071a""##,
        "warn" => r##" fill="#ffc53d" stroke="#6b4700""##,
        "ok" => r##" fill="#13747d""##,
        "none" => r##" fill="#fff" stroke="#7d8794""##,
        "hollow" => r##" fill="#fff" stroke="#5d6876""##,
        "check" => r##" fill="#fff" stroke="#13747d" stroke-width="2""##,
        "void" => r##" fill="none" stroke="#c0c7d0" stroke-dasharray="3 3""##,
        "now-stage" => r##" fill="#fff" stroke="#2f4a8c" stroke-width="4""##,
        "passed" => r##" stroke="#434e5c" stroke-width="2""##,
        "ahead" => r##" stroke="#c0c7d0" stroke-width="2""##,
        "tint-lag" => r##" fill="#fbecee""##,
        "tint-warn" => r##" fill="#fff4d6""##,
        "tint-void" => r##" fill="#f5f6f7""##,
        "t1" => r##" fill="#1a222d" font-weight="600""##,
        "t1 plain" => r##" fill="#1a222d""##,
        "t3" => r##" fill="#5d6876""##,
        _ => "",
    }
}
