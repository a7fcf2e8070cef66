"""Offers: what a person may decide about one open doubt, each as the decision that it would write.

A subject is named by its valid code, or by a record of it: never by its id, which follows from the decisions themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evenhand.decisions import Decision
from evenhand.identifiers import uscc

__all__ = ["Offer", "office_offers", "pair_offers", "reference", "repair_offers", "same_matter"]

Row = Mapping[str, Any]
_HEAD: Final = {"id", "at", "by", "why"}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One button: its name in the form, its words, what it does, and the body of its decision. `asks`: a field that the person fills in; `grave`: pressed twice, the second time under the names of both sides."""

    name: str
    title: str
    effect: str
    body: Mapping[str, Any] = field(default_factory=dict)
    asks: str = ""
    grave: bool = False


def reference(subject: Row, record: str) -> str:
    """Return how a decision names a subject: by its valid code, else by this record of it."""
    code = subject["uscc"]
    return str(code) if code and uscc.is_valid(code) else record


def pair_offers(pair: Row) -> list[Offer]:
    """Return what may be decided about a doubtful pair. Two valid codes are never merged; then it is asked to which the record belongs."""
    record, sides = pair["record_id"], (pair["left"], pair["right"])
    left, right = (reference(side, record) for side in sides)
    seen = (pair["evidence"],)
    if left == right:  # neither has a valid code and only one record is known
        return []
    both = record not in {left, right}
    apart = Offer(
        name="apart", title="不是同一主体", effect="两方各自独立；依据不变就不再列出",
        body={"kind": "apart", "left": (left,), "right": (right,), "seen": seen},
    )  # fmt: skip
    if not both:
        merge = Offer(
            name="merge", title="是同一主体，合并", effect="两方合为一个主体，原编号转引", body={"kind": "merge", "subjects": (left, right)}, grave=True,
        )  # fmt: skip
        return [merge, apart]
    to_side = [
        Offer(
            name=name, title=f"记录属于{word}", effect=f"该记录的代码定为{code}",
            body={"kind": "repair", "record": record, "verdict": "replace", "code": code},
        )
        for name, word, code in (("left", "甲", left), ("right", "乙", right))
    ]  # fmt: skip
    if pair["between"] is None:
        return [*to_side, apart]
    neither = Offer(
        name="neither", title="都不属于", effect="该记录不归入任何一方",
        body={"kind": "apart", "left": (record,), "right": (left, right), "seen": seen},
    )  # fmt: skip
    return [*to_side, neither]


def repair_offers(repair: Row) -> list[Offer]:
    """Return what may be decided about a doubtful code: take a proposal, refuse the first, or another code."""
    record = repair["record_id"]
    proposals = [repair, *(one for one in repair["others"] if one["state"] != "rejected")]
    accept = [
        Offer(
            name=f"accept{one['rank']}", title=f"采用 {one['after']}", effect="该记录的代码定为建议值",
            body={"kind": "repair", "record": record, "verdict": "accept", "code": one["after"]},
        )
        for one in proposals
    ]  # fmt: skip
    refuse = Offer(
        name="reject", title="不采用", effect=f"该记录不得归入 {repair['after']}",
        body={"kind": "repair", "record": record, "verdict": "reject", "code": repair["after"]},
    )  # fmt: skip
    other = Offer(name="replace", title="改用其他代码", effect="该记录的代码定为填写的代码", body={"kind": "repair", "record": record, "verdict": "replace"}, asks="code")  # fmt: skip
    return [*accept, refuse, other]


def office_offers(dispute: Row, record: str, known: Iterable[str]) -> list[Offer]:
    """Return which office may be chosen: the two that are named, or another one of the list; only the main place of a subject can be decided.

    Args:
        dispute: one row of `open_disputes`.
        record: a record of the subject, which names it when it has no valid code.
        known: offices that the person may name.
    """
    named = reference(dispute["subject"], record)
    offices, told = set(known), [name for name in (dispute["office"], dispute["rival"]) if name]
    if not dispute["is_main"] or not named or not set(told) <= offices:
        return []
    chosen = [
        Offer(name=f"office{n}", title=name, effect="该主体由它监管，不再存疑", body={"kind": "office", "subject": named, "office": name})
        for n, name in enumerate(told)
    ]
    return [
        *chosen,
        Offer(name="office", title="改由其他机构监管", effect="由所选机构监管", body={"kind": "office", "subject": named}, asks="office"),
    ]


def same_matter(decision: Decision, offers: Sequence[Offer]) -> bool:
    """Whether a decision settles the doubt that these offers are about.

    A verdict on the same record, a choice for the same subject, or exactly one of the offers.
    """
    told = {name: value for name, value in decision.model_dump(mode="python").items() if name not in _HEAD}
    for offer in offers:
        body = dict(offer.body)
        if told["kind"] == body["kind"] == "repair" and told["record"] == body["record"]:
            return True
        if told["kind"] == body["kind"] == "office" and told["subject"] == body["subject"]:
            return True
        if told == body:
            return True
    return False
