"""The one door to reading: a path goes in, a reading comes out, whatever the file holds.

Everything that parses a file's content happens in a child process (see sandbox.py); here it is only decided which
reader or converter a file needs, and an outcome is made of whatever came back.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.blocks import DocumentReadBy, DocumentReading, Problem
from pipeline.reading import detect, libreoffice
from pipeline.reading.detect import Kind
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.links import all_links
from pipeline.reading.ooxml.package import check_package
from pipeline.reading.outcomes import over, problem, worded
from pipeline.reading.sandbox.attempts import Attempted, attempt
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Result
from rubric.exceptions import DocumentError

READER_VERSION = "4"
"""Part of the store's keys: raised whenever readings of the same file change."""

Progress = Callable[[int, int | None], None]

TEMPORARY = "khetcheck-"
REMARKS = frozenset(
    {"repaired", "tracked_changes", "letters_unsure", "letters_doubtful", "signed", "comments"}
)
"""Problems that do not explain why there should be nothing to read."""


def read_file(
    path: Path,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = True,
    cache: Path | None = None,
    recognised: Path | None = None,
    progress: Progress | None = None,
) -> DocumentReading:
    """Read one document (not an archive) to blocks; never raises for what the file holds.

    Args:
        path: the file; its kind is told by its content, not by its name.
        name: the name to report, as the office sent it; the path's own name by default.
        limits: bounds of time, memory and size.
        ocr: read pages without usable text by OCR.
        cache: directory for OCR results, kept between runs; None keeps none.
        recognised: directory of OCR results of this document alone, some perhaps in it already; None for none. What is
            found there afterwards was written by what read the file, and is as little to be trusted.
        progress: called with (pages read, pages in all or None) from the calling thread.

    Returns:
        The reading. ``read_by`` is ``failed`` where nothing could be read, and ``problems`` says why in both
        languages; where a page was lost the others are kept and a problem names it.

    Raises:
        OSError: the path itself cannot be opened.
    """
    shown = name or path.name
    digest = sha256_of(path)
    if path.stat().st_size > limits.file_bytes:
        return failed(shown, digest, [_problem_of(over(limits, "file_bytes"))])
    kind = detect.detect(path)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
        try:
            source, readable = _readable(path, kind, Path(scratch), limits)
        except DocumentError as error:
            return failed(shown, digest, [_problem_of(error)])
        folders = _made(cache), _made(recognised)
        job = Job("read", str(source.resolve()), readable, scratch, limits, ocr, *folders)
        reading = _reading(shown, digest, attempt(job, progress))
    return _with_extension_noted(reading, shown, kind)


def read_lines(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> DocumentReading:
    """Read a PDF's lines and table rows as they stand on its pages, one block each, not joined; without OCR."""
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
        job = Job("lines", str(path.resolve()), "pdf", scratch, limits, ocr=False)
        return _reading(path.name, sha256_of(path), attempt(job))


def read_pictures(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> DocumentReading:
    """Read by OCR what stands in the large pictures of a PDF, as blocks with their places; nothing else."""
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
        job = Job("pictures", str(path.resolve()), "pdf", scratch, limits)
        return _reading(path.name, sha256_of(path), attempt(job))


def sha256_of(path: Path) -> str:
    """Return the hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _readable(path: Path, kind: Kind, scratch: Path, limits: Limits) -> tuple[Path, Kind]:
    """Return a file that one of our readers reads: the file itself, or what a converter made of it."""
    target = libreoffice.target_of(kind)
    if target is None:
        return path, kind
    if kind in detect.ZIPPED:
        check_package(path, limits)  # LibreOffice has no limits of its own
    return libreoffice.convert(path, kind, target, scratch, limits), target


def _reading(name: str, digest: str, attempted: Attempted) -> DocumentReading:
    result = attempted.result
    problems = [worded(note) for note in attempted.notes]
    if result is None:
        return failed(name, digest, problems)
    problems += [worded(note) for note in result.notes]
    if not result.blocks and all(found.code in REMARKS for found in problems):
        problems = [problem("broken" if any(found.code == "repaired" for found in problems) else "empty")]
    return DocumentReading(
        file=name,
        sha256=digest,
        pages=result.pages,
        read_by=_read_by(result),
        blocks=result.blocks,
        problems=tuple(dict.fromkeys(problems)),
        page_sizes=result.page_sizes,
        links=all_links(result.links, result.blocks),
        hidden=result.hidden,
    )


def _read_by(result: Result) -> DocumentReadBy:
    if not result.blocks:
        return "failed"
    ways = set(result.page_read_by) or {block.read_by for block in result.blocks}
    return "mixed" if len(ways) > 1 else ways.pop()


def failed(name: str, digest: str, problems: Iterable[Problem]) -> DocumentReading:
    """Return the reading of a file of which nothing could be read, and why."""
    return DocumentReading(name, digest, None, "failed", problems=tuple(problems))


def _with_extension_noted(reading: DocumentReading, name: str, kind: Kind) -> DocumentReading:
    """Add a note where the name promised another kind of file than the content is."""
    promised = detect.expected(name)
    if promised in (None, kind) or reading.read_by == "failed":
        return reading
    note = problem("extension_wrong", details={"kind": kind.upper()})
    return replace(reading, problems=(*reading.problems, note))


def _problem_of(error: DocumentError) -> Problem:
    return Problem(error.code, error.message)


def _made(cache: Path | None) -> str:
    if cache is None:
        return ""
    cache.mkdir(parents=True, exist_ok=True)
    return str(cache.resolve())
