"""Evidence as a card shows it: what the draft says of a block, what the reviewer says of it, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.marking import keyword_spans, marked
from pipeline.store.tables import EvidenceRow, ReviewEvidence
from pipeline.store.targets import Addition, evidence_target
from rubric.language import Bilingual

UNKNOWN = Bilingual("", "")
PER_SECTION = 80
"""Blocks of a Word file shown at once: it has no pages, and thousands of blocks would not be read at a glance."""

PassageOrder = Literal["place", "sureness"]
"""As the passages stand in the documents, or the surest first."""
ORDERS: tuple[PassageOrder, ...] = get_args(PassageOrder)
ORDER_PREFERENCE = "passage_order"

CLEAR, FAIR = 0.9, 0.75
"""OCR's sureness from which a passage reads well, and from which it reads fairly; below it must be compared."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One block about one point.

    Attributes:
        key: ``evidence:17`` or ``added:3:12:140:0:25``: its name in the log.
        label: number on the page and in the list, ``3.1``: by place, whatever the order of showing.
        listed: ``evidence``, ``near_miss``, ``contradicts`` or ``added``.
        sheet: the page, or the section of a file without pages, counted from 1.
        quote: the text with keywords marked; of an addition the selected words only.
        verdict: what the reviewer said, None where nothing yet.
        role, facets, detail: as they stand now, the reviewer's where given; ``drafted_role`` as the draft has it.
        selected: the letters of the block that an addition takes, None where the whole block is meant.
        probability, why, heading, read_by: the draft's, of what the draft shows.
        read_confidence: how sure OCR is of its letters, None where they are the file's own.
        doubtful_numbers: numbers in it that two looks of OCR read differently.
        also_drafted: an addition of a block that the draft holds to be evidence, too: one passage, not two.
    """

    key: str
    label: str
    point: int
    listed: str
    document_id: int
    file: Bilingual
    page: int | None
    sheet: int
    block: int
    quote: Markup
    boxes: tuple[tuple[float, float, float, float], ...]
    verdict: str | None
    role: str
    facets: tuple[str, ...]
    detail: bool | None
    drafted_role: str
    selected: tuple[int, int] | None = None
    probability: float | None = None
    why: Bilingual | None = None
    heading: tuple[str, ...] = ()
    read_by: str = "text"
    read_confidence: float | None = None
    doubtful_numbers: tuple[str, ...] = ()
    also_drafted: bool = False

    @property
    def legible(self) -> str:
        """How well OCR could read it, in words: ``clear``, ``fair``, ``poor``, or nothing where it is no OCR's."""
        if self.read_confidence is None:
            return ""
        return (
            "clear" if self.read_confidence >= CLEAR else "fair" if self.read_confidence >= FAIR else "poor"
        )

    @property
    def counts(self) -> bool:
        """Whether it stands as evidence: practice, and not called bad."""
        return self.role == "practice" and self.verdict != "bad" and self.listed in ("evidence", "added")

    @property
    def anchor(self) -> str:
        """Its name as an element of the page."""
        return "p-" + self.key.replace(":", "-")


def sheet_of(page: int | None, block: int) -> int:
    """Return the page of a block, or its section where the file has no pages."""
    return page if page is not None else block // PER_SECTION + 1


def first_block(section: int) -> int:
    """Return the first block of a section of a file without pages."""
    return (section - 1) * PER_SECTION


def passages_of(
    session: Session,
    draft_id: int,
    review_id: int | None,
    files: Mapping[int, Bilingual],
    points: Collection[int] | None = None,
    order: PassageOrder = "place",
) -> dict[int, list[Passage]]:
    """Return the passages of a draft with what a review says of them, by point, in the order of showing.

    Evidence is numbered in the order of the documents, then what is listed beside it, then what the reviewer added: an
    addition gives no other passage a new number, and notes that name one stay true. What both found is one passage.

    Args:
        files: document id -> file name as shown, in the order of the documents.
        points: only of these; None for all.
    """
    shown = select(EvidenceRow).where(EvidenceRow.draft_id == draft_id)
    if points is not None:
        shown = shown.where(EvidenceRow.point.in_(points))
    shown = shown.order_by(EvidenceRow.point, EvidenceRow.rank)
    said = said_of(session, review_id, points)
    verdicts = {row.evidence_id: row for row in said if row.evidence_id is not None}
    rows = session.scalars(shown).all()
    rank = {row.id: at for at, row in enumerate(rows)}
    positions = {document: at for at, document in enumerate(files)}
    both = _found_by_both(rows, said)
    found: dict[int, list[Passage]] = {}
    ranks: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (_group(row), positions.get(row.document_id, -1), row.block)):
        of_point = found.setdefault(row.point, [])
        label = f"{row.point}.{len(of_point) + 1}"
        file = files.get(row.document_id, UNKNOWN)
        passage = _shown(row, verdicts.get(row.id), file, label)
        of_point.append(_of_both(passage, both[row.id]) if row.id in both else passage)
        ranks[of_point[-1].key] = rank[row.id]
    merged = {addition.id for addition in both.values()}
    for addition in said:
        if addition.evidence_id is None and addition.id not in merged:
            of_point = found.setdefault(addition.point, [])
            label = f"{addition.point}.{len(of_point) + 1}"
            of_point.append(_added(addition, files.get(addition.document_id, UNKNOWN), label))
    for of_point in found.values():
        if order == "sureness":
            of_point.sort(key=lambda passage: ranks.get(passage.key, len(ranks)))
        else:
            of_point.sort(key=lambda passage: (positions.get(passage.document_id, -1), passage.block))
    return found


