"""Finds running heads, footers and page numbers, which are no part of what a document says.

A line is one when it stands outermost at the top or bottom of its page and either returns at the same height on other
pages with the same words (numbers aside), or is nothing but a page number, or repeats the document's title in small.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.reading.layout.pages import PageReading, TextLine
from pipeline.reading.thai import arabic

_ZONE = 0.13  # share of the page's height at top and bottom where running heads stand
_OUTER = 3  # lines looked at from each end of a page
_SAME_HEIGHT = 4.0  # points
_ALIKE = 86  # per cent of letters, so that heads read by OCR are still seen as one
_NUMBER = re.compile(
    r"^[\s\-–—~.|/()\[\]]*(?:หน้า(?:ที่)?|page|p\.)?[\s\-–—.:|]*(?:\d{1,4}|[ivxlc]{1,6}|[ก-ฮ])[\s\-–—~.|()\[\]]*(?:(?:/|จาก|of)\s*\d{1,4})?[\s\-–—~.|]*$",
    re.I,
)
_DIGITS = re.compile(r"\d+")
_NOT_WORDS = re.compile(r"[^0-9A-Za-z\u0e00-\u0e7f#]+")

Place = tuple[int, int]  # (index of the page, index of the element)


def running_lines(pages: Sequence[PageReading]) -> set[Place]:
    """Return the places of all lines that are running heads, footers or page numbers."""
    outer = [(index, *found) for index, page in enumerate(pages) for found in _outer_lines(page)]
    groups: dict[str, list[tuple[int, int, TextLine, bool]]] = defaultdict(list)
    for index, element, line, top in outer:
        groups[f"{int(top)}{_key(line.text)}"].append((index, element, line, top))
    drop: set[Place] = set()
    scanned = any(page.read_by == "ocr" for page in pages)
    for members in _alike(groups) if scanned else groups.values():
        if _returns(members):
            drop.update((index, element) for index, element, _, _ in members)
    titles = _titles(pages)
    for index, element, line, top in outer:
        if _is_number(line, pages[index]) or (top and _is_title_in_small(line, index, titles)):
            drop.add((index, element))
    return drop


def _outer_lines(page: PageReading) -> list[tuple[int, TextLine, bool]]:
    lines = [(place, e) for place, e in enumerate(page.elements) if isinstance(e, TextLine)]
    ordered = sorted(lines, key=lambda item: item[1].baseline)
    top = [(p, line, True) for p, line in ordered[:_OUTER] if line.box.y1 < _ZONE * page.frame[1]]
    bottom = [(p, line, False) for p, line in ordered[-_OUTER:] if line.box.y0 > (1 - _ZONE) * page.frame[1]]
    return top + bottom


def _key(text: str) -> str:
    return _NOT_WORDS.sub("", _DIGITS.sub("#", arabic(text)).lower())


def _alike(
    groups: dict[str, list[tuple[int, int, TextLine, bool]]],
) -> list[list[tuple[int, int, TextLine, bool]]]:
    """Join groups whose words differ only as OCR makes them differ."""
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))[:400]
    joined: list[tuple[str, list[tuple[int, int, TextLine, bool]]]] = []
    for key, members in ordered:
        for known, others in joined[:60]:
            if known[0] == key[0] and len(key) > 6 and fuzz.ratio(known, key) >= _ALIKE:
                others.extend(members)
                break
        else:
            joined.append((key, list(members)))
    return [members for _, members in joined]


def _returns(members: list[tuple[int, int, TextLine, bool]]) -> bool:
    """Tell whether the same words stand at the same height on two pages or more."""
    pages = {index for index, _, _, _ in members}
    if len(pages) < 2:
        return False
    heights = Counter(round(line.baseline / _SAME_HEIGHT) for _, _, line, _ in members)
    common, _ = heights.most_common(1)[0]
    near = sum(count for height, count in heights.items() if abs(height - common) <= 1)
    return near >= max(2, 0.6 * len(members))


def _is_number(line: TextLine, page: PageReading) -> bool:
    if len(line.text) > 24 or not _NUMBER.match(arabic(line.text)):
        return False
    edge = min(line.box.y0, page.frame[1] - line.box.y1)
    return edge < 0.1 * page.frame[1]


def _titles(pages: Sequence[PageReading]) -> list[str]:
    """Return the words of the first page's large lines, and of neighbours joined."""
    if not pages:
        return []
    lines = [e for e in pages[0].elements if isinstance(e, TextLine)]
    keys = [_key(line.text) for line in lines[:12]]
    return ["".join(keys[a:b]) for a in range(len(keys)) for b in range(a + 1, min(a + 5, len(keys) + 1))]


def _is_title_in_small(line: TextLine, index: int, titles: list[str]) -> bool:
    key = _key(line.text)
    return index > 0 and len(key) > 12 and any(fuzz.ratio(key, title) >= 92 for title in titles)
