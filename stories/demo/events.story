# 云岭新区（虚构）：两次季度会议、承诺的办理、一次拆分、几次催办。由 baton demo 按时间与各表的数据合在一起演示。

# --- 年中调整：目标改过几次，改前改后都看得见 ----------------------------------------------------------------------

on 2022-07-18 10:00 zone/planner target P-018 invest 2022 16000 curve construction because "投资方资金安排调整，经管委会会议研究调减"
on 2022-10-24 10:00 zone/planner target P-022 invest 2022 6000 curve construction because "项目停缓建，按程序调减年度计划"
on 2023-02-16 09:30 zone/admin hold post taoxi-reporter qinghe-reporter as deputy from 2023-02-16
on 2023-02-16 09:31 zone/admin hold post taoxi-checker qinghe-checker as deputy from 2023-02-16

# --- 2022 年第四季度会议：承诺 ------------------------------------------------------------------------------------

on 2023-01-05 15:00 zone/office plan meeting M-2022Q4 "云岭新区2022年第四季度重点工作推进会" period 2022Q4 on 2023-01-12 place "管委会一楼会议厅" chair leader
  agenda "通报2022年重点工作完成情况" unit dzb minutes 15
  agenda "通报项目建设情况" area project unit jfj minutes 10
  agenda "通报招商引资情况" area investment unit tzj minutes 10
  agenda "有关单位作表态发言" minutes 20
  agenda "主要负责同志讲话" minutes 40
  venue main "管委会主会场" main
  venue baishi "白石镇分会场" unit baishi
  venue taoxi "桃溪镇分会场" unit taoxi
  venue qinghe "青禾镇分会场" unit qinghe
  venue liuting "柳汀镇分会场" unit liuting
  venue luming "鹿鸣镇分会场" unit luming
  venue yunqiao "云桥街道分会场" unit yunqiao
  venue nanhu "南湖街道分会场" unit nanhu
  venue jtg "云岭建发集团分会场" unit jtg
on 2023-01-09 09:00 zone/office notify meeting M-2022Q4
on 2023-01-12 09:00 zone/office hold meeting M-2022Q4
on 2023-01-12 09:02 zone/office roll M-2022Q4 main present 62
on 2023-01-12 09:03 zone/office roll M-2022Q4 baishi present 18
on 2023-01-12 09:03 zone/office roll M-2022Q4 taoxi present 16
on 2023-01-12 09:04 zone/office roll M-2022Q4 qinghe present 11
on 2023-01-12 09:04 zone/office roll M-2022Q4 liuting present 15
on 2023-01-12 09:05 zone/office roll M-2022Q4 luming absent
on 2023-01-12 09:05 zone/office roll M-2022Q4 yunqiao present 17
on 2023-01-12 09:06 zone/office roll M-2022Q4 nanhu present 15
on 2023-01-12 09:06 zone/office roll M-2022Q4 jtg present 13
on 2023-01-12 10:40 zone/office outcome M-2022Q4 0 information "会议听取2022年重点工作完成情况通报"
on 2023-01-12 10:41 zone/office outcome M-2022Q4 1 decision "未按期开工项目一季度逐个过堂，拿出开工时间表"
on 2023-01-12 10:42 zone/office outcome M-2022Q4 2 information "会议听取招商引资情况通报"
on 2023-01-12 10:43 zone/office outcome M-2022Q4 3 task "各单位作出的承诺列入督办台账"
on 2023-01-12 10:44 zone/office outcome M-2022Q4 4 task "主要负责同志提出的十项工作由党政办公室分解交办"
on 2023-01-13 09:00 zone/office seal meeting M-2022Q4

