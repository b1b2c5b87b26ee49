//! Errands: what a verb asks of an open zone. Run by the process that holds the zone: this one, or the
//! server, over its local socket. An errand is data; files travel beside it as bytes.

use crate::Format;
use crate::answer::{Answer, EXIT_DATA, Failure};
use crate::reports;
use crate::typesetter::SystemTypesetter;
use baton_kernel::commands::{Act, FieldGiven, FieldInput, FigureGiven, FigureInput};
use baton_kernel::entries::{Grantee, Holding, Scope};
use baton_kernel::form::{CellValue, Form};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::views;
use baton_kernel::{Caller, Command, Refusal, Seen};
use baton_methods::{Lang, Period};
use baton_store::{Ids, Journal};
use baton_web::Typesetter as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// For whom, as of when, in which language something is read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct View {
    /// As known on a day.
    pub known: Option<Date>,
    /// As a user sees it; the operator sees all.
    pub user: Option<String>,
    /// Language.
    pub lang: Lang,
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Text.
    Text,
    /// JSON.
    Json,
    /// Workbook.
    Xlsx,
    /// PDF.
    Pdf,
    /// Word.
    Docx,
}

impl From<Format> for Shape {
    fn from(format: Format) -> Shape {
        match format {
            Format::Text => Shape::Text,
            Format::Json => Shape::Json,
            Format::Xlsx => Shape::Xlsx,
            Format::Pdf => Shape::Pdf,
            Format::Docx => Shape::Docx,
        }
    }
}

/// What is asked. Fields as on the command line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Errand {
    Sheet {
        unit: String,
        period: String,
        view: View,
    },
    Import {
        period: String,
        unit: Option<String>,
        confirm: bool,
        marked: bool,
        json: bool,
        user: String,
        lang: Lang,
    },
    Review {
        period: String,
        format: Shape,
        view: View,
    },
    Dispatch {
        period: String,
        kind: Option<String>,
        format: Shape,
        view: View,
    },
    Circular {
        meeting: String,
        format: Shape,
        view: View,
    },
    TaskTable {
        meeting: String,
        format: Shape,
        view: View,
    },
    Issue {
        meeting: String,
        number: Option<String>,
        user: String,
        lang: Lang,
    },
    ApplyBlueprint {
        files: BTreeMap<String, String>,
        because: String,
        dry_run: bool,
        user: String,
        lang: Lang,
    },
    ShowBlueprint {
        files: bool,
        view: View,
    },
    AddUser {
        login: String,
        name: String,
        unit: String,
        post: String,
        roles: Vec<String>,
        password: Option<String>,
        user: String,
        lang: Lang,
    },
    ResetPassword {
        login: String,
        password: Option<String>,
        user: String,
        lang: Lang,
    },
    ListUsers {
        json: bool,
        lang: Lang,
    },
}

/// The zone an errand runs on.
#[derive(Clone)]
pub struct Desk {
    /// The ledger, open for writing.
    pub journal: Arc<Journal>,
    /// Sets documents.
    pub typesetter: Arc<SystemTypesetter>,
}

fn period(text: &str) -> Result<Period, Failure> {
    Period::parse(text).map_err(|e| {
        let words = |lang| format!("{}\n{}", e.message(lang), e.hint(lang));
        Failure::words(EXIT_DATA, words(Lang::Zh), words(Lang::En))
    })
}

