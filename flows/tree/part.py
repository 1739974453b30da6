"""A part's own side of the tree: what is run by ``python -m flows.tree.part``; it ends when the tree's root is gone."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import runpy
import signal
import sys
import threading
import time
from types import FrameType

GRACE_SECONDS = 10.0


def main() -> None:
    """Run the part that the command line names."""
    threading.Thread(target=_end_with_root, daemon=True).start()
    kind, *words = sys.argv[1:]
    if kind == "page":
        sys.argv = ["khetcheck", *words]
        runpy.run_module("flows.cli", run_name="__main__", alter_sys=True)
    else:
        work(inbox=words[0], minutes=int(words[1]))


def work(inbox: str, minutes: int) -> None:
    """Register the deployments and run what the server starts, one run at a time, until told to end."""
    from flows.opening.prefect_surroundings import prepare_orchestrator
    from flows.settings import load_settings

    settings = load_settings()
    prepare_orchestrator(settings.home)
    import anyio
    from prefect.workers.process import ProcessWorker

    from flows.orchestrated.deployed import POOL, register

    async def start() -> None:
        worker = ProcessWorker(work_pool_name=POOL, create_pool_if_not_found=True, limit=1)
        await worker.start(printer=lambda *words: None)

    _make_pool(POOL)
    register(settings, inbox, dt.timedelta(minutes=minutes) if minutes else None)
    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        anyio.run(start)


def _make_pool(name: str) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.workers.process import ProcessWorker

    pool = WorkPoolCreate(
        name=name, type="process", base_job_template=ProcessWorker.get_default_base_job_template()
    )
    with get_client(sync_client=True) as client, contextlib.suppress(ObjectAlreadyExists):
        client.create_work_pool(work_pool=pool)


def _interrupt(number: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGINT)  # which the loop of events takes for "end in good order"


def _end_with_root() -> None:
    sys.stdin.buffer.read()  # nothing is ever written: it returns when the root is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