on 2023-01-13 10:00 zone/office assign D-2023-01 "预制菜中央厨房项目开工" lead taoxi assist zgj,spj due 2023-03-10 said "一季度实现预制菜中央厨房项目开工建设" from meeting M-2022Q4 aim "3月10日前开工" area project items P-009
on 2023-01-13 10:01 zone/office assign D-2023-02 "特种玻璃生产基地开工" lead ztb assist nanhu,zgj due 2023-03-31 said "3月底前特种玻璃生产基地开工" from meeting M-2022Q4 aim "3月底前开工" area project items P-051
on 2023-01-13 10:02 zone/office assign D-2023-03 "柳汀古渡文旅街区复工方案" lead liuting assist swj,zjj due 2023-02-28 said "拿出柳汀古渡文旅街区复工方案和资金平衡方案" from meeting M-2022Q4 area project items P-018
on 2023-01-13 10:03 zone/office assign D-2023-04 "光伏组件生产线提速" lead qinghe assist czj due 2023-03-31 said "青禾光伏组件生产线3月底前主体封顶" from meeting M-2022Q4 aim "3月底前主体封顶" area project items P-012
on 2023-01-13 10:04 zone/office assign D-2023-05 "北部片区职教中心开工" lead zhb assist shj,zgj due 2023-03-20 said "北部片区职教中心3月20日前开工" from meeting M-2022Q4 area project items P-037
on 2023-01-13 10:05 zone/office assign D-2023-06 "外出招商专题计划" lead tzj assist ztb due 2023-02-10 said "制定一季度外出招商专题计划，明确批次和目标企业" from meeting M-2022Q4 area investment
on 2023-01-13 10:06 zone/office assign D-2023-07 "畜禽养殖粪污问题整改" lead qinghe assist hbj due 2023-03-31 said "省督察反馈的畜禽养殖粪污问题3月底前销号" from meeting M-2022Q4 area environment items ZG-2021-004
on 2023-01-13 10:07 zone/office assign D-2023-08 "老旧燃气管道更新计划" lead zjj assist yjj due 2023-02-20 said "排出老旧燃气管道更新改造的年度计划" from meeting M-2022Q4 area livelihood items MS-2023-03
on 2023-01-13 10:08 zone/office assign D-2023-09 "新增四上企业培育清单" lead tjj assist jfj,swj due 2023-02-28 said "建立新增四上企业培育清单，逐月跟踪" from meeting M-2022Q4 area economy
on 2023-01-13 10:09 zone/office assign D-2023-10 "不动产登记历史遗留问题" lead zgj assist xfj due 2023-04-20 said "推动两个小区不动产登记历史遗留问题化解" from meeting M-2022Q4 area bottom-line

on 2023-01-14 09:10 taoxi/reporter acknowledge D-2023-01
on 2023-01-14 09:20 tzj/reporter acknowledge D-2023-06
on 2023-01-14 10:10 zjj/reporter acknowledge D-2023-08
on 2023-01-16 09:10 ztb/reporter acknowledge D-2023-02
on 2023-01-16 09:40 qinghe/reporter acknowledge D-2023-04
on 2023-01-16 09:41 qinghe/reporter acknowledge D-2023-07
on 2023-01-16 14:00 zhb/reporter acknowledge D-2023-05
on 2023-01-16 14:30 tjj/reporter acknowledge D-2023-09
on 2023-01-17 08:50 zgj/reporter acknowledge D-2023-10
on 2023-01-19 09:00 zone/supervisor urge D-2023-03 "请柳汀镇今日内签收"
on 2023-01-19 15:20 liuting/reporter acknowledge D-2023-03

on 2023-02-09 11:00 tzj/checker feed D-2023-06 "一季度外出招商计划已定：三批、赴五市，目标企业二十六家，已报分管领导审定。" final evidence 外出招商计划.pdf
on 2023-02-10 09:00 zone/supervisor complete D-2023-06
on 2023-02-10 09:05 zone/supervisor close D-2023-06 because "计划已印发执行"
on 2023-02-17 10:00 zjj/checker feed D-2023-08 "年度更新计划三十八公里，分四个标段，三月进场。" final evidence 燃气管道更新计划.pdf
on 2023-02-20 10:00 zone/supervisor complete D-2023-08
on 2023-02-21 10:00 zone/supervisor close D-2023-08
on 2023-02-24 16:00 liuting/checker ask-extension D-2023-03 2023-04-15 because "资金平衡方案需与投资方再次会商"
on 2023-02-27 09:30 zone/supervisor decide-extension D-2023-03 granted until 2023-04-10 because "同意延期，最迟4月10日"
on 2023-02-27 17:00 tjj/checker feed D-2023-09 "培育清单收录企业四十一家，按月监测。" final evidence 培育清单.xlsx
on 2023-02-28 10:00 zone/supervisor send-back D-2023-09 because "清单缺少每家企业的预计达标时间，请补充"
on 2023-03-03 10:00 tjj/checker feed D-2023-09 "已补充每家企业的预计达标时间和帮扶单位。" final evidence 培育清单（修订）.xlsx
on 2023-03-06 09:00 zone/supervisor complete D-2023-09
on 2023-03-07 09:30 taoxi/checker feed D-2023-01 "项目3月6日正式打桩，开工手续齐全。" final evidence 施工许可证.pdf,现场照片.jpg
on 2023-03-08 09:00 zone/supervisor complete D-2023-01
on 2023-03-10 09:00 zone/supervisor close D-2023-01 because "现场核实，已开工"
on 2023-03-16 10:00 zhb/checker feed D-2023-05 "3月15日开工，桩基施工单位已进场。" final evidence 开工报告.pdf
on 2023-03-17 09:00 zone/supervisor complete D-2023-05
on 2023-03-20 09:00 zone/supervisor close D-2023-05
on 2023-03-29 10:00 ztb/checker feed D-2023-02 "3月28日开工，现场完成场平。" final evidence 开工报告.pdf
on 2023-03-30 09:00 zone/supervisor complete D-2023-02

