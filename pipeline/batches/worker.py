"""What a worker process of the pool does: holds model, rubric and store once, and screens what it is given.

Kept small and free of everything that only the parent needs, because each worker imports it afresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.registry.registry import load_model
from pipeline.blocks import DocumentReading
from pipeline.intake.kept_at import KeptAt
from pipeline.intake.patience import Pauses
from pipeline.intake.pulled import Pulled
from pipeline.reading import DEFAULT_LIMITS, Limits
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import Screened, Screener
from pipeline.screening.shared_ocr import SharedOcr
from pipeline.store.database import Store
from pipeline.store.readings import load_reading
from rubric import load_rubric

OCR_PAUSES = Pauses(tries=2)
"""Patience with the place of files where only results of OCR are wanted: they can be made again."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is made with; small, because it travels to each of them.

    Attributes:
        model: id or folder of the model; the id is resolved by the parent, so that a promotion in mid-batch does not
            mix two models.
        files: where the files are kept; None for the home.
        quick: words alone, without the encoder.
    """

    home: Path
    store_url: str
    rubric: str
    model: str
    versions: Versions
    quick: bool = False
    ocr: bool = True
    limits: Limits = DEFAULT_LIMITS
    files: KeptAt | None = None

    @property
    def kept(self) -> KeptAt:
        """Where the files are kept, decided."""
        return self.files or KeptAt(self.home)


class StoredReadings:
    """``pipeline.screening.screener.Readings`` on the store."""

    def __init__(self, store: Store, reader: str) -> None:
        self._store, self._reader = store, reader

    def get(self, sha256: str, file: str) -> DocumentReading | None:
        """Return the reading of earlier runs."""
        return self._store.patiently(lambda: self._load(sha256, file))

    def _load(self, sha256: str, file: str) -> DocumentReading | None:
        with self._store.reading() as session:
            return load_reading(session, sha256, self._reader, file)


def screener_of(setup: Setup, store: Store) -> Screener:
    """Return a screener that reads, judges and looks up earlier readings as ``setup`` says."""
    return Screener(
        files=setup.kept.open(),
        rubric=load_rubric(setup.rubric),
        model=load_model(setup.model, setup.home, quick=setup.quick),
        versions=setup.versions,
        readings=StoredReadings(store, setup.versions.reader),
        limits=setup.limits,
        ocr=setup.ocr,
        scratch=setup.home / "ocr",
        shared_ocr=SharedOcr(setup.kept.open(OCR_PAUSES)) if setup.kept.url else None,
    )


_screeners: list[Screener] = []


def prepare(setup: Setup) -> None:
    """Run once in each new worker."""
    _screeners[:] = [screener_of(setup, Store(setup.store_url, migrate=False))]


def screen(pulled: Pulled) -> Screened:
    """Screen one submission in this worker."""
    return _screeners[0].screen(pulled)
