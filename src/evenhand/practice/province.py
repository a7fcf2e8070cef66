"""The whole practice province: chunk by chunk, source by source, file by file, with the truth beside it."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol, TextIO

import numpy as np

from evenhand.practice.delivering import Deliveries, catalogue_toml
from evenhand.practice.factors import factor_rows
from evenhand.practice.faults import Faults, Tally, plant
from evenhand.practice.filing import filing_rows, small_rows
from evenhand.practice.geography import Geography
from evenhand.practice.incidents import incident_rows
from evenhand.practice.inspecting import inspection_rows
from evenhand.practice.layout import Layout, read_layouts
from evenhand.practice.licensing import operation_rows
from evenhand.practice.lines import SUBJECT_HEADER, broken, subject_lines
from evenhand.practice.producing import production_rows
from evenhand.practice.registering import credit_rows, registration_rows
from evenhand.practice.rows import Chunk, Rows, Staff
from evenhand.practice.staffing import make_staff, reference_rows
from evenhand.practice.subjects import CHUNK, World, make_subjects
from evenhand.practice.tagging import TAG_HEADER, TagTruth, last_soon_day
from evenhand.practice.text import Ints, Text, as_text, blank, day_number, day_text, join, text_column
from evenhand.practice.vocabulary import Vocabulary
from evenhand.rulebook import Pack, read_calendar

__all__ = ["FaultCount", "Province", "write_province"]

_RECORD_HEADER: Final = ("file", "sheet", "row", "kind", "subject", "site", "uscc", "office", "faults")
#: The day whose year splits a source over files.
_YEAR_OF: Final = {"inspection_daily": "inspected_on", "inspection_problem": "found_on", "sampling": "sampled_on"}
_REFERENCE: Final = 1_000_003  # part of the seed of offices and inspectors: no chunk has this number


@dataclass(frozen=True, kw_only=True)
class FaultCount:
    """One planted fault: how many rows (or subjects) could have carried it, how many do, and one example."""

    code: str
    title: str
    rate: float
    tried: int
    planted: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Province:
    """What was written: rows per file (relative path), and the count of every fault by its code."""

    folder: Path
    subjects: int
    rows: dict[str, int]
    faults: dict[str, FaultCount]


def write_province(
    out: Path,
    *,
    subjects: int,
    seed: int,
    asof: date,
    pack: Pack,
    faults: Faults | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Province:
    """Write the extracts of a practice province (演练省) of `subjects` food businesses below `out`, with `sources.toml` and `truth/`.

    The same arguments give the same bytes. Memory does not grow with `subjects`: chunks of 2,500 are drawn, written and forgotten.

    Args:
        out: folder; made when it is not there, files in it are overwritten.
        subjects: number of subjects, 1 or more.
        seed: any whole number from 0.
        asof: day of delivery; nothing but planted faults lies after it.
        pack: rule pack with the divisions and code lists.
        faults: which faults to plant and how often; the shipped sheet when None.
        progress: called with ("practice", subjects done, subjects in all) after each chunk.

    """
    sheet = faults or Faults.read()
    words = Vocabulary.shipped()
    world = World(
        ground=Geography.of(pack, words),
        words=words,
        seed=seed,
        asof=asof,
        rates=sheet.rates,
        soon_until=last_soon_day(read_calendar(pack), asof),
    )
    layouts = read_layouts(pack)
    tally = Tally()
    (out / "truth").mkdir(parents=True, exist_ok=True)
    with (
        Deliveries(out) as files,
        (out / "truth" / "records.csv").open("w", encoding="utf-8", newline="") as records,
        (out / "truth" / "subjects.csv").open("w", encoding="utf-8", newline="") as listed,
        (out / "truth" / "tags.csv").open("w", encoding="utf-8", newline="") as tagged,
    ):
        maker = _Maker(world=world, layouts=layouts, files=files, truth=csv.writer(records, lineterminator="\n"), faults=sheet, tally=tally)
        subject_list = csv.writer(listed, lineterminator="\n")
        subject_list.writerow(SUBJECT_HEADER)
        tag_list = csv.writer(tagged, lineterminator="\n")
        tag_list.writerow(TAG_HEADER)
        maker.reference()
        for first in range(0, subjects, CHUNK):
            size = min(CHUNK, subjects - first)
            lines, tags = maker.chunk(first // CHUNK, size=size)
            subject_list.writerows(lines)
            tag_list.writerows(tags)
            if progress:
                progress("practice", first + size, subjects)
    known = {name: pack.codes(name).spellings for name in pack.lists if {"code", "name"} <= set(pack.codes(name).columns)}
    (out / "sources.toml").write_text(
        catalogue_toml([layout for layout in layouts.values() if files.wrote(layout)], delivery=asof.isoformat(), known=known),
        encoding="utf-8",
        newline="\n",
    )
    counted = {
        f.code: FaultCount(
            code=f.code,
            title=f.title,
            rate=f.rate,
            tried=tally.tried[f.code],
            planted=tally.planted[f.code],
            example=tally.example.get(f.code, ""),
        )
        for f in sheet
    }
    with (out / "缺陷清单.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        _write_sheet(stream, counted.values())
    return Province(folder=out, subjects=subjects, rows=dict(sorted(files.counts.items())), faults=counted)


def _write_sheet(stream: TextIO, counted: Iterable[FaultCount]) -> None:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["缺陷代码", "缺陷", "比例", "可能带有的行数", "实际植入", "例子"])
    writer.writerows([c.code, c.title, c.rate, c.tried, c.planted, c.example] for c in counted)


class _Lines(Protocol):
    """What `csv.writer` gives."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one line."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write lines."""


class _Maker:
    """Makes, spoils and writes the rows of one chunk after the other."""

    def __init__(self, *, world: World, layouts: dict[str, Layout], files: Deliveries, truth: _Lines, faults: Faults, tally: Tally) -> None:
        self.world, self.layouts, self.files, self.truth, self.faults, self.tally = world, layouts, files, truth, faults, tally
        self.rng = np.random.default_rng([world.seed, _REFERENCE])
        self.staff: Staff = make_staff(world, self.rng)
        self.bureaus: Text = blank(len(world.ground.county_code))
        for office in world.ground.offices:
            if office.level == "县局" and office.code.endswith("000"):
                self.bureaus[office.county] = office.name
        self.offices = text_column([office.name for office in world.ground.offices])
        self.serial: Counter[str] = Counter()
        truth.writerow(_RECORD_HEADER)

    def reference(self) -> None:
        """Write offices and inspectors."""
        chunk = self._chunk(self.rng, number=0, size=1)
        for rows in reference_rows(self.world, self.staff, self.rng):
            self._deliver(rows, chunk)

    def chunk(self, number: int, *, size: int) -> tuple[Iterator[Sequence[object]], Iterator[Sequence[object]]]:
        """Write every row of one chunk; give its lines of the list of subjects and of their tags."""
        chunk = self._chunk(np.random.default_rng([self.world.seed, number]), number=number, size=size)
        addresses = chunk.subjects.places.written()
        for maker in (
            registration_rows,
            operation_rows,
            production_rows,
            filing_rows,
            small_rows,
            inspection_rows,
            incident_rows,
            credit_rows,
            factor_rows,
        ):
            for rows in maker(chunk, addresses):
                self._deliver(rows, chunk)
        chunk.tags.settle(chunk.subjects.natures, founded=chunk.subjects.founded, cancelled=chunk.subjects.cancelled)
        listed = subject_lines(chunk.subjects, addresses, world=self.world, offices=self.offices)
        return listed, chunk.tags.lines(chunk.subjects.number)

    def _chunk(self, rng: np.random.Generator, *, number: int, size: int) -> Chunk:
        subjects = make_subjects(self.world, rng, first=number * CHUNK + 1, size=size)
        return Chunk(
            world=self.world, subjects=subjects, staff=self.staff, rng=rng, number=number, bureaus=self.bureaus, licence=blank(size),
            tags=TagTruth(size=size, today=self.world.today, soon_until=day_number(self.world.soon_until)),
        )  # fmt: skip

    def _deliver(self, rows: Rows, chunk: Chunk) -> None:
        if not len(rows):
            return
        layout = self.layouts[rows.source]
        split = self._split(rows, layout, chunk)
        written = layout.written(rows, self.world)
        written.cells["/file"] = split
        written = plant(written, layout, chunk, faults=self.faults, tally=self.tally)
        written = written.take(chunk.rng.permutation(len(written)))
        file = written.cells.pop("/file")
        for name in dict.fromkeys(sorted(set(file.tolist()))):
            self._write(written.take(file == name), layout, chunk, file=name)

    def _split(self, rows: Rows, layout: Layout, chunk: Chunk) -> Text:
        """Return the file of each row."""
        size = len(rows)
        if "{city}" in layout.file:
            ground = self.world.ground
            city = ground.city_name[ground.county_city[chunk.subjects.places.county[rows.spot]]]
            return join(layout.file.split("{city}")[0], city, layout.file.split("{city}")[1])
        if "{year}" in layout.file:
            year = text_column([day[:4] for day in day_text(rows.cells[_YEAR_OF[layout.name]]).tolist()])
            return join(layout.file.split("{year}")[0], year, layout.file.split("{year}")[1])
        return text_column([layout.file] * size)

    def _write(self, rows: Rows, layout: Layout, chunk: Chunk, *, file: str) -> None:
        size = len(rows)
        columns = [
            rows.cells[name].tolist() if name else as_text(np.arange(self.serial[file] + 1, self.serial[file] + size + 1)).tolist()
            for _, name in layout.columns
        ]
        self.serial[file] += size
        lines: list[Sequence[str]] = list(zip(*columns, strict=True))
        if layout.format == "csv":
            self._break_rows(lines, rows, layout, chunk)
        numbers = self.files.write(layout, file, lines)
        self.truth.writerows(self._truth(rows, layout, chunk, file=file, numbers=numbers))

    def _break_rows(self, lines: list[Sequence[str]], rows: Rows, layout: Layout, chunk: Chunk) -> None:
        """Shift, cut or lengthen some rows."""
        draws, floor = chunk.rng.random(len(lines)), 0.0
        for fault in self.faults.group("row", layout.kind):
            picked = np.flatnonzero((draws >= floor) & (draws < floor + fault.rate))
            floor += fault.rate
            self.tally.tried[fault.code] += len(lines)
            for at in picked.tolist():
                # A broken row of several lines would be two rows to any reader: what breaks rows here stands on one line.
                lines[at] = [cell.replace("\n", " ") for cell in broken(lines[at], fault.code, chunk.rng)]
                self.tally.example.setdefault(fault.code, f"{layout.title} " + layout.delimiter.join(lines[at]))
            mask = np.zeros(len(lines), dtype=bool)
            mask[picked] = True
            rows.mark(fault.code, mask, among=np.zeros(len(lines), dtype=bool))

    def _truth(self, rows: Rows, layout: Layout, chunk: Chunk, *, file: str, numbers: Ints) -> Iterator[tuple[object, ...]]:
        bears = rows.who >= 0
        subjects = chunk.subjects
        number = np.where(bears, as_text(subjects.number[rows.who]), "")
        site = np.where(bears, join(as_text(subjects.number[rows.who]), "-", as_text(np.maximum(rows.spot, 0) // len(subjects) + 1)), "")
        code = np.where(bears, subjects.uscc[rows.who], "")
        marks = self._marks(rows)
        return zip(
            [file] * len(rows),
            [layout.sheet] * len(rows),
            numbers.tolist(),
            [layout.kind] * len(rows),
            number.tolist(),
            site.tolist(),
            code.tolist(),
            self.offices[rows.office].tolist(),
            marks.tolist(),
            strict=True,
        )

    def _marks(self, rows: Rows) -> Text:
        """Return the fault codes of each row, in the order of the fault sheet, and count them."""
        text = blank(len(rows))
        for fault in self.faults:
            self.tally.tried[fault.code] += int(rows.able[fault.code].sum()) if fault.code in rows.able else 0
            mask = rows.marked.get(fault.code)
            if mask is None or not mask.any():
                continue
            self.tally.planted[fault.code] += int(mask.sum())
            text[mask] = join(text[mask], f" {fault.code}")
            if fault.code not in self.tally.example:
                named = rows.cells.get("name", self.offices[rows.office])
                self.tally.example[fault.code] = f"{self.layouts[rows.source].title}：{named[np.flatnonzero(mask)[0]]}"
        return text_column([codes[1:] for codes in text.tolist()])
