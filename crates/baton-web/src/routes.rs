//! Routes: one table of every path with its method, who may ask, what it takes and how long it may last.

use crate::answers::{self, Answer};
use crate::app::App;
use crate::cookies::Cookie;
use crate::faults::Fault;
use crate::given::{self, Fields, Given, Takes};
use crate::limits::{LONG_DEADLINE, Limits, PAGE_DEADLINE, TARGET_BYTES_MAX};
use crate::serve::Peer;
use crate::shell;
use crate::visit::{Taste, Visit};
use crate::{
    account, audits, batches, blueprints, burden, compliance, doors, duties, feedback, figures, forms, home,
    instructions, items, live, meeting_papers, meetings, notices, papers, people, posts, proposals, public, refusals,
    review, rights, rounds, screens, search, speeches, submissions, system, task, task_drafts, task_sheets, tasks,
    texts, unit_page, units, venues, workbooks,
};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, Uri, header};
use axum::routing::{MethodFilter, on};
use baton_kernel::Caller;
use baton_kernel::permit::{Rights, Verb};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::CompressionLayer;

/// Who may ask a route, before anything is looked up. What they may see and do there is decided by the
/// lens and by `decide`, on the object itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Who is signed in.
    SignedIn,
    /// Who may do one of these somewhere in the zone.
    May(&'static [Verb]),
}

type Going = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A request of somebody who need not be signed in.
pub(crate) struct Knock {
    pub app: App,
    pub id: String,
    pub headers: HeaderMap,
    pub path: Vec<(String, String)>,
    pub query: Fields,
    pub given: Given,
    pub taste: Taste,
    pub address: String,
    pub client: String,
}

enum Handler {
    Open(Box<dyn Fn(Knock) -> Going + Send + Sync>),
    Inside(Box<dyn Fn(Arc<Visit>) -> Going + Send + Sync>),
}

/// One route.
pub struct Route {
    /// `GET` or `POST`.
    pub method: Method,
    /// Path with `{names}`.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
    /// Its body.
    pub takes: Takes,
    /// Longest time until the answer is ready.
    pub deadline: Duration,
    handler: Handler,
}

impl Route {
    /// Whether somebody with these rights may ask; `None` is nobody signed in.
    pub fn admits(&self, rights: Option<&Rights>) -> bool {
        match (self.who, rights) {
            (Who::Anyone, _) | (Who::SignedIn, Some(_)) => true,
            (Who::May(verbs), Some(rights)) => verbs.iter().any(|v| rights.may_somewhere(*v)),
            (_, None) => false,
        }
    }

    fn long(mut self) -> Route {
        self.deadline = LONG_DEADLINE;
        self
    }
}

fn open<F: Future<Output = Answer> + Send + 'static>(
    method: Method,
    path: &'static str,
    takes: Takes,
    handler: impl Fn(Knock) -> F + Send + Sync + 'static,
) -> Route {
    let handler = Handler::Open(Box::new(move |knock| Box::pin(handler(knock))));
    Route { method, path, who: Who::Anyone, takes, deadline: PAGE_DEADLINE, handler }
}

fn inside<F: Future<Output = Answer> + Send + 'static>(
    method: Method,
    path: &'static str,
    who: Who,
    takes: Takes,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    let handler = Handler::Inside(Box::new(move |visit| Box::pin(handler(visit))));
    Route { method, path, who, takes, deadline: PAGE_DEADLINE, handler }
}

/// A page for everyone who is signed in; rows and fields in it are hidden by the lens.
fn page<F: Future<Output = Answer> + Send + 'static>(
    path: &'static str,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    inside(Method::GET, path, Who::SignedIn, Takes::Nothing, handler)
}

/// A page for those who may do something somewhere.
fn page_for<F: Future<Output = Answer> + Send + 'static>(
    verbs: &'static [Verb],
    path: &'static str,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    inside(Method::GET, path, Who::May(verbs), Takes::Nothing, handler)
}

/// An act: a form of those who may do it somewhere; `decide` asks again about the object.
fn act<F: Future<Output = Answer> + Send + 'static>(
    verbs: &'static [Verb],
    path: &'static str,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    inside(Method::POST, path, Who::May(verbs), Takes::Form, handler)
}

