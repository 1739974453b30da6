"""Asks for figures that take a while and keeps them until somebody has reviewed or drafted something more."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.learning.lead_figures import Drift, Learning
from pipeline.processes import Job, ProcessPool
from pipeline.review.figures import figure_worker
from pipeline.store.database import Store
from pipeline.store.tables import Batch, DraftRow, Review
from rubric import Rubric
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

SECONDS = 300.0
"""Counting that takes longer is given up."""
KEPT = 24
LOG = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class FiguresFailed(KhetcheckError):
    """Figures could not be counted; the log says why."""


class StillCounting(KhetcheckError):
    """The figures are not there yet."""


class LeadFigures:
    """Figures in the making and made.

    Args:
        store: the database; the worker opens it for itself.
        home: where models lie.
    """

    def __init__(self, store: Store, home: Path) -> None:
        self._url = store.url.render_as_string(hide_password=False)
        self._home = home
        self._workers = ProcessPool()
        self._lock = threading.Lock()
        self._asked: OrderedDict[Hashable, tuple[Job[Any], float]] = OrderedDict()

    def close(self) -> None:
        """End the worker process, whatever it does."""
        self._workers.end()

    def drift(self, work: Session, batch: int, wait: float = 0.0) -> Drift | None:
        """Return a batch against those before it; None while it is counted.

        Args:
            wait: seconds to wait for it.

        Raises:
            FiguresFailed: it could not be counted.
        """
        key = ("drift", batch, stamp_of(work))
        return self._answer(key, wait, figure_worker.drift, self._url, self._home, batch)

    def learning(self, work: Session, rubric: Rubric, threshold: float, wait: float = 0.0) -> Learning | None:
        """Return forecast and worth of keywords; None while they are counted.

        Raises:
            FiguresFailed: they could not be counted.
        """
        key = ("learning", rubric.name, round(threshold, 2), stamp_of(work))
        return self._answer(key, wait, figure_worker.learning, self._url, rubric, round(threshold, 2))

    def _answer(
        self, key: Hashable, wait: float, count: Callable[..., Answer], *arguments: object
    ) -> Answer | None:
        with self._lock:
            job, since = self._asked.get(key) or (None, 0.0)
            if job is None:
                job, since = self._workers.submit(count, *arguments), time.monotonic()
                self._asked[key] = (job, since)
                while len(self._asked) > KEPT:
                    self._asked.popitem(last=False)
        end = time.monotonic() + wait
        while not job.done() and time.monotonic() < end:
            time.sleep(0.05)
        if not job.done() and time.monotonic() - since < SECONDS:
            return None
        try:
            return cast(Answer, self._workers.result(job, 0.0))
        except Exception as error:
            with self._lock:
                self._asked.pop(key, None)
            LOG.error("figures could not be counted", exc_info=error)
            raise FiguresFailed(
                Bilingual("คำนวณตัวเลขไม่สำเร็จ", "The figures could not be counted."),
                Bilingual("ลองใหม่ หรือดูบันทึกของโปรแกรม", "Try again, or see the program's log."),
            ) from error


def stamp_of(work: Session) -> tuple[int, int]:
    """Return what changes whenever somebody finished a review or a draft was made."""
    finished = select(func.count()).select_from(Review).where(Review.finished_at.is_not(None))
    return work.scalar(finished) or 0, work.scalar(select(func.max(DraftRow.id))) or 0


def batches_of(work: Session) -> list[Batch]:
    """Return the batches that made drafts, newest first."""
    drafted = select(DraftRow.batch_id).where(DraftRow.batch_id.is_not(None))
    return list(work.scalars(select(Batch).where(Batch.id.in_(drafted)).order_by(Batch.id.desc()).limit(100)))
