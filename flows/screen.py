"""The Prefect flow ``screen``: schedules, shows and links; the work and the truth are elsewhere.

One task per submission, or per chunk of them in a large batch. Task results carry a line to show and nothing else:
what was drafted stands in the product's database, where a killed or repeated run finds it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.context import get_run_context
from prefect.exceptions import PrefectException
from prefect.futures import as_completed
from prefect.states import Crashed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.direct import AHEAD
from flows.ending import ended_by_signals
from flows.runs import opened_run
from flows.settings import load_settings
from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item
from rubric.language import Bilingual

Listener = Callable[[Item], None]
MOST_TASKS = 1000
"""More task runs than this in one flow run only burden its history (docs/design.md)."""


@task(name="submission", persist_result=False, cache_policy=NO_CACHE)
def screen_submissions(run: BatchRun, names: list[str], on_item: Listener | None) -> list[dict[str, object]]:
    """Screen these submissions, one after the other."""
    rows = []
    for name in names:
        item = run.screen(name)
        if on_item is not None:
            on_item(item)
        rows.append(as_row(item))
    return rows


@flow(name="screen", persist_result=False, validate_parameters=False)
def screen(
    inbox: str,
    home: str | None = None,
    store: str | None = None,
    limit: int | None = None,
    quick: bool = False,
    model: str | None = None,
    batch: int | None = None,
    on_item: Listener | None = None,
) -> dict[str, int]:
    """Screen what is new in an inbox; for deployments and for the command line alike.

    Args:
        inbox: folder or fsspec URL.
        home: as ``--home``. store: as ``--store``. model: as ``KHETCHECK_MODEL``.
        limit: at most so many new submissions.
        quick: words alone, without the encoder.
        batch: number of a batch that was begun already, to go on with.
        on_item: hears of each submission as it is done; for callers in the same process.

    Returns:
        Counts by outcome.
    """
    settings = load_settings(home=Path(home) if home else None, store=store, model=model)
    with opened_run(settings, inbox, quick=quick, batch=batch) as run:
        context = get_run_context()
        run.note_flow_run(str(context.flow_run.id))  # type: ignore[union-attr]
        close_killed(run.killed_runs)
        _, waiting = run.triage(run.inbox.submissions(), limit)
        with ended_by_signals(run.stop):
            rows = _screened(run, waiting, on_item)
        _publish(rows, run.inbox.left_alone)
        return run.finish()


def run_with_prefect(run: BatchRun, limit: int | None, workers: int, on_item: Listener) -> None:
    """Run the flow for a batch that has begun, to its end; ``on_item`` hears of each submission as it is done.

    The database's address may hold a password, which Prefect would show among the parameters; the flow finds it in the
    environment.
    """
    close_killed(run.killed_runs)
    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers + AHEAD)
    screen.with_options(task_runner=runner)(
        run.inbox.url,
        home=str(run.setup.home),
        limit=limit,
        quick=run.setup.quick,
        model=run.setup.model,
        batch=run.id,
        on_item=on_item,
    )


def _screened(run: BatchRun, names: Sequence[str], on_item: Listener | None) -> list[dict[str, object]]:
    futures = [
        screen_submissions.with_options(task_run_name=_task_name(chunk)).submit(run, chunk, on_item)
        for chunk in chunked(names)
    ]
    return [row for future in as_completed(futures) for row in future.result()]


def _publish(rows: Sequence[dict[str, object]], left_alone: Sequence[Bilingual]) -> None:
    if rows:
        create_table_artifact(
            table=sorted(rows, key=lambda row: str(row["submission"])),
            key="screening",
            description="\n\n".join([_description(), *(f"{one.th} / {one.en}" for one in left_alone)]),
        )


def _task_name(chunk: Sequence[str]) -> str:
    """The first name, as text: Prefect takes braces in it for places to fill in."""
    first = chunk[0].replace("{", "{{").replace("}", "}}")
    return first if len(chunk) == 1 else f"{first} …"


def _description() -> str:
    """Say what the table is, with a link to the review page where its address is known."""
    address = load_settings().review_url.rstrip("/")
    return f"[khetcheck: หน้าตรวจ / review page]({address}/)" if address else "khetcheck"


def close_killed(flow_runs: Sequence[str]) -> None:
    """Mark runs as crashed whose process was killed: the orchestrator would show them as running for ever."""
    if not flow_runs:
        return
    with get_client(sync_client=True) as client:
        for flow_run in flow_runs:
            with contextlib.suppress(PrefectException):
                client.set_flow_run_state(
                    UUID(flow_run), Crashed(message="The process was killed."), force=True
                )


def chunked(names: Sequence[str]) -> list[list[str]]:
    """Return the names in at most ``MOST_TASKS`` chunks of equal size, in order."""
    size = max(1, -(-len(names) // MOST_TASKS))
    return [list(names[start : start + size]) for start in range(0, len(names), size)]


def as_row(item: Item) -> dict[str, object]:
    """Return an item as a row of the run's table."""
    return {
        "submission": item.submission,
        "office": item.office,
        "outcome": item.outcome,
        "score": item.score,
        "probability": round(item.likelihood, 2),
        "reason": item.reason.th if item.reason else "",
    }
