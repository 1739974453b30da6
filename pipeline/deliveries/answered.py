"""What the last letter asked for, and which words of the new delivery answer it.

Only what is new or edited can be an answer: words that stood there when the letter was written did not satisfy it. The answer
is a proposal of the program with its passage; whether it satisfies is a reviewer's decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.deliveries.listed_passages import Listed, PassageChange
from pipeline.deliveries.sent_files import FileChange


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a letter asked for.

    Attributes:
        id: stable within the submission. number: as printed.
        point, facet: what it is about; none where the documents as a whole are meant.
    """

    id: str
    number: int
    point: int | None
    facet: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An ask with what answers it.

    Attributes:
        passages: new words listed for the point and facet, those with detail first; empty where there are none.
        files: new or changed files, where the ask is about the documents as a whole.
    """

    ask: Ask
    passages: tuple[Listed, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything answers it."""
        return bool(self.passages or self.files)


def answers_to(
    asks: Sequence[Ask], passages: Sequence[PassageChange], files: Sequence[FileChange]
) -> list[Answer]:
    """Hold each ask against what is new, in the order of the letter."""
    fresh = [one.passage for one in passages if one.state in ("new", "edited")]
    came = tuple(one.name for one in files if one.state in ("new", "changed"))
    return [_answer(ask, fresh, came) for ask in asks]


def _answer(ask: Ask, fresh: Sequence[Listed], came: tuple[str, ...]) -> Answer:
    if ask.point is None:
        return Answer(ask, files=came)
    found = [one for one in fresh if one.point == ask.point and _shows(one, ask.facet)]
    return Answer(ask, passages=tuple(sorted(found, key=lambda one: not one.detail)))


def _shows(one: Listed, facet: str) -> bool:
    """A part (``b:วิชาการ``) is shown by itself or by the whole facet; a whole facet also by one of its parts."""
    if not facet:
        return True
    return any(key == facet or key == facet.split(":")[0] or key.split(":")[0] == facet for key in one.facets)
