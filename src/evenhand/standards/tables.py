"""The tables that stages hand to one another and that a release holds.

Extract tables (one per kind of extract) come twice. From `sources`: PROVENANCE and every field as raw text. From `standardise`:
PROVENANCE, every field with its standard value and type, and beside it `<field>_raw`, the text as it came.
"""

from typing import Final

import ibis
import ibis.expr.datatypes as dt

from evenhand.standards.datasets import DataSet, Table, column
from evenhand.standards.reaches import REACHES

__all__ = ["PROVENANCE", "TABLES", "raw_schema", "standard_schema"]

PROVENANCE: Final = (
    column("record_id", "记录编号", meaning="内容摘要加相同内容的序号，与行的先后无关"),
    column("kind", "数据种类"),
    column("source", "来源"),
    column("delivery", "批次", "d8", "来源数据的导出日期"),
    column("file", "文件", meaning="相对于来源清单的路径；数据库来源为表名"),
    column("sheet", "工作表"),
    column("row", "行号", "n", "人在文件中数到的行号，含标题行"),
    column("fault", "行缺陷", meaning="读入时发现的行缺陷代码，以空格分隔；无缺陷为空文本"),
    column("extra", "其他列", meaning="未对应到标准字段的列，JSON 对象文本；没有则为空"),
)

_PLACE: Final = (
    column("place", "经营场所"),
    column("city_code", "设区市代码"),
    column("county_code", "县级区划代码"),
    column("town_code", "乡镇街道代码"),
    column("road", "路街巷村"),
    column("house_no", "门牌号"),
)

_RECORD: Final = Table(
    name="record", title="来源记录", grain="一个来源批次的一行", order=("record_id",),
    columns=(
        *PROVENANCE,
        column("observed_on", "事实日期", "d8", "该行所述事实的日期，缺失时为批次日期"),
        column("uscc", "统一社会信用代码", meaning="规范化后的代码，正确与否见下一列"),
        column("uscc_state", "代码状态", meaning="valid 有效；warning 有疑点；wrong 错误；empty 空缺"),
        column("organisation_code", "组织机构代码"),
        column("registration_no", "注册号"),
        column("licence_no", "许可证编号"),
        column("licence_kind", "证照种类", meaning="SC、JY、YB、三小、特食、旧证、其他；无号为空"),
        column("licence_valid", "号码校验", "bl", "号码通过校验；无校验规则的为空"),
        column("inspection_no", "检查编号", meaning="检查和它的问题共有的编号；其他种类为空"),
        column("name", "主体名称"),
        column("former_name", "曾用名"),
        column("name_match", "名称匹配形", meaning="统一括号、去空格、统一组织形式后的名称，只用于匹配"),
        column("name_core", "字号加行业", meaning="去掉行政区划和组织形式的部分"),
        column("name_branch", "分支部分"),
        column("legal_person", "法定代表人（负责人）"),
        column("phone", "联系电话"),
        *_PLACE,
        column("place_key", "地址匹配键", meaning="县代码、路名、门牌号连成；缺路名时为空"),
        column("residence", "住所"),
        column("residence_key", "住所匹配键"),
        column("office", "监管机构"),
    ),
)  # fmt: skip

_FINDING: Final = Table(
    name="finding", title="质量发现", grain="一条规则在一条记录的一个字段上未通过或无法判断", order=("rule", "record_id", "field"),
    columns=(
        column("rule", "规则编号"), column("record_id", "记录编号"), column("kind", "数据种类"), column("source", "来源"), column("office", "监管机构"),
        column("field", "字段"), column("outcome", "结论", meaning="fail 未通过；unknown 无法判断"), column("severity", "严重程度", meaning="block 阻断；error 错误；warn 提示"),
        column("value", "原值"), column("proposal", "建议值"), column("reason", "理由"), column("confidence", "把握", "f", "建议值正确的把握，0 至 1；无建议为空"),
    ),
)  # fmt: skip

