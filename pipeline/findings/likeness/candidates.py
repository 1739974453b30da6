"""Which passages may be alike: told from their marks alone, over all submissions of a round at once.

A mark that so many offices have comes from above and brings nobody together; that one limit is what keeps a template
pasted by all offices from making thirty thousand pairs. Everything here is arrays: 735,000 passages are 20 million marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.findings.likeness.fingerprints import Prints

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
"""There is one entry a mark, 27 million for the whole country: half the bytes are half the memory."""
PASTED = 0.6
"""Share of a passage's marks that come from above from which on the whole passage does."""
LEAST_SHARED = 0.25
"""Share of a passage's marks that another must have to be looked at: a tenth of the words changed leaves two thirds."""
FEWEST_SHARED = 2
AT_ONCE = 10_000
LONGEST_RUN = 2_000
"""Passages with one mark; more are no likeness of two."""
MOST_PARTNERS = 40
"""Passages that one passage is compared with by its letters, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Marked:
    """All passages of a round, by number.

    Attributes:
        source, position: where each passage stands: the number of its source, and its block.
        office, party: numbers of its office, and of its office in its fiscal year.
        evidence: whether a draft takes it as evidence.
        marks: all marks, passage after passage.
        counts: number of marks of each passage.
        ends: where each passage's marks end.
    """

    source: Ints
    position: Ints
    office: Shorts
    party: Shorts
    evidence: npt.NDArray[np.bool_]
    marks: npt.NDArray[np.uint32]
    counts: Ints
    ends: Ints

    @classmethod
    def of(
        cls,
        prints: Sequence[Prints],
        offices: Sequence[int],
        parties: Sequence[int],
        evidence: Sequence[frozenset[int]],
    ) -> Marked:
        """Put together the passages of all sources, given in order of their offices and parties."""
        sizes = [len(one.positions) for one in prints]
        source = np.repeat(np.arange(len(prints)), sizes)
        position = _joined([one.positions for one in prints]).astype(np.int64)
        counts = _joined([np.diff(one.ends, prepend=np.uint32(0)) for one in prints]).astype(np.int64)
        listed = [
            np.isin(one.positions, np.fromiter(some, np.uint32, len(some)))
            for one, some in zip(prints, evidence, strict=True)
        ]
        return cls(
            source,
            position,
            np.repeat(np.array(offices, np.int32), sizes),
            np.repeat(np.array(parties, np.int32), sizes),
            np.concatenate(listed) if listed else np.zeros(0, bool),
            _joined([one.marks for one in prints]).astype(np.uint32, copy=False),
            counts,
            np.cumsum(counts),
        )


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the marks tell.

    Attributes:
        pairs: passages that may be alike, shape (n, 2); the first of each is evidence.
        common: passages of evidence that so many offices have that they come from above.
        common_marks: of those passages, the marks that do, sorted.
    """

    pairs: Ints
    common: Ints
    common_marks: npt.NDArray[np.uint32]

    def each_pair(self) -> Iterator[tuple[int, int]]:
        """Give the pairs one after the other; millions of them are not made into Python's numbers at once."""
        for start in range(0, len(self.pairs), AT_ONCE):
            yield from self.pairs[start : start + AT_ONCE].tolist()

    def of_many(self, marks: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        """Return those of some marks that many offices have; few are looked up in many, so nothing is sorted."""
        at = np.searchsorted(self.common_marks, marks)
        at[at == len(self.common_marks)] = 0
        there: npt.NDArray[np.bool_] = self.common_marks[at] == marks
        return marks[there]


def candidates(marked: Marked, many: int, known: npt.NDArray[np.uint32]) -> Candidates:
    """Return what may be alike.

    Args:
        many: number of offices from which on a mark comes from above.
        known: marks of registered wording, which come from above however few offices have them now.
    """
    if not len(marked.marks):
        return _none()
    mark, owner = _several(*_sorted(marked), known)
    if not len(mark):
        return _none()
    begins = np.flatnonzero(np.concatenate([[True], mark[1:] != mark[:-1]]))
    lengths = np.diff(np.append(begins, len(mark)))
    offices = _distinct(marked.office[owner], begins)
    parties = _distinct(marked.party[owner], begins)
    registered = np.isin(mark[begins], known)
    above = (offices >= many) | registered
    run = np.repeat(np.arange(len(begins), dtype=np.int32), lengths)
    pasted = np.bincount(owner[above[run]], minlength=len(marked.counts)) >= PASTED * marked.counts
    common = np.flatnonzero(pasted & marked.evidence)
    usable = ~above & (parties > 1) & (lengths <= LONGEST_RUN)
    asking = usable[run] & (marked.evidence & ~pasted)[owner]
    pairs = _pairs(marked, owner, run, begins, lengths, np.flatnonzero(asking), pasted)
    by_offices = mark[begins][(offices >= many) & ~registered]
    return Candidates(pairs, common, np.sort(by_offices))


def _none() -> Candidates:
    return Candidates(np.zeros((0, 2), np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint32))


def marks_of(marked: Marked, passages: Ints) -> list[npt.NDArray[np.uint32]]:
    """Return the marks of some passages."""
    ends = marked.ends
    return [marked.marks[ends[one] - marked.counts[one] : ends[one]] for one in passages]


def _pairs(
    marked: Marked,
    owner: Shorts,
    run: Shorts,
    begins: Ints,
    lengths: Ints,
    asking: Ints,
    pasted: npt.NDArray[np.bool_],
) -> Ints:
    """Count how many marks passages have in common with evidence, a part of the evidence at a time."""
    found = []
    order = np.argsort(owner[asking], kind="stable")  # all marks of one passage in one part
    asking = asking[order]
    sizes = np.cumsum(lengths[run[asking]])
    start = 0
    while start < len(asking):
        stop = int(np.searchsorted(sizes, (sizes[start - 1] if start else 0) + 20_000_000, side="right"))
        stop = max(stop, start + 1)
        last = owner[asking[stop - 1]]
        while stop < len(asking) and owner[asking[stop]] == last:
            stop += 1
        found.append(_counted(marked, owner, run, begins, lengths, asking[start:stop], pasted))
        start = stop
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _counted(
    marked: Marked,
    owner: Shorts,
    run: Shorts,
    begins: Ints,
    lengths: Ints,
    asking: Ints,
    pasted: npt.NDArray[np.bool_],
) -> Ints:
    spans = lengths[run[asking]]
    one = np.repeat(owner[asking], spans)
    starts = np.repeat(begins[run[asking]], spans)
    within = np.arange(len(one)) - np.repeat(np.cumsum(spans) - spans, spans)
    other = owner[starts + within]
    kept = (marked.party[one] != marked.party[other]) & ~pasted[other]
    pairs, shared = np.unique(
        (one[kept].astype(np.uint64) << np.uint64(32)) | other[kept].astype(np.uint64), return_counts=True
    )
    first = (pairs >> np.uint64(32)).astype(np.int64)
    second = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    least = np.maximum(FEWEST_SHARED, LEAST_SHARED * np.minimum(marked.counts[first], marked.counts[second]))
    enough = shared >= np.minimum(least, np.minimum(marked.counts[first], marked.counts[second]))
    first, second, shared = first[enough], second[enough], shared[enough]
    order = np.lexsort((second, -shared, first))
    first, second = first[order], second[order]
    rank = np.arange(len(first)) - np.searchsorted(first, first, side="left")
    best = rank < MOST_PARTNERS
    return np.stack([first[best], second[best]], axis=1)


def _sorted(marked: Marked) -> tuple[npt.NDArray[np.uint32], Shorts]:
    """Return all marks in order of size, and the passage that has each, in order of number where marks are equal."""
    keys = marked.marks.astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.repeat(np.arange(len(marked.counts), dtype=np.uint32), marked.counts)
    keys.sort()
    owner = keys.astype(np.uint32).view(np.int32)  # the lower half
    keys >>= np.uint64(32)
    return keys.astype(np.uint32), owner


def _several(
    mark: npt.NDArray[np.uint32], owner: Shorts, known: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], Shorts]:
    """Return what several passages have, or a register: a mark of one passage alone, as most are, brings nobody together."""
    again = mark[1:] == mark[:-1]
    kept = np.zeros(len(mark), bool)
    kept[1:] = again
    kept[:-1] |= again
    registered = np.searchsorted(
        mark, known
    )  # where one stands if it is there; the few are looked up in the many
    registered = registered[registered < len(mark)]
    kept[registered[np.isin(mark[registered], known)]] = True
    return mark[kept], owner[kept]


def _distinct(values: Shorts, begins: Ints) -> Ints:
    """Count the distinct values of each run; equal ones stand together, since passages are numbered by office."""
    changes = np.concatenate([[True], values[1:] != values[:-1]])
    changes[begins] = True
    return np.asarray(np.add.reduceat(changes.astype(np.int32), begins))


def _joined(parts: Sequence[npt.NDArray[np.uint32]]) -> npt.NDArray[np.uint32]:
    return np.concatenate(parts) if parts else np.zeros(0, np.uint32)
