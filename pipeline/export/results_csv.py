"""Results as CSV: one row a submission, stable English keys as headings, and nothing that a spreadsheet runs.

With a byte order mark, because Excel in Thai takes UTF-8 without it for another encoding.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from pipeline.export.request import Request
from pipeline.export.results import SubmissionResult
from pipeline.export.results_loading import results
from pipeline.export.safe_text import for_csv
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store
from rubric import Rubric

Value = str | int | float | bool | dt.datetime | None


def write(store: Store, out: Path, request: Request) -> int:
    """Write a row a submission; returns how many.

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; the file cannot be written.
    """
    count = 0
    with (
        store.snapshot() as session,
        written_whole(out) as part,
        part.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        table = csv.writer(file)
        for count, one in enumerate(results(session, request, passages=0), 1):
            row = row_of(one, request.rubric)
            if count == 1:
                table.writerow(row)
            table.writerow([_cell(value) for value in row.values()])
        if not count:
            table.writerow(HEADINGS + _point_headings(request.rubric))
    return count


HEADINGS = [
    "submission",
    "office",
    "province",
    "fiscal_year",
    "round",
    "state",
    "draft_score",
    "draft_confidence",
    "final_score",
    "decided_by",
    "decided_at",
    "disputed",
    "agreed_points",
    "reviewers",
    "minutes",
    "note",
    "findings",
    "delivery",
    "received_at",
    "drafted_at",
    "newer_draft",
    "rubric",
    "model",
]


def row_of(one: SubmissionResult, rubric: Rubric) -> dict[str, Value]:
    """Return the values of a row by heading; points of another rubric are left out."""
    values: list[Value] = [
        one.submission,
        one.office,
        one.province,
        one.fiscal_year,
        one.round,
        one.state,
        one.draft_score,
        round(one.draft_confidence, 4),
        one.final_score,
        one.decided_by,
        one.decided_at,
        one.disputed,
        one.agreed,
        ", ".join(one.reviewers),
        round(one.seconds / 60, 1),
        one.note,
        len(one.findings),
        one.delivery,
        one.received_at,
        one.drafted_at,
        one.newer_draft,
        one.rubric,
        one.model,
    ]
    row = dict(zip(HEADINGS, values, strict=True))
    points = {point.point: point for point in one.points}
    for number in rubric.numbers:
        point = points.get(number)
        cells: tuple[Value, ...] = (point.drafted, point.final, point.note) if point else (None, None, None)
        row |= dict(zip(_headings_of(number), cells, strict=True))
    return row


def _headings_of(number: int) -> list[str]:
    return [f"point_{number}_{what}" for what in ("draft", "final", "note")]


def _point_headings(rubric: Rubric) -> list[str]:
    return [heading for number in rubric.numbers for heading in _headings_of(number)]


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return for_csv(value) if isinstance(value, str) else str(value)