_CHECK_COUNT: Final = Table(
    name="check_count", title="检查计数", grain="一条规则 × 一个来源 × 一个机构", order=("rule", "kind", "source", "office"),
    columns=(
        column("rule", "规则编号"), column("dimension", "质量维度"), column("kind", "数据种类"), column("source", "来源"), column("office", "监管机构"),
        column("passed", "通过", "n"), column("failed", "未通过", "n"), column("unknown", "无法判断", "n"),
        column("skipped", "不适用", "n", "规则不涉及的行数；四个数之和为该来源该机构的行数"),
    ),
)  # fmt: skip

_MEMBERSHIP: Final = Table(
    name="membership", title="记录归属", grain="一条记录归属一个主体", order=("record_id",),
    columns=(
        column("record_id", "记录编号"), column("subject_id", "主体编号"), column("own_id", "合并前编号", meaning="不计人工合并时的主体编号；撤回合并即恢复"),
        column("rule", "归属规则"), column("score", "把握", "f"), column("evidence", "依据"),
    ),
)  # fmt: skip

_CONFLICT: Final = Table(
    name="conflict", title="待复核归属", grain="一处不能自动认定的归属", order=("rule", "left_id", "right_id"),
    columns=(
        column("rule", "规则编号"), column("left_id", "主体编号甲"), column("right_id", "主体编号乙"), column("record_id", "引出的记录"), column("evidence", "依据"),
        column("judged", "以前的认定", meaning="已认定过、依据有变而重新列出的，写明当时的认定；其余为空"),
    ),
)  # fmt: skip

_LINK_WEIGHT: Final = Table(
    name="link_weight", title="相似度明细", grain="一条比较过的记录的一项比较", order=("record_id", "part_order"),
    columns=(
        column("record_id", "记录编号"), column("code", "最相似主体的代码"), column("state", "结果", meaning="自动归入；待复核；不归入"), column("total", "合计份量", "f", "比特"),
        column("part_order", "顺序", "n", "比较项在模型中的次序，从0起"), column("part", "比较项"), column("outcome", "比较结果", meaning="这一项两边相符的程度"), column("weight", "份量", "f", "比特；正数支持同一主体，负数反对"),
    ),
)  # fmt: skip

_FORWARD: Final = Table(
    name="forward", title="编号转引", grain="一个不再使用的主体编号", order=("old_id",),
    columns=(column("old_id", "原主体编号"), column("new_id", "现主体编号"), column("why", "原因")),
)  # fmt: skip

_DECISION: Final = Table(
    name="decision", title="人工认定", grain="一条认定", order=("at", "decision"),
    columns=(
        column("decision", "认定编号"), column("kind", "认定种类"), column("at", "时间"), column("by", "认定人"), column("why", "理由"),
        column("about", "对象", meaning="认定所指的代码或者记录，以顿号分隔"), column("state", "执行情况", meaning="已执行；已撤回；已被后来的认定取代；没有对应；不能执行"), column("note", "说明"),
    ),
)  # fmt: skip

_REPAIR: Final = Table(
    name="repair", title="代码修复建议", grain="一条记录的一个建议", order=("record_id", "rank", "after"),
    columns=(
        column("record_id", "记录编号"), column("field", "字段"), column("before", "原值", meaning="来源所写；空缺的为空"), column("after", "建议值"),
        column("rank", "次序", "n", "1 为首选，至多 3 个；已被否定的排在其后"), column("rule", "规则编号"), column("title", "规则名称"),
        column("confidence", "把握", "f", "首选按规则量得的精确率；其余分首选余下的把握"), column("evidence", "依据", meaning="改了哪一位，与哪些列一致，由哪个来源的哪条记录证实"),
        column("state", "处理", meaning="auto 自动采用；review 待复核；hint 仅供参考；decided 已由人认定；rejected 已由人否定"),
    ),
)  # fmt: skip

