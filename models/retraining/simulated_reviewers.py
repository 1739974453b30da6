"""Simulated reviewers: labelled offices turned into reviewed cases, with stated error rates.

The rehearsal and the tests need reviewers by the hundred. A simulated one sees a draft (all true evidence and some that is
not), confirms, corrects, adds and rejects by the labels, and errs as often as asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.labelled import Label, LabelledOffice, LabelledPassage, derive_points
from models.passages import DocumentKind
from models.retraining.reviewed_case import (
    CaseDocument,
    CaseDraft,
    CasePassage,
    DraftedPoint,
    Mark,
    Reading,
    ReadPoint,
    ReviewedCase,
)
from rubric import Rubric
from rubric.scoring import state_of

START = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Errors:
    """How a simulated reviewer errs.

    Attributes:
        labels: share of labels that are flipped: one that should stand is rejected, and as many are given to passages that
            carry none.
        states: share of points decided wrongly.
    """

    labels: float = 0.0
    states: float = 0.0


def flipped(rubric: Rubric, office: LabelledOffice, errors: Errors, seed: int) -> LabelledOffice:
    """Return the office as a reviewer who errs would label it."""
    if not errors.labels and not errors.states:
        return office
    random = np.random.default_rng([seed, *office.id.encode()])
    rows = list(office.rows)
    labelled = [i for i, row in enumerate(rows) if any(label.role == "practice" for label in row.labels)]
    bare = [i for i, row in enumerate(rows) if not row.labels and row.passage.type != "heading"]
    count = round(errors.labels * len(labelled))
    for index in random.permutation(labelled)[:count].tolist():
        rows[index] = replace(rows[index], labels=())
    for index in random.permutation(bare)[:count].tolist():
        point = rubric.points[int(random.integers(len(rubric.points)))]
        rows[index] = replace(
            rows[index], labels=(Label(point.number, "practice", (point.facets[0].key,), True),)
        )
    points = dict(office.points)
    for number in rubric.numbers:
        if random.random() < errors.states:
            state = points[number]
            points[number] = replace(state, done=True, clear=not state.clear)
    done = {number for number, state in points.items() if state.done}
    score = rubric.score(done, {number for number in done if points[number].clear})
    return replace(office, rows=tuple(rows), points=points, score=score)


def reviewed(
    rubric: Rubric,
    office: LabelledOffice,
    errors: Errors | None = None,
    seed: int = 0,
    *,
    number: int = 0,
) -> ReviewedCase:
    """Return ``office`` as a finished case by a simulated reviewer.

    Args:
        number: place in time: the case was finished so many hours after the first.
    """
    seen = flipped(rubric, office, errors or Errors(), seed)
    at = START + dt.timedelta(hours=number)
    states = {n: state_of(s.done, s.clear) for n, s in seen.points.items()}
    marks = tuple(mark for row in seen.rows for mark in _marks(row, at))
    drafted = derive_points((label for row in office.rows for label in row.labels), rubric)
    documents = 1 + max((row.document for row in office.rows), default=0)
    return ReviewedCase(
        submission=office.id,
        office=office.office,
        office_key=office.id,
        fiscal_year=office.fiscal_year,
        rubric=rubric.name,
        draft=CaseDraft(
            number=1,
            model="simulated",
            reader="simulated",
            score=office.score,
            abstained=False,
            score_probabilities={str(office.score): 1.0},
            points=tuple(
                DraftedPoint(
                    point=n,
                    done=s.done,
                    done_probability=0.9 if s.done else 0.1,
                    clear=s.clear,
                    clear_probability=0.8 if s.clear else 0.2,
                )
                for n, s in drafted.items()
            ),
            created_at=at - dt.timedelta(days=1),
        ),
        documents=tuple(
            CaseDocument(file=f"{index}.docx", sha256="", kind=_kind(office.rows, index))
            for index in range(documents)
        ),
        readings=(
            Reading(
                reader="simulated",
                kind="first",
                blind=False,
                state="changed",
                score=seen.score,
                seconds=900.0,
                opened_at=at - dt.timedelta(minutes=15),
                finished_at=at,
                points=tuple(
                    ReadPoint(point=n, state=state, confirmed=True, seconds=150.0, decided_at=at)
                    for n, state in states.items()
                ),
                marks=marks,
            ),
        ),
        blocks=len(office.rows),
        passages=tuple(_passage(row) for row in office.rows),
    )


def _kind(rows: Sequence[LabelledPassage], document: int) -> DocumentKind:
    kinds = {row.passage.document_kind for row in rows if row.document == document}
    return next((kind for kind in kinds if kind), "other")


def _marks(row: LabelledPassage, at: dt.datetime) -> list[Mark]:
    return [
        Mark(
            point=label.point,
            document=row.document,
            position=row.position,
            verdict="added",
            role=label.role,
            facets=label.facets,
            detail=label.detail,
            at=at,
        )
        for label in {label.point: label for label in row.labels}.values()
    ]


def _passage(row: LabelledPassage) -> CasePassage:
    passage = row.passage
    return CasePassage(
        document=row.document,
        position=row.position,
        type=passage.type,
        text=passage.text,
        heading_path=passage.heading_path,
        table_header=passage.table_header,
        previous=passage.previous,
        following=passage.following,
    )
