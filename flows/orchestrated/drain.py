"""The Prefect flow ``drain``: takes some of what waits in a batch, screens it, and so on until nothing is left.

As many of it as there are machines share one batch, each with worker processes of its own; a slow one takes less.
"""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.direct import AHEAD
from flows.orchestrated.killed import ended_in_order
from flows.orchestrated.landing import flow_run_here, landing_of
from flows.orchestrated.runners import threads_of_environment
from flows.orchestrated.screen import begin, finish, flow_settings
from flows.orchestrated.tasks import MOST_TASKS, chunked, screened
from flows.orchestrated.telling import end_of, flow_run_name, publish
from flows.runs import opened_run
from pipeline.batches.item import Item

MOST_TAKEN = 25
"""So many are claimed at once at most: what a machine holds when it is lost waits for its lease to lapse."""
AHEAD_OF_WORK = 4
"""For each worker so many are claimed, so that at the end no machine holds a heap while others have nothing to do."""


@flow(
    name="drain",
    flow_run_name=flow_run_name,
    persist_result=False,
    validate_parameters=False,
    task_runner=threads_of_environment(),
)
def drain(
    inbox: str,
    home: str | None = None,
    store: str | None = None,
    retry: bool = False,
    quick: bool = False,
    model: str | None = None,
    batch: int | None = None,
) -> Any:
    """Screen, together with all others who do so, what waits over an inbox.

    Args:
        inbox, home, store, retry, quick, model: as for ``screen``.
        batch: number of an open batch; it looks for nothing new then, and does what waits in it.

    Returns:
        The batch's counts by outcome, of all its runs.
    """
    settings = flow_settings(home, store, model)
    with opened_run(settings, inbox, quick=quick, batch=batch) as run:
        begin(run)
        items: list[Item] = []
        if batch is None:
            items, _ = run.triage(run.inbox.submissions(), retry=retry)
        landing = landing_of(run, settings)
        most = min(MOST_TAKEN, AHEAD_OF_WORK * settings.worker_count)
        done: list[Item] = []
        with ended_in_order(run), flow_run_here(landing, run):
            while names := run.take(most):
                # beyond what a history bears, a task holds as much as one thread has to do of it
                size = 1 if len(done) < MOST_TASKS else -(-len(names) // (settings.worker_count + AHEAD))
                done += [item for _, item in screened(landing, chunked(names, size)) if item is not None]
        totals = finish(run)
        publish([item for item in done if not item.elsewhere], run.inbox.left_alone, run.store)
        return end_of([*items, *done], totals)
