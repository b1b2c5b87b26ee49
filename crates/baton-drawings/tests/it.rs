//! Drawings are well formed, mean what the chart grammar says, and do not change unseen.

#[path = "it/samples.rs"]
mod samples;

use baton_drawings::{EXTRA_CSS, Frame, Style, lane_axis, pace_bars, pace_lane, s_curve, svg};
use baton_kernel::document::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

const PRINT: Style<'static> = Style::Print { family: "Noto Sans CJK SC" };

fn all() -> Vec<(&'static str, Drawing)> {
    vec![
        ("curve", Drawing::SCurve(samples::curve())),
        ("finished_curve", Drawing::SCurve(samples::finished_curve())),
        ("bars", Drawing::PaceBars(samples::bars())),
        ("lane", Drawing::Lane(samples::lane(Some("3.11"), Light::Lag))),
        ("heat", Drawing::Heat(samples::grid())),
        ("history", Drawing::History(samples::versions())),
        ("withheld_history", Drawing::History(samples::withheld_versions())),
        ("rail", Drawing::Rail(samples::stages())),
        ("milestones", Drawing::Milestones(samples::strip())),
    ]
}

/// The attribute of the first element of that class.
fn attribute(svg: &str, class: &str, name: &str) -> Option<String> {
    let tree = roxmltree::Document::parse(svg).unwrap();
    let found = tree.descendants().find(|node| node.attribute("class") == Some(class))?;
    found.attribute(name).map(str::to_owned)
}

#[test]
fn drawings_do_not_change_unseen() {
    for (name, drawing) in all() {
        // One mark a line, so that a change of one mark is a change of one line.
        insta::assert_snapshot!(format!("{name}_page"), svg(&drawing, Frame::Card, Style::Page).replace("><", ">\n<"));
        insta::assert_snapshot!(format!("{name}_paper"), svg(&drawing, Frame::Paper, PRINT).replace("><", ">\n<"));
    }
}

#[test]
fn every_drawing_is_well_formed_and_says_its_name() {
    for (name, drawing) in all() {
        for frame in [Frame::Card, Frame::Wide, Frame::Paper] {
            for style in [Style::Page, PRINT] {
                let text = svg(&drawing, frame, style);
                let tree = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
                let root = tree.root_element();
                assert_eq!(root.attribute("role"), Some("img"), "{name}");
                let title = root.children().next().unwrap();
                assert_eq!(title.tag_name().name(), "title");
                assert!(title.text().unwrap().starts_with(drawing.title()), "{name}");
            }
        }
    }
}

#[test]
fn a_drawing_on_paper_needs_no_style_sheet_and_one_on_a_page_has_no_colours() {
    for (name, drawing) in all() {
        let page = svg(&drawing, Frame::Card, Style::Page);
        assert!(!page.contains("fill=") && !page.contains("stroke") && !page.contains("style="), "{name}");
        let paper = svg(&drawing, Frame::Paper, PRINT);
        assert!(!paper.contains("class="), "{name}");
        let tree = roxmltree::Document::parse(&paper).unwrap();
        for shape in
            tree.descendants().filter(|node| matches!(node.tag_name().name(), "rect" | "path" | "circle" | "line"))
        {
            assert!(shape.attribute("fill").or(shape.attribute("stroke")).is_some(), "{name}: {shape:?}");
        }
    }
}

#[test]
fn every_class_beyond_the_grammar_has_its_rule() {
    let grammar = [
        "track",
        "cut",
        "actual",
        "plan",
        "target",
        "gap-lag",
        "gap-warn",
        "grid",
        "axis",
        "plan-line",
        "actual-line",
        "now",
        "dot",
        "lag",
        "warn",
        "ok",
        "t1",
        "t3",
        "plain",
        "mid",
        "end",
    ];
    for (name, drawing) in all() {
        let page = svg(&drawing, Frame::Card, Style::Page);
        let tree = roxmltree::Document::parse(&page).unwrap();
        for class in tree.descendants().filter_map(|node| node.attribute("class")).flat_map(|it| it.split(' ')) {
            assert!(grammar.contains(&class) || EXTRA_CSS.contains(&format!("svg .{class} {{")), "{name}: {class}");
        }
    }
}

#[test]
fn words_are_escaped() {
    let mut curve = samples::curve();
    curve.title = "<script>&\"'\u{1}".into();
    curve.actual_label = "a < b & c".into();
    let text = s_curve(&curve, Frame::Card, Style::Page);
    assert!(text.contains("<title>&lt;script&gt;&amp;&quot;&#39;（亿元）</title>"));
    assert!(text.contains("a &lt; b &amp; c"));
    roxmltree::Document::parse(&text).unwrap();
}

