"""What a new model changed: each current draft beside the one before it, point by point, so that a promotion can be looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.tables import DraftPointRow, DraftRow, EvidenceRow, Submission
from rubric.language import Bilingual
from rubric.scoring import state_of

Place = tuple[int, int, int]
"""Point, document, block."""


@dataclass(frozen=True, slots=True)
class PointChange:
    """A point whose drafted state or evidence differs; ``before`` and ``after`` are not_done, done or clear."""

    point: int
    before: str
    after: str
    added: int
    dropped: int


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A submission's draft under two models.

    Attributes:
        models, score: before and after.
    """

    submission: str
    models: tuple[str, str]
    score: tuple[int, int]
    points: tuple[PointChange, ...]

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def told(self) -> Bilingual:
        """One sentence."""
        before, after = self.score
        states = ", ".join(f"{p.point}: {p.before} → {p.after}" for p in self.points if p.before != p.after)
        added, dropped = sum(p.added for p in self.points), sum(p.dropped for p in self.points)
        return Bilingual(
            f"คะแนน {before} → {after} หลักฐานเพิ่ม {added} ลด {dropped}" + (f" ({states})" if states else ""),
            f"score {before} → {after}, evidence +{added} −{dropped}" + (f" ({states})" if states else ""),
        )


def changed_drafts(session: Session) -> list[DraftChange]:
    """Compare each current draft with the newest earlier one of the same files by another model."""
    current = session.execute(
        select(DraftRow, Submission.name)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current)
        .order_by(Submission.name)
    )
    found = []
    for draft, name in current.all():
        before = session.scalar(
            select(DraftRow)
            .where(
                DraftRow.submission_id == draft.submission_id,
                DraftRow.files_key == draft.files_key,
                DraftRow.id != draft.id,
                DraftRow.model != draft.model,
            )
            .order_by(DraftRow.number.desc())
            .limit(1)
        )
        if before is not None:
            found.append(change_between(session, name, before, draft))
    return found


def change_between(session: Session, name: str, before: DraftRow, after: DraftRow) -> DraftChange:
    """Return what differs between two drafts of one submission."""
    old, new = _states(session, before.id), _states(session, after.id)
    shown_before, shown_after = _evidence(session, before.id), _evidence(session, after.id)
    points = []
    for point in sorted(old | new):
        was = {place for place in shown_before if place[0] == point}
        now = {place for place in shown_after if place[0] == point}
        change = PointChange(point, old.get(point, ""), new.get(point, ""), len(now - was), len(was - now))
        if change.before != change.after or change.added or change.dropped:
            points.append(change)
    return DraftChange(name, (before.model, after.model), (before.score, after.score), tuple(points))


def _states(session: Session, draft_id: int) -> dict[int, str]:
    rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft_id))
    return {row.point: state_of(row.done, row.clear) for row in rows}


def _evidence(session: Session, draft_id: int) -> set[Place]:
    rows = session.execute(
        select(EvidenceRow.point, EvidenceRow.document_id, EvidenceRow.block).where(
            EvidenceRow.draft_id == draft_id, EvidenceRow.listed == "evidence", EvidenceRow.role == "practice"
        )
    )
    return set(rows.all())
