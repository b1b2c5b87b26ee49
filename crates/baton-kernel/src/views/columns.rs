//! Columns that every list, sheet and circular table can show, beside a kind's own fields and measures.

/// Built-in columns: key, title zh, title en, numeric.
pub const BUILT_IN: &[(&str, &str, &str, bool)] = &[
    ("number", "编号", "Code", false),
    ("name", "名称", "Name", false),
    ("lead", "责任单位", "Lead unit", false),
    ("co", "配合单位", "Co-units", false),
    ("stage", "阶段", "Stage", false),
    ("stage_on", "进入日期", "Since", false),
    ("days_open", "已历天数", "Days open", true),
    ("due", "办理期限", "Due", false),
    ("light", "亮灯", "Light", false),
    ("target", "年度计划", "Target", true),
    ("done", "累计完成", "Done", true),
    ("period", "本期完成", "This period", true),
    ("share", "完成率（%）", "Share (%)", true),
    ("gap", "与序时差（百分点）", "Gap (points)", true),
    ("reported", "报送情况", "Reported", false),
];