# --- 项目拆分 -----------------------------------------------------------------------------------------------------

on 2023-03-06 15:00 zone/planner split P-014 into P-061,P-062 because "按建设期分为两个项目分别调度"

# --- 迟报与催办 ---------------------------------------------------------------------------------------------------

on 2023-04-06 09:00 zone/supervisor urge D-2023-04 "已过时限，请说明进展和下步措施"
on 2023-04-07 16:00 taoxi/checker feed D-2023-04 "因设备基础变更，主体封顶推迟；正在组织两班作业。"
on 2023-04-11 09:00 zone/supervisor urge D-2023-03 "延期已到，请提交方案"
on 2023-04-19 15:00 zgj/checker feed D-2023-10 "两个小区已完成测绘和权属核对，材料报市级部门。"

# --- 2023 年第一季度会议 -------------------------------------------------------------------------------------------

on 2023-04-14 10:00 zone/office plan meeting M-2023Q1 "云岭新区2023年第一季度重点工作推进会" period 2023Q1 on 2023-04-26 place "管委会一楼会议厅" chair leader
  agenda "上次会议承诺办理情况" unit dzb minutes 10
  agenda "通报项目建设情况" area project unit jfj minutes 10
  agenda "通报招商引资情况" area investment unit tzj minutes 10
  agenda "通报经济运行情况" area economy unit tjj minutes 10
  agenda "通报生态环保情况" area environment unit hbj minutes 10
  agenda "有关单位作表态发言" minutes 20
  agenda "主要负责同志讲话" minutes 40
  venue main "管委会主会场" main
  venue baishi "白石镇分会场" unit baishi
  venue taoxi "桃溪镇分会场" unit taoxi
  venue liuting "柳汀镇分会场" unit liuting
  venue luming "鹿鸣镇分会场" unit luming
  venue yunqiao "云桥街道分会场" unit yunqiao
  venue nanhu "南湖街道分会场" unit nanhu
  venue jtg "云岭建发集团分会场" unit jtg
