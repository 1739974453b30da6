"""One submission from its files to its draft: plain functions with explicit inputs, and no orchestrator.

Everything here runs in a worker process (``pipeline.batches.worker``) or, in a test, right where it is called. Nothing is
stored here: what came out goes back to the caller, who stores it in one transaction (``pipeline.batches.batch``).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from models.judging.judged import Item
from models.judging.judgement import judge
from models.judging.thresholds import JudgementSettings
from models.passages import DocumentKind, Passage, Prediction
from models.text.offices import office_of
from pipeline import reading
from pipeline.blocks import DocumentReading, Problem
from pipeline.drafts import DocumentOutcome, Draft
from pipeline.findings.detected import Held
from pipeline.findings.detecting import find_all
from pipeline.findings.likeness.fingerprints import fingerprint
from pipeline.intake.files import FileStore
from pipeline.intake.names import marked, safe_name
from pipeline.intake.pulled import Pulled, PulledFile
from pipeline.reading import Opener
from pipeline.reading.libreoffice import find_program
from pipeline.screening.drafting import About, Versions, make_draft, outcome_of
from pipeline.screening.inference import (
    KindSource,
    Told,
    infer_kind,
    infer_office,
    infer_round,
    infer_year,
)
from pipeline.screening.passage_context import passages_of
from pipeline.screening.shared_ocr import SharedOcr
from rubric import Rubric
from rubric.language import Bilingual, Language

LANGUAGES: tuple[Language, ...] = ("th", "en")
MOST_TOLD = 5
"""Things that could not be opened which a failure names."""


class JudgingModel(Protocol):
    """A model as the registry gives it: it judges passages and brings the settings of its judgements."""

    @property
    def judgement(self) -> JudgementSettings:
        """Thresholds and rules."""
        ...

    def predict(self, passages: Sequence[Passage]) -> list[Prediction]:
        """Judge the passages, in order; one prediction each."""
        ...


class Readings(Protocol):
    """Readings of earlier runs."""

    def get(self, sha256: str, file: str) -> DocumentReading | None:
        """Return the reading of that content under the name ``file``, None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Read:
    """A document with all that is to be kept of it.

    Attributes:
        seconds: wall time of reading, 0 where it was read before.
        fingerprints: packed, for finding copied text; made only where it was read now.
    """

    reading: DocumentReading
    size: int
    kind: DocumentKind
    kind_source: KindSource
    fresh: bool
    seconds: float = 0.0
    fingerprints: bytes = b""

    @property
    def outcome(self) -> DocumentOutcome:
        """How it was read, as the draft tells it."""
        return outcome_of(Held(self.reading, self.kind))


@dataclass(frozen=True, slots=True)
class Screened:
    """What became of a submission. ``failure`` says why there is no draft, with a stable code."""

    pulled: Pulled
    told: Told
    documents: tuple[Read, ...]
    draft: Draft | None
    failure: tuple[str, Bilingual] | None = None


@dataclass(frozen=True, slots=True)
class Screener:
    """All that screening needs beside the submission.

    Attributes:
        scratch: folder for OCR results, kept between runs.
        shared_ocr: those of other machines; None where no other reaches the files.
    """

    files: FileStore
    rubric: Rubric
    model: JudgingModel
    versions: Versions
    readings: Readings
    limits: reading.Limits = reading.DEFAULT_LIMITS
    ocr: bool = True
    scratch: Path | None = None
    shared_ocr: SharedOcr | None = None

    def screen(self, pulled: Pulled) -> Screened:
        """Read, flag and judge one submission.

        A document that cannot be read is an outcome; only a submission without any readable one has no draft.
        """
        documents = _told_apart(
            [one for file in pulled.files for one in self._read(file, Opener(self.limits))]
        )
        told = tell(pulled, [one.reading for one in documents])
        if not any(one.reading.blocks for one in documents):
            return Screened(pulled, told, documents, None, _failure(documents, pulled.not_taken))
        held = [Held(one.reading, one.kind) for one in documents]
        items = self._items(held)
        judgement = judge(
            self.rubric,
            items,
            settings=self.model.judgement,
            fiscal_year=told.fiscal_year,
            office=told.office,
        )
        findings = find_all(
            held,
            self.rubric,
            told.office,
            told.fiscal_year,
            pulled.mistakes,
            pulled.not_taken,
            told.round,
        )
        about = About(pulled.name, told.office, told.province, told.fiscal_year)
        draft = make_draft(about, held, items, judgement, findings, self.versions)
        return Screened(pulled, told, documents, draft)

    def _items(self, held: Sequence[Held]) -> list[Item]:
        """Judge the blocks that can be believed; from what was read doubtfully no draft takes evidence."""
        passages = [
            (document, position, passage, one.reading.blocks[position].read_by)
            for document, one in enumerate(held)
            for position, passage in enumerate(passages_of(one.reading, one.kind))
            if not one.reading.blocks[position].doubtful
        ]
        predictions = self.model.predict([passage for _, _, passage, _ in passages])
        return [
            Item(document, position, passage, prediction, read_by)
            for (document, position, passage, read_by), prediction in zip(passages, predictions, strict=True)
        ]

    def _read(self, file: PulledFile, opener: Opener, depth: int = 0) -> list[Read]:
        """Read a file and what is in it: entries of a zip, attachments of a document."""
        known = self.readings.get(file.sha256, file.name)
        path = self.files.path(file.sha256)
        own = None if known is None and reading.is_archive(path) else self._read_one(file, known)
        if own is not None and not reading.holds_files(own.reading):
            return [own]
        with self.files.scratch() as folder:
            unpacked = opener.open(path, folder, file.name, depth)
            members = []
            for member in unpacked.members:
                kept = self.files.put_file(member.path)
                name = safe_name(member.name)
                members.append((PulledFile(name, kept.sha256, kept.size, file.kind), member.depth))
        found = [one for member, deep in members for one in self._read(member, opener, deep)]
        if own is None:
            return [*found, *([self._archive(file, unpacked.problems)] if unpacked.problems else [])]
        told = reading.with_left_out(own.reading, unpacked)
        return [replace(own, reading=told), *found] if told else found

    def _read_one(self, file: PulledFile, known: DocumentReading | None) -> Read:
        return self._read_now(file) if known is None else self._kept(known, file)

    def _read_now(self, file: PulledFile) -> Read:
        started = time.monotonic()
        path = self.files.path(file.sha256)
        shared = self.shared_ocr.of(file.sha256) if self.shared_ocr and self.ocr else nullcontext()
        with shared as recognised:
            made = reading.read_file(
                path,
                name=file.name,
                limits=self.limits,
                ocr=self.ocr,
                cache=self.scratch,
                recognised=recognised,
            )
        kind, source = _kind(made, file)
        seconds = time.monotonic() - started
        return Read(made, file.size, kind, source, True, seconds, fingerprint(made.blocks))

    def _kept(self, known: DocumentReading, file: PulledFile) -> Read:
        kind, source = _kind(known, file)
        return Read(known, file.size, kind, source, fresh=False)

    def _archive(self, file: PulledFile, problems: Sequence[Problem]) -> Read:
        """What was left out of a zip is told by a document of its own, the zip."""
        told = DocumentReading(file.name, file.sha256, None, "failed", problems=tuple(problems))
        return Read(told, file.size, "other", "default", fresh=False)