impl Desk {
    /// Carries an errand out.
    pub async fn run(&self, errand: Errand, bytes: Vec<u8>) -> Result<Answer, Failure> {
        match errand {
            Errand::Sheet { unit, period: p, view } => {
                let seen = self.seen(&view).await?;
                let form = self.form(&seen, &unit, period(&p)?)?;
                Ok(Answer::bytes(baton_sheets::fill_in(&form)?))
            }
            Errand::Import { period: p, unit, confirm, marked, json, user, lang } => {
                let asked = Import { period: period(&p)?, unit, confirm, marked, json, user, lang };
                self.import(asked, bytes).await
            }
            Errand::Review { period: p, format, view } => {
                let seen = self.seen(&view).await?;
                let period = period(&p)?;
                views::review::reviewable(period, view.lang)?;
                let review = views::review::review(&seen, period);
                match format {
                    Shape::Text => Ok(Answer::text(review.text(view.lang))),
                    Shape::Json => json(&review),
                    Shape::Xlsx => {
                        Ok(Answer::bytes(baton_sheets::table(&baton_web::review_sheet(&review, view.lang))?))
                    }
                    Shape::Pdf | Shape::Docx => Err(no_such("text, json, xlsx")),
                }
            }
            Errand::Dispatch { period: p, kind, format, view } => {
                let seen = self.seen(&view).await?;
                let filter = views::items::ItemFilter { kind, ..Default::default() };
                let list = views::items::list(&seen, &filter, period(&p)?)?;
                match format {
                    Shape::Json => json(&list),
                    Shape::Xlsx => Ok(Answer::bytes(baton_sheets::table(&reports::list(&seen, &list))?)),
                    _ => Err(no_such("json, xlsx")),
                }
            }
            Errand::Circular { meeting, format, view } => {
                let seen = self.seen(&view).await?;
                let meeting = meeting_id(&seen, &meeting)?;
                let circular = views::circular::circular(&seen, meeting, None, None)?;
                let talk = circular.warnings.join("\n");
                let bytes = match format {
                    Shape::Json => return Ok(json(&circular)?.saying(talk)),
                    Shape::Pdf => self.typesetter.pdf(&circular.document)?,
                    Shape::Docx => self.typesetter.docx(&circular.document)?,
                    _ => return Err(no_such("docx, pdf, json")),
                };
                Ok(Answer::bytes(bytes).saying(talk))
            }
            Errand::TaskTable { meeting, format, view } => {
                let seen = self.seen(&view).await?;
                let meeting = meeting_id(&seen, &meeting)?;
                let table = views::task_table::task_table(&seen, meeting)?;
                let bytes = match format {
                    Shape::Json => return json(&table),
                    Shape::Xlsx => baton_sheets::table(&reports::task_table(&table))?,
                    Shape::Pdf => self.typesetter.pdf(&views::task_table::document(&seen, meeting)?)?,
                    Shape::Docx => self.typesetter.docx(&views::task_table::document(&seen, meeting)?)?,
                    Shape::Text => return Err(no_such("docx, pdf, xlsx, json")),
                };
                Ok(Answer::bytes(bytes))
            }
            Errand::Issue { meeting, number, user, lang } => self.issue(&meeting, number, &user, lang).await,
            Errand::ApplyBlueprint { files, because, dry_run, user, lang } => {
                let caller = self.caller(&user).await?;
                let (next, mut found) = baton_kernel::blueprint::parse(&files);
                let zone = self.journal.snapshot();
                let (effects, forbidden) = baton_kernel::blueprint::effects(&zone, &next);
                found.extend(forbidden);
                let words = |d: &baton_kernel::Diagnostic| {
                    format!("{}:{}:{}: [{}] {}", d.file, d.line, d.column, d.code, lang.pick(&d.zh, &d.en))
                };
                if !found.is_empty() {
                    let text = found.iter().map(words).collect::<Vec<_>>().join("\n");
                    return Ok(Answer { exit: EXIT_DATA, ..Answer::text(text + "\n") });
                }
                let mut text: String = effects.iter().map(|e| format!("{}\n", lang.pick(&e.zh, &e.en))).collect();
                if !dry_run {
                    let receipt = self.act(caller, Act::ApplyBlueprint { files, because }).await?;
                    text.push_str(&lang.pick(
                        format!("已启用，台账第 {} 条\n", receipt.last),
                        format!("applied, ledger entry {}\n", receipt.last),
                    ));
                }
                Ok(Answer::text(text))
            }
            Errand::ShowBlueprint { files, view } => {
                let seen = self.seen(&view).await?;
                let blueprint = seen.blueprint();
                if files {
                    return json(&blueprint.files);
                }
                let mut text = view.lang.pick(
                    format!("第 {} 版蓝图，{} 类事项\n", blueprint.version, blueprint.kinds.len()),
                    format!("blueprint {}, {} kinds\n", blueprint.version, blueprint.kinds.len()),
                );
                for kind in &blueprint.kinds {
                    let stages: Vec<&str> = kind.stages.iter().map(|s| s.label.get(view.lang)).collect();
                    text.push_str(&format!("{}  {}  {}\n", kind.key, kind.label.get(view.lang), stages.join(" → ")));
                }
                Ok(Answer::text(text))
            }
            Errand::AddUser { login, name, unit, post, roles, password, user, lang } => {
                self.add_user(&login, &name, &unit, &post, &roles, password, &user, lang).await
            }
            Errand::ResetPassword { login, password, user, lang } => {
                let by = self.account_person(&user).await?;
                let seen = self.seen_as(Caller::Person(by), None, lang);
                seen.rights().need_all(Verb::PersonManage)?;
                let store = self.journal.store();
                let password = match password {
                    Some(given) => {
                        store.set_password(Some(by), &login, &given, true, &[]).await?;
                        given
                    }
                    None => store.reset_password(Some(by), &login).await?,
                };
                Ok(Answer::text(format!("{login} {password}\n"))
                    .saying(lang.pick("首次登录须改口令", "to be changed at the first sign-in")))
            }
            Errand::ListUsers { json: as_json, lang } => {
                let accounts = self.journal.store().accounts().await?;
                let seen = self.seen_as(Caller::Founder, None, lang);
                #[derive(Serialize)]
                struct Row {
                    login: String,
                    person: String,
                    state: String,
                }
                let rows: Vec<Row> = accounts
                    .iter()
                    .map(|a| Row {
                        login: a.login.clone(),
                        person: seen.person(a.person),
                        state: format!("{:?}", a.state).to_lowercase(),
                    })
                    .collect();
                if as_json {
                    return json(&rows);
                }
                Ok(Answer::text(
                    rows.iter().map(|r| format!("{}\t{}\t{}\n", r.login, r.person, r.state)).collect::<String>(),
                ))
            }
        }
    }

