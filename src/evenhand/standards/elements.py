"""The data elements (数据元) of the product, one line each: a pure table, read by every other room.

Order: the subject, its licences, its size and ways of trading, then inspections, sampling, complaints, penalties, credit,
offices, inspectors and campaigns. Titles and forms follow the provincial licensing data sets.
"""

from typing import Final

from evenhand.standards.shapes import Element, Mask, Shape

__all__ = ["ELEMENTS"]


def _e(  # noqa: PLR0913 — one line of a table: each argument is one column of it
    name: str,
    title: str,
    shape: Shape,
    form: str,
    meaning: str,
    aliases: str = "",
    *,
    codes: str = "",
    unit: str = "",
    mask: Mask = Mask.NONE,
    law: str = "",
) -> Element:
    return Element(
        name=name, title=title, shape=shape, form=form, meaning=meaning, english=name.replace("_", " "),
        aliases=tuple(aliases.split()), codes=codes, unit=unit, mask=mask, law=law,
    )  # fmt: skip


_S = Shape
_FOOD_LICENCE: Final = "食品经营许可和备案管理办法（总局令第78号）"
_PRODUCTION: Final = "食品生产许可管理办法（总局令第24号）"
_INSPECTION: Final = "食品生产经营监督检查管理办法（总局令第49号）"
_RISK: Final = "食品生产经营风险分级管理办法（试行）（食药监食监一〔2016〕115号）"
_REGISTER: Final = "市场主体登记管理条例"

_SUBJECT: Final = (
    _e("uscc", "统一社会信用代码", _S.USCC, "an18", "登记管理部门赋予主体的唯一代码", "社会信用代码 信用代码 统一代码 社会信用代码(证件号码) 证件号码 统一社会信用代码/注册号", law="GB 32100-2015"),
    _e("organisation_code", "组织机构代码", _S.ORGANISATION_CODE, "an9", "统一社会信用代码第9至17位，旧制单独颁发", "机构代码 组织代码", law="GB 11714-1997"),
    _e("registration_no", "注册号", _S.REGISTRATION_NO, "n..15", "工商注册号，2007年前为13位", "工商注册号 营业执照号 营业执照注册号", law="GS15-2006"),
    _e("name", "主体名称", _S.NAME, "an..100", "营业执照或者登记证书上的名称", "企业名称 经营者名称 单位名称 名称 生产者名称 被检查单位 当事人名称 被抽样单位名称 被投诉对象 申请人名称 字号名称 市场主体名称", law=_REGISTER),
    _e("former_name", "曾用名", _S.NAME, "an..100", "变更登记前的名称", "原名称 曾用名称", law=_REGISTER),
    _e("subject_type", "主体类型", _S.CODE, "an..20", "企业、个体工商户、农民专业合作社等", "市场主体类型 企业类型 类型 经济性质", codes="subject_type", law=_REGISTER),
    _e("legal_person", "法定代表人（负责人）", _S.PERSON, "an..50", "法定代表人、负责人或者经营者姓名", "法定代表人 负责人 经营者 法定代表人(负责人) 经营者姓名 法人", mask=Mask.PERSON, law=_REGISTER),
    _e("resident_id", "负责人证件号码", _S.RESIDENT_ID, "an..18", "负责人公民身份号码", "身份证号 公民身份号码 证件号", mask=Mask.IDENTITY, law="GB 11643-1999"),
    _e("phone", "联系电话", _S.PHONE, "an..20", "联系人手机或者固定电话", "电话 手机 联系方式 手机号码 联系人电话", mask=Mask.PHONE),
    _e("residence", "住所", _S.ADDRESS, "an..200", "营业执照登记的住所", "注册地址 登记地址 住所地址", mask=Mask.ADDRESS, law=_REGISTER),
    _e("place", "经营场所", _S.ADDRESS, "an..200", "实际生产经营的地址", "生产地址 经营地址 实际经营地址 地址 生产经营场所 检查地址 抽样地址", mask=Mask.ADDRESS, law=_FOOD_LICENCE),
    _e("warehouse", "仓库地址", _S.ADDRESS, "an..200", "外设仓库地址", "仓储地址", law=_FOOD_LICENCE),
    _e("division", "行政区划代码", _S.DIVISION, "n6", "经营场所所在县级行政区划", "区划代码 行政区划 所在区县代码 经营场所行政区划", codes="divisions", law="GB/T 2260"),
    _e("industry", "行业代码", _S.CODE, "an..5", "国民经济行业小类代码", "行业 行业类别代码", codes="gbt4754_2017_food", law="GB/T 4754-2017"),
    _e("scope", "经营范围", _S.TEXT, "an..2000", "营业执照记载的经营范围", "许可经营项目 业务范围", law=_REGISTER),
    _e("capital", "注册资本", _S.MONEY, "n..16,2", "登记的注册资本或者出资额", "注册资本(万元) 注册资金 资金数额 出资额(万元)", unit="万元", law=_REGISTER),
    _e("founded_on", "成立日期", _S.DATE, "d8", "首次登记日期", "注册日期 开业日期 设立日期", law=_REGISTER),
    _e("approved_on", "核准日期", _S.DATE, "d8", "最近一次登记核准日期", "变更日期 更新日期", law=_REGISTER),
    _e("cancelled_on", "注吊销日期", _S.DATE, "d8", "注销或者吊销日期", "注销日期 吊销日期", law=_REGISTER),
    _e("registration_status", "登记状态", _S.CODE, "an..10", "存续、歇业、注销、吊销、迁出等", "企业状态 主体状态 经营状态 状态", codes="registration_status", law=_REGISTER),
    _e("registration_authority", "登记机关", _S.OFFICE, "an..60", "作出登记的机关", "登记机构", law=_REGISTER),
    _e("office", "日常监督管理机构", _S.OFFICE, "an..60", "负责日常监督管理的市场监督管理所", "日常监管机构 监管所 管辖单位 所属市场监管所 辖区所 检查单位 监管单位", law=_FOOD_LICENCE),
    _e("supervisor", "日常监督管理人员", _S.PERSON, "an..50", "负责日常监督管理的人员", "监管人员 责任人", mask=Mask.INTERNAL, law=_FOOD_LICENCE),
)  # fmt: skip

