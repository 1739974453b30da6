"""Pictures of pages, for people to look at; drawn in the sandbox, since drawing a hostile page is as risky as reading it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.reading.detect import IMAGES, detect
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.outcomes import error
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.parent import DEATHS, run

PICTURE = "page.png"


def page_picture(path: Path, page: int, *, dpi: int = 100, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return page ``page`` (from 1) of a PDF or picture file as PNG.

    Args:
        path: a PDF, PNG, JPEG or TIFF; for other formats make a PDF first (``libreoffice.as_pdf``).
        page: counts from 1.
        dpi: resolution of PDF pages; pictures are shown pixel by pixel, at most 2,000 wide.
        limits: bounds of time and memory.

    Raises:
        DocumentError: the page cannot be drawn: of the kind that fits (broken, timed out, encrypted …).
    """
    kind = detect(path)
    if kind != "pdf" and kind not in IMAGES:
        raise error("unsupported", {"kind": kind})
    with tempfile.TemporaryDirectory(prefix="khetcheck-") as scratch:
        job = Job("render", str(path.resolve()), kind, scratch, limits, first_page=page, dpi=dpi)
        ran = run(job, Path(scratch) / "unused")
        drawn = Path(scratch) / PICTURE
        if ran.result is None or not drawn.is_file():
            raise error(ran.note.code if ran.note else DEATHS.get(ran.end, "broken"))
        return drawn.read_bytes()