/// An act with files.
fn act_with_files<F: Future<Output = Answer> + Send + 'static>(
    verbs: &'static [Verb],
    path: &'static str,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    inside(Method::POST, path, Who::May(verbs), Takes::Upload, handler).long()
}

/// Something of one's own that changes no ledger: session, password, taste, drafts.
fn own<F: Future<Output = Answer> + Send + 'static>(
    path: &'static str,
    handler: impl Fn(Arc<Visit>) -> F + Send + Sync + 'static,
) -> Route {
    inside(Method::POST, path, Who::SignedIn, Takes::Form, handler)
}

const REPORT: &[Verb] = &[Verb::Report, Verb::Submit];
const MOVE_SUBMISSION: &[Verb] = &[Verb::Report, Verb::Submit, Verb::Accept];
const RAISE: &[Verb] =
    &[Verb::Report, Verb::Submit, Verb::ItemChange, Verb::TaskHandle, Verb::TaskAssign, Verb::TaskSupervise];
const SETTLE: &[Verb] = &[Verb::ItemChange, Verb::TaskAssign, Verb::TaskSupervise];
const HANDLE: &[Verb] = &[Verb::TaskHandle, Verb::TaskSupervise];
const ASSIGN: &[Verb] = &[Verb::TaskAssign];
const DRAFT: &[Verb] = &[Verb::TaskAssign, Verb::TaskSupervise, Verb::MeetingRun];
const SUPERVISE: &[Verb] = &[Verb::TaskSupervise];
const PLAN: &[Verb] = &[Verb::MeetingPlan];
const RUN: &[Verb] = &[Verb::MeetingRun];
const OVERRIDE: &[Verb] = &[Verb::MeetingPlan, Verb::PaperIssue, Verb::RoundOpen];
const ISSUE: &[Verb] = &[Verb::PaperIssue];
/// Who keeps units, people and rights, or audits them.
pub(crate) const KEEP: &[Verb] = &[Verb::UnitManage, Verb::PersonManage, Verb::RoleGrant, Verb::Audit];
/// Who looks after the machine.
pub(crate) const SYSTEM: &[Verb] = &[Verb::PersonManage, Verb::Audit];
/// Who reads the trail.
pub(crate) const AUDIT: &[Verb] = &[Verb::Audit];
const UNITS: &[Verb] = &[Verb::UnitManage];
const PEOPLE: &[Verb] = &[Verb::PersonManage];
const GRANT: &[Verb] = &[Verb::RoleGrant];
const RULES: &[Verb] = &[Verb::BlueprintApply];
const DRAFTS: &[Verb] = &[Verb::PaperIssue, Verb::PaperReview, Verb::PaperSign];
const PUBLISH: &[Verb] = &[Verb::PaperPublish, Verb::PaperIssue];
const PREVIEW: &[Verb] = &[Verb::PaperIssue, Verb::MeetingPlan, Verb::MeetingRun];

