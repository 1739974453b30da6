"""What goes into a model and what comes out: a passage with its context, and the prediction about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PassageType = Literal["heading", "paragraph", "list_item", "table_row", "caption"]
DocumentKind = Literal["plan", "report", "other"]
Role = Literal["practice", "intent", "restate", "negative"]
ROLES: tuple[Role, ...] = ("practice", "intent", "restate", "negative")


@dataclass(frozen=True, slots=True)
class Passage:
    """A block as a model sees it: its text with all the context that helps to judge it."""

    text: str
    type: PassageType = "paragraph"
    document_kind: DocumentKind | None = None
    heading_path: tuple[str, ...] = ()
    table_header: str = ""
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A lexicon entry found in a passage: ``passage.text[start:end]``."""

    start: int
    end: int
    term: str
    point: int | None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one passage; all values are probabilities in 0..1.

    Attributes:
        practice: point -> the passage is ``practice`` evidence of that point (calibrated; this is what is shown).
        topic: point -> the passage is about the point in any role.
        roles: role -> probability, given that the passage is about some point; sums to 1.
        facets: point -> facet key (``"a"``, ``"b:วิชาการ"``) -> the passage supports it, given practice of that point.
        detail: the passage carries checkable detail, given practice.
        hits: keywords found, for the explanation.
    """

    practice: Mapping[int, float]
    topic: Mapping[int, float]
    roles: Mapping[Role, float]
    facets: Mapping[int, Mapping[str, float]]
    detail: float
    hits: tuple[KeywordHit, ...] = field(default=())
