"""A museum of broken deliveries: one exhibit per way a file or a catalogue can be wrong, and the words of its refusal."""

import sqlite3
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.sources import Collected, collect, read_catalogue

GOOD = "名称,信用代码\n甲店,1\n"
SOURCE = '[[source]]\nname = "登记"\nkind = "registration"\ndelivery = 2026-06-30\n'
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _collect(folder: Path, entry: str) -> Collected:
    (folder / "sources.toml").write_text(entry, "utf-8")
    with Engine(scratch=folder / "scratch") as engine:
        return collect(read_catalogue(folder / "sources.toml"), out=folder / "out", engine=engine)


def _refusal(folder: Path, entry: str) -> str:
    with pytest.raises(BadInput) as refused:
        _collect(folder, entry)
    assert all(problem.en for problem in refused.value.problems)
    return str(refused.value)


def _write_workbook(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("登记")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)


EXHIBITS = [
    ("empty.csv", b"", ["SRC-22", "empty.csv：文件是空的", "请重新导出"]),
    ("blank.csv", b"\n\n\n", ["SRC-22"]),
    ("no_header.csv", b"1,2\n3,4\n", ["SRC-24", "没有一行像市场主体登记的表头", "1、2", "header_row"]),
    ("no_name.csv", "企业名,信用代码\n甲,1\n".encode(), ["SRC-25", "第1行表头缺少“主体名称”", "最接近的列是“企业名”", '"企业名" = "name"']),
    ("twice.csv", "名称,信用代码,名称\n甲,1,乙\n".encode(), ["SRC-26", "“名称”出现2次"]),
    ("header_only.csv", "名称,信用代码\n".encode(), ["SRC-34", "没有任何数据行"]),
    (
        "two_headers.csv",
        "名称,信用代码,甲\n甲,1,x\n名称,信用代码,住所\n乙,2,y\n".encode(),
        ["SRC-38", "第1行和第3行都像表头", "丢掉两行之间的1行数据", "header_row"],
    ),
    ("noise.csv", "名称,信用代码\n".encode() + b"\xff\xff\xfe\xff,1\n" * 9, ["SRC-28", "识别不出编码", "首处在第2行"]),
    ("letter.docx", b"anything", ["SRC-29", ".docx", "可读的有：CSV"]),
    ("binary.xls", b"\x01\x02\x00\x03" * 99, ["SRC-31", "既不是文本也不是工作簿"]),
    ("cut.xlsx", b"PK\x03\x04" + b"\x00" * 200, ["SRC-31", "压缩结构不完整", "请重新导出"]),
    ("old.xls", CFB + b"\x00" * 600, ["SRC-31", "已损坏"]),
    ("locked.xlsx", CFB + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), ["SRC-30", "打开密码", "另存"]),
    ("page.xls", "<html><table><tr><td>菜单</td></tr></table></html>".encode(), ["SRC-35", "有0个像市场主体登记的表格", "另存为 XLSX"]),
    ("two.xls", ("<table><tr><td>名称<td>信用代码<tr><td>甲<td>1</table>" * 2).encode(), ["SRC-35", "有2个"]),
    ("broken.parquet", b"PAR1" + b"\x00" * 99, ["SRC-31"]),
]


@pytest.mark.parametrize(("name", "content", "words"), EXHIBITS, ids=[exhibit[0] for exhibit in EXHIBITS])
def test_a_broken_file_is_refused_with_place_and_remedy(tmp_path: Path, name: str, content: bytes, words: list[str]) -> None:
    (tmp_path / name).write_bytes(content)

    told = _refusal(tmp_path, SOURCE + f'files = ["{name}"]\n')

    assert all(word in told for word in [name, *words]), told


def test_a_missing_file_and_a_folder_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()

    told = _refusal(tmp_path, SOURCE + 'files = ["没有.csv", "夹"]\n')

    assert "没有.csv：文件不存在" in told
    assert "夹：是文件夹而不是文件" in told


