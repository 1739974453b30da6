"""A submission's result as it leaves the house: what was drafted, what people decided, and what both rest on.

Typed, because other offices' scripts stand on the JSON of it (docs/contract.md): keys may be added, never renamed or dropped.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from pipeline.drafts import Frozen
from rubric.scoring import PointState

ReviewKind = Literal["first", "second", "adjudication"]


class Passage(Frozen):
    """A passage that counts as evidence of a point.

    Attributes:
        id: names it within the store (``d12`` of a draft, ``r7`` added by a reviewer); not written to exports.
        said_by: ``draft`` where nobody said anything of it, ``reviewer`` where it was confirmed or added.
    """

    document: str
    page: int | None
    text: str
    facets: tuple[str, ...] = ()
    said_by: Literal["draft", "reviewer"] = "draft"
    id: str = Field(default="", exclude=True)


class PointResult(Frozen):
    """A point: drafted beside decided.

    Attributes:
        final: the level that stands, None while nobody finished.
        note: what the deciding reader noted.
        missing_facets, unsupported_detail: of the draft. rejected: passages that the deciding reader refused.
    """

    point: int
    drafted: PointState
    done_probability: float
    clear_probability: float
    final: PointState | None = None
    note: str = ""
    missing_facets: tuple[str, ...] = ()
    unsupported_detail: tuple[str, ...] = ()
    evidence: tuple[Passage, ...] = ()
    rejected: int = 0

    @property
    def agrees(self) -> bool | None:
        """Whether the decision is what was drafted; None while nobody decided."""
        return None if self.final is None else self.final == self.drafted


class ReadingResult(Frozen):
    """One person's finished or open reading of the draft."""

    kind: ReviewKind
    reader: str
    blind: bool
    state: str
    levels: dict[int, PointState | None]
    score: int | None
    note: str
    notes: dict[int, str]
    seconds: float
    opened_at: dt.datetime
    finished_at: dt.datetime | None


class FindingResult(Frozen):
    """A finding of the draft, in both languages, with what people said of it."""

    kind: str
    message: str
    message_en: str
    document: str | None = None
    page: int | None = None
    quote: str = ""
    key: str = ""
    state: str = "open"
    certainty: str = "likely"
    dismissed_for: str = ""


class DocumentResult(Frozen):
    """A document that the draft rests on."""

    file: str
    kind: str
    sha256: str
    problem: str | None = None


class SubmissionResult(Frozen):
    """The result of one submission.

    Attributes:
        fiscal_year: Buddhist era. round: 6 or 12 months, None where unknown.
        draft_number: the draft that was decided on, or the current one while nobody decided.
        newer_draft: a newer draft came after the decision (new files, model or rubric).
        final_score: None while nobody finished. decided_by: kind of the reading that stands.
        disputed: two readers differ and nobody has decided between them: the first one's reading stands until then.
        seconds: active time of all readers together.
    """

    submission: str
    office: str
    province: str
    fiscal_year: int | None
    round: int | None
    state: str
    rubric: str
    model: str
    delivery: int
    received_at: dt.datetime
    draft_number: int
    drafted_at: dt.datetime
    newer_draft: bool
    draft_score: int
    draft_confidence: float
    abstained: bool
    final_score: int | None
    decided_by: ReviewKind | None
    decided_at: dt.datetime | None
    disputed: bool
    reviewers: tuple[str, ...]
    note: str
    seconds: float
    points: tuple[PointResult, ...]
    readings: tuple[ReadingResult, ...] = ()
    findings: tuple[FindingResult, ...] = ()
    documents: tuple[DocumentResult, ...] = ()

    @property
    def agreed(self) -> int | None:
        """On how many points the decision is what was drafted; None while nobody decided."""
        return None if self.decided_by is None else sum(bool(one.agrees) for one in self.points)
