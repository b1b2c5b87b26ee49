//! Specimen: a circular of the fictional 云岭新区. Every figure and name in it is invented.

use baton_kernel::document::*;
use rust_decimal::Decimal;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn mark(value: &str, shown: &str) -> Mark {
    Mark::new(d(value), shown)
}

/// `{…}` in a text becomes a run with a source, numbered in order.
fn sourced(text: &str, next: &mut usize) -> Block {
    let mut runs = Vec::new();
    for (index, part) in text.split(['{', '}']).enumerate() {
        if index % 2 == 1 {
            runs.push(Run::sourced(part, *next));
            *next += 1;
        } else if !part.is_empty() {
            runs.push(Run::text(part));
        }
    }
    Block::Paragraph(runs)
}

/// Units with target, plan to date and actual in 亿元, invented; the sums are right.
const UNITS: [(&str, &str, &str, &str, &str, &str); 8] = [
    ("望江街道", "38.00", "6.90", "6.84", "99.1", "21.6"),
    ("清溪镇", "42.00", "7.60", "7.92", "104.2", "25.0"),
    ("石桥镇", "29.00", "5.20", "4.05", "77.9", "12.8"),
    ("白鹭镇", "30.00", "5.40", "5.36", "99.3", "17.0"),
    ("枫林镇", "16.60", "2.98", "2.71", "90.9", "8.6"),
    ("渡口镇", "14.40", "2.60", "1.94", "74.6", "6.1"),
    ("区属平台", "16.00", "2.80", "2.80", "100.0", "8.9"),
    ("合计", "186.00", "33.48", "31.62", "94.4", "100.0"),
];

fn unit_table() -> Table {
    let heads = ["单位", "年度计划", "序时计划", "完成投资", "完成序时（%）", "占全区（%）"];
    let rows = UNITS.iter().enumerate().map(|(index, row)| {
        let cells = [row.0, row.1, row.2, row.3, row.4, row.5];
        Row {
            cells: cells
                .iter()
                .enumerate()
                .map(
                    |(place, text)| {
                        if place == 0 { Cell::text(*text) } else { Cell::sourced(*text, 100 + index * 5 + place) }
                    },
                )
                .collect(),
            kind: if row.0 == "合计" { RowKind::Sum } else { RowKind::Normal },
        }
    });
    Table {
        caption: "表一　重点项目完成投资".into(),
        unit_line: Some("单位：亿元".into()),
        head: vec![heads.iter().map(|it| HeadCell::one(*it)).collect()],
        columns: std::iter::once(Column::centred(2)).chain((0..5).map(|_| Column::number(2))).collect(),
        rows: rows.collect(),
        notes: vec!["注：枫林镇2个项目未报3月数据，按2月数计入。".into()],
    }
}

