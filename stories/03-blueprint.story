# 现场新增一个事项类型，用起来；改名后旧日期仍按旧名显示；错误的蓝图不会启用。
# A kind made on the spot and used; renamed, an old day still shows the old name; a blueprint with mistakes is refused.
zone development-zone day 2023-01-03
unit top 样板新区 zone
unit office 党政办公室 department under top
unit baishi 白石镇 town under top
staff office office 甲 over all
staff office admin 丁 over all
staff baishi checker 丙

on 2023-02-01 zone/admin apply blueprint because "开展机井普查"
  file kinds/well.toml
    format = 1
    [kind]
    key = "well"
    area = "livelihood"
    label = { zh = "机井", en = "Well" }
    number = "JJ-{seq:3}"
    [[measure]]
    key = "depth"
    label = { zh = "水位埋深", en = "Depth" }
    unit = "metre"
    decimals = 1
    type = "stock"
    roll_up = "none"
    [circular]
    section = { zh = "机井", en = "Wells" }
    columns = ["number", "name", "lead", "depth"]
on 2023-02-02 zone/office item well JJ-001 "白石东井" lead baishi
on 2023-02-26 zone/office open round R 2023M02 kinds well units baishi opens 2023-02-26 due 2023-02-28 closes 2023-03-05
on 2023-02-27 baishi/checker submit well JJ-001 depth 2023M02 18.4 米
items well 2023M02
--- expect
机井
编号 | 名称 | 责任单位 | 水位埋深
JJ-001 | 白石东井 | 白石镇 | 18.4
---
on 2023-03-01 zone/admin apply blueprint because "写错了单位"
  file kinds/well.toml
    format = 1
    [kind]
    key = "well"
    area = "livelihood"
    label = { zh = "机井", en = "Well" }
    [[measure]]
    key = "depth"
    label = { zh = "水位埋深", en = "Depth" }
    unit = "metres-deep"
refused blueprint.mistakes
on 2023-03-02 zone/admin apply blueprint because "改称监测井"
  file kinds/well.toml
    format = 1
    [kind]
    key = "well"
    area = "livelihood"
    label = { zh = "地下水监测井", en = "Monitoring well" }
    number = "JJ-{seq:3}"
    [[measure]]
    key = "depth"
    label = { zh = "水位埋深", en = "Depth" }
    unit = "metre"
    decimals = 1
    type = "stock"
    roll_up = "none"
    [circular]
    section = { zh = "监测井", en = "Wells" }
    columns = ["number", "name", "lead", "depth"]
items well 2023M02 known 2023-03-01
--- expect
机井
编号 | 名称 | 责任单位 | 水位埋深
JJ-001 | 白石东井 | 白石镇 | 18.4
---
items well 2023M02
--- expect
地下水监测井
编号 | 名称 | 责任单位 | 水位埋深
JJ-001 | 白石东井 | 白石镇 | 18.4
---
