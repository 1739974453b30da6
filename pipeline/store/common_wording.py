"""The register of wording that many offices share: by year, with its first known source. Rows are added, never taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.tables import CommonWording


def common_wording(session: Session, fiscal_year: int | None = None) -> Sequence[CommonWording]:
    """Return what is registered, of one year or of all, what most offices share first."""
    query = select(CommonWording)
    if fiscal_year is not None:
        query = query.where(CommonWording.fiscal_year == fiscal_year)
    return session.scalars(
        query.order_by(CommonWording.fiscal_year, CommonWording.offices.desc(), CommonWording.id)
    ).all()


def register(session: Session, found: Iterable[CommonWording]) -> int:
    """Add what is not registered yet; a passage that more offices have now gets their number. Returns how many are new."""
    known = {(row.fiscal_year, row.mark): row for row in session.scalars(select(CommonWording))}
    new = 0
    for one in found:
        before = known.get((one.fiscal_year, one.mark))
        if before is None:
            known[one.fiscal_year, one.mark] = one
            session.add(one)
            new += 1
        else:
            before.offices = max(before.offices, one.offices)
    session.flush()
    return new
