"""Prefect's own history of our runs: told, and dropped when it is old. Only finished runs of khetcheck's flows."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from flows.opening.prefect_surroundings import has_own_server, prepare_orchestrator

OURS = ["screen", "drain", "retrain"]
AT_ONCE = 200


def old_runs(home: Path, before: dt.datetime, *, dry: bool) -> int | None:
    """Drop runs that ended before a time, or only count them.

    Returns:
        How many; None where no server of one's own is set, or it does not answer: nothing depends on its history.
    """
    if not has_own_server():
        return None
    prepare_orchestrator(home)
    os.environ.setdefault("PREFECT_CLIENT_MAX_RETRIES", "0")
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterEndTime
    from prefect.exceptions import PrefectException

    ours = FlowFilter(name=FlowFilterName(any_=OURS))
    ended = FlowRunFilter(end_time=FlowRunFilterEndTime.model_validate({"before_": before}))
    count = 0
    try:
        with get_client(sync_client=True) as client:
            while runs := client.read_flow_runs(
                flow_filter=ours, flow_run_filter=ended, limit=AT_ONCE, offset=count if dry else 0
            ):
                count += len(runs)
                for run in runs if not dry else []:
                    client.delete_flow_run(run.id)
    except (PrefectException, httpx.HTTPError, OSError, RuntimeError):
        return None
    return count
