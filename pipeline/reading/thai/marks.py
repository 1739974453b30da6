"""Floating marks in the order Thai has them: vowel below, vowel above, tone; each once."""

from __future__ import annotations

import re

from pipeline.reading.thai.alphabet import ABOVE, BELOW, MARKS, TONES, mark_rank
from pipeline.reading.thai.mapped import Mapped, Replacement

_SEVERAL = re.compile(f"[{MARKS}]{{2,}}")
# Found only where something is out of order, so that clean text costs one search.
_DISORDER = re.compile(f"[{TONES}\u0e4e][{MARKS}]|[{ABOVE}][{ABOVE}{BELOW}]|[{BELOW}][{BELOW}]")


def order(text: Mapped) -> Mapped:
    """Sort and thin the marks on each letter (``ที้ี`` → ``ที้``, ``น่ี`` → ``นี่``)."""
    return text.replace(_SEVERAL, _sorted) if _DISORDER.search(text.text) else text


def _sorted(match: re.Match[str]) -> Replacement:
    first: dict[str, int] = {}
    for place, mark in enumerate(match[0]):
        first.setdefault(mark, place)
    marks = sorted(first.items(), key=lambda item: mark_rank(item[0]))
    return "".join(mark for mark, _ in marks), [place for _, place in marks]
