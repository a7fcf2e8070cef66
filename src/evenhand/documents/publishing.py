"""Print every document of a rule pack into a folder: .docx and .pdf, the change list, and a manifest for the next edition."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import evenhand
from evenhand.documents.changes import Change, changes_between, inventory_of
from evenhand.documents.docx_writer import docx_bytes
from evenhand.documents.fonts import Faces, find_faces
from evenhand.documents.messages import PREVIOUS_BAD
from evenhand.documents.model import Diagram, Document, Figure
from evenhand.documents.numbering import walk
from evenhand.documents.scripts import documents_of
from evenhand.documents.typst_writer import figure_picture, page_numbers, pdf_bytes, typst_text
from evenhand.documents.wording import Matter
from evenhand.errors import BadInput, Problem
from evenhand.rulebook import Pack

__all__ = ["MANIFEST", "Printed", "PrintedFile", "print_documents", "write_document"]

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class PrintedFile:
    """One file written: its path, the title of the document, its size in bytes, its SHA-256, pages of the body (PDF only)."""

    path: Path
    title: str
    size: int
    sha256: str
    pages: str = ""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What was written, and what changed since the previous edition (None when none was given)."""

    files: tuple[PrintedFile, ...]
    changes: tuple[Change, ...] | None


def print_documents(out: Path, *, pack: Pack, previous: Path | None = None, fonts: Path | None = None) -> Printed:
    """Write every document of the pack into `out`; the same pack gives the same bytes.

    `previous` is the folder of an earlier edition or its manifest: then a change list is written too.

    Raises:
        BadInput: a script of the pack is wrong, or `previous` is no manifest.
        NotDone: the machine has no Chinese fonts.
    """
    matter, faces = Matter(pack), find_faces(fonts)
    inventory = inventory_of(matter)
    old = _manifest(previous) if previous else None
    changes = changes_between(old["items"], inventory) if old else None
    documents = documents_of(matter, changes=changes, since=str(old["digest"])[:12] if old else "")
    out.mkdir(parents=True, exist_ok=True)
    files = tuple(file for document in documents for file in write_document(document, out, faces))
    manifest = {
        "format": 1, "product": evenhand.__version__, "pack": pack.name, "digest": pack.digest, "files": {f.path.name: f.sha256 for f in files}, "items": inventory,
    }  # fmt: skip
    (out / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Printed(files=files, changes=changes)


def write_document(document: Document, out: Path, faces: Faces) -> tuple[PrintedFile, ...]:
    """Write one document as .docx and .pdf."""
    source = typst_text(document, faces)
    pages = page_numbers(source, faces)
    figures = [
        block for clause in walk((*document.clauses, *document.annexes)) for block in clause.blocks if isinstance(block, Figure | Diagram)
    ]
    pictures = {figure.number: figure_picture(figure, faces) for figure in figures}
    made = {".docx": docx_bytes(document, pages=pages, pictures=pictures), ".pdf": pdf_bytes(source, faces)}
    files = []
    for suffix, content in made.items():
        path = out / f"{document.cover.file}{suffix}"
        path.write_bytes(content)
        count = pages["end"] if suffix == ".pdf" else ""
        files.append(
            PrintedFile(path=path, title=document.cover.title, size=len(content), sha256=hashlib.sha256(content).hexdigest(), pages=count)
        )
    return tuple(files)


def _manifest(path: Path) -> dict[str, Any]:
    place = path / MANIFEST if path.is_dir() else path
    try:
        found = json.loads(place.read_text("utf-8"))
        return {"items": dict(found["items"]), "digest": str(found["digest"])}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BadInput(Problem(PREVIOUS_BAD, {"path": path, "name": MANIFEST})) from fault
