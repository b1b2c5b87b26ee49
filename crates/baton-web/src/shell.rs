//! Shell: what every page of a signed-in person has around its own content.

use crate::app::Transport;
use crate::assets;
use crate::limits::SESSION_WARNING_MINUTES;
use crate::routes::{AUDIT, KEEP, SYSTEM};
use crate::visit::{Taste, Visit};
use askama::filters::Safe;
use baton_kernel::permit::Verb;
use baton_kernel::{Refusal, Seen};
use baton_methods::Lang;
use baton_store::Ids;
use jiff::civil::Date;
use std::sync::Arc;

/// Most days offered beside today.
const PICKS_MAX: usize = 3;

/// A line of the menu.
pub(crate) struct MenuLine {
    pub path: &'static str,
    pub label: String,
    pub count: Option<usize>,
    pub current: bool,
}

/// A group of the menu.
pub(crate) struct MenuGroup {
    pub title: String,
    pub lines: Vec<MenuLine>,
}

/// The as-of line of a page.
pub(crate) struct AsOf {
    pub day: String,
    pub typed: String,
    pub path: String,
    pub hidden: Vec<(String, String)>,
    pub past: bool,
    pub trouble: Option<String>,
    pub picks: Vec<(String, String)>,
    pub blueprint: u32,
    pub cut: u64,
    pub witness: Option<String>,
}

/// What stands around a page's content.
pub(crate) struct Shell {
    pub title: String,
    pub lang: Lang,
    pub large: bool,
    pub zone: String,
    pub clock: Option<String>,
    pub invented: bool,
    pub who: String,
    pub csrf: String,
    pub menu: Vec<MenuGroup>,
    pub asof: AsOf,
    pub done: Option<String>,
    pub refused: Option<Refusal>,
    pub mistakes: Vec<Refusal>,
    pub here: String,
    pub base: u64,
    /// Seconds this session still has, and after how many idle ones it ends.
    pub left: i64,
    pub idle: i64,
    /// The minute at which it ends, when that is near.
    pub ends: Option<String>,
    ids: Arc<dyn Ids>,
}

impl Shell {
    /// The shell of a visit's page, which stands under the menu line at `current`.
    pub(crate) fn of(v: &Visit, title: impl Into<String>, current: &str) -> Shell {
        let seen = &v.seen;
        Shell {
            title: title.into(),
            lang: v.taste.lang,
            large: v.taste.large,
            zone: zone_name(seen),
            clock: clock(v),
            invented: seen.founding().is_some_and(|f| f.invented),
            who: who(v),
            csrf: v.session.csrf.clone(),
            menu: menu(v, current),
            asof: asof(v),
            done: done(v),
            refused: v.refused.clone(),
            mistakes: v.mistakes.clone(),
            here: v.here_without(&["done"]),
            base: seen.base(),
            left: left(v),
            idle: baton_store::limits::SESSION_IDLE_MINUTES * 60,
            ends: (left(v) <= SESSION_WARNING_MINUTES * 60).then(|| v.clock(v.session.expires_at, "%H:%M")),
            ids: v.app.journal.ids().clone(),
        }
    }

    /// This page as a value of a query: its path alone.
    pub(crate) fn here_plain(&self) -> String {
        crate::answers::percent(self.here.split('?').next().unwrap_or("/"))
    }

    /// Path of an asset.
    pub(crate) fn asset(&self, name: &str) -> String {
        asset(name)
    }

    /// Words of a template in the reader's language: both stand side by side where they are used.
    pub(crate) fn w(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The `lang` of the page.
    pub(crate) fn tag(&self) -> &'static str {
        tag(self.lang)
    }

    /// Whether this is the first page, under which all others stand.
    pub(crate) fn is_first(&self) -> bool {
        self.menu.iter().flat_map(|g| &g.lines).any(|l| l.current && l.path == "/")
    }

    /// The hidden fields of a form: session token, idempotency key, and the seq the page was made from.
    pub(crate) fn hidden(&self) -> Safe<String> {
        Safe(format!(
            "<input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"key\" value=\"{:032x}\">\
             <input type=\"hidden\" name=\"base\" value=\"{}\">",
            self.csrf,
            self.ids.next(),
            self.base
        ))
    }

