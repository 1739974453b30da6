"""What of a point nothing shows: the draft's word, corrected by what a reviewer took away or added."""

from __future__ import annotations

from pipeline.export.results import PointResult
from rubric.rubric import Facet
from rubric.scoring import PointState


def missing_parts(facet: Facet, mine: PointResult, state: PointState) -> tuple[str, ...] | None:
    """Return which parts of a facet nothing shows; empty where all of it is missing, None where nothing is.

    The draft's own word counts, unless a reviewer took evidence away or added some.
    """
    if state == "not_done":
        return ()
    by_draft = {key for one in mine.evidence for key in one.facets}
    by_reviewer = {key for one in mine.evidence if one.said_by == "reviewer" for key in one.facets}
    refused = mine.rejected > 0
    drafted = set(mine.missing_facets)

    def shown(key: str) -> bool:
        if key in by_reviewer or facet.key in by_reviewer:
            return True
        missed = key in drafted or facet.key in drafted
        return not missed and (not refused or key in by_draft or facet.key in by_draft)

    if not facet.parts:
        return None if shown(facet.key) else ()
    missing = tuple(part.key for part in facet.parts if not shown(f"{facet.key}:{part.key}"))
    if not missing:
        return None
    return () if len(missing) == len(facet.parts) else missing
