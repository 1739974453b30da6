"""Gets the most out of a document: when a page kills its child, another child goes on behind that page.

What the children sent before they died lies in the spool; a last child makes blocks of it. So one bad page costs
that page, named in a problem, and not the document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.parent import DEATHS, OnPage, Ran, run
from pipeline.reading.sandbox.wire import Note, Result

PAGED = frozenset({"pdf", "png", "jpeg", "tiff"})


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of all attempts: a result, perhaps only of a part, and notes on what went wrong."""

    result: Result | None
    notes: tuple[Note, ...] = ()


def attempt(job: Job, on_page: OnPage | None = None) -> Attempted:
    """Do ``job``, going on behind pages that kill the child, up to ``limits.bad_pages`` of them."""
    spool = Path(job.scratch) / "pages.jsonl"
    notes: list[Note] = []
    pages = 0
    while True:
        ran = run(job, spool, on_page)
        pages = max(pages, ran.pages)
        if ran.result is not None and job.first_page == 1:
            return Attempted(ran.result, tuple(notes))
        if ran.result is not None:
            break
        bad_page = max(ran.last_page + 1, job.first_page)
        notes.append(_note(ran, job, bad_page))
        if not _go_on(job, ran, pages, bad_page, len(notes)):
            break
        job = replace(job, first_page=bad_page + 1)
    return _gathered(job, spool, pages, tuple(notes))


def _note(ran: Ran, job: Job, bad_page: int) -> Note:
    """Tell a death: of a page where pages are known, else of the document."""
    if ran.note is not None:
        return ran.note
    code = DEATHS[ran.end]
    if job.kind in PAGED and ran.pages and ran.end != "too_much":
        return Note("page_unreadable", bad_page, {"why": code})
    too_much: dict[str, str | int] = {"limit": "output_bytes", "at": job.limits.output_bytes}
    return Note(code, details=too_much if ran.end == "too_much" else None)


def _go_on(job: Job, ran: Ran, pages: int, bad_page: int, deaths: int) -> bool:
    """A PDF goes on behind a page that timed out or crashed; nothing goes on after a reader's own word of failure."""
    mortal = ran.end in ("timed_out", "crashed", "out_of_memory")
    return job.kind == "pdf" and mortal and bad_page < pages and deaths < job.limits.bad_pages


def _gathered(job: Job, spool: Path, pages: int, notes: tuple[Note, ...]) -> Attempted:
    """Make blocks of the pages in the spool, if any came."""
    if not spool.exists() or spool.stat().st_size == 0:
        return Attempted(None, notes)
    ran = run(replace(job, task="assemble", path=str(spool)), spool.with_suffix(".unused"))
    if ran.result is None:
        return Attempted(None, notes)
    return Attempted(replace(ran.result, pages=pages or ran.result.pages), notes)
