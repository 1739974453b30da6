"""Comparing all submissions in the store with each other, after each batch: which passages and files do they share?

It takes all of them to see it, so it cannot be part of one submission's transaction; what it finds replaces what the
last comparison found. Wording that it finds in very many offices is registered by year and never told again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.findings.likeness.fingerprints import unpack
from pipeline.findings.likeness.national_register import NationalWording, kept_by_hand, of_rubric
from pipeline.findings.likeness.same_files import Sent, same_files_between
from pipeline.findings.likeness.shared_text import Common, Source, compare
from pipeline.store.common_wording import common_wording, register
from pipeline.store.database import Store
from pipeline.store.drafts import replace_batch_findings
from pipeline.store.readings import block_of, fingerprints_of
from pipeline.store.tables import BlockRow, CommonWording, Document, DraftRow, EvidenceRow, Submission
from rubric import load_rubric

REMEMBERED = 20_000
_BLOCKS = BlockRow.__table__
_BLOCK = select(_BLOCKS).where(
    _BLOCKS.c.reading_id == bindparam("reading"), _BLOCKS.c.position == bindparam("place")
)


@dataclass
class _Handed:
    """All that is compared: the current drafts by submission, their documents, and the files as sent."""

    drafts: dict[str, int] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


def compare_offices(store: Store, rubric: str, rubric_version: str) -> int:
    """Find what current drafts under one rubric share with each other; returns the number of findings."""
    with store.reading() as session:
        handed = _handed(session, rubric_version)
        compared = compare(handed.sources, _national(session, rubric))
    found: dict[str, list[Finding]] = defaultdict(list)
    for findings in (same_files_between(handed.sent), compared.findings):
        for name, some in findings.items():
            found[name] += some
    with store.transaction() as session:
        for name in sorted(handed.drafts):
            replace_batch_findings(session, handed.drafts[name], found[name])
        register(session, map(_row, compared.common))
    return sum(map(len, found.values()))


def _national(session: Session, rubric: str) -> list[NationalWording]:
    """Return the wording that brings nobody together: the rubric's, the register by hand, the learnt one by year."""
    learnt = [
        NationalWording(row.text, row.submission, row.fiscal_year or None, row.fiscal_year or None)
        for row in common_wording(session)
    ]
    return [*of_rubric(load_rubric(rubric)), *kept_by_hand(), *learnt]


def _handed(session: Session, rubric_version: str) -> _Handed:
    rows = session.execute(
        select(Submission.name, Submission.office_key, DraftRow.id, DraftRow.fiscal_year, Document)
        .join(DraftRow, DraftRow.submission_id == Submission.id)
        .join(Document, Document.delivery_id == DraftRow.delivery_id)
        .where(DraftRow.current, DraftRow.rubric == rubric_version)
        .order_by(Submission.name, Document.position)
    )
    evidence = _evidence(session, rubric_version)
    handed, texts = _Handed(), _Texts(session)
    for name, office, draft_id, year, document in rows:
        handed.drafts[name] = draft_id
        if document.reading_id is None:
            continue
        # without a known office, each submission counts as an office of its own
        whose, prints = office or name, fingerprints_of(session, document.reading_id)
        listed = evidence.get((draft_id, document.id), frozenset())
        text = texts.of(document.reading_id)
        handed.sources.append(Source(name, whose, document.file, prints, listed, text, year))
        marked = unpack(prints)
        passages = len(marked.positions) if marked else 0
        handed.sent.append(
            Sent(
                name,
                whose,
                year,
                document.file,
                document.kind,  # type: ignore[arg-type]
                document.sha256,
                passages,
            )
        )
    return handed


def _evidence(session: Session, rubric_version: str) -> Mapping[tuple[int, int], frozenset[int]]:
    """Return the blocks that each current draft takes as evidence, by draft and document."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = session.execute(
        select(EvidenceRow.draft_id, EvidenceRow.document_id, EvidenceRow.block)
        .join(DraftRow, DraftRow.id == EvidenceRow.draft_id)
        .where(
            DraftRow.current,
            DraftRow.rubric == rubric_version,
            EvidenceRow.role == "practice",
            EvidenceRow.listed == "evidence",
        )
    )
    for draft_id, document_id, block in rows:
        found[draft_id, document_id].add(block)
    return {key: frozenset(blocks) for key, blocks in found.items()}


class _Texts:
    """Blocks as they are asked for; of a whole country's only so many are kept, whatever document they stand in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._block = lru_cache(maxsize=REMEMBERED)(self._load)

    def of(self, reading_id: int) -> Callable[[int], Block]:
        """Return what gives the block at a position of one reading."""
        return partial(self._block, reading_id)

    def _load(self, reading_id: int, position: int) -> Block:
        # asked tens of thousands of times: a statement made once, without the session's own bookkeeping
        row = self._session.connection().execute(_BLOCK, {"reading": reading_id, "place": position}).one()
        return block_of(row._mapping)


def _row(common: Common) -> CommonWording:
    return CommonWording(
        fiscal_year=common.fiscal_year or 0,
        mark=common.mark,
        text=common.text,
        offices=common.offices,
        submission=common.submission,
        file=common.file,
        page=common.page,
    )
