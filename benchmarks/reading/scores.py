"""Holds blocks that were read against the blocks a document was made from.

Gold is a list of ``{"document", "kind", "text", "pages"}``. White space is left out of every comparison, since no PDF
keeps it. *whole*: the source block stands unbroken in the text read. *equal*: one block read is exactly the source
block, which is what evidence, highlights and training stand on. *cer*: edits to turn the best matching stretch into the
source, per letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.blocks import Block

_BLANK = re.compile(r"\s+")
_KINDS = {
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "p": "paragraph",
    "li": "list_item",
    "tr": "table_row",
}


def bare(text: str) -> str:
    """Return ``text`` without white space."""
    return _BLANK.sub("", text)


@dataclass(slots=True)
class Score:
    """Counts over the source blocks of one document or several."""

    blocks: int = 0
    whole: int = 0
    equal: int = 0
    matched: int = 0
    split: int = 0
    merged: int = 0
    kind: int = 0
    letters: int = 0
    edits: int = 0
    extra: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another document."""
        for name in (
            "blocks",
            "whole",
            "equal",
            "matched",
            "split",
            "merged",
            "kind",
            "letters",
            "edits",
            "extra",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses

    def line(self) -> str:
        """Return the shares as one line."""
        n = max(self.blocks, 1)
        return (
            f"{self.blocks:5d} blocks  whole {self.whole / n:6.1%}  equal {self.equal / n:6.1%}  matched {self.matched / n:6.1%}"
            f"  split {self.split / n:5.1%}  merged {self.merged / n:5.1%}  kind {self.kind / max(self.equal, 1):6.1%}"
            f"  CER {self.edits / max(self.letters, 1):6.2%}  extra {self.extra}"
        )


def score(gold: Sequence[dict[str, object]], read: Sequence[Block]) -> Score:
    """Compare the blocks of one document."""
    texts = [bare(block.text) for block in read]
    everything = "".join(texts)
    by_text: dict[str, list[Block]] = {}
    for text, block in zip(texts, read, strict=True):
        by_text.setdefault(text, []).append(block)
    result = Score(blocks=len(gold))
    used: set[str] = set()
    for item in gold:
        want = bare(str(item["text"]))
        found = by_text.get(want)
        result.letters += len(want)
        if found:
            kind = _KINDS.get(str(item["kind"]), str(item["kind"]))
            result.equal += 1
            result.kind += any(block.type == kind for block in found)
            used.add(want)
        if want in everything:
            result.whole += 1
        _near(result, item, want, texts, everything, bool(found))
    result.extra = sum(text not in used for text in texts)
    return result


def _near(
    result: Score, item: dict[str, object], want: str, texts: list[str], everything: str, equal: bool
) -> None:
    if equal:
        result.matched += 1
        return
    best = max(texts, key=lambda text: fuzz.ratio(text, want), default="")
    close = fuzz.ratio(best, want)
    if want in everything:
        inside = any(want in text for text in texts)
        result.merged += inside
        result.split += not inside
        edits = 0
    else:
        edits = _edits(want, everything)
    result.matched += close >= 80
    result.edits += min(edits, len(want))
    result.misses.append(
        f"{item['document']} {item.get('pages', '')} {item['kind']} ({close:.0f})\n   want {want[:300]}\n   best {best[:300]}"
    )


def _edits(want: str, everything: str) -> int:
    """Return the edits between the source block and the stretch of the text that is most like it."""
    place = fuzz.partial_ratio_alignment(want, everything)
    if place is None:
        return len(want)
    best = len(want)
    for start in range(max(0, place.dest_start - 3), place.dest_start + 4):
        for end in range(max(start, place.dest_end - 3), place.dest_end + 4):
            best = min(best, Levenshtein.distance(want, everything[start:end]))
    return best
