# 一次会议和它的任务：通知、签到、讲话、纪要封存；任务交办、签收、反馈、退回、延期、办结、销号。
# A meeting and its tasks: notice, roll call, speech, seal; assigned, acknowledged, fed back, extended, closed out.
zone development-zone day 2023-01-03
unit top 样板新区 zone
unit office 党政办公室 department under top
unit plan 发展改革局 department under top
unit baishi 白石镇 town under top
unit taoxi 桃溪镇 town under top
staff office office 甲 over all
staff office supervisor 戊 over all
staff top leader 己 over all handle leader
staff plan reporter 庚
staff plan checker 辛
staff baishi reporter 乙
staff baishi checker 丙

on 2023-04-10 zone/office plan meeting M-1 "一季度推进会" period 2023Q1 on 2023-04-26 place 一号会议室 chair leader
  agenda "通报项目建设情况" area project unit plan minutes 10
  agenda "讲话" minutes 30
  venue main 主会场 main
  venue b 白石镇分会场 unit baishi
on 2023-04-12 zone/office hold meeting M-1
refused meeting.state
on 2023-04-12 zone/office notify meeting M-1
on 2023-04-20 zone/office hold meeting M-1
refused meeting.early
on 2023-04-26 zone/office hold meeting M-1
on 2023-04-26 zone/office roll M-1 main present 40
on 2023-04-26 baishi/reporter roll M-1 b present 12
on 2023-04-26 zone/office speech M-1 S-1 "讲话"
  要盯紧项目开工。发展改革局要在5月10日前列出开工项目清单。
on 2023-04-26 zone/office outcome M-1 0 information "听取了项目建设情况通报"
on 2023-04-26 zone/office seal meeting M-1
refused meeting.lines-open
on 2023-04-26 zone/office outcome M-1 1 task "讲话部署的任务分解交办"
on 2023-04-27 zone/office seal meeting M-1
meeting M-1
--- expect
一季度推进会  2023-04-26  已封存
  主会场  到会 40
  白石镇分会场  到会 12
  1. 通报项目建设情况：听取了项目建设情况通报
  2. 讲话：讲话部署的任务分解交办
---

on 2023-04-27 zone/office assign T-1 "开工项目清单" lead plan assist baishi due 2023-05-10 words "5月10日前" said "发展改革局要在5月10日前列出开工项目清单" from speech S-1 area project
# 配合单位签收自己的一份；牵头单位的进度决定任务的状态。
on 2023-04-27 baishi/reporter acknowledge T-1
on 2023-04-28 plan/checker feed T-1 "正在梳理" 
refused task.acknowledge-first
on 2023-04-28 plan/reporter acknowledge T-1
on 2023-05-08 plan/checker ask-extension T-1 2023-05-20 because "三个项目开工日期待核"
on 2023-05-09 zone/supervisor decide-extension T-1 granted until 2023-05-15 because "最迟15日"
on 2023-05-12 plan/checker feed T-1 "清单初稿十二项" final evidence 清单.xlsx
on 2023-05-12 zone/supervisor send-back T-1 because "缺开工日期"
on 2023-05-15 plan/checker feed T-1 "清单十二项，开工日期已补" final evidence 清单.xlsx
on 2023-05-16 plan/checker complete T-1
refused forbidden
on 2023-05-16 zone/supervisor complete T-1
on 2023-05-17 zone/supervisor close T-1 because "已核实"
task T-1
--- expect
T-1  开工项目清单  已销号
  “发展改革局要在5月10日前列出开工项目清单”
  牵头 发展改革局  已销号  2023-05-15
  配合 白石镇  已签收  2023-05-10
  2023-05-17 09:00  党政办公室 销号  已核实
  2023-05-16 09:00  党政办公室 办结
  2023-05-15 09:00  发展改革局 最终反馈  清单十二项，开工日期已补
  2023-05-12 09:00  党政办公室 退回反馈  缺开工日期
  2023-05-12 09:00  发展改革局 最终反馈  清单初稿十二项
  2023-05-09 09:00  党政办公室 同意延到 2023-05-15  最迟15日
  2023-05-08 09:00  发展改革局 申请延期到 2023-05-20  三个项目开工日期待核
  2023-04-28 09:00  发展改革局 签收
  2023-04-27 09:00  白石镇 签收
  2023-04-27 09:00  党政办公室 交办  发展改革局要在5月10日前列出开工项目清单
---
tasks known 2023-05-11
--- expect
T-1  开工项目清单  发展改革局  2023-05-15  已签收
---
