"""Giving many cases at once: those chosen, the next free ones, or all that a filter finds; what cannot be given is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.case import submission_of
from pipeline.review.cases.reader_role import Reading
from pipeline.review.queue.board import set_deadline
from pipeline.store.tables import Assignment
from rubric.exceptions import UserError

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Given:
    """How many cases were given, and how many were left as they are: somebody reads them already."""

    given: int
    kept: int


def give_cases(
    session: Session,
    cases: Sequence[int],
    reader: int,
    kind: Reading,
    by: int,
    due: dt.datetime | None = None,
) -> Given:
    """Give cases to a reader, until a day where one is named; those that they have get the new day."""
    given = kept = 0
    for identity in list(dict.fromkeys(cases))[:MOST_AT_ONCE]:
        try:
            assignment = assign(session, submission_of(session, identity), reader, kind, by)
            given += 1
        except UserError:  # has a reader at work, or this very reader
            kept += 1
            theirs = select(Assignment).where(
                Assignment.submission_id == identity, Assignment.user_id == reader, Assignment.state == "open"
            )
            known = session.scalar(theirs.limit(1))
            if known is None or due is None:
                continue
            assignment = known
        if due is not None:
            set_deadline(session, assignment.id, due)
    return Given(given, kept)
