//! Visit: one request of a signed-in person: who, what they see, what they gave, and the acts they ask for.

use crate::answers::{self, Answer};
use crate::app::App;
use crate::faults::Fault;
use crate::given::{Fields, Given};
use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode, Uri};
use baton_kernel::commands::Evidence;
use baton_kernel::{Act, Caller, Command, Receipt, Refusal, Seen};
use baton_methods::{Lang, parse_date};
use baton_store::{KeyedIds, Session, principal};
use jiff::civil::Date;
use std::str::FromStr;
use std::sync::Arc;

/// What a browser prefers, kept in cookies.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Taste {
    pub lang: Lang,
    pub large: bool,
}

/// The day whose knowledge is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// As typed; empty for now.
    pub typed: String,
    /// Why it is not a day that can be shown.
    pub trouble: Option<String>,
}

/// One request of a signed-in person.
#[derive(Clone)]
pub(crate) struct Visit {
    pub app: App,
    pub session: Session,
    pub caller: Caller,
    pub seen: Seen,
    pub uri: Uri,
    pub path: Vec<(String, String)>,
    pub query: Fields,
    pub given: Given,
    pub known: Known,
    pub taste: Taste,
    pub address: String,
    pub client: String,
    /// How the browser calls the zone, as it says itself: letters of host names only.
    pub host: String,
    /// Why what was asked for was not done: shown on top of the page the form stands on.
    pub refused: Option<Refusal>,
    /// Every mistake of the form, the refusal among them: each is said at its field.
    pub mistakes: Vec<Refusal>,
}

impl Visit {
    /// What the caller sees now, or on the day asked for; a bad day is said and now is shown.
    pub(crate) fn look(app: &App, caller: Caller, taste: Taste, typed: &str) -> (Seen, Known) {
        let (zone, now) = (app.journal.snapshot(), app.journal.now());
        let today = zone.day_of(now);
        let mut known = Known { typed: typed.trim().to_owned(), trouble: None };
        let mut day: Option<Date> = None;
        if !known.typed.is_empty() {
            match parse_date(&known.typed, Some(today.year())) {
                Ok(date) if date > today => {
                    known.trouble = Some(say(taste.lang, "page.known.future", &[("date", &date), ("today", &today)]));
                }
                Ok(date) => {
                    known.typed = date.to_string();
                    day = (date < today).then_some(date);
                }
                Err(_) => {
                    known.trouble =
                        Some(say(taste.lang, "page.known.wrong", &[("text", &known.typed), ("today", &today)]));
                }
            }
        }
        (Seen::new(zone, caller, now, day, taste.lang), known)
    }

