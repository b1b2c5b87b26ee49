//! The zone's folder as the command line sees it: founded, asked through the server or opened here.

use crate::answer::{Answer, EXIT_INPUT, Failure, write};
use crate::errands::{Desk, Errand};
use crate::typesetter::SystemTypesetter;
use crate::{answer, blueprints, socket};
use baton_kernel::commands::Act;
use baton_kernel::entries::{Grantee, Holding, Scope};
use baton_kernel::ids::*;
use baton_kernel::permit::Verb;
use baton_kernel::{Caller, Command, Refusal};
use baton_methods::Lang;
use baton_store::{Folder, Journal, Opening};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

/// What a new zone is called, and its first administrator.
pub struct Founding {
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Code.
    pub code: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Login of the first administrator.
    pub admin: String,
}

/// Opens the folder of a zone that is there.
pub async fn open(dir: &Path) -> Result<Desk, Failure> {
    if !Folder::at(dir).holds_a_zone() {
        let place = dir.display();
        return Err(Failure::words(
            EXIT_INPUT,
            format!("{place} 中没有新区数据。先运行 baton init --dir {place}，或用 --dir 指定目录"),
            format!("there is no zone in {place}; run baton init --dir {place} first, or name its folder with --dir"),
        ));
    }
    let journal = Journal::open(dir, Opening::default()).await?;
    Ok(Desk { journal: Arc::new(journal), typesetter: Arc::new(SystemTypesetter::default()) })
}

/// An errand answered by the server that holds the zone, or here when none runs.
pub async fn answer(dir: &Path, errand: Errand, bytes: Vec<u8>) -> Result<Answer, Failure> {
    if let Some(answer) = socket::ask(&Folder::at(dir).socket(), &errand, &bytes).await {
        return answer;
    }
    let desk = open(dir).await?;
    let answer = desk.run(errand, bytes).await;
    desk.journal.close().await;
    answer
}

/// An errand answered and printed: data to standard output or the file, talk to standard error.
pub async fn ask(dir: &Path, errand: Errand, bytes: Vec<u8>, output: Option<&Path>, lang: Lang) -> Result<u8, Failure> {
    let answer = answer(dir, errand, bytes).await?;
    if !answer.talk.is_empty() {
        eprintln!("{}", answer.talk);
    }
    match output {
        Some(path) => {
            write(path, &answer.bytes)?;
            eprintln!("{} {}", lang.pick("已写入", "written to"), path.display());
        }
        None => std::io::stdout().lock().write_all(&answer.bytes).map_err(|e| Failure::World(e.into()))?,
    }
    Ok(answer.exit)
}

/// `baton init`: founds a zone with a real clock, its units, and one administrator whose password is printed once.
pub async fn init(
    dir: &Path,
    blueprint: &str,
    units: Option<&Path>,
    founding: Founding,
    lang: Lang,
) -> Result<u8, Failure> {
    if Folder::at(dir).holds_a_zone() {
        let place = dir.display();
        return Err(Failure::words(
            answer::EXIT_OUTPUT,
            format!("{place} 中已有新区数据，不会覆盖"),
            format!("there is a zone in {place} already; it is not overwritten"),
        ));
    }
    let files = blueprints::find(blueprint)?;
    let rows = match units {
        Some(path) => units_of(path)?,
        None => vec![UnitRow::root(&founding)],
    };
    baton_store::accounts::login_name(&founding.admin)?;
    let mut above = std::collections::BTreeSet::new();
    for row in &rows {
        if let Some(code) = row.parent.as_ref().filter(|p| !above.contains(*p)) {
            return Err(Failure::words(
                answer::EXIT_DATA,
                format!("单位名册第 {} 行：上级“{code}”应先列出", row.line),
                format!("list of units, line {}: its parent “{code}” must stand above it", row.line),
            ));
        }
        above.insert(row.code.clone());
    }
    let existed = dir.exists();
    let journal = Journal::open(dir, Opening::default()).await?;
    let ids = journal.ids().clone();
    let because = lang.pick("建立新区", "founding").to_owned();
    let mut acts = vec![Act::Found {
        name: founding.name.clone(),
        name_en: founding.name_en.clone(),
        code: founding.code.clone(),
        time_zone: founding.time_zone.clone(),
        simulated: false,
        invented: false,
        files: files.clone(),
        because,
    }];
    let mut by_code = BTreeMap::new();
    for (n, row) in rows.iter().enumerate() {
        let id = UnitId(ids.next());
        let parent = row.parent.as_ref().and_then(|code| by_code.get(code)).copied();
        by_code.insert(row.code.clone(), id);
        acts.push(Act::PutUnit {
            unit: id,
            code: row.code.clone(),
            name: row.name.clone(),
            short: row.short.clone(),
            kind: row.kind.clone(),
            parent,
            order: (n as u32 + 1) * 10,
            aliases: row.aliases.clone(),
            duties: row.duties.clone(),
            from: row.from,
            to: row.to,
        });
    }
    let root = by_code.get(&rows[0].code).copied().ok_or_else(Refusal::absent)?;
    let (parsed, _) = baton_kernel::blueprint::parse(&files);
    // The first administrator founds the house alone; three persons share these roles once there are three.
    let first = [Verb::UnitManage, Verb::PersonManage, Verb::RoleGrant, Verb::BlueprintApply];
    let roles: Vec<String> =
        parsed.roles.values().filter(|r| r.verbs.iter().any(|v| first.contains(v))).map(|r| r.key.clone()).collect();
    if !parsed.roles.values().any(|r| r.verbs.contains(&Verb::RoleGrant)) {
        return Err(Failure::words(
            answer::EXIT_DATA,
            "蓝图中没有可授权的管理角色（may 含 role.grant）",
            "the blueprint has no role that may grant roles (may = [\"role.grant\"])",
        ));
    }
    let (person, post) = (PersonId(ids.next()), PostId(ids.next()));
    let today = journal
        .now()
        .to_zoned_datetime(baton_kernel::zone::time_zone(&founding.time_zone).unwrap_or(jiff::tz::TimeZone::UTC))
        .date();
    let admin_name = lang.pick("系统管理员", "Administrator").to_owned();
    acts.extend([
        Act::PutPerson { person, name: admin_name.clone() },
        Act::PutPost { post, unit: root, title: admin_name, from: None, to: None },
        Act::HoldPost { post, person, how: Holding::Holder, from: today, to: None },
    ]);
    acts.extend(roles.into_iter().map(|role| Act::Grant {
        grant: GrantId(ids.next()),
        to: Grantee::Post(post),
        role,
        scope: Scope::All,
    }));
    let command = Command { key: format!("{:032x}", ids.next()), base: 0, salt: ids.bytes(), act: Act::All(acts) };
    let done = async {
        journal.submit(Caller::Founder, command).await.map_err(Failure::from)?;
        let password = baton_store::passwords::generated();
        journal.store().add_account(None, &founding.admin, person, &password, true, &[]).await?;
        Ok::<_, Failure>(password)
    }
    .await;
    journal.close().await;
    let password = match done {
        Ok(password) => password,
        Err(failure) => {
            // Nothing was founded: the folder must not look as if something were there.
            let _ = if existed { Ok(()) } else { std::fs::remove_dir_all(dir) };
            return Err(failure);
        }
    };
    println!("{} {password}", founding.admin);
    eprintln!(
        "{}",
        lang.pick(
            format!("已建立，{} 个单位。上面是管理员登录名和初始口令，只显示这一次。下一步：baton serve --dir {}", rows.len(), dir.display()),
            format!("founded with {} units. Above: the administrator's login and first password, shown once. Next: baton serve --dir {}", rows.len(), dir.display()),
        )
    );
    Ok(0)
}