    /// The session token alone, for forms that change nothing in the ledger.
    pub(crate) fn token(&self) -> Safe<String> {
        Safe(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", self.csrf))
    }

    /// The mistakes on this page: where, and in words.
    pub(crate) fn troubles(&self) -> Vec<(&str, &str)> {
        self.mistakes.iter().map(|m| (m.at.as_deref().unwrap_or("main"), m.said(self.lang))).collect()
    }

    fn mistake(&self, at: &str) -> Option<&str> {
        self.mistakes.iter().find(|m| m.at.as_deref() == Some(at)).map(|m| m.said(self.lang))
    }

    /// Attributes of a field that holds a mistake.
    pub(crate) fn bad(&self, at: impl std::fmt::Display) -> Safe<String> {
        let at = at.to_string();
        Safe(
            self.mistake(&at)
                .map_or(String::new(), |_| format!(" aria-invalid=\"true\" aria-describedby=\"{at}-error\"")),
        )
    }

    /// The words beside a field that holds a mistake.
    pub(crate) fn wrong(&self, at: impl std::fmt::Display) -> Safe<String> {
        let at = at.to_string();
        let words = self.mistake(&at).map(crate::marks::escaped);
        Safe(words.map_or(String::new(), |words| format!("<p class=\"error\" id=\"{at}-error\">{words}</p>")))
    }

    /// Offers a day before today worth looking back to.
    pub(crate) fn pick(&mut self, v: &Visit, code: &str, day: Date) {
        if day >= v.seen.today() || self.asof.picks.len() > PICKS_MAX {
            return;
        }
        let label = v.say(code, &[("date", &day.strftime("%m-%d"))]);
        let path = v.here_without(&["known", "done"]);
        let join = if path.contains('?') { '&' } else { '?' };
        let pick = (label, format!("{path}{join}known={day}"));
        if !self.asof.picks.contains(&pick) {
            self.asof.picks.push(pick);
        }
    }

    /// Adds the past day to a path, so that a reader of the past stays there.
    pub(crate) fn keep(&self, path: impl std::fmt::Display) -> String {
        let path = path.to_string();
        if !self.asof.past {
            return path;
        }
        known_on(&path, &self.asof.day)
    }
}

/// A path with the day whose knowledge is looked at; the part of the page that it names stays last.
fn known_on(path: &str, day: &str) -> String {
    let (path, mark) = path.split_once('#').map_or((path, String::new()), |(p, m)| (p, format!("#{m}")));
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}known={day}{mark}")
}

/// What stands around a page when nobody is signed in.
pub(crate) struct Porch {
    pub title: String,
    pub lang: Lang,
    pub large: bool,
    pub zone: String,
    pub clock: Option<String>,
}

impl Porch {
    /// A word in the reader's language.
    pub(crate) fn w(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }
    pub(crate) fn asset(&self, name: &str) -> String {
        asset(name)
    }
    pub(crate) fn tag(&self) -> &'static str {
        tag(self.lang)
    }
}

/// Path of an asset.
pub(crate) fn asset(name: &str) -> String {
    format!("/assets/{}/{name}", assets::hash())
}

fn tag(lang: Lang) -> &'static str {
    lang.pick("zh-CN", "en")
}

/// Name of the zone in the reader's language.
pub(crate) fn zone_name(seen: &Seen) -> String {
    seen.founding().map_or_else(String::new, |f| {
        let english = seen.lang == Lang::En && !f.name_en.is_empty();
        if english { f.name_en.clone() } else { f.name.clone() }
    })
}

/// The simulated clock in words; a real one is not shown.
pub(crate) fn clock_of(app: &crate::App, lang: Lang) -> Option<String> {
    let zone = app.journal.snapshot();
    zone.founding().filter(|f| f.simulated)?;
    let now = app.journal.now().to_zoned_datetime(zone.time_zone());
    Some(crate::visit::say(lang, "page.clock", &[("now", &now.strftime("%Y-%m-%d %H:%M"))]))
}

/// Seconds until the session ends whatever happens.
fn left(v: &Visit) -> i64 {
    v.session.expires_at.duration_since(v.app.store().now()).as_secs().max(0)
}

fn clock(v: &Visit) -> Option<String> {
    clock_of(&v.app, v.taste.lang)
}

fn who(v: &Visit) -> String {
    let name = v.seen.person(v.session.person);
    match v.seen.rights().units.first() {
        Some(unit) => format!("{} · {name}", v.seen.unit_short(*unit)),
        None => name,
    }
}

fn done(v: &Visit) -> Option<String> {
    let code = v.query.get("done");
    let whole = format!("page.done.{code}");
    // Only words of ours are shown: the code must be one of the catalogue.
    (!code.is_empty() && baton_kernel::messages::catalogue().contains_key(&whole)).then(|| v.say(&whole, &[]))
}