_LICENCE: Final = (
    _e("licence_no", "许可证编号", _S.LICENCE_NO, "an..24", "食品生产、经营许可证编号，备案编号或者三小登记证号", "许可证号 许可证书编号 食品经营许可证编号 食品生产许可证编号 备案编号 登记证编号 证书编号 许可备案号", law=_FOOD_LICENCE),
    _e("issuer", "发证机关", _S.OFFICE, "an..60", "颁发许可证或者接收备案的机关", "许可机关 备案机关 登记部门", law=_FOOD_LICENCE),
    _e("issued_on", "发证日期", _S.DATE, "d8", "许可决定或者备案日期", "签发日期 许可日期 备案日期 登记日期", law=_FOOD_LICENCE),
    _e("valid_from", "有效期自", _S.DATE, "d8", "许可有效期起始日期", "有效期起 有效期开始", law=_FOOD_LICENCE),
    _e("valid_to", "有效期至", _S.DATE, "d8", "许可有效期截止日期，空为长期", "有效期止 有效期截止 截止日期", law=_FOOD_LICENCE),
    _e("licence_status", "许可证状态", _S.CODE, "n2", "10有效 20过期 30被撤销 40被吊销 50被撤回 60注销", "证照状态 许可状态 备案状态 证书状态", codes="licence_status", law=_FOOD_LICENCE),
    _e("form", "主体业态", _S.CODE, "n1", "1食品销售 2餐饮服务 3集中用餐单位食堂", "业态 经营业态 许可类别", codes="form", law=_FOOD_LICENCE),
    _e("form_note", "业态标注", _S.TEXT, "an..60", "主体业态括号内的标注", "业态备注", law=_FOOD_LICENCE),
    _e("items", "经营项目", _S.TEXT, "an..500", "许可的经营项目，新旧用语并存", "许可项目 许可范围 经营类别 备案经营种类", law=_FOOD_LICENCE),
    _e("food_categories", "食品类别", _S.TEXT, "an..300", "许可的食品类别", "许可食品类别 产品类别 产品名称及类别", law=_PRODUCTION),
    _e("class_codes", "类别编号", _S.SERIAL, "an..300", "食品生产许可分类目录的四位编号", "食品类别编号 分类编号", law=_PRODUCTION),
    _e("varieties", "品种明细", _S.TEXT, "an..500", "许可的品种明细", "产品品种", law=_PRODUCTION),
    _e("small_kind", "三小类别", _S.CODE, "an..20", "小作坊、小餐饮、食品摊贩", "类别 登记类别 三小类型", codes="small_kind", law="福建省食品安全条例"),
    _e("trade_type", "备案经营方式", _S.CODE, "n1", "1批发 2零售", "经营方式 批零类型", codes="trade_type", law=_FOOD_LICENCE),
    _e("product_no", "产品注册备案号", _S.LICENCE_NO, "an..24", "特殊食品注册证号或者备案号", "批准文号 注册证号 注册号(产品) 备案号", law="食品安全法第七十六条、第八十条、第八十一条"),
    _e("product_name", "产品名称", _S.TEXT, "an..100", "产品或者样品名称", "食品名称 样品名称", law=_PRODUCTION),
    _e("product_kind", "特殊食品类别", _S.CODE, "an..20", "保健食品、特殊医学用途配方食品、婴幼儿配方食品", "产品类型", codes="product_kind", law="食品安全法第七十四条"),
)  # fmt: skip

