"""What changed since the last delivery of a submission, out of the store.

The delivery before the draft's own is taken with its newest draft and the decisions made on it: a kept passage is shown with what
was said of it then, by whom and when. Nothing is taken over by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.deliveries.answered import Answer, Ask, answers_to
from pipeline.deliveries.listed_passages import Listed, PassageChange, compare_passages, key_of
from pipeline.deliveries.sent_files import FileChange, SentFile, compare_files
from pipeline.store.letters import asks_of_last_letter
from pipeline.store.tables import (
    BlockRow,
    Delivery,
    Document,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    Submission,
    User,
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reader said of a passage in the delivery before.

    Attributes:
        verdict: ``good``, ``bad``, ``changed`` or ``added``.
        at: when the review was finished, else begun.
    """

    point: int
    verdict: str
    reader: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """A delivery held against the one before it.

    Attributes:
        before, after: numbers of the two deliveries.
        answers: what the last frozen letter asked for, in its order.
        rulings: key of a passage's words (``listed_passages.key_of``) and point -> what was said of it before.
    """

    before: int
    after: int
    files: tuple[FileChange, ...]
    passages: tuple[PassageChange, ...]
    answers: tuple[Answer, ...]
    rulings: dict[tuple[str, int], Ruling]

    def state_of(self, point: int, text: str) -> str | None:
        """Return what became of a listed passage (``new``, ``kept``, ``edited``), None where it is not listed."""
        key = key_of(text)
        return next(
            (
                one.state
                for one in self.passages
                if one.state != "gone" and one.passage.point == point and key_of(one.passage.text) == key
            ),
            None,
        )

    def ruling_on(self, point: int, text: str) -> Ruling | None:
        """Return what was said of the same words for the same point in the delivery before."""
        return self.rulings.get((key_of(text), point))


def changes_of(session: Session, draft: DraftRow) -> Changes | None:
    """Return what changed with the delivery of this draft; None where there is no earlier delivery with a draft."""
    delivery = session.get_one(Delivery, draft.delivery_id)
    former = session.scalar(
        select(DraftRow)
        .join(Delivery, Delivery.id == DraftRow.delivery_id)
        .where(Delivery.submission_id == delivery.submission_id, Delivery.number < delivery.number)
        .order_by(Delivery.number.desc(), DraftRow.number.desc())
        .limit(1)
    )
    if former is None:
        return None
    earlier = session.get_one(Delivery, former.delivery_id)
    files = compare_files(_files(session, earlier.id), _files(session, delivery.id))
    passages = compare_passages(
        _listed(session, former),
        _listed(session, draft),
        stood_before=_texts(session, earlier.id),
        stands=_texts(session, delivery.id),
    )
    submission = session.get_one(Submission, delivery.submission_id)
    asks = [
        Ask(one.ask, one.number, one.point, one.facet, one.text)
        for one in asks_of_last_letter(session, submission.name)
    ]
    return Changes(
        before=earlier.number,
        after=delivery.number,
        files=tuple(files),
        passages=tuple(passages),
        answers=tuple(answers_to(asks, passages, files)),
        rulings=_rulings(session, former),
    )


def _files(session: Session, delivery: int) -> list[SentFile]:
    rows = session.execute(
        select(Document.file, Document.sha256)
        .where(Document.delivery_id == delivery)
        .order_by(Document.position)
    )
    return [SentFile(*row) for row in rows]


def _texts(session: Session, delivery: int) -> Sequence[str]:
    rows = select(BlockRow.text).join(Document, Document.reading_id == BlockRow.reading_id)
    return list(session.scalars(rows.where(Document.delivery_id == delivery)))


def _listed(session: Session, draft: DraftRow) -> list[Listed]:
    rows = session.execute(
        select(EvidenceRow, Document.file)
        .join(Document, Document.id == EvidenceRow.document_id)
        .where(
            EvidenceRow.draft_id == draft.id,
            EvidenceRow.listed == "evidence",
            EvidenceRow.role == "practice",
        )
        .order_by(EvidenceRow.point, EvidenceRow.rank)
    )
    return [
        Listed(row.point, file, row.page, row.text, tuple(row.facets), row.detail, row.block)
        for row, file in rows
    ]


def _rulings(session: Session, former: DraftRow) -> dict[tuple[str, int], Ruling]:
    """What was said on the former draft; a finished adjudication's word over the first reader's, the later over the earlier."""
    rank = {"second": 0, "first": 1, "adjudication": 2}
    reviews = session.scalars(select(Review).where(Review.draft_id == former.id)).all()
    names = {user.id: user.display_name or user.name for user in session.scalars(select(User))}
    found: dict[tuple[str, int], Ruling] = {}
    for review in sorted(reviews, key=lambda one: (rank.get(one.kind, -1), one.id)):
        said = session.scalars(
            select(ReviewEvidence).where(
                ReviewEvidence.review_id == review.id, ReviewEvidence.withdrawn.is_(False)
            )
        )
        for row in said:
            at = review.finished_at or review.opened_at
            found[key_of(row.quote), row.point] = Ruling(
                row.point, row.verdict, names.get(review.user_id, ""), at
            )
    return found
