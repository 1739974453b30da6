"""Where models live: folders of arrays and JSON with hashes, no pickle; which one is in use; how to go back.

A model folder holds ``model.json`` (identity, settings, hashes), ``words.npz`` (the light model), ``calibration.npz`` and the
model card. The bundled default stands in ``models/default/words``. A home keeps its own models beside it, with an append-only
log of promotions, so that a rollback is one more line and nothing is ever overwritten. Where a store is at work the log is
the copy of the store's own (``pipeline.learning.promotions``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.registry.model_folder import FORMAT, MANIFEST, damaged, load_folder, read_manifest
from models.scoring.model import LoadedModel, Mode
from rubric.exceptions import ModelError, NotFoundError
from rubric.language import Bilingual

BUNDLED = Path(__file__).parents[1] / "default" / "words"
_STORE, _LOG, _BEFORE = "models", "promotions.jsonl", "promotions.before.jsonl"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model as lists show it.

    Attributes:
        champion: it is the one in use.
        bundled: it came with the program.
    """

    id: str
    path: Path
    created: dt.datetime
    champion: bool
    bundled: bool
    figures: Mapping[str, float]


def load_model(
    name_or_path: str | Path | None = None, home: Path | None = None, quick: bool = False
) -> LoadedModel:
    """Load a model.

    Args:
        name_or_path: a model's id, or its folder; None for the one in use (the home's champion, else the bundled one).
        home: where the home's own models are kept; None for the bundled one alone.
        quick: words alone, without the encoder.

    Raises:
        NotFoundError: no such model.
        ModelError: the folder is damaged, or made for a rubric that is not there.
    """
    path = _path_of(name_or_path, home)
    return _load(_Wanted(path, "quick" if quick else "full", _hash_of(path / MANIFEST)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A model as it lies there now: with another manifest it is another model, though path and mode be the same."""

    path: Path
    mode: Mode
    manifest_hash: str


@lru_cache(maxsize=4)
def _load(wanted: _Wanted) -> LoadedModel:
    """Loaded once per process as long as the manifest stays the same."""
    return load_folder(wanted.path, wanted.mode)


def list_models(home: Path | None = None) -> list[ModelEntry]:
    """All models known, the bundled one first, then the home's by age; damaged ones are left out."""
    champion = champion_path(home)
    paths = [
        BUNDLED,
        *(
            sorted(folder for folder in _store(home).glob("*/") if (folder / MANIFEST).exists())
            if home
            else []
        ),
    ]
    entries = []
    for path in paths:
        try:
            manifest = read_manifest(path)
        except ModelError:
            continue
        entries.append(
            ModelEntry(
                id=str(manifest["id"]),
                path=path,
                created=dt.datetime.fromisoformat(str(manifest["created"])),
                champion=path == champion,
                bundled=path == BUNDLED,
                figures=dict(manifest.get("figures", {})),
            )
        )
    return entries[:1] + sorted(entries[1:], key=lambda entry: entry.created)


def champion_path(home: Path | None = None) -> Path:
    """Folder of the model in use: the last promoted one that is still there, else the bundled one."""
    for line in reversed(promotions(home)):
        path = BUNDLED if line["model"] == "bundled" else _store(home) / str(line["model"])
        if (path / MANIFEST).exists():
            return path
    return BUNDLED


def promotions(home: Path | None = None) -> list[dict[str, Any]]:
    """The log of promotions and rollbacks, oldest first: time, model folder, reason, who."""
    if home is None or not (_store(home) / _LOG).exists():
        return []
    lines = (_store(home) / _LOG).read_text("utf-8", errors="replace").splitlines()
    return [told for line in lines if (told := _promotion(line)) is not None]


def _promotion(line: str) -> dict[str, Any] | None:
    """One entry of the log; None for a line that a power cut left unfinished, which never took effect."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and "model" in told else None


def write_promotions(home: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Make the home's log the copy of another; a log that said otherwise is kept beside it."""
    path, wanted = _store(home) / _LOG, "".join(_told(line) for line in lines)
    have = path.read_text("utf-8", errors="replace") if path.exists() else ""
    if have == wanted:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    known = [dict(line) for line in lines]
    if any(line not in known for line in promotions(home)):
        path.with_name(_BEFORE).write_text(have, "utf-8")
    handle, beside = tempfile.mkstemp(prefix=".promotions-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(wanted)
        log.flush()
        os.fsync(log.fileno())
    Path(beside).replace(path)


def moment_of(line: Mapping[str, Any]) -> dt.datetime | None:
    """Return when a line of the log was written, None where it does not say so."""
    try:
        at = dt.datetime.fromisoformat(str(line.get("at")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def trail(home: Path) -> list[str]:
    """Return the models that one rollback after the other leads through, the one in use last."""
    path: list[str] = ["bundled"]
    for line in promotions(home):
        if line.get("rollback"):
            path = path[:-1] or ["bundled"]
        elif line["model"] != path[-1]:
            path.append(str(line["model"]))
    return path


def model_path(name: str, home: Path | None = None) -> Path:
    """Folder of a model by its id; ``bundled`` names the one that came with the program.

    Raises:
        NotFoundError: no such model.
    """
    return _path_of(name, home)


def add_model(folder: Path, home: Path) -> Path:
    """Copy a trained model folder into the home's store under its id and return its place; it is not yet in use.

    The copy is made beside and renamed, so that a kill leaves either nothing or a whole model.
    """
    manifest = read_manifest(folder)
    load_folder(folder, "quick")  # refuse what cannot be loaded before it is kept
    target = _store(home) / str(manifest["id"])
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        shutil.copytree(folder, beside, dirs_exist_ok=True)
        beside.rename(target)
    return target


def promote(name: str, home: Path, reason: str, actor: str = "") -> ModelEntry:
    """Put a model into use.

    Raises:
        NotFoundError: no such model.
        ModelError: it cannot be loaded; the champion stays.
    """
    path = _path_of(name, home)
    load_folder(path, "quick")
    _log(home, "bundled" if path == BUNDLED else path.name, reason, actor)
    return next(entry for entry in list_models(home) if entry.path == path)


def rollback(home: Path, reason: str, actor: str = "") -> ModelEntry:
    """Put the model into use that was so before the present one; a second rollback goes one further back.

    Raises:
        NotFoundError: there is nothing to go back to.
    """
    path_back = trail(home)
    if len(path_back) < 2:
        raise NotFoundError(
            Bilingual("ไม่มีแบบจำลองก่อนหน้าให้ย้อนกลับ", "There is no earlier model to go back to."),
            Bilingual("ดูรายการด้วย khetcheck models list", "See them with: khetcheck models list."),
        )
    path = BUNDLED if path_back[-2] == "bundled" else _store(home) / path_back[-2]
    load_folder(path, "quick")
    _log(home, path_back[-2], reason, actor, rollback=True)
    return next(entry for entry in list_models(home) if entry.path == path)


def _log(home: Path, model: str, reason: str, actor: str, *, rollback: bool = False) -> None:
    line = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "model": model,
        "reason": reason,
        "actor": actor,
        "rollback": rollback,
    }
    store = _store(home)
    store.mkdir(parents=True, exist_ok=True)
    path = store / _LOG
    torn = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as log:
        log.write(("\n" if torn else "") + _told(line))
        log.flush()
        os.fsync(log.fileno())


def _told(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _store(home: Path | None) -> Path:
    return (home or Path()) / _STORE


def _path_of(name_or_path: str | Path | None, home: Path | None) -> Path:
    if name_or_path is None:
        return champion_path(home)
    as_path = Path(name_or_path)
    if (as_path / MANIFEST).exists():
        return as_path.resolve()
    for entry in list_models(home):
        if str(name_or_path) in (entry.id, entry.path.name) or (name_or_path == "bundled" and entry.bundled):
            return entry.path
    raise NotFoundError(
        Bilingual(f"ไม่พบแบบจำลอง {name_or_path}", f"There is no model {name_or_path}."),
        Bilingual("ดูรายการด้วย khetcheck models list", "See them with: khetcheck models list."),
    )


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise damaged(path, "model.json is missing", "ไม่มี model.json") from None


__all__ = [
    "BUNDLED",
    "FORMAT",
    "ModelEntry",
    "add_model",
    "champion_path",
    "list_models",
    "load_model",
    "model_path",
    "moment_of",
    "promote",
    "promotions",
    "rollback",
    "trail",
    "write_promotions",
]
