# 一笔数的一生：报送、审定、更正、暂不报送；更正改变当月，但记录还在。
# The life of a figure: reported, accepted, corrected, withheld. A correction changes the month; the record stays.
zone development-zone day 2023-01-03
unit top 样板新区 zone
unit office 党政办公室 department under top
unit baishi 白石镇 town under top
unit taoxi 桃溪镇 town under top
staff office office 甲 over all
staff baishi reporter 乙
staff baishi checker 丙
staff taoxi checker 丁

# 这个故事只用重点项目一类。
on 2023-01-04 founder apply blueprint because "只用重点项目一类"
  drop kinds/environment.toml
  drop kinds/hazard.toml
  drop kinds/indicator-count.toml
  drop kinds/indicator-quarter.toml
  drop kinds/indicator-rate.toml
  drop kinds/indicator.toml
  drop kinds/lead.toml
  drop kinds/livelihood.toml
  drop kinds/petition.toml
  drop kinds/rectify.toml
  drop kinds/resettlement.toml
  drop kinds/town-economy.toml

on 2023-01-05 founder item project P-001 "精密铸件产业园" lead baishi stage building since 2022-05-01
on 2023-01-05 founder item project P-002 "冷链物流中心" lead taoxi stage building since 2022-06-01
on 2023-01-05 founder target P-001 invest 2023 100000 curve construction
on 2023-01-05 founder target P-002 invest 2023 6亿元 curve construction
on 2023-03-28 zone/office open round 2023M03 2023M03 kinds project units baishi,taoxi opens 2023-03-28 due 2023-03-31 closes 2023-04-05

# 填报员提出，审核人报送；同一个人不能又填又审。
on 2023-03-29 baishi/reporter propose 2023M03
  P-001 invest 12500 万元
  P-001 progress "二期厂房主体封顶"
on 2023-03-29 baishi/reporter confirm baishi 2023M03
refused forbidden
on 2023-03-31 baishi/checker confirm baishi 2023M03
on 2023-03-31 zone/office accept baishi 2023M03

# 桃溪镇过了截止日才报，逾期关闭后须说明理由。
on 2023-04-07 taoxi/checker submit project P-002 invest 2023M03 0.72亿元
refused round.closed
on 2023-04-07 taoxi/checker submit project P-002 invest 2023M03 0.72亿元 because "因系统账号变更迟报"
on 2023-04-10 baishi/checker correct project P-001 invest 2023M03 11800 万元 because "发票重复计入" evidence invoice.pdf
on 2023-04-10 taoxi/checker withhold project P-002 workers 2023M03 because "劳务分包正在核对"

figure P-001 invest 2023M03
--- expect
精密铸件产业园 · 完成投资 · 2023年3月（万元）
○ 2023-03-29 09:00  12500  已审定  白石镇 乙
● 2023-04-10 09:00  11800  已报送  白石镇 丙  发票重复计入
---
rounds 2023M03
--- expect
2023M03  2/2
  白石镇  部分报送  1/5  2023-03-31 09:00
  桃溪镇  部分报送  2/5  2023-04-07 09:00  迟报
---
items project 2023M03 known 2023-04-01
--- expect
重点项目
编号 | 名称 | 责任单位 | 阶段 | 年度计划 | 累计完成 | 完成率（%） | 与序时差（百分点） | 亮灯 | 存在问题
P-001 | 精密铸件产业园 | 白石镇 | 在建 | 100,000 | 12,500 | 12.5 | 0.5 | 正常 | —
P-002 | 冷链物流中心 | 桃溪镇 | 在建 | 60,000 | — | — | — | 未报 | —
---
items project 2023M03 known 2023-04-10
--- expect
重点项目
编号 | 名称 | 责任单位 | 阶段 | 年度计划 | 累计完成 | 完成率（%） | 与序时差（百分点） | 亮灯 | 存在问题
P-001 | 精密铸件产业园 | 白石镇 | 在建 | 100,000 | 11,800 | 11.8 | -0.2 | 预警 | —
P-002 | 冷链物流中心 | 桃溪镇 | 在建 | 60,000 | 7,200 | 12.0 | 0.0 | 正常 | —
---
review 2023Q1 known 2023-04-01
--- expect
故事新区 2023年一季度 · 截至所知 2023-04-01
1 项有目标：正常 0，预警 0，滞后 1，缺数据 0；另有 3 项监测，不作判定

【项目建设】
  完成投资  12,500 万元  目标 160,000  7.8%  与序时差 -4.2  ▲ 滞后  （未报 1）
    白石镇  12,500 万元  目标 100,000  12.5%  与序时差 0.5  ● 正常
    桃溪镇  — 万元  目标 60,000  ○ 未报  （未报 1）
  投资增速  — %  ○ 数据不全  （未报 1）
  在建项目  2 个  ○ 监测
  竣工投产项目  0 个  ○ 监测

需要关注
  ▲ 完成投资：完成到期计划的65.1%，低于90% 全区

尚未报送
  桃溪镇 · 2023M03
---
review 2023Q1 known 2023-04-10
--- expect
故事新区 2023年一季度 · 截至所知 2023-04-10
1 项有目标：正常 0，预警 1，滞后 0，缺数据 0；另有 3 项监测，不作判定

【项目建设】
  完成投资  19,000 万元  目标 160,000  11.9%  与序时差 -0.1  ■ 预警  （待审定 2）
    白石镇  11,800 万元  目标 100,000  11.8%  与序时差 -0.2  ■ 预警  （待审定 1）
    桃溪镇  7,200 万元  目标 60,000  12.0%  与序时差 0.0  ● 正常  （待审定 1）
  投资增速  — %  ○ 未报  （待审定 2）
  在建项目  2 个  ○ 监测
  竣工投产项目  0 个  ○ 监测

需要关注
  ■ 完成投资：完成到期计划的99.0%，不足100% 全区
---

# 旧版本上的改动不会悄悄覆盖新数。
on 2023-04-11 baishi/checker correct project P-001 invest 2023M03 11900 because "再次核对" stale
refused conflict.field
# 别的单位的事看不见，也报不了。
on 2023-04-11 taoxi/checker submit project P-001 milestone 2023M03 60 because "误报"
refused absent
