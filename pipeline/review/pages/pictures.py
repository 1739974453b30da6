"""Page pictures and letters' places, made by worker processes and kept by content for ever.

A picture is named by the file's hash, the page and the resolution, so it never changes and a browser may keep it; the
first reviewer who opens a page pays for it, once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pipeline.processes import ProcessPool, WorkerDied, WorkerLate
from pipeline.review.pages import picture_worker
from pipeline.review.pages.lines import Rectangle
from pipeline.review.pages.picture_worker import BlockPlace, Fault
from pipeline.review.pages.views import Views
from rubric.exceptions import BrokenDocument, DocumentTimedOut
from rubric.language import Bilingual

RESOLUTIONS = (110, 220, 330, 440)
"""Dots per inch: the first two for screens of both kinds, the others for pages that are looked at closely."""
SECONDS = 40.0
KEPT_LETTERS = 256

Letters = list[list[Rectangle | None]]
Answer = TypeVar("Answer")


class Pictures:
    """Draws pages on demand and remembers them.

    Args:
        views: tells which file is drawn of a document.
        cache: folder for pictures; may be emptied at any time.
        processes: worker processes that draw.
    """

    def __init__(self, views: Views, cache: Path, processes: int = 1) -> None:
        self._views = views
        self._cache = cache
        self._workers = ProcessPool(processes)
        self._lock = threading.Lock()
        self._letters: OrderedDict[tuple[str, int, int], Letters] = OrderedDict()

    def start(self) -> None:
        """Start the worker processes ahead of the first request, so that it does not wait for their imports."""
        self._workers.submit(picture_worker.ready)

    def close(self) -> None:
        """End the worker processes, whatever they do."""
        self._workers.end()

    def page(self, sha256: str, page: int, dpi: int) -> Path:
        """Return the picture of a page, drawing it first where it is not kept.

        Raises:
            DocumentError: the file cannot be drawn, or not in time.
        """
        place = self._cache / "pages" / sha256[:2] / sha256 / f"{page}-{dpi}.webp"
        if not place.is_file():
            self._run(picture_worker.draw, str(self._views.drawable(sha256)), page, dpi, str(place))
        return place

    def letters(self, sha256: str, page: int, reading_id: int, blocks: Sequence[BlockPlace]) -> Letters:
        """Return where the letters of a page's blocks stand; see :func:`pipeline.review.pages.picture_worker.letters`.

        Raises:
            DocumentError: the file cannot be opened.
        """
        key = (sha256, page, reading_id)
        with self._lock:
            if key in self._letters:
                self._letters.move_to_end(key)
                return self._letters[key]
        found = self._run(picture_worker.letters, str(self._views.drawable(sha256)), page, list(blocks))
        with self._lock:
            self._letters[key] = found
            while len(self._letters) > KEPT_LETTERS:
                self._letters.popitem(last=False)
        return found

    def letters_of_block(self, sha256: str, page: int, block: BlockPlace) -> list[Rectangle | None]:
        """Return where the letters of one block stand.

        Raises:
            DocumentError: the file cannot be opened.
        """
        found = self._run(picture_worker.letters, str(self._views.drawable(sha256)), page, [block])
        return found[0]

    def _run(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        try:
            job = self._workers.submit(picture_worker.guarded, function, *arguments)
            answer: Answer | Fault = self._workers.result(job, SECONDS)
        except WorkerLate:
            raise DocumentTimedOut(Bilingual("วาดหน้านี้ไม่ทันเวลา", "Drawing this page took too long.")) from None
        except WorkerDied:
            raise BrokenDocument(Bilingual("วาดหน้านี้ไม่ได้", "This page cannot be drawn.")) from None
        if isinstance(answer, Fault):
            raise BrokenDocument(answer.message, answer.remedy)
        return answer