_SUBJECT: Final = Table(
    name="subject", title="主体", grain="一个法律主体", order=("subject_id",),
    columns=(
        column("subject_id", "主体编号"), column("uscc", "统一社会信用代码"), column("uscc_state", "代码状态"), column("organisation_code", "组织机构代码"),
        column("registration_no", "注册号"), column("name", "主体名称"), column("former_names", "曾用名"), column("subject_type", "主体类型"), column("legal_person", "法定代表人（负责人）"),
        column("phone", "联系电话"), column("residence", "住所"), *_PLACE, column("office", "日常监督管理机构"), column("industry", "行业代码"), column("scope", "经营范围"),
        column("capital", "注册资本", "dec"), column("founded_on", "成立日期", "d8"), column("status", "主体状态"), column("status_reason", "状态理由"),
        column("forms", "主体业态", meaning="由证照推出，以顿号分隔"), column("licence_count", "证照数", "n"), column("site_count", "场所数", "n"), column("record_count", "记录数", "n"),
        column("source_count", "来源数", "n"), column("finding_count", "未通过发现数", "n"), column("first_seen", "最早事实日期", "d8"), column("last_seen", "最近事实日期", "d8"),
    ),
)  # fmt: skip

_LICENCE: Final = Table(
    name="licence", title="证照", grain="一个证照号码", order=("licence_no", "licence_kind", "subject_id"),
    columns=(
        column("licence_no", "许可证编号"), column("licence_kind", "证照种类"), column("subject_id", "主体编号"), column("site_id", "场所编号"), column("form", "主体业态"),
        column("items", "经营项目"), column("issuer", "发证机关"), column("issued_on", "发证日期", "d8"), column("valid_from", "有效期自", "d8"), column("valid_to", "有效期至", "d8"),
        column("licence_status", "登记的状态"), column("status", "推定状态", meaning="有效、即将到期、已过期、注销、吊销、撤销、撤回、未生效、不明"), column("status_reason", "状态理由"),
        column("place", "经营场所"), column("county_code", "县级区划代码"), column("office", "监管机构"), column("record_count", "记录数", "n"), column("record_id", "采用的记录"),
        column("soon", "是否临期", meaning="届满前 90 个工作日以内：是；否；无法判断（工作日历未到）；不在有效期内的为空"), column("chain_id", "证照沿革编号"), column("chain_order", "沿革次序", "n"),
    ),
)  # fmt: skip

_LICENCE_PERIOD: Final = Table(
    name="licence_period", title="证照沿革", grain="一个证照号码的一次发证", order=("licence_no", "licence_kind", "subject_id", "chain_order"),
    columns=(
        column("chain_id", "证照沿革编号", meaning="同一经营资格先后发的证"), column("chain_order", "沿革次序", "n", "自 1 起"), column("step", "接续方式", meaning="首次；变更；延续；换号；旧证换发"),
        column("rule", "规则编号"), column("evidence", "依据"), column("licence_no", "许可证编号"), column("licence_kind", "证照种类"), column("kind", "数据种类"), column("subject_id", "主体编号"), column("site_id", "场所编号"),
        column("form", "主体业态"), column("items", "经营项目"), column("issuer", "发证机关"), column("issued_on", "发证日期", "d8"), column("valid_from", "有效期自", "d8"), column("valid_to", "有效期至", "d8"),
        column("begins_on", "生效日期", "d8", "发证日期、有效期自中较晚的一日"), column("licence_status", "登记的状态"), column("stated_on", "登记状态的批次", "d8", "最早写明这一状态的批次"),
        column("ended_on", "终止日期", "d8", "登记为注销的，由下一次发证或者主体注销推得的终止之日；推不出的为空"), column("next_no", "接续的编号"), column("next_on", "接续的生效日期", "d8"),
        column("place", "经营场所"), column("record_count", "记录数", "n"), column("record_id", "采用的记录"),
    ),
)  # fmt: skip

