//! What applying a blueprint would change, in words, and what forbids it.

use super::*;
use crate::diagnostics::Diagnostic;
use crate::messages::say;
use crate::zone::Zone;

/// One change that applying a blueprint brings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Effect {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Compares a proposed blueprint with the one in force and with everything that was ever said under it.
///
/// Returns the effects in words, and a diagnostic for each thing that must not be: a key that changes
/// its type, a stage retired while items stand in it.
pub fn effects(zone: &Zone, next: &Blueprint) -> (Vec<Effect>, Vec<Diagnostic>) {
    let mut out = Vec::new();
    let mut bad = Vec::new();
    let now = zone.blueprint();
    let mut tell = |code: &str, args: &[(&str, &Label)], plain: &[(&str, &str)]| {
        let render = |lang: Lang| {
            let words: Vec<(&str, String)> = args
                .iter()
                .map(|(k, l)| (*k, l.get(lang).to_owned()))
                .chain(plain.iter().map(|(k, v)| (*k, (*v).to_owned())))
                .collect();
            let refs: Vec<(&str, &dyn std::fmt::Display)> =
                words.iter().map(|(k, v)| (*k, v as &dyn std::fmt::Display)).collect();
            say(lang, code, &refs)
        };
        out.push(Effect { zh: render(Lang::Zh), en: render(Lang::En) });
    };
    for kind in &next.kinds {
        let Some(old) = now.kind(&kind.key) else {
            tell("effect.kind.new", &[("label", &kind.label)], &[]);
            continue;
        };
        let own = &kind.label;
        if old.label != kind.label {
            tell("effect.renamed", &[("kind", own), ("was", &old.label), ("now", &kind.label)], &[]);
        }
        for field in &kind.fields {
            match old.field(&field.key) {
                None => tell("effect.field.new", &[("kind", own), ("label", &field.label)], &[]),
                Some(was) if was.label != field.label => {
                    tell("effect.renamed", &[("kind", own), ("was", &was.label), ("now", &field.label)], &[]);
                }
                Some(was) if field.retired && !was.retired => {
                    tell("effect.field.retired", &[("kind", own), ("label", &was.label)], &[]);
                }
                Some(_) => {}
            }
        }
        for field in old.fields.iter().filter(|f| kind.field(&f.key).is_none()) {
            tell("effect.field.retired", &[("kind", own), ("label", &field.label)], &[]);
        }
        for measure in &kind.measures {
            match old.measure(&measure.key) {
                None => tell("effect.measure.new", &[("kind", own), ("label", &measure.label)], &[]),
                Some(was) if was.label != measure.label => {
                    tell("effect.renamed", &[("kind", own), ("was", &was.label), ("now", &measure.label)], &[]);
                }
                Some(was) if measure.retired && !was.retired => {
                    tell("effect.measure.retired", &[("kind", own), ("label", &was.label)], &[]);
                }
                Some(_) => {}
            }
        }
        for measure in old.measures.iter().filter(|m| kind.measure(&m.key).is_none()) {
            tell("effect.measure.retired", &[("kind", own), ("label", &measure.label)], &[]);
        }
        for stage in &kind.stages {
            match old.stage(&stage.key).or_else(|| stage.was.iter().find_map(|w| old.stage(w))) {
                None => tell("effect.stage.new", &[("kind", own), ("label", &stage.label)], &[]),
                Some(was) if was.label != stage.label => {
                    tell("effect.renamed", &[("kind", own), ("was", &was.label), ("now", &stage.label)], &[]);
                }
                Some(_) => {}
            }
        }
        for stage in old.stages.iter().filter(|s| kind.stage(&s.key).is_none()) {
            tell("effect.stage.retired", &[("kind", own), ("label", &stage.label)], &[]);
        }
    }
    for kind in now.kinds.iter().filter(|k| next.kind(&k.key).is_none()) {
        tell("effect.kind.retired", &[("label", &kind.label)], &[]);
    }
    let all_files = next.files.iter().filter(|(path, _)| !path.starts_with("kinds/"));
    for (path, _) in all_files.filter(|(path, text)| now.files.get(*path) != Some(text)) {
        tell("effect.rules", &[], &[("file", path)]);
    }
    forbid(zone, next, &mut bad);
    (out, bad)
}

fn forbid(zone: &Zone, next: &Blueprint, bad: &mut Vec<Diagnostic>) {
    let place = |kind: &Kind, needle: &str| {
        let text = next.files.get(&kind.file).cloned().unwrap_or_default();
        let at = text.find(&format!("\"{needle}\"")).unwrap_or(0);
        (kind.file.clone(), text, at)
    };
    for old in zone.blueprints() {
        for kind in &next.kinds {
            let Some(was) = old.kind(&kind.key) else { continue };
            for field in &kind.fields {
                let Some(old_field) = was.field(&field.key) else {
                    continue;
                };
                let (old_type, new_type) = (old_field.kind.name(), field.kind.name());
                if old_type != new_type {
                    let (file, text, at) = place(kind, &field.key);
                    let args: [(&str, &dyn std::fmt::Display); 4] =
                        [("kind", &kind.label.zh), ("key", &field.key), ("was", &old_type), ("now", &new_type)];
                    bad.push(Diagnostic::at(&file, &text, at, "blueprint.type-changed", &args));
                }
            }
            for measure in &kind.measures {
                let Some(old_measure) = was.measure(&measure.key) else {
                    continue;
                };
                let shape = |m: &Measure| format!("{} {:?} {:?}", m.unit.key(), m.flow, m.enter).to_lowercase();
                let (old_shape, new_shape) = (shape(old_measure), shape(measure));
                if old_shape != new_shape {
                    let (file, text, at) = place(kind, &measure.key);
                    let args: [(&str, &dyn std::fmt::Display); 4] =
                        [("kind", &kind.label.zh), ("key", &measure.key), ("was", &old_shape), ("now", &new_shape)];
                    bad.push(Diagnostic::at(&file, &text, at, "blueprint.type-changed", &args));
                }
            }
        }
    }
    let now = zone.blueprint();
    for old in &now.kinds {
        let Some(kind) = next.kind(&old.key) else { continue };
        for stage in old.stages.iter().filter(|s| kind.stage(&s.key).is_none()) {
            let held =
                zone.items().filter(|i| i.kind == old.key && i.stage_key(zone, u64::MAX) == Some(&stage.key)).count();
            if held > 0 {
                let (file, text, at) = place(kind, "stage");
                let args: [(&str, &dyn std::fmt::Display); 4] =
                    [("kind", &kind.label.zh), ("stage", &stage.label.zh), ("count", &held), ("key", &stage.key)];
                bad.push(Diagnostic::at(&file, &text, at, "blueprint.stage-held", &args));
            }
        }
    }
    bad.sort();
    bad.dedup();
}
