"""Comparing all offices in the store with each other, after each batch: which passages do they share?

It takes all of them to see it, so it cannot be part of one submission's transaction; what it finds replaces what the
last comparison found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.blocks import Block
from pipeline.screening.copied import Source, copied_text, national_grams
from pipeline.store.database import Store
from pipeline.store.drafts import replace_batch_findings
from pipeline.store.readings import block_of, fingerprints_of
from pipeline.store.tables import BlockRow, Document, DraftRow, EvidenceRow, Submission
from rubric import load_rubric

REMEMBERED = 20_000


def compare_offices(store: Store, rubric: str, rubric_version: str) -> int:
    """Find text shared between the offices' current drafts under one rubric; returns the number of findings."""
    with store.reading() as session:
        drafts, sources = _sources(session, rubric_version)
        found = copied_text(sources, national_grams(load_rubric(rubric)))
    changed = {name: findings for name, findings in found.items() if name in drafts}
    with store.transaction() as session:
        for name in sorted(changed):
            replace_batch_findings(session, drafts[name], changed[name])
    return sum(map(len, changed.values()))


def _sources(session: Session, rubric_version: str) -> tuple[dict[str, int], list[Source]]:
    rows = session.execute(
        select(Submission.name, Submission.office_key, DraftRow.id, Document)
        .join(DraftRow, DraftRow.submission_id == Submission.id)
        .join(Document, Document.delivery_id == DraftRow.delivery_id)
        .where(DraftRow.current, DraftRow.rubric == rubric_version)
        .order_by(Submission.name, Document.position)
    )
    drafts: dict[str, int] = {}
    sources = []
    for name, office, draft_id, document in rows:
        drafts[name] = draft_id
        reading_id, document_id, file = document.reading_id, document.id, document.file
        if reading_id is not None:
            prints = fingerprints_of(session, reading_id)
            evidence = frozenset(
                session.scalars(
                    select(EvidenceRow.block).where(
                        EvidenceRow.draft_id == draft_id,
                        EvidenceRow.document_id == document_id,
                        EvidenceRow.role == "practice",
                        EvidenceRow.listed == "evidence",
                    )
                )
            )
            # without a known office, each submission counts as an office of its own
            whose = office or name
            sources.append(Source(name, whose, file, prints, evidence, _text_of(session, reading_id)))
    return drafts, sources


def _text_of(session: Session, reading_id: int) -> Callable[[int], Block]:
    @lru_cache(maxsize=REMEMBERED)
    def text(position: int) -> Block:
        row = session.execute(
            select(BlockRow.__table__).where(BlockRow.reading_id == reading_id, BlockRow.position == position)
        ).one()
        return block_of(row._mapping)

    return text