_SITE: Final = Table(
    name="site", title="场所", grain="一个主体的一处经营场所", order=("site_id",),
    columns=(
        column("site_id", "场所编号"), column("subject_id", "主体编号"), *_PLACE, column("place_key", "地址匹配键"), column("office", "监管机构"), column("is_main", "主要场所", "bl"),
        column("record_count", "记录数", "n"), column("first_seen", "最早事实日期", "d8"), column("last_seen", "最近事实日期", "d8"),
    ),
)  # fmt: skip

_SITE_MOVE: Final = Table(
    name="site_move", title="迁址", grain="一个主体从一处场所到另一处的一次迁移", order=("subject_id", "from_site_id", "to_site_id"),
    columns=(
        column("subject_id", "主体编号"), column("from_site_id", "原场所编号"), column("to_site_id", "新场所编号"), column("from_place", "原经营场所"), column("to_place", "新经营场所"),
        column("left_on", "原址最迟日期", "d8", "原址证照有效期至和新址生效日期中较早的一日"), column("moved_on", "新址起始日期", "d8"), column("rule", "规则编号"), column("evidence", "依据"), column("confidence", "把握", "f"),
    ),
)  # fmt: skip

_RELATION: Final = Table(
    name="relation", title="主体关系", grain="一个分支机构与其总机构", order=("subject_id", "kind", "other_name"),
    columns=(
        column("subject_id", "主体编号"), column("kind", "关系", meaning="分支机构"), column("other_name", "总机构名称"), column("other_id", "总机构编号", meaning="名录中没有或者不止一个叫这个名称的为空"),
        column("rule", "规则编号"), column("evidence", "依据"), column("confidence", "把握", "f"),
    ),
)  # fmt: skip

_HISTORY: Final = Table(
    name="history", title="取值与沿革", grain="一个主体的一个字段的一个取值（只列有不同取值的字段）", order=("subject_id", "field", "value"),
    columns=(
        column("subject_id", "主体编号"), column("field", "字段"), column("value", "取值"), column("chosen", "采用", "bl"),
        column("rule", "采用规则", meaning="规则编号和分出高下的一步，如 GS-04.source；各步都相同的为 record，取记录编号最小的"), column("reason", "采用理由"),
        column("record_count", "记录数", "n"), column("source_count", "来源数", "n"), column("first_seen", "最早事实日期", "d8"), column("last_seen", "最近事实日期", "d8"), column("record_id", "代表记录"),
    ),
)  # fmt: skip

_JURISDICTION: Final = Table(
    name="jurisdiction", title="管辖判定", grain="一个主体的一处经营场所；没有场所的主体一行", order=("subject_id", "site_id"),
    columns=(
        column("subject_id", "主体编号"), column("site_id", "场所编号", meaning="没有场所的为空"), column("is_main", "主要场所", "bl", "代表主体的一行；每个主体恰有一行"),
        column("county_code", "县级区划代码"), column("town_code", "乡镇街道代码"), column("stated", "来源所写的机构", meaning="主要场所为主体择优所得，其他场所为其代表记录所写"),
        column("office", "判定的机构", meaning="除存疑的以外，也是名录中的监管机构"), column("rival", "另一机构", meaning="存疑时的另一方，与判定的机构各自答复"), column("state", "判定", meaning="一致；更正；存疑；不明"),
        column("confidence", "把握", "f", "判定的机构所得票重占全部监管所票重的份额"), column("reason", "理由"), column("due_on", "答复期限", "d8", "只有存疑的有"),
        column("vote_count", "来源票数", "n"),
    ),
)  # fmt: skip

_JURISDICTION_VOTE: Final = Table(
    name="jurisdiction_vote", title="管辖投票", grain="一处经营场所、一个投票方、一个机构", order=("subject_id", "site_id", "voter", "office"),
    columns=(
        column("subject_id", "主体编号"), column("site_id", "场所编号"), column("voter", "投票方", meaning="zone、town、road、county、issuer，或者数据种类"), column("office", "机构"),
        column("weight", "票重", "f"), column("evidence", "依据"), column("record_count", "记录数", "n"), column("last_seen", "最近事实日期", "d8"),
    ),
)  # fmt: skip

