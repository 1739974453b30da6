"""Opening a run: from settings to a batch that is ready to go, the same for the orchestrator and for ``--direct``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from flows.context import opened_store
from flows.opening.inboxes import open_inbox, open_named
from flows.opening.models_in_use import model_in_use
from flows.settings import Settings
from models.registry.registry import champion_path
from pipeline.batches.batch import BatchRun
from pipeline.batches.recording import RETRIED
from pipeline.batches.worker import Setup
from pipeline.intake.pulled import Submissions
from pipeline.screening.drafting import Versions
from pipeline.screening.screener import reader_version
from pipeline.sources.listed_offices import ListedOffices
from pipeline.sources.listed_results import report
from pipeline.sources.settling import settle
from pipeline.sources.source import Source
from pipeline.sources.watched import WatchedFolder
from pipeline.store.database import Store
from pipeline.store.work.claims import Lease
from pipeline.store.work.rounds import note_plan, note_round
from rubric import load_rubric


@contextlib.contextmanager
def opened_run(
    settings: Settings, inbox: str, *, quick: bool = False, batch: int | None = None
) -> Iterator[BatchRun]:
    """Open inbox, database and model, and take part in a batch; workers and database are closed whatever happens.

    Args:
        batch: join this batch, which is open over the same inbox with the same rubric and model; None joins the one
            that other runs have open, or opens one.

    Raises:
        InboxError, SettingsError, StoreError, RubricError, ModelError, NotFoundError: what the settings name is not there.
    """
    given = open_inbox(settings, inbox)
    rubric = load_rubric(settings.rubric)
    with opened_store(settings) as store:
        source = open_named(settings, given, store) if isinstance(given, Source) else given
        model = model_in_use(settings, store, quick=quick)
        lease = Lease(settings.lease, settings.renewal)
        setup = Setup(
            home=settings.home,
            store_url=store.url.render_as_string(hide_password=False),
            rubric=settings.rubric,
            model=settings.model or str(champion_path(settings.home)),
            versions=Versions(rubric.name, model.id, reader_version(settings.ocr, settings.limits)),
            quick=quick,
            ocr=settings.ocr,
            limits=settings.limits,
            files=settings.kept,
        )
        with (
            contextlib.closing(source),
            contextlib.closing(
                BatchRun(source, store, settings.home, setup, settings.worker_count, batch, lease)
            ) as run,
        ):
            store.carry_out(lambda session: note_round(session, run.inbox.url))
            yield run
            _tell_source(source, store, run.id)


def _tell_source(source: Submissions, store: Store, batch: int) -> None:
    """Let a source know what became of its submissions: folders move, a list gets its column of results."""
    if isinstance(source, WatchedFolder):
        settle(source, store, batch, RETRIED)
    elif isinstance(source, ListedOffices):
        report(source, store, batch)


def note_total(run: BatchRun, total: int) -> None:
    """Note how many submissions the run is to screen, for whoever looks on."""
    run.store.carry_out(lambda session: note_plan(session, run.id, total, quick=run.setup.quick))
