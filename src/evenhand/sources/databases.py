"""Tables and queries of a database, read as a stream through SQLAlchemy; nothing is ever written there."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from evenhand.errors import BadInput, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Source
from evenhand.sources.grids import stage_grid, to_text
from evenhand.sources.nearness import nearest
from evenhand.sources.staging import Staged

__all__ = ["read_database"]

_PLAIN: Final = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
_ROWS_AT_ONCE: Final = 5_000


def read_database(source: Source, *, part: int, scratch: Path) -> Staged:
    """Read the source's table or query; rows are numbered from 1 in the order in which the database gives them.

    Raises:
        BadInput: malformed address, driver missing, database out of reach, no such table, query refused, a column missing, no rows.
    """
    url = _url(source)
    shown = _shown(url)
    engine = _engine(source, url)
    at = scratch / "rows.parquet"
    content = _Digest()
    try:
        with _connection(source, engine, shown) as connection:
            statement = _statement(source, connection, shown)
            try:
                result = connection.execution_options(stream_results=True, yield_per=_ROWS_AT_ONCE).execute(statement)
                grid = stage_grid(content.over(_rows(result)), source, file=source.table or "query", part=part, path=at, named=True)
            except (DBAPIError, SQLAlchemyError) as fault:
                raise BadInput(Problem(say.QUERY_FAILED, {"source": source.name, "why": _why(fault)})) from fault
    finally:
        engine.dispose()
    return Staged(
        source=source,
        part=part,
        file=source.table or "query",
        sha256=content.hexdigest,
        format="database",
        header=grid.header,
        total=grid.total,
        blank=grid.blank,
        rows=at,
        notes=(shown,),
    )


def _url(source: Source) -> sa.URL:
    try:
        url = sa.make_url(source.url)
    except (ArgumentError, ValueError) as fault:  # a port that is no number is a ValueError
        raise BadInput(Problem(say.BAD_URL, {"source": source.name})) from fault
    return url.set(drivername=_PLAIN.get(url.drivername, url.drivername))


def _shown(url: sa.URL) -> str:
    """The address for messages and manifest: no password, and of a database file its name only, so manifests agree across machines."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').name}"
    return url.render_as_string(hide_password=True)


def _engine(source: Source, url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(url)
    except (ModuleNotFoundError, NoSuchModuleError) as fault:
        known = _PLAIN.get(url.get_backend_name())
        if known is None:
            raise BadInput(Problem(say.BAD_URL, {"source": source.name})) from fault
        raise BadInput(Problem(say.DRIVER_MISSING, {"source": source.name, "driver": url.drivername, "known": known})) from fault


def _connection(source: Source, engine: sa.Engine, shown: str) -> sa.Connection:
    try:
        database = engine.url.database
        if engine.dialect.name == "sqlite" and database and database != ":memory:" and not Path(database).is_file():
            raise BadInput(Problem(say.DATABASE_AWAY, {"source": source.name, "url": shown, "why": "文件不存在"}))
        return engine.connect()
    except SQLAlchemyError as fault:
        raise BadInput(Problem(say.DATABASE_AWAY, {"source": source.name, "url": shown, "why": _why(fault)})) from fault


def _statement(source: Source, connection: sa.Connection, shown: str) -> sa.Executable:
    if source.query:
        return sa.text(source.query)
    schema, _, name = source.table.rpartition(".")
    try:
        look = sa.inspect(connection)
        known = [*look.get_table_names(schema or None), *look.get_view_names(schema or None)]
    except SQLAlchemyError as fault:
        raise BadInput(Problem(say.DATABASE_AWAY, {"source": source.name, "url": shown, "why": _why(fault)})) from fault
    if name not in known:
        raise BadInput(Problem(say.NO_TABLE, {"source": source.name, "url": shown, "table": source.table, "nearest": nearest(name, known)}))
    columns: list[sa.ColumnClause[object]] = [sa.column(column["name"]) for column in look.get_columns(name, schema or None)]
    return sa.select(*columns).select_from(sa.table(name, schema=schema or None))


def _rows(result: sa.CursorResult[tuple[object, ...]]) -> Iterator[Sequence[object]]:
    yield list(result.keys())
    yield from result


def _why(fault: Exception) -> str:
    """The database's own words, first line only."""
    return str(getattr(fault, "orig", None) or fault).strip().splitlines()[0][:200]


class _Digest:
    """SHA-256 of a table's content, whatever the order of its rows: the sum of the digests of its rows."""

    def __init__(self) -> None:
        self._sum = 0

    def over(self, rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
        for row in rows:
            text = "\x1f".join("\x00" if cell is None else cell for cell in map(to_text, row))
            self._sum += int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest())
            yield row

    @property
    def hexdigest(self) -> str:
        return f"{self._sum % (1 << 256):064x}"
