"""Copied text: passages that one office shares with another, after the wording that all of Thailand shares is taken out.

Much in these documents is copied nationwide from one template of สพฐ. (No Gift Policy, declarations of integrity,
strategies, laws), and whole plans are built on last year's neighbours. So only passages that a draft takes as evidence
are compared, and what many offices share, what the rubric itself says, and what stands in ``boilerplate.txt`` is no
finding. What remains is told to the reviewer with pages and the other submission, and judges nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.screening.fingerprints import comparable, grams, likeness, unpack
from rubric import Rubric

BOILERPLATE = Path(__file__).parent / "boilerplate.txt"
ALIKE, ALIKE_ROW = 0.8, 0.95
"""Share of letter runs in common; rows of staff lists differ in a name only, so rows must agree nearly whole."""
NATIONAL_SHARE = 0.2
FEWEST_NATIONAL = 4
PASTED = 0.6
ENOUGH_LETTERS = 80
"""A finding needs this many shared letters in all."""
MOST_PAGES = 8
LARGEST_BUCKET = 400


@dataclass(frozen=True, slots=True)
class Source:
    """A document of one submission, for comparing.

    Attributes:
        office: what tells offices apart; an office's own submissions share text rightly.
        evidence: positions of the blocks that the draft takes as evidence.
        text: gives the block at a position.
    """

    submission: str
    office: str
    file: str
    prints: bytes
    evidence: frozenset[int]
    text: Callable[[int], Block]


@dataclass(frozen=True, slots=True)
class _Place:
    source: int
    position: int


def national_grams(rubric: Rubric) -> frozenset[int]:
    """Return the letter runs of the rubric's own wording and of the national boilerplate."""
    official = [rubric.standard.wording, rubric.indicator.wording, *rubric.guidance, *rubric.notes]
    return frozenset().union(
        *(grams(comparable(text)) for text in [*official, *(point.wording for point in rubric.points)]),
        _boilerplate(),
    )


def copied_text(sources: Sequence[Source], national: frozenset[int]) -> dict[str, list[Finding]]:
    """Return for every submission what it shares with another office's, by name."""
    shared: dict[tuple[int, str], set[int]] = defaultdict(set)
    offices = {source.office for source in sources}
    many = max(FEWEST_NATIONAL, int(NATIONAL_SHARE * len(offices)) + 1)
    for group in _groups(sources):
        if not any(place.position in sources[place.source].evidence for place in group):
            continue
        if len({sources[place.source].office for place in group}) >= many:
            continue  # shared by so many offices that it comes from above
        for one, other in _pairs(group, sources):
            if not _is_pasted(sources, one, national):
                shared[one.source, sources[other.source].submission].add(one.position)
                shared[other.source, sources[one.source].submission].add(other.position)
    found: dict[str, list[Finding]] = {source.submission: [] for source in sources}
    for (number, with_whom), positions in sorted(shared.items()):
        source = sources[number]
        if finding := _told(source, with_whom, sorted(positions)):
            found[source.submission].append(finding)
    return found


def _groups(sources: Sequence[Source]) -> Iterator[list[_Place]]:
    """Places with an equal hash or an equal band, from at least two offices."""
    parts = [unpack(source.prints) for source in sources]
    owners = np.concatenate(
        [np.full(len(part), number) for number, part in enumerate(parts)] or [np.zeros(0, int)]
    )
    if not len(owners):
        return
    rows = np.concatenate(parts)
    columns = [rows["exact"], *(rows["bands"][:, band] for band in range(rows["bands"].shape[1]))]
    for column in columns:
        order = np.argsort(column, kind="stable")
        edges = np.flatnonzero(np.diff(column[order])) + 1
        for bucket in np.split(order, edges):
            if 2 <= len(bucket) <= LARGEST_BUCKET and len({sources[owners[i]].office for i in bucket}) > 1:
                yield [_Place(int(owners[i]), int(rows["position"][i])) for i in bucket]


def _pairs(group: Sequence[_Place], sources: Sequence[Source]) -> Iterator[tuple[_Place, _Place]]:
    """Pairs of different offices whose texts are truly alike."""
    blocks = {place: sources[place.source].text(place.position) for place in group}
    runs = {place: grams(comparable(block.text)) for place, block in blocks.items()}
    for number, one in enumerate(group):
        for other in group[number + 1 :]:
            foreign = sources[one.source].office != sources[other.source].office
            least = ALIKE_ROW if blocks[one].type == "table_row" else ALIKE
            if foreign and likeness(runs[one], runs[other]) >= least:
                yield one, other


def _is_pasted(sources: Sequence[Source], place: _Place, national: frozenset[int]) -> bool:
    runs = grams(comparable(sources[place.source].text(place.position).text))
    return bool(runs) and len(runs & national) / len(runs) >= PASTED


def _told(source: Source, with_whom: str, positions: Sequence[int]) -> Finding | None:
    blocks = [source.text(position) for position in positions]
    if sum(len(comparable(block.text)) for block in blocks) < ENOUGH_LETTERS:
        return None
    pages = sorted({block.page for block in blocks if block.page is not None})
    where = ", ".join(map(str, pages[:MOST_PAGES])) + (" …" if len(pages) > MOST_PAGES else "")
    longest = max(blocks, key=lambda block: len(block.text))
    thai = f" (หน้า {where})" if pages else ""
    english = f" (pages {where})" if pages else ""
    return Finding(
        kind="copied_text",
        message=f"มี {len(blocks)} ข้อความเหมือนหรือเกือบเหมือนกับของ {with_whom}{thai} "
        "โดยไม่ใช่ข้อความที่ใช้ร่วมกันทั่วประเทศ โปรดตรวจสอบว่าเป็นการปฏิบัติจริงของเขตนี้",
        message_en=f"{len(blocks)} passages are the same or nearly the same as in {with_whom}{english}, and are no "
        "nationwide wording. Please check that they tell this office's own practice.",
        document=source.file,
        page=longest.page,
        quote=longest.text[:300],
    )


@lru_cache(maxsize=1)
def _boilerplate() -> frozenset[int]:
    lines = _useful(BOILERPLATE.read_text("utf-8").splitlines())
    return frozenset().union(*(grams(comparable(line)) for line in lines))


def _useful(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.strip() and not line.startswith("#"))
