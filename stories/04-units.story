# 单位撤并：事项随承接单位走，旧数据仍在原单位名下；权限以今天的单位为准。
# A unit goes into another: its items follow, its past stays its own; rights are today's.
zone development-zone day 2023-01-03
unit top 样板新区 zone
unit office 党政办公室 department under top
unit baishi 白石镇 town under top
unit taoxi 桃溪镇 town under top
staff office office 甲 over all
staff office admin 丁 over all
staff baishi checker 丙
staff taoxi checker 庚

on 2023-01-05 zone/office item project P-001 "精密铸件产业园" lead baishi stage building since 2022-05-01
on 2023-01-28 zone/office open round R-1 2023M01 kinds project units baishi,taoxi opens 2023-01-28 due 2023-01-31 closes 2023-02-05
on 2023-01-30 baishi/checker submit project P-001 invest 2023M01 900
on 2023-02-14 baishi/checker merge unit baishi into taoxi because "越权"
refused forbidden
on 2023-02-15 zone/admin merge unit baishi into taoxi on 2023-02-15 because "整建制并入"
on 2023-02-27 zone/office open round R-2 2023M02 kinds project units baishi,taoxi opens 2023-02-27 due 2023-02-28 closes 2023-03-05
refused unit.closed
on 2023-02-27 zone/office open round R-2 2023M02 kinds project units taoxi opens 2023-02-27 due 2023-02-28 closes 2023-03-05
on 2023-02-28 taoxi/checker submit project P-001 invest 2023M02 1100
items project 2023Q1 known 2023-01-31
--- expect
重点项目
编号 | 名称 | 责任单位 | 阶段 | 年度计划 | 累计完成 | 完成率（%） | 与序时差（百分点） | 亮灯 | 存在问题
P-001 | 精密铸件产业园 | 白石镇 | 在建 | — | 900 | — | — | 监测 | —
---
items project 2023Q1
--- expect
重点项目
编号 | 名称 | 责任单位 | 阶段 | 年度计划 | 累计完成 | 完成率（%） | 与序时差（百分点） | 亮灯 | 存在问题
P-001 | 精密铸件产业园 | 桃溪镇 | 在建 | — | 2,000 | — | — | 监测 | —
---
units
--- expect
top  样板新区  全区
office  党政办公室  部门
taoxi  桃溪镇  镇
---
