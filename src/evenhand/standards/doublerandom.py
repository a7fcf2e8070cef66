"""The double-random database (双随机协同检查数据库): what planning, drawing and the library of inspectors keep, and how their tables hang together.

Plans and draws are written as files with these tables; a test holds each file against its table.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from evenhand.standards.datasets import Relation, Table, column
from evenhand.standards.shapes import Mask

__all__ = ["DOUBLE_RANDOM", "RELATIONS"]

_MATTER: Final = Table(
    name="matter", title="随机抽查事项", grain="一个抽查事项", order=("id",),
    columns=(
        column("id", "事项编号"), column("term", "事项名称"), column("rank", "事项类别", meaning="重点；一般"), column("objects", "检查对象", meaning="主体标签编号；有其中之一的是本事项的对象"),
        column("basis", "依据", meaning="文件名称、文号、条款；没有条款的事项不得列入"), column("from", "起用日期", "d8"), column("ratio_pct", "抽查比例", "n", "一年内可抽查的对象占全部对象的百分比"),
        column("frequency", "抽查频次", meaning="按等级；每年一次"), column("groups", "检查项目组", meaning="检查要点表中的项目组"), column("line", "所需专业", meaning="生产；销售；餐饮；特殊食品"),
        column("minutes", "用时", "n", "一次全项目检查的分钟数"),
    ),
)  # fmt: skip

_CAMPAIGN: Final = Table(
    name="campaign", title="专项检查", grain="一个专项", order=("id",),
    columns=(
        column("id", "专项编号"), column("term", "专项名称"), column("approval.number", "批准文号", meaning="为空的不产生任务"), column("approval.by", "批准机关"), column("approval.day", "批准日期", "d8"),
        column("kind", "检查方式", meaning="专项；飞行"), column("level", "组织层级", meaning="监管所；县局；市局；省局"), column("from", "起", "d8"), column("to", "止", "d8"),
        column("tags", "对象标签"), column("subjects", "对象名单", meaning="主体编号"), column("listed", "名单在发布版", "bl"), column("areas", "区划", meaning="区划代码的前几位"),
        column("groups", "检查项目组"), column("minutes", "用时", "n"), column("exempt", "不受三个月限制", "bl", "涉嫌违法或者有明显隐患（总局令第49号第四十二条）"),
    ),
)  # fmt: skip

_DUTIES: Final = Table(
    name="duties", title="任务", grain="一项任务：一个主体在一段期限内须接受一次检查", order=("id",),
    columns=(
        column("id", "任务编号"), column("subject", "主体编号"), column("office", "监管机构"), column("kind", "检查方式", meaning="日常；体系；飞行；专项；复查"),
        column("r", "期限起", "d8"), column("d", "期限止", "d8"), column("full", "全部检查要点", "bl"), column("sealed", "不得事先告知", "bl"), column("organiser", "组织层级"),
        column("minutes", "用时", "n"), column("series", "频次序列", meaning="同一序列的任务不合并：一年几次的各次"), column("r_end", "期限起由何定", meaning="law 法定；approval 批准；ours 自定"),
        column("d_end", "期限止由何定", meaning="law 法定；approval 批准；ours 自定；自定的才可放宽"), column("matters", "抽查事项", meaning="事项编号"), column("lines", "所需专业"),
        column("approval", "批准文号"), column("origin", "来由", meaning="随机；全覆盖；有针对性：有针对性的不抽取，也不称为随机"), column("reason", "理由"),
    ),
)  # fmt: skip

_VISITS: Final = Table(
    name="visits", title="检查", grain="一次入企检查，完成一项或者几项任务", order=("visit",),
    columns=(
        column("visit", "检查编号"), column("subject", "主体编号"), column("lo", "最早日期", "d8", "它完成的各项任务期限的交集"), column("hi", "最迟日期", "d8"),
        column("class", "检查类", "n", "1 可事先告知；2 不得事先告知"), column("duties", "任务数", "n"), column("full", "全部检查要点", "bl"), column("sealed", "不得事先告知", "bl"),
        column("organiser", "组织层级", meaning="各任务中最高的"), column("minutes", "用时", "n"), column("matters", "抽查事项"), column("lines", "所需专业"), column("origin", "来由"),
        column("name", "主体名称"), column("office", "监管机构"), column("county", "县级区划代码"), column("town_code", "乡镇街道代码"), column("road", "路街巷村"), column("house_no", "门牌号"),
        column("grade", "风险等级"), column("week", "周次", "n", "自计划第一周为0"), column("tour", "路线", meaning="周次-类-序号；同一路线的检查由同一组人员一次出行完成"),
    ),
)  # fmt: skip

_SERVED: Final = Table(
    name="served", title="任务与检查的对应", grain="一项任务", order=("visit", "duty"),
    columns=(column("visit", "检查编号"), column("duty", "任务编号", meaning="检查完成后各任务据此分别办结；检查前可据此拆分")),
)  # fmt: skip

_LEFT_OUT: Final = Table(
    name="left_out", title="未列入计划", grain="一个未列入计划的主体", order=("subject",),
    columns=(column("subject", "主体编号"), column("reason", "理由"), column("rule", "筛选规则")),
)  # fmt: skip

_APART: Final = Table(
    name="apart", title="未合并的原因", grain="同一主体相邻的两次检查", order=("subject", "visit"),
    columns=(column("subject", "主体编号"), column("visit", "检查编号"), column("next_visit", "下一次检查"), column("reason", "不能合并的原因")),
)  # fmt: skip

_OVER: Final = Table(
    name="over_budget", title="超过入企上限", grain="一个超过年度入企上限的主体", order=("subject",),
    columns=(
        column("subject", "主体编号"), column("name", "主体名称"), column("office", "监管机构"), column("grade", "风险等级"), column("done", "今年已检查", "n"), column("planned", "计划检查", "n"),
        column("minutes", "计划用时", "n"), column("cap", "上限", "n"),
    ),
)  # fmt: skip

_DISPLACEMENT: Final = Table(
    name="displacement", title="计划调整", grain="一次因新任务而变动或者新增的检查", order=("visit",),
    columns=(
        column("visit", "检查"), column("subject", "主体"), column("name", "名称"), column("office", "机构"), column("before", "原定的周", "d8", "周一；新增的为空"), column("after", "现在的周", "d8"),
        column("step", "步骤", meaning="并入、移动、重组、新增、限额"), column("reason", "理由"),
    ),
)  # fmt: skip

_PERSON: Final = Table(
    name="person", title="人员", grain="一名检查人员", order=("number",),
    columns=(
        column("number", "人员编号"), column("name", "姓名", mask=Mask.INTERNAL), column("office", "所在机构"), column("certified", "执法证", meaning="有；无。无证人员只能协助"), column("certificate", "执法证号", mask=Mask.INTERNAL),
        column("until", "执法证有效期至", "d8"), column("lines", "专业", meaning="生产、销售、餐饮、特殊食品"), column("expert", "专家领域"), column("languages", "语言"), column("quarters", "可用时间", "n", "四分之几工时，1至4"),
        column("carried", "本年已承担", "n", "位置数"), column("phone", "电话", mask=Mask.PHONE),
    ),
)  # fmt: skip

_LEAVE: Final = Table(
    name="leave", title="请假", grain="一人的一段请假", order=("number", "first"),
    columns=(column("number", "人员编号"), column("first", "起", "d8"), column("last", "止", "d8"), column("reason", "事由", mask=Mask.INTERNAL)),
)  # fmt: skip

_RECUSAL: Final = Table(
    name="recusal", title="回避", grain="一人对一个主体的一项回避", order=("number", "subject"),
    columns=(column("number", "人员编号"), column("subject", "主体"), column("reason", "理由", mask=Mask.INTERNAL), column("until", "至", "d8", "曾任职的回避到此日；长期的为空")),
)  # fmt: skip

_CHAIN: Final = (column("serial", "抽取编号", meaning="年份-六位数，不跳号"), column("prev", "上一记录的散列"))

_COMMIT: Final = Table(
    name="draw_commit", title="抽取承诺", grain="一次抽取", order=("serial",),
    columns=(
        *_CHAIN, column("alg", "散列算法", meaning="sha256；sm3"), column("commit", "承诺", meaning="名单和规则的散列，在公开值产生以前公布"), column("committed_at", "承诺时间", "n", "Unix 秒"),
        column("list_sha", "名单散列"), column("rules_sha", "规则散列"), column("signer", "承诺机关"),
    ),
)  # fmt: skip

_INPUT: Final = Table(
    name="draw_input", title="公开值录入", grain="一次抽取的一个公开值", order=("serial", "source"),
    columns=(*_CHAIN, column("source", "来源编号"), column("value", "公开值", meaning="骰子、彩票号码、第二机关的证明、份额"), column("received_at", "录入时间", "n", "Unix 秒；在承诺之后、信标之前")),
)  # fmt: skip

_REVEAL: Final = Table(
    name="draw_reveal", title="种子公布", grain="一次抽取", order=("serial",),
    columns=(*_CHAIN, column("public", "公开值", meaning="按来源次序"), column("proofs", "签名或者证明"), column("seed", "种子", meaning="由承诺和公开值得出"), column("revealed_at", "公布时间", "n", "Unix 秒")),
)  # fmt: skip

_RESULT: Final = Table(
    name="draw_result", title="抽取结果", grain="一次抽取", order=("serial",),
    columns=(*_CHAIN, column("drawn", "抽中个数", "n"), column("reserve", "候补个数", "n"), column("result_sha", "结果文件的散列")),
)  # fmt: skip

_REPLACE: Final = Table(
    name="draw_replace", title="对象递补", grain="一个中选对象由候补递补", order=("serial", "gone"),
    columns=(*_CHAIN, column("stratum", "层"), column("gone", "退出的对象"), column("next", "递补的对象", meaning="同层下一个候补票号"), column("reason", "理由"), column("approved_by", "批准人")),
)  # fmt: skip

_SUBSTITUTE: Final = Table(
    name="draw_substitute", title="人员递补", grain="一个空出的位置", order=("serial",),
    columns=(
        *_CHAIN, column("of", "原抽取编号"), column("visit", "检查编号"), column("role", "位置"), column("gone", "退出的人员"), column("unable", "同时不能去的人员"), column("next", "递补的人员"), column("reason", "理由"),
        column("approved_by", "批准人", meaning="两人"),
    ),
)  # fmt: skip

_VOID: Final = Table(
    name="draw_void", title="抽取作废", grain="一次作废的抽取", order=("serial",),
    columns=(*_CHAIN, column("reason", "理由"), column("approved_by", "批准人", meaning="两人")),
)  # fmt: skip

_ITEM: Final = Table(
    name="draw_item", title="抽取对象", grain="一次抽取的一个中选或者候补对象", order=("serial", "stratum", "rank"),
    columns=(
        column("serial", "抽取编号"), column("stratum", "层"), column("rank", "名次", "n", "层内自1起"), column("state", "状态", meaning="D 中选；R 候补"), column("id", "对象", meaning="主体编号；封存的为盲号"),
        column("ticket", "票号", meaning="种子、用途、编号的散列"),
    ),
)  # fmt: skip

_PLACE: Final = Table(
    name="team_place", title="选派名单", grain="一次检查的一个位置", order=("serial", "visit", "role"),
    columns=(column("serial", "抽取编号"), column("visit", "检查编号"), column("role", "位置", meaning="L 主办；E 协办；X 异地协办；A1 协助"), column("person", "人员编号", meaning="公开的档案里为化名")),
)  # fmt: skip

_PRICE: Final = Table(
    name="team_price", title="组队证书", grain="一次选派的一个节点", order=("serial", "node"),
    columns=(column("serial", "抽取编号"), column("node", "节点"), column("price", "价格", "n", "据此不用求解程序即可核对名单唯一且最优")),
)  # fmt: skip

_WEEK: Final = Table(
    name="week_lot", title="排周结果", grain="一次检查", order=("serial", "visit"),
    columns=(column("serial", "抽取编号"), column("visit", "检查编号"), column("week", "周次", "n")),
)  # fmt: skip


_OPENING: Final = Table(
    name="opening", title="封存名单的开封", grain="封存抽取的一个对象", order=("serial", "id"),
    columns=(
        column("serial", "抽取编号"), column("id", "对象", meaning="主体编号；检查以前只给办案的人"), column("stratum", "层"), column("salt", "盐", meaning="由钥匙得出，据此可以核对盲码"), column("blind", "盲码", meaning="公布的名单里的一行"),
        column("state", "结果", meaning="中选；候补；未中"),
    ),
)  # fmt: skip

_ALIAS: Final = Table(
    name="alias", title="人员对照", grain="一次选派的一个化名", order=("serial", "pseudonym"),
    columns=(column("serial", "抽取编号"), column("pseudonym", "化名", meaning="公开的档案里用化名，每次抽取重新取"), column("person", "人员编号")),
)  # fmt: skip

_SETTLED: Final = Table(
    name="settled", title="抽取、检查、公开对账", grain="一次抽取的一个中选对象", order=("serial", "subject"),
    columns=(
        column("serial", "抽取编号"), column("subject", "主体"), column("name", "名称"), column("office", "机构"), column("state", "情况", meaning="按期公开、公开逾期、未公开且已逾期、只有其他种类的检查、到期未检查等"),
        column("inspection", "检查编号"), column("inspected_on", "检查日期", "d8"), column("publish_by", "应公开至", "d8", "检查以后的工作日数见参数 publish_result_days"), column("published_on", "公开日期", "d8"),
    ),
)  # fmt: skip

_UNDRAWN: Final = Table(
    name="undrawn", title="没有抽中的双随机检查", grain="一次记作双随机而主体从未抽中的检查", order=("subject", "inspected_on"),
    columns=(column("subject", "主体"), column("name", "名称"), column("office", "机构"), column("inspection", "检查编号"), column("inspected_on", "检查日期", "d8")),
)  # fmt: skip

_SWAPPED: Final = Table(
    name="swapped", title="人员与选派不符", grain="一次去的不是抽中的人的检查", order=("serial", "visit"),
    columns=(
        column("serial", "抽取编号"), column("visit", "检查"), column("subject", "主体"), column("inspection", "检查编号"), column("inspected_on", "检查日期", "d8"), column("drawn", "抽中的人员"), column("went", "实际人员"),
    ),
)  # fmt: skip


def _inside(table: Table) -> Table:
    """Plans and people are for the bureau's own use where nothing stricter is said."""
    return replace(table, columns=tuple(replace(one, mask=Mask.INTERNAL) if one.mask is Mask.NONE else one for one in table.columns))


