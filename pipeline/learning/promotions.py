"""Which model is in use: said in the store, for every machine of it, and never by a file of one home.

A home keeps its models as before and a copy of the list of promotions, which is put right from the store at every start.
A model that another machine trained comes from the place of files, checked by its content. So a promotion on one machine
holds on all of them from their next run on, and a run keeps the model that it was begun with.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.registry import registry
from models.registry.model_folder import MANIFEST
from models.registry.registry import ModelEntry
from pipeline.intake.files import FileStore
from pipeline.store.database import Store, hold_lock
from pipeline.store.dialects import put
from pipeline.store.tables import ModelFile, Promotion, now
from rubric.exceptions import ModelError
from rubric.language import Bilingual

BUNDLED = "bundled"
IMPORT_LOCK = 0x6B686D6F
"""Any number, the same in every process: two machines must not take their old lists over at once."""


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one store as one home sees them.

    Attributes:
        files: the place of files, where trained models lie by content.
    """

    store: Store
    files: FileStore
    home: Path

    def follow(self) -> None:
        """Make this home use what the store says is in use; a list of an earlier version is taken over once.

        Raises:
            ModelError: the model in use is neither here nor in the place of files.
            FilesError: the place of files does not answer.
        """
        lines = self.store.patiently(self._lines)
        if not lines and (old := registry.promotions(self.home)):
            self.store.carry_out(lambda session: _take_over(session, old))
            lines = self.store.patiently(self._lines)
            for model in {str(line["model"]) for line in lines} - {BUNDLED}:
                if self._is_here(model):
                    self.share(model)
        registry.write_promotions(self.home, lines)
        if lines:
            self.bring(str(lines[-1]["model"]))

    def share(self, model: str) -> None:
        """Put a model of this home into the place of files, so that other machines can use it."""
        folder = registry.model_path(model, self.home)
        kept = {path.name: self.files.put_file(path).sha256 for path in folder.iterdir() if path.is_file()}

        def note(session: Session) -> None:
            for name, sha256 in kept.items():
                put(session, ModelFile, {"model": folder.name, "file": name}, {"sha256": sha256})

        self.store.carry_out(note)

    def bring(self, model: str) -> None:
        """Fetch a model that another machine trained; one that is here already is left as it is.

        Raises:
            ModelError: it is neither here nor in the place of files.
        """
        if model == BUNDLED or self._is_here(model):
            return
        parts = self._files_of(model)
        if MANIFEST not in parts:
            raise _not_here(model)
        with tempfile.TemporaryDirectory(prefix="khetcheck-model-") as scratch:
            for name, sha256 in parts.items():
                source = self.files.path(sha256)
                if not source.is_file():
                    raise _not_here(model)
                shutil.copyfile(source, Path(scratch) / Path(name).name)
            registry.add_model(Path(scratch), self.home)

    def bring_all(self) -> None:
        """Fetch every model of the store that can be had, for lists and for choosing."""
        with self.store.reading() as session:
            known = list(session.scalars(select(ModelFile.model).distinct()))
        for model in known:
            self.bring(model)

    def promote(self, model: str, reason: str, actor: str = "") -> ModelEntry:
        """Put a model into use on every machine of the store.

        Raises:
            NotFoundError, ModelError: there is no such model, or it cannot be loaded; the one in use stays.
        """
        self.follow()
        if self._files_of(model):
            self.bring(model)
        entry = registry.promote(model, self.home, reason, actor)
        if not entry.bundled:
            self.share(entry.path.name)
        self._note(entry, reason, actor)
        return entry

    def rollback(self, reason: str, actor: str = "") -> ModelEntry:
        """Put the model into use that was so before the present one.

        Raises:
            NotFoundError: there is nothing to go back to.
        """
        self.follow()
        before = registry.trail(self.home)[-2:]
        if len(before) == 2:
            self.bring(before[0])
        entry = registry.rollback(self.home, reason, actor)
        self._note(entry, reason, actor, rollback=True)
        return entry

    def _note(self, entry: ModelEntry, reason: str, actor: str, *, rollback: bool = False) -> None:
        name = BUNDLED if entry.bundled else entry.path.name
        self.store.carry_out(
            lambda session: session.add(
                Promotion(model=name, reason=reason, actor=actor, rollback=rollback, at=now())
            )
        )
        registry.write_promotions(self.home, self.store.patiently(self._lines))

    def _lines(self) -> list[dict[str, Any]]:
        """Return the list of promotions, oldest first."""
        with self.store.reading() as session:
            return [_line(row) for row in _rows(session)]

    def _files_of(self, model: str) -> Mapping[str, str]:
        with self.store.reading() as session:
            held = session.execute(
                select(ModelFile.file, ModelFile.sha256).where(ModelFile.model == model)
            ).all()
        return {str(file): str(sha256) for file, sha256 in held}

    def _is_here(self, model: str) -> bool:
        return (self.home / "models" / model / MANIFEST).exists()


def _take_over(session: Session, old: Sequence[Mapping[str, Any]]) -> None:
    """Store the list of a home that was used before the store had one; the first home that comes wins."""
    hold_lock(session.connection(), IMPORT_LOCK)
    if not _rows(session):
        session.add_all([_row(line) for line in old])


def _rows(session: Session) -> Sequence[Promotion]:
    return session.scalars(select(Promotion).order_by(Promotion.id)).all()


def _row(line: Mapping[str, Any]) -> Promotion:
    return Promotion(
        model=str(line["model"]),
        reason=str(line.get("reason", "")),
        actor=str(line.get("actor", "")),
        rollback=bool(line.get("rollback")),
        at=registry.moment_of(line) or now(),
    )


def _line(row: Promotion) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(timespec="seconds"),
        "model": row.model,
        "reason": row.reason,
        "actor": row.actor,
        "rollback": row.rollback,
    }


def _not_here(model: str) -> ModelError:
    return ModelError(
        Bilingual(
            f"แบบจำลองที่ใช้อยู่ ({model}) ไม่มีในเครื่องนี้ และไม่มีในที่เก็บไฟล์",
            f"The model in use ({model}) is not on this machine, and not in the place of files.",
        ),
        Bilingual(
            "ให้ทุกเครื่องใช้ที่เก็บไฟล์เดียวกัน (KHETCHECK_FILES) หรือระบุแบบจำลองด้วย KHETCHECK_MODEL",
            "Let all machines use one place of files (KHETCHECK_FILES), or name a model by KHETCHECK_MODEL.",
        ),
    )
