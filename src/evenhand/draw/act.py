"""What is told of one draw on paper and on pages (一次抽取的公示内容)."""

from dataclasses import dataclass

__all__ = ["Act"]

Row = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What paper tells of one draw; times in words; tables ready to print. `seed` and what follows are empty before the reveal."""

    serial: str
    signer: str
    method: str
    words: str
    commit: str
    list_hash: str
    list_root: str
    rules_hash: str
    rows: int
    committed_at: str
    beacon_at: str
    sources: tuple[str, ...]
    strata: tuple[Row, ...]
    excluded: tuple[Row, ...]
    seed: str = ""
    revealed_at: str = ""
    public: tuple[str, ...] = ()
    drawn: int = 0
    reserve: int = 0
    result_hash: str = ""
    changes: tuple[Row, ...] = ()
    cancelled: str = ""
    voids: int = 0
    last_entry: str = ""
