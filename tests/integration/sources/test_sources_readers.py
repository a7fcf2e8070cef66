"""Deliveries as people really make them: every format ends in the same table, and nothing is lost on the way."""

import datetime as dt
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
import xlsxwriter
from python_calamine import load_workbook

from evenhand.engine import Engine
from evenhand.rulebook import shipped_pack
from evenhand.sources import SURVEY_SHEET, Collected, collect, read_catalogue, write_survey
from evenhand.sources.formulas import uncalculated
from evenhand.standards import EXTRACTS, raw_schema

SOURCE = '[[source]]\nname = "s"\nkind = "{}"\ndelivery = 2026-06-30\n'


def _collect(folder: Path, entry: str) -> tuple[Collected, list[dict[str, Any]]]:
    (folder / "sources.toml").write_text(entry, "utf-8")
    catalogue = read_catalogue(folder / "sources.toml")
    with Engine(scratch=folder / "scratch") as engine:
        found = collect(catalogue, out=folder / "out", engine=engine)
    rows = pq.read_table(folder / "out" / f"{catalogue.sources[0].kind}.parquet").to_pylist()
    return found, sorted(rows, key=lambda row: (row["file"], row["row"]))


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    origin = {"record_id", "kind", "source", "delivery", "file", "sheet", "row"}
    return {name: value for name, value in row.items() if name not in origin and value not in {None, ""}}


def test_every_kind_gets_its_table_with_the_declared_columns_even_without_a_source(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称\n甲\n", "utf-8")

    _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    for kind, dataset in EXTRACTS.items():
        assert pq.read_schema(tmp_path / "out" / f"{kind}.parquet") == raw_schema(dataset).to_pyarrow()


def test_an_own_extract_with_other_headers_encoding_and_order_is_mapped_by_the_catalogue(tmp_path: Path) -> None:
    text = "局内台账\r\n\r\n备注;开业时间;店名;照号;注册资金\r\n老店;2019年3月1日;老王面馆;92350102MA2XTE0T4E;5\r\n;;;;\r\n新店;2024/5/6;“小李”;;\r\n"
    (tmp_path / "台账.txt").write_bytes(text.encode("gb18030"))
    mapping = 'files = ["台账*"]\n[source.units]\ncapital = "元"\n[source.codes.registration_status]\n"开" = "存续"\n[source.columns]\n"店名" = "name"\n"照号" = "uscc"\n"开业时间" = "founded_on"\n"注册资金" = "capital"\n'

    found, rows = _collect(tmp_path, SOURCE.format("registration") + mapping)

    assert [_filled(row) for row in rows] == [
        {"uscc": "92350102MA2XTE0T4E", "name": "老王面馆", "founded_on": "2019年3月1日", "capital": "5", "extra": '{"备注":"老店"}'},
        {"name": "“小李”", "founded_on": "2024/5/6", "extra": '{"备注":"新店"}'},
    ]
    assert [row["row"] for row in rows] == [4, 6]
    report = found.files[0]
    assert (report.encoding, report.delimiter, report.header_row, report.rows, report.above, report.blank, report.kept) == (
        "gb18030",
        ";",
        3,
        6,
        3,
        1,
        2,
    )
    assert report.unknown == ("备注",)
    assert read_catalogue(tmp_path / "sources.toml").units == (("s", "capital", "元"),)
    assert read_catalogue(tmp_path / "sources.toml").codes == (("s", "registration_status", "开", "存续"),)


def test_a_few_undecodable_bytes_mark_their_rows_and_keep_the_others(tmp_path: Path) -> None:
    lines = ["名称,信用代码".encode(), *(f"店{n},{n}".encode() for n in range(40)), b"\xe5\xba\x97\xff,41"]
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))

    found, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    assert found.files[0].faults == {"undecodable": 1}
    assert (rows[-1]["name"], rows[-1]["fault"]) == ("店�", "undecodable")


