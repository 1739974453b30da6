"""Who carries out the tasks: threads beside the flow, which wait for its worker processes, or a Dask cluster.

No other module knows Dask; it is an extra (``khetcheck[dask]``).
"""

from __future__ import annotations

from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.direct import AHEAD
from flows.settings import Settings, load_settings
from rubric.exceptions import KhetcheckError, RunnerError
from rubric.language import Bilingual

DASK = "dask://"


def runner_of(settings: Settings) -> TaskRunner[Any]:
    """Return the task runner that the settings name.

    Raises:
        RunnerError: the extra that it needs is not installed.
    """
    if not settings.runner:
        return ThreadPoolTaskRunner(max_workers=settings.worker_count + AHEAD)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise RunnerError(
            Bilingual("ยังไม่ได้ติดตั้งส่วนเสริม Dask", "The extra for Dask is not installed."),
            Bilingual("สั่ง pip install 'khetcheck[dask]'", "Run pip install 'khetcheck[dask]'."),
        ) from error
    return DaskTaskRunner(address="tcp://" + settings.runner.removeprefix(DASK))


def threads_of_environment() -> TaskRunner[Any]:
    """Return the threads of a flow that is run by a worker: as many as its worker processes can serve, and few more."""
    try:
        return runner_of(load_settings(runner=""))
    except KhetcheckError:
        return ThreadPoolTaskRunner(max_workers=1)


def runner_of_environment() -> TaskRunner[Any]:
    """Return the task runner for a flow that is run by a worker; a wrong setting is told when the flow runs."""
    try:
        return runner_of(load_settings())
    except KhetcheckError:
        return ThreadPoolTaskRunner(max_workers=1)
