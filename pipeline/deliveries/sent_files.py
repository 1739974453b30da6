"""Which files of a delivery came before: the same, moved, changed, new, gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FileState = Literal["same", "moved", "changed", "new", "gone"]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What became of a file.

    Attributes:
        name: as it is called now; of one that is gone, as it was called.
        before: as it was called before, where that differs.
    """

    name: str
    state: FileState
    before: str | None = None


def compare_files(before: Sequence[SentFile], after: Sequence[SentFile]) -> list[FileChange]:
    """Tell what became of each file: those of now in their order, then those that are gone.

    Content decides: the same bytes under another name are moved, other bytes under the same name are changed. Of two copies
    one is held against one.

    >>> [one.state for one in compare_files([SentFile("a", "1"), SentFile("b", "2")], [SentFile("c", "1"), SentFile("b", "3")])]
    ['moved', 'changed']
    """
    left = list(before)
    found: dict[int, FileChange] = {}
    for at, one in enumerate(after):
        if one in left:
            left.remove(one)
            found[at] = FileChange(one.name, "same")
    spare = Counter(one.sha256 for one in left)
    for at, one in enumerate(after):
        if at not in found and spare[one.sha256]:
            spare[one.sha256] -= 1
            former = next(old for old in left if old.sha256 == one.sha256)
            left.remove(former)
            found[at] = FileChange(one.name, "moved", former.name)
    for at, one in enumerate(after):
        if at not in found:
            former_here = next((old for old in left if old.name == one.name), None)
            if former_here is not None:
                left.remove(former_here)
            found[at] = FileChange(one.name, "new" if former_here is None else "changed")
    return [found[at] for at in range(len(after))] + [FileChange(old.name, "gone") for old in left]
