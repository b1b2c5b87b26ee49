//! From files to a [`Blueprint`], with diagnostics. What can be read is read, mistakes or not.

use super::reader::{Place, Reader};
use super::*;
use crate::diagnostics::Diagnostic;
use crate::permit::Verb;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The rule by which a deadline is judged.
const DUE_RULE: &str = "task_due";

/// The shipped rule with the zone's own number of days from which a task is near due.
fn near_due(rule: &mut RuleSet, days: u32) {
    let (one, near) = (Decimal::ONE, Decimal::from(days));
    // Its bands: past, today, from tomorrow until near, later.
    rule.bands.retain(|band| days > 0 || band.from != Some(one));
    for band in &mut rule.bands {
        if band.from == Some(one) {
            band.to = Some(near);
        } else if band.from.is_some_and(|from| from > one) {
            band.from = Some(near + one);
        }
    }
}

/// Reads a folder of blueprint files (path → text).
///
/// Never fails: a file with mistakes yields what could be read and a diagnostic for each mistake.
pub fn parse(files: &BTreeMap<String, String>) -> (Blueprint, Vec<Diagnostic>) {
    let found = RefCell::new(Vec::new());
    let mut blueprint = Blueprint { files: files.clone(), ..Blueprint::default() };
    // Published presets stand ready under their keys; a file may replace one.
    blueprint.lights = baton_methods::lights::presets().iter().map(|s| (s.key.clone(), s.clone())).collect();
    let mut own_due = false;
    for (path, text) in files {
        let place = Place { file: path, text, found: &found };
        if text.len() > crate::limits::BLUEPRINT_FILE_BYTES_MAX {
            place.say(0, "blueprint.large", &[("max", &crate::limits::BLUEPRINT_FILE_BYTES_MAX)]);
            continue;
        }
        if path.starts_with("lexicon/") {
            blueprint.lexicon.push((path.clone(), text.clone()));
            continue;
        }
        if path.starts_with("calendar/") {
            match WorkCalendar::from_toml(text) {
                Ok(calendar) => {
                    for year in calendar.years() {
                        if blueprint.calendar.put_year(year.clone()).is_err() {
                            place.say(0, "blueprint.twice", &[("key", &year.year)]);
                        }
                    }
                }
                Err(faults) => {
                    for fault in faults {
                        let (zh, en) = (fault.message(Lang::Zh), fault.message(Lang::En));
                        place.say(0, "blueprint.calendar", &[("why", &zh), ("why_en", &en)]);
                    }
                }
            }
            continue;
        }
        if path.starts_with("lights/") {
            let (sets, faults) = baton_methods::lights::load(text);
            for fault in faults {
                let (zh, en) = (fault.message(Lang::Zh), fault.message(Lang::En));
                place.say(0, "blueprint.light", &[("why", &zh), ("why_en", &en)]);
            }
            own_due |= sets.iter().any(|s| s.key == DUE_RULE);
            blueprint.lights.extend(sets.into_iter().map(|s| (s.key.clone(), s)));
            continue;
        }
        if !path.ends_with(".toml") {
            continue;
        }
        let document = match toml_edit::Document::parse(text.as_str()) {
            Ok(document) => document,
            Err(error) => {
                let at = error.span().map_or(0, |s| s.start);
                place.say(at, "blueprint.syntax", &[("why", &error.message())]);
                continue;
            }
        };
        let root = Reader::new(&place, document.as_table(), 0, path.as_str());
        if root.whole("format", 1, 1).is_none() {
            root.say("format", "blueprint.format", &[]);
        }
        if path.starts_with("kinds/") {
            if let Some(kind) = kind(&root, path) {
                if blueprint.kind(&kind.key).is_some() {
                    root.say("kind", "blueprint.twice", &[("key", &kind.key)]);
                } else {
                    blueprint.kinds.push(kind);
                }
            }
        } else {
            zone(&root, &mut blueprint);
        }
        root.finish();
    }
    cross_check(&blueprint, files, &found);
    let order = |key: &str| blueprint.areas.iter().position(|a| a.key == key).unwrap_or(usize::MAX);
    let mut kinds = std::mem::take(&mut blueprint.kinds);
    kinds.sort_by_key(|k| (order(&k.area), k.file.clone()));
    blueprint.kinds = kinds;
    let mut found = found.into_inner();
    found.sort();
    if !own_due && let Some(rule) = blueprint.lights.get_mut(DUE_RULE) {
        near_due(rule, blueprint.settings.near_due_days);
    }
    (blueprint, found)
}