def test_rows_with_faults_are_kept_and_counted(tmp_path: Path) -> None:
    text = '名称,信用代码,注册号,住所,电话\n甲,1\n乙,1,2,3,4,5,6\n"丙,1,2,3,4\n丁,3.50102E+17,,,\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")

    found, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    assert found.files[0].faults == {"short": 1, "long": 1, "quote": 1, "number": 1}
    assert [row["fault"] for row in rows] == ["short", "long", "quote", "number"]
    assert json.loads(rows[1]["extra"]) == {"__surplus": ["5", "6"]}
    assert rows[2]["name"] == '"丙'


def test_a_well_formed_row_over_several_lines_stays_one_row_whatever_its_number_of_cells(tmp_path: Path) -> None:
    text = '名称,信用代码,住所\n甲,"上\n下"\n乙,"上\n下",路,多\n丙,1,路\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")

    _, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    assert [(row["row"], row["name"], row["uscc"], row["fault"]) for row in rows] == [
        (2, "甲", "上\n下", "short"),
        (3, "乙", "上\n下", "long"),
        (4, "丙", "1", ""),
    ]


def test_a_whole_row_is_not_swallowed_by_a_stray_quote_above_it(tmp_path: Path) -> None:
    text = '名称,信用代码,住所\n甲,"上,路\n乙,1,路\n丙,2",路,多\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")

    _, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    assert [(row["name"], row["fault"]) for row in rows] == [("甲", "quote"), ("乙", ""), ("丙", "long")]


def test_identical_rows_are_numbered_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,备注\n" + "甲,x\n" * 3, "utf-8")

    found, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    first = rows[0]["record_id"]
    assert len(first) == 24
    assert [row["record_id"] for row in rows] == [first, f"{first}-2", f"{first}-3"]
    assert found.kinds["registration"] == 3