def tell(pulled: Pulled, readings: Sequence[DocumentReading]) -> Told:
    """Put together what the office declared and, where it did not, what its documents say."""
    declared = pulled.declared
    office = declared.office or infer_office(readings)
    year = declared.fiscal_year or infer_year(readings)
    months = declared.round or infer_round(readings)
    asked = (
        ("office", declared.office, office),
        ("fiscal_year", declared.fiscal_year, year),
        ("round", declared.round, months),
    )
    inferred = tuple(name for name, said, found in asked if not said and found)
    return Told(office, declared.province, year, months, inferred)


def office_key(told: Told) -> str:
    """Return the office's shortest name, for search and comparing."""
    return office_of(told.office).key


def _kind(made: DocumentReading, file: PulledFile) -> tuple[DocumentKind, KindSource]:
    return (file.kind, "declared") if file.kind else infer_kind(replace(made, file=file.name))


def _told_apart(documents: Sequence[Read]) -> tuple[Read, ...]:
    """Give documents of one name (two members of a zip, long names cut alike) names of their own.

    Evidence and findings name their document; which of two it is must never be a guess.
    """
    taken: set[str] = set()
    apart = []
    for position, one in enumerate(documents):
        name = one.reading.file
        if name in taken:
            name = marked(name, str(position).encode(), taken)
            one = replace(one, reading=replace(one.reading, file=name))
        taken.add(name)
        apart.append(one)
    return tuple(apart)


def _failure(documents: Sequence[Read], not_taken: Sequence[Bilingual]) -> tuple[str, Bilingual]:
    if not documents and not_taken:
        thai, english = (
            " ".join(one.told(language) for one in not_taken[:MOST_TOLD]) for language in LANGUAGES
        )
        return "no_documents", Bilingual(
            f"ไม่มีเอกสารที่เปิดได้ในโฟลเดอร์นี้ ({thai})",
            f"There is no document in this folder that can be opened ({english})",
        )
    if not documents:
        return "no_documents", Bilingual("ไม่มีเอกสารในโฟลเดอร์นี้", "There are no documents in this folder.")
    why = [problem.message for one in documents for problem in one.reading.problems[:1]]
    thai = "; ".join(dict.fromkeys(message.th for message in why))
    english = "; ".join(dict.fromkeys(message.en for message in why))
    return "unreadable", Bilingual(
        f"อ่านเอกสารไม่ได้เลยสักไฟล์ ({thai})", f"No document could be read ({english})"
    )


def reader_version(ocr: bool, limits: reading.Limits = reading.DEFAULT_LIMITS) -> str:
    """Return the version under which readings are kept: the reader's own, what this machine lacks, other limits.

    A scan read without Tesseract, or a .doc without LibreOffice, is read again once the program is there; a file that
    was too large once the limit is raised.
    """
    lacks = [] if ocr and shutil.which("tesseract") else ["no-ocr"]
    if find_program() is None:
        lacks.append("no-office")
    if limits.changed:
        lacks.append(f"limits-{limits.changed}")
    return "-".join([reading.READER_VERSION, *lacks])
