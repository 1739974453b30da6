"""Counts the words of waiting submissions that the model in use does not know: whoever writes unlike the rest is read sooner.

Counted once for each draft and model and kept beside the draft's place, because it takes some ten milliseconds a submission.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.scoring.model import LoadedModel
from models.scoring.vocabulary import evenly, known_words, unknown_share
from pipeline.learning.ordering.places import PLACES_LOCK, place_all
from pipeline.learning.ordering.priority import UNDECIDED
from pipeline.store.database import Store, hold_lock
from pipeline.store.tables import BlockRow, Document, DraftPlace, DraftRow, Submission

TOGETHER = 200
"""Submissions whose counts are written in one transaction, so that reviewers never wait long for their turn."""


def place_all_by(store: Store, model: LoadedModel) -> int:
    """Count what ``model`` does not know, then make the order of work; returns how many cases wait in it."""
    count_unknown(store, known_words(model), model.id)
    return place_all(store)


def count_unknown(store: Store, known: Collection[str], model: str) -> None:
    """Count the unknown words of all waiting drafts for which this model was not asked yet.

    Args:
        known: the words that the model knows; where it knows none, nothing is counted.
        model: the model's id.
    """
    if not known:
        return
    with store.reading() as session:
        due = session.execute(
            select(DraftRow.id, DraftRow.delivery_id)
            .join(Submission, Submission.id == DraftRow.submission_id)
            .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
            .where(
                DraftRow.current.is_(True),
                Submission.state.in_(UNDECIDED),
                DraftPlace.model.is_distinct_from(model),
            )
            .order_by(DraftRow.id)
        ).all()
    for at in range(0, len(due), TOGETHER):
        with store.reading() as session:
            shares = {
                draft: unknown_share(_texts(session, delivery), known)
                for draft, delivery in due[at : at + TOGETHER]
            }
        with store.transaction() as session:
            hold_lock(session.connection(), PLACES_LOCK)
            for draft, share in shares.items():
                row = session.get(DraftPlace, draft) or DraftPlace(draft_id=draft)
                row.unknown, row.model = share, model
                session.add(row)


def _texts(session: Session, delivery: int) -> list[str]:
    """Blocks of a delivery, evenly spread, as many as are looked at."""
    texts = session.scalars(
        select(BlockRow.text)
        .join(Document, Document.reading_id == BlockRow.reading_id)
        .where(Document.delivery_id == delivery)
        .order_by(Document.position, BlockRow.position)
    ).all()
    return evenly(texts)
