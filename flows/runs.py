"""Opening a run: from settings to a batch that is ready to go, the same for the orchestrator and for ``--direct``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from flows.context import opened_store
from flows.settings import Settings
from models.registry.registry import champion_path, load_model
from pipeline.batches.batch import BatchRun
from pipeline.batches.worker import Setup
from pipeline.intake.inbox import Inbox
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import reader_version
from rubric import load_rubric


@contextlib.contextmanager
def opened_run(
    settings: Settings, inbox: str, *, quick: bool = False, batch: int | None = None
) -> Iterator[BatchRun]:
    """Open inbox, database and model, and note that a run has begun; workers and database are closed whatever happens.

    Args:
        batch: go on with this batch, which was begun with the same inbox, rubric and model; None begins one.

    Raises:
        InboxError, StoreError, RubricError, ModelError, NotFoundError: what the settings name is not there.
    """
    source = Inbox(local_or_url(inbox))
    rubric = load_rubric(settings.rubric)
    model = load_model(settings.model or None, settings.home, quick=quick)
    with opened_store(settings) as store:
        setup = Setup(
            home=settings.home,
            store_url=store.url.render_as_string(hide_password=False),
            rubric=settings.rubric,
            model=settings.model or str(champion_path(settings.home)),
            versions=Versions(rubric.name, model.id, reader_version(settings.ocr, settings.limits)),
            quick=quick,
            ocr=settings.ocr,
            limits=settings.limits,
        )
        with contextlib.closing(
            BatchRun(source, store, settings.home, setup, settings.worker_count, batch)
        ) as run:
            yield run


def local_or_url(inbox: str) -> str:
    """Return a URL as it is, a local path in full: a later run from another folder must know the same files."""
    return inbox if "://" in inbox else str(Path(inbox).expanduser().resolve())