_SCALE: Final = (
    _e("area", "经营面积", _S.AREA, "n..12,2", "生产经营场所建筑面积", "面积 经营面积(平方米) 场所面积 建筑面积", unit="平方米"),
    _e("seats", "就餐座位数", _S.INTEGER, "n..6", "餐饮座位数", "座位数 餐位数", unit="个"),
    _e("staff", "职工人数", _S.INTEGER, "n..6", "从业人员数", "从业人数 员工人数 从业人员数", unit="人"),
    _e("sku_packed", "常温预包装食品单品数", _S.INTEGER, "n..6", "独立陈列的常温预包装食品品种数，不含原料和半成品", "常温预包装单品", unit="种", law=_RISK),
    _e("sku_packed_chilled", "冷藏预包装食品单品数", _S.INTEGER, "n..6", "独立陈列的冷藏预包装食品品种数，不含原料和半成品", "冷藏预包装单品", unit="种", law=_RISK),
    _e("sku_packed_frozen", "冷冻预包装食品单品数", _S.INTEGER, "n..6", "独立陈列的冷冻预包装食品品种数，不含原料和半成品", "冷冻预包装单品", unit="种", law=_RISK),
    _e("sku_bulk", "常温散装食品单品数", _S.INTEGER, "n..6", "独立陈列的常温散装食品品种数，不含原料和半成品", "常温散装单品", unit="种", law=_RISK),
    _e("sku_bulk_chilled", "冷藏散装食品单品数", _S.INTEGER, "n..6", "独立陈列的冷藏散装食品品种数，不含原料和半成品", "冷藏散装单品", unit="种", law=_RISK),
    _e("sku_bulk_frozen", "冷冻散装食品单品数", _S.INTEGER, "n..6", "独立陈列的冷冻散装食品品种数，不含原料和半成品", "冷冻散装单品", unit="种", law=_RISK),
    _e("suppliers", "供货者数", _S.INTEGER, "n..6", "直接供货的生产者和经营者数", "供货商数", unit="家", law=_RISK),
    _e("health_material", "保健食品主要原料", _S.CODE, "an..20", "主要原料的类别，有几类的取分值最高的", codes="health_material", law=_RISK),
    _e("health_formula", "保健食品配方", _S.CODE, "an..20", "单方或者复方（两种以上原料）", codes="health_formula", law=_RISK),
    _e("health_function", "保健功能类别", _S.CODE, "an..20", "是否属于容易非法添加药物的功能", codes="health_function", law=_RISK),
    _e("health_unsuitable", "不适宜人群标注", _S.CODE, "an..20", "产品标注的不适宜人群", codes="health_unsuitable", law=_RISK),
    _e("health_storage", "保健食品贮存条件", _S.CODE, "an..20", "产品贮存条件", codes="health_storage", law=_RISK),
    _e("filled_on", "填报日期", _S.DATE, "d8", "静态风险因素填报的日期", "填表日期 上报日期", law=_RISK),
    _e("diners", "供餐人数", _S.INTEGER, "n..6", "单位食堂或者配送单位日供餐人数", "就餐人数", unit="人"),
    _e("revenue", "年营业收入", _S.MONEY, "n..16,2", "上一年度营业收入", "年销售额 年产值 营业收入(万元) 年营业额", unit="万元", mask=Mask.INTERNAL),
    _e("online", "是否网络经营", _S.FLAG, "bl", "通过网络销售食品或者提供餐饮", "网络经营 是否网络销售"),
    _e("website", "网址", _S.TEXT, "an..100", "网络经营的网址或者平台店铺", "网店地址"),
    _e("physical_shop", "有无实体门店", _S.FLAG, "bl", "有实体门店", "实体门店"),
    _e("central_kitchen", "是否中央厨房", _S.FLAG, "bl", "中央厨房", "中央厨房"),
    _e("chain", "是否连锁", _S.FLAG, "bl", "连锁经营", "连锁 连锁经营"),
    _e("wholesale", "是否批发", _S.FLAG, "bl", "批发销售", "批发销售"),
    _e("meal_delivery", "是否集体用餐配送单位", _S.FLAG, "bl", "集体用餐配送单位", "集体用餐配送"),
    _e("vending", "是否自动售货", _S.FLAG, "bl", "利用自动设备经营", "自动售货 利用自动售货设备从事食品销售"),
    _e("canteen_type", "食堂类型", _S.CODE, "an..20", "学校、托幼机构、机关企事业单位、工地等食堂", "食堂类别", codes="canteen_type"),
)  # fmt: skip

