"""Recipes (清洗配方): rules and decisions in one signed file, replayed on next month's delivery.

A recipe is a ZIP archive: `recipe.json` names each file it holds with its SHA-256; `recipe.sig` is the Ed25519 signature of that text. Who
builds with a recipe names the public key of the person whose recipe it should be; an archive signed by anyone else is refused.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

import evenhand
from evenhand.decisions import read_decisions
from evenhand.engine import publish_file
from evenhand.errors import BadInput, Message, Problem
from evenhand.rulebook import Pack, load_pack

__all__ = ["Recipe", "make_keys", "opened_recipe", "sign_recipe"]

KEY_BAD: Final = Message("RCP-01", zh="{path} 不是 Ed25519 密钥文件：{why}。", en="{path} is no Ed25519 key file: {why}.")
KEY_THERE: Final = Message(
    "RCP-02", zh="{path} 已经存在，不覆盖。请换一个文件名。", en="{path} exists and is not replaced; choose another name."
)
NOT_A_RECIPE: Final = Message(
    "RCP-03", zh="{path} 不是清洗配方：{why}。请用 evenhand recipe sign 写出的文件。", en="{path} is no recipe: {why}."
)
SIGNED_BY_OTHER: Final = Message(
    "RCP-04",
    zh="{path} 的签名与公钥 {key} 不符：配方被改动过，或者不是此人签的。请向签名人重新索取。",
    en="{path} is not signed by {key}: it was changed, or someone else signed it.",
)
FILE_CHANGED: Final = Message(
    "RCP-05", zh="{path} 中的 {file} 与签过的清单不符。请向签名人重新索取。", en="{file} in {path} is not what was signed."
)
_STATED, _SIGNED, _DECISIONS = "recipe.json", "recipe.sig", "decisions.jsonl"
_FORMAT: Final = "evenhand-recipe-1"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_LARGEST: Final = 512 * 2**20


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """An opened recipe: `stated` is its signed text, `pack` and `decisions` lie in a folder that goes when it is closed."""

    stated: dict[str, Any]
    pack: Pack
    decisions: Path | None


def make_keys(path: Path) -> Path:
    """Write a new private key to `path`, readable by its owner only, and the public key beside it (`.pub`); return the latter."""
    public = path.with_name(f"{path.name}.pub")
    there = [Problem(KEY_THERE, {"path": file}) for file in (path, public) if file.exists()]
    if there:
        raise BadInput(there)
    key = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def sign_recipe(out: Path, *, pack: Pack, decisions: Path | None, key: Path, by: str, at: datetime) -> dict[str, Any]:
    """Write the recipe and return what it states.

    Args:
        out: the archive.
        pack: every file of it is taken in.
        decisions: the file of decisions, checked first.
        key: private key.
        by: who signs, in words.
        at: when.
    """
    private = _key(key, private=True)
    files = {
        f"rules/{path.relative_to(pack.root).as_posix()}": path.read_bytes() for path in sorted(pack.root.rglob("*")) if path.is_file()
    }
    lines = 0
    if decisions:
        lines = len(read_decisions(decisions).lines)
        files[_DECISIONS] = decisions.read_bytes()
    stated = {
        "format": _FORMAT,
        "version": evenhand.__version__,
        "by": by,
        "at": at.isoformat(),
        "pack": pack.name,
        "decisions": lines,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    text = json.dumps(stated, ensure_ascii=False, indent=1).encode()
    partial = out.with_name(f"{out.name}.partial")
    with zipfile.ZipFile(partial, "w") as archive:
        for name, content in {_STATED: text, _SIGNED: base64.b64encode(private.sign(text)), **files}.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    publish_file(partial, out)
    return stated


@contextmanager
def opened_recipe(path: Path, *, signer: Path) -> Iterator[Recipe]:
    """Check a recipe and unpack it for as long as the block runs.

    Raises:
        BadInput: no recipe, signed by someone else, or a file that is not the one signed; every changed file is told.
    """
    stated, files = _checked(path, signer)
    with TemporaryDirectory(prefix="evenhand-recipe-") as folder:
        for name, content in files.items():
            target = Path(folder, *PurePosixPath(name).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        root = Path(folder, "rules")
        named = root.rename(root.with_name(stated["pack"]))  # a pack is called by its folder
        decisions = Path(folder, _DECISIONS)
        yield Recipe(stated=stated, pack=load_pack(named), decisions=decisions if decisions.is_file() else None)


def _checked(path: Path, signer: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The signed text and the files it names, when the signature and every digest hold."""
    public = _key(signer, private=False)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise BadInput(Problem(NOT_A_RECIPE, {"path": path, "why": "解开后太大"}))
            held = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
        text, signature = held.pop(_STATED), base64.b64decode(held.pop(_SIGNED), validate=True)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as fault:
        raise BadInput(Problem(NOT_A_RECIPE, {"path": path, "why": fault})) from fault
    try:
        public.verify(signature, text)
    except InvalidSignature as fault:
        raise BadInput(Problem(SIGNED_BY_OTHER, {"path": path, "key": signer})) from fault
    stated = json.loads(text)
    wanted = stated["files"]
    wrong = sorted(
        {name for name in wanted if name not in held or hashlib.sha256(held[name]).hexdigest() != wanted[name]}
        | (held.keys() - wanted.keys())
    )
    if wrong:
        raise BadInput(Problem(FILE_CHANGED, {"path": path, "file": name}) for name in wrong)
    return stated, held


def _key(path: Path, *, private: bool) -> Any:
    wanted = Ed25519PrivateKey if private else Ed25519PublicKey
    try:
        content = path.read_bytes()
        key = load_pem_private_key(content, password=None) if private else load_pem_public_key(content)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise BadInput(Problem(KEY_BAD, {"path": path, "why": fault})) from fault
    if not isinstance(key, wanted):
        raise BadInput(Problem(KEY_BAD, {"path": path, "why": "是别的算法"}))
    return key
