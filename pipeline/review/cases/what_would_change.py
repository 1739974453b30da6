"""What one facet more or less would do to the draft under review, in sentences for the score area of its case."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.judging.what_would_change import standing_of, told, what_would_change
from pipeline.store.tables import DraftPointRow, EvidenceRow
from rubric import Rubric
from rubric.language import Bilingual
from rubric.scoring import state_of


def what_would_change_of(
    session: Session, rubric: Rubric, draft_id: int, given: int | None = None
) -> tuple[Bilingual, ...]:
    """Return what would lift and what would lower the score of a draft's points; nothing where the draft lacks a point.

    ``given`` is the score that the draft gives, which need not be what its points add up to.
    """
    rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft_id)).all()
    by_point = {row.point: row for row in rows}
    if set(rubric.numbers) - set(by_point):
        return ()
    shown: defaultdict[int, list[list[str]]] = defaultdict(list)
    counted = select(EvidenceRow.point, EvidenceRow.facets).where(
        EvidenceRow.draft_id == draft_id, EvidenceRow.listed == "evidence", EvidenceRow.role == "practice"
    )
    for point, facets in session.execute(counted):
        shown[point].append(facets)
    standings = [
        standing_of(
            point,
            state_of(row.done, row.clear),
            row.missing_facets,
            shown[point.number],
            row.facet_probabilities,
        )
        for point in rubric.points
        for row in [by_point[point.number]]
    ]
    return told(rubric, what_would_change(rubric, standings), given)