/// Every route. The permission matrix is made from this table.
pub fn table() -> Vec<Route> {
    vec![
        open(Method::GET, "/livez", Takes::Nothing, doors::alive),
        open(Method::GET, "/readyz", Takes::Nothing, doors::ready),
        open(Method::GET, "/assets/{hash}/{name}", Takes::Nothing, doors::asset),
        open(Method::GET, "/sign-in", Takes::Nothing, doors::show),
        open(Method::POST, "/sign-in", Takes::Form, doors::sign_in),
        own("/sign-out", doors::sign_out),
        own("/taste", account::taste),
        page("/account", account::show),
        own("/account/password", account::change_password),
        own("/account/sessions/end", account::end_others),
        own("/account/sessions/staying", account::stay),
        own("/account/sessions/{id}/end", account::end_session),
        own("/account/mail", account::put_mail),
        page("/", home::show),
        page("/menu", home::menu),
        page("/search", search::show),
        page("/notices", notices::show),
        own("/notices/seen", notices::mark),
        page("/feedback", feedback::show),
        own("/feedback", feedback::send),
        page_for(ISSUE, "/intake", feedback::received),
        act(ISSUE, "/intake/{id}", feedback::answer),
        page("/review", review::newest),
        page("/review/{period}", review::show),
        page("/review/{period}/{format}", review::export).long(),
        page("/items", items::list),
        page("/items/export/{format}", items::export).long(),
        page("/items/compendium/{format}", items::all_pages).long(),
        page("/items/{id}/page", items::one_page),
        page("/items/{id}/page/{format}", items::one_page_file).long(),
        own("/items/views", items::keep_view),
        own("/items/views/removal", items::drop_view),
        page_for(&[Verb::ItemMake], "/items/new", items::new),
        act_with_files(&[Verb::ItemMake], "/items", items::make),
        page("/items/{id}", items::show),
        act_with_files(&[Verb::ItemChange], "/items/{id}/change", items::change),
        act_with_files(&[Verb::ItemStage], "/items/{id}/stage", items::enter_stage),
        act(&[Verb::ItemChange], "/items/{id}/withdrawal", items::withdraw),
        act(&[Verb::TargetSet], "/items/{id}/target", items::set_target),
        page_for(&[Verb::TargetSet], "/items/{id}/targets/{measure}", items::target),
        page_for(&[Verb::ItemChange], "/items/{id}/merge", items::merge),
        act(&[Verb::ItemChange], "/items/{id}/merge", items::merge_into),
        act(&[Verb::ItemChange], "/items/{id}/links", items::link),
        act(&[Verb::ItemChange], "/items/{id}/links/removal", items::unlink),
        act_with_files(RAISE, "/items/{id}/problems", items::raise),
        act(ASSIGN, "/items/{id}/problems/{problem}/task", items::task),
        act_with_files(SETTLE, "/items/{id}/problems/{problem}/settlement", items::settle),
        page("/items/{id}/figures/{measure}/{period}", figures::of_item),
        page("/units/{id}/figures/{measure}/{period}", figures::of_unit),
        act_with_files(REPORT, "/items/{id}/figures/{measure}/{period}/correction", figures::correct_item),
        act_with_files(REPORT, "/units/{id}/figures/{measure}/{period}/correction", figures::correct_unit),
        page("/rounds", rounds::list),
        page_for(&[Verb::RoundOpen], "/rounds/new", rounds::new),
        act(&[Verb::RoundOpen], "/rounds", rounds::open),
        page("/rounds/{id}", rounds::show),
        act(&[Verb::RoundOpen], "/rounds/{id}/reopening", rounds::reopen),
        act(&[Verb::RoundOpen], "/rounds/{id}/closing", rounds::close),
        act(&[Verb::RoundOpen], "/rounds/{id}/urging", rounds::urge),
        page("/rounds/{id}/units/{unit}", forms::form),
        act_with_files(REPORT, "/rounds/{id}/units/{unit}", forms::send),
        own("/rounds/{id}/units/{unit}/draft", forms::keep_draft),
        page("/rounds/{id}/units/{unit}/workbook", workbooks::workbook).long(),
        act_with_files(REPORT, "/rounds/{id}/units/{unit}/workbook", workbooks::upload),
        page_for(REPORT, "/rounds/{id}/units/{unit}/workbook/{preview}", workbooks::preview),
        act(REPORT, "/rounds/{id}/units/{unit}/workbook/{preview}", workbooks::confirm),
        page_for(REPORT, "/rounds/{id}/units/{unit}/workbook/{preview}/file", workbooks::refilled).long(),
        page("/submissions/{id}", submissions::show),
        act(&[Verb::Submit, Verb::Accept], "/submissions/{id}/move", submissions::relocate),
        act(MOVE_SUBMISSION, "/submissions/{id}/{what}", submissions::move_on),
        page("/meetings", meetings::list),
        page_for(PLAN, "/meetings/new", meetings::new),
        act(PLAN, "/meetings", meetings::plan),
        page("/meetings/{id}", meetings::show),
        page_for(PLAN, "/meetings/{id}/plan", meetings::edit),
        act(PLAN, "/meetings/{id}/plan", meetings::replan),
        act(&[Verb::MeetingPlan, Verb::MeetingRun], "/meetings/{id}/state", meetings::move_on),
        page("/meetings/{id}/live", live::follow),
        act(RUN, "/meetings/{id}/live", live::control),
        page("/meetings/{id}/screen", screens::show),
        page("/meetings/{id}/venues/{venue}", venues::show),
        own("/meetings/{id}/venues/{venue}", venues::answer),
        page("/meetings/{id}/notice", meeting_papers::notice),
        page("/meetings/{id}/notice/{format}", meeting_papers::notice_file).long(),
        page("/meetings/{id}/minutes", meeting_papers::minutes),
        page("/meetings/{id}/minutes/{format}", meeting_papers::minutes_file).long(),
        page("/meetings/{id}/package", meeting_papers::package).long(),
        page("/compliance/{of}/{id}", compliance::show),
        act(OVERRIDE, "/compliance/{of}/{id}", compliance::answer_for),
        act(RUN, "/meetings/{id}/outcomes", meetings::record_outcome),
        page_for(RUN, "/meetings/{id}/speeches/new", speeches::new),
        act_with_files(RUN, "/meetings/{id}/speeches/reading", speeches::read),
        act_with_files(RUN, "/meetings/{id}/speeches", speeches::record),
        page("/meetings/{id}/speeches/{speech}", proposals::show),
        act(ASSIGN, "/meetings/{id}/speeches/{speech}/tasks", proposals::assign),
        act(ASSIGN, "/meetings/{id}/speeches/{speech}/setting-aside", proposals::set_aside),
        act(ASSIGN, "/meetings/{id}/speeches/{speech}/cuts", proposals::cut),
        page_for(ASSIGN, "/duties", duties::show),
        act(ASSIGN, "/duties", duties::put),
        page_for(PREVIEW, "/meetings/{id}/circular", papers::preview),
        page_for(PREVIEW, "/meetings/{id}/circular/{format}", papers::draft).long(),
        act(ISSUE, "/meetings/{id}/circular", papers::issue).long(),
        act(ISSUE, "/meetings/{id}/circular/review", papers::send_for_review),
        page_for(DRAFTS, "/drafts/{id}", papers::show_draft),
        act(DRAFTS, "/drafts/{id}/{step}", papers::step_draft).long(),
        page("/meetings/{id}/task-table/{format}", papers::task_table).long(),
        page("/tasks", tasks::list),
        page("/tasks/ledger.xlsx", tasks::export).long(),
        act(SUPERVISE, "/tasks/batch", batches::act),
        page_for(DRAFT, "/tasks/new", task_drafts::new),
        act(DRAFT, "/tasks", task_drafts::make),
        page("/tasks/{id}", task::show),
        page("/tasks/{id}/sheet", task_sheets::show),
        page("/tasks/{id}/sheet/{format}", task_sheets::file).long(),
        act_with_files(HANDLE, "/tasks/{id}/strands/{unit}/{what}", task::act),
        page_for(DRAFT, "/task-drafts", task_drafts::list),
        page_for(DRAFT, "/task-drafts/{id}", task_drafts::show),
        act(SUPERVISE, "/task-drafts/{id}/signature", task_drafts::sign),
        act(DRAFT, "/task-drafts/{id}/dropping", task_drafts::drop),
        page_for(DRAFT, "/task-texts/new", texts::new),
        act_with_files(DRAFT, "/task-texts", texts::record),
        page_for(DRAFT, "/task-texts/{id}", texts::show),
        act(DRAFT, "/task-texts/{id}/drafts", texts::draft),
        page("/instructions", instructions::list),
        own("/instructions", instructions::give),
        page("/instructions/{id}", instructions::show),
        act(SUPERVISE, "/instructions/{id}/answer", instructions::answer),
        own("/delegations", instructions::delegate),
        own("/delegations/{id}/end", instructions::end),
        page("/posts", posts::list),
        page("/posts/{id}", posts::show),
        own("/posts/{id}/cover", posts::cover),
        page("/papers", papers::list),
        page("/papers/{id}", papers::show),
        page("/papers/{id}/files/{digest}", papers::file).long(),
        act(PUBLISH, "/papers/{id}/{what}", papers::act),
        open(Method::GET, "/public", Takes::Nothing, public::page),
        open(Method::GET, "/public/{id}", Takes::Nothing, public::paper),
        open(Method::GET, "/public/{id}/files/{name}", Takes::Nothing, public::file).long(),
        open(Method::GET, "/public/{id}/claim", Takes::Nothing, public::claim),
        open(Method::POST, "/public/{id}/claim", Takes::Form, public::send_claim),
        page("/items/{id}/files/{digest}", items::file).long(),
        page("/submissions/{id}/files/{digest}", submissions::file).long(),
        page("/tasks/{id}/files/{digest}", task::file).long(),
        page("/units", units::list),
        page("/units/{id}", unit_page::show),
        page_for(UNITS, "/units/new", units::new),
        act(UNITS, "/units", units::put),
        page_for(UNITS, "/units/import", units::import),
        act_with_files(UNITS, "/units/import", units::imported),
        page_for(KEEP, "/units/{id}/administration", units::edit),
        act(UNITS, "/units/{id}/administration", units::put),
        act(UNITS, "/units/{id}/merger", units::merge),
        act(UNITS, "/units/{id}/posts", units::add_post),
        act(PEOPLE, "/units/{id}/posts/{post}/holders", units::hold),
        page_for(KEEP, "/people", people::list),
        act(PEOPLE, "/people", people::make),
        act(PEOPLE, "/people/{id}/password", people::reset),
        act(PEOPLE, "/people/{id}/account", people::set_state),
        act(PEOPLE, "/people/{id}/sessions/end", people::end_sessions),
        page_for(KEEP, "/rights", rights::list),
        act(GRANT, "/rights", rights::grant),
        act(GRANT, "/rights/{id}/revocation", rights::revoke),
        page("/rights/people/{id}", rights::of_person),
        page_for(KEEP, "/rights/objects", rights::of_object),
        page_for(SYSTEM, "/system", system::show),
        act(PEOPLE, "/system/sessions/{id}/end", system::end_session),
        page_for(AUDIT, "/audit", audits::list),
        page("/burden", burden::show),
        page("/blueprint", blueprints::show),
        act_with_files(RULES, "/blueprint/proposal", blueprints::propose),
        act(RULES, "/blueprint", blueprints::apply),
    ]
}

