"""A submission as other annotation tools are given it: its words, what the draft marks in them, and what readers said.

Every tool's module makes its own form of this, and turns its answers back into it, so that what comes back is held against
what went out in one place. Places are counted in the letters of a block's own text (Python's); a tool's own counting stays
in its module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from models.passages import Role
from rubric.scoring import PointState

Verdict = Literal["good", "bad", "changed", "added"]


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document: ``text[start:end]`` of a block; ``document`` is its place in the delivery, from 0."""

    document: int
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Words taken for evidence of a point, by the draft or by a reader.

    Attributes:
        verdict: what a reader says of what the draft shows (``good``, ``bad``, ``changed``), or ``added``; None where nobody
            said anything yet.
        probability: of the draft's marks.
    """

    point: int
    place: Place
    role: Role = "practice"
    facets: tuple[str, ...] = ()
    detail: bool | None = None
    verdict: Verdict | None = None
    probability: float | None = None

    @property
    def key(self) -> tuple[int, int, int]:
        """Point, document and block: the draft has one mark at most for each."""
        return self.point, self.place.document, self.place.block


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader decided.

    Attributes:
        levels: point -> state, for points that are decided. notes: point -> note.
        marks: what was said of the draft's marks, and what was added.
    """

    reader: str = ""
    levels: dict[int, PointState] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    note: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotatedBlock:
    """A block of a document."""

    position: int
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its blocks in reading order."""

    file: str
    sha256: str
    blocks: tuple[AnnotatedBlock, ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A submission with its draft and its readers' decisions on this draft.

    Attributes:
        draft: number of the draft within the submission.
        levels: point -> drafted state. marks: the draft's evidence.
        readings: first reader first.
    """

    submission: str
    office: str
    draft: int
    model: str
    rubric: str
    documents: tuple[AnnotatedDocument, ...]
    levels: dict[int, PointState]
    marks: tuple[Mark, ...]
    readings: tuple[Said, ...] = ()
