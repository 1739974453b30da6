"""What Prefect's pages are told: names, states that say how it went, one log line a submission, the table of a run.

None of it is needed again: what was drafted, and why something was not, stands in the product's database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from prefect import runtime
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from flows.settings import load_settings
from pipeline.batches.item import Item
from pipeline.store import submissions
from pipeline.store.database import Store
from rubric.language import Bilingual

TAG = "khetcheck"
NO_DRAFT = "NoDraft"
"""Name of the state of what went through and has no draft, for reasons that lie in its files."""


def flow_run_name() -> str:
    """Return the name of the flow run that begins: the flow, the inbox's last folder, the day."""
    flow = runtime.flow_run.flow_name
    inbox = str(runtime.flow_run.parameters.get("inbox", "")).rstrip("/\\").replace("\\", "/")
    return f"{flow} {PurePosixPath(inbox).name} {dt.date.today().isoformat()}"


def task_run_name(names: Sequence[str]) -> str:
    """Return the first name, as text: Prefect takes braces in it for places to fill in."""
    first = names[0].replace("{", "{{").replace("}", "}}")
    return first if len(names) == 1 else f"{first} …"


def log(item: Item) -> None:
    """Write a submission's one line into the run's log."""
    logger = get_run_logger()
    line = f"{item.submission}: {item.outcome}, {item.seconds:.1f} s"
    if item.reason is None:
        logger.info("%s", line)
    else:
        logger.warning("%s: %s", line, _both(item.reason))


def end_of(items: Sequence[Item], answer: Any) -> Any:
    """Return what a task or a flow ends with: its answer, or a state that tells what has no draft, and holds the answer.

    A source that was out of reach and whatever is the program's fault or the machine's is a failure; documents that
    cannot be read are not.
    """
    without = [item for item in items if item.outcome == "failed"]
    if not without:
        return answer
    faults = [item for item in without if item.is_fault]
    shown = (faults or without)[0]
    told = f"{shown.submission}: {_both(shown.reason)}" if shown.reason else shown.submission
    if len(items) > 1:
        told = f"{len(without)} / {len(items)}: {told}"
    if faults:
        return Failed(message=told, data=answer)
    return Completed(name=NO_DRAFT, message=told, data=answer)


def answer_of(state: State[Any]) -> Any:
    """Return what a run ended with, also where it told of a failure; raises what it was broken off by."""
    answer = state.result(raise_on_failure=False, _sync=True)  # type: ignore[call-overload]
    if isinstance(answer, BaseException):
        raise answer
    return answer


def publish(items: Sequence[Item], left_alone: Sequence[Bilingual], store: Store) -> None:
    """Make the run's table; its rows lead to the cases on the review page, where its address is known."""
    if not items:
        return
    address = load_settings().review_url.rstrip("/")
    with store.reading() as session:
        numbers = submissions.numbers_of(session, [item.submission for item in items]) if address else {}
    link = f"[khetcheck: หน้าตรวจ / review page]({address}/)" if address else "khetcheck"
    create_table_artifact(
        table=[
            as_row(item, f"{address}/cases/{numbers[item.submission]}" if item.submission in numbers else "")
            for item in sorted(items, key=lambda item: item.submission)
        ],
        key="screening",
        description="\n\n".join([link, *map(_both, left_alone)]),
    )


def as_row(item: Item, case: str = "") -> dict[str, object]:
    """Return an item as a row of the run's table."""
    return {
        "submission": f"[{_escaped(item.submission)}]({case})" if case else item.submission,
        "office": item.office,
        "outcome": item.outcome,
        "score": item.score,
        "probability": round(item.likelihood, 2),
        "reason": item.reason.th if item.reason else "",
    }


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _both(told: Bilingual) -> str:
    return f"{told.th} / {told.en}"