fn zone(root: &Reader<'_>, blueprint: &mut Blueprint) {
    for area in root.tables("area") {
        if let Some(key) = area.key() {
            blueprint.areas.push(Area { key, label: area.need_label("label"), bottom: area.yes("bottom") });
        }
        area.finish();
    }
    for role in root.tables("role") {
        if let Some(key) = role.key() {
            let mut verbs = Vec::new();
            for verb in role.texts("may") {
                match Verb::parse(&verb) {
                    Some(verb) => verbs.push(verb),
                    None => {
                        let known: Vec<&str> = Verb::ALL.iter().map(|v| v.key()).collect();
                        role.say("may", "blueprint.verb", &[("verb", &verb), ("known", &known.join(", "))]);
                    }
                }
            }
            let label = role.need_label("label");
            let sees = !role.no("sees");
            blueprint.roles.insert(key.clone(), Role { key, label, verbs, sees });
        }
        role.finish();
    }
    for kind in root.tables("unit_kind") {
        if let Some(key) = kind.key() {
            blueprint.unit_kinds.push(UnitKind {
                key,
                label: kind.need_label("label"),
                territorial: kind.yes("territorial"),
                temporary: kind.yes("temporary"),
                root: kind.yes("root"),
            });
        }
        kind.finish();
    }
    for curve in root.tables("curve") {
        if let Some(key) = curve.key() {
            let shares = curve.decimals("by_month");
            let rising = shares.windows(2).all(|w| w[0] <= w[1]);
            if shares.len() != 12 || !rising || shares.last() != Some(&Decimal::ONE) {
                curve.say("by_month", "blueprint.curve", &[("key", &key)]);
            } else {
                blueprint.curves.insert(key, (curve.need_label("label"), shares));
            }
        }
        curve.finish();
    }
    if let Some(settings) = root.table("settings") {
        let own = &mut blueprint.settings;
        if let Some(days) = settings.whole("near_due_days", 0, 60) {
            own.near_due_days = days as u32;
        }
        if let Some(days) = settings.whole("urge_every_days", 1, 60) {
            own.urge_every_days = days as u32;
        }
        if let Some(days) = settings.whole("acknowledge_days", 0, 60) {
            own.acknowledge_days = days as u32;
        }
        if let Some(hours) = settings.whole("urge_hours", 1, 720) {
            own.urge_hours = hours as u32;
        }
        own.acknowledge_working = settings.text("acknowledge_calendar").is_none_or(|c| c != "natural");
        own.secrecy_words = settings.texts("secrecy_words");
        own.sign_papers = settings.yes("sign_papers");
        own.secrecy_names = settings.texts("secrecy_names");
        own.organ = settings.need_label("organ");
        own.addressees = settings.need_label("addressees");
        own.sign = settings.need("sign").unwrap_or_default();
        if let Some(bounds) = settings.table("bounds") {
            own.bounds.read(&bounds);
        }
        settings.finish();
    }
}

fn choices(table: &Reader<'_>, key: &'static str) -> Vec<Choice> {
    table
        .tables(key)
        .into_iter()
        .filter_map(|choice| {
            let key = choice.key()?;
            let label = match choice.label("label") {
                Some(label) => label,
                None => Label { zh: choice.need("zh").unwrap_or_default(), en: choice.text("en").unwrap_or_default() },
            };
            choice.finish();
            Some(Choice { key, label })
        })
        .collect()
}

