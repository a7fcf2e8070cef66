"""A small release written by hand: 63 subjects in three counties, one of them with rows of four sources that disagree."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.identifiers import uscc
from evenhand.publish import build_serving, point_to
from evenhand.rulebook import shipped_pack
from evenhand.standards import EXTRACTS, TABLES, standard_schema

__all__ = [
    "ACROSS",
    "AREAS",
    "DOUBT",
    "MENDED",
    "MISTYPED",
    "NAME",
    "OTHER_STATION",
    "PHONE",
    "RULE",
    "STATION",
    "SUBJECT",
    "UNCODED",
    "make_release",
]

NAME = "2026-06-30-0123456789ab"
STATION = "福州市鼓楼区市场监督管理局东街市场监督管理所"
OTHER_STATION = "福州市鼓楼区市场监督管理局南街市场监督管理所"
SUBJECT, PHONE, PERSON, RULE = "S-GULOU-0000", "13805911234", "张小明", "Q-USCC-01"
AREAS = {
    "350102": ("350100", "鼓楼", STATION),
    "350103": ("350100", "台江", "福州市台江区市场监督管理局洋中市场监督管理所"),
    "350203": ("350200", "思明", "厦门市思明区市场监督管理局中华市场监督管理所"),
}
UNCODED = "S-GULOU-0002"  # a natural person without a code, perhaps the same as SUBJECT
DOUBT, ACROSS, MISTYPED = (
    f"{n:024x}" for n in (0xD1, 0xD2, 0xD3)
)  # records: of a doubtful pair, of a pair across two cities, with a wrong code
MENDED = "91350102MA2XTE0T4E"
_WORDS = ("味鲜美", "老福州", "榕城", "闽都", "阿婆", "千里香", "沙县", "同安", "海蛎", "满堂红", "四季", "顺发")
LINKS = {"L-USCC": "代码一致（本发布版的说法）"}
_DAY, _EARLIER = date(2026, 6, 1), date(2024, 3, 5)
PLACE = "福建省福州市鼓楼区东街83号"


def _write(folder: Path, name: str, schema: ibis.Schema, rows: Sequence[Mapping[str, Any]]) -> None:
    arrow = schema.to_pyarrow()
    columns = {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in arrow}
    pq.write_table(pa.table(columns, schema=arrow), folder / f"{name}.parquet")


def _code(n: int, county: str) -> str:
    return uscc.build(department="9", category="2", division=county, body=f"MA{n:06d}")


def _subjects() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "subject_id": f"S-{short}-{n:04d}".replace("鼓楼", "GULOU"), "uscc": _code(n, county), "uscc_state": "valid", "name": f"{short}区{_WORDS[n % 12]}{n}号小吃店",
            "subject_type": "个体工商户", "legal_person": "李四", "place": f"{short}区五一路{n}号", "city_code": city, "county_code": county, "office": office,
            "status": "存续" if n % 5 else "注销", "forms": "餐饮服务" if n % 2 else "食品销售", "licence_count": 1, "site_count": 1, "record_count": 2, "source_count": 2,
            "finding_count": 0, "first_seen": _EARLIER, "last_seen": _DAY,
        }
        for county, (city, short, office) in AREAS.items()
        for n in range(21)
    ]  # fmt: skip
    found[0] |= {
        "uscc": _code(0, "350102"), "name": "福州市鼓楼区味鲜美餐饮管理有限公司", "former_names": "福州味鲜美小吃店", "legal_person": PERSON, "phone": PHONE, "place": PLACE, "residence": PLACE,
        "capital": Decimal("50.00"), "founded_on": _EARLIER, "licence_count": 1, "record_count": 4, "source_count": 4, "finding_count": 1, "status": "存续", "forms": "餐饮服务",
    }  # fmt: skip
    found[1] |= {"uscc": "91350102MA2XTEOT4E", "uscc_state": "wrong", "finding_count": 1}
    found[2] |= {"uscc": None, "uscc_state": "empty", "name": "林依妹", "legal_person": "林依妹", "place": "鼓楼区津泰路12号之3"}
    return found


_ROWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # kind, source, raw values of the row; the standard value follows where it differs
    (
        "registration",
        "登记库",
        {
            "uscc": ("9135-0102", None),
            "name": "福州市鼓楼区味鲜美餐饮管理有限公司",
            "legal_person": PERSON,
            "phone": ("138 0591 1234", PHONE),
            "residence": PLACE,
        },
    ),
    (
        "operation_licence",
        "经营许可",
        {
            "name": "福州市鼓楼区味鲜美餐饮管理有限公司",
            "legal_person": PERSON,
            "place": PLACE,
            "licence_no": "JY23501020000017",
            "office": STATION,
        },
    ),
    ("inspection", "日常检查", {"inspection_no": "RC-1", "name": "福州味鲜美小吃店", "place": "鼓楼区东街八十三号", "verdict": "符合"}),
    ("complaint", "投诉举报", {"complaint_no": "TS-1", "name": "味鲜美", "phone": "13900001111", "matter": "顾客13900001111反映菜品不熟"}),
)


_DOUBTS = (
    # record, kind, subject, values
    (DOUBT, "complaint", UNCODED, {"complaint_no": "TS-2", "name": "味鲜美", "phone": PHONE}),
    (ACROSS, "special_food", "S-GULOU-0003", {"name": "鼓楼区闽都3号小吃店"}),
    (MISTYPED, "registration", "S-GULOU-0001", {"uscc": "91350102MA2XTEOT4E", "name": "鼓楼区老福州1号小吃店", "legal_person": "王二丫"}),
)
_AGENCIES = (("350102001", STATION), ("350102002", OTHER_STATION), ("350103001", AREAS["350103"][2]), ("350203001", AREAS["350203"][2]))


def _extracts() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in EXTRACTS}
    for n, (kind, source, values) in enumerate(_ROWS):
        pairs = {field: value if isinstance(value, tuple) else (value, value) for field, value in values.items()}
        head = {
            "record_id": f"R{n}",
            "kind": kind,
            "source": source,
            "delivery": _DAY,
            "file": f"{kind}.csv",
            "sheet": None,
            "row": n + 2,
            "fault": "",
            "extra": None,
        }
        found[kind].append(
            head | {f"{field}_raw": raw for field, (raw, _) in pairs.items()} | {field: value for field, (_, value) in pairs.items()}
        )
    head = {"source": "补充", "delivery": _DAY, "sheet": None, "row": 2, "fault": "", "extra": None}
    for record, kind, _, plain in _DOUBTS:
        told = plain | {f"{field}_raw": value for field, value in plain.items()}
        found[kind].append(head | {"record_id": record, "kind": kind, "file": f"{kind}2.csv"} | told)
    for code, agency in _AGENCIES:
        found["agency"].append(
            head | {"record_id": f"A{code}", "kind": "agency", "file": "agency.csv", "agency_code": code, "agency": agency}
        )
    return found


def _reach(subjects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict.fromkeys(TABLES["reach"].names, 0) | {"subject_id": row["subject_id"], "licences": 1, "price": 40 if row["subject_id"] == SUBJECT else 4} for row in subjects]  # fmt: skip


def _tables() -> dict[str, list[dict[str, Any]]]:
    subjects = _subjects()
    records = [
        {
            "record_id": f"R{n}",
            "kind": kind,
            "source": source,
            "observed_on": _DAY,
            "county_code": "350102",
            "office": STATION,
            "file": f"{kind}.csv",
            "sheet": "表一",
            "row": n + 2,
        }
        for n, (kind, source, _) in enumerate(_ROWS)
    ]
    records += [{"record_id": record, "kind": kind, "source": "补充", "observed_on": _DAY} for record, kind, *_ in _DOUBTS]
    history = {"subject_id": SUBJECT, "record_count": 1, "source_count": 1, "first_seen": _EARLIER, "last_seen": _DAY}
    return {
        "record": records,
        "subject": subjects,
        "licence": [{"licence_no": "JY23501020000017", "licence_kind": "JY", "subject_id": SUBJECT, "form": "餐饮服务", "valid_from": _EARLIER, "valid_to": date(2029, 3, 4), "status": "有效", "status_reason": "在有效期内", "place": PLACE}],
        "site": [{"site_id": "T1", "subject_id": SUBJECT, "place": PLACE, "county_code": "350102", "office": STATION, "is_main": True, "record_count": 3, "first_seen": _EARLIER, "last_seen": _DAY}],
        "membership": [{"record_id": f"R{n}", "subject_id": SUBJECT, "rule": "L-USCC", "score": 1.0, "evidence": f"代码相同；负责人{PERSON}相同"} for n in range(len(_ROWS))]
        + [{"record_id": record, "subject_id": subject, "rule": "L-USCC", "score": 1.0, "evidence": "x"} for record, _, subject, _ in _DOUBTS],
        "reach": _reach(subjects),
        "price": [dict.fromkeys(TABLES["price"].names, 0) | {"item": "finding", "rule": RULE, "county_code": "350102", "office": STATION, "subjects": 1, "licences": 1, "price": 40}],
        "finding": [
            {"rule": RULE, "record_id": "R0", "kind": "registration", "source": "登记库", "office": STATION, "field": "phone", "outcome": "fail", "severity": "error", "value": PHONE, "proposal": None, "reason": f"号码{PHONE}有空格"},
        ],
        "check_count": [
            {"rule": "Q-X-01", "dimension": "准确性", "kind": "registration", "source": "登记库", "office": STATION, "passed": 0, "failed": 0, "unknown": 5, "skipped": 7},
            {"rule": "Q-X-02", "dimension": "准确性", "kind": "registration", "source": "登记库", "office": STATION, "passed": 0, "failed": 0, "unknown": 5, "skipped": 7},
            {"rule": RULE, "dimension": "规范性", "kind": "registration", "source": "登记库", "office": STATION, "passed": 97, "failed": 3, "unknown": 0, "skipped": 7},
            {"rule": "Q-NAME-01", "dimension": "完整性", "kind": "registration", "source": "登记库", "office": AREAS["350203"][2], "passed": 100, "failed": 0, "unknown": 4, "skipped": 7},
        ],
        "conflict": [
            {"rule": "LK-C1", "left_id": "S-GULOU-0003", "right_id": "S-思明-0003", "record_id": ACROSS, "evidence": "一个号码出现在两个有效代码之下"},
            {"rule": "LK-C4", "left_id": UNCODED, "right_id": SUBJECT, "record_id": DOUBT, "evidence": f"逐项相似：电话{PHONE}相同", "judged": "2026-05-01 陈静：那时电话不同"},
        ],
        "repair": [
            {"record_id": MISTYPED, "field": "uscc", "before": "91350102MA2XTEOT4E", "after": MENDED, "rank": 1, "rule": "RP-01", "title": "易混字符", "confidence": 0.98, "evidence": "第 15 位 O 改为 0；负责人王二丫一致", "state": "review"},
        ],
        "link_weight": [
            {"record_id": "R3", "code": _code(0, "350102"), "state": "自动归入", "total": 14.2, "part_order": 0, "part": "名称", "outcome": "同音", "weight": 9.9},
            {"record_id": "R3", "code": _code(0, "350102"), "state": "自动归入", "total": 14.2, "part_order": 1, "part": "电话", "outcome": "不同", "weight": -3.5},
        ]
        + [
            {"record_id": DOUBT, "code": _code(0, "350102"), "state": "待复核", "total": 2.5, "part_order": n, "part": part, "outcome": "相同", "weight": weight}
            for n, (part, weight) in enumerate((("名称", 10.5), ("电话", 12.0)))
        ],
        "trait": [{"subject_id": SUBJECT, "tags": " T01-04 T04-05 T04-06 ", "subject_type": "企业", "founded": date(2020, 1, 6), "room_area": Decimal(180), "co_located": Decimal(1), "related_bad": Decimal(0), "moves": Decimal(0)}],
        "ground": [
            {"subject_id": SUBJECT, "kind": "inspection", "number": "RC2026-1", "day": date(2026, 5, 6), "known_on": _DAY, "outcome": "不符合", "total": 30, "failed": 4, "key_failed": 1, "record_id": "R9"},
            {"subject_id": SUBJECT, "kind": "credit", "number": "R8", "day": date(2026, 4, 1), "known_on": _DAY, "outcome": "B", "record_id": "R8"},
        ],
        "grade": [
            {"subject_id": row["subject_id"], "model": "catering", "scheme": "FJ-DEFAULT", "begins_on": date(2026, 5, 6), "known_from": date(2026, 6, 30), "grade": "B" if row["subject_id"] == SUBJECT else "A", "due": "A", "held": False, "base": "A", "lift": 0, "triggers": "", "score": Decimal(20), "low": Decimal(20), "high": Decimal(20), "best": "A", "worst": "A", "known_percent": 100, "visits_two_years": 2, "reason": "得分 20.0，A 级"}
            for row in _subjects()
        ],
        "jurisdiction": [
            {"subject_id": SUBJECT, "site_id": "T1", "is_main": True, "county_code": "350102", "stated": STATION, "office": OTHER_STATION, "rival": STATION, "state": "存疑", "confidence": 0.55, "reason": "来源写的是东街所；经营场所在南街街道，属该机构", "due_on": date(2026, 7, 14), "vote_count": 2},
        ],
        "jurisdiction_vote": [
            {"subject_id": SUBJECT, "site_id": "T1", "voter": "town", "office": OTHER_STATION, "weight": 5.0, "evidence": "在南街街道", "record_count": 0},
            {"subject_id": SUBJECT, "site_id": "T1", "voter": "operation_licence", "office": STATION, "weight": 3.0, "evidence": "1 条，最近 2026-06-01", "record_count": 1},
        ],
        "history": [
            history | {"field": "name", "value": "福州市鼓楼区味鲜美餐饮管理有限公司", "chosen": True, "rule": "G-SOURCE", "reason": "登记机关的名称优先于其他来源", "record_count": 2, "source_count": 2, "record_id": "R0"},
            history | {"field": "name", "value": "福州味鲜美小吃店", "chosen": False, "record_id": "R2"},
            history | {"field": "phone", "value": PHONE, "chosen": True, "rule": "G-RECENT", "reason": f"最近一次登记的电话{PHONE}", "record_id": "R0"},
            history | {"field": "phone", "value": "13900001111", "chosen": False, "record_id": "R3"},
        ],
    }  # fmt: skip


def make_release(releases: Path, more: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> Path:
    """Write the release into a folder of releases, build its serving file, point CURRENT to it; return its folder. `more`: further rows of tables."""
    folder = releases / NAME
    folder.mkdir(parents=True)
    for name, rows in _extracts().items():
        _write(folder, name, standard_schema(EXTRACTS[name]), rows)
    tables = _tables()
    for name, table in TABLES.items():
        _write(folder, name, table.schema, [*tables.get(name, []), *(more or {}).get(name, [])])
    sources = [{"source": source, "title": source, "kind": kind, "rows": 1, "delivery": "2026-06-01"} for kind, source, _ in _ROWS]
    rules = [
        {"rule": RULE, "title": "联系电话格式不规范", "dimension": "规范性", "remedy": "向主体核实后改正。"},
        {"rule": "Q-NAME-01", "title": "主体名称为空", "dimension": "完整性", "remedy": "补录。"},
    ]
    manifest = {
        "release": NAME,
        "asof": "2026-06-30",
        "practice": True,
        "sources": sources,
        "quality": {"weights": {"规范性": 20, "完整性": 30, "准确性": 50}},
        "quality_rules": rules,
        "link_rules": LINKS,
        "repair_rules": {"RP-01": "易混字符换回"},
        "grounds_since": dict.fromkeys(
            ("inspection", "credit", "sampling", "penalty", "complaint", "dishonest", "abnormal", "accident", "refusal"), "2024-01-01"
        ),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    build_serving(folder, shipped_pack())
    point_to(releases, NAME)
    return folder
