//! Evaluation: precision and recall against the hand labels, on the texts used in development and on those held out.

use super::house::{self, LEXICON};
use baton_text::{Class, Extract, clean, extract_by_calendar};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

/// Labels of one text. An own text brings its words; a shared one is named by its file, its labels by places.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    #[allow(dead_code)]
    genre: String,
    split: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    cleaned: Option<String>,
    #[serde(default)]
    shared: Option<String>,
    #[serde(default)]
    characters: Option<usize>,
    #[serde(default)]
    clauses: Vec<(String, String)>,
    #[serde(default)]
    clause_places: Vec<(String, usize, usize)>,
    #[serde(default)]
    deadlines: Vec<(String, String, String)>,
    #[serde(default)]
    deadline_places: Vec<(usize, usize, String, String)>,
    #[serde(default)]
    quantities: Vec<(String, String, String)>,
    #[serde(default)]
    quantity_places: Vec<(usize, usize, String, String)>,
    #[serde(default)]
    orgs: Vec<String>,
    #[serde(default)]
    org_places: Vec<(usize, usize)>,
    #[serde(default)]
    people: Vec<String>,
    #[serde(default)]
    people_places: Vec<(usize, usize)>,
    #[serde(default)]
    rights: Vec<String>,
}

/// Right, wrong and missed.
#[derive(Clone, Copy, Default, Debug)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn add(&mut self, other: Score) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// Share of what was found that is right; `weight` is what a false one counts.
    fn precision(self, weight: usize) -> f64 {
        share(self.right, self.right + weight * self.wrong)
    }

    fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

const KINDS: [&str; 8] = ["task", "measure", "stance", "deadline", "quantity", "org", "person", "rights"];

/// A false task or measure counts double: somebody would be asked for what nobody said.
fn weight(kind: &str) -> usize {
    if matches!(kind, "task" | "measure") { 2 } else { 1 }
}

struct Case {
    name: String,
    split: String,
    labels: Labels,
    text: String,
    found: Extract,
}

fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/labels");
    let shared = house::shared();
    let mut cases = Vec::new();
    for part in ["own", "shared"] {
        for path in house::files(folder.join(part), "toml") {
            let labels: Labels =
                toml::from_str(&house::read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let raw = match (&labels.shared, &shared) {
                (Some(file), Some(shared)) => house::read(shared.join("data/texts").join(file)),
                (Some(_), None) => continue,
                (None, _) => labels.text.clone(),
            };
            let text = clean(&raw).text;
            if let Some(characters) = labels.characters {
                assert_eq!(
                    text.chars().count(),
                    characters,
                    "{}: the cleaned text has moved, its labels no longer fit",
                    path.display()
                );
            }
            if let Some(expected) = &labels.cleaned {
                assert_eq!(&text, expected, "{}", path.display());
            }
            let date: Option<Date> = (!labels.date.is_empty()).then(|| labels.date.parse().expect("a date"));
            let found = extract_by_calendar(&text, &LEXICON, date, Some(&house::Days));
            cases.push(Case { name: house::stem(&path), split: labels.split.clone(), labels, text, found });
        }
    }
    cases
}