    /// The person behind a login that may sign in.
    async fn account_person(&self, login: &str) -> Result<PersonId, Failure> {
        let account = self.journal.store().account(login).await?;
        account.map(|a| a.person).ok_or_else(|| {
            Failure::words(
                crate::answer::EXIT_FORBIDDEN,
                format!("没有账号“{login}”，可用 baton user list 查看"),
                format!("there is no account “{login}”; see baton user list"),
            )
        })
    }

    async fn caller(&self, login: &str) -> Result<Caller, Failure> {
        Ok(Caller::Person(self.account_person(login).await?))
    }

    fn seen_as(&self, caller: Caller, known: Option<Date>, lang: Lang) -> Seen {
        Seen::new(self.journal.snapshot(), caller, self.journal.now(), known, lang)
    }

    async fn seen(&self, view: &View) -> Result<Seen, Failure> {
        let caller = match &view.user {
            Some(user) => self.caller(user).await?,
            None => Caller::Founder,
        };
        Ok(self.seen_as(caller, view.known, view.lang))
    }

    fn command(&self, base: u64, act: Act) -> Command {
        let ids = self.journal.ids();
        Command { key: format!("{:032x}", ids.next()), base, salt: ids.bytes(), act }
    }

    async fn act(&self, caller: Caller, act: Act) -> Result<baton_kernel::Receipt, Failure> {
        let base = self.journal.snapshot().head().seq;
        let command = self.command(base, act);
        Ok(self.journal.submit(caller, command).await?)
    }

