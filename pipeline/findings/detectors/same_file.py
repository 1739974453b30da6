"""The same document twice in one submission: the same bytes, or the same text in another form of file.

Told because its evidence would count twice. Two submissions with the same file are told by ``likeness.same_files``.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding, OtherPassage
from pipeline.findings.detected import Held, Submitted, found
from pipeline.findings.finding_keys import comparing_form
from rubric.language import Bilingual

FEWEST_PASSAGES = 6
"""Shorter documents (a cover, a form) say too little to be called the same by their text."""
SHORTEST = 30
NEARLY_ALL = 0.9


def same_files(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each document that was handed in before in this submission."""
    seen: list[tuple[Held, frozenset[str]]] = []
    for held in submitted.documents:
        texts = _passages(held)
        for other, its in seen:
            if held.reading.sha256 == other.reading.sha256:
                yield _told(held, other, same_bytes=True)
                break
            if _is_same(texts, its):
                yield _told(held, other, same_bytes=False)
                break
        seen.append((held, texts))


def _passages(held: Held) -> frozenset[str]:
    forms = (comparing_form(block.text) for block in held.reading.blocks)
    return frozenset(form for form in forms if len(form) >= SHORTEST)


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    if fewer < FEWEST_PASSAGES or fewer < NEARLY_ALL * more:
        return False
    return len(one & other) >= NEARLY_ALL * more


def _told(held: Held, other: Held, *, same_bytes: bool) -> Finding:
    file, first = held.reading.file, other.reading.file
    thai = "เป็นไฟล์เดียวกับ" if same_bytes else "มีเนื้อหาเดียวกับ"
    english = "is the same file as" if same_bytes else "has the same text as"
    return found(
        "same_file",
        Bilingual(
            f"เอกสารนี้{thai} {first} หลักฐานในเอกสารจึงไม่ควรนับสองครั้ง",
            f"This document {english} {first}; its evidence should not count twice.",
        ),
        file,
        subject=first,
        certainty="certain" if same_bytes else "likely",
        other=OtherPassage(document=first),
    )