fn one_of<T: Clone>(table: &Reader<'_>, key: &'static str, options: &[(&str, T)], default: T) -> T {
    let Some(text) = table.text(key) else { return default };
    match options.iter().find(|(name, _)| *name == text) {
        Some((_, value)) => value.clone(),
        None => {
            let known: Vec<&str> = options.iter().map(|(n, _)| *n).collect();
            table.say(key, "blueprint.option", &[("key", &key), ("value", &text), ("known", &known.join(", "))]);
            default
        }
    }
}

fn unit(table: &Reader<'_>, key: &'static str) -> Option<Unit> {
    let text = table.text(key)?;
    let unit = Unit::find(&text);
    if unit.is_none() {
        let known: Vec<&str> = Unit::ALL.iter().map(|u| u.key()).collect();
        table.say(key, "blueprint.option", &[("key", &key), ("value", &text), ("known", &known.join(", "))]);
    }
    unit
}

fn kind(root: &Reader<'_>, path: &str) -> Option<Kind> {
    let head = root.table("kind").or_else(|| {
        root.place.say(0, "blueprint.missing", &[("table", &path), ("key", &"[kind]")]);
        None
    })?;
    let key = head.key()?;
    let mut kind = Kind {
        key,
        file: path.to_owned(),
        area: head.need("area").unwrap_or_default(),
        label: head.need_label("label"),
        number: head.text("number"),
        public: head.yes("public"),
        about_units: one_of(&head, "about", &[("items", false), ("units", true)], false),
        ..Kind::default()
    };
    head.finish();
    for field in root.tables("field") {
        let key = field.key();
        let required = field.yes("required");
        let options = choices(&field, "choices");
        let of_unit = unit(&field, "unit");
        let decimals = field.whole("decimals", 0, 6).unwrap_or(0) as u8;
        let kinds = [
            ("text", FieldType::Text),
            ("prose", FieldType::Prose),
            ("choice", FieldType::Choice(options.clone())),
            ("number", FieldType::Number { unit: of_unit, decimals }),
            ("date", FieldType::Date),
            ("yesno", FieldType::YesNo),
            ("unit", FieldType::Unit),
            ("file", FieldType::File),
        ];
        let type_given = field.need("type").is_some();
        let of = if type_given { one_of(&field, "type", &kinds, FieldType::Text) } else { FieldType::Text };
        if matches!(&of, FieldType::Choice(list) if list.is_empty()) {
            field.say("type", "blueprint.choices", &[]);
        }
        let made = Field {
            key: key.clone().unwrap_or_default(),
            label: field.need_label("label"),
            kind: of,
            role: field.text("role"),
            required,
            asked: field.yes("asked"),
            retired: field.yes("retired"),
            hint: field.label("hint"),
            stage: field.text("stage"),
        };
        if made.stage.is_some() && made.kind != FieldType::Date {
            field.say("stage", "blueprint.stage-date", &[("field", &made.key)]);
        }
        field.finish();
        match key {
            Some(key) if kind.field(&key).is_some() => field.say("key", "blueprint.twice", &[("key", &key)]),
            Some(_) => kind.fields.push(made),
            None => {}
        }
    }
    let groups = [
        ("backlog", StageGroup::Backlog),
        ("unstarted", StageGroup::Unstarted),
        ("started", StageGroup::Started),
        ("completed", StageGroup::Completed),
        ("cancelled", StageGroup::Cancelled),
    ];
    for stage in root.tables("stage") {
        let key = stage.key();
        let needs = stage.texts("needs");
        let made = Stage {
            key: key.clone().unwrap_or_default(),
            label: stage.need_label("label"),
            group: one_of(&stage, "group", &groups, StageGroup::Started),
            to: stage.texts("to"),
            needs_evidence: needs.iter().any(|n| n == "evidence"),
            needs_fields: needs.iter().filter(|n| *n != "evidence").cloned().collect(),
            by: stage.texts("by"),
            was: stage.texts("was"),
            days: stage.whole("days", 1, 36_500).map(|d| d as u32),
        };
        for need in &made.needs_fields {
            if kind.field(need).is_none() {
                stage.say("needs", "blueprint.needs", &[("need", need)]);
            }
        }
        stage.finish();
        match key {
            Some(key) if kind.stages.iter().any(|s| s.key == key) => {
                stage.say("key", "blueprint.twice", &[("key", &key)])
            }
            Some(_) => kind.stages.push(made),
            None => {}
        }
    }
    let stage_keys: BTreeSet<String> = kind.stages.iter().map(|s| s.key.clone()).collect();
    let check_stage = |table: &Reader<'_>, at: &'static str, key: &str| {
        if !stage_keys.contains(key) {
            let known: Vec<&str> = stage_keys.iter().map(String::as_str).collect();
            table.say(at, "blueprint.stage", &[("stage", &key), ("known", &known.join(", "))]);
        }
    };
    for stage in root.tables("stage") {
        for to in stage.texts("to") {
            check_stage(&stage, "to", &to);
        }
    }
    for field in root.tables("field") {
        if let Some(stage) = field.text("stage") {
            check_stage(&field, "stage", &stage);
        }
    }
    for clock in root.tables("clock") {
        let made = Clock {
            key: clock.key().unwrap_or_default(),
            label: clock.need_label("label"),
            from: clock.need("from").unwrap_or_default(),
            to: clock.need("to").unwrap_or_default(),
            days: clock.whole("days", 1, 3_660).unwrap_or(1) as u32,
            working: one_of(&clock, "calendar", &[("natural", false), ("working", true)], false),
            roll: clock.yes("roll"),
            pause: clock.texts("pause"),
        };
        check_stage(&clock, "from", &made.from);
        check_stage(&clock, "to", &made.to);
        for stage in &made.pause {
            check_stage(&clock, "pause", stage);
        }
        clock.finish();
        kind.clocks.push(made);
    }
    for measure in root.tables("measure") {
        let key = measure.key();
        let value = measure.table("value").and_then(|table| {
            let ever = one_of(&table, "counted", &[("now", false), ("ever_entered", true)], false);
            let found = if let Some(of) = table.text("sum_of") {
                Some(Derived::Sum(of.split(',').map(|s| s.trim().to_owned()).collect()))
            } else if !table.texts("sum").is_empty() {
                Some(Derived::Sum(table.texts("sum")))
            } else if let Some(part) = table.text("share") {
                let of = table.need("of").unwrap_or_default();
                check_stage(&table, "share", &part);
                check_stage(&table, "of", &of);
                Some(Derived::Share { part, of, ever })
            } else if let Some(part) = table.text("ratio") {
                Some(Derived::Ratio { part, of: table.need("of").unwrap_or_default() })
            } else if let Some(of) = table.text("growth") {
                Some(Derived::Growth(of))
            } else if let Some(of) = table.text("latest") {
                Some(Derived::Latest(of))
            } else {
                let stages = table.texts("count");
                for stage in &stages {
                    check_stage(&table, "count", stage);
                }
                Some(Derived::Count { stages, ever })
            };
            table.finish();
            found
        });
        let grains = [
            ("month", Grain::Month),
            ("quarter", Grain::Quarter),
            ("half", Grain::Half),
            ("year", Grain::Year),
            ("ten_day", Grain::TenDay),
            ("week", Grain::Week),
            ("day", Grain::Day),
        ];
        if key.is_some() && measure.text("unit").is_none() {
            measure.need("unit");
        }
        let made = Measure {
            key: key.clone().unwrap_or_default(),
            label: measure.need_label("label"),
            unit: unit(&measure, "unit").unwrap_or_else(|| Unit::Count),
            decimals: measure.whole("decimals", 0, 6).unwrap_or(0) as u8,
            direction: one_of(
                &measure,
                "direction",
                &[("up", Direction::Up), ("down", Direction::Down)],
                Direction::Up,
            ),
            flow: one_of(
                &measure,
                "type",
                &[("flow", FlowOrStock::Flow), ("stock", FlowOrStock::Stock)],
                FlowOrStock::Flow,
            ),
            enter: one_of(
                &measure,
                "enter",
                &[("period", Enter::Period), ("cumulative", Enter::Cumulative)],
                Enter::Period,
            ),
            grain: one_of(&measure, "grain", &grains, Grain::Month),
            jan_feb: measure.yes("jan_feb"),
            roll_up: one_of(&measure, "roll_up", &[("sum", RollUp::Sum), ("none", RollUp::None)], RollUp::Sum),
            basis: measure.label("basis"),
            authority: measure.text("authority"),
            parts: choices(&measure, "parts"),
            value,
            light: measure.text("light"),
            min: measure.table_free_decimal("min"),
            max: measure.table_free_decimal("max"),
            required: measure.yes("required"),
            retired: measure.yes("retired"),
            asked_in: measure.texts("asked_in"),
            role: measure.text("role"),
            hint: measure.label("hint"),
        };
        for stage in &made.asked_in {
            check_stage(&measure, "asked_in", stage);
        }
        measure.finish();
        match key {
            Some(key) if kind.measure(&key).is_some() => measure.say("key", "blueprint.twice", &[("key", &key)]),
            Some(_) => kind.measures.push(made),
            None => {}
        }
    }
    let known_measures: Vec<String> = kind.measures.iter().map(|m| m.key.clone()).collect();
    let check_measure = |table: &Reader<'_>, at: &'static str, key: &str| {
        let (own, part) = key.split_once('/').map_or((key, None), |(m, p)| (m, Some(p)));
        let found = kind.measures.iter().find(|m| m.key == own);
        if !found.is_some_and(|m| part.is_none_or(|p| m.parts.iter().any(|c| c.key == p))) {
            table.say(at, "blueprint.measure", &[("measure", &key), ("known", &known_measures.join(", "))]);
        }
    };
    for (table, measure) in root.tables("measure").iter().zip(&kind.measures) {
        let of: Vec<&String> = match &measure.value {
            Some(Derived::Sum(list)) => list.iter().collect(),
            Some(Derived::Ratio { part, of }) => vec![part, of],
            Some(Derived::Growth(of) | Derived::Latest(of)) => vec![of],
            _ => Vec::new(),
        };
        for key in of {
            check_measure(table, "value", key);
        }
    }
    let mut checks = Vec::new();
    for check in root.tables("check") {
        let rule = match check.need("rule").as_deref() {
            Some("running_total") => Some(CheckRule::RunningTotal {
                period: check.need("period").unwrap_or_default(),
                cumulative: check.need("cumulative").unwrap_or_default(),
            }),
            Some("parts") => {
                Some(CheckRule::Parts { total: check.need("total").unwrap_or_default(), parts: check.texts("parts") })
            }
            Some("at_least") => Some(CheckRule::AtLeast {
                a: check.need("a").unwrap_or_default(),
                b: check.need("b").unwrap_or_default(),
            }),
            Some(other) => {
                check.say(
                    "rule",
                    "blueprint.option",
                    &[("key", &"rule"), ("value", &other), ("known", &"running_total, parts, at_least")],
                );
                None
            }
            None => None,
        };
        if let Some(rule) = rule {
            let used: Vec<&String> = match &rule {
                CheckRule::RunningTotal { period, cumulative } => vec![period, cumulative],
                CheckRule::Parts { total, parts } => std::iter::once(total).chain(parts).collect(),
                CheckRule::AtLeast { a, b } => vec![a, b],
            };
            for key in used {
                check_measure(&check, "rule", key);
            }
            checks.push(Check { key: check.key().unwrap_or_default(), rule, label: check.label("label") });
        }
        check.finish();
    }
    let mut review = Vec::new();
    for line in root.tables("review") {
        let measure = line.need("measure").unwrap_or_default();
        check_measure(&line, "measure", &measure);
        let key = line.text("key").unwrap_or_else(|| format!("{}-{measure}", kind.key));
        let label = line.label("label");
        review.push(ReviewLine { key, label, measure, by_unit: line.yes("by_unit"), unit: line.text("unit") });
        line.finish();
    }
    let permit = root.table("permit");
    if let Some(permit) = &permit {
        kind.report_roles = permit.texts("report");
        permit.finish();
    }
    if let Some(circular) = root.table("circular") {
        let section = circular.need_label("section");
        let columns = circular.texts("columns");
        for column in &columns {
            let known = crate::views::columns::BUILT_IN.iter().any(|(k, ..)| k == column)
                || kind.field(column).is_some()
                || kind.measure(column).is_some()
                || kind.clocks.iter().any(|c| c.key == *column);
            if !known {
                let built: Vec<&str> = crate::views::columns::BUILT_IN.iter().map(|(k, ..)| *k).collect();
                circular.say("columns", "blueprint.column", &[("column", column), ("known", &built.join(", "))]);
            }
        }
        circular.finish();
        kind.circular = Some(CircularSection { section, columns });
    }
    if let Some(sheet) = root.table("sheet") {
        for group in sheet.tables("group") {
            kind.sheet_groups.push((group.need_label("label"), group.texts("columns")));
            group.finish();
        }
        sheet.finish();
    }
    for link in root.tables("link") {
        if let Some(key) = link.key() {
            // (one item may link to many, many may link to one)
            let counts =
                [("1:1", (false, false)), ("1:n", (true, false)), ("n:1", (false, true)), ("n:n", (true, true))];
            let (many_to, many_from) = one_of(&link, "count", &counts, (true, false));
            let (label, to) = (link.need_label("label"), link.need("to").unwrap_or_default());
            if kind.links.iter().any(|l: &Link| l.key == key) {
                link.say("key", "blueprint.twice", &[("key", &key)]);
            } else {
                kind.links.push(Link { key, label, to, back: link.label("back"), many_to, many_from });
            }
        }
        link.finish();
    }
    kind.checks = checks;
    kind.review = review;
    Some(kind)
}