on 2023-04-18 09:00 zone/office notify meeting M-2023Q1
on 2023-04-26 14:30 zone/office hold meeting M-2023Q1
on 2023-04-26 14:32 zone/office roll M-2023Q1 main present 68
on 2023-04-26 14:33 baishi/reporter roll M-2023Q1 baishi present 20
on 2023-04-26 14:33 taoxi/reporter roll M-2023Q1 taoxi present 24
on 2023-04-26 14:34 zone/office roll M-2023Q1 liuting present 12
on 2023-04-26 14:34 zone/office roll M-2023Q1 luming present 16
on 2023-04-26 14:35 zone/office roll M-2023Q1 yunqiao present 19
on 2023-04-26 14:35 zone/office roll M-2023Q1 nanhu present 17
on 2023-04-26 14:36 zone/office roll M-2023Q1 jtg present 15
on 2023-04-26 16:30 zone/office speech M-2023Q1 S-2023Q1 "在2023年第一季度重点工作推进会上的讲话"
  同志们：
  今天的会议，先看了上次会议十项承诺的办理情况，又听了四个方面的通报和三家单位的发言。总的看，一季度全区工作有进有难：北部片区职教中心、预制菜中央厨房如期开工，精密铸件二期进度走在前面；同时，柳汀古渡文旅街区复工方案没有按时提交，个别单位三月份数据至今没有报上来。主要的问题是前期工作慢、手续衔接慢，不是没有条件。
  下面，我讲几点意见。
  要盯紧项目开工。发展改革局要在5月10日前列出二季度计划开工项目清单，逐个明确牵头单位和开工日期。各镇街要对手续不全的项目每周研究一次，自然资源局、行政审批局要提前介入，做到地等项目、证等开工。柳汀镇要在4月30日前提交古渡文旅街区复工方案。
  要提高招商质量。投资促进局要围绕新材料、高端装备两条链，6月底前再签约10亿元以上项目2个；新材料产业专班要盯住碳化硅衬底、医用高分子材料两个在谈项目，尽快签约落地。要算清亩均效益，不搞没有条件的优惠承诺。
  要稳住工业经济。一是财政金融局要会同有关镇街走访规模以上工业企业，5月底前完成一轮；二是统计局要把培育清单用起来，上半年新增四上企业不少于35家；三是商务局要办好五一促消费活动，把人气变成商气。
  要守住底线。安全生产、环境保护、信访稳定各有责任单位，谁的问题谁负责。应急管理局要在5月20日前对锂电池仓储开展一次专项检查；生态环境分局要督促桃溪镇6月底前完成畜禽养殖粪污问题整改；住房建设局要加快燃气管道更新，年底前更新38公里。
  要办好民生实事。社会事业局、住房建设局要每月公开一次进度，没有启动的要在5月15日前启动。桃园片区、北部片区要加快安置房建设，让群众早日回迁。
  要改进作风。数据要实事求是，填错了可以改，说明原因就行；没有数就写明为什么没有，不能拍脑袋。党政办公室要把今天的任务分解到单位、到时间，每月25日前调度一次，下次会议先回头看。
  同志们，二季度是全年的关键。只要一件事一件事抓下去，就一定能实现时间过半、任务过半。
on 2023-04-26 16:40 zone/office outcome M-2023Q1 0 information "十项承诺：四项销号，两项办结，四项在办且均已逾期"
on 2023-04-26 16:41 zone/office outcome M-2023Q1 1 decision "二季度计划开工项目列清单管理"
on 2023-04-26 16:42 zone/office outcome M-2023Q1 2 information "会议听取招商引资情况通报"
on 2023-04-26 16:43 zone/office outcome M-2023Q1 3 information "会议听取经济运行情况通报"
on 2023-04-26 16:44 zone/office outcome M-2023Q1 4 decision "未完成整改的问题由责任单位每月报告"
on 2023-04-26 16:45 zone/office outcome M-2023Q1 5 information "三家单位作表态发言"
on 2023-04-26 16:46 zone/office outcome M-2023Q1 6 task "讲话部署的任务由党政办公室分解交办"
on 2023-04-26 17:30 zone/office issue circular M-2023Q1 number "云新办发〔2023〕9号"
on 2023-04-27 09:00 zone/office seal meeting M-2023Q1

