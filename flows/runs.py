"""Opening a run: from settings to a batch that is ready to go, the same for the orchestrator and for ``--direct``."""

from __future__ import annotations

from pathlib import Path

from flows.settings import Settings
from models.registry.registry import champion_path, load_model
from pipeline.batches.batch import BatchRun
from pipeline.batches.worker import Setup
from pipeline.intake.inbox import Inbox
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import reader_version
from pipeline.store.database import Store
from rubric import load_rubric


def open_store(settings: Settings) -> Store:
    """Open the database that the settings name."""
    return Store.at(settings.home, settings.store or None)


def open_run(settings: Settings, inbox: str, *, quick: bool = False) -> BatchRun:
    """Open inbox, database and model, and note that a run has begun.

    Raises:
        InboxError, StoreError, RubricError, ModelError, NotFoundError: what the settings name is not there.
    """
    source = Inbox(local_or_url(inbox))
    rubric = load_rubric(settings.rubric)
    model = load_model(settings.model or None, settings.home, quick=quick)
    store = open_store(settings)
    versions = Versions(rubric.name, model.id, reader_version(settings.ocr, settings.limits))
    setup = Setup(
        home=settings.home,
        store_url=store.url.render_as_string(hide_password=False),
        rubric=settings.rubric,
        model=settings.model or str(champion_path(settings.home)),
        versions=versions,
        quick=quick,
        ocr=settings.ocr,
        limits=settings.limits,
    )
    return BatchRun(source, store, settings.home, setup, settings.worker_count)


def local_or_url(inbox: str) -> str:
    """Return a URL as it is, a local path in full: a later run from another folder must know the same files."""
    return inbox if "://" in inbox else str(Path(inbox).expanduser().resolve())