/// A wide dispatch table of forty projects in four groups with their sum.
pub fn project_table() -> Table {
    let head = vec![
        vec![
            HeadCell::span("序号", 1, 2),
            HeadCell::span("项目名称", 1, 2),
            HeadCell::span("责任单位", 1, 2),
            HeadCell::span("总投资", 1, 2),
            HeadCell::span("年度计划", 1, 2),
            HeadCell::span("1—3月完成情况", 3, 1),
            HeadCell::span("形象进度", 1, 2),
            HeadCell::span("存在问题", 1, 2),
        ],
        vec![HeadCell::one("完成投资"), HeadCell::one("占年度计划（%）"), HeadCell::one("超落后序时（百分点）")],
    ];
    let columns = vec![
        Column::centred(2),
        Column::text(9),
        Column::centred(4),
        Column::number(4),
        Column::number(4),
        Column::number(4),
        Column::number(4),
        Column::number(4),
        Column::text(9),
        Column::text(8),
    ];
    let names = [
        "精密轴承产业园一期",
        "港前物流园",
        "竹木新材加工园",
        "枫林水厂扩建",
        "云岭大道北延",
        "数字产业孵化中心",
        "污水处理厂提标改造",
        "职业技术学院实训基地",
        "冷链仓储中心",
        "老旧小区改造二期",
    ];
    let groups = ["一、产业项目", "二、基础设施项目", "三、社会民生项目", "四、生态环保项目"];
    let states =
        ["主体施工至三层", "土方开挖完成60%", "钢结构吊装", "设备安装调试，厂区道路路基完成", "管网铺设4.2公里"];
    let problems = ["无", "110千伏专线未送电", "征迁剩余7户未签约", "无", "施工图审查未完成，资金已到账未支出"];
    let mut rows = Vec::new();
    let (mut total, mut planned, mut done) = (0u64, 0u64, 0u64);
    for (group, title) in groups.iter().enumerate() {
        rows.push(Row { cells: vec![Cell::text(*title)], kind: RowKind::Group });
        for index in 0..10 {
            let number = group * 10 + index;
            let (all, plan, actual) =
                (42_000 + 1_370 * number as u64, 12_000 + 310 * number as u64, 2_100 + 53 * number as u64);
            (total, planned, done) = (total + all, planned + plan, done + actual);
            let share = Decimal::from(actual * 100) / Decimal::from(plan);
            let cells = [
                (number + 1).to_string(),
                format!("{}（{}标段）", names[index], group + 1),
                UNITS[number % 7].0.to_owned(),
                all.to_string(),
                plan.to_string(),
                actual.to_string(),
                format!("{:.1}", share.round_dp(1)),
                format!("{:+.1}", (share - Decimal::from(18)).round_dp(1)).replace('-', "−"),
                states[number % 5].to_owned(),
                problems[number % 5].to_owned(),
            ];
            rows.push(Row { cells: cells.into_iter().map(Cell::text).collect(), kind: RowKind::Normal });
        }
    }
    let share = Decimal::from(done * 100) / Decimal::from(planned);
    let sum = [
        "".to_owned(),
        "合计".into(),
        "".into(),
        total.to_string(),
        planned.to_string(),
        done.to_string(),
        format!("{:.1}", share.round_dp(1)),
        format!("{:+.1}", (share - Decimal::from(18)).round_dp(1)).replace('-', "−"),
        "".into(),
        "".into(),
    ];
    rows.push(Row { cells: sum.into_iter().map(Cell::text).collect(), kind: RowKind::Sum });
    Table { caption: String::new(), unit_line: Some("单位：万元".into()), head, columns, rows, notes: vec![] }
}

fn curve() -> SCurve {
    let plan = "0 7.8 16.4 33.48 48.4 65.9 83.7 100.2 117.3 135.8 154.3 171 186";
    SCurve {
        title: "图一　重点项目完成投资，累计".into(),
        desc: "灰虚线为计划，黑实线为实际".into(),
        unit: "亿元".into(),
        plan: plan.split(' ').enumerate().map(|(month, value)| (Decimal::from(month as i64), d(value))).collect(),
        actual: [("0", "0"), ("1", "7.4"), ("2", "15.3"), ("3", "31.62")].map(|(m, v)| (d(m), d(v))).to_vec(),
        actual_label: "实际 31.62".into(),
        target: Some(mark("186", "目标 186.00")),
        as_of: Some(mark("3.87", "所知 4/26")),
        grid: vec![],
        plan_label: "序时".into(),
        months: vec![mark("3", "3月"), mark("6", "6月"), mark("9", "9月"), mark("12", "12月")],
    }
}

fn bars() -> PaceBars {
    let rows = UNITS.iter().take(7).map(|unit| {
        let (target, plan, done) = (d(unit.1), d(unit.2), d(unit.3));
        let ratio = done / plan;
        let light = if ratio >= Decimal::ONE {
            Light::Ok
        } else if ratio >= d("0.9") {
            Light::Warn
        } else {
            Light::Lag
        };
        let word = match light {
            Light::Ok => "达到",
            Light::Warn => "接近",
            _ => "滞后",
        };
        PaceRow {
            label: unit.0.into(),
            done: Some(Mark::new(done / target, format!("{:.1}%", (done * Decimal::ONE_HUNDRED / target).round_dp(1)))),
            expected: Some(plan / target),
            light,
            word: word.into(),
        }
    });
    PaceBars {
        title: "图二　各单位完成年度计划".into(),
        desc: "按机构次序排列".into(),
        unit: "%".into(),
        key: ("完成投资占年度计划".into(), "序时计划".into()),
        rows: rows.collect(),
    }
}