/// Places of labels given as words: each is looked for behind the one before, then from the start. Words that cleaning
/// did not bring back have no place: an empty one at the end, which nothing found can match.
fn places(text: &str, wanted: impl Iterator<Item = String>, name: &str, notes: &mut String) -> Vec<Range<usize>> {
    let mut from = 0;
    wanted
        .map(|words| {
            let Some(at) = text[from..].find(&words).map(|at| from + at).or_else(|| text.find(&words)) else {
                let _ = writeln!(notes, "{name}: not in the cleaned text: {words}");
                let end = text.chars().count();
                return end..end;
            };
            from = at + words.len();
            let start = text[..at].chars().count();
            start..start + words.chars().count()
        })
        .collect()
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> f64 {
    let common = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

/// Greedy one-to-one matching.
fn matched<A, B>(labels: &[A], found: &[B], fits: impl Fn(&A, &B) -> bool) -> (Vec<bool>, Vec<bool>) {
    let (mut seen, mut used) = (vec![false; labels.len()], vec![false; found.len()]);
    for (i, label) in labels.iter().enumerate() {
        if let Some(j) = (0..found.len()).find(|&j| !used[j] && fits(label, &found[j])) {
            (seen[i], used[j]) = (true, true);
        }
    }
    (seen, used)
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Task => "task",
        Class::Measure => "measure",
        Class::Stance => "stance",
    }
}

fn score(case: &Case, notes: &mut String) -> BTreeMap<&'static str, Score> {
    let Case { name, labels, text, found, .. } = case;
    let mut scores: BTreeMap<&'static str, Score> = KINDS.into_iter().map(|kind| (kind, Score::default())).collect();
    let mut tally = |kind: &'static str, seen: &[bool], used: &[bool]| {
        let score = scores.get_mut(kind).expect("a known kind");
        score.right += seen.iter().filter(|&&yes| yes).count();
        score.missed += seen.iter().filter(|&&yes| !yes).count();
        score.wrong += used.iter().filter(|&&yes| !yes).count();
    };
    let slice = |range: &Range<usize>| text.chars().skip(range.start).take(range.len()).collect::<String>();
    // Clauses: the class must agree and at least half of the characters be the same.
    let mut clauses: Vec<(String, Range<usize>)> =
        labels.clause_places.iter().map(|(class, at, length)| (class.clone(), *at..at + length)).collect();
    let ranges = places(text, labels.clauses.iter().map(|(_, words)| words.clone()), name, notes);
    clauses.extend(labels.clauses.iter().map(|(class, _)| class.clone()).zip(ranges));
    let got: Vec<_> = found.directives.iter().flat_map(|directive| &directive.clauses).collect();
    for kind in ["task", "measure", "stance"] {
        let want: Vec<_> = clauses.iter().filter(|(class, _)| class == kind).collect();
        let have: Vec<_> = got.iter().filter(|clause| class_name(clause.class) == kind).collect();
        let (seen, used) = matched(&want, &have, |(_, range), clause| {
            overlap(range, &(clause.offset..clause.offset + clause.length())) >= 0.5
        });
        tally(kind, &seen, &used);
        for ((_, range), _) in want.iter().zip(&seen).filter(|(_, seen)| !**seen) {
            let _ = writeln!(notes, "{name}: missed {kind}: {}", slice(range));
        }
        for (clause, _) in have.iter().zip(&used).filter(|(_, used)| !**used) {
            let _ = writeln!(notes, "{name}: false {kind}: {} [{} {}]", clause.text, clause.verb, clause.object);
        }
    }
    let mut note = |kind: &str, word: &str, what: &str| {
        let _ = writeln!(notes, "{name}: {word} {kind}: {what}");
    };
    // Deadlines: words, date and recurrence must agree.
    let mut want: Vec<(String, String, String)> = labels.deadlines.clone();
    want.extend(
        labels
            .deadline_places
            .iter()
            .map(|(at, length, date, recurs)| (slice(&(*at..at + length)), date.clone(), recurs.clone())),
    );
    let have: Vec<_> = got
        .iter()
        .flat_map(|clause| &clause.deadlines)
        .map(|found| {
            (
                found.text.clone(),
                found.date.map(|date| date.to_string()).unwrap_or_default(),
                found.recurs.clone().unwrap_or_default(),
            )
        })
        .collect();
    let (seen, used) = matched(&want, &have, |a, b| a == b);
    tally("deadline", &seen, &used);
    want.iter().zip(&seen).filter(|(_, seen)| !**seen).for_each(|(a, _)| note("deadline", "missed", &format!("{a:?}")));
    have.iter().zip(&used).filter(|(_, used)| !**used).for_each(|(a, _)| note("deadline", "false", &format!("{a:?}")));
    // Figures: words, value and unit must agree.
    let mut want: Vec<(String, String, String)> = labels.quantities.clone();
    want.extend(
        labels
            .quantity_places
            .iter()
            .map(|(at, length, value, unit)| (slice(&(*at..at + length)), value.clone(), unit.clone())),
    );
    let have: Vec<_> = got
        .iter()
        .flat_map(|clause| &clause.quantities)
        .map(|found| (found.text.clone(), found.value.clone(), found.unit.clone()))
        .collect();
    let (seen, used) = matched(&want, &have, |a, b| a == b);
    tally("quantity", &seen, &used);
    want.iter().zip(&seen).filter(|(_, seen)| !**seen).for_each(|(a, _)| note("quantity", "missed", &format!("{a:?}")));
    have.iter().zip(&used).filter(|(_, used)| !**used).for_each(|(a, _)| note("quantity", "false", &format!("{a:?}")));
    // Names: the same words.
    let mut orgs: Vec<String> = labels.orgs.clone();
    orgs.extend(labels.org_places.iter().map(|(at, length)| slice(&(*at..at + length))));
    let mut people: Vec<String> = labels.people.clone();
    people.extend(labels.people_places.iter().map(|(at, length)| slice(&(*at..at + length))));
    let rights: Vec<String> = found.rights.iter().map(|right| format!("{:?}", right.kind).to_lowercase()).collect();
    for (kind, want, have) in [
        ("org", orgs, found.orgs.iter().map(|org| org.text.clone()).collect::<Vec<_>>()),
        ("person", people, found.people.iter().map(|person| person.name.clone()).collect()),
        ("rights", labels.rights.clone(), rights),
    ] {
        let (seen, used) = matched(&want, &have, |a, b| a == b);
        tally(kind, &seen, &used);
        want.iter().zip(&seen).filter(|(_, seen)| !**seen).for_each(|(a, _)| note(kind, "missed", a));
        have.iter().zip(&used).filter(|(_, used)| !**used).for_each(|(a, _)| note(kind, "false", a));
    }
    scores
}

