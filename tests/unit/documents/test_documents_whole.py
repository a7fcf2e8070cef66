"""What is printed is what runs: every rule of the pack stands in a document, and each handbook holds its whole model."""

import re
from pathlib import Path

import pytest

from evenhand.documents import handbooks_of, print_handbooks
from evenhand.documents.fonts import find_faces
from evenhand.documents.model import Document
from evenhand.documents.numbering import texts
from evenhand.documents.scripts import documents_of
from evenhand.documents.wording import Matter
from evenhand.errors import NotDone
from evenhand.grade import read_cases, shipped_rules
from evenhand.link import read_link_rules
from evenhand.repair import read_repair_rules
from evenhand.rulebook import shipped_pack
from evenhand.tag import read_tag_rules
from evenhand.validate import read_rules

PACK, RULES = shipped_pack(), shipped_rules()


def said(document: Document) -> str:
    return "\n".join(texts(document))


@pytest.fixture(scope="module")
def standards() -> str:
    """All words of the data standards."""
    return "\n".join(said(document) for document in documents_of(Matter(PACK)))


@pytest.fixture(scope="module")
def handbooks() -> dict[str, str]:
    """All words of each handbook, by the English name of its model."""
    return {document.cover.english.split()[-1]: said(document) for document in handbooks_of(PACK)}


def test_every_rule_of_the_pack_stands_in_a_document(standards: str, handbooks: dict[str, str]) -> None:
    ids = {rule.id for rule in read_rules(PACK)} | set(read_link_rules(PACK).titles) | set(read_repair_rules(PACK).titles)
    ids |= {rule.id for family in read_tag_rules(PACK).families for rule in family.rules()}
    ids |= {t.id for scheme in RULES.schemes.values() for t in scheme.triggers} | {one.id for one in RULES.common.values()}

    printed = "\n".join((standards, *handbooks.values()))
    assert len(ids) > 300
    assert sorted(one for one in ids if one not in printed) == []


@pytest.mark.parametrize("name", RULES.models)
def test_a_handbook_holds_every_indicator_trigger_and_case_of_its_model(handbooks: dict[str, str], name: str) -> None:
    scheme = RULES.schemes[RULES.choice[name][max(RULES.choice[name])]]
    ids = [one.id for one in RULES.indicators(name, scheme)] + [t.id for t in scheme.triggers]
    ids += [case.id for cases in read_cases(PACK).values() for case in cases if case.model == name]

    assert [one for one in ids if one not in handbooks[name]] == []


def test_what_is_not_settled_law_is_marked(handbooks: dict[str, str]) -> None:
    rows = [line for line in handbooks["catering"].splitlines() if "动态风险换算办法" in line]

    assert rows
    assert all("【待主管部门确认】" in row for row in rows)


def test_the_handbook_of_producers_prints_the_whole_table_of_classes(handbooks: dict[str, str]) -> None:
    codes = [row["code"] for row in PACK.codes("food_producer_static_risk")]

    assert len(codes) == 101
    assert [code for code in codes if not re.search(rf"^{code}$", handbooks["production"], re.MULTILINE)] == []


def _has_fonts() -> bool:
    try:
        find_faces(None)
    except NotDone:
        return False
    return True


@pytest.mark.skipif(not _has_fonts(), reason="没有中文字体（apt install fonts-noto-cjk），不印文件。")
def test_handbooks_are_written_as_word_and_pdf_and_repeat_byte_by_byte(tmp_path: Path) -> None:
    once, again = (print_handbooks(tmp_path / name, pack=PACK) for name in ("一", "二"))

    assert {file.path.suffix for file in once} == {".docx", ".pdf"}
    assert len(once) == 2 * len(RULES.models)
    assert [file.sha256 for file in once] == [file.sha256 for file in again]
