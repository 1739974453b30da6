"""Where the passages of a result stand: hash of the document, block and boxes, which no other export needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.export.results import SubmissionResult
from pipeline.store.tables import Document, EvidenceRow, ReviewEvidence

Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands."""

    sha256: str
    block: int | None
    boxes: tuple[Corners, ...]


NOWHERE = Place("", None, ())


def places_of(session: Session, result: SubmissionResult) -> Mapping[str, Place]:
    """Return the places of all passages of a result, by their ids."""
    ids = [passage.id for point in result.points for passage in point.evidence]
    found: dict[str, Place] = {}
    for table, mark in ((EvidenceRow, "d"), (ReviewEvidence, "r")):
        rows: Any = session.execute(
            select(table.id, table.block, table.boxes, Document.sha256)
            .join(Document, Document.id == table.document_id)
            .where(table.id.in_(_numbers(ids, mark)))
        )
        for row in rows:
            boxes = tuple((b[0], b[1], b[2], b[3]) for b in row.boxes)
            found[f"{mark}{row.id}"] = Place(row.sha256, row.block, boxes)
    return found


def _numbers(ids: Iterable[str], mark: str) -> list[int]:
    return [int(one[1:]) for one in ids if one.startswith(mark)]
