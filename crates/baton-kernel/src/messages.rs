//! The catalogue: every refusal code and user-visible word in zh-CN and en, in `messages/*.toml`.
//!
//! A message may hold places `{name}`, filled by [`say`]. A code without an entry shows itself, and a
//! test in `xtask` fails.

use baton_methods::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::OnceLock;

/// One message in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

const FILES: &[(&str, &str)] = &[
    ("core.toml", include_str!("../messages/core.toml")),
    ("items.toml", include_str!("../messages/items.toml")),
    ("rounds.toml", include_str!("../messages/rounds.toml")),
    ("tasks.toml", include_str!("../messages/tasks.toml")),
    ("meetings.toml", include_str!("../messages/meetings.toml")),
    ("compliance.toml", include_str!("../messages/compliance.toml")),
    ("pages.toml", include_str!("../messages/pages.toml")),
    ("blueprint.toml", include_str!("../messages/blueprint.toml")),
];

/// The whole catalogue by code, in order of code.
pub fn catalogue() -> &'static BTreeMap<String, Message> {
    static ALL: OnceLock<BTreeMap<String, Message>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = BTreeMap::new();
        for (file, text) in FILES {
            let one: BTreeMap<String, Message> =
                toml::from_str(text).unwrap_or_else(|e| panic!("messages/{file}: {e}"));
            for (code, message) in one {
                assert!(all.insert(code.clone(), message).is_none(), "messages/{file}: {code} twice");
            }
        }
        all
    })
}

/// The message under `code` in `lang`, its places filled from `args`.
pub fn say(lang: Lang, code: &str, args: &[(&str, &dyn Display)]) -> String {
    let Some(message) = catalogue().get(code) else {
        return code.to_owned();
    };
    let template = match lang {
        Lang::Zh => &message.zh,
        Lang::En => &message.en,
    };
    let mut out = template.clone();
    for (name, value) in args {
        out = out.replace(&format!("{{{name}}}"), &value.to_string());
    }
    out
}