/// Checks between files: areas, roles, light sets, kinds named elsewhere.
fn cross_check(blueprint: &Blueprint, files: &BTreeMap<String, String>, found: &RefCell<Vec<Diagnostic>>) {
    for kind in &blueprint.kinds {
        let text = files.get(&kind.file).map_or("", String::as_str);
        let place = Place { file: &kind.file, text, found };
        let Ok(document) = toml_edit::Document::parse(text) else {
            continue;
        };
        let root = Reader::new(&place, document.as_table(), 0, kind.file.as_str());
        if let Some(head) = root.table("kind")
            && blueprint.area(&kind.area).is_none()
        {
            let known: Vec<&str> = blueprint.areas.iter().map(|a| a.key.as_str()).collect();
            head.say(
                "area",
                "blueprint.option",
                &[("key", &"area"), ("value", &kind.area), ("known", &known.join(", "))],
            );
        }
        let roles: Vec<&str> = blueprint.roles.keys().map(String::as_str).collect();
        for (table, stage) in root.tables("stage").iter().zip(&kind.stages) {
            for role in &stage.by {
                if !blueprint.roles.contains_key(role) {
                    table.say(
                        "by",
                        "blueprint.option",
                        &[("key", &"by"), ("value", role), ("known", &roles.join(", "))],
                    );
                }
            }
        }
        if let Some(permit) = root.table("permit") {
            for role in &kind.report_roles {
                if !blueprint.roles.contains_key(role) {
                    permit.say(
                        "report",
                        "blueprint.option",
                        &[("key", &"report"), ("value", role), ("known", &roles.join(", "))],
                    );
                }
            }
        }
        let lights: Vec<&str> = blueprint.lights.keys().map(String::as_str).collect();
        for (table, measure) in root.tables("measure").iter().zip(&kind.measures) {
            if let Some(light) = &measure.light
                && !blueprint.lights.contains_key(light)
            {
                table.say(
                    "light",
                    "blueprint.option",
                    &[("key", &"light"), ("value", light), ("known", &lights.join(", "))],
                );
            }
        }
        for (table, link) in root.tables("link").iter().zip(&kind.links) {
            if blueprint.kind(&link.to).is_none() {
                let known: Vec<&str> = blueprint.kinds.iter().map(|k| k.key.as_str()).collect();
                table.say(
                    "to",
                    "blueprint.option",
                    &[("key", &"to"), ("value", &link.to), ("known", &known.join(", "))],
                );
            }
        }
    }
}
