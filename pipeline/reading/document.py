"""The one door to reading: a path goes in, a reading comes out, whatever the file holds.

Everything that touches a file's content happens in a child process (see sandbox.py); here it is only decided which
reader or converter a file needs, and an outcome is made of whatever came back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.blocks import DocumentReading, Problem
from pipeline.reading.limits import DEFAULT_LIMITS, Limits

READER_VERSION = "1"

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One document taken out of an archive.

    Attributes:
        name: ``archive.zip/inner.pdf``, made safe for use as a file name on every system.
        path: where its bytes lie now.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What an archive gave: its documents, and what was left out and why."""

    members: tuple[Member, ...]
    problems: tuple[Problem, ...] = ()


def read_file(
    path: Path,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = True,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> DocumentReading:
    """Read one document (not an archive) to blocks; never raises for what the file holds.

    Args:
        path: the file; its kind is told by its content, not by its name.
        name: the name to report, as the office sent it; the path's own name by default.
        limits: bounds of time, memory and size.
        ocr: read pages without usable text by OCR.
        cache: directory for OCR results, kept between runs; None keeps none.
        progress: called with (pages read, pages in all or None) from the calling thread.

    Returns:
        The reading. ``read_by`` is ``failed`` where nothing could be read, and ``problems`` says why in both languages;
        where a page was lost the others are kept and a problem names it.
    """
    raise NotImplementedError


def unpack(path: Path, into: Path, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Unpacked:
    """Take the documents out of a zip (and a zip within it) into the directory ``into``; never raises for its content."""
    raise NotImplementedError


def is_archive(path: Path) -> bool:
    """Tell whether the file is a zip of documents (a Word file is a zip too, and is not one of these)."""
    raise NotImplementedError


def read_document(
    path: Path,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = True,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> list[DocumentReading]:
    """Read a document, or every document of an archive; arguments as for :func:`read_file`, always one reading or more."""
    raise NotImplementedError
