//! Samples: one plausible drawing of each sort, figures invented.

use baton_kernel::document::*;
use rust_decimal::Decimal;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn mark(value: &str, shown: &str) -> Mark {
    Mark::new(d(value), shown)
}

fn day(number: i64, shown: &str) -> Day {
    Day { number, shown: shown.into() }
}

pub fn curve() -> SCurve {
    let plan = "0 3.1 6.55 12.45 18 24.5 31.1 37.3 43.6 50.5 57.4 63.6 69.2";
    SCurve {
        title: "重点项目完成投资，累计".into(),
        desc: "灰虚线为计划，黑实线为实际".into(),
        unit: "亿元".into(),
        plan: plan.split(' ').enumerate().map(|(month, value)| (Decimal::from(month as i64), d(value))).collect(),
        actual: [("0", "0"), ("1", "2.9"), ("2", "6.1"), ("3", "11.74")].map(|(m, v)| (d(m), d(v))).to_vec(),
        actual_label: "实际 11.74".into(),
        target: Some(mark("69.2", "目标 69.20")),
        as_of: Some(mark("3.87", "所知 4/26")),
        grid: vec![],
        plan_label: "计划".into(),
        months: vec![mark("3", "3月"), mark("6", "6月"), mark("9", "9月"), mark("12", "12月")],
    }
}

/// The same year seen in December, ahead of plan: labels have to make room in the margin.
pub fn finished_curve() -> SCurve {
    let mut curve = curve();
    curve.actual = curve.plan.iter().map(|(month, value)| (*month, value * d("1.02"))).collect();
    curve.actual_label = "实际 70.58".into();
    curve.as_of = Some(mark("12", "所知 12/31"));
    curve
}

pub fn bars() -> PaceBars {
    let row = |label: &str, done: Option<(&str, &str)>, expected: &str, light, word: &str| PaceRow {
        label: label.into(),
        done: done.map(|(value, shown)| mark(value, shown)),
        expected: Some(d(expected)),
        light,
        word: word.into(),
    };
    PaceBars {
        title: "各单位完成年度计划".into(),
        desc: "按机构次序排列，不作排名".into(),
        unit: "%".into(),
        key: ("完成年度计划的比例".into(), "序时".into()),
        rows: vec![
            row("望江街道", Some(("0.180", "18.0%")), "0.1816", Light::Warn, "预警"),
            row("清溪镇", Some(("0.1886", "18.9%")), "0.181", Light::Ok, "正常"),
            row("石桥镇", Some(("0.1397", "14.0%")), "0.1793", Light::Lag, "滞后"),
            row("枫林镇", None, "0.1795", Light::None, "未报"),
            row("云岭新区城市建设投资发展集团有限公司", Some(("0.175", "17.5%")), "0.175", Light::Ok, "正常"),
        ],
    }
}

pub fn lane(actual: Option<&str>, light: Light) -> Lane {
    Lane {
        title: "专项债券支出：实际 3.11 亿元，序时 4.96，全年目标 12.40".into(),
        unit: "亿元".into(),
        target: Some(d("12.40")),
        actual: actual.map(d),
        plan: Some(d("4.96")),
        light,
        ceiling: None,
    }
}

pub fn grid() -> Heat {
    let cell = |text: &str, light| Some(HeatCell { text: text.into(), light });
    let row = |label: &str, cells| HeatRow { label: label.into(), cells };
    Heat {
        title: "各单位各领域进展".into(),
        desc: "三角为滞后，菱形为预警，圆为正常".into(),
        columns: ["项目建设", "招商引资", "经济运行", "生态环保"].map(String::from).to_vec(),
        rows: vec![
            row(
                "望江街道",
                vec![cell("99.1%", Light::Warn), cell("104.0%", Light::Ok), None, cell("100.0%", Light::Ok)],
            ),
            row("石桥镇", vec![cell("77.9%", Light::Lag), cell("未报", Light::None), None, cell("91.2%", Light::Warn)]),
        ],
    }
}

pub fn versions() -> History {
    History {
        title: "哪天知道的是多少".into(),
        desc: "4月3日起所知9600万元，4月12日起所知8200万元".into(),
        unit: "万元".into(),
        steps: vec![
            HistoryStep { day: day(3, "4/3"), value: Some(mark("9600", "9,600")), ..HistoryStep::default() },
            HistoryStep { day: day(12, "4/12"), value: Some(mark("8200", "8,200")), ..HistoryStep::default() },
            HistoryStep {
                day: day(14, "4/14"),
                checked: true,
                label: "4/14 复核一致".into(),
                ..HistoryStep::default()
            },
        ],
        until: day(26, "4/26"),
        marked: Some(day(8, "4/8 报数截止")),
    }
}

pub fn withheld_versions() -> History {
    let mut history = versions();
    history.steps.push(HistoryStep { day: day(20, "4/20"), label: "撤回".into(), ..HistoryStep::default() });
    history
}

pub fn stages() -> Rail {
    let stage = |label: &str, detail: &str, state| RailStage { label: label.into(), detail: detail.into(), state };
    Rail {
        title: "精密轴承产业园一期：在建".into(),
        stages: vec![
            stage("签约", "2021-11-08", RailState::Done),
            stage("供地", "2022-05-30", RailState::Done),
            stage("开工", "2022-08-16", RailState::Done),
            stage("在建", "形象进度 38%", RailState::Now),
            stage("竣工验收备案", "计划 2023-12", RailState::Ahead),
            stage("投产", "", RailState::Ahead),
        ],
    }
}

pub fn strip() -> Milestones {
    let row = |label: &str, plan, actual, light, outcome: &str| Milestone {
        label: label.into(),
        plan: Some(plan),
        actual,
        light,
        outcome: outcome.into(),
        href: String::new(),
    };
    Milestones {
        title: "里程碑：空心条为计划，深条为实际".into(),
        span: (0, 549),
        ticks: vec![
            day(0, "2022年7月"),
            day(92, "10月"),
            day(184, "2023年1月"),
            day(274, "4月"),
            day(365, "7月"),
            day(457, "10月"),
        ],
        as_of: Some(day(299, "4/26")),
        rows: vec![
            row("土建主体", (9, 172), Some((27, 197)), Light::Ok, "晚25天完工"),
            row("110千伏专线送电", (153, 273), Some((167, 299)), Light::Lag, "逾期26天"),
            row("设备安装调试", (280, 420), None, Light::None, "未开始"),
        ],
    }
}
