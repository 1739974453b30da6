"""Which submissions a lead has marked as urgent: they stand first in the order of work."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.tables import Setting, Submission
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

URGENT_KEY = "learning.urgent"


def urgent_names(session: Session) -> set[str]:
    """Return the names of the submissions marked as urgent."""
    row = session.get(Setting, URGENT_KEY)
    return set(row.value.get("submissions", ())) if row else set()


def mark_urgent(
    session: Session, names: Collection[str], *, urgent: bool = True, user_id: int | None = None
) -> None:
    """Mark submissions as urgent, or take their marks away; other marks stay.

    The order of work follows when it is made anew (:func:`pipeline.learning.ordering.places.place_all`).

    Raises:
        NotFoundError: there is no submission of one of these names; nothing is marked then.
    """
    there = set(session.scalars(select(Submission.name).where(Submission.name.in_(names))))
    if missing := sorted(set(names) - there):
        raise NotFoundError(
            Bilingual(f"ไม่มีชุดเอกสารชื่อ {missing[0]}", f"There is no submission named {missing[0]}."),
            Bilingual("ดูชื่อทั้งหมดด้วย khetcheck next", "See the names with `khetcheck next`."),
        )
    row = session.get(Setting, URGENT_KEY, with_for_update=True)
    marked = urgent_names(session)
    value = {"submissions": sorted(marked | set(names) if urgent else marked - set(names))}
    if row is None:
        session.add(Setting(key=URGENT_KEY, value=value, updated_by=user_id))
    else:
        row.value, row.updated_by = value, user_id
    session.flush()
