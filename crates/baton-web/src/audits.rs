//! Audits: the trail of sign-ins, exports, refusals and account changes, for the audit administrator.

use crate::answers::Answer;
use crate::limits::AUDIT_LINES_SHOWN;
use crate::shell::Shell;
use crate::visit::Visit;
use askama::Template;
use baton_methods::Lang;
use baton_store::{AuditAsked, AuditLine};
use std::sync::Arc;

/// Acts of the trail with their words.
const ACTS: [(&str, &str, &str); 8] = [
    ("sign-in", "登录", "sign-in"),
    ("sign-out", "退出", "sign-out"),
    ("session", "结束登录", "session ended"),
    ("password", "密码", "password"),
    ("account", "账号", "account"),
    ("export", "导出", "export"),
    ("refused", "被拒绝的操作", "refused act"),
    ("read", "查阅日志", "trail read"),
];

struct Line {
    seq: u64,
    when: String,
    act: String,
    result: String,
    bad: bool,
    who: String,
    about: String,
    address: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    lines: Vec<Line>,
    acts: Vec<(&'static str, &'static str, bool)>,
    login: String,
    more: Option<String>,
}

fn word(lang: Lang, act: &str) -> String {
    let known = ACTS.iter().find(|(key, ..)| *key == act);
    known.map_or_else(|| act.to_owned(), |(_, zh, en)| lang.pick(*zh, *en).to_owned())
}

fn result(lang: Lang, line: &AuditLine) -> String {
    let pair = match line.result.as_str() {
        "done" => ("成功", "done"),
        "wrong" => ("密码或登录名不对", "wrong name or password"),
        "made" => ("新建", "made"),
        "active" => ("启用", "enabled"),
        "disabled" => ("停用", "disabled"),
        "reset" => ("重置为一次性密码", "reset to a one-time password"),
        "set" => ("由管理员设定", "set by the administrator"),
        "changed" => ("本人更改", "changed by its owner"),
        "ended" => ("结束一处", "one ended"),
        "all ended" => ("全部结束", "all ended"),
        other => return other.to_owned(),
    };
    lang.pick(pair.0, pair.1).to_owned()
}

/// `GET /audit`: newest first, a page at a time; by act and by login name.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let lang = v.taste.lang;
    let (act, login) = (v.query.get("act"), v.query.get("login").to_lowercase());
    let asked = AuditAsked {
        before: v.query.get("until").parse().ok(),
        act: Some(act).filter(|a| !a.is_empty()),
        login: Some(login.as_str()).filter(|l| !l.is_empty()),
        person: None,
    };
    let found = v.app.store().audit(&asked, AUDIT_LINES_SHOWN).await?;
    let more = (found.len() == AUDIT_LINES_SHOWN as usize).then(|| {
        let path = v.here_without(&["until", "done"]);
        let join = if path.contains('?') { '&' } else { '?' };
        format!("{path}{join}until={}", found.last().map_or(0, |l| l.seq))
    });
    let lines = found
        .into_iter()
        .map(|line| {
            let name = line.person.map(|p| v.seen.person(p)).filter(|n| !n.is_empty());
            let who = [name, line.login.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            Line {
                seq: line.seq,
                when: v.clock(line.known_at, "%Y-%m-%d %H:%M:%S"),
                act: word(lang, &line.act),
                bad: line.act == "refused" || line.result == "wrong",
                result: result(lang, &line),
                who,
                about: line.about.unwrap_or_default(),
                address: line.address.unwrap_or_default(),
            }
        })
        .collect();
    let acts = ACTS.iter().map(|(key, zh, en)| (*key, lang.pick(*zh, *en), *key == act)).collect();
    let shell = Shell::of(&v, v.say("page.menu.audit", &[]), "/audit");
    v.page(&AuditPage { shell, lines, acts, login, more })
}
