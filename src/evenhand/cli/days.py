"""How the commands lay out a subject on a day, and what became of its licences and places."""

from evenhand.cli.console import screen, show_table
from evenhand.pipeline.onday import DayCard
from evenhand.publish import SubjectCard

__all__ = ["show_day", "show_levels"]


def show_day(card: DayCard) -> None:
    """Print the status, licences and places of one subject on a day."""
    subject, day = card.subject, card.day.isoformat()
    head = [("状态", card.standing.status, card.standing.reason), ("成立日期", str(subject["founded_on"] or "—"), ""), ("统一社会信用代码", subject["uscc"] or "—", "")]  # fmt: skip
    show_table(f"{subject['name'] or '（无名称）'}　{subject['subject_id']}　{day} 这一天", ("项目", "取值", "为什么"), head)
    show_table(
        f"{day} 的证照",
        ("编号", "状态", "为什么", "临期", "接续", "场所"),
        [
            (i["licence_no"], i["status"], i["status_reason"], i["soon"] or "", f"{i['step']}（{i['chain_order']}）", i["place"] or "")
            for i in card.licences
        ],
    )  # fmt: skip
    show_table(
        f"{day} 的场所",
        ("地址", "监管机构", "自"),
        [(site["place"] or "", site["office"] or "", str(site["since"])) for site in card.sites],
    )
    _moves_and_relations(card)
    if card.other_pack:
        screen.print("注意：所用规则包与建立这个发布版时的不同。")


def show_levels(card: SubjectCard) -> None:
    """Print the chains of licences, the moves and the relations of one subject."""
    if len(card.periods) > len({period["chain_id"] for period in card.periods}):
        show_table(
            "证照沿革",
            ("沿革", "次", "接续", "编号", "生效", "有效期至", "依据"),
            [
                (p["chain_id"][:6], p["chain_order"], p["step"], p["licence_no"], str(p["begins_on"] or ""), str(p["valid_to"] or ""), p["evidence"] or "")
                for p in card.periods
            ],
        )  # fmt: skip
    _moves_and_relations(card)


def _moves_and_relations(card: DayCard | SubjectCard) -> None:
    if card.moves:
        show_table(
            "迁址",
            ("原址", "新址", "新址起始", "依据", "把握"),
            [(m["from_place"], m["to_place"], str(m["moved_on"]), m["evidence"], m["confidence"]) for m in card.moves],
        )
    if card.relations:
        show_table(
            "总机构",
            ("名称", "主体编号", "依据", "把握"),
            [(r["other_name"], r["other_id"] or "—", r["evidence"], r["confidence"] or "") for r in card.relations],
        )
    if card.branches:
        show_table("分支机构", ("名称", "主体编号", "地址", "状态"), [(b["name"], b["subject_id"], b["place"] or "", b["status"]) for b in card.branches])  # fmt: skip
