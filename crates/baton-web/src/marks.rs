//! Marks: small pieces of pages that mean the same everywhere: status, number, drawing, file.

use crate::shell::Shell;
use askama::filters::Safe;
use baton_drawings::{Frame, Style};
use baton_kernel::ids::UnitId;
use baton_kernel::{FileRef, Seen};
use baton_kernel::document::{Drawing, Lane};
use baton_kernel::views::pace::{LightShown, Pace};
use baton_kernel::views::review::UnitShown;
use baton_kernel::views::{Number, Standing};
use baton_methods::Lang;

/// Text as HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The class of a light: its shape and colour.
pub(crate) fn class(light: &str) -> &'static str {
    match light {
        "ok" | "best" => "ok",
        "warn" | "reminder" => "warn",
        "lag" => "lag",
        "exempt" => "done",
        _ => "none",
    }
}

/// A light with its word; the reason shows on pointing.
pub(crate) fn light(light: &LightShown) -> Safe<String> {
    let title = if light.reason.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(&light.reason)) };
    Safe(format!("<span class=\"status {}\"{title}>{}</span>", class(light.key), escaped(&light.word)))
}

/// The light of a pace. A measure that was reported and cannot be judged has no light; it is not missing.
pub(crate) fn pace(pace: &Pace, lang: &Lang) -> Safe<String> {
    if pace.light.key == "none" && pace.done.value.is_some() {
        let word = lang.pick("不亮灯", "no light").to_owned();
        return light(&LightShown { word, ..pace.light.clone() });
    }
    light(&pace.light)
}

/// A status of a class with its word.
pub(crate) fn status(class: &str, word: &str) -> Safe<String> {
    Safe(format!("<span class=\"status {class}\">{}</span>", escaped(word)))
}

/// A number as shown: hollow until accepted, with what is missing beside it.
pub(crate) fn number(number: &Number, lang: &Lang) -> Safe<String> {
    let beside = baton_kernel::views::review::beside(number, *lang);
    let title = number.reason.clone().unwrap_or_else(|| beside.clone());
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(&title)) };
    let shown = escaped(&number.shown());
    Safe(match number.standing {
        Standing::Solid if title.is_empty() => shown,
        Standing::Solid => {
            let note = number.reason.is_none().then(|| format!("<small class=\"beside\">{}</small>", escaped(&beside)));
            format!("<span class=\"short\"{title}>{shown}</span>{}", note.unwrap_or_default())
        }
        Standing::Hollow => format!("<span class=\"hollow\"{title}>{shown}</span>"),
        Standing::Withheld => format!("<span class=\"withheld\"{title}>{}</span>", lang.pick("暂不报送", "withheld")),
        Standing::Missing => format!("<span class=\"gone\"{title}>{shown}</span>"),
    })
}

/// A number that has no value, in words: withheld, or a dash.
pub(crate) fn plain(number: &Number, lang: Lang) -> String {
    match number.standing {
        Standing::Withheld => lang.pick("暂不报送", "withheld").to_owned(),
        _ => number.shown_plain(),
    }
}

/// A total: the number, and always beside it how many figures are missing, withheld or not yet accepted.
pub(crate) fn total(number: &Number, lang: &Lang) -> Safe<String> {
    let beside = baton_kernel::views::review::beside(number, *lang);
    let title = match &number.reason {
        Some(reason) if number.value.is_none() => format!(" title=\"{}\"", escaped(reason)),
        _ => String::new(),
    };
    let class = if number.standing == Standing::Hollow { "hollow" } else { "total" };
    let note =
        if beside.is_empty() { String::new() } else { format!("<small class=\"beside\">{}</small>", escaped(&beside)) };
    Safe(format!("<span class=\"{class}\"{title}>{}</span>{note}", escaped(&number.shown())))
}

/// A lane of a table.
pub(crate) fn lane(lane: &Lane) -> Safe<String> {
    Safe(baton_drawings::pace_lane(lane, Style::Page))
}

/// The axis above the lanes of a table.
pub(crate) fn axis(lang: &Lang) -> Safe<String> {
    Safe(baton_drawings::lane_axis(lang.pick("全年目标", "target")))
}

/// A drawing that fits a column.
pub(crate) fn card(drawing: &Drawing) -> Safe<String> {
    Safe(baton_drawings::svg(drawing, Frame::Card, Style::Page))
}

/// A drawing across the page, with its narrow twin for phones.
pub(crate) fn wide(drawing: &Drawing) -> Safe<String> {
    let wide = baton_drawings::svg(drawing, Frame::Wide, Style::Page);
    let card = baton_drawings::svg(drawing, Frame::Card, Style::Page);
    Safe(format!("<div class=\"only-wide\">{wide}</div><div class=\"only-narrow\">{card}</div>"))
}

/// Class of the state of an answer or submission.
pub(crate) fn state_class(state: &str) -> &'static str {
    match state {
        "accepted" | "nothing" => "ok",
        "submitted" => "self",
        "proposed" | "partial" => "warn",
        "returned" => "lag",
        "withdrawn" => "done",
        _ => "none",
    }
}

/// A state of an answer or submission with its word.
pub(crate) fn state(state: &str, word: &str) -> Safe<String> {
    status(state_class(state), word)
}

/// The first words of a long text.
pub(crate) fn brief(text: &str) -> String {
    const CHARS_MAX: usize = 40;
    let mut short: String = text.chars().take(CHARS_MAX).collect();
    if text.chars().count() > CHARS_MAX {
        short.push('…');
    }
    short
}

/// A unit by its name, with a link to its page where the reader may see it.
pub(crate) fn unit(seen: &Seen, shell: &Shell, unit: &UnitShown) -> Safe<String> {
    unit_named(seen, shell, &unit.id, &unit.code, &unit.name)
}

/// The same by its parts.
pub(crate) fn unit_named(seen: &Seen, shell: &Shell, id: &UnitId, code: &str, name: &str) -> Safe<String> {
    let name = escaped(name);
    if !seen.sees(*id) {
        return Safe(name);
    }
    Safe(format!("<a href=\"{}\">{name}</a>", escaped(&shell.keep(format!("/units/{code}")))))
}

/// A file that is served through the page at `path`.
pub(crate) fn file(path: impl std::fmt::Display, file: &FileRef) -> Safe<String> {
    let size = match file.bytes {
        n if n < 1024 => format!("{n} B"),
        n if n < 1024 * 1024 => format!("{} KB", n.div_ceil(1024)),
        n => format!("{} MB", n.div_ceil(1024 * 1024)),
    };
    Safe(format!("<a href=\"{path}/files/{}\">{}</a> <small>{size}</small>", file.digest, escaped(&file.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_cannot_become_markup() {
        let light = LightShown { key: "lag", word: "<b>".to_owned(), reason: "\" onclick=\"x".to_owned() };
        let html = super::light(&light).0;
        assert_eq!(html, "<span class=\"status lag\" title=\"&quot; onclick=&quot;x\">&lt;b&gt;</span>");
    }
}
