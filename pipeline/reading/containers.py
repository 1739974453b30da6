"""Files in files: zips, portfolios, attachments. Each document in them is read as one of the submission.

A zip is only a wrapper; a PDF or Word file with attachments is a document too, unless it has nothing to read of its
own. Either way what comes out is bounded in number, size and depth over all levels together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.blocks import DocumentReading, Problem
from pipeline.reading import detect
from pipeline.reading.document import TEMPORARY, failed, read_file, sha256_of
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.outcomes import problem, worded
from pipeline.reading.sandbox.attempts import attempt
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Note

HOLDS_FILES = "attachments"
"""The problem by which a reading tells that files are attached to its document."""
OPENED = frozenset({"zip", "pdf", "docx"})


@dataclass(frozen=True, slots=True)
class Member:
    """One document taken out of another file.

    Attributes:
        name: ``archive.zip/inner.pdf``, made safe for use as a relative path on every system.
        path: where its bytes lie now.
        depth: number of files it stood in.
    """

    name: str
    path: Path
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a file gave: the documents in it, and what was left out and why."""

    members: tuple[Member, ...]
    problems: tuple[Problem, ...] = ()


class Opener:
    """Takes documents out of a file and of the files in it, all under one budget."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._files = limits.archive_entries
        self._bytes = limits.archive_bytes

    def open(self, path: Path, into: Path, name: str, depth: int = 0) -> Unpacked:
        """Take the documents out of the zip, PDF or Word file at ``path``; never raises for its content.

        Args:
            into: directory that receives the documents, under names of our own; made if missing.
            name: stands before the members' names.
            depth: number of files it stands in itself.
        """
        kind = detect.detect(path)
        if limit := self._passed(depth):
            why = "too_deep" if limit == "archive_depth" else "too_large"
            return Unpacked((), (_left_out(f"{name}/…", why, limit),))
        if kind not in OPENED:
            return Unpacked((), (_left_out(f"{name}/…", "unsupported"),))
        into.mkdir(parents=True, exist_ok=True)
        limits = replace(self._limits, archive_entries=self._files, archive_bytes=self._bytes)
        attempted = attempt(
            Job("unpack", str(path.resolve()), kind, str(into.resolve()), limits, depth=depth + 1)
        )
        (into / "pages.jsonl").unlink(missing_ok=True)
        notes = attempted.notes + (attempted.result.notes if attempted.result else ())
        named = attempted.result.members if attempted.result else ()
        members = [
            Member(f"{name}/{m.name}", into / Path(m.file).name, max(m.depth, depth + 1)) for m in named
        ]
        there = tuple(member for member in members if member.path.is_file())
        self._files -= len(named) + len(notes)
        self._bytes -= sum(member.path.stat().st_size for member in there)
        problems = [worded(note) for note in notes]
        if not members and kind == "zip":
            problems.append(problem("no_documents"))
        return Unpacked(there, tuple(problems))

    def _passed(self, depth: int) -> str:
        """Return the bound that is reached, "" where the file may be opened."""
        if depth >= self._limits.archive_depth:
            return "archive_depth"
        if self._files <= 0:
            return "archive_entries"
        return "archive_bytes" if self._bytes <= 0 else ""


def is_archive(path: Path) -> bool:
    """Tell whether the file is a zip of documents (a Word file is a zip too, and is not one of these)."""
    return detect.detect(path) == "zip"


def holds_files(reading: DocumentReading) -> bool:
    """Tell whether files are attached to a document that was read."""
    return any(told.code == HOLDS_FILES for told in reading.problems)


def with_left_out(reading: DocumentReading, unpacked: Unpacked) -> DocumentReading | None:
    """Return the reading of a document with what was left out of its attachments; None where nothing need be said of it.

    A portfolio's cover sheet, or a letter without words, is only a wrapper like a zip.
    """
    told = tuple(dict.fromkeys((*reading.problems, *unpacked.problems)))
    only_wraps = not reading.blocks and all(one.code == HOLDS_FILES for one in reading.problems)
    if only_wraps and unpacked.members:
        rest = tuple(one for one in told if one.code != HOLDS_FILES)
        return replace(reading, problems=rest) if rest else None
    return replace(reading, problems=told)


def read_document(
    path: Path, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS, ocr: bool = True
) -> list[DocumentReading]:
    """Read a document, or every document of an archive; arguments as for :func:`read_file`.

    Returns:
        One reading or more: a document stands before its attachments. What was left out of an archive is told by a
        first reading of the archive itself, which is ``failed`` and has no blocks.
    """

    def read(member: Path, name: str) -> DocumentReading:
        return read_file(member, name=name, limits=limits, ocr=ocr)

    return list(_read_all(Member(name or path.name, path, 0), Opener(limits), read, limits))


def _read_all(
    file: Member, opener: Opener, read: Callable[[Path, str], DocumentReading], limits: Limits
) -> Iterable[DocumentReading]:
    wrapper = file.path.stat().st_size <= limits.file_bytes and is_archive(file.path)
    own = None if wrapper else read(file.path, file.name)
    if own is not None and not holds_files(own):
        yield own
        return
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
        unpacked = opener.open(file.path, Path(scratch), file.name, file.depth)
        told = with_left_out(own, unpacked) if own else None
        if own is None and unpacked.problems:
            told = failed(file.name, sha256_of(file.path), unpacked.problems)
        if told is not None:
            yield told
        for member in unpacked.members:
            yield from _read_all(member, opener, read, limits)


def _left_out(name: str, why: str, limit: str = "") -> Problem:
    details: dict[str, str | int] = {"member": name, "why": why, "limit": limit}
    return worded(Note("attachment_left_out", details=details))