    /// An identity in the path; anything else is absent.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Fault> {
        self.segment(name).parse().map_err(|_| Fault::absent())
    }

    /// A segment of the path as text.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// A field of the form, trimmed.
    pub(crate) fn text(&self, name: &str) -> String {
        self.given.fields.get(name).to_owned()
    }

    /// A day in a form field; empty is none.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Refusal> {
        let text = self.given.fields.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        let parsed = parse_date(text, Some(self.seen.today().year()));
        parsed.map(Some).map_err(|_| Refusal::wrong("page.day.wrong", &[("text", &text)]).at(name))
    }

    /// A day that must be given.
    pub(crate) fn day_needed(&self, name: &str) -> Result<Date, Refusal> {
        let label = self.say(&format!("page.field.{name}"), &[]);
        self.day(name)?.ok_or_else(|| Refusal::wrong("text.empty", &[("field", &label)]).at(name))
    }

    /// An instant of the wall's clock in the zone's time zone, by a format.
    pub(crate) fn clock(&self, at: jiff::Timestamp, format: &str) -> String {
        at.to_zoned_datetime(self.app.journal.snapshot().time_zone()).strftime(format).to_string()
    }

    /// A word of the catalogue.
    pub(crate) fn say(&self, code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> String {
        self.seen.say(code, args)
    }

    /// Identities of what this form makes: the same form sent twice makes the same things.
    pub(crate) fn ids(&self) -> KeyedIds {
        KeyedIds::new(&principal(self.caller), self.given.fields.get("key"))
    }

    /// Takes the files of a field into the store: durable, to be named by the command that follows.
    pub(crate) async fn evidence(&self, field: &str) -> Result<Vec<Evidence>, Fault> {
        let mut kept = Vec::new();
        // All are looked at before any is kept.
        let files: Vec<_> = self.given.files(field).collect();
        let kinds = files.iter().map(|file| crate::uploads::media(file)).collect::<Result<Vec<_>, _>>()?;
        for (file, media) in files.into_iter().zip(kinds) {
            let by = Some(self.session.person);
            kept.push(self.app.store().put_file(by, &file.name, media, file.bytes.to_vec()).await?);
        }
        Ok(kept)
    }

    /// Asks for an act with the form's key and the seq it was made from.
    pub(crate) async fn submit(&self, act: Act) -> Result<Receipt, Fault> {
        let fields = &self.given.fields;
        let command = Command {
            key: fields.get("key").to_owned(),
            base: fields.get("base").parse().unwrap_or(0),
            salt: self.app.journal.ids().bytes(),
            act,
        };
        Ok(self.app.journal.submit(self.caller, command).await?)
    }

    /// The same visit after a refusal, looking at the newest zone: the page shows it with what was typed.
    pub(crate) fn after(&self, mistakes: Vec<Refusal>) -> Arc<Visit> {
        let mut again = self.clone();
        (again.seen, again.known) = Visit::look(&self.app, self.caller, self.taste, "");
        again.refused = mistakes.first().cloned();
        again.mistakes = mistakes;
        Arc::new(again)
    }

    /// What was typed into a field of a form that was refused; `fresh` when nothing was.
    pub(crate) fn typed<'a>(&'a self, name: &str, fresh: &'a str) -> &'a str {
        self.given.fields.raw(name).unwrap_or(fresh)
    }

    /// Whether a value of a list was chosen in a form that was refused.
    pub(crate) fn chosen(&self, name: &str, value: &str) -> bool {
        self.given.fields.all(name).any(|v| v == value)
    }

    /// The page, with the status that a refusal on it has.
    pub(crate) fn page(&self, template: &impl Template) -> Answer {
        let status = match &self.refused {
            None => StatusCode::OK,
            Some(refusal) => Fault::Refused(refusal.clone()).status(),
        };
        answers::page(status, template)
    }

    /// See a page, which says what was done.
    pub(crate) fn done(&self, path: &str, code: &str) -> Answer {
        let (path, mark) = path.split_once('#').map_or((path, String::new()), |(p, m)| (p, format!("#{m}")));
        let join = if path.contains('?') { '&' } else { '?' };
        Ok(answers::see(&format!("{path}{join}done={code}{mark}")))
    }

    /// See a page.
    pub(crate) fn see(&self, path: &str) -> Answer {
        Ok(answers::see(path))
    }

    /// The path of this page with its query but for the named parameters, ready for one more.
    pub(crate) fn here_without(&self, names: &[&str]) -> String {
        let mut out = String::from(self.uri.path());
        let mut join = '?';
        for (name, value) in self.query.0.iter().filter(|(n, v)| !names.contains(&n.as_str()) && !v.is_empty()) {
            out.push(join);
            out.push_str(&format!("{}={}", answers::percent(name), answers::percent(value)));
            join = '&';
        }
        out
    }
}

/// The answer of a form: what was done, or the page `show` it stands on with the refusal and what was typed.
///
/// Absent stays absent, and what is not a refusal (a full disk, a defect) is not a matter of the form.
pub(crate) async fn or_again<F>(v: &Arc<Visit>, done: Answer, show: impl FnOnce(Arc<Visit>) -> F) -> Answer
where
    F: Future<Output = Answer>,
{
    match done {
        Err(Fault::Refused(refusal)) if refusal.why != baton_kernel::Why::Absent => show(v.after(vec![refusal])).await,
        Err(Fault::Wrong(mistakes)) => show(v.after(mistakes)).await,
        other => other,
    }
}

/// A word of the catalogue in a language.
pub(crate) fn say(lang: Lang, code: &str, args: &[(&str, &dyn std::fmt::Display)]) -> String {
    baton_kernel::messages::say(lang, code, args)
}

/// An empty answer that says only "done" to a script.
pub(crate) fn kept(value: &serde_json::Value) -> Response<Body> {
    answers::json(StatusCode::OK, value)
}
