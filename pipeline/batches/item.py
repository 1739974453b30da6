"""What became of one submission in a run, for the table, the flow's artifact and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.screening.inference import office_of
from pipeline.store import batches, drafts
from pipeline.store.tables import Document, DraftRow
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one submission, for showing.

    Attributes:
        reason: why there is no draft.
        score: of the draft, new or from before.
        doubts: number of reasons for attention.
        problems: what could not be read, one sentence per document, with its name.
    """

    submission: str
    outcome: batches.Outcome
    office: str = ""
    office_key: str = ""
    score: int | None = None
    likelihood: float = 0.0
    doubts: int = 0
    documents: int = 0
    problems: tuple[Bilingual, ...] = ()
    reason: Bilingual | None = None
    seconds: float = 0.0


def item_of(session: Session, draft_id: int, name: str, outcome: batches.Outcome) -> Item:
    """Return a submission as it stands with a draft; ``outcome`` is what this run did."""
    draft = session.get_one(DraftRow, draft_id)
    documents = drafts.documents_of(session, draft.delivery_id)
    return Item(
        submission=name,
        outcome=outcome,
        office=draft.office,
        office_key=office_of(draft.office).key,
        score=draft.score,
        likelihood=draft.confidence,
        doubts=draft.needs,
        documents=len(documents),
        problems=_problems(documents),
        seconds=draft.seconds,
    )


def _problems(documents: Sequence[Document]) -> tuple[Bilingual, ...]:
    return tuple(
        Bilingual(
            f"{document.file}: {document.outcome['problem']}",
            f"{document.file}: {document.outcome['problem_en']}",
        )
        for document in documents
        if document.outcome.get("problem")
    )