struct UnitRow {
    line: usize,
    code: String,
    name: String,
    short: String,
    kind: String,
    parent: Option<String>,
    aliases: Vec<String>,
    duties: Vec<String>,
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
}

impl UnitRow {
    fn root(founding: &Founding) -> UnitRow {
        UnitRow {
            line: 0,
            code: founding.code.to_lowercase(),
            name: founding.name.clone(),
            short: founding.name.clone(),
            kind: "zone".to_owned(),
            parent: None,
            aliases: Vec::new(),
            duties: Vec::new(),
            from: None,
            to: None,
        }
    }
}

/// A list of units from CSV with a header: `code,name,short,kind,parent,aliases,duties,from,to`, in official
/// order, parents first; lists within a cell are separated by `;` or `；`.
fn units_of(path: &Path) -> Result<Vec<UnitRow>, Failure> {
    let text = baton_text::decode(&answer::read(path)?).text;
    let place = path.display().to_string();
    let wrong = |line: usize, zh: String, en: String| {
        Failure::words(answer::EXIT_DATA, format!("{place} 第 {line} 行：{zh}"), format!("{place} line {line}: {en}"))
    };
    let mut lines = text.lines().enumerate().map(|(n, l)| (n + 1, l.trim_start_matches('\u{feff}').trim()));
    let header = lines.find(|(_, l)| !l.is_empty()).map(|(_, l)| cells(l)).unwrap_or_default();
    let at = |name: &str| header.iter().position(|h| h.trim() == name);
    let (Some(code_at), Some(name_at), Some(kind_at)) = (at("code"), at("name"), at("kind")) else {
        return Err(wrong(
            1,
            format!("表头应有 code,name,kind（另可有 short,parent,aliases,duties,from,to），实为 {}", header.join(",")),
            format!(
                "the header needs code,name,kind (also short,parent,aliases,duties,from,to); it is {}",
                header.join(",")
            ),
        ));
    };
    let mut rows = Vec::new();
    for (line, text) in lines.filter(|(_, l)| !l.is_empty()) {
        let row = cells(text);
        let cell = |at: Option<usize>| at.and_then(|n| row.get(n)).map(|c| c.trim().to_owned()).unwrap_or_default();
        let list = |at: Option<usize>| {
            cell(at).split([';', '；']).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect::<Vec<_>>()
        };
        let day = |at: Option<usize>| {
            let text = cell(at);
            if text.is_empty() {
                return Ok(None);
            }
            baton_methods::parse_date(&text, None)
                .map(Some)
                .map_err(|e| wrong(line, e.message(Lang::Zh), e.message(Lang::En)))
        };
        if cell(Some(code_at)).is_empty() || cell(Some(name_at)).is_empty() {
            return Err(wrong(line, "缺少 code 或 name".to_owned(), "code or name is missing".to_owned()));
        }
        rows.push(UnitRow {
            line,
            code: cell(Some(code_at)),
            name: cell(Some(name_at)),
            short: cell(at("short")),
            kind: cell(Some(kind_at)),
            parent: Some(cell(at("parent"))).filter(|p| !p.is_empty()),
            aliases: list(at("aliases")),
            duties: list(at("duties")),
            from: day(at("from"))?,
            to: day(at("to"))?,
        });
    }
    if rows.is_empty() {
        return Err(wrong(1, "没有单位".to_owned(), "there are no units".to_owned()));
    }
    Ok(rows)
}

/// One line of CSV: quotes and doubled quotes as spreadsheets write them.
fn cells(line: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                list.last_mut().expect("never empty").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => list.push(String::new()),
            c => list.last_mut().expect("never empty").push(c),
        }
    }
    list
}
