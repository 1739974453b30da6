"""The pages by which a file without pages is looked at: made once by LibreOffice, with the places of its blocks on them.

A Word file has no pages of its own. Converting takes seconds, so it goes on in a worker process of its own (drawing is
not held up) while the page asks again; PDF and places lie beside each other, named by the file's content.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.intake.files import FileStore
from pipeline.processes import Job, ProcessPool, WorkerDied, WorkerLate
from pipeline.reading import detect
from pipeline.review.pages import picture_worker
from pipeline.review.pages.lines import Rectangle
from pipeline.review.pages.picture_worker import Fault
from rubric.exceptions import BrokenDocument, DocumentTimedOut
from rubric.language import Bilingual

SECONDS = 240.0
KEPT = 32
_UNSAFE = re.compile(r"[^\w.-]")


@dataclass(frozen=True, slots=True)
class View:
    """The pages made of a document.

    Attributes:
        sizes: of the pages, in points.
        places: position of a block -> (page, boxes of its lines there), for blocks whose place is certain.
    """

    sizes: tuple[tuple[float, float], ...]
    places: dict[int, tuple[tuple[int, tuple[Rectangle, ...]], ...]]

    def boxes(self, position: int, page: int) -> tuple[Rectangle, ...]:
        """Return the boxes of a block's lines on a page."""
        return next((boxes for number, boxes in self.places.get(position, ()) if number == page), ())

    def page_of(self, position: int) -> int | None:
        """Return the page on which a block begins; None where its place is not known."""
        return self.places[position][0][0] if position in self.places else None

    def page_near(self, position: int) -> int:
        """Return the page of a block, or of the nearest block before it whose place is known."""
        before = [place for place in self.places if place <= position]
        return self.places[max(before)][0][0] if before else 1


class Views:
    """Makes views and finds them again.

    Args:
        files: the files as sent.
        cache: folder of the views; may be emptied at any time.
    """

    def __init__(self, files: FileStore, cache: Path) -> None:
        self._files = files
        self._folder = cache / "views"
        self._workers = ProcessPool(prepare=picture_worker.stand_back)
        self._lock = threading.Lock()
        self._making: dict[Path, Job[bool | Fault]] = {}

    def close(self) -> None:
        """End the worker process, whatever it does."""
        self._workers.end()

    def view(self, sha256: str, reader: str) -> View | None:
        """Return the view of a document as a reader version read it; None where it was not made yet."""
        place = self._places(sha256, reader)
        return _load(place) if place.is_file() and self._pdf(sha256).is_file() else None

    def prepare(
        self,
        sha256: str,
        reader: str,
        texts: Callable[[], Sequence[str]],
        recognised: Callable[[], Sequence[int]] = tuple,
    ) -> View | None:
        """Begin to make a view; returns it once it is there.

        Args:
            texts: gives the texts of the document's blocks; called only where there is something to make.
            recognised: gives the positions of those that OCR read from pictures.

        Raises:
            DocumentError: the document cannot be shown as pages here.
        """
        ready = self.view(sha256, reader)
        if ready is not None:
            return ready
        place = self._places(sha256, reader)
        with self._lock:
            job = self._making.get(place)
        if job is None:
            self._start(
                sha256, place, picture_worker.make_view, list(texts()), str(place), list(recognised())
            )
            return None
        if not job.done():
            return None
        self._finish(place, job)
        return self.view(sha256, reader)

    def make(
        self,
        sha256: str,
        reader: str,
        texts: Sequence[str],
        recognised: Sequence[int],
        seconds: float = SECONDS,
    ) -> None:
        """Make a view and wait for it; one that is there already, or is being made, is not made twice.

        Raises:
            DocumentError: the document cannot be shown as pages here.
        """
        if self.view(sha256, reader) is not None:
            return
        place = self._places(sha256, reader)
        job = self._start(sha256, place, picture_worker.make_view, list(texts), str(place), list(recognised))
        self._finish(place, job, seconds)

    def drawable(self, sha256: str) -> Path:
        """Return the file that is drawn: the one sent, or what LibreOffice makes of it (slides are waited for).

        Raises:
            DocumentError: it is not kept, or cannot be shown as pages.
        """
        source = self._source(sha256)
        if detect.detect(source) in {"pdf", *detect.IMAGES}:
            return source
        made = self._pdf(sha256)
        if not made.is_file():
            with self._lock:
                job = self._making.get(made)
            job = job or self._start(sha256, made, picture_worker.convert)
            self._finish(made, job)
        return made

    def _start(
        self, sha256: str, key: Path, work: Callable[..., bool], *arguments: object
    ) -> Job[bool | Fault]:
        source, target = str(self._source(sha256)), str(self._pdf(sha256))
        with self._lock:
            if key not in self._making:
                self._making[key] = self._workers.submit(
                    picture_worker.guarded, work, source, target, *arguments
                )
            return self._making[key]

    def _finish(self, key: Path, job: Job[bool | Fault], seconds: float = SECONDS) -> None:
        """Wait for a conversion; what is wrong with the document is told once and tried again by the next request."""
        try:
            answer = self._workers.result(job, seconds)
        except WorkerLate:
            raise DocumentTimedOut(
                Bilingual("แปลงเอกสารนี้ไม่ทันเวลา", "Turning this document into pages took too long.")
            ) from None
        except WorkerDied:
            raise BrokenDocument(
                Bilingual("แปลงเอกสารนี้เป็นภาพหน้าไม่ได้", "This document cannot be shown as pages.")
            ) from None
        finally:
            with self._lock:
                self._making.pop(key, None)
        if isinstance(answer, Fault):
            raise BrokenDocument(answer.message, answer.remedy)

    def _source(self, sha256: str) -> Path:
        if not self._files.has(sha256):
            raise BrokenDocument(Bilingual("ไม่พบไฟล์ต้นฉบับในคลัง", "The original file is not kept here."))
        return self._files.path(sha256)

    def _pdf(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.pdf"

    def _places(self, sha256: str, reader: str) -> Path:
        return self._folder / f"{sha256}.reader-{_UNSAFE.sub('_', reader)}.json"


@lru_cache(maxsize=KEPT)
def _load(place: Path) -> View:
    kept = json.loads(place.read_text("utf-8"))
    places = {
        int(position): tuple((page, tuple((b[0], b[1], b[2], b[3]) for b in boxes)) for page, boxes in found)
        for position, found in kept["places"].items()
    }
    return View(tuple((float(w), float(h)) for w, h in kept["sizes"]), places)
