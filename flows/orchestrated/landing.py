"""Where a task lands: the run that its plain values name, opened once a process and kept while tasks come.

A task may be carried out by a thread beside its flow, by another process or on another machine. In the flow's own process
it finds the run that is open there; elsewhere one is opened that joins the same batch.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.util
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.orchestrated.addresses import found, shown
from flows.runs import opened_run
from flows.settings import Settings, load_settings
from models.registry.registry import BUNDLED
from pipeline.batches.batch import BatchRun
from rubric.exceptions import NotFoundError, RunnerError
from rubric.language import Bilingual

IDLE_SECONDS = 30.0
"""A run that was opened for tasks is closed when none has come for so long, and its worker processes with it."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What a task needs to take part in a batch; small and free of secrets, because it travels.

    Attributes:
        settings: those of the flow; without the database's password and what opens the place of files, which each machine
            knows from its own environment.
    """

    inbox: str
    batch: int
    quick: bool
    settings: Settings

    @property
    def key(self) -> str:
        """Tells it from other landings of the process."""
        return f"{self.inbox}\0{self.batch}\0{self.quick}\0{self.settings.model_dump_json()}"


@dataclass
class _Opened:
    """A run that was opened for tasks, and how many of them are at it."""

    run: BatchRun
    closing: contextlib.ExitStack
    users: int = 0
    idle: threading.Timer | None = field(default=None)


_of_the_flow: dict[str, BatchRun] = {}
_opened: dict[str, _Opened] = {}
_lock = threading.RLock()


def landing_of(run: BatchRun, settings: Settings) -> Landing:
    """Return what a task needs to take part in a run's batch, wherever it lands."""
    model = run.setup.model
    here = {
        "home": run.setup.home,
        "store": shown(run.setup.store_url),
        "files_options": {},
        "model": "bundled" if model and Path(model) == BUNDLED else model,
    }
    return Landing(run.inbox.asked, run.id, run.setup.quick, settings.model_copy(update=here))


@contextlib.contextmanager
def flow_run_here(landing: Landing, run: BatchRun) -> Iterator[None]:
    """While a flow goes on, tasks that land in its process share its run and its worker processes."""
    _of_the_flow[landing.key] = run
    try:
        yield
    finally:
        del _of_the_flow[landing.key]


@contextlib.contextmanager
def landed(landing: Landing) -> Iterator[BatchRun]:
    """Give a task its run.

    Raises:
        RunnerError: this process may not start others, or cannot take part in the batch.
        SettingsError, InboxError, StoreError, ModelError: what the landing names is not there.
    """
    if (run := _of_the_flow.get(landing.key)) is not None:
        yield run
        return
    opened = _enter(landing)
    try:
        yield opened.run
    finally:
        _leave(landing, opened)


def _enter(landing: Landing) -> _Opened:
    with _lock:  # opened by the first, while the others wait for it
        opened = _opened.get(landing.key)
        if opened is None:
            opened = _opened[landing.key] = _open(landing)
        opened.users += 1
        if opened.idle is not None:
            opened.idle.cancel()
        return opened


def _leave(landing: Landing, opened: _Opened) -> None:
    with _lock:
        opened.users -= 1
        opened.idle = threading.Timer(IDLE_SECONDS, _close_idle, (landing,))
        opened.idle.daemon = True
        opened.idle.start()


def _close_idle(landing: Landing) -> None:
    with _lock:
        opened = _opened.get(landing.key)
        if opened is None or opened.users:
            return
        del _opened[landing.key]
    opened.closing.close()


def _close_all() -> None:
    """Leave the batches in good order when the process ends."""
    while _opened:
        _, opened = _opened.popitem()
        opened.closing.close()


def _open(landing: Landing) -> _Opened:
    if multiprocessing.current_process().daemon:
        raise RunnerError(
            Bilingual(
                "โปรแกรมของ Dask บนเครื่องปลายทางไม่อนุญาตให้เริ่มโปรแกรมย่อย จึงตรวจเอกสารไม่ได้",
                "The Dask workers may not start processes of their own, which screening needs.",
            ),
            Bilingual(
                "เริ่ม dask worker ด้วย --no-nanny หรือตั้ง DASK_DISTRIBUTED__WORKER__DAEMON=False",
                "Start them with --no-nanny, or set DASK_DISTRIBUTED__WORKER__DAEMON=False.",
            ),
        )
    settings = landing.settings
    mine = load_settings()
    own = {"store": found(settings.store), "workers": mine.workers, "files_options": mine.files_options}
    with contextlib.ExitStack() as opening:
        try:
            run = opening.enter_context(
                opened_run(
                    settings.model_copy(update=own), landing.inbox, quick=landing.quick, batch=landing.batch
                )
            )
        except NotFoundError as error:
            raise _apart(landing) from error
        run.help_out()
        if not _opened:
            multiprocessing.util.Finalize(None, _close_all, exitpriority=10)
        return _Opened(run, opening.pop_all())


def _apart(landing: Landing) -> RunnerError:
    return RunnerError(
        Bilingual(
            f"เครื่องที่รับงานเข้าร่วมรอบที่ {landing.batch} ไม่ได้ เพราะฐานข้อมูล แบบจำลอง หรือโปรแกรมอ่านต่างจากเครื่องที่เริ่มรอบ",
            f"The machine that was given work cannot take part in batch {landing.batch}: its database, its model or its "
            "reading programs are not those of the machine that began it.",
        ),
        Bilingual(
            "ให้ทุกเครื่องใช้ KHETCHECK_STORE เดียวกัน และติดตั้ง khetcheck, Tesseract และ LibreOffice เหมือนกัน",
            "Give all of them the same KHETCHECK_STORE, and the same khetcheck, Tesseract and LibreOffice.",
        ),
    )
