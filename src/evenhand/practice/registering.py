"""Rows of the business register and of the credit lists."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from evenhand.practice.rows import Chunk, Rows, identity
from evenhand.practice.subjects import Kind, Trade
from evenhand.practice.text import Text, blank, draw, text_column, weighted

__all__ = ["credit_rows", "registration_rows"]

_TYPES: Final = text_column(["个体工商户", "企业", "分支机构", "农民专业合作社", "事业单位", "民办非企业", "机关", "自然人"])
_XIAMEN: Final = 350200
_PINGTAN: Final = 350128
_REGISTER: Final = 21  # part of the seed of what was added to the register later


def registration_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one row per registered subject, from three systems: the province's, Xiamen's and Pingtan's."""
    subjects, rng, ground = chunk.subjects, chunk.rng, chunk.world.ground
    who = np.flatnonzero(subjects.registered)
    gone = subjects.cancelled[who] >= 0
    status = np.where(
        gone,
        np.where(rng.random(len(who)) < 0.85, "注销", "吊销"),
        text_column(["存续", "歇业", "停业", "迁出"])[weighted([0.975, 0.012, 0.008, 0.005], rng, len(who))],
    )
    status = np.where(gone & (chunk.more(_REGISTER).random(len(who)) < 0.04), "撤销", status)
    chunk.tags.state[who] = status
    last_change = np.maximum(np.maximum(subjects.moved[who], subjects.cancelled[who]), subjects.founded[who])
    sections = chunk.world.words
    trade = subjects.trade[who]
    scope = np.where(
        trade == Trade.PRODUCTION,
        draw(sections.words("scope", "production"), rng, len(who)),
        np.where(
            np.isin(trade, [Trade.CATERING, Trade.SMALL_CATERING]),
            draw(sections.words("scope", "catering"), rng, len(who)),
            draw(sections.words("scope", "sale"), rng, len(who)),
        ),
    )
    cells = dict(identity(chunk, who, who, addresses)) | {
        "organisation_code": np.where(subjects.kind[who] == Kind.INDIVIDUAL, blank(len(who)), subjects.organisation_code[who]),
        "former_name": subjects.former_name[who],
        "subject_type": _TYPES[subjects.kind[who]],
        "resident_id": subjects.resident_id[who],
        "industry": subjects.industry[who],
        "scope": scope,
        "capital": subjects.capital[who],
        "founded_on": subjects.founded[who],
        "approved_on": last_change,
        "registration_status": status.astype(object),
        "cancelled_on": subjects.cancelled[who],
        "registration_authority": chunk.bureaus[subjects.county[who]],
    }
    rows = Rows(source="registration", who=who, spot=who, office=subjects.office[who], cells=cells)
    rows.mark("branch", subjects.kind[who] == Kind.BRANCH, among=np.ones(len(who), dtype=bool))
    rows.mark("same_name", subjects.same_name[who], among=subjects.has_namesake[who])
    county = subjects.county[who]
    xiamen = ground.city_code[ground.county_city[county]] == _XIAMEN
    pingtan = ground.county_code[county] == _PINGTAN
    yield rows.take(~xiamen & ~pingtan)
    yield rows.take(xiamen, source="registration_xiamen")
    yield rows.take(pingtan, source="registration_pingtan")


def credit_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give the yearly credit class of about a third of the registered subjects, and the lists of abnormal and dishonest ones."""
    subjects, rng, today = chunk.subjects, chunk.rng, chunk.world.today
    registered = subjects.registered & (subjects.cancelled < 0)
    who = np.flatnonzero(registered & (rng.random(len(subjects)) < 0.36))
    grade = text_column(["A", "B", "C", "D"])[weighted([0.55, 0.33, 0.1, 0.02], rng, len(who))]
    chunk.tags.add_each(np.array([f"T10-C{g}" for g in grade.tolist()], dtype=object), who)
    cells = dict(identity(chunk, who, who, addresses)) | {"credit_class": grade, "scored_on": np.full(len(who), today - 45)}
    yield Rows(source="credit", who=who, spot=who, office=subjects.office[who], cells=cells)
    who = np.flatnonzero(subjects.registered & (rng.random(len(subjects)) < 0.03))
    listed = today - rng.integers(30, 1500, len(who))
    cells = dict(identity(chunk, who, who, addresses)) | {
        "abnormal_on": listed,
        "abnormal_reason": draw(chunk.world.words.words("credit", "reasons"), rng, len(who)),
        "abnormal_removed_on": np.where(rng.random(len(who)) < 0.4, np.minimum(listed + rng.integers(10, 600, len(who)), today - 1), -1),
        "dishonest_on": np.where(rng.random(len(who)) < 0.04, np.minimum(listed + 1100, today - 1), -1),
    }
    still, dishonest = cells["abnormal_removed_on"] < 0, cells["dishonest_on"] >= 0
    unreachable = np.array(["无法联系" in reason for reason in cells["abnormal_reason"].tolist()], dtype=bool)
    chunk.tags.add("T11-04", who[still])
    chunk.tags.add("T11-05", who[dishonest])
    for what, mask in (("abnormal", still), ("dishonest", dishonest), ("lost", still & unreachable)):
        chunk.tags.count(what, who[mask])
    yield Rows(source="abnormal", who=who, spot=who, office=subjects.office[who], cells=cells)
