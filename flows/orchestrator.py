"""Prefect's surroundings: its data inside the product's home, no call to the outside, no chatter on the screen.

Prefect reads its settings when it is imported, so everything here happens before that. A server of one's own
(``PREFECT_API_URL``) is used where it is set; otherwise a temporary one is started for the run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flows.ending import Ended
from flows.opening.prefect_surroundings import has_own_server, prepare_orchestrator
from flows.running import server_kept_over
from flows.server import temporary_server
from flows.settings import ADDRESS, Settings
from flows.terminal import messages, say
from pipeline.secrecy import without_secrets
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.batches.batch import BatchRun
    from pipeline.batches.item import Item

RETRIES = "2"
"""A temporary server that was killed comes back no more: each call of it is tried anew for 6 s instead of 62."""
TOLD_AFTER = 5.0
LOGGED_AFTER = 60.0
TOLD_EVERY = 15.0
"""Seconds of waiting for the server after which it is said that it is still starting; later where only a log is kept."""


def orchestrated(
    run: BatchRun, settings: Settings, limit: int | None, retry: bool, on_item: Callable[[Item], None]
) -> bool:
    """Run the flow over a batch that has begun, to the batch's end.

    Returns:
        False where Prefect failed us: the batch is open still, and those that ``on_item`` did not hear of are to be screened.
    """
    prepare_orchestrator(run.setup.home)
    try:
        with (
            _server(run.setup.home),
            _environment("KHETCHECK_STORE", run.setup.store_url),
            _environment(ADDRESS, run.inbox.whole_address),
        ):
            from flows.orchestrated.screen import run_with_prefect

            run_with_prefect(run, settings, limit, retry, on_item)
    except KhetcheckError:  # the machine's fault or the request's, which the direct way would meet as well
        raise
    except Exception as error:  # whatever ails the orchestrator, the drafts do not depend on it
        keep_trace(run.setup.home, error)
        return False
    except BaseException as error:
        if type(error).__name__ == "TerminationSignal":  # Prefect's word for SIGTERM
            raise Ended(signal.SIGTERM) from None
        raise
    return True


@contextlib.contextmanager
def _server(home: Path) -> Iterator[None]:
    """Use the user's own server, else the one that ``khetcheck up`` keeps over this home, else one for this run alone."""
    if has_own_server():
        yield
    elif (kept := server_kept_over(home)) is not None:
        with _environment("PREFECT_API_URL", kept):
            yield
    else:
        with _temporary():
            yield


@contextlib.contextmanager
def _temporary() -> Iterator[None]:
    with (
        temporary_server(on_wait=_say_waiting(), on_death=_say_lost) as address,
        _environment("PREFECT_API_URL", address),
        _environment("PREFECT_CLIENT_MAX_RETRIES", RETRIES),
    ):
        yield


def _say_lost() -> None:
    say(
        Bilingual(
            "ตัวจัดลำดับงาน Prefect หยุดกลางคัน การตรวจยังดำเนินต่อไป แต่จะจบช้าลงเล็กน้อย",
            "The Prefect server of this run has ended; screening goes on, its end will take a little longer.",
        ),
        "yellow",
    )


def _say_waiting() -> Callable[[], None]:
    """Return what is called again and again while the server starts, and says so now and then."""
    started = time.monotonic()
    told = started + (TOLD_AFTER if messages().is_terminal else LOGGED_AFTER) - TOLD_EVERY

    def waiting() -> None:
        nonlocal told
        if time.monotonic() - told < TOLD_EVERY:
            return
        told = time.monotonic()
        seconds = round(told - started)
        say(
            Bilingual(
                f"กำลังเริ่มตัวจัดลำดับงาน Prefect ({seconds} วินาที) ครั้งแรกอาจใช้เวลาสองสามนาที ไม่ต้องรอหากใช้ --direct",
                f"Prefect is starting ({seconds} s); the first time may take minutes. --direct does without it.",
            ),
            "dim",
        )

    return waiting


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable of this process and its children, and set it back."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def keep_trace(home: Path, error: BaseException) -> Path:
    """Write an error's details where the person who maintains the system finds them; returns the file."""
    log = home / "errors.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"--- {dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}\n")
        stream.write(without_secrets("".join(traceback.format_exception(error))))
    return log
