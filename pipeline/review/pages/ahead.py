"""Pages of Word files made before anybody asks for them, so that a case opens in them at once.

A thread of the page looks from time to time for files without pages among the cases that wait, in the order of work,
and has them made: one at a time, by a worker that stands back for everything else, and the files of a case that
somebody opens before all others. What cannot be made is tried once; the case then shows its text, as before.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from pipeline.processes import WorkerDied
from pipeline.reading import libreoffice
from pipeline.review.cases.documents import DocumentView
from pipeline.review.pages.views import Views
from pipeline.store.database import Store
from pipeline.store.tables import BlockRow, Document, DraftPlace, DraftRow, Reading, Submission
from rubric.exceptions import DocumentError

LOG = logging.getLogger(__name__)
EVERY_SECONDS = 30.0
MOST_AHEAD = 200
"""Files looked at in one go; the cases that come next in the order of work are the first of them."""
CLOSED = ("confirmed", "changed", "adjudicated")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file whose pages are to be made, as one reader version read it."""

    sha256: str
    reader: str
    reading_id: int


class PagesAhead:
    """Makes pages ahead; does nothing until it is started, nor where LibreOffice is missing.

    Args:
        every: seconds after which it looks for new files.
    """

    def __init__(self, views: Views, store: Store, every: float = EVERY_SECONDS) -> None:
        self._views = views
        self._store = store
        self._every = every
        self._hurried: deque[Wanted] = deque(maxlen=MOST_AHEAD)
        self._tried: set[Wanted] = set()
        self._stir = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        if libreoffice.find_program() is not None:
            self._thread = threading.Thread(target=self._run, name="pages ahead", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Begin nothing more; what is being made is given up with the worker that makes it."""
        self._ended = True
        self._stir.set()

    def join(self) -> None:
        """Wait until it has ended, once the worker has: from then on it asks nothing of the store."""
        if self._thread is not None:
            self._thread.join()

    def hurry(self, documents: Iterable[DocumentView]) -> None:
        """Make the pages of a case's Word files before all others: somebody has opened it."""
        if self._thread is None:
            return
        for document in documents:
            if not document.paged and document.row.reading_id is not None:
                self._hurried.append(Wanted(document.row.sha256, document.reader, document.row.reading_id))
        self._stir.set()

    def _run(self) -> None:
        while not self._ended:
            self._stir.clear()
            try:
                self._round()
            except Exception:  # a database that restarts, say: the next round comes
                LOG.warning("pages could not be made ahead", exc_info=True)
            self._stir.wait(self._every)

    def _round(self) -> None:
        with self._store.reading() as session:
            waiting = deque(waiting_files(session))
        while not self._ended and (self._hurried or waiting):
            self._make(self._hurried.popleft() if self._hurried else waiting.popleft())

    def _make(self, wanted: Wanted) -> None:
        if wanted in self._tried:
            return
        self._tried.add(wanted)
        if self._views.view(wanted.sha256, wanted.reader) is not None:
            return
        with self._store.reading() as session:
            texts, recognised = _texts_of(session, wanted.reading_id)
        try:
            self._views.make(wanted.sha256, wanted.reader, texts, recognised)
        except (DocumentError, WorkerDied) as error:
            LOG.info("no pages of %s: %s", wanted.sha256[:12], error)


def waiting_files(session: Session) -> list[Wanted]:
    """Return the files without pages of the cases that wait for somebody, in the order of work."""
    rows = session.execute(
        select(Document.sha256, Reading.reader, Reading.id)
        .join(Reading, Reading.id == Document.reading_id)
        .join(DraftRow, DraftRow.delivery_id == Document.delivery_id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.current, Submission.state.not_in(CLOSED))
        .where(or_(Reading.pages.is_(None), Reading.pages == 0))
        .where(exists().where(BlockRow.reading_id == Reading.id))
        .order_by(DraftPlace.number.is_(None), DraftPlace.number, Document.position)
        .limit(MOST_AHEAD)
    )
    return [Wanted(*row) for row in rows]


def _texts_of(session: Session, reading_id: int) -> tuple[list[str], list[int]]:
    """Return the texts of all blocks, and which of them OCR read from pictures."""
    rows = session.execute(
        select(BlockRow.text, BlockRow.position, BlockRow.read_by)
        .where(BlockRow.reading_id == reading_id)
        .order_by(BlockRow.position)
    ).all()
    return [text for text, _, _ in rows], [at for _, at, read_by in rows if read_by == "ocr"]
