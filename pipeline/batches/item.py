"""What became of one submission in a run, for the table, the flow's artifact and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy.orm import Session

from models.text.offices import office_of
from pipeline.liveness import Whereabouts
from pipeline.store import drafts
from pipeline.store.tables import Document, DraftRow, Run, Submission
from pipeline.store.work import batches
from rubric.language import Bilingual

FAULTS = frozenset({"not_fetched", "defect", "worker_died", "given_up"})


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one submission, for showing.

    Attributes:
        reason: why there is no draft.
        score: of the draft, new or from before.
        doubts: number of reasons for attention.
        problems: what could not be read, one sentence per document, with its name.
        elsewhere: another run of the same batch did it.
        code: short name of the reason why there is no draft.
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
    elsewhere: bool = False
    code: str = ""

    @property
    def is_fault(self) -> bool:
        """Tell whether there is no draft for want of the source, the machine or the program, and not by its files."""
        return self.code in FAULTS


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


def noted_item(session: Session, batch_id: int, name: str, here: Whereabouts) -> Item | None:
    """Return what became of a submission in a batch, by whichever run; None where it has no outcome there yet."""
    noted = batches.item_noted(session, batch_id, name)
    if noted is None:
        return None
    run = session.get(Run, noted.run_id) if noted.run_id else None
    elsewhere = run is not None and (run.host, run.pid, run.process) != (here.host, here.pid, here.mark)
    if noted.draft_id is not None:
        item = item_of(session, noted.draft_id, name, cast(batches.Outcome, noted.outcome))
        return replace(item, elsewhere=elsewhere and item.outcome != "unchanged")
    why = noted.reason or {}
    office = session.get_one(Submission, noted.submission_id).office
    reason = Bilingual(str(why.get("th", "")), str(why.get("en", "")))
    code = str(why.get("code", ""))
    return Item(name, "failed", office, reason=reason, seconds=noted.seconds, elsewhere=elsewhere, code=code)


def _problems(documents: Sequence[Document]) -> tuple[Bilingual, ...]:
    return tuple(
        Bilingual(
            f"{document.file}: {document.outcome['problem']}",
            f"{document.file}: {document.outcome['problem_en']}",
        )
        for document in documents
        if document.outcome.get("problem")
    )
