"""The Prefect flow ``screen``: schedules, shows and links; the work and the truth are elsewhere.

Triage, then one task per submission, or per chunk of them in a large batch. It works from its parameters alone, by a
worker of Prefect and from the command line alike, and its tasks carry plain values, so that any task runner will do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import Flow, flow, tags
from prefect.client.schemas.objects import State
from prefect.context import get_run_context
from prefect.logging.handlers import APILogHandler

from flows.orchestrated.addresses import found, shown
from flows.orchestrated.killed import close_killed, ended_in_order
from flows.orchestrated.landing import flow_run_here, landing_of
from flows.orchestrated.runners import runner_of, runner_of_environment
from flows.orchestrated.tasks import chunked, screened
from flows.orchestrated.telling import TAG, answer_of, end_of, flow_run_name, publish
from flows.runs import note_total, opened_run
from flows.settings import Settings, load_settings
from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item
from pipeline.batches.sharing import shared

Listener = Callable[[Item], None]


class Heard:
    """A listener that stays where it is: Prefect sends the flow along with its tasks, and elsewhere nobody listens."""

    def __init__(self, on_item: Listener | None = None) -> None:
        self._on_item = on_item

    def __call__(self, item: Item) -> None:
        """Tell of an item."""
        if self._on_item is not None:
            self._on_item(item)

    def __reduce__(self) -> tuple[type[Heard], tuple[()]]:
        """Travel without the listener."""
        return type(self), ()


def _screen_flow(on_item: Heard) -> Flow[..., Any]:
    """Return the flow; ``on_item`` hears of each submission when its task has come back."""

    @flow(
        name="screen",
        flow_run_name=flow_run_name,
        persist_result=False,
        validate_parameters=False,
        task_runner=runner_of_environment(),
    )
    def screen(
        inbox: str,
        home: str | None = None,
        store: str | None = None,
        limit: int | None = None,
        retry: bool = False,
        quick: bool = False,
        model: str | None = None,
        batch: int | None = None,
    ) -> Any:
        """Screen what is new in an inbox; for deployments and for the command line alike.

        Args:
            inbox: folder or fsspec URL.
            home: as ``--home``. model: as ``KHETCHECK_MODEL``.
            store: as ``--store``; without a password, which ``KHETCHECK_STORE`` holds where the flow runs.
            limit: at most so many new submissions.
            retry: also what was given up, because it ended those who worked on it.
            quick: words alone, without the encoder.
            batch: number of a batch that was begun already, to go on with.

        Returns:
            Counts by outcome.
        """
        settings = flow_settings(home, store, model)
        with opened_run(settings, inbox, quick=quick, batch=batch) as run:
            begin(run)
            items, waiting = run.triage(run.inbox.submissions(), limit, retry)
            note_total(run, len(items) + len(waiting))
            landing = landing_of(run, settings)
            done: list[Item] = []
            with ended_in_order(run), flow_run_here(landing, run):
                for item in shared(run, waiting, lambda some: screened(landing, chunked(some))):
                    done.append(item)
                    on_item(item)
            totals = finish(run)
            publish(done, run.inbox.left_alone, run.store)
            return end_of([*items, *done], totals)

    return screen


screen = _screen_flow(Heard())


def flow_settings(home: str | None, store: str | None, model: str | None = None) -> Settings:
    """Return the settings of a flow from its parameters and, for what they leave open, its environment."""
    return load_settings(
        home=Path(home) if home else None, store=found(store) if store else None, model=model
    )


def begin(run: BatchRun) -> None:
    """Let store and orchestrator know of each other."""
    run.note_flow_run(str(get_run_context().flow_run.id))  # type: ignore[union-attr]
    close_killed(run.killed_runs)


def finish(run: BatchRun) -> dict[str, int]:
    """End a run's part in its batch; those that were found killed meanwhile are shown as such."""
    totals = run.finish()
    close_killed(run.killed_runs)
    return totals


def run_with_prefect(
    run: BatchRun, settings: Settings, limit: int | None, retry: bool, on_item: Listener
) -> None:
    """Run the flow for a batch that has begun, to its end; ``on_item`` hears of each submission as it is done."""
    here = _screen_flow(Heard(on_item)).with_options(task_runner=runner_of(settings))
    with tags(TAG):
        state: State[Any] = here(  # type: ignore[assignment]
            run.inbox.asked,
            home=str(run.setup.home),
            store=shown(run.setup.store_url),
            limit=limit,
            retry=retry,
            quick=run.setup.quick,
            model=run.setup.model,
            batch=run.id,
            return_state=True,
        )
    APILogHandler().flush()  # while its server stands: what is sent at the program's end finds a temporary one gone
    answer_of(state)