def test_a_stated_encoding_that_does_not_fit_is_refused_with_line_and_byte(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("名称,信用代码\n甲,1\n".encode() + "乙店,2\n".encode("gb18030"))

    told = _refusal(tmp_path, SOURCE + 'files = ["a.csv"]\nencoding = "utf-8"\n')

    assert "SRC-27" in told
    assert "第3行（第26字节起）" in told


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(80):
            sheet.write(b" " * (1 << 20))

    told = _refusal(tmp_path, SOURCE + 'files = ["bomb.xlsx"]\n')

    assert "SRC-32" in told
    assert "没有打开" in told


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")

    assert "SRC-29" in _refusal(tmp_path, SOURCE + 'files = ["a.xlsx"]\n')


def test_a_wrong_sheet_name_is_refused_with_the_sheets_there_are(tmp_path: Path) -> None:
    _write_workbook(tmp_path / "a.xlsx", [["名称"], ["甲"]])

    told = _refusal(tmp_path, SOURCE + 'files = ["a.xlsx"]\nsheet = "企业"\n')

    assert "没有工作表“企业”。有的工作表：登记" in told


def test_a_header_row_beyond_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, "utf-8")

    assert "header_row = 9，但文件只有2行" in _refusal(tmp_path, SOURCE + 'files = ["a.csv"]\nheader_row = 9\n')


def test_a_mapped_column_that_no_file_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, "utf-8")

    told = _refusal(tmp_path, SOURCE + 'files = ["a.csv"]\n[source.columns]\n"名称" = "name"\n"信用代号" = "uscc"\n')

    assert "“信用代号”在它的任何文件里都没有；最接近的列是“信用代码”" in told


def test_all_refused_files_of_all_sources_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_text("x,y\n1,2\n", "utf-8")

    told = _refusal(tmp_path, SOURCE + 'files = ["a.csv", "b.csv"]\n' + SOURCE.replace("登记", "二") + 'files = ["c.csv"]\n')

    assert [line.split()[0] for line in told.splitlines()] == ["SRC-22", "SRC-24", "SRC-20"]


DATABASES = [
    ('url = "sqlite:///无.db"\ntable = "t"\n', ["SRC-41", "连不上数据库 sqlite:///无.db", "文件不存在"]),
    ('url = "sqlite:///x.db"\ntable = "企业名录"\n', ["SRC-42", "没有表“企业名录”；最接近的是“企业”"]),
    ('url = "sqlite:///x.db"\nquery = "selec 1"\n', ["SRC-43", "查询没有成功"]),
    ('url = "不是地址"\ntable = "t"\n', ["SRC-44", "sqlite:///"]),
    ('url = "postgresql://u:p@h:abc/x"\ntable = "t"\n', ["SRC-44"]),
    ('url = "oracle://u:p@h/x"\ntable = "t"\n', ["SRC-44"]),
    ('url = "mssql+nothing://u:p@h/x"\ntable = "t"\n', ["SRC-44"]),
    ('url = "mysql+mysqldb://u:p@h/x"\ntable = "t"\n', ["SRC-40", "mysql+mysqldb", "mysql+pymysql://"]),
    ('url = "postgresql+psycopg://u:geheim@127.0.0.1:1/x"\ntable = "t"\n', ["SRC-41", "u:***@127.0.0.1"]),
]


@pytest.mark.parametrize(("entry", "words"), DATABASES, ids=[str(n) for n in range(len(DATABASES))])
def test_a_database_that_cannot_be_read_is_refused_with_the_remedy(tmp_path: Path, entry: str, words: list[str]) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table 企业 (名称 text)")

    told = _refusal(tmp_path, SOURCE + entry)

    assert all(word in told for word in words), told
    assert "geheim" not in told


