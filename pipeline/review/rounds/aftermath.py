"""What became of the submissions of a run: those that failed, with reason and remedy, and what changed since the run before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from pipeline.reading.outcomes import first_remedy
from pipeline.store.tables import (
    Batch,
    BatchItem,
    Delivery,
    Document,
    DraftRow,
    Reading,
    Submission,
)
from rubric.language import Bilingual

MOST_SHOWN = 300
AT_ONCE = 500
IsKept = Callable[[int, str, str], bool]
"""Tells by number, name and state whether anything is kept of a case from the person who asks."""
Change = Literal["new", "again", "failed", "mended", "gone"]
CHANGES: tuple[Change, ...] = ("new", "again", "failed", "mended", "gone")
REMEDIES = {
    "unreadable": Bilingual(
        "ขอให้สำนักงานส่งไฟล์ที่เปิดได้ แล้วแทนที่ไฟล์ที่เสียหาย",
        "Ask the office for files that open, and put them in place.",
    ),
    "no_documents": Bilingual("เพิ่มเอกสารลงในโฟลเดอร์นี้", "Add documents to this folder."),
    "not_fetched": Bilingual(
        "ตรวจสอบที่อยู่และเครือข่าย แล้วลองอีกครั้ง", "Check address and network, then try again."
    ),
    "worker_died": Bilingual(
        "ลองอีกครั้งเมื่อเครื่องว่างกว่านี้ หากยังไม่สำเร็จให้แบ่งไฟล์",
        "Try again when the machine is less busy; else divide the files.",
    ),
    "defect": Bilingual(
        "ลองอีกครั้ง หากยังเป็นอยู่โปรดแจ้งผู้ดูแลระบบ", "Try again; tell whoever maintains this if it stays."
    ),
}
OTHERWISE = Bilingual("แก้ไขตามเหตุที่แจ้ง แล้วลองอีกครั้ง", "Mend what is named, then try again.")


@dataclass(frozen=True, slots=True)
class BadFile:
    """A document that could not be read, with its number."""

    document: int
    file: str
    why: Bilingual
    remedy: Bilingual


@dataclass(frozen=True, slots=True)
class FailedView:
    """A submission of which no draft could be made."""

    submission_id: int
    name: str
    office: str
    why: Bilingual
    remedy: Bilingual
    files: tuple[BadFile, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A submission that stands differently after this run.

    Attributes:
        state: of the submission now.
        before, after: draft scores, None where there was no draft.
    """

    submission_id: int
    name: str
    office: str
    change: Change
    state: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: how many of each kind, and some of them; ``kept`` are those that this person is to read blind."""

    since: Batch | None
    counts: dict[Change, int]
    shown: tuple[Changed, ...]
    kept: int


def failures_of(session: Session, batch: Batch) -> list[FailedView]:
    """Return what failed in a run, by name."""
    rows = session.execute(
        select(Submission, BatchItem.reason)
        .join(BatchItem, BatchItem.submission_id == Submission.id)
        .where(BatchItem.batch_id == batch.id, BatchItem.outcome == "failed")
        .order_by(Submission.name)
        .limit(MOST_SHOWN)
    ).all()
    files = bad_files(session, [submission.id for submission, _ in rows])
    return [
        FailedView(
            submission.id,
            submission.name,
            submission.office_key or submission.office,
            reason_of(reason),
            remedy_of(reason),
            files.get(submission.id, ()),
        )
        for submission, reason in rows
    ]


def reason_of(reason: dict[str, object] | None) -> Bilingual:
    """Return why a submission failed."""
    told = reason or {}
    return Bilingual(str(told.get("th", "")), str(told.get("en", "")))


def remedy_of(reason: dict[str, object] | None) -> Bilingual:
    """Return what can be done about it."""
    return REMEDIES.get(str((reason or {}).get("code", "")), OTHERWISE)


def unread_of(session: Session, batch: Batch, is_kept: IsKept) -> list[tuple[Submission, BadFile]]:
    """Return the files that could not be read, or not wholly, of what was drafted all the same; by submission."""
    drafted = _of(batch).where(BatchItem.outcome != "failed").order_by(Submission.name)
    known = {one.id: one for one in session.scalars(drafted) if not is_kept(one.id, one.name, one.state)}
    files: dict[int, tuple[BadFile, ...]] = {}
    for start in range(0, len(known), AT_ONCE):
        files |= bad_files(session, list(known)[start : start + AT_ONCE])
    return [(one, file) for one in known.values() for file in files.get(one.id, ())][:MOST_SHOWN]


def unchanged_of(session: Session, batch: Batch, is_kept: IsKept) -> list[Submission]:
    """Return what a run found as it was and did not read again, by name."""
    same = _of(batch).where(BatchItem.outcome == "unchanged").order_by(Submission.name)
    return [one for one in session.scalars(same) if not is_kept(one.id, one.name, one.state)][:MOST_SHOWN]


def unread_counts(session: Session, batches: Sequence[Batch], is_kept: IsKept) -> dict[int, int]:
    """Return of each run how many files ``unread_of`` would list."""
    last = (
        select(func.max(Delivery.number))
        .where(Delivery.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    problem = Document.outcome["problem"].as_string()
    rows = session.execute(
        select(BatchItem.batch_id, Submission, func.count())
        .join(Submission, Submission.id == BatchItem.submission_id)
        .join(Delivery, (Delivery.submission_id == Submission.id) & (Delivery.number == last))
        .join(Document, Document.delivery_id == Delivery.id)
        .where(BatchItem.batch_id.in_([one.id for one in batches]), BatchItem.outcome != "failed")
        .where(problem.is_not(None), problem != "")
        .group_by(BatchItem.batch_id, Submission.id)
    )
    found: dict[int, int] = {}
    for batch, one, count in rows:
        if not is_kept(one.id, one.name, one.state):
            found[batch] = found.get(batch, 0) + count
    return found


def bad_files(session: Session, submissions: list[int]) -> dict[int, tuple[BadFile, ...]]:
    """Return the documents of the newest delivery of each that could not be read, with what can be done."""
    last = (
        select(Delivery.submission_id, func.max(Delivery.number).label("number"))
        .where(Delivery.submission_id.in_(submissions))
        .group_by(Delivery.submission_id)
        .subquery()
    )
    rows = session.execute(
        select(Delivery.submission_id, Document.id, Document.file, Document.outcome, Reading.problems)
        .join(last, (last.c.submission_id == Delivery.submission_id) & (last.c.number == Delivery.number))
        .join(Document, Document.delivery_id == Delivery.id)
        .outerjoin(Reading, Reading.id == Document.reading_id)
        .order_by(Document.position)
    )
    found: dict[int, list[BadFile]] = {}
    for submission, document, file, outcome, problems in rows:
        if not outcome.get("problem"):
            continue
        why = Bilingual(str(outcome["problem"]), str(outcome.get("problem_en") or outcome["problem"]))
        remedy = first_remedy(problems or (), file, OTHERWISE)
        found.setdefault(submission, []).append(BadFile(document, file, why, remedy))
    return {submission: tuple(files) for submission, files in found.items()}


def remedy_of_document(session: Session, document: Document) -> Bilingual:
    """Return what can be done about a document that could not be read, in the words of :func:`bad_files`."""
    reading = session.get(Reading, document.reading_id) if document.reading_id is not None else None
    return first_remedy(reading.problems if reading else (), document.file, OTHERWISE)


def changes_of(session: Session, batch: Batch, is_kept: IsKept) -> Changes:
    """Return what stands differently after this run than after the one before it over the same inbox, to one person."""
    before = session.scalar(
        select(Batch)
        .where(Batch.inbox == batch.inbox, Batch.id < batch.id)
        .order_by(Batch.id.desc())
        .limit(1)
    )
    found = [*_drafted(session, batch), *_failed(session, batch), *_gone(session, batch, before)]
    counts: dict[Change, int] = {}
    for one in found:
        counts[one.change] = counts.get(one.change, 0) + 1
    order = {change: at for at, change in enumerate(CHANGES)}
    found.sort(key=lambda one: (order[one.change], one.name))
    shown = [one for one in found if not is_kept(one.submission_id, one.name, one.state)]
    return Changes(before, counts, tuple(shown[:MOST_SHOWN]), len(found) - len(shown))


def _drafted(session: Session, batch: Batch) -> list[Changed]:
    older = aliased(DraftRow)
    previous = (
        select(older.score)
        .where(older.submission_id == DraftRow.submission_id, older.id < DraftRow.id)
        .order_by(older.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Submission, DraftRow.score, previous, _failed_before(batch))
        .join(BatchItem, BatchItem.submission_id == Submission.id)
        .join(DraftRow, DraftRow.id == BatchItem.draft_id)
        .where(BatchItem.batch_id == batch.id, BatchItem.outcome == "drafted")
    )
    found = []
    for submission, after, score_before, failed_before in rows:
        change: Change = "again" if score_before is not None else "mended" if failed_before else "new"
        found.append(_changed(submission, change, score_before, after))
    return found


def _failed_before(batch: Batch) -> ColumnElement[bool]:
    earlier = aliased(BatchItem)
    return (
        select(earlier.submission_id)
        .where(
            earlier.submission_id == Submission.id, earlier.batch_id < batch.id, earlier.outcome == "failed"
        )
        .exists()
    )


def _failed(session: Session, batch: Batch) -> list[Changed]:
    rows = session.scalars(_of(batch).where(BatchItem.outcome == "failed"))
    return [_changed(submission, "failed") for submission in rows]


def _gone(session: Session, batch: Batch, before: Batch | None) -> list[Changed]:
    if before is None or batch.ended_at is None or batch.totals.get("interrupted"):
        return []
    here = select(BatchItem.submission_id).where(BatchItem.batch_id == batch.id)
    rows = session.scalars(_of(before).where(Submission.id.not_in(here)))
    return [_changed(submission, "gone") for submission in rows]


def _of(batch: Batch) -> Select[Submission]:
    return (
        select(Submission)
        .join(BatchItem, BatchItem.submission_id == Submission.id)
        .where(BatchItem.batch_id == batch.id)
    )


def _changed(
    submission: Submission, change: Change, before: int | None = None, after: int | None = None
) -> Changed:
    return Changed(
        submission.id,
        submission.name,
        submission.office_key or submission.office,
        change,
        submission.state,
        before,
        after,
    )