/// The whole specimen: red head, body with a table and two drawings, a landscape attachment of forty
/// rows, an upright one, imprint, witness.
pub fn circular() -> Document {
    let mut next = 0;
    let blocks = vec![
        sourced(
            "一季度，全区上下围绕年度目标任务，统筹推进项目建设、招商引资、经济运行、生态环保等重点工作。{18}项指标中，{10}项达到序时进度，{4}项接近序时，{4}项滞后。现将有关情况通报如下。",
            &mut next,
        ),
        Block::Heading1("一、总体情况".into()),
        Block::Heading2("（一）项目建设".into()),
        sourced(
            "{48}个重点项目完成投资{31.62}亿元，占年度计划的{17.0}%，为序时进度的{94.4}%。新开工项目{10}个，竣工投产{2}个，征迁交地{1204}亩。专项债券支出{3.11}亿元，支出进度{25.1}%，低于序时进度{14.9}个百分点。清溪镇、区属平台达到序时进度；石桥镇、渡口镇进度滞后，分别比序时少{1.15}亿元、{0.66}亿元。",
            &mut next,
        ),
        Block::Table(unit_table()),
        Block::Drawing(Drawing::SCurve(curve())),
        Block::Heading2("（二）招商引资".into()),
        sourced(
            "新签约项目投资额{61.30}亿元，实际使用外资{2140}万美元，均超过序时进度。市外到位资金{20.85}亿元，为序时进度的{86.9}%，去年四季度签约的{9}个项目中只有{3}个到资。渡口镇未报3月到位资金，不在合计内。",
            &mut next,
        ),
        Block::Heading2("（三）经济运行".into()),
        sourced(
            "固定资产投资{49.87}亿元，一般公共预算收入{6.71}亿元，达到序时进度。规上工业总产值{138.20}亿元，为序时进度的{98.2}%。限上社会消费品零售额{18.76}亿元，为序时进度的{88.8}%。“双过半”还需完成投资{52.08}亿元。",
            &mut next,
        ),
        Block::Drawing(Drawing::PaceBars(bars())),
        Block::Heading1("二、存在问题".into()),
        Block::Heading3("1.要素保障不到位".into()),
        Block::paragraph(
            "石桥镇精密轴承产业园一期110千伏专线未送电，设备到货后无法调试；渡口镇港前物流园征迁剩余7户未签约，影响二标段进场。",
        ),
        Block::Heading3("2.资金支出偏慢".into()),
        Block::paragraph("5个专项债券项目中有3个未完成施工图审查，资金到账96天未支出。"),
        Block::Heading1("三、下步要求".into()),
        Block::paragraph(
            "各责任单位要对照短板弱项，逐项制定追赶措施，于5月10日前报区党政办公室。枫林镇、渡口镇要在4月28日前补报3月数据。工作进展纳入季度评议，连续两次滞后的，由区党政办公室约谈主要负责人。",
        ),
    ];
    Document {
        kind: DocumentKind::Circular,
        letterhead: Some(Letterhead {
            organ: "云岭新区党政办公室文件".into(),
            number: Some("云岭办〔2023〕31号".into()),
            ..Letterhead::default()
        }),
        title: vec!["关于2023年一季度重点工作".into(), "推进情况的通报".into()],
        addressees: Some("各镇、街道，区直各部门，区属各平台公司：".into()),
        blocks,
        attachments_note: vec!["2023年一季度重点项目进展情况表".into(), "问题整改清单".into()],
        signature: Some(Signature { organ: "云岭新区党政办公室".into(), date: "2023年4月26日".into() }),
        note: Some("此件公开发布".into()),
        attachments: vec![
            Attachment {
                title: "2023年一季度重点项目进展情况表".into(),
                landscape: true,
                blocks: vec![
                    Block::Table(project_table()),
                    Block::Note("本表所列项目、单位和数字均为虚构，仅作版式样张。".into()),
                ],
            },
            Attachment {
                title: "问题整改清单".into(),
                landscape: false,
                blocks: vec![Block::Table(Table {
                    head: vec![["序号", "问题", "整改措施", "责任单位", "完成时限"].map(HeadCell::one).to_vec()],
                    columns: vec![
                        Column::centred(1),
                        Column::text(5),
                        Column::text(6),
                        Column::centred(3),
                        Column::centred(3),
                    ],
                    rows: [
                        [
                            "1",
                            "110千伏专线未送电",
                            "协调供电公司完成电缆沟移交，先行敷设临时线路",
                            "石桥镇",
                            "6月30日前",
                        ],
                        ["2", "征迁剩余7户未签约", "逐户制定方案，区领导包保", "渡口镇", "5月20日前"],
                        [
                            "3",
                            "3个专项债券项目未完成施工图审查",
                            "集中会审，按周通报支出进度",
                            "财政金融局",
                            "5月15日前",
                        ],
                    ]
                    .map(|row| Row { cells: row.map(Cell::text).to_vec(), kind: RowKind::Normal })
                    .to_vec(),
                    ..Table::default()
                })],
            },
        ],
        imprint: Some(Imprint {
            copies: vec!["抄送：区委各部门，区人大办，区政协办，区法院，区检察院，区人武部，驻区各单位。".into()],
            organ: "云岭新区党政办公室".into(),
            date: "2023年4月26日印发".into(),
        }),
        draft: false,
        witness: Some("账本第48213条　指纹7c1e-9a40-52bd　样张，数字均为虚构".into()),
        lang: Lang::Zh,
        landscape: false,
    }
}