    /// What a unit is asked for a period, by all rounds that ask it, as one form.
    fn form(&self, seen: &Seen, unit: &str, period: Period) -> Result<Form, Failure> {
        let id = seen.unit_by_code(unit).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &unit)]))?;
        let rounds = views::rounds::list(seen);
        let mut whole: Option<Form> = None;
        for round in rounds.iter().rev().filter(|r| r.period == period) {
            let Ok(form) = views::form::form(seen, round.id, id) else { continue };
            match &mut whole {
                _ if form.blocks.is_empty() => {}
                None => whole = Some(form),
                Some(known) => {
                    let new = |b: &baton_kernel::form::FormBlock| known.blocks.iter().all(|k| k.kind != b.kind);
                    let more: Vec<_> = form.blocks.into_iter().filter(new).collect();
                    known.blocks.extend(more);
                }
            }
        }
        let none = || Refusal::not_now("round.none", &[("unit", &unit), ("period", &period.label(seen.lang))]);
        Ok(whole.ok_or_else(none)?)
    }

    async fn import(&self, asked: Import, bytes: Vec<u8>) -> Result<Answer, Failure> {
        let lang = asked.lang;
        let caller = self.caller(&asked.user).await?;
        let seen = self.seen_as(caller, None, lang);
        let exe = std::env::current_exe().map_err(|e| Failure::World(e.into()))?;
        let limits = baton_sheets::Limits::default();
        // Our own workbooks say whose they are; others are the user's unit's.
        let bytes = Arc::new(bytes);
        let (exe_mark, bytes_mark) = (exe.clone(), bytes.clone());
        let mark = blocking(move || {
            let limits = baton_sheets::Limits::default();
            baton_sheets::identify(&exe_mark, &mut bytes_mark.as_slice(), &limits)
        })
        .await??;
        let unit = match asked.unit.clone().or(mark.map(|m| m.unit)) {
            Some(code) => code,
            None => {
                let own = seen.rights().units.first().copied();
                own.map(|u| seen.unit_shown(u).code).ok_or_else(|| Refusal::wrong("import.unit", &[]))?
            }
        };
        let form = self.form(&seen, &unit, asked.period)?;
        let form_read = form.clone();
        let preview = blocking(move || {
            let rows = baton_sheets::rows_in_worker(&exe, &mut bytes.as_slice(), &limits)?;
            baton_sheets::read_stream(&form_read, rows)
        })
        .await??;
        let mut answer = if asked.marked {
            Answer::bytes(baton_sheets::refill(&form, &preview)?)
        } else if asked.json {
            json(&preview)?
        } else {
            Answer::text(reports::preview(&form, &preview, lang))
        };
        let refused = preview.refused().count();
        if refused > 0 || preview.blocked() {
            answer.exit = EXIT_DATA;
        }
        if !asked.confirm {
            answer.talk = lang
                .pick("仅预览，未入账；加 --confirm 入账", "preview only, nothing entered; --confirm enters it")
                .to_owned();
            return Ok(answer);
        }
        if answer.exit != 0 {
            answer.talk = lang
                .pick(
                    "有错误，未入账；请改正后重新导入",
                    "there are mistakes, nothing entered; mend them and import again",
                )
                .to_owned();
            return Ok(answer);
        }
        let act = report(&seen, &form, &preview, self.journal.ids().as_ref())?;
        let Some(act) = act else {
            answer.talk = lang.pick("没有变化，未入账", "nothing changed, nothing entered").to_owned();
            return Ok(answer);
        };
        let command = self.command(form.head, act);
        let receipt = self.journal.submit(caller, command).await?;
        answer.talk = lang.pick(
            format!("已入账：台账第 {}–{} 条", receipt.first, receipt.last),
            format!("entered: ledger {}–{}", receipt.first, receipt.last),
        );
        Ok(answer)
    }

    async fn issue(&self, meeting: &str, number: Option<String>, user: &str, lang: Lang) -> Result<Answer, Failure> {
        let caller = self.caller(user).await?;
        let seen = self.seen_as(caller, None, lang);
        let meeting = meeting_id(&seen, meeting)?;
        let ids = self.journal.ids();
        let issuing = views::issuing::Issuing::fresh(&seen, PaperId(ids.next()), meeting, number, seen.today())?;
        let (pdf, docx) = (self.typesetter.pdf(issuing.document())?, self.typesetter.docx(issuing.document())?);
        let stem = issuing.title();
        let store = self.journal.store();
        let person = self.account_person(user).await?;
        let mut files = Vec::new();
        for (end, media, bytes) in [("pdf", "application/pdf", pdf), ("docx", DOCX, docx)] {
            files.push(store.put_file(Some(person), &issuing.file_name(end), media, bytes).await?);
        }
        let name = issuing.file_name("json");
        let data = store.put_file(Some(person), &name, "application/json", issuing.data()).await?;
        let act = issuing.act(files, data);
        let command = self.command(seen.base(), act);
        let receipt = self.journal.submit(caller, command).await?;
        Ok(Answer::text(lang.pick(
            format!("已印发：{stem}，台账第 {} 条\n", receipt.last),
            format!("issued: {stem}, ledger entry {}\n", receipt.last),
        ))
        .saying(issuing.warnings().join("\n")))
    }

    #[allow(clippy::too_many_arguments)]
    async fn add_user(
        &self,
        login: &str,
        name: &str,
        unit: &str,
        post: &str,
        roles: &[String],
        password: Option<String>,
        user: &str,
        lang: Lang,
    ) -> Result<Answer, Failure> {
        let caller = self.caller(user).await?;
        let Caller::Person(by) = caller else { return Err(Refusal::absent().into()) };
        // Everything about the account is checked before anything enters the ledger.
        let login = &baton_store::accounts::login_name(login)?;
        if self.journal.store().account(login).await?.is_some() {
            return Err(Failure::words(
                EXIT_DATA,
                format!("登录名“{login}”已被使用，请换一个"),
                format!("the login name “{login}” is taken; choose another"),
            ));
        }
        let password = match password {
            Some(given) => {
                baton_store::passwords::check(&given, &[login, name])?;
                given
            }
            None => baton_store::passwords::generated(),
        };
        let zone = self.journal.snapshot();
        let unit_id = zone.unit_by_code(unit).ok_or_else(|| Refusal::wrong("unit.unknown", &[("unit", &unit)]))?;
        let ids = self.journal.ids();
        let (person, post_id) = (PersonId(ids.next()), PostId(ids.next()));
        let today = zone.day_of(self.journal.now());
        let root = self.seen_as(Caller::Founder, None, lang).root();
        let mut acts = vec![
            Act::PutPerson { person, name: name.to_owned() },
            Act::PutPost { post: post_id, unit: unit_id, title: post.to_owned(), from: None, to: None },
            Act::HoldPost { post: post_id, person, how: Holding::Holder, from: today, to: None },
        ];
        for role in roles {
            // A role at the root of the tree is one over the whole zone.
            let scope = if Some(unit_id) == root { Scope::All } else { Scope::Below(vec![unit_id]) };
            acts.push(Act::Grant { grant: GrantId(ids.next()), to: Grantee::Post(post_id), role: role.clone(), scope });
        }
        self.act(caller, Act::All(acts)).await?;
        self.journal.store().add_account(Some(by), login, person, &password, true, &[name]).await?;
        Ok(Answer::text(format!("{login} {password}\n"))
            .saying(lang.pick("首次登录须改口令", "to be changed at the first sign-in")))
    }
}

