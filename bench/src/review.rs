//! Review of 2,000 items × 24 months, now and as known on an earlier day.

use crate::measure::{memory, mib, record, root, timed, warm};
use crate::zones::{self, Hand};
use anyhow::Result;
use baton_kernel::commands::{FigureGiven, FigureInput};
use baton_kernel::entries::CurveSpec;
use baton_kernel::ids::{ItemId, RoundId, Subject, SubmissionId};
use baton_kernel::views::review::review;
use baton_kernel::{Act, Caller, Seen};
use baton_methods::{Lang, Period};
use jiff::civil::date;
use rust_decimal::Decimal;
use serde_json::json;
use std::sync::Arc;

/// Measures of the kind that are filled in every month.
const MEASURES: &[&str] = &["invest", "equipment", "milestone", "workers"];

/// Builds the zone and measures.
pub fn run(scale: f64) -> Result<()> {
    let (build_s, hand) = timed(|| zone((2_000.0 * scale) as usize));
    let hand = hand?;
    let (versions, _) = hand.zone.figure_weight();
    let zone = Arc::new(hand.zone);
    let quarter = Period::quarter(2023, 4).expect("a quarter");
    let seen = Seen::new(zone.clone(), Caller::Founder, hand.now, None, Lang::Zh);
    let (best, median) = warm(30, || review(&seen, quarter));
    let known = Seen::new(zone.clone(), Caller::Founder, hand.now, Some(date(2023, 7, 20)), Lang::Zh);
    let half = Period::quarter(2023, 2).expect("a quarter");
    let (as_of, _) = warm(30, || review(&known, half));
    let lines = serde_json::to_string(&review(&seen, quarter))?.len();
    let figures = json!({
        "items": zone.items().count(), "figure_versions": versions, "build_s": build_s,
        "best_s": best, "median_s": median, "as_of_s": as_of, "json_bytes": lines, "peak_mib": mib(memory("VmHWM")),
    });
    record("review", "baton", figures)
}

fn zone(items: usize) -> Result<Hand> {
    let (mut hand, _) = Hand::found(zones::blueprint(&root().join("blueprints/development-zone"))?, zones::start())?;
    let (acts, towns) = zones::units(&mut || hand.id(), 40);
    hand.act(Act::All(acts))?;
    let mut led = Vec::new();
    for n in 0..items {
        let (id, lead) = (ItemId(hand.id()), towns[n % towns.len()]);
        led.push((id, lead));
        hand.act(zones::item(id, "project", n, lead, Some("building"), zones::start()))?;
        for year in [2022, 2023] {
            hand.act(Act::SetTarget {
                subject: Subject::Item(id),
                measure: "invest".into(),
                year: Period::year_of(year),
                value: Decimal::from(12_000 + n as i64),
                curve: CurveSpec::Linear,
                basis: None,
                because: String::new(),
            })?;
        }
    }
    for month in zones::months() {
        let round = RoundId(hand.id());
        hand.on(month.end())?;
        hand.act(zones::round(round, "project", month, &towns))?;
        for town in &towns {
            let mut figures = Vec::new();
            for (n, (id, _)) in led.iter().enumerate().filter(|(_, (_, lead))| lead == town) {
                for (m, measure) in MEASURES.iter().enumerate() {
                    figures.push(FigureGiven {
                        subject: Subject::Item(*id),
                        measure: (*measure).into(),
                        period: month,
                        part: None,
                        value: FigureInput::Is(Decimal::new(((n * 37 + m * 11) % 900) as i64 + 10, u32::from(m == 0))),
                        version: 0,
                        said_on: None,
                    });
                }
            }
            if !figures.is_empty() {
                // Physical progress is a percentage, equipment at most the investment.
                for figure in &mut figures {
                    let most = match figure.measure.as_str() {
                        "milestone" => Decimal::ONE_HUNDRED,
                        "equipment" => Decimal::ONE,
                        _ => Decimal::MAX,
                    };
                    if let FigureInput::Is(value) = &mut figure.value {
                        *value = (*value).min(most);
                    }
                }
                let submission = SubmissionId(hand.id());
                hand.act(zones::report(submission, round, *town, figures, ""))?;
            }
        }
    }
    Ok(hand)
}
