//! Agenda bar: minutes planned and used of one line of an agenda.

/// Units a minute takes when the longest line has at most half an hour.
const MINUTE: u32 = 5;
/// Width in which the longest line must fit.
const WIDTH: u32 = 150;

/// The bar of one line as SVG: hollow = planned, dark = used, amber = over. All bars of an agenda share `most`, the
/// minutes of its longest line. Decoration: the numbers stand in the table beside it.
pub fn agenda_bar(planned_minutes: u32, used_seconds: u32, most_minutes: u32) -> String {
    // In tenths of a unit, so that every coordinate is exact.
    let minute = (MINUTE * 10).min(WIDTH * 10 / most_minutes.max(1)).max(1);
    let (planned, used) = (planned_minutes * minute, (u64::from(used_seconds) * u64::from(minute) / 60) as u32);
    let used = used.min(WIDTH * 10 + 400);
    let unit = |tenths: u32| format!("{}.{}", tenths / 10, tenths % 10);
    let width = unit(planned.max(used).max(WIDTH * 10) + 10);
    let within = used.min(planned);
    let mut out = format!(
        "<svg class=\"agenda-bar\" viewBox=\"0 0 {width} 16\" width=\"{width}\" height=\"16\" aria-hidden=\"true\">\
         <rect x=\"0.5\" y=\"2\" width=\"{}\" height=\"12\" fill=\"#fff\" stroke=\"#7d8794\"/>",
        unit(planned)
    );
    if within > 0 {
        out.push_str(&format!("<rect class=\"actual\" x=\"0\" y=\"5\" width=\"{}\" height=\"6\"/>", unit(within)));
    }
    if used > planned {
        let (from, over) = (unit(planned), unit(used - planned));
        out.push_str(&format!("<rect class=\"gap-warn\" x=\"{from}\" y=\"5\" width=\"{over}\" height=\"6\"/>"));
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::agenda_bar;

    #[test]
    fn what_is_over_the_plan_stands_behind_it_in_amber() {
        let bar = agenda_bar(10, 11 * 60, 25);
        assert!(bar.contains("class=\"actual\" x=\"0\" y=\"5\" width=\"50.0\""), "{bar}");
        assert!(bar.contains("class=\"gap-warn\" x=\"50.0\" y=\"5\" width=\"5.0\""), "{bar}");
        let fresh = agenda_bar(10, 0, 25);
        assert!(!fresh.contains("actual") && !fresh.contains("gap-warn"), "{fresh}");
    }

    #[test]
    fn a_long_line_makes_every_bar_of_its_agenda_narrower() {
        assert!(agenda_bar(60, 0, 60).contains("width=\"150.0\" height=\"12\""));
        assert!(agenda_bar(10, 0, 60).contains("width=\"25.0\" height=\"12\""));
    }
}
