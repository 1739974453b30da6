"""What the queue's menus offer: the fiscal years and rounds that there are, and the round that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.queue.selection import Filter
from pipeline.store.tables import Round, Submission


@dataclass(frozen=True, slots=True)
class Choices:
    """Fiscal years and months of reporting, and the name of the round that is looked at."""

    years: tuple[int, ...]
    months: tuple[int, ...]
    batch: str


def load_choices(session: Session, wanted: Filter) -> Choices:
    """Return what there is to choose from."""
    years = session.scalars(select(Submission.fiscal_year).distinct().order_by(Submission.fiscal_year.desc()))
    months = session.scalars(select(Submission.round).distinct().order_by(Submission.round))
    row = session.get(Round, wanted.batch) if wanted.batch is not None else None
    name = (row.label or row.inbox.rstrip("/").rpartition("/")[2]) if row is not None else ""
    return Choices(
        tuple(year for year in years if year is not None),
        tuple(month for month in months if month is not None),
        name,
    )
