"""Page pictures and letters' places, made by child processes and kept by content for ever.

A picture is named by the file's hash, the page and the resolution, so it never changes and a browser may keep it; the
first reviewer who opens a page pays for it, once.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from typing import Any, TypeVar

from pipeline.files import FileStore
from pipeline.reading import detect
from pipeline.review import picture_worker
from pipeline.review.picture_worker import BlockPlace, Fault, Rectangle
from rubric.exceptions import BrokenDocument, DocumentTimedOut
from rubric.language import Bilingual

RESOLUTIONS = (110, 220)
SECONDS = 40.0
CONVERTING_SECONDS = 240.0
KEPT_LETTERS = 256

Letters = list[list[Rectangle | None]]
Answer = TypeVar("Answer")


class Pictures:
    """Draws pages on demand and remembers them.

    Args:
        files: the files as sent.
        cache: folder for pictures and converted files; may be emptied at any time.
        processes: child processes that draw.
    """

    def __init__(self, files: FileStore, cache: Path, processes: int = 1) -> None:
        self._files = files
        self._cache = cache
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._letters: OrderedDict[tuple[str, int, int], Letters] = OrderedDict()
        self._converting: dict[str, Future[int | Fault]] = {}

    def start(self) -> None:
        """Start the child processes ahead of the first request, so that it does not wait for their imports."""
        self._executor().submit(picture_worker.ready)

    def close(self) -> None:
        """End the child processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def page(self, sha256: str, page: int, dpi: int) -> Path:
        """Return the picture of a page, drawing it first where it is not kept.

        Raises:
            DocumentError: the file cannot be drawn, or not in time.
        """
        place = self._cache / "pages" / sha256[:2] / sha256 / f"{page}-{dpi}.webp"
        if not place.is_file():
            self._run(picture_worker.draw, str(self._shown_file(sha256)), page, dpi, str(place))
        return place

    def letters(self, sha256: str, page: int, reading_id: int, blocks: Sequence[BlockPlace]) -> Letters:
        """Return where the letters of a page's blocks stand; see :func:`pipeline.review.picture_worker.letters`.

        Raises:
            DocumentError: the file cannot be opened.
        """
        key = (sha256, page, reading_id)
        with self._lock:
            if key in self._letters:
                self._letters.move_to_end(key)
                return self._letters[key]
        found = self._run(picture_worker.letters, str(self._files.path(sha256)), page, list(blocks))
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
        found = self._run(picture_worker.letters, str(self._files.path(sha256)), page, [block])
        return found[0]

    def has_view(self, sha256: str) -> bool:
        """Tell whether the pages of a file can be drawn at once (a PDF, an image, or converted already)."""
        return self._draws_itself(sha256) or self._converted(sha256).is_file()

    def prepare_view(self, sha256: str) -> int | None:
        """Begin to convert a Word or Excel file for looking at; returns its number of pages once that is done.

        Raises:
            DocumentError: it cannot be converted here.
        """
        if self.has_view(sha256):
            return self._run(picture_worker.count_pages, str(self._shown_file(sha256)))
        executor = self._executor()
        with self._lock:
            future = self._converting.get(sha256)
            if future is None:
                source, target = str(self._files.path(sha256)), str(self._converted(sha256))
                future = self._converting[sha256] = executor.submit(
                    picture_worker.guarded, picture_worker.convert, source, target
                )
        return self._result(future, 0.0) if future.done() else None

    def _draws_itself(self, sha256: str) -> bool:
        return self._files.has(sha256) and detect.detect(self._files.path(sha256)) in {"pdf", *detect.IMAGES}

    def _shown_file(self, sha256: str) -> Path:
        """Return the file that is drawn: the one sent, or what was made of it."""
        if not self._files.has(sha256):
            raise BrokenDocument(Bilingual("ไม่พบไฟล์ต้นฉบับในคลัง", "The original file is not kept here."))
        converted = self._converted(sha256)
        return converted if converted.is_file() else self._files.path(sha256)

    def _converted(self, sha256: str) -> Path:
        return self._cache / "views" / f"{sha256}.pdf"

    def _executor(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes, mp_context=multiprocessing.get_context("spawn")
                )
            return self._pool

    def _run(self, function: Callable[..., Answer], *arguments: Any) -> Answer:
        return self._result(self._executor().submit(picture_worker.guarded, function, *arguments), SECONDS)

    def _result(self, future: Future[Answer | Fault], seconds: float) -> Answer:
        try:
            answer = future.result(seconds)
        except TookTooLong:
            self._give_up()
            raise DocumentTimedOut(Bilingual("วาดหน้านี้ไม่ทันเวลา", "Drawing this page took too long.")) from None
        except BrokenExecutor:
            self._give_up()
            raise BrokenDocument(Bilingual("วาดหน้านี้ไม่ได้", "This page cannot be drawn.")) from None
        if isinstance(answer, Fault):
            raise BrokenDocument(answer.message, answer.remedy)
        return answer

    def _give_up(self) -> None:
        """End children that died or hang on a file; the next request starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._converting.clear()
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)
