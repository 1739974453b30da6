"""Submissions of which no draft could be made, as the queue shows them: with reason, remedy and their round."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.queue.search import where_office
from pipeline.review.queue.selection import FAILED, Filter
from pipeline.review.rounds.aftermath import reason_of, remedy_of
from pipeline.store.tables import Batch, BatchItem, DraftRow, Round, Submission
from rubric.language import Bilingual

AT_TOP = 5
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A submission without a draft.

    Attributes:
        round_id: where it can be mended and tried again; None where no round knows it.
    """

    submission: Submission
    name: Bilingual
    why: Bilingual
    remedy: Bilingual
    round_id: int | None


def load_failed(session: Session, wanted: Filter, hidings: Hidings) -> tuple[tuple[FailedRow, ...], int]:
    """Return the failed submissions that match, the newest first, and how many they are.

    A few stand at the top of the queue's first page; all of them where their state is asked for.
    """
    alone = wanted.state == FAILED
    if not alone and (
        wanted.state or wanted.reason or wanted.whose != "all" or wanted.where == "text" or wanted.page > 1
    ):
        return (), 0
    conditions = _conditions(wanted)
    count = session.scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0
    if not count:
        return (), 0
    listed = (
        select(Submission).where(*conditions).order_by(Submission.updated_at.desc(), Submission.id.desc())
    )
    if alone:
        page = min(wanted.page, -(-count // PER_PAGE))
        listed = listed.offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    else:
        listed = listed.limit(AT_TOP)
    submissions = session.scalars(listed).all()
    newest = (
        select(BatchItem.submission_id, func.max(BatchItem.batch_id).label("batch_id"))
        .where(BatchItem.submission_id.in_([one.id for one in submissions]), BatchItem.outcome == "failed")
        .group_by(BatchItem.submission_id)
        .subquery()
    )
    known = {
        submission: (reason, round_id)
        for submission, reason, round_id in session.execute(
            select(BatchItem.submission_id, BatchItem.reason, Round.id)
            .join(
                newest,
                (newest.c.submission_id == BatchItem.submission_id)
                & (newest.c.batch_id == BatchItem.batch_id),
            )
            .join(Batch, Batch.id == BatchItem.batch_id)
            .outerjoin(Round, Round.inbox == Batch.inbox)
        )
    }
    rows = []
    for one in submissions:
        reason, round_id = known.get(one.id, (None, None))
        hiding = hidings.of(one.id, one.name, one.state)
        rows.append(
            FailedRow(one, case_names(one, hiding)[0], reason_of(reason), remedy_of(reason), round_id)
        )
    return tuple(rows), count


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Submission.state == "failed",
        ~exists().where(DraftRow.submission_id == Submission.id, DraftRow.current.is_(True)),
    ]
    if wanted.search.strip():
        conditions.append(where_office(wanted.search))
    if wanted.year is not None:
        conditions.append(Submission.fiscal_year == wanted.year)
    if wanted.months is not None:
        conditions.append(Submission.round == wanted.months)
    if wanted.batch is not None:
        of_round = (
            select(BatchItem.submission_id)
            .join(Batch, Batch.id == BatchItem.batch_id)
            .join(Round, Round.inbox == Batch.inbox)
            .where(Round.id == wanted.batch)
        )
        conditions.append(Submission.id.in_(of_round))
    return conditions
