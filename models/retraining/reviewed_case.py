"""A reviewed case: everything people said of one submission, with the words they said it about, in one frozen value.

This is the border between reviewing and learning, and the line format of the exchange (:mod:`pipeline.learning.exchange`):
it carries the text itself, so that a case teaches also where the files and the database it came from are not at hand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.passages import DocumentKind, PassageType, Role
from rubric.scoring import PointState

SCHEMA = "khetcheck-case/1"
Verdict = Literal["good", "bad", "changed", "added"]
Name = Annotated[str, StringConstraints(max_length=500)]
FacetKeys = Annotated[tuple[Annotated[str, StringConstraints(max_length=60)], ...], Field(max_length=40)]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class Frozen(BaseModel):
    """Base of all parts: unchangeable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shown(Frozen):
    """That the draft showed a passage for a point, and as what.

    Attributes:
        listed: ``evidence``, ``near_miss`` or ``contradicts``.
    """

    point: Number
    listed: Annotated[str, StringConstraints(max_length=12)]
    role: Role
    facets: FacetKeys = ()
    detail: bool = False
    probability: Probability


class CasePassage(Frozen):
    """One block with its context, as a model sees it, and what the draft showed it for."""

    document: Number
    position: Number
    type: PassageType
    text: Annotated[str, StringConstraints(max_length=100_000)]
    heading_path: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    table_header: Annotated[str, StringConstraints(max_length=100_000)] = ""
    previous: Annotated[str, StringConstraints(max_length=100_000)] = ""
    following: Annotated[str, StringConstraints(max_length=100_000)] = ""
    read_by: Literal["text", "ocr"] = "text"
    shown: Annotated[tuple[Shown, ...], Field(max_length=100)] = ()


class CaseDocument(Frozen):
    """One document of the submission."""

    file: Name
    sha256: Annotated[str, StringConstraints(max_length=64)]
    kind: DocumentKind


class DraftedPoint(Frozen):
    """What the reviewed draft said of a point."""

    point: Number
    done: bool
    done_probability: Probability
    clear: bool
    clear_probability: Probability


class CaseDraft(Frozen):
    """The draft that was reviewed: its model, and what it said."""

    number: Number
    model: Name
    reader: Name
    score: Number
    abstained: bool
    score_probabilities: Annotated[dict[str, Probability], Field(max_length=50)]
    points: Annotated[tuple[DraftedPoint, ...], Field(max_length=100)]
    created_at: dt.datetime


class Mark(Frozen):
    """What a reader said of one passage for one point.

    Attributes:
        start, end: the part of the passage that was selected; None for the whole.
        detail: None where the reader left the draft's word.
        at: when it was last said.
    """

    point: Number
    document: Number
    position: Number
    verdict: Verdict
    role: Role
    facets: FacetKeys = ()
    detail: bool | None = None
    start: Number | None = None
    end: Number | None = None
    at: dt.datetime | None = None


class ReadPoint(Frozen):
    """Where a reader put one point; ``state`` is None while undecided."""

    point: Number
    state: PointState | None
    confirmed: bool
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    seconds: Seconds = 0.0
    decided_at: dt.datetime | None = None


class Reading(Frozen):
    """One person's review.

    Attributes:
        blind: the draft was hidden until the reader had scored.
        finished_at: None while the review is open.
    """

    reader: Name
    kind: Literal["first", "second", "adjudication"]
    blind: bool
    state: Annotated[str, StringConstraints(max_length=12)]
    score: Number | None
    seconds: Seconds
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    opened_at: dt.datetime
    finished_at: dt.datetime | None
    points: Annotated[tuple[ReadPoint, ...], Field(max_length=100)] = ()
    marks: Annotated[tuple[Mark, ...], Field(max_length=100_000)] = ()


class ReviewedCase(Frozen):
    """A submission with its draft, its reviews and its passages.

    Attributes:
        rubric: rubric with all versions, as drafts carry it.
        blocks: number of blocks that were read; more than ``passages`` where silent ones were left out.
        passages: every passage that was shown or marked, and a sample of the silent ones, by document and position.
    """

    format: Literal["khetcheck-case/1"] = "khetcheck-case/1"
    submission: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    office: Name = ""
    office_key: Annotated[str, StringConstraints(max_length=255)] = ""
    province: Name = ""
    fiscal_year: Annotated[int, Field(ge=2400, le=2700)] | None = None
    rubric: Name
    draft: CaseDraft
    documents: Annotated[tuple[CaseDocument, ...], Field(max_length=10_000)]
    readings: Annotated[tuple[Reading, ...], Field(min_length=1, max_length=100)]
    blocks: Number
    passages: Annotated[tuple[CasePassage, ...], Field(max_length=200_000)]

    @property
    def key(self) -> str:
        """Hash of the content."""
        return hashlib.sha256(self.as_line().encode("utf-8")).hexdigest()

    @property
    def group(self) -> str:
        """What splits must never part: the office, or the submission where the office is unknown."""
        return self.office_key or self.submission

    @property
    def finished(self) -> tuple[Reading, ...]:
        """Reviews that were finished, by time."""
        done = [one for one in self.readings if one.finished_at is not None]
        return tuple(sorted(done, key=lambda one: (one.finished_at or one.opened_at, one.reader)))

    @property
    def finished_at(self) -> dt.datetime | None:
        """When the first review was finished; None while none is."""
        return self.finished[0].finished_at if self.finished else None

    @property
    def blind(self) -> bool:
        """Somebody read it blind: it is kept for measuring and never learnt from."""
        return any(one.blind for one in self.readings)

    def as_line(self) -> str:
        """The case as one line of JSON."""
        return self.model_dump_json()

    def states(self) -> dict[int, PointState]:
        """Point -> state as finally decided: the adjudicated word over the first reader's, the first's over the second's."""
        rank = {"second": 0, "first": 1, "adjudication": 2}
        states: dict[int, PointState] = {}
        for reading in sorted(self.finished, key=lambda one: rank[one.kind]):
            states |= {one.point: one.state for one in reading.points if one.state is not None}
        return states