_EVENTS: Final = (
    _e("inspection_no", "检查编号", _S.SERIAL, "an..32", "一次监督检查的编号", "检查记录编号 检查单号", law=_INSPECTION),
    _e("inspection_kind", "检查类型", _S.CODE, "an..10", "日常、体系、飞行、专项、双随机", "检查类别 检查方式", codes="inspection_kind", law=_INSPECTION),
    _e("inspected_on", "检查日期", _S.DATE, "d8", "现场检查日期", "检查时间", law=_INSPECTION),
    _e("inspectors", "检查人员", _S.TEXT, "an..100", "检查人员姓名，以顿号分隔", "检查员 检查人", mask=Mask.INTERNAL, law=_INSPECTION),
    _e("items_total", "检查项数", _S.INTEGER, "n..4", "检查要点总数", "检查项目数 总项数", unit="项", law=_INSPECTION),
    _e("items_failed", "不符合项数", _S.INTEGER, "n..4", "不符合要点数", "问题项数 不符合数", unit="项", law=_INSPECTION),
    _e("key_failed", "重点项不符合数", _S.INTEGER, "n..4", "标*重点要点不符合数", "重点项问题数", unit="项", law=_INSPECTION),
    _e("verdict", "检查结果", _S.CODE, "an..10", "符合、基本符合、不符合", "检查结论 结果判定", codes="verdict", law=_INSPECTION),
    _e("handling", "处理方式", _S.TEXT, "an..60", "检查后的处理", "结果处理 处理结果 后续处理", law=_INSPECTION),
    _e("published_on", "公示日期", _S.DATE, "d8", "结果公示日期", "公开日期", law=_INSPECTION),
    _e("task_no", "任务编号", _S.SERIAL, "an..32", "抽查或者专项任务编号", "抽查任务编号"),
    _e("problem_no", "问题序号", _S.SERIAL, "an..32", "一个问题在检查中的序号", "序号"),
    _e("item_code", "检查要点编号", _S.SERIAL, "an..16", "检查要点表中的编号", "要点编号 项目编号", law=_INSPECTION),
    _e("problem", "问题描述", _S.TEXT, "an..500", "发现的问题", "存在问题 问题内容", law=_INSPECTION),
    _e("severity", "问题性质", _S.CODE, "an..10", "一般、重点", "严重程度 问题等级", codes="severity", law=_INSPECTION),
    _e("found_on", "发现日期", _S.DATE, "d8", "发现问题日期", "发现时间", law=_INSPECTION),
    _e("due_on", "整改期限", _S.DATE, "d8", "应当完成整改的日期", "整改截止日期 限期", law=_INSPECTION),
    _e("rectified_on", "整改完成日期", _S.DATE, "d8", "整改完成并复查通过日期", "整改日期 完成日期", law=_INSPECTION),
    _e("rectification", "整改情况", _S.CODE, "an..10", "已整改、整改中、未整改", "整改状态", codes="rectification", law=_INSPECTION),
    _e("sample_no", "抽样单编号", _S.SERIAL, "an..32", "抽样单编号", "抽样编号", law="食品安全抽样检验管理办法（总局令第15号）"),
    _e("sampled_on", "抽样日期", _S.DATE, "d8", "抽样日期", "抽样时间", law="食品安全抽样检验管理办法（总局令第15号）"),
    _e("sampling_level", "抽检任务级别", _S.CODE, "an..10", "国抽、省抽、市抽、县抽", "任务级别 任务来源", codes="sampling_level", law="食品安全抽样检验管理办法（总局令第15号）"),
    _e("result", "检验结论", _S.CODE, "an..10", "合格、不合格", "检验结果 结论", codes="result", law="食品安全抽样检验管理办法（总局令第15号）"),
    _e("failed_item", "不合格项目", _S.TEXT, "an..200", "不合格项目", "不合格项", law="食品安全抽样检验管理办法（总局令第15号）"),
    _e("complaint_no", "投诉举报编号", _S.SERIAL, "an..32", "投诉举报登记编号", "登记编号 工单编号", law="市场监督管理投诉举报处理办法（总局令第121号）"),
    _e("received_on", "登记日期", _S.DATE, "d8", "收到投诉举报日期", "受理日期 接收日期", law="市场监督管理投诉举报处理办法（总局令第121号）"),
    _e("matter", "反映事项", _S.TEXT, "an..500", "投诉举报的内容", "投诉内容 举报内容 事项", law="市场监督管理投诉举报处理办法（总局令第121号）"),
    _e("outcome", "办理结果", _S.TEXT, "an..100", "办理结果", "处理情况", law="市场监督管理投诉举报处理办法（总局令第121号）"),
    _e("closed_on", "办结日期", _S.DATE, "d8", "办结日期", "办结时间", law="市场监督管理投诉举报处理办法（总局令第121号）"),
    _e("penalty_no", "处罚决定书文号", _S.SERIAL, "an..60", "行政处罚决定书文号", "决定书文号 文号", law="行政处罚法"),
    _e("decided_on", "处罚决定日期", _S.DATE, "d8", "作出处罚决定日期", "决定日期", law="行政处罚法"),
    _e("violation", "违法事实", _S.TEXT, "an..500", "违法行为类型", "违法行为类型 案由", law="行政处罚法"),
    _e("penalty_kind", "处罚种类", _S.TEXT, "an..100", "警告、罚款、没收、责令停产停业等", "处罚类别", law="行政处罚法"),
    _e("fine", "罚款金额", _S.MONEY, "n..16,2", "罚款金额", "罚款金额(元) 罚没金额", unit="元", law="行政处罚法"),
    _e("credit_class", "信用风险等级", _S.CODE, "a1", "企业信用风险分类A至D", "信用等级 信用分类", codes="credit_class", mask=Mask.INTERNAL, law="国市监信发〔2022〕6号"),
    _e("scored_on", "评定日期", _S.DATE, "d8", "信用风险分类日期", "分类日期"),
    _e("abnormal_on", "列入经营异常日期", _S.DATE, "d8", "列入经营异常名录日期", "列异日期", law="企业经营异常名录管理暂行办法"),
    _e("abnormal_reason", "列入经营异常原因", _S.TEXT, "an..100", "列入经营异常名录原因", "列异原因", law="企业经营异常名录管理暂行办法"),
    _e("abnormal_removed_on", "移出经营异常日期", _S.DATE, "d8", "移出经营异常名录日期", "移出日期", law="企业经营异常名录管理暂行办法"),
    _e("dishonest_on", "列入严重违法失信日期", _S.DATE, "d8", "列入严重违法失信名单日期", "列严日期", law="市场监督管理严重违法失信名单管理办法（总局令第44号）"),
    _e("campaign_no", "专项编号", _S.SERIAL, "an..32", "专项检查编号", "专项任务编号"),
    _e("campaign", "专项名称", _S.TEXT, "an..100", "专项检查名称", "专项行动名称"),
    _e("starts_on", "开始日期", _S.DATE, "d8", "专项开始日期", "起始日期"),
    _e("ends_on", "结束日期", _S.DATE, "d8", "专项结束日期", "终止日期"),
)  # fmt: skip