/// The minutes of the same fictional zone, as a draft.
pub fn minutes() -> Document {
    Document {
        kind: DocumentKind::Minutes,
        letterhead: Some(Letterhead {
            organ: "云岭新区会议纪要".into(),
            number: Some("第7期".into()),
            issued: Some(Signature { organ: "云岭新区党政办公室".into(), date: "2023年4月28日".into() }),
            ..Letterhead::default()
        }),
        title: vec!["重点工作季度推进会议纪要".into()],
        blocks: vec![
            Block::paragraph("2023年4月26日，区管委会召开重点工作季度推进会，通报一季度进展，研究下步措施。现将议定事项纪要如下。"),
            Block::Heading1("一、关于专项债券支出".into()),
            Block::Paragraph(vec![Run::text("会议议定："), Run::lead("（一）集中会审。"), Run::text("由财政金融局牵头，建设管理局配合，于5月15日前完成3个项目的施工图审查。")]),
            Block::Roll { label: "出席".into(), names: "区党政办公室陆某、财政金融局沈某、建设管理局林某、招商促进局许某、石桥镇韩某、渡口镇方某、枫林镇白某".into() },
            Block::Roll { label: "请假".into(), names: "生态环境分局周某".into() },
        ],
        draft: true,
        imprint: Some(Imprint { copies: vec![], organ: "云岭新区党政办公室".into(), date: "2023年4月28日印发".into() }),
        ..Document::default()
    }
}

/// The task breakdown table as a paper of its own, on landscape pages.
pub fn task_table() -> Document {
    let heads = ["序号", "工作任务", "具体举措", "量化目标", "牵头单位", "责任单位", "责任领导", "完成时限"];
    let rows = (1..=9).map(|number| {
        let cells = [
            number.to_string().as_str(),
            "加快专项债券支出进度",
            "集中会审施工图，按周通报支出进度，对连续两周没有支出的项目收回额度",
            "支出进度不低于60%",
            "财政金融局",
            "建设管理局、各镇",
            "沈某",
            "2023年6月30日",
        ]
        .map(Cell::text);
        Row { cells: cells.to_vec(), kind: RowKind::Normal }
    });
    Document {
        kind: DocumentKind::TaskTable,
        title: vec!["2023年二季度重点工作任务分解表".into()],
        blocks: vec![Block::Table(Table {
            head: vec![heads.map(HeadCell::one).to_vec()],
            columns: vec![
                Column::centred(1),
                Column::text(5),
                Column::text(8),
                Column::text(4),
                Column::centred(3),
                Column::text(4),
                Column::centred(2),
                Column::centred(3),
            ],
            rows: rows.collect(),
            ..Table::default()
        })],
        landscape: true,
        ..Document::default()
    }
}
