"""Rounds: noted when a batch begins or the page starts one, and what each batch set out to do."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.dialects import inserting, put
from pipeline.store.tables import BatchPlan, Round


def note_round(session: Session, inbox: str) -> Round:
    """Return the round of an inbox, made where there is none."""
    asked = select(Round).where(Round.inbox == inbox)
    known = session.scalar(asked)
    if known is None:  # another run of the inbox may note it at this moment
        session.execute(inserting(session, Round).values(inbox=inbox).on_conflict_do_nothing())
        known = session.scalars(asked).one()
    return known


def note_plan(session: Session, batch_id: int, total: int, *, quick: bool) -> None:
    """Note how many submissions a batch is to screen, and whether by words alone."""
    put(session, BatchPlan, {"batch_id": batch_id}, {"total": total, "quick": quick})
