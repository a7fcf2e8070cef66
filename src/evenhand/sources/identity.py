"""From staged parts to the rows of an extract: fields by name, other columns as JSON, and an identity that ignores row order."""

import json
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from evenhand.sources.catalogue import Source
from evenhand.sources.headers import Header
from evenhand.sources.staging import Staged
from evenhand.standards import Shape

__all__ = ["identify", "named", "twins_of"]

_DIGEST_LENGTH = 24
_CODE_SHAPES = frozenset(
    {Shape.USCC, Shape.ORGANISATION_CODE, Shape.REGISTRATION_NO, Shape.LICENCE_NO, Shape.RESIDENT_ID, Shape.SERIAL, Shape.PHONE}
)
_ROUNDED = r"^[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,3}$"
_LONGEST_ROUNDED = 30
_UNIT_SEPARATOR = "\x1f"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis has no types
def to_json(text: str) -> str:  # type: ignore[empty-body]  # the engine has the body
    """Text as a JSON string, quotes and escapes included; the engine's own function."""


@ibis.udf.scalar.builtin(name="to_json")  # type: ignore[untyped-decorator]  # Ibis has no types
def list_to_json(texts: list[str]) -> str:  # type: ignore[empty-body]  # the engine has the body
    """List of texts as a JSON array; the engine's own function."""


def named(parts: Sequence[Staged], table: ir.Table) -> ir.Table:
    """Fields and `digest` of the staged table of parts that share one layout; file, sheet and `record_id` are still to come.

    The digest covers kind, source, and every field and other column that is not empty, by name: so it does not depend on the
    place of the row, on empty columns, or on fields added to the standard later.
    """
    source, header = parts[0].source, parts[0].header
    fields = {name: (table[f"c{header.fields[name]}"] if name in header.fields else ibis.null("string")) for name in source.dataset.names}
    extra = _extra(header, table)
    texts = [ibis.literal(f"{name}=") + table[f"c{at}"] for name, at in sorted(header.fields.items())]
    content = ibis.literal(_UNIT_SEPARATOR).join(
        [ibis.literal(source.kind), ibis.literal(source.name), *texts, ibis.literal("extra=") + extra]
    )
    return table.select(
        part=table["part"], row=table["row"], fault=_fault(source, header, table), extra=extra, **fields, digest=content.hexdigest("md5").left(_DIGEST_LENGTH),
    )  # fmt: skip


def _extra(header: Header, table: ir.Table) -> ir.StringValue:
    """Other columns as a JSON object, keys sorted, empty cells left out; null when nothing is left."""
    keys = sorted({name: table[f"c{at}"] for name, at in header.extras.items()}.items())
    members = [ibis.literal(f"{_json_key(name)}:") + to_json(cell) for name, cell in keys]
    surplus = ibis.literal('"__surplus":') + list_to_json(table["surplus"])
    place = sum(name < "__surplus" for name, _ in keys)
    whole = ibis.literal(",").join([*members[:place], surplus, *members[place:]])
    return (ibis.literal("{") + whole + ibis.literal("}")).nullif("{}")


def _json_key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _fault(source: Source, header: Header, table: ir.Table) -> ir.StringValue:
    """Faults of reading, and `number` where a code field holds scientific notation; in the order of FAULTS."""
    codes = [table[f"c{at}"] for name, at in header.fields.items() if source.dataset[name].shape in _CODE_SHAPES]
    if not codes:
        return table["fault"]
    no = ibis.literal(False)  # noqa: FBT003 — the value itself
    rounded = ibis.or_(
        *(ibis.and_(cell.length() < _LONGEST_ROUNDED, cell.contains("+"), cell.re_search(_ROUNDED)).fill_null(no) for cell in codes)
    )
    fresh = rounded & ~table["fault"].contains("number")
    return ibis.ifelse(fresh, (table["fault"] + " number").strip(), table["fault"])


def identify(table: ir.Table, twins: ir.Table, origins: ir.Table) -> ir.Table:
    """Add where each row came from, and its `record_id`: the digest, and for the second and further of identical rows their number.

    Args:
        table: rows with `part`, `row` and `digest`.
        twins: what `twins_of` gave for them, saved.
        origins: one row per part with `kind`, `source`, `delivery`, `file`, `sheet`.
    """
    again = twins.select(part_="part", row_="row", occurrence="occurrence")
    joined = table.left_join(again, [table["part"] == again["part_"], table["row"] == again["row_"]])
    number = joined["occurrence"]
    suffix = ibis.ifelse(number.fill_null(1) > 1, ibis.literal("-") + number.cast("string"), "")
    return joined.mutate(record_id=joined["digest"] + suffix).join(origins, "part")


def twins_of(table: ir.Table) -> ir.Table:
    """One row per row that has an identical one in its source: `part`, `row`, and its number among them."""
    twice = table.group_by("digest").having(lambda t: t.count() > 1).agg(rows=lambda t: t.count())
    theirs = table.semi_join(twice, "digest").select("part", "row", "digest", "fault")
    number = ibis.row_number().over(group_by="digest", order_by=["fault", "part", "row"]) + 1
    return theirs.select("part", "row", occurrence=number)
