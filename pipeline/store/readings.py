"""Readings kept under (file content, reader version): what was read once is never read again.

A re-screen under a new model, a resent file, or the same annex in two submissions all find their blocks here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.blocks import Block, Box, DocumentReading, HiddenText, Problem
from pipeline.findings.likeness.fingerprints import fingerprint, unpack
from pipeline.store.tables import Base, BlockRow, Reading
from pipeline.store.text_index import index_reading
from rubric.language import Bilingual

TRANSIENT = {"timed_out", "out_of_memory", "converter_missing", "conversion_failed"}
"""Outcomes that another day or another machine may better: such readings are tried again."""


def worth_keeping(reading: DocumentReading) -> bool:
    """Tell whether reading the same bytes again would give the same."""
    return not any(problem.code in TRANSIENT for problem in reading.problems)


def load_reading(session: Session, sha256: str, reader: str, file: str) -> DocumentReading | None:
    """Return the kept reading under the name ``file``, None where the content was not read by this reader."""
    row = session.scalar(select(Reading).where(Reading.sha256 == sha256, Reading.reader == reader))
    if row is None:
        return None
    blocks = session.execute(
        select(BlockRow.__table__).where(BlockRow.reading_id == row.id).order_by(BlockRow.position)
    )
    return DocumentReading(
        file=file,
        sha256=sha256,
        pages=row.pages,
        read_by=row.read_by,  # type: ignore[arg-type]
        blocks=tuple(block_of(one._mapping) for one in blocks),
        problems=tuple(
            Problem(one["code"], Bilingual(one["th"], one["en"]), one["page"]) for one in row.problems
        ),
        page_sizes=tuple((width, height) for width, height in row.page_sizes),
        links=tuple(row.links),
        hidden=tuple(HiddenText(one["page"], one["text"], one["how"]) for one in row.hidden),
    )


def save_reading(
    session: Session, reading: DocumentReading, reader: str, seconds: float, fingerprints: bytes
) -> int:
    """Keep a reading and return its number; one that is already there is left as it is."""
    if (known := find_reading(session, reading.sha256, reader)) is not None:
        return known
    row = Reading(
        sha256=reading.sha256,
        reader=reader,
        pages=reading.pages,
        read_by=reading.read_by,
        page_sizes=[list(size) for size in reading.page_sizes],
        problems=[
            {"code": one.code, "th": one.message.th, "en": one.message.en, "page": one.page}
            for one in reading.problems
        ],
        links=list(reading.links),
        hidden=[{"page": one.page, "text": one.text, "how": one.how} for one in reading.hidden],
        seconds=seconds,
        fingerprints=fingerprints,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # another submission brought the same file in the meantime
        known = find_reading(session, reading.sha256, reader)
        assert known is not None
        return known
    if reading.blocks:
        rows = [_row(row.id, position, block) for position, block in enumerate(reading.blocks)]
        session.execute(
            insert(Base.metadata.tables["blocks"]), rows
        )  # past the ORM: half the time of storing
    index_reading(session, row.id, [block.text for block in reading.blocks])
    return row.id


def find_reading(session: Session, sha256: str, reader: str) -> int | None:
    """Return the number of the kept reading, None where there is none."""
    return session.scalar(select(Reading.id).where(Reading.sha256 == sha256, Reading.reader == reader))


def fingerprints_of(session: Session, reading_id: int) -> bytes:
    """Return the packed fingerprints of a reading; those of an earlier version are made anew of its blocks."""
    packed = session.scalar(select(Reading.fingerprints).where(Reading.id == reading_id)) or b""
    if unpack(packed) is not None:
        return packed
    rows = session.execute(
        select(BlockRow.__table__).where(BlockRow.reading_id == reading_id).order_by(BlockRow.position)
    )
    return fingerprint([block_of(row._mapping) for row in rows])


def block_of(row: Any) -> Block:
    """Return the block that a row of ``blocks`` (a mapping of its columns) holds."""
    return Block(
        page=row["page"],
        type=row["type"],
        text=row["text"],
        boxes=tuple(Box(*box) for box in row["boxes"]),
        read_by=row["read_by"],
        level=row["level"],
        heading_path=tuple(row["heading_path"]),
        table_header=row["table_header"],
        more_boxes=tuple((page, Box(*box)) for page, box in row["more_boxes"]),
        doubtful=row["doubtful"],
        confidence=row["confidence"],
        doubtful_numbers=tuple(row["doubtful_numbers"]),
    )


def _row(reading_id: int, position: int, block: Block) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "position": position,
        "page": block.page,
        "type": block.type,
        "text": block.text,
        "read_by": block.read_by,
        "level": block.level,
        "heading_path": list(block.heading_path),
        "table_header": block.table_header,
        "boxes": [list(box) for box in block.boxes],
        "more_boxes": [[page, list(box)] for page, box in block.more_boxes],
        "doubtful": block.doubtful,
        "confidence": block.confidence,
        "doubtful_numbers": list(block.doubtful_numbers),
    }
