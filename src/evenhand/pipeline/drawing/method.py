"""The method of one draw in words, as it goes into its proof pack: what was agreed, how it is drawn, who had which chance, how to check (方法说明)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from evenhand.draw import Draft, chance, inclusion, label
from evenhand.draw.teams import PAIR_ROTATION
from evenhand.pipeline.drawing.agreed import Agreed

__all__ = ["SCRIPTS", "chance_of", "method_page", "strata_told", "words_of"]

SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "srs": ("verify_srs.py", "verify_srs.sh"),
    "sealed": ("verify_srs.py", "verify_srs.sh"),
    "exchange": ("verify_srs.py",),
    "pps": ("verify_weights.py",),
    "multi": ("verify_weights.py",),
    "rounding": ("verify_rounding.py",),
    "week": ("verify_week.py",),
    "teams": ("verify_teams.py",),
}
"""Verifiers that go into the pack of each method: written apart from the engine, for people without it."""
_EQUAL: Final = (
    "每个对象的票号是“种子|{purpose}|编号”的散列。同一层中票号最小的中选，紧接着的为候补。票号只取决于种子和编号："
    "多一个或者少一个对象，不改变其他对象的次序。同一层的每个对象机会相同。"
)
_ROTATED: Final = (
    "得出名单以后轮换搭档：两次检查按“种子|rot|检查|检查”的散列依次看，两名协办都可以去对方那里、并且各对搭档次数的平方和因此减少的，就对换，直到没有可换；"
    "各人的次数不变。roster.tsv 是轮换以前、由 prices.tsv 证明的名单。"
)
_WORDS: Final[Mapping[str, str]] = {
    "srs": _EQUAL.format(purpose="obj"),
    "sealed": _EQUAL.format(purpose="obj")
    + "名单只写盲码：盲码是编号、层和一个秘密盐的散列，盐的密钥由监督方保管，检查以后公开，届时任何人可以打开每一行。",
    "exchange": _EQUAL.format(purpose="exch"),
    "pps": "机会与权重成正比，个数恰好等于名额。所占份额达到一整个名额的必定中选，其余按“种子|piv-order|编号”的散列排队，两两比对："
    "用“种子|piv|编号”的散列作随机数，每次比对至少决出一个，各自的机会恰好等于事先公布的数。全部用整数计算。未中选的按“种子|sub|编号”的散列候补。",
    "multi": "权重为几就有几张票，票号是“种子|mt|编号|序号”的散列，取最小的一张比较，最小的中选。权重大的更容易排在前面，"
    "但机会与权重不成正比，因此本方法只用来排次序，不公布机会。",
    "rounding": "规则中的 cell 是每一格应得的数（分子，分母见 denominator）。整数部分照给，零头逐圈增减：沿行列交替走出一个圈，"
    "以“种子|round|步数”的散列决定增减的方向。每一格、每一行、每一列与应得的数相差都小于 1，长远看恰好相等。",
    "week": "各周的名额在公开值产生之前已经承诺。每次检查的票号是“种子|week|检查编号”的散列；同一类的检查按票号由小到大依次填入各周。",
    "teams": "名单的一行是一次检查的一个位置和一个可以去的人：证件、专业、回避、请假已经核过。在负荷最均衡的全部合法组队方案中，票号之和最小者当选。"
    "票号是“种子|pair|检查|位置|人”的散列的前 40 位，负荷并列时比“种子|load|人”的前 24 位。prices.tsv 是这个名单最优而且唯一的证明，核对不用求解器。",
}


def words_of(draft: Draft) -> str:
    """Return the method of a draw in plain words."""
    return _WORDS[draft.method] + (_ROTATED if PAIR_ROTATION in draft.params else "")


def method_page(draft: Draft, reveal: Mapping[str, Sequence[str]], agreed: Agreed) -> str:
    """Return the page in Markdown; `reveal`: the ledger's record of the seed."""
    lines = [
        f"# 抽取 {draft.serial}", "", f"方法 {draft.method}，散列 {draft.algorithm}。名单与规则在公开值产生之前已经承诺：`{draft.commit}`。名单的根（RFC 6962）：`{draft.list_root}`。",
        f"公开值：{'；'.join(f'`{value}`' for value in reveal['public'])}。种子：`{reveal['seed']}`。", "", words_of(draft), "",
        *_strata(draft, agreed), *(_chances(draft) if draft.method == "pps" else ()),
        "名录库中没有进入名单的，各排除理由和个数见 excluded.tsv。", "", "## 自己核对", "", _checking(draft), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _strata(draft: Draft, agreed: Agreed) -> Iterator[str]:
    if told := list(strata_told(draft, agreed)):
        yield from ("## 各层", "", "| 层 | 对象 | 名额 | 称谓 | 每个对象的机会 |", "| --- | ---: | ---: | --- | ---: |")
        yield from (f"| {' | '.join(row)} |" for row in told)
        yield ""


def strata_told(draft: Draft, agreed: Agreed) -> Iterator[tuple[str, ...]]:
    """Name, objects, quota, what it may be called and the chance of each object, one row per stratum; nothing for weeks, teams and margins."""
    if draft.method in {"rounding", "teams", "week"}:
        return
    for name, rows in sorted(draft.strata.items(), key=lambda item: item[0].encode()):
        quota = draft.quotas[name]
        called = label(len(rows), quota, least=agreed.random_label_min) if quota else "不抽取"
        yield name, f"{len(rows):,}", f"{quota:,}", called, _chance_told(draft, name)


def _chance_told(draft: Draft, name: str) -> str:
    if draft.method == "multi":
        return "与权重不成正比"
    if draft.method != "pps":
        return _odds(chance(draft.quotas[name], len(draft.strata[name])))
    odds = sorted(set(_by_weight(draft, name).values()))
    return _odds(odds[0]) if len(odds) == 1 else f"{odds[0]} 至 {odds[-1]}"


def chance_of(draft: Draft, row: Sequence[str]) -> str:
    """Return the chance of one row of the list, in words; only for methods with strata."""
    if draft.method == "pps":
        return _odds(_by_weight(draft, row[1])[int(row[2])])
    return _chance_told(draft, row[1])


def _by_weight(draft: Draft, name: str) -> dict[int, Fraction]:
    """Chances of a stratum drawn by weight: they depend on the weight alone."""
    weights = {row[0]: int(row[2]) for row in draft.strata[name]}
    whole, chances = inclusion(weights, draft.quotas[name])
    return {weight: Fraction(chances[one], whole) for one, weight in weights.items()}


def _odds(value: Fraction) -> str:
    """Return a chance as people read it: `3/10（30.0 %）`."""
    return f"{value}（{round(value * 1000) / 10:.1f} %）"


def _chances(draft: Draft) -> Iterator[str]:
    yield from ("## 按权重的机会", "", "| 层 | 权重 | 对象 | 每个对象的机会 |", "| --- | ---: | ---: | ---: |")
    for name, rows in sorted(draft.strata.items(), key=lambda item: item[0].encode()):
        count = Counter(int(row[2]) for row in rows)
        for weight, odds in sorted(_by_weight(draft, name).items()):
            yield f"| {name} | {weight} | {count[weight]:,} | {_odds(odds)} |"
    yield ""


def _checking(draft: Draft) -> str:
    ours = "`evenhand draw verify .` 核对台账、散列、时间、种子和结果的每一行"
    names = SCRIPTS[draft.method] if draft.algorithm == "sha256" else ()
    if not names:
        return f"{ours}。"
    ways = "，或者 ".join(f"`{'python3' if name.endswith('.py') else 'sh'} verify{name[-3:]} .`" for name in names)
    signature = (
        "信标的值是签名的散列，两者都在 ledger.jsonl；签名是否出自信标，可以装上 drand-verify 后由 evenhand 核对，"
        "也可以在信标的网站上查这一轮。"
        if any(one.kind == "drand" for one in draft.sources)
        else ""
    )
    return f"{ways}，只需 Python 标准库或者系统自带的命令；{ours}。{signature}"