_TAG: Final = Table(
    name="tag", title="主体标签", grain="一个主体的一个标签", order=("subject_id", "code"),
    columns=(
        column("subject_id", "主体编号"), column("code", "标签编号"), column("family", "标签族"), column("value", "标签"), column("rule", "规则编号"),
        column("rule_version", "规则版本", "n"), column("evidence", "依据", meaning="引出标签的字样、数字或者记录"),
        column("effective_from", "起始日期", "d8", "由依据的日期推出；没有日期的为空"), column("effective_to", "截止日期", "d8", "依据失效的日期；长期或者不知道的为空"),
        column("source", "来源", meaning="rule 规则；manual 人工"), column("confidence", "把握", "f", "标签正确的把握，0 至 1"),
    ),
)  # fmt: skip

_TRAIT: Final = Table(
    name="trait", title="分级事实", grain="一个主体", order=("subject_id",),
    columns=(
        column("subject_id", "主体编号"), column("tags", "主体标签", meaning="标签编号，前后和相互之间各有一个空格"), column("subject_type", "主体类型"), column("founded", "成立日期", "d8"),
        column("wholesale", "是否批发", meaning="true 为批发；其他为空"), column("sale_area", "销售面积", "dec", "平方米，在册证照中最大的"), column("room_area", "餐饮面积", "dec", "平方米，在册证照中最大的"),
        column("small_area", "三小场所面积", "dec", "平方米，在册登记中最大的"), column("diners", "就餐人数", "dec", "在册证照中最大的"), column("outlets", "配送门店数", "dec"),
        column("co_located", "同一地址的主体数", "dec"), column("related_bad", "同一负责人名下的失信、吊销主体数", "dec", "负责人姓名和电话都相同，不含自己"), column("moves", "近一年迁址次数", "dec"),
        column("sku_reported", "是否填报单品数", meaning="true 为已填报；其他为空"), column("sku_packed", "常温预包装单品数", "dec"), column("sku_packed_chilled", "冷藏预包装单品数", "dec"),
        column("sku_packed_frozen", "冷冻预包装单品数", "dec"), column("sku_bulk", "常温散装单品数", "dec"), column("sku_bulk_chilled", "冷藏散装单品数", "dec"), column("sku_bulk_frozen", "冷冻散装单品数", "dec"),
        column("suppliers", "供货者数", "dec"), column("health_material", "保健食品主要原料"), column("health_formula", "保健食品配方"), column("health_function", "保健功能"),
        column("health_unsuitable", "不适宜人群标注"), column("health_storage", "保健食品贮存条件"),
    ),
)  # fmt: skip

_GROUND: Final = Table(
    name="ground", title="等级依据", grain="一个主体的一件影响等级的事", order=("subject_id", "kind", "day", "number", "record_id"),
    columns=(
        column("subject_id", "主体编号"), column("kind", "依据种类"), column("number", "编号", meaning="来源系统的编号；没有的为记录编号"), column("day", "发生日期", "d8"), column("until", "了结日期", "d8", "整改完成、移出名录或者有效期止；未了结的为空"),
        column("known_on", "知道日期", "d8", "写明它的批次"), column("level", "级别", meaning="抽检级别、检查种类、处罚种类"), column("outcome", "结果", meaning="检查结果、检验结论、信用类别，或者由文字认出的类别；不在代码表内的为空"),
        column("total", "检查项数", "n"), column("failed", "不符合项数", "n"), column("key_failed", "其中重点项数", "n"), column("text", "内容"), column("record_id", "记录编号"),
    ),
)  # fmt: skip