#[test]
fn a_lane_places_its_marks_on_the_shared_axis() {
    let text = pace_lane(&samples::lane(Some("3.11"), Light::Lag), Style::Page);
    // The figures of the design's own lane: 3.11 of 12.40, plan 4.96.
    assert_eq!(attribute(&text, "track", "width").as_deref(), Some("441.7"));
    assert_eq!(attribute(&text, "actual", "width").as_deref(), Some("110.8"));
    assert_eq!(attribute(&text, "gap-lag", "x").as_deref(), Some("112.8"));
    assert_eq!(attribute(&text, "gap-lag", "width").as_deref(), Some("65.9"));
    assert_eq!(attribute(&text, "plan", "x").as_deref(), Some("177.2"));
    assert_eq!(attribute(&text, "target", "x1").as_deref(), Some("443.7"));
    assert!(lane_axis("全年目标").contains(r#"x="333.3" y="12" class="t3 mid">75%"#));
}

#[test]
fn a_gap_is_shown_only_where_something_is_behind() {
    let ahead = pace_lane(&samples::lane(Some("5.20"), Light::Ok), Style::Page);
    assert!(!ahead.contains("gap-"));
    let mut ceiling = samples::lane(Some("3.11"), Light::Lag);
    ceiling.ceiling = Some("上限".into());
    let ceiling = pace_lane(&ceiling, Style::Page);
    assert!(!ceiling.contains("gap-") && ceiling.contains(">上限<"));
    let silent = pace_lane(&samples::lane(None, Light::None), Style::Page);
    assert!(!silent.contains("actual") && silent.contains("plan"));
}

#[test]
fn a_value_beyond_the_axis_ends_at_its_end() {
    let text = pace_lane(&samples::lane(Some("99999999"), Light::Ok), Style::Page);
    assert_eq!(attribute(&text, "actual", "width").as_deref(), Some("508"));
    let mut lane = samples::lane(Some("1"), Light::Ok);
    lane.target = Some(Decimal::ZERO);
    assert!(pace_lane(&lane, Style::Page).contains("void"));
}

#[test]
fn a_curve_has_its_design_coordinates() {
    let mut curve = samples::curve();
    curve.plan = vec![(Decimal::ZERO, Decimal::ZERO), (12.into(), 186.into())];
    curve.target = Some(Mark::new(186.into(), "目标 186.0"));
    curve.actual = vec![(Decimal::ZERO, Decimal::ZERO), (3.into(), "31.62".parse().unwrap())];
    let text = s_curve(&curve, Frame::Card, Style::Page);
    assert_eq!(attribute(&text, "dot", "cx").as_deref(), Some("113.5"));
    // Without a forecast's upper bound the axis ends at 1.04 times the target.
    assert_eq!(attribute(&text, "target", "y1").as_deref(), Some("18.8"));
    assert_eq!(attribute(&text, "target", "x1").as_deref(), Some("321.8"));
}

#[test]
fn rows_keep_the_order_given() {
    let text = pace_bars(&samples::bars(), Style::Page);
    let places: Vec<_> = ["望江街道", "清溪镇", "石桥镇", "枫林镇"].map(|name| text.find(name).unwrap()).to_vec();
    assert!(places.is_sorted());
}

#[test]
fn empty_drawings_are_still_drawings() {
    let empty = [
        Drawing::SCurve(SCurve::default()),
        Drawing::PaceBars(PaceBars::default()),
        Drawing::Lane(Lane::default()),
        Drawing::Heat(Heat::default()),
        Drawing::History(History::default()),
        Drawing::Rail(Rail::default()),
        Drawing::Milestones(Milestones::default()),
    ];
    for drawing in empty {
        roxmltree::Document::parse(&svg(&drawing, Frame::Wide, PRINT)).unwrap();
    }
}

proptest! {
    #[test]
    fn no_mark_leaves_its_box(
        target in any::<i64>(), actual in any::<i64>(), plan in any::<i64>(), scale in 0u32..28, months in 0i64..30,
    ) {
        let value = |it: i64| Decimal::new(it, scale);
        let curve = SCurve {
            plan: vec![(0.into(), value(plan)), (months.into(), value(target))],
            actual: vec![(0.into(), value(actual)), (months.into(), value(plan))],
            target: Some(Mark::new(value(target), "目标")),
            ..SCurve::default()
        };
        let lane = Lane { target: Some(value(target)), actual: Some(value(actual)), plan: Some(value(plan)), light: Light::Lag, ..Lane::default() };
        let history = History {
            steps: vec![
                HistoryStep { day: Day { number: 0, shown: "1".into() }, value: Some(Mark::new(value(actual), "a")), ..HistoryStep::default() },
                HistoryStep { day: Day { number: months, shown: "2".into() }, value: Some(Mark::new(value(plan), "b")), ..HistoryStep::default() },
            ],
            ..History::default()
        };
        for drawing in [Drawing::SCurve(curve), Drawing::Lane(lane), Drawing::History(history)] {
            let text = svg(&drawing, Frame::Card, Style::Page);
            let tree = roxmltree::Document::parse(&text).unwrap();
            let size: Vec<f64> = tree.root_element().attribute("viewBox").unwrap().split(' ').map(|it| it.parse().unwrap()).collect();
            for node in tree.descendants() {
                for name in ["x", "x1", "x2", "cx"] {
                    if let Some(at) = node.attribute(name) { let at: f64 = at.parse().unwrap(); prop_assert!((-1.0..=size[2] + 1.0).contains(&at), "{text}"); }
                }
                for name in ["y", "y1", "y2", "cy"] {
                    if let Some(at) = node.attribute(name) { let at: f64 = at.parse().unwrap(); prop_assert!((-1.0..=size[3] + 1.0).contains(&at), "{text}"); }
                }
            }
        }
    }
}