on 2023-04-27 10:00 zone/office assign D-2023-11 "二季度计划开工项目清单" lead jfj due 2023-05-10 words "5月10日前" said "发展改革局要在5月10日前列出二季度计划开工项目清单，逐个明确牵头单位和开工日期" from speech S-2023Q1 area project
on 2023-04-27 10:01 zone/office assign D-2023-12 "古渡文旅街区复工方案" lead liuting assist swj,zjj due 2023-04-30 words "4月30日前" said "柳汀镇要在4月30日前提交古渡文旅街区复工方案" from speech S-2023Q1 area project items P-018
on 2023-04-27 10:02 zone/office assign D-2023-13 "提前介入项目手续" lead zgj assist spj said "自然资源局、行政审批局要提前介入，做到地等项目、证等开工" from speech S-2023Q1 area project
on 2023-04-27 10:03 zone/office assign D-2023-14 "签约10亿元以上项目" lead tzj due 2023-06-30 words "6月底前" said "6月底前再签约10亿元以上项目2个" from speech S-2023Q1 aim "10亿元以上项目2个" area investment
on 2023-04-27 10:04 zone/office assign D-2023-15 "两个在谈项目签约落地" lead ztb said "新材料产业专班要盯住碳化硅衬底、医用高分子材料两个在谈项目，尽快签约落地" from speech S-2023Q1 area investment items Z-021,Z-023
on 2023-04-27 10:05 zone/office assign D-2023-16 "走访规模以上工业企业" lead czj due 2023-05-31 words "5月底前" said "财政金融局要会同有关镇街走访规模以上工业企业，5月底前完成一轮" from speech S-2023Q1 area economy
on 2023-04-27 10:06 zone/office assign D-2023-17 "新增四上企业" lead tjj due 2023-06-30 words "上半年" said "上半年新增四上企业不少于35家" from speech S-2023Q1 aim "不少于35家" area economy items ZL-02
on 2023-04-27 10:07 zone/office assign D-2023-18 "五一促消费活动" lead swj due 2023-05-03 words "五一" said "商务局要办好五一促消费活动，把人气变成商气" from speech S-2023Q1 area economy
on 2023-04-27 10:08 zone/office assign D-2023-19 "锂电池仓储专项检查" lead yjj assist liuting due 2023-05-20 words "5月20日前" said "应急管理局要在5月20日前对锂电池仓储开展一次专项检查" from speech S-2023Q1 area bottom-line items AQ-2023-0002
on 2023-04-27 10:09 zone/office assign D-2023-20 "畜禽养殖粪污问题整改" lead hbj assist taoxi due 2023-06-30 words "6月底前" said "生态环境分局要督促桃溪镇6月底前完成畜禽养殖粪污问题整改" from speech S-2023Q1 area environment items ZG-2021-004
on 2023-04-27 10:10 zone/office assign D-2023-21 "燃气管道更新" lead zjj due 2023-12-31 words "年底前" said "住房建设局要加快燃气管道更新，年底前更新38公里" from speech S-2023Q1 aim "38公里" area livelihood items MS-2023-03
on 2023-04-27 10:11 zone/office assign D-2023-22 "民生实事启动和公开" lead shj assist zjj,luming due 2023-05-15 words "5月15日前" said "社会事业局、住房建设局要每月公开一次进度，没有启动的要在5月15日前启动" from speech S-2023Q1 area livelihood items MS-2023-09
on 2023-04-27 10:12 zone/office assign D-2023-23 "任务分解和月度调度" lead dzb said "党政办公室要把今天的任务分解到单位、到时间，每月25日前调度一次，下次会议先回头看" from speech S-2023Q1 words "每月25日前"
on 2023-04-27 15:00 jfj/reporter acknowledge D-2023-11
on 2023-04-27 15:30 swj/reporter acknowledge D-2023-18
on 2023-04-27 16:00 tjj/reporter acknowledge D-2023-17
on 2023-04-28 09:00 yjj/reporter acknowledge D-2023-19
on 2023-04-28 09:10 hbj/reporter acknowledge D-2023-20
on 2023-04-28 09:20 zjj/reporter object D-2023-21 because "年度计划由社会资本参与实施，建议商请燃气企业列为配合单位"
on 2023-04-28 10:00 swj/checker feed D-2023-18 "活动方案已定，4月29日启动，发放消费券800万元。"
on 2023-04-28 16:00 taoxi/reporter acknowledge D-2023-20

# --- 招商线索转为项目；项目上提出的问题 ---------------------------------------------------------------------------

on 2023-03-06 09:30 zone/planner link Z-002 project P-015 because "中试线并入柳汀基地建设，按项目调度，不重复计"
on 2023-03-06 09:35 zone/planner link Z-007 project P-028 because "入驻南湖园区，按园区项目调度"
on 2023-02-20 10:20 liuting/reporter raise power on P-015 "110千伏专线电缆沟320米在快速路施工范围内，未移交供电公司，送电时间定不下来。请协调供电公司和施工单位" evidence P-015-cable.pdf
on 2023-02-06 09:40 luming/reporter raise supply on P-020 "临时用电容量不够，影响两台加工中心调试"
on 2023-03-09 16:10 zone/office settle supply on P-020 because "增容800千伏安，3月9日完成" evidence P-020-power.pdf
on 2023-03-22 15:00 liuting/reporter raise customs on P-016 "逆变器进口件清关慢，4台已到，2台预计5月中旬到"