DOUBLE_RANDOM: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        _MATTER, *map(_inside, (_CAMPAIGN, _DUTIES, _VISITS, _SERVED, _LEFT_OUT, _APART, _OVER, _DISPLACEMENT, _PERSON, _LEAVE, _RECUSAL)), _COMMIT, _INPUT, _REVEAL, _RESULT, _REPLACE, _SUBSTITUTE, _VOID, _ITEM,
        _PLACE, _PRICE, _WEEK, _OPENING, *map(_inside, (_ALIAS, _SETTLED, _UNDRAWN, _SWAPPED)),
    )
}  # fmt: skip
"""Every table of the double-random database, by name."""

RELATIONS: Final = (
    Relation(table="duties", column="subject", other="subject", words="任务所对的主体"), Relation(table="duties", column="matters", other="matter", words="任务检查什么", several=True),
    Relation(table="duties", column="approval", other="campaign", words="专项任务的批准"), Relation(table="served", column="duty", other="duties", words="任务由哪次检查完成"),
    Relation(table="served", column="visit", other="visits", words="检查完成哪些任务"), Relation(table="visits", column="subject", other="subject", words="检查哪个主体"),
    Relation(table="left_out", column="subject", other="subject", words="哪个主体没有列入"), Relation(table="apart", column="visit", other="visits", words="哪两次不能合并"),
    Relation(table="over_budget", column="subject", other="subject", words="哪个主体超过上限"), Relation(table="displacement", column="visit", other="visits", words="哪次检查变动"),
    Relation(table="leave", column="number", other="person", words="谁请假"), Relation(table="recusal", column="number", other="person", words="谁回避"),
    Relation(table="recusal", column="subject", other="subject", words="对谁回避"), Relation(table="draw_input", column="serial", other="draw_commit", words="公开值属于哪次抽取"),
    Relation(table="draw_reveal", column="serial", other="draw_commit", words="种子属于哪次抽取"), Relation(table="draw_result", column="serial", other="draw_commit", words="结果属于哪次抽取"),
    Relation(table="draw_void", column="serial", other="draw_commit", words="哪次抽取作废"), Relation(table="draw_item", column="serial", other="draw_commit", words="对象在哪次抽取"),
    Relation(table="draw_item", column="id", other="subject", words="抽中哪个主体"), Relation(table="draw_replace", column="serial", other="draw_commit", words="递补属于哪次抽取"),
    Relation(table="draw_substitute", column="of", other="draw_commit", words="递补属于哪次选派"), Relation(table="team_place", column="serial", other="draw_commit", words="名单属于哪次抽取"),
    Relation(table="team_place", column="visit", other="visits", words="谁去哪次检查"), Relation(table="team_place", column="person", other="person", words="派谁去"),
    Relation(table="week_lot", column="serial", other="draw_commit", words="周次由哪次抽取定"), Relation(table="team_price", column="serial", other="draw_commit", words="证书属于哪次选派"), Relation(table="week_lot", column="visit", other="visits", words="检查排在哪一周"),
    Relation(table="opening", column="serial", other="draw_commit", words="开封属于哪次抽取"), Relation(table="opening", column="id", other="subject", words="盲码是哪个主体"),
    Relation(table="alias", column="serial", other="draw_commit", words="化名用于哪次选派"), Relation(table="alias", column="person", other="person", words="化名是谁"),
    Relation(table="settled", column="serial", other="draw_commit", words="对象由哪次抽取抽中"), Relation(table="settled", column="subject", other="subject", words="抽中的主体查了没有"),
    Relation(table="undrawn", column="subject", other="subject", words="没有抽中而查了谁"), Relation(table="swapped", column="serial", other="draw_commit", words="人员由哪次选派定"),
    Relation(table="swapped", column="visit", other="visits", words="哪次检查去的人不符"),
)  # fmt: skip
"""References between the tables; `subject` is the table of the register's release."""