def order_of(preferences: Mapping[str, object]) -> PassageOrder:
    """Return the order in which a person likes to see passages."""
    return "sureness" if preferences.get(ORDER_PREFERENCE) == "sureness" else "place"


def _group(row: EvidenceRow) -> int:
    """Return 0 for what the draft holds to be evidence, 1 for what speaks against it, and so on: numbered in this order."""
    if row.listed == "evidence":
        return 0 if row.role == "practice" else 3
    return 1 if row.listed == "contradicts" else 2


def additions_of(
    session: Session, review_id: int, files: Mapping[int, Bilingual]
) -> dict[int, list[Passage]]:
    """Return only what the reviewer added, for a case whose draft is hidden."""
    found: dict[int, list[Passage]] = {}
    for row in said_of(session, review_id):
        if row.evidence_id is None:
            of_point = found.setdefault(row.point, [])
            of_point.append(
                _added(row, files.get(row.document_id, UNKNOWN), f"{row.point}.{len(of_point) + 1}")
            )
    return found


def said_of(
    session: Session, review_id: int | None, points: Collection[int] | None = None
) -> Sequence[ReviewEvidence]:
    """Return what a reviewer said of blocks, of these points or of all, in order."""
    if review_id is None:
        return []
    said = select(ReviewEvidence).where(
        ReviewEvidence.review_id == review_id, ReviewEvidence.withdrawn.is_(False)
    )
    if points is not None:
        said = said.where(ReviewEvidence.point.in_(points))
    return session.scalars(said.order_by(ReviewEvidence.id)).all()


def _shown(row: EvidenceRow, said: ReviewEvidence | None, file: Bilingual, label: str) -> Passage:
    return Passage(
        key=evidence_target(row.id),
        label=label,
        listed=row.listed,
        file=file,
        quote=marked(row.text, keyword_spans(row.keywords, row.point)),
        probability=row.probability,
        why=Bilingual(row.why["th"], row.why["en"]) if row.why else None,
        heading=tuple(row.heading_path),
        read_by=row.read_by,
        read_confidence=row.read_confidence,
        doubtful_numbers=tuple(row.doubtful_numbers),
        **_place_and_judgement(row, said),
    )


def _found_by_both(rows: Sequence[EvidenceRow], said: Sequence[ReviewEvidence]) -> dict[int, ReviewEvidence]:
    """Return the draft's evidence -> the addition of the same block; none where the reviewer judged the draft's own."""
    judged = {row.evidence_id for row in said}
    added = {
        (row.point, row.document_id, row.block): row for row in reversed(said) if row.evidence_id is None
    }
    found: dict[int, ReviewEvidence] = {}
    for row in rows:
        addition = (
            added.pop((row.point, row.document_id, row.block), None) if row.listed == "evidence" else None
        )
        if addition is not None and row.id not in judged:
            found[row.id] = addition
    return found


def _of_both(passage: Passage, addition: ReviewEvidence) -> Passage:
    """The reviewer's own addition in the draft's place and under its number, with what the draft says of it."""
    own = _added(addition, passage.file, passage.label)
    return replace(
        passage,
        key=own.key,
        listed=own.listed,
        verdict=own.verdict,
        role=own.role,
        facets=own.facets,
        detail=own.detail,
        also_drafted=True,
    )


def _added(row: ReviewEvidence, file: Bilingual, label: str) -> Passage:
    start, end = row.quote_start, row.quote_end
    return Passage(
        key=str(Addition(row.point, row.document_id, row.block or 0, start, end)),
        label=label,
        listed="added",
        file=file,
        quote=marked(row.quote, ()),
        selected=None if start is None or end is None else (start, end),
        **_place_and_judgement(row, row),
    )


def _place_and_judgement(row: EvidenceRow | ReviewEvidence, said: ReviewEvidence | None) -> dict[str, Any]:
    """What both kinds have in common: where it stands, and what it is, by the reviewer's word where there is one."""
    block = row.block or 0
    return {
        "point": row.point,
        "document_id": row.document_id,
        "page": row.page,
        "sheet": sheet_of(row.page, block),
        "block": block,
        "boxes": tuple((b[0], b[1], b[2], b[3]) for b in row.boxes),
        "verdict": said.verdict if said else None,
        "role": said.role if said else row.role,
        "facets": tuple(said.facets if said else row.facets),
        "detail": said.detail if said and said.detail is not None else row.detail,
        "drafted_role": row.role,
    }