/// Work that would hold up the runtime.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Failure::World(e.into()))
}

/// The meeting under a code or an identity that the caller sees.
fn meeting_id(seen: &Seen, key: &str) -> Result<MeetingId, Failure> {
    // A meeting planned later may still be asked about as of an earlier day: its figures are the cut's.
    Ok(views::meetings::meeting(&seen.at_cut(seen.base()), key)?.row.id)
}

/// Media type of a Word document.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

struct Import {
    period: Period,
    unit: Option<String>,
    confirm: bool,
    marked: bool,
    json: bool,
    user: String,
    lang: Lang,
}

fn json<T: Serialize>(value: &T) -> Result<Answer, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| Failure::World(e.into()))?;
    text.push('\n');
    Ok(Answer::text(text))
}

fn no_such(known: &str) -> Failure {
    Failure::words(
        crate::answer::EXIT_USAGE,
        format!("不支持这种格式，可用：{known}"),
        format!("no such format here; known: {known}"),
    )
}

/// The report that a preview makes when confirmed: submitted when the caller may submit for the unit, else
/// proposed to its checker. `None` when nothing would change.
pub fn report(
    seen: &Seen,
    form: &Form,
    preview: &baton_sheets::Preview,
    ids: &dyn Ids,
) -> Result<Option<Act>, Failure> {
    let unit = seen.unit_by_code(&form.unit).ok_or_else(Refusal::absent)?;
    // Each block answers the round that asks about its kind: one report for each round.
    let mut reports: BTreeMap<RoundId, (Vec<FigureGiven>, Vec<FieldGiven>)> = BTreeMap::new();
    let mut round_of = BTreeMap::new();
    for round in views::rounds::list(seen).iter().rev().filter(|r| r.period == form.period) {
        for block in views::form::form(seen, round.id, unit).map(|f| f.blocks).unwrap_or_default() {
            round_of.entry(block.kind).or_insert(round.id);
        }
    }
    for cell in preview.entering() {
        let Some(value) = &cell.value else { continue };
        let subject: Subject = cell.subject.parse().map_err(|_| Refusal::absent())?;
        let round = round_of.get(&*cell.block).copied().ok_or_else(Refusal::absent)?;
        let (figures, fields) = reports.entry(round).or_default();
        let version = cell.version;
        if let Some(measure) = cell.column.strip_prefix("m:") {
            let (measure, part) = measure.split_once('/').map_or((measure, None), |(m, p)| (m, Some(p.to_owned())));
            let value = match value {
                CellValue::Number(n) => FigureInput::Is(*n),
                CellValue::Withheld(why) => FigureInput::Withheld(why.clone()),
                _ => continue,
            };
            let measure = measure.to_owned();
            figures.push(FigureGiven { subject, measure, period: form.period, part, value, version, said_on: None });
        } else if let (Some(field), Subject::Item(item)) = (cell.column.strip_prefix("f:"), subject) {
            let typed = match value {
                CellValue::Number(n) => n.normalize().to_string(),
                CellValue::Text(text) | CellValue::Choice(text) => text.clone(),
                CellValue::Date(date) => date.to_string(),
                CellValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                CellValue::Withheld(_) => continue,
            };
            fields.push(FieldGiven { item, field: field.to_owned(), value: FieldInput::Typed(typed), version });
        }
    }
    let mut acts: Vec<Act> = reports
        .into_iter()
        .map(|(round, (figures, fields))| Act::Report {
            submission: SubmissionId(ids.next()),
            round: Some(round),
            unit,
            submit: seen.rights().may(Verb::Submit, unit),
            figures,
            fields,
            because: String::new(),
            evidence: Vec::new(),
            notes: Vec::new(),
        })
        .collect();
    Ok(match acts.len() {
        0 => None,
        1 => acts.pop(),
        _ => Some(Act::All(acts)),
    })
}
