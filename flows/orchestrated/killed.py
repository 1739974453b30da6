"""Runs that were killed: marked as crashed where Prefect shows them as running, and ended where they lost their worker."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectException
from prefect.states import Crashed

from flows.ending import ended_by_signals, ended_with_parent
from pipeline.batches.batch import BatchRun


def close_killed(flow_runs: Sequence[str]) -> None:
    """Mark runs as crashed whose process was killed and that are shown as running: they would be for ever."""
    if not flow_runs:
        return
    with get_client(sync_client=True) as client:
        for flow_run in flow_runs:
            with contextlib.suppress(PrefectException):
                state = client.read_flow_run(UUID(flow_run)).state
                if state is None or not state.is_final():  # what it said of its own end stands
                    client.set_flow_run_state(
                        UUID(flow_run), Crashed(message="The process was killed."), force=True
                    )


@contextlib.contextmanager
def ended_in_order(run: BatchRun) -> Iterator[None]:
    """While a flow runs, a signal or the loss of the worker that started it ends it, and its part in the batch."""
    if runtime.deployment.id:
        ended_with_parent()
    with ended_by_signals(run.stop, run.break_off):
        yield
