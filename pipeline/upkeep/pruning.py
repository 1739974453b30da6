"""What nobody needs any more: drafts that newer ones took the place of, readings of readers that are gone, unused files.

Never a reviewed thing. What may go is asked of the tables themselves: a row that any other row rests on stays, whichever
table that row is in, so that a table added later protects what it names without a word here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Table, and_, delete, exists, func, select, text, update
from sqlalchemy.orm import Session, aliased

from pipeline.intake.kept_at import KeptAt
from pipeline.store.database import Store
from pipeline.store.tables import (
    Base,
    BatchItem,
    BlockRow,
    Document,
    DraftPlace,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    FindingRow,
    IndexedReading,
    Reading,
)
from pipeline.store.text_index import forget_reading
from pipeline.upkeep.named_files import named_files

AT_ONCE = 200
PARTS_OF_A_DRAFT = (DraftPlace, FindingRow, EvidenceRow, DraftPointRow)
"""What goes with its draft; a batch's own word of it loses its pointer and stays."""
MADE_AGAIN = ("ocr", "cache")
"""Folders of a home with what can be made again at any time."""
COPIES = (
    "khetcheck.sqlite3.at-*",
    "khetcheck.sqlite3.before-restore-*",
    "before-upgrade/*.dump",
    "before-restore/*.dump",
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What goes, or would go.

    Attributes:
        drafts: numbers of drafts. readings: of readings, with ``blocks`` passages in all.
        files: kept files that no row names, on this machine; another place of files is not touched.
        leftovers: results of OCR, page pictures and old copies.
        bytes: size of files and leftovers.
    """

    drafts: int
    readings: int
    blocks: int
    files: int
    leftovers: int
    bytes: int


def prune(store: Store, kept: KeptAt, before: dt.datetime, *, dry: bool) -> Pruned:
    """Remove what is older than ``before`` and not needed; with ``dry`` only tell.

    Of files that several machines reach only this machine's cache is gone through: others may be about to name one there.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    if dry:
        with store.reading() as session:
            drafts = _old_drafts(session, before)
            readings = _old_readings(session, before)
            blocks = _blocks_of(session, readings)
    else:
        drafts = _all_of(store, before)
        readings, blocks = _readings_gone(store, before)
    with store.reading() as session:
        named = named_files(session.connection())
    files = [path for path in _kept(kept) if path.name not in named and _is_older(path, before)]
    leftovers = [path for path in _leftovers(kept) if _is_older(path, before)]
    size = sum(path.stat().st_size for path in [*files, *leftovers])
    if not dry:
        for path in [*files, *leftovers]:
            path.unlink(missing_ok=True)
    return Pruned(len(drafts), len(readings), blocks, len(files), len(leftovers), size)


def _old_drafts(session: Session, before: dt.datetime, most: int | None = None) -> Sequence[int]:
    """Drafts that a newer one of the same delivery took the place of, and that nobody ever looked at in a review."""
    newer = aliased(DraftRow)
    superseded = exists().where(newer.delivery_id == DraftRow.delivery_id, newer.number > DraftRow.number)
    own = {Base.metadata.tables[one.__tablename__] for one in (*PARTS_OF_A_DRAFT, BatchItem)}
    unused = [~exists().where(column == DraftRow.id) for column in _pointing_at(DraftRow, but=own)]
    parts = [
        ~exists().where(and_(column == EvidenceRow.id, EvidenceRow.draft_id == DraftRow.id))
        for column in _pointing_at(EvidenceRow)
    ]
    findings = [
        ~exists().where(and_(column == FindingRow.id, FindingRow.draft_id == DraftRow.id))
        for column in _pointing_at(FindingRow)
    ]
    wanted = select(DraftRow.id).where(
        ~DraftRow.current, DraftRow.created_at < before, superseded, *unused, *parts, *findings
    )
    return session.scalars(wanted.order_by(DraftRow.id).limit(most)).all()


def _old_readings(session: Session, before: dt.datetime, most: int | None = None) -> Sequence[int]:
    """Readings that no document and no review shows, and that a later reader has read better."""
    later = aliased(Reading)
    again = exists().where(later.sha256 == Reading.sha256, later.id > Reading.id)
    own = {Base.metadata.tables[one.__tablename__] for one in (BlockRow, IndexedReading)}
    unused = [~exists().where(column == Reading.id) for column in _pointing_at(Reading, but=own)]
    unnamed = ~exists().where(Document.sha256 == Reading.sha256)
    wanted = select(Reading.id).where(Reading.read_at < before, again | unnamed, *unused)
    return session.scalars(wanted.order_by(Reading.id).limit(most)).all()


def _pointing_at(table: type[Base], but: Iterable[Table] = ()) -> list[ColumnElement[int]]:
    """Return the columns of all tables that name rows of ``table`` by their number."""
    left_out = set(but)
    found: list[ColumnElement[int]] = []
    for other in Base.metadata.tables.values():
        if other in left_out:
            continue
        aliased_other = other.alias()
        columns: list[Column[int]] = [
            column
            for column in other.columns
            for key in column.foreign_keys
            if key.column.table is table.__table__
        ]
        found += [aliased_other.c[column.name] for column in columns]
    return found


def _all_of(store: Store, before: dt.datetime) -> list[int]:
    """Remove the drafts, some at a time, so that nobody waits long for the lock."""
    gone: list[int] = []

    def some(session: Session) -> Sequence[int]:
        numbers = _old_drafts(session, before, AT_ONCE)
        if numbers:
            session.execute(update(BatchItem).where(BatchItem.draft_id.in_(numbers)).values(draft_id=None))
            for part in PARTS_OF_A_DRAFT:
                session.execute(delete(part).where(part.draft_id.in_(numbers)))
            session.execute(delete(DraftRow).where(DraftRow.id.in_(numbers)))
        return numbers

    while numbers := store.carry_out(some):
        gone += numbers
    return gone


def _readings_gone(store: Store, before: dt.datetime) -> tuple[list[int], int]:
    gone: list[int] = []
    count = 0

    def some(session: Session) -> tuple[Sequence[int], int]:
        numbers = _old_readings(session, before, AT_ONCE)
        blocks = _blocks_of(session, numbers)
        for number in numbers:
            texts = select(BlockRow.text).where(BlockRow.reading_id == number).order_by(BlockRow.position)
            forget_reading(session, number, list(session.scalars(texts)))
        session.execute(delete(BlockRow).where(BlockRow.reading_id.in_(numbers)))
        session.execute(delete(Reading).where(Reading.id.in_(numbers)))
        return numbers, blocks

    while True:
        numbers, blocks = store.carry_out(some)
        if not numbers:
            return gone, count
        gone += numbers
        count += blocks


def _blocks_of(session: Session, readings: Sequence[int]) -> int:
    total = 0
    for start in range(0, len(readings), AT_ONCE):
        some = readings[start : start + AT_ONCE]
        total += (
            session.scalar(select(func.count()).select_from(BlockRow).where(BlockRow.reading_id.in_(some)))
            or 0
        )
    return total


def _kept(kept: KeptAt) -> list[Path]:
    root = kept.here
    return sorted(path for path in root.glob("??/*") if len(path.name) == 64 and path.is_file())


def _leftovers(kept: KeptAt) -> list[Path]:
    """Files that can be made again or stand for the past; of a folder of files that machines share its results of OCR too."""
    rooms = [*(kept.home / name for name in MADE_AGAIN), kept.here / "ocr"]
    made = [path for room in rooms for path in sorted(room.rglob("*"))]
    copies = [path for pattern in COPIES for path in sorted(kept.home.glob(pattern))]
    return [path for path in [*made, *copies] if path.is_file()]


def _is_older(path: Path, before: dt.datetime) -> bool:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) < before


def give_room_back(store: Store) -> None:
    """Have an embedded database give the room of removed rows back to the disk; PostgreSQL does so by itself."""
    if not store.is_sqlite:
        return
    with store.engine.connect() as connection:
        plain = connection.connection.cursor()
        plain.execute("VACUUM")
        plain.close()
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        connection.rollback()