/// The table of one set of texts, ready for the documentation.
fn table(title: &str, scores: &BTreeMap<&'static str, Score>) -> String {
    let mut table = format!(
        "### {title}\n\n| class | labelled | right | false | missed | precision | recall |\n|---|---|---|---|---|---|---|\n"
    );
    for kind in KINDS {
        let score = scores.get(kind).copied().unwrap_or_default();
        let _ = writeln!(
            table,
            "| {kind} | {} | {} | {} | {} | {:.1} % | {:.1} % |",
            score.right + score.missed,
            score.right,
            score.wrong,
            score.missed,
            100.0 * score.precision(weight(kind)),
            100.0 * score.recall()
        );
    }
    table
}

/// Least precision (a false task or measure counting double) and recall, in per cent, by class in the order of `KINDS`.
type Floors = [(u32, u32); 8];

/// Measures one set of texts, compares its table with the one kept, and holds it to its floors.
///
/// `UPDATE_EXPECT=1` rewrites the table kept, never the floors.
fn measure(split: &str, floors: &Floors) {
    let mut total: BTreeMap<&'static str, Score> = BTreeMap::new();
    let mut notes = String::new();
    let mut seen = 0;
    for case in cases().iter().filter(|case| case.split == split) {
        seen += 1;
        for (kind, score) in score(case, &mut notes) {
            total.entry(kind).or_default().add(score);
        }
    }
    if seen == 0 {
        assert_eq!(split, "shared", "texts of our own are always here");
        return;
    }
    let table = table(&format!("{split} ({seen} texts)"), &total);
    println!("{notes}\n{table}");
    for (kind, (precision, recall)) in KINDS.into_iter().zip(floors) {
        let score = total[kind];
        assert!(
            100.0 * score.precision(weight(kind)) >= f64::from(*precision),
            "{split}: precision of {kind} fell below {precision} %\n{notes}"
        );
        assert!(
            100.0 * score.recall() >= f64::from(*recall),
            "{split}: recall of {kind} fell below {recall} %\n{notes}"
        );
    }
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/measured/{split}.md"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&kept, &table).expect("a folder that can be written");
    }
    assert_eq!(
        table,
        house::read(&kept),
        "the measured table has moved; UPDATE_EXPECT=1 rewrites it, and docs/reference/extraction.md repeats it"
    );
}

#[test]
fn the_development_texts_reach_their_floors() {
    measure("development", &[(99, 99), (99, 99), (96, 96), (99, 99), (99, 99), (99, 99), (99, 99), (99, 99)]);
}

#[test]
fn the_held_out_texts_reach_their_floors() {
    measure("held-out", &[(94, 96), (99, 99), (96, 96), (99, 99), (99, 99), (94, 97), (99, 99), (99, 99)]);
}

#[test]
fn the_fresh_texts_reach_their_floors() {
    measure("fresh", &[(99, 88), (99, 99), (90, 99), (99, 99), (99, 94), (97, 99), (99, 99), (99, 99)]);
}

#[test]
fn the_final_texts_reach_their_floors() {
    measure("final", &[(87, 99), (99, 99), (99, 87), (99, 99), (99, 99), (97, 99), (99, 99), (99, 99)]);
}

#[test]
fn the_last_texts_reach_their_floors() {
    measure("last", &[(99, 99), (99, 99), (99, 99), (99, 99), (99, 99), (99, 96), (99, 99), (99, 99)]);
}

#[test]
fn the_wide_texts_reach_their_floors() {
    measure("wide", &[(90, 92), (92, 88), (82, 80), (96, 94), (97, 92), (96, 96), (98, 98), (99, 99)]);
}

#[test]
fn the_sealed_texts_reach_their_floors() {
    measure("sealed", &[(88, 88), (90, 95), (80, 75), (95, 90), (97, 97), (86, 92), (98, 98), (99, 99)]);
}

#[test]
fn the_reserve_texts_reach_their_floors() {
    measure("reserve", &[(92, 86), (75, 97), (66, 64), (90, 98), (97, 97), (94, 94), (98, 40), (99, 99)]);
}

#[test]
fn the_shared_texts_reach_their_floors() {
    measure("shared", &[(99, 99), (99, 99), (99, 99), (99, 99), (99, 99), (95, 99), (99, 99), (99, 99)]);
}
