"""What an entry of the decision log is about: ``point:3``, ``evidence:17``, ``added:3:12:140:0:25`` or ``review``.

The names are kept for ever (the log is never rewritten), and pages send some of them back; so they are written and taken
apart here alone.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Self

REVIEW = "review"
"""The case as a whole."""
_POINT, _EVIDENCE, _ADDED = "point", "evidence", "added"


def point_target(point: int) -> str:
    """Name a point of the rubric by its number."""
    return f"{_POINT}:{point}"


def evidence_target(evidence_id: int) -> str:
    """Name a block that the draft shows by the id of its row."""
    return f"{_EVIDENCE}:{evidence_id}"


def is_point(target: str) -> bool:
    """Tell whether a point is meant."""
    return target.startswith(f"{_POINT}:")


def number_of(target: str) -> int:
    """Return the number of a point, or the id of a piece of evidence.

    >>> number_of("point:3")
    3
    """
    return int(target.split(":")[1])


@dataclass(frozen=True, slots=True)
class Addition:
    """Words that a reviewer selected as evidence.

    Attributes:
        document: id of its row.
        block: place of the block in the document's reading, from 0.
        start, end: letters of the block's text, ``text[start:end]``; None where a row holds no selection.
    """

    point: int
    document: int
    block: int
    start: int | None
    end: int | None

    def __str__(self) -> str:
        return ":".join([_ADDED, *(str(part) for part in astuple(self))])

    @classmethod
    def parse(cls, target: str) -> Self:
        """Take the name apart again.

        >>> Addition.parse("added:3:12:140:0:25")
        Addition(point=3, document=12, block=140, start=0, end=25)
        >>> str(Addition.parse("added:3:12:140:0:25"))
        'added:3:12:140:0:25'
        """
        point, document, block, start, end = target.split(":")[1:]
        return cls(int(point), int(document), int(block), _place(start), _place(end))


def _place(written: str) -> int | None:
    return None if written == "None" else int(written)