_OFFICES: Final = (
    _e("agency_code", "机构编码", _S.SERIAL, "n9", "六位县级区划加三位顺序", "机构代码编号 单位编码"),
    _e("agency", "机构名称", _S.OFFICE, "an..60", "监管机构全称", "监管机构名称 单位"),
    _e("agency_level", "机构层级", _S.CODE, "an..10", "省局、市局、县局、监管所", "层级", codes="agency_level"),
    _e("parent_code", "上级机构编码", _S.SERIAL, "n..9", "上级机构编码", "上级编码"),
    _e("area_text", "辖区范围", _S.TEXT, "an..500", "管辖的乡镇街道，以顿号分隔", "管辖范围 辖区"),
    _e("agency_address", "办公地址", _S.ADDRESS, "an..200", "机构办公地址", "单位地址"),
    _e("inspector_no", "人员编号", _S.SERIAL, "an..20", "检查人员编号", "工号"),
    _e("inspector", "姓名", _S.PERSON, "an..50", "检查人员姓名", "人员姓名", mask=Mask.INTERNAL),
    _e("certified", "有无执法证", _S.FLAG, "bl", "持有有效行政执法证", "是否持有执法证 执法证"),
    _e("certificate_no", "执法证号", _S.SERIAL, "an..20", "行政执法证号", "行政执法证号", mask=Mask.INTERNAL),
    _e("certificate_to", "执法证有效期至", _S.DATE, "d8", "行政执法证有效期截止", "证件有效期"),
    _e("lines", "业务条线", _S.TEXT, "an..60", "生产、销售、餐饮、特殊食品", "条线"),
)  # fmt: skip

ELEMENTS: Final[dict[str, Element]] = {e.name: e for e in (*_SUBJECT, *_LICENCE, *_SCALE, *_EVENTS, *_OFFICES)}
"""Every data element by its English name."""
