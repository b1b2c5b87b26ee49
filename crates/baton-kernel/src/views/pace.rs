//! Pace: where a measure stands against its target and plan curve, with its light and reason.

use crate::blueprint::Blueprint;
use crate::entries::CurveSpec;
use baton_methods::Curve;
use rust_decimal::Decimal;

/// The curve that a specification means under a blueprint: its own curves first, then published presets.
///
/// Errors: what is wrong, in Chinese and English.
pub fn curve(blueprint: &Blueprint, spec: &CurveSpec) -> Result<Curve, String> {
    fn fixed<const N: usize>(list: &[Decimal]) -> Result<[Decimal; N], String> {
        list.try_into()
            .map_err(|_| format!("应有 {N} 个累计比例 / {N} cumulative shares expected"))
    }
    let curve = match spec {
        CurveSpec::Linear => Curve::Linear,
        CurveSpec::ByQuarter(list) => Curve::ByQuarter(fixed(list)?),
        CurveSpec::ByMonth(list) => Curve::ByMonth(fixed(list)?),
        CurveSpec::Preset(key) => match blueprint.curves.get(key) {
            Some((_, shares)) => Curve::ByMonth(fixed(shares)?),
            None => Curve::Preset(key.clone()),
        },
    };
    match curve.faults().first() {
        None => Ok(curve),
        Some(fault) => Err(format!(
            "{} / {}",
            fault.message(baton_methods::Lang::Zh),
            fault.message(baton_methods::Lang::En)
        )),
    }
}
