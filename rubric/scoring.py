"""From points to the score, by the rubric's own table: a pure function that a reviewer can recompute by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rubric.exceptions import RubricError
from rubric.language import Bilingual

PointState = Literal["not_done", "done", "clear"]
"""A point as people decide it; what is clear is done, too."""
STATES: tuple[PointState, ...] = get_args(PointState)


def state_of(done: bool, clear: bool) -> PointState:
    """Return the three-state form of a draft's two answers.

    >>> state_of(True, False), state_of(False, True)
    ('done', 'not_done')
    """
    return ("clear" if clear else "done") if done else "not_done"


class ScoreRow(BaseModel):
    """One row of the table: reached when at least so many points are done and at least so many clear."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: int
    done: int = Field(ge=0)
    clear: int = Field(ge=0)
    wording: str = ""


class PointsTable(BaseModel):
    """Scoring of kind ``points-table``: the number of points done and clear decides.

    Other indicators of the standard are scored in other ways (3.1 ranks up to five works), which is why a rubric
    names its kind; an unknown kind is refused on load instead of being scored wrongly.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["points-table"]
    rows: tuple[ScoreRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _scores_every_case(self) -> Self:
        scores = [row.score for row in self.rows]
        if len(set(scores)) != len(scores):
            raise ValueError("two rows give the same score")
        lowest = min(self.rows, key=lambda row: row.score)
        if lowest.done or lowest.clear:
            raise ValueError(
                "the lowest score must ask for done: 0 and clear: 0, so that every case has a score"
            )
        return self

    def score_of_counts(self, done: int, clear: int) -> int:
        """Return the score for so many points done, of which so many are clear."""
        return max(row.score for row in self.rows if done >= row.done and clear >= row.clear)

    def possible_scores(self, done: int, clear: int, open_points: int) -> tuple[int, ...]:
        """Return every score that is still possible, lowest first.

        Not all between the lowest and the highest: with four points clear, one done and one open, "exactly three clear" is out.

        Args:
            done, clear: points decided as done (clear ones among them), as clear.
            open_points: points not decided yet.
        """
        more = ((add, sure) for add in range(open_points + 1) for sure in range(add + 1))
        return tuple(sorted({self.score_of_counts(done + add, clear + sure) for add, sure in more}))

    def score(self, points: Sequence[int], done: Collection[int], clear: Collection[int]) -> int:
        """Return the score; see :meth:`rubric.rubric.Rubric.score`.

        Raises:
            RubricError: ``done`` or ``clear`` names a point that is not in ``points``.
        """
        unknown = sorted((set(done) | set(clear)) - set(points))
        if unknown:
            named = ", ".join(map(str, unknown))
            raise RubricError(
                Bilingual(f"เกณฑ์นี้ไม่มีประเด็นที่ {named}", f"This rubric has no point {named}."),
                Bilingual(
                    f"ใช้หมายเลขประเด็น {points[0]}–{points[-1]}",
                    f"Use point numbers {points[0]} to {points[-1]}.",
                ),
            )
        reached = set(done)
        return self.score_of_counts(len(reached), len(reached & set(clear)))