_GRADE: Final = Table(
    name="grade", title="风险等级", grain="一个主体 × 一个模型 × 一段时期，按当时所知", order=("subject_id", "model", "begins_on", "known_from", "scheme"),
    columns=(
        column("subject_id", "主体编号"), column("model", "模型"), column("scheme", "方案"), column("begins_on", "起始日期", "d8"), column("ends_on", "截止日期", "d8", "不含这一日；依现有数据不再变化的为空"),
        column("known_from", "得知日期", "d8", "首次写明这一等级的发布日"), column("known_to", "失效日期", "d8", "后来的数据推翻它的发布日；现行的为空"),
        column("grade", "等级", meaning="A 风险低至 D 风险高"), column("due", "应评等级", meaning="未计稳定保护的等级"), column("held", "暂缓变动", "bl", "稳定保护期内，等级与应评等级不同"), column("base", "得分等级"),
        column("lift", "触发升降", "n", "应评等级比得分等级高几级；负数为降"), column("triggers", "起作用的触发", meaning="触发编号，以空格分隔"), column("score", "得分", "dec"), column("low", "最低可能得分", "dec"), column("high", "最高可能得分", "dec"),
        column("best", "最好可能等级"), column("worst", "最差可能等级"), column("known_percent", "已知程度", "n", "有数据的指标占全部分值的百分数"),
        column("static_points", "静态分", "dec"), column("dynamic_points", "动态分", "dec"), column("credit_points", "信用分", "dec"), column("static_tier", "静态档次", meaning="Ⅰ低至Ⅳ高；模型没有档次的为空"),
        column("visits_two_years", "两年检查次数", "n", "等级频次与下限中较多者，折算为两年"), column("reason", "理由"),
    ),
)  # fmt: skip

_TOUCHED: Final = (
    *(column(reach.name, reach.title, "n", f"触及的{reach.title}，{reach.unit}") for reach in REACHES),
    column("price", "代价", "n", "按规则包权重折成的分数，只用来排先后"),
)

_REACH: Final = Table(
    name="reach", title="影响面", grain="一个主体名下有多少项会受它的错误牵连", order=("subject_id",), columns=(column("subject_id", "主体编号"), *_TOUCHED),
)  # fmt: skip

_PRICE: Final = Table(
    name="price", title="错误代价", grain="一类未了结的问题 × 一条规则 × 一个县 × 一个机构", order=("item", "rule", "county_code", "office"),
    columns=(
        column("item", "问题种类", meaning="finding 质量发现；pair 待复核归属；repair 待复核的代码修复；office 管辖存疑"), column("rule", "规则编号", meaning="管辖存疑的为空文本"),
        column("county_code", "县级区划代码"), column("office", "监管机构"), column("subjects", "触及的主体", "n", "同一规则触及一个主体的，只计一次"), *_TOUCHED,
    ),
)  # fmt: skip

TABLES: Final[dict[str, Table]] = {
    t.name: t
    for t in (
        _RECORD,
        _FINDING,
        _CHECK_COUNT,
        _MEMBERSHIP,
        _CONFLICT,
        _LINK_WEIGHT,
        _FORWARD,
        _DECISION,
        _REPAIR,
        _SUBJECT,
        _LICENCE,
        _LICENCE_PERIOD,
        _SITE,
        _SITE_MOVE,
        _RELATION,
        _HISTORY,
        _TAG,
        _TRAIT,
        _GROUND,
        _GRADE,
        _JURISDICTION,
        _JURISDICTION_VOTE,
        _REACH,
        _PRICE,
    )
}
"""Every derived table by name."""


def raw_schema(extract: DataSet) -> ibis.Schema:
    """Schema of an extract table as `sources` writes it: provenance, then each field as text."""
    return ibis.schema({c.name: c.type for c in PROVENANCE} | {name: dt.String() for name in extract.names})


def standard_schema(extract: DataSet) -> ibis.Schema:
    """Schema of an extract table as `standardise` writes it: each field typed, `<field>_raw` beside it."""
    fields = {f.name: f.column_type for f in extract} | {f"{f.name}_raw": dt.String() for f in extract}
    return ibis.schema({c.name: c.type for c in PROVENANCE} | fields)
