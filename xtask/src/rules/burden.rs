//! Conduct: nobody is ranked, checked in or counted by traces, in any route, message, page or blueprint.

use crate::house::room_of;
use crate::{Breach, House};

/// Nouns that stand in no page, message, route or blueprint.
const NEVER_ZH: &[&str] = &[
    "签到",
    "打卡",
    "积分",
    "排行",
    "排名",
    "龙虎榜",
    "红黑榜",
    "在线时长",
    "在线时间",
    "学习时长",
    "阅读回执",
    "已读",
    "阅读量",
    "登录率",
    "安装率",
    "上线率",
    "活跃度",
    "点赞",
    "一票否决",
    "责任状",
];

/// The same in English, as whole words.
const NEVER_EN: &[&str] = &[
    "check-in",
    "checkin",
    "leaderboard",
    "ranking",
    "league table",
    "read receipt",
    "read receipts",
    "online time",
    "login rate",
    "install rate",
    "streak",
    "upvote",
];

/// Places that may name one, with the reason.
const MAY: &[(&str, &str, &str)] = &[(
    "crates/baton-web/templates/review.html",
    "排名",
    "says that units stand in their official order and are not ranked",
)];

/// Breaches in messages, blueprints, templates, routes and the command line.
pub fn breaches(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut look = |path: &str, line: usize, text: &str| {
        let small = text.to_lowercase();
        let whole = |word: &&&str| {
            let at = small.find(**word);
            at.is_some_and(|at| {
                let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                !letter(small[..at].chars().next_back()) && !letter(small[at + word.len()..].chars().next())
            })
        };
        let named = NEVER_ZH.iter().find(|word| text.contains(**word)).or_else(|| NEVER_EN.iter().find(whole));
        if let Some(word) = named
            && !MAY.iter().any(|(place, it, _)| path.starts_with(place) && it == word)
        {
            found.push(Breach::new(
                path,
                line,
                format!("不排名、不打卡、不计痕：不得出现“{word}”"),
                format!("nobody is ranked, checked in or counted by traces: “{word}” must not appear"),
            ));
        }
    };
    for (path, text) in house.texts() {
        let shown = (path.starts_with("crates/baton-kernel/messages/") && path.ends_with(".toml"))
            || (path.starts_with("blueprints/") && !path.contains("/lexicon/"))
            || (path.contains("/templates/") && path.ends_with(".html"));
        if shown {
            for (n, line) in text.lines().enumerate() {
                look(path, n + 1, line);
            }
        }
    }
    for source in house.rooms(&[]).filter(|s| matches!(room_of(&s.path), Some("baton-web" | "baton"))) {
        for token in &source.tokens {
            if let Some(text) = token.text() {
                look(&source.path, token.line, text);
            }
        }
    }
    found
}