CATALOGUES = [
    ("", ["SRC-14"]),
    ("[[source]\n", ["SRC-02", "不是合格的 TOML"]),
    ('[[source]]\nname = "a"\nfiles = ["a.csv"]\n', ["SRC-04", "缺少“kind”", "缺少“delivery”"]),
    (SOURCE + 'files = ["a.csv"]\nfile = 1\n', ["SRC-03", "不认识的键“file”；最接近的是“files”"]),
    (SOURCE.replace("registration", "registation") + 'files = ["a.csv"]\n', ["SRC-06", "最接近的是“registration”"]),
    (SOURCE + 'files = ["a.csv"]\n[source.columns]\n"名称" = "nam"\n', ["SRC-07", "最接近的是“name”", "SRC-08", "没有对应必备字段 name"]),
    (SOURCE + 'files = ["a.csv"]\n[source.columns]\n"名称" = "name"\n"企业" = "name"\n', ["SRC-09", "“名称”“企业”"]),
    (SOURCE + 'files = ["登记/*.csv"]\n', ["SRC-10", "“登记/*.csv”没有匹配到任何文件"]),
    (SOURCE + 'files = ["a.csv"]\n' + SOURCE + 'files = ["a.csv"]\n', ["SRC-11", "来源名“登记”重复"]),
    (SOURCE, ["SRC-12"]),
    (SOURCE + 'files = ["a.csv"]\nurl = "sqlite:///x.db"\n', ["SRC-12"]),
    (SOURCE.replace("2026-06-30", '"2026-02-30"') + 'files = ["a.csv"]\n', ["SRC-05", "delivery", "2026-06-30"]),
    (SOURCE + 'files = ["a.csv"]\nencoding = "gb99"\n', ["SRC-05", "gb18030"]),
    (SOURCE + 'files = ["a.csv"]\ndelimiter = "::"\n', ["SRC-05", "一个字符"]),
    (SOURCE + 'files = ["a.csv"]\nheader_row = 0\n', ["SRC-05", "从 1 起"]),
    (SOURCE + 'files = "a.csv"\n', ["SRC-05", "列表"]),
    (SOURCE + 'files = ["a.csv"]\n[source.units]\ncapitol = "元"\n', ["SRC-07", "最接近的是“capital”"]),
    (SOURCE + 'files = ["a.csv"]\n[source.codes.subject_type]\n"企业" = 1\n', ["SRC-05", "加引号的代码"]),
    (
        SOURCE + 'files = ["a.csv"]\n[source.codes.subject_type]\n"企业" = "99"\n',
        ["SRC-05", "codes.subject_type.企业", "“99”", "代码表中的代码"],
    ),
    (SOURCE + 'files = ["a.csv"]\n[source.codes.name]\n"甲" = "1"\n', ["SRC-05", "codes.name", "写在这些字段上：", "subject_type"]),
    (SOURCE + 'files = ["a.csv"]\n[source.units]\ncapital = "坪"\n', ["SRC-05", "units.capital", "“坪”", "下列单位之一：元", "万元"]),
    (SOURCE + 'files = ["a.csv"]\n[source.units]\nname = "元"\n', ["SRC-05", "units.name", "写在这些字段上：capital"]),
    (SOURCE + 'files = ["a.csv"]\nencoding = "undefined"\n', ["SRC-05", "gb18030"]),
    (SOURCE + 'url = "postgresql://u:${EVENHAND_NO_SUCH}@h/x"\ntable = "t"\n', ["SRC-13", "EVENHAND_NO_SUCH"]),
    ("rule = 1\n" + SOURCE + 'files = ["a.csv"]\n', ["SRC-03", "顶层"]),
]


@pytest.mark.parametrize(("text", "words"), CATALOGUES, ids=[str(n) for n in range(len(CATALOGUES))])
def test_a_wrong_catalogue_is_refused_with_what_is_allowed(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "a.csv").write_text(GOOD, "utf-8")

    told = _refusal(tmp_path, text)

    assert all(word in told for word in ["sources.toml", *words]), told


def test_all_faults_of_a_catalogue_are_told_at_once(tmp_path: Path) -> None:
    told = _refusal(
        tmp_path,
        '[[source]]\nname = "a"\nkind = "x"\nfile = 1\ndelivery = "heute"\n[[source]]\nname = "a"\ndelivery = 2026-06-30\nkind = "filing"\nfiles = ["*.csv"]\n',
    )

    assert {line.split()[0] for line in told.splitlines()} == {"SRC-03", "SRC-05", "SRC-06", "SRC-10", "SRC-11", "SRC-12"}


def test_a_missing_catalogue_is_one_refusal(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"SRC-01 .*找不到来源清单"):
        read_catalogue(tmp_path / "sources.toml")
