"""The letters that there are, each with whether it still says what the store says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pipeline.export.letters.basis import basis_of, out_of_date
from pipeline.export.request import Request
from pipeline.export.results_loading import results
from pipeline.store.database import Store
from pipeline.store.letters import all_letters
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter in the list.

    Attributes:
        date: when it was frozen, edited or written last.
        stale: why it no longer holds; only the newest letter of a submission is asked.
    """

    submission: str
    number: int
    state: str
    decided: bool
    score: int | None
    asks: int
    date: dt.datetime
    by: str
    stale: tuple[Bilingual, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the form of ``--json``."""
        return {
            "submission": self.submission,
            "number": self.number,
            "state": self.state,
            "decided": self.decided,
            "score": self.score,
            "asks": self.asks,
            "date": self.date.isoformat(),
            "frozen_by": self.by,
            "out_of_date": [{"th": reason.th, "en": reason.en} for reason in self.stale],
        }


def listed(store: Store, request: Request) -> list[Listed]:
    """Return all letters, of the asked submission or of all, by name and number.

    Raises:
        NotFoundError: there is no draft of the asked submission.
    """
    with store.snapshot() as session:
        rows = all_letters(session, request.submission)
        newest = {name: row.number for name, row in rows}
        found = results(session, request, passages=30) if rows or request.submission else iter(())
        today = {one.submission: basis_of(one) for one in found if one.submission in newest}
        return [
            Listed(
                submission=name,
                number=row.number,
                state=row.state,
                decided=row.decided,
                score=row.score,
                asks=len(row.manifest.get("asks", ())),
                date=row.frozen_at or row.edited_at or row.made_at,
                by=row.frozen_by,
                stale=out_of_date(row.basis, today[name])
                if newest[name] == row.number and name in today
                else (),
            )
            for name, row in rows
        ]
