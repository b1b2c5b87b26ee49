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
review 2023Q1
--- expect
---

# 桃溪镇过了截止日才报，逾期关闭后须说明理由。
on 2023-04-07 taoxi/checker submit project P-002 invest 2023M03 0.72亿元
refused round.closed
on 2023-04-07 taoxi/checker submit project P-002 invest 2023M03 0.72亿元 because "因系统账号变更迟报"
on 2023-04-10 baishi/checker correct project P-001 invest 2023M03 11800 万元 because "发票重复计入" evidence invoice.pdf
on 2023-04-10 taoxi/checker withhold project P-002 workers 2023M03 because "劳务分包正在核对"

figure P-001 invest 2023M03
--- expect
---
rounds 2023M03
--- expect
---
items project 2023M03 known 2023-04-01
--- expect
---
items project 2023M03 known 2023-04-10
--- expect
---

# 旧版本上的改动不会悄悄覆盖新数。
on 2023-04-11 baishi/checker correct project P-001 invest 2023M03 11900 because "再次核对" stale
refused conflict.field
# 别的单位的事看不见，也报不了。
on 2023-04-11 taoxi/checker submit project P-001 milestone 2023M03 60 because "误报"
refused absent
