"""Slips: source rows whose values stand in wrong columns (串列), so that no column says what its value is.

>>> slipped_rows([{"record_id": "R1", "fault": "short", "cells": []}, {"record_id": "R2", "fault": "number", "cells": []}])
frozenset({'R1'})
>>> code = {"field": "legal_person", "value": "91350102MA2XTE0T4E", "raw": "91350102MA2XTE0T4E"}
>>> slipped_rows([{"record_id": "R3", "fault": "", "cells": [code]}])
frozenset({'R3'})
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from evenhand.identifiers import uscc
from evenhand.standards import ELEMENTS, Mask

__all__ = ["says_slipped", "slipped_rows"]

_FAULTS: Final = frozenset({"short", "long"})
_WORD: Final = "串列"
_OF_A_PERSON: Final = frozenset({Mask.PERSON, Mask.PHONE, Mask.ADDRESS})


def slipped_rows(rows: Iterable[Mapping[str, Any]], findings: Iterable[Mapping[str, Any]] = ()) -> frozenset[str]:
    """Return the records of rows with too few or too many cells, of rows that a rule holds for slipped, and with a credit code as a name."""
    cut = {row["record_id"] for row in rows if _FAULTS & set((row.get("fault") or "").split()) or _has_code_astray(row)}
    return frozenset(cut | {one["record_id"] for one in findings if says_slipped(one)} - {None})


def says_slipped(finding: Mapping[str, Any]) -> bool:
    """Return whether the rule of a finding tells to look for slipped columns; its remedy says so."""
    return _WORD in (finding.get("remedy") or "")


def _has_code_astray(row: Mapping[str, Any]) -> bool:
    strange = (cell["value"] for cell in row.get("cells", ()) if ELEMENTS[cell["field"]].mask in _OF_A_PERSON)
    return any(isinstance(value, str) and uscc.is_valid(value) for value in strange)