fn asof(v: &Visit) -> AsOf {
    let seen = &v.seen;
    let today = seen.today().to_string();
    let picks = vec![(v.say("page.known.today", &[]), v.here_without(&["known", "done"]))];
    AsOf {
        day: seen.day().to_string(),
        typed: if v.known.typed.is_empty() { today } else { v.known.typed.clone() },
        path: v.uri.path().to_owned(),
        hidden: v
            .query
            .0
            .iter()
            .filter(|(n, value)| n != "known" && n != "done" && !value.is_empty())
            .cloned()
            .collect(),
        past: seen.day() < seen.today(),
        trouble: v.known.trouble.clone(),
        picks,
        blueprint: seen.blueprint().version,
        cut: seen.cut(),
        witness: seen.witness().map(|d| short_hash(&d.to_string())),
    }
}

/// The head of a hash, grouped for reading: `7c1e-9a40-52bd`.
pub(crate) fn short_hash(hash: &str) -> String {
    let head: Vec<&str> = (0..3).filter_map(|n| hash.get(n * 4..n * 4 + 4)).collect();
    head.join("-")
}

fn menu(v: &Visit, current: &str) -> Vec<MenuGroup> {
    let counts = crate::home::counts(v);
    let answers = v.seen.rights().may_somewhere(Verb::PaperIssue);
    let desk = counts.home + if answers { v.app.waiting() } else { 0 };
    let line = |path: &'static str, code: &str, count: Option<usize>| MenuLine {
        path,
        label: v.say(code, &[]),
        count: count.filter(|n| *n > 0),
        current: path == current,
    };
    let group = |code: &str, lines: Vec<MenuLine>| MenuGroup {
        title: if code.is_empty() { String::new() } else { v.say(code, &[]) },
        lines,
    };
    vec![
        group("", vec![line("/", "page.menu.home", Some(desk)), line("/notices", "page.notices", None)]),
        group(
            "page.menu.group.review",
            vec![line("/review", "page.menu.review", None), line("/items", "page.menu.items", Some(counts.items))],
        ),
        group("page.menu.group.report", vec![line("/rounds", "page.menu.rounds", Some(counts.rounds))]),
        group(
            "page.menu.group.meet",
            vec![line("/meetings", "page.menu.meetings", None), line("/papers", "page.menu.papers", None)],
        ),
        group(
            "page.menu.group.tasks",
            [
                Some(line("/tasks", "page.menu.tasks", Some(counts.tasks))),
                crate::instructions::concern(v).then(|| line("/instructions", "page.menu.instructions", None)),
                Some(line("/posts", "page.menu.posts", None)),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        group("page.menu.group.admin", {
            let rights = v.seen.rights();
            let may = |verbs: &[Verb]| verbs.iter().any(|verb| rights.may_somewhere(*verb));
            let mut lines = vec![line("/units", "page.menu.units", None)];
            if may(KEEP) {
                lines.push(line("/people", "page.menu.people", None));
                lines.push(line("/rights", "page.menu.rights", None));
            }
            lines.push(line("/blueprint", "page.menu.blueprint", None));
            lines.push(line("/burden", "page.menu.burden", None));
            if may(SYSTEM) {
                lines.push(line("/system", "page.menu.system", None));
            }
            if may(AUDIT) {
                lines.push(line("/audit", "page.menu.audit", None));
            }
            if answers {
                lines.push(line("/intake", "page.intake", Some(v.app.waiting())));
            }
            lines
        }),
    ]
}

/// The taste of a browser by its cookies.
pub(crate) fn taste(headers: &axum::http::HeaderMap, transport: Transport) -> Taste {
    use crate::cookies::Cookie;
    Taste {
        lang: match Cookie::Lang.read(headers, transport).as_deref() {
            Some("en") => Lang::En,
            _ => Lang::Zh,
        },
        large: Cookie::Size.read(headers, transport).as_deref() == Some("large"),
    }
}

#[cfg(test)]
mod tests {
    use super::known_on;

    #[test]
    fn the_day_comes_before_the_part_of_a_page() {
        assert_eq!(known_on("/review/2023Q1#watch", "2023-04-01"), "/review/2023Q1?known=2023-04-01#watch");
        assert_eq!(known_on("/items?kind=a", "2023-04-01"), "/items?kind=a&known=2023-04-01");
    }
}