def test_a_workbook_keeps_dates_whole_numbers_and_row_numbers_as_a_person_sees_them(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("说明").write(0, 0, "本表由系统导出")
        sheet = book.add_worksheet("许可")
        sheet.merge_range(0, 0, 0, 4, "食品经营许可导出")
        sheet.write_row(2, 0, ["许可证编号", "经营者名称", "发证日期", "座位数", "信用代码"])
        sheet.write_row(3, 0, ["JY1", " 甲 "])
        sheet.write_datetime(3, 2, dt.datetime(2020, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(3, 3, [12.0, 350102199001010016.0])
        sheet.write_row(5, 0, ["JY2", "乙"])

    found, rows = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["a.xlsx"]\n')

    assert _filled(rows[0]) | {"uscc": ""} == {
        "licence_no": "JY1",
        "name": " 甲 ",
        "issued_on": "2020-01-02",
        "seats": "12",
        "fault": "number",
        "uscc": "",
    }
    assert [(row["sheet"], row["row"]) for row in rows] == [("许可", 4), ("许可", 6)]
    assert (found.files[0].header_row, found.files[0].blank) == (3, 1)


def test_sheets_with_the_same_header_are_all_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for county in ("鼓楼", "台江"):
            sheet = book.add_worksheet(county)
            sheet.write_row(0, 0, ["名称", "信用代码"])
            sheet.write_row(1, 0, [f"{county}店", "1"])

    found, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.xlsx"]\n')

    assert {row["sheet"] for row in rows} == {"鼓楼", "台江"}
    assert [report.kept for report in found.files] == [1, 1]


SHEETS: dict[str, list[list[str]]] = {
    "说明": [["本表由系统导出"]],
    "鼓楼": [["许可证编号", "经营者名称", "信用代码", "座位数"], ["JY1", "甲", "1", "5"]],
    "台江": [["许可证编号", "经营者名称", "信用代码"], ["JY2", "乙", "1"], ["JY3", "丙", "1"]],
    "仓山": [["许可证号", "经营者名称"], ["JY4", "丁"]],
    "晋安": [["许可证编号", "经营者名称", "信用代码", "座位数"]],
}


def _write_sheets(path: Path, sheets: dict[str, list[list[str]]], *, hidden: str = "") -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            if name == hidden:
                sheet.hide()


def test_every_sheet_with_the_required_columns_is_read_and_the_others_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _write_sheets(tmp_path / "a.xlsx", SHEETS | {"旧": SHEETS["鼓楼"], "代码": [["餐饮"]]}, hidden="旧")

    found, rows = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["a.xlsx"]\n')

    assert sorted(row["licence_no"] for row in rows) == ["JY1", "JY2", "JY3", "JY4"]
    assert [warning.code for warning in found.files[0].warnings] == ["SRC-52", "SRC-51", "SRC-51", "SRC-51"]
    told = "\n".join(found.to_json()["files"][0]["notes"])
    for words in ("“晋安”只有表头", "未读的工作表：说明（1行有内容；没有全部必备列）", "未读的工作表：旧（2行有内容；是隐藏的）"):
        assert words in told
        assert words in caplog.text


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("鼓楼")
        sheet.write_row(0, 0, ["许可证编号", "经营者名称", "信用代码", "座位数"])
        for n in range(1, 4):
            sheet.write_row(n, 0, [f"JY{n}", "甲", "1"])
        sheet.write_blank(1, 4, None, book.add_format({"bold": True}))
        sheet.write_formula(1, 3, "=2+3", None, 5)
        sheet.write_formula(2, 3, "=2+3", None, "NOTHING")
        sheet.write_formula(3, 3, '=""', None, "")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert content.count(b"<v>NOTHING</v>") == 1
                content = (
                    content.replace(b"<v>NOTHING</v>", b"<v></v>")
                    .replace(b'r="D3" t="str"', b'r="D3"')
                    .replace(b'r="D4"', b'r="D4" t="str"')
                )
            new.writestr(entry, content)

    found, rows = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["b.xlsx"]\n')

    assert [row["seats"] for row in rows] == ["5", None, None]
    assert [(warning.code, warning.fields["count"], warning.fields["first"]) for warning in found.files[0].warnings] == [
        ("SRC-54", 1, "D3")
    ]


CELLS: dict[str, tuple[str, tuple[int, str]]] = {
    "a result": ('<row r="2"><c r="B2"><f>A2</f><v>3</v></c></row>', (0, "")),
    "an empty result": ('<row r="2"><c r="B2"><f>A2</f><v/></c></row>', (1, "B2")),
    "an empty text": ("<row r='2'><c r='B2' t='str'><f>A2</f><v></v></c></row>", (0, "")),
    "a result in the cell itself": ('<row r="2"><c r="B2" t="inlineStr"><f>A2</f><is><t>甲</t></is></c></row>', (0, "")),
    "no attributes": ("<row><c><v>1</v></c><c><f>A1</f></c></row>", (1, "B1")),
    "line breaks": ('<row r="2"><c\n r="B2"><f\n t="array">A2</f></c ></row>', (1, "B2")),
    "closed in itself": ('<row r="2"><c r="A2"/><c r="B2"><f t="shared" si="0"/></c></row>', (1, "B2")),
    "two": ('<row r="2"><c r="B2"><f>A2</f></c><c r="C2"><f>A2</f></c></row>', (2, "B2")),
    "only told": ('<row r="2"><c r="B2" t="inlineStr"><is><t><![CDATA[<f>]]></t></is></c></row>', (0, "")),
    "no XML": ('<row r="2"><c r="B2"><f>A2', (0, "")),
}
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
LOOSE = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")


@pytest.mark.parametrize("form", [STRICT, LOOSE])
@pytest.mark.parametrize("case", CELLS)
def test_a_formula_without_result_is_counted_however_it_is_written(tmp_path: Path, form: tuple[str, str], case: str) -> None:
    rows, wanted = CELLS[case]
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        main, ties = form
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{ties}"><sheets><sheet name="A&amp;B" sheetId="1" r:id="R1"/></sheets></workbook>',
        )
        book.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="R1" Target="worksheets/Sheet1.xml"/></Relationships>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>')

    assert uncalculated(tmp_path / "a.xlsx", "A&B") == wanted


def test_a_damaged_archive_is_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")

    assert uncalculated(tmp_path / "a.xlsx", "A") == (0, "")


def test_a_hidden_list_beside_the_only_sheet_is_no_warning(tmp_path: Path) -> None:
    _write_sheets(tmp_path / "a.xlsx", {"鼓楼": SHEETS["鼓楼"], "代码": [["餐饮"], ["销售"]]}, hidden="代码")

    found, _ = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["a.xlsx"]\n')

    assert (found.files[0].warnings, found.files[0].notes) == ((), ("未读的工作表：代码",))


def test_a_cell_merged_over_rows_of_a_workbook_is_said_of_each(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for at, title in enumerate(["许可证编号", "经营者名称"]):
            sheet.merge_range(0, at, 1, at, title)
        sheet.merge_range(0, 2, 0, 3, "有效期")
        sheet.write_row(1, 2, ["有效期起始日期", "有效期至"])
        sheet.merge_range(2, 1, 5, 1, "永辉超市")
        for n in (2, 3, 5):
            sheet.write_row(n, 0, [f"JY{n}"])

    found, rows = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["a.xlsx"]\n')

    assert [(row["row"], row["licence_no"], row["name"]) for row in rows] == [(n + 1, f"JY{n}", "永辉超市") for n in (2, 3, 5)]
    assert (found.files[0].header_row, found.files[0].blank, found.files[0].notes) == (2, 1, ("合并单元格：4格按合并区域的首格填入",))


def test_a_header_repeated_on_the_next_row_is_one_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,信用代码,有效期\n名称,信用代码,止\n甲,1,2\n", "utf-8")

    _, rows = _collect(tmp_path, SOURCE.format("registration") + 'files = ["a.csv"]\n')

    assert [(row["row"], row["name"], row["extra"]) for row in rows] == [(3, "甲", '{"止":"2"}')]


def test_a_web_page_named_xls_with_one_clear_table_is_read(tmp_path: Path) -> None:
    page = '<html><head><meta charset="gb2312"></head><table><tr><td>菜单</table><table><tr><td colspan=2>备案导出<tr><th>备案编号<th>名称<tr><td>YB1<td>甲<br>乙&amp;丙</table></html>'
    (tmp_path / "a.xls").write_bytes(page.encode("gb18030"))

    found, rows = _collect(tmp_path, SOURCE.format("filing") + 'files = ["a.xls"]\n')

    assert _filled(rows[0]) == {"licence_no": "YB1", "name": "甲\n乙&丙"}
    assert (rows[0]["row"], found.files[0].format, found.files[0].encoding_found) == (3, "html", "网页写明")


def test_a_cell_over_several_rows_of_a_web_page_is_said_of_each_and_shifts_none(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>备案编号<th colspan=2>备案人<th rowspan=2>联系电话<tr><th>名称<th>住所"
        "<tr><td>YB1<td rowspan=2>甲店<td>五一路1号<td rowspan=9>13805911234<tr><td>YB2<td>五一路2号<tr><td>YB3<td>乙店<td rowspan=x>五一路3号</table>"
    )
    (tmp_path / "a.xls").write_text(page, "utf-8")

    _, rows = _collect(tmp_path, SOURCE.format("filing") + 'files = ["a.xls"]\n')

    assert [(row["licence_no"], row["name"], row["phone"]) for row in rows] == [
        ("YB1", "甲店", "13805911234"),
        ("YB2", "甲店", "13805911234"),
        ("YB3", "乙店", "13805911234"),
    ]
    assert {row["fault"] for row in rows} == {""}


def test_tabbed_text_named_xls_is_read_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("登记证编号\t名称\t类别\n1\t甲\t小餐饮\n", "utf-16")

    found, rows = _collect(tmp_path, SOURCE.format("small_registration") + 'files = ["a.xls"]\n')

    assert rows[0]["small_kind"] == "小餐饮"
    assert (found.files[0].delimiter, found.files[0].notes) == ("\t", ("文件名为 Excel，内容是分隔文本",))


def test_parquet_values_become_the_text_a_person_reads(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"sample_no": [1, 2], "name": ["甲", None], "result": ["合格", ""], "sampled_on": [dt.date(2026, 1, 5), None]}),
        tmp_path / "a.parquet",
    )

    _, rows = _collect(tmp_path, SOURCE.format("sampling") + 'files = ["a.parquet"]\n')

    assert [_filled(row) for row in rows] == [
        {"sample_no": "1", "name": "甲", "result": "合格", "sampled_on": "2026-01-05"},
        {"sample_no": "2"},
    ]
    assert [row["row"] for row in rows] == [1, 2]


def _fill_database(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table penalties (文号 varchar(40), 当事人 varchar(100), 罚款 numeric(12,2), 日期 date)"))
        connection.execute(
            sa.text("insert into penalties values ('闽市监罚〔2026〕1号', '甲店', 5000.50, '2026-01-05'), ('2号', '乙店', null, null)")
        )
    engine.dispose()


MAPPING = 'units = {fine = "元"}\ncolumns = {"文号" = "penalty_no", "当事人" = "name", "罚款" = "fine", "日期" = "decided_on"}\n'


def _check_penalties(folder: Path, where: str) -> Collected:
    found, rows = _collect(folder, SOURCE.format("penalty") + where + MAPPING)
    assert [_filled(row) for row in rows] == [
        {"penalty_no": "闽市监罚〔2026〕1号", "name": "甲店", "fine": rows[0]["fine"], "decided_on": "2026-01-05"},
        {"penalty_no": "2号", "name": "乙店"},
    ]
    assert float(rows[0]["fine"]) == 5000.5
    return found


def test_a_sqlite_table_and_a_query_give_the_same_rows(tmp_path: Path) -> None:
    _fill_database(f"sqlite:///{tmp_path / 'x.db'}")

    table = _check_penalties(tmp_path, 'url = "sqlite:///x.db"\ntable = "penalties"\n')
    query = _check_penalties(tmp_path, 'url = "sqlite:///x.db"\nquery = "select * from penalties"\n')

    assert table.files[0].sha256 == query.files[0].sha256
    assert table.files[0].notes == ("sqlite:///x.db",)


def test_a_database_is_only_read(tmp_path: Path) -> None:
    _fill_database(f"sqlite:///{tmp_path / 'x.db'}")

    with pytest.raises(Exception, match="SRC-43"):
        _collect(tmp_path, SOURCE.format("penalty") + 'url = "sqlite:///x.db"\nquery = "delete from penalties"\n')

    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("select count(*) from penalties").fetchone() == (2,)


@pytest.mark.postgres
def test_a_postgresql_table_is_streamed_through_its_driver(tmp_path: Path, postgres_url: str) -> None:
    _fill_database(postgres_url.replace("postgresql://", "postgresql+psycopg://"))

    found = _check_penalties(tmp_path, f'url = "{postgres_url}"\ntable = "public.penalties"\n')

    assert found.files[0].format == "database"


def test_a_survey_workbook_comes_back_as_a_source(tmp_path: Path) -> None:
    filled = [
        {
            "licence_no": "JY13501020000001",
            "name": "甲店",
            "uscc": "91350102MA2XTE0T4E",
            "form": "餐饮服务经营者",
            "issued_on": "2024-01-05",
        },
        {"licence_no": "JY2", "name": "乙店"},
    ]

    written = write_survey(
        tmp_path / "问卷.xlsx", dataset="operation_licence", office="鼓楼区市场监督管理局", pack=shipped_pack(), rows=filled
    )
    _, rows = _collect(tmp_path, SOURCE.format("operation_licence") + 'files = ["问卷.xlsx"]\n')

    assert written == 2
    assert [_filled(row) for row in rows] == filled
    assert [(row["sheet"], row["row"]) for row in rows] == [(SURVEY_SHEET, 4), (SURVEY_SHEET, 5)]


def test_a_survey_workbook_offers_the_code_list_and_repeats_its_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_survey(tmp_path / name, dataset="operation_licence", office="鼓楼区市场监督管理局", pack=shipped_pack())

    lists = load_workbook(tmp_path / "a.xlsx").get_sheet_by_name("代码").to_python(skip_empty_area=False)
    assert "餐饮服务经营者" in {cell for row in lists for cell in row}
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_survey_for_an_unknown_data_set_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"SRC-50 .*最接近的是“filing”"):
        write_survey(tmp_path / "a.xlsx", dataset="filling", office="x", pack=shipped_pack())
