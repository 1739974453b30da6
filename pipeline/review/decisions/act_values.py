"""The values that reviewers' acts carry, checked: what may be said of a point, a passage, a case.

Everything that comes from a browser passes here before it reaches the log, so the log holds nothing that the
projection, the learning or the export could trip over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from models.passages import Role
from pipeline.store.tables import ReviewPoint
from rubric import Rubric
from rubric.exceptions import UserError
from rubric.language import Bilingual
from rubric.scoring import PointState

Value = dict[str, Any] | None
Kind = Literal[
    "point",
    "note",
    "evidence",
    "added",
    "skip",
    "second_opinion",
    "reveal",
    "finish",
    "adjudicate",
    "take_over",
]


def without_nul(value: object) -> object:
    """Return a text without NUL, which PostgreSQL cannot keep and nobody types."""
    return value.replace("\0", "") if isinstance(value, str) else value


Cleaned = BeforeValidator(without_nul)
Text = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True), Cleaned]
Identifier = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Strict(BaseModel):
    """Base of all values: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PointValue(Strict):
    """A point's state as the reviewer has it; ``confirmed`` is an explicit act, also where the draft stands.

    ``unseen`` is kept where it is true: the draft's evidence had not been on the reviewer's screen, or not all of it.
    """

    state: PointState
    confirmed: bool = True
    unseen: bool = False


class NoteValue(Strict):
    """A note on a point or on the case."""

    text: Text


class EvidenceValue(Strict):
    """What the reviewer says of one block: good, bad, or good with another role or other facets."""

    verdict: Literal["good", "bad", "changed"]
    role: Role = "practice"
    facets: tuple[Annotated[str, StringConstraints(max_length=60)], ...] = Field(default=(), max_length=40)
    detail: bool | None = None


class AddedValue(Strict):
    """What a block that the reviewer adds is evidence of; the words themselves are cut from the stored block."""

    role: Role = "practice"
    facets: tuple[Annotated[str, StringConstraints(max_length=60)], ...] = Field(default=(), max_length=40)
    detail: bool | None = None


class ReasonValue(Strict):
    """A reason: for skipping a case, for asking a second reader."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True), Cleaned]


class AdjudicationValue(Strict):
    """A point decided between readers: whose side, and why."""

    state: PointState
    side: Literal["first", "second", "draft", "own"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True), Cleaned]


def bad_act(thai: str, english: str) -> UserError:
    """Return the refusal of an act that cannot be stored."""
    return UserError(Bilingual(thai, english))


def check_facets(rubric: Rubric, point: int, facets: Collection[str]) -> None:
    """Refuse facets that the point does not have.

    Raises:
        UserError: one is unknown.
    """
    known = set(rubric.point(point).facet_keys)
    unknown = ", ".join(key for key in facets if key not in known)
    if unknown:
        raise bad_act(
            f"ประเด็น {point} ไม่มีองค์ประกอบ {unknown} จึงยังไม่บันทึก เลือกเฉพาะองค์ประกอบของประเด็นนี้",
            f"Point {point} has no facet {unknown}, so nothing was stored. Tick facets of this point only.",
        )


def score_of(rubric: Rubric, states: Mapping[int, str | None]) -> int | None:
    """Return the score by the rubric's table, None while a point is undecided."""
    if any(states.get(number) is None for number in rubric.numbers):
        return None
    return _score(rubric, states)


def possible_scores(rubric: Rubric, states: Mapping[int, str | None]) -> tuple[int, ...]:
    """Return the scores that the undecided points still allow, lowest first."""
    decided = [states.get(number) for number in rubric.numbers]
    clear = decided.count("clear")
    return rubric.scoring.possible_scores(clear + decided.count("done"), clear, decided.count(None))


def told_scores(scores: Sequence[int]) -> str:
    """Return scores as they are shown: a span only where none within it is missing.

    >>> told_scores((1, 2, 3, 4)), told_scores((1, 3, 4)), told_scores((5,))
    ('1–4', '1, 3, 4', '5')
    """
    whole = len(scores) > 2 and scores[-1] - scores[0] + 1 == len(scores)
    return f"{scores[0]}–{scores[-1]}" if whole else ", ".join(map(str, scores))


def states_of(points: Collection[ReviewPoint]) -> dict[int, str | None]:
    """Return point -> state of a review's rows."""
    return {row.point: row.state for row in points}


def _score(rubric: Rubric, states: Mapping[int, str | None]) -> int:
    done = {number for number in rubric.numbers if states[number] in ("done", "clear")}
    return rubric.score(done, {number for number in done if states[number] == "clear"})