/// The routes as a service, with the headers, compression and errors that all of them share.
pub fn router(app: &App, limits: &Limits) -> Router {
    let mut router = Router::new();
    let stall = limits.body_stall;
    for route in table() {
        let filter = MethodFilter::try_from(route.method.clone()).expect("GET and POST are methods");
        let (path, route, app) = (route.path, Arc::new(route), app.clone());
        let handler = move |request: Request| attend(app.clone(), Ok(route.clone()), request, stall);
        router = router.route(path, on(filter, handler));
    }
    let (lost, wrong) = (app.clone(), app.clone());
    router
        .fallback(move |request: Request| attend(lost.clone(), Err(Fault::absent()), request, stall))
        .method_not_allowed_fallback(move |request: Request| attend(wrong.clone(), Err(Fault::Method), request, stall))
        .layer(DefaultBodyLimit::disable())
        .layer(CompressionLayer::new())
}

/// Answers one request: finds out who asks, lets the route's own conditions decide, and dresses the answer.
async fn attend(app: App, route: Result<Arc<Route>, Fault>, mut request: Request, stall: Duration) -> Response<Body> {
    let id = format!("{:012x}", baton_store::Ids::next(&**app.journal.ids()) >> 80);
    let at = Heard::of(&app, &mut request, id).await;
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let deadline = route.as_ref().map_or(PAGE_DEADLINE, |r| r.deadline);
    let going = answer(&at, route, request, stall);
    let answered = match tokio::time::timeout(deadline, going).await {
        Ok(answered) => answered,
        Err(_) => Err(Fault::Slow),
    };
    let answered = match answered {
        Ok(response) if is_export(&response) => exported(&at, path.as_str()).await.map(|()| response),
        other => other,
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(fault) => refusals::answer(&at, fault),
    };
    tracing::info!(id = at.id, %method, path, status = response.status().as_u16(), person = ?at.person(), "answered");
    answers::guard(response.headers_mut(), app.transport);
    if let Ok(id) = HeaderValue::from_str(&at.id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Whether an answer is a file that leaves the house.
fn is_export(response: &Response<Body>) -> bool {
    response.headers().contains_key(header::CONTENT_DISPOSITION)
}

/// Writes down who took which file and when; without that line the file is not given.
async fn exported(at: &Heard, path: &str) -> Result<(), Fault> {
    let Some(visit) = &at.visit else { return Ok(()) };
    let noted = baton_store::Noted {
        act: "export",
        result: "done",
        person: Some(visit.session.person),
        login: Some(&visit.session.login),
        address: Some(&at.address),
        about: Some(path),
    };
    Ok(at.app.store().note(&noted).await?)
}

/// What is known of a request before its route is asked.
pub(crate) struct Heard {
    pub app: App,
    pub id: String,
    pub method: Method,
    pub taste: Taste,
    pub address: String,
    pub client: String,
    pub path: Vec<(String, String)>,
    pub target: String,
    pub visit: Option<Visit>,
    pub trouble: Option<Fault>,
}

impl Heard {
    async fn of(app: &App, request: &mut Request, id: String) -> Heard {
        use axum::RequestExt;
        let path = match request.extract_parts::<RawPathParams>().await {
            Ok(params) => params.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            Err(_) => Vec::new(),
        };
        let headers = request.headers();
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |p| p.0);
        let client = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut heard = Heard {
            id,
            method: request.method().clone(),
            taste: shell::taste(headers, app.transport),
            address: crate::sockets::network(peer).to_string(),
            client: client.to_owned(),
            path,
            target: request.uri().to_string(),
            visit: None,
            trouble: None,
            app: app.clone(),
        };
        if request.uri().to_string().len() > TARGET_BYTES_MAX {
            heard.trouble = Some(Fault::TargetTooLong);
            return heard;
        }
        // A body is not `Sync`: only head and target are looked at while waiting.
        let (headers, uri) = (request.headers().clone(), request.uri().clone());
        match heard.find(&headers, &uri).await {
            Ok(visit) => heard.visit = visit,
            Err(fault) => heard.trouble = Some(fault),
        }
        heard
    }

    /// The visit of whoever the session cookie belongs to.
    async fn find(&self, headers: &HeaderMap, uri: &Uri) -> Result<Option<Visit>, Fault> {
        if uri.path().starts_with("/assets/") {
            return Ok(None);
        }
        let query = Fields::of_query(uri)?;
        let Some(token) = Cookie::Session.read(headers, self.app.transport) else { return Ok(None) };
        let Some(session) = self.app.store().session(&token).await? else { return Ok(None) };
        let caller = Caller::Person(session.person);
        let (seen, known) = Visit::look(&self.app, caller, self.taste, query.get("known"));
        Ok(Some(Visit {
            app: self.app.clone(),
            session,
            caller,
            seen,
            uri: uri.clone(),
            path: self.path.clone(),
            query,
            given: Given::default(),
            known,
            taste: self.taste,
            address: self.address.clone(),
            client: self.client.clone(),
            host: host(headers),
            refused: None,
            mistakes: Vec::new(),
        }))
    }

    fn person(&self) -> Option<String> {
        self.visit.as_ref().map(|v| v.session.person.to_string())
    }
}

/// The host that a request names; empty when it is no name of a host.
fn host(headers: &HeaderMap) -> String {
    let named = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let plain = named.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    if plain { named.to_owned() } else { String::new() }
}

async fn answer(at: &Heard, route: Result<Arc<Route>, Fault>, request: Request, stall: Duration) -> Answer {
    if let Some(Fault::TargetTooLong) = at.trouble {
        return Err(Fault::TargetTooLong);
    }
    if let Some(fault) = &at.trouble {
        return Err(match fault {
            Fault::Malformed => Fault::Malformed,
            Fault::Unknown => Fault::Unknown,
            Fault::Full => Fault::Full,
            other => Fault::World(anyhow::anyhow!("session: {other:?}")),
        });
    }
    let signed_in = at.visit.is_some();
    let route = match route {
        Ok(route) => route,
        // What exists is not told to strangers.
        Err(_) if !signed_in => return Err(Fault::NotSignedIn),
        Err(fault) => return Err(fault),
    };
    let changes = route.method == Method::POST;
    if changes && !same_origin(&at.app, request.headers()) {
        return Err(Fault::CrossSite);
    }
    match &route.handler {
        Handler::Open(handler) => {
            let headers = request.headers().clone();
            let query = Fields::of_query(request.uri())?;
            let given = given::read(request, route.takes, stall).await?;
            crate::secrecy::look(&at.app.journal.snapshot().blueprint().settings, &given)?;
            let knock = Knock {
                app: at.app.clone(),
                id: at.id.clone(),
                headers,
                path: at.path.clone(),
                query,
                given,
                taste: at.taste,
                address: at.address.clone(),
                client: at.client.clone(),
            };
            handler(knock).await
        }
        Handler::Inside(handler) => {
            let mut visit = at.visit.clone().ok_or(Fault::NotSignedIn)?;
            if !route.admits(Some(visit.seen.rights())) {
                return Err(baton_kernel::Refusal::forbidden(&verb_words(&visit, &route)).into());
            }
            if visit.session.must_change
                && !matches!(route.path, "/account" | "/account/password" | "/sign-out" | "/taste")
            {
                return Ok(answers::see("/account"));
            }
            if changes {
                let token = request.headers().get("x-csrf-token").and_then(|v| v.to_str().ok()).map(str::to_owned);
                let _turn = match route.takes {
                    Takes::Upload => {
                        Some(at.app.uploads.clone().acquire_owned().await.map_err(|e| Fault::World(e.into()))?)
                    }
                    _ => None,
                };
                visit.given = given::read(request, route.takes, stall).await?;
                let token = token.unwrap_or_else(|| visit.given.fields.get("csrf").to_owned());
                if !visit.session.csrf_matches(&token) {
                    return Err(Fault::CrossSite);
                }
                crate::secrecy::look(&visit.seen.blueprint().settings, &visit.given)?;
                return handler(Arc::new(visit)).await;
            }
            handler(Arc::new(visit)).await
        }
    }
}

fn verb_words(visit: &Visit, route: &Route) -> String {
    let verbs = match route.who {
        Who::May(verbs) => verbs,
        _ => &[],
    };
    let words = verbs.iter().map(|v| visit.taste.lang.pick(v.words().0, v.words().1));
    words.collect::<Vec<_>>().join(visit.taste.lang.pick("、", ", "))
}

/// Whether a changing request comes from our own pages, by what browsers add and pages cannot forge.
///
/// A client that sends neither `Origin` nor `Sec-Fetch-Site` is no browser of today; the form's token still guards.
fn same_origin(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site")
        && site != "same-origin"
    {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    match &app.origin {
        Some(ours) => origin == ours,
        None => {
            let host = text("host").unwrap_or_default();
            let scheme = if app.transport == crate::Transport::Tls { "https" } else { "http" };
            !host.is_empty() && origin == format!("{scheme}://{host}")
        }
    }
}

/// Prints the permission matrix: each route against principals by their rights.
pub fn matrix(principals: &[(&str, Option<Rights>)]) -> String {
    let table = table();
    // A fixed width: a new route is one new line.
    let width = 72;
    let mut out = String::new();
    let names: Vec<&str> = principals.iter().map(|(name, _)| *name).collect();
    out.push_str(&format!("{:<6} {:<width$}  {}\n", "method", "path", names.join("  ")));
    for route in &table {
        out.push_str(&format!("{:<6} {:<width$}", route.method.as_str(), route.path));
        for (name, rights) in principals {
            let mark = if route.admits(rights.as_ref()) { "yes" } else { "-" };
            out.push_str(&format!("  {mark:<w$}", w = name.len()));
        }
        let end = out.trim_end().len();
        out.truncate(end);
        out.push('\n');
    }
    out
}
